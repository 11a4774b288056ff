#include "service/pay/payees.h"

#include <stdio.h>
#include <stdlib.h>

#include "ledger/bank.h"
#include "ledger/numbers.h"

/* ---- the form ---- */

static const char *const TREATMENTS[] = {
#define TREATMENT(symbol, word, says) word,
    HS_TAX_TABLE(TREATMENT)
#undef TREATMENT
        NULL};
static const char *const KINDS[] = {"company", "person", NULL};

#define LAST_DAY "9999-12-31"
#define LIST_MAX 1000
#define PAYEES_MAX 100000

static const struct hs_field PRESET[] = {
    HS_MEMBER(hs_tax_preset, country, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "The partners' country, two letters of ISO 3166."),
    HS_MEMBER(hs_tax_preset, treatment, HS_FIELD_WORD, .words = TREATMENTS, .required = HS_ALWAYS,
              .meaning = "How they are treated."),
    HS_MEMBER(hs_tax_preset, rate, HS_FIELD_DECIMAL, .high = 1, .fallback = "0",
              .meaning = "The tax on top of what was earned."),
    HS_MEMBER(hs_tax_preset, withholding, HS_FIELD_DECIMAL, .high = 1, .fallback = "0",
              .meaning = "What is kept back of it for the tax office."),
    HS_NAMED(hs_tax_preset, from_day, "from", HS_FIELD_DATE, .required = HS_ALWAYS,
             .meaning = "The first day on which it holds."),
    HS_NAMED(hs_tax_preset, until_day, "until", HS_FIELD_DATE, .fallback = LAST_DAY,
             .meaning = "The first day on which it no longer holds."),
    HS_MEMBER(hs_tax_preset, note, HS_FIELD_TEXT,
              .meaning = "What the law wants to be said on the invoice."),
};
HS_SHAPE(PRESET_SHAPE, "tax preset", hs_tax_preset, PRESET);

static const struct hs_field FORM[] = {
    HS_MEMBER(hs_tax_standing, country, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "Where the partner is taxed."),
    HS_MEMBER(hs_tax_standing, treatment, HS_FIELD_WORD, .words = TREATMENTS, .required = HS_ALWAYS,
              .meaning = "How, by the form."),
    HS_NAMED(hs_tax_standing, from_day, "from", HS_FIELD_DATE, .required = HS_ALWAYS,
             .meaning = "The first day of the form."),
    HS_NAMED(hs_tax_standing, until_day, "until", HS_FIELD_DATE, .fallback = LAST_DAY,
             .meaning = "The first day on which it no longer holds."),
};
HS_SHAPE(FORM_SHAPE, "tax form", hs_tax_standing, FORM);

static const struct hs_field ACCOUNT[] = {
    HS_MEMBER(hs_payee_account, currency, HS_FIELD_TEXT,
              .meaning = "The currency that it takes; every one when none is named."),
    HS_MEMBER(hs_payee_account, iban, HS_FIELD_TEXT, .meaning = "By ISO 13616."),
    HS_MEMBER(hs_payee_account, bic, HS_FIELD_TEXT, .meaning = "Its bank, by ISO 9362."),
    HS_MEMBER(hs_payee_account, account, HS_FIELD_TEXT, .meaning = "Its number, without an IBAN."),
    HS_MEMBER(hs_payee_account, clearing, HS_FIELD_TEXT,
              .meaning = "Its bank in the clearing, such as \"USABA:021000021\"."),
    HS_MEMBER(hs_payee_account, email, HS_FIELD_TEXT, .meaning = "At PayPal or Wise."),
};
HS_SHAPE(ACCOUNT_SHAPE, "payee's account", hs_payee_account, ACCOUNT);

static const struct hs_field THRESHOLD[] = {
    HS_MEMBER(hs_threshold, currency, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "In which currency."),
    HS_MEMBER(hs_threshold, amount, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "From how much on it is paid, such as \"50\"."),
};
HS_SHAPE(THRESHOLD_SHAPE, "threshold", hs_threshold, THRESHOLD);

