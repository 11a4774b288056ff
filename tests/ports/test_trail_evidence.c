/* Proves what ports/trail.h promises of evidence about a set of ids, for every adapter: it is
   compared with its definition taken literally on random programmes. That the guard of
   measure/persons finds the same persons in it as in the whole trail: property/test_evidence.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "adapters/memory/memory_adapter.h"
#include "support/facts.h"
#include "support/lines.h"
#include "support/random.h"

#define SEEDS 8

static void must(enum hs_status status, const struct hs_err *err)
{
  if (status)
    fail_msg("status %s: %s", hs_status_code(status), err->text);
}

/* ---- what is given, as lines ---- */

/* All that was given: every row a line that says which kind it is of. */
static enum hs_status note_pairs(void *context, const struct hs_pair_batch *batch,
                                 [[maybe_unused]] struct hs_err *err)
{
  for (size_t i = 0; i < batch->count; i++)
    lines_add(context, "pair %016" PRIx64 " %016" PRIx64 " %" PRIu64, batch->visitor[i],
              batch->customer[i], batch->sequence[i]);
  return HS_OK;
}

static enum hs_status note_touches(void *context, const struct hs_near_touch_batch *batch,
                                   [[maybe_unused]] struct hs_err *err)
{
  for (size_t i = 0; i < batch->count; i++)
    lines_add(context, "touch %016" PRIx64 " %" PRId64 " [%.*s] %.*s [%.*s]%s %" PRIu64 " %" PRId64,
              batch->person[i], batch->at_us[i], HS_STR_ARG(batch->partner[i]),
              HS_STR_ARG(batch->kind[i]), HS_STR_ARG(batch->coupon[i]),
              batch->stands_down[i] ? " stands down" : "", batch->sequence[i],
              batch->row_number[i]);
  return HS_OK;
}

static enum hs_status note_first_orders(void *context, const struct hs_first_order_batch *batch,
                                        [[maybe_unused]] struct hs_err *err)
{
  for (size_t i = 0; i < batch->count; i++)
    lines_add(context, "first order %016" PRIx64 " %" PRId64 " %" PRIu64 " %" PRId64 " %.*s",
              batch->id[i], batch->at_us[i], batch->sequence[i], batch->row_number[i],
              HS_STR_ARG(batch->order_id[i]));
  return HS_OK;
}

static struct lines ask(struct world *world, const struct hs_evidence_ask *ask)
{
  struct hs_err err = {0};
  struct lines lines = {0};
  struct hs_evidence_reader reader = {&lines, note_pairs, note_touches, note_first_orders};
  must(world->trail.evidence(world->trail.self, ask, &reader, &err), &err);
  lines_sort(&lines);
  return lines;
}

/* The definition, taken literally: sets grow until nothing grows. */
struct oracle {
  const struct facts *facts;
  const struct hs_evidence_ask *ask;
  int is_near[FACT_IDS];
  int is_looked[FACT_IDS][2];
  uint64_t met[FACT_IDS][FACT_IDS]; /* [visitor][customer]: sequence of the first frame; 0: never */
};

static uint64_t met_at(const struct oracle *oracle, int id, int side, int partner)
{
  return side ? oracle->met[partner][id] : oracle->met[id][partner];
}

/* How many partners the side met before this one. */
static uint32_t place_of(const struct oracle *oracle, int id, int side, int partner)
{
  uint32_t before = 0;
  uint64_t at = met_at(oracle, id, side, partner);
  for (int other = 0; other < FACT_IDS; other++) {
    uint64_t other_at = met_at(oracle, id, side, other);
    before += other_at && (other_at < at || (other_at == at && (int64_t)fact_key(other) <
                                                                   (int64_t)fact_key(partner)));
  }
  return before;
}

static int is_open(const struct oracle *oracle, int id, int side)
{
  uint32_t partners = 0;
  for (int other = 0; other < FACT_IDS; other++) {
    uint64_t at = met_at(oracle, id, side, other);
    partners += at && at <= oracle->ask->from_sequence;
  }
  return partners <= oracle->ask->crowd;
}

static int become(int *flag)
{
  int is_new = !*flag;
  *flag = 1;
  return is_new;
}

