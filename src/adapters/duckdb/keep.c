/* Kept imports as Parquet files, written by as many threads as the source has slots. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/duckdb/feed.h"
#include "base/io.h"

#define ARENA_BYTES (4 * HS_MIB) /* texts of statements */

/* A column either repeats a few words or hardly repeats at all, as ids and moments do. A thousand
   distinct values tell which; the engine's own limit, a fifth of the row group, makes it collect 24
   thousand ids in a dictionary and throw it away. Version 2 then writes ids and moments as
   differences, which the lightest zstd halves. Bytes saved are saved three more times: they are
   synced, hashed and read again. */
#define PARQUET_FORM                                                                               \
  "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 1, "                    \
  "DICTIONARY_SIZE_LIMIT 1000"

struct keep {
  struct engine engine;
  struct feed feed;
  struct hs_arena arena;
};

/* ---- writing ---- */

static enum hs_status copy_to(struct keep *keep, struct hs_row_source *rows, const char *path,
                              struct hs_err *err)
{
  struct feed_unit *units = hs_arena_alloc(&keep->arena, rows->slot_count, sizeof *units);
  if (!units)
    return hs_arena_full(&keep->arena, "the slots of a source", err);
  for (unsigned slot = 0; slot < rows->slot_count; slot++)
    units[slot] = (struct feed_unit){rows, slot, 0};
  struct hs_buf sql = hs_buf_in(&keep->arena);
  hs_buf_add_text(&sql, "COPY (SELECT * EXCLUDE (sequence) FROM hansa_rows()) TO ");
  hs_sql_text(&sql, path);
  hs_buf_add_text(&sql, " (" PARQUET_FORM ")");
  enum hs_status status = hs_buf_status(&sql, "a statement", err);
  if (status)
    return status;
  return hs_feed_run(&keep->engine, &keep->feed, rows->kind, units, rows->slot_count, sql.data,
                     err);
}

static enum hs_status keep_write(void *self, struct hs_row_source *rows, const char *path,
                                 uint64_t *row_count, struct hs_err *err)
{
  struct keep *keep = self;
  const struct hs_io *io = hs_io_real();
  struct hs_file_info info;
  hs_arena_reset(&keep->arena, 0);
  enum hs_status status = io->info(io->self, path, &info, err);
  if (status == HS_OK)
    return hs_fail(err, HS_CONFLICT, "%s is there already", path);
  if (status != HS_NOT_FOUND)
    return status;
  status = copy_to(keep, rows, path, err);
  if (status == HS_OK) {
    *row_count = (uint64_t)atomic_load(&keep->feed.row_count);
    return HS_OK;
  }
  enum hs_status removed = io->remove(io->self, path, NULL);
  if (removed != HS_OK && removed != HS_NOT_FOUND)
    hs_err_prefix(err, "%s stays half written", path);
  return status;
}

/* ---- reading ---- */

struct kept_source {
  duckdb_prepared_statement statement;
  duckdb_result result;
  duckdb_data_chunk chunk; /* what the last batch borrows from */
  enum hs_event_kind kind;
  enum hs_status status;
  struct hs_err failure;
  struct hs_str text[HS_COLUMNS_MAX][HS_BATCH_ROWS];
  int64_t integer[HS_COLUMNS_MAX][HS_BATCH_ROWS];
  uint8_t is_absent[HS_COLUMNS_MAX][HS_BATCH_ROWS];
};

