/* Regression of the treated total on the donors' total before the start (Kerman, Wang and Vaver,
   "Estimating Ad Effectiveness using Geo Experiments in a Time-Based Regression Framework", 2017).
   Under independent normal errors the incremental total over T₁ periods has Student's t around
   Σ(y − a − bx) with T₀ − 2 degrees of freedom and the variance
   s² (T₁ + T₁² (1/T₀ + (x̄₁ − x̄₀)² / Sxx)). Daily errors are not independent, so that this interval
   is given beside the test and is not the answer. */
#include <math.h>

#include "measure/influence/geo_priv.h"
#include "stats/distribution.h"

/* Squares of deviations below this part of the squares themselves are rounding of a flat series. */
#define FLAT 1e-24

struct line {
  double mean_x, mean_y, sxx, sxy;
};

static double total_of_donors(const struct hs_geo_case *of, size_t period)
{
  double sum = 0;
  for (size_t i = 0; i < of->donor_count; i++)
    sum += of->donors[i * of->period_count + period];
  return sum;
}

/* What a line is drawn through: part times the target, less θ from the start on. */
struct aim {
  double part, theta;
};

static double aimed_at(const struct hs_geo_case *of, const struct aim *aim, size_t period)
{
  return aim->part * of->target[period] - (period >= of->start ? aim->theta : 0);
}

/* Least squares over the first `count` periods. */
static struct line fit_line(const struct hs_geo_case *of, size_t count, const struct aim *aim)
{
  struct line line = {0};
  for (size_t k = 0; k < count; k++) {
    line.mean_x += total_of_donors(of, k) / (double)count;
    line.mean_y += aimed_at(of, aim, k) / (double)count;
  }
  for (size_t k = 0; k < count; k++) {
    double x = total_of_donors(of, k) - line.mean_x;
    line.sxx += x * x;
    line.sxy += x * (aimed_at(of, aim, k) - line.mean_y);
  }
  return line;
}

static double residual(const struct line *line, double x, double y)
{
  return y - line->mean_y - line->sxy / line->sxx * (x - line->mean_x);
}

/* Totals are the treated mean times their number. */
static void find_errors(const struct hs_geo_case *of, const struct line *line, double level,
                        const double *effect, struct hs_geo_errors *out)
{
  double many = (double)of->treated_count;
  double t0 = (double)of->start;
  double t1 = (double)(of->period_count - of->start);
  double squares = 0;
  double total = 0;
  double mean_x = 0;
  for (size_t k = 0; k < of->period_count; k++) {
    if (k < of->start)
      squares += effect[k] * effect[k];
    else {
      total += many * effect[k];
      mean_x += total_of_donors(of, k) / t1;
    }
  }
  double away = mean_x - line->mean_x;
  out->df = t0 - 2;
  out->slope = many * line->sxy / line->sxx;
  out->intercept = many * line->mean_y - out->slope * line->mean_x;
  out->regression =
      many * sqrt(squares / out->df * (t1 + t1 * t1 * (1 / t0 + away * away / line->sxx)));
  /* What the slope's own error adds to the mean of a window. */
  out->leverage = sqrt(1 + away * away / line->sxx / (1 / t0 + 1 / t1));
  double half = hs_t_quantile(0.5 + level / 2, out->df) * out->regression;
  out->classic_low = total - half;
  out->classic_high = total + half;
}

enum hs_status hs_geo_tbr_fit(const struct hs_geo_case *of, double level, struct hs_geo_errors *out,
                              double *effect, struct hs_err *err)
{
  const struct aim as_it_is = {.part = 1};
  struct line line = fit_line(of, of->start, &as_it_is);
  if (!(line.sxx > FLAT * (double)of->start * line.mean_x * line.mean_x))
    return hs_fail(err, HS_INSUFFICIENT,
                   "the regions compared with never change before the start: there is no line");
  for (size_t k = 0; k < of->period_count; k++)
    effect[k] = residual(&line, total_of_donors(of, k), of->target[k]);
  find_errors(of, &line, level, effect, out);
  return HS_OK;
}

enum hs_status hs_geo_tbr_at(void *context, double theta, int direction, double *u, double *change,
                             double *reach, [[maybe_unused]] struct hs_err *err)
{
  const struct hs_geo_case *of = context;
  const struct aim here = {.part = 1, .theta = theta};
  const struct aim further = {.part = 0, .theta = direction};
  struct line at = fit_line(of, of->period_count, &here);
  struct line turn = fit_line(of, of->period_count, &further);
  for (size_t k = 0; k < of->period_count; k++) {
    double x = total_of_donors(of, k);
    u[k] = residual(&at, x, aimed_at(of, &here, k));
    change[k] = residual(&turn, x, aimed_at(of, &further, k));
  }
  *reach = (double)INFINITY;
  return HS_OK;
}
