/* Breaks against every partition of short series, and the distribution of a date against the closed
   form of its symmetric case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "stats/breaks.h"
#include "stats/random.h"
#include "support/near.h"

enum { N = 14 };

static double room[1000];

static double segment_rss(const double *y, size_t from, size_t to, enum hs_breaks_kind kind)
{
  double n = (double)(to - from), sum = 0, sum_t = 0, ty = 0, tt = 0, rss = 0;
  for (size_t t = from; t < to; t++) {
    sum += y[t] / n;
    sum_t += (double)t / n;
  }
  for (size_t t = from; t < to; t++) {
    ty += (y[t] - sum) * ((double)t - sum_t);
    tt += ((double)t - sum_t) * ((double)t - sum_t);
  }
  double slope = kind == HS_BREAKS_LINE ? ty / tt : 0;
  for (size_t t = from; t < to; t++)
    rss += pow(y[t] - sum - slope * ((double)t - sum_t), 2);
  return rss;
}

/* All ways to cut the first `to` values into m + 1 regimes. */
static double best_by_trying(const double *y, size_t to, size_t m, size_t shortest,
                             enum hs_breaks_kind kind)
{
  double best = (double)INFINITY;
  if (m == 0)
    return to >= shortest ? segment_rss(y, 0, to, kind) : best;
  for (size_t from = shortest; from + shortest <= to; from++)
    best =
        fmin(best, best_by_trying(y, from, m - 1, shortest, kind) + segment_rss(y, from, to, kind));
  return best;
}

static void the_search_is_exact([[maybe_unused]] void **state)
{
  struct hs_random rng = hs_random_open(5, 1);
  for (size_t world = 0; world < 60; world++) {
    enum hs_breaks_kind kind = world % 2 == 0 ? HS_BREAKS_MEAN : HS_BREAKS_LINE;
    const struct hs_breaks_options options = {kind, 3, 3, 0.9};
    struct hs_breaks breaks;
    double y[N];
    for (size_t t = 0; t < N; t++)
      y[t] = hs_random_normal(&rng) + (t > 6 ? 1.5 : 0);
    assert_true(hs_breaks_find(y, N, &options, room, &breaks));
    assert_int_equal(breaks.fitted_count, 4);
    for (size_t m = 0; m < 4; m++)
      assert_near(breaks.rss[m], best_by_trying(y, N, m, 3, kind), 1e-9);
    double rss = 0;
    size_t from = 0;
    for (size_t i = 0; i <= breaks.count; i++) {
      size_t to = i < breaks.count ? breaks.breaks[i].at + 1 : N;
      rss += segment_rss(y, from, to, kind);
      from = to;
    }
    assert_near(rss, breaks.rss[breaks.count], 1e-9);
  }
}

static void a_jump_is_dated_and_measured([[maybe_unused]] void **state)
{
  const struct hs_breaks_options options = {HS_BREAKS_LINE, 2, 4, 0.9};
  struct hs_breaks breaks;
  double y[N];
  for (size_t t = 0; t < N; t++)
    y[t] = (double)t * 0.5 + (t % 2 == 0 ? 0.1 : -0.1) + (t >= 8 ? 10 : 0);
  assert_true(hs_breaks_find(y, N, &options, room, &breaks));
  assert_int_equal(breaks.count, 1);
  assert_int_equal(breaks.breaks[0].at, 7);
  assert_near(breaks.breaks[0].jump, 10, 0.3);
  assert_true(breaks.breaks[0].has_interval);
  assert_true(breaks.breaks[0].low <= 7 && breaks.breaks[0].high >= 7);
}

static void a_short_series_has_fewer_breaks([[maybe_unused]] void **state)
{
  const struct hs_breaks_options options = {HS_BREAKS_MEAN, 5, 4, 0.9};
  const double y[] = {1, 2, 1, 2, 5, 6, 5, 6, 5};
  struct hs_breaks breaks = {.count = 77};
  assert_false(hs_breaks_find(y, 3, &options, room, &breaks));
  assert_int_equal(breaks.count, 77);
  assert_true(hs_breaks_find(y, 9, &options, room, &breaks));
  assert_int_equal(breaks.fitted_count, 2);
}

/* A constant series has nothing to date, and no figure that is not one. */
static void what_is_constant_has_no_break([[maybe_unused]] void **state)
{
  const struct hs_breaks_options options = {HS_BREAKS_MEAN, 2, 3, 0.9};
  const double y[] = {4, 4, 4, 4, 4, 4, 4};
  struct hs_breaks breaks;
  assert_true(hs_breaks_find(y, 7, &options, room, &breaks));
  assert_int_equal(breaks.count, 0);
}

/* ξ = φ = 1: P(V ≤ x) = 1 + √(x/2π)e^(−x/8) − ½(x + 5)Φ(−√x/2) + (3/2)eˣΦ(−3√x/2) for x ≥ 0 (Picard
   1985; Yao 1987), symmetric about 0. The 97.5 % point is 11 (Bai 1997). */
static void the_date_of_equal_regimes_is_distributed_as_published([[maybe_unused]] void **state)
{
  for (double x = 0.01; x < 60; x *= 1.7) {
    double phi_half = 0.5 * erfc(sqrt(x) / 2 / sqrt(2));
    double phi_three = 0.5 * erfc(1.5 * sqrt(x) / sqrt(2));
    double expected = 1 + sqrt(x / (2 * acos(-1.0))) * exp(-x / 8) - 0.5 * (x + 5) * phi_half +
                      1.5 * exp(x) * phi_three;
    assert_near(hs_breaks_argmax_cdf(x, 1, 1), expected, 1e-9);
    assert_near(hs_breaks_argmax_cdf(-x, 1, 1), 1 - expected, 1e-9);
  }
  assert_near(hs_breaks_argmax_cdf(11.03, 1, 1), 0.975, 5e-4);
}

static void the_distribution_of_a_date_is_one([[maybe_unused]] void **state)
{
  const double shapes[] = {0.02, 0.3, 1, 3, 50};
  for (size_t i = 0; i < 5; i++)
    for (size_t j = 0; j < 5; j++) {
      double last = 0;
      for (double x = -2000; x <= 2000; x += 0.5) {
        double p = hs_breaks_argmax_cdf(x == 0 ? 1e-12 : x, shapes[i], shapes[j]);
        assert_true(p >= last - 1e-9 && p <= 1 + 1e-9);
        last = p;
      }
      assert_near(hs_breaks_argmax_cdf(1e9, shapes[i], shapes[j]), 1, 1e-3);
      assert_near(hs_breaks_argmax_cdf(-1e9, shapes[i], shapes[j]), 0, 1e-3);
    }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_search_is_exact),
      cmocka_unit_test(a_jump_is_dated_and_measured),
      cmocka_unit_test(a_short_series_has_fewer_breaks),
      cmocka_unit_test(what_is_constant_has_no_break),
      cmocka_unit_test(the_date_of_equal_regimes_is_distributed_as_published),
      cmocka_unit_test(the_distribution_of_a_date_is_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
