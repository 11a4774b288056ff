/* Proves base/spread: rows come out as qsort would put them, for keys that are hashes and for keys
   that are not, and a full arena leaves them as they were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/spread.h"
#include "support/seeded.h"

#define COUNT_MAX 5000

struct row {
  uint32_t mark;
  uint64_t key;
};

static int by_key(const void *left, const void *right)
{
  const struct row *a = left;
  const struct row *b = right;
  if (a->key != b->key)
    return a->key < b->key ? -1 : 1;
  return (a->mark > b->mark) - (a->mark < b->mark);
}

/* count rows, their keys cut to the bits of mask. */
static void fill(struct row *rows, size_t count, uint64_t mask, uint64_t seed)
{
  memset(rows, 0, count * sizeof *rows);
  for (size_t i = 0; i < count; i++) {
    rows[i].key = test_random(&seed) & mask;
    rows[i].mark = (uint32_t)test_random(&seed);
  }
}

static void rows_come_out_as_qsort_puts_them([[maybe_unused]] void **state)
{
  static const uint64_t MASKS[] = {UINT64_MAX, 0xff, 0, UINT64_C(0xff) << 56, UINT64_MAX >> 20};
  static const size_t COUNTS[] = {0, 1, 2, 3, 4, 5, 100, 1023, 1024, 1025, COUNT_MAX};
  static struct row rows[COUNT_MAX];
  static struct row expected[COUNT_MAX];
  struct hs_arena scratch = {0};
  assert_int_equal(hs_arena_init(&scratch, HS_MIB, NULL), HS_OK);
  for (size_t m = 0; m < sizeof MASKS / sizeof *MASKS; m++)
    for (size_t c = 0; c < sizeof COUNTS / sizeof *COUNTS; c++) {
      size_t count = COUNTS[c];
      fill(rows, count, MASKS[m], m * 100 + c);
      memcpy(expected, rows, count * sizeof *rows);
      if (count > 0)
        qsort(expected, count, sizeof *expected, by_key);
      assert_int_equal(hs_sort_spread(&scratch, rows, count, sizeof *rows,
                                      offsetof(struct row, key), by_key, NULL),
                       HS_OK);
      assert_memory_equal(rows, expected, count * sizeof *rows);
      assert_int_equal(hs_arena_mark(&scratch), 0);
    }
  hs_arena_release(&scratch);
}

static void a_full_arena_leaves_them_as_they_were([[maybe_unused]] void **state)
{
  static struct row rows[COUNT_MAX];
  static struct row before[COUNT_MAX];
  struct hs_arena scratch = {0};
  struct hs_err err;
  assert_int_equal(hs_arena_init(&scratch, 64 * HS_KIB, NULL), HS_OK);
  fill(rows, COUNT_MAX, UINT64_MAX, 7);
  memcpy(before, rows, sizeof rows);
  assert_int_equal(hs_sort_spread(&scratch, rows, COUNT_MAX, sizeof *rows,
                                  offsetof(struct row, key), by_key, &err),
                   HS_NOMEM);
  assert_memory_equal(rows, before, sizeof rows);
  assert_int_equal(hs_arena_mark(&scratch), 0);
  hs_arena_release(&scratch);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(rows_come_out_as_qsort_puts_them),
                                     cmocka_unit_test(a_full_arena_leaves_them_as_they_were)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