static int grow(struct oracle *oracle, int id, int side)
{
  int grew = oracle->is_near[id] && become(&oracle->is_looked[id][side]);
  if (!oracle->is_looked[id][side] || !is_open(oracle, id, side))
    return grew;
  grew |= become(&oracle->is_near[id]);
  for (int partner = 0; partner < FACT_IDS; partner++)
    if (met_at(oracle, id, side, partner) &&
        place_of(oracle, id, side, partner) < oracle->ask->crowd)
      grew |= become(&oracle->is_looked[partner][!side]);
  return grew;
}

static void oracle_walk(struct oracle *oracle)
{
  for (size_t i = 0; i < oracle->facts->count; i++) {
    const struct fact *fact = &oracle->facts->items[i];
    if (fact_is_pair(fact) && fact->sequence <= oracle->ask->until_sequence &&
        !oracle->met[fact->id][fact->customer])
      oracle->met[fact->id][fact->customer] = fact->sequence;
  }
  for (int id = 0; id < FACT_IDS; id++)
    for (size_t i = 0; i < oracle->ask->id_count; i++)
      oracle->is_near[id] |= oracle->ask->ids[i] == fact_key(id);
  for (int grew = 1; grew;) {
    grew = 0;
    for (int id = 0; id < FACT_IDS; id++)
      grew |= grow(oracle, id, 0) | grow(oracle, id, 1);
  }
}

static void expect_pairs(const struct oracle *oracle, struct lines *lines)
{
  for (int v = 0; v < FACT_IDS; v++)
    for (int c = 0; c < FACT_IDS; c++)
      if (oracle->met[v][c] &&
          ((oracle->is_looked[v][0] && place_of(oracle, v, 0, c) <= oracle->ask->crowd) ||
           (oracle->is_looked[c][1] && place_of(oracle, c, 1, v) <= oracle->ask->crowd)))
        lines_add(lines, "pair %016" PRIx64 " %016" PRIx64 " %" PRIu64, fact_key(v), fact_key(c),
                  oracle->met[v][c]);
}

static void expect_touches(const struct oracle *oracle, struct lines *lines)
{
  for (size_t i = 0; i < oracle->facts->count; i++) {
    const struct fact *fact = &oracle->facts->items[i];
    char partner[24] = "";
    if (fact->kind != HS_EVENT_TOUCH || !oracle->is_near[fact->id] ||
        fact->sequence > oracle->ask->until_sequence || fact->at_us < oracle->ask->from_us ||
        fact->at_us >= oracle->ask->until_us)
      continue;
    if (fact->number >= 0)
      (void)snprintf(partner, sizeof partner, "partner %d", fact->number);
    lines_add(lines, "touch %016" PRIx64 " %" PRId64 " [%s] %s [%s] %" PRIu64 " %" PRId64,
              fact_key(fact->id), fact->at_us, partner, *partner ? "click" : "direct",
              fact->is_dollar ? "SAVE" : "", fact->sequence, fact->row_number);
  }
}

/* The first order of the id that is known at that frame. Facts stand by sequence and row, so the
   first of a moment is the one that counts. */
static const struct fact *first_order(const struct oracle *oracle, int id, uint64_t sequence)
{
  const struct fact *first = NULL;
  for (size_t i = 0; i < oracle->facts->count; i++) {
    const struct fact *fact = &oracle->facts->items[i];
    if (fact->kind == HS_EVENT_ORDER && (fact->id == id || fact->customer == id) &&
        fact->sequence <= sequence && fact->at_us < oracle->ask->until_us &&
        (!first || fact->at_us < first->at_us))
      first = fact;
  }
  return first;
}

static void expect_first_orders(const struct oracle *oracle, struct lines *lines)
{
  for (int id = 0; id < FACT_IDS; id++)
    for (uint64_t s = 1; oracle->is_near[id] && s <= oracle->ask->until_sequence; s++) {
      const struct fact *first = first_order(oracle, id, s);
      if (first && first != first_order(oracle, id, s - 1))
        lines_add(lines, "first order %016" PRIx64 " %" PRId64 " %" PRIu64 " %" PRId64 " order %d",
                  fact_key(id), first->at_us, first->sequence, first->row_number, first->order);
    }
}

static struct lines expected_evidence(const struct facts *facts, const struct hs_evidence_ask *ask)
{
  struct oracle oracle = {.facts = facts, .ask = ask};
  struct lines lines = {0};
  oracle_walk(&oracle);
  expect_pairs(&oracle, &lines);
  expect_touches(&oracle, &lines);
  expect_first_orders(&oracle, &lines);
  lines_sort(&lines);
  return lines;
}

