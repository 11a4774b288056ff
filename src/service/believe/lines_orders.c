/* Orders and the journeys to them: who was met first by whom, who assisted, who clicked last, and
   who came back. */
#include <stdlib.h>

#include "base/room.h"
#include "service/believe/coupon_owners.h"
#include "service/believe/lines_priv.h"

#define MEMORY_US (HS_LINES_MEMORY_DAYS * HS_DAY_US)
#define RETURN_US (HS_LINES_RETURN_DAYS * HS_DAY_US)

/* ---- orders ---- */

/* As journeys count them: in the programme's currency, not taken back whole, of somebody known. */
static int is_counted(const struct lines_record *record, const struct hs_order_batch *batch,
                      size_t i)
{
  return hs_str_equal(batch->currency[i], hs_str_of(record->programme->currency.code)) &&
         !(batch->amount_minor[i] > 0 && batch->refunded_minor[i] >= batch->amount_minor[i]) &&
         (batch->person[i] != 0 || batch->customer[i] != 0);
}

static enum hs_status take_orders(void *context, const struct hs_order_batch *batch,
                                  struct hs_err *err)
{
  struct lines_record *record = context;
  struct lines_order *orders =
      hs_arena_room(&record->scratch, record->orders, record->order_count, batch->count + 1,
                    &record->order_capacity, sizeof *orders);
  if (orders == NULL)
    return hs_arena_full(&record->scratch, "the orders of the record", err);
  record->orders = orders;
  for (size_t i = 0; i < batch->count; i++) {
    hs_person_key id = batch->person[i] != 0 ? batch->person[i] : batch->customer[i];
    if (is_counted(record, batch, i))
      orders[record->order_count++] =
          (struct lines_order){.person = hs_persons_find(record->persons, id),
                               .at_us = batch->at_us[i],
                               .before_us = INT64_MIN,
                               .after_us = INT64_MAX,
                               .met = HS_LINES_NOBODY};
  }
  return HS_OK;
}

static int compare_orders(const void *a, const void *b)
{
  const struct lines_order *x = a;
  const struct lines_order *y = b;
  if (x->person != y->person)
    return x->person < y->person ? -1 : 1;
  return (x->at_us > y->at_us) - (x->at_us < y->at_us);
}

static void link_orders(struct lines_record *record)
{
  if (record->order_count > 1)
    qsort(record->orders, record->order_count, sizeof *record->orders, compare_orders);
  for (size_t i = 1; i < record->order_count; i++)
    if (record->orders[i].person == record->orders[i - 1].person) {
      record->orders[i].before_us = record->orders[i - 1].at_us;
      record->orders[i - 1].after_us = record->orders[i].at_us;
    }
}

/* Nothing was bought in so long a time before it. */
static int is_new(const struct lines_order *order, int64_t memory_us)
{
  return order->before_us == INT64_MIN || order->before_us < order->at_us - memory_us;
}

static void count_all(struct lines_record *record)
{
  for (size_t i = 0; i < record->order_count; i++) {
    const struct lines_order *order = &record->orders[i];
    size_t week = lines_week(record, order->at_us);
    if (week == HS_LINES_NOBODY)
      continue;
    record->all[HS_LINES_ASSISTED][week]++;
    record->all[HS_LINES_FIRST_MET][week] += is_new(order, record->memory_us);
    if (lines_in_period(record, order->at_us)) {
      record->input.of[HS_LINES_ASSISTED]++;
      record->input.of[HS_LINES_FIRST_MET] += (uint64_t)is_new(order, MEMORY_US);
    }
  }
}

/* ---- journeys ---- */

static struct lines_order *find_order(const struct lines_record *record,
                                      const struct hs_journey *journey)
{
  const struct lines_order wanted = {.person = journey->person, .at_us = journey->end_us};
  return record->order_count == 0 ? NULL
                                  : bsearch(&wanted, record->orders, record->order_count,
                                            sizeof *record->orders, compare_orders);
}

static void add_hit(struct lines_record *record, enum hs_lines_kind kind, size_t partner,
                    int64_t at_us)
{
  size_t week = lines_week(record, at_us);
  if (partner != HS_LINES_NOBODY && week != HS_LINES_NOBODY)
    record->hits[kind][partner * record->input.week_count + week]++;
}

/* Who met the customer first within a memory; the checkout's own hour meets nobody. */
static size_t first_met(const struct lines_record *record, const struct hs_journey *journey,
                        int64_t memory_us)
{
  for (size_t i = 0; i < journey->step_count; i++)
    if (journey->at_us[i] >= journey->end_us - memory_us)
      return journey->at_us[i] <= journey->end_us - HS_LINES_CHECKOUT_US
                 ? record->partner_of[journey->channels[i]]
                 : HS_LINES_NOBODY;
  return HS_LINES_NOBODY;
}

static void note_first_met(struct lines_record *record, const struct hs_journey *journey)
{
  struct lines_order *order = find_order(record, journey);
  if (order == NULL)
    return;
  if (is_new(order, record->memory_us))
    add_hit(record, HS_LINES_FIRST_MET, first_met(record, journey, record->memory_us),
            journey->end_us);
  if (!is_new(order, MEMORY_US))
    return;
  order->met = first_met(record, journey, MEMORY_US);
  if (order->met != HS_LINES_NOBODY && lines_in_period(record, order->at_us))
    record->counts[HS_LINES_FIRST_MET][order->met]++;
}

static int has_assisted_before(const struct hs_journey *journey, size_t step, int64_t from_us)
{
  for (size_t i = 0; i < step; i++)
    if (journey->at_us[i] >= from_us && journey->channels[i] == journey->channels[step])
      return 1;
  return 0;
}

