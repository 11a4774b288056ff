#include "service/joint/joint_ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/ratio.h"
#include "base/room.h"
#include "ledger/price.h"
#include "service/joint/joint_sold.h"
#include "service/joint/joint_terms.h"

/* One commission for an order, and what became of it. */
struct sale {
  struct hs_id id;
  struct hs_str order_id;
  uint32_t partner; /* index into the ledger's partners */
  int32_t month;
  int64_t attributed_minor; /* its part of the order */
};

/* What lowers a sale's revenue, in the month in which it does. Of amounts each stands for one of
   the two reasons. */
struct loss {
  uint32_t sale;
  int32_t month;
  int64_t refunded_minor; /* of the order, in all so far; 0 in a loss of the other reason */
  int64_t order_minor;
  int64_t earned_minor, taken_minor; /* by one transfer */
};

struct loading {
  const struct hs_joint_source *source;
  struct hs_str agreement;
  struct hs_currency currency;
  int32_t until_month;
  struct hs_arena *arena;
  struct hs_joint_ledger *ledger;
  uint32_t partner; /* that is being read */
  struct sale *sales;
  size_t sale_count, sale_capacity;
  uint32_t *by_order; /* indexes of sales */
  struct loss *losses;
  size_t loss_count, loss_capacity;
  size_t close_capacity;
};

/* The array with room for one row more, or NULL with err. */
static void *with_room(struct loading *loading, void *rows, size_t count, size_t *capacity,
                       size_t size, struct hs_err *err)
{
  void *grown = hs_arena_room(loading->arena, rows, count, 1, capacity, size);
  if (grown == NULL)
    (void)hs_arena_full(loading->arena, "the ledger of an agreement", err);
  return grown;
}

/* ---- who takes part, and what is closed ---- */

static int by_number(const void *left, const void *right)
{
  uint32_t a = *(const uint32_t *)left;
  uint32_t b = *(const uint32_t *)right;
  return (a > b) - (a < b);
}

static enum hs_status find_partners(struct loading *loading, struct hs_err *err)
{
  const struct hs_in_force *in_force = loading->source->in_force;
  struct hs_joint_ledger *ledger = loading->ledger;
  size_t count = 0;
  ledger->partners =
      hs_arena_alloc(loading->arena, in_force->enrolment_count, sizeof *ledger->partners);
  if (ledger->partners == NULL)
    return hs_arena_full(loading->arena, "the partners of an agreement", err);
  for (size_t i = 0; i < in_force->enrolment_count; i++)
    if (in_force->enrolments[i].partner != HS_NO_PARTNER &&
        hs_str_equal(in_force->enrolments[i].agreement, loading->agreement))
      ledger->partners[count++] = in_force->enrolments[i].partner;
  if (count > 0)
    qsort(ledger->partners, count, sizeof *ledger->partners, by_number);
  for (size_t i = 0; i < count; i++)
    if (i == 0 || ledger->partners[i] != ledger->partners[i - 1])
      ledger->partners[ledger->partner_count++] = ledger->partners[i];
  return HS_OK;
}

static enum hs_status note_close(void *context, const struct hs_close_row *row, struct hs_err *err)
{
  struct loading *loading = context;
  struct hs_joint_ledger *ledger = loading->ledger;
  if (row->sequence > loading->source->until_sequence)
    return HS_OK;
  struct hs_period_close *closes = with_room(loading, ledger->closes, ledger->close_count,
                                             &loading->close_capacity, sizeof *closes, err);
  if (closes == NULL)
    return HS_NOMEM;
  ledger->closes = closes;
  closes[ledger->close_count++] = (struct hs_period_close){row->until_us, row->sequence};
  return HS_OK;
}

/* The month by which something of a frame is booked: that of its moment, or the first one that was
   open then. */
static int32_t booked_in(const struct loading *loading, int64_t at_us, uint64_t sequence)
{
  for (size_t i = 0; i < loading->ledger->close_count; i++) {
    const struct hs_period_close *close = &loading->ledger->closes[i];
    if (close->sequence < sequence && close->until_us > at_us)
      at_us = close->until_us;
  }
  return hs_month_at(loading->source->in_force->zone, at_us);
}

