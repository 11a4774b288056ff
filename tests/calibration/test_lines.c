/* The trial of docs/calibration/lines.md in a size that fits into every run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "calibration/line_worlds.h"

#define WORLDS 300
#define SEED 7

/* A share of so many hundredths and four binomial standard errors more. */
static double at_most(double share)
{
  return (share + 4 * sqrt(share * (1 - share) / WORLDS)) * WORLDS;
}

/* What is asked for is one in twenty; the rows in which a share keeps where it was are beyond what
   26 weeks can tell, and have limits of their own. */
static void shares_are_seldom_called_wrongly([[maybe_unused]] void **state)
{
  static const double LIMIT[SHARE_WORLDS] = {.05, .05, .05, .05, .12, .20, .05, .05, .05, .05};
  for (size_t i = 0; i < SHARE_WORLDS; i++) {
    struct line_tally tally = share_trial(&SHARE_TABLE[i], SEED, WORLDS);
    size_t wrong =
        (SHARE_TABLE[i].ratio <= 1 ? tally.up : 0) + (SHARE_TABLE[i].ratio >= 1 ? tally.down : 0);
    if ((double)wrong > at_most(LIMIT[i]))
      fail_msg("%s: %zu of %zu wrong", SHARE_TABLE[i].name, wrong, tally.worlds);
    int has_moved = SHARE_TABLE[i].ratio <= .8 || SHARE_TABLE[i].ratio >= 1.25;
    if (has_moved && (double)tally.flat > at_most(.05))
      fail_msg("%s: %zu of %zu flat", SHARE_TABLE[i].name, tally.flat, tally.worlds);
  }
}

static void searches_are_seldom_called_wrongly([[maybe_unused]] void **state)
{
  for (size_t i = 0; i < SEARCH_WORLDS; i++) {
    const struct search_world *world = &SEARCH_TABLE[i];
    struct line_tally tally = search_trial(world, SEED, WORLDS);
    size_t wrong = (world->factor <= 1 ? tally.up : 0) + (world->factor >= 1 ? tally.down : 0);
    if ((double)wrong > at_most(.08))
      fail_msg("%s: %zu of %zu wrong", world->name, wrong, tally.worlds);
  }
}

static void overlaps_are_covered([[maybe_unused]] void **state)
{
  for (size_t i = 0; i < OVERLAP_WORLDS; i++) {
    struct overlap_tally tally = overlap_trial(&OVERLAP_TABLE[i], SEED, WORLDS);
    if ((double)(tally.worlds - tally.held) > at_most(.06))
      fail_msg("%s: %zu of %zu held", OVERLAP_TABLE[i].name, tally.held, tally.worlds);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shares_are_seldom_called_wrongly),
      cmocka_unit_test(searches_are_seldom_called_wrongly),
      cmocka_unit_test(overlaps_are_covered),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
