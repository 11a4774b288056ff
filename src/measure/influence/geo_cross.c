/* What a comparison leaves where it was not fitted. Weights that were chosen to repeat a history
   leave less of it than they will leave of the future, the more so the more regions there are: on a
   random walk with eight useless regions the gaps before the start look half as restless as they
   are. So the history is cut into blocks, and each block's gap is that of weights found without it.
   The unit fixed effects stay those of the whole history, or every block would have a level of its
   own. */
#include <string.h>

#include "measure/influence/geo_priv.h"
#include "stats/linear.h"

#define BLOCK_COUNT 6

struct cross {
  struct hs_geo_fit *fit;
  double lambda;   /* of the ridge on top; 0 for none */
  size_t from, to; /* the block that is left out */
  double *inner;   /* K without it, and its factor later */
  double *penalty; /* P without it */
  double *q, *w, *extra;
  double *residuals; /* period_count */
};

static enum hs_status make_room(struct hs_arena *arena, struct cross *cross, struct hs_err *err)
{
  size_t n = cross->fit->of->donor_count;
  cross->inner = hs_arena_alloc(arena, n * n, sizeof *cross->inner);
  cross->penalty = hs_arena_alloc(arena, n * n, sizeof *cross->penalty);
  cross->q = hs_arena_alloc(arena, 3 * n, sizeof *cross->q);
  cross->residuals = hs_arena_alloc(arena, cross->fit->of->period_count, sizeof(double));
  if (cross->inner == NULL || cross->penalty == NULL || cross->q == NULL ||
      cross->residuals == NULL)
    return hs_arena_full(arena, "gaps of what was not fitted", err);
  cross->w = cross->q + n;
  cross->extra = cross->q + 2 * n;
  return HS_OK;
}

static double block_product(const struct cross *cross, const double *a, const double *b)
{
  double sum = 0;
  for (size_t k = cross->from; k < cross->to; k++)
    sum += a[k] * b[k];
  return sum;
}

static void leave_out(struct cross *cross)
{
  const struct hs_geo_fit *fit = cross->fit;
  size_t n = fit->of->donor_count;
  size_t t = fit->of->period_count;
  for (size_t i = 0; i < n; i++) {
    cross->q[i] = fit->q_target[i] - block_product(cross, fit->x + i * t, fit->y);
    for (size_t j = 0; j < n; j++) {
      double lost = block_product(cross, fit->x + i * t, fit->x + j * t);
      cross->inner[i * n + j] = fit->inner[i * n + j] - lost;
      cross->penalty[i * n + j] = fit->penalty[i * n + j] - lost;
    }
  }
}

static void subtract_weighted(struct cross *cross, const double *w)
{
  size_t t = cross->fit->of->period_count;
  for (size_t i = 0; i < cross->fit->of->donor_count; i++)
    for (size_t k = 0; w[i] != 0 && k < cross->fit->count; k++)
      cross->residuals[k] -= w[i] * cross->fit->x[i * t + k];
}

/* The ridge regression of what the weights leave, without the block. */
static enum hs_status augment(struct cross *cross, struct hs_err *err)
{
  size_t n = cross->fit->of->donor_count;
  size_t t = cross->fit->of->period_count;
  for (size_t i = 0; i < n; i++) {
    cross->inner[i * n + i] += cross->lambda;
    cross->extra[i] = 0;
    for (size_t k = 0; k < cross->fit->count; k++)
      if (k < cross->from || k >= cross->to)
        cross->extra[i] += cross->fit->x[i * t + k] * cross->residuals[k];
  }
  if (hs_cholesky_factor(cross->inner, n) != 0)
    return hs_fail(err, HS_NO_CONVERGENCE, "the ridge regression with penalty %g has no solution",
                   cross->lambda);
  hs_cholesky_solve(cross->inner, n, cross->extra);
  subtract_weighted(cross, cross->extra);
  return HS_OK;
}

static enum hs_status run_block(struct cross *cross, double *gap, struct hs_err *err)
{
  const struct hs_simplex_qp programme = {
      .n = cross->fit->of->donor_count, .p = cross->penalty, .q = cross->q};
  enum hs_status status = HS_OK;
  leave_out(cross);
  if (!hs_simplex_qp_solve(&programme, &cross->fit->room, cross->w))
    return hs_fail(err, HS_NO_CONVERGENCE, "no weights of the %zu regions were found",
                   cross->fit->of->donor_count);
  memcpy(cross->residuals, cross->fit->y, cross->fit->count * sizeof *cross->residuals);
  subtract_weighted(cross, cross->w);
  if (cross->lambda > 0)
    status = augment(cross, err);
  memcpy(gap + cross->from, cross->residuals + cross->from,
         (cross->to - cross->from) * sizeof *gap);
  return status;
}

enum hs_status hs_geo_cross_gap(struct hs_arena *arena, struct hs_geo_fit *fit, double lambda,
                                double *gap, struct hs_err *err)
{
  struct cross cross = {.fit = fit, .lambda = lambda};
  size_t mark = hs_arena_mark(arena);
  hs_geo_fit_residuals(fit, 0, gap);
  enum hs_status status = make_room(arena, &cross, err);
  for (size_t b = 0; b < BLOCK_COUNT && status == HS_OK; b++) {
    cross.from = b * fit->count / BLOCK_COUNT;
    cross.to = (b + 1) * fit->count / BLOCK_COUNT;
    if (cross.to > cross.from)
      status = run_block(&cross, gap, err);
  }
  hs_arena_reset(arena, mark);
  return status;
}
