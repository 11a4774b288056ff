#include "stats/t_mixture.h"

#include <math.h>

#include "base/status.h"
#include "stats/distribution.h"

#define STEPS_MAX 200
#define CLOSE_ENOUGH 1e-9
/* Where a probability is cut off before it becomes a normal quantile. */
#define TAIL 1e-15

double hs_t_mixture_mean(const struct hs_t_mixture *mixture)
{
  double mean = 0;
  for (size_t i = 0; i < mixture->count; i++)
    mean += mixture->weight[i] * mixture->center[i];
  return mean;
}

double hs_t_mixture_sd(const struct hs_t_mixture *mixture)
{
  double mean = hs_t_mixture_mean(mixture);
  double wider = mixture->df / (mixture->df - 2);
  double variance = 0;
  for (size_t i = 0; i < mixture->count; i++) {
    double away = mixture->center[i] - mean;
    variance += mixture->weight[i] * (mixture->scale[i] * mixture->scale[i] * wider + away * away);
  }
  return sqrt(variance);
}

double hs_t_mixture_cdf(const struct hs_t_mixture *mixture, double x)
{
  double sum = 0;
  for (size_t i = 0; i < mixture->count; i++)
    sum += mixture->weight[i] * hs_t_cdf((x - mixture->center[i]) / mixture->scale[i], mixture->df);
  return sum;
}

double hs_t_mixture_two_sided(const struct hs_t_mixture *mixture, double x)
{
  double below = 0;
  double above = 0;
  for (size_t i = 0; i < mixture->count; i++) {
    double t = (x - mixture->center[i]) / mixture->scale[i];
    below += mixture->weight[i] * hs_t_cdf(t, mixture->df);
    above += mixture->weight[i] * hs_t_cdf(-t, mixture->df);
  }
  return fmin(1, 2 * fmin(below, above));
}

static double deviate_at(const struct hs_t_mixture *mixture, double x)
{
  return hs_normal_quantile(fmin(1 - TAIL, fmax(TAIL, hs_t_mixture_cdf(mixture, x))));
}

double hs_t_mixture_quantile(const struct hs_t_mixture *mixture, double p)
{
  HS_ASSERT(p > 0 && p < 1);
  double wanted = hs_normal_quantile(fmin(1 - TAIL, fmax(TAIL, p)));
  double mean = hs_t_mixture_mean(mixture);
  double spread = hs_t_mixture_sd(mixture);
  double low = mean;
  double high = mean;
  double step = (fabs(wanted) + 1) * spread;
  double at_low = deviate_at(mixture, mean) - wanted;
  double at_high = at_low;
  for (; at_low > 0; step *= 2)
    at_low = deviate_at(mixture, low -= step) - wanted;
  for (; at_high < 0; step *= 2)
    at_high = deviate_at(mixture, high += step) - wanted;
  for (int i = 0; i < STEPS_MAX && high - low > CLOSE_ENOUGH * spread; i++) {
    double x = 0.5 * (low + high);
    /* Two false positions, then a halving, so that the bracket shrinks whatever the shape. */
    if (i % 3 != 2 && at_high > at_low)
      x = fmin(high, fmax(low, low - at_low * (high - low) / (at_high - at_low)));
    double at = deviate_at(mixture, x) - wanted;
    if (fabs(at) < CLOSE_ENOUGH)
      return x;
    if (at < 0) {
      low = x;
      at_low = at;
    } else {
      high = x;
      at_high = at;
    }
  }
  return 0.5 * (low + high);
}
