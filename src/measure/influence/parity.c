#include "measure/influence/parity.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "measure/influence/parity_priv.h"
#include "measure/influence/trajectories.h"
#include "stats/summary.h"

/* CausalImpact's constants, under the names of its model arguments where it has some. */
#define LEVEL_SD_GUESS 0.01   /* prior.level.sd */
#define LEVEL_DF 32           /* kLocalLevelPriorSampleSize */
#define EXPECTED_MODEL_SIZE 3 /* kStaticRegressionExpectedModelSize */
#define EXPECTED_R2 0.8       /* kStaticRegressionExpectedR2 */
#define REGRESSION_DF 50      /* kStaticRegressionPriorDf */
/* bsts' own, where CausalImpact leaves them alone. */
#define WEAK_DF 0.01         /* SdPrior's sample.size */
#define SEASON_SD_GUESS 0.01 /* AddSeasonal */
#define STEP_SD_MAX 1        /* of level and season: the standard deviation of y */
#define NOISE_SD_MAX 1.2     /* times the standard deviation of y */
#define SLAB_WEIGHT 0.01     /* prior.information.weight */
#define SLAB_SHRINKAGE 0.5   /* diagonal.shrinkage */

/* A chain is worth its warm-up from so many draws on. The number of chains follows from the number
   of draws alone, so that the result does not know how many threads there were. */
#define DRAWS_PER_CHAIN 250U
#define WARM_UP 100U

struct scale {
  double mean, sd;
};

struct parity {
  struct parity_data data;
  size_t first; /* the input's row that is row 0 here: outcomes missing at the head teach nothing */
  struct scale outcome;
  struct scale *controls;
  size_t chain_count;
  struct parity_draws chains[HS_PARITY_CHAINS_MAX];
  struct parity_room rooms[HS_WORKER_COUNT_MAX];
  struct hs_trajectories trajectories;
};

/* sd is 1 for what never changes. */
static struct scale scale_of(const double *values, size_t from, size_t until)
{
  struct hs_summary summary = {0};
  for (size_t t = from; t < until; t++)
    if (!isnan(values[t]))
      hs_summary_add(&summary, values[t], 1);
  double sd = hs_summary_deviation(&summary);
  return (struct scale){summary.mean, sd > 0 ? sd : 1};
}

static int is_constant(const double *values, size_t from, size_t until)
{
  for (size_t t = from + 1; t < until; t++)
    if (values[t] < values[from] || values[t] > values[from])
      return 0;
  return 1;
}

static enum hs_status room_for_data(struct hs_arena *arena, const struct hs_influence_input *input,
                                    struct parity *parity, struct hs_err *err)
{
  struct parity_data *data = &parity->data;
  size_t rows = data->rows;
  size_t k = data->variable_count;
  data->y = hs_arena_alloc(arena, rows, sizeof *data->y);
  data->x = hs_arena_alloc(arena, rows * k, sizeof *data->x);
  data->xtx = hs_arena_alloc(arena, k * k, sizeof *data->xtx);
  parity->controls = hs_arena_alloc(arena, input->control_count, sizeof *parity->controls);
  if (data->y == NULL || data->x == NULL || data->xtx == NULL || parity->controls == NULL)
    return hs_arena_full(arena, "the standardised series", err);
  return HS_OK;
}

static void standardise(const struct hs_influence_input *input, struct parity *parity)
{
  struct parity_data *data = &parity->data;
  size_t k = data->variable_count;
  size_t before = input->start - parity->first;
  parity->outcome = scale_of(input->outcome, parity->first, input->start);
  for (size_t t = 0; t < data->rows; t++) {
    double y = (input->outcome[parity->first + t] - parity->outcome.mean) / parity->outcome.sd;
    data->y[t] = t < before ? y : (double)NAN;
    data->observed_count += isnan(data->y[t]) ? 0 : 1;
    if (k > 0)
      data->x[t * k] = 1;
  }
  data->first_y = data->y[0];
  for (size_t c = 0; c < input->control_count; c++) {
    const double *control = input->controls[c];
    struct scale scale = parity->controls[c] = scale_of(control, parity->first, input->start);
    for (size_t t = 0; t < data->rows; t++)
      data->x[t * k + c + 1] = (control[parity->first + t] - scale.mean) / scale.sd;
  }
}

/* X'X over the rows with a y, and into all over every row. */
static void add_products(struct parity_data *data, double *all)
{
  size_t k = data->variable_count;
  for (size_t t = 0; t < data->rows; t++)
    for (size_t i = 0; i < k; i++)
      for (size_t j = 0; j < k; j++) {
        double product = data->x[t * k + i] * data->x[t * k + j];
        all[i * k + j] += product;
        if (!isnan(data->y[t]))
          data->xtx[i * k + j] += product;
      }
}

