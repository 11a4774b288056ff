/* A payout run on a programme: what was owed by a day is paid, as payouts in the ledger with their
   invoices and as the file for the bank or the payment service.

   The file and the record cannot part. First the file is durable inside the data directory, where
   nobody finds it; then the run is decided, all of its payouts in one frame; only then does the
   file go where it was asked for. A crash before the frame leaves nothing; after it, the same
   command again writes the same file, to the byte, and pays nobody twice. */
#ifndef HANSA_SERVICE_PAY_PAYOUT_PAY_H
#define HANSA_SERVICE_PAY_PAYOUT_PAY_H

#include "service/pay/payout_file.h"
#include "service/pay/payout_run.h"
#include "service/post/post.h"

struct hs_paying {
  struct hs_str name;     /* of the run, and of the file at the bank; absent: "2026-10-31-sepa" */
  struct hs_str method;   /* sepa, paypal or wise */
  int32_t until_day;      /* what was owed by its end is paid */
  int32_t day;            /* of the payment; HS_ABSENT: today */
  struct hs_str currency; /* only what is owed in it; absent: in all */
  struct hs_str by, second;
  const char *out; /* where the file goes; NULL: nowhere, the same command again writes it */
  int has_decimal_comma;
};

struct hs_paid {
  struct hs_str name;
  int is_again;             /* the run was there: only its file was written */
  struct hs_payout_run run; /* as it was planned; empty when it was there */
  size_t payment_count;     /* of the file; 0 when nobody is paid, and then nothing is recorded */
  const struct hs_money *sums;
  size_t sum_count;
};

/* HS_INVALID: no two persons, no such method, a day in the future, faults of the file (told).
   HS_CONFLICT: a run of that name was made by another method or for another day. */
[[nodiscard]] enum hs_status hs_payout_pay(struct hs_programme *programme,
                                           const struct hs_paying *asked,
                                           const struct hs_payees *payees, struct hs_arena *arena,
                                           struct hs_paid *out, hs_fault_fn fault, void *context,
                                           struct hs_err *err);

#endif
