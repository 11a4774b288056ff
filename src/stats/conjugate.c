#include "stats/conjugate.h"

#include <math.h>

#include "stats/distribution.h"

/* When so many draws in a row are above the limit, less than a tenth or so of the distribution is
   allowed, and a quantile is cheaper. */
#define TRIES 20

/* A Gamma variate of rate 1 above low. */
static double gamma_above(struct hs_random *rng, double shape, double low)
{
  for (int i = 0; i < TRIES; i++) {
    double x = hs_random_gamma(rng, shape);
    if (x >= low)
      return x;
  }
  double below = hs_gamma_cdf(low, shape);
  if (!(below < 1))
    return low;
  double p = below + hs_random_uniform(rng) * (1 - below);
  return p < 1 ? fmax(low, hs_gamma_quantile(p, shape)) : low;
}

double hs_variance_draw(struct hs_random *rng, const struct hs_variance_prior *prior, double count,
                        double squares)
{
  double rate = (prior->df * prior->guess * prior->guess + squares) / 2;
  double low = rate / (prior->sd_max * prior->sd_max);
  return rate / gamma_above(rng, (prior->df + count) / 2, low);
}

double hs_variance_prior_log_sd(const struct hs_variance_prior *prior, double sd)
{
  if (!(sd > 0) || sd > prior->sd_max)
    return -(double)INFINITY;
  double ratio = prior->guess / sd;
  return -(prior->df + 1) * log(sd) - prior->df * ratio * ratio / 2;
}
