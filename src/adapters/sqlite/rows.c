#include "adapters/sqlite/rows_priv.h"

#include <string.h>

#include "adapters/sqlite/sqlite_priv.h"

/* ---- values ---- */

struct hs_sqlite_cell hs_sqlite_text(struct hs_str s)
{
  return (struct hs_sqlite_cell){HS_SQLITE_CELL_TEXT, s, 0};
}

struct hs_sqlite_cell hs_sqlite_integer(int64_t value)
{
  return (struct hs_sqlite_cell){HS_SQLITE_CELL_INTEGER, {NULL, 0}, value};
}

struct hs_sqlite_cell hs_sqlite_id(const struct hs_id *id)
{
  return hs_sqlite_text(hs_str_of(id->text));
}

static void bind_text(sqlite3_stmt *statement, int column, struct hs_str s)
{
  if (s.data == NULL)
    (void)sqlite3_bind_null(statement, column);
  else
    (void)sqlite3_bind_text(statement, column, s.data, (int)s.length, SQLITE_STATIC);
}

static void bind_cells(sqlite3_stmt *statement, const struct hs_sqlite_cell *cells, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    int column = (int)i + 1;
    if (cells[i].kind == HS_SQLITE_CELL_INTEGER)
      (void)sqlite3_bind_int64(statement, column, cells[i].integer);
    else if (cells[i].kind == HS_SQLITE_CELL_BLOB)
      (void)sqlite3_bind_blob(statement, column, cells[i].text.data, (int)cells[i].text.length,
                              SQLITE_STATIC);
    else
      bind_text(statement, column, cells[i].text);
  }
}

struct hs_str hs_sqlite_text_at(sqlite3_stmt *statement, int column)
{
  return (struct hs_str){(const char *)sqlite3_column_text(statement, column),
                         (size_t)sqlite3_column_bytes(statement, column)};
}

struct hs_id hs_sqlite_id_at(sqlite3_stmt *statement, int column)
{
  struct hs_id id = {0};
  struct hs_str text = hs_sqlite_text_at(statement, column);
  if (text.data != NULL && text.length < sizeof id.text)
    memcpy(id.text, text.data, text.length);
  return id;
}

/* ---- members ---- */

static struct hs_str text_of(const struct hs_sqlite_field *field, const unsigned char *member)
{
  struct hs_str s = {NULL, 0};
  enum hs_account_kind kind = HS_ACCOUNT_EXPENSE;
  if (field->kind == HS_SQLITE_TEXT) {
    memcpy(&s, member, sizeof s);
  } else if (field->kind == HS_SQLITE_ACCOUNT) {
    memcpy(&kind, member, sizeof kind);
    s = hs_str_of(hs_account_word(kind));
  } else if (*member != 0) { /* an id or a currency: terminated text within the row */
    s = hs_str_of((const char *)member);
  }
  return s;
}

static int64_t integer_of(const unsigned char *member)
{
  int64_t value = 0;
  memcpy(&value, member, sizeof value);
  return value;
}

static int is_integer(const struct hs_sqlite_field *field)
{
  return field->kind == HS_SQLITE_INTEGER || field->kind == HS_SQLITE_NUMBER;
}

static void bind_row(sqlite3_stmt *statement, const struct hs_sqlite_table *table, const void *row)
{
  const struct hs_sqlite_field *field = table->fields;
  for (int column = 1; field->column != NULL; column++, field++) {
    const unsigned char *member = (const unsigned char *)row + field->offset;
    if (!is_integer(field))
      bind_text(statement, column, text_of(field, member));
    else if (field->kind == HS_SQLITE_NUMBER && integer_of(member) == 0)
      (void)sqlite3_bind_null(statement, column);
    else
      (void)sqlite3_bind_int64(statement, column, integer_of(member));
  }
}

