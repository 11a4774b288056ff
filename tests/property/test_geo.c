/* Laws that every method over regions keeps, on seeded worlds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "measure/influence/geo.h"
#include "stats/random.h"
#include "support/near.h"
#include "support/panels.h"

#define WORLDS 12
/* Exact programmes on inputs that differ in the last bits: what comes out agrees to about 1e−8 of
   the figures' size, and the interval to the step with which a walk gets past a change of shape. */
#define SLACK 1e-6

static const enum hs_geo_method METHODS[] = {HS_GEO_SC, HS_GEO_ASCM, HS_GEO_SDID, HS_GEO_TBR};
#define METHOD_COUNT (sizeof METHODS / sizeof *METHODS)

static struct hs_arena arena;
static const size_t TREATED[] = {0};

static struct hs_panel world(uint64_t seed)
{
  const struct panel_world made = {.unit_count = 9 + seed % 7,
                                   .period_count = 60,
                                   .start = 45 + seed % 5,
                                   .noise = 1,
                                   .seed = seed};
  struct hs_panel panel;
  hs_arena_reset(&arena, 0);
  assert_true(panel_make(&arena, &made, &panel));
  return panel;
}

static struct hs_geo_input input_of(const struct hs_panel *panel, enum hs_geo_method method,
                                    uint64_t seed)
{
  return (struct hs_geo_input){.panel = panel,
                               .treated = TREATED,
                               .treated_count = 1,
                               .start = 45 + seed % 5,
                               .method = method,
                               .lambda = (double)NAN,
                               .level = .9,
                               .replicates = 12,
                               .seed = seed};
}

static struct hs_geo_result run(const struct hs_geo_input *input)
{
  struct hs_geo_result result;
  struct hs_err err = {0};
  if (hs_geo_run(&arena, input, &result, &err) != HS_OK)
    fail_msg("%s", err.text);
  return result;
}

static void add_effect(struct hs_panel *panel, size_t start, double effect)
{
  for (size_t k = start; k < panel->period_count; k++)
    panel->values[k] += effect;
}

static void an_effect_that_is_added_moves_the_estimate_by_it([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < WORLDS; seed++)
    for (size_t m = 0; m < METHOD_COUNT; m++) {
      struct hs_panel panel = world(seed);
      struct hs_geo_input input = input_of(&panel, METHODS[m], seed);
      struct hs_geo_result before = run(&input);
      add_effect(&panel, input.start, 3.5);
      struct hs_geo_result after = run(&input);
      assert_near(after.att, before.att + 3.5, SLACK);
      assert_near(after.low, before.low + 3.5, SLACK);
      assert_near(after.high, before.high + 3.5, SLACK);
      assert_near(after.l2, before.l2, SLACK);
      assert_near(after.predicted, before.predicted, SLACK);
    }
}

static void rescale(struct hs_panel *panel, double by)
{
  for (size_t i = 0; i < panel->unit_count * panel->period_count; i++)
    panel->values[i] *= by;
}

static void figures_in_other_units_give_the_same_answer_in_those([[maybe_unused]] void **state)
{
  static const double scales[] = {1e-6, 1000, 1e9};
  for (uint64_t seed = 0; seed < WORLDS; seed++)
    for (size_t m = 0; m < METHOD_COUNT; m++) {
      struct hs_panel panel = world(seed);
      struct hs_geo_input input = input_of(&panel, METHODS[m], seed);
      double by = scales[seed % 3];
      struct hs_geo_result before = run(&input);
      rescale(&panel, by);
      struct hs_geo_result after = run(&input);
      assert_near(after.att / by, before.att, SLACK);
      assert_near(after.low / by, before.low, SLACK);
      assert_near(after.high / by, before.high, SLACK);
      assert_near(after.p, before.p, 1e-12);
      assert_near(after.lift, before.lift, SLACK);
      assert_int_equal(after.grade, before.grade);
      for (size_t i = 0; i < before.donor_count && m != 3; i++)
        assert_near(after.donors[i].weight, before.donors[i].weight, SLACK);
    }
}

