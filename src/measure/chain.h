/* The Markov chain of a sample: a state is a window of the last `order` channels, a flow leads from
   one state to the next or from the start into the first. The structure is a function of the paths;
   how much runs through each flow is one vector per weighting of the paths.

   A path shorter than the order is one shorter window. A step that leaves the window as it is (the
   same channel throughout) is no flow. Where a path ends, its conversions and its nulls leave the
   chain. */
#ifndef HANSA_MEASURE_CHAIN_H
#define HANSA_MEASURE_CHAIN_H

#include "measure/credit.h"

#define HS_CHAIN_START UINT32_MAX

struct hs_chain {
  uint32_t order;
  size_t channel_count;
  size_t state_count;
  const uint64_t
      *state_window; /* channel + 1 in 16 bits each, the newest lowest, 0 where shorter */
  size_t flow_count;
  const uint32_t *flow_from; /* a state or HS_CHAIN_START */
  const uint32_t *flow_to;
  /* Path p runs through path_flow[first_flow[p] .. first_flow[p + 1]): first the one from the
     start; it leaves the chain from the state to which the last leads. */
  const uint32_t *first_flow;
  const uint32_t *path_flow;
  /* The flows between states by the state they leave, and by the state they reach. */
  const uint32_t *first_out, *out;
  const uint32_t *first_in, *in;
  /* The states whose window holds channel c: channel_state[first_channel_state[c] …). */
  const uint32_t *first_channel_state, *channel_state;
};

/* How much runs through a chain under one weighting. */
struct hs_traffic {
  const double *flow; /* per flow: conversions and nulls of its paths, repeats counted */
  const double *exit_conversions; /* per state: conversions of the paths that end there */
  const double *exit_value;
};

/* Both arrays and chain live in the arena. order is 1 to HS_MARKOV_ORDER_MAX. States and flows are
   numbered in the order in which the sample's paths show them. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_chain_make(struct hs_arena *arena, const struct hs_paths *paths,
                                           uint32_t order, struct hs_chain *out,
                                           struct hs_err *err);

/* Whether every channel of the state's window is this one. */
[[nodiscard]] int hs_chain_is_pure(const struct hs_chain *chain, size_t state, size_t channel);

#endif
