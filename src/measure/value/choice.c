#include "measure/value/choice.h"

#include <math.h>

#include "stats/random.h"

#define CHOICE_STREAM ((uint64_t)1 << 41)
#define WEEKS_A_YEAR (365.25 / 7)
#define BISECTIONS 50
/* Of the way between the ends of an assumption: no finer than people can say it. */
#define FLIP_GRAIN 1e-4

/* The question, and the one assumption that is held fast in every world, if any. */
struct asking {
  const struct hs_worlds *worlds;
  const struct hs_venture *ventures;
  const size_t *members;
  size_t member_count, paid;
  const struct hs_choice_plan *plan;
  double discount;
  size_t fixed; /* an hs_assumption; HS_ASSUMPTION_COUNT: none */
  double value;
};

/* One world, a year of it where it says so. */
struct world {
  double caused;    /* customers that the members bring */
  double worth;     /* of all of those */
  double cost;      /* of the members */
  double paid_each; /* an incremental customer's cost through paid channels */
  double build_once, build_yearly, build_years, build_caused; /* years until it works */
  double switch_over, years;
};

static double drawn_or_fixed(const struct asking *asking, enum hs_assumption assumption,
                             double drawn)
{
  return asking->fixed == (size_t)assumption ? asking->value : drawn;
}

static double draw_range(const struct asking *asking, enum hs_assumption assumption,
                         const struct hs_range *range, struct hs_random *rng)
{
  return drawn_or_fixed(asking, assumption, hs_range_at(range, hs_random_uniform(rng)));
}

/* What the record's span is to a year: figures of the record times this are a year's. */
static double a_year(const struct asking *asking)
{
  return WEEKS_A_YEAR / asking->worlds->options.weeks;
}

static void add_members(const struct asking *asking, size_t d, double hour, struct world *world)
{
  const struct hs_worlds *worlds = asking->worlds;
  for (size_t i = 0; i < asking->member_count; i++) {
    size_t v = asking->members[i], at = v * worlds->options.draws + d;
    const struct hs_venture *venture = &asking->ventures[v];
    double share = venture->has_share
                       ? worlds->share[at]
                       : drawn_or_fixed(asking, HS_ASSUME_PARTNER_SHARES, worlds->share[at]);
    double caused = worlds->customers[at] * share * a_year(asking);
    world->caused += caused;
    world->worth += caused * hs_worlds_value(worlds, v, d);
    world->cost += (worlds->spent[at] + venture->hours * hour) * a_year(asking);
  }
}

static double paid_each(const struct asking *asking, size_t d, double hour, double dearer)
{
  const struct hs_worlds *worlds = asking->worlds;
  size_t at = asking->paid * worlds->options.draws + d;
  if (asking->paid == SIZE_MAX)
    return (double)NAN;
  double spent = drawn_or_fixed(asking, HS_ASSUME_PAID_SPEND, worlds->spent[at] * a_year(asking)) +
                 asking->ventures[asking->paid].hours * hour * a_year(asking);
  double caused =
      drawn_or_fixed(asking, HS_ASSUME_PAID_CUSTOMERS, worlds->customers[at] * a_year(asking)) *
      drawn_or_fixed(asking, HS_ASSUME_PAID_SHARE, worlds->share[at]);
  return caused > 0 ? dearer * spent / caused : HUGE_VAL;
}

static struct world look(const struct asking *asking, size_t d)
{
  struct hs_random rng = hs_random_open(asking->worlds->options.seed, CHOICE_STREAM + d);
  const struct hs_choice_plan *plan = asking->plan;
  const struct hs_build_plan *build = &plan->build;
  struct world world = {0};
  double hour = drawn_or_fixed(asking, HS_ASSUME_HOUR_COST, asking->worlds->hour[d]);
  double dearer = draw_range(asking, HS_ASSUME_PAID_DEARER, &plan->paid_dearer, &rng);
  world.switch_over = draw_range(asking, HS_ASSUME_SWITCH_OVER, &plan->switch_over, &rng);
  world.build_once = draw_range(asking, HS_ASSUME_BUILD_ONCE, &build->once, &rng);
  world.build_yearly = draw_range(asking, HS_ASSUME_BUILD_YEARLY, &build->yearly, &rng);
  world.build_years = draw_range(asking, HS_ASSUME_BUILD_MONTHS, &build->months, &rng) / 12;
  world.build_caused =
      draw_range(asking, HS_ASSUME_BUILD_CUSTOMERS, &build->customers_yearly, &rng);
  world.years = draw_range(asking, HS_ASSUME_YEARS, &plan->years, &rng);
  add_members(asking, d, hour, &world);
  world.paid_each = paid_each(asking, d, hour, dearer);
  return world;
}

