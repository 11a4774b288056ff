/* What no method can work on is refused with its place and value, and a result begins without
   figures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "measure/influence/influence.h"
#include "support/capacity.h"

enum { ROWS = 12, START = 8 };

static double outcome[ROWS], control[ROWS];
static const double *controls[] = {control};

static struct hs_influence_input good(void)
{
  static const struct hs_str NAMES[] = {{"visits", 6}};
  for (size_t t = 0; t < ROWS; t++) {
    outcome[t] = (double)(t % 5);
    control[t] = (double)(t % 3);
  }
  return (struct hs_influence_input){.outcome = outcome,
                                     .count = ROWS,
                                     .controls = controls,
                                     .control_count = 1,
                                     .control_names = NAMES,
                                     .start = START,
                                     .end = ROWS,
                                     .level = 0.95,
                                     .draws = 1000};
}

static void refused(const struct hs_influence_input *input, const char *words)
{
  struct hs_err err = {0};
  assert_int_equal(hs_influence_check(input, &err), HS_INVALID);
  if (strstr(err.text, words) == NULL)
    fail_msg("'%s' does not say '%s'", err.text, words);
}

static void a_shape_without_an_answer_is_named([[maybe_unused]] void **state)
{
  struct hs_influence_input input = good();
  assert_int_equal(hs_influence_check(&input, NULL), HS_OK);
  input.start = 2;
  refused(&input, "at least 3 rows before the start, got 2");
  input = good();
  input.end = START;
  refused(&input, "row 9 to row 8 is empty");
  input = good();
  input.end = ROWS + 1;
  refused(&input, "ends at row 13 of 12");
  input = good();
  input.level = 1;
  refused(&input, "level");
  input.level = (double)NAN;
  refused(&input, "level");
  input = good();
  input.draws = 99;
  refused(&input, "100 or more, got 99");
  input = good();
  input.season = 367;
  refused(&input, "366 rows, got 367");
}

static void figures_without_an_answer_are_named([[maybe_unused]] void **state)
{
  struct hs_influence_input input = good();
  control[5] = (double)NAN;
  refused(&input, "control 1 (visits) has no usable figure in row 6");
  input = good();
  outcome[3] = (double)INFINITY;
  refused(&input, "row 4 is too large: inf");
  outcome[3] = -1e101;
  refused(&input, "row 4 is too large: -1e+101");
  input = good();
  for (size_t t = 2; t < START; t++)
    outcome[t] = (double)NAN;
  refused(&input, "it has 2");
  input = good();
  for (size_t t = START; t < ROWS; t++)
    outcome[t] = (double)NAN;
  refused(&input, "no figure in the window");
  input = good();
  for (size_t t = 0; t < START; t++)
    outcome[t] = 7;
  refused(&input, "7 in every row");
}

/* Rows behind the window are left out: what stands there is nobody's business. */
static void what_follows_the_window_is_not_looked_at([[maybe_unused]] void **state)
{
  struct hs_influence_input input = good();
  input.end = ROWS - 1;
  outcome[ROWS - 1] = control[ROWS - 1] = (double)INFINITY;
  assert_int_equal(hs_influence_check(&input, NULL), HS_OK);
}

static enum hs_status begin([[maybe_unused]] void *context, struct hs_arena *arena,
                            struct hs_err *err)
{
  struct hs_influence_input input = good();
  struct hs_influence_result result;
  outcome[9] = (double)NAN;
  enum hs_status status = hs_influence_begin(arena, &input, &result, err);
  if (status != HS_OK)
    return status;
  assert_int_equal(result.verdict, HS_INFLUENCE_REFUSED);
  assert_int_equal(result.grade, HS_GRADE_D);
  assert_int_equal(result.judged_count, 3);
  assert_true(isnan(result.average.effect) && isnan(result.p) && isnan(result.relative.high));
  assert_true(result.series.actual[4] == outcome[4] && isnan(result.series.cumulative_low[11]));
  assert_true(isnan(result.controls[0].p_holm) && result.controls[0].name.length == 6);
  return HS_OK;
}

static void a_result_begins_without_figures([[maybe_unused]] void **state)
{
  assert_true(fail_every_allocation(begin, NULL) >= 11);
}

static void the_interval_of_the_average_decides([[maybe_unused]] void **state)
{
  struct hs_influence_estimate average = {.low = 0.1, .high = 2};
  assert_int_equal(hs_influence_verdict_of(&average), HS_INFLUENCE_UP);
  average.low = 0;
  assert_int_equal(hs_influence_verdict_of(&average), HS_INFLUENCE_UNDETERMINED);
  average = (struct hs_influence_estimate){.low = -3, .high = -0.1};
  assert_int_equal(hs_influence_verdict_of(&average), HS_INFLUENCE_DOWN);
}

static void names_are_read_back([[maybe_unused]] void **state)
{
  enum hs_influence_mode mode = HS_INFLUENCE_DEFAULT;
  assert_true(
      hs_influence_mode_parse(hs_str_of(hs_influence_mode_name(HS_INFLUENCE_PARITY)), &mode));
  assert_int_equal(mode, HS_INFLUENCE_PARITY);
  assert_false(hs_influence_mode_parse(HS_STR("exact"), &mode));
  assert_string_equal(hs_grade_name(HS_GRADE_C), "C");
  assert_string_equal(hs_influence_verdict_name(HS_INFLUENCE_DOWN), "down");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_shape_without_an_answer_is_named),
      cmocka_unit_test(figures_without_an_answer_are_named),
      cmocka_unit_test(what_follows_the_window_is_not_looked_at),
      cmocka_unit_test(a_result_begins_without_figures),
      cmocka_unit_test(the_interval_of_the_average_decides),
      cmocka_unit_test(names_are_read_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
