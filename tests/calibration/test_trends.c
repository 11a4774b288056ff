/* The trial of docs/calibration/trends.md in a size that fits into every run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "calibration/trend_worlds.h"

#define WORLDS 40
#define SEED 7

/* Worlds whose last year is not what the model can have learnt of yet, or whose level walks: named
   and shown in the table, not promised. */
static int is_promised(const struct trend_world *world)
{
  return strcmp(world->name, "just turned") != 0 && world->walk <= 0;
}

/* At most a tenth, and three binomial standard errors of it. */
static void verdicts_are_seldom_wrong([[maybe_unused]] void **state)
{
  double most = WORLDS * 0.1 + 3 * sqrt(WORLDS * 0.1 * 0.9);
  for (size_t w = 0; w < TREND_WORLD_COUNT; w++) {
    const struct trend_world *world = &TREND_WORLDS[w];
    if (!is_promised(world))
      continue;
    struct trend_tally tally = trend_trial(world, SEED, WORLDS, 0.1, 0.9);
    if ((double)tally.wrong > most)
      fail_msg("%s: %zu of %d wrong", world->name, tally.wrong, WORLDS);
    if (tally.asked > 0 && (double)tally.covered < (double)tally.asked - most)
      fail_msg("%s: the interval holds growth in %zu of %zu", world->name, tally.covered,
               tally.asked);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(verdicts_are_seldom_wrong),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
