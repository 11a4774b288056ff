/* New orders and refunds, in the order of the journal. */
#include <inttypes.h>

#include "adapters/duckdb/trail.h"

/* ---- orders ---- */

/* The name's hash is what the table can skip by. */
static void add_name(struct hs_buf *sql, struct trail *trail, struct hs_str order_id)
{
  const char *name = hs_arena_copy(&trail->arena, order_id.data, order_id.length);
  sql->is_bad |= name == NULL;
  for (int part = 0; part < 2 && name != NULL; part++) {
    hs_buf_add_text(sql, part == 0 ? " AND order_id = " : " AND key_hash = person_key(");
    hs_sql_text(sql, name);
  }
  hs_buf_add_char(sql, ')');
}

struct new_order_scan {
  hs_new_order_fn each;
  void *context;
  struct order_texts texts;
  struct hs_str country[HS_BATCH_ROWS];
  struct hs_str items[HS_BATCH_ROWS];
  struct hs_str metadata[HS_BATCH_ROWS];
};

static enum hs_status take_orders(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  struct new_order_scan *scan = context;
  hs_chunk_texts(chunk, 15, scan->country);
  hs_chunk_texts(chunk, 16, scan->items);
  hs_chunk_texts(chunk, 17, scan->metadata);
  struct hs_new_order_batch batch = {.basic = hs_trail_order_batch(&scan->texts, chunk),
                                     .cart_at_us = hs_chunk_column(chunk, 10),
                                     .tax_minor = hs_chunk_column(chunk, 11),
                                     .shipping_minor = hs_chunk_column(chunk, 12),
                                     .discount_minor = hs_chunk_column(chunk, 13),
                                     .cost_minor = hs_chunk_column(chunk, 14),
                                     .country = scan->country,
                                     .items = scan->items,
                                     .metadata = scan->metadata};
  return scan->each(scan->context, &batch, err);
}

/* What follows the columns of hs_order_batch. Numbers that were not said get the value by which
   hs_new_order_batch says so. */
#define SAID                                                                                       \
  ", coalesce(epoch_us(cart_at), 9223372036854775807), coalesce(tax_minor, 0), "                   \
  "coalesce(shipping_minor, 0), coalesce(discount_minor, 0), coalesce(cost_minor, -1), "           \
  "country, items, metadata "

static enum hs_status give_orders(struct trail *trail, const struct hs_buf *sql,
                                  hs_new_order_fn each, void *context, struct hs_err *err)
{
  struct new_order_scan *state = hs_arena_alloc(&trail->arena, 1, sizeof *state);
  if (!state)
    return hs_arena_full(&trail->arena, "a page of orders", err);
  state->each = each;
  state->context = context;
  return hs_trail_stream(trail, sql, take_orders, state, err);
}

enum hs_status hs_trail_new_orders(void *self, const struct hs_order_page *page,
                                   hs_new_order_fn each, void *context, struct hs_err *err)
{
  struct trail *trail = self;
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  int64_t after = hs_drawn_in_count(page->after_sequence);
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_printf(&sql,
                "SELECT coalesce(person_key, 0), coalesce(customer_key, 0), occurred_at, "
                "amount_minor, 0::BIGINT, currency, order_id, coupon, sequence, row_number" SAID
                "FROM orders WHERE sequence >= %" PRId64 " AND sequence <= %" PRId64
                " AND (sequence > %" PRId64 " OR row_number > %" PRId64 ")",
                after, hs_drawn_in_count(page->until_sequence), after, page->after_row);
  if (page->from_us != 0 || page->until_us != 0)
    hs_buf_printf(&sql,
                  " AND occurred_at >= make_timestamp(%" PRId64
                  ") AND occurred_at < make_timestamp(%" PRId64 ")",
                  hs_drawn_in(page->from_us), hs_drawn_in(page->until_us));
  if (page->order_id.data != NULL)
    add_name(&sql, trail, page->order_id);
  hs_buf_printf(&sql, " ORDER BY sequence, row_number LIMIT %" PRId64,
                hs_drawn_in_count(page->count_max));
  return give_orders(trail, &sql, each, context, err);
}

/* The names of the page are what the refunds are looked up by. */
enum hs_status hs_trail_orders_between(void *self, const struct hs_order_span *span,
                                       hs_new_order_fn each, void *context, struct hs_err *err)
{
  struct trail *trail = self;
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  int64_t until = hs_drawn_in_count(span->until_sequence);
  int64_t behind = hs_drawn_in_count(span->behind_sequence);
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_printf(&sql,
                "WITH page AS MATERIALIZED (SELECT * FROM orders WHERE occurred_at >= "
                "make_timestamp(%" PRId64 ") AND occurred_at < make_timestamp(%" PRId64
                ") AND sequence > %" PRId64 " AND sequence <= %" PRId64,
                hs_drawn_in(span->from_us), hs_drawn_in(span->until_us),
                hs_drawn_in_count(span->after_sequence), until);
  if (span->behind_us != INT64_MIN)
    hs_buf_printf(&sql,
                  " AND (occurred_at, sequence, row_number) > (make_timestamp(%" PRId64
                  "), %" PRId64 ", %" PRId64 ")",
                  hs_drawn_in(span->behind_us), behind, span->behind_row);
  hs_buf_printf(
      &sql,
      " ORDER BY occurred_at, sequence, row_number LIMIT %" PRId64
      "), given_back AS (SELECT order_id, currency, sum(amount_minor) AS given FROM "
      "refunds SEMI JOIN page USING (order_id) WHERE sequence <= %" PRId64 " GROUP BY ALL) "
      "SELECT coalesce(person_key, 0), coalesce(customer_key, 0), occurred_at, "
      "amount_minor, greatest(least(coalesce(given, 0), amount_minor), 0)::BIGINT, "
      "currency, order_id, coupon, sequence, row_number" SAID "FROM page LEFT JOIN given_back "
      "USING (order_id, currency) ORDER BY occurred_at, sequence, row_number",
      hs_drawn_in_count(span->count_max), until);
  return give_orders(trail, &sql, each, context, err);
}

