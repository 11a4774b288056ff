/* Single comparisons: what moved, by how much, and how sure that is.

     h, a     cases of the partner and of all in a week       e   Pearson's residual of a week
     p        share of a window                               φ   their mean square
     ρ        how much a week's residual is that of the one before */
#include "measure/influence/lines.h"

#include <math.h>

#include "stats/distribution.h"
#include "stats/linear.h"

/* Beyond this the weeks are as good as one, and the formula would give infinity. */
#define RHO_MAX .9
#define WEEKS_LEFT_MIN 2.0
/* First differences of log2 activity that vary less than this tell nothing. */
#define VARIATION_MIN 1e-3

/* ---- shares of weeks ---- */

struct side {
  double hits, all, share;
};

static struct side side_of(const double *hits, const double *all, size_t count)
{
  struct side side = {0};
  for (size_t i = 0; i < count; i++) {
    side.hits += hits[i];
    side.all += all[i];
  }
  side.share = (side.hits + .5) / (side.all + 1);
  return side;
}

struct residuals {
  double squares, products;
  size_t weeks;
};

/* Pearson's residuals of one window, and the products of neighbours. */
static void add_residuals(struct residuals *sum, const struct side *side, const double *hits,
                          const double *all, size_t count)
{
  double share = side->all > 0 ? side->hits / side->all : 0;
  double before = 0;
  int has_before = 0;
  for (size_t i = 0; i < count; i++) {
    double spread = all[i] * share * (1 - share);
    if (!(spread > 0)) {
      has_before = 0;
      continue;
    }
    double e = (hits[i] - all[i] * share) / sqrt(spread);
    sum->squares += e * e;
    sum->products += has_before ? e * before : 0;
    sum->weeks++;
    before = e;
    has_before = 1;
  }
}

/* As how many weeks one week of the sample counts when it resembles its neighbours:
   (1 + ρ)/(1 − ρ), 1 for weeks that do not. */
static double likeness_of(const struct residuals *sum, size_t window)
{
  if (!(sum->squares > 0))
    return 1;
  double rho = sum->products / sum->squares;
  /* The mean of a window is taken out of its residuals, which bends ρ down by (1 + 3ρ)/n. */
  rho += (1 + 3 * fmax(rho, 0)) / (double)window;
  rho = fmin(fmax(rho, 0), RHO_MAX);
  return (1 + rho) / (1 - rho);
}

/* The two means take more out of residuals that run together. */
static double dispersion_of(const struct residuals *sum, double likeness)
{
  double weeks = (double)sum->weeks;
  double left = fmax(weeks - 2 * likeness, WEEKS_LEFT_MIN);
  return weeks <= 2 ? 1 : fmax(1, sum->squares / left * likeness);
}

static double log_variance(const struct side *side)
{
  return (1 - side->share) / ((side->all + 1) * side->share);
}

struct hs_lines_ratio hs_lines_compare_weeks(const double *hits_before, const double *all_before,
                                             const double *hits_after, const double *all_after,
                                             size_t count)
{
  struct side before = side_of(hits_before, all_before, count);
  struct side after = side_of(hits_after, all_after, count);
  struct residuals sum = {0};
  add_residuals(&sum, &before, hits_before, all_before, count);
  add_residuals(&sum, &after, hits_after, all_after, count);
  double likeness = likeness_of(&sum, count);
  double dispersion = dispersion_of(&sum, likeness);
  return (struct hs_lines_ratio){
      .ratio = after.share / before.share,
      .sd = sqrt(dispersion * (log_variance(&before) + log_variance(&after))),
      .df = fmax(1, (double)sum.weeks / likeness - 2),
      .dispersion = dispersion};
}

/* ---- groups of persons ---- */

struct hs_lines_ratio hs_lines_compare_groups(uint64_t hits, uint64_t of, uint64_t other_hits,
                                              uint64_t other_of)
{
  const double counts[2] = {(double)hits, (double)other_hits};
  const double sizes[2] = {(double)of, (double)other_of};
  struct side sides[2];
  for (size_t i = 0; i < 2; i++)
    sides[i] = side_of(&counts[i], &sizes[i], 1);
  return (struct hs_lines_ratio){.ratio = sides[0].share / sides[1].share,
                                 .sd = sqrt(log_variance(&sides[0]) + log_variance(&sides[1])),
                                 .df = (double)INFINITY,
                                 .dispersion = 1};
}

void hs_lines_share_interval(uint64_t count, uint64_t of, double dispersion, double *low,
                             double *high)
{
  *low = *high = (double)NAN;
  if (of == 0)
    return;
  double z = hs_normal_quantile(.5 + HS_LINES_LEVEL / 2);
  double n = (double)of / dispersion;
  double share = (double)count / (double)of;
  double middle = (share + z * z / (2 * n)) / (1 + z * z / n);
  double half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  *low = count == 0 ? 0 : fmax(0, middle - half);
  *high = count == of ? 1 : fmin(1, middle + half);
}

