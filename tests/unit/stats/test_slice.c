/* The slice sampler against densities with known distributions. Draws depend on the one before, so
   that only every tenth is kept: their dependence is then far below what the limit could notice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>

#include "stats/distribution.h"
#include "stats/slice.h"
#include "support/kolmogorov.h"

#define SAMPLE 20000
#define KEPT_OF 10

static double sample[SAMPLE];

static void fill(uint64_t seed, const struct hs_slice *slice, double x)
{
  struct hs_random rng = hs_random_open(seed, 0);
  for (size_t i = 0; i < SAMPLE; i++) {
    for (size_t k = 0; k < KEPT_OF; k++)
      x = hs_slice_draw(&rng, slice, x);
    sample[i] = x;
  }
}

static double log_normal_density([[maybe_unused]] const void *context, double x)
{
  return -x * x / 2;
}

static double normal_cdf(double x, [[maybe_unused]] double parameter) { return hs_normal_cdf(x); }

static void a_normal_is_drawn_whatever_the_width([[maybe_unused]] void **state)
{
  static const double WIDTHS[] = {0.3, 2, 50};
  for (size_t w = 0; w < 3; w++) {
    const struct hs_slice slice = {log_normal_density, NULL, -(double)INFINITY, (double)INFINITY,
                                   WIDTHS[w]};
    fill(w + 1, &slice, 0);
    assert_true(kolmogorov_distance(sample, SAMPLE, normal_cdf, 0) < KOLMOGOROV_LIMIT);
  }
}

/* The exponential inside [0, 1] with rate 3: the density stands at its largest on the border. */
static double log_exponential([[maybe_unused]] const void *context, double x)
{
  return x < 0 || x > 1 ? -(double)INFINITY : -3 * x;
}

static double exponential_cdf(double x, [[maybe_unused]] double parameter)
{
  return expm1(-3 * x) / expm1(-3.0);
}

static void nothing_is_drawn_outside_the_limits([[maybe_unused]] void **state)
{
  const struct hs_slice slice = {log_exponential, NULL, 0, 1, 0.4};
  fill(9, &slice, 0.5);
  for (size_t i = 0; i < SAMPLE; i++)
    assert_true(sample[i] >= 0 && sample[i] <= 1);
  assert_true(kolmogorov_distance(sample, SAMPLE, exponential_cdf, 0) < KOLMOGOROV_LIMIT);
}

/* Two humps of which one has three times the mass: steps out must reach the other. */
static double log_humps([[maybe_unused]] const void *context, double x)
{
  return log(0.25 * exp(-(x + 2) * (x + 2) / 2) + 0.75 * exp(-(x - 2) * (x - 2) / 2));
}

static double humps_cdf(double x, [[maybe_unused]] double parameter)
{
  return 0.25 * hs_normal_cdf(x + 2) + 0.75 * hs_normal_cdf(x - 2);
}

static void both_humps_get_their_share([[maybe_unused]] void **state)
{
  const struct hs_slice slice = {log_humps, NULL, -(double)INFINITY, (double)INFINITY, 4};
  fill(10, &slice, -2);
  assert_true(kolmogorov_distance(sample, SAMPLE, humps_cdf, 0) < KOLMOGOROV_LIMIT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_normal_is_drawn_whatever_the_width),
      cmocka_unit_test(nothing_is_drawn_outside_the_limits),
      cmocka_unit_test(both_humps_get_their_share),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
