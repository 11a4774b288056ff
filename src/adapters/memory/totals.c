/* The totals of a period, and the counts and the range that are known without a scan. */
#include "ports/totals.h"

#include <stdlib.h>

#include "adapters/memory/trail.h"

struct seen {
  struct hs_str partner; /* empty without one */
  struct hs_str channel; /* empty in the count of a whole partner */
  hs_person_key person;
};

static int by_seen(const void *a, const void *b)
{
  const struct seen *x = a;
  const struct seen *y = b;
  int order = hs_str_compare(x->partner, y->partner);
  if (order == 0)
    order = hs_str_compare(x->channel, y->channel);
  return order ? order : (x->person > y->person) - (x->person < y->person);
}

static int same_line(const struct seen *a, const struct seen *b)
{
  return hs_str_equal(a->partner, b->partner) && hs_str_equal(a->channel, b->channel);
}

static enum hs_status fold_seen(struct hs_totals *totals, struct seen *seen, size_t count,
                                struct hs_err *err)
{
  if (count > 1)
    qsort(seen, count, sizeof *seen, by_seen);
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && i < count;) {
    size_t first = i;
    uint64_t persons = 0;
    for (; i < count && same_line(&seen[first], &seen[i]); i++)
      persons += i == first || seen[i].person != seen[i - 1].person;
    status = hs_totals_add_touches(totals, seen[first].partner, seen[first].channel, i - first,
                                   persons, err);
  }
  return status;
}

static enum hs_status total_touches(struct trail *trail, struct hs_totals *totals, int64_t from_us,
                                    int64_t until_us, struct hs_err *err)
{
  const struct table *touches = &trail->tables[HS_EVENT_TOUCH];
  struct seen *seen = hs_arena_alloc(&trail->scratch, 2 * touches->count, sizeof *seen);
  if (!seen)
    return hs_arena_full(&trail->scratch, "the totals of touches", err);
  size_t count = 0;
  for (size_t i = 0; i < touches->count; i++) {
    const struct row *touch = touches->rows[i];
    if (!is_in(integer_of(touch, HS_EVENT_TOUCH, "occurred_at"), from_us, until_us))
      continue;
    struct hs_str partner = text_of(touch, HS_EVENT_TOUCH, "partner");
    hs_person_key person = hs_person_key_of(text_of(touch, HS_EVENT_TOUCH, "person"));
    seen[count++] = (struct seen){partner.data ? partner : HS_STR(""),
                                  text_of(touch, HS_EVENT_TOUCH, "kind"), person};
    if (partner.data)
      seen[count++] = (struct seen){partner, HS_STR(""), person};
  }
  return fold_seen(totals, seen, count, err);
}

static int by_lead_then_place(const void *left, const void *right)
{
  const struct row *const *a = left;
  const struct row *const *b = right;
  int order =
      hs_str_compare(text_of(*a, HS_EVENT_LEAD, "lead_id"), text_of(*b, HS_EVENT_LEAD, "lead_id"));
  if (order != 0)
    return order;
  if ((*a)->sequence != (*b)->sequence)
    return (*a)->sequence < (*b)->sequence ? -1 : 1;
  return ((*a)->row_number > (*b)->row_number) - ((*a)->row_number < (*b)->row_number);
}

/* A lead has a row for each status; it came in with its first. */
static enum hs_status total_leads(struct trail *trail, struct hs_totals *totals, int64_t from_us,
                                  int64_t until_us, struct hs_err *err)
{
  const struct table *leads = &trail->tables[HS_EVENT_LEAD];
  const struct row **sorted = hs_arena_alloc_raw(&trail->scratch, leads->count, sizeof *sorted);
  enum hs_status status = HS_OK;
  if (sorted == NULL)
    return hs_arena_full(&trail->scratch, "the leads of a period", err);
  for (size_t i = 0; i < leads->count; i++)
    sorted[i] = leads->rows[i];
  if (leads->count > 1)
    qsort(sorted, leads->count, sizeof *sorted, by_lead_then_place);
  for (size_t i = 0; status == HS_OK && i < leads->count; i++) {
    struct hs_str lead = text_of(sorted[i], HS_EVENT_LEAD, "lead_id");
    int is_first = i == 0 || !hs_str_equal(lead, text_of(sorted[i - 1], HS_EVENT_LEAD, "lead_id"));
    if (is_first && is_in(integer_of(sorted[i], HS_EVENT_LEAD, "occurred_at"), from_us, until_us))
      status = hs_totals_add_leads(totals, text_of(sorted[i], HS_EVENT_LEAD, "partner"), 1, err);
  }
  return status;
}

