/* A result over regions as one page that needs nothing else: styles inline, pictures as SVG, no
   script, nothing fetched. Every text that came from data goes through hs_page_text. */
#include <math.h>
#include <stdio.h>

#include "service/believe/geo_words.h"
#include "service/page.h"

/* clang-format off */
static const char STYLE[] =
    HS_PAGE_COLOURS("--bar:#2f6f9f;--range:#e0a030;--warn:#a6521b",
                    "--bar:#5aa2d6;--range:#d9a441;--warn:#f0a070")
    "*{box-sizing:border-box}"
    HS_PAGE_BODY("64rem")
    "h1{margin:0;font-size:1.9rem;overflow-wrap:break-word}"
    "h2{margin:2.2rem 0 .6rem;font-size:1.2rem}"
    "p{margin:.5rem 0;max-width:46rem}"
    ".soft{color:var(--soft)}"
    ".big{display:flex;flex-wrap:wrap;gap:1rem 3rem;margin:1.2rem 0}"
    ".big b{display:block;font-size:1.7rem;font-variant-numeric:tabular-nums}"
    ".wide{overflow-x:auto}"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem}"
    "th,td{padding:.3rem .9rem .3rem 0;text-align:right;border-bottom:1px solid var(--line)}"
    "th{font-weight:600;color:var(--soft)}"
    "th:first-child,td:first-child{text-align:left;overflow-wrap:break-word;max-width:22rem}"
    "svg{display:block;width:100%;height:auto}"
    "svg text{fill:var(--soft);font:12px system-ui,sans-serif}"
    ".legend span{margin-right:1.4rem}"
    ".key{display:inline-block;width:1.6rem;height:.25rem;margin:0 .4rem .25rem 0}"
    ".few{color:var(--warn)}"
    HS_PAGE_PRINT("--bar:#444;--range:#999;--warn:#000", "10pt")
    "h2,svg,tr{break-inside:avoid}"
    "h2{break-after:avoid}"
    "@page{margin:16mm}"
    "}";
/* clang-format on */

static void words_between(const struct hs_geo_answer *answer, hs_geo_words_fn words,
                          const char *open, const char *close, struct hs_buf *out)
{
  struct hs_buf text = hs_buf_in(out->arena);
  words(answer, &text);
  hs_page_words(&text, open, close, out);
}

static void paragraph(const struct hs_geo_answer *answer, hs_geo_words_fn words, struct hs_buf *out)
{
  words_between(answer, words, "<p>", "</p>\n", out);
}

/* ---- pictures ---- */

#define WIDTH 960.0
#define HEIGHT 300.0
#define LEFT 70.0
#define BOTTOM 24.0

struct frame {
  double low, high; /* of the values drawn */
  size_t count;
};

static double x_of(const struct frame *frame, double period)
{
  return LEFT + (WIDTH - LEFT - 8) * (period + 0.5) / (double)frame->count;
}

static double y_of(const struct frame *frame, double value)
{
  return 8 + (HEIGHT - BOTTOM - 8) * (frame->high - value) / (frame->high - frame->low);
}

static void widen(struct frame *frame, double value)
{
  frame->low = fmin(frame->low, value);
  frame->high = fmax(frame->high, value);
}

static void open_picture(const char *title, struct hs_buf *out)
{
  hs_buf_printf(out, "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s\">\n", WIDTH,
                HEIGHT, title);
}

static void level_line(const struct frame *frame, double value, struct hs_buf *out)
{
  char figure[HS_GEO_FIGURE_TEXT];
  double size = fmax(fabs(frame->low), fabs(frame->high));
  hs_geo_figure(value, size, figure);
  hs_buf_printf(out,
                "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"var(--line)\"/>"
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                LEFT, WIDTH - 8, y_of(frame, value), y_of(frame, value), LEFT - 6,
                y_of(frame, value) + 4, figure);
}

static void period_label(const struct hs_geo_answer *answer, const struct frame *frame,
                         size_t period, const char *anchor, struct hs_buf *out)
{
  hs_buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x_of(frame, (double)period),
                HEIGHT - 6, anchor);
  hs_page_text_cut(answer->panel.periods[period], 12, out);
  hs_buf_add_text(out, "</text>\n");
}