/* What one unit a year from year `from` to year `until` is worth now, in continuous discounting. */
static double annuity(double from, double until, double discount)
{
  double rate = log1p(discount);
  if (until <= from)
    return 0;
  return rate > 0 ? (exp(-rate * from) - exp(-rate * until)) / rate : until - from;
}

static double partners_net(const struct world *world, double discount)
{
  return (world->worth - world->cost) * annuity(0, world->years, discount);
}

static double paid_net(const struct world *world, double discount)
{
  return (world->worth - world->caused * world->paid_each) * annuity(0, world->years, discount);
}

static double build_net(const struct world *world, double discount)
{
  /* Its customers are worth what the partners' are: nobody knows better before they are there. */
  double each = world->caused > 0 ? world->worth / world->caused : 0;
  double yearly = (world->build_caused + world->switch_over * world->caused) * each;
  return yearly * annuity(world->build_years, world->years, discount) - world->build_once -
         world->build_yearly * annuity(0, world->years, discount);
}

typedef double (*other_fn)(const struct world *world, double discount);

/* ---- what it hangs on ------------------------------------------------------------------------ */

/* That the partners are better than the other, with an assumption held at a value. */
static double chance_at(const struct asking *asking, enum hs_assumption assumption, double value,
                        other_fn other)
{
  struct asking held = *asking;
  double better = 0;
  held.fixed = (size_t)assumption;
  held.value = value;
  for (size_t d = 0; d < asking->worlds->options.draws; d++) {
    struct world world = look(&held, d);
    better += partners_net(&world, asking->discount) > other(&world, asking->discount);
  }
  return better / (double)asking->worlds->options.draws;
}

/* The chance rises or falls along an assumption and does not turn: bisection on the worlds that
   were drawn. */
static struct hs_swing swing_of(const struct asking *asking, enum hs_assumption assumption,
                                double low, double high, other_fn other)
{
  struct hs_swing swing = {.p_low = chance_at(asking, assumption, low, other),
                           .p_high = chance_at(asking, assumption, high, other),
                           .flips_at = (double)NAN};
  int is_better_below = swing.p_low > 0.5;
  if (is_better_below == (swing.p_high > 0.5))
    return swing;
  double grain = FLIP_GRAIN * (high - low);
  for (int i = 0; i < BISECTIONS && high - low > grain; i++) {
    double middle = (low + high) / 2;
    if ((chance_at(asking, assumption, middle, other) > 0.5) == is_better_below)
      low = middle;
    else
      high = middle;
  }
  swing.flips_at = (low + high) / 2;
  return swing;
}

static struct hs_range scaled(struct hs_range range, double factor)
{
  return (struct hs_range){range.low * factor, range.likely * factor, range.high * factor};
}

/* Shares that nobody knows are anything from 0 to 1. */
static struct hs_range unknown_shares(const struct asking *asking)
{
  for (size_t i = 0; i < asking->member_count; i++)
    if (!asking->ventures[asking->members[i]].has_share)
      return (struct hs_range){0, .5, 1};
  return (struct hs_range){0};
}

static struct hs_range range_of(const struct asking *asking, enum hs_assumption assumption)
{
  const struct hs_choice_plan *plan = asking->plan;
  const struct hs_venture none = {0};
  const struct hs_venture *paid =
      asking->paid == SIZE_MAX ? &none : &asking->ventures[asking->paid];
  switch (assumption) {
  case HS_ASSUME_YEARS:
    return plan->years;
  case HS_ASSUME_SWITCH_OVER:
    return plan->switch_over;
  case HS_ASSUME_HOUR_COST:
    return asking->worlds->options.hour_cost;
  case HS_ASSUME_PARTNER_SHARES:
    return unknown_shares(asking);
  case HS_ASSUME_PAID_SPEND:
    return scaled(paid->spent, a_year(asking));
  case HS_ASSUME_PAID_CUSTOMERS:
    return scaled(paid->said_customers, a_year(asking));
  case HS_ASSUME_PAID_SHARE:
    return paid->share;
  case HS_ASSUME_PAID_DEARER:
    return plan->paid_dearer;
  case HS_ASSUME_BUILD_ONCE:
    return plan->build.once;
  case HS_ASSUME_BUILD_YEARLY:
    return plan->build.yearly;
  case HS_ASSUME_BUILD_MONTHS:
    return plan->build.months;
  case HS_ASSUME_BUILD_CUSTOMERS:
    return plan->build.customers_yearly;
  }
  return (struct hs_range){0};
}

