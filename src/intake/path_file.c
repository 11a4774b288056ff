#include "intake/path_file.h"

#include <string.h>

#define CHANNEL_COUNT_MAX ((size_t)65534)
/* A power of two, at least twice the channels: the table is never more than half full. */
#define NAME_SLOTS ((size_t)1 << 17)
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
  struct hs_str separator;
  size_t column[FIELD_COUNT];
  struct hs_str column_name[FIELD_COUNT];
  size_t header_count;
  uint16_t *name_slots; /* channel + 1, 0 is free */
  size_t path_room, step_room, step_count;
  hs_path_reject_fn on_reject;
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

static int reserve(struct reading *r)
{
  struct hs_path_file *file = &r->file;
  r->name_slots = hs_arena_alloc(r->arena, NAME_SLOTS, sizeof *r->name_slots);
  file->channels = hs_arena_alloc_raw(r->arena, CHANNEL_COUNT_MAX, sizeof *file->channels);
  if (r->name_slots == NULL || file->channels == NULL)
    return 0;
  /* A quarter of what is left for the paths and a quarter for their steps; the other half stays for
     channel names and whoever comes next. */
  size_t quarter = (r->arena->capacity_bytes - r->arena->used_bytes) / 4;
  r->path_room = quarter / (3 * sizeof(double) + sizeof(uint32_t));
  r->path_room = r->path_room > UINT32_MAX - 1 ? UINT32_MAX - 1 : r->path_room;
  r->step_room = quarter / sizeof(uint16_t);
  r->step_room = r->step_room > UINT32_MAX - 1 ? UINT32_MAX - 1 : r->step_room;
  file->first_step = hs_arena_alloc_raw(r->arena, r->path_room + 1, sizeof *file->first_step);
  file->conversions = hs_arena_alloc_raw(r->arena, r->path_room, sizeof *file->conversions);
  file->value = hs_arena_alloc_raw(r->arena, r->path_room, sizeof *file->value);
  file->nulls = hs_arena_alloc_raw(r->arena, r->path_room, sizeof *file->nulls);
  file->steps = hs_arena_alloc_raw(r->arena, r->step_room, sizeof *file->steps);
  if (file->first_step == NULL || file->conversions == NULL || file->value == NULL ||
      file->nulls == NULL || file->steps == NULL)
    return 0;
  file->first_step[0] = 0;
  return 1;
}

static uint64_t hash_name(struct hs_str name)
{
  uint64_t hash = name.length;
  while (name.length >= 8) {
    uint64_t word = 0;
    memcpy(&word, name.data, sizeof word);
    hash = (hash ^ word) * 0x9E3779B97F4A7C15U;
    hash ^= hash >> 32;
    name.data += 8;
    name.length -= 8;
  }
  uint64_t tail = 0;
  memcpy(&tail, name.data, name.length);
  hash = (hash ^ tail) * 0x9E3779B97F4A7C15U;
  return hash >> 40;
}

static enum hs_status intern_channel(struct reading *r, struct hs_str name, uint16_t *out,
                                     struct hs_err *err)
{
  struct hs_path_file *file = &r->file;
  size_t slot = hash_name(name) & (NAME_SLOTS - 1);
  for (; r->name_slots[slot] != 0; slot = (slot + 1) & (NAME_SLOTS - 1)) {
    uint16_t channel = (uint16_t)(r->name_slots[slot] - 1);
    if (hs_str_equal(file->channels[channel], name)) {
      *out = channel;
      return HS_OK;
    }
  }
  if (file->channel_count == CHANNEL_COUNT_MAX)
    return hs_fail(err, HS_INVALID, "more than %zu channels: is the separator right?",
                   CHANNEL_COUNT_MAX);
  char *copy = hs_arena_copy(r->arena, name.data, name.length);
  if (copy == NULL)
    return hs_arena_full(r->arena, "names of channels", err);
  file->channels[file->channel_count] = (struct hs_str){copy, name.length};
  *out = (uint16_t)file->channel_count++;
  r->name_slots[slot] = (uint16_t)(*out + 1);
  return HS_OK;
}

static void reject(struct reading *r, const struct hs_csv_row *row, enum field field,
                   const char *reason)
{
  struct hs_path_reject what = {.line = row->line, .value = row->raw, .reason = reason};
  if (field != FIELD_COUNT) {
    what.column = r->column_name[field];
    what.value = row->fields[r->column[field]];
  }
  r->file.reject_count++;
  if (r->on_reject != NULL)
    r->on_reject(r->context, &what);
}

