/* The case as one page for a board: it needs nothing else, and prints. Every text that came from
   data goes through hs_page_text. */
#include "service/decide/case_words.h"

#include <math.h>

#include "service/page.h"

/* clang-format off */
static const char STYLE[] =
    HS_PAGE_COLOURS("--bar:#2f6f9f;--range:#e0a030;--warn:#a6521b",
                    "--bar:#5aa2d6;--range:#d9a441;--warn:#f0a070")
    "*{box-sizing:border-box}"
    HS_PAGE_BODY("74rem")
    "h1{margin:0;font-size:1.8rem}h2{margin:1.8rem 0 .4rem;font-size:1.15rem}"
    "p,li{max-width:56rem;margin:.35rem 0}ul{padding-left:1.2rem}"
    ".soft{color:var(--soft)}.two{display:grid;grid-template-columns:1fr 1fr;gap:0 2.5rem}"
    ".two>section{border-top:3px solid var(--bar)}.two>section+section{border-color:var(--range)}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.9rem}"
    "th,td{padding:.25rem .5rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}"
    "th{font-weight:600;color:var(--soft)}th:first-child,td:first-child,th:last-child,td:last-child{text-align:left}"
    "td:first-child{white-space:normal;overflow-wrap:break-word;max-width:14rem}"
    ".cost_centre,.loses{color:var(--warn)}"
    "svg{display:block;width:100%;height:auto}svg text{fill:var(--ink);font:12px system-ui,sans-serif}"
    "footer{margin-top:2rem;border-top:1px solid var(--line);padding-top:.8rem;font-size:.9rem}"
    "@media(max-width:50rem){.two{display:block}}"
    HS_PAGE_PRINT("--bar:#444;--range:#999;--warn:#000", "9.5pt")
    "h2,svg,tr,li{break-inside:avoid}h2{break-after:avoid}"
    "table{font-size:7.5pt}th,td{padding:.12rem .3rem}.wide{overflow:visible}@page{margin:14mm}}";
/* clang-format on */

static void add_words(const struct hs_capital_case *case_,
                      void (*words)(const struct hs_capital_case *case_, struct hs_buf *out),
                      struct hs_buf *out)
{
  struct hs_buf text = hs_buf_in(out->arena);
  words(case_, &text);
  hs_page_paragraph(&text, NULL, out);
}

/* ---- the picture: cost against what it brings
 * ------------------------------------------------------ */

#define WIDTH 960.0
#define LABEL 190.0
#define ROW 24.0
#define CHART_ROWS 14

/* What the tracked customers of a line are worth, if all of them were caused. */
static double all_of_it(const struct hs_capital_line *line)
{
  return line->tracked * line->economics.value.middle;
}

static size_t chart_rows(const struct hs_capital_case *case_)
{
  size_t rows = 0;
  for (size_t i = 0; i < case_->count && rows < CHART_ROWS; i++)
    rows += case_->lines[i].is_partner && case_->lines[i].total > 0;
  return rows;
}

static void chart_row(const struct hs_capital_line *line, double y, double scale,
                      struct hs_buf *out)
{
  double cost = line->total * scale, worth = fmax(all_of_it(line), 0) * scale;
  hs_buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">", LABEL - 10, y + 15);
  hs_page_text_cut(line->title, 24, out);
  hs_buf_printf(out,
                "</text><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"8\" "
                "fill=\"var(--warn)\"/><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"8\" "
                "fill=\"var(--bar)\"/>\n",
                LABEL, y + 3, cost, LABEL, y + 12, worth);
}

static void chart(const struct hs_capital_case *case_, struct hs_buf *out)
{
  double most = 0, y = 0;
  size_t rows = chart_rows(case_), drawn = 0;
  for (size_t i = 0; i < case_->count && drawn < rows; i++)
    if (case_->lines[i].is_partner && case_->lines[i].total > 0) {
      most = fmax(most, fmax(case_->lines[i].total, all_of_it(&case_->lines[i])));
      drawn++;
    }
  if (!(most > 0))
    return;
  hs_buf_printf(out,
                "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"cost of the dearest "
                "partners and what their tracked customers are worth\">\n",
                WIDTH, (double)rows * ROW + 4);
  for (size_t i = 0, row = 0; i < case_->count && row < rows; i++)
    if (case_->lines[i].is_partner && case_->lines[i].total > 0) {
      chart_row(&case_->lines[i], y, (WIDTH - LABEL - 20) / most, out);
      y += ROW;
      row++;
    }
  hs_buf_add_text(out,
                  "</svg>\n<p class=\"soft\">Above: what it cost, fully loaded. Below: what its "
                  "tracked customers are worth, if every one of them would not have come "
                  "otherwise.</p>\n");
}

/* ---- the two halves
 * -------------------------------------------------------------------------------- */

static void choice(const struct hs_capital_case *case_, int is_there, const struct hs_choice *made,
                   struct hs_buf *out)
{
  static void (*const WORDS[])(const struct hs_capital_case *, const struct hs_choice *,
                               struct hs_buf *) = {hs_capital_words_times, hs_capital_words_paid,
                                                   hs_capital_words_build};
  if (!is_there) {
    hs_buf_add_text(out, "<p>No partner's incremental share was measured.</p>\n");
    return;
  }
  /* Building it is a plan, and never among what is defensible. */
  size_t count = sizeof WORDS / sizeof *WORDS - (made == &case_->measured);
  for (size_t i = 0; i < count; i++) {
    struct hs_buf text = hs_buf_in(out->arena);
    WORDS[i](case_, made, &text);
    hs_page_paragraph(&text, NULL, out);
  }
}

