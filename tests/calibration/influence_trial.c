#include "calibration/influence_trial.h"

#include <math.h>

#include "base/arena.h"
#include "base/parallel.h"
#include "measure/influence/default.h"

const struct influence_setting INFLUENCE_SETTINGS[] = {
    {"two good controls", 2, 0, 0},
    {"ten controls, eight useless", 10, 0, 0},
    {"an effect that grows from 0 to 4", 2, 4, 1},
    {"an effect that grows, ten controls", 10, 4, 1},
};
const size_t INFLUENCE_SETTING_COUNT = sizeof INFLUENCE_SETTINGS / sizeof *INFLUENCE_SETTINGS;

struct block {
  const struct influence_world *world;
  const struct influence_setting *setting;
  uint64_t seed, first;
  struct hs_arena arenas[HS_WORKER_COUNT_MAX];
  struct influence_tally one[INFLUENCE_BLOCK];
};

void influence_tally_add(struct influence_tally *into, const struct influence_tally *other)
{
  into->asked += other->asked;
  into->refused += other->refused;
  into->missed += other->missed;
  into->width += other->width;
  into->told_width += other->told_width;
  into->found += other->found;
  into->inflation += other->inflation;
  into->contaminated += other->contaminated;
}

/* Its mean over the window. */
static double add_effect(const struct influence_setting *setting, struct influence_series *series)
{
  double sum = 0;
  for (size_t h = 0; h < INFLUENCE_WINDOW; h++) {
    double effect = setting->growth * (double)h / (INFLUENCE_WINDOW - 1);
    series->outcome[INFLUENCE_BEFORE + h] += effect;
    sum += effect;
  }
  return sum / INFLUENCE_WINDOW;
}

static void judge(const struct hs_influence_result *result, double truth, double told_width,
                  struct influence_tally *out)
{
  *out = (struct influence_tally){.asked = 1};
  if (result->verdict == HS_INFLUENCE_REFUSED) {
    out->refused = 1;
    return;
  }
  const struct hs_influence_estimate *average = &result->average;
  out->missed = average->low > truth || average->high < truth;
  out->width = average->high - average->low;
  out->told_width = told_width;
  out->found = average->low - truth + told_width > 0;
  out->inflation = result->placebos.inflation;
  for (size_t c = 0; c < result->control_count; c++)
    out->contaminated = fmax(out->contaminated, result->controls[c].is_contaminated);
}

static enum hs_status run_one(void *context, size_t worker, size_t item, struct hs_err *err)
{
  struct block *block = context;
  struct hs_arena *arena = &block->arenas[worker];
  struct influence_series series;
  struct hs_influence_result result;
  const double *controls[INFLUENCE_CONTROLS_MAX];
  influence_series_make(block->world, block->seed, block->first + item, &series);
  double truth = add_effect(block->setting, &series);
  for (size_t j = 0; j < block->setting->control_count; j++)
    controls[j] = series.control[j];
  struct hs_influence_input input = {.outcome = series.outcome,
                                     .count = INFLUENCE_ROWS,
                                     .controls = controls,
                                     .control_count = block->setting->control_count,
                                     .start = INFLUENCE_BEFORE,
                                     .end = INFLUENCE_ROWS,
                                     .season = 7,
                                     .level = .95,
                                     .seed = 1,
                                     .draws = 100,
                                     .threads = 1};
  hs_arena_reset(arena, 0);
  enum hs_status status = hs_influence_default(arena, &input, &result, err);
  if (status == HS_OK)
    judge(&result, truth, series.told_width, &block->one[item]);
  return status;
}

enum hs_status influence_run(const struct influence_world *world,
                             const struct influence_setting *setting,
                             const struct influence_span *span, struct influence_tally *out,
                             struct hs_err *err)
{
  static struct block block;
  size_t workers = hs_worker_count(span->threads);
  enum hs_status status = HS_OK;
  block =
      (struct block){.world = world, .setting = setting, .seed = span->seed, .first = span->first};
  for (size_t w = 0; w < workers && status == HS_OK; w++)
    status = hs_arena_init(&block.arenas[w], 256 * HS_MIB, err);
  if (status == HS_OK)
    status = hs_parallel_run(workers, span->count, run_one, &block, err);
  for (size_t w = 0; w < workers; w++)
    hs_arena_release(&block.arenas[w]);
  *out = (struct influence_tally){0};
  for (size_t i = 0; i < span->count && status == HS_OK; i++)
    influence_tally_add(out, &block.one[i]);
  return status;
}
