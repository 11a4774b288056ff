/* What a change does to the ledger's tables. */
#include <string.h>

#include "adapters/sqlite/ledger_priv.h"
#include "adapters/sqlite/sqlite_priv.h"

#define PUT(noun, row_type, table)                                                                 \
  static enum hs_status add_##noun(void *self, const struct row_type *row, struct hs_err *err)     \
  {                                                                                                \
    struct hs_sqlite_writer *writer = self;                                                        \
    return hs_sqlite_put(&writer->connection, &(table), row, err);                                 \
  }
PUT(agreement, hs_agreement_row, hs_sqlite_agreements)
PUT(version, hs_version_row, hs_sqlite_versions)
PUT(version_state, hs_version_state_row, hs_sqlite_version_states)
PUT(enrolment, hs_enrolment_row, hs_sqlite_enrolments)
PUT(own_customer, hs_own_customer_row, hs_sqlite_own_customers)
PUT(policy, hs_policy_row, hs_sqlite_policies)
PUT(order_share, hs_order_share_row, hs_sqlite_order_shares)
PUT(judged_again, hs_judged_again_row, hs_sqlite_judged_again)
PUT(payout_run, hs_payout_run_row, hs_sqlite_payout_runs)
PUT(payout, hs_payout_row, hs_sqlite_payouts)
PUT(payout_line, hs_payout_line_row, hs_sqlite_payout_lines)
PUT(payout_state, hs_payout_state_row, hs_sqlite_payout_states)
PUT(dispute, hs_dispute_row, hs_sqlite_disputes)
PUT(dispute_decision, hs_dispute_decision_row, hs_sqlite_dispute_decisions)
PUT(adjustment, hs_adjustment_row, hs_sqlite_adjustments)
PUT(lock, hs_lock_row, hs_sqlite_locks)
PUT(sheet_line, hs_sheet_line_row, hs_sqlite_sheet_lines)
PUT(sheet_confirmation, hs_sheet_confirmation_row, hs_sqlite_sheet_confirmations)
PUT(renegotiation, hs_renegotiation_row, hs_sqlite_renegotiations)
PUT(fund, hs_fund_row, hs_sqlite_funds)
#undef PUT

static enum hs_status put_tally(void *self, const struct hs_tally_row *row, struct hs_err *err)
{
  struct hs_sqlite_writer *writer = self;
  return hs_sqlite_put(&writer->connection, &hs_sqlite_tallies, row, err);
}

/* Forgets the last commission where it stays unknown what number it has. */
static enum hs_status add_commission(void *self, const struct hs_commission_row *row,
                                     struct hs_err *err)
{
  struct hs_sqlite_writer *writer = self;
  sqlite3 *db = writer->connection.db;
  int64_t before = sqlite3_total_changes64(db);
  enum hs_status status = hs_sqlite_put(&writer->connection, &hs_sqlite_commissions, row, err);
  writer->commission = (struct hs_id){0};
  if (status == HS_OK && sqlite3_total_changes64(db) > before) {
    writer->commission = row->id;
    writer->commission_currency = row->currency;
    writer->commission_number = sqlite3_last_insert_rowid(db);
  }
  return status;
}

/* ---- transfers ---- */

/* What is asked of a commission or a transfer: its number and its currency. */
struct named {
  int64_t number; /* 0: there is none */
  struct hs_currency currency;
};

static enum hs_status named_row(sqlite3_stmt *statement, [[maybe_unused]] const void *each,
                                void *context, [[maybe_unused]] struct hs_err *err)
{
  struct named *named = context;
  struct hs_str code = hs_sqlite_text_at(statement, 1);
  named->number = sqlite3_column_int64(statement, 0);
  if (code.data != NULL && code.length < sizeof named->currency)
    memcpy(named->currency.code, code.data, code.length);
  return HS_OK;
}

static enum hs_status find_named(struct hs_sqlite_writer *writer, const char *text,
                                 struct hs_sqlite_cell cell, struct named *out, struct hs_err *err)
{
  struct hs_sqlite_query query = {HS_SQLITE_PLAIN, NULL, text, &cell, 1};
  return hs_sqlite_each(&writer->connection, &query, named_row, NULL, out, err);
}

