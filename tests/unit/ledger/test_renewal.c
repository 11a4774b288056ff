/* Proves ledger/renewal: whole months by the calendar, at the ends of months, over leap years and
   by the days of the zone; and the law that a monthly charge is always one month older than the one
   before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "ledger/renewal.h"

static int64_t moment(const char *text)
{
  int64_t at_us = 0;
  enum hs_zone_said said;
  assert_true(hs_parse_time(hs_str_of(text), &at_us, &said));
  return at_us;
}

static void months_are_those_of_the_calendar([[maybe_unused]] void **state)
{
  static const struct {
    const char *first, *at;
    uint32_t months;
  } ROWS[] = {
      {"2026-01-15", "2026-01-15", 0},
      {"2026-01-15", "2026-02-14", 0},
      {"2026-01-15", "2026-02-15", 1},
      {"2026-01-15T18:00:00Z", "2026-02-15T06:00:00Z", 1}, /* earlier in the day */
      {"2026-01-15", "2027-01-14", 11},
      {"2026-01-15", "2027-01-15", 12},
      {"2026-01-31", "2026-02-27", 0},
      {"2026-01-31", "2026-02-28", 1},
      {"2026-01-31", "2026-03-30", 1},
      {"2026-01-31", "2026-03-31", 2},
      {"2026-01-31", "2026-04-30", 3},
      {"2028-01-31", "2028-02-28", 0}, /* a leap year */
      {"2028-01-31", "2028-02-29", 1},
      {"2028-02-29", "2029-02-28", 12},
      {"2026-02-28", "2026-03-28", 1},
      {"2025-12-31", "2026-01-01", 0},
      {"2026-05-10", "2026-04-01", 0}, /* not after it */
      {"0001-01-01", "9999-12-31", 119987},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
    assert_int_equal(hs_months_since(hs_zone_utc(), moment(ROWS[i].first), moment(ROWS[i].at)),
                     ROWS[i].months);
}

static void days_are_those_of_the_zone([[maybe_unused]] void **state)
{
  struct hs_arena arena = {0};
  const struct hs_zone *zone = NULL;
  assert_int_equal(hs_arena_init(&arena, HS_MIB, NULL), HS_OK);
  assert_int_equal(hs_zone_open(&arena, NULL, HS_STR("+02:00"), &zone, NULL), HS_OK);
  /* 1 February there, 31 January in Greenwich. */
  int64_t first_us = moment("2026-01-31T23:00:00Z");
  assert_int_equal(hs_months_since(zone, first_us, moment("2026-02-28T12:00:00Z")), 0);
  assert_int_equal(hs_months_since(zone, first_us, moment("2026-02-28T22:30:00Z")), 1);
  assert_int_equal(hs_months_since(hs_zone_utc(), first_us, moment("2026-02-28T12:00:00Z")), 1);
  hs_arena_release(&arena);
}

/* What subscriptions do: the same day of each month, or its last where there is none. */
static void each_monthly_charge_is_a_month_older([[maybe_unused]] void **state)
{
  for (int32_t day = 1; day <= 31; day++) {
    int64_t first_us = hs_day_of(2027, 1, day) * HS_DAY_US;
    for (uint32_t months = 0; months < 60; months++) {
      struct hs_civil charge = {
          .year = 2027 + (int32_t)(months / 12), .month = 1 + (int32_t)(months % 12), .day = day};
      while (!hs_civil_is_valid(&charge))
        charge.day--;
      assert_int_equal(hs_months_since(hs_zone_utc(), first_us, hs_civil_to_us(&charge)), months);
      if (months > 0)
        assert_int_equal(hs_months_since(hs_zone_utc(), first_us, hs_civil_to_us(&charge) - 1),
                         months - 1);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(months_are_those_of_the_calendar),
      cmocka_unit_test(days_are_those_of_the_zone),
      cmocka_unit_test(each_monthly_charge_is_a_month_older),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
