/* Orders to commissions: what the ledger takes to judge every order of an import and to post what
   it earns, with the evidence, the entries, the tallies and the cursor, against what SQLite takes
   to insert the same rows into the same tables with the same indexes in the same transaction,
   synced the same. The peer has its rows in memory and reads and judges nothing. Then how long it
   takes to explain one commission. Medians of runs that alternate, each in a process of its own.

   HANSA_BENCH_ORDERS: orders, each after one touch of a partner; 200,000 unless told otherwise. */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "programme.h"
#include "sales.h"
#include "service/post/explain.h"

enum { ROUNDS = 3, PARTNERS = 30, EXPLAINED = 1000 };

#define GOAL 2.5
#define GOAL_EXPLAIN_MS 1.0

static const char PROGRAMME[] = HANSA_BINARY_DIR "/bench_ledger.data";
static const char BOOK[] = HANSA_BINARY_DIR "/bench_ledger.data/book.sqlite";
static const char PEER[] = HANSA_BINARY_DIR "/bench_ledger.sqlite";
static uint64_t order_count;
static struct hs_arena arena;
static struct hs_err err;

/* ---- ours ---- */

static void post(void)
{
  struct hs_programme programme;
  struct hs_posted posted;
  bench_check(hs_programme_open(bench_wiring(), &arena, PROGRAMME, NULL, NULL, &programme, &err),
              &err);
  bench_start();
  bench_check(hs_ledger_replay(&programme, NULL, NULL, &posted, &err), &err);
  bench_stop();
  HS_ASSERT(posted.commissions == order_count);
  hs_programme_close(&programme);
}

/* ---- SQLite alone ---- */

static void run(sqlite3 *db, const char *sql)
{
  if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return;
  (void)fprintf(stderr, "bench_ledger: %s: %s\n", sql, sqlite3_errmsg(db));
  exit(EXIT_FAILURE);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK)
    return statement;
  (void)fprintf(stderr, "bench_ledger: %s: %s\n", sql, sqlite3_errmsg(db));
  exit(EXIT_FAILURE);
}

static const char *const TABLES[] = {"accounts", "commissions", "transfers", "tallies"};
enum { TABLE_COUNT = sizeof TABLES / sizeof *TABLES };

struct rows {
  size_t count, column_count;
  sqlite3_value **values;
};

static void read_rows(sqlite3 *book, const char *table, struct rows *rows)
{
  char sql[100];
  (void)snprintf(sql, sizeof sql, "SELECT * FROM %s", table);
  sqlite3_stmt *statement = prepare(book, sql);
  size_t capacity = 0;
  *rows = (struct rows){.column_count = (size_t)sqlite3_column_count(statement)};
  while (sqlite3_step(statement) == SQLITE_ROW) {
    if (rows->count * rows->column_count == capacity) {
      capacity = 2 * capacity + 1024 * rows->column_count;
      sqlite3_value **wider = realloc(rows->values, capacity * sizeof *wider);
      if (wider == NULL)
        exit(EXIT_FAILURE);
      rows->values = wider;
    }
    for (size_t c = 0; c < rows->column_count; c++)
      rows->values[rows->count * rows->column_count + c] =
          sqlite3_value_dup(sqlite3_column_value(statement, (int)c));
    rows->count++;
  }
  (void)sqlite3_finalize(statement);
}

static void insert_rows(sqlite3 *peer, const char *table, const struct rows *rows)
{
  char sql[200];
  int length = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", table);
  for (size_t c = 1; c < rows->column_count; c++)
    length += snprintf(sql + length, sizeof sql - (size_t)length, ", ?");
  (void)snprintf(sql + length, sizeof sql - (size_t)length, ")");
  sqlite3_stmt *statement = prepare(peer, sql);
  for (size_t r = 0; r < rows->count; r++) {
    for (size_t c = 0; c < rows->column_count; c++)
      (void)sqlite3_bind_value(statement, (int)c + 1, rows->values[r * rows->column_count + c]);
    if (sqlite3_step(statement) != SQLITE_DONE) {
      (void)fprintf(stderr, "bench_ledger: %s: %s\n", table, sqlite3_errmsg(peer));
      exit(EXIT_FAILURE);
    }
    (void)sqlite3_reset(statement);
  }
  (void)sqlite3_finalize(statement);
}

