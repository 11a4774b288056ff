/* Proves measure/influence/honesty: tails and quantiles of beliefs against closed forms, the four
   verdicts on both sides of their bounds, the rate of wrong verdicts in closed form, the ratio only
   where T is away from zero, the guard over partners. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "measure/influence/honesty.h"
#include "stats/distribution.h"
#include "support/near.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct hs_honesty_options DEFAULTS = {.band = .1, .mass = .95, .power = .8};

static struct hs_honesty compare(double tracked, double incremental, double sd)
{
  struct hs_belief t = hs_belief_exact(tracked);
  struct hs_belief i = {.mean = incremental, .sd = sd};
  return hs_honesty_compare(&t, &i, &DEFAULTS);
}

static void tails_of_a_t_distribution_are_its_cdf([[maybe_unused]] void **state)
{
  struct hs_belief belief = {.mean = 3, .sd = 2, .df = 7};
  assert_close(hs_belief_below(&belief, 1), hs_t_cdf(-1, 7), 1e-15);
  assert_close(hs_belief_above(&belief, 1), hs_t_cdf(1, 7), 1e-15);
  assert_near(hs_belief_quantile(&belief, hs_t_cdf(-1, 7)), 1, 1e-9);
  belief.df = 0;
  assert_close(hs_belief_below(&belief, 1), hs_normal_cdf(-1), 1e-12);
}

static void few_draws_never_make_certainty([[maybe_unused]] void **state)
{
  const double draws[] = {1, 2, 2, 4};
  struct hs_belief belief = hs_belief_of_draws(draws, COUNT(draws));
  assert_near(belief.mean, 2.25, 1e-15);
  assert_near(hs_belief_below(&belief, 0), .2, 1e-15);
  assert_near(hs_belief_below(&belief, 2), .4, 1e-15);
  assert_near(hs_belief_above(&belief, 2), .4, 1e-15);
  assert_near(hs_belief_above(&belief, 0), 1, 0);
  /* 38 of 39 equal draws would do at .025, and four never do. */
  struct hs_belief t = hs_belief_exact(100);
  assert_int_equal(hs_honesty_compare(&t, &belief, &DEFAULTS).verdict, HS_HONESTY_UNDETERMINED);
}

static void what_is_known_exactly_has_no_spread([[maybe_unused]] void **state)
{
  struct hs_belief belief = hs_belief_exact(5);
  assert_near(hs_belief_below(&belief, 6), 1, 0);
  assert_near(hs_belief_above(&belief, 6), 0, 0);
  assert_near(hs_belief_below(&belief, 5), .5, 0);
  assert_near(hs_belief_quantile(&belief, .1), 5, 0);
}

/* Var = 4·9 + 1·16; Welch and Satterthwaite: 52² / (36²/10 + 16²/5). */
static void independent_beliefs_combine_by_their_variances([[maybe_unused]] void **state)
{
  struct hs_belief x = {.mean = 1, .sd = 3, .df = 10};
  struct hs_belief y = {.mean = 2, .sd = 4, .df = 5};
  struct hs_belief sum = hs_belief_combine(2, &x, -1, &y);
  assert_near(sum.mean, 0, 0);
  assert_close(sum.sd, sqrt(52), 1e-15);
  assert_close(sum.df, 52.0 * 52 / (36.0 * 36 / 10 + 16.0 * 16 / 5), 1e-14);
}

/* T = 100, band 90 to 110, sd 10: the edges of the four verdicts lie 1.96 deviations from those of
   the band. */