/* ---- searches ---- */

enum {
  TERMS = 3, /* constant, this week's activity, last week's */
  LAGS = 2,
  AROUND = 2, /* weeks on each side of one */
  WEEKS_LEAST = 8,
};

struct fit {
  double inverse[TERMS * TERMS]; /* of X'X */
  double b[TERMS];
};

static void row_of(const double *x, size_t t, double out[TERMS])
{
  out[0] = 1;
  out[1] = x[t];
  out[2] = x[t - 1];
}

/* Ordinary least squares over t = 1 … count − 1. 0 when the activity does not vary. */
static int fit_least_squares(const double *x, const double *y, size_t count, struct fit *fit)
{
  double a[TERMS * TERMS] = {0};
  size_t pivots[TERMS];
  for (size_t i = 0; i < TERMS; i++)
    fit->b[i] = 0;
  for (size_t t = 1; t < count; t++) {
    double row[TERMS];
    row_of(x, t, row);
    for (size_t i = 0; i < TERMS; i++) {
      fit->b[i] += row[i] * y[t];
      for (size_t j = 0; j < TERMS; j++)
        a[i * TERMS + j] += row[i] * row[j];
    }
  }
  if (hs_lu_factor(a, TERMS, pivots) != 0)
    return 0;
  hs_lu_solve(a, TERMS, pivots, fit->b);
  hs_lu_invert(a, TERMS, pivots, fit->inverse);
  return 1;
}

/* The weight of row t in b1 + b2: w'(X'X)⁻¹ x_t with w = (0, 1, 1). */
static double weight_of(const struct fit *fit, const double *x, size_t t)
{
  double row[TERMS];
  double sum = 0;
  row_of(x, t, row);
  for (size_t j = 0; j < TERMS; j++)
    sum += (fit->inverse[1 * TERMS + j] + fit->inverse[2 * TERMS + j]) * row[j];
  return sum;
}

/* Of every five weeks one goes into the mean that is taken off. */
static double freedom_of(size_t count)
{
  return (double)(count - 1) * 2 * AROUND / (2 * AROUND + 1) - TERMS;
}

/* The larger of the plain and the Newey-West variance of b1 + b2. scores has count doubles. */
static double variance_of(const struct fit *fit, const double *x, const double *y, size_t count,
                          double *scores)
{
  double squares = 0, spread = 0, robust = 0;
  for (size_t t = 1; t < count; t++) {
    double e = y[t] - fit->b[0] - fit->b[1] * x[t] - fit->b[2] * x[t - 1];
    double weight = weight_of(fit, x, t);
    squares += e * e;
    spread += weight * weight;
    scores[t] = weight * e;
  }
  for (size_t lag = 0; lag <= LAGS; lag++)
    for (size_t t = 1 + lag; t < count; t++)
      robust += (lag == 0 ? 1 : 2 * (1 - (double)lag / (LAGS + 1))) * scores[t] * scores[t - lag];
  double n = (double)(count - 1);
  double left = freedom_of(count);
  return fmax(squares / left * spread, robust * n / left);
}

static double activity_level(const double *activity, size_t week)
{
  return log2(1 + activity[week]);
}

static double search_level(const double *searches, const double *control, size_t week)
{
  return log(searches[week] + .5) - (control == NULL ? 0 : log(control[week] + .5));
}

/* What a week is above the five weeks around it: levels, trends and seasons that take months are
   nearly the same in all five, and drop out. */
static void stand_out(const double *searches, const double *control, const double *activity,
                      size_t week, double *x, double *y)
{
  *x = activity_level(activity, week + AROUND);
  *y = search_level(searches, control, week + AROUND);
  for (size_t i = 0; i <= 2 * AROUND; i++) {
    *x -= activity_level(activity, week + i) / (2 * AROUND + 1);
    *y -= search_level(searches, control, week + i) / (2 * AROUND + 1);
  }
}

int hs_lines_compare_searches(const double *searches, const double *control, const double *activity,
                              size_t count, double *room, struct hs_lines_ratio *out)
{
  double *x = room, *y = room + count, *scores = room + 2 * count;
  struct fit fit;
  size_t n = count > 2 * AROUND ? count - 2 * AROUND : 0;
  double variation = 0;
  for (size_t t = 0; t < n; t++) {
    stand_out(searches, control, activity, t, &x[t], &y[t]);
    variation += x[t] * x[t];
  }
  if (n < WEEKS_LEAST || variation / (double)n < VARIATION_MIN || !fit_least_squares(x, y, n, &fit))
    return 0;
  double variance = variance_of(&fit, x, y, n, scores);
  *out = (struct hs_lines_ratio){.ratio = exp(fit.b[1] + fit.b[2]),
                                 .sd = sqrt(variance),
                                 .df = freedom_of(n),
                                 .dispersion = 1};
  return isfinite(out->ratio) && isfinite(out->sd) && out->sd > 0;
}
