/* Proves agreement/rule_check against the definition applied the slow way: small random sets of
   rules are asked about every order of a small world by the function that judges real orders
   and their items (ledger/choose). What the check says of all orders, which rules never pay, which
   overlap, what nobody pays for, must be exactly what is seen there, and its examples must be what
   they are said to be. The figures of amounts, caps and tiers are held against orders that are
   priced. HANSA_CASES is the number of random sets of rules (400). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "agreement/rule_check.h"
#include "ledger/choose.h"
#include "ledger/price.h"
#include "support/capacity.h"
#include "support/random.h"
#include "support/seeded.h"

#define RULES_MAX 6
#define ORDERS_MAX 20000

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 64 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

/* ---- the small world ---- */

/* Texts that rules name, in the case in which orders carry them, and one that none names. */
static const struct hs_str CODES[] = {{NULL, 0}, {"blog", 4}, {"NEWS", 4}, {"other", 5}};
static const struct hs_str PLACES[] = {{NULL, 0}, {"DE", 2}, {"FR", 2}, {"SE", 2}};
static const struct hs_str NAMED_CODES[] = {{"BLOG", 4}, {"news", 4}};

static const struct hs_fact FACTS[] = {{{"plan", 4}, {"pro", 3}}, {{"plan", 4}, {"free", 4}}};
static const struct hs_str PLANS[] = {{"pro", 3}, {"team", 4}};
static const struct hs_metadata_condition PLAN = {{"plan", 4}, {(void *)(uintptr_t)PLANS, 2}};

/* An order of one item, beside which there may be others. */
struct order {
  struct hs_sale sale;
  int64_t item_minor;
};

static size_t add_orders(struct order *orders, size_t count, struct hs_sale sale)
{
  for (size_t c = 0; c < 4; c++)
    for (size_t k = 0; k < 4; k++)
      for (size_t p = 0; p < 2; p++)
        for (size_t f = 0; f < 3; f++) { /* 2: no metadata */
          struct order *order = &orders[count++];
          *order = (struct order){sale, sale.value_minor};
          order->sale.coupon = CODES[c];
          order->sale.country = PLACES[k];
          order->sale.product = PLACES[p];
          order->sale.fact_count = f < 2;
          order->sale.facts = &FACTS[f % 2];
        }
  return count;
}

/* Every order that the rules below can tell apart, and more. */
static size_t all_orders(struct order orders[ORDERS_MAX])
{
  size_t count = 0;
  for (int months = -1; months <= 3; months++) /* -1: a new customer */
    for (int64_t value = 0; value <= 6; value++)
      for (int64_t item = 0; item <= value; item++) {
        size_t from = count;
        count = add_orders(orders, count,
                           (struct hs_sale){.is_new = months < 0,
                                            .months = months < 0 ? 0 : (uint32_t)months,
                                            .value_minor = value});
        while (from < count)
          orders[from++].item_minor = item;
      }
  assert_true(count <= ORDERS_MAX);
  return count;
}

/* Which rule pays for the item. */
static const struct hs_rule *pays(const struct hs_terms *terms, const struct order *order)
{
  const struct hs_item item = {order->sale.product, 1, order->item_minor, {0}};
  struct hs_portion portions[RULES_MAX];
  size_t count = 0;
  assert_int_equal(hs_rules_for_items(terms, &order->sale, &item, 1, portions, &count, NULL),
                   HS_OK);
  return count == 0 ? NULL : portions[0].rule;
}

static struct hs_list some_of(const struct hs_str *items, size_t count, uint64_t *random)
{
  uint64_t kind = (next_random(random) >> 32) % 6;
  if (kind < 3)
    return (struct hs_list){0};
  return kind == 3 && count > 1 ? (struct hs_list){(void *)(uintptr_t)items, 2}
                                : (struct hs_list){(void *)(uintptr_t)(items + kind % count), 1};
}

static int64_t below(uint64_t *random, uint64_t bound)
{
  return (int64_t)((next_random(random) >> 32) % bound);
}