/* The next step's name, and what stands behind its separator. */
static struct hs_str cut_step(struct hs_str *path, struct hs_str separator)
{
  const char *at = separator.length == 1
                       ? memchr(path->data, separator.data[0], path->length)
                       : memmem(path->data, path->length, separator.data, separator.length);
  struct hs_str step = *path;
  if (at == NULL) {
    *path = (struct hs_str){0};
  } else {
    step.length = (size_t)(at - path->data);
    path->length -= step.length + separator.length;
    path->data = at + separator.length;
  }
  return hs_str_trim(step);
}

/* Appends the steps behind those of the last path. *reason is what is wrong with the path. */
static enum hs_status read_steps(struct reading *r, struct hs_str path, size_t *end,
                                 const char **reason, struct hs_err *err)
{
  size_t count = r->step_count;
  if (hs_str_trim(path).length == 0) {
    *reason = "is an empty path";
    return HS_OK;
  }
  while (path.data != NULL) {
    struct hs_str name = cut_step(&path, r->separator);
    if (name.length == 0) {
      *reason = "has a step without a name";
      return HS_OK;
    }
    if (count == r->step_room)
      return hs_fail(err, HS_NOMEM, "more than %zu steps do not fit into the memory allowed",
                     r->step_room);
    enum hs_status status = intern_channel(r, name, &r->file.steps[count++], err);
    if (status != HS_OK)
      return status;
  }
  *end = count;
  return HS_OK;
}

static const char *read_count(const struct reading *r, const struct hs_csv_row *row,
                              enum field field, double *out)
{
  *out = 0;
  if (r->column[field] == NO_COLUMN)
    return NULL;
  if (!hs_parse_double(hs_str_trim(row->fields[r->column[field]]), out))
    return "is not a number";
  return *out < 0 ? "is negative" : NULL;
}

static enum hs_status read_row(struct reading *r, const struct hs_csv_row *row, struct hs_err *err)
{
  double counts[FIELD_COUNT] = {0};
  if (row->problem != NULL || row->field_count != r->header_count) {
    reject(r, row, FIELD_COUNT,
           row->problem != NULL ? row->problem : "has not as many fields as the header");
    return HS_OK;
  }
  for (enum field f = FIELD_CONVERSIONS; f < FIELD_COUNT; f++) {
    const char *reason = read_count(r, row, f, &counts[f]);
    if (reason != NULL) {
      reject(r, row, f, reason);
      return HS_OK;
    }
  }
  if (counts[FIELD_VALUE] > 0 && !(counts[FIELD_CONVERSIONS] > 0)) {
    reject(r, row, FIELD_VALUE, "is a value without a conversion");
    return HS_OK;
  }
  const char *reason = NULL;
  size_t end = 0;
  enum hs_status status = read_steps(r, row->fields[r->column[FIELD_PATH]], &end, &reason, err);
  if (status != HS_OK || reason != NULL) {
    if (reason != NULL)
      reject(r, row, FIELD_PATH, reason);
    return status;
  }
  struct hs_path_file *file = &r->file;
  if (file->path_count == r->path_room)
    return hs_fail(err, HS_NOMEM, "more than %zu paths do not fit into the memory allowed",
                   r->path_room);
  file->conversions[file->path_count] = counts[FIELD_CONVERSIONS];
  file->value[file->path_count] = counts[FIELD_VALUE];
  file->nulls[file->path_count] = counts[FIELD_NULLS];
  r->step_count = end;
  file->first_step[++file->path_count] = (uint32_t)end;
  return HS_OK;
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
                                 hs_path_reject_fn on_reject, void *context,
                                 struct hs_path_file *out, struct hs_err *err)
{
  static const struct hs_path_file_options defaults = {0};
  const struct hs_path_file_options *o = options == NULL ? &defaults : options;
  struct reading r = {.arena = arena, .on_reject = on_reject, .context = context};
  r.separator = hs_str_trim(o->separator);
  if (r.separator.length == 0) /* a separator of blanks only is one; none at all is ">" */
    r.separator = o->separator.length > 0 ? o->separator : HS_STR(">");
  struct hs_csv *csv = NULL;
  struct hs_csv_options csv_options = {.delimiter = o->delimiter};
  enum hs_status status = hs_csv_open(arena, source, &csv_options, &csv, err);
  if (status == HS_OK)
    status = read_header(&r, csv, o, err);
  if (status == HS_OK && !reserve(&r))
    status = hs_arena_full(arena, "a file of paths", err);
  if (status == HS_OK)
    status = read_rows(&r, csv, err);
  if (status != HS_OK) {
    hs_err_prefix(err, "%s", hs_source_name(source));
    return status;
  }
  *out = r.file;
  return HS_OK;
}
