/* Laws of parity mode that need no other program: what does not change the question does not change
   the answer. Its figures against CausalImpact's are golden.influence_parity. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "measure/influence/parity.h"
#include "stats/random.h"
#include "support/capacity.h"
#include "support/near.h"

enum { ROWS = 60, START = 45, CONTROLS = 4, DRAWS = 1000 };

static struct hs_arena arena;
static double outcome[ROWS], columns[CONTROLS][ROWS];
static const double *controls[CONTROLS] = {columns[0], columns[1], columns[2], columns[3]};

/* y = 100 + 2 x₀ + a weekly wave + noise, 3 more from the start on. The other controls are noise.
 */
static struct hs_influence_input given(void)
{
  struct hs_random rng = hs_random_open(5, 0);
  for (size_t t = 0; t < ROWS; t++) {
    for (size_t c = 0; c < CONTROLS; c++)
      columns[c][t] = 10 + hs_random_normal(&rng);
    outcome[t] = 100 + 2 * columns[0][t] + sin((double)t * 6.283185307179586 / 7) +
                 0.3 * hs_random_normal(&rng) + (t >= START ? 3 : 0);
  }
  return (struct hs_influence_input){.outcome = outcome,
                                     .count = ROWS,
                                     .controls = controls,
                                     .control_count = CONTROLS,
                                     .start = START,
                                     .end = ROWS,
                                     .season = 7,
                                     .level = 0.9,
                                     .seed = 3,
                                     .draws = DRAWS};
}

static struct hs_influence_result answer(const struct hs_influence_input *input)
{
  struct hs_influence_result result;
  struct hs_err err = {0};
  if (hs_influence_parity(&arena, input, &result, &err) != HS_OK)
    fail_msg("%s", err.text);
  return result;
}

static void an_effect_is_found_and_its_control_named([[maybe_unused]] void **state)
{
  struct hs_influence_input input = given();
  struct hs_influence_result result = answer(&input);
  assert_int_equal(result.verdict, HS_INFLUENCE_UP);
  assert_near(result.average.effect, 3, 4 * result.average.sd);
  assert_true(result.average.sd < 1);
  assert_near(result.controls[0].inclusion, 1, 0.01);
  assert_near(result.controls[0].coefficient, 2, 0.5);
  assert_true(result.controls[2].inclusion < 0.5);
}

static void an_effect_added_moves_the_estimate_by_it([[maybe_unused]] void **state)
{
  struct hs_influence_input input = given();
  struct hs_influence_result before = answer(&input);
  for (size_t t = START; t < ROWS; t++)
    outcome[t] += 5;
  struct hs_influence_result after = answer(&input);
  assert_near(after.average.effect, before.average.effect + 5, 1e-9);
  assert_near(after.average.low, before.average.low + 5, 1e-9);
  assert_close(after.average.sd, before.average.sd, 1e-9);
  assert_near(after.cumulative.high, before.cumulative.high + 5 * (ROWS - START), 1e-8);
}

/* Standardising takes units out, up to the last bits of a division. Scales are powers of two, so
   that not even those differ. */
static void units_do_not_matter([[maybe_unused]] void **state)
{
  struct hs_influence_input input = given();
  struct hs_influence_result before = answer(&input);
  for (size_t t = 0; t < ROWS; t++) {
    outcome[t] *= 1024;
    columns[0][t] /= 64;
  }
  struct hs_influence_result after = answer(&input);
  assert_close(after.average.effect, 1024 * before.average.effect, 1e-12);
  assert_close(after.average.high, 1024 * before.average.high, 1e-12);
  assert_close(after.controls[0].coefficient, 65536 * before.controls[0].coefficient, 1e-12);
  assert_close(after.relative.effect, before.relative.effect, 1e-12);
  assert_true(after.p == before.p);
}

static void threads_change_no_bit([[maybe_unused]] void **state)
{
  struct hs_influence_input input = given();
  input.threads = 1;
  struct hs_influence_result one = answer(&input);
  for (size_t threads = 2; threads <= 7; threads += 5) {
    input.threads = threads;
    struct hs_influence_result many = answer(&input);
    assert_memory_equal(&one.average, &many.average, sizeof one.average);
    assert_memory_equal(one.effect_draws, many.effect_draws, DRAWS * sizeof(double));
    assert_memory_equal(one.series.cumulative_low, many.series.cumulative_low,
                        ROWS * sizeof(double));
    assert_memory_equal(one.series.high, many.series.high, ROWS * sizeof(double));
  }
}

