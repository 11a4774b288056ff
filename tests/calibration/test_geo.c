/* The trial of docs/calibration/geo.md in a size that fits into every run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "calibration/geo_trial.h"

#define SEED 7
/* Two regions of use: 1.3 times the width of somebody who knows everything is demanded of 2,000;
   the mean of 100 is off by three in the hundred. */
#define WIDTH_MOST 1.4

/* Of 100 worlds: 7 false positives, as is demanded of 2,000, and four binomial standard errors. */
static void false_positives_are_as_demanded([[maybe_unused]] void **state)
{
  double most = 7 + 4 * sqrt(100 * .07 * .93);
  for (size_t row = 0; row < INFLUENCE_WORLD_COUNT; row++)
    for (size_t setting = 0; setting < GEO_SETTING_COUNT; setting++) {
      struct geo_tally tally;
      struct hs_err err = {0};
      if (INFLUENCE_WORLDS[row].demand != INFLUENCE_BAR)
        continue;
      assert_int_equal(
          geo_block(&INFLUENCE_WORLDS[row], &GEO_SETTINGS[setting], SEED, 0, 0, &tally, &err),
          HS_OK);
      if (tally.missed > most)
        fail_msg("%s, %s: %.0f of 100", INFLUENCE_WORLDS[row].name, GEO_SETTINGS[setting].name,
                 tally.missed);
      if (setting == 0 && tally.width > WIDTH_MOST * tally.told_width)
        fail_msg("%s: %.2f times as wide as it could be", INFLUENCE_WORLDS[row].name,
                 tally.width / tally.told_width);
    }
}

static void the_number_of_threads_changes_no_bit([[maybe_unused]] void **state)
{
  struct geo_tally one, three;
  struct hs_err err = {0};
  const struct influence_world *world = &INFLUENCE_WORLDS[3];
  assert_int_equal(geo_block(world, &GEO_SETTINGS[1], SEED, 1, 1, &one, &err), HS_OK);
  assert_int_equal(geo_block(world, &GEO_SETTINGS[1], SEED, 1, 3, &three, &err), HS_OK);
  assert_memory_equal(&one, &three, sizeof one);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(false_positives_are_as_demanded),
      cmocka_unit_test(the_number_of_threads_changes_no_bit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
