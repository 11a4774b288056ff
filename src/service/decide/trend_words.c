#include "service/decide/trend_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct caution {
  const char *name;
  const char *words;
};

static const struct caution CAUTIONS[HS_TREND_CAUTION_COUNT] = {
    [HS_TREND_ONE_SIDE] = {"one_side",
                           "This is the value of one side. A partnership compounds only "
                           "when that of the other side does as well."},
    [HS_TREND_EFFORT_UNKNOWN] = {"effort_unknown",
                                 "What was put in is not known: growth that was bought with more "
                                 "effort looks the same as growth that compounds."},
    [HS_TREND_EFFORT_CONSTANT] = {"effort_never_varied",
                                  "Effort never varied, so what more of it would bring cannot be "
                                  "told, nor growth of effort from compounding once it grows."},
    [HS_TREND_EFFORT_WITH_TIME] =
        {"effort_follows_time", "Effort changed along with time and hardly otherwise: its growth "
                                "and compounding cannot be told apart."},
    [HS_TREND_EFFORT_OF_VALUE] = {"effort_follows_value",
                                  "Effort goes with value in proportion, to less than a hundredth "
                                  "of its movement, as what is figured from it does (a commission, "
                                  "a share of revenue): that says nothing of what effort brings, "
                                  "and is not taken for a plan."},
    [HS_TREND_EFFORT_UNPLANNED] = {"effort_not_planned",
                                   "Effort was not varied by plan, and effort answers value: how "
                                   "value follows it is an association. A verdict is given only "
                                   "when it is the same for every elasticity from 0 to 1."},
    [HS_TREND_COMPANY_NOT_NETTED] = {"company_not_netted",
                                     "Growth of the whole company is not netted out: what grows "
                                     "with everything else counts as growth here."},
    [HS_TREND_RECENT_BREAK] = {"recent_break",
                               "The series broke within the last year: growth since then rests on "
                               "few periods."},
};

const char *hs_trend_caution_name(enum hs_trend_caution caution) { return CAUTIONS[caution].name; }
const char *hs_trend_caution_words(enum hs_trend_caution caution)
{
  return CAUTIONS[caution].words;
}

/* Of any side: the effort is that of both. */
static int is_effort_of_value(const struct hs_trend_answer *answer)
{
  const struct hs_trend_partnership *partnership = &answer->partnership;
  for (size_t i = 0; i < partnership->side_count; i++)
    if (partnership->sides[i].effort_apart < HS_TREND_EFFORT_APART_LEAST)
      return 1;
  return 0;
}

static int has_recent_break(const struct hs_trend_answer *answer)
{
  const struct hs_trend_partnership *partnership = &answer->partnership;
  for (size_t i = 0; i < partnership->side_count; i++) {
    const struct hs_trend *side = &partnership->sides[i];
    size_t count = side->has_breaks ? side->breaks.count : 0;
    if (count > 0 && side->breaks.breaks[count - 1].at + 1 + side->window >= answer->series.count)
      return 1;
  }
  return 0;
}

int hs_trend_has_caution(const struct hs_trend_answer *answer, enum hs_trend_caution caution)
{
  const struct hs_trend_series *series = &answer->series;
  double alone = answer->partnership.sides[0].effort_alone;
  int is_refused = answer->partnership.verdict == HS_TREND_REFUSED;
  switch (caution) {
  case HS_TREND_ONE_SIDE:
    return series->side_count == 1;
  case HS_TREND_EFFORT_UNKNOWN:
    return series->effort == NULL;
  case HS_TREND_EFFORT_CONSTANT:
    return !is_refused && series->effort != NULL && alone <= 0;
  case HS_TREND_EFFORT_WITH_TIME:
    return !is_refused && alone > 0 && alone < HS_TREND_EFFORT_ALONE_LEAST;
  case HS_TREND_EFFORT_OF_VALUE:
    return is_effort_of_value(answer);
  case HS_TREND_EFFORT_UNPLANNED:
    return series->effort != NULL && !answer->rules.is_effort_planned;
  case HS_TREND_COMPANY_NOT_NETTED:
    return series->company == NULL;
  case HS_TREND_RECENT_BREAK:
    return has_recent_break(answer);
  case HS_TREND_CAUTION_COUNT:
    break;
  }
  return 0;
}

void hs_trend_percent(double growth, char out[HS_TREND_PERCENT_TEXT])
{
  double percent = 100 * expm1(growth);
  if (!isfinite(percent))
    (void)snprintf(out, HS_TREND_PERCENT_TEXT, "-");
  else if (fabs(percent) < 9.95)
    (void)snprintf(out, HS_TREND_PERCENT_TEXT, "%+.1f %%", percent);
  else if (percent < 10000)
    (void)snprintf(out, HS_TREND_PERCENT_TEXT, "%+.0f %%", percent);
  else
    (void)snprintf(out, HS_TREND_PERCENT_TEXT, "> 100-fold");
}

