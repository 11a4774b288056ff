/* Blocks of simulated panels through the methods over regions, and the tally of what they said. The
   series are those of influence_worlds.h: the outcome is the treated region, controls are the other
   regions, scaled so that the two useful ones repeat it as weights that sum to 1. */
#ifndef HANSA_TESTS_CALIBRATION_GEO_TRIAL_H
#define HANSA_TESTS_CALIBRATION_GEO_TRIAL_H

#include "calibration/influence_worlds.h"
#include "measure/influence/geo.h"

#define GEO_BLOCK 100 /* worlds */

struct geo_setting {
  const char *name;
  enum hs_geo_method method;
  size_t donor_count; /* 2 to INFLUENCE_CONTROLS_MAX, of which 2 are of use */
  double ramp;        /* an effect that rises evenly from 0 to this over the window */
  int is_bar_alone;   /* only for the rows of the goal */
};
extern const struct geo_setting GEO_SETTINGS[];
extern const size_t GEO_SETTING_COUNT;

/* Sums over worlds. */
struct geo_tally {
  double asked;
  double missed; /* intervals that do not hold the truth; without an effect: false positives */
  double missed_places; /* the same by the published test alone */
  double width, width_places, told_width;
  double by_drift; /* worlds in which the second view judged */
};

void geo_tally_add(struct geo_tally *into, const struct geo_tally *other);

/* Worlds block × GEO_BLOCK and following, in order, so that the sums are the same to the bit for
   every number of threads. */
[[nodiscard]] enum hs_status geo_block(const struct influence_world *world,
                                       const struct geo_setting *setting, uint64_t seed,
                                       uint64_t block, size_t threads, struct geo_tally *out,
                                       struct hs_err *err);

#endif
