/* Proves base/ratio: sums, products and comparisons are exact, fail only when the result does not
   fit, and rounding is that of base/money. The oracle is schoolbook arithmetic without any
   cancelling, on numbers small enough for 128 bits, and the field's laws on large ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/ratio.h"

#define ROUNDS 200000

/* Numbers by xorshift64* (Vigna 2016). */
static uint64_t random_state = 20260901;

static uint64_t next_random(void)
{
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return random_state * 0x2545F4914F6CDD1DU;
}

/* |top| and bottom below 2^bits, all sizes alike. */
static struct hs_ratio random_ratio(unsigned bits)
{
  int64_t top = (int64_t)(next_random() >> (64 - bits) >> (next_random() % bits));
  int64_t bottom = (int64_t)(next_random() >> (64 - bits) >> (next_random() % bits)) + 1;
  return hs_ratio_of(next_random() % 2 == 0 ? top : -top, bottom);
}

static int is_equal(struct hs_ratio a, struct hs_ratio b)
{
  return a.top == b.top && a.bottom == b.bottom;
}

static void is_lowest(struct hs_ratio ratio)
{
  hs_wide a = ratio.top < 0 ? -ratio.top : ratio.top;
  hs_wide b = ratio.bottom;
  assert_true(b > 0);
  while (b != 0) {
    hs_wide rest = a % b;
    a = b;
    b = rest;
  }
  assert_true(a == 1);
}

static void sums_and_products_are_those_of_schoolbook_arithmetic([[maybe_unused]] void **state)
{
  for (int i = 0; i < ROUNDS; i++) {
    struct hs_ratio a = random_ratio(31);
    struct hs_ratio b = random_ratio(31);
    struct hs_ratio sum, difference, product, quotient;
    assert_true(hs_ratio_add(a, b, &sum));
    assert_true(hs_ratio_subtract(a, b, &difference));
    assert_true(hs_ratio_multiply(a, b, &product));
    hs_wide bottom = a.bottom * b.bottom;
    assert_true(sum.top * bottom == (a.top * b.bottom + b.top * a.bottom) * sum.bottom);
    assert_true(difference.top * bottom ==
                (a.top * b.bottom - b.top * a.bottom) * difference.bottom);
    assert_true(product.top * bottom == a.top * b.top * product.bottom);
    is_lowest(sum);
    is_lowest(difference);
    is_lowest(product);
    if (b.top == 0)
      continue;
    assert_true(hs_ratio_divide(product, b, &quotient));
    assert_true(is_equal(quotient, a));
  }
}

static void large_fractions_keep_the_laws_or_say_that_they_do_not_fit([[maybe_unused]] void **state)
{
  int fitted = 0;
  for (int i = 0; i < ROUNDS; i++) {
    struct hs_ratio a = random_ratio(63);
    struct hs_ratio b = random_ratio(63);
    struct hs_ratio sum, back, product;
    if (hs_ratio_add(a, b, &sum) && hs_ratio_subtract(sum, b, &back)) {
      assert_true(is_equal(back, a));
      assert_int_equal(hs_ratio_compare(sum, a), b.top > 0 ? 1 : b.top < 0 ? -1 : 0);
      fitted++;
    }
    assert_true(hs_ratio_multiply(a, b, &product)); /* 63 bits each: always fits */
    if (b.top != 0) {
      assert_true(hs_ratio_divide(product, b, &back));
      assert_true(is_equal(back, a));
    }
  }
  assert_true(fitted > ROUNDS / 2);
}

static void what_does_not_fit_is_told_and_changes_nothing([[maybe_unused]] void **state)
{
  const struct hs_ratio large = {(hs_wide)1 << 126, 1};
  const struct hs_ratio third_of_large = {(hs_wide)1 << 126, 3};
  struct hs_ratio out = HS_RATIO_ONE;
  assert_false(hs_ratio_add(large, large, &out));
  assert_false(hs_ratio_multiply(large, hs_ratio_of(2, 1), &out));
  assert_false(
      hs_ratio_add((struct hs_ratio){1, large.top}, (struct hs_ratio){1, large.top - 1}, &out));
  assert_true(is_equal(out, HS_RATIO_ONE));
  /* What cancels is no obstacle. */
  assert_true(hs_ratio_multiply(third_of_large, hs_ratio_of(3, 2), &out));
  assert_true(is_equal(out, (struct hs_ratio){(hs_wide)1 << 125, 1}));
}

static void comparing_is_exact_where_products_would_overflow([[maybe_unused]] void **state)
{
  hs_wide n = ((hs_wide)1 << 126) - 1;
  struct hs_ratio less = {n - 1, n}; /* neighbours: both differ from 1 by some 1e-38 */
  struct hs_ratio more = {n, n + 1};
  assert_int_equal(hs_ratio_compare(less, more), -1);
  assert_int_equal(hs_ratio_compare(more, less), 1);
  assert_int_equal(hs_ratio_compare(more, more), 0);
  assert_int_equal(hs_ratio_compare(more, HS_RATIO_ONE), -1);
  assert_int_equal(hs_ratio_compare((struct hs_ratio){-n, n + 1}, hs_ratio_of(-1, 1)), 1);
  for (int i = 0; i < ROUNDS; i++) {
    struct hs_ratio a = random_ratio(31);
    struct hs_ratio b = random_ratio(31);
    hs_wide left = a.top * b.bottom;
    hs_wide right = b.top * a.bottom;
    assert_int_equal(hs_ratio_compare(a, b), (left > right) - (left < right));
  }
}

