#include "stats/breaks.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/status.h"
#include "stats/distribution.h"

#define LOG_2PI 0x1.d67f1c864beb5p0

/* A regime as far as it has been read (Welford): about the means, so that sums do not cancel. */
struct regime {
  double count;
  double mean, mean_time; /* of y and of its place */
  double yy, ty, tt;      /* sums of squares and products about them */
};

static void extend(struct regime *regime, double time, double y)
{
  regime->count++;
  double off = y - regime->mean;
  double off_time = time - regime->mean_time;
  double rest = 1 - 1 / regime->count;
  regime->mean += off / regime->count;
  regime->mean_time += off_time / regime->count;
  regime->yy += rest * off * off;
  regime->ty += rest * off_time * off;
  regime->tt += rest * off_time * off_time;
}

static double slope_of(const struct regime *regime, enum hs_breaks_kind kind)
{
  return kind == HS_BREAKS_LINE && regime->tt > 0 ? regime->ty / regime->tt : 0;
}

static double rss_of(const struct regime *regime, enum hs_breaks_kind kind)
{
  return fmax(0, regime->yy - slope_of(regime, kind) * regime->ty);
}

static double value_at(const struct regime *regime, enum hs_breaks_kind kind, double time)
{
  return regime->mean + slope_of(regime, kind) * (time - regime->mean_time);
}

static struct regime regime_of(const double *y, size_t from, size_t to)
{
  struct regime regime = {0};
  for (size_t t = from; t < to; t++)
    extend(&regime, (double)t, y[t]);
  return regime;
}

size_t hs_breaks_room(size_t count, const struct hs_breaks_options *options)
{
  return 2 * (options->count_max + 1) * (count + 1);
}

/* cost[m][j]: least RSS of the first j values with m breaks, and where its last regime begins. */
struct table {
  size_t width;
  double *cost;
  double *begin;
};

/* For each value in turn as the beginning of the last regime. What lies before it is final by then,
   so the n²/2 sums of squares of all regimes need not be kept. */
static void fill(const double *y, size_t count, const struct hs_breaks_options *options,
                 const struct table *table)
{
  size_t shortest = options->length_min;
  for (size_t i = 0; i < (options->count_max + 1) * table->width; i++)
    table->cost[i] = (double)INFINITY;
  for (size_t from = 0; from + shortest <= count; from++) {
    struct regime regime = {0};
    for (size_t to = from + 1; to <= count; to++) {
      extend(&regime, (double)(to - 1), y[to - 1]);
      if (to < from + shortest)
        continue;
      double rss = rss_of(&regime, options->kind);
      for (size_t m = 0; m <= options->count_max; m++) {
        double before = m == 0 ? (from == 0 ? 0 : (double)INFINITY)
                               : table->cost[(m - 1) * table->width + from];
        double *cost = &table->cost[m * table->width + to];
        if (before + rss < *cost) {
          *cost = before + rss;
          table->begin[m * table->width + to] = (double)from;
        }
      }
    }
  }
}

static double log_normal_cdf(double x)
{
  if (x > -30)
    return log(hs_normal_cdf(x));
  /* Two terms of the asymptotic series (DLMF 7.12.1): 1e−6 relative of Φ there, and better beyond.
   */
  return -0.5 * (x * x + LOG_2PI) - log(-x) + log1p(-1 / (x * x));
}

static double argmax_before(double x, double xi, double phi)
{
  double ratio = xi / phi;
  double square = (phi + 2 * xi) * (phi + 2 * xi) / ((phi + xi) * xi);
  double root = sqrt(x);
  return -exp(0.5 * (log(x) - LOG_2PI) - x / 8) -
         (phi + 2 * xi) / (ratio * (phi + xi)) *
             exp(ratio * (1 + ratio) * x / 2 + log_normal_cdf(-(0.5 + ratio) * root)) +
         (x / 2 - 2 + square) * exp(log_normal_cdf(-root / 2));
}

static double argmax_after(double x, double xi, double phi)
{
  double ratio = xi * xi / phi;
  double square = (2 * phi + xi) * (2 * phi + xi) / ((phi + xi) * phi);
  double root = sqrt(x);
  return 1 + sqrt(ratio) * exp(0.5 * (log(x) - LOG_2PI) - ratio * x / 8) +
         xi / phi * (2 * phi + xi) / (phi + xi) *
             exp((phi + xi) * x / 2 + log_normal_cdf(-(phi + xi / 2) / sqrt(phi) * root)) -
         (square - 2 + ratio * x / 2) * exp(log_normal_cdf(-sqrt(ratio) * root / 2));
}

