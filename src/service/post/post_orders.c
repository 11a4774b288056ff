/* Orders become commissions: judged, priced by what the period has seen, written with the evidence
   that repeats the arithmetic, and booked as earned. */
#include "service/post/earn.h"
#include "service/post/evidence.h"
#include "service/post/post_priv.h"

/* So many orders are asked for at once: what the trail does for a page costs little more for a
   larger one. A page holds some kilobytes an order. */
#define PAGE_ORDERS 32768
#define COMMISSIONS_PER_ORDER_MAX 256

/* A commission's name says where it came from: the frame, the row in it, which of the order's it
   is, and by which judgement. So it is the same whenever the journal is read, and the book's index
   grows at its end. */
static struct hs_id commission_id(const struct hs_case_posting *one)
{
  unsigned char rest[10];
  uint64_t second = UINT64_C(1) << 39;
  uint64_t late = UINT64_C(1) << 38;
  uint64_t sequence = one->order->sequence;
  uint64_t row = (uint64_t)one->order->row_number;
  HS_ASSERT(sequence < late && row < UINT64_C(1) << 32);
  sequence |= one->is_second ? second : 0;
  sequence |= one->is_late ? late : 0;
  for (size_t i = 0; i < 5; i++)
    rest[i] = (unsigned char)(sequence >> (8 * (4 - i)));
  for (size_t i = 0; i < 4; i++)
    rest[5 + i] = (unsigned char)(row >> (8 * (3 - i)));
  rest[9] = (unsigned char)one->commission_count;
  return hs_id_of("cms", one->posting->at_us / 1000, rest);
}

static int64_t locks_at(const struct hs_case_posting *one, const struct hs_terms *terms)
{
  int64_t at_us = one->order->at_us + (int64_t)terms->hold_days * HS_DAY_US;
  int64_t locked = one->posting->locked_until_us;
  if (one->is_second && at_us < one->judged_at_us)
    at_us = one->judged_at_us;
  return at_us > locked ? at_us : locked + 1; /* the next lock takes what came too late for one */
}

/* ---- one commission ---- */

static enum hs_status evidence_of(const struct hs_case_posting *one, const struct hs_earned *earned,
                                  struct hs_str *out, struct hs_err *err)
{
  struct hs_arena *scratch = one->posting->scratch;
  return earned->bonus != NULL ? hs_evidence_of_bonus(earned->bonus, earned->bonus_before,
                                                      earned->bonus_after, scratch, out, err)
                               : hs_evidence_of_share(one->posting->in_force, one->order,
                                                      &one->judgement, earned, scratch, out, err);
}

static enum hs_status add_commission(struct hs_case_posting *one, const struct hs_earned *earned,
                                     struct hs_str evidence, struct hs_err *err)
{
  struct hs_posting *posting = one->posting;
  const struct hs_case *order = one->order;
  const struct hs_judged_share *share = earned->share;
  char part[HS_RATIO_TEXT];
  hs_ratio_format(share->part, part);
  struct hs_commission_row row = {.id = commission_id(one),
                                  .type = hs_str_of(hs_rule_event_word(order->event)),
                                  .order_id = order->id,
                                  .partner = posting->in_force->partners[share->partner],
                                  .agreement = share->version->agreement,
                                  .version = share->version->number,
                                  .rule = earned->rule,
                                  .policy = one->judgement.policy->number,
                                  .part = hs_str_of(part),
                                  .base_minor = earned->base_minor,
                                  .currency = share->version->terms.currency,
                                  .amount_minor = earned->amount_minor,
                                  .occurred_at_us = order->at_us,
                                  .touched_at_us = share->touched_at_us,
                                  .locks_at_us = locks_at(one, &share->version->terms),
                                  .sequence = posting->sequence,
                                  .evidence = evidence};
  struct hs_entry entry = {.kind = HS_TRANSFER_EARN,
                           .partner = row.partner,
                           .commission = &row.id,
                           .currency = row.currency,
                           .amount_minor = row.amount_minor,
                           .effective_us = one->is_second ? one->judged_at_us : order->at_us};
  enum hs_status status =
      posting->writer->ledger.add_commission(posting->writer->ledger.self, &row, err);
  return status == HS_OK && row.amount_minor > 0 ? hs_post_entry(posting, &entry, err) : status;
}

static enum hs_status post_earned(void *context, const struct hs_earned *earned, struct hs_err *err)
{
  struct hs_case_posting *one = context;
  struct hs_str evidence;
  if (one->commission_count == COMMISSIONS_PER_ORDER_MAX)
    return hs_fail(err, HS_INVALID, "there are more than %d commissions",
                   COMMISSIONS_PER_ORDER_MAX);
  enum hs_status status = evidence_of(one, earned, &evidence, err);
  if (status == HS_OK)
    status = add_commission(one, earned, evidence, err);
  one->commission_count++;
  one->posting->counts->commissions++;
  one->posting->counts->refused += earned->share->refused != NULL;
  return status;
}

