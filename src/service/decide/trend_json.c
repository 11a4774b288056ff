/* A trend for machines. */
#include <math.h>

#include "service/decide/trend_words.h"
#include "service/json_member.h"

/* Growth of a logarithm, as what it is and as a share a year. */
static void json_growth(const struct hs_trend_growth *growth, struct hs_buf *out)
{
  hs_buf_add_text(out, "{\"mean\":");
  hs_buf_add_double(out, growth->mean);
  hs_json_number(out, "sd", growth->sd);
  hs_json_number(out, "low", growth->low);
  hs_json_number(out, "high", growth->high);
  hs_json_number(out, "percent", 100 * expm1(growth->mean));
  hs_json_number(out, "percent_low", 100 * expm1(growth->low));
  hs_json_number(out, "percent_high", 100 * expm1(growth->high));
  hs_buf_add_char(out, '}');
}

static void json_masses(double above, double within, double below, struct hs_buf *out)
{
  hs_buf_add_text(out, ",\"mass\":{\"compounding\":");
  hs_buf_add_double(out, above);
  hs_json_number(out, "plateau", within);
  hs_json_number(out, "fading", below);
  hs_buf_add_char(out, '}');
}

static void json_reason(enum hs_trend_reason reason, struct hs_buf *out)
{
  hs_buf_add_text(out, ",\"reason\":");
  if (reason == HS_TREND_NO_REASON)
    hs_buf_add_text(out, "null");
  else
    hs_buf_printf(out, "\"%s\"", hs_trend_reason_name(reason));
}

static void json_periods(size_t periods, struct hs_buf *out)
{
  if (periods == SIZE_MAX)
    hs_buf_add_text(out, ",\"periods_to_decide\":null");
  else
    hs_buf_printf(out, ",\"periods_to_decide\":%zu", periods);
}

