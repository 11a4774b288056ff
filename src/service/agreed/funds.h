/* Money for what two sides do together under an agreement: asked for, granted by somebody else, and
   claimed with a proof. Each step is a decision. */
#ifndef HANSA_SERVICE_AGREED_FUNDS_H
#define HANSA_SERVICE_AGREED_FUNDS_H

#include "service/agreed/agreed.h"

struct hs_fund_step {
  struct hs_str what;  /* the fund's name */
  struct hs_str state; /* requested, approved, declined or claimed */
  struct hs_str
      amount;          /* as written, in the currency of the agreement's terms; absent: of an answer
                          all that was asked for, of a claim all that can still be claimed */
  struct hs_str party; /* who asks or claims; may be absent */
  struct hs_str proof; /* of a claim */
};

/* HS_NOT_FOUND when there is no such agreement; HS_USAGE for an amount that cannot be read or is
   missing; HS_CONFLICT for a step that cannot come next; HS_DENIED for more than was asked for or
   granted, and when who asked would grant it. */
[[nodiscard]] enum hs_status hs_fund_decide(struct hs_programme *programme,
                                            const struct hs_agreed *agreed,
                                            const struct hs_fund_step *step, struct hs_err *err);

struct hs_fund_line {
  struct hs_str what, state, party, proof, reason, by;
  struct hs_money amount;
  int64_t at_us;
};
typedef enum hs_status (*hs_fund_line_fn)(void *context, const struct hs_fund_line *line,
                                          struct hs_err *err);
/* In the order in which they came. */
[[nodiscard]] enum hs_status hs_funds_list(struct hs_programme *programme, struct hs_str agreement,
                                           hs_fund_line_fn each, void *context, struct hs_err *err);

#endif
