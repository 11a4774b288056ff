/* What the checks of pain.001 find out and its writer uses. */
#ifndef HANSA_SERVICE_PAY_PAYOUT_PAIN001_PRIV_H
#define HANSA_SERVICE_PAY_PAYOUT_PAIN001_PRIV_H

#include "service/pay/payout_file_priv.h"

/* The account, or the zero value for what is none. */
struct hs_iban hs_pain001_iban(struct hs_str s);
/* Whether a payment goes by the SEPA schemes: in euros, between two accounts of theirs. */
[[nodiscard]] int hs_pain001_is_sepa(const struct hs_payout_batch *batch,
                                     const struct hs_payment *payment);
/* "USABA:021000021" in its two parts; 0 for anything else. */
[[nodiscard]] int hs_pain001_cut_clearing(struct hs_str clearing, struct hs_str *code,
                                          struct hs_str *number);
/* Sums of several currencies are counted in ten-thousandths: no currency has a smaller unit. */
#define HS_PAIN001_SUM_DIGITS 4
hs_wide hs_pain001_sum_units(struct hs_money amount);

#endif
