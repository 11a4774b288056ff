/* The trial of docs/calibration/reversals.md in a size that fits into every run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "calibration/reversal_worlds.h"

#define WORLDS 120
#define SEED 7
#define LEVEL 0.9

/* At least what they promise, less four binomial standard errors; the variance of open orders is a
   bound, so that there may be more. */
static void assert_covers(const struct reversal_world *world, const struct reversal_tally *of)
{
  for (size_t k = 0; k < HS_REVERSAL_OF_COUNT; k++) {
    double coverage = reversal_coverage(&of[k]);
    if (coverage < 0.87 - 4 * sqrt(0.9 * 0.1 / (double)of[k].asked))
      fail_msg("%s, %zu: %.1f %% of %zu", world->name, k, 100 * coverage, of[k].asked);
  }
}

/* What is expected is right on average: within four standard errors of the worlds' mean, taking the
   interval's width for 3.3 of theirs. */
static void assert_right_on_average(const struct reversal_world *world,
                                    const struct reversal_tally *all)
{
  double asked = (double)all->asked;
  double allowed = 4 * (all->width / asked / 3.3) / sqrt(asked);
  if (fabs(all->expected - all->truth) / asked > allowed)
    fail_msg("%s: expected %.0f, taken back %.0f, %.0f allowed", world->name, all->expected / asked,
             all->truth / asked, allowed);
}

static void estimates_are_right_and_intervals_cover_what_they_promise([[maybe_unused]] void **state)
{
  for (size_t w = 0; w < REVERSAL_WORLD_COUNT; w++) {
    struct reversal_tally of[HS_REVERSAL_OF_COUNT];
    if (!REVERSAL_WORLDS[w].is_met)
      continue;
    reversal_trial(&REVERSAL_WORLDS[w], SEED, WORLDS, LEVEL, of);
    assert_true(10 * of[HS_REVERSAL_OF_ALL].asked > 9 * WORLDS);
    assert_covers(&REVERSAL_WORLDS[w], of);
    assert_right_on_average(&REVERSAL_WORLDS[w], &of[HS_REVERSAL_OF_ALL]);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(estimates_are_right_and_intervals_cover_what_they_promise),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
