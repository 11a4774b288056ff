/* Laws of the default method of an influence analysis, on seeded worlds: what is done to a series
   and what its answer must make of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>

#include "measure/influence/default.h"
#include "stats/random.h"
#include "support/near.h"

#define WORLDS 10
#define ROWS 110
#define START 85
#define CONTROLS 4
/* The same sums in other units or another order: what comes out agrees to about 1e−8. */
#define SLACK 1e-6

static struct hs_arena arena;

struct world {
  double outcome[ROWS];
  double control[CONTROLS][ROWS];
  const double *controls[CONTROLS];
  struct hs_influence_input input;
};

/* The first two controls count; seeds differ in memory, in a week, and in missing figures. */
static void world_make(struct world *world, uint64_t seed)
{
  struct hs_random rng = hs_random_open(seed, 71);
  double memory = 0.1 * (double)(seed % 9);
  double residual = 0;
  *world = (struct world){0};
  for (size_t t = 0; t < ROWS; t++) {
    residual = memory * residual + hs_random_normal(&rng);
    for (size_t c = 0; c < CONTROLS; c++)
      world->control[c][t] = (t > 0 ? 0.8 * world->control[c][t - 1] : 0) + hs_random_normal(&rng);
    world->outcome[t] =
        20 + world->control[0][t] + 0.8 * world->control[1][t] + residual + 2 * (t % 7 == seed % 7);
  }
  for (uint64_t gap = 0; gap < seed % 3; gap++)
    world->outcome[hs_random_below(&rng, ROWS)] = (double)NAN;
  for (size_t c = 0; c < CONTROLS; c++)
    world->controls[c] = world->control[c];
  world->input = (struct hs_influence_input){.outcome = world->outcome,
                                             .count = ROWS,
                                             .controls = world->controls,
                                             .control_count = CONTROLS,
                                             .start = START,
                                             .end = ROWS,
                                             .season = 7,
                                             .level = 0.95,
                                             .seed = seed,
                                             .draws = 100,
                                             .threads = 1};
}

static struct hs_influence_result analyse(const struct world *world)
{
  struct hs_influence_result result = {0};
  struct hs_err err = {0};
  if (hs_influence_default(&arena, &world->input, &result, &err) != HS_OK)
    fail_msg("%s", err.text);
  if (result.verdict == HS_INFLUENCE_REFUSED)
    assert_non_null(result.refused_because);
  else
    assert_true(isfinite(result.average.low) && isfinite(result.average.effect) &&
                isfinite(result.average.high) && isfinite(result.p));
  return result;
}

static double width_of(const struct hs_influence_result *result)
{
  return result->average.high - result->average.low;
}

/* The answer is that of before, scaled and moved. */
static void assert_moved(const struct hs_influence_result *after,
                         const struct hs_influence_result *before, double scale, double move)
{
  double slack = SLACK * fabs(scale) * width_of(before);
  assert_int_equal(after->verdict == HS_INFLUENCE_REFUSED, before->verdict == HS_INFLUENCE_REFUSED);
  if (before->verdict == HS_INFLUENCE_REFUSED)
    return;
  assert_near(after->average.effect, scale * before->average.effect + move, slack);
  assert_near(after->average.low, scale * before->average.low + move, slack);
  assert_near(after->average.high, scale * before->average.high + move, slack);
}

static void an_effect_added_moves_the_answer_by_exactly_it([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < WORLDS; seed++) {
    struct world world;
    double effect = 3 * (double)(seed % 5) - 6;
    hs_arena_reset(&arena, 0);
    world_make(&world, seed);
    struct hs_influence_result before = analyse(&world);
    for (size_t t = START; t < ROWS; t++)
      world.outcome[t] += effect;
    struct hs_influence_result after = analyse(&world);
    assert_moved(&after, &before, 1, effect);
  }
}

static void other_units_rescale_the_answer([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < WORLDS; seed++) {
    struct world world;
    hs_arena_reset(&arena, 0);
    world_make(&world, seed);
    struct hs_influence_result before = analyse(&world);
    for (size_t t = 0; t < ROWS; t++) {
      world.outcome[t] = 250 * world.outcome[t] - 1e4;
      for (size_t c = 0; c < CONTROLS; c++)
        world.control[c][t] = 1e-3 * (double)(c + 1) * world.control[c][t] + 5;
    }
    struct hs_influence_result after = analyse(&world);
    assert_moved(&after, &before, 250, 0);
    for (size_t c = 0; c < CONTROLS; c++)
      assert_near(after.controls[c].inclusion, before.controls[c].inclusion, SLACK);
  }
}

