/* Invented markets whose every journey is drawn from a known law. A world type says how persons
   come to their journeys; a world is one seeded sample of it, of the size that a programme might
   have, and a truth is a sample so large that the shares which a model gives on it no longer move.

   A person has a taste (one of a few, which sets the channels met) and a propensity to order (a
   Gamma variate of mean 1), both shared by all journeys of that person: the person and not the
   journey is the independent unit. A journey walks from channel to channel; after each touch it may
   end in an order, with a probability that depends on the channel, the propensity and on what was
   met before. No model that is tried on these worlds is true in them, and none needs to be: what is
   asked is whether its interval covers what the same model would say of the whole market. */
#ifndef HANSA_TESTS_WORLDS_H
#define HANSA_TESTS_WORLDS_H

#include "measure/paths.h"

#define WORLD_CHANNELS_MAX 8
#define WORLD_TASTES_MAX 3
#define WORLD_NOBODY (-1)

struct world_type {
  const char *name;
  const char *words;
  size_t person_count;     /* of one world */
  double more_journeys;    /* mean of the Poisson number of journeys beyond a person's first */
  double propensity_shape; /* of the Gamma; 0 when all are alike */
  size_t taste_count;
  size_t channel_count;
  const char *channels[WORLD_CHANNELS_MAX];
  double taste[WORLD_TASTES_MAX][WORLD_CHANNELS_MAX]; /* weights of the channels, by taste */
  double follow;                                      /* probability of going the beaten track */
  int next[WORLD_CHANNELS_MAX];     /* the beaten track from each channel, WORLD_NOBODY for none */
  double order[WORLD_CHANNELS_MAX]; /* intensity of an order after a touch */
  double helped; /* factor on it when a creator, the first channel, was met before */
  double delay_days[WORLD_CHANNELS_MAX]; /* mean from the touch to the order it brings */
  double stop; /* probability that a journey ends after a touch without an order */
};

extern const struct world_type WORLD_TYPES[];
extern const size_t WORLD_TYPE_COUNT;

/* Draws that many persons with all their journeys; persons, ages and values included. Everything
   lives in the arena; fails the process when that is full. */
struct hs_paths world_draw(struct hs_arena *arena, const struct world_type *type, uint64_t seed,
                           uint64_t world, size_t person_count);

#endif
