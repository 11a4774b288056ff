/* Proves that an analysis ends when somebody no longer waits for it: at the next journey, and
   before the next step of the computation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

#include "adapters/sqlite/sqlite.h"
#include "service/believe/analysis.h"
#include "support/events.h"
#include "support/trails.h"

#define PERSONS 50
#define NOON_US (INT64_C(1767268800) * HS_SECOND_US) /* 2026-01-01T12:00:00Z */

static atomic_int interrupt;

static struct hs_analysis_options options_of_a_day(void)
{
  atomic_store(&interrupt, 0);
  return (struct hs_analysis_options){.period = {NOON_US - HS_DAY_US / 2, NOON_US + HS_DAY_US / 2},
                                      .look_back_us = HS_DAY_US,
                                      .level = 0.9,
                                      .interrupt = &interrupt};
}

/* A touch and, an hour later, an order of each person. */
static void store_journeys(struct world *world)
{
  struct events touches;
  struct events orders;
  char name[16];
  char touched[24];
  char ordered[24];
  snprintf(touched, sizeof touched, "%lld", (long long)NOON_US);
  snprintf(ordered, sizeof ordered, "%lld", (long long)(NOON_US + HS_HOUR_US));
  events_init(&touches, HS_EVENT_TOUCH);
  events_init(&orders, HS_EVENT_ORDER);
  for (int i = 0; i < PERSONS; i++) {
    snprintf(name, sizeof name, "v%d", i);
    events_add_with(&touches, "touch_id", name, "person", name, "occurred_at", touched, "partner",
                    i % 2 == 0 ? "alpha" : "beta", NULL);
    events_add_with(&orders, "order_id", name, "person", name, "occurred_at", ordered, "amount",
                    "1000", "currency", "EUR", NULL);
  }
  world_store(world, &touches);
  world_store(world, &orders);
  events_release(&touches);
  events_release(&orders);
}

static void open_programme(struct world *world, struct hs_programme *programme)
{
  *programme = (struct hs_programme){.trail = world->trail, .lock = -1};
  assert_true(hs_currency_parse(HS_STR("EUR"), &programme->currency));
  assert_int_equal(
      hs_sqlite_book_open(hs_io_real(), world_path(world, "book.sqlite"), &programme->book, NULL),
      HS_OK);
  store_journeys(world);
}

static enum hs_status interrupt_at_the_third(void *context,
                                             [[maybe_unused]] const struct hs_journey *journey,
                                             [[maybe_unused]] struct hs_err *err)
{
  size_t *count = context;
  if (++*count == 3)
    atomic_store(&interrupt, 1);
  return HS_OK;
}

static void an_interruption_ends_the_journeys_at_the_next_one(void **state)
{
  struct hs_programme programme;
  struct hs_analysis analysis;
  struct hs_err err = {0};
  size_t count = 0;
  struct hs_analysis_options options = options_of_a_day();
  open_programme(*state, &programme);
  assert_int_equal(hs_analysis_run(&programme, &options, &analysis, NULL), HS_OK);
  assert_non_null(analysis.credits);
  assert_int_equal(
      hs_analysis_journeys(&programme, &analysis, interrupt_at_the_third, &count, &err),
      HS_INTERRUPTED);
  assert_int_equal(count, 3);
  assert_string_equal(err.text, "interrupted");
  hs_analysis_release(&analysis);
  programme.book.close(programme.book.self);
}

static void an_analysis_that_nobody_waits_for_gives_no_credits(void **state)
{
  struct hs_programme programme;
  struct hs_analysis analysis;
  struct hs_analysis_options options = options_of_a_day();
  open_programme(*state, &programme);
  atomic_store(&interrupt, 1);
  assert_int_equal(hs_analysis_run(&programme, &options, &analysis, NULL), HS_INTERRUPTED);
  programme.book.close(programme.book.self);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      WORLD_TEST(an_interruption_ends_the_journeys_at_the_next_one, "memory"),
      WORLD_TEST(an_analysis_that_nobody_waits_for_gives_no_credits, "memory"),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
