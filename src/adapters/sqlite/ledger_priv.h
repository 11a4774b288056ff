/* The ledger's rows as tables of their members; the order of columns is that of db/sqlite/ only
   where a key comes first. */
#ifndef HANSA_ADAPTERS_SQLITE_LEDGER_PRIV_H
#define HANSA_ADAPTERS_SQLITE_LEDGER_PRIV_H

#include "adapters/sqlite/rows_priv.h"
#include "ports/book_ledger.h"

extern const struct hs_sqlite_table hs_sqlite_agreements;
extern const struct hs_sqlite_table hs_sqlite_versions;
extern const struct hs_sqlite_table hs_sqlite_version_states;
extern const struct hs_sqlite_table hs_sqlite_enrolments;
extern const struct hs_sqlite_table hs_sqlite_policies;
extern const struct hs_sqlite_table hs_sqlite_commissions;
extern const struct hs_sqlite_table
    hs_sqlite_accounts; /* the beginning of a struct hs_balance_row */
extern const struct hs_sqlite_table hs_sqlite_transfers;
extern const struct hs_sqlite_table hs_sqlite_balances; /* for reading */
extern const struct hs_sqlite_table hs_sqlite_tallies;
extern const struct hs_sqlite_table hs_sqlite_payouts;
extern const struct hs_sqlite_table hs_sqlite_payout_lines;
extern const struct hs_sqlite_table hs_sqlite_payables; /* for reading */
extern const struct hs_sqlite_table hs_sqlite_payout_states;
extern const struct hs_sqlite_table hs_sqlite_disputes;
extern const struct hs_sqlite_table hs_sqlite_dispute_decisions;
extern const struct hs_sqlite_table hs_sqlite_closes;
extern const struct hs_sqlite_table hs_sqlite_locks;

#endif
