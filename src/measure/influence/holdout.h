/* A randomised hold-out of a coupon or link: of those who come to it, a share chosen by chance is
   not offered it, while everybody sees the partner as before. Since exposure is the same in both
   groups, what the offered group buys more is what the offer itself causes, and κ, the share of
   tracked sales that would not have happened otherwise, is that over what is tracked in it:
   κ = (m₁ − m₀)/t₁, m the mean sales of a unit (offered 1, held 0), t₁ the tracked ones.

   Grade A, and the only source of points for κ and halo (honesty_bounds.h). */
#ifndef HANSA_MEASURE_INFLUENCE_HOLDOUT_H
#define HANSA_MEASURE_INFLUENCE_HOLDOUT_H

#include <stdint.h>

#include "measure/influence/honesty.h"

/* ---- before the start ---- */

struct hs_holdout_plan {
  double orders_week;    /* tracked orders that come a week without a hold-out; above 0 */
  double held_share;     /* of those who come; inside (0, 1) */
  double order_variance; /* (sd/mean)² of what an order is worth; 0 counts orders */
  double half_width;     /* of the interval of κ that is wanted; inside (0, 1) */
  double kappa;          /* κ to plan for, [0, 1]: 0 is the worst case */
  double mass;           /* of the interval */
  double power;          /* of the test that the offer does anything, at that κ */
};

struct hs_holdout_size {
  double orders;     /* of both groups together, as if none were held */
  double weeks;      /* orders/orders_week */
  double withheld;   /* orders lost on the way if κ is as planned */
  double detectable; /* the smallest κ that is told from 0 with that power and this size */
};

/* Orders of rare buyers: the variance of a group's total is its count times (1 + order_variance),
   so sd(κ̂) = (1 − κ)·√((1 + v)(1/n₁ + 1/n₀)) with n the orders of the groups, n₀ those of the held
   one; solved for the whole. */
[[nodiscard]] struct hs_holdout_size hs_holdout_size(const struct hs_holdout_plan *plan);

/* ---- after the end ---- */

/* Of one group: units are what was randomised (a visitor, a customer). */
struct hs_holdout_group {
  double units;
  double sales, sales_squares;     /* Σ y, Σ y² over units */
  double tracked, tracked_squares; /* Σ t, Σ t²: what was tracked for the partner */
  double products;                 /* Σ y·t */
};
void hs_holdout_add(struct hs_holdout_group *group, double sales, double tracked);

enum hs_holdout_verdict {
  HS_HOLDOUT_REFUSED, /* nothing tracked that could be divided by, or a group of fewer than two */
  HS_HOLDOUT_UNDETERMINED, /* κ's interval holds 0 and 1 */
  HS_HOLDOUT_INTERCEPTS,   /* κ below 1, not told from 0 */
  HS_HOLDOUT_PARTLY,       /* between 0 and 1 */
  HS_HOLDOUT_BRINGS,       /* above 0, not told from 1 */
};
const char *hs_holdout_verdict_name(enum hs_holdout_verdict verdict); /* lives for ever */

struct hs_holdout_result {
  struct hs_belief kappa; /* for hs_honesty_point */
  double low, high;       /* Fieller's interval of κ; NaN when refused */
  double per_unit;        /* m₁ − m₀ */
  double per_unit_sd;
  double p;       /* that the offer does nothing: two-sided, Welch's t */
  double p_share; /* that the split was by the share that was planned: else it is broken */
  enum hs_holdout_verdict verdict;
  const char *refused_because; /* NULL unless refused; lives for ever */
};

/* held_share is the planned one. A split that chance would give in less than one of a thousand
   cases refuses the whole: randomisation did not work, whatever the figures. Sales that are tracked
   in the held group (a code that got through) stay sales. */
[[nodiscard]] struct hs_holdout_result hs_holdout_analyse(const struct hs_holdout_group *offered,
                                                          const struct hs_holdout_group *held,
                                                          double held_share, double mass);

#endif
