#include "adapters/sqlite/ledger_priv.h"

#define AS(kind_, row, member, column_)                                                            \
  {                                                                                                \
    (column_), offsetof(struct row, member), HS_SQLITE_##kind_                                     \
  }
/* A column that is called as its member. */
#define OF(kind_, row, member) AS(kind_, row, member, #member)

#define ROW hs_agreement_row
const struct hs_sqlite_table hs_sqlite_agreements = {
    .what = "agreement",
    .source = "agreements",
    .key_count = 1,
    .fields = {OF(TEXT, ROW, name), OF(ID, ROW, id), OF(INTEGER, ROW, created_at_us),
               OF(INTEGER, ROW, sequence)},
};
#undef ROW

#define ROW hs_version_row
const struct hs_sqlite_table hs_sqlite_versions = {
    .what = "version",
    .source = "agreement_versions",
    .needs = "its agreement",
    .key_count = 2,
    .fields = {OF(TEXT, ROW, agreement), OF(INTEGER, ROW, number), OF(TEXT, ROW, document),
               OF(TEXT, ROW, document_hash), OF(INTEGER, ROW, from_us), OF(INTEGER, ROW, until_us),
               OF(TEXT, ROW, proposed_by), OF(INTEGER, ROW, proposed_at_us),
               OF(INTEGER, ROW, sequence)},
};
#undef ROW

#define ROW hs_version_state_row
const struct hs_sqlite_table hs_sqlite_version_states = {
    .what = "state of version",
    .source = "agreement_states",
    .needs = "the version",
    .key_count = 3,
    .fields = {OF(TEXT, ROW, agreement), OF(INTEGER, ROW, number), OF(TEXT, ROW, state),
               OF(TEXT, ROW, party), OF(INTEGER, ROW, sequence), OF(INTEGER, ROW, at_us),
               OF(TEXT, ROW, decided_by), OF(TEXT, ROW, method), OF(TEXT, ROW, reference),
               OF(TEXT, ROW, reason), OF(TEXT, ROW, attested_by)},
};
#undef ROW

#define ROW hs_enrolment_row
const struct hs_sqlite_table hs_sqlite_enrolments = {
    .what = "enrolment",
    .source = "enrolments",
    .needs = "its partner or its agreement",
    .key_count = 2,
    .fields = {OF(TEXT, ROW, agreement), OF(TEXT, ROW, party), OF(INTEGER, ROW, sequence),
               OF(INTEGER, ROW, from_us), OF(INTEGER, ROW, until_us), OF(TEXT, ROW, attested_by)},
};
#undef ROW

#define ROW hs_own_customer_row
const struct hs_sqlite_table hs_sqlite_own_customers = {
    .what = "own customer",
    .source = "own_customers",
    .needs = "its partner",
    .key_count = 3,
    .fields = {OF(TEXT, ROW, party), OF(TEXT, ROW, customer), OF(INTEGER, ROW, sequence),
               OF(TEXT, ROW, state), OF(TEXT, ROW, decided_by)},
};
#undef ROW

#define ROW hs_policy_row
const struct hs_sqlite_table hs_sqlite_policies = {
    .what = "policy",
    .source = "policy_versions",
    .key_count = 1,
    .fields = {OF(INTEGER, ROW, number), OF(TEXT, ROW, first), OF(TEXT, ROW, last),
               OF(TEXT, ROW, minimum), OF(TEXT, ROW, document), OF(INTEGER, ROW, from_us),
               OF(TEXT, ROW, decided_by), OF(INTEGER, ROW, sequence)},
};
#undef ROW

