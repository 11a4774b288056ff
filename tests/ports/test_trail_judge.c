/* Proves what ports/trail.h promises of orders by frame and by time and of new refunds, for every
   adapter, against lists made from what was stored. Evidence: test_trail_evidence.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/facts.h"
#include "support/lines.h"

#define SEEDS 8

static void must(enum hs_status status, const struct hs_err *err)
{
  if (status)
    fail_msg("status %s: %s", hs_status_code(status), err->text);
}

/* ---- orders ---- */

static enum hs_status note_orders(void *context, const struct hs_new_order_batch *orders,
                                  [[maybe_unused]] struct hs_err *err)
{
  const struct hs_order_batch *batch = &orders->basic;
  assert_true(batch->count > 0);
  for (size_t i = 0; i < batch->count; i++)
    lines_add(context,
              "%" PRIu64 " %" PRId64 " %016" PRIx64 " %016" PRIx64 " %" PRId64 " %" PRId64
              " %" PRId64 " %.*s %.*s %.*s",
              batch->sequence[i], batch->row_number[i], batch->person[i], batch->customer[i],
              batch->at_us[i], batch->amount_minor[i], batch->refunded_minor[i],
              HS_STR_ARG(batch->currency[i]), HS_STR_ARG(batch->order_id[i]),
              HS_STR_ARG(batch->coupon[i]));
  return HS_OK;
}

static struct lines expected_orders(const struct facts *facts, const struct hs_order_page *page)
{
  struct lines lines = {0};
  for (size_t i = 0; i < facts->count; i++) {
    const struct fact *fact = &facts->items[i];
    int is_behind = fact->sequence > page->after_sequence ||
                    (fact->sequence == page->after_sequence && fact->row_number > page->after_row);
    char name[32];
    (void)snprintf(name, sizeof name, "order %d", fact->order);
    if (page->order_id.data != NULL && !hs_str_equal(page->order_id, hs_str_of(name)))
      continue;
    if ((page->from_us != 0 || page->until_us != 0) &&
        (fact->at_us < page->from_us || fact->at_us >= page->until_us))
      continue;
    if (fact->kind == HS_EVENT_ORDER && is_behind && fact->sequence <= page->until_sequence &&
        lines.count < page->count_max)
      lines_add(&lines,
                "%" PRIu64 " %" PRId64 " %016" PRIx64 " %016" PRIx64 " %" PRId64 " %" PRId64
                " 0 %s order %d ",
                fact->sequence, fact->row_number, fact_key(fact->id), fact_key(fact->customer),
                fact->at_us, fact->amount_minor, fact->is_dollar ? "USD" : "EUR", fact->order);
  }
  return lines;
}

static void assert_page(struct world *world, const struct facts *facts,
                        const struct hs_order_page *page)
{
  struct hs_err err = {0};
  struct lines given = {0};
  struct lines expected = expected_orders(facts, page);
  must(world->trail.new_orders(world->trail.self, page, note_orders, &given, &err), &err);
  lines_assert_same(&given, &expected, "a page of orders");
  lines_clear(&given);
  lines_clear(&expected);
}

static void new_orders_come_page_by_page_in_the_order_of_the_journal(void **state)
{
  struct world *world = *state;
  struct facts facts;
  facts_make(&facts, 5);
  facts_store(&facts, world);
  assert_page(world, &facts,
              &(struct hs_order_page){0, INT64_MAX, UINT64_MAX, SIZE_MAX, {0}, 0, 0});
  assert_page(world, &facts, &(struct hs_order_page){0, INT64_MAX, UINT64_MAX, 0, {0}, 0, 0});
  assert_page(world, &facts,
              &(struct hs_order_page){FACT_FRAMES, INT64_MAX, UINT64_MAX, 9, {0}, 0, 0});
  for (uint64_t after = 0; after < FACT_FRAMES; after += 3)
    for (int64_t row = 0; row < 9; row += 2)
      for (uint64_t until = after; until < after + 9; until += 4)
        assert_page(world, &facts,
                    &(struct hs_order_page){after, row, until, 1 + after, {0}, 0, 0});
  assert_page(world, &facts, &(struct hs_order_page){3, INT64_MAX, 12, SIZE_MAX, {0}, 0, 0});
}

