/* What customers are worth: figures against what they are made of, intervals that do not depend on
   threads, the hold-out, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "measure/value/draws.h"
#include "measure/value/lifetime.h"
#include "stats/random.h"
#include "support/near.h"

enum { COUNT = 400 };

static struct hs_arena arena;
static double x[COUNT], t_x[COUNT], T[COUNT], zbar[COUNT], next[COUNT];

static int take_arena([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 64 * HS_MIB, NULL) != HS_OK;
}

static int release_arena([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

/* Customers of a BG/NBD with r 0.8, α 6, a 0.8, b 3, spending Gamma-Gamma 5, 4, 30: mean 50. */
static struct hs_customers make_customers(void)
{
  for (uint64_t i = 0; i < COUNT; i++) {
    struct hs_random rng = hs_random_open(77, i);
    double rate = hs_random_gamma(&rng, 0.8) / 6;
    double g = hs_random_gamma(&rng, 0.8), h = hs_random_gamma(&rng, 3);
    double scale = hs_random_gamma(&rng, 4) / 30;
    x[i] = t_x[i] = next[i] = 0;
    T[i] = 30 + (double)(i % 10);
    for (double now = hs_random_exponential(&rng) / rate; now < T[i] + 20;
         now += hs_random_exponential(&rng) / rate) {
      if (now <= T[i]) {
        x[i] += 1;
        t_x[i] = now;
      } else
        next[i] += 1;
      if (hs_random_uniform(&rng) < g / (g + h))
        break;
    }
    zbar[i] = x[i] > 0 ? hs_random_gamma(&rng, 5 * x[i]) / scale / x[i] : 0;
  }
  return (struct hs_customers){COUNT, x, t_x, T, zbar, next, 20};
}

static struct hs_lifetime_options usual(void)
{
  return (struct hs_lifetime_options){.horizon = 52,
                                      .discount = log(1.1) / 52,
                                      .margin = 0.4,
                                      .level = 0.9,
                                      .draws = 60,
                                      .seed = 5,
                                      .threads = 1,
                                      .with_pareto = 1};
}

static void figures_are_made_of_the_models([[maybe_unused]] void **state)
{
  struct hs_customers customers = make_customers();
  struct hs_lifetime_options options = usual();
  struct hs_lifetime made;
  assert_int_equal(hs_lifetime_make(&arena, &customers, &options, &made, NULL), HS_OK);
  const struct hs_buyers_parameters *p = &made.bgnbd.fit.parameters;
  double purchases = 0, value = 0,
         share = hs_lifetime_discounted(p, 52, options.discount) / hs_buyers_expected(p, 52);
  for (size_t i = 0; i < COUNT; i++) {
    double more = hs_buyers_expected_next(p, x[i], t_x[i], T[i], 52);
    purchases += more;
    value += more * hs_spend_mean_of(&made.spend.parameters, x[i], zbar[i]) * .4 * share;
  }
  const struct hs_lifetime_figure *f = made.bgnbd.figures;
  assert_close(f[HS_LIFETIME_NEXT_PURCHASES].value, purchases, 1e-9);
  assert_close(f[HS_LIFETIME_NEXT_VALUE].value, value, 1e-9);
  assert_close(f[HS_LIFETIME_NEW_VALUE].value,
               .4 * hs_spend_mean(&made.spend.parameters) *
                   (1 + hs_lifetime_discounted(p, 52, options.discount)),
               1e-12);
  for (size_t i = 0; i < HS_LIFETIME_COUNT; i++) {
    assert_true(f[i].low < f[i].value && f[i].value < f[i].high);
    assert_true(f[i].bootstrap_low < f[i].bootstrap_high);
  }
  assert_true(isnan(made.pareto.figures[HS_LIFETIME_R].bootstrap_low));
  assert_true(made.correlation_low < made.correlation && made.correlation < made.correlation_high);
}

static void threads_change_no_bit([[maybe_unused]] void **state)
{
  struct hs_customers customers = make_customers();
  struct hs_lifetime_options options = usual();
  struct hs_lifetime one, four;
  assert_int_equal(hs_lifetime_make(&arena, &customers, &options, &one, NULL), HS_OK);
  options.threads = 4;
  assert_int_equal(hs_lifetime_make(&arena, &customers, &options, &four, NULL), HS_OK);
  assert_memory_equal(one.bgnbd.figures, four.bgnbd.figures, sizeof one.bgnbd.figures);
}

