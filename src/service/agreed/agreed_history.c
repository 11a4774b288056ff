#include "service/agreed/agreed_history.h"

#include <inttypes.h>
#include <string.h>

#include "agreement/change.h"
#include "base/room.h"
#include "service/agreed/in_force.h"

#define AGREED_ARENA_BYTES (1 * HS_GIB)

/* ---- what was said ---- */

struct saying {
  hs_agreed_event_fn each;
  void *context;
};

static enum hs_status give_event(void *context, const struct hs_version_state_row *row,
                                 struct hs_err *err)
{
  const struct saying *saying = context;
  const struct hs_agreed_event event = {.number = row->number,
                                        .state = row->state,
                                        .party = row->party,
                                        .by = row->decided_by,
                                        .method = row->method,
                                        .reference = row->reference,
                                        .reason = row->reason,
                                        .attested_by = row->attested_by,
                                        .at_us = row->at_us};
  return saying->each(saying->context, &event, err);
}

enum hs_status hs_agreed_events(struct hs_programme *programme, struct hs_str name,
                                hs_agreed_event_fn each, void *context, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct saying saying = {each, context};
  return ledger->version_states(ledger->self, name, give_event, &saying, err);
}

/* The version asked for, and where what was said of it goes to. */
struct finding_proposal {
  uint64_t number;
  struct hs_arena *arena;
  struct hs_agreed_proposal *out;
};

static enum hs_status note_proposal(void *context, const struct hs_version_state_row *row,
                                    struct hs_err *err)
{
  const struct finding_proposal *finding = context;
  if (row->number != finding->number || !hs_str_equal(row->state, HS_STR("proposed")))
    return HS_OK;
  struct hs_agreed_proposal proposal = {.by = row->decided_by, .reason = row->reason};
  if (!hs_str_keep(finding->arena, &proposal.by) || !hs_str_keep(finding->arena, &proposal.reason))
    return hs_arena_full(finding->arena, "a proposal", err);
  *finding->out = proposal;
  return HS_OK;
}

enum hs_status hs_agreed_proposed(struct hs_programme *programme, struct hs_str name,
                                  uint64_t number, struct hs_arena *arena,
                                  struct hs_agreed_proposal *out, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct finding_proposal finding = {number, arena, out};
  *out = (struct hs_agreed_proposal){0};
  return ledger->version_states(ledger->self, name, note_proposal, &finding, err);
}

void hs_agreed_event_say(const struct hs_agreed_event *event, struct hs_buf *out)
{
  static const struct {
    const char *state, *of_party, *of_all;
  } WORDS[] = {{"proposed", "proposed for ", "proposed"},
               {"notified", "told to ", "told to all"},
               {"accepted", "accepted by ", "accepted"},
               {"declined", "declined by ", "declined"},
               {"countered", "other terms wanted by ", "other terms wanted"},
               {"signed", "signed for ", "signed for all"},
               {"ended", "ended by ", "ended"}};
  for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
    if (hs_str_equal(event->state, hs_str_of(WORDS[i].state)))
      hs_buf_add_text(out, event->party.data == NULL ? WORDS[i].of_all : WORDS[i].of_party);
  (void)hs_buf_add_shown(out, event->party, SIZE_MAX);
  if (event->method.data != NULL) {
    hs_buf_add_text(out, " by ");
    (void)hs_buf_add_shown(out, event->method, SIZE_MAX);
  }
}

/* ---- what a proposal waits for ---- */

/* The last word of a party on a version. */
struct last_word {
  struct hs_str agreement, party;
  uint64_t number;
  int is_agreed, is_refused;
};

struct words {
  struct hs_arena *arena;
  struct last_word *rows;
  size_t count, capacity;
};

