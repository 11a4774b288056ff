/* The lists of the ledger: each is what follows the name of its table in a SELECT, and what makes
   the parameters. */
#include <string.h>

#include "adapters/sqlite/ledger_priv.h"
#include "adapters/sqlite/sqlite_priv.h"

/*  X(name, row, function type): the kinds of rows that are handed to callers. */
#define KINDS(X)                                                                                   \
  X(agreements, hs_agreement_row, hs_agreement_row_fn)                                             \
  X(versions, hs_version_row, hs_version_row_fn)                                                   \
  X(version_states, hs_version_state_row, hs_version_state_row_fn)                                 \
  X(enrolments, hs_enrolment_row, hs_enrolment_row_fn)                                             \
  X(own_customers, hs_own_customer_row, hs_own_customer_row_fn)                                    \
  X(policies, hs_policy_row, hs_policy_row_fn)                                                     \
  X(commissions, hs_commission_row, hs_commission_row_fn)                                          \
  X(order_shares, hs_order_share_row, hs_order_share_row_fn)                                       \
  X(judged_again, hs_judged_again_row, hs_judged_again_row_fn)                                     \
  X(transfers, hs_transfer_row, hs_transfer_row_fn)                                                \
  X(developments, hs_development_row, hs_development_row_fn)                                       \
  X(balances, hs_balance_row, hs_balance_row_fn)                                                   \
  X(tallies, hs_tally_row, hs_tally_row_fn)                                                        \
  X(payout_runs, hs_payout_run_row, hs_payout_run_row_fn)                                          \
  X(payouts, hs_payout_row, hs_payout_row_fn)                                                      \
  X(payout_lines, hs_payout_line_row, hs_payout_line_row_fn)                                       \
  X(payables, hs_payout_line_row, hs_payout_line_row_fn)                                           \
  X(payout_states, hs_payout_state_row, hs_payout_state_row_fn)                                    \
  X(invoices, hs_invoice_row, hs_invoice_row_fn)                                                   \
  X(disputes, hs_dispute_row, hs_dispute_row_fn)                                                   \
  X(dispute_decisions, hs_dispute_decision_row, hs_dispute_decision_row_fn)                        \
  X(adjustments, hs_adjustment_row, hs_adjustment_row_fn)                                          \
  X(closes, hs_close_row, hs_close_row_fn)                                                         \
  X(locks, hs_lock_row, hs_lock_row_fn)                                                            \
  X(sheet_lines, hs_sheet_line_row, hs_sheet_line_row_fn)                                          \
  X(sheet_confirmations, hs_sheet_confirmation_row, hs_sheet_confirmation_row_fn)                  \
  X(renegotiations, hs_renegotiation_row, hs_renegotiation_row_fn)                                 \
  X(funds, hs_fund_row, hs_fund_row_fn)

/* give_NAME makes a row and hands it over; list_NAME does so for all that a question finds. */
#define LIST(name, row_type, function_type)                                                        \
  static enum hs_status give_##name(sqlite3_stmt *statement, const void *each, void *context,      \
                                    struct hs_err *err)                                            \
  {                                                                                                \
    struct row_type row = {0};                                                                     \
    hs_sqlite_fill(&hs_sqlite_##name, statement, &row);                                            \
    return (*(const function_type *)each)(context, &row, err);                                     \
  }                                                                                                \
  static enum hs_status list_##name(void *self, const char *rest,                                  \
                                    const struct hs_sqlite_cell *cells, size_t cell_count,         \
                                    function_type each, void *context, struct hs_err *err)         \
  {                                                                                                \
    struct hs_sqlite_query query = {HS_SQLITE_SELECT, &hs_sqlite_##name, rest, cells, cell_count}; \
    return hs_sqlite_each(self, &query, give_##name, &each, context, err);                         \
  }
KINDS(LIST)
#undef LIST

/* one_NAME hands over the row that a question finds, and says whether there was one. */
#define ONE(name, row_type, function_type)                                                         \
  struct found_##name {                                                                            \
    function_type each;                                                                            \
    void *context;                                                                                 \
    int is_found;                                                                                  \
  };                                                                                               \
  static enum hs_status note_##name(void *context, const struct row_type *row, struct hs_err *err) \
  {                                                                                                \
    struct found_##name *found = context;                                                          \
    found->is_found = 1;                                                                           \
    return found->each(found->context, row, err);                                                  \
  }                                                                                                \
  static enum hs_status one_##name(                                                                \
      void *self, const char *rest, const struct hs_sqlite_cell *cells, size_t cell_count,         \
      function_type each, void *context, int *is_found, struct hs_err *err)                        \
  {                                                                                                \
    struct found_##name found = {each, context, 0};                                                \
    enum hs_status status = list_##name(self, rest, cells, cell_count, note_##name, &found, err);  \
    *is_found = found.is_found;                                                                    \
    return status;                                                                                 \
  }
