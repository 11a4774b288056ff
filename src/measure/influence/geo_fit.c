#include <math.h>
#include <string.h>

#include "measure/influence/geo_priv.h"
#include "stats/linear.h"

static double *doubles(struct hs_arena *arena, size_t count)
{
  return hs_arena_alloc(arena, count, sizeof(double));
}

static enum hs_status make_room(struct hs_arena *arena, struct hs_geo_fit *fit, struct hs_err *err)
{
  size_t n = fit->of->donor_count;
  size_t t = fit->of->period_count;
  fit->x = doubles(arena, n * t);
  fit->y = doubles(arena, t);
  fit->step = doubles(arena, t);
  fit->inner = doubles(arena, n * n);
  fit->penalty = doubles(arena, n * n);
  fit->q_target = doubles(arena, 6 * n);
  if (fit->x == NULL || fit->y == NULL || fit->step == NULL || fit->inner == NULL ||
      fit->penalty == NULL || fit->q_target == NULL)
    return hs_arena_full(arena, "the comparison of regions", err);
  fit->q_step = fit->q_target + n;
  fit->q = fit->q_target + 2 * n;
  fit->direction = fit->q_target + 3 * n;
  fit->w = fit->q_target + 4 * n;
  fit->slope = fit->q_target + 5 * n;
  return hs_simplex_room_init(arena, n, &fit->room, err);
}

static double mean_of(const double *values, size_t count)
{
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += values[i];
  return sum / (double)count;
}

static void subtract(double *values, size_t count, double what)
{
  for (size_t i = 0; i < count; i++)
    values[i] -= what;
}

static void centre(struct hs_geo_fit *fit, int has_fixed_effects)
{
  size_t n = fit->of->donor_count;
  size_t t = fit->of->period_count;
  memcpy(fit->x, fit->of->donors, n * t * sizeof *fit->x);
  memcpy(fit->y, fit->of->target, t * sizeof *fit->y);
  for (size_t k = 0; k < t; k++)
    fit->step[k] = k >= fit->of->start;
  for (size_t i = 0; has_fixed_effects && i < n; i++)
    subtract(fit->x + i * t, t, mean_of(fit->x + i * t, fit->count));
  if (has_fixed_effects) {
    subtract(fit->y, t, mean_of(fit->y, fit->count));
    subtract(fit->step, t, mean_of(fit->step, fit->count));
  }
  for (size_t k = 0; k < t; k++) {
    double mean = 0;
    for (size_t i = 0; i < n; i++)
      mean += fit->x[i * t + k] / (double)n;
    for (size_t i = 0; i < n; i++)
      fit->x[i * t + k] -= mean;
    fit->y[k] -= mean;
  }
}

static double inner_product(const double *a, const double *b, size_t count)
{
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += a[i] * b[i];
  return sum;
}

static void multiply(struct hs_geo_fit *fit, double ridge)
{
  size_t n = fit->of->donor_count;
  size_t t = fit->of->period_count;
  for (size_t i = 0; i < n; i++) {
    const double *row = fit->x + i * t;
    for (size_t j = 0; j <= i; j++)
      fit->inner[i * n + j] = fit->inner[j * n + i] =
          inner_product(row, fit->x + j * t, fit->count);
    fit->q_target[i] = inner_product(row, fit->y, fit->count);
    fit->q_step[i] = inner_product(row, fit->step, fit->count);
  }
  memcpy(fit->penalty, fit->inner, n * n * sizeof *fit->penalty);
  for (size_t i = 0; i < n; i++)
    fit->penalty[i * n + i] += ridge;
}

enum hs_status hs_geo_fit_make(struct hs_arena *arena, const struct hs_geo_case *of,
                               const struct hs_geo_fit_how *how, struct hs_geo_fit *out,
                               struct hs_err *err)
{
  struct hs_geo_fit fit = {.of = of, .count = how->count};
  HS_ASSERT(how->count > 0 && how->count <= of->period_count);
  enum hs_status status = make_room(arena, &fit, err);
  if (status != HS_OK)
    return status;
  centre(&fit, how->has_fixed_effects);
  multiply(&fit, how->ridge);
  *out = fit;
  return HS_OK;
}

