/* Proves ledger/price and ledger/policy by cases worked out by hand, each with its arithmetic
   beside it, and by random cases against the definitions applied the slow way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "ledger/policy.h"
#include "ledger/price.h"

static struct hs_decimal decimal(const char *text)
{
  struct hs_decimal out = {0};
  assert_true(hs_decimal_parse(hs_str_of(text), &out));
  return out;
}

static struct hs_rate percent(const char *text)
{
  return (struct hs_rate){.structure = HS_STRUCTURE_PERCENTAGE, .percentage = decimal(text)};
}

static struct hs_rate flat(int64_t amount_minor)
{
  return (struct hs_rate){.structure = HS_STRUCTURE_FLAT, .flat_minor = amount_minor};
}

static struct hs_price price(const struct hs_rule *rule, int64_t base_minor, struct hs_ratio share,
                             struct hs_tallies *tallies)
{
  const struct hs_sold sold = {.base_minor = base_minor, .count = 1, .share = share};
  struct hs_price out;
  assert_int_equal(hs_price_sale(rule, HS_ROUND_HALF_EVEN, &sold, tallies, &out, NULL), HS_OK);
  *tallies = out.after;
  return out;
}

/* ---- shares ---- */

#define A 7
#define B 3
#define C 9
#define D 1

struct division {
  struct hs_ratio first, last, minimum;
  const char *touches;  /* "ABC" */
  const char *expected; /* "A 2/5, B 1/5, C 2/5" */
};

static void format_shares(const struct hs_share *shares, size_t count, char *out)
{
  *out = '\0';
  for (size_t i = 0; i < count; i++) {
    char part[HS_RATIO_TEXT];
    hs_ratio_format(shares[i].part, part);
    (void)snprintf(out + strlen(out), 100, "%s%c %s", i > 0 ? ", " : "", (int)shares[i].partner,
                   part);
  }
}

static void shares_go_by_place([[maybe_unused]] void **state)
{
  const struct hs_ratio zero = HS_RATIO_ZERO;
  const struct hs_ratio one = HS_RATIO_ONE;
  const struct hs_ratio forty = hs_ratio_of(2, 5);
  const struct division ROWS[] = {
      {zero, one, zero, "ABC", "C 1"},
      {one, zero, zero, "ABC", "A 1"},
      {forty, forty, zero, "A", "A 1"},
      {forty, forty, zero, "AB", "A 1/2, B 1/2"},
      {forty, forty, zero, "ABC", "A 2/5, B 1/5, C 2/5"},
      {forty, forty, zero, "ABDC", "A 2/5, B 1/10, D 1/10, C 2/5"},
      {forty, forty, zero, "ABBBDC", "A 2/5, B 1/10, D 1/10, C 2/5"}, /* many clicks count once */
      {forty, forty, zero, "ABAC", "A 2/5, B 1/5, C 2/5"},            /* the first has its place */
      {forty, forty, zero, "ABA", "A 4/5, B 1/5"},
      {forty, forty, zero, "AAA", "A 1"},
      {zero, zero, zero, "AB", "A 1/2, B 1/2"},
      {zero, zero, zero, "ABC", "B 1"},
      {hs_ratio_of(1, 2), hs_ratio_of(1, 4), zero, "AC", "A 2/3, C 1/3"},
      {forty, forty, hs_ratio_of(3, 20), "ABDC", "A 1/2, C 1/2"}, /* a tenth each is too little */
      {forty, forty, hs_ratio_of(3, 20), "ABC", "A 2/5, B 1/5, C 2/5"},
      {forty, forty, one, "ABC", "A 2/5, B 1/5, C 2/5"}, /* all too little: nobody is left out */
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    const struct hs_policy policy = {
        .first = ROWS[i].first, .last = ROWS[i].last, .minimum = ROWS[i].minimum};
    uint32_t partners[16];
    struct hs_share shares[16];
    char text[256];
    size_t count = strlen(ROWS[i].touches);
    for (size_t t = 0; t < count; t++)
      partners[t] = (unsigned char)ROWS[i].touches[t];
    assert_int_equal(hs_policy_divide(&policy, partners, count, shares, &count, NULL), HS_OK);
    format_shares(shares, count, text);
    assert_string_equal(text, ROWS[i].expected);
  }
}

static uint64_t random_state = 20260902;

static uint64_t next_random(void)
{
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return random_state * 0x2545F4914F6CDD1DU;
}

