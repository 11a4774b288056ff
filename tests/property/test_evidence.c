/* Proves what the judge of orders rests on: what the trail gives about a set of ids is enough. At
   every frame of the range, the guard of measure/persons finds the same persons in the pairs that
   were given as in all pairs there are, and whoever is one person with an id that was asked for is
   near it, so that all touches and first orders of that person are given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <string.h>

#include "measure/persons.h"
#include "support/facts.h"
#include "support/random.h"

#define SEEDS 300
#define ASKS 16
#define PAIRS_MAX (FACT_IDS * FACT_IDS)

struct given {
  struct hs_identity_pair pairs[PAIRS_MAX];
  uint64_t sequences[PAIRS_MAX];
  size_t count;
  int touches[FACT_IDS];
  int has_first_order[FACT_IDS];
};

static struct hs_arena arena;
static struct hs_arena scratch;

static int set_up(void **state)
{
  return world_set_up(state) || hs_arena_init(&arena, HS_MIB, NULL) != HS_OK ||
         hs_arena_init(&scratch, HS_MIB, NULL) != HS_OK;
}

static int tear_down(void **state)
{
  hs_arena_release(&arena);
  hs_arena_release(&scratch);
  return world_tear_down(state);
}

static int id_of(hs_person_key key)
{
  int id = 0;
  while (fact_key(id) != key)
    id++;
  assert_in_range(id, 0, FACT_IDS - 1);
  return id;
}

static enum hs_status take_pairs(void *context, const struct hs_pair_batch *batch,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct given *given = context;
  for (size_t i = 0; i < batch->count; i++) {
    given->sequences[given->count] = batch->sequence[i];
    given->pairs[given->count++] = (struct hs_identity_pair){batch->visitor[i], batch->customer[i]};
  }
  return HS_OK;
}

static enum hs_status take_touches(void *context, const struct hs_near_touch_batch *batch,
                                   [[maybe_unused]] struct hs_err *err)
{
  struct given *given = context;
  for (size_t i = 0; i < batch->count; i++)
    given->touches[id_of(batch->person[i])]++;
  return HS_OK;
}

static enum hs_status take_first_orders(void *context, const struct hs_first_order_batch *batch,
                                        [[maybe_unused]] struct hs_err *err)
{
  struct given *given = context;
  for (size_t i = 0; i < batch->count; i++)
    given->has_first_order[id_of(batch->id[i])] = 1;
  return HS_OK;
}

static struct hs_persons persons_of(const struct hs_identity_pair *pairs, size_t count,
                                    const struct hs_persons_options *options)
{
  struct hs_persons persons = {0};
  assert_int_equal(hs_persons_of_pairs(&arena, &scratch, pairs, count, options, &persons, NULL),
                   HS_OK);
  return persons;
}

static struct hs_persons persons_by_trail(const struct facts *facts, uint64_t sequence,
                                          const struct hs_persons_options *options)
{
  struct hs_identity_pair pairs[FACT_ROWS_MAX];
  size_t count = 0;
  for (size_t i = 0; i < facts->count; i++)
    if (fact_is_pair(&facts->items[i]) && facts->items[i].sequence <= sequence)
      pairs[count++] = (struct hs_identity_pair){fact_key(facts->items[i].id),
                                                 fact_key(facts->items[i].customer)};
  return persons_of(pairs, count, options);
}

static struct hs_persons persons_by_evidence(const struct given *given, uint64_t sequence,
                                             const struct hs_persons_options *options)
{
  struct hs_identity_pair pairs[PAIRS_MAX];
  size_t count = 0;
  for (size_t i = 0; i < given->count; i++)
    if (given->sequences[i] <= sequence)
      pairs[count++] = given->pairs[i];
  return persons_of(pairs, count, options);
}

static void assert_all_is_given_of(const struct facts *facts, const struct given *given,
                                   uint64_t until_sequence, int id)
{
  int touches = 0;
  int has_order = 0;
  for (size_t i = 0; i < facts->count; i++) {
    const struct fact *fact = &facts->items[i];
    if (fact->sequence > until_sequence)
      continue;
    touches += fact->kind == HS_EVENT_TOUCH && fact->id == id;
    has_order |= fact->kind == HS_EVENT_ORDER && (fact->id == id || fact->customer == id);
  }
  assert_int_equal(given->touches[id], touches);
  assert_int_equal(given->has_first_order[id], has_order);
}

/* One frame's judgement of an id that was asked for. Gives whether it is one of several. */
static int assert_same_person(const struct facts *facts, const struct given *given,
                              const struct hs_evidence_ask *ask, const struct hs_persons *whole,
                              const struct hs_persons *part, hs_person_key id)
{
  hs_person_key person = hs_persons_find(whole, id);
  int members = 0;
  for (int other = 0; other < FACT_IDS; other++) {
    int is_member = hs_persons_find(whole, fact_key(other)) == person;
    assert_int_equal(hs_persons_find(part, fact_key(other)) == hs_persons_find(part, id),
                     is_member);
    members += is_member;
    if (is_member)
      assert_all_is_given_of(facts, given, ask->until_sequence, other);
  }
  assert_true(hs_persons_find(part, id) == person);
  return members > 1;
}

