/* Allocation failure at every ordinal: a unit of work is run in an arena whose room grows from one
   byte on, to just where the allocation that failed finds its room, until all of them do. Each run
   must say HS_NOMEM in words or succeed; what a success means is for the unit itself to assert. */
#ifndef HANSA_TESTS_SUPPORT_CAPACITY_H
#define HANSA_TESTS_SUPPORT_CAPACITY_H

#include "base/arena.h"

/* One run in an empty arena; asserts its results when it succeeds. */
typedef enum hs_status (*bounded_fn)(void *context, struct hs_arena *arena, struct hs_err *err);

/* Gives how many allocations failed, each of them once at least. */
size_t fail_every_allocation(bounded_fn run, void *context);

#endif
