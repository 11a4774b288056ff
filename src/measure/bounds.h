/* The uncertainties that no resampling shows: which model one chose, and what was never tracked.
   They are told beside the sampling interval and never merged with it. */
#ifndef HANSA_MEASURE_BOUNDS_H
#define HANSA_MEASURE_BOUNDS_H

#include "measure/credit.h"

struct hs_bounds {
  double low, high;
};

/* If a share u (0 to 1) of all touches was never seen, a channel credited with c out of a total
   could deserve anything in [(1 − u)c, c + u(total − c)]. */
struct hs_bounds hs_bounds_untracked(double credit, double total, double untracked_share);

/* The smallest and the largest credit in conversions of a channel over a stated set of models. */
struct hs_bounds hs_bounds_models(const struct hs_model_credits *results, size_t model_count,
                                  size_t channel);

/* How much of a total rests on identities that were joined: the share of the conversions that would
   have another path without the joins. 0 when there are none. */
double hs_share_on_joins(double conversions_joined, double conversions);

#endif
