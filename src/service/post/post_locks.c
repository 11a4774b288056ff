/* Return periods end: orders are judged for the second and last time, and what has stood is owed
   from then on. Of what is disputed only that part waits. */
#include <stdlib.h>
#include <string.h>

#include "base/room.h"
#include "service/post/post_priv.h"

#define DISPUTES_ARENA_BYTES (256 * HS_MIB)

struct locking {
  struct hs_posting *posting;
  struct hs_arena *arena;
  struct hs_disputed *disputes; /* those that are open or were upheld */
  size_t dispute_count, dispute_capacity;
};

/* ---- disputes ---- */

static enum hs_status note_verdict(void *context, const struct hs_dispute_decision_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  struct hs_disputed *dispute = context;
  if (hs_str_equal(row->verdict, HS_STR("incomplete")))
    return HS_OK;
  dispute->is_open = 0;
  dispute->is_upheld = hs_str_equal(row->verdict, HS_STR("upheld"));
  return HS_OK;
}

static enum hs_status note_order(void *context, const struct hs_commission_row *row,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct locking *locking = context;
  struct hs_disputed *dispute = &locking->disputes[locking->dispute_count];
  if (!hs_str_equal(row->type, HS_STR("sale")))
    return HS_OK; /* a lead may be called as an order is */
  dispute->order_id = row->order_id;
  return hs_str_keep(locking->arena, &dispute->order_id)
             ? HS_OK
             : hs_arena_full(locking->arena, "the disputes", err);
}

static enum hs_status note_dispute(void *context, const struct hs_dispute_row *row,
                                   struct hs_err *err)
{
  struct locking *locking = context;
  const struct hs_ledger_reader *now = &locking->posting->writer->ledger_now;
  struct hs_disputed dispute = {.id = row->id,
                                .commission = row->commission,
                                .order_id = row->order_id,
                                .about = row->about,
                                .amount_minor = row->amount_minor,
                                .is_open = 1};
  enum hs_status status = now->dispute_decisions(now->self, &row->id, note_verdict, &dispute, err);
  if (status != HS_OK || (!dispute.is_open && !dispute.is_upheld))
    return status;
  struct hs_disputed *grown =
      hs_arena_room(locking->arena, locking->disputes, locking->dispute_count, 1,
                    &locking->dispute_capacity, sizeof *grown);
  if (grown == NULL || !hs_str_keep(locking->arena, &dispute.order_id) ||
      !hs_str_keep(locking->arena, &dispute.about))
    return hs_arena_full(locking->arena, "the disputes", err);
  locking->disputes = grown;
  locking->disputes[locking->dispute_count] = dispute;
  if (row->commission.text[0] != '\0')
    status = now->commission(now->self, &row->commission, note_order, locking, err);
  locking->dispute_count++;
  return status;
}

static int by_commission(const void *left, const void *right)
{
  const struct hs_disputed *a = left;
  const struct hs_disputed *b = right;
  int order = strcmp(a->commission.text, b->commission.text);
  return order != 0 ? order : strcmp(a->id.text, b->id.text);
}

static enum hs_status load_disputes(struct locking *locking, struct hs_err *err)
{
  const struct hs_ledger_reader *now = &locking->posting->writer->ledger_now;
  enum hs_status status = now->disputes(now->self, (struct hs_str){0}, note_dispute, locking, err);
  if (locking->dispute_count > 1)
    qsort(locking->disputes, locking->dispute_count, sizeof *locking->disputes, by_commission);
  return status;
}

/* ---- what is owed from now on ---- */

/* The first dispute of a commission, or where it would stand. */
static size_t first_of(const struct locking *locking, const struct hs_id *commission)
{
  size_t low = 0;
  size_t high = locking->dispute_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (strcmp(locking->disputes[middle].commission.text, commission->text) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Of what became payable just now: the partner disputed it while it was pending, when there was
   nothing to be held yet. */
static enum hs_status hold(const struct locking *locking, const struct hs_disputed *dispute,
                           const struct hs_commission_row *commission, int64_t *payable,
                           struct hs_err *err)
{
  const struct hs_ledger_reader *now = &locking->posting->writer->ledger_now;
  struct hs_str reference = hs_str_of(dispute->id.text);
  int64_t held = 0;
  enum hs_status status = hs_ledger_held(now, &commission->id, reference, &held, err);
  int64_t wanted = dispute->amount_minor - held;
  if (wanted > *payable)
    wanted = *payable;
  if (status != HS_OK || wanted <= 0)
    return status;
  *payable -= wanted;
  return hs_post_commission(locking->posting, HS_TRANSFER_HOLD, commission, wanted,
                            commission->locks_at_us, reference, dispute->about, err);
}

static enum hs_status hold_disputed(const struct locking *locking,
                                    const struct hs_commission_row *commission,
                                    const struct hs_owed *owed, struct hs_err *err)
{
  int64_t payable = owed->payable + owed->pending;
  enum hs_status status = HS_OK;
  for (size_t i = first_of(locking, &commission->id); i < locking->dispute_count && status == HS_OK;
       i++) {
    const struct hs_disputed *dispute = &locking->disputes[i];
    if (strcmp(dispute->commission.text, commission->id.text) != 0)
      break;
    if (dispute->is_open && hs_str_equal(dispute->about, HS_STR("wrong amount")))
      status = hold(locking, dispute, commission, &payable, err);
  }
  return status;
}

static enum hs_status release(void *context, const struct hs_commission_row *commission,
                              struct hs_err *err)
{
  const struct locking *locking = context;
  struct hs_posting *posting = locking->posting;
  struct hs_owed owed;
  enum hs_status status = hs_ledger_owed(&posting->writer->ledger_now, &commission->id, &owed, err);
  if (status == HS_OK)
    status =
        hs_post_commission(posting, HS_TRANSFER_RELEASE, commission, owed.pending,
                           commission->locks_at_us, (struct hs_str){0}, (struct hs_str){0}, err);
  return status == HS_OK ? hold_disputed(locking, commission, &owed, err) : status;
}

/* ---- a lock ---- */

static enum hs_status end_periods(struct locking *locking, int64_t until_us, struct hs_err *err)
{
  struct hs_posting *posting = locking->posting;
  const struct hs_ledger_reader *now = &posting->writer->ledger_now;
  int64_t after_us = posting->locked_until_us;
  enum hs_status status = load_disputes(locking, err);
  if (status == HS_OK)
    status = hs_post_judge_again(posting, after_us, until_us, locking->disputes,
                                 locking->dispute_count, err);
  return status == HS_OK
             ? now->commissions_locking(now->self, after_us, until_us, release, locking, err)
             : status;
}

enum hs_status hs_post_lock(struct hs_posting *posting, const struct hs_decision *decision,
                            struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_arena arena = {0};
  struct locking locking = {.posting = posting, .arena = &arena};
  struct hs_lock_row row = {.until_us = decision->until_us,
                            .at_us = posting->at_us,
                            .decided_by = decision->by,
                            .sequence = posting->sequence};
  if (decision->until_us <= posting->locked_until_us)
    return HS_OK; /* the clock has been there */
  enum hs_status status = hs_arena_init(&arena, DISPUTES_ARENA_BYTES, err);
  if (status == HS_OK)
    status = end_periods(&locking, decision->until_us, err);
  if (status == HS_OK)
    status = ledger->add_lock(ledger->self, &row, err);
  if (status == HS_OK)
    posting->locked_until_us = decision->until_us;
  hs_arena_release(&arena);
  return status;
}
