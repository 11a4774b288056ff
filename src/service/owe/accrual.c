#include "service/owe/accrual.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "measure/reversals.h"

/* ---- the form that is kept ---- */

#define NOT_BELOW_ZERO .low = 0, .high = INT64_MAX
#define AMOUNT(member, ...)                                                                        \
  HS_MEMBER(hs_accrual, member, HS_FIELD_INTEGER, NOT_BELOW_ZERO, __VA_ARGS__)

static const struct hs_field ACCRUAL[] = {
    HS_MEMBER(hs_accrual, currency, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "Of what is open in this currency, in minor units."),
    AMOUNT(pending_minor, .required = HS_ALWAYS,
           .meaning = "In its return period, of orders of two years."),
    AMOUNT(payable_minor, .required = HS_ALWAYS, .meaning = "Owed, of the same."),
    AMOUNT(expected_minor,
           .meaning = "Expected to be taken back; absent when too few orders were taken back to "
                      "tell."),
    AMOUNT(low_minor, .meaning = "The low end of its interval."),
    AMOUNT(high_minor, .meaning = "The high end."),
    AMOUNT(of_pending_minor, .meaning = "What is expected of that which is pending."),
    AMOUNT(of_payable_minor, .meaning = "What is expected of that which is owed."),
    AMOUNT(order_count, .required = HS_ALWAYS, .meaning = "Orders that it was learnt from."),
    AMOUNT(taken_back_count, .required = HS_ALWAYS,
           .meaning = "Those of them of which something was taken back."),
    AMOUNT(reach_days, .required = HS_ALWAYS,
           .meaning = "Up to which age of an order, in days, it speaks."),
};
HS_SHAPE(ACCRUAL_SHAPE, "accrual", hs_accrual, ACCRUAL);

static const struct hs_field ACCRUALS[] = {
    HS_MEMBER(hs_accruals, level_percent, HS_FIELD_INTEGER, .low = 1, .high = 99,
              .required = HS_ALWAYS, .meaning = "The level of the intervals."),
    HS_MEMBER(hs_accruals, accruals, HS_FIELD_LIST, .shape = &ACCRUAL_SHAPE,
              .meaning = "What is expected to be taken back, by currency."),
};
HS_SHAPE(ACCRUALS_SHAPE, "estimates of a close", hs_accruals, ACCRUALS);

void hs_accruals_write(const struct hs_accruals *accruals, struct hs_buf *out)
{
  hs_shape_write(&ACCRUALS_SHAPE, accruals, out);
}

enum hs_status hs_accruals_read(struct hs_str json, struct hs_arena *arena, struct hs_accruals *out,
                                struct hs_err *err)
{
  struct hs_accruals accruals;
  struct hs_err why = {0};
  enum hs_status status = hs_shape_read(&ACCRUALS_SHAPE, json, arena, &accruals, NULL, NULL, &why);
  if (status == HS_OK)
    status = hs_shape_complete(&ACCRUALS_SHAPE, &accruals, 0, NULL, NULL, &why);
  if (status == HS_NOMEM)
    return hs_fail(err, HS_NOMEM, "%s", why.text);
  if (status != HS_OK)
    return hs_fail(err, HS_CORRUPT, "the estimates of a close: %s", why.text);
  *out = accruals;
  return HS_OK;
}

/* ---- orders from postings ---- */

#define CURRENCIES_MAX 64

struct learning {
  struct hs_arena *arena, *scratch; /* scratch: the present order's name */
  int64_t until_us;
  void (*take)(struct hs_reversals *reversals, const struct hs_reversal_order *order);
  size_t count;
  struct hs_currency currencies[CURRENCIES_MAX];
  struct hs_reversals *reversals[CURRENCIES_MAX];
  /* the present order, or lead, click or event */
  struct hs_str type, order_id;
  struct hs_currency currency;
  struct hs_reversal_order order;
};

