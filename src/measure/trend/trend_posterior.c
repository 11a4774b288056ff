/* The grid of shapes and the posterior of growth over it.

   Given a shape, everything is linear and normal but for one scale σ: with its prior 1/σ integrated
   out, the likelihood is Π F_t^(−1/2) · S^(−ν/2), S the sum of squared standardised innovations and
   ν their number, and growth is Student's t with ν degrees of freedom about the filter's mean, of
   scale √(S/ν) times the filter's deviation. */
#include <math.h>
#include <stdint.h>

#include "measure/trend/trend_priv.h"
#include "stats/distribution.h"

/* Variance of a year's movement of the level beside the noise of one period; −1 is a level without
   noise. Coarse at the ends, where shapes look alike in series of some dozens of values. A level
   that walks far explains any decline, so it has to be earned. */
static const double LEVELS[] = {0, 0.05, 0.2, 0.7, 2, 8, -1};
static const double LEVEL_PRIORS[] = {0.25, 0.2, 0.15, 0.15, 0.1, 0.1, 0.05};
#define LEVEL_COUNT (sizeof LEVELS / sizeof LEVELS[0])
/* Deviation of a year's growth about the drift, in deviations of one period's movement, and the
   weight of each. Growth that never changes gets a quarter: most of what reaches a plateau or fades
   did grow once. */
static const double SLOPES[] = {0, 0.3, 1, 3, 8};
static const double SLOPE_PRIORS[] = {0.25, 0.15, 0.2, 0.2, 0.2};
#define SLOPE_COUNT (sizeof SLOPES / sizeof SLOPES[0])
/* What is left of such a deviation a quarter later: half of it after a year, after four. */
static const double PERSISTENCES[] = {0.84, 0.958};
#define PERSISTENCE_COUNT (sizeof PERSISTENCES / sizeof PERSISTENCES[0])
/* Change of the season, a period, beside the movement of one: none, or slowly another. */
static const double SEASONS[] = {0, 0.02};
static const double SEASON_PRIORS[] = {0.7, 0.3};

static void add_shape(struct hs_trend_grid *grid, double periods_per_year, size_t l, size_t s,
                      size_t p, size_t q, double prior)
{
  double ratio = LEVELS[l] / periods_per_year;
  grid->shapes[grid->count++] =
      (struct hs_trend_shape){.noise = ratio < 0 ? 0 : 1 / (1 + ratio),
                              .level = ratio < 0 ? 1 : ratio / (1 + ratio),
                              .slope = SLOPES[s],
                              .phi = pow(PERSISTENCES[p], 4 / periods_per_year),
                              .season = SEASONS[q],
                              .prior = prior};
}

void hs_trend_grid_make(double periods_per_year, int has_season, struct hs_trend_grid *grid)
{
  grid->count = 0;
  for (size_t l = 0; l < LEVEL_COUNT; l++)
    for (size_t s = 0; s < SLOPE_COUNT; s++) {
      size_t persistences = SLOPES[s] > 0 ? PERSISTENCE_COUNT : 1;
      for (size_t p = 0; p < persistences; p++)
        for (size_t q = 0; q < (has_season ? 2 : 1); q++) {
          double prior = SLOPE_PRIORS[s] * LEVEL_PRIORS[l];
          prior /= (double)persistences;
          prior *= has_season ? SEASON_PRIORS[q] : 1;
          add_shape(grid, periods_per_year, l, s, p, q, prior);
        }
    }
}

