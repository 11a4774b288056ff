#include "support/small_paths.h"

#include <string.h>

uint64_t small_random_below(struct small_random *random, uint64_t bound)
{
  uint64_t z = random->state += 0x9E3779B97F4A7C15U;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
  z = (z ^ z >> 27) * 0x94D049BB133111EBU;
  return (z ^ z >> 31) % bound;
}

double small_random_unit(struct small_random *random)
{
  return (double)small_random_below(random, (uint64_t)1 << 53) * 0x1p-53;
}

static void *take(struct hs_arena *arena, size_t count, size_t size)
{
  void *block = hs_arena_alloc(arena, count, size);
  HS_ASSERT(block != NULL);
  return block;
}

static struct hs_str *name_channels(struct hs_arena *arena, size_t count)
{
  struct hs_str *names = take(arena, count, sizeof *names);
  for (size_t c = 0; c < count; c++) {
    /* 7 has no common factor with any count in use: names are distinct and out of order. */
    char text[] = {(char)('a' + (c * 7 + 3) % 26), (char)('a' + c / 26), '\0'};
    names[c] = (struct hs_str){hs_arena_copy(arena, text, 2), 2};
  }
  return names;
}

struct hs_paths small_paths(struct hs_arena *arena, struct small_random *random,
                            const struct small_options *o)
{
  uint32_t *first = take(arena, o->path_count + 1, sizeof *first);
  uint16_t *steps = take(arena, o->path_count * o->length_max, sizeof *steps);
  uint32_t *age = take(arena, o->path_count * o->length_max, sizeof *age);
  double *conversions = take(arena, o->path_count, sizeof *conversions);
  double *value = take(arena, o->path_count, sizeof *value);
  double *nulls = take(arena, o->path_count, sizeof *nulls);
  uint32_t *person = take(arena, o->path_count, sizeof *person);
  for (size_t p = 0; p < o->path_count; p++) {
    size_t length = 1 + small_random_below(random, o->length_max);
    first[p + 1] = first[p] + (uint32_t)length;
    for (size_t i = 0; i < length; i++) {
      steps[first[p] + i] = (uint16_t)small_random_below(random, o->channel_count);
      age[first[p] + i] = (uint32_t)((length - 1 - i) * 40000 + small_random_below(random, 40000));
    }
    conversions[p] = (double)small_random_below(random, 3);
    value[p] = conversions[p] * (double)(1 + small_random_below(random, 5000)) / 100;
    nulls[p] = (double)small_random_below(random, 4);
    person[p] = p == 0 ? 0 : person[p - 1] + (uint32_t)small_random_below(random, 2);
  }
  return (struct hs_paths){.channel_count = o->channel_count,
                           .channels = name_channels(arena, o->channel_count),
                           .path_count = o->path_count,
                           .first_step = first,
                           .steps = steps,
                           .conversions = conversions,
                           .value = value,
                           .nulls = nulls,
                           .person = o->has_persons ? person : NULL,
                           .age_s = o->has_ages ? age : NULL};
}

static size_t *shuffle(struct hs_arena *arena, struct small_random *random, size_t count)
{
  size_t *order = take(arena, count, sizeof *order);
  for (size_t i = 0; i < count; i++) {
    size_t j = small_random_below(random, i + 1);
    order[i] = order[j];
    order[j] = i;
  }
  return order;
}

struct hs_paths small_shuffled(struct hs_arena *arena, struct small_random *random,
                               const struct hs_paths *paths)
{
  size_t *row = shuffle(arena, random, paths->path_count);
  size_t *place = shuffle(arena, random, paths->channel_count);
  size_t step_count = paths->first_step[paths->path_count];
  struct hs_str *names = take(arena, paths->channel_count, sizeof *names);
  uint32_t *first = take(arena, paths->path_count + 1, sizeof *first);
  uint16_t *steps = take(arena, step_count, sizeof *steps);
  uint32_t *age = take(arena, step_count, sizeof *age);
  double *counts[3];
  const double *from[] = {paths->conversions, paths->value, paths->nulls};
  for (size_t k = 0; k < 3; k++)
    counts[k] = take(arena, paths->path_count, sizeof *counts[k]);
  for (size_t c = 0; c < paths->channel_count; c++)
    names[place[c]] = paths->channels[c];
  for (size_t p = 0; p < paths->path_count; p++) {
    size_t old = paths->first_step[row[p]];
    size_t length = paths->first_step[row[p] + 1] - old;
    for (size_t i = 0; i < length; i++) {
      steps[first[p] + i] = (uint16_t)place[paths->steps[old + i]];
      age[first[p] + i] = paths->age_s == NULL ? 0 : paths->age_s[old + i];
    }
    first[p + 1] = first[p] + (uint32_t)length;
    for (size_t k = 0; k < 3; k++)
      counts[k][p] = from[k][row[p]];
  }
  struct hs_paths shuffled = *paths;
  shuffled.channels = names;
  shuffled.first_step = first;
  shuffled.steps = steps;
  shuffled.conversions = counts[0];
  shuffled.value = counts[1];
  shuffled.nulls = counts[2];
  shuffled.age_s = paths->age_s == NULL ? NULL : age;
  return shuffled;
}