static enum hs_status note_word(void *context, const struct hs_version_state_row *row,
                                struct hs_err *err)
{
  struct words *words = context;
  int is_refused =
      hs_str_equal(row->state, HS_STR("declined")) || hs_str_equal(row->state, HS_STR("countered"));
  int is_agreed = hs_str_equal(row->state, HS_STR("accepted")) ||
                  hs_str_equal(row->state, HS_STR("signed")) ||
                  hs_str_equal(row->state, HS_STR("proposed"));
  if (row->party.data == NULL || (!is_agreed && !is_refused))
    return HS_OK;
  struct last_word word = {.agreement = row->agreement,
                           .party = row->party,
                           .number = row->number,
                           .is_agreed = is_agreed,
                           .is_refused = is_refused};
  struct last_word *rows =
      hs_arena_room(words->arena, words->rows, words->count, 1, &words->capacity, sizeof *rows);
  if (rows == NULL || !hs_str_keep(words->arena, &word.agreement) ||
      !hs_str_keep(words->arena, &word.party))
    return hs_arena_full(words->arena, "what was agreed", err);
  words->rows = rows;
  words->rows[words->count++] = word;
  return HS_OK;
}

static const struct last_word *word_of(const struct words *words,
                                       const struct hs_agreed_version *version, struct hs_str party)
{
  for (size_t i = words->count; i-- > 0;) {
    const struct last_word *word = &words->rows[i];
    if (word->number == version->number && hs_str_equal(word->agreement, version->agreement) &&
        hs_str_equal(word->party, party))
      return word;
  }
  return NULL;
}

static void say_party(struct hs_str party, const char *before, const char *after,
                      struct hs_buf *out)
{
  hs_buf_add_text(out, out->length > 0 ? "; " : "");
  hs_buf_add_text(out, before);
  (void)hs_buf_add_shown(out, party, SIZE_MAX);
  hs_buf_add_text(out, after);
}

static void say_parties(const struct words *words, const struct hs_agreed_version *version,
                        struct hs_buf *out)
{
  const struct hs_str *parties = version->document.parties.items;
  for (size_t p = 0; p < version->document.parties.count; p++) {
    const struct last_word *word = word_of(words, version, parties[p]);
    if (word == NULL)
      say_party(parties[p], "waits for ", "", out);
    else if (word->is_refused)
      say_party(parties[p], "", " does not agree", out);
  }
  if (out->length == 0)
    hs_buf_add_text(out, "to be signed");
}

/* The last day on which telling all is in time; nothing for a first version. */
static void say_telling(const struct hs_in_force *in_force, const struct hs_agreed_version *version,
                        struct hs_buf *out)
{
  char day[HS_TIME_TEXT];
  const struct hs_agreed_version *standing =
      hs_in_force_standing(in_force, version->agreement, version->number, version->from_us);
  if (standing == NULL) {
    hs_buf_add_text(out, "to be signed");
    return;
  }
  int32_t first = hs_zone_day_of_us(in_force->zone, version->from_us);
  hs_format_day(first - (hs_agreement_earliest(&standing->document, 0)), day);
  hs_buf_printf(out, "to be told to all by %s", day);
}

static void say_refusals(const struct hs_in_force *in_force,
                         const struct hs_agreed_version *version, struct hs_buf *out)
{
  size_t count = 0;
  for (size_t i = 0; i < in_force->refusal_count; i++)
    count += in_force->refusals[i].version == version;
  if (count > 0)
    hs_buf_printf(out, "%zu %s with the terms before", count,
                  hs_plural(count, "partner goes on", "partners go on"));
}

static void say_open(const struct hs_in_force *in_force, const struct words *words,
                     const struct hs_agreed_version *version, int64_t now_us, struct hs_buf *out)
{
  const struct hs_agreed_version *standing =
      hs_in_force_standing(in_force, version->agreement, version->number, version->from_us);
  if (version->is_signed)
    say_refusals(in_force, version, out);
  else if (standing != NULL && version->from_us <= now_us)
    hs_buf_add_text(out, "its day came without agreement");
  else if (version->document.weight == HS_WEIGHT_STANDARD)
    say_telling(in_force, version, out);
  else
    say_parties(words, version, out);
}

/* ---- the list ---- */

static size_t count_partners(const struct hs_in_force *in_force, struct hs_str agreement,
                             int64_t at_us)
{
  size_t count = 0;
  for (uint32_t p = 0; p < in_force->partner_count; p++) {
    const struct hs_agreed_version *version = hs_in_force_version(in_force, p, at_us);
    count += version != NULL && hs_str_equal(version->agreement, agreement);
  }
  return count;
}

