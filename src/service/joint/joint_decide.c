#include "service/joint/joint_decide.h"

#include <stdio.h>

#include "service/joint/joint_added.h"
#include "service/joint/joint_book.h"
#include "service/joint/joint_lines.h"
#include "service/post/post.h"

/* What is in force, and what the journal holds by now. */
struct looking {
  struct hs_in_force in_force;
  struct hs_joint_source source;
};

static enum hs_status look(struct hs_programme *programme, struct hs_arena *arena,
                           struct looking *looking, struct hs_err *err)
{
  looking->source = (struct hs_joint_source){
      .ledger = &programme->book.ledger,
      .trail = &programme->trail,
      .in_force = &looking->in_force,
      .until_sequence = hs_journal_position(programme->journal).cursor.sequence};
  return hs_in_force_load(&programme->book.ledger, &programme->book, programme->zone, UINT64_MAX,
                          arena, &looking->in_force, err);
}

static enum hs_status check_by(const struct hs_joint_acting *acting, struct hs_err *err)
{
  return acting->by.length > 0 ? HS_OK : hs_fail(err, HS_INVALID, "say who decides it");
}

static enum hs_status decide(struct hs_programme *programme, enum hs_decision_kind kind,
                             const struct hs_joint_acting *acting, struct hs_str document,
                             struct hs_err *err)
{
  struct hs_decision decision = {.kind = kind,
                                 .by = acting->by,
                                 .agreement = acting->agreement,
                                 .party = acting->side,
                                 .period = acting->period,
                                 .document = document};
  return hs_decide(programme, &decision, err);
}

/* ---- adding ---- */

enum hs_status hs_joint_add(struct hs_programme *programme, const struct hs_joint_acting *acting,
                            struct hs_str document, struct hs_arena *arena, size_t *count,
                            hs_fault_fn fault, void *context, struct hs_err *err)
{
  struct looking looking;
  struct hs_joint_terms terms;
  struct hs_joint_added added = {0};
  struct hs_str canonical = {0};
  uint32_t side = 0;
  enum hs_status status = check_by(acting, err);
  if (status == HS_OK)
    status = look(programme, arena, &looking, err);
  if (status == HS_OK)
    status = hs_joint_terms_of(&looking.in_force, acting->agreement, acting->period, &terms, err);
  if (status == HS_OK)
    status = hs_joint_side(&terms, acting->side, &side, err);
  if (status == HS_OK)
    status =
        hs_joint_added_read(document, &terms, side, arena, &added, &canonical, fault, context, err);
  if (status == HS_OK)
    status = decide(programme, HS_DECISION_SHEET, acting, canonical, err);
  *count = added.count;
  return status;
}

/* ---- confirming ---- */

static int is_named(const struct hs_str *names, size_t name_count, struct hs_str what)
{
  for (size_t i = 0; i < name_count; i++)
    if (hs_str_equal(names[i], what))
      return 1;
  return name_count == 0;
}

static enum hs_status check_names(const struct hs_sheet *sheet, const struct hs_str *names,
                                  size_t name_count, struct hs_err *err)
{
  for (size_t n = 0; n < name_count; n++) {
    size_t found = 0;
    for (size_t i = 0; i < sheet->line_count; i++)
      found += !sheet->lines[i].is_private && hs_str_equal(sheet->lines[i].what, names[n]);
    if (found == 0)
      return hs_fail(err, HS_NOT_FOUND, "there is no shared line \"%.*s\" in %.*s",
                     HS_STR_ARG(names[n]), HS_STR_ARG(sheet->period));
  }
  return HS_OK;
}

/* The shared lines that the side does not stand by yet, as a document. */
static enum hs_status choose(const struct hs_joint_book *book, uint32_t side,
                             const struct hs_str *names, size_t name_count, struct hs_arena *arena,
                             struct hs_str *document, size_t *count, struct hs_err *err)
{
  const struct hs_sheet *sheet = &book->sheet;
  struct hs_buf buf = hs_buf_in(arena);
  struct hs_joint_stood_by *lines = hs_arena_alloc(arena, sheet->line_count, sizeof *lines);
  if (lines == NULL)
    return hs_arena_full(arena, "the lines that a side stands by", err);
  *count = 0;
  for (size_t i = 0; i < sheet->line_count; i++) {
    const struct hs_joint_line *line = &sheet->lines[i];
    if (!line->is_private && (line->confirmed >> side & 1U) == 0 &&
        is_named(names, name_count, line->what))
      lines[(*count)++] =
          (struct hs_joint_stood_by){sheet->sides[line->side], line->what, line->amount_minor};
  }
  hs_joint_stood_by_write(lines, *count, &buf);
  *document = hs_buf_str(&buf);
  return hs_buf_status(&buf, "the lines that a side stands by", err);
}

