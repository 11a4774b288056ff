/* The mapping of our accounts to the company's, as a JSON file. */
#include <stdio.h>

#include "service/owe/general_ledger.h"

struct written_account {
  int32_t kind; /* enum hs_account_kind */
  struct hs_str party, currency, number, cost_centre;
};

struct written_mapping {
  struct hs_list accounts;
};

static const char *const KINDS[] = {
#define KIND(symbol, word, is_partners) word,
    HS_ACCOUNT_TABLE(KIND)
#undef KIND
        [HS_GL_REVERSALS] = "reversals",
    NULL};

#define ACCOUNTS_MAX 10000

static const struct hs_field ACCOUNT[] = {
    HS_MEMBER(written_account, kind, HS_FIELD_WORD, .words = KINDS, .required = HS_ALWAYS,
              .meaning =
                  "Which account of the ledger; reversals is for what a close expects to be taken "
                  "back, and may be missing."),
    HS_MEMBER(written_account, party, HS_FIELD_TEXT,
              .meaning = "Of which partner, where one has an account of its own."),
    HS_MEMBER(written_account, currency, HS_FIELD_TEXT,
              .meaning = "In which currency, where one has an account of its own."),
    HS_MEMBER(written_account, number, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "Its number in the company's books."),
    HS_MEMBER(written_account, cost_centre, HS_FIELD_TEXT,
              .meaning = "The cost centre that its postings go to."),
};
HS_SHAPE(ACCOUNT_SHAPE, "account", written_account, ACCOUNT);

static const struct hs_field MAPPING[] = {
    HS_MEMBER(written_mapping, accounts, HS_FIELD_LIST, .shape = &ACCOUNT_SHAPE, .low = 1,
              .high = ACCOUNTS_MAX, .required = HS_ALWAYS,
              .meaning = "The company's accounts; each kind has one that names no partner and no "
                         "currency."),
};
const struct hs_shape hs_gl_mapping_shape =
    HS_SHAPE_OF("account mapping", written_mapping, MAPPING);

/* ---- what the shape cannot say ---- */

static int is_same(const struct hs_gl_account *a, const struct hs_gl_account *b)
{
  return a->kind == b->kind && hs_str_equal(a->party, b->party) &&
         hs_str_equal(a->currency, b->currency);
}

static void check_account(struct hs_faults *faults, const struct hs_gl_account *accounts,
                          size_t index)
{
  const struct hs_gl_account *account = &accounts[index];
  struct hs_currency currency;
  char path[64];
  (void)snprintf(path, sizeof path, "accounts[%zu].party", index);
  if (account->party.data != NULL &&
      (account->kind == HS_GL_REVERSALS || !hs_account_is_partners(account->kind)))
    hs_faults_tell_at(faults, path,
                      "%s is an account of ours alone; no partner has one, got \"%.*s\"",
                      KINDS[account->kind], HS_STR_ARG(account->party));
  (void)snprintf(path, sizeof path, "accounts[%zu].currency", index);
  if (account->currency.data != NULL &&
      (!hs_currency_parse(account->currency, &currency) ||
       !hs_str_equal(account->currency, hs_str_of(currency.code))))
    hs_faults_tell_at(faults, path, "must be three capital letters of ISO 4217, got \"%.*s\"",
                      HS_STR_ARG(account->currency));
  (void)snprintf(path, sizeof path, "accounts[%zu]", index);
  for (size_t before = 0; before < index; before++)
    if (is_same(account, &accounts[before])) {
      hs_faults_tell_at(faults, path, "accounts[%zu] maps the same already", before);
      return;
    }
}

static void check_whole(struct hs_faults *faults, const struct hs_gl_mapping *mapping)
{
  for (int kind = 0; kind < HS_ACCOUNT_KIND_COUNT; kind++) {
    size_t a = 0;
    while (a < mapping->count &&
           (mapping->accounts[a].kind != (enum hs_account_kind)kind ||
            mapping->accounts[a].party.data != NULL || mapping->accounts[a].currency.data != NULL))
      a++;
    if (a == mapping->count)
      hs_faults_tell_at(faults, "accounts", "no account holds for all of %s",
                        hs_account_word((enum hs_account_kind)kind));
  }
}

enum hs_status hs_gl_mapping_read(struct hs_str json, struct hs_arena *arena,
                                  struct hs_gl_mapping *out, hs_fault_fn fault, void *context,
                                  struct hs_err *err)
{
  struct written_mapping written;
  struct hs_faults faults = {fault, context, err, 0};
  enum hs_status status =
      hs_shape_read(&hs_gl_mapping_shape, json, arena, &written, fault, context, err);
  if (status == HS_OK)
    status = hs_shape_complete(&hs_gl_mapping_shape, &written, 0, fault, context, err);
  if (status != HS_OK)
    return status;
  const struct written_account *items = written.accounts.items;
  struct hs_gl_mapping mapping = {.count = written.accounts.count};
  struct hs_gl_account *accounts = hs_arena_alloc(arena, mapping.count, sizeof *accounts);
  if (accounts == NULL)
    return hs_arena_full(arena, "accounts", err);
  for (size_t a = 0; a < mapping.count; a++) {
    accounts[a] = (struct hs_gl_account){(enum hs_account_kind)items[a].kind, items[a].party,
                                         items[a].currency, items[a].number, items[a].cost_centre};
    check_account(&faults, accounts, a);
  }
  mapping.accounts = accounts;
  check_whole(&faults, &mapping);
  if (faults.count > 0)
    return HS_INVALID;
  *out = mapping;
  return HS_OK;
}
