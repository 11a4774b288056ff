#include "adapters/duckdb/feed.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(HS_BATCH_ROWS == 2048, "a batch fills one of the engine's chunks");

#define INLINE_BYTES 12 /* texts up to here stand in the cell itself */

struct type_names {
  duckdb_type type;
  const char *sql;
};

static const struct type_names TYPES[] = {
    [HS_TYPE_TEXT] = {DUCKDB_TYPE_VARCHAR, "VARCHAR"},
    [HS_TYPE_TIME] = {DUCKDB_TYPE_TIMESTAMP, "TIMESTAMP"},
    [HS_TYPE_DAY] = {DUCKDB_TYPE_DATE, "DATE"},
    [HS_TYPE_INTEGER] = {DUCKDB_TYPE_BIGINT, "BIGINT"},
    [HS_TYPE_REAL] = {DUCKDB_TYPE_DOUBLE, "DOUBLE"},
    [HS_TYPE_MONEY] = {DUCKDB_TYPE_BIGINT, "BIGINT"},
    [HS_TYPE_CURRENCY] = {DUCKDB_TYPE_VARCHAR, "VARCHAR"},
    [HS_TYPE_COUNTRY] = {DUCKDB_TYPE_VARCHAR, "VARCHAR"},
    [HS_TYPE_ITEMS] = {DUCKDB_TYPE_VARCHAR, "VARCHAR"},
    [HS_TYPE_FACTS] = {DUCKDB_TYPE_VARCHAR, "VARCHAR"},
};

duckdb_type hs_engine_type(enum hs_type type) { return TYPES[type].type; }
const char *hs_sql_type(enum hs_type type) { return TYPES[type].sql; }

/* ---- vectors ---- */

static void set_text(duckdb_vector out, duckdb_string_t *cells, size_t i, struct hs_str text)
{
  if (text.length > INLINE_BYTES) {
    duckdb_vector_assign_string_element_len(out, i, text.data, text.length);
    return;
  }
  /* Unused bytes are zero: the engine compares whole cells. */
  duckdb_string_t cell = {0};
  cell.value.inlined.length = (uint32_t)text.length;
  if (text.length > 0)
    memcpy(cell.value.inlined.inlined, text.data, text.length);
  cells[i] = cell;
}

static void fill_text(duckdb_vector out, const struct hs_vector *column, size_t first, size_t count,
                      enum hs_empty_text empty)
{
  duckdb_string_t *cells = duckdb_vector_get_data(out);
  uint64_t *validity = NULL;
  for (size_t i = 0; i < count; i++) {
    struct hs_str text = column->text[first + i];
    if (!column->is_absent[first + i] && (text.length > 0 || empty == HS_EMPTY_IS_KEPT)) {
      set_text(out, cells, i, text);
      continue;
    }
    if (!validity) {
      duckdb_vector_ensure_validity_writable(out);
      validity = duckdb_vector_get_validity(out);
    }
    duckdb_validity_set_row_invalid(validity, i);
  }
}

static void mark_absent(duckdb_vector out, const uint8_t *is_absent, size_t count)
{
  if (!memchr(is_absent, 1, count))
    return;
  duckdb_vector_ensure_validity_writable(out);
  uint64_t *validity = duckdb_vector_get_validity(out);
  for (size_t i = 0; i < count; i++)
    if (is_absent[i])
      duckdb_validity_set_row_invalid(validity, i);
}

void hs_fill_vector(duckdb_vector out, const struct hs_vector *column, size_t first, size_t count,
                    enum hs_empty_text empty)
{
  switch (column->type) {
  case HS_TYPE_TEXT:
  case HS_TYPE_CURRENCY:
  case HS_TYPE_COUNTRY:
  case HS_TYPE_ITEMS:
  case HS_TYPE_FACTS:
    fill_text(out, column, first, count, empty);
    return;
  case HS_TYPE_DAY: {
    int32_t *days = duckdb_vector_get_data(out);
    for (size_t i = 0; i < count; i++)
      days[i] = (int32_t)column->integer[first + i];
    break;
  }
  case HS_TYPE_REAL: {
    double *reals = duckdb_vector_get_data(out);
    for (size_t i = 0; i < count; i++)
      reals[i] = column->real[first + i] + 0.0; /* makes −0 into 0: they are the same body */
    break;
  }
  case HS_TYPE_TIME:
  case HS_TYPE_INTEGER:
  case HS_TYPE_MONEY:
    memcpy(duckdb_vector_get_data(out), column->integer + first, count * sizeof(int64_t));
    break;
  }
  mark_absent(out, column->is_absent + first, count);
}

/* ---- hansa_rows() ---- */

/* What one thread holds: its batch, and the unit that it drains. */
struct puller {
  const struct feed_unit *unit;
  struct hs_batch batch;
};

static void bind(duckdb_bind_info info)
{
  const struct feed *feed = duckdb_bind_get_extra_info(info);
  const struct hs_event_spec *spec = hs_event_spec(feed->kind);
  for (size_t c = 0; c < spec->column_count; c++) {
    char name[HS_COLUMN_NAME];
    duckdb_logical_type type = duckdb_create_logical_type(hs_engine_type(spec->columns[c].type));
    hs_column_stable_name(&spec->columns[c], name);
    duckdb_bind_add_result_column(info, name, type);
    duckdb_destroy_logical_type(&type);
  }
  duckdb_logical_type number = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
  duckdb_bind_add_result_column(info, "row_number", number);
  duckdb_bind_add_result_column(info, "sequence", number);
  duckdb_destroy_logical_type(&number);
}

