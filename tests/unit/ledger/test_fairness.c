/* Proves the balance of benefit by series worked out by hand, and by random ones against the range
   applied to each period afresh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/fairness.h"
#include "support/random.h"

/* The first side gets 50 % to 70 % of the benefit, the other 30 % to 50 %. */
static struct hs_fairness range(size_t window, size_t least)
{
  struct hs_fairness fairness = {.side_count = 2, .window = window, .least = least};
  fairness.low[0] = hs_ratio_of(1, 2);
  fairness.high[0] = hs_ratio_of(7, 10);
  fairness.low[1] = hs_ratio_of(3, 10);
  fairness.high[1] = hs_ratio_of(1, 2);
  assert_int_equal(hs_fairness_check(&fairness, NULL), HS_OK);
  return fairness;
}

static struct hs_balance balance_of(const struct hs_fairness *fairness, const int64_t *benefits,
                                    size_t periods)
{
  struct hs_balance balance;
  assert_int_equal(hs_balance_make(fairness, benefits, periods, &balance, NULL), HS_OK);
  return balance;
}

/* Together 100, 200, 300, 400: 60 %, 65 %, 70 % (still inside), then 290 of 400, which is 72.5 %:
   the other side has 110 and would need 120. */
static void leaving_the_range_opens_a_renegotiation([[maybe_unused]] void **state)
{
  const int64_t benefits[] = {60, 40, 70, 30, 80, 20, 80, 20};
  struct hs_fairness fairness = range(0, 1);
  assert_int_equal(balance_of(&fairness, benefits, 3).state, HS_BALANCE_INSIDE);
  struct hs_balance balance = balance_of(&fairness, benefits, 4);
  assert_int_equal(balance.state, HS_BALANCE_OUTSIDE);
  assert_int_equal(balance.since, 3);
  assert_int_equal(balance.side, 1);
  assert_int_equal(balance.gap_minor, 10);
  assert_int_equal(balance.benefit_minor[1], 110);
  assert_int_equal(balance.together_minor, 400);
}

/* Outside, inside again, outside for good: it counts from the last time. Over all, the sides have
   80:20, 110:90, 190:110, 270:130 and 350:150 (63, 68, 70 %), then 440:160. */
static void it_is_outside_since_it_last_left([[maybe_unused]] void **state)
{
  const int64_t benefits[] = {80, 20, 30, 70, 80, 20, 80, 20, 80, 20, 90, 10};
  struct hs_fairness fairness = range(0, 1);
  assert_int_equal(balance_of(&fairness, benefits, 1).state, HS_BALANCE_OUTSIDE);
  assert_int_equal(balance_of(&fairness, benefits, 5).state, HS_BALANCE_INSIDE);
  struct hs_balance balance = balance_of(&fairness, benefits, 6);
  assert_int_equal(balance.state, HS_BALANCE_OUTSIDE);
  assert_int_equal(balance.since, 5);
}

/* One month is no trend: judged from the third period on, by the last two. */
static void a_window_forgets_and_the_first_periods_are_too_early([[maybe_unused]] void **state)
{
  const int64_t benefits[] = {99, 1, 99, 1, 60, 40, 60, 40};
  struct hs_fairness fairness = range(2, 3);
  assert_int_equal(balance_of(&fairness, benefits, 0).state, HS_BALANCE_TOO_EARLY);
  assert_int_equal(balance_of(&fairness, benefits, 2).state, HS_BALANCE_TOO_EARLY);
  struct hs_balance balance = balance_of(&fairness, benefits, 3);
  assert_int_equal(balance.state, HS_BALANCE_OUTSIDE);
  assert_int_equal(balance.since, 2);
  assert_int_equal(balance.gap_minor, 19); /* 159 : 41 of 200; 60 are the least */
  assert_int_equal(balance_of(&fairness, benefits, 4).state, HS_BALANCE_INSIDE);
}

/* Of a loss of 100 the sides may bear 50 to 70 and 30 to 50: a side that bears 80 is below its
   range, and what it would have to get is rounded up to whole cents. */
static void of_a_loss_the_range_bounds_the_parts_that_are_borne([[maybe_unused]] void **state)
{
  struct hs_fairness fairness = range(0, 1);
  const int64_t inside[] = {-60, -40};
  const int64_t outside[] = {-81, -20};
  const int64_t gain_and_loss[] = {100, -500};
  const int64_t nothing[] = {0, 0};
  const int64_t against[] = {100, -100};
  assert_int_equal(balance_of(&fairness, inside, 1).state, HS_BALANCE_INSIDE);
  struct hs_balance balance = balance_of(&fairness, outside, 1);
  assert_int_equal(balance.side, 0);
  assert_int_equal(balance.gap_minor, 11); /* 70 % of 101 is 70.7: 10.3 too much */
  balance = balance_of(&fairness, gain_and_loss, 1);
  assert_int_equal(balance.side, 1);
  assert_int_equal(balance.gap_minor, 300); /* half of 400 is the most that it bears */
  assert_int_equal(balance_of(&fairness, nothing, 1).state, HS_BALANCE_INSIDE);
  assert_int_equal(balance_of(&fairness, against, 1).state, HS_BALANCE_OUTSIDE);
}

