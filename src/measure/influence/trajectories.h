/* From draws of what would have happened to the figures of an influence. */
#ifndef HANSA_MEASURE_INFLUENCE_TRAJECTORIES_H
#define HANSA_MEASURE_INFLUENCE_TRAJECTORIES_H

#include "measure/influence/influence.h"

/* draws of the outcome without what began, noise included, for the rows [first, first + rows). */
struct hs_trajectories {
  size_t first, rows;
  size_t draws;
  double *values;         /* [row × draws + draw]; used up by the summary */
  const double *expected; /* rows: the mean of each row without its noise */
};

/* Fills in the figures, series, draws of the effect and the verdict of a result that
   hs_influence_begin made. The average, its interval (quantiles at (1 − level)/2 and its
   complement, type 7) and p (the smaller tail of the window's sum, counting the outcome itself
   among the draws) are those of CausalImpact 1.3. Of the relative effect: the mean of
   Σactual/Σdrawn − 1 over the draws, NaN when the interval of the sum predicted holds 0. The result
   does not depend on threads. */
[[nodiscard]] enum hs_status
hs_trajectories_summarise(struct hs_arena *arena, struct hs_trajectories *trajectories,
                          size_t threads, struct hs_influence_result *result, struct hs_err *err);

#endif
