#include "measure/removal.h"

#include <string.h>

#include "measure/removal_priv.h"

static int reserve(struct hs_solver *s)
{
  size_t n = s->chain->state_count;
  s->outflow = hs_arena_alloc(s->arena, n, sizeof *s->outflow);
  s->visits = hs_arena_alloc_raw(s->arena, n, sizeof *s->visits);
  s->exit = hs_arena_alloc_raw(s->arena, n, SIDES * sizeof *s->exit);
  s->full_reach = hs_arena_alloc(s->arena, n, SIDES * sizeof *s->full_reach);
  s->is_removed = hs_arena_alloc(s->arena, n, 1);
  for (size_t k = 0; k < SIDES; k++)
    s->reach[k] = hs_arena_alloc(s->arena, n, sizeof *s->reach[k]);
  s->visits_per_outflow = hs_arena_alloc(s->arena, n, sizeof *s->visits_per_outflow);
  return s->outflow != NULL && s->visits != NULL && s->exit != NULL && s->full_reach != NULL &&
         s->is_removed != NULL && s->reach[0] != NULL && s->reach[1] != NULL &&
         s->visits_per_outflow != NULL;
}

/* Every path that enters a state leaves it, so the outflow is the inflow, and the expected visits
   of a walk are outflow over starts: no system needs to be solved for them. */
static void measure_traffic(struct hs_solver *s)
{
  const struct hs_chain *chain = s->chain;
  for (size_t f = 0; f < chain->flow_count; f++) {
    s->outflow[chain->flow_to[f]] += s->traffic->flow[f];
    if (chain->flow_from[f] == HS_CHAIN_START)
      s->start_count += s->traffic->flow[f];
  }
  double exits[SIDES] = {0};
  for (size_t i = 0; i < chain->state_count; i++) {
    const double out[SIDES] = {s->traffic->exit_conversions[i], s->traffic->exit_value[i]};
    s->visits[i] = s->outflow[i] / s->start_count;
    for (size_t k = 0; k < SIDES; k++) {
      exits[k] += out[k];
      s->exit[SIDES * i + k] = s->outflow[i] > 0 ? out[k] / s->outflow[i] : 0;
    }
  }
  for (size_t k = 0; k < SIDES; k++)
    s->ends[k] = exits[k] / s->start_count;
}

static int is_dense(const struct hs_solver *s)
{
  return s->removal == HS_REMOVAL_NULL && s->chain->state_count <= HS_DENSE_STATE_MAX;
}

enum hs_status hs_solver_open(struct hs_arena *arena, const struct hs_chain *chain,
                              const struct hs_traffic *traffic, enum hs_removal removal,
                              int with_reach, struct hs_solver **out, struct hs_err *err)
{
  struct hs_solver *s = hs_arena_alloc(arena, 1, sizeof *s);
  if (s == NULL)
    return hs_arena_full(arena, "solving a Markov chain", err);
  *s = (struct hs_solver){.arena = arena,
                          .chain = chain,
                          .traffic = traffic,
                          .removal = removal,
                          .with_reach = with_reach};
  if (!reserve(s))
    return hs_arena_full(arena, "solving a Markov chain", err);
  measure_traffic(s);
  if (!(s->ends[0] > 0))
    return hs_fail(err, HS_INSUFFICIENT, "no path has a conversion");
  enum hs_status status = HS_OK;
  if (is_dense(s))
    status = hs_dense_open(s, err);
  else if (removal != HS_REMOVAL_SKIP)
    status = hs_sparse_open(s, err);
  if (status == HS_OK)
    *out = s;
  return status;
}

static void clear_reach(struct hs_solver *s)
{
  size_t n = s->chain->state_count;
  for (size_t k = 0; k < SIDES; k++)
    memset(s->reach[k], 0, n * sizeof *s->reach[k]);
  memset(s->visits_per_outflow, 0, n * sizeof *s->visits_per_outflow);
}

/* A pure window is followed by itself, which is no flow, or by one that holds another channel. So a
   walk of pure states is one start and one exit. */
static void skip(struct hs_solver *s, size_t channel, struct hs_removed *out)
{
  const struct hs_chain *chain = s->chain;
  clear_reach(s);
  for (size_t f = 0; f < chain->flow_count; f++) {
    size_t state = chain->flow_to[f];
    if (chain->flow_from[f] != HS_CHAIN_START || !hs_chain_is_pure(chain, state, channel))
      continue;
    double start = s->traffic->flow[f] / s->start_count;
    out->lost_conversions += start * s->exit[SIDES * state];
    out->lost_value += start * s->exit[SIDES * state + 1];
    s->visits_per_outflow[state] = s->outflow[state] > 0 ? start / s->outflow[state] : 0;
    for (size_t k = 0; k < SIDES; k++)
      s->reach[k][state] = s->exit[SIDES * state + k];
  }
}

static void mark_removed(struct hs_solver *s, size_t channel)
{
  const struct hs_chain *chain = s->chain;
  memset(s->is_removed, 0, chain->state_count);
  for (size_t i = chain->first_channel_state[channel]; i < chain->first_channel_state[channel + 1];
       i++)
    s->is_removed[chain->channel_state[i]] = 1;
}

enum hs_status hs_solver_remove(struct hs_solver *s, size_t channel, struct hs_removed *out,
                                struct hs_err *err)
{
  struct hs_removed removed = {
      .reach_conversions = s->reach[0],
      .reach_value = s->reach[1],
      .visits_per_outflow = s->visits_per_outflow,
      .is_removed = s->is_removed,
      .start_count = s->start_count,
  };
  enum hs_status status = HS_OK;
  mark_removed(s, channel);
  if (s->removal == HS_REMOVAL_SKIP)
    skip(s, channel, &removed);
  else if (s->removal == HS_REMOVAL_RENORMALISE)
    status = hs_sparse_renormalise(s, channel, &removed, err);
  else if (is_dense(s))
    status = hs_dense_remove(s, channel, &removed, err);
  else
    status = hs_sparse_remove(s, channel, &removed, err);
  if (status == HS_OK)
    *out = removed;
  return status;
}

double hs_solver_conversions(const struct hs_solver *s) { return s->ends[0]; }

double hs_solver_value(const struct hs_solver *s) { return s->ends[1]; }

double hs_solver_start_count(const struct hs_solver *s) { return s->start_count; }
