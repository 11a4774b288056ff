/* The Bayesian bootstrap against what is known in closed form: the distribution of a share under it
   is a Beta distribution where the share is one of units; its draws do not depend on threads or on
   how many follow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "measure/bootstrap.h"
#include "stats/distribution.h"
#include "stats/random.h"
#include "stats/summary.h"
#include "support/capacity.h"
#include "support/journeys.h"
#include "support/kolmogorov.h"
#include "support/near.h"

static struct journeys journeys;

struct subject {
  struct hs_arena arena;
  struct hs_credit_plan *plan;
  struct hs_model_credits *credits;
};

static void open_subject(struct subject *s, const struct hs_model *models, size_t model_count)
{
  s->arena = (struct hs_arena){0};
  assert_int_equal(hs_arena_init(&s->arena, 256 * HS_MIB, NULL), HS_OK);
  assert_int_equal(
      hs_credit_plan_make(&s->arena, &journeys.sample, models, model_count, &s->plan, NULL), HS_OK);
  assert_int_equal(hs_credit_estimate(&s->arena, s->plan, &s->credits, NULL), HS_OK);
}

static void add(const uint16_t *steps, size_t length, double conversions, double nulls)
{
  static const uint32_t AGES[8] = {8, 7, 6, 5, 4, 3, 2, 1};
  journeys_add(&journeys, steps, AGES, length, conversions, 30 * conversions, nulls);
}

/* Journeys of one touch: the first share of channel a is then (Σ weights of its units)/(Σ all), and
   a ratio of independent Gamma(x), Gamma(y) variates to their sum is Beta(x, y). */
static const double SHAPE_A = 7;  /* 1 + 2 + 4 */
static const double SHAPE_B = 23; /* 1 + 22, one by summing, one by rejection */

static void add_beta_units(void)
{
  static const struct {
    uint16_t channel;
    double shape;
  } UNITS[] = {{0, 1}, {1, 1}, {0, 2}, {1, 22}, {0, 4}};
  journeys_clear(&journeys, 2);
  for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++) {
    add(&UNITS[i].channel, 1, UNITS[i].shape, 0);
    journeys.unit_shape[i] = UNITS[i].shape;
  }
}

static double beta_cdf(double x, [[maybe_unused]] double parameter)
{
  return hs_beta_regularized(x, SHAPE_A, SHAPE_B);
}

static void shares_of_units_are_beta_distributed([[maybe_unused]] void **state)
{
  enum { DRAWS = 20000 };
  static double shares[2 * DRAWS];
  static double value[2 * DRAWS];
  struct subject s;
  add_beta_units();
  struct hs_model first = hs_model_default(HS_MODEL_FIRST);
  open_subject(&s, &first, 1);
  struct hs_bootstrap_options options = hs_bootstrap_default();
  options.draws = DRAWS;
  assert_int_equal(hs_bootstrap_shares(s.plan, &options, shares, value, NULL), HS_OK);
  for (size_t i = 0; i < DRAWS; i++)
    assert_near(shares[i] + shares[DRAWS + i], 1, 1e-14);
  assert_true(kolmogorov_distance(shares, DRAWS, beta_cdf, 0) < KOLMOGOROV_LIMIT);
  hs_arena_release(&s.arena);
}

static void intervals_are_percentiles_times_the_total([[maybe_unused]] void **state)
{
  struct subject s;
  add_beta_units();
  struct hs_model first = hs_model_default(HS_MODEL_FIRST);
  open_subject(&s, &first, 1);
  struct hs_bootstrap_options options = hs_bootstrap_default();
  options.draws = 40000;
  options.level = 0.8;
  size_t mark = hs_arena_mark(&s.arena);
  assert_int_equal(hs_bootstrap_intervals(&s.arena, s.plan, &options, s.credits, NULL), HS_OK);
  assert_int_equal(hs_arena_mark(&s.arena), mark);
  /* The standard error of an empirical probability at 10 % is √(.09/40000) = .0015. */
  const struct hs_credit *a = &s.credits[0].channels[0];
  assert_near(beta_cdf(a->conversions_low / 30, 0), 0.1, 5 * 0.0015);
  assert_near(beta_cdf(a->conversions_high / 30, 0), 0.9, 5 * 0.0015);
  assert_near(a->value_low, 30 * a->conversions_low, 1e-9);
  assert_near(a->value_high, 30 * a->conversions_high, 1e-9);
  hs_arena_release(&s.arena);
}

/* 300 random journeys over four channels, of random shapes, in which every way of drawing a weight
   occurs. */
static void add_random_units(void)
{
  struct hs_random rng = hs_random_open(31, 0);
  journeys_clear(&journeys, 4);
  for (size_t i = 0; i < 300; i++) {
    uint16_t steps[8];
    size_t length = 1 + hs_random_below(&rng, 8);
    for (size_t j = 0; j < length; j++)
      steps[j] = (uint16_t)hs_random_below(&rng, 4);
    int is_order = hs_random_uniform(&rng) < 0.3;
    double shape = i % 3 == 0   ? 1
                   : i % 3 == 1 ? 1 + hs_random_below(&rng, 12)
                                : 0.5 + (double)i / 7;
    add(steps, length, is_order ? shape : 0, is_order ? 0 : shape);
    journeys.unit_shape[i] = shape;
  }
}

