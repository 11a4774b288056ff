#include "cli/result.h"

#include <string.h>

/* The table's widths come from this many rows; the rest is printed as it arrives. */
#define ROWS_LOOKED_AT 100
#define CELL_WIDTH_MAX 48

struct hs_result_printer {
  struct hs_cli *cli;
  enum hs_result_form form;
  size_t column_count;
  struct hs_str *names;
  enum hs_cell *cells;
  size_t *widths;
  struct hs_str *held; /* the first rows of a table, until the widths are known */
  size_t held_count;
  uint64_t row_count;
  struct hs_arena line_arena;
  struct hs_buf line;
};

static struct hs_str copy(struct hs_arena *arena, struct hs_str text)
{
  if (text.data == NULL)
    return text;
  return (struct hs_str){hs_arena_copy(arena, text.data, text.length), text.length};
}

static void write_line(struct hs_result_printer *printer)
{
  hs_cli_write(printer->cli, hs_buf_str(&printer->line));
  hs_buf_clear(&printer->line);
}

/* ---- the table ---- */

/* Characters, not bytes: what continues a UTF-8 sequence takes no column of its own. */
static size_t width_of(struct hs_str text)
{
  size_t width = 0;
  for (size_t i = 0; i < text.length; i++)
    width += ((unsigned char)text.data[i] & 0xC0) != 0x80;
  return width;
}

static void add_cell(struct hs_result_printer *printer, struct hs_str text, size_t column,
                     int is_right)
{
  struct hs_buf *line = &printer->line;
  size_t width = width_of(text);
  size_t column_width = printer->widths[column];
  size_t pad = width > column_width ? 0 : column_width - width;
  if (is_right)
    hs_buf_printf(line, "%*s", (int)pad, "");
  (void)hs_buf_add_shown(line, text, column_width);
  if (!is_right && column + 1 < printer->column_count)
    hs_buf_printf(line, "%*s", (int)pad, "");
  hs_buf_add_text(line, column + 1 < printer->column_count ? "  " : "\n");
}

static void print_table_row(struct hs_result_printer *printer, const struct hs_str *values)
{
  for (size_t i = 0; i < printer->column_count; i++)
    add_cell(printer, values[i], i, printer->cells[i] == HS_CELL_NUMBER);
  write_line(printer);
}

static void release_held(struct hs_result_printer *printer)
{
  if (printer->held == NULL)
    return;
  for (size_t i = 0; i < printer->column_count; i++) {
    size_t width = width_of(printer->names[i]);
    for (size_t row = 0; row < printer->held_count; row++) {
      size_t cell = width_of(printer->held[row * printer->column_count + i]);
      width = cell > width ? cell : width;
    }
    printer->widths[i] = width > CELL_WIDTH_MAX ? CELL_WIDTH_MAX : width;
  }
  print_table_row(printer, printer->names);
  for (size_t row = 0; row < printer->held_count; row++)
    print_table_row(printer, printer->held + row * printer->column_count);
  printer->held = NULL;
}

static enum hs_status hold_row(struct hs_result_printer *printer, const struct hs_str *values,
                               struct hs_err *err)
{
  struct hs_arena *arena = hs_cli_arena(printer->cli);
  struct hs_str *row = printer->held + printer->held_count++ * printer->column_count;
  for (size_t i = 0; i < printer->column_count; i++) {
    row[i] = copy(arena, values[i]);
    if (values[i].data != NULL && row[i].data == NULL)
      return hs_arena_full(arena, "the first rows", err);
  }
  if (printer->held_count == ROWS_LOOKED_AT)
    release_held(printer);
  return HS_OK;
}

/* ---- CSV and JSON ---- */

static void print_csv_row(struct hs_result_printer *printer, const struct hs_str *values)
{
  for (size_t i = 0; i < printer->column_count; i++) {
    if (i > 0)
      hs_buf_add_char(&printer->line, ',');
    hs_buf_add_csv_safe(&printer->line, values[i]);
  }
  hs_buf_add_char(&printer->line, '\n');
  write_line(printer);
}

static void print_json_row(struct hs_result_printer *printer, const struct hs_str *values)
{
  struct hs_buf *line = &printer->line;
  hs_buf_add_text(line, printer->row_count == 0 ? "[{" : ",\n {");
  for (size_t i = 0; i < printer->column_count; i++) {
    if (i > 0)
      hs_buf_add_char(line, ',');
    hs_buf_add_json(line, printer->names[i]);
    hs_buf_add_char(line, ':');
    if (values[i].data == NULL)
      hs_buf_add_text(line, "null");
    else if (printer->cells[i] == HS_CELL_TEXT)
      hs_buf_add_json(line, values[i]);
    else
      hs_buf_add_str(line, values[i]);
  }
  hs_buf_add_char(line, '}');
  write_line(printer);
}

/* ---- the sink ---- */

