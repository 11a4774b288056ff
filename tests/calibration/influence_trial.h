/* Blocks of simulated series through the usual method, and the tally of what it said. */
#ifndef HANSA_TESTS_CALIBRATION_INFLUENCE_TRIAL_H
#define HANSA_TESTS_CALIBRATION_INFLUENCE_TRIAL_H

#include "base/status.h"
#include "calibration/influence_worlds.h"

#define INFLUENCE_BLOCK ((size_t)100) /* worlds */

/* What is put in and what is offered. A constant effect needs no setting of its own: it moves the
   interval by itself to the last digits (unit.measure.influence.mixture). */
struct influence_setting {
  const char *name;
  size_t control_count;
  double growth;    /* the effect goes evenly from 0 to this over the window */
  int is_bar_alone; /* only for the rows of the goal */
};
extern const struct influence_setting INFLUENCE_SETTINGS[];
extern const size_t INFLUENCE_SETTING_COUNT;

/* Sums over worlds. */
struct influence_tally {
  double asked;
  double refused;
  double missed; /* intervals that do not hold the truth; without an effect: false positives */
  double width;
  double told_width;
  double found; /* effects as large as the told width that would be found */
  double inflation;
  double contaminated; /* worlds in which a control was taken for contaminated */
};

void influence_tally_add(struct influence_tally *into, const struct influence_tally *other);

/* Worlds first and following, at most INFLUENCE_BLOCK of them. */
struct influence_span {
  uint64_t seed;
  uint64_t first;
  size_t count;
  size_t threads;
};

/* Sums in the order of the worlds, so that they are the same to the bit for every number of
   threads. */
[[nodiscard]] enum hs_status influence_run(const struct influence_world *world,
                                           const struct influence_setting *setting,
                                           const struct influence_span *span,
                                           struct influence_tally *out, struct hs_err *err);

#endif
