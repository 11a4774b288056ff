/* Proves service/payees and service/payout_run: what is paid to whom on a day, from two files; and
   that a file which cannot be relied upon is refused with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "service/pay/payout_file.h"
#include "service/pay/payout_run.h"
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

static struct hs_str example(const char *name)
{
  struct hs_str text = {0};
  char path[256];
  (void)snprintf(path, sizeof path, HANSA_SOURCE_DIR "/docs/examples/%s", name);
  assert_int_equal(hs_io_read_file(hs_io_real(), &arena, path, HS_MIB, &text, NULL), HS_OK);
  return text;
}

static struct hs_payees payees_of(struct hs_str json)
{
  struct hs_payees out;
  struct hs_err err = {0};
  if (hs_payees_read(json, &arena, &out, NULL, NULL, &err) != HS_OK)
    fail_msg("%s", err.text);
  return out;
}

static struct hs_payout_run run_of(struct hs_str csv, const struct hs_payees *payees, int32_t day)
{
  const struct hs_payout_run_options options = {.day = day, .next_number = 17};
  struct hs_due *dues = NULL;
  size_t count = 0;
  struct hs_payout_run run = {0};
  struct hs_err err = {0};
  if (hs_dues_read(csv, &arena, &dues, &count, NULL, NULL, &err) != HS_OK ||
      hs_payout_run_make(dues, count, payees, &options, &arena, &run, &err) != HS_OK)
    fail_msg("%s", err.text);
  return run;
}

/* "blog EUR pay SB-2026-000017 net+tax-withheld=paid carried", a line a row. */
static const char *shown(const struct hs_payout_run *run)
{
  struct hs_buf out = hs_buf_in(&arena);
  hs_buf_add_text(&out, "");
  for (size_t r = 0; r < run->row_count; r++) {
    const struct hs_planned_payout *row = &run->rows[r];
    const struct hs_taxed *taxed = &row->plan.taxed;
    hs_buf_printf(&out, "%.*s %s %s %s %lld+%lld-%lld=%lld %lld\n", HS_STR_ARG(row->due->partner),
                  row->due->currency.code, hs_payout_verdict_word(row->plan.verdict), row->number,
                  (long long)taxed->net_minor, (long long)taxed->tax_minor,
                  (long long)taxed->withheld_minor, (long long)taxed->paid_minor,
                  (long long)row->plan.carried_minor);
  }
  return out.data;
}

/* 20.00 less 5.00 that the partner owes, and 19 % of 15.00 on top. */
static void the_example_pays_and_carries([[maybe_unused]] void **state)
{
  struct hs_payees payees = payees_of(example("payees.json"));
  struct hs_payout_run run = run_of(example("balances.csv"), &payees, hs_day_of(2026, 10, 1));
  assert_string_equal(shown(&run), "shoes-blog EUR pay SB-2026-000017 125000+0-0=125000 0\n"
                                   "deals EUR pay SB-2026-000018 1500+285-0=1785 0\n"
                                   "newsletter EUR below_threshold  0+0-0=0 3110\n"
                                   "nobody EUR no_tax_form  0+0-0=0 9900\n");
  assert_int_equal(run.paid_count, 2);
  assert_string_equal(run.rows[1].credit_note, "SB-2026-000019"); /* over what is set off */
  assert_int_equal(run.next_number, 20);
}

static void a_run_becomes_a_batch_that_can_be_paid([[maybe_unused]] void **state)
{
  struct hs_payees payees = payees_of(example("payees.json"));
  struct hs_payout_run run = run_of(example("balances.csv"), &payees, hs_day_of(2026, 10, 1));
  struct hs_payout_batch batch;
  assert_int_equal(hs_payout_run_batch(&run, &payees, hs_day_of(2026, 10, 1), HS_STR("A1"), &arena,
                                       &batch, NULL),
                   HS_OK);
  assert_int_equal(batch.payment_count, 2);
  struct hs_str file = assert_written(&batch, HS_PAYOUT_PAIN001, &arena);
  assert_non_null(strstr(file.data, "<EndToEndId>SB-2026-000018</EndToEndId>"));
  assert_non_null(strstr(file.data, "<InstdAmt Ccy=\"EUR\">17.85</InstdAmt>"));
  assert_non_null(strstr(file.data, "<Ustrd>Commission, invoice SB-2026-000018</Ustrd>"));
}

