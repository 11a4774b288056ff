#include "measure/value/draws.h"

#include <math.h>

#include "stats/quantile.h"

void hs_draws_interval(double *draws, size_t count, double level, double *low, double *high)
{
  size_t kept = 0;
  for (size_t i = 0; i < count; i++)
    if (!isnan(draws[i]))
      draws[kept++] = draws[i];
  *low = *high = (double)NAN;
  if (kept == 0 || 100 * (count - kept) > count)
    return;
  hs_sort(draws, kept);
  *low = hs_quantile(draws, kept, (1 - level) / 2);
  *high = hs_quantile(draws, kept, (1 + level) / 2);
}