enum hs_status hs_post_judged(struct hs_case_posting *one, struct hs_tally_table *tallies,
                              struct hs_err *err)
{
  return hs_earn(one->posting->in_force, one->order, &one->judgement, tallies, post_earned, one,
                 err);
}

/* ---- shares without a commission ---- */

enum hs_status hs_post_share(const struct hs_case_posting *one, const struct hs_judged_share *share,
                             struct hs_err *err)
{
  const struct hs_posting *posting = one->posting;
  char part[HS_RATIO_TEXT];
  hs_ratio_format(share->part, part);
  struct hs_order_share_row row = {.order_id = one->order->id,
                                   .sequence = posting->sequence,
                                   .partner = posting->in_force->partners[share->partner],
                                   .agreement = share->version->agreement,
                                   .version = share->version->number,
                                   .part = hs_str_of(part),
                                   .touched_at_us = share->touched_at_us};
  return posting->writer->ledger.add_order_share(posting->writer->ledger.self, &row, err);
}

/* Renewals ask who shared the first sale, also where no rule paid for it. Nobody asks of others. */
static enum hs_status keep_unpaid(const struct hs_case_posting *one, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (size_t s = 0; s < one->judgement.share_count && status == HS_OK; s++) {
    const struct hs_judged_share *share = &one->judgement.shares[s];
    if (one->order->is_first && one->order->person != 0 && share->refused == NULL &&
        share->portion_count == 0)
      status = hs_post_share(one, share, err);
  }
  return status;
}

static enum hs_status post_order(struct hs_posting *posting, struct hs_tally_table *tallies,
                                 const struct hs_case *order, struct hs_err *err)
{
  struct hs_case_posting one = {.posting = posting, .order = order};
  hs_arena_reset(posting->scratch, 0);
  enum hs_status status = hs_judge(posting->in_force, &posting->writer->ledger_now, order,
                                   posting->scratch, &one.judgement, err);
  if (status == HS_OK)
    status = hs_post_judged(&one, tallies, err);
  if (status == HS_OK)
    status = keep_unpaid(&one, err);
  posting->counts->orders++;
  if (status != HS_OK)
    hs_err_prefix(err, "order %.*s", HS_STR_ARG(order->id));
  return status;
}

/* ---- pages ---- */

/* Files come in any order, so a renewal may stand before the first sale that it asks about. It then
   waits until the rest of its frame is posted. First sales never wait, so nothing waits twice. */
enum turn { AT_ONCE, WAITED };

static enum turn turn_of(const struct hs_case *order)
{
  return order->first_sequence == order->sequence && order->first_row > order->row_number ? WAITED
                                                                                          : AT_ONCE;
}

static enum hs_status post_page(struct hs_posting *posting, enum turn turn, int *is_waited_for,
                                struct hs_err *err)
{
  struct hs_tally_table tallies = {.ledger = &posting->writer->ledger_now,
                                   .arena = posting->tallying};
  enum hs_status status = HS_OK;
  hs_arena_reset(posting->tallying, 0);
  for (size_t i = 0; i < posting->cases->count && status == HS_OK; i++) {
    const struct hs_case *order = &posting->cases->cases[i];
    if (turn_of(order) == turn)
      status = post_order(posting, &tallies, order, err);
    else
      *is_waited_for = 1;
  }
  return status == HS_OK ? hs_tallies_put(&tallies, &posting->writer->ledger, err) : status;
}

static enum hs_status post_pages(struct hs_posting *posting, enum turn turn, int *is_waited_for,
                                 struct hs_err *err)
{
  struct hs_order_page page = {.after_sequence = posting->sequence - 1,
                               .after_row = INT64_MAX,
                               .until_sequence = posting->sequence,
                               .count_max = PAGE_ORDERS};
  for (;;) {
    enum hs_status status =
        hs_cases_load(posting->cases, &posting->programme->trail, posting->in_force, &page, err);
    if (status == HS_OK)
      status = post_page(posting, turn, is_waited_for, err);
    if (status != HS_OK || posting->cases->count < page.count_max)
      return status;
    page.after_sequence = posting->sequence;
    page.after_row = posting->cases->cases[posting->cases->count - 1].row_number;
  }
}

enum hs_status hs_post_orders(struct hs_posting *posting, struct hs_err *err)
{
  int is_waited_for = 0;
  enum hs_status status = hs_posting_agreed(posting, err);
  if (status != HS_OK || !posting->in_force->has_signed)
    return status;
  status = post_pages(posting, AT_ONCE, &is_waited_for, err);
  return status == HS_OK && is_waited_for ? post_pages(posting, WAITED, &is_waited_for, err)
                                          : status;
}
