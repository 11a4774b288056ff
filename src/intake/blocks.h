/* A stream cut into blocks of whole records, at most one batch each, one after another. Finding
   where records end is fast (memchr) and must happen in order, because only the beginning of a file
   says whether a newline stands inside quotes; everything dear (cutting fields, checking, reading
   numbers) is then done by several threads on blocks of their own. So no thread ever guesses, and
   rows, line numbers and faults are those of a single reader by construction. */
#ifndef HANSA_INTAKE_BLOCKS_H
#define HANSA_INTAKE_BLOCKS_H

#include "intake/csv_cut.h"
#include "intake/source.h"
#include "ports/rows.h"

struct hs_record {
  size_t offset; /* in the block's data */
  struct hs_csv_extent extent;
  uint64_t line;
  int is_too_long; /* then the extent has the problem */
};

/* One for each thread. data and records are taken from the arena once. */
struct hs_block {
  char *data;
  size_t record_count; /* 0 at the end */
  struct hs_record *records;
  uint64_t first_row; /* the place of records[0] among all records, from 1 */
  uint64_t ticket;    /* blocks count up from 0 */
  uint64_t position;  /* how far the file was read, for showing progress */
};

enum hs_record_form {
  HS_RECORD_LINE, /* every line that is not blank */
  HS_RECORD_CSV,  /* a row of CSV; empty lines are none */
};

struct hs_blocks_limits {
  size_t peek_bytes;       /* may be looked at before the first block; 3 or more */
  size_t read_bytes;       /* at once at most; 1 or more */
  size_t record_bytes_max; /* with its end of line; a longer record is a problem, and reading goes
                              on at the next line; 1 or more */
};

struct hs_blocks {
  struct hs_source *source;
  enum hs_record_form form; /* may be set until the first block is asked for, like the delimiter */
  char delimiter;
  struct hs_blocks_limits limits;
  char *kept; /* read, but not given yet */
  size_t kept_bytes;
  int is_at_end;
  uint64_t line; /* of kept[0] */
  uint64_t row;
  uint64_t ticket;
  size_t record_bytes; /* how long records are, as far as is known */
};

/* Takes the memory of kept from the arena: record_bytes_max + 2 × read_bytes + peek_bytes. The
   source is borrowed. Reads the file's beginning, so that kept holds peek_bytes of it or all of it,
   without a byte order mark. */
[[nodiscard]] enum hs_status hs_blocks_open(struct hs_arena *arena, struct hs_source *source,
                                            const struct hs_blocks_limits *limits,
                                            struct hs_blocks *out, struct hs_err *err);
/* Bytes of one block at most. */
size_t hs_block_bytes_max(const struct hs_blocks *blocks);
/* Memory for one block: as much again, and its records. */
[[nodiscard]] enum hs_status hs_block_init(struct hs_arena *arena, const struct hs_blocks *blocks,
                                           struct hs_block *out, struct hs_err *err);
/* The next block with 1 to record_count_max records (at most HS_BATCH_ROWS), or none at the end.
   The caller holds a lock where there are several threads. What reading says. */
[[nodiscard]] enum hs_status hs_blocks_next(struct hs_blocks *blocks, size_t record_count_max,
                                            struct hs_block *block, struct hs_err *err);

#endif