static void fill_member(const struct hs_sqlite_field *field, sqlite3_stmt *statement, int column,
                        unsigned char *member)
{
  struct hs_str s = {NULL, 0};
  int64_t value = 0;
  if (is_integer(field)) {
    value = sqlite3_column_int64(statement, column);
    memcpy(member, &value, sizeof value);
    return;
  }
  s = hs_sqlite_text_at(statement, column);
  if (field->kind == HS_SQLITE_TEXT) {
    memcpy(member, &s, sizeof s);
  } else if (field->kind == HS_SQLITE_ID) {
    struct hs_id id = hs_sqlite_id_at(statement, column);
    memcpy(member, &id, sizeof id);
  } else if (field->kind == HS_SQLITE_CURRENCY) {
    struct hs_currency currency = {0};
    if (s.data != NULL && s.length < sizeof currency.code)
      memcpy(currency.code, s.data, s.length);
    memcpy(member, &currency, sizeof currency);
  } else {
    enum hs_account_kind kind = HS_ACCOUNT_EXPENSE;
    HS_ASSERT(hs_account_kind_parse(s, &kind)); /* the table has a check for it */
    memcpy(member, &kind, sizeof kind);
  }
}

void hs_sqlite_fill(const struct hs_sqlite_table *table, sqlite3_stmt *statement, void *row)
{
  const struct hs_sqlite_field *field = table->fields;
  for (int column = 0; field->column != NULL; column++, field++)
    fill_member(field, statement, column, (unsigned char *)row + field->offset);
}

/* ---- statements ---- */

static void add_columns(sqlite3_str *sql, const struct hs_sqlite_table *table)
{
  for (const struct hs_sqlite_field *field = table->fields; field->column != NULL; field++)
    sqlite3_str_appendf(sql, "%s%s", field == table->fields ? "" : ", ", field->column);
}

static void add_parameters(sqlite3_str *sql, const struct hs_sqlite_table *table)
{
  for (int i = 0; table->fields[i].column != NULL; i++)
    sqlite3_str_appendf(sql, "%s?%d", i == 0 ? "" : ", ", i + 1);
}

static void compose(sqlite3_str *sql, enum hs_sqlite_verb verb, const struct hs_sqlite_table *table,
                    const char *text)
{
  if (verb == HS_SQLITE_PLAIN || (verb == HS_SQLITE_INSERT && table->insert != NULL)) {
    sqlite3_str_appendall(sql, verb == HS_SQLITE_PLAIN ? text : table->insert);
  } else if (verb == HS_SQLITE_INSERT) {
    sqlite3_str_appendf(sql, "INSERT INTO %s (", table->source);
    add_columns(sql, table);
    sqlite3_str_appendall(sql, ") VALUES (");
    add_parameters(sql, table);
    sqlite3_str_appendall(sql, ") ON CONFLICT DO NOTHING");
  } else if (verb == HS_SQLITE_SAME) {
    sqlite3_str_appendf(sql, "SELECT 1 FROM %s WHERE (", table->source);
    add_columns(sql, table);
    sqlite3_str_appendall(sql, ") IS (");
    add_parameters(sql, table);
    sqlite3_str_appendall(sql, ")");
  } else {
    sqlite3_str_appendall(sql, "SELECT ");
    add_columns(sql, table);
    sqlite3_str_appendf(sql, " FROM %s %s", table->source, text);
  }
}

static enum hs_status prepare(sqlite3 *db, enum hs_sqlite_verb verb,
                              const struct hs_sqlite_table *table, const char *text,
                              sqlite3_stmt **out, struct hs_err *err)
{
  sqlite3_str *sql = sqlite3_str_new(db);
  compose(sql, verb, table, text);
  char *composed = sqlite3_str_finish(sql);
  if (composed == NULL)
    return hs_fail(err, HS_NOMEM, "no memory for a statement");
  enum hs_status status = HS_OK;
  if (sqlite3_prepare_v3(db, composed, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) != SQLITE_OK)
    status = hs_sqlite_fail(db, "the book", err);
  sqlite3_free(composed);
  return status;
}

static int is_of(const struct hs_sqlite_kept *kept, enum hs_sqlite_verb verb,
                 const struct hs_sqlite_table *table, const char *text)
{
  return !kept->is_taken && kept->statement != NULL && kept->verb == verb && kept->table == table &&
         kept->text == text;
}

