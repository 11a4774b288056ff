#include "market/market_priv.h"

#include <math.h>
#include <string.h>

/* Partners were there before the run begins; without these months every audience would look as if
   it had just been won, and every partner as if it compounded. */
#define WARM_UP_MONTHS 3
#define WARM_UP_MONTH_US (30 * HS_DAY_US)

#define SHARE_NEVER_BUYS .10
#define SHARE_KNOW_THE_BRAND .34
#define NEEDS_A_YEAR 1.5
#define NEEDS_SD .6
#define SHARE_OF_TEAM_NEEDS .07
#define TEAM_AMOUNT_FACTOR 7
/* From the need to the decision: a median of two and a half days, at most four weeks. */
#define DELAY_DAYS 2.5
#define DELAY_SD 1.0
#define DELAY_DAYS_MAX 28.0
/* Needs that arose before the run and are decided inside it. */
#define LEAD_IN_DAYS 28
#define AMOUNT_SD .55
#define AMOUNT_MINOR_MIN 500
#define REFUND_SHARE .07
#define REFUND_FULL .6
/* Members are found among those whom the partner's topics concern. */
#define AFFINITY_FITTING 1.6
#define AFFINITY_OTHER .6
/* What a click adds to familiarity, as a multiple of a view. */
#define CLICK_AWARENESS 1.6
/* What is shown about other topics stays in memory this well. */
#define OFF_TOPIC .35

static uint32_t index_of(double u, uint32_t count) { return (uint32_t)(u * count); }

static uint32_t region_of(double u)
{
  static const double SHARES[REGION_COUNT] = {.22, .20, .18, .16, .14, .10};
  uint32_t region = 0;
  while (region + 1 < REGION_COUNT && u >= SHARES[region])
    u -= SHARES[region++];
  return region;
}

static enum consent consent_of(double u)
{
  if (u < .80)
    return CONSENT_GRANTED;
  return u < .92 ? CONSENT_DENIED : CONSENT_UNKNOWN;
}

static void traits_draw(const struct world *world, struct person *person)
{
  uint64_t seed = world->seed;
  struct chance who = hs_market_chance(seed, DRAW_TRAITS, person->index, 0, 0);
  struct chance taste = hs_market_chance(seed, DRAW_TRAITS, person->index, 1, 0);
  person->region = region_of(who.u[0]);
  person->never_buys = who.u[1] < SHARE_NEVER_BUYS;
  person->activity =
      person->never_buys
          ? 0
          : hs_market_lognormal(who.u[2], log(NEEDS_A_YEAR) - NEEDS_SD * NEEDS_SD / 2, NEEDS_SD);
  person->familiarity = who.u[3] < SHARE_KNOW_THE_BRAND ? 1 : 0;
  person->taste = log(hs_market_lognormal(taste.u[0], 0, .6));
  person->deal = taste.u[1] * taste.u[1];
  person->topics[0] = index_of(taste.u[2], TOPIC_COUNT);
  person->topics[1] = index_of(taste.u[3], TOPIC_COUNT);
}

static void habits_draw(const struct world *world, struct person *person)
{
  uint64_t seed = world->seed;
  struct chance has = hs_market_chance(seed, DRAW_HABITS, person->index, 0, 0);
  struct chance how = hs_market_chance(seed, DRAW_HABITS, person->index, 1, 0);
  struct chance home = hs_market_chance(seed, DRAW_HOUSEHOLD, person->index >> 1, 0, 0);
  person->consent = consent_of(has.u[0]);
  person->has_laptop = has.u[1] < .65;
  person->has_kiosk = has.u[2] < .004;
  person->has_shared = home.u[0] < .08;
  person->cookie_days = has.u[3] < .35 ? 20 + (int32_t)(how.u[0] * 50) : 0;
  person->agent[0] = index_of(how.u[1], AGENTS_PHONE);
  person->agent[1] = AGENTS_PHONE + index_of(how.u[2], AGENTS_LAPTOP);
}

static int is_in_audience(const struct partner *partner, const struct person *person, double u)
{
  const struct profile *profile = &partner->profile;
  if (!(profile->regions >> person->region & 1))
    return 0;
  if (profile->audience == AUDIENCE_NEVER_BUYS)
    return person->never_buys && u < profile->member;
  if (person->never_buys)
    return 0;
  if (partner->is_own)
    return u < profile->member;
  int is_fitting = (profile->topics >> person->topics[0] & 1) != 0;
  return u < profile->member * (is_fitting ? AFFINITY_FITTING : AFFINITY_OTHER);
}