/* versions[index] at a moment; a newer one of the same agreement stands before it. */
static const char *state_of(const struct hs_in_force *in_force, size_t index, int64_t at_us)
{
  const struct hs_agreed_version *version = &in_force->versions[index];
  if (!version->is_signed)
    return "proposed";
  if (at_us >= version->until_us)
    return version->is_ended ? "ended" : "expired";
  if (at_us < version->from_us)
    return "signed";
  for (size_t i = index; i-- > 0;) {
    const struct hs_agreed_version *newer = &in_force->versions[i];
    if (!hs_str_equal(newer->agreement, version->agreement))
      break;
    if (newer->is_signed && newer->from_us <= at_us && at_us < newer->until_us)
      return "superseded";
  }
  return "active";
}

static enum hs_status give_line(const struct hs_in_force *in_force, const struct words *words,
                                size_t index, int64_t now_us, hs_agreed_line_fn each, void *context,
                                struct hs_err *err)
{
  const struct hs_agreed_version *version = &in_force->versions[index];
  const char *state = state_of(in_force, index, now_us);
  struct hs_buf open = hs_buf_in(words->arena);
  struct hs_agreed_line line = {.name = version->agreement,
                                .title = version->document.title,
                                .number = version->number,
                                .state = hs_str_of(state),
                                .from_us = version->from_us,
                                .until_us = version->until_us};
  if (strcmp(state, "active") == 0)
    line.partner_count = count_partners(in_force, version->agreement, now_us);
  say_open(in_force, words, version, now_us, &open);
  if (open.length > 0)
    line.open = hs_buf_str(&open);
  enum hs_status status = hs_buf_status(&open, "what was agreed", err);
  return status == HS_OK ? each(context, &line, err) : status;
}

static enum hs_status list(struct hs_programme *programme, struct hs_str name,
                           struct hs_arena *arena, hs_agreed_line_fn each, void *context,
                           struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct hs_in_force in_force;
  struct words words = {.arena = arena};
  int64_t now_us = programme->io->now_us(programme->io->self);
  size_t count = 0;
  enum hs_status status = hs_in_force_load(ledger, &programme->book, programme->zone, UINT64_MAX,
                                           arena, &in_force, err);
  if (status == HS_OK)
    status = ledger->version_states(ledger->self, name, note_word, &words, err);
  for (size_t i = 0; status == HS_OK && i < in_force.version_count; i++)
    if (name.data == NULL || hs_str_equal(in_force.versions[i].agreement, name)) {
      status = give_line(&in_force, &words, i, now_us, each, context, err);
      count++;
    }
  if (status == HS_OK && count == 0 && name.data != NULL)
    return hs_fail(err, HS_NOT_FOUND, "there is no agreement %.*s", HS_STR_ARG(name));
  return status;
}

enum hs_status hs_agreed_list(struct hs_programme *programme, struct hs_str name,
                              hs_agreed_line_fn each, void *context, struct hs_err *err)
{
  struct hs_arena arena = {0};
  enum hs_status status = hs_arena_init(&arena, AGREED_ARENA_BYTES, err);
  if (status == HS_OK)
    status = list(programme, name, &arena, each, context, err);
  hs_arena_release(&arena);
  return status;
}

enum hs_status hs_agreed_current(struct hs_programme *programme, struct hs_str name,
                                 struct hs_arena *arena, struct hs_agreement_file *out,
                                 struct hs_err *err)
{
  struct hs_in_force in_force;
  int64_t now_us = programme->io->now_us(programme->io->self);
  enum hs_status status = hs_in_force_load(&programme->book.ledger, &programme->book,
                                           programme->zone, UINT64_MAX, arena, &in_force, err);
  if (status != HS_OK)
    return status;
  const struct hs_agreed_version *version =
      hs_in_force_standing(&in_force, name, UINT64_MAX, now_us);
  for (size_t i = 0; version == NULL && i < in_force.version_count; i++)
    if (hs_str_equal(in_force.versions[i].agreement, name))
      version = &in_force.versions[i];
  if (version == NULL)
    return hs_fail(err, HS_NOT_FOUND, "there is no agreement %.*s", HS_STR_ARG(name));
  *out = (struct hs_agreement_file){version->document, version->terms};
  return HS_OK;
}

/* ---- who takes part ---- */

struct attesting {
  const struct hs_in_force *in_force;
  struct hs_str name;
  struct hs_arena *arena;
  struct attested {
    struct hs_str by;
    uint64_t sequence;
  } * partners;
};