/* Of paid channels no build item speaks and no switch-over, of building none of the paid ones. */
static int speaks_of(enum hs_assumption assumption, other_fn other)
{
  int is_paid = assumption >= HS_ASSUME_PAID_SPEND && assumption <= HS_ASSUME_PAID_DEARER;
  int is_build = assumption >= HS_ASSUME_BUILD_ONCE || assumption == HS_ASSUME_SWITCH_OVER ||
                 assumption == HS_ASSUME_YEARS;
  return other == paid_net ? !is_build : !is_paid;
}

static void take_swings(const struct asking *asking, int is_weighed, other_fn other,
                        struct hs_swing *out)
{
  const double none = (double)NAN;
  for (size_t i = 0; i < HS_ASSUMPTION_COUNT; i++) {
    enum hs_assumption assumption = (enum hs_assumption)i;
    struct hs_range range = range_of(asking, assumption);
    out[i] = is_weighed && range.low < range.high && speaks_of(assumption, other)
                 ? swing_of(asking, assumption, range.low, range.high, other)
                 : (struct hs_swing){none, none, none};
  }
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Ties, which worlds without uncertainty have, go to what there is: the partners. */
static enum hs_way best_of(double partners, double by_paid, double built)
{
  if (built > partners && !(by_paid >= built))
    return HS_WAY_BUILD;
  return by_paid > partners ? HS_WAY_PAID : HS_WAY_PARTNERS;
}

void hs_choice_make(const struct hs_worlds *worlds, const struct hs_venture *ventures,
                    const size_t *members, size_t member_count, size_t paid,
                    const struct hs_choice_plan *plan, double discount, double *scratch,
                    struct hs_choice *out)
{
  const double none = (double)NAN;
  const struct asking asking = {
      worlds, ventures, members, member_count, paid, plan, discount, HS_ASSUMPTION_COUNT, 0};
  size_t draws = worlds->options.draws;
  double level = worlds->options.level, over_paid = 0, over_build = 0;
  double best[HS_WAY_COUNT] = {0};
  double *partners = scratch, *by_paid = scratch + draws, *built = scratch + 2 * draws;
  double *times = scratch + 3 * draws, *each = scratch + 4 * draws, *own = scratch + 5 * draws;
  for (size_t d = 0; d < draws; d++) {
    struct world world = look(&asking, d);
    partners[d] = partners_net(&world, discount);
    by_paid[d] = paid_net(&world, discount);
    built[d] = plan->has_build ? build_net(&world, discount) : none;
    times[d] = world.cost > 0 ? world.caused * world.paid_each / world.cost : none;
    each[d] = world.paid_each;
    own[d] = world.caused > 0 ? world.cost / world.caused : HUGE_VAL;
    over_paid += partners[d] > by_paid[d];
    over_build += partners[d] > built[d];
    best[best_of(partners[d], by_paid[d], built[d])] += 1 / (double)draws;
  }
  *out = (struct hs_choice){.p_over_paid = paid == SIZE_MAX ? none : over_paid / (double)draws,
                            .p_over_build = plan->has_build ? over_build / (double)draws : none,
                            .p_best = {best[HS_WAY_PARTNERS],
                                       paid == SIZE_MAX ? none : best[HS_WAY_PAID],
                                       plan->has_build ? best[HS_WAY_BUILD] : none},
                            .switch_over_flip = none};
  out->partners = hs_draws_estimate(partners, draws, level);
  out->paid = hs_draws_estimate(by_paid, draws, level);
  out->build = hs_draws_estimate(built, draws, level);
  out->times_dearer = hs_draws_estimate(times, draws, level);
  out->paid_cost_each = hs_draws_estimate(each, draws, level);
  /* Partners beat paid channels where a paid customer costs more than theirs: half of the worlds
     do so at the median of that. */
  out->paid_flip = hs_draws_estimate(own, draws, level).middle;
  if (plan->has_build)
    out->switch_over_flip = swing_of(&asking, HS_ASSUME_SWITCH_OVER, 0, 1, build_net).flips_at;
  take_swings(&asking, paid != SIZE_MAX, paid_net, out->over_paid);
  take_swings(&asking, plan->has_build, build_net, out->over_build);
}