#define ROW hs_commission_row
const struct hs_sqlite_table hs_sqlite_commissions = {
    .what = "commission",
    .source = "commissions",
    .needs = "its partner, its agreement's version or its policy",
    .key_count = 1,
    .fields = {OF(ID, ROW, id), OF(TEXT, ROW, type), OF(TEXT, ROW, order_id),
               OF(TEXT, ROW, partner), OF(TEXT, ROW, agreement), OF(INTEGER, ROW, version),
               OF(TEXT, ROW, rule), OF(INTEGER, ROW, policy), OF(TEXT, ROW, part),
               OF(INTEGER, ROW, base_minor), OF(CURRENCY, ROW, currency),
               OF(INTEGER, ROW, amount_minor), OF(INTEGER, ROW, occurred_at_us),
               OF(INTEGER, ROW, touched_at_us), OF(INTEGER, ROW, locks_at_us),
               OF(INTEGER, ROW, sequence), OF(TEXT, ROW, evidence)},
};
#undef ROW

#define ROW hs_order_share_row
const struct hs_sqlite_table hs_sqlite_order_shares = {
    .what = "share of order",
    .source = "order_shares",
    .needs = "its partner or its agreement's version",
    .key_count = 3,
    .fields = {OF(TEXT, ROW, order_id), OF(INTEGER, ROW, sequence), OF(TEXT, ROW, partner),
               OF(TEXT, ROW, agreement), OF(INTEGER, ROW, version), OF(TEXT, ROW, part),
               OF(INTEGER, ROW, touched_at_us)},
};
#undef ROW

#define ROW hs_judged_again_row
const struct hs_sqlite_table hs_sqlite_judged_again = {
    .what = "second judgement of order",
    .source = "judged_again",
    .key_count = 1,
    .fields = {OF(TEXT, ROW, order_id), OF(INTEGER, ROW, locked_at_us), OF(INTEGER, ROW, sequence),
               OF(TEXT, ROW, evidence)},
};
#undef ROW

#define ROW hs_balance_row
const struct hs_sqlite_table hs_sqlite_accounts = {
    .what = "account",
    .source = "accounts",
    .needs = "its partner",
    .key_count = 3,
    .fields = {AS(ACCOUNT, ROW, account.kind, "kind"), AS(TEXT, ROW, account.party, "party"),
               OF(CURRENCY, ROW, currency)},
};
#undef ROW

#define ROW hs_sqlite_entry
const struct hs_sqlite_table hs_sqlite_entries = {
    .what = "transfer",
    .source = "transfers",
    .needs = "its accounts or its commission",
    .key_count = 1,
    .fields = {AS(INTEGER, ROW, row.number, "number"), AS(TEXT, ROW, row.kind, "kind"),
               OF(INTEGER, ROW, debit), OF(INTEGER, ROW, credit),
               AS(INTEGER, ROW, row.amount_minor, "amount_minor"), OF(NUMBER, ROW, commission),
               AS(TEXT, ROW, row.reference, "reference"), AS(TEXT, ROW, row.reason, "reason"),
               AS(INTEGER, ROW, row.effective_us, "effective_us"),
               AS(INTEGER, ROW, row.sequence, "sequence"),
               AS(NUMBER, ROW, row.reverses, "reverses")},
};
#undef ROW

#define ROW hs_transfer_row
const struct hs_sqlite_table hs_sqlite_transfers = {
    .what = "transfer",
    .source = "transfers AS t JOIN accounts AS d ON d.number = t.debit "
              "JOIN accounts AS c ON c.number = t.credit",
    .key_count = 1,
    .fields = {AS(INTEGER, ROW, number, "t.number"), AS(TEXT, ROW, kind, "t.kind"),
               AS(ACCOUNT, ROW, debit.kind, "d.kind"), AS(TEXT, ROW, debit.party, "d.party"),
               AS(ACCOUNT, ROW, credit.kind, "c.kind"), AS(TEXT, ROW, credit.party, "c.party"),
               AS(INTEGER, ROW, amount_minor, "t.amount_minor"),
               AS(CURRENCY, ROW, currency, "d.currency"),
               AS(ID, ROW, commission, "(SELECT id FROM commissions WHERE number = t.commission)"),
               AS(TEXT, ROW, reference, "t.reference"), AS(TEXT, ROW, reason, "t.reason"),
               AS(INTEGER, ROW, effective_us, "t.effective_us"),
               AS(INTEGER, ROW, sequence, "t.sequence"), AS(NUMBER, ROW, reverses, "t.reverses")},
};
#undef ROW

