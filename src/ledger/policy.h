/* The allocation policy: which partners share an order, and how. It is the programme's, versioned,
   and the same for every order of its time; what a partner's share earns is its agreement's affair
   (price.h). This is the policy and its arithmetic; which touchpoints count is allocate.h. */
#ifndef HANSA_LEDGER_POLICY_H
#define HANSA_LEDGER_POLICY_H

#include "base/ratio.h"

/* With whom the orders of a customer stay who has ordered before. */
enum hs_renewals {
  HS_RENEWALS_UNTOUCHED, /* the partners of its first sale, where no touchpoint counts for the order
                          */
  HS_RENEWALS_ALWAYS,    /* those partners, whoever touched it since */
  HS_RENEWALS_NEVER      /* each order by its own touchpoints */
};

/* Shares by place: the partner of the first touchpoint, that of the last, and in equal parts those
   between who are neither. Touchpoints of one partner count once, or clicking often would pay.
   first + last is at most 1; what they leave is for those between. */
struct hs_policy {
  struct hs_ratio first, last;
  struct hs_ratio minimum; /* who would get less gets nothing, and the others its part */
  int is_coupon_first;     /* the partner whose code the order used goes before every click */
  int is_cart_barrier;     /* nothing for a partner that appeared after the cart began */
  int allows_self_referral;
  int64_t stand_down_us; /* a touchpoint that has to stand down does so when another partner's lies
                            at most this far before it; 0: it need not */
  enum hs_renewals renewals;
};

/* What users expect when nothing is said: the last touchpoint takes all, a coupon beats a click,
   nobody is paid for buying from themselves, and a customer stays with the partner. */
#define HS_POLICY_LAST                                                                             \
  ((struct hs_policy){.first = {0, 1}, .last = {1, 1}, .minimum = {0, 1}, .is_coupon_first = 1})

/* HS_INVALID names the part that is out of range: each 0 to 1, first and last together too; the
   time to stand down 0 or more. */
[[nodiscard]] enum hs_status hs_policy_check(const struct hs_policy *policy, struct hs_err *err);

struct hs_share {
  uint32_t partner;
  struct hs_ratio part; /* above 0, at most 1 */
};

/* partners: of each touchpoint that counts, in time order, 1 or more. Fills shares (room for count)
   in the order of each partner's first touchpoint; *share_count of them, their parts sum to exactly
   1. Where nobody stands between first and last, the two divide all in their proportion (in halves
   when the policy gives both nothing). HS_INVALID when the parts do not fit into 128 bits. Takes
   count² steps at most. */
[[nodiscard]] enum hs_status hs_policy_divide(const struct hs_policy *policy,
                                              const uint32_t *partners, size_t count,
                                              struct hs_share *shares, size_t *share_count,
                                              struct hs_err *err);

#endif
