/* Columns of a file as series with one figure a period: days, weeks, months, quarters or years,
   whatever lies between most of the rows. Months differ by a tenth and are still one period each;
   a row that is missing becomes a period without figures, so that seasons stay in step. */
#ifndef HANSA_SERVICE_BELIEVE_PERIODS_H
#define HANSA_SERVICE_BELIEVE_PERIODS_H

#include "base/time.h"
#include "intake/figures.h"

/* A file may leave out so many periods for each row that it has. */
#define HS_PERIODS_MISSING_MAX 10U

struct hs_periods_request {
  const char *path;              /* "-" is standard input */
  char delimiter;                /* 0: as the header has it */
  struct hs_str date;            /* column of days or numbers; absent: the rows count from 1 */
  struct hs_str outcome;         /* column */
  const struct hs_str *controls; /* columns */
  size_t control_count;
};

struct hs_periods {
  size_t count;
  double *times; /* of each period: days since 1970-01-01, or the number as it stood */
  int is_day;
  double *outcome;         /* NaN where there is none */
  double **controls;       /* finite in every period */
  size_t row_count;        /* rows of the file that could be used */
  uint64_t reject_count;   /* rows with a cell that could not be read */
  size_t filled_count;     /* periods that no row stands for */
  size_t incomplete_count; /* rows whose outcome is left out because a control is missing */
};

/* Reads the whole source into the arena. A period without a control's figure takes the one before
   (at the head: the one after) and has no outcome, so that the figure is read by nothing that
   estimates. HS_INSUFFICIENT without a usable row or when a control has no figure at all;
   HS_INVALID, with the line, for times that do not rise or lie between two periods; what
   hs_figures_read says. */
[[nodiscard]] enum hs_status hs_periods_read(struct hs_arena *arena, struct hs_source *source,
                                             const struct hs_periods_request *request,
                                             hs_figures_reject_fn on_reject, void *context,
                                             struct hs_periods *out, struct hs_err *err);

/* For who fills a struct hs_periods from elsewhere: outcomes of periods that lack a control are
   left out and counted, then the controls' gaps are closed as above. HS_INSUFFICIENT as above. */
[[nodiscard]] enum hs_status hs_periods_complete(struct hs_periods *periods,
                                                 const struct hs_periods_request *request,
                                                 struct hs_err *err);
/* Room for count periods: every figure and time NaN. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_periods_make_room(struct hs_arena *arena, size_t control_count,
                                                  struct hs_periods *out, struct hs_err *err);

/* The first period at or after (or: the last at or before) the time that the text names, written as
   in the file. HS_USAGE names the option when the text is no such time or the series has no such
   period. */
[[nodiscard]] enum hs_status hs_periods_from(const struct hs_periods *periods, const char *option,
                                             struct hs_str text, size_t *out, struct hs_err *err);
/* *is_beyond: the time lies a whole period or more behind the last one: there is more to come. */
[[nodiscard]] enum hs_status hs_periods_until(const struct hs_periods *periods, const char *option,
                                              struct hs_str text, size_t *out, int *is_beyond,
                                              struct hs_err *err);
/* How many periods lie before that time, which may be one period behind the last. HS_USAGE names
   the option and the series' ends when the text is no such time, or none or more than all lie
   before. */
[[nodiscard]] enum hs_status hs_periods_before(const struct hs_periods *periods, const char *option,
                                               struct hs_str text, size_t *out, struct hs_err *err);
/* "2026-03-01", "71" or "1949.25". */
void hs_periods_format(const struct hs_periods *periods, size_t period, char out[HS_TIME_TEXT]);

#endif
