/* A statement for a terminal. The first lines say what it comes to; the tables say why. */
#include <string.h>

#include "service/joint/statement_words.h"

enum { INDENT = 2, KIND_WIDTH = 21, SIDE_WIDTH_MIN = 11, SIDE_WIDTH_MAX = 24, GAP = 2 };
enum { WHAT_WIDTH_MIN = 18, WHAT_WIDTH_MAX = 44, AMOUNT_WIDTH_MIN = 12 };

struct page {
  const struct hs_statement *statement;
  size_t width;
  size_t side_width; /* of the longest name of a side, and of "unconfirmed" */
  int amount_width;  /* of the widest amount, with a gap before it */
  struct hs_buf *out;
};

typedef void (*say_fn)(const struct hs_statement *statement, struct hs_buf *out);

static void cell(const struct page *page, struct hs_str text, size_t width)
{
  size_t shown = hs_buf_add_shown(page->out, text, width);
  hs_buf_printf(page->out, "%*s", (int)(width - shown + GAP), "");
}

/* Amounts are ASCII: their bytes are their width. */
static void widen(struct page *page, int64_t amount_minor)
{
  char text[HS_AMOUNT_TEXT];
  hs_amount_format(page->statement->sheet.currency, amount_minor, text);
  int width = (int)strlen(text) + GAP;
  page->amount_width = width > page->amount_width ? width : page->amount_width;
}

static void measure_sides(struct page *page)
{
  page->side_width = SIDE_WIDTH_MIN;
  for (size_t s = 0; s < page->statement->joint.side_count; s++) {
    struct hs_buf aside = hs_buf_in(page->out->arena);
    size_t width = hs_buf_add_shown(&aside, page->statement->sheet.sides[s], SIDE_WIDTH_MAX);
    hs_buf_fail_with(page->out, &aside);
    page->side_width = width > page->side_width ? width : page->side_width;
  }
}

static void measure_amounts(struct page *page)
{
  const struct hs_joint *joint = &page->statement->joint;
  page->amount_width = AMOUNT_WIDTH_MIN;
  for (size_t i = 0; i < page->statement->sheet.line_count; i++)
    widen(page, -page->statement->sheet.lines[i].amount_minor);
  for (size_t s = 0; s < joint->side_count; s++) {
    widen(page, joint->parts[s].brought_minor);
    widen(page, -joint->parts[s].costs_minor);
    widen(page, joint->parts[s].entitled_minor);
    widen(page, joint->parts[s].had_minor);
    widen(page, joint->parts[s].settles_minor);
  }
  widen(page, joint->brought_minor);
  widen(page, -joint->costs_minor);
  widen(page, joint->result_minor);
}

static void amount_cell(const struct page *page, int64_t amount_minor)
{
  char text[HS_AMOUNT_TEXT];
  hs_amount_format(page->statement->sheet.currency, amount_minor, text);
  hs_buf_printf(page->out, "%*s", page->amount_width, text);
}

static void add_wrapped(const struct page *page, struct hs_buf *text, size_t indent)
{
  struct hs_buf shown = hs_buf_in(page->out->arena);
  hs_buf_fail_with(page->out, text);
  if (text->length == 0)
    return;
  (void)hs_buf_add_shown(&shown, hs_buf_str(text), SIZE_MAX);
  hs_buf_fail_with(page->out, &shown);
  hs_buf_printf(page->out, "%*s", (int)indent, "");
  hs_buf_add_wrapped(page->out, hs_buf_str(&shown), page->width, indent);
}

static void paragraph(const struct page *page, say_fn say, size_t indent)
{
  struct hs_buf text = hs_buf_in(page->out->arena);
  say(page->statement, &text);
  add_wrapped(page, &text, indent);
}

static void heading(const struct page *page, const char *words)
{
  hs_buf_printf(page->out, "\n%s\n", words);
}

/* ---- lines ---- */

static size_t what_width(const struct page *page)
{
  size_t others = INDENT + KIND_WIDTH + 2 * page->side_width + (size_t)page->amount_width + 4 * GAP;
  size_t left = page->width > others ? page->width - others : 0;
  return left < WHAT_WIDTH_MIN ? WHAT_WIDTH_MIN : left > WHAT_WIDTH_MAX ? WHAT_WIDTH_MAX : left;
}

