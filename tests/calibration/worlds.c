#include "calibration/worlds.h"

#include <math.h>
#include <string.h>

#include "stats/random.h"

#define LENGTH_MAX 40
#define WINDOW_DAYS 30.0
#define GAP_DAYS 2.5 /* mean time between two touches of a journey */

const struct world_type WORLD_TYPES[] = {
    {.name = "once",
     .words = "one journey a person, all alike, channels met by chance",
     .person_count = 3000,
     .taste_count = 1,
     .channel_count = 5,
     .channels = {"creator", "coupon", "direct", "email", "search"},
     .taste = {{.10, .16, .30, .24, .20}},
     .next = {WORLD_NOBODY, WORLD_NOBODY, WORLD_NOBODY, WORLD_NOBODY, WORLD_NOBODY},
     .order = {.06, .16, .08, .05, .09},
     .helped = 1.0,
     .delay_days = {3, .05, .5, 1, .5},
     .stop = .30},
    {.name = "regulars",
     .words = "four journeys a person on average, three tastes, a few who order much",
     .person_count = 1200,
     .more_journeys = 3.0,
     .propensity_shape = 0.7,
     .taste_count = 3,
     .channel_count = 5,
     .channels = {"creator", "coupon", "direct", "email", "search"},
     .taste = {{.05, .05, .60, .25, .05}, {.40, .10, .10, .05, .35}, {.05, .55, .10, .20, .10}},
     .next = {WORLD_NOBODY, WORLD_NOBODY, WORLD_NOBODY, WORLD_NOBODY, WORLD_NOBODY},
     .order = {.05, .12, .09, .05, .07},
     .helped = 1.0,
     .delay_days = {3, .05, .5, 1, .5},
     .stop = .35},
    {.name = "funnel",
     .words = "a beaten track from creator to review to search to coupon, orders mostly at its end",
     .person_count = 2500,
     .more_journeys = 0.5,
     .propensity_shape = 2.0,
     .taste_count = 2,
     .channel_count = 4,
     .channels = {"creator", "coupon", "review", "search"},
     .taste = {{.55, .10, .15, .20}, {.15, .30, .15, .40}},
     .follow = 0.6,
     .next = {2, WORLD_NOBODY, 3, 1},
     .order = {.01, .22, .02, .06},
     .helped = 1.8,
     .delay_days = {5, .02, 2, .5},
     .stop = .22},
    {.name = "tail",
     .words = "two channels with most of the touches, the others down to a handful of orders",
     .person_count = 4000,
     .more_journeys = 0.4,
     .propensity_shape = 1.5,
     .taste_count = 2,
     .channel_count = 6,
     .channels = {"creator", "coupon", "direct", "email", "podcast", "search"},
     .taste = {{.070, .025, .50, .012, .004, .389}, {.030, .055, .30, .008, .004, .603}},
     .next = {5, WORLD_NOBODY, WORLD_NOBODY, 2, 2, WORLD_NOBODY},
     .follow = 0.2,
     .order = {.05, .15, .06, .10, .05, .07},
     .helped = 1.5,
     .delay_days = {4, .05, .5, 1, 6, .5},
     .stop = .32},
};
const size_t WORLD_TYPE_COUNT = sizeof WORLD_TYPES / sizeof *WORLD_TYPES;

struct drawing {
  struct hs_arena *arena;
  const struct world_type *type;
  struct hs_random rng;
  struct hs_str *channels;
  uint32_t *first_step, *person, *age_s;
  uint16_t *steps;
  double *conversions, *value, *nulls;
  size_t path_count, path_room;
  size_t step_count, step_room;
};

/* Larger by half; the arrays of a drawing stand one behind the other, so this copies. */
static void *grown(struct drawing *d, void *block, size_t count, size_t room, size_t size)
{
  void *larger = hs_arena_alloc_raw(d->arena, room, size);
  HS_ASSERT(larger != NULL);
  if (count > 0)
    memcpy(larger, block, count * size);
  return larger;
}

