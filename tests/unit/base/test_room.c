/* Proves base/room: rows stay what they were however far the array grows, room is there before it
   is written to, and a full arena leaves all as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>

#include "base/room.h"

static void rows_stay_while_the_array_grows([[maybe_unused]] void **state)
{
  struct hs_arena arena = {0};
  uint64_t *rows = NULL;
  size_t capacity = 0;
  assert_int_equal(hs_arena_init(&arena, HS_MIB, NULL), HS_OK);
  for (size_t i = 0; i < 5000; i++) {
    rows = hs_arena_room(&arena, rows, i, 1, &capacity, sizeof *rows);
    assert_non_null(rows);
    assert_true(capacity > i);
    rows[i] = i;
    if (i % 777 == 0) /* something else lies behind the array: it has to move */
      assert_non_null(hs_arena_alloc(&arena, 1, 1));
  }
  for (size_t i = 0; i < 5000; i++)
    assert_int_equal(rows[i], i);
  hs_arena_release(&arena);
}

static void a_batch_has_room_at_once([[maybe_unused]] void **state)
{
  struct hs_arena arena = {0};
  size_t capacity = 0;
  assert_int_equal(hs_arena_init(&arena, HS_MIB, NULL), HS_OK);
  uint32_t *rows = hs_arena_room(&arena, NULL, 0, 1000, &capacity, sizeof *rows);
  assert_non_null(rows);
  assert_true(capacity >= 1000);
  for (uint32_t i = 0; i < 1000; i++)
    rows[i] = i;
  size_t before = capacity;
  assert_ptr_equal(hs_arena_room(&arena, rows, 10, before - 10, &capacity, sizeof *rows), rows);
  assert_int_equal(capacity, before);
  hs_arena_release(&arena);
}

static void a_full_arena_leaves_the_array_as_it_was([[maybe_unused]] void **state)
{
  struct hs_arena arena = {0};
  size_t capacity = 0;
  assert_int_equal(hs_arena_init(&arena, 4096, NULL), HS_OK);
  char *rows = hs_arena_room(&arena, NULL, 0, 1, &capacity, 1);
  assert_non_null(rows);
  rows[0] = 'a';
  size_t before = capacity;
  assert_null(hs_arena_room(&arena, rows, 1, HS_GIB, &capacity, 1));
  assert_null(hs_arena_room(&arena, rows, 1, SIZE_MAX, &capacity, 1));
  assert_int_equal(capacity, before);
  assert_int_equal(rows[0], 'a');
  hs_arena_release(&arena);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_stay_while_the_array_grows),
      cmocka_unit_test(a_batch_has_room_at_once),
      cmocka_unit_test(a_full_arena_leaves_the_array_as_it_was),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