static enum hs_status total_activity(const struct trail *trail, struct hs_totals *totals,
                                     struct hs_err *err)
{
  const struct table *activity = &trail->tables[HS_EVENT_ACTIVITY];
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && i < activity->count; i++) {
    const struct row *row = activity->rows[i];
    int64_t day = integer_of(row, HS_EVENT_ACTIVITY, "day");
    if (day >= totals->day_first && day < totals->day_end)
      status = hs_totals_add_activity(totals, text_of(row, HS_EVENT_ACTIVITY, "partner"),
                                      text_of(row, HS_EVENT_ACTIVITY, "kind"),
                                      integer_of(row, HS_EVENT_ACTIVITY, "count"), err);
  }
  return status;
}

static enum hs_status total_costs(const struct trail *trail, struct hs_totals *totals,
                                  struct hs_err *err)
{
  const struct table *costs = &trail->tables[HS_EVENT_COST];
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && i < costs->count; i++) {
    const struct row *row = costs->rows[i];
    const struct cell *to = cell_of(row, HS_EVENT_COST, "to");
    const struct cell *amount = cell_of(row, HS_EVENT_COST, "amount");
    int64_t from_day = integer_of(row, HS_EVENT_COST, "from");
    struct hs_totals_cost cost = {.partner = text_of(row, HS_EVENT_COST, "partner"),
                                  .channel = text_of(row, HS_EVENT_COST, "channel"),
                                  .from_day = from_day,
                                  .to_day = to->is_absent ? from_day : to->integer,
                                  .amount_minor = amount->integer,
                                  .hours = cell_of(row, HS_EVENT_COST, "hours")->real};
    if (!amount->is_absent)
      cost.currency = text_of(row, HS_EVENT_COST, "currency");
    status = hs_totals_add_cost(totals, &cost, err);
  }
  return status;
}

enum hs_status hs_memory_totals(void *self, int64_t from_us, int64_t until_us, hs_total_fn each,
                                void *context, struct hs_err *err)
{
  struct trail *trail = self;
  struct hs_totals totals;
  hs_arena_reset(&trail->scratch, 0);
  hs_totals_init(&totals, &trail->scratch, from_us, until_us);
  enum hs_status status = total_touches(trail, &totals, from_us, until_us, err);
  if (status == HS_OK)
    status = total_leads(trail, &totals, from_us, until_us, err);
  if (status == HS_OK)
    status = total_activity(trail, &totals, err);
  if (status == HS_OK)
    status = total_costs(trail, &totals, err);
  return status ? status : hs_totals_give(&totals, each, context, err);
}

/* ---- counts and range ---- */

static void widen(const struct table *table, int64_t *first_us, int64_t *last_us)
{
  for (size_t i = 0; i < table->count; i++) {
    int64_t at_us = integer_of(table->rows[i], table->kind, "occurred_at");
    *first_us = at_us < *first_us ? at_us : *first_us;
    *last_us = at_us > *last_us ? at_us : *last_us;
  }
}

enum hs_status hs_memory_conflict_count(void *self, uint64_t *out,
                                        [[maybe_unused]] struct hs_err *err)
{
  const struct trail *trail = self;
  *out = trail->conflicts.count;
  return HS_OK;
}

enum hs_status hs_memory_touch_count(void *self, int64_t from_us, int64_t until_us, uint64_t *out,
                                     [[maybe_unused]] struct hs_err *err)
{
  const struct trail *trail = self;
  const struct table *touches = &trail->tables[HS_EVENT_TOUCH];
  *out = 0;
  for (size_t i = 0; i < touches->count; i++)
    *out += (uint64_t)is_in(integer_of(touches->rows[i], HS_EVENT_TOUCH, "occurred_at"), from_us,
                            until_us);
  return HS_OK;
}