static void take_column(struct kept_source *source, duckdb_vector vector, size_t c, size_t count,
                        struct hs_vector *out)
{
  const uint64_t *validity = duckdb_vector_get_validity(vector);
  void *data = duckdb_vector_get_data(vector);
  *out = (struct hs_vector){.type = hs_event_spec(source->kind)->columns[c].type,
                            .is_absent = source->is_absent[c]};
  for (size_t i = 0; i < count; i++)
    source->is_absent[c][i] = !hs_is_valid(validity, i);
  switch (out->type) {
  case HS_TYPE_TEXT:
  case HS_TYPE_CURRENCY:
  case HS_TYPE_COUNTRY:
  case HS_TYPE_ITEMS:
  case HS_TYPE_FACTS:
    out->text = source->text[c];
    for (size_t i = 0; i < count; i++)
      out->text[i] = source->is_absent[c][i] ? (struct hs_str){0} : hs_text_at(data, i);
    break;
  case HS_TYPE_DAY:
    out->integer = source->integer[c];
    for (size_t i = 0; i < count; i++)
      out->integer[i] = ((const int32_t *)data)[i];
    break;
  case HS_TYPE_REAL:
    out->real = data;
    break;
  case HS_TYPE_TIME:
  case HS_TYPE_INTEGER:
  case HS_TYPE_MONEY:
    out->integer = data;
    break;
  }
}

static enum hs_status source_next(void *self, unsigned slot, struct hs_batch *out,
                                  struct hs_err *err)
{
  struct kept_source *source = self;
  HS_ASSERT(slot == 0);
  out->row_count = 0;
  out->column_count = hs_event_spec(source->kind)->column_count;
  duckdb_destroy_data_chunk(&source->chunk);
  if (source->status == HS_OK)
    source->chunk = duckdb_fetch_chunk(source->result);
  if (source->status == HS_OK && !source->chunk && duckdb_result_error(&source->result))
    source->status = hs_engine_failure(duckdb_result_error_type(&source->result),
                                       duckdb_result_error(&source->result), &source->failure);
  if (source->status && err)
    *err = source->failure;
  if (source->status || !source->chunk)
    return source->status;
  out->row_count = duckdb_data_chunk_get_size(source->chunk);
  for (size_t c = 0; c < out->column_count; c++)
    take_column(source, duckdb_data_chunk_get_vector(source->chunk, c), c, out->row_count,
                &out->columns[c]);
  memcpy(out->row_number,
         duckdb_vector_get_data(duckdb_data_chunk_get_vector(source->chunk, out->column_count)),
         out->row_count * sizeof(int64_t));
  return HS_OK;
}

static void source_close(void *self)
{
  struct kept_source *source = self;
  duckdb_destroy_data_chunk(&source->chunk);
  duckdb_destroy_result(&source->result);
  duckdb_destroy_prepare(&source->statement);
  free(source);
}

/* The names of a file's columns, as one text: "\n" before and after each. */
static enum hs_status take_column_names(void *context, duckdb_data_chunk chunk,
                                        [[maybe_unused]] struct hs_err *err)
{
  struct hs_buf *names = context;
  const duckdb_string_t *texts = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
  for (idx_t i = 0; i < duckdb_data_chunk_get_size(chunk); i++) {
    hs_buf_add_char(names, '\n');
    hs_buf_add_str(names, hs_text_at(texts, i));
    hs_buf_add_char(names, '\n');
  }
  return HS_OK;
}

static int has_column(const struct hs_buf *names, const char *name)
{
  char wanted[HS_COLUMN_NAME + 2];
  snprintf(wanted, sizeof wanted, "\n%s\n", name);
  return names->data && strcasestr(names->data, wanted) != NULL;
}

static enum hs_status read_column_names(struct keep *keep, const char *path, struct hs_buf *names,
                                        struct hs_err *err)
{
  struct hs_buf sql = hs_buf_in(&keep->arena);
  hs_buf_add_text(&sql, "SELECT column_name FROM (DESCRIBE FROM ");
  hs_sql_parquet(&sql, path, "");
  hs_buf_add_text(&sql, ")");
  enum hs_status status = hs_buf_status(&sql, "a statement", err);
  if (status == HS_OK)
    status = hs_engine_stream(&keep->engine, sql.data, take_column_names, names, err);
  return status ? status : hs_buf_status(names, "the names of columns", err);
}

