#include <math.h>
#include <string.h>

#include "measure/influence/mixture_priv.h"
#include "stats/linear.h"

#define PLACES_MAX (HS_MIXTURE_CONTROLS_IN_MAX + HS_MIXTURE_SEASON_PLACES_MAX + 4)

/* What one covariance foretells of every column: in ahead the value less what was foretold of it,
   in spread the variance that is left of u. Rows before the start from the rows before each; rows
   of the window, and the sums from the start up to each, from the rows before the start. */
struct outlook {
  double *ahead, *spread;             /* row_count × columns; row_count */
  double *total_ahead, *total_spread; /* window × columns; window */
  double *weight;                     /* window */
};

/* The regression of one variant on the rows before the start. */
struct solved {
  size_t place[PLACES_MAX];
  size_t count;
  double factor[PLACES_MAX * PLACES_MAX]; /* Cholesky */
  double coefficient[PLACES_MAX];
};

/* One thing to foretell: Σ w m and Σ w (m² + variance) over the variants. */
struct sums {
  double *first, *second;
};

static enum hs_status outlook_make(struct hs_arena *arena, const struct hs_mixture_table *table,
                                   struct outlook *outlook, struct hs_err *err)
{
  size_t rows = table->row_count;
  size_t window = rows - table->start;
  size_t columns = table->column_count;
  outlook->ahead = hs_arena_alloc_raw(arena, rows * columns, sizeof(double));
  outlook->spread = hs_arena_alloc_raw(arena, rows, sizeof(double));
  outlook->total_ahead = hs_arena_alloc_raw(arena, window * columns, sizeof(double));
  outlook->total_spread = hs_arena_alloc_raw(arena, window, sizeof(double));
  outlook->weight = hs_arena_alloc_raw(arena, window, sizeof(double));
  if (outlook->ahead == NULL || outlook->spread == NULL || outlook->total_ahead == NULL ||
      outlook->total_spread == NULL || outlook->weight == NULL)
    return hs_arena_full(arena, "the rows of an influence analysis", err);
  return HS_OK;
}

/* ahead becomes what the columns are, less what is foretold of them with those weights. */
static double look(const struct hs_mixture_table *table, const struct hs_whitener *whitener,
                   const double *weight, size_t count, const double *values, double *ahead)
{
  double spread = hs_whitener_outlook(whitener, weight, count, ahead);
  for (size_t c = 0; c < table->column_count; c++)
    ahead[c] = values[c] - ahead[c];
  return spread;
}

static void look_over_window(const struct hs_mixture_table *table,
                             const struct hs_whitener *whitener, double *sum,
                             struct outlook *outlook)
{
  size_t columns = table->column_count;
  memset(sum, 0, columns * sizeof *sum);
  for (size_t h = 0; h < table->row_count - table->start; h++) {
    size_t t = table->start + h;
    const double *row = table->values + t * columns;
    for (size_t i = 0; i <= h; i++)
      outlook->weight[i] = i == h;
    outlook->spread[t] =
        look(table, whitener, outlook->weight, h + 1, row, outlook->ahead + t * columns);
    for (size_t i = 0; i <= h; i++)
      outlook->weight[i] = table->seen[table->start + i];
    for (size_t c = 0; c < columns && table->seen[t]; c++)
      sum[c] += row[c];
    outlook->total_spread[h] =
        look(table, whitener, outlook->weight, h + 1, sum, outlook->total_ahead + h * columns);
  }
}

static void look_everywhere(const struct hs_mixture_table *table,
                            const struct hs_covariance *covariance, struct hs_mixture_bench *bench,
                            struct outlook *outlook)
{
  static const double ONE = 1;
  struct hs_whitener whitener;
  size_t columns = table->column_count;
  hs_whitener_open(&whitener, covariance, columns, bench->room);
  for (size_t t = 0; t < table->start; t++) {
    const double *row = table->values + t * columns;
    outlook->spread[t] = look(table, &whitener, &ONE, 1, row, outlook->ahead + t * columns);
    memcpy(bench->row, row, columns * sizeof *row);
    if (table->seen[t])
      (void)hs_whitener_next(&whitener, bench->row);
    else
      hs_whitener_skip(&whitener);
  }
  look_over_window(table, &whitener, bench->row, outlook);
}

static void solve(const struct hs_mixture_table *table, const struct hs_mixture_bench *bench,
                  const struct hs_mixture_pass *pass, const struct hs_mixture_part *part,
                  struct solved *solved)
{
  solved->count = 0;
  for (size_t c = 0; c < table->outcome_at; c++)
    if (hs_mixture_holds(table, part, c))
      solved->place[solved->count++] = c;
  size_t n = solved->count;
  HS_ASSERT(n <= PLACES_MAX);
  for (size_t i = 0; i < n; i++) {
    size_t column = hs_mixture_column(table, part, solved->place[i]);
    for (size_t j = 0; j <= i; j++)
      solved->factor[i * n + j] =
          hs_mixture_product(table, bench->before, column,
                             hs_mixture_column(table, part, solved->place[j])) +
          hs_mixture_precision(table, pass, part, solved->place[i], solved->place[j]);
    solved->coefficient[i] = hs_mixture_product(table, bench->before, column, table->outcome_at);
  }
  size_t singular = hs_cholesky_factor(solved->factor, n);
  HS_ASSERT(singular == 0); /* every column but the intercept has a prior */
  hs_cholesky_solve(solved->factor, n, solved->coefficient);
}

/* The outcome less its forecast: ahead[outcome] − ahead[columns]·β. */
static double effect_of(const struct hs_mixture_table *table, const struct hs_mixture_part *part,
                        const struct solved *solved, const double *ahead)
{
  double effect = ahead[table->outcome_at];
  for (size_t i = 0; i < solved->count; i++)
    effect -= ahead[hs_mixture_column(table, part, solved->place[i])] * solved->coefficient[i];
  return effect;
}

