/* What each side of an agreement got, month by month, where the result is shared: its part of the
   joint profit and loss, which may be below zero. Where each side keeps what it took in, orders and
   commissions say it already. */
#ifndef HANSA_SERVICE_DECIDE_TREND_JOINT_H
#define HANSA_SERVICE_DECIDE_TREND_JOINT_H

#include "service/programme.h"

struct hs_trend_joint {
  struct hs_str agreement;
  struct hs_str others;  /* who they are: the other side, or "others" where there are several */
  size_t from;           /* the first month with a joint profit and loss */
  double *ours, *theirs; /* by month, from 0 on; of all other sides together */
};

/* Every agreement whose newest signed version shares the result in the programme's currency and
   that has at least one of the months; first_month counts since year 0. The ledger must have caught
   up. Everything lives in arena. HS_NOMEM; what the joint book says. */
[[nodiscard]] enum hs_status hs_trend_joint_read(struct hs_arena *arena,
                                                 struct hs_programme *programme,
                                                 int64_t first_month, size_t month_count,
                                                 struct hs_trend_joint **out, size_t *count,
                                                 struct hs_err *err);

#endif
