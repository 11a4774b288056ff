#include "service/agreed/agreed.h"

#include <inttypes.h>
#include <string.h>

#include "intake/intake.h"
#include "intake/text_check.h"
#include "service/agreed/in_force.h"
#include "service/agreed/policy_json.h"
#include "service/post/post.h"

#define DOCUMENT_ARENA_BYTES (64 * HS_MIB)
#define AGREED_ARENA_BYTES (1 * HS_GIB)
#define NAME_BYTES_MAX 200

static enum hs_status check_name(struct hs_str name, struct hs_err *err)
{
  if (name.length == 0 || name.length > NAME_BYTES_MAX || !hs_str_is_utf8(name))
    return hs_fail(err, HS_INVALID, "an agreement's name must have 1 to %d bytes of UTF-8, got %zu",
                   NAME_BYTES_MAX, name.length);
  for (size_t i = 0; i < name.length; i++)
    if ((unsigned char)name.data[i] <= 0x20 || strchr("/?#\"'<>,;\\\x7f", name.data[i]) != NULL)
      return hs_fail(err, HS_INVALID, "an agreement's name must not hold '%c', got %.*s",
                     name.data[i], HS_STR_ARG(name));
  return HS_OK;
}

static enum hs_status check_by(struct hs_str by, struct hs_err *err)
{
  return by.length > 0 ? HS_OK : hs_fail(err, HS_INVALID, "say who decides it");
}

enum hs_status hs_agreed_check_by(const struct hs_agreed *agreed, struct hs_err *err)
{
  return check_by(agreed->by, err);
}

/* ---- versions ---- */

struct newest {
  uint64_t wanted; /* 0: the newest */
  struct hs_arena *arena;
  uint64_t number;
  struct hs_str document;
};

static enum hs_status note_version(void *context, const struct hs_version_row *row,
                                   struct hs_err *err)
{
  struct newest *newest = context;
  if (newest->wanted != 0 && newest->wanted != row->number)
    return HS_OK;
  newest->number = row->number;
  if (newest->arena == NULL)
    return HS_OK;
  newest->document.data = hs_arena_copy(newest->arena, row->document.data, row->document.length);
  newest->document.length = row->document.length;
  return newest->document.data == NULL ? hs_arena_full(newest->arena, "a document", err) : HS_OK;
}

static enum hs_status find_newest(struct hs_programme *programme, struct hs_str name,
                                  struct newest *newest, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  return ledger->versions(ledger->self, name, note_version, newest, err);
}

enum hs_status hs_agreed_document(struct hs_programme *programme, struct hs_str name,
                                  uint64_t *number, struct hs_arena *arena, struct hs_str *out,
                                  struct hs_err *err)
{
  struct newest newest = {.wanted = *number, .arena = arena};
  enum hs_status status = find_newest(programme, name, &newest, err);
  if (status == HS_OK && newest.number == 0)
    return *number == 0
               ? hs_fail(err, HS_NOT_FOUND, "there is no agreement %.*s", HS_STR_ARG(name))
               : hs_fail(err, HS_NOT_FOUND, "there is no version %" PRIu64 " of agreement %.*s",
                         *number, HS_STR_ARG(name));
  if (status == HS_OK) {
    *number = newest.number;
    *out = newest.document;
  }
  return status;
}

static enum hs_status propose(struct hs_programme *programme, const struct hs_agreed *agreed,
                              struct hs_str document, int64_t from_us, int64_t until_us,
                              uint64_t *number, struct hs_err *err)
{
  struct newest newest = {0};
  int64_t now_us = programme->io->now_us(programme->io->self);
  enum hs_status status = find_newest(programme, agreed->name, &newest, err);
  if (status == HS_OK && newest.number > 0 && from_us < now_us)
    return hs_fail(err, HS_INVALID,
                   "new terms never reach back: a version of an agreement that is there begins "
                   "today at the earliest");
  struct hs_decision decision = {.kind = HS_DECISION_PROPOSE,
                                 .by = agreed->by,
                                 .agreement = agreed->name,
                                 .number = newest.number + 1,
                                 .document = document,
                                 .from_us = from_us,
                                 .until_us = until_us,
                                 .party = agreed->party,
                                 .reason = agreed->reason};
  if (status == HS_OK)
    status = hs_decide(programme, &decision, err);
  if (status == HS_OK)
    *number = decision.number;
  return status;
}