static struct hs_rule random_rule(uint64_t *random, int32_t rank)
{
  static const char *const NAMES[RULES_MAX] = {"a", "b", "c", "d", "e", "f"};
  struct hs_rule rule = {
      .name = hs_str_of(NAMES[rank - 1]),
      .rank = rank,
      .event = below(random, 8) == 0 ? HS_RULE_LEAD : HS_RULE_SALE,
      .when = {.customer =
                   below(random, 2) == 0 ? HS_CUSTOMER_ANY : (enum hs_customer)below(random, 3),
               .coupons = some_of(NAMED_CODES, 2, random),
               .countries = some_of(PLACES + 1, 2, random),
               .products = some_of(PLACES + 1, 1, random),
               .metadata = {(void *)(uintptr_t)&PLAN, below(random, 4) == 0},
               .value_min_minor = below(random, 2) * below(random, 4),
               .value_max_minor = INT64_MAX},
      .rate = {.structure = HS_STRUCTURE_FLAT, .flat_minor = 1 + below(random, 6)},
      .months_max = (uint32_t)(below(random, 3) == 0 ? 1 + below(random, 2) : 0),
      .is_first_only = below(random, 6) == 0,
      .place = (uint32_t)rank - 1};
  if (rule.event == HS_RULE_SALE && below(random, 3) == 0)
    rule.level = HS_LEVEL_ITEM;
  if (below(random, 2) == 0)
    rule.when.value_max_minor = rule.when.value_min_minor + below(random, 3);
  return rule;
}

static struct hs_terms random_terms(uint64_t *random, struct hs_rule rules[RULES_MAX])
{
  struct hs_terms terms = {
      .currency = {"EUR"}, .rule_count = (size_t)(1 + below(random, RULES_MAX)), .rules = rules};
  for (size_t r = 0; r < terms.rule_count; r++)
    rules[r] = random_rule(random, (int32_t)r + 1);
  return terms;
}

/* ---- what is said ---- */

struct said {
  const struct hs_terms *terms;
  const struct order *orders;
  size_t order_count;
  int is_unreachable[RULES_MAX];
  int is_idle[RULES_MAX];
  int64_t too_small[RULES_MAX]; /* the order that a fixed amount exceeds; -1: nothing said */
  int overlaps[RULES_MAX][RULES_MAX];
  int gaps;
};

static int has_metadata(const struct hs_sale *sale, struct hs_str words)
{
  int is_pro = sale->fact_count > 0 && hs_str_equal(sale->facts[0].value, HS_STR("pro"));
  return hs_str_equal(words, HS_STR("plan=pro")) ? is_pro : !is_pro;
}

static int is_of_case(const struct order *order, const struct hs_rule_case *example)
{
  const struct hs_sale *sale = &order->sale;
  unsigned fixed = example->fixed;
  if (fixed >> HS_AXIS_CUSTOMER & 1 &&
      (sale->is_new != example->is_new || sale->months != example->months))
    return 0;
  if (fixed >> HS_AXIS_VALUE & 1 &&
      (sale->value_minor != example->value_minor || order->item_minor != example->item_minor))
    return 0;
  if (fixed >> HS_AXIS_METADATA & 1 && !has_metadata(sale, example->metadata))
    return 0;
  if (fixed >> HS_AXIS_COUPON & 1 && !hs_str_equal_ascii_fold(sale->coupon, example->coupon))
    return 0;
  if (fixed >> HS_AXIS_COUNTRY & 1 && !hs_str_equal(sale->country, example->country))
    return 0;
  return !(fixed >> HS_AXIS_PRODUCT & 1) || hs_str_equal(sale->product, example->product);
}

static int holds_alone(const struct hs_terms *terms, size_t rule, const struct order *order)
{
  struct hs_terms alone = *terms;
  alone.rules = &terms->rules[rule];
  alone.rule_count = 1;
  return pays(&alone, order) != NULL;
}

/* Of every order of the case: who pays first, and who else would. */
static void check_example(const struct said *said, const struct hs_finding *finding)
{
  size_t found = 0;
  for (size_t o = 0; o < said->order_count; o++) {
    const struct order *order = &said->orders[o];
    if (!is_of_case(order, finding->example))
      continue;
    found++;
    assert_ptr_equal(pays(said->terms, order), finding->other);
    if (finding->rule != NULL)
      assert_true(holds_alone(said->terms, (size_t)(finding->rule - said->terms->rules), order));
  }
  assert_true(found > 0);
}

