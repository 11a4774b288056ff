/* Large chains, and chains that change with the channel: Gauss-Seidel with a bound on the error.
   The matrix I − Q is an M-matrix (its inverse has no negative entry), which is what makes both the
   sweeps converge and the bounds hold. */
#include "measure/removal_priv.h"

#include <math.h>
#include <string.h>

/* Sweeps between two looks at the residual, which costs as much as a sweep. */
#define SWEEPS_PER_LOOK 4
/* Long paths need many sweeps: about their mean length times 28 for 1e-12. */
#define SWEEP_COUNT_MAX 40000
/* Visits only serve intervals. */
#define VISITS_ERROR_MAX 1e-10

/* x_i = side_i + scale_i Σ share_ij x_j over the states that are not fixed; a NULL side is 0, a
   NULL scale 1. */
struct system {
  const struct hs_chain *chain;
  const uint32_t *to;
  const double *share;
  const unsigned char *is_fixed;
  const double *sides;
  const double *scale;
};

static int reserve(struct hs_solver *s)
{
  size_t n = s->chain->state_count;
  struct hs_sparse *p = &s->sparse;
  size_t inner_count = s->chain->first_out[n];
  uint32_t *to = hs_arena_alloc_raw(s->arena, inner_count, sizeof *to);
  p->to = to;
  p->share = hs_arena_alloc_raw(s->arena, inner_count, sizeof *p->share);
  p->change = hs_arena_alloc(s->arena, n, SIDES * sizeof *p->change);
  p->is_fixed = hs_arena_alloc(s->arena, n, 1);
  p->sides = hs_arena_alloc(s->arena, n, SIDES * sizeof *p->sides);
  p->scale = hs_arena_alloc(s->arena, n, sizeof *p->scale);
  p->open_outflow = hs_arena_alloc(s->arena, n, sizeof *p->open_outflow);
  p->queue = hs_arena_alloc_raw(s->arena, n, sizeof *p->queue);
  if (to == NULL || p->share == NULL || p->change == NULL || p->is_fixed == NULL ||
      p->sides == NULL || p->scale == NULL || p->open_outflow == NULL || p->queue == NULL)
    return 0;
  for (size_t i = 0; i < n; i++)
    for (size_t e = s->chain->first_out[i]; e < s->chain->first_out[i + 1]; e++) {
      uint32_t flow = s->chain->out[e];
      to[e] = s->chain->flow_to[flow];
      p->share[e] = s->outflow[i] > 0 ? s->traffic->flow[flow] / s->outflow[i] : 0;
    }
  return 1;
}

static void apply(const struct system *sys, const double *x, size_t i, double out[SIDES])
{
  double sum[SIDES] = {0};
  for (size_t e = sys->chain->first_out[i]; e < sys->chain->first_out[i + 1]; e++)
    for (size_t k = 0; k < SIDES; k++)
      sum[k] += sys->share[e] * x[SIDES * sys->to[e] + k];
  double scale = sys->scale == NULL ? 1.0 : sys->scale[i];
  for (size_t k = 0; k < SIDES; k++)
    out[k] = (sys->sides == NULL ? 0 : sys->sides[SIDES * i + k]) + scale * sum[k];
}

/* There and back: what is known at the ends of paths runs against their direction, and which of the
   two passes goes with it depends on how the states are numbered. */
static void sweep(const struct system *sys, double *x)
{
  size_t n = sys->chain->state_count;
  for (size_t i = n; i-- > 0;)
    if (!sys->is_fixed[i])
      apply(sys, x, i, x + SIDES * i);
  for (size_t i = 0; i < n; i++)
    if (!sys->is_fixed[i])
      apply(sys, x, i, x + SIDES * i);
}

/* weights NULL: the largest |residual| of each side; else the weighted sum. */
static void residuals(const struct system *sys, const double *x, const double *weights,
                      double out[SIDES])
{
  out[0] = out[1] = 0;
  for (size_t i = 0; i < sys->chain->state_count; i++) {
    double image[SIDES];
    if (sys->is_fixed[i])
      continue;
    apply(sys, x, i, image);
    for (size_t k = 0; k < SIDES; k++) {
      double r = fabs(image[k] - x[SIDES * i + k]);
      out[k] = weights == NULL ? fmax(out[k], r) : out[k] + weights[i] * r;
    }
  }
}

static enum hs_status solve(const struct system *sys, double *x, const double *weights,
                            const double allowed[SIDES], struct hs_err *err)
{
  double bound[SIDES] = {0};
  for (size_t n = 0; n < SWEEP_COUNT_MAX; n += SWEEPS_PER_LOOK) {
    for (size_t i = 0; i < SWEEPS_PER_LOOK; i++)
      sweep(sys, x);
    residuals(sys, x, weights, bound);
    if (bound[0] <= allowed[0] && bound[1] <= allowed[1])
      return HS_OK;
  }
  return hs_fail(
      err, HS_NO_CONVERGENCE,
      "the chain of order %u (%zu states) is not solved after %d sweeps: errors up to %g "
      "and %g remain, %g and %g are allowed",
      sys->chain->order, sys->chain->state_count, SWEEP_COUNT_MAX, bound[0], bound[1], allowed[0],
      allowed[1]);
}

