#include "measure/value/by_partner.h"

#include <math.h>

#include "stats/shrink.h"

/* Of partners that differ less than this nobody could tell a difference: one Gamma for all. */
#define SPREAD_MIN 1e-3

double hs_partner_dispersion(const double *x, const double *expected, size_t count)
{
  double squares = 0, sum = 0;
  for (size_t i = 0; i < count; i++) {
    squares += (x[i] - expected[i]) * (x[i] - expected[i]);
    sum += expected[i];
  }
  return sum > 0 ? fmax(1, squares / sum) : 1;
}

/* 1/k by the moments of O/E around 1, weighted by E (as DerSimonian and Laird weight): the
   expectation of Σ E(O/E − 1)² is φ·J + τ²·ΣE, the common mean being known to be 1. */
static double spread_of_rates(const struct hs_partner_seen *seen, size_t count, double dispersion)
{
  double squares = 0, sum = 0, partners = 0;
  for (size_t i = 0; i < count; i++)
    if (seen[i].expected > 0) {
      double away = seen[i].repeats / seen[i].expected - 1;
      squares += seen[i].expected * away * away;
      sum += seen[i].expected;
      partners += 1;
    }
  double variance = sum > 0 ? (squares - dispersion * partners) / sum : 0;
  return variance > SPREAD_MIN * SPREAD_MIN ? sqrt(variance) : 0;
}

/* Spends of partners that have one, drawn to their mean; the others believed to be any partner. */
static double shrink_spends(const struct hs_partner_seen *seen, size_t count, double spend_all,
                            double *room, struct hs_partner_worth *worth)
{
  double *y = room, *s = room + count, *value = room + 2 * count, *sd = room + 3 * count;
  size_t known = 0;
  for (size_t i = 0; i < count; i++)
    if (seen[i].spend > 0 && seen[i].spend_error > 0) {
      y[known] = seen[i].spend / spend_all;
      s[known++] = seen[i].spend_error / spend_all;
    }
  struct hs_shrink pool = {.mean = 1};
  if (known >= 2)
    pool = hs_shrink(y, s, known, value, sd);
  for (size_t i = 0, k = 0; i < count; i++) {
    int is_known = known >= 2 && seen[i].spend > 0 && seen[i].spend_error > 0;
    worth[i].spend_factor = is_known ? value[k] : pool.mean;
    worth[i].spend_factor_sd = is_known ? sd[k] : pool.predictive_sd;
    k += (size_t)is_known;
  }
  return pool.spread;
}

struct hs_partner_pool hs_by_partner(const struct hs_partner_seen *seen, size_t count,
                                     double dispersion, double spend_all, double *room,
                                     struct hs_partner_worth *worth)
{
  struct hs_partner_pool pool = {.dispersion = dispersion,
                                 .spread = spread_of_rates(seen, count, dispersion)};
  double spread = fmax(pool.spread, SPREAD_MIN), k = 1 / (spread * spread);
  for (size_t i = 0; i < count; i++)
    worth[i] = (struct hs_partner_worth){.rate_shape = k + seen[i].repeats / dispersion,
                                         .rate_rate = k + seen[i].expected / dispersion,
                                         .spend_factor = 1};
  if (spend_all > 0)
    pool.spend_spread = shrink_spends(seen, count, spend_all, room, worth);
  return pool;
}
