/* The usual method as a whole: controls on trial, placebos, grades, refusals, and what its result
   must satisfy whatever the data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "measure/influence/controls.h"
#include "measure/influence/default.h"
#include "measure/influence/grade.h"
#include "measure/influence/placebo.h"
#include "stats/random.h"
#include "support/near.h"

#define ROWS 118
#define START 90
#define CONTROLS 3

static struct hs_arena arena;

struct world {
  double outcome[ROWS];
  double control[CONTROLS][ROWS];
  const double *controls[CONTROLS];
  struct hs_str names[CONTROLS];
  struct hs_influence_input input;
};

/* The outcome follows the first two controls, which follow a market; the third is noise. */
static void world_make(struct world *world, uint64_t seed, double effect)
{
  struct hs_random rng = hs_random_open(seed, 0);
  double market = 0;
  *world = (struct world){.names = {HS_STR("first"), HS_STR("second"), HS_STR("third")}};
  for (size_t t = 0; t < ROWS; t++) {
    market = 0.7 * market + hs_random_normal(&rng);
    world->control[0][t] = 20 + market + 0.3 * hs_random_normal(&rng);
    world->control[1][t] = 20 + market + 0.3 * hs_random_normal(&rng);
    world->control[2][t] = hs_random_normal(&rng);
    world->outcome[t] = 50 + 2 * market + hs_random_normal(&rng) + (t >= START ? effect : 0);
  }
  for (size_t c = 0; c < CONTROLS; c++)
    world->controls[c] = world->control[c];
  world->input = (struct hs_influence_input){.outcome = world->outcome,
                                             .count = ROWS,
                                             .controls = world->controls,
                                             .control_count = CONTROLS,
                                             .control_names = world->names,
                                             .start = START,
                                             .end = ROWS,
                                             .season = 7,
                                             .level = 0.95,
                                             .seed = 1,
                                             .draws = 4000,
                                             .threads = 1};
}

static struct hs_influence_result analyse(const struct world *world)
{
  struct hs_influence_result result = {0};
  struct hs_err err = {0};
  if (hs_influence_default(&arena, &world->input, &result, &err) != HS_OK)
    fail_msg("%s", err.text);
  return result;
}

static void an_effect_is_found_and_told_in_all_its_forms([[maybe_unused]] void **state)
{
  struct world world;
  world_make(&world, 2, 3);
  struct hs_influence_result r = analyse(&world);
  assert_int_equal(r.mode, HS_INFLUENCE_DEFAULT);
  assert_int_equal(r.verdict, HS_INFLUENCE_UP);
  assert_int_equal(r.grade, HS_GRADE_C);
  assert_near(r.average.effect, 3, 1);
  assert_true(r.average.low < 3 && r.average.high > 3 && r.p < 0.05);
  assert_close(r.average.actual - r.average.predicted, r.average.effect, 1e-9);
  assert_close(r.cumulative.effect, 28 * r.average.effect, 1e-12);
  assert_close(r.series.cumulative[ROWS - 1], r.cumulative.effect, 1e-7);
  assert_close(r.relative.effect, r.average.effect / r.average.predicted, 1e-12);
  assert_true(r.relative.low < r.relative.effect && r.relative.effect < r.relative.high);
  assert_true(r.controls[0].inclusion + r.controls[1].inclusion > 1);
  assert_true(r.controls[2].inclusion < 0.5 && fabs(r.controls[2].coefficient) < 0.2);
}

static void draws_are_those_of_the_interval([[maybe_unused]] void **state)
{
  struct world world;
  world_make(&world, 2, 1);
  struct hs_influence_result r = analyse(&world);
  double mean = 0;
  size_t within = 0;
  assert_int_equal(r.effect_draw_count, 4000);
  for (size_t d = 0; d < 4000; d++) {
    mean += r.effect_draws[d] / 4000;
    within += r.effect_draws[d] > r.average.low && r.effect_draws[d] < r.average.high;
  }
  assert_near(mean, r.average.effect, 4 * r.average.sd / sqrt(4000));
  assert_near((double)within / 4000, 0.95, 4 * sqrt(.95 * .05 / 4000));
}