static struct system system_of(const struct hs_solver *s, const double *sides)
{
  return (struct system){.chain = s->chain,
                         .to = s->sparse.to,
                         .share = s->sparse.share,
                         .is_fixed = s->is_removed,
                         .sides = sides};
}

static void allow(const struct hs_solver *s, double factor, double allowed[SIDES])
{
  for (size_t k = 0; k < SIDES; k++)
    allowed[k] = HS_REMOVAL_ERROR_MAX / 2 * s->ends[k] * factor;
}

enum hs_status hs_sparse_open(struct hs_solver *s, struct hs_err *err)
{
  if (!reserve(s))
    return hs_arena_full(s->arena, "solving a Markov chain", err);
  if (s->removal != HS_REMOVAL_NULL)
    return HS_OK;
  struct system sys = system_of(s, s->exit);
  double allowed[SIDES];
  allow(s, 1.0, allowed);
  return solve(&sys, s->full_reach, s->visits, allowed, err);
}

/* Visits while S is avoided: u' = s' + u'Q on the other states, by the same sweeps on the
 * transpose. */
static enum hs_status solve_visits(struct hs_solver *s, const unsigned char *is_fixed,
                                   const double *outflow, double start_count, struct hs_err *err)
{
  const struct hs_chain *chain = s->chain;
  size_t n = chain->state_count;
  double *start = s->sparse.sides; /* free again by now */
  double *u = s->visits_per_outflow;
  memset(start, 0, n * sizeof *start);
  for (size_t f = 0; f < chain->flow_count; f++)
    if (chain->flow_from[f] == HS_CHAIN_START)
      start[chain->flow_to[f]] += s->traffic->flow[f] / start_count;
  memset(u, 0, n * sizeof *u);
  for (size_t sweeps = 0; sweeps < 2 * SWEEP_COUNT_MAX; sweeps++) {
    double change = 0;
    double total = 0;
    for (size_t step = 0; step < n; step++) {
      size_t j = sweeps % 2 == 0 ? step : n - 1 - step;
      if (is_fixed[j])
        continue;
      double sum = start[j];
      for (size_t e = chain->first_in[j]; e < chain->first_in[j + 1]; e++) {
        size_t from = chain->flow_from[chain->in[e]];
        if (!is_fixed[from] && outflow[from] > 0)
          sum += u[from] * s->traffic->flow[chain->in[e]] / outflow[from];
      }
      change += fabs(sum - u[j]);
      total += sum;
      u[j] = sum;
    }
    if (change <= VISITS_ERROR_MAX * total) {
      for (size_t j = 0; j < n; j++)
        u[j] = is_fixed[j] || !(outflow[j] > 0) ? 0 : u[j] / outflow[j];
      return HS_OK;
    }
  }
  return hs_fail(err, HS_NO_CONVERGENCE, "the visits in the chain of order %u are not solved",
                 chain->order);
}

/* What removal takes from each state's reach, e = Nb − h, is itself a solution: e = Qe outside of S
   and e = Nb on it. Small channels are then solved to the same relative accuracy as large ones. */
enum hs_status hs_sparse_remove(struct hs_solver *s, size_t channel, struct hs_removed *out,
                                struct hs_err *err)
{
  const struct hs_chain *chain = s->chain;
  size_t n = chain->state_count;
  double *e = s->sparse.change;
  memset(e, 0, n * SIDES * sizeof *e);
  for (size_t i = chain->first_channel_state[channel]; i < chain->first_channel_state[channel + 1];
       i++)
    memcpy(e + SIDES * chain->channel_state[i], s->full_reach + SIDES * chain->channel_state[i],
           SIDES * sizeof *e);
  struct system sys = system_of(s, NULL);
  double allowed[SIDES];
  allow(s, 1.0, allowed);
  enum hs_status status = solve(&sys, e, s->visits, allowed, err);
  if (status != HS_OK)
    return status;
  for (size_t f = 0; f < chain->flow_count; f++)
    if (chain->flow_from[f] == HS_CHAIN_START) {
      double start = s->traffic->flow[f] / s->start_count;
      out->lost_conversions += start * e[SIDES * chain->flow_to[f]];
      out->lost_value += start * e[SIDES * chain->flow_to[f] + 1];
    }
  if (!s->with_reach)
    return HS_OK;
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < SIDES; k++)
      s->reach[k][i] = s->is_removed[i] ? 0 : s->full_reach[SIDES * i + k] - e[SIDES * i + k];
  return solve_visits(s, s->is_removed, s->outflow, s->start_count, err);
}

