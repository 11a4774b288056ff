/* Names, scans and paths: walks over the rows of one kind, given in batches. */
#include <stdlib.h>

#include "adapters/memory/trail.h"

#define SCAN_ROWS 2048

/* ---- channels and touches ---- */

static struct hs_str channel_of(const struct row *touch)
{
  struct hs_str partner = text_of(touch, HS_EVENT_TOUCH, "partner");
  return partner.data ? partner : text_of(touch, HS_EVENT_TOUCH, "kind");
}

static int by_bytes(const void *a, const void *b)
{
  return hs_str_compare(*(const struct hs_str *)a, *(const struct hs_str *)b);
}

/* Sorts the names in scratch and copies the distinct ones. */
static enum hs_status give_names(struct hs_str *all, size_t all_count, struct hs_arena *arena,
                                 struct hs_str **names, size_t *count, struct hs_err *err)
{
  if (all_count > 1)
    qsort(all, all_count, sizeof *all, by_bytes);
  size_t distinct = 0;
  for (size_t i = 0; i < all_count; i++)
    if (distinct == 0 || !hs_str_equal(all[distinct - 1], all[i]))
      all[distinct++] = all[i];
  struct hs_str *out = hs_arena_alloc(arena, distinct, sizeof *out);
  for (size_t i = 0; out && i < distinct; i++) {
    out[i] = (struct hs_str){hs_arena_copy(arena, all[i].data, all[i].length), all[i].length};
    if (!out[i].data)
      out = NULL;
  }
  if (!out)
    return hs_arena_full(arena, "the names of channels", err);
  *names = out;
  *count = distinct;
  return HS_OK;
}

enum hs_status hs_memory_channels(void *self, struct hs_arena *arena, struct hs_str **names,
                                  size_t *count, struct hs_err *err)
{
  struct trail *trail = self;
  const struct table *touches = &trail->tables[HS_EVENT_TOUCH];
  hs_arena_reset(&trail->scratch, 0);
  struct hs_str *all = hs_arena_alloc(&trail->scratch, touches->count, sizeof *all);
  if (!all)
    return hs_arena_full(&trail->scratch, "the names of channels", err);
  for (size_t i = 0; i < touches->count; i++)
    all[i] = channel_of(touches->rows[i]);
  return give_names(all, touches->count, arena, names, count, err);
}

enum hs_status hs_memory_partners(void *self, struct hs_arena *arena, struct hs_str **names,
                                  size_t *count, struct hs_err *err)
{
  static const enum hs_event_kind KINDS[] = {HS_EVENT_TOUCH,    HS_EVENT_LEAD, HS_EVENT_CUSTOM,
                                             HS_EVENT_ACTIVITY, HS_EVENT_COST, HS_EVENT_SURVEY};
  struct trail *trail = self;
  size_t row_count = 0;
  size_t next = 0;
  hs_arena_reset(&trail->scratch, 0);
  for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++)
    row_count += trail->tables[KINDS[k]].count;
  struct hs_str *all = hs_arena_alloc(&trail->scratch, row_count, sizeof *all);
  if (!all)
    return hs_arena_full(&trail->scratch, "the names of partners", err);
  for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++)
    for (size_t i = 0; i < trail->tables[KINDS[k]].count; i++) {
      all[next] = text_of(trail->tables[KINDS[k]].rows[i], KINDS[k], "partner");
      next += all[next].data != NULL;
    }
  return give_names(all, next, arena, names, count, err);
}

struct touch_rows {
  hs_person_key person[SCAN_ROWS];
  int64_t at_us[SCAN_ROWS];
  uint32_t channel[SCAN_ROWS];
  uint64_t sequence[SCAN_ROWS];
  int64_t row_number[SCAN_ROWS];
};

static enum hs_status give_touches(const struct touch_rows *rows, size_t *count, hs_touch_fn each,
                                   void *context, struct hs_err *err)
{
  if (*count == 0)
    return HS_OK;
  struct hs_touch_batch batch = {*count,        rows->person,   rows->at_us,
                                 rows->channel, rows->sequence, rows->row_number};
  *count = 0;
  return each(context, &batch, err);
}

