#include "measure/influence/panel.h"

#include <math.h>
#include <stdlib.h>

struct moment {
  double time;
  struct hs_str text;
};

static int compare_moments(const void *a, const void *b)
{
  double x = ((const struct moment *)a)->time;
  double y = ((const struct moment *)b)->time;
  return (x > y) - (x < y);
}

/* The distinct times, rising. */
static enum hs_status find_periods(struct hs_arena *arena, const struct hs_panel_rows *rows,
                                   struct hs_panel *out, struct hs_err *err)
{
  struct moment *moments = hs_arena_alloc(arena, rows->count, sizeof *moments);
  out->times = hs_arena_alloc(arena, rows->count, sizeof *out->times);
  out->periods = hs_arena_alloc(arena, rows->count, sizeof *out->periods);
  if (moments == NULL || out->times == NULL || out->periods == NULL)
    return hs_arena_full(arena, "the periods of a panel", err);
  for (size_t i = 0; i < rows->count; i++)
    moments[i] = (struct moment){rows->times[i], rows->time_texts[i]};
  qsort(moments, rows->count, sizeof *moments, compare_moments);
  for (size_t i = 0; i < rows->count; i++) {
    if (i > 0 && !(moments[i].time > moments[i - 1].time))
      continue;
    out->times[out->period_count] = moments[i].time;
    out->periods[out->period_count++] = moments[i].text;
  }
  return HS_OK;
}

size_t hs_panel_period(const struct hs_panel *panel, double time)
{
  size_t low = 0;
  size_t high = panel->period_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (panel->times[middle] < time)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static enum hs_status put_row(const struct hs_panel_rows *rows, size_t row, unsigned char *is_met,
                              struct hs_panel *out, struct hs_err *err)
{
  size_t unit = rows->units[row];
  size_t period = hs_panel_period(out, rows->times[row]);
  size_t cell = unit * out->period_count + period;
  if (isinf(rows->values[row]) || is_met[cell])
    return hs_fail(err, HS_INVALID, "line %llu: '%.*s' has %s figure at %.*s",
                   (unsigned long long)rows->lines[row], HS_STR_ARG(out->units[unit]),
                   is_met[cell] ? "a second" : "an infinite", HS_STR_ARG(out->periods[period]));
  is_met[cell] = 1;
  out->values[cell] = rows->values[row];
  return HS_OK;
}

static enum hs_status check_holes(const struct hs_panel *panel, struct hs_err *err)
{
  size_t cells = panel->unit_count * panel->period_count;
  size_t first = cells;
  size_t holes = 0;
  for (size_t i = cells; i-- > 0;)
    if (isnan(panel->values[i])) {
      first = i;
      holes++;
    }
  if (holes == 0)
    return HS_OK;
  return hs_fail(err, HS_INVALID,
                 "every unit needs a figure in every period, and '%.*s' has none at %.*s%s",
                 HS_STR_ARG(panel->units[first / panel->period_count]),
                 HS_STR_ARG(panel->periods[first % panel->period_count]),
                 holes > 1 ? "; it is the first of several holes" : "");
}

enum hs_status hs_panel_make(struct hs_arena *arena, const struct hs_panel_rows *rows,
                             struct hs_panel *out, struct hs_err *err)
{
  struct hs_panel panel = {.unit_count = rows->unit_count};
  if (rows->count == 0)
    return hs_fail(err, HS_INSUFFICIENT, "there is no row to make a panel of");
  enum hs_status status = find_periods(arena, rows, &panel, err);
  if (status != HS_OK)
    return status;
  panel.units = hs_arena_alloc(arena, panel.unit_count, sizeof *panel.units);
  panel.values =
      hs_arena_alloc_raw(arena, panel.unit_count * panel.period_count, sizeof *panel.values);
  unsigned char *is_met =
      hs_arena_alloc(arena, panel.unit_count * panel.period_count, sizeof *is_met);
  if (panel.units == NULL || panel.values == NULL || is_met == NULL)
    return hs_arena_full(arena, "a panel", err);
  for (size_t i = 0; i < panel.unit_count; i++)
    panel.units[i] = rows->unit_names[i];
  for (size_t i = 0; i < panel.unit_count * panel.period_count; i++)
    panel.values[i] = rows->absent_is_zero ? 0 : (double)NAN;
  for (size_t row = 0; row < rows->count && status == HS_OK; row++)
    status = put_row(rows, row, is_met, &panel, err);
  if (status == HS_OK)
    status = check_holes(&panel, err);
  if (status == HS_OK)
    *out = panel;
  return status;
}

size_t hs_panel_unit(const struct hs_panel *panel, struct hs_str name)
{
  size_t unit = 0;
  while (unit < panel->unit_count && !hs_str_equal(panel->units[unit], name))
    unit++;
  return unit;
}