/* The transfers that a commission brings follow it at once, and need not look it up. */
static enum hs_status require_commission(struct hs_sqlite_writer *writer,
                                         const struct hs_transfer_row *row, struct hs_err *err)
{
  struct named named = {0};
  if (strcmp(row->commission.text, writer->commission.text) != 0) {
    enum hs_status status =
        find_named(writer, "SELECT number, currency FROM commissions WHERE id = ?1",
                   hs_sqlite_id(&row->commission), &named, err);
    if (status != HS_OK)
      return status;
    if (named.number == 0)
      return hs_fail(err, HS_NOT_FOUND, "there is no commission %s", row->commission.text);
    writer->commission = row->commission;
    writer->commission_currency = named.currency;
    writer->commission_number = named.number;
  }
  if (!hs_currency_equal(writer->commission_currency, row->currency))
    return hs_fail(err, HS_INVALID, "commission %s is in %s, its transfer would be in %s",
                   row->commission.text, writer->commission_currency.code, row->currency.code);
  return HS_OK;
}

static enum hs_status require_reversed(struct hs_sqlite_writer *writer,
                                       const struct hs_transfer_row *row, struct hs_err *err)
{
  struct named named = {0};
  enum hs_status status = find_named(
      writer,
      "SELECT transfers.number, currency FROM transfers JOIN accounts ON accounts.number = debit "
      "WHERE transfers.number = ?1",
      hs_sqlite_integer((int64_t)row->reverses), &named, err);
  if (status == HS_OK && named.number == 0)
    return hs_fail(err, HS_NOT_FOUND, "there is no transfer %llu to reverse",
                   (unsigned long long)row->reverses);
  if (status == HS_OK && !hs_currency_equal(named.currency, row->currency))
    return hs_fail(err, HS_INVALID, "transfer %llu is in %s, its reversal would be in %s",
                   (unsigned long long)row->reverses, named.currency.code, row->currency.code);
  return status;
}

static enum hs_status require_open_period(struct hs_sqlite_writer *writer, int64_t effective_us,
                                          struct hs_err *err)
{
  struct hs_sqlite_cell moment = hs_sqlite_integer(effective_us);
  int64_t count = 0;
  enum hs_status status = HS_OK;
  if (!writer->knows_closed) {
    writer->closed_until_us = INT64_MIN;
    status = hs_sqlite_ask(&writer->connection,
                           "SELECT until_us FROM closes ORDER BY until_us DESC LIMIT 1", NULL, 0,
                           NULL, &writer->closed_until_us, err);
    writer->knows_closed = status == HS_OK;
  }
  if (status != HS_OK || effective_us >= writer->closed_until_us)
    return status;
  status = hs_sqlite_ask(&writer->connection,
                         "SELECT 1 FROM closes WHERE from_us <= ?1 AND until_us > ?1", &moment, 1,
                         &count, NULL, err);
  if (status == HS_OK && count > 0)
    return hs_fail(err, HS_CONFLICT, "the moment %lld lies in a period that is closed",
                   (long long)effective_us);
  return status;
}

static enum hs_status check_transfer(struct hs_sqlite_writer *writer,
                                     const struct hs_transfer_row *row, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  if (row->amount_minor <= 0)
    return hs_fail(err, HS_INVALID, "a transfer's amount must be above 0, got %lld",
                   (long long)row->amount_minor);
  if (row->debit.kind == row->credit.kind && hs_str_equal(row->debit.party, row->credit.party))
    return hs_fail(err, HS_INVALID, "a transfer from %s to itself moves nothing",
                   hs_account_word(row->debit.kind));
  status = require_open_period(writer, row->effective_us, err);
  if (status == HS_OK && row->commission.text[0] != 0)
    status = require_commission(writer, row, err);
  if (status == HS_OK && row->reverses != 0)
    status = require_reversed(writer, row, err);
  return status;
}

static enum hs_status put_transfer(struct hs_sqlite_writer *writer,
                                   const struct hs_transfer_row *row, struct hs_err *err)
{
  struct hs_sqlite_entry entry = {.row = *row};
  enum hs_status status =
      hs_sqlite_account_number(writer, &row->debit, row->currency, &entry.debit, err);
  if (status == HS_OK)
    status = hs_sqlite_account_number(writer, &row->credit, row->currency, &entry.credit, err);
  if (row->commission.text[0] != 0)
    entry.commission = writer->commission_number;
  return status == HS_OK ? hs_sqlite_put(&writer->connection, &hs_sqlite_entries, &entry, err)
                         : status;
}

