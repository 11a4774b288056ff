/* Regions in pairs, one of each chosen by a coin to have the partner: the design to choose before
   anything has started, when regions can be treated alike. Pairs are of regions whose history ran
   alike, so that what moves one moves the other; the test is that of pairs.h, and rests on the
   coins alone (in the manner of Chen and Au, Annals of Applied Statistics 16, 2022, without their
   trimming). Grade A. */
#ifndef HANSA_MEASURE_INFLUENCE_REGION_PAIRS_H
#define HANSA_MEASURE_INFLUENCE_REGION_PAIRS_H

#include "base/arena.h"
#include "measure/influence/pairs.h"

struct hs_region_history {
  const double *outcome; /* [region × row_count + row], above 0 on average; no gaps */
  size_t region_count;
  size_t row_count;
};

struct hs_region_pair {
  size_t regions[2]; /* the first has the partner when the coin is 1 */
  double distance;   /* root mean square of how differently they moved, as a share of their level */
};

/* Matches regions into ⌊region_count/2⌋ pairs by their rows [0, row_until), averaged over chunks of
   chunk_rows: the closest pair first, then the closest of those that are left. The odd one out is
   left out. pairs come closest first. The arena holds the distances while this runs.
   HS_INSUFFICIENT with fewer than two regions or chunks; HS_INVALID names a region (by its index)
   with a mean of 0 or less. */
[[nodiscard]] enum hs_status hs_region_pairs_match(struct hs_arena *arena,
                                                   const struct hs_region_history *history,
                                                   size_t row_until, size_t chunk_rows,
                                                   struct hs_region_pair **pairs,
                                                   size_t *pair_count, struct hs_err *err);

struct hs_region_design {
  const struct hs_region_pair *pairs;
  size_t pair_count;
  size_t start;       /* the first row with the partner */
  size_t window_rows; /* so many rows are judged */
  size_t base_rows; /* and so many before the start are what they are measured by; at most start */
  uint64_t seed;    /* of the coins */
};

/* The difference of a pair: how much more the one with the partner grew from its base than the
   other, as a share: 0.05 is five in the hundred. The effect is their mean, a lift. room has
   pair_count + hs_pairs_room(pair_count) numbers. HS_INSUFFICIENT when rows are missing. */
[[nodiscard]] enum hs_status hs_region_pairs_analyse(const struct hs_region_design *design,
                                                     const struct hs_region_history *history,
                                                     double level, double *room,
                                                     struct hs_pairs_test *out, struct hs_err *err);

/* The design on history where nothing was done: pairs are matched on the first half, so that they
   do not know the windows, which lie in the second, at places chosen by chance with coins of their
   own. pair_count of the design limits how many of the closest pairs are used. HS_INSUFFICIENT when
   the second half has no room for a window. */
[[nodiscard]] enum hs_status hs_region_pairs_power(struct hs_arena *arena,
                                                   const struct hs_region_design *design,
                                                   const struct hs_region_history *history,
                                                   size_t chunk_rows, size_t trial_count,
                                                   double level, double power,
                                                   struct hs_pairs_power *out, struct hs_err *err);

#endif
