/* From what an agreement says of sharing to what is applied. */
#ifndef HANSA_LEDGER_SHARING_TERMS_H
#define HANSA_LEDGER_SHARING_TERMS_H

#include "agreement/agreement.h"
#include "ledger/fairness.h"

/* sides: the parties' names, side_count of them, in the order in which they are numbered from then
   on. text is NULL where nothing was agreed: each side keeps its own. HS_INVALID for a name that is
   no side's and for an amount that the currency does not have; what hs_together_check asks for is
   taken to be so. */
[[nodiscard]] enum hs_status hs_sharing_make(const struct hs_sharing_text *text,
                                             const struct hs_str *sides, size_t side_count,
                                             struct hs_currency currency, enum hs_rounding rounding,
                                             struct hs_sharing *out, struct hs_err *err);
/* Likewise; text is not NULL. */
[[nodiscard]] enum hs_status hs_fairness_make(const struct hs_fairness_text *text,
                                              const struct hs_str *sides, size_t side_count,
                                              struct hs_fairness *out, struct hs_err *err);

#endif
