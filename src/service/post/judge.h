/* Who earns what of one order, lead, click or custom event, before the tiers and caps of the period
   are looked at: the policy divides it, and each partner's part goes to a rule of the agreement
   that was in force at its touchpoint. A function of the case, of what was agreed and, for a
   customer who had ordered before, of who shared the first sale. */
#ifndef HANSA_SERVICE_POST_JUDGE_H
#define HANSA_SERVICE_POST_JUDGE_H

#include "ledger/allocate.h"
#include "ledger/choose.h"
#include "service/post/cases.h"
#include "service/post/first_sale.h"

struct hs_judged_share {
  uint32_t partner;
  struct hs_ratio part; /* of the order */
  int64_t touched_at_us;
  const struct hs_agreed_version *version;
  int is_kept; /* by no touchpoint of its own: the customer stays with the partner of its first sale
                */
  size_t portion_count;              /* 0 where nothing is owed */
  const struct hs_portion *portions; /* what each rule pays for, by rank: several where an order
                                        has items that several rules share */
  const struct hs_conversion *conversion; /* of an order in another currency than the terms', its
                                         rate; NULL otherwise */
  const struct hs_sale *sale;  /* as its conditions saw the order: with values in the currency of */
  const struct hs_item *items; /* the terms; bases stay in the order's until they are priced */
  int waits;                   /* refused for want of a rate: judged when one comes */
  const char *refused; /* why it cannot be priced, in words; NULL when it can. Nobody is paid by
                          a guess */
};

struct hs_judgement {
  const struct hs_agreed_policy *policy; /* NULL: none yet, and nobody shares the order */
  struct hs_allocation allocation; /* of every partner, with the reason where it got nothing */
  size_t touch_count;
  const struct hs_touchpoint *touches; /* as the allocation numbers them */
  const struct hs_sale *sale;          /* as it came */
  int64_t waited_until_us; /* when the rate that it waited for had come; 0: it did not wait */
  size_t share_count;
  struct hs_judged_share *shares; /* of those who share it, in order of first touchpoint */
};

/* In arena. ledger: for the shares of first sales, as they stood by order->known_until; it is read
   only where they may matter. HS_INVALID when the parts do not fit into 128 bits. */
[[nodiscard]] enum hs_status hs_judge(const struct hs_in_force *in_force,
                                      const struct hs_ledger_reader *ledger,
                                      const struct hs_case *order, struct hs_arena *arena,
                                      struct hs_judgement *out, struct hs_err *err);

#endif
