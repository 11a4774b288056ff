#include "service/believe/influence_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* z of a two-sided test at 5 % and of a power of 80 %: together the smallest effect, in standard
   deviations, that a test would find in four of five cases. */
#define DETECTABLE_SDS (1.959963984540054 + 0.8416212335729143)

/* Longer than this nobody waits. */
#define WEEKS_MAX 104.0

int hs_influence_digits(const struct hs_influence_estimate *estimate)
{
  double scale = estimate->sd > 0 ? estimate->sd : fabs(estimate->actual);
  if (!(scale > 0) || isinf(scale))
    return 0;
  return (int)fmin(6, fmax(0, 2 - floor(log10(scale))));
}

void hs_influence_range(double low, double high, int digits, char out[HS_FIGURE_RANGE_TEXT])
{
  char from[HS_FIGURE_TEXT];
  char to[HS_FIGURE_TEXT];
  hs_figure(low, digits, from);
  hs_figure(high, digits, to);
  if (isnan(low) || isnan(high))
    memcpy(out, "–", sizeof "–");
  else
    (void)snprintf(out, HS_FIGURE_RANGE_TEXT, "%s to %s", from, to);
}

/* Two figures of the deviation, in percent, behind the point. */
static int share_digits(const struct hs_influence_estimate *relative)
{
  double scale = 100 * relative->sd;
  return scale > 0 ? (int)fmin(4, fmax(0, 1 - floor(log10(scale)))) : 1;
}

void hs_influence_share(const struct hs_influence_estimate *relative, char out[HS_FIGURE_TEXT])
{
  (void)snprintf(out, HS_FIGURE_TEXT, "%+.*f %%", share_digits(relative), 100 * relative->effect);
}

void hs_influence_share_range(const struct hs_influence_estimate *relative,
                              char out[HS_FIGURE_RANGE_TEXT])
{
  int digits = share_digits(relative);
  if (isnan(relative->low) || isnan(relative->high))
    memcpy(out, "–", sizeof "–");
  else
    (void)snprintf(out, HS_FIGURE_RANGE_TEXT, "%+.*f %% to %+.*f %%", digits, 100 * relative->low,
                   digits, 100 * relative->high);
}

static void add_name(struct hs_str name, struct hs_buf *out)
{
  (void)hs_buf_add_shown(out, name, 40);
}

void hs_influence_words_question(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  const struct hs_influence_result *result = &answer->result;
  const struct hs_periods_request *file = &answer->request.file;
  char from[HS_TIME_TEXT];
  char until[HS_TIME_TEXT];
  hs_periods_format(&answer->periods, result->start, from);
  hs_periods_format(&answer->periods, result->end - 1, until);
  add_name(file->outcome, out);
  hs_buf_printf(out, " from %s to %s, against what the %zu periods before foretell", from, until,
                result->start);
  for (size_t c = 0; c < file->control_count && c < 3; c++) {
    hs_buf_add_text(out, c == 0 ? " with " : c + 1 == file->control_count ? " and " : ", ");
    add_name(file->controls[c], out);
  }
  if (file->control_count > 3)
    hs_buf_printf(out, " and %zu more", file->control_count - 3);
}

/* How long it would take to tell the effect that is estimated, if weeks err independently. */
static void add_weeks_needed(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  const struct hs_influence_result *result = &answer->result;
  const struct hs_periods *periods = &answer->periods;
  double ratio = DETECTABLE_SDS * result->average.sd / fabs(result->average.effect);
  if (!periods->is_day || periods->count < 2 || !isfinite(ratio))
    return;
  double step = periods->times[1] - periods->times[0];
  double weeks = ceil((double)result->judged_count * step / 7 * ratio * ratio);
  if (weeks <= WEEKS_MAX)
    hs_buf_printf(out, " An effect as estimated needs about %.0f %s.", weeks,
                  hs_plural_rounded(weeks, "week", "weeks"));
}

static void undetermined(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  const struct hs_influence_estimate *average = &answer->result.average;
  char figure[HS_FIGURE_TEXT];
  hs_figure(DETECTABLE_SDS * average->sd, hs_influence_digits(average), figure);
  hs_buf_printf(
      out,
      "Cannot tell yet: the %g %% interval of the effect holds 0. That is no evidence of no "
      "effect: one of less than about %s a period would have been missed more often "
      "than once in five times.",
      100 * answer->result.level, figure);
  add_weeks_needed(answer, out);
}