static void note(void *context, const struct hs_finding *finding)
{
  struct said *said = context;
  size_t rule = finding->rule == NULL ? 0 : (size_t)(finding->rule - said->terms->rules);
  assert_true(finding->words[0] != '\0');
  if (finding->rule != NULL && finding->rule->event != HS_RULE_SALE)
    return;
  if (strcmp(finding->code, "unreachable_rule") == 0) {
    said->is_unreachable[rule]++;
  } else if (strcmp(finding->code, "idle_months") == 0) {
    said->is_idle[rule]++;
  } else if (strcmp(finding->code, "more_than_order") == 0) {
    said->too_small[rule] = finding->example->value_minor;
  } else if (strcmp(finding->code, "overlap") == 0) {
    said->overlaps[finding->other - said->terms->rules][rule]++;
    check_example(said, finding);
  } else {
    assert_string_equal(finding->code, "gap");
    said->gaps++;
    check_example(said, finding);
  }
}

/* ---- what is seen ---- */

struct seen {
  int pays[RULES_MAX];
  int64_t least[RULES_MAX];
  int overlaps[RULES_MAX][RULES_MAX];
  int gaps;
};

static void look(const struct said *said, struct seen *seen)
{
  const struct hs_terms *terms = said->terms;
  for (size_t o = 0; o < said->order_count; o++) {
    const struct order *order = &said->orders[o];
    const struct hs_rule *first = pays(terms, order);
    if (first == NULL) {
      seen->gaps = 1;
      continue;
    }
    size_t f = (size_t)(first - terms->rules);
    int64_t value = first->level == HS_LEVEL_ITEM ? order->item_minor : order->sale.value_minor;
    if (!seen->pays[f] || value < seen->least[f])
      seen->least[f] = value;
    seen->pays[f] = 1;
    for (size_t r = f + 1; r < terms->rule_count; r++)
      seen->overlaps[f][r] |= holds_alone(terms, r, order);
  }
}

static int months_matter(const struct said *said, size_t rule)
{
  struct hs_rule without = said->terms->rules[rule];
  const struct hs_terms terms = {.rule_count = 1, .rules = &without};
  without.months_max = 0;
  for (size_t o = 0; o < said->order_count; o++)
    if (holds_alone(said->terms, rule, &said->orders[o]) !=
        (pays(&terms, &said->orders[o]) != NULL))
      return 1;
  return 0;
}

static void compare(const struct said *said, const struct seen *seen)
{
  for (size_t r = 0; r < said->terms->rule_count; r++) {
    const struct hs_rule *rule = &said->terms->rules[r];
    if (rule->event != HS_RULE_SALE)
      continue;
    assert_int_equal(said->is_unreachable[r], !seen->pays[r]);
    assert_int_equal(said->is_idle[r], rule->months_max > 0 && !months_matter(said, r));
    int64_t too_small =
        seen->pays[r] && rule->rate.flat_minor > seen->least[r] ? seen->least[r] : -1;
    assert_int_equal(said->too_small[r], too_small);
    for (size_t f = 0; f < r; f++)
      assert_int_equal(said->overlaps[f][r], seen->pays[r] && seen->overlaps[f][r]);
  }
  assert_int_equal(said->gaps, seen->gaps);
}

static void what_is_said_of_all_orders_is_seen_on_them([[maybe_unused]] void **state)
{
  static struct order orders[ORDERS_MAX];
  size_t order_count = all_orders(orders);
  uint64_t cases = test_number("HANSA_CASES", 400);
  for (uint64_t i = 1; i <= cases; i++) {
    uint64_t random = 0x9E3779B97F4A7C15U * i;
    struct hs_rule rules[RULES_MAX];
    struct hs_terms terms = random_terms(&random, rules);
    struct said said = {.terms = &terms, .orders = orders, .order_count = order_count};
    struct seen seen = {0};
    for (size_t r = 0; r < RULES_MAX; r++)
      said.too_small[r] = -1;
    size_t used = arena.used_bytes;
    assert_int_equal(hs_terms_check(&terms, &arena, note, &said, NULL), HS_OK);
    assert_int_equal(arena.used_bytes, used);
    look(&said, &seen);
    compare(&said, &seen);
  }
}

