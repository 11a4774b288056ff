/* What a design can see, before it starts. */
#include <math.h>

#include "measure/influence/region_pairs.h"
#include "service/believe/design_read.h"

static const char NO_HISTORY[] =
    "the figures from before the start are too few to show what the design can see";

/* ---- switch-back ---- */

static struct hs_switchback switchback_of(const struct hs_design *d, size_t start)
{
  return (struct hs_switchback){.start = start,
                                .block_rows = d->block_days,
                                .carry_rows = d->carry_days,
                                .pair_count = d->pair_count,
                                .season = d->season,
                                .seed = d->seed};
}

static enum hs_status before_switchback(struct hs_arena *arena, const struct hs_io *io,
                                        const struct hs_design_asking *asking,
                                        struct hs_design_before *out, struct hs_err *err)
{
  struct hs_design_days days = {0};
  struct hs_switchback_power power = {0};
  enum hs_status status = hs_design_read_days(arena, io, asking->source, &out->design, &days, err);
  if (status != HS_OK)
    return status;
  struct hs_switchback plan = switchback_of(&out->design, 0);
  size_t history = hs_design_row(days.first_day, days.count, out->design.first_day);
  if (history < hs_switchback_rows(&plan))
    return HS_OK;
  size_t room = hs_switchback_room(&plan) + 2 * asking->trial_count;
  double *numbers = hs_arena_alloc_raw(arena, room, sizeof *numbers);
  if (numbers == NULL)
    return hs_arena_full(arena, "trials of the design", err);
  status = hs_switchback_power(&plan, days.outcome, history, asking->trial_count, out->design.level,
                               out->design.power, numbers, &power, err);
  if (status != HS_OK)
    return status;
  out->has_power = 1;
  out->power = power.power;
  out->without = power.without;
  out->disjoint = history / hs_switchback_rows(&plan);
  return HS_OK;
}

/* ---- regions ---- */

static enum hs_status check_regions(const struct hs_panel *panel, size_t rows, struct hs_err *err)
{
  for (size_t region = 0; region < panel->unit_count; region++) {
    double sum = 0;
    for (size_t row = 0; row < rows; row++)
      sum += panel->values[region * panel->period_count + row];
    if (!(sum > 0))
      return hs_fail(err, HS_INVALID, "region %.*s has a mean of 0 or less: a lift needs more",
                     HS_STR_ARG(panel->units[region]));
  }
  return HS_OK;
}

/* The first rows of every region, closed up: what comes after the start is not for choosing. */
static enum hs_status history_of(struct hs_arena *arena, const struct hs_panel *panel, size_t rows,
                                 struct hs_region_history *out, struct hs_err *err)
{
  double *values = hs_arena_alloc_raw(arena, panel->unit_count * rows, sizeof *values);
  if (values == NULL)
    return hs_arena_full(arena, "the history of the regions", err);
  for (size_t region = 0; region < panel->unit_count; region++)
    for (size_t row = 0; row < rows; row++)
      values[region * rows + row] = panel->values[region * panel->period_count + row];
  *out = (struct hs_region_history){values, panel->unit_count, rows};
  return HS_OK;
}

static enum hs_status name_pairs(struct hs_arena *arena, const struct hs_panel *panel,
                                 const struct hs_region_pair *pairs, struct hs_design_before *out,
                                 struct hs_err *err)
{
  struct hs_design *d = &out->design;
  d->with = hs_arena_alloc(arena, d->pair_count, sizeof *d->with);
  d->without = hs_arena_alloc(arena, d->pair_count, sizeof *d->without);
  out->distances = hs_arena_alloc(arena, d->pair_count, sizeof *out->distances);
  if (d->with == NULL || d->without == NULL || out->distances == NULL)
    return hs_arena_full(arena, "pairs of regions", err);
  for (size_t pair = 0; pair < d->pair_count; pair++) {
    size_t first = hs_pairs_coin(d->seed, pair) ? 0 : 1;
    d->with[pair] = panel->units[pairs[pair].regions[first]];
    d->without[pair] = panel->units[pairs[pair].regions[1 - first]];
    out->distances[pair] = pairs[pair].distance;
  }
  return HS_OK;
}

