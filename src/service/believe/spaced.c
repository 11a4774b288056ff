#include "service/believe/spaced.h"

#include <math.h>
#include <stdio.h>

#include "stats/quantile.h"

/* A series of a row may be this many steps long: thirty years of days twice over. */
#define ROWS_MAX 22000.0

static enum hs_status read_figures(struct hs_arena *arena, const struct hs_io *io,
                                   const struct hs_spaced_file *file,
                                   const struct hs_figures_want *wants, size_t want_count,
                                   struct hs_figures *out, struct hs_err *err)
{
  const struct hs_figures_options options = {.delimiter = file->delimiter};
  struct hs_source *source = NULL;
  enum hs_status status = hs_source_open(arena, io, file->path, &source, err);
  if (status != HS_OK)
    return status;
  status = hs_figures_read(arena, source, &options, wants, want_count, file->on_reject,
                           file->context, out, err);
  hs_source_close(source);
  return status;
}

static int fits(double time, double first, double step)
{
  double rows = (time - first) / step;
  return rows == floor(rows);
}

/* The smallest distance between two of the times, on which all of them have to lie. */
static enum hs_status find_spacing(struct hs_arena *arena, const struct hs_figures *figures,
                                   struct hs_spaced *out, struct hs_err *err)
{
  const struct hs_figures_column *times = &figures->columns[0];
  size_t count = figures->row_count;
  double step = (double)INFINITY;
  if (count < 2)
    return hs_fail(err, HS_INSUFFICIENT, "%zu usable %s: a series needs two", count,
                   hs_plural(count, "row", "rows"));
  double *sorted = hs_arena_alloc_raw(arena, count, sizeof *sorted);
  if (sorted == NULL)
    return hs_arena_full(arena, "times of the series", err);
  for (size_t i = 0; i < count; i++) {
    sorted[i] = times->values[i];
    if (sorted[i] != floor(sorted[i]) || fabs(sorted[i]) > 1e8)
      return hs_fail(err, HS_INVALID, "line %llu: %.*s is neither a day nor a whole number",
                     (unsigned long long)figures->lines[i], HS_STR_ARG(times->texts[i]));
  }
  hs_sort(sorted, count);
  for (size_t i = 1; i < count; i++)
    if (sorted[i] > sorted[i - 1])
      step = fmin(step, sorted[i] - sorted[i - 1]);
  double rows = isfinite(step) ? (sorted[count - 1] - sorted[0]) / step + 1 : 1;
  if (rows < 2 || rows > ROWS_MAX)
    return hs_fail(err, HS_INVALID, "the times make a series of %.0f rows; it has 2 to %.0f", rows,
                   ROWS_MAX);
  *out = (struct hs_spaced){.is_day = times->is_day,
                            .first = (int32_t)sorted[0],
                            .step = (int32_t)step,
                            .row_count = (size_t)rows,
                            .reject_count = figures->reject_count};
  return HS_OK;
}

static enum hs_status take_series(struct hs_arena *arena, struct hs_spaced *out, size_t count,
                                  unsigned char **seen, struct hs_err *err)
{
  double *values = hs_arena_alloc_raw(arena, count * out->row_count, sizeof *values);
  out->series = hs_arena_alloc(arena, count, sizeof *out->series);
  out->names = hs_arena_alloc(arena, count, sizeof *out->names);
  *seen = hs_arena_alloc(arena, out->row_count, 1);
  if (values == NULL || out->series == NULL || out->names == NULL || *seen == NULL)
    return hs_arena_full(arena, "the series", err);
  out->series_count = count;
  for (size_t i = 0; i < count * out->row_count; i++)
    values[i] = (double)NAN;
  for (size_t s = 0; s < count; s++)
    out->series[s] = values + s * out->row_count;
  return HS_OK;
}

/* The place of a row of the file, which takes one. */
static enum hs_status place(const struct hs_figures *figures, const struct hs_spaced *spaced,
                            size_t i, unsigned char *seen, size_t *row, struct hs_err *err)
{
  const struct hs_figures_column *times = &figures->columns[0];
  unsigned long long line = (unsigned long long)figures->lines[i];
  if (!fits(times->values[i], spaced->first, spaced->step))
    return hs_fail(err, HS_INVALID, "line %llu: %.*s does not fit a row every %d %s", line,
                   HS_STR_ARG(times->texts[i]), spaced->step, spaced->is_day ? "days" : "numbers");
  *row = (size_t)((times->values[i] - spaced->first) / spaced->step);
  if (seen[*row]++)
    return hs_fail(err, HS_INVALID, "line %llu: %.*s stands there twice", line,
                   HS_STR_ARG(times->texts[i]));
  return HS_OK;
}

enum hs_status hs_spaced_read(struct hs_arena *arena, const struct hs_io *io,
                              const struct hs_spaced_file *file, const struct hs_str *columns,
                              size_t column_count, struct hs_spaced *out, struct hs_err *err)
{
  struct hs_figures figures = {0};
  unsigned char *seen = NULL;
  struct hs_figures_want *wants = hs_arena_alloc(arena, column_count + 1, sizeof *wants);
  if (wants == NULL)
    return hs_arena_full(arena, "names of columns", err);
  wants[0] = (struct hs_figures_want){file->date, HS_FIGURES_TIME};
  for (size_t c = 0; c < column_count; c++)
    wants[c + 1] = (struct hs_figures_want){columns[c], HS_FIGURES_NUMBER};
  enum hs_status status = read_figures(arena, io, file, wants, column_count + 1, &figures, err);
  if (status == HS_OK)
    status = find_spacing(arena, &figures, out, err);
  if (status == HS_OK)
    status = take_series(arena, out, column_count, &seen, err);
  for (size_t i = 0; status == HS_OK && i < figures.row_count; i++) {
    size_t row = 0;
    status = place(&figures, out, i, seen, &row, err);
    for (size_t c = 0; status == HS_OK && c < column_count; c++)
      out->series[c][row] = figures.columns[c + 1].values[i];
  }
  for (size_t c = 0; status == HS_OK && c < column_count; c++)
    out->names[c] = columns[c];
  return status;
}

size_t hs_spaced_row(const struct hs_spaced *spaced, int32_t time)
{
  int64_t distance = (int64_t)time - spaced->first;
  if (distance <= 0)
    return 0;
  size_t row = (size_t)((distance + spaced->step - 1) / spaced->step);
  return row < spaced->row_count ? row : spaced->row_count;
}

enum hs_status hs_spaced_time(const struct hs_spaced *spaced, const char *option,
                              struct hs_str text, int32_t *out, struct hs_err *err)
{
  int64_t number = 0;
  if (spaced->is_day && hs_parse_day(text, out))
    return HS_OK;
  if (!spaced->is_day && hs_parse_i64(text, &number) && number >= -100000000 &&
      number <= 100000000) {
    *out = (int32_t)number;
    return HS_OK;
  }
  return hs_fail(err, HS_USAGE, "--%s must be %s, as the times of the file, got '%.*s'", option,
                 spaced->is_day ? "a day such as 2026-03-01" : "a whole number", HS_STR_ARG(text));
}

void hs_spaced_format(const struct hs_spaced *spaced, size_t row, char out[HS_TIME_TEXT])
{
  int32_t time = spaced->first + (int32_t)row * spaced->step;
  if (spaced->is_day)
    hs_format_day(time, out);
  else
    (void)snprintf(out, HS_TIME_TEXT, "%d", time);
}
