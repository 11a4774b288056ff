#include <math.h>
#include <string.h>

#include "measure/influence/mixture_priv.h"

/* Variances are multiplied up until their product leaves this range: a logarithm is dear. */
static const double LOG_BELOW = 1e-100;
static const double LOG_ABOVE = 1e100;

static size_t product_count(const struct hs_mixture_table *table)
{
  return table->main_count * table->column_count + HS_MIXTURE_OLD_STEPS_MAX;
}

enum hs_status hs_mixture_bench_make(struct hs_arena *arena, const struct hs_mixture_table *table,
                                     struct hs_mixture_bench *bench, struct hs_err *err)
{
  size_t columns = table->column_count;
  size_t square = (table->main_count + 1) * (columns + 1);
  size_t room = hs_whitener_room(columns);
  size_t count = room + 3 * columns + 2 * product_count(table) + 4 * square;
  double *at = hs_arena_alloc_raw(arena, count, sizeof *at);
  if (at == NULL)
    return hs_arena_full(arena, "the products of an influence analysis", err);
  bench->room = at;
  bench->row = bench->room + room;
  bench->ahead = bench->row + columns;
  bench->expected = bench->ahead + columns;
  bench->whole = bench->expected + columns;
  bench->before = bench->whole + product_count(table);
  bench->a = bench->before + product_count(table);
  bench->b = bench->a + square;
  bench->a_common = bench->b + square;
  bench->b_common = bench->a_common + square;
  return HS_OK;
}

/* Upper triangle of the main columns, all of the old steps' columns. */
static void add_products(const struct hs_mixture_table *table, size_t active_count,
                         const double *row, double variance, double *products)
{
  for (size_t i = 0; i < table->main_count; i++) {
    double factor = row[i] / variance;
    if (factor == 0)
      continue;
    double *line = products + i * table->column_count;
    for (size_t j = i; j < active_count; j++)
      line[j] += factor * row[j];
  }
  double *own = products + table->main_count * table->column_count;
  for (size_t j = table->main_count; j < active_count; j++)
    own[j - table->main_count] += row[j] * row[j] / variance;
}

static void look_ahead(const struct hs_mixture_table *table, const struct hs_whitener *whitener,
                       struct hs_mixture_bench *bench, struct hs_mixture_pass *pass)
{
  size_t columns = whitener->column_count;
  size_t count = table->row_count - table->start;
  pass->spread = hs_whitener_outlook(whitener, table->window, count, bench->expected);
  for (size_t c = 0; c < columns; c++)
    bench->ahead[c] = -bench->expected[c];
  for (size_t h = 0; h < count; h++) {
    const double *row = table->values + (table->start + h) * table->column_count;
    for (size_t c = 0; c < columns; c++)
      bench->ahead[c] += table->window[h] * row[c];
  }
}

void hs_mixture_pass_run(const struct hs_mixture_table *table,
                         const struct hs_covariance *covariance, size_t column_count,
                         struct hs_mixture_bench *bench, struct hs_mixture_pass *pass)
{
  struct hs_whitener whitener;
  double product = 1;
  *pass = (struct hs_mixture_pass){.step_variance = 1};
  hs_whitener_open(&whitener, covariance, column_count, bench->room);
  whitener.active_count = table->main_count;
  memset(bench->whole, 0, product_count(table) * sizeof(double));
  for (size_t t = 0; t < table->row_count; t++) {
    if (t == table->start) {
      memcpy(bench->before, bench->whole, product_count(table) * sizeof(double));
      look_ahead(table, &whitener, bench, pass);
    }
    while (whitener.active_count < column_count &&
           table->old_step[whitener.active_count - table->main_count] <= t)
      whitener.active_count++;
    if (!table->seen[t]) {
      hs_whitener_skip(&whitener);
      continue;
    }
    memcpy(bench->row, table->values + t * table->column_count,
           whitener.active_count * sizeof(double));
    double variance = hs_whitener_next(&whitener, bench->row);
    product *= variance;
    if (product < LOG_BELOW || product > LOG_ABOVE) {
      pass->log_variance += log(product);
      product = 1;
    }
    if (t < table->start)
      pass->step_variance = variance;
    add_products(table, whitener.active_count, bench->row, variance, bench->whole);
  }
  pass->log_variance += log(product);
  hs_mixture_prior_make(table, bench, column_count, pass);
}

double hs_mixture_product(const struct hs_mixture_table *table, const double *products, size_t i,
                          size_t j)
{
  size_t low = i < j ? i : j;
  size_t high = i < j ? j : i;
  if (low < table->main_count)
    return products[low * table->column_count + high];
  HS_ASSERT(low == high);
  return products[table->main_count * table->column_count + high - table->main_count];
}

size_t hs_mixture_column(const struct hs_mixture_table *table, const struct hs_mixture_part *part,
                         size_t c)
{
  if (c != table->shape_at || part->shape != HS_MIXTURE_OLD_STEP)
    return c;
  size_t column = table->main_count;
  while (table->old_step[column - table->main_count] != part->old_step)
    column++;
  return column;
}

int hs_mixture_holds(const struct hs_mixture_table *table, const struct hs_mixture_part *part,
                     size_t c)
{
  if (c < table->season_at)
    return c == 0;
  if (c < table->shape_at)
    return part->has_season;
  if (c == table->shape_at)
    return part->shape != HS_MIXTURE_LEVEL;
  return (part->controls >> (c - table->control_at) & 1) != 0;
}
