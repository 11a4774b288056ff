#include "measure/credit.h"

#include <math.h>
#include <string.h>

#include "base/wide.h"
#include "measure/credit_priv.h"
#include "measure/removal.h"

/* Sums of effects below this part of P are rounding of effects that cancel. */
#define EFFECT_SUM_MIN 1e-9

static size_t count_doubles(const struct hs_credit_plan *plan)
{
  size_t count = 2 + 2 * plan->sample->paths.channel_count * plan->rule_count;
  for (size_t k = 0; k < plan->chain_count; k++)
    count += plan->chains[k].flow_count + 2 * plan->chains[k].state_count;
  return count;
}

static double *take(double **block, size_t count)
{
  double *taken = *block;
  *block += count;
  return taken;
}

enum hs_status hs_credit_batch_open(struct hs_arena *arena, const struct hs_credit_plan *plan,
                                    size_t lane_count, struct hs_credit_batch **out,
                                    struct hs_err *err)
{
  HS_ASSERT(lane_count >= 1 && lane_count <= HS_LANE_COUNT_MAX);
  struct hs_credit_batch *batch = hs_arena_alloc(arena, 1, sizeof *batch);
  size_t count = count_doubles(plan) * lane_count;
  double *block = hs_arena_alloc(arena, count, sizeof *block);
  if (batch == NULL || block == NULL)
    return hs_arena_full(arena, "sums of credits", err);
  *batch = (struct hs_credit_batch){.arena = arena,
                                    .plan = plan,
                                    .lane_count = lane_count,
                                    .first_block = block,
                                    .block_count = count};
  for (size_t k = 0; k < 2; k++) {
    batch->totals[k] = take(&block, lane_count);
    batch->rules[k] =
        take(&block, plan->sample->paths.channel_count * plan->rule_count * lane_count);
  }
  for (size_t k = 0; k < plan->chain_count; k++) {
    const struct hs_chain *chain = &plan->chains[k];
    batch->chains[k] = (struct hs_chain_sums){
        .flow = take(&block, chain->flow_count * lane_count),
        .exit_conversions = take(&block, chain->state_count * lane_count),
        .exit_value = take(&block, chain->state_count * lane_count),
    };
  }
  *out = batch;
  return HS_OK;
}

void hs_credit_batch_clear(struct hs_credit_batch *batch)
{
  memset(batch->first_block, 0, batch->block_count * sizeof *batch->first_block);
}

/* What one path weighs in each lane. */
struct path_weights {
  double conversions[HS_LANE_COUNT_MAX];
  double value[HS_LANE_COUNT_MAX];
  double journeys[HS_LANE_COUNT_MAX];
};

/* lanes is a constant wherever these are inlined, which makes the loops vectors. */
static inline __attribute__((always_inline)) void
add_to(double *restrict sums, const double *restrict weights, size_t lanes)
{
  for (size_t l = 0; l < lanes; l++)
    sums[l] += weights[l];
}

static inline __attribute__((always_inline)) void
add_rules(struct hs_credit_batch *batch, size_t path, const struct path_weights *w, size_t lanes)
{
  const struct hs_credit_plan *plan = batch->plan;
  size_t rules = plan->rule_count;
  for (size_t e = plan->first_entry[path]; e < plan->first_entry[path + 1]; e++) {
    size_t row = plan->entry_channel[e] * rules;
    for (size_t r = 0; r < rules; r++) {
      double share = plan->entry_share[e * rules + r];
      double *restrict conversions = batch->rules[0] + (row + r) * lanes;
      double *restrict value = batch->rules[1] + (row + r) * lanes;
      for (size_t l = 0; l < lanes; l++)
        conversions[l] += share * w->conversions[l];
      for (size_t l = 0; l < lanes; l++)
        value[l] += share * w->value[l];
    }
  }
}

static inline __attribute__((always_inline)) void add_chain(const struct hs_chain *chain,
                                                            struct hs_chain_sums *sums, size_t path,
                                                            const struct path_weights *w,
                                                            int converts, size_t lanes)
{
  size_t until = chain->first_flow[path + 1];
  for (size_t i = chain->first_flow[path]; i < until; i++)
    add_to(sums->flow + chain->path_flow[i] * lanes, w->journeys, lanes);
  if (!converts)
    return;
  size_t last = chain->flow_to[chain->path_flow[until - 1]];
  add_to(sums->exit_conversions + last * lanes, w->conversions, lanes);
  add_to(sums->exit_value + last * lanes, w->value, lanes);
}

