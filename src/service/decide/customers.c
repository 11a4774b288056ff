#include "service/decide/customers.h"

#include <math.h>
#include <stdlib.h>

#include "base/room.h"
#include "service/believe/tables.h"

#define DAYS_A_WEEK 7.0

struct purchase {
  hs_person_key person;
  int64_t at_us;
  int32_t day;
  double value;
};

/* A customer while journeys are read: the first order is what brought them. */
struct first_order {
  hs_person_key person;
  int64_t at_us;
};

struct reading {
  struct hs_programme *programme;
  struct hs_programme_customers *out;
  struct hs_arena *arena;
  double unit;
  struct purchase *purchases;
  size_t purchase_count, purchase_capacity;
  struct first_order *firsts; /* in order of persons, as the customers are */
  size_t acquired_capacity;
};

/* ---- orders ------------------------------------------------------------------------------------
 */

static int counts(const struct reading *reading, const struct hs_order_batch *batch, size_t i)
{
  return hs_str_equal(batch->currency[i], hs_str_of(reading->programme->currency.code)) &&
         batch->amount_minor[i] > batch->refunded_minor[i];
}

static enum hs_status take_orders(void *context, const struct hs_order_batch *batch,
                                  struct hs_err *err)
{
  struct reading *reading = context;
  const struct hs_persons *persons = &reading->out->analysis.persons;
  for (size_t i = 0; i < batch->count; i++) {
    hs_person_key id = batch->person[i] != 0 ? batch->person[i] : batch->customer[i];
    if (!counts(reading, batch, i))
      continue;
    if (id == 0) {
      reading->out->nobodys_orders++;
      continue;
    }
    struct purchase *grown =
        hs_arena_room(reading->arena, reading->purchases, reading->purchase_count, 1,
                      &reading->purchase_capacity, sizeof *grown);
    if (!grown)
      return hs_arena_full(reading->arena, "orders of customers", err);
    reading->purchases = grown;
    grown[reading->purchase_count++] = (struct purchase){
        .person = hs_persons_find(persons, id),
        .at_us = batch->at_us[i],
        .day = hs_zone_day_of_us(reading->programme->zone, batch->at_us[i]),
        .value = (double)(batch->amount_minor[i] - batch->refunded_minor[i]) * reading->unit};
  }
  return HS_OK;
}

static int by_person_and_time(const void *left, const void *right)
{
  const struct purchase *a = left, *b = right;
  if (a->person != b->person)
    return a->person < b->person ? -1 : 1;
  if (a->at_us != b->at_us)
    return a->at_us < b->at_us ? -1 : 1;
  return (a->value > b->value) - (a->value < b->value);
}

/* One person's purchases, in time order. */
static void add_customer(struct reading *reading, const struct purchase *first, size_t count,
                         int32_t last_day)
{
  struct hs_programme_customers *out = reading->out;
  size_t i = out->customers.count++;
  int32_t day = first->day;
  double sum = 0;
  for (size_t k = 1; k < count; k++) {
    if (first[k].day == first->day)
      continue;
    out->x[i] += first[k].day != day;
    day = first[k].day;
    sum += first[k].value;
  }
  out->t_x[i] = (day - first->day) / DAYS_A_WEEK;
  out->T[i] = (last_day - first->day) / DAYS_A_WEEK;
  out->zbar[i] = out->x[i] > 0 ? sum / out->x[i] : 0;
  reading->firsts[i] = (struct first_order){first->person, first->at_us};
}

static enum hs_status make_customers(struct reading *reading, struct hs_err *err)
{
  struct hs_programme_customers *out = reading->out;
  size_t count = reading->purchase_count;
  if (count == 0)
    return hs_fail(err, HS_INSUFFICIENT, "the programme holds no order of a person yet");
  double *room = hs_arena_alloc(reading->arena, 4 * count, sizeof *room);
  reading->firsts = hs_arena_alloc_raw(reading->arena, count, sizeof *reading->firsts);
  if (!room || !reading->firsts)
    return hs_arena_full(reading->arena, "customers", err);
  out->x = room;
  out->t_x = room + count;
  out->T = room + 2 * count;
  out->zbar = room + 3 * count;
  qsort(reading->purchases, count, sizeof *reading->purchases, by_person_and_time);
  int32_t first_day = INT32_MAX, last_day = INT32_MIN;
  for (size_t i = 0; i < count; i++) {
    int32_t day = reading->purchases[i].day;
    first_day = day < first_day ? day : first_day;
    last_day = day > last_day ? day : last_day;
  }
  for (size_t i = 0, end = 0; i < count; i = end) {
    while (end < count && reading->purchases[end].person == reading->purchases[i].person)
      end++;
    add_customer(reading, reading->purchases + i, end - i, last_day);
  }
  out->order_count = count;
  out->weeks = fmax(1, (last_day - first_day + 1) / DAYS_A_WEEK);
  out->customers = (struct hs_customers){
      .count = out->customers.count, .x = out->x, .t_x = out->t_x, .T = out->T, .zbar = out->zbar};
  return HS_OK;
}

