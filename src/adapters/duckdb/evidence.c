/* Evidence about a set of ids: the walk that struct hs_evidence_ask describes, as a few joins a
   step, and then one join each with touches and orders.

   A step looks at all sides of the frontier at once. Its tables are temporary, so the engine keeps
   them within its memory and spills them like any other. What a step costs is the pass over the
   pairs: 50,000 ids are joined with them as quickly as one. */
#include <inttypes.h>
#include <stdio.h>

#include "adapters/duckdb/trail.h"

/* ---- the ids that are asked for ---- */

static enum hs_status put_ids(struct trail *trail, const struct hs_evidence_ask *ask,
                              struct hs_err *err)
{
  duckdb_appender appender = NULL;
  enum hs_status status =
      hs_engine_run(&trail->engine, "CREATE OR REPLACE TEMP TABLE asked (id BIGINT)", NULL, err);
  if (status)
    return status;
  int is_in = duckdb_appender_create_ext(trail->engine.connection, "temp", "main", "asked",
                                         &appender) == DuckDBSuccess;
  for (size_t i = 0; is_in && i < ask->id_count; i++)
    if (ask->ids[i] != 0)
      is_in = duckdb_append_int64(appender, (int64_t)ask->ids[i]) == DuckDBSuccess &&
              duckdb_appender_end_row(appender) == DuckDBSuccess;
  if (!is_in || duckdb_appender_close(appender) != DuckDBSuccess)
    status = hs_engine_failure(DUCKDB_ERROR_INVALID, duckdb_appender_error(appender), err);
  duckdb_appender_destroy(&appender);
  return status;
}

/* ---- the walk ---- */

/* near_ids: who is near. looked: every side that was looked at or is about to be. frontier: those
   that are about to be. pairs: what was seen, a pair perhaps from both of its ends. */
static enum hs_status begin_walk(struct trail *trail, int64_t until, struct hs_err *err)
{
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_printf(&sql,
                "CREATE OR REPLACE TEMP VIEW met AS "
                "SELECT visitor_key AS visitor, customer_key AS customer, sequence FROM identities "
                "WHERE sequence <= %" PRId64 " AND visitor_key <> customer_key UNION ALL "
                "SELECT person_key, customer_key, sequence FROM orders "
                "WHERE sequence <= %" PRId64 " AND person_key <> customer_key;\n",
                until, until);
  hs_buf_add_text(&sql,
                  "CREATE OR REPLACE TEMP TABLE near_ids AS SELECT DISTINCT id FROM asked;\n"
                  "CREATE OR REPLACE TEMP TABLE looked AS SELECT id, is_customer FROM near_ids, "
                  "(VALUES (false), (true)) sides (is_customer);\n"
                  "CREATE OR REPLACE TEMP TABLE frontier AS FROM looked;\n"
                  "CREATE OR REPLACE TEMP TABLE pairs (visitor BIGINT, customer BIGINT, sequence "
                  "BIGINT);\n");
  return hs_trail_run(trail, &sql, NULL, err);
}

/* The partners of the frontier's sides of one kind, as rows (id, is_customer, partner, sequence).
 */
static void add_partners(struct hs_buf *sql, const char *self, const char *partner,
                         const char *is_customer)
{
  hs_buf_printf(sql,
                "SELECT %s AS id, %s AS is_customer, %s AS partner, min(sequence) AS sequence "
                "FROM met SEMI JOIN (SELECT id FROM frontier WHERE is_customer = %s) sides "
                "ON %s = sides.id GROUP BY ALL",
                self, is_customer, partner, is_customer, self);
}

/* Looks at the frontier: its partners in the order of their meeting, one more than may be walked
   on to, and which of its sides are open. */
static void add_look(struct hs_buf *sql, const struct hs_evidence_ask *ask)
{
  hs_buf_add_text(sql, "CREATE OR REPLACE TEMP TABLE meetings AS SELECT *, row_number() OVER "
                       "(PARTITION BY id, is_customer ORDER BY sequence, partner) AS place FROM (");
  add_partners(sql, "visitor", "customer", "false");
  hs_buf_add_text(sql, " UNION ALL ");
  add_partners(sql, "customer", "visitor", "true");
  hs_buf_printf(sql, ") QUALIFY place <= %" PRId64 ";\n", (int64_t)ask->crowd + 1);
  hs_buf_add_text(sql, "INSERT INTO pairs SELECT if(is_customer, partner, id), "
                       "if(is_customer, id, partner), sequence FROM meetings;\n");
  hs_buf_printf(sql,
                "CREATE OR REPLACE TEMP TABLE open_sides AS SELECT id, is_customer FROM frontier "
                "ANTI JOIN (SELECT id, is_customer FROM meetings WHERE place > %" PRIu32
                " AND sequence <= %" PRId64 ") closed USING (id, is_customer);\n",
                ask->crowd, hs_drawn_in_count(ask->from_sequence));
}

