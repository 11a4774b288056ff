/* Small chains: N = (I − Q)⁻¹ once, then for each channel a system as large as its states. */
#include "measure/removal_priv.h"
#include "stats/linear.h"

static size_t largest_channel(const struct hs_chain *chain)
{
  size_t largest = 0;
  for (size_t c = 0; c < chain->channel_count; c++) {
    size_t count = chain->first_channel_state[c + 1] - chain->first_channel_state[c];
    largest = count > largest ? count : largest;
  }
  return largest;
}

static int reserve(struct hs_solver *s)
{
  size_t n = s->chain->state_count;
  size_t m = largest_channel(s->chain);
  struct hs_dense *d = &s->dense;
  d->inverse = hs_arena_alloc(s->arena, n * n, sizeof *d->inverse);
  d->block = hs_arena_alloc_raw(s->arena, m * m, sizeof *d->block);
  d->right = hs_arena_alloc_raw(s->arena, m, SIDES * sizeof *d->right);
  d->left = hs_arena_alloc_raw(s->arena, m, sizeof *d->left);
  d->pivots = hs_arena_alloc_raw(s->arena, n, sizeof *d->pivots);
  return d->inverse != NULL && d->block != NULL && d->right != NULL && d->left != NULL &&
         d->pivots != NULL;
}

static void fill_matrix(const struct hs_solver *s, double *a)
{
  const struct hs_chain *chain = s->chain;
  size_t n = chain->state_count;
  for (size_t i = 0; i < n; i++)
    a[i * n + i] = 1.0;
  for (size_t f = 0; f < chain->flow_count; f++) {
    size_t from = chain->flow_from[f];
    if (from != HS_CHAIN_START && s->outflow[from] > 0)
      a[from * n + chain->flow_to[f]] -= s->traffic->flow[f] / s->outflow[from];
  }
}

static enum hs_status invert(struct hs_solver *s, struct hs_err *err)
{
  size_t n = s->chain->state_count;
  size_t mark = hs_arena_mark(s->arena);
  double *factors = hs_arena_alloc(s->arena, n * n, sizeof *factors);
  if (factors == NULL)
    return hs_arena_full(s->arena, "inverting a Markov chain", err);
  fill_matrix(s, factors);
  size_t singular = hs_lu_factor(factors, n, s->dense.pivots);
  if (singular == 0)
    hs_lu_invert(factors, n, s->dense.pivots, s->dense.inverse);
  hs_arena_reset(s->arena, mark);
  if (singular != 0)
    return hs_fail(err, HS_NO_CONVERGENCE, "the chain of order %u is singular at state %zu",
                   s->chain->order, singular - 1);
  return HS_OK;
}

enum hs_status hs_dense_open(struct hs_solver *s, struct hs_err *err)
{
  if (!reserve(s))
    return hs_arena_full(s->arena, "solving a Markov chain", err);
  enum hs_status status = invert(s, err);
  if (status != HS_OK)
    return status;
  size_t n = s->chain->state_count;
  for (size_t i = 0; i < n; i++) {
    const double *row = s->dense.inverse + i * n;
    double sum[SIDES] = {0};
    for (size_t j = 0; j < n; j++)
      for (size_t k = 0; k < SIDES; k++)
        sum[k] += row[j] * s->exit[SIDES * j + k];
    for (size_t k = 0; k < SIDES; k++)
      s->full_reach[SIDES * i + k] = sum[k];
  }
  return HS_OK;
}

static void reach_without(struct hs_solver *s, const uint32_t *states, size_t m)
{
  size_t n = s->chain->state_count;
  for (size_t i = 0; i < n; i++) {
    const double *row = s->dense.inverse + i * n;
    for (size_t k = 0; k < SIDES; k++) {
      double sum = s->full_reach[SIDES * i + k];
      for (size_t j = 0; j < m; j++)
        sum -= row[states[j]] * s->dense.right[k * m + j];
      s->reach[k][i] = s->is_removed[i] ? 0 : sum;
    }
  }
}

static void visits_without(struct hs_solver *s, const uint32_t *states, size_t m)
{
  size_t n = s->chain->state_count;
  double *u = s->visits_per_outflow;
  for (size_t j = 0; j < n; j++)
    u[j] = s->visits[j];
  for (size_t i = 0; i < m; i++) {
    const double *row = s->dense.inverse + states[i] * n;
    for (size_t j = 0; j < n; j++)
      u[j] -= s->dense.left[i] * row[j];
  }
  for (size_t j = 0; j < n; j++)
    u[j] = s->is_removed[j] || !(s->outflow[j] > 0) ? 0 : u[j] / s->outflow[j];
}

enum hs_status hs_dense_remove(struct hs_solver *s, size_t channel, struct hs_removed *out,
                               struct hs_err *err)
{
  struct hs_dense *d = &s->dense;
  const uint32_t *states = s->chain->channel_state + s->chain->first_channel_state[channel];
  size_t m = s->chain->first_channel_state[channel + 1] - s->chain->first_channel_state[channel];
  size_t n = s->chain->state_count;
  for (size_t i = 0; i < m; i++) {
    for (size_t j = 0; j < m; j++)
      d->block[i * m + j] = d->inverse[states[i] * n + states[j]];
    for (size_t k = 0; k < SIDES; k++)
      d->right[k * m + i] = s->full_reach[SIDES * states[i] + k];
    d->left[i] = s->visits[states[i]];
  }
  if (hs_lu_factor(d->block, m, d->pivots) != 0)
    return hs_fail(err, HS_NO_CONVERGENCE, "the chain of order %u cannot do without channel %zu",
                   s->chain->order, channel);
  for (size_t k = 0; k < SIDES; k++)
    hs_lu_solve(d->block, m, d->pivots, d->right + k * m);
  if (s->with_reach)
    hs_lu_solve_transposed(d->block, m, d->pivots, d->left);
  for (size_t i = 0; i < m; i++) {
    out->lost_conversions += s->visits[states[i]] * d->right[i];
    out->lost_value += s->visits[states[i]] * d->right[m + i];
  }
  if (s->with_reach) {
    reach_without(s, states, m);
    visits_without(s, states, m);
  }
  return HS_OK;
}
