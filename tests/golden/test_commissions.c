/* Proves that our terms say what the terms of other tools say: worked examples that their makers
   (or agencies that work with them) publish, each beside its source. Only the figures are theirs.
   Where an example counts what is paid at which rate and names no amount, ours are 100.00 an order;
   where the source ends before the sum, the sum is ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "ledger/allocate.h"
#include "ledger/choose.h"
#include "ledger/price.h"
#include "ledger/renewal.h"
#include "ledger/transfers.h"

#define RATE(percent)                                                                              \
  {                                                                                                \
    .percentage = { percent, 2 }                                                                   \
  }
#define FLAT(amount)                                                                               \
  {                                                                                                \
    .structure = HS_STRUCTURE_FLAT, .flat_minor = amount                                           \
  }

static struct hs_price price(const struct hs_rule *rule, int64_t base_minor,
                             struct hs_tallies *tallies)
{
  const struct hs_sold sold = {.base_minor = base_minor, .count = 1, .share = HS_RATIO_ONE};
  struct hs_price out;
  assert_int_equal(hs_price_sale(rule, HS_ROUND_HALF_EVEN, &sold, tallies, &out, NULL), HS_OK);
  *tallies = out.after;
  return out;
}

/* ---- rates and tiers ---- */

/* impact.com, default payout of 4 %, 6 % once revenue reaches 200 and 8 % once it reaches 400, "for
   actions past each tier":
   https://help.impact.com/brand/what-would-you-like-to-learn-about/platform-features/contracts-and-template-terms/performance-bonus/performance-bonus-faq
 */
#define IMPACT_REVENUE                                                                             \
  {                                                                                                \
    .rate = RATE(4), .tiers = {                                                                    \
      .measure = HS_TIER_REVENUE,                                                                  \
      .period = HS_CYCLE_MONTH,                                                                    \
      .count = 2,                                                                                  \
      .tier = {{20000, RATE(6)}, {40000, RATE(8)}}                                                 \
    }                                                                                              \
  }

/* A tier at 10 actions, passed by the eleventh. */
#define PAST_TEN(all, low, high)                                                                   \
  {                                                                                                \
    .rate = RATE(low), .tiers = {                                                                  \
      .measure = HS_TIER_ORDERS,                                                                   \
      .period = HS_CYCLE_MONTH,                                                                    \
      .is_retroactive = all,                                                                       \
      .count = 1,                                                                                  \
      .tier = {{11, RATE(high)}}                                                                   \
    }                                                                                              \
  }

static const struct {
  struct hs_rule rule;
  int64_t order_count, each_minor, total_minor;
} TIERS[] = {
    /* Rewardful: 30 % of a charge of 100, and of 75 that a coupon left of it.
       https://help.getrewardful.com/en/articles/2051885-create-your-first-campaign */
    {{.rate = RATE(30)}, 1, 10000, 3000},
    {{.rate = RATE(30)}, 1, 7500, 2250},
    /* Tolt: 30 % of a payment of 49.00. https://docs.tolt.com/concepts/commission-flows */
    {{.rate = RATE(30)}, 1, 4900, 1470},
    /* impact.com: revenue of 500 in a month; in whichever orders it came. */
    {IMPACT_REVENUE, 1, 50000, 800 + 1200 + 800},
    {IMPACT_REVENUE, 5, 10000, 800 + 1200 + 800},
    {IMPACT_REVENUE, 500, 100, 800 + 1200 + 800},
    /* impact.com: the tier at 10 actions, 20 driven: "all 20 actions" or "actions 11 - 20".
       https://help.impact.com/en/support/solutions/articles/155000000278 */
    {PAST_TEN(1, 4, 6), 20, 10000, 20 * 600},
    {PAST_TEN(0, 4, 6), 20, 10000, 10 * 400 + 10 * 600},
    /* CJ: 8 %, and 10 % of the whole month from a value of 1,000 on; sales of 1,200.
       https://www.vivnetworks.com/en/how-performance-incentives-are-calculated-in-cj-com/ */
    {{.rate = RATE(8),
      .tiers = {.measure = HS_TIER_REVENUE,
                .period = HS_CYCLE_MONTH,
                .is_retroactive = 1,
                .count = 1,
                .tier = {{100000, RATE(10)}}}},
     12,
     10000,
     12000},
    /* FirstPromoter: 1 to 20 customers 20 %, 21 to 50 customers 25 %; by revenue, 0 to 500 and 500
       to 1,000. https://help.firstpromoter.com/en/articles/8971328 */
    {{.rate = RATE(20),
      .tiers = {.measure = HS_TIER_ORDERS,
                .period = HS_CYCLE_EVER,
                .count = 1,
                .tier = {{21, RATE(25)}}}},
     50,
     10000,
     20 * 2000 + 30 * 2500},
    {{.rate = RATE(20),
      .tiers = {.measure = HS_TIER_REVENUE,
                .period = HS_CYCLE_EVER,
                .count = 1,
                .tier = {{50000, RATE(25)}}}},
     10,
     10000,
     5 * 2000 + 5 * 2500},
    /* Tapfiliate: 10 % on each of the first 10 conversions, 15 % up to 50, 20 % up to 100, 30 %
       beyond. https://support.tapfiliate.com/en/articles/2307436 */
    {{.rate = RATE(10),
      .tiers = {.measure = HS_TIER_ORDERS,
                .period = HS_CYCLE_EVER,
                .count = 3,
                .tier = {{11, RATE(15)}, {51, RATE(20)}, {101, RATE(30)}}}},
     102,
     10000,
     10 * 1000 + 40 * 1500 + 50 * 2000 + 2 * 3000},
    /* Tapfiliate: 10 % for 0 to 10 conversions a month, 12 % for 11 to 30, 15 % from 31 on.
       https://support.tapfiliate.com/en/articles/13166777 */
    {{.rate = RATE(10),
      .tiers = {.measure = HS_TIER_ORDERS,
                .period = HS_CYCLE_MONTH,
                .count = 2,
                .tier = {{11, RATE(12)}, {31, RATE(15)}}}},
     32,
     10000,
     10 * 1000 + 20 * 1200 + 2 * 1500},
};

