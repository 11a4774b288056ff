/* A batch of payments as the file that a bank or a payment service takes. Nothing is sent: moving
   money is the bank's job. */
#ifndef HANSA_SERVICE_PAY_PAYOUT_FILE_H
#define HANSA_SERVICE_PAY_PAYOUT_FILE_H

#include "service/pay/payout_batch.h"

enum hs_payout_format {
  HS_PAYOUT_PAIN001, /* ISO 20022 pain.001.001.09 */
  HS_PAYOUT_PAYPAL,  /* CSV of PayPal's payouts: one currency, no header */
  HS_PAYOUT_WISE,    /* CSV of Wise's batch payments */
};
#define HS_PAYOUT_FORMAT_COUNT 3
/* "pain.001", "paypal", "wise" */
const char *hs_payout_format_name(enum hs_payout_format format);

struct hs_payout_options {
  enum hs_payout_format format;
  int64_t now_us;        /* stands in the file, and no payment may lie before its day */
  int has_decimal_comma; /* PayPal reads amounts as its account's country writes them */
};

/* Appends the file to out, or tells every fault and appends nothing (HS_INVALID): money that cannot
   be paid as it is meant is not paid in another way. HS_NOMEM. arena is for the work between. What
   each format asks for, and how text is put into its characters, is in
   docs/reference/payout-files.md.

   pain.001 has one block for each currency and service level. A payment in euros between two
   accounts of the SEPA schemes goes by them, with shared charges (SLEV) and without the name of a
   bank; every other one asks for the receiver's bank, town and country, and each side bears its own
   bank's charges (SHAR). Differs from the schema: BtchBookg is left to the bank. */
[[nodiscard]] enum hs_status hs_payout_file_write(const struct hs_payout_batch *batch,
                                                  const struct hs_payout_options *options,
                                                  struct hs_arena *arena, struct hs_buf *out,
                                                  hs_fault_fn fault, void *context,
                                                  struct hs_err *err);

#endif
