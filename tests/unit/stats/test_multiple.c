/* Many questions, like estimates and early looks, against definitions and published values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "stats/looks.h"
#include "stats/multiple.h"
#include "stats/random.h"
#include "stats/shrink.h"
#include "support/near.h"

/* R 4.2: p.adjust(c(.01, .04, .03, .005, .5), "holm") and "BH". */
static void adjusted_values_are_those_of_r([[maybe_unused]] void **state)
{
  static const double P[] = {.01, .04, .03, .005, .5};
  static const double HOLM[] = {.04, .09, .09, .025, .5};
  static const double BH[] = {.025, .05, .05, .025, .5};
  size_t order[5];
  double adjusted[5];
  hs_holm(P, 5, order, adjusted);
  for (size_t i = 0; i < 5; i++)
    assert_near(adjusted[i], HOLM[i], 1e-14);
  hs_benjamini_hochberg(P, 5, order, adjusted);
  for (size_t i = 0; i < 5; i++)
    assert_near(adjusted[i], BH[i], 1e-14);
}

static void what_was_not_asked_does_not_count([[maybe_unused]] void **state)
{
  double p[] = {(double)NAN, .02, (double)NAN, .01};
  size_t order[4];
  hs_holm(p, 4, order, p);
  assert_true(isnan(p[0]) && isnan(p[2]));
  assert_near(p[1], .02, 1e-15);
  assert_near(p[3], .02, 1e-15);
  hs_holm(NULL, 0, NULL, NULL);
}

/* With equal errors and no more spread than they explain, everything is drawn to the mean; with far
   more, nothing moves. */
static void estimates_are_drawn_in_by_how_little_they_tell([[maybe_unused]] void **state)
{
  static const double CLOSE[] = {1, 1.5, .5};
  static const double FAR[] = {-1000, 0, 1000};
  static const double ERRORS[] = {1, 1, 1};
  double value[3];
  double sd[3];
  struct hs_shrink all = hs_shrink(CLOSE, ERRORS, 3, value, sd);
  assert_true(all.spread == 0);
  for (size_t i = 0; i < 3; i++)
    assert_near(value[i], 1, 1e-15);
  all = hs_shrink(FAR, ERRORS, 3, value, sd);
  assert_near(all.spread, sqrt(1e6 - 1), 1e-12);
  assert_near(value[2], 999.999, 1e-9);
}

/* The best of 30 estimates whose truths spread by .1 and whose errors are .2 looks several times as
   large as it is; the drawn-in value is right on average, and its interval covers. */
static void the_best_of_many_is_not_believed([[maybe_unused]] void **state)
{
  struct hs_random rng = hs_random_open(11, 0);
  double raw = 0;
  double drawn = 0;
  double truth = 0;
  size_t covered = 0;
  for (int world = 0; world < 2000; world++) {
    double theta[30];
    double y[30];
    double s[30];
    double value[30];
    double sd[30];
    size_t best = 0;
    for (size_t i = 0; i < 30; i++) {
      theta[i] = .1 * hs_random_normal(&rng);
      s[i] = .2;
      y[i] = theta[i] + s[i] * hs_random_normal(&rng);
      best = y[i] > y[best] ? i : best;
    }
    [[maybe_unused]] struct hs_shrink all = hs_shrink(y, s, 30, value, sd);
    raw += y[best] / 2000;
    drawn += value[best] / 2000;
    truth += theta[best] / 2000;
    covered += fabs(value[best] - theta[best]) < 1.96 * sd[best];
  }
  assert_true(raw > 4 * truth);
  assert_near(drawn, truth, .15); /* τ² is cut off at 0, which leaves a little upwards */
  assert_true(covered > 1860);
}

/* Armitage, McPherson and Rowe (1969), table 2: looks 1, 2, 3, 4, 5, 10, 20, 50 at .05. */
static void early_looks_cost_what_was_published([[maybe_unused]] void **state)
{
  static const uint32_t LOOKS[] = {1, 2, 3, 4, 5, 10, 20, 50};
  static const double RATES[] = {.050, .083, .107, .126, .142, .193, .248, .320};
  for (size_t i = 0; i < sizeof LOOKS / sizeof *LOOKS; i++)
    assert_true(fabs(hs_looks_false_rate(LOOKS[i], .05) - RATES[i]) < .0006);
  assert_true(fabs(hs_looks_false_rate(26, .05) - .27) < .005);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(adjusted_values_are_those_of_r),
      cmocka_unit_test(what_was_not_asked_does_not_count),
      cmocka_unit_test(estimates_are_drawn_in_by_how_little_they_tell),
      cmocka_unit_test(the_best_of_many_is_not_believed),
      cmocka_unit_test(early_looks_cost_what_was_published),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
