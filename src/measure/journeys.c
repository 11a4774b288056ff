/* How a trail of any size becomes journeys in bounded memory. Persons fall into parts by their key;
   one part is read into the buckets of a pile, and bucket by bucket is sorted by person and time
   and cut. Persons that were joined from several ids would fall into several buckets: their touches
   go to a pile of their own, which is cut at the end. Orders are few beside touches and are held
   whole.

   Buckets are sorted on every core, a few at a time, and cut by one thread, in the order of the
   persons: who reads the journeys sees one stream. */
#include "measure/journeys.h"

#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "measure/touch_pile.h"

#define TOUCHES_PER_PART_DEFAULT ((uint64_t)32000000)
#define PART_BITS_MAX 24U
#define STEPS_MAX_DEFAULT 500
#define NO_CHANNEL UINT16_MAX

struct order {
  hs_person_key person;
  int64_t at_us;
  uint64_t sequence;
  int64_t row;
  int64_t value_minor;
  struct hs_str order_id;
  uint16_t coupon_channel;
  uint16_t id_mark;
  int is_joined; /* the person has several ids */
};

/* One bucket, sorted and ready to be cut; the touches of joined persons stand behind the others. */
struct sorted_bucket {
  struct hs_touch *touches, *spare; /* capacity each */
  size_t alone_count, count, capacity;
};

/* As many as keep every core busy between two stretches of cutting. */
#define READY_COUNT ((size_t)16)

struct cutter {
  struct hs_journey_run *run;
  hs_journey_fn each;
  void *context;
  struct order *orders; /* sorted by person and time */
  size_t order_count, order_capacity;
  size_t order_next; /* of those that belong to a part before */
  struct hs_touch_store store;
  struct hs_touch_pile part;
  struct hs_touch_pile joined; /* touches of persons with several ids */
  struct sorted_bucket ready[READY_COUNT];
  uint16_t *steps; /* of the journey under the knife, with room for a coupon's touch */
  int64_t *at_us;
  uint32_t steps_max;
  uint32_t person_index;
  int has_journey;       /* the person under the knife has one */
  uint16_t *channel_map; /* from the trail's list to the run's */
};

static uint16_t mark_of(hs_person_key id)
{
  return (uint16_t)(id ^ (id >> 16) ^ (id >> 32) ^ (id >> 48));
}

/* ---- reading ---- */

static enum hs_status take_touches(void *context, const struct hs_touch_batch *batch,
                                   struct hs_err *err)
{
  struct cutter *cutter = context;
  enum hs_status status = HS_OK;
  cutter->run->stats.touches += batch->count;
  for (size_t i = 0; i < batch->count && status == HS_OK; i++) {
    struct hs_touch touch = {.person = batch->person[i],
                             .at_us = batch->at_us[i],
                             .sequence = batch->sequence[i],
                             .row = (uint32_t)batch->row_number[i],
                             .channel = cutter->channel_map[batch->channel[i]],
                             .id_mark = mark_of(batch->person[i])};
    status = hs_touch_pile_add(&cutter->part, &touch, err);
  }
  return status;
}

static uint16_t find_channel(const struct hs_journey_run *run, struct hs_str name)
{
  size_t low = 0;
  size_t high = run->channel_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = hs_str_compare(run->channels[middle], name);
    if (order == 0)
      return (uint16_t)middle;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NO_CHANNEL;
}

static uint16_t coupon_channel(const struct hs_journey_run *run, struct hs_str code, int64_t at_us)
{
  const struct hs_coupon_owner *owner =
      hs_coupons_find(run->options->coupons, run->options->coupon_count, code, at_us);
  return owner == NULL ? NO_CHANNEL : find_channel(run, owner->partner);
}

/* Whether the order counts, and the books about those that do not. */
static int is_order_counted(struct hs_journey_run *run, const struct hs_order_batch *batch,
                            size_t i)
{
  if (!hs_str_equal(batch->currency[i], hs_str_of(run->options->currency.code))) {
    run->stats.orders_other_currency++;
    return 0;
  }
  if (batch->amount_minor[i] > 0 && batch->refunded_minor[i] >= batch->amount_minor[i]) {
    run->stats.orders_taken_back++;
    return 0;
  }
  if (batch->person[i] == 0 && batch->customer[i] == 0) {
    run->stats.orders_without_path++;
    run->stats.value_without_path_minor += batch->amount_minor[i] - batch->refunded_minor[i];
    return 0;
  }
  return 1;
}