static void
the_four_verdicts_begin_where_the_interval_clears_the_band([[maybe_unused]] void **state)
{
  const double z = hs_normal_quantile(.975);
  assert_int_equal(compare(100, 90 - 10.01 * z, 10).verdict, HS_HONESTY_OVER_ATTRIBUTED);
  assert_int_equal(compare(100, 90 - 9.99 * z, 10).verdict, HS_HONESTY_UNDETERMINED);
  assert_int_equal(compare(100, 110 + 9.99 * z, 10).verdict, HS_HONESTY_UNDETERMINED);
  assert_int_equal(compare(100, 110 + 10.01 * z, 10).verdict, HS_HONESTY_UNDER_ATTRIBUTED);
  assert_int_equal(compare(100, 90 + 2.01 * z, 2).verdict, HS_HONESTY_CONSISTENT);
  assert_int_equal(compare(100, 90 + 1.99 * z, 2).verdict, HS_HONESTY_UNDETERMINED);
  assert_int_equal(compare(100, 100, (double)NAN).verdict, HS_HONESTY_UNDETERMINED);
  assert_int_equal(compare(0, -30, 10).verdict, HS_HONESTY_OVER_ATTRIBUTED);
  assert_int_equal(compare(0, 30, 10).verdict, HS_HONESTY_UNDER_ATTRIBUTED);
}

/* The estimate of I is N(r·T, s²) with s known. What it takes to be told over, inside and under are
   three intervals of that estimate, so the rate of wrong verdicts has a closed form. */
static double wrong_rate(double ratio, double s)
{
  const double z = hs_normal_quantile(.975);
  double over = hs_normal_cdf((.9 - z * s - ratio) / s);
  double under = 1 - hs_normal_cdf((1.1 + z * s - ratio) / s);
  double inside =
      fmax(0, hs_normal_cdf((1.1 - z * s - ratio) / s) - hs_normal_cdf((.9 + z * s - ratio) / s));
  int is_inside = ratio >= .9 && ratio <= 1.1;
  return (ratio < .9 ? 0 : over) + (ratio > 1.1 ? 0 : under) + (is_inside ? 0 : inside);
}

static void wrong_verdicts_stay_below_five_percent_at_every_width([[maybe_unused]] void **state)
{
  const double ratios[] = {0, .5, .9, 1, 1.1, 2};
  for (size_t r = 0; r < COUNT(ratios); r++)
    for (double s = .001; s < 100; s *= 1.3)
      assert_true(wrong_rate(ratios[r], s) < .05);
  /* A little outside of the band it is no worse. */
  assert_true(wrong_rate(.8999, .02) < .05);
}

static void the_verdict_agrees_with_the_closed_form([[maybe_unused]] void **state)
{
  const double z = hs_normal_quantile(.975);
  for (double s = .01; s < 2; s *= 1.7)
    for (double i = -1; i < 3; i += .037) {
      enum hs_honesty_verdict verdict = compare(1, i, s).verdict;
      assert_int_equal(verdict == HS_HONESTY_OVER_ATTRIBUTED, i + z * s < .9);
      assert_int_equal(verdict == HS_HONESTY_UNDER_ATTRIBUTED, i - z * s > 1.1);
      assert_int_equal(verdict == HS_HONESTY_CONSISTENT, i - z * s > .9 && i + z * s < 1.1);
    }
}

static void
a_ratio_stands_only_where_tracked_sales_are_away_from_zero([[maybe_unused]] void **state)
{
  struct hs_belief i = {.mean = 30, .sd = 5};
  struct hs_belief near_zero = {.mean = 20, .sd = 11};
  struct hs_belief away = {.mean = 20, .sd = 4};
  struct hs_honesty h = hs_honesty_compare(&near_zero, &i, &DEFAULTS);
  assert_true(isnan(h.ratio.mean) && isnan(h.ratio.low));
  assert_near(h.difference.mean, 10, 1e-12);
  assert_close(h.difference.sd, sqrt(25 + 121), 1e-14);
  h = hs_honesty_compare(&away, &i, &DEFAULTS);
  assert_near(h.ratio.mean, 1.5, 1e-15);
  /* Fieller's ends solve |I − rT| = z·√(25 + 16r²). */
  const double z = hs_normal_quantile(.975);
  assert_close(30 - h.ratio.low * 20, z * sqrt(25 + 16 * h.ratio.low * h.ratio.low), 1e-9);
  assert_close(h.ratio.high * 20 - 30, z * sqrt(25 + 16 * h.ratio.high * h.ratio.high), 1e-9);
  assert_true(isnan(compare(0, 30, 5).ratio.mean));
}

