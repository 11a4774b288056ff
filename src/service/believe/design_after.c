/* A registered design held against the figures: nothing before its end, and then what it says. */
#include <math.h>

#include "measure/influence/region_pairs.h"
#include "service/believe/design_read.h"

static const char INTERIM[] = "interim, no verdict";
static const char TOO_FEW_PAIRS[] =
    "with so few pairs chance alone gives this in more cases than the level allows";

static int32_t today(const struct hs_io *io) { return hs_day_of_us(io->now_us(io->self)); }

static void stand(const struct hs_design_looking *looking, struct hs_design_after *out,
                  int is_altered)
{
  const struct hs_register_facts facts = {.registered_day = out->design.registered_day,
                                          .first_day = out->design.first_day,
                                          .last_day = out->design.last_day,
                                          .seen_day = out->seen_day,
                                          .is_altered = is_altered,
                                          .events = looking->events,
                                          .event_count = looking->event_count};
  out->standing = hs_register_stand(&facts, HS_GRADE_A);
  if (out->standing.is_interim)
    out->verdict = INTERIM;
}

static void judge_test(struct hs_design_after *out)
{
  const struct hs_pairs_test *test = &out->test;
  if (!test->is_decidable) {
    out->verdict = "refused";
    out->refused_because = TOO_FEW_PAIRS;
  } else {
    out->verdict = test->low > 0 ? "up" : test->high < 0 ? "down" : "undetermined";
  }
}

/* ---- switch-back ---- */

static enum hs_status after_switchback(struct hs_arena *arena, const struct hs_io *io,
                                       const struct hs_design_looking *looking,
                                       struct hs_design_after *out, int is_altered,
                                       struct hs_err *err)
{
  struct hs_design_days days = {0};
  struct hs_switchback_result result = {0};
  enum hs_status status =
      hs_design_read_days(arena, io, &looking->source, &out->design, &days, err);
  if (status != HS_OK)
    return status;
  out->seen_day = days.first_day + (int32_t)days.count - 1;
  out->reject_count = days.reject_count;
  stand(looking, out, is_altered);
  if (out->standing.is_interim)
    return HS_OK;
  const struct hs_design *d = &out->design;
  if (days.first_day > d->first_day)
    return hs_fail(err, HS_INSUFFICIENT, "the figures begin after the design's first day");
  const struct hs_switchback plan = {.start =
                                         hs_design_row(days.first_day, days.count, d->first_day),
                                     .block_rows = d->block_days,
                                     .carry_rows = d->carry_days,
                                     .pair_count = d->pair_count,
                                     .season = d->season,
                                     .seed = d->seed};
  double *room = hs_arena_alloc_raw(arena, hs_switchback_room(&plan), sizeof *room);
  if (room == NULL)
    return hs_arena_full(arena, "the coins of the design", err);
  status = hs_switchback_analyse(&plan, days.outcome, days.count, d->level, room, &result, err);
  out->test = result.test;
  out->without = result.without;
  if (status == HS_OK)
    judge_test(out);
  return status;
}

/* ---- regions ---- */

static enum hs_status find_region(const struct hs_panel *panel, struct hs_str name, size_t *out,
                                  struct hs_err *err)
{
  *out = hs_panel_unit(panel, name);
  if (*out < panel->unit_count)
    return HS_OK;
  return hs_fail(err, HS_INVALID, "the figures have no region %.*s, which the design has",
                 HS_STR_ARG(name));
}

/* The pairs as the coins want them: first the one that has the partner when the coin says 1. */
static enum hs_status find_pairs(struct hs_arena *arena, const struct hs_design *d,
                                 const struct hs_panel *panel, struct hs_region_pair **out,
                                 struct hs_err *err)
{
  *out = hs_arena_alloc(arena, d->pair_count, sizeof **out);
  if (*out == NULL)
    return hs_arena_full(arena, "pairs of regions", err);
  for (size_t pair = 0; pair < d->pair_count; pair++) {
    size_t with = hs_pairs_coin(d->seed, pair) ? 0 : 1;
    enum hs_status status = find_region(panel, d->with[pair], &(*out)[pair].regions[with], err);
    if (status == HS_OK)
      status = find_region(panel, d->without[pair], &(*out)[pair].regions[1 - with], err);
    if (status != HS_OK)
      return status;
  }
  return HS_OK;
}

static enum hs_status after_geo(struct hs_arena *arena, const struct hs_io *io,
                                const struct hs_design_looking *looking,
                                struct hs_design_after *out, int is_altered, struct hs_err *err)
{
  struct hs_panel panel = {0};
  struct hs_region_pair *pairs = NULL;
  const struct hs_design *d = &out->design;
  enum hs_status status =
      hs_design_read_panel(arena, io, &looking->source, d, &panel, &out->reject_count, err);
  if (status != HS_OK)
    return status;
  out->seen_day = (int32_t)panel.times[panel.period_count - 1];
  stand(looking, out, is_altered);
  if (out->standing.is_interim)
    return HS_OK;
  status = find_pairs(arena, d, &panel, &pairs, err);
  if (status != HS_OK)
    return status;
  const struct hs_region_history history = {panel.values, panel.unit_count, panel.period_count};
  const struct hs_region_design design = {
      .pairs = pairs,
      .pair_count = d->pair_count,
      .start = hs_design_row((int32_t)panel.times[0], panel.period_count, d->first_day),
      .window_rows = (size_t)(d->last_day - d->first_day + 1),
      .base_rows = d->base_days,
      .seed = d->seed};
  double *room =
      hs_arena_alloc_raw(arena, d->pair_count + hs_pairs_room(d->pair_count), sizeof *room);
  if (room == NULL)
    return hs_arena_full(arena, "the coins of the design", err);
  status = hs_region_pairs_analyse(&design, &history, d->level, room, &out->test, err);
  if (status == HS_OK)
    judge_test(out);
  return status;
}

