#include "stats/linear.h"

#include <math.h>
#include <string.h>

static void swap_rows(double *a, size_t n, size_t i, size_t j)
{
  for (size_t k = 0; k < n; k++) {
    double kept = a[i * n + k];
    a[i * n + k] = a[j * n + k];
    a[j * n + k] = kept;
  }
}

static size_t find_pivot(const double *a, size_t n, size_t column)
{
  size_t best = column;
  for (size_t i = column + 1; i < n; i++)
    if (fabs(a[i * n + column]) > fabs(a[best * n + column]))
      best = i;
  return best;
}

size_t hs_lu_factor(double *a, size_t n, size_t *pivots)
{
  for (size_t k = 0; k < n; k++) {
    pivots[k] = find_pivot(a, n, k);
    if (pivots[k] != k)
      swap_rows(a, n, k, pivots[k]);
    double pivot = a[k * n + k];
    if (!(fabs(pivot) > 0))
      return k + 1;
    for (size_t i = k + 1; i < n; i++) {
      double factor = a[i * n + k] / pivot;
      a[i * n + k] = factor;
      for (size_t j = k + 1; factor != 0 && j < n; j++)
        a[i * n + j] -= factor * a[k * n + j];
    }
  }
  return 0;
}

static void swap(double *b, size_t i, size_t j)
{
  double kept = b[i];
  b[i] = b[j];
  b[j] = kept;
}

void hs_lu_solve(const double *a, size_t n, const size_t *pivots, double *b)
{
  for (size_t k = 0; k < n; k++)
    swap(b, k, pivots[k]);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++)
      b[i] -= a[i * n + j] * b[j];
  for (size_t i = n; i-- > 0;) {
    for (size_t j = i + 1; j < n; j++)
      b[i] -= a[i * n + j] * b[j];
    b[i] /= a[i * n + i];
  }
}

void hs_lu_solve_transposed(const double *a, size_t n, const size_t *pivots, double *b)
{
  for (size_t i = 0; i < n; i++) {
    b[i] /= a[i * n + i];
    for (size_t j = i + 1; j < n; j++)
      b[j] -= a[i * n + j] * b[i];
  }
  for (size_t i = n; i-- > 0;)
    for (size_t j = 0; j < i; j++)
      b[j] -= a[i * n + j] * b[i];
  for (size_t k = n; k-- > 0;)
    swap(b, k, pivots[k]);
}

void hs_lu_invert(const double *a, size_t n, const size_t *pivots, double *inverse)
{
  /* Row i of the inverse solves Aᵀ x = e_i, so no transposition is needed. */
  memset(inverse, 0, n * n * sizeof *inverse);
  for (size_t i = 0; i < n; i++) {
    inverse[i * n + i] = 1.0;
    hs_lu_solve_transposed(a, n, pivots, inverse + i * n);
  }
}

size_t hs_cholesky_factor(double *a, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j <= i; j++) {
      double sum = a[i * n + j];
      for (size_t k = 0; k < j; k++)
        sum -= a[i * n + k] * a[j * n + k];
      if (j < i)
        a[i * n + j] = sum / a[j * n + j];
      else if (!(sum > 0))
        return i + 1;
      else
        a[i * n + i] = sqrt(sum);
    }
  }
  return 0;
}

void hs_cholesky_solve(const double *a, size_t n, double *b)
{
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < i; j++)
      b[i] -= a[i * n + j] * b[j];
    b[i] /= a[i * n + i];
  }
  for (size_t i = n; i-- > 0;) {
    b[i] /= a[i * n + i];
    for (size_t j = 0; j < i; j++)
      b[j] -= a[i * n + j] * b[i];
  }
}
