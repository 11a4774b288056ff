/* What no customer of ours causes: robots, the rest of the market, and the rows that the programme
   and its partners keep by the day and month: costs, views, subscribers, reach. */
#include "market/market_priv.h"

#include <math.h>

/* Visits of crawlers to all links, a day in a world of the default size. */
#define CRAWLS_A_DAY 22.0
/* A burst: so many clicks within twenty minutes, from a handful of ids; one or two a month. */
#define BURST_CLICKS 260.0
#define BURST_US (20 * HS_MINUTE_US)
#define BURST_VISITORS 5
/* The rest of the market, a day in all regions of a world of the default size. */
#define CATEGORY_SEARCHES 8000.0
#define OTHER_VISITS 120.0
/* Our own costs: a click of paid search, an hour of work, euro cents. */
#define CLICK_MINOR 85
#define HOUR_MINOR 5200

static double world_size(const struct world *world)
{
  return (double)world->people / HS_MARKET_PEOPLE_DEFAULT;
}

/* --- robots --- */

static void robot_touch(struct store *store, struct touch *touch, uint32_t ordinal,
                        const char *class)
{
  char id[NAME_TEXT];
  /* People's numbers end below; robots have a range of their own above them. */
  touch->id = hs_market_code(HS_MARKET_PEOPLE_MAX + (ordinal >> 15), SLOT_ROBOT, ordinal & 0x7FFF);
  hs_market_name('t', touch->id, id);
  hs_market_store_touch(store, touch);
  store->truth.robot_touches++;
  struct hs_buf *row = hs_market_row_begin(&store->traffic);
  hs_buf_printf(row, "touches,%s,%s", id, class);
  hs_market_row_end(&store->traffic, 0);
}

static int has_links(const struct partner *partner)
{
  return !partner->is_own && (partner->profile.visit > 0 || partner->profile.close > 0 ||
                              partner->profile.click_idle > 0);
}

static void crawl(struct store *store, int32_t day, uint32_t number, uint32_t *ordinal)
{
  const struct world *world = store->world;
  struct chance chance = hs_market_chance(world->seed, DRAW_ROBOT, (uint32_t)day, 0, number);
  uint8_t partner = (uint8_t)(chance.u[0] * (double)world->partner_count);
  if (!has_links(&world->partners[partner]))
    return;
  int64_t at_us = world->from_us + day * HS_DAY_US + (int64_t)(chance.u[1] * (double)HS_DAY_US);
  struct touch touch = {
      .arrival_us = at_us,
      .at_us = at_us,
      .visitor =
          hs_market_code(HS_MARKET_PEOPLE_MAX + (*ordinal >> 15), SLOT_ONCE, *ordinal & 0x7FFF),
      .partner = partner,
      .kind = TOUCH_CLICK,
      .agent = (uint8_t)(AGENT_ROBOT_FIRST + (size_t)(chance.u[2] * AGENTS_ROBOT)),
      .consent = CONSENT_UNKNOWN,
      .campaign = (uint8_t)(chance.u[3] * 12),
  };
  robot_touch(store, &touch, (*ordinal)++, "declared_robot");
}

/* Clicks of a flood look like people's by their user agent, and only by it. */
static void burst(struct store *store, uint8_t partner, int32_t month, uint32_t number,
                  uint32_t *ordinal)
{
  const struct world *world = store->world;
  struct chance when =
      hs_market_chance(world->seed, DRAW_ROBOT_COUNT, partner, (uint32_t)month, number);
  int32_t days = world->month_day[month + 1] - world->month_day[month];
  int64_t begin_us = world->from_us +
                     (world->month_day[month] + (int32_t)(when.u[0] * days)) * HS_DAY_US +
                     (int64_t)(when.u[1] * 23.5 * (double)HS_HOUR_US);
  uint32_t clicks = 20 + (uint32_t)(BURST_CLICKS * world_size(world) * (.5 + when.u[2]));
  for (uint32_t i = 0; i < clicks; i++) {
    struct chance chance = hs_market_chance(world->seed, DRAW_ROBOT, partner,
                                            0x100 + (uint32_t)month, number << 20 | i);
    int64_t at_us = begin_us + (int64_t)(chance.u[0] * (double)BURST_US);
    uint32_t visitor = (uint32_t)(chance.u[1] * BURST_VISITORS);
    struct touch touch = {
        .arrival_us = at_us,
        .at_us = at_us,
        .visitor = hs_market_code(HS_MARKET_PEOPLE_MAX + (uint32_t)month, SLOT_PHONE,
                                  partner * 64U + number * BURST_VISITORS + visitor),
        .partner = partner,
        .kind = TOUCH_CLICK,
        .agent = (uint8_t)(visitor % AGENTS_PHONE),
        .consent = CONSENT_UNKNOWN,
        .campaign = 1,
    };
    robot_touch(store, &touch, (*ordinal)++, "undeclared_burst");
  }
}