/* ---- commissions ---- */

static int attribute(const struct loading *loading, const struct hs_commission_row *row,
                     int64_t *attributed_minor)
{
  const struct hs_agreed_version *version =
      hs_in_force_numbered(loading->source->in_force, row->agreement, row->version);
  struct hs_ratio part;
  struct hs_ratio sold;
  HS_ASSERT(version != NULL); /* the book refuses a commission without it */
  return hs_ratio_parse(row->part, &part) && hs_joint_sold(row, version, &sold) &&
         hs_ratio_multiply(part, sold, &part) &&
         hs_ratio_round(part, version->terms.rounding, attributed_minor);
}

static enum hs_status note_commission(void *context, const struct hs_commission_row *row,
                                      struct hs_err *err)
{
  struct loading *loading = context;
  struct sale sale = {.id = row->id, .partner = loading->partner};
  if (!hs_str_equal(row->agreement, loading->agreement) ||
      row->sequence > loading->source->until_sequence)
    return HS_OK;
  if (!hs_currency_equal(row->currency, loading->currency)) {
    loading->ledger->other_currency_count++;
    return HS_OK;
  }
  if (!attribute(loading, row, &sale.attributed_minor))
    return hs_fail(err, HS_CORRUPT, "what was sold for commission %s cannot be read", row->id.text);
  sale.month = booked_in(loading, row->occurred_at_us, row->sequence);
  sale.order_id =
      (struct hs_str){hs_arena_copy(loading->arena, row->order_id.data, row->order_id.length),
                      row->order_id.length};
  if (sale.order_id.data == NULL)
    return hs_arena_full(loading->arena, "the ledger of an agreement", err);
  struct sale *sales = with_room(loading, loading->sales, loading->sale_count,
                                 &loading->sale_capacity, sizeof *sales, err);
  if (sales == NULL)
    return HS_NOMEM;
  loading->sales = sales;
  sales[loading->sale_count++] = sale;
  return HS_OK;
}

static int by_id(const void *left, const void *right)
{
  return strcmp(((const struct sale *)left)->id.text, ((const struct sale *)right)->id.text);
}

/* qsort has no context: what is sorted carries its order's name. */
struct ordered {
  struct hs_str order_id;
  uint32_t sale;
};

static int by_order_then_sale(const void *left, const void *right)
{
  const struct ordered *a = left;
  const struct ordered *b = right;
  int names = hs_str_compare(a->order_id, b->order_id);
  return names != 0 ? names : (a->sale > b->sale) - (a->sale < b->sale);
}

static enum hs_status index_sales(struct loading *loading, struct hs_err *err)
{
  size_t count = loading->sale_count;
  loading->by_order = hs_arena_alloc(loading->arena, count, sizeof *loading->by_order);
  size_t mark = hs_arena_mark(loading->arena);
  struct ordered *ordered = hs_arena_alloc(loading->arena, count, sizeof *ordered);
  if (loading->by_order == NULL || ordered == NULL)
    return hs_arena_full(loading->arena, "the ledger of an agreement", err);
  if (count > 0)
    qsort(loading->sales, count, sizeof *loading->sales, by_id);
  for (size_t i = 0; i < count; i++)
    ordered[i] = (struct ordered){loading->sales[i].order_id, (uint32_t)i};
  if (count > 0)
    qsort(ordered, count, sizeof *ordered, by_order_then_sale);
  for (size_t i = 0; i < count; i++)
    loading->by_order[i] = ordered[i].sale;
  hs_arena_reset(loading->arena, mark);
  return HS_OK;
}

/* ---- the months ---- */