static size_t all_models(struct hs_model models[12])
{
  size_t count = 0;
  for (int kind = HS_MODEL_FIRST; kind <= HS_MODEL_SHAPLEY; kind++)
    models[count++] = hs_model_default((enum hs_model_kind)kind);
  for (uint32_t order = 1; order <= 4; order++) {
    models[count] = hs_model_default(HS_MODEL_MARKOV);
    models[count++].order = order;
  }
  return count;
}

enum { SMALL_DRAWS = 50, LONG_DRAWS = 77, SHARES_MAX = 12 * 4 };

static void draw(const struct subject *s, size_t draws, size_t workers, double *conversions,
                 double *value)
{
  struct hs_bootstrap_options options = hs_bootstrap_default();
  options.draws = draws;
  options.worker_count = workers;
  assert_int_equal(hs_bootstrap_shares(s->plan, &options, conversions, value, NULL), HS_OK);
}

static void threads_change_no_bit([[maybe_unused]] void **state)
{
  static double one[2][SHARES_MAX * SMALL_DRAWS], many[2][SHARES_MAX * SMALL_DRAWS];
  struct hs_model models[12];
  struct subject s;
  add_random_units();
  size_t count = all_models(models);
  open_subject(&s, models, count);
  size_t bytes = count * 4 * SMALL_DRAWS * sizeof(double);
  draw(&s, SMALL_DRAWS, 1, one[0], one[1]);
  for (size_t workers = 2; workers <= 5; workers++) {
    draw(&s, SMALL_DRAWS, workers, many[0], many[1]);
    assert_memory_equal(one[0], many[0], bytes);
    assert_memory_equal(one[1], many[1], bytes);
  }
  hs_arena_release(&s.arena);
}

static void a_longer_run_begins_with_the_shorter_one([[maybe_unused]] void **state)
{
  static double small[2][SHARES_MAX * SMALL_DRAWS], large[2][SHARES_MAX * LONG_DRAWS];
  struct hs_model models[12];
  struct subject s;
  add_random_units();
  size_t count = all_models(models);
  open_subject(&s, models, count);
  draw(&s, SMALL_DRAWS, 2, small[0], small[1]);
  draw(&s, LONG_DRAWS, 2, large[0], large[1]);
  for (size_t i = 0; i < count * 4; i++)
    assert_memory_equal(small[0] + i * SMALL_DRAWS, large[0] + i * LONG_DRAWS,
                        SMALL_DRAWS * sizeof(double));
  hs_arena_release(&s.arena);
}

/* Replicates centre on the estimate: their mean is off by their spread over √draws, and by a bias
   of the order of the variance, which the half spread leaves room for. */
static void replicates_surround_the_estimate([[maybe_unused]] void **state)
{
  enum { DRAWS = 400 };
  static double conversions[SHARES_MAX * DRAWS], value[SHARES_MAX * DRAWS];
  struct hs_model models[12];
  struct subject s;
  add_random_units();
  size_t count = all_models(models);
  open_subject(&s, models, count);
  draw(&s, DRAWS, 0, conversions, value);
  for (size_t i = 0; i < count * 4; i++) {
    struct hs_summary summary = {0};
    for (size_t d = 0; d < DRAWS; d++)
      hs_summary_add(&summary, conversions[i * DRAWS + d], 1);
    double spread = hs_summary_deviation(&summary);
    assert_near(summary.mean, s.credits[i / 4].channels[i % 4].share_conversions, 0.5 * spread);
  }
  hs_arena_release(&s.arena);
}

static void options_out_of_range_are_named([[maybe_unused]] void **state)
{
  struct subject s;
  double none = 0;
  add_beta_units();
  struct hs_model first = hs_model_default(HS_MODEL_FIRST);
  open_subject(&s, &first, 1);
  struct hs_err err = {0};
  struct hs_bootstrap_options options = hs_bootstrap_default();
  options.draws = HS_BOOTSTRAP_DRAWS_MIN - 1;
  assert_int_equal(hs_bootstrap_shares(s.plan, &options, &none, &none, &err), HS_USAGE);
  assert_string_equal(err.text, "draws must be 40 to 100000, got 39");
  options = hs_bootstrap_default();
  options.level = 1;
  assert_int_equal(hs_bootstrap_intervals(&s.arena, s.plan, &options, s.credits, &err), HS_USAGE);
  hs_arena_release(&s.arena);
}

static enum hs_status draw_bounded(void *context, struct hs_arena *arena, struct hs_err *err)
{
  struct subject *s = context;
  struct hs_bootstrap_options options = hs_bootstrap_default();
  enum hs_status status = hs_bootstrap_intervals(arena, s->plan, &options, s->credits, err);
  assert_int_equal(hs_arena_mark(arena), 0);
  return status;
}

static void a_full_arena_is_said_and_left_as_it_was([[maybe_unused]] void **state)
{
  struct subject s;
  add_beta_units();
  struct hs_model first = hs_model_default(HS_MODEL_FIRST);
  open_subject(&s, &first, 1);
  assert_true(fail_every_allocation(draw_bounded, &s) >= 2);
  hs_arena_release(&s.arena);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shares_of_units_are_beta_distributed),
      cmocka_unit_test(intervals_are_percentiles_times_the_total),
      cmocka_unit_test(threads_change_no_bit),
      cmocka_unit_test(a_longer_run_begins_with_the_shorter_one),
      cmocka_unit_test(replicates_surround_the_estimate),
      cmocka_unit_test(options_out_of_range_are_named),
      cmocka_unit_test(a_full_arena_is_said_and_left_as_it_was),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
