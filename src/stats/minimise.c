#include "stats/minimise.h"

#include <float.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>

#include "stats/linear.h"

/* What stands for a value that is not to be had. High above every log-likelihood, and its square
   is still finite: GSL fits parabolas and cubics through it. */
#define WALL 1e100

/* How often a search that is stuck starts anew before what it has is judged. */
#define STARTS 4
/* Newton's steps double the digits, so the last ones that a line search cannot see take two. */
#define NEWTON_STEPS 4
/* Where the rounding of a long sum leaves a search that has done all it can: see the header. */
#define NEARLY 1e3

/* GSL's minimisers ask for values by these; what a run counts and keeps stands beside. */
struct search {
  const struct hs_minimise_problem *problem;
  uint32_t evaluations;
};

static void switch_handler_off(void) { (void)gsl_set_error_handler_off(); }

static void calm_gsl(void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  HS_ASSERT(pthread_once(&once, switch_handler_off) == 0);
}

/* ---- values and gradients ------------------------------------------------------------------- */

static double raw_value(struct search *search, const double *x, double *gradient)
{
  search->evaluations++;
  return search->problem->value(x, gradient, search->problem->context);
}

/* The cube root of the rounding error balances it against the error of a central difference. */
static double difference_step(double x) { return 0x1p-17 * fmax(fabs(x), 1.0); }

static void take_differences(struct search *search, const double *x, double *gradient)
{
  double moved[HS_MINIMISE_PARAMETERS_MAX];
  size_t count = search->problem->count;
  memcpy(moved, x, count * sizeof *x);
  for (size_t i = 0; i < count; i++) {
    double step = difference_step(x[i]);
    moved[i] = x[i] + step;
    double above = raw_value(search, moved, NULL), width = moved[i];
    moved[i] = x[i] - step;
    double below = raw_value(search, moved, NULL);
    width -= moved[i];
    gradient[i] = (above - below) / width;
    moved[i] = x[i];
  }
}

/* The value at x, and the gradient where one is wanted; WALL and a gradient of zero where either
   is not finite. */
static double walled_value(struct search *search, const double *x, double *gradient)
{
  size_t count = search->problem->count;
  int by_differences = search->problem->has_no_gradient;
  if (gradient)
    memset(gradient, 0, count * sizeof *gradient);
  double value = raw_value(search, x, by_differences ? NULL : gradient);
  if (gradient && by_differences && isfinite(value))
    take_differences(search, x, gradient);
  int is_finite = isfinite(value);
  for (size_t i = 0; gradient && i < count; i++)
    is_finite = is_finite && isfinite(gradient[i]);
  if (is_finite)
    return value;
  if (gradient)
    memset(gradient, 0, count * sizeof *gradient);
  return WALL;
}

/* GSL's vectors may be strided; ours never are, and those that GSL makes are not either. */
static double value_for_gsl(const gsl_vector *x, void *context)
{
  HS_ASSERT(x->stride == 1);
  return walled_value(context, x->data, NULL);
}

static void both_for_gsl(const gsl_vector *x, void *context, double *value, gsl_vector *gradient)
{
  HS_ASSERT(x->stride == 1 && gradient->stride == 1);
  *value = walled_value(context, x->data, gradient->data);
}

static void gradient_for_gsl(const gsl_vector *x, void *context, gsl_vector *gradient)
{
  double value = 0;
  both_for_gsl(x, context, &value, gradient);
}

static double relative_gradient(const double *x, const double *gradient, size_t count, double value)
{
  double largest = 0;
  for (size_t i = 0; i < count; i++)
    largest = fmax(largest, fabs(gradient[i]) * fmax(fabs(x[i]), 1.0));
  return largest / fmax(fabs(value), 1.0);
}

double hs_minimise_fence(const double *logs, const double *centre, size_t count, double *gradient)
{
  double sum = 0;
  for (size_t i = 0; i < count; i++) {
    double away = logs[i] - centre[i], beyond = fabs(away) - HS_MINIMISE_FENCE;
    if (!(beyond > 0))
      continue;
    sum += beyond * beyond;
    if (gradient)
      gradient[i] += copysign(2 * beyond, away);
  }
  return sum;
}

