/* Proves that hs_trail.query gives a stranger the trail's tables and nothing else: the attacks are
   a table, one statement a line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/events.h"
#include "support/trails.h"

#define DAY_TEXT "1767225600000000" /* 2026-01-01T00:00:00Z */

/* Rows as one text: cells with | between them and after the last, one row a line. */
struct answer {
  char text[8192];
  size_t column_count;
  size_t row_count;
};

static enum hs_status answer_begin(void *self, size_t column_count, const struct hs_str *names,
                                   const enum hs_cell *cells, [[maybe_unused]] struct hs_err *err)
{
  static const char LETTERS[] = {
      [HS_CELL_TEXT] = 't', [HS_CELL_NUMBER] = 'n', [HS_CELL_BOOLEAN] = 'b', [HS_CELL_JSON] = 'j'};
  struct answer *answer = self;
  answer->column_count = column_count;
  size_t length = 0;
  for (size_t i = 0; i < column_count; i++)
    length += (size_t)snprintf(answer->text + length, sizeof answer->text - length, "%.*s:%c|",
                               HS_STR_ARG(names[i]), LETTERS[cells[i]]);
  snprintf(answer->text + length, sizeof answer->text - length, "\n");
  return HS_OK;
}

static enum hs_status answer_row(void *self, const struct hs_str *values,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct answer *answer = self;
  answer->row_count++;
  size_t length = strlen(answer->text);
  for (size_t i = 0; i < answer->column_count && length < sizeof answer->text - 512; i++)
    length += (size_t)snprintf(answer->text + length, sizeof answer->text - length, "%.*s|",
                               values[i].data ? (int)values[i].length : 4,
                               values[i].data ? values[i].data : "NULL");
  if (length < sizeof answer->text - 512)
    snprintf(answer->text + length, sizeof answer->text - length, "\n");
  return HS_OK;
}

static enum hs_status ask(struct world *world, const char *select, struct answer *answer,
                          struct hs_err *err)
{
  *answer = (struct answer){0};
  struct hs_result_sink sink = {answer, answer_begin, answer_row};
  return world->trail.query(world->trail.self, hs_str_of(select), NULL, 0, &sink, err);
}

static void assert_answer(struct world *world, const char *select, const char *expected)
{
  struct answer answer;
  struct hs_err err = {0};
  if (ask(world, select, &answer, &err))
    fail_msg("%s: %s", select, err.text);
  assert_string_equal(answer.text, expected);
}

static int setup(void **state)
{
  struct world *world = calloc(1, sizeof *world);
  struct events touches;
  assert_non_null(world);
  world_open(world, "duckdb");
  events_init(&touches, HS_EVENT_TOUCH);
  events_add_with(&touches, "touch_id", "t1", "person", "ann", "occurred_at", DAY_TEXT, "partner",
                  "alpha", NULL);
  events_add_with(&touches, "touch_id", "t2", "person", "bob", "occurred_at", "1767225600500000",
                  NULL);
  world_store(world, &touches);
  events_release(&touches);
  *state = world;
  return 0;
}

/* ---- what is offered ---- */

static void a_select_sees_the_views(void **state)
{
  struct world *world = *state;
  assert_answer(world, "SELECT touch_id, occurred_at, partner FROM touches ORDER BY touch_id",
                "touch_id:t|occurred_at:t|partner:t|\n"
                "t1|2026-01-01T00:00:00Z|alpha|\nt2|2026-01-01T00:00:00.5Z|NULL|\n");
  assert_answer(world, "WITH t AS (FROM touches) SELECT count(*) AS n FROM t;", "n:n|\n2|\n");
  assert_answer(world, "SELECT count(*) AS n FROM orders, conflicts -- and a remark", "n:n|\n0|\n");
  assert_answer(world,
                "SELECT person_key('ann') = person_key(person) AS ann FROM touches ORDER BY 1",
                "ann:b|\nfalse|\ntrue|\n");
}