/* Steps on: who has an open side is near, and is looked at from the other side too; partners on an
   open side are looked at from the side that faces it. */
static void add_step(struct hs_buf *sql, const struct hs_evidence_ask *ask)
{
  hs_buf_add_text(sql, "INSERT INTO near_ids SELECT DISTINCT id FROM open_sides ANTI JOIN near_ids "
                       "USING (id);\n");
  hs_buf_printf(sql,
                "CREATE OR REPLACE TEMP TABLE frontier AS SELECT * FROM ("
                "SELECT id, NOT is_customer AS is_customer FROM open_sides UNION "
                "SELECT partner, NOT is_customer FROM meetings SEMI JOIN open_sides "
                "USING (id, is_customer) WHERE place <= %" PRIu32
                ") ANTI JOIN looked USING (id, is_customer);\n",
                ask->crowd);
  hs_buf_add_text(sql, "INSERT INTO looked FROM frontier;\n");
}

static enum hs_status check_near(struct trail *trail, const struct hs_evidence_ask *ask,
                                 struct hs_err *err)
{
  int64_t near = 0;
  enum hs_status status = hs_trail_number(trail, "SELECT count(*) FROM near_ids", &near, err);
  if (status == HS_OK && (uint64_t)near > ask->near_max)
    return hs_evidence_too_wide(ask, err);
  return status;
}

static enum hs_status walk(struct trail *trail, const struct hs_evidence_ask *ask,
                           struct hs_err *err)
{
  int64_t left = 1;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  add_look(&sql, ask);
  add_step(&sql, ask);
  enum hs_status status = begin_walk(trail, hs_drawn_in_count(ask->until_sequence), err);
  while (status == HS_OK && left > 0) {
    status = hs_trail_run(trail, &sql, NULL, err);
    if (status == HS_OK)
      status = check_near(trail, ask, err);
    if (status == HS_OK)
      status = hs_trail_number(trail, "SELECT count(*) FROM frontier", &left, err);
  }
  return status;
}

/* Nobody is near but who is asked for, and nobody wants to know whom they met. */
static enum hs_status stay(struct trail *trail, const struct hs_evidence_ask *ask,
                           struct hs_err *err)
{
  enum hs_status status = hs_engine_run(
      &trail->engine, "CREATE OR REPLACE TEMP TABLE near_ids AS SELECT DISTINCT id FROM asked",
      NULL, err);
  return status ? status : check_near(trail, ask, err);
}

/* ---- what is given ---- */

struct giving {
  const struct hs_evidence_reader *reader;
  struct hs_str partner[HS_BATCH_ROWS];
  struct hs_str kind[HS_BATCH_ROWS];
  struct hs_str coupon[HS_BATCH_ROWS];
  struct hs_str order_id[HS_BATCH_ROWS];
};

static enum hs_status take_pairs(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  const struct giving *giving = context;
  struct hs_pair_batch batch = {.count = duckdb_data_chunk_get_size(chunk),
                                .visitor = hs_chunk_column(chunk, 0),
                                .customer = hs_chunk_column(chunk, 1),
                                .sequence = hs_chunk_column(chunk, 2)};
  return giving->reader->pairs(giving->reader->context, &batch, err);
}

static enum hs_status take_touches(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  struct giving *giving = context;
  hs_chunk_texts(chunk, 2, giving->partner);
  hs_chunk_texts(chunk, 3, giving->kind);
  hs_chunk_texts(chunk, 4, giving->coupon);
  struct hs_near_touch_batch batch = {.count = duckdb_data_chunk_get_size(chunk),
                                      .person = hs_chunk_column(chunk, 0),
                                      .at_us = hs_chunk_column(chunk, 1),
                                      .partner = giving->partner,
                                      .kind = giving->kind,
                                      .coupon = giving->coupon,
                                      .stands_down = hs_chunk_column(chunk, 5),
                                      .sequence = hs_chunk_column(chunk, 6),
                                      .row_number = hs_chunk_column(chunk, 7)};
  return giving->reader->touches(giving->reader->context, &batch, err);
}

static enum hs_status take_first_orders(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  struct giving *giving = context;
  hs_chunk_texts(chunk, 4, giving->order_id);
  struct hs_first_order_batch batch = {.count = duckdb_data_chunk_get_size(chunk),
                                       .id = hs_chunk_column(chunk, 0),
                                       .at_us = hs_chunk_column(chunk, 1),
                                       .order_id = giving->order_id,
                                       .sequence = hs_chunk_column(chunk, 2),
                                       .row_number = hs_chunk_column(chunk, 3)};
  return giving->reader->first_orders(giving->reader->context, &batch, err);
}

/* Who touched is read from the numbers of every touch in the period, the texts only from where the
   hits lie: events come in the order of time, or nearly so, and the engine leaves out what has no
   hit between its first and its last row. */
