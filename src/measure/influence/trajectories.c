#include "measure/influence/trajectories.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "stats/quantile.h"
#include "stats/summary.h"

/* One pass over the rows, each by itself. */
struct pass {
  struct hs_trajectories *trajectories;
  struct hs_influence_result *result;
  double *scratch; /* draws for each worker */
  size_t from;     /* the first row of the pass, counted in the trajectories */
  double *low, *high;
};

/* The two ends of the interval among unsorted values, which come back in another order. */
static struct hs_quantile_pair ends(double *values, size_t count, double level)
{
  return hs_quantile_pair(values, count, (1 - level) / 2, 1 - (1 - level) / 2);
}

static enum hs_status row_interval(void *context, size_t worker, size_t item,
                                   [[maybe_unused]] struct hs_err *err)
{
  const struct pass *pass = context;
  size_t draws = pass->trajectories->draws;
  size_t row = pass->from + item;
  double *scratch = pass->scratch + worker * draws;
  memcpy(scratch, pass->trajectories->values + row * draws, draws * sizeof *scratch);
  struct hs_quantile_pair pair = ends(scratch, draws, pass->result->level);
  pass->low[pass->trajectories->first + row] = pair.low;
  pass->high[pass->trajectories->first + row] = pair.high;
  return HS_OK;
}

static void fill_effects(const struct hs_trajectories *t, struct hs_influence_result *result)
{
  struct hs_influence_series *series = &result->series;
  for (size_t row = 0; row < t->rows; row++) {
    size_t at = t->first + row;
    series->predicted[at] = t->expected[row];
    series->effect[at] = series->actual[at] - t->expected[row];
    series->effect_low[at] = series->actual[at] - series->high[at];
    series->effect_high[at] = series->actual[at] - series->low[at];
  }
}

/* Turns each row of the window into the sum of the rows judged so far. */
static void add_up(struct hs_trajectories *t, struct hs_influence_result *result)
{
  const struct hs_influence_series *series = &result->series;
  const double *before = NULL;
  double sum = 0;
  for (size_t at = result->start; at < result->end; at++) {
    double *row = t->values + (at - t->first) * t->draws;
    int is_judged = !isnan(series->actual[at]);
    if (is_judged)
      sum += series->effect[at];
    series->cumulative[at] = sum;
    for (size_t d = 0; d < t->draws; d++)
      row[d] = (is_judged ? row[d] : 0) + (before != NULL ? before[d] : 0);
    before = row;
  }
}

/* The interval of a sum of effects is that of the sum predicted, turned around the actual one. */
static void turn_cumulative(struct hs_influence_result *result)
{
  struct hs_influence_series *series = &result->series;
  double actual = 0;
  for (size_t at = result->start; at < result->end; at++) {
    actual += isnan(series->actual[at]) ? 0 : series->actual[at];
    double low = actual - series->cumulative_high[at];
    series->cumulative_high[at] = actual - series->cumulative_low[at];
    series->cumulative_low[at] = low;
  }
}

static void summarise_window(const double *sums, size_t draws, double *scratch,
                             struct hs_influence_result *result)
{
  const struct hs_influence_series *series = &result->series;
  struct hs_influence_estimate *total = &result->cumulative;
  struct hs_summary spread = {0};
  size_t above = 1; /* the outcome itself */
  size_t below = 1;
  total->actual = 0;
  total->predicted = 0;
  for (size_t at = result->start; at < result->end; at++)
    if (!isnan(series->actual[at])) {
      total->actual += series->actual[at];
      total->predicted += series->predicted[at];
    }
  for (size_t d = 0; d < draws; d++) {
    hs_summary_add(&spread, sums[d], 1);
    above += sums[d] >= total->actual;
    below += sums[d] <= total->actual;
    scratch[d] = total->actual - sums[d];
    result->effect_draws[d] = scratch[d] / (double)result->judged_count;
  }
  struct hs_quantile_pair pair = ends(scratch, draws, result->level);
  total->effect = total->actual - total->predicted;
  total->sd = hs_summary_deviation(&spread);
  total->low = pair.low;
  total->high = pair.high;
  result->p = (double)(above < below ? above : below) / (double)(draws + 1);
}

static void summarise_average(struct hs_influence_result *result)
{
  const struct hs_influence_estimate *total = &result->cumulative;
  double rows = (double)result->judged_count;
  result->average = (struct hs_influence_estimate){total->actual / rows, total->predicted / rows,
                                                   total->effect / rows, total->sd / rows,
                                                   total->low / rows,    total->high / rows};
  result->verdict = hs_influence_verdict_of(&result->average);
}

static void summarise_relative(const double *sums, size_t draws, double *scratch,
                               struct hs_influence_result *result)
{
  const struct hs_influence_estimate *total = &result->cumulative;
  struct hs_summary spread = {0};
  if ((total->actual - total->low > 0) != (total->actual - total->high > 0))
    return;
  for (size_t d = 0; d < draws; d++) {
    scratch[d] = total->actual / sums[d] - 1;
    hs_summary_add(&spread, scratch[d], 1);
  }
  struct hs_quantile_pair pair = ends(scratch, draws, result->level);
  result->relative =
      (struct hs_influence_estimate){total->actual / total->predicted, 1,        spread.mean,
                                     hs_summary_deviation(&spread),    pair.low, pair.high};
}

static enum hs_status run_passes(struct hs_trajectories *t, size_t workers, double *scratch,
                                 struct hs_influence_result *result, struct hs_err *err)
{
  struct hs_influence_series *series = &result->series;
  struct pass pass = {.trajectories = t,
                      .result = result,
                      .scratch = scratch,
                      .low = series->low,
                      .high = series->high};
  enum hs_status status = hs_parallel_run(workers, t->rows, row_interval, &pass, err);
  if (status != HS_OK)
    return status;
  fill_effects(t, result);
  add_up(t, result);
  pass.from = result->start - t->first;
  pass.low = series->cumulative_low;
  pass.high = series->cumulative_high;
  status = hs_parallel_run(workers, result->end - result->start, row_interval, &pass, err);
  turn_cumulative(result);
  return status;
}

enum hs_status hs_trajectories_summarise(struct hs_arena *arena,
                                         struct hs_trajectories *trajectories, size_t threads,
                                         struct hs_influence_result *result, struct hs_err *err)
{
  size_t draws = trajectories->draws;
  size_t workers = hs_worker_count(threads);
  double *scratch = hs_arena_alloc_raw(arena, workers * draws, sizeof *scratch);
  result->effect_draws = hs_arena_alloc_raw(arena, draws, sizeof *result->effect_draws);
  if (scratch == NULL || result->effect_draws == NULL)
    return hs_arena_full(arena, "draws of an effect", err);
  result->effect_draw_count = draws;
  enum hs_status status = run_passes(trajectories, workers, scratch, result, err);
  if (status != HS_OK)
    return status;
  const double *sums = trajectories->values + (result->end - 1 - trajectories->first) * draws;
  summarise_window(sums, draws, scratch, result);
  summarise_average(result);
  summarise_relative(sums, draws, scratch, result);
  return HS_OK;
}
