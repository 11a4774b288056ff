/* Who shares an order, by the programme's allocation policy and the touchpoints before it; and of
   every partner that gets nothing, why. */
#ifndef HANSA_LEDGER_ALLOCATE_H
#define HANSA_LEDGER_ALLOCATE_H

#include "base/arena.h"
#include "ledger/policy.h"

enum hs_touch_mark {
  HS_TOUCH_CODE = 1,        /* the order used a code of this partner; its moment is the order's */
  HS_TOUCH_STANDS_DOWN = 2, /* came from software in the customer's browser, or says itself that the
                               customer was referred already (afsrc=1) */
  HS_TOUCH_SELF = 4,        /* the customer is the partner */
  HS_TOUCH_UNAGREED = 8,    /* no agreement with the partner was in force */
  HS_TOUCH_NAMED = 16       /* what is judged names this partner itself: a lead that it registered,
                               a click on its link; its moment is that of the lead or click */
};

struct hs_touchpoint {
  uint32_t partner;
  unsigned marks; /* of hs_touch_mark */
  int64_t at_us;
  int64_t
      until_us; /* until when it may share orders: by the window of the agreement then in force */
};

/* A share of the customer's first sale, as it was decided then. */
struct hs_first_share {
  uint32_t partner;
  struct hs_ratio part;
  int64_t judged_at_us;
};

/* All that is known about one order when it is judged, or about a lead or another event that rules
   pay for. */
struct hs_claims {
  int is_named; /* it says whose it is: nothing counts but what is marked HS_TOUCH_NAMED */
  int64_t ordered_at_us;
  int64_t cart_at_us; /* when the cart began; INT64_MAX when not known */
  size_t touch_count; /* in time order, ties in order of arrival */
  const struct hs_touchpoint *touches;
  size_t first_share_count; /* 0 for a customer's first sale, and where nobody shared that */
  const struct hs_first_share *first_shares;
};

/* The hurdles in their order: a verdict says at which one a touchpoint fell. Of a partner with
   several touchpoints it is the one that came furthest.

   X(symbol, "name for machines", "what the partner is told") */
#define HS_SHARE_VERDICT_TABLE(X)                                                                  \
  X(HS_SHARE_AFTER_ORDER, "after_order", "the touchpoint came after the order")                    \
  X(HS_SHARE_NAMED_OTHER, "named_other", "it came in by the name of another partner")              \
  X(HS_SHARE_NO_AGREEMENT, "no_agreement",                                                         \
    "no agreement with the partner was in force at the touchpoint")                                \
  X(HS_SHARE_SELF_REFERRAL, "self_referral", "the partner is the customer")                        \
  X(HS_SHARE_EXPIRED, "expired", "the order came after the touchpoint's window")                   \
  X(HS_SHARE_CUSTOMER_KEPT, "customer_kept",                                                       \
    "the customer stays with the partners of its first sale")                                      \
  X(HS_SHARE_AFTER_CART, "after_cart", "the partner appeared after the cart began")                \
  X(HS_SHARE_STOOD_DOWN, "stood_down", "another partner had referred the customer just before")    \
  X(HS_SHARE_COUPON_FIRST, "coupon_first", "the order used a code, which goes before clicks")      \
  X(HS_SHARE_NO_PLACE, "no_place",                                                                 \
    "the policy gives nothing to touchpoints at this place of the journey")                        \
  X(HS_SHARE_BELOW_MINIMUM, "below_minimum", "the share would be below the policy's minimum")      \
  X(HS_SHARE_GIVEN, "given", "the partner shares the order")

enum hs_share_verdict {
#define HS_SHARE_VERDICT_SYMBOL(symbol, name, words) symbol,
  HS_SHARE_VERDICT_TABLE(HS_SHARE_VERDICT_SYMBOL)
#undef HS_SHARE_VERDICT_SYMBOL
};

/* Both live for ever. */
const char *hs_share_verdict_name(enum hs_share_verdict verdict);
const char *hs_share_verdict_words(enum hs_share_verdict verdict);

/* What became of one partner. */
struct hs_allotment {
  uint32_t partner;
  enum hs_share_verdict verdict;
  struct hs_ratio part; /* above 0 where the verdict is HS_SHARE_GIVEN, 0 otherwise */
  size_t touch; /* the latest touchpoint that came as far as the verdict; SIZE_MAX: none, the
                   share is that of the first sale */
  int64_t judged_at_us; /* the version of the partner's agreement that was in force then judges: at
                           that touchpoint, or at the one that the first sale was judged by */
};

struct hs_allocation {
  enum hs_share_verdict *verdicts; /* of each touchpoint; HS_SHARE_GIVEN: it counts, whatever its
                                      partner then gets */
  size_t count;
  struct hs_allotment *allotments; /* each partner once: in order of first touchpoint, then those of
                                      the first sale that have none */
};

/* Judges the touchpoints and divides the order, in arena. The parts sum to exactly 1, or nobody has
   one: where no touchpoint counts, and for a renewal whose first shares were not whole they sum to
   what those did. The policy must have passed its check. HS_INVALID when the parts do not fit into
   128 bits, HS_NOMEM when the arena is full. Takes touch_count
   × partners steps. */
[[nodiscard]] enum hs_status hs_allocate(const struct hs_policy *policy,
                                         const struct hs_claims *claims, struct hs_arena *arena,
                                         struct hs_allocation *out, struct hs_err *err);

#endif
