/* Estimates of like things, drawn towards their common mean by how little each one tells: an
   estimate that stands out may be large or may be lucky, and the best of many is mostly lucky.

     y_i ~ N(θ_i, s_i²),  θ_i ~ N(μ, τ²)
     y, s     estimates and their standard errors      θ    what they estimate
     μ, τ²    mean and variance of the θ               B_i = s_i²/(s_i² + τ²), the part that is
   drawn in

   τ² is that of Paule and Mandel (J. Research NBS 87, 1982): it makes Σ (y_i − μ)²/(s_i² + τ²) what
   it is expected to be, count − 1. The posterior of θ_i is Normal(μ + (1 − B_i)(y_i − μ), …) with
   Morris' variance (JASA 78, 1983): s_i²(1 − B_i), plus what not knowing μ adds, plus what not
   knowing τ² adds. */
#ifndef HANSA_STATS_SHRINK_H
#define HANSA_STATS_SHRINK_H

#include <stddef.h>

struct hs_shrink {
  double mean, mean_sd; /* μ and its standard error */
  double spread;        /* τ; 0 when the estimates differ no more than their errors */
  double predictive_sd; /* of θ for one more of the kind: √(τ² + mean_sd²) */
};

/* y and s have count entries, 2 or more, finite, s above 0. value and sd get the posterior mean and
   standard deviation of each θ_i; they may be y and s themselves. Bisection: deterministic. */
[[nodiscard]] struct hs_shrink hs_shrink(const double *y, const double *s, size_t count,
                                         double *value, double *sd);

#endif
