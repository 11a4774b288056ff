/* Proves intake/items: line items and facts come into the one form that is kept, whoever wrote
   them; each fault is told with its item; what is kept is read again as it was, and settles to
   itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "intake/items.h"
#include "support/intake.h"

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 512 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

struct rule {
  const char *text, *expected;
};

/* The cells of one order of 100.00 EUR, with these members beside. */
static const char *read_order(const char *members)
{
  struct hs_intake_options options = {.kind = HS_EVENT_ORDER, .path = "file.ndjson"};
  struct hs_buf line = hs_buf_in(&arena);
  hs_buf_printf(&line,
                "{\"order_id\":\"o\",\"occurred_at\":\"2026-03-01T12:00:00Z\",\"amount\":100,"
                "\"currency\":\"EUR\",%s}\n",
                members);
  return intake_read(&arena, hs_buf_str(&line), &options, NULL);
}

static void check(const struct rule *rules, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    hs_arena_reset(&arena, 0);
    assert_string_equal(read_order(rules[i].text), rules[i].expected);
  }
}
#define CHECK(rules) check(rules, sizeof(rules) / sizeof *(rules))

#define ORDER "1:o||2026-03-01T12:00:00Z|10000|EUR"
#define REJECT(column, value, reason) "!1 " column "=" value " (" reason ") "

static void what_an_order_says_is_read_by_these_rules([[maybe_unused]] void **state)
{
  static const struct rule RULES[] = {
      {"\"cart_at\":\"2026-03-01T12:00:00Z\"", ORDER "|||2026-03-01T12:00:00Z\n"},
      {"\"cart_at\":\"2026-03-01T12:00:01Z\"",
       REJECT("cart_at", "2026-03-01T12:00:01Z", "rule") "lies after the order\n"},
      {"\"vat\":\"15.97\",\"shipping\":0,\"discount_minor\":500,\"cogs\":12.5",
       ORDER "||||1597|0|500|1250\n"},
      {"\"tax\":60,\"shipping\":40", ORDER "||||6000|4000\n"},
      {"\"tax\":60,\"shipping\":40.01",
       REJECT("tax", "60", "rule") "is more than the amount, tax and shipping together\n"},
      {"\"shipping\":100.01",
       REJECT("shipping", "100.01", "rule") "is more than the amount, tax and shipping together\n"},
      {"\"tax_minor\":-1", REJECT("tax_minor", "-1", "rule") "is negative\n"},
      {"\"discount\":-1", REJECT("discount", "-1", "rule") "is negative\n"},
      {"\"tax\":1,\"tax_minor\":100",
       REJECT("tax_minor", "100", "rule") "stands beside an amount in the currency's unit; give "
                                          "one of them\n"},
      {"\"country\":\"de\"", ORDER "||||||||DE\n"},
      {"\"country\":\"DEU\"",
       REJECT("country", "DEU", "word") "is no country of ISO 3166 in two letters such as DE\n"},
      {"\"country\":\"D1\"",
       REJECT("country", "D1", "word") "is no country of ISO 3166 in two letters such as DE\n"},
  };
  CHECK(RULES);
}

#define ITEMS ORDER "|||||||||"
#define ITEM(members) "\"items\":[{" members "}]"
#define BAD_ITEM(value, reason, words) REJECT("items", value, reason) "item 1: " words "\n"

static void items_come_into_one_form([[maybe_unused]] void **state)
{
  static const struct rule RULES[] = {
      {ITEM("\"product\":\"a\",\"amount\":100"),
       ITEMS "[{\"product\":\"a\",\"quantity\":1,\"amount_minor\":10000}]\n"},
      {ITEM("\"amount\":\"100.00\",\"title\":{\"x\":[1]},\"product\":\" a \",\"quantity\":\"2\","
            "\"category\":\"c\",\"cost\":1.5,\"discount_minor\":7"),
       ITEMS "[{\"product\":\"a\",\"category\":\"c\",\"quantity\":2,\"amount_minor\":10000,"
             "\"cost_minor\":150,\"discount_minor\":7}]\n"},
      {"\"line_items\": [ {\"product\":\"a\",\"amount\":60} ,\t{\"product\":\"b\",\"amount\":40, "
       "\"cost\": 0, \"discount\": null} ] ",
       ITEMS "[{\"product\":\"a\",\"quantity\":1,\"amount_minor\":6000},{\"product\":\"b\","
             "\"quantity\":1,\"amount_minor\":4000,\"cost_minor\":0}]\n"},
      /* As text, as CSV and Parquet have it. */
      {"\"items\":\"[{\\\"product\\\":\\\"a\\\\\\\"\\\\u00e4\\\",\\\"amount\\\":100}]\"",
       ITEMS "[{\"product\":\"a\\\"\xC3\xA4\",\"quantity\":1,\"amount_minor\":10000}]\n"},
      {"\"items\":[]", ORDER "\n"},
      {"\"items\":\" [ ] \"", ORDER "\n"},
      {"\"items\":null", ORDER "\n"},
  };
  CHECK(RULES);
}