enum hs_status hs_memory_scan_touches(void *self, const struct hs_scan *scan,
                                      const struct hs_str *names, size_t name_count,
                                      hs_touch_fn each, void *context, struct hs_err *err)
{
  struct trail *trail = self;
  const struct table *touches = &trail->tables[HS_EVENT_TOUCH];
  hs_arena_reset(&trail->scratch, 0);
  struct touch_rows *rows = hs_arena_alloc(&trail->scratch, 1, sizeof *rows);
  if (!rows)
    return hs_arena_full(&trail->scratch, "a scan of touches", err);
  size_t count = 0;
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && i < touches->count; i++) {
    const struct row *touch = touches->rows[i];
    int64_t at_us = integer_of(touch, HS_EVENT_TOUCH, "occurred_at");
    hs_person_key person = hs_person_key_of(text_of(touch, HS_EVENT_TOUCH, "person"));
    if (!is_in(at_us, scan->from_us, scan->until_us) ||
        hs_person_part(person, scan->part_count) != scan->part)
      continue;
    struct hs_str channel = channel_of(touch);
    const struct hs_str *name =
        name_count ? bsearch(&channel, names, name_count, sizeof *names, by_bytes) : NULL;
    if (!name)
      return hs_fail(err, HS_INVALID, "the list of channels lacks \"%.*s\"", HS_STR_ARG(channel));
    rows->person[count] = person;
    rows->at_us[count] = at_us;
    rows->channel[count] = (uint32_t)(name - names);
    rows->sequence[count] = touch->sequence;
    rows->row_number[count++] = touch->row_number;
    if (count == SCAN_ROWS)
      status = give_touches(rows, &count, each, context, err);
  }
  return status ? status : give_touches(rows, &count, each, context, err);
}

/* ---- orders ---- */

struct order_rows {
  hs_person_key person[SCAN_ROWS];
  hs_person_key customer[SCAN_ROWS];
  int64_t at_us[SCAN_ROWS];
  int64_t amount_minor[SCAN_ROWS];
  int64_t refunded_minor[SCAN_ROWS];
  struct hs_str currency[SCAN_ROWS];
  struct hs_str order_id[SCAN_ROWS];
  struct hs_str coupon[SCAN_ROWS];
  uint64_t sequence[SCAN_ROWS];
  int64_t row_number[SCAN_ROWS];
};

/* A refund, reduced to what it is looked up by. */
struct given_back {
  struct hs_str order_id;
  struct hs_str currency;
  int64_t amount_minor;
};

static int by_order(const void *a, const void *b)
{
  const struct given_back *x = a;
  const struct given_back *y = b;
  int order = hs_str_compare(x->order_id, y->order_id);
  return order ? order : hs_str_compare(x->currency, y->currency);
}

/* Of refunds granted before a moment, and of frames up to until_sequence. */
static struct given_back *refunds_until(struct trail *trail, int64_t until_us,
                                        uint64_t until_sequence, size_t *count)
{
  const struct table *refunds = &trail->tables[HS_EVENT_REFUND];
  struct given_back *out = hs_arena_alloc(&trail->scratch, refunds->count, sizeof *out);
  *count = 0;
  for (size_t i = 0; out && i < refunds->count; i++) {
    const struct row *refund = refunds->rows[i];
    if (refund->sequence <= until_sequence &&
        integer_of(refund, HS_EVENT_REFUND, "occurred_at") < until_us)
      out[(*count)++] = (struct given_back){text_of(refund, HS_EVENT_REFUND, "order_id"),
                                            text_of(refund, HS_EVENT_REFUND, "currency"),
                                            integer_of(refund, HS_EVENT_REFUND, "amount")};
  }
  if (out && *count > 1)
    qsort(out, *count, sizeof *out, by_order);
  return out;
}

