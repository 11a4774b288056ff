/* Intervals without resampling: the infinitesimal jackknife (Efron 1982, "The Jackknife, the
   Bootstrap and Other Resampling Plans", chapter 6). The variance of a share is the sum over units
   of its squared derivative by the unit's weight. It is what the Bayesian bootstrap's variance
   tends to as replicates grow, for the price of one pass over the paths.

   Influence of one journey a₁ … a_L on the probability g of an order while the states S are
   avoided: (h(a₁) − g)/F₀ + Σ u(a_l)/O(a_l) · (h(a_{l+1}) − h(a_l)), with h the probability of an
   order from a state, u the visits, both while avoiding S; h(order) = 1 or its value, h(null) =
   h(S) = 0; F₀ the number of journeys, O the outflow. Where the removal closes flows, closed ones
   contribute nothing and F₀ and O leave them out. */
#ifndef HANSA_MEASURE_JACKKNIFE_H
#define HANSA_MEASURE_JACKKNIFE_H

#include "measure/credit.h"

/* Sums over units of ψ² and ψ⁴, ψ the influence on a share. */
struct hs_influence {
  double square;
  double fourth;
};

/* Fills influences, [(model × channel_count + channel) × 2 + side], side 0 conversions, 1 value,
   for results as hs_credit_estimate gave them for this plan. Time is one pass over the paths for
   each 16 channels and Markov model, and one over converting paths for the rules; scratch memory
   from the arena is given back. Failures are those of hs_credit_batch_shares. */
[[nodiscard]] enum hs_status hs_jackknife(struct hs_arena *arena, const struct hs_credit_plan *plan,
                                          const struct hs_model_credits *results,
                                          struct hs_influence *influences, struct hs_err *err);

/* The interval of a share at a level (inside (0, 1), such as 0.9): Student's t on the log-odds of
   the share. Log-odds because small shares are skewed and an interval below 0 says nothing; t
   because a channel that rests on few journeys has a variance that rests on few journeys too. Its
   degrees of freedom are Satterthwaite's (Biometrics Bulletin 2, 1946), 2·(Σψ²)²/Σψ⁴, at least 1:
   twice the number of units that bear the variance, as for the χ² of a count. A
   share outside (0, 1), possible only where removal renormalises, gets its interval on the plain
   scale; a share of exactly 0 the one-sided bound of Clopper and Pearson for nothing seen in
   `count` orders. */
void hs_share_interval(double share, struct hs_influence influence, double level, double count,
                       double *low, double *high);

/* Both together: writes low and high of every credit of the results, each interval of a share times
   the observed total. */
[[nodiscard]] enum hs_status hs_jackknife_intervals(struct hs_arena *arena,
                                                    const struct hs_credit_plan *plan, double level,
                                                    struct hs_model_credits *results,
                                                    struct hs_err *err);

#endif
