/* What each partnership and paid channel cost, fully loaded, over the whole record, in the
   programme's currency: out of the ledger, the orders and the record of costs. */
#ifndef HANSA_SERVICE_DECIDE_COST_H
#define HANSA_SERVICE_DECIDE_COST_H

#include "service/decide/customers.h"

/* In the currency's unit. */
struct hs_cost {
  double commission; /* earned and not taken back: paid, owed, pending and disputed */
  double discount;   /* given on orders with the partner's coupon that were not taken back whole */
  double spent;      /* media, content, tools and hours with an amount, as imported */
  double joint;      /* our side's lines of joint P&Ls; 0 where costs or hours were imported */
  double hours;      /* hours without regard to their amount */
  uint64_t impressions, subscribers, reach;
  int has_other_currency;
};

struct hs_cost_line {
  struct hs_str name;
  int is_partner;
  struct hs_cost cost;
};

struct hs_costs {
  size_t count; /* partners first, in order of names */
  struct hs_cost_line *lines;
  struct hs_str stopped; /* why the ledger's part is not up to date; absent when it is */
};

/* Brings the ledger up to date first. Everything lives in the customers' arena. */
[[nodiscard]] enum hs_status hs_costs_read(struct hs_programme *programme,
                                           struct hs_programme_customers *customers,
                                           hs_catch_up_fn catching_up, void *context,
                                           struct hs_costs *out, struct hs_err *err);
/* NULL when it cost nothing and did nothing. */
struct hs_cost_line *hs_costs_find(const struct hs_costs *costs, struct hs_str name,
                                   int is_partner);

#endif
