/* What the book holds, in the form in which payout runs and the general ledger take it. */
#ifndef HANSA_SERVICE_PAY_PAYOUT_BOOK_H
#define HANSA_SERVICE_PAY_PAYOUT_BOOK_H

#include "service/owe/general_ledger.h"
#include "service/pay/payout_run.h"

/* Balances of all that was booked before until_us: a row for each partner and currency in which
   anything is payable, disputed or owed by the partner, by partner and currency, so that the same
   book gives the same numbers to invoices. HS_CORRUPT for a balance on the wrong side. */
[[nodiscard]] enum hs_status hs_dues_of_book(const struct hs_ledger_reader *ledger,
                                             int64_t until_us, struct hs_arena *arena,
                                             struct hs_due **out, size_t *count,
                                             struct hs_err *err);

/* Keeps of what is payable what was booked before until_us and can still be paid, commission by
   commission: a run pays what was owed by a day, and never more than is owed now. */
[[nodiscard]] enum hs_status hs_dues_until(const struct hs_ledger_reader *ledger, int64_t until_us,
                                           struct hs_due *dues, size_t count, struct hs_err *err);

/* hs_gl_make of the transfers that are booked in a period, and of what its closes estimated. */
[[nodiscard]] enum hs_status hs_gl_of_book(const struct hs_ledger_reader *ledger,
                                           const struct hs_period *period,
                                           const struct hs_gl_mapping *mapping,
                                           enum hs_gl_detail detail, const struct hs_zone *zone,
                                           struct hs_arena *arena, struct hs_gl *out,
                                           struct hs_err *err);

#endif
