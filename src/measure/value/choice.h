/* Is the money better spent on the partnerships, on paid channels, or on building it ourselves?
   Each world answers for all three with the same customers and the same luck (economics.h), so the
   probability that one is better counts worlds and not noise; and for the assumption that matters
   most the value is given at which the answer flips. */
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
  double years; /* that are compared, above 0 */
  /* switch-over: which part of the partners' customers would come through what we build once it
     works and the partners are gone */
  struct hs_range switch_over;
  struct hs_range paid_dearer; /* cost of the next paid customers over that of those so far */
  int has_build;
  struct hs_build_plan build;
};

struct hs_choice {
  /* present values over the years, less all costs */
  struct hs_estimate partners, paid, build;
  struct hs_estimate
      times_dearer; /* paid channels for the same customers, over the partners' cost */
  struct hs_estimate paid_cost_each; /* of an incremental customer through paid channels */
  double p_over_paid, p_over_build;  /* that the partners are better; NaN without the other */
  double paid_flip;                  /* cost of an incremental paid customer at which it flips */
  double switch_over_flip;           /* the share at which it flips; NaN: at none from 0 to 1 */
};

/* members: indexes of the partnerships that are weighed together. paid: index of the venture of the
   paid channels among the worlds, or SIZE_MAX when there is none. cost: of the members, in the
   record. Present values discount yearly at discount (such as .1). scratch has 6 × draws doubles.
   Reads stream 2⁴¹ + world under the worlds' seed. */
void hs_choice_make(const struct hs_worlds *worlds, const struct hs_venture *ventures,
                    const size_t *members, size_t member_count, size_t paid,
                    const struct hs_choice_plan *plan, double discount, double *scratch,
                    struct hs_choice *out);
#define HS_CHOICE_ROOM(draws) (6 * (size_t)(draws))

#endif
