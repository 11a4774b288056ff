/* Sorting rows by a key that is a hash. Keys of that kind are spread evenly, so their top bits say
   nearly where each row belongs, and next to nothing is left to be compared. */
#ifndef HANSA_BASE_SPREAD_H
#define HANSA_BASE_SPREAD_H

#include "base/arena.h"

/* Sorts count rows of size bytes in place. At key_offset of each stands its uint64_t key; compare
   must look at the key first. Keys that are not spread are sorted as well, in the time of qsort.
   Takes the rows again and 8 to 16 bytes a row from scratch and gives them back. HS_NOMEM when it
   is full, with the rows as they were. */
[[nodiscard]] enum hs_status hs_sort_spread(struct hs_arena *scratch, void *rows, size_t count,
                                            size_t size, size_t key_offset,
                                            int (*compare)(const void *, const void *),
                                            struct hs_err *err);

#endif