/* What was given back of the order: at least nothing, at most what was paid. */
static int64_t refunded_of(const struct given_back *refunds, size_t count, struct given_back order)
{
  size_t low = 0;
  for (size_t high = count; low < high;) {
    size_t middle = low + (high - low) / 2;
    if (by_order(&refunds[middle], &order) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  __extension__ __int128 sum = 0;
  for (; low < count && by_order(&refunds[low], &order) == 0; low++)
    sum += refunds[low].amount_minor;
  if (sum > order.amount_minor)
    sum = order.amount_minor;
  return sum < 0 ? 0 : (int64_t)sum;
}

static void put_order(struct order_rows *rows, size_t at, const struct row *order,
                      const struct given_back *refunds, size_t refund_count)
{
  rows->person[at] = key_or_none(text_of(order, HS_EVENT_ORDER, "person"));
  rows->customer[at] = key_or_none(text_of(order, HS_EVENT_ORDER, "customer"));
  rows->at_us[at] = integer_of(order, HS_EVENT_ORDER, "occurred_at");
  rows->amount_minor[at] = integer_of(order, HS_EVENT_ORDER, "amount");
  rows->currency[at] = text_of(order, HS_EVENT_ORDER, "currency");
  rows->order_id[at] = text_of(order, HS_EVENT_ORDER, "order_id");
  rows->coupon[at] = text_of(order, HS_EVENT_ORDER, "coupon");
  rows->sequence[at] = order->sequence;
  rows->row_number[at] = order->row_number;
  rows->refunded_minor[at] = refunded_of(
      refunds, refund_count,
      (struct given_back){rows->order_id[at], rows->currency[at], rows->amount_minor[at]});
}

static struct hs_order_batch order_batch(const struct order_rows *rows, size_t count)
{
  return (struct hs_order_batch){.count = count,
                                 .person = rows->person,
                                 .customer = rows->customer,
                                 .at_us = rows->at_us,
                                 .amount_minor = rows->amount_minor,
                                 .refunded_minor = rows->refunded_minor,
                                 .currency = rows->currency,
                                 .order_id = rows->order_id,
                                 .coupon = rows->coupon,
                                 .sequence = rows->sequence,
                                 .row_number = rows->row_number};
}

static enum hs_status give_orders(const struct order_rows *rows, size_t *count, hs_order_fn each,
                                  void *context, struct hs_err *err)
{
  if (*count == 0)
    return HS_OK;
  struct hs_order_batch batch = order_batch(rows, *count);
  *count = 0;
  return each(context, &batch, err);
}

enum hs_status hs_memory_scan_orders(void *self, const struct hs_scan *scan, hs_order_fn each,
                                     void *context, struct hs_err *err)
{
  struct trail *trail = self;
  const struct table *orders = &trail->tables[HS_EVENT_ORDER];
  hs_arena_reset(&trail->scratch, 0);
  size_t refund_count = 0;
  const struct given_back *refunds =
      refunds_until(trail, scan->refund_until_us, UINT64_MAX, &refund_count);
  struct order_rows *rows = hs_arena_alloc(&trail->scratch, 1, sizeof *rows);
  if (!refunds || !rows)
    return hs_arena_full(&trail->scratch, "a scan of orders", err);
  size_t count = 0;
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && i < orders->count; i++) {
    int64_t at_us = integer_of(orders->rows[i], HS_EVENT_ORDER, "occurred_at");
    if (!is_in(at_us, scan->from_us, scan->until_us))
      continue;
    put_order(rows, count++, orders->rows[i], refunds, refund_count);
    if (count == SCAN_ROWS)
      status = give_orders(rows, &count, each, context, err);
  }
  return status ? status : give_orders(rows, &count, each, context, err);
}

/* What only the judge asks of an order. */
struct new_order_rows {
  struct order_rows basic;
  int64_t cart_at_us[SCAN_ROWS];
  int64_t tax_minor[SCAN_ROWS];
  int64_t shipping_minor[SCAN_ROWS];
  int64_t discount_minor[SCAN_ROWS];
  int64_t cost_minor[SCAN_ROWS];
  struct hs_str country[SCAN_ROWS];
  struct hs_str items[SCAN_ROWS];
  struct hs_str metadata[SCAN_ROWS];
};

static int64_t integer_or(const struct row *order, const char *column, int64_t otherwise)
{
  const struct cell *cell = cell_of(order, HS_EVENT_ORDER, column);
  return cell->is_absent ? otherwise : cell->integer;
}

static void put_new_order(struct new_order_rows *rows, size_t at, const struct row *order,
                          const struct given_back *refunds, size_t refund_count)
{
  put_order(&rows->basic, at, order, refunds, refund_count);
  rows->cart_at_us[at] = integer_or(order, "cart_at", INT64_MAX);
  rows->tax_minor[at] = integer_or(order, "tax", 0);
  rows->shipping_minor[at] = integer_or(order, "shipping", 0);
  rows->discount_minor[at] = integer_or(order, "discount", 0);
  rows->cost_minor[at] = integer_or(order, "cost", -1);
  rows->country[at] = text_of(order, HS_EVENT_ORDER, "country");
  rows->items[at] = text_of(order, HS_EVENT_ORDER, "items");
  rows->metadata[at] = text_of(order, HS_EVENT_ORDER, "metadata");
}

static enum hs_status give_new_orders(const struct new_order_rows *rows, size_t *count,
                                      hs_new_order_fn each, void *context, struct hs_err *err)
{
  if (*count == 0)
    return HS_OK;
  struct hs_new_order_batch batch = {.basic = order_batch(&rows->basic, *count),
                                     .cart_at_us = rows->cart_at_us,
                                     .tax_minor = rows->tax_minor,
                                     .shipping_minor = rows->shipping_minor,
                                     .discount_minor = rows->discount_minor,
                                     .cost_minor = rows->cost_minor,
                                     .country = rows->country,
                                     .items = rows->items,
                                     .metadata = rows->metadata};
  *count = 0;
  return each(context, &batch, err);
}

static int is_on_page(const struct row *order, const struct hs_order_page *page)
{
  if (order->sequence > page->until_sequence || order->sequence < page->after_sequence ||
      (order->sequence == page->after_sequence && order->row_number <= page->after_row))
    return 0;
  if ((page->from_us != 0 || page->until_us != 0) &&
      !is_in(integer_of(order, HS_EVENT_ORDER, "occurred_at"), page->from_us, page->until_us))
    return 0;
  return page->order_id.data == NULL ||
         hs_str_equal(page->order_id, text_of(order, HS_EVENT_ORDER, "order_id"));
}

/* Rows stand in the table as they were stored: by (sequence, row_number). */
enum hs_status hs_memory_new_orders(void *self, const struct hs_order_page *page,
                                    hs_new_order_fn each, void *context, struct hs_err *err)
{
  struct trail *trail = self;
  const struct table *orders = &trail->tables[HS_EVENT_ORDER];
  hs_arena_reset(&trail->scratch, 0);
  struct new_order_rows *rows = hs_arena_alloc(&trail->scratch, 1, sizeof *rows);
  if (!rows)
    return hs_arena_full(&trail->scratch, "a scan of orders", err);
  size_t count = 0;
  size_t left = page->count_max;
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && left > 0 && i < orders->count; i++) {
    const struct row *order = orders->rows[i];
    if (!is_on_page(order, page))
      continue;
    left--;
    put_new_order(rows, count++, order, NULL, 0);
    if (count == SCAN_ROWS)
      status = give_new_orders(rows, &count, each, context, err);
  }
  return status ? status : give_new_orders(rows, &count, each, context, err);
}

