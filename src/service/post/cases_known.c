#include <stdlib.h>

#include "base/room.h"
#include "base/time.h"
#include "measure/persons.h"
#include "service/post/cases_priv.h"

/* A page asks about two ids an order; this is where something is wrong with the evidence. */
#define NEAR_IDS_MAX 4000000

/* Rows with room for more of them, or NULL with err. Each array has an arena of its own, where it
   grows in place. */
static void *with_room(struct hs_arena *arena, void *rows, size_t *capacity, size_t count,
                       size_t more, size_t size, struct hs_err *err)
{
  if (more == 0)
    more = 1; /* an empty batch */
  void *grown = hs_arena_room(arena, rows, count, more, capacity, size);
  if (grown == NULL)
    (void)hs_arena_full(arena, "what is known about a page of orders", err);
  return grown;
}

/* ---- what is known ---- */

static enum hs_status add_pairs(void *context, const struct hs_pair_batch *batch,
                                struct hs_err *err)
{
  struct hs_case_page *page = context;
  struct hs_identity_pair *rows = with_room(&page->cases->pairs, page->pairs, &page->pair_capacity,
                                            page->pair_count, batch->count, sizeof *rows, err);
  if (rows == NULL)
    return HS_NOMEM;
  page->pairs = rows;
  for (size_t i = 0; i < batch->count; i++)
    rows[page->pair_count++] = (struct hs_identity_pair){batch->visitor[i], batch->customer[i]};
  return HS_OK;
}

static enum hs_status add_touches(void *context, const struct hs_near_touch_batch *batch,
                                  struct hs_err *err)
{
  struct hs_case_page *page = context;
  struct hs_case_touch *rows =
      with_room(&page->cases->touches, page->touches, &page->touch_capacity, page->touch_count,
                batch->count, sizeof *rows, err);
  if (rows == NULL)
    return HS_NOMEM;
  page->touches = rows;
  for (size_t i = 0; i < batch->count; i++) {
    uint32_t partner = batch->partner[i].data == NULL
                           ? HS_NO_PARTNER
                           : hs_in_force_partner(page->in_force, batch->partner[i]);
    if (partner != HS_NO_PARTNER)
      rows[page->touch_count++] = (struct hs_case_touch){.person = batch->person[i],
                                                         .at_us = batch->at_us[i],
                                                         .sequence = batch->sequence[i],
                                                         .row_number = batch->row_number[i],
                                                         .partner = partner,
                                                         .stands_down = batch->stands_down[i]};
  }
  return HS_OK;
}

static enum hs_status add_firsts(void *context, const struct hs_first_order_batch *batch,
                                 struct hs_err *err)
{
  struct hs_case_page *page = context;
  struct hs_first_order *rows = with_room(&page->cases->firsts, page->firsts, &page->first_capacity,
                                          page->first_count, batch->count, sizeof *rows, err);
  if (rows == NULL)
    return HS_NOMEM;
  int is_full = 0;
  page->firsts = rows;
  for (size_t i = 0; i < batch->count; i++)
    rows[page->first_count++] = (struct hs_first_order){
        batch->id[i], batch->at_us[i], batch->sequence[i], batch->row_number[i],
        hs_case_text(&page->cases->arena, batch->order_id[i], &is_full)};
  return is_full ? hs_arena_full(&page->cases->arena, "a page of orders", err) : HS_OK;
}

static enum hs_status load_evidence(struct hs_case_page *page, const struct hs_trail *trail,
                                    struct hs_err *err)
{
  struct hs_evidence_ask ask = {.ids = page->ids,
                                .id_count = page->id_count,
                                .from_sequence = page->asked->until_sequence,
                                .until_sequence = page->asked->until_sequence,
                                .from_us = page->from_us - page->cases->window_us,
                                .until_us = page->until_us,
                                .crowd = hs_persons_crowd(&hs_everybody_options),
                                .near_max = NEAR_IDS_MAX};
  struct hs_evidence_reader reader = {
      .context = page, .pairs = add_pairs, .touches = add_touches, .first_orders = add_firsts};
  if (page->cases->everybody != NULL) {
    ask.crowd = 0;
    reader.pairs = NULL;
    reader.first_orders = NULL;
  }
  return trail->evidence(trail->self, &ask, &reader, err);
}

