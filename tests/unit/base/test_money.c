/* Proves base/money: amounts are read and written exactly, a product is rounded once, a split loses
   nothing. The oracle for products and splits is schoolbook arithmetic on 128 bits and a sort. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 unsigned_wide;

static struct hs_currency currency(const char *code)
{
  struct hs_currency out = {0};
  assert_true(hs_currency_parse(hs_str_of(code), &out));
  return out;
}

/* Numbers by xorshift64* (Vigna 2016); the low bits of a shift by a drawn count reach all sizes. */
static uint64_t random_state;

static uint64_t next_random(void)
{
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return random_state * 0x2545F4914F6CDD1DU;
}

static uint64_t random_of_any_size(void) { return next_random() >> (next_random() % 64); }
static int64_t random_amount(void) { return (int64_t)random_of_any_size(); }

static void currencies_have_the_digits_of_iso_4217([[maybe_unused]] void **state)
{
  static const struct {
    const char *code;
    int digits;
  } ROWS[] = {{"EUR", 2}, {"USD", 2}, {"JPY", 0}, {"KWD", 3}, {"CLF", 4}, {"UYW", 4},
              {"AED", 2}, {"ZWL", 2}, {"XCG", 2}, {"ISK", 0}, {"TND", 3}, {"MGA", 2},
              {"HUF", 2}, {"UGX", 0}, {"IQD", 3}, {"XOF", 0}};
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
    assert_int_equal(hs_currency_digits(currency(ROWS[i].code)), ROWS[i].digits);
  struct hs_currency out = {"old"};
  static const char *const BAD[] = {"",    "EU",  "EURO", "XXX",      "XAU",
                                    "XTS", "ABC", "E R",  "e\xC3\xBC"};
  for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
    assert_false(hs_currency_parse(hs_str_of(BAD[i]), &out));
  assert_string_equal(out.code, "old");
  assert_true(hs_currency_equal(currency("eur"), currency("EUR")));
  assert_false(hs_currency_equal(currency("EUR"), currency("USD")));
}

/* How many of all 26³ codes are there: list one of 2026-01-01 has 165 with a minor unit, and five
   withdrawn ones are kept. */
static void the_list_of_currencies_is_whole([[maybe_unused]] void **state)
{
  int count = 0;
  for (char a = 'A'; a <= 'Z'; a++)
    for (char b = 'A'; b <= 'Z'; b++)
      for (char c = 'A'; c <= 'Z'; c++) {
        char code[3] = {a, b, c};
        struct hs_currency out;
        count += hs_currency_parse((struct hs_str){code, 3}, &out);
      }
  assert_int_equal(count, 165 + 5);
}

static void amounts_are_read_exactly([[maybe_unused]] void **state)
{
  static const struct {
    const char *text;
    const char *code;
    int64_t minor;
  } ROWS[] = {
      {"12.5", "EUR", 1250},
      {"12.50", "EUR", 1250},
      {"-0.01", "EUR", -1},
      {"+7", "EUR", 700},
      {".5", "EUR", 50},
      {"5.", "EUR", 500},
      {"1234", "JPY", 1234},
      {"0.001", "KWD", 1},
      {"92233720368547758.07", "EUR", INT64_MAX},
      {"-92233720368547758.08", "EUR", INT64_MIN},
      {"00000000000000000000000000001", "EUR", 100},
      {"-0", "EUR", 0},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_money money = {0};
    assert_int_equal(hs_money_parse(hs_str_of(ROWS[i].text), currency(ROWS[i].code), &money, NULL),
                     HS_OK);
    assert_int_equal(money.amount_minor, ROWS[i].minor);
    assert_string_equal(money.currency.code, ROWS[i].code);
  }
}