enum hs_status hs_agreed_propose(struct hs_programme *programme, const struct hs_agreed *agreed,
                                 const struct hs_agreement_file *file, int64_t from_us,
                                 int64_t until_us, uint64_t *number, struct hs_err *err)
{
  struct hs_arena arena = {0};
  enum hs_status status = check_name(agreed->name, err);
  if (status == HS_OK)
    status = check_by(agreed->by, err);
  if (status == HS_OK && until_us != 0 && until_us <= from_us)
    return hs_fail(err, HS_INVALID, "a version cannot end before it begins");
  if (status == HS_OK)
    status = hs_arena_init(&arena, DOCUMENT_ARENA_BYTES, err);
  if (status != HS_OK)
    return status;
  struct hs_buf document = hs_buf_in(&arena);
  hs_shape_write(&hs_agreement_shape, &file->agreement, &document);
  status = hs_buf_status(&document, "the agreement", err);
  if (status == HS_OK)
    status = propose(programme, agreed, hs_buf_str(&document), from_us, until_us, number, err);
  hs_arena_release(&arena);
  return status;
}

/* ---- signing ---- */

enum hs_status hs_agreed_gate(const struct hs_agreement_file *file, struct hs_arena *arena,
                              hs_check_fn tell, void *context, struct hs_err *err)
{
  size_t standing = 0;
  enum hs_status status = hs_agreement_check(file, arena, tell, context, &standing, err);
  if (status == HS_OK && standing > 0)
    return hs_fail(err, HS_DENIED, "it cannot be signed yet: %zu %s", standing,
                   hs_plural(standing, "thing stands against it", "things stand against it"));
  return status;
}

/* A change that was to hold from an earlier day would reach back. */
static enum hs_status check_not_begun(const struct hs_programme *programme, struct hs_str name,
                                      uint64_t number, struct hs_arena *arena, struct hs_err *err)
{
  struct hs_in_force in_force;
  int64_t now_us = programme->io->now_us(programme->io->self);
  enum hs_status status = hs_in_force_load(&programme->book.ledger, &programme->book,
                                           programme->zone, UINT64_MAX, arena, &in_force, err);
  if (status != HS_OK)
    return status;
  const struct hs_agreed_version *version = hs_in_force_numbered(&in_force, name, number);
  HS_ASSERT(version != NULL);
  if (hs_zone_day_of_us(programme->zone, version->from_us) <
          hs_zone_day_of_us(programme->zone, now_us) &&
      hs_in_force_standing(&in_force, name, number, version->from_us) != NULL)
    return hs_fail(err, HS_DENIED,
                   "version %" PRIu64 " of %.*s was to hold from a day that is over, and new terms "
                   "never reach back: propose it again",
                   number, HS_STR_ARG(name));
  return HS_OK;
}

enum hs_status hs_agreed_sign(struct hs_programme *programme, const struct hs_agreed *agreed,
                              uint64_t number, struct hs_str party, hs_check_fn tell, void *context,
                              struct hs_err *err)
{
  struct hs_arena arena = {0};
  struct hs_agreement_file file;
  struct hs_str document;
  enum hs_status status = check_by(agreed->by, err);
  if (status == HS_OK)
    status = hs_arena_init(&arena, AGREED_ARENA_BYTES, err);
  if (status != HS_OK)
    return status;
  status = hs_agreed_document(programme, agreed->name, &number, &arena, &document, err);
  if (status == HS_OK)
    status = hs_agreement_read(document, &arena, &file.agreement, &file.terms, NULL, NULL, err);
  if (status == HS_OK)
    status = hs_agreed_gate(&file, &arena, tell, context, err);
  if (status == HS_OK)
    status = check_not_begun(programme, agreed->name, number, &arena, err);
  struct hs_decision decision = {.kind = HS_DECISION_SIGN,
                                 .by = agreed->by,
                                 .agreement = agreed->name,
                                 .number = number,
                                 .party = party,
                                 .reason = agreed->reason,
                                 .attested_by = agreed->attested_by};
  if (status == HS_OK)
    status = hs_decide(programme, &decision, err);
  hs_arena_release(&arena);
  return status;
}

