/* Trends of series whose truth is plain; refusals; what must not change when units, effort's unit
   or the length of the path do. How often verdicts are right at noise stands in tests/calibration.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "measure/trend/sides.h"
#include "measure/trend/trend_priv.h"
#include "stats/random.h"
#include "support/near.h"

enum { N = 24 };

static struct hs_arena arena;
static double value[N];
static double effort[N];

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 256 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

/* Quarters that grow by `before` a year, and by `since` in the last two years. */
static void make_series(double before, double since, double noise, uint64_t stream)
{
  struct hs_random rng = hs_random_open(31, stream);
  double level = 5;
  for (size_t t = 0; t < N; t++) {
    value[t] = exp(level + noise * hs_random_normal(&rng));
    effort[t] = exp(0.3 * hs_random_normal(&rng));
    level += (t + 9 > N ? since : before) / 4;
  }
}

static struct hs_trend_input input_of(void)
{
  return (struct hs_trend_input){
      .value = value, .count = N, .periods_per_year = 4, .material = 0.1, .mass = 0.9};
}

static struct hs_trend estimate(const struct hs_trend_input *input)
{
  struct hs_trend trend;
  hs_arena_reset(&arena, 0);
  assert_int_equal(hs_trend_estimate(&arena, input, &trend, NULL), HS_OK);
  return trend;
}

static void plain_series_get_their_verdicts([[maybe_unused]] void **state)
{
  struct hs_trend_input input = input_of();
  make_series(0.3, 0.3, 0.02, 1);
  struct hs_trend trend = estimate(&input);
  assert_int_equal(trend.verdict, HS_TREND_COMPOUNDING);
  assert_near(trend.growth.mean, 0.3, 0.05);
  assert_near(trend.above + trend.within + trend.below, 1, 1e-9);
  assert_int_equal(trend.curves.best, HS_CURVE_LINE);
  make_series(0, 0, 0.02, 2);
  assert_int_equal(estimate(&input).verdict, HS_TREND_PLATEAU);
  make_series(0.3, -0.4, 0.02, 3);
  assert_int_equal(estimate(&input).verdict, HS_TREND_FADING);
}

static void noise_makes_it_too_early_and_says_for_how_long([[maybe_unused]] void **state)
{
  struct hs_trend_input input = input_of();
  make_series(0.3, 0.3, 0.25, 4);
  input.count = 9;
  struct hs_trend trend = estimate(&input);
  assert_int_equal(trend.verdict, HS_TREND_TOO_EARLY);
  assert_int_equal(trend.reason, HS_TREND_UNSETTLED);
  assert_true(trend.periods_to_decide > 0);
}

static void what_has_no_logarithm_is_refused_with_its_place([[maybe_unused]] void **state)
{
  struct hs_trend_input input = input_of();
  make_series(0.3, 0.3, 0.02, 5);
  value[7] = 0;
  struct hs_trend trend = estimate(&input);
  assert_int_equal(trend.verdict, HS_TREND_REFUSED);
  assert_int_equal(trend.reason, HS_TREND_VALUE_NOT_POSITIVE);
  assert_int_equal(trend.at, 7);
  assert_true(trend.growth.mean != trend.growth.mean);
  value[7] = 100;
  effort[3] = (double)NAN;
  input.effort = effort;
  trend = estimate(&input);
  assert_int_equal(trend.reason, HS_TREND_EFFORT_NOT_POSITIVE);
  assert_int_equal(trend.at, 3);
}

static void a_season_needs_two_rounds([[maybe_unused]] void **state)
{
  struct hs_trend_input input = input_of();
  make_series(0.3, 0.3, 0.02, 6);
  input.periods_per_year = 12;
  input.season = 12;
  input.count = 20;
  struct hs_trend trend = estimate(&input);
  assert_int_equal(trend.verdict, HS_TREND_TOO_EARLY);
  assert_int_equal(trend.reason, HS_TREND_SEASON_UNKNOWN);
  assert_int_equal(trend.periods_to_decide, 4);
  input.season = 0;
  input.count = 4;
  trend = estimate(&input);
  assert_int_equal(trend.reason, HS_TREND_TOO_FEW);
  assert_int_equal(trend.periods_to_decide, 1);
}

static void a_gap_is_bridged([[maybe_unused]] void **state)
{
  struct hs_trend_input input = input_of();
  make_series(0.3, 0.3, 0.02, 1);
  value[5] = value[6] = value[0] = (double)NAN;
  struct hs_trend trend = estimate(&input);
  assert_int_equal(trend.verdict, HS_TREND_COMPOUNDING);
  assert_true(trend.period_count == (size_t)N - 3);
  assert_true(trend.fitted[5] > 0);
}

static void units_do_not_matter([[maybe_unused]] void **state)
{
  struct hs_trend_input input = input_of();
  make_series(0.2, 0.1, 0.08, 7);
  input.effort = effort;
  struct hs_trend before = estimate(&input);
  for (size_t t = 0; t < N; t++) {
    value[t] *= 1e6;
    effort[t] *= 1e-3;
  }
  struct hs_trend after = estimate(&input);
  assert_near(after.growth.mean, before.growth.mean, 1e-8);
  assert_near(after.above, before.above, 1e-8);
  assert_near(after.elasticity, before.elasticity, 1e-8);
}

