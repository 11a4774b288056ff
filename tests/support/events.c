#include "support/events.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 37 /* so that batches end in the middle of everything */

void events_init(struct events *events, enum hs_event_kind kind)
{
  *events = (struct events){.kind = kind};
}

void events_release(struct events *events)
{
  for (size_t i = 0; i < events->count; i++) {
    for (size_t c = 0; c < HS_COLUMNS_MAX; c++)
      free(events->rows[i]->text[c]);
    free(events->rows[i]);
  }
  free(events->rows);
  *events = (struct events){0};
}

struct event_row *events_add(struct events *events)
{
  if (events->count == events->capacity) {
    events->capacity = events->capacity ? 2 * events->capacity : 64;
    events->rows = realloc(events->rows, events->capacity * sizeof(struct event_row *));
    HS_ASSERT(events->rows);
  }
  struct event_row *row = calloc(1, sizeof *row);
  HS_ASSERT(row);
  memset(row->is_absent, 1, sizeof row->is_absent);
  events->rows[events->count++] = row;
  row->row_number = (int64_t)events->count;
  return row;
}

static size_t column_of(const struct events *events, const char *column)
{
  int index = hs_event_column(events->kind, column);
  HS_ASSERT(index >= 0);
  return (size_t)index;
}

void event_set_text(const struct events *events, struct event_row *row, const char *column,
                    const char *value)
{
  size_t c = column_of(events, column);
  free(row->text[c]);
  row->text[c] = strdup(value);
  row->is_absent[c] = 0;
}

void event_set_integer(const struct events *events, struct event_row *row, const char *column,
                       int64_t value)
{
  size_t c = column_of(events, column);
  row->integer[c] = value;
  row->is_absent[c] = 0;
}

void event_set_real(const struct events *events, struct event_row *row, const char *column,
                    double value)
{
  size_t c = column_of(events, column);
  row->real[c] = value;
  row->is_absent[c] = 0;
}

static void set_from_text(const struct events *events, struct event_row *row, const char *column,
                          const char *value)
{
  size_t c = column_of(events, column);
  enum hs_type type = hs_event_spec(events->kind)->columns[c].type;
  int64_t integer = 0;
  double real = 0;
  if (hs_type_is_text(type)) {
    event_set_text(events, row, column, value);
  } else if (type == HS_TYPE_REAL) {
    HS_ASSERT(hs_parse_double(hs_str_of(value), &real));
    event_set_real(events, row, column, real);
  } else {
    HS_ASSERT(hs_parse_i64(hs_str_of(value), &integer));
    event_set_integer(events, row, column, integer);
  }
}

struct event_row *events_add_with(struct events *events, ...)
{
  struct event_row *row = events_add(events);
  va_list list;
  va_start(list, events);
  for (const char *column = va_arg(list, const char *); column;
       column = va_arg(list, const char *)) {
    const char *value = va_arg(list, const char *);
    if (value)
      set_from_text(events, row, column, value);
  }
  va_end(list);
  return row;
}

/* ---- the source ---- */

struct slot {
  struct hs_str text[HS_COLUMNS_MAX][BATCH];
  int64_t integer[HS_COLUMNS_MAX][BATCH];
  double real[HS_COLUMNS_MAX][BATCH];
  uint8_t is_absent[HS_COLUMNS_MAX][BATCH];
};

struct source {
  const struct events *events;
  size_t fail_after;
  atomic_size_t place;
  struct slot slots[];
};

static void fill(const struct source *source, struct slot *slot, size_t first, size_t count,
                 struct hs_batch *out)
{
  const struct hs_event_spec *spec = hs_event_spec(source->events->kind);
  out->row_count = count;
  out->column_count = spec->column_count;
  for (size_t c = 0; c < spec->column_count; c++) {
    enum hs_type type = spec->columns[c].type;
    int is_text = hs_type_is_text(type);
    for (size_t i = 0; i < count; i++) {
      const struct event_row *row = source->events->rows[first + i];
      slot->is_absent[c][i] = row->is_absent[c];
      slot->text[c][i] = hs_str_of(row->text[c]);
      slot->integer[c][i] = row->integer[c];
      slot->real[c][i] = row->real[c];
    }
    out->columns[c] = (struct hs_vector){.type = type,
                                         .text = is_text ? slot->text[c] : NULL,
                                         .integer = slot->integer[c],
                                         .real = slot->real[c],
                                         .is_absent = slot->is_absent[c]};
  }
  for (size_t i = 0; i < count; i++)
    out->row_number[i] = source->events->rows[first + i]->row_number;
}

static enum hs_status source_next(void *self, unsigned slot, struct hs_batch *out,
                                  struct hs_err *err)
{
  struct source *source = self;
  size_t first = atomic_fetch_add(&source->place, BATCH);
  out->row_count = 0;
  if (first >= source->fail_after)
    return hs_fail(err, HS_IO, "the source fails after %zu rows", source->fail_after);
  if (first >= source->events->count)
    return HS_OK;
  size_t left = source->events->count - first;
  fill(source, &source->slots[slot], first, left < BATCH ? left : BATCH, out);
  return HS_OK;
}

struct hs_row_source events_source(const struct events *events, unsigned slot_count,
                                   size_t fail_after)
{
  struct source *source = calloc(1, sizeof *source + slot_count * sizeof(struct slot));
  HS_ASSERT(source);
  source->events = events;
  source->fail_after = fail_after;
  return (struct hs_row_source){source, events->kind, slot_count, source_next, free};
}
