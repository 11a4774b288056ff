#include "calibration/trend_worlds.h"

#include <math.h>
#include <stdlib.h>

#include "base/parallel.h"
#include "stats/random.h"

#define COUNT_MAX 128
#define WORLDS_MAX 100000
#define ELASTICITY 0.6

const struct trend_world TREND_WORLDS[TREND_WORLD_COUNT] = {
    {.name = "compounding",
     .words = "25 % a year for five years, by quarter, noise 8 %",
     .count = 20,
     .per_year = 4,
     .noise = 0.08,
     .growth_before = 0.25,
     .growth_since = 0.25},
    {.name = "compounding, monthly",
     .words = "the same by month, with seasons and noise 10 %",
     .count = 48,
     .per_year = 12,
     .season = 0.2,
     .noise = 0.1,
     .growth_before = 0.25,
     .growth_since = 0.25},
    {.name = "compounding, quiet",
     .words = "25 % a year by quarter, noise 3 %",
     .count = 20,
     .per_year = 4,
     .noise = 0.03,
     .growth_before = 0.25,
     .growth_since = 0.25},
    {.name = "compounding, walk",
     .words = "the same, and the level walks by 10 % a year",
     .count = 20,
     .per_year = 4,
     .noise = 0.05,
     .walk = 0.1,
     .growth_before = 0.25,
     .growth_since = 0.25},
    {.name = "taking off",
     .words = "flat for three years, then 40 % a year for two",
     .count = 20,
     .per_year = 4,
     .noise = 0.05,
     .growth_since = 0.4,
     .turn = 2,
     .turning = 0.5},
    {.name = "plateau",
     .words = "40 % a year, none for the last two years; by quarter, noise 5 %",
     .count = 24,
     .per_year = 4,
     .noise = 0.05,
     .growth_before = 0.4,
     .turn = 2,
     .turning = 1},
    {.name = "plateau, sudden",
     .words = "40 % a year until a year and a half ago, none since",
     .count = 24,
     .per_year = 4,
     .noise = 0.05,
     .growth_before = 0.4,
     .turn = 1.5},
    {.name = "plateau, monthly",
     .words = "40 % a year, none for two years; seasons, noise 8 %",
     .count = 60,
     .per_year = 12,
     .season = 0.2,
     .noise = 0.08,
     .growth_before = 0.4,
     .turn = 2,
     .turning = 1},
    {.name = "flat",
     .words = "never grew, by quarter, noise 8 %",
     .count = 24,
     .per_year = 4,
     .noise = 0.08},
    {.name = "flat, walk",
     .words = "never grew but walks by 15 % a year",
     .count = 24,
     .per_year = 4,
     .noise = 0.05,
     .walk = 0.15},
    {.name = "flat, heavy tails",
     .words = "never grew, noise t of 3 degrees",
     .count = 24,
     .per_year = 4,
     .noise = 0.06,
     .tail = 3},
    {.name = "fading",
     .words = "30 % a year, then -30 % for two years; by quarter, noise 6 %",
     .count = 24,
     .per_year = 4,
     .noise = 0.06,
     .growth_before = 0.3,
     .growth_since = -0.3,
     .turn = 2,
     .turning = 1},
    {.name = "fading, monthly",
     .words = "the same by month with seasons, noise 10 %",
     .count = 60,
     .per_year = 12,
     .season = 0.2,
     .noise = 0.1,
     .growth_before = 0.3,
     .growth_since = -0.3,
     .turn = 2,
     .turning = 1},
    {.name = "just turned",
     .words = "40 % a year until half a year ago, -30 % since",
     .count = 24,
     .per_year = 4,
     .noise = 0.05,
     .growth_before = 0.4,
     .growth_since = -0.3,
     .turn = 0.5},
    {.name = "short",
     .words = "25 % a year seen for six quarters",
     .count = 6,
     .per_year = 4,
     .noise = 0.08,
     .growth_before = 0.25,
     .growth_since = 0.25},
    {.name = "short, flat",
     .words = "no growth seen for eight quarters",
     .count = 8,
     .per_year = 4,
     .noise = 0.08},
    {.name = "short, monthly",
     .words = "25 % a year seen for 14 months with seasons",
     .count = 14,
     .per_year = 12,
     .season = 0.2,
     .noise = 0.08,
     .growth_before = 0.25,
     .growth_since = 0.25},
    {.name = "effort steady",
     .words = "25 % a year while effort stays about the same",
     .count = 24,
     .per_year = 4,
     .noise = 0.06,
     .growth_before = 0.25,
     .growth_since = 0.25,
     .effort = EFFORT_STEADY},
    {.name = "effort grows",
     .words = "value follows an effort that grows by 30 % a year, no more",
     .count = 24,
     .per_year = 4,
     .noise = 0.06,
     .effort = EFFORT_GROWING},
    {.name = "effort planned",
     .words = "25 % a year beside an effort varied by plan",
     .count = 24,
     .per_year = 4,
     .noise = 0.06,
     .growth_before = 0.25,
     .growth_since = 0.25,
     .effort = EFFORT_PLANNED},
    {.name = "effort planned, flat",
     .words = "no growth beside an effort varied by plan",
     .count = 24,
     .per_year = 4,
     .noise = 0.06,
     .effort = EFFORT_PLANNED},
};

