/* What a payout run leaves behind: the decision's document, from which the ledger is posted, and a
   kept file with what invoices and the payment file say of people. The first is in the record for
   good and names partners only; the second can be taken away with a person's data. */
#ifndef HANSA_SERVICE_PAY_PAYOUT_RECORD_H
#define HANSA_SERVICE_PAY_PAYOUT_RECORD_H

#include "ledger/tax.h"
#include "service/pay/payout_batch.h"
#include "service/programme.h"

/* One payout of a run. Amounts in minor units, each 0 or more. */
struct hs_run_line {
  struct hs_str payout; /* its id */
  struct hs_str partner, currency;
  struct hs_str invoice;     /* number */
  struct hs_str credit_note; /* absent when nothing is set off */
  int64_t sent, set_off;     /* of what was owed */
  int64_t tax, withheld;     /* of the invoice, which is over both */
  int64_t credit_tax, credit_withheld;
};

struct hs_run_document {
  struct hs_str kept;   /* hash of the kept file */
  struct hs_list lines; /* of struct hs_run_line */
};
extern const struct hs_shape hs_run_document_shape;

/* How a partner is paid and taxed, as it was on the day. */
struct hs_kept_payee {
  struct hs_str partner, name, street, postcode, town, country;
  int32_t treatment; /* enum hs_tax_treatment */
  struct hs_decimal rate, withholding;
  struct hs_str note;
};

struct hs_kept_run {
  struct hs_str run;
  struct hs_payer *payer; /* may be NULL */
  struct hs_list payees;  /* of struct hs_kept_payee */
  struct hs_str file;     /* the payment file, to the byte */
};
extern const struct hs_shape hs_kept_run_shape;

/* Durable in payouts/ of the data directory under its hash, before anybody decides by it. hash is
   hexadecimal, in arena. */
[[nodiscard]] enum hs_status hs_kept_run_write(const struct hs_programme *programme,
                                               const struct hs_kept_run *kept,
                                               struct hs_arena *arena, struct hs_str *hash,
                                               struct hs_err *err);
/* HS_NOT_FOUND when it was taken away, HS_CORRUPT when it is no longer what its name says. Texts
   live in arena. */
[[nodiscard]] enum hs_status hs_kept_run_read(const struct hs_programme *programme,
                                              struct hs_str hash, struct hs_arena *arena,
                                              struct hs_kept_run *out, struct hs_err *err);
/* NULL when there is none. */
const struct hs_kept_payee *hs_kept_run_payee(const struct hs_kept_run *kept,
                                              struct hs_str partner);

#endif
