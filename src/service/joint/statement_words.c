#include "service/joint/statement_words.h"

#include <string.h>

/* ---- lines ---- */

static const struct {
  const char *words;
  enum hs_section section;
} KINDS[HS_JOINT_KIND_COUNT] = {
    [HS_JOINT_REVENUE] = {"attributed revenue", HS_SECTION_BROUGHT},
    [HS_JOINT_DISCOUNT] = {"discounts", HS_SECTION_BROUGHT},
    [HS_JOINT_GOODS] = {"cost of what was sold", HS_SECTION_BROUGHT},
    [HS_JOINT_COMMISSION] = {"commission", HS_SECTION_COSTS},
    [HS_JOINT_FEE] = {"fee", HS_SECTION_COSTS},
    [HS_JOINT_SHARED_COST] = {"shared costs", HS_SECTION_COSTS},
    [HS_JOINT_HOURS] = {"hours", HS_SECTION_COSTS},
    [HS_JOINT_CONTENT] = {"content", HS_SECTION_COSTS},
    [HS_JOINT_MEDIA] = {"media", HS_SECTION_COSTS},
    [HS_JOINT_TOOLS] = {"tools", HS_SECTION_COSTS},
    [HS_JOINT_IN_KIND] = {"in kind", HS_SECTION_COSTS},
};

const char *const hs_line_kind_names[] = {
    [HS_JOINT_REVENUE] = "revenue", [HS_JOINT_DISCOUNT] = "discount",
    [HS_JOINT_GOODS] = "goods",     [HS_JOINT_COMMISSION] = "commission",
    [HS_JOINT_FEE] = "fee",         [HS_JOINT_SHARED_COST] = "shared_cost",
    [HS_JOINT_HOURS] = "hours",     [HS_JOINT_CONTENT] = "content",
    [HS_JOINT_MEDIA] = "media",     [HS_JOINT_TOOLS] = "tools",
    [HS_JOINT_IN_KIND] = "in_kind", [HS_JOINT_KIND_COUNT] = NULL,
};

const char *hs_line_kind_words(enum hs_joint_kind kind) { return KINDS[kind].words; }

const char *hs_line_kind_name(enum hs_joint_kind kind) { return hs_line_kind_names[kind]; }

enum hs_section hs_line_section(const struct hs_joint_line *line)
{
  if (line->is_private)
    return HS_SECTION_OWN;
  return line->to != HS_NOBODY ? HS_SECTION_BETWEEN : KINDS[line->kind].section;
}

const char *hs_section_words(enum hs_section section)
{
  static const char *const WORDS[HS_SECTION_COUNT] = {[HS_SECTION_BROUGHT] = "Brought in",
                                                      [HS_SECTION_BETWEEN] = "Between the sides",
                                                      [HS_SECTION_COSTS] = "Costs to run it",
                                                      [HS_SECTION_OWN] =
                                                          "Own lines, which nobody else sees"};
  return WORDS[section];
}

int hs_line_is_deducted(const struct hs_joint_line *line)
{
  return line->kind == HS_JOINT_DISCOUNT || line->kind == HS_JOINT_GOODS;
}

/* ---- figures ---- */

void hs_amount_say(const struct hs_sheet *sheet, int64_t amount_minor, struct hs_buf *out)
{
  char text[HS_MONEY_TEXT];
  hs_money_format_grouped((struct hs_money){amount_minor, sheet->currency}, text);
  hs_buf_add_text(out, text);
}

static int say_decimal(struct hs_ratio number, struct hs_buf *out)
{
  char text[HS_DECIMAL_TEXT];
  struct hs_ratio hundredths;
  if (!hs_ratio_multiply(number, hs_ratio_of(100, 1), &hundredths) || hundredths.bottom != 1 ||
      hundredths.top < 0 || hundredths.top > INT64_MAX)
    return 0;
  hs_decimal_format((struct hs_decimal){(int64_t)hundredths.top, 2}, text);
  hs_buf_add_text(out, text);
  return 1;
}

static void say_ratio(struct hs_ratio number, struct hs_buf *out)
{
  char text[HS_RATIO_TEXT];
  hs_ratio_format(number, text);
  hs_buf_add_text(out, text);
}

void hs_number_say(struct hs_ratio number, struct hs_buf *out)
{
  if (!say_decimal(number, out))
    say_ratio(number, out);
}

void hs_part_say(struct hs_ratio part, struct hs_buf *out)
{
  struct hs_ratio percent;
  if (hs_ratio_multiply(part, hs_ratio_of(100, 1), &percent) && say_decimal(percent, out))
    hs_buf_add_text(out, " %");
  else
    say_ratio(part, out);
}

