/* Regions for a question about them: from the columns of a file, or from a programme. */
#include "service/believe/geo.h"

#include <math.h>
#include <string.h>

#include "base/time.h"
#include "service/believe/panel_programme.h"
#include "stats/quantile.h"

/* So many units are named in a message that says which there are. */
#define NAMED_MAX 8

enum { UNIT, TIME, OUTCOME, COLUMN_MIN, COLUMN_MAX = COLUMN_MIN + 2 };

/* The columns of a file, and where those stand that not every file has. */
struct columns {
  struct hs_figures figures;
  size_t cost, pair; /* 0 when they were not asked for */
};

static enum hs_status read_figures(struct hs_arena *arena, const struct hs_io *io,
                                   const struct hs_geo_request *request,
                                   hs_figures_reject_fn on_reject, void *context,
                                   struct columns *out, struct hs_err *err)
{
  struct hs_source *source = NULL;
  const struct hs_figures_options options = {.delimiter = request->delimiter};
  struct hs_figures_want wants[COLUMN_MAX] = {[UNIT] = {request->unit, HS_FIGURES_NAME},
                                              [TIME] = {request->time, HS_FIGURES_TIME},
                                              [OUTCOME] = {request->outcome, HS_FIGURES_NUMBER}};
  size_t count = COLUMN_MIN;
  if (request->cost.data != NULL)
    wants[out->cost = count++] = (struct hs_figures_want){request->cost, HS_FIGURES_NUMBER};
  if (request->pair.data != NULL)
    wants[out->pair = count++] = (struct hs_figures_want){request->pair, HS_FIGURES_NAME};
  enum hs_status status = hs_source_open(arena, io, request->path, &source, err);
  if (status != HS_OK)
    return status;
  status = hs_figures_read(arena, source, &options, wants, count, on_reject, context, &out->figures,
                           err);
  hs_source_close(source);
  return status;
}

static enum hs_status make_panel(struct hs_arena *arena, const struct hs_geo_request *request,
                                 const struct hs_figures *figures, size_t column,
                                 struct hs_panel *out, struct hs_err *err)
{
  const struct hs_panel_rows rows = {.count = figures->row_count,
                                     .units = figures->columns[UNIT].names,
                                     .unit_names = figures->columns[UNIT].name_list,
                                     .unit_count = figures->columns[UNIT].name_count,
                                     .times = figures->columns[TIME].values,
                                     .time_texts = figures->columns[TIME].texts,
                                     .values = figures->columns[column].values,
                                     .lines = figures->lines,
                                     .absent_is_zero = request->absent_is_zero};
  return hs_panel_make(arena, &rows, out, err);
}

/* ---- names ---- */

static enum hs_status unknown_unit(const struct hs_panel *panel, const struct hs_geo_request *of,
                                   struct hs_str name, struct hs_err *err)
{
  char text[512];
  size_t used = 0;
  size_t told = panel->unit_count < NAMED_MAX ? panel->unit_count : NAMED_MAX;
  text[0] = '\0';
  for (size_t i = 0; i < told && used + 1 < sizeof text; i++) {
    char shown[64];
    hs_format_shown(panel->units[i], "", shown, sizeof shown);
    size_t length = strlen(shown);
    if (used + length + 3 > sizeof text)
      break;
    memcpy(text + used, ", ", i > 0 ? 2 : 0);
    used += i > 0 ? 2 : 0;
    memcpy(text + used, shown, length + 1);
    used += length;
  }
  struct hs_str noun = of->unit.data != NULL ? of->unit : HS_STR("region");
  return hs_fail(err, HS_USAGE, "there is no %.*s '%.*s' in the %s; there are %s%s",
                 HS_STR_ARG(noun), HS_STR_ARG(name), of->path != NULL ? "file" : "programme", text,
                 panel->unit_count > told ? " and others" : "");
}

struct units {
  const struct hs_panel *panel;
  const struct hs_geo_request *request;
  size_t *list; /* panel->unit_count */
  size_t count;
};

static enum hs_status add_unit(struct units *units, struct hs_str name, struct hs_err *err)
{
  size_t unit = hs_panel_unit(units->panel, name);
  if (unit == units->panel->unit_count)
    return unknown_unit(units->panel, units->request, name, err);
  for (size_t i = 0; i < units->count; i++)
    if (units->list[i] == unit)
      return hs_fail(err, HS_USAGE, "'%.*s' is named twice", HS_STR_ARG(name));
  units->list[units->count++] = unit;
  return HS_OK;
}

/* A name may hold commas itself: what is a unit as it stands is not cut. */
static enum hs_status add_names(struct units *units, const struct hs_str *names, size_t count,
                                struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < count && status == HS_OK; i++) {
    struct hs_str rest = names[i];
    if (hs_panel_unit(units->panel, rest) < units->panel->unit_count) {
      status = add_unit(units, rest, err);
      continue;
    }
    while (rest.data != NULL && status == HS_OK)
      status = add_unit(units, hs_str_trim(hs_str_cut(&rest, ',')), err);
  }
  return status;
}

