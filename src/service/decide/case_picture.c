#include "service/decide/case_picture.h"

#include <math.h>

#include "service/decide/case_answer.h"
#include "service/decide/case_words.h"
#include "service/page.h"

/* ---- the ways -------------------------------------------------------------------------------- */

#define WAYS_WIDTH 480.0
#define WAYS_ROW 46.0
#define WAYS_MARGIN 8.0

/* From an amount to a place on the picture; 0 is always on it. */
struct scale {
  double low, high;
};

static double place(const struct scale *scale, double amount)
{
  return WAYS_MARGIN +
         (amount - scale->low) / (scale->high - scale->low) * (WAYS_WIDTH - 2 * WAYS_MARGIN);
}

static void take_in(struct scale *scale, const struct hs_estimate *net)
{
  if (isfinite(net->low) && isfinite(net->high)) {
    scale->low = fmin(scale->low, net->low);
    scale->high = fmax(scale->high, net->high);
  }
}

static void way_row(const struct scale *scale, const struct hs_choice *choice, enum hs_way way,
                    double y, struct hs_buf *out)
{
  const struct hs_estimate *net = hs_capital_net(choice, way);
  char words[HS_CAPITAL_INTERVAL];
  hs_capital_interval(net, words);
  hs_buf_printf(out,
                "<text x=\"%.0f\" y=\"%.1f\"><tspan font-weight=\"600\">%s</tspan>  %s</text>"
                "<text class=\"soft\" x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">best in %.0f of "
                "100</text>",
                WAYS_MARGIN, y + 14, hs_capital_way_name(way), words, WAYS_WIDTH - WAYS_MARGIN,
                y + 14, 100 * choice->p_best[way]);
  if (!isfinite(net->low) || !isfinite(net->high))
    return;
  double from = place(scale, net->low), to = place(scale, net->high);
  hs_buf_printf(out,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"9\" rx=\"2\" "
                "fill=\"var(--bar)\" opacity=\".45\"/><rect x=\"%.1f\" y=\"%.1f\" width=\"4\" "
                "height=\"15\" fill=\"var(--bar)\"/>\n",
                from, y + 24, fmax(to - from, 1), place(scale, net->middle) - 2, y + 21);
}

void hs_capital_picture_ways(const struct hs_capital_case *case_, const struct hs_choice *choice,
                             struct hs_buf *out)
{
  struct scale scale = {0, 0};
  size_t rows = 0;
  for (size_t i = 0; i < HS_WAY_COUNT; i++)
    if (hs_capital_is_weighed(choice, (enum hs_way)i)) {
      take_in(&scale, hs_capital_net(choice, (enum hs_way)i));
      rows++;
    }
  if (!(scale.high > scale.low))
    return;
  double zero = place(&scale, 0), height = (double)rows * WAYS_ROW;
  hs_buf_printf(
      out,
      "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"net present value of each "
      "way in %s, with its interval of %.0f %%; the line is 0\">\n",
      WAYS_WIDTH, height + 2, case_->currency.code, 100 * case_->options.level);
  double y = 0;
  for (size_t i = 0; i < HS_WAY_COUNT; i++)
    if (hs_capital_is_weighed(choice, (enum hs_way)i)) {
      hs_buf_printf(out,
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"var(--ink)\" "
                    "stroke-width=\"1\"/>",
                    zero, zero, y + 19, y + 38);
      way_row(&scale, choice, (enum hs_way)i, y, out);
      y += WAYS_ROW;
    }
  hs_buf_add_text(out, "</svg>\n");
}

/* ---- cost against what it brings --------------------------------------------------------------
 */

#define COSTS_WIDTH 960.0
#define LABEL 190.0
#define ROW 24.0
#define COSTS_ROWS 14

/* What the tracked customers of a line are worth, if all of them were caused. */
static double all_of_it(const struct hs_capital_line *line)
{
  return fmax(line->tracked * line->economics.value.middle, 0);
}

static int is_shown(const struct hs_capital_line *line)
{
  return line->is_partner && line->total > 0;
}

static void cost_row(const struct hs_capital_line *line, double y, double scale, struct hs_buf *out)
{
  hs_buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">", LABEL - 10, y + 15);
  hs_page_text_cut(line->title, 24, out);
  hs_buf_printf(out,
                "</text><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"8\" "
                "fill=\"var(--warn)\"/><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"8\" "
                "fill=\"var(--bar)\"/>\n",
                LABEL, y + 3, line->total * scale, LABEL, y + 12, all_of_it(line) * scale);
}

void hs_capital_picture_costs(const struct hs_capital_case *case_, struct hs_buf *out)
{
  double most = 0, y = 0;
  size_t rows = 0;
  for (size_t i = 0; i < case_->count && rows < COSTS_ROWS; i++)
    if (is_shown(&case_->lines[i])) {
      most = fmax(most, fmax(case_->lines[i].total, all_of_it(&case_->lines[i])));
      rows++;
    }
  if (!(most > 0))
    return;
  hs_buf_printf(out,
                "<h2>The dearest partners: cost, and what their tracked customers are worth</h2>\n"
                "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"cost of the dearest "
                "partners and what their tracked customers are worth\">\n",
                COSTS_WIDTH, (double)rows * ROW + 4);
  for (size_t i = 0, row = 0; i < case_->count && row < rows; i++)
    if (is_shown(&case_->lines[i])) {
      cost_row(&case_->lines[i], y, (COSTS_WIDTH - LABEL - 20) / most, out);
      y += ROW;
      row++;
    }
  hs_buf_add_text(out,
                  "</svg>\n<p class=\"soft\">Above: what it cost, fully loaded. Below: what its "
                  "tracked customers are worth, if every one of them would not have come "
                  "otherwise.</p>\n");
}
