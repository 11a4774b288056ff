/* The halo table for programs. */
#include <math.h>

#include "service/believe/halo.h"
#include "service/believe/honesty_json.h"
#include "service/json_member.h"

static void json_line(const struct hs_halo_line *line, struct hs_buf *out)
{
  hs_buf_add_char(out, '{');
  hs_json_text(out, "name", line->name);
  hs_honesty_json_figure(out, "raw", &line->raw);
  hs_honesty_json_figure(out, "reconciled", &line->reconciled);
  hs_json_text(out, "verdict", hs_str_of(hs_influence_verdict_name(line->verdict)));
  hs_json_text(out, "refused_because", hs_str_of(line->refused_because));
  hs_json_text(out, "grade", hs_str_of(hs_grade_name(line->grade)));
  hs_buf_add_char(out, '}');
}

static void json_lines(const struct hs_halo_answer *a, struct hs_buf *out)
{
  hs_json_key(out, "lines");
  hs_buf_add_char(out, '[');
  for (size_t i = 0; i < a->halo.line_count; i++) {
    hs_buf_add_text(out, i == 0 ? "" : ",");
    json_line(&a->halo.lines[i], out);
  }
  hs_buf_add_char(out, ']');
  hs_json_key(out, "total");
  json_line(&a->halo.total, out);
}

static void json_honesty(const struct hs_halo_answer *a, int is_told, struct hs_buf *out)
{
  const struct hs_honesty *h = &a->halo.honesty;
  hs_json_key(out, "honesty");
  if (!is_told) {
    hs_buf_add_text(out, "null");
    return;
  }
  hs_buf_add_char(out, '{');
  hs_json_number(out, "tracked", h->tracked.mean);
  hs_json_number(out, "band", h->options.band);
  hs_json_number(out, "level", h->options.mass);
  hs_honesty_json_compared(out, h);
  hs_buf_add_char(out, '}');
}

static void json_window(const struct hs_halo_answer *a, struct hs_buf *out)
{
  char time[HS_TIME_TEXT];
  hs_spaced_format(&a->spaced, a->start, time);
  hs_json_text(out, "start", hs_str_of(time));
  hs_spaced_format(&a->spaced, a->end - 1, time);
  hs_json_text(out, "end", hs_str_of(time));
  hs_json_count(out, "rows_judged", a->halo.judged_count);
  hs_json_count(out, "rows_left_out", a->halo.left_out_count);
}

void hs_halo_json(const struct hs_halo_answer *a, struct hs_buf *out)
{
  const struct hs_halo *h = &a->halo;
  int is_told = !a->is_interim && h->verdict == HS_HALO_TOLD;
  int is_bounded = is_told && h->tracked > 0;
  hs_buf_add_char(out, '{');
  hs_json_text(out, "partner", a->partner);
  hs_json_text(out, "mode", hs_str_of(hs_influence_mode_name(a->asked.mode)));
  json_window(a, out);
  hs_json_text(out, "verdict", hs_str_of(hs_halo_verdict_words(a)));
  hs_json_text(out, "refused_because", hs_str_of(h->refused_because));
  hs_json_text(out, "grade", hs_str_of(hs_grade_name(h->grade)));
  hs_json_text(out, "evidence", hs_str_of(hs_grade_word(h->grade)));
  hs_json_text(out, "grade_because", hs_str_of(h->grade_because));
  hs_json_number(out, "level", a->asked.common.level);
  hs_json_count(out, "seed", a->asked.common.seed);
  hs_json_number(out, "tracked", h->tracked);
  hs_json_number(out, "discrepancy", h->discrepancy);
  json_lines(a, out);
  json_honesty(a, is_told, out);
  hs_honesty_json_bounds(out, is_bounded ? &h->bounds : NULL, a->hold_out_orders);
  hs_honesty_json_points(out, is_bounded && h->has_points ? &h->points : NULL);
  hs_honesty_json_settle(out, a->has_settle ? &a->settle : NULL);
  hs_buf_add_text(out, "}\n");
}