enum hs_status hs_trend_bench_make(struct hs_arena *arena, size_t count, double periods_per_year,
                                   uint32_t season, struct hs_trend_bench *bench,
                                   struct hs_err *err)
{
  double rounded = fmax(1, floor(periods_per_year + 0.5));
  struct hs_kalman_model model = {
      .count = count,
      .level = {.is_in = 1},
      .drift = {.is_in = 1},
      .slope = {.is_in = 1, .phi = 0.5, .start = {HS_KALMAN_STATIONARY, 0, 0}},
      .has_gain = 1,
      .season = {.is_in = season > 1},
      .season_count = season};
  bench->periods_per_year = periods_per_year;
  /* Steps between two periods of the series: the one that leads out of it is not seen. */
  bench->window = rounded < (double)count - 1 ? (size_t)rounded : count - 1;
  model.gain_until = count - 1;
  model.gain_since = model.gain_until - bench->window;
  bench->room = hs_arena_alloc_raw(arena, hs_kalman_room(&model), sizeof *bench->room);
  if (bench->room == NULL)
    return hs_arena_full(arena, "the filter of a trend", err);
  hs_kalman_init(&bench->kalman, &model, bench->room);
  return HS_OK;
}

void hs_trend_bench_set(struct hs_trend_bench *bench, const struct hs_trend_shape *shape)
{
  struct hs_kalman_model *model = &bench->kalman.model;
  double slope = shape->slope / bench->periods_per_year;
  model->noise_variance = shape->noise;
  model->level.variance = shape->level;
  model->slope.phi = shape->phi;
  model->slope.variance = slope * slope * (1 - shape->phi * shape->phi);
  model->season.variance = shape->season;
}

/* 0 when something stayed unknown. */
static int run(struct hs_trend_bench *bench, const struct hs_trend_shape *shape, const double *y,
               struct hs_trend_component *out, double *log_likelihood)
{
  struct hs_kalman *k = &bench->kalman;
  double squares = 0;
  double logs = 0;
  double df = 0;
  hs_trend_bench_set(bench, shape);
  hs_kalman_filter(k, y);
  for (size_t t = 0; t < k->model.count; t++) {
    if (isnan(k->innovations[t]) || isinf(k->variances[t]))
      continue;
    squares += k->innovations[t] * k->innovations[t] / k->variances[t];
    logs += log(k->variances[t]);
    df++;
  }
  if (k->diffuse_count > 0 || df < 1)
    return 0;
  /* A series that follows its trend to the digit has no noise to measure: the floor is far below
     any figure that is printed, and keeps the logarithm. */
  squares = fmax(squares, 1e-24 * df);
  size_t gain = k->layout.gain;
  double years = bench->periods_per_year / (double)(bench->window > 0 ? bench->window : 1);
  double variance = fmax(0, k->p[gain * (k->layout.stride + 1)]);
  *out = (struct hs_trend_component){
      .shape = shape, .mean = k->a[gain] * years, .df = df, .unit = sqrt(squares / df)};
  out->sd = fmax(1e-12, out->unit * years * sqrt(variance));
  *log_likelihood = -0.5 * (logs + df * log(squares));
  return 1;
}

int hs_trend_mix(struct hs_trend_bench *bench, const struct hs_trend_grid *grid, const double *y,
                 struct hs_trend_mixture *out)
{
  double best = -(double)INFINITY;
  double sum = 0;
  out->count = grid->count;
  for (size_t i = 0; i < grid->count; i++) {
    double log_likelihood = 0;
    if (!run(bench, &grid->shapes[i], y, &out->components[i], &log_likelihood))
      return 0;
    out->components[i].weight = log_likelihood + log(grid->shapes[i].prior);
    best = fmax(best, out->components[i].weight);
  }
  for (size_t i = 0; i < grid->count; i++) {
    out->components[i].weight = exp(out->components[i].weight - best);
    sum += out->components[i].weight;
  }
  for (size_t i = 0; i < grid->count; i++)
    out->components[i].weight /= sum;
  out->log_evidence = best + log(sum);
  return 1;
}

double hs_trend_mixture_cdf(const struct hs_trend_mixture *mixture, double x)
{
  double sum = 0;
  for (size_t i = 0; i < mixture->count; i++) {
    const struct hs_trend_component *c = &mixture->components[i];
    if (c->weight > 1e-8)
      sum += c->weight * hs_t_cdf((x - c->mean) / c->sd, c->df);
  }
  return sum;
}