static void what_is_no_amount_is_refused_with_the_reason([[maybe_unused]] void **state)
{
  static const struct {
    const char *text;
    const char *code;
    const char *reason;
  } ROWS[] = {
      {"", "EUR", "no amount"},
      {"-", "EUR", "no amount"},
      {".", "EUR", "no amount"},
      {"1,250.00", "EUR", "no amount"},
      {"12,50", "EUR", "no amount"},
      {" 1", "EUR", "no amount"},
      {"1e3", "EUR", "no amount"},
      {"1.2.3", "EUR", "no amount"},
      {"--1", "EUR", "no amount"},
      {"12.345", "EUR", "12.345 has 3 digits after the point; EUR has 2"},
      {"12.500", "EUR", "has 3 digits"},
      {"1.0", "JPY", "JPY has 0"},
      {"92233720368547758.08", "EUR", "more than an amount can hold"},
      {"-92233720368547758.09", "EUR", "more than an amount can hold"},
      {"99999999999999999999999999999", "EUR", "more than"},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_money money = {.amount_minor = 7};
    struct hs_err err = {0};
    assert_int_equal(hs_money_parse(hs_str_of(ROWS[i].text), currency(ROWS[i].code), &money, &err),
                     HS_INVALID);
    assert_non_null(strstr(err.text, ROWS[i].reason));
    assert_int_equal(money.amount_minor, 7);
  }
}

static void amounts_are_written_for_machines_and_for_people([[maybe_unused]] void **state)
{
  static const struct {
    int64_t minor;
    const char *code;
    const char *plain;
    const char *grouped;
  } ROWS[] = {
      {125000, "EUR", "1250.00 EUR", "1,250.00 EUR"},
      {-5, "EUR", "-0.05 EUR", "-0.05 EUR"},
      {0, "JPY", "0 JPY", "0 JPY"},
      {999, "JPY", "999 JPY", "999 JPY"},
      {1000, "JPY", "1000 JPY", "1,000 JPY"},
      {1234567890, "KWD", "1234567.890 KWD", "1,234,567.890 KWD"},
      {INT64_MIN, "JPY", "-9223372036854775808 JPY", "-9,223,372,036,854,775,808 JPY"},
      {INT64_MIN, "EUR", "-92233720368547758.08 EUR", "-92,233,720,368,547,758.08 EUR"},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_money money = {ROWS[i].minor, currency(ROWS[i].code)};
    char text[HS_MONEY_TEXT];
    hs_money_format(money, text);
    assert_string_equal(text, ROWS[i].plain);
    char number[HS_MONEY_TEXT];
    hs_money_format_number(money, number);
    *strchr(text, ' ') = '\0';
    assert_string_equal(number, text);
    hs_money_format_grouped(money, text);
    assert_string_equal(text, ROWS[i].grouped);
  }
}

static void writing_and_reading_are_inverse([[maybe_unused]] void **state)
{
  static const char *const CODES[] = {"JPY", "EUR", "KWD", "CLF"};
  random_state = 1;
  for (int i = 0; i < 200000; i++) {
    struct hs_money money = {random_amount(), currency(CODES[i % 4])};
    struct hs_money back = {0};
    char text[HS_MONEY_TEXT];
    hs_money_format(money, text);
    struct hs_str number = {text, strlen(text) - 4};
    assert_int_equal(hs_money_parse(number, money.currency, &back, NULL), HS_OK);
    assert_int_equal(back.amount_minor, money.amount_minor);
  }
}

static void sums_are_checked([[maybe_unused]] void **state)
{
  struct hs_money a = {INT64_MAX - 1, currency("EUR")};
  struct hs_money b = {1, currency("EUR")};
  struct hs_money sum = {0};
  assert_true(hs_money_add(a, b, &sum));
  assert_int_equal(sum.amount_minor, INT64_MAX);
  assert_false(hs_money_add(sum, b, &sum));
  assert_false(hs_money_add(a, (struct hs_money){1, currency("USD")}, &sum));
  assert_int_equal(sum.amount_minor, INT64_MAX);
}

static void decimals_have_one_form([[maybe_unused]] void **state)
{
  static const struct {
    const char *text;
    int64_t digits;
    int32_t scale;
    const char *written;
  } ROWS[] = {
      {"12.5%", 125, 3, "0.125"},
      {"50%", 5, 1, "0.5"},
      {"100%", 1, 0, "1"},
      {"0.10", 1, 1, "0.1"},
      {"-0.000", 0, 0, "0"},
      {"1000", 1000, 0, "1000"},
      {"-1.5", -15, 1, "-1.5"},
      {"0.000000000000000001", 1, 18, "0.000000000000000001"},
      {"0.10000000000000000000000000", 1, 1, "0.1"},
      {"-9223372036854775808", INT64_MIN, 0, "-9223372036854775808"},
      {"-9.223372036854775808", INT64_MIN, 18, "-9.223372036854775808"},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_decimal decimal = {0};
    char text[HS_DECIMAL_TEXT];
    assert_true(hs_decimal_parse(hs_str_of(ROWS[i].text), &decimal));
    assert_int_equal(decimal.digits, ROWS[i].digits);
    assert_int_equal(decimal.scale, ROWS[i].scale);
    hs_decimal_format(decimal, text);
    assert_string_equal(text, ROWS[i].written);
  }
  static const char *const BAD[] = {
      "", "%", "1%%", "1 %", "0.0000000000000000001", "x", "1e2", "1,5", "9223372036854775808"};
  struct hs_decimal untouched = {7, 7};
  for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
    assert_false(hs_decimal_parse(hs_str_of(BAD[i]), &untouched));
  assert_int_equal(untouched.digits, 7);
}

