/* The point estimate: the plan under weights of one. */
#include "measure/credit_priv.h"

#include <math.h>

/* "There is none", as credit.h says it. */
static const double none = (double)NAN;

/* Weights are handed over in pieces of this many units. */
#define PIECE_UNITS ((size_t)256)

void hs_credit_batch_add_all(struct hs_credit_batch *batch)
{
  size_t unit_count = batch->plan->sample->unit_count;
  double ones[PIECE_UNITS];
  for (size_t i = 0; i < PIECE_UNITS; i++)
    ones[i] = 1.0;
  for (size_t first = 0; first < unit_count; first += PIECE_UNITS) {
    size_t left = unit_count - first;
    hs_credit_batch_add(batch, first, left < PIECE_UNITS ? left : PIECE_UNITS, ones);
  }
}

static struct hs_model_credits *make_results(struct hs_arena *arena,
                                             const struct hs_credit_plan *plan)
{
  size_t channels = plan->sample->paths.channel_count;
  struct hs_model_credits *results = hs_arena_alloc(arena, plan->model_count, sizeof *results);
  for (size_t m = 0; results != NULL && m < plan->model_count; m++) {
    struct hs_credit *credits = hs_arena_alloc(arena, channels, sizeof *credits);
    if (credits == NULL)
      return NULL;
    for (size_t c = 0; c < channels; c++)
      credits[c] = (struct hs_credit){
          .removal_effect = none,
          .removal_effect_value = none,
          .conversions_low = none,
          .conversions_high = none,
          .value_low = none,
          .value_high = none,
          .converting_journeys = plan->converting[c],
          .is_insufficient = plan->converting[c] < HS_CONVERTING_MIN,
      };
    results[m] = (struct hs_model_credits){
        .model = plan->models[m], .channel_count = channels, .channels = credits};
  }
  return results;
}

static void fill_credit(const struct hs_sample *sample, size_t at, double *const shares[2],
                        double *const effects[2], struct hs_credit *credit)
{
  credit->share_conversions = shares[0][at];
  credit->share_value = shares[1][at];
  credit->conversions = shares[0][at] * sample->conversions;
  credit->value = shares[1][at] * sample->value;
  credit->removal_effect = effects[0][at];
  credit->removal_effect_value = effects[1][at];
}

static enum hs_status fill(struct hs_arena *arena, const struct hs_credit_plan *plan,
                           struct hs_model_credits *results, struct hs_err *err)
{
  size_t channels = plan->sample->paths.channel_count;
  size_t count = channels * plan->model_count;
  double *block = hs_arena_alloc_raw(arena, 4 * count, sizeof *block);
  struct hs_credit_batch *batch = NULL;
  if (block == NULL)
    return hs_arena_full(arena, "credits", err);
  double *const shares[2] = {block, block + count};
  double *const effects[2] = {block + 2 * count, block + 3 * count};
  for (size_t i = 0; i < 2 * count; i++)
    effects[0][i] = none;
  enum hs_status status = hs_credit_batch_open(arena, plan, 1, &batch, err);
  if (status != HS_OK)
    return status;
  hs_credit_batch_add_all(batch);
  status = hs_credit_batch_solve(batch, shares, effects, err);
  for (size_t m = 0; m < plan->model_count && status == HS_OK; m++)
    for (size_t c = 0; c < channels; c++)
      fill_credit(plan->sample, m * channels + c, shares, effects, &results[m].channels[c]);
  return status;
}

enum hs_status hs_credit_estimate(struct hs_arena *arena, const struct hs_credit_plan *plan,
                                  struct hs_model_credits **out, struct hs_err *err)
{
  struct hs_model_credits *results = make_results(arena, plan);
  if (results == NULL)
    return hs_arena_full(arena, "credits", err);
  size_t mark = hs_arena_mark(arena);
  enum hs_status status = fill(arena, plan, results, err);
  hs_arena_reset(arena, mark);
  if (status == HS_OK)
    *out = results;
  return status;
}
