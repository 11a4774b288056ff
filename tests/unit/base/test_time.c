/* Proves base/time without zones: every day of the years 1 to 9999 there and back, the texts that
   are read and those that are not, periods. The calendar's oracle counts days one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"

static const int DAYS_IN_MONTH[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

static int days_in(int year, int month)
{
  int is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return DAYS_IN_MONTH[month] + (month == 2 && is_leap);
}

static void every_day_goes_there_and_back([[maybe_unused]] void **state)
{
  int32_t day = hs_day_of(1, 1, 1);
  for (int year = 1; year <= 9999; year++)
    for (int month = 1; month <= 12; month++)
      for (int of_month = 1; of_month <= days_in(year, month); of_month++, day++) {
        assert_int_equal(hs_day_of(year, month, of_month), day);
        struct hs_civil civil = hs_civil_of_day(day);
        assert_true(civil.year == year && civil.month == month && civil.day == of_month);
        char text[HS_TIME_TEXT];
        int32_t back = 0;
        hs_format_day(day, text);
        assert_true(hs_parse_day(hs_str_of(text), &back));
        assert_int_equal(back, day);
      }
  assert_int_equal(hs_day_of(1970, 1, 1), 0);
  assert_int_equal((day - 1) * HS_DAY_US + HS_DAY_US - 1, HS_TIME_MAX_US);
  assert_int_equal(hs_day_of(1, 1, 1) * HS_DAY_US, HS_TIME_MIN_US);
}

static void moments_go_there_and_back_through_parts_and_text([[maybe_unused]] void **state)
{
  /* A step of about 37 days that is prime in microseconds meets every part of the clock. */
  for (int64_t at_us = HS_TIME_MIN_US; at_us <= HS_TIME_MAX_US; at_us += 3200000000033) {
    struct hs_civil civil = hs_civil_of_us(at_us);
    assert_true(hs_civil_is_valid(&civil));
    assert_int_equal(hs_civil_to_us(&civil), at_us);
    assert_true(hs_day_of_us(at_us) * HS_DAY_US <= at_us);
    assert_true(at_us - hs_day_of_us(at_us) * HS_DAY_US < HS_DAY_US);
    char text[HS_TIME_TEXT];
    int64_t back = 0;
    enum hs_zone_said said = HS_ZONE_NONE;
    hs_format_time(at_us, text);
    assert_true(hs_parse_time(hs_str_of(text), &back, &said));
    assert_int_equal(back, at_us);
    assert_int_equal(said, HS_ZONE_OFFSET);
  }
}

static void moments_are_read_as_people_and_programs_write_them([[maybe_unused]] void **state)
{
  static const struct {
    const char *text;
    const char *moment;
    enum hs_zone_said said;
  } ROWS[] = {
      {"2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z", HS_ZONE_OFFSET},
      {"2026-03-01t12:00:00z", "2026-03-01T12:00:00Z", HS_ZONE_OFFSET},
      {"2026-03-01 12:00", "2026-03-01T12:00:00Z", HS_ZONE_NONE},
      {"2026-03-01 12:00:07", "2026-03-01T12:00:07Z", HS_ZONE_NONE},
      {"2026-03-01", "2026-03-01T00:00:00Z", HS_ZONE_NONE},
      {"2026-03-01T12:00+02:00", "2026-03-01T10:00:00Z", HS_ZONE_OFFSET},
      {"2026-03-01T12:00:00.5-05:30", "2026-03-01T17:30:00.5Z", HS_ZONE_OFFSET},
      {"2026-03-01T12:00:00.123456Z", "2026-03-01T12:00:00.123456Z", HS_ZONE_OFFSET},
      {"2026-03-01T12:00:00.123456000Z", "2026-03-01T12:00:00.123456Z", HS_ZONE_OFFSET},
      {"2026-03-01T12:00:00.000001", "2026-03-01T12:00:00.000001Z", HS_ZONE_NONE},
      {"2026-03-01T12:00:00.100Z", "2026-03-01T12:00:00.1Z", HS_ZONE_OFFSET},
      {"2026-03-01 12:00:00 UTC", "2026-03-01T12:00:00Z", HS_ZONE_OFFSET},
      {"2026-03-01 12:00:00 +0200", "2026-03-01T10:00:00Z", HS_ZONE_OFFSET},
      {"2026-03-01 12:00:00+00", "2026-03-01T12:00:00Z", HS_ZONE_OFFSET},
      {"2026-03-01T12:00:00-00:00", "2026-03-01T12:00:00Z", HS_ZONE_OFFSET},
      {"2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z", HS_ZONE_OFFSET},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", HS_ZONE_OFFSET},
      {"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z", HS_ZONE_OFFSET},
      {"2024-02-29", "2024-02-29T00:00:00Z", HS_ZONE_NONE},
      {"2000-02-29", "2000-02-29T00:00:00Z", HS_ZONE_NONE},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    int64_t at_us = 0;
    enum hs_zone_said said = HS_ZONE_NONE;
    char text[HS_TIME_TEXT];
    assert_true(hs_parse_time(hs_str_of(ROWS[i].text), &at_us, &said));
    hs_format_time(at_us, text);
    assert_string_equal(text, ROWS[i].moment);
    assert_int_equal(said, ROWS[i].said);
  }
}

