/* Proves service/payout_pain001: what is written keeps the rules of the schema, which stand as a
   table in tests/support/pain001.c and are read back with expat; what cannot be paid as it is meant
   is refused with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "support/capacity.h"
#include "support/pain001.h"
#include "support/payments.h"
#include "support/random.h"
#include "support/seeded.h"

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, HS_GIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static struct pain001 written(const struct hs_payout_batch *batch, const char *wanted)
{
  struct pain001 read = {.wanted = wanted};
  size_t mark = hs_arena_mark(&arena);
  pain001_read(assert_written(batch, HS_PAYOUT_PAIN001, &arena), &read);
  assert_string_equal(read.problem, "");
  hs_arena_reset(&arena, mark);
  return read;
}

static void a_file_says_what_the_batch_says([[maybe_unused]] void **state)
{
  struct hs_payment payments[] = {plain_payment("P1", "1250.00"), plain_payment("P2", "0.01")};
  payments[0].name = HS_STR("M\xc3\xbcller & S\xc3\xb6hne");
  payments[0].text = HS_STR("Provision <09/2026> \xe2\x80\x93 Danke!");
  payments[1].reference = HS_STR("RF18 5390 0754 7034");
  const struct hs_payout_batch batch = plain_batch(payments, 2);
  struct pain001 read = written(&batch, "P1");
  assert_int_equal(read.payment_count, 2);
  assert_int_equal(read.block_count, 1);
  assert_int_equal(read.sum_units, 12500100);
  assert_string_equal(read.name, "Muller + Sohne");
  assert_string_equal(read.text, "Provision (09/2026) - Danke.");
  assert_string_equal(read.currency, "EUR");
  assert_int_equal(read.wanted_units, 12500000);
  read = written(&batch, "P2");
  assert_string_equal(read.text, "RF18539007547034");
  assert_int_equal(read.wanted_units, 100);
}

/* 100 yen, 0.005 dinars and 1 euro in one file: blocks add up for themselves, and the whole in the
   smallest unit that is there. */
static void each_currency_and_way_is_a_block([[maybe_unused]] void **state)
{
  struct hs_payment payments[] = {plain_payment("P1", "1"), plain_payment("P2", "1"),
                                  plain_payment("P3", "1"), plain_payment("P4", "1"),
                                  plain_payment("P5", "2")};
  for (size_t p = 1; p < 4; p++) {
    payments[p].bic = HS_STR("bkauatww");
    payments[p].town = HS_STR("Wien");
    payments[p].country = HS_STR("AT");
  }
  payments[1].amount = money_of("100", "JPY");
  payments[2].amount = money_of("0.005", "KWD");
  payments[3].iban = HS_STR("TR330006100519786457841326"); /* euros, but not by SEPA */
  const struct hs_payout_batch batch = plain_batch(payments, 5);
  struct pain001 read = written(&batch, "P3");
  assert_int_equal(read.block_count, 4);
  assert_int_equal(read.sum_units, 10000 + 1000000 + 50 + 10000 + 20000);
  assert_int_equal(read.wanted_units, 50);
}

static void long_texts_are_cut_at_the_length_of_their_type([[maybe_unused]] void **state)
{
  char longest[301];
  struct hs_payment payment = plain_payment("P1", "1");
  memset(longest, 'n', sizeof longest - 1);
  longest[sizeof longest - 1] = '\0';
  payment.name = hs_str_of(longest);
  payment.text = hs_str_of(longest);
  const struct hs_payout_batch batch = plain_batch(&payment, 1);
  struct pain001 read = written(&batch, "P1");
  assert_int_equal(strlen(read.name), 70);
  assert_int_equal(strlen(read.text), 140);
  payment.iban = HS_STR("TR330006100519786457841326");
  payment.bic = HS_STR("TGBATRIS");
  payment.town = hs_str_of(longest);
  payment.street = hs_str_of(longest);
  payment.postcode = hs_str_of(longest);
  payment.country = HS_STR("TR");
  read = written(&batch, "P1");
  assert_int_equal(strlen(read.name), 140);
}

/* ---- what is refused ---- */