/* With unit fixed effects, and in a regression with a constant, a region's level says nothing. */
static void levels_say_nothing_where_units_have_effects_of_their_own([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < WORLDS; seed++)
    for (size_t m = 0; m < METHOD_COUNT; m++) {
      struct hs_panel panel = world(seed);
      struct hs_geo_input input = input_of(&panel, METHODS[m], seed);
      struct hs_geo_result before = run(&input);
      for (size_t i = 0; i < panel.unit_count * panel.period_count; i++)
        panel.values[i] += 50. * (double)(i / panel.period_count);
      struct hs_geo_result after = run(&input);
      assert_near(after.att, before.att, SLACK);
      assert_near(after.p, before.p, 1e-12);
    }
}

static void the_order_of_the_regions_changes_nothing([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < WORLDS; seed++)
    for (size_t m = 0; m < METHOD_COUNT; m++) {
      struct hs_panel panel = world(seed);
      struct hs_geo_input input = input_of(&panel, METHODS[m], seed);
      size_t backwards[32];
      struct hs_geo_result before = run(&input);
      for (size_t i = 0; i + 1 < panel.unit_count; i++)
        backwards[i] = panel.unit_count - 1 - i;
      input.donors = backwards;
      input.donor_count = panel.unit_count - 1;
      struct hs_geo_result after = run(&input);
      assert_near(after.att, before.att, SLACK);
      assert_near(after.high, before.high, SLACK);
      assert_int_equal(isnan(after.errors.placebo), isnan(before.errors.placebo));
      if (METHODS[m] == HS_GEO_SDID && input.replicates >= before.donor_count)
        assert_near(after.errors.placebo, before.errors.placebo, SLACK);
    }
}

/* The regions of a file in another order, the treated one among them. */
static void rotate(struct hs_panel *panel, size_t by)
{
  size_t cells = panel->unit_count * panel->period_count;
  double *rotated = hs_arena_alloc(&arena, cells, sizeof *rotated);
  assert_non_null(rotated);
  for (size_t i = 0; i < cells; i++)
    rotated[(i + by * panel->period_count) % cells] = panel->values[i];
  panel->values = rotated;
}

static void where_a_region_stands_in_the_file_changes_nothing([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < WORLDS; seed++)
    for (size_t m = 0; m < METHOD_COUNT; m++) {
      struct hs_panel panel = world(seed);
      struct hs_geo_input input = input_of(&panel, METHODS[m], seed);
      struct hs_geo_result before = run(&input);
      const size_t treated[] = {1 + seed % 5};
      rotate(&panel, treated[0]);
      input.treated = treated;
      struct hs_geo_result after = run(&input);
      assert_near(after.att, before.att, SLACK);
      assert_near(after.low, before.low, SLACK);
      assert_near(after.high, before.high, SLACK);
      assert_near(after.p, before.p, SLACK);
      assert_int_equal(after.judge, before.judge);
      assert_int_equal(after.verdict, before.verdict);
      assert_int_equal(after.grade, before.grade);
    }
}

/* A constant effect has no say in who judges, and moves what would overturn a verdict by its share
   of it: the window's mean moves by the effect, the drift by that over half of the window. */
static void an_effect_moves_what_would_overturn_it_and_not_the_judge([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < WORLDS; seed++)
    for (size_t m = 0; m < METHOD_COUNT; m++) {
      struct hs_panel panel = world(seed);
      struct hs_geo_input input = input_of(&panel, METHODS[m], seed);
      add_effect(&panel, input.start, 30);
      struct hs_geo_result before = run(&input);
      add_effect(&panel, input.start, 11);
      struct hs_geo_result after = run(&input);
      double reach = ((double)(panel.period_count - input.start) + 1) / 2;
      assert_int_equal(before.verdict, HS_INFLUENCE_UP);
      assert_int_equal(after.judge, before.judge);
      assert_near(after.wandering, before.wandering, SLACK);
      assert_near(after.overturn.drift, before.overturn.drift + 11 / reach, SLACK);
      assert_near(after.overturn.steepest, before.overturn.steepest, SLACK);
    }
}

