/* The report and the truth side by side. What the report attributes is true as a division of orders
   among those who touched them; what would not have been sold without a partner is another
   question, and this table shows how far apart the two may lie. */
#include <math.h>
#include <string.h>

#include "service/believe/report_words.h"
#include "service/demo/demo.h"

enum { NAME_WIDTH = 19, KIND_WIDTH = 13, FIGURE_WIDTH = 12 };

/* Within a quarter of each other two figures are called about the same: half of what separates
   models of the report from each other. */
#define ABOUT_THE_SAME 0.8

static const struct hs_report_line *line_of(const struct hs_report *report, struct hs_str name)
{
  for (size_t i = 0; i < report->line_count; i++)
    if (report->lines[i].is_partner && hs_str_equal(report->lines[i].name, name))
      return &report->lines[i];
  return NULL;
}

static double in_units(const struct hs_report *report, int64_t minor)
{
  return (double)minor / pow(10, hs_currency_digits(report->currency));
}

static void cell(struct hs_buf *out, struct hs_str text, int width)
{
  size_t shown = hs_buf_add_shown(out, text, (size_t)width - 1);
  hs_buf_printf(out, "%*s", width - (int)shown, "");
}

static void figure(struct hs_buf *out, double value)
{
  char text[HS_FIGURE_TEXT];
  hs_figure(value, 0, text);
  hs_buf_printf(out, "%*s", FIGURE_WIDTH, text);
}

static void verdict(const struct hs_report_line *line, double attributed, double truth,
                    const struct hs_demo_partner *partner, struct hs_buf *out)
{
  if (truth < 0)
    hs_buf_add_text(out, "more would have been sold without it");
  else if (truth == 0 && partner->orders_tracked == 0)
    hs_buf_add_text(out, "activity without sales yet");
  else if (truth == 0)
    hs_buf_add_text(out, "0: would have been sold anyway");
  else if (line == NULL || line->is_insufficient)
    hs_buf_add_text(out, "too small for the report to tell");
  else if (truth * ABOUT_THE_SAME > attributed)
    hs_buf_printf(out, "%.1f times that: %s", truth / attributed,
                  partner->halo_minor > partner->incremental_minor / 2
                      ? "extra sales elsewhere"
                      : "it decides sales that others share");
  else if (truth >= attributed * ABOUT_THE_SAME)
    hs_buf_add_text(out, "about the same");
  else
    hs_buf_printf(out, "%.0f of 100 would not have bought otherwise", truth / attributed * 100);
}

static void partner_row(const struct hs_report *report, const struct hs_demo_partner *partner,
                        struct hs_buf *out)
{
  const struct hs_report_line *line = line_of(report, partner->name);
  double attributed = line == NULL || isnan(line->revenue) ? 0 : line->revenue;
  double truth = in_units(report, partner->incremental_minor);
  hs_buf_add_text(out, "  ");
  cell(out, line == NULL ? partner->name : line->title, NAME_WIDTH);
  cell(out, partner->kind, KIND_WIDTH);
  figure(out, attributed);
  figure(out, truth);
  hs_buf_add_text(out, "  ");
  verdict(line, attributed, truth, partner, out);
  hs_buf_add_char(out, '\n');
}

static double attributed_to_partners(const struct hs_report *report)
{
  double sum = 0;
  for (size_t i = 0; i < report->line_count; i++)
    if (report->lines[i].is_partner && !isnan(report->lines[i].revenue))
      sum += report->lines[i].revenue;
  return sum;
}

static void totals(const struct hs_report *report, const struct hs_demo_truth *truth,
                   struct hs_buf *out)
{
  char attributed[HS_FIGURE_TEXT];
  char missing[HS_FIGURE_TEXT];
  char sold[HS_FIGURE_TEXT];
  hs_figure(attributed_to_partners(report), 0, attributed);
  hs_figure(in_units(report, truth->sold_minor - truth->sold_without_partners_minor), 0, missing);
  hs_figure(in_units(report, truth->sold_minor), 0, sold);
  hs_buf_printf(
      out,
      "\n  All together: %s %s attributed to partners; without all of them %s of the\n"
      "  %s %s sold would be missing. Partners replace and strengthen each other, so the\n"
      "  column does not sum to that.\n",
      attributed, report->currency.code, missing, sold, report->currency.code);
}

static void tracking(const struct hs_report *report, const struct hs_demo_truth *truth,
                     struct hs_buf *out)
{
  char assumed[HS_FIGURE_TEXT];
  char lost[HS_FIGURE_TEXT];
  hs_figure_share(report->loss_share, assumed);
  hs_figure_share(truth->touches > 0 ? (double)truth->touches_lost / (double)truth->touches
                                     : (double)NAN,
                  lost);
  hs_buf_printf(
      out,
      "  Tracking: in truth %s of touchpoints never reached the files; the report, which\n"
      "  cannot see them, took %s for its bounds.\n",
      lost, assumed);
}

void hs_demo_text(const struct hs_report *report, const struct hs_demo_truth *truth,
                  const struct hs_report_style *style, struct hs_buf *out)
{
  const char *strong = style->has_colour ? "\033[1m" : "";
  const char *faint = style->has_colour ? "\033[2m" : "";
  const char *plain = style->has_colour ? "\033[0m" : "";
  hs_buf_printf(
      out,
      "\n%sThe known truth beside it%s\n"
      "  Only a simulation knows what would have been sold without a partner. In %s, net of "
      "refunds:\n\n%s",
      strong, plain, report->currency.code, faint);
  hs_buf_printf(out, "  %-*s%-*s%*s%*s\n", NAME_WIDTH, "", KIND_WIDTH, "", FIGURE_WIDTH,
                "attributed", FIGURE_WIDTH, "not sold");
  hs_buf_printf(out, "  %-*s%-*s%*s%*s  in words%s\n", NAME_WIDTH, "partner", KIND_WIDTH, "kind",
                FIGURE_WIDTH, "revenue", FIGURE_WIDTH, "without it", plain);
  for (size_t i = 0; i < truth->partner_count; i++)
    if (truth->partners[i].name.length > 0)
      partner_row(report, &truth->partners[i], out);
  totals(report, truth, out);
  tracking(report, truth, out);
}