static enum hs_status find_next_number(struct hs_sqlite_writer *writer, struct hs_err *err)
{
  int64_t last = 0;
  if (writer->next_number != 0)
    return HS_OK;
  enum hs_status status = hs_sqlite_ask(&writer->connection,
                                        "SELECT number FROM transfers ORDER BY number DESC LIMIT 1",
                                        NULL, 0, NULL, &last, err);
  if (status == HS_OK)
    writer->next_number = (uint64_t)last + 1;
  return status;
}

static enum hs_status add_transfer(void *self, const struct hs_transfer_row *given,
                                   uint64_t *number, struct hs_err *err)
{
  struct hs_sqlite_writer *writer = self;
  struct hs_transfer_row row = *given;
  enum hs_status status = find_next_number(writer, err);
  if (status != HS_OK)
    return status;
  if (row.number == 0)
    row.number = writer->next_number;
  if (row.number > writer->next_number)
    return hs_fail(err, HS_CONFLICT, "transfer %llu would leave a gap: the next one is %llu",
                   (unsigned long long)row.number, (unsigned long long)writer->next_number);
  if (row.number < writer->next_number) {
    status = hs_sqlite_require_same(&writer->connection, &hs_sqlite_transfers, &row, err);
  } else {
    status = check_transfer(writer, &row, err);
    if (status == HS_OK)
      status = put_transfer(writer, &row, err);
    if (status == HS_OK)
      writer->next_number++;
  }
  if (status == HS_OK && number != NULL)
    *number = row.number;
  return status;
}

/* ---- invoices ---- */

static enum hs_status add_invoice(void *self, const struct hs_invoice_row *row, struct hs_err *err)
{
  struct hs_sqlite_writer *writer = self;
  struct hs_sqlite_cell series = hs_sqlite_text(row->series);
  int64_t last = 0;
  enum hs_status status =
      hs_sqlite_ask(&writer->connection, hs_sqlite_last_invoice, &series, 1, NULL, &last, err);
  if (status == HS_OK && row->number > (uint64_t)last + 1)
    return hs_fail(err, HS_CONFLICT, "invoice %llu of %.*s would leave a gap: the next one is %llu",
                   (unsigned long long)row->number, HS_STR_ARG(row->series),
                   (unsigned long long)last + 1);
  return status == HS_OK ? hs_sqlite_put(&writer->connection, &hs_sqlite_invoices, row, err)
                         : status;
}

/* ---- closes ---- */

static enum hs_status add_close(void *self, const struct hs_close_row *row, struct hs_err *err)
{
  struct hs_sqlite_writer *writer = self;
  struct hs_sqlite_cell cells[] = {hs_sqlite_text(row->period), hs_sqlite_integer(row->from_us),
                                   hs_sqlite_integer(row->until_us)};
  int64_t count = 0;
  enum hs_status status =
      hs_sqlite_ask(&writer->connection,
                    "SELECT 1 FROM closes WHERE period <> ?1 AND from_us < ?3 AND until_us > ?2",
                    cells, 3, &count, NULL, err);
  if (status == HS_OK && count > 0)
    return hs_fail(err, HS_CONFLICT, "a part of %.*s is closed already", HS_STR_ARG(row->period));
  writer->knows_closed = 0;
  return status == HS_OK ? hs_sqlite_put(&writer->connection, &hs_sqlite_closes, row, err) : status;
}

const struct hs_ledger_writer hs_sqlite_ledger_writer = {
    .add_agreement = add_agreement,
    .add_version = add_version,
    .add_version_state = add_version_state,
    .add_enrolment = add_enrolment,
    .add_own_customer = add_own_customer,
    .add_policy = add_policy,
    .add_commission = add_commission,
    .add_order_share = add_order_share,
    .add_judged_again = add_judged_again,
    .add_transfer = add_transfer,
    .put_tally = put_tally,
    .add_payout_run = add_payout_run,
    .add_payout = add_payout,
    .add_payout_line = add_payout_line,
    .add_payout_state = add_payout_state,
    .add_invoice = add_invoice,
    .add_dispute = add_dispute,
    .add_dispute_decision = add_dispute_decision,
    .add_adjustment = add_adjustment,
    .add_close = add_close,
    .add_lock = add_lock,
    .add_sheet_line = add_sheet_line,
    .add_sheet_confirmation = add_sheet_confirmation,
    .add_renegotiation = add_renegotiation,
    .add_fund = add_fund,
    .clear = hs_sqlite_ledger_clear,
};