static void
the_smallest_detectable_effect_is_found_four_times_in_five([[maybe_unused]] void **state)
{
  struct hs_honesty h = compare(100, 100, 10);
  assert_near(h.detectable_effect, 28.016, .001); /* (1.95996 + .84162)·10 */
  assert_near(h.detectable_difference, 38.016, .001);
  double z = hs_normal_quantile(.975);
  double found = hs_normal_cdf((h.detectable_difference - 10 - z * 10) / 10);
  assert_near(found, .8, 1e-9);
}

static void
a_sum_over_partners_is_flagged_only_when_it_surely_is_too_much([[maybe_unused]] void **state)
{
  const struct hs_belief effects[] = {{.mean = 60, .sd = 8}, {.mean = 60, .sd = 6}};
  /* The sum is 120 with sd 10; 1.645 of them below are 103.55. */
  assert_true(hs_honesty_sum_guard(effects, 2, 0, 103.5, .95).is_flagged);
  assert_false(hs_honesty_sum_guard(effects, 2, 0, 103.6, .95).is_flagged);
  /* Errors in common make the sum less sure: sd 14. */
  struct hs_honesty_sum guard = hs_honesty_sum_guard(effects, 2, 1, 103.5, .95);
  assert_near(guard.sum.sd, 14, 1e-12);
  assert_false(guard.is_flagged);
  assert_near(hs_honesty_sum_guard(NULL, 0, 0, 10, .95).p_above, 0, 0);
}

/* Of twenty partners of whom nothing is to be told, one looks over-attributed at p .03: Benjamini
   and Hochberg make .6 of it. Ten that all look so at p below .01 stay. */
static void one_verdict_of_many_partners_may_be_chance([[maybe_unused]] void **state)
{
  struct hs_honesty all[20];
  struct hs_honesty *family[20];
  double p[20];
  size_t order[20];
  for (size_t i = 0; i < COUNT(all); i++) {
    all[i] = compare(100, i == 0 ? 90 - 21.7 : 110, 10); /* 110: p is 1 */
    family[i] = &all[i];
  }
  assert_int_equal(all[0].verdict, HS_HONESTY_OVER_ATTRIBUTED);
  assert_near(all[0].p, .03, .0005);
  hs_honesty_family(family, COUNT(all), p, order);
  assert_int_equal(all[0].verdict, HS_HONESTY_UNDETERMINED);
  assert_true(all[0].is_by_chance);
  assert_false(all[1].is_by_chance);
  assert_near(all[0].p_adjusted, .6, .01);
  for (size_t i = 0; i < 10; i++)
    all[i] = compare(100, 60, 10);
  hs_honesty_family(family, COUNT(all), p, order);
  assert_int_equal(all[0].verdict, HS_HONESTY_OVER_ATTRIBUTED);
  assert_false(all[0].is_by_chance);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tails_of_a_t_distribution_are_its_cdf),
      cmocka_unit_test(few_draws_never_make_certainty),
      cmocka_unit_test(what_is_known_exactly_has_no_spread),
      cmocka_unit_test(independent_beliefs_combine_by_their_variances),
      cmocka_unit_test(the_four_verdicts_begin_where_the_interval_clears_the_band),
      cmocka_unit_test(wrong_verdicts_stay_below_five_percent_at_every_width),
      cmocka_unit_test(the_verdict_agrees_with_the_closed_form),
      cmocka_unit_test(a_ratio_stands_only_where_tracked_sales_are_away_from_zero),
      cmocka_unit_test(the_smallest_detectable_effect_is_found_four_times_in_five),
      cmocka_unit_test(one_verdict_of_many_partners_may_be_chance),
      cmocka_unit_test(a_sum_over_partners_is_flagged_only_when_it_surely_is_too_much),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
