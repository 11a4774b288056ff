/* Months in a row. Each is computed from its own lines by the version that held in it; what it did
   not recoup and what it left unsettled go into the next one. */
#include "service/joint/joint_book.h"

#include <string.h>

#include "ledger/sharing_terms.h"
#include "service/joint/joint_lines.h"

#define MONTHS_MAX 1200

/* What a month came to, by the sides of the month that is asked for. */
struct outcome {
  int64_t entitled_minor[HS_SIDES_MAX];
  int64_t settles_minor[HS_SIDES_MAX];
};

struct making {
  const struct hs_joint_source *source;
  struct hs_str agreement;
  int32_t asked;
  struct hs_arena *arena;
  struct hs_joint_book *book;
  struct hs_written written;
  int32_t first; /* of the months that count: terms[month − first] */
  size_t month_count;
  struct hs_joint_terms *terms; /* version is NULL before there was one */
};

/* ---- the months ---- */

static void find_first(struct making *making)
{
  const struct hs_joint_ledger *ledger = &making->book->ledger;
  making->first = making->asked;
  if (ledger->month_count > 0 && ledger->first_month < making->first)
    making->first = ledger->first_month;
  for (size_t i = 0; i < making->written.line_count; i++)
    if (making->written.lines[i].month < making->first)
      making->first = making->written.lines[i].month;
  if (making->first < making->asked - MONTHS_MAX)
    making->first = making->asked - MONTHS_MAX;
  making->month_count = (size_t)(making->asked - making->first) + 1;
}

static enum hs_status find_terms(struct making *making, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  making->terms = hs_arena_alloc(making->arena, making->month_count, sizeof *making->terms);
  if (making->terms == NULL)
    return hs_arena_full(making->arena, "a joint P&L", err);
  for (size_t i = 0; i < making->month_count && status == HS_OK; i++) {
    char text[HS_MONTH_TEXT];
    hs_month_format(making->first + (int32_t)i, text);
    status = hs_joint_terms_of(making->source->in_force, making->agreement, hs_str_of(text),
                               &making->terms[i], err);
    if (status == HS_NOT_FOUND)
      status = HS_OK; /* not begun yet */
  }
  return status;
}

static int is_alike(const struct hs_joint_terms *a, const struct hs_joint_terms *b)
{
  if (a->version == NULL || a->lines.side_count != b->lines.side_count ||
      !hs_currency_equal(a->lines.currency, b->lines.currency))
    return 0;
  for (size_t s = 0; s < a->lines.side_count; s++)
    if (hs_line_terms_find(&b->lines, a->lines.sides[s]) == HS_NOBODY)
      return 0;
  return 1;
}

/* With other sides or in another currency it is another joint P&L, which begins anew. */
static void begin_anew(struct making *making)
{
  const struct hs_joint_terms *asked = &making->terms[making->month_count - 1];
  size_t first = making->month_count - 1;
  while (first > 0 && is_alike(&making->terms[first - 1], asked))
    first--;
  making->terms += first;
  making->first += (int32_t)first;
  making->month_count -= first;
}

/* ---- closed months ---- */

/* The frame by which a month was closed; 0 while it is open. */
static uint64_t closed_by(const struct making *making, size_t index)
{
  const struct hs_joint_ledger *ledger = &making->book->ledger;
  uint64_t sequence = 0;
  for (size_t i = 0; i < ledger->close_count; i++)
    if (ledger->closes[i].until_us >= making->terms[index].period.until_us &&
        (sequence == 0 || ledger->closes[i].sequence < sequence))
      sequence = ledger->closes[i].sequence;
  return sequence;
}

/* ---- one month ---- */

static const struct hs_joint_flow *flows_of(const struct making *making, size_t index)
{
  const struct hs_joint_ledger *ledger = &making->book->ledger;
  int32_t month = making->first + (int32_t)index;
  if (ledger->month_count == 0 || month < ledger->first_month)
    return NULL;
  return &ledger->flows[(size_t)(month - ledger->first_month) * ledger->partner_count];
}

