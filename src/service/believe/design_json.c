#include <math.h>

#include "service/believe/design.h"

static void add_number(struct hs_buf *out, const char *name, double value)
{
  hs_buf_printf(out, ",\"%s\":", name);
  hs_buf_add_double(out, value);
}

static void add_text(struct hs_buf *out, const char *name, const char *text)
{
  hs_buf_printf(out, ",\"%s\":", name);
  if (text == NULL)
    hs_buf_add_text(out, "null");
  else
    hs_buf_add_json(out, hs_str_of(text));
}

static void add_head(const struct hs_design *d, struct hs_buf *out)
{
  char day[HS_TIME_TEXT];
  hs_buf_printf(out, "{\"kind\":\"%s\"", hs_design_kind_name(d->kind));
  hs_format_day(d->first_day, day);
  add_text(out, "start", day);
  hs_format_day(d->last_day, day);
  add_text(out, "end", day);
  add_text(out, "estimator", hs_design_estimator(d->kind));
  add_number(out, "level", d->level);
  hs_buf_printf(out, ",\"seed\":%llu", (unsigned long long)d->seed);
}

static void add_pairs(const struct hs_design_before *b, struct hs_buf *out)
{
  const struct hs_design *d = &b->design;
  hs_buf_add_text(out, ",\"pairs\":[");
  for (size_t pair = 0; pair < d->pair_count; pair++) {
    hs_buf_add_text(out, pair == 0 ? "{\"with\":" : ",{\"with\":");
    hs_buf_add_json(out, d->with[pair]);
    hs_buf_add_text(out, ",\"without\":");
    hs_buf_add_json(out, d->without[pair]);
    add_number(out, "distance", b->distances[pair]);
    hs_buf_add_char(out, '}');
  }
  hs_buf_add_char(out, ']');
}

static void add_blocks(const struct hs_design *d, struct hs_buf *out)
{
  const struct hs_switchback plan = {
      .block_rows = d->block_days, .pair_count = d->pair_count, .seed = d->seed};
  hs_buf_add_text(out, ",\"blocks\":[");
  for (size_t block = 0; block < 2 * (size_t)d->pair_count; block++) {
    char day[HS_TIME_TEXT];
    hs_format_day(d->first_day + (int32_t)(block * d->block_days), day);
    hs_buf_printf(out, "%s{\"from\":\"%s\",\"on\":%s}", block == 0 ? "" : ",", day,
                  hs_switchback_is_on(&plan, block * d->block_days) ? "true" : "false");
  }
  hs_buf_add_char(out, ']');
}

static void add_power(const struct hs_design_before *b, struct hs_buf *out)
{
  const struct hs_pairs_power *p = &b->power;
  double resolution = ldexp(2, -(int)b->design.pair_count);
  hs_buf_printf(out, ",\"power\":{\"trials\":%zu,\"disjoint\":%zu", p->trial_count, b->disjoint);
  add_number(out, "false_positive_rate", p->false_positive_rate);
  add_number(out, "rate_low", p->rate_low);
  add_number(out, "rate_high", p->rate_high);
  add_number(out, "power", b->design.power);
  add_number(out, "p_resolution", resolution);
  add_number(out, "detectable", p->detectable);
  add_number(out, "detectable_share",
             b->design.kind == HS_DESIGN_GEO ? p->detectable : p->detectable / b->without);
  add_text(out, "refused_because",
           resolution > 1 - b->design.level ? "not decidable at this level with so few pairs"
           : p->is_refused                  ? "it sees effects where nothing was done"
                                            : NULL);
  hs_buf_add_char(out, '}');
}

static void add_size(const struct hs_design_before *b, struct hs_buf *out)
{
  add_number(out, "orders", ceil(b->size.orders));
  add_number(out, "weeks", b->size.weeks);
  add_number(out, "withheld", b->size.withheld);
  add_number(out, "held_share", b->design.held_share);
  add_number(out, "half_width", b->design.half_width);
  add_number(out, "detectable", b->size.detectable);
}

void hs_design_before_json(const struct hs_design_before *b, struct hs_buf *out)
{
  add_head(&b->design, out);
  if (b->has_power)
    add_power(b, out);
  if (b->design.kind == HS_DESIGN_GEO)
    add_pairs(b, out);
  else if (b->design.kind == HS_DESIGN_SWITCHBACK)
    add_blocks(&b->design, out);
  else
    add_size(b, out);
  add_text(out, "remark", b->remark);
  hs_buf_add_text(out, "}\n");
}

static void add_holdout(const struct hs_design_after *a, struct hs_buf *out)
{
  add_number(out, "kappa", a->holdout.kappa.mean);
  add_number(out, "sd", a->holdout.kappa.sd);
  add_number(out, "low", a->holdout.low);
  add_number(out, "high", a->holdout.high);
  add_number(out, "per_unit", a->holdout.per_unit);
  add_number(out, "p", a->holdout.p);
  add_number(out, "p_split", a->holdout.p_share);
  add_number(out, "offered_units", a->offered.units);
  add_number(out, "held_units", a->held.units);
}

static void add_test(const struct hs_design_after *a, struct hs_buf *out)
{
  add_number(out, "effect", a->test.effect);
  add_number(out, "low", a->test.low);
  add_number(out, "high", a->test.high);
  add_number(out, "p", a->test.p);
  add_number(out, "p_resolution", a->test.resolution);
  if (a->design.kind == HS_DESIGN_SWITCHBACK)
    add_number(out, "relative", a->test.effect / a->without);
}

void hs_design_after_json(const struct hs_design_after *a, struct hs_buf *out)
{
  char text[HS_HASH_TEXT];
  char day[HS_TIME_TEXT];
  hs_hash_format(&a->hash, text);
  hs_format_day(a->seen_day, day);
  add_head(&a->design, out);
  add_text(out, "sha256", text);
  add_text(out, "seen", day);
  add_text(out, "verdict", a->verdict);
  if (!a->standing.is_interim) {
    if (a->design.kind == HS_DESIGN_HOLDOUT)
      add_holdout(a, out);
    else
      add_test(a, out);
  }
  add_text(out, "grade", a->standing.is_interim ? NULL : hs_grade_name(a->standing.grade));
  add_text(out, "grade_because", a->standing.because);
  add_text(out, "refused_because", a->refused_because);
  hs_buf_add_text(out, "}\n");
}