/* The forms of the example begin in 2026 and the presets in 2020 and 2021. */
static void forms_and_presets_hold_on_their_days([[maybe_unused]] void **state)
{
  struct hs_payees payees = payees_of(example("payees.json"));
  struct hs_payout_run run =
      run_of(HS_STR("partner,currency,payable\ndeals,EUR,100\n"), &payees, hs_day_of(2025, 12, 31));
  assert_string_equal(shown(&run), "deals EUR no_tax_form  0+0-0=0 10000\n");
  run = run_of(HS_STR("partner,currency,payable\ndeals,EUR,100\n"), &payees, hs_day_of(2026, 1, 1));
  assert_string_equal(shown(&run), "deals EUR pay SB-2026-000017 10000+1900-0=11900 0\n");
}

#define PAYEES(more)                                                                               \
  "{\"tax\": [{\"country\": \"DE\", \"treatment\": \"private\", \"from\": \"2020-01-01\"}], "      \
  "\"payees\": [" more "]}"
#define FORMS                                                                                      \
  "\"forms\": [{\"country\": \"DE\", \"treatment\": \"private\", \"from\": \"2020-01-01\"}]"

static void accounts_and_thresholds_are_those_of_the_currency([[maybe_unused]] void **state)
{
  struct hs_payees payees = payees_of(HS_STR(PAYEES(
      "{\"partner\": \"a\", \"name\": \"A\", " FORMS
      ", \"accounts\": [{\"email\": \"all@host.example\"},"
      "{\"currency\": \"USD\", \"account\": \"1\"}], \"thresholds\": [{\"currency\": \"USD\","
      "\"amount\": \"0.50\"}]}, {\"partner\": \"b\", \"name\": \"B\", " FORMS ","
      "\"accounts\": [{\"currency\": \"USD\", \"account\": \"1\"}], \"on_hold\": true},"
      "{\"partner\": \"c\", \"name\": \"C\", " FORMS
      ", \"accounts\": [{\"currency\": \"USD\", \"account\": \"1\"}]}")));
  struct hs_payout_run run = run_of(HS_STR("Partner,Currency,Payable\na,USD,0.49\na,EUR,0.49\n"
                                           "b,USD,9\nc,USD,9\nc,EUR,9\n"),
                                    &payees, hs_day_of(2026, 1, 1));
  assert_string_equal(shown(&run), "a USD below_threshold  0+0-0=0 49\n"
                                   "a EUR pay SB-2026-000017 49+0-0=49 0\n"
                                   "b USD on_hold  0+0-0=0 900\n"
                                   "c USD pay SB-2026-000018 900+0-0=900 0\n"
                                   "c EUR no_account  0+0-0=0 900\n");
  assert_true(hs_str_equal(run.rows[1].account->email, HS_STR("all@host.example")));
  assert_true(hs_str_equal(run.rows[0].account->account, HS_STR("1")));
}

static void faults_of_payees_name_their_place([[maybe_unused]] void **state)
{
  static const struct {
    const char *json, *told;
  } ROWS[] = {
      {PAYEES("{\"partner\": \"a\"}"), "payees[0].name: missing"},
      {PAYEES("{\"partner\": \"a\", \"name\": \"A\"}, {\"partner\": \"a\", \"name\": \"A\"}"),
       "payees[1].partner: \"a\" is payees[0] already\n"},
      {PAYEES("{\"partner\": \"a\", \"name\": \"A\", \"accounts\": [{\"currency\": \"EUR\"}]}"),
       "payees[0].accounts[0]: has no iban, no account and no email\n"},
      {PAYEES("{\"partner\": \"a\", \"name\": \"A\", \"accounts\": [{\"currency\": \"EUX\", "
              "\"iban\": \"x\"}]}"),
       "payees[0].accounts[0]: \"EUX\" is no currency"},
      {PAYEES("{\"partner\": \"a\", \"name\": \"A\", \"thresholds\": [{\"currency\": \"EUR\", "
              "\"amount\": \"1.005\"}]}"),
       "payees[0].thresholds[0]: 1.005 has 3 digits"},
      {PAYEES("{\"partner\": \"a\", \"name\": \"A\", \"thresholds\": [{\"currency\": \"EUR\", "
              "\"amount\": \"-1\"}]}"),
       "payees[0].thresholds[0]: must be 0 or more, got -1\n"},
      {PAYEES("{\"partner\": \"a\", \"name\": \"A\", \"forms\": [{\"country\": \"de\", "
              "\"treatment\": \"vat\", \"from\": \"2020-01-01\", \"until\": \"2020-01-01\"}]}"),
       "payees[0].forms[0]: ends before it begins\n"},
      {"{\"series\": \"sb\"}", "series: a series must be"},
      {"{\"tax\": [{\"country\": \"DE\", \"treatment\": \"vat\", \"rate\": \"0.19\", \"from\": "
       "\"2021-01-01\"}, {\"country\": \"DE\", \"treatment\": \"vat\", \"from\": \"2022-01-01\"}]}",
       "tax: presets 0 and 1 both hold for vat in DE"},
      {"{\"tax\": [{\"country\": \"DE\", \"treatment\": \"vat\", \"rate\": 0.19}]}",
       "tax[0].rate: must be a decimal in quotes"},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_payees out;
    struct faults_told told = {0};
    struct hs_err err = {0};
    assert_int_equal(hs_payees_read(hs_str_of(ROWS[i].json), &arena, &out, take_fault, &told, &err),
                     HS_INVALID);
    if (strstr(told.all, ROWS[i].told) == NULL)
      fail_msg("wanted %s got %s", ROWS[i].told, told.all);
    assert_true(err.text[0] != '\0');
  }
}

