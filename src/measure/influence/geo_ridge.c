/* The penalty of the ridge regression, chosen as the documentation of augsynth states it: 21 values
   from the largest eigenvalue of K down by a factor of 10⁸ in equal ratios; each period before the
   start but the last is left out in turn, weights and regression are found without it, and the
   squared error of what they say of it is noted; of the penalties whose mean error is within one
   standard error of the least, the largest is taken.

   With one period left out K loses xx', x the donors' figures of that period. So no regression is
   solved 21 × T₀ times from the start: with A = K + λ,
   (A − xx')⁻¹ g = A⁻¹g + A⁻¹x · x'A⁻¹g / (1 − x'A⁻¹x)  (Sherman and Morrison 1950). */
#include <math.h>
#include <string.h>

#include "measure/influence/geo_priv.h"
#include "stats/linear.h"

#define LAMBDA_COUNT 21
#define LAMBDA_RATIO_MIN 1e-8
/* Rounds of the power method, and the relative change at which it rests. */
#define POWER_ROUNDS 5000
#define POWER_REST 1e-15

struct ridge {
  struct hs_geo_fit *fit;
  size_t n, held_count;
  double *penalty; /* K less one period, for the weights without it */
  double *q, *w, *x;
  double *residuals; /* of the weights without that period */
  double *factors;   /* of K + λ, for each λ */
  double *solved_g, *solved_x;
  double *errors; /* [λ × held_count + period] */
  double lambdas[LAMBDA_COUNT];
};

/* The largest eigenvalue of K, by the power method with Rayleigh's quotient, whose error is the
   square of the vector's. */
static double largest_eigenvalue(const double *k, size_t n, double *v, double *product)
{
  double value = 0;
  for (size_t i = 0; i < n; i++)
    v[i] = 1 + (double)i / (double)n; /* K sends equal entries to 0: the donors are centred */
  for (int round = 0; round < POWER_ROUNDS; round++) {
    double before = value;
    double along = 0;
    double norm = 0;
    double length = 0;
    for (size_t i = 0; i < n; i++) {
      product[i] = 0;
      for (size_t j = 0; j < n; j++)
        product[i] += k[i * n + j] * v[j];
      along += product[i] * v[i];
      length += v[i] * v[i];
      norm += product[i] * product[i];
    }
    if (!(norm > 0))
      return 0;
    value = along / length;
    for (size_t i = 0; i < n; i++)
      v[i] = product[i] / sqrt(norm);
    if (fabs(value - before) <= POWER_REST * value)
      break;
  }
  return value;
}

static enum hs_status make_room(struct hs_arena *arena, struct ridge *r, struct hs_err *err)
{
  size_t n = r->n;
  r->penalty = hs_arena_alloc(arena, n * n, sizeof(double));
  r->q = hs_arena_alloc(arena, 5 * n, sizeof(double));
  r->residuals = hs_arena_alloc(arena, r->fit->of->period_count, sizeof(double));
  r->factors = hs_arena_alloc(arena, LAMBDA_COUNT * n * n, sizeof(double));
  r->errors = hs_arena_alloc(arena, LAMBDA_COUNT * r->held_count, sizeof(double));
  if (r->penalty == NULL || r->q == NULL || r->residuals == NULL || r->factors == NULL ||
      r->errors == NULL)
    return hs_arena_full(arena, "the choice of a penalty", err);
  r->w = r->q + n;
  r->x = r->q + 2 * n;
  r->solved_g = r->q + 3 * n;
  r->solved_x = r->q + 4 * n;
  return HS_OK;
}

static enum hs_status factor_all(struct ridge *r, struct hs_err *err)
{
  size_t n = r->n;
  double largest = largest_eigenvalue(r->fit->inner, n, r->solved_g, r->solved_x);
  if (!(largest > 0))
    return hs_fail(err, HS_INSUFFICIENT, "the regions never differ before the start");
  for (size_t l = 0; l < LAMBDA_COUNT; l++) {
    double *factor = r->factors + l * n * n;
    r->lambdas[l] = largest * pow(LAMBDA_RATIO_MIN, (double)l / (LAMBDA_COUNT - 1));
    memcpy(factor, r->fit->inner, n * n * sizeof *factor);
    for (size_t i = 0; i < n; i++)
      factor[i * n + i] += r->lambdas[l];
    if (hs_cholesky_factor(factor, n) != 0)
      return hs_fail(err, HS_NO_CONVERGENCE, "the ridge regression has no solution");
  }
  return HS_OK;
}

