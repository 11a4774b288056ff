/* The first portfolio page as one file that needs nothing else: no script, nothing fetched. Every
   text that came from data goes through hs_page_text. */
#include <math.h>
#include <stdio.h>

#include "service/page.h"
#include "service/start/start_words.h"

/* clang-format off */
static const char STYLE[] =
    HS_PAGE_COLOURS("--bar:#2f6f9f;--back:#e0a030",
                    "--bar:#5aa2d6;--back:#d9a441")
    "*{box-sizing:border-box}"
    HS_PAGE_BODY("78rem")
    "h1{margin:0;font-size:1.9rem}"
    "h2{margin:2.2rem 0 .6rem;font-size:1.2rem}"
    "p{margin:.4rem 0;max-width:46rem}"
    ".soft{color:var(--soft)}"
    ".wide{overflow-x:auto}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.92rem}"
    "th,td{padding:.3rem .6rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}"
    "th{font-weight:600;color:var(--soft)}"
    "th:first-child,td:first-child{text-align:left}"
    "td:first-child{white-space:normal;overflow-wrap:anywhere;max-width:22rem;min-width:9rem}"
    "svg{display:block;width:100%;height:auto}"
    "td svg{width:7rem;height:1.5rem;display:inline-block}"
    "svg text{fill:var(--soft);font:12px system-ui,sans-serif}"
    "dt{font-weight:600;margin-top:.7rem}"
    "dd{margin:0;max-width:46rem}"
    HS_PAGE_PRINT("--bar:#444;--back:#999", "10pt")
    "h2,svg,tr{break-inside:avoid}"
    "h2{break-after:avoid}"
    ".wide{overflow:visible}"
    "@page{margin:16mm}"
    "}";
/* clang-format on */

static void paragraph(const struct hs_start *start,
                      void (*words)(const struct hs_start *start, struct hs_buf *out),
                      const char *class, struct hs_buf *out)
{
  struct hs_buf text = hs_buf_in(out->arena);
  words(start, &text);
  hs_page_paragraph(&text, class, out);
}

static void money_cell(const struct hs_start *start, int64_t amount_minor, struct hs_buf *out)
{
  char text[HS_MONEY_TEXT];
  hs_start_figure(start, amount_minor, text);
  hs_buf_printf(out, "<td>%s</td>", text);
}

/* Bars of amounts over the months; those below zero hang below the line. */
static void bars(const int64_t *values, size_t count, double width, double height,
                 struct hs_buf *out)
{
  double top = 0;
  double bottom = 0;
  for (size_t i = 0; i < count; i++) {
    top = fmax(top, (double)values[i]);
    bottom = fmin(bottom, (double)values[i]);
  }
  double scale = top > bottom ? height / (top - bottom) : 0;
  double step = width / (double)count;
  for (size_t i = 0; i < count; i++) {
    double value = (double)values[i];
    hs_buf_printf(out,
                  "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"var(--%s)\"/>",
                  (double)i * step, (top - fmax(value, 0)) * scale, step * 0.8, fabs(value) * scale,
                  value < 0 ? "back" : "bar");
  }
}

#define CHART_WIDTH 960.0
#define CHART_HEIGHT 150.0

static void month_chart(const struct hs_start *start, struct hs_buf *out)
{
  int64_t values[HS_START_MONTHS_MAX];
  double step = CHART_WIDTH / (double)start->month_count;
  for (size_t i = 0; i < start->month_count; i++)
    values[i] = start->months[i].net_minor;
  hs_buf_printf(out,
                "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"Commission by month\">",
                CHART_WIDTH, CHART_HEIGHT + 20);
  bars(values, start->month_count, CHART_WIDTH, CHART_HEIGHT, out);
  for (size_t i = 0; i < start->month_count; i++)
    if (start->month_count <= 12 || i % 3 == 0)
      hs_buf_printf(out, "<text x=\"%.1f\" y=\"%.0f\">%04d-%02d%s</text>", (double)i * step,
                    CHART_HEIGHT + 15, start->months[i].year, start->months[i].month,
                    start->months[i].is_cut ? "*" : "");
  hs_buf_add_text(out, "</svg>\n");
}

static void partner_row(const struct hs_start *start, const struct hs_start_partner *partner,
                        struct hs_buf *out)
{
  char text[HS_FIGURE_RANGE_TEXT];
  const struct hs_start_sums *sums = &partner->sums;
  hs_buf_add_text(out, "<tr><td>");
  hs_page_text(partner->name, out);
  hs_figure((double)sums->orders, 0, text);
  hs_buf_printf(out, "</td><td>%s</td>", text);
  if (start->rows_with_amount > 0)
    money_cell(start, sums->sales_minor, out);
  else
    hs_buf_add_text(out, "<td>–</td>");
  money_cell(start, hs_start_net(sums), out);
  hs_figure_share(partner->commission_share, text);
  hs_buf_printf(out, "<td>%s</td>", text);
  hs_start_figure_share(&sums->reversal, text);
  hs_buf_printf(out, "<td>%s</td>", text);
  hs_start_figure_days(&sums->approval_days, text);
  hs_buf_printf(out, "<td>%s</td>", text);
  money_cell(start, sums->pending_minor, out);
  hs_buf_add_text(out, "<td><svg viewBox=\"0 0 112 24\" preserveAspectRatio=\"none\">");
  bars(partner->month_net_minor, start->month_count, 112, 24, out);
  hs_buf_add_text(out, "</svg></td></tr>\n");
}