double hs_breaks_argmax_cdf(double x, double xi, double phi)
{
  HS_ASSERT(xi > 0 && phi > 0);
  return x < 0 ? argmax_before(-x, xi, phi) : argmax_after(x, xi, phi);
}

/* The x with that probability below it. */
static double argmax_quantile(double p, double xi, double phi)
{
  double low = -1;
  double high = 1;
  while (hs_breaks_argmax_cdf(low, xi, phi) > p)
    low *= 2;
  while (hs_breaks_argmax_cdf(high, xi, phi) < p)
    high *= 2;
  for (int i = 0; i < 60; i++) {
    double middle = 0.5 * (low + high);
    *(hs_breaks_argmax_cdf(middle, xi, phi) < p ? &low : &high) = middle;
  }
  return 0.5 * (low + high);
}

/* Bai's proposition 3 with each regime's own variance: V · variance before/jump² periods. */
static void date(struct hs_break *b, const struct regime *before, const struct regime *after,
                 const struct hs_breaks_options *options)
{
  double next = (double)b->at + 1;
  double variance = rss_of(before, options->kind) / before->count;
  double variance_after = rss_of(after, options->kind) / after->count;
  b->jump = value_at(after, options->kind, next) - value_at(before, options->kind, next);
  double unit = variance / (b->jump * b->jump);
  double phi = variance_after / variance;
  double outside = 0.5 * (1 - options->level);
  b->has_interval = 0;
  /* A regime without variance, or with all but none of it beside the other, leaves no distribution.
   */
  if (!(isfinite(unit) && unit > 0 && phi > 1e-6 && phi < 1e6))
    return;
  double below = unit * argmax_quantile(outside, 1, phi);
  double above = unit * argmax_quantile(1 - outside, 1, phi);
  /* Further than any series is long: the interval says nothing, and would not fit an integer. */
  if (!(fabs(below) < 1e9 && fabs(above) < 1e9))
    return;
  b->has_interval = 1;
  b->low = (ptrdiff_t)b->at - (ptrdiff_t)ceil(above);
  b->high = (ptrdiff_t)b->at - (ptrdiff_t)floor(below);
}

static void trace(const double *y, size_t count, const struct hs_breaks_options *options,
                  const struct table *table, struct hs_breaks *out)
{
  size_t begin[HS_BREAK_COUNT_MAX + 2];
  begin[out->count + 1] = count;
  for (size_t m = out->count + 1; m-- > 0;)
    begin[m] = (size_t)table->begin[m * table->width + begin[m + 1]];
  for (size_t i = 0; i < out->count; i++) {
    struct regime before = regime_of(y, begin[i], begin[i + 1]);
    struct regime after = regime_of(y, begin[i + 1], begin[i + 2]);
    out->breaks[i].at = begin[i + 1] - 1;
    date(&out->breaks[i], &before, &after, options);
  }
}

int hs_breaks_find(const double *y, size_t count, const struct hs_breaks_options *options,
                   double *room, struct hs_breaks *out)
{
  double coefficients = options->kind == HS_BREAKS_LINE ? 2 : 1;
  HS_ASSERT(options->count_max <= HS_BREAK_COUNT_MAX && options->level > 0 && options->level < 1);
  HS_ASSERT((double)options->length_min > coefficients);
  if (count < options->length_min)
    return 0;
  struct table table = {.width = count + 1, .cost = room};
  table.begin = room + (options->count_max + 1) * table.width;
  fill(y, count, options, &table);
  memset(out, 0, sizeof *out);
  double n = (double)count;
  for (size_t m = 0; m <= options->count_max; m++) {
    double rss = table.cost[m * table.width + count];
    if (!isfinite(rss))
      break;
    out->rss[m] = rss;
    out->bic[m] = n * (LOG_2PI + 1 + log(fmax(rss, DBL_MIN) / n)) +
                  log(n) * (coefficients + 1) * (double)(m + 1);
    out->fitted_count = m + 1;
    if (out->bic[m] < out->bic[out->count])
      out->count = m;
  }
  trace(y, count, options, &table, out);
  return 1;
}