/* The tables as the book has them, without what refers to tables that are not here. */
static void make_tables(sqlite3 *book, sqlite3 *peer)
{
  sqlite3_stmt *statement =
      prepare(book, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND type <> 'trigger' AND "
                    "tbl_name IN ('accounts', 'commissions', 'transfers', 'tallies') "
                    "ORDER BY rowid");
  while (sqlite3_step(statement) == SQLITE_ROW)
    run(peer, (const char *)sqlite3_column_text(statement, 0));
  (void)sqlite3_finalize(statement);
}

static void insert(void)
{
  sqlite3 *book = NULL;
  sqlite3 *peer = NULL;
  struct rows rows[TABLE_COUNT];
  (void)remove(PEER);
  if (sqlite3_open_v2(BOOK, &book, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
      sqlite3_open(PEER, &peer) != SQLITE_OK)
    exit(EXIT_FAILURE);
  run(peer, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; "
            "PRAGMA cache_size = -65536"); /* as ours has it */
  make_tables(book, peer);
  for (size_t t = 0; t < TABLE_COUNT; t++)
    read_rows(book, TABLES[t], &rows[t]);
  bench_start();
  run(peer, "BEGIN");
  for (size_t t = 0; t < TABLE_COUNT; t++)
    insert_rows(peer, TABLES[t], &rows[t]);
  run(peer, "COMMIT");
  bench_stop();
  HS_ASSERT(rows[1].count == order_count);
  (void)sqlite3_close(peer);
  (void)sqlite3_close(book);
}

/* ---- explaining ---- */

struct picking {
  uint64_t seen;
  size_t count;
  struct hs_id ids[EXPLAINED];
};

static enum hs_status pick(void *context, const struct hs_commission_row *row,
                           [[maybe_unused]] struct hs_err *pick_err)
{
  struct picking *picking = context;
  uint64_t step = order_count < EXPLAINED ? 1 : order_count / EXPLAINED;
  if (picking->seen++ % step == 0 && picking->count < EXPLAINED)
    picking->ids[picking->count++] = row->id;
  return HS_OK;
}

static void explain(void)
{
  static struct picking picking;
  struct hs_programme programme;
  bench_check(hs_programme_open(bench_wiring(), &arena, PROGRAMME, NULL, NULL, &programme, &err),
              &err);
  const struct hs_ledger_reader *ledger = &programme.book.ledger;
  bench_check(ledger->commissions(ledger->self, (struct hs_str){0}, INT64_MIN, INT64_MAX, pick,
                                  &picking, &err),
              &err);
  size_t mark = hs_arena_mark(&arena);
  bench_start();
  for (size_t i = 0; i < picking.count; i++) {
    struct hs_buf out = hs_buf_in(&arena);
    bench_check(hs_commission_say(&programme, &picking.ids[i], &out, &err), &err);
    hs_arena_reset(&arena, mark);
  }
  bench_stop();
  HS_ASSERT(picking.count == EXPLAINED || picking.count == order_count);
  hs_programme_close(&programme);
}

int main(void)
{
  struct bench_cost ours[ROUNDS];
  struct bench_cost peer[ROUNDS];
  struct bench_cost told[ROUNDS];
  order_count = bench_setting("HANSA_BENCH_ORDERS", 200000);
  bench_check(hs_arena_init(&arena, 64 * HS_MIB, &err), &err);
  const struct bench_sales sales = {.order_count = order_count,
                                    .orders_per_import = order_count,
                                    .partner_count = PARTNERS,
                                    .touches_per_order = 1};
  bench_sales_make(PROGRAMME, &sales);
  for (size_t i = 0; i < ROUNDS; i++) {
    ours[i] = bench_run(post);
    peer[i] = bench_run(insert);
    told[i] = bench_run(explain);
  }
  struct bench_cost post_cost = bench_median(ours, ROUNDS);
  struct bench_cost insert_cost = bench_median(peer, ROUNDS);
  struct bench_cost explain_cost = bench_median(told, ROUNDS);
  double explain_ms = explain_cost.wall_s * 1000 / EXPLAINED;
  printf("ledger, %" PRIu64
         " orders judged and posted | %.2f s, %.0f MiB | %.2f s SQLite inserting "
         "the same rows | %.2f | <= %.1f\n",
         order_count, post_cost.wall_s, post_cost.resident_mib, insert_cost.wall_s,
         post_cost.wall_s / insert_cost.wall_s, GOAL);
  printf("ledger, one commission explained | %.3f ms | %.0f ms | %.2f | <= 1.00\n", explain_ms,
         GOAL_EXPLAIN_MS, explain_ms / GOAL_EXPLAIN_MS);
  bench_remove(PROGRAMME);
  (void)remove(PEER);
  return EXIT_SUCCESS;
}
