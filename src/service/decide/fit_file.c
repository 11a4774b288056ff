/* One side out of a file: an aggregate (dimension, value, count) or a sample (a row a person). */
#include <math.h>

#include "base/room.h"
#include "intake/csv.h"
#include "service/decide/fit_priv.h"

#define COLUMNS_MAX 64
/* More than there are; and sums of a million such rows are exact. */
#define PEOPLE_MAX 9e9

enum { DIMENSION, VALUE, COUNT, ABOUT, PLACES };

struct file {
  struct fit_reading *reading;
  struct fit_table *table;
  const char *path;
  enum fit_side side;
  int is_aggregate;
  size_t place[PLACES];               /* of an aggregate's columns, from 1; 0 is none */
  struct hs_str columns[COLUMNS_MAX]; /* of a sample: dimensions; absent where none */
  enum hs_fit_about abouts[COLUMNS_MAX];
  size_t column_count, dimension_count;
  double people; /* counted so far */
};

static void reject(struct file *file, const struct hs_csv_row *row, const char *reason)
{
  const struct hs_fit_options *options = file->reading->options;
  file->reading->fit->reject_count++;
  if (options->on_reject != NULL)
    options->on_reject(options->context, file->path, row->line, reason);
}

/* ---- the header ---- */

static void find_places(struct file *file, const struct hs_csv_row *header)
{
  static const char *const NAMES[PLACES] = {"dimension", "value", "count", "about"};
  for (size_t i = 0; i < header->field_count; i++)
    for (size_t k = 0; k < PLACES; k++)
      if (hs_str_equal_ascii_fold(hs_str_trim(header->fields[i]), hs_str_of(NAMES[k])))
        file->place[k] = i + 1;
  file->is_aggregate = file->place[DIMENSION] && file->place[VALUE] && file->place[COUNT];
}

static enum hs_status note_unread(struct file *file, struct hs_str name, struct hs_err *err)
{
  struct hs_fit *fit = file->reading->fit;
  struct hs_str *unread = hs_arena_grow(file->table->arena, fit->unread, fit->unread_count,
                                        fit->unread_count + 1, sizeof *unread);
  if (unread == NULL || !hs_str_keep(file->table->arena, &name))
    return hs_arena_full(file->table->arena, "the names of columns", err);
  fit->unread = unread;
  unread[fit->unread_count++] = name;
  return HS_OK;
}

static enum hs_status find_dimensions(struct file *file, const struct hs_csv_row *header,
                                      struct hs_err *err)
{
  if (header->field_count > COLUMNS_MAX)
    return hs_fail(err, HS_INVALID, "%s has %zu columns; at most %d are read", file->path,
                   header->field_count, COLUMNS_MAX);
  for (size_t i = 0; i < header->field_count; i++) {
    struct hs_str name = hs_str_trim(header->fields[i]);
    enum hs_status status = HS_OK;
    if (!hs_fit_dimension_about(name, &file->abouts[i]))
      status = note_unread(file, name, err);
    else if (!hs_str_keep(file->table->arena, &name))
      status = hs_arena_full(file->table->arena, "the names of columns", err);
    else {
      file->columns[i] = name;
      file->dimension_count++;
    }
    if (status != HS_OK)
      return status;
  }
  file->column_count = header->field_count;
  return file->dimension_count > 0
             ? HS_OK
             : hs_fail(err, HS_INVALID,
                       "%s is neither an aggregate (columns dimension, value and count) nor a "
                       "sample with a column that is known: query, landing_page, category, "
                       "next_purchase, timing; age, gender, country, region, city, income, "
                       "education, occupation, household, language, device",
                       file->path);
}

/* ---- rows ---- */

static struct hs_str field(const struct file *file, const struct hs_csv_row *row, size_t place)
{
  return file->place[place] == 0 || file->place[place] > row->field_count
             ? (struct hs_str){0}
             : hs_str_trim(row->fields[file->place[place] - 1]);
}

/* What the row's dimension is about, or why that cannot be said. */
static const char *about_of(const struct file *file, const struct hs_csv_row *row,
                            enum hs_fit_about *out)
{
  struct hs_str about = field(file, row, ABOUT);
  struct hs_str dimension = field(file, row, DIMENSION);
  if (dimension.length == 0)
    return "dimension is missing";
  if (about.length == 0)
    return hs_fit_dimension_about(dimension, out) ? NULL
                                                  : "the dimension is none that is known: say "
                                                    "intent or demographics in a column about";
  for (int i = 0; i < HS_FIT_ABOUT_COUNT; i++)
    if (hs_str_equal_ascii_fold(about, hs_str_of(hs_fit_about_name((enum hs_fit_about)i)))) {
      *out = (enum hs_fit_about)i;
      return NULL;
    }
  return "about must be intent or demographics";
}

