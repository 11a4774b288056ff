/* Proves, over several seeds, that the simulated world keeps its promises: files and truth say the
   same, sums add up, and every kind of partner does what its kind is known for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "support/market_files.h"

#define SEEDS 3
#define MONTHS 12
#define PEOPLE 24000
#define WINDOW_US (30 * HS_DAY_US)

static struct market_files worlds[SEEDS];

static int worlds_make([[maybe_unused]] void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++)
    market_files_make(&worlds[seed], seed + 1, MONTHS, PEOPLE);
  return 0;
}

static int worlds_release([[maybe_unused]] void **state)
{
  for (size_t i = 0; i < SEEDS; i++)
    market_files_release(&worlds[i]);
  return 0;
}

/* --- a small table in memory: text keys, sorted --- */

struct entry {
  char key[16];
  char other[16]; /* a person, a partner, … */
  int64_t at_us;
  int64_t amount_minor;
  int is_shared;
};

struct table {
  struct entry *entries;
  size_t count;
};

static int entry_compare(const void *a, const void *b)
{
  return strcmp(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

/* The entries with that key are [gives, gives + *count). */
static const struct entry *find(const struct table *table, const char *key, size_t *count)
{
  size_t low = 0, high = table->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (strcmp(table->entries[middle].key, key) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  *count = 0;
  while (low + *count < table->count && strcmp(table->entries[low + *count].key, key) == 0)
    ++*count;
  return table->entries + low;
}

static int64_t minor_of(const char *decimal)
{
  char digits[32];
  size_t length = 0;
  for (; *decimal != 0; decimal++)
    if (*decimal != '.')
      digits[length++] = *decimal;
  int64_t minor;
  assert_true(hs_parse_i64((struct hs_str){digits, length}, &minor));
  return minor;
}

static int64_t moment_of(const char *text)
{
  int64_t at_us;
  enum hs_zone_said said;
  assert_true(hs_parse_time(hs_str_of(text), &at_us, &said));
  assert_int_equal(said, HS_ZONE_OFFSET);
  return at_us;
}

static void copy(char out[16], const char *text)
{
  assert_true(strlen(text) < 16);
  memcpy(out, text, strlen(text) + 1);
}

/* Reads a file into a table sorted by the cell key; other, time and amount are taken from their
   columns, or left out when that is -1. */
struct shape {
  int key, other, at, amount, shared;
};

static struct table table_of(const struct market_files *files, enum hs_market_file file,
                             struct shape shape)
{
  struct hs_str rest = hs_buf_str(&files->text[file]);
  size_t room = 0;
  for (size_t i = 0; i < rest.length; i++)
    room += rest.data[i] == '\n';
  struct table table = {.entries = calloc(room, sizeof *table.entries)};
  assert_non_null(table.entries);
  struct market_row row;
  assert_true(market_row_next(&rest, &row));
  while (market_row_next(&rest, &row)) {
    struct entry *entry = &table.entries[table.count++];
    copy(entry->key, row.cells[shape.key]);
    if (shape.other >= 0)
      copy(entry->other, row.cells[shape.other]);
    if (shape.at >= 0)
      entry->at_us = moment_of(row.cells[shape.at]);
    if (shape.amount >= 0)
      entry->amount_minor = minor_of(row.cells[shape.amount]);
    if (shape.shared >= 0)
      entry->is_shared = strcmp(row.cells[shape.shared], "1") == 0;
  }
  qsort(table.entries, table.count, sizeof *table.entries, entry_compare);
  return table;
}

static struct table persons_of(const struct market_files *files)
{
  return table_of(files, HS_MARKET_TRUTH_PERSONS, (struct shape){0, 2, -1, -1, 3});
}

/* --- sums --- */

static void sum_is(const struct hs_market_sum *whole, const struct hs_market_sum *a,
                   const struct hs_market_sum *b, const struct hs_market_sum *c)
{
  assert_int_equal(whole->orders, a->orders + b->orders + c->orders);
  assert_int_equal(whole->amount_minor, a->amount_minor + b->amount_minor + c->amount_minor);
  assert_int_equal(whole->net_minor, a->net_minor + b->net_minor + c->net_minor);
}

static void effects_add_up([[maybe_unused]] void **state)
{
  for (size_t w = 0; w < SEEDS; w++)
    for (size_t i = 0; i < worlds[w].truth.partner_count; i++) {
      const struct hs_market_effect *total = &worlds[w].truth.partners[i].total;
      sum_is(&total->incremental, &total->incremental_tracked, &total->incremental_unseen,
             &total->halo);
      assert_true(total->incremental_tracked.orders <= total->tracked.orders);
      assert_true(total->tracked.orders <= total->reached.orders);
      assert_true(total->reached.orders <= worlds[w].truth.orders.orders);
      assert_true(total->incremental_unseen.orders <=
                  total->reached.orders - total->tracked.orders);
      assert_true(total->tracked.net_minor <= total->tracked.amount_minor);
      assert_true(total->touches_lost <= total->touches);
    }
}

static void months_add_up_to_the_run([[maybe_unused]] void **state)
{
  for (size_t w = 0; w < SEEDS; w++)
    for (size_t i = 0; i < worlds[w].truth.partner_count; i++) {
      const struct hs_market_partner_truth *partner = &worlds[w].truth.partners[i];
      int64_t touches = 0, reached = 0, incremental = 0, halo_minor = 0, cost = 0;
      for (size_t month = 0; month < worlds[w].truth.month_count; month++) {
        touches += partner->months[month].touches;
        reached += partner->months[month].reached.orders;
        incremental += partner->months[month].incremental.orders;
        halo_minor += partner->months[month].halo.amount_minor;
        cost += partner->months[month].cost_minor;
      }
      assert_int_equal(touches, partner->total.touches);
      assert_int_equal(reached, partner->total.reached.orders);
      assert_int_equal(incremental, partner->total.incremental.orders);
      assert_int_equal(halo_minor, partner->total.halo.amount_minor);
      assert_int_equal(cost, partner->total.cost_minor);
    }
}

/* --- files against truth --- */

/* The first row of an id counts; the rest of its rows are repeats or conflicts. */
static void duplicates_are_as_stated([[maybe_unused]] void **state)
{
  for (size_t w = 0; w < SEEDS; w++) {
    struct table touches =
        table_of(&worlds[w], HS_MARKET_TOUCHES, (struct shape){0, -1, 2, -1, -1});
    const struct hs_market_truth *truth = &worlds[w].truth;
    int64_t repeats = 0, conflicts = 0;
    for (size_t i = 1; i < touches.count; i++)
      if (strcmp(touches.entries[i].key, touches.entries[i - 1].key) == 0) {
        repeats += touches.entries[i].at_us == touches.entries[i - 1].at_us;
        conflicts += touches.entries[i].at_us != touches.entries[i - 1].at_us;
      }
    assert_int_equal(truth->touches, (int64_t)touches.count);
    assert_int_equal(truth->touch_repeats, repeats);
    assert_int_equal(truth->touch_conflicts, conflicts);
    /* 0.5 % of what is recorded of people, within five standard deviations of a binomial. */
    double recorded = (double)(truth->touches - truth->robot_touches - repeats - conflicts);
    assert_true(fabs((double)repeats - .005 * recorded) < 5 * sqrt(.005 * recorded));
    free(touches.entries);
  }
}

static void orders_and_refunds_are_those_of_the_truth([[maybe_unused]] void **state)
{
  for (size_t w = 0; w < SEEDS; w++) {
    struct table orders = table_of(&worlds[w], HS_MARKET_ORDERS, (struct shape){0, -1, 2, 3, -1});
    struct table refunds = table_of(&worlds[w], HS_MARKET_REFUNDS, (struct shape){1, -1, 2, 3, -1});
    const struct hs_market_truth *truth = &worlds[w].truth;
    int64_t refunded = 0;
    for (size_t i = 0; i < refunds.count; i++) {
      size_t count;
      const struct entry *order = find(&orders, refunds.entries[i].key, &count);
      assert_true(count >= 1);
      assert_true(refunds.entries[i].at_us > order->at_us);
      assert_true(refunds.entries[i].amount_minor > 0);
      /* A conflicting body is smaller than the true one, so the largest is the order. */
      int64_t amount = 0;
      for (size_t k = 0; k < count; k++)
        amount = order[k].amount_minor > amount ? order[k].amount_minor : amount;
      assert_true(refunds.entries[i].amount_minor <= amount);
      refunded += refunds.entries[i].amount_minor;
    }
    int64_t repeats = truth->order_repeats + truth->order_conflicts;
    assert_int_equal(truth->orders.orders, (int64_t)orders.count - repeats);
    assert_int_equal(truth->orders.net_minor, truth->orders.amount_minor - refunded);
    assert_true(repeats > 0);
    free(orders.entries);
    free(refunds.entries);
  }
}

static void the_first_delivery_of_an_order_is_the_true_one([[maybe_unused]] void **state)
{
  for (size_t w = 0; w < SEEDS; w++) {
    struct hs_str rest = hs_buf_str(&worlds[w].text[HS_MARKET_ORDERS]);
    struct table seen = {.entries = calloc(100000, sizeof(struct entry))};
    struct market_row row;
    assert_true(market_row_next(&rest, &row));
    int64_t amount = 0, sales = 0;
    for (; market_row_next(&rest, &row); amount += minor_of(row.cells[3])) {
      copy(seen.entries[seen.count].key, row.cells[0]);
      seen.entries[seen.count].at_us = (int64_t)seen.count;
      seen.entries[seen.count++].amount_minor = minor_of(row.cells[3]);
    }
    qsort(seen.entries, seen.count, sizeof *seen.entries, entry_compare);
    for (size_t i = 0; i < seen.count;) {
      size_t count;
      const struct entry *first = find(&seen, seen.entries[i].key, &count);
      for (size_t k = 1; k < count; k++)
        if (seen.entries[i + k].at_us < first->at_us)
          first = &seen.entries[i + k];
      sales += first->amount_minor;
      i += count;
    }
    assert_int_equal(sales, worlds[w].truth.orders.amount_minor);
    assert_true(amount > sales);
    free(seen.entries);
  }
}

static void daily_sales_are_the_orders([[maybe_unused]] void **state)
{
  for (size_t w = 0; w < SEEDS; w++) {
    struct hs_str rest = hs_buf_str(&worlds[w].text[HS_MARKET_SERIES]);
    struct market_row row;
    assert_true(market_row_next(&rest, &row));
    int64_t sales = 0, rows = 0;
    for (; market_row_next(&rest, &row); rows++)
      if (strcmp(row.cells[2], "sales") == 0) {
        int64_t value;
        assert_true(hs_parse_i64(hs_str_of(row.cells[3]), &value));
        sales += value;
      }
    assert_int_equal(sales, worlds[w].truth.orders.orders);
    assert_int_equal(rows, 365 * 6 * 5);
  }
}

/* Every id of a touch is somebody's in the truth, or the touch is a robot's. */
static void every_touch_is_a_persons_or_a_robots([[maybe_unused]] void **state)
{
  for (size_t w = 0; w < SEEDS; w++) {
    struct table persons = persons_of(&worlds[w]);
    struct table traffic =
        table_of(&worlds[w], HS_MARKET_TRUTH_TRAFFIC, (struct shape){1, -1, -1, -1, -1});
    struct hs_str rest = hs_buf_str(&worlds[w].text[HS_MARKET_TOUCHES]);
    struct market_row row;
    assert_true(market_row_next(&rest, &row));
    int64_t robots = 0;
    while (market_row_next(&rest, &row)) {
      size_t owners, notes;
      find(&persons, row.cells[1], &owners);
      find(&traffic, row.cells[0], &notes);
      assert_true(owners > 0 || notes > 0);
      robots += owners == 0;
    }
    assert_int_equal(robots, worlds[w].truth.robot_touches);
    free(persons.entries);
    free(traffic.entries);
  }
}

static void who_is_who_is_clear([[maybe_unused]] void **state)
{
  for (size_t w = 0; w < SEEDS; w++) {
    struct table persons = persons_of(&worlds[w]);
    for (size_t i = 0; i < persons.count; i++) {
      size_t owners;
      find(&persons, persons.entries[i].key, &owners);
      assert_true(persons.entries[i].is_shared || owners == 1);
    }
    assert_int_equal(worlds[w].truth.ids, (int64_t)persons.count);
    struct table identities =
        table_of(&worlds[w], HS_MARKET_IDENTITIES, (struct shape){2, 3, 1, -1, -1});
    for (size_t i = 0; i < identities.count; i++) {
      size_t visitors, customers;
      const struct entry *visitor = find(&persons, identities.entries[i].key, &visitors);
      const struct entry *customer = find(&persons, identities.entries[i].other, &customers);
      assert_int_equal(customers, 1);
      int is_same = 0;
      for (size_t k = 0; k < visitors; k++)
        is_same |= strcmp(visitor[k].other, customer->other) == 0;
      assert_true(is_same);
    }
    free(persons.entries);
    free(identities.entries);
  }
}

/* --- tracked orders, found again in the files --- */

struct sighting {
  char partner[16];
  char person[16];
  int64_t at_us;
  int is_shared;
};

struct sightings {
  struct sighting *list;
  size_t count;
};

static int sighting_compare(const void *a, const void *b)
{
  const struct sighting *left = a;
  const struct sighting *right = b;
  int order = strcmp(left->partner, right->partner);
  return order != 0 ? order : strcmp(left->person, right->person);
}

/* Where each true person was touched by which partner, by the files. */
static struct sightings sightings_of(const struct market_files *files, const struct table *persons)
{
  enum { ROOM = 400000 };
  struct sightings sightings = {.list = calloc(ROOM, sizeof *sightings.list)};
  assert_non_null(sightings.list);
  struct hs_str rest = hs_buf_str(&files->text[HS_MARKET_TOUCHES]);
  struct market_row row;
  while (market_row_next(&rest, &row)) {
    size_t owners;
    const struct entry *owner = find(persons, row.cells[1], &owners);
    for (size_t i = 0; i < owners && row.cells[3][0] != 0; i++) {
      assert_true(sightings.count < ROOM);
      struct sighting *sighting = &sightings.list[sightings.count++];
      copy(sighting->partner, row.cells[3]);
      copy(sighting->person, owner[i].other);
      sighting->at_us = moment_of(row.cells[2]);
      sighting->is_shared = owner[i].is_shared;
    }
  }
  qsort(sightings.list, sightings.count, sizeof *sightings.list, sighting_compare);
  return sightings;
}

/* 2: certainly touched in the window before; 1: only on a device that others use too; 0: not. */
static int touched_before(const struct sightings *sightings, const char *partner,
                          const char *person, int64_t at_us)
{
  struct sighting wanted;
  copy(wanted.partner, partner);
  copy(wanted.person, person);
  size_t low = 0, high = sightings->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (sighting_compare(&sightings->list[middle], &wanted) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  int best = 0;
  for (; low < sightings->count && sighting_compare(&sightings->list[low], &wanted) == 0; low++) {
    const struct sighting *sighting = &sightings->list[low];
    if (sighting->at_us > at_us || sighting->at_us <= at_us - WINDOW_US)
      continue;
    int found = sighting->is_shared ? 1 : 2;
    best = found > best ? found : best;
  }
  return best;
}

static const char *coupon_of(const struct market_files *files, const char *partner)
{
  static struct market_row row;
  struct hs_str rest = hs_buf_str(&files->text[HS_MARKET_COUPONS]);
  while (market_row_next(&rest, &row))
    if (strcmp(row.cells[1], partner) == 0)
      return row.cells[0];
  return "no coupon";
}

/* Whether the files let the partner claim an order: 2, 1, 0 as above. */
static int claim_of(const struct market_row *order, const struct table *persons,
                    const struct sightings *sightings, const char *partner, const char *coupon)
{
  if (strcmp(order->cells[5], coupon) == 0)
    return 2;
  /* The customer tells best who ordered; a guest is known by the device. */
  size_t owners;
  const struct entry *owner = find(persons, order->cells[order->cells[6][0] != 0 ? 6 : 1], &owners);
  int claim = 0;
  for (size_t k = 0; k < owners; k++) {
    int seen = touched_before(sightings, partner, owner[k].other, moment_of(order->cells[2]));
    if (seen == 2 && owners > 1)
      seen = 1;
    claim = seen > claim ? seen : claim;
  }
  return claim;
}

/* Claims by order id; an id that came again counts once. */
static void claims_count(const struct market_files *files, const struct table *persons,
                         const struct sightings *sightings, const char *partner, int64_t claims[3])
{
  const char *coupon = coupon_of(files, partner);
  struct hs_str rest = hs_buf_str(&files->text[HS_MARKET_ORDERS]);
  struct market_row row;
  struct table orders = {.entries = calloc(100000, sizeof(struct entry))};
  assert_true(market_row_next(&rest, &row));
  for (; market_row_next(&rest, &row); orders.count++) {
    copy(orders.entries[orders.count].key, row.cells[0]);
    orders.entries[orders.count].amount_minor = claim_of(&row, persons, sightings, partner, coupon);
  }
  qsort(orders.entries, orders.count, sizeof *orders.entries, entry_compare);
  for (size_t k = 0; k < orders.count; k++)
    if (k == 0 || strcmp(orders.entries[k].key, orders.entries[k - 1].key) != 0)
      claims[orders.entries[k].amount_minor]++;
  free(orders.entries);
}

/* The truth counts an order as tracked by a partner; somebody who has the files and knows who is
   who must find the same orders. Shared devices leave a small doubt about whose touch it was, so
   the truth lies between the count without and with them. */
static void tracked_orders_can_be_found_in_the_files([[maybe_unused]] void **state)
{
  const struct market_files *files = &worlds[0];
  struct table persons = persons_of(files);
  struct sightings sightings = sightings_of(files, &persons);
  for (size_t i = 0; i < files->truth.partner_count; i++) {
    const struct hs_market_partner_truth *partner = &files->truth.partners[i];
    if (partner->partner[0] == 0)
      continue;
    int64_t claims[3] = {0};
    claims_count(files, &persons, &sightings, partner->partner, claims);
    assert_true(claims[2] <= partner->total.tracked.orders);
    assert_true(partner->total.tracked.orders <= claims[2] + claims[1]);
    /* So that the two bounds say something: shared devices are a few per cent. */
    assert_true(claims[1] <= 5 + claims[2] / 10);
  }
  free(sightings.list);
  free(persons.entries);
}

/* --- kinds of partners --- */

static int is_kind(const struct hs_market_partner_truth *partner, const char *kind)
{
  return strcmp(partner->channel, kind) == 0;
}

static void coupon_sites_take_much_and_bring_nothing([[maybe_unused]] void **state)
{
  for (size_t w = 0; w < SEEDS; w++)
    for (size_t i = 0; i < worlds[w].truth.partner_count; i++) {
      const struct hs_market_partner_truth *partner = &worlds[w].truth.partners[i];
      if (!is_kind(partner, "coupon"))
        continue;
      assert_true(partner->total.tracked.orders > 50);
      assert_true(labs(partner->total.incremental.orders) <= partner->total.tracked.orders / 100);
    }
}

static void vanity_partners_cost_and_never_sell([[maybe_unused]] void **state)
{
  for (size_t w = 0; w < SEEDS; w++)
    for (size_t i = 0; i < worlds[w].truth.partner_count; i++) {
      const struct hs_market_partner_truth *partner = &worlds[w].truth.partners[i];
      if (!is_kind(partner, "vanity"))
        continue;
      assert_int_equal(partner->total.reached.orders, 0);
      assert_int_equal(partner->total.incremental.orders, 0);
      assert_true(partner->total.persons > PEOPLE / 100);
      assert_true(partner->total.cost_minor > 100000);
    }
}

static void creators_bring_more_than_is_clicked([[maybe_unused]] void **state)
{
  for (size_t w = 0; w < SEEDS; w++) {
    size_t judged = 0;
    for (size_t i = 0; i < worlds[w].truth.partner_count; i++) {
      const struct hs_market_partner_truth *partner = &worlds[w].truth.partners[i];
      if (!is_kind(partner, "creator") || partner->total.persons < PEOPLE / 100)
        continue;
      assert_true(partner->total.halo.orders > partner->total.incremental_tracked.orders);
      judged++;
    }
    assert_true(judged >= 5);
  }
}

static void one_comparison_site_drives_customers_away([[maybe_unused]] void **state)
{
  for (size_t w = 0; w < SEEDS; w++) {
    size_t harmful = 0;
    for (size_t i = 0; i < worlds[w].truth.partner_count; i++)
      if (is_kind(&worlds[w].truth.partners[i], "comparison"))
        harmful += worlds[w].truth.partners[i].total.incremental.orders < 0;
    assert_int_equal(harmful, 1);
  }
}

static void partners_together_are_worth_less_than_all_orders([[maybe_unused]] void **state)
{
  for (size_t w = 0; w < SEEDS; w++) {
    const struct hs_market_truth *truth = &worlds[w].truth;
    assert_true(truth->without_partners.orders > truth->orders.orders / 4);
    assert_true(truth->without_partners.orders < truth->orders.orders);
    assert_true(truth->tracked_by_any.orders <= truth->orders.orders);
  }
}

/* Orders caused in a quarter, over all partners of a trend that were there from the start. */
static double quarter(const struct hs_market_truth *truth, enum hs_market_trend trend, size_t first)
{
  double orders = 0;
  for (size_t i = 0; i < truth->partner_count; i++) {
    const struct hs_market_partner_truth *partner = &truth->partners[i];
    if (partner->trend != trend || partner->partner[0] == 0 || partner->months[0].touches == 0)
      continue;
    for (size_t month = first; month < first + 3; month++)
      orders += (double)partner->months[month].incremental.orders;
  }
  return orders;
}

/* Measured against the plateau partners, so that season and the market's growth cancel. */
static void compounding_grows_and_fading_falls([[maybe_unused]] void **state)
{
  for (size_t w = 0; w < SEEDS; w++) {
    const struct hs_market_truth *truth = &worlds[w].truth;
    double steady = quarter(truth, HS_MARKET_PLATEAU, 9) / quarter(truth, HS_MARKET_PLATEAU, 0);
    double growing =
        quarter(truth, HS_MARKET_COMPOUNDING, 9) / quarter(truth, HS_MARKET_COMPOUNDING, 0);
    double falling = quarter(truth, HS_MARKET_FADING, 9) / quarter(truth, HS_MARKET_FADING, 0);
    assert_true(growing > 1.3 * steady);
    assert_true(falling < .75 * steady);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(effects_add_up),
      cmocka_unit_test(months_add_up_to_the_run),
      cmocka_unit_test(duplicates_are_as_stated),
      cmocka_unit_test(orders_and_refunds_are_those_of_the_truth),
      cmocka_unit_test(the_first_delivery_of_an_order_is_the_true_one),
      cmocka_unit_test(daily_sales_are_the_orders),
      cmocka_unit_test(every_touch_is_a_persons_or_a_robots),
      cmocka_unit_test(who_is_who_is_clear),
      cmocka_unit_test(tracked_orders_can_be_found_in_the_files),
      cmocka_unit_test(coupon_sites_take_much_and_bring_nothing),
      cmocka_unit_test(vanity_partners_cost_and_never_sell),
      cmocka_unit_test(creators_bring_more_than_is_clicked),
      cmocka_unit_test(one_comparison_site_drives_customers_away),
      cmocka_unit_test(partners_together_are_worth_less_than_all_orders),
      cmocka_unit_test(compounding_grows_and_fading_falls),
  };
  return cmocka_run_group_tests(tests, worlds_make, worlds_release);
}
