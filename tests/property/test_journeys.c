/* Proves measure/persons and measure/journeys against a slow oracle that does the same by
   definition: on random small worlds, for every number of parts, for every order of arrival.

   HANSA_CASES is the number of worlds (40), HANSA_SEED the first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/journeys.h"
#include "stats/random.h"
#include "support/journal.h"
#include "support/trails.h"

#define TOUCHES 120
#define ORDERS 25
#define IDENTITIES 14
#define IDS 16
#define JOURNEYS_MAX (TOUCHES + ORDERS)

static const char *const CHANNELS[] = {"blog", "coupons", "direct", "mail"};
#define CHANNEL_COUNT 4

struct fact {
  int id;       /* of the person */
  int customer; /* of an order; -1 without */
  int channel;
  int64_t at_us;
  int64_t amount_minor, refund_minor;
  int has_coupon;
  int number;
};

struct random_world {
  struct fact touches[TOUCHES], orders[ORDERS];
  int visitor[IDENTITIES], customer[IDENTITIES];
};

static uint64_t draw(struct hs_random *random, uint64_t below)
{
  return hs_random_u64(random) % below;
}

static void make_world(struct random_world *world, uint64_t seed)
{
  struct hs_random random = hs_random_open(seed, 0);
  for (int i = 0; i < TOUCHES; i++)
    world->touches[i] = (struct fact){.id = (int)draw(&random, IDS),
                                      .channel = (int)draw(&random, CHANNEL_COUNT),
                                      .at_us = (int64_t)draw(&random, 100) * HS_DAY_US,
                                      .number = i};
  for (int i = 0; i < ORDERS; i++) {
    int64_t amount = (int64_t)draw(&random, 5000) + 1;
    int64_t refund =
        draw(&random, 4) == 0 ? (int64_t)draw(&random, 2) * amount / 2 + amount / 2 : 0;
    world->orders[i] =
        (struct fact){.id = (int)draw(&random, IDS),
                      .customer = draw(&random, 3) == 0 ? (int)draw(&random, IDS) : -1,
                      .at_us = (int64_t)draw(&random, 100) * HS_DAY_US + 1,
                      .amount_minor = amount,
                      .refund_minor = refund,
                      .has_coupon = draw(&random, 4) == 0,
                      .number = i};
  }
  for (int i = 0; i < IDENTITIES; i++) {
    world->visitor[i] = (int)draw(&random, IDS);
    world->customer[i] = (int)draw(&random, IDS);
  }
}

/* ---- storing it ---- */

static const char *text(char out[32], const char *prefix, long long value)
{
  (void)snprintf(out, 32, "%s%lld", prefix, value);
  return out;
}

/* turn rotates the order of arrival. */
static void store_world(struct world *store, const struct random_world *world, int turn)
{
  char a[32], b[32], c[32], d[32];
  struct events touches, orders, refunds, identities;
  events_init(&touches, HS_EVENT_TOUCH);
  events_init(&orders, HS_EVENT_ORDER);
  events_init(&refunds, HS_EVENT_REFUND);
  events_init(&identities, HS_EVENT_IDENTITY);
  for (int i = 0; i < TOUCHES; i++) {
    const struct fact *touch = &world->touches[(i + turn) % TOUCHES];
    int is_direct = strcmp(CHANNELS[touch->channel], "direct") == 0;
    (void)events_add_with(&touches, "touch_id", text(a, "t", touch->number), "person",
                          text(b, "id", touch->id), "occurred_at", text(c, "", touch->at_us),
                          "partner", is_direct ? NULL : CHANNELS[touch->channel], "kind",
                          is_direct ? "direct" : "click", NULL);
  }
  for (int i = 0; i < ORDERS; i++) {
    const struct fact *order = &world->orders[(i + turn) % ORDERS];
    (void)events_add_with(&orders, "order_id", text(a, "o", order->number), "person",
                          text(b, "id", order->id), "occurred_at", text(c, "", order->at_us),
                          "amount", text(d, "", order->amount_minor), "currency", "EUR", "coupon",
                          order->has_coupon ? "SAVE" : NULL, NULL);
    if (order->customer >= 0)
      event_set_text(&orders, orders.rows[i], "customer", text(a, "id", order->customer));
    if (order->refund_minor > 0)
      (void)events_add_with(&refunds, "refund_id", text(b, "r", order->number), "order_id",
                            text(a, "o", order->number), "occurred_at", text(c, "", order->at_us),
                            "amount", text(d, "", order->refund_minor), "currency", "EUR", NULL);
  }
  for (int i = 0; i < IDENTITIES; i++) {
    int j = (i + turn) % IDENTITIES;
    (void)events_add_with(&identities, "identity_id", text(a, "i", j), "occurred_at", "5",
                          "visitor", text(b, "id", world->visitor[j]), "customer",
                          text(c, "id", world->customer[j]), NULL);
  }
  world_store(store, &identities);
  world_store(store, &touches);
  world_store(store, &refunds);
  world_store(store, &orders);
  events_release(&touches);
  events_release(&orders);
  events_release(&refunds);
  events_release(&identities);
}