static void a_fault_is_told_with_its_item([[maybe_unused]] void **state)
{
  static const struct rule RULES[] = {
      {ITEM("\"amount\":100"), BAD_ITEM("", "missing", "product is missing")},
      {ITEM("\"product\":\"\",\"amount\":100"), BAD_ITEM("", "missing", "product is missing")},
      {ITEM("\"product\":\"a\""), BAD_ITEM("", "missing", "amount is missing")},
      {ITEM("\"product\":\"a\",\"amount\":\"1,2\""),
       BAD_ITEM("1,2", "money",
                "amount: \"1,2\" is no amount such as 1250.00 (no thousands separators, a point "
                "before the fraction)")},
      {ITEM("\"product\":\"a\",\"amount\":-1"), BAD_ITEM("-1", "rule", "amount is negative")},
      {ITEM("\"product\":\"a\",\"amount\":1,\"cost_minor\":-1"),
       BAD_ITEM("-1", "rule", "cost is negative")},
      {ITEM("\"product\":\"a\",\"amount\":1,\"amount_minor\":1"),
       BAD_ITEM("1", "rule", "amount_minor stands beside amount; give one of them")},
      {ITEM("\"product\":\"a\",\"amount_minor\":1.5"),
       BAD_ITEM("1.5", "money", "amount_minor is no whole number of minor units")},
      {ITEM("\"product\":\"a\",\"amount\":100,\"quantity\":0"),
       BAD_ITEM("0", "number", "quantity must be a whole number from 1 to 1000000000")},
      {ITEM("\"product\":\"a\",\"amount\":100,\"quantity\":1.5"),
       BAD_ITEM("1.5", "number", "quantity must be a whole number from 1 to 1000000000")},
      {ITEM("\"product\":\"a\",\"product\":\"b\""),
       BAD_ITEM("b", "repeated", "product stands twice")},
      {ITEM("\"product\":[1]"), BAD_ITEM("[1]", "json", "product is a list or an object")},
      {ITEM("\"product\":\"a\\tb\",\"amount\":1"),
       BAD_ITEM("a\tb", "text", "product has a control character")},
      {ITEM("\"product\":a"),
       BAD_ITEM("{\"product\":a}", "json", "a value that is not JSON at byte 12 of it")},
      {"\"items\":[{\"product\":\"a\",\"amount\":100},{\"product\":\"b\"}]",
       REJECT("items", "", "missing") "item 2: amount is missing\n"},
      {"\"items\":{\"product\":\"a\"}",
       REJECT("items", "{\"product\":\"a\"}", "json") "a list of items in brackets is expected at "
                                                      "byte 1\n"},
      {"\"items\":[1]", REJECT("items", "1]", "json") "an item in braces is expected at byte 2\n"},
      {"\"items\":[{\"product\":\"a\",\"amount\":100},]",
       REJECT("items", "]", "json") "an item in braces is expected at byte 31\n"},
      {"\"items\":\"[{\"", REJECT("items", "{", "json") "an item is not closed at byte 2\n"},
      {"\"items\":\"[]x\"",
       REJECT("items", "x", "json") "something stands behind the list at byte 3\n"},
  };
  CHECK(RULES);
}

static void items_come_to_the_order_to_the_cent([[maybe_unused]] void **state)
{
#define TWO "\"items\":[{\"product\":\"a\",\"amount\":50},{\"product\":\"b\",\"amount\":40}]"
#define KEPT                                                                                       \
  "[{\"product\":\"a\",\"quantity\":1,\"amount_minor\":5000},{\"product\":\"b\",\"quantity\":1,"   \
  "\"amount_minor\":4000}]\n"
#define VALUE "[{\"product\":\"a\",\"amount\":50},{\"product\":\"b\",\"amount\":40}]"
  static const struct rule RULES[] = {
      {TWO ",\"tax\":6,\"shipping\":4", ORDER "||||600|400||||" KEPT},
      {TWO ",\"tax\":16,\"shipping\":4,\"discount\":10", ORDER "||||1600|400|1000|||" KEPT},
      {TWO, REJECT("items", VALUE, "rule") "come to 90.00 EUR, but the amount without tax and "
                                           "shipping is 100.00 EUR\n"},
      {TWO ",\"tax\":9.99",
       REJECT("items", VALUE, "rule") "come to 90.00 EUR, but the amount without tax and shipping "
                                      "is 90.01 EUR\n"},
      {TWO ",\"tax\":10,\"discount\":95",
       REJECT("items", VALUE, "rule") "come to -5.00 EUR less the discount, but the amount without "
                                      "tax and shipping is 90.00 EUR\n"},
      {"\"items\":[{\"product\":\"a\",\"amount_minor\":9223372036854775807},{\"product\":\"b\","
       "\"amount\":1}]",
       REJECT("items",
              "[{\"product\":\"a\",\"amount_minor\":9223372036854775807},{\"product\":\"b\","
              "\"amount\":1}]",
              "number") "item 2: the sum does not fit\n"},
  };
  CHECK(RULES);
}

