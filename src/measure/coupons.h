/* Whose code a customer typed. Reports and the ledger both ask here, order by order, so it is a
   search in a sorted list. */
#ifndef HANSA_MEASURE_COUPONS_H
#define HANSA_MEASURE_COUPONS_H

#include "base/text.h"

/* Which partner's coupon a code is, and when. */
struct hs_coupon_owner {
  struct hs_str code; /* compared without case */
  struct hs_str partner;
  int64_t valid_from_us, valid_until_us;
};

/* By code and, of one code, by the moment from which it is valid. */
void hs_coupons_sort(struct hs_coupon_owner *owners, size_t count);
/* Who owned the code at a moment: in a list that was sorted, the first of those with the code whose
   time the moment lies in; NULL when nobody did, as for the absent code. */
const struct hs_coupon_owner *hs_coupons_find(const struct hs_coupon_owner *owners, size_t count,
                                              struct hs_str code, int64_t at_us);

#endif