/* ---- the oracle ---- */

static int partner_count(const int pairs[][2], int count, int side, int id)
{
  int partners[IDS] = {0};
  int distinct = 0;
  for (int i = 0; i < count; i++)
    if (pairs[i][side] == id)
      partners[pairs[i][1 - side]] = 1;
  for (int i = 0; i < IDS; i++)
    distinct += partners[i];
  return distinct;
}

/* group[i] is the group of id i: label propagation until nothing moves. */
static void oracle_persons(const struct random_world *world, int visitor_limit, int customer_limit,
                           int group[IDS])
{
  int pairs[IDENTITIES + ORDERS][2];
  int used[IDENTITIES + ORDERS][2];
  int count = 0;
  int used_count = 0;
  for (int i = 0; i < IDENTITIES; i++)
    if (world->visitor[i] != world->customer[i]) {
      pairs[count][0] = world->visitor[i];
      pairs[count++][1] = world->customer[i];
    }
  for (int i = 0; i < ORDERS; i++)
    if (world->orders[i].customer >= 0 && world->orders[i].customer != world->orders[i].id) {
      pairs[count][0] = world->orders[i].id;
      pairs[count++][1] = world->orders[i].customer;
    }
  int kept[IDENTITIES + ORDERS][2];
  int kept_count = 0;
  int crowd = visitor_limit > customer_limit ? visitor_limit : customer_limit;
  for (int i = 0; i < count; i++)
    if (partner_count((const int(*)[2])pairs, count, 1, pairs[i][1]) <= customer_limit &&
        partner_count((const int(*)[2])pairs, count, 0, pairs[i][0]) <= crowd)
      memcpy(kept[kept_count++], pairs[i], sizeof pairs[i]);
  for (int i = 0; i < kept_count; i++)
    if (partner_count((const int(*)[2])kept, kept_count, 0, kept[i][0]) <= visitor_limit)
      memcpy(used[used_count++], kept[i], sizeof kept[i]);
  for (int i = 0; i < IDS; i++)
    group[i] = i;
  for (int moved = 1; moved;) {
    moved = 0;
    for (int i = 0; i < used_count; i++) {
      int low = group[used[i][0]] < group[used[i][1]] ? group[used[i][0]] : group[used[i][1]];
      moved |= group[used[i][0]] != low || group[used[i][1]] != low;
      group[used[i][0]] = group[used[i][1]] = low;
    }
  }
}

static int by_time(const void *a, const void *b)
{
  const struct fact *x = *(const struct fact *const *)a;
  const struct fact *y = *(const struct fact *const *)b;
  return (x->at_us > y->at_us) - (x->at_us < y->at_us);
}

struct line {
  char text[1024];
};

static int by_text(const void *a, const void *b) { return strcmp(a, b); }

/* One journey as a line: order or "-", value, end, channels with their times; channels of the same
   moment are sorted, because their order is that of arrival. */
static void describe(struct line *line, const char *order_id, int64_t value_minor,
                     const int *channels, const int64_t *at_us, size_t count)
{
  int used = snprintf(line->text, sizeof line->text, "%s %lld:", order_id, (long long)value_minor);
  for (size_t first = 0, end = 0; first < count; first = end) {
    int seen[CHANNEL_COUNT] = {0};
    for (end = first; end < count && at_us[end] == at_us[first]; end++)
      seen[channels[end]]++;
    for (int c = 0; c < CHANNEL_COUNT; c++)
      for (int k = 0; k < seen[c]; k++)
        used += snprintf(line->text + used, sizeof line->text - (size_t)used, " %s@%lld",
                         CHANNELS[c], (long long)(at_us[first] / HS_DAY_US));
  }
}

/* One person's facts of the period, in time order, and the order that claims each touch (-1: none).
 */
struct oracle_person {
  const struct fact *touches[TOUCHES];
  const struct fact *orders[ORDERS];
  int claimed_by[TOUCHES];
  size_t touch_count, order_count;
};

