/* `hansa import touches` of a CSV file, from the open programme to the closed one: read, checked,
   kept as Parquet, synced, hashed, journalled, judged and stored. The peer is DuckDB's own COPY of
   the same file into the same table of a database file, up to its checkpoint: it keeps no copy of
   the source's rows, knows no duplicates and checks less, and it is the fastest way that there is
   into that table. Medians of runs that alternate, each in a process of its own.

   HANSA_BENCH_ROWS: rows of the file, 10,000,000 (1.2 GB) unless told otherwise. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "adapters/duckdb/engine.h"
#include "adapters/duckdb/schema.h"
#include "programme.h"
#include "service/track/import.h"

enum { ROUNDS = 3, SLOTS = 2 };

#define GOAL 2.0

static const char SOURCE[] = HANSA_BINARY_DIR "/bench_import.csv";
static const char PROGRAMME[] = HANSA_BINARY_DIR "/bench_import.data";
static const char PEER[] = HANSA_BINARY_DIR "/bench_import.duckdb";
static uint64_t row_count;

/* Ids, moments, partners and links as a tracker exports them. */
static uint64_t write_file(void)
{
  FILE *file = fopen(SOURCE, "w");
  if (file == NULL) {
    perror(SOURCE);
    exit(EXIT_FAILURE);
  }
  (void)fprintf(file, "touch_id,person,occurred_at,partner,link,kind,coupon,sub1,user_agent\n");
  uint64_t random = 88172645463325252U;
  for (uint64_t i = 0; i < row_count; i++) {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    (void)fprintf(file,
                  "t%010" PRIu64 ",v%08x,2026-%02d-%02dT%02d:%02d:%02d.%03dZ,partner-%02d,"
                  "https://brand.example/r/spring-offer,%s,,%s,Firefox\n",
                  i, (unsigned)(random % 3000000), 1 + (int)(random >> 8 & 1023) % 6,
                  1 + (int)(random >> 12 & 1023) % 28, (int)(random >> 20 & 1023) % 24,
                  (int)(random >> 30 & 1023) % 60, (int)(random >> 40 & 1023) % 60,
                  (int)(random >> 50 & 1023) % 1000, (int)(random >> 16 & 1023) % 30,
                  i % 3 == 0 ? "impression" : "click",
                  i % 20 == 0 ? "\"autumn, early\"" : "newsletter");
  }
  uint64_t bytes = (uint64_t)ftell(file);
  if (fclose(file) != 0) {
    perror(SOURCE);
    exit(EXIT_FAILURE);
  }
  return bytes;
}

static void open_arena(struct hs_arena *arena)
{
  struct hs_err err = {0};
  bench_check(
      hs_arena_init(arena, HS_INTAKE_SHARED_BYTES + SLOTS * HS_INTAKE_SLOT_BYTES + HS_MIB, &err),
      &err);
}

static void import_file(void)
{
  struct hs_arena arena;
  struct hs_programme programme;
  struct hs_import_result result;
  struct hs_err err = {0};
  const struct hs_import_options options = {
      .intake = {.kind = HS_EVENT_TOUCH, .path = SOURCE, .slot_count = SLOTS}};
  open_arena(&arena);
  bench_programme_make(&arena, PROGRAMME, &programme);
  bench_start();
  bench_check(hs_import_run(&programme, &arena, &options, &result, &err), &err);
  hs_programme_close(&programme);
  bench_stop();
  HS_ASSERT(result.counts.accepted == row_count);
}

static void only_read(void)
{
  struct hs_arena arena;
  struct hs_import_result result;
  struct hs_err err = {0};
  const struct hs_import_options options = {
      .intake = {.kind = HS_EVENT_TOUCH, .path = SOURCE, .slot_count = 1}};
  open_arena(&arena);
  bench_start();
  bench_check(hs_import_try(bench_wiring(), &arena, &options, &result, &err), &err);
  bench_stop();
  HS_ASSERT(result.report.rows_good == row_count);
}

static void copy_file(void)
{
  struct engine engine;
  struct hs_arena arena;
  struct hs_err err = {0};
  uint64_t copied = 0;
  const struct hs_duckdb_options options = {.memory_bytes = BENCH_MEMORY_BYTES};
  (void)remove(PEER);
  open_arena(&arena);
  struct hs_buf tables = hs_buf_in(&arena);
  struct hs_buf copy = hs_buf_in(&arena);
  hs_schema_create(&tables);
  hs_buf_add_text(&copy,
                  "COPY touches (touch_id, person, occurred_at, partner, link, kind, coupon, "
                  "sub1, user_agent) FROM ");
  hs_sql_text(&copy, SOURCE);
  hs_buf_add_text(&copy, " (FORMAT csv, HEADER)");
  bench_check(hs_engine_open(&engine, PEER, &options, &err), &err);
  bench_check(hs_engine_run(&engine, tables.data, NULL, &err), &err);
  bench_start();
  bench_check(hs_engine_run(&engine, copy.data, &copied, &err), &err);
  bench_check(hs_engine_run(&engine, "CHECKPOINT", NULL, &err), &err);
  hs_engine_close(&engine);
  bench_stop();
  HS_ASSERT(copied == row_count);
}

static void print_row(const char *name, struct bench_cost cost, struct bench_cost peer,
                      const char *goal)
{
  printf("| %s | %.1f | %.1f | %.2f | %s | %.1f | %.1f | %.0f |\n", name, cost.wall_s, peer.wall_s,
         cost.wall_s / peer.wall_s, goal, cost.cpu_s, peer.cpu_s, cost.resident_mib);
}

int main(void)
{
  struct bench_cost hansa[ROUNDS];
  struct bench_cost peer[ROUNDS];
  struct bench_cost reading[ROUNDS];
  char goal[16];
  row_count = bench_setting("HANSA_BENCH_ROWS", 10000000);
  uint64_t bytes = write_file();
  for (int round = 0; round < ROUNDS; round++) {
    peer[round] = bench_run(copy_file);
    hansa[round] = bench_run(import_file);
    reading[round] = bench_run(only_read);
  }
  struct bench_cost copy = bench_median(peer, ROUNDS);
  (void)snprintf(goal, sizeof goal, "%.0f", GOAL);
  printf("| import, %" PRIu64 " touches, %.0f MB | hansa s | DuckDB COPY s | ratio | goal | hansa "
         "CPU s | COPY CPU s | hansa MiB |\n|---|---|---|---|---|---|---|---|\n",
         row_count, (double)bytes / 1e6);
  print_row("into the trail", bench_median(hansa, ROUNDS), copy, goal);
  print_row("reading and checking alone, one thread", bench_median(reading, ROUNDS), copy, "");
  bench_remove(PROGRAMME);
  (void)remove(PEER);
  (void)remove(SOURCE);
  return 0;
}
