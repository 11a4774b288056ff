#include "measure/value/economics.h"

#include <math.h>
#include <string.h>

#include "stats/linear.h"
#include "stats/random.h"

#define WORLD_STREAM ((uint64_t)1 << 40)
/* Shares of the horizon at which payback is looked for. */
#define PAYBACK_STEPS 52

double hs_range_at(const struct hs_range *range, double u)
{
  double width = range->high - range->low;
  if (!(width > 0))
    return range->likely;
  double turn = (range->likely - range->low) / width;
  return u < turn ? range->low + sqrt(u * width * (range->likely - range->low))
                  : range->high - sqrt((1 - u) * width * (range->high - range->likely));
}

/* A share that nobody knows: anything from low to high. */
static double share_at(const struct hs_venture *venture, double u)
{
  const struct hs_range *range = &venture->share;
  return venture->has_share ? hs_range_at(range, u) : range->low + u * (range->high - range->low);
}

/* ---- worlds ---------------------------------------------------------------------------------- */

/* The Cholesky factors of the two fits; zero where a fit has no covariance. */
struct roots {
  double buyers[HS_BUYERS_PARAMETERS * HS_BUYERS_PARAMETERS];
  double spend[HS_SPEND_PARAMETERS * HS_SPEND_PARAMETERS];
};

static void take_root(const double *covariance, size_t n, double *root)
{
  memcpy(root, covariance, n * n * sizeof *root);
  if (isnan(root[0]) || hs_cholesky_factor(root, n))
    memset(root, 0, n * n * sizeof *root);
}

static void move(const double *root, size_t n, struct hs_random *rng, double *value)
{
  double z[HS_BUYERS_PARAMETERS];
  for (size_t i = 0; i < n; i++)
    z[i] = hs_random_normal(rng);
  for (size_t i = 0; i < n; i++) {
    double step = 0;
    for (size_t j = 0; j <= i; j++)
      step += root[i * n + j] * z[j];
    value[i] *= exp(step);
  }
}

static void draw_customers(const struct hs_lifetime *lifetime, const struct roots *roots,
                           struct hs_random *rng, double *repeats, double *first)
{
  const struct hs_lifetime_options *o = &lifetime->options;
  struct hs_buyers_parameters buyers = lifetime->bgnbd.fit.parameters;
  const struct hs_spend_parameters *at = &lifetime->spend.parameters;
  double spend[HS_SPEND_PARAMETERS] = {at->p, at->q, at->v};
  move(roots->buyers, HS_BUYERS_PARAMETERS, rng, buyers.value);
  move(roots->spend, HS_SPEND_PARAMETERS, rng, spend);
  const struct hs_spend_parameters moved = {spend[0], spend[1], spend[2]};
  double mean = hs_spend_mean(&moved);
  *repeats = hs_lifetime_discounted(&buyers, o->horizon, o->discount);
  *first = o->margin * (isfinite(mean) ? mean : hs_spend_mean(at));
}

/* Sums of shares, each resampled: a Gamma variate with their sum and the sum of their squares. */
static double draw_count(const struct hs_venture *venture, struct hs_random *rng)
{
  if (!(venture->customers > 0))
    return 0;
  double scale = venture->customers_variance / venture->customers;
  return scale * hs_random_gamma(rng, venture->customers / scale);
}

static int take_worlds(struct hs_arena *arena, size_t count, uint32_t draws, struct hs_worlds *out)
{
  out->repeats = hs_arena_alloc_raw(arena, draws, sizeof(double));
  out->first = hs_arena_alloc_raw(arena, draws, sizeof(double));
  out->customers = hs_arena_alloc_raw(arena, count * draws, sizeof(double));
  out->share = hs_arena_alloc_raw(arena, count * draws, sizeof(double));
  out->rate = hs_arena_alloc_raw(arena, count * draws, sizeof(double));
  out->spend = hs_arena_alloc_raw(arena, count * draws, sizeof(double));
  return out->repeats && out->first && out->customers && out->share && out->rate && out->spend;
}

enum hs_status hs_worlds_draw(struct hs_arena *arena, const struct hs_lifetime *lifetime,
                              const struct hs_venture *ventures, size_t count,
                              const struct hs_economics_options *options, struct hs_worlds *out,
                              struct hs_err *err)
{
  struct hs_worlds made = {.options = *options, .venture_count = count};
  struct roots roots;
  if (!lifetime->has_values || !isfinite(hs_spend_mean(&lifetime->spend.parameters)))
    return hs_fail(err, HS_INSUFFICIENT,
                   "what a purchase is worth has no mean yet, so customers have no value");
  if (!take_worlds(arena, count, options->draws, &made))
    return hs_arena_full(arena, "worlds", err);
  take_root(lifetime->bgnbd.fit.covariance, HS_BUYERS_PARAMETERS, roots.buyers);
  take_root(lifetime->spend.covariance, HS_SPEND_PARAMETERS, roots.spend);
  for (size_t d = 0; d < options->draws; d++) {
    struct hs_random rng = hs_random_open(options->seed, WORLD_STREAM + d);
    draw_customers(lifetime, &roots, &rng, &made.repeats[d], &made.first[d]);
    for (size_t v = 0; v < count; v++) {
      const struct hs_venture *venture = &ventures[v];
      size_t at = v * options->draws + d;
      made.customers[at] = draw_count(venture, &rng);
      made.share[at] = share_at(venture, hs_random_uniform(&rng));
      made.rate[at] = hs_random_gamma(&rng, venture->worth.rate_shape) / venture->worth.rate_rate;
      made.spend[at] = fmax(0, venture->worth.spend_factor +
                                   venture->worth.spend_factor_sd * hs_random_normal(&rng));
    }
  }
  *out = made;
  return HS_OK;
}

