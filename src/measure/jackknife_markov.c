/* What each journey adds to the influence on "lost", P − g, is a sum over its flows and its exit.
   Both are tabulated for a block of channels at a time, so that one pass over the paths serves the
   block. */
#include <math.h>
#include <string.h>

#include "measure/jackknife_priv.h"
#include "measure/removal.h"

/* Channels of a block. A row of the table has two sides for each and ends with two sums over all
   channels, padded so that it is a whole number of vectors. */
#define BLOCK_CHANNELS ((size_t)32)
#define VECTOR ((size_t)4)
#define WIDTH_MAX (2 * BLOCK_CHANNELS + VECTOR)
/* Of what is kept of every channel's removal between the two rounds over the blocks, instead of
   solving for it twice: the chain of order 1 of a thousand channels fits. */
#define KEPT_BYTES_MAX (32 * HS_MIB)

struct markov_work {
  struct hs_arena *arena;
  const struct hs_credit_plan *plan;
  const struct hs_model *model;
  const struct hs_chain *chain;
  const struct hs_traffic *traffic;
  struct hs_solver *solver;
  struct hs_removed *kept; /* per channel, empty until it was solved for; NULL: nothing is kept */
  size_t width;            /* of a row; the sums stand in its last two columns */
  double starts;           /* F₀ */
  double lost_sum[2];      /* Σ over channels */
  double *flow;            /* [flow × width + column], per journey */
  double *exit_all;        /* [state × width + column], per journey that ends there */
  double *exit_gain;       /* likewise, per conversion (or unit of value) */
};

static int reserve(struct hs_arena *arena, struct markov_work *w)
{
  w->flow = hs_arena_alloc(arena, w->chain->flow_count, w->width * sizeof *w->flow);
  w->exit_all = hs_arena_alloc(arena, w->chain->state_count, w->width * sizeof *w->exit_all);
  w->exit_gain = hs_arena_alloc(arena, w->chain->state_count, w->width * sizeof *w->exit_gain);
  return w->flow != NULL && w->exit_all != NULL && w->exit_gain != NULL;
}

/* One channel and side. Skip solves for what is lost itself; the others for g, where lost = P − g.
 */
static void fill_column(struct markov_work *w, const struct hs_removed *removed, size_t side,
                        size_t column)
{
  const struct hs_chain *chain = w->chain;
  const double *h = side == 0 ? removed->reach_conversions : removed->reach_value;
  const double *u = removed->visits_per_outflow;
  double lost = side == 0 ? removed->lost_conversions : removed->lost_value;
  double end = side == 0 ? hs_solver_conversions(w->solver) : hs_solver_value(w->solver);
  int is_skip = w->model->removal == HS_REMOVAL_SKIP;
  int closes = w->model->removal == HS_REMOVAL_RENORMALISE;
  double sign = is_skip ? 1.0 : -1.0;
  double of_all = is_skip ? 0 : 1.0 / w->starts; /* influence on P, but for its sign */
  double target = is_skip ? lost : end - lost;
  for (size_t f = 0; f < chain->flow_count; f++) {
    size_t to = chain->flow_to[f];
    size_t from = chain->flow_from[f];
    int is_closed = closes && removed->is_removed[to];
    double term = 0;
    if (from == HS_CHAIN_START) {
      if (!is_closed && removed->start_count > 0)
        term = (h[to] - target) / removed->start_count;
      term = sign * term - of_all * end;
    } else if (!is_closed) {
      term = sign * u[from] * (h[to] - h[from]);
    }
    w->flow[f * w->width + column] = term;
  }
  for (size_t i = 0; i < chain->state_count; i++) {
    w->exit_all[i * w->width + column] = -sign * u[i] * h[i];
    w->exit_gain[i * w->width + column] = sign * u[i] + of_all;
  }
}

static const void *keep(struct hs_arena *arena, const void *values, size_t bytes)
{
  void *copy = hs_arena_alloc_raw(arena, bytes, 1);
  if (copy != NULL)
    memcpy(copy, values, bytes);
  return copy;
}

/* The solver's arrays live until its next call. Where the arena has no room for them, the second
   round solves again. */
static void keep_removed(struct markov_work *w, size_t channel, const struct hs_removed *removed)
{
  size_t n = w->chain->state_count;
  struct hs_removed kept = *removed;
  kept.reach_conversions = keep(w->arena, removed->reach_conversions, n * sizeof(double));
  kept.reach_value = keep(w->arena, removed->reach_value, n * sizeof(double));
  kept.visits_per_outflow = keep(w->arena, removed->visits_per_outflow, n * sizeof(double));
  kept.is_removed = keep(w->arena, removed->is_removed, n);
  if (kept.reach_conversions != NULL && kept.reach_value != NULL &&
      kept.visits_per_outflow != NULL && kept.is_removed != NULL)
    w->kept[channel] = kept;
}

static enum hs_status remove_channel(struct markov_work *w, size_t channel, struct hs_removed *out,
                                     struct hs_err *err)
{
  if (w->kept != NULL && w->kept[channel].is_removed != NULL) {
    *out = w->kept[channel];
    return HS_OK;
  }
  enum hs_status status = hs_solver_remove(w->solver, channel, out, err);
  if (status == HS_OK && w->kept != NULL)
    keep_removed(w, channel, out);
  return status;
}

/* A single block is still in the tables in the second round. */
static void open_kept(struct markov_work *w)
{
  size_t channels = w->chain->channel_count;
  size_t bytes = sizeof *w->kept + w->chain->state_count * (3 * sizeof(double) + 1);
  if (channels > BLOCK_CHANNELS && bytes <= KEPT_BYTES_MAX / channels)
    w->kept = hs_arena_alloc(w->arena, channels, sizeof *w->kept);
}

