#include "service/joint/joint_statement.h"

#include <string.h>

#include "service/joint/joint_added.h"
#include "service/joint/joint_book.h"
#include "service/joint/joint_interval.h"

#define COSTS_MAX 1000
#define NOTES_MAX 64
#define HOURS_MAX 1e9

struct stating {
  struct hs_programme *programme;
  const struct hs_joint_asked *asked;
  struct hs_arena *arena;
  struct hs_in_force in_force;
  struct hs_joint_book book;
  uint32_t viewer;
  struct hs_joint_line *lines; /* of the book, and room for imported costs */
  size_t line_count;
  struct hs_str notes[NOTES_MAX];
  size_t note_count;
  double hours_left_out; /* imported, and on no line */
};

/* ---- notes ---- */

static enum hs_status add_note(struct stating *stating, const struct hs_buf *words,
                               struct hs_err *err)
{
  enum hs_status status = hs_buf_status(words, "a joint P&L", err);
  if (status == HS_OK && stating->note_count < NOTES_MAX)
    stating->notes[stating->note_count++] = hs_buf_str(words);
  return status;
}

static enum hs_status note_count_of(struct stating *stating, uint64_t count, const char *one,
                                    const char *many, const char *rest, struct hs_err *err)
{
  struct hs_buf words = hs_buf_in(stating->arena);
  if (count == 0)
    return HS_OK;
  hs_buf_printf(&words, "%llu %s %s", (unsigned long long)count, hs_plural(count, one, many), rest);
  return add_note(stating, &words, err);
}

static enum hs_status note_renegotiation(void *context, const struct hs_renegotiation_row *row,
                                         struct hs_err *err)
{
  struct stating *stating = context;
  struct hs_buf words = hs_buf_in(stating->arena);
  if (hs_str_compare(row->period, stating->asked->period) > 0)
    return HS_OK;
  hs_buf_printf(&words, "Renegotiation opened by the end of %.*s: %.*s.", HS_STR_ARG(row->period),
                HS_STR_ARG(row->what));
  return add_note(stating, &words, err);
}

static enum hs_status add_notes(struct stating *stating, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &stating->programme->book.ledger;
  const struct hs_joint_book *book = &stating->book;
  enum hs_status status =
      note_count_of(stating, book->late_count, "entry came", "entries came",
                    "after the month was closed: that is in the true-up of the next one.", err);
  if (status == HS_OK)
    status =
        note_count_of(stating, book->left_out_count, "line is", "lines are",
                      "left out: of a side or a currency that the agreement no longer has.", err);
  if (status == HS_OK)
    status = note_count_of(stating, book->ledger.other_currency_count, "commission is",
                           "commissions are", "left out: in another currency.", err);
  if (status == HS_OK && stating->hours_left_out > 0) {
    struct hs_buf words = hs_buf_in(stating->arena);
    hs_buf_printf(&words,
                  "%.1f imported hours stand on no line: hours of the sheet stand for them, or "
                  "nobody has said what an hour costs.",
                  stating->hours_left_out);
    status = add_note(stating, &words, err);
  }
  return status == HS_OK ? ledger->renegotiations(ledger->self, stating->asked->agreement,
                                                  note_renegotiation, stating, err)
                         : status;
}

/* ---- the interval ---- */

static struct hs_joint_line *line_of_orders(struct stating *stating)
{
  for (size_t i = 0; i < stating->line_count; i++)
    if (stating->lines[i].kind == HS_JOINT_REVENUE &&
        hs_str_equal(stating->lines[i].what, HS_STR(HS_LINE_ORDERS)))
      return &stating->lines[i];
  return NULL;
}

static enum hs_status add_interval(struct stating *stating, struct hs_err *err)
{
  struct hs_joint_line *line = line_of_orders(stating);
  struct hs_joint_interval interval;
  struct hs_buf words = hs_buf_in(stating->arena);
  HS_ASSERT(line != NULL); /* every book has one */
  enum hs_status status =
      hs_joint_interval_make(stating->programme, &stating->book, &stating->in_force,
                             line->amount_minor, stating->asked->interrupt, &interval, err);
  if (status != HS_OK)
    return status;
  if (interval.refused != NULL) {
    hs_buf_printf(&words, "No interval for the orders of the ledger: %s.", interval.refused);
    return add_note(stating, &words, err);
  }
  line->has_interval = 1;
  line->low_minor = interval.low_minor;
  line->high_minor = interval.high_minor;
  hs_buf_printf(&words, "%.*s; interval: report of the month, Shapley value, 90 %%",
                HS_STR_ARG(line->valued_by));
  line->valued_by = hs_buf_str(&words);
  return hs_buf_status(&words, "a line of a joint P&L", err);
}

/* ---- imported costs ---- */

static enum hs_status add_private(struct stating *stating, enum hs_joint_kind kind,
                                  const struct hs_channel_total *total, int64_t amount_minor,
                                  struct hs_err *err)
{
  struct hs_buf name = hs_buf_in(stating->arena);
  hs_buf_printf(&name, "imported %s of %.*s", kind == HS_JOINT_HOURS ? "hours" : "costs",
                HS_STR_ARG(total->partner));
  if (stating->line_count == stating->book.sheet.line_count + COSTS_MAX)
    return hs_fail(err, HS_NOMEM, "a joint P&L has more than %d imported costs", COSTS_MAX);
  stating->lines[stating->line_count++] =
      (struct hs_joint_line){.kind = kind,
                             .what = hs_buf_str(&name),
                             .side = stating->viewer,
                             .to = HS_NOBODY,
                             .is_private = 1,
                             .confirmed = 1U << stating->viewer,
                             .amount_minor = amount_minor,
                             .valued_by = HS_STR("hansa import costs")};
  return hs_buf_status(&name, "a line of a joint P&L", err);
}