enum hs_status hs_memory_range(void *self, int64_t *first_us, int64_t *last_us, struct hs_err *err)
{
  const struct trail *trail = self;
  const struct table *touches = &trail->tables[HS_EVENT_TOUCH];
  const struct table *orders = &trail->tables[HS_EVENT_ORDER];
  if (touches->count + orders->count == 0)
    return hs_fail(err, HS_NOT_FOUND, "there is nothing with a date yet");
  int64_t first = INT64_MAX;
  int64_t last = INT64_MIN;
  widen(touches, &first, &last);
  widen(orders, &first, &last);
  *first_us = first;
  *last_us = last;
  return HS_OK;
}

static void widen_days(const struct table *table, const char *from, const char *to,
                       int64_t *first_day, int64_t *last_day)
{
  for (size_t i = 0; i < table->count; i++) {
    int64_t day = integer_of(table->rows[i], table->kind, from);
    const struct cell *end = cell_of(table->rows[i], table->kind, to);
    int64_t end_day = end->is_absent ? day : end->integer;
    *first_day = day < *first_day ? day : *first_day;
    *last_day = end_day > *last_day ? end_day : *last_day;
  }
}

enum hs_status hs_memory_day_range(void *self, int64_t *first_day, int64_t *last_day,
                                   struct hs_err *err)
{
  const struct trail *trail = self;
  const struct table *activity = &trail->tables[HS_EVENT_ACTIVITY];
  const struct table *costs = &trail->tables[HS_EVENT_COST];
  if (activity->count + costs->count == 0)
    return hs_fail(err, HS_NOT_FOUND, "there is nothing with a date yet");
  int64_t first = INT64_MAX;
  int64_t last = INT64_MIN;
  widen_days(activity, "day", "day", &first, &last);
  widen_days(costs, "from", "to", &first, &last);
  *first_day = first;
  *last_day = last;
  return HS_OK;
}

static int by_order_id(const void *a, const void *b)
{
  return hs_str_compare(text_of(*(const struct row *const *)a, HS_EVENT_ORDER, "order_id"),
                        text_of(*(const struct row *const *)b, HS_EVENT_ORDER, "order_id"));
}

static int against_order(const void *order_id, const void *order)
{
  return hs_str_compare(*(const struct hs_str *)order_id,
                        text_of(*(const struct row *const *)order, HS_EVENT_ORDER, "order_id"));
}

static void count_stray(const struct row *refund, const struct row *const *orders, size_t count,
                        struct hs_stray_refunds *out)
{
  struct hs_str order_id = text_of(refund, HS_EVENT_REFUND, "order_id");
  const struct row *const *order =
      count == 0 ? NULL : bsearch(&order_id, orders, count, sizeof *orders, against_order);
  if (!order)
    out->order_unknown++;
  else if (!hs_str_equal(text_of(*order, HS_EVENT_ORDER, "currency"),
                         text_of(refund, HS_EVENT_REFUND, "currency")))
    out->other_currency++;
}

enum hs_status hs_memory_stray_refunds(void *self, int64_t from_us, int64_t until_us,
                                       struct hs_stray_refunds *out, struct hs_err *err)
{
  struct trail *trail = self;
  const struct table *orders = &trail->tables[HS_EVENT_ORDER];
  const struct table *refunds = &trail->tables[HS_EVENT_REFUND];
  hs_arena_reset(&trail->scratch, 0);
  const struct row **sorted = hs_arena_alloc(&trail->scratch, orders->count, sizeof *sorted);
  if (!sorted)
    return hs_arena_full(&trail->scratch, "the orders of refunds", err);
  for (size_t i = 0; i < orders->count; i++)
    sorted[i] = orders->rows[i];
  if (orders->count > 1)
    qsort(sorted, orders->count, sizeof *sorted, by_order_id);
  *out = (struct hs_stray_refunds){0};
  for (size_t i = 0; i < refunds->count; i++)
    if (is_in(integer_of(refunds->rows[i], HS_EVENT_REFUND, "occurred_at"), from_us, until_us))
      count_stray(refunds->rows[i], sorted, orders->count, out);
  return HS_OK;
}
