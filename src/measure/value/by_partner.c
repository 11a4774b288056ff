#include "measure/value/by_partner.h"

#include <math.h>

#include "stats/distribution.h"

/* σ: partners whose customers come back twice as often as others', or spend twice as much, are
   rare. */
#define SCALE 0.3
/* Values of τ from 0 to far beyond its prior, close to each other near 0, where many partners that
   are alike put it. */
#define SPREADS 96
#define SPREAD_MAX 3.0

/* What is believed of τ: a weight for each of its values, 1 in all. */
struct spreads {
  double tau[SPREADS], weight[SPREADS];
};

double hs_partner_dispersion(const double *x, const double *expected, size_t count)
{
  double squares = 0, sum = 0;
  for (size_t i = 0; i < count; i++) {
    squares += (x[i] - expected[i]) * (x[i] - expected[i]);
    sum += expected[i];
  }
  return sum > 0 ? fmax(1, squares / sum) : 1;
}

/* The prior as logarithms: its density times the step to the next value. */
static struct spreads prior(void)
{
  struct spreads spreads = {0};
  for (size_t j = 0; j < SPREADS; j++) {
    double part = ((double)j + 0.5) / SPREADS, tau = SPREAD_MAX * part * part;
    spreads.tau[j] = tau;
    spreads.weight[j] = log(part) - 0.5 * (tau / SCALE) * (tau / SCALE);
  }
  return spreads;
}

/* From logarithms to weights that sum to 1. */
static void settle(struct spreads *spreads)
{
  double most = -HUGE_VAL, sum = 0;
  for (size_t j = 0; j < SPREADS; j++)
    most = fmax(most, spreads->weight[j]);
  for (size_t j = 0; j < SPREADS; j++)
    sum += exp(spreads->weight[j] - most);
  for (size_t j = 0; j < SPREADS; j++)
    spreads->weight[j] = exp(spreads->weight[j] - most) / sum;
}

static double root_mean_square(const struct spreads *spreads)
{
  double sum = 0;
  for (size_t j = 0; j < SPREADS; j++)
    sum += spreads->weight[j] * spreads->tau[j] * spreads->tau[j];
  return sqrt(sum);
}

/* Mean and variance over τ of something whose own mean and variance are known at each. */
struct moments {
  double mean, square;
};

static void add_moments(struct moments *moments, double weight, double mean, double variance)
{
  moments->mean += weight * mean;
  moments->square += weight * (variance + mean * mean);
}

static double variance_of(const struct moments *moments)
{
  return fmax(moments->square - moments->mean * moments->mean, 0);
}

/* ---- how often ------------------------------------------------------------------------------- */

/* ln of the negative binomial of o where e was expected, without what does not depend on k. */
static double log_rate_likelihood(double o, double e, double k)
{
  return hs_log_gamma(k + o) - hs_log_gamma(k) - o * log(k) - (k + o) * log1p(e / k);
}

static struct spreads believe_rates(const struct hs_partner_seen *seen, size_t count,
                                    double dispersion)
{
  struct spreads spreads = prior();
  for (size_t j = 0; j < SPREADS; j++)
    for (size_t i = 0; i < count; i++)
      if (seen[i].expected > 0)
        spreads.weight[j] +=
            log_rate_likelihood(seen[i].repeats / dispersion, seen[i].expected / dispersion,
                                1 / (spreads.tau[j] * spreads.tau[j]));
  settle(&spreads);
  return spreads;
}

/* The Gamma with the moments of the mixture over τ. */
static void give_rate(const struct spreads *spreads, double o, double e,
                      struct hs_partner_worth *worth)
{
  struct moments moments = {0};
  for (size_t j = 0; j < SPREADS; j++) {
    double k = 1 / (spreads->tau[j] * spreads->tau[j]), mean = (k + o) / (k + e);
    add_moments(&moments, spreads->weight[j], mean, mean / (k + e));
  }
  worth->rate_rate = moments.mean / variance_of(&moments);
  worth->rate_shape = moments.mean * worth->rate_rate;
}

