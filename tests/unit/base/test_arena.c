/* Proves base/arena: the bound holds, memory is zeroed also after a reset, growth keeps the
 * content. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

static void the_bound_holds([[maybe_unused]] void **state)
{
  struct hs_arena arena = {0};
  assert_null(hs_arena_alloc(&arena, 1, 1)); /* the zero value has no room */
  assert_int_equal(hs_arena_init(&arena, 100, NULL), HS_OK);
  assert_non_null(hs_arena_alloc(&arena, 100, 1));
  assert_null(hs_arena_alloc(&arena, 1, 1));
  assert_null(hs_arena_alloc(&arena, SIZE_MAX, 2));
  hs_arena_reset(&arena, 0);
  assert_null(hs_arena_alloc(&arena, 101, 1));
  assert_non_null(hs_arena_alloc(&arena, 25, 4));
  hs_arena_release(&arena);
  hs_arena_release(&arena);
}

static void memory_is_zero_even_when_used_before([[maybe_unused]] void **state)
{
  struct hs_arena arena = {0};
  assert_int_equal(hs_arena_init(&arena, 4096, NULL), HS_OK);
  unsigned char *dirty = hs_arena_alloc(&arena, 1000, 1);
  memset(dirty, 0xAB, 1000);
  hs_arena_reset(&arena, 0);
  unsigned char *clean = hs_arena_alloc(&arena, 2000, 1);
  for (size_t i = 0; i < 2000; i++)
    assert_int_equal(clean[i], 0);
  assert_int_equal(arena.high_bytes, 2000);
  hs_arena_release(&arena);
}

static void what_is_given_back_reads_as_zero_and_can_be_taken_again([[maybe_unused]] void **state)
{
  struct hs_arena arena = {0};
  size_t bytes = 64 * HS_KIB;
  assert_int_equal(hs_arena_init(&arena, bytes, NULL), HS_OK);
  unsigned char *kept = hs_arena_alloc(&arena, 100, 1);
  memset(kept, 0xCD, 100);
  size_t mark = hs_arena_mark(&arena);
  memset(hs_arena_alloc(&arena, bytes - 200, 1), 0xAB, bytes - 200);
  hs_arena_reset(&arena, mark);
  hs_arena_trim(&arena);
  assert_true(arena.dirty_bytes < bytes / 2);
  unsigned char *again = hs_arena_alloc(&arena, bytes - 200, 1);
  for (size_t i = 0; i < bytes - 200; i++)
    assert_int_equal(again[i], 0);
  for (size_t i = 0; i < 100; i++)
    assert_int_equal(kept[i], 0xCD);
  assert_int_equal(arena.high_bytes, bytes - 200 + 112); /* 100, rounded up to 16 */
  hs_arena_release(&arena);
}

static void growth_keeps_the_content([[maybe_unused]] void **state)
{
  struct hs_arena arena = {0};
  assert_int_equal(hs_arena_init(&arena, 4096, NULL), HS_OK);
  int *numbers = hs_arena_grow(&arena, NULL, 0, 4, sizeof *numbers);
  for (int i = 0; i < 4; i++)
    numbers[i] = i;
  int *in_place = hs_arena_grow(&arena, numbers, 4, 8, sizeof *numbers);
  assert_ptr_equal(in_place, numbers);
  assert_non_null(hs_arena_alloc(&arena, 1, 1));
  int *moved = hs_arena_grow(&arena, in_place, 8, 16, sizeof *numbers);
  assert_ptr_not_equal(moved, in_place);
  for (int i = 0; i < 4; i++)
    assert_int_equal(moved[i], i);
  assert_null(hs_arena_grow(&arena, moved, 16, 5000, sizeof *numbers));
  hs_arena_release(&arena);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_bound_holds),
      cmocka_unit_test(memory_is_zero_even_when_used_before),
      cmocka_unit_test(what_is_given_back_reads_as_zero_and_can_be_taken_again),
      cmocka_unit_test(growth_keeps_the_content),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
