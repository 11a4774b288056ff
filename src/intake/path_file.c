#include "intake/path_file.h"

#include <string.h>

#define NO_COLUMN SIZE_MAX

enum field { FIELD_PATH, FIELD_CONVERSIONS, FIELD_VALUE, FIELD_NULLS, FIELD_COUNT };

static const struct {
  const char *names[5]; /* the first is what messages call it */
  int is_required;
} usual[FIELD_COUNT] = {
    [FIELD_PATH] = {{"path"}, 1},
    [FIELD_CONVERSIONS] = {{"conversions", "total_conversions", "conversion"}, 1},
    [FIELD_VALUE] = {{"value", "total_conversion_value", "conversion_value", "total_value",
                      "revenue"},
                     0},
    [FIELD_NULLS] = {{"nulls", "null", "total_null"}, 0},
};

struct reading {
  struct hs_arena *arena;
  struct hs_path_file file;
  size_t column[FIELD_COUNT];
  struct hs_str column_name[FIELD_COUNT];
  size_t header_count;
  hs_figures_reject_fn on_reject;
  void *context;
};

static int find_column(const struct hs_csv_row *header, struct hs_str name, size_t *out)
{
  for (size_t i = 0; i < header->field_count; i++)
    if (hs_str_equal_ascii_fold(hs_str_trim(header->fields[i]), name)) {
      *out = i;
      return 1;
    }
  return 0;
}

static enum hs_status no_column(const struct reading *r, const struct hs_csv_row *header,
                                struct hs_str name, struct hs_err *err)
{
  struct hs_buf list = hs_buf_in(r->arena);
  for (size_t i = 0; i < header->field_count; i++) {
    hs_buf_add_text(&list, i == 0 ? "" : ", ");
    hs_buf_add_str(&list, hs_str_trim(header->fields[i]));
  }
  return hs_fail(err, HS_INVALID, "there is no column %.*s; the header has: %s", HS_STR_ARG(name),
                 list.data == NULL ? "" : list.data);
}

static enum hs_status map_columns(struct reading *r, const struct hs_csv_row *header,
                                  const struct hs_path_file_options *options, struct hs_err *err)
{
  const struct hs_str wanted[FIELD_COUNT] = {options->path, options->conversions, options->value,
                                             options->nulls};
  for (size_t f = 0; f < FIELD_COUNT; f++) {
    r->column[f] = NO_COLUMN;
    if (wanted[f].data != NULL) {
      if (!find_column(header, hs_str_trim(wanted[f]), &r->column[f]))
        return no_column(r, header, wanted[f], err);
    } else {
      for (size_t i = 0; i < 5 && usual[f].names[i] != NULL && r->column[f] == NO_COLUMN; i++)
        (void)find_column(header, hs_str_of(usual[f].names[i]), &r->column[f]);
      if (r->column[f] == NO_COLUMN && usual[f].is_required)
        return no_column(r, header, hs_str_of(usual[f].names[0]), err);
    }
    if (r->column[f] == NO_COLUMN)
      continue;
    struct hs_str name = hs_str_trim(header->fields[r->column[f]]);
    char *copy = hs_arena_copy(r->arena, name.data, name.length);
    if (copy == NULL)
      return hs_arena_full(r->arena, "a header", err);
    r->column_name[f] = (struct hs_str){copy, name.length};
  }
  r->header_count = header->field_count;
  return HS_OK;
}

static void reject(struct reading *r, const struct hs_csv_row *row, enum field field,
                   const char *reason)
{
  struct hs_figures_reject what = {.line = row->line, .value = row->raw, .reason = reason};
  if (field != FIELD_COUNT) {
    what.column = r->column_name[field];
    what.value = row->fields[r->column[field]];
  }
  r->file.reject_count++;
  if (r->on_reject != NULL)
    r->on_reject(r->context, &what);
}

/* A column that is not there counts as 0. */
static int read_count(const struct reading *r, const struct hs_csv_row *row, enum field field,
                      double *out)
{
  *out = 0;
  return r->column[field] == NO_COLUMN ||
         hs_parse_double(hs_str_trim(row->fields[r->column[field]]), out);
}

