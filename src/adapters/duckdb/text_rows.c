/* Parquet files of other programs as rows of text, for intake/: see ports/text_rows.h. */
#include "ports/text_rows.h"

#include <stdlib.h>

#include "adapters/duckdb/cells.h"
#include "base/io.h"

#define BATCH_BYTES (256 * HS_MIB) /* the texts of one batch: 2,048 rows of 128 KiB */
#define NAMES_BYTES (4 * HS_MIB)

struct text_source {
  struct engine engine;
  duckdb_prepared_statement statement;
  duckdb_result result;
  struct hs_arena names; /* and the statement */
  struct hs_arena batch;
  size_t column_count;
  struct hs_str *column_names;
  duckdb_logical_type *types;
  struct hs_str **cells;
  uint64_t rows_given;
  enum hs_status status;
  struct hs_err failure;
};

/* A moment of a wall clock carries no offset: which clock it was is for the reader to ask. */
static int is_wall_clock(duckdb_logical_type type)
{
  duckdb_type id = duckdb_get_type_id(type);
  return id == DUCKDB_TYPE_TIMESTAMP || id == DUCKDB_TYPE_TIMESTAMP_S ||
         id == DUCKDB_TYPE_TIMESTAMP_MS || id == DUCKDB_TYPE_TIMESTAMP_NS;
}

static enum hs_status take_cell(struct text_source *source, duckdb_vector vector, size_t c,
                                idx_t row, struct hs_err *err)
{
  struct hs_buf text = hs_buf_in(&source->batch);
  int is_there = hs_cell_add(&text, vector, source->types[c], row);
  enum hs_status status = hs_buf_status(&text, "a batch of a Parquet file", err);
  if (status)
    return status;
  struct hs_str cell = text.data ? hs_buf_str(&text) : HS_STR("");
  if (is_wall_clock(source->types[c]) && cell.length > 0 && cell.data[cell.length - 1] == 'Z')
    cell.length--;
  source->cells[c][row] = is_there ? cell : (struct hs_str){0};
  return HS_OK;
}

static enum hs_status take_chunk(struct text_source *source, duckdb_data_chunk chunk,
                                 struct hs_err *err)
{
  idx_t count = duckdb_data_chunk_get_size(chunk);
  enum hs_status status = HS_OK;
  hs_arena_reset(&source->batch, 0);
  for (size_t c = 0; status == HS_OK && c < source->column_count; c++)
    for (idx_t row = 0; status == HS_OK && row < count; row++)
      status = take_cell(source, duckdb_data_chunk_get_vector(chunk, c), c, row, err);
  return status;
}

static enum hs_status source_next(void *self, unsigned slot, struct hs_text_batch *out,
                                  struct hs_err *err)
{
  struct text_source *source = self;
  HS_ASSERT(slot == 0);
  *out = (struct hs_text_batch){.first_row = source->rows_given + 1,
                                .cells = (const struct hs_str *const *)source->cells};
  duckdb_data_chunk chunk = NULL;
  if (source->status == HS_OK)
    chunk = duckdb_fetch_chunk(source->result);
  if (chunk)
    source->status = take_chunk(source, chunk, &source->failure);
  else if (source->status == HS_OK && duckdb_result_error(&source->result))
    source->status = hs_engine_failure(duckdb_result_error_type(&source->result),
                                       duckdb_result_error(&source->result), &source->failure);
  if (chunk && source->status == HS_OK)
    out->row_count = duckdb_data_chunk_get_size(chunk);
  source->rows_given += out->row_count;
  duckdb_destroy_data_chunk(&chunk);
  if (source->status && err)
    *err = source->failure;
  return source->status;
}

static void source_close(void *self)
{
  struct text_source *source = self;
  for (size_t c = 0; c < source->column_count; c++)
    duckdb_destroy_logical_type(&source->types[c]);
  duckdb_destroy_result(&source->result);
  duckdb_destroy_prepare(&source->statement);
  hs_engine_close(&source->engine);
  hs_arena_release(&source->names);
  hs_arena_release(&source->batch);
  free(source);
}