static enum hs_status make_months(struct loading *loading, struct hs_err *err)
{
  struct hs_joint_ledger *ledger = loading->ledger;
  int32_t first = INT32_MAX;
  for (size_t i = 0; i < loading->sale_count; i++)
    first = loading->sales[i].month < first ? loading->sales[i].month : first;
  if (first > loading->until_month)
    return HS_OK;
  ledger->first_month = first;
  ledger->month_count = (size_t)(loading->until_month - first) + 1;
  ledger->flows = hs_arena_alloc(loading->arena, ledger->month_count * ledger->partner_count,
                                 sizeof *ledger->flows);
  return ledger->flows == NULL ? hs_arena_full(loading->arena, "the ledger of an agreement", err)
                               : HS_OK;
}

/* NULL for a month that is not asked for. Nothing happens to a sale before it. */
static struct hs_joint_flow *flow_of(const struct loading *loading, const struct sale *sale,
                                     int32_t month)
{
  const struct hs_joint_ledger *ledger = loading->ledger;
  month = month < sale->month ? sale->month : month;
  if (month > loading->until_month)
    return NULL;
  return &ledger->flows[(size_t)(month - ledger->first_month) * ledger->partner_count +
                        sale->partner];
}

static enum hs_status add(int64_t *sum, int64_t amount_minor, struct hs_err *err)
{
  return __builtin_add_overflow(*sum, amount_minor, sum)
             ? hs_fail(err, HS_INVALID, "the sums of an agreement's ledger do not fit")
             : HS_OK;
}

/* ---- transfers ---- */

static enum hs_status add_loss(struct loading *loading, const struct loss *loss, struct hs_err *err)
{
  struct loss *losses = with_room(loading, loading->losses, loading->loss_count,
                                  &loading->loss_capacity, sizeof *losses, err);
  if (losses == NULL)
    return HS_NOMEM;
  loading->losses = losses;
  losses[loading->loss_count++] = *loss;
  return HS_OK;
}

static enum hs_status add_to_flow(struct hs_joint_flow *flow, enum hs_transfer_kind kind,
                                  int64_t amount_minor, struct hs_err *err)
{
  switch (kind) {
  case HS_TRANSFER_EARN:
    return add(&flow->earned_minor, amount_minor, err);
  case HS_TRANSFER_CANCEL:
  case HS_TRANSFER_TAKE_BACK:
  case HS_TRANSFER_CLAW_BACK:
    return add(&flow->taken_back_minor, amount_minor, err);
  case HS_TRANSFER_GRANT:
    return add(&flow->decided_minor, amount_minor, err);
  case HS_TRANSFER_DENY:
    return add(&flow->decided_minor, -amount_minor, err);
  case HS_TRANSFER_PAY:
    return add(&flow->paid_minor, amount_minor, err);
  case HS_TRANSFER_RETURN:
    return add(&flow->paid_minor, -amount_minor, err);
  case HS_TRANSFER_RELEASE:
  case HS_TRANSFER_HOLD:
  case HS_TRANSFER_FREE:
  case HS_TRANSFER_SET_OFF:
  case HS_TRANSFER_SETTLE:
  case HS_TRANSFER_KIND_COUNT:
  default:
    return HS_OK;
  }
}

static enum hs_status note_transfer(void *context, const struct hs_transfer_row *row,
                                    struct hs_err *err)
{
  struct loading *loading = context;
  struct sale key = {.id = row->commission};
  enum hs_transfer_kind kind;
  if (row->sequence > loading->source->until_sequence || loading->sale_count == 0)
    return HS_OK;
  const struct sale *sale =
      bsearch(&key, loading->sales, loading->sale_count, sizeof *loading->sales, by_id);
  if (sale == NULL)
    return HS_OK;
  if (!hs_transfer_kind_parse(row->kind, &kind))
    return hs_fail(err, HS_CORRUPT, "ledger entry %llu has the unknown kind \"%.*s\"",
                   (unsigned long long)row->number, HS_STR_ARG(row->kind));
  const struct hs_transfer_spec *spec = hs_transfer_spec(kind);
  int32_t month = hs_month_at(loading->source->in_force->zone, row->effective_us);
  struct hs_joint_flow *flow = flow_of(loading, sale, month);
  enum hs_status status = flow == NULL ? HS_OK : add_to_flow(flow, kind, row->amount_minor, err);
  struct loss loss = {.sale = (uint32_t)(sale - loading->sales), .month = month};
  if (spec->debit == HS_ACCOUNT_EXPENSE)
    loss.earned_minor = row->amount_minor;
  else if (spec->credit == HS_ACCOUNT_EXPENSE)
    loss.taken_minor = row->amount_minor;
  else
    return status;
  return status == HS_OK ? add_loss(loading, &loss, err) : status;
}

