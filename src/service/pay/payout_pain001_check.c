/* Whether a batch can be written as pain.001, and what stands against it. */
#include "service/pay/payout_pain001_priv.h"

#include <string.h>

#include "base/time.h"
#include "service/pay/payout_text.h"

/* Max35Text, less what numbers the blocks: "-180". */
#define BATCH_ID_MAX ((size_t)30)
#define ACCOUNT_MAX ((size_t)34)
#define CLEARING_CODE_MAX ((size_t)5)
#define CLEARING_NUMBER_MAX ((size_t)35)
/* Of the SEPA schemes: 999,999,999.99 EUR. */
#define SEPA_AMOUNT_MAX INT64_C(99999999999)
/* A control sum has 18 digits at most, in the smallest unit of any currency. */
#define SUM_MAX ((hs_wide)INT64_C(1000000000000000000))

/* ---- which way a payment goes ---- */

struct hs_iban hs_pain001_iban(struct hs_str s)
{
  struct hs_iban iban = {""};
  (void)hs_iban_parse(s, &iban, NULL);
  return iban;
}

static int is_euro(struct hs_currency currency) { return strcmp(currency.code, "EUR") == 0; }

int hs_pain001_is_sepa(const struct hs_payout_batch *batch, const struct hs_payment *payment)
{
  struct hs_iban from = hs_pain001_iban(batch->payer.iban);
  struct hs_iban to = hs_pain001_iban(payment->iban);
  return is_euro(payment->amount.currency) && hs_iban_sepa(&from) != HS_SEPA_NONE &&
         hs_iban_sepa(&to) != HS_SEPA_NONE;
}

/* ---- checks ---- */

static void check_iban(const struct hs_payout_batch *batch, const struct hs_payment *payment,
                       const char *field, struct hs_str text, struct hs_payout_faults *faults)
{
  struct hs_iban iban;
  struct hs_err why = {0};
  if (text.data != NULL && hs_iban_parse(text, &iban, &why) != HS_OK)
    hs_payout_fault(faults, batch, payment, field, "%s", why.text);
}

static void check_bic(const struct hs_payout_batch *batch, const struct hs_payment *payment,
                      const char *field, struct hs_str text, struct hs_payout_faults *faults)
{
  struct hs_bic bic;
  struct hs_err why = {0};
  if (text.data != NULL && hs_bic_parse(text, &bic, &why) != HS_OK)
    hs_payout_fault(faults, batch, payment, field, "%s", why.text);
}

static void check_account(const struct hs_payout_batch *batch, const struct hs_payment *payment,
                          struct hs_str iban, struct hs_str account, const char *iban_field,
                          const char *account_field, struct hs_payout_faults *faults)
{
  if (iban.data == NULL && account.data == NULL)
    hs_payout_fault(faults, batch, payment, iban_field, "is missing: there is no account");
  else if (iban.data != NULL && account.data != NULL)
    hs_payout_fault(faults, batch, payment, account_field,
                    "stands beside an IBAN; an account has one number");
  else if (account.data != NULL) {
    const char *problem = hs_payout_id_problem(account, ACCOUNT_MAX);
    if (problem != NULL)
      hs_payout_fault(faults, batch, payment, account_field, "\"%.*s\" %s", HS_STR_ARG(account),
                      problem);
  }
  check_iban(batch, payment, iban_field, iban, faults);
}

static void check_country(const struct hs_payout_batch *batch, const struct hs_payment *payment,
                          const char *field, struct hs_str country, struct hs_payout_faults *faults)
{
  if (country.data != NULL && !hs_is_country(country))
    hs_payout_fault(faults, batch, payment, field,
                    "must be two capital letters of ISO 3166, got \"%.*s\"", HS_STR_ARG(country));
}

/* Something that can be read must be left of it. */
static void check_readable(const struct hs_payout_batch *batch, const struct hs_payment *payment,
                           const char *field, struct hs_str text, struct hs_payout_faults *faults)
{
  if (hs_str_trim(text).length > 0 && hs_str_is_utf8(text) && hs_payout_text_readable(text) == 0)
    hs_payout_fault(faults, batch, payment, field,
                    "\"%.*s\" has no letter that banks can read; write it in Latin letters",
                    HS_STR_ARG(text));
}

int hs_pain001_cut_clearing(struct hs_str clearing, struct hs_str *code, struct hs_str *number)
{
  *number = clearing;
  *code = hs_str_cut(number, ':');
  if (code->length != CLEARING_CODE_MAX || number->length == 0 ||
      hs_payout_id_problem(*number, CLEARING_NUMBER_MAX) != NULL)
    return 0;
  for (size_t i = 0; i < code->length; i++)
    if (code->data[i] < 'A' || code->data[i] > 'Z')
      return 0;
  return 1;
}

