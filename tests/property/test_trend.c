/* Laws that a trend keeps whatever the series: units do not matter, what is multiplied with a
   steady growth grows by it, and no figure of an answer is none where there is an answer. Series
   are seeded, short and long, with gaps, jumps and values from the tiny to the huge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "measure/trend/sides.h"
#include "stats/random.h"
#include "support/near.h"

enum { WORLDS = 16, PERIODS_MAX = 48 };
/* A filter over series that differ in the last bits, and a mixture of its results. */
#define SLACK 1e-7

static struct hs_arena arena;
static double value[PERIODS_MAX], effort[PERIODS_MAX], company[PERIODS_MAX];

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 256 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

/* A walk of the logarithm with a season and noise; some worlds jump, some have gaps, some stand
   still. */
static struct hs_trend_input world(uint64_t seed)
{
  static const double PER_YEAR[] = {1, 4, 12, 52};
  static const uint32_t SEASONS[] = {0, 4, 12, 0};
  struct hs_random rng = hs_random_open(77, seed);
  size_t kind = seed % 4;
  double noise = seed % 7 == 0 ? 0 : 0.3 * hs_random_uniform(&rng);
  double level = 40 * (hs_random_uniform(&rng) - 0.5);
  double slope = (hs_random_uniform(&rng) - 0.5) / PER_YEAR[kind];
  size_t count = 6 + hs_random_below(&rng, PERIODS_MAX - 6);
  for (size_t t = 0; t < count; t++) {
    level += slope + (t == 9 && seed % 5 == 0 ? 3 : 0);
    value[t] = exp(level + 0.2 * sin((double)t) + noise * hs_random_normal(&rng));
    effort[t] = exp(noise * hs_random_normal(&rng));
    company[t] = exp(10 + 0.1 * hs_random_normal(&rng));
    if (seed % 3 == 0 && hs_random_below(&rng, 6) == 0)
      value[t] = (double)NAN;
  }
  return (struct hs_trend_input){.value = value,
                                 .count = count,
                                 .effort = seed % 2 ? effort : NULL,
                                 .company = seed % 5 == 1 ? company : NULL,
                                 .periods_per_year = PER_YEAR[kind],
                                 .season = SEASONS[kind],
                                 .material = 0.1,
                                 .mass = 0.9,
                                 .is_effort_planned = seed % 4 == 3};
}

static struct hs_trend estimate(const struct hs_trend_input *input)
{
  struct hs_trend trend;
  struct hs_err err = {0};
  if (hs_trend_estimate(&arena, input, &trend, &err) != HS_OK)
    fail_msg("%s", err.text);
  return trend;
}

static void assert_same_growth(const struct hs_trend *a, const struct hs_trend *b, double more)
{
  assert_int_equal(isnan(a->growth.mean), isnan(b->growth.mean));
  if (isnan(a->growth.mean))
    return;
  assert_near(b->growth.mean, a->growth.mean + more, SLACK);
  assert_near(b->growth.low, a->growth.low + more, SLACK);
  assert_near(b->growth.high, a->growth.high + more, SLACK);
}

static void units_of_value_and_effort_do_not_matter([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < WORLDS; seed++) {
    hs_arena_reset(&arena, 0);
    struct hs_trend_input input = world(seed);
    struct hs_trend before = estimate(&input);
    for (size_t t = 0; t < input.count; t++) {
      value[t] *= 1024;
      effort[t] /= 64;
    }
    struct hs_trend after = estimate(&input);
    assert_int_equal(before.verdict, after.verdict);
    assert_int_equal(before.reason, after.reason);
    assert_int_equal(before.period_count, after.period_count);
    assert_same_growth(&before, &after, 0);
    for (size_t t = 0; before.level != NULL && t < input.count; t++) {
      assert_close(after.level[t], 1024 * before.level[t], SLACK);
      assert_close(after.fitted[t], 1024 * before.fitted[t], SLACK);
    }
  }
}

/* A company that grows as the side does leaves of it what there was before. */
static void growth_of_everything_nets_out([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < WORLDS; seed++) {
    hs_arena_reset(&arena, 0);
    struct hs_trend_input input = world(seed);
    input.company = company;
    struct hs_trend before = estimate(&input);
    for (size_t t = 0; t < input.count; t++) {
      double growth = exp(0.25 * (double)t / input.periods_per_year);
      value[t] *= growth;
      company[t] *= growth;
    }
    struct hs_trend after = estimate(&input);
    assert_same_growth(&before, &after, 0);
  }
}

static void steady_growth_adds_up([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < WORLDS; seed++) {
    hs_arena_reset(&arena, 0);
    struct hs_trend_input input = world(seed);
    struct hs_trend before = estimate(&input);
    for (size_t t = 0; t < input.count; t++)
      value[t] *= exp(0.25 * (double)t / input.periods_per_year);
    struct hs_trend after = estimate(&input);
    assert_same_growth(&before, &after, 0.25);
  }
}

