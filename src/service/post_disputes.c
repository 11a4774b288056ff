/* What people decide about single commissions: adjustments and disputes. */
#include "service/post_priv.h"

/* ---- commissions by hand ---- */

static enum hs_status find_commission(struct hs_posting *posting, const struct hs_id *id,
                                      struct hs_commission_row *out, struct hs_owed *owed,
                                      struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &posting->writer->ledger_now;
  enum hs_status status = hs_ledger_commission(ledger, id, posting->scratch, out, err);
  return status == HS_OK ? hs_ledger_owed(ledger, id, owed, err) : status;
}

static enum hs_status take_back(struct hs_posting *posting,
                                const struct hs_commission_row *commission,
                                const struct hs_owed *owed, int64_t amount_minor,
                                struct hs_str reference, struct hs_str reason, struct hs_err *err)
{
  struct hs_step steps[HS_TAKE_BACK_STEPS_MAX];
  size_t count = 0;
  enum hs_status status = hs_owed_take_back(owed, amount_minor, steps, &count, err);
  for (size_t i = 0; i < count && status == HS_OK; i++)
    status = hs_post_commission(posting, steps[i].kind, commission, steps[i].amount_minor,
                                posting->at_us, reference, reason, err);
  return status;
}

/* What is granted in its return period is owed at once: somebody has looked at it. */
enum hs_status hs_post_adjustment(struct hs_posting *posting, const struct hs_decision *decision,
                                  struct hs_err *err)
{
  struct hs_commission_row commission;
  struct hs_owed owed;
  struct hs_str reference = hs_str_of(decision->id.text);
  enum hs_status status = find_commission(posting, &decision->commission, &commission, &owed, err);
  if (status != HS_OK)
    return status;
  if (hs_str_equal(decision->by, decision->seconded_by))
    return hs_fail(err, HS_INVALID, "an adjustment needs two persons, got %.*s twice",
                   HS_STR_ARG(decision->by));
  if (decision->amount_minor > 0)
    return hs_post_commission(posting, HS_TRANSFER_GRANT, &commission, decision->amount_minor,
                              posting->at_us, reference, decision->reason, err);
  if (decision->amount_minor == INT64_MIN)
    return hs_fail(err, HS_INVALID, "the amount does not fit");
  return take_back(posting, &commission, &owed, -decision->amount_minor, reference,
                   decision->reason, err);
}

/* ---- disputes ---- */

enum hs_status hs_post_dispute(struct hs_posting *posting, const struct hs_decision *decision,
                               struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_dispute_row row = {.id = decision->dispute,
                               .partner = decision->party,
                               .commission = decision->commission,
                               .order_id = decision->order_id,
                               .about = decision->about,
                               .currency = decision->currency,
                               .amount_minor = decision->amount_minor,
                               .opened_at_us = posting->at_us,
                               .opened_by = decision->by,
                               .words = decision->words,
                               .sequence = posting->sequence};
  enum hs_status status = ledger->add_dispute(ledger->self, &row, err);
  if (status != HS_OK || decision->commission.text[0] == '\0' ||
      !hs_str_equal(decision->about, HS_STR("wrong amount")))
    return status;
  /* Of what is owed only the part that is disputed waits; the rest is paid on time. */
  struct hs_commission_row commission;
  struct hs_owed owed;
  status = find_commission(posting, &decision->commission, &commission, &owed, err);
  if (status != HS_OK)
    return status;
  int64_t held = decision->amount_minor < owed.payable ? decision->amount_minor : owed.payable;
  return hs_post_commission(posting, HS_TRANSFER_HOLD, &commission, held, posting->at_us,
                            hs_str_of(decision->dispute.text), decision->about, err);
}

struct dispute_found {
  struct hs_id commission;
  struct hs_currency currency;
};

static enum hs_status note_dispute(void *context, const struct hs_dispute_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  *(struct dispute_found *)context = (struct dispute_found){row->commission, row->currency};
  return HS_OK;
}

/* What was held is free again; upheld, the partner gets what was decided on top. */
static enum hs_status settle_dispute(struct hs_posting *posting, const struct hs_decision *decision,
                                     const struct hs_id *commission_id, struct hs_err *err)
{
  struct hs_commission_row commission;
  struct hs_owed owed;
  struct hs_str reference = hs_str_of(decision->dispute.text);
  enum hs_status status = find_commission(posting, commission_id, &commission, &owed, err);
  if (status == HS_OK)
    status = hs_post_commission(posting, HS_TRANSFER_FREE, &commission, owed.disputed,
                                posting->at_us, reference, decision->verdict, err);
  if (status == HS_OK && hs_str_equal(decision->verdict, HS_STR("upheld")))
    status = hs_post_commission(posting, HS_TRANSFER_GRANT, &commission, decision->amount_minor,
                                posting->at_us, reference, decision->verdict, err);
  return status;
}

enum hs_status hs_post_verdict(struct hs_posting *posting, const struct hs_decision *decision,
                               struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  const struct hs_ledger_reader *now = &posting->writer->ledger_now;
  struct dispute_found found;
  struct hs_dispute_decision_row row = {.dispute = decision->dispute,
                                        .verdict = decision->verdict,
                                        .amount_minor = decision->amount_minor,
                                        .at_us = posting->at_us,
                                        .decided_by = decision->by,
                                        .seconded_by = decision->seconded_by,
                                        .words = decision->words,
                                        .sequence = posting->sequence};
  enum hs_status status = now->dispute(now->self, &decision->dispute, note_dispute, &found, err);
  if (status == HS_OK)
    status = ledger->add_dispute_decision(ledger->self, &row, err);
  if (status != HS_OK || hs_str_equal(decision->verdict, HS_STR("incomplete")) ||
      found.commission.text[0] == '\0')
    return status;
  return settle_dispute(posting, decision, &found.commission, err);
}
