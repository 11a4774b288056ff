#include <math.h>

#include "service/believe/design.h"
#include "service/believe/looks.h"
#include "service/json_member.h"

static void add_head(const struct hs_design *d, struct hs_buf *out)
{
  char day[HS_TIME_TEXT];
  hs_buf_printf(out, "{\"kind\":\"%s\"", hs_design_kind_name(d->kind));
  hs_format_day(d->first_day, day);
  hs_json_text(out, "start", hs_str_of(day));
  hs_format_day(d->last_day, day);
  hs_json_text(out, "end", hs_str_of(day));
  hs_json_text(out, "estimator", hs_str_of(hs_design_estimator(d->kind)));
  hs_json_number(out, "level", d->level);
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
    hs_json_number(out, "distance", b->distances[pair]);
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
  hs_json_number(out, "false_positive_rate", p->false_positive_rate);
  hs_json_number(out, "rate_low", p->rate_low);
  hs_json_number(out, "rate_high", p->rate_high);
  hs_json_number(out, "power", b->design.power);
  hs_json_number(out, "p_resolution", resolution);
  hs_json_number(out, "detectable", p->detectable);
  hs_json_number(out, "detectable_share",
                 b->design.kind == HS_DESIGN_GEO ? p->detectable : p->detectable / b->without);
  hs_json_text(out, "refused_because",
               hs_str_of(resolution > 1 - b->design.level
                             ? "not decidable at this level with so few pairs"
                         : p->is_refused ? "it sees effects where nothing was done"
                                         : NULL));
  hs_buf_add_char(out, '}');
}

static void add_size(const struct hs_design_before *b, struct hs_buf *out)
{
  hs_json_number(out, "orders", ceil(b->size.orders));
  hs_json_number(out, "weeks", b->size.weeks);
  hs_json_number(out, "withheld", b->size.withheld);
  hs_json_number(out, "held_share", b->design.held_share);
  hs_json_number(out, "half_width", b->design.half_width);
  hs_json_number(out, "detectable", b->size.detectable);
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
  hs_json_text(out, "remark", hs_str_of(b->remark));
  hs_buf_add_text(out, "}\n");
}

static void add_holdout(const struct hs_design_after *a, struct hs_buf *out)
{
  hs_json_number(out, "kappa", a->holdout.kappa.mean);
  hs_json_number(out, "sd", a->holdout.kappa.sd);
  hs_json_number(out, "low", a->holdout.low);
  hs_json_number(out, "high", a->holdout.high);
  hs_json_number(out, "per_unit", a->holdout.per_unit);
  hs_json_number(out, "p", a->holdout.p);
  hs_json_number(out, "p_split", a->holdout.p_share);
  hs_json_number(out, "offered_units", a->offered.units);
  hs_json_number(out, "held_units", a->held.units);
}

static void add_test(const struct hs_design_after *a, struct hs_buf *out)
{
  hs_json_number(out, "effect", a->test.effect);
  hs_json_number(out, "low", a->test.low);
  hs_json_number(out, "high", a->test.high);
  hs_json_number(out, "p", a->test.p);
  hs_json_number(out, "p_resolution", a->test.resolution);
  if (a->design.kind == HS_DESIGN_SWITCHBACK)
    hs_json_number(out, "relative", a->test.effect / a->without);
}

void hs_design_after_json(const struct hs_design_after *a, struct hs_buf *out)
{
  char text[HS_HASH_TEXT];
  char day[HS_TIME_TEXT];
  hs_hash_format(&a->hash, text);
  hs_format_day(a->seen_day, day);
  add_head(&a->design, out);
  hs_json_text(out, "sha256", hs_str_of(text));
  hs_json_text(out, "seen", hs_str_of(day));
  hs_json_text(out, "verdict", hs_str_of(a->verdict));
  if (a->standing.is_interim) {
    struct hs_looks looks =
        hs_looks_until((size_t)(a->design.last_day - a->design.first_day + 1), 1, a->design.level);
    hs_looks_json(&looks, out);
  } else {
    if (a->design.kind == HS_DESIGN_HOLDOUT)
      add_holdout(a, out);
    else
      add_test(a, out);
  }
  /* What gives no figures is no evidence, of any grade. */
  int has_grade = !a->standing.is_interim && a->refused_because == NULL;
  enum hs_grade grade = a->standing.grade;
  hs_json_text(out, "grade", hs_str_of(has_grade ? hs_grade_name(grade) : NULL));
  hs_json_text(out, "evidence", hs_str_of(has_grade ? hs_grade_word(grade) : NULL));
  hs_json_text(out, "grade_because", hs_str_of(a->standing.because));
  hs_json_text(out, "refused_because", hs_str_of(a->refused_because));
  hs_buf_add_text(out, "}\n");
}
