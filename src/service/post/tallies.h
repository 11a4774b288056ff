/* What rules have seen of partners in their periods, while a change of the ledger runs: read from
   the book once, counted on in memory, put back at the end. */
#ifndef HANSA_SERVICE_POST_TALLIES_H
#define HANSA_SERVICE_POST_TALLIES_H

#include "base/time.h"
#include "ledger/price.h"
#include "ports/book.h"

struct hs_tally_slot;
struct hs_tally_holder;

struct hs_tally_table {
  const struct hs_ledger_reader *ledger;
  struct hs_arena *arena; /* some 200 bytes a tally */
  struct hs_tally_slot **slots;
  size_t slot_count; /* a power of two, or 0 */
  size_t used_count;
  struct hs_tally_holder **holders; /* by name, with the tallies that were got last */
  size_t holder_count;              /* of places, as above */
  size_t named_count;
};

/* Of one rule and partner. rule is empty for everything that the agreement pays the partner. */
struct hs_tally_name {
  struct hs_str agreement, partner, rule; /* borrowed until the table is put back */
};

/* The first day of the day, week (Monday), month and of all time (0) that a moment falls into. */
void hs_tally_days(const struct hs_zone *zone, int64_t at_us, int32_t out[HS_CYCLE_COUNT]);

/* *holder is what sets them again; it lives as long as the table. */
[[nodiscard]] enum hs_status hs_tallies_get(struct hs_tally_table *table,
                                            const struct hs_tally_name *name,
                                            const int32_t days[HS_CYCLE_COUNT],
                                            struct hs_tally_holder **holder, struct hs_tallies *out,
                                            struct hs_err *err);
/* The tallies that were got last through the holder. */
void hs_tallies_set(struct hs_tally_holder *holder, const struct hs_tallies *tallies);
/* Writes what has changed, in an order that does not depend on the table. */
[[nodiscard]] enum hs_status hs_tallies_put(struct hs_tally_table *table,
                                            const struct hs_ledger_writer *writer,
                                            struct hs_err *err);

#endif
