/* Several series of figures side by side at even distances in time, all of them outcomes, as the
   halo table has them: days, weeks, or numbers that count rows. Rows may stand in any order; a date
   that is missing is a gap. One outcome with its controls is periods.h, regions are geo.h. */
#ifndef HANSA_SERVICE_BELIEVE_SPACED_H
#define HANSA_SERVICE_BELIEVE_SPACED_H

#include "base/io.h"
#include "base/time.h"
#include "intake/figures.h"

struct hs_spaced_file {
  const char *path; /* "-" is standard input */
  char delimiter;   /* 0: the header tells */
  struct hs_str date;
  hs_figures_reject_fn on_reject; /* may be NULL */
  void *context;
};

struct hs_spaced {
  int is_day;    /* times are days since 1970-01-01; else numbers as they stood */
  int32_t first; /* the time of row 0 */
  int32_t step;  /* between two rows: 1 for days, 7 for weeks */
  size_t row_count;
  size_t series_count;
  double **series;      /* [series][row], NaN for a gap */
  struct hs_str *names; /* of the series: the columns */
  uint64_t reject_count;
};

/* One series for each column. HS_INSUFFICIENT for fewer than two rows; HS_INVALID for a time that
   stands twice, is no whole number, or fits no even distance; what reading figures says. */
[[nodiscard]] enum hs_status hs_spaced_read(struct hs_arena *arena, const struct hs_io *io,
                                            const struct hs_spaced_file *file,
                                            const struct hs_str *columns, size_t column_count,
                                            struct hs_spaced *out, struct hs_err *err);
/* The first row at or after a time, at most row_count. */
[[nodiscard]] size_t hs_spaced_row(const struct hs_spaced *spaced, int32_t time);
/* Of a text as the file's times are written: a day or a whole number. HS_USAGE names the option. */
[[nodiscard]] enum hs_status hs_spaced_time(const struct hs_spaced *spaced, const char *option,
                                            struct hs_str text, int32_t *out, struct hs_err *err);
/* "2026-03-01" or "71". */
void hs_spaced_format(const struct hs_spaced *spaced, size_t row, char out[HS_TIME_TEXT]);

#endif
