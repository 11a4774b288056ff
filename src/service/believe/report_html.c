/* The report as one page that needs nothing else: styles inline, charts as SVG, no script, nothing
   fetched. Light and dark by what the reader's machine prefers; on paper black on white, with
   tables kept whole. Every text that came from data goes through hs_page_text. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "service/believe/lines_show.h"
#include "service/believe/report_words.h"
#include "service/page.h"

/* clang-format off */
static const char STYLE[] =
    HS_PAGE_COLOURS("--bar:#2f6f9f;--range:#e0a030;--warn:#a6521b",
                    "--bar:#5aa2d6;--range:#d9a441;--warn:#f0a070")
    "*{box-sizing:border-box}"
    HS_PAGE_BODY("82rem")
    "h1{margin:0;font-size:1.9rem}"
    "h2{margin:2.2rem 0 .6rem;font-size:1.2rem}"
    "p{margin:.4rem 0;max-width:46rem}"
    ".soft{color:var(--soft)}"
    ".big{display:flex;flex-wrap:wrap;gap:1rem 3rem;margin:1.2rem 0}"
    ".big b{display:block;font-size:1.7rem;font-variant-numeric:tabular-nums}"
    ".wide{overflow-x:auto}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;"
    "font-size:.92rem}"
    "th,td{padding:.3rem .6rem;text-align:right;white-space:nowrap;"
    "border-bottom:1px solid var(--line)}"
    "th{font-weight:600;color:var(--soft)}"
    "th:nth-child(2),td:nth-child(2){text-align:left}"
    "td:nth-child(2){white-space:normal;overflow-wrap:break-word;max-width:22rem;min-width:9rem}"
    ".owed th:first-child{text-align:left;white-space:normal;overflow-wrap:break-word;"
    "max-width:22rem}"
    ".owed th:nth-child(2),.owed td:nth-child(2){text-align:right;white-space:nowrap;min-width:0}"
    "tbody th{font-weight:400;color:var(--ink)}"
    "a{color:var(--bar)}"
    "li{overflow-wrap:break-word}"
    "svg{display:block;width:100%;height:auto}"
    "svg text{fill:var(--ink);font:12px system-ui,sans-serif}"
    ".legend span{margin-right:1.4rem}"
    ".key{display:inline-block;width:1.6rem;height:.6rem;margin-right:.4rem}"
    "li{margin:.25rem 0}"
    ".few{color:var(--warn)}"
    "footer{margin-top:2.5rem;border-top:1px solid var(--line);padding-top:1rem}"
    HS_PAGE_PRINT("--bar:#444;--range:#999;--warn:#000", "10pt")
    "h2,svg,tr{break-inside:avoid}"
    "h2{break-after:avoid}"
    "table{font-size:7.5pt}"
    "th,td{padding:.15rem .3rem}"
    ".wide{overflow:visible}"
    "@page{margin:16mm}"
    "}";
/* clang-format on */

typedef void (*words_fn)(const struct hs_report *report, struct hs_buf *out);

static void add_words(const struct hs_report *report, words_fn words, const char *open,
                      const char *close, struct hs_buf *out)
{
  struct hs_buf text = hs_buf_in(out->arena);
  words(report, &text);
  hs_page_words(&text, open, close, out);
}

static void paragraph(const struct hs_report *report, words_fn words, struct hs_buf *out)
{
  add_words(report, words, "<p>", "</p>\n", out);
}

/* ---- the chart of partners ---- */

#define CHART_WIDTH 960.0
#define CHART_LABEL 190.0
#define CHART_ROW 26.0
#define CHART_FIGURE 110.0
#define CHART_NAME_MAX ((size_t)24) /* characters of 12 pixels that fit before the bar */

static int is_charted(const struct hs_report_line *line)
{
  return line->is_partner && !line->is_insufficient;
}

static double chart_scale(const struct hs_report *report)
{
  double widest = 0;
  for (size_t i = 0; i < report->line_count; i++) {
    const struct hs_report_line *line = &report->lines[i];
    if (is_charted(line))
      widest =
          fmax(widest, fmax(line->model_high, isnan(line->revenue_high) ? 0 : line->revenue_high));
  }
  return widest > 0 ? (CHART_WIDTH - CHART_LABEL - CHART_FIGURE) / widest : 0;
}

static double place(double value, double scale) { return CHART_LABEL + fmax(value, 0) * scale; }

/* A thin band for the range over models, a bar for the headline model, a whisker for its interval.
 */
