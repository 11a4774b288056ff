/* The mixture against brute force with whole matrices, and what must hold of it whatever the data:
   shifted, rescaled, longer by an effect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "measure/influence/mixture_priv.h"
#include "stats/linear.h"
#include "stats/random.h"
#include "support/near.h"

#define ROWS 70
#define START 50

static struct hs_arena arena;

struct world {
  double outcome[ROWS];
  double control[2][ROWS];
  const double *controls[2];
  struct hs_mixture_question question;
};

static void world_make(struct world *world, uint64_t seed, size_t control_count, uint32_t season)
{
  struct hs_random rng = hs_random_open(seed, 0);
  double u = 0;
  for (size_t t = 0; t < ROWS; t++) {
    u = 0.5 * u + hs_random_normal(&rng);
    world->control[0][t] = 3 + hs_random_normal(&rng);
    world->control[1][t] = hs_random_normal(&rng);
    world->outcome[t] = 10 + world->control[0][t] + u + (t % 7 == 0);
  }
  world->controls[0] = world->control[0];
  world->controls[1] = world->control[1];
  world->question = (struct hs_mixture_question){.outcome = world->outcome,
                                                 .controls = world->controls,
                                                 .control_count = control_count,
                                                 .start = START,
                                                 .end = ROWS,
                                                 .season = season};
}

static void fit_world(const struct world *world, struct hs_mixture *fit)
{
  struct hs_err err = {0};
  assert_int_equal(hs_mixture_fit(&arena, &world->question, 1, fit, &err), HS_OK);
}

/* Covariance of u_s and u_t by its definition, s ≤ t, and of a trend of that variance on top. */
static double covariance_of(const struct hs_covariance *c, double trend_variance, size_t s,
                            size_t t)
{
  double value = s == t ? c->noise : 0;
  value += trend_variance * ((double)s / START - 0.5) * ((double)t / START - 0.5);
  double before = c->phi1 / (1 - c->phi2);
  double now = 1;
  for (size_t lag = 1; lag <= t - s; lag++) {
    double next = lag == 1 ? before : c->phi1 * now + c->phi2 * before;
    before = lag == 1 ? 1 : now;
    now = next;
  }
  value += c->ar * (s == t ? 1 : now);
  value += c->walk * (double)s;
  for (size_t i = 0; i + 1 < s; i++) /* a slope's step at row i + 1 is in the level from i + 2 on */
    value += c->slope * (double)(s - 1 - i) * (double)(t - 1 - i);
  return value;
}

/* Generalised least squares on the rows before the start with the whole matrix, intercept alone:
   forecast of the window's mean and the variance of its error, for σ² = 1. */
static void brute_force(const struct hs_covariance *c, double trend_variance, const double *y,
                        double *effect, double *variance)
{
  static double v[START * START];
  double ones[START];
  double solved[START];
  double cross[START] = {0};
  double ahead = 0;
  for (size_t s = 0; s < START; s++) {
    for (size_t t = 0; t <= s; t++)
      v[s * START + t] = covariance_of(c, trend_variance, t, s);
    for (size_t t = START; t < ROWS; t++)
      cross[s] += covariance_of(c, trend_variance, s, t) / (ROWS - START);
    ones[s] = 1;
    solved[s] = y[s];
  }
  for (size_t s = START; s < ROWS; s++)
    for (size_t t = START; t < ROWS; t++)
      ahead += covariance_of(c, trend_variance, s < t ? s : t, s < t ? t : s) /
               ((ROWS - START) * (ROWS - START));
  assert_int_equal(hs_cholesky_factor(v, START), 0);
  hs_cholesky_solve(v, START, ones);
  hs_cholesky_solve(v, START, solved);
  double information = 0;
  double mean = 0;
  double expected = 0;
  double reach = 1;
  double known[START];
  memcpy(known, cross, sizeof known);
  hs_cholesky_solve(v, START, known);
  for (size_t s = 0; s < START; s++) {
    information += ones[s];
    mean += solved[s];
    expected += cross[s] * solved[s];
    reach -= cross[s] * ones[s];
    ahead -= cross[s] * known[s];
  }
  mean /= information;
  *effect = -expected - reach * mean;
  for (size_t t = START; t < ROWS; t++)
    *effect += y[t] / (ROWS - START);
  *variance = ahead + reach * reach / information;
}

