/* What reading and writing share: statements that are kept, and rows that are described by a table
   of their members instead of by code. */
#ifndef HANSA_ADAPTERS_SQLITE_ROWS_PRIV_H
#define HANSA_ADAPTERS_SQLITE_ROWS_PRIV_H

#include <pthread.h>
#include <sqlite3.h>

#include "ports/book_ledger.h"

enum hs_sqlite_kind {
  HS_SQLITE_TEXT,     /* struct hs_str; absent is NULL */
  HS_SQLITE_INTEGER,  /* int64_t or uint64_t; no number of ours has 64 bits */
  HS_SQLITE_NUMBER,   /* the same, and 0 is NULL */
  HS_SQLITE_ID,       /* struct hs_id; none is NULL */
  HS_SQLITE_CURRENCY, /* struct hs_currency */
  HS_SQLITE_ACCOUNT   /* enum hs_account_kind, as its word */
};

/* A member of a row's struct and the column, or the expression, that holds it. */
struct hs_sqlite_field {
  const char *column;
  size_t offset;
  enum hs_sqlite_kind kind;
};

#define HS_SQLITE_FIELDS_MAX 20

struct hs_sqlite_table {
  const char *what;   /* one row, for messages */
  const char *source; /* of a SELECT; a table's name when rows are put */
  const char *insert; /* NULL: one that names every column */
  const char *needs;  /* what a row refers to, for messages; NULL: nothing */
  size_t key_count;   /* the first so many fields name the row */
  struct hs_sqlite_field fields[HS_SQLITE_FIELDS_MAX]; /* up to the one without a column */
};

/* A value for a parameter. */
struct hs_sqlite_cell {
  enum { HS_SQLITE_CELL_TEXT, HS_SQLITE_CELL_INTEGER, HS_SQLITE_CELL_BLOB } kind;
  struct hs_str text;
  int64_t integer;
};
struct hs_sqlite_cell hs_sqlite_text(struct hs_str s);
struct hs_sqlite_cell hs_sqlite_integer(int64_t value);
struct hs_sqlite_cell hs_sqlite_id(const struct hs_id *id);

struct hs_str hs_sqlite_text_at(sqlite3_stmt *statement, int column);
struct hs_id hs_sqlite_id_at(sqlite3_stmt *statement, int column);

/* How a statement's text is made. Texts are compared by their place: they are literals. */
enum hs_sqlite_verb {
  HS_SQLITE_PLAIN,  /* text itself */
  HS_SQLITE_INSERT, /* a row of the table, nothing when it is there */
  HS_SQLITE_SAME,   /* finds the row when it is there to the letter */
  HS_SQLITE_SELECT  /* rows of the table; text is what follows its name */
};

struct hs_sqlite_kept {
  enum hs_sqlite_verb verb;
  const struct hs_sqlite_table *table;
  const char *text;
  sqlite3_stmt *statement;
  int is_taken;
};

/* More than we have statements; beyond that the first that rests gives way. */
#define HS_SQLITE_KEPT_MAX 96

struct hs_sqlite_connection {
  sqlite3 *db;
  pthread_mutex_t *lock; /* NULL: one thread at a time anyway */
  size_t kept_count;
  struct hs_sqlite_kept kept[HS_SQLITE_KEPT_MAX];
};

/* Ends all statements and closes; accepts the zero value. */
void hs_sqlite_connection_close(struct hs_sqlite_connection *connection);

/* Gives a statement that is ready to be stepped, to be left again. HS_FAILED and others as
   hs_sqlite_fail says. */
[[nodiscard]] enum hs_status hs_sqlite_take(struct hs_sqlite_connection *connection,
                                            enum hs_sqlite_verb verb,
                                            const struct hs_sqlite_table *table, const char *text,
                                            struct hs_sqlite_kept **out, struct hs_err *err);
void hs_sqlite_leave(struct hs_sqlite_kept *kept);

/* Runs one statement; *count is the number of rows it changed, or 1 when it found something, whose
   first column is then *found. Both may be NULL. */
[[nodiscard]] enum hs_status hs_sqlite_ask(struct hs_sqlite_connection *connection,
                                           const char *text, const struct hs_sqlite_cell *cells,
                                           size_t cell_count, int64_t *count, int64_t *found,
                                           struct hs_err *err);

/* Hands one row to the caller's function, which `each` holds in its own type. */
typedef enum hs_status (*hs_sqlite_row_fn)(sqlite3_stmt *statement, const void *each, void *context,
                                           struct hs_err *err);

struct hs_sqlite_query {
  enum hs_sqlite_verb verb; /* PLAIN or SELECT */
  const struct hs_sqlite_table *table;
  const char *text;
  const struct hs_sqlite_cell *cells;
  size_t cell_count;
};
/* Steps through the rows of a query, under the connection's lock. */
[[nodiscard]] enum hs_status hs_sqlite_each(struct hs_sqlite_connection *connection,
                                            const struct hs_sqlite_query *query,
                                            hs_sqlite_row_fn row, const void *each, void *context,
                                            struct hs_err *err);

/* Puts a row. HS_OK when it is there, or was; HS_CONFLICT when another one has its name;
   HS_NOT_FOUND when what it needs is not there; HS_INVALID when a check of its table refuses it. */
[[nodiscard]] enum hs_status hs_sqlite_put(struct hs_sqlite_connection *connection,
                                           const struct hs_sqlite_table *table, const void *row,
                                           struct hs_err *err);
/* HS_CONFLICT unless this row is there to the letter. */
[[nodiscard]] enum hs_status hs_sqlite_require_same(struct hs_sqlite_connection *connection,
                                                    const struct hs_sqlite_table *table,
                                                    const void *row, struct hs_err *err);
/* Fills in a row from a SELECT of its table; text is borrowed until the next step. */
void hs_sqlite_fill(const struct hs_sqlite_table *table, sqlite3_stmt *statement, void *row);

#endif
