/* Bulk import: a file's good rows become an immutable kept file, one frame of the journal and rows
   of the trail; its other rows are written aside with their reasons. The order makes it safe to
   interrupt at any moment and to run again: nothing counts before the frame is durable, and
   everything after it is redone by whoever opens the programme next. */
#ifndef HANSA_SERVICE_TRACK_IMPORT_H
#define HANSA_SERVICE_TRACK_IMPORT_H

#include "intake/intake.h"
#include "service/programme.h"

struct hs_import_options {
  struct hs_intake_options intake; /* kind, path, map and how to read it; reject, context and
                                      parquet are set by the import */
  struct hs_str time_zone;         /* name of intake.zone, for telling one way of reading from
                                      another; absent when there is none */
  const char *rejects_path; /* where rejected rows go; NULL for nowhere. A list of an earlier run
                               is gone afterwards, however this one ends, unless there was no
                               file to read */
};

struct hs_import_result {
  struct hs_intake_report report;
  struct hs_load_counts counts; /* of rows that were read and good */
  int is_repeat;                /* the same import was made before: nothing changed */
  struct hs_id id;              /* of the import; the zero value when there is none */
};

/* HS_OK, or HS_REJECTED_ROWS when some rows were rejected and the rest went in; HS_INVALID when
   none was good. *result is filled in for these three. Everything else leaves the programme as it
   was. Memory: as the intake says, for each slot, from arena. */
[[nodiscard]] enum hs_status hs_import_run(struct hs_programme *programme, struct hs_arena *arena,
                                           const struct hs_import_options *options,
                                           struct hs_import_result *result, struct hs_err *err);
/* Only reads and checks. */
[[nodiscard]] enum hs_status hs_import_try(const struct hs_wiring *wiring, struct hs_arena *arena,
                                           const struct hs_import_options *options,
                                           struct hs_import_result *result, struct hs_err *err);

#endif
