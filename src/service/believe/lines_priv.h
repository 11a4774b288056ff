/* A programme's record as weeks, on its way to the lines. For lines*.c alone. */
#ifndef HANSA_SERVICE_LINES_PRIV_H
#define HANSA_SERVICE_LINES_PRIV_H

#include "measure/journeys.h"
#include "service/believe/lines.h"

#define HS_LINES_WEEK_US (7 * HS_DAY_US)
#define HS_LINES_NOBODY SIZE_MAX

/* An order of a known person; sorted by person and moment. */
struct lines_order {
  hs_person_key person;
  int64_t at_us;
  int64_t before_us, after_us; /* the person's orders next to it; INT64_MIN and INT64_MAX */
  size_t met;                  /* the partner that met the person first; HS_LINES_NOBODY */
};

struct lines_record {
  struct hs_programme *programme;
  struct hs_lines_view *view;
  struct hs_arena *arena;  /* the view's */
  struct hs_arena scratch; /* of the reading */
  const struct hs_persons *persons;
  struct hs_persons own_persons;
  size_t partner_count;
  struct hs_str *names, *titles; /* by name */
  int64_t first_us;              /* of the first week */
  int64_t memory_us;             /* of the comparison */
  struct lines_order *orders;
  size_t order_count, order_capacity;
  const size_t *partner_of; /* by channel of the journeys; HS_LINES_NOBODY for our own */
  const struct hs_journey_run *run;
  struct hs_lines_input input; /* its arrays are those below */
  double *hits[HS_LINES_COUNTED], *all[HS_LINES_COUNTED];
  uint64_t *counts[HS_LINES_COUNTED];
  double *impressions, *touches, *tracked, *searches, *control;
  uint64_t *brought, *returned, *tracked_orders;
};

/* The partner of that name, or HS_LINES_NOBODY. */
size_t hs_lines_partner_of(const struct lines_record *record, struct hs_str name);
/* The week of a moment, or HS_LINES_NOBODY outside of those that are looked at. */
static inline size_t lines_week(const struct lines_record *record, int64_t at_us)
{
  return at_us < record->first_us || at_us >= record->view->until_us
             ? HS_LINES_NOBODY
             : (size_t)((at_us - record->first_us) / HS_LINES_WEEK_US);
}
static inline int lines_in_period(const struct lines_record *record, int64_t at_us)
{
  return at_us >= record->view->options.period.from_us && at_us < record->view->until_us;
}

/* lines_orders.c: orders, journeys, and what follows from them. */
[[nodiscard]] enum hs_status hs_lines_read_orders(struct lines_record *record, struct hs_err *err);
/* lines_said.c: answers, searches, activity. */
[[nodiscard]] enum hs_status hs_lines_read_answers(struct lines_record *record, struct hs_err *err);
[[nodiscard]] enum hs_status hs_lines_read_series(struct lines_record *record, struct hs_err *err);
[[nodiscard]] enum hs_status hs_lines_read_activity(struct lines_record *record,
                                                    struct hs_err *err);

#endif