static enum hs_status begin(void *self, size_t column_count, const struct hs_str *names,
                            const enum hs_cell *cells, struct hs_err *err)
{
  struct hs_result_printer *printer = self;
  struct hs_arena *arena = hs_cli_arena(printer->cli);
  printer->column_count = column_count;
  printer->names = hs_arena_alloc(arena, column_count, sizeof *printer->names);
  printer->cells = hs_arena_alloc(arena, column_count, sizeof *printer->cells);
  printer->widths = hs_arena_alloc(arena, column_count, sizeof *printer->widths);
  printer->held = hs_arena_alloc(arena, column_count * ROWS_LOOKED_AT, sizeof *printer->held);
  if (printer->names == NULL || printer->cells == NULL || printer->widths == NULL ||
      printer->held == NULL)
    return hs_arena_full(arena, "the columns of the answer", err);
  memcpy(printer->cells, cells, column_count * sizeof *cells);
  for (size_t i = 0; i < column_count; i++)
    printer->names[i] = copy(arena, names[i]);
  if (printer->form == HS_RESULT_CSV)
    print_csv_row(printer, printer->names);
  return HS_OK;
}

static enum hs_status row(void *self, const struct hs_str *values, struct hs_err *err)
{
  struct hs_result_printer *printer = self;
  enum hs_status status = HS_OK;
  if (hs_cli_interrupted())
    return hs_fail(err, HS_INTERRUPTED, "interrupted after %llu %s",
                   (unsigned long long)printer->row_count,
                   hs_plural(printer->row_count, "row", "rows"));
  if (printer->form == HS_RESULT_CSV)
    print_csv_row(printer, values);
  else if (printer->form == HS_RESULT_JSON)
    print_json_row(printer, values);
  else if (printer->held != NULL)
    status = hold_row(printer, values, err);
  else
    print_table_row(printer, values);
  printer->row_count++;
  return status == HS_OK ? hs_buf_status(&printer->line, "one row of the answer", err) : status;
}

enum hs_status hs_result_printer_begin(struct hs_cli *cli, enum hs_result_form form,
                                       struct hs_result_sink *sink, struct hs_result_printer **out,
                                       struct hs_err *err)
{
  struct hs_result_printer *printer = hs_arena_alloc(hs_cli_arena(cli), 1, sizeof *printer);
  if (printer == NULL)
    return hs_arena_full(hs_cli_arena(cli), "the answer", err);
  enum hs_status status = hs_arena_init(&printer->line_arena, 64 * HS_MIB, err);
  if (status != HS_OK)
    return status;
  printer->cli = cli;
  printer->form = form;
  printer->line = hs_buf_in(&printer->line_arena);
  *sink = (struct hs_result_sink){.self = printer, .begin = begin, .row = row};
  *out = printer;
  return HS_OK;
}

enum hs_status hs_result_printer_end(struct hs_result_printer *printer, struct hs_err *err)
{
  if (printer->form == HS_RESULT_TABLE && printer->column_count > 0) {
    release_held(printer);
    hs_cli_printf(printer->cli, "(%llu row%s)\n", (unsigned long long)printer->row_count,
                  printer->row_count == 1 ? "" : "s");
  } else if (printer->form == HS_RESULT_JSON) {
    hs_cli_printf(printer->cli, "%s]\n", printer->row_count == 0 ? "[" : "");
  }
  enum hs_status status = hs_buf_status(&printer->line, "the answer", err);
  hs_arena_release(&printer->line_arena);
  return status;
}

enum hs_status hs_result_texts_end(struct hs_result_printer *printer, enum hs_status status,
                                   struct hs_err *err)
{
  if (printer == NULL)
    return status;
  enum hs_status ended = hs_result_printer_end(printer, status == HS_OK ? err : NULL);
  return status == HS_OK ? ended : status;
}

enum hs_status hs_result_form_of(const struct hs_args *args, enum hs_result_form *out,
                                 struct hs_err *err)
{
  int json = hs_args_has(args, "json");
  int csv = hs_args_has(args, "csv");
  if (json && csv)
    return hs_fail(err, HS_USAGE, "--json and --csv exclude each other");
  *out = json ? HS_RESULT_JSON : csv ? HS_RESULT_CSV : HS_RESULT_TABLE;
  return HS_OK;
}

enum hs_status hs_result_texts_begin(struct hs_cli *cli, const struct hs_args *args,
                                     size_t column_count, const char *const *columns,
                                     struct hs_result_sink *sink, struct hs_result_printer **out,
                                     struct hs_err *err)
{
  enum hs_result_form form = HS_RESULT_TABLE;
  struct hs_str names[HS_RESULT_TEXTS];
  enum hs_cell cells[HS_RESULT_TEXTS];
  HS_ASSERT(column_count <= HS_RESULT_TEXTS);
  *out = NULL;
  for (size_t c = 0; c < column_count; c++) {
    names[c] = hs_str_of(columns[c]);
    cells[c] = HS_CELL_TEXT;
  }
  enum hs_status status = hs_result_form_of(args, &form, err);
  if (status == HS_OK)
    status = hs_result_printer_begin(cli, form, sink, out, err);
  return status == HS_OK ? sink->begin(sink->self, column_count, names, cells, err) : status;
}