/* y·g^t has the growth of y and that of g. */
static void growth_adds_up([[maybe_unused]] void **state)
{
  struct hs_trend_input input = input_of();
  make_series(0.2, 0.1, 0.08, 8);
  double before = estimate(&input).growth.mean;
  for (size_t t = 0; t < N; t++)
    value[t] *= exp(0.4 * (double)t / 4);
  assert_near(estimate(&input).growth.mean, before + 0.4, 1e-8);
}

static void growth_of_the_company_is_netted_out([[maybe_unused]] void **state)
{
  double company[N];
  struct hs_trend_input input = input_of();
  make_series(0.2, 0.1, 0.08, 8);
  double alone = estimate(&input).growth.mean;
  for (size_t t = 0; t < N; t++) {
    company[t] = 1e5 * exp(0.4 * (double)t / 4);
    value[t] *= company[t];
  }
  input.company = company;
  assert_near(estimate(&input).growth.mean, alone, 1e-8);
}

/* All growth is that of effort: whether it compounds hangs on the elasticity, which effort that
   only grew cannot tell. */
static void growth_that_was_bought_is_no_compounding([[maybe_unused]] void **state)
{
  struct hs_trend_input input = input_of();
  make_series(0.3, 0.3, 0.02, 9);
  for (size_t t = 0; t < N; t++)
    effort[t] = exp(0.3 * (double)t / 4);
  input.effort = effort;
  struct hs_trend trend = estimate(&input);
  assert_int_equal(trend.verdict, HS_TREND_TOO_EARLY);
  assert_int_equal(trend.reason, HS_TREND_ELASTICITY);
  assert_int_equal(trend.verdict_by_elasticity[0], HS_TREND_COMPOUNDING);
  assert_int_equal(trend.verdict_by_elasticity[HS_TREND_ELASTICITY_COUNT - 1], HS_TREND_PLATEAU);
  assert_near(trend.effort_alone, 0, 1e-9);
  assert_near(trend.effort_growth, 0.3, 1e-9);
}

static void planned_effort_shows_its_elasticity([[maybe_unused]] void **state)
{
  struct hs_trend_input input = input_of();
  make_series(0.3, 0.3, 0.02, 10);
  for (size_t t = 0; t < N; t++)
    value[t] *= pow(effort[t], 0.6);
  input.effort = effort;
  input.is_effort_planned = 1;
  struct hs_trend trend = estimate(&input);
  assert_int_equal(trend.verdict, HS_TREND_COMPOUNDING);
  assert_near(trend.elasticity, 0.6, 0.1);
  assert_near(trend.carry_over, 0, 0.05);
  double sum = 0;
  for (size_t e = 0; e < HS_TREND_ELASTICITY_COUNT; e++)
    sum += trend.elasticity_weight[e];
  assert_near(sum, 1, 1e-9);
}

/* Periods until mixtures of series that grow by so much with so much noise have decided. */
static size_t wait_for(const double *growths, const double *noises, size_t count)
{
  static struct hs_trend_component room[2][HS_TREND_SHAPE_MAX];
  static struct hs_trend_grid grid;
  struct hs_trend_mixture mixtures[2];
  struct hs_trend_bench bench;
  double means[2];
  size_t wait = 0;
  hs_arena_reset(&arena, 0);
  assert_int_equal(hs_trend_bench_make(&arena, N, 4, 0, &bench, NULL), HS_OK);
  hs_trend_grid_make(4, 0, &grid);
  for (size_t i = 0; i < count; i++) {
    mixtures[i].components = room[i];
    make_series(growths[i], growths[i], noises[i], 13);
    for (size_t t = 0; t < N; t++)
      value[t] = log(value[t]);
    assert_true(hs_trend_mix(&bench, &grid, value, &mixtures[i]));
    means[i] = hs_trend_summarise(&mixtures[i], 0.1, 0.9).mean;
  }
  const struct hs_trend_outlook outlook = {.y = value,
                                           .count = N,
                                           .periods_per_year = 4,
                                           .grid = &grid,
                                           .mixture_count = count,
                                           .mixtures = mixtures,
                                           .means = means,
                                           .material = 0.1,
                                           .mass = 0.9};
  assert_int_equal(hs_trend_look_ahead(&arena, &outlook, &wait, NULL), HS_OK);
  return wait;
}

/* Where every elasticity has to agree, the wait is that of the slowest; where they point to
   different verdicts there is no use in waiting. */
static void what_must_agree_waits_for_the_slowest([[maybe_unused]] void **state)
{
  const double growths[] = {0.2, 0.2};
  const double noises[] = {0.02, 0.336};
  size_t quick = wait_for(growths, noises, 1);
  size_t slow = wait_for(growths + 1, noises + 1, 1);
  assert_true(quick < slow && slow < SIZE_MAX);
  assert_int_equal(wait_for(growths, noises, 2), slow);
  const double parting[] = {0.4, -0.2};
  assert_true(wait_for(parting, noises, 2) == SIZE_MAX);
}

