#include "ledger/joint.h"

static int is_between_sides(const struct hs_joint_line *line) { return line->to != HS_NOBODY; }

/* Kinds of which there would be nothing, had nothing been sold. */
static int depends_on_orders(enum hs_joint_kind kind)
{
  return kind == HS_JOINT_REVENUE || kind == HS_JOINT_DISCOUNT || kind == HS_JOINT_GOODS ||
         kind == HS_JOINT_COMMISSION;
}

/* Discounts and the cost of what was sold lower what was brought in; the rest is the cost of
   running it. */
static int is_brought(enum hs_joint_kind kind)
{
  return kind == HS_JOINT_REVENUE || kind == HS_JOINT_DISCOUNT || kind == HS_JOINT_GOODS;
}

/* ---- views ---- */

size_t hs_joint_view(const struct hs_joint_line *lines, size_t count, uint32_t viewer,
                     struct hs_joint_line *seen)
{
  size_t seen_count = 0;
  for (size_t i = 0; i < count; i++)
    if (!lines[i].is_private || lines[i].side == viewer)
      seen[seen_count++] = lines[i];
  return seen_count;
}

static const char *fault_of(const struct hs_joint_line *line, size_t side_count)
{
  int may_go_to_a_side = line->kind == HS_JOINT_COMMISSION || line->kind == HS_JOINT_FEE;
  if (line->side >= side_count || (is_between_sides(line) && line->to >= side_count))
    return "there is no such side";
  if (is_between_sides(line) && !may_go_to_a_side)
    return "only commissions and fees go from one side to another";
  if (line->to == line->side)
    return "a side owes itself nothing";
  if (is_between_sides(line) && line->is_private)
    return "what one side owes another is not private";
  if (line->has_interval && !is_brought(line->kind))
    return "only what is brought in has an interval";
  if (line->has_interval &&
      (line->low_minor > line->amount_minor || line->amount_minor > line->high_minor))
    return "the amount must lie in its interval";
  return NULL;
}

enum hs_status hs_joint_check(const struct hs_joint_line *lines, size_t count, size_t side_count,
                              struct hs_err *err)
{
  for (size_t i = 0; i < count; i++) {
    const char *fault = fault_of(&lines[i], side_count);
    if (fault != NULL)
      return hs_fail(err, HS_INVALID, "line %zu: %s", i + 1, fault);
  }
  return HS_OK;
}

/* ---- sums ---- */

/* Sums of one side, as wide as they get: what does not fit is told once they are whole. */
struct tally {
  hs_wide brought, costs, earned, had, own_brought, own_costs;
  hs_wide first; /* what other sides owe it for commissions and fees */
};

static int64_t amount_of(const struct hs_joint_line *line, enum hs_joint_case under)
{
  if (under == HS_JOINT_AT_NOTHING && depends_on_orders(line->kind))
    return 0;
  if (line->has_interval && under == HS_JOINT_AT_LOW)
    return line->low_minor;
  if (line->has_interval && under == HS_JOINT_AT_HIGH)
    return line->high_minor;
  return line->amount_minor;
}

static void tally_line(const struct hs_joint_line *line, int64_t amount, struct tally *tallies)
{
  struct tally *side = &tallies[line->side];
  if (is_between_sides(line)) {
    side->earned -= amount;
    tallies[line->to].earned += amount;
    tallies[line->to].first += amount;
    return;
  }
  hs_wide *brought = line->is_private ? &side->own_brought : &side->brought;
  hs_wide *costs = line->is_private ? &side->own_costs : &side->costs;
  if (!is_brought(line->kind))
    *costs += amount;
  else
    *brought += line->kind == HS_JOINT_REVENUE ? amount : -(hs_wide)amount;
}

/* Within what has a negative. */
static int narrow(hs_wide value, int64_t *out)
{
  *out = (int64_t)value;
  return *out == value && value != INT64_MIN;
}

static int narrow_part(const struct tally *tally, struct hs_joint_part *out)
{
  return narrow(tally->brought, &out->brought_minor) && narrow(tally->costs, &out->costs_minor) &&
         narrow(tally->earned, &out->earned_minor) && narrow(tally->had, &out->had_minor) &&
         narrow(tally->own_brought, &out->own_brought_minor) &&
         narrow(tally->own_costs, &out->own_costs_minor);
}

static void note_intervals(const struct hs_joint_line *lines, size_t count, struct hs_joint *joint)
{
  size_t shared = 0;
  joint->has_interval = joint->own_has_interval = 1;
  for (size_t i = 0; i < count; i++) {
    if (lines[i].kind != HS_JOINT_REVENUE)
      continue;
    shared += !lines[i].is_private;
    if (lines[i].is_private)
      joint->own_has_interval &= lines[i].has_interval;
    else
      joint->has_interval &= lines[i].has_interval;
  }
  joint->has_interval &= shared > 0;
}

