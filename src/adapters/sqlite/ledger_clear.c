/* Emptying the ledger. Rows that are never deleted go with their tables, which are made again from
   what the schema says of them, triggers and all: that is the whole way around the triggers, and
   it takes no longer for many rows than reading them would. */
#include "adapters/sqlite/ledger_priv.h"
#include "adapters/sqlite/sqlite_priv.h"

/* What refers to another comes before it. */
#define TABLES(X)                                                                                  \
  X(fund_states)                                                                                   \
  X(renegotiations)                                                                                \
  X(sheet_confirmations)                                                                           \
  X(sheet_lines)                                                                                   \
  X(locks)                                                                                         \
  X(closes)                                                                                        \
  X(adjustments)                                                                                   \
  X(dispute_decisions)                                                                             \
  X(disputes)                                                                                      \
  X(invoices)                                                                                      \
  X(payout_states)                                                                                 \
  X(payout_lines)                                                                                  \
  X(payouts)                                                                                       \
  X(payout_runs)                                                                                   \
  X(tallies)                                                                                       \
  X(judged_again)                                                                                  \
  X(order_shares)                                                                                  \
  X(transfers)                                                                                     \
  X(accounts)                                                                                      \
  X(commissions)                                                                                   \
  X(policy_versions)                                                                               \
  X(own_customers)                                                                                 \
  X(enrolments)                                                                                    \
  X(agreement_states)                                                                              \
  X(agreement_versions)                                                                            \
  X(agreements)

static const char words_of_the_schema[] =
#define NAME(table) "'" #table "', "
    "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name IN (" TABLES(
        NAME) "NULL) "
              "ORDER BY rowid";
#undef NAME

static const char drop_all[] =
#define DROP(table) "DROP TABLE " #table ";"
    TABLES(DROP);
#undef DROP

static enum hs_status note_words(sqlite3_stmt *statement, [[maybe_unused]] const void *each,
                                 void *context, [[maybe_unused]] struct hs_err *err)
{
  sqlite3_str *words = context;
  sqlite3_str_appendf(words, "%s;\n", (const char *)sqlite3_column_text(statement, 0));
  return HS_OK;
}

static enum hs_status make_again(struct hs_sqlite_connection *connection, const char *words,
                                 struct hs_err *err)
{
  if (words == NULL)
    return hs_fail(err, HS_NOMEM, "no memory for the schema");
  enum hs_status status = hs_sqlite_run(connection->db, drop_all, err);
  return status == HS_OK ? hs_sqlite_run(connection->db, words, err) : status;
}

static enum hs_status forget_cursor(struct hs_sqlite_connection *connection, struct hs_str reader,
                                    struct hs_err *err)
{
  struct hs_sqlite_cell cell = hs_sqlite_text(reader);
  return hs_sqlite_ask(connection, "DELETE FROM cursors WHERE reader = ?1", &cell, 1, NULL, NULL,
                       err);
}

enum hs_status hs_sqlite_ledger_clear(void *self, struct hs_str reader, struct hs_err *err)
{
  struct hs_sqlite_writer *writer = self;
  struct hs_sqlite_query query = {HS_SQLITE_PLAIN, NULL, words_of_the_schema, NULL, 0};
  sqlite3_str *words = sqlite3_str_new(writer->connection.db);
  enum hs_status status = hs_sqlite_each(&writer->connection, &query, note_words, NULL, words, err);
  char *text = sqlite3_str_finish(words);
  if (status == HS_OK)
    status = make_again(&writer->connection, text, err);
  sqlite3_free(text);
  hs_sqlite_writer_forget(writer);
  return status == HS_OK ? forget_cursor(&writer->connection, reader, err) : status;
}