static void faults_of_balances_name_their_place([[maybe_unused]] void **state)
{
  static const struct {
    const char *csv, *told;
  } ROWS[] = {
      {"partner,currency\n", "line 1: there is no column payable\n"},
      {"partner,currency,payable\na,EUX,1\n", "line 2, currency: \"EUX\" is no currency"},
      {"partner,currency,payable\n,EUR,1\n", "line 2, partner: is missing\n"},
      {"partner,currency,payable\na,EUR,-1\n", "line 2, payable: must be 0 or more, got -1\n"},
      {"partner,currency,payable\na,EUR,1.005\n", "line 2, payable: 1.005 has 3 digits"},
      {"partner,currency,payable\na,EUR\n", "line 2: has 2 fields; the header has 3\n"},
      {"partner,currency,payable\na,EUR,1\na,USD,1\na,EUR,2\n",
       "line 4: a has a balance in EUR on line 2 already\n"},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_due *dues = NULL;
    size_t count = 0;
    struct faults_told told = {0};
    struct hs_err err = {0};
    assert_int_equal(
        hs_dues_read(hs_str_of(ROWS[i].csv), &arena, &dues, &count, take_fault, &told, &err),
        HS_INVALID);
    if (strstr(told.all, ROWS[i].told) == NULL)
      fail_msg("wanted %s got %s", ROWS[i].told, told.all);
  }
}

struct files {
  struct hs_str payees, balances;
};

static enum hs_status run_in(void *context, struct hs_arena *bounded, struct hs_err *err)
{
  const struct files *files = context;
  const struct hs_payout_run_options options = {.day = hs_day_of(2026, 10, 1), .next_number = 1};
  struct hs_payees payees;
  struct hs_due *dues = NULL;
  size_t count = 0;
  struct hs_payout_run run;
  struct hs_payout_batch batch;
  enum hs_status status = hs_payees_read(files->payees, bounded, &payees, NULL, NULL, err);
  if (status == HS_OK)
    status = hs_dues_read(files->balances, bounded, &dues, &count, NULL, NULL, err);
  if (status == HS_OK)
    status = hs_payout_run_make(dues, count, &payees, &options, bounded, &run, err);
  if (status == HS_OK)
    status = hs_payout_run_batch(&run, &payees, options.day, HS_STR("A"), bounded, &batch, err);
  return status;
}

static void a_full_arena_is_an_answer([[maybe_unused]] void **state)
{
  struct files files = {example("payees.json"), example("balances.csv")};
  assert_true(fail_every_allocation(run_in, &files) > 30);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_example_pays_and_carries),
      cmocka_unit_test(a_run_becomes_a_batch_that_can_be_paid),
      cmocka_unit_test(forms_and_presets_hold_on_their_days),
      cmocka_unit_test(accounts_and_thresholds_are_those_of_the_currency),
      cmocka_unit_test(faults_of_payees_name_their_place),
      cmocka_unit_test(faults_of_balances_name_their_place),
      cmocka_unit_test(a_full_arena_is_an_answer),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
