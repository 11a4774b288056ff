/* Proves the contract of ports/trail.h, once for every adapter, and that the adapters agree to the
   byte on random programmes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "support/events.h"
#include "support/random.h"
#include "support/trails.h"

#define DAY_TEXT "1767225600000000" /* 2026-01-01T00:00:00Z */
#define DAY_US INT64_C(1767225600000000)
#define DAY 20454

static void assert_counts(const struct world *world, uint64_t accepted, uint64_t duplicates,
                          uint64_t conflicts)
{
  uint64_t recorded = 0;
  assert_int_equal(world->counts.accepted, accepted);
  assert_int_equal(world->counts.duplicates, duplicates);
  assert_int_equal(world->counts.conflicts, conflicts);
  assert_int_equal(world->trail.conflict_count(world->trail.self, &recorded, NULL), HS_OK);
  assert_true(recorded >= conflicts);
}

static void add_touch(struct events *events, const char *id, const char *person, const char *at,
                      const char *partner, const char *kind)
{
  events_add_with(events, "touch_id", id, "person", person, "occurred_at", at, "partner", partner,
                  "kind", kind, NULL);
}

static void add_order(struct events *events, const char *id, const char *person, const char *amount)
{
  events_add_with(events, "order_id", id, "person", person, "occurred_at", DAY_TEXT, "amount",
                  amount, "currency", "EUR", NULL);
}

/* ---- position ---- */

static void an_empty_trail_stands_before_the_first_frame(void **state)
{
  struct world *world = *state;
  struct hs_cursor cursor = {.epoch = 9};
  static const struct hs_cursor ZERO;
  assert_int_equal(world->trail.position(world->trail.self, &cursor, NULL), HS_OK);
  assert_memory_equal(&cursor, &ZERO, sizeof cursor);
  int64_t first;
  int64_t last;
  assert_int_equal(world->trail.range(world->trail.self, &first, &last, NULL), HS_NOT_FOUND);
  assert_int_equal(world->trail.day_range(world->trail.self, &first, &last, NULL), HS_NOT_FOUND);
}

static void the_cursor_moves_with_what_was_stored(void **state)
{
  struct world *world = *state;
  struct hs_cursor cursor = {.epoch = 3, .sequence = UINT64_C(1) << 40};
  memset(cursor.hash, 0xab, sizeof cursor.hash);
  struct hs_cursor read = {0};
  /* No loads at all: frames that are none of the trail's business still move it. */
  assert_int_equal(world->trail.store(world->trail.self, NULL, 0, &cursor, NULL, NULL), HS_OK);
  assert_int_equal(world->trail.position(world->trail.self, &read, NULL), HS_OK);
  assert_memory_equal(&cursor, &read, sizeof cursor);
  assert_int_equal(world->trail.clear(world->trail.self, NULL), HS_OK);
  assert_int_equal(world->trail.position(world->trail.self, &read, NULL), HS_OK);
  assert_int_equal(read.sequence, 0);
}

static void a_failed_load_leaves_nothing(void **state)
{
  struct world *world = *state;
  struct events touches;
  struct events orders;
  events_init(&touches, HS_EVENT_TOUCH);
  events_init(&orders, HS_EVENT_ORDER);
  for (int i = 0; i < 200; i++) {
    char id[16];
    snprintf(id, sizeof id, "t%d", i);
    add_touch(&touches, id, "ann", DAY_TEXT, "alpha", "click");
  }
  add_order(&orders, "o1", "ann", "100");
  world_store(world, &orders);
  char *before = world_dump(world);
  add_order(&orders, "o1", "ann", "200"); /* would be a conflict */
  struct hs_row_source good = events_source(&orders, 1, SIZE_MAX);
  struct hs_row_source bad = events_source(&touches, 1, 100);
  struct hs_load loads[] = {{.kind = HS_EVENT_ORDER, .sequence = 2, .rows = &good},
                            {.kind = HS_EVENT_TOUCH, .sequence = 3, .rows = &bad}};
  struct hs_load_counts counts[2];
  struct hs_cursor cursor = {.epoch = 1, .sequence = 3};
  struct hs_err err = {0};
  assert_int_equal(world->trail.store(world->trail.self, loads, 2, &cursor, counts, &err), HS_IO);
  assert_non_null(strstr(err.text, "fails after 100 rows"));
  good.close(good.self);
  bad.close(bad.self);
  char *after = world_dump(world);
  assert_string_equal(before, after);
  free(before);
  free(after);
  assert_int_equal(world->trail.position(world->trail.self, &cursor, NULL), HS_OK);
  assert_int_equal(cursor.sequence, 1);
  world_store(world, &touches);
  assert_counts(world, 200, 0, 0);
  events_release(&touches);
  events_release(&orders);
}

