#include "measure/bootstrap.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "stats/quantile.h"
#include "stats/random.h"

/* A batch evaluates this many replicates at once. */
#define LANES ((size_t)HS_LANE_COUNT_MAX)
/* Units whose weights are drawn at a time: 32 KiB, so that they are still in the cache when the
   batch reads them. */
#define CHUNK_UNITS ((size_t)512)
/* Up to this shape a Gamma variate is a sum of exponentials, which is faster than rejection. */
#define SUMMED_SHAPE_MAX 8.0
/* Address space a worker may use; it becomes memory only as a batch needs it. */
#define WORKER_ARENA_BYTES (8 * HS_GIB)

#define STREAM_SUMMED ((uint64_t)1 << 62)
#define STREAM_REJECTION ((uint64_t)1 << 63)
#define STREAM_UNIT_BITS 40

struct worker {
  struct hs_arena arena; /* the zero value until the worker has its first item */
  struct hs_credit_batch *batch;
  double *weights;     /* CHUNK_UNITS × LANES */
  double *conversions; /* share_count × LANES */
  double *value;
};

struct replication {
  const struct hs_credit_plan *plan;
  const struct hs_sample *sample;
  struct hs_bootstrap_options options;
  size_t share_count; /* models × channels */
  double *conversions;
  double *value;
  struct worker workers[HS_WORKER_COUNT_MAX];
};

struct hs_bootstrap_options hs_bootstrap_default(void)
{
  return (struct hs_bootstrap_options){.seed = 1, .draws = 500, .level = 0.9};
}

static enum hs_status check_options(const struct hs_bootstrap_options *options, struct hs_err *err)
{
  if (options->draws < HS_BOOTSTRAP_DRAWS_MIN || options->draws > HS_BOOTSTRAP_DRAWS_MAX)
    return hs_fail(err, HS_USAGE, "draws must be %zu to %zu, got %zu", HS_BOOTSTRAP_DRAWS_MIN,
                   HS_BOOTSTRAP_DRAWS_MAX, options->draws);
  if (!(options->level > 0 && options->level < 1))
    return hs_fail(err, HS_USAGE, "the level of an interval must lie between 0 and 1, got %g",
                   options->level);
  return HS_OK;
}

/* Gamma(shape) of each lane as a sum of exponentials: part k of unit u stands at (8u + k)·LANES of
   its stream. */
static void summed_gammas(uint64_t seed, uint64_t group, size_t unit, size_t shape, double *weights)
{
  double parts[(size_t)SUMMED_SHAPE_MAX * LANES];
  uint64_t first = ((uint64_t)unit * (uint64_t)SUMMED_SHAPE_MAX) * LANES;
  hs_random_exponentials(seed, STREAM_SUMMED | group, first, shape * LANES, parts);
  memcpy(weights, parts, LANES * sizeof *weights);
  for (size_t k = 1; k < shape; k++)
    for (size_t lane = 0; lane < LANES; lane++)
      weights[lane] += parts[k * LANES + lane];
}

static void rejected_gammas(uint64_t seed, uint64_t group, size_t unit, double shape,
                            double *weights)
{
  for (size_t lane = 0; lane < LANES; lane++) {
    uint64_t replicate = group * LANES + lane;
    struct hs_random rng =
        hs_random_open(seed, STREAM_REJECTION | replicate << STREAM_UNIT_BITS | unit);
    weights[lane] = hs_random_gamma(&rng, shape);
  }
}

static void gamma_weights(uint64_t seed, uint64_t group, size_t unit, double shape, double *weights)
{
  if (shape <= SUMMED_SHAPE_MAX && shape == floor(shape))
    summed_gammas(seed, group, unit, (size_t)shape, weights);
  else
    rejected_gammas(seed, group, unit, shape, weights);
  for (size_t lane = 0; lane < LANES; lane++)
    weights[lane] /= shape;
}

/* The exponentials of a whole chunk are drawn at once; the few units that stand for several are
   then overwritten. */
static void draw_weights(const struct hs_sample *sample, uint64_t seed, uint64_t group,
                         size_t first_unit, size_t unit_count, double *weights)
{
  hs_random_exponentials(seed, group, (uint64_t)first_unit * LANES, unit_count * LANES, weights);
  for (size_t i = 0; i < unit_count; i++) {
    double shape = sample->unit_shape[first_unit + i];
    if (shape != 1.0)
      gamma_weights(seed, group, first_unit + i, shape, weights + i * LANES);
  }
}

static enum hs_status open_worker(const struct replication *job, struct worker *worker,
                                  struct hs_err *err)
{
  enum hs_status status = hs_arena_init(&worker->arena, WORKER_ARENA_BYTES, err);
  if (status != HS_OK)
    return status;
  size_t results = job->share_count * LANES;
  worker->weights = hs_arena_alloc_raw(&worker->arena, CHUNK_UNITS * LANES, sizeof(double));
  worker->conversions = hs_arena_alloc_raw(&worker->arena, results, sizeof(double));
  worker->value = hs_arena_alloc_raw(&worker->arena, results, sizeof(double));
  if (worker->weights == NULL || worker->conversions == NULL || worker->value == NULL)
    return hs_arena_full(&worker->arena, "the replicates of a bootstrap", err);
  return hs_credit_batch_open(&worker->arena, job->plan, LANES, &worker->batch, err);
}

