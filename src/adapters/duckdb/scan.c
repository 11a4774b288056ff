/* Scans: the engine decodes chunks on its threads, this thread hands their columns on as they lie.
 */
#include <inttypes.h>
#include <string.h>

#include "adapters/duckdb/trail.h"

#define CHUNK_ROWS HS_BATCH_ROWS

/* ---- channels ---- */

struct names {
  struct hs_arena *arena;
  struct hs_str *items;
  size_t count;
};

static enum hs_status take_names(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  struct names *names = context;
  idx_t count = duckdb_data_chunk_get_size(chunk);
  const duckdb_string_t *texts = hs_chunk_column(chunk, 0);
  struct hs_str *items =
      hs_arena_grow(names->arena, names->items, names->count, names->count + count, sizeof *items);
  if (!items)
    return hs_arena_full(names->arena, "the names of channels", err);
  names->items = items;
  for (idx_t i = 0; i < count; i++) {
    struct hs_str text = hs_text_at(texts, i);
    const char *copy = hs_arena_copy(names->arena, text.data, text.length);
    if (!copy)
      return hs_arena_full(names->arena, "the names of channels", err);
    items[names->count++] = (struct hs_str){copy, text.length};
  }
  return HS_OK;
}

static enum hs_status list_names(struct trail *trail, const char *select, struct hs_arena *arena,
                                 struct hs_str **names, size_t *count, struct hs_err *err)
{
  struct names out = {.arena = arena};
  enum hs_status status = hs_trail_ready(trail, err);
  if (status == HS_OK)
    status = hs_engine_stream(&trail->engine, select, take_names, &out, err);
  if (status)
    return status;
  *names = out.items;
  *count = out.count;
  return HS_OK;
}

enum hs_status hs_trail_channels(void *self, struct hs_arena *arena, struct hs_str **names,
                                 size_t *count, struct hs_err *err)
{
  return list_names(self,
                    "SELECT DISTINCT coalesce(partner, kind) AS channel FROM touches "
                    "ORDER BY channel",
                    arena, names, count, err);
}

enum hs_status hs_trail_partners(void *self, struct hs_arena *arena, struct hs_str **names,
                                 size_t *count, struct hs_err *err)
{
  return list_names(self,
                    "SELECT DISTINCT partner FROM (SELECT DISTINCT partner FROM touches UNION ALL "
                    "SELECT partner FROM leads UNION ALL SELECT partner FROM events UNION ALL "
                    "SELECT partner FROM activity UNION ALL SELECT partner FROM costs UNION ALL "
                    "SELECT partner FROM surveys) WHERE partner IS NOT NULL ORDER BY partner",
                    arena, names, count, err);
}

/* ---- touches ---- */

/* Names to their indexes: open addressing, at most half full. */
struct dictionary {
  const struct hs_str *names;
  uint32_t *slots; /* numbers from 1 */
  uint32_t mask;
};

/* Length and both ends: channels are few, and a table that is half empty forgives a poor hash. */
static inline uint32_t quick_hash(struct hs_str text)
{
  uint64_t head = 0;
  uint64_t tail = 0;
  size_t bytes = text.length < 8 ? text.length : 8;
  memcpy(&head, text.data, bytes);
  memcpy(&tail, text.data + text.length - bytes, bytes);
  uint64_t hash = (head ^ text.length) * 0x9e3779b97f4a7c15U ^ tail * 0xc2b2ae3d27d4eb4fU;
  return (uint32_t)(hash >> 32 ^ hash >> 17);
}

static enum hs_status make_dictionary(struct hs_arena *arena, const struct hs_str *names,
                                      size_t count, struct dictionary *out, struct hs_err *err)
{
  uint32_t capacity = 16;
  while (capacity < 2 * count)
    capacity *= 2;
  *out =
      (struct dictionary){names, hs_arena_alloc(arena, capacity, sizeof *out->slots), capacity - 1};
  if (!out->slots)
    return hs_arena_full(arena, "the names of channels", err);
  for (size_t i = 0; i < count; i++) {
    uint32_t slot = quick_hash(names[i]) & out->mask;
    while (out->slots[slot])
      slot = (slot + 1) & out->mask;
    out->slots[slot] = (uint32_t)(i + 1);
  }
  return HS_OK;
}

