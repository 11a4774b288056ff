#include "support/kolmogorov.h"

#include <math.h>

#include "stats/quantile.h"

double kolmogorov_distance(double *sample, size_t count, double (*cdf)(double x, double parameter),
                           double parameter)
{
  hs_sort(sample, count);
  double n = (double)count;
  double worst = 0;
  for (size_t i = 0; i < count; i++) {
    double p = cdf(sample[i], parameter);
    worst = fmax(worst, fmax(p - (double)i / n, ((double)i + 1) / n - p));
  }
  return worst * sqrt(n);
}
