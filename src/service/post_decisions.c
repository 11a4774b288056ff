/* What decisions do: each kind is one function, and the table at the end says which. They run
   inside a change of the book and see what it has done so far; what one refuses is undone whole. */
#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "service/post_priv.h"

/* The id of what a decision brings into being: its own, under another prefix. */
static struct hs_id id_by(const struct hs_decision *decision, const char prefix[4])
{
  struct hs_id id = decision->id;
  memcpy(id.text, prefix, 3);
  return id;
}

/* ---- agreements ---- */

static enum hs_status note_number(void *context, const struct hs_version_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  *(uint64_t *)context = row->number;
  return HS_OK;
}

static enum hs_status last_version(const struct hs_posting *posting, struct hs_str agreement,
                                   uint64_t *out, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &posting->writer->ledger_now;
  *out = 0;
  return ledger->versions(ledger->self, agreement, note_number, out, err);
}

static enum hs_status add_state(struct hs_posting *posting, const struct hs_decision *decision,
                                const char *state, int64_t at_us, struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_version_state_row row = {.agreement = decision->agreement,
                                     .number = decision->number,
                                     .state = hs_str_of(state),
                                     .at_us = at_us,
                                     .decided_by = decision->by,
                                     .party = decision->party,
                                     .reason = decision->reason,
                                     .sequence = posting->sequence};
  return ledger->add_version_state(ledger->self, &row, err);
}

static enum hs_status propose(struct hs_posting *posting, const struct hs_decision *decision,
                              struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_hash hash = hs_sha256(decision->document.data, decision->document.length);
  char hash_text[HS_HASH_TEXT];
  uint64_t last = 0;
  enum hs_status status = last_version(posting, decision->agreement, &last, err);
  if (status == HS_OK && decision->number != last + 1)
    return hs_fail(err, HS_CONFLICT,
                   "agreement %.*s has %" PRIu64 " %s: the next is %" PRIu64 ", not %" PRIu64,
                   HS_STR_ARG(decision->agreement), last, hs_plural(last, "version", "versions"),
                   last + 1, decision->number);
  if (status == HS_OK && last == 0) {
    struct hs_agreement_row row = {.id = id_by(decision, "agr"),
                                   .name = decision->agreement,
                                   .created_at_us = posting->at_us,
                                   .sequence = posting->sequence};
    status = ledger->add_agreement(ledger->self, &row, err);
  }
  hs_hash_format(&hash, hash_text);
  struct hs_version_row row = {.agreement = decision->agreement,
                               .number = decision->number,
                               .document = decision->document,
                               .document_hash = hs_str_of(hash_text),
                               .from_us = decision->from_us,
                               .until_us = decision->until_us != 0 ? decision->until_us : INT64_MAX,
                               .proposed_by = decision->by,
                               .proposed_at_us = posting->at_us,
                               .sequence = posting->sequence};
  if (status == HS_OK)
    status = ledger->add_version(ledger->self, &row, err);
  return status == HS_OK ? add_state(posting, decision, "proposed", posting->at_us, err) : status;
}

/* Before anybody decided otherwise orders are shared as users expect, and that, too, is a policy
   with a number. */
static enum hs_status default_policy(struct hs_posting *posting, struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_policy_row row = {.number = 1,
                              .first = HS_STR("0"),
                              .last = HS_STR("1"),
                              .minimum = HS_STR("0"),
                              .from_us = HS_TIME_MIN_US,
                              .sequence = posting->sequence};
  return ledger->add_policy(ledger->self, &row, err);
}

static enum hs_status add_enrolment(struct hs_posting *posting, struct hs_str agreement,
                                    struct hs_str party, int64_t from_us, int64_t until_us,
                                    struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_enrolment_row row = {.agreement = agreement,
                                 .party = party,
                                 .from_us = from_us,
                                 .until_us = until_us,
                                 .sequence = posting->sequence};
  return ledger->add_enrolment(ledger->self, &row, err);
}

/* Whoever is named as a party takes part when all have signed; others join a standard offer one by
   one. Of the parties those are partners that the book knows; we are the other one. */
static enum hs_status enrol_parties(struct hs_posting *posting,
                                    const struct hs_agreed_version *version, struct hs_err *err)
{
  const struct hs_str *parties = version->document.parties.items;
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < version->document.parties.count && status == HS_OK; i++)
    if (hs_in_force_partner(posting->in_force, parties[i]) != HS_NO_PARTNER)
      status =
          add_enrolment(posting, version->agreement, parties[i], version->from_us, INT64_MAX, err);
  return status;
}

static enum hs_status sign(struct hs_posting *posting, const struct hs_decision *decision,
                           struct hs_err *err)
{
  enum hs_status status = hs_posting_agreed(posting, err);
  if (status != HS_OK)
    return status;
  const struct hs_agreed_version *version =
      hs_in_force_numbered(posting->in_force, decision->agreement, decision->number);
  if (version == NULL)
    return hs_fail(err, HS_NOT_FOUND, "agreement %.*s has no version %" PRIu64,
                   HS_STR_ARG(decision->agreement), decision->number);
  if (version->is_signed)
    return hs_fail(err, HS_CONFLICT, "agreement %.*s, version %" PRIu64 " is signed already",
                   HS_STR_ARG(decision->agreement), decision->number);
  status = add_state(posting, decision, "signed", posting->at_us, err);
  if (status == HS_OK && posting->in_force->policy_count == 0)
    status = default_policy(posting, err);
  posting->is_stale = 1;
  if (status == HS_OK)
    status = hs_posting_agreed(posting, err);
  if (status != HS_OK)
    return status;
  version = hs_in_force_numbered(posting->in_force, decision->agreement, decision->number);
  HS_ASSERT(version != NULL);
  return version->is_signed ? enrol_parties(posting, version, err) : HS_OK;
}

