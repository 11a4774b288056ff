/* The buffer holds whole rows. A row's end is found first (by memchr when it has no quote), and
   only then is it cut, so that a row that was not whole yet can be looked at again after more was
   read. */
#include "intake/csv.h"

#include <string.h>

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

/* Where a row ends: the byte after its text, and the first byte of the next row. */
struct extent {
  size_t text_end;
  size_t next;
  uint64_t lines;
  int has_quote;
  const char *problem;
};

enum found { FOUND, NEEDS_MORE };

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
  /* There was room for a read, so there is room for an end behind the end: no scan runs past it. */
  if (csv->is_at_end)
    csv->data[csv->end] = '\n';
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

/* The first line from start, whatever stands in it. */
static enum found find_line(const struct hs_csv *csv, struct extent *out)
{
  const char *row = csv->data + csv->start;
  size_t length = csv->end - csv->start;
  const char *newline = length == 0 ? NULL : memchr(row, '\n', length);
  if (newline == NULL && !csv->is_at_end)
    return NEEDS_MORE;
  size_t end = newline == NULL ? csv->end : (size_t)(newline - csv->data);
  *out = (struct extent){.text_end = end, .next = newline == NULL ? end : end + 1, .lines = 1};
  if (end > csv->start && csv->data[end - 1] == '\r')
    out->text_end--;
  return FOUND;
}

/* What may stand after a closing quote: the delimiter or the end of the row. */
static int closes_field(const struct hs_csv *csv, size_t at)
{
  if (at == csv->end)
    return 1;
  char c = csv->data[at];
  if (c == '\r')
    return at + 1 == csv->end || csv->data[at + 1] == '\n';
  return c == csv->delimiter || c == '\n';
}

/* Passes over a quoted field; *at stands on its opening quote and then behind its closing one. 0
   when it is not closed in the buffer. */
static int pass_quoted(const struct hs_csv *csv, size_t *at, uint64_t *lines)
{
  for (size_t i = *at + 1; i < csv->end; i++) {
    if (csv->data[i] == '\n')
      *lines += 1;
    if (csv->data[i] != '"')
      continue;
    if (i + 1 < csv->end && csv->data[i + 1] == '"') {
      i++;
      continue;
    }
    *at = i + 1;
    return 1;
  }
  return 0;
}

static enum found find_quoted_row(const struct hs_csv *csv, struct extent *out)
{
  struct extent line = *out;
  uint64_t lines = 1;
  size_t at = csv->start;
  for (int is_field_start = 1; at < csv->end && csv->data[at] != '\n';) {
    if (!is_field_start || csv->data[at] != '"') {
      is_field_start = csv->data[at] == csv->delimiter;
      at++;
      continue;
    }
    if (!pass_quoted(csv, &at, &lines)) {
      if (!csv->is_at_end)
        return NEEDS_MORE;
      line.problem = "a quote is opened and never closed";
      *out = line;
      return FOUND;
    }
    /* A closing quote on the buffer's edge may be the first of a doubled one; a CR there may be
       half an end of line. */
    if (at + 1 >= csv->end && !csv->is_at_end)
      return NEEDS_MORE;
    if (!closes_field(csv, at)) {
      line.problem = "text stands after a closing quote";
      *out = line;
      return FOUND;
    }
    is_field_start = 0;
  }
  if (at == csv->end && !csv->is_at_end)
    return NEEDS_MORE;
  *out = (struct extent){.text_end = at, .next = at, .lines = lines, .has_quote = 1};
  if (at < csv->end)
    out->next++;
  if (at > csv->start && csv->data[at - 1] == '\r')
    out->text_end--;
  return FOUND;
}

static enum found find_row(const struct hs_csv *csv, struct extent *out)
{
  if (find_line(csv, out) == NEEDS_MORE)
    return NEEDS_MORE;
  size_t length = out->text_end - csv->start;
  if (length == 0 || memchr(csv->data + csv->start, '"', length) == NULL)
    return FOUND;
  return find_quoted_row(csv, out);
}

/* Takes off the quotes in place; s begins with one and is well-formed. Gives the bytes passed. */
static size_t unquote(char *data, struct hs_str *field)
{
  size_t from = 1;
  size_t to = 0;
  for (;; from++) {
    if (data[from] == '"') {
      if (data[from + 1] != '"')
        break;
      from++;
    }
    data[to++] = data[from];
  }
  *field = (struct hs_str){data, to};
  return from + 1;
}

static size_t cut_plain(const char *data, size_t length, char delimiter, struct hs_str *field)
{
  size_t i = 0;
  while (i < length && data[i] != delimiter)
    i++;
  *field = (struct hs_str){data, i};
  return i;
}

static void cut_row(struct hs_csv *csv, const struct extent *extent, struct hs_csv_row *row)
{
  char *at = csv->data + csv->start;
  char *end = csv->data + extent->text_end;
  size_t count = 0;
  for (;;) {
    if (count == csv->field_count_max) {
      row->problem = "the row has too many fields";
      return;
    }
    struct hs_str *field = &csv->fields[count++];
    if (extent->has_quote && at < end && *at == '"')
      at += unquote(at, field);
    else
      at += cut_plain(at, (size_t)(end - at), csv->delimiter, field);
    if (at >= end)
      break;
    at++; /* the delimiter */
  }
  row->fields = csv->fields;
  row->field_count = count;
}

/* A row beyond the limit: its first line is what the problem names, and everything up to the next
   end of line is skipped. */
static enum hs_status skip_long_row(struct hs_csv *csv, struct hs_csv_row *row, struct hs_err *err)
{
  *row = (struct hs_csv_row){.line = csv->line,
                             .problem = "a quote is not closed within the longest row allowed"};
  struct extent line = {0};
  while (find_line(csv, &line) == NEEDS_MORE) {
    row->problem = "the row is longer than allowed";
    csv->start = csv->end;
    enum hs_status status = fill(csv, err);
    if (status != HS_OK)
      return status;
  }
  csv->start = line.next;
  csv->line++;
  return HS_OK;
}

static void take_row(struct hs_csv *csv, const struct extent *extent, struct hs_csv_row *row)
{
  *row = (struct hs_csv_row){
      .line = csv->line,
      .problem = extent->problem,
      .raw = {csv->data + csv->start, extent->text_end - csv->start},
  };
  if (extent->problem == NULL)
    cut_row(csv, extent, row);
  csv->start = extent->next;
  csv->line += extent->lines;
}

enum hs_status hs_csv_next(struct hs_csv *csv, struct hs_csv_row *row, struct hs_err *err)
{
  for (;;) {
    struct extent extent = {0};
    if (find_row(csv, &extent) == FOUND) {
      if (extent.next == csv->start)
        return HS_END; /* nothing is left; an empty line would have passed its end of line */
      if (extent.text_end == csv->start) {
        csv->start = extent.next;
        csv->line++;
        continue;
      }
      take_row(csv, &extent, row);
      return HS_OK;
    }
    if (csv->end - csv->start > csv->row_bytes_max)
      return skip_long_row(csv, row, err);
    enum hs_status status = fill(csv, err);
    if (status != HS_OK)
      return status;
  }
}