/* ---- refunds ---- */

struct refund_scan {
  hs_refund_fn each;
  void *context;
  struct hs_str order_id[HS_BATCH_ROWS];
  struct hs_str refund_id[HS_BATCH_ROWS];
  struct hs_str reason[HS_BATCH_ROWS];
  struct hs_str currency[HS_BATCH_ROWS];
};

static enum hs_status take_refunds(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  struct refund_scan *scan = context;
  hs_chunk_texts(chunk, 0, scan->order_id);
  hs_chunk_texts(chunk, 1, scan->refund_id);
  hs_chunk_texts(chunk, 2, scan->reason);
  hs_chunk_texts(chunk, 3, scan->currency);
  struct hs_refund_batch batch = {.count = duckdb_data_chunk_get_size(chunk),
                                  .order_id = scan->order_id,
                                  .refund_id = scan->refund_id,
                                  .reason = scan->reason,
                                  .currency = scan->currency,
                                  .at_us = hs_chunk_column(chunk, 4),
                                  .amount_minor = hs_chunk_column(chunk, 5),
                                  .refunded_minor = hs_chunk_column(chunk, 6),
                                  .order_amount_minor = hs_chunk_column(chunk, 7),
                                  .sequence = hs_chunk_column(chunk, 8),
                                  .own_sequence = hs_chunk_column(chunk, 9),
                                  .row_number = hs_chunk_column(chunk, 10)};
  return scan->each(scan->context, &batch, err);
}

/* Orders of which a refund begins to hold in the range: those of the range's refunds, and those of
   the range that a refund was waiting for. Usually there are few, and then neither table is read as
   a whole. */
static enum hs_status find_stirred(struct trail *trail, int64_t from, int64_t until, int64_t *count,
                                   struct hs_err *err)
{
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_printf(&sql,
                "CREATE OR REPLACE TEMP TABLE stirred AS SELECT DISTINCT order_id, "
                "person_key(order_id) AS key_hash FROM (SELECT order_id FROM refunds WHERE "
                "sequence > %" PRId64 " AND sequence <= %" PRId64
                " UNION ALL SELECT order_id FROM refunds SEMI JOIN (SELECT order_id FROM orders "
                "WHERE sequence > %" PRId64 " AND sequence <= %" PRId64
                ") USING (order_id) WHERE sequence <= %" PRId64 ")",
                from, until, from, until, from);
  enum hs_status status = hs_trail_run(trail, &sql, NULL, err);
  return status ? status : hs_trail_number(trail, "SELECT count(*) FROM stirred", count, err);
}

/* An order's name is looked for by its hash first: 64-bit numbers are read from the many orders,
   and texts from the few that may be it. */
static void add_refunds_held(struct hs_buf *sql, int64_t from, int64_t until)
{
  hs_buf_printf(
      sql,
      "WITH sold AS MATERIALIZED (SELECT order_id, currency, amount_minor AS order_amount_minor, "
      "sequence AS order_sequence FROM orders SEMI JOIN stirred USING (key_hash)), "
      "held AS (SELECT *, greatest(sequence, order_sequence) AS holds_from, sum(amount_minor) OVER "
      "(PARTITION BY order_id ORDER BY sequence, row_number ROWS UNBOUNDED PRECEDING) AS given "
      "FROM refunds SEMI JOIN stirred USING (order_id) JOIN sold USING (order_id, currency)) "
      "SELECT order_id, refund_id, reason, currency, occurred_at, amount_minor, "
      "greatest(least(given, order_amount_minor), 0)::BIGINT, order_amount_minor, holds_from, "
      "sequence, row_number FROM held WHERE holds_from > %" PRId64 " AND holds_from <= %" PRId64
      " ORDER BY holds_from, sequence, row_number",
      from, until);
}

enum hs_status hs_trail_new_refunds(void *self, uint64_t from_sequence, uint64_t until_sequence,
                                    hs_refund_fn each, void *context, struct hs_err *err)
{
  struct trail *trail = self;
  int64_t from = hs_drawn_in_count(from_sequence);
  int64_t until = hs_drawn_in_count(until_sequence);
  int64_t stirred = 0;
  enum hs_status status = hs_trail_ready(trail, err);
  if (status == HS_OK)
    status = find_stirred(trail, from, until, &stirred, err);
  if (status || stirred == 0)
    return status;
  struct refund_scan *state = hs_arena_alloc(&trail->arena, 1, sizeof *state);
  if (!state)
    return hs_arena_full(&trail->arena, "a scan of refunds", err);
  state->each = each;
  state->context = context;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  add_refunds_held(&sql, from, until);
  return hs_trail_stream(trail, &sql, take_refunds, state, err);
}
