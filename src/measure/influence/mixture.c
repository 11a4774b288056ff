#include "measure/influence/mixture.h"

#include <math.h>

#include "base/parallel.h"
#include "measure/influence/mixture_priv.h"

/* From this weight on an old step is a fact that is told. */
static const double OLD_STEP_SURE = 0.9;
/* What a level that wanders for sure adds to an interval. */
static const double WANDERING = 0.2;
/* Variants lighter than this against the weightiest one are dropped: together they would move no
   interval by a hundredth. */
static const double LOG_WEIGHT_MIN = -12;

struct job {
  const struct hs_mixture_table *table;
  const struct hs_mixture_member *grid;
  struct hs_mixture_bench *benches; /* one per worker */
  struct hs_mixture_part *parts;    /* slots of variants_max per covariance */
  size_t slot;
  size_t counts[HS_MIXTURE_GRID_MAX];
};

static enum hs_status work_out_one(void *context, size_t worker, size_t item,
                                   [[maybe_unused]] struct hs_err *err)
{
  struct job *job = context;
  job->counts[item] = hs_mixture_variants(job->table, &job->grid[item], (uint32_t)item,
                                          &job->benches[worker], job->parts + item * job->slot);
  return HS_OK;
}

/* Keeps what has weight, in the order of the grid. */
static size_t drop_light(struct job *job, size_t member_count)
{
  double most = -HUGE_VAL;
  for (size_t i = 0; i < member_count; i++)
    for (size_t p = 0; p < job->counts[i]; p++)
      most = fmax(most, job->parts[i * job->slot + p].log_weight);
  size_t kept = 0;
  for (size_t i = 0; i < member_count; i++)
    for (size_t p = 0; p < job->counts[i]; p++) {
      struct hs_mixture_part part = job->parts[i * job->slot + p];
      part.log_weight -= most;
      if (part.log_weight > LOG_WEIGHT_MIN)
        job->parts[kept++] = part;
    }
  return kept;
}

static enum hs_status finish(struct hs_arena *arena, const struct hs_mixture_table *table,
                             struct job *job, size_t kept, struct hs_mixture *out,
                             struct hs_err *err)
{
  *out = (struct hs_mixture){.part_count = kept,
                             .df = (double)table->seen_count - HS_MIXTURE_FLAT_COUNT,
                             .judged_count = table->judged_count,
                             .unit = table->unit};
  out->part = job->parts;
  out->weight = hs_arena_alloc(arena, 3 * kept, sizeof(double));
  if (out->weight == NULL)
    return hs_arena_full(arena, "the parts of an influence analysis", err);
  out->effect = out->weight + kept;
  out->scale = out->effect + kept;
  double sum = 0;
  for (size_t i = 0; i < kept; i++) {
    const struct hs_mixture_part *part = &out->part[i];
    out->weight[i] = exp(part->log_weight);
    sum += out->weight[i];
    out->effect[i] = table->unit * part->effect;
    out->scale[i] = table->unit * sqrt(part->spread * part->squares / out->df);
  }
  for (size_t i = 0; i < kept; i++)
    out->weight[i] /= sum;
  for (size_t h = 0; h < table->row_count - table->start; h++)
    out->actual +=
        table->window[h] *
        (table->center +
         table->unit * table->values[(table->start + h) * table->column_count + table->outcome_at]);
  return HS_OK;
}

static enum hs_status run(struct hs_arena *arena, const struct hs_mixture_table *table,
                          size_t threads, struct hs_mixture *out, struct hs_err *err)
{
  struct hs_mixture_member grid[HS_MIXTURE_GRID_MAX];
  size_t member_count = hs_mixture_grid(grid);
  size_t workers = hs_worker_count(threads);
  struct job job = {.table = table, .grid = grid, .slot = hs_mixture_variants_max(table)};
  /* In front of the workers' benches, and so beside the result: what follows is given back. */
  job.parts = hs_arena_alloc_raw(arena, member_count * job.slot, sizeof *job.parts);
  size_t mark = hs_arena_mark(arena);
  job.benches = hs_arena_alloc(arena, workers, sizeof *job.benches);
  if (job.parts == NULL || job.benches == NULL)
    return hs_arena_full(arena, "the parts of an influence analysis", err);
  for (size_t w = 0; w < workers; w++) {
    enum hs_status status = hs_mixture_bench_make(arena, table, &job.benches[w], err);
    if (status != HS_OK)
      return status;
  }
  enum hs_status status = hs_parallel_run(workers, member_count, work_out_one, &job, err);
  if (status != HS_OK)
    return status;
  hs_arena_reset(arena, mark);
  return finish(arena, table, &job, drop_light(&job, member_count), out, err);
}

enum hs_status hs_mixture_fit(struct hs_arena *arena, const struct hs_mixture_question *question,
                              size_t threads, struct hs_mixture *out, struct hs_err *err)
{
  struct hs_mixture_table table;
  enum hs_status status = hs_mixture_table_make(arena, question, &table, err);
  return status == HS_OK ? run(arena, &table, threads, out, err) : status;
}

struct hs_t_mixture hs_mixture_effect(const struct hs_mixture *fit)
{
  return (struct hs_t_mixture){.count = fit->part_count,
                               .weight = fit->weight,
                               .center = fit->effect,
                               .scale = fit->scale,
                               .df = fit->df};
}

double hs_mixture_wandering(const struct hs_mixture *fit)
{
  struct hs_mixture_member grid[HS_MIXTURE_GRID_MAX];
  size_t member_count = hs_mixture_grid(grid);
  double share = 0;
  for (size_t i = 0; i < fit->part_count; i++) {
    const struct hs_mixture_part *part = &fit->part[i];
    HS_ASSERT(part->covariance < member_count);
    if (grid[part->covariance].kind >= HS_MIXTURE_WALK_SLOW || part->shape == HS_MIXTURE_SLIGHT ||
        part->shape == HS_MIXTURE_STEEP)
      share += fit->weight[i];
  }
  return 1 + WANDERING * share;
}

size_t hs_mixture_level_from(const struct hs_mixture *fit)
{
  double all = 0;
  double most = 0;
  size_t row = 0;
  for (size_t i = 0; i < fit->part_count; i++) {
    if (fit->part[i].shape != HS_MIXTURE_OLD_STEP)
      continue;
    all += fit->weight[i];
    if (fit->weight[i] > most) {
      most = fit->weight[i];
      row = fit->part[i].old_step;
    }
  }
  return all >= OLD_STEP_SURE ? row : 0;
}
