/* The totals of a period: the engine counts, the port's fold shares and adds. */
#include "ports/totals.h"

#include <inttypes.h>

#include "adapters/duckdb/trail.h"

/* One SELECT of the totals, and what a row of it is added as. */
struct part {
  struct trail *trail;
  struct hs_totals *totals;
  enum hs_status (*add)(struct part *part, duckdb_data_chunk chunk, idx_t i, struct hs_err *err);
};

static const int64_t *integers(duckdb_data_chunk chunk, idx_t c)
{
  return duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, c));
}

/* A text that outlives its chunk. */
static enum hs_status text_of(struct part *part, duckdb_data_chunk chunk, idx_t c, idx_t i,
                              struct hs_str *out, struct hs_err *err)
{
  struct hs_str text =
      hs_text_at(duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, c)), i);
  out->data = hs_arena_copy(&part->trail->arena, text.data, text.length);
  out->length = text.length;
  return out->data ? HS_OK : hs_arena_full(&part->trail->arena, "the totals", err);
}

/* The partner and what it is divided by: the first two columns. */
static enum hs_status names_of(struct part *part, duckdb_data_chunk chunk, idx_t i,
                               struct hs_str *partner, struct hs_str *kind, struct hs_err *err)
{
  enum hs_status status = text_of(part, chunk, 0, i, partner, err);
  return status == HS_OK ? text_of(part, chunk, 1, i, kind, err) : status;
}

static enum hs_status add_touches(struct part *part, duckdb_data_chunk chunk, idx_t i,
                                  struct hs_err *err)
{
  struct hs_str partner = {0};
  struct hs_str kind = {0};
  enum hs_status status = names_of(part, chunk, i, &partner, &kind, err);
  if (status != HS_OK)
    return status;
  return hs_totals_add_touches(part->totals, partner, kind, (uint64_t)integers(chunk, 2)[i],
                               (uint64_t)integers(chunk, 3)[i], err);
}

static enum hs_status add_leads(struct part *part, duckdb_data_chunk chunk, idx_t i,
                                struct hs_err *err)
{
  struct hs_str partner = {0};
  enum hs_status status = text_of(part, chunk, 0, i, &partner, err);
  if (status != HS_OK)
    return status;
  return hs_totals_add_leads(part->totals, partner, (uint64_t)integers(chunk, 1)[i], err);
}

static enum hs_status add_activity(struct part *part, duckdb_data_chunk chunk, idx_t i,
                                   struct hs_err *err)
{
  struct hs_str partner = {0};
  struct hs_str kind = {0};
  enum hs_status status = names_of(part, chunk, i, &partner, &kind, err);
  if (status != HS_OK)
    return status;
  return hs_totals_add_activity(part->totals, partner, kind, integers(chunk, 2)[i], err);
}

static enum hs_status add_cost(struct part *part, duckdb_data_chunk chunk, idx_t i,
                               struct hs_err *err)
{
  const double *hours = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 6));
  struct hs_totals_cost cost = {.amount_minor = integers(chunk, 3)[i],
                                .from_day = integers(chunk, 4)[i],
                                .to_day = integers(chunk, 5)[i],
                                .hours = hours[i]};
  enum hs_status status = names_of(part, chunk, i, &cost.partner, &cost.channel, err);
  if (status == HS_OK)
    status = text_of(part, chunk, 2, i, &cost.currency, err);
  return status == HS_OK ? hs_totals_add_cost(part->totals, &cost, err) : status;
}

static enum hs_status take_rows(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  struct part *part = context;
  idx_t count = duckdb_data_chunk_get_size(chunk);
  enum hs_status status = HS_OK;
  for (idx_t i = 0; status == HS_OK && i < count; i++)
    status = part->add(part, chunk, i, err);
  return status;
}

#define IN_PERIOD                                                                                  \
  "occurred_at >= make_timestamp(%" PRId64 ") AND occurred_at < make_timestamp(%" PRId64 ")"

static void touches_sql(struct hs_buf *sql, int64_t from_us, int64_t until_us)
{
  hs_buf_printf(sql,
                "SELECT coalesce(partner, ''), CASE WHEN grouping(kind) = 1 THEN '' ELSE kind END, "
                "count(*), count(DISTINCT person_key) FROM touches WHERE " IN_PERIOD
                " GROUP BY GROUPING SETS ((partner, kind), (partner)) "
                "HAVING grouping(kind) = 0 OR partner IS NOT NULL",
                from_us, until_us);
}

/* A lead has a row for each status; it came in with its first. */
static void leads_sql(struct hs_buf *sql, int64_t from_us, int64_t until_us)
{
  hs_buf_printf(sql,
                "SELECT coalesce(partner, ''), count(*) FROM (FROM leads QUALIFY row_number() OVER "
                "(PARTITION BY lead_id ORDER BY sequence, leads.row_number) = 1) WHERE " IN_PERIOD
                " GROUP BY ALL",
                from_us, until_us);
}

static void activity_sql(struct hs_buf *sql, const struct hs_totals *totals)
{
  hs_buf_printf(sql,
                "SELECT partner, kind, sum(count)::BIGINT FROM activity WHERE "
                "epoch_us(day) >= %" PRId64 " AND epoch_us(day) < %" PRId64 " GROUP BY ALL",
                totals->day_first * INT64_C(86400000000), totals->day_end * INT64_C(86400000000));
}