static void note_assisted(struct lines_record *record, const struct hs_journey *journey)
{
  int64_t from_us = journey->end_us - record->view->options.look_back_us;
  int64_t until_us = journey->end_us - HS_LINES_CHECKOUT_US;
  uint16_t last = journey->channels[journey->step_count - 1];
  for (size_t i = 0; i < journey->step_count && journey->at_us[i] <= until_us; i++) {
    size_t partner = record->partner_of[journey->channels[i]];
    if (journey->at_us[i] < from_us || partner == HS_LINES_NOBODY || journey->channels[i] == last ||
        has_assisted_before(journey, i, from_us))
      continue;
    add_hit(record, HS_LINES_ASSISTED, partner, journey->end_us);
    record->counts[HS_LINES_ASSISTED][partner] +=
        (uint64_t)lines_in_period(record, journey->end_us);
  }
}

static void note_tracked(struct lines_record *record, const struct hs_journey *journey)
{
  size_t last = journey->step_count - 1;
  size_t partner = record->partner_of[journey->channels[last]];
  size_t week = lines_week(record, journey->end_us);
  if (partner == HS_LINES_NOBODY || week == HS_LINES_NOBODY ||
      journey->at_us[last] < journey->end_us - record->view->options.look_back_us)
    return;
  record->tracked[partner * record->input.week_count + week] += (double)journey->value_minor;
  record->tracked_orders[partner] += (uint64_t)lines_in_period(record, journey->end_us);
}

static void note_touches(struct lines_record *record, const struct hs_journey *journey)
{
  for (size_t i = 0; i < journey->step_count; i++) {
    size_t partner = record->partner_of[journey->channels[i]];
    size_t week = lines_week(record, journey->at_us[i]);
    if (partner != HS_LINES_NOBODY && week != HS_LINES_NOBODY)
      record->touches[partner * record->input.week_count + week]++;
  }
}

/* Channels are known with the first journey. */
static enum hs_status map_channels(struct lines_record *record, struct hs_err *err)
{
  size_t count = record->run->channel_count;
  size_t *partner_of = hs_arena_alloc(record->arena, count, sizeof *partner_of);
  if (partner_of == NULL)
    return hs_arena_full(record->arena, "the list of channels", err);
  for (size_t i = 0; i < count; i++)
    partner_of[i] = hs_lines_partner_of(record, record->run->channels[i]);
  record->partner_of = partner_of;
  return HS_OK;
}

static enum hs_status take_journey(void *context, const struct hs_journey *journey,
                                   struct hs_err *err)
{
  struct lines_record *record = context;
  const atomic_int *interrupt = record->view->options.interrupt;
  if (interrupt != NULL && atomic_load_explicit(interrupt, memory_order_relaxed) != 0)
    return hs_fail(err, HS_INTERRUPTED, "interrupted");
  enum hs_status status = record->partner_of == NULL ? map_channels(record, err) : HS_OK;
  if (status != HS_OK)
    return status;
  note_touches(record, journey);
  if (journey->order_id.data == NULL)
    return HS_OK;
  note_first_met(record, journey);
  note_assisted(record, journey);
  note_tracked(record, journey);
  return HS_OK;
}

/* From so far before the first week that the journeys of its orders are cut where an order of
   before stands. */
static enum hs_status run_journeys(struct lines_record *record, struct hs_err *err)
{
  struct hs_programme *programme = record->programme;
  struct hs_coupon_owner *coupons = NULL;
  size_t coupon_count = 0;
  enum hs_status status =
      hs_coupon_owners_read(&programme->book, record->arena, &coupons, &coupon_count, err);
  struct hs_journey_options options = {.from_us =
                                           record->first_us - record->view->options.look_back_us,
                                       .until_us = record->view->until_us,
                                       .look_back_us = MEMORY_US,
                                       .currency = programme->currency,
                                       .coupons = coupons,
                                       .coupon_count = coupon_count};
  struct hs_journey_run run = {.trail = &programme->trail,
                               .persons = record->persons,
                               .options = &options,
                               .arena = record->arena,
                               .scratch = &record->scratch};
  record->run = &run;
  if (status == HS_OK)
    status = hs_journeys_run(&run, take_journey, record, err);
  record->run = NULL;
  return status;
}

/* ---- who came back ---- */

/* Of those whose time for it was over within the period. */
static void count_returns(struct lines_record *record)
{
  for (size_t i = 0; i < record->order_count; i++) {
    const struct lines_order *order = &record->orders[i];
    if (!is_new(order, MEMORY_US) || !lines_in_period(record, order->at_us + RETURN_US))
      continue;
    int is_back = order->after_us <= order->at_us + RETURN_US;
    record->input.all_brought++;
    record->input.all_returned += (uint64_t)is_back;
    if (order->met == HS_LINES_NOBODY)
      continue;
    record->brought[order->met]++;
    record->returned[order->met] += (uint64_t)is_back;
  }
}

enum hs_status hs_lines_read_orders(struct lines_record *record, struct hs_err *err)
{
  const struct hs_trail *trail = &record->programme->trail;
  const struct hs_scan scan = {.from_us = record->first_us - MEMORY_US - RETURN_US,
                               .until_us = record->view->until_us,
                               .refund_until_us = INT64_MAX,
                               .part_count = 1};
  enum hs_status status = trail->scan_orders(trail->self, &scan, take_orders, record, err);
  if (status != HS_OK)
    return status;
  link_orders(record);
  count_all(record);
  status = run_journeys(record, err);
  if (status == HS_OK)
    count_returns(record);
  return status;
}
