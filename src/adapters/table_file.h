/* A table of results written to a new CSV or NDJSON file: what every trail's export_table ends in.
   The file appears under its name when it is whole, and not before. */
#ifndef HANSA_ADAPTERS_TABLE_FILE_H
#define HANSA_ADAPTERS_TABLE_FILE_H

#include "base/io.h"
#include "ports/trail.h"

#define HS_TABLE_PATH_MAX 4096
#define HS_TABLE_COLUMNS_MAX 64

/* Gives the table to the sink, which writes it. */
typedef enum hs_status (*hs_table_fill_fn)(void *context, const struct hs_result_sink *sink,
                                           struct hs_err *err);
/* Writes what fill gives, and how many rows they were. format: CSV or NDJSON. HS_CONFLICT when a
   file is there; a failure leaves no half of one. */
[[nodiscard]] enum hs_status hs_table_file_write(const struct hs_io *io, const char *path,
                                                 enum hs_export_format format,
                                                 hs_table_fill_fn fill, void *context,
                                                 uint64_t *row_count, struct hs_err *err);

/* The steps that an engine's own writer needs: checks that nothing stands at path and gives the
   name beside it to write to; then syncs that file and gives it its name. */
[[nodiscard]] enum hs_status hs_table_path_beside(const struct hs_io *io, const char *path,
                                                  char beside[HS_TABLE_PATH_MAX],
                                                  struct hs_err *err);
[[nodiscard]] enum hs_status hs_table_path_place(const struct hs_io *io, const char *beside,
                                                 const char *path, struct hs_err *err);

#endif