/* Days are whole numbers in the fold; a cost that spans no day of the period adds nothing there. */
static void costs_sql(struct hs_buf *sql)
{
  hs_buf_add_text(sql,
                  "SELECT coalesce(partner, ''), coalesce(channel, ''), CASE WHEN amount_minor "
                  "IS NULL THEN '' ELSE coalesce(currency, '') END, coalesce(amount_minor, 0), "
                  "(\"from\" - DATE '1970-01-01')::BIGINT, "
                  "(coalesce(\"to\", \"from\") - DATE '1970-01-01')::BIGINT, "
                  "coalesce(hours, 0) FROM costs ORDER BY sequence, row_number");
}

enum hs_status hs_trail_totals(void *self, int64_t from_us, int64_t until_us, hs_total_fn each,
                               void *context, struct hs_err *err)
{
  struct trail *trail = self;
  struct hs_totals totals;
  struct part parts[] = {{trail, &totals, add_touches},
                         {trail, &totals, add_leads},
                         {trail, &totals, add_activity},
                         {trail, &totals, add_cost}};
  struct hs_buf sql[sizeof parts / sizeof *parts];
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  from_us = hs_drawn_in(from_us);
  until_us = hs_drawn_in(until_us);
  hs_totals_init(&totals, &trail->arena, from_us, until_us);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    sql[i] = hs_buf_in(&trail->arena);
  touches_sql(&sql[0], from_us, until_us);
  leads_sql(&sql[1], from_us, until_us);
  activity_sql(&sql[2], &totals);
  costs_sql(&sql[3]);
  for (size_t i = 0; status == HS_OK && i < sizeof parts / sizeof *parts; i++)
    status = hs_trail_stream(trail, &sql[i], take_rows, &parts[i], err);
  return status ? status : hs_totals_give(&totals, each, context, err);
}

static enum hs_status take_range(void *context, duckdb_data_chunk chunk,
                                 [[maybe_unused]] struct hs_err *err)
{
  int64_t *range = context;
  for (idx_t c = 0; c < 3; c++)
    range[c] = integers(chunk, c)[0];
  return HS_OK;
}

/* sql gives a count of what is there, and the first and the last of it. */
static enum hs_status ask_range(struct trail *trail, const char *sql, int64_t *first, int64_t *last,
                                struct hs_err *err)
{
  int64_t range[3] = {0}; /* count, first, last */
  enum hs_status status = hs_trail_ready(trail, err);
  if (status == HS_OK)
    status = hs_engine_stream(&trail->engine, sql, take_range, range, err);
  if (status)
    return status;
  if (range[0] == 0)
    return hs_fail(err, HS_NOT_FOUND, "there is nothing with a date yet");
  *first = range[1];
  *last = range[2];
  return HS_OK;
}

enum hs_status hs_trail_range(void *self, int64_t *first_us, int64_t *last_us, struct hs_err *err)
{
  return ask_range(
      self,
      "SELECT count(first), coalesce(epoch_us(min(first)), 0), coalesce(epoch_us(max(last)), 0) "
      "FROM (SELECT min(occurred_at) AS first, max(occurred_at) AS last FROM touches UNION ALL "
      "SELECT min(occurred_at), max(occurred_at) FROM orders)",
      first_us, last_us, err);
}

enum hs_status hs_trail_day_range(void *self, int64_t *first_day, int64_t *last_day,
                                  struct hs_err *err)
{
  return ask_range(self,
                   "SELECT count(first), coalesce(min(first) - DATE '1970-01-01', 0)::BIGINT, "
                   "coalesce(max(last) - DATE '1970-01-01', 0)::BIGINT "
                   "FROM (SELECT min(day) AS first, max(day) AS last FROM activity UNION ALL "
                   "SELECT min(\"from\"), max(coalesce(\"to\", \"from\")) FROM costs)",
                   first_day, last_day, err);
}

static enum hs_status take_count(void *context, duckdb_data_chunk chunk,
                                 [[maybe_unused]] struct hs_err *err)
{
  *(uint64_t *)context = (uint64_t)integers(chunk, 0)[0];
  return HS_OK;
}

enum hs_status hs_trail_conflict_count(void *self, uint64_t *out, struct hs_err *err)
{
  struct trail *trail = self;
  enum hs_status status = hs_trail_ready(trail, err);
  return status ? status
                : hs_engine_stream(&trail->engine, "SELECT count(*) FROM conflicts", take_count,
                                   out, err);
}

enum hs_status hs_trail_touch_count(void *self, int64_t from_us, int64_t until_us, uint64_t *out,
                                    struct hs_err *err)
{
  struct trail *trail = self;
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_printf(&sql, "SELECT count(*) FROM touches WHERE " IN_PERIOD, hs_drawn_in(from_us),
                hs_drawn_in(until_us));
  return hs_trail_stream(trail, &sql, take_count, out, err);
}

static enum hs_status take_stray(void *context, duckdb_data_chunk chunk,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct hs_stray_refunds *out = context;
  out->order_unknown = (uint64_t)integers(chunk, 0)[0];
  out->other_currency = (uint64_t)integers(chunk, 1)[0];
  return HS_OK;
}

enum hs_status hs_trail_stray_refunds(void *self, int64_t from_us, int64_t until_us,
                                      struct hs_stray_refunds *out, struct hs_err *err)
{
  struct trail *trail = self;
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  /* An order's name is its key: each refund meets one order at most. */
  hs_buf_printf(&sql,
                "SELECT count(*) FILTER (orders.order_id IS NULL), "
                "count(*) FILTER (orders.currency <> refunds.currency) "
                "FROM (SELECT order_id, currency FROM refunds WHERE " IN_PERIOD ") AS refunds "
                "LEFT JOIN orders ON orders.order_id = refunds.order_id",
                hs_drawn_in(from_us), hs_drawn_in(until_us));
  return hs_trail_stream(trail, &sql, take_stray, out, err);
}