static const char *plural(const char *noun, size_t count, char out[32])
{
  (void)snprintf(out, 32, "%s%s", noun, count == 1 ? "" : "s");
  return out;
}

void hs_trend_words_verdict(const struct hs_trend_answer *answer, struct hs_buf *out)
{
  const struct hs_trend_partnership *p = &answer->partnership;
  char material[HS_TREND_PERCENT_TEXT];
  hs_trend_percent(answer->rules.material, material);
  double mass = fmax(p->above, fmax(p->within, p->below));
  switch (p->verdict) {
  case HS_TREND_COMPOUNDING:
    hs_buf_printf(out, "Compounding: it grows by more than %s a year%s", material + 1,
                  hs_trend_has_caution(answer, HS_TREND_EFFORT_UNKNOWN)
                      ? ", as far as one can tell without what was put in"
                      : " without effort in proportion");
    break;
  case HS_TREND_PLATEAU:
    hs_buf_printf(out, "On a plateau: it neither grows nor shrinks by %s a year", material + 1);
    break;
  case HS_TREND_FADING:
    hs_buf_printf(out, "Fading: it shrinks by more than %s a year", material + 1);
    break;
  case HS_TREND_TOO_EARLY:
    hs_buf_add_text(out, "Too early to say.");
    return;
  case HS_TREND_REFUSED:
    hs_buf_add_text(out, "Refused.");
    return;
  }
  if (mass > 0.995)
    hs_buf_add_text(out, " (probability above 99 %).");
  else
    hs_buf_printf(out, " (probability %.0f %%).", 100 * mass);
}

void hs_trend_words_reason(const struct hs_trend_answer *answer, struct hs_buf *out)
{
  const struct hs_trend_partnership *p = &answer->partnership;
  char noun[32];
  if (p->reason == HS_TREND_NO_REASON)
    return;
  hs_buf_printf(out, "Because %s", hs_trend_reason_words(p->reason));
  for (size_t i = 0; p->verdict == HS_TREND_REFUSED && i < p->side_count; i++)
    if (p->sides[i].reason == p->reason) {
      hs_buf_add_text(out, ": ");
      (void)hs_buf_add_shown(out, answer->series.labels[p->sides[i].at], 40);
      break;
    }
  hs_buf_add_char(out, '.');
  if (p->verdict != HS_TREND_TOO_EARLY || p->reason == HS_TREND_ELASTICITY ||
      p->reason == HS_TREND_FAMILY)
    return;
  if (p->periods_to_decide == SIZE_MAX)
    hs_buf_printf(out,
                  " At the present noise, ten more years would not decide it: growth lies too near "
                  "to the limit%s, or changes too much.",
                  answer->series.effort == NULL ? "" : ", hangs on what effort brings");
  else
    hs_buf_printf(out, " At the present noise about %zu more %s would%s.", p->periods_to_decide,
                  plural(answer->series.period_name, p->periods_to_decide, noun),
                  p->reason == HS_TREND_UNSETTLED ? " decide it" : " be needed at least");
}

void hs_trend_words_side(const struct hs_trend_answer *answer, size_t side, struct hs_buf *out)
{
  const struct hs_trend *t = &answer->partnership.sides[side];
  char mean[HS_TREND_PERCENT_TEXT];
  char low[HS_TREND_PERCENT_TEXT];
  char high[HS_TREND_PERCENT_TEXT];
  if (isnan(t->growth.mean))
    return;
  hs_trend_percent(t->growth.mean, mean);
  hs_trend_percent(t->growth.low, low);
  hs_trend_percent(t->growth.high, high);
  if (t->window == 1)
    hs_buf_printf(out, "Over the last %s", answer->series.period_name);
  else
    hs_buf_printf(out, "Over the last %zu %ss", t->window, answer->series.period_name);
  hs_buf_printf(out, " it grew at %s a year (%.0f %% interval %s to %s)%s%s.", mean,
                100 * answer->rules.mass, low, high,
                answer->series.company == NULL ? "" : ", net of the company's growth",
                answer->series.effort == NULL ? "" : ", net of what follows from effort");
}

void hs_trend_words_effort(const struct hs_trend_answer *answer, size_t side, struct hs_buf *out)
{
  const struct hs_trend *t = &answer->partnership.sides[side];
  char growth[HS_TREND_PERCENT_TEXT];
  if (isnan(t->effort_growth))
    return;
  hs_trend_percent(t->effort_growth, growth);
  hs_buf_printf(out, "Effort went at %s a year.", growth);
  if (!isnan(t->elasticity))
    hs_buf_printf(
        out,
        " The data put its elasticity at %.2f of 0 to 1, and what is left of it a quarter "
        "later at %.0f %%.",
        t->elasticity, 100 * t->carry_over);
}

