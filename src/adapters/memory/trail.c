/* The trail in memory: one table of rows for each kind, in an arena that a failed load gives back.
   Every question is answered by a walk over the rows, which is what the simulation needs: few rows,
   no surprises. */
#include <stdlib.h>
#include <string.h>

#include "adapters/memory/memory_adapter.h"
#include "adapters/memory/rows.h"
#include "adapters/table_file.h"
#include "ports/totals.h"

#define MEMORY_DEFAULT HS_GIB
#define SCAN_ROWS 2048

struct trail {
  const struct hs_io *io;
  struct hs_keep keep;
  struct hs_arena arena;   /* rows and conflicts */
  struct hs_arena scratch; /* one question */
  struct hs_cursor cursor;
  struct table tables[HS_EVENT_KIND_COUNT];
  struct conflicts conflicts;
};

static const struct cell *cell_of(const struct row *row, enum hs_event_kind kind, const char *name)
{
  int column = hs_event_column(kind, name);
  HS_ASSERT(column >= 0);
  return &row->cells[column];
}

static struct hs_str text_of(const struct row *row, enum hs_event_kind kind, const char *name)
{
  return cell_of(row, kind, name)->text;
}

static int64_t integer_of(const struct row *row, enum hs_event_kind kind, const char *name)
{
  return cell_of(row, kind, name)->integer;
}

/* ---- storing ---- */

static enum hs_status trail_position(void *self, struct hs_cursor *out,
                                     [[maybe_unused]] struct hs_err *err)
{
  *out = ((struct trail *)self)->cursor;
  return HS_OK;
}

static enum hs_status load_one(struct trail *trail, const struct hs_load *load,
                               struct hs_load_counts *counts, struct hs_err *err)
{
  HS_ASSERT(load->kind < HS_EVENT_KIND_COUNT && !load->rows == !!load->path);
  struct hs_row_source kept;
  struct hs_row_source *source = load->rows;
  if (load->path) {
    enum hs_status status = trail->keep.read(trail->keep.self, load->kind, load->path, &kept, err);
    if (status)
      return status;
    source = &kept;
  }
  enum hs_status status = hs_table_load(&trail->tables[load->kind], &trail->conflicts,
                                        &trail->arena, load->sequence, source, counts, err);
  if (load->path)
    kept.close(kept.self);
  return status;
}

static enum hs_status trail_store(void *self, const struct hs_load *loads, size_t load_count,
                                  const struct hs_cursor *cursor, struct hs_load_counts *counts,
                                  struct hs_err *err)
{
  struct trail *trail = self;
  size_t mark = hs_arena_mark(&trail->arena);
  size_t conflict_count = trail->conflicts.count;
  size_t before[HS_EVENT_KIND_COUNT];
  for (size_t k = 0; k < HS_EVENT_KIND_COUNT; k++)
    before[k] = trail->tables[k].count;
  enum hs_status status = HS_OK;
  uint64_t sequence = trail->cursor.sequence + 1;
  for (size_t i = 0; status == HS_OK && i < load_count; i++) {
    HS_ASSERT(loads[i].sequence >= sequence && loads[i].sequence <= cursor->sequence);
    sequence = loads[i].sequence;
    counts[i] = (struct hs_load_counts){0};
    status = load_one(trail, &loads[i], &counts[i], err);
  }
  if (status) {
    for (size_t k = 0; k < HS_EVENT_KIND_COUNT; k++)
      hs_table_truncate(&trail->tables[k], before[k]);
    trail->conflicts.count = conflict_count;
    hs_arena_reset(&trail->arena, mark);
    return status;
  }
  trail->cursor = *cursor;
  return HS_OK;
}

static enum hs_status trail_clear(void *self, [[maybe_unused]] struct hs_err *err)
{
  struct trail *trail = self;
  for (size_t k = 0; k < HS_EVENT_KIND_COUNT; k++)
    hs_table_release(&trail->tables[k]);
  trail->conflicts.count = 0;
  trail->cursor = (struct hs_cursor){0};
  hs_arena_reset(&trail->arena, 0);
  return HS_OK;
}

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