/* ---- refunds ---- */

/* The first place in by_order of an order's sales. */
static size_t first_of_order(const struct loading *loading, struct hs_str order_id)
{
  size_t low = 0;
  size_t high = loading->sale_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (hs_str_compare(loading->sales[loading->by_order[middle]].order_id, order_id) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static enum hs_status note_refund(struct loading *loading, const struct hs_refund_batch *batch,
                                  size_t row, struct hs_err *err)
{
  struct loss loss = {.month = booked_in(loading, batch->at_us[row], batch->sequence[row]),
                      .refunded_minor = batch->refunded_minor[row],
                      .order_minor = batch->order_amount_minor[row]};
  enum hs_status status = HS_OK;
  for (size_t i = first_of_order(loading, batch->order_id[row]);
       i < loading->sale_count && status == HS_OK; i++) {
    loss.sale = loading->by_order[i];
    if (!hs_str_equal(loading->sales[loss.sale].order_id, batch->order_id[row]))
      break;
    status = add_loss(loading, &loss, err);
  }
  return status;
}

static enum hs_status note_refunds(void *context, const struct hs_refund_batch *batch,
                                   struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < batch->count && status == HS_OK; i++)
    if (batch->order_amount_minor[i] > 0)
      status = note_refund(context, batch, i, err);
  return status;
}

/* ---- revenue ---- */

/* In the order in which losses are applied: by sale, then month; refunds of one month rise. */
static int by_sale_then_month(const void *left, const void *right)
{
  const struct loss *a = left;
  const struct loss *b = right;
  if (a->sale != b->sale)
    return (a->sale > b->sale) - (a->sale < b->sale);
  if (a->month != b->month)
    return (a->month > b->month) - (a->month < b->month);
  return (a->refunded_minor > b->refunded_minor) - (a->refunded_minor < b->refunded_minor);
}

/* One sale's losses while they are applied. */
struct sale_state {
  int64_t refunded_minor, order_minor;
  int64_t earned_minor, taken_minor;
  int64_t left_minor;
};

static void apply(struct sale_state *state, const struct loss *loss)
{
  if (loss->refunded_minor > state->refunded_minor) {
    state->refunded_minor = loss->refunded_minor;
    state->order_minor = loss->order_minor;
  }
  state->earned_minor += loss->earned_minor;
  state->taken_minor += loss->taken_minor;
}

/* What is left of a sale's revenue: what was not returned, and nothing where the commission was
   taken back whole though some of the order stayed. */
static enum hs_status left_of(const struct sale *sale, const struct sale_state *state, int64_t *out,
                              struct hs_err *err)
{
  int64_t returned = 0;
  if (state->earned_minor > 0 && state->taken_minor >= state->earned_minor) {
    *out = 0;
    return HS_OK;
  }
  enum hs_status status = HS_OK;
  if (state->refunded_minor > 0)
    status = hs_price_take_back(sale->attributed_minor, state->order_minor, state->refunded_minor,
                                0, HS_ROUND_HALF_EVEN, &returned, err);
  *out = sale->attributed_minor - returned;
  return status;
}

/* losses[first] to losses[end − 1] are one sale's of one month. */
static enum hs_status lose_month(struct loading *loading, struct sale_state *state, size_t first,
                                 size_t end, struct hs_err *err)
{
  const struct sale *sale = &loading->sales[loading->losses[first].sale];
  struct hs_joint_flow *flow = flow_of(loading, sale, loading->losses[first].month);
  int64_t left = 0;
  for (size_t i = first; i < end; i++) {
    apply(state, &loading->losses[i]);
    if (flow != NULL && loading->losses[i].refunded_minor > 0)
      flow->return_count++;
  }
  enum hs_status status = left_of(sale, state, &left, err);
  if (status == HS_OK && flow != NULL)
    status = add(&flow->revenue_minor, left - state->left_minor, err);
  state->left_minor = left;
  return status;
}

static enum hs_status lose(struct loading *loading, struct hs_err *err)
{
  struct sale_state state = {0};
  enum hs_status status = HS_OK;
  if (loading->loss_count > 0)
    qsort(loading->losses, loading->loss_count, sizeof *loading->losses, by_sale_then_month);
  for (size_t i = 0, end = 0; i < loading->loss_count && status == HS_OK; i = end) {
    const struct loss *loss = &loading->losses[i];
    if (i == 0 || loss->sale != loading->losses[i - 1].sale)
      state = (struct sale_state){.left_minor = loading->sales[loss->sale].attributed_minor};
    for (end = i; end < loading->loss_count; end++)
      if (loading->losses[end].sale != loss->sale || loading->losses[end].month != loss->month)
        break;
    status = lose_month(loading, &state, i, end, err);
  }
  return status;
}

/* Whether an earlier commission of the same order and partner was counted. */
static int is_counted(const struct loading *loading, size_t place)
{
  const struct sale *sale = &loading->sales[loading->by_order[place]];
  for (size_t i = place; i-- > 0;) {
    const struct sale *before = &loading->sales[loading->by_order[i]];
    if (!hs_str_equal(before->order_id, sale->order_id))
      return 0;
    if (before->partner == sale->partner && before->attributed_minor > 0)
      return 1;
  }
  return 0;
}

static enum hs_status gain(struct loading *loading, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < loading->sale_count && status == HS_OK; i++) {
    const struct sale *sale = &loading->sales[loading->by_order[i]];
    struct hs_joint_flow *flow = flow_of(loading, sale, sale->month);
    if (flow == NULL || sale->attributed_minor == 0)
      continue;
    status = add(&flow->revenue_minor, sale->attributed_minor, err);
    flow->order_count += !is_counted(loading, i);
  }
  return status;
}