static const struct hs_field PAYEE[] = {
    HS_MEMBER(hs_payee, partner, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "The partner, by name."),
    HS_MEMBER(hs_payee, name, HS_FIELD_TEXT, .required = HS_ALWAYS,
              .meaning = "The owner of the account."),
    HS_MEMBER(hs_payee, kind, HS_FIELD_WORD, .words = KINDS, .fallback = "company",
              .meaning = "What the owner is."),
    HS_MEMBER(hs_payee, street, HS_FIELD_TEXT, .meaning = "The owner's street and number."),
    HS_MEMBER(hs_payee, postcode, HS_FIELD_TEXT, .meaning = "The owner's postcode."),
    HS_MEMBER(hs_payee, town, HS_FIELD_TEXT, .meaning = "The owner's town."),
    HS_MEMBER(hs_payee, country, HS_FIELD_TEXT, .meaning = "The owner's country."),
    HS_MEMBER(hs_payee, forms, HS_FIELD_LIST, .shape = &FORM_SHAPE, .high = LIST_MAX,
              .meaning = "Tax forms, the corrected ones after those that they correct."),
    HS_MEMBER(hs_payee, accounts, HS_FIELD_LIST, .shape = &ACCOUNT_SHAPE, .high = LIST_MAX,
              .meaning = "Where the money goes."),
    HS_MEMBER(hs_payee, thresholds, HS_FIELD_LIST, .shape = &THRESHOLD_SHAPE, .high = LIST_MAX,
              .meaning = "What was agreed with this partner instead of the threshold of all."),
    HS_MEMBER(hs_payee, on_hold, HS_FIELD_FLAG, .fallback = "false",
              .meaning = "Whether nothing is paid for now."),
    HS_MEMBER(hs_payee, leaving, HS_FIELD_FLAG, .fallback = "false",
              .meaning = "Whether the rest is paid whatever the threshold."),
};
HS_SHAPE(PAYEE_SHAPE, "payee", hs_payee, PAYEE);

static const struct hs_field PAYEES[] = {
    HS_MEMBER(hs_payees, payer, HS_FIELD_OBJECT, .shape = &hs_payer_shape,
              .meaning = "Who pays, and from which account."),
    HS_MEMBER(hs_payees, series, HS_FIELD_TEXT, .fallback = "SB",
              .meaning = "The prefix of the numbers of self-billed invoices."),
    HS_MEMBER(hs_payees, thresholds, HS_FIELD_LIST, .shape = &THRESHOLD_SHAPE, .high = LIST_MAX,
              .meaning = "From how much on partners are paid."),
    HS_MEMBER(hs_payees, tax, HS_FIELD_LIST, .shape = &PRESET_SHAPE, .high = LIST_MAX,
              .meaning = "The tax rules, with the days between which they hold."),
    HS_MEMBER(hs_payees, payees, HS_FIELD_LIST, .shape = &PAYEE_SHAPE, .high = PAYEES_MAX,
              .meaning = "The partners that are paid."),
};
const struct hs_shape hs_payees_shape = {"payees", sizeof(struct hs_payees),
                                         sizeof PAYEES / sizeof *PAYEES, PAYEES};

/* ---- what the shape cannot say ---- */

static void check_thresholds(struct hs_faults *faults, const struct hs_list *list,
                             const char *place)
{
  struct hs_threshold *items = list->items;
  for (size_t t = 0; t < list->count; t++) {
    char path[96];
    struct hs_currency currency;
    struct hs_money money = {0};
    struct hs_err why = {0};
    (void)snprintf(path, sizeof path, "%sthresholds[%zu]", place, t);
    if (!hs_currency_parse(items[t].currency, &currency))
      hs_faults_tell_at(faults, path, "\"%.*s\" is no currency of ISO 4217",
                        HS_STR_ARG(items[t].currency));
    else if (hs_money_parse(items[t].amount, currency, &money, &why) != HS_OK)
      hs_faults_tell_at(faults, path, "%s", why.text);
    else if (money.amount_minor < 0)
      hs_faults_tell_at(faults, path, "must be 0 or more, got %.*s", HS_STR_ARG(items[t].amount));
    items[t].amount_minor = money.amount_minor;
  }
}

static void check_accounts(struct hs_faults *faults, const struct hs_payee *payee,
                           const char *place)
{
  const struct hs_payee_account *accounts = payee->accounts.items;
  for (size_t a = 0; a < payee->accounts.count; a++) {
    char path[96];
    struct hs_currency currency;
    (void)snprintf(path, sizeof path, "%saccounts[%zu]", place, a);
    if (accounts[a].currency.data != NULL && !hs_currency_parse(accounts[a].currency, &currency))
      hs_faults_tell_at(faults, path, "\"%.*s\" is no currency of ISO 4217",
                        HS_STR_ARG(accounts[a].currency));
    if (accounts[a].iban.data == NULL && accounts[a].account.data == NULL &&
        accounts[a].email.data == NULL)
      hs_faults_tell_at(faults, path, "has no iban, no account and no email");
  }
}

static void check_forms(struct hs_faults *faults, const struct hs_payee *payee, const char *place)
{
  const struct hs_tax_standing *forms = payee->forms.items;
  for (size_t f = 0; f < payee->forms.count; f++) {
    char path[96];
    (void)snprintf(path, sizeof path, "%sforms[%zu]", place, f);
    if (!hs_is_country(forms[f].country))
      hs_faults_tell_at(faults, path, "the country must be two capital letters, got \"%.*s\"",
                        HS_STR_ARG(forms[f].country));
    if (forms[f].from_day >= forms[f].until_day)
      hs_faults_tell_at(faults, path, "ends before it begins");
  }
}

static int by_partner(const void *left, const void *right)
{
  const struct hs_payee *const *a = left;
  const struct hs_payee *const *b = right;
  int order = hs_str_compare((*a)->partner, (*b)->partner);
  return order != 0 ? order : (*a > *b) - (*a < *b);
}

