#include "calibration/reversal_worlds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "stats/random.h"

const struct reversal_world REVERSAL_WORLDS[] = {
    {.name = "plain",
     .words = "a year, 20 orders a day, one in eight comes back whole after two weeks on average",
     .days = 365,
     .orders_a_day = 20,
     .spread = 0.7,
     .share = 0.12,
     .mean_days = 14,
     .hold_days = 30,
     .is_met = 1},
    {.name = "parts",
     .words = "the same, seven in ten of them in part",
     .days = 365,
     .orders_a_day = 20,
     .spread = 0.7,
     .share = 0.12,
     .partly = 0.7,
     .mean_days = 14,
     .hold_days = 30,
     .is_met = 1},
    {.name = "few",
     .words = "four months, 2 orders a day, one in six comes back",
     .days = 120,
     .orders_a_day = 2,
     .spread = 0.7,
     .share = 0.16,
     .mean_days = 14,
     .hold_days = 30,
     .is_met = 1},
    {.name = "late",
     .words = "returns after 40 days on average, so that owed commissions still lose some",
     .days = 400,
     .orders_a_day = 8,
     .spread = 0.7,
     .share = 0.1,
     .mean_days = 40,
     .hold_days = 30,
     .is_met = 1},
    {.name = "heavy",
     .words = "amounts of a heavy tail, a few orders of which are most of the money",
     .days = 365,
     .orders_a_day = 10,
     .spread = 1.4,
     .share = 0.12,
     .mean_days = 14,
     .hold_days = 30,
     .is_met = 1},
    {.name = "dear",
     .words = "dear orders come back more often",
     .days = 365,
     .orders_a_day = 20,
     .spread = 0.7,
     .share = 0.1,
     .dearer = 0.6,
     .mean_days = 14,
     .hold_days = 30,
     .is_met = 1},
    {.name = "drift",
     .words = "returns become half as frequent again over the year, which the method does not know",
     .days = 365,
     .orders_a_day = 20,
     .spread = 0.7,
     .share = 0.1,
     .drift = 0.5,
     .mean_days = 14,
     .hold_days = 30},
};
const size_t REVERSAL_WORLD_COUNT = sizeof REVERSAL_WORLDS / sizeof *REVERSAL_WORLDS;

#define ORDERS_MAX 20000

struct drawn {
  int32_t age; /* on the last day */
  double amount;
  double lost;       /* sooner or later; 0: never */
  double lost_after; /* days */
};

struct market {
  size_t count;
  struct drawn orders[ORDERS_MAX];
};

static struct drawn draw_order(const struct reversal_world *world, struct hs_random *rng,
                               int32_t age)
{
  double z = hs_random_normal(rng);
  double when = 1 + world->drift * (1 - (double)age / world->days);
  struct drawn order = {.age = age, .amount = ceil(1000 * exp(world->spread * z))};
  double share = world->share * when * exp(world->dearer * world->spread * z);
  int comes_back = hs_random_uniform(rng) < fmin(share, 1);
  int is_part = hs_random_uniform(rng) < world->partly;
  double part = hs_random_uniform(rng);
  order.lost_after = hs_random_gamma(rng, 2) * world->mean_days / 2;
  if (comes_back)
    order.lost = is_part ? ceil(part * order.amount) : order.amount;
  return order;
}

static void draw_market(const struct reversal_world *world, struct hs_random *rng,
                        struct market *out)
{
  out->count = 0;
  for (int32_t age = 0; age < world->days; age++)
    for (uint64_t n = hs_random_poisson(rng, world->orders_a_day); n > 0; n--) {
      HS_ASSERT(out->count < ORDERS_MAX);
      out->orders[out->count++] = draw_order(world, rng, age);
    }
}

/* As the ledger shows it on the last day: an order's age is its whole days, today is not over. */
static struct hs_reversal_order seen(const struct reversal_world *world, const struct drawn *drawn)
{
  struct hs_reversal_order order = {.days_seen = drawn->age};
  int is_lost = drawn->lost > 0 && drawn->lost_after < drawn->age;
  double left = drawn->amount - (is_lost ? drawn->lost : 0);
  order.earned[0] = drawn->amount;
  if (is_lost && drawn->lost_after < HS_REVERSAL_DAYS)
    order.taken_back[(int32_t)drawn->lost_after] = drawn->lost;
  if (drawn->age < 2 * world->hold_days)
    order.open[drawn->age < world->hold_days ? 0 : 1] = left;
  return order;
}

/* What is taken back of it from now on and within reach, of what is pending and what is payable. */
static void add_truth(const struct reversal_world *world, const struct drawn *drawn,
                      int32_t reach_days, double truth[HS_REVERSAL_OF_COUNT])
{
  if (drawn->lost <= 0 || drawn->lost_after < drawn->age || drawn->lost_after >= reach_days ||
      drawn->age >= 2 * world->hold_days)
    return;
  truth[drawn->age < world->hold_days ? HS_REVERSAL_OF_PENDING : HS_REVERSAL_OF_PAYABLE] +=
      drawn->lost;
  truth[HS_REVERSAL_OF_ALL] += drawn->lost;
}

static void note(struct reversal_tally *tally, const struct hs_reversal_estimate *estimate,
                 double truth)
{
  if (isnan(estimate->expected)) {
    tally->untold++;
    return;
  }
  tally->asked++;
  tally->below += truth < estimate->low;
  tally->above += truth > estimate->high;
  tally->open += estimate->open;
  tally->expected += estimate->expected;
  tally->truth += truth;
  tally->width += estimate->high - estimate->low;
}

void reversal_trial(const struct reversal_world *world, uint64_t seed, size_t world_count,
                    double level, struct reversal_tally *of)
{
  struct market *market = malloc(sizeof *market);
  HS_ASSERT(market != NULL);
  memset(of, 0, HS_REVERSAL_OF_COUNT * sizeof *of);
  for (size_t w = 0; w < world_count; w++) {
    struct hs_random rng = hs_random_open(seed, w);
    struct hs_reversals reversals = {0};
    double truth[HS_REVERSAL_OF_COUNT] = {0};
    draw_market(world, &rng, market);
    for (size_t i = 0; i < market->count; i++) {
      struct hs_reversal_order order = seen(world, &market->orders[i]);
      hs_reversals_add(&reversals, &order);
    }
    hs_reversals_fit(&reversals);
    for (size_t i = 0; i < market->count; i++) {
      struct hs_reversal_order order = seen(world, &market->orders[i]);
      hs_reversals_spread(&reversals, &order);
      add_truth(world, &market->orders[i], reversals.reach_days, truth);
    }
    for (int k = 0; k < HS_REVERSAL_OF_COUNT; k++) {
      struct hs_reversal_estimate estimate =
          hs_reversals_estimate(&reversals, (enum hs_reversal_of)k, level);
      note(&of[k], &estimate, truth[k]);
    }
  }
  free(market);
}

double reversal_coverage(const struct reversal_tally *tally)
{
  return 1 - (double)(tally->below + tally->above) / (double)tally->asked;
}
