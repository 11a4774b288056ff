#include "service/believe/geo_words.h"

#include <math.h>
#include <stdio.h>

#include "service/believe/looks.h"

/* So many treated units are named; of more, these and a number. */
#define NAMED_MAX 5
/* Less is left out of lists: one part in a thousand of the comparison. */
#define WEIGHT_SHOWN 0.0005

void hs_geo_figure(double value, double size, char out[HS_GEO_FIGURE_TEXT])
{
  double digits = size > 0 ? 3 - floor(log10(size)) : 0;
  int decimals = digits < 0 ? 0 : digits > 9 ? 9 : (int)digits;
  if (isfinite(value) && fabs(value) < 1e15)
    (void)snprintf(out, HS_GEO_FIGURE_TEXT, "%.*f", decimals, value);
  else
    (void)snprintf(out, HS_GEO_FIGURE_TEXT, isfinite(value) ? "%.4g" : "–", value);
}

void hs_geo_range(double low, double high, double size, char out[HS_GEO_RANGE_TEXT])
{
  char from[HS_GEO_FIGURE_TEXT];
  char to[HS_GEO_FIGURE_TEXT];
  hs_geo_figure(low, size, from);
  hs_geo_figure(high, size, to);
  if (isfinite(low) && isfinite(high))
    (void)snprintf(out, HS_GEO_RANGE_TEXT, "%s to %s", from, to);
  else
    (void)snprintf(out, HS_GEO_RANGE_TEXT, "no interval");
}

const char *hs_geo_method_title(const struct hs_geo_answer *answer)
{
  int levels = answer->request.without_fixed_effects;
  switch (answer->result.method) {
  case HS_GEO_SC:
    return levels ? "synthetic control" : "synthetic control with unit fixed effects";
  case HS_GEO_ASCM:
    return levels ? "ridge-augmented synthetic control"
                  : "ridge-augmented synthetic control with unit fixed effects";
  case HS_GEO_SDID:
    return "synthetic difference-in-differences";
  case HS_GEO_TBR:
    return "regression on the total of the other regions";
  }
  return "";
}

void hs_geo_words_treated(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  size_t named = answer->treated_count <= NAMED_MAX ? answer->treated_count : NAMED_MAX - 1;
  for (size_t i = 0; i < named; i++) {
    hs_buf_add_text(out, i == 0 ? "" : ", ");
    (void)hs_buf_add_shown(out, answer->panel.units[answer->treated[i]], 40);
  }
  if (named < answer->treated_count)
    hs_buf_printf(out, " and %zu more", answer->treated_count - named);
}

void hs_geo_words_window(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  size_t after = result->period_count - result->start;
  hs_buf_add_text(out, "From ");
  (void)hs_buf_add_shown(out, answer->panel.periods[result->start], 40);
  hs_buf_add_text(out, " to ");
  (void)hs_buf_add_shown(out, answer->panel.periods[result->period_count - 1], 40);
  hs_buf_printf(out, ": %zu %s after %zu before, compared with %zu %s by %s.", after,
                hs_plural(after, "period", "periods"), result->start, result->donor_count,
                hs_plural(result->donor_count, "region", "regions"), hs_geo_method_title(answer));
}

static void interim(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  struct hs_looks looks =
      hs_looks_until(answer->planned_count, answer->days_between, result->level);
  hs_buf_printf(out,
                "Interim: %zu of %zu periods of the window have come. Figures, and no verdict. ",
                result->period_count - result->start, answer->planned_count);
  hs_looks_words(&looks, result->level, out);
}

static void undetermined(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  double periods = answer->periods_to_decide;
  double weeks = ceil(periods * answer->days_between / 7);
  if (isnan(periods))
    hs_buf_add_text(out, "Cannot tell, and no longer window that this history bears would tell an "
                         "effect of this size");
  else if (isnan(weeks))
    hs_buf_printf(out, "Cannot tell yet, needs about %.0f more %s if the effect is what it seems",
                  periods, hs_plural_rounded(periods, "period", "periods"));
  else
    hs_buf_printf(out, "Cannot tell yet, needs about %.0f more %s if the effect is what it seems",
                  weeks, hs_plural_rounded(weeks, "week", "weeks"));
  hs_buf_add_text(out, ": the effects that are compatible with these figures include none at all.");
}

