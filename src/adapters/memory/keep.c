/* Kept imports in a plain format: the eight bytes HSKEPT01, one byte for the kind, then rows. A row
   is its number, then its cells in the order of the spec: a byte that says whether one is there,
   and eight little-endian bytes, or a length of four and the text. */
#include <stdlib.h>
#include <string.h>

#include "adapters/memory/memory_adapter.h"
#include "adapters/memory/rows.h"

#define MAGIC "HSKEPT01"
#define MAGIC_BYTES 8
#define FLUSH_BYTES (256 * HS_KIB)
#define MEMORY_DEFAULT HS_GIB

struct keep {
  const struct hs_io *io;
  uint64_t memory_bytes;
};

/* ---- writing ---- */

static void add_word(struct hs_buf *buf, uint64_t word, size_t bytes)
{
  for (size_t i = 0; i < bytes; i++)
    hs_buf_add_char(buf, (char)(word >> (8 * i) & 0xff));
}

static void add_cell(struct hs_buf *buf, const struct cell *cell, enum hs_type type)
{
  hs_buf_add_char(buf, (char)!cell->is_absent);
  if (cell->is_absent)
    return;
  if (hs_type_is_text(type)) {
    add_word(buf, cell->text.length, 4);
    hs_buf_add_str(buf, cell->text);
    return;
  }
  uint64_t bits = (uint64_t)cell->integer;
  if (type == HS_TYPE_REAL)
    memcpy(&bits, &cell->real, sizeof bits);
  add_word(buf, bits, 8);
}

static enum hs_status flush(const struct hs_io *io, hs_file file, struct hs_buf *buf,
                            uint64_t *offset, struct hs_err *err)
{
  enum hs_status status = hs_buf_status(buf, "a kept import", err);
  if (status == HS_OK)
    status = hs_io_write_all(io, file, buf->data, buf->length, *offset, err);
  *offset += buf->length;
  hs_buf_clear(buf);
  return status;
}

static enum hs_status write_rows(const struct keep *keep, hs_file file, struct hs_arena *arena,
                                 struct hs_row_source *source, uint64_t *row_count,
                                 struct hs_err *err)
{
  const struct hs_event_spec *spec = hs_event_spec(source->kind);
  struct row **rows = NULL;
  size_t count = 0;
  uint64_t offset = 0;
  enum hs_status status = hs_rows_drain(arena, source, &rows, &count, err);
  struct hs_buf buf = hs_buf_in(arena);
  hs_buf_add(&buf, MAGIC, MAGIC_BYTES);
  hs_buf_add_char(&buf, (char)source->kind);
  for (size_t i = 0; status == HS_OK && i < count; i++) {
    add_word(&buf, (uint64_t)rows[i]->row_number, 8);
    for (size_t c = 0; c < spec->column_count; c++)
      add_cell(&buf, &rows[i]->cells[c], spec->columns[c].type);
    if (buf.length > FLUSH_BYTES || buf.is_bad)
      status = flush(keep->io, file, &buf, &offset, err);
  }
  if (status == HS_OK)
    status = flush(keep->io, file, &buf, &offset, err);
  free(rows);
  if (status == HS_OK)
    *row_count = count;
  return status;
}

static enum hs_status keep_write(void *self, struct hs_row_source *rows, const char *path,
                                 uint64_t *row_count, struct hs_err *err)
{
  struct keep *keep = self;
  struct hs_arena arena = {0};
  hs_file file = -1;
  enum hs_status status = hs_arena_init(&arena, keep->memory_bytes, err);
  if (status)
    return status;
  status = keep->io->open(keep->io->self, path, HS_OPEN_CREATE_NEW, &file, err);
  if (status == HS_OK) {
    status = write_rows(keep, file, &arena, rows, row_count, err);
    keep->io->close(keep->io->self, file);
    if (status && keep->io->remove(keep->io->self, path, NULL) != HS_OK)
      hs_err_prefix(err, "%s stays half written", path);
  }
  hs_arena_release(&arena);
  return status;
}

/* ---- reading ---- */

struct kept_source {
  struct hs_arena arena;
  enum hs_event_kind kind;
  const unsigned char *data;
  size_t length;
  size_t place;
  enum hs_status status;
  struct hs_err failure;
  struct hs_vector columns[HS_COLUMNS_MAX];
};

static int take(struct kept_source *source, size_t bytes, const unsigned char **out)
{
  if (source->length - source->place < bytes)
    return 0;
  *out = source->data + source->place;
  source->place += bytes;
  return 1;
}

static int take_word(struct kept_source *source, size_t bytes, uint64_t *out)
{
  const unsigned char *data;
  if (!take(source, bytes, &data))
    return 0;
  *out = 0;
  for (size_t i = 0; i < bytes; i++)
    *out |= (uint64_t)data[i] << (8 * i);
  return 1;
}

