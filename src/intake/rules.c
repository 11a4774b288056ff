#include "intake/rules.h"

/* Columns by their place in the spec; tests/unit/intake/test_rules.c holds these to the table. */
enum { TOUCH_PARTNER = 3, TOUCH_KIND = 5 };
enum { MONEY_AMOUNT = 3 }; /* of orders and refunds alike */
enum {
  COST_PARTNER = 1,
  COST_CHANNEL = 2,
  COST_FROM = 4,
  COST_TO = 5,
  COST_AMOUNT = 6,
  COST_CURRENCY = 7,
  COST_HOURS = 8
};
enum { ACTIVITY_COUNT = 4 };
enum { PATH_CONVERSIONS = 1, PATH_VALUE = 2, PATH_NULLS = 3 };

struct row {
  enum hs_event_kind kind;
  struct hs_batch *batch;
  size_t at;
  const struct hs_str *cells;
  struct hs_fault *fault;
};

static int has(const struct row *row, int column)
{
  return !row->batch->columns[column].is_absent[row->at];
}

static int64_t integer(const struct row *row, int column)
{
  return row->batch->columns[column].integer[row->at];
}

static int broken(const struct row *row, int column, const char *words)
{
  return hs_fault(row->fault, HS_REASON_RULE, hs_event_spec(row->kind)->columns[column].name,
                  row->cells[column], "%s", words);
}

static int integer_not_negative(const struct row *row, int column)
{
  return !has(row, column) || integer(row, column) >= 0 || broken(row, column, "is negative");
}

static int real_not_negative(const struct row *row, int column)
{
  return !has(row, column) || row->batch->columns[column].real[row->at] >= 0 ||
         broken(row, column, "is negative");
}

/* A touch that names a partner came by a click unless it says otherwise; one that names neither
   came by itself. */
static void derive_touch_kind(const struct row *row)
{
  struct hs_vector *kind = &row->batch->columns[TOUCH_KIND];
  if (!kind->is_absent[row->at])
    return;
  kind->is_absent[row->at] = 0;
  kind->text[row->at] = has(row, TOUCH_PARTNER) ? HS_STR("click") : HS_STR("direct");
}

static int check_cost(const struct row *row)
{
  struct hs_vector *to = &row->batch->columns[COST_TO];
  if (to->is_absent[row->at]) {
    to->is_absent[row->at] = 0;
    to->integer[row->at] = integer(row, COST_FROM);
  }
  if (integer(row, COST_TO) < integer(row, COST_FROM))
    return broken(row, COST_TO, "lies before the period's first day");
  if (!has(row, COST_PARTNER) && !has(row, COST_CHANNEL))
    return broken(row, COST_PARTNER, "is missing, and so is the channel: one of them is needed");
  if (!has(row, COST_AMOUNT) && !has(row, COST_HOURS))
    return broken(row, COST_AMOUNT, "is missing, and so are the hours: one of them is needed");
  if (has(row, COST_AMOUNT) && !has(row, COST_CURRENCY))
    return broken(row, COST_CURRENCY, "is missing beside an amount");
  return integer_not_negative(row, COST_AMOUNT) && real_not_negative(row, COST_HOURS);
}

int hs_rules_check(enum hs_event_kind kind, struct hs_batch *batch, size_t row_index,
                   const struct hs_str *cells, struct hs_fault *fault)
{
  struct row row = {kind, batch, row_index, cells, fault};
  switch (kind) {
  case HS_EVENT_TOUCH:
    derive_touch_kind(&row);
    return 1;
  case HS_EVENT_ORDER:
  case HS_EVENT_REFUND:
    return integer_not_negative(&row, MONEY_AMOUNT);
  case HS_EVENT_COST:
    return check_cost(&row);
  case HS_EVENT_ACTIVITY:
    return integer_not_negative(&row, ACTIVITY_COUNT);
  case HS_EVENT_PATH:
    return real_not_negative(&row, PATH_CONVERSIONS) && real_not_negative(&row, PATH_VALUE) &&
           real_not_negative(&row, PATH_NULLS);
  case HS_EVENT_LEAD:
  case HS_EVENT_IDENTITY:
  case HS_EVENT_SERIES:
  case HS_EVENT_KIND_COUNT:
    return 1;
  }
  return 1;
}