static enum hs_status trail_channels(void *self, struct hs_arena *arena, struct hs_str **names,
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

static enum hs_status trail_partners(void *self, struct hs_arena *arena, struct hs_str **names,
                                     size_t *count, struct hs_err *err)
{
  static const enum hs_event_kind KINDS[] = {HS_EVENT_TOUCH, HS_EVENT_LEAD, HS_EVENT_ACTIVITY,
                                             HS_EVENT_COST};
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

static int is_in(int64_t at_us, int64_t from_us, int64_t until_us)
{
  return at_us >= from_us && at_us < until_us;
}

static enum hs_status trail_scan_touches(void *self, const struct hs_scan *scan,
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

static struct given_back *refunds_until(struct trail *trail, int64_t until_us, size_t *count)
{
  const struct table *refunds = &trail->tables[HS_EVENT_REFUND];
  struct given_back *out = hs_arena_alloc(&trail->scratch, refunds->count, sizeof *out);
  *count = 0;
  for (size_t i = 0; out && i < refunds->count; i++) {
    const struct row *refund = refunds->rows[i];
    if (integer_of(refund, HS_EVENT_REFUND, "occurred_at") < until_us)
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

static hs_person_key key_or_none(struct hs_str id) { return id.data ? hs_person_key_of(id) : 0; }

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

static enum hs_status give_orders(const struct order_rows *rows, size_t *count, hs_order_fn each,
                                  void *context, struct hs_err *err)
{
  if (*count == 0)
    return HS_OK;
  struct hs_order_batch batch = {.count = *count,
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
  *count = 0;
  return each(context, &batch, err);
}

static enum hs_status trail_scan_orders(void *self, const struct hs_scan *scan, hs_order_fn each,
                                        void *context, struct hs_err *err)
{
  struct trail *trail = self;
  const struct table *orders = &trail->tables[HS_EVENT_ORDER];
  hs_arena_reset(&trail->scratch, 0);
  size_t refund_count = 0;
  const struct given_back *refunds = refunds_until(trail, scan->refund_until_us, &refund_count);
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

static enum hs_status trail_scan_identities(void *self, int64_t until_us, hs_identity_fn each,
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

static enum hs_status trail_scan_paths(void *self,
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

/* ---- totals and range ---- */

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

static enum hs_status total_leads(const struct trail *trail, struct hs_totals *totals,
                                  int64_t from_us, int64_t until_us, struct hs_err *err)
{
  const struct table *leads = &trail->tables[HS_EVENT_LEAD];
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && i < leads->count; i++)
    if (is_in(integer_of(leads->rows[i], HS_EVENT_LEAD, "occurred_at"), from_us, until_us))
      status =
          hs_totals_add_leads(totals, text_of(leads->rows[i], HS_EVENT_LEAD, "partner"), 1, err);
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

static enum hs_status trail_totals(void *self, int64_t from_us, int64_t until_us, hs_total_fn each,
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

static void widen(const struct table *table, int64_t *first_us, int64_t *last_us)
{
  for (size_t i = 0; i < table->count; i++) {
    int64_t at_us = integer_of(table->rows[i], table->kind, "occurred_at");
    *first_us = at_us < *first_us ? at_us : *first_us;
    *last_us = at_us > *last_us ? at_us : *last_us;
  }
}

static enum hs_status trail_conflict_count(void *self, uint64_t *out,
                                           [[maybe_unused]] struct hs_err *err)
{
  const struct trail *trail = self;
  *out = trail->conflicts.count;
  return HS_OK;
}

static enum hs_status trail_touch_count(void *self, int64_t from_us, int64_t until_us,
                                        uint64_t *out, [[maybe_unused]] struct hs_err *err)
{
  const struct trail *trail = self;
  const struct table *touches = &trail->tables[HS_EVENT_TOUCH];
  *out = 0;
  for (size_t i = 0; i < touches->count; i++)
    *out += (uint64_t)is_in(integer_of(touches->rows[i], HS_EVENT_TOUCH, "occurred_at"), from_us,
                            until_us);
  return HS_OK;
}

static enum hs_status trail_range(void *self, int64_t *first_us, int64_t *last_us,
                                  struct hs_err *err)
{
  const struct trail *trail = self;
  const struct table *touches = &trail->tables[HS_EVENT_TOUCH];
  const struct table *orders = &trail->tables[HS_EVENT_ORDER];
  if (touches->count + orders->count == 0)
    return hs_fail(err, HS_NOT_FOUND, "there are no touches and no orders yet");
  int64_t first = INT64_MAX;
  int64_t last = INT64_MIN;
  widen(touches, &first, &last);
  widen(orders, &first, &last);
  *first_us = first;
  *last_us = last;
  return HS_OK;
}

/* ---- tables for people ---- */

static enum hs_status trail_query([[maybe_unused]] void *self,
                                  [[maybe_unused]] struct hs_str select,
                                  [[maybe_unused]] const struct hs_side_table *tables,
                                  [[maybe_unused]] size_t table_count,
                                  [[maybe_unused]] const struct hs_result_sink *sink,
                                  struct hs_err *err)
{
  return hs_fail(err, HS_UNSUPPORTED, "the trail in memory has no SQL");
}

static void trail_interrupt([[maybe_unused]] void *self) {}

static enum hs_cell cell_kind(enum hs_type type)
{
  return type == HS_TYPE_REAL || type == HS_TYPE_INTEGER || type == HS_TYPE_MONEY ? HS_CELL_NUMBER
                                                                                  : HS_CELL_TEXT;
}

static struct hs_str number_text(char scratch[HS_CELL_TEXT_MAX], int64_t number)
{
  struct cell cell = {.integer = number};
  return hs_cell_text(&cell, HS_TYPE_INTEGER, scratch);
}

static enum hs_status give_events(const struct table *table, const struct hs_result_sink *sink,
                                  struct hs_err *err)
{
  const struct hs_event_spec *spec = hs_event_spec(table->kind);
  size_t columns = spec->column_count;
  char texts[HS_COLUMNS_MAX + 2][HS_CELL_TEXT_MAX];
  struct hs_str values[HS_COLUMNS_MAX + 2];
  enum hs_cell cells[HS_COLUMNS_MAX + 2];
  for (size_t c = 0; c < columns; c++) {
    hs_column_stable_name(&spec->columns[c], texts[c]);
    values[c] = hs_str_of(texts[c]);
    cells[c] = cell_kind(spec->columns[c].type);
  }
  values[columns] = HS_STR("sequence");
  values[columns + 1] = HS_STR("row_number");
  cells[columns] = cells[columns + 1] = HS_CELL_NUMBER;
  enum hs_status status = sink->begin(sink->self, columns + 2, values, cells, err);
  for (size_t i = 0; status == HS_OK && i < table->count; i++) {
    const struct row *row = table->rows[i];
    for (size_t c = 0; c < columns; c++)
      values[c] = hs_cell_text(&row->cells[c], spec->columns[c].type, texts[c]);
    values[columns] = number_text(texts[columns], (int64_t)row->sequence);
    values[columns + 1] = number_text(texts[columns + 1], row->row_number);
    status = sink->row(sink->self, values, err);
  }
  return status;
}

static enum hs_status give_conflicts(const struct conflicts *conflicts,
                                     const struct hs_result_sink *sink, struct hs_err *err)
{
  static const struct hs_str NAMES[] = {
      {"kind", 4},     {"key", 3}, {"sequence", 8}, {"row_number", 10}, {"first_sequence", 14},
      {"first_row", 9}};
  static const enum hs_cell CELLS[] = {HS_CELL_TEXT,   HS_CELL_TEXT,   HS_CELL_NUMBER,
                                       HS_CELL_NUMBER, HS_CELL_NUMBER, HS_CELL_NUMBER};
  enum hs_status status = sink->begin(sink->self, 6, NAMES, CELLS, err);
  for (size_t i = 0; status == HS_OK && i < conflicts->count; i++) {
    const struct conflict *conflict = &conflicts->items[i];
    char texts[4][HS_CELL_TEXT_MAX];
    struct hs_str values[] = {hs_str_of(hs_event_spec(conflict->kind)->name),
                              conflict->key,
                              number_text(texts[0], (int64_t)conflict->sequence),
                              number_text(texts[1], conflict->row_number),
                              number_text(texts[2], (int64_t)conflict->first_sequence),
                              number_text(texts[3], conflict->first_row)};
    status = sink->row(sink->self, values, err);
  }
  return status;
}

static struct cell side_cell(const struct hs_vector *column, size_t i)
{
  struct cell cell = {.is_absent = column->is_absent[i]};
  if (cell.is_absent)
    return cell;
  if (hs_type_is_text(column->type))
    cell.text = column->text[i].data ? column->text[i] : HS_STR("");
  else if (column->type == HS_TYPE_REAL)
    cell.real = column->real[i];
  else
    cell.integer = column->integer[i];
  return cell;
}

static enum hs_status give_side(const struct hs_side_table *side, const struct hs_result_sink *sink,
                                struct hs_err *err)
{
  struct hs_str values[HS_TABLE_COLUMNS_MAX];
  enum hs_cell cells[HS_TABLE_COLUMNS_MAX];
  char texts[HS_TABLE_COLUMNS_MAX][HS_CELL_TEXT_MAX];
  HS_ASSERT(side->column_count <= HS_TABLE_COLUMNS_MAX);
  for (size_t c = 0; c < side->column_count; c++) {
    values[c] = hs_str_of(side->column_names[c]);
    cells[c] = cell_kind(side->column_types[c]);
  }
  enum hs_status status = sink->begin(sink->self, side->column_count, values, cells, err);
  for (size_t i = 0; status == HS_OK && i < side->row_count; i++) {
    for (size_t c = 0; c < side->column_count; c++) {
      struct cell cell = side_cell(&side->columns[c], i);
      values[c] = hs_cell_text(&cell, side->column_types[c], texts[c]);
    }
    status = sink->row(sink->self, values, err);
  }
  return status;
}

static enum hs_status give_table(const struct trail *trail, const char *table,
                                 const struct hs_side_table *side,
                                 const struct hs_result_sink *sink, struct hs_err *err)
{
  enum hs_event_kind kind;
  if (side)
    return give_side(side, sink, err);
  if (strcmp(table, "conflicts") == 0)
    return give_conflicts(&trail->conflicts, sink, err);
  if (!hs_event_kind_parse(hs_str_of(table), &kind))
    return hs_fail(err, HS_NOT_FOUND, "there is no table %s", table);
  return give_events(&trail->tables[kind], sink, err);
}

static enum hs_status trail_export_table(void *self, const char *table,
                                         const struct hs_side_table *side,
                                         enum hs_export_format format, const char *path,
                                         uint64_t *row_count, struct hs_err *err)
{
  const struct trail *trail = self;
  if (format == HS_EXPORT_PARQUET)
    return hs_fail(err, HS_UNSUPPORTED, "the trail in memory writes no Parquet");
  struct hs_table_file *file = malloc(sizeof *file);
  if (!file)
    return hs_fail(err, HS_NOMEM, "no memory for the export");
  enum hs_status status = hs_table_file_open(file, trail->io, path, format, err);
  if (status == HS_OK) {
    struct hs_result_sink sink = hs_table_file_sink(file);
    status = give_table(trail, table, side, &sink, err);
    if (status == HS_OK)
      status = hs_table_file_finish(file, row_count, err);
    else
      hs_table_file_discard(file);
  }
  free(file);
  return status;
}

/* ---- opening ---- */

static void trail_close(void *self)
{
  struct trail *trail = self;
  for (size_t k = 0; k < HS_EVENT_KIND_COUNT; k++)
    hs_table_release(&trail->tables[k]);
  free(trail->conflicts.items);
  hs_arena_release(&trail->arena);
  hs_arena_release(&trail->scratch);
  if (trail->keep.close)
    trail->keep.close(trail->keep.self);
  free(trail);
}

enum hs_status hs_memory_trail_open(const struct hs_memory_options *options, struct hs_trail *out,
                                    struct hs_err *err)
{
  struct trail *trail = calloc(1, sizeof *trail);
  if (!trail)
    return hs_fail(err, HS_NOMEM, "no memory for a trail");
  size_t bytes = options->memory_bytes ? (size_t)options->memory_bytes : MEMORY_DEFAULT;
  trail->io = options->io;
  for (size_t k = 0; k < HS_EVENT_KIND_COUNT; k++)
    trail->tables[k].kind = (enum hs_event_kind)k;
  enum hs_status status = hs_arena_init(&trail->arena, bytes, err);
  if (status == HS_OK)
    status = hs_arena_init(&trail->scratch, bytes, err);
  if (status == HS_OK)
    status = hs_memory_keep_open(options, &trail->keep, err);
  if (status) {
    trail_close(trail);
    return status;
  }
  *out = (struct hs_trail){.self = trail,
                           .close = trail_close,
                           .position = trail_position,
                           .store = trail_store,
                           .clear = trail_clear,
                           .channels = trail_channels,
                           .scan_touches = trail_scan_touches,
                           .scan_orders = trail_scan_orders,
                           .scan_identities = trail_scan_identities,
                           .scan_paths = trail_scan_paths,
                           .totals = trail_totals,
                           .touch_count = trail_touch_count,
                           .partners = trail_partners,
                           .range = trail_range,
                           .conflict_count = trail_conflict_count,
                           .query = trail_query,
                           .export_table = trail_export_table,
                           .interrupt = trail_interrupt};
  return HS_OK;
}