static void oracle_collect(const struct random_world *world,
                           const struct hs_journey_options *options, const int group[IDS],
                           int person, struct oracle_person *p)
{
  *p = (struct oracle_person){.touch_count = 0};
  for (int i = 0; i < TOUCHES; i++)
    if (group[world->touches[i].id] == person &&
        world->touches[i].at_us >= options->from_us - options->look_back_us &&
        world->touches[i].at_us < options->until_us)
      p->touches[p->touch_count++] = &world->touches[i];
  for (int i = 0; i < ORDERS; i++) {
    const struct fact *order = &world->orders[i];
    if (group[order->id] == person && order->at_us >= options->from_us &&
        order->at_us < options->until_us && order->refund_minor < order->amount_minor)
      p->orders[p->order_count++] = order;
  }
  qsort(p->touches, p->touch_count, sizeof *p->touches, by_time);
  qsort(p->orders, p->order_count, sizeof *p->orders, by_time);
  for (size_t t = 0; t < p->touch_count; t++) {
    p->claimed_by[t] = -1;
    for (size_t o = p->order_count; o > 0; o--)
      if (p->touches[t]->at_us <= p->orders[o - 1]->at_us) /* the first order after the touch */
        p->claimed_by[t] = (int)o - 1;
    int claim = p->claimed_by[t];
    if (claim >= 0 && p->orders[claim]->at_us - p->touches[t]->at_us > options->look_back_us)
      p->claimed_by[t] = -1;
  }
}

static size_t oracle_orders(const struct oracle_person *p, struct line *lines)
{
  size_t line_count = 0;
  for (size_t o = 0; o < p->order_count; o++) {
    int channels[TOUCHES + 1];
    int64_t at_us[TOUCHES + 1];
    size_t count = 0;
    char name[32];
    for (size_t t = 0; t < p->touch_count; t++)
      if (p->claimed_by[t] == (int)o) {
        channels[count] = p->touches[t]->channel;
        at_us[count++] = p->touches[t]->at_us;
      }
    /* "coupons" is channel 1. Its code at checkout counts unless it is the last touch. */
    if (p->orders[o]->has_coupon && (count == 0 || channels[count - 1] != 1)) {
      channels[count] = 1;
      at_us[count++] = p->orders[o]->at_us;
    }
    (void)snprintf(name, sizeof name, "o%d", p->orders[o]->number);
    if (count > 0)
      describe(&lines[line_count++], name, p->orders[o]->amount_minor - p->orders[o]->refund_minor,
               channels, at_us, count);
  }
  return line_count;
}

static int oracle_is_cut(const struct oracle_person *p, const struct hs_journey_options *options,
                         size_t t)
{
  int is_cut = p->claimed_by[t] >= 0 ||
               p->touches[t]->at_us - p->touches[t - 1]->at_us > options->look_back_us;
  for (size_t o = 0; o < p->order_count; o++)
    is_cut |= p->orders[o]->at_us >= p->touches[t - 1]->at_us &&
              p->orders[o]->at_us < p->touches[t]->at_us;
  return is_cut;
}

static size_t oracle_rest(const struct oracle_person *p, const struct hs_journey_options *options,
                          struct line *lines)
{
  size_t line_count = 0;
  for (size_t first = 0, end = 0; first < p->touch_count; first = end) {
    int channels[TOUCHES];
    int64_t at_us[TOUCHES];
    end = first + 1;
    if (p->claimed_by[first] >= 0)
      continue;
    while (end < p->touch_count && !oracle_is_cut(p, options, end))
      end++;
    if (p->touches[end - 1]->at_us < options->from_us)
      continue;
    for (size_t t = first; t < end; t++) {
      channels[t - first] = p->touches[t]->channel;
      at_us[t - first] = p->touches[t]->at_us;
    }
    describe(&lines[line_count++], "-", 0, channels, at_us, end - first);
  }
  return line_count;
}

static size_t oracle_journeys(const struct random_world *world,
                              const struct hs_journey_options *options, const int group[IDS],
                              struct line *lines)
{
  size_t line_count = 0;
  for (int person = 0; person < IDS; person++) {
    struct oracle_person p;
    oracle_collect(world, options, group, person, &p);
    line_count += oracle_orders(&p, lines + line_count);
    line_count += oracle_rest(&p, options, lines + line_count);
  }
  qsort(lines, line_count, sizeof *lines, by_text);
  return line_count;
}

/* ---- ours ---- */

struct collected {
  const struct hs_journey_run *run;
  struct line lines[JOURNEYS_MAX];
  size_t count;
  uint32_t last_person;
};

static enum hs_status collect(void *context, const struct hs_journey *journey,
                              [[maybe_unused]] struct hs_err *err)
{
  struct collected *collected = context;
  int channels[TOUCHES + 1];
  char name[32] = "-";
  assert_true(journey->person_index == collected->last_person ||
              journey->person_index == collected->last_person + 1);
  collected->last_person = journey->person_index;
  for (size_t i = 0; i < journey->step_count; i++) {
    struct hs_str channel = collected->run->channels[journey->channels[i]];
    channels[i] = -1;
    for (int c = 0; c < CHANNEL_COUNT; c++)
      if (hs_str_equal(channel, hs_str_of(CHANNELS[c])))
        channels[i] = c;
    assert_true(channels[i] >= 0);
    assert_true(i == 0 || journey->at_us[i] >= journey->at_us[i - 1]);
  }
  if (journey->order_id.data != NULL)
    (void)snprintf(name, sizeof name, "%.*s", HS_STR_ARG(journey->order_id));
  assert_true(collected->count < JOURNEYS_MAX);
  describe(&collected->lines[collected->count++], name, journey->value_minor, channels,
           journey->at_us, journey->step_count);
  return HS_OK;
}