static void close_flows(struct hs_solver *s, struct hs_removed *out)
{
  const struct hs_chain *chain = s->chain;
  memcpy(s->sparse.open_outflow, s->outflow, chain->state_count * sizeof *s->outflow);
  for (size_t f = 0; f < chain->flow_count; f++) {
    if (!s->is_removed[chain->flow_to[f]])
      continue;
    if (chain->flow_from[f] == HS_CHAIN_START)
      out->start_count -= s->traffic->flow[f];
    else
      s->sparse.open_outflow[chain->flow_from[f]] -= s->traffic->flow[f];
  }
}

/* What is left of an outflow after all of it was closed is rounding, not a way out. */
static int is_open(double open, double all) { return open > 1e-12 * all; }

/* Fixes, beside S, the states from which no open way leads out of the chain. */
static void fix_dead_states(struct hs_solver *s)
{
  const struct hs_chain *chain = s->chain;
  struct hs_sparse *p = &s->sparse;
  size_t tail = 0;
  for (size_t i = 0; i < chain->state_count; i++) {
    double inner = 0;
    for (size_t e = chain->first_out[i]; e < chain->first_out[i + 1]; e++)
      inner += s->traffic->flow[chain->out[e]];
    p->is_fixed[i] = 1;
    if (!s->is_removed[i] && is_open(s->outflow[i] - inner, s->outflow[i])) {
      p->is_fixed[i] = 0;
      p->queue[tail++] = (uint32_t)i;
    }
  }
  for (size_t head = 0; head < tail; head++) {
    size_t j = p->queue[head];
    for (size_t e = chain->first_in[j]; e < chain->first_in[j + 1]; e++) {
      size_t from = chain->flow_from[chain->in[e]];
      if (!p->is_fixed[from] || s->is_removed[from])
        continue;
      p->is_fixed[from] = 0;
      p->queue[tail++] = (uint32_t)from;
    }
  }
}

/* An upper bound of max (I − Q')⁻¹1, from x with (I − Q')x ≥ (1 − ε)1. x is scratch. */
static enum hs_status bound_inverse(struct system sys, double *x, double *bound, struct hs_err *err)
{
  static const double allowed[SIDES] = {0.5, 0.5};
  size_t n = sys.chain->state_count;
  memset(x, 0, n * SIDES * sizeof *x);
  enum hs_status status = solve(&sys, x, NULL, allowed, err);
  double largest = 0;
  for (size_t i = 0; i < SIDES * n; i++)
    largest = fmax(largest, x[i]);
  *bound = 2 * largest;
  return status;
}

static enum hs_status solve_renormalised(struct hs_solver *s, struct hs_err *err)
{
  struct hs_sparse *p = &s->sparse;
  size_t n = s->chain->state_count;
  struct system sys = system_of(s, p->sides);
  sys.is_fixed = p->is_fixed;
  sys.scale = p->scale;
  for (size_t i = 0; i < n; i++) {
    p->scale[i] = p->is_fixed[i] ? 0 : s->outflow[i] / p->open_outflow[i];
    p->sides[SIDES * i] = p->sides[SIDES * i + 1] = 1.0;
  }
  double norm = 0;
  enum hs_status status = bound_inverse(sys, p->change, &norm, err);
  if (status != HS_OK)
    return status;
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < SIDES; k++)
      p->sides[SIDES * i + k] = p->scale[i] * s->exit[SIDES * i + k];
  double allowed[SIDES];
  allow(s, norm > 0 ? 1.0 / norm : 1.0, allowed);
  memset(p->change, 0, n * SIDES * sizeof *p->change);
  return solve(&sys, p->change, NULL, allowed, err);
}

enum hs_status hs_sparse_renormalise(struct hs_solver *s, [[maybe_unused]] size_t channel,
                                     struct hs_removed *out, struct hs_err *err)
{
  const struct hs_chain *chain = s->chain;
  close_flows(s, out);
  fix_dead_states(s);
  enum hs_status status = solve_renormalised(s, err);
  if (status != HS_OK)
    return status;
  const double *h = s->sparse.change;
  double left[SIDES] = {0};
  int has_start = is_open(out->start_count, s->start_count);
  for (size_t f = 0; f < chain->flow_count; f++)
    if (has_start && chain->flow_from[f] == HS_CHAIN_START && !s->is_removed[chain->flow_to[f]])
      for (size_t k = 0; k < SIDES; k++)
        left[k] += s->traffic->flow[f] / out->start_count * h[SIDES * chain->flow_to[f] + k];
  out->lost_conversions = s->ends[0] - left[0];
  out->lost_value = s->ends[1] - left[1];
  if (!s->with_reach)
    return HS_OK;
  for (size_t i = 0; i < chain->state_count; i++)
    for (size_t k = 0; k < SIDES; k++)
      s->reach[k][i] = h[SIDES * i + k];
  if (!has_start) {
    memset(s->visits_per_outflow, 0, chain->state_count * sizeof *s->visits_per_outflow);
    return HS_OK;
  }
  return solve_visits(s, s->sparse.is_fixed, s->sparse.open_outflow, out->start_count, err);
}