static void chart_row(const struct hs_report_line *line, double y, double scale, struct hs_buf *out)
{
  char figure[HS_FIGURE_TEXT];
  double middle = y + CHART_ROW / 2;
  hs_buf_printf(out, "<g><title>");
  hs_page_text(line->title, out);
  hs_buf_printf(out, "</title><text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">", CHART_LABEL - 10,
                middle + 4);
  hs_page_text_cut(line->title, CHART_NAME_MAX, out);
  hs_buf_printf(
      out, "</text><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"4\" fill=\"var(--range)\"/>",
      place(line->model_low, scale), middle + 6,
      fmax(line->model_high - line->model_low, 0) * scale);
  hs_buf_printf(out,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"11\" fill=\"var(--bar)\"/>",
                CHART_LABEL, middle - 7, fmax(line->revenue, 0) * scale);
  if (!isnan(line->revenue_low))
    hs_buf_printf(out,
                  "<path d=\"M%.1f %.1fH%.1fM%.1f %.1fv8M%.1f %.1fv8\" stroke=\"var(--ink)\" "
                  "stroke-width=\"1.4\" "
                  "fill=\"none\"/>",
                  place(line->revenue_low, scale), middle - 1.5, place(line->revenue_high, scale),
                  place(line->revenue_low, scale), middle - 5.5, place(line->revenue_high, scale),
                  middle - 5.5);
  hs_figure(line->revenue, 0, figure);
  hs_buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text></g>\n",
                CHART_WIDTH - 4, middle + 4, figure);
}

static void chart(const struct hs_report *report, struct hs_buf *out)
{
  double scale = chart_scale(report);
  size_t rows = 0;
  for (size_t i = 0; i < report->line_count; i++)
    rows += (size_t)is_charted(&report->lines[i]);
  if (rows == 0)
    return;
  hs_buf_printf(
      out,
      "<p class=\"legend soft\"><span><i class=\"key\" style=\"background:var(--bar)\"></i>%s, "
      "with its "
      "interval</span><span><i class=\"key\" style=\"background:var(--range)\"></i>range over "
      "models</span></p>\n"
      "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"Attributed revenue by partner\">\n",
      hs_model_title(report->options.headline), CHART_WIDTH, (double)rows * CHART_ROW);
  double y = 0;
  for (size_t i = 0; i < report->line_count; i++)
    if (is_charted(&report->lines[i])) {
      chart_row(&report->lines[i], y, scale, out);
      y += CHART_ROW;
    }
  hs_buf_add_text(out, "</svg>\n");
}

/* ---- claimed against sold ---- */

static void claim_bar(const char *label, double value, double scale, double y, const char *fill,
                      struct hs_buf *out)
{
  char figure[HS_FIGURE_TEXT];
  hs_figure(value, 0, figure);
  hs_buf_printf(
      out,
      "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text><rect x=\"%.1f\" y=\"%.1f\" "
      "width=\"%.1f\" "
      "height=\"16\" fill=\"%s\"/><text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
      CHART_LABEL - 10, y + 13, label, CHART_LABEL, y, value * scale, fill, CHART_WIDTH - 4, y + 13,
      figure);
}

static void claims(const struct hs_report *report, struct hs_buf *out)
{
  if (!isnan(report->claimed_ratio)) {
    double claimed = report->claimed_ratio * report->sold_to_partners;
    double scale =
        (CHART_WIDTH - CHART_LABEL - CHART_FIGURE) / fmax(claimed, report->sold_to_partners);
    hs_buf_printf(
        out, "<svg viewBox=\"0 0 %.0f 48\" role=\"img\" aria-label=\"Claimed against sold\">\n",
        CHART_WIDTH);
    claim_bar("claimed by all partners", claimed, scale, 2, "var(--range)", out);
    claim_bar("sold with a partner", report->sold_to_partners, scale, 26, "var(--bar)", out);
    hs_buf_add_text(out, "</svg>\n");
  }
  paragraph(report, hs_words_claims, out);
  paragraph(report, hs_words_favourites, out);
}

/* ---- tables ---- */

static void money_cell(double value, struct hs_buf *out)
{
  char figure[HS_FIGURE_TEXT];
  hs_figure(value, 0, figure);
  hs_buf_printf(out, "<td>%s</td>", figure);
}

static void orders_cell(double orders, struct hs_buf *out)
{
  char figure[HS_FIGURE_TEXT];
  hs_figure_orders(orders, figure);
  hs_buf_printf(out, "<td>%s</td>", figure);
}

static void range_cell(double low, double high, struct hs_buf *out)
{
  char figure[HS_FIGURE_RANGE_TEXT];
  hs_figure_range(low, high, figure);
  hs_buf_printf(out, "<td>%s</td>", figure);
}