void hs_geo_words_verdict(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  switch (result->verdict) {
  case HS_INFLUENCE_REFUSED:
    hs_buf_printf(out, "No verdict: %s.", result->refused_because);
    return;
  case HS_INFLUENCE_INTERIM:
    interim(answer, out);
    return;
  case HS_INFLUENCE_UNDETERMINED:
    undetermined(answer, out);
    return;
  case HS_INFLUENCE_UP:
    hs_buf_add_text(out, "It brought more: every effect that is compatible with these figures is "
                         "above 0.");
    return;
  case HS_INFLUENCE_DOWN:
    hs_buf_add_text(out, "It brought less: every effect that is compatible with these figures is "
                         "below 0.");
    return;
  }
}

/* The published test: the window as a stretch like any other. */
static void places_words(const struct hs_geo_result *result, struct hs_buf *out)
{
  double places = 1 / result->p_resolution;
  hs_buf_printf(out,
                "at %.0f of %.0f places in the series the other regions are at least as far off as "
                "in the window (%.3g). No p below %.3g is told, and the series holds %.1f windows "
                "of this length.",
                result->places.p * places, places, result->places.p, result->p_resolution,
                result->windows);
}

void hs_geo_words_test(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  hs_buf_printf(out, "p = %.3g that nothing changed", result->p);
  if (result->judge == HS_GEO_DRIFT)
    hs_buf_printf(out,
                  ", by how the comparison went astray before the start (memory that lasts has "
                  "%.0f %% of the weight%s). Were the window a stretch like any other: ",
                  100 * result->wandering,
                  result->louder > 1.005 ? ", and it may have grown louder" : "");
  else
    hs_buf_add_text(out, ", the window taken for a stretch like any other: ");
  places_words(result, out);
  if (result->judge == HS_GEO_PLACES && !isnan(result->drift.p))
    hs_buf_printf(out, " Free to wander it would be %.3g.", result->drift.p);
  if (result->judge == HS_GEO_PLACES && result->piece_count > 1)
    hs_buf_printf(out, " The compatible effects come in %zu pieces; the interval spans them.",
                  result->piece_count);
}

void hs_geo_words_overturn(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_overturn *overturn = &answer->result.overturn;
  char drift[HS_GEO_FIGURE_TEXT];
  char steepest[HS_GEO_FIGURE_TEXT];
  double size = fabs(overturn->drift);
  if (isnan(overturn->drift))
    return;
  hs_geo_figure(overturn->drift, size, drift);
  hs_buf_printf(out,
                "The verdict falls if these regions parted from the others by themselves by %s a "
                "period from the start on",
                drift);
  if (!isnan(overturn->steepest)) {
    hs_geo_figure(overturn->steepest, size, steepest);
    hs_buf_printf(out, "; over as long a time before the start they parted by at most %s",
                  steepest);
  }
  hs_buf_add_text(out, ".");
}

void hs_geo_words_grade(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  hs_buf_printf(out, "Evidence: %s (grade %s): %s.", hs_grade_word(result->grade),
                hs_grade_name(result->grade), result->grade_because);
}

void hs_geo_words_fit(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  char left[HS_GEO_FIGURE_TEXT];
  hs_geo_figure(result->l2, result->l2, left);
  hs_buf_printf(out, "Before the start the comparison leaves a distance of %s", left);
  if (result->l2_uniform > 0)
    hs_buf_printf(out, ", %.0f %% of what all regions alike would leave",
                  100 * result->l2 / result->l2_uniform);
  hs_buf_add_text(out, ".");
  if (result->method != HS_GEO_TBR && result->donor_count >= result->start)
    hs_buf_printf(out,
                  " With %zu regions and %zu periods many comparisons may fit alike; this is one "
                  "of them.",
                  result->donor_count, result->start);
}

void hs_geo_words_plain(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  char figure[HS_GEO_FIGURE_TEXT];
  hs_geo_figure(answer->result.plain, fabs(answer->result.plain), figure);
  hs_buf_printf(out,
                "Plain difference-in-differences, all regions alike, would say %s per region and "
                "period.",
                figure);
}

