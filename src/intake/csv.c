#include "intake/csv.h"

#include <string.h>

#include "intake/csv_cut.h"

#define BLOCK_BYTES ((size_t)256 * 1024)
#define ROW_BYTES_MAX_DEFAULT ((size_t)1024 * 1024)
#define FIELD_COUNT_MAX_DEFAULT ((size_t)1024)

struct hs_csv {
  struct hs_source *source;
  struct hs_arena *arena;
  char delimiter;
  size_t row_bytes_max;
  char *data;
  size_t start, end, capacity;
  int is_at_end; /* the source has no more */
  uint64_t line; /* of data[start] */
  struct hs_str *fields;
  size_t field_count_max;
};

static enum hs_status fill(struct hs_csv *csv, struct hs_err *err)
{
  memmove(csv->data, csv->data + csv->start, csv->end - csv->start);
  csv->end -= csv->start;
  csv->start = 0;
  if (csv->end == csv->capacity) {
    /* The old half is lost to the arena; doubling bounds the sum by twice the last size. */
    char *larger = hs_arena_grow(csv->arena, csv->data, csv->capacity, csv->capacity * 2, 1);
    if (larger == NULL)
      return hs_arena_full(csv->arena, "a row of CSV", err);
    csv->data = larger;
    csv->capacity *= 2;
  }
  size_t done = 0;
  enum hs_status status =
      hs_source_read(csv->source, csv->data + csv->end, csv->capacity - csv->end, &done, err);
  if (status != HS_OK)
    return status;
  csv->end += done;
  csv->is_at_end = done == 0;
  return HS_OK;
}

static enum hs_status skip_mark(struct hs_csv *csv, struct hs_err *err)
{
  while (csv->end < 3 && !csv->is_at_end) {
    enum hs_status status = fill(csv, err);
    if (status != HS_OK)
      return status;
  }
  const unsigned char *p = (const unsigned char *)csv->data;
  if (csv->end >= 3 && p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF)
    csv->start = 3;
  else if (csv->end >= 2 && ((p[0] == 0xFF && p[1] == 0xFE) || (p[0] == 0xFE && p[1] == 0xFF)))
    return hs_fail(err, HS_UNSUPPORTED, "%s is UTF-16; save it as UTF-8",
                   hs_source_name(csv->source));
  return HS_OK;
}

enum hs_status hs_csv_open(struct hs_arena *arena, struct hs_source *source,
                           const struct hs_csv_options *options, struct hs_csv **out,
                           struct hs_err *err)
{
  struct hs_csv_options o = options == NULL ? (struct hs_csv_options){0} : *options;
  struct hs_csv *csv = hs_arena_alloc(arena, 1, sizeof *csv);
  if (csv == NULL)
    return hs_arena_full(arena, "a reader of CSV", err);
  csv->source = source;
  csv->arena = arena;
  csv->delimiter = o.delimiter == 0 ? ',' : o.delimiter;
  csv->row_bytes_max = o.row_bytes_max == 0 ? ROW_BYTES_MAX_DEFAULT : o.row_bytes_max;
  csv->field_count_max = o.field_count_max == 0 ? FIELD_COUNT_MAX_DEFAULT : o.field_count_max;
  csv->line = 1;
  csv->capacity = BLOCK_BYTES;
  csv->fields = hs_arena_alloc_raw(arena, csv->field_count_max, sizeof *csv->fields);
  csv->data = hs_arena_alloc_raw(arena, csv->capacity, 1);
  if (csv->fields == NULL || csv->data == NULL)
    return hs_arena_full(arena, "a reader of CSV", err);
  enum hs_status status = skip_mark(csv, err);
  if (status == HS_OK)
    *out = csv;
  return status;
}

/* What was read and not yet given. */
static struct hs_str waiting(const struct hs_csv *csv)
{
  return (struct hs_str){csv->data + csv->start, csv->end - csv->start};
}

/* A row beyond the limit: its first line is what the problem names, and everything up to the next
   end of line is skipped. */
static enum hs_status skip_long_row(struct hs_csv *csv, struct hs_csv_row *row, struct hs_err *err)
{
  *row = (struct hs_csv_row){.line = csv->line,
                             .problem = "a quote is not closed within the longest row allowed"};
  struct hs_csv_extent line = {0};
  while (!hs_csv_find_line(waiting(csv), csv->is_at_end, &line)) {
    row->problem = "the row is longer than allowed";
    csv->start = csv->end;
    enum hs_status status = fill(csv, err);
    if (status != HS_OK)
      return status;
  }
  csv->start += line.next;
  csv->line++;
  return HS_OK;
}

static void take_row(struct hs_csv *csv, const struct hs_csv_extent *extent, struct hs_csv_row *row)
{
  char *text = csv->data + csv->start;
  *row = (struct hs_csv_row){
      .line = csv->line, .problem = extent->problem, .raw = {text, extent->text_end}};
  csv->start += extent->next;
  csv->line += extent->lines;
  if (row->problem != NULL)
    return;
  size_t count = hs_csv_cut_row(text, extent, csv->delimiter, csv->fields, csv->field_count_max);
  if (count > csv->field_count_max) {
    row->problem = "the row has too many fields";
    return;
  }
  row->fields = csv->fields;
  row->field_count = count;
}

enum hs_status hs_csv_next(struct hs_csv *csv, struct hs_csv_row *row, struct hs_err *err)
{
  for (;;) {
    struct hs_csv_extent extent;
    if (hs_csv_find_row(waiting(csv), csv->is_at_end, csv->delimiter, &extent)) {
      if (extent.next == 0)
        return HS_END; /* nothing is left; an empty line would have passed its end of line */
      if (extent.text_end > 0) {
        take_row(csv, &extent, row);
        return HS_OK;
      }
      csv->start += extent.next;
      csv->line++;
      continue;
    }
    if (csv->end - csv->start > csv->row_bytes_max)
      return skip_long_row(csv, row, err);
    enum hs_status status = fill(csv, err);
    if (status != HS_OK)
      return status;
  }
}