static void partner_bursts(struct store *store, uint8_t partner, uint32_t *ordinal)
{
  const struct world *world = store->world;
  for (int32_t month = world->partners[partner].start_month; month < world->months; month++) {
    struct chance chance =
        hs_market_chance(world->seed, DRAW_ROBOT_COUNT, partner, (uint32_t)month, 99);
    uint32_t bursts = 1 + (chance.u[0] < .5);
    for (uint32_t number = 0; number < bursts; number++)
      burst(store, partner, month, number, ordinal);
  }
}

void hs_market_traffic(struct store *store)
{
  const struct world *world = store->world;
  uint32_t ordinal = 0;
  for (int32_t day = 0; day < world->days; day++) {
    struct chance chance = hs_market_chance(world->seed, DRAW_ROBOT, (uint32_t)day, 1, 0);
    /* Four draws of a quarter each: the inversion is exact for small means only. */
    uint32_t visits = 0;
    for (size_t i = 0; i < 4; i++)
      visits += hs_market_poisson(chance.u[i], CRAWLS_A_DAY * world_size(world) / 4, 1000);
    for (uint32_t number = 0; number < visits; number++)
      crawl(store, day, number, &ordinal);
  }
  for (uint8_t i = 0; i < world->partner_count; i++)
    if (world->partners[i].profile.robots == ROBOTS_BURSTS)
      partner_bursts(store, i, &ordinal);
}

/* --- the rest of the market --- */

/* A large Poisson count: normal by its variance, never below 0. */
static uint32_t crowd(double u, double mean)
{
  double z = log(hs_market_lognormal(u, 0, 1));
  return (uint32_t)fmax(0, floor(mean + sqrt(mean) * z + .5));
}

void hs_market_background(struct store *store)
{
  const struct world *world = store->world;
  for (uint32_t region = 0; region < REGION_COUNT; region++)
    for (int32_t day = 0; day < world->days; day++) {
      struct chance chance =
          hs_market_chance(world->seed, DRAW_BACKGROUND, region, 0, (uint32_t)day);
      double scale = world->demand[region][day] * world_size(world) / REGION_COUNT;
      *hs_market_series_cell(store, METRIC_CATEGORY, region, day) +=
          crowd(chance.u[0], CATEGORY_SEARCHES * scale);
      *hs_market_series_cell(store, METRIC_ORGANIC, region, day) +=
          crowd(chance.u[1], OTHER_VISITS * scale);
      *hs_market_series_cell(store, METRIC_DIRECT, region, day) +=
          crowd(chance.u[2], OTHER_VISITS / 2 * scale);
    }
}

/* --- costs --- */

struct cost {
  size_t partner;
  int32_t month;
  const char *kind;
  int64_t amount_minor;
  int32_t hours;
  uint32_t number;
};

