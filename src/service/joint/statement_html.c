/* A joint P&L as one page, with a place for both signatures on paper. Every text that came from
   data goes through hs_page_text. */
#include "service/joint/statement_page.h"
#include "service/joint/statement_words.h"

typedef void (*say_fn)(const struct hs_statement *statement, struct hs_buf *out);

static void paragraph(const struct hs_statement *statement, say_fn say, const char *class,
                      struct hs_buf *out)
{
  struct hs_buf words = hs_buf_in(out->arena);
  say(statement, &words);
  hs_page_paragraph(&words, class, out);
}

static void amount_cell(const struct hs_statement *statement, int64_t amount_minor,
                        struct hs_buf *out)
{
  hs_page_amount(statement->sheet.currency, amount_minor, out);
}

/* ---- lines ---- */

static void add_interval(const struct hs_statement *statement, const struct hs_joint_line *line,
                         struct hs_buf *out)
{
  char low[HS_AMOUNT_TEXT];
  char high[HS_AMOUNT_TEXT];
  hs_amount_format(statement->sheet.currency, line->low_minor, low);
  hs_amount_format(statement->sheet.currency, line->high_minor, high);
  hs_buf_printf(out, "<br><span class=\"soft\">%s to %s</span>", low, high);
}

static void add_line(const struct hs_statement *statement, const struct hs_joint_line *line,
                     struct hs_buf *out)
{
  char amount[HS_AMOUNT_TEXT];
  struct hs_buf who = hs_buf_in(out->arena);
  int is_open = !line->is_private && !hs_line_is_confirmed(line, statement->joint.side_count);
  hs_buf_printf(out, "<tr><td>%s</td><td>", hs_line_kind_words(line->kind));
  hs_page_text(line->what, out);
  if (line->valued_by.data != NULL) {
    hs_buf_add_text(out, "<br><span class=\"soft\">");
    hs_page_text(line->valued_by, out);
    hs_buf_add_text(out, "</span>");
  }
  hs_buf_add_text(out, "</td><td>");
  hs_page_text(statement->sheet.sides[line->side], out);
  if (line->to != HS_NOBODY) {
    hs_buf_add_text(out, " to ");
    hs_page_text(statement->sheet.sides[line->to], out);
  }
  hs_amount_format(statement->sheet.currency,
                   hs_line_is_deducted(line) ? -line->amount_minor : line->amount_minor, amount);
  hs_buf_printf(out, "</td><td class=\"n\">%s", amount);
  if (line->has_interval)
    add_interval(statement, line, out);
  hs_buf_printf(out, "</td><td%s>", is_open ? " class=\"open\"" : "");
  hs_say_who(statement, line, &who);
  hs_page_words(&who, "", "", out);
  hs_buf_add_text(out, "</td></tr>\n");
}

static void add_sum(const struct hs_statement *statement, int64_t amount_minor, struct hs_buf *out)
{
  hs_buf_add_text(out, "<tr class=\"sum\"><td colspan=\"3\">together</td>");
  amount_cell(statement, amount_minor, out);
  hs_buf_add_text(out, "<td></td></tr>\n");
}

static void add_section(const struct hs_statement *statement, enum hs_section section,
                        struct hs_buf *out)
{
  size_t count = 0;
  for (size_t i = 0; i < statement->sheet.line_count; i++) {
    const struct hs_joint_line *line = &statement->sheet.lines[i];
    if (hs_line_section(line) != section)
      continue;
    if (count++ == 0)
      hs_buf_printf(out,
                    "<h2>%s</h2>\n<div class=\"wide\"><table><thead><tr><th></th><th></th>"
                    "<th>side</th><th class=\"n\">%s</th><th>confirmed by</th></tr></thead>"
                    "<tbody>\n",
                    hs_section_words(section), statement->sheet.currency.code);
    add_line(statement, line, out);
  }
  if (count == 0)
    return;
  if (section == HS_SECTION_BROUGHT)
    add_sum(statement, statement->joint.brought_minor, out);
  if (section == HS_SECTION_COSTS)
    add_sum(statement, statement->joint.costs_minor, out);
  hs_buf_add_text(out, "</tbody></table></div>\n");
}

/* ---- sides ---- */

static void add_parts(const struct hs_statement *statement, struct hs_buf *out)
{
  const struct hs_joint *joint = &statement->joint;
  hs_buf_add_text(out, "<div class=\"wide\"><table><thead><tr><th>side</th>"
                       "<th class=\"n\">took in</th><th class=\"n\">bore</th>"
                       "<th class=\"n\">its part</th><th class=\"n\">had before</th>"
                       "<th class=\"n\">settlement</th></tr></thead><tbody>\n");
  for (size_t s = 0; s < joint->side_count; s++) {
    const struct hs_joint_part *part = &joint->parts[s];
    hs_buf_add_text(out, "<tr>");
    hs_page_cell(statement->sheet.sides[s], out);
    amount_cell(statement, part->brought_minor, out);
    amount_cell(statement, -part->costs_minor, out);
    amount_cell(statement, part->entitled_minor, out);
    amount_cell(statement, part->had_minor, out);
    amount_cell(statement, part->settles_minor, out);
    hs_buf_add_text(out, "</tr>\n");
  }
  hs_buf_add_text(out, "<tr class=\"sum\"><td>together</td>");
  amount_cell(statement, joint->brought_minor, out);
  amount_cell(statement, -joint->costs_minor, out);
  amount_cell(statement, joint->result_minor, out);
  hs_buf_add_text(out, "<td></td><td></td></tr>\n</tbody></table></div>\n");
}

