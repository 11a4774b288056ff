#include "market/market_priv.h"

#include <math.h>
#include <string.h>

/* 2025-01-01, a Wednesday: a year whose seasons a reader knows. */
#define FIRST_YEAR 2025
/* The demand for what is sold grows by this a month, whatever partners do. */
#define MARKET_GROWTH .005
/* Demand wanders from day to day, as markets do: an AR(1) on the log, shared and by region. */
#define SHOCK_PERSISTENCE .8
#define SHOCK_SD .05
/* How far the seed moves a partner's numbers from the cast's: one standard deviation on the log. */
#define JITTER_SD .2

static const char *const REGIONS[REGION_COUNT] = {"north", "east",   "south",
                                                  "west",  "centre", "coast"};
/* From 1970-01-01, a Thursday. Private customers shop on Sundays and Mondays. */
static const double WEEKDAY[7] = {.97, .92, .95, 1.13, 1.06, 1.00, .97};
static const double SEASON[12] = {.97, .91, .94, .96, .97, .94, .90, .92, 1.00, 1.06, 1.22, 1.21};

const char *hs_market_region_name(size_t region) { return REGIONS[region]; }

/* The share of a day's traffic by hour: quiet nights, a peak after dinner. */
int64_t hs_market_time_of_day(double u)
{
  static const double HOURS[24] = {1.2, .7,  .4,  .3,  .3,  .6,  1.6, 3.0, 4.2, 4.9, 5.2, 5.4,
                                   5.6, 5.2, 5.0, 5.0, 5.2, 5.6, 6.3, 7.4, 8.3, 8.0, 6.4, 4.2};
  double rest = u * 100;
  for (size_t hour = 0; hour < 24; hour++) {
    if (rest < HOURS[hour] || hour == 23) {
      double within = fmin(rest / HOURS[hour], .999999);
      return (int64_t)hour * HS_HOUR_US + (int64_t)(within * (double)HS_HOUR_US);
    }
    rest -= HOURS[hour];
  }
  return 0;
}

int hs_market_is_in_run(const struct world *world, int64_t at_us)
{
  return at_us >= world->from_us && at_us < world->until_us;
}

int32_t hs_market_day(const struct world *world, int64_t at_us)
{
  HS_ASSERT(hs_market_is_in_run(world, at_us));
  return (int32_t)((at_us - world->from_us) / HS_DAY_US);
}

int32_t hs_market_month(const struct world *world, int64_t at_us)
{
  return world->day_month[hs_market_day(world, at_us)];
}

static void calendar_set(struct world *world, int32_t months)
{
  world->months = months;
  world->first_day = hs_day_of(FIRST_YEAR, 1, 1);
  for (int32_t m = 0; m <= months; m++)
    world->month_day[m] = hs_day_of(FIRST_YEAR + m / 12, 1 + m % 12, 1) - world->first_day;
  world->days = world->month_day[months];
  world->from_us = world->first_day * HS_DAY_US;
  world->until_us = world->from_us + world->days * HS_DAY_US;
}

static void shocks_draw(const struct world *world, uint32_t subject, double *shock)
{
  double state = 0;
  for (int32_t day = 0; day < world->days; day++) {
    struct chance chance = hs_market_chance(world->seed, DRAW_SHOCK, subject, 0, (uint32_t)day);
    state = SHOCK_PERSISTENCE * state + log(hs_market_lognormal(chance.u[0], 0, SHOCK_SD));
    shock[day] = state;
  }
}

static void demand_draw(struct world *world, double *shared, double *own)
{
  shocks_draw(world, REGION_COUNT, shared);
  for (uint32_t region = 0; region < REGION_COUNT; region++) {
    shocks_draw(world, region, own);
    double sum = 0;
    for (int32_t day = 0; day < world->days; day++) {
      int32_t month = world->day_month[day];
      double demand = WEEKDAY[(world->first_day + day) % 7] * SEASON[month % 12] *
                      pow(1 + MARKET_GROWTH, month) * exp(shared[day] + .6 * own[day]);
      world->demand[region][day] = demand;
      world->demand_before[region][day] = sum;
      sum += demand;
    }
    world->demand_before[region][world->days] = sum;
  }
}