/* ---- joining and ending ---- */

enum hs_status hs_agreed_enrol(struct hs_programme *programme, const struct hs_agreed *agreed,
                               struct hs_str partner, int64_t from_us, int64_t until_us,
                               struct hs_err *err)
{
  struct hs_decision decision = {.kind = HS_DECISION_ENROL,
                                 .by = agreed->by,
                                 .agreement = agreed->name,
                                 .party = partner,
                                 .from_us = from_us,
                                 .until_us = until_us,
                                 .reason = agreed->reason,
                                 .attested_by = agreed->attested_by};
  enum hs_status status = check_by(agreed->by, err);
  return status == HS_OK ? hs_decide(programme, &decision, err) : status;
}

enum hs_status hs_agreed_own(struct hs_programme *programme, const struct hs_agreed *agreed,
                             struct hs_str partner, struct hs_str customer, enum hs_own own,
                             struct hs_err *err)
{
  struct hs_decision decision = {.kind = HS_DECISION_OWN,
                                 .by = agreed->by,
                                 .party = partner,
                                 .customer = hs_str_trim(customer),
                                 .state = own == HS_OWN_DECLARED ? HS_STR("declared")
                                                                 : HS_STR("withdrawn"),
                                 .reason = agreed->reason};
  enum hs_status status = check_by(agreed->by, err);
  if (status == HS_OK &&
      (decision.customer.length == 0 || decision.customer.length > HS_INTAKE_TEXT_BYTES_MAX ||
       hs_text_problem(decision.customer) != NULL))
    return hs_fail(err, HS_INVALID, "\"%.*s\" is no id of a customer",
                   (int)(customer.length < 100 ? customer.length : 100), customer.data);
  return status == HS_OK ? hs_decide(programme, &decision, err) : status;
}

enum hs_status hs_agreed_end(struct hs_programme *programme, const struct hs_agreed *agreed,
                             int64_t from_us, struct hs_err *err)
{
  struct newest newest = {0};
  enum hs_status status = check_by(agreed->by, err);
  if (status == HS_OK)
    status = find_newest(programme, agreed->name, &newest, err);
  if (status == HS_OK && newest.number == 0)
    return hs_fail(err, HS_NOT_FOUND, "there is no agreement %.*s", HS_STR_ARG(agreed->name));
  struct hs_decision decision = {.kind = HS_DECISION_END,
                                 .by = agreed->by,
                                 .agreement = agreed->name,
                                 .number = newest.number,
                                 .from_us = from_us,
                                 .reason = agreed->reason};
  return status == HS_OK ? hs_decide(programme, &decision, err) : status;
}

/* ---- the policy ---- */

static enum hs_status note_policy(void *context, const struct hs_policy_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  *(uint64_t *)context = row->number;
  return HS_OK;
}

enum hs_status hs_agreed_policy(struct hs_programme *programme, struct hs_str by,
                                struct hs_str reason, const struct hs_policy *policy,
                                int64_t from_us, uint64_t *number, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct hs_arena arena = {0};
  struct hs_policy_texts texts;
  uint64_t last = 0;
  enum hs_status status = hs_policy_check(policy, err);
  if (status == HS_OK)
    status = check_by(by, err);
  if (status == HS_OK)
    status = ledger->policies(ledger->self, note_policy, &last, err);
  if (status == HS_OK)
    status = hs_arena_init(&arena, HS_MIB, err);
  if (status != HS_OK)
    return status;
  status = hs_policy_write(policy, &arena, &texts, err);
  if (status == HS_OK) {
    struct hs_decision decision = {.kind = HS_DECISION_POLICY,
                                   .by = by,
                                   .number = last + 1,
                                   .first = texts.first,
                                   .last = texts.last,
                                   .minimum = texts.minimum,
                                   .document = texts.rest,
                                   .from_us = from_us,
                                   .reason = reason};
    status = hs_decide(programme, &decision, err);
    *number = decision.number;
  }
  hs_arena_release(&arena);
  return status;
}
