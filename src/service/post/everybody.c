#include "service/post/everybody.h"

/* Address space. */
#define ARENA_BYTES (4 * HS_GIB)
#define SLOTS_BEFORE ((size_t)1024)

const struct hs_persons_options hs_everybody_options;

int hs_first_order_compare(const struct hs_first_order *a, const struct hs_first_order *b)
{
  if (a->at_us != b->at_us)
    return a->at_us < b->at_us ? -1 : 1;
  if (a->sequence != b->sequence)
    return a->sequence < b->sequence ? -1 : 1;
  return (a->row_number > b->row_number) - (a->row_number < b->row_number);
}

/* ---- ids by person ---- */

static size_t bucket_of(const struct hs_everybody *everybody, hs_person_key person)
{
  return (size_t)(person >> (64 - everybody->bucket_bits));
}

/* Counts, then places: two passes over the table of persons. */
static enum hs_status list_ids(struct hs_everybody *everybody, struct hs_err *err)
{
  const struct hs_persons *persons = &everybody->persons;
  size_t slot_count = (size_t)1 << persons->slot_bits;
  everybody->bucket_bits = persons->slot_bits;
  size_t *starts = hs_arena_alloc(&everybody->arena, slot_count + 2, sizeof *starts);
  struct hs_known_id *ids = hs_arena_alloc_raw(&everybody->arena, persons->id_count, sizeof *ids);
  if (starts == NULL || ids == NULL)
    return hs_arena_full(&everybody->arena, "the ids of all persons", err);
  for (size_t i = 0; i < slot_count; i++)
    if (persons->slots[i].id != 0)
      starts[bucket_of(everybody, persons->slots[i].person) + 2]++;
  for (size_t i = 2; i < slot_count + 2; i++)
    starts[i] += starts[i - 1];
  for (size_t i = 0; i < slot_count; i++)
    if (persons->slots[i].id != 0)
      ids[starts[bucket_of(everybody, persons->slots[i].person) + 1]++] =
          (struct hs_known_id){persons->slots[i].person, persons->slots[i].id};
  everybody->starts = starts;
  everybody->ids = ids;
  return HS_OK;
}

const struct hs_known_id *hs_everybody_near(const struct hs_everybody *everybody,
                                            hs_person_key person, size_t *count)
{
  *count = 0;
  if (everybody->persons.id_count == 0)
    return NULL;
  size_t bucket = bucket_of(everybody, person);
  *count = everybody->starts[bucket + 1] - everybody->starts[bucket];
  return everybody->ids + everybody->starts[bucket];
}

/* ---- first orders ---- */

static size_t slot_of(const struct hs_everybody *everybody, hs_person_key person)
{
  return (size_t)(person * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (everybody->slot_count - 1);
}

/* The person's place, or the empty one where it belongs. */
static struct hs_first_order *place_of(const struct hs_everybody *everybody, hs_person_key person)
{
  size_t mask = everybody->slot_count - 1;
  size_t at = slot_of(everybody, person);
  while (everybody->firsts[at].person != 0 && everybody->firsts[at].person != person)
    at = (at + 1) & mask;
  return &everybody->firsts[at];
}

static enum hs_status make_room(struct hs_everybody *everybody, struct hs_err *err)
{
  if (2 * (everybody->first_count + 1) <= everybody->slot_count)
    return HS_OK;
  struct hs_everybody wider = *everybody;
  wider.slot_count = everybody->slot_count == 0 ? SLOTS_BEFORE : 2 * everybody->slot_count;
  wider.firsts = hs_arena_alloc(&everybody->orders, wider.slot_count, sizeof *wider.firsts);
  if (wider.firsts == NULL)
    return hs_arena_full(&everybody->orders, "everybody's first order", err);
  for (size_t i = 0; i < everybody->slot_count; i++)
    if (everybody->firsts[i].person != 0)
      *place_of(&wider, everybody->firsts[i].person) = everybody->firsts[i];
  everybody->firsts = wider.firsts;
  everybody->slot_count = wider.slot_count;
  return HS_OK;
}

static enum hs_status note_order(struct hs_everybody *everybody, const struct hs_first_order *order,
                                 struct hs_err *err)
{
  enum hs_status status = make_room(everybody, err);
  if (status != HS_OK)
    return status;
  struct hs_first_order *place = place_of(everybody, order->person);
  if (place->person != 0 && hs_first_order_compare(order, place) >= 0)
    return HS_OK;
  const char *name = hs_arena_copy(&everybody->arena, order->name.data, order->name.length);
  if (name == NULL)
    return hs_arena_full(&everybody->arena, "everybody's first order", err);
  everybody->first_count += place->person == 0;
  *place = *order;
  place->name.data = name;
  return HS_OK;
}

static hs_person_key person_of(const struct hs_everybody *everybody, hs_person_key id)
{
  return id == 0 ? 0 : hs_persons_find(&everybody->persons, id);
}

/* An order is one of its visitor and of its customer, whether or not they are the same. */
static enum hs_status note_orders(void *context, const struct hs_order_batch *batch,
                                  struct hs_err *err)
{
  struct hs_everybody *everybody = context;
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < batch->count && status == HS_OK; i++) {
    if (i + HS_PERSONS_AHEAD < batch->count) {
      hs_persons_expect(&everybody->persons, batch->person[i + HS_PERSONS_AHEAD]);
      hs_persons_expect(&everybody->persons, batch->customer[i + HS_PERSONS_AHEAD]);
    }
    struct hs_first_order order = {.person = person_of(everybody, batch->person[i]),
                                   .at_us = batch->at_us[i],
                                   .sequence = batch->sequence[i],
                                   .row_number = batch->row_number[i],
                                   .name = batch->order_id[i]};
    hs_person_key customer = person_of(everybody, batch->customer[i]);
    if (order.person != 0)
      status = note_order(everybody, &order, err);
    if (customer == 0 || customer == order.person || status != HS_OK)
      continue;
    order.person = customer;
    status = note_order(everybody, &order, err);
  }
  return status;
}

void hs_everybody_expect(const struct hs_everybody *everybody, hs_person_key person)
{
  if (everybody->slot_count > 0)
    __builtin_prefetch(&everybody->firsts[slot_of(everybody, person)]);
}

const struct hs_first_order *hs_everybody_first(const struct hs_everybody *everybody,
                                                hs_person_key person)
{
  if (everybody->slot_count == 0)
    return NULL;
  const struct hs_first_order *place = place_of(everybody, person);
  return place->person == 0 ? NULL : place;
}

/* ---- public ---- */

/* The scratch is used before the orders come, in the arena that they will take. */
enum hs_status hs_everybody_find(struct hs_everybody *everybody, const struct hs_trail *trail,
                                 struct hs_err *err)
{
  *everybody = (struct hs_everybody){0};
  enum hs_status status = hs_arena_init(&everybody->arena, ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&everybody->orders, ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_persons_join(&everybody->arena, &everybody->orders, trail, INT64_MAX,
                             &hs_everybody_options, &everybody->persons, err);
  if (status == HS_OK && everybody->persons.id_count > 0)
    status = list_ids(everybody, err);
  if (status == HS_OK) {
    const struct hs_scan all = {INT64_MIN, INT64_MAX, INT64_MIN, 0, 1};
    status = trail->scan_orders(trail->self, &all, note_orders, everybody, err);
  }
  if (status != HS_OK)
    hs_everybody_release(everybody);
  return status;
}

void hs_everybody_release(struct hs_everybody *everybody)
{
  hs_arena_release(&everybody->arena);
  hs_arena_release(&everybody->orders);
  *everybody = (struct hs_everybody){0};
}
