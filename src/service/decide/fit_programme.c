/* Our side out of a programme: what customers bought, which pages they came to, how long they took.
   Of everything one value a person, the latest, so that people are compared and not orders. */
#include <stdlib.h>
#include <string.h>

#include "base/room.h"
#include "intake/items.h"
#include "measure/journeys.h"
#include "service/believe/coupon_owners.h"
#include "service/decide/fit_priv.h"

/* Address space; what is used follows the size of the period. */
#define SCRATCH_BYTES (16 * HS_GIB)
#define PAGE_ORDERS 4096
#define LOOK_BACK_US (30 * HS_DAY_US)

/* An order as far as intent goes. */
struct bought {
  hs_person_key person;
  int64_t at_us;
  struct hs_str category, country; /* absent where the order does not say */
};

struct programme_side {
  struct fit_table *table;
  struct hs_programme *programme;
  const struct hs_period *period;
  struct hs_arena scratch;
  struct hs_persons persons;
  struct bought *orders;
  size_t order_count, order_capacity;
  struct hs_order_page page;
  size_t page_count;
};

static enum hs_status full(const struct programme_side *side, struct hs_err *err)
{
  return hs_arena_full(&side->scratch, "what customers wanted", err);
}

static enum hs_status add(struct programme_side *side, const char *dimension,
                          enum hs_fit_about about, struct hs_str value, double people,
                          struct hs_err *err)
{
  struct fit_dimension *found = hs_fit_dimension(side->table, hs_str_of(dimension), about);
  return found != NULL && hs_fit_add(side->table, found, FIT_OURS, value, people)
             ? HS_OK
             : hs_arena_full(side->table->arena, "what people want", err);
}

/* ---- orders ---- */

/* The category, or else the product, of the dearest item: what the order was about. Absent where it
   names no items, or in a form that nobody wrote. */
static enum hs_status dearest(struct programme_side *side, struct hs_str items, struct hs_str *out,
                              struct hs_err *err)
{
  struct hs_line_item item = {0};
  struct hs_fault fault = {0};
  int64_t most = -1;
  *out = (struct hs_str){0};
  if (items.data == NULL)
    return HS_OK;
  char *text = hs_arena_copy(&side->scratch, items.data, items.length);
  if (text == NULL)
    return full(side, err);
  struct hs_items list = hs_items_begin(text, items.length, (struct hs_currency){0});
  while (hs_items_next(&list, &item, &fault) > 0)
    if (item.amount_minor > most) {
      most = item.amount_minor;
      *out = item.category.data != NULL ? item.category : item.product;
    }
  return HS_OK;
}

static enum hs_status take_orders(void *context, const struct hs_new_order_batch *batch,
                                  struct hs_err *err)
{
  struct programme_side *side = context;
  const struct hs_order_batch *basic = &batch->basic;
  struct bought *orders = hs_arena_room(&side->scratch, side->orders, side->order_count,
                                        basic->count + 1, &side->order_capacity, sizeof *orders);
  if (orders == NULL)
    return full(side, err);
  side->orders = orders;
  for (size_t i = 0; i < basic->count; i++) {
    hs_person_key id = basic->person[i] != 0 ? basic->person[i] : basic->customer[i];
    struct bought order = {.at_us = basic->at_us[i], .country = batch->country[i]};
    side->page.after_sequence = basic->sequence[i];
    side->page.after_row = basic->row_number[i];
    side->page_count++;
    if (id == 0)
      continue;
    order.person = hs_persons_find(&side->persons, id);
    enum hs_status status = dearest(side, batch->items[i], &order.category, err);
    if (status == HS_OK && !hs_str_keep(&side->scratch, &order.country))
      status = full(side, err);
    if (status != HS_OK)
      return status;
    side->orders[side->order_count++] = order;
  }
  return HS_OK;
}

static int by_person_and_time(const void *a, const void *b)
{
  const struct bought *x = a;
  const struct bought *y = b;
  if (x->person != y->person)
    return x->person < y->person ? -1 : 1;
  return (x->at_us > y->at_us) - (x->at_us < y->at_us);
}

static enum hs_status read_orders(struct programme_side *side, struct hs_err *err)
{
  const struct hs_trail *trail = &side->programme->trail;
  enum hs_status status = HS_OK;
  side->page = (struct hs_order_page){.after_row = INT64_MAX,
                                      .until_sequence = UINT64_MAX,
                                      .count_max = PAGE_ORDERS,
                                      .from_us = side->period->from_us,
                                      .until_us = side->period->until_us};
  do {
    side->page_count = 0;
    struct hs_order_page page = side->page;
    status = trail->new_orders(trail->self, &page, take_orders, side, err);
  } while (status == HS_OK && side->page_count == PAGE_ORDERS);
  if (status == HS_OK && side->order_count > 1)
    qsort(side->orders, side->order_count, sizeof *side->orders, by_person_and_time);
  return status;
}

/* The person's orders are [first, end). */
static enum hs_status count_person(struct programme_side *side, size_t first, size_t end,
                                   struct hs_err *err)
{
  const struct bought *last = &side->orders[end - 1];
  struct hs_str country = {0};
  for (size_t i = first; i < end; i++)
    if (side->orders[i].country.data != NULL)
      country = side->orders[i].country;
  enum hs_status status = add(side, "category", HS_FIT_INTENT, last->category, 1, err);
  if (status == HS_OK && end - first > 1)
    status = add(side, "next_purchase", HS_FIT_INTENT, last->category, 1, err);
  return status == HS_OK ? add(side, "country", HS_FIT_DEMOGRAPHICS, country, 1, err) : status;
}

