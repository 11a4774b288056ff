/* Kept imports: what a bulk import accepted, as one immutable file that a replay reads again.
   Parquet in production (adapters/duckdb), memory in simulation (adapters/memory). */
#ifndef HANSA_PORTS_KEEP_H
#define HANSA_PORTS_KEEP_H

#include "ports/rows.h"

struct hs_keep {
  void *self;
  /* Drains the source into a new file at path (HS_CONFLICT when one is there) and gives the number
     of rows. The file is not yet synced or hashed: the caller does both before it says anything
     about it. A failed write leaves no file. The columns are the spec's, in its order and under
     their stable names, plus row_number; absent values and empty texts are NULL. Rows stand in no
     particular order: row_number says it. */
  enum hs_status (*write)(void *self, struct hs_row_source *rows, const char *path,
                          uint64_t *row_count, struct hs_err *err);
  /* Opens a kept file, or any Parquet file with the spec's columns and types. The caller closes the
   * source. */
  enum hs_status (*read)(void *self, enum hs_event_kind kind, const char *path,
                         struct hs_row_source *out, struct hs_err *err);
  void (*close)(void *self);
};

#endif
