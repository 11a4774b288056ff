#include "service/decide/trend_cohorts.h"

#include <stdlib.h>

#include "base/room.h"
#include "measure/persons.h"

/* Address space; what is used follows the number of ids. */
#define SCRATCH_BYTES (16 * HS_GIB)
#define MONTHS_IN_QUARTER 3
#define MONTHS_IN_YEAR 12

enum hs_status hs_trend_bought_add(struct hs_trend_bought_list *list,
                                   const struct hs_trend_bought *order, struct hs_err *err)
{
  struct hs_trend_bought *orders =
      hs_arena_room(list->arena, list->orders, list->count, 1, &list->capacity, sizeof *orders);
  if (orders == NULL)
    return hs_arena_full(list->arena, "the orders of agreements", err);
  list->orders = orders;
  orders[list->count++] = *order;
  return HS_OK;
}

/* ---- who bought ---- */

struct meeting {
  struct hs_trend_bought_list *list;
  struct hs_persons persons;
};

static int by_order(const void *a, const void *b)
{
  uint64_t x = ((const struct hs_trend_bought *)a)->order;
  uint64_t y = ((const struct hs_trend_bought *)b)->order;
  return (x > y) - (x < y);
}

/* An order may be credited to several agreements: all of its places. */
static void meet(struct hs_trend_bought_list *list, uint64_t order, hs_person_key person)
{
  size_t low = 0, high = list->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (list->orders[middle].order < order)
      low = middle + 1;
    else
      high = middle;
  }
  for (; low < list->count && list->orders[low].order == order; low++)
    list->orders[low].person = person;
}

static enum hs_status take_orders(void *context, const struct hs_order_batch *batch,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct meeting *meeting = context;
  for (size_t i = 0; i < batch->count; i++) {
    hs_person_key id = batch->person[i] != 0 ? batch->person[i] : batch->customer[i];
    if (id != 0)
      meet(meeting->list, hs_person_key_of(batch->order_id[i]),
           hs_persons_find(&meeting->persons, id));
  }
  return HS_OK;
}

enum hs_status hs_trend_bought_by(struct hs_trend_bought_list *list,
                                  const struct hs_programme *programme, const struct hs_scan *scan,
                                  struct hs_err *err)
{
  const struct hs_trail *trail = &programme->trail;
  const struct hs_persons_options usual = {0};
  struct meeting meeting = {.list = list};
  struct hs_arena joined = {0}, scratch = {0};
  if (list->count > 1)
    qsort(list->orders, list->count, sizeof *list->orders, by_order);
  enum hs_status status = hs_arena_init(&joined, SCRATCH_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&scratch, SCRATCH_BYTES, err);
  if (status == HS_OK)
    status =
        hs_persons_join(&joined, &scratch, trail, scan->until_us, &usual, &meeting.persons, err);
  if (status == HS_OK)
    status = trail->scan_orders(trail->self, scan, take_orders, &meeting, err);
  hs_arena_release(&scratch);
  hs_arena_release(&joined);
  return status;
}

/* ---- the stack ---- */

static int by_person_and_month(const void *a, const void *b)
{
  const struct hs_trend_bought *x = a;
  const struct hs_trend_bought *y = b;
  if (x->person != y->person)
    return x->person < y->person ? -1 : 1;
  if (x->month != y->month)
    return x->month < y->month ? -1 : 1;
  return by_order(a, b);
}

/* The agreement's orders with a person, in order, and how many. NULL when the arena is full. */
static struct hs_trend_bought *own_orders(const struct hs_trend_bought_list *list, size_t agreement,
                                          size_t *count)
{
  struct hs_trend_bought *own = hs_arena_alloc_raw(list->arena, list->count + 1, sizeof *own);
  *count = 0;
  for (size_t i = 0; own != NULL && i < list->count; i++)
    if (list->orders[i].agreement == agreement && list->orders[i].person != 0)
      own[(*count)++] = list->orders[i];
  if (*count > 1)
    qsort(own, *count, sizeof *own, by_person_and_month);
  return own;
}

enum hs_status hs_trend_bought_stack(const struct hs_trend_bought_list *list, size_t agreement,
                                     int64_t first_month, size_t from, size_t month_count,
                                     int *has_stack, struct hs_cohort_stack *out,
                                     struct hs_err *err)
{
  int64_t first_quarter = first_month / MONTHS_IN_QUARTER;
  size_t periods = month_count - from;
  size_t cohorts = month_count / MONTHS_IN_QUARTER + 2;
  size_t count = 0;
  size_t cohort = 0;
  *has_stack = 0;
  if (periods < (size_t)2 * MONTHS_IN_YEAR)
    return HS_OK;
  size_t mark = hs_arena_mark(list->arena);
  const struct hs_trend_bought *own = own_orders(list, agreement, &count);
  double *table = hs_arena_alloc(list->arena, cohorts * periods, sizeof *table);
  if (own == NULL || table == NULL)
    return hs_arena_full(list->arena, "a table of cohorts by month", err);
  for (size_t i = 0; i < count; i++) {
    if (i == 0 || own[i].person != own[i - 1].person)
      cohort = (size_t)((first_month + (int64_t)own[i].month) / MONTHS_IN_QUARTER - first_quarter);
    if (own[i].month >= from)
      table[cohort * periods + own[i].month - from] += own[i].value;
  }
  *has_stack = hs_cohorts_stack(table, cohorts, periods, MONTHS_IN_YEAR, out);
  hs_arena_reset(list->arena, mark);
  return HS_OK;
}
