/* Inside of the removal solver: what its three ways share. */
#ifndef HANSA_MEASURE_REMOVAL_PRIV_H
#define HANSA_MEASURE_REMOVAL_PRIV_H

#include "measure/removal.h"

/* Two right-hand sides are solved side by side: conversions and value. */
#define SIDES ((size_t)2)

struct hs_dense {
  double *inverse; /* N, by rows */
  double *block;   /* N_SS of one channel, by rows */
  double *right;   /* its right-hand sides */
  double *left;
  size_t *pivots;
};

struct hs_sparse {
  const uint32_t *to; /* by state, as chain.first_out tells: where the flow leads */
  double *share;      /* … and which share of the outflow it has */
  double *change;     /* null: what removing takes from reach, SIDES per state */
  double *sides;      /* right-hand sides of renormalise */
  double *scale;
  double *open_outflow;
  unsigned char *is_fixed;
  uint32_t *queue;
};

struct hs_solver {
  struct hs_arena *arena;
  const struct hs_chain *chain;
  const struct hs_traffic *traffic;
  enum hs_removal removal;
  int with_reach;
  double start_count; /* F₀ */
  double *outflow;    /* O, per state */
  double *visits;     /* O/F₀ = s'N */
  double *exit;       /* b, SIDES per state */
  double ends[SIDES]; /* P, V */
  double *full_reach; /* Nb, SIDES per state */
  unsigned char *is_removed;
  double *reach[SIDES], *visits_per_outflow; /* what hs_removed shows */
  struct hs_dense dense;
  struct hs_sparse sparse;
};

[[nodiscard]] enum hs_status hs_dense_open(struct hs_solver *s, struct hs_err *err);
[[nodiscard]] enum hs_status hs_dense_remove(struct hs_solver *s, size_t channel,
                                             struct hs_removed *out, struct hs_err *err);
[[nodiscard]] enum hs_status hs_sparse_open(struct hs_solver *s, struct hs_err *err);
[[nodiscard]] enum hs_status hs_sparse_remove(struct hs_solver *s, size_t channel,
                                              struct hs_removed *out, struct hs_err *err);
[[nodiscard]] enum hs_status hs_sparse_renormalise(struct hs_solver *s, size_t channel,
                                                   struct hs_removed *out, struct hs_err *err);

#endif
