#include "service/cases.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/room.h"
#include "base/time.h"
#include "measure/persons.h"

/* Address space of each array; a page's touches are by far the most. */
#define PAGE_ARENA_BYTES (256 * HS_MIB)
#define ROWS_ARENA_BYTES (1 * HS_GIB)
/* The longest window that terms may have (agreement/terms.h). */
#define WINDOW_US (365 * HS_DAY_US)
/* A page asks about two ids an order; this is where something is wrong with the evidence. */
#define NEAR_IDS_MAX 4000000

struct page {
  struct hs_cases *cases;
  const struct hs_in_force *in_force;
  const struct hs_order_page *asked;
  enum hs_rule_event event;
  hs_person_key *ids; /* two for each order, or all of their persons' */
  size_t id_count;
  struct hs_identity_pair *pairs;
  struct hs_case_touch *touches;
  size_t *starts; /* of buckets among them, once they are sorted */
  unsigned bucket_bits;
  struct hs_first_order *firsts;
  size_t pair_count, pair_capacity;
  size_t touch_count, touch_capacity;
  size_t first_count, first_capacity;
  int64_t from_us, until_us;   /* of what matters for its orders */
  struct hs_case_self *selves; /* as many as in_force has own customers, by person */
};

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

/* ---- orders ---- */

static struct hs_str copy_text(struct hs_arena *arena, struct hs_str text, int *is_full)
{
  if (text.data == NULL)
    return text;
  char *copy = hs_arena_copy(arena, text.data, text.length);
  *is_full |= copy == NULL;
  return (struct hs_str){copy, text.length};
}

static enum hs_status add_order(struct page *page, const struct hs_new_order_batch *orders,
                                size_t i, struct hs_err *err)
{
  const struct hs_order_batch *batch = &orders->basic;
  struct hs_cases *cases = page->cases;
  struct hs_case *order = &cases->cases[cases->count];
  int is_full = 0;
  *order = (struct hs_case){.id = copy_text(&cases->arena, batch->order_id[i], &is_full),
                            .person = batch->person[i] != 0 ? batch->person[i] : batch->customer[i],
                            .at_us = batch->at_us[i],
                            .cart_at_us = orders->cart_at_us[i],
                            .claimed_at_us = batch->at_us[i],
                            .partner = HS_NO_PARTNER,
                            .amount_minor = batch->amount_minor[i],
                            .refunded_minor = batch->refunded_minor[i],
                            .coupon = copy_text(&cases->arena, batch->coupon[i], &is_full),
                            .sequence = batch->sequence[i],
                            .row_number = batch->row_number[i]};
  if (is_full)
    return hs_arena_full(&cases->arena, "a page of orders", err);
  if (!hs_currency_parse(batch->currency[i], &order->currency))
    return hs_fail(err, HS_CORRUPT, "order %.*s: no currency is called %.*s", HS_STR_ARG(order->id),
                   HS_STR_ARG(batch->currency[i]));
  page->ids[2 * cases->count] = batch->person[i];
  page->ids[2 * cases->count + 1] = batch->customer[i];
  cases->count++;
  return hs_bought_read(orders, i, &cases->arena, &order->bought, err);
}

static enum hs_status add_orders(void *context, const struct hs_new_order_batch *orders,
                                 struct hs_err *err)
{
  struct page *page = context;
  enum hs_status status = HS_OK;
  HS_ASSERT(orders->basic.count <= page->asked->count_max - page->cases->count);
  for (size_t i = 0; i < orders->basic.count && status == HS_OK; i++)
    status = add_order(page, orders, i, err);
  return status;
}

/* ---- leads, events and clicks ---- */

/* A click that its source gave no name is called by its place in the journal. */
static struct hs_str name_of(struct hs_arena *arena, const struct hs_action_batch *batch, size_t i,
                             int *is_full)
{
  char place[48];
  if (batch->name[i].data != NULL)
    return copy_text(arena, batch->name[i], is_full);
  (void)snprintf(place, sizeof place, "%" PRIu64 "/%" PRId64, batch->sequence[i],
                 batch->row_number[i]);
  return copy_text(arena, hs_str_of(place), is_full);
}

