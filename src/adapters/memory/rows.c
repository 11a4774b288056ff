#include "adapters/memory/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

#define ROWS_FIRST 256

static size_t row_bytes(const struct hs_event_spec *spec)
{
  return sizeof(struct row) + spec->column_count * sizeof(struct cell);
}

/* ---- from batches to rows ---- */

static enum hs_status copy_cell(struct hs_arena *arena, const struct hs_vector *column, size_t i,
                                struct cell *out, struct hs_err *err)
{
  *out = (struct cell){.is_absent = 1};
  if (column->is_absent[i])
    return HS_OK;
  if (hs_type_is_text(column->type)) {
    if (column->text[i].length == 0)
      return HS_OK;
    out->text.length = column->text[i].length;
    out->text.data = hs_arena_copy(arena, column->text[i].data, column->text[i].length);
    if (!out->text.data)
      return hs_arena_full(arena, "the trail in memory", err);
  } else if (column->type == HS_TYPE_REAL) {
    out->real = column->real[i] + 0.0; /* makes −0 into 0: they are the same body */
  } else {
    out->integer = column->integer[i];
  }
  out->is_absent = 0;
  return HS_OK;
}

static void set_text(struct cell *cell, struct hs_str text) { *cell = (struct cell){.text = text}; }

/* The rule of trail.h for touches that do not say what they are. */
static void give_touch_its_kind(struct row *row)
{
  struct cell *kind = &row->cells[hs_event_column(HS_EVENT_TOUCH, "kind")];
  const struct cell *partner = &row->cells[hs_event_column(HS_EVENT_TOUCH, "partner")];
  if (kind->is_absent)
    set_text(kind, partner->is_absent ? HS_STR("direct") : HS_STR("click"));
}

static enum hs_status copy_row(struct hs_arena *arena, const struct hs_event_spec *spec,
                               const struct hs_batch *batch, size_t i, struct row **out,
                               struct hs_err *err)
{
  struct row *row = hs_arena_alloc(arena, 1, row_bytes(spec));
  if (!row)
    return hs_arena_full(arena, "the trail in memory", err);
  row->row_number = batch->row_number[i];
  for (size_t c = 0; c < spec->column_count; c++) {
    enum hs_status status = copy_cell(arena, &batch->columns[c], i, &row->cells[c], err);
    if (status)
      return status;
  }
  *out = row;
  return HS_OK;
}

static int by_row_number(const void *a, const void *b)
{
  const struct row *x = *(const struct row *const *)a;
  const struct row *y = *(const struct row *const *)b;
  return x->row_number < y->row_number ? -1 : x->row_number > y->row_number;
}

struct drain {
  struct row **rows;
  size_t count;
  size_t capacity;
};

static enum hs_status drain_batch(struct drain *drain, struct hs_arena *arena,
                                  const struct hs_event_spec *spec, enum hs_event_kind kind,
                                  const struct hs_batch *batch, struct hs_err *err)
{
  if (drain->count + batch->row_count > drain->capacity) {
    size_t capacity = 2 * drain->capacity + batch->row_count;
    struct row **rows = realloc(drain->rows, capacity * sizeof(struct row *));
    if (!rows)
      return hs_fail(err, HS_NOMEM, "no memory for %zu rows", capacity);
    drain->rows = rows;
    drain->capacity = capacity;
  }
  for (size_t i = 0; i < batch->row_count; i++) {
    struct row *row = NULL;
    enum hs_status status = copy_row(arena, spec, batch, i, &row, err);
    if (status)
      return status;
    if (kind == HS_EVENT_TOUCH)
      give_touch_its_kind(row);
    drain->rows[drain->count++] = row;
  }
  return HS_OK;
}

enum hs_status hs_rows_drain(struct hs_arena *arena, struct hs_row_source *source,
                             struct row ***rows, size_t *count, struct hs_err *err)
{
  const struct hs_event_spec *spec = hs_event_spec(source->kind);
  struct drain drain = {0};
  struct hs_batch *batch = calloc(1, sizeof *batch);
  enum hs_status status = batch ? HS_OK : hs_fail(err, HS_NOMEM, "no memory for a batch of rows");
  for (unsigned slot = 0; status == HS_OK && slot < source->slot_count; slot++)
    do {
      status = source->next(source->self, slot, batch, err);
      if (status == HS_OK)
        status = drain_batch(&drain, arena, spec, source->kind, batch, err);
    } while (status == HS_OK && batch->row_count > 0);
  free(batch);
  if (status) {
    free(drain.rows);
    return status;
  }
  if (drain.count > 1)
    qsort(drain.rows, drain.count, sizeof *drain.rows, by_row_number);
  *rows = drain.rows;
  *count = drain.count;
  return HS_OK;
}

