/* Proves base/bell: nobody who waits misses a ring, however many wait and however they come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>

#include "base/bell.h"

#define WAITER_COUNT 24
#define ROUND_COUNT 2000

struct round {
  struct hs_bell bell, answers;
  _Atomic uint32_t number, arrived;
};

/* As every user of a bell does: listen, look, wait. */
static void wait_for(struct hs_bell *bell, const _Atomic uint32_t *value, uint32_t wanted)
{
  for (;;) {
    uint32_t heard = hs_bell_listen(bell);
    if (*value >= wanted)
      return;
    hs_bell_wait(bell, heard);
  }
}

static void *follow_rounds(void *context)
{
  struct round *round = context;
  for (uint32_t number = 1; number <= ROUND_COUNT; number++) {
    wait_for(&round->bell, &round->number, number);
    round->arrived++;
    hs_bell_ring_one(&round->answers);
  }
  return NULL;
}

static void everybody_who_waits_hears_every_ring(void **state)
{
  (void)state;
  struct round round = {0};
  pthread_t threads[WAITER_COUNT];
  for (size_t i = 0; i < WAITER_COUNT; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, follow_rounds, &round), 0);
  for (uint32_t number = 1; number <= ROUND_COUNT; number++) {
    round.number = number;
    hs_bell_ring_all(&round.bell);
    wait_for(&round.answers, &round.arrived, number * WAITER_COUNT);
  }
  for (size_t i = 0; i < WAITER_COUNT; i++)
    assert_int_equal(pthread_join(threads[i], NULL), 0);
  assert_int_equal(round.arrived, ROUND_COUNT * WAITER_COUNT);
}

static void a_ring_between_listening_and_waiting_is_not_missed(void **state)
{
  (void)state;
  struct hs_bell bell = {0};
  uint32_t heard = hs_bell_listen(&bell);
  hs_bell_ring_one(&bell);
  hs_bell_wait(&bell, heard); /* would not come back */
  assert_int_not_equal(hs_bell_listen(&bell), heard);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(everybody_who_waits_hears_every_ring),
      cmocka_unit_test(a_ring_between_listening_and_waiting_is_not_missed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
