/* From a judged order to amounts: each share priced by what its periods have seen, and the bonuses
   that are reached with it. The ledger posts what comes out, a simulation adds it up. */
#ifndef HANSA_SERVICE_POST_EARN_H
#define HANSA_SERVICE_POST_EARN_H

#include "service/post/judge.h"
#include "service/post/tallies.h"

/* One commission. */
struct hs_earned {
  const struct hs_judged_share *share; /* refused says why nothing is owed, where that is so */
  struct hs_str rule;                  /* or the bonus's name; "refused" */
  int64_t base_minor, amount_minor;    /* in the currency of the terms */
  /* of a rule: */
  const struct hs_portion *portion;
  const struct hs_tallies *before;
  const struct hs_price *price;
  /* of a bonus, in its period: */
  const struct hs_bonus *bonus;
  const struct hs_tally *bonus_before, *bonus_after;
};
typedef enum hs_status (*hs_earned_fn)(void *context, const struct hs_earned *earned,
                                       struct hs_err *err);

/* Gives each commission of the order or other event and moves the tallies on. A share that no rule
   pays gives none; bonuses are for sales. */
[[nodiscard]] enum hs_status hs_earn(const struct hs_in_force *in_force,
                                     const struct hs_case *order,
                                     const struct hs_judgement *judgement,
                                     struct hs_tally_table *tallies, hs_earned_fn each,
                                     void *context, struct hs_err *err);

#endif