static void rates_and_tiers_give_the_published_sums([[maybe_unused]] void **state)
{
  for (size_t i = 0; i < sizeof TIERS / sizeof *TIERS; i++) {
    struct hs_tallies tallies = {0};
    int64_t total = 0;
    for (int64_t n = 0; n < TIERS[i].order_count; n++)
      total += price(&TIERS[i].rule, TIERS[i].each_minor, &tallies).amount_minor;
    assert_int_equal(total, TIERS[i].total_minor);
  }
}

/* ---- items ---- */

/* Awin: an order of 26.09 in two parts, CD 11.10 and DVD 14.99, and 10 % of every DVD.
   https://developer.awin.com/docs/commission-groups
   https://advertiser-success.awin.com/articles/en_US/Knowledge/How-can-I-add-a-Commission-Group */
static void each_part_of_a_basket_is_paid_by_its_own_rate([[maybe_unused]] void **state)
{
  static struct hs_str dvd[] = {{"DVD", 3}};
  const struct hs_rule rules[] = {
      {.rank = 1, .rate = RATE(10), .when = {.products = {dvd, 1}, .value_max_minor = INT64_MAX}}};
  const struct hs_terms terms = {.rule_count = 1, .rules = rules};
  const struct hs_item items[] = {{{"CD", 2}, 1, 1110, {1110, 1110, -1}},
                                  {{"DVD", 3}, 1, 1499, {1499, 1499, -1}}};
  const struct hs_sale sale = {.value_minor = 2609};
  struct hs_portion portion;
  struct hs_tallies tallies = {0};
  size_t count = 0;
  assert_int_equal(hs_rules_for_items(&terms, &sale, items, 2, &portion, &count, NULL), HS_OK);
  assert_int_equal(count, 1);
  assert_int_equal(price(portion.rule, portion.base_minor, &tallies).amount_minor, 150);
}

/* ---- bonuses ---- */