/* ---- keys ---- */

static uint64_t mix(uint64_t hash, uint64_t value)
{
  hash = (hash ^ value) * 0x9e3779b97f4a7c15U;
  return hash ^ hash >> 29;
}

static uint64_t cell_hash(const struct cell *cell, enum hs_type type)
{
  if (cell->is_absent)
    return 1;
  if (hs_type_is_text(type))
    return hs_person_key_of(cell->text);
  uint64_t bits = (uint64_t)cell->integer;
  if (type == HS_TYPE_REAL)
    memcpy(&bits, &cell->real, sizeof bits);
  return bits;
}

static int cells_equal(const struct cell *a, const struct cell *b, enum hs_type type)
{
  if (a->is_absent || b->is_absent)
    return a->is_absent == b->is_absent;
  if (hs_type_is_text(type))
    return hs_str_equal(a->text, b->text);
  if (type == HS_TYPE_REAL)
    return !(a->real < b->real) && !(a->real > b->real);
  return a->integer == b->integer;
}

static int kind_has_key(const struct hs_event_spec *spec)
{
  for (size_t c = 0; c < spec->column_count; c++)
    if (spec->columns[c].rules & HS_COLUMN_KEY)
      return 1;
  return 0;
}

/* Whether a column takes part in naming this row: the key columns, or all when the row has none. */
static int row_has_key(const struct hs_event_spec *spec, const struct row *row)
{
  for (size_t c = 0; c < spec->column_count; c++)
    if (spec->columns[c].rules & HS_COLUMN_KEY && !row->cells[c].is_absent)
      return 1;
  return 0;
}

static uint64_t key_hash(const struct hs_event_spec *spec, const struct row *row)
{
  int has_key = row_has_key(spec, row);
  uint64_t hash = (uint64_t)has_key;
  for (size_t c = 0; c < spec->column_count; c++)
    if (!has_key || spec->columns[c].rules & HS_COLUMN_KEY)
      hash = mix(hash, cell_hash(&row->cells[c], spec->columns[c].type));
  return hash;
}

static int columns_equal(const struct hs_event_spec *spec, const struct row *a, const struct row *b,
                         unsigned rule)
{
  for (size_t c = 0; c < spec->column_count; c++)
    if ((spec->columns[c].rules & rule) == rule &&
        !cells_equal(&a->cells[c], &b->cells[c], spec->columns[c].type))
      return 0;
  return 1;
}

static int same_name(const struct hs_event_spec *spec, const struct row *a, const struct row *b)
{
  int has_key = row_has_key(spec, a);
  return a->key_hash == b->key_hash && has_key == row_has_key(spec, b) &&
         columns_equal(spec, a, b, has_key ? HS_COLUMN_KEY : 0);
}

/* ---- the table ---- */

static size_t slot_of(const struct table *table, const struct hs_event_spec *spec,
                      const struct row *row)
{
  size_t mask = 2 * table->capacity - 1;
  size_t slot = (size_t)row->key_hash & mask;
  while (table->slots[slot] && !same_name(spec, table->rows[table->slots[slot] - 1], row))
    slot = (slot + 1) & mask;
  return slot;
}

static void index_rows(struct table *table)
{
  const struct hs_event_spec *spec = hs_event_spec(table->kind);
  memset(table->slots, 0, 2 * table->capacity * sizeof *table->slots);
  for (size_t i = 0; kind_has_key(spec) && i < table->count; i++)
    table->slots[slot_of(table, spec, table->rows[i])] = (uint32_t)(i + 1);
}

static enum hs_status make_room(struct table *table, struct hs_err *err)
{
  if (table->count < table->capacity)
    return HS_OK;
  size_t capacity = table->capacity ? 2 * table->capacity : ROWS_FIRST;
  const struct row **rows = realloc(table->rows, capacity * sizeof(const struct row *));
  if (rows)
    table->rows = rows;
  uint32_t *slots = rows ? calloc(2 * capacity, sizeof *slots) : NULL;
  if (!slots)
    return hs_fail(err, HS_NOMEM, "no memory for %zu rows", capacity);
  free(table->slots);
  table->slots = slots;
  table->capacity = capacity;
  index_rows(table);
  return HS_OK;
}

void hs_table_release(struct table *table)
{
  free(table->rows);
  free(table->slots);
  *table = (struct table){.kind = table->kind};
}

void hs_table_truncate(struct table *table, size_t count)
{
  if (count == table->count)
    return;
  table->count = count;
  index_rows(table);
}

