/* An influence as one page that needs nothing else: styles inline, pictures as SVG, no script,
   nothing fetched. Every text that came from data goes through hs_page_text. */
#include <math.h>

#include "service/believe/influence_words.h"
#include "service/believe/time_picture.h"
#include "service/page.h"

/* clang-format off */
static const char STYLE[] =
    HS_PAGE_COLOURS("--bar:#2f6f9f;--range:#c98a1b;--warn:#a6521b",
                    "--bar:#5aa2d6;--range:#d9a441;--warn:#f0a070")
    "*{box-sizing:border-box}"
    HS_PAGE_BODY("64rem")
    "h1{margin:0;font-size:1.9rem}"
    "h2{margin:2rem 0 .4rem;font-size:1.1rem}"
    "p{margin:.5rem 0;max-width:46rem;overflow-wrap:break-word}"
    ".soft{color:var(--soft)}"
    ".verdict{font-size:1.15rem}"
    ".few{color:var(--warn)}"
    ".wide{overflow-x:auto}"
    "table{border-collapse:collapse;margin:1rem 0;font-variant-numeric:tabular-nums}"
    "th,td{padding:.3rem .8rem;text-align:right;border-bottom:1px solid var(--line)}"
    "th{font-weight:600;color:var(--soft)}"
    "th:first-child{text-align:left}"
    "tbody th{font-weight:400;color:var(--ink);overflow-wrap:break-word;max-width:22rem}"
    "svg{display:block;width:100%;height:auto}"
    "svg text{fill:var(--soft);font:12px system-ui,sans-serif}"
    ".legend span{margin-right:1.4rem}"
    ".key{display:inline-block;width:1.6rem;height:.3rem;margin:0 .4rem .2rem 0}"
    ".band{height:.8rem;margin-bottom:0;opacity:.3}"
    "footer{margin-top:2rem;border-top:1px solid var(--line);padding-top:.6rem}"
    HS_PAGE_PRINT("--bar:#000;--range:#777;--warn:#000", "10pt")
    "h2,svg,tr{break-inside:avoid}"
    "h2{break-after:avoid}"
    "@page{margin:16mm}"
    "}";
/* clang-format on */

typedef void (*words_fn)(const struct hs_influence_answer *answer, struct hs_buf *out);

static void paragraph(const struct hs_influence_answer *answer, words_fn words, const char *kind,
                      struct hs_buf *out)
{
  struct hs_buf text = hs_buf_in(out->arena);
  words(answer, &text);
  hs_page_paragraph(&text, kind, out);
}

static void head(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  hs_page_head(HS_STR("Influence"), STYLE, out);
  hs_buf_add_text(out, "<h1>What changed in ");
  hs_page_text_cut(answer->request.file.outcome, 60, out);
  hs_buf_add_text(out, "</h1>\n");
  paragraph(answer, hs_influence_words_question, "soft", out);
  paragraph(answer, hs_influence_words_verdict, "verdict", out);
}

static void row(const char *what, const struct hs_influence_estimate *of, struct hs_buf *out)
{
  int digits = hs_influence_digits(of);
  char actual[HS_FIGURE_TEXT];
  char predicted[HS_FIGURE_TEXT];
  char effect[HS_FIGURE_TEXT];
  char range[HS_FIGURE_RANGE_TEXT];
  hs_figure(of->actual, digits, actual);
  hs_figure(of->predicted, digits, predicted);
  hs_figure(of->effect, digits, effect);
  hs_influence_range(of->low, of->high, digits, range);
  hs_buf_printf(out,
                "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
                what, actual, predicted, effect, range);
}

static void table(const struct hs_influence_result *result, struct hs_buf *out)
{
  char effect[HS_FIGURE_TEXT];
  char range[HS_FIGURE_RANGE_TEXT];
  hs_buf_printf(out,
                "<div class=\"wide\"><table><thead><tr><th></th><th>actual</th><th>without it</th>"
                "<th>effect</th><th>%g %% interval</th></tr></thead><tbody>\n",
                100 * result->level);
  row("a period", &result->average, out);
  row("in all", &result->cumulative, out);
  if (!isnan(result->relative.effect)) {
    hs_influence_share(&result->relative, effect);
    hs_influence_share_range(&result->relative, range);
    hs_buf_printf(out,
                  "<tr><th scope=\"row\">as a share</th><td></td><td></td><td>%s</td>"
                  "<td>%s</td></tr>\n",
                  effect, range);
  }
  hs_buf_add_text(out, "</tbody></table></div>\n");
}

