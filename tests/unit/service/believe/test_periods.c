/* Rows of a file as evenly spaced periods: gaps found, months borne, dates that do not fit refused
   with their line, windows found by the file's own dates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "service/believe/periods.h"
#include "support/capacity.h"

static struct hs_arena arena;
static const struct hs_str CONTROLS[] = {{"visits", 6}};
static const struct hs_periods_request WITH_DATE = {
    .date = {"day", 3}, .outcome = {"sales", 5}, .controls = CONTROLS, .control_count = 1};

static enum hs_status read_in(struct hs_arena *in, const char *text,
                              const struct hs_periods_request *request, struct hs_periods *out,
                              struct hs_err *err)
{
  struct hs_source *source = NULL;
  enum hs_status status = hs_source_of_text(in, hs_str_of(text), &source, err);
  if (status == HS_OK)
    status = hs_periods_read(in, source, request, NULL, NULL, out, err);
  hs_source_close(source);
  return status;
}

static void read_text(const char *text, struct hs_periods *out)
{
  struct hs_err err = {0};
  hs_arena_reset(&arena, 0);
  if (read_in(&arena, text, &WITH_DATE, out, &err) != HS_OK)
    fail_msg("%s", err.text);
}

static void refused(const char *text, enum hs_status status, const char *words)
{
  struct hs_periods periods;
  struct hs_err err = {0};
  hs_arena_reset(&arena, 0);
  assert_int_equal(read_in(&arena, text, &WITH_DATE, &periods, &err), status);
  if (strstr(err.text, words) == NULL)
    fail_msg("'%s' does not say '%s'", err.text, words);
}

static void a_missing_day_is_a_period_without_figures([[maybe_unused]] void **state)
{
  struct hs_periods periods;
  char day[HS_TIME_TEXT];
  read_text("day,sales,visits\n2026-02-27,10,1\n2026-02-28,11,2\n2026-03-02,12,4\n", &periods);
  assert_int_equal(periods.count, 4);
  assert_int_equal(periods.row_count, 3);
  assert_int_equal(periods.filled_count, 1);
  assert_true(isnan(periods.outcome[2]) && periods.outcome[3] == 12);
  assert_true(periods.controls[0][2] == 2); /* the one before: read by nothing that estimates */
  hs_periods_format(&periods, 2, day);
  assert_string_equal(day, "2026-03-01");
}

/* February is a tenth shorter than January, and a month that is missing is still one month. */
static void months_are_one_step_each([[maybe_unused]] void **state)
{
  struct hs_periods periods;
  read_text("day,sales,visits\n2026-01-01,1,1\n2026-02-01,2,1\n2026-03-01,3,1\n2026-05-01,5,1\n"
            "2026-06-01,6,1\n",
            &periods);
  assert_int_equal(periods.count, 6);
  assert_true(isnan(periods.outcome[3]) && periods.outcome[4] == 5);
}

static void decimals_of_a_year_are_months([[maybe_unused]] void **state)
{
  struct hs_periods periods;
  read_text("day,sales,visits\n1949,1,1\n1949.0833,2,1\n1949.1667,3,1\n1949.25,4,1\n", &periods);
  assert_int_equal(periods.count, 4);
  assert_int_equal(periods.filled_count, 0);
}

static void a_row_without_a_control_is_left_out([[maybe_unused]] void **state)
{
  struct hs_periods periods;
  read_text("day,sales,visits\n1,10,\n2,11,2\n3,12,NA\n4,,5\n5,14,6\n", &periods);
  assert_int_equal(periods.incomplete_count, 2);
  assert_true(isnan(periods.outcome[0]) && isnan(periods.outcome[2]) && isnan(periods.outcome[3]));
  assert_true(periods.controls[0][0] == 2 && periods.controls[0][2] == 2);
}

static void without_a_date_rows_count_from_one([[maybe_unused]] void **state)
{
  const struct hs_periods_request request = {.outcome = {"sales", 5}};
  struct hs_periods periods;
  size_t found = 0;
  hs_arena_reset(&arena, 0);
  assert_int_equal(read_in(&arena, "sales\n5\n6\n7\n", &request, &periods, NULL), HS_OK);
  assert_true(periods.times[0] == 1 && periods.times[2] == 3);
  assert_int_equal(hs_periods_from(&periods, "start", HS_STR("2"), &found, NULL), HS_OK);
  assert_int_equal(found, 1);
}

