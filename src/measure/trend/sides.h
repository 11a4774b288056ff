/* From the trends of the sides to the verdict on a partnership, and from one partnership to many.

   A partnership does as well as the side that it does less well for: it compounds when value grows
   for every side, fades when it fades for one, and is on a plateau when none fades and one stands
   still. What the sides have in common is not known, so the masses are the least that each side's
   masses allow (Bonferroni's inequality), whatever the dependence. */
#ifndef HANSA_MEASURE_TREND_SIDES_H
#define HANSA_MEASURE_TREND_SIDES_H

#include "measure/trend/trend.h"

#define HS_TREND_SIDE_MAX ((size_t)4)

struct hs_trend_partnership {
  size_t side_count; /* 1 or more */
  struct hs_trend sides[HS_TREND_SIDE_MAX];
  enum hs_trend_verdict verdict;
  enum hs_trend_reason reason; /* of the first side that has the verdict withheld */
  double above, within, below; /* NaN when a side has none */
  double p_adjusted;        /* 1 − mass of the verdict, adjusted for the number of partnerships;
                               NaN when there is none */
  size_t periods_to_decide; /* the most of any side that needs some; SIZE_MAX as there */
};

/* Fills in all but side_count and sides, as if it were alone. */
void hs_trend_join(struct hs_trend_partnership *partnership, double mass);

/* Takes back verdicts that do not survive their number: false discoveries are at most 1 − mass of
   what is left (Benjamini and Hochberg, on 1 − mass). All are joined already. room has 2 · count
   doubles, order count places. */
void hs_trend_family(struct hs_trend_partnership *const *partnerships, size_t count, double mass,
                     double *room, size_t *order);

#endif
