#include "measure/influence/honesty.h"

#include <math.h>

#include "base/status.h"
#include "stats/distribution.h"
#include "stats/multiple.h"
#include "stats/quantile.h"
#include "stats/summary.h"

#define NONE ((double)NAN)

/* ---- what is believed ---- */

struct hs_belief hs_belief_exact(double value) { return (struct hs_belief){.mean = value}; }

struct hs_belief hs_belief_of_draws(const double *sorted, size_t count)
{
  struct hs_summary all = {0};
  HS_ASSERT(count >= 2);
  for (size_t i = 0; i < count; i++)
    hs_summary_add(&all, sorted[i], 1);
  return (struct hs_belief){
      .mean = all.mean, .sd = hs_summary_deviation(&all), .draws = sorted, .draw_count = count};
}

static double df_of(const struct hs_belief *belief)
{
  return belief->df > 0 ? belief->df : (double)INFINITY;
}

/* How many of the sorted draws lie below a value, or at it too. */
static size_t draws_until(const struct hs_belief *belief, double at, int with_equal)
{
  size_t low = 0;
  size_t high = belief->draw_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    double draw = belief->draws[middle];
    if (draw < at || (with_equal && draw <= at))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static double tail_of_draws(size_t inside, size_t count)
{
  return fmin(1, ((double)inside + 1) / ((double)count + 1));
}

/* An exact value that lies at the bound counts half on either side. */
static double standardised_below(const struct hs_belief *belief, double at)
{
  if (isnan(belief->sd))
    return NONE;
  if (belief->sd > 0)
    return hs_t_cdf((at - belief->mean) / belief->sd, df_of(belief));
  return belief->mean < at ? 1 : belief->mean > at ? 0 : .5;
}

double hs_belief_below(const struct hs_belief *belief, double at)
{
  if (belief->draw_count > 0)
    return tail_of_draws(draws_until(belief, at, 0), belief->draw_count);
  return standardised_below(belief, at);
}

double hs_belief_above(const struct hs_belief *belief, double at)
{
  struct hs_belief mirrored = *belief;
  if (belief->draw_count > 0)
    return tail_of_draws(belief->draw_count - draws_until(belief, at, 1), belief->draw_count);
  mirrored.mean = -belief->mean;
  return standardised_below(&mirrored, -at);
}

double hs_belief_quantile(const struct hs_belief *belief, double p)
{
  HS_ASSERT(p > 0 && p < 1);
  if (isnan(belief->sd))
    return NONE;
  if (belief->draw_count > 0)
    return hs_quantile(belief->draws, belief->draw_count, p);
  return belief->sd > 0 ? belief->mean + belief->sd * hs_t_quantile(p, df_of(belief))
                        : belief->mean;
}

struct hs_belief hs_belief_combine(double a, const struct hs_belief *x, double b,
                                   const struct hs_belief *y)
{
  double from_x = a * a * x->sd * x->sd;
  double from_y = b * b * y->sd * y->sd;
  double variance = from_x + from_y;
  double spread = from_x * from_x / df_of(x) + from_y * from_y / df_of(y);
  return (struct hs_belief){.mean = a * x->mean + b * y->mean,
                            .sd = sqrt(variance),
                            .df = spread > 0 ? variance * variance / spread : 0};
}

double hs_belief_detectable(const struct hs_belief *belief, double mass, double power)
{
  double df = df_of(belief);
  HS_ASSERT(mass > 0 && mass < 1 && power > 0 && power < 1);
  return hs_t_quantile((1 + mass) / 2, df) + hs_t_quantile(power, df);
}

/* ---- the two views beside each other ---- */

const char *hs_honesty_verdict_name(enum hs_honesty_verdict verdict)
{
  static const char *const NAMES[] = {
      [HS_HONESTY_OVER_ATTRIBUTED] = "over-attributed",
      [HS_HONESTY_CONSISTENT] = "consistent",
      [HS_HONESTY_UNDER_ATTRIBUTED] = "under-attributed",
      [HS_HONESTY_UNDETERMINED] = "undetermined",
  };
  return NAMES[verdict];
}

static struct hs_honesty_figure figure_of(const struct hs_belief *belief, double mass)
{
  return (struct hs_honesty_figure){belief->mean, belief->sd,
                                    hs_belief_quantile(belief, (1 - mass) / 2),
                                    hs_belief_quantile(belief, (1 + mass) / 2)};
}

typedef double (*tail_fn)(const struct hs_belief *belief, double at);

/* A tail of I − factor·T. A T that is known exactly only shifts I, so that its draws keep theirs.
 */
static double contrast_tail(const struct hs_belief *incremental, const struct hs_belief *tracked,
                            double factor, tail_fn tail)
{
  if (tracked->sd <= 0)
    return tail(incremental, factor * tracked->mean);
  struct hs_belief contrast = hs_belief_combine(1, incremental, -factor, tracked);
  return tail(&contrast, 0);
}

static struct hs_honesty_figure difference_of(const struct hs_belief *incremental,
                                              const struct hs_belief *tracked, double mass)
{
  struct hs_belief contrast = hs_belief_combine(1, incremental, -1, tracked);
  struct hs_honesty_figure figure = figure_of(&contrast, mass);
  if (tracked->sd <= 0 && incremental->draw_count > 0) {
    figure.low = hs_belief_quantile(incremental, (1 - mass) / 2) - tracked->mean;
    figure.high = hs_belief_quantile(incremental, (1 + mass) / 2) - tracked->mean;
  }
  return figure;
}

/* Fieller's interval (J. Royal Statistical Society B 16, 1954): the r for which I − r·T cannot be
   told from 0. It is one piece because T's own interval lies above 0. */
static void fieller(const struct hs_belief *i, const struct hs_belief *t, double z,
                    struct hs_honesty_figure *ratio)
{
  double a = t->mean * t->mean - z * z * t->sd * t->sd;
  double b = i->mean * t->mean;
  double c = i->mean * i->mean - z * z * i->sd * i->sd;
  double root = sqrt(fmax(0, b * b - a * c));
  ratio->low = (b - root) / a;
  ratio->high = (b + root) / a;
}

static struct hs_honesty_figure ratio_of(const struct hs_belief *incremental,
                                         const struct hs_belief *tracked, double mass)
{
  struct hs_honesty_figure ratio = {NONE, NONE, NONE, NONE};
  struct hs_honesty_figure own = figure_of(tracked, mass);
  if (!(own.low > 0))
    return ratio;
  ratio.mean = incremental->mean / tracked->mean;
  if (tracked->sd <= 0) {
    ratio.low = hs_belief_quantile(incremental, (1 - mass) / 2) / tracked->mean;
    ratio.high = hs_belief_quantile(incremental, (1 + mass) / 2) / tracked->mean;
  } else if (!isnan(incremental->sd)) {
    struct hs_belief contrast = hs_belief_combine(1, incremental, -ratio.mean, tracked);
    fieller(incremental, tracked, hs_t_quantile((1 + mass) / 2, df_of(&contrast)), &ratio);
  }
  return ratio;
}

static enum hs_honesty_verdict verdict_of(const struct hs_honesty *h, int is_inside)
{
  double tail = (1 - h->options.mass) / 2;
  if (h->p_over >= 1 - tail)
    return HS_HONESTY_OVER_ATTRIBUTED;
  if (h->p_under >= 1 - tail)
    return HS_HONESTY_UNDER_ATTRIBUTED;
  return is_inside ? HS_HONESTY_CONSISTENT : HS_HONESTY_UNDETERMINED;
}

/* The larger of the two contrasts' errors, on top of the band itself. */
static double detectable_difference(const struct hs_belief *incremental,
                                    const struct hs_belief *tracked,
                                    const struct hs_honesty_options *o)
{
  struct hs_belief lower = hs_belief_combine(1, incremental, -(1 - o->band), tracked);
  struct hs_belief upper = hs_belief_combine(1, incremental, -(1 + o->band), tracked);
  return o->band * tracked->mean + fmax(lower.sd * hs_belief_detectable(&lower, o->mass, o->power),
                                        upper.sd * hs_belief_detectable(&upper, o->mass, o->power));
}

struct hs_honesty hs_honesty_compare(const struct hs_belief *tracked,
                                     const struct hs_belief *incremental,
                                     const struct hs_honesty_options *options)
{
  struct hs_honesty h = {.options = *options};
  double tail = (1 - options->mass) / 2;
  HS_ASSERT(options->band >= 0 && options->band < 1 && tracked->mean >= 0);
  h.tracked = figure_of(tracked, options->mass);
  h.incremental = figure_of(incremental, options->mass);
  h.difference = difference_of(incremental, tracked, options->mass);
  h.ratio = ratio_of(incremental, tracked, options->mass);
  /* What speaks against a claim is counted with one draw more, so each is 1 less a tail. */
  double below = contrast_tail(incremental, tracked, 1 - options->band, hs_belief_below);
  double above = contrast_tail(incremental, tracked, 1 + options->band, hs_belief_above);
  h.p_over = 1 - contrast_tail(incremental, tracked, 1 - options->band, hs_belief_above);
  h.p_under = 1 - contrast_tail(incremental, tracked, 1 + options->band, hs_belief_below);
  double between = 1 - below - above; /* NaN stays NaN, which fmax would make 0 */
  h.p_consistent = between < 0 ? 0 : between;
  h.verdict = verdict_of(&h, below <= tail && above <= tail);
  double wrong = fmin(1 - h.p_over, 1 - h.p_under);
  h.p = isnan(below) ? NONE : fmin(1, 2 * fmin(wrong, fmax(below, above)));
  h.p_adjusted = h.p;
  h.detectable_effect =
      incremental->sd * hs_belief_detectable(incremental, options->mass, options->power);
  h.detectable_difference = detectable_difference(incremental, tracked, options);
  return h;
}

/* ---- over partners ---- */

void hs_honesty_family(struct hs_honesty *const *partners, size_t count, double *p, size_t *order)
{
  for (size_t i = 0; i < count; i++)
    p[i] = partners[i]->p;
  hs_benjamini_hochberg(p, count, order, p);
  for (size_t i = 0; i < count; i++) {
    struct hs_honesty *h = partners[i];
    h->p_adjusted = p[i];
    h->is_by_chance = h->verdict != HS_HONESTY_UNDETERMINED && p[i] > HS_HONESTY_FALSE_SHARE;
    if (h->is_by_chance)
      h->verdict = HS_HONESTY_UNDETERMINED;
  }
}

struct hs_honesty_sum hs_honesty_sum_guard(const struct hs_belief *effects, size_t count,
                                           double correlation, double total, double mass)
{
  struct hs_honesty_sum guard = {.total = total};
  struct hs_belief sum = {0};
  double sd_sum = 0;
  HS_ASSERT(correlation >= 0 && correlation <= 1 && total >= 0);
  for (size_t i = 0; i < count; i++) {
    sum = hs_belief_combine(1, &sum, 1, &effects[i]);
    sd_sum += effects[i].sd;
  }
  /* The variance of equally correlated errors lies between that of independent ones and the square
     of the sum of their deviations. */
  sum.sd = sqrt((1 - correlation) * sum.sd * sum.sd + correlation * sd_sum * sd_sum);
  guard.sum = figure_of(&sum, mass);
  guard.p_above = hs_belief_above(&sum, total);
  guard.is_flagged = guard.p_above >= mass;
  return guard;
}
