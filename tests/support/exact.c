#include "support/exact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* ---- cases ---- */

uint64_t case_seed;
uint64_t case_chance;

void run_cases(const check_fn *checks, size_t count)
{
  uint64_t first = test_number("HANSA_SEED", 1);
  uint64_t case_count = test_number("HANSA_PRICES", 200000);
  for (case_seed = first; case_seed < first + case_count; case_seed++) {
    case_chance = case_seed;
    checks[below(count)]();
  }
  print_message("%llu cases (seeds from %llu)\n", (unsigned long long)case_count,
                (unsigned long long)first);
}

uint64_t below(uint64_t n) { return test_random(&case_chance) % n; }
int64_t from_to(int64_t low, int64_t high)
{
  return low + (int64_t)below((uint64_t)(high - low) + 1);
}

int64_t any_size(int bits_max)
{
  int bits = (int)below((uint64_t)bits_max + 1);
  return bits == 0 ? 0 : (int64_t)(test_random(&case_chance) >> (64 - bits));
}

enum hs_rounding any_rounding(void) { return below(2) ? HS_ROUND_HALF_UP : HS_ROUND_HALF_EVEN; }

/* ---- between ours and GMP's ---- */

static void set_wide(mpz_t out, hs_wide value)
{
  unsigned_wide magnitude = value < 0 ? -(unsigned_wide)value : (unsigned_wide)value;
  const uint64_t words[] = {(uint64_t)magnitude, (uint64_t)(magnitude >> 64)};
  mpz_import(out, 2, -1, sizeof *words, 0, 0, words);
  if (value < 0)
    mpz_neg(out, out);
}

void set_ratio(mpq_t out, struct hs_ratio ratio)
{
  set_wide(mpq_numref(out), ratio.top);
  set_wide(mpq_denref(out), ratio.bottom);
}

void set_int(mpq_t out, int64_t value) { mpq_set_si(out, value, 1); }

void set_decimal(mpq_t out, struct hs_decimal decimal)
{
  mpz_ui_pow_ui(mpq_denref(out), 10, (unsigned long)decimal.scale);
  mpz_set_si(mpq_numref(out), decimal.digits);
  mpq_canonicalize(out);
}

int fits_wide(const mpq_t value)
{
  mpz_t low;
  mpz_init_set_si(low, -1);
  mpz_mul_2exp(low, low, 127); /* -2^127 is the one number of 128 bits that a ratio can hold */
  int fits =
      (mpz_sizeinbase(mpq_numref(value), 2) <= 127 || mpz_cmp(mpq_numref(value), low) == 0) &&
      mpz_sizeinbase(mpq_denref(value), 2) <= 127;
  mpz_clear(low);
  return fits;
}

int is_ratio(const mpq_t value, struct hs_ratio ratio)
{
  mpq_t other;
  mpq_init(other);
  set_ratio(other, ratio); /* not reduced: ours must be */
  int is = mpz_cmp(mpq_numref(other), mpq_numref(value)) == 0 &&
           mpz_cmp(mpq_denref(other), mpq_denref(value)) == 0;
  mpq_clear(other);
  return is;
}

int round_exact(const mpq_t value, enum hs_rounding rounding, int64_t *out)
{
  mpz_t low, high;
  mpq_t below_it, above_it;
  mpz_inits(low, high, NULL);
  mpq_inits(below_it, above_it, NULL);
  mpz_fdiv_q(low, mpq_numref(value), mpq_denref(value));
  mpz_add_ui(high, low, 1);
  mpq_set_z(below_it, low);
  mpq_sub(below_it, value, below_it);
  mpq_set_z(above_it, high);
  mpq_sub(above_it, above_it, value);
  int nearer = mpq_cmp(below_it, above_it);
  int takes_high = nearer > 0;
  if (nearer == 0)
    takes_high = rounding == HS_ROUND_HALF_UP ? mpq_sgn(value) > 0 : mpz_even_p(high) != 0;
  mpz_set(low, takes_high ? high : low);
  int fits = mpz_fits_slong_p(low) != 0;
  *out = fits ? mpz_get_si(low) : 0;
  mpz_clears(low, high, NULL);
  mpq_clears(below_it, above_it, NULL);
  return fits;
}
