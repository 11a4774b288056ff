/* A table of partners as one page that needs nothing else: for each tested partner the interval of
   what changed against what is tracked, the table, and the sentences. */
#include <math.h>

#include "service/believe/honesty_priv.h"
#include "service/believe/report_words.h"
#include "service/page.h"

/* clang-format off */
static const char STYLE[] =
    HS_PAGE_COLOURS("--bar:#2f6f9f;--mark:#a6521b", "--bar:#5aa2d6;--mark:#f0a070")
    HS_PAGE_BODY("60rem")
    "h1{margin:0;font-size:1.7rem}h2{font-size:1.15rem;margin:1.6rem 0 .2rem}"
    "p{margin:.4rem 0;max-width:46rem}.soft{color:var(--soft)}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.92rem}"
    "th,td{padding:.3rem .6rem;text-align:right;border-bottom:1px solid var(--line)}"
    "th:first-child,td:last-child{text-align:left}svg{display:block;width:100%;height:auto;margin:1rem 0}"
    "svg text{fill:var(--ink);font:13px system-ui,sans-serif}"
    HS_PAGE_PRINT("--bar:#444;--mark:#000", "10pt") "h2,svg,tr{break-inside:avoid}@page{margin:16mm}}";
/* clang-format on */

#define ROW_HEIGHT 34.0
#define LEFT 220.0
#define RIGHT 860.0
#define NAME_SHOWN 28

struct scale {
  double low, high;
};

static double place(const struct scale *s, double value)
{
  return LEFT + (RIGHT - LEFT) * (value - s->low) / (s->high - s->low);
}

static struct scale scale_of(const struct hs_partners *p)
{
  struct scale s = {0, 0};
  for (size_t i = 0; i < p->line_count; i++) {
    const struct hs_honesty *h = &p->lines[i].honesty;
    if (!p->lines[i].is_tested)
      continue;
    s.low = fmin(s.low, h->incremental.low);
    s.high = fmax(s.high, fmax(h->incremental.high, h->tracked.mean));
  }
  if (!(s.high > s.low))
    s.high = s.low + 1;
  return s;
}

/* The interval of what changed as a bar, what is tracked as a mark across it. */
static void picture_row(const struct scale *s, size_t row, const struct hs_partners_line *line,
                        struct hs_buf *out)
{
  const struct hs_honesty *h = &line->honesty;
  double top = ROW_HEIGHT * (double)row;
  hs_buf_printf(out, "<text x=\"0\" y=\"%.1f\">", top + 21);
  hs_page_text_cut(line->title, NAME_SHOWN, out);
  hs_buf_printf(out,
                "</text><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"10\" "
                "fill=\"var(--bar)\" opacity=\".45\"/><circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" "
                "fill=\"var(--bar)\"/><path d=\"M%.1f %.1fv20\" stroke=\"var(--mark)\" "
                "stroke-width=\"3\"/>\n",
                place(s, h->incremental.low), top + 11,
                place(s, h->incremental.high) - place(s, h->incremental.low),
                place(s, h->incremental.mean), top + 16, place(s, h->tracked.mean), top + 6);
}

static void picture(const struct hs_partners *p, struct hs_buf *out)
{
  struct scale s = scale_of(p);
  double height = ROW_HEIGHT * (double)p->tested_count;
  size_t row = 0;
  if (p->tested_count == 0)
    return;
  hs_buf_printf(out,
                "<svg viewBox=\"0 0 880 %.0f\" role=\"img\" aria-label=\"What changed because of "
                "each partner, with its interval, and what is tracked\">\n<path d=\"M%.1f 0V%.0f\" "
                "stroke=\"var(--soft)\"/>\n",
                height, place(&s, 0), height);
  for (size_t i = 0; i < p->line_count; i++)
    if (p->lines[i].is_tested)
      picture_row(&s, row++, &p->lines[i], out);
  hs_buf_add_text(out,
                  "</svg>\n<p class=\"soft\">A bar is the interval of what changed because of "
                  "the partner, its dot the estimate; the upright line is what is tracked.</p>\n");
}

