#ifndef HANSA_ADAPTERS_SQLITE_SQLITE_PRIV_H
#define HANSA_ADAPTERS_SQLITE_SQLITE_PRIV_H

#include <pthread.h>
#include <sqlite3.h>

#include "adapters/sqlite/rows_priv.h"
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

struct hs_sqlite_known_account {
  uint64_t change; /* in which it was met; 0: empty */
  enum hs_account_kind kind;
  struct hs_currency currency;
  size_t party_length;
  char party[40]; /* longer names are looked up each time */
  int64_t number;
};
/* Each at the place of its hash: a thousand partners rarely get into each other's way. */
#define HS_SQLITE_ACCOUNTS_KNOWN 4096

/* The writing half, on a connection that only the committing writer uses. What it remembers holds
   within one change: the next may follow one that was undone. */
struct hs_sqlite_writer {
  struct hs_sqlite_connection connection;
  uint64_t next_number; /* of a transfer; 0: not known yet */
  int knows_closed;
  int64_t closed_until_us; /* the latest end of a closed period */
  struct hs_id commission; /* the last one that was seen, */
  struct hs_currency commission_currency;
  int64_t commission_number;
  uint64_t change; /* counts them */
  struct hs_sqlite_known_account known[HS_SQLITE_ACCOUNTS_KNOWN];
};
void hs_sqlite_writer_forget(struct hs_sqlite_writer *writer);
extern const struct hs_book_writer hs_sqlite_writer;
extern const struct hs_ledger_writer hs_sqlite_ledger_writer;
[[nodiscard]] enum hs_status hs_sqlite_ledger_clear(void *self, struct hs_str reader,
                                                    struct hs_err *err);

/* The reading half, on its own connection under a lock; the ledger's is also for a writer. */
void hs_sqlite_reader_install(struct hs_book *book);
struct hs_ledger_reader hs_sqlite_ledger_reader(struct hs_sqlite_connection *connection);

struct hs_sqlite_request {
  hs_book_write_fn change;
  void *context;
  enum hs_status status;
  struct hs_err err;
  int is_done;
  struct hs_sqlite_request *next;
};

struct hs_sqlite_book {
  struct hs_sqlite_connection reader;
  pthread_mutex_t reader_lock;
  struct hs_sqlite_vfs *vfs;      /* NULL: SQLite's own */
  struct hs_sqlite_writer writer; /* of whoever is committing */
  pthread_mutex_t lock;           /* guards what stands below */
  pthread_cond_t finished;
  struct hs_sqlite_request *first, *last; /* waiting for the next commit */
  int is_committing;
};

#endif