/* The later word counts, wherever it stands. */
static enum hs_status attest(struct attesting *attesting, struct hs_str party, struct hs_str by,
                             uint64_t sequence, struct hs_err *err)
{
  uint32_t partner = hs_in_force_partner(attesting->in_force, party);
  if (by.data == NULL || partner == HS_NO_PARTNER ||
      attesting->partners[partner].sequence > sequence)
    return HS_OK;
  attesting->partners[partner].sequence = sequence;
  attesting->partners[partner].by = by;
  return hs_str_keep(attesting->arena, &attesting->partners[partner].by)
             ? HS_OK
             : hs_arena_full(attesting->arena, "what was agreed", err);
}

static enum hs_status attest_joining(void *context, const struct hs_enrolment_row *row,
                                     struct hs_err *err)
{
  struct attesting *attesting = context;
  return hs_str_equal(row->agreement, attesting->name)
             ? attest(attesting, row->party, row->attested_by, row->sequence, err)
             : HS_OK;
}

static enum hs_status attest_answering(void *context, const struct hs_version_state_row *row,
                                       struct hs_err *err)
{
  return attest(context, row->party, row->attested_by, row->sequence, err);
}

/* The enrolment by which a partner takes part in the agreement at a moment; NULL when it does not.
 */
static const struct hs_enrolled *enrolled_at(const struct hs_in_force *in_force, uint32_t partner,
                                             struct hs_str name, int64_t at_us)
{
  for (size_t i = 0; i < in_force->enrolment_count; i++) {
    const struct hs_enrolled *enrolled = &in_force->enrolments[i];
    if (enrolled->partner == partner && enrolled->from_us <= at_us && at_us < enrolled->until_us &&
        hs_str_equal(enrolled->agreement, name))
      return enrolled;
  }
  return NULL;
}

static enum hs_status give_partners(struct hs_programme *programme,
                                    const struct attesting *attesting, hs_agreed_partner_fn each,
                                    void *context, struct hs_err *err)
{
  const struct hs_in_force *in_force = attesting->in_force;
  int64_t now_us = programme->io->now_us(programme->io->self);
  enum hs_status status = HS_OK;
  for (uint32_t p = 0; p < in_force->partner_count && status == HS_OK; p++) {
    const struct hs_agreed_version *version = hs_in_force_version(in_force, p, now_us);
    if (version == NULL || !hs_str_equal(version->agreement, attesting->name))
      continue;
    const struct hs_enrolled *enrolled = enrolled_at(in_force, p, attesting->name, now_us);
    HS_ASSERT(enrolled != NULL);
    const struct hs_agreed_partner line = {.partner = in_force->partners[p],
                                           .number = version->number,
                                           .from_us = enrolled->from_us,
                                           .until_us = enrolled->until_us,
                                           .attested_by = attesting->partners[p].by};
    status = each(context, &line, err);
  }
  return status;
}

static enum hs_status partners(struct hs_programme *programme, struct hs_str name,
                               struct hs_arena *arena, hs_agreed_partner_fn each, void *context,
                               struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct hs_in_force in_force;
  struct attesting attesting = {.in_force = &in_force, .name = name, .arena = arena};
  enum hs_status status = hs_in_force_load(ledger, &programme->book, programme->zone, UINT64_MAX,
                                           arena, &in_force, err);
  if (status != HS_OK)
    return status;
  attesting.partners = hs_arena_alloc(arena, in_force.partner_count, sizeof *attesting.partners);
  if (attesting.partners == NULL)
    return hs_arena_full(arena, "who takes part", err);
  status = ledger->enrolments(ledger->self, attest_joining, &attesting, err);
  if (status == HS_OK)
    status = ledger->version_states(ledger->self, name, attest_answering, &attesting, err);
  return status == HS_OK ? give_partners(programme, &attesting, each, context, err) : status;
}

enum hs_status hs_agreed_partners(struct hs_programme *programme, struct hs_str name,
                                  hs_agreed_partner_fn each, void *context, struct hs_err *err)
{
  struct hs_arena arena = {0};
  enum hs_status status = hs_arena_init(&arena, AGREED_ARENA_BYTES, err);
  if (status == HS_OK)
    status = partners(programme, name, &arena, each, context, err);
  hs_arena_release(&arena);
  return status;
}