static void each_covariance_foretells_what_whole_matrices_do([[maybe_unused]] void **state)
{
  struct world world;
  struct hs_mixture_table table;
  struct hs_mixture_bench bench;
  struct hs_mixture_member grid[HS_MIXTURE_GRID_MAX];
  struct hs_err err = {0};
  world_make(&world, 3, 0, 0);
  size_t mark = hs_arena_mark(&arena);
  assert_int_equal(hs_mixture_table_make(&arena, &world.question, &table, &err), HS_OK);
  assert_int_equal(hs_mixture_bench_make(&arena, &table, &bench, &err), HS_OK);
  struct hs_mixture_part *parts =
      hs_arena_alloc(&arena, hs_mixture_variants_max(&table), sizeof *parts);
  double y[ROWS];
  for (size_t t = 0; t < ROWS; t++)
    y[t] = (world.outcome[t] - table.center) / table.unit;
  size_t member_count = hs_mixture_grid(grid);
  double mass = 0;
  for (size_t i = 0; i < member_count; i++) {
    double effect;
    double variance;
    mass += grid[i].mass;
    size_t count = hs_mixture_variants(&table, &grid[i], 0, &bench, parts);
    assert_true(count >= 1);
    struct hs_mixture_pass pass;
    hs_mixture_pass_run(&table, &grid[i].covariance,
                        table.main_count + hs_mixture_old_steps(&table, &grid[i]), &bench, &pass);
    /* A walking slope comes with a trend always, anything else without one first. */
    int is_drift = grid[i].kind == HS_MIXTURE_DRIFT;
    assert_int_equal(parts[0].shape, is_drift ? HS_MIXTURE_SLIGHT : HS_MIXTURE_LEVEL);
    brute_force(&grid[i].covariance, is_drift ? pass.trend_variance[HS_MIXTURE_SLIGHT] : 0, y,
                &effect, &variance);
    assert_near(parts[0].effect, effect, 1e-9);
    assert_close(parts[0].spread, variance, 1e-9);
  }
  assert_near(mass, 1, 1e-12);
  hs_arena_reset(&arena, mark);
}

static double mean_of(const struct hs_mixture *fit)
{
  struct hs_t_mixture effect = hs_mixture_effect(fit);
  return hs_t_mixture_mean(&effect);
}

static double sd_of(const struct hs_mixture *fit)
{
  struct hs_t_mixture effect = hs_mixture_effect(fit);
  return hs_t_mixture_sd(&effect);
}

static void a_constant_effect_moves_the_estimate_and_nothing_else([[maybe_unused]] void **state)
{
  struct world world;
  struct hs_mixture before;
  struct hs_mixture after;
  world_make(&world, 4, 2, 7);
  fit_world(&world, &before);
  for (size_t t = START; t < ROWS; t++)
    world.outcome[t] += 5;
  fit_world(&world, &after);
  assert_near(mean_of(&after) - mean_of(&before), 5, 1e-8);
  assert_close(sd_of(&after), sd_of(&before), 1e-8);
}

static void other_units_change_nothing_but_units([[maybe_unused]] void **state)
{
  struct world world;
  struct hs_mixture before;
  struct hs_mixture after;
  world_make(&world, 5, 2, 7);
  fit_world(&world, &before);
  for (size_t t = 0; t < ROWS; t++) {
    world.outcome[t] = 1000 * world.outcome[t] - 1e6;
    world.control[0][t] = 0.01 * world.control[0][t] + 4;
  }
  fit_world(&world, &after);
  assert_close(mean_of(&after), 1000 * mean_of(&before), 1e-7);
  assert_close(sd_of(&after), 1000 * sd_of(&before), 1e-7);
}