/* A control that never changed before the start says nothing about the outcome: bsts would draw
   its coefficient from the prior and predict with it, here it stays out. */
static enum hs_status set_regression_prior(struct hs_arena *arena,
                                           const struct hs_influence_input *input,
                                           struct parity *parity, struct hs_err *err)
{
  struct parity_data *data = &parity->data;
  size_t k = data->variable_count;
  double *precision = hs_arena_alloc(arena, k * k, sizeof *precision);
  double *inclusion = hs_arena_alloc(arena, k, sizeof *inclusion);
  if (precision == NULL || inclusion == NULL)
    return hs_arena_full(arena, "the prior of a regression", err);
  add_products(data, precision);
  for (size_t i = 0; i < k; i++) {
    inclusion[i] = k > EXPECTED_MODEL_SIZE ? EXPECTED_MODEL_SIZE / (double)k : 1;
    if (i > 0 && is_constant(input->controls[i - 1], parity->first, input->start))
      inclusion[i] = 0;
    for (size_t j = 0; j < k; j++)
      precision[i * k + j] *= SLAB_WEIGHT / (double)data->rows * (i == j ? 1 : 1 - SLAB_SHRINKAGE);
  }
  data->regression = (struct hs_spike_slab_prior){
      .inclusion = inclusion,
      .precision = precision,
      .noise = {sqrt(1 - EXPECTED_R2), REGRESSION_DF, NOISE_SD_MAX},
  };
  if (k == 0)
    data->regression.noise = (struct hs_variance_prior){1, WEAK_DF, NOISE_SD_MAX};
  return HS_OK;
}

static enum hs_status prepare(struct hs_arena *arena, const struct hs_influence_input *input,
                              struct parity *parity, struct hs_err *err)
{
  struct parity_data *data = &parity->data;
  while (isnan(input->outcome[parity->first]))
    parity->first++;
  data->rows = input->end - parity->first;
  data->variable_count = input->control_count > 0 ? input->control_count + 1 : 0;
  data->season = input->season > 1 ? input->season : 0;
  data->level = (struct hs_variance_prior){LEVEL_SD_GUESS, LEVEL_DF, STEP_SD_MAX};
  data->season_step = (struct hs_variance_prior){SEASON_SD_GUESS, WEAK_DF, STEP_SD_MAX};
  enum hs_status status = room_for_data(arena, input, parity, err);
  if (status != HS_OK)
    return status;
  standardise(input, parity);
  return set_regression_prior(arena, input, parity, err);
}

static enum hs_status room_for_workers(struct hs_arena *arena, struct parity *parity,
                                       size_t worker_count, struct hs_err *err)
{
  const struct parity_data *data = &parity->data;
  struct hs_kalman_model model = hs_parity_model(data);
  size_t states = hs_kalman_room(&model);
  for (size_t w = 0; w < worker_count; w++) {
    struct parity_room *room = &parity->rooms[w];
    double *rows = hs_arena_alloc_raw(arena, 4 * data->rows, sizeof *rows);
    room->kalman = hs_arena_alloc_raw(arena, states, sizeof *room->kalman);
    room->regression = hs_arena_alloc_raw(arena, hs_spike_slab_room(data->variable_count), 1);
    room->xty = hs_arena_alloc_raw(arena, data->variable_count, sizeof *room->xty);
    if (rows == NULL || room->kalman == NULL || room->regression == NULL || room->xty == NULL)
      return hs_arena_full(arena, "the states of a chain", err);
    room->signal = rows;
    room->level = rows + data->rows;
    room->fitted = rows + 2 * data->rows;
    room->rest = rows + 3 * data->rows;
  }
  return HS_OK;
}

static enum hs_status room_for_draws(struct hs_arena *arena, const struct hs_influence_input *input,
                                     struct parity *parity, struct hs_err *err)
{
  const struct parity_data *data = &parity->data;
  size_t draws = input->draws;
  size_t count = draws / DRAWS_PER_CHAIN;
  count = count < 1 ? 1 : count < HS_PARITY_CHAINS_MAX ? count : HS_PARITY_CHAINS_MAX;
  double *values = hs_arena_alloc_raw(arena, data->rows * draws, sizeof *values);
  double *sums =
      hs_arena_alloc(arena, count * (data->rows + 2 * data->variable_count), sizeof *sums);
  if (values == NULL || sums == NULL)
    return hs_arena_full(arena, "draws of a counterfactual", err);
  parity->chain_count = count;
  parity->trajectories = (struct hs_trajectories){
      .first = parity->first, .rows = data->rows, .draws = draws, .values = values};
  for (size_t c = 0; c < count; c++) {
    size_t from = draws * c / count;
    parity->chains[c] = (struct parity_draws){.count = draws * (c + 1) / count - from,
                                              .warm_up = WARM_UP,
                                              .seed = input->seed,
                                              .stream = HS_PARITY_STREAM + c,
                                              .values = values + from,
                                              .stride = draws,
                                              .signal_sum = sums,
                                              .included_sum = sums + data->rows,
                                              .beta_sum = sums + data->rows + data->variable_count};
    sums += data->rows + 2 * data->variable_count;
  }
  return HS_OK;
}

