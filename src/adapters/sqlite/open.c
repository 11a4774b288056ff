/* Opening the book, and the group commit. A writer that finds nobody committing commits all that
   waits, its own change among it; those that come meanwhile are taken together into the next
   commit. A commit costs one sync of the disk, whatever its size, so this is what makes many small
   decisions affordable without giving up the promise that an answer means durable. */
#include <stdlib.h>
#include <string.h>

#include "adapters/sqlite/sqlite_priv.h"

#define APPLICATION_ID 0x48414E53 /* "HANS", in the file's header */
/* A batch of commissions touches every index of the ledger in several places; with SQLite's own 2
   MiB their pages come and go, which costs as much again as the work. */
#define WRITER_CACHE_KIB "65536"
#define LOG_PIECE_BYTES ((size_t)16 * 1024)
#define LOG_PATH_BYTES ((size_t)4096)

enum hs_status hs_sqlite_fail(sqlite3 *db, const char *doing, struct hs_err *err)
{
  enum hs_status status = HS_FAILED;
  switch (sqlite3_errcode(db) & 0xFF) {
  case SQLITE_FULL:
    status = HS_FULL;
    break;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    status = HS_BUSY;
    break;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    status = HS_CORRUPT;
    break;
  case SQLITE_CONSTRAINT:
    status = HS_CONFLICT;
    break;
  case SQLITE_IOERR:
  case SQLITE_CANTOPEN:
  case SQLITE_READONLY:
    status = HS_IO;
    break;
  case SQLITE_NOMEM:
    status = HS_NOMEM;
    break;
  default:
    break;
  }
  return hs_fail(err, status, "%s: %s", doing, sqlite3_errmsg(db));
}

enum hs_status hs_sqlite_run(sqlite3 *db, const char *sql, struct hs_err *err)
{
  if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
    return hs_sqlite_fail(db, "the book", err);
  return HS_OK;
}

static enum hs_status read_pragma(sqlite3 *db, const char *sql, int *out, struct hs_err *err)
{
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK ||
      sqlite3_step(statement) != SQLITE_ROW) {
    enum hs_status status = hs_sqlite_fail(db, sql, err);
    sqlite3_finalize(statement);
    return status;
  }
  *out = sqlite3_column_int(statement, 0);
  sqlite3_finalize(statement);
  return HS_OK;
}

