/* The ledger's rows as tables of their members; the order of columns is that of db/sqlite/ only
   where a key comes first. */
#ifndef HANSA_ADAPTERS_SQLITE_LEDGER_PRIV_H
#define HANSA_ADAPTERS_SQLITE_LEDGER_PRIV_H

#include "adapters/sqlite/rows_priv.h"
#include "ports/book_ledger.h"

/* A transfer with the numbers that stand for what it names. */
struct hs_sqlite_entry {
  struct hs_transfer_row row;
  int64_t debit, credit;
  int64_t commission; /* 0: none */
};

/* Asks for the highest number of the series ?1. */
extern const char hs_sqlite_last_invoice[];

/* The number of an account, which is entered when it is new. HS_NOT_FOUND when its partner is not
   there. */
struct hs_sqlite_writer;
[[nodiscard]] enum hs_status hs_sqlite_account_number(struct hs_sqlite_writer *writer,
                                                      const struct hs_account *account,
                                                      struct hs_currency currency, int64_t *out,
                                                      struct hs_err *err);

extern const struct hs_sqlite_table hs_sqlite_agreements;
extern const struct hs_sqlite_table hs_sqlite_versions;
extern const struct hs_sqlite_table hs_sqlite_version_states;
extern const struct hs_sqlite_table hs_sqlite_enrolments;
extern const struct hs_sqlite_table hs_sqlite_own_customers;
extern const struct hs_sqlite_table hs_sqlite_policies;
extern const struct hs_sqlite_table hs_sqlite_commissions;
extern const struct hs_sqlite_table hs_sqlite_order_shares;
extern const struct hs_sqlite_table hs_sqlite_judged_again;
extern const struct hs_sqlite_table
    hs_sqlite_accounts; /* the beginning of a struct hs_balance_row */
extern const struct hs_sqlite_table hs_sqlite_transfers; /* for reading and comparing */
extern const struct hs_sqlite_table hs_sqlite_entries;   /* for putting: struct hs_sqlite_entry */
extern const struct hs_sqlite_table hs_sqlite_balances;  /* for reading */
extern const struct hs_sqlite_table hs_sqlite_developments; /* for reading */
extern const struct hs_sqlite_table hs_sqlite_tallies;
extern const struct hs_sqlite_table hs_sqlite_payout_runs;
extern const struct hs_sqlite_table hs_sqlite_payouts;
extern const struct hs_sqlite_table hs_sqlite_payout_lines;
extern const struct hs_sqlite_table hs_sqlite_payables; /* for reading */
extern const struct hs_sqlite_table hs_sqlite_payout_states;
extern const struct hs_sqlite_table hs_sqlite_invoices;
extern const struct hs_sqlite_table hs_sqlite_disputes;
extern const struct hs_sqlite_table hs_sqlite_dispute_decisions;
extern const struct hs_sqlite_table hs_sqlite_adjustments;
extern const struct hs_sqlite_table hs_sqlite_closes;
extern const struct hs_sqlite_table hs_sqlite_locks;
extern const struct hs_sqlite_table hs_sqlite_sheet_lines;
extern const struct hs_sqlite_table hs_sqlite_sheet_confirmations;
extern const struct hs_sqlite_table hs_sqlite_renegotiations;
extern const struct hs_sqlite_table hs_sqlite_funds;

#endif
