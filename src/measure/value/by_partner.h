/* How the customers of one partner differ from those of all, as far as their number lets one tell:
   empirical Bayes, so that a partner with few customers is drawn to the mean of all and one with
   many stands for itself.

   How often. O repeat purchases were seen where the model of all customers expects E. Given a
   partner's ratio ρ, O has mean ρE and variance φρE, φ the dispersion of single customers; ρ ~
   Gamma(k, k) among partners, 1/k found by moments. Then ρ | O ~ Gamma(k + O/φ, k + E/φ): Clayton
   and Kaldor's estimator (Biometrics 43, 1987) with φ from the customers themselves.
   How much. Mean values of a purchase ~ N(θ, s²), θ ~ N(μ, τ²): stats/shrink.h. */
#ifndef HANSA_MEASURE_VALUE_BY_PARTNER_H
#define HANSA_MEASURE_VALUE_BY_PARTNER_H

#include <stddef.h>

struct hs_partner_seen {
  double customers;          /* acquired; shares of customers count as such */
  double repeats, expected;  /* O and E of theirs */
  double spenders;           /* with a value of a purchase */
  double spend, spend_error; /* its mean over them and the standard error; NaN below two */
};

struct hs_partner_worth {
  double rate_shape, rate_rate;         /* ρ ~ Gamma(shape)/rate */
  double spend_factor, spend_factor_sd; /* of a purchase's value, over that of all */
};

struct hs_partner_pool {
  double dispersion; /* φ */
  double spread; /* √(1/k): the standard deviation of ρ among partners; 0 when they are alike */
  double spend_spread; /* of spend_factor among partners */
};

/* (x − e)² summed over all customers over the sum of e: φ, 1 at the least. */
[[nodiscard]] double hs_partner_dispersion(const double *x, const double *expected, size_t count);

/* spend_all is the mean value of a purchase over all customers, above 0; NaN without values, then
   every spend_factor is 1 for certain. A partner without customers gets what is believed of any
   partner. */
[[nodiscard]] struct hs_partner_pool hs_by_partner(const struct hs_partner_seen *seen, size_t count,
                                                   double dispersion, double spend_all,
                                                   double *room, struct hs_partner_worth *worth);
/* doubles in room */
#define HS_BY_PARTNER_ROOM(count) (4 * (count))

#endif
