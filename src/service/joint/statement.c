#include "service/joint/statement.h"

#include <string.h>

int hs_line_is_confirmed(const struct hs_joint_line *line, size_t side_count)
{
  uint32_t all = (uint32_t)((UINT64_C(1) << side_count) - 1);
  return (line->confirmed & all) == all;
}

size_t hs_statement_carried(const struct hs_statement *statement)
{
  size_t count = 0;
  for (size_t i = 0; i < statement->sheet.paid_count; i++)
    count += statement->sheet.paid[i].is_carried != 0;
  return count;
}

static enum hs_status check_paid(const struct hs_sheet *sheet, struct hs_err *err)
{
  for (size_t i = 0; i < sheet->paid_count; i++) {
    const struct hs_joint_payment *paid = &sheet->paid[i];
    if (paid->from >= sheet->sharing.side_count || paid->to >= sheet->sharing.side_count)
      return hs_fail(err, HS_INVALID, "payment %zu: there is no such side", i + 1);
    if (paid->amount_minor < 0)
      return hs_fail(err, HS_INVALID, "payment %zu: the amount must be 0 or more", i + 1);
  }
  return HS_OK;
}

/* All lines are checked, also those that the viewer will not see: else the same sheet would be
   accepted for one side and refused for the other. */
static enum hs_status check(const struct hs_sheet *sheet, struct hs_err *err)
{
  enum hs_status status = hs_sharing_check(&sheet->sharing, err);
  if (status == HS_OK)
    status = hs_joint_check(sheet->lines, sheet->line_count, sheet->sharing.side_count, err);
  if (status == HS_OK)
    status = check_paid(sheet, err);
  if (status == HS_OK && sheet->fairness != NULL)
    status = hs_fairness_check(sheet->fairness, err);
  return status;
}

/* ---- what it brings and costs ---- */

static struct hs_bottom_line bottom_line(int64_t brings, int64_t low, int64_t high, int64_t costs,
                                         int has_interval)
{
  struct hs_bottom_line out = {.brings_minor = brings,
                               .low_minor = low < high ? low : high,
                               .high_minor = low < high ? high : low,
                               .costs_minor = costs,
                               .has_interval = has_interval,
                               .worth = HS_WORTH_CANNOT_TELL};
  int64_t left_low = 0;
  int64_t left_high = 0;
  if (!__builtin_sub_overflow(out.low_minor, costs, &left_low) &&
      !__builtin_sub_overflow(out.high_minor, costs, &left_high))
    out.worth = hs_joint_worth(has_interval, left_low, left_high);
  return out;
}

/* What a side gets out of it before its own costs, private lines included. */
static int brings_to(const struct hs_joint *joint, uint32_t side, int64_t *out)
{
  const struct hs_joint_part *part = &joint->parts[side];
  return !__builtin_add_overflow(part->entitled_minor, part->costs_minor, out) &&
         !__builtin_add_overflow(*out, part->own_brought_minor, out);
}

static int own_line(const struct hs_joint *joint, const struct hs_joint *low,
                    const struct hs_joint *high, uint32_t side, struct hs_bottom_line *out)
{
  int64_t brings = 0;
  int64_t at_low = 0;
  int64_t at_high = 0;
  int64_t costs = 0;
  const struct hs_joint_part *part = &joint->parts[side];
  if (!brings_to(joint, side, &brings) || !brings_to(low, side, &at_low) ||
      !brings_to(high, side, &at_high) ||
      __builtin_add_overflow(part->costs_minor, part->own_costs_minor, &costs))
    return 0;
  *out =
      bottom_line(brings, at_low, at_high, costs, joint->has_interval && joint->own_has_interval);
  return 1;
}

