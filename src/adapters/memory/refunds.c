/* Refunds as they begin to hold: each beside its order. */
#include <stdlib.h>

#include "adapters/memory/trail.h"

#define SCAN_ROWS 2048

struct sold {
  struct hs_str order_id;
  struct hs_str currency;
  int64_t amount_minor;
  uint64_t sequence;
  __extension__ __int128 given_minor; /* by the refunds that were looked at so far */
};

struct held {
  const struct row *refund;
  const struct sold *order;
  uint64_t sequence; /* from which it holds */
  int64_t refunded_minor;
};

static int by_order(const void *a, const void *b)
{
  const struct sold *x = a;
  const struct sold *y = b;
  int order = hs_str_compare(x->order_id, y->order_id);
  return order ? order : hs_str_compare(x->currency, y->currency);
}

static int by_place(const void *a, const void *b)
{
  const struct held *x = a;
  const struct held *y = b;
  if (x->sequence != y->sequence)
    return x->sequence < y->sequence ? -1 : 1;
  if (x->refund->sequence != y->refund->sequence)
    return x->refund->sequence < y->refund->sequence ? -1 : 1;
  return x->refund->row_number < y->refund->row_number ? -1 : 1;
}

static struct sold *list_orders(struct trail *trail)
{
  const struct table *orders = &trail->tables[HS_EVENT_ORDER];
  struct sold *out = hs_arena_alloc(&trail->scratch, orders->count, sizeof *out);
  for (size_t i = 0; out && i < orders->count; i++) {
    const struct row *order = orders->rows[i];
    out[i] = (struct sold){text_of(order, HS_EVENT_ORDER, "order_id"),
                           text_of(order, HS_EVENT_ORDER, "currency"),
                           integer_of(order, HS_EVENT_ORDER, "amount"), order->sequence, 0};
  }
  if (out && orders->count > 1)
    qsort(out, orders->count, sizeof *out, by_order);
  return out;
}

/* Of all that was given back: at least nothing, at most what was paid. */
static int64_t refunded_of(const struct sold *order)
{
  if (order->given_minor > order->amount_minor)
    return order->amount_minor < 0 ? 0 : order->amount_minor;
  return order->given_minor < 0 ? 0 : (int64_t)order->given_minor;
}

/* Refunds of known orders that begin to hold in the range. Rows stand in the order in which they
   were stored, so what an order gave back adds up on the way. */
static size_t list_held(const struct table *refunds, struct sold *orders, size_t order_count,
                        uint64_t from, uint64_t until, struct held *out)
{
  size_t count = 0;
  for (size_t i = 0; i < refunds->count; i++) {
    const struct row *refund = refunds->rows[i];
    struct sold wanted = {.order_id = text_of(refund, HS_EVENT_REFUND, "order_id"),
                          .currency = text_of(refund, HS_EVENT_REFUND, "currency")};
    struct sold *order =
        order_count ? bsearch(&wanted, orders, order_count, sizeof *orders, by_order) : NULL;
    if (!order)
      continue;
    order->given_minor += integer_of(refund, HS_EVENT_REFUND, "amount");
    uint64_t sequence = refund->sequence > order->sequence ? refund->sequence : order->sequence;
    if (sequence > from && sequence <= until)
      out[count++] = (struct held){refund, order, sequence, refunded_of(order)};
  }
  if (count > 1)
    qsort(out, count, sizeof *out, by_place);
  return count;
}

struct refund_rows {
  struct hs_str order_id[SCAN_ROWS];
  struct hs_str refund_id[SCAN_ROWS];
  struct hs_str reason[SCAN_ROWS];
  struct hs_str currency[SCAN_ROWS];
  int64_t at_us[SCAN_ROWS];
  int64_t amount_minor[SCAN_ROWS];
  int64_t refunded_minor[SCAN_ROWS];
  int64_t order_amount_minor[SCAN_ROWS];
  uint64_t sequence[SCAN_ROWS];
  uint64_t own_sequence[SCAN_ROWS];
  int64_t row_number[SCAN_ROWS];
};

static void put_refund(struct refund_rows *rows, size_t at, const struct held *held)
{
  rows->order_id[at] = held->order->order_id;
  rows->refund_id[at] = text_of(held->refund, HS_EVENT_REFUND, "refund_id");
  rows->reason[at] = text_of(held->refund, HS_EVENT_REFUND, "reason");
  rows->currency[at] = held->order->currency;
  rows->at_us[at] = integer_of(held->refund, HS_EVENT_REFUND, "occurred_at");
  rows->amount_minor[at] = integer_of(held->refund, HS_EVENT_REFUND, "amount");
  rows->refunded_minor[at] = held->refunded_minor;
  rows->order_amount_minor[at] = held->order->amount_minor;
  rows->sequence[at] = held->sequence;
  rows->own_sequence[at] = held->refund->sequence;
  rows->row_number[at] = held->refund->row_number;
}

static enum hs_status give_refunds(struct refund_rows *rows, const struct held *held, size_t count,
                                   hs_refund_fn each, void *context, struct hs_err *err)
{
  for (size_t i = 0; i < count; i++)
    put_refund(rows, i, &held[i]);
  struct hs_refund_batch batch = {.count = count,
                                  .order_id = rows->order_id,
                                  .refund_id = rows->refund_id,
                                  .reason = rows->reason,
                                  .currency = rows->currency,
                                  .at_us = rows->at_us,
                                  .amount_minor = rows->amount_minor,
                                  .refunded_minor = rows->refunded_minor,
                                  .order_amount_minor = rows->order_amount_minor,
                                  .sequence = rows->sequence,
                                  .own_sequence = rows->own_sequence,
                                  .row_number = rows->row_number};
  return each(context, &batch, err);
}

enum hs_status hs_memory_new_refunds(void *self, uint64_t from_sequence, uint64_t until_sequence,
                                     hs_refund_fn each, void *context, struct hs_err *err)
{
  struct trail *trail = self;
  const struct table *refunds = &trail->tables[HS_EVENT_REFUND];
  hs_arena_reset(&trail->scratch, 0);
  struct sold *orders = list_orders(trail);
  struct held *held = hs_arena_alloc(&trail->scratch, refunds->count, sizeof *held);
  struct refund_rows *rows = hs_arena_alloc(&trail->scratch, 1, sizeof *rows);
  if (!orders || !held || !rows)
    return hs_arena_full(&trail->scratch, "a scan of refunds", err);
  size_t count = list_held(refunds, orders, trail->tables[HS_EVENT_ORDER].count, from_sequence,
                           until_sequence, held);
  enum hs_status status = HS_OK;
  for (size_t first = 0; status == HS_OK && first < count; first += SCAN_ROWS) {
    size_t left = count - first;
    status =
        give_refunds(rows, held + first, left < SCAN_ROWS ? left : SCAN_ROWS, each, context, err);
  }
  return status;
}