static void bonuses_are_paid_once_a_month([[maybe_unused]] void **state)
{
  static const struct {
    struct hs_bonus bonus;
    int64_t order_count, each_minor, total_minor;
  } ROWS[] = {
      /* Tapfiliate: 50 for 10 or more conversions in a month.
         https://support.tapfiliate.com/en/articles/1553146-how-bonuses-work */
      {{.measure = HS_TIER_ORDERS, .period = HS_CYCLE_MONTH, .from = 10, .amount_minor = 5000},
       9,
       10000,
       0},
      {{.measure = HS_TIER_ORDERS, .period = HS_CYCLE_MONTH, .from = 10, .amount_minor = 5000},
       25,
       10000,
       5000},
      /* CJ: 50 once for a total of 15,000 or more in a month.
         http://www.abestweb.com/forums/showthread.php?62525-CJ-One-Time-Bonuses */
      {{.measure = HS_TIER_REVENUE,
        .period = HS_CYCLE_MONTH,
        .from = 1500000,
        .amount_minor = 5000},
       1,
       1499999,
       0},
      {{.measure = HS_TIER_REVENUE,
        .period = HS_CYCLE_MONTH,
        .from = 1500000,
        .amount_minor = 5000},
       3,
       750000,
       5000},
  };
  const struct hs_rule rule = {.rate = RATE(10)};
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_tallies tallies = {0};
    int64_t total = 0;
    for (int64_t n = 0; n < ROWS[i].order_count; n++) {
      struct hs_tally before = tallies.of[ROWS[i].bonus.period];
      (void)price(&rule, ROWS[i].each_minor, &tallies);
      if (hs_bonus_is_reached(&ROWS[i].bonus, &before, &tallies.of[ROWS[i].bonus.period]))
        total += ROWS[i].bonus.amount_minor;
    }
    assert_int_equal(total, ROWS[i].total_minor);
  }
}

/* ---- customers who come back ---- */

#define ANY                                                                                        \
  {                                                                                                \
    .value_max_minor = INT64_MAX                                                                   \
  }

static void recurring_commissions_last_as_long_as_they_say([[maybe_unused]] void **state)
{
  static const struct {
    struct hs_rule rules[2];
    int64_t charges, each_minor, total_minor;
  } ROWS[] = {
      /* FirstPromoter: "First 3 months 40% then 20%"; "First 12 months $100 then $50 each month".
         https://changelog.firstpromoter.com/new-recurring-commission-scheme-8R8Jy */
      {{{.rank = 1, .rate = RATE(40), .months_max = 3, .when = ANY},
        {.rank = 2, .rate = RATE(20), .when = ANY}},
       10,
       10000,
       3 * 4000 + 7 * 2000},
      {{{.rank = 1, .rate = FLAT(10000), .months_max = 12, .when = ANY},
        {.rank = 2, .rate = FLAT(5000), .when = ANY}},
       15,
       90000,
       12 * 10000 + 3 * 5000},
      /* FirstPromoter: recurring, limited to 12 months.
         https://help.firstpromoter.com/en/articles/9273222 */
      {{{.rank = 1, .rate = RATE(20), .months_max = 12, .when = ANY},
        {.rank = 2, .event = HS_RULE_LEAD, .when = ANY}},
       24,
       10000,
       12 * 2000},
      /* Tapfiliate: a cap of three payments; the fourth earns nothing. Ours counts months, which is
         the same for a customer who pays monthly.
         https://support.tapfiliate.com/en/articles/13342622 */
      {{{.rank = 1, .rate = RATE(10), .months_max = 3, .when = ANY},
        {.rank = 2, .event = HS_RULE_LEAD, .when = ANY}},
       4,
       10000,
       3 * 1000},
      /* Tolt: 30 % of every payment in the customer's first year.
         https://docs.tolt.com/concepts/commission-flows */
      {{{.rank = 1, .rate = RATE(30), .months_max = 12, .when = ANY},
        {.rank = 2, .event = HS_RULE_LEAD, .when = ANY}},
       13,
       4900,
       12 * 1470},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    const struct hs_terms terms = {.rule_count = 2, .rules = ROWS[i].rules};
    const int64_t first_us = hs_day_of(2026, 1, 15) * HS_DAY_US;
    struct hs_tallies tallies[2] = {0};
    int64_t total = 0;
    for (int32_t n = 0; n < ROWS[i].charges; n++) {
      int64_t at_us = hs_day_of(2026 + n / 12, 1 + n % 12, 15) * HS_DAY_US;
      const struct hs_sale sale = {.value_minor = ROWS[i].each_minor,
                                   .is_new = n == 0,
                                   .months = hs_months_since(hs_zone_utc(), first_us, at_us)};
      const struct hs_rule *rule = hs_rule_for_sale(&terms, &sale);
      if (rule != NULL)
        total += price(rule, ROWS[i].each_minor, &tallies[rule - terms.rules]).amount_minor;
    }
    assert_int_equal(total, ROWS[i].total_minor);
  }
}

/* Tapfiliate: Ellen comes by A and buys, comes back by B and buys again: by lifetime commissions A
   is paid again, without them B.
   https://support.tapfiliate.com/en/articles/1462852-lifetime-commissions
 */