/* The pictures and the table say the same. */
static void the_series_end_where_the_window_does([[maybe_unused]] void **state)
{
  struct hs_influence_input input = given();
  struct hs_influence_result result = answer(&input);
  const struct hs_influence_series *series = &result.series;
  assert_close(series->cumulative[ROWS - 1], result.cumulative.effect, 1e-9);
  assert_close(series->cumulative_low[ROWS - 1], result.cumulative.low, 1e-9);
  assert_close(series->cumulative_high[ROWS - 1], result.cumulative.high, 1e-9);
  assert_true(isnan(series->cumulative[START - 1]));
  for (size_t t = 0; t < ROWS; t++) {
    assert_true(series->low[t] < series->predicted[t] && series->predicted[t] < series->high[t]);
    assert_near(series->effect[t], outcome[t] - series->predicted[t], 1e-12);
  }
  assert_int_equal(result.effect_draw_count, DRAWS);
}

static void missing_figures_are_borne([[maybe_unused]] void **state)
{
  struct hs_influence_input input = given();
  outcome[0] = outcome[1] = outcome[20] = outcome[50] = (double)NAN;
  struct hs_influence_result result = answer(&input);
  assert_int_equal(result.judged_count, ROWS - START - 1);
  assert_near(result.average.effect, 3, 4 * result.average.sd);
  assert_close(result.cumulative.effect, result.average.effect * (ROWS - START - 1), 1e-12);
  assert_true(isnan(result.series.predicted[1]));
  assert_true(isfinite(result.series.predicted[20]));
  assert_true(isnan(result.series.effect[50]));
  assert_near(result.series.cumulative[50], result.series.cumulative[49], 1e-12);
}

static void no_controls_are_needed([[maybe_unused]] void **state)
{
  struct hs_influence_input input = given();
  input.control_count = 0;
  struct hs_influence_result result = answer(&input);
  assert_near(result.average.effect, 3, 4 * result.average.sd);
  assert_int_equal(result.control_count, 0);
}

/* It moves only in the window: taken in, it would predict with a coefficient nobody ever saw. */
static void a_control_that_never_moved_stays_out([[maybe_unused]] void **state)
{
  struct hs_influence_input input = given();
  for (size_t t = 0; t < ROWS; t++)
    columns[1][t] = t < START ? 4 : 1000;
  struct hs_influence_result result = answer(&input);
  assert_true(result.controls[1].inclusion == 0 && result.controls[1].coefficient == 0);
  assert_near(result.average.effect, 3, 4 * result.average.sd);
}

/* A share of something around 0 has no meaning, and none is given. */
static void a_share_of_nothing_is_not_given([[maybe_unused]] void **state)
{
  struct hs_influence_input input = given();
  struct hs_influence_result result = answer(&input);
  assert_near(result.relative.effect, result.average.effect / result.average.predicted, 1e-3);
  for (size_t t = 0; t < ROWS; t++)
    outcome[t] -= result.average.predicted;
  result = answer(&input);
  assert_true(isnan(result.relative.effect) && isnan(result.relative.low));
  assert_true(isfinite(result.average.effect));
}

static enum hs_status bounded([[maybe_unused]] void *context, struct hs_arena *room,
                              struct hs_err *err)
{
  struct hs_influence_input input = given();
  struct hs_influence_result result;
  input.draws = 100;
  input.threads = 1;
  return hs_influence_parity(room, &input, &result, err);
}

static void a_full_arena_is_said([[maybe_unused]] void **state)
{
  assert_true(fail_every_allocation(bounded, NULL) >= 20);
}

static int set_up([[maybe_unused]] void **state)
{
  hs_arena_reset(&arena, 0);
  return 0;
}

static int make_arena([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, HS_GIB, NULL) != HS_OK;
}

static int drop_arena([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(an_effect_is_found_and_its_control_named, set_up),
      cmocka_unit_test_setup(an_effect_added_moves_the_estimate_by_it, set_up),
      cmocka_unit_test_setup(units_do_not_matter, set_up),
      cmocka_unit_test_setup(threads_change_no_bit, set_up),
      cmocka_unit_test_setup(the_series_end_where_the_window_does, set_up),
      cmocka_unit_test_setup(missing_figures_are_borne, set_up),
      cmocka_unit_test_setup(no_controls_are_needed, set_up),
      cmocka_unit_test_setup(a_control_that_never_moved_stays_out, set_up),
      cmocka_unit_test_setup(a_share_of_nothing_is_not_given, set_up),
      cmocka_unit_test_setup(a_full_arena_is_said, set_up),
  };
  return cmocka_run_group_tests(tests, make_arena, drop_arena);
}
