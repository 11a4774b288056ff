/* Row sources as a table that SQL can read: the function hansa_rows(), which several of the
   engine's threads pull from at once. For this folder alone. */
#ifndef HANSA_ADAPTERS_DUCKDB_FEED_H
#define HANSA_ADAPTERS_DUCKDB_FEED_H

#include <pthread.h>
#include <stdatomic.h>

#include "adapters/duckdb/engine.h"

/* One slot of one source: the piece of work that a thread takes and drains to its end. */
struct feed_unit {
  struct hs_row_source *source;
  unsigned slot;
  uint64_t sequence; /* given to each row as its column sequence */
};

/* Sources of one kind, drained by one statement. The zero value feeds nothing. */
struct feed {
  enum hs_event_kind kind;
  const struct feed_unit *units;
  size_t unit_count;
  atomic_size_t unit_next;
  atomic_uint lent; /* see lend in feed.c */
  atomic_uint returned;
  _Atomic int64_t row_count;
  pthread_mutex_t lock;
  enum hs_status status; /* of the first source that failed */
  struct hs_err failure;
};

/* Registers hansa_rows() on the connection; it reads whatever feed holds when a statement starts.
   The feed must outlive the engine. */
[[nodiscard]] enum hs_status hs_feed_register(struct engine *engine, struct feed *feed,
                                              struct hs_err *err);
void hs_feed_init(struct feed *feed);
void hs_feed_release(struct feed *feed);
/* Runs a statement that reads hansa_rows() over the units. A source's own failure is given back in
   its words and not in the engine's. */
[[nodiscard]] enum hs_status hs_feed_run(struct engine *engine, struct feed *feed,
                                         enum hs_event_kind kind, const struct feed_unit *units,
                                         size_t unit_count, const char *sql, struct hs_err *err);

/* Copies count cells from first on into a vector of the matching type; empty text becomes absent
   when asked for. */
enum hs_empty_text { HS_EMPTY_IS_ABSENT, HS_EMPTY_IS_KEPT };
void hs_fill_vector(duckdb_vector out, const struct hs_vector *column, size_t first, size_t count,
                    enum hs_empty_text empty);
/* The engine's type for ours, as an enum and in SQL. */
duckdb_type hs_engine_type(enum hs_type type);
const char *hs_sql_type(enum hs_type type);

#endif
