/* How often customers buy and when they stop, where nobody says goodbye: the BG/NBD and the
   Pareto/NBD model, fitted by maximum likelihood to three figures a customer.

     x    repeat purchases: those after the first
     t_x  when the last of them was, since the first purchase; 0 without a repeat
     T    how long the customer was watched, since the first purchase
     r, α of the Gamma distribution of purchase rates among customers: mean r/α a unit of time
     a, b of the Beta distribution of the chance to stop after a purchase (BG/NBD)
     s, β of the Gamma distribution of the rates at which customers stop (Pareto/NBD)

   Sources. BG/NBD: Fader, Hardie and Lee, "Counting your customers the easy way" (Marketing Science
   24, 2005). Pareto/NBD: Schmittlein, Morrison and Colombo (Management Science 33, 1987), in the
   notation of Fader and Hardie's note of 2005. Where we differ: the published expressions are
   quotients and differences of hypergeometric functions, undefined at a = 1, a + b = 1 or s = 1 and
   cancelling elsewhere. Here every sum and every integral has positive terms only: likelihoods are
   added as logarithms, the Pareto/NBD's integral is taken by quadrature, and the BG/NBD's
   expectation is a series over the purchases that somebody who never stops would make. No parameter
   above 0 gives NaN.

   Times are in any one unit (weeks, days); the results are in it too. */
#ifndef HANSA_STATS_BUYERS_H
#define HANSA_STATS_BUYERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* More repeat purchases than these are no customer's. */
#define HS_BUYERS_PURCHASES_MAX 1000000

/* Customers with equal figures are one group: a likelihood costs what is distinct. Lives until the
   arena is reset; read-only, so threads may share it. */
struct hs_buyers {
  size_t customer_count;
  size_t repeat_count;       /* customers with x above 0 */
  uint64_t purchase_count;   /* Σx */
  size_t group_count;        /* sorted by x, t_x, T */
  double *weights;           /* [group_count] customers in the group */
  uint32_t *purchases;       /* [group_count] as indexes into purchase_list */
  uint32_t *lasts;           /* [group_count] t_x, as indexes into time_list */
  uint32_t *spans;           /* [group_count] T, as indexes into time_list */
  uint32_t *group_of;        /* [customer_count] the group that a customer is in */
  size_t purchase_list_size; /* distinct x, rising */
  double *purchase_list;
  size_t time_list_size; /* distinct t_x and T, rising */
  double *time_list;
};

/* Groups count customers (1 or more). x whole, 0 to HS_BUYERS_PURCHASES_MAX; 0 ≤ t_x ≤ T, finite;
   t_x is taken as 0 where x is 0. HS_INVALID with the customer's index and figures. */
[[nodiscard]] enum hs_status hs_buyers_group(struct hs_arena *arena, const double *x,
                                             const double *t_x, const double *T, size_t count,
                                             struct hs_buyers *out, struct hs_err *err);

enum hs_buyers_model { HS_BUYERS_BGNBD, HS_BUYERS_PARETO };
#define HS_BUYERS_PARAMETERS 4

/* r, α and then a, b or s, β: all above 0. */
struct hs_buyers_parameters {
  enum hs_buyers_model model;
  double value[HS_BUYERS_PARAMETERS];
};

/* doubles that a likelihood works in; one such room for each thread */
[[nodiscard]] size_t hs_buyers_room(const struct hs_buyers *buyers);

/* ln L of the groups, each counted weights[g] times (0 or more; NULL: as often as it has
   customers). gradient may be NULL; else the derivatives with respect to ln of each parameter. */
[[nodiscard]] double hs_buyers_log_likelihood(const struct hs_buyers *buyers, const double *weights,
                                              const struct hs_buyers_parameters *parameters,
                                              double *gradient, double *room);

struct hs_buyers_fit {
  struct hs_buyers_parameters parameters;
  double log_likelihood;
  /* Of ln of the parameters, by rows: the inverse of the curvature of −ln L at its top (Laplace).
     All NaN where that is not the curvature of a top, or so flat a one that a
     logarithm would have a standard deviation above 3. */
  double covariance[HS_BUYERS_PARAMETERS * HS_BUYERS_PARAMETERS];
  /* 1: flat because nobody is seen to stop, or all alike: the last two parameters are held fast,
     the covariance is that of r and α, and 0 elsewhere. What is expected of customers hardly
     depends on where the two are held. */
  int is_stopping_held;
  /* 1: the likelihood rises for ever that way (nobody stops, all are alike), and the parameter
     stands where the fence of stats/minimise.h holds it. What is expected of customers does not
     depend on how far out; the parameter itself says nothing but "far". */
  int is_fenced[HS_BUYERS_PARAMETERS];
  uint32_t iterations;
};

/* The parameters of largest likelihood, by BFGS on their logarithms (stats/minimise.h). start may
   be NULL; a start near the end makes a replicate cheap. HS_INSUFFICIENT when no customer bought
   again; HS_NO_CONVERGENCE. Deterministic. */
[[nodiscard]] enum hs_status hs_buyers_fit(const struct hs_buyers *buyers, const double *weights,
                                           enum hs_buyers_model model,
                                           const struct hs_buyers_parameters *start, double *room,
                                           struct hs_buyers_fit *out, struct hs_err *err);

/* 1 and the lower triangle L of LL′ = covariance, for draws around the fit; 0 without a covariance,
   then root holds zeros. */
[[nodiscard]] int hs_buyers_root(const struct hs_buyers_fit *fit,
                                 double root[HS_BUYERS_PARAMETERS * HS_BUYERS_PARAMETERS]);

/* Repeat purchases that a new customer makes within t. The series of the BG/NBD takes about 40·(1 +
   t/α) + r·t/α terms;
   NaN where those are more than 10 million, or a parameter is no number: nobody buys so often. */
[[nodiscard]] double hs_buyers_expected(const struct hs_buyers_parameters *parameters, double t);
/* The chance that a customer with these figures has not stopped. A customer without a repeat
   purchase is certain to be there under the BG/NBD, in which one stops after a repeat purchase
   alone. */
[[nodiscard]] double hs_buyers_alive(const struct hs_buyers_parameters *parameters, double x,
                                     double t_x, double T);
/* Purchases of such a customer within t after T. */
[[nodiscard]] double hs_buyers_expected_next(const struct hs_buyers_parameters *parameters,
                                             double x, double t_x, double T, double t);

#endif