ONE(commissions, hs_commission_row, hs_commission_row_fn)
ONE(payout_runs, hs_payout_run_row, hs_payout_run_row_fn)
ONE(payouts, hs_payout_row, hs_payout_row_fn)
ONE(invoices, hs_invoice_row, hs_invoice_row_fn)
ONE(disputes, hs_dispute_row, hs_dispute_row_fn)
#undef ONE

/* ---- what was agreed ---- */

static enum hs_status agreements(void *self, hs_agreement_row_fn each, void *context,
                                 struct hs_err *err)
{
  return list_agreements(self, "ORDER BY name", NULL, 0, each, context, err);
}

static enum hs_status versions(void *self, struct hs_str agreement, hs_version_row_fn each,
                               void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_text(agreement);
  const char *rest = agreement.data == NULL ? "ORDER BY agreement, number"
                                            : "WHERE agreement = ?1 ORDER BY number";
  return list_versions(self, rest, &cell, agreement.data != NULL, each, context, err);
}

static enum hs_status version_states(void *self, struct hs_str agreement,
                                     hs_version_state_row_fn each, void *context,
                                     struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_text(agreement);
  const char *rest =
      agreement.data == NULL ? "ORDER BY entry" : "WHERE agreement = ?1 ORDER BY entry";
  return list_version_states(self, rest, &cell, agreement.data != NULL, each, context, err);
}

static enum hs_status enrolments(void *self, hs_enrolment_row_fn each, void *context,
                                 struct hs_err *err)
{
  return list_enrolments(self, "ORDER BY sequence, agreement, party", NULL, 0, each, context, err);
}

static enum hs_status own_customers(void *self, hs_own_customer_row_fn each, void *context,
                                    struct hs_err *err)
{
  return list_own_customers(self, "ORDER BY sequence, party, customer", NULL, 0, each, context,
                            err);
}

static enum hs_status policies(void *self, hs_policy_row_fn each, void *context, struct hs_err *err)
{
  return list_policies(self, "ORDER BY number", NULL, 0, each, context, err);
}

/* ---- commissions ---- */

static enum hs_status commission(void *self, const struct hs_id *id, hs_commission_row_fn each,
                                 void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_id(id);
  int is_found = 0;
  enum hs_status status =
      one_commissions(self, "WHERE id = ?1", &cell, 1, each, context, &is_found, err);
  return status == HS_OK && !is_found
             ? hs_fail(err, HS_NOT_FOUND, "there is no commission %s", id->text)
             : status;
}

static enum hs_status commissions_of(void *self, struct hs_str type, struct hs_str name,
                                     hs_commission_row_fn each, void *context, struct hs_err *err)
{
  const struct hs_sqlite_cell cells[] = {hs_sqlite_text(name), hs_sqlite_text(type)};
  return list_commissions(self, "WHERE order_id = ?1 AND type = ?2 ORDER BY number", cells, 2, each,
                          context, err);
}

static enum hs_status commissions_of_order(void *self, struct hs_str order_id,
                                           hs_commission_row_fn each, void *context,
                                           struct hs_err *err)
{
  return commissions_of(self, HS_STR("sale"), order_id, each, context, err);
}