/* A place for one more statement. */
static struct hs_sqlite_kept *free_place(struct hs_sqlite_connection *connection)
{
  if (connection->kept_count < HS_SQLITE_KEPT_MAX)
    return &connection->kept[connection->kept_count++];
  for (size_t i = 0; i < HS_SQLITE_KEPT_MAX; i++) {
    struct hs_sqlite_kept *kept = &connection->kept[i];
    if (kept->is_taken)
      continue;
    sqlite3_finalize(kept->statement);
    return kept;
  }
  return NULL;
}

enum hs_status hs_sqlite_take(struct hs_sqlite_connection *connection, enum hs_sqlite_verb verb,
                              const struct hs_sqlite_table *table, const char *text,
                              struct hs_sqlite_kept **out, struct hs_err *err)
{
  struct hs_sqlite_kept *kept = NULL;
  for (size_t i = 0; i < connection->kept_count && kept == NULL; i++)
    if (is_of(&connection->kept[i], verb, table, text))
      kept = &connection->kept[i];
  if (kept == NULL) {
    kept = free_place(connection);
    HS_ASSERT(kept != NULL); /* nobody reads inside a reading inside a reading … so deep */
    *kept = (struct hs_sqlite_kept){verb, table, text, NULL, 0};
    enum hs_status status = prepare(connection->db, verb, table, text, &kept->statement, err);
    if (status != HS_OK)
      return status;
  }
  kept->is_taken = 1;
  *out = kept;
  return HS_OK;
}

void hs_sqlite_leave(struct hs_sqlite_kept *kept)
{
  (void)sqlite3_reset(kept->statement);
  kept->is_taken = 0;
}

void hs_sqlite_connection_close(struct hs_sqlite_connection *connection)
{
  for (size_t i = 0; i < connection->kept_count; i++)
    sqlite3_finalize(connection->kept[i].statement);
  sqlite3_close(connection->db);
}

/* ---- running them ---- */

enum hs_status hs_sqlite_ask(struct hs_sqlite_connection *connection, const char *text,
                             const struct hs_sqlite_cell *cells, size_t cell_count, int64_t *count,
                             int64_t *found, struct hs_err *err)
{
  struct hs_sqlite_kept *kept = NULL;
  enum hs_status status = hs_sqlite_take(connection, HS_SQLITE_PLAIN, NULL, text, &kept, err);
  if (status != HS_OK)
    return status;
  bind_cells(kept->statement, cells, cell_count);
  int step = sqlite3_step(kept->statement);
  int64_t changed = sqlite3_stmt_readonly(kept->statement) ? 0 : sqlite3_changes64(connection->db);
  if (step != SQLITE_ROW && step != SQLITE_DONE)
    status = hs_sqlite_fail(connection->db, "the book", err);
  else if (count != NULL)
    *count = step == SQLITE_ROW ? 1 : changed;
  if (step == SQLITE_ROW && found != NULL)
    *found = sqlite3_column_int64(kept->statement, 0);
  hs_sqlite_leave(kept);
  return status;
}

static enum hs_status step_through(struct hs_sqlite_connection *connection,
                                   const struct hs_sqlite_query *query, hs_sqlite_row_fn row,
                                   const void *each, void *context, struct hs_err *err)
{
  struct hs_sqlite_kept *kept = NULL;
  int step = SQLITE_DONE;
  enum hs_status status =
      hs_sqlite_take(connection, query->verb, query->table, query->text, &kept, err);
  if (status != HS_OK)
    return status;
  bind_cells(kept->statement, query->cells, query->cell_count);
  while (status == HS_OK && (step = sqlite3_step(kept->statement)) == SQLITE_ROW)
    status = row(kept->statement, each, context, err);
  if (status == HS_OK && step != SQLITE_DONE)
    status = hs_sqlite_fail(connection->db, "the book", err);
  hs_sqlite_leave(kept);
  return status;
}