static int holds(const size_t *list, size_t count, size_t unit)
{
  for (size_t i = 0; i < count; i++)
    if (list[i] == unit)
      return 1;
  return 0;
}

/* The units that may be compared with: those named, or all; without the treated when all, and
   without the excluded. */
static enum hs_status find_donors(struct hs_arena *arena, const struct hs_geo_request *request,
                                  struct hs_geo_figures *out, struct hs_err *err)
{
  size_t *lists = hs_arena_alloc(arena, 2 * out->panel.unit_count, sizeof *lists);
  if (lists == NULL)
    return hs_arena_full(arena, "the regions", err);
  struct units donors = {.panel = &out->panel, .request = request, .list = lists};
  struct units excluded = donors;
  excluded.list = lists + out->panel.unit_count;
  enum hs_status status = add_names(&excluded, request->excluded, request->excluded_count, err);
  if (status == HS_OK)
    status = add_names(&donors, request->controls, request->control_count, err);
  for (size_t unit = 0; unit < out->panel.unit_count && request->control_count == 0; unit++)
    if (!holds(out->treated, out->treated_count, unit))
      donors.list[donors.count++] = unit;
  out->donors = donors.list;
  for (size_t i = 0; i < donors.count; i++)
    if (!holds(excluded.list, excluded.count, donors.list[i]))
      out->donors[out->donor_count++] = donors.list[i];
  return status;
}

static enum hs_status find_treated(struct hs_arena *arena, const struct hs_geo_request *request,
                                   struct hs_geo_figures *out, struct hs_err *err)
{
  struct units treated = {.panel = &out->panel, .request = request};
  treated.list = hs_arena_alloc(arena, out->panel.unit_count, sizeof *treated.list);
  if (treated.list == NULL)
    return hs_arena_full(arena, "the regions", err);
  enum hs_status status = add_names(&treated, request->treated, request->treated_count, err);
  out->treated = treated.list;
  out->treated_count = treated.count;
  return status;
}

/* ---- times ---- */

/* What the option names as a time of the file: a day or a number. */
static enum hs_status read_time(int is_day, const char *option, struct hs_str text, double *out,
                                struct hs_err *err)
{
  int32_t day = 0;
  if (is_day ? hs_parse_day(text, &day) : hs_parse_double(text, out)) {
    if (is_day)
      *out = day;
    return HS_OK;
  }
  return hs_fail(err, HS_USAGE, "--%s '%.*s' is not %s, as the periods are", option,
                 HS_STR_ARG(text), is_day ? "a day like 2026-03-01" : "a number");
}

static enum hs_status outside(const struct hs_geo_request *request, const struct hs_panel *panel,
                              const char *option, struct hs_str text, struct hs_err *err)
{
  return hs_fail(err, HS_USAGE, "--%s %.*s is outside of the %s's periods, %.*s to %.*s", option,
                 HS_STR_ARG(text), request->path != NULL ? "file" : "programme",
                 HS_STR_ARG(panel->periods[0]),
                 HS_STR_ARG(panel->periods[panel->period_count - 1]));
}

/* The panel without the periods from count on. */
static void cut_panel(struct hs_panel *panel, size_t count)
{
  for (size_t i = 0; i < panel->unit_count; i++)
    memmove(panel->values + i * count, panel->values + i * panel->period_count,
            count * sizeof *panel->values);
  panel->period_count = count;
}

/* What lies between most periods. */
static enum hs_status find_step(struct hs_arena *arena, const struct hs_panel *panel, double *out,
                                struct hs_err *err)
{
  size_t count = panel->period_count - 1;
  double *steps = hs_arena_alloc(arena, count, sizeof *steps);
  if (steps == NULL)
    return hs_arena_full(arena, "the periods of a panel", err);
  for (size_t k = 0; k < count; k++)
    steps[k] = panel->times[k + 1] - panel->times[k];
  hs_sort(steps, count);
  *out = count > 0 ? steps[count / 2] : 1;
  return HS_OK;
}

/* The end of the window, which may be still to come. */
static enum hs_status find_end(const struct hs_geo_request *request, struct hs_geo_figures *out,
                               struct hs_err *err)
{
  double time = 0;
  struct hs_panel *panel = &out->panel;
  out->planned_count = panel->period_count - out->start;
  if (request->end.data == NULL)
    return HS_OK;
  enum hs_status status = read_time(out->is_day, "end", request->end, &time, err);
  if (status != HS_OK)
    return status;
  if (time < panel->times[out->start])
    return outside(request, panel, "end", request->end, err);
  if (time >= panel->times[panel->period_count - 1] + out->step) {
    double periods = floor((time - panel->times[out->start]) / out->step) + 1;
    if (periods > HS_GEO_PERIODS_MAX)
      return hs_fail(err, HS_USAGE, "--end %.*s makes a window of %.0f periods",
                     HS_STR_ARG(request->end), periods);
    out->is_interim = 1;
    out->planned_count = (size_t)periods;
    return HS_OK;
  }
  size_t count = hs_panel_period(panel, time);
  if (count < panel->period_count && !(panel->times[count] > time))
    count++;
  cut_panel(panel, count);
  out->planned_count = count - out->start;
  return HS_OK;
}

