/* What lies beyond the click: for each partner of a programme five lines that are never blank (see
   measure/influence/lines.h), and who stands far higher by them than by the last click. It is
   another view than the attributed revenue of report.h: an indication (grade D) without money in
   it. No type here or there holds a figure of both, and nothing adds them.

   How a programme answers. A customer is new when no order of its person lies in the twelve months
   before. It was first met by whoever stands at the first touchpoint of those months, not of the 30
   days of credit. What happens in the last hour before an order is the checkout: it meets nobody
   and assists nobody, so that who only waits at the checkout gets no line from it. The direction of
   a line compares the last 13 weeks of the period (fewer where the record is short) with as many
   before them, both with a memory of the same length. */
#ifndef HANSA_SERVICE_LINES_H
#define HANSA_SERVICE_LINES_H

#include <stdatomic.h>

#include "measure/influence/lines.h"
#include "measure/persons.h"
#include "service/programme.h"

#define HS_LINES_MEMORY_DAYS 365
#define HS_LINES_RETURN_DAYS                                                                       \
  90 /* a second order within so many days is a customer who came back                             \
      */
#define HS_LINES_CHECKOUT_US HS_HOUR_US
/* What series are called. */
#define HS_LINES_SEARCHES "brand_searches"
#define HS_LINES_CONTROL "category_searches"

struct hs_lines_options {
  struct hs_period period;
  int64_t look_back_us;             /* how long before an order a touchpoint may assist */
  const struct hs_persons *persons; /* of the period's end; NULL: they are joined here */
  const atomic_int *interrupt;      /* as in hs_analysis_options */
};

struct hs_lines_partner {
  struct hs_str name;
  struct hs_str title; /* for people; the name where the book has none */
  struct hs_lines_line lines[HS_LINES_KIND_COUNT];
  struct hs_lines_place rank;
};

/* Points into itself: do not copy it. */
struct hs_lines_view {
  struct hs_lines_options options;
  int has_record;           /* there is a touchpoint or an order to look at */
  int64_t record_us;        /* where the record begins */
  int64_t until_us;         /* the end of the period or of the record, whichever comes first */
  size_t window_weeks;      /* compared with as many before; 0 when the record is too short */
  int64_t memory_days;      /* of both sides of that comparison */
  uint64_t answers;         /* to the survey, in the period */
  uint64_t answers_matched; /* of these, without a partner beside them: whose text names one */
  uint64_t answers_unnamed; /* of these: that name no partner */
  int has_searches, has_control;
  size_t partner_count; /* who ranks highest by the lines first; those without a rank last */
  struct hs_lines_partner *partners;
  size_t ranked_count, undervalued_count;
  struct hs_arena arena;
};

/* HS_OK for an empty programme too: every line says then what is missing. */
[[nodiscard]] enum hs_status hs_lines_view_make(struct hs_programme *programme,
                                                const struct hs_lines_options *options,
                                                struct hs_lines_view *out, struct hs_err *err);
/* Accepts the zero value. */
void hs_lines_view_release(struct hs_lines_view *view);

#endif
