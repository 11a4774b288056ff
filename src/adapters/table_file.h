/* A table of results written to a new CSV or NDJSON file: what every trail's export_table ends in.
   The file appears under its name when it is whole, and not before. */
#ifndef HANSA_ADAPTERS_TABLE_FILE_H
#define HANSA_ADAPTERS_TABLE_FILE_H

#include "base/io.h"
#include "ports/trail.h"

#define HS_TABLE_PATH_MAX 4096
#define HS_TABLE_COLUMNS_MAX 64

struct hs_table_file {
  const struct hs_io *io;
  enum hs_export_format format; /* CSV or NDJSON */
  hs_file file;                 /* -1 when none is open */
  uint64_t offset;
  uint64_t row_count;
  size_t column_count;
  struct hs_str names[HS_TABLE_COLUMNS_MAX];
  enum hs_cell cells[HS_TABLE_COLUMNS_MAX];
  struct hs_arena arena;
  struct hs_buf buf;
  char path[HS_TABLE_PATH_MAX];
  char path_beside[HS_TABLE_PATH_MAX];
};

/* HS_CONFLICT when a file is there. */
[[nodiscard]] enum hs_status hs_table_file_open(struct hs_table_file *table, const struct hs_io *io,
                                                const char *path, enum hs_export_format format,
                                                struct hs_err *err);
/* Rows given to it are written; the sink lives as long as table. */
struct hs_result_sink hs_table_file_sink(struct hs_table_file *table);
/* Writes the rest, syncs and renames. The table is closed afterwards, whatever came of it. */
[[nodiscard]] enum hs_status hs_table_file_finish(struct hs_table_file *table, uint64_t *row_count,
                                                  struct hs_err *err);
/* Removes what was written so far. Accepts a closed table. */
void hs_table_file_discard(struct hs_table_file *table);

/* The steps that an engine's own writer needs: checks that nothing stands at path and gives the
   name beside it to write to; then syncs that file and gives it its name. */
[[nodiscard]] enum hs_status hs_table_path_beside(const struct hs_io *io, const char *path,
                                                  char beside[HS_TABLE_PATH_MAX],
                                                  struct hs_err *err);
[[nodiscard]] enum hs_status hs_table_path_place(const struct hs_io *io, const char *beside,
                                                 const char *path, struct hs_err *err);

#endif