static enum hs_status select_sql(const struct hs_event_spec *spec, const char *path,
                                 const struct hs_buf *names, struct hs_buf *sql, struct hs_err *err)
{
  hs_buf_add_text(sql, "SELECT ");
  for (size_t c = 0; c < spec->column_count; c++) {
    char name[HS_COLUMN_NAME];
    hs_column_stable_name(&spec->columns[c], name);
    if (has_column(names, name)) {
      hs_sql_name(sql, name);
    } else {
      if (spec->columns[c].rules & HS_COLUMN_REQUIRED)
        return hs_fail(err, HS_INVALID, "%s has no column %s, which %s need", path, name,
                       spec->name);
      hs_buf_add_text(sql, "NULL");
    }
    hs_buf_printf(sql, "::%s, ", hs_sql_type(spec->columns[c].type));
  }
  hs_buf_add_text(sql, has_column(names, "row_number") ? "row_number::BIGINT"
                                                       : "(file_row_number + 1)::BIGINT");
  hs_buf_add_text(sql, " FROM ");
  hs_sql_parquet(sql, path, ", file_row_number = true");
  return hs_buf_status(sql, "a statement", err);
}

static enum hs_status start_reading(struct keep *keep, struct kept_source *source, const char *path,
                                    struct hs_err *err)
{
  const struct hs_event_spec *spec = hs_event_spec(source->kind);
  struct hs_buf names = hs_buf_in(&keep->arena);
  struct hs_buf sql = hs_buf_in(&keep->arena);
  enum hs_status status = read_column_names(keep, path, &names, err);
  if (status == HS_OK)
    status = select_sql(spec, path, &names, &sql, err);
  if (status)
    return status;
  if (duckdb_prepare(keep->engine.connection, sql.data, &source->statement) != DuckDBSuccess)
    return hs_engine_failure(DUCKDB_ERROR_INVALID, duckdb_prepare_error(source->statement), err);
  if (duckdb_execute_prepared_streaming(source->statement, &source->result) != DuckDBSuccess)
    return hs_engine_failure(duckdb_result_error_type(&source->result),
                             duckdb_result_error(&source->result), err);
  return HS_OK;
}

static enum hs_status keep_read(void *self, enum hs_event_kind kind, const char *path,
                                struct hs_row_source *out, struct hs_err *err)
{
  struct keep *keep = self;
  struct hs_file_info info;
  const struct hs_io *io = hs_io_real();
  hs_arena_reset(&keep->arena, 0);
  enum hs_status status = io->info(io->self, path, &info, err);
  if (status)
    return status;
  struct kept_source *source = calloc(1, sizeof *source);
  if (!source)
    return hs_fail(err, HS_NOMEM, "no memory to read %s", path);
  source->kind = kind;
  status = start_reading(keep, source, path, err);
  if (status) {
    source_close(source);
    hs_err_prefix(err, "%s", path);
    return status;
  }
  *out = (struct hs_row_source){source, kind, 1, source_next, source_close};
  return HS_OK;
}

/* ---- opening ---- */

static void keep_close(void *self)
{
  struct keep *keep = self;
  hs_engine_close(&keep->engine);
  hs_feed_release(&keep->feed);
  hs_arena_release(&keep->arena);
  free(keep);
}

enum hs_status hs_duckdb_keep_open(const struct hs_duckdb_options *options, struct hs_keep *out,
                                   struct hs_err *err)
{
  struct keep *keep = calloc(1, sizeof *keep);
  if (!keep)
    return hs_fail(err, HS_NOMEM, "no memory for the kept imports");
  hs_feed_init(&keep->feed);
  enum hs_status status = hs_arena_init(&keep->arena, ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_engine_open(&keep->engine, NULL, options, err);
  if (status == HS_OK)
    status = hs_feed_register(&keep->engine, &keep->feed, err);
  if (status) {
    keep_close(keep);
    return status;
  }
  *out = (struct hs_keep){keep, keep_write, keep_read, keep_close};
  return HS_OK;
}
