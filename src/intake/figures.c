#include "intake/figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/room.h"
#include "base/time.h"
#include "intake/csv_cut.h"

#define FIELD_COUNT_MAX ((size_t)4096)
#define READ_BYTES ((size_t)256 * HS_KIB)
/* The place of a column of notes that the file does not have. */
#define NOWHERE SIZE_MAX

struct reading {
  struct hs_arena *arena;
  const struct hs_figures_want *wants;
  size_t want_count;
  hs_figures_reject_fn on_reject;
  void *context;
  char delimiter;
  char *text; /* what is left to be read */
  size_t length;
  uint64_t line;
  struct hs_str *fields; /* FIELD_COUNT_MAX + 1 */
  size_t header_count;
  size_t *place;          /* of each want among the fields */
  struct hs_str *heading; /* as the header has it */
  struct hs_figures figures;
};

/* One row of the text, cut into r->fields. */
struct row {
  uint64_t line;
  size_t field_count;
  const char *problem;
  struct hs_str raw;
};

static enum hs_status load(struct reading *r, struct hs_source *source, struct hs_err *err)
{
  size_t capacity = 0;
  for (;;) {
    size_t done = 0;
    void *room = hs_arena_room(r->arena, r->text, r->length, READ_BYTES, &capacity, 1);
    if (room == NULL)
      return hs_arena_full(r->arena, "a file of figures", err);
    r->text = room;
    enum hs_status status =
        hs_source_read(source, r->text + r->length, capacity - r->length, &done, err);
    if (status != HS_OK)
      return status;
    if (done == 0)
      return HS_OK;
    r->length += done;
  }
}

static enum hs_status skip_mark(struct reading *r, struct hs_err *err)
{
  static const char UTF8[] = "\xef\xbb\xbf";
  if (r->length >= 2 &&
      (memcmp(r->text, "\xff\xfe", 2) == 0 || memcmp(r->text, "\xfe\xff", 2) == 0))
    return hs_fail(err, HS_INVALID, "the file is UTF-16; save it as UTF-8");
  if (r->length >= 3 && memcmp(r->text, UTF8, 3) == 0) {
    r->text += 3;
    r->length -= 3;
  }
  return HS_OK;
}

/* What stands most often in the first line: people's spreadsheets write semicolons where the comma
   is for decimals. */
static char find_delimiter(const struct reading *r)
{
  static const char CANDIDATES[] = {',', ';', '\t'};
  size_t counts[sizeof CANDIDATES] = {0};
  size_t best = 0;
  int is_quoted = 0;
  for (size_t i = 0; i < r->length && (r->text[i] != '\n' || is_quoted); i++) {
    if (r->text[i] == '"')
      is_quoted = !is_quoted;
    for (size_t c = 0; !is_quoted && c < sizeof CANDIDATES; c++)
      counts[c] += r->text[i] == CANDIDATES[c];
  }
  for (size_t c = 1; c < sizeof CANDIDATES; c++)
    if (counts[c] > counts[best])
      best = c;
  return CANDIDATES[best];
}

/* 0 at the end. Empty lines are no rows. */
static int next_row(struct reading *r, struct row *row)
{
  struct hs_csv_extent extent;
  do {
    if (!hs_csv_find_row((struct hs_str){r->text, r->length}, 1, r->delimiter, &extent) ||
        extent.next == 0)
      return 0;
    *row =
        (struct row){.line = r->line, .problem = extent.problem, .raw = {r->text, extent.text_end}};
    if (extent.problem == NULL && extent.text_end > 0)
      row->field_count = hs_csv_cut_row(r->text, &extent, r->delimiter, r->fields, FIELD_COUNT_MAX);
    r->text += extent.next;
    r->length -= extent.next;
    r->line += extent.lines;
  } while (row->raw.length == 0);
  return 1;
}

static enum hs_status no_column(const struct reading *r, struct hs_str name, const char *what,
                                struct hs_err *err)
{
  struct hs_buf list = hs_buf_in(r->arena);
  for (size_t i = 0; i < r->header_count; i++) {
    hs_buf_add_text(&list, i == 0 ? "" : ", ");
    hs_buf_add_str(&list, hs_str_trim(r->fields[i]));
  }
  return hs_fail(err, HS_INVALID, "there is %s column %.*s; the header has: %s", what,
                 HS_STR_ARG(name), list.data == NULL ? "" : list.data);
}

