/* Regression that chooses its variables: each coefficient is 0 (the spike) or normal (the slab),
   and a Gibbs sampler goes through which, their values and the noise variance. George and
   McCulloch, "Approaches for Bayesian variable selection" (Statistica Sinica 7, 1997), with the
   conjugate slab of Scott and Varian, "Predicting the present with Bayesian structural time series"
   (Int. J. Mathematical Modelling and Numerical Optimisation 5, 2014), section 3.2:

     y = Xβ + ε, ε ~ N(0, σ²)          γ_j = 1 where β_j is not 0, Bernoulli(π_j) each
     β_γ | σ², γ ~ N(0, σ² Ω_γ⁻¹)      1/σ² ~ Gamma(df/2, df·guess²/2)

   β and σ² are integrated out when variables are flipped in and out. The indicators are proposed
   one after another and accepted by Metropolis. BOOM, which bsts rests on, gives a model the weight
   SS^−(DF/2 − 1) there; what follows from the model above, and stands here, is SS^−(DF/2).

   Glossary: k variables; γ `included`; β `beta`; Ω `precision`; π `inclusion`; DF = df + n; SS =
   df·guess² + y'y − y'X_γ(Ω_γ + X_γ'X_γ)⁻¹X_γ'y. */
#ifndef HANSA_STATS_SPIKE_SLAB_H
#define HANSA_STATS_SPIKE_SLAB_H

#include <stddef.h>

#include "stats/conjugate.h"

struct hs_spike_slab_prior {
  const double *inclusion; /* k, each in [0, 1]; at 0 or 1 a variable is never flipped */
  const double *precision; /* Ω, k × k, symmetric positive definite */
  struct hs_variance_prior noise;
};

/* What the sampler reads of the data: sums over n observations. */
struct hs_regression_sums {
  size_t count;      /* n */
  const double *xtx; /* X'X, k × k */
  const double *xty; /* X'y, k */
  double yty;
};

/* Belongs to one thread. */
struct hs_spike_slab {
  size_t variable_count; /* k */
  struct hs_spike_slab_prior prior;
  /* The present draw. */
  unsigned char *included;
  double *beta; /* k, 0 where not included */
  double variance;
  /* workspace */
  size_t *chosen;    /* the included ones, rising */
  double *posterior; /* Cholesky factor of Ω_γ + X_γ'X_γ */
  double *slab;      /* of Ω_γ */
  double *solution;
};

/* Bytes of memory that k variables need, aligned as for a double. */
[[nodiscard]] size_t hs_spike_slab_room(size_t variable_count);
/* At the start every variable that may be in is in, coefficients 0, the variance that of the
   prior's guess. The prior's arrays and the memory are borrowed for as long as it is used. */
void hs_spike_slab_init(struct hs_spike_slab *sampler, size_t variable_count,
                        const struct hs_spike_slab_prior *prior, void *room);

/* One sweep: each indicator once, then σ², then β. O(k · g³) for g variables in the model. 0, or 1
   when rounding left the sums without a positive definite matrix: the draw is then the last one. */
[[nodiscard]] int hs_spike_slab_draw(struct hs_spike_slab *sampler,
                                     const struct hs_regression_sums *sums, struct hs_random *rng);

/* log p(γ | y) of the model in sampler->included, up to what all models share: for tests and for
   enumerating. -INFINITY when it has no prior mass or the matrix fails. */
[[nodiscard]] double hs_spike_slab_log_model(struct hs_spike_slab *sampler,
                                             const struct hs_regression_sums *sums);

#endif