/* What is wrong with the counts of the row, or NULL; *field is then the one at fault. */
static const char *read_counts(const struct reading *r, const struct hs_csv_row *row,
                               double counts[FIELD_COUNT], enum field *field)
{
  static const enum field FIELDS[] = {[HS_PATH_COUNT_CONVERSIONS] = FIELD_CONVERSIONS,
                                      [HS_PATH_COUNT_VALUE] = FIELD_VALUE,
                                      [HS_PATH_COUNT_NULLS] = FIELD_NULLS};
  for (*field = FIELD_CONVERSIONS; *field < FIELD_COUNT; (*field)++)
    if (!read_count(r, row, *field, &counts[*field]))
      return "is not a number";
  enum hs_path_count at_fault;
  const char *reason = hs_path_counts_fault(counts[FIELD_CONVERSIONS], counts[FIELD_VALUE],
                                            counts[FIELD_NULLS], &at_fault);
  *field = reason == NULL ? FIELD_COUNT : FIELDS[at_fault];
  return reason;
}

static enum hs_status read_row(struct reading *r, const struct hs_csv_row *row, struct hs_err *err)
{
  double counts[FIELD_COUNT] = {0};
  if (row->problem != NULL || row->field_count != r->header_count) {
    reject(r, row, FIELD_COUNT,
           row->problem != NULL ? row->problem : "has not as many fields as the header");
    return HS_OK;
  }
  enum field field;
  const char *reason = read_counts(r, row, counts, &field);
  if (reason != NULL) {
    reject(r, row, field, reason);
    return HS_OK;
  }
  enum hs_status status = hs_path_table_add(&r->file.table, row->fields[r->column[FIELD_PATH]],
                                            counts[FIELD_CONVERSIONS], counts[FIELD_VALUE],
                                            counts[FIELD_NULLS], &reason, err);
  if (reason != NULL)
    reject(r, row, FIELD_PATH, reason);
  return status;
}

static enum hs_status read_header(struct reading *r, struct hs_csv *csv,
                                  const struct hs_path_file_options *options, struct hs_err *err)
{
  struct hs_csv_row row;
  enum hs_status status = hs_csv_next(csv, &row, err);
  if (status == HS_END)
    return hs_fail(err, HS_INVALID, "the file is empty: a header row is needed");
  if (status != HS_OK)
    return status;
  if (row.problem != NULL)
    return hs_fail(err, HS_INVALID, "line %llu: %s", (unsigned long long)row.line, row.problem);
  return map_columns(r, &row, options, err);
}

static enum hs_status read_rows(struct reading *r, struct hs_csv *csv, struct hs_err *err)
{
  for (;;) {
    struct hs_csv_row row;
    enum hs_status status = hs_csv_next(csv, &row, err);
    if (status == HS_END)
      return HS_OK;
    if (status == HS_OK) {
      r->file.row_count++;
      status = read_row(r, &row, err);
    }
    if (status != HS_OK)
      return status;
  }
}

enum hs_status hs_path_file_read(struct hs_arena *arena, struct hs_source *source,
                                 const struct hs_path_file_options *options,
                                 hs_figures_reject_fn on_reject, void *context,
                                 struct hs_path_file *out, struct hs_err *err)
{
  static const struct hs_path_file_options defaults = {0};
  const struct hs_path_file_options *o = options == NULL ? &defaults : options;
  struct reading r = {.arena = arena, .on_reject = on_reject, .context = context};
  struct hs_csv *csv = NULL;
  struct hs_csv_options csv_options = {.delimiter = o->delimiter};
  enum hs_status status = hs_csv_open(arena, source, &csv_options, &csv, err);
  if (status == HS_OK)
    status = read_header(&r, csv, o, err);
  if (status == HS_OK)
    status = hs_path_table_open(arena, o->separator, &r.file.table, err);
  if (status == HS_OK)
    status = read_rows(&r, csv, err);
  if (status != HS_OK) {
    hs_err_prefix(err, "%s", hs_source_name(source));
    return status;
  }
  *out = r.file;
  return HS_OK;
}