#define ROW hs_development_row
/* The order of the join is that of the rows, so that nothing has to be sorted. */
const struct hs_sqlite_table hs_sqlite_developments = {
    .what = "development",
    .source = "commissions AS c CROSS JOIN transfers AS t ON t.commission = c.number",
    .key_count = 1,
    .fields = {AS(INTEGER, ROW, commission, "c.number"), AS(TEXT, ROW, type, "c.type"),
               AS(TEXT, ROW, order_id, "c.order_id"), AS(CURRENCY, ROW, currency, "c.currency"),
               AS(INTEGER, ROW, occurred_at_us, "c.occurred_at_us"), AS(TEXT, ROW, kind, "t.kind"),
               AS(INTEGER, ROW, amount_minor, "t.amount_minor"),
               AS(INTEGER, ROW, effective_us, "t.effective_us")},
};
#undef ROW

#define SUM_OF(side)                                                                               \
  "(SELECT ifnull(sum(amount_minor), 0) FROM transfers WHERE " side                                \
  " = accounts.number AND effective_us < ?1)"

#define ROW hs_balance_row
const struct hs_sqlite_table hs_sqlite_balances = {
    .source = "accounts",
    .fields = {AS(ACCOUNT, ROW, account.kind, "kind"), AS(TEXT, ROW, account.party, "party"),
               OF(CURRENCY, ROW, currency), AS(INTEGER, ROW, debit_minor, SUM_OF("debit")),
               AS(INTEGER, ROW, credit_minor, SUM_OF("credit"))},
};
#undef ROW

#define ROW hs_tally_row
const struct hs_sqlite_table hs_sqlite_tallies = {
    .what = "tally",
    .source = "tallies",
    .insert = "INSERT OR REPLACE INTO tallies (agreement, partner, rule, cycle, period_day, "
              "order_count, base_minor, earned_minor, paid_minor) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
              "?7, ?8, ?9)",
    .key_count = 5,
    .fields = {OF(TEXT, ROW, agreement), OF(TEXT, ROW, partner), OF(TEXT, ROW, rule),
               OF(INTEGER, ROW, cycle), OF(INTEGER, ROW, period_day), OF(INTEGER, ROW, order_count),
               OF(INTEGER, ROW, base_minor), OF(INTEGER, ROW, earned_minor),
               OF(INTEGER, ROW, paid_minor)},
};
#undef ROW

#define ROW hs_payout_run_row
const struct hs_sqlite_table hs_sqlite_payout_runs = {
    .what = "payout run",
    .source = "payout_runs",
    .key_count = 1,
    .fields = {OF(TEXT, ROW, name), OF(TEXT, ROW, method), OF(INTEGER, ROW, until_us),
               OF(INTEGER, ROW, at_us), OF(TEXT, ROW, decided_by), OF(TEXT, ROW, seconded_by),
               OF(TEXT, ROW, kept), OF(INTEGER, ROW, sequence)},
};
#undef ROW

#define ROW hs_payout_row
const struct hs_sqlite_table hs_sqlite_payouts = {
    .what = "payout",
    .source = "payouts",
    .needs = "its partner or its run",
    .key_count = 1,
    .fields = {OF(ID, ROW, id), OF(TEXT, ROW, run), OF(TEXT, ROW, partner),
               OF(CURRENCY, ROW, currency), OF(INTEGER, ROW, amount_minor), OF(INTEGER, ROW, at_us),
               OF(TEXT, ROW, decided_by), OF(TEXT, ROW, seconded_by), OF(TEXT, ROW, method),
               OF(INTEGER, ROW, sequence)},
};
#undef ROW

#define ROW hs_payout_line_row
const struct hs_sqlite_table hs_sqlite_payout_lines = {
    .what = "line of payout",
    .source = "payout_lines",
    .needs = "the payout or the commission",
    .key_count = 2,
    .fields = {OF(ID, ROW, payout), OF(ID, ROW, commission), OF(INTEGER, ROW, amount_minor),
               OF(INTEGER, ROW, set_off_minor)},
};
#undef ROW

