/* The programme's state that people enter one by one: partners, their links and their coupons. */
#ifndef HANSA_SERVICE_STATE_H
#define HANSA_SERVICE_STATE_H

#include "service/programme.h"

/* Each checks the values, gives the row its id and moment, and puts it into the book. HS_INVALID
   names the value that is wrong; HS_CONFLICT and HS_NOT_FOUND as ports/book.h says. The same
   content again changes nothing. */
[[nodiscard]] enum hs_status hs_state_add_party(struct hs_programme *programme,
                                                const struct hs_party *party, struct hs_err *err);
[[nodiscard]] enum hs_status hs_state_add_link(struct hs_programme *programme,
                                               const struct hs_link *link, struct hs_err *err);
[[nodiscard]] enum hs_status hs_state_add_coupon(struct hs_programme *programme,
                                                 const struct hs_coupon *coupon,
                                                 struct hs_err *err);

#endif
