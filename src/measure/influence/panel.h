/* A balanced panel: one figure for every unit (a region, a store) in every period. Designs over
   regions stand on it. */
#ifndef HANSA_MEASURE_INFLUENCE_PANEL_H
#define HANSA_MEASURE_INFLUENCE_PANEL_H

#include <stdint.h>

#include "base/text.h"

struct hs_panel {
  size_t unit_count, period_count;
  struct hs_str *units;   /* names, in the order of their first appearance */
  double *times;          /* rising */
  struct hs_str *periods; /* the times as they were written */
  double *values;         /* [unit × period_count + period]; finite */
};

/* One row a unit and period, in any order. */
struct hs_panel_rows {
  size_t count;
  const uint32_t *units; /* which of unit_names */
  const struct hs_str *unit_names;
  size_t unit_count;
  const double *times;
  const struct hs_str *time_texts;
  const double *values;  /* NaN is a hole */
  const uint64_t *lines; /* for messages */
  int absent_is_zero;    /* a unit without a row in a period had none of what is counted; a row
                            without a figure stays a hole */
};

/* Names and texts are borrowed. HS_INVALID: a unit has no figure in a period in which another has
   one (the first such hole is named, in the order of units and periods, and the rest counted), or
   two; a figure is infinite. HS_INSUFFICIENT without a row. Cost: count log count. */
[[nodiscard]] enum hs_status hs_panel_make(struct hs_arena *arena, const struct hs_panel_rows *rows,
                                           struct hs_panel *out, struct hs_err *err);

/* Which unit has that name, or unit_count. */
[[nodiscard]] size_t hs_panel_unit(const struct hs_panel *panel, struct hs_str name);
/* The first period at that time or after it, or period_count. */
[[nodiscard]] size_t hs_panel_period(const struct hs_panel *panel, double time);

#endif