static enum hs_status fill_block(struct markov_work *w, size_t first, size_t count, double lost[2],
                                 struct hs_err *err)
{
  for (size_t i = 0; i < count; i++) {
    struct hs_removed removed;
    enum hs_status status = remove_channel(w, first + i, &removed, err);
    if (status != HS_OK)
      return status;
    for (size_t k = 0; k < 2; k++)
      fill_column(w, &removed, k, 2 * i + k);
    lost[0] += removed.lost_conversions;
    lost[1] += removed.lost_value;
  }
  return HS_OK;
}

static void add_to_sums(double *table, size_t rows, size_t width, size_t count)
{
  for (size_t r = 0; r < rows; r++)
    for (size_t column = 0; column < 2 * count; column++)
      table[r * width + width - 2 + column % 2] += table[r * width + column];
}

static size_t block_count(size_t first, size_t channels)
{
  return channels - first < BLOCK_CHANNELS ? channels - first : BLOCK_CHANNELS;
}

/* Shares are parts of a sum, so every channel's influence needs that of all: a first round over the
   blocks fills the two sum columns. */
static enum hs_status fill_sums(struct markov_work *w, struct hs_err *err)
{
  size_t channels = w->chain->channel_count;
  for (size_t first = 0; first < channels; first += BLOCK_CHANNELS) {
    size_t count = block_count(first, channels);
    enum hs_status status = fill_block(w, first, count, w->lost_sum, err);
    if (status != HS_OK)
      return status;
    add_to_sums(w->flow, w->chain->flow_count, w->width, count);
    add_to_sums(w->exit_all, w->chain->state_count, w->width, count);
    add_to_sums(w->exit_gain, w->chain->state_count, w->width, count);
  }
  return HS_OK;
}

static void add_row(double *restrict sums, const double *restrict row, double factor, size_t width)
{
  for (size_t v = 0; v < width; v += VECTOR)
    for (size_t i = 0; i < VECTOR; i++)
      sums[v + i] += factor * row[v + i];
}

/* Adds the influences of a path's journeys together. */
static void add_path(const struct markov_work *w, size_t path, double sums[WIDTH_MAX])
{
  const struct hs_paths *paths = &w->plan->sample->paths;
  const struct hs_chain *chain = w->chain;
  double conversions = paths->conversions[path];
  double journeys = conversions + paths->nulls[path];
  double flows[WIDTH_MAX] = {0};
  size_t until = chain->first_flow[path + 1];
  for (size_t i = chain->first_flow[path]; i < until; i++)
    add_row(flows, w->flow + chain->path_flow[i] * w->width, 1.0, w->width);
  size_t last = chain->flow_to[chain->path_flow[until - 1]];
  add_row(flows, w->exit_all + last * w->width, 1.0, w->width);
  add_row(sums, flows, journeys, w->width);
  if (!(conversions > 0))
    return;
  const double *gain = w->exit_gain + last * w->width;
  for (size_t column = 0; column < w->width; column += 2) {
    sums[column] += conversions * gain[column];
    sums[column + 1] += paths->value[path] * gain[column + 1];
  }
}

static void pass_over_units(const struct markov_work *w, size_t first, size_t count,
                            const struct hs_model_credits *result, struct hs_influence *influences)
{
  const struct hs_sample *sample = w->plan->sample;
  double share[2 * BLOCK_CHANNELS] = {0};
  for (size_t i = 0; i < count; i++) {
    share[2 * i] = result->channels[first + i].share_conversions;
    share[2 * i + 1] = result->channels[first + i].share_value;
  }
  for (size_t unit = 0; unit < sample->unit_count; unit++) {
    double sums[WIDTH_MAX] = {0};
    for (size_t p = sample->unit_first_path[unit]; p < sample->unit_first_path[unit + 1]; p++)
      add_path(w, p, sums);
    double per_shape = 1.0 / sample->unit_shape[unit];
    for (size_t column = 0; column < 2 * count; column++) {
      double all = w->lost_sum[column % 2];
      double psi =
          all > 0 ? (sums[column] - share[column] * sums[w->width - 2 + column % 2]) / all : 0;
      double square = psi * psi * per_shape;
      struct hs_influence *influence = &influences[2 * first + column];
      influence->square += square;
      influence->fourth += square * square * per_shape;
    }
  }
}

enum hs_status hs_jackknife_markov(struct hs_arena *arena, const struct hs_credit_plan *plan,
                                   size_t model, const struct hs_traffic *traffic,
                                   const struct hs_model_credits *result,
                                   struct hs_influence *influences, struct hs_err *err)
{
  struct markov_work w = {.arena = arena,
                          .plan = plan,
                          .model = &plan->models[model],
                          .chain = &plan->chains[plan->chain_of_model[model]],
                          .traffic = traffic};
  size_t channels = w.chain->channel_count;
  w.width = (2 * block_count(0, channels) + 2 + VECTOR - 1) / VECTOR * VECTOR;
  if (!reserve(arena, &w))
    return hs_arena_full(arena, "intervals", err);
  enum hs_status status =
      hs_solver_open(arena, w.chain, traffic, w.model->removal, 1, &w.solver, err);
  if (status != HS_OK)
    return status;
  w.starts = hs_solver_start_count(w.solver);
  open_kept(&w);
  memset(influences, 0, 2 * channels * sizeof *influences);
  status = fill_sums(&w, err);
  for (size_t first = 0; first < channels && status == HS_OK; first += BLOCK_CHANNELS) {
    double lost[2] = {0};
    size_t count = block_count(first, channels);
    /* A single block is still there from the first round. */
    if (channels > BLOCK_CHANNELS)
      status = fill_block(&w, first, count, lost, err);
    if (status == HS_OK)
      pass_over_units(&w, first, count, result, influences);
  }
  return status;
}
