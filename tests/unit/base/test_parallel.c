/* Proves base/parallel: every item once, workers within bounds, the lowest failure whatever the
   number of threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include "base/parallel.h"

#define ITEMS 1000

struct tally {
  atomic_int runs[ITEMS];
  size_t worker_count;
  atomic_int strangers;
};

static enum hs_status count_item(void *context, size_t worker, size_t item,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct tally *tally = context;
  atomic_fetch_add(&tally->runs[item], 1);
  if (worker >= tally->worker_count)
    atomic_fetch_add(&tally->strangers, 1);
  return HS_OK;
}

static void every_item_runs_once([[maybe_unused]] void **state)
{
  static struct tally tally;
  for (size_t workers = 1; workers <= 9; workers += 4) {
    memset(&tally, 0, sizeof tally);
    tally.worker_count = workers;
    assert_int_equal(hs_parallel_run(workers, ITEMS, count_item, &tally, NULL), HS_OK);
    assert_int_equal(tally.strangers, 0);
    for (size_t i = 0; i < ITEMS; i++)
      assert_int_equal(tally.runs[i], 1);
  }
  assert_int_equal(hs_parallel_run(3, 0, count_item, &tally, NULL), HS_OK);
}

static enum hs_status fail_from_700([[maybe_unused]] void *context, [[maybe_unused]] size_t worker,
                                    size_t item, struct hs_err *err)
{
  return item < 700 ? HS_OK : hs_fail(err, HS_INVALID, "item %zu", item);
}

static void the_lowest_failure_is_reported([[maybe_unused]] void **state)
{
  for (size_t workers = 1; workers <= 8; workers++) {
    struct hs_err err = {0};
    assert_int_equal(hs_parallel_run(workers, ITEMS, fail_from_700, NULL, &err), HS_INVALID);
    assert_string_equal(err.text, "item 700");
    assert_int_equal(hs_parallel_run(workers, ITEMS, fail_from_700, NULL, NULL), HS_INVALID);
  }
}

static void the_number_of_workers_is_bounded([[maybe_unused]] void **state)
{
  assert_true(hs_worker_count(0) >= 1);
  assert_int_equal(hs_worker_count(3), 3);
  assert_int_equal(hs_worker_count(SIZE_MAX), HS_WORKER_COUNT_MAX);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_item_runs_once),
      cmocka_unit_test(the_lowest_failure_is_reported),
      cmocka_unit_test(the_number_of_workers_is_bounded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
