/* Double entry: what can happen to money that is owed, as one table of transfers between accounts.
   A transfer has two legs of one amount, so every ledger of them balances; it is never edited, only
   followed by another.

   Of each commission the transfers that name it are folded into what is owed for it, and what a
   refund, a payout or a dispute does next is a function of that alone. */
#ifndef HANSA_LEDGER_TRANSFERS_H
#define HANSA_LEDGER_TRANSFERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "base/text.h"

/*  X(symbol, "word", of a partner or of us alone) */
#define HS_ACCOUNT_TABLE(X)                                                                        \
  X(HS_ACCOUNT_EXPENSE, "expense", 0)                                                              \
  X(HS_ACCOUNT_PENDING, "pending", 1)       /* earned, in its return period */                     \
  X(HS_ACCOUNT_PAYABLE, "payable", 1)       /* owed */                                             \
  X(HS_ACCOUNT_DISPUTED, "disputed", 1)     /* owed, and not paid until somebody has decided */    \
  X(HS_ACCOUNT_RECEIVABLE, "receivable", 1) /* paid, and taken back since */                       \
  X(HS_ACCOUNT_CLEARING, "clearing", 0)     /* on its way */                                       \
  X(HS_ACCOUNT_BANK, "bank", 0)

enum hs_account_kind {
#define HS_ACCOUNT_SYMBOL(symbol, word, is_partners) symbol,
  HS_ACCOUNT_TABLE(HS_ACCOUNT_SYMBOL)
#undef HS_ACCOUNT_SYMBOL
      HS_ACCOUNT_KIND_COUNT
};

/*  X(symbol, "word", debited, credited, "what it says to people") */
#define HS_TRANSFER_TABLE(X)                                                                       \
  X(HS_TRANSFER_EARN, "earn", EXPENSE, PENDING, "commission earned")                               \
  X(HS_TRANSFER_CANCEL, "cancel", PENDING, EXPENSE, "taken back in the return period")             \
  X(HS_TRANSFER_RELEASE, "release", PENDING, PAYABLE, "return period over, owed from now on")      \
  X(HS_TRANSFER_TAKE_BACK, "take_back", PAYABLE, EXPENSE, "taken back before it was paid")         \
  X(HS_TRANSFER_CLAW_BACK, "claw_back", RECEIVABLE, EXPENSE, "taken back after it was paid")       \
  X(HS_TRANSFER_HOLD, "hold", PAYABLE, DISPUTED, "held while it is disputed")                      \
  X(HS_TRANSFER_FREE, "free", DISPUTED, PAYABLE, "no longer disputed")                             \
  X(HS_TRANSFER_DENY, "deny", DISPUTED, EXPENSE, "taken back by the decision of a dispute")        \
  X(HS_TRANSFER_GRANT, "grant", EXPENSE, PAYABLE, "granted by a decision")                         \
  X(HS_TRANSFER_SET_OFF, "set_off", PAYABLE, RECEIVABLE, "set off against what was taken back")    \
  X(HS_TRANSFER_PAY, "pay", PAYABLE, CLEARING, "sent")                                             \
  X(HS_TRANSFER_RETURN, "return", CLEARING, PAYABLE, "came back from the bank")                    \
  X(HS_TRANSFER_SETTLE, "settle", CLEARING, BANK, "arrived")

enum hs_transfer_kind {
#define HS_TRANSFER_SYMBOL(symbol, word, debit, credit, says) symbol,
  HS_TRANSFER_TABLE(HS_TRANSFER_SYMBOL)
#undef HS_TRANSFER_SYMBOL
      HS_TRANSFER_KIND_COUNT
};

struct hs_transfer_spec {
  const char *word;
  enum hs_account_kind debit, credit;
  const char *says;
};

const struct hs_transfer_spec *hs_transfer_spec(enum hs_transfer_kind kind);
[[nodiscard]] int hs_transfer_kind_parse(struct hs_str word, enum hs_transfer_kind *out);

const char *hs_account_word(enum hs_account_kind kind);
[[nodiscard]] int hs_account_kind_parse(struct hs_str word, enum hs_account_kind *out);
/* Whether there is one for each partner. */
int hs_account_is_partners(enum hs_account_kind kind);

/* What is owed for one commission, in minor units, each 0 or more. */
struct hs_owed {
  int64_t earned; /* and granted */
  int64_t pending;
  int64_t payable;
  int64_t disputed;
  int64_t settled;    /* sent, arrived or set off */
  int64_t on_its_way; /* of that: sent, and neither arrived nor back */
  int64_t taken_back; /* in all */
  int64_t clawed;     /* of that, after it was settled: what the partner owes until it is set off */
};

/* Folds one transfer in. HS_CONFLICT when it would take more than is there: more than is pending,
   payable, disputed, on its way, more after payout than was settled, or more in all than was earned
   (a payment that came back after a part of it was taken back is payable whole, to be set off);
   HS_INVALID for an amount that is not positive or a sum that does not fit. *owed is untouched
   then. */
[[nodiscard]] enum hs_status hs_owed_add(struct hs_owed *owed, enum hs_transfer_kind kind,
                                         int64_t amount_minor, struct hs_err *err);

struct hs_step {
  enum hs_transfer_kind kind;
  int64_t amount_minor; /* above 0 */
};

/* The transfers that take amount_minor back, the least painful first: of what is pending, then of
   what is disputed, of what is payable, then of what was settled. HS_CONFLICT when more is wanted
   than is left of the commission. */
#define HS_TAKE_BACK_STEPS_MAX 4
[[nodiscard]] enum hs_status hs_owed_take_back(const struct hs_owed *owed, int64_t amount_minor,
                                               struct hs_step steps[HS_TAKE_BACK_STEPS_MAX],
                                               size_t *count, struct hs_err *err);

#endif
