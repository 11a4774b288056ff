/* Proves intake/rules: the columns that it names by their place are those of the table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "intake/rules.h"

static void the_places_of_columns_are_those_of_the_table([[maybe_unused]] void **state)
{
  static const struct {
    enum hs_event_kind kind;
    const char *name;
    int place;
  } PLACES[] = {
      {HS_EVENT_TOUCH, "partner", HS_TOUCH_PARTNER},
      {HS_EVENT_TOUCH, "kind", HS_TOUCH_KIND},
      {HS_EVENT_TOUCH, "stands_down", HS_TOUCH_STANDS_DOWN_SAID},
      {HS_EVENT_ORDER, "occurred_at", HS_ORDER_AT},
      {HS_EVENT_ORDER, "amount", HS_ORDER_AMOUNT},
      {HS_EVENT_ORDER, "currency", HS_ORDER_CURRENCY},
      {HS_EVENT_ORDER, "cart_at", HS_ORDER_CART_AT},
      {HS_EVENT_ORDER, "tax", HS_ORDER_TAX},
      {HS_EVENT_ORDER, "shipping", HS_ORDER_SHIPPING},
      {HS_EVENT_ORDER, "discount", HS_ORDER_DISCOUNT},
      {HS_EVENT_ORDER, "cost", HS_ORDER_COST},
      {HS_EVENT_ORDER, "items", HS_ORDER_ITEMS},
      {HS_EVENT_REFUND, "amount", HS_REFUND_AMOUNT},
      {HS_EVENT_LEAD, "partner", HS_LEAD_PARTNER},
      {HS_EVENT_CUSTOM, "partner", HS_CUSTOM_PARTNER},
      {HS_EVENT_SURVEY, "partner", HS_SURVEY_PARTNER},
      {HS_EVENT_RATE, "day", HS_RATE_DAY},
      {HS_EVENT_RATE, "from", HS_RATE_FROM},
      {HS_EVENT_RATE, "to", HS_RATE_TO},
      {HS_EVENT_RATE, "rate", HS_RATE_RATE},
      {HS_EVENT_RATE, "source", HS_RATE_SOURCE},
      {HS_EVENT_COST, "partner", HS_COST_PARTNER},
      {HS_EVENT_COST, "channel", HS_COST_CHANNEL},
      {HS_EVENT_COST, "from", HS_COST_FROM},
      {HS_EVENT_COST, "to", HS_COST_TO},
      {HS_EVENT_COST, "amount", HS_COST_AMOUNT},
      {HS_EVENT_COST, "currency", HS_COST_CURRENCY},
      {HS_EVENT_COST, "hours", HS_COST_HOURS},
      {HS_EVENT_ACTIVITY, "partner", HS_ACTIVITY_PARTNER},
      {HS_EVENT_ACTIVITY, "count", HS_ACTIVITY_COUNT},
      {HS_EVENT_PATH, "path", HS_PATH_PATH},
      {HS_EVENT_PATH, "conversions", HS_PATH_CONVERSIONS},
      {HS_EVENT_PATH, "value", HS_PATH_VALUE},
      {HS_EVENT_PATH, "nulls", HS_PATH_NULLS},
      {HS_EVENT_NETWORK_COMMISSION, "network", HS_NETWORK_COMMISSION_NETWORK},
      {HS_EVENT_NETWORK_COMMISSION, "commission_id", HS_NETWORK_COMMISSION_ID},
      {HS_EVENT_NETWORK_COMMISSION, "order_id", HS_NETWORK_COMMISSION_ORDER_ID},
      {HS_EVENT_NETWORK_COMMISSION, "partner", HS_NETWORK_COMMISSION_PARTNER},
      {HS_EVENT_NETWORK_COMMISSION, "partner_id", HS_NETWORK_COMMISSION_PARTNER_ID},
      {HS_EVENT_NETWORK_COMMISSION, "commission", HS_NETWORK_COMMISSION_COMMISSION},
      {HS_EVENT_NETWORK_COMMISSION, "status", HS_NETWORK_COMMISSION_STATUS},
      {HS_EVENT_NETWORK_COMMISSION, "network_status", HS_NETWORK_COMMISSION_NETWORK_STATUS},
      {HS_EVENT_NETWORK_COMMISSION, "approved_at", HS_NETWORK_COMMISSION_APPROVED_AT},
      {HS_EVENT_NETWORK_COMMISSION, "paid_at", HS_NETWORK_COMMISSION_PAID_AT},
  };
  for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++)
    assert_int_equal(hs_event_column(PLACES[i].kind, PLACES[i].name), PLACES[i].place);
}

/* The reference documentation's list of kinds ends in "and others": what stands before it has a
   meaning, and no partner may have such a name. */
static void what_kinds_of_touches_are_called_no_partner_is([[maybe_unused]] void **state)
{
  struct hs_str kinds = hs_str_of(hs_event_spec(HS_EVENT_TOUCH)->columns[HS_TOUCH_KIND].meaning);
  kinds.length = (size_t)(strstr(kinds.data, " and others") - kinds.data);
  size_t count = 0;
  for (; kinds.length > 0; count++) {
    struct hs_str kind = hs_str_trim(hs_str_cut(&kinds, ','));
    assert_true(hs_str_equal(hs_event_own_channel(kind), kind));
  }
  assert_int_equal(count, 8);
  assert_true(hs_str_equal(hs_event_own_channel(HS_STR("Paid_Search")), HS_STR("paid_search")));
  assert_null(hs_event_own_channel(HS_STR("")).data);
  assert_null(hs_event_own_channel(HS_STR("mail")).data);
  assert_null(hs_event_own_channel(HS_STR("emails")).data);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_places_of_columns_are_those_of_the_table),
      cmocka_unit_test(what_kinds_of_touches_are_called_no_partner_is),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
