/* Programmes of the market simulator, in which a partner begins half-way and everything that it
   caused is known: how often what `hansa honesty --data` says of it is so. */
#ifndef HANSA_TESTS_CALIBRATION_MEETING_TRIAL_H
#define HANSA_TESTS_CALIBRATION_MEETING_TRIAL_H

#include <stddef.h>
#include <stdint.h>

struct meeting_row {
  const char *partner; /* of the simulator's cast */
  const char *words;
};
extern const struct meeting_row MEETING_ROWS[];
extern const size_t MEETING_ROW_COUNT;

struct meeting_tally {
  size_t worlds, untested;
  /* sums over the tested worlds: truth and what was said */
  double tracked_true, tracked, incremental_true, incremental, kappa, halo;
  double kappa_most, halo_least, width; /* width: of the interval of I − T */
  size_t kappa_held, halo_held, difference_held;
  size_t halo_point; /* the interval from a hold-out that told κ with a standard error of .05 */
  size_t wrong, right, undetermined;
};

/* Worlds seed, seed + 1, … of twelve months; orders that a partner took part in count as tracked,
   the window is its first three months. Ends the program when a world cannot be made. */
void meeting_trial(const struct meeting_row *row, uint64_t seed, size_t worlds, int32_t people,
                   struct meeting_tally *out);

#endif
