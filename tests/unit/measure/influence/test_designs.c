/* Proves measure/influence/holdout, pairs, switchback and region_pairs: sizes against closed forms,
   tests against brute force over all coins, levels and coverage over simulated worlds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "measure/influence/holdout.h"
#include "measure/influence/region_pairs.h"
#include "measure/influence/switchback.h"
#include "stats/distribution.h"
#include "stats/random.h"
#include "support/near.h"

static struct hs_arena arena;
static double room[30000];

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, HS_GIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

/* ---- hold-out ---- */

/* Half held, κ 0: sd = 2/√N, so ±.1 at .95 takes (1.95996·2/.1)² = 1536.6 orders. */
static void the_size_of_a_hold_out_is_that_of_two_counts([[maybe_unused]] void **state)
{
  const struct hs_holdout_plan plan = {
      .orders_week = 100, .held_share = .5, .half_width = .1, .mass = .95, .power = .8};
  struct hs_holdout_size size = hs_holdout_size(&plan);
  assert_close(size.orders, pow(hs_normal_quantile(.975) * 20, 2), 1e-12);
  assert_close(size.weeks, size.orders / 100, 1e-15);
  assert_near(size.withheld, 0, 0);
  assert_near(size.detectable, .1 * 2.8016 / 1.95996, 1e-5);
}

struct shop {
  double kappa; /* of tracked orders that the coupon causes */
  double held_share;
  size_t units;
};

static void sell(const struct shop *shop, uint64_t stream, struct hs_holdout_group *offered,
                 struct hs_holdout_group *held)
{
  struct hs_random rng = hs_random_open(41, stream);
  memset(offered, 0, sizeof *offered);
  memset(held, 0, sizeof *held);
  for (size_t i = 0; i < shop->units; i++) {
    int is_held = hs_random_uniform(&rng) < shop->held_share;
    int would_anyway = hs_random_uniform(&rng) < .2 * (1 - shop->kappa);
    int by_coupon =
        !would_anyway && hs_random_uniform(&rng) < .2 * shop->kappa / (1 - .2 * (1 - shop->kappa));
    double amount = 20 + 30 * hs_random_exponential(&rng);
    double sales = would_anyway || (by_coupon && !is_held) ? amount : 0;
    hs_holdout_add(is_held ? held : offered, sales, is_held ? 0 : sales);
  }
}

static void a_hold_out_covers_kappa_as_often_as_it_says([[maybe_unused]] void **state)
{
  const struct shop shops[] = {{0, .3, 2000}, {.4, .5, 2000}, {.9, .2, 3000}, {1, .5, 1500}};
  for (size_t s = 0; s < sizeof shops / sizeof *shops; s++) {
    size_t held_count = 0, refused = 0;
    const size_t worlds = 300;
    for (size_t w = 0; w < worlds; w++) {
      struct hs_holdout_group offered, held;
      sell(&shops[s], 1000 * s + w, &offered, &held);
      struct hs_holdout_result r = hs_holdout_analyse(&offered, &held, shops[s].held_share, .95);
      /* One split in a thousand looks broken by chance. */
      refused += r.refused_because != NULL;
      held_count +=
          r.refused_because != NULL || (r.low <= shops[s].kappa && shops[s].kappa <= r.high);
    }
    assert_true(refused <= 3);
    /* 95 % less three standard errors. */
    assert_true((double)held_count >= (.95 - 3 * .0126) * (double)worlds);
  }
}

static void a_broken_split_is_refused([[maybe_unused]] void **state)
{
  struct hs_holdout_group offered = {0}, held = {0};
  for (int i = 0; i < 1000; i++)
    hs_holdout_add(&offered, 1, 1);
  for (int i = 0; i < 300; i++)
    hs_holdout_add(&held, 1, 0);
  struct hs_holdout_result r = hs_holdout_analyse(&offered, &held, .5, .95);
  assert_int_equal(r.verdict, HS_HOLDOUT_REFUSED);
  assert_non_null(strstr(r.refused_because, "randomisation"));
  assert_true(isnan(r.low) && isnan(r.kappa.mean));
  memset(&offered, 0, sizeof offered);
  r = hs_holdout_analyse(&offered, &offered, .5, .95);
  assert_int_equal(r.verdict, HS_HOLDOUT_REFUSED);
}

/* ---- pairs ---- */

/* All 2^n coins, as the definition says. */
static double p_by_force(const double *d, size_t n, double theta)
{
  double observed = 0;
  size_t reached = 0;
  for (size_t i = 0; i < n; i++)
    observed += d[i] - theta;
  for (size_t coins = 0; coins < (size_t)1 << n; coins++) {
    double turned = 0;
    for (size_t i = 0; i < n; i++)
      turned += (coins >> i & 1 ? -1 : 1) * (d[i] - theta);
    reached += fabs(turned) >= fabs(observed) * (1 - 1e-12);
  }
  return (double)reached / (double)((size_t)1 << n);
}

