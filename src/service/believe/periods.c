#include "service/believe/periods.h"

#include <math.h>
#include <string.h>

#include "stats/quantile.h"

/* How far, in periods, a row may lie from its place: months of 28 to 31 days next to a median of 31
   are off by a tenth, decimals of a twelfth by their rounding. */
#define OFF_MAX 0.25

static enum hs_status read_figures(struct hs_arena *arena, struct hs_source *source,
                                   const struct hs_periods_request *request,
                                   hs_figures_reject_fn on_reject, void *context,
                                   struct hs_figures *out, struct hs_err *err)
{
  const struct hs_figures_options options = {request->delimiter};
  size_t count = 0;
  struct hs_figures_want *wants = hs_arena_alloc(arena, request->control_count + 2, sizeof *wants);
  if (wants == NULL)
    return hs_arena_full(arena, "names of columns", err);
  wants[count++] = (struct hs_figures_want){request->outcome, HS_FIGURES_NUMBER};
  for (size_t c = 0; c < request->control_count; c++)
    wants[count++] = (struct hs_figures_want){request->controls[c], HS_FIGURES_NUMBER};
  if (request->date.data != NULL)
    wants[count++] = (struct hs_figures_want){request->date, HS_FIGURES_TIME};
  enum hs_status status =
      hs_figures_read(arena, source, &options, wants, count, on_reject, context, out, err);
  if (status == HS_OK && out->row_count == 0)
    return hs_fail(err, HS_INSUFFICIENT, "the file holds no usable row");
  return status;
}

/* The median of the steps between rows; 1 for a single row. */
static enum hs_status find_step(struct hs_arena *arena, const struct hs_figures *figures,
                                const struct hs_figures_column *times, double *out,
                                struct hs_err *err)
{
  size_t mark = hs_arena_mark(arena);
  size_t count = figures->row_count - 1;
  double *steps = hs_arena_alloc_raw(arena, count, sizeof *steps);
  if (steps == NULL)
    return hs_arena_full(arena, "steps between dates", err);
  for (size_t i = 0; i < count; i++) {
    steps[i] = times->values[i + 1] - times->values[i];
    if (!(steps[i] > 0))
      return hs_fail(err, HS_INVALID, "line %llu: %.*s does not lie after the row before",
                     (unsigned long long)figures->lines[i + 1], HS_STR_ARG(times->texts[i + 1]));
  }
  hs_sort(steps, count);
  *out = count > 0 ? steps[(count - 1) / 2] : 1;
  hs_arena_reset(arena, mark);
  return HS_OK;
}

/* The period of each row, counted from the first one's. */
static enum hs_status place_rows(const struct hs_figures *figures,
                                 const struct hs_figures_column *times, double step, size_t *places,
                                 struct hs_err *err)
{
  places[0] = 0;
  for (size_t i = 1; i < figures->row_count; i++) {
    double periods = (times->values[i] - times->values[i - 1]) / step;
    double whole = fmax(1, round(periods));
    if (whole < 2 && fabs(periods - whole) > OFF_MAX)
      return hs_fail(
          err, HS_INVALID,
          "line %llu: %.*s lies %.2g of a period after the row before; most rows are %g%s "
          "apart",
          (unsigned long long)figures->lines[i], HS_STR_ARG(times->texts[i]), periods, step,
          times->is_day ? hs_plural_rounded(step, " day", " days") : "");
    if (whole > HS_PERIODS_MISSING_MAX * (double)figures->row_count)
      return hs_fail(err, HS_INVALID, "line %llu: %.0f periods are missing before %.*s",
                     (unsigned long long)figures->lines[i], whole - 1, HS_STR_ARG(times->texts[i]));
    places[i] = places[i - 1] + (size_t)whole;
  }
  return HS_OK;
}