static void a_page_may_ask_for_the_orders_of_some_moments_alone(void **state)
{
  struct world *world = *state;
  struct facts facts;
  facts_make(&facts, 8);
  facts_store(&facts, world);
  for (int64_t from = -1; from < 16; from += 2)
    for (int64_t until = from; until < 18; until += 3)
      for (size_t most = 1; most < 9; most += 3)
        assert_page(world, &facts,
                    &(struct hs_order_page){2, 3, UINT64_MAX, most, {0}, from, until});
  assert_page(world, &facts,
              &(struct hs_order_page){0, 0, UINT64_MAX, SIZE_MAX, {0}, INT64_MIN, INT64_MAX});
}

static void one_order_is_found_by_its_name(void **state)
{
  struct world *world = *state;
  struct facts facts;
  facts_make(&facts, 6);
  facts_store(&facts, world);
  for (size_t i = 0; i < facts.count; i += 5) {
    char name[32];
    (void)snprintf(name, sizeof name, "order %d", facts.items[i].order);
    assert_page(world, &facts,
                &(struct hs_order_page){0, INT64_MAX, UINT64_MAX, 1, hs_str_of(name), 0, 0});
    assert_page(world, &facts, &(struct hs_order_page){7, INT64_MAX, 20, 1, hs_str_of(name), 0, 0});
  }
  assert_page(
      world, &facts,
      &(struct hs_order_page){0, INT64_MAX, UINT64_MAX, 1, HS_STR("o'; DROP TABLE orders"), 0, 0});
}

/* ---- orders by time ---- */

static int64_t given_back_until(const struct facts *facts, const struct fact *order, uint64_t until)
{
  int64_t given = 0;
  for (size_t i = 0; i < facts->count; i++) {
    const struct fact *fact = &facts->items[i];
    if (fact->kind == HS_EVENT_REFUND && fact->order == order->order &&
        fact->is_dollar == order->is_dollar && fact->sequence <= until)
      given += fact->amount_minor;
  }
  return given < order->amount_minor ? given : order->amount_minor;
}

static int comes_before(const struct fact *a, const struct fact *b)
{
  if (a->at_us != b->at_us)
    return a->at_us < b->at_us;
  return a->sequence != b->sequence ? a->sequence < b->sequence : a->row_number < b->row_number;
}

/* The next order of the span behind one of its orders, or behind where it begins. */
static const struct fact *next_between(const struct facts *facts, const struct hs_order_span *span,
                                       const struct fact *last)
{
  const struct fact begin = {
      .at_us = span->behind_us, .sequence = span->behind_sequence, .row_number = span->behind_row};
  const struct fact *next = NULL;
  for (size_t i = 0; i < facts->count; i++) {
    const struct fact *fact = &facts->items[i];
    if (fact->kind == HS_EVENT_ORDER && fact->at_us >= span->from_us &&
        fact->at_us < span->until_us && fact->sequence > span->after_sequence &&
        fact->sequence <= span->until_sequence && comes_before(last ? last : &begin, fact) &&
        (!next || comes_before(fact, next)))
      next = fact;
  }
  return next;
}

static void assert_span(struct world *world, const struct facts *facts,
                        const struct hs_order_span *span)
{
  struct hs_err err = {0};
  struct lines given = {0};
  struct lines expected = {0};
  const struct fact *fact = NULL;
  while (expected.count < span->count_max && (fact = next_between(facts, span, fact)) != NULL)
    lines_add(&expected,
              "%" PRIu64 " %" PRId64 " %016" PRIx64 " %016" PRIx64 " %" PRId64 " %" PRId64
              " %" PRId64 " %s order %d ",
              fact->sequence, fact->row_number, fact_key(fact->id), fact_key(fact->customer),
              fact->at_us, fact->amount_minor, given_back_until(facts, fact, span->until_sequence),
              fact->is_dollar ? "USD" : "EUR", fact->order);
  must(world->trail.orders_between(world->trail.self, span, note_orders, &given, &err), &err);
  lines_assert_same(&given, &expected, "orders by time");
  lines_clear(&given);
  lines_clear(&expected);
}

/* Bounds are taken from the facts themselves, so that each end is met exactly. */
static void orders_of_a_time_come_page_by_page_with_what_was_refunded(void **state)
{
  struct world *world = *state;
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    struct facts facts;
    world->cursor = (struct hs_cursor){0};
    must(world->trail.clear(world->trail.self, NULL), NULL);
    facts_make(&facts, seed);
    facts_store(&facts, world);
    for (size_t i = 0; i < facts.count; i += 3) {
      const struct fact *from = &facts.items[i];
      const struct fact *until = &facts.items[(i * 7 + 5) % facts.count];
      const struct fact *behind = &facts.items[(i * 5 + 2) % facts.count];
      struct hs_order_span span = {from->at_us, until->at_us, i % 4, until->sequence,
                                   1 + i % 9,   INT64_MIN,    0,     0};
      assert_span(world, &facts, &span);
      span.behind_us = behind->at_us;
      span.behind_sequence = behind->sequence;
      span.behind_row = behind->row_number;
      assert_span(world, &facts, &span);
      span.from_us = INT64_MIN;
      span.until_us = INT64_MAX;
      span.until_sequence = UINT64_MAX;
      span.count_max = SIZE_MAX;
      assert_span(world, &facts, &span);
    }
  }
}

