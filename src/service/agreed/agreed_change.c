#include "service/agreed/agreed_change.h"

#include <inttypes.h>

#include "agreement/change.h"
#include "service/agreed/agreement_draft.h"
#include "service/agreed/in_force.h"
#include "service/post/post.h"

#define DOCUMENT_ARENA_BYTES (64 * HS_MIB)

static enum hs_status load(struct hs_programme *programme, struct hs_arena *arena,
                           struct hs_in_force *out, struct hs_err *err)
{
  return hs_in_force_load(&programme->book.ledger, &programme->book, programme->zone, UINT64_MAX,
                          arena, out, err);
}

/* ---- drafting ---- */

static enum hs_status check_day(const struct hs_programme *programme,
                                const struct hs_agreement *standing,
                                const struct hs_change_wish *wish, struct hs_err *err)
{
  char asked[HS_TIME_TEXT];
  char earliest[HS_TIME_TEXT];
  int32_t today = hs_zone_day_of_us(programme->zone, programme->io->now_us(programme->io->self));
  int32_t first = hs_agreement_earliest(standing, today);
  long long notice = standing->change_notice_days > 0 ? standing->change_notice_days : 0;
  if (wish->until_us != 0 && wish->until_us <= wish->from_us)
    return hs_fail(err, HS_INVALID, "a version cannot end before it begins");
  if (wish->from_us >= hs_zone_day_start_us(programme->zone, first))
    return HS_OK;
  hs_format_day(hs_zone_day_of_us(programme->zone, wish->from_us), asked);
  hs_format_day(first, earliest);
  return hs_fail(err, HS_DENIED,
                 "changed terms need %lld %s of notice and never reach back: %s at the earliest, "
                 "got %s",
                 notice, hs_plural((uint64_t)notice, "day", "days"), earliest, asked);
}

/* A copy that can be changed: the one form, read again. */
static enum hs_status copy_file(const struct hs_agreement *from, struct hs_arena *arena,
                                struct hs_str *form, struct hs_agreement_file *out,
                                struct hs_err *err)
{
  struct hs_buf buf = hs_buf_in(arena);
  hs_shape_write(&hs_agreement_shape, from, &buf);
  enum hs_status status = hs_buf_status(&buf, "an agreement", err);
  *form = hs_buf_str(&buf);
  return status == HS_OK
             ? hs_agreement_read(*form, arena, &out->agreement, &out->terms, NULL, NULL, err)
             : status;
}

static enum hs_status apply(const struct hs_change_wish *wish, struct hs_arena *arena,
                            hs_fault_fn fault, void *context, struct hs_agreed_change *change,
                            struct hs_err *err)
{
  struct hs_str before;
  struct hs_buf after = hs_buf_in(arena);
  enum hs_status status = copy_file(&change->before.agreement, arena, &before, &change->after, err);
  if (status == HS_OK)
    status = hs_agreement_fill(&change->after, wish->lines, wish->line_count, arena, fault, context,
                               err);
  if (status != HS_OK)
    return status;
  hs_shape_write(&hs_agreement_shape, &change->after.agreement, &after);
  status = hs_buf_status(&after, "an agreement", err);
  if (status == HS_OK && hs_str_equal(before, hs_buf_str(&after)))
    return hs_fail(err, HS_INVALID, "nothing would change: version %" PRIu64 " of %.*s says so",
                   change->standing, HS_STR_ARG(change->agreement));
  return status;
}

