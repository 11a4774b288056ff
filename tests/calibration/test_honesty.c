/* The trial of docs/calibration/honesty.md in a size that fits into every run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "calibration/honesty_trial.h"

#define WORLDS 120
#define SEED 7

/* Four binomial standard errors above 5 %. */
static const double WRONG_MAX = .05 + 4 * .0199;
static const double HELD_MIN = .95 - 4 * .0199;

static void verdicts_are_seldom_wrong([[maybe_unused]] void **state)
{
  for (size_t r = 0; r < HONESTY_RESIDUAL_COUNT; r++) {
    struct honesty_verdicts v;
    assert_int_equal(honesty_verdict_trial(&HONESTY_RESIDUALS[r], SEED, WORLDS, 0, &v, NULL),
                     HS_OK);
    assert_true(v.worlds > WORLDS / 2);
    for (size_t t = 0; t < HONESTY_TRACKED_COUNT; t++)
      for (size_t i = 0; i < HONESTY_RATIO_COUNT; i++)
        if ((double)v.at[t][i].wrong > WRONG_MAX * (double)v.worlds)
          fail_msg("%s, T %g, at %g: %zu wrong of %zu", HONESTY_RESIDUALS[r].name,
                   HONESTY_TRACKED[t], HONESTY_RATIOS[i], v.at[t][i].wrong, v.worlds);
  }
}

static void sure_bounds_and_points_hold([[maybe_unused]] void **state)
{
  for (size_t p = 0; p < HONESTY_PARTNER_COUNT; p++) {
    struct honesty_bounds_tally b;
    assert_int_equal(honesty_bounds_trial(&HONESTY_PARTNERS[p], SEED, WORLDS, 0, &b, NULL), HS_OK);
    assert_true(b.worlds > WORLDS / 2);
    const size_t held[] = {b.kappa_held, b.halo_held, b.kappa_point, b.halo_point};
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
      if ((double)held[i] < HELD_MIN * (double)b.worlds)
        fail_msg("%s, %zu: %zu of %zu", HONESTY_PARTNERS[p].name, i, held[i], b.worlds);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(verdicts_are_seldom_wrong),
      cmocka_unit_test(sure_bounds_and_points_hold),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
