#include "calibration/influence_worlds.h"

#include <math.h>
#include <string.h>

#include "base/status.h"
#include "stats/distribution.h"
#include "stats/linear.h"
#include "stats/random.h"

#define NOISE                                                                                      \
  {                                                                                                \
    .noise = 1                                                                                     \
  }

/* ar is the variance of the process whose innovations have variance 1. */
const struct influence_world INFLUENCE_WORLDS[] = {
    {"independent", "independent noise", .covariance = NOISE},
    {"AR .5", "autoregression", .covariance = {.phi1 = .5, .ar = 1 / .75}},
    {"AR .8", "autoregression", .covariance = {.phi1 = .8, .ar = 1 / .36}},
    {"random walk", "steps of .6 on noise of 1.5", .covariance = {.walk = .36, .noise = 2.25}},
    {"weekday cycle", "2, 1, 0, 0, -1, -1, -1 on noise of 2", .covariance = {.noise = 4},
     .week = 1},
    {"AR .3", "autoregression", INFLUENCE_FALSE, .covariance = {.phi1 = .3, .ar = 1 / .91}},
    {"AR .9", "autoregression", INFLUENCE_FALSE, .covariance = {.phi1 = .9, .ar = 1 / .19}},
    {"AR .8 and noise", "autoregression of innovations 1 with noise of 1 on top", INFLUENCE_FALSE,
     .covariance = {.phi1 = .8, .ar = 1 / .36, .noise = 1}},
    {"AR(2) long", "coefficients .5 and .3", INFLUENCE_FALSE,
     .covariance = {.phi1 = .5, .phi2 = .3, .ar = 2.24359}},
    {"AR(2) swinging", "coefficients 1.2 and -.5", INFLUENCE_FALSE,
     .covariance = {.phi1 = 1.2, .phi2 = -.5, .ar = 3.7037}},
    {"heavy tails", "independent t with 3 degrees of freedom", INFLUENCE_FALSE, .covariance = NOISE,
     .tails = 3},
    {"walk with weekdays", "the random walk with the weekday cycle", INFLUENCE_FALSE,
     .covariance = {.walk = .36, .noise = 2.25}, .week = 1},
    {"louder at half", "independent noise, twice as large from row 45 on", INFLUENCE_FALSE,
     .covariance = NOISE, .louder = 2, .louder_from = 45},
    {"louder at start", "independent noise, twice as large in the window", INFLUENCE_FALSE,
     .covariance = NOISE, .louder = 2, .louder_from = INFLUENCE_BEFORE},
    {"trend .01", "noise on a trend that rises by .01 a row", INFLUENCE_REPORT, .covariance = NOISE,
     .trend = .01},
    {"trend .02", "noise on a trend that rises by .02 a row", INFLUENCE_FALSE, .covariance = NOISE,
     .trend = .02},
    {"trend .05", "noise on a trend that rises by .05 a row", INFLUENCE_FALSE, .covariance = NOISE,
     .trend = .05},
    {"slow walk", "steps of .15 on noise of 1.5", INFLUENCE_FALSE,
     .covariance = {.walk = .0225, .noise = 2.25}},
    {"slow wave", "noise on a sine of 180 rows and amplitude 1", INFLUENCE_REPORT,
     .covariance = NOISE, .wave = 1},
    {"old step", "noise on a level that is 3 higher from row 45 on", INFLUENCE_FALSE,
     .covariance = NOISE, .step = 3},
    {"controls .99", "independent noise under controls that explain .99 of the variance",
     INFLUENCE_FALSE, .covariance = NOISE, .strength = 4.66},
    {"season of 10", "independent noise under the weekday cycle, ten times as large",
     INFLUENCE_FALSE, .covariance = NOISE, .week = 10},
    {"trend 2", "noise on a trend that rises by 2 a row", INFLUENCE_FALSE, .covariance = NOISE,
     .trend = 2},
};
const size_t INFLUENCE_WORLD_COUNT = sizeof INFLUENCE_WORLDS / sizeof *INFLUENCE_WORLDS;

/* Rows that a process runs before the first one that is looked at. */
#define WARM_UP 300
/* Of the controls: autoregressions, as markets are. */
#define CONTROL_PHI 0.8

static double scale_at(const struct influence_world *world, size_t t)
{
  return world->louder > 0 && t >= world->louder_from ? world->louder : 1;
}

static double shock(const struct influence_world *world, struct hs_random *rng)
{
  double normal = hs_random_normal(rng);
  if (world->tails <= 0)
    return normal;
  /* Of variance 1, like the others. */
  double chi = 2 * hs_random_gamma(rng, 0.5 * world->tails) / world->tails;
  return normal / sqrt(chi) * sqrt((world->tails - 2) / world->tails);
}