static void p_says_where_the_interval_ends([[maybe_unused]] void **state)
{
  struct world world;
  world_make(&world, 3, 0.6);
  double p = analyse(&world).p;
  world.input.level = 1 - p;
  struct hs_influence_result r = analyse(&world);
  assert_near(fmin(fabs(r.average.low), fabs(r.average.high)), 0, 1e-6);
}

static void a_control_that_the_event_moved_is_left_out_by_name([[maybe_unused]] void **state)
{
  struct world world;
  world_make(&world, 4, 3);
  for (size_t t = START; t < ROWS; t++)
    world.control[1][t] += 4;
  struct hs_influence_result r = analyse(&world);
  assert_true(r.controls[1].is_contaminated && r.controls[1].p_holm < HS_CONTROLS_LEVEL);
  assert_true(r.controls[1].inclusion == 0);
  assert_true(!r.controls[0].is_contaminated && !r.controls[2].is_contaminated);
  assert_near(r.average.effect, 3, 1);
  assert_true(r.average_with_contaminated.effect < r.average.effect - 1);
  world_make(&world, 4, 3);
  r = analyse(&world);
  assert_true(isnan(r.average_with_contaminated.effect));
}

/* A level that was another one long ago is no placebo and no walk: it is named, and the interval is
   that of the rows behind it, not of the step. */
static void an_old_break_is_named_and_its_size_costs_nothing([[maybe_unused]] void **state)
{
  struct world world;
  const size_t broke = 50;
  world_make(&world, 8, 0);
  struct hs_influence_result plain = analyse(&world);
  assert_int_equal(plain.level_from, 0);
  double widths[2];
  for (int i = 0; i < 2; i++) {
    world_make(&world, 8, 0);
    for (size_t t = broke; t < ROWS; t++)
      world.outcome[t] += i == 0 ? 15 : 1500;
    struct hs_influence_result r = analyse(&world);
    assert_true(r.level_from + 3 >= broke && r.level_from <= broke + 3);
    assert_true(r.placebos.count < plain.placebos.count);
    widths[i] = r.average.high - r.average.low;
  }
  assert_true(widths[0] < 2 * (plain.average.high - plain.average.low));
  if (widths[0] > 1.3 * widths[1] || widths[1] > 1.3 * widths[0])
    fail_msg("width %.2f with a step of 15, %.2f with one of 1500", widths[0], widths[1]);
}

static void too_short_a_history_is_refused_in_words([[maybe_unused]] void **state)
{
  struct world world;
  world_make(&world, 5, 0);
  world.input.start = 15;
  struct hs_influence_result r = analyse(&world);
  assert_int_equal(r.verdict, HS_INFLUENCE_REFUSED);
  assert_non_null(strstr(r.refused_because, "fewer than 20"));
  assert_true(isnan(r.average.low) && isnan(r.p) && r.effect_draw_count == 0);
  assert_int_equal(r.grade, HS_GRADE_D);
}

static void a_method_passes_on_what_disjoint_windows_tell([[maybe_unused]] void **state)
{
  struct hs_influence_placebos placebos = {.count = 6, .disjoint = 3, .rate_low = .29};
  assert_false(hs_placebo_is_passed(&placebos, .95));
  placebos.rate_low = .01;
  assert_true(hs_placebo_is_passed(&placebos, .95));
  placebos.count = 0;
  assert_false(hs_placebo_is_passed(&placebos, .95));
}

static void placebo_windows_lie_before_the_start([[maybe_unused]] void **state)
{
  struct hs_placebo_plan plan = hs_placebo_plan(90, 118);
  static const size_t STARTS[] = {36, 44, 52, 60, 68, 76};
  assert_int_equal(plan.length, 14);
  assert_int_equal(plan.count, 6);
  assert_memory_equal(plan.start, STARTS, sizeof STARTS);
  for (size_t start = 1; start < 800; start += 7)
    for (size_t window = 1; window < 400; window += 5) {
      plan = hs_placebo_plan(start, start + window);
      assert_true(plan.count <= HS_PLACEBO_DATES_MAX);
      for (size_t i = 0; i < plan.count; i++) {
        assert_true(plan.start[i] >= HS_MIXTURE_BEFORE_MIN);
        assert_true(plan.start[i] + plan.length <= start);
        assert_true(i == 0 || plan.start[i] > plan.start[i - 1]);
      }
    }
}

