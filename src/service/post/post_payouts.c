/* Payouts: what is payable to a partner, less what it owes, is on its way; then it arrives or comes
   back. A run posts many of them at once, with the invoices that the company writes for them. */
#include "ledger/numbers.h"
#include "service/pay/payout_record.h"
#include "service/post/post_priv.h"

/* ---- one payout ---- */

struct paying {
  struct hs_posting *posting;
  struct hs_id payout;
  struct hs_str run; /* absent: of none */
  struct hs_str partner;
  struct hs_currency currency;
  int64_t until_us;         /* of what was booked before */
  int64_t receivable_minor; /* still to be set off */
  int64_t set_off_minor;    /* so far */
  int64_t total_minor;      /* to be sent */
  int is_dry;               /* only the sums: a payout is entered before its lines */
};

static enum hs_status pay_line(void *context, const struct hs_payout_line_row *line,
                               struct hs_err *err)
{
  struct paying *paying = context;
  const struct hs_ledger_writer *ledger = &paying->posting->writer->ledger;
  int64_t set_off =
      line->amount_minor < paying->receivable_minor ? line->amount_minor : paying->receivable_minor;
  int64_t sent = line->amount_minor - set_off;
  struct hs_commission_row commission = {
      .id = line->commission, .partner = paying->partner, .currency = paying->currency};
  struct hs_payout_line_row row = {paying->payout, line->commission, sent, set_off};
  struct hs_str reference = hs_str_of(paying->payout.text);
  paying->receivable_minor -= set_off;
  paying->set_off_minor += set_off;
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
      hs_currency_equal(balance->currency, paying->currency) &&
      hs_str_equal(balance->account.party, paying->partner))
    paying->receivable_minor = balance->debit_minor - balance->credit_minor;
  return HS_OK;
}

static enum hs_status go_through(struct paying *paying, int is_dry, struct hs_err *err)
{
  const struct hs_ledger_reader *now = &paying->posting->writer->ledger_now;
  paying->is_dry = is_dry;
  paying->total_minor = paying->set_off_minor = 0;
  enum hs_status status = now->balances(now->self, INT64_MAX, note_receivable, paying, err);
  return status == HS_OK ? now->payables(now->self, paying->partner, paying->currency,
                                         paying->until_us, pay_line, paying, err)
                         : status;
}

static enum hs_status add_payout_state(struct hs_posting *posting,
                                       const struct hs_decision *decision,
                                       const struct hs_id *payout, struct hs_str state,
                                       struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_payout_state_row row = {.payout = *payout,
                                    .state = state,
                                    .at_us = posting->at_us,
                                    .decided_by = decision->by,
                                    .reason = decision->reason,
                                    .sequence = posting->sequence};
  return ledger->add_payout_state(ledger->self, &row, err);
}

/* paying has been gone through dry. */
static enum hs_status enter(struct paying *paying, const struct hs_decision *decision,
                            struct hs_err *err)
{
  struct hs_posting *posting = paying->posting;
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_payout_row row = {.id = paying->payout,
                              .run = paying->run,
                              .partner = paying->partner,
                              .currency = paying->currency,
                              .amount_minor = paying->total_minor,
                              .at_us = posting->at_us,
                              .decided_by = decision->by,
                              .seconded_by = decision->seconded_by,
                              .method = decision->method,
                              .sequence = posting->sequence};
  enum hs_status status = ledger->add_payout(ledger->self, &row, err);
  if (status == HS_OK)
    status = go_through(paying, 0, err);
  return status == HS_OK
             ? add_payout_state(posting, decision, &paying->payout, HS_STR("pending"), err)
             : status;
}

enum hs_status hs_post_payout(struct hs_posting *posting, const struct hs_decision *decision,
                              struct hs_err *err)
{
  struct paying paying = {.posting = posting,
                          .payout = decision->payout,
                          .partner = decision->party,
                          .currency = decision->currency,
                          .until_us = INT64_MAX};
  enum hs_status status = go_through(&paying, 1, err);
  if (status == HS_OK && paying.total_minor == 0)
    return hs_fail(err, HS_CONFLICT, "nothing is payable to %.*s in %s",
                   HS_STR_ARG(decision->party), decision->currency.code);
  return status == HS_OK ? enter(&paying, decision, err) : status;
}

/* ---- a run ---- */

static enum hs_status add_invoice(struct hs_posting *posting, struct hs_str number,
                                  const struct hs_invoice_row *given, struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_invoice_row row = *given;
  struct hs_series series;
  char text[HS_SERIES_TEXT];
  if (!hs_number_parse(number, &series, &row.number))
    return hs_fail(err, HS_INVALID, "\"%.*s\" is no number of an invoice", HS_STR_ARG(number));
  hs_series_format(&series, text);
  row.series = hs_str_of(text);
  row.at_us = posting->at_us;
  row.sequence = posting->sequence;
  return ledger->add_invoice(ledger->self, &row, err);
}