static void cost_add(struct store *store, const struct cost *cost)
{
  if (cost->amount_minor == 0)
    return;
  const struct world *world = store->world;
  const struct partner *partner = &world->partners[cost->partner];
  char id[NAME_TEXT];
  hs_market_name(
      'k',
      hs_market_code((uint32_t)cost->partner, SLOT_OTHER, (uint32_t)cost->month * 8 + cost->number),
      id);
  struct hs_buf *row = hs_market_row_begin(&store->costs);
  hs_buf_printf(row, "%s,%s,%s,%s,", id, partner->profile.id,
                partner->is_own ? partner->profile.kind : "", cost->kind);
  hs_market_add_day(row, world->first_day + world->month_day[cost->month]);
  hs_buf_add_char(row, ',');
  hs_market_add_day(row, world->first_day + world->month_day[cost->month + 1] - 1);
  hs_buf_add_char(row, ',');
  hs_market_add_money(row, cost->amount_minor);
  hs_buf_add_text(row, ",EUR,");
  if (cost->hours > 0)
    hs_buf_printf(row, "%d", cost->hours);
  hs_market_row_end(&store->costs, world->from_us + world->month_day[cost->month] * HS_DAY_US);
  hs_market_effect_total(store, cost->partner)->cost_minor += cost->amount_minor;
  hs_market_effect_of(store, cost->partner, cost->month)->cost_minor += cost->amount_minor;
}

static void partner_costs(struct store *store, size_t i, int32_t month)
{
  const struct partner *partner = &store->world->partners[i];
  const struct profile *profile = &partner->profile;
  double effort = partner->effort[month];
  if (effort <= 0)
    return;
  int64_t clicks = partner->is_own ? hs_market_effect_of(store, i, month)->touches : 0;
  struct chance chance =
      hs_market_chance(store->world->seed, DRAW_COST, (uint32_t)i, (uint32_t)month, 0);
  int32_t hours = (int32_t)(profile->hours * effort * (.8 + .4 * chance.u[0]) + .5);
  int64_t media = (int64_t)(profile->media_minor * effort) + clicks * CLICK_MINOR;
  const struct cost ROWS[] = {
      {i, month, "media", media, 0, 0},
      {i, month, "content", (int64_t)(profile->content_minor * effort), 0, 1},
      {i, month, "tools", profile->tools_minor, 0, 2},
      {i, month, "hours", (int64_t)hours * HOUR_MINOR, hours, 3},
  };
  for (size_t row = 0; row < sizeof ROWS / sizeof *ROWS; row++)
    cost_add(store, &ROWS[row]);
}

void hs_market_costs(struct store *store)
{
  for (int32_t month = 0; month < store->world->months; month++)
    for (size_t i = 0; i < store->world->partner_count; i++)
      partner_costs(store, i, month);
}

/* --- activity --- */

static void activity_add(struct store *store, size_t partner, int32_t day, const char *kind,
                         uint32_t count, uint32_t number)
{
  if (count == 0)
    return;
  const struct world *world = store->world;
  char id[NAME_TEXT];
  hs_market_name('a',
                 hs_market_code(HS_MARKET_PEOPLE_MAX + (uint32_t)partner, SLOT_OTHER,
                                (uint32_t)day * 4 + number),
                 id);
  struct hs_buf *row = hs_market_row_begin(&store->activity);
  hs_buf_printf(row, "%s,%s,", id, world->partners[partner].profile.id);
  hs_market_add_day(row, world->first_day + day);
  hs_buf_printf(row, ",%s,%u,", kind, count);
  /* What a day brought is known at its end. */
  hs_market_row_end(&store->activity, world->from_us + (day + 1) * HS_DAY_US - 1);
}

void hs_market_activity(struct store *store)
{
  const struct world *world = store->world;
  for (size_t i = 0; i < world->partner_count; i++)
    for (int32_t day = 0; day < world->days; day++) {
      size_t cell = i * (size_t)world->days + (size_t)day;
      int32_t month = world->day_month[day];
      activity_add(store, i, day, "impressions", store->views[cell], 0);
      activity_add(store, i, day, "subscribers", store->sign_ups[cell], 1);
      if (day + 1 == world->month_day[month + 1] && world->partners[i].profile.views > 0)
        activity_add(store, i, day, "reach",
                     store->monthly_reach[i * (size_t)world->months + (size_t)month], 2);
    }
}