/* What not knowing the coefficients adds to its variance, over σ². */
static double spread_of(const struct hs_mixture_table *table, const struct hs_mixture_part *part,
                        const struct solved *solved, const double *ahead)
{
  double r[PLACES_MAX];
  double known[PLACES_MAX];
  double spread = 0;
  for (size_t i = 0; i < solved->count; i++)
    r[i] = known[i] = ahead[hs_mixture_column(table, part, solved->place[i])];
  hs_cholesky_solve(solved->factor, solved->count, known);
  for (size_t i = 0; i < solved->count; i++)
    spread += r[i] * known[i];
  return spread;
}

static void add(struct sums sums, size_t t, double weight, double effect, double variance)
{
  sums.first[t] += weight * effect;
  sums.second[t] += weight * (effect * effect + variance);
}

static void add_part(const struct hs_mixture_table *table, const struct hs_mixture *fit,
                     size_t index, const struct solved *solved, const struct outlook *outlook,
                     struct sums rows, struct sums totals)
{
  const struct hs_mixture_part *part = &fit->part[index];
  size_t columns = table->column_count;
  double weight = fit->weight[index];
  double scale = part->squares / (fit->df - 2); /* the variance of a t, not its squared scale */
  for (size_t t = 0; t < table->row_count; t++) {
    const double *ahead = outlook->ahead + t * columns;
    double spread = outlook->spread[t];
    /* The rows before the start are what the coefficients were fitted to. */
    if (t >= table->start)
      spread += spread_of(table, part, solved, ahead);
    add(rows, t, weight, effect_of(table, part, solved, ahead), scale * spread);
  }
  for (size_t t = table->start; t < table->row_count; t++) {
    size_t h = t - table->start;
    const double *ahead = outlook->total_ahead + h * columns;
    double spread = outlook->total_spread[h] + spread_of(table, part, solved, ahead);
    add(totals, t, weight, effect_of(table, part, solved, ahead), scale * spread);
  }
}

/* From sums over variants to expected outcomes in their own units. */
static void settle(const struct hs_mixture_table *table, struct sums rows, struct sums totals)
{
  double seen = 0;
  double sum = 0;
  for (size_t t = 0; t < table->row_count; t++) {
    double value = table->values[t * table->column_count + table->outcome_at];
    double effect = rows.first[t];
    rows.second[t] = table->unit * sqrt(fmax(0, rows.second[t] - effect * effect));
    rows.first[t] = table->center + table->unit * (value - effect);
    if (t < table->start) {
      totals.first[t] = totals.second[t] = (double)NAN;
      continue;
    }
    seen += table->seen[t];
    sum += table->seen[t] ? value : 0;
    effect = totals.first[t];
    totals.second[t] = table->unit * sqrt(fmax(0, totals.second[t] - effect * effect));
    totals.first[t] = table->center * seen + table->unit * (sum - effect);
  }
}

static void add_all(const struct hs_mixture_table *table, const struct hs_mixture *fit,
                    struct hs_mixture_bench *bench, struct outlook *outlook, struct sums rows,
                    struct sums totals, double *coefficient)
{
  struct hs_mixture_member grid[HS_MIXTURE_GRID_MAX];
  struct hs_mixture_pass pass = {0};
  struct solved solved;
  size_t member_count = hs_mixture_grid(grid);
  size_t present = member_count; /* none */
  for (size_t i = 0; i < fit->part_count; i++) {
    const struct hs_mixture_part *part = &fit->part[i];
    if (part->covariance != present) {
      present = part->covariance;
      hs_mixture_pass_run(table, &grid[present].covariance,
                          table->main_count + hs_mixture_old_steps(table, &grid[present]), bench,
                          &pass);
      look_everywhere(table, &grid[present].covariance, bench, outlook);
    }
    solve(table, bench, &pass, part, &solved);
    add_part(table, fit, i, &solved, outlook, rows, totals);
    for (size_t k = 0; k < solved.count; k++)
      if (solved.place[k] >= table->control_at) {
        size_t control = solved.place[k] - table->control_at;
        coefficient[control] +=
            fit->weight[i] * solved.coefficient[k] * table->unit / table->control_unit[control];
      }
  }
  settle(table, rows, totals);
}

enum hs_status hs_mixture_rows(struct hs_arena *arena, const struct hs_mixture_question *question,
                               const struct hs_mixture *fit, struct hs_mixture_rows *rows,
                               struct hs_err *err)
{
  struct hs_mixture_table table;
  struct hs_mixture_bench bench;
  struct outlook outlook;
  double *figures =
      hs_arena_alloc(arena, 4 * question->end + question->control_count, sizeof *figures);
  size_t mark = hs_arena_mark(arena);
  if (figures == NULL)
    return hs_arena_full(arena, "the rows of an influence analysis", err);
  enum hs_status status = hs_mixture_table_make(arena, question, &table, err);
  if (status == HS_OK)
    status = hs_mixture_bench_make(arena, &table, &bench, err);
  if (status == HS_OK)
    status = outlook_make(arena, &table, &outlook, err);
  if (status != HS_OK)
    return status;
  struct sums singles = {figures, figures + question->end};
  struct sums totals = {figures + 2 * question->end, figures + 3 * question->end};
  double *coefficient = figures + 4 * question->end;
  add_all(&table, fit, &bench, &outlook, singles, totals, coefficient);
  *rows = (struct hs_mixture_rows){singles.first, singles.second, totals.first, totals.second,
                                   coefficient};
  hs_arena_reset(arena, mark);
  return HS_OK;
}
