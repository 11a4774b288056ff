/* What CausalImpact computes (Brodersen, Gallusser, Koehler, Remy and Scott, "Inferring causal
   impact using Bayesian structural time-series models", The Annals of Applied Statistics 9, 2015),
   with the constants of its R package 1.3 and of bsts below it, for those who want its figures or
   check ours against them. Its interval knows nothing of correlation in time beyond a slow walk of
   the level, which is why it is not the usual mode: docs/reference/influence.md says how often it
   is wrong.

     y_t = level_t + season_t + x_t'β + ε_t, all series standardised on the rows before the start
     level: start N(y_1, 1), steps with sd guess .01 worth 32 observations, at most 1
     season: start N(0, 1), steps with sd guess .01 worth .01 observations, at most 1
     ε: sd guess √.2 worth 50 observations, at most 1.2; without controls sd guess 1 worth .01
     β (an intercept and the controls): spike and slab, 3 variables expected, slab precision
       .01/σ² · (½ X'X/n + ½ diag X'X/n) over all n rows

   The window's outcomes are taken for missing; the counterfactual is drawn together with the
   states. Where we differ, none of it in the posterior: several chains instead of one, each with
   its own warm-up; the level's variance is moved once more per sweep in its other parametrisation
   (Yu and Meng, "To center or not to center", J. Computational and Graphical Statistics 20, 2011),
   so that fewer draws say the same. And a model's weight is the closed form (stats/spike_slab.h).
 */
#ifndef HANSA_MEASURE_INFLUENCE_PARITY_H
#define HANSA_MEASURE_INFLUENCE_PARITY_H

#include "measure/influence/influence.h"

#define HS_PARITY_DRAWS_MAX 1000000U

/* Draws input->draws times after the warm-up of each chain, on input->threads threads; the result
   is the same to the bit for any number of them. Reads the streams from HS_PARITY_STREAM on, one a
   chain, at most HS_PARITY_CHAINS_MAX. Failures: those of hs_influence_check; HS_INVALID for more
   draws than HS_PARITY_DRAWS_MAX; HS_NOMEM (some 8 bytes for each row and draw);
   HS_NO_CONVERGENCE when rounding leaves the regression without a solution. The grade is always D:
   nothing here tests whether the interval holds on this series. */
#define HS_PARITY_STREAM ((uint64_t)1 << 56)
#define HS_PARITY_CHAINS_MAX 16U
[[nodiscard]] enum hs_status hs_influence_parity(struct hs_arena *arena,
                                                 const struct hs_influence_input *input,
                                                 struct hs_influence_result *out,
                                                 struct hs_err *err);

#endif