/* Bai's interval for a small break may reach beyond what was seen, on either side. */
static void add_break_interval(const struct hs_trend_answer *answer, const struct hs_break *b,
                               struct hs_buf *out)
{
  const struct hs_trend_series *series = &answer->series;
  int is_open_before = b->low < 0;
  int is_open_after = b->high >= (ptrdiff_t)series->count;
  if (is_open_before && is_open_after) {
    hs_buf_add_text(out, " (so small that it may have been in any period)");
    return;
  }
  hs_buf_add_text(out, " (95 % interval ");
  if (is_open_before)
    hs_buf_add_text(out, "up");
  else
    (void)hs_buf_add_shown(out, series->labels[b->low], 40);
  if (is_open_after) {
    hs_buf_add_text(out, " or later)");
    return;
  }
  hs_buf_add_text(out, " to ");
  (void)hs_buf_add_shown(out, series->labels[b->high], 40);
  hs_buf_add_char(out, ')');
}

void hs_trend_words_breaks(const struct hs_trend_answer *answer, size_t side, struct hs_buf *out)
{
  const struct hs_trend *t = &answer->partnership.sides[side];
  char jump[HS_TREND_PERCENT_TEXT];
  if (!t->has_breaks)
    return;
  if (t->breaks.count == 0)
    hs_buf_add_text(out, "The series shows no break.");
  for (size_t i = 0; i < t->breaks.count; i++) {
    const struct hs_break *b = &t->breaks.breaks[i];
    hs_trend_percent(b->jump, jump);
    hs_buf_printf(out, "%sIt broke after ", i == 0 ? "" : " ");
    (void)hs_buf_add_shown(out, answer->series.labels[b->at], 40);
    if (b->has_interval)
      add_break_interval(answer, b, out);
    hs_buf_printf(out, ", by %s.", jump);
  }
}

void hs_trend_words_curve(const struct hs_trend_answer *answer, size_t side, struct hs_buf *out)
{
  static const char *const words[HS_CURVE_COUNT] = {
      [HS_CURVE_FLAT] = "no growth at all",
      [HS_CURVE_LINE] = "steady growth",
      [HS_CURVE_SATURATING] = "growth that runs out",
      [HS_CURVE_HUMP] = "a change of direction",
  };
  const struct hs_trend *t = &answer->partnership.sides[side];
  if (!t->has_curves)
    return;
  hs_buf_printf(out, "Of four simple curves it looks most like %s.", words[t->curves.best]);
}

void hs_trend_words_stack(const struct hs_trend_answer *answer, struct hs_buf *out)
{
  const struct hs_cohort_stack *stack = &answer->stack;
  if (!answer->has_stack || !(stack->now > 0))
    return;
  hs_buf_printf(out, "Of %zu %s, those of the last year bring %.0f %% of its value",
                stack->cohort_count, hs_plural(stack->cohort_count, "cohort", "cohorts"),
                100 * stack->from_new / stack->now);
  if (!isnan(stack->kept))
    hs_buf_printf(out, "; the older ones bring %.0f %% of what they brought the year before",
                  100 * stack->kept);
  if (!isnan(stack->newest_to_oldest))
    hs_buf_printf(out, "; the newest with a whole year began %.1f times as large as the oldest",
                  stack->newest_to_oldest);
  hs_buf_add_char(out, '.');
}

void hs_trend_words_rows(const struct hs_trend_answer *answer, struct hs_buf *out)
{
  const struct hs_trend_series *series = &answer->series;
  char noun[32];
  hs_buf_printf(out, "%zu %s, ", series->count, plural(series->period_name, series->count, noun));
  (void)hs_buf_add_shown(out, series->labels[0], 40);
  hs_buf_add_text(out, " to ");
  (void)hs_buf_add_shown(out, series->labels[series->count - 1], 40);
  if (series->season > 1)
    hs_buf_printf(out, ", with a season of %u", series->season);
  hs_buf_add_char(out, '.');
  if (series->cut_count > 0)
    hs_buf_printf(out, " %zu incomplete %s at the ends left out.", series->cut_count,
                  plural(series->period_name, series->cut_count, noun));
  if (answer->reject_count > 0)
    hs_buf_printf(out, " %llu of %llu %s rejected.", (unsigned long long)answer->reject_count,
                  (unsigned long long)answer->row_count,
                  hs_plural(answer->row_count, "row", "rows"));
}
