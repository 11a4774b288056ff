/* What decisions about agreements do: versions proposed, told, answered, signed and ended, partners
   who join, and who shares an order. */
#include <inttypes.h>
#include <string.h>

#include "agreement/change.h"
#include "base/hash.h"
#include "service/post/post_priv.h"

/* The id of what a decision brings into being: its own, under another prefix. */
static struct hs_id id_by(const struct hs_decision *decision, const char prefix[4])
{
  struct hs_id id = decision->id;
  memcpy(id.text, prefix, 3);
  return id;
}

/* ---- versions ---- */

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
                                struct hs_str state, int64_t at_us, struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_version_state_row row = {.agreement = decision->agreement,
                                     .number = decision->number,
                                     .state = state,
                                     .at_us = at_us,
                                     .decided_by = decision->by,
                                     .party = decision->party,
                                     .method = decision->method,
                                     .reference = decision->reference,
                                     .reason = decision->reason,
                                     .attested_by = decision->attested_by,
                                     .sequence = posting->sequence};
  return ledger->add_version_state(ledger->self, &row, err);
}

enum hs_status hs_post_propose(struct hs_posting *posting, const struct hs_decision *decision,
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
  return status == HS_OK ? add_state(posting, decision, HS_STR("proposed"), posting->at_us, err)
                         : status;
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

/* Whoever is named as a party takes part when all have signed; others join a standard offer one by
   one. Of the parties those are partners that the book knows; we are the other one. */
static enum hs_status enrol_parties(struct hs_posting *posting,
                                    const struct hs_agreed_version *version, struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  const struct hs_str *parties = version->document.parties.items;
  struct hs_enrolment_row row = {.agreement = version->agreement,
                                 .from_us = version->from_us,
                                 .until_us = INT64_MAX,
                                 .sequence = posting->sequence};
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < version->document.parties.count && status == HS_OK; i++) {
    row.party = parties[i];
    if (hs_in_force_partner(posting->in_force, parties[i]) != HS_NO_PARTNER)
      status = ledger->add_enrolment(ledger->self, &row, err);
  }
  return status;
}

static enum hs_status find_version(const struct hs_posting *posting,
                                   const struct hs_decision *decision,
                                   const struct hs_agreed_version **out, struct hs_err *err)
{
  *out = hs_in_force_numbered(posting->in_force, decision->agreement, decision->number);
  return *out != NULL ? HS_OK
                      : hs_fail(err, HS_NOT_FOUND, "agreement %.*s has no version %" PRIu64,
                                HS_STR_ARG(decision->agreement), decision->number);
}

/* Notes what was said of a version; when it is signed by that, whoever it names takes part. */
static enum hs_status agree(struct hs_posting *posting, const struct hs_decision *decision,
                            struct hs_str state, struct hs_err *err)
{
  const struct hs_agreed_version *version;
  enum hs_status status = find_version(posting, decision, &version, err);
  if (status != HS_OK)
    return status;
  int was_signed = version->is_signed;
  status = add_state(posting, decision, state, posting->at_us, err);
  if (status == HS_OK && posting->in_force->policy_count == 0)
    status = default_policy(posting, err);
  posting->is_stale = 1;
  if (status == HS_OK)
    status = hs_posting_agreed(posting, err);
  if (status != HS_OK)
    return status;
  version = hs_in_force_numbered(posting->in_force, decision->agreement, decision->number);
  HS_ASSERT(version != NULL);
  return version->is_signed && !was_signed ? enrol_parties(posting, version, err) : HS_OK;
}

static enum hs_status already_signed(const struct hs_decision *decision, struct hs_err *err)
{
  return hs_fail(err, HS_CONFLICT, "agreement %.*s, version %" PRIu64 " is signed already",
                 HS_STR_ARG(decision->agreement), decision->number);
}

enum hs_status hs_post_sign(struct hs_posting *posting, const struct hs_decision *decision,
                            struct hs_err *err)
{
  const struct hs_agreed_version *version = NULL;
  enum hs_status status = hs_posting_agreed(posting, err);
  if (status == HS_OK)
    status = find_version(posting, decision, &version, err);
  if (status == HS_OK && version->is_signed)
    return already_signed(decision, err);
  return status == HS_OK ? agree(posting, decision, HS_STR("signed"), err) : status;
}

/* ---- what is said of a proposal ---- */

/* The version that a proposal would take the place of; HS_CONFLICT when there is none. */
static enum hs_status find_standing(const struct hs_posting *posting,
                                    const struct hs_agreed_version *version,
                                    const struct hs_agreed_version **out, struct hs_err *err)
{
  *out = hs_in_force_standing(posting->in_force, version->agreement, version->number,
                              version->from_us);
  return *out != NULL ? HS_OK
                      : hs_fail(err, HS_CONFLICT,
                                "version %" PRIu64
                                " of %.*s changes nothing that is in force: it is signed, "
                                "not announced",
                                version->number, HS_STR_ARG(version->agreement));
}