static enum hs_status demand_build(struct world *world, struct hs_arena *arena, struct hs_err *err)
{
  size_t days = (size_t)world->days;
  world->day_month = hs_arena_alloc(arena, days, sizeof *world->day_month);
  double *shared = hs_arena_alloc(arena, days, sizeof *shared);
  double *own = hs_arena_alloc(arena, days, sizeof *own);
  int is_whole = world->day_month && shared && own;
  for (size_t region = 0; region < REGION_COUNT; region++) {
    world->demand[region] = hs_arena_alloc(arena, days, sizeof(double));
    world->demand_before[region] = hs_arena_alloc(arena, days + 1, sizeof(double));
    is_whole = is_whole && world->demand[region] && world->demand_before[region];
  }
  if (!is_whole)
    return hs_arena_full(arena, "the calendar of the market", err);
  for (int32_t month = 0; month < world->months; month++)
    for (int32_t day = world->month_day[month]; day < world->month_day[month + 1]; day++)
      world->day_month[day] = month;
  demand_draw(world, shared, own);
  return HS_OK;
}

/* What a partner's audience is worth in a month of its life, beside what effort buys. */
static double trend_level(enum hs_market_trend trend, int32_t age)
{
  switch (trend) {
  case HS_MARKET_COMPOUNDING:
    return fmin(.55 * pow(1.08, age), 2.4);
  case HS_MARKET_FADING:
    return fmax(1.3 * pow(.86, age), .12);
  case HS_MARKET_PLATEAU:
    break;
  }
  return 1;
}

static void partner_levels_set(const struct world *world, struct partner *partner)
{
  const struct profile *profile = &partner->profile;
  partner->start_month = (int32_t)(profile->start * world->months);
  for (int32_t month = partner->start_month; month < world->months; month++) {
    int32_t age = month - partner->start_month;
    partner->effort[month] = pow(1 + profile->effort_growth, fmin(age, 24));
    partner->level[month] = trend_level(profile->trend, age) * pow(partner->effort[month], .9);
  }
}

/* The seed makes each world another one: sizes and strengths vary, signs and kinds do not. */
static void partner_vary(uint64_t seed, uint32_t index, struct profile *profile)
{
  struct chance chance = hs_market_chance(seed, DRAW_JITTER, index, 0, 0);
  double size = hs_market_lognormal(chance.u[0], 0, JITTER_SD);
  double strength = hs_market_lognormal(chance.u[1], 0, JITTER_SD);
  profile->member = fmin(profile->member * size, .9);
  profile->view_awareness *= strength;
  profile->lift *= strength;
}

/* 0 when there is no partner of that name. */
static int partners_build(struct world *world, const char *late)
{
  int is_found = late == NULL;
  world->partner_count = hs_market_cast_size();
  HS_ASSERT(world->partner_count <= PARTNERS_MAX);
  for (size_t i = 0; i < world->partner_count; i++) {
    struct partner *partner = &world->partners[i];
    partner->profile = *hs_market_cast(i);
    partner->is_own = partner->profile.id[0] == 0;
    if (late != NULL) {
      int is_late = !partner->is_own && strcmp(partner->profile.id, late) == 0;
      partner->profile.start = is_late ? .5 : 0;
      is_found |= is_late;
    }
    if (partner->is_own)
      world->own_mask |= UINT64_C(1) << i;
    partner_vary(world->seed, (uint32_t)i, &partner->profile);
    partner_levels_set(world, partner);
  }
  return is_found;
}

enum hs_status hs_market_world_build(const struct hs_market_options *options,
                                     struct hs_arena *arena, struct world *world,
                                     struct hs_err *err)
{
  if (options->months < 1 || options->months > HS_MARKET_MONTHS_MAX)
    return hs_fail(err, HS_USAGE, "months must be 1 to %d, got %d", HS_MARKET_MONTHS_MAX,
                   options->months);
  int32_t people = options->people == 0 ? HS_MARKET_PEOPLE_DEFAULT : options->people;
  if (people < HS_MARKET_PEOPLE_MIN || people > HS_MARKET_PEOPLE_MAX)
    return hs_fail(err, HS_USAGE, "people must be %d to %d, got %d", HS_MARKET_PEOPLE_MIN,
                   HS_MARKET_PEOPLE_MAX, people);
  memset(world, 0, sizeof *world);
  world->seed = options->seed;
  world->people = (uint32_t)people;
  calendar_set(world, options->months);
  if (!partners_build(world, options->late))
    return hs_fail(err, HS_USAGE, "there is no partner %s in the cast", options->late);
  return demand_build(world, arena, err);
}
