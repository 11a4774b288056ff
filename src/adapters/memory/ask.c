/* Tables for people: exports, and the answer that there is no SQL here. */
#include <string.h>

#include "adapters/memory/trail.h"
#include "adapters/table_file.h"

enum hs_status hs_memory_query([[maybe_unused]] void *self, [[maybe_unused]] struct hs_str select,
                               [[maybe_unused]] const struct hs_side_table *tables,
                               [[maybe_unused]] size_t table_count,
                               [[maybe_unused]] const struct hs_result_sink *sink,
                               struct hs_err *err)
{
  return hs_fail(err, HS_UNSUPPORTED, "the trail in memory has no SQL");
}

void hs_memory_interrupt([[maybe_unused]] void *self) {}

static enum hs_cell cell_kind(enum hs_type type)
{
  return type == HS_TYPE_REAL || type == HS_TYPE_INTEGER || type == HS_TYPE_MONEY ? HS_CELL_NUMBER
                                                                                  : HS_CELL_TEXT;
}

static struct hs_str number_text(char scratch[HS_CELL_TEXT_MAX], int64_t number)
{
  struct cell cell = {.integer = number};
  return hs_cell_text(&cell, HS_TYPE_INTEGER, scratch);
}

static enum hs_status give_events(const struct table *table, const struct hs_result_sink *sink,
                                  struct hs_err *err)
{
  const struct hs_event_spec *spec = hs_event_spec(table->kind);
  size_t columns = spec->column_count;
  char texts[HS_COLUMNS_MAX + 2][HS_CELL_TEXT_MAX];
  struct hs_str values[HS_COLUMNS_MAX + 2];
  enum hs_cell cells[HS_COLUMNS_MAX + 2];
  for (size_t c = 0; c < columns; c++) {
    hs_column_stable_name(&spec->columns[c], texts[c]);
    values[c] = hs_str_of(texts[c]);
    cells[c] = cell_kind(spec->columns[c].type);
  }
  values[columns] = HS_STR("sequence");
  values[columns + 1] = HS_STR("row_number");
  cells[columns] = cells[columns + 1] = HS_CELL_NUMBER;
  enum hs_status status = sink->begin(sink->self, columns + 2, values, cells, err);
  for (size_t i = 0; status == HS_OK && i < table->count; i++) {
    const struct row *row = table->rows[i];
    for (size_t c = 0; c < columns; c++)
      values[c] = hs_cell_text(&row->cells[c], spec->columns[c].type, texts[c]);
    values[columns] = number_text(texts[columns], (int64_t)row->sequence);
    values[columns + 1] = number_text(texts[columns + 1], row->row_number);
    status = sink->row(sink->self, values, err);
  }
  return status;
}

static enum hs_status give_conflicts(const struct conflicts *conflicts,
                                     const struct hs_result_sink *sink, struct hs_err *err)
{
  static const struct hs_str NAMES[] = {
      {"kind", 4},     {"key", 3}, {"sequence", 8}, {"row_number", 10}, {"first_sequence", 14},
      {"first_row", 9}};
  static const enum hs_cell CELLS[] = {HS_CELL_TEXT,   HS_CELL_TEXT,   HS_CELL_NUMBER,
                                       HS_CELL_NUMBER, HS_CELL_NUMBER, HS_CELL_NUMBER};
  enum hs_status status = sink->begin(sink->self, 6, NAMES, CELLS, err);
  for (size_t i = 0; status == HS_OK && i < conflicts->count; i++) {
    const struct conflict *conflict = &conflicts->items[i];
    char texts[4][HS_CELL_TEXT_MAX];
    struct hs_str values[] = {hs_str_of(hs_event_spec(conflict->kind)->name),
                              conflict->key,
                              number_text(texts[0], (int64_t)conflict->sequence),
                              number_text(texts[1], conflict->row_number),
                              number_text(texts[2], (int64_t)conflict->first_sequence),
                              number_text(texts[3], conflict->first_row)};
    status = sink->row(sink->self, values, err);
  }
  return status;
}

static struct cell side_cell(const struct hs_vector *column, size_t i)
{
  struct cell cell = {.is_absent = column->is_absent[i]};
  if (cell.is_absent)
    return cell;
  if (hs_type_is_text(column->type))
    cell.text = column->text[i].data ? column->text[i] : HS_STR("");
  else if (column->type == HS_TYPE_REAL)
    cell.real = column->real[i];
  else
    cell.integer = column->integer[i];
  return cell;
}

static enum hs_status give_side(const struct hs_side_table *side, const struct hs_result_sink *sink,
                                struct hs_err *err)
{
  struct hs_str values[HS_TABLE_COLUMNS_MAX];
  enum hs_cell cells[HS_TABLE_COLUMNS_MAX];
  char texts[HS_TABLE_COLUMNS_MAX][HS_CELL_TEXT_MAX];
  HS_ASSERT(side->column_count <= HS_TABLE_COLUMNS_MAX);
  for (size_t c = 0; c < side->column_count; c++) {
    values[c] = hs_str_of(side->column_names[c]);
    cells[c] = cell_kind(side->column_types[c]);
  }
  enum hs_status status = sink->begin(sink->self, side->column_count, values, cells, err);
  for (size_t i = 0; status == HS_OK && i < side->row_count; i++) {
    for (size_t c = 0; c < side->column_count; c++) {
      struct cell cell = side_cell(&side->columns[c], i);
      values[c] = hs_cell_text(&cell, side->column_types[c], texts[c]);
    }
    status = sink->row(sink->self, values, err);
  }
  return status;
}

struct table_export {
  const struct trail *trail;
  const char *table;
  const struct hs_side_table *side;
};

static enum hs_status fill_table(void *context, const struct hs_result_sink *sink,
                                 struct hs_err *err)
{
  const struct table_export *export = context;
  enum hs_event_kind kind;
  if (export->side)
    return give_side(export->side, sink, err);
  if (strcmp(export->table, "conflicts") == 0)
    return give_conflicts(&export->trail->conflicts, sink, err);
  if (!hs_event_kind_parse(hs_str_of(export->table), &kind))
    return hs_fail(err, HS_NOT_FOUND, "there is no table %s", export->table);
  return give_events(&export->trail->tables[kind], sink, err);
}

enum hs_status hs_memory_export_table(void *self, const char *table,
                                      const struct hs_side_table *side,
                                      enum hs_export_format format, const char *path,
                                      uint64_t *row_count, struct hs_err *err)
{
  const struct trail *trail = self;
  if (format == HS_EXPORT_PARQUET)
    return hs_fail(err, HS_UNSUPPORTED, "the trail in memory writes no Parquet");
  return hs_table_file_write(trail->io, path, format, fill_table,
                             &(struct table_export){trail, table, side}, row_count, err);
}