static void json_effort(const struct hs_trend *t, struct hs_buf *out)
{
  hs_buf_add_text(out, ",\"effort\":{\"growth\":");
  hs_buf_add_double(out, t->effort_growth);
  hs_json_number(out, "apart_from_time", t->effort_alone);
  hs_json_number(out, "apart_from_value", t->effort_apart);
  hs_json_number(out, "elasticity", t->elasticity);
  hs_json_number(out, "left_after_a_quarter", t->carry_over);
  hs_buf_add_text(out, ",\"by_elasticity\":[");
  for (size_t e = 0; e < HS_TREND_ELASTICITY_COUNT && !isnan(t->elasticity); e++) {
    const struct hs_trend_growth *growth = &t->by_elasticity[e];
    hs_buf_add_text(out, e == 0 ? "{" : ",{");
    hs_json_number(out, "elasticity", (double)e / (HS_TREND_ELASTICITY_COUNT - 1));
    hs_json_number(out, "weight", t->elasticity_weight[e]);
    hs_buf_printf(
        out, ",\"verdict\":\"%s\",\"growth\":", hs_trend_verdict_name(t->verdict_by_elasticity[e]));
    json_growth(growth, out);
    json_masses(growth->above, growth->within, growth->below, out);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_text(out, "]}");
}

static void json_place(const struct hs_trend_answer *answer, const char *name, ptrdiff_t at,
                       struct hs_buf *out)
{
  int is_in = at >= 0 && (size_t)at < answer->series.count;
  hs_json_text(out, name, is_in ? answer->series.labels[at] : (struct hs_str){0});
}

static void json_breaks(const struct hs_trend_answer *answer, const char *name, const char *of,
                        const struct hs_breaks *breaks, struct hs_buf *out)
{
  hs_buf_printf(out, ",\"%s\":{\"of\":\"%s\",\"found\":[", name, of);
  for (size_t i = 0; i < breaks->count; i++) {
    const struct hs_break *b = &breaks->breaks[i];
    hs_buf_add_text(out, i == 0 ? "{" : ",{");
    json_place(answer, "after", (ptrdiff_t)b->at, out);
    json_place(answer, "low", b->has_interval ? b->low : -1, out);
    json_place(answer, "high", b->has_interval ? b->high : -1, out);
    hs_json_flag(out, "has_interval", b->has_interval);
    hs_json_number(out, "jump", b->jump);
    hs_buf_add_char(out, '}');
  }
  static const char *const names[] = {"bic", "rss"};
  const double *const values[] = {breaks->bic, breaks->rss};
  for (size_t k = 0; k < 2; k++) {
    hs_buf_printf(out, "],\"%s\":[", names[k]);
    for (size_t m = 0; m < breaks->fitted_count; m++) {
      hs_buf_add_text(out, m == 0 ? "" : ",");
      hs_buf_add_double(out, values[k][m]);
    }
  }
  hs_buf_add_text(out, "]}");
}

static void json_curves(const struct hs_trend *t, struct hs_buf *out)
{
  hs_buf_printf(out, ",\"curve\":{\"best\":\"%s\",\"bic\":{", hs_curve_name(t->curves.best));
  for (enum hs_curve c = HS_CURVE_FLAT; c < HS_CURVE_COUNT; c++)
    hs_json_number(out, hs_curve_name(c), t->curves.bic[c]);
  hs_buf_add_text(out, "}}");
}

static void json_side(const struct hs_trend_answer *answer, size_t side, struct hs_buf *out)
{
  const struct hs_trend *t = &answer->partnership.sides[side];
  hs_buf_add_text(out, side == 0 ? "{" : ",{");
  hs_json_text(out, "name", answer->series.side_names[side]);
  hs_buf_printf(out, ",\"verdict\":\"%s\"", hs_trend_verdict_name(t->verdict));
  json_reason(t->reason, out);
  if (t->verdict == HS_TREND_REFUSED)
    json_place(answer, "at", (ptrdiff_t)t->at, out);
  hs_buf_printf(out, ",\"periods\":%zu,\"window\":%zu,\"growth\":", t->period_count, t->window);
  json_growth(&t->growth, out);
  json_masses(t->above, t->within, t->below, out);
  json_periods(t->periods_to_decide, out);
  if (answer->series.effort != NULL)
    json_effort(t, out);
  if (t->has_breaks) {
    json_breaks(answer, "breaks",
                t->breaks_kind == HS_BREAKS_MEAN ? "mean of the logarithm"
                                                 : "line of the logarithm",
                &t->breaks, out);
    json_breaks(answer, "value_breaks", "mean of the value", &t->value_breaks, out);
  }
  if (t->has_curves)
    json_curves(t, out);
  hs_buf_add_char(out, '}');
}

static void json_stack(const struct hs_cohort_stack *stack, struct hs_buf *out)
{
  hs_buf_printf(out, ",\"cohorts\":{\"count\":%zu,\"window\":%zu", stack->cohort_count,
                stack->window);
  hs_json_number(out, "value", stack->now);
  hs_json_number(out, "value_before", stack->before);
  hs_json_number(out, "from_new", stack->from_new);
  hs_json_number(out, "kept", stack->kept);
  hs_json_number(out, "newest_to_oldest", stack->newest_to_oldest);
  hs_buf_add_char(out, '}');
}

static void json_rules(const struct hs_trend_answer *answer, struct hs_buf *out)
{
  const struct hs_trend_series *series = &answer->series;
  hs_buf_printf(out, ",\"period\":\"%s\",\"season\":%u", series->period_name,
                series->season > 1 ? series->season : 0);
  hs_json_number(out, "periods_per_year", series->per_year);
  hs_json_number(out, "material", answer->rules.material);
  hs_json_number(out, "level", answer->rules.mass);
  hs_json_flag(out, "effort_planned", answer->rules.is_effort_planned);
  hs_json_text(out, "from", series->labels[0]);
  hs_json_text(out, "to", series->labels[series->count - 1]);
  hs_buf_printf(out, ",\"incomplete_periods\":%zu,\"rows\":%llu,\"rejected_rows\":%llu",
                series->cut_count, (unsigned long long)answer->row_count,
                (unsigned long long)answer->reject_count);
}

/* The sentence of the verdict, and what keeps it from being said of the partnership as a whole: who
   reads the verdict alone must be able to tell. */
static void json_standing(const struct hs_trend_answer *answer, struct hs_buf *out)
{
  struct hs_buf words = hs_buf_in(out->arena);
  hs_trend_words_verdict(answer, &words);
  hs_buf_fail_with(out, &words);
  hs_json_text(out, "words", hs_buf_str(&words));
  hs_json_flag(out, "both_sides_known", !hs_trend_has_caution(answer, HS_TREND_ONE_SIDE));
  hs_json_flag(out, "effort_known", !hs_trend_has_caution(answer, HS_TREND_EFFORT_UNKNOWN));
}

void hs_trend_json_object(const struct hs_trend_answer *answer, struct hs_buf *out)
{
  const struct hs_trend_partnership *p = &answer->partnership;
  int is_first = 1;
  hs_buf_printf(out, "{\"verdict\":\"%s\"", hs_trend_verdict_name(p->verdict));
  json_reason(p->reason, out);
  if (p->side_count == 1) {
    hs_buf_add_text(out, ",\"growth\":");
    json_growth(&p->sides[0].growth, out);
  }
  json_masses(p->above, p->within, p->below, out);
  hs_json_number(out, "p_adjusted", p->p_adjusted);
  json_periods(p->periods_to_decide, out);
  json_standing(answer, out);
  hs_buf_add_text(out, ",\"cautions\":[");
  for (enum hs_trend_caution c = HS_TREND_ONE_SIDE; c < HS_TREND_CAUTION_COUNT; c++)
    if (hs_trend_has_caution(answer, c)) {
      hs_buf_printf(out, "%s\"%s\"", is_first ? "" : ",", hs_trend_caution_name(c));
      is_first = 0;
    }
  hs_buf_add_text(out, "],\"sides\":[");
  for (size_t i = 0; i < p->side_count; i++)
    json_side(answer, i, out);
  hs_buf_add_char(out, ']');
  if (answer->has_stack)
    json_stack(&answer->stack, out);
  json_rules(answer, out);
  hs_buf_add_char(out, '}');
}

void hs_trend_json(const struct hs_trend_answer *answer, struct hs_buf *out)
{
  hs_trend_json_object(answer, out);
  hs_buf_add_char(out, '\n');
}

static void csv_number(const double *series, size_t t, struct hs_buf *out)
{
  hs_buf_add_char(out, ',');
  if (series != NULL && isfinite(series[t]))
    hs_buf_add_double(out, series[t]);
}

void hs_trend_csv(const struct hs_trend_answer *answer, struct hs_buf *out)
{
  const struct hs_trend_series *series = &answer->series;
  hs_buf_add_text(out, "period,side,value,fitted,level\r\n");
  for (size_t i = 0; i < series->side_count; i++)
    for (size_t t = 0; t < series->count; t++) {
      hs_buf_add_csv_safe(out, series->labels[t]);
      hs_buf_add_char(out, ',');
      hs_buf_add_csv_safe(out, series->side_names[i]);
      csv_number(series->sides[i], t, out);
      csv_number(answer->partnership.sides[i].fitted, t, out);
      csv_number(answer->partnership.sides[i].level, t, out);
      hs_buf_add_text(out, "\r\n");
    }
}
