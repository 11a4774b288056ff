/* Proves measure/touch_pile: every touch comes out once, in the order of persons and time, whatever
   the number of parts; and emptied buckets feed the next pile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "measure/touch_pile.h"

#define TOUCHES ((size_t)60000)

static struct hs_touch touches[TOUCHES], expected[TOUCHES], got[TOUCHES], spare[TOUCHES];
static struct hs_arena arena;

/* Ids are hashes, so products with an odd constant spread as they do. Three touches in four are of
   few persons, who then have hundreds. */
static void make_touches(void)
{
  for (size_t i = 0; i < TOUCHES; i++)
    touches[i] =
        (struct hs_touch){.person = (i % 4 == 0 ? i : i % 97) * UINT64_C(0x9E3779B97F4A7C15),
                          .at_us = (int64_t)(i * 7919 % 50) - 25,
                          .sequence = i % 3,
                          .row = (uint32_t)(TOUCHES - i)};
  touches[0].person = UINT64_C(0x7FFFFFFFFFFFFFFF); /* the last of all */
  touches[4].person = UINT64_C(1) << 63;            /* the first */
}

static int by_person_time_and_place(const void *a, const void *b)
{
  const struct hs_touch *x = a;
  const struct hs_touch *y = b;
  int64_t person_x = (int64_t)x->person;
  int64_t person_y = (int64_t)y->person;
  if (person_x != person_y)
    return person_x < person_y ? -1 : 1;
  if (x->at_us != y->at_us)
    return x->at_us < y->at_us ? -1 : 1;
  if (x->sequence != y->sequence)
    return x->sequence < y->sequence ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

static int set_up([[maybe_unused]] void **state)
{
  make_touches();
  memcpy(expected, touches, sizeof expected);
  qsort(expected, TOUCHES, sizeof *expected, by_person_time_and_place);
  return hs_arena_init(&arena, 64 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

/* Empties the pile into got, behind what is there; returns how many are there then. */
static size_t take_up(struct hs_touch_pile *pile, size_t taken)
{
  for (size_t b = 0; b < pile->bucket_count; b++) {
    size_t count = hs_touch_pile_count(pile, b);
    assert_true(taken + count <= TOUCHES);
    hs_touch_pile_copy(pile, b, spare);
    hs_touch_pile_empty(pile, b);
    hs_touches_sort(spare, count, got + taken);
    for (size_t i = 0; i < count; i++)
      assert_true(hs_rank_of(spare[i].person) <= hs_touch_pile_last_rank(pile, b));
    taken += count;
  }
  return taken;
}

static void read_by_parts(struct hs_touch_store *store, unsigned part_bits)
{
  struct hs_touch_pile pile;
  size_t taken = 0;
  assert_int_equal(hs_touch_pile_open(&pile, store, part_bits, TOUCHES >> part_bits, NULL), HS_OK);
  for (uint32_t part = 0; part < UINT32_C(1) << part_bits; part++) {
    hs_touch_pile_turn_to(&pile, part);
    for (size_t i = 0; i < TOUCHES; i++)
      if (hs_person_part(touches[i].person, UINT32_C(1) << part_bits) == part)
        assert_int_equal(hs_touch_pile_add(&pile, &touches[i], NULL), HS_OK);
    taken = take_up(&pile, taken);
  }
  assert_int_equal(taken, TOUCHES);
  assert_memory_equal(got, expected, sizeof expected);
  assert_true(hs_touch_pile_last_rank(&pile, pile.bucket_count - 1) == UINT64_MAX);
}

static void the_order_does_not_depend_on_the_number_of_parts([[maybe_unused]] void **state)
{
  for (unsigned part_bits = 0; part_bits <= 6; part_bits++) {
    struct hs_touch_store store = {.arena = &arena};
    read_by_parts(&store, part_bits);
    hs_arena_reset(&arena, 0);
  }
}

static void emptied_buckets_feed_the_next_pile([[maybe_unused]] void **state)
{
  struct hs_touch_store store = {.arena = &arena};
  read_by_parts(&store, 0);
  size_t used = arena.used_bytes;
  read_by_parts(&store, 0);
  assert_true(arena.used_bytes - used < 64 * HS_KIB); /* heads of buckets, no touches */
  hs_arena_reset(&arena, 0);
}

static void a_full_arena_is_said([[maybe_unused]] void **state)
{
  struct hs_arena small = {0};
  struct hs_err err = {0};
  assert_int_equal(hs_arena_init(&small, 20 * HS_KIB, NULL), HS_OK);
  struct hs_touch_store store = {.arena = &small};
  struct hs_touch_pile pile;
  assert_int_equal(hs_touch_pile_open(&pile, &store, 0, 1, &err), HS_OK);
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < TOUCHES && status == HS_OK; i++)
    status = hs_touch_pile_add(&pile, &touches[i], &err);
  assert_int_equal(status, HS_NOMEM);
  assert_non_null(strstr(err.text, "the touches of a part"));
  assert_int_equal(hs_touch_pile_open(&pile, &store, 0, 1 << 30, &err), HS_NOMEM);
  hs_arena_release(&small);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_order_does_not_depend_on_the_number_of_parts),
      cmocka_unit_test(emptied_buckets_feed_the_next_pile),
      cmocka_unit_test(a_full_arena_is_said),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
