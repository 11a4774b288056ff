/* A programme that sells, plainly synthetic and the same on every machine: partners under one
   standard agreement, and orders over the year 2025 in the order of their moments, each an hour
   after its last touch. Every fifth order is by somebody who had ordered before. */
#ifndef HANSA_BENCH_SALES_H
#define HANSA_BENCH_SALES_H

#include "agreement/agreement.h"
#include "service/programme.h"

struct bench_sales {
  uint64_t order_count;
  uint64_t orders_per_import;
  unsigned partner_count;
  unsigned touches_per_order; /* six hours apart, each of another partner; 1 or more */
  unsigned coupon_count;      /* codes of partners; then every tenth order used one */
  int has_customers;          /* orders name an account beside the visitor, which joins the two */
};

/* 2025 in UTC: it is over, and events of the future are refused. */
#define BENCH_YEAR_FROM_US INT64_C(1735689600000000)
#define BENCH_YEAR_UNTIL_US INT64_C(1767225600000000)

/* 8 % of an order, 10 % from a partner's 11th of the month, 12 % from the 51st. */
extern const char bench_offer[];

/* Makes the programme in directory, in place of what stands there, and closes it. Everything is
   agreed before the first order comes; nothing that came is posted yet. */
void bench_sales_make(const char *directory, const struct bench_sales *sales);

#endif
