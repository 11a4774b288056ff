/* Beyond the click for a terminal. A cell is the interval of the line, which is what may be said of
   it, and an arrow; where there is none, a mark that is explained below the table. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "service/believe/lines_show.h"
#include "service/believe/report_words.h"

enum { WIDE = 99, NAME_WIDE = 22, NAME_NARROW = 17, CELL_WIDE = 15, CELL_NARROW = 12 };

struct page {
  const struct hs_lines_view *view;
  const struct hs_lines_style *style;
  struct hs_buf *out;
  unsigned gaps; /* bits: those that a cell had */
};

static void colour(const struct page *page, const char *code)
{
  if (page->style->has_colour)
    hs_buf_printf(page->out, "\033[%sm", code);
}

static int name_width(const struct page *page)
{
  return page->style->width >= WIDE ? NAME_WIDE : NAME_NARROW;
}

static int cell_width(const struct page *page)
{
  return page->style->width >= WIDE ? CELL_WIDE : CELL_NARROW;
}

static void right_cell(const struct page *page, const char *text)
{
  int width = 0;
  for (const char *at = text; *at != '\0'; at++)
    width += ((unsigned char)*at & 0xC0) != 0x80;
  hs_buf_printf(page->out, "%*s%s", width < cell_width(page) ? cell_width(page) - width : 0, "",
                text);
}

static void paragraph(const struct page *page, const struct hs_buf *text, size_t indent)
{
  struct hs_buf shown = hs_buf_in(page->out->arena);
  hs_buf_fail_with(page->out, text);
  if (text->length == 0)
    return;
  (void)hs_buf_add_shown(&shown, hs_buf_str(text), SIZE_MAX);
  hs_buf_fail_with(page->out, &shown);
  hs_buf_add_wrapped(page->out, hs_buf_str(&shown), (size_t)page->style->width, indent);
}

static void words(const struct page *page,
                  void (*say)(const struct hs_lines_view *view, struct hs_buf *out))
{
  struct hs_buf text = hs_buf_in(page->out->arena);
  say(page->view, &text);
  if (text.length > 0)
    hs_buf_add_text(page->out, "  ");
  paragraph(page, &text, 2);
}

static void undervalued(const struct page *page)
{
  words(page, hs_words_lines_undervalued);
  for (size_t i = 0; i < page->view->partner_count; i++) {
    if (!page->view->partners[i].rank.is_undervalued)
      continue;
    struct hs_buf text = hs_buf_in(page->out->arena);
    hs_words_line_rank(&page->view->partners[i], &text);
    colour(page, "33");
    hs_buf_add_text(page->out, "  • ");
    colour(page, "0");
    paragraph(page, &text, 4);
  }
}

/* ---- the table ---- */

static const char *const MARKS[] = {"", "¹", "²", "³", "⁴", "⁵", "⁶"};

static void head(const struct page *page)
{
  char of[HS_FIGURE_TEXT];
  char text[HS_FIGURE_TEXT + 8];
  colour(page, "2");
  hs_buf_printf(page->out, "  %*s", name_width(page), "");
  for (int kind = 0; kind < HS_LINES_KIND_COUNT; kind++)
    right_cell(page, hs_lines_title((enum hs_lines_kind)kind));
  hs_buf_printf(page->out, "\n  %*s", name_width(page), "");
  for (int kind = 0; kind < HS_LINES_COUNTED; kind++) {
    hs_figure(page->view->partner_count == 0 ? 0 : (double)page->view->partners[0].lines[kind].of,
              0, of);
    (void)snprintf(text, sizeof text, "of %s", of);
    right_cell(page, text);
  }
  right_cell(page, "if doubled");
  right_cell(page, "of its own");
  colour(page, "0");
  hs_buf_add_char(page->out, '\n');
}

static void cell(struct page *page, const struct hs_lines_line *line, enum hs_lines_kind kind)
{
  static const char *const ARROWS[] = {"↑", "→", "↓", "?"};
  char range[HS_LINES_RANGE_TEXT];
  char text[HS_LINES_RANGE_TEXT + 16];
  hs_lines_range(line, kind, range);
  page->gaps |= 1U << line->gap;
  (void)snprintf(text, sizeof text, "%s %s%s", range, ARROWS[line->verdict], MARKS[line->gap]);
  right_cell(page, text);
}

static int has_anything(const struct hs_lines_partner *partner)
{
  int is_seen = partner->rank.is_ranked;
  for (size_t kind = 0; kind < HS_LINES_COUNTED; kind++)
    is_seen |= partner->lines[kind].count > 0;
  return is_seen || !isnan(partner->lines[HS_LINES_BRAND_SEARCH].ratio);
}

static void table(struct page *page)
{
  head(page);
  size_t silent = 0;
  for (size_t i = 0; i < page->view->partner_count; i++) {
    const struct hs_lines_partner *partner = &page->view->partners[i];
    if (!has_anything(partner)) {
      silent++;
      continue;
    }
    hs_buf_add_text(page->out, "  ");
    size_t shown = hs_buf_add_shown(page->out, partner->title, (size_t)name_width(page));
    hs_buf_printf(page->out, "%*s", name_width(page) - (int)shown, "");
    for (int kind = 0; kind < HS_LINES_KIND_COUNT; kind++)
      cell(page, &partner->lines[kind], (enum hs_lines_kind)kind);
    hs_buf_add_char(page->out, '\n');
  }
  if (silent > 0)
    hs_buf_printf(page->out, "  %zu more %s: no case in any line, which cannot be told.\n", silent,
                  hs_plural(silent, "partner", "partners"));
}

static void legend(const struct page *page)
{
  struct hs_buf text = hs_buf_in(page->out->arena);
  hs_buf_add_text(&text, "Intervals at 95 %.");
  if ((page->gaps & ~1U) != 0)
    hs_buf_add_text(&text, " ? cannot be told:");
  for (unsigned gap = 1; gap < sizeof MARKS / sizeof *MARKS; gap++)
    if (page->gaps >> gap & 1)
      hs_buf_printf(&text, "%s %s %s", (page->gaps & ((1U << gap) - 1) & ~1U) == 0 ? "" : ";",
                    MARKS[gap], hs_lines_gap_words((enum hs_lines_gap)gap));
  if ((page->gaps & ~1U) != 0)
    hs_buf_add_char(&text, '.');
  hs_buf_add_text(page->out, "  ");
  paragraph(page, &text, 2);
}

void hs_lines_text(const struct hs_lines_view *view, const struct hs_lines_style *style,
                   struct hs_buf *out)
{
  struct page page = {view, style, out, 0};
  hs_buf_add_char(out, '\n');
  colour(&page, "1");
  hs_buf_add_text(out, "Beyond the click");
  colour(&page, "0");
  hs_buf_add_char(out, '\n');
  words(&page, hs_words_lines_meaning);
  if (!view->has_record || view->partner_count == 0) {
    hs_buf_add_text(out, "  Nothing is recorded yet: no line can be told of any partner.\n");
    return;
  }
  undervalued(&page);
  table(&page);
  legend(&page);
  words(&page, hs_words_lines_answers);
}