/* False position with the Illinois rule (Dowell and Jarratt, BIT 11, 1971): each look at the
   mixture costs a distribution function for each of its components, and bisection would take forty.
 */
static double quantile(const struct hs_trend_mixture *mixture, double p, double middle, double sd)
{
  double low = middle - sd, high = middle + sd;
  double at_low = hs_trend_mixture_cdf(mixture, low) - p;
  double at_high = hs_trend_mixture_cdf(mixture, high) - p;
  for (double reach = sd; at_low > 0 && reach < 1e6 * sd; reach *= 2)
    at_low = hs_trend_mixture_cdf(mixture, low -= reach) - p;
  for (double reach = sd; at_high < 0 && reach < 1e6 * sd; reach *= 2)
    at_high = hs_trend_mixture_cdf(mixture, high += reach) - p;
  int last_side = 0;
  for (int i = 0; i < 60 && high - low > 1e-9 * sd && at_high > at_low; i++) {
    double between = (low * at_high - high * at_low) / (at_high - at_low);
    double at = hs_trend_mixture_cdf(mixture, between) - p;
    int side = at < 0 ? -1 : 1;
    if (fabs(at) < 1e-10)
      return between;
    /* An end that stays twice counts for half, or it would stay for ever. */
    if (side < 0) {
      low = between;
      at_low = at;
      at_high *= side == last_side ? 0.5 : 1;
    } else {
      high = between;
      at_high = at;
      at_low *= side == last_side ? 0.5 : 1;
    }
    last_side = side;
  }
  return 0.5 * (low + high);
}

struct hs_trend_growth hs_trend_summarise(const struct hs_trend_mixture *mixture, double material,
                                          double mass)
{
  struct hs_trend_growth growth = {0};
  double square = 0;
  for (size_t i = 0; i < mixture->count; i++)
    growth.mean += mixture->components[i].weight * mixture->components[i].mean;
  for (size_t i = 0; i < mixture->count; i++) {
    const struct hs_trend_component *c = &mixture->components[i];
    double off = c->mean - growth.mean;
    /* The variance of t needs more than two degrees: below that its scale stands in. */
    double stretch = c->df > 2 ? c->df / (c->df - 2) : 1;
    square += c->weight * (c->sd * c->sd * stretch + off * off);
  }
  growth.sd = sqrt(square);
  growth.below = fmin(1, hs_trend_mixture_cdf(mixture, -material));
  growth.above = fmax(0, 1 - hs_trend_mixture_cdf(mixture, material));
  growth.within = fmin(1, fmax(0, 1 - growth.below - growth.above));
  growth.low = quantile(mixture, 0.5 * (1 - mass), growth.mean, growth.sd);
  growth.high = quantile(mixture, 0.5 * (1 + mass), growth.mean, growth.sd);
  return growth;
}

/* What lies ahead of one series, looked at for every mixture that has to agree. */
struct ahead {
  const struct hs_trend_outlook *asked;
  const double *mask;
  size_t more;                 /* periods */
  struct hs_trend_bench bench; /* of the series with them */
  double
      variances[HS_TREND_SHAPE_MAX]; /* of growth by shape, in its unit; NaN: not asked for yet */
};

/* Variances do not depend on values, so that all mixtures share them. */
static double variance_ahead(struct ahead *ahead, const struct hs_trend_shape *shape)
{
  double *variance = &ahead->variances[shape - ahead->asked->grid->shapes];
  const struct hs_kalman *k = &ahead->bench.kalman;
  if (!isnan(*variance))
    return *variance;
  hs_trend_bench_set(&ahead->bench, shape);
  hs_kalman_filter(&ahead->bench.kalman, ahead->mask);
  *variance = fmax(0, k->p[k->layout.gain * (k->layout.stride + 1)]);
  return *variance;
}

/* Mass of what growth seems to be, once the series has more periods, were each shape's figure the
   mean and its deviation what the filter of a longer series gives. */
