#include <math.h>
#include <string.h>

#include "measure/influence/mixture_priv.h"
#include "stats/distribution.h"

/* A split of the history into two variances is believed beforehand with this mass; fewer rows than
   this before a split are not looked at; and as many rows as this vouch for the common variance. */
#define SPLIT_MASS 0.1
#define SPLIT_ROWS_MIN 8
#define VOUCHING 5.0

/* What the innovations of one variant are, as columns of orthogonal length: classical Gram-Schmidt
   with the outcome last. */
struct innovations {
  double *columns; /* places × row_count, by columns */
  size_t place_count, row_count;
};

static void whiten(const struct hs_mixture_table *table, const struct hs_mixture_part *part,
                   const struct hs_covariance *covariance, struct hs_mixture_bench *bench,
                   struct innovations *out)
{
  struct hs_whitener whitener;
  size_t columns = table->column_count;
  hs_whitener_open(&whitener, covariance, columns, bench->room);
  out->row_count = 0;
  for (size_t t = 0; t < table->row_count; t++) {
    if (!table->seen[t]) {
      hs_whitener_skip(&whitener);
      continue;
    }
    memcpy(bench->row, table->values + t * columns, columns * sizeof(double));
    double length = sqrt(hs_whitener_next(&whitener, bench->row));
    size_t place = 0;
    for (size_t c = 0; c < table->main_count; c++)
      if (c == 1 || (c == HS_MIXTURE_GROWTH && part->has_growth) || c == table->outcome_at ||
          hs_mixture_holds(table, part, c))
        out->columns[place++ * table->seen_count + out->row_count] =
            bench->row[hs_mixture_column(table, part, c)] / length;
    out->place_count = place;
    out->row_count++;
  }
}

/* Takes every column out of those behind it; what remains of the last one are the residuals. */
static const double *residuals(const struct innovations *innovations)
{
  size_t n = innovations->row_count;
  for (size_t i = 0; i + 1 < innovations->place_count; i++) {
    const double *out = innovations->columns + i * n;
    double length = 0;
    for (size_t t = 0; t < n; t++)
      length += out[t] * out[t];
    for (size_t j = i + 1; j < innovations->place_count && length > 1e-12; j++) {
      double *from = innovations->columns + j * n;
      double along = 0;
      for (size_t t = 0; t < n; t++)
        along += out[t] * from[t];
      for (size_t t = 0; t < n; t++)
        from[t] -= along / length * out[t];
    }
  }
  return innovations->columns + (innovations->place_count - 1) * n;
}

/* log of the chance of count residuals with that sum of squares, the variance integrated out under
   the inverse Gamma law that VOUCHING rows of the common variance stand for. */
static double log_evidence(double squares, double count, double common)
{
  double before = 0.5 * VOUCHING;
  double after = 0.5 * (VOUCHING + count);
  return hs_log_gamma(after) - hs_log_gamma(before) + before * log(before * common) -
         after * log(before * common + 0.5 * squares);
}

/* What is known after a split into the first rows and the rest. */
struct split {
  double log_weight;
  double ratio; /* expected variance of the rest over the common one */
};

static struct split split_at(double before, double rows_before, double all, double rows,
                             double common)
{
  double ahead = rows - rows_before;
  return (struct split){log_evidence(before, rows_before, common) +
                            log_evidence(all - before, ahead, common),
                        (VOUCHING * common + all - before) / (VOUCHING + ahead) / common};
}

/* Expected variance of the window over the common one. The splits come one after another; sums are
   kept in units of the weightiest so far. */
static double expected_ratio(const double *residual, size_t count, size_t splits, double df)
{
  double all = 0;
  for (size_t t = 0; t < count; t++)
    all += residual[t] * residual[t];
  double common = all / df;
  double most = log_evidence(all, (double)count, common) + log1p(-SPLIT_MASS);
  double weights = 1;
  double sum = 1;
  double before = 0;
  for (size_t t = 0; t < splits; t++) {
    before += residual[t] * residual[t];
    if (t + 1 < SPLIT_ROWS_MIN)
      continue;
    struct split split = split_at(before, (double)t + 1, all, (double)count, common);
    split.log_weight += log(SPLIT_MASS / (double)(splits + 1 - SPLIT_ROWS_MIN));
    if (split.log_weight > most) {
      weights *= exp(most - split.log_weight);
      sum *= exp(most - split.log_weight);
      most = split.log_weight;
    }
    weights += exp(split.log_weight - most);
    sum += exp(split.log_weight - most) * split.ratio;
  }
  return sum / weights;
}

static size_t weightiest(const struct hs_mixture *fit)
{
  size_t best = 0;
  for (size_t i = 1; i < fit->part_count; i++)
    if (fit->weight[i] > fit->weight[best])
      best = i;
  return best;
}

enum hs_status hs_mixture_restlessness(struct hs_arena *arena,
                                       const struct hs_mixture_question *question,
                                       const struct hs_mixture *fit, double *factor,
                                       struct hs_err *err)
{
  struct hs_mixture_table table;
  struct hs_mixture_bench bench;
  struct hs_mixture_member grid[HS_MIXTURE_GRID_MAX];
  const struct hs_mixture_part *part = &fit->part[weightiest(fit)];
  size_t mark = hs_arena_mark(arena);
  enum hs_status status = hs_mixture_table_make(arena, question, &table, err);
  if (status == HS_OK)
    status = hs_mixture_bench_make(arena, &table, &bench, err);
  if (status != HS_OK)
    return status;
  struct innovations innovations = {
      .columns = hs_arena_alloc_raw(arena, table.main_count * table.seen_count, sizeof(double))};
  if (innovations.columns == NULL)
    return hs_arena_full(arena, "the innovations of an influence analysis", err);
  size_t member_count = hs_mixture_grid(grid);
  HS_ASSERT(part->covariance < member_count);
  whiten(&table, part, &grid[part->covariance].covariance, &bench, &innovations);
  const double *residual = residuals(&innovations);
  double df = fmax(1, (double)innovations.row_count - (double)(innovations.place_count - 1));
  *factor = sqrt(fmax(1, expected_ratio(residual, innovations.row_count,
                                        table.seen_count - table.judged_count, df)));
  hs_arena_reset(arena, mark);
  return HS_OK;
}