enum hs_status hs_joint_confirm(struct hs_programme *programme,
                                const struct hs_joint_acting *acting, const struct hs_str *names,
                                size_t name_count, struct hs_arena *arena, size_t *count,
                                struct hs_err *err)
{
  struct looking looking;
  struct hs_joint_book book;
  struct hs_str document = {0};
  uint32_t side = 0;
  enum hs_status status = check_by(acting, err);
  if (status == HS_OK)
    status = look(programme, arena, &looking, err);
  if (status == HS_OK)
    status =
        hs_joint_book_make(&looking.source, acting->agreement, acting->period, arena, &book, err);
  if (status == HS_OK)
    status = hs_joint_side(&book.terms, acting->side, &side, err);
  if (status == HS_OK)
    status = check_names(&book.sheet, names, name_count, err);
  if (status == HS_OK)
    status = choose(&book, side, names, name_count, arena, &document, count, err);
  return status == HS_OK && *count > 0
             ? decide(programme, HS_DECISION_CONFIRM, acting, document, err)
             : status;
}

/* ---- what was written ---- */

struct close_before {
  int64_t until_us;
  uint64_t sequence; /* the first frame by which the month was closed; 0 for none */
};

static enum hs_status note_close(void *context, const struct hs_close_row *row,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct close_before *close = context;
  if (row->until_us >= close->until_us && (close->sequence == 0 || row->sequence < close->sequence))
    close->sequence = row->sequence;
  return HS_OK;
}

static enum hs_status give_lines(const struct hs_written *written, int32_t month,
                                 struct hs_str viewer, uint64_t closed_by, hs_joint_entry_fn each,
                                 void *context, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < written->line_count && status == HS_OK; i++) {
    const struct hs_sheet_line_row *row = &written->lines[i].row;
    struct hs_joint_entry entry = {.line = row, .state = "holds", .currency = row->currency};
    if (written->lines[i].month != month || (row->is_private && !hs_str_equal(row->side, viewer)))
      continue;
    if (hs_written_is_replaced(written, i, UINT64_MAX))
      entry.state = "replaced";
    else if (closed_by != 0 && row->sequence > closed_by)
      entry.state = "late";
    status = each(context, &entry, err);
  }
  return status;
}

enum hs_status hs_joint_list(struct hs_programme *programme, const struct hs_joint_acting *acting,
                             struct hs_arena *arena, hs_joint_entry_fn each, void *context,
                             struct hs_err *err)
{
  struct looking looking;
  struct hs_joint_terms terms;
  struct hs_written written = {0};
  struct close_before close = {0};
  uint32_t side = 0;
  int32_t month = hs_month_parse(acting->period);
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  enum hs_status status = look(programme, arena, &looking, err);
  if (status == HS_OK)
    status = hs_joint_terms_of(&looking.in_force, acting->agreement, acting->period, &terms, err);
  if (status == HS_OK && acting->side.data != NULL)
    status = hs_joint_side(&terms, acting->side, &side, err);
  if (status == HS_OK)
    status = hs_written_load(&looking.source, acting->agreement, arena, &written, err);
  if (status != HS_OK)
    return status;
  close.until_us = terms.period.until_us;
  status = ledger->closes(ledger->self, note_close, &close, err);
  if (status == HS_OK)
    status = give_lines(&written, month, acting->side, close.sequence, each, context, err);
  for (size_t i = 0; i < written.confirmation_count && status == HS_OK; i++) {
    struct hs_joint_entry entry = {.confirmation = &written.confirmations[i].row,
                                   .currency = terms.lines.currency};
    if (written.confirmations[i].month == month)
      status = each(context, &entry, err);
  }
  return status;
}