static void keep_lanes(const struct replication *job, size_t group, const double *from, double *to)
{
  size_t draws = job->options.draws;
  size_t first = group * LANES;
  size_t count = draws - first < LANES ? draws - first : LANES;
  for (size_t share = 0; share < job->share_count; share++)
    memcpy(to + share * draws + first, from + share * LANES, count * sizeof *to);
}

/* One item of the loop: the replicates LANES·group and following. */
static enum hs_status run_group(void *context, size_t worker_index, size_t group,
                                struct hs_err *err)
{
  struct replication *job = context;
  struct worker *worker = &job->workers[worker_index];
  enum hs_status status = worker->batch == NULL ? open_worker(job, worker, err) : HS_OK;
  if (status != HS_OK)
    return status;
  hs_credit_batch_clear(worker->batch);
  for (size_t unit = 0; unit < job->sample->unit_count; unit += CHUNK_UNITS) {
    size_t left = job->sample->unit_count - unit;
    size_t count = left < CHUNK_UNITS ? left : CHUNK_UNITS;
    draw_weights(job->sample, job->options.seed, group, unit, count, worker->weights);
    hs_credit_batch_add(worker->batch, unit, count, worker->weights);
  }
  status = hs_credit_batch_shares(worker->batch, worker->conversions, worker->value, err);
  if (status != HS_OK)
    return status;
  keep_lanes(job, group, worker->conversions, job->conversions);
  keep_lanes(job, group, worker->value, job->value);
  return HS_OK;
}

enum hs_status hs_bootstrap_shares(const struct hs_credit_plan *plan,
                                   const struct hs_bootstrap_options *options, double *conversions,
                                   double *value, struct hs_err *err)
{
  const struct hs_sample *sample = hs_credit_plan_sample(plan);
  HS_ASSERT(sample->unit_count < (size_t)1 << STREAM_UNIT_BITS);
  enum hs_status status = check_options(options, err);
  if (status != HS_OK)
    return status;
  struct replication job = {
      .plan = plan,
      .sample = sample,
      .options = *options,
      .share_count = hs_credit_plan_model_count(plan) * sample->paths.channel_count,
      .conversions = conversions,
      .value = value,
  };
  size_t groups = (options->draws + LANES - 1) / LANES;
  status = hs_parallel_run(hs_worker_count(options->worker_count), groups, run_group, &job, err);
  for (size_t i = 0; i < HS_WORKER_COUNT_MAX; i++)
    hs_arena_release(&job.workers[i].arena);
  return status;
}

/* The value at place (draws + 1)·p of the sorted replicates, the first being 1: a further replicate
   would fall below it with probability p. hs_quantile counts places from 0 to draws − 1. */
static double percentile(const double *sorted, size_t draws, double p)
{
  double place = ((double)draws + 1.0) * p - 1.0;
  return hs_quantile(sorted, draws, fmin(fmax(place / ((double)draws - 1.0), 0.0), 1.0));
}

/* Sorts the replicates of one share and reads both ends off them, times the total. */
static void read_interval(double *replicates, const struct hs_bootstrap_options *options,
                          double total, double *low, double *high)
{
  double tail = 0.5 * (1.0 - options->level);
  hs_sort(replicates, options->draws);
  *low = total * percentile(replicates, options->draws, tail);
  *high = total * percentile(replicates, options->draws, 1.0 - tail);
}

enum hs_status hs_bootstrap_intervals(struct hs_arena *arena, const struct hs_credit_plan *plan,
                                      const struct hs_bootstrap_options *options,
                                      struct hs_model_credits *credits, struct hs_err *err)
{
  enum hs_status status = check_options(options, err);
  if (status != HS_OK)
    return status;
  const struct hs_sample *sample = hs_credit_plan_sample(plan);
  size_t channels = sample->paths.channel_count;
  size_t models = hs_credit_plan_model_count(plan);
  size_t mark = hs_arena_mark(arena);
  double *conversions =
      hs_arena_alloc_raw(arena, models * channels, options->draws * sizeof(double));
  double *value = hs_arena_alloc_raw(arena, models * channels, options->draws * sizeof(double));
  if (conversions == NULL || value == NULL)
    status = hs_arena_full(arena, "the replicates of a bootstrap", err);
  else
    status = hs_bootstrap_shares(plan, options, conversions, value, err);
  for (size_t i = 0; status == HS_OK && i < models * channels; i++) {
    struct hs_credit *credit = &credits[i / channels].channels[i % channels];
    read_interval(conversions + i * options->draws, options, sample->conversions,
                  &credit->conversions_low, &credit->conversions_high);
    read_interval(value + i * options->draws, options, sample->value, &credit->value_low,
                  &credit->value_high);
  }
  hs_arena_reset(arena, mark);
  return status;
}
