/* The programme's state that people enter one by one: partners, their links and their coupons. */
#ifndef HANSA_SERVICE_TRACK_STATE_H
#define HANSA_SERVICE_TRACK_STATE_H

#include "service/programme.h"

/* Rows without id and moment, borrowed. Links and coupons may name a party of the same rows. */
struct hs_state_rows {
  const struct hs_party *parties;
  size_t party_count;
  const struct hs_link *links;
  size_t link_count;
  const struct hs_coupon *coupons;
  size_t coupon_count;
};

/* Checks the values, gives every row its id and moment, and puts all of them into the book, or none
   of them. HS_INVALID names the value that is wrong; HS_CONFLICT and HS_NOT_FOUND as ports/book.h
   says. The same content again changes nothing. */
[[nodiscard]] enum hs_status hs_state_add(struct hs_programme *programme,
                                          const struct hs_state_rows *rows, struct hs_err *err);
/* The same for a single row. */
[[nodiscard]] enum hs_status hs_state_add_party(struct hs_programme *programme,
                                                const struct hs_party *party, struct hs_err *err);
[[nodiscard]] enum hs_status hs_state_add_link(struct hs_programme *programme,
                                               const struct hs_link *link, struct hs_err *err);
[[nodiscard]] enum hs_status hs_state_add_coupon(struct hs_programme *programme,
                                                 const struct hs_coupon *coupon,
                                                 struct hs_err *err);

#endif
