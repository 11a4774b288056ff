/* Which season is meant when nobody says one: the week of days, nothing of anything else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "service/believe/season.h"

static double times[] = {20000, 20001, 20002};
static double weekly[] = {20000, 20007, 20014};

static const struct hs_periods DAYS = {.count = 3, .times = times, .is_day = 1};
static const struct hs_periods WEEKS = {.count = 3, .times = weekly, .is_day = 1};
static const struct hs_periods NUMBERS = {.count = 3, .times = times};
static const struct hs_periods ONE = {.count = 1, .times = times, .is_day = 1};

static void days_have_their_week([[maybe_unused]] void **state)
{
  assert_int_equal(hs_season_of_periods(HS_SEASON_UNSAID, HS_INFLUENCE_DEFAULT, &DAYS), 7);
  const struct hs_spaced spaced = {.is_day = 1, .step = 1};
  assert_int_equal(hs_season_of_spaced(HS_SEASON_UNSAID, HS_INFLUENCE_DEFAULT, &spaced), 7);
}

static void weeks_and_numbers_have_none([[maybe_unused]] void **state)
{
  assert_int_equal(hs_season_of_periods(HS_SEASON_UNSAID, HS_INFLUENCE_DEFAULT, &WEEKS), 0);
  assert_int_equal(hs_season_of_periods(HS_SEASON_UNSAID, HS_INFLUENCE_DEFAULT, &NUMBERS), 0);
  assert_int_equal(hs_season_of_periods(HS_SEASON_UNSAID, HS_INFLUENCE_DEFAULT, &ONE), 0);
  const struct hs_spaced weeks = {.is_day = 1, .step = 7};
  const struct hs_spaced rows = {.is_day = 0, .step = 1};
  assert_int_equal(hs_season_of_spaced(HS_SEASON_UNSAID, HS_INFLUENCE_DEFAULT, &weeks), 0);
  assert_int_equal(hs_season_of_spaced(HS_SEASON_UNSAID, HS_INFLUENCE_DEFAULT, &rows), 0);
}

/* The published figures of parity mode are those of a program without a season. */
static void parity_has_none([[maybe_unused]] void **state)
{
  assert_int_equal(hs_season_of_periods(HS_SEASON_UNSAID, HS_INFLUENCE_PARITY, &DAYS), 0);
}

static void what_is_said_holds([[maybe_unused]] void **state)
{
  assert_int_equal(hs_season_of_periods(0, HS_INFLUENCE_DEFAULT, &DAYS), 0);
  assert_int_equal(hs_season_of_periods(12, HS_INFLUENCE_PARITY, &WEEKS), 12);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(days_have_their_week),
      cmocka_unit_test(weeks_and_numbers_have_none),
      cmocka_unit_test(parity_has_none),
      cmocka_unit_test(what_is_said_holds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
