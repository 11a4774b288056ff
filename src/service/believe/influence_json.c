/* How an influence is written for machines: JSON, and its series as CSV. */
#include <math.h>

#include "service/believe/influence.h"

static void member(const char *name, double value, struct hs_buf *out)
{
  hs_buf_printf(out, ",\"%s\":", name);
  hs_buf_add_double(out, value);
}

static void text_member(const char *name, const char *text, struct hs_buf *out)
{
  hs_buf_printf(out, ",\"%s\":", name);
  if (text == NULL)
    hs_buf_add_text(out, "null");
  else
    hs_buf_add_json(out, hs_str_of(text));
}

static void estimate(const char *name, const struct hs_influence_estimate *of, struct hs_buf *out)
{
  hs_buf_printf(out, ",\"%s\":{\"actual\":", name);
  hs_buf_add_double(out, of->actual);
  member("predicted", of->predicted, out);
  member("effect", of->effect, out);
  member("sd", of->sd, out);
  member("low", of->low, out);
  member("high", of->high, out);
  hs_buf_add_char(out, '}');
}

static void placebos(const struct hs_influence_placebos *of, struct hs_buf *out)
{
  hs_buf_printf(out, ",\"placebo\":{\"count\":%u,\"disjoint\":%u", of->count, of->disjoint);
  member("false_positive_rate", of->false_positive_rate, out);
  member("rate_low", of->rate_low, out);
  member("rate_high", of->rate_high, out);
  member("inflation", of->inflation, out);
  hs_buf_add_char(out, '}');
}

static void controls(const struct hs_influence_result *result, struct hs_buf *out)
{
  hs_buf_add_text(out, ",\"controls\":[");
  for (size_t c = 0; c < result->control_count; c++) {
    const struct hs_influence_control *control = &result->controls[c];
    hs_buf_add_text(out, c == 0 ? "{\"name\":" : ",{\"name\":");
    hs_buf_add_json(out, control->name);
    member("inclusion", control->inclusion, out);
    member("coefficient", control->coefficient, out);
    hs_buf_printf(out, ",\"is_contaminated\":%s", control->is_contaminated ? "true" : "false");
    member("p_own_break", control->p_own_break, out);
    member("p_holm", control->p_holm, out);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
}

/* A day as text, a number as the number it is. */
static void time_of(const struct hs_periods *periods, size_t period, struct hs_buf *out)
{
  char text[HS_TIME_TEXT];
  hs_periods_format(periods, period, text);
  if (periods->is_day)
    hs_buf_add_json(out, hs_str_of(text));
  else
    hs_buf_add_text(out, text);
}

static void window(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  const struct hs_influence_result *result = &answer->result;
  hs_buf_printf(out, ",\"rows\":{\"read\":%zu,\"rejected\":%llu,\"filled\":%zu,\"incomplete\":%zu",
                answer->periods.row_count, (unsigned long long)answer->periods.reject_count,
                answer->periods.filled_count, answer->periods.incomplete_count);
  hs_buf_printf(out, ",\"before\":%zu,\"window\":%zu,\"judged\":%zu},\"from\":", result->start,
                result->end - result->start, result->judged_count);
  time_of(&answer->periods, result->start, out);
  hs_buf_add_text(out, ",\"until\":");
  time_of(&answer->periods, result->end - 1, out);
  hs_buf_printf(out, ",\"declared_events\":%zu", answer->events_inside);
}

static void series(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  const struct hs_influence_series *of = &answer->result.series;
  hs_buf_add_text(out, ",\"series\":[");
  for (size_t t = 0; t < answer->result.end; t++) {
    hs_buf_add_text(out, t == 0 ? "{\"time\":" : ",{\"time\":");
    time_of(&answer->periods, t, out);
    member("actual", of->actual[t], out);
    member("predicted", of->predicted[t], out);
    member("low", of->low[t], out);
    member("high", of->high[t], out);
    member("effect", of->effect[t], out);
    member("effect_low", of->effect_low[t], out);
    member("effect_high", of->effect_high[t], out);
    member("cumulative", of->cumulative[t], out);
    member("cumulative_low", of->cumulative_low[t], out);
    member("cumulative_high", of->cumulative_high[t], out);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
}

void hs_influence_json(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  const struct hs_influence_result *result = &answer->result;
  hs_buf_printf(out, "{\"mode\":\"%s\",\"grade\":\"%s\"", hs_influence_mode_name(result->mode),
                hs_grade_name(result->grade));
  text_member("grade_because", result->grade_because, out);
  estimate("average", &result->average, out);
  estimate("cumulative", &result->cumulative, out);
  estimate("relative", &result->relative, out);
  estimate("average_with_contaminated", &result->average_with_contaminated, out);
  member("p", result->p, out);
  placebos(&result->placebos, out);
  text_member("verdict", hs_influence_verdict_name(result->verdict), out);
  text_member("refused_because", result->refused_because, out);
  controls(result, out);
  member("level", result->level, out);
  hs_buf_printf(out, ",\"season\":%u,\"draws\":%zu,\"seed\":%llu", result->season,
                result->effect_draw_count, (unsigned long long)result->seed);
  window(answer, out);
  series(answer, out);
  hs_buf_add_text(out, "}\n");
}

/* An empty field is "there is none", as everywhere in CSV. */
static void field(double value, struct hs_buf *out)
{
  hs_buf_add_char(out, ',');
  if (isfinite(value))
    hs_buf_add_double(out, value);
}

void hs_influence_csv(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  const struct hs_influence_series *of = &answer->result.series;
  hs_buf_add_text(out, "time,actual,predicted,low,high,effect,effect_low,effect_high,cumulative,"
                       "cumulative_low,cumulative_high\r\n");
  for (size_t t = 0; t < answer->result.end; t++) {
    char time[HS_TIME_TEXT];
    hs_periods_format(&answer->periods, t, time);
    hs_buf_add_text(out, time);
    field(of->actual[t], out);
    field(of->predicted[t], out);
    field(of->low[t], out);
    field(of->high[t], out);
    field(of->effect[t], out);
    field(of->effect_low[t], out);
    field(of->effect_high[t], out);
    field(of->cumulative[t], out);
    field(of->cumulative_low[t], out);
    field(of->cumulative_high[t], out);
    hs_buf_add_text(out, "\r\n");
  }
}