static void decimals_compare_by_value([[maybe_unused]] void **state)
{
  struct hs_decimal half = {5, 1};
  assert_int_equal(hs_decimal_compare(half, (struct hs_decimal){50, 2}), 0);
  assert_true(hs_decimal_compare(half, (struct hs_decimal){51, 2}) < 0);
  assert_true(
      hs_decimal_compare((struct hs_decimal){INT64_MAX, 0}, (struct hs_decimal){INT64_MIN, 0}) > 0);
  assert_true(hs_decimal_compare((struct hs_decimal){INT64_MAX, 18}, (struct hs_decimal){10, 0}) <
              0);
}

static void a_product_is_rounded_once_and_by_its_rule([[maybe_unused]] void **state)
{
  static const struct {
    int64_t amount;
    struct hs_decimal rate;
    int64_t half_even;
    int64_t half_up;
  } ROWS[] = {
      {5, {1, 1}, 0, 1},
      {15, {1, 1}, 2, 2},
      {25, {1, 1}, 2, 3},
      {-5, {1, 1}, 0, -1},
      {-25, {1, 1}, -2, -3},
      {25, {-1, 1}, -2, -3},
      {24, {1, 1}, 2, 2},
      {26, {1, 1}, 3, 3},
      {10000, {125, 3}, 1250, 1250},
      {INT64_MAX, {1, 0}, INT64_MAX, INT64_MAX},
      {INT64_MIN, {1, 0}, INT64_MIN, INT64_MIN},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    int64_t out = 99;
    assert_true(hs_decimal_of_amount(ROWS[i].amount, ROWS[i].rate, HS_ROUND_HALF_EVEN, &out));
    assert_int_equal(out, ROWS[i].half_even);
    assert_true(hs_decimal_of_amount(ROWS[i].amount, ROWS[i].rate, HS_ROUND_HALF_UP, &out));
    assert_int_equal(out, ROWS[i].half_up);
  }
  int64_t untouched = 7;
  assert_false(
      hs_decimal_of_amount(INT64_MAX, (struct hs_decimal){2, 0}, HS_ROUND_HALF_UP, &untouched));
  assert_false(hs_decimal_of_amount(INT64_MAX, (struct hs_decimal){INT64_MAX, 18},
                                    HS_ROUND_HALF_EVEN, &untouched));
  assert_false(
      hs_decimal_of_amount(INT64_MIN, (struct hs_decimal){-1, 0}, HS_ROUND_HALF_UP, &untouched));
  assert_int_equal(untouched, 7);
}

/* |2 (out × power − amount × digits)| ≤ power says that out is a nearest integer; on equality the
   rule decides. */
static void assert_nearest(int64_t amount, struct hs_decimal rate, enum hs_rounding rounding)
{
  wide power = 1;
  for (int32_t i = 0; i < rate.scale; i++)
    power *= 10;
  wide exact = (wide)amount * rate.digits;
  int64_t out = 0;
  if (!hs_decimal_of_amount(amount, rate, rounding, &out)) {
    wide whole = (exact < 0 ? -exact : exact) / power;
    assert_true(whole >= INT64_MAX);
    return;
  }
  wide error = 2 * ((wide)out * power - exact);
  assert_true(error <= power && -error <= power);
  if (power == 1 || (error != power && -error != power))
    return;
  if (rounding == HS_ROUND_HALF_EVEN)
    assert_int_equal(out % 2, 0);
  else
    assert_true(exact > 0 ? error > 0 : error < 0);
}