/* At an elasticity of 0 it grows, at 1 it does not: no waiting brings them together. */
static void elasticities_that_part_are_not_waited_for([[maybe_unused]] void **state)
{
  struct hs_trend_input input = input_of();
  make_series(0.3, 0.3, 0.3, 6);
  for (size_t t = 0; t < N; t++)
    effort[t] *= exp(0.3 * (double)t / 4);
  input.count = 10;
  input.effort = effort;
  struct hs_trend trend = estimate(&input);
  assert_true(trend.by_elasticity[0].mean > input.material);
  assert_true(trend.by_elasticity[HS_TREND_ELASTICITY_COUNT - 1].mean < input.material);
  assert_int_equal(trend.verdict, HS_TREND_TOO_EARLY);
  assert_true(trend.periods_to_decide == SIZE_MAX);
}

/* Costs that are a tenth of the value to the cent: no plan did that. */
static void effort_figured_from_the_value_is_noticed([[maybe_unused]] void **state)
{
  struct hs_trend_input input = input_of();
  make_series(0.3, 0.3, 0.05, 12);
  for (size_t t = 0; t < N; t++)
    effort[t] = floor(10 * value[t] + 0.5) / 100;
  input.effort = effort;
  input.is_effort_planned = 1;
  struct hs_trend trend = estimate(&input);
  assert_true(trend.effort_apart < HS_TREND_EFFORT_APART_LEAST);
  assert_int_equal(trend.verdict, HS_TREND_TOO_EARLY);
  assert_int_equal(trend.reason, HS_TREND_ELASTICITY);
  make_series(0.3, 0.3, 0.05, 12);
  trend = estimate(&input);
  assert_true(trend.effort_apart > HS_TREND_EFFORT_APART_LEAST);
  input.effort = NULL;
  trend = estimate(&input);
  assert_true(isnan(trend.effort_apart));
}

static void a_series_without_noise_is_no_trouble([[maybe_unused]] void **state)
{
  struct hs_trend_input input = input_of();
  make_series(0.3, 0.3, 0, 11);
  struct hs_trend trend = estimate(&input);
  assert_int_equal(trend.verdict, HS_TREND_COMPOUNDING);
  assert_near(trend.growth.mean, 0.3, 1e-6);
  for (size_t t = 0; t < N; t++)
    value[t] = 7;
  trend = estimate(&input);
  assert_int_equal(trend.verdict, HS_TREND_PLATEAU);
  assert_int_equal(trend.curves.best, HS_CURVE_FLAT);
}

static void what_is_out_of_range_is_invalid([[maybe_unused]] void **state)
{
  struct hs_trend_input inputs[] = {input_of(), input_of(), input_of(), input_of(), input_of()};
  struct hs_trend trend;
  make_series(0.3, 0.3, 0.02, 1);
  inputs[0].count = 0;
  inputs[1].periods_per_year = 0;
  inputs[2].material = 0;
  inputs[3].mass = 1;
  inputs[4].season = HS_TREND_SEASON_MAX + 1;
  for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++)
    assert_int_equal(hs_trend_estimate(&arena, &inputs[i], &trend, NULL), HS_INVALID);
  struct hs_trend_input input = input_of();
  value[2] = (double)INFINITY;
  assert_int_equal(hs_trend_estimate(&arena, &input, &trend, NULL), HS_INVALID);
}

static void a_full_arena_is_said([[maybe_unused]] void **state)
{
  struct hs_trend_input input = input_of();
  make_series(0.3, 0.3, 0.1, 1);
  input.effort = effort;
  enum hs_status status = HS_NOMEM;
  for (size_t kib = 1; status == HS_NOMEM && kib < 65536; kib *= 2) {
    struct hs_arena small;
    struct hs_trend trend;
    assert_int_equal(hs_arena_init(&small, kib * HS_KIB, NULL), HS_OK);
    status = hs_trend_estimate(&small, &input, &trend, NULL);
    hs_arena_release(&small);
  }
  assert_int_equal(status, HS_OK);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plain_series_get_their_verdicts),
      cmocka_unit_test(noise_makes_it_too_early_and_says_for_how_long),
      cmocka_unit_test(what_has_no_logarithm_is_refused_with_its_place),
      cmocka_unit_test(a_season_needs_two_rounds),
      cmocka_unit_test(a_gap_is_bridged),
      cmocka_unit_test(units_do_not_matter),
      cmocka_unit_test(growth_adds_up),
      cmocka_unit_test(growth_of_the_company_is_netted_out),
      cmocka_unit_test(growth_that_was_bought_is_no_compounding),
      cmocka_unit_test(planned_effort_shows_its_elasticity),
      cmocka_unit_test(what_must_agree_waits_for_the_slowest),
      cmocka_unit_test(elasticities_that_part_are_not_waited_for),
      cmocka_unit_test(effort_figured_from_the_value_is_noticed),
      cmocka_unit_test(a_series_without_noise_is_no_trouble),
      cmocka_unit_test(what_is_out_of_range_is_invalid),
      cmocka_unit_test(a_full_arena_is_said),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