/* The invoice is over all that was owed, the credit note over what of it is set off: together they
   are the payment. */
static enum hs_status add_invoices(struct hs_posting *posting, const struct hs_run_line *line,
                                   const struct hs_id *payout, struct hs_err *err)
{
  const struct hs_invoice_row invoice = {.kind = HS_STR("invoice"),
                                         .payout = *payout,
                                         .net_minor = line->sent + line->set_off,
                                         .tax_minor = line->tax,
                                         .withheld_minor = line->withheld};
  const struct hs_invoice_row note = {.kind = HS_STR("credit_note"),
                                      .payout = *payout,
                                      .net_minor = line->set_off,
                                      .tax_minor = line->credit_tax,
                                      .withheld_minor = line->credit_withheld};
  enum hs_status status = add_invoice(posting, line->invoice, &invoice, err);
  return status == HS_OK && line->set_off > 0 ? add_invoice(posting, line->credit_note, &note, err)
                                              : status;
}

/* The file that goes to the bank says these amounts; so nothing else is posted. */
static enum hs_status require_planned(const struct paying *paying, const struct hs_run_line *line,
                                      struct hs_err *err)
{
  return paying->total_minor == line->sent && paying->set_off_minor == line->set_off
             ? HS_OK
             : hs_fail(err, HS_CONFLICT,
                       "what is payable to %.*s in %s has changed since the run was planned: "
                       "%lld and %lld to be set off, not %lld and %lld",
                       HS_STR_ARG(line->partner), paying->currency.code,
                       (long long)paying->total_minor, (long long)paying->set_off_minor,
                       (long long)line->sent, (long long)line->set_off);
}

static enum hs_status pay_planned(struct hs_posting *posting, const struct hs_decision *decision,
                                  const struct hs_run_line *line, struct hs_err *err)
{
  struct paying paying = {.posting = posting,
                          .run = decision->reference,
                          .partner = line->partner,
                          .until_us = decision->until_us};
  if (!hs_id_parse(line->payout, "pay", &paying.payout) ||
      !hs_currency_parse(line->currency, &paying.currency))
    return hs_fail(err, HS_INVALID, "a payout of the run has no proper id or currency: %.*s, %.*s",
                   HS_STR_ARG(line->payout), HS_STR_ARG(line->currency));
  enum hs_status status = go_through(&paying, 1, err);
  if (status == HS_OK)
    status = require_planned(&paying, line, err);
  if (status == HS_OK)
    status = enter(&paying, decision, err);
  return status == HS_OK ? add_invoices(posting, line, &paying.payout, err) : status;
}

enum hs_status hs_post_payout_run(struct hs_posting *posting, const struct hs_decision *decision,
                                  struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &posting->writer->ledger;
  struct hs_run_document document;
  enum hs_status status = hs_shape_read(&hs_run_document_shape, decision->document,
                                        posting->scratch, &document, NULL, NULL, err);
  if (status == HS_OK)
    status = hs_shape_complete(&hs_run_document_shape, &document, 0, NULL, NULL, err);
  if (status != HS_OK)
    return status;
  const struct hs_payout_run_row row = {.name = decision->reference,
                                        .method = decision->method,
                                        .until_us = decision->until_us,
                                        .at_us = posting->at_us,
                                        .decided_by = decision->by,
                                        .seconded_by = decision->seconded_by,
                                        .kept = document.kept,
                                        .sequence = posting->sequence};
  const struct hs_run_line *lines = document.lines.items;
  status = ledger->add_payout_run(ledger->self, &row, err);
  for (size_t i = 0; i < document.lines.count && status == HS_OK; i++)
    status = pay_planned(posting, decision, &lines[i], err);
  return status;
}

/* ---- what becomes of a payout ---- */

/* In their order: a payout never goes back. The last three end it. */
static const char *const STATES[] = {"pending",   "processing", "sent",
                                     "completed", "failed",     "canceled"};
#define STATE_COUNT (sizeof STATES / sizeof *STATES)
#define FIRST_FINAL 3

static size_t place_of(struct hs_str state)
{
  size_t place = 0;
  while (place < STATE_COUNT && !hs_str_equal(state, hs_str_of(STATES[place])))
    place++;
  return place;
}

