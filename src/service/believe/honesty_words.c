#include "service/believe/honesty_words.h"

#include <math.h>

#include "service/believe/report_words.h"

void hs_words_honesty_verdict(const struct hs_honesty *honesty,
                              const struct hs_settle_answer *settle, double weeks_gone,
                              struct hs_buf *out)
{
  if (honesty->verdict != HS_HONESTY_UNDETERMINED) {
    hs_buf_add_text(out, hs_honesty_verdict_name(honesty->verdict));
    return;
  }
  if (honesty->is_by_chance) {
    hs_buf_add_text(out, "cannot tell: one of so many may look so by chance");
    return;
  }
  if (settle == NULL) {
    hs_buf_add_text(out, "cannot tell");
    return;
  }
  if (!settle->could[HS_SETTLE_WAIT]) {
    hs_buf_add_text(out, "cannot tell: more weeks alone will not");
    return;
  }
  double weeks = ceil(fmax(1, settle->weeks[HS_SETTLE_WAIT] - weeks_gone));
  hs_buf_printf(out, "cannot tell yet, needs %.0f %s", weeks,
                hs_plural_rounded(weeks, "week", "weeks"));
}

void hs_words_honesty_ratio(const struct hs_honesty *honesty, struct hs_buf *out)
{
  const struct hs_honesty_figure *r = &honesty->ratio;
  char text[HS_FIGURE_INTERVAL_TEXT];
  if (isnan(r->mean))
    return;
  hs_figure_interval(r->mean, r->low, r->high, text);
  hs_buf_printf(out, "for each 1 tracked %s", text);
}

/* Of 100 no more than 100 and no less than none can be. */
static double of_100(double share) { return fmin(100, fmax(0, 100 * share)); }

static int is_clipped(const struct hs_honesty_figure *share)
{
  return share->low < 0 || share->high > 1;
}

static void points_words(const struct hs_honesty_points *points, struct hs_buf *out)
{
  const struct hs_honesty_figure *kappa = &points->kappa;
  char halo[HS_FIGURE_INTERVAL_TEXT];
  hs_figure_interval(points->halo.mean, points->halo.low, points->halo.high, halo);
  hs_buf_printf(out,
                "Would not have bought otherwise: %.0f of 100 [%.0f, %.0f]. Extra sales elsewhere: "
                "%s.\n",
                of_100(kappa->mean), of_100(kappa->low), of_100(kappa->high), halo);
  if (is_clipped(kappa))
    hs_buf_printf(out,
                  "(The hold-out's own interval is %.0f to %.0f; outside of 0 to 100 nothing can "
                  "be, and it is cut there.)\n",
                  100 * kappa->low, 100 * kappa->high);
  if (points->contradicts)
    hs_buf_add_text(out, "The hold-out contradicts the lines: one of the two designs is broken, or "
                         "the partner drives sales away.\n");
}

void hs_words_separation(double tracked, const struct hs_honesty_bounds *bounds,
                         const struct hs_honesty_points *points, double hold_out_orders,
                         struct hs_buf *out)
{
  char figure[HS_FIGURE_TEXT];
  char sold[HS_FIGURE_TEXT];
  if (points != NULL) {
    points_words(points, out);
    return;
  }
  hs_figure_of_any_size(bounds->halo_least_sure, figure);
  hs_buf_printf(out,
                "Would not have bought otherwise: at most %.0f of 100 tracked. Extra sales "
                "elsewhere: at least %s.",
                of_100(bounds->kappa_most_sure), figure);
  hs_figure_of_any_size(bounds->difference, figure);
  hs_buf_printf(out, " These data fix only the difference, %s", figure);
  if (hold_out_orders > 0)
    hs_buf_printf(out, "; a hold-out of %.0f orders separates the two", ceil(hold_out_orders));
  hs_buf_add_text(out, ".\n");
  if (bounds->kappa_most_sure >= 0)
    return;
  hs_figure_of_any_size((1 - bounds->kappa_most_sure) * tracked, figure);
  hs_figure_of_any_size(tracked, sold);
  hs_buf_printf(out,
                "The lines contradict this: they surely lost %s, and only %s is tracked, of which "
                "more cannot have been taken from them. Either a line holds the total or another "
                "line, so that a loss counts twice, or the partner drives customers away.\n",
                figure, sold);
}

void hs_words_settle(const struct hs_honesty *honesty, const struct hs_settle_answer *settle,
                     struct hs_buf *out)
{
  char withheld[HS_FIGURE_TEXT];
  if (settle == NULL || honesty->verdict != HS_HONESTY_UNDETERMINED)
    return;
  hs_figure_of_any_size(settle->is_any ? settle->withheld[settle->best] : 0, withheld);
  if (!settle->is_any)
    hs_buf_add_text(out,
                    "What would settle it: nothing within two years that is open here; it lies "
                    "too close to an edge of the band for its noise.\n");
  else if (settle->withheld[settle->best] > 0)
    hs_buf_printf(out,
                  "What would settle it: %s for %.0f weeks, during which about %s of its sales are "
                  "not made.\n",
                  hs_settle_name(settle->best), settle->weeks[settle->best], withheld);
  else
    hs_buf_printf(
        out, "What would settle it: %s for %.0f weeks; as now believed no sale is lost by it.\n",
        hs_settle_name(settle->best), settle->weeks[settle->best]);
}

void hs_words_evidence(enum hs_grade grade, const char *because, struct hs_buf *out)
{
  hs_buf_printf(out, "Evidence: %s (grade %s): %s.\n", hs_grade_word(grade), hs_grade_name(grade),
                because != NULL ? because : hs_grade_meaning(grade));
}
