/* Payouts: what is payable to a partner, less what it owes, is on its way; then it arrives or comes
   back. */
#include "service/post_priv.h"

struct paying {
  struct hs_posting *posting;
  const struct hs_decision *decision;
  int64_t receivable_minor; /* still to be set off */
  int64_t total_minor;      /* to be sent */
  int is_dry;               /* only the total: a payout is entered before its lines */
};

static enum hs_status pay_line(void *context, const struct hs_payout_line_row *line,
                               struct hs_err *err)
{
  struct paying *paying = context;
  const struct hs_decision *decision = paying->decision;
  const struct hs_ledger_writer *ledger = &paying->posting->writer->ledger;
  int64_t set_off =
      line->amount_minor < paying->receivable_minor ? line->amount_minor : paying->receivable_minor;
  int64_t sent = line->amount_minor - set_off;
  struct hs_commission_row commission = {
      .id = line->commission, .partner = decision->party, .currency = decision->currency};
  struct hs_payout_line_row row = {decision->payout, line->commission, sent, set_off};
  struct hs_str reference = hs_str_of(decision->payout.text);
  paying->receivable_minor -= set_off;
  paying->total_minor += sent;
  if (paying->is_dry)
    return HS_OK;
  enum hs_status status =
      hs_post_commission(paying->posting, HS_TRANSFER_SET_OFF, &commission, set_off,
                         paying->posting->at_us, reference, (struct hs_str){0}, err);
  if (status == HS_OK)
    status = hs_post_commission(paying->posting, HS_TRANSFER_PAY, &commission, sent,
                                paying->posting->at_us, reference, (struct hs_str){0}, err);
  return status == HS_OK ? ledger->add_payout_line(ledger->self, &row, err) : status;
}

static enum hs_status note_receivable(void *context, const struct hs_balance_row *balance,
                                      [[maybe_unused]] struct hs_err *err)
{
  struct paying *paying = context;
  if (balance->account.kind == HS_ACCOUNT_RECEIVABLE &&
      hs_currency_equal(balance->currency, paying->decision->currency) &&
      hs_str_equal(balance->account.party, paying->decision->party))
    paying->receivable_minor = balance->debit_minor - balance->credit_minor;
  return HS_OK;
}

static enum hs_status pay(struct paying *paying, struct hs_err *err)
{
  const struct hs_decision *decision = paying->decision;
  const struct hs_ledger_reader *now = &paying->posting->writer->ledger_now;
  enum hs_status status = now->balances(now->self, INT64_MAX, note_receivable, paying, err);
  paying->total_minor = 0;
  return status == HS_OK ? now->payables(now->self, decision->party, decision->currency, INT64_MAX,
                                         pay_line, paying, err)
                         : status;
}

static enum hs_status add_payout_state(struct hs_posting *posting,
                                       const struct hs_decision *decision, struct hs_str state,
                                       struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_payout_state_row row = {.payout = decision->payout,
                                    .state = state,
                                    .at_us = posting->at_us,
                                    .decided_by = decision->by,
                                    .reason = decision->reason,
                                    .sequence = posting->sequence};
  return ledger->add_payout_state(ledger->self, &row, err);
}

enum hs_status hs_post_payout(struct hs_posting *posting, const struct hs_decision *decision,
                              struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct paying paying = {.posting = posting, .decision = decision, .is_dry = 1};
  enum hs_status status = pay(&paying, err);
  if (status == HS_OK && paying.total_minor == 0)
    return hs_fail(err, HS_CONFLICT, "nothing is payable to %.*s in %s",
                   HS_STR_ARG(decision->party), decision->currency.code);
  struct hs_payout_row row = {.id = decision->payout,
                              .partner = decision->party,
                              .currency = decision->currency,
                              .amount_minor = paying.total_minor,
                              .at_us = posting->at_us,
                              .decided_by = decision->by,
                              .seconded_by = decision->seconded_by,
                              .method = decision->method,
                              .sequence = posting->sequence};
  if (status == HS_OK)
    status = ledger->add_payout(ledger->self, &row, err);
  paying.is_dry = 0;
  if (status == HS_OK)
    status = pay(&paying, err);
  return status == HS_OK ? add_payout_state(posting, decision, HS_STR("pending"), err) : status;
}

struct resolving {
  struct hs_posting *posting;
  const struct hs_decision *decision;
  enum hs_transfer_kind kind;
  struct hs_str partner;
  struct hs_currency currency;
  int is_resolved;
};

static enum hs_status note_payout(void *context, const struct hs_payout_row *row,
                                  struct hs_err *err)
{
  struct resolving *resolving = context;
  struct hs_arena *scratch = resolving->posting->scratch;
  resolving->partner.data = hs_arena_copy(scratch, row->partner.data, row->partner.length);
  resolving->partner.length = row->partner.length;
  resolving->currency = row->currency;
  return resolving->partner.data == NULL ? hs_arena_full(scratch, "a payout", err) : HS_OK;
}

static int is_final(struct hs_str state)
{
  return hs_str_equal(state, HS_STR("completed")) || hs_str_equal(state, HS_STR("failed")) ||
         hs_str_equal(state, HS_STR("canceled"));
}

static enum hs_status note_payout_state(void *context, const struct hs_payout_state_row *row,
                                        [[maybe_unused]] struct hs_err *err)
{
  struct resolving *resolving = context;
  resolving->is_resolved |= is_final(row->state);
  return HS_OK;
}

static enum hs_status resolve_line(void *context, const struct hs_payout_line_row *line,
                                   struct hs_err *err)
{
  const struct resolving *resolving = context;
  struct hs_commission_row commission = {
      .id = line->commission, .partner = resolving->partner, .currency = resolving->currency};
  return hs_post_commission(resolving->posting, resolving->kind, &commission, line->amount_minor,
                            resolving->posting->at_us, hs_str_of(resolving->decision->payout.text),
                            resolving->decision->reason, err);
}

enum hs_status hs_post_payout_state(struct hs_posting *posting, const struct hs_decision *decision,
                                    struct hs_err *err)
{
  const struct hs_ledger_reader *now = &posting->writer->ledger_now;
  struct resolving resolving = {.posting = posting, .decision = decision};
  enum hs_status status = now->payout(now->self, &decision->payout, note_payout, &resolving, err);
  if (status == HS_OK)
    status = now->payout_states(now->self, &decision->payout, note_payout_state, &resolving, err);
  if (status == HS_OK && resolving.is_resolved)
    return hs_fail(err, HS_CONFLICT, "payout %s has come to its end already",
                   decision->payout.text);
  if (status == HS_OK)
    status = add_payout_state(posting, decision, decision->state, err);
  if (status != HS_OK || !is_final(decision->state))
    return status;
  resolving.kind =
      hs_str_equal(decision->state, HS_STR("completed")) ? HS_TRANSFER_SETTLE : HS_TRANSFER_RETURN;
  return now->payout_lines(now->self, &decision->payout, resolve_line, &resolving, err);
}