static void several_kinds_come_in_one_store(void **state)
{
  struct world *world = *state;
  struct events orders[3];
  struct events touches;
  events_init(&touches, HS_EVENT_TOUCH);
  add_touch(&touches, NULL, "ann", DAY_TEXT, NULL, NULL);
  for (int i = 0; i < 3; i++) {
    events_init(&orders[i], HS_EVENT_ORDER);
    add_order(&orders[i], "same", "ann", i == 2 ? "7" : "5");
    add_order(&orders[i], i == 0 ? "a" : i == 1 ? "b" : "c", "ann", "5");
  }
  struct hs_row_source sources[] = {
      events_source(&orders[0], 1, SIZE_MAX), events_source(&touches, 1, SIZE_MAX),
      events_source(&orders[1], 1, SIZE_MAX), events_source(&orders[2], 1, SIZE_MAX)};
  struct hs_load loads[4];
  static const uint64_t SEQUENCES[] = {1, 1, 4, 9};
  for (int i = 0; i < 4; i++)
    loads[i] =
        (struct hs_load){.kind = sources[i].kind, .sequence = SEQUENCES[i], .rows = &sources[i]};
  struct hs_load_counts counts[4];
  struct hs_cursor cursor = {.epoch = 1, .sequence = 10};
  struct hs_err err = {0};
  if (world->trail.store(world->trail.self, loads, 4, &cursor, counts, &err))
    fail_msg("%s", err.text);
  static const struct hs_load_counts EXPECTED[] = {{2, 0, 0}, {1, 0, 0}, {1, 1, 0}, {1, 0, 1}};
  assert_memory_equal(counts, EXPECTED, sizeof counts);
  for (int i = 0; i < 4; i++)
    sources[i].close(sources[i].self);
  for (int i = 0; i < 3; i++)
    events_release(&orders[i]);
  events_release(&touches);
}

/* ---- natural keys ---- */

static void the_first_row_of_a_key_wins(void **state)
{
  struct world *world = *state;
  struct events events;
  events_init(&events, HS_EVENT_ORDER);
  add_order(&events, "o1", "ann", "100");
  add_order(&events, "o2", "bob", "200");
  add_order(&events, "o1", "ann", "100"); /* duplicate within the load */
  add_order(&events, "o2", "bob", "201"); /* conflict within the load */
  /* Batches come in any order; the row number decides. */
  struct event_row *row = events.rows[0];
  events.rows[0] = events.rows[3];
  events.rows[3] = row;
  world_store(world, &events);
  assert_counts(world, 2, 1, 1);
  world_store(world, &events);
  assert_counts(world, 0, 3, 1);
  char *dump = world_dump(world);
  assert_non_null(strstr(dump,
                         "\"order_id\":\"o2\",\"person\":\"bob\",\"occurred_at\":\"2026-01-01T"
                         "00:00:00Z\",\"amount_minor\":200,"));
  assert_non_null(strstr(dump, "== conflicts: 2\n"));
  uint64_t recorded = 0;
  assert_int_equal(world->trail.conflict_count(world->trail.self, &recorded, NULL), HS_OK);
  assert_int_equal(recorded, 2);
  assert_non_null(strstr(dump,
                         "{\"kind\":\"orders\",\"key\":\"o2\",\"sequence\":1,\"row_number\":4,"
                         "\"first_sequence\":1,\"first_row\":2}"));
  assert_non_null(strstr(dump,
                         "{\"kind\":\"orders\",\"key\":\"o2\",\"sequence\":2,\"row_number\":4,"
                         "\"first_sequence\":1,\"first_row\":2}"));
  free(dump);
  events_release(&events);
}

/* More rows than a batch has, pulled by two threads: the columns of the file repeat so much that
   the engine may look at each of their values once instead of at each row. */
