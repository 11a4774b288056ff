/* What decisions do: each kind is one function, and the table at the end says which. They run
   inside a change of the book and see what it has done so far; what one refuses is undone whole. */
#include <inttypes.h>

#include "base/hash.h"
#include "service/owe/accrual.h"
#include "service/post/post_priv.h"

/* ---- closing a period ---- */

static enum hs_status add_to_hash(void *context, const struct hs_transfer_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct hs_blake2b *hasher = context;
  char line[200];
  int length = snprintf(line, sizeof line, "%" PRIu64 " %.40s %" PRId64 " %s %s %" PRId64 "\n",
                        row->number, row->kind.data, row->amount_minor, row->currency.code,
                        row->commission.text, row->effective_us);
  hs_blake2b_add(hasher, line, (size_t)length);
  hs_blake2b_add(hasher, row->debit.party.data, row->debit.party.length);
  hs_blake2b_add(hasher, row->credit.party.data, row->credit.party.length);
  return HS_OK;
}

enum hs_status hs_ledger_period_hash(const struct hs_ledger_reader *ledger, int64_t from_us,
                                     int64_t until_us, struct hs_hash *out, struct hs_err *err)
{
  struct hs_blake2b hasher;
  hs_blake2b_init(&hasher);
  enum hs_status status = ledger->transfers(ledger->self, (struct hs_str){0}, from_us, until_us,
                                            add_to_hash, &hasher, err);
  *out = hs_blake2b_end(&hasher);
  return status;
}

/* What is expected to be taken back stands in the decision as it was estimated then. It is no part
   of the hash, which is over what is booked. */
static enum hs_status check_estimates(struct hs_posting *posting, struct hs_str document,
                                      struct hs_err *err)
{
  struct hs_accruals accruals;
  return document.data == NULL ? HS_OK
                               : hs_accruals_read(document, posting->scratch, &accruals, err);
}

static enum hs_status close_period(struct hs_posting *posting, const struct hs_decision *decision,
                                   struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_hash hash;
  char hash_text[HS_HASH_TEXT];
  enum hs_status status = check_estimates(posting, decision->document, err);
  if (status == HS_OK)
    status = hs_ledger_period_hash(&posting->writer->ledger_now, decision->from_us,
                                   decision->until_us, &hash, err);
  if (status != HS_OK)
    return status;
  hs_hash_format(&hash, hash_text);
  struct hs_close_row row = {.period = decision->period,
                             .from_us = decision->from_us,
                             .until_us = decision->until_us,
                             .hash = hs_str_of(hash_text),
                             .document = decision->document,
                             .decided_by = decision->by,
                             .seconded_by = decision->seconded_by,
                             .at_us = posting->at_us,
                             .sequence = posting->sequence};
  status = ledger->add_close(ledger->self, &row, err);
  if (status == HS_OK && decision->until_us > posting->closed_until_us)
    posting->closed_until_us = decision->until_us;
  return status == HS_OK ? hs_post_renegotiations(posting, decision, err) : status;
}

/* ---- the table ---- */

/* What a decision does to what is in force. What brings a text of its own is read back at once: a
   document that cannot be read must be refused while it still can. */
enum change { CHANGES_NOTHING, CHANGES_AGREED, BRINGS_TEXT };

static const struct {
  hs_apply_fn apply;
  enum change change;
} APPLY[HS_DECISION_KIND_COUNT] = {
    [HS_DECISION_PROPOSE] = {hs_post_propose, BRINGS_TEXT},
    [HS_DECISION_SIGN] = {hs_post_sign, CHANGES_AGREED},
    [HS_DECISION_NOTIFY] = {hs_post_notify, CHANGES_AGREED},
    [HS_DECISION_ANSWER] = {hs_post_answer, CHANGES_AGREED},
    [HS_DECISION_END] = {hs_post_end, CHANGES_AGREED},
    [HS_DECISION_ENROL] = {hs_post_enrol, CHANGES_AGREED},
    [HS_DECISION_OWN] = {hs_post_own, CHANGES_AGREED},
    [HS_DECISION_POLICY] = {hs_post_policy, BRINGS_TEXT},
    [HS_DECISION_LOCK] = {hs_post_lock, CHANGES_NOTHING},
    [HS_DECISION_DISPUTE] = {hs_post_dispute, CHANGES_NOTHING},
    [HS_DECISION_JUDGE] = {hs_post_verdict, CHANGES_NOTHING},
    [HS_DECISION_ADJUST] = {hs_post_adjustment, CHANGES_NOTHING},
    [HS_DECISION_PAYOUT] = {hs_post_payout, CHANGES_NOTHING},
    [HS_DECISION_PAYOUT_RUN] = {hs_post_payout_run, CHANGES_NOTHING},
    [HS_DECISION_PAYOUT_STATE] = {hs_post_payout_state, CHANGES_NOTHING},
    [HS_DECISION_CLOSE] = {close_period, CHANGES_NOTHING},
    [HS_DECISION_SHEET] = {hs_post_sheet, CHANGES_NOTHING},
    [HS_DECISION_FUND] = {hs_post_fund, CHANGES_NOTHING},
    [HS_DECISION_CONFIRM] = {hs_post_confirmation, CHANGES_NOTHING},
};

enum hs_status hs_post_decision(struct hs_posting *posting, const struct hs_decision *decision,
                                struct hs_err *err)
{
  enum change change = APPLY[decision->kind].change;
  hs_arena_reset(posting->scratch, 0);
  posting->counts->decisions++;
  enum hs_status status = APPLY[decision->kind].apply(posting, decision, err);
  posting->is_stale |= change != CHANGES_NOTHING;
  return status == HS_OK && change == BRINGS_TEXT ? hs_posting_agreed(posting, err) : status;
}
