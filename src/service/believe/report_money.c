#include "service/believe/report_money.h"

#include <stdlib.h>
#include <string.h>

#include "base/room.h"
#include "base/time.h"
#include "service/post/post.h"

struct making {
  struct hs_programme *programme;
  struct hs_arena *arena;
  struct hs_report_money *money;
  size_t capacity;
};

static enum hs_status copy_text(struct making *making, struct hs_str text, struct hs_str *out,
                                struct hs_err *err)
{
  const char *copy = hs_arena_copy(making->arena, text.data, text.length);
  *out = (struct hs_str){copy, text.length};
  return copy == NULL ? hs_arena_full(making->arena, "what is owed", err) : HS_OK;
}

/* Partners are few beside what is posted for them: a list is searched from its end, where the
   accounts of one kind, which come by partner, have just been. */
static enum hs_status owed_of(struct making *making, struct hs_str partner,
                              struct hs_currency currency, struct hs_report_owed **out,
                              struct hs_err *err)
{
  struct hs_report_money *money = making->money;
  for (size_t i = money->owed_count; i > 0; i--)
    if (hs_currency_equal(money->owed[i - 1].currency, currency) &&
        hs_str_equal(money->owed[i - 1].partner, partner)) {
      *out = &money->owed[i - 1];
      return HS_OK;
    }
  struct hs_report_owed *rows = hs_arena_room(making->arena, money->owed, money->owed_count, 1,
                                              &making->capacity, sizeof *rows);
  if (rows == NULL)
    return hs_arena_full(making->arena, "what is owed", err);
  money->owed = rows;
  struct hs_report_owed row = {.currency = currency};
  enum hs_status status = copy_text(making, partner, &row.partner, err);
  row.title = row.partner;
  if (status != HS_OK)
    return status;
  *out = &money->owed[money->owed_count++];
  **out = row;
  return HS_OK;
}

/* ---- balances ---- */

static int64_t *part_of(struct hs_report_owed *owed, enum hs_account_kind kind)
{
  switch (kind) {
  case HS_ACCOUNT_PENDING:
    return &owed->pending_minor;
  case HS_ACCOUNT_PAYABLE:
    return &owed->payable_minor;
  case HS_ACCOUNT_DISPUTED:
    return &owed->disputed_minor;
  case HS_ACCOUNT_RECEIVABLE:
    return &owed->receivable_minor;
  case HS_ACCOUNT_EXPENSE:
  case HS_ACCOUNT_CLEARING:
  case HS_ACCOUNT_BANK:
  case HS_ACCOUNT_KIND_COUNT:
  default:
    return NULL;
  }
}

static enum hs_status take_balance(void *context, const struct hs_balance_row *row,
                                   struct hs_err *err)
{
  struct making *making = context;
  struct hs_report_owed *owed = NULL;
  int64_t held = row->credit_minor - row->debit_minor;
  if (!hs_account_is_partners(row->account.kind) || held == 0)
    return HS_OK;
  enum hs_status status = owed_of(making, row->account.party, row->currency, &owed, err);
  if (status != HS_OK)
    return status;
  int64_t *part = part_of(owed, row->account.kind);
  HS_ASSERT(part != NULL);
  *part = row->account.kind == HS_ACCOUNT_RECEIVABLE ? -held : held;
  return HS_OK;
}

/* ---- payouts ---- */

struct paid {
  struct hs_id payout;
  struct hs_str partner;
  struct hs_currency currency;
  int64_t amount_minor;
};

struct payouts {
  struct making *making;
  struct paid *items;
  size_t count, capacity;
  int is_void; /* the one that is looked at */
};

static enum hs_status keep_payout(void *context, const struct hs_payout_row *row,
                                  struct hs_err *err)
{
  struct payouts *payouts = context;
  struct making *making = payouts->making;
  const struct hs_period *period = &making->money->period;
  if (row->at_us < period->from_us || row->at_us >= period->until_us)
    return HS_OK;
  struct paid *items = hs_arena_room(making->arena, payouts->items, payouts->count, 1,
                                     &payouts->capacity, sizeof *items);
  if (items == NULL)
    return hs_arena_full(making->arena, "payouts", err);
  payouts->items = items;
  struct paid *paid = &items[payouts->count++];
  *paid = (struct paid){
      .payout = row->id, .currency = row->currency, .amount_minor = row->amount_minor};
  return copy_text(making, row->partner, &paid->partner, err);
}

static enum hs_status note_state(void *context, const struct hs_payout_state_row *row,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct payouts *payouts = context;
  payouts->is_void =
      hs_str_equal(row->state, HS_STR("failed")) || hs_str_equal(row->state, HS_STR("canceled"));
  return HS_OK;
}