/* Outside of the schemes a payment is routed by the bank and screened by the address. */
static void check_beyond_sepa(const struct hs_payout_batch *batch, const struct hs_payment *payment,
                              struct hs_payout_faults *faults)
{
  struct hs_str code, number;
  if (payment->bic.data == NULL && payment->clearing.data == NULL)
    hs_payout_fault(faults, batch, payment, "bic",
                    "is missing: outside of SEPA the bank must be named");
  if (payment->clearing.data != NULL && !hs_pain001_cut_clearing(payment->clearing, &code, &number))
    hs_payout_fault(faults, batch, payment, "clearing",
                    "must be such as USABA:021000021, got \"%.*s\"", HS_STR_ARG(payment->clearing));
  if (payment->town.data == NULL)
    hs_payout_fault(faults, batch, payment, "town",
                    "is missing: outside of SEPA the owner's town and country must be named");
  if (payment->country.data == NULL)
    hs_payout_fault(faults, batch, payment, "country",
                    "is missing: outside of SEPA the owner's town and country must be named");
}

static void check_sepa(const struct hs_payout_batch *batch, const struct hs_payment *payment,
                       struct hs_payout_faults *faults)
{
  struct hs_iban to = hs_pain001_iban(payment->iban);
  if (payment->amount.amount_minor > SEPA_AMOUNT_MAX)
    hs_payout_fault(faults, batch, payment, "amount",
                    "must be at most 999999999.99 EUR in the SEPA schemes");
  if (hs_iban_sepa(&to) == HS_SEPA_OUTER &&
      (batch->payer.town.data == NULL || batch->payer.country.data == NULL))
    hs_payout_fault(faults, batch, payment, "iban",
                    "payments to %.2s name the payer's town and country, which are missing",
                    to.text);
}

/* Told already: which way it would go is not known. */
static int is_mistyped(struct hs_str iban)
{
  return iban.data != NULL && hs_pain001_iban(iban).text[0] == '\0';
}

static void check_payment(const struct hs_payout_batch *batch, const struct hs_payment *payment,
                          struct hs_payout_faults *faults)
{
  struct hs_creditor_reference reference;
  struct hs_err why = {0};
  check_account(batch, payment, payment->iban, payment->account, "iban", "account", faults);
  check_bic(batch, payment, "bic", payment->bic, faults);
  check_country(batch, payment, "country", payment->country, faults);
  check_readable(batch, payment, "name", payment->name, faults);
  check_readable(batch, payment, "town", payment->town, faults);
  if (payment->text.data != NULL && payment->reference.data != NULL)
    hs_payout_fault(faults, batch, payment, "reference",
                    "stands beside a text; a payment carries one of them");
  if (payment->reference.data != NULL &&
      hs_creditor_reference_parse(payment->reference, &reference, &why) != HS_OK)
    hs_payout_fault(faults, batch, payment, "reference", "%s", why.text);
  if (hs_pain001_is_sepa(batch, payment))
    check_sepa(batch, payment, faults);
  else if (!is_mistyped(payment->iban) && !is_mistyped(batch->payer.iban))
    check_beyond_sepa(batch, payment, faults);
}

static void check_payer(const struct hs_payout_batch *batch,
                        const struct hs_payout_options *options, struct hs_payout_faults *faults)
{
  const struct hs_payer *payer = &batch->payer;
  const char *problem = hs_payout_id_problem(batch->id, BATCH_ID_MAX);
  char day[HS_TIME_TEXT];
  char today[HS_TIME_TEXT];
  if (problem != NULL)
    hs_payout_fault(faults, batch, NULL, "id", "\"%.*s\" %s", HS_STR_ARG(batch->id), problem);
  if (batch->day == HS_ABSENT) {
    hs_payout_fault(faults, batch, NULL, "day", "is missing: the day of payment");
  } else if (batch->day < hs_day_of_us(options->now_us)) {
    hs_format_day(batch->day, day);
    hs_format_day(hs_day_of_us(options->now_us), today);
    hs_payout_fault(faults, batch, NULL, "day", "%s is past; today is %s", day, today);
  }
  if (hs_str_trim(payer->name).length == 0)
    hs_payout_fault(faults, batch, NULL, "payer.name", "is missing");
  else if (!hs_str_is_utf8(payer->name))
    hs_payout_fault(faults, batch, NULL, "payer.name", "is not UTF-8");
  check_readable(batch, NULL, "payer.name", payer->name, faults);
  check_readable(batch, NULL, "payer.town", payer->town, faults);
  check_account(batch, NULL, payer->iban, payer->account, "payer.iban", "payer.account", faults);
  check_bic(batch, NULL, "payer.bic", payer->bic, faults);
  check_country(batch, NULL, "payer.country", payer->country, faults);
}

hs_wide hs_pain001_sum_units(struct hs_money amount)
{
  hs_wide value = amount.amount_minor;
  for (int d = hs_currency_digits(amount.currency); d < HS_PAIN001_SUM_DIGITS; d++)
    value *= 10;
  return value;
}

void hs_pain001_check(const struct hs_payout_batch *batch, const struct hs_payout_options *options,
                      struct hs_payout_faults *faults)
{
  hs_wide sum = 0; /* of at most HS_PAYMENTS_MAX amounts of 63 bits: it does not overflow */
  check_payer(batch, options, faults);
  for (size_t p = 0; p < batch->payment_count; p++) {
    check_payment(batch, &batch->payments[p], faults);
    if (batch->payments[p].amount.amount_minor > 0)
      sum += hs_pain001_sum_units(batch->payments[p].amount);
  }
  if (sum >= SUM_MAX)
    hs_payout_fault(faults, batch, NULL, "payments",
                    "come to more than the 18 digits that a control sum has");
}