/* Discounting takes a part, never all, and nothing where there is no rate. */
static void discounting_takes_its_part([[maybe_unused]] void **state)
{
  const struct hs_buyers_parameters p = {HS_BUYERS_BGNBD, {.5, 5, .8, 3}};
  double plain = hs_lifetime_discounted(&p, 52, 0), some = hs_lifetime_discounted(&p, 52, .002);
  assert_near(plain, hs_buyers_expected(&p, 52), 0);
  assert_true(some < plain && some > plain * exp(-.002 * 52));
}

static void the_hold_out_adds_up_by_class([[maybe_unused]] void **state)
{
  struct hs_customers customers = make_customers();
  struct hs_lifetime_options options = usual();
  options.draws = 0;
  struct hs_lifetime made;
  assert_int_equal(hs_lifetime_make(&arena, &customers, &options, &made, NULL), HS_OK);
  double bought = 0;
  for (size_t i = 0; i < COUNT; i++)
    bought += next[i];
  assert_true(made.has_holdout);
  assert_near(made.holdout_total.customers, COUNT, 0);
  assert_near(made.holdout_total.actual, bought, 0);
  /* The truth is a BG/NBD, so both models foretell the sum to a few standard errors. */
  assert_near(made.holdout_total.bgnbd, bought, 4 * sqrt(3 * bought));
  assert_near(made.holdout_total.pareto, bought, 4 * sqrt(3 * bought));
  assert_true(isnan(made.bgnbd.figures[HS_LIFETIME_R].low));
}

static void without_values_there_is_no_value([[maybe_unused]] void **state)
{
  struct hs_customers customers = make_customers();
  struct hs_lifetime_options options = usual();
  options.draws = 0;
  customers.zbar = NULL;
  customers.next = NULL;
  struct hs_lifetime made;
  assert_int_equal(hs_lifetime_make(&arena, &customers, &options, &made, NULL), HS_OK);
  assert_false(made.has_values || made.has_holdout);
  assert_true(isnan(made.bgnbd.figures[HS_LIFETIME_NEW_VALUE].value));
  assert_true(isfinite(made.bgnbd.figures[HS_LIFETIME_NEXT_PURCHASES].value));
}

static void a_customer_that_cannot_be_is_named([[maybe_unused]] void **state)
{
  struct hs_customers customers = make_customers();
  struct hs_lifetime_options options = usual();
  struct hs_lifetime made;
  struct hs_err err = {0};
  t_x[6] = 99;
  x[6] = 1;
  assert_int_equal(hs_lifetime_make(&arena, &customers, &options, &made, &err), HS_INVALID);
  assert_non_null(strstr(err.text, "customer 7"));
}

static void memory_that_ends_is_no_crash([[maybe_unused]] void **state)
{
  struct hs_customers customers = make_customers();
  struct hs_lifetime_options options = usual();
  options.draws = 4;
  enum hs_status status = HS_NOMEM;
  for (size_t kib = 1; status == HS_NOMEM; kib *= 2) {
    struct hs_arena small;
    struct hs_lifetime made;
    assert_int_equal(hs_arena_init(&small, kib * HS_KIB, NULL), HS_OK);
    status = hs_lifetime_make(&small, &customers, &options, &made, NULL);
    hs_arena_release(&small);
  }
  assert_int_equal(status, HS_OK);
}

static void an_interval_needs_nearly_all_draws([[maybe_unused]] void **state)
{
  double draws[200], low, high;
  for (size_t i = 0; i < 200; i++)
    draws[i] = (double)(199 - i);
  draws[7] = (double)NAN;
  hs_draws_interval(draws, 200, .9, &low, &high);
  assert_true(low > 8 && low < 11 && high > 187 && high < 191);
  draws[8] = draws[9] = draws[10] = (double)NAN;
  hs_draws_interval(draws, 200, .9, &low, &high);
  assert_true(isnan(low) && isnan(high));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(figures_are_made_of_the_models),
      cmocka_unit_test(threads_change_no_bit),
      cmocka_unit_test(discounting_takes_its_part),
      cmocka_unit_test(the_hold_out_adds_up_by_class),
      cmocka_unit_test(without_values_there_is_no_value),
      cmocka_unit_test(a_customer_that_cannot_be_is_named),
      cmocka_unit_test(memory_that_ends_is_no_crash),
      cmocka_unit_test(an_interval_needs_nearly_all_draws),
  };
  return cmocka_run_group_tests(tests, take_arena, release_arena);
}