static uint64_t random_state;

static uint64_t below(uint64_t bound)
{
  return (next_random(&random_state) * UINT64_C(0x2545F4914F6CDD1D) >> 33) % bound;
}

static struct hs_evidence_ask any_ask(hs_person_key *ids, size_t id_count)
{
  struct hs_evidence_ask ask = {.ids = ids,
                                .id_count = id_count,
                                .from_sequence = below(FACT_FRAMES),
                                .from_us = (int64_t)below(8),
                                .crowd = (uint32_t)below(5),
                                .near_max = FACT_IDS};
  ask.until_sequence = ask.from_sequence + below(FACT_FRAMES - ask.from_sequence + 1);
  ask.until_us = ask.from_us + (int64_t)below(9);
  for (size_t i = 0; i < id_count; i++)
    ids[i] = fact_key((int)below(FACT_IDS));
  return ask;
}

static void evidence_is_what_its_definition_says(void **state)
{
  struct world *world = *state;
  struct facts facts;
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    random_state = seed;
    world->cursor = (struct hs_cursor){0};
    must(world->trail.clear(world->trail.self, NULL), NULL);
    facts_make(&facts, seed);
    facts_store(&facts, world);
    for (int round = 0; round < 8; round++) {
      hs_person_key ids[4];
      char what[32];
      struct hs_evidence_ask asked = any_ask(ids, 1 + below(4));
      struct lines given = ask(world, &asked);
      struct lines expected = expected_evidence(&facts, &asked);
      (void)snprintf(what, sizeof what, "seed %" PRIu64 " round %d", seed, round);
      lines_assert_same(&given, &expected, what);
      lines_clear(&given);
      lines_clear(&expected);
    }
  }
}

/* What is given for a set is what is given for its ids one by one, whichever way it is cut. */
static void evidence_does_not_depend_on_who_else_is_asked_for(void **state)
{
  struct world *world = *state;
  struct facts facts;
  facts_make(&facts, 9);
  facts_store(&facts, world);
  random_state = 7;
  for (int round = 0; round < 8; round++) {
    hs_person_key ids[6];
    struct hs_evidence_ask asked = any_ask(ids, 6);
    struct lines whole = ask(world, &asked);
    for (size_t step = 1; step < 6; step += 2) {
      struct lines parts = {0};
      for (size_t first = 0; first < 6; first += step) {
        struct hs_evidence_ask part = asked;
        part.ids = ids + first;
        part.id_count = first + step < 6 ? step : 6 - first;
        struct lines some = ask(world, &part);
        for (size_t i = 0; i < some.count; i++)
          lines_add(&parts, "%s", some.items[i]);
        lines_clear(&some);
      }
      lines_sort(&parts);
      lines_drop_repeated(&parts);
      lines_assert_same(&whole, &parts, "evidence in parts");
      lines_clear(&parts);
    }
    lines_clear(&whole);
  }
}

/* Nobody else is near when nobody may be walked to, and what has no function is not given. */
static void who_knows_the_rest_asks_for_touches_alone(void **state)
{
  struct world *world = *state;
  struct facts facts;
  facts_make(&facts, 4);
  facts_store(&facts, world);
  random_state = 11;
  for (uint32_t crowd = 0; crowd < 4; crowd++) {
    hs_person_key ids[4];
    struct hs_err err = {0};
    struct lines given = {0};
    struct lines touches = {0};
    struct hs_evidence_reader reader = {.context = &given, .touches = note_touches};
    struct hs_evidence_ask asked = any_ask(ids, 4);
    asked.crowd = crowd;
    must(world->trail.evidence(world->trail.self, &asked, &reader, &err), &err);
    lines_sort(&given);
    struct lines expected = expected_evidence(&facts, &asked);
    for (size_t i = 0; i < expected.count; i++)
      if (strncmp(expected.items[i], "touch ", 6) == 0)
        lines_add(&touches, "%s", expected.items[i]);
    lines_assert_same(&given, &touches, "touches alone");
    lines_clear(&given);
    lines_clear(&touches);
    lines_clear(&expected);
  }
}

