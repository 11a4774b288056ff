/* A table of partners for programs, and what it has in common with a halo table. */
#include "service/believe/honesty_json.h"

#include <math.h>

#include "service/believe/honesty_priv.h"
#include "service/json_member.h"

void hs_honesty_json_figure(struct hs_buf *out, const char *name,
                            const struct hs_honesty_figure *figure)
{
  hs_json_key(out, name);
  hs_buf_add_char(out, '{');
  hs_json_number(out, "mean", figure->mean);
  hs_json_number(out, "sd", figure->sd);
  hs_json_number(out, "low", figure->low);
  hs_json_number(out, "high", figure->high);
  hs_buf_add_char(out, '}');
}

void hs_honesty_json_bounds(struct hs_buf *out, const struct hs_honesty_bounds *bounds,
                            double hold_out_orders)
{
  struct hs_buf says = hs_buf_in(out->arena);
  hs_json_key(out, "bounds");
  if (bounds == NULL) {
    hs_buf_add_text(out, "null");
    return;
  }
  hs_honesty_refusal(&says, bounds, hold_out_orders);
  hs_buf_fail_with(out, &says);
  hs_buf_add_char(out, '{');
  hs_json_number(out, "kappa_most", bounds->kappa_most_sure);
  hs_json_number(out, "halo_least", bounds->halo_least_sure);
  hs_json_number(out, "kappa_most_estimate", bounds->kappa_most);
  hs_json_number(out, "halo_least_estimate", bounds->halo_least);
  hs_json_flag(out, "contradiction", bounds->kappa_most_sure < 0);
  hs_json_number(out, "hold_out_orders", ceil(hold_out_orders));
  hs_json_text(out, "says", hs_buf_str(&says));
  hs_buf_add_char(out, '}');
}

void hs_honesty_json_points(struct hs_buf *out, const struct hs_honesty_points *points)
{
  hs_json_key(out, "points");
  if (points == NULL) {
    hs_buf_add_text(out, "null");
    return;
  }
  hs_buf_add_char(out, '{');
  hs_json_flag(out, "contradicts", points->contradicts);
  hs_honesty_json_figure(out, "kappa", &points->kappa);
  hs_honesty_json_figure(out, "halo", &points->halo);
  hs_buf_add_char(out, '}');
}

