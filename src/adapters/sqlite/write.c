/* What a change does to the tables. Every row is put with ON CONFLICT DO NOTHING
   on its natural name; when nothing was put, the row that is there decides between "the same again"
   and a conflict. */
#include <string.h>

#include "adapters/sqlite/sqlite_priv.h"

static enum hs_status run(struct hs_sqlite_writer *writer, const char *sql,
                          const struct hs_sqlite_cell *cells, size_t cell_count, int64_t *count,
                          struct hs_err *err)
{
  return hs_sqlite_ask(&writer->connection, sql, cells, cell_count, count, NULL, err);
}

/* Puts a row; when its name is taken, asks whether the row there has the same content. */
static enum hs_status put(struct hs_sqlite_writer *writer, const char *insert, const char *same,
                          const struct hs_sqlite_cell *cells, size_t cell_count, const char *what,
                          struct hs_str name, struct hs_err *err)
{
  int64_t count = 0;
  enum hs_status status = run(writer, insert, cells, cell_count, &count, err);
  if (status != HS_OK || count == 1)
    return status;
  status = run(writer, same, cells, cell_count, &count, err);
  if (status == HS_OK && count == 0)
    return hs_fail(err, HS_CONFLICT, "%s %.*s exists already, with other content", what,
                   HS_STR_ARG(name));
  return status;
}

static enum hs_status require_party(struct hs_sqlite_writer *writer, struct hs_str name,
                                    struct hs_err *err)
{
  int64_t count = 0;
  struct hs_sqlite_cell cells[] = {hs_sqlite_text(name)};
  enum hs_status status =
      run(writer, "SELECT 1 FROM parties WHERE name = ?1", cells, 1, &count, err);
  if (status == HS_OK && count == 0)
    return hs_fail(err, HS_NOT_FOUND,
                   "there is no partner %.*s; add it first: hansa partner add %.*s",
                   HS_STR_ARG(name), HS_STR_ARG(name));
  return status;
}

static enum hs_status add_party(void *self, const struct hs_party *party, struct hs_err *err)
{
  struct hs_sqlite_cell cells[] = {
      hs_sqlite_id(&party->id),         hs_sqlite_text(party->name),
      hs_sqlite_text(party->title),     hs_sqlite_text(party->kind),
      hs_sqlite_text(party->enrolment), hs_sqlite_integer(party->created_at_us)};
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
  struct hs_sqlite_cell cells[] = {hs_sqlite_id(&link->id), hs_sqlite_text(link->name),
                                   hs_sqlite_text(link->party), hs_sqlite_text(link->target),
                                   hs_sqlite_integer(link->created_at_us)};
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
  struct hs_sqlite_cell cells[] = {hs_sqlite_id(&coupon->id),
                                   hs_sqlite_text(coupon->code),
                                   hs_sqlite_text(coupon->party),
                                   hs_sqlite_integer(coupon->valid_from_us),
                                   hs_sqlite_integer(coupon->valid_until_us),
                                   hs_sqlite_integer(coupon->created_at_us)};
  return put(self,
             "INSERT INTO coupons (id, code, party, valid_from_us, valid_until_us, created_at_us) "
             "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (code) DO NOTHING",
             "SELECT 1 FROM coupons WHERE code = ?2 AND party = ?3 AND valid_from_us = ?4 AND "
             "valid_until_us = ?5",
             cells, 6, "coupon", coupon->code, err);
}

static enum hs_status add_import(void *self, const struct hs_import *import, struct hs_err *err)
{
  struct hs_sqlite_cell cells[] = {hs_sqlite_id(&import->id),
                                   hs_sqlite_text(import->kind),
                                   hs_sqlite_text(import->source),
                                   hs_sqlite_text(import->source_hash),
                                   hs_sqlite_text(import->file),
                                   hs_sqlite_integer((int64_t)import->sequence),
                                   hs_sqlite_integer((int64_t)import->row_count),
                                   hs_sqlite_integer((int64_t)import->rejected_count),
                                   hs_sqlite_integer(import->created_at_us)};
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
  struct hs_sqlite_cell cells[] = {hs_sqlite_text(setting->name), hs_sqlite_text(setting->value),
                                   hs_sqlite_integer(setting->from_us)};
  return run(self, "INSERT INTO settings (name, value, from_us) VALUES (?1, ?2, ?3)", cells, 3,
             &count, err);
}

static enum hs_status put_cursor(void *self, struct hs_str reader, const struct hs_cursor *cursor,
                                 struct hs_err *err)
{
  int64_t count = 0;
  struct hs_sqlite_cell cells[] = {
      hs_sqlite_text(reader),
      hs_sqlite_integer((int64_t)cursor->epoch),
      hs_sqlite_integer((int64_t)cursor->sequence),
      {HS_SQLITE_CELL_BLOB, {(const char *)cursor->hash, sizeof cursor->hash}, 0}};
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

void hs_sqlite_writer_forget(struct hs_sqlite_writer *writer)
{
  writer->next_number = 0;
  writer->knows_closed = 0;
  writer->commission = (struct hs_id){0};
  writer->change++;
}

const struct hs_book_writer hs_sqlite_writer = {
    .add_party = add_party,
    .add_link = add_link,
    .add_coupon = add_coupon,
    .add_import = add_import,
    .set = set,
    .put_cursor = put_cursor,
};