static void pictures(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  const struct hs_influence_result *result = &answer->result;
  const struct hs_influence_series *series = &result->series;
  char times[3][HS_TIME_TEXT];
  hs_periods_format(&answer->periods, 0, times[0]);
  hs_periods_format(&answer->periods, result->start, times[1]);
  hs_periods_format(&answer->periods, result->end - 1, times[2]);
  struct hs_time_picture picture = {.label = "What was, and what would have been without it",
                                    .count = result->end,
                                    .mark = result->start,
                                    .line = series->actual,
                                    .expected = series->predicted,
                                    .low = series->low,
                                    .high = series->high,
                                    .first = hs_str_of(times[0]),
                                    .at_mark = hs_str_of(times[1]),
                                    .last = hs_str_of(times[2])};
  hs_buf_printf(out,
                "<p class=\"legend soft\"><span><i class=\"key\" style=\"background:var(--bar)\">"
                "</i>actual</span><span><i class=\"key\" style=\"background:var(--range)\"></i>"
                "without it</span><span><i class=\"key band\" style=\"background:var(--range)\">"
                "</i>%g %% interval</span></p>\n",
                100 * result->level);
  hs_time_picture(&picture, out);
  picture = (struct hs_time_picture){.label = "The effect, period by period",
                                     .count = result->end,
                                     .mark = result->start,
                                     .line = series->effect,
                                     .low = series->effect_low,
                                     .high = series->effect_high,
                                     .has_zero = 1,
                                     .first = hs_str_of(times[0]),
                                     .at_mark = hs_str_of(times[1]),
                                     .last = hs_str_of(times[2])};
  hs_buf_add_text(out, "<h2>The effect, period by period</h2>\n");
  hs_time_picture(&picture, out);
  picture.label = "The effect, added up from the start on";
  picture.line = series->cumulative;
  picture.low = series->cumulative_low;
  picture.high = series->cumulative_high;
  hs_buf_add_text(out, "<h2>The effect, added up from the start on</h2>\n");
  hs_time_picture(&picture, out);
}

static void controls(const struct hs_influence_result *result, struct hs_buf *out)
{
  if (result->control_count == 0)
    return;
  hs_buf_add_text(out, "<h2>Controls</h2>\n<div class=\"wide\"><table><thead><tr><th>control</th>"
                       "<th>taken in</th><th>coefficient</th><th></th></tr></thead><tbody>\n");
  for (size_t c = 0; c < result->control_count; c++) {
    const struct hs_influence_control *control = &result->controls[c];
    char inclusion[HS_FIGURE_TEXT];
    hs_figure_share(control->inclusion, inclusion);
    hs_buf_add_text(out, "<tr><th scope=\"row\">");
    hs_page_text(control->name, out);
    hs_buf_printf(out, "</th><td>%s</td><td>", inclusion);
    if (!isnan(control->coefficient))
      hs_buf_printf(out, "%.4g", control->coefficient);
    hs_buf_add_text(out, "</td><td class=\"few\">");
    hs_influence_words_control(control, out);
    hs_buf_add_text(out, "</td></tr>\n");
  }
  hs_buf_add_text(out, "</tbody></table></div>\n");
}

void hs_influence_html(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  head(answer, out);
  if (answer->result.verdict != HS_INFLUENCE_REFUSED)
    table(&answer->result, out);
  paragraph(answer, hs_influence_words_grade, "", out);
  paragraph(answer, hs_influence_words_placebos, "", out);
  pictures(answer, out);
  controls(&answer->result, out);
  paragraph(answer, hs_influence_words_contaminated, "", out);
  hs_buf_add_text(out, "<footer class=\"soft\">\n");
  paragraph(answer, hs_influence_words_rows, "", out);
  paragraph(answer, hs_influence_words_method, "", out);
  hs_buf_add_text(out, "</footer>\n</body></html>\n");
}