/* The start as a period, and the panel cut behind the end. */
static enum hs_status find_window(struct hs_arena *arena, const struct hs_geo_request *request,
                                  struct hs_geo_figures *out, struct hs_err *err)
{
  double time = 0;
  const struct hs_panel *panel = &out->panel;
  enum hs_status status = read_time(out->is_day, "start", request->start, &time, err);
  if (status != HS_OK)
    return status;
  if (time < panel->times[0] || time > panel->times[panel->period_count - 1])
    return outside(request, panel, "start", request->start, err);
  out->start = hs_panel_period(panel, time);
  status = find_step(arena, panel, &out->step, err);
  return status == HS_OK ? find_end(request, out, err) : status;
}

/* Regions and periods of the panel that was read. */
static enum hs_status settle(struct hs_arena *arena, const struct hs_geo_request *request,
                             struct hs_geo_figures *out, struct hs_err *err)
{
  enum hs_status status = find_window(arena, request, out, err);
  if (status == HS_OK)
    status = find_treated(arena, request, out, err);
  return status == HS_OK ? find_donors(arena, request, out, err) : status;
}

/* The pair of each unit, by the rows in which it stands; all of them must say the same. */
static enum hs_status find_pairs(struct hs_arena *arena, const struct columns *columns,
                                 struct hs_geo_figures *out, struct hs_err *err)
{
  const struct hs_figures *figures = &columns->figures;
  const struct hs_figures_column *pair = &figures->columns[columns->pair];
  if (columns->pair == 0)
    return HS_OK;
  out->pairs = hs_arena_alloc(arena, out->panel.unit_count, sizeof *out->pairs);
  if (out->pairs == NULL)
    return hs_arena_full(arena, "pairs of regions", err);
  for (size_t row = 0; row < figures->row_count; row++) {
    struct hs_str *kept = &out->pairs[figures->columns[UNIT].names[row]];
    struct hs_str name = pair->name_list[pair->names[row]];
    if (kept->data != NULL && !hs_str_equal(*kept, name))
      return hs_fail(err, HS_INVALID,
                     "line %llu: '%.*s' is of pair '%.*s' here and of '%.*s' above",
                     (unsigned long long)figures->lines[row],
                     HS_STR_ARG(out->panel.units[figures->columns[UNIT].names[row]]),
                     HS_STR_ARG(name), HS_STR_ARG(*kept));
    *kept = name;
  }
  return HS_OK;
}

enum hs_status hs_geo_read_panel(struct hs_arena *arena, const struct hs_io *io,
                                 const struct hs_geo_request *request,
                                 hs_figures_reject_fn on_reject, void *context,
                                 struct hs_panel *out, int *is_day, uint64_t *reject_count,
                                 struct hs_err *err)
{
  struct columns columns = {.cost = 0};
  enum hs_status status = read_figures(arena, io, request, on_reject, context, &columns, err);
  if (status != HS_OK)
    return status;
  *is_day = columns.figures.columns[TIME].is_day;
  *reject_count = columns.figures.reject_count;
  return make_panel(arena, request, &columns.figures, OUTCOME, out, err);
}

enum hs_status hs_geo_read(struct hs_arena *arena, const struct hs_io *io,
                           const struct hs_geo_request *request, hs_figures_reject_fn on_reject,
                           void *context, struct hs_geo_figures *out, struct hs_err *err)
{
  struct columns columns = {.cost = 0};
  struct hs_geo_figures found = {.treated = NULL};
  enum hs_status status = read_figures(arena, io, request, on_reject, context, &columns, err);
  if (status == HS_OK)
    status = make_panel(arena, request, &columns.figures, OUTCOME, &found.panel, err);
  if (status == HS_OK && columns.cost > 0)
    status = make_panel(arena, request, &columns.figures, columns.cost, &found.costs, err);
  if (status == HS_OK)
    status = find_pairs(arena, &columns, &found, err);
  found.is_day = status == HS_OK && columns.figures.columns[TIME].is_day;
  if (status == HS_OK)
    status = settle(arena, request, &found, err);
  if (status != HS_OK)
    return status;
  found.row_count = columns.figures.row_count;
  found.reject_count = columns.figures.reject_count;
  *out = found;
  return HS_OK;
}

enum hs_status hs_geo_read_programme(struct hs_arena *arena, struct hs_programme *programme,
                                     const struct hs_geo_request *request,
                                     struct hs_geo_figures *out, struct hs_err *err)
{
  struct hs_geo_figures found = {.is_day = 1};
  enum hs_status status =
      hs_panel_of_programme(arena, programme, request->outcome, request->absent_is_zero,
                            &found.panel, &found.row_count, err);
  if (status == HS_OK)
    status = settle(arena, request, &found, err);
  if (status == HS_OK)
    *out = found;
  return status;
}
