/* A fit as one page: the verdict, a picture of each overlap with its interval, and both sides' most
   common values beside each other. */
#include <math.h>

#include "service/decide/fit.h"
#include "service/joint/statement_page.h"

/* The picture: 0 to 1 from left to right, a mark at the border of alike. */
#define PICTURE_LEFT 160.0
#define PICTURE_WIDTH 560.0
#define PICTURE_ROW 26.0
#define PICTURE_NAME_MAX ((size_t)20)

static double place(double overlap) { return PICTURE_LEFT + PICTURE_WIDTH * overlap; }

static void picture_row(struct hs_str name, const struct hs_fit_overlap *overlap, double y,
                        struct hs_buf *out)
{
  hs_buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">", PICTURE_LEFT - 12, y + 4);
  hs_page_text_cut(name, PICTURE_NAME_MAX, out);
  hs_buf_add_text(out, "</text>");
  if (isnan(overlap->overlap))
    hs_buf_printf(out, "<text class=\"soft\" x=\"%.1f\" y=\"%.1f\">cannot tell yet</text>\n",
                  place(0), y + 4);
  else
    hs_buf_printf(out,
                  "<path d=\"M%.1f %.1fH%.1f\" stroke=\"currentColor\" stroke-width=\"2\"/>"
                  "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\"/>\n",
                  place(overlap->low), y, place(overlap->high), place(overlap->overlap), y);
}

static void picture(const struct hs_fit *fit, struct hs_buf *out)
{
  double height = PICTURE_ROW * (double)(fit->dimension_count + 1);
  double y = PICTURE_ROW / 2;
  hs_buf_printf(out,
                "<svg viewBox=\"0 0 %.0f %.0f\" width=\"100%%\" role=\"img\" "
                "aria-label=\"Overlap of each dimension, 0 to 1\" fill=\"currentColor\" "
                "font-size=\"13\">\n"
                "<path d=\"M%.1f 0V%.1f\" stroke=\"currentColor\" stroke-dasharray=\"3 4\"/>\n",
                PICTURE_LEFT + PICTURE_WIDTH + 20, height, place(HS_FIT_ALIKE_FROM),
                height - PICTURE_ROW);
  for (size_t i = 0; i < fit->dimension_count; i++, y += PICTURE_ROW)
    picture_row(fit->dimensions[i].name, &fit->dimensions[i].overlap, y, out);
  hs_buf_printf(out,
                "<text x=\"%.1f\" y=\"%.1f\">0</text>"
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">alike from .60</text>"
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">1</text></svg>\n",
                place(0), y + 4, place(HS_FIT_ALIKE_FROM), y + 4, place(1), y + 4);
}

static void overlap_cells(const struct hs_fit_overlap *overlap, struct hs_buf *out)
{
  struct hs_buf words = hs_buf_in(out->arena);
  hs_fit_likeness_words(overlap, &words);
  hs_buf_printf(out, "<td class=\"n\">%.0f</td><td class=\"n\">%.0f</td>", overlap->ours,
                overlap->theirs);
  if (isnan(overlap->overlap))
    hs_buf_add_text(out, "<td class=\"n\">–</td><td class=\"n\">–</td>");
  else
    hs_buf_printf(out, "<td class=\"n\">%.2f</td><td class=\"n\">%.2f–%.2f</td>", overlap->overlap,
                  overlap->low, overlap->high);
  hs_page_words(&words, "<td>", "</td>", out);
}

static void share(double people, double all, const char *whose, struct hs_buf *out)
{
  if (all > 0)
    hs_buf_printf(out, ", %.0f %% of %s", 100 * people / all, whose);
}

static void values_cell(const struct hs_fit_dimension *dimension, struct hs_buf *out)
{
  size_t count = dimension->value_count < HS_FIT_TOP ? dimension->value_count : HS_FIT_TOP;
  hs_buf_add_text(out, "<td>");
  for (size_t i = 0; i < count; i++) {
    hs_buf_add_text(out, i == 0 ? "" : "<br>");
    hs_page_text(dimension->values[i].text, out);
    share(dimension->values[i].ours, dimension->overlap.ours, "ours", out);
    share(dimension->values[i].theirs, dimension->overlap.theirs, "theirs", out);
  }
  hs_buf_add_text(out, "</td>");
}

static void about_table(const struct hs_fit *fit, enum hs_fit_about about, const char *title,
                        struct hs_buf *out)
{
  hs_buf_printf(out,
                "<h2>%s</h2>\n<div class=\"wide\"><table><thead><tr><th></th>"
                "<th class=\"n\">ours</th><th class=\"n\">theirs</th><th class=\"n\">overlap</th>"
                "<th class=\"n\">95 %%</th><th></th><th>most common</th></tr></thead><tbody>\n",
                title);
  for (size_t i = 0; i < fit->dimension_count; i++) {
    if (fit->dimensions[i].about != about)
      continue;
    hs_buf_add_text(out, "<tr>");
    hs_page_cell(fit->dimensions[i].name, out);
    overlap_cells(&fit->dimensions[i].overlap, out);
    values_cell(&fit->dimensions[i], out);
    hs_buf_add_text(out, "</tr>\n");
  }
  hs_buf_add_text(out, "<tr class=\"sum\"><td>together</td>");
  overlap_cells(&fit->about[about], out);
  hs_buf_add_text(out, "<td></td></tr>\n</tbody></table></div>\n");
}

void hs_fit_html(const struct hs_fit *fit, struct hs_buf *out)
{
  hs_page_begin(HS_STR("Do they want what ours want?"), out);
  hs_buf_add_text(out, "<p class=\"first\">");
  hs_page_text(hs_str_of(hs_fit_verdict_words(fit->verdict)), out);
  hs_buf_add_text(out, "</p>\n");
  picture(fit, out);
  about_table(fit, HS_FIT_INTENT, "What they want", out);
  about_table(fit, HS_FIT_DEMOGRAPHICS, "Who they are", out);
  hs_buf_add_text(out, "<footer class=\"soft\"><p>");
  hs_page_text(hs_str_of(hs_fit_meaning_words()), out);
  hs_buf_add_text(out, "</p></footer>\n");
  hs_page_end(out);
}
