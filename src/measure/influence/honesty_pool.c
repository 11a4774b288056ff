#include "measure/influence/honesty_pool.h"

#include <math.h>

#include "base/status.h"
#include "stats/distribution.h"

#define NONE ((double)NAN)

const char hs_honesty_pool_assumes[] =
    "assumes that the tested partners were not chosen for how they looked, and that this one "
    "differs from them as they differ from each other";

/* The posterior of τ falls like τ^−(count − 1), so with five partners a ten thousandth of it lies
   beyond twenty times their spread. Squares put most of the grid where the posterior is. */
#define GRID 256
#define SPREADS 20.0

struct pool {
  const double *values, *deviations;
  size_t count;
  double weight[GRID]; /* of a value of τ in the posterior; sums to 1 */
  double tau[GRID];
  double mean[GRID], variance[GRID]; /* of μ given τ */
};

static double spread_of(const struct pool *p)
{
  double low = p->values[0];
  double high = p->values[0];
  double largest = 0;
  for (size_t i = 0; i < p->count; i++) {
    low = fmin(low, p->values[i]);
    high = fmax(high, p->values[i]);
    largest = fmax(largest, p->deviations[i]);
  }
  return high - low + largest;
}

/* ln ∫ Π N(y_i | μ, s_i² + τ²) dμ up to a constant, with the moments of μ on the way. */
static double log_likelihood(struct pool *p, size_t at)
{
  double precision = 0;
  double sum = 0;
  double log_sum = 0;
  double squares = 0;
  for (size_t i = 0; i < p->count; i++) {
    double variance = p->deviations[i] * p->deviations[i] + p->tau[at] * p->tau[at];
    precision += 1 / variance;
    sum += p->values[i] / variance;
    log_sum -= .5 * log(variance);
  }
  p->mean[at] = sum / precision;
  p->variance[at] = 1 / precision;
  for (size_t i = 0; i < p->count; i++) {
    double step = p->values[i] - p->mean[at];
    squares += step * step / (p->deviations[i] * p->deviations[i] + p->tau[at] * p->tau[at]);
  }
  return log_sum - .5 * log(precision) - .5 * squares;
}

static void weigh(struct pool *p)
{
  double largest = -(double)INFINITY;
  double sum = 0;
  double tau_max = SPREADS * spread_of(p);
  for (size_t j = 0; j < GRID; j++) {
    double share = ((double)j + .5) / GRID;
    p->tau[j] = tau_max * share * share;
    p->weight[j] = log_likelihood(p, j) + log(share); /* the width of a cell grows with share */
    largest = fmax(largest, p->weight[j]);
  }
  for (size_t j = 0; j < GRID; j++)
    sum += p->weight[j] = exp(p->weight[j] - largest);
  for (size_t j = 0; j < GRID; j++)
    p->weight[j] /= sum;
}

/* P(x ≤ at) of the mixture, of μ or of a new partner. */
static double mixture_below(const struct pool *p, double at, int is_new)
{
  double below = 0;
  for (size_t j = 0; j < GRID; j++) {
    double variance = p->variance[j] + (is_new ? p->tau[j] * p->tau[j] : 0);
    below += p->weight[j] * hs_normal_cdf((at - p->mean[j]) / sqrt(variance));
  }
  return below;
}

static double mixture_quantile(const struct pool *p, double probability, int is_new, double centre,
                               double sd)
{
  double low = centre - sd;
  double high = centre + sd;
  while (mixture_below(p, low, is_new) > probability)
    low -= 2 * (centre - low);
  while (mixture_below(p, high, is_new) < probability)
    high += 2 * (high - centre);
  for (int i = 0; i < 80; i++) {
    double middle = low + (high - low) / 2;
    if (mixture_below(p, middle, is_new) < probability)
      low = middle;
    else
      high = middle;
  }
  return low + (high - low) / 2;
}

static struct hs_honesty_figure figure_of(const struct pool *p, int is_new, double mass)
{
  struct hs_honesty_figure figure = {0};
  double second = 0;
  for (size_t j = 0; j < GRID; j++)
    figure.mean += p->weight[j] * p->mean[j];
  for (size_t j = 0; j < GRID; j++) {
    double step = p->mean[j] - figure.mean;
    second += p->weight[j] * (step * step + p->variance[j] + (is_new ? p->tau[j] * p->tau[j] : 0));
  }
  figure.sd = sqrt(second);
  figure.low = mixture_quantile(p, (1 - mass) / 2, is_new, figure.mean, figure.sd);
  figure.high = mixture_quantile(p, (1 + mass) / 2, is_new, figure.mean, figure.sd);
  return figure;
}

struct hs_honesty_pool hs_honesty_pool(const double *values, const double *deviations, size_t count,
                                       double mass)
{
  struct hs_honesty_figure none = {NONE, NONE, NONE, NONE};
  struct hs_honesty_pool pool = {count, 1, none, none, NONE};
  struct pool p = {.values = values, .deviations = deviations, .count = count};
  HS_ASSERT(mass > 0 && mass < 1);
  if (count < HS_HONESTY_POOL_MIN)
    return pool;
  for (size_t i = 0; i < count; i++)
    HS_ASSERT(deviations[i] > 0 && isfinite(values[i]));
  weigh(&p);
  pool.is_refused = 0;
  pool.mean = figure_of(&p, 0, mass);
  pool.predictive = figure_of(&p, 1, mass);
  pool.between = 0;
  for (size_t j = 0; j < GRID; j++)
    pool.between += p.weight[j] * p.tau[j];
  return pool;
}