enum hs_status hs_sqlite_each(struct hs_sqlite_connection *connection,
                              const struct hs_sqlite_query *query, hs_sqlite_row_fn row,
                              const void *each, void *context, struct hs_err *err)
{
  if (connection->lock != NULL)
    pthread_mutex_lock(connection->lock);
  enum hs_status status = step_through(connection, query, row, each, context, err);
  if (connection->lock != NULL)
    pthread_mutex_unlock(connection->lock);
  return status;
}

/* ---- putting a row ---- */

/* "commission cms_1", "version standard-offer 2" */
#define NAME_BYTES 256
static void format_name(const struct hs_sqlite_table *table, const void *row, char out[NAME_BYTES])
{
  size_t length = 0;
  int added = snprintf(out, NAME_BYTES, "%s", table->what);
  for (size_t i = 0; added >= 0 && i < table->key_count; i++) {
    const struct hs_sqlite_field *field = &table->fields[i];
    const unsigned char *member = (const unsigned char *)row + field->offset;
    length += (size_t)added;
    if (length >= NAME_BYTES)
      return;
    struct hs_str s = {NULL, 0};
    if (!is_integer(field))
      s = text_of(field, member);
    added = is_integer(field) ? snprintf(out + length, NAME_BYTES - length, " %lld",
                                         (long long)integer_of(member))
                              : snprintf(out + length, NAME_BYTES - length, " %.*s", HS_STR_ARG(s));
  }
}

/* Why SQLite did not take a row, as a caller can use it. */
static enum hs_status refuse(sqlite3 *db, const struct hs_sqlite_table *table, const void *row,
                             struct hs_err *err)
{
  char name[NAME_BYTES];
  format_name(table, row, name);
  switch (sqlite3_extended_errcode(db)) {
  case SQLITE_CONSTRAINT_FOREIGNKEY:
    return hs_fail(err, HS_NOT_FOUND, "%s: %s is not known here", name, table->needs);
  case SQLITE_CONSTRAINT_CHECK:
  case SQLITE_CONSTRAINT_NOTNULL:
    return hs_fail(err, HS_INVALID, "%s: %s", name, sqlite3_errmsg(db));
  default:
    return hs_sqlite_fail(db, name, err);
  }
}

static enum hs_status run_row(struct hs_sqlite_connection *connection, enum hs_sqlite_verb verb,
                              const struct hs_sqlite_table *table, const void *row, int64_t *count,
                              struct hs_err *err)
{
  struct hs_sqlite_kept *kept = NULL;
  enum hs_status status = hs_sqlite_take(connection, verb, table, NULL, &kept, err);
  if (status != HS_OK)
    return status;
  bind_row(kept->statement, table, row);
  int step = sqlite3_step(kept->statement);
  if (step == SQLITE_ROW)
    *count = 1;
  else if (step == SQLITE_DONE)
    *count = verb == HS_SQLITE_INSERT ? sqlite3_changes64(connection->db) : 0;
  else
    status = refuse(connection->db, table, row, err);
  hs_sqlite_leave(kept);
  return status;
}

enum hs_status hs_sqlite_require_same(struct hs_sqlite_connection *connection,
                                      const struct hs_sqlite_table *table, const void *row,
                                      struct hs_err *err)
{
  char name[NAME_BYTES];
  int64_t count = 0;
  enum hs_status status = run_row(connection, HS_SQLITE_SAME, table, row, &count, err);
  if (status != HS_OK || count == 1)
    return status;
  format_name(table, row, name);
  return hs_fail(err, HS_CONFLICT, "%s exists already, with other content", name);
}

enum hs_status hs_sqlite_put(struct hs_sqlite_connection *connection,
                             const struct hs_sqlite_table *table, const void *row,
                             struct hs_err *err)
{
  int64_t count = 0;
  enum hs_status status = run_row(connection, HS_SQLITE_INSERT, table, row, &count, err);
  return status == HS_OK && count == 0 ? hs_sqlite_require_same(connection, table, row, err)
                                       : status;
}