static enum hs_status take_orders(void *context, const struct hs_order_batch *batch,
                                  struct hs_err *err)
{
  struct cutter *cutter = context;
  struct hs_journey_run *run = cutter->run;
  for (size_t i = 0; i < batch->count; i++) {
    if (!is_order_counted(run, batch, i))
      continue;
    if (cutter->order_count == cutter->order_capacity) {
      size_t capacity = cutter->order_capacity == 0 ? 1024 : cutter->order_capacity * 2;
      struct order *orders = hs_arena_grow(run->scratch, cutter->orders, cutter->order_capacity,
                                           capacity, sizeof *orders);
      if (orders == NULL)
        return hs_arena_full(run->scratch, "the orders of the period", err);
      cutter->orders = orders;
      cutter->order_capacity = capacity;
    }
    hs_person_key id = batch->person[i] != 0 ? batch->person[i] : batch->customer[i];
    char *name = hs_arena_copy(run->scratch, batch->order_id[i].data, batch->order_id[i].length);
    if (name == NULL)
      return hs_arena_full(run->scratch, "the names of orders", err);
    struct order *order = &cutter->orders[cutter->order_count++];
    *order =
        (struct order){.at_us = batch->at_us[i],
                       .sequence = batch->sequence[i],
                       .row = batch->row_number[i],
                       .value_minor = batch->amount_minor[i] - batch->refunded_minor[i],
                       .order_id = {name, batch->order_id[i].length},
                       .coupon_channel = coupon_channel(run, batch->coupon[i], batch->at_us[i]),
                       .id_mark = mark_of(id)};
    order->is_joined = hs_persons_is_joined(run->persons, id, &order->person);
  }
  return HS_OK;
}

