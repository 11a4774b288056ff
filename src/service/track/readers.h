/* The readers of the journal: each brings one store up to date and keeps its cursor in the same
   transaction as what it wrote, so that a crash loses nothing and doubles nothing. */
#ifndef HANSA_SERVICE_TRACK_READERS_H
#define HANSA_SERVICE_TRACK_READERS_H

#include "service/programme.h"

/* Brings the trail up to the end of the journal. counts (may be NULL) receives what became of the
   import with the sequence wanted. A cursor that the journal does not hold is HS_CONFLICT. */
[[nodiscard]] enum hs_status hs_trail_catch_up(struct hs_programme *programme,
                                               hs_catch_up_fn catching_up, void *context,
                                               uint64_t wanted, struct hs_load_counts *counts,
                                               struct hs_err *err);
/* The same for the book's list of imports. */
[[nodiscard]] enum hs_status hs_book_catch_up(struct hs_programme *programme, struct hs_err *err);

/* Whether the journal still holds an import that the book lists: after a repair it may not. Reads
   the journal until it is found. */
[[nodiscard]] enum hs_status hs_import_is_held(struct hs_programme *programme,
                                               const struct hs_id *id, int *is_held,
                                               struct hs_err *err);

#endif