static void the_test_counts_every_coin([[maybe_unused]] void **state)
{
  for (size_t n = 2; n <= 10; n++) {
    struct hs_random rng = hs_random_open(8, n);
    double d[10];
    for (size_t i = 0; i < n; i++)
      d[i] = .7 + hs_random_normal(&rng);
    struct hs_pairs_test test = hs_pairs_test(d, n, .9, 1, room);
    assert_near(test.p, p_by_force(d, n, 0), 1e-12);
    assert_close(test.resolution, 2 / pow(2, (double)n), 1e-15);
    assert_int_equal(test.is_decidable, n >= 5);
    if (!test.is_decidable) {
      assert_true(isnan(test.low) && isnan(test.high));
      continue;
    }
    double step = 1e-6 * (test.high - test.low);
    assert_true(p_by_force(d, n, test.low + step) > .1 && p_by_force(d, n, test.low - step) <= .1);
    assert_true(p_by_force(d, n, test.high - step) > .1 &&
                p_by_force(d, n, test.high + step) <= .1);
  }
}

static void
an_effect_moves_the_interval_by_itself_and_a_scale_stretches_it([[maybe_unused]] void **state)
{
  double d[20], moved[20];
  struct hs_random rng = hs_random_open(9, 0);
  for (size_t i = 0; i < 20; i++) {
    d[i] = hs_random_normal(&rng);
    moved[i] = 3 * d[i] + 5;
  }
  struct hs_pairs_test a = hs_pairs_test(d, 20, .95, 4, room);
  struct hs_pairs_test b = hs_pairs_test(moved, 20, .95, 4, room);
  assert_close(b.low, 3 * a.low + 5, 1e-12);
  assert_close(b.high, 3 * a.high + 5, 1e-12);
  assert_near(a.resolution, 1e-4, 1e-12);
}

static void coins_are_fair_and_their_own([[maybe_unused]] void **state)
{
  size_t ones = 0, equal = 0;
  for (size_t pair = 0; pair < 4000; pair++) {
    ones += (size_t)hs_pairs_coin(1, pair);
    equal += hs_pairs_coin(1, pair) == hs_pairs_coin(2, pair);
  }
  assert_in_range(ones, 1870, 2130); /* four standard errors */
  assert_in_range(equal, 1870, 2130);
}

static void a_rate_has_the_interval_of_clopper_and_pearson([[maybe_unused]] void **state)
{
  double low = 0, high = 0;
  hs_rate_interval(0, 10, &low, &high);
  assert_near(low, 0, 0);
  assert_close(high, 1 - pow(.025, .1), 1e-9);
  hs_rate_interval(5, 10, &low, &high);
  assert_near(low, .1870860, 1e-6); /* the published table */
  assert_near(high, .8129140, 1e-6);
}

/* A method that finds something in a third of the cases where there is nothing has no power. */
static void
power_is_refused_to_a_design_that_sees_effects_where_there_are_none([[maybe_unused]] void **state)
{
  double lows[300], highs[300];
  for (size_t i = 0; i < 300; i++) {
    lows[i] = i % 3 == 0 ? .1 : -1;
    highs[i] = 1;
  }
  struct hs_pairs_power power = hs_pairs_power(lows, highs, 300, 300, .95, .8);
  assert_true(power.is_refused);
  assert_near(power.false_positive_rate, 1.0 / 3, 1e-12);
  assert_true(isnan(power.detectable));
}

/* Of 20 independent figures the quantile at .8 lies between the 12th and the last in 95 of 100
   cases (binomial tables: P(B(20, .8) ≤ 11) = .0100, ≤ 12 = .0321; P(B ≥ 20) = .0115, ≥ 19 =
   .0692); of 3 only the end below is borne (.2³ = .008), of 2 neither (.04). */
static void the_smallest_effect_has_the_ends_that_independent_trials_bear([[maybe_unused]] void **s)
{
  double lows[60], highs[60];
  static const size_t INDEPENDENT[] = {20, 3, 2};
  for (size_t i = 0; i < 3; i++) {
    for (size_t k = 0; k < 60; k++) {
      lows[k] = -1 - (double)(k / 3); /* each thrice: 20 values */
      highs[k] = 1;
    }
    struct hs_pairs_power power = hs_pairs_power(lows, highs, 60, INDEPENDENT[i], .95, .8);
    assert_int_equal(power.is_too_few, INDEPENDENT[i] == 2);
    assert_int_equal(isnan(power.detectable), INDEPENDENT[i] == 2);
    assert_int_equal(isnan(power.detectable_high), INDEPENDENT[i] < 17); /* .8¹⁷ = .0225 */
    if (i == 0) {
      assert_near(power.detectable_low, 12, 0);
      assert_near(power.detectable_high, 20, 0);
    }
  }
  assert_int_equal(hs_pairs_trials_min(.8), 3);
  assert_int_equal(hs_pairs_trials_min(.5), 6); /* .5⁶ = .0156 */
}