/* Below a line: towards whom, its interval, how it was valued. */
static void add_details(const struct page *page, const struct hs_joint_line *line)
{
  struct hs_buf text = hs_buf_in(page->out->arena);
  if (line->to != HS_NOBODY) {
    hs_buf_add_text(&text, "to ");
    hs_buf_add_str(&text, page->statement->sheet.sides[line->to]);
  }
  if (line->has_interval) {
    char low[HS_AMOUNT_TEXT];
    char high[HS_AMOUNT_TEXT];
    hs_amount_format(page->statement->sheet.currency, line->low_minor, low);
    hs_amount_format(page->statement->sheet.currency, line->high_minor, high);
    hs_buf_printf(&text, "%s to %s", low, high);
  }
  if (line->valued_by.data != NULL)
    hs_buf_add_text(&text, text.length > 0 ? "; " : "");
  hs_buf_add_str(&text, line->valued_by);
  add_wrapped(page, &text, INDENT + KIND_WIDTH + GAP);
}

static void add_line(const struct page *page, const struct hs_joint_line *line)
{
  struct hs_buf who = hs_buf_in(page->out->arena);
  hs_say_who(page->statement, line, &who);
  hs_buf_fail_with(page->out, &who);
  hs_buf_printf(page->out, "%*s", INDENT, "");
  cell(page, hs_str_of(hs_line_kind_words(line->kind)), KIND_WIDTH);
  cell(page, line->what, what_width(page));
  cell(page, page->statement->sheet.sides[line->side], page->side_width);
  amount_cell(page, hs_line_is_deducted(line) ? -line->amount_minor : line->amount_minor);
  hs_buf_add_text(page->out, "  ");
  (void)hs_buf_add_shown(page->out, hs_buf_str(&who), page->side_width);
  hs_buf_add_char(page->out, '\n');
  add_details(page, line);
}

static void add_sum(const struct page *page, int64_t amount_minor)
{
  size_t before = INDENT + KIND_WIDTH + what_width(page) + page->side_width + 3 * (size_t)GAP;
  hs_buf_printf(page->out, "%*s%-*s", INDENT, "", (int)before - INDENT, "together");
  amount_cell(page, amount_minor);
  hs_buf_add_char(page->out, '\n');
}

static void add_section(const struct page *page, enum hs_section section)
{
  const struct hs_sheet *sheet = &page->statement->sheet;
  size_t count = 0;
  for (size_t i = 0; i < sheet->line_count; i++) {
    if (hs_line_section(&sheet->lines[i]) != section)
      continue;
    if (count++ == 0)
      heading(page, hs_section_words(section));
    add_line(page, &sheet->lines[i]);
  }
  if (count > 1 && section == HS_SECTION_BROUGHT)
    add_sum(page, page->statement->joint.brought_minor);
  if (count > 1 && section == HS_SECTION_COSTS)
    add_sum(page, page->statement->joint.costs_minor);
}

/* ---- sides ---- */

static void add_parts(const struct page *page)
{
  static const char *const COLUMNS[] = {"took in", "bore", "its part", "had before", "settlement"};
  const struct hs_statement *statement = page->statement;
  hs_buf_printf(page->out, "%*s", INDENT + (int)page->side_width + GAP, "");
  for (size_t c = 0; c < sizeof COLUMNS / sizeof *COLUMNS; c++)
    hs_buf_printf(page->out, "%*s", page->amount_width, COLUMNS[c]);
  hs_buf_add_char(page->out, '\n');
  for (size_t s = 0; s < statement->joint.side_count; s++) {
    const struct hs_joint_part *part = &statement->joint.parts[s];
    hs_buf_printf(page->out, "%*s", INDENT, "");
    cell(page, statement->sheet.sides[s], page->side_width);
    amount_cell(page, part->brought_minor);
    amount_cell(page, -part->costs_minor);
    amount_cell(page, part->entitled_minor);
    amount_cell(page, part->had_minor);
    amount_cell(page, part->settles_minor);
    hs_buf_add_char(page->out, '\n');
  }
  hs_buf_printf(page->out, "%*s%-*s", INDENT, "", (int)page->side_width + GAP, "together");
  amount_cell(page, statement->joint.brought_minor);
  amount_cell(page, -statement->joint.costs_minor);
  amount_cell(page, statement->joint.result_minor);
  hs_buf_add_char(page->out, '\n');
}