static void products_are_nearest_in_200000_cases([[maybe_unused]] void **state)
{
  random_state = 2;
  for (int i = 0; i < 200000; i++) {
    struct hs_decimal rate = {(int64_t)(random_of_any_size() >> 1), (int32_t)(next_random() % 19)};
    int64_t amount = random_amount();
    if (i % 3 == 0) { /* force ties */
      rate = (struct hs_decimal){5, 1};
      amount = random_amount() | 1;
    }
    assert_nearest(amount, rate, HS_ROUND_HALF_EVEN);
    assert_nearest(amount, rate, HS_ROUND_HALF_UP);
  }
}

struct share {
  unsigned_wide remainder;
  size_t index;
};

static int by_remainder(const void *left, const void *right)
{
  const struct share *a = left;
  const struct share *b = right;
  if (a->remainder != b->remainder)
    return a->remainder > b->remainder ? -1 : 1;
  return a->index < b->index ? -1 : 1;
}

/* The textbook way: sort by remainder. */
static void split_by_sorting(int64_t amount, const uint64_t *weights, size_t count, int64_t *parts)
{
  static struct share shares[64];
  unsigned_wide magnitude = amount < 0 ? -(unsigned_wide)amount : (unsigned_wide)amount;
  unsigned_wide total = 0;
  unsigned_wide left = magnitude;
  for (size_t i = 0; i < count; i++)
    total += weights[i];
  for (size_t i = 0; i < count; i++) {
    unsigned_wide part = magnitude * weights[i] / total;
    shares[i] = (struct share){magnitude * weights[i] % total, i};
    parts[i] = amount < 0 ? (int64_t)-part : (int64_t)part;
    left -= part;
  }
  qsort(shares, count, sizeof *shares, by_remainder);
  for (size_t i = 0; i < (size_t)left; i++)
    parts[shares[i].index] += amount < 0 ? -1 : 1;
}

static void splits_sum_exactly_in_200000_cases([[maybe_unused]] void **state)
{
  random_state = 3;
  for (int round = 0; round < 200000; round++) {
    uint64_t weights[64];
    int64_t parts[64];
    int64_t expected[64];
    size_t count = 1 + next_random() % (round % 100 == 0 ? 64 : 8);
    int has_ties = next_random() % 2 == 0;
    for (size_t i = 0; i < count; i++)
      weights[i] = has_ties ? next_random() % 3 : random_of_any_size();
    weights[next_random() % count] |= 1;
    int64_t amount = random_amount();
    assert_int_equal(hs_money_split(amount, weights, count, parts, NULL), HS_OK);
    split_by_sorting(amount, weights, count, expected);
    wide sum = 0;
    for (size_t i = 0; i < count; i++)
      sum += parts[i];
    assert_true(sum == amount);
    assert_memory_equal(parts, expected, count * sizeof *parts);
  }
}

static void a_split_needs_a_positive_weight([[maybe_unused]] void **state)
{
  uint64_t none[2] = {0, 0};
  int64_t parts[2] = {7, 7};
  struct hs_err err = {0};
  assert_int_equal(hs_money_split(5, none, 2, parts, &err), HS_INVALID);
  assert_non_null(strstr(err.text, "got 2 weights"));
  assert_int_equal(hs_money_split(5, none, 0, parts, NULL), HS_INVALID);
  assert_int_equal(parts[0], 7);
  uint64_t largest[2] = {UINT64_MAX, UINT64_MAX};
  assert_int_equal(hs_money_split(INT64_MIN, largest, 2, parts, NULL), HS_OK);
  assert_int_equal(parts[0], INT64_MIN / 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(currencies_have_the_digits_of_iso_4217),
      cmocka_unit_test(the_list_of_currencies_is_whole),
      cmocka_unit_test(amounts_are_read_exactly),
      cmocka_unit_test(what_is_no_amount_is_refused_with_the_reason),
      cmocka_unit_test(amounts_are_written_for_machines_and_for_people),
      cmocka_unit_test(writing_and_reading_are_inverse),
      cmocka_unit_test(sums_are_checked),
      cmocka_unit_test(decimals_have_one_form),
      cmocka_unit_test(decimals_compare_by_value),
      cmocka_unit_test(a_product_is_rounded_once_and_by_its_rule),
      cmocka_unit_test(products_are_nearest_in_200000_cases),
      cmocka_unit_test(splits_sum_exactly_in_200000_cases),
      cmocka_unit_test(a_split_needs_a_positive_weight),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
