#include "service/joint/joint_lines.h"

#include <inttypes.h>

#include "base/room.h"
#include "service/joint/joint_added.h"
#include "service/joint/statement_words.h"

/* ---- what was written ---- */

struct writing {
  struct hs_written *written;
  struct hs_arena *arena;
  uint64_t until_sequence;
};

static enum hs_status own_texts(struct hs_arena *arena, struct hs_str *const *texts, size_t count,
                                struct hs_err *err)
{
  return hs_strs_keep(arena, texts, count) ? HS_OK
                                           : hs_arena_full(arena, "the lines of a joint P&L", err);
}

static void *with_room(struct hs_arena *arena, void *rows, size_t count, size_t *capacity,
                       size_t size, struct hs_err *err)
{
  void *grown = hs_arena_room(arena, rows, count, 1, capacity, size);
  if (grown == NULL)
    (void)hs_arena_full(arena, "the lines of a joint P&L", err);
  return grown;
}

static int parse_kind(struct hs_str name, enum hs_joint_kind *out)
{
  for (int k = 0; k < HS_JOINT_KIND_COUNT; k++)
    if (hs_str_equal(name, hs_str_of(hs_line_kind_name((enum hs_joint_kind)k)))) {
      *out = (enum hs_joint_kind)k;
      return 1;
    }
  return 0;
}

static enum hs_status note_line(void *context, const struct hs_sheet_line_row *row,
                                struct hs_err *err)
{
  const struct writing *writing = context;
  struct hs_written *written = writing->written;
  struct hs_written_line line = {.row = *row, .month = hs_month_parse(row->period)};
  struct hs_str *texts[] = {&line.row.agreement, &line.row.period,    &line.row.side,
                            &line.row.what,      &line.row.added_by,  &line.row.kind,
                            &line.row.earned_by, &line.row.valued_by, &line.row.decided_by};
  if (row->sequence > writing->until_sequence)
    return HS_OK;
  if (!parse_kind(row->kind, &line.kind))
    return hs_fail(err, HS_CORRUPT, "a line is of the unknown kind \"%.*s\"",
                   HS_STR_ARG(row->kind));
  struct hs_written_line *lines = with_room(writing->arena, written->lines, written->line_count,
                                            &written->line_capacity, sizeof *lines, err);
  if (lines == NULL)
    return HS_NOMEM;
  written->lines = lines;
  enum hs_status status = own_texts(writing->arena, texts, sizeof texts / sizeof *texts, err);
  if (status == HS_OK)
    lines[written->line_count++] = line;
  return status;
}

static enum hs_status note_confirmation(void *context, const struct hs_sheet_confirmation_row *row,
                                        struct hs_err *err)
{
  const struct writing *writing = context;
  struct hs_written *written = writing->written;
  struct hs_written_confirmation entry = {.row = *row, .month = hs_month_parse(row->period)};
  struct hs_str *texts[] = {&entry.row.agreement, &entry.row.period,       &entry.row.side,
                            &entry.row.what,      &entry.row.confirmed_by, &entry.row.decided_by};
  if (row->sequence > writing->until_sequence)
    return HS_OK;
  struct hs_written_confirmation *entries =
      with_room(writing->arena, written->confirmations, written->confirmation_count,
                &written->confirmation_capacity, sizeof *entries, err);
  if (entries == NULL)
    return HS_NOMEM;
  written->confirmations = entries;
  enum hs_status status = own_texts(writing->arena, texts, sizeof texts / sizeof *texts, err);
  if (status == HS_OK)
    entries[written->confirmation_count++] = entry;
  return status;
}

enum hs_status hs_written_load(const struct hs_joint_source *source, struct hs_str agreement,
                               struct hs_arena *arena, struct hs_written *out, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = source->ledger;
  struct writing writing = {
      .written = out, .arena = arena, .until_sequence = source->until_sequence};
  *out = (struct hs_written){0};
  enum hs_status status = ledger->sheet_lines(ledger->self, agreement, note_line, &writing, err);
  return status == HS_OK ? ledger->sheet_confirmations(ledger->self, agreement, note_confirmation,
                                                       &writing, err)
                         : status;
}