/* ---- what both methods begin with ----------------------------------------------------------- */

static enum hs_status check_start(struct search *search, const double *x, struct hs_err *err)
{
  size_t count = search->problem->count;
  if (count < 1 || count > HS_MINIMISE_PARAMETERS_MAX)
    return hs_fail(err, HS_INVALID, "a search has 1 to %d parameters, got %zu",
                   HS_MINIMISE_PARAMETERS_MAX, count);
  for (size_t i = 0; i < count; i++)
    if (!isfinite(x[i]))
      return hs_fail(err, HS_INVALID, "the search cannot start: parameter %zu is %g", i + 1, x[i]);
  double value = raw_value(search, x, NULL);
  if (!isfinite(value))
    return hs_fail(err, HS_INVALID, "the search cannot start: the value there is %g", value);
  return HS_OK;
}

static enum hs_status no_room(size_t count, struct hs_err *err)
{
  return hs_fail(err, HS_NOMEM, "no memory for a search over %zu parameters", count);
}

/* ---- curvature ------------------------------------------------------------------------------ */

/* Row i from gradients on both sides of x[i]. */
static void curvature_row(struct search *search, double *moved, size_t i, double step, double *row)
{
  size_t count = search->problem->count;
  double kept = moved[i], below[HS_MINIMISE_PARAMETERS_MAX];
  moved[i] = kept - step;
  double ends = raw_value(search, moved, below);
  moved[i] = kept + step;
  ends += raw_value(search, moved, row);
  moved[i] = kept;
  for (size_t j = 0; j < count; j++)
    row[j] = isfinite(ends) ? (row[j] - below[j]) / (2 * step) : (double)NAN;
}

/* Element (i, j) from the values at the four corners around x; on the diagonal the corners fall
   together to x and two steps away. */
static double curvature_of_values(struct search *search, double *moved, size_t i, size_t j,
                                  const double *steps)
{
  double at_i = moved[i], at_j = moved[j], sum = 0;
  for (int corner = 0; corner < 4; corner++) {
    double to_i = corner & 1 ? 1.0 : -1.0, to_j = corner & 2 ? 1.0 : -1.0;
    moved[i] = at_i + to_i * steps[i];
    moved[j] = (i == j ? moved[j] : at_j) + to_j * steps[j];
    sum += to_i * to_j * raw_value(search, moved, NULL);
    moved[i] = at_i;
    moved[j] = at_j;
  }
  return sum / (4 * steps[i] * steps[j]);
}

/* 0, or the number of the parameter around which the function is not defined. */
static size_t take_curvature(struct search *search, const double *x, double step, double *curvature)
{
  size_t n = search->problem->count;
  double moved[HS_MINIMISE_PARAMETERS_MAX], steps[HS_MINIMISE_PARAMETERS_MAX];
  for (size_t i = 0; i < n; i++) {
    moved[i] = x[i];
    steps[i] = (step > 0 ? step : 1e-4) * fmax(fabs(x[i]), 1.0);
  }
  memset(curvature, 0, n * n * sizeof *curvature);
  for (size_t i = 0; i < n; i++) {
    if (!search->problem->has_no_gradient)
      curvature_row(search, moved, i, steps[i], curvature + i * n);
    for (size_t j = 0; search->problem->has_no_gradient && j <= i; j++)
      curvature[i * n + j] = curvature[j * n + i] = curvature_of_values(search, moved, i, j, steps);
  }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) {
      double mean = 0.5 * (curvature[i * n + j] + curvature[j * n + i]);
      if (!isfinite(mean))
        return i + 1;
      curvature[i * n + j] = curvature[j * n + i] = mean;
    }
  return 0;
}

enum hs_status hs_minimise_curvature(const struct hs_minimise_problem *problem, const double *x,
                                     double step, double *curvature, struct hs_err *err)
{
  struct search search = {.problem = problem};
  enum hs_status status = check_start(&search, x, err);
  if (status)
    return status;
  size_t parameter = take_curvature(&search, x, step, curvature);
  if (parameter)
    return hs_fail(err, HS_INVALID, "the function is not defined around parameter %zu = %g",
                   parameter, x[parameter - 1]);
  return HS_OK;
}

