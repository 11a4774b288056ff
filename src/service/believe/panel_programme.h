/* The regions of a programme as a panel: a metric of the series that were imported, a figure for
   every region on every day. */
#ifndef HANSA_SERVICE_BELIEVE_PANEL_PROGRAMME_H
#define HANSA_SERVICE_BELIEVE_PANEL_PROGRAMME_H

#include "measure/influence/panel.h"
#include "service/programme.h"

/* Figures of everywhere are no region's and are left out. *row_count: those that were read.
   HS_NOT_FOUND when the metric has none of a region; HS_INVALID as hs_panel_make says. Text lives
   in the arena. */
[[nodiscard]] enum hs_status hs_panel_of_programme(struct hs_arena *arena,
                                                   struct hs_programme *programme,
                                                   struct hs_str metric, int absent_is_zero,
                                                   struct hs_panel *out, size_t *row_count,
                                                   struct hs_err *err);

#endif