static void sdid_words(const struct hs_geo_errors *errors, struct hs_buf *out)
{
  char figure[HS_GEO_FIGURE_TEXT];
  if (!isnan(errors->placebo)) {
    hs_geo_figure(errors->placebo, errors->placebo, figure);
    hs_buf_printf(out, "Standard error %s, from %zu placebos (%s).", figure, errors->placebo_count,
                  errors->is_every_placebo ? "every region once" : "drawn by the seed");
  }
  if (!isnan(errors->jackknife)) {
    hs_geo_figure(errors->jackknife, errors->jackknife, figure);
    hs_buf_printf(out, "%sBy the jackknife %s.", isnan(errors->placebo) ? "" : " ", figure);
  }
}

void hs_geo_words_method(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  char range[HS_GEO_RANGE_TEXT];
  if (result->method == HS_GEO_ASCM)
    hs_buf_printf(out, "The penalty of the ridge regression is %.4g%s.", result->lambda,
                  isnan(answer->request.lambda) ? ", chosen by leaving out one period after another"
                                                : "");
  if (result->method == HS_GEO_ASCM && result->is_lambda_at_end)
    hs_buf_add_text(out, " It is the end of the range that is tried: a penalty beyond it may fit "
                         "better, which --lambda can say.");
  if (result->method == HS_GEO_SDID)
    sdid_words(&result->errors, out);
  if (result->method != HS_GEO_TBR)
    return;
  hs_geo_range(result->errors.classic_low, result->errors.classic_high, fabs(result->incremental),
               range);
  hs_buf_printf(out,
                "The regression's own interval for the total, %s, takes periods for independent "
                "and is usually too narrow.",
                range);
}

void hs_geo_words_placebos(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  if (result->placebo_count == 0)
    return;
  hs_buf_printf(out,
                "In %zu %s before the start, where nothing began, the same test found an effect in "
                "%zu.",
                result->placebo_count, hs_plural(result->placebo_count, "window", "windows"),
                result->placebo_rejected);
}

void hs_geo_words_contaminated(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  const char *between = "";
  char effect[HS_GEO_FIGURE_TEXT];
  char range[HS_GEO_RANGE_TEXT];
  if (result->contaminated_count == 0)
    return;
  for (size_t i = 0; i < result->donor_count; i++)
    if (result->donors[i].is_contaminated) {
      hs_buf_add_text(out, between);
      (void)hs_buf_add_shown(out, answer->panel.units[result->donors[i].unit], 40);
      between = ", ";
    }
  hs_geo_figure(result->clean.att, fabs(result->clean.att), effect);
  hs_geo_range(result->clean.low, result->clean.high, fabs(result->clean.att), range);
  hs_buf_printf(out,
                " broke away from the other regions at the start and should not be compared with. "
                "Without %s the effect is %s (%s; p = %.3g).",
                result->contaminated_count == 1 ? "it" : "them", effect, range, result->clean.p);
}

void hs_geo_words_return(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_return *returned = &answer->returned;
  char cost[HS_GEO_FIGURE_TEXT];
  char value[HS_GEO_FIGURE_TEXT];
  char range[HS_GEO_RANGE_TEXT];
  if (isnan(returned->cost))
    return;
  hs_geo_figure(returned->cost, fabs(returned->cost), cost);
  if (returned->cost > 0 && isnan(returned->value)) {
    hs_buf_printf(out, "It cost %s more than before; evidence of grade D carries no return.", cost);
    return;
  }
  if (isnan(returned->value)) {
    hs_buf_printf(out, "No more was spent in the window than before (%s), so there is no return.",
                  cost);
    return;
  }
  hs_geo_figure(returned->value, fabs(returned->value), value);
  hs_geo_range(returned->low, returned->high, fabs(returned->value), range);
  hs_buf_printf(out, "It cost %s more than before: %s per unit of cost (%s).", cost, value, range);
}

/* By insertion: there are some hundreds at most, and most carry no weight. */
size_t hs_geo_by_weight(const struct hs_geo_result *result, size_t *order)
{
  size_t count = 0;
  for (size_t i = 0; i < result->donor_count; i++) {
    double weight = fabs(result->donors[i].weight);
    size_t at = count;
    if (!(weight >= WEIGHT_SHOWN))
      continue;
    for (; at > 0 && fabs(result->donors[order[at - 1]].weight) < weight; at--)
      order[at] = order[at - 1];
    order[at] = i;
    count++;
  }
  return count;
}