static enum hs_status run_chain(void *context, size_t worker, size_t item, struct hs_err *err)
{
  struct parity *parity = context;
  if (hs_parity_chain(&parity->data, &parity->rooms[worker], &parity->chains[item]))
    return hs_fail(err, HS_NO_CONVERGENCE,
                   "the regression on the controls has no solution: they are too much alike, "
                   "or their figures too far apart");
  return HS_OK;
}

/* Sums over the chains, always in the same order, back in the units of the input. */
static enum hs_status gather(struct hs_arena *arena, struct parity *parity,
                             struct hs_influence_result *result, struct hs_err *err)
{
  const struct parity_data *data = &parity->data;
  size_t draws = parity->trajectories.draws;
  struct scale scale = parity->outcome;
  double *expected = hs_arena_alloc(arena, data->rows, sizeof *expected);
  if (expected == NULL)
    return hs_arena_full(arena, "the counterfactual", err);
  for (size_t c = 0; c < parity->chain_count; c++)
    for (size_t t = 0; t < data->rows; t++)
      expected[t] += parity->chains[c].signal_sum[t] / (double)draws;
  for (size_t t = 0; t < data->rows; t++)
    expected[t] = scale.mean + scale.sd * expected[t];
  for (size_t i = 0; i < data->rows * draws; i++)
    parity->trajectories.values[i] = scale.mean + scale.sd * parity->trajectories.values[i];
  parity->trajectories.expected = expected;
  for (size_t j = 0; j < result->control_count; j++) {
    struct hs_influence_control *control = &result->controls[j];
    control->inclusion = control->coefficient = 0;
    for (size_t c = 0; c < parity->chain_count; c++) {
      control->inclusion += parity->chains[c].included_sum[j + 1] / (double)draws;
      control->coefficient +=
          parity->chains[c].beta_sum[j + 1] / (double)draws * scale.sd / parity->controls[j].sd;
    }
  }
  return HS_OK;
}

static enum hs_status sample(struct hs_arena *arena, const struct hs_influence_input *input,
                             struct parity *parity, struct hs_influence_result *result,
                             struct hs_err *err)
{
  size_t worker_count = hs_worker_count(input->threads);
  enum hs_status status = prepare(arena, input, parity, err);
  if (status == HS_OK)
    status = room_for_draws(arena, input, parity, err);
  if (worker_count > parity->chain_count)
    worker_count = parity->chain_count;
  if (status == HS_OK)
    status = room_for_workers(arena, parity, worker_count, err);
  if (status == HS_OK)
    status = hs_parallel_run(worker_count, parity->chain_count, run_chain, parity, err);
  if (status == HS_OK)
    status = gather(arena, parity, result, err);
  return status;
}

static int is_finite(const struct hs_influence_estimate *of)
{
  return isfinite(of->predicted) && isfinite(of->sd) && isfinite(of->low) && isfinite(of->high);
}

enum hs_status hs_influence_parity(struct hs_arena *arena, const struct hs_influence_input *input,
                                   struct hs_influence_result *out, struct hs_err *err)
{
  struct parity parity = {0};
  struct hs_influence_result result;
  enum hs_status status = hs_influence_check(input, err);
  if (status == HS_OK && input->draws > HS_PARITY_DRAWS_MAX)
    return hs_fail(err, HS_INVALID, "draws must be at most %u, got %u", HS_PARITY_DRAWS_MAX,
                   input->draws);
  if (status == HS_OK)
    status = hs_influence_begin(arena, input, &result, err);
  if (status == HS_OK)
    status = sample(arena, input, &parity, &result, err);
  if (status == HS_OK)
    status = hs_trajectories_summarise(arena, &parity.trajectories, input->threads, &result, err);
  if (status != HS_OK)
    return status;
  if (!is_finite(&result.average) || !is_finite(&result.cumulative))
    return hs_fail(err, HS_NO_CONVERGENCE,
                   "what the controls foretell for the window is beyond all numbers");
  result.mode = HS_INFLUENCE_PARITY;
  result.grade_because = "this mode runs no placebos";
  *out = result;
  return HS_OK;
}
