/* Who shared a customer's first sale, for its renewals: they stay with those partners, under the
   versions that judged it. */
#ifndef HANSA_SERVICE_POST_FIRST_SALE_H
#define HANSA_SERVICE_POST_FIRST_SALE_H

#include "ledger/allocate.h"
#include "ports/book_ledger.h"
#include "service/agreed/in_force.h"

struct hs_first_sale {
  size_t count; /* 0: nobody shared it */
  struct hs_first_share *shares;
  const struct hs_agreed_version **versions; /* of each share */
};

/* The shares of an order of frame `sequence` as they stood once frame until_sequence had been
   applied, in arena: those that paid, those for which no rule did, and where the order was judged
   again by then, those of the second judgement. What people decided about it is no share. A version
   that in_force no longer has, because other terms are tried in its place, gives way to the one
   that holds there. Reads by the order's name, so it costs the same however many orders there are.
   HS_CORRUPT when a part cannot be read. */
[[nodiscard]] enum hs_status hs_first_sale_load(const struct hs_ledger_reader *ledger,
                                                const struct hs_in_force *in_force,
                                                struct hs_str order_id, uint64_t sequence,
                                                uint64_t until_sequence, struct hs_arena *arena,
                                                struct hs_first_sale *out, struct hs_err *err);

#endif