/* ---- switch-back ---- */

static const struct hs_switchback PLAN = {
    .start = 56, .block_rows = 7, .carry_rows = 2, .pair_count = 8, .season = 7, .seed = 21};

/* Weekdays, a trend and noise; an effect that needs two days to come and to go. */
static void world(uint64_t stream, double effect, double *y, size_t count)
{
  static const double WEEK[] = {5, 3, 0, 0, -2, -3, -3};
  struct hs_random rng = hs_random_open(31, stream);
  double memory = 0;
  for (size_t row = 0; row < count; row++) {
    int is_on = row >= PLAN.start && row < PLAN.start + hs_switchback_rows(&PLAN) &&
                hs_switchback_is_on(&PLAN, row);
    memory = fmax(0, fmin(1, memory + (is_on ? .5 : -.5)));
    y[row] = 100 + .05 * (double)row + WEEK[row % 7] + effect * memory + 2 * hs_random_normal(&rng);
  }
}

static void each_pair_has_one_block_with_the_partner([[maybe_unused]] void **state)
{
  assert_int_equal(hs_switchback_rows(&PLAN), 112);
  for (size_t pair = 0; pair < PLAN.pair_count; pair++) {
    size_t first = PLAN.start + 14 * pair;
    for (size_t row = first; row < first + 7; row++)
      assert_int_equal(hs_switchback_is_on(&PLAN, row) + hs_switchback_is_on(&PLAN, row + 7), 1);
  }
}

static void a_switch_back_holds_its_level_and_finds_the_effect([[maybe_unused]] void **state)
{
  double y[168];
  size_t wrong = 0, held = 0;
  const size_t worlds = 400;
  for (size_t w = 0; w < worlds; w++) {
    struct hs_switchback_result r;
    world(w, 0, y, 168);
    assert_int_equal(hs_switchback_analyse(&PLAN, y, 168, .95, room, &r, NULL), HS_OK);
    wrong += r.test.low > 0 || r.test.high < 0;
    world(10000 + w, 6, y, 168);
    assert_int_equal(hs_switchback_analyse(&PLAN, y, 168, .95, room, &r, NULL), HS_OK);
    /* The second of the two days that carry over is at full strength already. */
    held += r.test.low <= 6 && 6 <= r.test.high;
  }
  assert_true(wrong <= 33); /* 5 % and three standard errors of 400 */
  assert_true(held >= 367);
}

static void a_design_says_what_it_lacks([[maybe_unused]] void **state)
{
  double y[168];
  struct hs_switchback_result r;
  struct hs_err err = {0};
  world(1, 0, y, 168);
  assert_int_equal(hs_switchback_analyse(&PLAN, y, 100, .95, room, &r, &err), HS_INSUFFICIENT);
  assert_non_null(strstr(err.text, "168"));
  for (size_t row = 56 + 7; row < 56 + 14; row++)
    y[row] = (double)NAN;
  assert_int_equal(hs_switchback_analyse(&PLAN, y, 168, .95, room, &r, &err), HS_INSUFFICIENT);
  assert_non_null(strstr(err.text, "block 2"));
}

static void the_power_of_a_switch_back_is_that_of_its_worlds([[maybe_unused]] void **state)
{
  double y[400];
  struct hs_switchback_power power;
  world(5, 0, y, 400);
  for (size_t row = 0; row < 400; row++) /* without the effect and its plan */
    y[row] -= .05 * (double)row;
  assert_int_equal(hs_switchback_power(&PLAN, y, 400, 300, .95, .8, room, &power, NULL), HS_OK);
  assert_false(power.power.is_refused);
  assert_true(power.power.false_positive_rate <= .1);
  /* sd of a pair's difference 2·√(2/5), of the mean of 8 pairs .447; about (2.36 + .9) of it. */
  assert_true(power.power.detectable > 1 && power.power.detectable < 2.2);
  assert_int_equal(hs_switchback_power(&PLAN, y, 100, 300, .95, .8, room, &power, NULL),
                   HS_INSUFFICIENT);
}

/* ---- regions ---- */

#define REGIONS 16
#define ROWS 140
static double panel[REGIONS * ROWS];