static struct hs_str side_of(const struct hs_statement *statement, uint32_t side)
{
  return statement->sheet.sides[side];
}

static void say_side(const struct hs_statement *statement, uint32_t side, struct hs_buf *out)
{
  hs_buf_add_str(out, side_of(statement, side));
}

/* ---- the first lines ---- */

void hs_say_heading(const struct hs_statement *statement, struct hs_buf *out)
{
  const struct hs_sheet *sheet = &statement->sheet;
  hs_buf_add_text(out, sheet->number.data != NULL ? "Statement " : "Joint P&L");
  hs_buf_add_str(out, sheet->number);
  hs_buf_add_text(out, " of ");
  hs_buf_add_str(out, sheet->period);
  if (statement->viewer == HS_NOBODY) {
    hs_buf_add_text(out, ", the lines that all sides see");
    return;
  }
  hs_buf_add_text(out, ", as ");
  say_side(statement, statement->viewer, out);
  hs_buf_add_text(out, " sees it");
}

static void say_bottom_line(const struct hs_sheet *sheet, const struct hs_bottom_line *line,
                            const char *verb, struct hs_buf *out)
{
  static const char *const WORTH[] = {[HS_WORTH_JUSTIFIED] = "justified",
                                      [HS_WORTH_NOT] = "not justified",
                                      [HS_WORTH_CANNOT_TELL] = "cannot tell"};
  hs_buf_printf(out, "%s ", verb);
  hs_amount_say(sheet, line->brings_minor, out);
  if (line->has_interval) {
    char low[HS_AMOUNT_TEXT];
    char high[HS_AMOUNT_TEXT];
    hs_amount_format(sheet->currency, line->low_minor, low);
    hs_amount_format(sheet->currency, line->high_minor, high);
    hs_buf_printf(out, " (%s to %s)", low, high);
  }
  hs_buf_add_text(out, ", costs ");
  hs_amount_say(sheet, line->costs_minor, out);
  hs_buf_printf(out, " to run: %s", WORTH[line->worth]);
  if (!line->has_interval)
    hs_buf_add_text(out, ", because revenue has no interval");
  else if (line->worth == HS_WORTH_CANNOT_TELL)
    hs_buf_add_text(out, ", because the interval holds both answers");
  else if (!line->has_goods)
    hs_buf_add_text(out, ", before what the goods or services sold cost: no line says so");
  hs_buf_add_char(out, '.');
}

void hs_say_together(const struct hs_statement *statement, struct hs_buf *out)
{
  say_bottom_line(&statement->sheet, &statement->together, "Brings", out);
}

void hs_say_own(const struct hs_statement *statement, struct hs_buf *out)
{
  const struct hs_joint_part *part = NULL;
  if (statement->viewer == HS_NOBODY)
    return;
  part = &statement->joint.parts[statement->viewer];
  hs_buf_add_text(out, "To ");
  say_side(statement, statement->viewer, out);
  say_bottom_line(&statement->sheet, &statement->own, " it brings", out);
  if (part->own_costs_minor != 0) {
    hs_buf_add_text(out, " Of the costs ");
    hs_amount_say(&statement->sheet, part->own_costs_minor, out);
    hs_buf_add_text(out, " are on private lines.");
  }
}

/* ---- who stands by it ---- */

/* The only side that stands by any of the shared lines; HS_NOBODY where there is none or several.
 */
static uint32_t only_side(const struct hs_statement *statement)
{
  uint32_t confirmed = 0;
  for (size_t i = 0; i < statement->sheet.line_count; i++)
    if (!statement->sheet.lines[i].is_private)
      confirmed |= statement->sheet.lines[i].confirmed;
  if (confirmed == 0 || (confirmed & (confirmed - 1)) != 0)
    return HS_NOBODY;
  return (uint32_t)__builtin_ctz(confirmed);
}

/* "both sides", where there are two. */
static const char *all_of(const struct hs_statement *statement)
{
  return statement->sheet.sharing.side_count == 2 ? "both sides" : "all sides";
}

void hs_say_confirmed(const struct hs_statement *statement, struct hs_buf *out)
{
  size_t open = statement->shared_count - statement->confirmed_count;
  uint32_t only = only_side(statement);
  if (statement->shared_count == 0) {
    hs_buf_add_text(out, "There are no shared lines yet.");
    return;
  }
  if (open == 0) {
    hs_buf_printf(out, "Every shared line is confirmed by %s.", all_of(statement));
    return;
  }
  if (open == statement->shared_count && only != HS_NOBODY) {
    hs_buf_add_text(out, "Unconfirmed: these are the figures of ");
    say_side(statement, only, out);
    hs_buf_add_text(out, " alone; the settlement is provisional.");
    return;
  }
  hs_buf_printf(out, "Provisional: %zu of %zu shared %s not confirmed by %s.", open,
                statement->shared_count, hs_plural(open, "lines is", "lines are"),
                all_of(statement));
}