/* ---- hold-out ---- */

/* A row a unit: its group, its sales, and what of them was tracked for the partner. */
static enum hs_status add_units(const struct hs_figures *figures, struct hs_design_after *out,
                                struct hs_err *err)
{
  const struct hs_figures_column *groups = &figures->columns[0];
  for (size_t i = 0; i < figures->row_count; i++) {
    struct hs_str group = groups->texts[i];
    double sales = figures->columns[1].values[i];
    double tracked = figures->columns[2].values[i];
    int is_offered = hs_str_equal_ascii_fold(group, HS_STR("offered"));
    if (!is_offered && !hs_str_equal_ascii_fold(group, HS_STR("held")))
      return hs_fail(err, HS_INVALID, "line %llu: the group must be offered or held, got '%.*s'",
                     (unsigned long long)figures->lines[i], HS_STR_ARG(group));
    hs_holdout_add(is_offered ? &out->offered : &out->held, isnan(sales) ? 0 : sales,
                   isnan(tracked) ? 0 : tracked);
  }
  return HS_OK;
}

static enum hs_status read_units(struct hs_arena *arena, const struct hs_io *io,
                                 const struct hs_design_looking *looking,
                                 struct hs_design_after *out, struct hs_err *err)
{
  const struct hs_figures_want wants[] = {{out->design.group, HS_FIGURES_NAME},
                                          {out->design.outcome, HS_FIGURES_NUMBER},
                                          {out->design.tracked, HS_FIGURES_NUMBER}};
  const struct hs_figures_options options = {.delimiter = looking->source.delimiter};
  struct hs_figures figures = {0};
  struct hs_source *source = NULL;
  enum hs_status status = hs_source_open(arena, io, looking->source.path, &source, err);
  if (status != HS_OK)
    return status;
  status = hs_figures_read(arena, source, &options, wants, 3, looking->source.on_reject,
                           looking->source.context, &figures, err);
  hs_source_close(source);
  out->reject_count = figures.reject_count;
  return status == HS_OK ? add_units(&figures, out, err) : status;
}

static enum hs_status after_holdout(struct hs_arena *arena, const struct hs_io *io,
                                    const struct hs_design_looking *looking,
                                    struct hs_design_after *out, int is_altered, struct hs_err *err)
{
  enum hs_status status = read_units(arena, io, looking, out, err);
  if (status != HS_OK)
    return status;
  out->seen_day = today(io) - 1; /* today is not over */
  stand(looking, out, is_altered);
  if (out->standing.is_interim)
    return HS_OK;
  out->holdout =
      hs_holdout_analyse(&out->offered, &out->held, out->design.held_share, out->design.level);
  out->verdict = hs_holdout_verdict_name(out->holdout.verdict);
  out->refused_because = out->holdout.refused_because;
  return HS_OK;
}

/* The hash that was kept elsewhere, if one was. */
static enum hs_status check_kept(const struct hs_design_looking *looking,
                                 const struct hs_hash *found, struct hs_err *err)
{
  struct hs_hash kept;
  char text[HS_HASH_TEXT];
  if (looking->hash.data == NULL)
    return HS_OK;
  if (!hs_hash_parse(looking->hash.data, looking->hash.length, &kept))
    return hs_fail(err, HS_USAGE, "--hash must be 64 hexadecimal digits, got '%.*s'",
                   HS_STR_ARG(looking->hash));
  hs_hash_format(found, text);
  if (!hs_hash_equal(&kept, found))
    return hs_fail(err, HS_CONFLICT,
                   "%s is another design than the one that was kept: its hash is %s",
                   looking->plan_path, text);
  return HS_OK;
}

enum hs_status hs_design_after(struct hs_arena *arena, const struct hs_io *io,
                               const struct hs_design_looking *looking, struct hs_design_after *out,
                               struct hs_err *err)
{
  int is_altered = 0;
  *out = (struct hs_design_after){0};
  enum hs_status status =
      hs_design_read(arena, io, looking->plan_path, &out->design, &out->hash, &is_altered, err);
  if (status == HS_OK)
    status = check_kept(looking, &out->hash, err);
  if (status != HS_OK)
    return status;
  switch (out->design.kind) {
  case HS_DESIGN_GEO:
    return after_geo(arena, io, looking, out, is_altered, err);
  case HS_DESIGN_SWITCHBACK:
    return after_switchback(arena, io, looking, out, is_altered, err);
  case HS_DESIGN_HOLDOUT:
    break;
  }
  return after_holdout(arena, io, looking, out, is_altered, err);
}
