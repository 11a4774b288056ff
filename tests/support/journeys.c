#include "support/journeys.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <string.h>

static const char *const NAMES[JOURNEY_CHANNELS_MAX] = {"a", "b", "c", "d", "e", "f", "g", "h",
                                                        "i", "j", "k", "l", "m", "n", "o", "p"};

void journeys_clear(struct journeys *journeys, size_t channel_count)
{
  assert_true(channel_count <= JOURNEY_CHANNELS_MAX);
  memset(&journeys->sample, 0, sizeof journeys->sample);
  for (size_t k = 0; k < channel_count; k++)
    journeys->channels[k] = hs_str_of(NAMES[k]);
  journeys->first_step[0] = 0;
  journeys->unit_first_path[0] = 0;
  journeys->sample = (struct hs_sample){.paths = {.channel_count = channel_count,
                                                  .channels = journeys->channels,
                                                  .first_step = journeys->first_step,
                                                  .steps = journeys->steps,
                                                  .conversions = journeys->conversions,
                                                  .value = journeys->value,
                                                  .nulls = journeys->nulls,
                                                  .age_s = journeys->age_s},
                                        .unit_first_path = journeys->unit_first_path,
                                        .unit_shape = journeys->unit_shape};
}

void journeys_add(struct journeys *journeys, const uint16_t *steps, const uint32_t *age_s,
                  size_t length, double conversions, double value, double nulls)
{
  struct hs_sample *sample = &journeys->sample;
  size_t path = sample->paths.path_count;
  size_t first = journeys->first_step[path];
  assert_true(path < JOURNEYS_MAX && first + length <= JOURNEY_STEPS_MAX);
  memcpy(journeys->steps + first, steps, length * sizeof *steps);
  memcpy(journeys->age_s + first, age_s, length * sizeof *age_s);
  journeys->first_step[path + 1] = (uint32_t)(first + length);
  journeys->conversions[path] = conversions;
  journeys->value[path] = value;
  journeys->nulls[path] = nulls;
  journeys->unit_first_path[path + 1] = (uint32_t)path + 1;
  journeys->unit_shape[path] = 1;
  sample->paths.path_count = path + 1;
  sample->unit_count = path + 1;
  sample->conversions += conversions;
  sample->value += value;
  sample->nulls += nulls;
  sample->channel_step_count += length;
}

void journeys_scale(struct journeys *journeys, size_t journey, double factor)
{
  journeys->sample.conversions += factor * journeys->conversions[journey];
  journeys->sample.value += factor * journeys->value[journey];
  journeys->sample.nulls += factor * journeys->nulls[journey];
  journeys->conversions[journey] *= 1 + factor;
  journeys->value[journey] *= 1 + factor;
  journeys->nulls[journey] *= 1 + factor;
}
