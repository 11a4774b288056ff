#include "service/track/side.h"

#include <math.h>
#include <string.h>

/* Address space for one column. */
#define COLUMN_BYTES_MAX (4 * HS_GIB)

static size_t cell_bytes(enum hs_type type)
{
  return hs_type_is_text(type) ? sizeof(struct hs_str) : sizeof(int64_t);
}

void hs_side_declare(struct hs_side *table, const char *name, const struct hs_side_column *columns)
{
  *table = (struct hs_side){0};
  size_t count = 0;
  for (; columns[count].name != NULL; count++) {
    HS_ASSERT(count < HS_SIDE_COLUMNS_MAX);
    table->names[count] = columns[count].name;
    table->types[count] = columns[count].type;
    table->vectors[count].type = columns[count].type;
  }
  table->side = (struct hs_side_table){.name = name,
                                       .column_count = count,
                                       .column_names = table->names,
                                       .column_types = table->types,
                                       .columns = table->vectors};
}

enum hs_status hs_side_open(struct hs_side *table, const char *name,
                            const struct hs_side_column *columns, struct hs_err *err)
{
  hs_side_declare(table, name, columns);
  enum hs_status status = hs_arena_init(&table->texts, COLUMN_BYTES_MAX, err);
  for (size_t i = 0; i < table->side.column_count && status == HS_OK; i++) {
    status = hs_arena_init(&table->cells[i], COLUMN_BYTES_MAX, err);
    if (status == HS_OK)
      status = hs_arena_init(&table->absent[i], COLUMN_BYTES_MAX, err);
    table->vectors[i] = (struct hs_vector){.type = table->types[i],
                                           .text = (void *)table->cells[i].base,
                                           .integer = (void *)table->cells[i].base,
                                           .real = (void *)table->cells[i].base,
                                           .is_absent = table->absent[i].base};
  }
  if (status != HS_OK)
    hs_side_release(table);
  return status;
}

void hs_side_release(struct hs_side *table)
{
  for (size_t i = 0; i < HS_SIDE_COLUMNS_MAX; i++) {
    hs_arena_release(&table->cells[i]);
    hs_arena_release(&table->absent[i]);
  }
  hs_arena_release(&table->texts);
  *table = (struct hs_side){0};
}

void hs_side_row(struct hs_side *table)
{
  size_t rows = table->side.row_count;
  for (size_t i = 0; i < table->side.column_count && !table->is_full; i++) {
    size_t bytes = cell_bytes(table->types[i]);
    uint8_t *absent = hs_arena_grow(&table->absent[i], table->absent[i].base, rows, rows + 1, 1);
    void *cells = hs_arena_grow(&table->cells[i], table->cells[i].base, rows, rows + 1, bytes);
    table->is_full |= absent == NULL || cells == NULL;
    if (!table->is_full)
      absent[rows] = 1;
  }
  if (!table->is_full)
    table->side.row_count++;
}

void hs_side_text(struct hs_side *table, size_t column, struct hs_str text)
{
  HS_ASSERT(column < table->side.column_count && cell_bytes(table->types[column]) == sizeof text);
  if (table->is_full || text.data == NULL)
    return;
  text.data = hs_arena_copy(&table->texts, text.data, text.length);
  table->is_full |= text.data == NULL;
  size_t row = table->side.row_count - 1;
  table->vectors[column].text[row] = text;
  table->vectors[column].is_absent[row] = 0;
}

void hs_side_integer(struct hs_side *table, size_t column, int64_t value)
{
  HS_ASSERT(column < table->side.column_count && table->types[column] != HS_TYPE_REAL &&
            cell_bytes(table->types[column]) == sizeof value);
  if (table->is_full)
    return;
  size_t row = table->side.row_count - 1;
  table->vectors[column].integer[row] = value;
  table->vectors[column].is_absent[row] = 0;
}

void hs_side_real(struct hs_side *table, size_t column, double value)
{
  HS_ASSERT(column < table->side.column_count && table->types[column] == HS_TYPE_REAL);
  if (table->is_full || isnan(value))
    return;
  size_t row = table->side.row_count - 1;
  table->vectors[column].real[row] = value;
  table->vectors[column].is_absent[row] = 0;
}

enum hs_status hs_side_status(const struct hs_side *table, struct hs_err *err)
{
  if (table->is_full)
    return hs_fail(err, HS_NOMEM, "no room for more than %zu rows of %s", table->side.row_count,
                   table->side.name);
  return HS_OK;
}