static void add_waterfall(const struct hs_statement *statement, struct hs_buf *out)
{
  const struct hs_waterfall *waterfall = &statement->joint.waterfall;
  if (waterfall->step_count == 0)
    return;
  hs_buf_add_text(out, "<div class=\"wide\"><table><thead><tr><th>step</th>"
                       "<th class=\"n\">there is</th>");
  for (size_t s = 0; s < statement->joint.side_count; s++) {
    hs_buf_add_text(out, "<th class=\"n\">");
    hs_page_text(statement->sheet.sides[s], out);
    hs_buf_add_text(out, "</th>");
  }
  hs_buf_add_text(out, "</tr></thead><tbody>\n");
  for (size_t i = 0; i < waterfall->step_count; i++) {
    struct hs_buf words = hs_buf_in(out->arena);
    hs_say_step(statement, i, &words);
    hs_page_words(&words, "<tr><td>", "</td>", out);
    amount_cell(statement, waterfall->steps[i].there_minor, out);
    for (size_t s = 0; s < statement->joint.side_count; s++)
      amount_cell(statement, waterfall->steps[i].given_minor[s], out);
    hs_buf_add_text(out, "</tr>\n");
  }
  hs_buf_add_text(out, "<tr><td>not recouped yet</td><td></td>");
  for (size_t s = 0; s < statement->joint.side_count; s++)
    amount_cell(statement, waterfall->unrecouped_minor[s], out);
  hs_buf_add_text(out, "</tr>\n</tbody></table></div>\n");
}

static void add_settlement(const struct hs_statement *statement, struct hs_buf *out)
{
  hs_buf_add_text(out, "<h2>Settlement</h2>\n");
  if (statement->settlement_count == 0)
    hs_buf_add_text(out, "<p class=\"pay\">Nobody owes anybody anything.</p>\n");
  for (size_t p = 0; p < statement->settlement_count; p++) {
    struct hs_buf words = hs_buf_in(out->arena);
    hs_say_payment(statement, &statement->settlement[p], &words);
    hs_page_words(&words, "<p class=\"pay\">", ".</p>\n", out);
  }
}

static void add_paid(const struct hs_statement *statement, struct hs_buf *out)
{
  if (statement->sheet.paid_count == 0)
    return;
  hs_buf_printf(out, "<h2>%s</h2>\n<ul>\n", hs_paid_heading(statement));
  for (size_t p = 0; p < statement->sheet.paid_count; p++) {
    struct hs_buf words = hs_buf_in(out->arena);
    hs_say_paid(statement, &statement->sheet.paid[p], &words);
    hs_page_words(&words, "<li>", "</li>\n", out);
  }
  hs_buf_add_text(out, "</ul>\n");
}

static void add_stakes(const struct hs_statement *statement, struct hs_buf *out)
{
  hs_buf_add_text(out, "<h2>Skin in the outcome</h2>\n<ul>\n");
  for (uint32_t s = 0; s < statement->joint.side_count; s++) {
    struct hs_buf words = hs_buf_in(out->arena);
    hs_say_stake(statement, s, &words);
    hs_page_words(&words, "<li>", "</li>\n", out);
  }
  hs_buf_add_text(out, "</ul>\n");
}

/* On paper only: both sides stand by what they sign. */
static void add_signatures(const struct hs_statement *statement, struct hs_buf *out)
{
  hs_buf_add_text(out, "<div class=\"sign\">");
  for (size_t s = 0; s < statement->joint.side_count; s++) {
    hs_buf_add_text(out, "<div>");
    hs_page_text(statement->sheet.sides[s], out);
    hs_buf_add_text(out, "</div>");
  }
  hs_buf_add_text(out, "</div>\n");
}

static void add_notes(const struct hs_sheet *sheet, struct hs_buf *out)
{
  for (size_t i = 0; i < sheet->note_count; i++) {
    hs_buf_add_text(out, "<p>");
    hs_page_text(sheet->notes[i], out);
    hs_buf_add_text(out, "</p>\n");
  }
}

void hs_statement_html(const struct hs_statement *statement, struct hs_buf *out)
{
  int is_settled = statement->confirmed_count == statement->shared_count;
  hs_page_begin(statement->sheet.title, out);
  paragraph(statement, hs_say_heading, "soft", out);
  paragraph(statement, hs_say_together, "first", out);
  paragraph(statement, hs_say_own, "first", out);
  paragraph(statement, hs_say_confirmed, is_settled ? "soft" : "open", out);
  add_settlement(statement, out);
  for (int section = 0; section < HS_SECTION_COUNT; section++)
    add_section(statement, (enum hs_section)section, out);
  hs_buf_add_text(out, "<h2>Who gets what</h2>\n");
  paragraph(statement, hs_say_sharing, "soft", out);
  add_waterfall(statement, out);
  add_parts(statement, out);
  add_paid(statement, out);
  add_stakes(statement, out);
  if (statement->sheet.fairness != NULL)
    hs_buf_add_text(out, "<h2>Balance of benefit</h2>\n");
  paragraph(statement, hs_say_balance, "", out);
  add_signatures(statement, out);
  hs_buf_add_text(out, "<footer class=\"soft\">");
  paragraph(statement, hs_say_limits, "", out);
  add_notes(&statement->sheet, out);
  hs_buf_add_text(out, "</footer>\n");
  hs_page_end(out);
}
