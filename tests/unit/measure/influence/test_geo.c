/* Methods over regions where the answer is known beforehand, and inputs that have none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "measure/influence/geo.h"
#include "stats/random.h"
#include "support/capacity.h"
#include "support/near.h"
#include "support/panels.h"

static struct hs_arena arena;
static const size_t TREATED[] = {0};

static struct hs_panel world(size_t units, double effect, uint64_t seed)
{
  const struct panel_world made = {.unit_count = units,
                                   .period_count = 80,
                                   .start = 60,
                                   .effect = effect,
                                   .noise = 1,
                                   .seed = seed};
  struct hs_panel panel;
  hs_arena_reset(&arena, 0);
  assert_true(panel_make(&arena, &made, &panel));
  return panel;
}

static struct hs_geo_input input_of(const struct hs_panel *panel)
{
  return (struct hs_geo_input){.panel = panel,
                               .treated = TREATED,
                               .treated_count = 1,
                               .start = 60,
                               .method = HS_GEO_SC,
                               .lambda = (double)NAN,
                               .level = .95};
}

static struct hs_geo_result run(const struct hs_geo_input *input)
{
  struct hs_geo_result result;
  struct hs_err err = {0};
  if (hs_geo_run(&arena, input, &result, &err) != HS_OK)
    fail_msg("%s", err.text);
  return result;
}

/* The treated history is 2 parts of one region, 3 of another and a constant: so are the weights,
   and the effect is what was added. */
static void a_mixture_of_regions_is_found_with_its_effect([[maybe_unused]] void **state)
{
  struct hs_panel panel = world(6, 0, 4);
  size_t t = panel.period_count;
  for (size_t k = 0; k < t; k++)
    panel.values[k] =
        .4 * panel.values[2 * t + k] + .6 * panel.values[5 * t + k] + 20 + (k >= 60 ? 7 : 0);
  struct hs_geo_input input = input_of(&panel);
  struct hs_geo_result result = run(&input);
  assert_near(result.att, 7, 1e-6);
  assert_near(result.donors[1].weight, .4, 1e-6);
  assert_near(result.donors[4].weight, .6, 1e-6);
  assert_near(result.l2, 0, 1e-5);
  assert_near(result.incremental, 7 * 20, 1e-4);
  assert_int_equal(result.verdict, HS_INFLUENCE_UP);
  assert_near(result.places.p, 1. / 80, 1e-12);
  assert_near(result.p, 1. / 80, 1e-12); /* whoever judges */
}

static void every_method_finds_a_clear_effect([[maybe_unused]] void **state)
{
  for (int method = HS_GEO_SC; method <= HS_GEO_TBR; method++) {
    struct hs_panel panel = world(12, -9, 2);
    struct hs_geo_input input = input_of(&panel);
    input.method = (enum hs_geo_method)method;
    input.replicates = 50;
    struct hs_geo_result result = run(&input);
    /* The regression knows one common factor, and this world has two. */
    assert_near(result.att, -9, method == HS_GEO_TBR ? 6 : 2);
    assert_int_equal(result.verdict, HS_INFLUENCE_DOWN);
    assert_true(result.low <= -9 && -9 <= result.high);
  }
}

/* The simplest case worked by hand: one donor; the effect is what the treated gained on it. */
static void one_donor_is_difference_in_differences([[maybe_unused]] void **state)
{
  struct hs_panel panel = world(5, 3, 6);
  size_t donor[] = {3};
  struct hs_geo_input input = input_of(&panel);
  input.donors = donor;
  input.donor_count = 1;
  struct hs_geo_result result = run(&input);
  assert_near(result.donors[0].weight, 1, 1e-12);
  assert_near(result.att, result.plain, 1e-9);
}

static void a_level_beyond_the_resolution_is_refused([[maybe_unused]] void **state)
{
  struct hs_panel panel = world(8, 5, 1);
  struct hs_geo_input input = input_of(&panel);
  input.level = .99; /* 1 in 80 is more than 1 % */
  struct hs_geo_result result = run(&input);
  assert_int_equal(result.verdict, HS_INFLUENCE_REFUSED);
  assert_non_null(strstr(result.refused_because, "not decidable at this level"));
  assert_true(isnan(result.low) && isnan(result.high) && isnan(result.incremental_low));
  assert_near(result.places.p, 1. / 80, 1e-12);
}

/* A gap to one other region: independent noise, or its sum. */
static struct hs_geo_result run_on_gap(uint64_t seed, int is_walk, double slope, double effect)
{
  struct hs_panel panel = world(2, 0, seed);
  struct hs_random rng = hs_random_open(91, seed);
  double level = 0;
  for (size_t k = 0; k < panel.period_count; k++) {
    double noise = hs_random_normal(&rng);
    level = is_walk ? level + noise : noise;
    panel.values[k] =
        panel.values[panel.period_count + k] + level + slope * (double)k + (k >= 60 ? effect : 0);
  }
  struct hs_geo_input input = input_of(&panel);
  return run(&input);
}