/* ---- figures ---- */

static char told[4096];

static void note_words(void *context, const struct hs_finding *finding)
{
  size_t used = strlen(told);
  (void)context;
  if (strcmp(finding->code, "gap") != 0 && strcmp(finding->code, "overlap") != 0)
    (void)snprintf(told + used, sizeof told - used, "%s: %s\n", finding->code, finding->words);
}

static struct hs_rate percent(int64_t hundredths)
{
  return (struct hs_rate){.structure = HS_STRUCTURE_PERCENTAGE, .percentage = {hundredths, 2}};
}

static struct hs_rate flat(int64_t amount_minor)
{
  return (struct hs_rate){.structure = HS_STRUCTURE_FLAT, .flat_minor = amount_minor};
}

static void expect(const struct hs_rule *rule, const char *words)
{
  struct hs_rule named = *rule;
  const struct hs_terms terms = {.currency = {"EUR"}, .rule_count = 1, .rules = &named};
  named.name = HS_STR("sales");
  if (named.when.value_max_minor == 0)
    named.when.value_max_minor = INT64_MAX;
  told[0] = '\0';
  assert_int_equal(hs_terms_check(&terms, &arena, note_words, NULL, NULL), HS_OK);
  assert_string_equal(told, words);
}

static void amounts_stand_against_orders_and_caps([[maybe_unused]] void **state)
{
  struct hs_rule rule = {.rate = flat(500)};
  expect(&rule, "more_than_order: pays 5.00 EUR even for an order of 0.00 EUR: value_min says from "
                "which value on it pays\n");
  rule.when.value_min_minor = 500;
  expect(&rule, "");
  rule.caps.most_minor[HS_CYCLE_MONTH] = 499;
  expect(&rule, "amount_above_cap: 5.00 EUR is never paid whole: the cap of a month is 4.99 EUR\n");
  expect(&(struct hs_rule){.event = HS_RULE_LEAD, .rate = percent(10)},
         "no_base: a lead has no value that a percentage could be taken of: give an amount\n");
  expect(&(struct hs_rule){.event = HS_RULE_LEAD, .rate = flat(10)}, "");
  expect(&(struct hs_rule){.rate = percent(10),
                           .is_first_only = 1,
                           .when = {.customer = HS_CUSTOMER_RETURNING}},
         "unreachable_rule: never pays: its conditions exclude each other\n");
}

static void caps_stand_against_each_other([[maybe_unused]] void **state)
{
  static const struct {
    int64_t caps[HS_CYCLE_COUNT];
    const char *idle, *because;
  } ROWS[] = {
      {{100, 0, 100, 0}, "day", "month"},      {{99, 0, 100, 0}, NULL, NULL},
      {{10, 70, 0, 0}, "week", "day"},         {{10, 69, 0, 0}, NULL, NULL},
      {{0, 200, 100, 0}, "week", "month"},     {{0, 199, 100, 0}, NULL, NULL},
      {{0, 10, 60, 0}, "month", "week"},       {{0, 10, 59, 0}, NULL, NULL},
      {{10, 0, 310, 0}, "month", "day"},       {{10, 0, 309, 0}, NULL, NULL},
      {{0, 0, 500, 500}, "month", "all time"}, {{1, 1, 1, 1000000}, "day", "week"},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_rule rule = {.rate = percent(10)};
    char words[256] = "";
    memcpy(rule.caps.most_minor, ROWS[i].caps, sizeof ROWS[i].caps);
    const struct hs_terms terms = {.currency = {"EUR"}, .rule_count = 1, .rules = &rule};
    rule.when.value_max_minor = INT64_MAX;
    if (ROWS[i].idle != NULL)
      (void)snprintf(words, sizeof words,
                     "cap_never_reached: the cap of %s%s never decides: the one of %s%s leaves no "
                     "more than that\n",
                     strcmp(ROWS[i].idle, "all time") != 0 ? "a " : "", ROWS[i].idle,
                     strcmp(ROWS[i].because, "all time") != 0 ? "a " : "", ROWS[i].because);
    told[0] = '\0';
    assert_int_equal(hs_terms_check(&terms, &arena, note_words, NULL, NULL), HS_OK);
    if (words[0] == '\0')
      assert_string_equal(told, "");
    else
      assert_memory_equal(told, words, strlen(words));
  }
}