static void names_meet_across_batches_and_imports(void **state)
{
  enum { NAMES = 500, TIMES = 20 };
  struct world *world = *state;
  struct events events;
  events_init(&events, HS_EVENT_TOUCH);
  for (int i = 0; i < NAMES * TIMES; i++) {
    char name[16];
    snprintf(name, sizeof name, "t%d", i % NAMES);
    add_touch(&events, name, "ann", DAY_TEXT, i < NAMES * (TIMES - 1) ? "alpha" : "beta", "click");
  }
  world_store_kept(world, &events, "first");
  assert_counts(world, NAMES, NAMES * (TIMES - 2), NAMES);
  world_store_kept(world, &events, "second");
  assert_counts(world, 0, NAMES * (TIMES - 1), NAMES);
  events_release(&events);
}

static void a_row_without_a_key_is_named_by_all_its_columns(void **state)
{
  struct world *world = *state;
  struct events events;
  events_init(&events, HS_EVENT_TOUCH);
  add_touch(&events, NULL, "ann", DAY_TEXT, "alpha", "click");
  add_touch(&events, NULL, "ann", DAY_TEXT, "alpha", "click"); /* the same */
  add_touch(&events, NULL, "ann", DAY_TEXT, "alpha", NULL);    /* the same: click by rule */
  add_touch(&events, NULL, "ann", DAY_TEXT, "beta", "click");  /* another */
  add_touch(&events, "", "ann", DAY_TEXT, "beta", "click");    /* empty is absent */
  add_touch(&events, "t", "ann", DAY_TEXT, "beta", "click");   /* has a name */
  world_store(world, &events);
  assert_counts(world, 3, 3, 0);
  events_release(&events);
}

static void the_parts_of_a_composite_key_are_not_confused(void **state)
{
  struct world *world = *state;
  struct events events;
  events_init(&events, HS_EVENT_SERIES);
  events_add_with(&events, "day", "1", "region", "a", "metric", "b", "value", "1.5", NULL);
  events_add_with(&events, "day", "1", "region", "ab", "metric", "", "value", "1.5", NULL);
  events_add_with(&events, "day", "1", "region", NULL, "metric", "ab", "value", "1.5", NULL);
  events_add_with(&events, "day", "1", "region", NULL, "metric", "ab", "value", "1.5", NULL);
  events_add_with(&events, "day", "1", "region", NULL, "metric", "ab", "value", "2.5", NULL);
  events_add_with(&events, "day", "2", "region", "a", "metric", "b", "value", "0", NULL);
  events_add_with(&events, "day", "2", "region", "a", "metric", "b", "value", "-0", NULL);
  world_store(world, &events);
  assert_counts(world, 4, 2, 1);
  events_release(&events);
}

static void paths_have_no_names_and_every_row_counts(void **state)
{
  struct world *world = *state;
  struct events events;
  events_init(&events, HS_EVENT_PATH);
  for (int i = 0; i < 3; i++)
    events_add_with(&events, "path", "a > b", "conversions", "2", NULL);
  world_store(world, &events);
  assert_counts(world, 3, 0, 0);
  char *dump = world_dump(world);
  assert_non_null(strstr(dump, "== scan of paths: 3\na > b 2 0 0\na > b 2 0 0\na > b 2 0 0\n"));
  free(dump);
  events_release(&events);
}

/* ---- money ---- */

/* Orders are stored in rows 1 to 4. */
static enum hs_status note_refunds(void *context, const struct hs_order_batch *batch,
                                   [[maybe_unused]] struct hs_err *err)
{
  int64_t *refunded = context;
  for (size_t i = 0; i < batch->count; i++)
    refunded[batch->row_number[i] - 1] = batch->refunded_minor[i];
  return HS_OK;
}

static void refunds_are_capped_at_the_order_and_end_with_the_scan(void **state)
{
  struct world *world = *state;
  struct events orders;
  struct events refunds;
  events_init(&orders, HS_EVENT_ORDER);
  events_init(&refunds, HS_EVENT_REFUND);
  add_order(&orders, "part", "ann", "1000");
  add_order(&orders, "over", "bob", "1000");
  add_order(&orders, "none", "cid", "1000");
  add_order(&orders, "other", "dan", "1000");
#define REFUND(order, amount, currency, at)                                                        \
  events_add_with(&refunds, "order_id", order, "amount", amount, "currency", currency,             \
                  "occurred_at", at, NULL)
  REFUND("part", "300", "EUR", DAY_TEXT);
  REFUND("part", "200", "EUR", "1767225600000001"); /* at the scan's end: not in it */
  REFUND("over", "900", "EUR", "5");
  REFUND("over", "900", "EUR", "6");
  REFUND("other", "100", "USD", "5"); /* currencies never mix */
  REFUND("unknown", "100", "EUR", "5");
#undef REFUND
  world_store(world, &orders);
  world_store(world, &refunds);
  struct hs_scan scan = {DAY_US, DAY_US + 1, DAY_US + 1, 0, 1};
  int64_t refunded[4] = {-1, -1, -1, -1};
  assert_int_equal(world->trail.scan_orders(world->trail.self, &scan, note_refunds, refunded, NULL),
                   HS_OK);
  assert_int_equal(refunded[0], 300);
  assert_int_equal(refunded[1], 1000);
  assert_int_equal(refunded[2], 0);
  assert_int_equal(refunded[3], 0);
  events_release(&orders);
  events_release(&refunds);
}