/* What rules may ask of it as metadata: of a lead its status. */
static enum hs_status add_facts(struct hs_case *action, struct hs_str metadata,
                                struct hs_arena *arena, struct hs_err *err)
{
  struct hs_bought *facts = &action->bought;
  enum hs_status status = HS_OK;
  if (metadata.data != NULL)
    status = hs_facts_read(metadata, arena, &facts->facts, &facts->fact_count, err);
  if (status != HS_OK)
    hs_err_prefix(err, "%s %.*s", hs_rule_event_word(action->event), HS_STR_ARG(action->id));
  if (status != HS_OK || action->event != HS_RULE_LEAD || action->word.data == NULL)
    return status;
  facts->facts = hs_arena_alloc(arena, 1, sizeof *facts->facts);
  if (facts->facts == NULL)
    return hs_arena_full(arena, "the status of a lead", err);
  facts->facts[0] = (struct hs_fact){HS_STR("status"), action->word};
  facts->fact_count = 1;
  return HS_OK;
}

static enum hs_status add_action(struct page *page, const struct hs_action_batch *batch, size_t i,
                                 struct hs_err *err)
{
  struct hs_cases *cases = page->cases;
  struct hs_arena *arena = &cases->arena;
  struct hs_case *action = &cases->cases[cases->count];
  int is_full = 0;
  *action = (struct hs_case){.event = page->event,
                             .id = name_of(arena, batch, i, &is_full),
                             .person = batch->person[i],
                             .at_us = batch->at_us[i],
                             .cart_at_us = INT64_MAX,
                             .claimed_at_us = batch->began_at_us[i],
                             .named = copy_text(arena, batch->partner[i], &is_full),
                             .partner = HS_NO_PARTNER,
                             .word = copy_text(arena, batch->word[i], &is_full),
                             .is_repeated = batch->is_repeated[i],
                             .sequence = batch->sequence[i],
                             .row_number = batch->row_number[i]};
  if (is_full)
    return hs_arena_full(arena, "a page of leads, events or clicks", err);
  if (action->named.data != NULL)
    action->partner = hs_in_force_partner(page->in_force, action->named);
  page->ids[2 * cases->count] = batch->person[i];
  page->ids[2 * cases->count + 1] = 0;
  cases->count++;
  return add_facts(action, batch->metadata[i], arena, err);
}

static enum hs_status add_actions(void *context, const struct hs_action_batch *batch,
                                  struct hs_err *err)
{
  struct page *page = context;
  enum hs_status status = HS_OK;
  HS_ASSERT(batch->count <= page->asked->count_max - page->cases->count);
  for (size_t i = 0; i < batch->count && status == HS_OK; i++)
    status = add_action(page, batch, i, err);
  return status;
}

/* ---- a page of either ---- */

static enum hs_status make_room(struct page *page, struct hs_err *err)
{
  struct hs_cases *cases = page->cases;
  size_t most = page->asked->count_max;
  hs_arena_reset(&cases->arena, 0);
  hs_arena_reset(&cases->touches, 0);
  hs_arena_reset(&cases->pairs, 0);
  hs_arena_reset(&cases->firsts, 0);
  cases->count = 0;
  cases->cases = hs_arena_alloc_raw(&cases->arena, most, sizeof *cases->cases);
  page->ids = hs_arena_alloc_raw(&cases->arena, 2 * most, sizeof *page->ids);
  return cases->cases == NULL || page->ids == NULL
             ? hs_arena_full(&cases->arena, "a page of orders", err)
             : HS_OK;
}

static void note_moments(struct page *page)
{
  page->from_us = INT64_MAX;
  page->until_us = INT64_MIN;
  for (size_t i = 0; i < page->cases->count; i++) {
    const struct hs_case *one = &page->cases->cases[i];
    page->from_us = one->claimed_at_us < page->from_us ? one->claimed_at_us : page->from_us;
    page->until_us = one->at_us >= page->until_us ? one->at_us + 1 : page->until_us;
  }
}

/* ---- what is known ---- */

