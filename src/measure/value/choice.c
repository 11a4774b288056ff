#include "measure/value/choice.h"

#include <math.h>

#include "stats/random.h"

#define CHOICE_STREAM ((uint64_t)1 << 41)
#define WEEKS_A_YEAR (365.25 / 7)
#define BISECTIONS 50

/* One world, a year of it where it says so. */
struct world {
  double caused;    /* customers that the members bring */
  double worth;     /* of all of those */
  double cost;      /* of the members */
  double paid_each; /* an incremental customer's cost through paid channels */
  double build_once, build_yearly, build_years, build_caused; /* years until it works */
  double switch_over;
};

static struct world look(const struct hs_worlds *worlds, const struct hs_venture *ventures,
                         const size_t *members, size_t member_count, size_t paid,
                         const struct hs_choice_plan *plan, size_t d)
{
  struct hs_random rng = hs_random_open(worlds->options.seed, CHOICE_STREAM + d);
  double a_year = WEEKS_A_YEAR / worlds->options.weeks;
  struct world world = {.paid_each = (double)NAN};
  for (size_t i = 0; i < member_count; i++) {
    double caused = hs_worlds_incremental(worlds, members[i], d) * a_year;
    world.caused += caused;
    world.worth += caused * hs_worlds_value(worlds, members[i], d);
    world.cost += ventures[members[i]].cost * a_year;
  }
  double dearer = hs_range_at(&plan->paid_dearer, hs_random_uniform(&rng));
  world.switch_over = hs_range_at(&plan->switch_over, hs_random_uniform(&rng));
  if (paid != SIZE_MAX) {
    double caused = hs_worlds_incremental(worlds, paid, d);
    world.paid_each = caused > 0 ? dearer * ventures[paid].cost / caused : HUGE_VAL;
  }
  world.build_once = hs_range_at(&plan->build.once, hs_random_uniform(&rng));
  world.build_yearly = hs_range_at(&plan->build.yearly, hs_random_uniform(&rng));
  world.build_years = hs_range_at(&plan->build.months, hs_random_uniform(&rng)) / 12;
  world.build_caused = hs_range_at(&plan->build.customers_yearly, hs_random_uniform(&rng));
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

static double build_net(const struct world *world, const struct hs_choice_plan *plan,
                        double switch_over, double discount)
{
  /* Its customers are worth what the partners' are: nobody knows better before they are there. */
  double each = world->caused > 0 ? world->worth / world->caused : 0;
  double yearly = (world->build_caused + switch_over * world->caused) * each;
  return yearly * annuity(world->build_years, plan->years, discount) - world->build_once -
         world->build_yearly * annuity(0, plan->years, discount);
}

/* The chance that the partners are better falls as more of their customers come over by themselves:
   bisection on the worlds that were drawn. */
struct flip {
  const struct hs_worlds *worlds;
  const struct hs_venture *ventures;
  const size_t *members;
  size_t member_count;
  const struct hs_choice_plan *plan;
  double discount;
};

static double p_over_build_at(const struct flip *flip, double switch_over)
{
  double better = 0, years = annuity(0, flip->plan->years, flip->discount);
  size_t draws = flip->worlds->options.draws;
  for (size_t d = 0; d < draws; d++) {
    struct world world = look(flip->worlds, flip->ventures, flip->members, flip->member_count,
                              SIZE_MAX, flip->plan, d);
    better += (world.worth - world.cost) * years >
              build_net(&world, flip->plan, switch_over, flip->discount);
  }
  return better / (double)draws;
}

static double find_switch_over(const struct flip *flip)
{
  double low = 0, high = 1;
  if (!(p_over_build_at(flip, 0) > 0.5 && p_over_build_at(flip, 1) < 0.5))
    return (double)NAN;
  for (int i = 0; i < BISECTIONS && high - low > 1e-4; i++) {
    double middle = (low + high) / 2;
    if (p_over_build_at(flip, middle) > 0.5)
      low = middle;
    else
      high = middle;
  }
  return (low + high) / 2;
}

void hs_choice_make(const struct hs_worlds *worlds, const struct hs_venture *ventures,
                    const size_t *members, size_t member_count, size_t paid,
                    const struct hs_choice_plan *plan, double discount, double *scratch,
                    struct hs_choice *out)
{
  const double none = (double)NAN;
  size_t draws = worlds->options.draws;
  double level = worlds->options.level, years = annuity(0, plan->years, discount);
  double *partners = scratch, *by_paid = scratch + draws, *built = scratch + 2 * draws;
  double *times = scratch + 3 * draws, *paid_each = scratch + 4 * draws;
  double *own_each = scratch + 5 * draws, over_paid = 0, over_build = 0;
  for (size_t d = 0; d < draws; d++) {
    struct world world = look(worlds, ventures, members, member_count, paid, plan, d);
    partners[d] = (world.worth - world.cost) * years;
    by_paid[d] = (world.worth - world.caused * world.paid_each) * years;
    built[d] = plan->has_build ? build_net(&world, plan, world.switch_over, discount) : none;
    times[d] = world.cost > 0 ? world.caused * world.paid_each / world.cost : none;
    paid_each[d] = world.paid_each;
    own_each[d] = world.caused > 0 ? world.cost / world.caused : HUGE_VAL;
    over_paid += partners[d] > by_paid[d];
    over_build += partners[d] > built[d];
  }
  *out = (struct hs_choice){.p_over_paid = paid == SIZE_MAX ? none : over_paid / (double)draws,
                            .p_over_build = plan->has_build ? over_build / (double)draws : none,
                            .paid_flip = none,
                            .switch_over_flip = none};
  out->partners = hs_draws_estimate(partners, draws, level);
  out->paid = hs_draws_estimate(by_paid, draws, level);
  out->build = hs_draws_estimate(built, draws, level);
  out->times_dearer = hs_draws_estimate(times, draws, level);
  out->paid_cost_each = hs_draws_estimate(paid_each, draws, level);
  /* Partners beat paid channels where a paid customer costs more than theirs: half of the worlds
     do so at the median of that. */
  out->paid_flip = hs_draws_estimate(own_each, draws, level).middle;
  const struct flip flip = {worlds, ventures, members, member_count, plan, discount};
  if (plan->has_build)
    out->switch_over_flip = find_switch_over(&flip);
}
