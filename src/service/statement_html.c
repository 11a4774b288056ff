/* A statement as one page that needs nothing else: styles inline, no script, nothing fetched; on
   paper black on white, with rows kept whole and a place for both signatures. Every text that came
   from data goes through hs_buf_add_html. */
#include <string.h>

#include "service/statement_words.h"

/* clang-format off */
static const char STYLE[] =
    ":root{--ink:#1b2733;--soft:#5c6b7a;--line:#d9e0e6;--paper:#fff;--warn:#a6521b}"
    "@media(prefers-color-scheme:dark){"
    ":root{--ink:#e6edf3;--soft:#9fb0c0;--line:#33414e;--paper:#12181e;--warn:#f0a070}"
    "}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:64rem;padding:2rem 1.2rem;background:var(--paper);"
    "color:var(--ink);font:16px/1.5 system-ui,sans-serif}"
    "h1{margin:0;font-size:1.9rem;overflow-wrap:break-word}"
    "h2{margin:2rem 0 .6rem;font-size:1.2rem}"
    "p,li{margin:.4rem 0;max-width:46rem;overflow-wrap:break-word}"
    ".soft{color:var(--soft)}"
    ".first{font-size:1.2rem}"
    ".pay{font-size:1.4rem;font-weight:600}"
    ".open{color:var(--warn)}"
    ".wide{overflow-x:auto;margin:.6rem 0 1.2rem}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;"
    "font-size:.92rem}"
    "th,td{padding:.3rem .6rem;text-align:left;vertical-align:top;"
    "border-bottom:1px solid var(--line)}"
    "th{font-weight:600;color:var(--soft)}"
    "td.n,th.n{text-align:right;white-space:nowrap}"
    "tr.sum td{font-weight:600;border-bottom:0}"
    ".sign{display:none}"
    "footer{margin-top:2.5rem;border-top:1px solid var(--line);padding-top:1rem}"
    "@media print{"
    ":root{--ink:#000;--soft:#444;--line:#bbb;--paper:#fff;--warn:#000}"
    "body{padding:0;max-width:none;font-size:10pt}"
    "h2{margin:1.2rem 0 .3rem}"
    "h2,tr,li{break-inside:avoid}"
    "h2{break-after:avoid}"
    "table{font-size:8.5pt}"
    "th,td{padding:.15rem .3rem}"
    ".wide{overflow:visible}"
    ".sign{display:flex;gap:2rem;margin-top:18mm;break-inside:avoid}"
    ".sign div{flex:1;border-top:1px solid #000;padding-top:.2rem}"
    "@page{margin:16mm}"
    "}";
/* clang-format on */

/* Text from data, without marks that turn the direction of what follows. */
static void add_shown(struct hs_str text, struct hs_buf *out)
{
  struct hs_buf shown = hs_buf_in(out->arena);
  (void)hs_buf_add_shown(&shown, text, SIZE_MAX);
  hs_buf_fail_with(out, &shown);
  hs_buf_add_html(out, hs_buf_str(&shown));
}

static void add_words(const struct hs_buf *words, const char *open, const char *close,
                      struct hs_buf *out)
{
  hs_buf_fail_with(out, words);
  if (words->length == 0)
    return;
  hs_buf_add_text(out, open);
  add_shown(hs_buf_str(words), out);
  hs_buf_add_text(out, close);
}

typedef void (*say_fn)(const struct hs_statement *statement, struct hs_buf *out);

static void paragraph(const struct hs_statement *statement, say_fn say, const char *class,
                      struct hs_buf *out)
{
  struct hs_buf words = hs_buf_in(out->arena);
  struct hs_buf open = hs_buf_in(out->arena);
  say(statement, &words);
  hs_buf_printf(&open, "<p class=\"%s\">", class);
  hs_buf_fail_with(out, &open);
  if (!open.is_bad)
    add_words(&words, open.data, "</p>\n", out);
}

static void amount_cell(const struct hs_statement *statement, int64_t amount_minor,
                        struct hs_buf *out)
{
  char text[HS_AMOUNT_TEXT];
  hs_amount_format(&statement->sheet, amount_minor, text);
  hs_buf_printf(out, "<td class=\"n\">%s</td>", text);
}

static void text_cell(struct hs_str text, struct hs_buf *out)
{
  hs_buf_add_text(out, "<td>");
  add_shown(text, out);
  hs_buf_add_text(out, "</td>");
}

/* ---- lines ---- */