static void p_and_interval_never_disagree([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < WORLDS; seed++)
    for (size_t m = 0; m < METHOD_COUNT; m++)
      for (double effect = -3; effect <= 3; effect += 1.5) {
        struct hs_panel panel = world(seed);
        struct hs_geo_input input = input_of(&panel, METHODS[m], seed);
        add_effect(&panel, input.start, effect);
        struct hs_geo_result result = run(&input);
        int holds_none = result.low <= 0 && result.high >= 0;
        if (result.p > .1 + 1e-9)
          assert_true(holds_none);
        if (result.piece_count == 1 && result.p < .1)
          assert_false(holds_none);
      }
}

static void is_whole(const struct hs_geo_result *result)
{
  assert_true(isfinite(result->att));
  assert_true(isfinite(result->p));
  assert_true(result->p > 0 && result->p <= 1);
  assert_true(isfinite(result->l2));
  assert_true(isfinite(result->plain));
  assert_true(isfinite(result->predicted));
  assert_int_equal(isnan(result->low), isnan(result->high));
  assert_int_equal(isnan(result->low), result->verdict == HS_INFLUENCE_REFUSED);
  assert_int_equal(result->refused_because != NULL, result->verdict == HS_INFLUENCE_REFUSED);
  for (size_t k = 0; k < result->period_count; k++)
    assert_true(isfinite(result->actual[k]) && isfinite(result->predicted_series[k]));
}

/* Twins, flat donors, one period after the start, two donors, more donors than periods. */
static void nothing_that_is_no_number_comes_out([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < 60; seed++)
    for (size_t m = 0; m < METHOD_COUNT; m++) {
      struct hs_random rng = hs_random_open(77, seed);
      size_t periods = 6 + hs_random_below(&rng, 30);
      const struct panel_world made = {.unit_count = 3 + hs_random_below(&rng, 40),
                                       .period_count = periods,
                                       .noise = (double)(seed % 4),
                                       .seed = seed};
      struct hs_panel panel;
      struct hs_geo_result result;
      hs_arena_reset(&arena, 0);
      assert_true(panel_make(&arena, &made, &panel));
      memcpy(panel.values + periods, panel.values + 2 * periods, periods * sizeof(double));
      if (seed % 3 == 0)
        for (size_t k = 0; k < periods; k++)
          panel.values[2 * periods + k] = 7;
      struct hs_geo_input input = input_of(&panel, METHODS[m], seed);
      input.start = seed % 2 ? periods - 1 : 4 + hs_random_below(&rng, (uint32_t)periods - 4);
      input.level = seed % 5 ? .9 : .5;
      struct hs_err err = {0};
      enum hs_status status = hs_geo_run(&arena, &input, &result, &err);
      if (status == HS_INSUFFICIENT) /* two donors that are twins */
        continue;
      if (status != HS_OK)
        fail_msg("seed %llu method %zu: %s", (unsigned long long)seed, m, err.text);
      is_whole(&result);
    }
}

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 256 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_effect_that_is_added_moves_the_estimate_by_it),
      cmocka_unit_test(figures_in_other_units_give_the_same_answer_in_those),
      cmocka_unit_test(levels_say_nothing_where_units_have_effects_of_their_own),
      cmocka_unit_test(the_order_of_the_regions_changes_nothing),
      cmocka_unit_test(where_a_region_stands_in_the_file_changes_nothing),
      cmocka_unit_test(an_effect_moves_what_would_overturn_it_and_not_the_judge),
      cmocka_unit_test(p_and_interval_never_disagree),
      cmocka_unit_test(nothing_that_is_no_number_comes_out),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