static enum hs_status place_column(struct reading *r, size_t want, struct hs_err *err)
{
  size_t found = 0;
  r->place[want] = NOWHERE;
  for (size_t i = 0; i < r->header_count; i++)
    if (hs_str_equal_ascii_fold(hs_str_trim(r->fields[i]), r->wants[want].name)) {
      r->place[want] = i;
      r->heading[want] = hs_str_trim(r->fields[i]);
      found++;
    }
  for (size_t other = 0; found == 1 && other < want; other++)
    if (r->place[other] == r->place[want])
      return hs_fail(err, HS_USAGE, "column %.*s is asked for twice; each has one part to play",
                     HS_STR_ARG(r->wants[want].name));
  if (found == 1 || (found == 0 && r->wants[want].type == HS_FIGURES_NOTE))
    return HS_OK;
  return no_column(r, r->wants[want].name, found == 0 ? "no" : "more than one", err);
}

static enum hs_status read_header(struct reading *r, struct hs_err *err)
{
  struct row row;
  if (!next_row(r, &row))
    return hs_fail(err, HS_INVALID, "the file is empty: a header row is needed");
  if (row.problem != NULL)
    return hs_fail(err, HS_INVALID, "line %llu: %s", (unsigned long long)row.line, row.problem);
  if (row.field_count > FIELD_COUNT_MAX)
    return hs_fail(err, HS_INVALID, "the header has more than %zu columns", FIELD_COUNT_MAX);
  r->header_count = row.field_count;
  for (size_t i = 0; i < r->want_count; i++) {
    enum hs_status status = place_column(r, i, err);
    if (status != HS_OK)
      return status;
  }
  return HS_OK;
}

static size_t line_count(const struct reading *r)
{
  size_t count = 1;
  const char *at = r->text;
  const char *end = r->text + r->length;
  while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
    count++;
    at++;
  }
  return count;
}

/* For as many rows as there are lines: what is not filled never becomes memory. */
static enum hs_status reserve(struct reading *r, struct hs_err *err)
{
  struct hs_arena *arena = r->arena;
  size_t rows = line_count(r);
  r->figures.lines = hs_arena_alloc_raw(arena, rows, sizeof *r->figures.lines);
  int is_full = r->figures.lines == NULL;
  for (size_t i = 0; i < r->want_count; i++) {
    struct hs_figures_column *column = &r->figures.columns[i];
    column->type = r->wants[i].type;
    if (column->type == HS_FIGURES_NUMBER || column->type == HS_FIGURES_TIME) {
      column->values = hs_arena_alloc_raw(arena, rows, sizeof *column->values);
      is_full |= column->values == NULL;
    }
    if (column->type != HS_FIGURES_NUMBER) {
      column->texts = hs_arena_alloc_raw(arena, rows, sizeof *column->texts);
      is_full |= column->texts == NULL;
    }
  }
  return is_full ? hs_arena_full(arena, "columns of figures", err) : HS_OK;
}

static const char *read_number(struct hs_str cell, double *out)
{
  *out = (double)NAN;
  if (cell.length == 0 || hs_str_equal_ascii_fold(cell, HS_STR("na")) ||
      hs_str_equal_ascii_fold(cell, HS_STR("nan")))
    return NULL;
  return hs_parse_double(cell, out) ? NULL : "is not a number";
}

/* The first row says whether a column of times holds days or numbers. */
static const char *read_time(struct hs_figures_column *column, int is_first, struct hs_str cell,
                             double *out)
{
  int32_t day;
  int is_day = hs_parse_day(cell, &day);
  if (is_first)
    column->is_day = is_day;
  if (is_day && column->is_day) {
    *out = day;
    return NULL;
  }
  if (column->is_day)
    return "is not a day like 2026-03-01";
  if (hs_parse_double(cell, out))
    return NULL;
  return is_first ? "is neither a day like 2026-03-01 nor a number" : "is not a number";
}

/* What is wrong with a cell, or NULL with its value put at the row's place. */
static const char *read_cell(struct reading *r, size_t want, struct hs_str cell)
{
  struct hs_figures_column *column = &r->figures.columns[want];
  size_t row = r->figures.row_count;
  if (column->type == HS_FIGURES_NUMBER)
    return read_number(cell, &column->values[row]);
  column->texts[row] = cell;
  if (column->type == HS_FIGURES_TIME)
    return read_time(column, row == 0, cell, &column->values[row]);
  if (cell.length == 0 && column->type == HS_FIGURES_NOTE)
    column->texts[row] = (struct hs_str){0};
  else if (cell.length == 0)
    return "is empty";
  return hs_str_is_utf8(cell) ? NULL : "is not valid UTF-8";
}

static void reject(struct reading *r, const struct hs_figures_reject *what)
{
  r->figures.reject_count++;
  if (r->on_reject != NULL)
    r->on_reject(r->context, what);
}

