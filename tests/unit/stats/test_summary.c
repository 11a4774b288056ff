/* Running moments and quantiles against direct computation and the definitions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "stats/quantile.h"
#include "stats/random.h"
#include "stats/summary.h"
#include "support/near.h"

static void moments_survive_a_large_offset([[maybe_unused]] void **state)
{
  static const double VALUES[] = {4, 7, 13,
                                  16}; /* mean 10, variance 30; Welford's sums lose nothing */
  struct hs_summary summary = {0};
  for (size_t i = 0; i < 4; i++)
    hs_summary_add(&summary, 1e9 + VALUES[i], 1);
  assert_true(summary.mean == 1e9 + 10);
  assert_true(hs_summary_variance(&summary) == 30);
  assert_near(hs_summary_deviation(&summary), sqrt(30), 1e-14);
}

static void parts_merge_into_the_whole([[maybe_unused]] void **state)
{
  struct hs_summary whole = {0};
  struct hs_summary parts[2] = {0};
  for (int i = 0; i < 50; i++) {
    double value = (i * 37) % 17;
    double weight = 1 + i % 3;
    hs_summary_add(&whole, value, weight);
    hs_summary_add(&parts[i % 2], value, weight);
  }
  hs_summary_merge(&parts[0], &parts[1]);
  assert_near(parts[0].mean, whole.mean, 1e-13);
  assert_near(parts[0].squares, whole.squares, 1e-10);
  struct hs_summary none = {0};
  hs_summary_merge(&none, &none);
  assert_true(hs_summary_variance(&none) == 0);
}

/* R: quantile(c(1, 2, 4, 8, 16), c(0, .1, .5, .9, 1)), which is type 7 by default. */
static void quantiles_are_those_of_type_seven([[maybe_unused]] void **state)
{
  double values[] = {16, 2, 8, 1, 4};
  hs_sort(values, 5);
  assert_true(hs_quantile(values, 5, 0) == 1);
  assert_near(hs_quantile(values, 5, 0.1), 1.4, 1e-15);
  assert_true(hs_quantile(values, 5, 0.5) == 4);
  assert_near(hs_quantile(values, 5, 0.9), 12.8, 1e-14);
  assert_true(hs_quantile(values, 5, 1) == 16);
  assert_true(hs_quantile(values, 1, 0.3) == 1);
}

/* Selection against sorting, over sizes from one on, with ties and in three orders. */
static void a_pair_of_quantiles_needs_no_sorting([[maybe_unused]] void **state)
{
  double values[300];
  double sorted[300];
  struct hs_random rng = hs_random_open(4, 0);
  for (size_t count = 1; count <= 300; count++) {
    for (size_t i = 0; i < count; i++)
      sorted[i] = values[i] = count % 3 == 0   ? (double)i
                              : count % 3 == 1 ? (double)hs_random_below(&rng, 7)
                                               : hs_random_normal(&rng);
    hs_sort(sorted, count);
    double low = hs_random_uniform(&rng) / 2;
    double high = low + hs_random_uniform(&rng) / 2;
    struct hs_quantile_pair pair = hs_quantile_pair(values, count, low, high);
    assert_true(pair.low == hs_quantile(sorted, count, low));
    assert_true(pair.high == hs_quantile(sorted, count, high));
    pair = hs_quantile_pair(values, count, 0, 1);
    assert_true(pair.low == sorted[0] && pair.high == sorted[count - 1]);
    hs_sort(values, count);
    assert_memory_equal(values, sorted, count * sizeof *values);
  }
}

static void equal_weights_change_no_quantile([[maybe_unused]] void **state)
{
  static const double VALUES[] = {1, 2, 4, 8, 16};
  static const double WEIGHTS[] = {2.5, 2.5, 2.5, 2.5, 2.5};
  for (double p = 0; p <= 1; p += 0.01)
    assert_near(hs_quantile_weighted(VALUES, WEIGHTS, 5, p), hs_quantile(VALUES, 5, p), 1e-13);
}

static void a_weight_of_zero_leaves_its_value_out([[maybe_unused]] void **state)
{
  static const double VALUES[] = {-100, 1, 3, 1000};
  static const double WEIGHTS[] = {0, 1, 1, 0};
  assert_true(hs_quantile_weighted(VALUES, WEIGHTS, 4, 0) == 1);
  assert_true(hs_quantile_weighted(VALUES, WEIGHTS, 4, 0.5) == 2);
  assert_true(hs_quantile_weighted(VALUES, WEIGHTS, 4, 1) == 3);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(moments_survive_a_large_offset),
      cmocka_unit_test(parts_merge_into_the_whole),
      cmocka_unit_test(quantiles_are_those_of_type_seven),
      cmocka_unit_test(a_pair_of_quantiles_needs_no_sorting),
      cmocka_unit_test(equal_weights_change_no_quantile),
      cmocka_unit_test(a_weight_of_zero_leaves_its_value_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
