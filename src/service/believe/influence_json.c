/* How an influence is written for machines: JSON, and its series as CSV. */
#include <math.h>

#include "service/believe/influence.h"
#include "service/json_member.h"

static void estimate(const char *name, const struct hs_influence_estimate *of, struct hs_buf *out)
{
  hs_buf_printf(out, ",\"%s\":{\"actual\":", name);
  hs_buf_add_double(out, of->actual);
  hs_json_number(out, "predicted", of->predicted);
  hs_json_number(out, "effect", of->effect);
  hs_json_number(out, "sd", of->sd);
  hs_json_number(out, "low", of->low);
  hs_json_number(out, "high", of->high);
  hs_buf_add_char(out, '}');
}

static void placebos(const struct hs_influence_placebos *of, struct hs_buf *out)
{
  hs_buf_printf(out, ",\"placebo\":{\"count\":%u,\"disjoint\":%u", of->count, of->disjoint);
  hs_json_number(out, "false_positive_rate", of->false_positive_rate);
  hs_json_number(out, "rate_low", of->rate_low);
  hs_json_number(out, "rate_high", of->rate_high);
  hs_json_number(out, "inflation", of->inflation);
  hs_buf_add_char(out, '}');
}

static void controls(const struct hs_influence_result *result, struct hs_buf *out)
{
  hs_buf_add_text(out, ",\"controls\":[");
  for (size_t c = 0; c < result->control_count; c++) {
    const struct hs_influence_control *control = &result->controls[c];
    hs_buf_add_text(out, c == 0 ? "{\"name\":" : ",{\"name\":");
    hs_buf_add_json(out, control->name);
    hs_json_number(out, "inclusion", control->inclusion);
    hs_json_number(out, "coefficient", control->coefficient);
    hs_buf_printf(out, ",\"is_contaminated\":%s", control->is_contaminated ? "true" : "false");
    hs_json_number(out, "p_own_break", control->p_own_break);
    hs_json_number(out, "p_holm", control->p_holm);
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
  hs_buf_add_text(out, ",\"level_from\":");
  if (result->level_from > 0)
    time_of(&answer->periods, result->level_from, out);
  else
    hs_buf_add_text(out, "null");
  hs_buf_printf(out, ",\"declared_events\":%zu", answer->events_inside);
}

static void series(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  const struct hs_influence_series *of = &answer->result.series;
  hs_buf_add_text(out, ",\"series\":[");
  for (size_t t = 0; t < answer->result.end; t++) {
    hs_buf_add_text(out, t == 0 ? "{\"time\":" : ",{\"time\":");
    time_of(&answer->periods, t, out);
    hs_json_number(out, "actual", of->actual[t]);
    hs_json_number(out, "predicted", of->predicted[t]);
    hs_json_number(out, "low", of->low[t]);
    hs_json_number(out, "high", of->high[t]);
    hs_json_number(out, "effect", of->effect[t]);
    hs_json_number(out, "effect_low", of->effect_low[t]);
    hs_json_number(out, "effect_high", of->effect_high[t]);
    hs_json_number(out, "cumulative", of->cumulative[t]);
    hs_json_number(out, "cumulative_low", of->cumulative_low[t]);
    hs_json_number(out, "cumulative_high", of->cumulative_high[t]);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
}

void hs_influence_json(const struct hs_influence_answer *answer, struct hs_buf *out)
{
  const struct hs_influence_result *result = &answer->result;
  hs_buf_printf(out, "{\"mode\":\"%s\",\"grade\":\"%s\"", hs_influence_mode_name(result->mode),
                hs_grade_name(result->grade));
  hs_json_text(out, "evidence", hs_str_of(hs_grade_word(result->grade)));
  hs_json_text(out, "grade_because", hs_str_of(result->grade_because));
  estimate("average", &result->average, out);
  estimate("cumulative", &result->cumulative, out);
  estimate("relative", &result->relative, out);
  estimate("average_with_contaminated", &result->average_with_contaminated, out);
  hs_json_number(out, "p", result->p);
  placebos(&result->placebos, out);
  hs_json_text(out, "verdict", hs_str_of(hs_influence_verdict_name(result->verdict)));
  hs_json_text(out, "refused_because", hs_str_of(result->refused_because));
  controls(result, out);
  hs_json_number(out, "level", result->level);
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