static void what_is_wrong_with_a_payment_is_told([[maybe_unused]] void **state)
{
  static const struct {
    size_t offset;
    const char *value, *path, *words;
  } ROWS[] = {
      {offsetof(struct hs_payment, id), NULL, "payments[0].id", "is missing"},
      {offsetof(struct hs_payment, id), "a b", "payments[0].id", "has a character besides"},
      {offsetof(struct hs_payment, id), "p_1", "payments[0].id", "has a character besides"},
      {offsetof(struct hs_payment, id), "/1", "payments[0].id", "begins or ends with a /"},
      {offsetof(struct hs_payment, id), "1//2", "payments[0].id", "two of them in a row"},
      {offsetof(struct hs_payment, id), "123456789012345678901234567890123456", "payments[0].id",
       "is too long"},
      {offsetof(struct hs_payment, id), "P2", "payments[1].id", "is the id of another payment"},
      {offsetof(struct hs_payment, name), NULL, "payments[0].name", "is missing"},
      {offsetof(struct hs_payment, name), "\xff", "payments[0].name", "is not UTF-8"},
      {offsetof(struct hs_payment, name), "\xe6\x97\xa5\xe6\x9c\xac", "payments[0].name",
       "has no letter that banks can read"},
      {offsetof(struct hs_payment, iban), NULL, "payments[0].iban", "there is no account"},
      {offsetof(struct hs_payment, iban), "AT611904300234573202", "payments[0].iban",
       "its check digits are wrong"},
      {offsetof(struct hs_payment, account), "1234", "payments[0].account", "beside an IBAN"},
      {offsetof(struct hs_payment, bic), "BKAUAT", "payments[0].bic", "a BIC has 8 or 11"},
      {offsetof(struct hs_payment, country), "Austria", "payments[0].country",
       "two capital letters"},
      {offsetof(struct hs_payment, reference), "RF19539007547034", "payments[0].reference",
       "its check digits are wrong"},
      {offsetof(struct hs_payment, iban), "TR330006100519786457841326", "payments[0].bic",
       "outside of SEPA the bank must be named"},
      {offsetof(struct hs_payment, iban), "TR330006100519786457841326", "payments[0].town",
       "is missing"},
      {offsetof(struct hs_payment, iban), "TR330006100519786457841326", "payments[0].country",
       "is missing"},
      {offsetof(struct hs_payment, iban), "GB29NWBK60161331926819", "payments[0].iban",
       "payments to GB name the payer's town"},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_payment payments[] = {plain_payment("P1", "1"), plain_payment("P2", "1")};
    const struct hs_payout_batch batch = plain_batch(payments, 2);
    *(struct hs_str *)(void *)((char *)&payments[0] + ROWS[i].offset) = hs_str_of(ROWS[i].value);
    assert_refused(&batch, HS_PAYOUT_PAIN001, ROWS[i].path, ROWS[i].words);
  }
}

static void what_is_wrong_with_the_payer_is_told([[maybe_unused]] void **state)
{
  static const struct {
    size_t offset;
    const char *value, *path, *words;
  } ROWS[] = {
      {offsetof(struct hs_payout_batch, id), NULL, "id", "is missing"},
      {offsetof(struct hs_payout_batch, id), "1234567890123456789012345678901", "id",
       "is too long"},
      {offsetof(struct hs_payout_batch, payer.name), NULL, "payer.name", "is missing"},
      {offsetof(struct hs_payout_batch, payer.iban), NULL, "payer.iban", "there is no account"},
      {offsetof(struct hs_payout_batch, payer.iban), "DE89 3704", "payer.iban", "has 8 characters"},
      {offsetof(struct hs_payout_batch, payer.bic), "X", "payer.bic", "8 or 11"},
      {offsetof(struct hs_payout_batch, payer.country), "de", "payer.country", "two capital"},
  };
  const struct hs_payment payment = plain_payment("P1", "1");
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_payout_batch batch = plain_batch(&payment, 1);
    *(struct hs_str *)(void *)((char *)&batch + ROWS[i].offset) = hs_str_of(ROWS[i].value);
    assert_refused(&batch, HS_PAYOUT_PAIN001, ROWS[i].path, ROWS[i].words);
  }
  struct hs_payout_batch batch = plain_batch(&payment, 1);
  batch.day = HS_ABSENT;
  assert_refused(&batch, HS_PAYOUT_PAIN001, "day", "is missing");
  batch.day = hs_day_of(2026, 9, 29);
  assert_refused(&batch, HS_PAYOUT_PAIN001, "day", "2026-09-29 is past; today is 2026-09-30");
}

static void amounts_have_bounds([[maybe_unused]] void **state)
{
  struct hs_payment payment = plain_payment("P1", "999999999.99");
  const struct hs_payout_batch batch = plain_batch(&payment, 1);
  assert_int_equal(written(&batch, "P1").sum_units, INT64_C(9999999999900));
  payment.amount.amount_minor++;
  assert_refused(&batch, HS_PAYOUT_PAIN001, "payments[0].amount", "at most 999999999.99 EUR");
  payment.amount.amount_minor = 0;
  assert_refused(&batch, HS_PAYOUT_PAIN001, "payments[0].amount", "must be above 0, got 0.00 EUR");
  payment.amount.amount_minor = -1;
  assert_refused(&batch, HS_PAYOUT_PAIN001, "payments[0].amount", "got -0.01 EUR");
  payment.amount = money_of("100000000000000", "USD");
  assert_refused(&batch, HS_PAYOUT_PAIN001, "payments", "18 digits");
}

/* ---- any batch ---- */