enum hs_status hs_periods_make_room(struct hs_arena *arena, size_t control_count,
                                    struct hs_periods *out, struct hs_err *err)
{
  double *values = hs_arena_alloc_raw(arena, out->count * (control_count + 2), sizeof *values);
  out->controls = hs_arena_alloc(arena, control_count, sizeof *out->controls);
  if (values == NULL || out->controls == NULL)
    return hs_arena_full(arena, "series", err);
  for (size_t i = 0; i < out->count * (control_count + 2); i++)
    values[i] = (double)NAN;
  out->times = values;
  out->outcome = values + out->count;
  for (size_t c = 0; c < control_count; c++)
    out->controls[c] = values + (c + 2) * out->count;
  return HS_OK;
}

/* Between two rows the times run evenly. */
static void fill_times(const struct hs_figures_column *times, const size_t *places, size_t rows,
                       struct hs_periods *out)
{
  out->times[0] = times == NULL ? 1 : times->values[0];
  for (size_t i = 1; i < rows; i++) {
    double from = times == NULL ? (double)i : times->values[i - 1];
    double until = times == NULL ? (double)i + 1 : times->values[i];
    size_t steps = places[i] - places[i - 1];
    for (size_t s = 1; s <= steps; s++) {
      double time = from + (until - from) * (double)s / (double)steps;
      out->times[places[i - 1] + s] = out->is_day ? round(time) : time;
    }
  }
}

static void take_rows(const struct hs_figures *figures, const size_t *places, size_t control_count,
                      struct hs_periods *out)
{
  for (size_t i = 0; i < figures->row_count; i++) {
    out->outcome[places[i]] = figures->columns[0].values[i];
    for (size_t c = 0; c < control_count; c++)
      out->controls[c][places[i]] = figures->columns[c + 1].values[i];
  }
}

static int lacks_control(const struct hs_periods *periods, size_t control_count, size_t period)
{
  for (size_t c = 0; c < control_count; c++)
    if (isnan(periods->controls[c][period]))
      return 1;
  return 0;
}

static enum hs_status fill_control(double *values, size_t count, struct hs_str name,
                                   struct hs_err *err)
{
  size_t first = 0;
  while (first < count && isnan(values[first]))
    first++;
  if (first == count)
    return hs_fail(err, HS_INSUFFICIENT, "the control %.*s has no figure at all", HS_STR_ARG(name));
  for (size_t t = 0; t < count; t++)
    if (isnan(values[t]))
      values[t] = values[t < first ? first : t - 1];
  return HS_OK;
}

enum hs_status hs_periods_complete(struct hs_periods *periods,
                                   const struct hs_periods_request *request, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (size_t t = 0; t < periods->count; t++)
    if (!isnan(periods->outcome[t]) && lacks_control(periods, request->control_count, t)) {
      periods->outcome[t] = (double)NAN;
      periods->incomplete_count++;
    }
  for (size_t c = 0; c < request->control_count && status == HS_OK; c++)
    status = fill_control(periods->controls[c], periods->count, request->controls[c], err);
  return status;
}

enum hs_status hs_periods_read(struct hs_arena *arena, struct hs_source *source,
                               const struct hs_periods_request *request,
                               hs_figures_reject_fn on_reject, void *context,
                               struct hs_periods *out, struct hs_err *err)
{
  struct hs_figures figures;
  struct hs_periods periods = {0};
  const struct hs_figures_column *times = NULL;
  double step = 1;
  enum hs_status status = read_figures(arena, source, request, on_reject, context, &figures, err);
  if (status != HS_OK)
    return status;
  size_t *places = hs_arena_alloc_raw(arena, figures.row_count, sizeof *places);
  if (places == NULL)
    return hs_arena_full(arena, "rows of a series", err);
  for (size_t i = 0; i < figures.row_count; i++)
    places[i] = i;
  if (request->date.data != NULL) {
    times = &figures.columns[request->control_count + 1];
    periods.is_day = times->is_day;
    status = find_step(arena, &figures, times, &step, err);
    if (status == HS_OK)
      status = place_rows(&figures, times, step, places, err);
  }
  periods.count = places[figures.row_count - 1] + 1;
  periods.row_count = figures.row_count;
  periods.reject_count = figures.reject_count;
  periods.filled_count = periods.count - figures.row_count;
  if (status == HS_OK)
    status = hs_periods_make_room(arena, request->control_count, &periods, err);
  if (status != HS_OK)
    return status;
  fill_times(times, places, figures.row_count, &periods);
  take_rows(&figures, places, request->control_count, &periods);
  status = hs_periods_complete(&periods, request, err);
  if (status == HS_OK)
    *out = periods;
  return status;
}