/* ?1 is the partner, ?2 the currency, ?3 the moment. */
#define PAYABLE                                                                                    \
  "(SELECT number FROM accounts WHERE kind = 'payable' AND party = ?1 AND currency = ?2)"

#define ROW hs_payout_line_row
const struct hs_sqlite_table hs_sqlite_payables = {
    .what = "payable",
    .source = "(SELECT commission, sum(amount_minor) AS amount_minor FROM ("
              "SELECT commission, amount_minor FROM transfers WHERE credit = " PAYABLE
              " AND effective_us < ?3 UNION ALL "
              "SELECT commission, -amount_minor FROM transfers WHERE debit = " PAYABLE
              ") GROUP BY commission HAVING sum(amount_minor) > 0) AS p "
              "JOIN commissions AS c ON c.number = p.commission",
    .key_count = 1,
    .fields = {AS(ID, ROW, commission, "c.id"), AS(INTEGER, ROW, amount_minor, "p.amount_minor")},
};
#undef ROW
#undef PAYABLE

#define ROW hs_payout_state_row
const struct hs_sqlite_table hs_sqlite_payout_states = {
    .what = "state of payout",
    .source = "payout_states",
    .needs = "the payout",
    .key_count = 2,
    .fields = {OF(ID, ROW, payout), OF(INTEGER, ROW, sequence), OF(TEXT, ROW, state),
               OF(INTEGER, ROW, at_us), OF(TEXT, ROW, decided_by), OF(TEXT, ROW, reason)},
};
#undef ROW

#define ROW hs_invoice_row
const struct hs_sqlite_table hs_sqlite_invoices = {
    .what = "invoice",
    .source = "invoices",
    .needs = "its payout",
    .key_count = 2,
    .fields = {OF(TEXT, ROW, series), OF(INTEGER, ROW, number), OF(TEXT, ROW, kind),
               OF(ID, ROW, payout), OF(INTEGER, ROW, net_minor), OF(INTEGER, ROW, tax_minor),
               OF(INTEGER, ROW, withheld_minor), OF(INTEGER, ROW, at_us),
               OF(INTEGER, ROW, sequence)},
};
#undef ROW

#define ROW hs_dispute_row
const struct hs_sqlite_table hs_sqlite_disputes = {
    .what = "dispute",
    .source = "disputes",
    .needs = "its partner or its commission",
    .key_count = 1,
    .fields = {OF(ID, ROW, id), OF(TEXT, ROW, partner), OF(ID, ROW, commission),
               OF(TEXT, ROW, order_id), OF(TEXT, ROW, about), OF(CURRENCY, ROW, currency),
               OF(INTEGER, ROW, amount_minor), OF(INTEGER, ROW, opened_at_us),
               OF(TEXT, ROW, opened_by), OF(TEXT, ROW, words), OF(INTEGER, ROW, sequence)},
};
#undef ROW

#define ROW hs_dispute_decision_row
const struct hs_sqlite_table hs_sqlite_dispute_decisions = {
    .what = "decision of dispute",
    .source = "dispute_decisions",
    .needs = "the dispute",
    .key_count = 1,
    .fields = {OF(ID, ROW, dispute), OF(INTEGER, ROW, sequence), OF(TEXT, ROW, verdict),
               OF(INTEGER, ROW, amount_minor), OF(INTEGER, ROW, at_us), OF(TEXT, ROW, decided_by),
               OF(TEXT, ROW, seconded_by), OF(TEXT, ROW, words)},
};
#undef ROW

#define ROW hs_adjustment_row
const struct hs_sqlite_table hs_sqlite_adjustments = {
    .what = "adjustment",
    .source = "adjustments",
    .needs = "its partner or its commission",
    .key_count = 1,
    .fields = {OF(ID, ROW, id), OF(TEXT, ROW, partner), OF(ID, ROW, commission),
               OF(CURRENCY, ROW, currency), OF(INTEGER, ROW, amount_minor), OF(INTEGER, ROW, at_us),
               OF(TEXT, ROW, decided_by), OF(TEXT, ROW, seconded_by), OF(TEXT, ROW, reason),
               OF(TEXT, ROW, words), OF(INTEGER, ROW, sequence)},
};
#undef ROW