static void assert_stray(struct world *world, int64_t from_us, int64_t until_us,
                         uint64_t order_unknown, uint64_t other_currency)
{
  struct hs_stray_refunds stray = {77, 77};
  assert_int_equal(world->trail.stray_refunds(world->trail.self, from_us, until_us, &stray, NULL),
                   HS_OK);
  assert_int_equal(stray.order_unknown, order_unknown);
  assert_int_equal(stray.other_currency, other_currency);
}

static void refunds_that_take_nothing_back_are_counted(void **state)
{
  struct world *world = *state;
  struct events orders;
  struct events refunds;
  assert_stray(world, INT64_MIN / 4, INT64_MAX / 4, 0, 0);
  events_init(&orders, HS_EVENT_ORDER);
  events_init(&refunds, HS_EVENT_REFUND);
  add_order(&orders, "known", "ann", "1000");
#define REFUND(name, order, currency, at)                                                          \
  events_add_with(&refunds, "refund_id", name, "order_id", order, "amount", "100", "currency",     \
                  currency, "occurred_at", at, NULL)
  REFUND("1", "known", "EUR", "10"); /* before its order, and still of it */
  REFUND("2", "known", "USD", "10");
  REFUND("3", "unknown", "EUR", "10");
  REFUND("4", "unknown", "EUR", "10"); /* refunds are counted, not orders */
  REFUND("5", "Known", "EUR", "19");
  REFUND("6", "unknown", "EUR", "9");
  REFUND("7", "known", "USD", "20");
#undef REFUND
  world_store(world, &refunds);
  assert_stray(world, 10, 20, 5, 0);
  world_store(world, &orders);
  assert_stray(world, 10, 20, 3, 1);
  assert_stray(world, INT64_MIN / 4, INT64_MAX / 4, 4, 2);
  assert_stray(world, 11, 19, 0, 0);
  events_release(&orders);
  events_release(&refunds);
}

struct expected_total {
  const char *partner;
  const char *channel;
  uint64_t touches, persons, leads, impressions, other_activity;
  double hours;
  int64_t eur;
};

struct totals_seen {
  const struct expected_total *expected;
  size_t count;
  size_t seen;
};

static enum hs_status check_total(void *context, const struct hs_channel_total *total,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct totals_seen *seen = context;
  assert_true(seen->seen < seen->count);
  const struct expected_total *expected = &seen->expected[seen->seen++];
  assert_true(hs_str_equal(total->partner, hs_str_of(expected->partner)));
  assert_true(hs_str_equal(total->channel, hs_str_of(expected->channel)));
  assert_int_equal(total->touches, expected->touches);
  assert_int_equal(total->persons, expected->persons);
  assert_int_equal(total->leads, expected->leads);
  assert_int_equal(total->impressions, expected->impressions);
  assert_int_equal(total->other_activity, expected->other_activity);
  assert_true(total->hours <= expected->hours && total->hours >= expected->hours);
  assert_int_equal(total->cost_count, expected->eur ? 1 : 0);
  if (expected->eur) {
    assert_true(hs_str_equal(total->costs[0].currency, HS_STR("EUR")));
    assert_int_equal(total->costs[0].amount_minor, expected->eur);
  }
  return HS_OK;
}

static void check_totals(struct world *world, int64_t from_us, int64_t until_us,
                         const struct expected_total *expected, size_t count)
{
  struct totals_seen seen = {expected, count, 0};
  struct hs_err err = {0};
  if (world->trail.totals(world->trail.self, from_us, until_us, check_total, &seen, &err))
    fail_msg("%s", err.text);
  assert_int_equal(seen.seen, count);
}

