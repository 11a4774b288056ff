/* All credits with intervals of a trail that is there: persons joined, journeys cut, every model of
   the usual set estimated, jackknife intervals. The trail is made by SQL, plainly synthetic: 6
   million people whose touches fall into some ten days each, 20 channels, one person in 20 known by
   two ids that a login joins, and 400,000 orders among people who have touches.

   HANSA_BENCH_TOUCHES: touches of the trail, 20,000,000 unless told otherwise; people, orders and
   identities follow in proportion. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "adapters/duckdb/engine.h"
#include "programme.h"
#include "service/analysis.h"

enum { ROUNDS = 3 };

#define GOAL_S 10.0
#define GOAL_MIB 2048.0
#define SQL_BYTES (16 * HS_KIB)

static const char PROGRAMME[] = HANSA_BINARY_DIR "/bench_credits.data";
static const char TRAIL[] = HANSA_BINARY_DIR "/bench_credits.data/trail.duckdb";
static uint64_t touch_count;

static void run(struct engine *engine, const char *format, uint64_t count, uint64_t people)
{
  char sql[SQL_BYTES];
  struct hs_err err = {0};
  /* {n} and {p} are how many rows and how many people. */
  size_t length = 0;
  for (const char *c = format; *c != 0 && length < sizeof sql - 24; c++) {
    uint64_t value = *c == '#' ? count : people;
    if (*c == '#' || *c == '@')
      length += (size_t)snprintf(sql + length, sizeof sql - length, "%" PRIu64, value);
    else
      sql[length++] = *c;
  }
  sql[length] = 0;
  bench_check(hs_engine_run(engine, sql, NULL, &err), &err);
}

/* # stands for the number of rows, @ for the number of people. begin(p) is the moment at which a
   person's journey begins, within 170 days of 2026; the same hash on every machine. */
static void make_trail(void)
{
  struct engine engine;
  struct hs_err err = {0};
  const struct hs_duckdb_options options = {.path = TRAIL, .memory_bytes = BENCH_MEMORY_BYTES};
  uint64_t people = touch_count * 3 / 10;
  bench_check(hs_engine_open(&engine, TRAIL, &options, &err), &err);
  run(&engine,
      "CREATE TEMP MACRO spread(i, salt, n) AS (hash(i * 64 + salt) >> 1)::BIGINT % n;"
      "CREATE TEMP MACRO begins(p) AS 1767225600000000 + spread(p, 1, 170 * 86400) * 1000000;",
      0, people);
  run(&engine,
      "INSERT INTO touches BY NAME SELECT 't' || i AS touch_id, name AS person, "
      "make_timestamp(begins(p) + spread(i, 2, 10 * 86400) * 1000000) AS occurred_at, "
      "CASE WHEN c < 12 THEN 'partner-' || c END AS partner, "
      "CASE WHEN c < 12 THEN 'click' ELSE 'channel-' || c END AS kind, i AS row_number, "
      "1 AS sequence, person_key('t' || i) AS key_hash, person_key(name) AS person_key FROM "
      "(SELECT i, p, c, (CASE WHEN p % 20 = 0 AND i % 2 = 0 THEN 'w' ELSE 'v' END) || p AS name "
      "FROM (SELECT i, spread(i, 3, @) AS p, spread(i, 4, 20) AS c FROM range(1, # + 1) r(i)));",
      touch_count, people);
  run(&engine,
      "INSERT INTO identities BY NAME SELECT make_timestamp(begins(p)) AS occurred_at, visitor, "
      "'c' || p AS customer, 'login' AS evidence, p AS row_number, 1 AS sequence, "
      "person_key(visitor) AS visitor_key, person_key('c' || p) AS customer_key FROM (SELECT p, "
      "unnest(['v' || p, 'w' || p]) AS visitor FROM range(0, @, 20) r(p));",
      0, people);
  run(&engine,
      "INSERT INTO orders BY NAME SELECT 'o' || i AS order_id, 'v' || p AS person, "
      "make_timestamp(begins(p) + (5 * 86400 + spread(i, 5, 6 * 86400)) * 1000000) AS occurred_at, "
      "1000 + spread(i, 6, 20000) AS amount_minor, 'EUR' AS currency, i AS row_number, 1 AS "
      "sequence, person_key('o' || i) AS key_hash, person_key('v' || p) AS person_key FROM "
      "(SELECT i, spread(i, 7, @) AS p FROM range(1, # + 1) r(i));",
      touch_count / 50, people);
  run(&engine, "CHECKPOINT", 0, 0);
  hs_engine_close(&engine);
}

/* ---- runs ---- */

static const struct hs_analysis_options ALL = {
    .period = {INT64_C(1767225600000000), INT64_C(1782864000000000)}, /* half of 2026 */
    .look_back_us = HS_LOOK_BACK_DAYS_DEFAULT * HS_DAY_US,
    .level = 0.95};

static void analyse(enum hs_status (*run_analysis)(struct hs_programme *,
                                                   const struct hs_analysis_options *,
                                                   struct hs_analysis *, struct hs_err *),
                    struct hs_analysis *analysis)
{
  struct hs_arena arena;
  struct hs_programme programme;
  struct hs_err err = {0};
  bench_check(hs_arena_init(&arena, HS_MIB, &err), &err);
  bench_check(hs_programme_open(bench_wiring(), &arena, PROGRAMME, NULL, NULL, &programme, &err),
              &err);
  bench_start();
  bench_check(run_analysis(&programme, &ALL, analysis, &err), &err);
  bench_stop();
  HS_ASSERT(analysis->stats.touches > touch_count / 2 && analysis->stats.orders_with_path > 0);
  hs_programme_close(&programme);
}

static void all_credits(void)
{
  struct hs_analysis analysis;
  analyse(hs_analysis_run, &analysis);
  HS_ASSERT(analysis.credits != NULL);
}

static void only_journeys(void)
{
  struct hs_analysis analysis;
  analyse(hs_analysis_gather, &analysis);
}

int main(void)
{
  struct hs_arena arena;
  struct hs_programme programme;
  struct hs_err err = {0};
  struct bench_cost credits[ROUNDS];
  struct bench_cost journeys[ROUNDS];
  touch_count = bench_setting("HANSA_BENCH_TOUCHES", 20000000);
  bench_check(hs_arena_init(&arena, HS_MIB, &err), &err);
  bench_programme_make(&arena, PROGRAMME, &programme);
  hs_programme_close(&programme);
  hs_arena_release(&arena);
  make_trail();
  for (int round = 0; round < ROUNDS; round++) {
    credits[round] = bench_run(all_credits);
    journeys[round] = bench_run(only_journeys);
  }
  struct bench_cost all = bench_median(credits, ROUNDS);
  struct bench_cost part = bench_median(journeys, ROUNDS);
  printf("| credits, %" PRIu64 " touches, %" PRIu64 " orders | s | goal | CPU s | MiB | goal |\n"
         "|---|---|---|---|---|---|\n",
         touch_count, touch_count / 50);
  printf("| all credits with intervals | %.1f | %.0f | %.1f | %.0f | %.0f |\n", all.wall_s, GOAL_S,
         all.cpu_s, all.resident_mib, GOAL_MIB);
  printf("| of which persons, journeys and paths | %.1f | | %.1f | %.0f | |\n", part.wall_s,
         part.cpu_s, part.resident_mib);
  bench_remove(PROGRAMME);
  return 0;
}
