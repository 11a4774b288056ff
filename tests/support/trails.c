#include "support/trails.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapters/duckdb/duckdb_adapter.h"
#include "adapters/memory/memory_adapter.h"
#include "support/lines.h"

const char *const WORLD_NAMES[] = {"memory", "duckdb"};
const size_t WORLD_COUNT = sizeof WORLD_NAMES / sizeof *WORLD_NAMES;

static void must(enum hs_status status, const struct hs_err *err)
{
  if (status)
    fail_msg("status %s: %s", hs_status_code(status), err->text);
}

static void open_stores(struct world *world)
{
  struct hs_err err = {0};
  if (strcmp(world->name, "memory") == 0) {
    struct hs_memory_options options = {.io = hs_io_real()};
    must(hs_memory_trail_open(&options, &world->trail, &err), &err);
    must(hs_memory_keep_open(&options, &world->keep, &err), &err);
    return;
  }
  struct hs_duckdb_options options = {.path = world_path(world, "trail.duckdb"),
                                      .memory_bytes = 256 * HS_MIB,
                                      .threads = 2,
                                      .temp_dir = world_path(world, "temp")};
  must(hs_duckdb_trail_open(&options, &world->trail, &err), &err);
  must(hs_duckdb_keep_open(&options, &world->keep, &err), &err);
}

void world_open(struct world *world, const char *name)
{
  *world = (struct world){.name = name, .directory = "/tmp/hansa-trail-XXXXXX"};
  assert_non_null(mkdtemp(world->directory));
  open_stores(world);
}

static int remove_entry(const char *path, [[maybe_unused]] const struct stat *stat,
                        [[maybe_unused]] int flag, [[maybe_unused]] struct FTW *ftw)
{
  return remove(path);
}

