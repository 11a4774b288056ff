#include "service/decide/cost_joint.h"

#include "base/room.h"
#include "service/joint/joint_terms.h"

struct line {
  struct hs_str agreement, period, side, what;
  int64_t amount_minor;
  int is_cost;
};

struct reading {
  struct hs_programme *programme;
  struct hs_arena *arena;
  struct line *lines; /* in the order in which they were written */
  size_t count, capacity;
};

/* What is owed for orders is the ledger's to say, and what they brought is no cost. */
static int is_cost(struct hs_str kind)
{
  static const char *const KINDS[] = {"fee",   "shared_cost", "hours",  "content",
                                      "media", "tools",       "in_kind"};
  for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
    if (hs_str_equal(kind, hs_str_of(KINDS[i])))
      return 1;
  return 0;
}

static enum hs_status take_row(void *context, const struct hs_sheet_line_row *row,
                               struct hs_err *err)
{
  struct reading *reading = context;
  struct line line = {row->agreement, row->period, row->side, row->what, row->amount_minor, 0};
  line.is_cost = is_cost(row->kind) && hs_str_equal(hs_str_of(row->currency.code),
                                                    hs_str_of(reading->programme->currency.code));
  struct line *grown = hs_arena_room(reading->arena, reading->lines, reading->count, 1,
                                     &reading->capacity, sizeof *grown);
  struct hs_str *const texts[] = {&line.agreement, &line.period, &line.side, &line.what};
  if (!grown || !hs_strs_keep(reading->arena, texts, sizeof texts / sizeof *texts))
    return hs_arena_full(reading->arena, "lines of joint P&Ls", err);
  reading->lines = grown;
  grown[reading->count++] = line;
  return HS_OK;
}

static int is_replaced(const struct reading *reading, size_t index)
{
  const struct line *line = &reading->lines[index];
  for (size_t i = index + 1; i < reading->count; i++) {
    const struct line *later = &reading->lines[i];
    if (hs_str_equal(later->agreement, line->agreement) &&
        hs_str_equal(later->period, line->period) && hs_str_equal(later->side, line->side) &&
        hs_str_equal(later->what, line->what))
      return 1;
  }
  return 0;
}

static int is_partner(const struct hs_in_force *in_force, const struct hs_joint_terms *terms,
                      uint32_t side)
{
  return side != terms->ours &&
         hs_in_force_partner(in_force, terms->lines.sides[side]) != HS_NO_PARTNER;
}

/* Each partner gets an equal part of what is left, so that the parts are the whole to the cent. */
static enum hs_status share_out(const struct line *line, const struct hs_in_force *in_force,
                                const struct hs_joint_terms *terms, hs_joint_cost_fn each,
                                void *context, struct hs_err *err)
{
  int64_t partners = 0, left = line->amount_minor;
  enum hs_status status = HS_OK;
  for (uint32_t s = 0; s < terms->lines.side_count; s++)
    partners += is_partner(in_force, terms, s);
  for (uint32_t s = 0; s < terms->lines.side_count && !status; s++)
    if (is_partner(in_force, terms, s)) {
      int64_t part = partners > 1 ? left / partners : left;
      left -= part;
      partners--;
      status = each(context, terms->lines.sides[s], part, err);
    }
  return status;
}

static enum hs_status give_line(const struct line *line, const struct hs_in_force *in_force,
                                hs_joint_cost_fn each, void *context, struct hs_err *err)
{
  struct hs_joint_terms terms;
  enum hs_status status = hs_joint_terms_of(in_force, line->agreement, line->period, &terms, NULL);
  /* Written for a month in which the agreement had not begun: nobody's cost yet. */
  if (status == HS_NOT_FOUND || status == HS_INVALID)
    return HS_OK;
  if (status)
    return hs_joint_terms_of(in_force, line->agreement, line->period, &terms, err);
  if (terms.others != HS_NOBODY || !hs_str_equal(line->side, terms.lines.sides[terms.ours]))
    return HS_OK;
  return share_out(line, in_force, &terms, each, context, err);
}

enum hs_status hs_joint_costs(struct hs_programme *programme, struct hs_arena *arena,
                              hs_joint_cost_fn each, void *context, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  size_t mark = hs_arena_mark(arena);
  struct hs_in_force in_force;
  struct reading reading = {.programme = programme, .arena = arena};
  enum hs_status status =
      ledger->sheet_lines(ledger->self, (struct hs_str){0}, take_row, &reading, err);
  if (!status && reading.count > 0)
    status = hs_in_force_load(ledger, &programme->book, programme->zone, UINT64_MAX, arena,
                              &in_force, err);
  for (size_t i = 0; i < reading.count && !status; i++)
    if (reading.lines[i].is_cost && !is_replaced(&reading, i))
      status = give_line(&reading.lines[i], &in_force, each, context, err);
  hs_arena_reset(arena, mark);
  return status;
}
