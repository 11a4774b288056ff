/* What a change does to the tables. Every row is put with ON CONFLICT DO NOTHING
   on its natural name; when nothing was put, the row that is there decides between "the same again"
   and a conflict. */
#include <string.h>

#include "adapters/sqlite/sqlite_priv.h"

struct cell {
  enum { CELL_TEXT, CELL_INTEGER, CELL_BLOB } kind;
  struct hs_str text;
  int64_t integer;
};

static struct cell text(struct hs_str s) { return (struct cell){CELL_TEXT, s, 0}; }
static struct cell integer(int64_t value) { return (struct cell){CELL_INTEGER, {NULL, 0}, value}; }
static struct cell id_of(const struct hs_id *id) { return text(hs_str_of(id->text)); }

static void bind(sqlite3_stmt *statement, const struct cell *cells, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    int column = (int)i + 1;
    if (cells[i].kind == CELL_INTEGER)
      (void)sqlite3_bind_int64(statement, column, cells[i].integer);
    else if (cells[i].text.data == NULL)
      (void)sqlite3_bind_null(statement, column);
    else if (cells[i].kind == CELL_BLOB)
      (void)sqlite3_bind_blob(statement, column, cells[i].text.data, (int)cells[i].text.length,
                              SQLITE_STATIC);
    else
      (void)sqlite3_bind_text(statement, column, cells[i].text.data, (int)cells[i].text.length,
                              SQLITE_STATIC);
  }
}

/* Runs one statement; *count is the number of rows it changed, or 1 when a SELECT found something.
 */
static enum hs_status run(sqlite3 *db, const char *sql, const struct cell *cells, size_t cell_count,
                          int64_t *count, struct hs_err *err)
{
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
    return hs_sqlite_fail(db, "the book", err);
  bind(statement, cells, cell_count);
  int step = sqlite3_step(statement);
  *count = step == SQLITE_ROW                                         ? 1
           : step == SQLITE_DONE && !sqlite3_stmt_readonly(statement) ? sqlite3_changes64(db)
                                                                      : 0;
  enum hs_status status =
      step == SQLITE_ROW || step == SQLITE_DONE ? HS_OK : hs_sqlite_fail(db, "the book", err);
  sqlite3_finalize(statement);
  return status;
}

/* Puts a row; when its name is taken, asks whether the row there has the same content. */
static enum hs_status put(sqlite3 *db, const char *insert, const char *same,
                          const struct cell *cells, size_t cell_count, const char *what,
                          struct hs_str name, struct hs_err *err)
{
  int64_t count = 0;
  enum hs_status status = run(db, insert, cells, cell_count, &count, err);
  if (status != HS_OK || count == 1)
    return status;
  status = run(db, same, cells, cell_count, &count, err);
  if (status == HS_OK && count == 0)
    return hs_fail(err, HS_CONFLICT, "%s %.*s exists already, with other content", what,
                   HS_STR_ARG(name));
  return status;
}

static enum hs_status require_party(sqlite3 *db, struct hs_str name, struct hs_err *err)
{
  int64_t count = 0;
  struct cell cells[] = {text(name)};
  enum hs_status status = run(db, "SELECT 1 FROM parties WHERE name = ?1", cells, 1, &count, err);
  if (status == HS_OK && count == 0)
    return hs_fail(err, HS_NOT_FOUND,
                   "there is no partner %.*s; add it first: hansa partner add %.*s",
                   HS_STR_ARG(name), HS_STR_ARG(name));
  return status;
}

static enum hs_status add_party(void *self, const struct hs_party *party, struct hs_err *err)
{
  struct cell cells[] = {id_of(&party->id), text(party->name),      text(party->title),
                         text(party->kind), text(party->enrolment), integer(party->created_at_us)};
  return put(
      self,
      "INSERT INTO parties (id, name, title, kind, enrolment, created_at_us) VALUES (?1, ?2, ?3, "
      "?4, ?5, ?6) "
      "ON CONFLICT (name) DO NOTHING",
      "SELECT 1 FROM parties WHERE name = ?2 AND title IS ?3 AND kind IS ?4 AND enrolment = ?5",
      cells, 6, "partner", party->name, err);
}

