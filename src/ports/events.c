#include "ports/events.h"

#include <stdio.h>
#include <string.h>

#define REQUIRED HS_COLUMN_REQUIRED
#define KEY HS_COLUMN_KEY
#define PERSONAL HS_COLUMN_PERSONAL

/* clang-format off */
static const struct hs_event_spec SPECS[HS_EVENT_KIND_COUNT] = {
  [HS_EVENT_TOUCH] = {"touches", "touch", 15, {
    {"touch_id", HS_TYPE_TEXT, KEY, NULL, {"click_id", "cid", "clickid", "event_id", "id"}, "what names this touchpoint at its source; without it the whole row is its name"},
    {"person", HS_TYPE_TEXT, REQUIRED | PERSONAL, NULL, {"visitor", "visitor_id", "user_id", "anonymous_id", "client_id"}, "the visitor or customer, as the source knows them"},
    {"occurred_at", HS_TYPE_TIME, REQUIRED, NULL, {"timestamp", "time", "ts", "date", "created_at", "datetime"}, "when it happened"},
    {"partner", HS_TYPE_TEXT, 0, NULL, {"affiliate", "publisher", "via", "ref", "partner_id", "source"}, "the partner; empty for direct, organic and our own channels"},
    {"link", HS_TYPE_TEXT, 0, NULL, {"link_id", "url", "short_link", "tracking_link"}, "the tracking link"},
    {"kind", HS_TYPE_TEXT, 0, NULL, {"channel", "type", "medium", "event_type"}, "click, impression, coupon, content, email, event, direct, organic and others; click when empty beside a partner, direct when both are empty"},
    {"coupon", HS_TYPE_TEXT, 0, NULL, {"coupon_code", "code", "voucher"}, "the coupon code that was shown or used"},
    {"sub1", HS_TYPE_TEXT, 0, NULL, {"aff_sub", "subId1", "clickref"}, "the partner's own mark 1"},
    {"sub2", HS_TYPE_TEXT, 0, NULL, {"aff_sub2", "subId2"}, "the partner's own mark 2"},
    {"sub3", HS_TYPE_TEXT, 0, NULL, {"aff_sub3", "subId3"}, "the partner's own mark 3"},
    {"sub4", HS_TYPE_TEXT, 0, NULL, {"aff_sub4"}, "the partner's own mark 4"},
    {"sub5", HS_TYPE_TEXT, 0, NULL, {"aff_sub5"}, "the partner's own mark 5"},
    {"consent", HS_TYPE_TEXT, 0, NULL, {"gdpr_consent", "consent_state"}, "the consent signal as it came"},
    {"user_agent", HS_TYPE_TEXT, PERSONAL, NULL, {"useragent", "ua", "agent"}, "the browser's name for itself"},
    {"stands_down", HS_TYPE_INTEGER, 0, NULL, {"afsrc"}, "1 when the touchpoint says itself that the customer was referred already, or came from software in the browser; 0 otherwise"}}},
  [HS_EVENT_ORDER] = {"orders", "order", 15, {
    {"order_id", HS_TYPE_TEXT, REQUIRED | KEY, NULL, {"invoice_id", "transaction_id", "txid", "tid", "orderid", "id"}, "the shop's name for the order"},
    {"person", HS_TYPE_TEXT, PERSONAL, NULL, {"visitor", "visitor_id", "anonymous_id", "client_id"}, "the visitor who ordered, as the touches know them"},
    {"occurred_at", HS_TYPE_TIME, REQUIRED, NULL, {"timestamp", "time", "ts", "date", "created_at", "ordered_at"}, "when it was placed"},
    {"amount", HS_TYPE_MONEY, REQUIRED, NULL, {"total", "revenue", "value", "payout", "sum", "price"}, "what was paid, all in: with tax and shipping, after every discount"},
    {"currency", HS_TYPE_CURRENCY, REQUIRED, NULL, {"currency_code", "ccy"}, "ISO 4217 code of the amount"},
    {"coupon", HS_TYPE_TEXT, 0, NULL, {"coupon_code", "code", "voucher"}, "the coupon code used at checkout"},
    {"customer", HS_TYPE_TEXT, PERSONAL, NULL, {"customer_id", "customer_external_id", "user_id", "account"}, "the customer account; beside person it joins the two"},
    {"cart_at", HS_TYPE_TIME, 0, NULL, {"cart_created_at", "cart_started_at", "checkout_started_at"}, "when the cart began"},
    {"tax", HS_TYPE_MONEY, 0, NULL, {"tax_amount", "total_tax", "vat"}, "the tax in the amount; none when empty"},
    {"shipping", HS_TYPE_MONEY, 0, NULL, {"shipping_amount", "shipping_price", "total_shipping"}, "what was paid for shipping, in the amount; nothing when empty"},
    {"discount", HS_TYPE_MONEY, 0, NULL, {"discount_amount", "total_discount", "total_discounts"}, "what was taken off the items together; the amount is after it"},
    {"cost", HS_TYPE_MONEY, 0, NULL, {"cost_of_goods", "cogs"}, "what the goods cost us, for the margin; that of the items together when empty"},
    {"country", HS_TYPE_COUNTRY, 0, NULL, {"country_code", "shipping_country", "billing_country"}, "the customer's country, two letters of ISO 3166"},
    {"items", HS_TYPE_ITEMS, 0, NULL, {"line_items"}, "what was bought, item by item"},
    {"metadata", HS_TYPE_FACTS, 0, NULL, {"custom_fields"}, "more that rules may ask for, by key"}}},
  [HS_EVENT_REFUND] = {"refunds", "refund", 6, {
    {"refund_id", HS_TYPE_TEXT, KEY, NULL, {"return_id", "id"}, "what names the refund; without it the whole row is its name"},
    {"order_id", HS_TYPE_TEXT, REQUIRED, NULL, {"invoice_id", "transaction_id", "txid", "orderid"}, "the order that is taken back, wholly or in part"},
    {"occurred_at", HS_TYPE_TIME, REQUIRED, NULL, {"timestamp", "time", "ts", "date", "created_at", "refunded_at"}, "when it was granted"},
    {"amount", HS_TYPE_MONEY, REQUIRED, NULL, {"total", "value", "sum"}, "what was given back, as a positive amount"},
    {"currency", HS_TYPE_CURRENCY, REQUIRED, NULL, {"currency_code", "ccy"}, "ISO 4217 code of the amount"},
    {"reason", HS_TYPE_TEXT, 0, NULL, {"reversal_reason", "note"}, "returned, canceled, fraud, terms, tracking_error, payment_failed, duplicate, test, other"}}},
  [HS_EVENT_LEAD] = {"leads", "lead", 5, {
    {"lead_id", HS_TYPE_TEXT, REQUIRED | KEY, NULL, {"deal_id", "id"}, "what names the lead; a row for each status that it gets"},
    {"person", HS_TYPE_TEXT, PERSONAL, NULL, {"visitor", "customer", "email_hash", "user_id"}, "who it is about"},
    {"occurred_at", HS_TYPE_TIME, REQUIRED, NULL, {"timestamp", "time", "ts", "date", "created_at"}, "when it came in or got this status"},
    {"partner", HS_TYPE_TEXT, 0, NULL, {"affiliate", "publisher", "source", "registered_by"}, "the partner who brought it"},
    {"status", HS_TYPE_TEXT, KEY, "new qualified meeting negotiation won lost unqualified", {"stage", "state"}, "new, qualified, meeting, negotiation, won, lost, unqualified"}}},
  [HS_EVENT_IDENTITY] = {"identities", "identity", 5, {
    {"identity_id", HS_TYPE_TEXT, KEY, NULL, {"id"}, "what names this piece of evidence; without it the whole row is its name"},
    {"occurred_at", HS_TYPE_TIME, REQUIRED, NULL, {"timestamp", "time", "ts", "date", "created_at"}, "when it was seen"},
    {"visitor", HS_TYPE_TEXT, REQUIRED | PERSONAL, NULL, {"person", "visitor_id", "anonymous_id", "client_id"}, "one id"},
    {"customer", HS_TYPE_TEXT, REQUIRED | PERSONAL, NULL, {"customer_id", "customer_external_id", "user_id", "account"}, "the other id of the same person"},
    {"evidence", HS_TYPE_TEXT, 0, NULL, {"source", "method", "type"}, "login, order, email_click or another word for how it is known"}}},
  [HS_EVENT_SERIES] = {"series", "observation", 4, {
    {"day", HS_TYPE_DAY, REQUIRED | KEY, NULL, {"date"}, "the day"},
    {"region", HS_TYPE_TEXT, KEY, NULL, {"geo", "market", "location"}, "the region; empty for everywhere"},
    {"metric", HS_TYPE_TEXT, REQUIRED | KEY, NULL, {"series", "measure", "name"}, "organic_search_visits, direct_visits, brand_searches, sales or another"},
    {"value", HS_TYPE_REAL, REQUIRED, NULL, {"count", "y"}, "the day's figure"}}},
  [HS_EVENT_COST] = {"costs", "cost", 9, {
    {"cost_id", HS_TYPE_TEXT, KEY, NULL, {"id"}, "what names the cost; without it the whole row is its name"},
    {"partner", HS_TYPE_TEXT, 0, NULL, {"affiliate", "publisher", "partner_id"}, "the partner it was spent on"},
    {"channel", HS_TYPE_TEXT, 0, NULL, {"medium"}, "or the channel of our own"},
    {"kind", HS_TYPE_TEXT, REQUIRED, "media content tools hours", {"type", "category"}, "media, content, tools or hours"},
    {"from", HS_TYPE_DAY, REQUIRED, NULL, {"start", "period_start", "day", "date"}, "the period's first day"},
    {"to", HS_TYPE_DAY, 0, NULL, {"end", "period_end"}, "the period's last day; the first when empty"},
    {"amount", HS_TYPE_MONEY, 0, NULL, {"cost", "spend", "value"}, "what it cost"},
    {"currency", HS_TYPE_CURRENCY, 0, NULL, {"currency_code", "ccy"}, "ISO 4217 code of the amount"},
    {"hours", HS_TYPE_REAL, 0, NULL, {"time_spent"}, "working hours, for kind hours"}}},
  [HS_EVENT_ACTIVITY] = {"activity", "activity", 6, {
    {"activity_id", HS_TYPE_TEXT, KEY, NULL, {"id"}, "what names the row; without it the whole row is its name"},
    {"partner", HS_TYPE_TEXT, REQUIRED, NULL, {"affiliate", "publisher", "partner_id"}, "the partner"},
    {"day", HS_TYPE_DAY, REQUIRED, NULL, {"date", "occurred_at"}, "the day"},
    {"kind", HS_TYPE_TEXT, REQUIRED, NULL, {"type", "metric"}, "impressions, subscribers, reach or another word"},
    {"count", HS_TYPE_INTEGER, REQUIRED, NULL, {"value", "number", "quantity"}, "how many"},
    {"person", HS_TYPE_TEXT, PERSONAL, NULL, {"subscriber", "visitor", "customer", "user_id"}, "the one it is about, where the source knows; ties it to later orders"}}},
  [HS_EVENT_PATH] = {"paths", "path", 4, {
    {"path", HS_TYPE_TEXT, REQUIRED, NULL, {"journey"}, "channels in order, with > between them; none is without a name"},
    {"conversions", HS_TYPE_REAL, REQUIRED, NULL, {"total_conversions", "conversion", "orders"}, "how many such paths ended in an order"},
    {"value", HS_TYPE_REAL, 0, NULL, {"total_conversion_value", "conversion_value", "revenue"}, "the revenue of those orders, in the programme's currency unit"},
    {"nulls", HS_TYPE_REAL, 0, NULL, {"total_null", "null", "non_conversions"}, "how many such paths ended in nothing"}}},
  [HS_EVENT_NETWORK_COMMISSION] = {"network_commissions", "network commission", 20, {
    {"network", HS_TYPE_TEXT, KEY, NULL, {"platform"}, "whose export it is; from --network where a row does not say"},
    {"commission_id", HS_TYPE_TEXT, REQUIRED | KEY, NULL, {"id"}, "the network's name for the commission"},
    {"order_id", HS_TYPE_TEXT, 0, NULL, {"transaction_id", "invoice_id", "external_id"}, "the shop's name for the order"},
    {"partner", HS_TYPE_TEXT, 0, NULL, {"partner_name", "affiliate", "publisher"}, "the partner who earned it"},
    {"partner_id", HS_TYPE_TEXT, 0, NULL, {"affiliate_id", "publisher_id"}, "the network's id of the partner; one of the two is needed"},
    {"amount", HS_TYPE_MONEY, 0, NULL, {"sale_amount", "order_amount"}, "what the order was worth"},
    {"commission", HS_TYPE_MONEY, REQUIRED | KEY, NULL, {"commission_amount"}, "what it earns; below zero it takes back an earlier one"},
    {"currency", HS_TYPE_CURRENCY, REQUIRED, NULL, {"currency_code", "ccy"}, "ISO 4217 code of both amounts"},
    {"status", HS_TYPE_TEXT, REQUIRED | KEY, "pending approved reversed paid", {"state"}, "pending, approved, reversed or paid; reversed when the commission is below zero, paid when paid_at is there"},
    {"network_status", HS_TYPE_TEXT, 0, NULL, {"upstream_status"}, "the network's own word for it"},
    {"created_at", HS_TYPE_TIME, REQUIRED, NULL, {"date", "occurred_at", "timestamp"}, "when the order was placed or the commission noted"},
    {"approved_at", HS_TYPE_TIME, 0, NULL, {"locked_at"}, "when it was approved or locked; nothing while it is not"},
    {"paid_at", HS_TYPE_TIME, KEY, NULL, {"payment_date"}, "when it was paid; nothing while it is not"},
    {"reversal_reason", HS_TYPE_TEXT, 0, NULL, {"decline_reason", "reason"}, "why it was reversed, in the network's words"},
    {"clicked_at", HS_TYPE_TIME, 0, NULL, {"click_date", "click_time"}, "when the partner's link was followed"},
    {"customer", HS_TYPE_TEXT, PERSONAL, NULL, {"customer_id", "customer_external_id"}, "the customer, as the network knows them"},
    {"coupon", HS_TYPE_TEXT, 0, NULL, {"coupon_code", "code", "voucher"}, "the coupon code that was used"},
    {"sub1", HS_TYPE_TEXT, 0, NULL, {"aff_sub", "subId1", "clickref"}, "the partner's own mark 1"},
    {"sub2", HS_TYPE_TEXT, 0, NULL, {"aff_sub2", "subId2"}, "the partner's own mark 2"},
    {"sub3", HS_TYPE_TEXT, 0, NULL, {"aff_sub3", "subId3"}, "the partner's own mark 3"}}},
  [HS_EVENT_CUSTOM] = {"events", "event", 6, {
    {"event_id", HS_TYPE_TEXT, REQUIRED | KEY, NULL, {"transaction_id", "id"}, "what names the event"},
    {"person", HS_TYPE_TEXT, PERSONAL, NULL, {"visitor", "customer", "customer_id", "user_id", "customer_external_id"}, "who did it"},
    {"occurred_at", HS_TYPE_TIME, REQUIRED, NULL, {"timestamp", "time", "ts", "date", "created_at"}, "when it happened"},
    {"name", HS_TYPE_TEXT, REQUIRED, NULL, {"event", "event_name", "goal", "et"}, "what happened, as agreements name it: trial_started, webinar_attended"},
    {"partner", HS_TYPE_TEXT, 0, NULL, {"affiliate", "publisher", "via", "ref", "partner_id", "source"}, "the partner who brought it; empty where the touchpoints decide"},
    {"metadata", HS_TYPE_FACTS, 0, NULL, {"custom_fields", "properties"}, "more that rules may ask for, by key"}}},
  [HS_EVENT_SURVEY] = {"surveys", "survey answer", 6, {
    {"answer_id", HS_TYPE_TEXT, KEY, NULL, {"response_id", "submission_id", "id"}, "what names the answer; without it the whole row is its name"},
    {"person", HS_TYPE_TEXT, PERSONAL, NULL, {"visitor", "customer", "customer_id", "user_id", "customer_external_id"}, "who answered"},
    {"occurred_at", HS_TYPE_TIME, REQUIRED, NULL, {"timestamp", "time", "ts", "date", "created_at", "submitted_at"}, "when it was answered"},
    {"answer", HS_TYPE_TEXT, REQUIRED | PERSONAL, NULL, {"heard_from", "how_did_you_hear", "heard_about_us", "source", "response"}, "how the customer heard of us, as chosen or written"},
    {"partner", HS_TYPE_TEXT, 0, NULL, {"affiliate", "publisher", "partner_id"}, "the partner that the answer means, where the survey knows; without it an answer means the partner whose name or title it is"},
    {"order_id", HS_TYPE_TEXT, 0, NULL, {"invoice_id", "transaction_id", "txid", "orderid"}, "the order at which the question was asked"}}},
  [HS_EVENT_RATE] = {"rates", "exchange rate", 6, {
    {"rate_id", HS_TYPE_TEXT, KEY, NULL, {"id"}, "what names the entry; without it the whole row is its name"},
    {"day", HS_TYPE_DAY, REQUIRED, NULL, {"date", "time_period", "valid_from"}, "the day for which the rate was fixed"},
    {"from", HS_TYPE_CURRENCY, REQUIRED, NULL, {"base", "currency_denom", "from_currency"}, "the currency of which one unit is valued"},
    {"to", HS_TYPE_CURRENCY, REQUIRED, NULL, {"quote", "currency", "to_currency"}, "the currency that it is valued in"},
    {"rate", HS_TYPE_TEXT, REQUIRED, NULL, {"obs_value", "exchange_rate", "value"}, "how much of it one unit is worth, as an exact decimal above 0"},
    {"source", HS_TYPE_TEXT, 0, NULL, {"provider", "published_by"}, "who fixed it"}}},
};
/* clang-format on */

