/* Proves the CSV files for PayPal and Wise, to the byte, and what each of them refuses; and that a
   batch reads the same from JSON and from CSV. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "service/pay/payout_file.h"
#include "support/capacity.h"
#include "support/faults.h"
#include "support/payments.h"

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 256 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static struct hs_payment by_email(const char *id, const char *amount, const char *email)
{
  struct hs_payment payment = plain_payment(id, amount);
  payment.iban = (struct hs_str){0};
  payment.email = hs_str_of(email);
  return payment;
}

/* ---- PayPal ---- */

static void paypal_has_six_columns_and_no_header([[maybe_unused]] void **state)
{
  struct hs_payment payments[] = {by_email("P1", "1250.00", "blog@host.example"),
                                  by_email("P2", "0.05", "shoes@host.example")};
  payments[0].text = HS_STR("Commission, \"September\"");
  payments[1].text = HS_STR("+1 more");
  const struct hs_payout_batch batch = plain_batch(payments, 2);
  struct hs_str out = assert_written(&batch, HS_PAYOUT_PAYPAL, &arena);
  assert_string_equal(out.data,
                      "blog@host.example,1250.00,EUR,P1,\"Commission, 'September'\",PAYPAL\n"
                      "shoes@host.example,0.05,EUR,P2,\"'+1 more\",PAYPAL\n");
  const struct hs_payout_options comma = {
      .format = HS_PAYOUT_PAYPAL, .now_us = PAYOUT_NOON_US, .has_decimal_comma = 1};
  struct hs_buf text = hs_buf_in(&arena);
  assert_int_equal(hs_payout_file_write(&batch, &comma, &arena, &text, NULL, NULL, NULL), HS_OK);
  assert_non_null(strstr(text.data, "blog@host.example,\"1250,00\",EUR,P1,"));
}

static void paypal_knows_no_fractions_of_some_currencies([[maybe_unused]] void **state)
{
  struct hs_payment payment = by_email("P1", "1", "blog@host.example");
  const struct hs_payout_batch batch = plain_batch(&payment, 1);
  payment.amount = money_of("500.00", "HUF");
  assert_non_null(
      strstr(assert_written(&batch, HS_PAYOUT_PAYPAL, &arena).data, "example,500,HUF,P1,"));
  payment.amount = money_of("500.50", "HUF");
  assert_refused(&batch, HS_PAYOUT_PAYPAL, "payments[0].amount", "no fractions of HUF");
}

static void what_paypal_does_not_take_is_refused([[maybe_unused]] void **state)
{
  struct hs_payment payments[] = {by_email("P1", "1", "blog@host.example"),
                                  by_email("P2", "1", "shoes@host.example")};
  const struct hs_payout_batch batch = plain_batch(payments, 2);
  payments[1].email = HS_STR("=cmd@host.example");
  assert_refused(&batch, HS_PAYOUT_PAYPAL, "payments[1].email", "must be an address");
  payments[1].email = HS_STR("two@at@host.example");
  assert_refused(&batch, HS_PAYOUT_PAYPAL, "payments[1].email", "must be an address");
  payments[1] = by_email("1234567890123456789012345678901", "1", "a@host.example");
  assert_refused(&batch, HS_PAYOUT_PAYPAL, "payments[1].id", "more than 30 characters");
  payments[1] = by_email("+2", "1", "a@host.example");
  assert_refused(&batch, HS_PAYOUT_PAYPAL, "payments[1].id", "for a formula");
  payments[1] = by_email("P2", "1", "a@host.example");
  payments[1].amount = money_of("1", "USD");
  assert_refused(&batch, HS_PAYOUT_PAYPAL, "payments[1].currency",
                 "is USD; a file for PayPal has one currency, and the first payment is in EUR");
}

/* ---- Wise ---- */

