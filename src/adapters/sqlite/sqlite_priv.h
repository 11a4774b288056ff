#ifndef HANSA_ADAPTERS_SQLITE_SQLITE_PRIV_H
#define HANSA_ADAPTERS_SQLITE_SQLITE_PRIV_H

#include <pthread.h>
#include <sqlite3.h>

#include "adapters/sqlite/sqlite.h"
#include "adapters/sqlite/vfs.h"

/* Made by the build from db/sqlite/NNNN-*.sql, in order; ends with NULL. */
extern const char *const hs_sqlite_migrations[];

/* A status for SQLite's result code, with its words: HS_FULL, HS_BUSY, HS_CORRUPT, HS_CONFLICT (a
 * constraint), HS_IO, HS_FAILED. */
[[nodiscard]] enum hs_status hs_sqlite_fail(sqlite3 *db, const char *doing, struct hs_err *err);
/* Runs statements that give no rows. */
[[nodiscard]] enum hs_status hs_sqlite_run(sqlite3 *db, const char *sql, struct hs_err *err);
[[nodiscard]] enum hs_status hs_sqlite_migrate(sqlite3 *db, struct hs_err *err);

/* The writing half, on a connection that only the committing writer uses. */
extern const struct hs_book_writer hs_sqlite_writer;

/* The reading half, on its own connection under a lock. */
struct hs_sqlite_reader {
  sqlite3 *db;
  pthread_mutex_t lock;
};
void hs_sqlite_reader_install(struct hs_book *book);

struct hs_sqlite_request {
  hs_book_write_fn change;
  void *context;
  enum hs_status status;
  struct hs_err err;
  int is_done;
  struct hs_sqlite_request *next;
};

struct hs_sqlite_book {
  struct hs_sqlite_reader reader;
  struct hs_sqlite_vfs *vfs; /* NULL: SQLite's own */
  sqlite3 *db;               /* of whoever is committing */
  pthread_mutex_t lock;      /* guards what stands below */
  pthread_cond_t finished;
  struct hs_sqlite_request *first, *last; /* waiting for the next commit */
  int is_committing;
};

#endif
