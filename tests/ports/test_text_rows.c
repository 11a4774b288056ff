/* Proves the contract of ports/text_rows.h on DuckDB: Parquet files of every type come as the text
   that a CSV file would have held, and come in the order of their rows. The files are made by the
   engine itself, whose types are those of the format. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/duckdb/engine.h"

static struct hs_duckdb_options options = {.memory_bytes = 256 * HS_MIB, .threads = 2};

struct place {
  char directory[64];
  char path[128];
};

static int setup(void **state)
{
  struct place *place = calloc(1, sizeof *place);
  assert_non_null(place);
  (void)snprintf(place->directory, sizeof place->directory, "/tmp/hansa-text-XXXXXX");
  assert_non_null(mkdtemp(place->directory));
  /* Names that a careless reader takes for a pattern, and for a column. */
  snprintf(place->path, sizeof place->path, "%s/word=elsewhere", place->directory);
  assert_int_equal(mkdir(place->path, 0700), 0);
  snprintf(place->path, sizeof place->path, "%s/word=elsewhere/it's[1]*.parquet", place->directory);
  *state = place;
  return 0;
}

static int teardown(void **state)
{
  struct place *place = *state;
  char folder[128];
  snprintf(folder, sizeof folder, "%s/word=elsewhere", place->directory);
  (void)unlink(place->path);
  assert_int_equal(rmdir(folder), 0);
  assert_int_equal(rmdir(place->directory), 0);
  free(place);
  return 0;
}

static void make_file(const struct place *place, const char *select)
{
  struct engine engine;
  struct hs_err err = {0};
  struct hs_arena arena;
  assert_int_equal(hs_arena_init(&arena, HS_MIB, NULL), HS_OK);
  struct hs_buf sql = hs_buf_in(&arena);
  hs_buf_printf(&sql, "COPY (%s) TO ", select);
  hs_sql_text(&sql, place->path);
  hs_buf_add_text(&sql, " (FORMAT parquet)");
  if (hs_engine_open(&engine, NULL, &options, &err) ||
      hs_engine_run(&engine, "SET preserve_insertion_order = true", NULL, &err) ||
      hs_engine_run(&engine, sql.data, NULL, &err))
    fail_msg("%s", err.text);
  hs_engine_close(&engine);
  hs_arena_release(&arena);
}

static struct hs_text_source open_file(const struct place *place)
{
  struct hs_text_opener opener = hs_duckdb_parquet_opener(&options);
  struct hs_text_source source = {0};
  struct hs_err err = {0};
  if (opener.open(opener.self, place->path, &source, &err))
    fail_msg("%s", err.text);
  return source;
}

/* A file of one row and one column called word. NULL is the absent value. */
static void assert_reads(const struct place *place, const char *expression, const char *expected)
{
  char select[512];
  struct hs_text_batch batch;
  snprintf(select, sizeof select, "SELECT %s AS word", expression);
  make_file(place, select);
  struct hs_text_source source = open_file(place);
  assert_int_equal(source.column_count, 1);
  assert_true(hs_str_equal(source.column_names[0], HS_STR("word")));
  assert_int_equal(source.row_count, 1);
  assert_int_equal(source.next(source.self, 0, &batch, NULL), HS_OK);
  assert_int_equal(batch.row_count, 1);
  struct hs_str cell = batch.cells[0][0];
  if (expected == NULL)
    assert_null(cell.data);
  else if (cell.data == NULL || !hs_str_equal(cell, hs_str_of(expected)))
    fail_msg("%s: expected %s, got %.*s", expression, expected, HS_STR_ARG(cell));
  assert_int_equal(source.next(source.self, 0, &batch, NULL), HS_OK);
  assert_int_equal(batch.row_count, 0);
  source.close(source.self);
  assert_int_equal(unlink(place->path), 0);
}