static int by_moment(const void *a, const void *b)
{
  const struct row *x = *(const struct row *const *)a;
  const struct row *y = *(const struct row *const *)b;
  int64_t at_x = integer_of(x, HS_EVENT_ORDER, "occurred_at");
  int64_t at_y = integer_of(y, HS_EVENT_ORDER, "occurred_at");
  if (at_x != at_y)
    return at_x < at_y ? -1 : 1;
  if (x->sequence != y->sequence)
    return x->sequence < y->sequence ? -1 : 1;
  return (x->row_number > y->row_number) - (x->row_number < y->row_number);
}

static int is_behind(const struct row *order, int64_t at_us, const struct hs_order_span *span)
{
  if (at_us != span->behind_us)
    return at_us > span->behind_us;
  return order->sequence > span->behind_sequence ||
         (order->sequence == span->behind_sequence && order->row_number > span->behind_row);
}

static size_t list_between(const struct table *orders, const struct hs_order_span *span,
                           const struct row **out)
{
  size_t count = 0;
  for (size_t i = 0; i < orders->count; i++) {
    const struct row *order = orders->rows[i];
    int64_t at_us = integer_of(order, HS_EVENT_ORDER, "occurred_at");
    if (order->sequence > span->after_sequence && order->sequence <= span->until_sequence &&
        is_in(at_us, span->from_us, span->until_us) && is_behind(order, at_us, span))
      out[count++] = order;
  }
  if (count > 1)
    qsort(out, count, sizeof *out, by_moment);
  return count < span->count_max ? count : span->count_max;
}