static enum hs_status take_column(struct text_source *source, size_t c, struct hs_err *err)
{
  struct hs_str name = hs_str_of(duckdb_column_name(&source->result, c));
  source->types[c] = duckdb_column_logical_type(&source->result, c);
  source->column_count = c + 1;
  source->cells[c] = hs_arena_alloc(&source->names, HS_BATCH_ROWS, sizeof(struct hs_str));
  const char *copy = hs_arena_copy(&source->names, name.data, name.length);
  if (!copy || !source->cells[c])
    return hs_arena_full(&source->names, "the columns of a Parquet file", err);
  source->column_names[c] = (struct hs_str){copy, name.length};
  if (!hs_cell_is_known(source->types[c]))
    return hs_fail(err, HS_INVALID, "column %s has a type that cannot be read as text", copy);
  return HS_OK;
}

static enum hs_status take_columns(struct text_source *source, struct hs_err *err)
{
  size_t count = duckdb_column_count(&source->result);
  source->column_names = hs_arena_alloc(&source->names, count, sizeof *source->column_names);
  source->types = hs_arena_alloc(&source->names, count, sizeof *source->types);
  source->cells = hs_arena_alloc(&source->names, count, sizeof *source->cells);
  if (!source->column_names || !source->types || !source->cells)
    return hs_arena_full(&source->names, "the columns of a Parquet file", err);
  enum hs_status status = HS_OK;
  for (size_t c = 0; status == HS_OK && c < count; c++)
    status = take_column(source, c, err);
  return status;
}

static enum hs_status take_count(void *context, duckdb_data_chunk chunk,
                                 [[maybe_unused]] struct hs_err *err)
{
  *(uint64_t *)context = (uint64_t)((const int64_t *)duckdb_vector_get_data(
      duckdb_data_chunk_get_vector(chunk, 0)))[0];
  return HS_OK;
}

static enum hs_status start(struct text_source *source, const char *path, uint64_t *row_count,
                            struct hs_err *err)
{
  struct hs_buf count = hs_buf_in(&source->names);
  struct hs_buf select = hs_buf_in(&source->names);
  hs_buf_add_text(&count, "SELECT count(*) FROM read_parquet(");
  hs_sql_path(&count, path);
  hs_buf_add_text(&count, ")");
  hs_buf_add_text(&select, "FROM read_parquet(");
  hs_sql_path(&select, path);
  hs_buf_add_text(&select, ")");
  enum hs_status status = hs_buf_status(&select, "a statement", err);
  /* Rows are numbered by their place in the file. */
  if (status == HS_OK)
    status = hs_engine_run(&source->engine, "SET preserve_insertion_order = true", NULL, err);
  if (status == HS_OK)
    status = hs_engine_stream(&source->engine, count.data, take_count, row_count, err);
  if (status)
    return status;
  if (duckdb_prepare(source->engine.connection, select.data, &source->statement) != DuckDBSuccess)
    return hs_engine_failure(DUCKDB_ERROR_INVALID, duckdb_prepare_error(source->statement), err);
  if (duckdb_execute_prepared_streaming(source->statement, &source->result) != DuckDBSuccess)
    return hs_engine_failure(duckdb_result_error_type(&source->result),
                             duckdb_result_error(&source->result), err);
  return take_columns(source, err);
}

static enum hs_status open_file(void *self, const char *path, struct hs_text_source *out,
                                struct hs_err *err)
{
  const struct hs_duckdb_options *options = self;
  const struct hs_io *io = hs_io_real();
  struct hs_file_info info;
  uint64_t row_count = 0;
  enum hs_status status = io->info(io->self, path, &info, err);
  if (status)
    return status;
  struct text_source *source = calloc(1, sizeof *source);
  if (!source)
    return hs_fail(err, HS_NOMEM, "no memory to read %s", path);
  status = hs_arena_init(&source->names, NAMES_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&source->batch, BATCH_BYTES, err);
  if (status == HS_OK)
    status = hs_engine_open(&source->engine, NULL, options, err);
  if (status == HS_OK)
    status = start(source, path, &row_count, err);
  if (status) {
    source_close(source);
    return status;
  }
  *out = (struct hs_text_source){.self = source,
                                 .column_count = source->column_count,
                                 .column_names = source->column_names,
                                 .slot_count = 1,
                                 .row_count = row_count,
                                 .next = source_next,
                                 .close = source_close};
  return HS_OK;
}

struct hs_text_opener hs_duckdb_parquet_opener(struct hs_duckdb_options *options)
{
  return (struct hs_text_opener){options, open_file};
}
