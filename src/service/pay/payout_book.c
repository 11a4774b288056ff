#include "service/pay/payout_book.h"

#include <stdlib.h>
#include <string.h>

#include "base/room.h"

/* Rows of a list as they come, in one array of the arena. */
struct rows {
  struct hs_arena *arena;
  void *items;
  size_t count, capacity, size;
};

/* Room for one more, zeroed; NULL when the arena is full. */
static void *next_row(struct rows *rows)
{
  void *grown =
      hs_arena_room(rows->arena, rows->items, rows->count, 1, &rows->capacity, rows->size);
  if (grown == NULL)
    return NULL;
  rows->items = grown;
  return memset((char *)rows->items + rows->count++ * rows->size, 0, rows->size);
}

/* ---- what is owed ---- */

static int64_t *part_of(struct hs_payout_balance *balance, enum hs_account_kind kind)
{
  if (kind == HS_ACCOUNT_PAYABLE)
    return &balance->payable_minor;
  if (kind == HS_ACCOUNT_DISPUTED)
    return &balance->disputed_minor;
  return kind == HS_ACCOUNT_RECEIVABLE ? &balance->receivable_minor : NULL;
}

/* A row for each account; those of a partner are put together afterwards. */
static enum hs_status take_balance(void *context, const struct hs_balance_row *row,
                                   struct hs_err *err)
{
  struct rows *rows = context;
  struct hs_payout_balance balance = {0};
  int64_t *part = part_of(&balance, row->account.kind);
  if (part == NULL || row->debit_minor == row->credit_minor)
    return HS_OK;
  *part = row->account.kind == HS_ACCOUNT_RECEIVABLE ? row->debit_minor - row->credit_minor
                                                     : row->credit_minor - row->debit_minor;
  if (*part < 0)
    return hs_fail(err, HS_CORRUPT, "what is %s of %.*s is below 0 by %lld",
                   hs_account_word(row->account.kind), HS_STR_ARG(row->account.party),
                   (long long)-*part);
  struct hs_due *due = next_row(rows);
  if (due == NULL)
    return hs_arena_full(rows->arena, "balances", err);
  *due = (struct hs_due){row->account.party, row->currency, balance};
  return hs_str_keep(rows->arena, &due->partner) ? HS_OK
                                                 : hs_arena_full(rows->arena, "balances", err);
}

static int by_partner(const void *left, const void *right)
{
  const struct hs_due *a = left;
  const struct hs_due *b = right;
  int order = hs_str_compare(a->partner, b->partner);
  return order != 0 ? order : strcmp(a->currency.code, b->currency.code);
}

enum hs_status hs_dues_of_book(const struct hs_ledger_reader *ledger, int64_t until_us,
                               struct hs_arena *arena, struct hs_due **out, size_t *count,
                               struct hs_err *err)
{
  struct rows rows = {.arena = arena, .size = sizeof(struct hs_due)};
  size_t kept = 0;
  enum hs_status status = ledger->balances(ledger->self, until_us, take_balance, &rows, err);
  if (status != HS_OK)
    return status;
  struct hs_due *dues = rows.items;
  if (rows.count > 1)
    qsort(dues, rows.count, sizeof *dues, by_partner);
  /* Each account gave one of the three parts, so that adding them up puts one beside the other. */
  for (size_t d = 0; d < rows.count; d++) {
    if (kept == 0 || by_partner(&dues[kept - 1], &dues[d]) != 0) {
      dues[kept++] = dues[d];
      continue;
    }
    dues[kept - 1].balance.payable_minor += dues[d].balance.payable_minor;
    dues[kept - 1].balance.disputed_minor += dues[d].balance.disputed_minor;
    dues[kept - 1].balance.receivable_minor += dues[d].balance.receivable_minor;
  }
  *out = dues;
  *count = kept;
  return HS_OK;
}

static enum hs_status add_payable(void *context, const struct hs_payout_line_row *row,
                                  struct hs_err *err)
{
  int64_t *sum = context;
  return __builtin_add_overflow(*sum, row->amount_minor, sum)
             ? hs_fail(err, HS_INVALID, "what is payable does not fit")
             : HS_OK;
}

enum hs_status hs_dues_until(const struct hs_ledger_reader *ledger, int64_t until_us,
                             struct hs_due *dues, size_t count, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (size_t d = 0; d < count && status == HS_OK; d++) {
    dues[d].balance.payable_minor = 0;
    status = ledger->payables(ledger->self, dues[d].partner, dues[d].currency, until_us,
                              add_payable, &dues[d].balance.payable_minor, err);
  }
  return status;
}

/* ---- the general ledger ---- */

static enum hs_status take_transfer(void *context, const struct hs_transfer_row *row,
                                    struct hs_err *err)
{
  struct rows *rows = context;
  struct hs_transfer_row *copy = next_row(rows);
  if (copy == NULL)
    return hs_arena_full(rows->arena, "postings", err);
  *copy = *row;
  int fits = hs_str_keep(rows->arena, &copy->kind) &&
             hs_str_keep(rows->arena, &copy->debit.party) &&
             hs_str_keep(rows->arena, &copy->credit.party) &&
             hs_str_keep(rows->arena, &copy->reference) && hs_str_keep(rows->arena, &copy->reason);
  return fits ? HS_OK : hs_arena_full(rows->arena, "postings", err);
}

enum hs_status hs_gl_of_book(const struct hs_ledger_reader *ledger, const struct hs_period *period,
                             const struct hs_gl_mapping *mapping, enum hs_gl_detail detail,
                             const struct hs_zone *zone, struct hs_arena *arena, struct hs_gl *out,
                             struct hs_err *err)
{
  struct rows rows = {.arena = arena, .size = sizeof(struct hs_transfer_row)};
  struct hs_gl_input input = {0};
  enum hs_status status = ledger->transfers(ledger->self, (struct hs_str){0}, period->from_us,
                                            period->until_us, take_transfer, &rows, err);
  if (status == HS_OK)
    status = hs_gl_estimates_of_book(ledger, period, arena, &input, err);
  if (status != HS_OK)
    return status;
  input.transfers = rows.items;
  input.transfer_count = rows.count;
  return hs_gl_make(&input, mapping, detail, zone, arena, out, err);
}
