#include "adapters/duckdb/trail.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/duckdb/schema.h"

#define ARENA_BYTES (256 * HS_MIB) /* results of totals; statements take a few KiB */

/* ---- opening and reopening ---- */

enum hs_status hs_trail_number(struct trail *trail, const char *sql, int64_t *out,
                               struct hs_err *err)
{
  duckdb_result result;
  enum hs_status status = HS_OK;
  if (duckdb_query(trail->engine.connection, sql, &result) != DuckDBSuccess) {
    status =
        hs_engine_failure(duckdb_result_error_type(&result), duckdb_result_error(&result), err);
  } else {
    duckdb_data_chunk chunk = duckdb_fetch_chunk(result);
    if (chunk && duckdb_data_chunk_get_size(chunk) > 0)
      *out = *(const int64_t *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
    else
      status = hs_fail(err, HS_FAILED, "the engine gave no row for: %s", sql);
    duckdb_destroy_data_chunk(&chunk);
  }
  duckdb_destroy_result(&result);
  return status;
}

static enum hs_status create_tables(struct trail *trail, struct hs_err *err)
{
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_add_text(&sql, "BEGIN TRANSACTION;\n");
  hs_schema_create(&sql);
  hs_buf_add_text(&sql, "COMMIT;\n");
  return hs_trail_run(trail, &sql, NULL, err);
}

static enum hs_status check_layout(struct trail *trail, struct hs_err *err)
{
  int64_t tables = 0;
  int64_t layout = 0;
  enum hs_status status = hs_trail_number(
      trail, "SELECT count(*) FROM duckdb_tables() WHERE NOT temporary", &tables, err);
  if (status == HS_OK && tables == 0)
    return create_tables(trail, err);
  if (status == HS_OK)
    status = hs_trail_number(trail, "SELECT layout FROM cursor", &layout, err);
  if (status == HS_OK && layout != HS_TRAIL_LAYOUT)
    return hs_fail(err, HS_CORRUPT,
                   "%s has layout %lld, this program writes layout %d; delete it and replay",
                   trail->options.path, (long long)layout, HS_TRAIL_LAYOUT);
  if (status == HS_FAILED)
    return hs_fail(err, HS_CORRUPT, "%s is no trail; delete it and replay", trail->options.path);
  return status;
}

enum hs_status hs_trail_ready(struct trail *trail, struct hs_err *err)
{
  hs_arena_reset(&trail->arena, 0);
  if (trail->engine.database)
    return HS_OK;
  enum hs_status status = hs_engine_open(&trail->engine, trail->options.path, &trail->options, err);
  if (status == HS_OK)
    status = hs_feed_register(&trail->engine, &trail->feed, err);
  if (status == HS_OK)
    status = hs_sieve_register(&trail->engine, &trail->sieve, err);
  if (status == HS_OK)
    status = check_layout(trail, err);
  if (status)
    hs_trail_suspend(trail);
  return status;
}

void hs_trail_suspend(struct trail *trail) { hs_engine_close(&trail->engine); }

/* ---- statements ---- */

enum hs_status hs_trail_run(struct trail *trail, const struct hs_buf *sql, uint64_t *changed,
                            struct hs_err *err)
{
  enum hs_status status = hs_buf_status(sql, "a statement", err);
  return status ? status : hs_engine_run(&trail->engine, sql->data, changed, err);
}

enum hs_status hs_trail_stream(struct trail *trail, const struct hs_buf *sql, hs_chunk_fn each,
                               void *context, struct hs_err *err)
{
  enum hs_status status = hs_buf_status(sql, "a statement", err);
  return status ? status : hs_engine_stream(&trail->engine, sql->data, each, context, err);
}

/* ---- position and clear ---- */

static enum hs_status take_cursor(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  struct hs_cursor *cursor = context;
  const int64_t *epoch = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
  const int64_t *sequence = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 1));
  struct hs_str hash =
      hs_text_at(duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 2)), 0);
  *cursor = (struct hs_cursor){.epoch = (uint64_t)epoch[0], .sequence = (uint64_t)sequence[0]};
  if (hash.length == 0)
    return HS_OK; /* before the first frame */
  if (hash.length != sizeof cursor->hash)
    return hs_fail(err, HS_CORRUPT, "the trail's cursor has a hash of %zu %s", hash.length,
                   hs_plural(hash.length, "byte", "bytes"));
  memcpy(cursor->hash, hash.data, sizeof cursor->hash);
  return HS_OK;
}