static void a_customer_for_life_stays_with_the_first([[maybe_unused]] void **state)
{
  static const struct hs_touchpoint by_b = {.partner = 'B', .at_us = 10, .until_us = 100};
  static const struct hs_first_share a = {'A', {1, 1}, 1};
  const struct hs_claims claims = {.ordered_at_us = 20,
                                   .cart_at_us = INT64_MAX,
                                   .touch_count = 1,
                                   .touches = &by_b,
                                   .first_share_count = 1,
                                   .first_shares = &a};
  struct hs_policy policy = HS_POLICY_LAST;
  struct hs_arena arena = {0};
  struct hs_allocation allocation;
  assert_int_equal(hs_arena_init(&arena, HS_MIB, NULL), HS_OK);
  policy.renewals = HS_RENEWALS_ALWAYS;
  assert_int_equal(hs_allocate(&policy, &claims, &arena, &allocation, NULL), HS_OK);
  assert_int_equal(allocation.count, 2);
  assert_int_equal(allocation.allotments[0].verdict, HS_SHARE_CUSTOMER_KEPT);
  assert_int_equal(allocation.allotments[1].partner, 'A');
  assert_int_equal(allocation.allotments[1].verdict, HS_SHARE_GIVEN);
  policy.renewals = HS_RENEWALS_NEVER;
  assert_int_equal(hs_allocate(&policy, &claims, &arena, &allocation, NULL), HS_OK);
  assert_int_equal(allocation.count, 1);
  assert_int_equal(allocation.allotments[0].partner, 'B');
  assert_int_equal(allocation.allotments[0].verdict, HS_SHARE_GIVEN);
  hs_arena_release(&arena);
}

/* ---- refunds ---- */

/* What a partner is owed for one commission, or owes. */
static int64_t balance_of(int64_t earned_minor, int is_paid, int is_refunded)
{
  struct hs_owed owed = {0};
  struct hs_step steps[HS_TAKE_BACK_STEPS_MAX];
  size_t count = 0;
  assert_int_equal(hs_owed_add(&owed, HS_TRANSFER_EARN, earned_minor, NULL), HS_OK);
  if (is_paid) {
    assert_int_equal(hs_owed_add(&owed, HS_TRANSFER_RELEASE, earned_minor, NULL), HS_OK);
    assert_int_equal(hs_owed_add(&owed, HS_TRANSFER_PAY, earned_minor, NULL), HS_OK);
  }
  if (is_refunded) {
    int64_t back = 0;
    assert_int_equal(
        hs_price_take_back(earned_minor, 10000, 10000, 0, HS_ROUND_HALF_EVEN, &back, NULL), HS_OK);
    assert_int_equal(hs_owed_take_back(&owed, back, steps, &count, NULL), HS_OK);
  }
  for (size_t i = 0; i < count; i++)
    assert_int_equal(hs_owed_add(&owed, steps[i].kind, steps[i].amount_minor, NULL), HS_OK);
  return owed.pending + owed.payable - owed.clawed;
}

static void what_was_paid_and_came_back_is_owed_by_the_partner([[maybe_unused]] void **state)
{
  /* Tolt: 14.70 become 0 before they are paid, and -14.70 are netted from the next payout after.
     https://docs.tolt.com/guides/refunds */
  assert_int_equal(balance_of(1470, 0, 1), 0);
  assert_int_equal(balance_of(1470, 1, 1), -1470);
  /* Tapfiliate: a commission of 10 approved, settled and disapproved: the balance is 10, 0, -10.
     https://support.tapfiliate.com/en/articles/3084530-how-do-negative-commissions-work-on-tapfiliate
   */
  assert_int_equal(balance_of(1000, 0, 0), 1000);
  assert_int_equal(balance_of(1000, 1, 0), 0);
  assert_int_equal(balance_of(1000, 1, 1), -1000);
  /* PartnerStack: 20 earned in a month in which 100 are clawed back: a balance of -80.
     https://support.partnerstack.com/hc/en-us/articles/360047980474-Clawbacks-and-Incorrect-Rewards
   */
  assert_int_equal(balance_of(2000, 0, 0) + balance_of(10000, 1, 1), -8000);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rates_and_tiers_give_the_published_sums),
      cmocka_unit_test(each_part_of_a_basket_is_paid_by_its_own_rate),
      cmocka_unit_test(bonuses_are_paid_once_a_month),
      cmocka_unit_test(recurring_commissions_last_as_long_as_they_say),
      cmocka_unit_test(a_customer_for_life_stays_with_the_first),
      cmocka_unit_test(what_was_paid_and_came_back_is_owed_by_the_partner),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