static int sum_up(const struct hs_joint_line *lines, size_t line_count,
                  const struct hs_joint_payment *paid, size_t paid_count, enum hs_joint_case under,
                  struct tally *tallies, struct hs_joint *joint)
{
  hs_wide brought = 0;
  hs_wide costs = 0;
  for (size_t i = 0; i < line_count; i++)
    tally_line(&lines[i], amount_of(&lines[i], under), tallies);
  for (size_t i = 0; i < paid_count; i++) {
    tallies[paid[i].from].had -= paid[i].amount_minor;
    tallies[paid[i].to].had += paid[i].amount_minor;
  }
  for (size_t s = 0; s < joint->side_count; s++) {
    if (!narrow_part(&tallies[s], &joint->parts[s]))
      return 0;
    brought += tallies[s].brought;
    costs += tallies[s].costs;
  }
  return narrow(brought, &joint->brought_minor) && narrow(costs, &joint->costs_minor) &&
         narrow(brought - costs, &joint->result_minor);
}

/* ---- division ---- */

static int entitle_kept(struct hs_joint *joint)
{
  int fits = 1;
  for (size_t s = 0; s < joint->side_count && fits; s++) {
    struct hs_joint_part *part = &joint->parts[s];
    fits = narrow((hs_wide)part->brought_minor - part->costs_minor + part->earned_minor,
                  &part->entitled_minor);
  }
  return fits;
}

/* What comes before the sharing, to each side: commissions and fees, where they do. Gives the sum.
 */
static hs_wide take_first(const struct hs_sharing *sharing, const struct tally *tallies,
                          hs_wide *parts)
{
  hs_wide sum = 0;
  for (size_t s = 0; s < sharing->side_count && sharing->earned == HS_EARNED_FIRST; s++) {
    parts[s] += tallies[s].first;
    sum += tallies[s].first;
  }
  return sum;
}

/* What is left after costs, by shares. */
static enum hs_status share_out(const struct hs_sharing *sharing, int64_t pool_minor,
                                hs_wide *parts, struct hs_err *err)
{
  int64_t shares[HS_SIDES_MAX] = {0};
  enum hs_status status = hs_sharing_split(sharing, pool_minor, shares, err);
  for (size_t s = 0; s < sharing->side_count && status == HS_OK; s++)
    parts[s] += shares[s];
  return status;
}

/* What was brought in, which gives costs back first: less its costs, a side's part of what came is
   its part of the result. */
static enum hs_status pour_out(const struct hs_sharing *sharing, int64_t pool_minor,
                               struct hs_joint *joint, hs_wide *parts, struct hs_err *err)
{
  int64_t costs[HS_SIDES_MAX] = {0};
  for (size_t s = 0; s < sharing->side_count; s++)
    costs[s] = joint->parts[s].costs_minor;
  enum hs_status status = hs_waterfall_run(sharing, pool_minor, costs, &joint->waterfall, err);
  for (size_t s = 0; s < sharing->side_count && status == HS_OK; s++)
    parts[s] += (hs_wide)joint->waterfall.given_minor[s] - costs[s];
  return status;
}

static enum hs_status entitle_shared(const struct hs_sharing *sharing, const struct tally *tallies,
                                     struct hs_joint *joint, struct hs_err *err)
{
  int is_waterfall = sharing->kind == HS_SHARING_WATERFALL;
  int64_t pool = 0;
  hs_wide parts[HS_SIDES_MAX] = {0};
  hs_wide first = take_first(sharing, tallies, parts);
  if (!narrow((is_waterfall ? joint->brought_minor : joint->result_minor) - first, &pool))
    return hs_fail(err, HS_INVALID, "what there is to share does not fit");
  enum hs_status status = is_waterfall ? pour_out(sharing, pool, joint, parts, err)
                                       : share_out(sharing, pool, parts, err);
  for (size_t s = 0; s < sharing->side_count && status == HS_OK; s++)
    if (!narrow(parts[s], &joint->parts[s].entitled_minor))
      status = hs_fail(err, HS_INVALID, "a side's part of the result does not fit");
  return status;
}