static enum hs_status give_touches(struct trail *trail, const struct hs_evidence_ask *ask,
                                   struct giving *giving, struct hs_err *err)
{
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_printf(&sql,
                "CREATE OR REPLACE TEMP TABLE hits AS SELECT touches.rowid AS place FROM touches "
                "SEMI JOIN near_ids ON person_key = id WHERE occurred_at >= "
                "make_timestamp(%" PRId64 ") AND occurred_at < make_timestamp(%" PRId64
                ") AND sequence <= %" PRId64,
                hs_drawn_in(ask->from_us), hs_drawn_in(ask->until_us),
                hs_drawn_in_count(ask->until_sequence));
  enum hs_status status = hs_trail_run(trail, &sql, NULL, err);
  if (status)
    return status;
  return hs_engine_stream(&trail->engine,
                          "SELECT person_key, occurred_at, partner, kind, coupon, "
                          "(coalesce(stands_down, 0) <> 0)::UTINYINT, sequence, row_number "
                          "FROM touches SEMI JOIN hits ON touches.rowid = place",
                          take_touches, giving, err);
}

/* Those of an id's orders, by time, that were known before every earlier one was. UNION makes one
   of an order that names the id on both sides. Names are read last, of the few that are given. */
static enum hs_status give_first_orders(struct trail *trail, const struct hs_evidence_ask *ask,
                                        struct giving *giving, struct hs_err *err)
{
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_printf(&sql,
                "CREATE OR REPLACE TEMP TABLE firsts AS "
                "WITH known AS (SELECT *, rowid AS place FROM orders WHERE occurred_at < "
                "make_timestamp(%" PRId64 ") AND sequence <= %" PRId64 "), ",
                hs_drawn_in(ask->until_us), hs_drawn_in_count(ask->until_sequence));
  hs_buf_add_text(
      &sql,
      "own AS (SELECT id, place, occurred_at, sequence, row_number FROM known JOIN near_ids ON "
      "person_key = id UNION SELECT id, place, occurred_at, sequence, row_number FROM known JOIN "
      "near_ids ON customer_key = id) SELECT id, place FROM own QUALIFY "
      "coalesce(sequence < min(sequence) OVER (PARTITION BY id ORDER BY occurred_at, sequence, "
      "row_number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true)");
  enum hs_status status = hs_trail_run(trail, &sql, NULL, err);
  if (status)
    return status;
  return hs_engine_stream(&trail->engine,
                          "SELECT id, occurred_at, sequence, row_number, order_id FROM firsts JOIN "
                          "orders ON orders.rowid = place",
                          take_first_orders, giving, err);
}

static enum hs_status give(struct trail *trail, const struct hs_evidence_ask *ask,
                           const struct hs_evidence_reader *reader, struct hs_err *err)
{
  struct giving *giving = hs_arena_alloc(&trail->arena, 1, sizeof *giving);
  if (!giving)
    return hs_arena_full(&trail->arena, "a scan of evidence", err);
  giving->reader = reader;
  enum hs_status status = HS_OK;
  if (reader->pairs)
    status =
        hs_engine_stream(&trail->engine, "SELECT DISTINCT visitor, customer, sequence FROM pairs",
                         take_pairs, giving, err);
  if (status == HS_OK && reader->touches)
    status = give_touches(trail, ask, giving, err);
  if (status == HS_OK && reader->first_orders)
    status = give_first_orders(trail, ask, giving, err);
  return status;
}

/* What the walk left behind is nobody's after it: a later one need not find the engine full. */
static enum hs_status forget(struct trail *trail, struct hs_err *err)
{
  return hs_engine_run(&trail->engine,
                       "DROP VIEW IF EXISTS met; DROP TABLE IF EXISTS asked; DROP TABLE IF EXISTS "
                       "near_ids; DROP TABLE IF EXISTS looked; DROP TABLE IF EXISTS frontier; DROP "
                       "TABLE IF EXISTS pairs; DROP TABLE IF EXISTS meetings; DROP TABLE IF EXISTS "
                       "open_sides; DROP TABLE IF EXISTS hits; DROP TABLE IF EXISTS firsts",
                       NULL, err);
}

enum hs_status hs_trail_evidence(void *self, const struct hs_evidence_ask *ask,
                                 const struct hs_evidence_reader *reader, struct hs_err *err)
{
  struct trail *trail = self;
  HS_ASSERT(ask->from_sequence <= ask->until_sequence);
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  status = put_ids(trail, ask, err);
  if (status == HS_OK)
    status = ask->crowd == 0 && !reader->pairs ? stay(trail, ask, err) : walk(trail, ask, err);
  if (status == HS_OK)
    status = give(trail, ask, reader, err);
  enum hs_status forgotten = forget(trail, status ? NULL : err);
  return status ? status : forgotten;
}
