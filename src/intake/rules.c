#include "intake/rules.h"

#include <string.h>

#include "base/money.h"
#include "intake/path_table.h"

struct row {
  enum hs_event_kind kind;
  struct hs_batch *batch;
  size_t at;
  const struct hs_str *cells;
  const struct hs_row_sums *sums;
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

/* Of a column of money: the field that it was read from is the one to name. */
static int money_not_negative(const struct row *row, int column, const char *minor_name)
{
  struct hs_str minor = hs_str_trim(row->cells[HS_TARGET_MINOR(column)]);
  if (minor.length == 0 || !has(row, column) || integer(row, column) >= 0)
    return integer_not_negative(row, column);
  return hs_fault(row->fault, HS_REASON_RULE, minor_name, minor, "is negative");
}

static int real_not_negative(const struct row *row, int column)
{
  return !has(row, column) || row->batch->columns[column].real[row->at] >= 0 ||
         broken(row, column, "is negative");
}

static struct hs_str text(const struct row *row, int column)
{
  return has(row, column) ? row->batch->columns[column].text[row->at] : (struct hs_str){0};
}

static void set_text(const struct row *row, int column, struct hs_str text)
{
  row->batch->columns[column].is_absent[row->at] = text.data == NULL;
  row->batch->columns[column].text[row->at] = text;
}

/* instead: what to do about it. */
static int partner_is_none_of_ours(const struct row *row, int column, const char *instead)
{
  if (hs_event_own_channel(text(row, column)).data == NULL)
    return 1;
  return hs_fault(row->fault, HS_REASON_RULE, "partner", row->cells[column],
                  "is a channel of our own, not a partner: %s", instead);
}

/* Many exports name where somebody came from in one column, be it a partner or not. Beside no other
   channel that can only be meant in one way. */
static void move_own_channel(const struct row *row, int partner, int channel)
{
  struct hs_str own = hs_event_own_channel(text(row, partner));
  if (own.data == NULL || (has(row, channel) && !hs_str_equal_ascii_fold(text(row, channel), own)))
    return;
  set_text(row, partner, (struct hs_str){0});
  set_text(row, channel, own);
}

/* A touch that names a partner came by a click unless it says otherwise; one that names neither
   came by itself. */
static void derive_touch_kind(const struct row *row)
{
  if (!has(row, HS_TOUCH_KIND))
    set_text(row, HS_TOUCH_KIND, has(row, HS_TOUCH_PARTNER) ? HS_STR("click") : HS_STR("direct"));
}

static int check_touch(const struct row *row)
{
  move_own_channel(row, HS_TOUCH_PARTNER, HS_TOUCH_KIND);
  derive_touch_kind(row);
  if (has(row, HS_TOUCH_STANDS_DOWN_SAID) && integer(row, HS_TOUCH_STANDS_DOWN_SAID) != 0 &&
      integer(row, HS_TOUCH_STANDS_DOWN_SAID) != 1)
    return broken(row, HS_TOUCH_STANDS_DOWN_SAID, "is neither 1 nor 0");
  return partner_is_none_of_ours(row, HS_TOUCH_PARTNER, "give it as the kind");
}

/* ---- orders ---- */

static int64_t integer_or_0(const struct row *row, int column)
{
  return has(row, column) ? integer(row, column) : 0;
}

/* To the minor unit: a shop that rounds differs in every order, and then one of its columns does
   not mean what it is taken for. All figures are 0 or more, so that no difference overflows. */
static int check_items(const struct row *row)
{
  int64_t discount = integer_or_0(row, HS_ORDER_DISCOUNT);
  int64_t net = integer(row, HS_ORDER_AMOUNT) - integer_or_0(row, HS_ORDER_TAX) -
                integer_or_0(row, HS_ORDER_SHIPPING);
  struct hs_money of_items = {.amount_minor = row->sums->items_minor - discount};
  struct hs_money of_order = {.amount_minor = net};
  char items_text[HS_MONEY_TEXT];
  char order_text[HS_MONEY_TEXT];
  if (of_items.amount_minor == net)
    return 1;
  memcpy(of_items.currency.code, row->batch->columns[HS_ORDER_CURRENCY].text[row->at].data, 3);
  of_order.currency = of_items.currency;
  hs_money_format(of_items, items_text);
  hs_money_format(of_order, order_text);
  return hs_fault(row->fault, HS_REASON_RULE, "items", row->cells[HS_ORDER_ITEMS],
                  "come to %s%s, but the amount without tax and shipping is %s", items_text,
                  discount > 0 ? " less the discount" : "", order_text);
}

static int check_order(const struct row *row)
{
  if (!money_not_negative(row, HS_ORDER_AMOUNT, "amount_minor") ||
      !money_not_negative(row, HS_ORDER_TAX, "tax_minor") ||
      !money_not_negative(row, HS_ORDER_SHIPPING, "shipping_minor") ||
      !money_not_negative(row, HS_ORDER_DISCOUNT, "discount_minor") ||
      !money_not_negative(row, HS_ORDER_COST, "cost_minor"))
    return 0;
  if (has(row, HS_ORDER_CART_AT) && integer(row, HS_ORDER_CART_AT) > integer(row, HS_ORDER_AT))
    return broken(row, HS_ORDER_CART_AT, "lies after the order");
  int64_t extra = 0;
  if (__builtin_add_overflow(integer_or_0(row, HS_ORDER_TAX), integer_or_0(row, HS_ORDER_SHIPPING),
                             &extra) ||
      extra > integer(row, HS_ORDER_AMOUNT))
    return broken(row, has(row, HS_ORDER_TAX) ? HS_ORDER_TAX : HS_ORDER_SHIPPING,
                  "is more than the amount, tax and shipping together");
  return !has(row, HS_ORDER_ITEMS) || check_items(row);
}

static int check_cost(const struct row *row)
{
  struct hs_vector *to = &row->batch->columns[HS_COST_TO];
  if (to->is_absent[row->at]) {
    to->is_absent[row->at] = 0;
    to->integer[row->at] = integer(row, HS_COST_FROM);
  }
  if (integer(row, HS_COST_TO) < integer(row, HS_COST_FROM))
    return broken(row, HS_COST_TO, "lies before the period's first day");
  if (!has(row, HS_COST_PARTNER) && !has(row, HS_COST_CHANNEL))
    return broken(row, HS_COST_PARTNER, "is missing, and so is the channel: one of them is needed");
  if (!has(row, HS_COST_AMOUNT) && !has(row, HS_COST_HOURS))
    return broken(row, HS_COST_AMOUNT, "is missing, and so are the hours: one of them is needed");
  if (has(row, HS_COST_AMOUNT) && !has(row, HS_COST_CURRENCY))
    return broken(row, HS_COST_CURRENCY, "is missing beside an amount");
  move_own_channel(row, HS_COST_PARTNER, HS_COST_CHANNEL);
  if (!partner_is_none_of_ours(row, HS_COST_PARTNER, "give it as the channel"))
    return 0;
  return money_not_negative(row, HS_COST_AMOUNT, "amount_minor") &&
         real_not_negative(row, HS_COST_HOURS);
}

static double count_of(const struct row *row, int column)
{
  return has(row, column) ? row->batch->columns[column].real[row->at] : 0;
}

static int check_path(const struct row *row)
{
  static const int COLUMNS[] = {[HS_PATH_COUNT_CONVERSIONS] = HS_PATH_CONVERSIONS,
                                [HS_PATH_COUNT_VALUE] = HS_PATH_VALUE,
                                [HS_PATH_COUNT_NULLS] = HS_PATH_NULLS};
  enum hs_path_count field;
  const char *words =
      hs_path_counts_fault(count_of(row, HS_PATH_CONVERSIONS), count_of(row, HS_PATH_VALUE),
                           count_of(row, HS_PATH_NULLS), &field);
  if (words != NULL)
    return broken(row, COLUMNS[field], words);
  words = hs_path_problem(row->batch->columns[HS_PATH_PATH].text[row->at], HS_PATH_SEPARATOR);
  return words == NULL || broken(row, HS_PATH_PATH, words);
}

static int is_word(const struct row *row, int column, struct hs_str word)
{
  return hs_str_equal(text(row, column), word);
}

/* Below zero is the counterpart of an earlier commission, whatever its own status. The days on
   which a network means to approve and to pay are plans until it has approved. */
static int check_network_commission(const struct row *row)
{
  enum { STATUS = HS_NETWORK_COMMISSION_STATUS };
  if (!has(row, HS_NETWORK_COMMISSION_PARTNER) && !has(row, HS_NETWORK_COMMISSION_PARTNER_ID))
    return broken(row, HS_NETWORK_COMMISSION_PARTNER,
                  "is missing, and so is the partner's id: one of them is needed");
  if (integer(row, HS_NETWORK_COMMISSION_COMMISSION) < 0)
    set_text(row, STATUS, HS_STR("reversed"));
  if (is_word(row, STATUS, HS_STR("pending")) || is_word(row, STATUS, HS_STR("reversed"))) {
    row->batch->columns[HS_NETWORK_COMMISSION_APPROVED_AT].is_absent[row->at] = 1;
    row->batch->columns[HS_NETWORK_COMMISSION_PAID_AT].is_absent[row->at] = 1;
  } else if (has(row, HS_NETWORK_COMMISSION_PAID_AT)) {
    set_text(row, STATUS, HS_STR("paid"));
  }
  return partner_is_none_of_ours(row, HS_NETWORK_COMMISSION_PARTNER, "only partners earn");
}

/* Nobody may guess at a rate, so it is held to what arithmetic takes; the text is kept as it came.
 */
static int check_rate(const struct row *row)
{
  struct hs_decimal rate;
  if (!hs_decimal_parse(text(row, HS_RATE_RATE), &rate) || rate.digits <= 0)
    return broken(row, HS_RATE_RATE, "is no decimal above 0 such as 1.0871");
  return !hs_str_equal(text(row, HS_RATE_FROM), text(row, HS_RATE_TO)) ||
         broken(row, HS_RATE_TO, "is the currency that is valued: a rate is between two");
}

int hs_rules_check(enum hs_event_kind kind, struct hs_batch *batch, size_t row_index,
                   const struct hs_str *cells, const struct hs_row_sums *sums,
                   struct hs_fault *fault)
{
  struct row row = {kind, batch, row_index, cells, sums, fault};
  switch (kind) {
  case HS_EVENT_TOUCH:
    return check_touch(&row);
  case HS_EVENT_ORDER:
    return check_order(&row);
  case HS_EVENT_REFUND:
    return money_not_negative(&row, HS_REFUND_AMOUNT, "amount_minor");
  case HS_EVENT_COST:
    return check_cost(&row);
  case HS_EVENT_ACTIVITY:
    return partner_is_none_of_ours(&row, HS_ACTIVITY_PARTNER, "only partners are active") &&
           integer_not_negative(&row, HS_ACTIVITY_COUNT);
  case HS_EVENT_PATH:
    return check_path(&row);
  case HS_EVENT_LEAD:
    return partner_is_none_of_ours(&row, HS_LEAD_PARTNER, "leave it empty");
  case HS_EVENT_CUSTOM:
    return partner_is_none_of_ours(&row, HS_CUSTOM_PARTNER, "leave it empty");
  case HS_EVENT_SURVEY:
    return partner_is_none_of_ours(&row, HS_SURVEY_PARTNER, "leave it empty");
  case HS_EVENT_RATE:
    return check_rate(&row);
  case HS_EVENT_NETWORK_COMMISSION:
    return check_network_commission(&row);
  case HS_EVENT_IDENTITY:
  case HS_EVENT_SERIES:
  case HS_EVENT_KIND_COUNT:
    return 1;
  }
  return 1;
}