static void threads_change_no_bit([[maybe_unused]] void **state)
{
  struct world world;
  struct hs_mixture one;
  struct hs_mixture four;
  struct hs_err err = {0};
  world_make(&world, 6, 2, 7);
  fit_world(&world, &one);
  assert_int_equal(hs_mixture_fit(&arena, &world.question, 4, &four, &err), HS_OK);
  assert_int_equal(one.part_count, four.part_count);
  assert_memory_equal(one.weight, four.weight, one.part_count * sizeof *one.weight);
  assert_memory_equal(one.effect, four.effect, one.part_count * sizeof *one.effect);
}

/* The rows are foretold by other arithmetic than the window's mean, and must add up to it. */
static void rows_add_up_to_the_window([[maybe_unused]] void **state)
{
  struct world world;
  struct hs_mixture fit;
  struct hs_mixture_rows rows;
  struct hs_err err = {0};
  world_make(&world, 7, 2, 7);
  world.outcome[9] = world.outcome[55] = (double)NAN;
  fit_world(&world, &fit);
  assert_int_equal(fit.judged_count, ROWS - START - 1);
  assert_int_equal(hs_mixture_rows(&arena, &world.question, &fit, &rows, &err), HS_OK);
  double sum = 0;
  double expected = 0;
  for (size_t t = START; t < ROWS; t++)
    if (!isnan(world.outcome[t])) {
      sum += world.outcome[t];
      expected += rows.expected[t];
    }
  double judged = ROWS - START - 1;
  assert_close(fit.actual, sum / judged, 1e-12);
  assert_close(rows.total[ROWS - 1], expected, 1e-9);
  assert_close(sum - expected, judged * mean_of(&fit), 1e-7);
  assert_close(rows.total_scale[ROWS - 1], judged * sd_of(&fit), 1e-7);
  for (size_t t = 0; t < ROWS; t++)
    assert_true(isfinite(rows.expected[t]) && rows.scale[t] > 0);
  assert_near(rows.coefficient[0], 1, 0.5);
}

/* A control is known where the outcome is not, and what is foretold there rests on it. */
static void rows_without_an_outcome_use_their_controls([[maybe_unused]] void **state)
{
  struct world world;
  struct hs_mixture fit;
  struct hs_mixture_rows rows;
  struct hs_err err = {0};
  world_make(&world, 7, 2, 0);
  world.outcome[30] = world.outcome[55] = (double)NAN;
  world.control[0][30] += 40;
  world.control[0][55] += 40;
  fit_world(&world, &fit);
  assert_int_equal(hs_mixture_rows(&arena, &world.question, &fit, &rows, &err), HS_OK);
  assert_near(rows.expected[30] - rows.expected[29], 40, 15);
  assert_near(rows.expected[55] - rows.expected[54], 40, 15);
}

/* The dates of old steps lie apart, and one of them is put where it is due. */
static void an_old_step_between_the_dates_is_found_to_the_row([[maybe_unused]] void **state)
{
  enum { LONG = 500, BROKE = 250 };
  static double outcome[LONG];
  static double control[LONG];
  const double *const controls[] = {control};
  const struct hs_mixture_question question = {.outcome = outcome,
                                               .controls = controls,
                                               .control_count = 1,
                                               .start = LONG - 20,
                                               .end = LONG};
  struct hs_random rng = hs_random_open(12, 0);
  struct hs_mixture fit;
  struct hs_err err = {0};
  for (size_t t = 0; t < LONG; t++) {
    control[t] = 30 * hs_random_normal(&rng);
    outcome[t] = control[t] + hs_random_normal(&rng) + (t >= BROKE ? 10 : 0);
  }
  assert_int_equal(hs_mixture_fit(&arena, &question, 1, &fit, &err), HS_OK);
  assert_int_equal(hs_mixture_level_from(&fit), BROKE);
  assert_true(sd_of(&fit) < 0.5);
}