static uint64_t audiences_draw(const struct world *world, const struct person *person)
{
  uint64_t member_of = 0;
  struct chance chance = {{0}};
  for (size_t i = 0; i < world->partner_count; i++) {
    if (i % 4 == 0)
      chance = hs_market_chance(world->seed, DRAW_MEMBER, person->index, (uint32_t)i / 4, 0);
    if (is_in_audience(&world->partners[i], person, chance.u[i % 4]))
      member_of |= UINT64_C(1) << i;
  }
  return member_of;
}

/* How much demand a region has over the run and the days before it, which are like its first. */
static double demand_total(const struct world *world, uint32_t region)
{
  return world->demand_before[region][world->days] + LEAD_IN_DAYS * world->demand[region][0];
}

/* The moment at quantile u of that demand. */
static int64_t demand_moment(const struct world *world, uint32_t region, double u, double u_hour)
{
  const double *before = world->demand_before[region];
  double target = u * demand_total(world, region) - LEAD_IN_DAYS * world->demand[region][0];
  if (target < 0)
    return world->from_us + (int64_t)(target / world->demand[region][0] * (double)HS_DAY_US) - 1;
  int32_t low = 0, high = world->days - 1;
  while (low < high) {
    int32_t middle = low + (high - low + 1) / 2;
    if (before[middle] <= target)
      low = middle;
    else
      high = middle - 1;
  }
  return world->from_us + low * HS_DAY_US + hs_market_time_of_day(u_hour);
}

static void refund_draw(const struct world *world, const struct person *person, uint32_t ordinal,
                        struct need *need)
{
  struct chance fate = hs_market_chance(world->seed, DRAW_FATE, person->index, ordinal, 0);
  int64_t refund_us = need->decide_us + (int64_t)((1.5 + 24 * fate.u[3]) * (double)HS_DAY_US);
  need->refund_minor = 0;
  if (fate.u[0] >= REFUND_SHARE || refund_us >= world->until_us)
    return;
  need->refund_us = refund_us;
  need->refund_minor = need->amount_minor;
  if (fate.u[1] >= REFUND_FULL)
    need->refund_minor = 1 + (int64_t)((double)need->amount_minor * (.15 + .7 * fate.u[2]));
}

static uint32_t topic_draw(const struct person *person, double u)
{
  if (u < .55)
    return person->topics[0];
  return u < .80 ? person->topics[1] : index_of((u - .80) / .20, TOPIC_COUNT);
}

static void need_draw(const struct world *world, const struct person *person, uint32_t ordinal,
                      struct need *need)
{
  uint64_t seed = world->seed;
  struct chance when = hs_market_chance(seed, DRAW_NEED, person->index, ordinal, 0);
  struct chance what = hs_market_chance(seed, DRAW_NEED, person->index, ordinal, 1);
  struct chance buy = hs_market_chance(seed, DRAW_PURCHASE, person->index, ordinal, 0);
  need->at_us = demand_moment(world, person->region, when.u[0], when.u[1]);
  double days = fmin(hs_market_lognormal(when.u[2], log(DELAY_DAYS), DELAY_SD), DELAY_DAYS_MAX);
  need->decide_us = need->at_us + 20 * HS_MINUTE_US + (int64_t)(days * (double)HS_DAY_US);
  need->topic = topic_draw(person, what.u[0]);
  need->is_team = what.u[1] < SHARE_OF_TEAM_NEEDS;
  double amount = hs_market_lognormal(what.u[2], 3.9 + .12 * need->topic, AMOUNT_SD);
  if (need->is_team)
    amount *= TEAM_AMOUNT_FACTOR;
  need->amount_minor = (int64_t)fmax(floor(amount * 100), AMOUNT_MINOR_MIN);
  need->threshold = buy.u[0];
  need->generic = buy.u[1];
  need->brand = buy.u[2];
  refund_draw(world, person, ordinal, need);
}

static void needs_draw(const struct world *world, struct person *person)
{
  person->need_count = 0;
  if (person->never_buys)
    return;
  double mean = person->activity / 365 * demand_total(world, person->region);
  struct chance chance = hs_market_chance(world->seed, DRAW_NEED_COUNT, person->index, 0, 0);
  uint32_t count = hs_market_poisson(chance.u[0], mean, NEEDS_MAX);
  for (uint32_t i = 0; i < count; i++) {
    struct need need;
    need_draw(world, person, i, &need);
    size_t place = person->need_count++;
    for (; place > 0 && person->needs[place - 1].at_us > need.at_us; place--)
      person->needs[place] = person->needs[place - 1];
    person->needs[place] = need;
  }
}

static int is_fitting_need(const struct profile *profile, const struct need *need)
{
  return (profile->topics >> need->topic & 1) &&
         (profile->clientele == CLIENTELE_ANY || need->is_team);
}

/* The first fitting need whose consideration is open at that moment. */
static int32_t open_need(const struct person *person, const struct profile *profile, int64_t at_us)
{
  for (size_t k = 0; k < person->need_count; k++) {
    const struct need *need = &person->needs[k];
    if (need->at_us <= at_us && at_us < need->decide_us && is_fitting_need(profile, need))
      return (int32_t)k;
  }
  return NO_NEED;
}

