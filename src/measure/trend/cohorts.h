/* The cohort stack: does value grow because customers who came long ago stay and buy, or only
   because new ones come? Customers are put together by the period in which they came (or by any
   other label); each cohort's value is stacked on those before it. A comparison beside a verdict:
   growth that rests on new cohorts alone ends when they do. */
#ifndef HANSA_MEASURE_TREND_COHORTS_H
#define HANSA_MEASURE_TREND_COHORTS_H

#include <stddef.h>

struct hs_cohort_stack {
  size_t cohort_count; /* with a value */
  size_t window;       /* periods that are compared with as many before them */
  double now, before;  /* value of the last window, and of the one before it */
  double from_new;     /* part of now that cohorts born in the last window bring */
  double kept; /* value now of those born before it, over their value before; NaN without any */
  /* First-window value of the youngest cohort that has a whole window behind it, over that of the
     oldest: above 1, newer cohorts begin larger. NaN with fewer than two such. */
  double newest_to_oldest;
};

/* values[c · period_count + t] is the value of cohort c in period t, 0 or more (NaN counts as 0). A
   cohort is born in its first period above 0. 0 when there are fewer than two windows of periods or
   no value, and then out stands. */
[[nodiscard]] int hs_cohorts_stack(const double *values, size_t cohort_count, size_t period_count,
                                   size_t window, struct hs_cohort_stack *out);

#endif