static void totals_follow_the_rules_of_the_port(void **state)
{
  struct world *world = *state;
  struct events events[4];
  static const enum hs_event_kind KINDS[] = {HS_EVENT_TOUCH, HS_EVENT_LEAD, HS_EVENT_ACTIVITY,
                                             HS_EVENT_COST};
  for (int i = 0; i < 4; i++)
    events_init(&events[i], KINDS[i]);
  add_touch(&events[0], "1", "ann", DAY_TEXT, "alpha", "click");
  add_touch(&events[0], "2", "ann", DAY_TEXT, "alpha", "coupon");
  add_touch(&events[0], "3", "bob", DAY_TEXT, "alpha", "click");
  add_touch(&events[0], "4", "bob", DAY_TEXT, NULL, NULL);
  add_touch(&events[0], "5", "bob", "1767225599999999", "alpha", "click"); /* before the period */
  events_add_with(&events[1], "lead_id", "1", "occurred_at", DAY_TEXT, "partner", "beta", NULL);
  events_add_with(&events[1], "lead_id", "2", "occurred_at", DAY_TEXT, NULL);
  events_add_with(&events[2], "partner", "beta", "day", "20454", "kind", "impressions", "count",
                  "70", NULL);
  events_add_with(&events[2], "partner", "beta", "day", "20455", "kind", "webinar", "count", "3",
                  NULL);
  events_add_with(&events[2], "partner", "beta", "day", "20456", "kind", "webinar", "count", "3",
                  NULL);
  /* 1,000 cents over three days are 334, 333, 333: days 1 and 2 of them lie in the period. */
  events_add_with(&events[3], "partner", "alpha", "channel", "mail", "kind", "media", "from",
                  "20453", "to", "20455", "amount", "1000", "currency", "EUR", NULL);
  /* −1,000 is shared as −334, −333, −333. */
  events_add_with(&events[3], "channel", "radio", "kind", "media", "from", "20455", "to", "20457",
                  "amount", "-1000", "currency", "EUR", NULL);
  events_add_with(&events[3], "kind", "hours", "from", "20454", "hours", "1.5", NULL);
  for (int i = 0; i < 4; i++) {
    world_store(world, &events[i]);
    events_release(&events[i]);
  }
  static const struct expected_total EXPECTED[] = {
      {"", "", 0, 0, 1, 0, 0, 1.5, 0},          {"", "direct", 1, 1, 0, 0, 0, 0, 0},
      {"", "radio", 0, 0, 0, 0, 0, 0, -334},    {"alpha", "", 3, 2, 0, 0, 0, 0, 666},
      {"alpha", "click", 2, 2, 0, 0, 0, 0, 0},  {"alpha", "coupon", 1, 1, 0, 0, 0, 0, 0},
      {"alpha", "mail", 0, 0, 0, 0, 0, 0, 666}, {"beta", "", 0, 0, 1, 70, 3, 0, 0},
  };
  check_totals(world, DAY_US, DAY_US + 2 * HS_DAY_US, EXPECTED, sizeof EXPECTED / sizeof *EXPECTED);
  uint64_t touch_count = 0;
  assert_int_equal(world->trail.touch_count(world->trail.self, DAY_US, DAY_US + 2 * HS_DAY_US,
                                            &touch_count, NULL),
                   HS_OK);
  assert_int_equal(touch_count, 4);
  /* The activity of day 20456 is the last but for the cost that goes on to 20457. */
  int64_t first_day;
  int64_t last_day;
  assert_int_equal(world->trail.day_range(world->trail.self, &first_day, &last_day, NULL), HS_OK);
  assert_int_equal(first_day, 20453);
  assert_int_equal(last_day, 20457);
  /* Whatever names a partner, at whatever time. */
  struct hs_arena arena;
  struct hs_str *names;
  size_t name_count = 0;
  assert_int_equal(hs_arena_init(&arena, HS_MIB, NULL), HS_OK);
  assert_int_equal(world->trail.partners(world->trail.self, &arena, &names, &name_count, NULL),
                   HS_OK);
  assert_int_equal(name_count, 2);
  assert_true(hs_str_equal(names[0], HS_STR("alpha")));
  assert_true(hs_str_equal(names[1], HS_STR("beta")));
  hs_arena_release(&arena);
}