/* Lines of value, the window as a dashed line at its start, and the ends of the time axis. */
static void axes(const struct hs_geo_answer *answer, const struct frame *frame, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  double start = x_of(frame, (double)result->start - 0.5);
  for (int i = 0; i <= 4; i++)
    level_line(frame, frame->low + (frame->high - frame->low) * i / 4, out);
  hs_buf_printf(out,
                "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"8\" y2=\"%.1f\" stroke=\"var(--soft)\" "
                "stroke-dasharray=\"4 4\"/>\n",
                start, start, HEIGHT - BOTTOM);
  period_label(answer, frame, 0, "start", out);
  period_label(answer, frame, result->start, "middle", out);
  period_label(answer, frame, result->period_count - 1, "end", out);
}

static void curve(const struct frame *frame, const double *values, const char *colour,
                  const char *dashes, struct hs_buf *out)
{
  hs_buf_printf(out, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s points=\"", colour,
                dashes);
  for (size_t k = 0; k < frame->count; k++)
    hs_buf_printf(out, "%.1f,%.1f ", x_of(frame, (double)k), y_of(frame, values[k]));
  hs_buf_add_text(out, "\"/>\n");
}

static void picture_of_levels(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  struct frame frame = {
      .low = result->actual[0], .high = result->actual[0], .count = result->period_count};
  for (size_t k = 0; k < result->period_count; k++) {
    widen(&frame, result->actual[k]);
    widen(&frame, result->predicted_series[k]);
  }
  if (!(frame.high > frame.low))
    return;
  hs_buf_add_text(out, "<p class=\"legend soft\"><span><i class=\"key\" "
                       "style=\"background:var(--bar)\"></i>what was</span><span><i class=\"key\" "
                       "style=\"background:var(--range)\"></i>what the other regions say it would "
                       "have been</span></p>\n");
  open_picture("The regions with it against what the others say of them", out);
  axes(answer, &frame, out);
  curve(&frame, result->predicted_series, "var(--range)", " stroke-dasharray=\"6 3\"", out);
  curve(&frame, result->actual, "var(--bar)", "", out);
  hs_buf_add_text(out, "</svg>\n");
}

/* The interval of the mean effect as a band over the window, behind the differences. */
static void band(const struct hs_geo_result *result, const struct frame *frame, struct hs_buf *out)
{
  double from = x_of(frame, (double)result->start - 0.5);
  double to = x_of(frame, (double)result->period_count - 0.5);
  if (!isnan(result->low))
    hs_buf_printf(out,
                  "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
                  "fill=\"var(--range)\" opacity=\"0.3\"/>\n",
                  from, y_of(frame, result->high), to - from,
                  y_of(frame, result->low) - y_of(frame, result->high));
  hs_buf_printf(out,
                "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"var(--range)\" "
                "stroke-width=\"2\"/>\n",
                from, to, y_of(frame, result->att), y_of(frame, result->att));
}

static void picture_of_differences(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  struct frame frame = {.count = result->period_count};
  for (size_t k = 0; k < result->period_count; k++)
    widen(&frame, result->actual[k] - result->predicted_series[k]);
  if (!isnan(result->low)) {
    widen(&frame, result->low);
    widen(&frame, result->high);
  }
  if (!(frame.high > frame.low))
    return;
  double width = (WIDTH - LEFT - 8) / (double)frame.count;
  hs_buf_add_text(out, "<h2>The difference</h2>\n");
  open_picture("The difference by period", out);
  axes(answer, &frame, out);
  band(result, &frame, out);
  for (size_t k = 0; k < result->period_count; k++) {
    double difference = result->actual[k] - result->predicted_series[k];
    hs_buf_printf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n",
                  x_of(&frame, (double)k) - width * 0.4, y_of(&frame, fmax(difference, 0)),
                  width * 0.8, fabs(y_of(&frame, difference) - y_of(&frame, 0)),
                  k < result->start ? "var(--soft)" : "var(--bar)");
  }
  level_line(&frame, 0, out);
  hs_buf_add_text(out,
                  "</svg>\n<p class=\"soft\">Each bar is a period; the line is the mean effect "
                  "in the window, the band its interval. Before the start there is nothing to "
                  "find: those bars are what the comparison misses by chance.</p>\n");
}

