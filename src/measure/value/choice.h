/* Is the money better spent on the partnerships, on paid channels, or on building it ourselves?
   Each world answers for all three with the same customers and the same luck (economics.h), so the
   probability that one is better counts worlds and not noise. Everything that is said as a range is
   drawn; and for each such assumption it is asked whether the answer hangs on it: what the
   probability is with the assumption at its lowest and at its highest in every world, and at which
   value between them the answer flips. */
#ifndef HANSA_MEASURE_VALUE_CHOICE_H
#define HANSA_MEASURE_VALUE_CHOICE_H

#include "measure/value/economics.h"

/* What it would take to do what the partners do ourselves, in the currency's unit. */
struct hs_build_plan {
  struct hs_range once;             /* spent before it begins */
  struct hs_range yearly;           /* from the start on */
  struct hs_range months;           /* until it works */
  struct hs_range customers_yearly; /* new ones that it brings by itself once it works */
};

struct hs_choice_plan {
  struct hs_range years; /* that are compared, above 0 */
  /* switch-over: which part of the partners' customers would come through what we build once it
     works and the partners are gone */
  struct hs_range switch_over;
  struct hs_range paid_dearer; /* cost of the next paid customers over that of those so far */
  int has_build;
  struct hs_build_plan build;
};

/* What the answer may hang on. */
enum hs_assumption {
  HS_ASSUME_YEARS,
  HS_ASSUME_SWITCH_OVER,
  HS_ASSUME_HOUR_COST,
  HS_ASSUME_PARTNER_SHARES, /* of the members whose incremental share nobody knows, all alike */
  HS_ASSUME_PAID_SPEND,     /* a year */
  HS_ASSUME_PAID_CUSTOMERS, /* a year */
  HS_ASSUME_PAID_SHARE,
  HS_ASSUME_PAID_DEARER,
  HS_ASSUME_BUILD_ONCE,
  HS_ASSUME_BUILD_YEARLY,
  HS_ASSUME_BUILD_MONTHS,
  HS_ASSUME_BUILD_CUSTOMERS,
};
#define HS_ASSUMPTION_COUNT ((size_t)12)

/* How the chance that the partners are better moves with one assumption, the others as drawn. All
   NaN for one that is no range here, or of which the question does not speak. */
struct hs_swing {
  double p_low, p_high; /* with the assumption at its lowest and at its highest */
  double flips_at;      /* where the chance crosses one half on the way; NaN: nowhere */
};

/* The ways to spend the money. */
enum hs_way { HS_WAY_PARTNERS, HS_WAY_PAID, HS_WAY_BUILD };
#define HS_WAY_COUNT ((size_t)3)

struct hs_choice {
  /* present values over the years, less all costs */
  struct hs_estimate partners, paid, build;
  struct hs_estimate
      times_dearer; /* paid channels for the same customers, over the partners' cost */
  struct hs_estimate paid_cost_each; /* of an incremental customer through paid channels */
  double p_over_paid, p_over_build;  /* that the partners are better; NaN without the other */
  double p_best[HS_WAY_COUNT];       /* of those that are weighed; NaN for the others */
  double paid_flip;                  /* cost of an incremental paid customer at which it flips */
  double switch_over_flip;           /* the share at which it flips; NaN: at none from 0 to 1 */
  struct hs_swing over_paid[HS_ASSUMPTION_COUNT], over_build[HS_ASSUMPTION_COUNT];
};

/* members: indexes of the partnerships that are weighed together. paid: index of the venture of the
   paid channels among the worlds, or SIZE_MAX when there is none. Present values discount yearly at
   discount (such as .1). scratch has 6 × draws doubles. Reads stream 2⁴¹ + world under the worlds'
   seed. */
void hs_choice_make(const struct hs_worlds *worlds, const struct hs_venture *ventures,
                    const size_t *members, size_t member_count, size_t paid,
                    const struct hs_choice_plan *plan, double discount, double *scratch,
                    struct hs_choice *out);
#define HS_CHOICE_ROOM(draws) (6 * (size_t)(draws))

#endif