static void the_gap_settles_who_judges_and_the_effect_does_not([[maybe_unused]] void **state)
{
  size_t drift = 0;
  for (uint64_t seed = 0; seed < 20; seed++) {
    struct hs_geo_result walk = run_on_gap(seed, 1, 0, 0);
    struct hs_geo_result noise = run_on_gap(seed, 0, 0, 0);
    struct hs_geo_result raised = run_on_gap(seed, 0, 0, 9);
    const struct hs_geo_view *judge = noise.judge == HS_GEO_DRIFT ? &noise.drift : &noise.places;
    drift += walk.judge == HS_GEO_DRIFT;
    assert_near(noise.low, judge->low, 0);
    assert_near(noise.p, fmax(judge->p, 1. / 80), 0);
    assert_int_equal(raised.judge, noise.judge);
    assert_near(raised.wandering, noise.wandering, 1e-6);
    assert_true(walk.wandering > noise.wandering);
  }
  assert_int_equal(drift, 20);
}

/* Where a history is too short for the second view, the published test judges alone. */
static void without_a_history_places_judge([[maybe_unused]] void **state)
{
  struct hs_panel panel = world(8, 5, 1);
  struct hs_geo_input input = input_of(&panel);
  input.start = 19;
  struct hs_geo_result result = run(&input);
  assert_true(isnan(result.drift.p) && isnan(result.wandering));
  assert_int_equal(result.judge, HS_GEO_PLACES);
  assert_near(result.p, result.places.p, 0);
}

/* A drift of δ a period adds δ to 20δ in the window: 10.5δ to its mean. */
static void the_drift_that_would_overturn_a_verdict_is_told([[maybe_unused]] void **state)
{
  struct hs_geo_result up = run_on_gap(3, 0, 0, 9);
  struct hs_geo_result down = run_on_gap(3, 0, 0, -9);
  struct hs_geo_result none = run_on_gap(3, 0, 0, 0);
  assert_int_equal(up.verdict, HS_INFLUENCE_UP);
  assert_near(up.overturn.drift, up.low / 10.5, 1e-12);
  assert_int_equal(down.verdict, HS_INFLUENCE_DOWN);
  assert_near(down.overturn.drift, down.high / 10.5, 1e-12);
  assert_int_equal(none.verdict, HS_INFLUENCE_UNDETERMINED);
  assert_true(isnan(none.overturn.drift) && isnan(none.overturn.steepest));
  /* What is added to every period of the history is added to the steepest of its lines: no line
     through 21 of these leaves .15 around its slope. */
  struct hs_geo_result sloping = run_on_gap(3, 0, 2, 200);
  assert_near(sloping.overturn.steepest, 2, .15);
  assert_true(up.overturn.steepest < .15);
}

/* A donor with a break of its own at the start is named, the grade falls, and the estimate without
   it is nearer to the truth. */
static void a_region_that_broke_by_itself_is_named([[maybe_unused]] void **state)
{
  struct hs_panel panel = world(16, 0, 9);
  struct hs_geo_input input = input_of(&panel);
  struct hs_geo_result result = run(&input);
  size_t heaviest = 0;
  assert_int_equal(result.contaminated_count, 0);
  assert_int_equal(result.grade, HS_GRADE_B);
  for (size_t i = 0; i < result.donor_count; i++)
    if (result.donors[i].weight > result.donors[heaviest].weight)
      heaviest = i;
  size_t unit = result.donors[heaviest].unit;
  for (size_t k = 60; k < 80; k++)
    panel.values[unit * 80 + k] += 40;
  double before = result.att;
  result = run(&input);
  assert_int_equal(result.contaminated_count, 1);
  assert_true(result.donors[heaviest].is_contaminated);
  assert_int_equal(result.grade, HS_GRADE_D);
  assert_true(fabs(result.clean.att) < fabs(result.att));
  assert_near(result.clean.att, before, 1.5);
}

/* An effect that began before the registered start is found by a placebo. */
static void an_effect_before_the_start_lowers_the_grade([[maybe_unused]] void **state)
{
  struct hs_panel panel = world(16, 0, 9);
  struct hs_geo_input input = input_of(&panel);
  for (size_t k = 45; k < 80; k++)
    panel.values[k] += 25;
  struct hs_geo_result result = run(&input);
  assert_true(result.placebo_count >= 2);
  assert_true(result.placebo_rejected >= 1);
  assert_int_equal(result.grade, HS_GRADE_D);
}

/* With one treated region every other one is a placebo: the standard error by hand, as the spread
   of the estimates that name each in turn with the same noise. */