static enum hs_status commissions(void *self, struct hs_str partner, int64_t from_us,
                                  int64_t until_us, hs_commission_row_fn each, void *context,
                                  struct hs_err *err)
{
  struct hs_sqlite_cell cells[] = {hs_sqlite_integer(from_us), hs_sqlite_integer(until_us),
                                   hs_sqlite_text(partner)};
  const char *rest = partner.data == NULL
                         ? "WHERE occurred_at_us >= ?1 AND occurred_at_us < ?2 ORDER BY number"
                         : "WHERE partner = ?3 AND occurred_at_us >= ?1 AND occurred_at_us < ?2 "
                           "ORDER BY occurred_at_us, number";
  return list_commissions(self, rest, cells, partner.data == NULL ? 2 : 3, each, context, err);
}

static enum hs_status commissions_refused(void *self, hs_commission_row_fn each, void *context,
                                          struct hs_err *err)
{
  return list_commissions(self, "WHERE rule = 'refused' AND amount_minor = 0 ORDER BY number", NULL,
                          0, each, context, err);
}

static enum hs_status commissions_locking(void *self, int64_t after_us, int64_t until_us,
                                          hs_commission_row_fn each, void *context,
                                          struct hs_err *err)
{
  struct hs_sqlite_cell cells[] = {hs_sqlite_integer(after_us), hs_sqlite_integer(until_us)};
  return list_commissions(
      self, "WHERE locks_at_us > ?1 AND locks_at_us <= ?2 ORDER BY locks_at_us, number", cells, 2,
      each, context, err);
}

static enum hs_status order_shares(void *self, struct hs_str order_id, hs_order_share_row_fn each,
                                   void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_text(order_id);
  const char *rest = order_id.data == NULL ? "ORDER BY order_id, sequence, partner"
                                           : "WHERE order_id = ?1 ORDER BY sequence, partner";
  return list_order_shares(self, rest, &cell, order_id.data != NULL, each, context, err);
}

static enum hs_status judged_again(void *self, struct hs_str order_id, hs_judged_again_row_fn each,
                                   void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_text(order_id);
  const char *rest = order_id.data == NULL ? "ORDER BY order_id" : "WHERE order_id = ?1";
  return list_judged_again(self, rest, &cell, order_id.data != NULL, each, context, err);
}

/* ---- transfers and what they fold to ---- */

static enum hs_status transfers_of_commission(void *self, const struct hs_id *id,
                                              hs_transfer_row_fn each, void *context,
                                              struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_id(id);
  return list_transfers(
      self, "WHERE t.commission = (SELECT number FROM commissions WHERE id = ?1) ORDER BY t.number",
      &cell, 1, each, context, err);
}

/* The accounts of a party are few, and each has its transfers in order of their moments. */
static const char of_a_party[] =
    "WHERE t.number IN (SELECT transfers.number FROM transfers JOIN accounts ON accounts.number = "
    "debit WHERE party = ?3 AND effective_us >= ?1 AND effective_us < ?2 "
    "UNION SELECT transfers.number FROM transfers JOIN accounts ON accounts.number = "
    "credit WHERE party = ?3 AND effective_us >= ?1 AND effective_us < ?2) ORDER BY t.number";

static enum hs_status transfers(void *self, struct hs_str party, int64_t from_us, int64_t until_us,
                                hs_transfer_row_fn each, void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cells[] = {hs_sqlite_integer(from_us), hs_sqlite_integer(until_us),
                                   hs_sqlite_text(party)};
  const char *rest = party.data == NULL
                         ? "WHERE t.effective_us >= ?1 AND t.effective_us < ?2 ORDER BY t.number"
                         : of_a_party;
  return list_transfers(self, rest, cells, party.data == NULL ? 2 : 3, each, context, err);
}

static enum hs_status transfers_numbered(void *self, uint64_t after, uint64_t until,
                                         hs_transfer_row_fn each, void *context, struct hs_err *err)
{
  int64_t last = until > INT64_MAX ? INT64_MAX : (int64_t)until;
  struct hs_sqlite_cell cells[] = {hs_sqlite_integer((int64_t)after), hs_sqlite_integer(last)};
  return list_transfers(self, "WHERE t.number > ?1 AND t.number <= ?2 ORDER BY t.number", cells, 2,
                        each, context, err);
}

