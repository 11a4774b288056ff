#include "service/agreed/practice.h"

#include <inttypes.h>

/* Two sides answer every question; of more no more is asked. */
#define SIDES_MAX 8

/* What the programme has seen of one question: whose it was. */
struct seen {
  struct hs_str sides[SIDES_MAX];
  size_t side_count;
  uint64_t count; /* of things */
};

struct seeing {
  struct hs_arena *arena;
  struct hs_str name;
  struct seen of[HS_NATURE_QUESTION_COUNT];
};

/* ---- looking ---- */

static enum hs_status note(struct seeing *seeing, enum hs_nature_question question,
                           struct hs_str side, struct hs_err *err)
{
  struct seen *seen = &seeing->of[question];
  seen->count++;
  for (size_t i = 0; i < seen->side_count; i++)
    if (hs_str_equal(seen->sides[i], side))
      return HS_OK;
  if (seen->side_count == SIDES_MAX)
    return HS_OK;
  if (!hs_str_keep(seeing->arena, &side))
    return hs_arena_full(seeing->arena, "what was seen of an agreement", err);
  seen->sides[seen->side_count++] = side;
  return HS_OK;
}

static enum hs_status note_line(void *context, const struct hs_sheet_line_row *row,
                                struct hs_err *err)
{
  static const struct {
    const char *kind;
    enum hs_nature_question question;
  } KINDS[] = {{"content", HS_NATURE_ASSETS},  {"media", HS_NATURE_ASSETS},
               {"tools", HS_NATURE_ASSETS},    {"in_kind", HS_NATURE_ASSETS},
               {"hours", HS_NATURE_EXPERTISE}, {"shared_cost", HS_NATURE_RISKS}};
  if (row->is_private || row->amount_minor == 0)
    return HS_OK;
  for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
    if (hs_str_equal(row->kind, hs_str_of(KINDS[i].kind)))
      return note(context, KINDS[i].question, row->side, err);
  return HS_OK;
}

static enum hs_status note_commission(void *context, const struct hs_commission_row *row,
                                      [[maybe_unused]] struct hs_err *err)
{
  struct seeing *seeing = context;
  seeing->of[HS_NATURE_REWARDS].count +=
      row->amount_minor > 0 && hs_str_equal(row->agreement, seeing->name);
  return HS_OK;
}

/* Whose a proposal was may not stand there: then it is ours, as far as it says anything. */
static enum hs_status note_proposal(void *context, const struct hs_version_state_row *row,
                                    struct hs_err *err)
{
  if (!hs_str_equal(row->state, HS_STR("proposed")) &&
      !hs_str_equal(row->state, HS_STR("countered")))
    return HS_OK;
  if (row->party.data != NULL)
    return note(context, HS_NATURE_CONTROL, row->party, err);
  ((struct seeing *)context)->of[HS_NATURE_CONTROL].count++;
  return HS_OK;
}

/* ---- answering ---- */

static void say_sides(const struct seen *seen, struct hs_buf *out)
{
  for (size_t i = 0; i < seen->side_count; i++) {
    hs_buf_add_text(out, i == 0 ? "" : i + 1 < seen->side_count ? ", " : " and ");
    hs_buf_add_str(out, seen->sides[i]);
  }
}

static void say_evidence(const struct seeing *seeing, enum hs_nature_question question,
                         struct hs_buf *out)
{
  static const char *const WHAT[HS_NATURE_QUESTION_COUNT] = {
      [HS_NATURE_ASSETS] = "content, media, tools or things in kind on the joint P&L are of ",
      [HS_NATURE_EXPERTISE] = "hours on the joint P&L are of ",
      [HS_NATURE_RISKS] = "shared costs on the joint P&L are of ",
      [HS_NATURE_CONTROL] = "terms were proposed by "};
  const struct seen *seen = &seeing->of[question];
  if (question == HS_NATURE_REWARDS) {
    hs_buf_printf(out, "%" PRIu64 " %s earned so far", seen->count,
                  hs_plural(seen->count, "commission was", "commissions were"));
    return;
  }
  hs_buf_add_text(out, WHAT[question]);
  say_sides(seen, out);
  hs_buf_add_text(out, seen->side_count == 0 ? "our company" : "");
  hs_buf_add_text(out, seen->side_count <= 1 ? " alone" : "");
}

/* One proposal says nothing of who decides. */
static enum hs_shared shared_as_seen(const struct seen *seen, enum hs_nature_question question)
{
  if (seen->count == 0 || (question == HS_NATURE_CONTROL && seen->count == 1))
    return HS_SHARED_UNKNOWN;
  if (question == HS_NATURE_REWARDS)
    return HS_SHARED_YES;
  return seen->side_count >= 2 ? HS_SHARED_YES : HS_SHARED_NO;
}

static enum hs_status answer(const struct seeing *seeing, struct hs_nature *nature,
                             struct hs_err *err)
{
  for (enum hs_nature_question q = 0; q < HS_NATURE_QUESTION_COUNT; q++) {
    enum hs_shared shared = shared_as_seen(&seeing->of[q], q);
    struct hs_buf evidence = hs_buf_in(seeing->arena);
    if (shared == HS_SHARED_UNKNOWN)
      continue;
    say_evidence(seeing, q, &evidence);
    enum hs_status status = hs_buf_status(&evidence, "what was seen of an agreement", err);
    if (status != HS_OK)
      return status;
    hs_nature_practise(nature, q, shared, hs_buf_str(&evidence));
  }
  return HS_OK;
}

enum hs_status hs_practice_nature(struct hs_programme *programme, struct hs_str name,
                                  const struct hs_agreement *document, struct hs_arena *arena,
                                  struct hs_nature *out, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct seeing seeing = {.arena = arena, .name = name};
  hs_agreement_nature(document, out);
  enum hs_status status = ledger->sheet_lines(ledger->self, name, note_line, &seeing, err);
  if (status == HS_OK)
    status = ledger->version_states(ledger->self, name, note_proposal, &seeing, err);
  if (status == HS_OK)
    status = ledger->commissions(ledger->self, (struct hs_str){0}, INT64_MIN, INT64_MAX,
                                 note_commission, &seeing, err);
  return status == HS_OK ? answer(&seeing, out, err) : status;
}