/* More than a batch, and rows that came in any order. */
static void a_large_frame_comes_in_order(void **state)
{
  struct world *world = *state;
  struct events orders;
  struct lines given = {0};
  struct hs_err err = {0};
  events_init(&orders, HS_EVENT_ORDER);
  for (int i = 0; i < 5000; i++) {
    char name[24];
    (void)snprintf(name, sizeof name, "%d", i);
    (void)events_add_with(&orders, "order_id", name, "occurred_at", name, "amount", "5", "currency",
                          "EUR", "coupon", i == 4321 ? "SAVE" : NULL, NULL);
  }
  for (size_t i = 0; i < 2500; i++) {
    struct event_row *row = orders.rows[i];
    orders.rows[i] = orders.rows[orders.count - 1 - i];
    orders.rows[orders.count - 1 - i] = row;
  }
  world_store(world, &orders);
  events_release(&orders);
  struct hs_order_page page = {1, 700, 1, 4000, {0}, 0, 0};
  must(world->trail.new_orders(world->trail.self, &page, note_orders, &given, &err), &err);
  assert_int_equal(given.count, 4000);
  for (size_t i = 0; i < given.count; i++) {
    char expected[128];
    size_t at = 700 + i;
    (void)snprintf(expected, sizeof expected,
                   "1 %zu 0000000000000000 0000000000000000 %zu 5 0 EUR %zu %s", at + 1, at, at,
                   at == 4321 ? "SAVE" : "");
    assert_string_equal(given.items[i], expected);
  }
  lines_clear(&given);
}

/* ---- refunds ---- */

static enum hs_status note_refunds(void *context, const struct hs_refund_batch *batch,
                                   [[maybe_unused]] struct hs_err *err)
{
  assert_true(batch->count > 0);
  for (size_t i = 0; i < batch->count; i++)
    lines_add(context,
              "%" PRIu64 " %" PRIu64 " %" PRId64 " [%.*s] of %.*s, %.*s: %" PRId64 " %.*s, %" PRId64
              " of %" PRId64 ", at %" PRId64,
              batch->sequence[i], batch->own_sequence[i], batch->row_number[i],
              HS_STR_ARG(batch->refund_id[i]), HS_STR_ARG(batch->order_id[i]),
              HS_STR_ARG(batch->reason[i]), batch->amount_minor[i], HS_STR_ARG(batch->currency[i]),
              batch->refunded_minor[i], batch->order_amount_minor[i], batch->at_us[i]);
  return HS_OK;
}

static const struct fact *order_of(const struct facts *facts, const struct fact *refund)
{
  for (size_t i = 0; i < facts->count; i++)
    if (facts->items[i].kind == HS_EVENT_ORDER && facts->items[i].order == refund->order &&
        facts->items[i].is_dollar == refund->is_dollar)
      return &facts->items[i];
  return NULL;
}

static uint64_t larger(uint64_t a, uint64_t b) { return a > b ? a : b; }

static void expect_refund(struct lines *lines, const struct facts *facts, size_t index,
                          const struct fact *order)
{
  const struct fact *refund = &facts->items[index];
  int64_t given = 0;
  char name[32] = "";
  for (size_t i = 0; i <= index; i++)
    if (facts->items[i].kind == HS_EVENT_REFUND && order_of(facts, &facts->items[i]) == order)
      given += facts->items[i].amount_minor;
  if (refund->number >= 0)
    (void)snprintf(name, sizeof name, "row %zu", index);
  lines_add(lines,
            "%" PRIu64 " %" PRIu64 " %" PRId64 " [%s] of order %d, because %zu: %" PRId64
            " %s, %" PRId64 " of %" PRId64 ", at %" PRId64,
            larger(refund->sequence, order->sequence), refund->sequence, refund->row_number, name,
            refund->order, index, refund->amount_minor, refund->is_dollar ? "USD" : "EUR",
            given < order->amount_minor ? given : order->amount_minor, order->amount_minor,
            refund->at_us);
}