static void contact_add(struct person *person, const struct contact *contact)
{
  person->contacts[person->contact_count++] = *contact;
}

/* A view becomes a click, or leaves an impression of ours, or is only seen. */
static void view_add(struct person *person, uint8_t index, const struct profile *profile,
                     int64_t at_us, const struct chance *chance)
{
  int32_t need = open_need(person, profile, at_us);
  int is_on_topic = (profile->topics >> person->topics[0] & 1) != 0;
  int is_click = chance->u[2] < (need == NO_NEED ? profile->click_idle : profile->click_fit);
  int is_seen = !is_click && chance->u[3] < profile->view_seen;
  contact_add(person, &(struct contact){
                          .at_us = at_us,
                          .awareness = profile->view_awareness * (is_on_topic ? 1 : OFF_TOPIC) *
                                       (is_click ? CLICK_AWARENESS : 1),
                          .lift = is_click && need != NO_NEED ? profile->lift : 0,
                          .need = is_click ? need : NO_NEED,
                          .partner = index,
                          .kind = (uint8_t)(is_click ? profile->touch : TOUCH_IMPRESSION),
                          .is_touch = (uint8_t)(is_click || is_seen),
                          .is_view = 1,
                      });
}

static void month_views_draw(const struct world *world, struct person *person, uint8_t index,
                             int32_t month)
{
  const struct partner *partner = &world->partners[index];
  double level = partner->level[month < 0 ? 0 : month];
  uint32_t address = (uint32_t)(month + WARM_UP_MONTHS);
  struct chance chance =
      hs_market_chance(world->seed, DRAW_VIEW_COUNT, person->index, index, address);
  uint32_t count =
      hs_market_poisson(chance.u[0], partner->profile.views * level, VIEWS_PER_MONTH_MAX);
  int64_t begin_us =
      world->from_us + (month < 0 ? month * WARM_UP_MONTH_US : world->month_day[month] * HS_DAY_US);
  int32_t days = month < 0 ? 30 : world->month_day[month + 1] - world->month_day[month];
  for (uint32_t i = 0; i < count; i++) {
    chance = hs_market_chance(world->seed, DRAW_VIEW, person->index, index, address * 8 + i);
    int64_t day_us = (int64_t)(chance.u[0] * days) * HS_DAY_US;
    view_add(person, index, &partner->profile,
             begin_us + day_us + hs_market_time_of_day(chance.u[1]), &chance);
  }
}

static void views_draw(const struct world *world, struct person *person, uint8_t index)
{
  int32_t first = world->partners[index].start_month;
  if (first == 0)
    first = -WARM_UP_MONTHS;
  for (int32_t month = first; month < world->months; month++)
    month_views_draw(world, person, index, month);
}

static void visits_draw(const struct world *world, struct person *person, uint8_t index)
{
  const struct partner *partner = &world->partners[index];
  const struct profile *profile = &partner->profile;
  for (size_t k = 0; k < person->need_count; k++) {
    const struct need *need = &person->needs[k];
    if (!is_fitting_need(profile, need))
      continue;
    int64_t in_run_us = need->at_us < world->from_us ? world->from_us : need->at_us;
    double level = partner->level[hs_market_month(world, in_run_us)];
    struct chance chance =
        hs_market_chance(world->seed, DRAW_VISIT, person->index, index, (uint32_t)k);
    if (chance.u[0] >= profile->visit * level)
      continue;
    double within = .9 * chance.u[1];
    int64_t at_us = need->at_us + (int64_t)(within * (double)(need->decide_us - need->at_us));
    contact_add(person, &(struct contact){.at_us = at_us,
                                          .lift = profile->lift,
                                          .need = (int32_t)k,
                                          .partner = index,
                                          .kind = (uint8_t)profile->touch,
                                          .is_touch = 1});
  }
}

size_t hs_market_contacts_max(const struct world *world)
{
  size_t months = (size_t)world->months + WARM_UP_MONTHS;
  return world->partner_count * (months * VIEWS_PER_MONTH_MAX + NEEDS_MAX);
}

void hs_market_person_draw(const struct world *world, uint32_t index, struct person *person)
{
  person->index = index;
  traits_draw(world, person);
  habits_draw(world, person);
  person->member_of = audiences_draw(world, person);
  needs_draw(world, person);
  person->contact_count = 0;
  for (uint8_t i = 0; i < world->partner_count; i++) {
    const struct profile *profile = &world->partners[i].profile;
    if (!(person->member_of >> i & 1))
      continue;
    if (profile->views > 0)
      views_draw(world, person, i);
    if (profile->visit > 0)
      visits_draw(world, person, i);
  }
}
