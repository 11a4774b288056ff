/* The smoother and the draws. Glossary, after Durbin and Koopman (2012):
     r       r_t−1, the weighted sum of the innovations from t on: E(state_t | all) = a_t + P_t
   r_t−1 r1      its companion in the diffuse periods (r is their r⁰) shocks  what is added to the
   states between two periods, Q r_t, by part States are put together forwards from the first one
   and the shocks (Koopman, "Disturbance smoother for state space models", Biometrika 80, 1993), so
   that no P_t has to be kept. */
#include <math.h>
#include <string.h>

#include "base/status.h"
#include "stats/kalman.h"
#include "stats/kalman_priv.h"

/* The state that each shock goes into between t and t + 1, SIZE_MAX where there is none. */
static void shock_places(const struct hs_kalman *k, size_t t, size_t places[SHOCK_COUNT])
{
  places[SHOCK_LEVEL] = k->layout.level;
  places[SHOCK_SLOPE] = k->layout.slope;
  places[SHOCK_SEASON] = hs_kalman_turns(k, t) ? hs_kalman_season_place(k, t + 1) : SIZE_MAX;
  places[SHOCK_AR] = k->layout.ar;
}

static void shock_variances(const struct hs_kalman *k, double variances[SHOCK_COUNT])
{
  variances[SHOCK_LEVEL] = k->model.level.variance;
  variances[SHOCK_SLOPE] = k->model.slope.variance;
  variances[SHOCK_SEASON] = k->model.season.variance;
  variances[SHOCK_AR] = k->model.ar.variance;
}

/* Shocks of the step after t += Q r_t. */
static void add_shocks(struct hs_kalman *k, size_t t)
{
  size_t places[SHOCK_COUNT];
  double variances[SHOCK_COUNT];
  shock_places(k, t, places);
  shock_variances(k, variances);
  for (size_t s = 0; s < SHOCK_COUNT; s++)
    if (places[s] != SIZE_MAX)
      k->shocks[t * SHOCK_COUNT + s] += variances[s] * k->r[places[s]];
}

static double dot(const double *x, const double *y, size_t count)
{
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += x[i] * y[i];
  return sum;
}

/* r_t−1 from T'r_t in k->r: r + z (v/F − K'r). In a period that settles a state, their 5.3. */
static void look_back(struct hs_kalman *k, size_t t)
{
  const double *gain = k->gains + t * k->layout.stride;
  double v = k->innovations[t];
  if (isnan(v))
    return;
  size_t m = k->layout.count;
  if (k->settled[t] > 0) {
    size_t settled = (size_t)k->settled[t] - 1;
    const double *first = k->gains_diffuse + settled * k->layout.stride;
    double weight = -dot(first, k->r, m);
    double weight_diffuse =
        v / k->f_diffuse[settled] - dot(first, k->r_diffuse, m) - dot(gain, k->r, m);
    hs_kalman_observe_transposed(k, t, weight, k->r);
    hs_kalman_observe_transposed(k, t, weight_diffuse, k->r_diffuse);
  } else {
    hs_kalman_observe_transposed(k, t, v / k->variances[t] - dot(gain, k->r, m), k->r);
  }
}

/* Leaves r_0 in r and r_diffuse, and adds Q r_t to the shocks. */
static void go_back(struct hs_kalman *k)
{
  memset(k->r, 0, k->layout.stride * sizeof *k->r);
  memset(k->r_diffuse, 0, k->layout.stride * sizeof *k->r);
  for (size_t t = k->model.count; t-- > 0;) {
    if (t + 1 < k->model.count) {
      add_shocks(k, t);
      hs_kalman_advance_transposed(k, t, k->r);
      if (t < k->diffuse_end)
        hs_kalman_advance_transposed(k, t, k->r_diffuse);
    }
    look_back(k, t);
  }
}

/* state += E(state_1 | all) from r_0: P of the first period is diagonal, but for what is shared. */
static void add_first_state(struct hs_kalman *k)
{
  double shared = 0;
  for (size_t i = 0; k->model.shared_start_variance > 0 && i < k->layout.count; i++)
    shared += k->model.shared_start_variance * k->r[i];
  for (size_t i = 0; i < k->layout.count; i++)
    k->state[i] += shared + k->start_mean[i] + k->start_variance[i] * k->r[i] +
                   k->start_diffuse[i] * k->r_diffuse[i];
}

static void put(double *array, size_t t, double value)
{
  if (array != NULL)
    array[t] = value;
}

static void put_period(const struct hs_kalman *k, size_t t, struct hs_kalman_path *path)
{
  const struct hs_kalman_layout *at = &k->layout;
  put(path->signal, t, hs_kalman_observe(k, t, k->state));
  if (at->level != SIZE_MAX)
    put(path->level, t, k->state[at->level]);
  if (at->slope != SIZE_MAX)
    put(path->slope, t, k->state[at->slope]);
  if (at->ar != SIZE_MAX)
    put(path->ar, t, k->state[at->ar]);
  if (at->season_states > 0)
    put(path->season, t, k->state[hs_kalman_season_place(k, t)]);
}