void world_close(struct world *world)
{
  world->trail.close(world->trail.self);
  world->keep.close(world->keep.self);
  nftw(world->directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

int world_set_up(void **state)
{
  const char *name = *state;
  struct world *world = calloc(1, sizeof *world);
  assert_non_null(world);
  world_open(world, name);
  *state = world;
  return 0;
}

int world_tear_down(void **state)
{
  world_close(*state);
  free(*state);
  return 0;
}

void world_reopen(struct world *world)
{
  world->trail.close(world->trail.self);
  world->keep.close(world->keep.self);
  open_stores(world);
}

const char *world_path(struct world *world, const char *name)
{
  static char paths[4][256];
  static unsigned next;
  char *path = paths[next++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", world->directory, name);
  return path;
}

static void store(struct world *world, struct hs_load load)
{
  struct hs_err err = {0};
  world->cursor.epoch = 1;
  world->cursor.sequence++;
  world->cursor.hash[0] = (unsigned char)world->cursor.sequence;
  load.sequence = world->cursor.sequence;
  must(world->trail.store(world->trail.self, &load, 1, &world->cursor, &world->counts, &err), &err);
}

void world_store(struct world *world, const struct events *events)
{
  struct hs_row_source source = events_source(events, 2, SIZE_MAX);
  store(world, (struct hs_load){.kind = events->kind, .rows = &source});
  source.close(source.self);
}

void world_store_kept(struct world *world, const struct events *events, const char *name)
{
  struct hs_err err = {0};
  uint64_t row_count = 0;
  const char *path = world_path(world, name);
  struct hs_row_source source = events_source(events, 2, SIZE_MAX);
  must(world->keep.write(world->keep.self, &source, path, &row_count, &err), &err);
  source.close(source.self);
  assert_int_equal(row_count, events->count);
  store(world, (struct hs_load){.kind = events->kind, .path = path});
}

/* ---- the dump ---- */

/* Appends the lines, sorted, to text and empties them. */
static void add_sorted(FILE *out, const char *title, struct lines *lines, int is_sorted)
{
  fprintf(out, "== %s: %zu\n", title, lines->count);
  if (!is_sorted)
    lines_sort(lines);
  for (size_t i = 0; i < lines->count; i++)
    fprintf(out, "%s\n", lines->items[i]);
  lines_clear(lines);
}

static void dump_table(struct world *world, const char *table, FILE *out)
{
  struct hs_err err = {0};
  uint64_t row_count = 0;
  const char *path = world_path(world, "dump.ndjson");
  must(world->trail.export_table(world->trail.self, table, NULL, HS_EXPORT_NDJSON, path, &row_count,
                                 &err),
       &err);
  struct lines lines = {0};
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  char *line = NULL;
  size_t capacity = 0;
  ssize_t length;
  while ((length = getline(&line, &capacity, file)) > 0)
    lines_add(&lines, "%.*s", (int)length - 1, line);
  free(line);
  fclose(file);
  assert_int_equal(remove(path), 0);
  assert_int_equal(lines.count, row_count);
  add_sorted(out, table, &lines, 0);
}

static enum hs_status dump_touches(void *context, const struct hs_touch_batch *batch,
                                   [[maybe_unused]] struct hs_err *err)
{
  for (size_t i = 0; i < batch->count; i++)
    lines_add(context, "%016" PRIx64 " %" PRId64 " %" PRIu32 " %" PRIu64 " %" PRId64,
              batch->person[i], batch->at_us[i], batch->channel[i], batch->sequence[i],
              batch->row_number[i]);
  return HS_OK;
}

static enum hs_status dump_orders(void *context, const struct hs_order_batch *batch,
                                  [[maybe_unused]] struct hs_err *err)
{
  for (size_t i = 0; i < batch->count; i++)
    lines_add(context,
              "%016" PRIx64 " %016" PRIx64 " %" PRId64 " %" PRId64 " %" PRId64
              " %.*s %.*s %s%.*s %" PRIu64 " %" PRId64,
              batch->person[i], batch->customer[i], batch->at_us[i], batch->amount_minor[i],
              batch->refunded_minor[i], HS_STR_ARG(batch->currency[i]),
              HS_STR_ARG(batch->order_id[i]), batch->coupon[i].data ? "coupon " : "",
              HS_STR_ARG(batch->coupon[i]), batch->sequence[i], batch->row_number[i]);
  return HS_OK;
}

static enum hs_status dump_identities(void *context, const struct hs_identity_batch *batch,
                                      [[maybe_unused]] struct hs_err *err)
{
  for (size_t i = 0; i < batch->count; i++)
    lines_add(context, "%016" PRIx64 " %016" PRIx64 " %" PRId64, batch->visitor[i],
              batch->customer[i], batch->at_us[i]);
  return HS_OK;
}

static enum hs_status dump_path(void *context, struct hs_str path, double conversions, double value,
                                double nulls, [[maybe_unused]] struct hs_err *err)
{
  lines_add(context, "%.*s %.17g %.17g %.17g", HS_STR_ARG(path), conversions, value, nulls);
  return HS_OK;
}

static enum hs_status dump_total(void *context, const struct hs_channel_total *total,
                                 [[maybe_unused]] struct hs_err *err)
{
  char costs[512] = "";
  for (size_t i = 0; i < total->cost_count; i++)
    snprintf(costs + strlen(costs), sizeof costs - strlen(costs), " %.*s %" PRId64,
             HS_STR_ARG(total->costs[i].currency), total->costs[i].amount_minor);
  lines_add(context,
            "[%.*s/%.*s] touches %" PRIu64 " persons %" PRIu64 " leads %" PRIu64
            " activity %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " hours %.17g costs%s",
            HS_STR_ARG(total->partner), HS_STR_ARG(total->channel), total->touches, total->persons,
            total->leads, total->impressions, total->subscribers, total->reach,
            total->other_activity, total->hours, costs);
  return HS_OK;
}

static void dump_scans(struct world *world, int64_t from_us, int64_t until_us, FILE *out)
{
  struct hs_trail *trail = &world->trail;
  struct hs_err err = {0};
  struct hs_arena arena = {0};
  struct lines lines = {0};
  struct hs_str *names;
  size_t count;
  must(hs_arena_init(&arena, HS_MIB, &err), &err);
  must(trail->channels(trail->self, &arena, &names, &count, &err), &err);
  for (size_t i = 0; i < count; i++)
    lines_add(&lines, "%.*s", HS_STR_ARG(names[i]));
  add_sorted(out, "channels", &lines, 1);
  must(trail->partners(trail->self, &arena, &names, &count, &err), &err);
  for (size_t i = 0; i < count; i++)
    lines_add(&lines, "%.*s", HS_STR_ARG(names[i]));
  add_sorted(out, "partners", &lines, 1);
  uint64_t touch_count = 0;
  must(trail->touch_count(trail->self, from_us, until_us, &touch_count, &err), &err);
  lines_add(&lines, "%llu", (unsigned long long)touch_count);
  add_sorted(out, "touches of the period", &lines, 1);
  struct hs_stray_refunds stray = {0};
  must(trail->stray_refunds(trail->self, from_us, until_us, &stray, &err), &err);
  lines_add(&lines, "%llu %llu", (unsigned long long)stray.order_unknown,
            (unsigned long long)stray.other_currency);
  add_sorted(out, "refunds that take nothing back", &lines, 1);
  must(trail->channels(trail->self, &arena, &names, &count, &err), &err);
  struct hs_scan scan = {from_us, until_us, until_us, 0, 3};
  for (; scan.part < scan.part_count; scan.part++)
    must(trail->scan_touches(trail->self, &scan, names, count, dump_touches, &lines, &err), &err);
  add_sorted(out, "scan of touches", &lines, 0);
  must(trail->scan_orders(trail->self, &scan, dump_orders, &lines, &err), &err);
  add_sorted(out, "scan of orders", &lines, 0);
  must(trail->scan_identities(trail->self, until_us, dump_identities, &lines, &err), &err);
  add_sorted(out, "scan of identities", &lines, 0);
  must(trail->scan_paths(trail->self, dump_path, &lines, &err), &err);
  add_sorted(out, "scan of paths", &lines, 1);
  must(trail->totals(trail->self, from_us, until_us, dump_total, &lines, &err), &err);
  add_sorted(out, "totals", &lines, 1);
  hs_arena_release(&arena);
}

char *world_dump(struct world *world)
{
  char *text = NULL;
  size_t bytes = 0;
  FILE *out = open_memstream(&text, &bytes);
  assert_non_null(out);
  for (size_t k = 0; k < HS_EVENT_KIND_COUNT; k++)
    dump_table(world, hs_event_spec((enum hs_event_kind)k)->name, out);
  dump_table(world, "conflicts", out);
  int64_t first_us = 0;
  int64_t last_us = 0;
  enum hs_status status = world->trail.range(world->trail.self, &first_us, &last_us, NULL);
  assert_true(status == HS_OK || status == HS_NOT_FOUND);
  fprintf(out, "== range %" PRId64 " %" PRId64 "\n", first_us, last_us);
  dump_scans(world, INT64_MIN / 4, INT64_MAX / 4, out);
  int64_t quarter = (last_us - first_us) / 4;
  dump_scans(world, first_us + quarter, last_us - quarter, out);
  fclose(out);
  return text;
}