/* L5 of the invariants: parts sum to the whole. */
static void shares_sum_to_exactly_one([[maybe_unused]] void **state)
{
  for (int round = 0; round < 50000; round++) {
    int64_t first = (int64_t)(next_random() % 101);
    int64_t last = (int64_t)(next_random() % (uint64_t)(101 - first));
    const struct hs_policy policy = {.first = hs_ratio_of(first, 100),
                                     .last = hs_ratio_of(last, 100),
                                     .minimum = hs_ratio_of((int64_t)(next_random() % 60), 100)};
    uint32_t partners[40];
    struct hs_share shares[40];
    size_t count = 1 + next_random() % 40;
    size_t kept = 0;
    struct hs_ratio sum = HS_RATIO_ZERO;
    for (size_t t = 0; t < count; t++)
      partners[t] = (uint32_t)(next_random() % (1 + count / 2));
    assert_int_equal(hs_policy_divide(&policy, partners, count, shares, &kept, NULL), HS_OK);
    for (size_t i = 0; i < kept; i++) {
      assert_true(shares[i].part.top > 0);
      assert_true(hs_ratio_add(sum, shares[i].part, &sum));
    }
    assert_int_equal(hs_ratio_compare(sum, HS_RATIO_ONE), 0);
  }
}

static void a_policy_out_of_range_is_refused([[maybe_unused]] void **state)
{
  struct hs_err err = {0};
  struct hs_policy policy = {
      .first = hs_ratio_of(3, 2), .last = HS_RATIO_ZERO, .minimum = HS_RATIO_ZERO};
  assert_int_equal(hs_policy_check(&policy, &err), HS_INVALID);
  assert_string_equal(err.text, "first must be 0 to 1, got 3/2");
  policy.first = policy.last = hs_ratio_of(3, 5);
  assert_int_equal(hs_policy_check(&policy, &err), HS_INVALID);
  assert_string_equal(err.text, "first and last together must be 0 to 1, got 6/5");
  policy = HS_POLICY_LAST;
  policy.minimum = hs_ratio_of(-1, 10);
  assert_int_equal(hs_policy_check(&policy, &err), HS_INVALID);
  assert_string_equal(err.text, "minimum must be 0 to 1, got -1/10");
  policy = HS_POLICY_LAST;
  assert_int_equal(hs_policy_check(&policy, &err), HS_OK);
  policy.stand_down_us = -1;
  assert_int_equal(hs_policy_check(&policy, &err), HS_INVALID);
  assert_string_equal(err.text, "the time to stand down must be 0 or more, got -1 us");
}

/* ---- rates ---- */

/* Order 100.00 EUR; three partners at 10 %, the last with 12 % from its 11th order of the month on,
   and this is its 11th; first 40 %, last 40 %, the rest over assists.
     first   40.00 at 10 % = 4.00      assist  20.00 at 10 % = 2.00      last  40.00 at 12 % = 4.80
   33.33 come back: 33.33 %: 1.3332, 0.6666 and 1.59984, rounded 1.33, 0.67 and 1.60.
   66.67 more come back: what is left, 2.67, 1.33 and 3.20. */
static void an_order_of_three_partners_and_two_refunds([[maybe_unused]] void **state)
{
  const struct hs_policy policy = {
      .first = hs_ratio_of(2, 5), .last = hs_ratio_of(2, 5), .minimum = HS_RATIO_ZERO};
  const uint32_t partners[] = {A, B, C};
  const struct hs_rule plain = {.name = HS_STR("sales"), .rank = 1, .rate = percent("10%")};
  struct hs_rule tiered = plain;
  tiered.tiers = (struct hs_tiers){.measure = HS_TIER_ORDERS,
                                   .period = HS_CYCLE_MONTH,
                                   .count = 1,
                                   .tier = {{.from = 11, .rate = percent("12%")}}};
  const struct hs_rule *rules[] = {&plain, &plain, &tiered};
  const int64_t commissions[] = {400, 200, 480};
  const int64_t first_refund[] = {133, 67, 160};
  const int64_t second_refund[] = {267, 133, 320};
  struct hs_share shares[3];
  size_t count = 0;
  assert_int_equal(hs_policy_divide(&policy, partners, 3, shares, &count, NULL), HS_OK);
  assert_int_equal(count, 3);
  for (size_t i = 0; i < 3; i++) {
    struct hs_tallies tallies = {0};
    tallies.of[HS_CYCLE_MONTH].order_count = i == 2 ? 10 : 0;
    struct hs_price p = price(rules[i], 10000, shares[i].part, &tallies);
    assert_int_equal(p.amount_minor, commissions[i]);
    assert_int_equal(p.catch_up_minor, 0);
    int64_t back = 0;
    assert_int_equal(
        hs_price_take_back(p.amount_minor, 10000, 3333, 0, HS_ROUND_HALF_EVEN, &back, NULL), HS_OK);
    assert_int_equal(back, first_refund[i]);
    assert_int_equal(
        hs_price_take_back(p.amount_minor, 10000, 10000, back, HS_ROUND_HALF_EVEN, &back, NULL),
        HS_OK);
    assert_int_equal(back, second_refund[i]);
  }
}