enum hs_status hs_agreed_change_draft(struct hs_programme *programme, struct hs_str agreement,
                                      const struct hs_change_wish *wish, struct hs_arena *arena,
                                      hs_fault_fn fault, void *context,
                                      struct hs_agreed_change *out, struct hs_err *err)
{
  struct hs_in_force in_force;
  enum hs_status status = load(programme, arena, &in_force, err);
  if (status != HS_OK)
    return status;
  const struct hs_agreed_version *standing =
      hs_in_force_standing(&in_force, agreement, UINT64_MAX, wish->from_us);
  if (standing == NULL)
    return hs_fail(err, HS_NOT_FOUND, "no version of an agreement %.*s is in force",
                   HS_STR_ARG(agreement));
  *out = (struct hs_agreed_change){
      .agreement = standing->agreement,
      .standing = standing->number,
      .before = {standing->document, standing->terms},
      .from_us = wish->from_us,
      .until_us = wish->until_us != 0 ? wish->until_us : INT64_MAX,
  };
  status = check_day(programme, &standing->document, wish, err);
  return status == HS_OK ? apply(wish, arena, fault, context, out, err) : status;
}

/* ---- a version that is there ---- */

static const struct hs_agreed_version *newest(const struct hs_in_force *in_force,
                                              struct hs_str agreement)
{
  for (size_t i = 0; i < in_force->version_count; i++)
    if (hs_str_equal(in_force->versions[i].agreement, agreement))
      return &in_force->versions[i];
  return NULL;
}

enum hs_status hs_agreed_change_find(struct hs_programme *programme, struct hs_str agreement,
                                     uint64_t number, struct hs_arena *arena,
                                     struct hs_agreed_change *out, struct hs_err *err)
{
  struct hs_in_force in_force;
  enum hs_status status = load(programme, arena, &in_force, err);
  if (status != HS_OK)
    return status;
  const struct hs_agreed_version *version =
      number == 0 ? newest(&in_force, agreement)
                  : hs_in_force_numbered(&in_force, agreement, number);
  if (version == NULL && number == 0)
    return hs_fail(err, HS_NOT_FOUND, "there is no agreement %.*s", HS_STR_ARG(agreement));
  if (version == NULL)
    return hs_fail(err, HS_NOT_FOUND, "there is no version %" PRIu64 " of agreement %.*s", number,
                   HS_STR_ARG(agreement));
  const struct hs_agreed_version *standing =
      hs_in_force_standing(&in_force, agreement, version->number, version->from_us);
  if (standing == NULL)
    return hs_fail(err, HS_CONFLICT, "version %" PRIu64 " of %.*s is the first: it changes nothing",
                   version->number, HS_STR_ARG(agreement));
  *out = (struct hs_agreed_change){.agreement = version->agreement,
                                   .standing = standing->number,
                                   .number = version->number,
                                   .before = {standing->document, standing->terms},
                                   .after = {version->document, version->terms},
                                   .from_us = version->from_us,
                                   .until_us = version->until_us};
  return HS_OK;
}

/* ---- proposing ---- */

struct own_party {
  const struct hs_agreement *document;
  uint64_t partners; /* bits of the parties that the book knows */
};

static enum hs_status note_partner(void *context, const struct hs_party *party,
                                   [[maybe_unused]] struct hs_err *err)
{
  struct own_party *own = context;
  const struct hs_str *names = own->document->parties.items;
  for (size_t i = 0; i < own->document->parties.count && i < 64; i++)
    if (hs_str_equal(names[i], party->name))
      own->partners |= UINT64_C(1) << i;
  return HS_OK;
}

/* Of the parties those are partners that the book knows; we are the other one, and absent where
   there is none or more than one. */
static enum hs_status find_own_party(const struct hs_book *book,
                                     const struct hs_agreement *document, struct hs_str *out,
                                     struct hs_err *err)
{
  struct own_party own = {.document = document};
  const struct hs_str *names = document->parties.items;
  size_t count = 0;
  enum hs_status status = book->parties(book->self, note_partner, &own, err);
  for (size_t i = 0; status == HS_OK && i < document->parties.count && i < 64; i++)
    if ((own.partners >> i & 1) == 0) {
      *out = names[i];
      count++;
    }
  if (count != 1)
    *out = (struct hs_str){0};
  return status;
}

