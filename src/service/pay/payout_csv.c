/* The CSV files of payment services. Their columns and limits are facts of their public
   documentation, named in docs/reference/payout-files.md. A field is never changed to make it
   harmless to spreadsheets, since the service reads it: what a spreadsheet would run is refused. */
#include "service/pay/payout_file_priv.h"

#include <string.h>

#include "service/pay/payout_text.h"

static void check_harmless(const struct hs_payout_batch *batch, const struct hs_payment *payment,
                           const char *field, struct hs_str text, struct hs_payout_faults *faults)
{
  if (text.length > 0 && text.data[0] != '\0' && strchr("=+-@\t\r", text.data[0]) != NULL)
    hs_payout_fault(faults, batch, payment, field,
                    "\"%.*s\" begins with what a spreadsheet takes for a formula",
                    HS_STR_ARG(text));
}

static void check_email(const struct hs_payout_batch *batch, const struct hs_payment *payment,
                        struct hs_payout_faults *faults)
{
  if (!hs_payout_is_email(payment->email))
    hs_payout_fault(faults, batch, payment, "email", "must be an address, got \"%.*s\"",
                    HS_STR_ARG(payment->email));
}

static void check_count(const struct hs_payout_batch *batch, size_t count_max, const char *who,
                        struct hs_payout_faults *faults)
{
  if (batch->payment_count > count_max)
    hs_payout_fault(faults, batch, NULL, "payments", "has %zu; %s takes %zu in one file",
                    batch->payment_count, who, count_max);
}

/* ---- PayPal ---- */

#define PAYPAL_ROWS_MAX ((size_t)5000)
#define PAYPAL_ID_MAX ((size_t)30)
#define PAYPAL_NOTE_MAX ((size_t)400)
#define PAYPAL_RECEIVER_MAX ((size_t)127)

/* Where ISO 4217 has two digits, PayPal has none. */
static int is_whole_at_paypal(struct hs_currency currency)
{
  return strcmp(currency.code, "HUF") == 0 || strcmp(currency.code, "TWD") == 0;
}

void hs_paypal_check(const struct hs_payout_batch *batch,
                     [[maybe_unused]] const struct hs_payout_options *options,
                     struct hs_payout_faults *faults)
{
  struct hs_currency currency = batch->payments[0].amount.currency;
  check_count(batch, PAYPAL_ROWS_MAX, "PayPal", faults);
  for (size_t p = 0; p < batch->payment_count; p++) {
    const struct hs_payment *payment = &batch->payments[p];
    check_email(batch, payment, faults);
    check_harmless(batch, payment, "id", payment->id, faults);
    if (payment->email.length > PAYPAL_RECEIVER_MAX)
      hs_payout_fault(faults, batch, payment, "email", "has more than %zu characters",
                      PAYPAL_RECEIVER_MAX);
    if (payment->id.length > PAYPAL_ID_MAX)
      hs_payout_fault(faults, batch, payment, "id", "\"%.*s\" has more than %zu characters",
                      HS_STR_ARG(payment->id), PAYPAL_ID_MAX);
    if (!hs_currency_equal(payment->amount.currency, currency))
      hs_payout_fault(faults, batch, payment, "currency",
                      "is %s; a file for PayPal has one currency, and the first payment is in %s",
                      payment->amount.currency.code, currency.code);
    if (is_whole_at_paypal(payment->amount.currency) && payment->amount.amount_minor % 100 != 0)
      hs_payout_fault(faults, batch, payment, "amount", "PayPal has no fractions of %s",
                      payment->amount.currency.code);
  }
}

