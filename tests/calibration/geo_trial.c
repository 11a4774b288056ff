#include "calibration/geo_trial.h"

#include <math.h>

#include "base/parallel.h"

#define LEVEL 0.95
/* The outcome is control 1 and 0.8 of control 2: with both 1.8 times as large the weights sum to 1.
 */
#define DONOR_SCALE 1.8

const struct geo_setting GEO_SETTINGS[] = {
    {"synthetic control, two regions of use", HS_GEO_SC, 2, 0, 0},
    {"synthetic control, ten regions of which eight are useless", HS_GEO_SC, 10, 0, 0},
    {"ridge-augmented, ten regions of which eight are useless", HS_GEO_ASCM, 10, 0, 1},
    {"synthetic difference-in-differences, ten regions of which eight are useless", HS_GEO_SDID, 10,
     0, 1},
    {"regression on the total of two regions of use", HS_GEO_TBR, 2, 0, 1},
    {"synthetic control, ten regions, an effect that rises from 0 to 4", HS_GEO_SC, 10, 4, 1},
};
const size_t GEO_SETTING_COUNT = sizeof GEO_SETTINGS / sizeof *GEO_SETTINGS;

void geo_tally_add(struct geo_tally *into, const struct geo_tally *other)
{
  into->asked += other->asked;
  into->missed += other->missed;
  into->missed_places += other->missed_places;
  into->width += other->width;
  into->width_places += other->width_places;
  into->told_width += other->told_width;
  into->by_drift += other->by_drift;
}

struct block {
  const struct influence_world *world;
  const struct geo_setting *setting;
  uint64_t seed, first;
  struct hs_arena arenas[HS_WORKER_COUNT_MAX];
  struct geo_tally worlds[GEO_BLOCK];
};

static double fill_panel(const struct block *block, const struct influence_series *series,
                         struct hs_panel *panel)
{
  double truth = 0;
  for (size_t t = 0; t < INFLUENCE_ROWS; t++) {
    double effect = 0;
    if (t >= INFLUENCE_BEFORE)
      effect = block->setting->ramp * (double)(t - INFLUENCE_BEFORE + 1) / INFLUENCE_WINDOW;
    panel->values[t] = series->outcome[t] + effect;
    truth += effect / INFLUENCE_WINDOW;
  }
  for (size_t i = 0; i < block->setting->donor_count; i++)
    for (size_t t = 0; t < INFLUENCE_ROWS; t++)
      panel->values[(i + 1) * INFLUENCE_ROWS + t] = DONOR_SCALE * series->control[i][t];
  return truth;
}

static void tally_of(const struct hs_geo_result *result, double truth, double told_width,
                     struct geo_tally *out)
{
  *out = (struct geo_tally){
      .asked = 1,
      .missed = truth < result->low || truth > result->high,
      .missed_places = truth < result->places.low || truth > result->places.high,
      .width = result->high - result->low,
      .width_places = result->places.high - result->places.low,
      .told_width = told_width,
      .by_drift = result->judge == HS_GEO_DRIFT,
  };
}

static enum hs_status run_world(void *context, size_t worker, size_t item, struct hs_err *err)
{
  struct block *block = context;
  struct hs_arena *arena = &block->arenas[worker];
  static const size_t treated[] = {0};
  struct influence_series series;
  struct hs_geo_result result;
  struct hs_panel panel = {.unit_count = block->setting->donor_count + 1,
                           .period_count = INFLUENCE_ROWS};
  hs_arena_reset(arena, 0);
  influence_series_make(block->world, block->seed, block->first + item, &series);
  panel.units = hs_arena_alloc(arena, panel.unit_count, sizeof *panel.units);
  panel.values = hs_arena_alloc(arena, panel.unit_count * panel.period_count, sizeof *panel.values);
  if (panel.units == NULL || panel.values == NULL)
    return hs_arena_full(arena, "a world", err);
  double truth = fill_panel(block, &series, &panel);
  const struct hs_geo_input input = {.panel = &panel,
                                     .treated = treated,
                                     .treated_count = 1,
                                     .start = INFLUENCE_BEFORE,
                                     .method = block->setting->method,
                                     .lambda = (double)NAN,
                                     .season = 7, /* as the command has it for days */
                                     .level = LEVEL,
                                     .without_checks = 1};
  enum hs_status status = hs_geo_run(arena, &input, &result, err);
  if (status == HS_OK)
    tally_of(&result, truth, series.told_width, &block->worlds[item]);
  return status;
}

enum hs_status geo_block(const struct influence_world *world, const struct geo_setting *setting,
                         uint64_t seed, uint64_t number, size_t threads, struct geo_tally *out,
                         struct hs_err *err)
{
  static struct block block;
  size_t workers = hs_worker_count(threads);
  enum hs_status status = HS_OK;
  block =
      (struct block){.world = world, .setting = setting, .seed = seed, .first = number * GEO_BLOCK};
  for (size_t w = 0; w < workers && status == HS_OK; w++)
    status = hs_arena_init(&block.arenas[w], 64 * HS_MIB, err);
  if (status == HS_OK)
    status = hs_parallel_run(workers, GEO_BLOCK, run_world, &block, err);
  for (size_t w = 0; w < workers; w++)
    hs_arena_release(&block.arenas[w]);
  *out = (struct geo_tally){0};
  for (size_t i = 0; i < GEO_BLOCK; i++)
    geo_tally_add(out, &block.worlds[i]);
  return status;
}