static int add_people(struct file *file, struct hs_str name, enum hs_fit_about about,
                      struct hs_str value, double people)
{
  struct fit_dimension *dimension = hs_fit_dimension(file->table, name, about);
  file->people += hs_str_trim(value).length > 0 ? people : 0;
  return dimension != NULL && hs_fit_add(file->table, dimension, file->side, value, people);
}

static int is_known(const struct file *file, struct hs_str name)
{
  for (size_t i = 0; i < file->table->count; i++)
    if (hs_str_equal_ascii_fold(file->table->dimensions[i].name, name))
      return 1;
  return 0;
}

static enum hs_status take_aggregate(struct file *file, const struct hs_csv_row *row,
                                     struct hs_err *err)
{
  enum hs_fit_about about = HS_FIT_INTENT;
  double people = 0;
  const char *problem = about_of(file, row, &about);
  if (problem == NULL && file->table->count >= HS_FIT_DIMENSIONS_MAX &&
      !is_known(file, field(file, row, DIMENSION)))
    problem = "there are more than 200 dimensions: are dimension and value in each other's column?";
  if (problem == NULL && field(file, row, VALUE).length == 0)
    problem = "value is missing";
  if (problem == NULL && (!hs_parse_double(field(file, row, COUNT), &people) || people < 0 ||
                          people > PEOPLE_MAX || people != floor(people)))
    problem = "count must be a whole number of people: a share does not say how many were asked";
  if (problem != NULL) {
    reject(file, row, problem);
    return HS_OK;
  }
  return add_people(file, field(file, row, DIMENSION), about, field(file, row, VALUE), people)
             ? HS_OK
             : hs_arena_full(file->table->arena, "what people want", err);
}

static enum hs_status take_person(struct file *file, const struct hs_csv_row *row,
                                  struct hs_err *err)
{
  if (row->field_count != file->column_count) {
    reject(file, row, "the row has another number of fields than the header");
    return HS_OK;
  }
  for (size_t i = 0; i < row->field_count; i++)
    if (file->columns[i].data != NULL &&
        !add_people(file, file->columns[i], file->abouts[i], row->fields[i], 1))
      return hs_arena_full(file->table->arena, "what people want", err);
  return HS_OK;
}

static enum hs_status take_row(struct file *file, const struct hs_csv_row *row, struct hs_err *err)
{
  file->reading->fit->row_count++;
  if (row->problem != NULL) {
    reject(file, row, row->problem);
    return HS_OK;
  }
  return file->is_aggregate ? take_aggregate(file, row, err) : take_person(file, row, err);
}

static enum hs_status read_rows(struct file *file, struct hs_csv *csv, struct hs_err *err)
{
  struct hs_csv_row row;
  enum hs_status status = hs_csv_next(csv, &row, err);
  if (status == HS_END)
    return hs_fail(err, HS_INVALID, "%s is empty", file->path);
  if (status == HS_OK && row.problem != NULL)
    return hs_fail(err, HS_INVALID, "%s, line %llu: %s", file->path, (unsigned long long)row.line,
                   row.problem);
  if (status == HS_OK)
    find_places(file, &row);
  if (status == HS_OK && !file->is_aggregate)
    status = find_dimensions(file, &row, err);
  while (status == HS_OK && (status = hs_csv_next(csv, &row, err)) == HS_OK)
    status = take_row(file, &row, err);
  if (status != HS_END)
    return status;
  return file->people > 0 ? HS_OK
                          : hs_fail(err, HS_INSUFFICIENT,
                                    "%s counts nobody: no row has a value and people", file->path);
}

enum hs_status hs_fit_read_file(struct fit_reading *reading, const struct hs_io *io,
                                const char *path, enum fit_side side, struct hs_err *err)
{
  struct file file = {.reading = reading, .table = reading->table, .path = path, .side = side};
  const struct hs_csv_options options = {.delimiter = reading->options->delimiter};
  struct hs_source *source = NULL;
  struct hs_csv *csv = NULL;
  enum hs_status status = hs_source_open(reading->table->arena, io, path, &source, err);
  if (status == HS_OK)
    status = hs_csv_open(reading->table->arena, source, &options, &csv, err);
  if (status == HS_OK)
    status = read_rows(&file, csv, err);
  hs_source_close(source);
  return status;
}
