/* Shares that wait for an exchange rate: each is a commission of nothing whose evidence says so. */
#ifndef HANSA_SERVICE_POST_WAITING_H
#define HANSA_SERVICE_POST_WAITING_H

#include "ports/book.h"

/* One of them, with its texts in the arena of the list. */
struct hs_waiting {
  struct hs_id commission;
  struct hs_str order_id, partner, agreement, part;
  uint64_t version;
  uint64_t sequence;       /* of the judgement that could not price it */
  struct hs_currency from, /* of the order */
      to;                  /* of the terms */
  int64_t ordered_us;
};

struct hs_waiting_list {
  struct hs_arena *arena;
  struct hs_waiting *items; /* in the order in which they were posted */
  size_t count, capacity;
};

/* All that ever waited, in arena; whether they still do is another question. */
[[nodiscard]] enum hs_status hs_waiting_load(const struct hs_ledger_reader *ledger,
                                             struct hs_arena *arena, struct hs_waiting_list *out,
                                             struct hs_err *err);
/* Sets *still: it was not judged since, neither by a rate nor at the end of the return period with
   another outcome, and nobody has granted anything for it. */
[[nodiscard]] enum hs_status hs_waiting_still(const struct hs_ledger_reader *ledger,
                                              const struct hs_waiting *waiting, int *still,
                                              struct hs_err *err);

#endif