/* ---- through whom ------------------------------------------------------------------------------
 */

static int by_person(const void *left, const void *right)
{
  const struct first_order *a = left, *b = right;
  return (a->person > b->person) - (a->person < b->person);
}

static int is_repeated(const struct hs_journey *journey, size_t step)
{
  for (size_t i = 0; i < step; i++)
    if (journey->channels[i] == journey->channels[step])
      return 1;
  return 0;
}

static enum hs_status add_shares(struct reading *reading, uint32_t customer,
                                 const struct hs_journey *journey, struct hs_err *err)
{
  struct hs_programme_customers *out = reading->out;
  size_t distinct = 0;
  struct hs_acquired *grown =
      hs_arena_room(reading->arena, out->acquired, out->acquired_count, journey->step_count,
                    &reading->acquired_capacity, sizeof *grown);
  if (!grown)
    return hs_arena_full(reading->arena, "through whom customers came", err);
  out->acquired = grown;
  for (size_t i = 0; i < journey->step_count; i++)
    distinct += (size_t)!is_repeated(journey, i);
  for (size_t i = 0; i < journey->step_count; i++)
    if (!is_repeated(journey, i))
      grown[out->acquired_count++] =
          (struct hs_acquired){customer, journey->channels[i], 1.0 / (double)distinct};
  return HS_OK;
}

static enum hs_status take_journey(void *context, const struct hs_journey *journey,
                                   struct hs_err *err)
{
  struct reading *reading = context;
  const struct first_order sought = {.person = journey->person};
  if (journey->order_id.data == NULL)
    return HS_OK;
  const struct first_order *first =
      bsearch(&sought, reading->firsts, reading->out->customers.count, sizeof sought, by_person);
  if (!first || first->at_us != journey->end_us)
    return HS_OK;
  return add_shares(reading, (uint32_t)(first - reading->firsts), journey, err);
}

/* ---- the whole ---------------------------------------------------------------------------------
 */

static enum hs_status read_all(struct reading *reading, struct hs_err *err)
{
  struct hs_programme *programme = reading->programme;
  struct hs_analysis *analysis = &reading->out->analysis;
  const struct hs_scan scan = {.from_us = analysis->options.period.from_us,
                               .until_us = analysis->options.period.until_us,
                               .refund_until_us = INT64_MAX,
                               .part_count = 1};
  enum hs_status status =
      programme->trail.scan_orders(programme->trail.self, &scan, take_orders, reading, err);
  if (!status)
    status = make_customers(reading, err);
  return status ? status : hs_analysis_journeys(programme, analysis, take_journey, reading, err);
}

enum hs_status hs_programme_customers_read(struct hs_programme *programme, int64_t look_back_us,
                                           const atomic_int *interrupt,
                                           struct hs_programme_customers *out, struct hs_err *err)
{
  struct hs_analysis_options options = {0};
  *out = (struct hs_programme_customers){0};
  enum hs_status status = hs_tables_options(programme, &options, err);
  options.look_back_us = look_back_us;
  options.interrupt = interrupt;
  if (!status && options.period.from_us >= options.period.until_us)
    status = hs_fail(err, HS_INSUFFICIENT, "the programme holds no touchpoint and no order yet");
  if (!status)
    status = hs_analysis_gather(programme, &options, &out->analysis, err);
  if (status)
    return status;
  struct reading reading = {.programme = programme,
                            .out = out,
                            .arena = &out->analysis.arena,
                            .unit = hs_currency_minor_unit(programme->currency)};
  status = read_all(&reading, err);
  if (status)
    hs_programme_customers_release(out);
  return status;
}

void hs_programme_customers_release(struct hs_programme_customers *customers)
{
  hs_analysis_release(&customers->analysis);
  *customers = (struct hs_programme_customers){0};
}

void hs_programme_customers_by_channel(const struct hs_programme_customers *customers, double *sum,
                                       double *squares)
{
  for (size_t c = 0; c < customers->analysis.channel_count; c++)
    sum[c] = squares[c] = 0;
  for (size_t i = 0; i < customers->acquired_count; i++) {
    const struct hs_acquired *acquired = &customers->acquired[i];
    sum[acquired->channel] += acquired->share;
    squares[acquired->channel] += acquired->share * acquired->share;
  }
}
