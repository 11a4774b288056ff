/* A payout run: what is owed, to whom it goes, and what of it is paid on a day. Nothing is posted
   or sent here; the plan is a function of its arguments, and can be looked at as often as one
   likes. */
#ifndef HANSA_SERVICE_PAY_PAYOUT_RUN_H
#define HANSA_SERVICE_PAY_PAYOUT_RUN_H

#include "ledger/numbers.h"
#include "service/pay/payees.h"

/* What is owed to a partner in one currency. */
struct hs_due {
  struct hs_str partner;
  struct hs_currency currency;
  struct hs_payout_balance balance;
};

/* Reads CSV with the columns partner, currency, payable and, where there are any, disputed and
   receivable, as amounts with a point. HS_INVALID with every fault: a partner that is there twice
   in one currency too. Text lives in arena. */
[[nodiscard]] enum hs_status hs_dues_read(struct hs_str text, struct hs_arena *arena,
                                          struct hs_due **out, size_t *count, hs_fault_fn fault,
                                          void *context, struct hs_err *err);

struct hs_payout_run_options {
  int32_t day;          /* of the payment */
  uint64_t next_number; /* of the series and the day's year; 1 or more */
  enum hs_rounding rounding;
  enum hs_payee_way way; /* by which accounts */
};

struct hs_planned_payout {
  const struct hs_due *due;
  const struct hs_payee *payee;           /* NULL: nobody said how to pay this partner */
  const struct hs_payee_account *account; /* NULL: none takes the currency */
  struct hs_payout_plan plan;
  char number[HS_NUMBER_TEXT];      /* of the invoice; "" when nothing is paid */
  char credit_note[HS_NUMBER_TEXT]; /* over what is set off, the number after it; "" for none */
};

struct hs_payout_run {
  struct hs_planned_payout *rows; /* in the order of the dues */
  size_t row_count;
  size_t paid_count;
  uint64_t next_number; /* after this run */
};

/* HS_INVALID when the series cannot have the day's year. */
[[nodiscard]] enum hs_status hs_payout_run_make(const struct hs_due *dues, size_t count,
                                                const struct hs_payees *payees,
                                                const struct hs_payout_run_options *options,
                                                struct hs_arena *arena, struct hs_payout_run *out,
                                                struct hs_err *err);
/* The payments of a run, one for each row that is paid, with the invoice's number as its end-to-end
   id. What is withheld to the last cent makes none. */
[[nodiscard]] enum hs_status hs_payout_run_batch(const struct hs_payout_run *run,
                                                 const struct hs_payees *payees, int32_t day,
                                                 struct hs_str id, struct hs_arena *arena,
                                                 struct hs_payout_batch *out, struct hs_err *err);

#endif
