#include "measure/value/idle.h"

#include <math.h>

#include "stats/distribution.h"

#define LEVEL 0.95

/* P(X ≤ k) of n trials at a rate, by the incomplete beta function (DLMF 8.17.5). */
static double at_most(double k, double n, double rate)
{
  if (k >= n)
    return 1;
  return hs_beta_regularized(1 - rate, n - k, k + 1);
}

/* The rate at which so few are seen in 1 of 20 audiences; the chance falls as the rate rises. */
static double upper_limit(double orders, double audience)
{
  double low = orders / audience, high = 1;
  if (orders >= audience)
    return 1;
  for (int i = 0; i < 100; i++) {
    double middle = (low + high) / 2;
    if (at_most(orders, audience, middle) > 1 - LEVEL)
      low = middle;
    else
      high = middle;
  }
  return high;
}

struct hs_idle hs_idle_judge(double orders, double audience, double cost, double worth,
                             double usual_rate)
{
  struct hs_idle idle = {.rate = orders / audience,
                         .rate_high = upper_limit(orders, audience),
                         .break_even = worth > 0 ? cost / (audience * worth) : HUGE_VAL,
                         .p_usual = (double)NAN};
  if (usual_rate >= 0 && usual_rate <= 1)
    idle.p_usual = at_most(orders, audience, usual_rate);
  idle.is_cost_centre = cost > 0 && idle.rate_high < idle.break_even;
  return idle;
}