/* 5 % up to 1,000.00 of the month, 10 % up to 2,000.00, then 20 %. 900.00 were there before; an
   order of 1,500.00 gives 100.00 at 5 %, 1,000.00 at 10 % and 400.00 at 20 %: 5.00 + 100.00
   + 80.00. */
static void a_marginal_tier_by_revenue_cuts_the_order([[maybe_unused]] void **state)
{
  const struct hs_rule rule = {
      .name = HS_STR("sales"),
      .rank = 1,
      .rate = percent("5%"),
      .tiers = {.measure = HS_TIER_REVENUE,
                .period = HS_CYCLE_MONTH,
                .count = 2,
                .tier = {{100000, percent("10%")}, {200000, percent("20%")}}}};
  struct hs_tallies tallies = {0};
  assert_int_equal(price(&rule, 90000, HS_RATIO_ONE, &tallies).amount_minor, 4500);
  struct hs_price p = price(&rule, 150000, HS_RATIO_ONE, &tallies);
  assert_int_equal(p.piece_count, 3);
  assert_int_equal(p.amount_minor, 500 + 10000 + 8000);
  assert_int_equal(tallies.of[HS_CYCLE_MONTH].base_minor, 240000);
  p = price(&rule, 1000, HS_RATIO_ONE, &tallies);
  assert_int_equal(p.piece_count, 1);
  assert_int_equal(p.amount_minor, 200);
  p = price(&rule, 0, HS_RATIO_ONE, &tallies); /* an order of nothing earns nothing */
  assert_int_equal(p.amount_minor, 0);
}

/* 10 %, and 15 % for the whole month from the third order on: 10.00 + 10.00, then 15.00 for the
   third and 5.00 for each of the two before. */
static void a_retroactive_tier_catches_up_once([[maybe_unused]] void **state)
{
  const struct hs_rule rule = {.name = HS_STR("sales"),
                               .rank = 1,
                               .rate = percent("10%"),
                               .tiers = {.measure = HS_TIER_ORDERS,
                                         .period = HS_CYCLE_MONTH,
                                         .is_retroactive = 1,
                                         .count = 1,
                                         .tier = {{3, percent("15%")}}}};
  struct hs_tallies tallies = {0};
  for (int i = 0; i < 2; i++)
    assert_int_equal(price(&rule, 10000, HS_RATIO_ONE, &tallies).amount_minor, 1000);
  struct hs_price p = price(&rule, 10000, HS_RATIO_ONE, &tallies);
  assert_int_equal(p.rounded_minor, 1500);
  assert_int_equal(p.catch_up_minor, 1000);
  assert_int_equal(p.amount_minor, 2500);
  p = price(&rule, 10001, HS_RATIO_ONE, &tallies);
  assert_int_equal(p.catch_up_minor, 0);
  assert_int_equal(p.amount_minor, 1500); /* 15.0015 */
}

static void a_flat_amount_is_shared_and_caps_cut([[maybe_unused]] void **state)
{
  struct hs_rule rule = {.name = HS_STR("sales"), .rank = 1, .rate = flat(500)};
  struct hs_tallies tallies = {0};
  assert_int_equal(price(&rule, 123456, hs_ratio_of(1, 3), &tallies).amount_minor, 167);
  rule.caps.most_minor[HS_CYCLE_DAY] = 600;
  rule.caps.most_minor[HS_CYCLE_EVER] = 1000;
  assert_int_equal(price(&rule, 1, HS_RATIO_ONE, &tallies).amount_minor, 433); /* 600 − 167 */
  assert_int_equal(price(&rule, 1, HS_RATIO_ONE, &tallies).amount_minor, 0);
  tallies.of[HS_CYCLE_DAY] = (struct hs_tally){0};                             /* the next day */
  assert_int_equal(price(&rule, 1, HS_RATIO_ONE, &tallies).amount_minor, 400); /* 1,000 − 600 */
  assert_int_equal(tallies.of[HS_CYCLE_EVER].earned_minor, 167 + 3 * 500);
  assert_int_equal(tallies.of[HS_CYCLE_EVER].paid_minor, 1000);
}

