/* The halo table for programs. */
#include <math.h>

#include "service/believe/halo.h"
#include "service/json_member.h"

static void add_figure(struct hs_buf *out, const char *name, const struct hs_honesty_figure *f)
{
  hs_buf_printf(out, ",\"%s\":{\"mean\":", name);
  hs_buf_add_double(out, f->mean);
  hs_json_number(out, "sd", f->sd);
  hs_json_number(out, "low", f->low);
  hs_json_number(out, "high", f->high);
  hs_buf_add_char(out, '}');
}

static void json_line(const struct hs_halo_line *line, struct hs_buf *out)
{
  hs_buf_add_text(out, "{\"name\":");
  hs_buf_add_json(out, line->name);
  add_figure(out, "raw", &line->raw);
  add_figure(out, "reconciled", &line->reconciled);
  hs_json_text(out, "verdict", hs_str_of(hs_influence_verdict_name(line->verdict)));
  hs_json_text(out, "refused_because", hs_str_of(line->refused_because));
  hs_json_text(out, "grade", hs_str_of(hs_grade_name(line->grade)));
  hs_buf_add_char(out, '}');
}

static void json_honesty(const struct hs_halo_answer *a, struct hs_buf *out)
{
  const struct hs_honesty *h = &a->halo.honesty;
  hs_buf_add_text(out, ",\"honesty\":");
  if (a->is_interim || a->halo.verdict != HS_HALO_TOLD) {
    hs_buf_add_text(out, "null");
    return;
  }
  hs_buf_add_text(out, "{\"tracked\":");
  hs_buf_add_double(out, h->tracked.mean);
  add_figure(out, "incremental", &h->incremental);
  add_figure(out, "difference", &h->difference);
  add_figure(out, "ratio", &h->ratio);
  hs_json_number(out, "band", h->options.band);
  hs_json_number(out, "mass", h->options.mass);
  hs_json_number(out, "p_over", h->p_over);
  hs_json_number(out, "p_consistent", h->p_consistent);
  hs_json_number(out, "p_under", h->p_under);
  hs_json_number(out, "detectable_effect", h->detectable_effect);
  hs_json_number(out, "detectable_difference", h->detectable_difference);
  hs_buf_add_char(out, '}');
}

static void json_separation(const struct hs_halo_answer *a, struct hs_buf *out)
{
  const struct hs_honesty_bounds *b = &a->halo.bounds;
  int is_told = !a->is_interim && a->halo.verdict == HS_HALO_TOLD && a->halo.tracked > 0;
  hs_buf_add_text(out, ",\"bounds\":");
  if (is_told) {
    hs_buf_add_text(out, "{\"kappa_most\":");
    hs_buf_add_double(out, b->kappa_most_sure);
    hs_json_number(out, "halo_least", b->halo_least_sure);
    hs_json_number(out, "kappa_most_estimate", b->kappa_most);
    hs_json_number(out, "halo_least_estimate", b->halo_least);
    hs_json_number(out, "hold_out_orders", ceil(a->hold_out_orders));
    hs_buf_add_char(out, '}');
  } else {
    hs_buf_add_text(out, "null");
  }
  hs_buf_add_text(out, ",\"points\":");
  if (is_told && a->halo.has_points) {
    hs_buf_printf(out, "{\"contradicts\":%s", a->halo.points.contradicts ? "true" : "false");
    add_figure(out, "kappa", &a->halo.points.kappa);
    add_figure(out, "halo", &a->halo.points.halo);
    hs_buf_add_char(out, '}');
  } else {
    hs_buf_add_text(out, "null");
  }
}

static void json_settle(const struct hs_halo_answer *a, struct hs_buf *out)
{
  hs_buf_add_text(out, ",\"settle\":");
  if (!a->has_settle) {
    hs_buf_add_text(out, "null");
    return;
  }
  hs_buf_add_text(out, "{\"best\":");
  if (a->settle.is_any)
    hs_buf_add_json(out, hs_str_of(hs_settle_name(a->settle.best)));
  else
    hs_buf_add_text(out, "null");
  hs_buf_add_text(out, ",\"ways\":[");
  for (size_t i = 0; i < HS_SETTLE_COUNT; i++) {
    hs_buf_printf(out, "%s{\"name\":\"%s\",\"could\":%s", i == 0 ? "" : ",",
                  hs_settle_name((enum hs_settle_kind)i), a->settle.could[i] ? "true" : "false");
    hs_json_number(out, "weeks", a->settle.weeks[i]);
    hs_json_number(out, "withheld", a->settle.withheld[i]);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_text(out, "]}");
}

void hs_halo_json(const struct hs_halo_answer *a, struct hs_buf *out)
{
  char time[HS_TIME_TEXT];
  hs_buf_printf(out, "{\"mode\":\"%s\"", hs_influence_mode_name(a->asked.mode));
  hs_spaced_format(&a->spaced, a->start, time);
  hs_json_text(out, "start", hs_str_of(time));
  hs_spaced_format(&a->spaced, a->end - 1, time);
  hs_json_text(out, "end", hs_str_of(time));
  hs_json_text(out, "verdict", hs_str_of(hs_halo_verdict_words(a)));
  hs_json_text(out, "refused_because", hs_str_of(a->halo.refused_because));
  hs_json_text(out, "grade", hs_str_of(hs_grade_name(a->halo.grade)));
  hs_json_number(out, "level", a->asked.common.level);
  hs_buf_printf(out, ",\"seed\":%llu", (unsigned long long)a->asked.common.seed);
  hs_json_number(out, "tracked", a->halo.tracked);
  hs_json_number(out, "discrepancy", a->halo.discrepancy);
  hs_buf_add_text(out, ",\"lines\":[");
  for (size_t i = 0; i < a->halo.line_count; i++) {
    hs_buf_add_text(out, i == 0 ? "" : ",");
    json_line(&a->halo.lines[i], out);
  }
  hs_buf_add_text(out, "],\"total\":");
  json_line(&a->halo.total, out);
  json_honesty(a, out);
  json_separation(a, out);
  json_settle(a, out);
  hs_buf_add_text(out, "}\n");
}