static enum hs_status add_pairs(void *context, const struct hs_pair_batch *batch,
                                struct hs_err *err)
{
  struct page *page = context;
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
  struct page *page = context;
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
  struct page *page = context;
  struct hs_first_order *rows = with_room(&page->cases->firsts, page->firsts, &page->first_capacity,
                                          page->first_count, batch->count, sizeof *rows, err);
  if (rows == NULL)
    return HS_NOMEM;
  int is_full = 0;
  page->firsts = rows;
  for (size_t i = 0; i < batch->count; i++)
    rows[page->first_count++] = (struct hs_first_order){
        batch->id[i], batch->at_us[i], batch->sequence[i], batch->row_number[i],
        copy_text(&page->cases->arena, batch->order_id[i], &is_full)};
  return is_full ? hs_arena_full(&page->cases->arena, "a page of orders", err) : HS_OK;
}

static enum hs_status load_evidence(struct page *page, const struct hs_trail *trail,
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

static void name_persons(struct page *page, const struct hs_persons *persons)
{
  for (size_t i = 0; i < page->cases->count; i++)
    if (page->cases->cases[i].person != 0)
      page->cases->cases[i].person = hs_persons_find(persons, page->cases->cases[i].person);
}

static size_t bucket_of(const struct page *page, hs_person_key person)
{
  return (size_t)(person >> (64 - page->bucket_bits));
}

/* By person and time. Keys are hashes, so as many buckets as touches, by their top bits, leave next
   to nothing to be sorted inside of them; and they say where to look for a person. */
static enum hs_status sort_touches(struct page *page, struct hs_err *err)
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
static enum hs_status name_selves(struct page *page, const struct hs_persons *persons,
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

static enum hs_status sort_known(struct page *page, const struct hs_persons *persons,
                                 struct hs_err *err)
{
  for (size_t i = 0; i < page->touch_count; i++)
    page->touches[i].person = hs_persons_find(persons, page->touches[i].person);
  for (size_t i = 0; i < page->first_count; i++)
    page->firsts[i].person = hs_persons_find(persons, page->firsts[i].person);
  if (page->first_count > 0)
    qsort(page->firsts, page->first_count, sizeof *page->firsts, by_person_and_first);
  enum hs_status status = name_selves(page, persons, err);
  return status == HS_OK ? sort_touches(page, err) : status;
}

static enum hs_status look_near(struct page *page, const struct hs_trail *trail, struct hs_err *err)
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

static enum hs_status add_id(struct page *page, size_t *capacity, hs_person_key id,
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

static enum hs_status add_ids_of(struct page *page, size_t *capacity, hs_person_key person,
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
static enum hs_status look_up(struct page *page, const struct hs_trail *trail, struct hs_err *err)
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
static size_t find_touch(const struct page *page, hs_person_key person, int64_t at_us)
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

static const struct hs_first_order *find_first(const struct page *page, hs_person_key person)
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

static void find_selves(const struct page *page, struct hs_case *order)
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

static void complete(const struct page *page, struct hs_case *order)
{
  order->first_order_us = order->at_us;
  order->is_first = 1;
  order->known_until = page->asked->until_sequence;
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
  size_t end = find_touch(page, order->person, order->claimed_at_us + 1);
  order->touches = page->touches + begin;
  order->touch_count = end - begin;
  if (page->in_force->own_count > 0)
    find_selves(page, order);
}

/* ---- public ---- */

enum hs_status hs_cases_open(struct hs_cases *cases, struct hs_err *err)
{
  *cases = (struct hs_cases){.window_us = WINDOW_US};
  enum hs_status status = hs_arena_init(&cases->arena, PAGE_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&cases->touches, ROWS_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&cases->pairs, ROWS_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&cases->firsts, ROWS_ARENA_BYTES, err);
  if (status != HS_OK)
    hs_cases_release(cases);
  return status;
}

void hs_cases_release(struct hs_cases *cases)
{
  hs_arena_release(&cases->arena);
  hs_arena_release(&cases->touches);
  hs_arena_release(&cases->pairs);
  hs_arena_release(&cases->firsts);
}

/* What is known about the cases that the page has. */
static enum hs_status look_around(struct page *page, const struct hs_trail *trail,
                                  struct hs_err *err)
{
  struct hs_cases *cases = page->cases;
  if (cases->count == 0)
    return HS_OK;
  note_moments(page);
  enum hs_status status =
      cases->everybody == NULL ? look_near(page, trail, err) : look_up(page, trail, err);
  for (size_t i = 0; i < cases->count && status == HS_OK; i++)
    complete(page, &cases->cases[i]);
  return status;
}

enum hs_status hs_cases_load(struct hs_cases *cases, const struct hs_trail *trail,
                             const struct hs_in_force *in_force, const struct hs_order_page *page,
                             struct hs_err *err)
{
  struct page loading = {.cases = cases, .in_force = in_force, .asked = page};
  enum hs_status status = make_room(&loading, err);
  if (status == HS_OK)
    status = trail->new_orders(trail->self, page, add_orders, &loading, err);
  return status == HS_OK ? look_around(&loading, trail, err) : status;
}

enum hs_rule_event hs_action_event(enum hs_event_kind kind)
{
  if (kind == HS_EVENT_LEAD)
    return HS_RULE_LEAD;
  if (kind == HS_EVENT_CUSTOM)
    return HS_RULE_CUSTOM;
  return kind == HS_EVENT_TOUCH ? HS_RULE_CLICK : HS_RULE_SALE;
}

/* Leaves out what is not wanted, with the ids that it named. */
static enum hs_status sift_page(struct page *page, hs_case_sift_fn sift, void *context,
                                struct hs_err *err)
{
  struct hs_cases *cases = page->cases;
  unsigned char *is_wanted = hs_arena_alloc(&cases->arena, cases->count, 1);
  if (is_wanted == NULL)
    return hs_arena_full(&cases->arena, "a page of orders", err);
  enum hs_status status = sift(context, cases->cases, cases->count, is_wanted, err);
  size_t kept = 0;
  for (size_t i = 0; i < cases->count && status == HS_OK; i++) {
    if (!is_wanted[i])
      continue;
    cases->cases[kept] = cases->cases[i];
    page->ids[2 * kept] = page->ids[2 * i];
    page->ids[2 * kept + 1] = page->ids[2 * i + 1];
    kept++;
  }
  cases->count = kept;
  return status;
}

enum hs_status hs_cases_load_span(struct hs_cases *cases, const struct hs_trail *trail,
                                  const struct hs_in_force *in_force, struct hs_order_span *span,
                                  hs_case_sift_fn sift, void *context, int *is_end,
                                  struct hs_err *err)
{
  const struct hs_order_page asked = {.until_sequence = span->until_sequence,
                                      .count_max = span->count_max};
  struct page loading = {.cases = cases, .in_force = in_force, .asked = &asked};
  enum hs_status status = make_room(&loading, err);
  if (status == HS_OK)
    status = trail->orders_between(trail->self, span, add_orders, &loading, err);
  if (status != HS_OK)
    return status;
  *is_end = cases->count < span->count_max;
  if (cases->count > 0) {
    const struct hs_case *last = &cases->cases[cases->count - 1];
    span->behind_us = last->at_us;
    span->behind_sequence = last->sequence;
    span->behind_row = last->row_number;
    status = sift_page(&loading, sift, context, err);
  }
  return status == HS_OK ? look_around(&loading, trail, err) : status;
}

enum hs_status hs_cases_load_actions(struct hs_cases *cases, const struct hs_trail *trail,
                                     const struct hs_in_force *in_force,
                                     const struct hs_action_page *page, struct hs_err *err)
{
  const struct hs_order_page asked = {.until_sequence = page->until_sequence,
                                      .count_max = page->count_max};
  struct page loading = {
      .cases = cases, .in_force = in_force, .asked = &asked, .event = hs_action_event(page->kind)};
  enum hs_status status = make_room(&loading, err);
  if (status == HS_OK)
    status = trail->new_actions(trail->self, page, add_actions, &loading, err);
  return status == HS_OK && loading.event != HS_RULE_CLICK ? look_around(&loading, trail, err)
                                                           : status;
}
