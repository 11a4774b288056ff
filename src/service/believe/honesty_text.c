/* A table of partners for a terminal. */
#include <math.h>

#include "service/believe/honesty_priv.h"
#include "service/believe/report_words.h"

enum { NAME_WIDTH = 20 };

/* Sentences, one a line, as they may hold data: shown, and broken at the edge of the terminal. */
static void paragraphs(const struct hs_buf *words, int width, size_t indent, struct hs_buf *out)
{
  struct hs_str rest = hs_buf_str(words);
  hs_buf_fail_with(out, words);
  while (rest.length > 0) {
    struct hs_buf shown = hs_buf_in(out->arena);
    (void)hs_buf_add_shown(&shown, hs_str_cut(&rest, '\n'), SIZE_MAX);
    hs_buf_fail_with(out, &shown);
    hs_buf_printf(out, "%*s", (int)indent, "");
    hs_buf_add_wrapped(out, hs_buf_str(&shown), (size_t)width, indent);
  }
}

static void line_text(const struct hs_partners_line *line, int width, size_t indent,
                      struct hs_buf *out)
{
  const struct hs_honesty *h = &line->honesty;
  char figure[HS_FIGURE_TEXT];
  char difference[HS_FIGURE_INTERVAL_TEXT];
  struct hs_buf words = hs_buf_in(out->arena);
  hs_buf_printf(out, "%*s", (int)indent, "");
  size_t shown = hs_buf_add_shown(out, line->title, NAME_WIDTH);
  hs_figure_of_any_size(line->tracked, figure);
  hs_buf_printf(out, "%*s %11s ", (int)(NAME_WIDTH - shown), "", figure);
  if (!line->is_tested) {
    hs_buf_printf(out, "not tested: %s\n", line->untested_because);
    return;
  }
  hs_figure_interval(h->difference.mean, h->difference.low, h->difference.high, difference);
  hs_figure_of_any_size(h->incremental.mean, figure);
  hs_buf_printf(out, "%11s %-24s ", figure, difference);
  hs_partners_verdict_shown(line, out);
  hs_buf_add_char(out, '\n');
  hs_partners_words_line(line, &words);
  if (line->table == NULL && !isnan(h->ratio.mean)) {
    hs_words_honesty_ratio(h, &words);
    hs_figure_of_any_size(h->detectable_effect, figure);
    hs_buf_printf(&words, "; the smallest effect that could be told from none: %s.\n", figure);
  }
  paragraphs(&words, width, indent + 2, out);
}

static void table(const struct hs_partners *p, int width, size_t indent, int with_untested,
                  struct hs_buf *out)
{
  hs_buf_printf(out, "%*s%-20s %11s %11s %-24s\n", (int)indent, "", "partner", "tracked", "changed",
                "difference");
  for (size_t i = 0; i < p->line_count; i++)
    if (p->lines[i].is_tested || with_untested)
      line_text(&p->lines[i], width, indent, out);
}

void hs_partners_text(const struct hs_partners *p, int width, struct hs_buf *out)
{
  struct hs_buf words = hs_buf_in(out->arena);
  struct hs_buf together = hs_buf_in(out->arena);
  hs_partners_words_meaning(p, &words);
  paragraphs(&words, width, 0, out);
  hs_buf_add_char(out, '\n');
  table(p, width, 0, 1, out);
  hs_buf_add_char(out, '\n');
  hs_partners_words_together(p, &together);
  paragraphs(&together, width, 0, out);
}

void hs_partners_text_section(const struct hs_partners *p, int width, struct hs_buf *out)
{
  struct hs_buf words = hs_buf_in(out->arena);
  struct hs_buf rest = hs_buf_in(out->arena);
  hs_partners_words_meaning(p, &words);
  paragraphs(&words, width, 2, out);
  if (p->tested_count > 0)
    table(p, width, 2, 0, out);
  else
    hs_buf_add_text(out, "  No partner can be tested yet.\n");
  hs_partners_words_together(p, &rest);
  hs_partners_words_untested(p, &rest);
  paragraphs(&rest, width, 2, out);
}
