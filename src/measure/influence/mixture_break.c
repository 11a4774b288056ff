/* Where exactly the level of a history broke.

   Old steps are looked for at a few dates. A large step between two of them is explained by none:
   even one row on the wrong side would be taken for wild noise, and on a long history, where dates
   lie far apart, the level for a walk. So one of the dates is put where a step explains most: the
   least-squares date of J. Bai, "Least squares estimation of a shift in linear processes" (Journal
   of Time Series Analysis 15, 1994), on what a regression on season and controls leaves. */
#include <math.h>

#include "measure/influence/mixture_priv.h"
#include "stats/linear.h"

/* A control that is a combination of others gets a little weight of its own all the same. */
static const double RIDGE = 1e-8;

/* The places of intercept, season and controls, the outcome behind them. */
static size_t regressor(const struct hs_mixture_table *table, size_t place)
{
  if (place == 0)
    return 0;
  size_t column = place - 1 + table->season_at;
  return column < table->shape_at ? column : column + 1;
}

/* Coefficients of the outcome on everything but steps and trends, over the rows before the start.
 */
static int regress(const struct hs_mixture_table *table, size_t count, double *products,
                   double *coefficient)
{
  for (size_t t = 0; t < table->start; t++) {
    const double *row = table->values + t * table->column_count;
    for (size_t i = 0; i < count && table->seen[t]; i++) {
      double value = row[regressor(table, i)];
      for (size_t j = 0; j <= i; j++)
        products[i * count + j] += value * row[regressor(table, j)];
      coefficient[i] += value * row[table->outcome_at];
    }
  }
  for (size_t i = 0; i < count; i++)
    products[i * count + i] += RIDGE * (double)table->start;
  if (hs_cholesky_factor(products, count) != 0)
    return 0;
  hs_cholesky_solve(products, count, coefficient);
  return 1;
}

static double residual_at(const struct hs_mixture_table *table, size_t count,
                          const double *coefficient, size_t t)
{
  const double *row = table->values + t * table->column_count;
  double residual = row[table->outcome_at];
  for (size_t i = 0; i < count; i++)
    residual -= row[regressor(table, i)] * coefficient[i];
  return residual;
}

/* Residuals sum to zero over the history, so that a step at t takes sum² (1/before + 1/after) out
   of their squares. */
static size_t best_date(const struct hs_mixture_table *table, size_t count,
                        const double *coefficient)
{
  double sum = 0;
  double before = 0;
  double all = 0;
  double most = -1;
  size_t best = 0;
  for (size_t t = 0; t < table->start; t++)
    all += table->seen[t];
  for (size_t t = 0; t + HS_MIXTURE_OLD_STEP_MARGIN <= table->start; t++) {
    if (t >= HS_MIXTURE_OLD_STEP_MARGIN && before > 0 && before < all) {
      double taken = sum * sum * (1 / before + 1 / (all - before));
      best = taken > most ? t : best;
      most = fmax(most, taken);
    }
    if (!table->seen[t])
      continue;
    sum += residual_at(table, count, coefficient, t);
    before++;
  }
  return best;
}

/* The dates stay in order: the one that moves is the nearest. */
static void move_nearest(struct hs_mixture_table *table, size_t date)
{
  size_t steps = table->column_count - table->main_count;
  size_t nearest = 0;
  for (size_t s = 1; s < steps; s++)
    if (fabs((double)table->old_step[s] - (double)date) <
        fabs((double)table->old_step[nearest] - (double)date))
      nearest = s;
  table->old_step[nearest] = date;
}

enum hs_status hs_mixture_place_old_step(struct hs_arena *arena, struct hs_mixture_table *table,
                                         struct hs_err *err)
{
  size_t steps = table->column_count - table->main_count;
  if (steps == 0)
    return HS_OK;
  size_t count = 1 + table->season_count + table->control_count;
  size_t mark = hs_arena_mark(arena);
  double *products = hs_arena_alloc(arena, count * (count + 1), sizeof *products);
  if (products == NULL)
    return hs_arena_full(arena, "the old steps of an influence analysis", err);
  double *coefficient = products + count * count;
  if (regress(table, count, products, coefficient)) {
    size_t date = best_date(table, count, coefficient);
    if (date > 0)
      move_nearest(table, date);
  }
  hs_arena_reset(arena, mark);
  return HS_OK;
}
