/* Proves that money is computed exactly and rounded once: random fractions, roundings, rates and
   splits against the same written down as definitions over exact fractions that are not ours
   (support/exact.h).

   Each case has a seed of its own. HANSA_PRICES is the number of cases (200,000), HANSA_SEED the
   first seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "support/exact.h"

static int64_t any_amount(void) { return below(2) ? any_size(63) : -any_size(63); }

/* ---- fractions ---- */

static unsigned_wide any_wide(void)
{
  unsigned_wide value = (unsigned_wide)test_random(&case_chance) << 64 | test_random(&case_chance);
  return value >> (1 + below(127));
}

/* In lowest terms, of any size. */
static struct hs_ratio any_ratio(void)
{
  unsigned_wide top = any_wide();
  unsigned_wide bottom = any_wide() | 1;
  unsigned_wide factor = top;
  for (unsigned_wide rest = bottom; rest != 0;) {
    unsigned_wide next = factor % rest;
    factor = rest;
    rest = next;
  }
  struct hs_ratio ratio = {(hs_wide)(top / factor), (hs_wide)(bottom / factor)};
  if (below(2))
    ratio.top = -ratio.top;
  return ratio;
}

static int is_small(struct hs_ratio ratio)
{
  const hs_wide most = (hs_wide)1 << 60;
  return ratio.top < most && ratio.top > -most && ratio.bottom < most;
}

/* A product or quotient fails exactly when it does not fit; a sum also when it does only after
   reduction, which small ones never need. */
static void check_arithmetic(void)
{
  struct hs_ratio a = any_ratio();
  struct hs_ratio b = any_ratio();
  struct hs_ratio ours = {42, 43};
  mpq_t x, y, exact;
  mpq_inits(x, y, exact, NULL);
  set_ratio(x, a);
  set_ratio(y, b);
  HOLD((hs_ratio_compare(a, b) > 0) - (hs_ratio_compare(a, b) < 0) ==
       (mpq_cmp(x, y) > 0) - (mpq_cmp(x, y) < 0));
  mpq_mul(exact, x, y);
  int fits = hs_ratio_multiply(a, b, &ours);
  HOLD(fits == fits_wide(exact) && (fits ? is_ratio(exact, ours) : ours.top == 42));
  if (b.top != 0) {
    mpq_div(exact, x, y);
    fits = hs_ratio_divide(a, b, &ours);
    HOLD(fits == fits_wide(exact) && (!fits || is_ratio(exact, ours)));
  }
  mpq_add(exact, x, y);
  fits = hs_ratio_add(a, b, &ours);
  HOLD(fits ? is_ratio(exact, ours) : !is_small(a) || !is_small(b));
  mpq_sub(exact, x, y);
  fits = hs_ratio_subtract(a, b, &ours);
  HOLD(fits ? is_ratio(exact, ours) : !is_small(a) || !is_small(b));
  mpq_clears(x, y, exact, NULL);
}

/* Every other one lies exactly between two whole numbers. */
static void check_rounding(void)
{
  enum hs_rounding rounding = any_rounding();
  struct hs_ratio ratio = any_ratio();
  int64_t ours = 42;
  int64_t theirs = 0;
  mpq_t exact;
  mpq_init(exact);
  if (below(2)) {
    HOLD(hs_ratio_multiply(hs_ratio_of(any_amount(), 1), hs_ratio_of(2, 1), &ratio));
    HOLD(hs_ratio_add(ratio, HS_RATIO_ONE, &ratio));
    HOLD(hs_ratio_divide(ratio, hs_ratio_of(2, 1), &ratio));
  }
  set_ratio(exact, ratio);
  int fits = round_exact(exact, rounding, &theirs);
  HOLD(hs_ratio_round(ratio, rounding, &ours) == fits);
  HOLD(ours == (fits ? theirs : 42));
  mpq_clear(exact);
}

static struct hs_decimal any_decimal(int bits_max, int scale_max)
{
  return (struct hs_decimal){any_size(bits_max), (int32_t)below((uint64_t)scale_max + 1)};
}

static void check_rate(void)
{
  enum hs_rounding rounding = any_rounding();
  int64_t amount = any_amount();
  struct hs_decimal rate = any_decimal(63, 18);
  int64_t ours = 42;
  int64_t theirs = 0;
  mpq_t x, y;
  mpq_inits(x, y, NULL);
  set_int(x, amount);
  set_decimal(y, rate);
  mpq_mul(x, x, y);
  int fits = round_exact(x, rounding, &theirs);
  HOLD(hs_decimal_of_amount(amount, rate, rounding, &ours) == fits);
  HOLD(ours == (fits ? theirs : 42));
  mpq_clears(x, y, NULL);
}

/* ---- splits ---- */

#define PARTS_MAX 24

/* Largest remainder by its definition: everybody the whole units of the exact part, then one unit
   to whoever has most left over, again and again. */
static void split_exactly(int64_t amount, const uint64_t *weights, size_t count, int64_t *parts)
{
  mpz_t total, product, left, rest[PARTS_MAX];
  mpz_inits(total, product, NULL);
  mpz_init_set_si(left, amount);
  mpz_abs(left, left);
  mpz_t magnitude;
  mpz_init_set(magnitude, left);
  for (size_t i = 0; i < count; i++) {
    mpz_set_ui(product, weights[i]);
    mpz_add(total, total, product);
  }
  for (size_t i = 0; i < count; i++) {
    mpz_init(rest[i]);
    mpz_mul_ui(product, magnitude, weights[i]);
    mpz_fdiv_qr(product, rest[i], product, total);
    mpz_sub(left, left, product);
    parts[i] = amount < 0 ? -(int64_t)mpz_get_ui(product) : (int64_t)mpz_get_ui(product);
  }
  for (; mpz_sgn(left) > 0; mpz_sub_ui(left, left, 1)) {
    size_t most = 0;
    for (size_t i = 1; i < count; i++)
      most = mpz_cmp(rest[i], rest[most]) > 0 ? i : most;
    parts[most] += amount < 0 ? -1 : 1;
    mpz_set_si(rest[most], -1);
  }
  for (size_t i = 0; i < count; i++)
    mpz_clear(rest[i]);
  mpz_clears(total, product, left, magnitude, NULL);
}

static void check_split(void)
{
  int64_t amount = any_amount();
  uint64_t weights[PARTS_MAX];
  int64_t ours[PARTS_MAX];
  int64_t theirs[PARTS_MAX];
  size_t count = 1 + below(PARTS_MAX);
  uint64_t equal = below(2) ? 0 : test_random(&case_chance) >> below(64); /* ties */
  for (size_t i = 0; i < count; i++)
    weights[i] = equal != 0 && below(3) ? equal : (uint64_t)any_size(63) << below(2);
  weights[below(count)] |= 1;
  HOLD(hs_money_split(amount, weights, count, ours, NULL) == HS_OK);
  split_exactly(amount, weights, count, theirs);
  HOLD(memcmp(ours, theirs, count * sizeof *ours) == 0);
}

/* ---- all of it ---- */

static void every_figure_is_that_of_exact_fractions([[maybe_unused]] void **state)
{
  static const check_fn CHECKS[] = {check_arithmetic, check_rounding, check_rate, check_split};
  run_cases(CHECKS, sizeof CHECKS / sizeof *CHECKS);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_figure_is_that_of_exact_fractions)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