int hs_written_is_replaced(const struct hs_written *written, size_t index, uint64_t until_sequence)
{
  const struct hs_written_line *line = &written->lines[index];
  for (size_t i = index + 1; i < written->line_count; i++) {
    const struct hs_written_line *later = &written->lines[i];
    if (later->month == line->month && later->row.sequence <= until_sequence &&
        hs_str_equal(later->row.side, line->row.side) &&
        hs_str_equal(later->row.what, line->row.what))
      return 1;
  }
  return 0;
}

/* ---- the lines ---- */

struct making {
  const struct hs_joint_terms *terms;
  int32_t month;
  const struct hs_in_force *in_force;
  const struct hs_joint_ledger *ledger;
  const struct hs_joint_flow *flows;
  const struct hs_written *written;
  uint64_t until_sequence;
  struct hs_arena *arena;
  struct hs_joint_lines *out;
  size_t capacity;
};

static enum hs_status add_line(struct making *making, const struct hs_joint_line *line,
                               struct hs_err *err)
{
  struct hs_joint_line *lines = with_room(making->arena, making->out->lines, making->out->count,
                                          &making->capacity, sizeof *lines, err);
  if (lines == NULL)
    return HS_NOMEM;
  making->out->lines = lines;
  lines[making->out->count++] = *line;
  return HS_OK;
}

/* ---- out of the ledger ---- */

/* Flows by side; the last place is for partners that are no side. */
#define OUTSIDE HS_SIDES_MAX

static enum hs_status sum_flows(const struct making *making, struct hs_joint_flow *sums,
                                struct hs_err *err)
{
  int fits = 1;
  for (size_t p = 0; making->flows != NULL && p < making->ledger->partner_count; p++) {
    const struct hs_joint_flow *flow = &making->flows[p];
    uint32_t side =
        hs_joint_side_of(making->terms, making->in_force->partners[making->ledger->partners[p]]);
    struct hs_joint_flow *sum = &sums[side == HS_NOBODY ? OUTSIDE : side];
    fits &= !__builtin_add_overflow(sum->revenue_minor, flow->revenue_minor, &sum->revenue_minor);
    fits &= !__builtin_add_overflow(sum->earned_minor, flow->earned_minor, &sum->earned_minor);
    fits &= !__builtin_add_overflow(sum->taken_back_minor, flow->taken_back_minor,
                                    &sum->taken_back_minor);
    fits &= !__builtin_add_overflow(sum->decided_minor, flow->decided_minor, &sum->decided_minor);
    fits &= !__builtin_add_overflow(sum->paid_minor, flow->paid_minor, &sum->paid_minor);
    sum->order_count += flow->order_count;
    sum->return_count += flow->return_count;
  }
  return fits ? HS_OK : hs_fail(err, HS_INVALID, "the sums of an agreement's ledger do not fit");
}

static enum hs_status add_revenue(struct making *making, const struct hs_joint_flow *sums,
                                  struct hs_err *err)
{
  struct hs_buf words = hs_buf_in(making->arena);
  struct hs_joint_line line = {.kind = HS_JOINT_REVENUE,
                               .what = HS_STR(HS_LINE_ORDERS),
                               .side = making->terms->ours,
                               .to = HS_NOBODY,
                               .confirmed = 1U << making->terms->ours};
  uint64_t orders = 0;
  uint64_t returns = 0;
  for (size_t s = 0; s <= OUTSIDE; s++) {
    orders += sums[s].order_count;
    returns += sums[s].return_count;
    if (__builtin_add_overflow(line.amount_minor, sums[s].revenue_minor, &line.amount_minor))
      return hs_fail(err, HS_INVALID, "the sums of an agreement's ledger do not fit");
  }
  hs_buf_printf(&words, "ledger: the part of %" PRIu64 " %s, %" PRIu64 " %s", orders,
                hs_plural(orders, "order", "orders"), returns,
                hs_plural(returns, "return", "returns"));
  line.valued_by = hs_buf_str(&words);
  enum hs_status status = hs_buf_status(&words, "a line of a joint P&L", err);
  return status == HS_OK ? add_line(making, &line, err) : status;
}

static int has_several_earners(const struct hs_joint_terms *terms)
{
  return terms->lines.side_count > 2;
}

