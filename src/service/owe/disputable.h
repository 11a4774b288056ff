/* Until when an amount can be disputed: so many days as the terms say after it took effect or, when
   that was later, after we learnt of it. Nobody can dispute what they could not have seen. */
#ifndef HANSA_SERVICE_OWE_DISPUTABLE_H
#define HANSA_SERVICE_OWE_DISPUTABLE_H

#include "service/programme.h"

/* When the frame came in by which something was learnt; INT64_MIN when no import and no lock has
   that sequence: what a decision posts takes effect at once. */
[[nodiscard]] enum hs_status hs_learnt_at(const struct hs_book *book,
                                          const struct hs_ledger_reader *ledger, uint64_t sequence,
                                          int64_t *at_us, struct hs_err *err);
/* The days of the version that a commission was judged by. */
[[nodiscard]] enum hs_status hs_commission_dispute_days(struct hs_programme *programme,
                                                        const struct hs_commission_row *commission,
                                                        uint32_t *days, struct hs_err *err);
/* Of a moment at which something took effect, and the sequence by which it was learnt. */
[[nodiscard]] enum hs_status hs_disputable_until(const struct hs_book *book,
                                                 const struct hs_ledger_reader *ledger,
                                                 int64_t effective_us, uint64_t sequence,
                                                 uint32_t days, int64_t *until_us,
                                                 struct hs_err *err);
/* Of a commission: of the last entry that earned, took back or granted a part of it. */
[[nodiscard]] enum hs_status hs_commission_disputable_until(const struct hs_book *book,
                                                            const struct hs_ledger_reader *ledger,
                                                            const struct hs_id *commission,
                                                            uint32_t days, int64_t *until_us,
                                                            struct hs_err *err);

#endif
