/* What customers are worth over a horizon: how often they buy (BG/NBD, and the Pareto/NBD beside
   it), what a purchase is worth (Gamma-Gamma), and both together discounted; every figure with an
   interval by the curvature of the likelihood (Laplace) and one by resampling customers (Bayesian
   bootstrap, Rubin 1981). Nothing here says whom a customer came from: see by_partner.h.

   Streams read under the seed: replicate d of the bootstrap reads stream d, draw d of the Laplace
   approximation stream 2³² + d for the BG/NBD and 2³³ + d for the Pareto/NBD. The result does not
   depend on the number of threads. */
#ifndef HANSA_MEASURE_VALUE_LIFETIME_H
#define HANSA_MEASURE_VALUE_LIFETIME_H

#include "stats/buyers.h"
#include "stats/buyers_spend.h"

/* One entry a customer; times in any one unit. */
struct hs_customers {
  size_t count;
  const double *x;    /* repeat purchases */
  const double *t_x;  /* when the last of them was, since the first purchase */
  const double *T;    /* how long the customer was watched */
  const double *zbar; /* mean value of the repeat purchases; 0 where unknown; NULL: no values */
  /* repeat purchases in next_span after T; NULL: nobody waited for them */
  const double *next;
  double next_span;
};

struct hs_lifetime_options {
  double horizon;  /* above 0, in the customers' unit of time */
  double discount; /* continuous, a unit of time: ln(1 + yearly rate) / units a year; 0 for none */
  double margin;   /* what is left of a purchase's value, such as .3; 1 for the value itself */
  double level;    /* of the intervals, inside (0, 1) */
  uint32_t draws;  /* of the Laplace approximation and of the bootstrap; 0 for no intervals */
  uint64_t seed;
  size_t threads; /* 0 for one a processor */
  int with_pareto;
};

enum hs_lifetime_kind {
  HS_LIFETIME_R,
  HS_LIFETIME_ALPHA,
  HS_LIFETIME_A_OR_S,
  HS_LIFETIME_B_OR_BETA,
  HS_LIFETIME_NEW_PURCHASES,  /* repeat purchases of a new customer within the horizon */
  HS_LIFETIME_NEXT_PURCHASES, /* of all these customers within the horizon after T */
  HS_LIFETIME_ALIVE,          /* how many of these customers are expected to be there */
  /* with values only */
  HS_LIFETIME_P,
  HS_LIFETIME_Q,
  HS_LIFETIME_V,
  HS_LIFETIME_SPEND,      /* mean value of a purchase */
  HS_LIFETIME_NEW_VALUE,  /* of a new customer: the first purchase and the repeats, discounted, at
                             the margin */
  HS_LIFETIME_NEXT_VALUE, /* of all these customers after T, discounted, at the margin */
  HS_LIFETIME_COUNT
};
/* "r", "alpha", "a" or "s", …; lives for ever. */
const char *hs_lifetime_name(enum hs_buyers_model model, enum hs_lifetime_kind kind);

/* Why a figure has no interval. */
enum hs_lifetime_gap {
  HS_LIFETIME_NO_GAP,
  HS_LIFETIME_NOT_ASKED,     /* draws is 0 */
  HS_LIFETIME_FENCED,        /* the parameter runs away: only the fence holds it */
  HS_LIFETIME_FLAT,          /* the likelihood has no proper top, so no curvature */
  HS_LIFETIME_NO_MEAN,       /* too many draws in which purchases have no mean value */
  HS_LIFETIME_NO_REPLICATES, /* too many resamplings in which the fit found no top */
  HS_LIFETIME_NO_FIGURE,     /* the figure itself cannot be had */
};
/* "the likelihood has no proper top, …", as after "no interval: "; lives for ever. */
const char *hs_lifetime_gap_words(enum hs_lifetime_gap gap);

/* Intervals that cannot be had are NaN, and the gap says why. */
struct hs_lifetime_figure {
  double value;
  double low, high;                     /* Laplace */
  double bootstrap_low, bootstrap_high; /* of the BG/NBD alone */
  enum hs_lifetime_gap gap, bootstrap_gap;
};

struct hs_lifetime_model {
  struct hs_buyers_fit fit;
  struct hs_lifetime_figure figures[HS_LIFETIME_COUNT];
};

/* Customers of the hold-out by their repeat purchases before it. */
#define HS_HOLDOUT_CLASSES 8 /* 0, 1, …, 6 and 7 or more */
struct hs_holdout_row {
  double customers;
  double actual, bgnbd, pareto; /* purchases in the hold-out, all together */
};

struct hs_lifetime {
  struct hs_lifetime_options options;
  struct hs_buyers buyers;
  struct hs_lifetime_model bgnbd;
  int has_pareto;
  struct hs_lifetime_model pareto; /* with has_pareto */
  struct hs_err pareto_refused; /* asked for and not to be had: why; its text is empty otherwise */
  int has_values;
  struct hs_spend_fit spend;   /* with values */
  struct hs_err spend_refused; /* values were there, and no fit: why */
  size_t spender_count;        /* repeat customers with a value */
  /* of x and z̄ over them: Pearson's, with Fisher's interval; the models take it to be 0 */
  double correlation, correlation_low, correlation_high;
  int has_holdout;
  struct hs_holdout_row holdout[HS_HOLDOUT_CLASSES], holdout_total;
};

/* Everything lives in arena, whose rest serves as scratch. The BG/NBD must be had; what fails of
   the Pareto/NBD or of the values is left out, with its reason (pareto_refused, spend_refused).
   HS_INSUFFICIENT when nobody bought again, HS_INVALID with the customer's index,
   HS_NO_CONVERGENCE, HS_NOMEM. */
[[nodiscard]] enum hs_status hs_lifetime_make(struct hs_arena *arena,
                                              const struct hs_customers *customers,
                                              const struct hs_lifetime_options *options,
                                              struct hs_lifetime *out, struct hs_err *err);

/* Repeat purchases of a new customer, each discounted to the start (Σ e^(−δt), each step's in its
   middle): curve[i] has those of the first i of HS_LIFETIME_STEPS equal steps of the horizon. */
#define HS_LIFETIME_STEPS 26
void hs_lifetime_curve(const struct hs_buyers_parameters *parameters, double horizon,
                       double discount, double curve[HS_LIFETIME_STEPS + 1]);
/* The last of that curve. */
[[nodiscard]] double hs_lifetime_discounted(const struct hs_buyers_parameters *parameters,
                                            double horizon, double discount);

#endif
