/* The cohort stack of a programme's agreements: what of each one's value comes from customers that
   it brought long ago, by the quarter of their first order through it. */
#ifndef HANSA_SERVICE_DECIDE_TREND_COHORTS_H
#define HANSA_SERVICE_DECIDE_TREND_COHORTS_H

#include "measure/trend/cohorts.h"
#include "service/programme.h"

struct hs_trend_bought {
  uint64_t order;       /* key of its id */
  hs_person_key person; /* 0: nobody is named */
  size_t agreement, month;
  double value;
};

/* The zero value but for the arena is an empty one. 40 bytes an order. */
struct hs_trend_bought_list {
  struct hs_arena *arena;
  struct hs_trend_bought *orders;
  size_t count, capacity;
};

/* An order that an agreement is credited with. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_trend_bought_add(struct hs_trend_bought_list *list,
                                                 const struct hs_trend_bought *order,
                                                 struct hs_err *err);
/* Finds out who placed the orders, from the trail's orders of the scan and all evidence that joins
   ids up to its end. What the trail says. */
[[nodiscard]] enum hs_status hs_trend_bought_by(struct hs_trend_bought_list *list,
                                                const struct hs_programme *programme,
                                                const struct hs_scan *scan, struct hs_err *err);
/* Of one agreement's months from..month_count, of which first_month is the number since year 0 of
   month 0; a year beside the one before it. Orders of nobody are left out. *has_stack is 0 when
   there are fewer than two years. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_trend_bought_stack(const struct hs_trend_bought_list *list,
                                                   size_t agreement, int64_t first_month,
                                                   size_t from, size_t month_count, int *has_stack,
                                                   struct hs_cohort_stack *out, struct hs_err *err);

#endif
