/* Which rule of an agreement pays for an order. */
#ifndef HANSA_LEDGER_CHOOSE_H
#define HANSA_LEDGER_CHOOSE_H

#include "agreement/terms.h"

/* An order as conditions see it. */
struct hs_sale {
  int64_t value_minor;                    /* what was paid; for value_min and value_max */
  int is_new;                             /* the customer had no order before */
  uint32_t months;                        /* whole months since the customer's first order */
  struct hs_str coupon, country, product; /* {NULL, 0} when not known: a rule that asks for one does
                                             not hold then */
};

/* The first rule by rank that is for sales and whose conditions all hold, or NULL: then nothing is
   owed. Codes are compared without case, the rest to the byte. */
const struct hs_rule *hs_rule_for_sale(const struct hs_terms *terms, const struct hs_sale *sale);

#endif
