/* How the customers of one partner differ from those of all, as far as their number lets one tell:
   a partner with few customers is drawn to the mean of all and one with many stands for itself.

   How often. O repeat purchases were seen where the model of all customers expects E. Given a
   partner's ratio ρ, O has mean ρE and variance φρE, φ the dispersion of single customers; ρ ~
   Gamma(1/τ², 1/τ²) among partners. Then ρ | O, τ ~ Gamma(1/τ² + O/φ, 1/τ² + E/φ): Clayton and
   Kaldor's estimator (Biometrics 43, 1987) with φ from the customers themselves.
   How much. Mean values of a purchase over that of all, y ~ N(θ, s²), θ ~ N(μ, τ²), μ ~ N(1, σ²).

   How far partners differ, τ, is known as little as they are few: an estimate of it is often 0, and
   would make everybody certain to be like everybody else. So τ has a half-normal prior of scale σ =
   .3 (Röver and others, Research Synthesis Methods 12, 2021, on few studies) and is integrated out,
   one τ for how often and one for how much; what is left is given by its first two moments. */
#ifndef HANSA_MEASURE_VALUE_BY_PARTNER_H
#define HANSA_MEASURE_VALUE_BY_PARTNER_H

#include <stddef.h>

struct hs_partner_seen {
  double customers;          /* acquired; shares of customers count as such */
  double repeats, expected;  /* O and E of theirs */
  double spenders;           /* with a value of a purchase */
  double spend, spend_error; /* its mean over them and the standard error; NaN without one */
};

struct hs_partner_worth {
  double rate_shape, rate_rate;         /* ρ ~ Gamma(shape)/rate */
  double spend_factor, spend_factor_sd; /* of a purchase's value, over that of all */
};

struct hs_partner_pool {
  double dispersion;           /* φ */
  double spread, spend_spread; /* of ρ and of spend_factor among partners: √E[τ²] */
  struct hs_partner_worth any; /* what is believed of a partner that brought nobody yet */
};

/* (x − e)² summed over all customers over the sum of e: φ, 1 at the least. */
[[nodiscard]] double hs_partner_dispersion(const double *x, const double *expected, size_t count);

/* spend_all is the mean value of a purchase over all customers, above 0; NaN without values, then
   every spend_factor is 1 for certain. The less is known of a partner, the wider is what is
   believed of it, up to `any`. */
[[nodiscard]] struct hs_partner_pool hs_by_partner(const struct hs_partner_seen *seen, size_t count,
                                                   double dispersion, double spend_all,
                                                   struct hs_partner_worth *worth);

#endif
