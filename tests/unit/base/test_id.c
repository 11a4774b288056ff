/* Proves base/id: ids sort as they were made, whatever the clock does, and have one spelling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <string.h>

#include "base/id.h"
#include "base/io_sim.h"

static struct hs_sim *open_sim(int64_t start_us)
{
  struct hs_sim *sim = NULL;
  const struct hs_sim_options options = {.seed = 1, .start_us = start_us};
  assert_int_equal(hs_sim_open(&options, &sim, NULL), HS_OK);
  return sim;
}

static void ids_rise_while_the_clock_stands_and_runs([[maybe_unused]] void **state)
{
  struct hs_sim *sim = open_sim(1772366400000000);
  struct hs_id_maker maker = {0};
  struct hs_id last = hs_id_make(&maker, hs_sim_io(sim), "pty");
  for (int i = 0; i < 10000; i++) {
    if (i % 100 == 0)
      hs_sim_advance(sim, 700);
    struct hs_id next = hs_id_make(&maker, hs_sim_io(sim), "pty");
    assert_true(strcmp(last.text, next.text) < 0);
    last = next;
  }
  hs_sim_close(sim);
}

static void ids_rise_when_the_clock_jumps_back([[maybe_unused]] void **state)
{
  struct hs_sim *late = open_sim(1772366400000000);
  struct hs_sim *early = open_sim(1000000000000000);
  struct hs_id_maker maker = {0};
  struct hs_id first = hs_id_make(&maker, hs_sim_io(late), "ord");
  struct hs_id second = hs_id_make(&maker, hs_sim_io(early), "ord");
  assert_true(strcmp(first.text, second.text) < 0);
  hs_sim_close(late);
  hs_sim_close(early);
}

/* When 2^80 ids of one millisecond are used up, the next millisecond is borrowed. */
static void the_last_id_of_a_millisecond_is_followed_by_the_next([[maybe_unused]] void **state)
{
  struct hs_sim *sim = open_sim(5000000);
  struct hs_id_maker maker = {.last_ms = 5000};
  memset(maker.last_random, 0xFF, sizeof maker.last_random);
  struct hs_id id = hs_id_make(&maker, hs_sim_io(sim), "evt");
  assert_int_equal(maker.last_ms, 5001);
  assert_true(strcmp(id.text, "evt_00000004w8zzzzzzzzzzzzzzzz") > 0);
  hs_sim_close(sim);
}

/* The ULID of 2016-07-30T22:36:16.385Z begins with 01ARYZ6S41 (its specification's example). */
static void the_layout_is_that_of_a_ulid([[maybe_unused]] void **state)
{
  struct hs_sim *sim = open_sim(1469918176385000);
  struct hs_id_maker maker = {0};
  struct hs_id id = hs_id_make(&maker, hs_sim_io(sim), "lnk");
  assert_int_equal(strlen(id.text), 30);
  assert_memory_equal(id.text, "lnk_01aryz6s41", 14);
  hs_sim_close(sim);
}

static void random_bits_are_drawn_even_at_the_first_moment([[maybe_unused]] void **state)
{
  struct hs_sim *sim = open_sim(0);
  struct hs_id_maker maker = {0};
  struct hs_id id = hs_id_make(&maker, hs_sim_io(sim), "abc");
  assert_memory_equal(id.text, "abc_0000000000", 14);
  assert_string_not_equal(id.text + 14, "0000000000000001");
  hs_sim_close(sim);
}

static void an_id_has_one_spelling([[maybe_unused]] void **state)
{
  struct hs_id id = {0};
  assert_true(hs_id_parse(HS_STR("pty_01aryz6s41tsv4rrffq69g5fav"), "pty", &id));
  assert_string_equal(id.text, "pty_01aryz6s41tsv4rrffq69g5fav");
  assert_true(hs_id_parse(HS_STR("pty_7zzzzzzzzzzzzzzzzzzzzzzzzz"), NULL, &id));
  static const char *const BAD[] = {
      "",
      "pty_",
      "pty_01aryz6s41tsv4rrffq69g5fa",   /* short */
      "pty_01aryz6s41tsv4rrffq69g5favv", /* long */
      "agr_01aryz6s41tsv4rrffq69g5fav",  /* another kind */
      "pty-01aryz6s41tsv4rrffq69g5fav",
      "PTY_01aryz6s41tsv4rrffq69g5fav",
      "pty_01ARYZ6S41TSV4RRFFQ69G5FAV", /* capitals */
      "pty_01aryz6s41tsv4rrffq69g5fau", /* u is no digit */
      "pty_81aryz6s41tsv4rrffq69g5fav", /* more than 128 bits */
  };
  id = (struct hs_id){"old"};
  for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
    assert_false(hs_id_parse(hs_str_of(BAD[i]), "pty", &id));
  assert_false(hs_id_parse((struct hs_str){"pty_01aryz6s41tsv4rrffq69g5\0av", 30}, "pty", &id));
  assert_string_equal(id.text, "old");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ids_rise_while_the_clock_stands_and_runs),
      cmocka_unit_test(ids_rise_when_the_clock_jumps_back),
      cmocka_unit_test(the_last_id_of_a_millisecond_is_followed_by_the_next),
      cmocka_unit_test(the_layout_is_that_of_a_ulid),
      cmocka_unit_test(random_bits_are_drawn_even_at_the_first_moment),
      cmocka_unit_test(an_id_has_one_spelling),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
