/* Proves what sieve.h promises: a hash that is in is never called new, also when several threads
   put it in at once, and few of the new ones are called old. The share of those follows from the
   filter's arithmetic: four bits of 64 for each hash, at most four hashes a word in the mean. Over
   all Poisson loads of a word, that gives 0.14 % while the sieve fills up to what was said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

#include "adapters/duckdb/sieve.h"

#define HASHES 200000
#define WRONG_MAX (HASHES / 100)

struct bench {
  struct engine engine;
  struct sieve sieve;
};

static void begin(struct bench *bench, uint64_t hash_count)
{
  struct hs_duckdb_options options = {.memory_bytes = 256 * HS_MIB, .threads = 4};
  *bench = (struct bench){0};
  assert_int_equal(hs_engine_open(&bench->engine, NULL, &options, NULL), HS_OK);
  assert_int_equal(hs_sieve_register(&bench->engine, &bench->sieve, NULL), HS_OK);
  assert_int_equal(hs_sieve_begin(&bench->sieve, hash_count, NULL), HS_OK);
}

static void end(struct bench *bench)
{
  hs_engine_close(&bench->engine);
  hs_sieve_release(&bench->sieve);
}

static enum hs_status take_number(void *context, duckdb_data_chunk chunk,
                                  [[maybe_unused]] struct hs_err *err)
{
  *(int64_t *)context =
      *(const int64_t *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
  return HS_OK;
}

/* How many of the hashes of first to first + count - 1, each given `times` times, get a yes. */
static int64_t count_yes(struct bench *bench, const char *function, int first, int count, int times)
{
  char sql[256];
  int64_t yes = -1;
  struct hs_err err = {0};
  (void)snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM range(%d * %d) t(i) WHERE %s(person_key(CAST(%d + i %% %d "
                 "AS VARCHAR)))",
                 count, times, function, first, count);
  if (hs_engine_stream(&bench->engine, sql, take_number, &yes, &err) != HS_OK)
    fail_msg("%s", err.text);
  return yes;
}

static void what_is_in_is_never_called_new([[maybe_unused]] void **state)
{
  struct bench bench;
  begin(&bench, HASHES);
  assert_in_range(count_yes(&bench, "sieve_add", 0, HASHES, 1), 0, WRONG_MAX);
  assert_int_equal(count_yes(&bench, "sieve_has", 0, HASHES, 1), HASHES);
  assert_int_equal(count_yes(&bench, "sieve_add", 0, HASHES, 1), HASHES);
  end(&bench);
}

/* Of the times that a hash comes, at most the first is called new, whichever thread brings it. */
static void of_equal_hashes_at_most_one_is_new([[maybe_unused]] void **state)
{
  struct bench bench;
  begin(&bench, HASHES);
  assert_in_range(count_yes(&bench, "sieve_add", 0, HASHES / 10, 10), HASHES - HASHES / 10,
                  HASHES - HASHES / 10 + WRONG_MAX / 10);
  end(&bench);
}

static void few_new_ones_are_called_old([[maybe_unused]] void **state)
{
  struct bench bench;
  begin(&bench, HASHES);
  assert_int_equal(count_yes(&bench, "sieve_has", 0, HASHES, 1), 0);
  (void)count_yes(&bench, "sieve_add", 0, HASHES, 1);
  assert_in_range(count_yes(&bench, "sieve_has", HASHES, HASHES, 1), 0, WRONG_MAX);
  end(&bench);
}

/* A sieve that is far too small calls everything old and stays right. */
static void more_than_was_said_is_no_fault([[maybe_unused]] void **state)
{
  struct bench bench;
  begin(&bench, 0);
  (void)count_yes(&bench, "sieve_add", 0, HASHES, 1);
  assert_int_equal(count_yes(&bench, "sieve_has", 0, HASHES, 1), HASHES);
  assert_int_equal(hs_sieve_begin(&bench.sieve, HASHES, NULL), HS_OK);
  assert_int_equal(count_yes(&bench, "sieve_has", 0, HASHES, 1), 0);
  end(&bench);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_in_is_never_called_new),
      cmocka_unit_test(of_equal_hashes_at_most_one_is_new),
      cmocka_unit_test(few_new_ones_are_called_old),
      cmocka_unit_test(more_than_was_said_is_no_fault),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