static void rounding_agrees_with_that_of_money([[maybe_unused]] void **state)
{
  static const enum hs_rounding RULES[] = {HS_ROUND_HALF_EVEN, HS_ROUND_HALF_UP};
  for (int i = 0; i < ROUNDS; i++) {
    int64_t amount = (int64_t)(next_random() >> (1 + next_random() % 63));
    struct hs_decimal rate = {(int64_t)(next_random() % 100000) - 50000,
                              (int32_t)(next_random() % 7)};
    struct hs_ratio exact;
    int64_t expected = 0;
    int64_t got = 0;
    assert_true(hs_ratio_multiply(hs_ratio_of(amount, 1), hs_ratio_of_decimal(rate), &exact));
    int fits = hs_decimal_of_amount(amount, rate, RULES[i % 2], &expected);
    assert_int_equal(hs_ratio_round(exact, RULES[i % 2], &got), fits);
    assert_int_equal(got, expected);
  }
  static const struct {
    int64_t top, bottom, even, up;
  } ROWS[] = {{5, 2, 2, 3},   {7, 2, 4, 4}, {-5, 2, -2, -3}, {1, 2, 0, 1},
              {-1, 2, 0, -1}, {1, 3, 0, 0}, {2, 3, 1, 1},    {-7, 4, -2, -2}};
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    int64_t even = 0;
    int64_t up = 0;
    assert_true(
        hs_ratio_round(hs_ratio_of(ROWS[i].top, ROWS[i].bottom), HS_ROUND_HALF_EVEN, &even));
    assert_true(hs_ratio_round(hs_ratio_of(ROWS[i].top, ROWS[i].bottom), HS_ROUND_HALF_UP, &up));
    assert_int_equal(even, ROWS[i].even);
    assert_int_equal(up, ROWS[i].up);
  }
  int64_t out = 0;
  struct hs_ratio lowest = {-((hs_wide)1 << 63), 1};
  assert_true(hs_ratio_round(lowest, HS_ROUND_HALF_UP, &out));
  assert_true(out == INT64_MIN);
  lowest.top -= 1;
  assert_false(hs_ratio_round(lowest, HS_ROUND_HALF_UP, &out));
}

static void text_reads_back([[maybe_unused]] void **state)
{
  char text[HS_RATIO_TEXT];
  struct hs_ratio back;
  for (int i = 0; i < 10000; i++) {
    struct hs_ratio ratio = random_ratio(63);
    hs_ratio_format(ratio, text);
    assert_true(hs_ratio_parse(hs_str_of(text), &back));
    assert_true(is_equal(back, ratio));
  }
  hs_ratio_format((struct hs_ratio){-((hs_wide)1 << 126) - 1, ((hs_wide)1 << 126) + 2}, text);
  assert_string_equal(text, "-85070591730234615865843651857942052865/"
                            "85070591730234615865843651857942052866");
  hs_ratio_format(hs_ratio_of(12, 4), text);
  assert_string_equal(text, "3");
  assert_true(hs_ratio_parse_part(HS_STR("12.5%"), &back));
  assert_int_equal(hs_ratio_compare(back, hs_ratio_of(1, 8)), 0);
  assert_true(hs_ratio_parse_part(HS_STR("1/3"), &back));
  assert_int_equal(hs_ratio_compare(back, hs_ratio_of(1, 3)), 0);
  assert_false(hs_ratio_parse_part(HS_STR("half"), &back));
  assert_true(hs_ratio_parse(HS_STR("6/4"), &back));
  assert_true(is_equal(back, hs_ratio_of(3, 2)));
  static const char *const BAD[] = {
      "",     "/",  "1/", "/2",  "1/0", "1/-2",  "1 /2",
      "1/2 ", "+1", "-",  "1.5", "--1", "1/2/3", "170141183460469231731687303715884105728"};
  for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
    assert_false(hs_ratio_parse(hs_str_of(BAD[i]), &back));
  assert_true(is_equal(back, hs_ratio_of(3, 2)));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sums_and_products_are_those_of_schoolbook_arithmetic),
      cmocka_unit_test(large_fractions_keep_the_laws_or_say_that_they_do_not_fit),
      cmocka_unit_test(what_does_not_fit_is_told_and_changes_nothing),
      cmocka_unit_test(comparing_is_exact_where_products_would_overflow),
      cmocka_unit_test(rounding_agrees_with_that_of_money),
      cmocka_unit_test(text_reads_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