static void every_type_has_a_text(void **state)
{
  assert_answer(
      *state,
      "SELECT true AS a, (-170141183460469231731687303715884105727)::HUGEINT AS b, "
      "-0.05::DECIMAL(5,2) AS c, 0.1::DOUBLE AS d, 'nan'::DOUBLE AS e, "
      "DATE '2026-02-03' AS f, TIME '01:02:03.5' AS g, "
      "'9a3f1d6e-0000-4000-8000-0123456789ab'::UUID AS h, [1, NULL, 3] AS i, "
      "{'x': 'q\"', 'y': [1.5]} AS j, MAP {'k': 1} AS k, '\\xFF'::BLOB AS l, "
      "'b'::ENUM ('a', 'b') AS m, 1234567890123456789012345.678::DECIMAL(38,3) AS n, '' AS o",
      "a:b|b:n|c:n|d:n|e:n|f:t|g:t|h:t|i:j|j:j|k:j|l:t|m:t|n:n|o:t|\n"
      "true|-170141183460469231731687303715884105727|-0.05|0.1|NULL|2026-02-03|"
      "01:02:03.5|9a3f1d6e-0000-4000-8000-0123456789ab|[1,null,3]|"
      "{\"x\":\"q\\\"\",\"y\":[1.5]}|[{\"key\":\"k\",\"value\":1}]|ff|b|"
      "1234567890123456789012345.678||\n");
}

static void side_tables_stand_beside_the_views(void **state)
{
  struct world *world = *state;
  static const char *const NAMES[] = {"partner", "balance_minor", "since"};
  static const enum hs_type TYPES[] = {HS_TYPE_TEXT, HS_TYPE_MONEY, HS_TYPE_TIME};
  struct hs_str partners[5000];
  int64_t balances[5000];
  uint8_t is_absent[5000] = {0, 1};
  for (int64_t i = 0; i < 5000; i++) {
    partners[i] = i % 2 ? HS_STR("") : HS_STR("alpha");
    balances[i] = i;
  }
  uint8_t none_absent[5000] = {0};
  struct hs_vector columns[] = {
      {.type = HS_TYPE_TEXT, .text = partners, .is_absent = none_absent},
      {.type = HS_TYPE_MONEY, .integer = balances, .is_absent = is_absent},
      {.type = HS_TYPE_TIME, .integer = balances, .is_absent = none_absent}};
  struct hs_side_table side = {"par\"ties", 3, NAMES, TYPES, 5000, columns};
  struct answer answer = {0};
  struct hs_result_sink sink = {&answer, answer_begin, answer_row};
  struct hs_err err = {0};
  if (world->trail.query(world->trail.self,
                         HS_STR("SELECT partner, count(*), sum(balance_minor), max(since) FROM "
                                "\"par\"\"ties\" GROUP BY 1 ORDER BY 1"),
                         &side, 1, &sink, &err))
    fail_msg("%s", err.text);
  assert_non_null(strstr(answer.text, "\n|2500|6249999|1970-01-01T00:00:00.004999Z|\n"
                                      "alpha|2500|6247500|1970-01-01T00:00:00.004998Z|\n"));
}

/* ---- what is not ---- */

struct attack {
  const char *statement;
  enum hs_status status;
};