static void placebos_are_the_other_regions_one_by_one([[maybe_unused]] void **state)
{
  struct hs_panel panel = world(9, 0, 3);
  struct hs_geo_input input = input_of(&panel);
  input.method = HS_GEO_SDID;
  input.replicates = 100;
  struct hs_geo_result result = run(&input);
  assert_int_equal(result.errors.placebo_count, 8);
  assert_true(result.errors.is_every_placebo);
  assert_true(isnan(result.errors.jackknife));
  struct hs_geo_result again = run(&input);
  assert_near(again.errors.placebo, result.errors.placebo, 0);
  size_t two[] = {0, 1};
  input.treated = two;
  input.treated_count = 2;
  result = run(&input);
  assert_int_equal(result.errors.placebo_count, 100);
  assert_false(result.errors.is_every_placebo);
  assert_true(result.errors.jackknife > 0);
  input.seed++;
  again = run(&input);
  assert_true(again.errors.placebo != result.errors.placebo);
  assert_near(again.errors.placebo, result.errors.placebo, .5 * result.errors.placebo);
}

static void refuses(const struct hs_geo_input *input, enum hs_status status, const char *words)
{
  struct hs_geo_result result;
  struct hs_err err = {0};
  assert_int_equal(hs_geo_run(&arena, input, &result, &err), status);
  if (strstr(err.text, words) == NULL)
    fail_msg("'%s' lacks '%s'", err.text, words);
}

static void inputs_that_cannot_be_used_are_named([[maybe_unused]] void **state)
{
  struct hs_panel panel = world(5, 0, 1);
  const size_t twice[] = {0, 0};
  const size_t own[] = {0, 1};
  struct hs_geo_input input = input_of(&panel);
  input.start = 3;
  refuses(&input, HS_INVALID, "4 periods or more before it");
  input.start = 80;
  refuses(&input, HS_INVALID, "80 of 80 before it");
  input = input_of(&panel);
  input.level = 1;
  refuses(&input, HS_INVALID, "got 1");
  input = input_of(&panel);
  input.treated = twice;
  input.treated_count = 2;
  refuses(&input, HS_INVALID, "'u0' is named twice");
  input = input_of(&panel);
  input.donors = own;
  input.donor_count = 2;
  refuses(&input, HS_INVALID, "'u0' is named twice");
  input.donor_count = 0;
  refuses(&input, HS_INVALID, "too few");
  input = input_of(&panel);
  input.treated_count = 0;
  refuses(&input, HS_INVALID, "no region is named");
  input = input_of(&panel);
  input.method = HS_GEO_ASCM;
  input.lambda = -1;
  refuses(&input, HS_INVALID, "got -1");
}

static void figures_that_cannot_be_used_are_named([[maybe_unused]] void **state)
{
  struct hs_panel panel = world(5, 0, 1);
  struct hs_geo_input input = input_of(&panel);
  for (size_t k = 0; k < 60; k++)
    panel.values[k] = 5;
  refuses(&input, HS_INSUFFICIENT, "never changes before the start");
  panel = world(5, 0, 1);
  input.method = HS_GEO_TBR;
  for (size_t i = 80; i < 5 * 80; i++)
    panel.values[i] = 5;
  refuses(&input, HS_INSUFFICIENT, "never change before the start");
  panel = world(5, 0, 1);
  input.method = HS_GEO_SC;
  for (size_t i = 0; i < 5 * 80; i++)
    panel.values[i] *= 1e200; /* their squares are beyond a double */
  refuses(&input, HS_NO_CONVERGENCE, "no weights");
}

static enum hs_status run_bounded(void *context, struct hs_arena *bounded, struct hs_err *err)
{
  struct hs_geo_result result;
  return hs_geo_run(bounded, context, &result, err);
}

static void a_full_arena_is_said([[maybe_unused]] void **state)
{
  struct hs_panel panel = world(9, 0, 3);
  for (int method = HS_GEO_SC; method <= HS_GEO_TBR; method++) {
    struct hs_geo_input input = input_of(&panel);
    input.method = (enum hs_geo_method)method;
    input.replicates = 2;
    assert_true(fail_every_allocation(run_bounded, &input) >= 10);
  }
}

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 64 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_mixture_of_regions_is_found_with_its_effect),
      cmocka_unit_test(every_method_finds_a_clear_effect),
      cmocka_unit_test(one_donor_is_difference_in_differences),
      cmocka_unit_test(a_level_beyond_the_resolution_is_refused),
      cmocka_unit_test(the_gap_settles_who_judges_and_the_effect_does_not),
      cmocka_unit_test(without_a_history_places_judge),
      cmocka_unit_test(the_drift_that_would_overturn_a_verdict_is_told),
      cmocka_unit_test(a_region_that_broke_by_itself_is_named),
      cmocka_unit_test(an_effect_before_the_start_lowers_the_grade),
      cmocka_unit_test(placebos_are_the_other_regions_one_by_one),
      cmocka_unit_test(inputs_that_cannot_be_used_are_named),
      cmocka_unit_test(figures_that_cannot_be_used_are_named),
      cmocka_unit_test(a_full_arena_is_said),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