static enum hs_status add_payouts(struct making *making, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &making->programme->book.ledger;
  struct payouts payouts = {.making = making};
  enum hs_status status =
      ledger->payouts(ledger->self, (struct hs_str){0}, keep_payout, &payouts, err);
  for (size_t i = 0; i < payouts.count && status == HS_OK; i++) {
    const struct paid *paid = &payouts.items[i];
    struct hs_report_owed *owed = NULL;
    payouts.is_void = 0;
    status = ledger->payout_states(ledger->self, &paid->payout, note_state, &payouts, err);
    if (status != HS_OK || payouts.is_void)
      continue;
    status = owed_of(making, paid->partner, paid->currency, &owed, err);
    if (status == HS_OK &&
        __builtin_add_overflow(owed->paid_minor, paid->amount_minor, &owed->paid_minor))
      status = hs_fail(err, HS_INVALID, "what was paid in %s does not fit", owed->currency.code);
  }
  return status;
}

/* ---- the whole ---- */

static enum hs_status take_title(void *context, const struct hs_party *party, struct hs_err *err)
{
  struct making *making = context;
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < making->money->owed_count && status == HS_OK; i++)
    if (party->title.data != NULL && hs_str_equal(making->money->owed[i].partner, party->name))
      status = copy_text(making, party->title, &making->money->owed[i].title, err);
  return status;
}

static enum hs_status note_signed(void *context, const struct hs_version_state_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  *(int *)context |= hs_str_equal(row->state, HS_STR("signed"));
  return HS_OK;
}

static int by_amount(const void *left, const void *right)
{
  const struct hs_report_owed *a = left;
  const struct hs_report_owed *b = right;
  int order = strcmp(a->currency.code, b->currency.code);
  if (order != 0)
    return order;
  int64_t more[2] = {a->payable_minor + a->pending_minor, b->payable_minor + b->pending_minor};
  return more[0] != more[1] ? (more[0] < more[1]) - (more[0] > more[1])
                            : hs_str_compare(a->partner, b->partner);
}

static enum hs_status post(struct making *making, hs_catch_up_fn catching_up, void *context,
                           struct hs_err *err)
{
  struct hs_err why = {0};
  enum hs_status status = hs_ledger_catch_up(making->programme, catching_up, context, NULL, &why);
  if (status == HS_OK)
    return HS_OK;
  if (!hs_ledger_is_content(status))
    return hs_fail(err, status, "%s", why.text);
  return copy_text(making, hs_str_of(why.text), &making->money->stopped, err);
}

enum hs_status hs_report_money_make(struct hs_programme *programme, const struct hs_period *period,
                                    hs_catch_up_fn catching_up, void *context,
                                    struct hs_arena *arena, struct hs_report_money *out,
                                    struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &programme->book.ledger;
  struct making making = {.programme = programme, .arena = arena, .money = out};
  int64_t now_us = programme->io->now_us(programme->io->self);
  *out = (struct hs_report_money){
      .as_of_us = period->until_us < now_us ? period->until_us : INT64_MAX, .period = *period};
  enum hs_status status = post(&making, catching_up, context, err);
  if (status == HS_OK)
    status =
        ledger->version_states(ledger->self, (struct hs_str){0}, note_signed, &out->is_signed, err);
  if (status == HS_OK)
    status = ledger->balances(ledger->self, out->as_of_us, take_balance, &making, err);
  if (status == HS_OK)
    status = add_payouts(&making, err);
  if (status == HS_OK)
    status = programme->book.parties(programme->book.self, take_title, &making, err);
  if (status == HS_OK && out->owed_count > 1)
    qsort(out->owed, out->owed_count, sizeof *out->owed, by_amount);
  return status;
}

/* ---- words ---- */

void hs_words_money(const struct hs_report_money *money, const struct hs_zone *zone,
                    struct hs_buf *out)
{
  char as_of[HS_TIME_TEXT] = "";
  int is_now = money->as_of_us == INT64_MAX;
  if (!is_now)
    hs_format_time_in(zone, money->as_of_us - 1, as_of);
  hs_buf_printf(out,
                "Another question than the one above: what is owed by the agreements%s%.10s. It is "
                "exact, and is never added to what partners are believed to have brought.",
                is_now ? ", as of now" : ", at the end of ", as_of);
}

void hs_words_money_missing(const struct hs_report_money *money, struct hs_buf *out)
{
  if (money->stopped.data != NULL) {
    hs_buf_add_text(out, "Not up to date, and nobody is paid for what came since: ");
    (void)hs_buf_add_shown(out, money->stopped, SIZE_MAX);
    hs_buf_add_text(out, ". What to do: hansa ledger alarms");
  } else if (!money->is_signed) {
    hs_buf_add_text(out, "No agreement is signed yet, so nothing is owed to anybody. To begin: "
                         "hansa agreement new, then hansa agreement add and sign with --data; "
                         "orders that come in after that are judged by it.");
  } else if (money->owed_count == 0) {
    hs_buf_add_text(out, "Nothing was earned yet under the agreements that are signed.");
  }
}