/* 18.00 for each of three pieces, of which the partner has a third: 18.00. */
static void pieces_of_items_are_paid_by_the_piece([[maybe_unused]] void **state)
{
  const struct hs_rule rule = {
      .name = HS_STR("shoes"), .rank = 1, .level = HS_LEVEL_ITEM, .rate = flat(1800)};
  const struct hs_sold sold = {.base_minor = 30000, .count = 3, .share = hs_ratio_of(1, 3)};
  const struct hs_tallies none = {0};
  struct hs_price out;
  assert_int_equal(hs_price_sale(&rule, HS_ROUND_HALF_EVEN, &sold, &none, &out, NULL), HS_OK);
  assert_int_equal(out.amount_minor, 1800);
  assert_int_equal(hs_ratio_compare(out.pieces[0].times, HS_RATIO_ONE), 0);
  assert_int_equal(out.after.of[HS_CYCLE_DAY].order_count, 1); /* one order, however many pieces */
}

/* 10 % of 5 is a half and rounds up to 1: ten such orders earn 10, though 15 % of their sum is 7.5.
   The eleventh reaches the tier; what rounding gave is not taken back. */
static void a_retroactive_tier_never_takes_back([[maybe_unused]] void **state)
{
  const struct hs_rule rule = {.name = HS_STR("small"),
                               .rank = 1,
                               .rate = percent("10%"),
                               .tiers = {.measure = HS_TIER_ORDERS,
                                         .period = HS_CYCLE_MONTH,
                                         .is_retroactive = 1,
                                         .count = 1,
                                         .tier = {{11, percent("15%")}}}};
  const struct hs_sold sold = {.base_minor = 5, .count = 1, .share = HS_RATIO_ONE};
  struct hs_tallies tallies = {0};
  struct hs_price out;
  for (int i = 0; i < 11; i++) {
    assert_int_equal(hs_price_sale(&rule, HS_ROUND_HALF_UP, &sold, &tallies, &out, NULL), HS_OK);
    assert_int_equal(out.amount_minor, 1);
    tallies = out.after;
  }
  assert_int_equal(out.catch_up_minor, 0);
  assert_int_equal(tallies.of[HS_CYCLE_MONTH].earned_minor, 11);
}

static void a_bonus_is_due_once_when_its_threshold_is_passed([[maybe_unused]] void **state)
{
  static const struct {
    enum hs_tier_measure measure;
    struct hs_tally before, after;
    int is_due;
  } ROWS[] = {
      {HS_TIER_ORDERS, {.order_count = 48}, {.order_count = 49}, 0},
      {HS_TIER_ORDERS, {.order_count = 49}, {.order_count = 50}, 1},
      {HS_TIER_ORDERS, {.order_count = 50}, {.order_count = 51}, 0},
      {HS_TIER_ORDERS,
       {.order_count = 0, .base_minor = 49},
       {.order_count = 1, .base_minor = 90},
       0},
      {HS_TIER_REVENUE, {.base_minor = 0}, {.base_minor = 49}, 0},
      {HS_TIER_REVENUE, {.base_minor = 49}, {.base_minor = 5000}, 1}, /* passed, not met */
      {HS_TIER_REVENUE, {.base_minor = 50}, {.base_minor = 51}, 0},
      {HS_TIER_REVENUE, {.order_count = 49}, {.order_count = 50}, 0},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    const struct hs_bonus bonus = {.measure = ROWS[i].measure, .from = 50, .amount_minor = 10000};
    assert_int_equal(hs_bonus_is_reached(&bonus, &ROWS[i].before, &ROWS[i].after), ROWS[i].is_due);
  }
}

static void what_does_not_fit_pays_nobody([[maybe_unused]] void **state)
{
  const struct hs_rule rule = {.name = HS_STR("sales"), .rank = 1, .rate = percent("300%")};
  const struct hs_sold sold = {.base_minor = INT64_MAX, .count = 1, .share = HS_RATIO_ONE};
  const struct hs_tallies none = {0};
  struct hs_price out = {.amount_minor = 42};
  struct hs_err err = {0};
  assert_int_equal(hs_price_sale(&rule, HS_ROUND_HALF_EVEN, &sold, &none, &out, &err), HS_INVALID);
  assert_string_equal(err.text, "rule \"sales\": the commission does not fit");
  assert_int_equal(out.amount_minor, 42);
}

