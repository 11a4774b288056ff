/* Proves the contract of ports/keep.h, once for every adapter: what is written is read again, cell
   for cell, whatever the threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapters/duckdb/duckdb_adapter.h"
#include "support/events.h"
#include "support/trails.h"

#define ROWS 10000

/* Costs have every type but moments, which orders have. */
static void make_costs(struct events *costs)
{
  events_init(costs, HS_EVENT_COST);
  for (int i = 0; i < ROWS; i++) {
    char partner[64];
    struct event_row *row = events_add(costs);
    snprintf(partner, sizeof partner, i % 2 ? "p%d" : "a partner with a long name %d", i);
    if (i % 3)
      event_set_text(costs, row, "partner", partner);
    event_set_text(costs, row, "channel", i % 5 ? "mail" : "");
    event_set_text(costs, row, "kind", "media");
    event_set_integer(costs, row, "from", i - 5000);
    if (i % 7)
      event_set_integer(costs, row, "amount", INT64_MAX - i);
    event_set_text(costs, row, "currency", "EUR");
    if (i % 11)
      event_set_real(costs, row, "hours", i / 3.0);
  }
}

static void assert_cell(const struct event_row *row, const struct hs_vector *column, size_t c,
                        size_t i)
{
  int is_text = hs_type_is_text(column->type);
  int is_absent = row->is_absent[c] || (is_text && row->text[c][0] == 0);
  assert_int_equal(column->is_absent[i], is_absent);
  if (is_absent)
    return;
  if (is_text)
    assert_true(hs_str_equal(column->text[i], hs_str_of(row->text[c])));
  else if (column->type == HS_TYPE_REAL)
    assert_memory_equal(&column->real[i], &row->real[c], sizeof(double));
  else
    assert_int_equal(column->integer[i], row->integer[c]);
}

static void assert_reads_back(struct world *world, const struct events *events, const char *path)
{
  struct hs_row_source source;
  struct hs_err err = {0};
  if (world->keep.read(world->keep.self, events->kind, path, &source, &err))
    fail_msg("%s", err.text);
  struct hs_batch *batch = calloc(1, sizeof *batch);
  uint8_t *seen = calloc(events->count + 1, 1);
  assert_non_null(batch);
  assert_non_null(seen);
  size_t count = 0;
  for (;;) {
    if (source.next(source.self, 0, batch, &err))
      fail_msg("%s", err.text);
    if (batch->row_count == 0)
      break;
    for (size_t i = 0; i < batch->row_count; i++, count++) {
      int64_t number = batch->row_number[i];
      assert_in_range(number, 1, events->count);
      assert_false(seen[number]++);
      for (size_t c = 0; c < batch->column_count; c++)
        assert_cell(events->rows[number - 1], &batch->columns[c], c, i);
    }
  }
  assert_int_equal(count, events->count);
  free(batch);
  free(seen);
  source.close(source.self);
}

static void what_is_kept_is_read_again(void **state)
{
  struct world *world = *state;
  struct events costs;
  make_costs(&costs);
  for (unsigned slots = 1; slots <= 3; slots++) {
    char name[16];
    uint64_t rows = 0;
    struct hs_err err = {0};
    /* A name that a careless reader would take for a pattern. */
    snprintf(name, sizeof name, "costs[%u]*?", slots);
    struct hs_row_source source = events_source(&costs, slots, SIZE_MAX);
    const char *path = world_path(world, name);
    if (world->keep.write(world->keep.self, &source, path, &rows, &err))
      fail_msg("%s", err.text);
    source.close(source.self);
    assert_int_equal(rows, ROWS);
    assert_reads_back(world, &costs, path);
  }
  events_release(&costs);
}

static void an_empty_import_is_kept_too(void **state)
{
  struct world *world = *state;
  struct events orders;
  events_init(&orders, HS_EVENT_ORDER);
  uint64_t rows = 7;
  struct hs_err err = {0};
  struct hs_row_source source = events_source(&orders, 1, SIZE_MAX);
  const char *path = world_path(world, "orders");
  if (world->keep.write(world->keep.self, &source, path, &rows, &err))
    fail_msg("%s", err.text);
  source.close(source.self);
  assert_int_equal(rows, 0);
  assert_reads_back(world, &orders, path);
}