struct resolving {
  struct hs_posting *posting;
  const struct hs_decision *decision;
  enum hs_transfer_kind kind;
  struct hs_str partner;
  struct hs_currency currency;
  int64_t amount_minor;
  size_t place; /* of the state so far */
  /* of its invoices */
  struct hs_series series;
  int64_t tax_minor, withheld_minor;
  int has_invoice;
};

static enum hs_status note_payout(void *context, const struct hs_payout_row *row,
                                  struct hs_err *err)
{
  struct resolving *resolving = context;
  struct hs_arena *scratch = resolving->posting->scratch;
  resolving->partner.data = hs_arena_copy(scratch, row->partner.data, row->partner.length);
  resolving->partner.length = row->partner.length;
  resolving->currency = row->currency;
  resolving->amount_minor = row->amount_minor;
  return resolving->partner.data == NULL ? hs_arena_full(scratch, "a payout", err) : HS_OK;
}

static enum hs_status note_payout_state(void *context, const struct hs_payout_state_row *row,
                                        [[maybe_unused]] struct hs_err *err)
{
  struct resolving *resolving = context;
  resolving->place = place_of(row->state);
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

static enum hs_status note_invoice(void *context, const struct hs_invoice_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  struct resolving *resolving = context;
  int is_invoice = hs_str_equal(row->kind, HS_STR("invoice"));
  resolving->has_invoice |= is_invoice && hs_series_parse(row->series, &resolving->series);
  resolving->tax_minor += is_invoice ? row->tax_minor : -row->tax_minor;
  resolving->withheld_minor += is_invoice ? row->withheld_minor : -row->withheld_minor;
  return HS_OK;
}

/* What came back is owed again and comes into the next invoice, so that of this one is taken out.
 */
static enum hs_status cancel_invoice(struct resolving *resolving, struct hs_err *err)
{
  struct hs_posting *posting = resolving->posting;
  const struct hs_ledger_reader *now = &posting->writer->ledger_now;
  const struct hs_id *payout = &resolving->decision->payout;
  char series[HS_SERIES_TEXT];
  char number[HS_NUMBER_TEXT];
  uint64_t last = 0;
  enum hs_status status = now->invoices(now->self, payout, note_invoice, resolving, err);
  if (status != HS_OK || !resolving->has_invoice)
    return status;
  resolving->series.year =
      hs_civil_of_day(hs_zone_day_of_us(posting->programme->zone, posting->at_us)).year;
  hs_series_format(&resolving->series, series);
  status = now->last_invoice(now->self, hs_str_of(series), &last, err);
  hs_number_format(&resolving->series, last + 1, number);
  const struct hs_invoice_row row = {.kind = HS_STR("cancellation"),
                                     .payout = *payout,
                                     .net_minor = resolving->amount_minor,
                                     .tax_minor = resolving->tax_minor,
                                     .withheld_minor = resolving->withheld_minor};
  return status == HS_OK ? add_invoice(posting, hs_str_of(number), &row, err) : status;
}

static enum hs_status require_next(const struct resolving *resolving, size_t place,
                                   struct hs_err *err)
{
  const struct hs_decision *decision = resolving->decision;
  if (place == STATE_COUNT)
    return hs_fail(err, HS_INVALID, "a payout is never \"%.*s\"", HS_STR_ARG(decision->state));
  if (resolving->place >= FIRST_FINAL)
    return hs_fail(err, HS_CONFLICT, "payout %s has come to its end already: %s",
                   decision->payout.text, STATES[resolving->place]);
  if (place <= resolving->place)
    return hs_fail(err, HS_CONFLICT, "payout %s is %s already", decision->payout.text,
                   STATES[resolving->place]);
  return HS_OK;
}

enum hs_status hs_post_payout_state(struct hs_posting *posting, const struct hs_decision *decision,
                                    struct hs_err *err)
{
  const struct hs_ledger_reader *now = &posting->writer->ledger_now;
  struct resolving resolving = {.posting = posting, .decision = decision};
  size_t place = place_of(decision->state);
  enum hs_status status = now->payout(now->self, &decision->payout, note_payout, &resolving, err);
  if (status == HS_OK)
    status = now->payout_states(now->self, &decision->payout, note_payout_state, &resolving, err);
  if (status == HS_OK)
    status = require_next(&resolving, place, err);
  if (status == HS_OK)
    status = add_payout_state(posting, decision, &decision->payout, decision->state, err);
  if (status != HS_OK || place < FIRST_FINAL)
    return status;
  int has_arrived = place == FIRST_FINAL;
  resolving.kind = has_arrived ? HS_TRANSFER_SETTLE : HS_TRANSFER_RETURN;
  status = now->payout_lines(now->self, &decision->payout, resolve_line, &resolving, err);
  return status == HS_OK && !has_arrived ? cancel_invoice(&resolving, err) : status;
}