static void assert_whole(const struct hs_trend_growth *growth)
{
  assert_true(isfinite(growth->mean) && isfinite(growth->sd) && growth->sd >= 0);
  assert_true(isfinite(growth->low) && isfinite(growth->high) && growth->low <= growth->high);
  assert_true(growth->above >= 0 && growth->within >= 0 && growth->below >= 0);
  assert_near(growth->above + growth->within + growth->below, 1, 1e-9);
}

static void every_figure_of_an_answer_is_one([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < 4 * WORLDS; seed++) {
    hs_arena_reset(&arena, 0);
    struct hs_trend_input input = world(seed);
    struct hs_trend trend = estimate(&input);
    assert_int_not_equal(trend.verdict, HS_TREND_REFUSED);
    assert_true(trend.verdict != HS_TREND_TOO_EARLY || trend.reason != HS_TREND_NO_REASON);
    assert_true(trend.periods_to_decide > 0);
    if (trend.reason == HS_TREND_TOO_FEW || trend.reason == HS_TREND_SEASON_UNKNOWN) {
      assert_true(isnan(trend.growth.mean) && trend.fitted == NULL);
      continue;
    }
    assert_whole(&trend.growth);
    for (size_t e = 0; input.effort != NULL && e < HS_TREND_ELASTICITY_COUNT; e++)
      assert_whole(&trend.by_elasticity[e]);
    assert_int_equal(isnan(trend.elasticity), input.effort == NULL);
    for (size_t t = 0; t < input.count; t++) {
      int has_company = input.company == NULL || company[t] > 0;
      assert_true(!has_company || (trend.fitted[t] > 0 && isfinite(trend.fitted[t])));
      assert_true(!has_company || (trend.level[t] > 0 && isfinite(trend.level[t])));
    }
  }
}

/* What stands in it backwards breaks at the same places, seen from the other side. */
static void breaks_of_means_have_no_direction([[maybe_unused]] void **state)
{
  const struct hs_breaks_options options = {HS_BREAKS_MEAN, 3, 4, 0.95};
  static double room[PERIODS_MAX * 40];
  double back[PERIODS_MAX];
  assert_true(hs_breaks_room(PERIODS_MAX, &options) <= sizeof room / sizeof *room);
  for (uint64_t seed = 1; seed < WORLDS; seed++) {
    struct hs_random rng = hs_random_open(78, seed);
    struct hs_breaks ahead, behind;
    for (size_t t = 0; t < PERIODS_MAX; t++)
      value[t] = 100 + (t > 10 + seed % 20 ? 3 : 0) + hs_random_normal(&rng);
    for (size_t t = 0; t < PERIODS_MAX; t++)
      back[t] = value[PERIODS_MAX - 1 - t] + 1000;
    assert_true(hs_breaks_find(value, PERIODS_MAX, &options, room, &ahead));
    assert_true(hs_breaks_find(back, PERIODS_MAX, &options, room, &behind));
    assert_int_equal(ahead.count, behind.count);
    for (size_t m = 0; m < ahead.fitted_count; m++)
      assert_close(behind.rss[m], ahead.rss[m], SLACK);
    for (size_t i = 0; i < ahead.count; i++) {
      const struct hs_break *mirrored = &behind.breaks[behind.count - 1 - i];
      assert_int_equal(mirrored->at, PERIODS_MAX - 2 - ahead.breaks[i].at);
      assert_near(mirrored->jump, -ahead.breaks[i].jump, SLACK);
    }
  }
}

/* No side makes a partnership better than it is itself. */
static void a_partnership_is_at_most_its_weaker_side([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < WORLDS; seed++) {
    struct hs_trend_partnership both = {.side_count = 2};
    hs_arena_reset(&arena, 0);
    for (size_t i = 0; i < 2; i++) {
      struct hs_trend_input input = world(seed + 100 * i);
      both.sides[i] = estimate(&input);
    }
    hs_trend_join(&both, 0.9);
    for (size_t i = 0; i < 2 && !isnan(both.above); i++)
      assert_true(both.above <= both.sides[i].above + 1e-12 &&
                  both.below >= both.sides[i].below - 1e-12);
    assert_true(both.verdict != HS_TREND_COMPOUNDING ||
                (both.sides[0].verdict == HS_TREND_COMPOUNDING &&
                 both.sides[1].verdict == HS_TREND_COMPOUNDING));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(units_of_value_and_effort_do_not_matter),
      cmocka_unit_test(growth_of_everything_nets_out),
      cmocka_unit_test(steady_growth_adds_up),
      cmocka_unit_test(every_figure_of_an_answer_is_one),
      cmocka_unit_test(breaks_of_means_have_no_direction),
      cmocka_unit_test(a_partnership_is_at_most_its_weaker_side),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