static void wise_pays_to_accounts_or_to_addresses([[maybe_unused]] void **state)
{
  struct hs_payment payments[] = {plain_payment("P1", "1250.00"), plain_payment("P2", "7")};
  struct hs_payout_batch batch = plain_batch(payments, 2);
  payments[0].name = HS_STR("M\xc3\xbcller, S\xc3\xb6hne");
  payments[1].is_person = 1;
  payments[1].email = HS_STR("a@host.example");
  batch.payer.currency = HS_STR("GBP");
  assert_string_equal(
      assert_written(&batch, HS_PAYOUT_WISE, &arena).data,
      "name,recipientEmail,paymentReference,receiverType,amountCurrency,amount,sourceCurrency,"
      "targetCurrency,IBAN\n"
      "\"M\xc3\xbcller, S\xc3\xb6hne\",,P1,INSTITUTION,target,1250.00,GBP,EUR,"
      "AT611904300234573201\n"
      "Blog,a@host.example,P2,PERSON,target,7.00,GBP,EUR,AT611904300234573201\n");
  payments[0] = by_email("P3", "5", "b@host.example");
  batch = plain_batch(payments, 1);
  assert_string_equal(
      assert_written(&batch, HS_PAYOUT_WISE, &arena).data,
      "name,recipientEmail,paymentReference,receiverType,amountCurrency,amount,sourceCurrency,"
      "targetCurrency\n"
      "Blog,b@host.example,P3,INSTITUTION,target,5.00,EUR,EUR\n");
}

static void what_wise_does_not_take_is_refused([[maybe_unused]] void **state)
{
  struct hs_payment payments[] = {plain_payment("P1", "1"), plain_payment("P2", "1")};
  struct hs_payout_batch batch = plain_batch(payments, 2);
  payments[1] = by_email("P2", "1", "a@host.example");
  assert_refused(&batch, HS_PAYOUT_WISE, "payments[1].iban", "not both; the first payment goes by");
  payments[1] = plain_payment("P2", "1");
  payments[1].name = HS_STR("=1+1");
  assert_refused(&batch, HS_PAYOUT_WISE, "payments[1].name", "for a formula");
  payments[1] = plain_payment("P2", "1");
  payments[1].iban = HS_STR("AT611904300234573202");
  assert_refused(&batch, HS_PAYOUT_WISE, "payments[1].iban", "check digits");
  payments[1] = plain_payment("P2", "1");
  batch.payer.currency = HS_STR("EURO");
  assert_refused(&batch, HS_PAYOUT_WISE, "payer.currency", "\"EURO\" is no currency");
}

static void more_rows_than_a_service_takes_are_refused([[maybe_unused]] void **state)
{
  static struct hs_payment payments[5001];
  static char ids[5001][8];
  for (size_t p = 0; p < 5001; p++) {
    (void)snprintf(ids[p], sizeof ids[p], "P%zu", p);
    payments[p] = by_email(ids[p], "1", "a@host.example");
  }
  struct hs_payout_batch batch = plain_batch(payments, 5000);
  (void)assert_written(&batch, HS_PAYOUT_PAYPAL, &arena);
  batch.payment_count = 5001;
  assert_refused(&batch, HS_PAYOUT_PAYPAL, "payments", "has 5001; PayPal takes 5000 in one file");
  batch.payment_count = 1001;
  assert_refused(&batch, HS_PAYOUT_WISE, "payments", "has 1001; Wise takes 1000 in one file");
}

/* ---- reading ---- */

static const char CSV[] = "ID,amount,Currency,name,kind,iban,text\r\n"
                          "P1,12.50,eur,\"Blog, the\",person,AT611904300234573201,\r\n"
                          "P2,7,JPY,Shop,,,thanks\r\n";
static const char JSON[] =
    "{\"payments\": [{\"id\": \"P1\", \"amount\": \"12.50\", \"currency\": \"EUR\", \"name\": "
    "\"Blog, the\", \"kind\": \"person\", \"iban\": \"AT611904300234573201\"}, {\"id\": \"P2\", "
    "\"amount\": \"7\", \"currency\": \"JPY\", \"name\": \"Shop\", \"text\": \"thanks\"}]}";

static void a_batch_reads_the_same_from_both_forms([[maybe_unused]] void **state)
{
  const char *const forms[] = {CSV, JSON};
  for (size_t f = 0; f < 2; f++) {
    struct hs_payout_batch batch;
    assert_int_equal(hs_payout_batch_read(hs_str_of(forms[f]), &arena, &batch, NULL, NULL, NULL),
                     HS_OK);
    assert_int_equal(batch.payment_count, 2);
    assert_int_equal(batch.day, HS_ABSENT);
    const struct hs_payment *first = &batch.payments[0];
    const struct hs_payment *second = &batch.payments[1];
    assert_true(hs_str_equal(first->name, HS_STR("Blog, the")));
    assert_int_equal(first->amount.amount_minor, 1250);
    assert_string_equal(first->amount.currency.code, "EUR");
    assert_true(first->is_person && !second->is_person);
    assert_null(first->text.data);
    assert_int_equal(second->amount.amount_minor, 7);
    assert_null(second->iban.data);
    assert_int_equal(second->line, f == 0 ? 3 : 0);
  }
}