static void table_row(const struct hs_report_line *line, struct hs_currency currency,
                      struct hs_buf *out)
{
  hs_buf_add_text(out, "<tr><td>");
  if (line->rank > 0)
    hs_buf_printf(out, "%u", line->rank);
  hs_buf_add_text(out, "</td><td>");
  hs_page_text(line->title, out);
  if (line->is_partner && line->is_insufficient)
    hs_buf_add_text(out, " <span class=\"few\">not enough data</span>");
  hs_buf_add_text(out, "</td>");
  money_cell(line->revenue, out);
  range_cell(line->revenue_low, line->revenue_high, out);
  orders_cell(line->orders, out);
  range_cell(line->model_low, line->model_high, out);
  range_cell(line->loss_low, line->loss_high, out);
  money_cell(line->claim_revenue, out);
  hs_buf_printf(out, "<td>%llu</td><td>", (unsigned long long)line->orders_joined);
  char cost[HS_MONEY_TEXT];
  hs_money_format_grouped((struct hs_money){line->cost_minor, currency}, cost);
  if (line->cost_minor != 0)
    hs_buf_add_text(out, cost);
  else if (!line->has_other_currency_cost)
    hs_buf_add_text(out, "–");
  if (line->has_other_currency_cost)
    hs_buf_add_text(out, " + other currencies");
  hs_buf_add_text(out, "</td></tr>\n");
}

static void table(const struct hs_report *report, int is_partner, struct hs_buf *out)
{
  hs_buf_add_text(
      out,
      "<div class=\"wide\"><table><thead><tr><th></th><th></th><th>revenue</th><th>interval</th>"
      "<th>orders</th><th>across models</th><th>if unseen</th><th>could claim</th>"
      "<th>rest on joined</th><th>cost</th></tr></thead><tbody>\n");
  for (size_t i = 0; i < report->line_count; i++)
    if (report->lines[i].is_partner == is_partner &&
        (!is_partner || hs_report_is_seen(&report->lines[i])))
      table_row(&report->lines[i], report->currency, out);
  hs_buf_add_text(out, "</tbody></table></div>\n");
}

static void idle_list(const struct hs_report *report, struct hs_buf *out)
{
  if (report->idle_count == 0)
    return;
  hs_buf_add_text(out, "<h2>Activity without sales yet</h2><ul>\n");
  for (size_t i = 0; i < report->idle_count; i++) {
    struct hs_buf text = hs_buf_in(out->arena);
    hs_words_idle(report, &report->idle[i], &text);
    hs_page_words(&text, "<li>", "</li>\n", out);
  }
  hs_buf_add_text(out, "</ul>\n");
}

static void path_table(const struct hs_report *report, struct hs_buf *out)
{
  if (report->path_line_count == 0)
    return;
  hs_buf_add_text(out,
                  "<h2>Imported paths</h2><p class=\"soft\">A table that came from elsewhere; "
                  "not part of the figures above.</p><div class=\"wide\"><table><thead><tr>"
                  "<th></th><th></th><th>conversions</th><th>interval</th><th>across models</th>"
                  "<th>value</th></tr></thead><tbody>\n");
  for (size_t i = 0; i < report->path_line_count; i++) {
    const struct hs_report_path *path = &report->path_lines[i];
    hs_buf_add_text(out, "<tr><td></td><td>");
    hs_page_text(path->channel, out);
    if (path->is_insufficient)
      hs_buf_add_text(out, " <span class=\"few\">not enough data</span>");
    hs_buf_add_text(out, "</td>");
    money_cell(path->conversions, out);
    range_cell(path->low, path->high, out);
    range_cell(path->model_low, path->model_high, out);
    money_cell(path->value, out);
    hs_buf_add_text(out, "</tr>\n");
  }
  hs_buf_add_text(out, "</tbody></table></div>\n");
}

/* ---- money owed ---- */

static void owed_cell(int64_t amount_minor, struct hs_currency currency, struct hs_buf *out)
{
  char text[HS_MONEY_TEXT];
  hs_money_format_grouped((struct hs_money){amount_minor, currency}, text);
  hs_buf_printf(out, "<td>%s</td>", amount_minor == 0 ? "–" : text);
}

static void owed_table(const struct hs_report_money *money, struct hs_buf *out)
{
  hs_buf_add_text(out,
                  "<div class=\"wide\"><table class=\"owed\"><thead><tr><th scope=\"col\">"
                  "partner</th><th scope=\"col\">in return period</th><th scope=\"col\">owed</th>"
                  "<th scope=\"col\">under investigation</th><th scope=\"col\">to be set off</th>"
                  "<th scope=\"col\">paid in the period</th></tr></thead><tbody>\n");
  for (size_t i = 0; i < money->owed_count; i++) {
    const struct hs_report_owed *owed = &money->owed[i];
    hs_buf_add_text(out, "<tr><th scope=\"row\">");
    hs_page_text(owed->title, out);
    hs_buf_add_text(out, "</th>");
    owed_cell(owed->pending_minor, owed->currency, out);
    owed_cell(owed->payable_minor, owed->currency, out);
    owed_cell(owed->disputed_minor, owed->currency, out);
    owed_cell(owed->receivable_minor, owed->currency, out);
    owed_cell(owed->paid_minor, owed->currency, out);
    hs_buf_add_text(out, "</tr>\n");
  }
  hs_buf_add_text(out, "</tbody></table></div>\n");
}

