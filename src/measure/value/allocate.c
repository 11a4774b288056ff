#include "measure/value/allocate.h"

#include <math.h>

#include "stats/random.h"

#define ALLOCATE_STREAM ((uint64_t)1 << 42)

struct plan {
  const struct hs_worlds *worlds;
  const struct hs_venture *ventures;
  double *elasticity; /* by world: the same for every venture, so that luck decides for none */
};

static double value_now(const struct plan *plan, size_t v, size_t d)
{
  return hs_worlds_incremental(plan->worlds, v, d) * hs_worlds_value(plan->worlds, v, d);
}

/* What `more` on top of the record's cost brings on top of the record's value. */
static double brings(const struct plan *plan, size_t v, size_t d, double more)
{
  double cost = hs_worlds_cost(plan->worlds, plan->ventures, v, d);
  return value_now(plan, v, d) * expm1(plan->elasticity[d] * log1p(more / cost));
}

/* Something of it is certain to have cost: without that there is no curve. */
static int has_curve(const struct plan *plan, const int *is_open, size_t v)
{
  const struct hs_venture *venture = &plan->ventures[v];
  return is_open[v] &&
         venture->spent.low + venture->hours * plan->worlds->options.hour_cost.low > 0;
}

static double expected_gain(const struct plan *plan, size_t v, double from, double to)
{
  double sum = 0;
  size_t draws = plan->worlds->options.draws;
  for (size_t d = 0; d < draws; d++)
    sum += brings(plan, v, d, to) - brings(plan, v, d, from);
  return sum / (double)draws;
}

/* Piece by piece to whoever brings most with it, while it brings more than itself. */
static double hand_out(const struct plan *plan, const int *is_open, double amount, double *given,
                       double *gain)
{
  double piece = amount / HS_ALLOCATE_PIECES;
  size_t count = plan->worlds->venture_count;
  for (size_t v = 0; v < count; v++) {
    given[v] = 0;
    gain[v] = has_curve(plan, is_open, v) ? expected_gain(plan, v, 0, piece) : -1;
  }
  for (int i = 0; i < HS_ALLOCATE_PIECES; i++) {
    size_t best = 0;
    for (size_t v = 1; v < count; v++)
      if (gain[v] > gain[best])
        best = v;
    if (count == 0 || gain[best] <= piece)
      return amount - i * piece;
    given[best] += piece;
    gain[best] = expected_gain(plan, best, given[best], given[best] + piece);
  }
  return 0;
}

void hs_next_amount(const struct hs_worlds *worlds, const struct hs_venture *ventures,
                    const int *is_open, double amount, const struct hs_range *elasticity,
                    double *scratch, struct hs_next_share *out, double *kept)
{
  size_t draws = worlds->options.draws, count = worlds->venture_count;
  struct plan plan = {worlds, ventures, scratch};
  double *draw = scratch + draws, *given = draw + draws, *gain = given + count;
  const double none = (double)NAN;
  for (size_t d = 0; d < draws; d++) {
    struct hs_random rng = hs_random_open(worlds->options.seed, ALLOCATE_STREAM + d);
    plan.elasticity[d] = hs_range_at(elasticity, hs_random_uniform(&rng));
  }
  *kept = hand_out(&plan, is_open, amount, given, gain);
  for (size_t v = 0; v < count; v++) {
    double pays = 0;
    out[v] = (struct hs_next_share){{none, none, none}, none, given[v], {0, 0, 0}};
    if (!has_curve(&plan, is_open, v))
      continue;
    for (size_t d = 0; d < draws; d++) {
      draw[d] =
          plan.elasticity[d] * value_now(&plan, v, d) / hs_worlds_cost(worlds, ventures, v, d);
      pays += draw[d] > 1;
    }
    out[v].p_marginal_pays = pays / (double)draws;
    out[v].marginal = hs_draws_estimate(draw, draws, worlds->options.level);
    for (size_t d = 0; d < draws && given[v] > 0; d++)
      draw[d] = brings(&plan, v, d, given[v]);
    if (given[v] > 0)
      out[v].returns = hs_draws_estimate(draw, draws, worlds->options.level);
  }
}
