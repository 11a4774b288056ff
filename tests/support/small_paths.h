/* Random small samples of paths, and the one seeded generator that the tests of measure/ draw from.
 */
#ifndef HANSA_TESTS_SMALL_PATHS_H
#define HANSA_TESTS_SMALL_PATHS_H

#include "measure/paths.h"

struct small_random {
  uint64_t state;
};
/* SplitMix64; [0, bound). */
uint64_t small_random_below(struct small_random *random, uint64_t bound);
double small_random_unit(struct small_random *random); /* [0, 1) */

struct small_options {
  size_t channel_count, path_count, length_max;
  int has_persons, has_ages;
};
/* Paths with whole and broken counts, channels named in no order; lives in the arena. */
struct hs_paths small_paths(struct hs_arena *arena, struct small_random *random,
                            const struct small_options *options);
/* The same journeys with rows and channels in another order. */
struct hs_paths small_shuffled(struct hs_arena *arena, struct small_random *random,
                               const struct hs_paths *paths);

#endif
