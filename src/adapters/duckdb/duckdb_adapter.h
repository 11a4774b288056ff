/* The trail and the kept imports on DuckDB. The database is a derived store: when its file is lost
   or damaged, delete it and replay. */
#ifndef HANSA_ADAPTERS_DUCKDB_DUCKDB_ADAPTER_H
#define HANSA_ADAPTERS_DUCKDB_DUCKDB_ADAPTER_H

#include "ports/keep.h"
#include "ports/text_rows.h"
#include "ports/trail.h"

/* The strings are copied. */
struct hs_duckdb_options {
  const char *path;      /* of the database, made when missing; a keep does not read it */
  uint64_t memory_bytes; /* that the engine may use; 0 is 1 GiB */
  unsigned threads;      /* 0 is as many as the machine has */
  const char *temp_dir;  /* for what does not fit into memory; NULL is no such place */
};

/* Opens or makes the database. A file that another process holds is HS_BUSY, one that is no
   database of this layout HS_CORRUPT, a full disk HS_FULL. After a failed store, a full disk at the
   engine's checkpoint among the reasons, the next call opens the file again: position then says
   which of the two legal places holds. */
[[nodiscard]] enum hs_status hs_duckdb_trail_open(const struct hs_duckdb_options *options,
                                                  struct hs_trail *out, struct hs_err *err);
/* Kept imports as Parquet files. Needs no database file. */
[[nodiscard]] enum hs_status hs_duckdb_keep_open(const struct hs_duckdb_options *options,
                                                 struct hs_keep *out, struct hs_err *err);
/* Parquet files of other programs as rows of text, in the order of the file and with one slot. The
   options must outlive the opener; nothing has to be closed. A file that is no Parquet is
   HS_CORRUPT, a nested column or one of a type without a text form HS_INVALID. Whoever made the
   file, nothing but it is opened. */
struct hs_text_opener hs_duckdb_parquet_opener(struct hs_duckdb_options *options);

#endif