static void a_cost_is_whole_over_any_cut_into_periods(void **state)
{
  struct world *world = *state;
  struct events costs;
  events_init(&costs, HS_EVENT_COST);
  events_add_with(&costs, "partner", "p", "kind", "media", "from", "20454", "to", "20460", "amount",
                  "9223372036854775807", "currency", "EUR", "hours", "0.1", NULL);
  world_store(world, &costs);
  events_release(&costs);
  /* Seven days of 9223372036854775807 = 7 × 1317624576693539401 exactly; of 0.1 hours in
     millionths, 100000 = 7 × 14285 + 5: the first five days get one more. */
  for (int day = 0; day < 7; day++) {
    struct expected_total expected = {
        "p", "", 0, 0, 0, 0, 0, day < 5 ? 0.014286 : 0.014285, 1317624576693539401};
    check_totals(world, DAY_US + day * HS_DAY_US, DAY_US + (day + 1) * HS_DAY_US, &expected, 1);
  }
  /* The same day in the clocks of Honolulu and Auckland. */
  struct expected_total first = {"p", "", 0, 0, 0, 0, 0, 0.014286, 1317624576693539401};
  check_totals(world, DAY_US + 10 * HS_HOUR_US, DAY_US + 34 * HS_HOUR_US, &first, 1);
  check_totals(world, DAY_US - 13 * HS_HOUR_US, DAY_US + 11 * HS_HOUR_US, &first, 1);
}

/* ---- scans ---- */

static enum hs_status stop_at_once([[maybe_unused]] void *context,
                                   [[maybe_unused]] const struct hs_touch_batch *batch,
                                   struct hs_err *err)
{
  return hs_fail(err, HS_INTERRUPTED, "enough");
}

static void a_scan_ends_with_the_status_of_its_reader(void **state)
{
  struct world *world = *state;
  struct events events;
  events_init(&events, HS_EVENT_TOUCH);
  add_touch(&events, "1", "ann", DAY_TEXT, "alpha", NULL);
  world_store(world, &events);
  events_release(&events);
  struct hs_str names[] = {HS_STR("alpha")};
  struct hs_str wrong[] = {HS_STR("alphb")};
  struct hs_scan scan = {0, INT64_MAX, INT64_MAX, 0, 1};
  struct hs_err err = {0};
  assert_int_equal(
      world->trail.scan_touches(world->trail.self, &scan, names, 1, stop_at_once, NULL, &err),
      HS_INTERRUPTED);
  assert_string_equal(err.text, "enough");
  assert_int_equal(
      world->trail.scan_touches(world->trail.self, &scan, wrong, 1, stop_at_once, NULL, &err),
      HS_INVALID);
}

static void parts_make_the_whole(void **state)
{
  struct world *world = *state;
  struct events events;
  events_init(&events, HS_EVENT_TOUCH);
  for (int i = 0; i < 5000; i++) {
    char person[16];
    snprintf(person, sizeof person, "p%d", i % 1777);
    struct event_row *row = events_add(&events);
    event_set_text(&events, row, "person", person);
    event_set_integer(&events, row, "occurred_at", DAY_US + i);
  }
  world_store(world, &events);
  events_release(&events);
  char *dump = world_dump(world); /* scans in three parts */
  assert_non_null(strstr(dump, "== scan of touches: 5000\n"));
  free(dump);
}

/* ---- exports ---- */

static void exports_replace_nothing_and_run_no_formula(void **state)
{
  struct world *world = *state;
  struct events events;
  events_init(&events, HS_EVENT_TOUCH);
  add_touch(&events, "=1+1", "@ann", DAY_TEXT, "a,\"b", "-x");
  world_store(world, &events);
  events_release(&events);
  const char *path = world_path(world, "touches.csv");
  uint64_t rows = 0;
  struct hs_err err = {0};
  struct hs_trail *trail = &world->trail;
  assert_int_equal(
      trail->export_table(trail->self, "touches", NULL, HS_EXPORT_CSV, path, &rows, &err), HS_OK);
  assert_int_equal(rows, 1);
  char text[1024] = "";
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  text[fread(text, 1, sizeof text - 1, file)] = 0;
  fclose(file);
  assert_string_equal(
      text, "touch_id,person,occurred_at,partner,link,kind,coupon,sub1,sub2,sub3,"
            "sub4,sub5,consent,user_agent,stands_down,sequence,row_number\n"
            "\"'=1+1\",\"'@ann\",2026-01-01T00:00:00Z,\"a,\"\"b\",,\"'-x\",,,,,,,,,,1,1\n");
  assert_int_equal(
      trail->export_table(trail->self, "touches", NULL, HS_EXPORT_CSV, path, &rows, &err),
      HS_CONFLICT);
  assert_int_equal(trail->export_table(trail->self, "passwords", NULL, HS_EXPORT_CSV,
                                       world_path(world, "x"), &rows, &err),
                   HS_NOT_FOUND);
}