struct hs_str hs_cell_text(const struct cell *cell, enum hs_type type,
                           char scratch[HS_CELL_TEXT_MAX])
{
  _Static_assert(HS_CELL_TEXT_MAX >= HS_TIME_TEXT && HS_CELL_TEXT_MAX >= HS_DOUBLE_TEXT, "room");
  if (cell->is_absent)
    return (struct hs_str){0};
  switch (type) {
  case HS_TYPE_TEXT:
  case HS_TYPE_CURRENCY:
  case HS_TYPE_COUNTRY:
  case HS_TYPE_ITEMS:
  case HS_TYPE_FACTS:
    return cell->text;
  case HS_TYPE_TIME:
    hs_format_time(cell->integer, scratch);
    break;
  case HS_TYPE_DAY:
    hs_format_day((int32_t)cell->integer, scratch);
    break;
  case HS_TYPE_REAL:
    hs_format_double(cell->real, scratch);
    break;
  case HS_TYPE_INTEGER:
  case HS_TYPE_MONEY:
    snprintf(scratch, HS_CELL_TEXT_MAX, "%lld", (long long)cell->integer);
    break;
  }
  return hs_str_of(scratch);
}

/* The key as people read it in the conflicts: its parts with a blank between them. */
static struct hs_str key_text(struct hs_arena *arena, const struct hs_event_spec *spec,
                              const struct row *row)
{
  struct hs_buf buf = hs_buf_in(arena);
  for (size_t c = 0; c < spec->column_count; c++) {
    char scratch[HS_CELL_TEXT_MAX];
    if (!(spec->columns[c].rules & HS_COLUMN_KEY) || row->cells[c].is_absent)
      continue;
    if (buf.length > 0)
      hs_buf_add_char(&buf, ' ');
    hs_buf_add_str(&buf, hs_cell_text(&row->cells[c], spec->columns[c].type, scratch));
  }
  return hs_buf_str(&buf);
}

static enum hs_status add_conflict(struct conflicts *conflicts, struct conflict conflict,
                                   const struct hs_arena *arena, struct hs_err *err)
{
  if (!conflict.key.data)
    return hs_arena_full(arena, "the trail in memory", err);
  if (conflicts->count == conflicts->capacity) {
    size_t capacity = conflicts->capacity ? 2 * conflicts->capacity : ROWS_FIRST;
    struct conflict *items = realloc(conflicts->items, capacity * sizeof *items);
    if (!items)
      return hs_fail(err, HS_NOMEM, "no memory for %zu conflicts", capacity);
    conflicts->items = items;
    conflicts->capacity = capacity;
  }
  conflicts->items[conflicts->count++] = conflict;
  return HS_OK;
}

static enum hs_status judge(struct table *table, struct conflicts *conflicts,
                            struct hs_arena *arena, const struct row *row,
                            struct hs_load_counts *counts, struct hs_err *err)
{
  const struct hs_event_spec *spec = hs_event_spec(table->kind);
  enum hs_status status = make_room(table, err);
  if (status)
    return status;
  if (kind_has_key(spec)) {
    size_t slot = slot_of(table, spec, row);
    if (table->slots[slot]) {
      const struct row *first = table->rows[table->slots[slot] - 1];
      if (columns_equal(spec, first, row, 0)) {
        counts->duplicates++;
        return HS_OK;
      }
      counts->conflicts++;
      return add_conflict(conflicts,
                          (struct conflict){table->kind, key_text(arena, spec, row), row->sequence,
                                            row->row_number, first->sequence, first->row_number},
                          arena, err);
    }
    table->slots[slot] = (uint32_t)(table->count + 1);
  }
  table->rows[table->count++] = row;
  counts->accepted++;
  return HS_OK;
}

enum hs_status hs_table_load(struct table *table, struct conflicts *conflicts,
                             struct hs_arena *arena, uint64_t sequence,
                             struct hs_row_source *source, struct hs_load_counts *counts,
                             struct hs_err *err)
{
  HS_ASSERT(source->kind == table->kind);
  const struct hs_event_spec *spec = hs_event_spec(table->kind);
  struct row **rows = NULL;
  size_t count = 0;
  enum hs_status status = hs_rows_drain(arena, source, &rows, &count, err);
  for (size_t i = 0; status == HS_OK && i < count; i++) {
    rows[i]->sequence = sequence;
    rows[i]->key_hash = key_hash(spec, rows[i]);
    status = judge(table, conflicts, arena, rows[i], counts, err);
  }
  free(rows);
  return status;
}
