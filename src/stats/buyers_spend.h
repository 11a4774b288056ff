/* What a purchase is worth, by customer: the Gamma-Gamma model (Colombo and Jiang 1999; Fader,
   Hardie and Lee, Journal of Marketing Research 42, 2005; Fader and Hardie's note of 2013).

     x   repeat purchases of a customer, 1 or more (those without any say nothing here)
     z̄   their mean value, above 0
     p   shape of single purchases around the customer's mean; q, v: shape and scale among customers

   A customer's purchases scatter around a mean of their own, ν, which does not depend on how often
   they buy: whoever reports it shows the correlation of x and z̄ beside. */
#ifndef HANSA_STATS_BUYERS_SPEND_H
#define HANSA_STATS_BUYERS_SPEND_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define HS_SPEND_PARAMETERS 3

struct hs_spend_parameters {
  double p, q, v;
};

/* Customers of the model: x whole, 1 or more, zbar above 0; weights (0 or more) or NULL for one
   each. Borrowed. */
struct hs_spenders {
  const double *x;
  const double *zbar;
  const double *weights;
  size_t count;
};

/* ln L; gradient may be NULL, else the derivatives with respect to ln p, ln q, ln v. */
[[nodiscard]] double hs_spend_log_likelihood(const struct hs_spenders *spenders,
                                             const struct hs_spend_parameters *parameters,
                                             double *gradient);

struct hs_spend_fit {
  struct hs_spend_parameters parameters;
  double log_likelihood;
  double covariance[HS_SPEND_PARAMETERS * HS_SPEND_PARAMETERS]; /* of ln p, q, v, as in buyers.h */
  /* p, q, v: 1 where the likelihood rises for ever that way (purchases of a customer all alike, or
     all customers alike) and the fence holds it, as in buyers.h */
  int is_fenced[HS_SPEND_PARAMETERS];
  uint32_t iterations;
};

/* start may be NULL. HS_INSUFFICIENT below two customers or where all have spent the same;
   HS_INVALID with the customer's index and figures; HS_NO_CONVERGENCE. */
[[nodiscard]] enum hs_status hs_spend_fit(const struct hs_spenders *spenders,
                                          const struct hs_spend_parameters *start,
                                          struct hs_spend_fit *out, struct hs_err *err);

/* The mean of a purchase over all customers, p·v/(q − 1); infinity where q is 1 or less: then the
   data know no mean, and whoever prints it says so. */
[[nodiscard]] double hs_spend_mean(const struct hs_spend_parameters *parameters);
/* Of a customer with x purchases of mean zbar: p·(v + x·zbar)/(p·x + q − 1), between zbar and the
   mean of all. x = 0 is a customer of whom nothing is known. */
[[nodiscard]] double hs_spend_mean_of(const struct hs_spend_parameters *parameters, double x,
                                      double zbar);

#endif