/* Nobody is below, but one is above: what it has too much is below zero. */
static void a_side_may_only_have_too_much([[maybe_unused]] void **state)
{
  struct hs_fairness fairness = range(0, 1);
  const int64_t benefits[] = {80, 20};
  fairness.low[1] = hs_ratio_of(1, 10);
  struct hs_balance balance = balance_of(&fairness, benefits, 1);
  assert_int_equal(balance.state, HS_BALANCE_OUTSIDE);
  assert_int_equal(balance.side, 0);
  assert_int_equal(balance.gap_minor, -10);
}

static void a_range_that_nothing_is_inside_of_is_refused([[maybe_unused]] void **state)
{
  struct hs_err err = {0};
  struct hs_fairness fairness = range(0, 1);
  fairness.low[1] = hs_ratio_of(3, 5);
  fairness.high[1] = hs_ratio_of(4, 5);
  assert_int_equal(hs_fairness_check(&fairness, &err), HS_INVALID);
  assert_string_equal(err.text, "no division of the benefit is inside all fairness ranges");
  fairness.low[1] = HS_RATIO_ZERO;
  fairness.high[1] = hs_ratio_of(1, 5);
  assert_int_equal(hs_fairness_check(&fairness, &err), HS_INVALID);
  fairness.high[1] = hs_ratio_of(6, 5);
  assert_int_equal(hs_fairness_check(&fairness, &err), HS_INVALID);
  assert_string_equal(err.text, "side 2: a fairness range lies between 0 and 1");
  fairness.least = 0;
  assert_int_equal(hs_fairness_check(&fairness, &err), HS_INVALID);
  fairness.side_count = 13;
  assert_int_equal(hs_fairness_check(&fairness, &err), HS_INVALID);
}

static void sums_that_do_not_fit_are_told([[maybe_unused]] void **state)
{
  const int64_t benefits[] = {INT64_MAX, 1, INT64_MAX, 1};
  struct hs_fairness fairness = range(0, 1);
  struct hs_balance balance = {.since = 99};
  assert_int_equal(hs_balance_make(&fairness, benefits, 2, &balance, NULL), HS_INVALID);
  assert_int_equal(balance.since, 99);
}

/* ---- laws ---- */

static int is_inside(const struct hs_fairness *fairness, const int64_t *benefits, size_t last)
{
  double sums[2] = {0};
  size_t first =
      fairness->window > 0 && last + 1 > fairness->window ? last + 1 - fairness->window : 0;
  for (size_t p = first; p <= last; p++)
    for (size_t s = 0; s < 2; s++)
      sums[s] += (double)benefits[2 * p + s];
  double together = sums[0] + sums[1];
  /* Benefits below 1,000 and parts in tenths: halves and doubles are exact. */
  double tenths = 10 * sums[0];
  return together >= 0 ? tenths >= 5 * together && tenths <= 7 * together
                       : tenths <= 5 * together && tenths >= 7 * together;
}

/* Moving what is missing to the side that lacks it, and a cent less, says whether the gap is the
   least that closes it. */
static void the_gap_is_the_least_that_closes_it([[maybe_unused]] void **state)
{
  uint64_t seed = 20260913;
  for (int round = 0; round < 20000; round++) {
    int64_t benefits[24];
    size_t periods = 1 + next_random(&seed) % 12;
    struct hs_fairness fairness = range(next_random(&seed) % 4, 1 + next_random(&seed) % 3);
    for (size_t i = 0; i < 2 * periods; i++)
      benefits[i] = (int64_t)(next_random(&seed) / 7 % 300) - 80;
    struct hs_balance balance = balance_of(&fairness, benefits, periods);
    if (periods < fairness.least) {
      assert_int_equal(balance.state, HS_BALANCE_TOO_EARLY);
      continue;
    }
    int inside = is_inside(&fairness, benefits, periods - 1);
    assert_int_equal(balance.state, inside ? HS_BALANCE_INSIDE : HS_BALANCE_OUTSIDE);
    if (inside)
      continue;
    for (size_t p = balance.since; p < periods; p++)
      assert_false(is_inside(&fairness, benefits, p));
    assert_true(balance.since + 1 == fairness.least ||
                is_inside(&fairness, benefits, balance.since - 1));
    if (llabs(balance.together_minor) < 10) /* the range may be narrower than a cent */
      continue;
    int64_t *last = &benefits[2 * periods - 2];
    int64_t gap = balance.gap_minor;
    last[balance.side] += gap;
    last[1 - balance.side] -= gap;
    int64_t cent = gap > 0 ? 1 : -1;
    assert_true(is_inside(&fairness, benefits, periods - 1));
    last[balance.side] -= cent;
    last[1 - balance.side] += cent;
    assert_false(is_inside(&fairness, benefits, periods - 1));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(leaving_the_range_opens_a_renegotiation),
      cmocka_unit_test(it_is_outside_since_it_last_left),
      cmocka_unit_test(a_window_forgets_and_the_first_periods_are_too_early),
      cmocka_unit_test(of_a_loss_the_range_bounds_the_parts_that_are_borne),
      cmocka_unit_test(a_side_may_only_have_too_much),
      cmocka_unit_test(a_range_that_nothing_is_inside_of_is_refused),
      cmocka_unit_test(sums_that_do_not_fit_are_told),
      cmocka_unit_test(the_gap_is_the_least_that_closes_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
