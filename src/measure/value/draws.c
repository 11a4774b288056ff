#include "measure/value/draws.h"

#include <math.h>

#include "stats/quantile.h"

/* As hs_quantile, but between a finite value and an infinite one, or between two infinite ones,
   there is no line: what is not below the last finite value is infinite. */
static double quantile(const double *sorted, size_t count, double p)
{
  size_t above = (size_t)ceil((double)(count - 1) * p);
  return isfinite(sorted[above]) && isfinite(sorted[0]) ? hs_quantile(sorted, count, p)
                                                        : sorted[above];
}

struct hs_estimate hs_draws_estimate(double *draws, size_t count, double level)
{
  const double none = (double)NAN;
  size_t kept = 0;
  for (size_t i = 0; i < count; i++)
    if (!isnan(draws[i])) {
      double other = draws[kept];
      draws[kept++] = draws[i];
      draws[i] = other;
    }
  if (kept == 0 || 100 * (count - kept) > count)
    return (struct hs_estimate){none, none, none};
  hs_sort(draws, kept);
  return (struct hs_estimate){.middle = quantile(draws, kept, 0.5),
                              .low = quantile(draws, kept, (1 - level) / 2),
                              .high = quantile(draws, kept, (1 + level) / 2)};
}

void hs_draws_interval(double *draws, size_t count, double level, double *low, double *high)
{
  struct hs_estimate estimate = hs_draws_estimate(draws, count, level);
  *low = estimate.low;
  *high = estimate.high;
}
