/* How a result over regions is written for machines. */
#include <math.h>

#include "service/believe/geo.h"

/* Weights below this are rounding of an exact programme, and those of ascm that small say nothing.
 */
#define WEIGHT_MIN 1e-9

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

/* {"effect": …, "low": …, "high": …} */
static void estimate(const char *name, double effect, double low, double high, struct hs_buf *out)
{
  hs_buf_printf(out, ",\"%s\":{\"effect\":", name);
  hs_buf_add_double(out, effect);
  member("low", low, out);
  member("high", high, out);
  hs_buf_add_char(out, '}');
}

static void view(const char *name, const struct hs_geo_view *of, struct hs_buf *out)
{
  hs_buf_printf(out, "\"%s\":{\"p\":", name);
  hs_buf_add_double(out, of->p);
  member("low", of->low, out);
  member("high", of->high, out);
  hs_buf_add_char(out, '}');
}

static void weights(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const char *between = "";
  hs_buf_add_text(out, ",\"weights\":{");
  for (size_t i = 0; i < answer->result.donor_count; i++) {
    const struct hs_geo_donor *donor = &answer->result.donors[i];
    if (!(fabs(donor->weight) >= WEIGHT_MIN))
      continue;
    hs_buf_add_text(out, between);
    hs_buf_add_json(out, answer->panel.units[donor->unit]);
    hs_buf_add_char(out, ':');
    hs_buf_add_double(out, donor->weight);
    between = ",";
  }
  hs_buf_add_char(out, '}');
}

static void controls(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  hs_buf_add_text(out, ",\"controls\":[");
  for (size_t i = 0; i < answer->result.donor_count; i++) {
    const struct hs_geo_donor *donor = &answer->result.donors[i];
    hs_buf_add_text(out, i == 0 ? "{\"name\":" : ",{\"name\":");
    hs_buf_add_json(out, answer->panel.units[donor->unit]);
    member("weight", donor->weight, out);
    hs_buf_printf(out, ",\"is_contaminated\":%s", donor->is_contaminated ? "true" : "false");
    member("p_own_break", donor->p_own_break, out);
    member("p_holm", donor->p_holm, out);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
}

static void without_contaminated(const struct hs_geo_result *result, struct hs_buf *out)
{
  const struct hs_geo_estimate *clean = &result->clean;
  if (result->contaminated_count == 0) {
    hs_buf_add_text(out, ",\"without_contaminated\":null");
    return;
  }
  estimate("without_contaminated", clean->att, clean->low, clean->high, out);
  out->length--; /* the object goes on */
  member("p", clean->p, out);
  member("l2", clean->l2, out);
  hs_buf_add_char(out, '}');
}

static void errors(const struct hs_geo_result *result, struct hs_buf *out)
{
  const struct hs_geo_errors *of = &result->errors;
  if (result->method == HS_GEO_SDID) {
    hs_buf_add_text(out, ",\"standard_error\":{\"placebo\":");
    hs_buf_add_double(out, of->placebo);
    hs_buf_printf(out, ",\"placebo_count\":%zu,\"is_every_placebo\":%s", of->placebo_count,
                  of->is_every_placebo ? "true" : "false");
    member("jackknife", of->jackknife, out);
    hs_buf_add_char(out, '}');
  }
  if (result->method == HS_GEO_TBR) {
    hs_buf_add_text(out, ",\"regression\":{\"slope\":");
    hs_buf_add_double(out, of->slope);
    member("intercept", of->intercept, out);
    member("standard_error", of->regression, out);
    member("df", of->df, out);
    member("low", of->classic_low, out);
    member("high", of->classic_high, out);
    hs_buf_add_char(out, '}');
  }
}

static void cost(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_return *returned = &answer->returned;
  if (isnan(returned->cost))
    return;
  hs_buf_add_text(out, ",\"cost\":{\"incremental\":");
  hs_buf_add_double(out, returned->cost);
  estimate("return", returned->value, returned->low, returned->high, out);
  hs_buf_add_char(out, '}');
}

static void rows(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  hs_buf_printf(out, ",\"rows\":{\"read\":%zu,\"rejected\":%llu}", answer->row_count,
                (unsigned long long)answer->reject_count);
  hs_buf_printf(out, ",\"periods\":{\"before\":%zu,\"after\":%zu},\"from\":", result->start,
                result->period_count - result->start);
  hs_buf_add_json(out, answer->panel.periods[result->start]);
  hs_buf_add_text(out, ",\"until\":");
  hs_buf_add_json(out, answer->panel.periods[result->period_count - 1]);
  hs_buf_add_text(out, ",\"treated\":[");
  for (size_t i = 0; i < answer->treated_count; i++) {
    hs_buf_add_text(out, i == 0 ? "" : ",");
    hs_buf_add_json(out, answer->panel.units[answer->treated[i]]);
  }
  hs_buf_add_char(out, ']');
}

static void series(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  hs_buf_add_text(out, ",\"series\":[");
  for (size_t k = 0; k < result->period_count; k++) {
    hs_buf_add_text(out, k == 0 ? "{\"time\":" : ",{\"time\":");
    hs_buf_add_json(out, answer->panel.periods[k]);
    member("actual", result->actual[k], out);
    member("predicted", result->predicted_series[k], out);
    member("effect", result->actual[k] - result->predicted_series[k], out);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
}

void hs_geo_json(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  hs_buf_printf(out, "{\"method\":\"%s\"", hs_geo_method_name(result->method));
  member("att", result->att, out);
  member("low", result->low, out);
  member("high", result->high, out);
  member("p", result->p, out);
  member("p_resolution", result->p_resolution, out);
  member("windows", result->windows, out);
  member("l2", result->l2, out);
  member("l2_uniform", result->l2_uniform, out);
  member("lift", result->lift, out);
  member("predicted", result->predicted, out);
  estimate("incremental", result->incremental, result->incremental_low, result->incremental_high,
           out);
  weights(answer, out);
  hs_buf_printf(out, ",\"grade\":\"%s\"", hs_grade_name(result->grade));
  text_member("grade_because", result->grade_because, out);
  text_member("verdict", hs_influence_verdict_name(result->verdict), out);
  text_member("refused_because", result->refused_because, out);
  member("level", result->level, out);
  member("plain_difference", result->plain, out);
  if (result->method == HS_GEO_ASCM)
    member("lambda", result->lambda, out);
  hs_buf_add_text(out, ",\"views\":{");
  view("places", &result->places, out);
  hs_buf_add_char(out, ',');
  view("drift", &result->drift, out);
  hs_buf_add_char(out, '}');
  errors(result, out);
  cost(answer, out);
  hs_buf_printf(out, ",\"placebo\":{\"count\":%zu,\"rejected\":%zu}", result->placebo_count,
                result->placebo_rejected);
  controls(answer, out);
  without_contaminated(result, out);
  rows(answer, out);
  series(answer, out);
  hs_buf_add_text(out, "}\n");
}

void hs_geo_csv(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  hs_buf_add_text(out, "time,in_window,actual,predicted,effect\r\n");
  for (size_t k = 0; k < result->period_count; k++) {
    hs_buf_add_csv_safe(out, answer->panel.periods[k]);
    hs_buf_add_text(out, k < result->start ? ",0," : ",1,");
    hs_buf_add_double(out, result->actual[k]);
    hs_buf_add_char(out, ',');
    hs_buf_add_double(out, result->predicted_series[k]);
    hs_buf_add_char(out, ',');
    hs_buf_add_double(out, result->actual[k] - result->predicted_series[k]);
    hs_buf_add_text(out, "\r\n");
  }
}