static enum hs_status developments(void *self, int64_t from_us, int64_t until_us,
                                   hs_development_row_fn each, void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cells[] = {hs_sqlite_integer(from_us), hs_sqlite_integer(until_us)};
  return list_developments(self,
                           "WHERE c.occurred_at_us >= ?1 AND c.occurred_at_us < ?2 AND "
                           "t.effective_us < ?2 ORDER BY c.number, t.number",
                           cells, 2, each, context, err);
}

static enum hs_status balances(void *self, int64_t until_us, hs_balance_row_fn each, void *context,
                               struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_integer(until_us);
  return list_balances(self, "ORDER BY kind, party, currency", &cell, 1, each, context, err);
}

static enum hs_status take_sums(void *context, const struct hs_tally_row *row,
                                [[maybe_unused]] struct hs_err *err)
{
  struct hs_tally_row *tally = context;
  tally->order_count = row->order_count;
  tally->base_minor = row->base_minor;
  tally->earned_minor = row->earned_minor;
  tally->paid_minor = row->paid_minor;
  return HS_OK;
}

static enum hs_status tally(void *self, struct hs_tally_row *row, struct hs_err *err)
{
  struct hs_sqlite_cell cells[] = {hs_sqlite_text(row->agreement), hs_sqlite_text(row->partner),
                                   hs_sqlite_text(row->rule), hs_sqlite_integer(row->cycle),
                                   hs_sqlite_integer(row->period_day)};
  struct hs_tally_row found = {0};
  enum hs_status status = list_tallies(
      self,
      "WHERE agreement = ?1 AND partner = ?2 AND rule = ?3 AND cycle = ?4 AND period_day = ?5",
      cells, 5, take_sums, &found, err);
  return status == HS_OK ? take_sums(row, &found, err) : status;
}

static enum hs_status tallies(void *self, hs_tally_row_fn each, void *context, struct hs_err *err)
{
  return list_tallies(self, "ORDER BY agreement, partner, rule, cycle, period_day", NULL, 0, each,
                      context, err);
}

/* ---- payouts, disputes, closes ---- */

static enum hs_status payout_runs(void *self, hs_payout_run_row_fn each, void *context,
                                  struct hs_err *err)
{
  return list_payout_runs(self, "ORDER BY at_us, name", NULL, 0, each, context, err);
}

static enum hs_status payout_run(void *self, struct hs_str name, hs_payout_run_row_fn each,
                                 void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_text(name);
  int is_found = 0;
  enum hs_status status =
      one_payout_runs(self, "WHERE name = ?1", &cell, 1, each, context, &is_found, err);
  return status == HS_OK && !is_found
             ? hs_fail(err, HS_NOT_FOUND, "there is no payout run %.*s", HS_STR_ARG(name))
             : status;
}

static enum hs_status payout(void *self, const struct hs_id *id, hs_payout_row_fn each,
                             void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_id(id);
  int is_found = 0;
  enum hs_status status =
      one_payouts(self, "WHERE id = ?1", &cell, 1, each, context, &is_found, err);
  return status == HS_OK && !is_found
             ? hs_fail(err, HS_NOT_FOUND, "there is no payout %s", id->text)
             : status;
}

static enum hs_status payouts_of_run(void *self, struct hs_str run, hs_payout_row_fn each,
                                     void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_text(run);
  return list_payouts(self, "WHERE run = ?1 ORDER BY partner, id", &cell, 1, each, context, err);
}

static enum hs_status payouts(void *self, struct hs_str partner, hs_payout_row_fn each,
                              void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_text(partner);
  const char *rest =
      partner.data == NULL ? "ORDER BY at_us, id" : "WHERE partner = ?1 ORDER BY at_us, id";
  return list_payouts(self, rest, &cell, partner.data != NULL, each, context, err);
}