static void partners(const struct hs_start *start, struct hs_buf *out)
{
  hs_buf_add_text(out,
                  "<h2>Partners</h2><div class=\"wide\"><table><thead><tr><th>partner</th>"
                  "<th>orders</th><th>sales</th><th>commission</th><th>share</th><th>reversed</th>"
                  "<th>days</th><th>pending</th><th>by month</th></tr></thead><tbody>\n");
  for (size_t i = 0; i < start->partner_count; i++)
    partner_row(start, &start->partners[i], out);
  hs_buf_add_text(out, "</tbody></table></div>\n");
  paragraph(start, hs_start_words_columns, "soft", out);
}

static void months(const struct hs_start *start, struct hs_buf *out)
{
  char orders[HS_FIGURE_TEXT];
  hs_buf_add_text(out, "<h2>Months</h2>\n");
  month_chart(start, out);
  hs_buf_add_text(out, "<div class=\"wide\"><table><thead><tr><th>month</th><th>orders</th>"
                       "<th>partners</th><th>sales</th><th>commission</th></tr></thead><tbody>\n");
  for (size_t i = 0; i < start->month_count; i++) {
    const struct hs_start_month *month = &start->months[i];
    hs_figure((double)month->orders, 0, orders);
    hs_buf_printf(out, "<tr><td>%04d-%02d%s</td><td>%s</td><td>%llu</td>", month->year,
                  month->month, month->is_cut ? " *" : "", orders,
                  (unsigned long long)month->partners);
    if (start->rows_with_amount > 0)
      money_cell(start, month->sales_minor, out);
    else
      hs_buf_add_text(out, "<td>–</td>");
    money_cell(start, month->net_minor, out);
    hs_buf_add_text(out, "</tr>\n");
  }
  hs_buf_add_text(out, "</tbody></table></div>\n<p class=\"soft\">* the export begins or ends in "
                       "it</p>\n");
}

static void dormant(const struct hs_start *start, struct hs_buf *out)
{
  int is_first = 1;
  for (size_t i = 0; i < start->partner_count; i++) {
    struct hs_buf text = hs_buf_in(out->arena);
    if (!start->partners[i].is_dormant)
      continue;
    if (is_first)
      hs_buf_printf(out, "<h2>Dormant: no order in the last %d days of the export</h2><ul>\n",
                    HS_START_RECENT_DAYS);
    is_first = 0;
    hs_start_words_dormant(start, &start->partners[i], &text);
    hs_page_words(&text, "<li>", "</li>\n", out);
  }
  hs_buf_add_text(out, is_first ? "" : "</ul>\n");
}

static void unknowns(struct hs_buf *out)
{
  hs_buf_add_text(out, "<h2>What this export cannot tell</h2><dl>\n");
  for (const struct hs_start_unknown *one = hs_start_unknowns(); one->question != NULL; one++) {
    hs_buf_add_text(out, "<dt>");
    hs_buf_add_html(out, hs_str_of(one->question));
    hs_buf_printf(out, "</dt><dd>%c", one->why[0] - 'a' + 'A');
    hs_buf_add_html(out, hs_str_of(one->why + 1));
    hs_buf_add_text(out, ". It takes ");
    hs_buf_add_html(out, hs_str_of(one->instead));
    hs_buf_add_text(out, ".</dd>\n");
  }
  hs_buf_add_text(out, "</dl>\n");
}

void hs_start_html(const struct hs_start *start, struct hs_buf *out)
{
  hs_page_head(HS_STR("First portfolio page"), STYLE, out);
  hs_buf_add_text(out, "<h1>First portfolio page</h1>\n");
  paragraph(start, hs_start_words_source, "soft", out);
  paragraph(start, hs_start_words_left_out, "soft", out);
  paragraph(start, hs_start_words_totals, NULL, out);
  paragraph(start, hs_start_words_shared, NULL, out);
  partners(start, out);
  hs_buf_add_text(out, "<h2>All partners</h2>\n");
  paragraph(start, hs_start_words_concentration, NULL, out);
  paragraph(start, hs_start_words_reversal, NULL, out);
  paragraph(start, hs_start_words_approval, NULL, out);
  paragraph(start, hs_start_words_pending, NULL, out);
  paragraph(start, hs_start_words_trend, NULL, out);
  months(start, out);
  dormant(start, out);
  unknowns(out);
  hs_page_end(out);
}
