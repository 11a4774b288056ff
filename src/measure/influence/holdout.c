#include "measure/influence/holdout.h"

#include <math.h>

#include "base/status.h"
#include "stats/distribution.h"

#define NONE ((double)NAN)
/* Below it a split is no luck any more. */
#define SPLIT_P_MIN .001

struct hs_holdout_size hs_holdout_size(const struct hs_holdout_plan *plan)
{
  struct hs_holdout_size size = {0};
  double h = plan->held_share;
  double left = 1 - plan->kappa; /* what the held group still buys, of what the offered one does */
  double z = hs_normal_quantile((1 + plan->mass) / 2);
  double noise = 1 + plan->order_variance;
  HS_ASSERT(h > 0 && h < 1 && plan->kappa >= 0 && plan->kappa <= 1 && plan->half_width > 0);
  double errors = z * z * noise * (left * left / (1 - h) + left / h);
  size.orders = errors / (plan->half_width * plan->half_width);
  size.weeks = size.orders / plan->orders_week;
  size.withheld = size.orders * h * plan->kappa;
  /* At κ = 0 the error is largest, so this is on the safe side. */
  size.detectable =
      (z + hs_normal_quantile(plan->power)) * sqrt(noise * (1 / (1 - h) + 1 / h) / size.orders);
  return size;
}

void hs_holdout_add(struct hs_holdout_group *group, double sales, double tracked)
{
  group->units += 1;
  group->sales += sales;
  group->sales_squares += sales * sales;
  group->tracked += tracked;
  group->tracked_squares += tracked * tracked;
  group->products += sales * tracked;
}

const char *hs_holdout_verdict_name(enum hs_holdout_verdict verdict)
{
  static const char *const NAMES[] = {
      [HS_HOLDOUT_REFUSED] = "refused",       [HS_HOLDOUT_UNDETERMINED] = "undetermined",
      [HS_HOLDOUT_INTERCEPTS] = "intercepts", [HS_HOLDOUT_PARTLY] = "brings part",
      [HS_HOLDOUT_BRINGS] = "brings",
  };
  return NAMES[verdict];
}

/* The covariance of two means, from sums. */
static double covariance_of_means(double units, double products, double sum_a, double sum_b)
{
  return (products - sum_a * sum_b / units) / (units - 1) / units;
}

/* The variance of a mean: what cancels in equal figures is none. */
static double error_of_mean(double units, double squares, double sum)
{
  return fmax(0, covariance_of_means(units, squares, sum, sum));
}

struct contrast {
  double sales, tracked; /* m₁ − m₀ and t₁ */
  double vv, vt, tt;     /* their errors: variances and covariance */
  double df;             /* of m₁ − m₀, by Welch and Satterthwaite */
};

static struct contrast contrast_of(const struct hs_holdout_group *offered,
                                   const struct hs_holdout_group *held)
{
  struct contrast c = {0};
  double n = offered->units;
  double v1 = error_of_mean(n, offered->sales_squares, offered->sales);
  double v0 = error_of_mean(held->units, held->sales_squares, held->sales);
  c.sales = offered->sales / n - held->sales / held->units;
  c.tracked = offered->tracked / n;
  c.vv = v1 + v0;
  c.vt = covariance_of_means(n, offered->products, offered->sales, offered->tracked);
  c.tt = error_of_mean(n, offered->tracked_squares, offered->tracked);
  double spread = v1 * v1 / (n - 1) + v0 * v0 / (held->units - 1);
  c.df = spread > 0 ? c.vv * c.vv / spread : (double)INFINITY;
  return c;
}

/* Fieller's interval of sales/tracked; NaN when tracked cannot be told from 0. */
static void fieller(const struct contrast *c, double z, struct hs_holdout_result *out)
{
  double a = c->tracked * c->tracked - z * z * c->tt;
  double b = c->sales * c->tracked - z * z * c->vt;
  double d = c->sales * c->sales - z * z * c->vv;
  if (a <= 0)
    return;
  double root = sqrt(fmax(0, b * b - a * d));
  out->low = (b - root) / a;
  out->high = (b + root) / a;
}

/* Two-sided, of held units among all; exact. */
static double p_of_split(double offered, double held, double held_share)
{
  double n = offered + held;
  double at_most = held >= n ? 1 : hs_beta_regularized(1 - held_share, n - held, held + 1);
  double at_least = held <= 0 ? 1 : hs_beta_regularized(held_share, held, n - held + 1);
  return fmin(1, 2 * fmin(at_most, at_least));
}

static enum hs_holdout_verdict verdict_of(const struct hs_holdout_result *r)
{
  if (r->low > 0)
    return r->high < 1 ? HS_HOLDOUT_PARTLY : HS_HOLDOUT_BRINGS;
  return r->high < 1 ? HS_HOLDOUT_INTERCEPTS : HS_HOLDOUT_UNDETERMINED;
}

static const char *why_refused(const struct hs_holdout_group *offered,
                               const struct hs_holdout_group *held, double p_share)
{
  if (offered->units < 2 || held->units < 2)
    return "a group has fewer than two units";
  if (p_share < SPLIT_P_MIN)
    return "the groups are not split by the share that was planned: the randomisation is broken";
  if (offered->tracked <= 0)
    return "nothing was tracked in the group that was offered";
  return NULL;
}

struct hs_holdout_result hs_holdout_analyse(const struct hs_holdout_group *offered,
                                            const struct hs_holdout_group *held, double held_share,
                                            double mass)
{
  struct hs_holdout_result r = {{.mean = NONE, .sd = NONE}, NONE, NONE, NONE, NONE, NONE, NONE,
                                HS_HOLDOUT_REFUSED,         NULL};
  HS_ASSERT(held_share > 0 && held_share < 1 && mass > 0 && mass < 1);
  if (offered->units + held->units > 0)
    r.p_share = p_of_split(offered->units, held->units, held_share);
  r.refused_because = why_refused(offered, held, r.p_share);
  if (r.refused_because != NULL)
    return r;
  struct contrast c = contrast_of(offered, held);
  double k = c.sales / c.tracked;
  r.per_unit = c.sales;
  r.per_unit_sd = sqrt(c.vv);
  r.p = c.vv > 0 ? 2 * hs_t_cdf(-fabs(c.sales) / r.per_unit_sd, c.df) : (c.sales == 0);
  fieller(&c, hs_t_quantile((1 + mass) / 2, c.df), &r);
  if (isnan(r.low)) {
    r.refused_because = "what was tracked is too little to divide by";
    return r;
  }
  r.kappa = (struct hs_belief){.mean = k,
                               .sd = sqrt(fmax(0, c.vv - 2 * k * c.vt + k * k * c.tt)) / c.tracked,
                               .df = isinf(c.df) ? 0 : c.df};
  r.verdict = verdict_of(&r);
  return r;
}