static enum hs_status add_commission(struct making *making, size_t side, const char *what,
                                     int64_t amount_minor, struct hs_err *err)
{
  struct hs_buf name = hs_buf_in(making->arena);
  struct hs_joint_line line = {.kind = HS_JOINT_COMMISSION,
                               .side = making->terms->ours,
                               .to = side == OUTSIDE ? HS_NOBODY : (uint32_t)side,
                               .confirmed = 1U << making->terms->ours,
                               .amount_minor = amount_minor,
                               .valued_by = HS_STR("ledger")};
  if (amount_minor == 0)
    return HS_OK;
  hs_buf_printf(&name, HS_LINE_COMMISSIONS "%s", what);
  if (side == OUTSIDE)
    hs_buf_add_text(&name, " by others");
  else if (has_several_earners(making->terms))
    hs_buf_printf(&name, " by %.*s", HS_STR_ARG(making->terms->lines.sides[side]));
  line.what = hs_buf_str(&name);
  enum hs_status status = hs_buf_status(&name, "a line of a joint P&L", err);
  return status == HS_OK ? add_line(making, &line, err) : status;
}

static enum hs_status add_commissions(struct making *making, const struct hs_joint_flow *sums,
                                      struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (size_t s = 0; s <= OUTSIDE && status == HS_OK; s++) {
    status = add_commission(making, s, "earned", sums[s].earned_minor, err);
    if (status == HS_OK)
      status = add_commission(making, s, "taken back", -sums[s].taken_back_minor, err);
    if (status == HS_OK)
      status =
          add_commission(making, s, "granted and denied by decisions", sums[s].decided_minor, err);
  }
  return status;
}

static void note_payments(struct making *making, const struct hs_joint_flow *sums)
{
  uint32_t ours = making->terms->ours;
  for (uint32_t s = 0; s < making->terms->lines.side_count; s++) {
    int64_t paid = sums[s].paid_minor;
    if (paid == 0 || s == ours)
      continue;
    making->out->payments[making->out->payment_count++] = (struct hs_joint_payment){
        .from = paid > 0 ? ours : s,
        .to = paid > 0 ? s : ours,
        .amount_minor = paid > 0 ? paid : -paid,
        .what = paid > 0 ? HS_STR("payouts of the month") : HS_STR("payouts that came back")};
  }
}

static enum hs_status add_ledger(struct making *making, struct hs_err *err)
{
  struct hs_joint_flow sums[OUTSIDE + 1] = {0};
  enum hs_status status = sum_flows(making, sums, err);
  if (status == HS_OK)
    status = add_revenue(making, sums, err);
  if (status == HS_OK)
    status = add_commissions(making, sums, err);
  note_payments(making, sums);
  return status;
}

/* ---- as the sides wrote them ---- */

static enum hs_status add_written(struct making *making, const struct hs_sheet_line_row *row,
                                  enum hs_joint_kind kind, struct hs_err *err)
{
  const struct hs_line_terms *terms = &making->terms->lines;
  uint32_t added_by = hs_line_terms_find(terms, row->added_by);
  struct hs_joint_line line = {.kind = kind,
                               .what = row->what,
                               .side = hs_line_terms_find(terms, row->side),
                               .to = HS_NOBODY,
                               .is_private = row->is_private != 0,
                               .amount_minor = row->amount_minor,
                               .has_interval = row->has_interval != 0,
                               .low_minor = row->low_minor,
                               .high_minor = row->high_minor,
                               .valued_by = row->valued_by};
  if (row->earned_by.data != NULL)
    line.to = hs_line_terms_find(terms, row->earned_by);
  if (line.side == HS_NOBODY || added_by == HS_NOBODY ||
      (row->earned_by.data != NULL && line.to == HS_NOBODY) ||
      !hs_currency_equal(row->currency, terms->currency)) {
    making->out->left_out_count++;
    return HS_OK;
  }
  line.confirmed = 1U << added_by;
  return add_line(making, &line, err);
}

static enum hs_status add_all_written(struct making *making, struct hs_err *err)
{
  const struct hs_written *written = making->written;
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < written->line_count && status == HS_OK; i++)
    if (written->lines[i].month == making->month &&
        written->lines[i].row.sequence <= making->until_sequence &&
        !hs_written_is_replaced(written, i, making->until_sequence))
      status = add_written(making, &written->lines[i].row, written->lines[i].kind, err);
  return status;
}

/* ---- out of the agreement ---- */

