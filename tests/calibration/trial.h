/* Do intervals cover? Draws worlds of a type, asks every model for its intervals on each, and
   counts how often they hold the share that the same model gives on a sample of the whole market.
 */
#ifndef HANSA_TESTS_TRIAL_H
#define HANSA_TESTS_TRIAL_H

#include "calibration/worlds.h"
#include "measure/credit.h"

#define TRIAL_MODEL_COUNT 11 /* see trial_model */

enum trial_method { TRIAL_BOOTSTRAP, TRIAL_ANALYTIC, TRIAL_METHOD_COUNT };
enum trial_quantity { TRIAL_CONVERSIONS, TRIAL_VALUE, TRIAL_QUANTITY_COUNT };

struct trial_options {
  uint64_t seed;
  size_t world_count;
  size_t truth_person_count; /* of the sample that stands for the whole market */
  size_t draws;              /* of each bootstrap; 0 leaves it out */
  double level;
  size_t worker_count; /* 0 for one per processor */
};

/* What became of one kind of interval: in how many worlds it was asked, and where the truth lay. */
struct trial_tally {
  size_t asked;
  size_t below; /* the truth lay below the interval */
  size_t above;
  double width; /* mean, in shares */
  double bias;  /* mean of share − truth */
};

struct trial_result {
  const struct world_type *type;
  double truth[TRIAL_QUANTITY_COUNT][TRIAL_MODEL_COUNT][WORLD_CHANNELS_MAX];
  double converting[WORLD_CHANNELS_MAX]; /* mean number of converting journeys in a world */
  /* Worlds with at least HS_CONVERTING_MIN converting journeys of the channel, and the others. */
  struct trial_tally enough[TRIAL_QUANTITY_COUNT][TRIAL_METHOD_COUNT][TRIAL_MODEL_COUNT]
                           [WORLD_CHANNELS_MAX];
  struct trial_tally few[TRIAL_QUANTITY_COUNT][TRIAL_METHOD_COUNT][TRIAL_MODEL_COUNT]
                        [WORLD_CHANNELS_MAX];
  size_t hazard_without_interval; /* worlds whose data did not fix the delays */
};

/* The model of each index, and its name with its order. */
struct hs_model trial_model(size_t index);
const char *trial_model_name(size_t index);
const char *trial_method_name(enum trial_method method);

/* The result depends on the options without worker_count alone. */
[[nodiscard]] enum hs_status trial_run(const struct world_type *type,
                                       const struct trial_options *options,
                                       struct trial_result *out, struct hs_err *err);

/* Adds up tallies; the means are weighted by asked. */
void trial_add(struct trial_tally *into, const struct trial_tally *tally);
[[nodiscard]] double trial_coverage(const struct trial_tally *tally);

#endif