double hs_worlds_value(const struct hs_worlds *worlds, size_t venture, size_t world)
{
  size_t at = venture * worlds->options.draws + world;
  return worlds->first[world] * worlds->spend[at] * (1 + worlds->rate[at] * worlds->repeats[world]);
}

double hs_worlds_incremental(const struct hs_worlds *worlds, size_t venture, size_t world)
{
  size_t at = venture * worlds->options.draws + world;
  return worlds->customers[at] * worlds->share[at];
}

/* ---- one venture ----------------------------------------------------------------------------- */

enum question {
  CUSTOMERS,
  INCREMENTAL,
  VALUE,
  COST_EACH,
  VALUE_TO_COST,
  PAYBACK,
  NET,
  SHARE_NEEDED
};

/* Part of the horizon after which a customer of that value curve has brought back the cost: the
   curve is that of all customers, stretched by the venture's rate. */
static double payback_share(const double *curve, double first, double rate, double repeats,
                            double cost)
{
  if (cost <= first)
    return 0;
  for (int i = 1; i <= PAYBACK_STEPS; i++)
    if (first * (1 + rate * repeats * curve[i]) >= cost) {
      double before = first * (1 + rate * repeats * curve[i - 1]);
      double after = first * (1 + rate * repeats * curve[i]);
      return (i - 1 + (cost - before) / (after - before)) / PAYBACK_STEPS;
    }
  return HUGE_VAL;
}

static double answer(const struct hs_worlds *worlds, const struct hs_lifetime *lifetime,
                     const struct hs_venture *venture, size_t v, size_t d, const double *curve,
                     enum question question)
{
  size_t at = v * worlds->options.draws + d;
  double value = hs_worlds_value(worlds, v, d), caused = hs_worlds_incremental(worlds, v, d);
  double cost_each = caused > 0 ? venture->cost / caused : HUGE_VAL;
  switch (question) {
  case CUSTOMERS:
    return worlds->customers[at];
  case INCREMENTAL:
    return caused;
  case VALUE:
    return value;
  case COST_EACH:
    return cost_each;
  case VALUE_TO_COST:
    return value / cost_each;
  case PAYBACK:
    return lifetime->options.horizon * payback_share(curve, worlds->first[d] * worlds->spend[at],
                                                     worlds->rate[at], worlds->repeats[d],
                                                     cost_each);
  case NET:
    return caused * value - venture->cost;
  case SHARE_NEEDED:
    return worlds->customers[at] > 0 ? venture->cost / (worlds->customers[at] * value) : HUGE_VAL;
  }
  return (double)NAN;
}

/* How repeat purchases come in over the horizon, discounted, as shares of all of them. */
static void take_curve(const struct hs_lifetime *lifetime, double curve[PAYBACK_STEPS + 1])
{
  const struct hs_buyers_parameters *p = &lifetime->bgnbd.fit.parameters;
  const struct hs_lifetime_options *o = &lifetime->options;
  double all = hs_lifetime_discounted(p, o->horizon, o->discount);
  curve[0] = 0;
  for (int i = 1; i <= PAYBACK_STEPS; i++)
    curve[i] =
        hs_lifetime_discounted(p, o->horizon * i / PAYBACK_STEPS, o->discount) / fmax(all, 1e-300);
}

void hs_economics_of(const struct hs_worlds *worlds, const struct hs_lifetime *lifetime,
                     const struct hs_venture *venture, size_t index, double *scratch,
                     struct hs_venture_economics *out)
{
  size_t draws = worlds->options.draws;
  double curve[PAYBACK_STEPS + 1], pays = 0;
  struct hs_estimate *const answers[] = {&out->customers, &out->incremental,   &out->value,
                                         &out->cost_each, &out->value_to_cost, &out->payback_weeks,
                                         &out->net,       &out->share_needed};
  take_curve(lifetime, curve);
  for (size_t q = 0; q < sizeof answers / sizeof *answers; q++) {
    for (size_t d = 0; d < draws; d++) {
      scratch[d] = answer(worlds, lifetime, venture, index, d, curve, (enum question)q);
      pays += q == NET && scratch[d] > 0;
    }
    *answers[q] = hs_draws_estimate(scratch, draws, worlds->options.level);
  }
  out->p_pays = pays / (double)draws;
  out->cost_each_tracked = venture->customers > 0 ? venture->cost / venture->customers : HUGE_VAL;
}