/* ---- how much -------------------------------------------------------------------------------- */

static int has_spend(const struct hs_partner_seen *seen)
{
  return seen->spend > 0 && seen->spend_error > 0;
}

/* μ at one τ, from its prior and all who have a spend: mean and precision. ln of the likelihood of
   τ, μ integrated out, is left in *log_likelihood. */
static double believe_mean(const struct hs_partner_seen *seen, size_t count, double spend_all,
                           double tau, double *precision, double *log_likelihood)
{
  double sum = 1 / (SCALE * SCALE), squares = sum, logs = 0;
  *precision = sum;
  for (size_t i = 0; i < count; i++) {
    if (!has_spend(&seen[i]))
      continue;
    double y = seen[i].spend / spend_all, s = seen[i].spend_error / spend_all;
    double w = 1 / (s * s + tau * tau);
    *precision += w;
    sum += w * y;
    squares += w * y * y;
    logs += log(w);
  }
  double mean = sum / *precision;
  *log_likelihood = 0.5 * (logs - log(*precision) - (squares - *precision * mean * mean));
  return mean;
}

/* θ of a partner at each τ: drawn to μ by s²/(s² + τ²), and as unsure of μ as it is drawn. */
static void give_spend(const struct spreads *spreads, const double *mean, const double *precision,
                       double y, double s, struct hs_partner_worth *worth)
{
  struct moments moments = {0};
  for (size_t j = 0; j < SPREADS; j++) {
    double tau2 = spreads->tau[j] * spreads->tau[j];
    double b = isinf(s) ? 1 : s * s / (s * s + tau2);
    double own = isinf(s) ? tau2 : tau2 * b;
    double middle = isinf(s) ? mean[j] : mean[j] + (1 - b) * (y - mean[j]);
    add_moments(&moments, spreads->weight[j], middle, own + b * b / precision[j]);
  }
  worth->spend_factor = moments.mean;
  worth->spend_factor_sd = sqrt(variance_of(&moments));
}

static double share_spends(const struct hs_partner_seen *seen, size_t count, double spend_all,
                           struct hs_partner_worth *any, struct hs_partner_worth *worth)
{
  struct spreads spreads = prior();
  double mean[SPREADS], precision[SPREADS];
  for (size_t j = 0; j < SPREADS; j++) {
    double log_likelihood;
    mean[j] = believe_mean(seen, count, spend_all, spreads.tau[j], &precision[j], &log_likelihood);
    spreads.weight[j] += log_likelihood;
  }
  settle(&spreads);
  give_spend(&spreads, mean, precision, 1, HUGE_VAL, any);
  for (size_t i = 0; i < count; i++)
    if (has_spend(&seen[i]))
      give_spend(&spreads, mean, precision, seen[i].spend / spend_all,
                 seen[i].spend_error / spend_all, &worth[i]);
    else
      give_spend(&spreads, mean, precision, 1, HUGE_VAL, &worth[i]);
  return root_mean_square(&spreads);
}

struct hs_partner_pool hs_by_partner(const struct hs_partner_seen *seen, size_t count,
                                     double dispersion, double spend_all,
                                     struct hs_partner_worth *worth)
{
  struct spreads rates = believe_rates(seen, count, dispersion);
  struct hs_partner_pool pool = {
      .dispersion = dispersion, .spread = root_mean_square(&rates), .any = {.spend_factor = 1}};
  give_rate(&rates, 0, 0, &pool.any);
  for (size_t i = 0; i < count; i++) {
    worth[i] = (struct hs_partner_worth){.spend_factor = 1};
    give_rate(&rates, seen[i].repeats / dispersion, seen[i].expected / dispersion, &worth[i]);
  }
  if (spend_all > 0)
    pool.spend_spread = share_spends(seen, count, spend_all, &pool.any, worth);
  return pool;
}