/* ---- laws ---- */

/* Marginal tiers the slow way: the base unit by unit, each at the rate of the tier it lies in. */
static struct hs_ratio unit_by_unit(const struct hs_rule *rule, int64_t before, int64_t base_minor)
{
  struct hs_ratio sum = HS_RATIO_ZERO;
  for (int64_t unit = before; unit < before + base_minor; unit++) {
    const struct hs_rate *rate = &rule->rate;
    for (size_t t = 0; t < rule->tiers.count; t++)
      if (unit >= rule->tiers.tier[t].from)
        rate = &rule->tiers.tier[t].rate;
    assert_true(hs_ratio_add(sum, hs_ratio_of_decimal(rate->percentage), &sum));
  }
  return sum;
}

static void marginal_tiers_agree_with_counting_unit_by_unit([[maybe_unused]] void **state)
{
  for (int round = 0; round < 2000; round++) {
    struct hs_rule rule = {.name = HS_STR("sales"),
                           .rate = {.percentage = {(int64_t)(next_random() % 400), 3}},
                           .tiers = {.measure = HS_TIER_REVENUE, .period = HS_CYCLE_EVER}};
    int64_t from = 0;
    rule.tiers.count = next_random() % (HS_TIERS_MAX + 1);
    for (size_t t = 0; t < rule.tiers.count; t++) {
      from += 1 + (int64_t)(next_random() % 40);
      rule.tiers.tier[t] =
          (struct hs_tier){from, {.percentage = {(int64_t)(next_random() % 400), 3}}};
    }
    struct hs_tallies tallies = {0};
    tallies.of[HS_CYCLE_EVER].base_minor = (int64_t)(next_random() % 300);
    int64_t before = tallies.of[HS_CYCLE_EVER].base_minor;
    int64_t base = (int64_t)(next_random() % 300);
    struct hs_price p = price(&rule, base, HS_RATIO_ONE, &tallies);
    assert_int_equal(hs_ratio_compare(p.exact_minor, unit_by_unit(&rule, before, base)), 0);
  }
}

/* However an order comes back, in one piece or many, the same is taken back, and all in the end. */
static void refunds_in_pieces_take_back_the_whole([[maybe_unused]] void **state)
{
  for (int round = 0; round < 50000; round++) {
    int64_t order = 1 + (int64_t)(next_random() % 1000000);
    int64_t commission = (int64_t)(next_random() % (uint64_t)order);
    enum hs_rounding rounding = next_random() % 2 ? HS_ROUND_HALF_UP : HS_ROUND_HALF_EVEN;
    int64_t refunded = 0;
    int64_t taken = 0;
    while (refunded < order) {
      int64_t back = 0;
      int64_t at_once = 0;
      refunded += 1 + (int64_t)(next_random() % (uint64_t)order);
      assert_int_equal(
          hs_price_take_back(commission, order, refunded, taken, rounding, &back, NULL), HS_OK);
      assert_int_equal(hs_price_take_back(commission, order, refunded, 0, rounding, &at_once, NULL),
                       HS_OK);
      taken += back;
      assert_true(back >= 0);
      assert_int_equal(taken, at_once);
    }
    assert_int_equal(taken, commission);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shares_go_by_place),
      cmocka_unit_test(shares_sum_to_exactly_one),
      cmocka_unit_test(a_policy_out_of_range_is_refused),
      cmocka_unit_test(an_order_of_three_partners_and_two_refunds),
      cmocka_unit_test(a_marginal_tier_by_revenue_cuts_the_order),
      cmocka_unit_test(a_retroactive_tier_catches_up_once),
      cmocka_unit_test(a_flat_amount_is_shared_and_caps_cut),
      cmocka_unit_test(pieces_of_items_are_paid_by_the_piece),
      cmocka_unit_test(a_retroactive_tier_never_takes_back),
      cmocka_unit_test(a_bonus_is_due_once_when_its_threshold_is_passed),
      cmocka_unit_test(what_does_not_fit_pays_nobody),
      cmocka_unit_test(marginal_tiers_agree_with_counting_unit_by_unit),
      cmocka_unit_test(refunds_in_pieces_take_back_the_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
