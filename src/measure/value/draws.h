/* Intervals of what was drawn. */
#ifndef HANSA_MEASURE_VALUE_DRAWS_H
#define HANSA_MEASURE_VALUE_DRAWS_H

#include <stddef.h>

/* The middle part of the draws that holds level of them, by quantiles; sorts them. NaN and NaN when
   more than a hundredth of the draws is not a number: what is often not to be had has no interval.
   Infinite draws are kept: they are large. */
void hs_draws_interval(double *draws, size_t count, double level, double *low, double *high);

#endif
