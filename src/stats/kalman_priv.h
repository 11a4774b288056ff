/* What the filter and the smoother share: one step of the transition, forwards and transposed. */
#ifndef HANSA_STATS_KALMAN_PRIV_H
#define HANSA_STATS_KALMAN_PRIV_H

#include "stats/kalman.h"

/* What may be added at a step, in this order in every row of shocks. */
enum { SHOCK_LEVEL, SHOCK_SLOPE, SHOCK_SEASON, SHOCK_AR, SHOCK_COUNT };

/* The state that holds the season of period t; layout.season_states is not 0. The ring turns
   backwards: the new season takes the place of the oldest. */
size_t hs_kalman_season_place(const struct hs_kalman *k, size_t t);
/* Whether another season begins between the periods t and t + 1. */
int hs_kalman_turns(const struct hs_kalman *k, size_t t);

/* z_t'x for a vector x of states. */
double hs_kalman_observe(const struct hs_kalman *k, size_t t, const double *x);
/* x += weight · z_t. */
void hs_kalman_observe_transposed(const struct hs_kalman *k, size_t t, double weight, double *x);
/* x = T_t x, and x = T_t'x. */
void hs_kalman_advance(const struct hs_kalman *k, size_t t, double *x);
void hs_kalman_advance_transposed(const struct hs_kalman *k, size_t t, double *x);

/* Fills start_mean, start_variance and start_diffuse (the diagonal of P∞) from the model. */
void hs_kalman_begin(struct hs_kalman *k);

#endif