static enum hs_status end(struct hs_posting *posting, const struct hs_decision *decision,
                          struct hs_err *err)
{
  return add_state(posting, decision, "ended", decision->from_us, err);
}

static enum hs_status enrol(struct hs_posting *posting, const struct hs_decision *decision,
                            struct hs_err *err)
{
  return add_enrolment(posting, decision->agreement, decision->party, decision->from_us,
                       decision->until_us != 0 ? decision->until_us : INT64_MAX, err);
}

static enum hs_status set_policy(struct hs_posting *posting, const struct hs_decision *decision,
                                 struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_policy_row row = {.number = decision->number,
                              .first = decision->first,
                              .last = decision->last,
                              .minimum = decision->minimum,
                              .document = decision->document,
                              .from_us = decision->from_us,
                              .decided_by = decision->by,
                              .sequence = posting->sequence};
  enum hs_status status = hs_posting_agreed(posting, err);
  if (status != HS_OK)
    return status;
  uint64_t next =
      posting->in_force->policy_count == 0 ? 1 : posting->in_force->policies[0].number + 1;
  if (decision->number != next)
    return hs_fail(err, HS_CONFLICT, "the next policy is number %" PRIu64 ", not %" PRIu64, next,
                   decision->number);
  return ledger->add_policy(ledger->self, &row, err);
}

/* ---- return periods ---- */

static enum hs_status release(void *context, const struct hs_commission_row *commission,
                              struct hs_err *err)
{
  struct hs_posting *posting = context;
  struct hs_owed owed;
  enum hs_status status = hs_ledger_owed(&posting->writer->ledger_now, &commission->id, &owed, err);
  return status == HS_OK ? hs_post_commission(posting, HS_TRANSFER_RELEASE, commission,
                                              owed.pending, commission->locks_at_us,
                                              (struct hs_str){0}, (struct hs_str){0}, err)
                         : status;
}

static enum hs_status lock(struct hs_posting *posting, const struct hs_decision *decision,
                           struct hs_err *err)
{
  const struct hs_ledger_reader *now = &posting->writer->ledger_now;
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_lock_row row = {.until_us = decision->until_us,
                            .at_us = posting->at_us,
                            .decided_by = decision->by,
                            .sequence = posting->sequence};
  if (decision->until_us <= posting->locked_until_us)
    return HS_OK; /* the clock has been there */
  enum hs_status status = ledger->add_lock(ledger->self, &row, err);
  if (status == HS_OK)
    status = now->commissions_locking(now->self, posting->locked_until_us, decision->until_us,
                                      release, posting, err);
  if (status == HS_OK)
    posting->locked_until_us = decision->until_us;
  return status;
}

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

static enum hs_status close_period(struct hs_posting *posting, const struct hs_decision *decision,
                                   struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_hash hash;
  char hash_text[HS_HASH_TEXT];
  enum hs_status status = hs_ledger_period_hash(&posting->writer->ledger_now, decision->from_us,
                                                decision->until_us, &hash, err);
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
  if (status == HS_OK)
    status = ledger->add_close(ledger->self, &row, err);
  if (status == HS_OK && decision->until_us > posting->closed_until_us)
    posting->closed_until_us = decision->until_us;
  return status;
}

/* ---- the table ---- */

/* What a decision does to what is in force. What brings a text of its own is read back at once: a
   document that cannot be read must be refused while it still can. */
enum change { CHANGES_NOTHING, CHANGES_AGREED, BRINGS_TEXT };

static const struct {
  hs_apply_fn apply;
  enum change change;
} APPLY[HS_DECISION_KIND_COUNT] = {
    [HS_DECISION_PROPOSE] = {propose, BRINGS_TEXT},
    [HS_DECISION_SIGN] = {sign, CHANGES_AGREED},
    [HS_DECISION_END] = {end, CHANGES_AGREED},
    [HS_DECISION_ENROL] = {enrol, CHANGES_AGREED},
    [HS_DECISION_POLICY] = {set_policy, BRINGS_TEXT},
    [HS_DECISION_LOCK] = {lock, CHANGES_NOTHING},
    [HS_DECISION_DISPUTE] = {hs_post_dispute, CHANGES_NOTHING},
    [HS_DECISION_JUDGE] = {hs_post_verdict, CHANGES_NOTHING},
    [HS_DECISION_ADJUST] = {hs_post_adjustment, CHANGES_NOTHING},
    [HS_DECISION_PAYOUT] = {hs_post_payout, CHANGES_NOTHING},
    [HS_DECISION_PAYOUT_STATE] = {hs_post_payout_state, CHANGES_NOTHING},
    [HS_DECISION_CLOSE] = {close_period, CHANGES_NOTHING},
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