static void list(const struct hs_capital_case *case_, int is_defensible, struct hs_buf *out)
{
  hs_buf_add_text(out, "<ul>\n");
  for (size_t i = 0; i < case_->count; i++) {
    const struct hs_capital_line *line = &case_->lines[i];
    struct hs_buf text = hs_buf_in(out->arena);
    if (!line->is_partner || hs_capital_is_defensible(line) != is_defensible)
      continue;
    hs_buf_printf(out, "<li class=\"%s\"><b>", hs_capital_verdict_name(line->verdict));
    hs_page_text_cut(line->title, 60, out);
    hs_capital_words_line(case_, line, &text);
    hs_buf_add_text(out, "</b>: ");
    hs_page_words(&text, "", ".</li>\n", out);
  }
  hs_buf_add_text(out, "</ul>\n");
}

static void halves(const struct hs_capital_case *case_, struct hs_buf *out)
{
  hs_buf_add_text(out, "<div class=\"two\"><section><h2>Defensible</h2><p class=\"soft\">From the "
                       "record and from what was measured.</p>\n");
  choice(case_, case_->has_measured, &case_->measured, out);
  list(case_, 1, out);
  hs_buf_add_text(out,
                  "</section><section><h2>Context</h2><p class=\"soft\">Rests on what somebody "
                  "assumed.</p>\n");
  choice(case_, case_->has_all, &case_->all, out);
  list(case_, 0, out);
  hs_buf_add_text(out, "</section></div>\n");
}

/* ---- the table
 * ------------------------------------------------------------------------------------- */

static void cell(struct hs_buf *out, double value)
{
  char text[HS_CAPITAL_FIGURE];
  hs_capital_figure(value, text);
  hs_buf_printf(out, "<td>%s</td>", text);
}

static void interval(struct hs_buf *out, const struct hs_estimate *e)
{
  char middle[HS_CAPITAL_FIGURE], low[HS_CAPITAL_FIGURE], high[HS_CAPITAL_FIGURE];
  hs_capital_figure(e->middle, middle);
  hs_capital_figure(e->low, low);
  hs_capital_figure(e->high, high);
  hs_buf_printf(out, "<td>%s <span class=\"soft\">[%s, %s]</span></td>", middle, low, high);
}

static void row(const struct hs_capital_case *case_, const struct hs_capital_line *line,
                struct hs_buf *out)
{
  const struct hs_venture_economics *e = &line->economics;
  hs_buf_add_text(out, "<tr><td>");
  hs_page_text_cut(line->title, 40, out);
  hs_buf_add_text(out, "</td>");
  cell(out, line->cost.commission);
  cell(out, line->cost.discount);
  cell(out, line->total - line->cost.commission - line->cost.discount);
  cell(out, line->total);
  cell(out, line->tracked);
  cell(out, e->cost_each_tracked);
  interval(out, &e->value);
  if (case_->options.next_amount > 0)
    cell(out, line->next.amount);
  hs_buf_printf(out, "<td>%s</td></tr>\n",
                hs_capital_is_defensible(line) ? "defensible" : "context");
}

static void table(const struct hs_capital_case *case_, struct hs_buf *out)
{
  hs_buf_printf(out,
                "<h2>What each cost, and what a customer of theirs is worth (%s)</h2>\n<div "
                "class=\"wide\"><table><thead><tr><th>Partner</th><th>Commission</th><th>Discount</"
                "th><th>Media, content, tools, hours</th><th>Cost</th><th>Tracked "
                "customers</th><th>Cost of one</th><th>Value of one</th>%s<th>Verdict "
                "is</th></tr></thead><tbody>\n",
                case_->currency.code,
                case_->options.next_amount > 0 ? "<th>Of the next amount</th>" : "");
  for (size_t i = 0; i < case_->count; i++)
    row(case_, &case_->lines[i], out);
  hs_buf_add_text(out, "</tbody></table></div>\n");
  if (case_->options.next_amount > 0 && case_->next_kept > 0) {
    char kept[HS_CAPITAL_FIGURE];
    hs_capital_figure(case_->next_kept, kept);
    hs_buf_printf(out,
                  "<p>%s of the next amount is kept: at the plan's elasticity nobody would bring "
                  "it back.</p>\n",
                  kept);
  }
}

static void assumptions(const struct hs_capital_case *case_, struct hs_buf *out)
{
  hs_buf_add_text(out, "<h2>Assumptions</h2>\n<ul>\n");
  for (int i = 0; i < HS_PLAN_ITEM_COUNT; i++) {
    struct hs_buf text = hs_buf_in(out->arena);
    hs_capital_words_item(case_, (enum hs_plan_item)i, &text);
    hs_page_words(&text, "<li>", "</li>\n", out);
  }
  hs_buf_add_text(out, "</ul>\n");
}

void hs_capital_html(const struct hs_capital_case *case_, struct hs_buf *out)
{
  hs_page_head(HS_STR("The case for the partnerships"), STYLE, out);
  hs_buf_add_text(out, "<h1>The case for the partnerships</h1>\n");
  add_words(case_, hs_capital_words_record, out);
  halves(case_, out);
  chart(case_, out);
  table(case_, out);
  assumptions(case_, out);
  hs_buf_add_text(out, "<footer>\n");
  add_words(case_, hs_capital_words_limits, out);
  add_words(case_, hs_capital_words_source, out);
  hs_buf_add_text(out, "</footer>");
  hs_page_end(out);
}
