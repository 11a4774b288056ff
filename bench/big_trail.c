#include "big_trail.h"

#include <inttypes.h>
#include <stdio.h>

#include "programme.h"

#define SQL_BYTES (16 * HS_KIB)

void big_trail_run(struct engine *engine, const char *sql_text, uint64_t count, uint64_t people)
{
  char sql[SQL_BYTES];
  struct hs_err err = {0};
  size_t length = 0;
  for (const char *c = sql_text; *c != 0 && length < sizeof sql - 24; c++) {
    uint64_t value = *c == '#' ? count : people;
    if (*c == '#' || *c == '@')
      length += (size_t)snprintf(sql + length, sizeof sql - length, "%" PRIu64, value);
    else
      sql[length++] = *c;
  }
  sql[length] = 0;
  bench_check(hs_engine_run(engine, sql, NULL, &err), &err);
}

/* # stands for the number of rows, @ for the number of people. begins(p) is the moment at which a
   person's journey begins, within 170 days of 2026; the same hash on every machine. */
void big_trail_make(const char *path, uint64_t touch_count)
{
  struct engine engine;
  struct hs_err err = {0};
  const struct hs_duckdb_options options = {.path = path, .memory_bytes = BENCH_MEMORY_BYTES};
  uint64_t people = touch_count * 3 / 10;
  bench_check(hs_engine_open(&engine, path, &options, &err), &err);
  big_trail_run(
      &engine,
      "CREATE TEMP MACRO spread(i, salt, n) AS (hash(i * 64 + salt) >> 1)::BIGINT % n;"
      "CREATE TEMP MACRO begins(p) AS 1767225600000000 + spread(p, 1, 170 * 86400) * 1000000;",
      0, people);
  big_trail_run(
      &engine,
      "INSERT INTO touches BY NAME SELECT 't' || i AS touch_id, name AS person, "
      "make_timestamp(begins(p) + spread(i, 2, 10 * 86400) * 1000000) AS occurred_at, "
      "CASE WHEN c < 12 THEN 'partner-' || c END AS partner, "
      "CASE WHEN c < 12 THEN 'click' ELSE 'channel-' || c END AS kind, i AS row_number, "
      "1 AS sequence, person_key('t' || i) AS key_hash, person_key(name) AS person_key FROM "
      "(SELECT i, p, c, (CASE WHEN p % 20 = 0 AND i % 2 = 0 THEN 'w' ELSE 'v' END) || p AS name "
      "FROM (SELECT i, spread(i, 3, @) AS p, spread(i, 4, 20) AS c FROM range(1, # + 1) r(i)));",
      touch_count, people);
  big_trail_run(
      &engine,
      "INSERT INTO identities BY NAME SELECT make_timestamp(begins(p)) AS occurred_at, visitor, "
      "'c' || p AS customer, 'login' AS evidence, p AS row_number, 1 AS sequence, "
      "person_key(visitor) AS visitor_key, person_key('c' || p) AS customer_key FROM (SELECT p, "
      "unnest(['v' || p, 'w' || p]) AS visitor FROM range(0, @, 20) r(p));",
      0, people);
  big_trail_run(
      &engine,
      "INSERT INTO orders BY NAME SELECT 'o' || i AS order_id, 'v' || p AS person, "
      "make_timestamp(begins(p) + (5 * 86400 + spread(i, 5, 6 * 86400)) * 1000000) AS occurred_at, "
      "1000 + spread(i, 6, 20000) AS amount_minor, 'EUR' AS currency, i AS row_number, 1 AS "
      "sequence, person_key('o' || i) AS key_hash, person_key('v' || p) AS person_key FROM "
      "(SELECT i, spread(i, 7, @) AS p FROM range(1, # + 1) r(i));",
      touch_count / 50, people);
  big_trail_run(&engine, "CHECKPOINT", 0, 0);
  hs_engine_close(&engine);
}
