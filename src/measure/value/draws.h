/* Intervals of what was drawn. */
#ifndef HANSA_MEASURE_VALUE_DRAWS_H
#define HANSA_MEASURE_VALUE_DRAWS_H

#include <stddef.h>

/* The median of draws and the middle part of them that holds level. All NaN when more than a
   hundredth of the draws is not a number: what is often not to be had has no interval. Infinite
   draws are kept: they are large, and an end among them is infinite. */
struct hs_estimate {
  double middle, low, high;
};

/* Sorts the draws, those that are no number behind. */
[[nodiscard]] struct hs_estimate hs_draws_estimate(double *draws, size_t count, double level);
/* The interval alone. */
void hs_draws_interval(double *draws, size_t count, double level, double *low, double *high);

#endif