static void grades_follow_from_facts([[maybe_unused]] void **state)
{
  const char *because = NULL;
  struct hs_grade_facts facts = {.is_randomised = 1};
  assert_int_equal(hs_grade_of(&facts, &because), HS_GRADE_A);
  facts = (struct hs_grade_facts){.comparison_count = 4, .placebo_count = 6, .is_passed = 1};
  assert_int_equal(hs_grade_of(&facts, &because), HS_GRADE_B);
  facts = (struct hs_grade_facts){.control_count = 1, .placebo_count = 6, .is_passed = 1};
  assert_int_equal(hs_grade_of(&facts, &because), HS_GRADE_C);
  facts.is_passed = 0;
  assert_int_equal(hs_grade_of(&facts, &because), HS_GRADE_D);
  facts = (struct hs_grade_facts){.placebo_count = 6, .is_passed = 1};
  assert_int_equal(hs_grade_of(&facts, &because), HS_GRADE_D);
  facts = (struct hs_grade_facts){.control_count = 2};
  assert_int_equal(hs_grade_of(&facts, &because), HS_GRADE_D);
  assert_non_null(because);
}

static void figures_are_finite_whatever_is_asked([[maybe_unused]] void **state)
{
  struct world world;
  for (uint64_t seed = 0; seed < 12; seed++) {
    world_make(&world, 100 + seed, 0);
    struct hs_random rng = hs_random_open(seed, 9);
    world.input.start = 25 + hs_random_below(&rng, 80);
    world.input.end = world.input.start + 1 + hs_random_below(&rng, ROWS - 106);
    world.input.season = hs_random_below(&rng, 60);
    world.input.control_count = hs_random_below(&rng, CONTROLS + 1);
    for (size_t gap = 0; gap < 4; gap++)
      world.outcome[hs_random_below(&rng, 24)] = (double)NAN;
    if (seed % 3 == 0) /* a control that says nothing, and one that says all */
      for (size_t t = 0; t < ROWS; t++) {
        world.control[0][t] = 7;
        world.control[1][t] = isnan(world.outcome[t]) ? 0 : world.outcome[t];
      }
    struct hs_influence_result r = analyse(&world);
    assert_true(r.verdict != HS_INFLUENCE_REFUSED || r.refused_because != NULL);
    if (r.verdict == HS_INFLUENCE_REFUSED)
      continue;
    assert_true(isfinite(r.average.low) && isfinite(r.average.high) && isfinite(r.p));
    assert_true(r.average.low <= r.average.effect && r.average.effect <= r.average.high);
    for (size_t t = 0; t < world.input.end; t++)
      assert_true(isfinite(r.series.predicted[t]) && isfinite(r.series.low[t]));
  }
}

static void any_lack_of_room_is_said([[maybe_unused]] void **state)
{
  struct world world;
  world_make(&world, 6, 0);
  enum hs_status status = HS_NOMEM;
  for (size_t bytes = 1; status != HS_OK; bytes += bytes / 2 + 1) {
    struct hs_arena small;
    struct hs_influence_result result;
    struct hs_err err = {0};
    assert_int_equal(hs_arena_init(&small, bytes, &err), HS_OK);
    status = hs_influence_default(&small, &world.input, &result, &err);
    assert_true(status == HS_OK || status == HS_NOMEM);
    hs_arena_release(&small);
  }
}

static int open_arena([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, HS_GIB, NULL) == HS_OK ? 0 : -1;
}

static int close_arena([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_effect_is_found_and_told_in_all_its_forms),
      cmocka_unit_test(draws_are_those_of_the_interval),
      cmocka_unit_test(p_says_where_the_interval_ends),
      cmocka_unit_test(a_control_that_the_event_moved_is_left_out_by_name),
      cmocka_unit_test(an_old_break_is_named_and_its_size_costs_nothing),
      cmocka_unit_test(too_short_a_history_is_refused_in_words),
      cmocka_unit_test(a_method_passes_on_what_disjoint_windows_tell),
      cmocka_unit_test(placebo_windows_lie_before_the_start),
      cmocka_unit_test(grades_follow_from_facts),
      cmocka_unit_test(figures_are_finite_whatever_is_asked),
      cmocka_unit_test(any_lack_of_room_is_said),
  };
  return cmocka_run_group_tests(tests, open_arena, close_arena);
}