static size_t at_most(size_t wanted, size_t there)
{
  return wanted > 0 && wanted < there ? wanted : there;
}

/* Weeks smooth what a day's noise hides; a shorter history is compared by days. */
static size_t chunk_rows(size_t rows) { return rows >= 56 ? 7 : 1; }

static enum hs_status choose_pairs(struct hs_arena *arena, const struct hs_panel *panel,
                                   const struct hs_region_history *history,
                                   struct hs_design_before *out, struct hs_err *err)
{
  struct hs_region_pair *pairs = NULL;
  size_t count = 0;
  enum hs_status status = hs_region_pairs_match(
      arena, history, history->row_count, chunk_rows(history->row_count), &pairs, &count, err);
  if (status != HS_OK)
    return status;
  out->design.pair_count = (uint32_t)at_most(out->design.pair_count, count);
  return name_pairs(arena, panel, pairs, out, err);
}

static enum hs_status before_geo(struct hs_arena *arena, const struct hs_io *io,
                                 const struct hs_design_asking *asking,
                                 struct hs_design_before *out, struct hs_err *err)
{
  struct hs_panel panel = {0};
  uint64_t reject_count = 0;
  struct hs_region_history history = {0};
  enum hs_status status =
      hs_design_read_panel(arena, io, asking->source, &out->design, &panel, &reject_count, err);
  size_t rows = status == HS_OK ? hs_design_row((int32_t)panel.times[0], panel.period_count,
                                                out->design.first_day)
                                : 0;
  if (status == HS_OK)
    status = check_regions(&panel, rows, err);
  if (status == HS_OK)
    status = history_of(arena, &panel, rows, &history, err);
  if (status == HS_OK)
    status = choose_pairs(arena, &panel, &history, out, err);
  if (status != HS_OK)
    return status;
  size_t window = (size_t)(out->design.last_day - out->design.first_day + 1);
  if (rows - rows / 2 < window)
    return HS_OK;
  const struct hs_region_design tried = {.pair_count = out->design.pair_count,
                                         .window_rows = window,
                                         .base_rows = out->design.base_days,
                                         .seed = out->design.seed};
  out->has_power = 1;
  out->disjoint = (rows - rows / 2) / window;
  return hs_region_pairs_power(arena, &tried, &history, chunk_rows(rows / 2), asking->trial_count,
                               out->design.level, out->design.power, &out->power, err);
}

/* ---- hold-out ---- */

static enum hs_status before_holdout(const struct hs_design_asking *asking,
                                     struct hs_design_before *out)
{
  struct hs_design *d = &out->design;
  const struct hs_holdout_plan plan = {.orders_week = asking->orders_week,
                                       .held_share = d->held_share,
                                       .order_variance = asking->order_variance,
                                       .half_width = d->half_width,
                                       .kappa = asking->kappa,
                                       .mass = d->level,
                                       .power = d->power};
  out->size = hs_holdout_size(&plan);
  d->orders = ceil(out->size.orders);
  double days = ceil(7 * out->size.weeks);
  d->last_day = d->first_day + (int32_t)fmin(days < 1 ? 1 : days, 36500) - 1;
  return HS_OK;
}

enum hs_status hs_design_before(struct hs_arena *arena, const struct hs_io *io,
                                const struct hs_design_asking *asking, struct hs_design_before *out,
                                struct hs_err *err)
{
  enum hs_status status = HS_OK;
  *out = (struct hs_design_before){.design = asking->design};
  if (asking->design.kind == HS_DESIGN_HOLDOUT)
    return before_holdout(asking, out);
  if (asking->design.kind == HS_DESIGN_SWITCHBACK)
    status = before_switchback(arena, io, asking, out, err);
  else
    status = before_geo(arena, io, asking, out, err);
  if (status == HS_OK && !out->has_power)
    out->remark = NO_HISTORY;
  return status;
}
