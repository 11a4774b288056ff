/* What fitting (hazard.c) and crediting (hazard_credit.c) share. */
#ifndef HANSA_MEASURE_HAZARD_PRIV_H
#define HANSA_MEASURE_HAZARD_PRIV_H

#include <math.h>

#include "measure/hazard.h"

/* Delays that the model can hold: the mean one is between these. */
#define HAZARD_RATE_MAX (24.0 * 60.0) /* per day: a mean delay of one minute */
#define HAZARD_SPAN_FACTOR 10.0       /* the slowest mean delay, in longest ages */

#define HAZARD_SECONDS_A_DAY 86400.0

/* An age is known to the second and stands for its middle, so that none is 0. */
static inline double hazard_age(const struct hs_sample *sample, size_t step)
{
  return ((double)sample->paths.age_s[step] + 0.5) / HAZARD_SECONDS_A_DAY;
}

/* The slowest rate for this sample, per day. */
double hs_hazard_rate_min(const struct hs_sample *sample);
/* The most steps of any path. */
size_t hs_hazard_longest_path(const struct hs_sample *sample);

#endif