void hs_say_who(const struct hs_statement *statement, const struct hs_joint_line *line,
                struct hs_buf *out)
{
  size_t sides = statement->sheet.sharing.side_count;
  const char *between = "";
  if (line->is_private || hs_line_is_confirmed(line, sides)) {
    hs_buf_add_text(out, line->is_private ? "private" : all_of(statement));
    return;
  }
  for (uint32_t s = 0; s < sides; s++)
    if ((line->confirmed >> s & 1U) != 0) {
      hs_buf_add_text(out, between);
      say_side(statement, s, out);
      between = ", ";
    }
  if (*between == '\0')
    hs_buf_add_text(out, "unconfirmed");
}

/* ---- sharing ---- */

static void say_shares(const struct hs_statement *statement, const struct hs_ratio *shares,
                       struct hs_buf *out)
{
  for (uint32_t s = 0; s < statement->sheet.sharing.side_count; s++) {
    hs_buf_add_text(out, s > 0 ? ", " : "");
    say_side(statement, s, out);
    hs_buf_add_char(out, ' ');
    hs_part_say(shares[s], out);
  }
}

static int has_loss_shares(const struct hs_sharing *sharing)
{
  for (size_t s = 0; s < sharing->side_count; s++)
    if (hs_ratio_compare(sharing->share[s], sharing->loss[s]) != 0)
      return 1;
  return 0;
}

void hs_say_sharing(const struct hs_statement *statement, struct hs_buf *out)
{
  const struct hs_sharing *sharing = &statement->sheet.sharing;
  if (sharing->kind == HS_SHARING_KEPT) {
    hs_buf_add_text(out, "Each side keeps what it took in and bears what it spent; what is owed "
                         "between the sides is settled.");
    return;
  }
  hs_buf_add_text(out, sharing->kind == HS_SHARING_SHARES
                           ? "The result is shared: "
                           : "Step by step, and what is left is split: ");
  say_shares(statement, sharing->share, out);
  if (has_loss_shares(sharing)) {
    hs_buf_add_text(out, "; of what is below zero: ");
    say_shares(statement, sharing->loss, out);
  }
  hs_buf_add_text(out, sharing->earned == HS_EARNED_FIRST
                           ? ". Commissions and fees between the sides come first."
                           : ". Commissions and fees between the sides count towards the shares.");
}

static void say_preferred(const struct hs_statement *statement,
                          const struct hs_waterfall_step *step, struct hs_buf *out)
{
  say_side(statement, step->side, out);
  hs_buf_add_text(out, " first has ");
  if (step->rate.bottom == 0) {
    hs_amount_say(&statement->sheet, step->most_minor, out);
    return;
  }
  hs_part_say(step->rate, out);
  hs_buf_add_text(out, step->of == HS_STEP_OF_COSTS ? " of its costs" : " of what is left");
  if (step->most_minor < INT64_MAX) {
    hs_buf_add_text(out, ", at most ");
    hs_amount_say(&statement->sheet, step->most_minor, out);
  }
}

void hs_say_step(const struct hs_statement *statement, size_t index, struct hs_buf *out)
{
  const struct hs_sharing *sharing = &statement->sheet.sharing;
  const struct hs_waterfall_step *step = &sharing->steps[index];
  if (index == sharing->step_count)
    hs_buf_add_text(out, "what is left is split");
  else if (step->kind == HS_STEP_PREFERRED)
    say_preferred(statement, step, out);
  else if (step->side == HS_NOBODY)
    hs_buf_add_text(out, "all recoup their costs in proportion");
  else {
    say_side(statement, step->side, out);
    hs_buf_add_text(out, " recoups its costs");
  }
}

void hs_say_payment(const struct hs_statement *statement, const struct hs_joint_payment *payment,
                    struct hs_buf *out)
{
  say_side(statement, payment->from, out);
  hs_buf_add_text(out, " pays ");
  say_side(statement, payment->to, out);
  hs_buf_add_char(out, ' ');
  hs_amount_say(&statement->sheet, payment->amount_minor, out);
}

const char *hs_paid_heading(const struct hs_statement *statement)
{
  size_t carried = hs_statement_carried(statement);
  if (carried == 0)
    return "Paid before";
  return carried == statement->sheet.paid_count ? "Open from before" : "Paid, and open from before";
}

