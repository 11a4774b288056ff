/* Partners, tracked beside incremental, for people and for programs. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "service/believe/honesty.h"
#include "service/believe/report_words.h"
#include "service/json_member.h"

/* Broken at the edge of the terminal. */
static void sentence(struct hs_buf *out, int width, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void sentence(struct hs_buf *out, int width, const char *format, ...)
{
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  hs_buf_add_wrapped(out, hs_str_of(text), (size_t)width, 0);
}

static void line_text(const struct hs_partners_line *line, struct hs_buf *out)
{
  const struct hs_honesty_figure *each = &line->honesty.ratio;
  char ratio[HS_FIGURE_INTERVAL_TEXT];
  char figure[HS_FIGURE_TEXT];
  size_t shown = hs_buf_add_shown(out, line->name, 20);
  hs_figure_of_any_size(line->tracked, figure);
  hs_buf_printf(out, "%*s %12s ", (int)(20 - shown), "", figure);
  if (!line->is_tested) {
    hs_buf_add_text(out, "not tested\n");
    return;
  }
  hs_figure_interval(each->mean, each->low, each->high, ratio);
  hs_figure_of_any_size(line->honesty.incremental.mean, figure);
  hs_buf_printf(out, "%12s %-24s %s\n", figure, ratio,
                hs_honesty_verdict_name(line->honesty.verdict));
}

static void kind_text(const struct hs_partners_kind *kind, int width, struct hs_buf *out)
{
  const struct hs_honesty_pool *pool = &kind->pool;
  struct hs_buf name = hs_buf_in(out->arena);
  (void)hs_buf_add_shown(&name, kind->name, 60);
  hs_buf_fail_with(out, &name);
  if (name.data == NULL)
    return;
  if (pool->is_refused)
    sentence(out, width, "Kind %s: %zu tested, and nothing is said of the others below %zu.",
             name.data, pool->count, HS_HONESTY_POOL_MIN);
  else
    sentence(out, width,
             "Kind %s: of %zu tested, a further one brings %.2f [%.2f, %.2f] for each 1 tracked "
             "(their mean %.2f [%.2f, %.2f]).",
             name.data, pool->count, pool->predictive.mean, pool->predictive.low,
             pool->predictive.high, pool->mean.mean, pool->mean.low, pool->mean.high);
}

void hs_partners_text(const struct hs_partners *p, int width, struct hs_buf *out)
{
  hs_buf_printf(out, "%-20s %12s %12s %-24s\n", "partner", "tracked", "changed",
                "for each 1 tracked");
  for (size_t i = 0; i < p->line_count; i++)
    line_text(&p->lines[i], out);
  hs_buf_add_char(out, '\n');
  if (!isnan(p->asked.total)) {
    char sum[HS_FIGURE_INTERVAL_TEXT];
    char sold[HS_FIGURE_TEXT];
    hs_figure_interval(p->sum.sum.mean, p->sum.sum.low, p->sum.sum.high, sum);
    hs_figure_of_any_size(p->sum.total, sold);
    sentence(out, width, "The %zu tested sum to %s of %s sold; that it is more: %.1f %%.",
             p->tested_count, sum, sold, 100 * p->sum.p_above);
    if (p->sum.is_flagged)
      sentence(out, width,
               "More than was sold: partners strengthen each other here, or the figures "
               "count one effect for several of them.");
  }
  for (size_t kind = 0; kind < p->kind_count; kind++)
    kind_text(&p->kinds[kind], width, out);
  if (p->kind_count > 0)
    sentence(out, width, "A kind's figure %s.", hs_honesty_pool_assumes);
}

/* ---- JSON ---- */

static void add_figure(struct hs_buf *out, const char *name, const struct hs_honesty_figure *f)
{
  hs_buf_printf(out, ",\"%s\":{\"mean\":", name);
  hs_buf_add_double(out, f->mean);
  hs_json_number(out, "sd", f->sd);
  hs_json_number(out, "low", f->low);
  hs_json_number(out, "high", f->high);
  hs_buf_add_char(out, '}');
}

static void json_line(const struct hs_partners_line *line, struct hs_buf *out)
{
  const struct hs_honesty *h = &line->honesty;
  hs_buf_add_text(out, "{\"partner\":");
  hs_buf_add_json(out, line->name);
  hs_json_number(out, "tracked", line->tracked);
  hs_buf_printf(out, ",\"tested\":%s", line->is_tested ? "true" : "false");
  if (line->is_tested) {
    add_figure(out, "incremental", &h->incremental);
    add_figure(out, "difference", &h->difference);
    add_figure(out, "ratio", &h->ratio);
    hs_json_number(out, "p_over", h->p_over);
    hs_json_number(out, "p_consistent", h->p_consistent);
    hs_json_number(out, "p_under", h->p_under);
    hs_json_number(out, "detectable_effect", h->detectable_effect);
    hs_json_number(out, "detectable_difference", h->detectable_difference);
    hs_buf_printf(out, ",\"verdict\":\"%s\"", hs_honesty_verdict_name(h->verdict));
  }
  hs_buf_add_char(out, '}');
}

static void json_kinds(const struct hs_partners *p, struct hs_buf *out)
{
  hs_buf_add_text(out, ",\"kinds\":[");
  for (size_t kind = 0; kind < p->kind_count; kind++) {
    const struct hs_honesty_pool *pool = &p->kinds[kind].pool;
    hs_buf_add_text(out, kind == 0 ? "{\"kind\":" : ",{\"kind\":");
    hs_buf_add_json(out, p->kinds[kind].name);
    hs_buf_printf(out, ",\"tested\":%zu", pool->count);
    add_figure(out, "mean", &pool->mean);
    add_figure(out, "predictive", &pool->predictive);
    hs_json_number(out, "between", pool->between);
    hs_buf_printf(out, ",\"refused_because\":%s}",
                  pool->is_refused ? "\"fewer than five were tested\"" : "null");
  }
  hs_buf_printf(out, "],\"assumes\":\"%s\"", hs_honesty_pool_assumes);
}

void hs_partners_json(const struct hs_partners *p, struct hs_buf *out)
{
  hs_buf_add_text(out, "{\"band\":");
  hs_buf_add_double(out, p->asked.honesty.band);
  hs_json_number(out, "mass", p->asked.honesty.mass);
  hs_buf_add_text(out, ",\"partners\":[");
  for (size_t i = 0; i < p->line_count; i++) {
    hs_buf_add_text(out, i == 0 ? "" : ",");
    json_line(&p->lines[i], out);
  }
  hs_buf_add_text(out, "],\"sum\":");
  if (isnan(p->asked.total)) {
    hs_buf_add_text(out, "null");
  } else {
    hs_buf_add_text(out, "{\"total\":");
    hs_buf_add_double(out, p->sum.total);
    add_figure(out, "effects", &p->sum.sum);
    hs_json_number(out, "p_above", p->sum.p_above);
    hs_buf_printf(out, ",\"flagged\":%s}", p->sum.is_flagged ? "true" : "false");
  }
  json_kinds(p, out);
  hs_buf_add_text(out, "}\n");
}
