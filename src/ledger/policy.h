/* The allocation policy: which partners share an order, and how. It is the programme's, versioned,
   and the same for every order of its time; what a partner's share earns is its agreement's affair
   (price.h). */
#ifndef HANSA_LEDGER_POLICY_H
#define HANSA_LEDGER_POLICY_H

#include "base/ratio.h"

/* Shares by place: the partner of the first touchpoint, that of the last, and in equal parts those
   between who are neither. Touchpoints of one partner count once, or clicking often would pay.
   first + last is at most 1; what they leave is for those between. */
struct hs_policy {
  struct hs_ratio first, last;
  struct hs_ratio minimum; /* who would get less gets nothing, and the others its part */
};

/* What users expect when nothing is said: the last touchpoint takes all. */
#define HS_POLICY_LAST ((struct hs_policy){HS_RATIO_ZERO, HS_RATIO_ONE, HS_RATIO_ZERO})

/* HS_INVALID names the part that is out of range: each 0 to 1, first and last together too. */
[[nodiscard]] enum hs_status hs_policy_check(const struct hs_policy *policy, struct hs_err *err);

struct hs_share {
  uint32_t partner;
  struct hs_ratio part; /* above 0, at most 1 */
};

/* partners: of each touchpoint before the order, in time order, 1 or more. Fills shares (room for
   count) in the order of each partner's first touchpoint; *share_count of them, their parts sum to
   exactly 1. Where nobody stands between first and last, the two divide all in their proportion
   (in halves when the policy gives both nothing). HS_INVALID when the parts do not fit into 128
   bits. Takes count² steps at most. */
[[nodiscard]] enum hs_status hs_policy_divide(const struct hs_policy *policy,
                                              const uint32_t *partners, size_t count,
                                              struct hs_share *shares, size_t *share_count,
                                              struct hs_err *err);

#endif
