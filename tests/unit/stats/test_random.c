/* The source against its authors' known answers; every variate against the distribution it claims.
   The seeds are fixed and the limits are those that a correct generator passes in all but about one
   of 10^5 seeds, so a failure is a change of code, not chance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "stats/distribution.h"
#include "stats/random.h"
#include "stats/summary.h"
#include "support/kolmogorov.h"
#include "support/near.h"

#define SAMPLE 100000

static double sample[SAMPLE];

/* Random123 1.14, file tests/kat_vectors, rows "philox4x32 10": counter, key, answer. */
static void philox_gives_the_published_words([[maybe_unused]] void **state)
{
  static const uint32_t KNOWN[3][10] = {
      {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
      {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d,
       0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
      {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09,
       0x94fdcceb, 0x5001e420, 0x24126ea1},
  };
  for (size_t k = 0; k < 3; k++) {
    uint32_t out[4];
    hs_philox4x32(KNOWN[k], KNOWN[k] + 4, out);
    assert_memory_equal(out, KNOWN[k] + 6, sizeof out);
  }
}

static void a_stream_reads_its_blocks_in_order([[maybe_unused]] void **state)
{
  struct hs_random rng = hs_random_open(0x0000000200000001U, 0x0000000400000003U);
  const uint32_t key[2] = {1, 2};
  for (uint32_t block = 0; block < 3; block++) {
    const uint32_t counter[4] = {block, 0, 3, 4};
    uint32_t expected[4];
    hs_philox4x32(counter, key, expected);
    for (size_t i = 0; i < 4; i++)
      assert_int_equal(hs_random_u32(&rng), expected[i]);
  }
}

static double uniform_cdf(double x, [[maybe_unused]] double parameter) { return x; }
static double normal_cdf(double x, [[maybe_unused]] double parameter) { return hs_normal_cdf(x); }
static double exponential_cdf(double x, [[maybe_unused]] double parameter) { return -expm1(-x); }

/* The lower incomplete gamma function by its series, DLMF 8.7.1: exact enough wherever a sample
   falls. */
static double gamma_cdf(double x, double shape)
{
  double term = 1 / shape;
  double sum = term;
  for (double k = 1; k < 2000 && term > 1e-17 * sum; k++) {
    term *= x / (shape + k);
    sum += term;
  }
  return sum * exp(shape * log(x) - x - lgamma(shape));
}

static void uniform_normal_and_exponential_have_their_shapes([[maybe_unused]] void **state)
{
  struct hs_random rng = hs_random_open(11, 0);
  for (size_t i = 0; i < SAMPLE; i++)
    sample[i] = hs_random_uniform(&rng);
  assert_true(kolmogorov_distance(sample, SAMPLE, uniform_cdf, 0) < KOLMOGOROV_LIMIT);
  for (size_t i = 0; i < SAMPLE; i++)
    sample[i] = hs_random_normal(&rng);
  assert_true(kolmogorov_distance(sample, SAMPLE, normal_cdf, 0) < KOLMOGOROV_LIMIT);
  for (size_t i = 0; i < SAMPLE; i++)
    sample[i] = hs_random_exponential(&rng);
  assert_true(kolmogorov_distance(sample, SAMPLE, exponential_cdf, 0) < KOLMOGOROV_LIMIT);
}

static void gamma_has_its_shape_and_moments([[maybe_unused]] void **state)
{
  static const double SHAPES[] = {0.1, 0.5, 1, 1.5, 3, 40, 1000};
  for (size_t k = 0; k < sizeof SHAPES / sizeof *SHAPES; k++) {
    struct hs_random rng = hs_random_open(12, k);
    struct hs_summary summary = {0};
    double shape = SHAPES[k];
    for (size_t i = 0; i < SAMPLE; i++) {
      sample[i] = hs_random_gamma(&rng, shape);
      hs_summary_add(&summary, sample[i], 1);
    }
    assert_true(kolmogorov_distance(sample, SAMPLE, gamma_cdf, shape) < KOLMOGOROV_LIMIT);
    /* Mean and variance are both the shape; their standard errors follow from the second and fourth
       central moments, shape and 3·shape² + 6·shape. */
    assert_near(summary.mean, shape, 5 * sqrt(shape / SAMPLE));
    assert_near(hs_summary_variance(&summary), shape,
                5 * sqrt((2 * shape * shape + 6 * shape) / SAMPLE));
  }
}

/* Pearson's statistic over values lo to hi with the rest pooled at both ends, against the
   five-sigma point of its chi-square distribution (Wilson and Hilferty 1931). */
static void assert_counts_fit(const uint64_t *counts, const double *probabilities, size_t cells)
{
  double statistic = 0;
  double total = 0;
  size_t used = 0;
  double rest_count = 0;
  double rest_probability = 1;
  for (size_t k = 0; k < cells; k++)
    total += (double)counts[k];
  rest_count = total;
  for (size_t k = 0; k < cells; k++) {
    double expected = probabilities[k] * total;
    if (expected < 10)
      continue; /* pooled below */
    statistic += pow((double)counts[k] - expected, 2) / expected;
    rest_count -= (double)counts[k];
    rest_probability -= probabilities[k];
    used++;
  }
  if (rest_probability * total > 1)
    statistic += pow(rest_count - rest_probability * total, 2) / (rest_probability * total);
  double df = (double)used;
  double limit = df * pow(1 - 2 / (9 * df) + 5 * sqrt(2 / (9 * df)), 3);
  assert_true(used > 2);
  assert_true(statistic < limit);
}

#define CELLS 2048

static void poisson_has_its_probabilities([[maybe_unused]] void **state)
{
  static const double MEANS[] = {0.3, 4, 9.99, 10, 37.5, 900};
  for (size_t m = 0; m < sizeof MEANS / sizeof *MEANS; m++) {
    static uint64_t counts[CELLS];
    static double probabilities[CELLS];
    memset(counts, 0, sizeof counts);
    struct hs_random rng = hs_random_open(13, m);
    for (size_t i = 0; i < SAMPLE; i++) {
      uint64_t k = hs_random_poisson(&rng, MEANS[m]);
      assert_true(k < CELLS);
      counts[k]++;
    }
    for (size_t k = 0; k < CELLS; k++)
      probabilities[k] = exp((double)k * log(MEANS[m]) - MEANS[m] - lgamma((double)k + 1));
    assert_counts_fit(counts, probabilities, CELLS);
  }
  struct hs_random rng = hs_random_open(13, 99);
  assert_int_equal(hs_random_poisson(&rng, 0), 0);
}

static void binomial_has_its_probabilities([[maybe_unused]] void **state)
{
  static const struct {
    uint64_t n;
    double p;
  } CASES[] = {{5, 0.3}, {20, 0.5}, {40, 0.9}, {1000, 0.2}, {2000, 0.004}, {1500, 0.97}};
  for (size_t c = 0; c < sizeof CASES / sizeof *CASES; c++) {
    static uint64_t counts[CELLS];
    static double probabilities[CELLS];
    memset(counts, 0, sizeof counts);
    memset(probabilities, 0, sizeof probabilities);
    struct hs_random rng = hs_random_open(14, c);
    double n = (double)CASES[c].n;
    double p = CASES[c].p;
    for (size_t i = 0; i < SAMPLE; i++) {
      uint64_t k = hs_random_binomial(&rng, CASES[c].n, p);
      assert_true(k <= CASES[c].n);
      counts[k]++;
    }
    for (size_t k = 0; k <= CASES[c].n; k++) {
      double x = (double)k;
      probabilities[k] =
          exp(lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1) + x * log(p) + (n - x) * log1p(-p));
    }
    assert_counts_fit(counts, probabilities, CELLS);
  }
  struct hs_random rng = hs_random_open(14, 99);
  assert_int_equal(hs_random_binomial(&rng, 7, 0), 0);
  assert_int_equal(hs_random_binomial(&rng, 7, 1), 7);
}

static void below_is_even_over_its_range([[maybe_unused]] void **state)
{
  static uint64_t counts[7];
  double probabilities[7];
  struct hs_random rng = hs_random_open(15, 0);
  for (size_t i = 0; i < SAMPLE; i++)
    counts[hs_random_below(&rng, 7)]++;
  for (size_t k = 0; k < 7; k++)
    probabilities[k] = 1.0 / 7;
  assert_counts_fit(counts, probabilities, 7);
  assert_int_equal(hs_random_below(&rng, 1), 0);
}

/* The oracle is the C library's long double logarithm of the very uniform that the word stands for.
 */
static void batch_exponentials_are_the_logarithms_they_claim([[maybe_unused]] void **state)
{
  struct hs_random rng = hs_random_open(16, 5);
  hs_random_exponentials(16, 5, 0, SAMPLE, sample);
  double worst = 0;
  for (size_t i = 0; i < SAMPLE; i++) {
    long double u = ((long double)hs_random_u32(&rng) + 0.5L) * 0x1p-32L;
    long double exact = -logl(u);
    worst = fmax(worst, fabs((double)(((long double)sample[i] - exact) / exact)));
  }
  assert_near(worst, 0, 1e-15);
  assert_true(kolmogorov_distance(sample, SAMPLE, exponential_cdf, 0) < KOLMOGOROV_LIMIT);
}

static void a_batch_is_the_same_in_any_pieces([[maybe_unused]] void **state)
{
  static double pieces[1000];
  hs_random_exponentials(17, 6, 0, 1000, sample);
  for (size_t first = 0; first < 1000; first += 12) {
    size_t count = first + 12 <= 1000 ? 12 : 1000 - first;
    hs_random_exponentials(17, 6, first, count, pieces + first);
  }
  assert_memory_equal(pieces, sample, sizeof pieces);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(philox_gives_the_published_words),
      cmocka_unit_test(a_stream_reads_its_blocks_in_order),
      cmocka_unit_test(uniform_normal_and_exponential_have_their_shapes),
      cmocka_unit_test(gamma_has_its_shape_and_moments),
      cmocka_unit_test(poisson_has_its_probabilities),
      cmocka_unit_test(binomial_has_its_probabilities),
      cmocka_unit_test(below_is_even_over_its_range),
      cmocka_unit_test(batch_exponentials_are_the_logarithms_they_claim),
      cmocka_unit_test(a_batch_is_the_same_in_any_pieces),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
