/* Proves measure/reversals: what is expected is what one computes by hand from the shares by age,
   the spread is that of leaving orders out, and where there is too little to learn from it says so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "measure/reversals.h"
#include "support/near.h"

#define ROUNDING 1e-12

struct given {
  size_t count;
  struct hs_reversal_order orders[128];
};

static struct hs_reversal_order *give(struct given *given, int32_t days_seen, double earned)
{
  struct hs_reversal_order *order = &given->orders[given->count++];
  *order = (struct hs_reversal_order){.days_seen = days_seen, .earned = {earned}};
  return order;
}

static void fit(const struct given *given, struct hs_reversals *out)
{
  *out = (struct hs_reversals){0};
  for (size_t i = 0; i < given->count; i++)
    hs_reversals_add(out, &given->orders[i]);
  hs_reversals_fit(out);
  for (size_t i = 0; i < given->count; i++)
    hs_reversals_spread(out, &given->orders[i]);
}

/* 100 orders of 10.00 seen for five days: 20 come back whole on day 1, another 8 half on day 3. */
static void give_history(struct given *given)
{
  *given = (struct given){0};
  for (int i = 0; i < 100; i++) {
    struct hs_reversal_order *order = give(given, 5, 1000);
    if (i < 20)
      order->taken_back[1] = 1000;
    else if (i < 28)
      order->taken_back[3] = 500;
  }
}

static void what_is_expected_is_the_product_of_the_shares_ahead([[maybe_unused]] void **state)
{
  static struct given given;
  static struct hs_reversals reversals;
  give_history(&given);
  give(&given, 0, 700)->open[0] = 700; /* has both days before it */
  give(&given, 2, 300)->open[1] = 300; /* has day 3 before it, and was seen through day 1 */
  give(&given, 9, 400)->open[1] = 400; /* is behind all that was seen */
  fit(&given, &reversals);
  assert_int_equal(reversals.reach_days, 5);
  assert_int_equal(reversals.order_count, 103);
  assert_int_equal(reversals.taken_back_count, 28);
  /* day 1: 20,000 of 100,000 + 300 + 400; day 3: 4,000 of 80,000 + 400 */
  double first = 20000.0 / 100700;
  double second = 4000.0 / 80400;
  struct hs_reversal_estimate pending =
      hs_reversals_estimate(&reversals, HS_REVERSAL_OF_PENDING, 0.9);
  assert_close(pending.expected, 700 * (1 - (1 - first) * (1 - second)), ROUNDING);
  assert_true(pending.low <= pending.expected && pending.expected <= pending.high);
  assert_true(pending.high <= 700);
  struct hs_reversal_estimate payable =
      hs_reversals_estimate(&reversals, HS_REVERSAL_OF_PAYABLE, 0.9);
  assert_close(payable.expected, 300 * second, ROUNDING);
  assert_close(payable.open, 700.0, ROUNDING);
  struct hs_reversal_estimate all = hs_reversals_estimate(&reversals, HS_REVERSAL_OF_ALL, 0.9);
  assert_close(all.expected, pending.expected + payable.expected, ROUNDING);
}

/* Without censoring the influence of an order on a share r/n of equal amounts is (x − r/n)/n, and
   their squares sum to the binomial variance r(n − r)/n³. */
static void the_spread_of_one_share_is_binomial([[maybe_unused]] void **state)
{
  static struct given given;
  static struct hs_reversals reversals;
  given = (struct given){0};
  for (int i = 0; i < 100; i++)
    give(&given, 3, 1000)->taken_back[1] = i < 25 ? 1000 : 0;
  given.orders[99].open[1] = 1000; /* of an age behind the day on which they came back */
  give(&given, 0, 5000)->open[0] = 5000;
  fit(&given, &reversals);
  assert_close(reversals.of[HS_REVERSAL_OF_PENDING].variance,
               5000.0 * 5000 * 25 * 75 / (100.0 * 100 * 100), ROUNDING);
  assert_true(reversals.of[HS_REVERSAL_OF_PAYABLE].variance == 0);
}

/* Moving a share by a little moves what is expected by its weight. */
static void the_weights_are_derivatives([[maybe_unused]] void **state)
{
  static struct given given;
  static struct hs_reversals before, after;
  give_history(&given);
  give(&given, 0, 700)->open[0] = 700;
  fit(&given, &before);
  given.orders[50].taken_back[1] = 1; /* moves day 1, and by 1 what is left on day 3 */
  fit(&given, &after);
  double moved = 0;
  for (int32_t d = 0; d < before.reach_days; d++)
    moved += before.of[HS_REVERSAL_OF_PENDING].weight[d] * (after.share[d] - before.share[d]);
  double expected = hs_reversals_estimate(&after, HS_REVERSAL_OF_PENDING, 0.9).expected -
                    hs_reversals_estimate(&before, HS_REVERSAL_OF_PENDING, 0.9).expected;
  assert_near(moved, expected, 1e-6 * fabs(expected));
}

static void too_few_that_came_back_tell_nothing([[maybe_unused]] void **state)
{
  static struct given given;
  static struct hs_reversals reversals;
  given = (struct given){0};
  for (int i = 0; i < 100; i++)
    give(&given, 5, 1000)->taken_back[1] = i < HS_REVERSAL_ORDERS_MIN - 1 ? 1000 : 0;
  give(&given, 0, 700)->open[0] = 700;
  fit(&given, &reversals);
  struct hs_reversal_estimate all = hs_reversals_estimate(&reversals, HS_REVERSAL_OF_ALL, 0.9);
  assert_true(isnan(all.expected) && isnan(all.low) && isnan(all.high));
  assert_close(all.open, 700.0, ROUNDING);
}

/* No order ever came back so late: nothing is expected, but the interval does not promise it. */
static void an_age_without_reversals_keeps_its_interval_open([[maybe_unused]] void **state)
{
  static struct given given;
  static struct hs_reversals reversals;
  give_history(&given);
  for (size_t i = 0; i < given.count; i++)
    given.orders[i].days_seen = 30;
  give(&given, 10, 700)->open[1] = 700;
  fit(&given, &reversals);
  struct hs_reversal_estimate payable =
      hs_reversals_estimate(&reversals, HS_REVERSAL_OF_PAYABLE, 0.9);
  assert_true(payable.expected == 0 && payable.low == 0);
  assert_true(payable.high > 0 && payable.high < 70);
}

static void what_is_not_open_is_expected_to_lose_nothing([[maybe_unused]] void **state)
{
  static struct given given;
  static struct hs_reversals reversals;
  give_history(&given);
  fit(&given, &reversals);
  struct hs_reversal_estimate all = hs_reversals_estimate(&reversals, HS_REVERSAL_OF_ALL, 0.9);
  assert_true(all.open == 0 && all.expected == 0 && all.low == 0 && all.high == 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_expected_is_the_product_of_the_shares_ahead),
      cmocka_unit_test(the_spread_of_one_share_is_binomial),
      cmocka_unit_test(the_weights_are_derivatives),
      cmocka_unit_test(too_few_that_came_back_tell_nothing),
      cmocka_unit_test(an_age_without_reversals_keeps_its_interval_open),
      cmocka_unit_test(what_is_not_open_is_expected_to_lose_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