void hs_say_paid(const struct hs_statement *statement, const struct hs_joint_payment *payment,
                 struct hs_buf *out)
{
  say_side(statement, payment->is_carried ? payment->to : payment->from, out);
  hs_buf_add_text(out, payment->is_carried ? " owes " : " paid ");
  say_side(statement, payment->is_carried ? payment->from : payment->to, out);
  hs_buf_add_char(out, ' ');
  hs_amount_say(&statement->sheet, payment->amount_minor, out);
  if (payment->what.data != NULL)
    hs_buf_add_text(out, ": ");
  hs_buf_add_str(out, payment->what);
}

/* ---- what both should know ---- */

void hs_say_stake(const struct hs_statement *statement, uint32_t side, struct hs_buf *out)
{
  const struct hs_joint_stake *stake = &statement->stakes[side];
  int64_t percent = 0;
  say_side(statement, side, out);
  if (stake->put_in_minor <= 0) {
    hs_buf_add_text(out, " puts in nothing that carries a figure");
    if (stake->lost_minor == 0) {
      hs_buf_add_char(out, '.');
      return;
    }
    hs_buf_add_text(out, ", and would bear ");
    hs_amount_say(&statement->sheet, stake->lost_minor, out);
    hs_buf_add_text(out, " of the others' costs had nothing been sold.");
    return;
  }
  hs_buf_add_text(out, " puts in ");
  hs_amount_say(&statement->sheet, stake->put_in_minor, out);
  hs_buf_add_text(out, "; had nothing been sold, it would lose ");
  hs_amount_say(&statement->sheet, stake->lost_minor, out);
  struct hs_ratio part;
  if (hs_ratio_multiply(hs_ratio_of(stake->lost_minor, stake->put_in_minor), hs_ratio_of(100, 1),
                        &part) &&
      hs_ratio_round(part, HS_ROUND_HALF_EVEN, &percent))
    hs_buf_printf(out, " (%lld %%)", (long long)percent);
  hs_buf_add_char(out, '.');
}

static struct hs_str period_at(const struct hs_statement *statement, size_t index)
{
  const struct hs_sheet *sheet = &statement->sheet;
  return index < sheet->history_count ? sheet->history_periods[index] : sheet->period;
}

static void say_ranges(const struct hs_statement *statement, struct hs_buf *out)
{
  const struct hs_fairness *fairness = statement->sheet.fairness;
  for (uint32_t s = 0; s < fairness->side_count; s++) {
    hs_buf_add_text(out, s > 0 ? "; " : "");
    say_side(statement, s, out);
    hs_buf_add_char(out, ' ');
    hs_amount_say(&statement->sheet, statement->balance.benefit_minor[s], out);
    hs_buf_add_text(out, ", agreed ");
    hs_part_say(fairness->low[s], out);
    hs_buf_add_text(out, " to ");
    hs_part_say(fairness->high[s], out);
  }
  hs_buf_add_text(out, ". ");
}

static void say_outside(const struct hs_statement *statement, struct hs_buf *out)
{
  const struct hs_balance *balance = &statement->balance;
  int is_below = balance->gap_minor > 0;
  hs_buf_add_text(out, "Outside the fairness range since ");
  hs_buf_add_str(out, period_at(statement, balance->since));
  hs_buf_add_text(out, ": ");
  say_side(statement, balance->side, out);
  hs_buf_add_text(out, is_below ? " would need " : " has ");
  hs_amount_say(&statement->sheet, is_below ? balance->gap_minor : -balance->gap_minor, out);
  hs_buf_add_text(out, is_below ? " more" : " too much");
  hs_buf_add_text(out, ". That opens a renegotiation.");
}

void hs_say_balance(const struct hs_statement *statement, struct hs_buf *out)
{
  const struct hs_fairness *fairness = statement->sheet.fairness;
  size_t periods = statement->sheet.history_count + 1;
  if (fairness == NULL)
    return;
  size_t shown = fairness->window > 0 && fairness->window < periods ? fairness->window : periods;
  hs_buf_printf(out, "Over %zu %s: ", shown, hs_plural(shown, "period", "periods"));
  say_ranges(statement, out);
  if (statement->balance.state == HS_BALANCE_OUTSIDE)
    say_outside(statement, out);
  else if (statement->balance.state == HS_BALANCE_INSIDE)
    hs_buf_add_text(out, "Inside the fairness range.");
  else
    hs_buf_printf(out, "Too early to judge: it takes %zu periods.", fairness->least);
}

void hs_say_limits(const struct hs_statement *statement, struct hs_buf *out)
{
  if (statement->together.has_interval)
    hs_buf_add_text(out, "The interval takes every line at its low end at once, and every line at "
                         "its high end: it is wide rather than narrow. ");
  hs_buf_add_text(out, "What was not tracked stands on no line.");
}