/* ---- public ---- */

static enum hs_status each_partner(struct loading *loading, int is_transfers, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = loading->source->ledger;
  const struct hs_in_force *in_force = loading->source->in_force;
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < loading->ledger->partner_count && status == HS_OK; i++) {
    struct hs_str name = in_force->partners[loading->ledger->partners[i]];
    loading->partner = (uint32_t)i;
    status = is_transfers ? ledger->transfers(ledger->self, name, INT64_MIN, INT64_MAX,
                                              note_transfer, loading, err)
                          : ledger->commissions(ledger->self, name, INT64_MIN, INT64_MAX,
                                                note_commission, loading, err);
  }
  return status;
}

enum hs_status hs_joint_ledger_load(const struct hs_joint_source *source, struct hs_str agreement,
                                    struct hs_currency currency, int32_t until_month,
                                    struct hs_arena *arena, struct hs_joint_ledger *out,
                                    struct hs_err *err)
{
  struct hs_joint_ledger ledger = {0};
  struct loading loading = {.source = source,
                            .agreement = agreement,
                            .currency = currency,
                            .until_month = until_month,
                            .arena = arena,
                            .ledger = &ledger};
  enum hs_status status = find_partners(&loading, err);
  if (status == HS_OK)
    status = source->ledger->closes(source->ledger->self, note_close, &loading, err);
  if (status == HS_OK)
    status = each_partner(&loading, 0, err);
  if (status == HS_OK)
    status = index_sales(&loading, err);
  if (status == HS_OK)
    status = make_months(&loading, err);
  if (status == HS_OK && ledger.month_count > 0)
    status = each_partner(&loading, 1, err);
  if (status == HS_OK && ledger.month_count > 0)
    status = source->trail->new_refunds(source->trail->self, 0, source->until_sequence,
                                        note_refunds, &loading, err);
  if (status == HS_OK && ledger.month_count > 0)
    status = gain(&loading, err);
  if (status == HS_OK)
    status = lose(&loading, err);
  if (status == HS_OK)
    *out = ledger;
  return status;
}