static enum hs_status add_link(void *self, const struct hs_link *link, struct hs_err *err)
{
  enum hs_status status = require_party(self, link->party, err);
  if (status != HS_OK)
    return status;
  struct cell cells[] = {id_of(&link->id), text(link->name), text(link->party), text(link->target),
                         integer(link->created_at_us)};
  return put(
      self,
      "INSERT INTO links (id, name, party, target, created_at_us) VALUES (?1, ?2, ?3, ?4, ?5) "
      "ON CONFLICT (name) DO NOTHING",
      "SELECT 1 FROM links WHERE name = ?2 AND party = ?3 AND target = ?4", cells, 5, "link",
      link->name, err);
}

static enum hs_status add_coupon(void *self, const struct hs_coupon *coupon, struct hs_err *err)
{
  enum hs_status status = require_party(self, coupon->party, err);
  if (status != HS_OK)
    return status;
  struct cell cells[] = {id_of(&coupon->id),
                         text(coupon->code),
                         text(coupon->party),
                         integer(coupon->valid_from_us),
                         integer(coupon->valid_until_us),
                         integer(coupon->created_at_us)};
  return put(self,
             "INSERT INTO coupons (id, code, party, valid_from_us, valid_until_us, created_at_us) "
             "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (code) DO NOTHING",
             "SELECT 1 FROM coupons WHERE code = ?2 AND party = ?3 AND valid_from_us = ?4 AND "
             "valid_until_us = ?5",
             cells, 6, "coupon", coupon->code, err);
}

static enum hs_status add_import(void *self, const struct hs_import *import, struct hs_err *err)
{
  struct cell cells[] = {id_of(&import->id),
                         text(import->kind),
                         text(import->source),
                         text(import->source_hash),
                         text(import->file),
                         integer((int64_t)import->sequence),
                         integer((int64_t)import->row_count),
                         integer((int64_t)import->rejected_count),
                         integer(import->created_at_us)};
  return put(self,
             "INSERT INTO imports (id, kind, source, source_hash, file, sequence, row_count, "
             "rejected_count, created_at_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
             "ON CONFLICT (source_hash, sequence) DO NOTHING",
             "SELECT 1 FROM imports WHERE source_hash = ?4 AND kind = ?2 AND sequence = ?6", cells,
             9, "import", import->source, err);
}

static enum hs_status set(void *self, const struct hs_setting *setting, struct hs_err *err)
{
  int64_t count = 0;
  struct cell cells[] = {text(setting->name), text(setting->value), integer(setting->from_us)};
  return run(self, "INSERT INTO settings (name, value, from_us) VALUES (?1, ?2, ?3)", cells, 3,
             &count, err);
}

static enum hs_status put_cursor(void *self, struct hs_str reader, const struct hs_cursor *cursor,
                                 struct hs_err *err)
{
  int64_t count = 0;
  struct cell cells[] = {text(reader),
                         integer((int64_t)cursor->epoch),
                         integer((int64_t)cursor->sequence),
                         {CELL_BLOB, {(const char *)cursor->hash, sizeof cursor->hash}, 0}};
  enum hs_status status =
      run(self,
          "INSERT INTO cursors (reader, epoch, sequence, hash) VALUES (?1, ?2, ?3, ?4) "
          "ON CONFLICT (reader) DO UPDATE SET epoch = ?2, sequence = ?3, hash = ?4 "
          "WHERE excluded.epoch > cursors.epoch OR (excluded.epoch = cursors.epoch AND "
          "excluded.sequence >= cursors.sequence)",
          cells, 4, &count, err);
  if (status == HS_OK && count == 0)
    return hs_fail(err, HS_CONFLICT, "reader %.*s would go back to sequence %llu of epoch %llu",
                   HS_STR_ARG(reader), (unsigned long long)cursor->sequence,
                   (unsigned long long)cursor->epoch);
  return status;
}

const struct hs_book_writer hs_sqlite_writer = {
    .add_party = add_party,
    .add_link = add_link,
    .add_coupon = add_coupon,
    .add_import = add_import,
    .set = set,
    .put_cursor = put_cursor,
};
