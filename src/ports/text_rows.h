/* Rows whose cells are still text, from a store's reader of a typed file: how a Parquet file
   reaches intake/ without intake/ knowing the library that reads it. Cells are written as a CSV
   file would write them: moments in RFC 3339 (with Z when the file's type is an instant, without an
   offset when it is a wall clock), decimals exactly, booleans as true and false. */
#ifndef HANSA_PORTS_TEXT_ROWS_H
#define HANSA_PORTS_TEXT_ROWS_H

#include "base/text.h"

/* Borrowed from the source until its next call with the same slot. cells[c][r] is row r of column
   c, in the order of the source's column_names; an absent value is {NULL, 0}. */
struct hs_text_batch {
  size_t row_count;   /* at most HS_BATCH_ROWS; 0 at the end */
  uint64_t first_row; /* the place of the batch's first row in the file, from 1 */
  const struct hs_str *const *cells;
};

struct hs_text_source {
  void *self;
  size_t column_count;
  const struct hs_str *column_names; /* live until close */
  unsigned slot_count;               /* how many threads may pull at once, 1 or more */
  uint64_t row_count;                /* in the whole file, for showing progress */
  /* Batches of one slot come in rising order of first_row. Thread-safe for different slots. */
  enum hs_status (*next)(void *self, unsigned slot, struct hs_text_batch *out, struct hs_err *err);
  void (*close)(void *self);
};

/* Opens one kind of file as text: what an adapter gives to intake/. */
struct hs_text_opener {
  void *self;
  enum hs_status (*open)(void *self, const char *path, struct hs_text_source *out,
                         struct hs_err *err);
};

#endif