static void nobody_has_no_evidence(void **state)
{
  struct world *world = *state;
  struct facts facts;
  facts_make(&facts, 3);
  facts_store(&facts, world);
  static const hs_person_key NONE[] = {0, 0};
  struct hs_evidence_ask asked = {NONE, 2, 0, FACT_FRAMES, INT64_MIN, INT64_MAX, 3, 0};
  for (asked.id_count = 0; asked.id_count <= 2; asked.id_count++) {
    struct lines given = ask(world, &asked);
    assert_int_equal(given.count, 0);
    lines_clear(&given);
  }
}

static void a_touch_says_whether_it_stands_down(void **state)
{
  static const char *const SAID[] = {NULL, "0", "1"};
  struct world *world = *state;
  struct events touches;
  events_init(&touches, HS_EVENT_TOUCH);
  for (size_t i = 0; i < sizeof SAID / sizeof *SAID; i++)
    (void)events_add_with(&touches, "person", "ann", "occurred_at", "1", "stands_down", SAID[i],
                          NULL);
  world_store(world, &touches);
  events_release(&touches);
  hs_person_key ann = hs_person_key_of(HS_STR("ann"));
  struct hs_evidence_ask asked = {&ann, 1, 1, 1, INT64_MIN, INT64_MAX, 3, 10};
  struct lines given = ask(world, &asked);
  size_t count = 0;
  for (size_t i = 0; i < given.count; i++)
    count += strstr(given.items[i], " stands down ") != NULL;
  assert_int_equal(given.count, 3);
  assert_int_equal(count, 1);
  lines_clear(&given);
}

/* ---- a shop with a guest account ---- */

static void add_pair(struct events *identities, const char *visitor, const char *customer)
{
  (void)events_add_with(identities, "occurred_at", "5", "visitor", visitor, "customer", customer,
                        NULL);
}

/* Ann and 400 others bought as guests; ann's phone and laptop are hers. */
static void store_guests(struct world *world)
{
  struct events identities;
  struct events touches;
  events_init(&identities, HS_EVENT_IDENTITY);
  events_init(&touches, HS_EVENT_TOUCH);
  add_pair(&identities, "phone", "ann");
  add_pair(&identities, "laptop", "ann");
  add_pair(&identities, "phone", "guest");
  (void)events_add_with(&touches, "person", "laptop", "occurred_at", "1", NULL);
  for (int i = 0; i < 400; i++) {
    char visitor[24];
    (void)snprintf(visitor, sizeof visitor, "visitor %d", i);
    add_pair(&identities, visitor, "guest");
    (void)events_add_with(&touches, "person", visitor, "occurred_at", "1", NULL);
  }
  world_store(world, &identities);
  world_store(world, &touches);
  events_release(&identities);
  events_release(&touches);
}

static size_t count_of(const struct lines *lines, const char *start)
{
  size_t count = 0;
  for (size_t i = 0; i < lines->count; i++)
    count += strncmp(lines->items[i], start, strlen(start)) == 0;
  return count;
}

static void a_walk_does_not_run_through_a_guest_account(void **state)
{
  struct world *world = *state;
  store_guests(world);
  hs_person_key phone = hs_person_key_of(HS_STR("phone"));
  struct hs_evidence_ask asked = {&phone, 1, 2, 2, 0, 10, 50, 3};
  struct lines given = ask(world, &asked);
  /* Ann's two, and of the guests enough to know the account for what it is. The phone's may be one
     of them. */
  size_t pairs = count_of(&given, "pair ");
  assert_true(pairs == 2 + 51 || pairs == 2 + 52);
  assert_int_equal(count_of(&given, "touch "), 1);
  lines_clear(&given);
  /* Before frame 1 the account had nobody: the range begins with an open side. */
  asked.from_sequence = 0;
  asked.near_max = 400;
  given = ask(world, &asked);
  assert_true(count_of(&given, "touch ") > 40 && count_of(&given, "touch ") <= 51);
  lines_clear(&given);
}

static enum hs_status refuse_pairs([[maybe_unused]] void *context,
                                   [[maybe_unused]] const struct hs_pair_batch *batch,
                                   struct hs_err *err)
{
  return hs_fail(err, HS_INTERRUPTED, "enough pairs");
}