static enum hs_status reversals_of(struct learning *learning, struct hs_currency currency,
                                   struct hs_reversals **out, struct hs_err *err)
{
  size_t c = 0;
  while (c < learning->count && !hs_currency_equal(learning->currencies[c], currency))
    c++;
  if (c == CURRENCIES_MAX)
    return hs_fail(err, HS_INVALID, "there are more than %d currencies", CURRENCIES_MAX);
  if (c == learning->count) {
    learning->reversals[c] = hs_arena_alloc(learning->arena, 1, sizeof **learning->reversals);
    if (learning->reversals[c] == NULL)
      return hs_arena_full(learning->arena, "expected reversals", err);
    learning->currencies[c] = currency;
    learning->count++;
  }
  *out = learning->reversals[c];
  return HS_OK;
}

static enum hs_status end_order(struct learning *learning, struct hs_err *err)
{
  struct hs_reversals *reversals = NULL;
  if (learning->order_id.data == NULL)
    return HS_OK;
  enum hs_status status = reversals_of(learning, learning->currency, &reversals, err);
  if (status == HS_OK)
    learning->take(reversals, &learning->order);
  return status;
}

static enum hs_status begin_order(struct learning *learning, const struct hs_development_row *row,
                                  struct hs_err *err)
{
  hs_arena_reset(learning->scratch, 0);
  const char *name = hs_arena_copy(learning->scratch, row->order_id.data, row->order_id.length);
  const char *type = hs_arena_copy(learning->scratch, row->type.data, row->type.length);
  if (name == NULL || type == NULL)
    return hs_arena_full(learning->scratch, "the name of an order", err);
  learning->type = (struct hs_str){type, row->type.length};
  learning->order_id = (struct hs_str){name, row->order_id.length};
  learning->currency = row->currency;
  learning->order = (struct hs_reversal_order){
      .days_seen = (int32_t)((learning->until_us - row->occurred_at_us) / HS_DAY_US)};
  return HS_OK;
}

/* What enters and leaves the accounts says it all, whatever the transfer is called: out of the
   expense is earned, into it is taken back. */
static void add_posting(struct hs_reversal_order *order, const struct hs_transfer_spec *spec,
                        int64_t age_us, double amount)
{
  int64_t day = age_us > 0 ? age_us / HS_DAY_US : 0;
  if (day < HS_REVERSAL_DAYS) {
    order->earned[day] += spec->debit == HS_ACCOUNT_EXPENSE ? amount : 0;
    order->taken_back[day] += spec->credit == HS_ACCOUNT_EXPENSE ? amount : 0;
  }
  order->open[0] += (spec->credit == HS_ACCOUNT_PENDING ? amount : 0) -
                    (spec->debit == HS_ACCOUNT_PENDING ? amount : 0);
  order->open[1] += (spec->credit == HS_ACCOUNT_PAYABLE ? amount : 0) -
                    (spec->debit == HS_ACCOUNT_PAYABLE ? amount : 0);
}

static enum hs_status take_posting(void *context, const struct hs_development_row *row,
                                   struct hs_err *err)
{
  struct learning *learning = context;
  enum hs_transfer_kind kind;
  enum hs_status status = HS_OK;
  if (!hs_transfer_kind_parse(row->kind, &kind))
    return hs_fail(err, HS_UNSUPPORTED, "a transfer is of a kind that is not known here: %.*s",
                   HS_STR_ARG(row->kind));
  if (!hs_str_equal(row->order_id, learning->order_id) ||
      !hs_str_equal(row->type, learning->type) ||
      !hs_currency_equal(row->currency, learning->currency)) {
    status = end_order(learning, err);
    if (status == HS_OK)
      status = begin_order(learning, row, err);
  }
  if (status == HS_OK)
    add_posting(&learning->order, hs_transfer_spec(kind), row->effective_us - row->occurred_at_us,
                (double)row->amount_minor);
  return status;
}

static enum hs_status pass(struct learning *learning, const struct hs_ledger_reader *ledger,
                           struct hs_err *err)
{
  learning->order_id = (struct hs_str){0};
  enum hs_status status =
      ledger->developments(ledger->self, learning->until_us - HS_ACCRUAL_HISTORY_DAYS * HS_DAY_US,
                           learning->until_us, take_posting, learning, err);
  return status == HS_OK ? end_order(learning, err) : status;
}