static void faults_of_a_batch_name_their_place([[maybe_unused]] void **state)
{
  static const struct {
    const char *text, *told;
  } ROWS[] = {
      {"id,amount,currency,name\nP1,1.005,EUR,x\n",
       "line 2, amount: 1.005 has 3 digits after the point; EUR has 2\n"},
      {"id,amount,currency,name\nP1,1,EUX,x\n",
       "line 2, currency: \"EUX\" is no currency of ISO 4217\n"},
      {"id,amount,currency,name\nP1,1,EUR\n", "line 2: has 3 fields; the header has 4\n"},
      {"id,amount,currency,name\n\"P1,1,EUR,x\n", "line 2: "},
      {"id,amount,currency,name,kind\nP1,1,EUR,x,dog\n",
       "line 2, kind: must be company or person, got \"dog\"\n"},
      {"id,amont\nP1,1\n", "header: there is no column \"amont\""},
      {"id,amount,ID\nP1,1,2\n", "header: the column \"ID\" stands there twice\n"},
      {"id,amount,currency\nP1,1,EUR\n", "line 2, name: missing: The owner of the account.\n"},
      {"{\"payments\": [{\"id\": \"P1\", \"amount\": 1, \"currency\": \"EUR\", \"name\": \"x\"}]}",
       "payments[0].amount: must be text, got a whole number\n"},
      {"{\"payments\": [{\"id\": \"P1\", \"amount\": \"1e3\", \"currency\": \"EUR\", \"name\": "
       "\"x\"}]}",
       "payments[0].amount: "},
      {"{\"payments\": []}", "payments: must have 1 to 100000 items, got 0\n"},
      {"{}", "payments: missing: What is paid.\n"},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_payout_batch batch;
    struct faults_told told = {0};
    struct hs_err err = {0};
    assert_int_equal(
        hs_payout_batch_read(hs_str_of(ROWS[i].text), &arena, &batch, take_fault, &told, &err),
        HS_INVALID);
    if (strstr(told.all, ROWS[i].told) == NULL)
      fail_msg("wanted %s got %s", ROWS[i].told, told.all);
    assert_true(err.text[0] != '\0');
  }
}

static void what_holds_no_payment_is_no_batch([[maybe_unused]] void **state)
{
  struct hs_payout_batch batch;
  struct hs_err err = {0};
  assert_int_equal(hs_payout_batch_read(HS_STR(""), &arena, &batch, NULL, NULL, &err), HS_INVALID);
  assert_string_equal(err.text, "is empty");
  assert_int_equal(
      hs_payout_batch_read(HS_STR("id,amount,currency,name\n"), &arena, &batch, NULL, NULL, &err),
      HS_INVALID);
  assert_string_equal(err.text, "has a header and no payment");
}

static enum hs_status read_in(void *context, struct hs_arena *bounded, struct hs_err *err)
{
  struct hs_payout_batch batch;
  return hs_payout_batch_read(hs_str_of(context), bounded, &batch, NULL, NULL, err);
}

static void a_full_arena_is_an_answer([[maybe_unused]] void **state)
{
  char json[sizeof JSON];
  memcpy(json, JSON, sizeof JSON);
  assert_true(fail_every_allocation(read_in, json) > 5);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(paypal_has_six_columns_and_no_header),
      cmocka_unit_test(paypal_knows_no_fractions_of_some_currencies),
      cmocka_unit_test(what_paypal_does_not_take_is_refused),
      cmocka_unit_test(wise_pays_to_accounts_or_to_addresses),
      cmocka_unit_test(what_wise_does_not_take_is_refused),
      cmocka_unit_test(more_rows_than_a_service_takes_are_refused),
      cmocka_unit_test(a_batch_reads_the_same_from_both_forms),
      cmocka_unit_test(faults_of_a_batch_name_their_place),
      cmocka_unit_test(what_holds_no_payment_is_no_batch),
      cmocka_unit_test(a_full_arena_is_an_answer),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
