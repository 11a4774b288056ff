/* The lists of the book. Each is one statement and one function that makes a row of it; `list` does
 * the rest. */
#include <string.h>

#include "adapters/sqlite/sqlite_priv.h"

/* Steps through the statement, with texts bound. */
#define TEXTS_MAX 2
static enum hs_status list(void *self, const char *sql, const struct hs_str *texts,
                           size_t text_count, hs_sqlite_row_fn row, const void *each, void *context,
                           struct hs_err *err)
{
  struct hs_sqlite_book *book = self;
  struct hs_sqlite_cell cells[TEXTS_MAX];
  struct hs_sqlite_query query = {HS_SQLITE_PLAIN, NULL, sql, cells, text_count};
  HS_ASSERT(text_count <= TEXTS_MAX);
  for (size_t i = 0; i < text_count; i++)
    cells[i] = hs_sqlite_text(texts[i]);
  return hs_sqlite_each(&book->reader, &query, row, each, context, err);
}

static enum hs_status party_row(sqlite3_stmt *statement, const void *each, void *context,
                                struct hs_err *err)
{
  struct hs_party party = {hs_sqlite_id_at(statement, 0),   hs_sqlite_text_at(statement, 1),
                           hs_sqlite_text_at(statement, 2), hs_sqlite_text_at(statement, 3),
                           hs_sqlite_text_at(statement, 4), sqlite3_column_int64(statement, 5)};
  return (*(const hs_party_fn *)each)(context, &party, err);
}

static enum hs_status parties(void *self, hs_party_fn each, void *context, struct hs_err *err)
{
  return list(self,
              "SELECT id, name, title, kind, enrolment, created_at_us FROM parties ORDER BY name",
              NULL, 0, party_row, &each, context, err);
}

static enum hs_status link_row(sqlite3_stmt *statement, const void *each, void *context,
                               struct hs_err *err)
{
  struct hs_link link = {hs_sqlite_id_at(statement, 0), hs_sqlite_text_at(statement, 1),
                         hs_sqlite_text_at(statement, 2), hs_sqlite_text_at(statement, 3),
                         sqlite3_column_int64(statement, 4)};
  return (*(const hs_link_fn *)each)(context, &link, err);
}

static enum hs_status links(void *self, hs_link_fn each, void *context, struct hs_err *err)
{
  return list(self, "SELECT id, name, party, target, created_at_us FROM links ORDER BY name", NULL,
              0, link_row, &each, context, err);
}

static enum hs_status coupon_row(sqlite3_stmt *statement, const void *each, void *context,
                                 struct hs_err *err)
{
  struct hs_coupon coupon = {
      hs_sqlite_id_at(statement, 0),      hs_sqlite_text_at(statement, 1),
      hs_sqlite_text_at(statement, 2),    sqlite3_column_int64(statement, 3),
      sqlite3_column_int64(statement, 4), sqlite3_column_int64(statement, 5)};
  return (*(const hs_coupon_fn *)each)(context, &coupon, err);
}

static enum hs_status coupons(void *self, hs_coupon_fn each, void *context, struct hs_err *err)
{
  return list(self,
              "SELECT id, code, party, valid_from_us, valid_until_us, created_at_us FROM coupons "
              "ORDER BY code",
              NULL, 0, coupon_row, &each, context, err);
}

#define IMPORT_COLUMNS                                                                             \
  "id, kind, source, source_hash, file, sequence, row_count, rejected_count, created_at_us"

static enum hs_status import_row(sqlite3_stmt *statement, const void *each, void *context,
                                 struct hs_err *err)
{
  struct hs_import import = {hs_sqlite_id_at(statement, 0),
                             hs_sqlite_text_at(statement, 1),
                             hs_sqlite_text_at(statement, 2),
                             hs_sqlite_text_at(statement, 3),
                             hs_sqlite_text_at(statement, 4),
                             (uint64_t)sqlite3_column_int64(statement, 5),
                             (uint64_t)sqlite3_column_int64(statement, 6),
                             (uint64_t)sqlite3_column_int64(statement, 7),
                             sqlite3_column_int64(statement, 8)};
  return (*(const hs_import_fn *)each)(context, &import, err);
}

static enum hs_status imports(void *self, hs_import_fn each, void *context, struct hs_err *err)
{
  return list(self, "SELECT " IMPORT_COLUMNS " FROM imports ORDER BY created_at_us, id", NULL, 0,
              import_row, &each, context, err);
}

