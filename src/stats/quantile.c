#include "stats/quantile.h"

#include <math.h>
#include <stdlib.h>

#include "base/status.h"

static int by_value(const void *a, const void *b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

void hs_sort(double *values, size_t count)
{
  if (count > 1)
    qsort(values, count, sizeof *values, by_value);
}

double hs_quantile(const double *sorted, size_t count, double p)
{
  HS_ASSERT(count > 0 && p >= 0 && p <= 1);
  double place = (double)(count - 1) * p;
  size_t below = (size_t)place;
  if (below + 1 >= count)
    return sorted[count - 1];
  double rest = place - (double)below;
  return sorted[below] + rest * (sorted[below + 1] - sorted[below]);
}

double hs_quantile_weighted(const double *sorted, const double *weights, size_t count, double p)
{
  HS_ASSERT(count > 0 && p >= 0 && p <= 1);
  double total = 0;
  size_t used = 0;
  for (size_t k = 0; k < count; k++) {
    total += weights[k];
    used += weights[k] > 0;
  }
  HS_ASSERT(total > 0);
  double last = (double)used - 1;
  double wanted = p * last * total;
  double before = 0; /* weight of the values passed */
  double place_below = 0;
  double value_below = sorted[0];
  double rank = 0;
  for (size_t k = 0; k < count; k++) {
    if (weights[k] <= 0)
      continue;
    double place = rank * weights[k] + last * before;
    if (rank > 0 && place >= wanted) {
      double rest = (wanted - place_below) / (place - place_below);
      return value_below + rest * (sorted[k] - value_below);
    }
    place_below = place;
    value_below = sorted[k];
    before += weights[k];
    rank++;
  }
  return value_below;
}
