#include "stats/shrink.h"

#include <math.h>

#include "base/status.h"

/* Halvings of the bracket of τ²: to the last bits of a double. */
#define HALVINGS 100

static double weighted_mean(const double *y, const double *s, size_t count, double tau2,
                            double *weight)
{
  double sum = 0;
  *weight = 0;
  for (size_t i = 0; i < count; i++) {
    double w = 1 / (s[i] * s[i] + tau2);
    sum += w * y[i];
    *weight += w;
  }
  return sum / *weight;
}

/* Σ (y − μ)²/(s² + τ²), which falls as τ² rises. */
static double dispersion(const double *y, const double *s, size_t count, double tau2)
{
  double weight;
  double mu = weighted_mean(y, s, count, tau2, &weight);
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += (y[i] - mu) * (y[i] - mu) / (s[i] * s[i] + tau2);
  return sum;
}

static double paule_mandel(const double *y, const double *s, size_t count)
{
  double expected = (double)count - 1;
  if (dispersion(y, s, count, 0) <= expected)
    return 0;
  double low = 0;
  double high = 1e-300;
  for (size_t i = 0; i < count; i++) /* at the sum of squares dispersion is below 1 */
    high += (y[i] - y[0]) * (y[i] - y[0]);
  for (int i = 0; i < HALVINGS; i++) {
    double middle = 0.5 * (low + high);
    if (dispersion(y, s, count, middle) > expected)
      low = middle;
    else
      high = middle;
  }
  return 0.5 * (low + high);
}

struct hs_shrink hs_shrink(const double *y, const double *s, size_t count, double *value,
                           double *sd)
{
  HS_ASSERT(count >= 2);
  double tau2 = paule_mandel(y, s, count);
  double weight;
  double mu = weighted_mean(y, s, count, tau2, &weight);
  struct hs_shrink all = {.mean = mu,
                          .mean_sd = sqrt(1 / weight),
                          .spread = sqrt(tau2),
                          .predictive_sd = sqrt(tau2 + 1 / weight)};
  double freedom = (double)count - 1;
  double mean_weight = weight / (double)count;
  for (size_t i = 0; i < count; i++) {
    double b = s[i] * s[i] / (s[i] * s[i] + tau2);
    double away = y[i] - mu;
    /* Morris: B is estimated with variance about 2B²/(count − 1), scaled by how much of the weight
       an average member has against this one. */
    double unsure = 2 * b * b / freedom * (mean_weight * (s[i] * s[i] + tau2));
    double variance = s[i] * s[i] * (1 - b) + b * b / weight + unsure * away * away;
    value[i] = mu + (1 - b) * away;
    sd[i] = sqrt(variance);
  }
  return all;
}