/* A standard offer changes by notice alone, so that notice must be as long as was agreed. */
static enum hs_status check_notice(const struct hs_posting *posting,
                                   const struct hs_agreed_version *standing,
                                   const struct hs_agreed_version *version, struct hs_err *err)
{
  const struct hs_zone *zone = posting->programme->zone;
  char earliest[HS_TIME_TEXT];
  int32_t first =
      hs_agreement_earliest(&standing->document, hs_zone_day_of_us(zone, posting->at_us));
  if (hs_zone_day_start_us(zone, first) <= version->from_us)
    return HS_OK;
  hs_format_day(first, earliest);
  return hs_fail(err, HS_DENIED,
                 "notice of version %" PRIu64 " of %.*s would be too short: told today it could "
                 "hold from %s on; propose it again for that day or a later one",
                 version->number, HS_STR_ARG(version->agreement), earliest);
}

enum hs_status hs_post_notify(struct hs_posting *posting, const struct hs_decision *decision,
                              struct hs_err *err)
{
  const struct hs_agreed_version *version = NULL;
  const struct hs_agreed_version *standing = NULL;
  enum hs_status status = hs_posting_agreed(posting, err);
  if (status == HS_OK)
    status = find_version(posting, decision, &version, err);
  if (status == HS_OK && version->is_signed && decision->party.data == NULL)
    return already_signed(decision, err);
  if (status == HS_OK)
    status = find_standing(posting, version, &standing, err);
  if (status == HS_OK && version->document.weight == HS_WEIGHT_STANDARD)
    status = check_notice(posting, standing, version, err);
  return status == HS_OK ? agree(posting, decision, HS_STR("notified"), err) : status;
}

static int is_party(const struct hs_agreement *document, struct hs_str name)
{
  const struct hs_str *parties = document->parties.items;
  for (size_t i = 0; i < document->parties.count; i++)
    if (hs_str_equal(parties[i], name))
      return 1;
  return 0;
}

/* Who may answer: a party by its name, and whoever takes part. */
static int may_answer(const struct hs_posting *posting, const struct hs_agreed_version *version,
                      struct hs_str party)
{
  uint32_t partner = hs_in_force_partner(posting->in_force, party);
  if (is_party(&version->document, party))
    return 1;
  if (partner == HS_NO_PARTNER)
    return 0;
  const struct hs_agreed_version *held =
      hs_in_force_version(posting->in_force, partner, posting->at_us);
  return held != NULL && hs_str_equal(held->agreement, version->agreement);
}

static enum hs_status check_answer(const struct hs_posting *posting,
                                   const struct hs_decision *decision,
                                   const struct hs_agreed_version *version, struct hs_err *err)
{
  static const char *const VERDICTS[] = {"accepted", "declined", "countered"};
  int is_known = 0;
  for (size_t v = 0; v < sizeof VERDICTS / sizeof *VERDICTS; v++)
    is_known |= hs_str_equal(decision->verdict, hs_str_of(VERDICTS[v]));
  if (!is_known)
    return hs_fail(err, HS_INVALID, "an answer is accepted, declined or countered, not \"%.*s\"",
                   HS_STR_ARG(decision->verdict));
  if (!may_answer(posting, version, decision->party))
    return hs_fail(err, HS_NOT_FOUND, "%.*s is no party of agreement %.*s",
                   HS_STR_ARG(decision->party), HS_STR_ARG(version->agreement));
  if (version->is_signed && version->document.weight != HS_WEIGHT_STANDARD)
    return already_signed(decision, err);
  const struct hs_agreed_version *standing = hs_in_force_standing(
      posting->in_force, version->agreement, version->number, version->from_us);
  if (standing != NULL && version->from_us <= posting->at_us)
    return hs_fail(err, HS_DENIED,
                   "version %" PRIu64 " of %.*s was to hold from a day that has come: an answer is "
                   "too late, and terms never reach back",
                   version->number, HS_STR_ARG(version->agreement));
  return HS_OK;
}

enum hs_status hs_post_answer(struct hs_posting *posting, const struct hs_decision *decision,
                              struct hs_err *err)
{
  const struct hs_agreed_version *version = NULL;
  enum hs_status status = hs_posting_agreed(posting, err);
  if (status == HS_OK)
    status = find_version(posting, decision, &version, err);
  if (status == HS_OK)
    status = check_answer(posting, decision, version, err);
  if (status != HS_OK)
    return status;
  return agree(posting, decision, decision->verdict, err);
}

/* ---- taking part, ending ---- */

enum hs_status hs_post_end(struct hs_posting *posting, const struct hs_decision *decision,
                           struct hs_err *err)
{
  return add_state(posting, decision, HS_STR("ended"), decision->from_us, err);
}

enum hs_status hs_post_enrol(struct hs_posting *posting, const struct hs_decision *decision,
                             struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_enrolment_row row = {.agreement = decision->agreement,
                                 .party = decision->party,
                                 .from_us = decision->from_us,
                                 .until_us =
                                     decision->until_us != 0 ? decision->until_us : INT64_MAX,
                                 .attested_by = decision->attested_by,
                                 .sequence = posting->sequence};
  return ledger->add_enrolment(ledger->self, &row, err);
}

/* ---- own customers ---- */

enum hs_status hs_post_own(struct hs_posting *posting, const struct hs_decision *decision,
                           struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_own_customer_row row = {.party = decision->party,
                                    .customer = decision->customer,
                                    .state = decision->state,
                                    .decided_by = decision->by,
                                    .sequence = posting->sequence};
  return ledger->add_own_customer(ledger->self, &row, err);
}

/* ---- the policy ---- */

enum hs_status hs_post_policy(struct hs_posting *posting, const struct hs_decision *decision,
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
