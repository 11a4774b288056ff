#include "measure/trend/curves.h"

#include <math.h>

#include "stats/linear.h"

#define VALUES_LEAST 6
#define LOG_TAU_STEPS 30
#define COEFFICIENTS_MAX 3

const char *hs_curve_name(enum hs_curve curve)
{
  static const char *const names[HS_CURVE_COUNT] = {"flat", "line", "saturating", "hump"};
  return names[curve];
}

/* A curve is a sum of these over scaled time u in [0, 1]. */
static size_t terms(enum hs_curve curve, double tau, double u, double out[COEFFICIENTS_MAX],
                    double slope[COEFFICIENTS_MAX])
{
  out[0] = 1;
  slope[0] = 0;
  out[1] = curve == HS_CURVE_SATURATING ? -expm1(-u / tau) : u;
  slope[1] = curve == HS_CURVE_SATURATING ? exp(-u / tau) / tau : 1;
  out[2] = u * u;
  slope[2] = 2 * u;
  return curve == HS_CURVE_FLAT ? 1 : curve == HS_CURVE_HUMP ? 3 : 2;
}

struct fit {
  double rss;
  double slope_end; /* in units of u */
};

/* Normal equations: three terms on [0, 1] are conditioned well enough for them. */
static struct fit fit(const double *y, size_t count, enum hs_curve curve, double tau)
{
  double a[COEFFICIENTS_MAX * COEFFICIENTS_MAX] = {0};
  double b[COEFFICIENTS_MAX] = {0};
  double x[COEFFICIENTS_MAX];
  double slope[COEFFICIENTS_MAX];
  double scale = 1 / (double)(count - 1);
  size_t n = terms(curve, tau, 0, x, slope);
  for (size_t t = 0; t < count; t++) {
    if (isnan(y[t]))
      continue;
    (void)terms(curve, tau, (double)t * scale, x, slope);
    for (size_t i = 0; i < n; i++) {
      b[i] += x[i] * y[t];
      for (size_t j = 0; j < n; j++)
        a[i * n + j] += x[i] * x[j];
    }
  }
  struct fit result = {.rss = (double)INFINITY};
  if (hs_cholesky_factor(a, n) != 0)
    return result;
  hs_cholesky_solve(a, n, b);
  result.rss = 0;
  for (size_t t = 0; t < count; t++) {
    if (isnan(y[t]))
      continue;
    double rest = y[t];
    (void)terms(curve, tau, (double)t * scale, x, slope);
    for (size_t i = 0; i < n; i++)
      rest -= b[i] * x[i];
    result.rss += rest * rest;
  }
  (void)terms(curve, tau, 1, x, slope);
  for (size_t i = 0; i < n; i++)
    result.slope_end += b[i] * slope[i];
  return result;
}

static struct fit best_fit(const double *y, size_t count, enum hs_curve curve)
{
  if (curve != HS_CURVE_SATURATING)
    return fit(y, count, curve, 1);
  struct fit best = {.rss = (double)INFINITY};
  for (int i = 0; i <= LOG_TAU_STEPS; i++) {
    struct fit tried = fit(y, count, curve, 0.05 * pow(20, (double)i / LOG_TAU_STEPS));
    if (tried.rss < best.rss)
      best = tried;
  }
  return best;
}

int hs_curves_compare(const double *y, size_t count, struct hs_curves *out)
{
  static const double parameters[HS_CURVE_COUNT] = {1, 2, 3, 3};
  double n = 0;
  double square = 0;
  for (size_t t = 0; t < count; t++) {
    n += !isnan(y[t]);
    square += isnan(y[t]) ? 0 : y[t] * y[t];
  }
  if (n < VALUES_LEAST)
    return 0;
  *out = (struct hs_curves){.best = HS_CURVE_FLAT};
  /* A curve that meets every value is as good as one that misses them by rounding, and no better.
   */
  double least = 1e-24 * square + 1e-300;
  for (enum hs_curve curve = HS_CURVE_FLAT; curve < HS_CURVE_COUNT; curve++) {
    struct fit found = best_fit(y, count, curve);
    out->bic[curve] = n * log(fmax(found.rss, least) / n) + log(n) * parameters[curve];
    out->slope_end[curve] = found.slope_end / (double)(count - 1);
    if (out->bic[curve] < out->bic[out->best])
      out->best = curve;
  }
  return 1;
}
