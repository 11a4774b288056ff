/* How a result over regions is written for machines. */
#include <math.h>

#include "service/believe/geo.h"
#include "service/believe/looks.h"
#include "service/json_member.h"

/* Weights below this are rounding of an exact programme, and those of ascm that small say nothing.
 */
#define WEIGHT_MIN 1e-9

/* {"effect": …, "low": …, "high": …} */
static void estimate(const char *name, double effect, double low, double high, struct hs_buf *out)
{
  hs_buf_printf(out, ",\"%s\":{\"effect\":", name);
  hs_buf_add_double(out, effect);
  hs_json_number(out, "low", low);
  hs_json_number(out, "high", high);
  hs_buf_add_char(out, '}');
}

static void view(const char *name, const struct hs_geo_view *of, struct hs_buf *out)
{
  hs_buf_printf(out, "\"%s\":{\"p\":", name);
  hs_buf_add_double(out, of->p);
  hs_json_number(out, "low", of->low);
  hs_json_number(out, "high", of->high);
  hs_buf_add_char(out, '}');
}

/* Who judges, why, and what would overturn it. */
static void judgement(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  hs_json_text(out, "judged_by", hs_str_of(hs_geo_judge_name(result->judge)));
  hs_json_number(out, "wandering", result->wandering);
  hs_json_number(out, "louder", result->louder);
  hs_json_key(out, "overturn");
  hs_buf_add_char(out, '{');
  hs_json_number(out, "drift", result->overturn.drift);
  hs_json_number(out, "steepest_before", result->overturn.steepest);
  hs_buf_add_char(out, '}');
  hs_json_number(out, "periods_to_decide", answer->periods_to_decide);
  hs_json_count(out, "events_inside", answer->events_inside);
}

static void interim(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  struct hs_looks looks =
      hs_looks_until(answer->planned_count, answer->days_between, answer->result.level);
  hs_json_key(out, "interim");
  if (answer->result.verdict != HS_INFLUENCE_INTERIM) {
    hs_buf_add_text(out, "null");
    return;
  }
  hs_buf_add_char(out, '{');
  hs_json_count(out, "planned", answer->planned_count);
  hs_json_count(out, "seen", answer->result.period_count - answer->result.start);
  hs_looks_json(&looks, out);
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
    hs_json_number(out, "weight", donor->weight);
    hs_buf_printf(out, ",\"is_contaminated\":%s", donor->is_contaminated ? "true" : "false");
    hs_json_number(out, "p_own_break", donor->p_own_break);
    hs_json_number(out, "p_holm", donor->p_holm);
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
  hs_json_number(out, "p", clean->p);
  hs_json_number(out, "l2", clean->l2);
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
    hs_json_number(out, "jackknife", of->jackknife);
    hs_buf_add_char(out, '}');
  }
  if (result->method == HS_GEO_TBR) {
    hs_buf_add_text(out, ",\"regression\":{\"slope\":");
    hs_buf_add_double(out, of->slope);
    hs_json_number(out, "intercept", of->intercept);
    hs_json_number(out, "standard_error", of->regression);
    hs_json_number(out, "df", of->df);
    hs_json_number(out, "low", of->classic_low);
    hs_json_number(out, "high", of->classic_high);
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
    hs_json_number(out, "actual", result->actual[k]);
    hs_json_number(out, "predicted", result->predicted_series[k]);
    hs_json_number(out, "effect", result->actual[k] - result->predicted_series[k]);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
}

void hs_geo_json(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  const struct hs_geo_result *result = &answer->result;
  hs_buf_printf(out, "{\"method\":\"%s\"", hs_geo_method_name(result->method));
  hs_json_number(out, "att", result->att);
  hs_json_number(out, "low", result->low);
  hs_json_number(out, "high", result->high);
  hs_json_number(out, "p", result->p);
  hs_json_number(out, "p_resolution", result->p_resolution);
  hs_json_number(out, "windows", result->windows);
  hs_json_number(out, "l2", result->l2);
  hs_json_number(out, "l2_uniform", result->l2_uniform);
  hs_json_number(out, "lift", result->lift);
  hs_json_number(out, "predicted", result->predicted);
  estimate("incremental", result->incremental, result->incremental_low, result->incremental_high,
           out);
  weights(answer, out);
  hs_buf_printf(out, ",\"grade\":\"%s\"", hs_grade_name(result->grade));
  hs_json_text(out, "evidence", hs_str_of(hs_grade_word(result->grade)));
  hs_json_text(out, "grade_because", hs_str_of(result->grade_because));
  hs_json_text(out, "verdict", hs_str_of(hs_influence_verdict_name(result->verdict)));
  hs_json_text(out, "refused_because", hs_str_of(result->refused_because));
  hs_json_number(out, "level", result->level);
  hs_json_number(out, "plain_difference", result->plain);
  if (result->method == HS_GEO_ASCM) {
    hs_json_number(out, "lambda", result->lambda);
    hs_json_flag(out, "is_lambda_at_end", result->is_lambda_at_end);
  }
  judgement(answer, out);
  interim(answer, out);
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
