/* The trial of docs/calibration/influence.md in a size that fits into every run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "calibration/influence_trial.h"

#define SEED 7
#define WORLDS 40

/* The rows of the goal: 5 in a hundred false positives and four binomial standard errors more, and
   widths within a fifth more than is demanded of 2,000 worlds. */
static void false_positives_and_widths_are_as_demanded([[maybe_unused]] void **state)
{
  const struct influence_span span = {.seed = SEED, .count = WORLDS};
  double most = .05 * WORLDS + 4 * sqrt(WORLDS * .05 * .95);
  for (size_t row = 0; row < INFLUENCE_WORLD_COUNT; row++) {
    const struct influence_world *world = &INFLUENCE_WORLDS[row];
    struct influence_tally tally;
    struct hs_err err = {0};
    if (world->demand != INFLUENCE_BAR)
      continue;
    assert_int_equal(influence_run(world, &INFLUENCE_SETTINGS[0], &span, &tally, &err), HS_OK);
    if (tally.missed > most || tally.refused > 2)
      fail_msg("%s: %.0f false, %.0f refused", world->name, tally.missed, tally.refused);
    if (tally.width > 1.2 * 1.3 * tally.told_width)
      fail_msg("%s: %.2f times as wide", world->name, tally.width / tally.told_width);
  }
}

static void the_number_of_threads_changes_no_bit([[maybe_unused]] void **state)
{
  struct influence_span span = {.seed = SEED, .first = 100, .count = 6, .threads = 1};
  struct influence_tally one;
  struct influence_tally three;
  struct hs_err err = {0};
  const struct influence_world *world = &INFLUENCE_WORLDS[1];
  assert_int_equal(influence_run(world, &INFLUENCE_SETTINGS[1], &span, &one, &err), HS_OK);
  span.threads = 3;
  assert_int_equal(influence_run(world, &INFLUENCE_SETTINGS[1], &span, &three, &err), HS_OK);
  assert_memory_equal(&one, &three, sizeof one);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(false_positives_and_widths_are_as_demanded),
      cmocka_unit_test(the_number_of_threads_changes_no_bit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