static enum hs_status check_party(const struct hs_agreement *document, struct hs_str party,
                                  struct hs_err *err)
{
  const struct hs_str *names = document->parties.items;
  for (size_t i = 0; i < document->parties.count; i++)
    if (hs_str_equal(names[i], party))
      return HS_OK;
  return hs_fail(err, HS_NOT_FOUND, "%.*s is no party of the agreement", HS_STR_ARG(party));
}

enum hs_status hs_agreed_change_propose(struct hs_programme *programme,
                                        const struct hs_agreed *agreed,
                                        struct hs_agreed_change *change, hs_check_fn tell,
                                        void *context, struct hs_err *err)
{
  struct hs_arena arena = {0};
  struct hs_agreed proposed = *agreed;
  const struct hs_agreement *document = &change->after.agreement;
  int64_t until_us = change->until_us == INT64_MAX ? 0 : change->until_us;
  enum hs_status status = agreed->party.data == NULL
                              ? find_own_party(&programme->book, document, &proposed.party, err)
                              : check_party(document, agreed->party, err);
  if (status == HS_OK)
    status = hs_arena_init(&arena, DOCUMENT_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_agreed_gate(&change->after, &arena, tell, context, err);
  hs_arena_release(&arena);
  return status == HS_OK ? hs_agreed_propose(programme, &proposed, &change->after, change->from_us,
                                             until_us, &change->number, err)
                         : status;
}

/* ---- told and answered ---- */

/* Finds the number of a version (0: the newest). With somebody to tell, also whether it could be
   signed: nobody agrees to what could not. */
static enum hs_status check_version(struct hs_programme *programme, const struct hs_agreed *agreed,
                                    uint64_t *number, hs_check_fn tell, void *context,
                                    struct hs_err *err)
{
  struct hs_arena arena = {0};
  struct hs_str document = {0};
  struct hs_agreement_file file;
  enum hs_status status = hs_agreed_check_by(agreed, err);
  if (status == HS_OK)
    status = hs_arena_init(&arena, DOCUMENT_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_agreed_document(programme, agreed->name, number, &arena, &document, err);
  if (status == HS_OK && tell != NULL)
    status = hs_agreement_read(document, &arena, &file.agreement, &file.terms, NULL, NULL, err);
  if (status == HS_OK && tell != NULL)
    status = hs_agreed_gate(&file, &arena, tell, context, err);
  hs_arena_release(&arena);
  return status;
}

enum hs_status hs_agreed_notify(struct hs_programme *programme, const struct hs_agreed *agreed,
                                const struct hs_change_notice *notice, hs_check_fn tell,
                                void *context, struct hs_err *err)
{
  struct hs_decision decision = {.kind = HS_DECISION_NOTIFY,
                                 .by = agreed->by,
                                 .agreement = agreed->name,
                                 .number = notice->number,
                                 .party = notice->party,
                                 .method = notice->method,
                                 .reference = notice->reference,
                                 .reason = agreed->reason};
  enum hs_status status = check_version(programme, agreed, &decision.number, tell, context, err);
  return status == HS_OK ? hs_decide(programme, &decision, err) : status;
}

enum hs_status hs_agreed_answer(struct hs_programme *programme, const struct hs_agreed *agreed,
                                const struct hs_change_answer *answer, hs_check_fn tell,
                                void *context, struct hs_err *err)
{
  struct hs_decision decision = {.kind = HS_DECISION_ANSWER,
                                 .by = agreed->by,
                                 .agreement = agreed->name,
                                 .number = answer->number,
                                 .party = answer->party,
                                 .verdict = answer->verdict,
                                 .attested_by = agreed->attested_by,
                                 .reason = agreed->reason};
  int is_accepted = hs_str_equal(answer->verdict, HS_STR("accepted"));
  enum hs_status status =
      check_version(programme, agreed, &decision.number, is_accepted ? tell : NULL, context, err);
  return status == HS_OK ? hs_decide(programme, &decision, err) : status;
}