static const struct attack ATTACKS[] = {
    /* other statements */
    {"", HS_DENIED},
    {"INSERT INTO trail.main.touches (touch_id) VALUES ('x')", HS_DENIED},
    {"DELETE FROM trail.main.touches", HS_DENIED},
    {"UPDATE trail.main.cursor SET sequence = 0", HS_DENIED},
    {"CREATE TABLE x (a INTEGER)", HS_DENIED},
    {"CREATE MACRO f() AS 1", HS_DENIED},
    {"DROP VIEW touches", HS_DENIED},
    {"COPY touches TO '/tmp/hansa-attack.csv'", HS_DENIED},
    {"COPY (SELECT 1) TO '/dev/stdout'", HS_DENIED},
    {"EXPORT DATABASE '/tmp/hansa-attack'", HS_DENIED},
    {"ATTACH '/tmp/hansa-attack.db'", HS_DENIED},
    {"DETACH trail", HS_DENIED},
    {"USE trail", HS_DENIED},
    {"INSTALL httpfs", HS_DENIED},
    {"LOAD httpfs", HS_DENIED},
    {"PRAGMA database_list", HS_DENIED},
    {"PRAGMA version", HS_DENIED},
    {"SET threads = 8", HS_DENIED},
    {"SET enable_external_access = true", HS_DENIED},
    {"RESET lock_configuration", HS_DENIED},
    {"CALL pragma_version()", HS_DENIED},
    {"CHECKPOINT trail", HS_DENIED},
    {"BEGIN TRANSACTION", HS_DENIED},
    {"EXPLAIN ANALYZE DELETE FROM trail.main.touches", HS_DENIED},
    {"EXPLAIN SELECT 1", HS_DENIED},
    {"PREPARE p AS SELECT 1", HS_DENIED},
    {"EXECUTE p", HS_DENIED},
    {"VACUUM", HS_DENIED},
    /* several at once */
    {"SELECT 1; SELECT 2", HS_DENIED},
    {"SELECT 1; DROP VIEW touches", HS_DENIED},
    {"/* SELECT */ DELETE FROM trail.main.touches -- SELECT", HS_DENIED},
    /* writes inside */
    {"WITH x AS (DELETE FROM trail.main.touches RETURNING *) SELECT * FROM x", HS_INVALID},
    {"WITH x AS (INSERT INTO trail.main.touches DEFAULT VALUES RETURNING 1) FROM x", HS_INVALID},
    /* files */
    {"SELECT * FROM read_csv('/etc/passwd')", HS_DENIED},
    {"SELECT * FROM read_csv_auto('/etc/passwd')", HS_DENIED},
    {"SELECT * FROM read_text('/etc/passwd')", HS_DENIED},
    {"SELECT * FROM read_blob('/etc/passwd')", HS_DENIED},
    {"SELECT * FROM read_json('/etc/passwd')", HS_DENIED},
    {"SELECT * FROM read_parquet('/etc/passwd')", HS_DENIED},
    {"SELECT * FROM parquet_scan('/etc/passwd')", HS_DENIED},
    {"SELECT * FROM '/etc/passwd'", HS_DENIED},
    {"SELECT * FROM \"/etc/passwd\"", HS_DENIED},
    {"SELECT * FROM 'https://example.com/x.parquet'", HS_DENIED},
    {"SELECT * FROM glob('/etc/*')", HS_DENIED},
    {"SELECT * FROM sniff_csv('/etc/passwd')", HS_DENIED},
    {"SELECT (SELECT content FROM read_text('/etc/passwd'))", HS_DENIED},
    /* the machine and the engine's own state */
    {"SELECT getenv('PATH')", HS_DENIED},
    {"SELECT * FROM duckdb_settings()", HS_DENIED},
    {"SELECT current_setting('temp_directory')", HS_DENIED},
    {"SELECT * FROM duckdb_databases()", HS_DENIED},
    {"SELECT * FROM duckdb_databases", HS_DENIED},
    {"SELECT path FROM (FROM pragma_database_list)", HS_DENIED},
    {"SELECT * FROM pragma_database_size()", HS_DENIED},
    {"SELECT * FROM duckdb_secrets()", HS_DENIED},
    {"SELECT * FROM duckdb_temporary_files()", HS_DENIED},
    {"SELECT * FROM duckdb_extensions()", HS_DENIED},
    {"SELECT * FROM DuckDB_Settings()", HS_DENIED},
    {"SELECT * FROM pg_catalog.pg_settings", HS_DENIED},
    {"SELECT * FROM sqlite_master", HS_DENIED},
    {"SELECT * FROM query('SELECT * FROM duckdb_settings()')", HS_DENIED},
    {"SELECT * FROM query('FROM read_text(''/etc/passwd'')')", HS_DENIED},
    {"SELECT * FROM query_table('duckdb_databases')", HS_DENIED},
    {"SELECT * FROM json_execute_serialized_sql(json_serialize_sql('FROM duckdb_settings()'))",
     HS_DENIED},
    /* plain mistakes */
    {"SELEKT 1", HS_INVALID},
    {"SELECT * FROM nothing_of_that_name", HS_INVALID},
    {"SELECT ?", HS_INVALID},
    {"SELECT 1/0 + 'x'::INTEGER", HS_INVALID},
    {"SELECT UNION_VALUE(a := 1)", HS_INVALID},
};

