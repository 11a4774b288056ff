/* Proves ledger/choose: which rule pays for an order, an item or another event, and which condition
   speaks against the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "ledger/choose.h"

/* ---- orders ---- */

static void the_first_rule_that_holds_pays([[maybe_unused]] void **state)
{
  static struct hs_str codes[] = {{"BLOG10", 6}, {"BLOG20", 6}};
  static struct hs_str countries[] = {{"DE", 2}};
  const struct hs_rule rules[] = {
      {.rank = 1, .event = HS_RULE_LEAD, .when = {.value_max_minor = INT64_MAX}},
      {.rank = 2, .when = {.coupons = {codes, 2}, .value_max_minor = INT64_MAX}},
      {.rank = 3,
       .is_first_only = 1,
       .when = {.countries = {countries, 1}, .value_max_minor = INT64_MAX}},
      {.rank = 4, .when = {.customer = HS_CUSTOMER_NEW, .value_max_minor = 10000}},
      {.rank = 5,
       .months_max = 12,
       .when = {.customer = HS_CUSTOMER_RETURNING,
                .value_min_minor = 500,
                .value_max_minor = INT64_MAX}},
  };
  const struct hs_terms terms = {.rule_count = 5, .rules = rules};
  static const struct {
    struct hs_sale sale;
    int32_t rank; /* 0: none */
  } ROWS[] = {
      {{.value_minor = 1, .is_new = 1}, 4},
      {{.value_minor = 10000, .is_new = 1}, 4},
      {{.value_minor = 10001, .is_new = 1}, 0},
      {{.value_minor = 10001, .is_new = 1, .country = {"DE", 2}}, 3},
      {{.value_minor = 1, .is_new = 1, .country = {"de", 2}}, 4},
      {{.value_minor = 1, .coupon = {"blog20", 6}}, 2},
      {{.value_minor = 1, .coupon = {"BLOG30", 6}}, 0},
      {{.value_minor = 500}, 5},
      {{.value_minor = 499}, 0},
      {{.value_minor = 500, .months = 11}, 5},
      {{.value_minor = 500, .months = 12}, 0},
      {{.value_minor = 500, .country = {"DE", 2}}, 5}, /* not the customer's first */
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    const struct hs_rule *rule = hs_rule_for_sale(&terms, &ROWS[i].sale);
    assert_int_equal(rule == NULL ? 0 : rule->rank, ROWS[i].rank);
  }
}

/* A rule for each condition, an event that meets them all, and one that fails that one alone. */
static void a_verdict_names_the_condition_that_fails([[maybe_unused]] void **state)
{
  static struct hs_str codes[] = {{"BLOG10", 6}};
  static struct hs_str countries[] = {{"DE", 2}, {"AT", 2}};
  static struct hs_str products[] = {{"shoe", 4}};
  static struct hs_str plans[] = {{"pro", 3}, {"team", 4}};
  static struct hs_str no[] = {{"no", 2}};
  static struct hs_metadata_condition metadata[] = {{{"plan", 4}, {plans, 2}},
                                                    {{"trial", 5}, {no, 1}}};
  const struct hs_fact facts[] = {{{"trial", 5}, {"no", 2}}, {{"plan", 4}, {"team", 4}}};
  const struct hs_rule rule = {.when = {.coupons = {codes, 1},
                                        .countries = {countries, 2},
                                        .products = {products, 1},
                                        .metadata = {metadata, 2},
                                        .value_min_minor = 100,
                                        .value_max_minor = 200},
                               .months_max = 12};
  const struct hs_sale sale = {.value_minor = 150,
                               .months = 3,
                               .coupon = {"blog10", 6},
                               .country = {"AT", 2},
                               .product = {"shoe", 4},
                               .fact_count = 2,
                               .facts = facts};
  struct hs_rule r = rule;
  struct hs_sale s = sale;
#define EXPECT(verdict)                                                                            \
  do {                                                                                             \
    assert_int_equal(hs_rule_judge(&r, &s), verdict);                                              \
    r = rule;                                                                                      \
    s = sale;                                                                                      \
  } while (0)
  EXPECT(HS_RULE_HOLDS);
  s.event = HS_RULE_LEAD;
  EXPECT(HS_RULE_OTHER_EVENT);
  r.when.customer = HS_CUSTOMER_NEW;
  EXPECT(HS_RULE_NEW_ONLY);
  r.when.customer = HS_CUSTOMER_RETURNING;
  s.is_new = 1;
  EXPECT(HS_RULE_RETURNING_ONLY);
  r.is_first_only = 1;
  EXPECT(HS_RULE_FIRST_ONLY);
  s.months = 12;
  EXPECT(HS_RULE_MONTHS_OVER);
  s.value_minor = 99;
  EXPECT(HS_RULE_VALUE_BELOW);
  s.value_minor = 201;
  EXPECT(HS_RULE_VALUE_ABOVE);
  s.coupon = (struct hs_str){0};
  EXPECT(HS_RULE_COUPON);
  s.country = (struct hs_str){"CH", 2};
  EXPECT(HS_RULE_COUNTRY);
  s.product = (struct hs_str){0};
  EXPECT(HS_RULE_PRODUCT);
  s.fact_count = 1; /* it does not say which plan */
  EXPECT(HS_RULE_METADATA);
#undef EXPECT
}

