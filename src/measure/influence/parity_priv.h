/* What parity.c prepares and parity_chain.c samples. */
#ifndef HANSA_MEASURE_INFLUENCE_PARITY_PRIV_H
#define HANSA_MEASURE_INFLUENCE_PARITY_PRIV_H

#include "stats/kalman.h"
#include "stats/spike_slab.h"

/* The series as the sampler sees them: standardised, the window's outcomes missing. Read by every
   chain, written by none. */
struct parity_data {
  size_t rows;
  size_t variable_count; /* the intercept and the controls; 0 without controls */
  uint32_t season;       /* 0 for none */
  double *y;             /* rows, NaN where missing */
  double *x;             /* rows × variable_count by rows */
  double *xtx;           /* over the rows that have a y */
  size_t observed_count;
  double first_y; /* the start of the level */
  struct hs_spike_slab_prior regression;
  struct hs_variance_prior level, season_step;
};

/* What one chain leaves. */
struct parity_draws {
  size_t count, warm_up;
  uint64_t seed, stream;
  double *values; /* of row t and draw d at t × stride + d */
  size_t stride;
  double *signal_sum;              /* rows: level + season + x'β, summed over the draws */
  double *included_sum, *beta_sum; /* variable_count */
};

/* Memory in which a chain runs, one after another. */
struct parity_room {
  double *kalman;
  void *regression;
  double *signal, *level; /* rows: the present draw of the states */
  double *fitted, *rest;  /* rows: x'β; y less something */
  double *xty;            /* variable_count */
};

/* The model of the states, all but its variances set. */
struct hs_kalman_model hs_parity_model(const struct parity_data *data);

/* Runs one chain. 0, or 1 when the regression had no solution. */
[[nodiscard]] int hs_parity_chain(const struct parity_data *data, const struct parity_room *room,
                                  struct parity_draws *draws);

#endif
