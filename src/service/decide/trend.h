/* Compounding, plateau or fading, from a file without any set-up: reading and computing here,
   writing in trend_json.c, trend_text.c and trend_html.c. */
#ifndef HANSA_SERVICE_DECIDE_TREND_H
#define HANSA_SERVICE_DECIDE_TREND_H

#include "base/io.h"
#include "base/text.h"
#include "intake/figures.h"
#include "measure/trend/cohorts.h"
#include "measure/trend/sides.h"

enum hs_trend_period {
  HS_TREND_AS_IT_IS, /* days and weeks become months, everything else stays */
  HS_TREND_MONTH,
  HS_TREND_QUARTER,
  HS_TREND_YEAR,
};

/* What makes a verdict, wherever the figures come from. */
struct hs_trend_rules {
  double material; /* growth a year that matters, such as .1 */
  double mass;     /* posterior mass that a verdict needs */
  int is_effort_planned;
};

struct hs_trend_request {
  const char *path; /* "-" is standard input */
  char delimiter;   /* 0: as the header has it */
  struct hs_str date, value;
  struct hs_str partner; /* the other side's value; absent when it is not there, as are the next */
  struct hs_str effort, company;
  struct hs_str cohort; /* a label of whose value a row is: of those who came together */
  enum hs_trend_period period;
  double per_year; /* periods a year; 0: as the dates say; numbers a whole one apart are years */
  int32_t season; /* periods in a round of seasons; −1: a year's, if it has 4 or 12; 0, 1: none */
  struct hs_trend_rules rules;
};

/* Evenly spaced figures. */
struct hs_trend_series {
  size_t count;
  double per_year;
  uint32_t season;
  const char *period_name; /* "month", "quarter", "year", "period" */
  struct hs_str *labels;   /* of each period */
  size_t side_count;
  const double *sides[2]; /* value, and the partner's */
  struct hs_str side_names[2];
  const double *effort;  /* NULL without */
  const double *company; /* NULL without */
  size_t cut_count;      /* periods at the ends that were not complete */
  size_t *row_periods;   /* of each row of a file, SIZE_MAX where it was cut off; NULL without */
};

struct hs_trend_answer {
  struct hs_trend_rules rules;
  struct hs_trend_series series;
  struct hs_trend_partnership partnership;
  struct hs_str effort_name; /* absent without */
  int has_stack;
  struct hs_cohort_stack stack; /* of our value, over the last year and the one before it */
  uint64_t row_count, reject_count;
};

/* Reads path and judges. Rows of one period are added up (weeks averaged, since months have four or
   five); an incomplete period at either end of days or weeks is left out; a period without a row is
   a gap. Company is netted out of each side, effort belongs to both. Everything lives in the arena.
   HS_INSUFFICIENT for fewer than two periods; HS_INVALID for times at no even distance; what
   hs_figures_read and hs_trend_estimate say. */
[[nodiscard]] enum hs_status hs_trend_file(struct hs_arena *arena, const struct hs_io *io,
                                           const struct hs_trend_request *request,
                                           hs_figures_reject_fn on_reject, void *context,
                                           struct hs_trend_answer *out, struct hs_err *err);

/* Judges series that are there already: fills in answer->partnership. */
[[nodiscard]] enum hs_status hs_trend_ask(struct hs_arena *arena, struct hs_trend_answer *answer,
                                          struct hs_err *err);

void hs_trend_json(const struct hs_trend_answer *answer, struct hs_buf *out);
/* period,side,value,fitted,level */
void hs_trend_csv(const struct hs_trend_answer *answer, struct hs_buf *out);
void hs_trend_text(const struct hs_trend_answer *answer, int width, struct hs_buf *out);
void hs_trend_html(const struct hs_trend_answer *answer, struct hs_buf *out);

#endif