static int check_ask(struct world *world, const struct facts *facts,
                     const struct hs_evidence_ask *ask, const struct hs_persons_options *options)
{
  static struct given given;
  struct hs_evidence_reader reader = {&given, take_pairs, take_touches, take_first_orders};
  int joined = 0;
  given = (struct given){.count = 0};
  assert_int_equal(world->trail.evidence(world->trail.self, ask, &reader, NULL), HS_OK);
  for (uint64_t s = ask->from_sequence; s <= ask->until_sequence; s++) {
    struct hs_persons whole = persons_by_trail(facts, s, options);
    struct hs_persons part = persons_by_evidence(&given, s, options);
    for (size_t i = 0; i < ask->id_count; i++)
      joined += assert_same_person(facts, &given, ask, &whole, &part, ask->ids[i]);
    hs_arena_reset(&arena, 0);
  }
  return joined;
}

static void evidence_is_enough_to_tell_who_is_the_same(void **state)
{
  struct world *world = *state;
  struct facts facts;
  int joined = 0;
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    uint64_t random = seed;
    assert_int_equal(world->trail.clear(world->trail.self, NULL), HS_OK);
    world->cursor = (struct hs_cursor){0};
    facts_make(&facts, seed);
    facts_store(&facts, world);
    for (int round = 0; round < ASKS; round++) {
      struct hs_persons_options options = {
          .customers_per_visitor_max = 1 + (uint32_t)(next_random(&random) >> 33) % 3,
          .visitors_per_customer_max = 1 + (uint32_t)(next_random(&random) >> 33) % 4,
          .ids_per_person_max = 3 + (uint32_t)(next_random(&random) >> 33) % 4};
      hs_person_key ids[2] = {fact_key((int)((next_random(&random) >> 33) % FACT_IDS)),
                              fact_key((int)((next_random(&random) >> 33) % FACT_IDS))};
      uint64_t from = (next_random(&random) >> 33) % FACT_FRAMES;
      struct hs_evidence_ask ask = {.ids = ids,
                                    .id_count = 2,
                                    .from_sequence = from,
                                    .until_sequence = from + 6,
                                    .from_us = INT64_MIN,
                                    .until_us = INT64_MAX,
                                    .crowd = hs_persons_crowd(&options),
                                    .near_max = FACT_IDS};
      joined += check_ask(world, &facts, &ask, &options);
    }
  }
  assert_true(joined > 2 * SEEDS); /* or the worlds would prove nothing */
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_prestate_setup_teardown(evidence_is_enough_to_tell_who_is_the_same, set_up,
                                               tear_down, (void *)(uintptr_t) "memory"),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
