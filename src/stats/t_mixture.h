/* A mixture of Student t distributions with the same degrees of freedom: what averaging over models
   with a free scale gives for a figure. */
#ifndef HANSA_STATS_T_MIXTURE_H
#define HANSA_STATS_T_MIXTURE_H

#include <stddef.h>

/* Borrowed arrays of count, 1 or more: weights that sum to 1, centres, scales above 0. */
struct hs_t_mixture {
  size_t count;
  const double *weight, *center, *scale;
  double df; /* above 2 */
};

[[nodiscard]] double hs_t_mixture_mean(const struct hs_t_mixture *mixture);
[[nodiscard]] double hs_t_mixture_sd(const struct hs_t_mixture *mixture);
/* P(X ≤ x). */
[[nodiscard]] double hs_t_mixture_cdf(const struct hs_t_mixture *mixture, double x);
/* 2·min(P(X ≤ x), P(X ≥ x)), at most 1, both tails with their digits: the p value of x. */
[[nodiscard]] double hs_t_mixture_two_sided(const struct hs_t_mixture *mixture, double x);
/* The x with P(X ≤ x) = p, p inside (0, 1): false position on the scale of normal quantiles, kept
   inside a shrinking bracket; to 1e−9 of the mixture's spread. */
[[nodiscard]] double hs_t_mixture_quantile(const struct hs_t_mixture *mixture, double p);

#endif
