/* A commission statement as one page for the screen and for paper. */
#include "service/joint/statement_page.h"
#include "service/owe/commission_words.h"

static void add_standing(const struct hs_commission_statement *statement, struct hs_buf *out)
{
  hs_buf_add_text(out, "<h2>What stands open</h2>\n<div class=\"wide\"><table><thead><tr><th></th>"
                       "<th class=\"n\">before</th><th class=\"n\">after</th></tr></thead>"
                       "<tbody>\n");
  for (size_t i = 0; i < HS_STANDING_COUNT; i++) {
    enum hs_account_kind kind = hs_standings[i].account;
    hs_buf_printf(out, "<tr><td>%s</td>", hs_standings[i].words);
    hs_page_amount(statement->options.currency, statement->before_minor[kind], out);
    hs_page_amount(statement->options.currency, statement->after_minor[kind], out);
    hs_buf_add_text(out, "</tr>\n");
  }
  hs_buf_add_text(out, "</tbody></table></div>\n");
}

static void add_totals(const struct hs_commission_statement *statement, struct hs_buf *out)
{
  hs_buf_add_text(out, "<h2>What happened</h2>\n<div class=\"wide\"><table><tbody>\n");
  for (int k = 0; k < HS_TRANSFER_KIND_COUNT; k++) {
    if (statement->total_minor[k] == 0)
      continue;
    hs_buf_printf(out, "<tr><td>%s</td>", hs_transfer_spec((enum hs_transfer_kind)k)->says);
    hs_page_amount(statement->options.currency, statement->total_minor[k], out);
    hs_buf_add_text(out, "</tr>\n");
  }
  hs_buf_add_text(out, "</tbody></table></div>\n");
}

static void add_entry(const struct hs_commission_statement *statement,
                      const struct hs_commission_entry *entry, struct hs_buf *out)
{
  char day[HS_TIME_TEXT];
  struct hs_buf rule = hs_buf_in(out->arena);
  struct hs_buf name = hs_buf_in(out->arena);
  hs_commission_day(statement, entry->at_us, day);
  hs_buf_printf(out, "<tr><td>%s</td>", day);
  hs_commission_say_name(entry, &name);
  hs_buf_fail_with(out, &name);
  hs_page_cell(hs_buf_str(&name), out);
  hs_buf_printf(out, "<td>%s", hs_transfer_spec(entry->kind)->says);
  if (entry->reason.data != NULL) {
    hs_buf_add_text(out, ": ");
    hs_page_text(entry->reason, out);
  }
  hs_commission_say_rule(entry, &rule);
  hs_page_words(&rule, "<br><span class=\"soft\">", "</span>", out);
  hs_buf_add_text(out, "</td>");
  hs_page_amount(statement->options.currency, entry->amount_minor, out);
  hs_buf_add_text(out, "</tr>\n");
}

static void add_entries(const struct hs_commission_statement *statement, struct hs_buf *out)
{
  if (statement->entry_count == 0) {
    hs_buf_add_text(out, "<p>Nothing happened in the period.</p>\n");
    return;
  }
  add_totals(statement, out);
  hs_buf_printf(out,
                "<h2>Entry by entry</h2>\n<div class=\"wide\"><table><thead><tr><th>day</th>"
                "<th>for</th><th></th><th class=\"n\">%s</th></tr></thead><tbody>\n",
                statement->options.currency.code);
  for (size_t i = 0; i < statement->entry_count; i++)
    add_entry(statement, &statement->entries[i], out);
  hs_buf_add_text(out, "</tbody></table></div>\n");
}

void hs_commission_statement_html(const struct hs_commission_statement *statement,
                                  struct hs_buf *out)
{
  struct hs_buf heading = hs_buf_in(out->arena);
  struct hs_buf others = hs_buf_in(out->arena);
  hs_page_begin(statement->options.partner, out);
  hs_commission_say_heading(statement, &heading);
  hs_page_words(&heading, "<p class=\"soft\">", "</p>\n", out);
  add_standing(statement, out);
  add_entries(statement, out);
  hs_commission_say_others(statement, &others);
  hs_page_words(&others, "<p class=\"open\">", "</p>\n", out);
  hs_page_end(out);
}
