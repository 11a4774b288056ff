#include "service/owe/commission_statement.h"

#include <string.h>

#include "base/room.h"

/* ---- what an entry does ---- */

static int64_t sign_for_partner(enum hs_account_kind credited, enum hs_account_kind debited)
{
  return hs_account_is_partners(credited) - hs_account_is_partners(debited);
}

int64_t hs_commission_entry_effect(const struct hs_commission_entry *entry)
{
  const struct hs_transfer_spec *spec = hs_transfer_spec(entry->kind);
  return sign_for_partner(spec->credit, spec->debit) * entry->amount_minor;
}

/* Accounts are folded as debts to the partner, so that a receivable is a negative one until it is
   shown. */
static int fold(int64_t *accounts, enum hs_account_kind debit, enum hs_account_kind credit,
                int64_t amount_minor)
{
  return !__builtin_sub_overflow(accounts[debit], amount_minor, &accounts[debit]) &&
         !__builtin_add_overflow(accounts[credit], amount_minor, &accounts[credit]);
}

/* ---- reading ---- */

struct reading {
  const struct hs_commission_statement_options *options;
  struct hs_arena *arena;
  struct hs_commission_statement *statement;
  struct hs_commission_entry *entries;
  size_t capacity;
  int64_t *accounts; /* that balances go to */
};

static enum hs_status take_balance(void *context, const struct hs_balance_row *row,
                                   struct hs_err *err)
{
  struct reading *reading = context;
  if (!hs_str_equal(row->account.party, reading->options->partner) ||
      !hs_currency_equal(row->currency, reading->options->currency))
    return HS_OK;
  if (__builtin_sub_overflow(row->credit_minor, row->debit_minor,
                             &reading->accounts[row->account.kind]))
    return hs_fail(err, HS_INVALID, "what is owed to %.*s does not fit",
                   HS_STR_ARG(reading->options->partner));
  return HS_OK;
}

static enum hs_status add_entry(struct reading *reading, const struct hs_commission_entry *entry,
                                struct hs_err *err)
{
  size_t count = reading->statement->entry_count;
  struct hs_commission_entry kept = *entry;
  struct hs_commission_entry *entries = hs_arena_room(reading->arena, reading->entries, count, 1,
                                                      &reading->capacity, sizeof *entries);
  if (entries == NULL || !hs_str_keep(reading->arena, &kept.reason) ||
      !hs_str_keep(reading->arena, &kept.reference))
    return hs_arena_full(reading->arena, "a commission statement", err);
  reading->entries = entries;
  reading->entries[count] = kept;
  reading->statement->entry_count++;
  return HS_OK;
}

static enum hs_status take_transfer(void *context, const struct hs_transfer_row *row,
                                    struct hs_err *err)
{
  struct reading *reading = context;
  struct hs_commission_entry entry = {.at_us = row->effective_us,
                                      .amount_minor = row->amount_minor,
                                      .commission = row->commission,
                                      .reason = row->reason,
                                      .reference = row->reference};
  if (!hs_currency_equal(row->currency, reading->options->currency)) {
    reading->statement->other_count++;
    return HS_OK;
  }
  if (!hs_transfer_kind_parse(row->kind, &entry.kind))
    return hs_fail(err, HS_CORRUPT, "ledger entry %llu has the unknown kind \"%.*s\"",
                   (unsigned long long)row->number, HS_STR_ARG(row->kind));
  int64_t *total = &reading->statement->total_minor[entry.kind];
  if (__builtin_add_overflow(*total, entry.amount_minor, total))
    return hs_fail(err, HS_INVALID, "the entries of %.*s do not fit",
                   HS_STR_ARG(reading->options->partner));
  return add_entry(reading, &entry, err);
}

struct describing {
  struct reading *reading;
  struct hs_commission_entry *entry;
};

static enum hs_status describe(void *context, const struct hs_commission_row *row,
                               struct hs_err *err)
{
  struct describing *describing = context;
  struct hs_commission_entry *entry = describing->entry;
  struct hs_str *const texts[] = {&entry->type, &entry->order_id, &entry->agreement, &entry->rule};
  entry->version = row->version;
  entry->type = row->type;
  entry->order_id = row->order_id;
  entry->agreement = row->agreement;
  entry->rule = row->rule;
  return hs_strs_keep(describing->reading->arena, texts, sizeof texts / sizeof *texts)
             ? HS_OK
             : hs_arena_full(describing->reading->arena, "a commission statement", err);
}

static enum hs_status read_ledger(const struct hs_ledger_reader *ledger, struct reading *reading,
                                  struct hs_err *err)
{
  const struct hs_commission_statement_options *options = reading->options;
  reading->accounts = reading->statement->before_minor;
  enum hs_status status =
      ledger->balances(ledger->self, options->period.from_us, take_balance, reading, err);
  reading->accounts = reading->statement->after_minor;
  if (status == HS_OK)
    status = ledger->balances(ledger->self, options->period.until_us, take_balance, reading, err);
  if (status == HS_OK)
    status = ledger->transfers(ledger->self, options->partner, options->period.from_us,
                               options->period.until_us, take_transfer, reading, err);
  for (size_t i = 0; i < reading->statement->entry_count && status == HS_OK; i++) {
    struct describing describing = {reading, &reading->entries[i]};
    if (reading->entries[i].commission.text[0] != '\0')
      status = ledger->commission(ledger->self, &reading->entries[i].commission, describe,
                                  &describing, err);
  }
  reading->statement->entries = reading->entries;
  return status;
}

/* ---- whether it adds up ---- */

static enum hs_status check(struct hs_commission_statement *statement, struct hs_err *err)
{
  int64_t folded[HS_ACCOUNT_KIND_COUNT];
  int fits = 1;
  memcpy(folded, statement->before_minor, sizeof folded);
  for (size_t i = 0; i < statement->entry_count && fits; i++) {
    const struct hs_transfer_spec *spec = hs_transfer_spec(statement->entries[i].kind);
    fits = fold(folded, spec->debit, spec->credit, statement->entries[i].amount_minor);
  }
  for (int k = 0; k < HS_ACCOUNT_KIND_COUNT; k++)
    if (!fits ||
        (hs_account_is_partners((enum hs_account_kind)k) && folded[k] != statement->after_minor[k]))
      return hs_fail(
          err, HS_CORRUPT, "the entries of %.*s do not lead to what the ledger says is %s",
          HS_STR_ARG(statement->options.partner), hs_account_word((enum hs_account_kind)k));
  return HS_OK;
}

enum hs_status hs_commission_statement_make(const struct hs_ledger_reader *ledger,
                                            const struct hs_commission_statement_options *options,
                                            struct hs_arena *arena,
                                            struct hs_commission_statement *out, struct hs_err *err)
{
  struct hs_commission_statement statement = {.options = *options};
  struct reading reading = {.options = options, .arena = arena, .statement = &statement};
  enum hs_status status = read_ledger(ledger, &reading, err);
  if (status == HS_OK)
    status = check(&statement, err);
  if (status != HS_OK)
    return status;
  statement.before_minor[HS_ACCOUNT_RECEIVABLE] *= -1;
  statement.after_minor[HS_ACCOUNT_RECEIVABLE] *= -1;
  *out = statement;
  return HS_OK;
}