static void every_type_has_the_text_that_a_csv_file_would_hold(void **state)
{
  static const struct {
    const char *expression, *expected;
  } CASES[] = {
      {"'abc'", "abc"},
      {"'longer than what stands in a cell'", "longer than what stands in a cell"},
      {"''", ""},
      {"'caf\\xC3\\xA9'::BLOB", "caf\xc3\xa9"},
      {"NULL::VARCHAR", NULL},
      {"true", "true"},
      {"false", "false"},
      {"NULL::BOOLEAN", NULL},
      {"(-128)::TINYINT", "-128"},
      {"(-32768)::SMALLINT", "-32768"},
      {"(-2147483648)::INTEGER", "-2147483648"},
      {"(-9223372036854775808)::BIGINT", "-9223372036854775808"},
      {"255::UTINYINT", "255"},
      {"65535::USMALLINT", "65535"},
      {"4294967295::UINTEGER", "4294967295"},
      {"18446744073709551615::UBIGINT", "18446744073709551615"},
      {"12.10::DECIMAL(4,2)", "12.10"},
      {"(-0.05)::DECIMAL(9,2)", "-0.05"},
      {"49.9::DECIMAL(18,6)", "49.900000"},
      {"'-12345678901234567890123456789012345.678'::DECIMAL(38,3)",
       "-12345678901234567890123456789012345.678"},
      {"0.1::DOUBLE", "0.1"},
      {"(1.0::DOUBLE / 3)", "0.3333333333333333"},
      {"1e22::DOUBLE", "1e+22"},
      {"12.1::FLOAT", "12.1"},
      {"16777216::FLOAT", "16777216"},
      {"(1.0::FLOAT / 3::FLOAT)::FLOAT", "0.33333334"},
      {"'nan'::DOUBLE", "nan"},
      {"'-inf'::FLOAT", "-inf"},
      {"NULL::DOUBLE", NULL},
      {"DATE '2026-03-01'", "2026-03-01"},
      {"TIME '12:00:00.25'", "12:00:00.25"},
      {"TIMESTAMP '2026-03-01 12:00:00.25'", "2026-03-01T12:00:00.25"},
      {"TIMESTAMP_S '2026-03-01 12:00:00'", "2026-03-01T12:00:00"},
      {"TIMESTAMP_MS '2026-03-01 12:00:00.125'", "2026-03-01T12:00:00.125"},
      {"TIMESTAMP_NS '2026-03-01 12:00:00.123456789'", "2026-03-01T12:00:00.123456"},
      {"TIMESTAMPTZ '2026-03-01 12:00:00.000001+01:00'", "2026-03-01T11:00:00.000001Z"},
      {"TIMESTAMP '1969-12-31 23:59:59.5'", "1969-12-31T23:59:59.5"},
      {"NULL::TIMESTAMPTZ", NULL},
      {"UUID '0f5d7a52-9d1e-4c3b-8a6f-1234567890ab'", "0f5d7a52-9d1e-4c3b-8a6f-1234567890ab"},
      {"'b'::ENUM('a', 'b')", "b"},
      {"'{\"a\": 1}'::JSON", "{\"a\": 1}"},
  };
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
    assert_reads(*state, CASES[i].expression, CASES[i].expected);
}

/* Several row groups, read by several threads inside: numbers must still be places in the file. */
static void rows_come_in_the_order_of_the_file(void **state)
{
  const struct place *place = *state;
  const uint64_t rows = 300000;
  uint64_t next = 1;
  struct hs_text_batch batch;
  make_file(place, "SELECT i AS word, CASE WHEN i % 2 = 0 THEN 'even' END AS even FROM "
                   "range(1, 300001) t(i)");
  struct hs_text_source source = open_file(place);
  assert_int_equal(source.row_count, rows);
  assert_int_equal(source.slot_count, 1);
  do {
    assert_int_equal(source.next(source.self, 0, &batch, NULL), HS_OK);
    assert_int_equal(batch.first_row, next);
    for (size_t r = 0; r < batch.row_count; r++, next++) {
      uint64_t number = 0;
      assert_true(hs_parse_u64(batch.cells[0][r], &number));
      assert_int_equal(number, next);
      assert_int_equal(batch.cells[1][r].data != NULL, next % 2 == 0);
    }
  } while (batch.row_count > 0);
  assert_int_equal(next, rows + 1);
  source.close(source.self);
}

static void a_nested_column_is_refused_with_its_place(void **state)
{
  static const char *const NESTED[] = {"[1, 2]", "{'a': 1}", "map {'a': 1}", "[{'a': [1]}]"};
  const struct place *place = *state;
  for (size_t i = 0; i < sizeof NESTED / sizeof *NESTED; i++) {
    char select[128];
    struct hs_err err = {0};
    struct hs_text_source source;
    struct hs_text_opener opener = hs_duckdb_parquet_opener(&options);
    snprintf(select, sizeof select, "SELECT 'o1' AS order_id, %s AS items", NESTED[i]);
    make_file(place, select);
    assert_int_equal(opener.open(opener.self, place->path, &source, &err), HS_INVALID);
    assert_non_null(strstr(err.text, place->path));
    assert_non_null(strstr(err.text, "column items is nested"));
  }
}

static void a_file_that_is_cut_short_is_corrupt(void **state)
{
  const struct place *place = *state;
  struct hs_err err = {0};
  struct hs_text_source source;
  struct hs_text_opener opener = hs_duckdb_parquet_opener(&options);
  assert_int_equal(opener.open(opener.self, place->path, &source, &err), HS_NOT_FOUND);
  make_file(place, "SELECT i AS word FROM range(1000) t(i)");
  assert_int_equal(truncate(place->path, 700), 0);
  assert_int_equal(opener.open(opener.self, place->path, &source, &err), HS_CORRUPT);
  assert_non_null(strstr(err.text, place->path));
}

static void an_empty_file_has_columns_and_no_rows(void **state)
{
  struct hs_text_batch batch;
  make_file(*state, "SELECT 1 AS word, 'x' AS other WHERE false");
  struct hs_text_source source = open_file(*state);
  assert_int_equal(source.column_count, 2);
  assert_int_equal(source.row_count, 0);
  assert_int_equal(source.next(source.self, 0, &batch, NULL), HS_OK);
  assert_int_equal(batch.row_count, 0);
  source.close(source.self);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(every_type_has_the_text_that_a_csv_file_would_hold, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(rows_come_in_the_order_of_the_file, setup, teardown),
      cmocka_unit_test_setup_teardown(a_nested_column_is_refused_with_its_place, setup, teardown),
      cmocka_unit_test_setup_teardown(a_file_that_is_cut_short_is_corrupt, setup, teardown),
      cmocka_unit_test_setup_teardown(an_empty_file_has_columns_and_no_rows, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