static int has_hours(const struct hs_joint_lines *lines, uint32_t side)
{
  for (size_t i = 0; i < lines->count; i++)
    if (lines->lines[i].side == side && lines->lines[i].kind == HS_JOINT_HOURS &&
        !lines->lines[i].is_private)
      return 1;
  return 0;
}

/* The owner's share of time, where the side has not written down its hours. */
static enum hs_status add_owner(struct making *making, const struct hs_side *side,
                                struct hs_err *err)
{
  const struct hs_line_terms *terms = &making->terms->lines;
  struct hs_buf words = hs_buf_in(making->arena);
  struct hs_joint_line line = {.kind = HS_JOINT_HOURS,
                               .what = HS_STR(HS_LINE_OWNER),
                               .side = hs_line_terms_find(terms, side->party),
                               .to = HS_NOBODY,
                               .confirmed = 1U << making->terms->ours};
  if (line.side == HS_NOBODY || side->owner == NULL || side->owner->time.scale < 0 ||
      side->hour_rate.scale < 0 || has_hours(making->out, line.side))
    return HS_OK;
  hs_buf_add_text(&words, "agreement: ");
  if (!hs_time_cost(terms, hs_ratio_of_decimal(side->owner->time), side->hour_rate,
                    &line.amount_minor, &words))
    return hs_fail(err, HS_INVALID, "what the hours of %.*s cost does not fit",
                   HS_STR_ARG(side->party));
  line.valued_by = hs_buf_str(&words);
  enum hs_status status = hs_buf_status(&words, "a line of a joint P&L", err);
  return status == HS_OK ? add_line(making, &line, err) : status;
}

static enum hs_status add_owners(struct making *making, struct hs_err *err)
{
  const struct hs_list *sides = &making->terms->version->document.sides;
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < sides->count && status == HS_OK; i++)
    status = add_owner(making, (const struct hs_side *)sides->items + i, err);
  return status;
}

/* ---- who stands by them ---- */

/* The entry that a line came from; 0 for one that nobody wrote. */
static uint64_t written_at(const struct making *making, const struct hs_joint_line *line)
{
  uint64_t sequence = 0;
  for (size_t i = 0; i < making->written->line_count; i++) {
    const struct hs_written_line *written = &making->written->lines[i];
    if (written->month == making->month && written->row.sequence <= making->until_sequence &&
        hs_str_equal(written->row.side, making->terms->lines.sides[line->side]) &&
        hs_str_equal(written->row.what, line->what))
      sequence = written->row.sequence;
  }
  return sequence;
}

/* A confirmation holds for what stood there when it was given: the entry, and its amount. */
static void confirm_line(const struct making *making, struct hs_joint_line *line)
{
  const struct hs_line_terms *terms = &making->terms->lines;
  uint64_t written = written_at(making, line);
  for (size_t i = 0; i < making->written->confirmation_count; i++) {
    const struct hs_written_confirmation *entry = &making->written->confirmations[i];
    uint32_t by = hs_line_terms_find(terms, entry->row.confirmed_by);
    if (entry->month == making->month && by != HS_NOBODY && entry->row.sequence > written &&
        entry->row.amount_minor == line->amount_minor &&
        hs_str_equal(entry->row.side, terms->sides[line->side]) &&
        hs_str_equal(entry->row.what, line->what))
      line->confirmed |= 1U << by;
  }
}

enum hs_status hs_joint_lines_make(const struct hs_joint_terms *terms, int32_t month,
                                   const struct hs_in_force *in_force,
                                   const struct hs_joint_ledger *ledger,
                                   const struct hs_joint_flow *flows,
                                   const struct hs_written *written, uint64_t until_sequence,
                                   struct hs_arena *arena, struct hs_joint_lines *out,
                                   struct hs_err *err)
{
  *out = (struct hs_joint_lines){0};
  struct making making = {.terms = terms,
                          .month = month,
                          .in_force = in_force,
                          .ledger = ledger,
                          .flows = flows,
                          .written = written,
                          .until_sequence = until_sequence,
                          .arena = arena,
                          .out = out};
  enum hs_status status = add_ledger(&making, err);
  if (status == HS_OK)
    status = add_all_written(&making, err);
  if (status == HS_OK)
    status = add_owners(&making, err);
  for (size_t i = 0; i < out->count && status == HS_OK; i++)
    confirm_line(&making, &out->lines[i]);
  return status;
}