static enum hs_status count_orders(struct programme_side *side, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (size_t first = 0, end = 0; status == HS_OK && first < side->order_count; first = end) {
    end = first + 1;
    while (end < side->order_count && side->orders[end].person == side->orders[first].person)
      end++;
    status = count_person(side, first, end, err);
  }
  return status;
}

/* ---- timing ---- */

struct deciding {
  struct programme_side *side;
  hs_person_key person; /* whose latest journey to an order this is; 0 before the first */
  double days;
};

static enum hs_status settle_person(const struct deciding *deciding, struct hs_err *err)
{
  return deciding->person == 0 ? HS_OK
                               : add(deciding->side, "timing", HS_FIT_INTENT,
                                     hs_str_of(hs_fit_timing(deciding->days)), 1, err);
}

/* A person's journeys are adjacent, the latest last. */
static enum hs_status take_journey(void *context, const struct hs_journey *journey,
                                   struct hs_err *err)
{
  struct deciding *deciding = context;
  enum hs_status status = HS_OK;
  if (journey->order_id.data == NULL)
    return HS_OK;
  if (journey->person != deciding->person)
    status = settle_person(deciding, err);
  deciding->person = journey->person;
  deciding->days = (double)(journey->end_us - journey->at_us[0]) / (double)HS_DAY_US;
  return status;
}

static enum hs_status count_timing(struct programme_side *side, struct hs_err *err)
{
  struct hs_programme *programme = side->programme;
  struct hs_arena journeys = {0};
  struct hs_coupon_owner *coupons = NULL;
  size_t coupon_count = 0;
  struct deciding deciding = {.side = side};
  enum hs_status status = hs_arena_init(&journeys, SCRATCH_BYTES, err);
  if (status == HS_OK)
    status = hs_coupon_owners_read(&programme->book, &side->scratch, &coupons, &coupon_count, err);
  const struct hs_journey_options options = {.from_us = side->period->from_us,
                                             .until_us = side->period->until_us,
                                             .look_back_us = LOOK_BACK_US,
                                             .currency = programme->currency,
                                             .coupons = coupons,
                                             .coupon_count = coupon_count};
  struct hs_journey_run run = {.trail = &programme->trail,
                               .persons = &side->persons,
                               .options = &options,
                               .arena = &side->scratch,
                               .scratch = &journeys};
  if (status == HS_OK)
    status = hs_journeys_run(&run, take_journey, &deciding, err);
  if (status == HS_OK)
    status = settle_person(&deciding, err);
  hs_arena_release(&journeys);
  return status;
}

/* ---- landing pages ---- */

struct target {
  struct hs_str link, page;
};

struct landing {
  struct programme_side *side;
  struct target *targets; /* by link, as the book lists them */
  size_t count, capacity;
};

static enum hs_status take_link(void *context, const struct hs_link *link, struct hs_err *err)
{
  struct landing *landing = context;
  struct target target = {link->name, link->target};
  struct target *targets = hs_arena_room(&landing->side->scratch, landing->targets, landing->count,
                                         1, &landing->capacity, sizeof *targets);
  if (targets == NULL || !hs_str_keep(&landing->side->scratch, &target.link) ||
      !hs_str_keep(&landing->side->scratch, &target.page))
    return full(landing->side, err);
  landing->targets = targets;
  targets[landing->count++] = target;
  return HS_OK;
}

static int compare_targets(const void *a, const void *b)
{
  return hs_str_compare(((const struct target *)a)->link, ((const struct target *)b)->link);
}

/* A link that the book does not know may be the page itself. */
static enum hs_status take_followed(void *context, struct hs_str link, uint64_t persons,
                                    struct hs_err *err)
{
  const struct landing *landing = context;
  const struct target wanted = {.link = link};
  const struct target *target = landing->count == 0
                                    ? NULL
                                    : bsearch(&wanted, landing->targets, landing->count,
                                              sizeof *landing->targets, compare_targets);
  return add(landing->side, "landing_page", HS_FIT_INTENT, target == NULL ? link : target->page,
             (double)persons, err);
}

static enum hs_status count_pages(struct programme_side *side, struct hs_err *err)
{
  const struct hs_trail *trail = &side->programme->trail;
  struct hs_book *book = &side->programme->book;
  struct landing landing = {.side = side};
  enum hs_status status = book->links(book->self, take_link, &landing, err);
  if (status == HS_OK && landing.count > 1)
    qsort(landing.targets, landing.count, sizeof *landing.targets, compare_targets);
  return status == HS_OK
             ? trail->links_followed(trail->self, side->period->from_us, side->period->until_us,
                                     take_followed, &landing, err)
             : status;
}

/* ---- all of it ---- */

static enum hs_status read_side(struct programme_side *side, struct hs_err *err)
{
  struct hs_arena join = {0};
  enum hs_status status = hs_arena_init(&join, SCRATCH_BYTES, err);
  if (status == HS_OK)
    status = hs_persons_join(&side->scratch, &join, &side->programme->trail, side->period->until_us,
                             &(struct hs_persons_options){0}, &side->persons, err);
  hs_arena_release(&join);
  if (status == HS_OK)
    status = read_orders(side, err);
  if (status == HS_OK)
    status = count_orders(side, err);
  if (status == HS_OK)
    status = count_timing(side, err);
  return status == HS_OK ? count_pages(side, err) : status;
}

enum hs_status hs_fit_read_programme(struct fit_reading *reading, struct hs_err *err)
{
  struct programme_side side = {.table = reading->table,
                                .programme = reading->options->programme,
                                .period = &reading->options->period};
  enum hs_status status = hs_arena_init(&side.scratch, SCRATCH_BYTES, err);
  if (status == HS_OK)
    status = read_side(&side, err);
  hs_arena_release(&side.scratch);
  return status;
}