static int take_cell(struct kept_source *source, struct hs_vector *column, size_t i)
{
  const unsigned char *data;
  uint64_t word;
  if (!take(source, 1, &data) || *data > 1)
    return 0;
  column->is_absent[i] = !*data;
  if (column->is_absent[i])
    return 1;
  if (hs_type_is_text(column->type)) {
    if (!take_word(source, 4, &word) || !take(source, (size_t)word, &data))
      return 0;
    column->text[i] = (struct hs_str){(const char *)data, (size_t)word};
    return 1;
  }
  if (!take_word(source, 8, &word))
    return 0;
  if (column->type == HS_TYPE_REAL)
    memcpy(&column->real[i], &word, sizeof word);
  else
    column->integer[i] = (int64_t)word;
  return 1;
}

static int take_row(struct kept_source *source, struct hs_batch *out)
{
  uint64_t number;
  if (!take_word(source, 8, &number))
    return 0;
  out->row_number[out->row_count] = (int64_t)number;
  for (size_t c = 0; c < out->column_count; c++)
    if (!take_cell(source, &source->columns[c], out->row_count))
      return 0;
  out->row_count++;
  return 1;
}

static enum hs_status source_next(void *self, unsigned slot, struct hs_batch *out,
                                  struct hs_err *err)
{
  struct kept_source *source = self;
  HS_ASSERT(slot == 0);
  out->column_count = hs_event_spec(source->kind)->column_count;
  out->row_count = 0;
  memcpy(out->columns, source->columns, sizeof out->columns);
  while (source->status == HS_OK && out->row_count < HS_BATCH_ROWS &&
         source->place < source->length)
    if (!take_row(source, out))
      source->status = hs_fail(&source->failure, HS_CORRUPT,
                               "the kept import is damaged at byte %zu", source->place);
  if (source->status && err)
    *err = source->failure;
  return source->status;
}

static void source_close(void *self)
{
  struct kept_source *source = self;
  hs_arena_release(&source->arena);
  free(source);
}

static enum hs_status read_whole(const struct hs_io *io, const char *path,
                                 struct kept_source *source, struct hs_err *err)
{
  struct hs_file_info info;
  hs_file file = -1;
  enum hs_status status = io->info(io->self, path, &info, err);
  if (status == HS_OK)
    status = io->open(io->self, path, HS_OPEN_READ, &file, err);
  if (status)
    return status;
  unsigned char *data = hs_arena_alloc_raw(&source->arena, 1, (size_t)info.size_bytes);
  status = data ? hs_io_read_all(io, file, data, (size_t)info.size_bytes, 0, err)
                : hs_arena_full(&source->arena, "a kept import", err);
  io->close(io->self, file);
  source->data = data;
  source->length = (size_t)info.size_bytes;
  return status;
}

static enum hs_status check_head(struct kept_source *source, const char *path, struct hs_err *err)
{
  const unsigned char *head;
  if (!take(source, MAGIC_BYTES + 1, &head) || memcmp(head, MAGIC, MAGIC_BYTES) != 0)
    return hs_fail(err, HS_CORRUPT, "%s is no kept import of the memory adapter", path);
  if (head[MAGIC_BYTES] != (unsigned char)source->kind)
    return hs_fail(err, HS_INVALID, "%s does not hold %s", path, hs_event_spec(source->kind)->name);
  return HS_OK;
}

static enum hs_status make_columns(struct kept_source *source, struct hs_err *err)
{
  const struct hs_event_spec *spec = hs_event_spec(source->kind);
  for (size_t c = 0; c < spec->column_count; c++) {
    struct hs_vector *column = &source->columns[c];
    column->type = spec->columns[c].type;
    column->is_absent = hs_arena_alloc(&source->arena, HS_BATCH_ROWS, 1);
    void *cells = hs_arena_alloc(&source->arena, HS_BATCH_ROWS, sizeof(struct hs_str));
    if (!column->is_absent || !cells)
      return hs_arena_full(&source->arena, "a batch of a kept import", err);
    if (hs_type_is_text(column->type))
      column->text = cells;
    else if (column->type == HS_TYPE_REAL)
      column->real = cells;
    else
      column->integer = cells;
  }
  return HS_OK;
}

static enum hs_status keep_read(void *self, enum hs_event_kind kind, const char *path,
                                struct hs_row_source *out, struct hs_err *err)
{
  struct keep *keep = self;
  struct kept_source *source = calloc(1, sizeof *source);
  if (!source)
    return hs_fail(err, HS_NOMEM, "no memory to read %s", path);
  source->kind = kind;
  enum hs_status status = hs_arena_init(&source->arena, keep->memory_bytes, err);
  if (status == HS_OK)
    status = read_whole(keep->io, path, source, err);
  if (status == HS_OK)
    status = check_head(source, path, err);
  if (status == HS_OK)
    status = make_columns(source, err);
  if (status) {
    source_close(source);
    return status;
  }
  *out = (struct hs_row_source){source, kind, 1, source_next, source_close};
  return HS_OK;
}

enum hs_status hs_memory_keep_open(const struct hs_memory_options *options, struct hs_keep *out,
                                   struct hs_err *err)
{
  struct keep *keep = malloc(sizeof *keep);
  if (!keep)
    return hs_fail(err, HS_NOMEM, "no memory for the kept imports");
  *keep =
      (struct keep){options->io, options->memory_bytes ? options->memory_bytes : MEMORY_DEFAULT};
  *out = (struct hs_keep){keep, keep_write, keep_read, free};
  return HS_OK;
}