static void more_near_ids_than_allowed_are_refused_in_words(void **state)
{
  struct world *world = *state;
  struct hs_err err = {0};
  struct lines given = {0};
  struct hs_evidence_reader reader = {&given, note_pairs, note_touches, note_first_orders};
  store_guests(world);
  hs_person_key phone = hs_person_key_of(HS_STR("phone"));
  struct hs_evidence_ask asked = {&phone, 1, 2, 2, 0, 10, 50, 2};
  assert_int_equal(world->trail.evidence(world->trail.self, &asked, &reader, &err), HS_NOMEM);
  assert_string_equal(err.text, "evidence joins the 1 id asked for with so many others that more "
                                "than 2 are near; ask for fewer at once");
  assert_int_equal(given.count, 0);
  reader.pairs = refuse_pairs;
  asked.near_max = 3;
  assert_int_equal(world->trail.evidence(world->trail.self, &asked, &reader, &err), HS_INTERRUPTED);
  assert_string_equal(err.text, "enough pairs");
  /* Neither leaves anything behind that the next one meets. */
  given = ask(world, &asked);
  assert_int_equal(count_of(&given, "touch "), 1);
  lines_clear(&given);
}

/* ---- little memory ---- */

static enum hs_status pass_orders([[maybe_unused]] void *context,
                                  [[maybe_unused]] const struct hs_new_order_batch *batch,
                                  [[maybe_unused]] struct hs_err *err)
{
  return HS_OK;
}

static enum hs_status pass_refunds([[maybe_unused]] void *context,
                                   [[maybe_unused]] const struct hs_refund_batch *batch,
                                   [[maybe_unused]] struct hs_err *err)
{
  return HS_OK;
}

/* Asks all three; gives how many were refused for want of memory, each in words. */
static int refusals(struct hs_trail *trail, const struct hs_evidence_ask *asked)
{
  struct lines lines = {0};
  struct hs_evidence_reader reader = {&lines, note_pairs, note_touches, note_first_orders};
  const struct hs_order_page page = {0, INT64_MAX, UINT64_MAX, SIZE_MAX, {0}, 0, 0};
  struct hs_err errs[3] = {0};
  const enum hs_status statuses[3] = {
      trail->new_orders(trail->self, &page, pass_orders, NULL, &errs[0]),
      trail->new_refunds(trail->self, 0, UINT64_MAX, pass_refunds, NULL, &errs[1]),
      trail->evidence(trail->self, asked, &reader, &errs[2])};
  int refused = 0;
  for (size_t i = 0; i < 3; i++) {
    if (statuses[i] == HS_OK)
      continue;
    assert_int_equal(statuses[i], HS_NOMEM);
    assert_non_null(strstr(errs[i].text, "no room for"));
    refused++;
  }
  lines_clear(&lines);
  return refused;
}

/* The trail in memory has one bound; all that it holds for a question stays below it. */
static void little_memory_is_refused_and_enough_is_enough([[maybe_unused]] void **state)
{
  static struct facts facts;
  int refused = 3;
  int seen[4] = {0};
  hs_person_key id = fact_key(1);
  struct hs_evidence_ask asked = {&id, 1, 0, FACT_FRAMES, INT64_MIN, INT64_MAX, 3, FACT_IDS};
  facts_make(&facts, 5);
  for (size_t bytes = 128 * HS_KIB; refused > 0; bytes += 4 * HS_KIB) {
    struct world world = {.name = "memory"};
    struct hs_memory_options options = {.io = hs_io_real(), .memory_bytes = bytes};
    assert_int_equal(hs_memory_trail_open(&options, &world.trail, NULL), HS_OK);
    facts_store(&facts, &world);
    int before = refused;
    refused = refusals(&world.trail, &asked);
    assert_true(refused <= before && bytes < HS_MIB);
    seen[refused]++;
    world.trail.close(world.trail.self);
  }
  assert_true(seen[3] > 0 && seen[0] == 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      EVERY_WORLD_TEST(evidence_is_what_its_definition_says),
      EVERY_WORLD_TEST(evidence_does_not_depend_on_who_else_is_asked_for),
      EVERY_WORLD_TEST(who_knows_the_rest_asks_for_touches_alone),
      EVERY_WORLD_TEST(nobody_has_no_evidence),
      EVERY_WORLD_TEST(a_touch_says_whether_it_stands_down),
      EVERY_WORLD_TEST(a_walk_does_not_run_through_a_guest_account),
      EVERY_WORLD_TEST(more_near_ids_than_allowed_are_refused_in_words),
      cmocka_unit_test(little_memory_is_refused_and_enough_is_enough),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