static enum hs_status lines_of(const struct making *making, size_t index, uint64_t until_sequence,
                               struct hs_joint_lines *out, struct hs_err *err)
{
  const struct hs_joint_terms *terms = &making->terms[index];
  enum hs_status status = hs_joint_lines_make(
      terms, making->first + (int32_t)index, making->source->in_force, &making->book->ledger,
      flows_of(making, index), &making->written, until_sequence, making->arena, out, err);
  return status == HS_OK ? hs_joint_check(out->lines, out->count, terms->lines.side_count, err)
                         : status;
}

/* unrecouped_minor: by the sides of the month. */
static enum hs_status sharing_of(const struct hs_joint_terms *terms,
                                 const int64_t *unrecouped_minor, struct hs_sharing *out,
                                 struct hs_err *err)
{
  const struct hs_line_terms *lines = &terms->lines;
  enum hs_status status =
      hs_sharing_make(terms->version->document.sharing, lines->sides, lines->side_count,
                      lines->currency, lines->rounding, out, err);
  if (status == HS_OK)
    memcpy(out->unrecouped_minor, unrecouped_minor, sizeof out->unrecouped_minor);
  return status == HS_OK ? hs_sharing_check(out, err) : status;
}

static enum hs_status compute(const struct making *making, size_t index, uint64_t until_sequence,
                              const int64_t *unrecouped_minor, struct hs_joint *out,
                              struct hs_err *err)
{
  struct hs_joint_lines lines;
  struct hs_sharing sharing;
  enum hs_status status = lines_of(making, index, until_sequence, &lines, err);
  if (status == HS_OK)
    status = sharing_of(&making->terms[index], unrecouped_minor, &sharing, err);
  if (status != HS_OK)
    return status;
  struct hs_joint_line *seen = hs_arena_alloc(making->arena, lines.count, sizeof *seen);
  if (seen == NULL)
    return hs_arena_full(making->arena, "a joint P&L", err);
  size_t seen_count = hs_joint_view(lines.lines, lines.count, HS_NOBODY, seen);
  return hs_joint_make(seen, seen_count, lines.payments, lines.payment_count, &sharing,
                       HS_JOINT_AS_STATED, out, err);
}

/* ---- months in a row ---- */

/* The place of a month's side among those of the month before. */
static uint32_t side_in(const struct making *making, size_t index, uint32_t side, size_t other)
{
  return hs_line_terms_find(&making->terms[other].lines, making->terms[index].lines.sides[side]);
}

/* What one month did not recoup, by the sides of the next one. */
static void carry_unrecouped(const struct making *making, size_t index,
                             const struct hs_joint *joint, int64_t *unrecouped_minor)
{
  int64_t before[HS_SIDES_MAX];
  memcpy(before, unrecouped_minor, sizeof before);
  for (uint32_t s = 0; s < making->terms[index].lines.side_count; s++)
    unrecouped_minor[side_in(making, index, s, index + 1)] =
        joint->waterfall.step_count > 0 ? joint->waterfall.unrecouped_minor[s] : before[s];
}

/* The first count months, with what was written up to until_sequence. unrecouped_minor is that of
   the month behind them, in which there must be one. */
static enum hs_status evaluate(const struct making *making, size_t count, uint64_t until_sequence,
                               struct outcome *out, int64_t *unrecouped_minor, struct hs_err *err)
{
  size_t last = making->month_count - 1;
  memset(unrecouped_minor, 0, HS_SIDES_MAX * sizeof *unrecouped_minor);
  for (size_t i = 0; i < count; i++) {
    struct hs_joint joint;
    enum hs_status status = compute(making, i, until_sequence, unrecouped_minor, &joint, err);
    if (status != HS_OK)
      return status;
    for (uint32_t s = 0; s < making->terms[i].lines.side_count; s++) {
      uint32_t side = side_in(making, i, s, last);
      out[i].entitled_minor[side] = joint.parts[s].entitled_minor;
      out[i].settles_minor[side] = joint.parts[s].settles_minor;
    }
    carry_unrecouped(making, i, &joint, unrecouped_minor);
  }
  return HS_OK;
}

/* ---- what earlier months left ---- */

