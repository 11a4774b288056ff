#include "adapters/table_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for one flush and the widest row; a row that does not fit is HS_NOMEM and no file. */
#define BUFFER_BYTES (64 * HS_MIB)
#define FLUSH_BYTES (256 * HS_KIB)

struct table_file {
  const struct hs_io *io;
  enum hs_export_format format;
  hs_file file;
  uint64_t offset;
  uint64_t row_count;
  size_t column_count;
  struct hs_str names[HS_TABLE_COLUMNS_MAX];
  enum hs_cell cells[HS_TABLE_COLUMNS_MAX];
  struct hs_arena arena;
  struct hs_buf buf;
  char path[HS_TABLE_PATH_MAX];
  char path_beside[HS_TABLE_PATH_MAX];
};

enum hs_status hs_table_path_beside(const struct hs_io *io, const char *path,
                                    char beside[HS_TABLE_PATH_MAX], struct hs_err *err)
{
  struct hs_file_info info;
  enum hs_status status = io->info(io->self, path, &info, err);
  if (status == HS_OK)
    return hs_fail(err, HS_CONFLICT, "%s is there already; an export replaces nothing", path);
  if (status != HS_NOT_FOUND)
    return status;
  int length = snprintf(beside, HS_TABLE_PATH_MAX, "%s.part", path);
  if (length < 0 || length >= HS_TABLE_PATH_MAX)
    return hs_fail(err, HS_INVALID, "the path is longer than %d bytes: %.100s…",
                   HS_TABLE_PATH_MAX - 6, path);
  /* What an interrupted export left. */
  status = io->remove(io->self, beside, err);
  return status == HS_NOT_FOUND ? HS_OK : status;
}

static enum hs_status sync_directory_of(const struct hs_io *io, const char *path,
                                        struct hs_err *err)
{
  char directory[HS_TABLE_PATH_MAX];
  const char *slash = strrchr(path, '/');
  size_t length = slash ? (size_t)(slash - path) : 0;
  if (!slash)
    return io->sync_directory(io->self, ".", err);
  if (length == 0)
    length = 1;
  memcpy(directory, path, length);
  directory[length] = 0;
  return io->sync_directory(io->self, directory, err);
}

enum hs_status hs_table_path_place(const struct hs_io *io, const char *beside, const char *path,
                                   struct hs_err *err)
{
  hs_file file = -1;
  enum hs_status status = io->open(io->self, beside, HS_OPEN_WRITE, &file, err);
  if (status == HS_OK) {
    status = io->sync_data(io->self, file, err);
    io->close(io->self, file);
  }
  if (status == HS_OK)
    status = io->rename(io->self, beside, path, err);
  return status ? status : sync_directory_of(io, path, err);
}

static enum hs_status open_table(struct table_file *table, const struct hs_io *io, const char *path,
                                 enum hs_export_format format, struct hs_err *err)
{
  HS_ASSERT(format == HS_EXPORT_CSV || format == HS_EXPORT_NDJSON);
  *table = (struct table_file){.io = io, .format = format, .file = -1};
  enum hs_status status = hs_table_path_beside(io, path, table->path_beside, err);
  if (status)
    return status;
  snprintf(table->path, sizeof table->path, "%s", path);
  status = hs_arena_init(&table->arena, BUFFER_BYTES, err);
  if (status)
    return status;
  table->buf = hs_buf_in(&table->arena);
  status = io->open(io->self, table->path_beside, HS_OPEN_CREATE_NEW, &table->file, err);
  if (status)
    hs_arena_release(&table->arena);
  return status;
}

static enum hs_status flush(struct table_file *table, struct hs_err *err)
{
  enum hs_status status = hs_buf_status(&table->buf, "a row of the export", err);
  if (status)
    return status;
  status = hs_io_write_all(table->io, table->file, table->buf.data, table->buf.length,
                           table->offset, err);
  table->offset += table->buf.length;
  hs_buf_clear(&table->buf);
  return status;
}