#define ROW hs_close_row
const struct hs_sqlite_table hs_sqlite_closes = {
    .what = "close of",
    .source = "closes",
    .key_count = 1,
    .fields = {OF(TEXT, ROW, period), OF(INTEGER, ROW, from_us), OF(INTEGER, ROW, until_us),
               OF(TEXT, ROW, hash), OF(TEXT, ROW, document), OF(TEXT, ROW, decided_by),
               OF(TEXT, ROW, seconded_by), OF(INTEGER, ROW, at_us), OF(INTEGER, ROW, sequence)},
};
#undef ROW

#define ROW hs_lock_row
const struct hs_sqlite_table hs_sqlite_locks = {
    .what = "lock",
    .source = "locks",
    .key_count = 1,
    .fields = {OF(INTEGER, ROW, until_us), OF(INTEGER, ROW, at_us), OF(TEXT, ROW, decided_by),
               OF(INTEGER, ROW, sequence)},
};
#undef ROW

#define ROW hs_sheet_line_row
const struct hs_sqlite_table hs_sqlite_sheet_lines = {
    .what = "line",
    .source = "sheet_lines",
    .needs = "its agreement",
    .key_count = 5,
    .fields = {OF(TEXT, ROW, agreement), OF(TEXT, ROW, period), OF(TEXT, ROW, side),
               OF(TEXT, ROW, what), OF(INTEGER, ROW, sequence), OF(TEXT, ROW, added_by),
               OF(TEXT, ROW, kind), OF(TEXT, ROW, earned_by), OF(INTEGER, ROW, is_private),
               OF(INTEGER, ROW, amount_minor), OF(INTEGER, ROW, has_interval),
               OF(INTEGER, ROW, low_minor), OF(INTEGER, ROW, high_minor),
               OF(CURRENCY, ROW, currency), OF(TEXT, ROW, valued_by), OF(TEXT, ROW, decided_by),
               OF(INTEGER, ROW, at_us)},
};
#undef ROW

#define ROW hs_sheet_confirmation_row
const struct hs_sqlite_table hs_sqlite_sheet_confirmations = {
    .what = "confirmation of",
    .source = "sheet_confirmations",
    .needs = "its agreement",
    .key_count = 6,
    .fields = {OF(TEXT, ROW, agreement), OF(TEXT, ROW, period), OF(TEXT, ROW, side),
               OF(TEXT, ROW, what), OF(TEXT, ROW, confirmed_by), OF(INTEGER, ROW, sequence),
               OF(INTEGER, ROW, amount_minor), OF(TEXT, ROW, decided_by), OF(INTEGER, ROW, at_us)},
};
#undef ROW

#define ROW hs_renegotiation_row
const struct hs_sqlite_table hs_sqlite_renegotiations = {
    .what = "renegotiation of",
    .source = "renegotiations",
    .needs = "its agreement",
    .key_count = 2,
    .fields = {OF(TEXT, ROW, agreement), OF(TEXT, ROW, period), OF(TEXT, ROW, side),
               OF(TEXT, ROW, what), OF(INTEGER, ROW, opened_at_us), OF(INTEGER, ROW, sequence)},
};
#undef ROW

#define ROW hs_fund_row
const struct hs_sqlite_table hs_sqlite_funds = {
    .what = "fund of",
    .source = "fund_states",
    .needs = "its agreement",
    .key_count = 3,
    .fields = {OF(TEXT, ROW, agreement), OF(TEXT, ROW, what), OF(INTEGER, ROW, sequence),
               OF(TEXT, ROW, state), OF(TEXT, ROW, party), OF(CURRENCY, ROW, currency),
               OF(INTEGER, ROW, amount_minor), OF(TEXT, ROW, proof), OF(TEXT, ROW, reason),
               OF(TEXT, ROW, decided_by), OF(INTEGER, ROW, at_us)},
};
#undef ROW