const struct hs_event_spec *hs_event_spec(enum hs_event_kind kind)
{
  HS_ASSERT(kind < HS_EVENT_KIND_COUNT);
  return &SPECS[kind];
}

int hs_event_kind_parse(struct hs_str name, enum hs_event_kind *out)
{
  for (size_t i = 0; i < HS_EVENT_KIND_COUNT; i++)
    if (hs_str_equal(name, hs_str_of(SPECS[i].name))) {
      *out = (enum hs_event_kind)i;
      return 1;
    }
  return 0;
}

/* Those that the column kind of touches names, and those that only our own channels have. */
#define WORD(text)                                                                                 \
  {                                                                                                \
    text, sizeof(text) - 1                                                                         \
  }
static const struct hs_str OWN_CHANNELS[] = {
    WORD("click"), WORD("impression"), WORD("coupon"),  WORD("content"),     WORD("email"),
    WORD("event"), WORD("direct"),     WORD("organic"), WORD("paid_search"), WORD("social")};

/* Every touch of an import is asked: lengths first. */
struct hs_str hs_event_own_channel(struct hs_str name)
{
  for (size_t i = 0; i < sizeof OWN_CHANNELS / sizeof *OWN_CHANNELS; i++)
    if (name.length == OWN_CHANNELS[i].length && hs_str_equal_ascii_fold(name, OWN_CHANNELS[i]))
      return OWN_CHANNELS[i];
  return (struct hs_str){0};
}

int hs_event_column(enum hs_event_kind kind, const char *name)
{
  const struct hs_event_spec *spec = hs_event_spec(kind);
  for (size_t i = 0; i < spec->column_count; i++)
    if (strcmp(spec->columns[i].name, name) == 0)
      return (int)i;
  return -1;
}

void hs_column_stable_name(const struct hs_column_spec *column, char out[HS_COLUMN_NAME])
{
  snprintf(out, HS_COLUMN_NAME, "%s%s", column->name,
           column->type == HS_TYPE_MONEY ? "_minor" : "");
}