static enum hs_status payables(void *self, struct hs_str partner, struct hs_currency currency,
                               int64_t until_us, hs_payout_line_row_fn each, void *context,
                               struct hs_err *err)
{
  struct hs_sqlite_cell cells[] = {hs_sqlite_text(partner),
                                   hs_sqlite_text(hs_str_of(currency.code)),
                                   hs_sqlite_integer(until_us)};
  return list_payables(self, "ORDER BY c.number", cells, 3, each, context, err);
}

static enum hs_status payout_lines(void *self, const struct hs_id *payout,
                                   hs_payout_line_row_fn each, void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_id(payout);
  return list_payout_lines(self, "WHERE payout = ?1 ORDER BY commission", &cell, 1, each, context,
                           err);
}

static enum hs_status payout_states(void *self, const struct hs_id *payout,
                                    hs_payout_state_row_fn each, void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_id(payout);
  return list_payout_states(self, "WHERE payout = ?1 ORDER BY sequence", &cell, 1, each, context,
                            err);
}

static enum hs_status invoices(void *self, const struct hs_id *payout, hs_invoice_row_fn each,
                               void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cell = {0};
  if (payout == NULL)
    return list_invoices(self, "ORDER BY series, number", NULL, 0, each, context, err);
  cell = hs_sqlite_id(payout);
  return list_invoices(self, "WHERE payout = ?1 ORDER BY series, number", &cell, 1, each, context,
                       err);
}

static enum hs_status invoice(void *self, struct hs_str series, uint64_t number,
                              hs_invoice_row_fn each, void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cells[] = {hs_sqlite_text(series), hs_sqlite_integer((int64_t)number)};
  int is_found = 0;
  enum hs_status status = one_invoices(self, "WHERE series = ?1 AND number = ?2", cells, 2, each,
                                       context, &is_found, err);
  return status == HS_OK && !is_found ? hs_fail(err, HS_NOT_FOUND, "series %.*s has no number %llu",
                                                HS_STR_ARG(series), (unsigned long long)number)
                                      : status;
}

const char hs_sqlite_last_invoice[] =
    "SELECT number FROM invoices WHERE series = ?1 ORDER BY number DESC LIMIT 1";

static enum hs_status note_last(sqlite3_stmt *statement, [[maybe_unused]] const void *each,
                                void *context, [[maybe_unused]] struct hs_err *err)
{
  *(uint64_t *)context = (uint64_t)sqlite3_column_int64(statement, 0);
  return HS_OK;
}

static enum hs_status last_invoice(void *self, struct hs_str series, uint64_t *number,
                                   struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_text(series);
  struct hs_sqlite_query query = {HS_SQLITE_PLAIN, NULL, hs_sqlite_last_invoice, &cell, 1};
  *number = 0;
  return hs_sqlite_each(self, &query, note_last, NULL, number, err);
}

static enum hs_status disputes(void *self, struct hs_str partner, hs_dispute_row_fn each,
                               void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_text(partner);
  const char *rest = partner.data == NULL ? "ORDER BY opened_at_us, id"
                                          : "WHERE partner = ?1 ORDER BY opened_at_us, id";
  return list_disputes(self, rest, &cell, partner.data != NULL, each, context, err);
}

static enum hs_status disputes_of_commission(void *self, const struct hs_id *commission_id,
                                             hs_dispute_row_fn each, void *context,
                                             struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_id(commission_id);
  return list_disputes(self, "WHERE commission = ?1 ORDER BY opened_at_us, id", &cell, 1, each,
                       context, err);
}

static enum hs_status disputes_of_order(void *self, struct hs_str order_id, hs_dispute_row_fn each,
                                        void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_text(order_id);
  return list_disputes(self, "WHERE order_id = ?1 ORDER BY opened_at_us, id", &cell, 1, each,
                       context, err);
}

static enum hs_status dispute(void *self, const struct hs_id *id, hs_dispute_row_fn each,
                              void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_id(id);
  int is_found = 0;
  enum hs_status status =
      one_disputes(self, "WHERE id = ?1", &cell, 1, each, context, &is_found, err);
  return status == HS_OK && !is_found
             ? hs_fail(err, HS_NOT_FOUND, "there is no dispute %s", id->text)
             : status;
}