/* ---- who is who ---- */

/* By time, and in the order of the journal what happened in the same microsecond. */
static int compare_touches(const struct hs_case_touch *a, const struct hs_case_touch *b)
{
  if (a->at_us != b->at_us)
    return a->at_us < b->at_us ? -1 : 1;
  if (a->sequence != b->sequence)
    return a->sequence < b->sequence ? -1 : 1;
  return (a->row_number > b->row_number) - (a->row_number < b->row_number);
}

static int by_person_and_time(const void *left, const void *right)
{
  const struct hs_case_touch *a = left;
  const struct hs_case_touch *b = right;
  if (a->person != b->person)
    return a->person < b->person ? -1 : 1;
  return compare_touches(a, b);
}

static int by_person_and_first(const void *left, const void *right)
{
  const struct hs_first_order *a = left;
  const struct hs_first_order *b = right;
  if (a->person != b->person)
    return a->person < b->person ? -1 : 1;
  return hs_first_order_compare(a, b);
}

static void name_persons(struct hs_case_page *page, const struct hs_persons *persons)
{
  struct hs_case *cases = page->cases->cases;
  for (size_t i = 0; i < page->cases->count; i++) {
    if (i + HS_PERSONS_AHEAD < page->cases->count)
      hs_persons_expect(persons, cases[i + HS_PERSONS_AHEAD].person);
    if (cases[i].person != 0)
      cases[i].person = hs_persons_find(persons, cases[i].person);
  }
}

static size_t bucket_of(const struct hs_case_page *page, hs_person_key person)
{
  return (size_t)(person >> (64 - page->bucket_bits));
}

/* By person and time. Keys are hashes, so as many buckets as touches, by their top bits, leave next
   to nothing to be sorted inside of them; and they say where to look for a person. */
static enum hs_status sort_touches(struct hs_case_page *page, struct hs_err *err)
{
  struct hs_arena *arena = &page->cases->touches;
  for (page->bucket_bits = 1; (size_t)1 << page->bucket_bits < page->touch_count;)
    page->bucket_bits++;
  size_t bucket_count = (size_t)1 << page->bucket_bits;
  struct hs_case_touch *sorted = hs_arena_alloc_raw(arena, page->touch_count, sizeof *sorted);
  size_t *starts = hs_arena_alloc(arena, bucket_count + 2, sizeof *starts);
  if (sorted == NULL || starts == NULL)
    return hs_arena_full(arena, "what is known about a page of orders", err);
  for (size_t i = 0; i < page->touch_count; i++)
    starts[bucket_of(page, page->touches[i].person) + 2]++;
  for (size_t b = 2; b < bucket_count + 2; b++)
    starts[b] += starts[b - 1];
  for (size_t i = 0; i < page->touch_count; i++)
    sorted[starts[bucket_of(page, page->touches[i].person) + 1]++] = page->touches[i];
  for (size_t b = 0; b < bucket_count; b++)
    if (starts[b + 1] - starts[b] > 1)
      qsort(sorted + starts[b], starts[b + 1] - starts[b], sizeof *sorted, by_person_and_time);
  page->touches = sorted;
  page->starts = starts;
  return HS_OK;
}

static int by_person(const void *left, const void *right)
{
  const struct hs_case_self *a = left;
  const struct hs_case_self *b = right;
  if (a->person != b->person)
    return a->person < b->person ? -1 : 1;
  return (a->partner > b->partner) - (a->partner < b->partner);
}

/* The persons that partners have declared to be themselves: whoever is one with such an id. */
static enum hs_status name_selves(struct hs_case_page *page, const struct hs_persons *persons,
                                  struct hs_err *err)
{
  const struct hs_in_force *in_force = page->in_force;
  if (in_force->own_count == 0)
    return HS_OK;
  page->selves = hs_arena_alloc_raw(&page->cases->arena, in_force->own_count, sizeof *page->selves);
  if (page->selves == NULL)
    return hs_arena_full(&page->cases->arena, "partners' own customers", err);
  for (size_t i = 0; i < in_force->own_count; i++)
    page->selves[i] = (struct hs_case_self){hs_persons_find(persons, in_force->owns[i].id),
                                            in_force->owns[i].partner};
  qsort(page->selves, in_force->own_count, sizeof *page->selves, by_person);
  return HS_OK;
}

