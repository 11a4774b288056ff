/* What tested partners of a kind let one expect of a partner of that kind who was not tested: the
   normal model of random effects, y_i ~ N(θ_i, s_i²), θ_i ~ N(μ, τ²), with flat priors on μ and on
   τ (Gelman, Bayesian Analysis 1, 2006), integrated over a grid of τ and in closed form over μ.

   What is given is the predictive distribution of a new θ, which is wider than the interval of μ: a
   new partner differs from the mean as the tested ones did. It assumes that the tested partners
   were not chosen for how they looked, and that the new one is of their kind in fact and not in
   name. */
#ifndef HANSA_MEASURE_INFLUENCE_HONESTY_POOL_H
#define HANSA_MEASURE_INFLUENCE_HONESTY_POOL_H

#include "measure/influence/honesty.h"

/* Fewer say next to nothing about τ, on which everything rests. */
#define HS_HONESTY_POOL_MIN ((size_t)5)

struct hs_honesty_pool {
  size_t count;
  int is_refused;                      /* fewer than HS_HONESTY_POOL_MIN; all figures are NaN */
  struct hs_honesty_figure mean;       /* μ */
  struct hs_honesty_figure predictive; /* a new partner */
  double between;                      /* E τ: how much partners of the kind differ */
};

/* The sentence that stands beside every pooled figure; lives for ever. */
extern const char hs_honesty_pool_assumes[];

/* values and deviations (above 0) of count tested partners: ratios I/T, or κ. mass is that of the
   intervals. */
[[nodiscard]] struct hs_honesty_pool hs_honesty_pool(const double *values, const double *deviations,
                                                     size_t count, double mass);

#endif
