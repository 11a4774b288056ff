/* Rows on their way from a reader to a store: batches of typed columns, pulled by the one who
   stores them. Several threads may pull at once, each with its own slot, so that a large file is
   read on all cores. */
#ifndef HANSA_PORTS_ROWS_H
#define HANSA_PORTS_ROWS_H

#include "ports/events.h"

#define HS_BATCH_ROWS 2048

/* One column of a batch. Which array is set follows from the type: text for TEXT and CURRENCY, real
   for REAL, integer for the rest. An absent value has is_absent[i] = 1 and an unspecified cell. */
struct hs_vector {
  enum hs_type type;
  struct hs_str *text;
  int64_t *integer;
  double *real;
  uint8_t *is_absent;
};

/* Borrowed from the source until its next call with the same slot. Columns are those of the kind's
   hs_event_spec, in its order. row_number[i] is the row's place in its source, from 1; it orders
   rows within one import and never repeats there. */
struct hs_batch {
  size_t row_count; /* 0 at the end */
  size_t column_count;
  struct hs_vector columns[HS_COLUMNS_MAX];
  int64_t row_number[HS_BATCH_ROWS];
};

struct hs_row_source {
  void *self;
  enum hs_event_kind kind;
  unsigned slot_count; /* how many threads may pull at once, 1 or more */
  /* Thread-safe for different slots. After an error every further call gives the same error. */
  enum hs_status (*next)(void *self, unsigned slot, struct hs_batch *out, struct hs_err *err);
  void (*close)(void *self);
};

#endif