static enum hs_status sort_by_name(struct hs_faults *faults, struct hs_payees *payees,
                                   struct hs_arena *arena)
{
  const struct hs_payee *items = payees->payees.items;
  size_t count = payees->payees.count;
  const struct hs_payee **sorted = hs_arena_alloc(arena, count, sizeof(const struct hs_payee *));
  if (sorted == NULL)
    return hs_arena_full(arena, "payees", faults->err);
  for (size_t p = 0; p < count; p++)
    sorted[p] = &items[p];
  if (count > 1)
    qsort(sorted, count, sizeof *sorted, by_partner);
  for (size_t p = 1; p < count; p++)
    if (hs_str_equal(sorted[p - 1]->partner, sorted[p]->partner)) {
      char path[64];
      (void)snprintf(path, sizeof path, "payees[%zu].partner", (size_t)(sorted[p] - items));
      hs_faults_tell_at(faults, path, "\"%.*s\" is payees[%zu] already",
                        HS_STR_ARG(sorted[p]->partner), (size_t)(sorted[p - 1] - items));
    }
  payees->by_name = sorted;
  return HS_OK;
}

static enum hs_status check(struct hs_faults *faults, struct hs_payees *payees,
                            struct hs_arena *arena)
{
  struct hs_series series;
  struct hs_err why = {0};
  const struct hs_payee *items = payees->payees.items;
  if (hs_series_make(payees->series, 2000, &series, &why) != HS_OK)
    hs_faults_tell_at(faults, "series", "%s", why.text);
  if (hs_tax_presets_check(payees->tax.items, payees->tax.count, &why) != HS_OK)
    hs_faults_tell_at(faults, "tax", "%s", why.text);
  check_thresholds(faults, &payees->thresholds, "");
  for (size_t p = 0; p < payees->payees.count; p++) {
    char place[32];
    (void)snprintf(place, sizeof place, "payees[%zu].", p);
    check_thresholds(faults, &items[p].thresholds, place);
    check_accounts(faults, &items[p], place);
    check_forms(faults, &items[p], place);
  }
  return sort_by_name(faults, payees, arena);
}

enum hs_status hs_payees_read(struct hs_str json, struct hs_arena *arena, struct hs_payees *out,
                              hs_fault_fn fault, void *context, struct hs_err *err)
{
  struct hs_payees payees;
  struct hs_faults faults = {fault, context, err, 0};
  enum hs_status status =
      hs_shape_read(&hs_payees_shape, json, arena, &payees, fault, context, err);
  if (status == HS_OK)
    status = hs_shape_complete(&hs_payees_shape, &payees, 0, fault, context, err);
  if (status == HS_OK)
    status = check(&faults, &payees, arena);
  if (status == HS_OK && faults.count > 0)
    status = HS_INVALID;
  if (status == HS_OK)
    *out = payees;
  return status;
}

/* ---- questions ---- */

const struct hs_payee *hs_payee_of(const struct hs_payees *payees, struct hs_str partner)
{
  size_t low = 0;
  size_t high = payees->payees.count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = hs_str_compare(payees->by_name[middle]->partner, partner);
    if (order == 0)
      return payees->by_name[middle];
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

static int takes(struct hs_str text, struct hs_currency currency)
{
  struct hs_currency named;
  return hs_currency_parse(text, &named) && hs_currency_equal(named, currency);
}

static int goes(const struct hs_payee_account *account, enum hs_payee_way way)
{
  int has_bank = account->iban.length > 0 || account->account.length > 0;
  return way == HS_PAYEE_ANY_WAY ||
         (way == HS_PAYEE_BY_BANK ? has_bank : !has_bank && account->email.length > 0);
}

const struct hs_payee_account *hs_payee_account_for(const struct hs_payee *payee,
                                                    struct hs_currency currency,
                                                    enum hs_payee_way way)
{
  const struct hs_payee_account *items = payee->accounts.items;
  const struct hs_payee_account *for_all = NULL;
  for (size_t a = 0; a < payee->accounts.count; a++) {
    if (!goes(&items[a], way))
      continue;
    if (takes(items[a].currency, currency))
      return &items[a];
    if (items[a].currency.data == NULL && for_all == NULL)
      for_all = &items[a];
  }
  return for_all;
}

static int find_threshold(const struct hs_list *list, struct hs_currency currency, int64_t *out)
{
  const struct hs_threshold *items = list->items;
  for (size_t t = 0; t < list->count; t++)
    if (takes(items[t].currency, currency)) {
      *out = items[t].amount_minor;
      return 1;
    }
  return 0;
}

int64_t hs_payee_threshold(const struct hs_payees *payees, const struct hs_payee *payee,
                           struct hs_currency currency)
{
  int64_t amount = 0;
  if (payee != NULL && find_threshold(&payee->thresholds, currency, &amount))
    return amount;
  (void)find_threshold(&payees->thresholds, currency, &amount);
  return amount;
}