void hs_minimise_covariance(const struct hs_minimise_problem *problem, const double *x,
                            double *covariance)
{
  size_t n = problem->count;
  double factor[HS_MINIMISE_PARAMETERS_MAX * HS_MINIMISE_PARAMETERS_MAX];
  int has_top =
      hs_minimise_curvature(problem, x, 0, factor, NULL) == HS_OK && !hs_cholesky_factor(factor, n);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      covariance[i * n + j] = has_top ? (i == j ? 1.0 : 0.0) : (double)NAN;
  /* The inverse is symmetric, so that its rows are its columns. */
  for (size_t i = 0; has_top && i < n; i++)
    hs_cholesky_solve(factor, n, covariance + i * n);
}

/* ---- BFGS ----------------------------------------------------------------------------------- */

/* One run from minimiser->x until the gradient is small, the search is stuck or the iterations are
   used up. */
static double descend(gsl_multimin_fdfminimizer *minimiser, double tolerance,
                      uint32_t iterations_max, uint32_t *iterations)
{
  size_t count = minimiser->x->size;
  int status = GSL_SUCCESS;
  for (;;) {
    double left = relative_gradient(minimiser->x->data, minimiser->gradient->data, count,
                                    gsl_multimin_fdfminimizer_minimum(minimiser));
    if (left <= tolerance || status != GSL_SUCCESS || *iterations >= iterations_max)
      return left;
    status = gsl_multimin_fdfminimizer_iterate(minimiser);
    ++*iterations;
  }
}

/* Runs from x, each from where the last was stuck, its step at the length the last one left off
   with; x is where they ended. */
static enum hs_status descend_again(gsl_multimin_fdfminimizer *minimiser, struct search *search,
                                    const struct hs_minimise_options *options, double *x,
                                    struct hs_minimum *minimum)
{
  size_t count = search->problem->count;
  gsl_multimin_function_fdf function = {value_for_gsl, gradient_for_gsl, both_for_gsl, count,
                                        search};
  double step = options->first_step > 0 ? options->first_step : 0.1;
  double tolerance = options->tolerance > 0 ? options->tolerance : 1e-9;
  uint32_t iterations_max = options->iterations_max ? options->iterations_max : 500;
  minimum->gradient = HUGE_VAL;
  for (int start = 0; start < STARTS && minimum->gradient > tolerance; start++, step *= 0.1) {
    gsl_vector_const_view from = gsl_vector_const_view_array(x, count);
    int status = gsl_multimin_fdfminimizer_set(minimiser, &function, &from.vector, step, 0.1);
    if (status != GSL_SUCCESS)
      return HS_FAILED;
    minimum->gradient = descend(minimiser, tolerance, iterations_max, &minimum->iterations);
    minimum->value = gsl_multimin_fdfminimizer_minimum(minimiser);
    memcpy(x, gsl_multimin_fdfminimizer_x(minimiser)->data, count * sizeof *x);
  }
  return HS_OK;
}

/* A line search compares values, and those are flat to rounding while the gradient still has half
   of its digits. Newton's method needs no values: a step is taken if it makes the gradient smaller.
   Nothing is done where the curvature is not that of a minimum. */
static void polish(struct search *search, double tolerance, double *x, struct hs_minimum *minimum)
{
  size_t count = search->problem->count;
  double curvature[HS_MINIMISE_PARAMETERS_MAX * HS_MINIMISE_PARAMETERS_MAX];
  double step[HS_MINIMISE_PARAMETERS_MAX], tried[HS_MINIMISE_PARAMETERS_MAX];
  for (int i = 0; i < NEWTON_STEPS && minimum->gradient > tolerance; i++) {
    (void)walled_value(search, x, step);
    if (take_curvature(search, x, 0, curvature) || hs_cholesky_factor(curvature, count))
      return;
    hs_cholesky_solve(curvature, count, step);
    for (size_t j = 0; j < count; j++)
      tried[j] = x[j] - step[j];
    double value = walled_value(search, tried, step);
    double left = relative_gradient(tried, step, count, value);
    if (!(left < minimum->gradient) || value >= WALL)
      return;
    memcpy(x, tried, count * sizeof *x);
    minimum->value = value;
    minimum->gradient = left;
  }
}

