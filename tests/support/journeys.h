/* Builds a sample by hand, journey by journey, without the settling of measure/paths.h: each
   journey stays a path and a unit of its own, so a test can weigh or leave out single ones. */
#ifndef HANSA_TESTS_JOURNEYS_H
#define HANSA_TESTS_JOURNEYS_H

#include "measure/paths.h"

#define JOURNEYS_MAX 60000
#define JOURNEY_STEPS_MAX 400000
#define JOURNEY_CHANNELS_MAX 16

struct journeys {
  struct hs_sample sample; /* points into what follows, kept up by journeys_add */
  struct hs_str channels[JOURNEY_CHANNELS_MAX];
  uint32_t first_step[JOURNEYS_MAX + 1];
  uint16_t steps[JOURNEY_STEPS_MAX];
  uint32_t age_s[JOURNEY_STEPS_MAX];
  double conversions[JOURNEYS_MAX];
  double value[JOURNEYS_MAX];
  double nulls[JOURNEYS_MAX];
  uint32_t unit_first_path[JOURNEYS_MAX + 1];
  double unit_shape[JOURNEYS_MAX];
};

void journeys_clear(struct journeys *journeys, size_t channel_count);
/* length steps with their ages; fails the test when there is no more room. */
void journeys_add(struct journeys *journeys, const uint16_t *steps, const uint32_t *age_s,
                  size_t length, double conversions, double value, double nulls);
/* Adds so much to every count and value of a journey, as a factor: 0 is nothing, −1 takes it out.
 */
void journeys_scale(struct journeys *journeys, size_t journey, double factor);

#endif
