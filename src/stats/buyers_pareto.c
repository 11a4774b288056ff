/* Pareto/NBD: purchases at a rate λ ~ Gamma(r, α); a customer stops at a rate μ ~ Gamma(s, β). The
   likelihood (Fader and Hardie's note of 2005, before its integral is written as a hypergeometric
   function) is

     Γ(r + x)/Γ(r) · α^r β^s · {(α + T)^−(r+x) (β + T)^−s + ∫ (α + τ)^−(r+x) s (β + τ)^−(s+1) dτ,
   t_x to T}

   the integral for those who stopped at τ. */
#include "stats/buyers_priv.h"

#include <math.h>

/* Gauss and Legendre's rule of 16 points, the positive half (Abramowitz and Stegun, table 25.4). */
static const double NODES[8] = {0.0950125098376374402, 0.2816035507792589132, 0.4580167776572273863,
                                0.6178762444026437484, 0.7554044083550030339, 0.8656312023878317439,
                                0.9445750230732325761, 0.9894009349916499326};
static const double SHARES[8] = {
    0.1894506104550684963, 0.1826034150449235889, 0.1691565193950025382, 0.1495959888165767321,
    0.1246289712555338720, 0.0951585116824927848, 0.0622535239386478929, 0.0271524594117540949};

/* In v = ln(c + τ), c the smaller of α and β, the integrand has its poles at a distance of π and
   falls by fewer e-folds a unit than the rate below, which only grows with v. A panel of these
   sizes is good to 1e−16: the rule's error is (e-folds/4)^32/32! and 3.4^−32. */
#define PANEL_FOLDS 16.0
#define PANEL_WIDTH 4.0

/* ∫ of the second term over what it is at t_x, and of its logarithmic derivatives. */
struct stopped {
  double total;
  double log_alpha; /* ∫ ln[(α + τ)/(α + t_x)] f */
  double log_beta;
  double over_alpha; /* ∫ f/(α + τ) */
  double over_beta;
};

struct customer {
  double x, t_x, T;
};

static void add_node(const double *p, const struct customer *c, double v, double shift,
                     double weight, struct stopped *sum)
{
  double shifted = exp(v), tau = shifted - shift;
  double in_alpha = p[1] + tau, in_beta = p[3] + tau;
  double log_alpha = log(in_alpha / (p[1] + c->t_x)), log_beta = log(in_beta / (p[3] + c->t_x));
  double f = weight * shifted * p[2] / in_beta * exp(-(p[0] + c->x) * log_alpha - p[2] * log_beta);
  sum->total += f;
  sum->log_alpha += f * log_alpha;
  sum->log_beta += f * log_beta;
  sum->over_alpha += f / in_alpha;
  sum->over_beta += f / in_beta;
}

/* e-folds a unit of v at v; the integrand falls by one less, since dτ grows. */
static double rate_at(const double *p, const struct customer *c, double v, double shift)
{
  double shifted = exp(v), tau = shifted - shift;
  return shifted * ((p[0] + c->x) / (p[1] + tau) + (p[2] + 1) / (p[3] + tau));
}

static double panel_width(const double *p, const struct customer *c, double low, double high,
                          double shift)
{
  double width = fmin(PANEL_WIDTH, high - low);
  while (width * rate_at(p, c, low + width, shift) > PANEL_FOLDS)
    width /= 2;
  return width;
}

static struct stopped integrate(const double *p, const struct customer *c)
{
  struct stopped sum = {0};
  double shift = fmin(p[1], p[3]);
  double low = log(shift + c->t_x), high = log(shift + c->T);
  while (low < high) {
    double before = sum.total, half = panel_width(p, c, low, high, shift) / 2;
    for (int i = 0; i < 8; i++) {
      add_node(p, c, low + half * (1 - NODES[i]), shift, half * SHARES[i], &sum);
      add_node(p, c, low + half * (1 + NODES[i]), shift, half * SHARES[i], &sum);
    }
    low += 2 * half;
    /* What falls once falls for ever, and faster: what is left cannot be seen in the sum. */
    if (rate_at(p, c, low, shift) > 1 && sum.total - before <= 1e-18 * before)
      break;
  }
  return sum;
}

/* The first term of the braces, over the same unit as the integral. */
static double still_there(const double *p, const struct customer *c)
{
  return exp(-(p[0] + c->x) * log((p[1] + c->T) / (p[1] + c->t_x)) -
             p[2] * log((p[3] + c->T) / (p[3] + c->t_x)));
}

double hs_buyers_pareto(const struct hs_buyers *buyers, const double *weights, const double *p,
                        double *gradient, double *room)
{
  double r = p[0], alpha = p[1], s = p[2], beta = p[3];
  double *rise = room, *slope = room + buyers->purchase_list_size;
  hs_buyers_rise(buyers, r, rise, slope);
  double sum = 0, by_r = 0, by_alpha = 0, by_s = 0, by_beta = 0;
  for (size_t g = 0; g < buyers->group_count; g++) {
    uint32_t k = buyers->purchases[g];
    struct customer c = {buyers->purchase_list[k], buyers->time_list[buyers->lasts[g]],
                         buyers->time_list[buyers->spans[g]]};
    double w = weights[g], log_alpha = log1p(c.t_x / alpha), log_beta = log1p(c.t_x / beta);
    struct stopped gone = integrate(p, &c);
    double there = still_there(p, &c), braces = there + gone.total;
    double span_alpha = log((alpha + c.T) / (alpha + c.t_x));
    double span_beta = log((beta + c.T) / (beta + c.t_x));
    sum += w * (rise[k] - c.x * log(alpha) - (r + c.x) * log_alpha - s * log_beta + log(braces));
    by_r += w * (slope[k] - log_alpha - (there * span_alpha + gone.log_alpha) / braces);
    by_alpha += w * (r / alpha - (r + c.x) * (there / (alpha + c.T) + gone.over_alpha) / braces);
    by_s += w * (-log_beta + (gone.total / s - there * span_beta - gone.log_beta) / braces);
    by_beta += w * (s / beta - (s * there / (beta + c.T) + (s + 1) * gone.over_beta) / braces);
  }
  if (gradient) {
    gradient[0] = by_r;
    gradient[1] = by_alpha;
    gradient[2] = by_s;
    gradient[3] = by_beta;
  }
  return sum;
}

double hs_pareto_alive(const double *p, double x, double t_x, double T)
{
  struct customer c = {x, t_x, T};
  double there = still_there(p, &c);
  return there / (there + integrate(p, &c).total);
}

/* r/α · ∫ (β/(β + τ))^s dτ from 0 to t; expm1 carries it through s = 1. */
double hs_pareto_expected(const double *p, double t)
{
  double log_span = log1p(t / p[3]), away = 1 - p[2];
  double integral = fabs(away * log_span) < 1e-12 ? log_span : expm1(away * log_span) / away;
  return p[0] / p[1] * p[3] * integral;
}
