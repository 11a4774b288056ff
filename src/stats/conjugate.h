/* Draws from posteriors that have a closed form: the full conditionals of a Gibbs sampler. */
#ifndef HANSA_STATS_CONJUGATE_H
#define HANSA_STATS_CONJUGATE_H

#include "stats/random.h"

/* What is believed of a variance σ² beforehand: 1/σ² is Gamma(df/2, rate df·guess²/2), as df
   observations of standard deviation guess would have it, and σ is at most sd_max. */
struct hs_variance_prior {
  double guess;  /* above 0 */
  double df;     /* above 0 */
  double sd_max; /* above 0; INFINITY for no limit */
};

/* σ² given count more observations around 0 whose squares add up to squares: 1/σ² is Gamma((df +
   count)/2, rate (df·guess² + squares)/2) above 1/sd_max². By rejection where most of the
   distribution is allowed, by inversion where little is. */
[[nodiscard]] double hs_variance_draw(struct hs_random *rng, const struct hs_variance_prior *prior,
                                      double count, double squares);

/* log p(σ) up to a constant under the prior alone: for samplers that move σ by its density. -∞
   outside (0, sd_max]. */
[[nodiscard]] double hs_variance_prior_log_sd(const struct hs_variance_prior *prior, double sd);

#endif