static void attacks_are_refused_and_change_nothing(void **state)
{
  struct world *world = *state;
  struct answer answer;
  int failures = 0;
  char *before = world_dump(world);
  for (size_t i = 0; i < sizeof ATTACKS / sizeof *ATTACKS; i++) {
    struct hs_err err = {0};
    enum hs_status status = ask(world, ATTACKS[i].statement, &answer, &err);
    /* Denied by one gate or wrong at another: what counts is that nothing was given. */
    int is_refused = status == HS_DENIED || (status == HS_INVALID && ATTACKS[i].status);
    if (is_refused && answer.row_count == 0 && err.text[0] && !strstr(err.text, "root:"))
      continue;
    print_error("%s: %s, %zu rows, %s\n", ATTACKS[i].statement, hs_status_code(status),
                answer.row_count, err.text);
    failures++;
  }
  char *after = world_dump(world);
  assert_string_equal(before, after);
  free(before);
  free(after);
  assert_int_equal(access("/tmp/hansa-attack.csv", F_OK), -1);
  assert_int_equal(failures, 0);
}

static void a_zero_byte_does_not_hide_a_statement(void **state)
{
  struct world *world = *state;
  struct answer answer = {0};
  struct hs_result_sink sink = {&answer, answer_begin, answer_row};
  struct hs_str select = {"SELECT 1\0; SELECT 2", 19};
  assert_int_equal(world->trail.query(world->trail.self, select, NULL, 0, &sink, NULL), HS_INVALID);
}

static atomic_int is_answered;

/* Again and again, because a call before the query runs is without effect. */
static void *interrupt_soon(void *context)
{
  struct world *world = context;
  for (int i = 0; i < 300 && !atomic_load(&is_answered); i++) {
    usleep(20000);
    world->trail.interrupt(world->trail.self);
  }
  return NULL;
}

static void a_long_query_can_be_interrupted(void **state)
{
  struct world *world = *state;
  struct answer answer;
  struct hs_err err = {0};
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, interrupt_soon, world), 0);
  assert_int_equal(ask(world,
                       "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE "
                       "a.range + b.range = -1",
                       &answer, &err),
                   HS_INTERRUPTED);
  atomic_store(&is_answered, 1);
  pthread_join(thread, NULL);
  assert_answer(world, "SELECT count(*) AS n FROM touches", "n:n|\n2|\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_select_sees_the_views, setup, world_tear_down),
      cmocka_unit_test_setup_teardown(every_type_has_a_text, setup, world_tear_down),
      cmocka_unit_test_setup_teardown(side_tables_stand_beside_the_views, setup, world_tear_down),
      cmocka_unit_test_setup_teardown(attacks_are_refused_and_change_nothing, setup,
                                      world_tear_down),
      cmocka_unit_test_setup_teardown(a_zero_byte_does_not_hide_a_statement, setup,
                                      world_tear_down),
      cmocka_unit_test_setup_teardown(a_long_query_can_be_interrupted, setup, world_tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