struct found {
  hs_import_fn each;
  void *context;
  int is_found;
};

static enum hs_status found_import(void *self, const struct hs_import *import, struct hs_err *err)
{
  struct found *found = self;
  found->is_found = 1;
  return found->each(found->context, import, err);
}

static enum hs_status find_import(void *self, struct hs_str source_hash, hs_import_fn each,
                                  void *context, struct hs_err *err)
{
  struct found found = {each, context, 0};
  hs_import_fn note = found_import;
  enum hs_status status = list(self,
                               "SELECT " IMPORT_COLUMNS " FROM imports WHERE source_hash = ?1 "
                               "ORDER BY sequence DESC LIMIT 1",
                               &source_hash, 1, import_row, &note, &found, err);
  if (status == HS_OK && !found.is_found)
    return hs_fail(err, HS_NOT_FOUND, "no import has the source hash %.*s",
                   HS_STR_ARG(source_hash));
  return status;
}

static enum hs_status setting_row(sqlite3_stmt *statement, const void *each, void *context,
                                  struct hs_err *err)
{
  struct hs_setting setting = {hs_sqlite_text_at(statement, 0), hs_sqlite_text_at(statement, 1),
                               sqlite3_column_int64(statement, 2)};
  return (*(const hs_setting_fn *)each)(context, &setting, err);
}

static enum hs_status settings(void *self, hs_setting_fn each, void *context, struct hs_err *err)
{
  return list(self, "SELECT name, value, from_us FROM settings ORDER BY from_us, number", NULL, 0,
              setting_row, &each, context, err);
}

struct copied {
  struct hs_arena *arena;
  struct hs_str value;
};

static enum hs_status copy_value(sqlite3_stmt *statement, [[maybe_unused]] const void *each,
                                 void *context, struct hs_err *err)
{
  struct copied *copied = context;
  struct hs_str value = hs_sqlite_text_at(statement, 0);
  char *copy = hs_arena_copy(copied->arena, value.data, value.length);
  if (copy == NULL)
    return hs_arena_full(copied->arena, "a setting", err);
  copied->value = (struct hs_str){copy, value.length};
  return HS_OK;
}

static enum hs_status setting(void *self, struct hs_arena *arena, struct hs_str name, int64_t at_us,
                              struct hs_str *out, struct hs_err *err)
{
  char moment[24];
  (void)snprintf(moment, sizeof moment, "%lld", (long long)at_us);
  struct hs_str texts[] = {name, hs_str_of(moment)};
  struct copied copied = {.arena = arena};
  enum hs_status status =
      list(self,
           "SELECT value FROM settings WHERE name = ?1 AND from_us <= CAST(?2 AS INTEGER) "
           "ORDER BY from_us DESC, number DESC LIMIT 1",
           texts, 2, copy_value, NULL, &copied, err);
  if (status == HS_OK)
    *out = copied.value;
  return status;
}

static enum hs_status cursor_row(sqlite3_stmt *statement, [[maybe_unused]] const void *each,
                                 void *context, [[maybe_unused]] struct hs_err *err)
{
  struct hs_cursor *cursor = context;
  cursor->epoch = (uint64_t)sqlite3_column_int64(statement, 0);
  cursor->sequence = (uint64_t)sqlite3_column_int64(statement, 1);
  memcpy(cursor->hash, sqlite3_column_blob(statement, 2), sizeof cursor->hash);
  return HS_OK;
}

static enum hs_status cursor(void *self, struct hs_str reader, struct hs_cursor *out,
                             struct hs_err *err)
{
  struct hs_cursor found = {0};
  enum hs_status status = list(self, "SELECT epoch, sequence, hash FROM cursors WHERE reader = ?1",
                               &reader, 1, cursor_row, NULL, &found, err);
  if (status == HS_OK)
    *out = found;
  return status;
}

void hs_sqlite_reader_install(struct hs_book *book)
{
  book->parties = parties;
  book->links = links;
  book->coupons = coupons;
  book->imports = imports;
  book->find_import = find_import;
  book->settings = settings;
  book->setting = setting;
  book->cursor = cursor;
  book->ledger = hs_sqlite_ledger_reader(&((struct hs_sqlite_book *)book->self)->reader);
}