static void add_interval(const struct hs_statement *statement, const struct hs_joint_line *line,
                         struct hs_buf *out)
{
  char low[HS_AMOUNT_TEXT];
  char high[HS_AMOUNT_TEXT];
  hs_amount_format(&statement->sheet, line->low_minor, low);
  hs_amount_format(&statement->sheet, line->high_minor, high);
  hs_buf_printf(out, "<br><span class=\"soft\">%s to %s</span>", low, high);
}

static void add_line(const struct hs_statement *statement, const struct hs_joint_line *line,
                     struct hs_buf *out)
{
  char amount[HS_AMOUNT_TEXT];
  struct hs_buf who = hs_buf_in(out->arena);
  int is_open = !line->is_private && !hs_line_is_confirmed(line, statement->joint.side_count);
  hs_buf_printf(out, "<tr><td>%s</td><td>", hs_line_kind_words(line->kind));
  add_shown(line->what, out);
  if (line->valued_by.data != NULL) {
    hs_buf_add_text(out, "<br><span class=\"soft\">");
    add_shown(line->valued_by, out);
    hs_buf_add_text(out, "</span>");
  }
  hs_buf_add_text(out, "</td><td>");
  add_shown(statement->sheet.sides[line->side], out);
  if (line->to != HS_NOBODY) {
    hs_buf_add_text(out, " to ");
    add_shown(statement->sheet.sides[line->to], out);
  }
  hs_amount_format(&statement->sheet,
                   hs_line_is_deducted(line) ? -line->amount_minor : line->amount_minor, amount);
  hs_buf_printf(out, "</td><td class=\"n\">%s", amount);
  if (line->has_interval)
    add_interval(statement, line, out);
  hs_buf_printf(out, "</td><td%s>", is_open ? " class=\"open\"" : "");
  hs_say_who(statement, line, &who);
  add_words(&who, "", "", out);
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
    text_cell(statement->sheet.sides[s], out);
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
    add_shown(statement->sheet.sides[s], out);
    hs_buf_add_text(out, "</th>");
  }
  hs_buf_add_text(out, "</tr></thead><tbody>\n");
  for (size_t i = 0; i < waterfall->step_count; i++) {
    struct hs_buf words = hs_buf_in(out->arena);
    hs_say_step(statement, i, &words);
    add_words(&words, "<tr><td>", "</td>", out);
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
    add_words(&words, "<p class=\"pay\">", ".</p>\n", out);
  }
}

static void add_paid(const struct hs_statement *statement, struct hs_buf *out)
{
  if (statement->sheet.paid_count == 0)
    return;
  hs_buf_add_text(out, "<h2>Paid before</h2>\n<ul>\n");
  for (size_t p = 0; p < statement->sheet.paid_count; p++) {
    struct hs_buf words = hs_buf_in(out->arena);
    hs_say_paid(statement, &statement->sheet.paid[p], &words);
    add_words(&words, "<li>", "</li>\n", out);
  }
  hs_buf_add_text(out, "</ul>\n");
}

static void add_stakes(const struct hs_statement *statement, struct hs_buf *out)
{
  hs_buf_add_text(out, "<h2>Skin in the outcome</h2>\n<ul>\n");
  for (uint32_t s = 0; s < statement->joint.side_count; s++) {
    struct hs_buf words = hs_buf_in(out->arena);
    hs_say_stake(statement, s, &words);
    add_words(&words, "<li>", "</li>\n", out);
  }
  hs_buf_add_text(out, "</ul>\n");
}

/* On paper only: both sides stand by what they sign. */
static void add_signatures(const struct hs_statement *statement, struct hs_buf *out)
{
  hs_buf_add_text(out, "<div class=\"sign\">");
  for (size_t s = 0; s < statement->joint.side_count; s++) {
    hs_buf_add_text(out, "<div>");
    add_shown(statement->sheet.sides[s], out);
    hs_buf_add_text(out, "</div>");
  }
  hs_buf_add_text(out, "</div>\n");
}

static void head(const struct hs_statement *statement, struct hs_buf *out)
{
  hs_buf_add_text(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                       "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                       "<title>");
  add_shown(statement->sheet.title, out);
  hs_buf_printf(out, "</title><style>%s</style></head><body>\n<h1>", STYLE);
  add_shown(statement->sheet.title, out);
  hs_buf_add_text(out, "</h1>\n");
  paragraph(statement, hs_say_heading, "soft", out);
}

void hs_statement_html(const struct hs_statement *statement, struct hs_buf *out)
{
  int is_settled = statement->confirmed_count == statement->shared_count;
  head(statement, out);
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
  hs_buf_add_text(out, "</footer>\n</body></html>\n");
}