enum hs_status hs_minimise_bfgs(const struct hs_minimise_problem *problem,
                                const struct hs_minimise_options *options, double *x,
                                struct hs_minimum *out, struct hs_err *err)
{
  struct search search = {.problem = problem};
  enum hs_status status = check_start(&search, x, err);
  if (status)
    return status;
  calm_gsl();
  gsl_multimin_fdfminimizer *minimiser =
      gsl_multimin_fdfminimizer_alloc(gsl_multimin_fdfminimizer_vector_bfgs2, problem->count);
  if (!minimiser)
    return no_room(problem->count, err);
  double found[HS_MINIMISE_PARAMETERS_MAX];
  memcpy(found, x, problem->count * sizeof *x);
  struct hs_minimum minimum = {0};
  double tolerance = options->tolerance > 0 ? options->tolerance : 1e-9;
  status = descend_again(minimiser, &search, options, found, &minimum);
  gsl_multimin_fdfminimizer_free(minimiser);
  if (!status)
    polish(&search, tolerance, found, &minimum);
  if (!status && !(minimum.gradient <= NEARLY * tolerance))
    status = HS_NO_CONVERGENCE;
  minimum.evaluations = search.evaluations;
  if (status)
    return hs_fail(err, status, "no minimum after %u iterations: value %.10g, relative gradient %g",
                   minimum.iterations, minimum.value, minimum.gradient);
  memcpy(x, found, problem->count * sizeof *x);
  if (out)
    *out = minimum;
  return HS_OK;
}

/* ---- simplex -------------------------------------------------------------------------------- */

static enum hs_status fold(gsl_multimin_fminimizer *minimiser, struct search *search,
                           const struct hs_minimise_options *options, const double *x,
                           struct hs_minimum *minimum)
{
  size_t count = search->problem->count;
  double size[HS_MINIMISE_PARAMETERS_MAX];
  for (size_t i = 0; i < count; i++)
    size[i] = options->size ? options->size[i] : 1.0;
  gsl_vector_const_view from = gsl_vector_const_view_array(x, count);
  gsl_vector_const_view sizes = gsl_vector_const_view_array(size, count);
  gsl_multimin_function function = {value_for_gsl, count, search};
  double tolerance = options->tolerance > 0 ? options->tolerance : 1e-6;
  uint32_t per_parameter = 500 * (uint32_t)count;
  uint32_t iterations_max = options->iterations_max ? options->iterations_max : per_parameter;
  int status = gsl_multimin_fminimizer_set(minimiser, &function, &from.vector, &sizes.vector);
  while (status == GSL_SUCCESS && minimum->iterations < iterations_max &&
         gsl_multimin_fminimizer_size(minimiser) > tolerance) {
    status = gsl_multimin_fminimizer_iterate(minimiser);
    minimum->iterations++;
  }
  minimum->value = gsl_multimin_fminimizer_minimum(minimiser);
  return gsl_multimin_fminimizer_size(minimiser) <= tolerance ? HS_OK : HS_NO_CONVERGENCE;
}

enum hs_status hs_minimise_simplex(const struct hs_minimise_problem *problem,
                                   const struct hs_minimise_options *options, double *x,
                                   struct hs_minimum *out, struct hs_err *err)
{
  struct search search = {.problem = problem};
  enum hs_status status = check_start(&search, x, err);
  if (status)
    return status;
  calm_gsl();
  gsl_multimin_fminimizer *minimiser =
      gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, problem->count);
  if (!minimiser)
    return no_room(problem->count, err);
  struct hs_minimum minimum = {.gradient = (double)NAN};
  status = fold(minimiser, &search, options, x, &minimum);
  minimum.evaluations = search.evaluations;
  double size = gsl_multimin_fminimizer_size(minimiser);
  if (!status) {
    memcpy(x, gsl_multimin_fminimizer_x(minimiser)->data, problem->count * sizeof *x);
    if (out)
      *out = minimum;
  }
  gsl_multimin_fminimizer_free(minimiser);
  if (status)
    return hs_fail(err, status, "no minimum after %u iterations: value %.10g, simplex of size %g",
                   minimum.iterations, minimum.value, size);
  return HS_OK;
}
