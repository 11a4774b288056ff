/* What an order says that was bought: its figures and items as rules see them, its country and its
   metadata. docs/reference/import.md says what the columns mean and how net, gross and margin
   follow from them. */
#ifndef HANSA_SERVICE_POST_BOUGHT_H
#define HANSA_SERVICE_POST_BOUGHT_H

#include "base/arena.h"
#include "ledger/choose.h"
#include "ports/trail.h"

struct hs_bought {
  int64_t tax_minor, shipping_minor, discount_minor; /* 0 when not said */
  int64_t cost_minor;                                /* −1 when not said */
  struct hs_str country;                             /* {NULL, 0} when not said */
  int has_items;     /* the order names them; otherwise all of it is one item */
  size_t item_count; /* 1 or more */
  struct hs_item *items;
  size_t fact_count;
  struct hs_fact *facts;
};

/* Row i of the batch, in arena. HS_CORRUPT for items or metadata that are not in the form that is
   kept: nobody is paid by a guess. */
[[nodiscard]] enum hs_status hs_bought_read(const struct hs_new_order_batch *batch, size_t i,
                                            struct hs_arena *arena, struct hs_bought *out,
                                            struct hs_err *err);

/* Metadata in the form that is kept, in arena. HS_CORRUPT when it is not in that form. */
[[nodiscard]] enum hs_status hs_facts_read(struct hs_str kept, struct hs_arena *arena,
                                           struct hs_fact **facts, size_t *count,
                                           struct hs_err *err);

#endif
