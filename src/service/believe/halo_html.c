/* The halo table as one page that needs nothing else: a bar for each line with its interval, the
   table, and the sentences. Every text that came from data goes through hs_page_text. */
#include <math.h>
#include <stdio.h>

#include "service/believe/halo_priv.h"
#include "service/page.h"

/* clang-format off */
static const char STYLE[] =
    HS_PAGE_COLOURS("--up:#2f6f9f;--down:#a6521b",
                    "--up:#5aa2d6;--down:#f0a070")
    HS_PAGE_BODY("60rem")
    "h1{margin:0;font-size:1.7rem}p{margin:.4rem 0;max-width:46rem}.soft{color:var(--soft)}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.92rem}"
    "th,td{padding:.3rem .6rem;text-align:right;border-bottom:1px solid var(--line)}"
    "th:first-child{text-align:left}svg{display:block;width:100%;height:auto;margin:1rem 0}"
    "svg text{fill:var(--ink);font:13px system-ui,sans-serif}"
    HS_PAGE_PRINT("--up:#444;--down:#888", "10pt")
    "svg,tr{break-inside:avoid}@page{margin:16mm}}";
/* clang-format on */

/* The picture: rows of ROW_HEIGHT units, the bars from LEFT to RIGHT. */
#define ROW_HEIGHT 34.0
#define LEFT 180.0
#define RIGHT 860.0

struct scale {
  double low, high; /* of the figures */
};

static double place(const struct scale *s, double value)
{
  return LEFT + (RIGHT - LEFT) * (value - s->low) / (s->high - s->low);
}

static void widen(struct scale *s, const struct hs_honesty_figure *f)
{
  if (isnan(f->mean))
    return;
  s->low = fmin(s->low, isnan(f->low) ? f->mean : f->low);
  s->high = fmax(s->high, isnan(f->high) ? f->mean : f->high);
}

static const struct hs_honesty_figure *best_of(const struct hs_halo_line *line)
{
  return isnan(line->reconciled.mean) ? &line->raw : &line->reconciled;
}

static void bar(const struct scale *s, size_t row, struct hs_str name,
                const struct hs_honesty_figure *f, struct hs_buf *out)
{
  double top = ROW_HEIGHT * (double)row;
  hs_buf_printf(out, "<text x=\"0\" y=\"%.1f\">", top + 21);
  hs_page_text(name, out);
  hs_buf_add_text(out, "</text>");
  if (isnan(f->mean))
    return;
  double zero = place(s, 0);
  double end = place(s, f->mean);
  hs_buf_printf(out,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"18\" fill=\"var(--%s)\"/>",
                fmin(zero, end), top + 7, fabs(end - zero), f->mean < 0 ? "down" : "up");
  if (!isnan(f->low))
    hs_buf_printf(out,
                  "<path d=\"M%.1f %.1fH%.1fM%.1f %.1fv12M%.1f %.1fv12\" stroke=\"var(--ink)\" "
                  "stroke-width=\"2\" fill=\"none\"/>",
                  place(s, f->low), top + 16, place(s, f->high), place(s, f->low), top + 10,
                  place(s, f->high), top + 10);
}

static void picture(const struct hs_halo_answer *a, struct hs_buf *out)
{
  const struct hs_halo *h = &a->halo;
  const struct hs_honesty_figure tracked = {h->tracked, 0, h->tracked, h->tracked};
  struct scale s = {0, 0};
  widen(&s, &tracked);
  widen(&s, best_of(&h->total));
  for (size_t i = 0; i < h->line_count; i++)
    widen(&s, best_of(&h->lines[i]));
  if (!(s.high > s.low))
    s.high = s.low + 1;
  double height = ROW_HEIGHT * (double)(h->line_count + 2);
  hs_buf_printf(out,
                "<svg viewBox=\"0 0 880 %.0f\" role=\"img\" aria-label=\"What changed in each line "
                "of sales, with intervals\">",
                height);
  bar(&s, 0, HS_STR("tracked"), &tracked, out);
  for (size_t i = 0; i < h->line_count; i++)
    bar(&s, i + 1, h->lines[i].name, best_of(&h->lines[i]), out);
  bar(&s, h->line_count + 1, HS_STR("all that changed"), best_of(&h->total), out);
  hs_buf_printf(out, "<path d=\"M%.1f 0V%.0f\" stroke=\"var(--soft)\"/></svg>\n", place(&s, 0),
                height);
}

static void row(const struct hs_halo_line *line, struct hs_buf *out)
{
  const struct hs_honesty_figure *r = &line->raw;
  const struct hs_honesty_figure *c = &line->reconciled;
  char raw[HS_FIGURE_INTERVAL_TEXT];
  char reconciled[HS_FIGURE_INTERVAL_TEXT];
  hs_figure_interval(r->mean, r->low, r->high, raw);
  hs_figure_interval(c->mean, c->low, c->high, reconciled);
  hs_buf_add_text(out, "<tr><th>");
  hs_page_text(line->name, out);
  hs_buf_printf(out, "</th><td>%s</td><td>%s</td><td>%s</td></tr>\n", raw, reconciled,
                hs_halo_line_shown(line));
}

static void sentences(const struct hs_halo_answer *a, struct hs_buf *out)
{
  struct hs_buf words = hs_buf_in(out->arena);
  hs_halo_sentences(a, &words);
  hs_buf_fail_with(out, &words);
  struct hs_str rest = hs_buf_str(&words);
  while (rest.length > 0) {
    hs_buf_add_text(out, "<p>");
    hs_buf_add_html(out, hs_str_cut(&rest, '\n'));
    hs_buf_add_text(out, "</p>\n");
  }
}

void hs_halo_html(const struct hs_halo_answer *a, struct hs_buf *out)
{
  char first[HS_TIME_TEXT];
  char last[HS_TIME_TEXT];
  char title[2 * HS_TIME_TEXT + 16];
  hs_spaced_format(&a->spaced, a->start, first);
  hs_spaced_format(&a->spaced, a->end - 1, last);
  (void)snprintf(title, sizeof title, "Halo, %s to %s", first, last);
  hs_page_head(hs_str_of(title), STYLE, out);
  hs_buf_printf(out,
                "<h1>What changed, line by line</h1>\n<p class=\"soft\">%s to %s, %s mode, "
                "intervals at %g %%, seed %llu. Tracked and changed are two views of one window "
                "and are never added.</p>\n<p><b>",
                first, last, hs_influence_mode_name(a->asked.mode), 100 * a->asked.common.level,
                (unsigned long long)a->asked.common.seed);
  hs_halo_verdict_shown(a, out);
  hs_buf_add_text(out, "</b></p>\n");
  picture(a, out);
  char tracked[HS_FIGURE_TEXT];
  hs_figure_of_any_size(a->halo.tracked, tracked);
  hs_buf_printf(out,
                "<table><thead><tr><th>line</th><th>raw</th><th>reconciled</th><th></th></tr>"
                "</thead><tbody>\n<tr><th>tracked</th><td>%s</td><td>%s</td><td>known</td></tr>\n",
                tracked, tracked);
  for (size_t i = 0; i < a->halo.line_count; i++)
    row(&a->halo.lines[i], out);
  row(&a->halo.total, out);
  hs_buf_add_text(out, "</tbody></table>\n");
  sentences(a, out);
  hs_page_end(out);
}
