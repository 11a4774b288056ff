/* The customers of a programme: who bought when and for how much, out of its orders, and through
   whom each came. A customer is a person (measure/persons.h) with an order that was not taken back
   whole; purchases of one day are one. Who came through whom is told by the path of the first
   order: each channel in it has an equal share of the customer (the set form of Shapley's value), a
   customer whose first order has no path came through nobody that is known. */
#ifndef HANSA_SERVICE_DECIDE_CUSTOMERS_H
#define HANSA_SERVICE_DECIDE_CUSTOMERS_H

#include "measure/value/lifetime.h"
#include "service/believe/analysis.h"

struct hs_acquired {
  uint32_t customer;
  uint32_t channel; /* of the analysis */
  double share;
};

/* Points into itself: do not copy it. */
struct hs_programme_customers {
  struct hs_analysis analysis;   /* channels, facts, persons; without credits */
  struct hs_customers customers; /* times in weeks, values net of refunds in the currency's unit */
  double weeks;                  /* from the first order to the last event */
  size_t acquired_count;
  struct hs_acquired *acquired;
  uint64_t order_count;       /* that went in */
  uint64_t nobodys_orders;    /* left out: they name no person */
  double *x, *t_x, *T, *zbar; /* what customers points to */
};

/* The whole record. HS_INSUFFICIENT when it holds no order of a person. The analysis' arenas hold
   everything: release when done. */
[[nodiscard]] enum hs_status hs_programme_customers_read(struct hs_programme *programme,
                                                         int64_t look_back_us,
                                                         const atomic_int *interrupt,
                                                         struct hs_programme_customers *out,
                                                         struct hs_err *err);
/* Accepts the zero value. */
void hs_programme_customers_release(struct hs_programme_customers *customers);

/* New customers by channel: Σ share and Σ share² of channel_count channels. */
void hs_programme_customers_by_channel(const struct hs_programme_customers *customers, double *sum,
                                       double *squares);

#endif
