/* Proves measure/persons by small cases worked out by hand: what joins, what the guard refuses, who
   names a person, and that neither arrival nor repetition changes an answer. Random worlds against
   an oracle: property/test_journeys.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "measure/persons.h"
#include "support/capacity.h"
#include "support/trails.h"

/* One piece of evidence: these two ids were the same person. */
struct evidence {
  const char *visitor;
  const char *customer;
};

static struct world store;
static struct hs_arena arena;
static struct hs_arena scratch;

static int set_up([[maybe_unused]] void **state)
{
  world_open(&store, "memory");
  return hs_arena_init(&arena, HS_MIB, NULL) != HS_OK ||
         hs_arena_init(&scratch, HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  world_close(&store);
  hs_arena_release(&arena);
  hs_arena_release(&scratch);
  return 0;
}

static void store_evidence(const struct evidence *evidence, size_t count)
{
  struct events identities;
  events_init(&identities, HS_EVENT_IDENTITY);
  for (size_t i = 0; i < count; i++) {
    char id[64];
    (void)snprintf(id, sizeof id, "frame %llu piece %zu", (unsigned long long)store.cursor.sequence,
                   i);
    (void)events_add_with(&identities, "identity_id", id, "occurred_at", "1000", "visitor",
                          evidence[i].visitor, "customer", evidence[i].customer, NULL);
  }
  world_store(&store, &identities);
  events_release(&identities);
}

static struct hs_persons join_until(int64_t until_us, const struct hs_persons_options *options)
{
  struct hs_persons persons = {0};
  struct hs_err err = {0};
  if (hs_persons_join(&arena, &scratch, &store.trail, until_us, options, &persons, &err) != HS_OK)
    fail_msg("%s", err.text);
  assert_int_equal(scratch.used_bytes, 0);
  return persons;
}

static struct hs_persons join(const struct hs_persons_options *options)
{
  return join_until(INT64_MAX, options);
}

static const struct hs_persons_options DEFAULTS = {0};

static hs_person_key key_of(const char *id) { return hs_person_key_of(hs_str_of(id)); }

static hs_person_key person_of(const struct hs_persons *persons, const char *id)
{
  return hs_persons_find(persons, key_of(id));
}

static void assert_alone(const struct hs_persons *persons, const char *id)
{
  hs_person_key person = 0;
  assert_false(hs_persons_is_joined(persons, key_of(id), &person));
  assert_true(person == key_of(id));
}

static hs_person_key smallest_key(const char *const *ids, size_t count)
{
  hs_person_key smallest = key_of(ids[0]);
  for (size_t i = 1; i < count; i++)
    smallest = key_of(ids[i]) < smallest ? key_of(ids[i]) : smallest;
  return smallest;
}

#define STORE(...)                                                                                 \
  store_evidence((const struct evidence[]){__VA_ARGS__},                                           \
                 sizeof((const struct evidence[]){__VA_ARGS__}) / sizeof(struct evidence))

static void the_smallest_key_names_the_person([[maybe_unused]] void **state)
{
  static const char *const IDS[] = {"phone", "laptop", "desk", "ann"};
  STORE({"phone", "ann"}, {"laptop", "ann"}, {"desk", "ann"});
  struct hs_persons persons = join(&DEFAULTS);
  assert_int_equal(persons.id_count, 4);
  assert_int_equal(persons.person_count, 1);
  for (size_t i = 0; i < 4; i++) {
    hs_person_key person = 0;
    assert_true(hs_persons_is_joined(&persons, key_of(IDS[i]), &person));
    assert_true(person == smallest_key(IDS, 4));
    assert_true(person_of(&persons, IDS[i]) == person);
  }
  assert_alone(&persons, "stranger");
}

static void without_evidence_everybody_is_alone([[maybe_unused]] void **state)
{
  struct hs_persons persons = join(&DEFAULTS);
  assert_int_equal(persons.id_count, 0);
  assert_int_equal(persons.person_count, 0);
  assert_alone(&persons, "ann");
}

static void an_id_is_no_evidence_about_itself([[maybe_unused]] void **state)
{
  STORE({"ann", "ann"}, {"ben", "ben"});
  struct hs_persons persons = join(&DEFAULTS);
  assert_int_equal(persons.id_count, 0);
  assert_alone(&persons, "ann");
}

/* The tablet has two customers. Ann keeps her phone; nobody gets the tablet. */
static void a_shared_device_joins_nobody([[maybe_unused]] void **state)
{
  STORE({"tablet", "ann"}, {"tablet", "ben"}, {"phone", "ann"});
  struct hs_persons persons = join(&DEFAULTS);
  assert_int_equal(persons.shared_visitor_count, 1);
  assert_int_equal(persons.shared_customer_count, 0);
  assert_int_equal(persons.person_count, 1);
  assert_true(person_of(&persons, "phone") == person_of(&persons, "ann"));
  assert_alone(&persons, "tablet");
  assert_alone(&persons, "ben");
  struct hs_persons_options two = {.customers_per_visitor_max = 2};
  persons = join(&two);
  assert_int_equal(persons.shared_visitor_count, 0);
  assert_int_equal(persons.person_count, 1);
  assert_true(person_of(&persons, "tablet") == person_of(&persons, "ben"));
  assert_true(person_of(&persons, "phone") == person_of(&persons, "ben"));
}

static void store_account(const char *customer, size_t visitor_count)
{
  for (size_t i = 0; i < visitor_count; i++) {
    char visitor[64];
    (void)snprintf(visitor, sizeof visitor, "%s visitor %zu", customer, i);
    store_evidence(&(struct evidence){visitor, customer}, 1);
  }
}

/* By default 50 visitors are a busy customer and 51 are an account that many use. */
static void a_shared_account_joins_nobody([[maybe_unused]] void **state)
{
  store_account("busy", 50);
  store_account("test account", 51);
  STORE({"test account visitor 7", "ann"});
  struct hs_persons persons = join(&DEFAULTS);
  assert_int_equal(persons.shared_customer_count, 1);
  assert_int_equal(persons.shared_visitor_count, 0);
  assert_int_equal(persons.person_count, 2);
  assert_int_equal(persons.id_count, 51 + 2);
  assert_true(person_of(&persons, "busy visitor 0") == person_of(&persons, "busy visitor 49"));
  assert_alone(&persons, "test account");
  assert_alone(&persons, "test account visitor 50");
  /* What the account said of visitor 7 does not count, so that one is ann's and no shared device.
   */
  assert_true(person_of(&persons, "test account visitor 7") == person_of(&persons, "ann"));
}

/* Two customers hang together by a bridge: six ids. At five allowed the bridge falls out and each
   customer keeps its own; the pair beside them is small enough to keep its bridge. */
static void a_group_above_the_limit_is_taken_apart([[maybe_unused]] void **state)
{
  STORE({"phone", "ann"}, {"laptop", "ann"}, {"bridge", "ann"}, {"bridge", "ben"}, {"desk", "ben"});
  STORE({"sofa", "cat"}, {"sofa", "dan"});
  struct hs_persons_options options = {.customers_per_visitor_max = 2, .ids_per_person_max = 6};
  struct hs_persons persons = join(&options);
  assert_int_equal(persons.dissolved_group_count, 0);
  assert_int_equal(persons.person_count, 2);
  assert_true(person_of(&persons, "phone") == person_of(&persons, "desk"));
  options.ids_per_person_max = 5;
  persons = join(&options);
  assert_int_equal(persons.dissolved_group_count, 1);
  assert_int_equal(persons.person_count, 3);
  assert_true(person_of(&persons, "phone") == person_of(&persons, "ann"));
  assert_true(person_of(&persons, "laptop") == person_of(&persons, "ann"));
  assert_true(person_of(&persons, "desk") == person_of(&persons, "ben"));
  assert_true(person_of(&persons, "ann") != person_of(&persons, "ben"));
  assert_alone(&persons, "bridge");
  assert_true(person_of(&persons, "cat") == person_of(&persons, "dan"));
}

static void evidence_counts_before_the_moment_asked_for([[maybe_unused]] void **state)
{
  STORE({"phone", "ann"}); /* at 1,000 µs */
  struct hs_persons persons = join_until(1000, &DEFAULTS);
  assert_int_equal(persons.id_count, 0);
  persons = join_until(1001, &DEFAULTS);
  assert_int_equal(persons.id_count, 2);
}

static void an_order_that_names_both_is_evidence([[maybe_unused]] void **state)
{
  struct events orders;
  events_init(&orders, HS_EVENT_ORDER);
  (void)events_add_with(&orders, "order_id", "o1", "person", "phone", "customer", "ann",
                        "occurred_at", "1000", "amount", "1", "currency", "EUR", NULL);
  world_store(&store, &orders);
  events_release(&orders);
  struct hs_persons persons = join(&DEFAULTS);
  assert_true(person_of(&persons, "phone") == person_of(&persons, "ann"));
  assert_int_equal(persons.id_count, 2);
}

#define PIECES 9
static const struct evidence ARRIVING[PIECES] = {
    {"phone", "ann"}, {"laptop", "ann"}, {"bridge", "ann"}, {"bridge", "ben"}, {"desk", "ben"},
    {"sofa", "cat"},  {"sofa", "dan"},   {"sofa", "eve"},   {"bed", "eve"}};
static const char *const ARRIVING_IDS[] = {"phone", "laptop", "bridge", "desk", "sofa", "bed",
                                           "ann",   "ben",    "cat",    "dan",  "eve"};
#define ARRIVING_ID_COUNT (sizeof ARRIVING_IDS / sizeof *ARRIVING_IDS)

/* In every rotation, forwards and backwards, in one frame or one each, and said twice. */
static void arrival_and_repetition_change_nothing([[maybe_unused]] void **state)
{
  struct hs_persons_options options = {.customers_per_visitor_max = 2, .ids_per_person_max = 5};
  store_evidence(ARRIVING, PIECES);
  struct hs_persons expected = join(&options);
  assert_int_equal(expected.shared_visitor_count, 1);  /* the sofa */
  assert_int_equal(expected.dissolved_group_count, 1); /* ann and ben */
  for (size_t turn = 0; turn < 2 * PIECES; turn++) {
    assert_int_equal(store.trail.clear(store.trail.self, NULL), HS_OK);
    for (size_t i = 0; i < PIECES; i++) {
      size_t place = turn < PIECES ? (turn + i) % PIECES : (2 * PIECES - 1 + turn - i) % PIECES;
      store_evidence(&ARRIVING[place], 1);
      if (turn % 2 == 0)
        store_evidence(&ARRIVING[place], 1);
    }
    struct hs_persons persons = join(&options);
    assert_int_equal(persons.id_count, expected.id_count);
    assert_int_equal(persons.person_count, expected.person_count);
    assert_int_equal(persons.shared_visitor_count, expected.shared_visitor_count);
    assert_int_equal(persons.dissolved_group_count, expected.dissolved_group_count);
    for (size_t i = 0; i < ARRIVING_ID_COUNT; i++)
      assert_true(person_of(&persons, ARRIVING_IDS[i]) == person_of(&expected, ARRIVING_IDS[i]));
  }
}

/* Visitors 0 to 2 of each account make it one that many share, at two allowed; what is left of the
   computer is ann's. */
static void store_computer(size_t account_count)
{
  for (size_t i = 0; i < account_count; i++) {
    char account[32];
    (void)snprintf(account, sizeof account, "account %zu", i);
    store_account(account, 3);
    STORE({"computer", account});
  }
  STORE({"computer", "ann"});
}

static void a_crowd_is_one_whoever_it_consists_of([[maybe_unused]] void **state)
{
  struct hs_persons_options options = {.visitors_per_customer_max = 2};
  assert_int_equal(hs_persons_crowd(&DEFAULTS), 50);
  assert_int_equal(hs_persons_crowd(&options), 2);
  options.customers_per_visitor_max = 3;
  assert_int_equal(hs_persons_crowd(&options), 3);
  store_computer(2);
  struct hs_persons persons = join(&options);
  assert_true(person_of(&persons, "computer") == person_of(&persons, "ann"));
  assert_int_equal(persons.shared_visitor_count, 0);
  assert_int_equal(store.trail.clear(store.trail.self, NULL), HS_OK);
  store.cursor = (struct hs_cursor){0};
  store_computer(3);
  persons = join(&options);
  assert_alone(&persons, "computer");
  assert_alone(&persons, "ann");
  assert_int_equal(persons.shared_visitor_count, 1);
  assert_int_equal(persons.shared_customer_count, 3);
}

static struct hs_identity_pair pair_of(const struct evidence *evidence)
{
  return (struct hs_identity_pair){key_of(evidence->visitor), key_of(evidence->customer)};
}

/* Every subset of the evidence, from the trail and from an array that says each piece twice, among
   pieces that say nothing. */
static void pairs_at_hand_join_as_those_of_the_trail_do([[maybe_unused]] void **state)
{
  struct hs_persons_options options = {.customers_per_visitor_max = 2, .ids_per_person_max = 5};
  for (unsigned subset = 0; subset < 1U << PIECES; subset += 3) {
    struct hs_identity_pair pairs[2 * PIECES + 2] = {{0, 5}, {7, 7}};
    size_t count = 2;
    struct hs_persons of_pairs = {0};
    assert_int_equal(store.trail.clear(store.trail.self, NULL), HS_OK);
    store.cursor = (struct hs_cursor){0};
    for (size_t i = 0; i < PIECES; i++) {
      if (!(subset >> i & 1))
        continue;
      store_evidence(&ARRIVING[i], 1);
      pairs[count++] = pair_of(&ARRIVING[i]);
    }
    for (size_t i = count; i > 2; i--)
      pairs[count++] = pairs[i - 1];
    struct hs_persons of_trail = join(&options);
    assert_int_equal(hs_persons_of_pairs(&arena, &scratch, pairs, count, &options, &of_pairs, NULL),
                     HS_OK);
    assert_int_equal(scratch.used_bytes, 0);
    assert_int_equal(of_pairs.id_count, of_trail.id_count);
    assert_int_equal(of_pairs.person_count, of_trail.person_count);
    for (size_t i = 0; i < ARRIVING_ID_COUNT; i++)
      assert_true(person_of(&of_pairs, ARRIVING_IDS[i]) == person_of(&of_trail, ARRIVING_IDS[i]));
    hs_arena_reset(&arena, 0);
  }
}

static enum hs_status join_pairs_in_bounded_scratch(void *context, struct hs_arena *bounded,
                                                    struct hs_err *err)
{
  struct hs_identity_pair pairs[PIECES];
  struct hs_persons persons = {0};
  for (size_t i = 0; i < PIECES; i++)
    pairs[i] = pair_of(&ARRIVING[i]);
  enum hs_status status =
      hs_persons_of_pairs(&arena, bounded, pairs, PIECES, context, &persons, err);
  assert_int_equal(persons.id_count, status == HS_OK ? 7 : 0);
  assert_int_equal(bounded->used_bytes, 0);
  hs_arena_reset(&arena, 0);
  return status;
}

static enum hs_status join_in_bounded_table(void *context, struct hs_arena *bounded,
                                            struct hs_err *err)
{
  struct hs_persons persons = {0};
  enum hs_status status =
      hs_persons_join(bounded, &scratch, &store.trail, INT64_MAX, context, &persons, err);
  assert_int_equal(persons.id_count, status == HS_OK ? 7 : 0);
  assert_int_equal(scratch.used_bytes, 0);
  return status;
}

static enum hs_status join_in_bounded_scratch(void *context, struct hs_arena *bounded,
                                              struct hs_err *err)
{
  struct hs_persons persons = {0};
  enum hs_status status =
      hs_persons_join(&arena, bounded, &store.trail, INT64_MAX, context, &persons, err);
  assert_int_equal(persons.id_count, status == HS_OK ? 7 : 0);
  assert_int_equal(bounded->used_bytes, 0);
  hs_arena_reset(&arena, 0);
  return status;
}

/* Seven ids are joined: ann with phone and laptop, ben with desk, eve with bed. */
static void every_allocation_may_fail([[maybe_unused]] void **state)
{
  struct hs_persons_options options = {.customers_per_visitor_max = 2, .ids_per_person_max = 5};
  store_evidence(ARRIVING, PIECES);
  /* The two columns of the table; a small one may still fit where a large one did
   * not. */
  assert_true(fail_every_allocation(join_in_bounded_table, &options) >= 1);
  assert_true(fail_every_allocation(join_in_bounded_scratch, &options) >= 6);
  assert_true(fail_every_allocation(join_pairs_in_bounded_scratch, &options) >= 6);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(the_smallest_key_names_the_person),
      TEST(without_evidence_everybody_is_alone),
      TEST(an_id_is_no_evidence_about_itself),
      TEST(a_shared_device_joins_nobody),
      TEST(a_shared_account_joins_nobody),
      TEST(a_group_above_the_limit_is_taken_apart),
      TEST(evidence_counts_before_the_moment_asked_for),
      TEST(an_order_that_names_both_is_evidence),
      TEST(arrival_and_repetition_change_nothing),
      TEST(a_crowd_is_one_whoever_it_consists_of),
      TEST(pairs_at_hand_join_as_those_of_the_trail_do),
      TEST(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