static void words_money(const struct hs_report *report, struct hs_buf *out)
{
  hs_words_money(&report->money, report->zone, out);
}

static void words_money_missing(const struct hs_report *report, struct hs_buf *out)
{
  hs_words_money_missing(&report->money, out);
}

static void money_section(const struct hs_report *report, struct hs_buf *out)
{
  hs_buf_add_text(out, "<section aria-labelledby=\"money-owed\">\n"
                       "<h2 id=\"money-owed\">Money owed</h2>\n");
  paragraph(report, words_money, out);
  add_words(report, words_money_missing, "<p class=\"few\">", "</p>\n", out);
  if (report->money.owed_count > 0)
    owed_table(&report->money, out);
  hs_buf_add_text(out, "</section>\n");
}

static void head(const struct hs_report *report, struct hs_buf *out)
{
  char with[HS_FIGURE_TEXT];
  char without[HS_FIGURE_TEXT];
  char orders_with[HS_FIGURE_TEXT];
  char orders_without[HS_FIGURE_TEXT];
  const struct hs_journey_stats *stats = &report->analysis.stats;
  hs_figure(report->revenue_with_path, 0, with);
  hs_figure(report->revenue_without_path, 0, without);
  hs_figure((double)stats->orders_with_path, 0, orders_with);
  hs_figure((double)stats->orders_without_path, 0, orders_without);
  hs_page_head(HS_STR("Partner value"), STYLE, out);
  hs_buf_add_text(out, "<h1>Partner value</h1>\n");
  add_words(report, hs_words_period, "<p class=\"soft\">", "</p>\n", out);
  hs_buf_add_text(out, "<p>What is owed is another question: <a href=\"#money-owed\">Money "
                       "owed</a>.</p>\n");
  if (hs_report_has_only_paths(report))
    return;
  hs_buf_printf(out,
                "<div class=\"big\"><div><b>%s %s</b>attributed revenue, %s %s</div>"
                "<div><b>%s %s</b>without a path, %s %s</div></div>\n",
                with, report->currency.code, orders_with,
                hs_plural(stats->orders_with_path, "order", "orders"), without,
                report->currency.code, orders_without,
                hs_plural(stats->orders_without_path, "order", "orders"));
}

/* What lies beyond the click, and where it meets what is tracked. */
static void meeting_section(const struct hs_report *report, struct hs_buf *out)
{
  hs_lines_html(&report->beyond, out);
  hs_buf_add_text(out, "<section><h2>Tracked beside what changed</h2>\n");
  hs_partners_html_section(&report->meeting, out);
  hs_buf_add_text(out, "</section>\n");
}

void hs_report_html(const struct hs_report *report, struct hs_buf *out)
{
  int has_dates = !hs_report_has_only_paths(report);
  head(report, out);
  if (has_dates && report->analysis.refused != NULL) {
    hs_buf_add_text(out, "<p class=\"few\">No figures by partner: ");
    hs_buf_add_html(out, hs_str_of(report->analysis.refused));
    hs_buf_add_text(out, ".</p>\n");
  }
  if (has_dates) {
    hs_buf_add_text(out, "<h2>Partners</h2>\n");
    chart(report, out);
    table(report, 1, out);
    hs_buf_add_text(out, "<h2>Our own channels</h2>\n");
    table(report, 0, out);
    hs_buf_add_text(out, "<h2>Claimed against sold</h2>\n");
    claims(report, out);
    hs_buf_add_text(out, "<h2>What is not tracked</h2>\n");
    paragraph(report, hs_words_untracked, out);
    paragraph(report, hs_words_loss, out);
    paragraph(report, hs_words_joined, out);
    paragraph(report, hs_words_left_out, out);
    idle_list(report, out);
  }
  path_table(report, out);
  if (has_dates)
    meeting_section(report, out);
  money_section(report, out);
  hs_buf_add_text(out, "<footer class=\"soft\">");
  paragraph(report, hs_words_limits, out);
  paragraph(report, hs_words_source, out);
  hs_buf_add_text(out, "</footer>\n</body></html>\n");
}