static enum hs_status compute(struct hs_statement *statement, struct hs_err *err)
{
  static const enum hs_joint_case CASES[] = {HS_JOINT_AS_STATED, HS_JOINT_AT_LOW, HS_JOINT_AT_HIGH,
                                             HS_JOINT_AT_NOTHING};
  const struct hs_sheet *sheet = &statement->sheet;
  struct hs_joint joints[sizeof CASES / sizeof *CASES];
  for (size_t c = 0; c < sizeof CASES / sizeof *CASES; c++) {
    enum hs_status status =
        hs_joint_make(sheet->lines, sheet->line_count, sheet->paid, sheet->paid_count,
                      &sheet->sharing, CASES[c], &joints[c], err);
    if (status != HS_OK)
      return status;
  }
  statement->joint = joints[0];
  statement->together =
      bottom_line(joints[0].brought_minor, joints[1].brought_minor, joints[2].brought_minor,
                  joints[0].costs_minor, joints[0].has_interval);
  if (statement->viewer != HS_NOBODY &&
      !own_line(&joints[0], &joints[1], &joints[2], statement->viewer, &statement->own))
    return hs_fail(err, HS_INVALID, "what it brings to one side does not fit");
  for (size_t s = 0; s < sheet->sharing.side_count; s++)
    statement->stakes[s] = hs_joint_stake_of(&joints[3], &sheet->sharing, (uint32_t)s);
  statement->settlement_count = hs_joint_settle(&statement->joint, statement->settlement);
  return HS_OK;
}

static void note_goods(struct hs_statement *statement)
{
  for (size_t i = 0; i < statement->sheet.line_count; i++) {
    const struct hs_joint_line *line = &statement->sheet.lines[i];
    if (line->kind != HS_JOINT_GOODS)
      continue;
    statement->own.has_goods = 1;
    statement->together.has_goods |= !line->is_private;
  }
}

/* ---- the balance ---- */

static enum hs_status weigh(struct hs_statement *statement, struct hs_arena *arena,
                            struct hs_err *err)
{
  const struct hs_sheet *sheet = &statement->sheet;
  size_t sides = sheet->sharing.side_count;
  int64_t *benefits = hs_arena_alloc(arena, (sheet->history_count + 1) * sides, sizeof *benefits);
  if (benefits == NULL)
    return hs_arena_full(arena, "the balance of benefit", err);
  if (sheet->history_count > 0)
    memcpy(benefits, sheet->history_minor, sheet->history_count * sides * sizeof *benefits);
  for (size_t s = 0; s < sides; s++)
    benefits[sheet->history_count * sides + s] = statement->joint.parts[s].entitled_minor;
  return hs_balance_make(sheet->fairness, benefits, sheet->history_count + 1, &statement->balance,
                         err);
}

enum hs_status hs_statement_make(const struct hs_sheet *sheet, uint32_t viewer,
                                 struct hs_arena *arena, struct hs_statement *out,
                                 struct hs_err *err)
{
  struct hs_statement statement = {.sheet = *sheet, .viewer = viewer};
  HS_ASSERT(viewer == HS_NOBODY || viewer < sheet->sharing.side_count);
  enum hs_status status = check(sheet, err);
  if (status != HS_OK)
    return status;
  struct hs_joint_line *seen = hs_arena_alloc(arena, sheet->line_count, sizeof *seen);
  if (seen == NULL)
    return hs_arena_full(arena, "the lines of a statement", err);
  statement.sheet.lines = seen;
  statement.sheet.line_count = hs_joint_view(sheet->lines, sheet->line_count, viewer, seen);
  for (size_t i = 0; i < statement.sheet.line_count; i++) {
    statement.shared_count += !seen[i].is_private;
    statement.confirmed_count +=
        !seen[i].is_private && hs_line_is_confirmed(&seen[i], sheet->sharing.side_count);
  }
  status = compute(&statement, err);
  note_goods(&statement);
  if (status == HS_OK && sheet->fairness != NULL)
    status = weigh(&statement, arena, err);
  if (status == HS_OK)
    *out = statement;
  return status;
}
