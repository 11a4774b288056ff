/* Proves intake/rules: the columns that it names by their place are those of the table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

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
      {HS_EVENT_ORDER, "amount", HS_ORDER_AMOUNT},
      {HS_EVENT_REFUND, "amount", HS_REFUND_AMOUNT},
      {HS_EVENT_COST, "partner", HS_COST_PARTNER},
      {HS_EVENT_COST, "channel", HS_COST_CHANNEL},
      {HS_EVENT_COST, "from", HS_COST_FROM},
      {HS_EVENT_COST, "to", HS_COST_TO},
      {HS_EVENT_COST, "amount", HS_COST_AMOUNT},
      {HS_EVENT_COST, "currency", HS_COST_CURRENCY},
      {HS_EVENT_COST, "hours", HS_COST_HOURS},
      {HS_EVENT_ACTIVITY, "count", HS_ACTIVITY_COUNT},
      {HS_EVENT_PATH, "conversions", HS_PATH_CONVERSIONS},
      {HS_EVENT_PATH, "value", HS_PATH_VALUE},
      {HS_EVENT_PATH, "nulls", HS_PATH_NULLS},
  };
  for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++)
    assert_int_equal(hs_event_column(PLACES[i].kind, PLACES[i].name), PLACES[i].place);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_places_of_columns_are_those_of_the_table),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