static void facts_are_texts_sorted_by_key([[maybe_unused]] void **state)
{
#define FACTS ORDER "||||||||||"
  static const struct rule RULES[] = {
      {"\"metadata\":{\"z\":1.50,\"a\":\"x\",\"n\":null,\"e\":\"\",\"b\":true}",
       FACTS "{\"a\":\"x\",\"b\":\"true\",\"z\":\"1.50\"}\n"},
      {"\"metadata\":\"{\\\"a\\\":1}\"", FACTS "{\"a\":\"1\"}\n"},
      {"\"metadata\":{}", ORDER "\n"},
      {"\"metadata\":{\"a\":1,\"a\":2}", REJECT("metadata", "2", "repeated") "a stands twice\n"},
      {"\"metadata\":{\"a\":{}}",
       REJECT("metadata", "{\"a\":{}}", "json") "a nested object or array; only flat objects can "
                                                "be read at byte 6\n"},
      {"\"metadata\":[1]",
       REJECT("metadata", "[1]", "json") "an object in braces is expected at byte 1\n"},
      {"\"metadata\":{\"\":1}", REJECT("metadata", "1", "json") "has a value without a key\n"},
      {"\"metadata\":{\"a\":\"\\u0007\"}",
       REJECT("metadata", "\a", "text") "has a control character\n"},
  };
  CHECK(RULES);
}

/* The shortest item that says the least, in the currency of the most digits: what is kept of it is
   longest beside what came in. Thousands of them stand in one cell. */
static void the_longest_form_fits([[maybe_unused]] void **state)
{
  struct hs_intake_options options = {.kind = HS_EVENT_ORDER, .path = "file.csv"};
  struct hs_buf text = hs_buf_in(&arena);
  hs_buf_add_text(&text, "order_id,occurred_at,amount,currency,items\n");
  for (int row = 0; row < 40; row++) {
    hs_buf_printf(&text, "o%d,2026-03-01T12:00:00Z,1700,CLF,\"[", row);
    for (int i = 0; i < 1700; i++)
      hs_buf_printf(&text, "%s{\"\"product\"\":\"\"a\"\",\"\"amount\"\":1,\"\"cost\"\":1}",
                    i == 0 ? "" : ",");
    hs_buf_add_text(&text, "]\"\n");
  }
  struct hs_intake_report report;
  const char *rows = intake_read(&arena, hs_buf_str(&text), &options, &report);
  assert_int_equal(report.rows_good, 40);
  assert_non_null(strstr(rows, "{\"product\":\"a\",\"quantity\":1,\"amount_minor\":10000,"
                               "\"cost_minor\":10000}]\n40:"));
}

static void a_list_that_is_too_long_is_refused([[maybe_unused]] void **state)
{
  struct hs_buf members = hs_buf_in(&arena);
  hs_buf_add_text(&members, "\"items\":[");
  for (int i = 0; i < 3000; i++)
    hs_buf_add_text(&members, "{\"product\":\"a\",\"amount\":1},");
  hs_buf_add_text(&members, "1]");
  assert_non_null(
      strstr(read_order(members.data), "(too_long) has 81003 bytes; 65536 are allowed"));
}

static void what_is_kept_is_read_as_it_was([[maybe_unused]] void **state)
{
  char text[] = "[{\"product\":\"a\\\"b\",\"category\":\"c\",\"quantity\":3,\"amount_minor\":500,"
                "\"cost_minor\":20,\"discount_minor\":4},{\"product\":\"d\",\"quantity\":1,"
                "\"amount_minor\":0}]";
  struct hs_items items = hs_items_begin(text, strlen(text), (struct hs_currency){0});
  struct hs_line_item item;
  struct hs_fault fault;
  assert_int_equal(hs_items_next(&items, &item, &fault), 1);
  assert_true(hs_str_equal(item.product, HS_STR("a\"b")));
  assert_true(hs_str_equal(item.category, HS_STR("c")));
  assert_int_equal(item.quantity, 3);
  assert_int_equal(item.amount_minor, 500);
  assert_int_equal(item.cost_minor, 20);
  assert_int_equal(item.discount_minor, 4);
  assert_int_equal(hs_items_next(&items, &item, &fault), 1);
  assert_null(item.category.data);
  assert_int_equal(item.cost_minor, -1);
  assert_int_equal(item.discount_minor, 0);
  assert_int_equal(hs_items_next(&items, &item, &fault), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_an_order_says_is_read_by_these_rules),
      cmocka_unit_test(items_come_into_one_form),
      cmocka_unit_test(a_fault_is_told_with_its_item),
      cmocka_unit_test(items_come_to_the_order_to_the_cent),
      cmocka_unit_test(facts_are_texts_sorted_by_key),
      cmocka_unit_test(the_longest_form_fits),
      cmocka_unit_test(a_list_that_is_too_long_is_refused),
      cmocka_unit_test(what_is_kept_is_read_as_it_was),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
