/* Events made by tests, as a row source that several threads may pull from. */
#ifndef HANSA_TESTS_SUPPORT_EVENTS_H
#define HANSA_TESTS_SUPPORT_EVENTS_H

#include "ports/rows.h"

struct event_row {
  int64_t row_number;
  uint8_t is_absent[HS_COLUMNS_MAX];
  char *text[HS_COLUMNS_MAX]; /* own copies */
  int64_t integer[HS_COLUMNS_MAX];
  double real[HS_COLUMNS_MAX];
};

struct events {
  enum hs_event_kind kind;
  struct event_row **rows;
  size_t count;
  size_t capacity;
};

void events_init(struct events *events, enum hs_event_kind kind);
void events_release(struct events *events);
/* A row in which every column is absent; row numbers count from 1. */
struct event_row *events_add(struct events *events);
/* Sets a column from its text form: numbers in decimal, moments in microseconds, days as day
   numbers; NULL leaves it absent. columns ends with NULL: name, value, name, value, NULL. */
struct event_row *events_add_with(struct events *events, ...) __attribute__((sentinel));
void event_set_text(const struct events *events, struct event_row *row, const char *column,
                    const char *value);
void event_set_integer(const struct events *events, struct event_row *row, const char *column,
                       int64_t value);
void event_set_real(const struct events *events, struct event_row *row, const char *column,
                    double value);

/* A source over the rows, in batches of a few; the events must outlive it. After fail_after rows it
   fails with HS_IO (SIZE_MAX: never). */
struct hs_row_source events_source(const struct events *events, unsigned slot_count,
                                   size_t fail_after);

#endif