static enum hs_status sort_known(struct hs_case_page *page, const struct hs_persons *persons,
                                 struct hs_err *err)
{
  for (size_t i = 0; i < page->touch_count; i++) {
    if (i + HS_PERSONS_AHEAD < page->touch_count)
      hs_persons_expect(persons, page->touches[i + HS_PERSONS_AHEAD].person);
    page->touches[i].person = hs_persons_find(persons, page->touches[i].person);
  }
  for (size_t i = 0; i < page->first_count; i++)
    page->firsts[i].person = hs_persons_find(persons, page->firsts[i].person);
  if (page->first_count > 0)
    qsort(page->firsts, page->first_count, sizeof *page->firsts, by_person_and_first);
  enum hs_status status = name_selves(page, persons, err);
  return status == HS_OK ? sort_touches(page, err) : status;
}

static enum hs_status look_near(struct hs_case_page *page, const struct hs_trail *trail,
                                struct hs_err *err)
{
  struct hs_cases *cases = page->cases;
  struct hs_persons persons;
  page->id_count = 2 * cases->count;
  enum hs_status status = load_evidence(page, trail, err);
  if (status == HS_OK)
    status = hs_persons_of_pairs(&cases->arena, &cases->pairs, page->pairs, page->pair_count,
                                 &hs_everybody_options, &persons, err);
  if (status != HS_OK)
    return status;
  name_persons(page, &persons);
  return sort_known(page, &persons, err);
}

/* ---- with everybody at hand ---- */

static enum hs_status add_id(struct hs_case_page *page, size_t *capacity, hs_person_key id,
                             struct hs_err *err)
{
  hs_person_key *ids =
      with_room(&page->cases->pairs, page->ids, capacity, page->id_count, 1, sizeof *ids, err);
  if (ids == NULL)
    return HS_NOMEM;
  page->ids = ids;
  ids[page->id_count++] = id;
  return HS_OK;
}

static enum hs_status add_ids_of(struct hs_case_page *page, size_t *capacity, hs_person_key person,
                                 struct hs_err *err)
{
  size_t count;
  size_t before = page->id_count;
  const struct hs_known_id *near = hs_everybody_near(page->cases->everybody, person, &count);
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < count && status == HS_OK; i++)
    if (near[i].person == person)
      status = add_id(page, capacity, near[i].id, err);
  return status == HS_OK && page->id_count == before ? add_id(page, capacity, person, err) : status;
}

/* Who is who and who ordered first is known: only touches are asked for, of the persons' ids. */
static enum hs_status look_up(struct hs_case_page *page, const struct hs_trail *trail,
                              struct hs_err *err)
{
  const struct hs_persons *persons = &page->cases->everybody->persons;
  size_t capacity = 0;
  enum hs_status status = HS_OK;
  name_persons(page, persons);
  page->ids = NULL;
  for (size_t i = 0; i < page->cases->count && status == HS_OK; i++)
    if (page->cases->cases[i].person != 0)
      status = add_ids_of(page, &capacity, page->cases->cases[i].person, err);
  if (status == HS_OK)
    status = load_evidence(page, trail, err);
  return status == HS_OK ? sort_known(page, persons, err) : status;
}

/* ---- each order's own ---- */

/* The first touch of a person at or after a moment. */
static size_t find_touch(const struct hs_case_page *page, hs_person_key person, int64_t at_us)
{
  size_t bucket = bucket_of(page, person);
  size_t low = page->starts[bucket];
  size_t high = page->starts[bucket + 1];
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const struct hs_case_touch *touch = &page->touches[middle];
    if (touch->person < person || (touch->person == person && touch->at_us < at_us))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static const struct hs_first_order *find_first(const struct hs_case_page *page,
                                               hs_person_key person)
{
  if (page->cases->everybody != NULL)
    return hs_everybody_first(page->cases->everybody, person);
  size_t low = 0;
  size_t high = page->first_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (page->firsts[middle].person < person)
      low = middle + 1;
    else
      high = middle;
  }
  return low < page->first_count && page->firsts[low].person == person ? &page->firsts[low] : NULL;
}