enum hs_status hs_memory_orders_between(void *self, const struct hs_order_span *span,
                                        hs_new_order_fn each, void *context, struct hs_err *err)
{
  struct trail *trail = self;
  const struct table *orders = &trail->tables[HS_EVENT_ORDER];
  hs_arena_reset(&trail->scratch, 0);
  size_t refund_count = 0;
  const struct given_back *refunds =
      refunds_until(trail, INT64_MAX, span->until_sequence, &refund_count);
  const struct row **found = hs_arena_alloc(&trail->scratch, orders->count, sizeof *found);
  struct new_order_rows *rows = hs_arena_alloc(&trail->scratch, 1, sizeof *rows);
  if (!refunds || !found || !rows)
    return hs_arena_full(&trail->scratch, "a scan of orders", err);
  size_t total = list_between(orders, span, found);
  size_t count = 0;
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && i < total; i++) {
    put_new_order(rows, count++, found[i], refunds, refund_count);
    if (count == SCAN_ROWS)
      status = give_new_orders(rows, &count, each, context, err);
  }
  return status ? status : give_new_orders(rows, &count, each, context, err);
}

/* ---- identities and paths ---- */

struct identity_rows {
  hs_person_key visitor[SCAN_ROWS];
  hs_person_key customer[SCAN_ROWS];
  int64_t at_us[SCAN_ROWS];
};

static enum hs_status give_identities(const struct identity_rows *rows, size_t *count,
                                      hs_identity_fn each, void *context, struct hs_err *err)
{
  if (*count == 0)
    return HS_OK;
  struct hs_identity_batch batch = {*count, rows->visitor, rows->customer, rows->at_us};
  *count = 0;
  return each(context, &batch, err);
}

/* Evidence of one kind: rows in which both columns stand. */
static enum hs_status scan_pairs(const struct table *table, const char *visitor, int64_t until_us,
                                 struct identity_rows *rows, size_t *count, hs_identity_fn each,
                                 void *context, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && i < table->count; i++) {
    const struct row *row = table->rows[i];
    struct hs_str one = text_of(row, table->kind, visitor);
    struct hs_str other = text_of(row, table->kind, "customer");
    int64_t at_us = integer_of(row, table->kind, "occurred_at");
    if (!one.data || !other.data || at_us >= until_us)
      continue;
    rows->visitor[*count] = hs_person_key_of(one);
    rows->customer[*count] = hs_person_key_of(other);
    rows->at_us[(*count)++] = at_us;
    if (*count == SCAN_ROWS)
      status = give_identities(rows, count, each, context, err);
  }
  return status;
}

enum hs_status hs_memory_scan_identities(void *self, int64_t until_us, hs_identity_fn each,
                                         void *context, struct hs_err *err)
{
  struct trail *trail = self;
  hs_arena_reset(&trail->scratch, 0);
  struct identity_rows *rows = hs_arena_alloc(&trail->scratch, 1, sizeof *rows);
  if (!rows)
    return hs_arena_full(&trail->scratch, "a scan of identities", err);
  size_t count = 0;
  enum hs_status status = scan_pairs(&trail->tables[HS_EVENT_IDENTITY], "visitor", until_us, rows,
                                     &count, each, context, err);
  if (status == HS_OK)
    status = scan_pairs(&trail->tables[HS_EVENT_ORDER], "person", until_us, rows, &count, each,
                        context, err);
  return status ? status : give_identities(rows, &count, each, context, err);
}

enum hs_status hs_memory_scan_paths(void *self,
                                    enum hs_status (*each)(void *context, struct hs_str path,
                                                           double conversions, double value,
                                                           double nulls, struct hs_err *err),
                                    void *context, struct hs_err *err)
{
  const struct trail *trail = self;
  const struct table *paths = &trail->tables[HS_EVENT_PATH];
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && i < paths->count; i++) {
    const struct row *row = paths->rows[i];
    status = each(context, text_of(row, HS_EVENT_PATH, "path"),
                  cell_of(row, HS_EVENT_PATH, "conversions")->real,
                  cell_of(row, HS_EVENT_PATH, "value")->real,
                  cell_of(row, HS_EVENT_PATH, "nulls")->real, err);
  }
  return status;
}
