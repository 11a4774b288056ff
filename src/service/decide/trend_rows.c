#include "service/decide/trend_rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

/* A file may leave out so many periods for each row that it has: a mistyped year is no gap. */
#define GAPS_A_ROW 20
#define PERIODS_MAX 20000
/* Days: what is finer than this is put together to months. */
#define MONTH_LEAST 28
#define QUARTER_LEAST 32
#define YEAR_LEAST 100

/* How times become indices: calendar units of a date, or steps of a number. */
struct grid {
  enum hs_trend_period unit; /* HS_TREND_AS_IT_IS: steps of a number */
  double first;
  double step;    /* the least distance of two different times */
  double spacing; /* the middle one */
};

static int64_t index_of_day(enum hs_trend_period unit, double day)
{
  struct hs_civil civil = hs_civil_of_day((int32_t)day);
  int64_t month = (int64_t)civil.year * 12 + civil.month - 1;
  return unit == HS_TREND_MONTH ? month : unit == HS_TREND_QUARTER ? month / 3 : civil.year;
}

static double first_day_of(enum hs_trend_period unit, int64_t index)
{
  int64_t months = unit == HS_TREND_MONTH ? 1 : unit == HS_TREND_QUARTER ? 3 : 12;
  int64_t month = months * index;
  return hs_day_of((int32_t)(month / 12), (int32_t)(month % 12) + 1, 1);
}

void hs_trend_label(enum hs_trend_period period, int64_t index, char out[24])
{
  if (period == HS_TREND_MONTH)
    (void)snprintf(out, 24, "%04d-%02d", (int)(index / 12), (int)(index % 12) + 1);
  else if (period == HS_TREND_QUARTER)
    (void)snprintf(out, 24, "%04d-Q%d", (int)(index / 4), (int)(index % 4) + 1);
  else
    (void)snprintf(out, 24, "%04d", (int)index);
}

static int ascending(const void *left, const void *right)
{
  double a = *(const double *)left;
  double b = *(const double *)right;
  return (a > b) - (a < b);
}

static enum hs_status measure_spacing(struct hs_arena *arena, const double *times, size_t count,
                                      struct grid *grid, struct hs_err *err)
{
  double *sorted = hs_arena_alloc_raw(arena, count, sizeof *sorted);
  size_t gaps = 0;
  if (sorted == NULL)
    return hs_arena_full(arena, "times", err);
  memcpy(sorted, times, count * sizeof *sorted);
  qsort(sorted, count, sizeof *sorted, ascending);
  grid->first = sorted[0];
  double last = sorted[0];
  for (size_t i = 1; i < count; i++) {
    double gap = sorted[i] - last;
    last = sorted[i];
    if (gap > 0)
      sorted[gaps++] = gap; /* over what has been read */
  }
  if (gaps == 0)
    return hs_fail(err, HS_INSUFFICIENT,
                   "a trend needs two periods or more, and there is one time");
  qsort(sorted, gaps, sizeof *sorted, ascending);
  grid->step = sorted[0];
  grid->spacing = sorted[gaps / 2];
  return HS_OK;
}

static enum hs_trend_period unit_of_spacing(double days)
{
  if (days < QUARTER_LEAST)
    return HS_TREND_MONTH;
  return days < YEAR_LEAST ? HS_TREND_QUARTER : HS_TREND_YEAR;
}

static enum hs_status make_grid(struct hs_arena *arena, const struct hs_figures *figures,
                                enum hs_trend_period period, struct grid *grid, struct hs_err *err)
{
  const struct hs_figures_column *time = &figures->columns[0];
  if (figures->row_count == 0)
    return hs_fail(err, HS_INSUFFICIENT, "the file has no row that can be used");
  if (!time->is_day && period != HS_TREND_AS_IT_IS)
    return hs_fail(err, HS_USAGE, "--period needs days (YYYY-MM-DD), and the times are numbers");
  enum hs_status status = measure_spacing(arena, time->values, figures->row_count, grid, err);
  if (status == HS_OK && time->is_day)
    grid->unit = period == HS_TREND_AS_IT_IS ? unit_of_spacing(grid->spacing) : period;
  return status;
}