static void what_is_no_moment_is_refused([[maybe_unused]] void **state)
{
  static const char *const BAD[] = {
      "",
      "2026",
      "2026-3-1",
      "2026-02-29",
      "1900-02-29",
      "2026-00-01",
      "2026-13-01",
      "2026-04-31",
      "2026-01-00",
      "0000-01-01",
      "2026/03/01",
      "01.03.2026",
      "2026-03-01T",
      "2026-03-01T12",
      "2026-03-01T12:0",
      "2026-03-01T12:00:",
      "2026-03-01T12:00:0",
      "2026-03-01T24:00:00Z",
      "2026-03-01T12:60:00Z",
      "2026-03-01T12:00:60Z",
      "2026-03-01T12:00:00.",
      "2026-03-01T12:00:00.Z",
      "2026-03-01T12:00:00,5Z",
      "2026-03-01T12:00.5Z",
      "2026-03-01T12:00:00.0000001Z",
      "2026-03-01T12:00:00.0000000000Z",
      "2026-03-01T12:00:00+2:00",
      "2026-03-01T12:00:00+24:00",
      "2026-03-01T12:00:00+02:60",
      "2026-03-01T12:00:00+020",
      "2026-03-01T12:00:00 CET",
      "2026-03-01T12:00:00  UTC",
      "2026-03-01T12:00:00 ",
      "2026-03-01T12:00:00ZZ",
      " 2026-03-01T12:00:00Z",
      "2026-03-01_12:00:00Z",
      "2026-03-01Z",
      "0001-01-01T00:00:00+00:01",
      "9999-12-31T23:59:59-00:01",
      "2026-03-0:T12:00:00Z",
      "2026-03-01T1/:00:00Z",
  };
  for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
    int64_t at_us = 7;
    enum hs_zone_said said = HS_ZONE_OFFSET;
    if (hs_parse_time(hs_str_of(BAD[i]), &at_us, &said))
      fail_msg("\"%s\" was read", BAD[i]);
    assert_int_equal(at_us, 7);
    assert_int_equal(said, HS_ZONE_OFFSET);
  }
  int32_t day = 7;
  assert_false(hs_parse_day(HS_STR("2026-03-01 "), &day));
  assert_false(hs_parse_day(HS_STR("2026-03-1"), &day));
  assert_false(hs_parse_day(HS_STR("2026-02-30"), &day));
  assert_int_equal(day, 7);
}