#define LIGHT 1e-2 /* of the heaviest shape: what is lighter is left out and the others scaled */
static double mass_after(struct ahead *ahead, const struct hs_trend_mixture *mixture, double mean)
{
  const struct hs_trend_bench *bench = &ahead->bench;
  double years = bench->periods_per_year / (double)(bench->window > 0 ? bench->window : 1);
  double material = ahead->asked->material;
  double sum = 0;
  double weight = 0;
  double heaviest = 0;
  for (size_t i = 0; i < mixture->count; i++)
    heaviest = fmax(heaviest, mixture->components[i].weight);
  for (size_t i = 0; i < mixture->count; i++) {
    const struct hs_trend_component *c = &mixture->components[i];
    if (c->weight < LIGHT * heaviest)
      continue;
    double sd = fmax(1e-12, c->unit * years * sqrt(variance_ahead(ahead, c->shape)));
    double df = c->df + (double)ahead->more;
    double below = hs_t_cdf((-material - mean) / sd, df);
    double above = hs_t_cdf((mean - material) / sd, df);
    sum += c->weight * (mean > material ? above : mean < -material ? below : 1 - above - below);
    weight += c->weight;
  }
  return weight > 0 ? sum / weight : 0;
}

/* Whether each mixture has reached the mass with so many more periods. */
static enum hs_status reaches(struct hs_arena *arena, struct ahead *ahead, size_t more, int *out,
                              struct hs_err *err)
{
  const struct hs_trend_outlook *asked = ahead->asked;
  size_t mark = hs_arena_mark(arena);
  enum hs_status status = hs_trend_bench_make(arena, asked->count + more, asked->periods_per_year,
                                              asked->season, &ahead->bench, err);
  if (status != HS_OK)
    return status;
  ahead->more = more;
  for (size_t i = 0; i < HS_TREND_SHAPE_MAX; i++)
    ahead->variances[i] = (double)NAN;
  *out = 1;
  for (size_t i = 0; *out && i < asked->mixture_count; i++)
    *out = mass_after(ahead, &asked->mixtures[i], asked->means[i]) >= asked->mass;
  hs_arena_reset(arena, mark);
  return HS_OK;
}

/* Mixtures that point to different verdicts part the more, the longer they are looked at. */
static int point_the_same_way(const struct hs_trend_outlook *asked)
{
  int first = 0;
  for (size_t i = 0; i < asked->mixture_count; i++) {
    int way = (asked->means[i] > asked->material) - (asked->means[i] < -asked->material);
    if (i > 0 && way != first)
      return 0;
    first = way;
  }
  return 1;
}

/* Further ahead than this nobody waits for a verdict. */
#define YEARS_AHEAD_MAX 10

enum hs_status hs_trend_look_ahead(struct hs_arena *arena, const struct hs_trend_outlook *asked,
                                   size_t *out, struct hs_err *err)
{
  size_t reach = (size_t)fmax(1, ceil(YEARS_AHEAD_MAX * asked->periods_per_year));
  size_t low = 0; /* not enough */
  size_t high = reach + 1;
  struct ahead ahead = {.asked = asked};
  *out = SIZE_MAX;
  if (!point_the_same_way(asked))
    return HS_OK;
  double *mask = hs_arena_alloc_raw(arena, asked->count + reach, sizeof *mask);
  if (mask == NULL)
    return hs_arena_full(arena, "a look ahead", err);
  for (size_t t = 0; t < asked->count + reach; t++)
    mask[t] = t < asked->count && isnan(asked->y[t]) ? (double)NAN : 0;
  ahead.mask = mask;
  for (size_t more = reach; high - low > 1; more = low + (high - low) / 2) {
    int is_enough = 0;
    enum hs_status status = reaches(arena, &ahead, more, &is_enough, err);
    if (status != HS_OK)
      return status;
    if (is_enough)
      high = more;
    else if (more == reach)
      return HS_OK;
    else
      low = more;
  }
  *out = high;
  return HS_OK;
}