static void side_tables_are_exported_like_the_rest(void **state)
{
  struct world *world = *state;
  static const char *const NAMES[] = {"partner", "share", "since"};
  static const enum hs_type TYPES[] = {HS_TYPE_TEXT, HS_TYPE_REAL, HS_TYPE_DAY};
  struct hs_str partners[] = {HS_STR("alpha"), HS_STR("beta")};
  double shares[] = {0.25, 0};
  int64_t days[] = {DAY, DAY + 1};
  uint8_t all_there[] = {0, 0};
  uint8_t first_there[] = {0, 1};
  struct hs_vector columns[] = {{.type = HS_TYPE_TEXT, .text = partners, .is_absent = all_there},
                                {.type = HS_TYPE_REAL, .real = shares, .is_absent = first_there},
                                {.type = HS_TYPE_DAY, .integer = days, .is_absent = all_there}};
  struct hs_side_table side = {"credits", 3, NAMES, TYPES, 2, columns};
  const char *path = world_path(world, "credits.ndjson");
  uint64_t rows = 0;
  struct hs_err err = {0};
  if (world->trail.export_table(world->trail.self, "credits", &side, HS_EXPORT_NDJSON, path, &rows,
                                &err))
    fail_msg("%s", err.text);
  char text[256] = "";
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  text[fread(text, 1, sizeof text - 1, file)] = 0;
  fclose(file);
  assert_string_equal(text, "{\"partner\":\"alpha\",\"share\":0.25,\"since\":\"2026-01-01\"}\n"
                            "{\"partner\":\"beta\",\"share\":null,\"since\":\"2026-01-02\"}\n");
}

/* ---- agreement of the adapters ---- */

static uint64_t random_state;

static uint64_t random_below(uint64_t bound)
{
  return (next_random(&random_state) * UINT64_C(0x2545F4914F6CDD1D) >> 33) % bound;
}

/* Few values, some of them absent, empty, long or awkward: keys and bodies meet often. */
static void set_random(struct events *events, struct event_row *row,
                       const struct hs_column_spec *column)
{
  static const char *const WORDS[] = {
      "",     "a",        "b",     "alpha",  "beta",  "a longer text than twelve bytes",
      "\x1f", "'quo\"te", "Grüße", "direct", "click", "tab\there"};
  if (!(column->rules & HS_COLUMN_REQUIRED) && random_below(3) == 0)
    return;
  switch (column->type) {
  case HS_TYPE_TEXT:
  case HS_TYPE_COUNTRY:
  case HS_TYPE_ITEMS:
  case HS_TYPE_FACTS:
    /* A required text is never empty. */
    event_set_text(
        events, row, column->name,
        WORDS[column->rules & HS_COLUMN_REQUIRED ? 1 + random_below(11) : random_below(12)]);
    break;
  case HS_TYPE_CURRENCY:
    event_set_text(events, row, column->name, random_below(4) ? "EUR" : "USD");
    break;
  case HS_TYPE_TIME:
    event_set_integer(events, row, column->name,
                      DAY_US + (int64_t)random_below(5) * 7 * HS_HOUR_US +
                          (int64_t)random_below(2));
    break;
  case HS_TYPE_DAY:
    event_set_integer(events, row, column->name, DAY + (int64_t)random_below(4));
    break;
  case HS_TYPE_INTEGER:
  case HS_TYPE_MONEY:
    event_set_integer(events, row, column->name, (int64_t)random_below(1000) - 200);
    break;
  case HS_TYPE_REAL:
    event_set_real(events, row, column->name, ((double)random_below(9) - 4) / 3);
    break;
  }
}

static void make_random(struct events *events, enum hs_event_kind kind, size_t count)
{
  const struct hs_event_spec *spec = hs_event_spec(kind);
  events_init(events, kind);
  for (size_t i = 0; i < count; i++) {
    struct event_row *row = events_add(events);
    for (size_t c = 0; c < spec->column_count; c++)
      set_random(events, row, &spec->columns[c]);
  }
  /* Keys that now and then are new, so that rows survive. */
  for (size_t i = 0; i < count; i++)
    for (size_t c = 0; c < spec->column_count; c++)
      if (spec->columns[c].rules & HS_COLUMN_KEY && spec->columns[c].type == HS_TYPE_TEXT &&
          random_below(2)) {
        char name[32];
        snprintf(name, sizeof name, "key %" PRIu64, random_below(4 * count));
        event_set_text(events, events->rows[i], spec->columns[c].name, name);
      }
}