static void civil_times_that_do_not_exist_are_told([[maybe_unused]] void **state)
{
  const struct hs_civil good = {.year = 2024, .month = 2, .day = 29, .hour = 23};
  assert_true(hs_civil_is_valid(&good));
  const struct hs_civil bad[] = {
      {.year = 2025, .month = 2, .day = 29},
      {.year = 0, .month = 1, .day = 1},
      {.year = 10000, .month = 1, .day = 1},
      {.year = -5, .month = 1, .day = 1},
      {.year = 2025, .month = 13, .day = 1},
      {.year = 2025, .month = 0, .day = 1},
      {.year = 2025, .month = 1, .day = -1},
      {.year = 2025, .month = 1, .day = 1, .hour = 24},
      {.year = 2025, .month = 1, .day = 1, .minute = 60},
      {.year = 2025, .month = 1, .day = 1, .second = -1},
      {.year = 2025, .month = 1, .day = 1, .microsecond = 1000000},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_false(hs_civil_is_valid(&bad[i]));
}

static void periods_are_whole_days([[maybe_unused]] void **state)
{
  static const struct {
    const char *text;
    const char *from;
    const char *until;
  } ROWS[] = {
      {"2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"},
      {"2026-Q1", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"},
      {"2026-Q3", "2026-07-01T00:00:00Z", "2026-10-01T00:00:00Z"},
      {"2026-Q4", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z"},
      {"2026-03", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"},
      {"2026-12", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"},
      {"2024-02-29", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"},
      {"2026-03-01..2026-04-15", "2026-03-01T00:00:00Z", "2026-04-16T00:00:00Z"},
      {"2026-03-01..2026-03-01", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_period period = {0};
    char text[HS_TIME_TEXT];
    assert_int_equal(hs_parse_period(hs_str_of(ROWS[i].text), hs_zone_utc(), &period, NULL), HS_OK);
    hs_format_time(period.from_us, text);
    assert_string_equal(text, ROWS[i].from);
    hs_format_time(period.until_us, text);
    assert_string_equal(text, ROWS[i].until);
  }
  struct hs_period last = {0};
  assert_int_equal(hs_parse_period(HS_STR("9999"), hs_zone_utc(), &last, NULL), HS_OK);
  assert_int_equal(last.until_us, HS_TIME_MAX_US + 1);
}

static void a_period_lies_in_its_zone([[maybe_unused]] void **state)
{
  struct hs_arena arena = {0};
  const struct hs_zone *berlin = NULL;
  struct hs_period period = {0};
  char text[HS_TIME_TEXT];
  assert_int_equal(hs_arena_init(&arena, HS_MIB, NULL), HS_OK);
  assert_int_equal(hs_zone_open(&arena, hs_io_real(), HS_STR("Europe/Berlin"), &berlin, NULL),
                   HS_OK);
  assert_int_equal(hs_parse_period(HS_STR("2026-03"), berlin, &period, NULL), HS_OK);
  hs_format_time(period.from_us, text);
  assert_string_equal(text, "2026-02-28T23:00:00Z");
  hs_format_time(period.until_us, text);
  assert_string_equal(text, "2026-03-31T22:00:00Z");
  hs_arena_release(&arena);
}

static void what_is_no_period_is_named_with_the_forms([[maybe_unused]] void **state)
{
  static const char *const BAD[] = {"",
                                    "26",
                                    "2026-",
                                    "2026-Q0",
                                    "2026-Q5",
                                    "2026-q1",
                                    "2026-00",
                                    "2026-13",
                                    "2026-3",
                                    "2026-02-30",
                                    "0000",
                                    "2026-Q12",
                                    "2026-03-01.",
                                    "2026-03-01..",
                                    "2026-03-01..2026-04",
                                    "2026-03-01...2026-04-15",
                                    "last month"};
  for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
    struct hs_period period = {1, 2};
    struct hs_err err = {0};
    assert_int_equal(hs_parse_period(hs_str_of(BAD[i]), hs_zone_utc(), &period, &err), HS_INVALID);
    assert_non_null(strstr(err.text, BAD[i]));
    assert_non_null(strstr(err.text, "2026-Q3"));
    assert_int_equal(period.until_us, 2);
  }
  struct hs_err err = {0};
  struct hs_period period = {0};
  assert_int_equal(hs_parse_period(HS_STR("2026-03-02..2026-03-01"), hs_zone_utc(), &period, &err),
                   HS_INVALID);
  assert_non_null(strstr(err.text, "ends before it begins"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_day_goes_there_and_back),
      cmocka_unit_test(moments_go_there_and_back_through_parts_and_text),
      cmocka_unit_test(moments_are_read_as_people_and_programs_write_them),
      cmocka_unit_test(what_is_no_moment_is_refused),
      cmocka_unit_test(civil_times_that_do_not_exist_are_told),
      cmocka_unit_test(periods_are_whole_days),
      cmocka_unit_test(a_period_lies_in_its_zone),
      cmocka_unit_test(what_is_no_period_is_named_with_the_forms),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