static void make_room(struct drawing *d)
{
  if (d->path_count + 1 >= d->path_room) {
    size_t room = d->path_room + d->path_room / 2 + 1024;
    d->first_step = grown(d, d->first_step, d->path_room == 0 ? 0 : d->path_count + 1, room,
                          sizeof *d->first_step);
    d->person = grown(d, d->person, d->path_count, room, sizeof *d->person);
    d->conversions = grown(d, d->conversions, d->path_count, room, sizeof *d->conversions);
    d->value = grown(d, d->value, d->path_count, room, sizeof *d->value);
    d->nulls = grown(d, d->nulls, d->path_count, room, sizeof *d->nulls);
    d->path_room = room;
  }
  if (d->step_count + LENGTH_MAX > d->step_room) {
    size_t room = d->step_room + d->step_room / 2 + 4096;
    d->steps = grown(d, d->steps, d->step_count, room, sizeof *d->steps);
    d->age_s = grown(d, d->age_s, d->step_count, room, sizeof *d->age_s);
    d->step_room = room;
  }
}

static size_t draw_channel(struct drawing *d, size_t taste, int beaten)
{
  if (beaten != WORLD_NOBODY && hs_random_uniform(&d->rng) < d->type->follow)
    return (size_t)beaten;
  double u = hs_random_uniform(&d->rng);
  size_t k = 0;
  for (; k + 1 < d->type->channel_count && u >= d->type->taste[taste][k]; k++)
    u -= d->type->taste[taste][k];
  return k;
}

/* One journey: its touches with their times, then the ages against its end. */
static void draw_journey(struct drawing *d, uint32_t person, size_t taste, double propensity)
{
  make_room(d);
  const struct world_type *type = d->type;
  double at[LENGTH_MAX];
  uint16_t *steps = d->steps + d->step_count;
  size_t length = 0;
  int is_order = 0;
  int is_helped = 0;
  int beaten = WORLD_NOBODY;
  double now = 0;
  for (int is_over = 0; !is_over;) {
    size_t k = draw_channel(d, taste, beaten);
    at[length] = now;
    steps[length++] = (uint16_t)k;
    double intensity = type->order[k] * propensity * (is_helped ? type->helped : 1.0);
    is_order = hs_random_uniform(&d->rng) < -expm1(-intensity);
    is_over = is_order || length == LENGTH_MAX || hs_random_uniform(&d->rng) < type->stop;
    is_helped = is_helped || k == 0;
    beaten = type->next[k];
    now += is_order  ? type->delay_days[k] * hs_random_exponential(&d->rng)
           : is_over ? WINDOW_DAYS
                     : GAP_DAYS * hs_random_exponential(&d->rng);
  }
  for (size_t i = 0; i < length; i++)
    d->age_s[d->step_count + i] = (uint32_t)((now - at[i]) * 86400.0);
  d->step_count += length;
  d->person[d->path_count] = person;
  d->conversions[d->path_count] = is_order;
  d->value[d->path_count] = is_order ? exp(3.5 + 0.7 * hs_random_normal(&d->rng)) : 0;
  d->nulls[d->path_count] = !is_order;
  d->first_step[++d->path_count] = (uint32_t)d->step_count;
}

static void draw_person(struct drawing *d, uint32_t person)
{
  double shape = d->type->propensity_shape;
  size_t taste = hs_random_below(&d->rng, (uint32_t)d->type->taste_count);
  double propensity = shape > 0 ? hs_random_gamma(&d->rng, shape) / shape : 1.0;
  uint64_t journeys = 1 + hs_random_poisson(&d->rng, d->type->more_journeys);
  for (uint64_t i = 0; i < journeys; i++)
    draw_journey(d, person, taste, propensity);
}

struct hs_paths world_draw(struct hs_arena *arena, const struct world_type *type, uint64_t seed,
                           uint64_t world, size_t person_count)
{
  struct drawing d = {.arena = arena, .type = type, .rng = hs_random_open(seed, world)};
  d.channels = hs_arena_alloc(arena, type->channel_count, sizeof *d.channels);
  HS_ASSERT(d.channels != NULL);
  for (size_t k = 0; k < type->channel_count; k++)
    d.channels[k] = hs_str_of(type->channels[k]);
  make_room(&d);
  d.first_step[0] = 0;
  for (size_t person = 0; person < person_count; person++)
    draw_person(&d, (uint32_t)person);
  return (struct hs_paths){.channel_count = type->channel_count,
                           .channels = d.channels,
                           .path_count = d.path_count,
                           .first_step = d.first_step,
                           .steps = d.steps,
                           .conversions = d.conversions,
                           .value = d.value,
                           .nulls = d.nulls,
                           .person = d.person,
                           .age_s = d.age_s};
}
