/* BG/NBD: purchases at a rate λ ~ Gamma(r, α); after each repeat purchase a customer stops with
   probability p ~ Beta(a, b). A customer's likelihood (Fader, Hardie and Lee 2005, equation 6) is

     Γ(r + x)/Γ(r) · α^r · B(a, b + x)/B(a, b) · {(α + T)^−(r+x) + [x > 0] a/(b + x − 1) · (α +
   t_x)^−(r+x)}

   the first term of the braces for those who are still there. */
#include "stats/buyers_priv.h"

#include <math.h>

/* What depends on a time or on x alone is computed once for each distinct one. */
struct tables {
  double *log_time, *inverse; /* ln(α + time), 1/(α + time) */
  double *rise_r, *slope_r;   /* by x: of r, b and a + b */
  double *rise_b, *slope_b;
  double *rise_ab, *slope_ab;
  double *log_stop, *over_stop; /* by x above 0: ln(a/(b + x − 1)), 1/(b + x − 1) */
};

static struct tables fill_tables(const struct hs_buyers *buyers, const double *p, double *room)
{
  size_t n = buyers->purchase_list_size, times = buyers->time_list_size;
  double *by_x = room + 2 * times;
  struct tables t = {room,         room + times, by_x,         by_x + n,     by_x + 2 * n,
                     by_x + 3 * n, by_x + 4 * n, by_x + 5 * n, by_x + 6 * n, by_x + 7 * n};
  hs_buyers_logs(buyers, p[1], t.log_time);
  for (size_t i = 0; i < times; i++)
    t.inverse[i] = 1 / (p[1] + buyers->time_list[i]);
  hs_buyers_rise(buyers, p[0], t.rise_r, t.slope_r);
  hs_buyers_rise(buyers, p[3], t.rise_b, t.slope_b);
  hs_buyers_rise(buyers, p[2] + p[3], t.rise_ab, t.slope_ab);
  for (size_t i = 0; i < n; i++) {
    double left = p[3] + buyers->purchase_list[i] - 1;
    int has_repeat = buyers->purchase_list[i] > 0;
    t.log_stop[i] = has_repeat ? log(p[2] / left) : -HUGE_VAL;
    t.over_stop[i] = has_repeat ? 1 / left : 0;
  }
  return t;
}

double hs_buyers_bgnbd(const struct hs_buyers *buyers, const double *weights, const double *p,
                       double *gradient, double *room)
{
  double r = p[0], alpha = p[1], a = p[2], log_alpha = log(alpha);
  const struct tables t = fill_tables(buyers, p, room);
  double sum = 0, by_r = 0, by_alpha = 0, by_a = 0, by_b = 0;
  for (size_t g = 0; g < buyers->group_count; g++) {
    uint32_t k = buyers->purchases[g], last = buyers->lasts[g], span = buyers->spans[g];
    double x = buyers->purchase_list[k], w = weights[g];
    double silence = t.log_time[span] - t.log_time[last];
    /* ln of what "has stopped" weighs against "is there". exp() may overflow to infinity, for one
       who was busy and fell silent at once. */
    double log_odds = t.log_stop[k] + (r + x) * silence, odds = exp(log_odds);
    double log_braces = isinf(odds) ? log_odds : log1p(odds);
    double stopped = isinf(odds) ? 1 : odds / (1 + odds);
    sum += w * (t.rise_r[k] + r * log_alpha + t.rise_b[k] - t.rise_ab[k] -
                (r + x) * t.log_time[span] + log_braces);
    by_r += w * (t.slope_r[k] + log_alpha - t.log_time[span] + stopped * silence);
    by_alpha +=
        w * (r / alpha - (r + x) * ((1 - stopped) * t.inverse[span] + stopped * t.inverse[last]));
    by_a += w * (stopped / a - t.slope_ab[k]);
    by_b += w * (t.slope_b[k] - t.slope_ab[k] - stopped * t.over_stop[k]);
  }
  if (gradient) {
    gradient[0] = by_r;
    gradient[1] = by_alpha;
    gradient[2] = by_a;
    gradient[3] = by_b;
  }
  return sum;
}

double hs_bgnbd_alive(const double *p, double x, double t_x, double T)
{
  if (!(x > 0))
    return 1;
  double silence = log(p[1] + T) - log(p[1] + t_x);
  return 1 / (1 + exp(log(p[2] / (p[3] + x - 1)) + (p[0] + x) * silence));
}

#define TERMS_MAX 1e7

/* Somebody who never stops would make N purchases within t, N negative binomial with size r and
   ρ = t/(α + t). Of n such purchases a customer who may stop makes E[Σ (1 − p)^k, k < n] = Σ (b)_k
   / (a + b)_k. The expectation is the mean of that over N: positive terms, no singular parameters.
   The weights are only in proportion, so that their beginning, (1 − ρ)^r, may be as small as it
   likes. */
double hs_bgnbd_expected(const double *p, double t)
{
  double r = p[0], a = p[2], b = p[3], rho = t / (p[1] + t);
  double weight = 1, next = 1, made = 0, sum = 0, mass = 1, z = t / p[1];
  if (!(40 * (1 + z) + r * z < TERMS_MAX))
    return (double)NAN;
  for (double n = 0;; n++) {
    double ratio = (r + n) / (n + 1) * rho;
    /* What is left of both sums is less than a geometric series with the ratio of now. */
    if (ratio < 1 && weight * (made + 1) <= 1e-16 * (1 - ratio) * (1 - ratio) * sum)
      break;
    if (!(weight > 0))
      break;
    weight *= ratio;
    made += next;
    next *= (b + n) / (a + b + n);
    sum += weight * made;
    mass += weight;
    if (mass > 1e280) {
      weight *= 1e-280;
      sum *= 1e-280;
      mass *= 1e-280;
    }
  }
  return sum / mass;
}