static inline __attribute__((always_inline)) void
add_path(struct hs_credit_batch *batch, size_t path, const double *weights, size_t lanes)
{
  const struct hs_paths *paths = &batch->plan->sample->paths;
  struct path_weights w;
  for (size_t l = 0; l < lanes; l++) {
    w.conversions[l] = weights[l] * paths->conversions[path];
    w.value[l] = weights[l] * paths->value[path];
    w.journeys[l] = weights[l] * (paths->conversions[path] + paths->nulls[path]);
  }
  int converts = paths->conversions[path] > 0;
  if (converts) {
    add_to(batch->totals[0], w.conversions, lanes);
    add_to(batch->totals[1], w.value, lanes);
    add_rules(batch, path, &w, lanes);
  }
  for (size_t k = 0; k < batch->plan->chain_count; k++)
    add_chain(&batch->plan->chains[k], &batch->chains[k], path, &w, converts, lanes);
}

static inline __attribute__((always_inline)) void add_units(struct hs_credit_batch *batch,
                                                            size_t first_unit, size_t unit_count,
                                                            const double *weights, size_t lanes)
{
  const uint32_t *first_path = batch->plan->sample->unit_first_path;
  for (size_t i = 0; i < unit_count; i++)
    for (size_t p = first_path[first_unit + i]; p < first_path[first_unit + i + 1]; p++)
      add_path(batch, p, weights + i * lanes, lanes);
}

HS_WIDE static void add_lanes(struct hs_credit_batch *batch, size_t first_unit, size_t unit_count,
                              const double *weights)
{
  if (batch->lane_count == HS_LANE_COUNT_MAX)
    add_units(batch, first_unit, unit_count, weights, HS_LANE_COUNT_MAX);
  else if (batch->lane_count == 1)
    add_units(batch, first_unit, unit_count, weights, 1);
  else
    add_units(batch, first_unit, unit_count, weights, batch->lane_count);
}

void hs_credit_batch_add(struct hs_credit_batch *batch, size_t first_unit, size_t unit_count,
                         const double *weights)
{
  HS_ASSERT(first_unit + unit_count <= batch->plan->sample->unit_count);
  add_lanes(batch, first_unit, unit_count, weights);
}

static const double *copy_lane(struct hs_arena *arena, const double *sums, size_t count,
                               size_t lane_count, size_t lane)
{
  double *copy = hs_arena_alloc_raw(arena, count, sizeof *copy);
  for (size_t i = 0; copy != NULL && i < count; i++)
    copy[i] = sums[i * lane_count + lane];
  return copy;
}

struct hs_traffic hs_credit_batch_traffic(const struct hs_credit_batch *batch,
                                          struct hs_arena *arena, size_t chain, size_t lane)
{
  const struct hs_chain *c = &batch->plan->chains[chain];
  const struct hs_chain_sums *sums = &batch->chains[chain];
  size_t lanes = batch->lane_count;
  return (struct hs_traffic){
      .flow = copy_lane(arena, sums->flow, c->flow_count, lanes, lane),
      .exit_conversions = copy_lane(arena, sums->exit_conversions, c->state_count, lanes, lane),
      .exit_value = copy_lane(arena, sums->exit_value, c->state_count, lanes, lane),
  };
}

static enum hs_status normalise(double *lost, size_t count, double end, const char *what,
                                const struct hs_model *model, struct hs_err *err)
{
  double sum = 0;
  for (size_t c = 0; c < count; c++)
    sum += lost[c];
  if (!(end > 0)) /* nothing to share; only value can be so */
    return HS_OK;
  if (!(sum > EFFECT_SUM_MIN * end))
    return hs_fail(err, HS_INSUFFICIENT,
                   "markov order %u (removal %s): the removal effects on %s sum to %g, so there is "
                   "nothing to share by",
                   model->order, hs_removal_name(model->removal), what, sum / end);
  for (size_t c = 0; c < count; c++)
    lost[c] /= sum;
  return HS_OK;
}

