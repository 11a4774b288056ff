#include "measure/value/economics.h"

#include <math.h>
#include <string.h>

#include "stats/linear.h"
#include "stats/random.h"

#define WORLD_STREAM ((uint64_t)1 << 40)

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

double hs_venture_cost(const struct hs_venture *venture, const struct hs_economics_options *options)
{
  return venture->spent.likely + venture->hours * options->hour_cost.likely;
}

double hs_venture_customers(const struct hs_venture *venture)
{
  return venture->has_said_customers ? venture->said_customers.likely : venture->customers;
}

/* ---- worlds ---------------------------------------------------------------------------------- */

/* The Cholesky factors of the two fits; zero where a fit has no covariance. */
struct roots {
  double buyers[HS_BUYERS_PARAMETERS * HS_BUYERS_PARAMETERS];
  double spend[HS_SPEND_PARAMETERS * HS_SPEND_PARAMETERS];
};

/* A fit without a covariance stands for itself: its root is zero, and nothing moves. */
static struct roots take_roots(const struct hs_lifetime *lifetime)
{
  struct roots roots;
  (void)hs_buyers_root(&lifetime->bgnbd.fit, roots.buyers);
  memcpy(roots.spend, lifetime->spend.covariance, sizeof roots.spend);
  if (isnan(roots.spend[0]) || hs_cholesky_factor(roots.spend, HS_SPEND_PARAMETERS))
    memset(roots.spend, 0, sizeof roots.spend);
  return roots;
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
                           struct hs_random *rng, double *curve, double *first)
{
  const struct hs_lifetime_options *o = &lifetime->options;
  struct hs_buyers_parameters buyers = lifetime->bgnbd.fit.parameters;
  const struct hs_spend_parameters *at = &lifetime->spend.parameters;
  double spend[HS_SPEND_PARAMETERS] = {at->p, at->q, at->v};
  move(roots->buyers, HS_BUYERS_PARAMETERS, rng, buyers.value);
  move(roots->spend, HS_SPEND_PARAMETERS, rng, spend);
  const struct hs_spend_parameters moved = {spend[0], spend[1], spend[2]};
  double mean = hs_spend_mean(&moved);
  hs_lifetime_curve(&buyers, o->horizon, o->discount, curve);
  *first = o->margin * (isfinite(mean) ? mean : hs_spend_mean(at));
}

/* Sums of shares, each resampled: a Gamma variate with their sum and the sum of their squares. What
   a plan says is drawn as it says. */
static double draw_count(const struct hs_venture *venture, struct hs_random *rng)
{
  if (venture->has_said_customers)
    return hs_range_at(&venture->said_customers, hs_random_uniform(rng));
  if (!(venture->customers > 0))
    return 0;
  double scale = venture->customers_variance / venture->customers;
  return scale * hs_random_gamma(rng, venture->customers / scale);
}

static int take_worlds(struct hs_arena *arena, size_t count, uint32_t draws, struct hs_worlds *out)
{
  double **const each[] = {&out->customers, &out->spent, &out->share, &out->rate, &out->spend};
  int is_there = 1;
  out->repeats = hs_arena_alloc_raw(arena, draws, sizeof(double));
  out->curve = hs_arena_alloc_raw(arena, draws, (HS_LIFETIME_STEPS + 1) * sizeof(double));
  out->first = hs_arena_alloc_raw(arena, draws, sizeof(double));
  out->hour = hs_arena_alloc_raw(arena, draws, sizeof(double));
  for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
    *each[i] = hs_arena_alloc_raw(arena, count * draws, sizeof(double));
    is_there = is_there && *each[i];
  }
  return is_there && out->repeats && out->curve && out->first && out->hour;
}

/* One venture in one world. */
static void draw_venture(const struct hs_venture *venture, size_t at, struct hs_random *rng,
                         struct hs_worlds *worlds)
{
  const struct hs_partner_worth *worth = &venture->worth;
  worlds->customers[at] = draw_count(venture, rng);
  worlds->spent[at] = hs_range_at(&venture->spent, hs_random_uniform(rng));
  worlds->share[at] = share_at(venture, hs_random_uniform(rng));
  worlds->rate[at] = hs_random_gamma(rng, worth->rate_shape) / worth->rate_rate;
  worlds->spend[at] = fmax(0, worth->spend_factor + worth->spend_factor_sd * hs_random_normal(rng));
}

