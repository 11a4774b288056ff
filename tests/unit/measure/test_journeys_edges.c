/* Proves the edges of measure/journeys one by one, on stores with a handful of events: an order's
   own coupon, automatic traffic, orders that were taken back or are in another currency, and the
   windows to the microsecond. The whole against an oracle: property/test_journeys.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "measure/journeys.h"
#include "support/capacity.h"
#include "support/trails.h"

#define FROM_US (100 * HS_DAY_US)
#define UNTIL_US (200 * HS_DAY_US)
#define LOOK_BACK_US (10 * HS_DAY_US)
#define ORDER_US (150 * HS_DAY_US) /* where the tests put their orders */

static struct world store;
static struct hs_arena arena;
static struct hs_arena scratch;
static struct events touches, orders, refunds, identities;

static int set_up([[maybe_unused]] void **state)
{
  world_open(&store, "memory");
  events_init(&touches, HS_EVENT_TOUCH);
  events_init(&orders, HS_EVENT_ORDER);
  events_init(&refunds, HS_EVENT_REFUND);
  events_init(&identities, HS_EVENT_IDENTITY);
  return hs_arena_init(&arena, 4 * HS_MIB, NULL) != HS_OK ||
         hs_arena_init(&scratch, 64 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  events_release(&touches);
  events_release(&orders);
  events_release(&refunds);
  events_release(&identities);
  world_close(&store);
  hs_arena_release(&arena);
  hs_arena_release(&scratch);
  return 0;
}

/* A click for the partner, or a direct touch when it is NULL. */
static void touch(const char *person, const char *partner, int64_t at_us)
{
  char id[32];
  (void)snprintf(id, sizeof id, "t%zu", touches.count);
  struct event_row *row =
      events_add_with(&touches, "touch_id", id, "person", person, "partner", partner, "kind",
                      partner == NULL ? "direct" : "click", NULL);
  event_set_integer(&touches, row, "occurred_at", at_us);
}

static struct event_row *order(const char *id, const char *person, int64_t at_us)
{
  struct event_row *row = events_add_with(&orders, "order_id", id, "person", person, "amount",
                                          "1000", "currency", "EUR", NULL);
  event_set_integer(&orders, row, "occurred_at", at_us);
  return row;
}

static void refund(const char *order_id, int64_t at_us, int64_t amount_minor)
{
  struct event_row *row = events_add_with(&refunds, "refund_id", order_id, "order_id", order_id,
                                          "currency", "EUR", NULL);
  event_set_integer(&refunds, row, "occurred_at", at_us);
  event_set_integer(&refunds, row, "amount", amount_minor);
}

static void store_all(void)
{
  world_store(&store, &identities);
  world_store(&store, &touches);
  world_store(&store, &orders);
  world_store(&store, &refunds);
}

/* Every journey as "order value: channel channel", one a line, in the order in which they come. */
struct story {
  char text[2048];
  struct hs_journey_run run;
};

static enum hs_status tell(void *context, const struct hs_journey *journey,
                           [[maybe_unused]] struct hs_err *err)
{
  struct story *story = context;
  size_t used = strlen(story->text);
  used += (size_t)snprintf(story->text + used, sizeof story->text - used, "%.*s %" PRId64 ":",
                           journey->order_id.data == NULL ? 1 : (int)journey->order_id.length,
                           journey->order_id.data == NULL ? "-" : journey->order_id.data,
                           journey->value_minor);
  for (size_t i = 0; i < journey->step_count; i++)
    used += (size_t)snprintf(story->text + used, sizeof story->text - used, " %.*s",
                             HS_STR_ARG(story->run.channels[journey->channels[i]]));
  (void)snprintf(story->text + used, sizeof story->text - used, "\n");
  assert_true(used + 1 < sizeof story->text);
  return HS_OK;
}

/* Partner "mail" owns SPRING from day 140 up to day 160, and "blog" owns it from then on. */
static const struct hs_coupon_owner COUPONS[] = {
    {{"SPRING", 6}, {"mail", 4}, 140 * HS_DAY_US, 160 * HS_DAY_US},
    {{"SPRING", 6}, {"blog", 4}, 160 * HS_DAY_US, INT64_MAX},
};

static const struct hs_journey_options OPTIONS = {.from_us = FROM_US,
                                                  .until_us = UNTIL_US,
                                                  .look_back_us = LOOK_BACK_US,
                                                  .currency = {"EUR"},
                                                  .coupons = COUPONS,
                                                  .coupon_count = 2};

static enum hs_status run_in(struct story *story, const struct hs_journey_options *options,
                             struct hs_arena *lists, struct hs_arena *parts, struct hs_err *err)
{
  struct hs_persons persons = {0};
  assert_int_equal(hs_persons_join(&arena, &scratch, &store.trail, INT64_MAX,
                                   &(struct hs_persons_options){0}, &persons, NULL),
                   HS_OK);
  *story = (struct story){.run = {.trail = &store.trail,
                                  .persons = &persons,
                                  .options = options,
                                  .arena = lists,
                                  .scratch = parts}};
  enum hs_status status = hs_journeys_run(&story->run, tell, story, err);
  assert_int_equal(parts->used_bytes, 0);
  return status;
}

static struct story run_with(const struct hs_journey_options *options)
{
  struct story story;
  struct hs_err err = {0};
  if (run_in(&story, options, &arena, &scratch, &err) != HS_OK)
    fail_msg("%s", err.text);
  return story;
}

static struct story run(void)
{
  store_all();
  return run_with(&OPTIONS);
}

/* ---- coupons ---- */

static void a_code_at_checkout_is_its_owners_touch([[maybe_unused]] void **state)
{
  touch("ann", "shop", ORDER_US - HS_DAY_US);
  event_set_text(&orders, order("o1", "ann", ORDER_US), "coupon", "spring");
  struct story story = run();
  assert_string_equal(story.text, "o1 1000: shop mail\n");
}

static void a_code_alone_is_a_path([[maybe_unused]] void **state)
{
  event_set_text(&orders, order("o1", "ann", ORDER_US), "coupon", "SPRING");
  struct story story = run();
  assert_string_equal(story.text, "o1 1000: mail\n");
  assert_int_equal(story.run.stats.orders_with_path, 1);
  assert_int_equal(story.run.stats.orders_without_path, 0);
}

static void a_code_adds_nothing_where_its_owner_was_last([[maybe_unused]] void **state)
{
  touch("ann", "shop", ORDER_US - 2 * HS_DAY_US);
  touch("ann", "mail", ORDER_US - HS_DAY_US);
  event_set_text(&orders, order("o1", "ann", ORDER_US), "coupon", "SPRING");
  touch("ben", "mail", ORDER_US - 2 * HS_DAY_US);
  touch("ben", "shop", ORDER_US - HS_DAY_US);
  event_set_text(&orders, order("o2", "ben", ORDER_US), "coupon", "SPRING");
  struct story story = run();
  assert_non_null(strstr(story.text, "o1 1000: shop mail\n"));
  assert_non_null(strstr(story.text, "o2 1000: mail shop mail\n"));
}

/* Whose it is follows from the order's moment: from its first microsecond, and no longer at the
   last. A code that nobody owned then, or ever, says nothing. */
static void a_code_is_owned_from_its_first_moment_to_before_its_last([[maybe_unused]] void **state)
{
  static const struct {
    const char *id;
    int64_t at_us;
    const char *code;
  } USES[] = {{"o1", 140 * HS_DAY_US - 1, "SPRING"}, {"o2", 140 * HS_DAY_US, "SPRING"},
              {"o3", 160 * HS_DAY_US - 1, "SPRING"}, {"o4", 160 * HS_DAY_US, "SPRING"},
              {"o5", 150 * HS_DAY_US, "AUTUMN"},     {"o6", 150 * HS_DAY_US, "SPRINGS"}};
  for (size_t i = 0; i < sizeof USES / sizeof *USES; i++)
    event_set_text(&orders, order(USES[i].id, USES[i].id, USES[i].at_us), "coupon", USES[i].code);
  struct story story = run();
  assert_null(strstr(story.text, "o1"));
  assert_non_null(strstr(story.text, "o2 1000: mail\n"));
  assert_non_null(strstr(story.text, "o3 1000: mail\n"));
  assert_non_null(strstr(story.text, "o4 1000: blog\n"));
  assert_null(strstr(story.text, "o5"));
  assert_null(strstr(story.text, "o6"));
  assert_int_equal(story.run.stats.orders_with_path, 3);
  assert_int_equal(story.run.stats.orders_without_path, 3);
}

/* ---- automatic traffic ---- */

static void more_touches_than_allowed_are_automatic([[maybe_unused]] void **state)
{
  struct hs_journey_options options = OPTIONS;
  options.steps_max = 3;
  for (int64_t i = 0; i < 4; i++) {
    touch("robot", "shop", ORDER_US - HS_DAY_US + i);
    touch("idle robot", "shop", ORDER_US + i);
  }
  for (int64_t i = 0; i < 3; i++)
    touch("ann", "shop", ORDER_US - HS_DAY_US + i);
  order("o1", "robot", ORDER_US);
  event_set_text(&orders, order("o2", "ann", ORDER_US), "coupon", "SPRING");
  store_all();
  struct story story = run_with(&options);
  /* Three are allowed, and the coupon's touch is no visit. */
  assert_string_equal(story.text, "o2 1000: shop shop shop mail\n");
  assert_int_equal(story.run.stats.touches, 11);
  assert_int_equal(story.run.stats.touches_automatic, 8);
  assert_int_equal(story.run.stats.orders_automatic, 1);
  assert_int_equal(story.run.stats.orders_with_path, 1);
  assert_int_equal(story.run.stats.value_with_path_minor, 1000);
  assert_int_equal(story.run.stats.person_count, 1);
}

static void five_hundred_touches_are_allowed_by_default([[maybe_unused]] void **state)
{
  for (int64_t i = 0; i < 501; i++) {
    if (i < 500)
      touch("ann", "s", ORDER_US + i);
    touch("robot", "s", ORDER_US + i);
  }
  struct story story = run();
  assert_int_equal(story.run.stats.journeys_without_order, 1);
  assert_int_equal(story.run.stats.touches_automatic, 501);
}

/* ---- orders that do not count ---- */

static void orders_taken_back_whole_count_as_none([[maybe_unused]] void **state)
{
  touch("ann", "shop", ORDER_US - HS_DAY_US);
  touch("ben", "shop", ORDER_US - HS_DAY_US);
  order("o1", "ann", ORDER_US);
  order("o2", "ben", ORDER_US);
  refund("o1", ORDER_US + HS_DAY_US, 1000);
  refund("o2", ORDER_US + HS_DAY_US, 999);
  struct story story = run();
  /* What is left of o2 is one cent; ann's touch leads to nothing. */
  assert_non_null(strstr(story.text, "o2 1: shop\n"));
  assert_non_null(strstr(story.text, "- 0: shop\n"));
  assert_int_equal(story.run.stats.orders_taken_back, 1);
  assert_int_equal(story.run.stats.orders_with_path, 1);
  assert_int_equal(story.run.stats.value_with_path_minor, 1);
  assert_int_equal(story.run.stats.journeys_without_order, 1);
}

/* A refund counts whenever it came, after the period too: money that is back is back. */
static void a_refund_after_the_period_counts([[maybe_unused]] void **state)
{
  touch("ann", "shop", ORDER_US - HS_DAY_US);
  order("o1", "ann", ORDER_US);
  refund("o1", UNTIL_US + 30 * HS_DAY_US, 400);
  struct story story = run();
  assert_string_equal(story.text, "o1 600: shop\n");
}

static void other_currencies_are_counted_apart([[maybe_unused]] void **state)
{
  touch("ann", "shop", ORDER_US - HS_DAY_US);
  event_set_text(&orders, order("o1", "ann", ORDER_US - 1), "currency", "USD");
  order("o2", "ann", ORDER_US);
  struct story story = run();
  /* It cuts nothing either: the touch is the next order's. */
  assert_string_equal(story.text, "o2 1000: shop\n");
  assert_int_equal(story.run.stats.orders_other_currency, 1);
  assert_int_equal(story.run.stats.orders_with_path, 1);
  assert_int_equal(story.run.stats.value_with_path_minor, 1000);
}

static void orders_of_nobody_have_no_path([[maybe_unused]] void **state)
{
  order("o1", NULL, ORDER_US);
  struct event_row *row = order("o2", NULL, ORDER_US);
  event_set_text(&orders, row, "customer", "ann");
  touch("ann", "shop", ORDER_US - 1);
  struct story story = run();
  /* A customer is somebody, by that name. */
  assert_string_equal(story.text, "o2 1000: shop\n");
  assert_int_equal(story.run.stats.orders_without_path, 1);
  assert_int_equal(story.run.stats.value_without_path_minor, 1000);
}

/* ---- windows ---- */

static void the_look_back_is_exact_to_the_microsecond([[maybe_unused]] void **state)
{
  touch("ann", "early", ORDER_US - LOOK_BACK_US - 1);
  touch("ann", "just", ORDER_US - LOOK_BACK_US);
  touch("ann", "same", ORDER_US);
  touch("ann", "late", ORDER_US + 1);
  order("o1", "ann", ORDER_US);
  struct story story = run();
  assert_string_equal(story.text, "- 0: early\no1 1000: just same\n- 0: late\n");
}

static void the_period_is_exact_to_the_microsecond([[maybe_unused]] void **state)
{
  static const int64_t AT_US[] = {FROM_US - 1, FROM_US, UNTIL_US - 1, UNTIL_US};
  static const char *const IDS[] = {"o1", "o2", "o3", "o4"};
  for (size_t i = 0; i < 4; i++) {
    touch(IDS[i], "shop", AT_US[i]);
    order(IDS[i], IDS[i], AT_US[i]);
  }
  struct story story = run();
  assert_null(strstr(story.text, "o1"));
  assert_non_null(strstr(story.text, "o2 1000: shop\n"));
  assert_non_null(strstr(story.text, "o3 1000: shop\n"));
  assert_null(strstr(story.text, "o4"));
  /* The first touch is read for the look-back, and a journey of another period. */
  assert_int_equal(story.run.stats.touches, 3);
  assert_int_equal(story.run.stats.journeys_without_order, 0);
}

static void the_look_back_reaches_before_the_period([[maybe_unused]] void **state)
{
  touch("ann", "early", FROM_US - LOOK_BACK_US);
  touch("ben", "unseen", FROM_US - LOOK_BACK_US - 1);
  order("o1", "ann", FROM_US);
  order("o2", "ben", FROM_US);
  struct story story = run();
  assert_string_equal(story.text, "o1 1000: early\n");
  assert_int_equal(story.run.stats.orders_without_path, 1);
  assert_int_equal(story.run.stats.touches, 1);
}

static void silence_longer_than_the_window_cuts([[maybe_unused]] void **state)
{
  touch("ann", "one", ORDER_US);
  touch("ann", "two", ORDER_US + LOOK_BACK_US);
  touch("ann", "three", ORDER_US + 2 * LOOK_BACK_US + 1);
  struct story story = run();
  assert_string_equal(story.text, "- 0: one two\n- 0: three\n");
  assert_int_equal(story.run.stats.person_count, 1);
}

/* Each order claims what lies between it and the one before; of two in the same moment the first in
   the record does. */
static void an_order_ends_what_came_before_it([[maybe_unused]] void **state)
{
  touch("ann", "one", ORDER_US - 2);
  order("o1", "ann", ORDER_US - 1);
  touch("ann", "two", ORDER_US);
  order("o2", "ann", ORDER_US);
  order("o3", "ann", ORDER_US);
  struct story story = run();
  assert_string_equal(story.text, "o1 1000: one\no2 1000: two\n");
  assert_int_equal(story.run.stats.orders_without_path, 1);
}

static void options_out_of_range_are_refused_in_words([[maybe_unused]] void **state)
{
  struct story story;
  struct hs_err err = {0};
  struct hs_journey_options options = OPTIONS;
  store_all();
  options.look_back_us = HS_SECOND_US - 1;
  assert_int_equal(run_in(&story, &options, &arena, &scratch, &err), HS_USAGE);
  assert_non_null(strstr(err.text, "look-back"));
  options.look_back_us = 3653 * HS_DAY_US + 1;
  assert_int_equal(run_in(&story, &options, &arena, &scratch, &err), HS_USAGE);
  options = OPTIONS;
  options.until_us = options.from_us;
  assert_int_equal(run_in(&story, &options, &arena, &scratch, &err), HS_USAGE);
  assert_non_null(strstr(err.text, "period"));
}

/* ---- joined persons, parts and memory ---- */

/* ann by her phone and her laptop, ben by one id; orders of both, one with a coupon. */
static void store_two_persons(void)
{
  (void)events_add_with(&identities, "identity_id", "i1", "occurred_at", "5", "visitor", "phone",
                        "customer", "ann", NULL);
  (void)events_add_with(&identities, "identity_id", "i2", "occurred_at", "5", "visitor", "laptop",
                        "customer", "ann", NULL);
  touch("phone", "blog", ORDER_US - 3 * HS_DAY_US);
  touch("laptop", "shop", ORDER_US - 2 * HS_DAY_US);
  touch("ben", "mail", ORDER_US - HS_DAY_US);
  order("o1", "laptop", ORDER_US);
  event_set_text(&orders, order("o2", "ben", ORDER_US), "coupon", "SPRING");
  store_all();
}

static const char TWO_PERSONS[] = "o2 1000: mail\no1 1000: blog shop\n";

/* Joined persons come last; "rests on joined ids" is said of the order whose path would be another
   without them, and of no other. */
static void what_rests_on_joined_ids_is_counted([[maybe_unused]] void **state)
{
  store_two_persons();
  for (uint64_t per_part = 0; per_part < 4; per_part++) {
    struct hs_journey_options options = OPTIONS;
    options.touches_per_part = per_part;
    struct story story = run_with(&options);
    assert_string_equal(story.text, TWO_PERSONS);
    assert_int_equal(story.run.stats.orders_joined, 1);
    assert_int_equal(story.run.stats.value_joined_minor, 1000);
    assert_int_equal(story.run.stats.person_count, 2);
  }
}

static enum hs_status run_in_bounded_lists([[maybe_unused]] void *context, struct hs_arena *bounded,
                                           struct hs_err *err)
{
  struct story story;
  enum hs_status status = run_in(&story, &OPTIONS, bounded, &scratch, err);
  assert_true(status != HS_OK || strcmp(story.text, TWO_PERSONS) == 0);
  hs_arena_reset(&arena, 0);
  return status;
}

static enum hs_status run_in_bounded_parts([[maybe_unused]] void *context, struct hs_arena *bounded,
                                           struct hs_err *err)
{
  struct story story;
  enum hs_status status = run_in(&story, &OPTIONS, &arena, bounded, err);
  assert_true(status != HS_OK || strcmp(story.text, TWO_PERSONS) == 0);
  hs_arena_reset(&arena, 0);
  return status;
}

static void every_allocation_may_fail([[maybe_unused]] void **state)
{
  store_two_persons();
  assert_true(fail_every_allocation(run_in_bounded_lists, NULL) >= 2);
  assert_true(fail_every_allocation(run_in_bounded_parts, NULL) >= 8);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_code_at_checkout_is_its_owners_touch),
      TEST(a_code_alone_is_a_path),
      TEST(a_code_adds_nothing_where_its_owner_was_last),
      TEST(a_code_is_owned_from_its_first_moment_to_before_its_last),
      TEST(more_touches_than_allowed_are_automatic),
      TEST(five_hundred_touches_are_allowed_by_default),
      TEST(orders_taken_back_whole_count_as_none),
      TEST(a_refund_after_the_period_counts),
      TEST(other_currencies_are_counted_apart),
      TEST(orders_of_nobody_have_no_path),
      TEST(the_look_back_is_exact_to_the_microsecond),
      TEST(the_period_is_exact_to_the_microsecond),
      TEST(the_look_back_reaches_before_the_period),
      TEST(silence_longer_than_the_window_cuts),
      TEST(an_order_ends_what_came_before_it),
      TEST(options_out_of_range_are_refused_in_words),
      TEST(what_rests_on_joined_ids_is_counted),
      TEST(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
