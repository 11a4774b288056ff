/* Lifetimes as CSV and as a page. */
#include <math.h>

#include "service/decide/lifetime_write.h"
#include "service/page.h"

static void csv_number(double value, struct hs_buf *out)
{
  hs_buf_add_char(out, ',');
  if (isfinite(value))
    hs_buf_add_double(out, value);
}

static void csv_model(const struct hs_lifetime_model *model, const char *name, int last,
                      struct hs_buf *out)
{
  for (int i = 0; i <= last; i++) {
    const struct hs_lifetime_figure *figure = &model->figures[i];
    hs_buf_printf(out, "%s,%s", name,
                  hs_lifetime_name(model->fit.parameters.model, (enum hs_lifetime_kind)i));
    csv_number(figure->value, out);
    csv_number(figure->low, out);
    csv_number(figure->high, out);
    csv_number(figure->bootstrap_low, out);
    csv_number(figure->bootstrap_high, out);
    hs_buf_add_text(out, "\r\n");
  }
}

void hs_lifetime_csv(const struct hs_lifetime *lifetime, struct hs_buf *out)
{
  hs_buf_add_text(out, "model,figure,value,low,high,bootstrap_low,bootstrap_high\r\n");
  csv_model(&lifetime->bgnbd, "bg_nbd",
            lifetime->has_values ? HS_LIFETIME_NEXT_VALUE : HS_LIFETIME_ALIVE, out);
  if (lifetime->has_pareto)
    csv_model(&lifetime->pareto, "pareto_nbd", HS_LIFETIME_ALIVE, out);
}

/* ---- page ---- */

static const char STYLE[] = HS_PAGE_COLOURS("", "")
    HS_PAGE_BODY("56rem") "h1{font-size:1.6rem;margin:0 0 1rem}"
                          "h2{font-size:1.2rem;margin:2rem 0 .4rem}"
                          "p{max-width:46rem}"
                          ".wide{overflow-x:auto}"
                          "table{border-collapse:collapse;margin:.8rem 0;"
                          "font-variant-numeric:tabular-nums}"
                          "th,td{padding:.3rem .8rem;text-align:right;"
                          "border-bottom:1px solid var(--line)}"
                          "th{color:var(--soft);font-weight:600}"
                          "td:first-child,th:first-child{text-align:left}"
                          ".soft{color:var(--soft)}" HS_PAGE_PRINT(
                              "", "10pt") "h2,tr{break-inside:avoid}@page{margin:16mm}}";

static void interval(double low, double high, struct hs_buf *out)
{
  if (isfinite(low) && isfinite(high))
    hs_buf_printf(out, "<td>%.5g to %.5g</td>", low, high);
  else
    hs_buf_add_text(out, "<td>–</td>");
}

static void table(const char *title, const struct hs_lifetime_model *model, int first, int last,
                  struct hs_buf *out)
{
  hs_buf_printf(out,
                "<h2>%s</h2>\n<div class=\"wide\"><table><thead><tr><th></th><th>figure</th>"
                "<th>by curvature</th><th>by resampling</th></tr></thead><tbody>\n",
                title);
  for (int i = first; i <= last; i++) {
    const struct hs_lifetime_figure *figure = &model->figures[i];
    hs_buf_printf(out, "<tr><td>%s</td>",
                  hs_lifetime_words(model->fit.parameters.model, (enum hs_lifetime_kind)i));
    if (isfinite(figure->value))
      hs_buf_printf(out, "<td>%.5g</td>", figure->value);
    else
      hs_buf_add_text(out, "<td>–</td>");
    interval(figure->low, figure->high, out);
    interval(figure->bootstrap_low, figure->bootstrap_high, out);
    hs_buf_add_text(out, "</tr>\n");
  }
  hs_buf_add_text(out, "</tbody></table></div>\n");
}

static void refused(const char *what, const struct hs_err *because, struct hs_buf *out)
{
  if (because->text[0] == 0)
    return;
  hs_buf_printf(out, "<p>%s ", what);
  hs_page_text(hs_str_of(because->text), out);
  hs_buf_add_text(out, ".</p>\n");
}

void hs_lifetime_html_begin(const struct hs_lifetime *lifetime, struct hs_str unit,
                            struct hs_buf *out)
{
  struct hs_buf words = hs_buf_in(out->arena);
  hs_page_head(HS_STR("What customers are worth"), STYLE, out);
  hs_buf_add_text(out, "<h1>What customers are worth</h1>\n");
  hs_lifetime_words_head(lifetime, unit, &words);
  hs_page_paragraph(&words, NULL, out);
  if (lifetime->has_values)
    table("What a purchase and a customer are worth", &lifetime->bgnbd, HS_LIFETIME_P,
          HS_LIFETIME_NEXT_VALUE, out);
  refused("What customers are worth cannot be said:", &lifetime->spend_refused, out);
  table("How often they buy, and when they stop: BG/NBD", &lifetime->bgnbd, HS_LIFETIME_R,
        HS_LIFETIME_ALIVE, out);
  if (lifetime->has_pareto)
    table("A second opinion: Pareto/NBD", &lifetime->pareto, HS_LIFETIME_R, HS_LIFETIME_ALIVE, out);
  refused("The Pareto/NBD, a second opinion, is not there:", &lifetime->pareto_refused, out);
}

void hs_lifetime_html_holdout(const struct hs_lifetime *lifetime, struct hs_buf *out)
{
  if (!lifetime->has_holdout) {
    hs_buf_add_text(out, "<p class=\"soft\">No hold-out: nothing here was kept from the models to "
                         "hold them against.</p>\n");
    return;
  }
  hs_buf_printf(out,
                "<h2>Held against what followed</h2>\n<div class=\"wide\"><table><thead><tr>"
                "<th>repeats before</th><th>customers</th><th>bought</th><th>BG/NBD</th>%s</tr>"
                "</thead><tbody>\n",
                lifetime->has_pareto ? "<th>Pareto/NBD</th>" : "");
  for (size_t i = 0; i <= HS_HOLDOUT_CLASSES; i++) {
    int is_total = i == HS_HOLDOUT_CLASSES;
    const struct hs_holdout_row *row = is_total ? &lifetime->holdout_total : &lifetime->holdout[i];
    if (is_total)
      hs_buf_add_text(out, "<tr><td>all</td>");
    else
      hs_buf_printf(out, "<tr><td>%zu%s</td>", i, i + 1 == HS_HOLDOUT_CLASSES ? "+" : "");
    hs_buf_printf(out, "<td>%.0f</td><td>%.0f</td><td>%.1f</td>", row->customers, row->actual,
                  row->bgnbd);
    if (lifetime->has_pareto)
      hs_buf_printf(out, "<td>%.1f</td>", row->pareto);
    hs_buf_add_text(out, "</tr>\n");
  }
  hs_buf_add_text(out, "</tbody></table></div>\n");
}