static void the_order_of_controls_changes_nothing([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < WORLDS; seed++) {
    struct world world;
    hs_arena_reset(&arena, 0);
    world_make(&world, seed);
    struct hs_influence_result before = analyse(&world);
    for (size_t c = 0; c < CONTROLS; c++)
      world.controls[c] = world.control[(c + 1 + seed) % CONTROLS];
    struct hs_influence_result after = analyse(&world);
    assert_moved(&after, &before, 1, 0);
    for (size_t c = 0; c < CONTROLS; c++) {
      const struct hs_influence_control *same = &before.controls[(c + 1 + seed) % CONTROLS];
      assert_near(after.controls[c].inclusion, same->inclusion, SLACK);
      assert_int_equal(after.controls[c].is_contaminated, same->is_contaminated);
    }
  }
}

/* What is explained is no noise: the interval may not grow with it. A prior of a fixed width takes
   a part of whatever is strong for noise, and these widths then grow without end. */
static void what_is_explained_widens_nothing([[maybe_unused]] void **state)
{
  double plain = 0;
  double strong_controls = 0;
  double strong_season = 0;
  for (uint64_t seed = 0; seed < WORLDS; seed++) {
    struct world world;
    hs_arena_reset(&arena, 0);
    world_make(&world, seed);
    struct hs_influence_result result = analyse(&world);
    plain += width_of(&result);
    for (size_t t = 0; t < ROWS; t++)
      world.outcome[t] += 50 * world.control[0][t];
    result = analyse(&world);
    strong_controls += width_of(&result);
    world_make(&world, seed);
    for (size_t t = 0; t < ROWS; t++)
      world.outcome[t] += 100 * sin(6.283185307179586 * (double)t / 7);
    result = analyse(&world);
    strong_season += width_of(&result);
  }
  /* Knowing for sure that a pattern is there may narrow; a few hundredths more are the chance of
     what the placebos show. */
  if (strong_controls > 1.1 * plain || strong_season > 1.1 * plain)
    fail_msg("width %.2f, with strong controls %.2f, with a strong season %.2f", plain,
             strong_controls, strong_season);
}

/* However steep: the trend goes on, nothing happened, and the answer no longer depends on it. */
static void a_steep_trend_is_no_effect([[maybe_unused]] void **state)
{
  size_t found = 0;
  for (uint64_t seed = 0; seed < WORLDS; seed++) {
    struct world world;
    double width = 0;
    for (double slope = 1.5; slope < 1e4; slope *= 20) {
      hs_arena_reset(&arena, 0);
      world_make(&world, seed);
      for (size_t t = 0; t < ROWS; t++)
        world.outcome[t] += slope * (double)t;
      struct hs_influence_result result = analyse(&world);
      found += result.verdict == HS_INFLUENCE_UP || result.verdict == HS_INFLUENCE_DOWN;
      assert_true(width < 1e-9 || fabs(width_of(&result) / width - 1) < 0.05);
      width = width_of(&result);
    }
  }
  /* Four slopes a world, nearly the same answer to each: two worlds of ten would be far from 5 %.
   */
  assert_true(found <= 8);
}

/* Controls that grow steeply and smoothly grow on: they are not contaminated. */
static void steep_controls_are_not_contaminated([[maybe_unused]] void **state)
{
  size_t contaminated = 0;
  for (uint64_t seed = 0; seed < WORLDS; seed++) {
    struct world world;
    hs_arena_reset(&arena, 0);
    world_make(&world, seed);
    for (size_t c = 0; c < CONTROLS; c++)
      for (size_t t = 0; t < ROWS; t++)
        world.control[c][t] += 3 * (double)((c + 1) * t);
    struct hs_influence_result result = analyse(&world);
    for (size_t c = 0; c < CONTROLS; c++)
      contaminated += (size_t)result.controls[c].is_contaminated;
  }
  assert_true(contaminated <= 1);
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
      cmocka_unit_test(an_effect_added_moves_the_answer_by_exactly_it),
      cmocka_unit_test(other_units_rescale_the_answer),
      cmocka_unit_test(the_order_of_controls_changes_nothing),
      cmocka_unit_test(what_is_explained_widens_nothing),
      cmocka_unit_test(a_steep_trend_is_no_effect),
      cmocka_unit_test(steep_controls_are_not_contaminated),
  };
  return cmocka_run_group_tests(tests, open_arena, close_arena);
}