/* Numbers are evenly spaced to a tenth of a step: 1949.083 and 1949.0833 are the same month. */
static enum hs_status index_of(const struct grid *grid, const struct hs_figures *figures,
                               size_t row, int64_t *out, struct hs_err *err)
{
  double time = figures->columns[0].values[row];
  if (grid->unit != HS_TREND_AS_IT_IS) {
    *out = index_of_day(grid->unit, time) - index_of_day(grid->unit, grid->first);
    return HS_OK;
  }
  double steps = (time - grid->first) / grid->step;
  double whole = nearbyint(steps);
  if (fabs(steps - whole) > 0.1 || steps > 1e9)
    return hs_fail(err, HS_INVALID, "line %llu: time %.*s is at no whole number of steps of %g",
                   (unsigned long long)figures->lines[row],
                   HS_STR_ARG(figures->columns[0].texts[row]), grid->step);
  *out = (int64_t)whole;
  return HS_OK;
}

struct placed {
  int64_t *index; /* of each row */
  double *rows;   /* in each period */
  size_t count;   /* of periods */
};

static enum hs_status place_rows(struct hs_arena *arena, const struct hs_figures *figures,
                                 const struct grid *grid, struct placed *placed, struct hs_err *err)
{
  int64_t last = 0;
  placed->index = hs_arena_alloc_raw(arena, figures->row_count, sizeof *placed->index);
  if (placed->index == NULL)
    return hs_arena_full(arena, "periods", err);
  for (size_t i = 0; i < figures->row_count; i++) {
    enum hs_status status = index_of(grid, figures, i, &placed->index[i], err);
    if (status != HS_OK)
      return status;
    last = placed->index[i] > last ? placed->index[i] : last;
  }
  if (last >= PERIODS_MAX || (uint64_t)last > GAPS_A_ROW * figures->row_count)
    return hs_fail(err, HS_INVALID, "the times span %lld periods and %zu rows: is one mistyped?",
                   (long long)last + 1, figures->row_count);
  placed->count = (size_t)last + 1;
  placed->rows = hs_arena_alloc(arena, placed->count, sizeof *placed->rows);
  if (placed->rows == NULL)
    return hs_arena_full(arena, "periods", err);
  for (size_t i = 0; i < figures->row_count; i++)
    placed->rows[placed->index[i]]++;
  return HS_OK;
}

/* Days and weeks that begin or end within a period leave it incomplete. */
static void cut_ends(const struct hs_figures *figures, const struct grid *grid, size_t count,
                     size_t *from, size_t *to)
{
  double last = grid->first;
  *from = 0;
  *to = count;
  if (grid->unit == HS_TREND_AS_IT_IS || grid->spacing >= MONTH_LEAST)
    return;
  for (size_t i = 0; i < figures->row_count; i++)
    last = fmax(last, figures->columns[0].values[i]);
  int64_t first_index = index_of_day(grid->unit, grid->first);
  int64_t last_index = index_of_day(grid->unit, last);
  if (grid->first - first_day_of(grid->unit, first_index) >= grid->spacing)
    *from = 1;
  if (first_day_of(grid->unit, last_index + 1) - last > grid->spacing && *to > *from)
    *to -= 1;
}

static void add_up(const struct hs_figures *figures, const struct placed *placed,
                   const struct grid *grid, size_t column, double *out)
{
  const double *values = figures->columns[column + 1].values;
  int is_weekly = grid->unit != HS_TREND_AS_IT_IS && grid->spacing > 6.5 && grid->spacing < 7.5;
  double usual = (double)figures->row_count / (double)placed->count;
  for (size_t t = 0; t < placed->count; t++)
    out[t] = (double)NAN;
  for (size_t i = 0; i < figures->row_count; i++) {
    double *sum = &out[placed->index[i]];
    if (!isnan(values[i]))
      *sum = isnan(*sum) ? values[i] : *sum + values[i];
  }
  for (size_t t = 0; is_weekly && t < placed->count; t++)
    out[t] *= usual / fmax(1, placed->rows[t]);
}