enum hs_status hs_worlds_draw(struct hs_arena *arena, const struct hs_lifetime *lifetime,
                              const struct hs_venture *ventures, size_t count,
                              const struct hs_economics_options *options, struct hs_worlds *out,
                              struct hs_err *err)
{
  struct hs_worlds made = {.options = *options, .venture_count = count};
  if (!lifetime->has_values || !isfinite(hs_spend_mean(&lifetime->spend.parameters)))
    return hs_fail(err, HS_INSUFFICIENT,
                   "what a purchase is worth has no mean yet, so customers have no value");
  if (!take_worlds(arena, count, options->draws, &made))
    return hs_arena_full(arena, "worlds", err);
  const struct roots roots = take_roots(lifetime);
  for (size_t d = 0; d < options->draws; d++) {
    struct hs_random rng = hs_random_open(options->seed, WORLD_STREAM + d);
    double *curve = made.curve + d * (HS_LIFETIME_STEPS + 1);
    draw_customers(lifetime, &roots, &rng, curve, &made.first[d]);
    made.repeats[d] = curve[HS_LIFETIME_STEPS];
    made.hour[d] = hs_range_at(&options->hour_cost, hs_random_uniform(&rng));
    for (size_t v = 0; v < count; v++)
      draw_venture(&ventures[v], v * options->draws + d, &rng, &made);
  }
  *out = made;
  return HS_OK;
}

double hs_worlds_value(const struct hs_worlds *worlds, size_t venture, size_t world)
{
  size_t at = venture * worlds->options.draws + world;
  return worlds->first[world] * worlds->spend[at] * (1 + worlds->rate[at] * worlds->repeats[world]);
}

double hs_worlds_cost(const struct hs_worlds *worlds, const struct hs_venture *ventures,
                      size_t venture, size_t world)
{
  return worlds->spent[venture * worlds->options.draws + world] +
         ventures[venture].hours * worlds->hour[world];
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

/* Part of the horizon after which a customer of that world has brought back the cost: the curve is
   that of all customers, stretched by the venture's rate, and straight within a step. */
static double payback_share(const double *curve, double first, double rate, double cost)
{
  if (cost <= first)
    return 0;
  for (int i = 1; i <= HS_LIFETIME_STEPS; i++) {
    double before = first * (1 + rate * curve[i - 1]), after = first * (1 + rate * curve[i]);
    if (after >= cost)
      return (i - 1 + (cost - before) / (after - before)) / HS_LIFETIME_STEPS;
  }
  return HUGE_VAL;
}

/* One world of a venture, and what is asked of it. */
struct look {
  const struct hs_worlds *worlds;
  const struct hs_lifetime *lifetime;
  size_t venture, world, at;
  double cost, value, caused;
};

static double answer(const struct look *look, enum question question)
{
  const struct hs_worlds *worlds = look->worlds;
  double cost_each = look->caused > 0 ? look->cost / look->caused : HUGE_VAL;
  switch (question) {
  case CUSTOMERS:
    return worlds->customers[look->at];
  case INCREMENTAL:
    return look->caused;
  case VALUE:
    return look->value;
  case COST_EACH:
    return cost_each;
  case VALUE_TO_COST:
    return look->value / cost_each;
  case PAYBACK:
    return look->lifetime->options.horizon *
           payback_share(worlds->curve + look->world * (HS_LIFETIME_STEPS + 1),
                         worlds->first[look->world] * worlds->spend[look->at],
                         worlds->rate[look->at], cost_each);
  case NET:
    return look->caused * look->value - look->cost;
  case SHARE_NEEDED:
    return worlds->customers[look->at] > 0
               ? look->cost / (worlds->customers[look->at] * look->value)
               : HUGE_VAL;
  }
  return (double)NAN;
}

void hs_economics_of(const struct hs_worlds *worlds, const struct hs_lifetime *lifetime,
                     const struct hs_venture *ventures, size_t index, double *scratch,
                     struct hs_venture_economics *out)
{
  size_t draws = worlds->options.draws;
  double pays = 0, tracked = hs_venture_customers(&ventures[index]);
  struct hs_estimate *const answers[] = {&out->customers, &out->incremental,   &out->value,
                                         &out->cost_each, &out->value_to_cost, &out->payback_weeks,
                                         &out->net,       &out->share_needed};
  for (size_t q = 0; q < sizeof answers / sizeof *answers; q++) {
    for (size_t d = 0; d < draws; d++) {
      const struct look look = {worlds,
                                lifetime,
                                index,
                                d,
                                index * draws + d,
                                hs_worlds_cost(worlds, ventures, index, d),
                                hs_worlds_value(worlds, index, d),
                                hs_worlds_incremental(worlds, index, d)};
      scratch[d] = answer(&look, (enum question)q);
      pays += q == NET && scratch[d] > 0;
    }
    *answers[q] = hs_draws_estimate(scratch, draws, worlds->options.level);
  }
  out->p_pays = pays / (double)draws;
  out->cost_each_tracked =
      tracked > 0 ? hs_venture_cost(&ventures[index], &worlds->options) / tracked : HUGE_VAL;
}
