/* Rows with a time become periods at even distances. */
#ifndef HANSA_SERVICE_DECIDE_TREND_ROWS_H
#define HANSA_SERVICE_DECIDE_TREND_ROWS_H

#include "service/decide/trend.h"

/* Columns as read: the time first, then column_count numbers. Fills count, per_year, period_name,
   labels, cut_count and row_periods of the series; out[c] is column c by period, NaN where it has
   no figure. */
[[nodiscard]] enum hs_status hs_trend_rows(struct hs_arena *arena, const struct hs_figures *figures,
                                           size_t column_count, enum hs_trend_period period,
                                           double per_year, struct hs_trend_series *series,
                                           double **out, struct hs_err *err);

/* "2026-03", "2026-Q1" or "2026" for the index of a month, quarter or year since year 0. */
void hs_trend_label(enum hs_trend_period period, int64_t index, char out[24]);

#endif