#define ROUNDS 24

static void play(struct world *world, uint64_t seed, const char *prefix)
{
  random_state = seed;
  for (int round = 0; round < ROUNDS; round++) {
    struct events events;
    char name[32];
    make_random(&events, (enum hs_event_kind)random_below(HS_EVENT_KIND_COUNT),
                1 + random_below(150));
    snprintf(name, sizeof name, "%s-%d", prefix, round);
    if (random_below(2))
      world_store(world, &events);
    else
      world_store_kept(world, &events, name);
    events_release(&events);
  }
}

/* Fails with the first line in which the dumps differ: whole dumps are too long to read. */
static void assert_same_text(const char *one, const char *other, uint64_t seed)
{
  size_t line = 0;
  size_t i = 0;
  for (; one[i] && one[i] == other[i]; i++)
    if (one[i] == '\n')
      line = i + 1;
  if (one[i] != other[i])
    fail_msg("seed %" PRIu64 ":\n%.*s\n%.*s", seed, (int)strcspn(one + line, "\n"), one + line,
             (int)strcspn(other + line, "\n"), other + line);
}

static void adapters_agree_on_random_programmes([[maybe_unused]] void **state)
{
  for (uint64_t seed = 1; seed <= 3; seed++) {
    char *first = NULL;
    for (size_t i = 0; i < WORLD_COUNT; i++) {
      struct world world;
      world_open(&world, WORLD_NAMES[i]);
      play(&world, seed * UINT64_C(0x9e3779b97f4a7c15), "kept");
      char *dump = world_dump(&world);
      world_close(&world);
      if (!first) {
        first = dump;
        continue;
      }
      assert_same_text(first, dump, seed);
      free(dump);
    }
    free(first);
  }
}

static void a_replay_gives_the_same_tables(void **state)
{
  struct world *world = *state;
  play(world, 77, "kept");
  char *before = world_dump(world);
  struct hs_err err = {0};
  assert_int_equal(world->trail.clear(world->trail.self, &err), HS_OK);
  world->cursor = (struct hs_cursor){0};
  char *empty = world_dump(world);
  assert_non_null(strstr(empty, "== touches: 0\n"));
  assert_non_null(strstr(empty, "== conflicts: 0\n"));
  play(world, 77, "again");
  char *after = world_dump(world);
  assert_same_text(before, after, 77);
  free(before);
  free(empty);
  free(after);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      EVERY_WORLD_TEST(an_empty_trail_stands_before_the_first_frame),
      EVERY_WORLD_TEST(the_cursor_moves_with_what_was_stored),
      EVERY_WORLD_TEST(a_failed_load_leaves_nothing),
      EVERY_WORLD_TEST(several_kinds_come_in_one_store),
      EVERY_WORLD_TEST(the_first_row_of_a_key_wins),
      EVERY_WORLD_TEST(names_meet_across_batches_and_imports),
      EVERY_WORLD_TEST(a_row_without_a_key_is_named_by_all_its_columns),
      EVERY_WORLD_TEST(the_parts_of_a_composite_key_are_not_confused),
      EVERY_WORLD_TEST(paths_have_no_names_and_every_row_counts),
      EVERY_WORLD_TEST(refunds_are_capped_at_the_order_and_end_with_the_scan),
      EVERY_WORLD_TEST(refunds_that_take_nothing_back_are_counted),
      EVERY_WORLD_TEST(totals_follow_the_rules_of_the_port),
      EVERY_WORLD_TEST(a_cost_is_whole_over_any_cut_into_periods),
      EVERY_WORLD_TEST(a_scan_ends_with_the_status_of_its_reader),
      EVERY_WORLD_TEST(parts_make_the_whole),
      EVERY_WORLD_TEST(exports_replace_nothing_and_run_no_formula),
      EVERY_WORLD_TEST(side_tables_are_exported_like_the_rest),
      EVERY_WORLD_TEST(a_replay_gives_the_same_tables),
      cmocka_unit_test(adapters_agree_on_random_programmes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