/* From the first state and the shocks to all states. */
static void go_forward(struct hs_kalman *k, const double *y, struct hs_kalman_path *path)
{
  double *const squares[SHOCK_COUNT] = {&path->level_squares, &path->slope_squares,
                                        &path->season_squares, &path->ar_squares};
  path->noise_squares = 0;
  for (size_t s = 0; s < SHOCK_COUNT; s++)
    *squares[s] = 0;
  for (size_t t = 0; t < k->model.count; t++) {
    double noise = y[t] - hs_kalman_observe(k, t, k->state);
    path->noise_squares += isnan(noise) ? 0 : noise * noise;
    put_period(k, t, path);
    if (t + 1 == k->model.count)
      break;
    size_t places[SHOCK_COUNT];
    shock_places(k, t, places);
    hs_kalman_advance(k, t, k->state);
    for (size_t s = 0; s < SHOCK_COUNT; s++) {
      double shock = k->shocks[t * SHOCK_COUNT + s];
      if (places[s] == SIZE_MAX)
        continue;
      k->state[places[s]] += shock;
      *squares[s] += shock * shock;
    }
  }
  path->drift = k->layout.drift == SIZE_MAX ? 0 : k->state[k->layout.drift];
  for (size_t i = 0; path->coefficients != NULL && i < k->model.regressor_count; i++)
    path->coefficients[i] = k->state[k->layout.regressor + i];
}

/* Filter and smoother on top of the states and shocks that are there already. */
static void smooth(struct hs_kalman *k, const double *rest, const double *y,
                   struct hs_kalman_path *path)
{
  hs_kalman_filter(k, rest);
  go_back(k);
  add_first_state(k);
  go_forward(k, y, path);
}

void hs_kalman_smooth(struct hs_kalman *k, const double *y, struct hs_kalman_path *path)
{
  memset(k->state, 0, k->layout.stride * sizeof *k->state);
  memset(k->shocks, 0, k->model.count * SHOCK_COUNT * sizeof *k->shocks);
  smooth(k, y, y, path);
}

/* A first state from its prior about 0; what is diffuse is 0, which the smoother makes good. */
static void draw_first_state(struct hs_kalman *k, struct hs_random *rng)
{
  hs_kalman_begin(k);
  memset(k->state, 0, k->layout.stride * sizeof *k->state);
  for (size_t i = 0; i < k->layout.count; i++)
    if (k->start_diffuse[i] <= 0)
      k->state[i] = sqrt(k->start_variance[i]) * hs_random_normal(rng);
  if (k->model.shared_start_variance <= 0)
    return;
  double shared = sqrt(k->model.shared_start_variance) * hs_random_normal(rng);
  for (size_t i = 0; i < k->layout.count; i++)
    k->state[i] += shared;
}

/* Observations of a world drawn from the model, without its means, taken from the real ones into
   k->rest; its shocks stay in k->shocks. Leaves the last state in k->state. */
static void draw_world(struct hs_kalman *k, const double *y, struct hs_random *rng)
{
  double variances[SHOCK_COUNT];
  double deviations[SHOCK_COUNT];
  double noise = sqrt(k->model.noise_variance);
  shock_variances(k, variances);
  for (size_t s = 0; s < SHOCK_COUNT; s++)
    deviations[s] = sqrt(variances[s]);
  for (size_t t = 0; t < k->model.count; t++) {
    size_t places[SHOCK_COUNT];
    double *shocks = k->shocks + t * SHOCK_COUNT;
    k->rest[t] = y[t] - hs_kalman_observe(k, t, k->state);
    if (!isnan(y[t]) && noise > 0)
      k->rest[t] -= noise * hs_random_normal(rng);
    if (t + 1 == k->model.count)
      return;
    shock_places(k, t, places);
    hs_kalman_advance(k, t, k->state);
    for (size_t s = 0; s < SHOCK_COUNT; s++) {
      int is_drawn = places[s] != SIZE_MAX && deviations[s] > 0;
      shocks[s] = is_drawn ? deviations[s] * hs_random_normal(rng) : 0;
      if (is_drawn)
        k->state[places[s]] += shocks[s];
    }
  }
}

/* With a drawn world y⁺ of states α⁺, E(α | y − y⁺) + α⁺ is a draw of α given y (the 2002 paper's
   section 2.3, in the form that filters once); the two go forward together. */
void hs_kalman_draw(struct hs_kalman *k, const double *y, struct hs_random *rng,
                    struct hs_kalman_path *path)
{
  size_t bytes = k->layout.stride * sizeof *k->state;
  draw_first_state(k, rng);
  memcpy(k->first, k->state, bytes);
  draw_world(k, y, rng);
  memcpy(k->state, k->first, bytes);
  smooth(k, k->rest, y, path);
}