void hs_honesty_json_settle(struct hs_buf *out, const struct hs_settle_answer *settle)
{
  hs_json_key(out, "settle");
  if (settle == NULL) {
    hs_buf_add_text(out, "null");
    return;
  }
  hs_buf_add_char(out, '{');
  hs_json_text(out, "best", hs_str_of(settle->is_any ? hs_settle_name(settle->best) : NULL));
  hs_json_key(out, "ways");
  hs_buf_add_char(out, '[');
  for (size_t i = 0; i < HS_SETTLE_COUNT; i++) {
    hs_buf_add_text(out, i == 0 ? "{" : ",{");
    hs_json_text(out, "name", hs_str_of(hs_settle_name((enum hs_settle_kind)i)));
    hs_json_flag(out, "could", settle->could[i]);
    hs_json_number(out, "weeks", settle->weeks[i]);
    hs_json_number(out, "withheld", settle->withheld[i]);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_text(out, "]}");
}

void hs_honesty_json_compared(struct hs_buf *out, const struct hs_honesty *h)
{
  hs_honesty_json_figure(out, "incremental", &h->incremental);
  hs_honesty_json_figure(out, "difference", &h->difference);
  hs_honesty_json_figure(out, "ratio", &h->ratio);
  hs_json_number(out, "p_over", h->p_over);
  hs_json_number(out, "p_consistent", h->p_consistent);
  hs_json_number(out, "p_under", h->p_under);
  hs_json_number(out, "detectable_effect", h->detectable_effect);
  hs_json_number(out, "detectable_difference", h->detectable_difference);
}

static void table_members(const struct hs_halo_answer *a, struct hs_buf *out)
{
  const struct hs_halo *h = &a->halo;
  char day[HS_TIME_TEXT];
  hs_spaced_format(&a->spaced, a->start, day);
  hs_json_text(out, "start", hs_str_of(day));
  hs_spaced_format(&a->spaced, a->end - 1, day);
  hs_json_text(out, "end", hs_str_of(day));
  hs_json_text(out, "grade", hs_str_of(hs_grade_name(h->grade)));
  hs_json_text(out, "evidence", hs_str_of(hs_grade_word(h->grade)));
  hs_json_text(out, "grade_because", hs_str_of(h->grade_because));
  hs_honesty_json_bounds(out, h->tracked > 0 ? &h->bounds : NULL, a->hold_out_orders);
  hs_honesty_json_points(out, h->has_points ? &h->points : NULL);
  hs_honesty_json_settle(out, a->has_settle ? &a->settle : NULL);
}

static void json_line(const struct hs_partners_line *line, struct hs_buf *out)
{
  const struct hs_honesty *h = &line->honesty;
  hs_buf_add_char(out, '{');
  hs_json_text(out, "partner", line->name);
  hs_json_text(out, "title", line->title);
  hs_json_text(out, "kind", line->kind);
  hs_json_number(out, "tracked", line->tracked);
  hs_json_flag(out, "tested", line->is_tested);
  hs_json_text(out, "untested_because", hs_str_of(line->untested_because));
  if (line->is_tested) {
    hs_honesty_json_compared(out, h);
    hs_json_number(out, "p", h->p);
    hs_json_number(out, "p_adjusted", h->p_adjusted);
    hs_json_flag(out, "by_chance", h->is_by_chance);
    hs_json_text(out, "verdict", hs_str_of(hs_honesty_verdict_name(h->verdict)));
  }
  if (line->table != NULL)
    table_members(line->table, out);
  hs_buf_add_char(out, '}');
}

static void json_kinds(const struct hs_partners *p, struct hs_buf *out)
{
  hs_json_key(out, "kinds");
  hs_buf_add_char(out, '[');
  for (size_t kind = 0; kind < p->kind_count; kind++) {
    const struct hs_honesty_pool *pool = &p->kinds[kind].pool;
    hs_buf_add_text(out, kind == 0 ? "{" : ",{");
    hs_json_text(out, "kind", p->kinds[kind].name);
    hs_json_count(out, "tested", pool->count);
    hs_honesty_json_figure(out, "mean", &pool->mean);
    hs_honesty_json_figure(out, "predictive", &pool->predictive);
    hs_json_number(out, "between", pool->between);
    hs_json_text(out, "refused_because",
                 hs_str_of(pool->is_refused ? "fewer than five were tested" : NULL));
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
  hs_json_text(out, "assumes", hs_str_of(hs_honesty_pool_assumes));
}

static void json_sum(const struct hs_partners *p, struct hs_buf *out)
{
  hs_json_key(out, "sum");
  if (isnan(p->asked.total)) {
    hs_buf_add_text(out, "null");
    return;
  }
  hs_buf_add_char(out, '{');
  hs_json_number(out, "total", p->sum.total);
  hs_honesty_json_figure(out, "effects", &p->sum.sum);
  hs_json_number(out, "p_above", p->sum.p_above);
  hs_json_flag(out, "flagged", p->sum.is_flagged);
  hs_buf_add_char(out, '}');
}

void hs_partners_json_object(const struct hs_partners *p, struct hs_buf *out)
{
  hs_buf_add_char(out, '{');
  hs_json_text(out, "unit", hs_str_of(p->is_programme ? "orders" : NULL));
  hs_json_text(out, "model", hs_str_of(p->is_programme ? hs_meeting_model_name(p->model) : NULL));
  hs_json_number(out, "band", p->asked.honesty.band);
  hs_json_number(out, "level", p->asked.honesty.mass);
  hs_json_number(out, "false_discovery_rate", HS_HONESTY_FALSE_SHARE);
  hs_json_key(out, "partners");
  hs_buf_add_char(out, '[');
  for (size_t i = 0; i < p->line_count; i++) {
    hs_buf_add_text(out, i == 0 ? "" : ",");
    json_line(&p->lines[i], out);
  }
  hs_buf_add_char(out, ']');
  json_sum(p, out);
  json_kinds(p, out);
  hs_buf_add_char(out, '}');
}

void hs_partners_json(const struct hs_partners *p, struct hs_buf *out)
{
  hs_partners_json_object(p, out);
  hs_buf_add_char(out, '\n');
}

/* ---- CSV ---- */

static void csv_number(double value, struct hs_buf *out)
{
  hs_buf_add_char(out, ',');
  if (isfinite(value))
    hs_buf_add_double(out, value);
}

static void csv_figure(const struct hs_honesty_figure *figure, struct hs_buf *out)
{
  csv_number(figure->mean, out);
  csv_number(figure->low, out);
  csv_number(figure->high, out);
}

static void csv_table(const struct hs_halo_answer *table, struct hs_buf *out)
{
  if (table == NULL) {
    hs_buf_add_text(out, ",,,");
    return;
  }
  int is_bounded = table->halo.tracked > 0;
  csv_number(is_bounded ? table->halo.bounds.kappa_most_sure : (double)NAN, out);
  csv_number(is_bounded ? table->halo.bounds.halo_least_sure : (double)NAN, out);
  hs_buf_printf(out, ",%s", hs_grade_name(table->halo.grade));
}

void hs_partners_csv(const struct hs_partners *p, struct hs_buf *out)
{
  hs_buf_add_text(out, "partner,kind,tracked,incremental,incremental_low,incremental_high,"
                       "difference,difference_low,difference_high,ratio,ratio_low,ratio_high,"
                       "verdict,detectable_effect,kappa_most,halo_least,grade,untested_because\n");
  for (size_t i = 0; i < p->line_count; i++) {
    const struct hs_partners_line *line = &p->lines[i];
    const struct hs_honesty *h = &line->honesty;
    hs_buf_add_csv_safe(out, line->name);
    hs_buf_add_char(out, ',');
    hs_buf_add_csv_safe(out, line->kind);
    csv_number(line->tracked, out);
    if (line->is_tested) {
      csv_figure(&h->incremental, out);
      csv_figure(&h->difference, out);
      csv_figure(&h->ratio, out);
      hs_buf_printf(out, ",%s", hs_honesty_verdict_name(h->verdict));
      csv_number(h->detectable_effect, out);
      csv_table(line->table, out);
    } else {
      hs_buf_add_text(out, ",,,,,,,,,,,,,,");
    }
    hs_buf_add_char(out, ',');
    hs_buf_add_csv_safe(out, hs_str_of(line->untested_because));
    hs_buf_add_char(out, '\n');
  }
}