enum hs_status hs_geo_fit_augment(struct hs_arena *arena, struct hs_geo_fit *fit, double lambda,
                                  struct hs_err *err)
{
  size_t n = fit->of->donor_count;
  fit->smoother = doubles(arena, n * n);
  fit->extra = doubles(arena, n);
  if (fit->smoother == NULL || fit->extra == NULL)
    return hs_arena_full(arena, "a ridge regression", err);
  memcpy(fit->smoother, fit->inner, n * n * sizeof *fit->smoother);
  for (size_t i = 0; i < n; i++)
    fit->smoother[i * n + i] += lambda;
  if (hs_cholesky_factor(fit->smoother, n) != 0)
    return hs_fail(err, HS_NO_CONVERGENCE, "the ridge regression with penalty %g has no solution",
                   lambda);
  return HS_OK;
}

enum hs_status hs_geo_fit_solve(struct hs_geo_fit *fit, double theta, struct hs_err *err)
{
  size_t n = fit->of->donor_count;
  for (size_t i = 0; i < n; i++)
    fit->q[i] = fit->q_target[i] - theta * fit->q_step[i];
  const struct hs_simplex_qp programme = {.n = n, .p = fit->penalty, .q = fit->q};
  if (!hs_simplex_qp_solve(&programme, &fit->room, fit->w))
    return hs_fail(err, HS_NO_CONVERGENCE, "no weights of the %zu regions were found", n);
  return HS_OK;
}

/* out −= the donors weighted by w. */
static void subtract_weighted(const struct hs_geo_fit *fit, const double *w, double *out)
{
  size_t t = fit->of->period_count;
  for (size_t i = 0; i < fit->of->donor_count; i++) {
    const double *row = fit->x + i * t;
    for (size_t k = 0; w[i] != 0 && k < t; k++)
      out[k] -= w[i] * row[k];
  }
}

/* What the ridge regression of the residuals on the donors says is taken from them. Linear. */
static void smooth(struct hs_geo_fit *fit, double *out)
{
  size_t t = fit->of->period_count;
  if (fit->smoother == NULL)
    return;
  for (size_t i = 0; i < fit->of->donor_count; i++)
    fit->extra[i] = inner_product(fit->x + i * t, out, fit->count);
  hs_cholesky_solve(fit->smoother, fit->of->donor_count, fit->extra);
  subtract_weighted(fit, fit->extra, out);
}

void hs_geo_fit_residuals(struct hs_geo_fit *fit, double theta, double *out)
{
  for (size_t k = 0; k < fit->of->period_count; k++)
    out[k] = fit->y[k] - theta * fit->step[k];
  subtract_weighted(fit, fit->w, out);
  smooth(fit, out);
}

enum hs_status hs_geo_fit_at(void *context, double theta, int direction, double *u, double *change,
                             double *reach, struct hs_err *err)
{
  struct hs_geo_fit *fit = context;
  enum hs_status status = hs_geo_fit_solve(fit, theta, err);
  if (status != HS_OK)
    return status;
  const struct hs_simplex_qp programme = {
      .n = fit->of->donor_count, .p = fit->penalty, .q = fit->q};
  for (size_t i = 0; i < fit->of->donor_count; i++)
    fit->direction[i] = -direction * fit->q_step[i];
  *reach = hs_simplex_qp_slope(&programme, &fit->room, fit->w, fit->direction, fit->slope);
  hs_geo_fit_residuals(fit, theta, u);
  for (size_t k = 0; k < fit->of->period_count; k++)
    change[k] = -direction * fit->step[k];
  subtract_weighted(fit, fit->slope, change);
  smooth(fit, change);
  return HS_OK;
}