static enum hs_status parse_time(const struct hs_periods *periods, const char *option,
                                 struct hs_str text, double *out, struct hs_err *err)
{
  int32_t day = 0;
  if (periods->is_day && hs_parse_day(text, &day)) {
    *out = day;
    return HS_OK;
  }
  if (!periods->is_day && hs_parse_double(text, out))
    return HS_OK;
  return hs_fail(err, HS_USAGE, "--%s must be %s, as the file has them, got '%.*s'", option,
                 periods->is_day ? "a day like 2026-03-01" : "a number", HS_STR_ARG(text));
}

enum hs_status hs_periods_from(const struct hs_periods *periods, const char *option,
                               struct hs_str text, size_t *out, struct hs_err *err)
{
  double time = 0;
  size_t found = 0;
  enum hs_status status = parse_time(periods, option, text, &time, err);
  if (status != HS_OK)
    return status;
  while (found < periods->count && periods->times[found] < time)
    found++;
  if (found == periods->count)
    return hs_fail(err, HS_USAGE, "--%s %.*s lies behind the last row", option, HS_STR_ARG(text));
  *out = found;
  return HS_OK;
}

enum hs_status hs_periods_until(const struct hs_periods *periods, const char *option,
                                struct hs_str text, size_t *out, int *is_beyond, struct hs_err *err)
{
  double time = 0;
  size_t found = periods->count;
  enum hs_status status = parse_time(periods, option, text, &time, err);
  if (status != HS_OK)
    return status;
  while (found > 0 && periods->times[found - 1] > time)
    found--;
  if (found == 0)
    return hs_fail(err, HS_USAGE, "--%s %.*s lies before the first row", option, HS_STR_ARG(text));
  const double *last = &periods->times[periods->count - 1];
  *is_beyond = time >= *last + (periods->count > 1 ? *last - last[-1] : 1);
  *out = found - 1;
  return HS_OK;
}

enum hs_status hs_periods_before(const struct hs_periods *periods, const char *option,
                                 struct hs_str text, size_t *out, struct hs_err *err)
{
  double time = 0;
  size_t found = 0;
  const double *last = &periods->times[periods->count - 1];
  double step = periods->count > 1 ? *last - last[-1] : 1;
  enum hs_status status = parse_time(periods, option, text, &time, err);
  if (status != HS_OK)
    return status;
  while (found < periods->count && periods->times[found] < time)
    found++;
  if (found == 0 || time > *last + step) {
    char from[HS_TIME_TEXT];
    char until[HS_TIME_TEXT];
    hs_periods_format(periods, 0, from);
    hs_periods_format(periods, periods->count - 1, until);
    return hs_fail(err, HS_USAGE, "--%s %.*s is outside of the rows, %s to %s", option,
                   HS_STR_ARG(text), from, until);
  }
  *out = found;
  return HS_OK;
}

void hs_periods_format(const struct hs_periods *periods, size_t period, char out[HS_TIME_TEXT])
{
  _Static_assert(HS_TIME_TEXT >= HS_DOUBLE_TEXT, "a number fits where a day does");
  if (periods->is_day)
    hs_format_day((int32_t)periods->times[period], out);
  else
    hs_format_double(periods->times[period], out);
}