enum hs_status hs_joint_make(const struct hs_joint_line *lines, size_t line_count,
                             const struct hs_joint_payment *paid, size_t paid_count,
                             const struct hs_sharing *sharing, enum hs_joint_case under,
                             struct hs_joint *out, struct hs_err *err)
{
  struct tally tallies[HS_SIDES_MAX] = {0};
  struct hs_joint joint = {.side_count = sharing->side_count};
  note_intervals(lines, line_count, &joint);
  int fits = sum_up(lines, line_count, paid, paid_count, under, tallies, &joint);
  enum hs_status status = HS_OK;
  if (fits && sharing->kind == HS_SHARING_KEPT)
    fits = entitle_kept(&joint);
  else if (fits)
    status = entitle_shared(sharing, tallies, &joint, err);
  for (size_t s = 0; s < joint.side_count && fits && status == HS_OK; s++) {
    struct hs_joint_part *part = &joint.parts[s];
    fits = narrow((hs_wide)part->entitled_minor - part->brought_minor + part->costs_minor -
                      part->had_minor,
                  &part->settles_minor);
  }
  if (!fits)
    status = hs_fail(err, HS_INVALID, "the sums of the joint profit and loss do not fit");
  if (status == HS_OK)
    *out = joint;
  return status;
}

/* ---- settlement ---- */

/* Who pays and who receives, each in the order of the sides: every payment squares one of the two,
   and the last one squares both. */
size_t hs_joint_settle(const struct hs_joint *joint, struct hs_joint_payment *out)
{
  hs_wide open[HS_SIDES_MAX];
  size_t count = 0;
  size_t payer = 0;
  size_t receiver = 0;
  for (size_t s = 0; s < joint->side_count; s++)
    open[s] = joint->parts[s].settles_minor;
  for (;;) {
    while (payer < joint->side_count && open[payer] >= 0)
      payer++;
    while (receiver < joint->side_count && open[receiver] <= 0)
      receiver++;
    if (payer == joint->side_count || receiver == joint->side_count)
      return count;
    hs_wide amount = -open[payer] < open[receiver] ? -open[payer] : open[receiver];
    open[payer] += amount;
    open[receiver] -= amount;
    out[count++] = (struct hs_joint_payment){
        .from = (uint32_t)payer, .to = (uint32_t)receiver, .amount_minor = (int64_t)amount};
  }
}

/* ---- what it says ---- */

enum hs_worth hs_joint_worth(int has_interval, int64_t left_low_minor, int64_t left_high_minor)
{
  if (!has_interval)
    return HS_WORTH_CANNOT_TELL;
  if (left_low_minor > 0 && left_high_minor > 0)
    return HS_WORTH_JUSTIFIED;
  return left_low_minor < 0 && left_high_minor < 0 ? HS_WORTH_NOT : HS_WORTH_CANNOT_TELL;
}

struct hs_joint_stake hs_joint_stake_of(const struct hs_joint *at_nothing,
                                        const struct hs_sharing *sharing, uint32_t side)
{
  const struct hs_joint_part *part = &at_nothing->parts[side];
  struct hs_joint_stake stake = {.put_in_minor = part->costs_minor};
  if (sharing->kind == HS_SHARING_KEPT && part->earned_minor < 0)
    stake.put_in_minor = -part->entitled_minor; /* nothing was brought in: costs and fees */
  if (part->entitled_minor < 0)
    stake.lost_minor = -part->entitled_minor;
  return stake;
}

/* ---- hours ---- */

#define DAYS_A_WEEK 7
#define WORKING_DAYS_A_WEEK 5

/* 0 is Monday; day 0, the 1st of January 1970, was a Thursday. */
static int weekday_of(int32_t day) { return (int)((((int64_t)day + 3) % 7 + 7) % 7); }

int hs_working_hours(int32_t from_day, int32_t until_day, struct hs_decimal day_hours,
                     struct hs_ratio *out)
{
  int64_t days = (int64_t)until_day - from_day;
  HS_ASSERT(days >= 0);
  int64_t working = days / DAYS_A_WEEK * WORKING_DAYS_A_WEEK;
  for (int64_t day = until_day - days % DAYS_A_WEEK; day < until_day; day++)
    working += weekday_of((int32_t)day) < WORKING_DAYS_A_WEEK;
  return hs_ratio_multiply(hs_ratio_of(working, 1), hs_ratio_of_decimal(day_hours), out);
}

int hs_hours_cost(struct hs_ratio hours, struct hs_decimal rate, struct hs_currency currency,
                  enum hs_rounding rounding, int64_t *out)
{
  int64_t minor_a_unit = 1;
  struct hs_ratio exact;
  for (int i = 0; i < hs_currency_digits(currency); i++)
    minor_a_unit *= 10;
  return hs_ratio_multiply(hours, hs_ratio_of_decimal(rate), &exact) &&
         hs_ratio_multiply(exact, hs_ratio_of(minor_a_unit, 1), &exact) &&
         hs_ratio_round(exact, rounding, out);
}