/* The engine hands the feed, and what its sources read, from our thread to its own and back. That
   order is said with atomics of ours too: it then does not rest on how the engine does it, and the
   thread sanitizer, which cannot see into the engine, can look at the rest. */
static void lend(struct feed *feed)
{
  atomic_fetch_add_explicit(&feed->lent, 1, memory_order_release);
}
static void borrow(struct feed *feed)
{
  (void)atomic_load_explicit(&feed->lent, memory_order_acquire);
}
static void give_back(struct feed *feed)
{
  atomic_fetch_add_explicit(&feed->returned, 1, memory_order_release);
}
static void take_back(struct feed *feed)
{
  (void)atomic_load_explicit(&feed->returned, memory_order_acquire);
}

static void start(duckdb_init_info info)
{
  struct feed *feed = duckdb_init_get_extra_info(info);
  borrow(feed);
  duckdb_init_set_max_threads(info, feed->unit_count ? feed->unit_count : 1);
  give_back(feed);
}

static void start_thread(duckdb_init_info info)
{
  struct puller *puller = calloc(1, sizeof *puller);
  if (!puller)
    duckdb_init_set_error(info, "no memory for a batch of rows");
  duckdb_init_set_init_data(info, puller, free);
}

static enum hs_status note_failure(struct feed *feed, enum hs_status status,
                                   const struct hs_err *failure)
{
  pthread_mutex_lock(&feed->lock);
  if (feed->status == HS_OK) {
    feed->status = status;
    feed->failure = *failure;
  }
  pthread_mutex_unlock(&feed->lock);
  return status;
}

/* Fills the puller's batch from its unit or, at the end of that, from the next that nobody took.
   An empty batch is the end of all. */
static enum hs_status pull(struct feed *feed, struct puller *puller)
{
  struct hs_err failure = {0};
  for (;;) {
    if (!puller->unit) {
      size_t next = atomic_fetch_add(&feed->unit_next, 1);
      puller->batch.row_count = 0;
      if (next >= feed->unit_count)
        return HS_OK;
      puller->unit = &feed->units[next];
    }
    struct hs_row_source *source = puller->unit->source;
    enum hs_status status =
        source->next(source->self, puller->unit->slot, &puller->batch, &failure);
    if (status)
      return note_failure(feed, status, &failure);
    if (puller->batch.row_count > 0)
      return HS_OK;
    puller->unit = NULL;
  }
}

static void fill(struct feed *feed, duckdb_function_info info, duckdb_data_chunk output)
{
  struct puller *puller = duckdb_function_get_local_init_data(info);
  if (pull(feed, puller)) {
    duckdb_function_set_error(info, "a source of rows failed");
    return;
  }
  const struct hs_batch *batch = &puller->batch;
  size_t count = batch->row_count;
  duckdb_data_chunk_set_size(output, count);
  if (count == 0)
    return;
  for (size_t c = 0; c < batch->column_count; c++)
    hs_fill_vector(duckdb_data_chunk_get_vector(output, c), &batch->columns[c], 0, count,
                   HS_EMPTY_IS_ABSENT);
  duckdb_vector numbers = duckdb_data_chunk_get_vector(output, batch->column_count);
  duckdb_vector sequences = duckdb_data_chunk_get_vector(output, batch->column_count + 1);
  memcpy(duckdb_vector_get_data(numbers), batch->row_number, count * sizeof(int64_t));
  int64_t *sequence = duckdb_vector_get_data(sequences);
  for (size_t i = 0; i < count; i++)
    sequence[i] = (int64_t)puller->unit->sequence;
  atomic_fetch_add(&feed->row_count, (int64_t)count);
}

static void give_rows(duckdb_function_info info, duckdb_data_chunk output)
{
  struct feed *feed = duckdb_function_get_extra_info(info);
  borrow(feed);
  fill(feed, info, output);
  give_back(feed);
}

enum hs_status hs_feed_register(struct engine *engine, struct feed *feed, struct hs_err *err)
{
  duckdb_table_function function = duckdb_create_table_function();
  duckdb_table_function_set_name(function, "hansa_rows");
  duckdb_table_function_set_extra_info(function, feed, NULL);
  duckdb_table_function_set_bind(function, bind);
  duckdb_table_function_set_init(function, start);
  duckdb_table_function_set_local_init(function, start_thread);
  duckdb_table_function_set_function(function, give_rows);
  duckdb_state state = duckdb_register_table_function(engine->connection, function);
  duckdb_destroy_table_function(&function);
  return state == DuckDBSuccess ? HS_OK
                                : hs_fail(err, HS_FAILED, "the engine refused hansa_rows()");
}

void hs_feed_init(struct feed *feed)
{
  *feed = (struct feed){0};
  HS_ASSERT(pthread_mutex_init(&feed->lock, NULL) == 0);
}

void hs_feed_release(struct feed *feed) { pthread_mutex_destroy(&feed->lock); }

enum hs_status hs_feed_run(struct engine *engine, struct feed *feed, enum hs_event_kind kind,
                           const struct feed_unit *units, size_t unit_count, const char *sql,
                           struct hs_err *err)
{
  feed->kind = kind;
  feed->units = units;
  feed->unit_count = unit_count;
  feed->status = HS_OK;
  atomic_store(&feed->unit_next, 0);
  atomic_store(&feed->row_count, 0);
  lend(feed);
  enum hs_status status = hs_engine_run(engine, sql, NULL, err);
  take_back(feed);
  feed->units = NULL;
  feed->unit_count = 0;
  if (status && feed->status) {
    if (err)
      *err = feed->failure;
    return feed->status;
  }
  return status;
}