static size_t our_journeys(struct world *store, const struct hs_journey_options *options,
                           const struct hs_persons_options *guard, struct collected *collected,
                           struct hs_journey_stats *stats)
{
  struct hs_arena arena = {0};
  struct hs_arena scratch = {0};
  struct hs_err err = {0};
  struct hs_persons persons;
  assert_int_equal(hs_arena_init(&arena, 4 * HS_MIB, NULL), HS_OK);
  assert_int_equal(hs_arena_init(&scratch, 4 * HS_MIB, NULL), HS_OK);
  assert_int_equal(
      hs_persons_join(&arena, &scratch, &store->trail, INT64_MAX, guard, &persons, &err), HS_OK);
  struct hs_journey_run run = {.trail = &store->trail,
                               .persons = &persons,
                               .options = options,
                               .arena = &arena,
                               .scratch = &scratch};
  collected->run = &run;
  collected->count = 0;
  collected->last_person = 0;
  if (hs_journeys_run(&run, collect, collected, &err) != HS_OK)
    fail_msg("%s", err.text);
  *stats = run.stats;
  hs_arena_release(&arena);
  hs_arena_release(&scratch);
  return collected->count;
}

/* Moves touches apart that one person has in the same moment, so that "last" is not a matter of
 * arrival. */
static void keep_moments_apart(struct random_world *world)
{
  for (int i = 0; i < TOUCHES; i++)
    world->touches[i].at_us += i * HS_SECOND_US + 2;
  for (int i = 0; i < ORDERS; i++)
    world->orders[i].at_us += i * HS_SECOND_US + HS_SECOND_US / 2;
}

static void journeys_are_what_their_definition_says([[maybe_unused]] void **state)
{
  static struct random_world world;
  static struct line expected[JOURNEYS_MAX];
  static struct collected collected, again;
  uint64_t first = test_number("HANSA_SEED", 1);
  uint64_t world_count = test_number("HANSA_CASES", 40);
  for (uint64_t seed = first; seed < first + world_count; seed++) {
    struct world store;
    struct world turned;
    int group[IDS];
    struct hs_coupon_owner coupon = {HS_STR("save"), HS_STR("coupons"), INT64_MIN, INT64_MAX};
    struct hs_journey_options options = {.from_us = 20 * HS_DAY_US,
                                         .until_us = 80 * HS_DAY_US,
                                         .look_back_us = (int64_t)(1 + seed % 20) * HS_DAY_US,
                                         .currency = {"EUR"},
                                         .coupons = &coupon,
                                         .coupon_count = 1,
                                         .touches_per_part = seed % 3 == 0 ? 0 : 1 + seed % 50};
    struct hs_persons_options guard = {.customers_per_visitor_max = 1 + (uint32_t)(seed % 3),
                                       .visitors_per_customer_max = 2 + (uint32_t)(seed % 3)};
    struct hs_journey_stats stats;
    make_world(&world, seed);
    keep_moments_apart(&world);
    world_open(&store, "memory");
    world_open(&turned, "memory");
    store_world(&store, &world, 0);
    store_world(&turned, &world, (int)(seed % 11) + 1);
    oracle_persons(&world, (int)guard.customers_per_visitor_max,
                   (int)guard.visitors_per_customer_max, group);
    size_t expected_count = oracle_journeys(&world, &options, group, expected);
    size_t count = our_journeys(&store, &options, &guard, &collected, &stats);
    options.touches_per_part = 7;
    size_t turned_count = our_journeys(&turned, &options, &guard, &again, &stats);
    /* Whatever the parts and the arrival: the same journeys in the same order. */
    assert_int_equal(count, turned_count);
    for (size_t i = 0; i < count; i++)
      assert_string_equal(collected.lines[i].text, again.lines[i].text);
    qsort(collected.lines, count, sizeof *collected.lines, by_text);
    assert_int_equal(count, expected_count);
    for (size_t i = 0; i < count; i++)
      assert_string_equal(collected.lines[i].text, expected[i].text);
    assert_int_equal(stats.orders_with_path + stats.journeys_without_order, count);
    world_close(&store);
    world_close(&turned);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(journeys_are_what_their_definition_says)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