static double growth_at(const struct trend_world *world, double years_left)
{
  double part = world->turning > 0 ? (world->turn + world->turning - years_left) / world->turning
                                   : (years_left <= world->turn ? 1.0 : 0.0);
  part = fmin(1, fmax(0, part));
  return world->growth_before + part * (world->growth_since - world->growth_before);
}

/* Of the step after period t. */
static double growth_of_step(const struct trend_world *world, size_t t)
{
  return growth_at(world, (double)(world->count - 1 - t) / world->per_year);
}

double trend_true_growth(const struct trend_world *world)
{
  double window = fmin(world->per_year, (double)world->count - 1);
  double sum = 0;
  for (size_t t = world->count - 1 - (size_t)window; t + 1 < world->count; t++)
    sum += growth_of_step(world, t) / window;
  return sum;
}

static double draw_noise(const struct trend_world *world, struct hs_random *rng)
{
  double z = hs_random_normal(rng);
  if (world->tail > 0)
    z /= sqrt(2 * hs_random_gamma(rng, world->tail / 2) / world->tail);
  return world->noise * z;
}

static void draw_effort(const struct trend_world *world, struct hs_random *rng, double *log_effort)
{
  for (size_t t = 0; t < world->count; t++) {
    double z = hs_random_normal(rng);
    double years = (double)t / world->per_year;
    log_effort[t] = world->effort == EFFORT_GROWING  ? 0.3 * years + 0.1 * z
                    : world->effort == EFFORT_STEADY ? 0.1 * z
                                                     : 0.5 * z;
  }
}

static void draw_world(const struct trend_world *world, struct hs_random *rng, double *value,
                       double *effort)
{
  double log_effort[COUNT_MAX] = {0};
  double level = 7;
  double elasticity = world->effort == EFFORT_GROWING ? 1 : ELASTICITY;
  double phase = 6.283185307179586 * hs_random_uniform(rng);
  if (world->effort != EFFORT_UNKNOWN)
    draw_effort(world, rng, log_effort);
  for (size_t t = 0; t < world->count; t++) {
    double angle = phase + 6.283185307179586 * (double)t / world->per_year;
    double part = world->effort == EFFORT_UNKNOWN ? 0 : elasticity * log_effort[t];
    value[t] = exp(level + part + world->season * sin(angle) + draw_noise(world, rng));
    effort[t] = exp(log_effort[t]);
    level += growth_of_step(world, t) / world->per_year +
             world->walk / sqrt(world->per_year) * hs_random_normal(rng);
  }
}

struct outcome {
  enum hs_trend_verdict verdict;
  double low, high;
  size_t periods;
};

struct trial {
  const struct trend_world *world;
  uint64_t seed;
  double material, mass;
  struct outcome *outcomes;
};

static enum hs_status run_one(void *context, [[maybe_unused]] size_t worker, size_t item,
                              struct hs_err *err)
{
  struct trial *trial = context;
  struct hs_arena arena = {0};
  struct hs_trend trend;
  double value[COUNT_MAX];
  double effort[COUNT_MAX];
  struct hs_random rng = hs_random_open(trial->seed, item);
  draw_world(trial->world, &rng, value, effort);
  const struct hs_trend_input input = {
      .value = value,
      .count = trial->world->count,
      .effort = trial->world->effort == EFFORT_UNKNOWN ? NULL : effort,
      .periods_per_year = trial->world->per_year,
      .season = trial->world->season > 0 ? (uint32_t)trial->world->per_year : 0,
      .material = trial->material,
      .mass = trial->mass,
      .is_effort_planned = trial->world->effort == EFFORT_PLANNED};
  enum hs_status status = hs_arena_init(&arena, 64 * HS_MIB, err);
  if (status == HS_OK)
    status = hs_trend_estimate(&arena, &input, &trend, err);
  if (status == HS_OK)
    trial->outcomes[item] = (struct outcome){trend.verdict, trend.growth.low, trend.growth.high,
                                             trend.periods_to_decide};
  hs_arena_release(&arena);
  return status;
}

static void add(struct trend_tally *tally, const struct outcome *outcome)
{
  tally->by_verdict[outcome->verdict]++;
  tally->wrong += outcome->verdict >= HS_TREND_FADING && outcome->verdict != tally->truth;
  if (!isnan(outcome->low)) {
    tally->asked++;
    tally->covered += outcome->low <= tally->growth && tally->growth <= outcome->high;
    tally->width += outcome->high - outcome->low;
  }
  if (outcome->verdict == HS_TREND_TOO_EARLY && outcome->periods != SIZE_MAX) {
    tally->told++;
    tally->periods += (double)outcome->periods;
  }
}

struct trend_tally trend_trial(const struct trend_world *world, uint64_t seed, size_t worlds,
                               double material, double mass)
{
  static struct outcome outcomes[WORLDS_MAX];
  struct hs_err err;
  struct trial trial = {world, seed, material, mass, outcomes};
  struct trend_tally tally = {.worlds = worlds, .growth = trend_true_growth(world)};
  tally.truth = tally.growth > material    ? HS_TREND_COMPOUNDING
                : tally.growth < -material ? HS_TREND_FADING
                                           : HS_TREND_PLATEAU;
  HS_ASSERT(worlds <= WORLDS_MAX && world->count <= COUNT_MAX);
  enum hs_status status = hs_parallel_run(hs_worker_count(0), worlds, run_one, &trial, &err);
  HS_ASSERT(status == HS_OK);
  for (size_t i = 0; i < worlds; i++)
    add(&tally, &outcomes[i]);
  return tally;
}
