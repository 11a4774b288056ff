/* Panels for tests: read from a published file, or made with a known effect. */
#ifndef HANSA_TESTS_SUPPORT_PANELS_H
#define HANSA_TESTS_SUPPORT_PANELS_H

#include "measure/influence/panel.h"

struct panel_columns {
  const char *unit, *time, *outcome;
  int absent_is_zero;
};

/* 1 when the file was read whole, without a reject, into a panel in the arena. */
int panel_read(struct hs_arena *arena, const char *path, const struct panel_columns *columns,
               struct hs_panel *out);

/* A panel of unit_count × period_count around two common factors and a level of each unit, with
   independent noise; effect is added to unit 0 from the start on. Figures are a function of the
   arguments alone. */
struct panel_world {
  size_t unit_count, period_count, start;
  double effect, noise;
  uint64_t seed;
};
int panel_make(struct hs_arena *arena, const struct panel_world *world, struct hs_panel *out);

#endif
