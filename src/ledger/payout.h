/* What a payout run pays now, and what it carries to the next and why. A function of balances,
   thresholds and tax: whoever repeats it gets the same. */
#ifndef HANSA_LEDGER_PAYOUT_H
#define HANSA_LEDGER_PAYOUT_H

#include "ledger/tax.h"

/* Why nothing is paid now, in order of precedence: the first that holds is given. */
/*  X(symbol, "word", "what it says to people") */
#define HS_PAYOUT_VERDICT_TABLE(X)                                                                 \
  X(HS_PAYOUT_PAY, "pay", "is paid now")                                                           \
  X(HS_PAYOUT_NOTHING, "nothing", "nothing is owed")                                               \
  X(HS_PAYOUT_DISPUTED, "disputed", "all that is owed is disputed")                                \
  X(HS_PAYOUT_SET_OFF, "set_off", "all that is owed is set off against what was taken back")       \
  X(HS_PAYOUT_ON_HOLD, "on_hold", "payouts to this partner are on hold")                           \
  X(HS_PAYOUT_NO_TAX_FORM, "no_tax_form", "there is no tax form that holds on this day")           \
  X(HS_PAYOUT_NO_TAX_PRESET, "no_tax_preset", "no tax rule is known for this country and day")     \
  X(HS_PAYOUT_NO_ACCOUNT, "no_account", "there is no account to pay to in this currency")          \
  X(HS_PAYOUT_BELOW_THRESHOLD, "below_threshold", "it is below the threshold")                     \
  X(HS_PAYOUT_NO_FIT, "no_fit", "the amount does not fit")

enum hs_payout_verdict {
#define HS_PAYOUT_VERDICT_SYMBOL(symbol, word, says) symbol,
  HS_PAYOUT_VERDICT_TABLE(HS_PAYOUT_VERDICT_SYMBOL)
#undef HS_PAYOUT_VERDICT_SYMBOL
      HS_PAYOUT_VERDICT_COUNT
};
const char *hs_payout_verdict_word(enum hs_payout_verdict verdict);
const char *hs_payout_verdict_says(enum hs_payout_verdict verdict);

/* A partner's balances in one currency, each 0 or more and none part of another: what is held for a
   dispute is no longer in payable. */
struct hs_payout_balance {
  int64_t payable_minor;    /* locked and owed */
  int64_t disputed_minor;   /* held */
  int64_t receivable_minor; /* paid once and taken back since: the partner owes it */
};

struct hs_payout_payee {
  const struct hs_tax_standing *standings;
  size_t standing_count;
  int64_t threshold_minor; /* in the currency of the balance; what is owed must reach it */
  int has_account;         /* that takes this currency */
  int is_on_hold;
  int ignores_threshold; /* the last payout of a partner that leaves */
};

struct hs_payout_rules {
  const struct hs_tax_preset *presets; /* checked by hs_tax_presets_check */
  size_t preset_count;
  enum hs_rounding rounding;
  int32_t day; /* of the payout: forms and presets of this day count */
};

struct hs_payout_plan {
  enum hs_payout_verdict verdict;
  int64_t set_off_minor;    /* of payable, against receivable: done even if nothing is paid */
  struct hs_taxed taxed;    /* what is paid; all 0 unless the verdict is HS_PAYOUT_PAY */
  int64_t carried_minor;    /* of payable, to the next run */
  int64_t held_minor;       /* disputed; never carried into a payment */
  int64_t receivable_minor; /* what the partner still owes */
  const struct hs_tax_preset *preset; /* of the payment, and so what its invoice says; or NULL */
};

/* Pays all of payable that is left after setting off, or nothing of it. Law L6: net_minor +
   set_off_minor + carried_minor = payable, so what is paid before tax is at most what was posted
   and is neither held nor taken back. */
void hs_payout_decide(const struct hs_payout_balance *balance, const struct hs_payout_payee *payee,
                      const struct hs_payout_rules *rules, struct hs_payout_plan *out);

/* Spreads what is paid over the commissions that make it up, oldest first, as lines of a payout:
   each gets what is open of it until amount_minor is used up, so that a line is partial at most
   once. open: 0 or more each; lines: room for count. HS_CONFLICT when they are less than
   amount_minor. */
[[nodiscard]] enum hs_status hs_payout_spread(int64_t amount_minor, const int64_t *open_minor,
                                              size_t count, int64_t *lines_minor,
                                              struct hs_err *err);

#endif