static double dot(const double *a, const double *b, size_t count)
{
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += a[i] * b[i];
  return sum;
}

/* Weights without the held period: r->w, and its figures r->x. */
static enum hs_status solve_without(struct ridge *r, size_t held, struct hs_err *err)
{
  const struct hs_geo_fit *fit = r->fit;
  size_t n = r->n;
  for (size_t i = 0; i < n; i++) {
    r->x[i] = fit->x[i * fit->of->period_count + held];
    r->q[i] = fit->q_target[i] - r->x[i] * fit->y[held];
  }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      r->penalty[i * n + j] = fit->penalty[i * n + j] - r->x[i] * r->x[j];
  const struct hs_simplex_qp programme = {.n = n, .p = r->penalty, .q = r->q};
  if (!hs_simplex_qp_solve(&programme, &r->fit->room, r->w))
    return hs_fail(err, HS_NO_CONVERGENCE, "no weights of the %zu regions were found", n);
  return HS_OK;
}

/* g = X r over the periods of the fit without the held one, r what the weights leave. */
static void find_right_side(struct ridge *r, size_t held, double *g)
{
  const struct hs_geo_fit *fit = r->fit;
  size_t t = fit->of->period_count;
  memcpy(r->residuals, fit->y, t * sizeof *r->residuals);
  for (size_t i = 0; i < r->n; i++)
    for (size_t k = 0; r->w[i] != 0 && k < fit->count; k++)
      r->residuals[k] -= r->w[i] * fit->x[i * t + k];
  double kept = r->residuals[held];
  r->residuals[held] = 0;
  for (size_t i = 0; i < r->n; i++)
    g[i] = dot(fit->x + i * t, r->residuals, fit->count);
  r->residuals[held] = kept;
}

static enum hs_status leave_out(struct ridge *r, size_t held, struct hs_err *err)
{
  size_t n = r->n;
  enum hs_status status = solve_without(r, held, err);
  if (status != HS_OK)
    return status;
  find_right_side(r, held, r->q); /* q has served */
  for (size_t l = 0; l < LAMBDA_COUNT; l++) {
    const double *factor = r->factors + l * n * n;
    memcpy(r->solved_g, r->q, n * sizeof *r->q);
    memcpy(r->solved_x, r->x, n * sizeof *r->x);
    hs_cholesky_solve(factor, n, r->solved_g);
    hs_cholesky_solve(factor, n, r->solved_x);
    double xg = dot(r->x, r->solved_g, n);
    double xx = dot(r->x, r->solved_x, n);
    double error = r->residuals[held] - (xg + xx * xg / (1 - xx));
    r->errors[l * r->held_count + held] = error * error;
  }
  return HS_OK;
}

/* Which of the penalties. */
static size_t choose(const struct ridge *r)
{
  double means[LAMBDA_COUNT];
  double bar = (double)INFINITY;
  double least = (double)INFINITY;
  double count = (double)r->held_count;
  for (size_t l = 0; l < LAMBDA_COUNT; l++) {
    const double *errors = r->errors + l * r->held_count;
    double squares = 0;
    means[l] = 0;
    for (size_t k = 0; k < r->held_count; k++)
      means[l] += errors[k] / count;
    for (size_t k = 0; k < r->held_count; k++)
      squares += (errors[k] - means[l]) * (errors[k] - means[l]);
    if (means[l] < least) {
      least = means[l];
      bar = least + sqrt(squares / (count - 1) / count);
    }
  }
  for (size_t l = 0; l < LAMBDA_COUNT; l++)
    if (means[l] <= bar)
      return l;
  return 0;
}

enum hs_status hs_geo_ridge_lambda(struct hs_arena *arena, struct hs_geo_fit *fit, double *lambda,
                                   int *is_at_end, struct hs_err *err)
{
  size_t mark = hs_arena_mark(arena);
  struct ridge r = {.fit = fit, .n = fit->of->donor_count, .held_count = fit->count - 1};
  enum hs_status status = make_room(arena, &r, err);
  if (status == HS_OK)
    status = factor_all(&r, err);
  for (size_t held = 0; held < r.held_count && status == HS_OK; held++)
    status = leave_out(&r, held, err);
  if (status == HS_OK) {
    size_t chosen = choose(&r);
    *lambda = r.lambdas[chosen];
    *is_at_end = chosen == 0 || chosen == LAMBDA_COUNT - 1;
  }
  hs_arena_reset(arena, mark);
  return status;
}
