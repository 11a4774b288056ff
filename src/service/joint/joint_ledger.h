/* What the ledger says of one agreement, partner by partner and month by month: the revenue of the
   orders that it pays for, what was earned, taken back and decided, and what was paid.

   An entry belongs to the month in which it is booked: nothing goes into a month that is closed. So
   the months of a statement that was settled stay as they were. */
#ifndef HANSA_SERVICE_JOINT_JOINT_LEDGER_H
#define HANSA_SERVICE_JOINT_JOINT_LEDGER_H

#include "ports/trail.h"
#include "service/agreed/in_force.h"

/* From where. Inside of a change of the book the reader is the writer's own. */
struct hs_joint_source {
  const struct hs_ledger_reader *ledger;
  const struct hs_trail *trail;
  const struct hs_in_force *in_force;
  uint64_t until_sequence; /* what came later is passed over; UINT64_MAX for all */
};

/* One partner's in one month, in the agreement's currency. */
struct hs_joint_flow {
  int64_t revenue_minor; /* of orders its part; less what was returned, by the same part */
  int64_t earned_minor;
  int64_t taken_back_minor; /* 0 or more */
  int64_t decided_minor;    /* granted less denied by decisions */
  int64_t paid_minor;       /* sent, less what came back from the bank */
  uint32_t order_count, return_count;
};

struct hs_joint_ledger {
  size_t partner_count;
  uint32_t *partners;          /* as in_force numbers them, rising: all who ever took part */
  int32_t first_month;         /* hs_month_parse */
  size_t month_count;          /* 0 when nothing was earned yet */
  struct hs_joint_flow *flows; /* [month × partner_count + partner] */
  size_t other_currency_count; /* commissions that are in no sum */
  struct hs_period_close *closes;
  size_t close_count;
};

/* A closed period: up to when nothing more is booked, from which frame on. */
struct hs_period_close {
  int64_t until_us;
  uint64_t sequence;
};

/* Months up to until_month. An order counts by what was paid without tax and shipping, whatever the
   rule takes its rate of (joint_sold.h). The part of it is rounded to whole cents for each
   commission, and what is returned of it is taken off in proportion, so that all of it is off when
   all is returned. A commission that was taken back whole for another reason brings nothing either.
   HS_INVALID when a sum does not fit. Takes a pass over the commissions and transfers of the
   agreement's partners, and over the refunds. */
[[nodiscard]] enum hs_status hs_joint_ledger_load(const struct hs_joint_source *source,
                                                  struct hs_str agreement,
                                                  struct hs_currency currency, int32_t until_month,
                                                  struct hs_arena *arena,
                                                  struct hs_joint_ledger *out, struct hs_err *err);

#endif