/* Innovations of variance 1 give ar, whatever ar says: it says the same. */
static void make_residual(const struct influence_world *world, struct hs_random *rng,
                          double *residual)
{
  const struct hs_covariance *c = &world->covariance;
  double now = 0;
  double before = 0;
  double walk = 0;
  for (size_t t = 0; t < WARM_UP + INFLUENCE_ROWS; t++) {
    double next = c->phi1 * now + c->phi2 * before + (c->ar > 0 ? shock(world, rng) : 0);
    before = now;
    now = next;
    if (t < WARM_UP)
      continue;
    walk += sqrt(c->walk) * shock(world, rng);
    residual[t - WARM_UP] =
        scale_at(world, t - WARM_UP) * (now + walk + sqrt(c->noise) * shock(world, rng));
  }
}

static void add_pattern(const struct influence_world *world, struct hs_random *rng, double *outcome)
{
  static const double WEEK[] = {2, 1, 0, 0, -1, -1, -1};
  static const double TWO_PI = 6.283185307179586;
  double phase = TWO_PI * hs_random_uniform(rng);
  for (size_t t = 0; t < INFLUENCE_ROWS; t++) {
    outcome[t] += world->week * WEEK[t % 7] + world->trend * (double)t;
    outcome[t] += world->wave * sin(TWO_PI * (double)t / 180 + phase);
    outcome[t] += t >= INFLUENCE_BEFORE / 2 ? world->step : 0;
  }
}

/* Columns for whoever was told: intercept, the two controls, the outcome without its pattern. */
#define TOLD_COLUMNS (INFLUENCE_CONTROLS_USEFUL + 2)

static void told_row(const struct influence_world *world, const struct influence_series *series,
                     const double *residual, size_t t, double *row)
{
  double scale = scale_at(world, t);
  row[0] = 1 / scale;
  row[TOLD_COLUMNS - 1] = residual[t] / scale;
  for (size_t j = 0; j < INFLUENCE_CONTROLS_USEFUL; j++)
    row[1 + j] = series->control[j][t] / scale;
}

/* Generalised least squares before the start, and the forecast of the window's mean. */
static double told_width(const struct influence_world *world, const struct influence_series *series,
                         const double *residual)
{
  enum { K = TOLD_COLUMNS - 1 };
  struct hs_whitener whitener;
  double room[HS_WHITENER_STATES * TOLD_COLUMNS];
  double row[TOLD_COLUMNS];
  double ahead[TOLD_COLUMNS];
  double weight[INFLUENCE_WINDOW];
  double products[K * K] = {0};
  double solved[K] = {0};
  double squares = 0;
  hs_whitener_open(&whitener, &world->covariance, TOLD_COLUMNS, room);
  for (size_t t = 0; t < INFLUENCE_BEFORE; t++) {
    told_row(world, series, residual, t, row);
    double variance = hs_whitener_next(&whitener, row);
    for (size_t i = 0; i < K; i++) {
      for (size_t j = 0; j < K; j++)
        products[i * K + j] += row[i] * row[j] / variance;
      solved[i] += row[i] * row[K] / variance;
    }
    squares += row[K] * row[K] / variance;
  }
  for (size_t h = 0; h < INFLUENCE_WINDOW; h++)
    weight[h] = scale_at(world, INFLUENCE_BEFORE + h) / INFLUENCE_WINDOW;
  double spread = hs_whitener_outlook(&whitener, weight, INFLUENCE_WINDOW, ahead);
  for (size_t h = 0; h < INFLUENCE_WINDOW; h++) {
    told_row(world, series, residual, INFLUENCE_BEFORE + h, row);
    for (size_t c = 0; c < TOLD_COLUMNS; c++)
      ahead[c] -= weight[h] * row[c];
  }
  double explained[K];
  memcpy(explained, solved, sizeof explained);
  size_t singular = hs_cholesky_factor(products, K);
  HS_ASSERT(singular == 0);
  hs_cholesky_solve(products, K, solved);
  double reach[K];
  memcpy(reach, ahead, sizeof reach);
  hs_cholesky_solve(products, K, reach);
  for (size_t i = 0; i < K; i++) {
    squares -= explained[i] * solved[i];
    spread += ahead[i] * reach[i];
  }
  double df = INFLUENCE_BEFORE - K;
  return 2 * hs_t_quantile(.975, df) * sqrt(spread * squares / df);
}

void influence_series_make(const struct influence_world *world, uint64_t seed, uint64_t number,
                           struct influence_series *series)
{
  uint64_t row = (uint64_t)(world - INFLUENCE_WORLDS);
  struct hs_random rng = hs_random_open(seed, row << 32 | number);
  double residual[INFLUENCE_ROWS];
  make_residual(world, &rng, residual);
  for (size_t j = 0; j < INFLUENCE_CONTROLS_MAX; j++) {
    double value = hs_random_normal(&rng) / sqrt(1 - CONTROL_PHI * CONTROL_PHI);
    for (size_t t = 0; t < INFLUENCE_ROWS; t++) {
      series->control[j][t] = value;
      value = CONTROL_PHI * value + hs_random_normal(&rng);
    }
  }
  double strength = world->strength > 0 ? world->strength : 1;
  for (size_t t = 0; t < INFLUENCE_ROWS; t++)
    series->outcome[t] =
        10 + strength * (series->control[0][t] + .8 * series->control[1][t]) + residual[t];
  add_pattern(world, &rng, series->outcome);
  series->told_width = told_width(world, series, residual);
}
