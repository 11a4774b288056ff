/* A trend as one page that needs nothing else: styles inline, pictures as SVG, no script, nothing
   fetched. Every text that came from data goes through hs_page_text. */
#include <math.h>

#include "service/believe/time_picture.h"
#include "service/decide/trend_words.h"
#include "service/page.h"

/* clang-format off */
static const char STYLE[] =
    HS_PAGE_COLOURS("--bar:#2f6f9f;--range:#c98a1b;--warn:#a6521b",
                    "--bar:#5aa2d6;--range:#d9a441;--warn:#f0a070")
    "*{box-sizing:border-box}"
    HS_PAGE_BODY("64rem")
    "h1{margin:0;font-size:1.9rem}"
    "h2{margin:2.4rem 0 .4rem;font-size:1.4rem}"
    "h3{margin:1.6rem 0 .4rem;font-size:1.1rem}"
    "p,li{margin:.5rem 0;max-width:46rem;overflow-wrap:break-word}"
    ".soft{color:var(--soft)}"
    ".verdict{font-size:1.15rem}"
    ".wide{overflow-x:auto}"
    "table{border-collapse:collapse;margin:1rem 0;font-variant-numeric:tabular-nums}"
    "th,td{padding:.3rem .8rem;text-align:right;border-bottom:1px solid var(--line)}"
    "th{font-weight:600;color:var(--soft)}"
    "td:last-child,th:last-child{text-align:left}"
    "svg{display:block;width:100%;height:auto}"
    "svg text{fill:var(--soft);font:12px system-ui,sans-serif}"
    ".legend span{margin-right:1.4rem}"
    ".key{display:inline-block;width:1.6rem;height:.3rem;margin:0 .4rem .2rem 0}"
    HS_PAGE_PRINT("--bar:#000;--range:#777;--warn:#000", "10pt")
    "h2,h3,svg,tr{break-inside:avoid}"
    "h2,h3{break-after:avoid}"
    "@page{margin:16mm}"
    "}";
/* clang-format on */

typedef void (*words_fn)(const struct hs_trend_answer *answer, struct hs_buf *out);

static void paragraph(const struct hs_trend_answer *answer, words_fn words, const char *kind,
                      struct hs_buf *out)
{
  struct hs_buf text = hs_buf_in(out->arena);
  words(answer, &text);
  hs_page_paragraph(&text, kind, out);
}

typedef void (*side_words_fn)(const struct hs_trend_answer *answer, size_t side,
                              struct hs_buf *out);

static void side_paragraph(const struct hs_trend_answer *answer, size_t side, side_words_fn words,
                           struct hs_buf *out)
{
  struct hs_buf text = hs_buf_in(out->arena);
  words(answer, side, &text);
  hs_page_paragraph(&text, "", out);
}

/* The value, and its level without season and noise. */
static void picture(const struct hs_trend_answer *answer, size_t side, struct hs_buf *out)
{
  const struct hs_trend_series *series = &answer->series;
  const struct hs_trend *t = &answer->partnership.sides[side];
  size_t last_year = series->count > t->window ? series->count - t->window : 0;
  const struct hs_time_picture picture = {.label = "The value, and its level without season",
                                          .count = series->count,
                                          .mark = t->level == NULL ? series->count : last_year,
                                          .line = series->sides[side],
                                          .expected = t->level,
                                          .first = series->labels[0],
                                          .at_mark = series->labels[last_year],
                                          .last = series->labels[series->count - 1]};
  hs_buf_add_text(out, "<p class=\"legend soft\"><span><i class=\"key\" style=\"background:"
                       "var(--bar)\"></i>value</span>");
  if (t->level != NULL)
    hs_buf_add_text(out, "<span><i class=\"key\" style=\"background:var(--range)\"></i>level "
                         "without season and noise; the rule begins the last year</span>");
  hs_buf_add_text(out, "</p>\n");
  hs_time_picture(&picture, out);
}

static void table(const struct hs_trend *t, double mass, struct hs_buf *out)
{
  hs_buf_printf(out,
                "<div class=\"wide\"><table><thead><tr><th>elasticity</th><th>weight</th>"
                "<th>growth</th><th>%.0f %% interval</th><th>verdict</th></tr></thead><tbody>\n",
                100 * mass);
  for (size_t e = 0; e < HS_TREND_ELASTICITY_COUNT; e++) {
    const struct hs_trend_growth *growth = &t->by_elasticity[e];
    char mean[HS_TREND_PERCENT_TEXT];
    char low[HS_TREND_PERCENT_TEXT];
    char high[HS_TREND_PERCENT_TEXT];
    hs_trend_percent(growth->mean, mean);
    hs_trend_percent(growth->low, low);
    hs_trend_percent(growth->high, high);
    hs_buf_printf(out,
                  "<tr><td>%.1f</td><td>%.0f %%</td><td>%s</td><td>%s to %s</td><td>%s</td></tr>\n",
                  (double)e / (HS_TREND_ELASTICITY_COUNT - 1), 100 * t->elasticity_weight[e], mean,
                  low, high, hs_trend_verdict_words(t->verdict_by_elasticity[e]));
  }
  hs_buf_add_text(out, "</tbody></table></div>\n");
}

static void section(const struct hs_trend_answer *answer, size_t side, struct hs_buf *out)
{
  static const side_words_fn words[] = {hs_trend_words_effort, hs_trend_words_breaks,
                                        hs_trend_words_curve};
  const struct hs_trend *t = &answer->partnership.sides[side];
  hs_buf_add_text(out, "<h3>");
  hs_page_text(answer->series.side_names[side], out);
  hs_buf_printf(out, ": %s</h3>\n", hs_trend_verdict_words(t->verdict));
  side_paragraph(answer, side, hs_trend_words_side, out);
  picture(answer, side, out);
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    side_paragraph(answer, side, words[i], out);
  if (answer->series.effort != NULL && !isnan(t->elasticity))
    table(t, answer->rules.mass, out);
}

void hs_trend_html_begin(const char *title, struct hs_buf *out)
{
  hs_page_head(hs_str_of(title), STYLE, out);
  hs_buf_printf(out, "<h1>%s</h1>\n", title);
}

void hs_trend_html_answer(const struct hs_trend_answer *answer, struct hs_buf *out)
{
  paragraph(answer, hs_trend_words_verdict, "verdict", out);
  paragraph(answer, hs_trend_words_reason, "", out);
  for (size_t i = 0; i < answer->partnership.side_count; i++)
    section(answer, i, out);
  paragraph(answer, hs_trend_words_stack, "", out);
  hs_buf_add_text(out, "<h3>What this does not know</h3>\n<ul>\n");
  for (enum hs_trend_caution c = HS_TREND_ONE_SIDE; c < HS_TREND_CAUTION_COUNT; c++)
    if (hs_trend_has_caution(answer, c))
      hs_buf_printf(out, "<li>%s</li>\n", hs_trend_caution_words(c));
  hs_buf_add_text(out, "</ul>\n");
  paragraph(answer, hs_trend_words_rows, "soft", out);
}

void hs_trend_html(const struct hs_trend_answer *answer, struct hs_buf *out)
{
  hs_trend_html_begin("Does it compound?", out);
  hs_trend_html_answer(answer, out);
  hs_page_end(out);
}