static enum hs_status write_labels(struct hs_arena *arena, const struct grid *grid, size_t from,
                                   struct hs_trend_series *series, struct hs_err *err)
{
  int64_t first = grid->unit == HS_TREND_AS_IT_IS ? 0 : index_of_day(grid->unit, grid->first);
  series->labels = hs_arena_alloc(arena, series->count, sizeof *series->labels);
  if (series->labels == NULL)
    return hs_arena_full(arena, "labels", err);
  for (size_t t = 0; t < series->count; t++) {
    char text[24];
    if (grid->unit == HS_TREND_AS_IT_IS)
      (void)snprintf(text, sizeof text, "%.7g", grid->first + (double)(from + t) * grid->step);
    else
      hs_trend_label(grid->unit, first + (int64_t)(from + t), text);
    const char *kept = hs_arena_copy(arena, text, strlen(text));
    if (kept == NULL)
      return hs_arena_full(arena, "labels", err);
    series->labels[t] = hs_str_of(kept);
  }
  return HS_OK;
}

/* Steps of a number: parts of a year when they are below one, years otherwise. */
static void name_period(const struct grid *grid, double per_year, struct hs_trend_series *series)
{
  static const char *const names[] = {"period", "month", "quarter", "year"};
  static const double counts[] = {1, 12, 4, 1};
  series->period_name = names[grid->unit];
  series->per_year = counts[grid->unit];
  if (grid->unit == HS_TREND_AS_IT_IS && grid->step < 0.75)
    series->per_year = nearbyint(1 / grid->step);
  if (per_year > 0)
    series->per_year = per_year;
}

static enum hs_status keep_places(struct hs_arena *arena, const struct hs_figures *figures,
                                  const struct placed *placed, size_t from, size_t to,
                                  struct hs_trend_series *series, struct hs_err *err)
{
  series->row_periods = hs_arena_alloc_raw(arena, figures->row_count, sizeof *series->row_periods);
  if (series->row_periods == NULL)
    return hs_arena_full(arena, "periods", err);
  for (size_t i = 0; i < figures->row_count; i++) {
    size_t period = (size_t)placed->index[i];
    series->row_periods[i] = period >= from && period < to ? period - from : SIZE_MAX;
  }
  return HS_OK;
}

enum hs_status hs_trend_rows(struct hs_arena *arena, const struct hs_figures *figures,
                             size_t column_count, enum hs_trend_period period, double per_year,
                             struct hs_trend_series *series, double **out, struct hs_err *err)
{
  struct grid grid = {0};
  struct placed placed = {0};
  size_t from = 0;
  size_t to = 0;
  enum hs_status status = make_grid(arena, figures, period, &grid, err);
  if (status == HS_OK)
    status = place_rows(arena, figures, &grid, &placed, err);
  if (status != HS_OK)
    return status;
  cut_ends(figures, &grid, placed.count, &from, &to);
  if (to < from + 2)
    return hs_fail(err, HS_INSUFFICIENT, "a trend needs two complete periods or more, got %zu",
                   to - from);
  for (size_t c = 0; c < column_count; c++) {
    double *all = hs_arena_alloc_raw(arena, placed.count, sizeof *all);
    if (all == NULL)
      return hs_arena_full(arena, "periods", err);
    add_up(figures, &placed, &grid, c, all);
    out[c] = all + from;
  }
  series->count = to - from;
  series->cut_count = placed.count - series->count;
  name_period(&grid, per_year, series);
  status = keep_places(arena, figures, &placed, from, to, series, err);
  return status == HS_OK ? write_labels(arena, &grid, from, series, err) : status;
}