static void leads_clicks_and_named_events_have_rules_of_their_own([[maybe_unused]] void **state)
{
  static struct hs_str names[] = {{"trial_started", 13}};
  const struct hs_rule rules[] = {
      {.rank = 1, .event = HS_RULE_CLICK, .when = {.value_max_minor = INT64_MAX}},
      {.rank = 2, .event = HS_RULE_LEAD, .when = {.value_max_minor = INT64_MAX}},
      {.rank = 3,
       .event = HS_RULE_CUSTOM,
       .when = {.event_names = {names, 1}, .value_max_minor = INT64_MAX}},
  };
  const struct hs_terms terms = {.rule_count = 3, .rules = rules};
  static const struct {
    struct hs_sale sale;
    int32_t rank;
  } ROWS[] = {
      {{.event = HS_RULE_CLICK}, 1},
      {{.event = HS_RULE_LEAD}, 2},
      {{.event = HS_RULE_CUSTOM, .event_name = {"trial_started", 13}}, 3},
      {{.event = HS_RULE_CUSTOM, .event_name = {"trial_ended", 11}}, 0},
      {{.event = HS_RULE_CUSTOM}, 0},
      {{.event = HS_RULE_SALE}, 0},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    const struct hs_rule *rule = hs_rule_for_sale(&terms, &ROWS[i].sale);
    assert_int_equal(rule == NULL ? 0 : rule->rank, ROWS[i].rank);
  }
}

static void names_and_words_are_there_for_every_verdict([[maybe_unused]] void **state)
{
  for (int a = 0; a <= HS_RULE_HOLDS; a++) {
    assert_true(strlen(hs_rule_verdict_words((enum hs_rule_verdict)a)) > 10);
    for (int b = 0; b < a; b++)
      assert_string_not_equal(hs_rule_verdict_name((enum hs_rule_verdict)a),
                              hs_rule_verdict_name((enum hs_rule_verdict)b));
  }
}

/* ---- items ---- */

#define UNKNOWN (-1)

/* Shoes 5.00 a pair, where the pair cost 20.00 or more (1); boots a rate (2); what else is in an
   order of 100.00 or more a rate of the whole (3). */
static struct hs_str shoes[] = {{"shoe", 4}};
static struct hs_str boots[] = {{"boot", 4}};
static const struct hs_rule ITEM_RULES[] = {
    {.name = {"shoes", 5},
     .rank = 1,
     .level = HS_LEVEL_ITEM,
     .when = {.products = {shoes, 1}, .value_min_minor = 2000, .value_max_minor = INT64_MAX}},
    {.name = {"boots", 5},
     .rank = 2,
     .base = HS_BASE_MARGIN,
     .when = {.products = {boots, 1}, .value_max_minor = INT64_MAX}},
    {.name = {"rest", 4},
     .rank = 3,
     .when = {.value_min_minor = 10000, .value_max_minor = INT64_MAX}},
};
static const struct hs_terms ITEM_TERMS = {.rule_count = 3, .rules = ITEM_RULES};

