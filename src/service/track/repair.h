/* Checking a data directory whole, and mending a damaged journal. Neither opens the programme: a
   damaged one does not open. */
#ifndef HANSA_SERVICE_TRACK_REPAIR_H
#define HANSA_SERVICE_TRACK_REPAIR_H

#include "service/programme.h"

struct hs_check_result {
  struct hs_journal_report journal;
  uint64_t kept_count;   /* kept imports that the journal names and that are as their name says */
  uint64_t kept_damaged; /* changed or gone */
  char first_damaged[HS_PATH_BYTES]; /* one of them; empty when there is none */
};

/* Reads every frame of the journal and every kept import and recomputes every checksum; changes
   nothing. HS_OK, or HS_CORRUPT with the first damage. HS_BUSY while a hansa has the directory
   open. */
[[nodiscard]] enum hs_status hs_directory_check(const struct hs_wiring *wiring,
                                                const char *directory, struct hs_check_result *out,
                                                struct hs_err *err);
/* Mends the journal as journal/journal.h says, writing aside what it drops. The trail is told again
 * from it by whoever opens the programme next. */
[[nodiscard]] enum hs_status hs_directory_repair(const struct hs_wiring *wiring,
                                                 const char *directory,
                                                 struct hs_journal_report *out, struct hs_err *err);

#endif