static void nothing_is_replaced_and_a_failure_leaves_no_file(void **state)
{
  struct world *world = *state;
  struct events costs;
  make_costs(&costs);
  uint64_t rows = 0;
  struct hs_err err = {0};
  const char *path = world_path(world, "costs");
  struct hs_row_source bad = events_source(&costs, 2, ROWS / 2);
  assert_int_equal(world->keep.write(world->keep.self, &bad, path, &rows, &err), HS_IO);
  assert_non_null(strstr(err.text, "fails after"));
  bad.close(bad.self);
  assert_int_equal(access(path, F_OK), -1);
  struct hs_row_source good = events_source(&costs, 2, SIZE_MAX);
  assert_int_equal(world->keep.write(world->keep.self, &good, path, &rows, &err), HS_OK);
  assert_int_equal(world->keep.write(world->keep.self, &good, path, &rows, &err), HS_CONFLICT);
  good.close(good.self);
  assert_reads_back(world, &costs, path);
  events_release(&costs);
}

static void what_is_no_kept_import_is_refused(void **state)
{
  struct world *world = *state;
  struct hs_row_source source;
  struct hs_err err = {0};
  const char *path = world_path(world, "nonsense");
  assert_int_equal(world->keep.read(world->keep.self, HS_EVENT_ORDER, path, &source, &err),
                   HS_NOT_FOUND);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  assert_true(fputs("this is neither Parquet nor anything else that anybody keeps", file) >= 0);
  fclose(file);
  assert_int_equal(world->keep.read(world->keep.self, HS_EVENT_ORDER, path, &source, &err),
                   HS_CORRUPT);
  struct events costs;
  uint64_t rows = 0;
  make_costs(&costs);
  const char *other = world_path(world, "costs");
  struct hs_row_source rows_of = events_source(&costs, 1, SIZE_MAX);
  assert_int_equal(world->keep.write(world->keep.self, &rows_of, other, &rows, &err), HS_OK);
  rows_of.close(rows_of.self);
  events_release(&costs);
  assert_int_equal(world->keep.read(world->keep.self, HS_EVENT_ORDER, other, &source, &err),
                   HS_INVALID);
}

/* ---- Parquet as text ---- */

static void a_parquet_file_is_read_as_text(void **state)
{
  struct world *world = *state;
  struct events orders;
  events_init(&orders, HS_EVENT_ORDER);
  for (int i = 0; i < ROWS; i++) {
    struct event_row *row =
        events_add_with(&orders, "order_id", "o", "amount", "-1250", "currency", "EUR", NULL);
    event_set_integer(&orders, row, "occurred_at",
                      INT64_C(1767225600500000) + (int64_t)i * 1000000);
  }
  uint64_t rows = 0;
  struct hs_err err = {0};
  const char *path = world_path(world, "orders.parquet");
  struct hs_row_source made = events_source(&orders, 1, SIZE_MAX);
  assert_int_equal(world->keep.write(world->keep.self, &made, path, &rows, &err), HS_OK);
  made.close(made.self);
  events_release(&orders);
  struct hs_duckdb_options options = {.memory_bytes = 256 * HS_MIB, .threads = 2};
  struct hs_text_opener opener = hs_duckdb_parquet_opener(&options);
  struct hs_text_source source;
  struct hs_text_batch batch;
  if (opener.open(opener.self, path, &source, &err))
    fail_msg("%s", err.text);
  assert_int_equal(source.column_count, 16);
  assert_int_equal(source.row_count, ROWS);
  assert_true(hs_str_equal(source.column_names[3], HS_STR("amount_minor")));
  uint64_t next = 1;
  do {
    assert_int_equal(source.next(source.self, 0, &batch, &err), HS_OK);
    assert_int_equal(batch.first_row, next);
    for (size_t i = 0; i < batch.row_count; i++) {
      assert_null(batch.cells[1][i].data);
      assert_true(hs_str_equal(batch.cells[3][i], HS_STR("-1250")));
      /* A wall clock: without an offset. */
      assert_true(hs_str_equal((struct hs_str){batch.cells[2][i].data, 11}, HS_STR("2026-01-01T")));
      assert_int_equal(batch.cells[2][i].length, 21);
    }
    next += batch.row_count;
  } while (batch.row_count > 0);
  assert_int_equal(next, ROWS + 1);
  source.close(source.self);
  assert_int_equal(opener.open(opener.self, world_path(world, "none"), &source, &err),
                   HS_NOT_FOUND);
  assert_int_equal(opener.open(opener.self, HANSA_SOURCE_DIR "/CMakeLists.txt", &source, &err),
                   HS_CORRUPT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      EVERY_WORLD_TEST(what_is_kept_is_read_again),
      EVERY_WORLD_TEST(an_empty_import_is_kept_too),
      EVERY_WORLD_TEST(nothing_is_replaced_and_a_failure_leaves_no_file),
      EVERY_WORLD_TEST(what_is_no_kept_import_is_refused),
      WORLD_TEST(a_parquet_file_is_read_as_text, "duckdb"),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