/* ---- estimates ---- */

static int64_t to_minor(double amount) { return (int64_t)llround(amount); }

static struct hs_accrual estimate(const struct hs_reversals *reversals)
{
  const double level = HS_ACCRUAL_LEVEL_PERCENT / 100.0;
  struct hs_reversal_estimate pending =
      hs_reversals_estimate(reversals, HS_REVERSAL_OF_PENDING, level);
  struct hs_reversal_estimate payable =
      hs_reversals_estimate(reversals, HS_REVERSAL_OF_PAYABLE, level);
  struct hs_reversal_estimate all = hs_reversals_estimate(reversals, HS_REVERSAL_OF_ALL, level);
  struct hs_accrual accrual = {.pending_minor = to_minor(pending.open),
                               .payable_minor = to_minor(payable.open),
                               .expected_minor = HS_ABSENT,
                               .low_minor = HS_ABSENT,
                               .high_minor = HS_ABSENT,
                               .of_pending_minor = HS_ABSENT,
                               .of_payable_minor = HS_ABSENT,
                               .order_count = (int64_t)reversals->order_count,
                               .taken_back_count = (int64_t)reversals->taken_back_count,
                               .reach_days = reversals->reach_days};
  if (isnan(all.expected))
    return accrual;
  accrual.expected_minor = to_minor(all.expected);
  accrual.low_minor = to_minor(all.low);
  accrual.high_minor = to_minor(all.high);
  /* The parts have to add up to the whole after rounding, too. */
  accrual.of_pending_minor = isnan(pending.expected) ? 0 : to_minor(pending.expected);
  if (accrual.of_pending_minor > accrual.expected_minor)
    accrual.of_pending_minor = accrual.expected_minor;
  accrual.of_payable_minor = accrual.expected_minor - accrual.of_pending_minor;
  return accrual;
}

static int by_currency(const void *left, const void *right)
{
  const struct hs_accrual *a = left;
  const struct hs_accrual *b = right;
  return hs_str_compare(a->currency, b->currency);
}

static enum hs_status give(const struct learning *learning, struct hs_accruals *out,
                           struct hs_err *err)
{
  struct hs_accrual *items = hs_arena_alloc(learning->arena, learning->count, sizeof *items);
  if (items == NULL)
    return hs_arena_full(learning->arena, "expected reversals", err);
  for (size_t c = 0; c < learning->count; c++) {
    const char *code = learning->currencies[c].code;
    items[c] = estimate(learning->reversals[c]);
    items[c].currency =
        (struct hs_str){hs_arena_copy(learning->arena, code, strlen(code)), strlen(code)};
    if (items[c].currency.data == NULL)
      return hs_arena_full(learning->arena, "expected reversals", err);
  }
  if (learning->count > 1)
    qsort(items, learning->count, sizeof *items, by_currency);
  *out = (struct hs_accruals){HS_ACCRUAL_LEVEL_PERCENT, {items, learning->count}};
  return HS_OK;
}

enum hs_status hs_accruals_estimate(const struct hs_ledger_reader *ledger, int64_t until_us,
                                    struct hs_arena *arena, struct hs_accruals *out,
                                    struct hs_err *err)
{
  struct hs_arena scratch = {0};
  struct learning *learning = hs_arena_alloc(arena, 1, sizeof *learning);
  if (learning == NULL)
    return hs_arena_full(arena, "expected reversals", err);
  enum hs_status status = hs_arena_init(&scratch, HS_MIB, err);
  if (status != HS_OK)
    return status;
  *learning = (struct learning){
      .arena = arena, .scratch = &scratch, .until_us = until_us, .take = hs_reversals_add};
  status = pass(learning, ledger, err);
  for (size_t c = 0; c < learning->count; c++)
    hs_reversals_fit(learning->reversals[c]);
  learning->take = hs_reversals_spread;
  if (status == HS_OK)
    status = pass(learning, ledger, err);
  if (status == HS_OK)
    status = give(learning, out, err);
  hs_arena_release(&scratch);
  return status;
}