/* Regions 2k and 2k + 1 share a swing of their own. */
static struct hs_region_history regions(uint64_t stream)
{
  for (size_t r = 0; r < REGIONS; r++) {
    struct hs_random rng = hs_random_open(61 + stream, r);
    for (size_t t = 0; t < ROWS; t++)
      panel[r * ROWS + t] = (50 + 10 * (double)r) * (1 + .2 * sin((double)t / 9 + (double)(r / 2)) +
                                                     .03 * hs_random_normal(&rng));
  }
  return (struct hs_region_history){panel, REGIONS, ROWS};
}

static void regions_that_move_alike_are_paired([[maybe_unused]] void **state)
{
  struct hs_region_history history = regions(0);
  struct hs_region_pair *pairs = NULL;
  size_t count = 0;
  assert_int_equal(hs_region_pairs_match(&arena, &history, ROWS, 7, &pairs, &count, NULL), HS_OK);
  assert_int_equal(count, REGIONS / 2);
  for (size_t i = 0; i < count; i++) {
    assert_int_equal(pairs[i].regions[0] / 2, pairs[i].regions[1] / 2);
    assert_true(i == 0 || pairs[i].distance >= pairs[i - 1].distance);
  }
  panel[0] = -1e9;
  struct hs_err err = {0};
  assert_int_equal(hs_region_pairs_match(&arena, &history, ROWS, 7, &pairs, &count, &err),
                   HS_INVALID);
  assert_non_null(strstr(err.text, "region 0"));
}

static void regions_find_the_lift_that_was_put_in([[maybe_unused]] void **state)
{
  size_t held = 0, wrong = 0;
  for (uint64_t w = 0; w < 300; w++) {
    struct hs_region_history history = regions(10 + w);
    struct hs_region_pair *pairs = NULL;
    struct hs_pairs_test test;
    size_t count = 0;
    size_t mark = hs_arena_mark(&arena);
    assert_int_equal(hs_region_pairs_match(&arena, &history, 112, 7, &pairs, &count, NULL), HS_OK);
    struct hs_region_design design = {pairs, count, 112, 28, 56, 1 + w};
    assert_int_equal(hs_region_pairs_analyse(&design, &history, .95, room, &test, NULL), HS_OK);
    wrong += test.low > 0 || test.high < 0;
    for (size_t i = 0; i < count; i++) {
      size_t with = pairs[i].regions[hs_pairs_coin(design.seed, i) ? 0 : 1];
      for (size_t t = 112; t < ROWS; t++)
        panel[with * ROWS + t] *= 1.05;
    }
    assert_int_equal(hs_region_pairs_analyse(&design, &history, .95, room, &test, NULL), HS_OK);
    /* Growth differs by the season, so a lift of .05 is .05 times a growth near 1. */
    held += test.low <= .05 && .05 <= test.high;
    hs_arena_reset(&arena, mark);
  }
  assert_true(wrong <= 27);
  assert_true(held >= 270);
}

static void the_power_of_regions_is_shown_on_the_second_half([[maybe_unused]] void **state)
{
  struct hs_region_history history = regions(3);
  struct hs_region_design design = {NULL, REGIONS / 2, 0, 28, 28, 7};
  struct hs_pairs_power power;
  assert_int_equal(hs_region_pairs_power(&arena, &design, &history, 7, 200, .95, .8, &power, NULL),
                   HS_OK);
  assert_false(power.is_refused);
  assert_true(power.detectable > .005 && power.detectable < .04);
  design.window_rows = 71;
  assert_int_equal(hs_region_pairs_power(&arena, &design, &history, 7, 200, .95, .8, &power, NULL),
                   HS_INSUFFICIENT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_size_of_a_hold_out_is_that_of_two_counts),
      cmocka_unit_test(a_hold_out_covers_kappa_as_often_as_it_says),
      cmocka_unit_test(a_broken_split_is_refused),
      cmocka_unit_test(the_test_counts_every_coin),
      cmocka_unit_test(an_effect_moves_the_interval_by_itself_and_a_scale_stretches_it),
      cmocka_unit_test(coins_are_fair_and_their_own),
      cmocka_unit_test(a_rate_has_the_interval_of_clopper_and_pearson),
      cmocka_unit_test(the_smallest_effect_has_the_ends_that_independent_trials_bear),
      cmocka_unit_test(power_is_refused_to_a_design_that_sees_effects_where_there_are_none),
      cmocka_unit_test(each_pair_has_one_block_with_the_partner),
      cmocka_unit_test(a_switch_back_holds_its_level_and_finds_the_effect),
      cmocka_unit_test(a_design_says_what_it_lacks),
      cmocka_unit_test(the_power_of_a_switch_back_is_that_of_its_worlds),
      cmocka_unit_test(regions_that_move_alike_are_paired),
      cmocka_unit_test(regions_find_the_lift_that_was_put_in),
      cmocka_unit_test(the_power_of_regions_is_shown_on_the_second_half),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
