/* What the writers of payout files share. */
#ifndef HANSA_SERVICE_PAY_PAYOUT_FILE_PRIV_H
#define HANSA_SERVICE_PAY_PAYOUT_FILE_PRIV_H

#include "base/ratio.h"
#include "ledger/bank.h"
#include "service/pay/payout_file.h"

/* The checks of one format, each fault told. Ids are unique, amounts positive and names there: what
   holds for every format is checked before. */
void hs_pain001_check(const struct hs_payout_batch *batch, const struct hs_payout_options *options,
                      struct hs_payout_faults *faults);
void hs_paypal_check(const struct hs_payout_batch *batch, const struct hs_payout_options *options,
                     struct hs_payout_faults *faults);
void hs_wise_check(const struct hs_payout_batch *batch, const struct hs_payout_options *options,
                   struct hs_payout_faults *faults);

/* Of a batch in which the checks found nothing. */
[[nodiscard]] enum hs_status hs_pain001_write(const struct hs_payout_batch *batch,
                                              const struct hs_payout_options *options,
                                              struct hs_arena *arena, struct hs_buf *out,
                                              struct hs_err *err);
[[nodiscard]] enum hs_status hs_paypal_write(const struct hs_payout_batch *batch,
                                             const struct hs_payout_options *options,
                                             struct hs_arena *arena, struct hs_buf *out,
                                             struct hs_err *err);
[[nodiscard]] enum hs_status hs_wise_write(const struct hs_payout_batch *batch,
                                           const struct hs_payout_options *options,
                                           struct hs_arena *arena, struct hs_buf *out,
                                           struct hs_err *err);

/* "1250.00" of 125000 and two digits; value is 0 or more. */
void hs_payout_amount_add(struct hs_buf *out, hs_wide value, int digits, char point);
/* An address such as name@host.example, roughly. */
[[nodiscard]] int hs_payout_is_email(struct hs_str s);

#endif
