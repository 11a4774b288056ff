/* Quantiles of arrays, sorted or not. */
#ifndef HANSA_STATS_QUANTILE_H
#define HANSA_STATS_QUANTILE_H

#include <stddef.h>

/* Sorts ascending, in place; none may be NaN. */
void hs_sort(double *values, size_t count);

/* The quantile at p in [0, 1] of sorted values (1 or more): linear between the order statistics at
   (count − 1)·p, type 7 of Hyndman and Fan (The American Statistician 50, 1996), the default of R
   and NumPy. */
[[nodiscard]] double hs_quantile(const double *sorted, size_t count, double p);

/* Two of them, of values in any order: hs_quantile at low and at high (low at most high) without
   sorting them all, in time proportional to the count. The values come back in another order. */
struct hs_quantile_pair {
  double low, high;
};
[[nodiscard]] struct hs_quantile_pair hs_quantile_pair(double *values, size_t count, double low,
                                                       double high);

/* hs_quantile with weights (0 or more, their sum above 0): value k stands at
   k·w_k + (count − 1)·(w_0 + … + w_{k−1}) of (count − 1)·Σw, linear in between. Equal weights give
   hs_quantile; a weight of 0 leaves its value out. */
[[nodiscard]] double hs_quantile_weighted(const double *sorted, const double *weights, size_t count,
                                          double p);

#endif