static enum hs_status dispute_decisions(void *self, const struct hs_id *dispute,
                                        hs_dispute_decision_row_fn each, void *context,
                                        struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_id(dispute);
  return list_dispute_decisions(self, "WHERE dispute = ?1 ORDER BY sequence", &cell, 1, each,
                                context, err);
}

static enum hs_status adjustments(void *self, struct hs_str partner, hs_adjustment_row_fn each,
                                  void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_text(partner);
  const char *rest =
      partner.data == NULL ? "ORDER BY at_us, id" : "WHERE partner = ?1 ORDER BY at_us, id";
  return list_adjustments(self, rest, &cell, partner.data != NULL, each, context, err);
}

static enum hs_status closes(void *self, hs_close_row_fn each, void *context, struct hs_err *err)
{
  return list_closes(self, "ORDER BY from_us", NULL, 0, each, context, err);
}

static enum hs_status locks(void *self, hs_lock_row_fn each, void *context, struct hs_err *err)
{
  return list_locks(self, "ORDER BY until_us DESC", NULL, 0, each, context, err);
}

/* ---- joint P&Ls ---- */

static const char *of_agreement(struct hs_str agreement)
{
  return agreement.data == NULL ? "ORDER BY entry" : "WHERE agreement = ?1 ORDER BY entry";
}

static enum hs_status sheet_lines(void *self, struct hs_str agreement, hs_sheet_line_row_fn each,
                                  void *context, struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_text(agreement);
  return list_sheet_lines(self, of_agreement(agreement), &cell, agreement.data != NULL, each,
                          context, err);
}

static enum hs_status sheet_confirmations(void *self, struct hs_str agreement,
                                          hs_sheet_confirmation_row_fn each, void *context,
                                          struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_text(agreement);
  return list_sheet_confirmations(self, of_agreement(agreement), &cell, agreement.data != NULL,
                                  each, context, err);
}

static enum hs_status renegotiations(void *self, struct hs_str agreement,
                                     hs_renegotiation_row_fn each, void *context,
                                     struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_text(agreement);
  return list_renegotiations(self, of_agreement(agreement), &cell, agreement.data != NULL, each,
                             context, err);
}

static enum hs_status funds(void *self, struct hs_str agreement, hs_fund_row_fn each, void *context,
                            struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_text(agreement);
  return list_funds(self, of_agreement(agreement), &cell, agreement.data != NULL, each, context,
                    err);
}

struct hs_ledger_reader hs_sqlite_ledger_reader(struct hs_sqlite_connection *connection)
{
  return (struct hs_ledger_reader){
      .self = connection,
      .agreements = agreements,
      .versions = versions,
      .version_states = version_states,
      .enrolments = enrolments,
      .own_customers = own_customers,
      .policies = policies,
      .commission = commission,
      .commissions_of_order = commissions_of_order,
      .commissions_of = commissions_of,
      .commissions = commissions,
      .commissions_refused = commissions_refused,
      .commissions_locking = commissions_locking,
      .order_shares = order_shares,
      .judged_again = judged_again,
      .transfers_of_commission = transfers_of_commission,
      .transfers = transfers,
      .transfers_numbered = transfers_numbered,
      .developments = developments,
      .balances = balances,
      .tally = tally,
      .tallies = tallies,
      .payables = payables,
      .payout_runs = payout_runs,
      .payout_run = payout_run,
      .payout = payout,
      .payouts_of_run = payouts_of_run,
      .payouts = payouts,
      .payout_lines = payout_lines,
      .payout_states = payout_states,
      .invoices = invoices,
      .invoice = invoice,
      .last_invoice = last_invoice,
      .disputes = disputes,
      .disputes_of_commission = disputes_of_commission,
      .disputes_of_order = disputes_of_order,
      .dispute = dispute,
      .dispute_decisions = dispute_decisions,
      .adjustments = adjustments,
      .closes = closes,
      .locks = locks,
      .sheet_lines = sheet_lines,
      .sheet_confirmations = sheet_confirmations,
      .renegotiations = renegotiations,
      .funds = funds,
  };
}
