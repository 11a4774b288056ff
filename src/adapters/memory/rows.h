/* Rows of one kind of event in memory: loaded as a whole or not at all, judged by their natural
   keys, found again by them. For this folder alone. */
#ifndef HANSA_ADAPTERS_MEMORY_ROWS_H
#define HANSA_ADAPTERS_MEMORY_ROWS_H

#include "ports/trail.h"

struct cell {
  struct hs_str text; /* TEXT, CURRENCY; {NULL, 0} otherwise */
  int64_t integer;
  double real;
  int is_absent;
};

struct row {
  uint64_t sequence;
  int64_t row_number;
  uint64_t key_hash;
  struct cell cells[]; /* as many as the kind has columns */
};

struct conflict {
  enum hs_event_kind kind;
  struct hs_str key;
  uint64_t sequence;
  int64_t row_number;
  uint64_t first_sequence;
  int64_t first_row;
};

struct table {
  enum hs_event_kind kind;
  const struct row **rows;
  size_t count;
  size_t capacity;
  uint32_t *slots; /* hash table over rows: numbers from 1; twice the capacity */
};

struct conflicts {
  struct conflict *items;
  size_t count;
  size_t capacity;
};

void hs_table_release(struct table *table);
/* Forgets all rows from count on, after a load that failed. */
void hs_table_truncate(struct table *table, size_t count);

/* Drains the source and judges its rows in order of row number. Rows and conflicts live in the
   arena. On failure rows may have been added: the caller truncates. */
[[nodiscard]] enum hs_status hs_table_load(struct table *table, struct conflicts *conflicts,
                                           struct hs_arena *arena, uint64_t sequence,
                                           struct hs_row_source *source,
                                           struct hs_load_counts *counts, struct hs_err *err);
/* All rows of a source in order of row number, copied to the arena with empty text made absent. The
   array is the caller's to free. */
[[nodiscard]] enum hs_status hs_rows_drain(struct hs_arena *arena, struct hs_row_source *source,
                                           struct row ***rows, size_t *count, struct hs_err *err);
/* The cell as text, as exports show it, in at most HS_CELL_TEXT_MAX bytes of scratch unless it is
   text itself; absent gives {NULL, 0}. */
#define HS_CELL_TEXT_MAX 48
struct hs_str hs_cell_text(const struct cell *cell, enum hs_type type,
                           char scratch[HS_CELL_TEXT_MAX]);

#endif
