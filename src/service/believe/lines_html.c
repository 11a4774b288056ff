/* Beyond the click as a section of the report's page: who is undervalued, a table of intervals with
   an arrow each, and every line in words for who opens them. It uses the page's styles. */
#include <stdio.h>

#include "service/believe/lines_show.h"
#include "service/believe/report_words.h"
#include "service/page.h"

static void paragraph(const struct hs_lines_view *view,
                      void (*say)(const struct hs_lines_view *view, struct hs_buf *out),
                      struct hs_buf *out)
{
  struct hs_buf text = hs_buf_in(out->arena);
  say(view, &text);
  hs_page_paragraph(&text, NULL, out);
}

static void undervalued(const struct hs_lines_view *view, struct hs_buf *out)
{
  paragraph(view, hs_words_lines_undervalued, out);
  if (view->undervalued_count == 0)
    return;
  hs_buf_add_text(out, "<ul>\n");
  for (size_t i = 0; i < view->partner_count; i++) {
    if (!view->partners[i].rank.is_undervalued)
      continue;
    struct hs_buf text = hs_buf_in(out->arena);
    hs_words_line_rank(&view->partners[i], &text);
    hs_page_words(&text, "<li>", "</li>\n", out);
  }
  hs_buf_add_text(out, "</ul>\n");
}

static void add_words(const struct hs_lines_view *view, const struct hs_lines_partner *partner,
                      enum hs_lines_kind kind, struct hs_buf *out)
{
  struct hs_buf text = hs_buf_in(out->arena);
  hs_words_line(view, &partner->lines[kind], kind, &text);
  hs_page_words(&text, "", "", out);
}

static void cell(const struct hs_lines_view *view, const struct hs_lines_partner *partner,
                 enum hs_lines_kind kind, struct hs_buf *out)
{
  static const char *const ARROWS[] = {"↑", "→", "↓", "?"};
  char range[HS_LINES_RANGE_TEXT];
  const struct hs_lines_line *line = &partner->lines[kind];
  hs_lines_range(line, kind, range);
  hs_buf_printf(out, "<td%s title=\"",
                line->verdict == HS_LINES_CANNOT_TELL ? " class=\"soft\"" : "");
  add_words(view, partner, kind, out);
  hs_buf_printf(out, "\">%s %s</td>", range, ARROWS[line->verdict]);
}

static void table(const struct hs_lines_view *view, struct hs_buf *out)
{
  hs_buf_add_text(out, "<div class=\"wide\"><table class=\"owed\"><thead><tr><th scope=\"col\">"
                       "partner</th>");
  for (int kind = 0; kind < HS_LINES_KIND_COUNT; kind++)
    hs_buf_printf(out, "<th scope=\"col\">%s</th>", hs_lines_title((enum hs_lines_kind)kind));
  hs_buf_add_text(out, "<th scope=\"col\">place here</th><th scope=\"col\">by last click</th>"
                       "</tr></thead><tbody>\n");
  for (size_t i = 0; i < view->partner_count; i++) {
    const struct hs_lines_partner *partner = &view->partners[i];
    hs_buf_add_text(out, "<tr><th scope=\"row\">");
    hs_page_text(partner->title, out);
    hs_buf_add_text(out, "</th>");
    for (int kind = 0; kind < HS_LINES_KIND_COUNT; kind++)
      cell(view, partner, (enum hs_lines_kind)kind, out);
    if (partner->rank.is_ranked)
      hs_buf_printf(out, "<td>%u</td><td>%u</td></tr>\n", partner->rank.line_rank,
                    partner->rank.tracked_rank);
    else
      hs_buf_add_text(out, "<td>–</td><td>–</td></tr>\n");
  }
  hs_buf_add_text(out, "</tbody></table></div>\n");
}

static void every_line(const struct hs_lines_view *view, struct hs_buf *out)
{
  hs_buf_add_text(out, "<details><summary>Every line in words</summary>\n");
  for (size_t i = 0; i < view->partner_count; i++) {
    hs_buf_add_text(out, "<p><b>");
    hs_page_text(view->partners[i].title, out);
    hs_buf_add_text(out, "</b></p><ul>\n");
    for (int kind = 0; kind < HS_LINES_KIND_COUNT; kind++) {
      hs_buf_add_text(out, "<li>");
      add_words(view, &view->partners[i], (enum hs_lines_kind)kind, out);
      hs_buf_add_text(out, "</li>\n");
    }
    hs_buf_add_text(out, "</ul>\n");
  }
  hs_buf_add_text(out, "</details>\n");
}

void hs_lines_html(const struct hs_lines_view *view, struct hs_buf *out)
{
  hs_buf_add_text(out, "<section aria-labelledby=\"beyond-the-click\">\n"
                       "<h2 id=\"beyond-the-click\">Beyond the click</h2>\n");
  paragraph(view, hs_words_lines_meaning, out);
  if (!view->has_record || view->partner_count == 0) {
    hs_buf_add_text(out, "<p>Nothing is recorded yet: no line can be told of any partner.</p>\n"
                         "</section>\n");
    return;
  }
  undervalued(view, out);
  table(view, out);
  hs_buf_add_text(out, "<p class=\"soft\">Intervals at 95 %; searches as the change in a week with "
                       "twice the partner's activity. ? cannot be told.</p>\n");
  paragraph(view, hs_words_lines_answers, out);
  every_line(view, out);
  hs_buf_add_text(out, "</section>\n");
}
