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

/* All customers spend the same: Gamma-Gamma has nothing to learn, and how often they buy is known
   all the same, with its intervals. */
static void what_is_spent_does_not_end_how_often([[maybe_unused]] void **state)
{
  struct hs_customers customers = make_customers();
  struct hs_lifetime_options options = usual();
  struct hs_lifetime with, without;
  customers.zbar = NULL;
  assert_int_equal(hs_lifetime_make(&arena, &customers, &options, &without, NULL), HS_OK);
  for (size_t i = 0; i < COUNT; i++)
    zbar[i] = x[i] > 0 ? 20 : 0;
  customers.zbar = zbar;
  assert_int_equal(hs_lifetime_make(&arena, &customers, &options, &with, NULL), HS_OK);
  assert_false(with.has_values);
  assert_non_null(strstr(with.spend_refused.text, "does not vary"));
  for (size_t i = 0; i <= HS_LIFETIME_ALIVE; i++) {
    assert_near(with.bgnbd.figures[i].low, without.bgnbd.figures[i].low, 0);
    assert_near(with.bgnbd.figures[i].bootstrap_low, without.bgnbd.figures[i].bootstrap_low, 0);
    assert_int_equal(with.bgnbd.figures[i].gap, HS_LIFETIME_NO_GAP);
  }
  assert_int_equal(with.bgnbd.figures[HS_LIFETIME_SPEND].gap, HS_LIFETIME_NO_FIGURE);
}

/* Means come together faster than chance would bring them, as if all customers were one: q and v
   run into their fence and have no interval; the mean of a purchase has one, and so has everything
   about how often. */
static void a_parameter_of_the_values_that_runs_away_has_no_interval([[maybe_unused]] void **state)
{
  struct hs_customers customers = make_customers();
  struct hs_lifetime_options options = usual();
  struct hs_lifetime made;
  for (size_t i = 0; i < COUNT; i++)
    zbar[i] = x[i] > 0 ? 20 + (i % 2 ? 10 : -10) / x[i] : 0;
  assert_int_equal(hs_lifetime_make(&arena, &customers, &options, &made, NULL), HS_OK);
  const struct hs_lifetime_figure *f = made.bgnbd.figures;
  assert_true(made.spend.is_fenced[1] && !made.spend.is_fenced[0]);
  for (size_t i = 0; i < HS_SPEND_PARAMETERS; i++)
    if (made.spend.is_fenced[i]) {
      assert_int_equal(f[HS_LIFETIME_P + i].gap, HS_LIFETIME_FENCED);
      assert_true(isnan(f[HS_LIFETIME_P + i].low) && isnan(f[HS_LIFETIME_P + i].bootstrap_low));
    }
  assert_true(f[HS_LIFETIME_NEW_PURCHASES].low < f[HS_LIFETIME_NEW_PURCHASES].high);
  assert_true(f[HS_LIFETIME_NEW_PURCHASES].bootstrap_low < f[HS_LIFETIME_NEW_PURCHASES].high);
}

/* Nobody is seen to stop: Poisson buyers at Gamma rates. How they stop has no interval, what they
   will buy has. */
static void where_nobody_stops_there_are_still_intervals([[maybe_unused]] void **state)
{
  struct hs_customers customers = make_customers();
  struct hs_lifetime_options options = usual();
  struct hs_lifetime made;
  options.level = .99; /* one seed of 400 customers stands for all */
  for (uint64_t i = 0; i < COUNT; i++) {
    struct hs_random rng = hs_random_open(78, i);
    double rate = hs_random_gamma(&rng, 2) / 20;
    x[i] = t_x[i] = 0;
    for (double now = hs_random_exponential(&rng) / rate; now < T[i];
         now += hs_random_exponential(&rng) / rate) {
      x[i] += 1;
      t_x[i] = now;
    }
  }
  customers.zbar = NULL;
  assert_int_equal(hs_lifetime_make(&arena, &customers, &options, &made, NULL), HS_OK);
  const struct hs_lifetime_figure *f = made.bgnbd.figures;
  assert_true(made.bgnbd.fit.is_stopping_held);
  assert_true(isnan(f[HS_LIFETIME_A_OR_S].low) && f[HS_LIFETIME_A_OR_S].gap != HS_LIFETIME_NO_GAP);
  assert_true(f[HS_LIFETIME_R].low < .9 * f[HS_LIFETIME_R].value);
  assert_true(f[HS_LIFETIME_R].high > 1.1 * f[HS_LIFETIME_R].value);
  assert_true(f[HS_LIFETIME_NEW_PURCHASES].low < 5.2 && f[HS_LIFETIME_NEW_PURCHASES].high > 5.2);
}

/* Four customers with one repeat among them: the Pareto/NBD's likelihood has no top that a search
   finds, and the BG/NBD's has. */
static void a_second_opinion_without_a_top_leaves_the_first([[maybe_unused]] void **state)
{
  const double few_x[] = {0, 0, 0, 1}, few_t_x[] = {0, 0, 0, 0.14682814359664917};
  const double few_T[] = {0.14, 0.11, 0.19, 0.19};
  const struct hs_customers customers = {.count = 4, .x = few_x, .t_x = few_t_x, .T = few_T};
  struct hs_lifetime_options options = usual();
  options.draws = 0;
  struct hs_lifetime made;
  assert_int_equal(hs_lifetime_make(&arena, &customers, &options, &made, NULL), HS_OK);
  assert_false(made.has_pareto);
  assert_non_null(strstr(made.pareto_refused.text, "Pareto/NBD"));
  assert_true(isfinite(made.bgnbd.figures[HS_LIFETIME_NEW_PURCHASES].value));
}

static void no_interval_has_its_reason([[maybe_unused]] void **state)
{
  struct hs_customers customers = make_customers();
  struct hs_lifetime_options options = usual();
  struct hs_lifetime made;
  options.draws = 0;
  assert_int_equal(hs_lifetime_make(&arena, &customers, &options, &made, NULL), HS_OK);
  assert_int_equal(made.bgnbd.figures[HS_LIFETIME_R].gap, HS_LIFETIME_NOT_ASKED);
  for (int gap = HS_LIFETIME_NOT_ASKED; gap <= HS_LIFETIME_NO_FIGURE; gap++)
    assert_true(strlen(hs_lifetime_gap_words((enum hs_lifetime_gap)gap)) > 10);
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
      cmocka_unit_test(what_is_spent_does_not_end_how_often),
      cmocka_unit_test(a_parameter_of_the_values_that_runs_away_has_no_interval),
      cmocka_unit_test(where_nobody_stops_there_are_still_intervals),
      cmocka_unit_test(a_second_opinion_without_a_top_leaves_the_first),
      cmocka_unit_test(no_interval_has_its_reason),
  };
  return cmocka_run_group_tests(tests, take_arena, release_arena);
}