static const char *const PIECES[] = {
    "a",
    "Z9",
    " ",
    "  ",
    "&",
    "<b>",
    "\"",
    "'",
    "/",
    "//",
    "\t\n",
    "\xc3\xa9",
    "e\xcc\x81",
    "\xc3\x9f",
    "\xd0\xa9",
    "\xce\xa8",
    "]]>",
    "=1",
    "\x01",
    "\xf0\x9f\x98\x80",
    "\xc2\xa0",
    "\xe1\xba\xbf",
    "\xe2\x82\xac",
    "-",
};

static struct hs_str random_text(uint64_t *random)
{
  struct hs_buf text = hs_buf_in(&arena);
  hs_buf_add_text(&text, "");
  for (uint64_t n = next_random(random) % 120; n > 0; n--)
    hs_buf_add_text(&text, PIECES[next_random(random) % (sizeof PIECES / sizeof *PIECES)]);
  return hs_buf_str(&text);
}

static struct hs_payment random_payment(uint64_t *random, size_t number)
{
  static const char *const CURRENCIES[] = {"EUR", "EUR", "USD", "JPY", "KWD", "CLF"};
  static const char *const IBANS[] = {"AT611904300234573201", "CH9300762011623852957",
                                      "TR330006100519786457841326", NULL};
  struct hs_buf id = hs_buf_in(&arena);
  struct hs_buf name = hs_buf_in(&arena);
  struct hs_payment payment = {.text = random_text(random), .country = HS_STR("AT")};
  hs_buf_printf(&id, "P/%zu", number);
  hs_buf_add_char(&name, 'x');
  hs_buf_add_str(&name, random_text(random));
  payment.id = hs_buf_str(&id);
  payment.name = hs_buf_str(&name);
  payment.amount = money_of("1", CURRENCIES[next_random(random) % 6]);
  payment.amount.amount_minor = 1 + (int64_t)(next_random(random) % 1000000);
  payment.iban = hs_str_of(IBANS[next_random(random) % 4]);
  if (payment.iban.data == NULL)
    payment.account = HS_STR("000-123");
  payment.town = HS_STR("Town");
  payment.street = random_text(random);
  payment.postcode = random_text(random);
  if (next_random(random) % 2 == 0)
    payment.bic = HS_STR("BKAUATWWXXX");
  if (payment.bic.data == NULL || next_random(random) % 4 == 0)
    payment.clearing = HS_STR("ATBLZ:19043");
  return payment;
}

static void any_batch_that_is_written_keeps_the_rules([[maybe_unused]] void **state)
{
  uint64_t random = 20260930;
  struct hs_payment payments[40];
  uint64_t rounds = test_number("HANSA_PAYOUT_FILES", 100);
  for (uint64_t round = 0; round < rounds; round++) {
    size_t mark = hs_arena_mark(&arena);
    size_t count = 1 + next_random(&random) % 40;
    int64_t sum = 0;
    for (size_t p = 0; p < count; p++) {
      payments[p] = random_payment(&random, p);
      int64_t units = payments[p].amount.amount_minor;
      for (int d = hs_currency_digits(payments[p].amount.currency); d < 4; d++)
        units *= 10;
      sum += units;
    }
    struct hs_payout_batch batch = plain_batch(payments, count);
    batch.payer.town = HS_STR("K\xc3\xb6ln");
    batch.payer.country = HS_STR("DE");
    struct pain001 read = written(&batch, "P/0");
    assert_int_equal(read.payment_count, count);
    assert_int_equal(read.sum_units, sum);
    assert_string_equal(read.currency, payments[0].amount.currency.code);
    hs_arena_reset(&arena, mark);
  }
}

static enum hs_status write_in(void *context, struct hs_arena *bounded, struct hs_err *err)
{
  const struct hs_payout_options options = {.format = HS_PAYOUT_PAIN001, .now_us = PAYOUT_NOON_US};
  struct hs_buf out = hs_buf_in(bounded);
  return hs_payout_file_write(context, &options, bounded, &out, NULL, NULL, err);
}

static void a_full_arena_is_an_answer([[maybe_unused]] void **state)
{
  const struct hs_payment payments[] = {plain_payment("P1", "1"), plain_payment("P2", "1")};
  struct hs_payout_batch batch = plain_batch(payments, 2);
  assert_true(fail_every_allocation(write_in, &batch) > 3);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_file_says_what_the_batch_says),
      cmocka_unit_test(each_currency_and_way_is_a_block),
      cmocka_unit_test(long_texts_are_cut_at_the_length_of_their_type),
      cmocka_unit_test(what_is_wrong_with_a_payment_is_told),
      cmocka_unit_test(what_is_wrong_with_the_payer_is_told),
      cmocka_unit_test(amounts_have_bounds),
      cmocka_unit_test(any_batch_that_is_written_keeps_the_rules),
      cmocka_unit_test(a_full_arena_is_an_answer),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