/* Persons with several ids come last, because that is when their touches are cut. */
static int by_owner_and_time(const void *a, const void *b)
{
  const struct order *x = a;
  const struct order *y = b;
  int order = x->is_joined - y->is_joined;
  if (order == 0)
    order = hs_compare_u64(hs_rank_of(x->person), hs_rank_of(y->person));
  if (order == 0)
    order = (x->at_us > y->at_us) - (x->at_us < y->at_us);
  if (order == 0)
    order = hs_compare_u64(x->sequence, y->sequence);
  return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

/* ---- cutting ---- */

static void count_order(struct hs_journey_run *run, const struct order *order, int has_path,
                        int is_joined)
{
  uint64_t *count = has_path ? &run->stats.orders_with_path : &run->stats.orders_without_path;
  int64_t *value =
      has_path ? &run->stats.value_with_path_minor : &run->stats.value_without_path_minor;
  ++*count;
  *value += order->value_minor;
  if (is_joined) {
    run->stats.orders_joined++;
    run->stats.value_joined_minor += order->value_minor;
  }
}

/* Gives the touches as one journey, ending in the order or (NULL) in nothing. */
static enum hs_status give(struct cutter *cutter, const struct hs_touch *touches, size_t count,
                           const struct order *order, struct hs_err *err)
{
  struct hs_journey_run *run = cutter->run;
  if (count > cutter->steps_max) {
    run->stats.touches_automatic += count;
    run->stats.orders_automatic += order != NULL;
    return HS_OK;
  }
  struct hs_journey journey = {.person_index = cutter->person_index,
                               .channels = cutter->steps,
                               .at_us = cutter->at_us,
                               .step_count = count};
  for (size_t i = 0; i < count; i++) {
    cutter->steps[i] = touches[i].channel;
    cutter->at_us[i] = touches[i].at_us;
    journey.is_joined |= order != NULL && touches[i].id_mark != order->id_mark;
  }
  uint16_t coupon = order != NULL ? order->coupon_channel : NO_CHANNEL;
  if (coupon != NO_CHANNEL && (count == 0 || touches[count - 1].channel != coupon)) {
    cutter->steps[count] = coupon;
    cutter->at_us[count] = order->at_us;
    journey.step_count++;
  }
  if (order != NULL) {
    count_order(run, order, journey.step_count > 0, journey.is_joined);
    journey.person = order->person;
    journey.end_us = order->at_us;
    journey.order_id = order->order_id;
    journey.value_minor = order->value_minor;
  } else {
    int64_t window_end_us = touches[count - 1].at_us + run->options->look_back_us;
    run->stats.journeys_without_order++;
    journey.person = touches[0].person;
    journey.end_us =
        window_end_us < run->options->until_us ? window_end_us : run->options->until_us;
  }
  if (journey.step_count == 0)
    return HS_OK;
  cutter->has_journey = 1;
  return cutter->each(cutter->context, &journey, err);
}

/* Touches that no order claims, cut where nothing happened for longer than the window. What lies
   wholly before the period was read only for the look-back and is no journey of this period. */
static enum hs_status give_unclaimed(struct cutter *cutter, const struct hs_touch *touches,
                                     size_t count, struct hs_err *err)
{
  const struct hs_journey_options *options = cutter->run->options;
  enum hs_status status = HS_OK;
  for (size_t first = 0, end = 0; first < count && status == HS_OK; first = end) {
    for (end = first + 1; end < count; end++)
      if (touches[end].at_us - touches[end - 1].at_us > options->look_back_us)
        break;
    if (touches[end - 1].at_us >= options->from_us)
      status = give(cutter, touches + first, end - first, NULL, err);
  }
  return status;
}

static enum hs_status cut_person(struct cutter *cutter, const struct hs_touch *touches,
                                 size_t count, const struct order *orders, size_t order_count,
                                 struct hs_err *err)
{
  size_t next = 0;
  enum hs_status status = HS_OK;
  cutter->has_journey = 0;
  for (size_t i = 0; i < order_count && status == HS_OK; i++) {
    int64_t window_us = orders[i].at_us - cutter->run->options->look_back_us;
    size_t first = next;
    while (first < count && touches[first].at_us < window_us)
      first++;
    size_t end = first;
    while (end < count && touches[end].at_us <= orders[i].at_us)
      end++;
    status = give_unclaimed(cutter, touches + next, first - next, err);
    if (status == HS_OK)
      status = give(cutter, touches + first, end - first, &orders[i], err);
    next = end;
  }
  if (status == HS_OK)
    status = give_unclaimed(cutter, touches + next, count - next, err);
  cutter->person_index += cutter->has_journey != 0;
  return status;
}

/* Walks touches and orders of a bucket together, person by person. Orders of persons up to
   until_rank that have no touch here are journeys without a path. */
static enum hs_status cut_bucket(struct cutter *cutter, const struct hs_touch *touches,
                                 size_t count, uint64_t until_rank, int is_joined,
                                 struct hs_err *err)
{
  enum hs_status status = HS_OK;
  size_t first = 0;
  while (status == HS_OK) {
    HS_ASSERT(cutter->orders != NULL || cutter->order_count == 0);
    const struct order *order =
        cutter->order_next < cutter->order_count ? &cutter->orders[cutter->order_next] : NULL;
    if (order != NULL && (order->is_joined != is_joined || hs_rank_of(order->person) > until_rank))
      order = NULL;
    if (first == count && order == NULL)
      break;
    int order_is_first = order != NULL && (first == count || hs_rank_of(order->person) <=
                                                                 hs_rank_of(touches[first].person));
    hs_person_key person = order_is_first ? order->person : touches[first].person;
    size_t end = first;
    while (end < count && touches[end].person == person)
      end++;
    size_t order_first = cutter->order_next;
    while (cutter->order_next < cutter->order_count &&
           cutter->orders[cutter->order_next].is_joined == is_joined &&
           cutter->orders[cutter->order_next].person == person)
      cutter->order_next++;
    status = cut_person(cutter, touches + first, end - first, cutter->orders + order_first,
                        cutter->order_next - order_first, err);
    first = end;
  }
  return status;
}

/* ---- buckets ---- */

struct window {
  struct cutter *cutter;
  struct hs_touch_pile *pile;
  size_t first; /* bucket */
};

/* Sorts the touches of persons that stand alone, and puts those of joined ones behind them. */
static void sort_part_bucket(const struct hs_persons *persons, struct sorted_bucket *bucket)
{
  struct hs_touch *touches = bucket->spare;
  size_t alone = 0;
  size_t joined = bucket->count;
  for (size_t i = 0; i < bucket->count; i++) {
    struct hs_touch touch = touches[i];
    if (i + HS_PERSONS_AHEAD < bucket->count)
      hs_persons_expect(persons, touches[i + HS_PERSONS_AHEAD].person);
    if (hs_persons_is_joined(persons, touch.person, &touch.person))
      bucket->touches[--joined] = touch;
    else
      touches[alone++] = touch;
  }
  bucket->alone_count = alone;
  hs_touches_sort(touches, alone, bucket->touches);
}

static enum hs_status sort_one(void *context, [[maybe_unused]] size_t worker, size_t item,
                               [[maybe_unused]] struct hs_err *err)
{
  const struct window *window = context;
  struct cutter *cutter = window->cutter;
  struct sorted_bucket *bucket = &cutter->ready[item];
  hs_touch_pile_copy(window->pile, window->first + item, bucket->spare);
  if (window->pile == &cutter->joined)
    hs_touches_sort(bucket->spare, bucket->count, bucket->touches);
  else
    sort_part_bucket(cutter->run->persons, bucket);
  return HS_OK;
}

static enum hs_status cut_one(struct window *window, size_t item, struct hs_err *err)
{
  struct cutter *cutter = window->cutter;
  const struct sorted_bucket *bucket = &cutter->ready[item];
  size_t number = window->first + item;
  enum hs_status status = HS_OK;
  hs_touch_pile_empty(window->pile, number);
  for (size_t i = bucket->alone_count; i < bucket->count && status == HS_OK; i++)
    status = hs_touch_pile_add(&cutter->joined, &bucket->touches[i], err);
  if (status == HS_OK)
    status = cut_bucket(cutter, bucket->touches, bucket->alone_count,
                        hs_touch_pile_last_rank(window->pile, number),
                        window->pile == &cutter->joined, err);
  return status;
}

/* Room is kept from window to window and doubled where a bucket needs more. */
static enum hs_status make_room(struct window *window, size_t item, struct hs_err *err)
{
  struct hs_arena *arena = window->cutter->run->scratch;
  struct sorted_bucket *bucket = &window->cutter->ready[item];
  bucket->count = hs_touch_pile_count(window->pile, window->first + item);
  bucket->alone_count = bucket->count;
  if (bucket->count <= bucket->capacity)
    return HS_OK;
  bucket->capacity = bucket->count * 2;
  bucket->touches = hs_arena_alloc_raw(arena, bucket->capacity, sizeof *bucket->touches);
  bucket->spare = hs_arena_alloc_raw(arena, bucket->capacity, sizeof *bucket->spare);
  if (bucket->touches == NULL || bucket->spare == NULL)
    return hs_arena_full(arena, "sorting touches", err);
  return HS_OK;
}

static enum hs_status sort_and_cut(struct cutter *cutter, struct hs_touch_pile *pile,
                                   struct hs_err *err)
{
  struct window window = {.cutter = cutter, .pile = pile};
  enum hs_status status = HS_OK;
  for (; window.first < pile->bucket_count && status == HS_OK; window.first += READY_COUNT) {
    size_t left = pile->bucket_count - window.first;
    size_t count = left < READY_COUNT ? left : READY_COUNT;
    for (size_t i = 0; i < count && status == HS_OK; i++)
      status = make_room(&window, i, err);
    if (status == HS_OK)
      status = hs_parallel_run(hs_worker_count(0), count, sort_one, &window, err);
    for (size_t i = 0; i < count && status == HS_OK; i++)
      status = cut_one(&window, i, err);
  }
  return status;
}

/* ---- the run ---- */

static int compare_names(const void *a, const void *b)
{
  return hs_str_compare(*(const struct hs_str *)a, *(const struct hs_str *)b);
}

/* The trail's channels and the coupons' partners as one sorted list, and where each of the trail's
 * stands in it. */
static enum hs_status list_channels(struct cutter *cutter, const struct hs_str *names, size_t count,
                                    struct hs_err *err)
{
  struct hs_journey_run *run = cutter->run;
  size_t most = count + run->options->coupon_count;
  struct hs_str *all = hs_arena_alloc(run->arena, most, sizeof *all);
  cutter->channel_map = hs_arena_alloc(run->scratch, count, sizeof *cutter->channel_map);
  if (all == NULL || cutter->channel_map == NULL)
    return hs_arena_full(run->arena, "the list of channels", err);
  for (size_t i = 0; i < most; i++)
    all[i] = i < count ? names[i] : run->options->coupons[i - count].partner;
  if (most > 0)
    qsort(all, most, sizeof *all, compare_names);
  size_t kept = 0;
  for (size_t i = 0; i < most; i++)
    if (kept == 0 || !hs_str_equal(all[kept - 1], all[i]))
      all[kept++] = all[i];
  if (kept > HS_CHANNEL_COUNT_MAX)
    return hs_fail(err, HS_INVALID, "%zu channels; at most %zu can be told apart", kept,
                   HS_CHANNEL_COUNT_MAX);
  run->channels = all;
  run->channel_count = kept;
  for (size_t i = 0; i < count; i++)
    cutter->channel_map[i] = find_channel(run, names[i]);
  return HS_OK;
}

static enum hs_status check_options(const struct hs_journey_options *options, struct hs_err *err)
{
  if (options->look_back_us < HS_SECOND_US || options->look_back_us > 3653 * HS_DAY_US)
    return hs_fail(err, HS_USAGE, "the look-back window must be 1 second to 10 years, got %lld s",
                   (long long)(options->look_back_us / HS_SECOND_US));
  if (options->from_us >= options->until_us)
    return hs_fail(err, HS_USAGE, "the period ends before it begins");
  return HS_OK;
}

/* Powers of two, so that the buckets of a part are whole buckets of the trail. */
static unsigned part_bits_for(uint64_t touch_count, uint64_t touches_per_part)
{
  unsigned bits = 0;
  while (bits < PART_BITS_MAX && touches_per_part << bits < touch_count)
    bits++;
  return bits;
}

static enum hs_status open_piles(struct cutter *cutter, const struct hs_scan *scan,
                                 unsigned *part_bits, struct hs_err *err)
{
  const struct hs_trail *trail = cutter->run->trail;
  uint64_t per_part = cutter->run->options->touches_per_part;
  uint64_t touch_count = 0;
  enum hs_status status =
      trail->touch_count(trail->self, scan->from_us, scan->until_us, &touch_count, err);
  if (status != HS_OK)
    return status;
  *part_bits = part_bits_for(touch_count, per_part == 0 ? TOUCHES_PER_PART_DEFAULT : per_part);
  cutter->store.arena = cutter->run->scratch;
  status =
      hs_touch_pile_open(&cutter->part, &cutter->store, *part_bits, touch_count >> *part_bits, err);
  if (status == HS_OK) /* how many touches are of joined persons, nobody knows yet */
    status = hs_touch_pile_open(&cutter->joined, &cutter->store, 0, touch_count / 8, err);
  return status;
}

static enum hs_status read_and_cut(struct cutter *cutter, const struct hs_str *names, size_t count,
                                   struct hs_err *err)
{
  struct hs_journey_run *run = cutter->run;
  struct hs_scan scan = {.from_us = run->options->from_us,
                         .until_us = run->options->until_us,
                         .refund_until_us = INT64_MAX,
                         .part_count = 1};
  enum hs_status status =
      run->trail->scan_orders(run->trail->self, &scan, take_orders, cutter, err);
  if (status != HS_OK)
    return status;
  if (cutter->order_count > 0)
    qsort(cutter->orders, cutter->order_count, sizeof *cutter->orders, by_owner_and_time);
  scan.from_us -= run->options->look_back_us;
  unsigned part_bits = 0;
  status = open_piles(cutter, &scan, &part_bits, err);
  scan.part_count = UINT32_C(1) << part_bits;
  for (scan.part = 0; scan.part < scan.part_count && status == HS_OK; scan.part++) {
    hs_touch_pile_turn_to(&cutter->part, scan.part);
    status =
        run->trail->scan_touches(run->trail->self, &scan, names, count, take_touches, cutter, err);
    if (status == HS_OK)
      status = sort_and_cut(cutter, &cutter->part, err);
  }
  if (status == HS_OK)
    status = sort_and_cut(cutter, &cutter->joined, err);
  run->stats.person_count = cutter->person_index;
  return status;
}

enum hs_status hs_journeys_run(struct hs_journey_run *run, hs_journey_fn each, void *context,
                               struct hs_err *err)
{
  struct cutter cutter = {.run = run, .each = each, .context = context};
  struct hs_str *names = NULL;
  size_t count = 0;
  size_t mark = hs_arena_mark(run->scratch);
  run->stats = (struct hs_journey_stats){0};
  cutter.steps_max = run->options->steps_max == 0 ? STEPS_MAX_DEFAULT : run->options->steps_max;
  cutter.steps = hs_arena_alloc(run->scratch, (size_t)cutter.steps_max + 1, sizeof *cutter.steps);
  cutter.at_us = hs_arena_alloc(run->scratch, (size_t)cutter.steps_max + 1, sizeof *cutter.at_us);
  enum hs_status status = check_options(run->options, err);
  if (status == HS_OK && (cutter.steps == NULL || cutter.at_us == NULL))
    status = hs_arena_full(run->scratch, "one journey", err);
  if (status == HS_OK)
    status = run->trail->channels(run->trail->self, run->arena, &names, &count, err);
  if (status == HS_OK)
    status = list_channels(&cutter, names, count, err);
  if (status == HS_OK)
    status = read_and_cut(&cutter, names, count, err);
  hs_arena_reset(run->scratch, mark);
  hs_arena_trim(run->scratch);
  return status;
}
