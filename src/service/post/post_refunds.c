/* Refunds take back in proportion: of each commission of the order the part that has been returned,
   so that several refunds come to what one would. */
#include "service/post/evidence.h"
#include "service/post/post_priv.h"

/* A refund, and one commission of its order after the other. */
struct taking_back {
  struct hs_posting *posting;
  const struct hs_refund_batch *batch;
  size_t refund;
};

static enum hs_status post_steps(const struct taking_back *taking,
                                 const struct hs_commission_row *commission,
                                 const struct hs_step *steps, size_t count, struct hs_err *err)
{
  const struct hs_refund_batch *batch = taking->batch;
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < count && status == HS_OK; i++) {
    struct hs_entry entry = {.kind = steps[i].kind,
                             .partner = commission->partner,
                             .commission = &commission->id,
                             .currency = commission->currency,
                             .amount_minor = steps[i].amount_minor,
                             .effective_us = batch->at_us[taking->refund],
                             .reference = batch->refund_id[taking->refund],
                             .reason = batch->reason[taking->refund].data == NULL
                                           ? HS_STR("returned")
                                           : batch->reason[taking->refund]};
    status = hs_post_entry(taking->posting, &entry, err);
  }
  return status;
}

/* A bonus is for a period's sales and not for this order's. A base of 0 says nothing: what could
   not be priced has none and may have been granted by a decision since, and a small amount of a
   small currency may come to none. A lead may be called as an order is. */
static int is_for_order(const struct hs_commission_row *commission)
{
  return hs_str_equal(commission->type, HS_STR("sale")) &&
         !hs_evidence_is_of_bonus(commission->evidence);
}

/* Of all that was earned, what a decision granted too. What was taken back before for other
   reasons, by a dispute say, has been taken back all the same: a refund takes what is still
   missing. */
static enum hs_status take_back(void *context, const struct hs_commission_row *commission,
                                struct hs_err *err)
{
  const struct taking_back *taking = context;
  const struct hs_refund_batch *batch = taking->batch;
  const struct hs_agreed_version *version =
      hs_in_force_numbered(taking->posting->in_force, commission->agreement, commission->version);
  struct hs_step steps[HS_TAKE_BACK_STEPS_MAX];
  struct hs_owed owed;
  int64_t amount_minor = 0;
  size_t count = 0;
  HS_ASSERT(version != NULL); /* the book refuses a commission without it */
  enum hs_status status =
      hs_ledger_owed(&taking->posting->writer->ledger_now, &commission->id, &owed, err);
  if (status == HS_OK && owed.earned > owed.taken_back && is_for_order(commission))
    status = hs_price_take_back(owed.earned, batch->order_amount_minor[taking->refund],
                                batch->refunded_minor[taking->refund], owed.taken_back,
                                version->terms.rounding, &amount_minor, err);
  if (status == HS_OK && amount_minor > 0)
    status = hs_owed_take_back(&owed, amount_minor, steps, &count, err);
  return status == HS_OK ? post_steps(taking, commission, steps, count, err) : status;
}

/* ---- orders that were judged again ---- */

struct taking_refunded {
  struct hs_posting *posting;
  const struct hs_case *order;
  int64_t effective_us;
};

static enum hs_status take_refunded(void *context, const struct hs_commission_row *commission,
                                    struct hs_err *err)
{
  const struct taking_refunded *taking = context;
  const struct hs_case *order = taking->order;
  const struct hs_agreed_version *version =
      hs_in_force_numbered(taking->posting->in_force, commission->agreement, commission->version);
  int64_t amount_minor = 0;
  HS_ASSERT(version != NULL);
  if (commission->sequence != taking->posting->sequence || !is_for_order(commission))
    return HS_OK;
  enum hs_status status =
      hs_price_take_back(commission->amount_minor, order->amount_minor, order->refunded_minor, 0,
                         version->terms.rounding, &amount_minor, err);
  return status == HS_OK
             ? hs_post_commission(taking->posting, HS_TRANSFER_CANCEL, commission, amount_minor,
                                  taking->effective_us, (struct hs_str){0}, HS_STR("returned"), err)
             : status;
}

enum hs_status hs_post_refunded(struct hs_posting *posting, const struct hs_case *order,
                                int64_t effective_us, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &posting->writer->ledger_now;
  struct taking_refunded taking = {posting, order, effective_us};
  return order->refunded_minor == 0
             ? HS_OK
             : ledger->commissions_of_order(ledger->self, order->id, take_refunded, &taking, err);
}

/* ---- refunds of a frame ---- */

static enum hs_status post_refund(const struct taking_back *taking, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &taking->posting->writer->ledger_now;
  struct hs_str order_id = taking->batch->order_id[taking->refund];
  enum hs_status status = ledger->commissions_of_order(ledger->self, order_id, take_back,
                                                       (void *)(uintptr_t)taking, err);
  if (status != HS_OK)
    hs_err_prefix(err, "refund of order %.*s", HS_STR_ARG(order_id));
  return status;
}

static enum hs_status post_batch(void *context, const struct hs_refund_batch *batch,
                                 struct hs_err *err)
{
  struct hs_posting *posting = context;
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < batch->count && status == HS_OK; i++) {
    status = post_refund(&(struct taking_back){posting, batch, i}, err);
    posting->counts->refunds++;
  }
  return status;
}

struct some_orders {
  struct hs_posting *posting;
  hs_order_wanted_fn is_wanted;
  const void *context;
};

static enum hs_status post_some(void *context, const struct hs_refund_batch *batch,
                                struct hs_err *err)
{
  const struct some_orders *some = context;
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < batch->count && status == HS_OK; i++)
    if (some->is_wanted(some->context, batch->order_id[i]))
      status = post_refund(&(struct taking_back){some->posting, batch, i}, err);
  return status;
}

enum hs_status hs_post_refunds_of(struct hs_posting *posting, hs_order_wanted_fn is_wanted,
                                  const void *context, struct hs_err *err)
{
  const struct hs_trail *trail = &posting->programme->trail;
  struct some_orders some = {posting, is_wanted, context};
  return trail->new_refunds(trail->self, 0, posting->sequence, post_some, &some, err);
}

enum hs_status hs_post_refunds(struct hs_posting *posting, struct hs_err *err)
{
  const struct hs_trail *trail = &posting->programme->trail;
  enum hs_status status = hs_posting_agreed(posting, err);
  if (status != HS_OK || !posting->in_force->has_signed)
    return status;
  return trail->new_refunds(trail->self, posting->sequence - 1, posting->sequence, post_batch,
                            posting, err);
}