void hs_influence_words_verdict(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  const struct hs_influence_result *result = &answer->result;
  switch (result->verdict) {
  case HS_INFLUENCE_REFUSED:
    hs_buf_printf(out, "Refused: %s.", result->refused_because);
    break;
  case HS_INFLUENCE_INTERIM:
    hs_buf_add_text(
        out, "Interim: the end of the window has not come. Figures, and no verdict: who stops at "
             "the first good ones is wrong far more often than the level says.");
    break;
  case HS_INFLUENCE_UNDETERMINED:
    undetermined(answer, out);
    break;
  case HS_INFLUENCE_UP:
  case HS_INFLUENCE_DOWN:
    hs_buf_printf(out,
                  "%s: the %g %% interval of the effect leaves 0 out. Whatever else began at the "
                  "same time is in it too.",
                  result->verdict == HS_INFLUENCE_UP ? "Up" : "Down", 100 * result->level);
    break;
  }
}

void hs_influence_words_grade(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  const struct hs_influence_result *result = &answer->result;
  hs_buf_printf(out, "Evidence: %s (grade %s): %s.", hs_grade_word(result->grade),
                hs_grade_name(result->grade),
                result->grade_because != NULL ? result->grade_because
                                              : hs_grade_meaning(result->grade));
}

void hs_influence_words_contaminated(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  const struct hs_influence_estimate *with = &answer->result.average_with_contaminated;
  char effect[HS_FIGURE_TEXT];
  char range[HS_FIGURE_RANGE_TEXT];
  if (isnan(with->effect))
    return;
  hs_figure(with->effect, hs_influence_digits(with), effect);
  hs_influence_range(with->low, with->high, hs_influence_digits(with), range);
  hs_buf_printf(out,
                "With the controls that break at the start by themselves the effect would be %s a "
                "period (%s): they took part of it in, or had one of their own.",
                effect, range);
}

void hs_influence_words_placebos(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  const struct hs_influence_placebos *placebos = &answer->result.placebos;
  if (placebos->count == 0) {
    hs_buf_add_text(out, "No placebo was run: whether the interval holds on this series was not "
                         "tested.");
    return;
  }
  hs_buf_printf(
      out,
      "Placebos: the same at %u %s before the start, where there is nothing to find. "
      "%.0f %% of the intervals left 0 out; as only %u of those windows %s no period with "
      "another, the true rate may be anything from %.0f to %.0f %%. The interval is "
      "scaled by %.2f for it.",
      placebos->count, hs_plural(placebos->count, "date", "dates"),
      100 * placebos->false_positive_rate, placebos->disjoint,
      hs_plural(placebos->disjoint, "shares", "share"), 100 * placebos->rate_low,
      100 * placebos->rate_high, placebos->inflation);
}

static void count_of(size_t count, const char *one, const char *many, struct hs_buf *out)
{
  if (count > 0)
    hs_buf_printf(out, " %zu %s", count, hs_plural(count, one, many));
}

/* Whether anything was said. */
static int words_of_level(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  char from[HS_TIME_TEXT];
  if (answer->result.level_from == 0)
    return 0;
  hs_periods_format(&answer->periods, answer->result.level_from, from);
  hs_buf_printf(out,
                "History before %s is left out of the level: the series broke about there. What "
                "lies before it counts for controls, season and noise only.",
                from);
  return 1;
}

void hs_influence_words_rows(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  const struct hs_periods *periods = &answer->periods;
  int has_words = words_of_level(answer, out);
  size_t window = answer->result.end - answer->result.start;
  if (periods->filled_count + periods->incomplete_count + periods->reject_count == 0 &&
      window == answer->result.judged_count)
    return;
  hs_buf_add_text(out, has_words ? " " : "");
  hs_buf_printf(out, "Of %zu periods in the window %zu %s judged.", window,
                answer->result.judged_count, hs_plural(answer->result.judged_count, "is", "are"));
  count_of(periods->filled_count, "period of the file has no row.",
           "periods of the file have no row.", out);
  count_of(periods->incomplete_count, "row is left out because a control has no figure in it.",
           "rows are left out because a control has no figure in them.", out);
  count_of((size_t)periods->reject_count, "row could not be read.", "rows could not be read.", out);
}

void hs_influence_words_method(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  const struct hs_influence_result *result = &answer->result;
  if (result->mode == HS_INFLUENCE_PARITY)
    hs_buf_printf(out,
                  "Parity mode: the model and the constants of CausalImpact, %zu draws, seed %llu. "
                  "Its interval takes what the model leaves over for independent from period to "
                  "period, and is too narrow where it is not.",
                  result->effect_draw_count, (unsigned long long)result->seed);
  else
    hs_buf_add_text(out,
                    "Default mode: an average over what the residuals may be like, weighted by "
                    "how well each explains the series.");
  if (result->mode == HS_INFLUENCE_DEFAULT && result->season > 1 &&
      result->start < 2 * (size_t)result->season)
    hs_buf_printf(out,
                  " A season of %u periods was asked for; fewer than two of them lie before the "
                  "start, and none is looked for.",
                  result->season);
}

void hs_influence_words_control(const struct hs_influence_control *control, struct hs_buf *out)
{
  if (control->is_contaminated)
    hs_buf_printf(out, "breaks at the start by itself (p %.2g after Holm); left out",
                  control->p_holm);
}