static struct hs_rule tiered(enum hs_tier_measure measure, int is_retroactive, struct hs_rate own,
                             int64_t from, struct hs_rate rate)
{
  return (struct hs_rule){.rate = own,
                          .tiers = {.measure = measure,
                                    .period = HS_CYCLE_MONTH,
                                    .is_retroactive = is_retroactive,
                                    .count = 1,
                                    .tier = {{from, rate}}}};
}

/* What one order earns behind so many equal ones. */
static int64_t earned_at(const struct hs_rule *rule, int64_t count, int64_t each_minor,
                         int64_t base_minor)
{
  const struct hs_sold each = {.base_minor = each_minor, .count = 1, .share = HS_RATIO_ONE};
  const struct hs_sold last = {.base_minor = base_minor, .count = 1, .share = HS_RATIO_ONE};
  struct hs_tallies tallies = {0};
  struct hs_price price = {0};
  for (int64_t i = 0; i < count; i++) {
    assert_int_equal(hs_price_sale(rule, HS_ROUND_HALF_EVEN, &each, &tallies, &price, NULL), HS_OK);
    tallies = price.after;
  }
  assert_int_equal(hs_price_sale(rule, HS_ROUND_HALF_EVEN, &last, &tallies, &price, NULL), HS_OK);
  return price.amount_minor;
}

static void tiers_stand_against_caps([[maybe_unused]] void **state)
{
  /* 10 % of 1,000.00 is the cap of 100.00: the tier from there on pays nothing. */
  struct hs_rule rule = tiered(HS_TIER_REVENUE, 0, percent(10), 100000, percent(12));
  rule.caps.most_minor[HS_CYCLE_MONTH] = 10000;
  expect(&rule, "tier_never_paid: tier 1 pays nothing: the cap of a month is used up before it "
                "begins\n");
  assert_int_equal(earned_at(&rule, 10, 10000, 10000), 0);
  rule.caps.most_minor[HS_CYCLE_MONTH] = 10001;
  expect(&rule, "");
  assert_int_equal(earned_at(&rule, 10, 10000, 10000), 1);
  /* A week may begin in one month and reach its tier in the next, where the cap begins anew. */
  rule.caps.most_minor[HS_CYCLE_MONTH] = 10000;
  rule.tiers.period = HS_CYCLE_WEEK;
  expect(&rule, "");
  /* Ten orders at 5.00 use up 50.00. */
  rule = tiered(HS_TIER_ORDERS, 0, flat(500), 11, flat(600));
  rule.when.value_min_minor = 600;
  rule.caps.most_minor[HS_CYCLE_EVER] = 5000;
  expect(&rule, "tier_never_paid: tier 1 pays nothing: the cap of all time is used up before it "
                "begins when orders are the partner's alone\n");
  assert_int_equal(earned_at(&rule, 10, 10000, 10000), 0);
  rule.caps.most_minor[HS_CYCLE_EVER] = 5001;
  expect(&rule, "");
}

static void tiers_that_change_nothing_are_told([[maybe_unused]] void **state)
{
  struct hs_rule rule = tiered(HS_TIER_ORDERS, 0, percent(10), 11, percent(10));
  expect(&rule, "tier_changes_nothing: tier 1 pays what was paid before it\n");
  rule = tiered(HS_TIER_ORDERS, 0, percent(10), 1, percent(12));
  expect(&rule, "tier_changes_nothing: the rule's own rate is never paid: the first tier begins "
                "with the first order\n");
}