static enum hs_status trail_position(void *self, struct hs_cursor *out, struct hs_err *err)
{
  struct trail *trail = self;
  struct hs_cursor cursor = {0};
  enum hs_status status = hs_trail_ready(trail, err);
  if (status == HS_OK)
    status = hs_engine_stream(&trail->engine, "SELECT epoch, sequence, hash FROM cursor",
                              take_cursor, &cursor, err);
  if (status == HS_OK)
    *out = cursor;
  return status;
}

static enum hs_status trail_clear(void *self, struct hs_err *err)
{
  struct trail *trail = self;
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_add_text(&sql, "BEGIN TRANSACTION;\n");
  hs_schema_drop(&sql);
  hs_schema_create(&sql);
  hs_buf_add_text(&sql, "COMMIT;\n");
  status = hs_trail_run(trail, &sql, NULL, err);
  if (status)
    hs_trail_suspend(trail);
  return status;
}

/* ---- memory ---- */

/* What the engine holds beyond it is given back at once. A database that is opened later begins
   with it too. */
static enum hs_status trail_spare(void *self, uint64_t memory_bytes, struct hs_err *err)
{
  struct trail *trail = self;
  uint64_t bytes = trail->memory_bytes;
  char sql[64];
  if (memory_bytes != 0 && memory_bytes < bytes)
    bytes = memory_bytes;
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  (void)snprintf(sql, sizeof sql, "SET memory_limit = '%" PRIu64 "B'", bytes);
  status = hs_engine_run(&trail->engine, sql, NULL, err);
  if (status == HS_OK)
    trail->options.memory_bytes = bytes;
  return status;
}

/* ---- the port ---- */

static void trail_close(void *self)
{
  struct trail *trail = self;
  hs_trail_suspend(trail);
  hs_feed_release(&trail->feed);
  hs_sieve_release(&trail->sieve);
  hs_arena_release(&trail->arena);
  pthread_mutex_destroy(&trail->asking_lock);
  free((void *)(uintptr_t)trail->options.path);
  free((void *)(uintptr_t)trail->options.temp_dir);
  free(trail);
}

static enum hs_status copy_options(struct trail *trail, const struct hs_duckdb_options *options,
                                   struct hs_err *err)
{
  trail->options = *options;
  trail->memory_bytes = trail->options.memory_bytes =
      options->memory_bytes != 0 ? options->memory_bytes : HS_ENGINE_MEMORY_BYTES;
  trail->options.path = strdup(options->path);
  trail->options.temp_dir = options->temp_dir ? strdup(options->temp_dir) : NULL;
  if (!trail->options.path || (options->temp_dir && !trail->options.temp_dir))
    return hs_fail(err, HS_NOMEM, "no memory for a trail");
  return HS_OK;
}

enum hs_status hs_duckdb_trail_open(const struct hs_duckdb_options *options, struct hs_trail *out,
                                    struct hs_err *err)
{
  struct trail *trail = calloc(1, sizeof *trail);
  if (!trail)
    return hs_fail(err, HS_NOMEM, "no memory for a trail");
  hs_feed_init(&trail->feed);
  HS_ASSERT(pthread_mutex_init(&trail->asking_lock, NULL) == 0);
  enum hs_status status = copy_options(trail, options, err);
  if (status == HS_OK)
    status = hs_arena_init(&trail->arena, ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_trail_ready(trail, err);
  if (status) {
    trail_close(trail);
    return status;
  }
  *out = (struct hs_trail){.self = trail,
                           .close = trail_close,
                           .position = trail_position,
                           .store = hs_trail_store,
                           .clear = trail_clear,
                           .channels = hs_trail_channels,
                           .scan_touches = hs_trail_scan_touches,
                           .scan_orders = hs_trail_scan_orders,
                           .scan_identities = hs_trail_scan_identities,
                           .scan_paths = hs_trail_scan_paths,
                           .totals = hs_trail_totals,
                           .touch_count = hs_trail_touch_count,
                           .stray_refunds = hs_trail_stray_refunds,
                           .partners = hs_trail_partners,
                           .range = hs_trail_range,
                           .day_range = hs_trail_day_range,
                           .new_orders = hs_trail_new_orders,
                           .orders_between = hs_trail_orders_between,
                           .new_refunds = hs_trail_new_refunds,
                           .new_actions = hs_trail_new_actions,
                           .network_words = hs_trail_network_words,
                           .evidence = hs_trail_evidence,
                           .survey_answers = hs_trail_survey_answers,
                           .rates = hs_trail_rates,
                           .series = hs_trail_series,
                           .activity_days = hs_trail_activity_days,
                           .links_followed = hs_trail_links_followed,
                           .spare = trail_spare,
                           .conflict_count = hs_trail_conflict_count,
                           .query = hs_trail_query,
                           .export_table = hs_trail_export_table,
                           .interrupt = hs_trail_interrupt};
  return HS_OK;
}
