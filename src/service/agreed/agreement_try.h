/* What one order would earn under an agreement that is still a file, step by step: for whoever
   writes terms and wants to see what they do. */
#ifndef HANSA_SERVICE_AGREED_AGREEMENT_TRY_H
#define HANSA_SERVICE_AGREED_AGREEMENT_TRY_H

#include "ledger/choose.h"
#include "ledger/price.h"
#include "service/agreed/agreement_file.h"

struct hs_try {
  struct hs_str amount; /* of the order, in the currency of the terms; every base is taken as it */
  struct hs_str share;  /* "40%", "0.4" or "1/3"; absent: all of it */
  struct hs_str refund; /* returned later; absent: nothing */
  struct hs_str before; /* revenue of the partner in each period before it; absent: none */
  int64_t nth;          /* which order of each period it is, from 1 */
  struct hs_sale sale;  /* the rest of what conditions ask for; value_minor is set from amount */
};

struct hs_tried {
  const struct hs_rule *rule; /* NULL: no rule holds, nothing is earned */
  int64_t amount_minor;
  struct hs_ratio share;
  struct hs_price price;
  int64_t taken_back_minor;
};

/* HS_USAGE names a value that cannot be read; HS_INVALID what cannot be computed. */
[[nodiscard]] enum hs_status hs_agreement_try(const struct hs_agreement_file *file,
                                              const struct hs_try *asked, struct hs_tried *out,
                                              struct hs_err *err);

void hs_tried_say(const struct hs_agreement_file *file, const struct hs_tried *tried,
                  struct hs_buf *out);
void hs_tried_json(const struct hs_agreement_file *file, const struct hs_tried *tried,
                   struct hs_buf *out);

#endif