static void what_does_not_fit_is_refused_with_its_line([[maybe_unused]] void **state)
{
  refused("day,sales,visits\n1,1,1\n2,1,1\n2,1,1\n", HS_INVALID,
          "line 4: 2 does not lie after the row before");
  refused("day,sales,visits\n7,1,1\n14,1,1\n21,1,1\n24,1,1\n", HS_INVALID,
          "line 5: 24 lies 0.43 of a period after the row before; most rows are 7 apart");
  refused("day,sales,visits\n1,1,1\n2,1,1\n3,1,1\n900,1,1\n", HS_INVALID,
          "line 5: 896 periods are missing before 900");
  refused("day,sales,visits\n", HS_INSUFFICIENT, "no usable row");
  refused("day,sales,visits\n1,1,\n2,1,\n", HS_INSUFFICIENT, "control visits has no figure");
  refused("day,sales\n1,1\n", HS_INVALID, "visits");
}

static void a_window_is_found_by_the_dates_of_the_file([[maybe_unused]] void **state)
{
  struct hs_periods periods;
  struct hs_err err = {0};
  size_t found = 99;
  int is_beyond = 9;
  read_text("day,sales,visits\n2026-03-02,1,1\n2026-03-09,2,1\n2026-03-16,3,1\n", &periods);
  assert_int_equal(hs_periods_from(&periods, "start", HS_STR("2026-03-04"), &found, &err), HS_OK);
  assert_int_equal(found, 1);
  assert_int_equal(
      hs_periods_until(&periods, "end", HS_STR("2026-03-15"), &found, &is_beyond, &err), HS_OK);
  assert_int_equal(found, 1);
  assert_false(is_beyond);
  /* The week of the last row is not over before the day of the next one. */
  assert_int_equal(
      hs_periods_until(&periods, "end", HS_STR("2026-03-22"), &found, &is_beyond, &err), HS_OK);
  assert_true(found == 2 && !is_beyond);
  assert_int_equal(
      hs_periods_until(&periods, "end", HS_STR("2026-03-23"), &found, &is_beyond, &err), HS_OK);
  assert_true(found == 2 && is_beyond);
  found = 1;
  assert_int_equal(hs_periods_from(&periods, "start", HS_STR("2026-03-17"), &found, &err),
                   HS_USAGE);
  assert_non_null(strstr(err.text, "--start 2026-03-17 lies behind the last row"));
  assert_int_equal(
      hs_periods_until(&periods, "end", HS_STR("2026-03-01"), &found, &is_beyond, &err), HS_USAGE);
  assert_int_equal(hs_periods_from(&periods, "start", HS_STR("3"), &found, &err), HS_USAGE);
  assert_non_null(strstr(err.text, "a day like 2026-03-01"));
  assert_int_equal(found, 1);
}

static void a_history_ends_inside_of_the_file_or_one_period_behind_it([[maybe_unused]] void **state)
{
  static const struct {
    const char *text;
    size_t before; /* 0: refused */
  } CASES[] = {{"2026-03-02", 0}, {"2026-03-03", 1}, {"2026-03-09", 1}, {"2026-03-16", 2},
               {"2026-03-23", 3}, {"2026-03-24", 0}, {"soon", 0}};
  struct hs_periods periods;
  struct hs_err err = {0};
  read_text("day,sales,visits\n2026-03-02,1,1\n2026-03-09,2,1\n2026-03-16,3,1\n", &periods);
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    size_t before = 0;
    enum hs_status status =
        hs_periods_before(&periods, "until", hs_str_of(CASES[i].text), &before, &err);
    assert_int_equal(status, CASES[i].before > 0 ? HS_OK : HS_USAGE);
    assert_int_equal(before, CASES[i].before);
  }
  assert_int_equal(hs_periods_before(&periods, "until", HS_STR("2027-01-01"), &(size_t){0}, &err),
                   HS_USAGE);
  assert_string_equal(err.text, "--until 2027-01-01 is outside of the rows, 2026-03-02 to "
                                "2026-03-16");
}

static enum hs_status bounded([[maybe_unused]] void *context, struct hs_arena *in,
                              struct hs_err *err)
{
  struct hs_periods periods;
  return read_in(in, "day,sales,visits\n1,10,1\n2,11,2\n4,12,3\n", &WITH_DATE, &periods, err);
}

static void a_full_arena_is_said([[maybe_unused]] void **state)
{
  assert_true(fail_every_allocation(bounded, NULL) >= 5);
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
      cmocka_unit_test(a_missing_day_is_a_period_without_figures),
      cmocka_unit_test(months_are_one_step_each),
      cmocka_unit_test(decimals_of_a_year_are_months),
      cmocka_unit_test(a_row_without_a_control_is_left_out),
      cmocka_unit_test(without_a_date_rows_count_from_one),
      cmocka_unit_test(what_does_not_fit_is_refused_with_its_line),
      cmocka_unit_test(a_window_is_found_by_the_dates_of_the_file),
      cmocka_unit_test(a_history_ends_inside_of_the_file_or_one_period_behind_it),
      cmocka_unit_test(a_full_arena_is_said),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