static void find_selves(const struct hs_case_page *page, struct hs_case *order)
{
  size_t count = page->in_force->own_count;
  size_t low = 0;
  for (size_t high = count; low < high;) {
    size_t middle = low + (high - low) / 2;
    if (page->selves[middle].person < order->person)
      low = middle + 1;
    else
      high = middle;
  }
  order->selves = page->selves + low;
  while (low < count && page->selves[low].person == order->person) {
    order->self_count++;
    low++;
  }
}

static void complete(const struct hs_case_page *page, struct hs_case *order)
{
  order->first_order_us = order->at_us;
  order->is_first = 1;
  order->known_until = page->asked->until_sequence;
  order->rates_until = order->known_until;
  order->rates = &page->cases->rates;
  if (order->person == 0)
    return;
  const struct hs_first_order *first = find_first(page, order->person);
  const struct hs_first_order self = {
      .at_us = order->at_us, .sequence = order->sequence, .row_number = order->row_number};
  if (first != NULL && hs_first_order_compare(first, &self) < 0) {
    order->first_order_us = first->at_us;
    order->first_order = first->name;
    order->first_sequence = first->sequence;
    order->first_row = first->row_number;
    order->is_first = 0;
  }
  size_t begin = find_touch(page, order->person, order->claimed_at_us - page->cases->window_us);
  size_t end = begin;
  while (end < page->touch_count && page->touches[end].person == order->person &&
         page->touches[end].at_us <= order->claimed_at_us)
    end++;
  order->touches = page->touches + begin;
  order->touch_count = end - begin;
  if (page->in_force->own_count > 0)
    find_selves(page, order);
}

/* ---- the page ---- */

static void note_moments(struct hs_case_page *page)
{
  page->from_us = INT64_MAX;
  page->until_us = INT64_MIN;
  for (size_t i = 0; i < page->cases->count; i++) {
    const struct hs_case *one = &page->cases->cases[i];
    page->from_us = one->claimed_at_us < page->from_us ? one->claimed_at_us : page->from_us;
    page->until_us = one->at_us >= page->until_us ? one->at_us + 1 : page->until_us;
  }
}

/* Persons are hashes, so the orders of a page look at places all over what is known: what an order
   some way behind will look at is fetched meanwhile. */
static void expect_touches(const struct hs_case_page *page, size_t i)
{
  if (i + 2 * HS_PERSONS_AHEAD < page->cases->count)
    __builtin_prefetch(
        &page->starts[bucket_of(page, page->cases->cases[i + 2 * HS_PERSONS_AHEAD].person)]);
  if (i + HS_PERSONS_AHEAD >= page->cases->count)
    return;
  hs_person_key person = page->cases->cases[i + HS_PERSONS_AHEAD].person;
  __builtin_prefetch(&page->touches[page->starts[bucket_of(page, person)]]);
  if (page->cases->everybody != NULL)
    hs_everybody_expect(page->cases->everybody, person);
}

/* Leads, events and clicks have no currency. */
static int has_foreign(const struct hs_case_page *page)
{
  const struct hs_in_force *in_force = page->in_force;
  const struct hs_currency *last = NULL;
  for (size_t i = 0; i < page->cases->count && page->event == HS_RULE_SALE; i++) {
    const struct hs_currency *currency = &page->cases->cases[i].currency;
    if (last != NULL && hs_currency_equal(*currency, *last))
      continue;
    last = currency;
    for (size_t v = 0; v < in_force->version_count; v++)
      if (!hs_currency_equal(in_force->versions[v].terms.currency, *currency))
        return 1;
  }
  return 0;
}

enum hs_status hs_case_page_complete(struct hs_case_page *page, const struct hs_trail *trail,
                                     struct hs_err *err)
{
  struct hs_cases *cases = page->cases;
  if (cases->count == 0)
    return HS_OK;
  note_moments(page);
  enum hs_status status =
      cases->everybody == NULL ? look_near(page, trail, err) : look_up(page, trail, err);
  if (status == HS_OK && has_foreign(page))
    status = hs_rates_load(&cases->rates, trail, err);
  for (size_t i = 0; i < cases->count && status == HS_OK; i++) {
    expect_touches(page, i);
    complete(page, &cases->cases[i]);
  }
  return status;
}