/* How a step shared what was there. */
static void add_step(const struct page *page, size_t index)
{
  const struct hs_statement *statement = page->statement;
  const struct hs_step_given *step = &statement->joint.waterfall.steps[index];
  struct hs_buf text = hs_buf_in(page->out->arena);
  hs_buf_printf(&text, "%zu. of ", index + 1);
  hs_amount_say(&statement->sheet, step->there_minor, &text);
  hs_buf_add_text(&text, ", ");
  hs_say_step(statement, index, &text);
  for (size_t s = 0; s < statement->joint.side_count; s++) {
    if (step->given_minor[s] == 0)
      continue;
    hs_buf_add_text(&text, "; ");
    hs_buf_add_str(&text, statement->sheet.sides[s]);
    hs_buf_add_char(&text, ' ');
    hs_amount_say(&statement->sheet, step->given_minor[s], &text);
  }
  add_wrapped(page, &text, INDENT);
}

static void add_unrecouped(const struct page *page)
{
  const struct hs_statement *statement = page->statement;
  for (size_t s = 0; s < statement->joint.side_count; s++) {
    struct hs_buf text = hs_buf_in(page->out->arena);
    if (statement->joint.waterfall.unrecouped_minor[s] == 0)
      continue;
    hs_buf_add_str(&text, statement->sheet.sides[s]);
    hs_buf_add_text(&text, " has not recouped ");
    hs_amount_say(&statement->sheet, statement->joint.waterfall.unrecouped_minor[s], &text);
    hs_buf_add_text(&text, " yet.");
    add_wrapped(page, &text, INDENT);
  }
}

static void add_sharing(const struct page *page)
{
  heading(page, "Who gets what");
  paragraph(page, hs_say_sharing, INDENT);
  for (size_t s = 0; s < page->statement->joint.waterfall.step_count; s++)
    add_step(page, s);
  if (page->statement->joint.waterfall.step_count > 0)
    add_unrecouped(page);
  hs_buf_add_char(page->out, '\n');
  add_parts(page);
}

static void add_paid(const struct page *page)
{
  const struct hs_sheet *sheet = &page->statement->sheet;
  if (sheet->paid_count > 0)
    heading(page, hs_paid_heading(page->statement));
  for (size_t p = 0; p < sheet->paid_count; p++) {
    struct hs_buf text = hs_buf_in(page->out->arena);
    hs_say_paid(page->statement, &sheet->paid[p], &text);
    add_wrapped(page, &text, INDENT);
  }
}

static void add_settlement(const struct page *page)
{
  const struct hs_statement *statement = page->statement;
  heading(page, "Settlement");
  if (statement->settlement_count == 0)
    hs_buf_printf(page->out, "%*sNobody owes anybody anything.\n", INDENT, "");
  for (size_t p = 0; p < statement->settlement_count; p++) {
    struct hs_buf text = hs_buf_in(page->out->arena);
    hs_say_payment(statement, &statement->settlement[p], &text);
    hs_buf_add_char(&text, '.');
    add_wrapped(page, &text, INDENT);
  }
}

static void add_notes(const struct page *page)
{
  for (size_t i = 0; i < page->statement->sheet.note_count; i++) {
    struct hs_buf text = hs_buf_in(page->out->arena);
    hs_buf_add_str(&text, page->statement->sheet.notes[i]);
    add_wrapped(page, &text, 0);
  }
}

static void add_stakes(const struct page *page)
{
  heading(page, "Skin in the outcome");
  for (uint32_t s = 0; s < page->statement->joint.side_count; s++) {
    struct hs_buf text = hs_buf_in(page->out->arena);
    hs_say_stake(page->statement, s, &text);
    add_wrapped(page, &text, INDENT);
  }
}

void hs_statement_text(const struct hs_statement *statement, size_t width, struct hs_buf *out)
{
  struct page page = {.statement = statement, .width = width, .out = out};
  measure_sides(&page);
  measure_amounts(&page);
  (void)hs_buf_add_shown(out, statement->sheet.title, SIZE_MAX);
  hs_buf_add_char(out, '\n');
  paragraph(&page, hs_say_heading, 0);
  hs_buf_add_char(out, '\n');
  paragraph(&page, hs_say_together, 0);
  paragraph(&page, hs_say_own, 0);
  paragraph(&page, hs_say_confirmed, 0);
  for (int section = 0; section < HS_SECTION_COUNT; section++)
    add_section(&page, (enum hs_section)section);
  add_sharing(&page);
  add_paid(&page);
  add_settlement(&page);
  add_stakes(&page);
  if (statement->sheet.fairness != NULL)
    heading(&page, "Balance of benefit");
  paragraph(&page, hs_say_balance, INDENT);
  hs_buf_add_char(out, '\n');
  paragraph(&page, hs_say_limits, 0);
  add_notes(&page);
}