static enum hs_status add_up(int64_t *sums, const int64_t *parts, int sign, size_t side_count,
                             struct hs_err *err)
{
  for (size_t s = 0; s < side_count; s++)
    if (__builtin_add_overflow(sums[s], sign * parts[s], &sums[s]))
      return hs_fail(err, HS_INVALID, "what earlier months left open does not fit");
  return HS_OK;
}

/* What a side still receives is as if it had paid that to the one who owes it. */
static void add_carried(const int64_t *settles_minor, const struct hs_joint_terms *terms,
                        struct hs_str what, struct hs_joint_payment *paid, size_t *paid_count)
{
  struct hs_joint open = {.side_count = terms->lines.side_count};
  struct hs_joint_payment payments[HS_SIDES_MAX];
  for (size_t s = 0; s < open.side_count; s++)
    open.parts[s].settles_minor = settles_minor[s];
  size_t count = hs_joint_settle(&open, payments);
  for (size_t i = 0; i < count; i++)
    paid[(*paid_count)++] = (struct hs_joint_payment){.from = payments[i].to,
                                                      .to = payments[i].from,
                                                      .amount_minor = payments[i].amount_minor,
                                                      .what = what,
                                                      .is_carried = 1};
}

/* Months before the asked one: those up to a closed one as they were stated when it was closed, and
   apart from that what has changed of them since; the open ones as they are now. */
static enum hs_status carry(const struct making *making, const struct outcome *now,
                            struct hs_joint_payment *paid, size_t *paid_count, struct hs_err *err)
{
  const struct hs_joint_terms *asked = &making->terms[making->month_count - 1];
  size_t sides = asked->lines.side_count;
  size_t earlier = making->month_count - 1;
  size_t closed = earlier;
  int64_t unrecouped[HS_SIDES_MAX];
  int64_t open[HS_SIDES_MAX] = {0};
  int64_t changed[HS_SIDES_MAX] = {0};
  struct outcome *then = hs_arena_alloc(making->arena, earlier, sizeof *then);
  if (then == NULL)
    return hs_arena_full(making->arena, "a joint P&L", err);
  while (closed > 0 && closed_by(making, closed - 1) == 0)
    closed--;
  enum hs_status status = HS_OK;
  if (closed > 0)
    status = evaluate(making, closed, closed_by(making, closed - 1), then, unrecouped, err);
  for (size_t i = 0; i < earlier && status == HS_OK; i++) {
    const int64_t *stated = i < closed ? then[i].settles_minor : now[i].settles_minor;
    status = add_up(open, stated, 1, sides, err);
    if (status == HS_OK)
      status = add_up(changed, now[i].settles_minor, 1, sides, err);
    if (status == HS_OK)
      status = add_up(changed, stated, -1, sides, err);
  }
  if (status != HS_OK)
    return status;
  add_carried(open, asked, HS_STR("open from earlier months"), paid, paid_count);
  add_carried(changed, asked, HS_STR("true-up of months that were closed"), paid, paid_count);
  return HS_OK;
}

/* ---- the sheet ---- */

static enum hs_status note_history(const struct making *making, const struct outcome *outcomes,
                                   struct hs_err *err)
{
  struct hs_sheet *sheet = &making->book->sheet;
  size_t count = making->month_count - 1;
  size_t sides = sheet->sharing.side_count;
  struct hs_str *periods = hs_arena_alloc(making->arena, count, sizeof *periods);
  int64_t *benefits = hs_arena_alloc(making->arena, count * sides, sizeof *benefits);
  if (periods == NULL || benefits == NULL)
    return hs_arena_full(making->arena, "the history of an agreement", err);
  for (size_t i = 0; i < count; i++) {
    char text[HS_MONTH_TEXT];
    hs_month_format(making->first + (int32_t)i, text);
    periods[i] =
        (struct hs_str){hs_arena_copy(making->arena, text, HS_MONTH_TEXT - 1), HS_MONTH_TEXT - 1};
    if (periods[i].data == NULL)
      return hs_arena_full(making->arena, "the history of an agreement", err);
    memcpy(benefits + i * sides, outcomes[i].entitled_minor, sides * sizeof *benefits);
  }
  sheet->history_count = count;
  sheet->history_periods = periods;
  sheet->history_minor = benefits;
  return HS_OK;
}