static void what_a_retroactive_tier_pays_at_once_is_told([[maybe_unused]] void **state)
{
  /* The 51st order: 2 % of fifty orders and 12 % of its own, of which each is 100.00. */
  struct hs_rule rule = tiered(HS_TIER_ORDERS, 1, percent(10), 51, percent(12));
  expect(&rule, "catch_up: order 51 pays for all before it as well: 112 % of itself when all are "
                "of one size\n");
  assert_int_equal(earned_at(&rule, 50, 10000, 10000), 11200);
  rule.tiers.tier[0].from = 45;
  expect(&rule, ""); /* 2 % of 44 orders and 12 %: the order itself */
  assert_int_equal(earned_at(&rule, 44, 10000, 10000), 10000);
  /* 2 % of 999.99, by an order of one cent. */
  rule = tiered(HS_TIER_REVENUE, 1, percent(10), 100000, percent(12));
  expect(&rule, "catch_up: an order that reaches a tier pays for all before it as well, up to "
                "20.00 EUR whatever its own value\n");
  assert_int_equal(earned_at(&rule, 1, 99999, 1), 2000);
}

/* ---- limits ---- */

/* Every rule has a code, a country and a product of its own and shares each with a few others, so
   that nearly every combination of rules meets somewhere. */
static void too_many_cases_are_said([[maybe_unused]] void **state)
{
  static struct hs_rule rules[HS_RULES_MAX];
  static char texts[3][64][8];
  static struct hs_str lists[3][HS_RULES_MAX][40];
  uint64_t random = 7;
  for (size_t a = 0; a < 3; a++)
    for (size_t t = 0; t < 64; t++)
      (void)snprintf(texts[a][t], sizeof texts[a][t], "T%zu", t);
  for (size_t r = 0; r < HS_RULES_MAX; r++) {
    struct hs_list drawn[3];
    for (size_t a = 0; a < 3; a++) {
      for (size_t t = 0; t < 40; t++)
        lists[a][r][t] = hs_str_of(texts[a][below(&random, 64)]);
      drawn[a] = (struct hs_list){lists[a][r], 40};
    }
    rules[r] = (struct hs_rule){.name = HS_STR("r"),
                                .rank = (int32_t)r + 1,
                                .rate = percent(10),
                                .when = {.coupons = drawn[0],
                                         .countries = drawn[1],
                                         .products = drawn[2],
                                         .value_min_minor = (int64_t)r,
                                         .value_max_minor = (int64_t)r * 2}};
  }
  const struct hs_terms terms = {.currency = {"EUR"}, .rule_count = HS_RULES_MAX, .rules = rules};
  told[0] = '\0';
  assert_int_equal(hs_terms_check(&terms, &arena, note_words, NULL, NULL), HS_OK);
  assert_string_equal(told, "not_checked: the conditions meet in too many ways: overlaps, gaps and "
                            "rules that never pay were not looked for\n");
}

static enum hs_status check_in([[maybe_unused]] void *context, struct hs_arena *bounded,
                               struct hs_err *err)
{
  const struct hs_rule rules[] = {
      {.name = HS_STR("a"), .rank = 1, .rate = percent(10), .when = {.value_max_minor = 100}},
      {.name = HS_STR("b"), .rank = 2, .rate = percent(8), .when = {.value_max_minor = INT64_MAX}}};
  const struct hs_terms terms = {.currency = {"EUR"}, .rule_count = 2, .rules = rules};
  return hs_terms_check(&terms, bounded, note_words, NULL, err);
}

static void every_capacity_either_suffices_or_is_said([[maybe_unused]] void **state)
{
  assert_true(fail_every_allocation(check_in, NULL) > 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_said_of_all_orders_is_seen_on_them),
      cmocka_unit_test(amounts_stand_against_orders_and_caps),
      cmocka_unit_test(caps_stand_against_each_other),
      cmocka_unit_test(tiers_stand_against_caps),
      cmocka_unit_test(tiers_that_change_nothing_are_told),
      cmocka_unit_test(what_a_retroactive_tier_pays_at_once_is_told),
      cmocka_unit_test(too_many_cases_are_said),
      cmocka_unit_test(every_capacity_either_suffices_or_is_said),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