/* The name's number from 1, or 0. */
static inline uint32_t look_up(const struct dictionary *dictionary, struct hs_str name)
{
  uint32_t slot = quick_hash(name) & dictionary->mask;
  while (dictionary->slots[slot]) {
    const struct hs_str *candidate = &dictionary->names[dictionary->slots[slot] - 1];
    if (candidate->length == name.length && memcmp(candidate->data, name.data, name.length) == 0)
      break;
    slot = (slot + 1) & dictionary->mask;
  }
  return dictionary->slots[slot];
}

struct touch_scan {
  struct dictionary dictionary;
  hs_touch_fn each;
  void *context;
  uint32_t channel[CHUNK_ROWS];
};

static enum hs_status take_touches(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  struct touch_scan *scan = context;
  idx_t count = duckdb_data_chunk_get_size(chunk);
  const duckdb_string_t *names = hs_chunk_column(chunk, 2);
  for (idx_t i = 0; i < count; i++) {
    struct hs_str name = hs_text_at(names, i);
    uint32_t number = look_up(&scan->dictionary, name);
    if (number == 0)
      return hs_fail(err, HS_INVALID, "the list of channels lacks \"%.*s\"", HS_STR_ARG(name));
    scan->channel[i] = number - 1;
  }
  struct hs_touch_batch batch = {.count = count,
                                 .person = hs_chunk_column(chunk, 0),
                                 .at_us = hs_chunk_column(chunk, 1),
                                 .channel = scan->channel,
                                 .sequence = hs_chunk_column(chunk, 3),
                                 .row_number = hs_chunk_column(chunk, 4)};
  return scan->each(scan->context, &batch, err);
}

/* The first key of a part as a signed number: the inverse of hs_person_part. */
static int64_t first_key_of(uint32_t part, uint32_t part_count)
{
  uint64_t top = (((uint64_t)part << 32) + part_count - 1) / part_count;
  return (int64_t)(top << 32 ^ (uint64_t)1 << 63);
}

enum hs_status hs_trail_scan_touches(void *self, const struct hs_scan *scan,
                                     const struct hs_str *names, size_t count, hs_touch_fn each,
                                     void *context, struct hs_err *err)
{
  struct trail *trail = self;
  HS_ASSERT(scan->part < scan->part_count);
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  struct touch_scan *state = hs_arena_alloc(&trail->arena, 1, sizeof *state);
  if (!state)
    return hs_arena_full(&trail->arena, "a scan of touches", err);
  state->each = each;
  state->context = context;
  status = make_dictionary(&trail->arena, names, count, &state->dictionary, err);
  if (status)
    return status;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_printf(&sql,
                "SELECT person_key, occurred_at, coalesce(partner, kind), sequence, row_number "
                "FROM touches WHERE occurred_at >= make_timestamp(%" PRId64
                ") AND occurred_at < make_timestamp(%" PRId64 ")",
                hs_drawn_in(scan->from_us), hs_drawn_in(scan->until_us));
  if (scan->part > 0)
    hs_buf_printf(&sql, " AND person_key >= %" PRId64, first_key_of(scan->part, scan->part_count));
  if (scan->part + 1 < scan->part_count)
    hs_buf_printf(&sql, " AND person_key < %" PRId64,
                  first_key_of(scan->part + 1, scan->part_count));
  return hs_trail_stream(trail, &sql, take_touches, state, err);
}

/* ---- orders ---- */

struct hs_order_batch hs_trail_order_batch(struct order_texts *texts, duckdb_data_chunk chunk)
{
  hs_chunk_texts(chunk, 5, texts->currency);
  hs_chunk_texts(chunk, 6, texts->order_id);
  hs_chunk_texts(chunk, 7, texts->coupon);
  return (struct hs_order_batch){.count = duckdb_data_chunk_get_size(chunk),
                                 .person = hs_chunk_column(chunk, 0),
                                 .customer = hs_chunk_column(chunk, 1),
                                 .at_us = hs_chunk_column(chunk, 2),
                                 .amount_minor = hs_chunk_column(chunk, 3),
                                 .refunded_minor = hs_chunk_column(chunk, 4),
                                 .currency = texts->currency,
                                 .order_id = texts->order_id,
                                 .coupon = texts->coupon,
                                 .sequence = hs_chunk_column(chunk, 8),
                                 .row_number = hs_chunk_column(chunk, 9)};
}