static struct lines expected_refunds(const struct facts *facts, uint64_t from, uint64_t until)
{
  struct lines lines = {0};
  /* Facts stand by sequence and row, so those that hold from one frame on come in order. */
  for (uint64_t sequence = from + 1; sequence <= until && sequence <= FACT_FRAMES; sequence++)
    for (size_t i = 0; i < facts->count; i++) {
      const struct fact *order =
          facts->items[i].kind == HS_EVENT_REFUND ? order_of(facts, &facts->items[i]) : NULL;
      if (order && larger(order->sequence, facts->items[i].sequence) == sequence)
        expect_refund(&lines, facts, i, order);
    }
  return lines;
}

static size_t assert_refunds(struct world *world, const struct facts *facts, uint64_t from,
                             uint64_t until)
{
  struct hs_err err = {0};
  struct lines given = {0};
  struct lines expected = expected_refunds(facts, from, until);
  must(world->trail.new_refunds(world->trail.self, from, until, note_refunds, &given, &err), &err);
  lines_assert_same(&given, &expected, "new refunds");
  size_t count = given.count;
  lines_clear(&given);
  lines_clear(&expected);
  return count;
}

static void a_refund_holds_once_it_and_its_order_are_known(void **state)
{
  struct world *world = *state;
  struct facts facts;
  size_t count = 0;
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    world->cursor = (struct hs_cursor){0};
    must(world->trail.clear(world->trail.self, NULL), NULL);
    facts_make(&facts, seed);
    facts_store(&facts, world);
    count += assert_refunds(world, &facts, 0, UINT64_MAX);
    for (uint64_t from = 0; from < FACT_FRAMES; from += 2)
      (void)assert_refunds(world, &facts, from, from + 1 + seed % 5);
  }
  assert_true(count > 5 * SEEDS);
}

/* ---- what an order says of itself ---- */

static enum hs_status note_sayings(void *context, const struct hs_new_order_batch *batch,
                                   [[maybe_unused]] struct hs_err *err)
{
  for (size_t i = 0; i < batch->basic.count; i++)
    lines_add(
        context,
        "%.*s %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " [%.*s] [%.*s] [%.*s]",
        HS_STR_ARG(batch->basic.order_id[i]), batch->cart_at_us[i], batch->tax_minor[i],
        batch->shipping_minor[i], batch->discount_minor[i], batch->cost_minor[i],
        HS_STR_ARG(batch->country[i]), HS_STR_ARG(batch->items[i]), HS_STR_ARG(batch->metadata[i]));
  return HS_OK;
}

static void what_an_order_says_is_given_and_what_it_does_not_say_too(void **state)
{
  struct world *world = *state;
  struct events orders;
  struct lines given = {0};
  struct hs_err err = {0};
  const struct hs_order_page all = {0, INT64_MAX, UINT64_MAX, SIZE_MAX, {0}, 0, 0};
  events_init(&orders, HS_EVENT_ORDER);
  (void)events_add_with(&orders, "order_id", "silent", "occurred_at", "9", "amount", "5",
                        "currency", "EUR", NULL);
  (void)events_add_with(&orders, "order_id", "full", "occurred_at", "9", "amount", "500",
                        "currency", "EUR", "cart_at", "7", "tax", "80", "shipping", "20",
                        "discount", "10", "cost", "0", "country", "DE", "items",
                        "[{\"product\":\"a\"}]", "metadata", "{\"a\":\"b\"}", NULL);
  world_store(world, &orders);
  events_release(&orders);
  must(world->trail.new_orders(world->trail.self, &all, note_sayings, &given, &err), &err);
  char silent[128];
  (void)snprintf(silent, sizeof silent, "silent %" PRId64 " 0 0 0 -1 [] [] []", INT64_MAX);
  assert_int_equal(given.count, 2);
  assert_string_equal(given.items[0], silent);
  assert_string_equal(given.items[1],
                      "full 7 80 20 10 0 [DE] [[{\"product\":\"a\"}]] [{\"a\":\"b\"}]");
  lines_clear(&given);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      EVERY_WORLD_TEST(new_orders_come_page_by_page_in_the_order_of_the_journal),
      EVERY_WORLD_TEST(a_page_may_ask_for_the_orders_of_some_moments_alone),
      EVERY_WORLD_TEST(one_order_is_found_by_its_name),
      EVERY_WORLD_TEST(orders_of_a_time_come_page_by_page_with_what_was_refunded),
      EVERY_WORLD_TEST(a_large_frame_comes_in_order),
      EVERY_WORLD_TEST(what_an_order_says_is_given_and_what_it_does_not_say_too),
      EVERY_WORLD_TEST(a_refund_holds_once_it_and_its_order_are_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
