#include "support/panels.h"

#include <math.h>
#include <stdio.h>

#include "intake/figures.h"
#include "stats/random.h"

int panel_read(struct hs_arena *arena, const char *path, const struct panel_columns *columns,
               struct hs_panel *out)
{
  struct hs_source *source = NULL;
  struct hs_figures figures;
  const struct hs_figures_options options = {0};
  const struct hs_figures_want wants[] = {{hs_str_of(columns->unit), HS_FIGURES_NAME},
                                          {hs_str_of(columns->time), HS_FIGURES_TIME},
                                          {hs_str_of(columns->outcome), HS_FIGURES_NUMBER}};
  if (hs_source_open(arena, hs_io_real(), path, &source, NULL) != HS_OK)
    return 0;
  enum hs_status status =
      hs_figures_read(arena, source, &options, wants, 3, NULL, NULL, &figures, NULL);
  hs_source_close(source);
  if (status != HS_OK || figures.reject_count > 0)
    return 0;
  const struct hs_panel_rows rows = {.count = figures.row_count,
                                     .units = figures.columns[0].names,
                                     .unit_names = figures.columns[0].name_list,
                                     .unit_count = figures.columns[0].name_count,
                                     .times = figures.columns[1].values,
                                     .time_texts = figures.columns[1].texts,
                                     .values = figures.columns[2].values,
                                     .lines = figures.lines,
                                     .absent_is_zero = columns->absent_is_zero};
  return hs_panel_make(arena, &rows, out, NULL) == HS_OK;
}

static struct hs_str label(struct hs_arena *arena, char kind, size_t number)
{
  char text[32];
  int length = snprintf(text, sizeof text, "%c%zu", kind, number);
  char *kept = hs_arena_copy(arena, text, (size_t)length);
  return (struct hs_str){kept, kept == NULL ? 0 : (size_t)length};
}

static int name_all(struct hs_arena *arena, struct hs_panel *panel)
{
  panel->units = hs_arena_alloc(arena, panel->unit_count, sizeof *panel->units);
  panel->periods = hs_arena_alloc(arena, panel->period_count, sizeof *panel->periods);
  panel->times = hs_arena_alloc(arena, panel->period_count, sizeof *panel->times);
  if (panel->units == NULL || panel->periods == NULL || panel->times == NULL)
    return 0;
  for (size_t i = 0; i < panel->unit_count; i++)
    panel->units[i] = label(arena, 'u', i);
  for (size_t k = 0; k < panel->period_count; k++) {
    panel->periods[k] = label(arena, 't', k);
    panel->times[k] = (double)k;
  }
  return 1;
}

int panel_make(struct hs_arena *arena, const struct panel_world *world, struct hs_panel *out)
{
  struct hs_panel panel = {.unit_count = world->unit_count, .period_count = world->period_count};
  struct hs_random rng = hs_random_open(world->seed, 0);
  panel.values = hs_arena_alloc(arena, panel.unit_count * panel.period_count, sizeof *panel.values);
  if (panel.values == NULL || !name_all(arena, &panel))
    return 0;
  for (size_t i = 0; i < panel.unit_count; i++) {
    double level = 100 + 10 * hs_random_normal(&rng);
    double first = 1 + 0.3 * hs_random_normal(&rng);
    double second = hs_random_normal(&rng);
    for (size_t k = 0; k < panel.period_count; k++) {
      double common = first * 5 * sin((double)k / 6) + second * 3 * cos((double)k / 11);
      panel.values[i * panel.period_count + k] = level + common +
                                                 world->noise * hs_random_normal(&rng) +
                                                 (i == 0 && k >= world->start ? world->effect : 0);
    }
  }
  *out = panel;
  return 1;
}
