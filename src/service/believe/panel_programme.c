#include "service/believe/panel_programme.h"

#include "base/time.h"

struct row {
  double time, value;
  uint32_t unit;
  struct hs_str text; /* of the day */
};

/* The rows of a panel as they come, by day and then by region. */
struct gathering {
  struct hs_arena *arena;
  struct row *rows;
  size_t count, room;
  struct hs_str *names; /* of the units */
  size_t unit_count;
  size_t next; /* the unit that is likely to come */
};

/* Room is doubled, so that a long series is copied a few times and not at every row. */
static struct row *add_row(struct gathering *g)
{
  if (g->count == g->room) {
    size_t room = g->room == 0 ? 1024 : 2 * g->room;
    struct row *grown = hs_arena_grow(g->arena, g->rows, g->room, room, sizeof *grown);
    if (grown == NULL)
      return NULL;
    g->rows = grown;
    g->room = room;
  }
  return &g->rows[g->count];
}

static int keep_text(struct gathering *g, struct hs_str text, struct hs_str *out)
{
  char *kept = hs_arena_copy(g->arena, text.data, text.length);
  *out = (struct hs_str){kept, text.length};
  return kept != NULL;
}

/* Days hold the same regions in the same order, so that the next one is mostly the right one. */
static int find_unit(struct gathering *g, struct hs_str region, uint32_t *out)
{
  for (size_t tried = 0; tried < g->unit_count; tried++) {
    size_t unit = (g->next + tried) % g->unit_count;
    if (hs_str_equal(g->names[unit], region)) {
      *out = (uint32_t)unit;
      g->next = unit + 1;
      return 1;
    }
  }
  struct hs_str *grown =
      hs_arena_grow(g->arena, g->names, g->unit_count, g->unit_count + 1, sizeof *grown);
  if (grown == NULL || !keep_text(g, region, &grown[g->unit_count]))
    return 0;
  g->names = grown;
  *out = (uint32_t)g->unit_count++;
  g->next = g->unit_count;
  return 1;
}

static int name_day(struct gathering *g, int64_t day, struct hs_str *out)
{
  char text[HS_TIME_TEXT];
  if (g->count > 0 && g->rows[g->count - 1].time == (double)day) {
    *out = g->rows[g->count - 1].text;
    return 1;
  }
  hs_format_day((int32_t)day, text);
  return keep_text(g, hs_str_of(text), out);
}

static enum hs_status take(void *context, const struct hs_series_figure *figure, struct hs_err *err)
{
  struct gathering *g = context;
  if (figure->region.length == 0)
    return HS_OK;
  struct row *row = add_row(g);
  if (row == NULL || !find_unit(g, figure->region, &row->unit) ||
      !name_day(g, figure->day, &row->text))
    return hs_arena_full(g->arena, "regions of a programme", err);
  row->time = (double)figure->day;
  row->value = figure->value;
  g->count++;
  return HS_OK;
}

static enum hs_status make_panel(const struct gathering *g, int absent_is_zero,
                                 struct hs_panel *out, struct hs_err *err)
{
  struct hs_arena *arena = g->arena;
  uint32_t *units = hs_arena_alloc(arena, g->count, sizeof *units);
  double *times = hs_arena_alloc(arena, g->count, sizeof *times);
  double *values = hs_arena_alloc(arena, g->count, sizeof *values);
  struct hs_str *texts = hs_arena_alloc(arena, g->count, sizeof *texts);
  uint64_t *lines = hs_arena_alloc(arena, g->count, sizeof *lines); /* a series has none */
  if (units == NULL || times == NULL || values == NULL || texts == NULL || lines == NULL)
    return hs_arena_full(arena, "regions of a programme", err);
  for (size_t i = 0; i < g->count; i++) {
    units[i] = g->rows[i].unit;
    times[i] = g->rows[i].time;
    values[i] = g->rows[i].value;
    texts[i] = g->rows[i].text;
  }
  const struct hs_panel_rows rows = {.count = g->count,
                                     .units = units,
                                     .unit_names = g->names,
                                     .unit_count = g->unit_count,
                                     .times = times,
                                     .time_texts = texts,
                                     .values = values,
                                     .lines = lines,
                                     .absent_is_zero = absent_is_zero};
  return hs_panel_make(arena, &rows, out, err);
}

enum hs_status hs_panel_of_programme(struct hs_arena *arena, struct hs_programme *programme,
                                     struct hs_str metric, int absent_is_zero, struct hs_panel *out,
                                     size_t *row_count, struct hs_err *err)
{
  const struct hs_trail *trail = &programme->trail;
  struct gathering g = {.arena = arena};
  enum hs_status status = trail->series(trail->self, metric, hs_day_of(1, 1, 1),
                                        (int64_t)hs_day_of(9999, 12, 31) + 1, take, &g, err);
  if (status != HS_OK)
    return status;
  if (g.count == 0)
    return hs_fail(err, HS_NOT_FOUND,
                   "the programme has no figure of %.*s in a region; there are the metrics of "
                   "imported series",
                   HS_STR_ARG(metric));
  *row_count = g.count;
  return make_panel(&g, absent_is_zero, out, err);
}