static void figure_cell(double value, struct hs_buf *out)
{
  char figure[HS_FIGURE_TEXT];
  hs_figure_of_any_size(value, figure);
  hs_page_cell(hs_str_of(figure), out);
}

static void table_row(const struct hs_partners_line *line, struct hs_buf *out)
{
  const struct hs_honesty *h = &line->honesty;
  char difference[HS_FIGURE_INTERVAL_TEXT];
  struct hs_buf verdict = hs_buf_in(out->arena);
  hs_buf_add_text(out, "<tr><th>");
  hs_page_text(line->title, out);
  hs_buf_add_text(out, "</th>");
  figure_cell(line->tracked, out);
  figure_cell(line->is_tested ? h->incremental.mean : (double)NAN, out);
  hs_figure_interval(line->is_tested ? h->difference.mean : (double)NAN, h->difference.low,
                     h->difference.high, difference);
  hs_page_cell(hs_str_of(difference), out);
  hs_partners_verdict_shown(line, &verdict);
  if (!line->is_tested)
    hs_buf_printf(&verdict, ": %s", line->untested_because);
  hs_buf_fail_with(out, &verdict);
  hs_page_cell(hs_buf_str(&verdict), out);
  hs_buf_add_text(out, "</tr>\n");
}

static void sentences(const struct hs_buf *words, const char *open, struct hs_buf *out)
{
  struct hs_str rest = hs_buf_str(words);
  hs_buf_fail_with(out, words);
  while (rest.length > 0) {
    hs_buf_add_text(out, open);
    hs_page_text(hs_str_cut(&rest, '\n'), out);
    hs_buf_add_text(out, "</p>\n");
  }
}

static void partner(const struct hs_partners_line *line, struct hs_buf *out)
{
  struct hs_buf words = hs_buf_in(out->arena);
  if (line->table == NULL)
    return;
  hs_buf_add_text(out, "<h2>");
  hs_page_text(line->title, out);
  hs_buf_add_text(out, "</h2>\n");
  hs_partners_words_line(line, &words);
  sentences(&words, "<p>", out);
}

static void partners_table(const struct hs_partners *p, struct hs_buf *out)
{
  hs_buf_add_text(out, "<table><thead><tr><th>partner</th><th>tracked</th><th>changed</th>"
                       "<th>difference</th><th></th></tr></thead><tbody>\n");
  for (size_t i = 0; i < p->line_count; i++)
    if (p->lines[i].is_tested || !p->is_programme)
      table_row(&p->lines[i], out);
  hs_buf_add_text(out, "</tbody></table>\n");
}

void hs_partners_html_section(const struct hs_partners *p, struct hs_buf *out)
{
  struct hs_buf meaning = hs_buf_in(out->arena);
  hs_partners_words_meaning(p, &meaning);
  sentences(&meaning, "<p class=\"soft\">", out);
  if (p->tested_count == 0 && p->is_programme)
    hs_buf_add_text(out, "<p>No partner can be tested yet.</p>\n");
  else
    partners_table(p, out);
  for (size_t i = 0; i < p->line_count; i++)
    partner(&p->lines[i], out);
  struct hs_buf words = hs_buf_in(out->arena);
  hs_partners_words_together(p, &words);
  if (p->is_programme)
    hs_partners_words_untested(p, &words);
  sentences(&words, "<p class=\"soft\">", out);
}

void hs_partners_html(const struct hs_partners *p, struct hs_buf *out)
{
  hs_page_head(HS_STR("Tracked beside what changed"), STYLE, out);
  hs_buf_add_text(out, "<h1>Tracked beside what changed</h1>\n");
  picture(p, out);
  hs_partners_html_section(p, out);
  hs_page_end(out);
}