struct order_scan {
  hs_order_fn each;
  void *context;
  struct order_texts texts;
};

static enum hs_status take_orders(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  struct order_scan *scan = context;
  struct hs_order_batch batch = hs_trail_order_batch(&scan->texts, chunk);
  return scan->each(scan->context, &batch, err);
}

enum hs_status hs_trail_scan_orders(void *self, const struct hs_scan *scan, hs_order_fn each,
                                    void *context, struct hs_err *err)
{
  struct trail *trail = self;
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  struct order_scan *state = hs_arena_alloc(&trail->arena, 1, sizeof *state);
  if (!state)
    return hs_arena_full(&trail->arena, "a scan of orders", err);
  state->each = each;
  state->context = context;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_printf(
      &sql,
      "WITH given_back AS (SELECT order_id, currency, sum(amount_minor) AS given FROM refunds "
      "WHERE occurred_at < make_timestamp(%" PRId64 ") GROUP BY ALL) "
      "SELECT coalesce(person_key, 0), coalesce(customer_key, 0), occurred_at, amount_minor, "
      "greatest(least(coalesce(given, 0), amount_minor), 0)::BIGINT, currency, order_id, coupon, "
      "sequence, row_number FROM orders LEFT JOIN given_back USING (order_id, currency) "
      "WHERE occurred_at >= make_timestamp(%" PRId64 ") AND occurred_at < make_timestamp(%" PRId64
      ")",
      hs_drawn_in(scan->refund_until_us), hs_drawn_in(scan->from_us), hs_drawn_in(scan->until_us));
  return hs_trail_stream(trail, &sql, take_orders, state, err);
}

/* ---- identities and paths ---- */

struct identity_scan {
  hs_identity_fn each;
  void *context;
};

static enum hs_status take_identities(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  const struct identity_scan *scan = context;
  struct hs_identity_batch batch = {.count = duckdb_data_chunk_get_size(chunk),
                                    .visitor = hs_chunk_column(chunk, 0),
                                    .customer = hs_chunk_column(chunk, 1),
                                    .at_us = hs_chunk_column(chunk, 2)};
  return scan->each(scan->context, &batch, err);
}

enum hs_status hs_trail_scan_identities(void *self, int64_t until_us, hs_identity_fn each,
                                        void *context, struct hs_err *err)
{
  struct trail *trail = self;
  struct identity_scan scan = {each, context};
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  int64_t until = hs_drawn_in(until_us);
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_printf(&sql,
                "SELECT visitor_key, customer_key, occurred_at FROM identities WHERE occurred_at < "
                "make_timestamp(%" PRId64 ") UNION ALL SELECT person_key, customer_key, "
                "occurred_at FROM orders WHERE person IS NOT NULL AND customer IS NOT NULL AND "
                "occurred_at < make_timestamp(%" PRId64 ")",
                until, until);
  return hs_trail_stream(trail, &sql, take_identities, &scan, err);
}

struct path_scan {
  enum hs_status (*each)(void *context, struct hs_str path, double conversions, double value,
                         double nulls, struct hs_err *err);
  void *context;
};

static enum hs_status take_paths(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  const struct path_scan *scan = context;
  idx_t count = duckdb_data_chunk_get_size(chunk);
  const duckdb_string_t *path = hs_chunk_column(chunk, 0);
  const double *conversions = hs_chunk_column(chunk, 1);
  const double *value = hs_chunk_column(chunk, 2);
  const double *nulls = hs_chunk_column(chunk, 3);
  enum hs_status status = HS_OK;
  for (idx_t i = 0; status == HS_OK && i < count; i++)
    status =
        scan->each(scan->context, hs_text_at(path, i), conversions[i], value[i], nulls[i], err);
  return status;
}

enum hs_status hs_trail_scan_paths(void *self,
                                   enum hs_status (*each)(void *context, struct hs_str path,
                                                          double conversions, double value,
                                                          double nulls, struct hs_err *err),
                                   void *context, struct hs_err *err)
{
  struct trail *trail = self;
  struct path_scan scan = {each, context};
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  return hs_engine_stream(&trail->engine,
                          "SELECT path, conversions, coalesce(value, 0), coalesce(nulls, 0) FROM "
                          "paths ORDER BY sequence, row_number",
                          take_paths, &scan, err);
}
