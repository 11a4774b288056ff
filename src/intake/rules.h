/* What must hold between the columns of one row, and what an empty one then means. */
#ifndef HANSA_INTAKE_RULES_H
#define HANSA_INTAKE_RULES_H

#include "intake/convert.h"

/* The places in the spec of the columns that have rules; tests/unit/intake/test_rules.c holds them
   to the table. */
enum {
  HS_TOUCH_PARTNER = 3,
  HS_TOUCH_KIND = 5,
  HS_TOUCH_STANDS_DOWN_SAID = 14,
  HS_ORDER_AT = 2,
  HS_ORDER_AMOUNT = 3,
  HS_ORDER_CURRENCY = 4,
  HS_ORDER_CART_AT = 7,
  HS_ORDER_TAX = 8,
  HS_ORDER_SHIPPING = 9,
  HS_ORDER_DISCOUNT = 10,
  HS_ORDER_COST = 11,
  HS_ORDER_ITEMS = 13,
  HS_REFUND_AMOUNT = 3,
  HS_LEAD_PARTNER = 3,
  HS_COST_PARTNER = 1,
  HS_COST_CHANNEL = 2,
  HS_COST_FROM = 4,
  HS_COST_TO = 5,
  HS_COST_AMOUNT = 6,
  HS_COST_CURRENCY = 7,
  HS_COST_HOURS = 8,
  HS_ACTIVITY_PARTNER = 1,
  HS_ACTIVITY_COUNT = 4,
  HS_CUSTOM_PARTNER = 4,
  HS_SURVEY_PARTNER = 4,
  HS_RATE_DAY = 1,
  HS_RATE_FROM = 2,
  HS_RATE_TO = 3,
  HS_RATE_RATE = 4,
  HS_RATE_SOURCE = 5,
  HS_PATH_PATH = 0,
  HS_PATH_CONVERSIONS = 1,
  HS_PATH_VALUE = 2,
  HS_PATH_NULLS = 3,
  HS_NETWORK_COMMISSION_NETWORK = 0,
  HS_NETWORK_COMMISSION_ID = 1,
  HS_NETWORK_COMMISSION_ORDER_ID = 2,
  HS_NETWORK_COMMISSION_PARTNER = 3,
  HS_NETWORK_COMMISSION_PARTNER_ID = 4,
  HS_NETWORK_COMMISSION_COMMISSION = 6,
  HS_NETWORK_COMMISSION_STATUS = 8,
  HS_NETWORK_COMMISSION_NETWORK_STATUS = 9,
  HS_NETWORK_COMMISSION_APPROVED_AT = 11,
  HS_NETWORK_COMMISSION_PAID_AT = 12,
};

/* What was found in a row's columns while they were read, and stands in none of them. */
struct hs_row_sums {
  int64_t items_minor; /* of an order's items */
};

/* The row's columns are right each by itself. Fills in what the kind derives (a touch's kind, the
   last day of a cost); 0 with the fault when a rule is broken. cells are as for hs_convert_row. */
[[nodiscard]] int hs_rules_check(enum hs_event_kind kind, struct hs_batch *batch, size_t row,
                                 const struct hs_str *cells, const struct hs_row_sums *sums,
                                 struct hs_fault *fault);

#endif