static enum hs_status note_fairness(const struct making *making, struct hs_err *err)
{
  const struct hs_joint_terms *terms = &making->terms[making->month_count - 1];
  const struct hs_fairness_text *text = terms->version->document.fairness;
  if (text == NULL)
    return HS_OK;
  struct hs_fairness *fairness = hs_arena_alloc(making->arena, 1, sizeof *fairness);
  if (fairness == NULL)
    return hs_arena_full(making->arena, "the fairness range", err);
  making->book->sheet.fairness = fairness;
  return hs_fairness_make(text, terms->lines.sides, terms->lines.side_count, fairness, err);
}

static enum hs_status make_sheet(struct making *making, uint64_t until_sequence, struct hs_err *err)
{
  struct hs_joint_book *book = making->book;
  struct hs_sheet *sheet = &book->sheet;
  size_t last = making->month_count - 1;
  struct hs_joint_lines lines;
  int64_t unrecouped[HS_SIDES_MAX];
  struct outcome *outcomes = hs_arena_alloc(making->arena, last, sizeof *outcomes);
  struct hs_joint_payment *paid =
      hs_arena_alloc(making->arena, 3 * (size_t)HS_SIDES_MAX, sizeof *paid);
  if (outcomes == NULL || paid == NULL)
    return hs_arena_full(making->arena, "a joint P&L", err);
  enum hs_status status = evaluate(making, last, until_sequence, outcomes, unrecouped, err);
  if (status == HS_OK)
    status = lines_of(making, last, until_sequence, &lines, err);
  if (status == HS_OK)
    status = sharing_of(&making->terms[last], unrecouped, &sheet->sharing, err);
  if (status != HS_OK)
    return status;
  sheet->lines = lines.lines;
  sheet->line_count = lines.count;
  book->left_out_count = lines.left_out_count;
  memcpy(paid, lines.payments, lines.payment_count * sizeof *paid);
  sheet->paid = paid;
  sheet->paid_count = lines.payment_count;
  status = carry(making, outcomes, paid, &sheet->paid_count, err);
  if (status == HS_OK)
    status = note_history(making, outcomes, err);
  return status == HS_OK ? note_fairness(making, err) : status;
}

static enum hs_status make(struct making *making, struct hs_str period, struct hs_err *err)
{
  struct hs_joint_book *book = making->book;
  size_t last = making->month_count - 1;
  uint64_t until = closed_by(making, last);
  book->terms = making->terms[last];
  book->flows = flows_of(making, last);
  book->is_closed = until != 0;
  for (size_t i = 0; i < making->written.line_count && book->is_closed; i++)
    book->late_count += making->written.lines[i].month == making->asked &&
                        !making->written.lines[i].row.is_private &&
                        making->written.lines[i].row.sequence > until;
  book->sheet.title = book->terms.version->document.title;
  book->sheet.period = period;
  book->sheet.currency = book->terms.lines.currency;
  memcpy(book->sheet.sides, book->terms.lines.sides, sizeof book->sheet.sides);
  return make_sheet(making, until != 0 ? until : making->source->until_sequence, err);
}

enum hs_status hs_joint_book_make(const struct hs_joint_source *source, struct hs_str agreement,
                                  struct hs_str period, struct hs_arena *arena,
                                  struct hs_joint_book *out, struct hs_err *err)
{
  struct hs_joint_terms terms;
  struct making making = {.source = source,
                          .agreement = agreement,
                          .asked = hs_month_parse(period),
                          .arena = arena,
                          .book = out};
  *out = (struct hs_joint_book){0};
  enum hs_status status = hs_joint_terms_of(source->in_force, agreement, period, &terms, err);
  if (status == HS_OK)
    status = hs_joint_ledger_load(source, agreement, terms.lines.currency, making.asked, arena,
                                  &out->ledger, err);
  if (status == HS_OK)
    status = hs_written_load(source, agreement, arena, &making.written, err);
  if (status != HS_OK)
    return status;
  find_first(&making);
  status = find_terms(&making, err);
  if (status != HS_OK)
    return status;
  begin_anew(&making);
  return make(&making, period, err);
}
