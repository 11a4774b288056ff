/* Accounts by number. A batch of transfers meets the same few accounts again and again, so the
   writer remembers those that the change has met. */
#include <string.h>

#include "adapters/sqlite/ledger_priv.h"
#include "adapters/sqlite/sqlite_priv.h"

static struct hs_sqlite_known_account *slot_of(struct hs_sqlite_writer *writer,
                                               const struct hs_account *account,
                                               struct hs_currency currency)
{
  uint64_t hash = UINT64_C(0xCBF29CE484222325) ^ (unsigned)account->kind; /* FNV-1a */
  for (size_t i = 0; i < account->party.length; i++)
    hash = (hash ^ (unsigned char)account->party.data[i]) * UINT64_C(0x100000001B3);
  for (size_t i = 0; currency.code[i] != 0; i++)
    hash = (hash ^ (unsigned char)currency.code[i]) * UINT64_C(0x100000001B3);
  return &writer->known[(hash ^ (hash >> 32)) % HS_SQLITE_ACCOUNTS_KNOWN];
}

static int is_known(const struct hs_sqlite_known_account *known,
                    const struct hs_sqlite_writer *writer, const struct hs_account *account,
                    struct hs_currency currency)
{
  struct hs_str party = {known->party, known->party_length};
  return known->change == writer->change && known->kind == account->kind &&
         hs_currency_equal(known->currency, currency) && hs_str_equal(party, account->party);
}

static void remember(struct hs_sqlite_known_account *known, const struct hs_sqlite_writer *writer,
                     const struct hs_account *account, struct hs_currency currency, int64_t number)
{
  if (account->party.length > sizeof known->party)
    return;
  *known = (struct hs_sqlite_known_account){.change = writer->change,
                                            .kind = account->kind,
                                            .currency = currency,
                                            .party_length = account->party.length,
                                            .number = number};
  if (account->party.length > 0)
    memcpy(known->party, account->party.data, account->party.length);
}

static enum hs_status find(struct hs_sqlite_writer *writer, const struct hs_account *account,
                           struct hs_currency currency, int64_t *out, struct hs_err *err)
{
  struct hs_sqlite_cell cells[] = {hs_sqlite_text(hs_str_of(hs_account_word(account->kind))),
                                   hs_sqlite_text(account->party),
                                   hs_sqlite_text(hs_str_of(currency.code))};
  return hs_sqlite_ask(&writer->connection,
                       "SELECT number FROM accounts WHERE kind = ?1 AND ifnull(party, '') = "
                       "ifnull(?2, '') AND currency = ?3",
                       cells, 3, NULL, out, err);
}

static enum hs_status enter(struct hs_sqlite_writer *writer, const struct hs_account *account,
                            struct hs_currency currency, int64_t *out, struct hs_err *err)
{
  struct hs_balance_row row = {*account, currency, 0, 0};
  enum hs_status status = hs_sqlite_put(&writer->connection, &hs_sqlite_accounts, &row, err);
  if (status == HS_OK)
    *out = sqlite3_last_insert_rowid(writer->connection.db);
  return status;
}

enum hs_status hs_sqlite_account_number(struct hs_sqlite_writer *writer,
                                        const struct hs_account *account,
                                        struct hs_currency currency, int64_t *out,
                                        struct hs_err *err)
{
  struct hs_sqlite_known_account *known = slot_of(writer, account, currency);
  int64_t number = 0;
  if (is_known(known, writer, account, currency)) {
    *out = known->number;
    return HS_OK;
  }
  enum hs_status status = find(writer, account, currency, &number, err);
  if (status == HS_OK && number == 0)
    status = enter(writer, account, currency, &number, err);
  if (status != HS_OK)
    return status;
  remember(known, writer, account, currency, number);
  *out = number;
  return HS_OK;
}