static enum hs_status apply_migration(sqlite3 *db, int number, struct hs_err *err)
{
  char after[96];
  (void)snprintf(after, sizeof after, "PRAGMA user_version=%d; PRAGMA application_id=%d;", number,
                 APPLICATION_ID);
  enum hs_status status = hs_sqlite_run(db, "BEGIN IMMEDIATE", err);
  if (status == HS_OK)
    status = hs_sqlite_run(db, hs_sqlite_migrations[number - 1], err);
  if (status == HS_OK)
    status = hs_sqlite_run(db, after, err);
  if (status == HS_OK)
    status = hs_sqlite_run(db, "COMMIT", err);
  if (status != HS_OK) {
    (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    hs_err_prefix(err, "migration %d", number);
  }
  return status;
}

enum hs_status hs_sqlite_migrate(sqlite3 *db, struct hs_err *err)
{
  int version = 0;
  int application = 0;
  int known = 0;
  while (hs_sqlite_migrations[known] != NULL)
    known++;
  enum hs_status status = read_pragma(db, "PRAGMA user_version", &version, err);
  if (status == HS_OK)
    status = read_pragma(db, "PRAGMA application_id", &application, err);
  if (status != HS_OK)
    return status;
  if (version != 0 && application != APPLICATION_ID)
    return hs_fail(err, HS_CORRUPT, "this SQLite file is not a book of Hansa");
  if (version > known)
    return hs_fail(err, HS_UNSUPPORTED,
                   "a newer Hansa wrote this (its tables are version %d, this one knows %d)",
                   version, known);
  for (int number = version + 1; number <= known && status == HS_OK; number++)
    status = apply_migration(db, number, err);
  return status;
}

static enum hs_status open_connection(const struct hs_sqlite_book *book, const char *path,
                                      sqlite3 **out, struct hs_err *err)
{
  int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE;
  const char *vfs = book->vfs != NULL ? hs_sqlite_vfs_name(book->vfs) : NULL;
  if (sqlite3_open_v2(path, out, flags, vfs) != SQLITE_OK)
    return *out == NULL ? hs_fail(err, HS_NOMEM, "no memory for SQLite")
                        : hs_sqlite_fail(*out, path, err);
  (void)sqlite3_busy_timeout(*out, 5000);
  (void)sqlite3_db_config(*out, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  return hs_sqlite_run(
      *out, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;", err);
}

/* Reads and writes back the whole file, and syncs it. */
static enum hs_status write_again(const struct hs_io *io, hs_file file, uint64_t size_bytes,
                                  struct hs_err *err)
{
  unsigned char piece[LOG_PIECE_BYTES];
  enum hs_status status = HS_OK;
  for (uint64_t at = 0; status == HS_OK && at < size_bytes; at += sizeof piece) {
    size_t bytes = size_bytes - at < sizeof piece ? (size_t)(size_bytes - at) : sizeof piece;
    status = hs_io_read_all(io, file, piece, bytes, at, err);
    if (status == HS_OK)
      status = hs_io_write_all(io, file, piece, bytes, at, err);
  }
  return status == HS_OK ? io->sync_data(io->self, file, err) : status;
}

static enum hs_status write_log_again(const struct hs_io *io, const char *path, struct hs_err *err)
{
  char log[LOG_PATH_BYTES];
  struct hs_file_info info;
  hs_file file = -1;
  if (snprintf(log, sizeof log, "%s-wal", path) >= (int)sizeof log)
    return hs_fail(err, HS_INVALID, "the path has more than %zu bytes", sizeof log - 5);
  enum hs_status status = io->info(io->self, log, &info, err);
  if (status == HS_NOT_FOUND || (status == HS_OK && info.size_bytes == 0))
    return HS_OK;
  if (status == HS_OK)
    status = io->open(io->self, log, HS_OPEN_WRITE, &file, err);
  if (status != HS_OK)
    return status;
  status = write_again(io, file, info.size_bytes, err);
  io->close(io->self, file);
  return status == HS_OK ? hs_io_sync_parent(io, log, err) : status;
}

/* What a log of an earlier life holds may stand in the page cache alone: a sync that failed leaves
   pages that read well and that no later sync writes. A commit behind them would be lost with them
   when power fails, and a checkpoint would put into the file what the log on the disk does not
   have, which breaks the file. So the log is written again, before anybody reads from it, as the
   journal does with its last commit. The lock of a writer keeps other programs from appending
   meanwhile. */
static enum hs_status settle_log(sqlite3 *db, const struct hs_io *io, const char *path,
                                 struct hs_err *err)
{
  enum hs_status status = hs_sqlite_run(db, "BEGIN IMMEDIATE", err);
  if (status != HS_OK)
    return status;
  status = write_log_again(io, path, err);
  (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  return status;
}

/* ---- writing ---- */

static void run_request(struct hs_sqlite_book *book, struct hs_sqlite_request *request)
{
  sqlite3 *db = book->writer.connection.db;
  struct hs_book_writer writer = hs_sqlite_writer;
  writer.self = &book->writer;
  writer.ledger = hs_sqlite_ledger_writer;
  writer.ledger.self = &book->writer;
  writer.ledger_now = hs_sqlite_ledger_reader(&book->writer.connection);
  hs_sqlite_writer_forget(&book->writer);
  request->status = hs_sqlite_run(db, "SAVEPOINT request", &request->err);
  if (request->status != HS_OK)
    return;
  request->status = request->change(request->context, &writer, &request->err);
  if (request->status != HS_OK)
    (void)sqlite3_exec(db, "ROLLBACK TO request", NULL, NULL, NULL);
  (void)sqlite3_exec(db, "RELEASE request", NULL, NULL, NULL);
}

static void fail_all(struct hs_sqlite_request *batch, enum hs_status status,
                     const struct hs_err *err)
{
  for (struct hs_sqlite_request *request = batch; request != NULL; request = request->next)
    if (request->status == HS_OK) {
      request->status = status;
      request->err = *err;
    }
}

/* An error inside a change, such as a full disk, can make SQLite give up the whole transaction.
   What ran after that would be committed by itself. */
static enum hs_status run_requests(struct hs_sqlite_book *book, struct hs_sqlite_request *batch,
                                   struct hs_err *err)
{
  for (struct hs_sqlite_request *request = batch; request != NULL; request = request->next) {
    run_request(book, request);
    if (!sqlite3_get_autocommit(book->writer.connection.db))
      continue;
    HS_ASSERT(request->status != HS_OK);
    *err = request->err;
    return request->status;
  }
  return hs_sqlite_run(book->writer.connection.db, "COMMIT", err);
}

static void run_batch(struct hs_sqlite_book *book, struct hs_sqlite_request *batch)
{
  struct hs_err err = {0};
  enum hs_status status = hs_sqlite_run(book->writer.connection.db, "BEGIN IMMEDIATE", &err);
  if (status == HS_OK)
    status = run_requests(book, batch, &err);
  if (status == HS_OK)
    return;
  (void)sqlite3_exec(book->writer.connection.db, "ROLLBACK", NULL, NULL, NULL);
  fail_all(batch, status, &err);
}

/* Commits what waits. Nobody is committing, the lock is held, and is held again afterwards. */
static void commit(struct hs_sqlite_book *book)
{
  struct hs_sqlite_request *batch = book->first;
  book->first = book->last = NULL;
  book->is_committing = 1;
  pthread_mutex_unlock(&book->lock);
  run_batch(book, batch);
  pthread_mutex_lock(&book->lock);
  book->is_committing = 0;
  for (struct hs_sqlite_request *request = batch, *next = NULL; request != NULL; request = next) {
    next = request->next; /* the request is its writer's again once it is done */
    request->is_done = 1;
  }
  pthread_cond_broadcast(&book->finished);
}

static enum hs_status book_write(void *self, hs_book_write_fn change, void *context,
                                 struct hs_err *err)
{
  struct hs_sqlite_book *book = self;
  struct hs_sqlite_request request = {.change = change, .context = context, .status = HS_OK};
  pthread_mutex_lock(&book->lock);
  if (book->last != NULL)
    book->last->next = &request;
  else
    book->first = &request;
  book->last = &request;
  while (!request.is_done)
    if (book->is_committing)
      pthread_cond_wait(&book->finished, &book->lock);
    else
      commit(book);
  pthread_mutex_unlock(&book->lock);
  if (request.status != HS_OK && err != NULL)
    *err = request.err;
  return request.status;
}

/* ---- opening and closing ---- */

static void book_close(void *self)
{
  struct hs_sqlite_book *book = self;
  hs_sqlite_connection_close(&book->reader);
  hs_sqlite_connection_close(&book->writer.connection);
  hs_sqlite_vfs_close(book->vfs);
  pthread_cond_destroy(&book->finished);
  pthread_mutex_destroy(&book->lock);
  pthread_mutex_destroy(&book->reader_lock);
  free(book);
}

static enum hs_status open_files(struct hs_sqlite_book *book, const struct hs_io *io,
                                 const char *path, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  if (io != hs_io_real())
    status = hs_sqlite_vfs_open(io, &book->vfs, err);
  if (status == HS_OK)
    status = open_connection(book, path, &book->writer.connection.db, err);
  if (status == HS_OK)
    status = settle_log(book->writer.connection.db, io, path, err);
  if (status == HS_OK)
    status = hs_sqlite_migrate(book->writer.connection.db, err);
  if (status == HS_OK)
    status = hs_sqlite_run(book->writer.connection.db, "PRAGMA cache_size=-" WRITER_CACHE_KIB, err);
  return status == HS_OK ? open_connection(book, path, &book->reader.db, err) : status;
}

enum hs_status hs_sqlite_book_open(const struct hs_io *io, const char *path, struct hs_book *out,
                                   struct hs_err *err)
{
  struct hs_sqlite_book *book = calloc(1, sizeof *book);
  if (book == NULL)
    return hs_fail(err, HS_NOMEM, "no memory for the book");
  pthread_mutex_init(&book->lock, NULL);
  pthread_mutex_init(&book->reader_lock, NULL);
  book->reader.lock = &book->reader_lock;
  pthread_cond_init(&book->finished, NULL);
  enum hs_status status = open_files(book, io, path, err);
  if (status != HS_OK) {
    hs_err_prefix(err, "%s", path);
    book_close(book);
    return status;
  }
  *out = (struct hs_book){.self = book, .close = book_close, .write = book_write};
  hs_sqlite_reader_install(out);
  return HS_OK;
}