static void each_item_goes_to_the_first_rule_that_holds_for_it([[maybe_unused]] void **state)
{
  const struct hs_item items[] = {
      {{"sock", 4}, 5, 1500, {1200, 1500, UNKNOWN}},
      {{"boot", 4}, 1, 9000, {8000, 9000, 3000}},
      {{"shoe", 4}, 2, 4000, {3600, 4000, UNKNOWN}},
      {{"shoe", 4}, 1, 1999, {1700, 1999, UNKNOWN}}, /* too cheap for the first rule */
      {{"shoe", 4}, 1, 2000, {1800, 2000, UNKNOWN}},
  };
  struct hs_sale sale = {.value_minor = 18499};
  struct hs_portion portions[3];
  size_t count = 0;
  assert_int_equal(hs_rules_for_items(&ITEM_TERMS, &sale, items, 5, portions, &count, NULL), HS_OK);
  assert_int_equal(count, 3);
  assert_ptr_equal(portions[0].rule, &ITEM_RULES[0]);
  assert_int_equal(portions[0].base_minor, 3600 + 1800);
  assert_int_equal(portions[0].count, 3);
  assert_ptr_equal(portions[1].rule, &ITEM_RULES[1]);
  assert_int_equal(portions[1].base_minor, 3000);
  assert_int_equal(portions[1].count, 1);
  assert_ptr_equal(portions[2].rule, &ITEM_RULES[2]);
  assert_int_equal(portions[2].base_minor, 1200 + 1700);
  assert_int_equal(portions[2].count, 1); /* once for the order, not for each sock */
  sale.value_minor = 9999;                /* then nothing is paid for the rest */
  assert_int_equal(hs_rules_for_items(&ITEM_TERMS, &sale, items, 5, portions, &count, NULL), HS_OK);
  assert_int_equal(count, 2);
  assert_int_equal(hs_rules_for_items(&ITEM_TERMS, &sale, items, 0, portions, &count, NULL), HS_OK);
  assert_int_equal(count, 0);
}

static void a_base_that_is_not_known_pays_nobody([[maybe_unused]] void **state)
{
  const struct hs_item items[] = {{{"boot", 4}, 1, 9000, {8000, 9000, UNKNOWN}}};
  const struct hs_sale sale = {.value_minor = 9000};
  struct hs_portion portions[3];
  struct hs_err err = {0};
  size_t count = 42;
  assert_int_equal(hs_rules_for_items(&ITEM_TERMS, &sale, items, 1, portions, &count, &err),
                   HS_INVALID);
  assert_string_equal(err.text, "rule \"boots\": the margin value of the order is not known");
  assert_int_equal(count, 42);
}

static void items_that_do_not_fit_are_refused([[maybe_unused]] void **state)
{
  const struct hs_item items[] = {{{"boot", 4}, 1, 1, {1, 1, INT64_MAX}},
                                  {{"boot", 4}, 1, 1, {1, 1, 1}}};
  const struct hs_sale sale = {.value_minor = 2};
  struct hs_portion portions[3];
  struct hs_err err = {0};
  size_t count = 42;
  assert_int_equal(hs_rules_for_items(&ITEM_TERMS, &sale, items, 2, portions, &count, &err),
                   HS_INVALID);
  assert_string_equal(err.text, "rule \"boots\": the items of the order do not fit");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_rule_that_holds_pays),
      cmocka_unit_test(a_verdict_names_the_condition_that_fails),
      cmocka_unit_test(leads_clicks_and_named_events_have_rules_of_their_own),
      cmocka_unit_test(names_and_words_are_there_for_every_verdict),
      cmocka_unit_test(each_item_goes_to_the_first_rule_that_holds_for_it),
      cmocka_unit_test(a_base_that_is_not_known_pays_nobody),
      cmocka_unit_test(items_that_do_not_fit_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