static void noise_that_grows_is_noticed_and_calm_is_left_alone([[maybe_unused]] void **state)
{
  struct world world;
  struct hs_mixture fit;
  struct hs_err err = {0};
  double factor = 0;
  struct hs_random rng = hs_random_open(8, 1);
  world_make(&world, 8, 0, 0);
  for (size_t t = 0; t < ROWS; t++)
    world.outcome[t] = hs_random_normal(&rng);
  fit_world(&world, &fit);
  assert_int_equal(hs_mixture_restlessness(&arena, &world.question, &fit, &factor, &err), HS_OK);
  assert_near(factor, 1, 0.05);
  for (size_t t = 45; t < ROWS; t++)
    world.outcome[t] *= 6;
  fit_world(&world, &fit);
  assert_int_equal(hs_mixture_restlessness(&arena, &world.question, &fit, &factor, &err), HS_OK);
  assert_true(factor > 1.3 && factor < 2); /* √(70·36/(45 + 25·36)) is 1.6 */
}

static void a_series_that_says_nothing_is_refused([[maybe_unused]] void **state)
{
  struct world world;
  struct hs_mixture fit;
  struct hs_err err = {0};
  world_make(&world, 9, 0, 0);
  for (size_t t = 0; t < START; t++)
    world.outcome[t] = 2;
  assert_int_equal(hs_mixture_fit(&arena, &world.question, 1, &fit, &err), HS_INVALID);
  world_make(&world, 9, 0, 0);
  for (size_t t = 10; t < START - 9; t++)
    world.outcome[t] = (double)NAN;
  assert_int_equal(hs_mixture_fit(&arena, &world.question, 1, &fit, &err), HS_INVALID);
  assert_non_null(strstr(err.text, "got 19"));
}

static void any_lack_of_room_is_said([[maybe_unused]] void **state)
{
  struct world world;
  struct hs_mixture fit;
  struct hs_mixture_rows rows;
  double factor;
  world_make(&world, 10, 1, 7);
  enum hs_status status = HS_NOMEM;
  for (size_t bytes = 1; status != HS_OK; bytes += bytes / 3 + 1) {
    struct hs_arena small;
    struct hs_err err = {0};
    assert_int_equal(hs_arena_init(&small, bytes, &err), HS_OK);
    status = hs_mixture_fit(&small, &world.question, 1, &fit, &err);
    if (status == HS_OK)
      status = hs_mixture_restlessness(&small, &world.question, &fit, &factor, &err);
    if (status == HS_OK)
      status = hs_mixture_rows(&small, &world.question, &fit, &rows, &err);
    assert_true(status == HS_OK || status == HS_NOMEM);
    hs_arena_release(&small);
  }
}

static int open_arena([[maybe_unused]] void **state)
{
  struct hs_err err = {0};
  return hs_arena_init(&arena, 512 * HS_MIB, &err) == HS_OK ? 0 : -1;
}

static int close_arena([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_covariance_foretells_what_whole_matrices_do),
      cmocka_unit_test(a_constant_effect_moves_the_estimate_and_nothing_else),
      cmocka_unit_test(other_units_change_nothing_but_units),
      cmocka_unit_test(threads_change_no_bit),
      cmocka_unit_test(rows_add_up_to_the_window),
      cmocka_unit_test(rows_without_an_outcome_use_their_controls),
      cmocka_unit_test(an_old_step_between_the_dates_is_found_to_the_row),
      cmocka_unit_test(noise_that_grows_is_noticed_and_calm_is_left_alone),
      cmocka_unit_test(a_series_that_says_nothing_is_refused),
      cmocka_unit_test(any_lack_of_room_is_said),
  };
  return cmocka_run_group_tests(tests, open_arena, close_arena);
}
