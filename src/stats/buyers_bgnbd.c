/* BG/NBD: purchases at a rate λ ~ Gamma(r, α); after each repeat purchase a customer stops with
   probability p ~ Beta(a, b). A customer's likelihood (Fader, Hardie and Lee 2005, equation 6) is

     Γ(r + x)/Γ(r) · α^r · B(a, b + x)/B(a, b) · {(α + T)^−(r+x) + [x > 0] a/(b + x − 1) · (α +
   t_x)^−(r+x)}

   the first term of the braces for those who are still there. */
#include "stats/buyers_priv.h"

#include <math.h>

/* Where each table stands in the room, and the sums of the gradient. */
struct tables {
  double *log_last, *log_span; /* ln(α + time), twice the same table */
  double *rise_r, *slope_r;    /* by x: of r, b and a + b */
  double *rise_b, *slope_b;
  double *rise_ab, *slope_ab;
};

static struct tables lay_out(const struct hs_buyers *buyers, double *room)
{
  size_t n = buyers->purchase_list_size;
  double *by_x = room + buyers->time_list_size;
  return (struct tables){.log_last = room,
                         .log_span = room,
                         .rise_r = by_x,
                         .slope_r = by_x + n,
                         .rise_b = by_x + 2 * n,
                         .slope_b = by_x + 3 * n,
                         .rise_ab = by_x + 4 * n,
                         .slope_ab = by_x + 5 * n};
}

/* ln of what "has stopped" weighs against "is there", for x above 0. */
static double log_odds_stopped(double x, double r, double log_span, double log_last, double a,
                               double b)
{
  return log(a / (b + x - 1)) + (r + x) * (log_span - log_last);
}

double hs_buyers_bgnbd(const struct hs_buyers *buyers, const double *weights, const double *p,
                       double *gradient, double *room)
{
  double r = p[0], alpha = p[1], a = p[2], b = p[3], log_alpha = log(alpha);
  struct tables tables = lay_out(buyers, room);
  hs_buyers_logs(buyers, alpha, tables.log_span);
  hs_buyers_rise(buyers, r, tables.rise_r, tables.slope_r);
  hs_buyers_rise(buyers, b, tables.rise_b, tables.slope_b);
  hs_buyers_rise(buyers, a + b, tables.rise_ab, tables.slope_ab);
  double sum = 0, by_r = 0, by_alpha = 0, by_a = 0, by_b = 0;
  for (size_t g = 0; g < buyers->group_count; g++) {
    uint32_t k = buyers->purchases[g], last = buyers->lasts[g], span = buyers->spans[g];
    double x = buyers->purchase_list[k], w = weights[g];
    double log_span = tables.log_span[span], log_last = tables.log_last[last];
    double odds = x > 0 ? exp(log_odds_stopped(x, r, log_span, log_last, a, b)) : 0;
    /* exp() may overflow to infinity, for one who was busy and fell silent at once. */
    double log_braces =
        isinf(odds) ? log_odds_stopped(x, r, log_span, log_last, a, b) : log1p(odds);
    double stopped = isinf(odds) ? 1 : odds / (1 + odds);
    sum += w * (tables.rise_r[k] + r * log_alpha + tables.rise_b[k] - tables.rise_ab[k] -
                (r + x) * log_span + log_braces);
    by_r += w * (tables.slope_r[k] + log_alpha - log_span + stopped * (log_span - log_last));
    by_alpha += w * (r / alpha - (r + x) * ((1 - stopped) / (alpha + buyers->time_list[span]) +
                                            stopped / (alpha + buyers->time_list[last])));
    by_a += w * (stopped / a - tables.slope_ab[k]);
    by_b += w * (tables.slope_b[k] - tables.slope_ab[k] - (x > 0 ? stopped / (b + x - 1) : 0));
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
  return 1 / (1 + exp(log_odds_stopped(x, p[0], log(p[1] + T), log(p[1] + t_x), p[2], p[3])));
}

/* Somebody who never stops would make N purchases within t, N negative binomial with size r and
   ρ = t/(α + t). Of n such purchases a customer who may stop makes E[Σ (1 − p)^k, k < n] = Σ (b)_k
   / (a + b)_k. The expectation is the mean of that over N: positive terms, no singular parameters.
   The weights are only in proportion, so that their beginning, (1 − ρ)^r, may be as small as it
   likes. */
double hs_bgnbd_expected(const double *p, double t)
{
  double r = p[0], a = p[2], b = p[3], rho = t / (p[1] + t);
  double weight = 1, next = 1, made = 0, sum = 0, mass = 1;
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