/* Whether what a partner costs in the month is this agreement's. */
static int is_ours(const struct stating *stating, struct hs_str partner)
{
  uint32_t number = hs_in_force_partner(&stating->in_force, partner);
  if (number == HS_NO_PARTNER)
    return 0;
  const struct hs_agreed_version *version =
      hs_in_force_version(&stating->in_force, number, stating->book.terms.period.until_us - 1);
  return version != NULL && hs_str_equal(version->agreement, stating->asked->agreement);
}

static int has_hours(const struct stating *stating)
{
  for (size_t i = 0; i < stating->book.sheet.line_count; i++)
    if (stating->lines[i].kind == HS_JOINT_HOURS && stating->lines[i].side == stating->viewer)
      return 1;
  return 0;
}

/* Hours come as millionths: exact as a decimal. */
static enum hs_status add_hours(struct stating *stating, const struct hs_channel_total *total,
                                struct hs_err *err)
{
  const struct hs_line_terms *terms = &stating->book.terms.lines;
  struct hs_decimal rate = terms->hour_rates[stating->viewer];
  int64_t cost = 0;
  if (total->hours <= 0)
    return HS_OK;
  if (rate.scale < 0 || has_hours(stating) || total->hours > HOURS_MAX) {
    stating->hours_left_out += total->hours;
    return HS_OK;
  }
  struct hs_ratio hours = hs_ratio_of((int64_t)(total->hours * 1e6 + 0.5), 1000000);
  if (!hs_hours_cost(hours, rate, terms->currency, terms->rounding, &cost))
    return hs_fail(err, HS_INVALID, "what imported hours cost does not fit");
  return add_private(stating, HS_JOINT_HOURS, total, cost, err);
}

static enum hs_status note_total(void *context, const struct hs_channel_total *total,
                                 struct hs_err *err)
{
  struct stating *stating = context;
  struct hs_str currency = hs_str_of(stating->book.terms.lines.currency.code);
  enum hs_status status = HS_OK;
  if (total->partner.length == 0 || total->channel.length > 0 || !is_ours(stating, total->partner))
    return HS_OK;
  for (size_t i = 0; i < total->cost_count && status == HS_OK; i++)
    if (hs_str_equal(total->costs[i].currency, currency) && total->costs[i].amount_minor != 0)
      status = add_private(stating, HS_JOINT_FEE, total, total->costs[i].amount_minor, err);
  return status == HS_OK ? add_hours(stating, total, err) : status;
}

/* What we imported is for our own eyes: nobody has agreed to share it. It was spent whatever came,
   and its kinds are one sum by now: a fee to somebody outside. */
static enum hs_status add_costs(struct stating *stating, struct hs_err *err)
{
  const struct hs_trail *trail = &stating->programme->trail;
  const struct hs_period *period = &stating->book.terms.period;
  if (stating->viewer != stating->book.terms.ours)
    return HS_OK;
  return trail->totals(trail->self, period->from_us, period->until_us, note_total, stating, err);
}

/* ---- the statement ---- */

static enum hs_status open_book(struct stating *stating, struct hs_err *err)
{
  struct hs_programme *programme = stating->programme;
  struct hs_joint_source source = {.ledger = &programme->book.ledger,
                                   .trail = &programme->trail,
                                   .in_force = &stating->in_force,
                                   .until_sequence =
                                       hs_journal_position(programme->journal).cursor.sequence};
  enum hs_status status =
      hs_in_force_load(&programme->book.ledger, &programme->book, programme->zone, UINT64_MAX,
                       stating->arena, &stating->in_force, err);
  if (status == HS_OK)
    status = hs_joint_book_make(&source, stating->asked->agreement, stating->asked->period,
                                stating->arena, &stating->book, err);
  stating->viewer = HS_NOBODY;
  if (status == HS_OK && stating->asked->side.data != NULL)
    status = hs_joint_side(&stating->book.terms, stating->asked->side, &stating->viewer, err);
  return status;
}

static enum hs_status take_lines(struct stating *stating, struct hs_err *err)
{
  const struct hs_sheet *sheet = &stating->book.sheet;
  stating->lines =
      hs_arena_alloc(stating->arena, sheet->line_count + COSTS_MAX, sizeof *stating->lines);
  if (stating->lines == NULL)
    return hs_arena_full(stating->arena, "the lines of a joint P&L", err);
  memcpy(stating->lines, sheet->lines, sheet->line_count * sizeof *stating->lines);
  stating->line_count = sheet->line_count;
  return HS_OK;
}

enum hs_status hs_joint_statement_make(struct hs_programme *programme,
                                       const struct hs_joint_asked *asked, struct hs_arena *arena,
                                       struct hs_statement *out, struct hs_err *err)
{
  struct stating *stating = hs_arena_alloc(arena, 1, sizeof *stating);
  if (stating == NULL)
    return hs_arena_full(arena, "a joint P&L", err);
  *stating = (struct stating){.programme = programme, .asked = asked, .arena = arena};
  enum hs_status status = open_book(stating, err);
  if (status == HS_OK)
    status = take_lines(stating, err);
  if (status == HS_OK)
    status = add_interval(stating, err);
  if (status == HS_OK)
    status = add_costs(stating, err);
  if (status == HS_OK)
    status = add_notes(stating, err);
  if (status != HS_OK)
    return status;
  struct hs_sheet sheet = stating->book.sheet;
  sheet.number = asked->number;
  sheet.lines = stating->lines;
  sheet.line_count = stating->line_count;
  sheet.notes = stating->notes;
  sheet.note_count = stating->note_count;
  return hs_statement_make(&sheet, stating->viewer, arena, out, err);
}