/* Removal effects go to effects, shares to shares, one per channel and side. */
static enum hs_status markov_shares(struct hs_arena *arena, const struct hs_model *model,
                                    const struct hs_chain *chain, const struct hs_traffic *traffic,
                                    double *const shares[2], double *const effects[2],
                                    struct hs_err *err)
{
  struct hs_solver *solver = NULL;
  enum hs_status status = hs_solver_open(arena, chain, traffic, model->removal, 0, &solver, err);
  if (status != HS_OK)
    return status;
  double ends[2] = {hs_solver_conversions(solver), hs_solver_value(solver)};
  for (size_t c = 0; c < chain->channel_count; c++) {
    struct hs_removed removed;
    status = hs_solver_remove(solver, c, &removed, err);
    if (status != HS_OK)
      return status;
    shares[0][c] = removed.lost_conversions;
    shares[1][c] = removed.lost_value;
    for (size_t k = 0; k < 2; k++)
      effects[k][c] = ends[k] > 0 ? shares[k][c] / ends[k] : 0;
  }
  status = normalise(shares[0], chain->channel_count, ends[0], "conversions", model, err);
  if (status == HS_OK)
    status = normalise(shares[1], chain->channel_count, ends[1], "value", model, err);
  return status;
}

static void rule_shares(const struct hs_credit_batch *batch, size_t model, double *const out[2])
{
  const struct hs_credit_plan *plan = batch->plan;
  size_t lanes = batch->lane_count;
  size_t channels = plan->sample->paths.channel_count;
  for (size_t k = 0; k < 2; k++)
    for (size_t c = 0; c < channels; c++)
      for (size_t l = 0; l < lanes; l++) {
        size_t at = (c * plan->rule_count + plan->rule_of_model[model]) * lanes + l;
        double total = batch->totals[k][l];
        out[k][(model * channels + c) * lanes + l] = total > 0 ? batch->rules[k][at] / total : 0;
      }
}

static enum hs_status chain_shares(struct hs_credit_batch *batch, size_t model, size_t lane,
                                   double *const shares[2], double *const effects[2],
                                   struct hs_err *err)
{
  const struct hs_credit_plan *plan = batch->plan;
  size_t channels = plan->sample->paths.channel_count;
  size_t chain = plan->chain_of_model[model];
  struct hs_traffic traffic = hs_credit_batch_traffic(batch, batch->arena, chain, lane);
  double *block = hs_arena_alloc_raw(batch->arena, 4 * channels, sizeof *block);
  if (traffic.flow == NULL || traffic.exit_conversions == NULL || traffic.exit_value == NULL ||
      block == NULL)
    return hs_arena_full(batch->arena, "a Markov chain", err);
  double *const share[2] = {block, block + channels};
  double *const effect[2] = {block + 2 * channels, block + 3 * channels};
  enum hs_status status = markov_shares(batch->arena, &plan->models[model], &plan->chains[chain],
                                        &traffic, share, effect, err);
  for (size_t k = 0; k < 2 && status == HS_OK; k++)
    for (size_t c = 0; c < channels; c++) {
      size_t at = (model * channels + c) * batch->lane_count + lane;
      shares[k][at] = share[k][c];
      if (effects != NULL)
        effects[k][at] = effect[k][c];
    }
  return status;
}

enum hs_status hs_credit_batch_solve(struct hs_credit_batch *batch, double *const shares[2],
                                     double *const effects[2], struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (size_t m = 0; m < batch->plan->model_count && status == HS_OK; m++) {
    if (batch->plan->rule_of_model[m] != HS_NO_PART) {
      rule_shares(batch, m, shares);
      continue;
    }
    for (size_t l = 0; l < batch->lane_count && status == HS_OK; l++) {
      size_t mark = hs_arena_mark(batch->arena);
      status = chain_shares(batch, m, l, shares, effects, err);
      hs_arena_reset(batch->arena, mark);
    }
  }
  return status;
}

enum hs_status hs_credit_batch_shares(struct hs_credit_batch *batch, double *conversions,
                                      double *value, struct hs_err *err)
{
  double *const shares[2] = {conversions, value};
  return hs_credit_batch_solve(batch, shares, NULL, err);
}