static enum hs_status begin(void *self, size_t column_count, const struct hs_str *names,
                            const enum hs_cell *cells, struct hs_err *err)
{
  struct table_file *table = self;
  if (column_count > HS_TABLE_COLUMNS_MAX)
    return hs_fail(err, HS_INVALID, "a table has at most %d columns, got %zu", HS_TABLE_COLUMNS_MAX,
                   column_count);
  table->column_count = column_count;
  for (size_t i = 0; i < column_count; i++) {
    char *name = hs_arena_copy(&table->arena, names[i].data, names[i].length);
    if (!name)
      return hs_arena_full(&table->arena, "the names of columns", err);
    table->names[i] = (struct hs_str){name, names[i].length};
    table->cells[i] = cells[i];
  }
  if (table->format != HS_EXPORT_CSV)
    return HS_OK;
  for (size_t i = 0; i < column_count; i++) {
    if (i > 0)
      hs_buf_add_char(&table->buf, ',');
    hs_buf_add_csv_safe(&table->buf, table->names[i]);
  }
  hs_buf_add_char(&table->buf, '\n');
  return HS_OK;
}

static void add_csv_row(struct table_file *table, const struct hs_str *values)
{
  for (size_t i = 0; i < table->column_count; i++) {
    if (i > 0)
      hs_buf_add_char(&table->buf, ',');
    if (values[i].data)
      hs_buf_add_csv_safe(&table->buf, values[i]);
  }
  hs_buf_add_char(&table->buf, '\n');
}

static void add_json_row(struct table_file *table, const struct hs_str *values)
{
  for (size_t i = 0; i < table->column_count; i++) {
    hs_buf_add_char(&table->buf, i > 0 ? ',' : '{');
    hs_buf_add_json(&table->buf, table->names[i]);
    hs_buf_add_char(&table->buf, ':');
    if (!values[i].data)
      hs_buf_add_text(&table->buf, "null");
    else if (table->cells[i] == HS_CELL_TEXT)
      hs_buf_add_json(&table->buf, values[i]);
    else
      hs_buf_add_str(&table->buf, values[i]);
  }
  hs_buf_add_text(&table->buf, "}\n");
}

static enum hs_status row(void *self, const struct hs_str *values, struct hs_err *err)
{
  struct table_file *table = self;
  if (table->format == HS_EXPORT_CSV)
    add_csv_row(table, values);
  else
    add_json_row(table, values);
  table->row_count++;
  return table->buf.length < FLUSH_BYTES && !table->buf.is_bad ? HS_OK : flush(table, err);
}

/* Removes what was written so far. */
static void discard(struct table_file *table)
{
  table->io->close(table->io->self, table->file);
  enum hs_status ignored = table->io->remove(table->io->self, table->path_beside, NULL);
  (void)ignored; /* a file that cannot be removed is removed by the next export to that path */
  hs_arena_release(&table->arena);
}

/* Writes the rest, syncs and renames. */
static enum hs_status finish(struct table_file *table, uint64_t *row_count, struct hs_err *err)
{
  enum hs_status status = flush(table, err);
  if (status == HS_OK)
    status = hs_table_path_place(table->io, table->path_beside, table->path, err);
  if (status) {
    discard(table);
    return status;
  }
  *row_count = table->row_count;
  table->io->close(table->io->self, table->file);
  hs_arena_release(&table->arena);
  return HS_OK;
}

enum hs_status hs_table_file_write(const struct hs_io *io, const char *path,
                                   enum hs_export_format format, hs_table_fill_fn fill,
                                   void *context, uint64_t *row_count, struct hs_err *err)
{
  struct table_file *table = malloc(sizeof *table);
  if (!table)
    return hs_fail(err, HS_NOMEM, "no memory for the export");
  enum hs_status status = open_table(table, io, path, format, err);
  if (status == HS_OK) {
    struct hs_result_sink sink = {table, begin, row};
    status = fill(context, &sink, err);
    if (status == HS_OK)
      status = finish(table, row_count, err);
    else
      discard(table);
  }
  free(table);
  return status;
}
