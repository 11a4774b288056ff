/* Whose code is whose, from the book, for whoever cuts journeys. */
#ifndef HANSA_SERVICE_COUPON_OWNERS_H
#define HANSA_SERVICE_COUPON_OWNERS_H

#include "measure/coupons.h"
#include "ports/book.h"

/* All coupons of the book, sorted as measure/coupons.h wants them, in the arena. */
[[nodiscard]] enum hs_status hs_coupon_owners_read(struct hs_book *book, struct hs_arena *arena,
                                                   struct hs_coupon_owner **owners, size_t *count,
                                                   struct hs_err *err);

#endif