/* ---- figures ---- */

static void big(const char *title, double effect, double low, double high, struct hs_buf *out)
{
  char figure[HS_GEO_FIGURE_TEXT];
  char range[HS_GEO_RANGE_TEXT];
  hs_geo_figure(effect, fabs(effect), figure);
  hs_geo_range(low, high, fabs(effect), range);
  hs_buf_printf(out, "<div>%s<b>%s</b><span class=\"soft\">%s</span></div>\n", title, figure,
                range);
}

static void big_figures(const struct hs_geo_result *result, struct hs_buf *out)
{
  char expected[HS_GEO_FIGURE_TEXT];
  hs_buf_add_text(out, "<div class=\"big\">\n");
  big("per region and period", result->att, result->low, result->high, out);
  big("in all", result->incremental, result->incremental_low, result->incremental_high, out);
  hs_geo_figure(result->predicted, fabs(result->predicted), expected);
  if (!isnan(result->lift))
    hs_buf_printf(out,
                  "<div>lift<b>%.1f %%</b><span class=\"soft\">of %s expected without "
                  "it</span></div>\n",
                  100 * result->lift, expected);
  hs_buf_printf(out,
                "</div>\n<p class=\"soft\">Intervals at %.4g %%, from the same test as p.</p>\n",
                100 * result->level);
}

static void donor_row(const struct hs_geo_answer *answer, const struct hs_geo_donor *donor,
                      struct hs_buf *out)
{
  hs_buf_add_text(out, "<tr><td>");
  hs_page_text(answer->panel.units[donor->unit], out);
  if (donor->is_contaminated)
    hs_buf_add_text(out, " <span class=\"few\">broke at the start</span>");
  hs_buf_printf(out, "</td><td>%.1f %%</td>", 100 * donor->weight);
  if (isnan(donor->p_own_break))
    hs_buf_add_text(out, "<td>not checked</td></tr>\n");
  else
    hs_buf_printf(out, "<td>%.3g</td></tr>\n", donor->p_holm);
}

static void donor_table(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  size_t *order = hs_arena_alloc(out->arena, answer->result.donor_count, sizeof *order);
  if (order == NULL) {
    out->is_bad = 1;
    return;
  }
  size_t count = hs_geo_by_weight(&answer->result, order);
  if (count == 0)
    return;
  hs_buf_add_text(out,
                  "<h2>Compared with</h2>\n<div class=\"wide\"><table><thead><tr><th>region</th>"
                  "<th>weight</th><th>p of a break of its own</th></tr></thead><tbody>\n");
  for (size_t i = 0; i < count; i++)
    donor_row(answer, &answer->result.donors[order[i]], out);
  hs_buf_add_text(out, "</tbody></table></div>\n");
}

void hs_geo_html(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  static const hs_geo_words_fn facts[] = {hs_geo_words_fit, hs_geo_words_method,
                                          hs_geo_words_placebos, hs_geo_words_contaminated,
                                          hs_geo_words_plain};
  hs_page_head(HS_STR("Effect by regions"), STYLE, out);
  words_between(answer, hs_geo_words_treated, "<h1>Effect in ", "</h1>\n", out);
  words_between(answer, hs_geo_words_window, "<p class=\"soft\">", "</p>\n", out);
  big_figures(&answer->result, out);
  words_between(answer, hs_geo_words_verdict, "<p><b>", "</b></p>\n", out);
  paragraph(answer, hs_geo_words_return, out);
  paragraph(answer, hs_geo_words_grade, out);
  picture_of_levels(answer, out);
  picture_of_differences(answer, out);
  hs_buf_add_text(out, "<h2>What was checked</h2>\n");
  paragraph(answer, hs_geo_words_test, out);
  paragraph(answer, hs_geo_words_overturn, out);
  for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
    paragraph(answer, facts[i], out);
  donor_table(answer, out);
  hs_page_end(out);
}