enum hs_status hs_paypal_write(const struct hs_payout_batch *batch,
                               const struct hs_payout_options *options, struct hs_arena *arena,
                               struct hs_buf *out, struct hs_err *err)
{
  struct hs_buf note = hs_buf_in(arena);
  for (size_t p = 0; p < batch->payment_count; p++) {
    const struct hs_payment *payment = &batch->payments[p];
    struct hs_buf amount = hs_buf_in(arena);
    int digits = hs_currency_digits(payment->amount.currency);
    int is_whole = is_whole_at_paypal(payment->amount.currency);
    hs_payout_amount_add(&amount, payment->amount.amount_minor / (is_whole ? 100 : 1),
                         is_whole ? 0 : digits, options->has_decimal_comma ? ',' : '.');
    hs_buf_clear(&note);
    hs_payout_text_add(&note, payment->text, PAYPAL_NOTE_MAX);
    hs_buf_add_csv(out, payment->email);
    hs_buf_add_char(out, ',');
    hs_buf_add_csv(out, hs_buf_str(&amount));
    hs_buf_printf(out, ",%s,", payment->amount.currency.code);
    hs_buf_add_csv(out, payment->id);
    hs_buf_add_char(out, ',');
    hs_buf_add_csv_safe(out, hs_buf_str(&note));
    hs_buf_add_text(out, ",PAYPAL\n");
    hs_buf_fail_with(out, &amount);
  }
  hs_buf_fail_with(out, &note);
  return hs_buf_status(out, "a payout file", err);
}

/* ---- Wise ---- */

#define WISE_ROWS_MAX ((size_t)1000)

/* One file is one template of Wise: accounts by IBAN, or addresses to which Wise writes. */
static int is_by_iban(const struct hs_payment *payment) { return payment->iban.data != NULL; }

static void check_wise_payment(const struct hs_payout_batch *batch,
                               const struct hs_payment *payment, struct hs_payout_faults *faults)
{
  struct hs_iban iban;
  struct hs_err why = {0};
  check_harmless(batch, payment, "id", payment->id, faults);
  check_harmless(batch, payment, "name", payment->name, faults);
  if (is_by_iban(payment) != is_by_iban(&batch->payments[0]))
    hs_payout_fault(faults, batch, payment, "iban",
                    "a file for Wise has accounts by IBAN or by e-mail, not both; the first "
                    "payment goes by %s",
                    is_by_iban(&batch->payments[0]) ? "IBAN" : "e-mail");
  if (!is_by_iban(payment) || payment->email.data != NULL)
    check_email(batch, payment, faults);
  if (is_by_iban(payment) && hs_iban_parse(payment->iban, &iban, &why) != HS_OK)
    hs_payout_fault(faults, batch, payment, "iban", "%s", why.text);
}

void hs_wise_check(const struct hs_payout_batch *batch,
                   [[maybe_unused]] const struct hs_payout_options *options,
                   struct hs_payout_faults *faults)
{
  struct hs_currency from;
  check_count(batch, WISE_ROWS_MAX, "Wise", faults);
  if (batch->payer.currency.data != NULL && !hs_currency_parse(batch->payer.currency, &from))
    hs_payout_fault(faults, batch, NULL, "payer.currency", "\"%.*s\" is no currency of ISO 4217",
                    HS_STR_ARG(batch->payer.currency));
  for (size_t p = 0; p < batch->payment_count; p++)
    check_wise_payment(batch, &batch->payments[p], faults);
}

enum hs_status hs_wise_write(const struct hs_payout_batch *batch,
                             [[maybe_unused]] const struct hs_payout_options *options,
                             [[maybe_unused]] struct hs_arena *arena, struct hs_buf *out,
                             struct hs_err *err)
{
  int by_iban = is_by_iban(&batch->payments[0]);
  hs_buf_printf(out,
                "name,recipientEmail,paymentReference,receiverType,amountCurrency,amount,"
                "sourceCurrency,targetCurrency%s\n",
                by_iban ? ",IBAN" : "");
  for (size_t p = 0; p < batch->payment_count; p++) {
    const struct hs_payment *payment = &batch->payments[p];
    struct hs_currency from = payment->amount.currency;
    struct hs_iban iban = {""};
    (void)hs_currency_parse(batch->payer.currency, &from);
    (void)hs_iban_parse(payment->iban, &iban, NULL);
    hs_buf_add_csv(out, payment->name);
    hs_buf_add_char(out, ',');
    hs_buf_add_csv(out, payment->email);
    hs_buf_add_char(out, ',');
    hs_buf_add_csv(out, payment->id);
    hs_buf_printf(out, ",%s,target,", payment->is_person ? "PERSON" : "INSTITUTION");
    hs_payout_amount_add(out, payment->amount.amount_minor,
                         hs_currency_digits(payment->amount.currency), '.');
    hs_buf_printf(out, ",%s,%s%s%s\n", from.code, payment->amount.currency.code, by_iban ? "," : "",
                  iban.text);
  }
  return hs_buf_status(out, "a payout file", err);
}
