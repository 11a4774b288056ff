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

/* Hoare's selection ("Algorithm 65: Find", Communications of the ACM 4, 1961) with the median of
   three as pivot: afterwards values[k] is what sorting would put there, and nothing before it in
   [from, until) is larger, nothing behind it smaller. */
static void select_at(double *values, size_t from, size_t until, size_t k)
{
  size_t left = from;
  size_t right = until - 1;
  while (left < right) {
    double a = values[left];
    double b = values[left + (right - left) / 2];
    double c = values[right];
    double pivot = fmax(fmin(a, b), fmin(fmax(a, b), c));
    size_t i = left;
    size_t j = right;
    while (i <= j) {
      while (values[i] < pivot)
        i++;
      while (values[j] > pivot)
        j--;
      if (i > j)
        break;
      double kept = values[i];
      values[i++] = values[j];
      values[j] = kept;
      if (j == 0)
        break;
      j--;
    }
    if (k <= j)
      right = j;
    else if (k >= i)
      left = i;
    else
      return;
  }
}

/* The quantile at p when everything before `from` is known to be no larger than what follows. */
static double select_quantile(double *values, size_t from, size_t count, double p, size_t *at)
{
  double place = (double)(count - 1) * p;
  size_t below = (size_t)place;
  *at = below;
  select_at(values, from, count, below);
  if (below + 1 >= count)
    return values[count - 1];
  double next = values[below + 1];
  for (size_t i = below + 2; i < count; i++)
    next = fmin(next, values[i]);
  return values[below] + (place - (double)below) * (next - values[below]);
}

struct hs_quantile_pair hs_quantile_pair(double *values, size_t count, double low, double high)
{
  HS_ASSERT(count > 0 && low >= 0 && low <= high && high <= 1);
  size_t at = 0;
  struct hs_quantile_pair pair;
  pair.low = select_quantile(values, 0, count, low, &at);
  pair.high = select_quantile(values, at, count, high, &at);
  return pair;
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
