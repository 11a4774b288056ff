/* Commissions that no rule brought but a decision: for an order that was not tracked, or for
   whatever two persons found right. They are paid, taken back and shown like any other; their
   evidence says who decided. */
#include <inttypes.h>
#include <string.h>

#include "service/post/post_priv.h"

#define RULE HS_STR("by decision")

/* ---- the order that it is for ---- */

static enum hs_status note_order(void *context, const struct hs_new_order_batch *page,
                                 [[maybe_unused]] struct hs_err *err)
{
  const struct hs_order_batch *batch = &page->basic;
  struct hs_known_order *order = context;
  if (batch->count > 0) {
    *order = (struct hs_known_order){.sequence = batch->sequence[0],
                                     .at_us = batch->at_us[0],
                                     .amount_minor = batch->amount_minor[0]};
    (void)hs_currency_parse(batch->currency[0], &order->currency);
  }
  return HS_OK;
}

enum hs_status hs_posting_order(struct hs_posting *posting, struct hs_str order_id,
                                struct hs_known_order *out, struct hs_err *err)
{
  const struct hs_trail *trail = &posting->programme->trail;
  const struct hs_order_page page = {.after_row = INT64_MAX,
                                     .until_sequence = posting->sequence,
                                     .count_max = 1,
                                     .order_id = order_id};
  *out = (struct hs_known_order){0};
  return trail->new_orders(trail->self, &page, note_order, out, err);
}

/* ---- by which agreement ---- */

static const struct hs_agreed_version *version_of(const struct hs_posting *posting,
                                                  struct hs_str partner, int64_t at_us)
{
  uint32_t index = hs_in_force_partner(posting->in_force, partner);
  return index == HS_NO_PARTNER ? NULL : hs_in_force_version(posting->in_force, index, at_us);
}

uint32_t hs_posting_dispute_days(const struct hs_posting *posting, struct hs_str partner,
                                 int64_t at_us)
{
  const struct hs_agreed_version *version = version_of(posting, partner, at_us);
  return version != NULL ? version->terms.dispute_days : HS_DISPUTE_DAYS;
}

static enum hs_status require_version(struct hs_posting *posting, const struct hs_granted *granted,
                                      const struct hs_agreed_version **out, struct hs_err *err)
{
  char day[HS_TIME_TEXT];
  enum hs_status status = hs_posting_agreed(posting, err);
  if (status != HS_OK)
    return status;
  *out = version_of(posting, granted->partner, granted->at_us);
  hs_format_day(hs_zone_day_of_us(posting->programme->zone, granted->at_us), day);
  if (*out == NULL)
    return hs_fail(err, HS_NOT_FOUND,
                   "no agreement with %.*s was in force on %s, so nothing can be owed to it",
                   HS_STR_ARG(granted->partner), day);
  if (!hs_currency_equal((*out)->terms.currency, granted->currency))
    return hs_fail(err, HS_INVALID, "%.*s pays in %s, not in %s", HS_STR_ARG((*out)->agreement),
                   (*out)->terms.currency.code, granted->currency.code);
  return HS_OK;
}

/* ---- the commission ---- */

static void add_text(struct hs_buf *buf, const char *name, struct hs_str value)
{
  if (value.data == NULL)
    return;
  hs_buf_printf(buf, ",\"%s\":", name);
  hs_buf_add_json(buf, value);
}

static enum hs_status write_evidence(const struct hs_posting *posting,
                                     const struct hs_decision *decision,
                                     const struct hs_granted *granted, struct hs_str *out,
                                     struct hs_err *err)
{
  struct hs_buf buf = hs_buf_in(posting->scratch);
  char at[HS_TIME_TEXT];
  hs_buf_add_char(&buf, '{');
  if (granted->order != NULL) {
    hs_format_time(granted->order->at_us, at);
    hs_buf_printf(&buf,
                  "\"order\":{\"at\":\"%s\",\"amount_minor\":%" PRId64 ",\"currency\":\"%s\"},", at,
                  granted->order->amount_minor, granted->order->currency.code);
  }
  hs_format_time(posting->at_us, at);
  hs_buf_printf(&buf, "\"decided\":{\"at\":\"%s\"", at);
  add_text(&buf, "by", decision->by);
  add_text(&buf, "seconded_by", decision->seconded_by);
  add_text(&buf, "reference", granted->reference);
  add_text(&buf, "reason", granted->reason);
  add_text(&buf, "words", decision->words);
  hs_buf_printf(&buf, ",\"amount_minor\":%" PRId64 "}}", granted->amount_minor);
  *out = hs_buf_str(&buf);
  return hs_buf_status(&buf, "the evidence of a commission", err);
}

struct hs_id hs_granted_id(const struct hs_decision *decision)
{
  struct hs_id id = decision->id;
  memcpy(id.text, "cms", 3);
  return id;
}

enum hs_status hs_post_granted(struct hs_posting *posting, const struct hs_decision *decision,
                               const struct hs_granted *granted, struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  const struct hs_agreed_version *version = NULL;
  enum hs_status status = require_version(posting, granted, &version, err);
  if (status != HS_OK)
    return status;
  const struct hs_agreed_policy *policy = hs_in_force_policy(posting->in_force, granted->at_us);
  const struct hs_in_force *in_force = posting->in_force;
  HS_ASSERT(in_force->policy_count > 0); /* signing the first agreement makes one */
  struct hs_commission_row row = {
      .id = hs_granted_id(decision),
      .type = granted->type,
      .order_id = granted->name,
      .partner = granted->partner,
      .agreement = version->agreement,
      .version = version->number,
      .rule = RULE,
      .policy =
          policy != NULL ? policy->number : in_force->policies[in_force->policy_count - 1].number,
      .part = HS_STR("1"),
      /* Of the order, where that is in the commission's currency. */
      .base_minor =
          granted->order != NULL && hs_currency_equal(granted->order->currency, granted->currency)
              ? granted->order->amount_minor
              : 0,
      .currency = granted->currency,
      .amount_minor = granted->amount_minor,
      .occurred_at_us = granted->at_us,
      .touched_at_us = granted->at_us,
      .locks_at_us = posting->at_us,
      .sequence = posting->sequence};
  status = write_evidence(posting, decision, granted, &row.evidence, err);
  if (status == HS_OK)
    status = ledger->add_commission(ledger->self, &row, err);
  return status == HS_OK
             ? hs_post_commission(posting, HS_TRANSFER_GRANT, &row, row.amount_minor,
                                  posting->at_us, granted->reference, granted->reason, err)
             : status;
}
