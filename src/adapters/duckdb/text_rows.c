/* Parquet files of other programs as rows of text, for intake/: see ports/text_rows.h. */
#include "ports/text_rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/duckdb/cells.h"
#include "base/io.h"

/* Numbers and moments of one batch; texts stay in their chunk. */
#define BATCH_BYTES (64 * HS_MIB)
#define NAMES_BYTES (64 * HS_MIB) /* a column takes 32 KiB for its cells */

struct text_source {
  struct engine engine;
  duckdb_prepared_statement statement;
  duckdb_result result;
  duckdb_data_chunk chunk; /* what the last batch borrows from */
  struct hs_arena names;   /* and the statement */
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

/* The shortest text that reads back as the same value of the file's own width: 12.1 and not
   12.100000381469727, which is what the same four bytes are as a double. */
static void add_float(struct hs_buf *out, float value)
{
  for (int digits = 6; digits <= 9; digits++) {
    char text[HS_DOUBLE_TEXT];
    double read = 0;
    int length = snprintf(text, sizeof text, "%.*g", digits, (double)value);
    if (hs_parse_double((struct hs_str){text, (size_t)length}, &read) && (float)read == value) {
      hs_buf_add_double(out, read);
      return;
    }
  }
  hs_buf_add_double(out, (double)value);
}

/* What is no number stays visible, so that the row is rejected for it and not read as empty. */
static void add_real(struct hs_buf *out, double value, int is_single)
{
  if (isnan(value))
    hs_buf_add_text(out, "nan");
  else if (isinf(value))
    hs_buf_add_text(out, value < 0 ? "-inf" : "inf");
  else if (is_single)
    add_float(out, (float)value);
  else
    hs_buf_add_double(out, value);
}

static enum hs_status take_cell(struct text_source *source, duckdb_vector vector, size_t c,
                                idx_t row, struct hs_err *err)
{
  struct hs_buf text = hs_buf_in(&source->batch);
  duckdb_type type = duckdb_get_type_id(source->types[c]);
  const void *data = duckdb_vector_get_data(vector);
  int is_there = hs_is_valid(duckdb_vector_get_validity(vector), row);
  if (is_there && type == DUCKDB_TYPE_FLOAT)
    add_real(&text, (double)((const float *)data)[row], 1);
  else if (is_there && type == DUCKDB_TYPE_DOUBLE)
    add_real(&text, ((const double *)data)[row], 0);
  else
    is_there = hs_cell_add(&text, vector, source->types[c], row);
  enum hs_status status = hs_buf_status(&text, "a batch of a Parquet file", err);
  if (status)
    return status;
  struct hs_str cell = text.data ? hs_buf_str(&text) : HS_STR("");
  if (is_wall_clock(source->types[c]) && cell.length > 0 && cell.data[cell.length - 1] == 'Z')
    cell.length--;
  source->cells[c][row] = is_there ? cell : (struct hs_str){0};
  return HS_OK;
}

/* Texts are borrowed as they lie. Bytes without a mark that they are text are taken as text too:
   older writers leave the mark out, and who reads checks UTF-8 anyway. */
static void borrow_texts(struct text_source *source, duckdb_vector vector, size_t c, idx_t count)
{
  const duckdb_string_t *texts = duckdb_vector_get_data(vector);
  const uint64_t *validity = duckdb_vector_get_validity(vector);
  for (idx_t row = 0; row < count; row++)
    source->cells[c][row] =
        hs_is_valid(validity, row) ? hs_text_at(texts, row) : (struct hs_str){0};
}

static enum hs_status take_chunk(struct text_source *source, struct hs_err *err)
{
  idx_t count = duckdb_data_chunk_get_size(source->chunk);
  enum hs_status status = HS_OK;
  for (size_t c = 0; status == HS_OK && c < source->column_count; c++) {
    duckdb_vector vector = duckdb_data_chunk_get_vector(source->chunk, c);
    duckdb_type type = duckdb_get_type_id(source->types[c]);
    if (type == DUCKDB_TYPE_VARCHAR || type == DUCKDB_TYPE_BLOB)
      borrow_texts(source, vector, c, count);
    else
      for (idx_t row = 0; status == HS_OK && row < count; row++)
        status = take_cell(source, vector, c, row, err);
  }
  return status;
}

/* Words of the engine that blame no machine blame the file: also those about bytes or pages that
   lie outside of it, which the engine counts among failures of the disk. */
static enum hs_status damaged(enum hs_status status, struct hs_err *err)
{
  int is_outside = status == HS_IO && (strstr(err->text, "Could not read enough bytes") != NULL ||
                                       strstr(err->text, "outside file") != NULL);
  if (status != HS_FAILED && !is_outside)
    return status;
  err->status = HS_CORRUPT;
  return HS_CORRUPT;
}

static enum hs_status source_next(void *self, unsigned slot, struct hs_text_batch *out,
                                  struct hs_err *err)
{
  struct text_source *source = self;
  HS_ASSERT(slot == 0);
  *out = (struct hs_text_batch){.first_row = source->rows_given + 1,
                                .cells = (const struct hs_str *const *)source->cells};
  hs_arena_reset(&source->batch, 0);
  duckdb_destroy_data_chunk(&source->chunk);
  if (source->status == HS_OK)
    source->chunk = duckdb_fetch_chunk(source->result);
  if (source->chunk)
    source->status = take_chunk(source, &source->failure);
  else if (source->status == HS_OK && duckdb_result_error(&source->result))
    source->status =
        damaged(hs_engine_failure(duckdb_result_error_type(&source->result),
                                  duckdb_result_error(&source->result), &source->failure),
                &source->failure);
  if (source->chunk && source->status == HS_OK)
    out->row_count = duckdb_data_chunk_get_size(source->chunk);
  source->rows_given += out->row_count;
  if (source->status && err)
    *err = source->failure;
  return source->status;
}

static void source_close(void *self)
{
  struct text_source *source = self;
  for (size_t c = 0; c < source->column_count; c++)
    duckdb_destroy_logical_type(&source->types[c]);
  duckdb_destroy_data_chunk(&source->chunk);
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
  if (hs_cell_of(source->types[c]) == HS_CELL_JSON)
    return hs_fail(err, HS_INVALID,
                   "column %s is nested (a list, a map or a struct): unfold it or leave it out",
                   copy);
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

/* The file comes from anybody: this engine can open it and nothing else. Its path is allowed as it
   is and as the pattern that stands for it, because the engine checks both. */
static enum hs_status confine(struct text_source *source, const char *path, struct hs_err *err)
{
  struct hs_buf sql = hs_buf_in(&source->names);
  hs_buf_add_text(&sql, "SET allowed_paths = [");
  hs_sql_text(&sql, path);
  hs_buf_add_text(&sql, ", ");
  hs_sql_path(&sql, path);
  /* Rows are numbered by their place in the file. */
  hs_buf_add_text(&sql, "]; SET preserve_insertion_order = true; "
                        "SET enable_external_access = false; SET lock_configuration = true");
  enum hs_status status = hs_buf_status(&sql, "a statement", err);
  return status ? status : hs_engine_run(&source->engine, sql.data, NULL, err);
}

static enum hs_status start(struct text_source *source, const char *path, uint64_t *row_count,
                            struct hs_err *err)
{
  struct hs_buf count = hs_buf_in(&source->names);
  struct hs_buf select = hs_buf_in(&source->names);
  hs_buf_add_text(&count, "SELECT count(*) FROM ");
  hs_sql_parquet(&count, path, "");
  hs_buf_add_text(&select, "FROM ");
  hs_sql_parquet(&select, path, "");
  enum hs_status status = hs_buf_status(&select, "a statement", err);
  if (status == HS_OK)
    status = confine(source, path, err);
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
  struct hs_err failure = {0};
  uint64_t row_count = 0;
  enum hs_status status = io->info(io->self, path, &info, err);
  if (status)
    return status;
  struct text_source *source = calloc(1, sizeof *source);
  if (!source)
    return hs_fail(err, HS_NOMEM, "no memory to read %s", path);
  status = hs_arena_init(&source->names, NAMES_BYTES, &failure);
  if (status == HS_OK)
    status = hs_arena_init(&source->batch, BATCH_BYTES, &failure);
  if (status == HS_OK)
    status = hs_engine_open(&source->engine, NULL, options, &failure);
  if (status == HS_OK)
    status = damaged(start(source, path, &row_count, &failure), &failure);
  if (status) {
    source_close(source);
    hs_err_prefix(&failure, "%s", path);
    if (err)
      *err = failure;
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