static void read_row(struct reading *r, const struct row *row)
{
  if (row->problem != NULL || row->field_count != r->header_count) {
    reject(r, &(struct hs_figures_reject){.line = row->line,
                                          .value = row->raw,
                                          .reason = row->problem != NULL
                                                        ? row->problem
                                                        : "has not as many fields as the header"});
    return;
  }
  for (size_t i = 0; i < r->want_count; i++) {
    struct hs_str cell = {0};
    if (r->place[i] != NOWHERE)
      cell = hs_str_trim(r->fields[r->place[i]]);
    const char *reason = read_cell(r, i, cell);
    if (reason != NULL) {
      reject(r, &(struct hs_figures_reject){row->line, r->heading[i], cell, reason});
      return;
    }
  }
  r->figures.lines[r->figures.row_count++] = row->line;
}

struct named {
  struct hs_str name;
  size_t row;
};

static int by_name_and_row(const void *a, const void *b)
{
  const struct named *x = a;
  const struct named *y = b;
  int order = hs_str_compare(x->name, y->name);
  return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

/* Sorted by name, equal ones stand together, the first to appear in front: every row learns the row
   in which its name appeared first, and going through the rows once more gives the numbers. */
static enum hs_status number_names(struct reading *r, struct hs_figures_column *column,
                                   struct hs_err *err)
{
  size_t count = r->figures.row_count;
  column->names = hs_arena_alloc_raw(r->arena, count, sizeof *column->names);
  column->name_list = hs_arena_alloc_raw(r->arena, count, sizeof *column->name_list);
  size_t mark = hs_arena_mark(r->arena);
  struct named *sorted = hs_arena_alloc_raw(r->arena, count, sizeof *sorted);
  size_t *first = hs_arena_alloc_raw(r->arena, count, sizeof *first);
  if (column->names == NULL || column->name_list == NULL || sorted == NULL || first == NULL)
    return hs_arena_full(r->arena, "names", err);
  for (size_t i = 0; i < count; i++)
    sorted[i] = (struct named){column->texts[i], i};
  qsort(sorted, count, sizeof *sorted, by_name_and_row);
  for (size_t i = 0; i < count; i++)
    first[sorted[i].row] = i > 0 && hs_str_equal(sorted[i].name, sorted[i - 1].name)
                               ? first[sorted[i - 1].row]
                               : sorted[i].row;
  for (size_t i = 0; i < count; i++) {
    if (first[i] == i)
      column->name_list[column->name_count++] = column->texts[i];
    column->names[i] = first[i] == i ? (uint32_t)(column->name_count - 1) : column->names[first[i]];
  }
  hs_arena_reset(r->arena, mark);
  return HS_OK;
}

static enum hs_status prepare(struct reading *r, struct hs_err *err)
{
  r->fields = hs_arena_alloc_raw(r->arena, FIELD_COUNT_MAX + 1, sizeof *r->fields);
  r->place = hs_arena_alloc(r->arena, r->want_count, sizeof *r->place);
  r->heading = hs_arena_alloc(r->arena, r->want_count, sizeof *r->heading);
  r->figures.columns = hs_arena_alloc(r->arena, r->want_count, sizeof *r->figures.columns);
  if (r->fields == NULL || r->place == NULL || r->heading == NULL || r->figures.columns == NULL)
    return hs_arena_full(r->arena, "a file of figures", err);
  return HS_OK;
}

static enum hs_status read_all(struct reading *r, struct hs_source *source, char delimiter,
                               struct hs_err *err)
{
  enum hs_status status = prepare(r, err);
  if (status == HS_OK)
    status = load(r, source, err);
  if (status == HS_OK)
    status = skip_mark(r, err);
  if (status != HS_OK)
    return status;
  r->delimiter = delimiter == 0 ? find_delimiter(r) : delimiter;
  status = read_header(r, err);
  if (status == HS_OK)
    status = reserve(r, err);
  for (struct row row; status == HS_OK && next_row(r, &row);)
    read_row(r, &row);
  for (size_t i = 0; status == HS_OK && i < r->want_count; i++)
    if (r->wants[i].type == HS_FIGURES_NAME)
      status = number_names(r, &r->figures.columns[i], err);
  return status;
}

enum hs_status hs_figures_read(struct hs_arena *arena, struct hs_source *source,
                               const struct hs_figures_options *options,
                               const struct hs_figures_want *wants, size_t want_count,
                               hs_figures_reject_fn on_reject, void *context,
                               struct hs_figures *out, struct hs_err *err)
{
  struct reading r = {.arena = arena,
                      .wants = wants,
                      .want_count = want_count,
                      .on_reject = on_reject,
                      .context = context,
                      .line = 1};
  enum hs_status status = read_all(&r, source, options == NULL ? 0 : options->delimiter, err);
  if (status != HS_OK) {
    hs_err_prefix(err, "%s", hs_source_name(source));
    return status;
  }
  *out = r.figures;
  return HS_OK;
}
