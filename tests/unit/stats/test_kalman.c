/* Filter, smoother and draws against the normal distribution of all states and observations written
   out: transition matrices in full, without the ring of seasons or any other shortcut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "stats/kalman.h"
#include "stats/linear.h"
#include "support/near.h"

enum { N = 15, S = 4, X = 2, ROOM = 20000 };

static double room[ROOM];
static double x[N * X];
static double y[N];

/* The states of all periods as one normal vector: level, drift, slope, ar, seasons (newest first),
   coefficients. Those that the model is without stay 0. */
enum { LEVEL, DRIFT, SLOPE, AR, GAIN, SEASON, BETA = SEASON + S - 1, M = BETA + X };
#define GAIN_SINCE 9
#define GAIN_UNTIL (N - 2)
static double prior_mean[N * M];
static double prior[N * M * N * M];
static double z[N][M];

static struct hs_kalman_model full_model(uint32_t season_length)
{
  const struct hs_kalman_start at_two = {HS_KALMAN_KNOWN, 2, 1.5};
  return (struct hs_kalman_model){
      .count = N,
      .noise_variance = 0.7,
      .level = {.is_in = 1, .variance = 0.4, .start = at_two},
      .drift = {.is_in = 1, .start = {HS_KALMAN_KNOWN, 0.3, 0.2}},
      .slope = {.is_in = 1, .variance = 0.1, .phi = 0.6, .start = {HS_KALMAN_STATIONARY, 0, 0}},
      .has_gain = 1,
      .gain_since = GAIN_SINCE,
      .gain_until = GAIN_UNTIL,
      .season = {.is_in = 1, .variance = 0.05, .start = {HS_KALMAN_KNOWN, 0.5, 1.1}},
      .season_count = S,
      .season_length = season_length,
      .ar = {.is_in = 1, .variance = 0.3, .phi = -0.5, .start = {HS_KALMAN_STATIONARY, 0, 0}},
      .regressor_count = X,
      .regressors = x,
      .regressor_start = {HS_KALMAN_KNOWN, -1, 0.9},
      .shared_start_variance = 0.6};
}

static void make_data(void)
{
  struct hs_random rng = hs_random_open(4, 4);
  for (size_t i = 0; i < N * X; i++)
    x[i] = hs_random_normal(&rng);
  for (size_t t = 0; t < N; t++)
    y[t] = 3 + hs_random_normal(&rng) + 0.3 * (double)t;
  y[0] = y[6] = y[7] = (double)NAN;
}

static void first_state(const struct hs_kalman_model *model, double mean[M], double variance[M])
{
  const struct hs_kalman_part *parts[] = {&model->level, &model->drift, &model->slope, &model->ar,
                                          &(const struct hs_kalman_part){0}};
  for (size_t i = 0; i < M; i++) {
    const struct hs_kalman_part *part = i < SEASON ? parts[i] : &model->season;
    const struct hs_kalman_start *start = i < BETA ? &part->start : &model->regressor_start;
    mean[i] = start->mean;
    variance[i] = start->variance;
    if (start->kind == HS_KALMAN_STATIONARY)
      variance[i] = part->variance / (1 - part->phi * part->phi);
  }
}

static void transition(const struct hs_kalman_model *model, size_t t, double T[M][M], double Q[M])
{
  memset(T, 0, sizeof(double[M][M]));
  memset(Q, 0, sizeof(double[M]));
  for (size_t i = 0; i < M; i++)
    T[i][i] = 1;
  T[GAIN][DRIFT] = T[GAIN][SLOPE] = t >= GAIN_SINCE && t < GAIN_UNTIL;
  T[LEVEL][DRIFT] = T[LEVEL][SLOPE] = 1;
  T[SLOPE][SLOPE] = model->slope.phi;
  T[AR][AR] = model->ar.phi;
  Q[LEVEL] = model->level.variance;
  Q[SLOPE] = model->slope.variance;
  Q[AR] = model->ar.variance;
  if ((t + 1) % model->season_length != 0)
    return;
  for (size_t j = 0; j < S - 1; j++) {
    T[SEASON + j][SEASON + j] = 0;
    T[SEASON][SEASON + j] = -1;
    if (j > 0)
      T[SEASON + j][SEASON + j - 1] = 1;
  }
  Q[SEASON] = model->season.variance;
}

static double *cov(size_t t, size_t i, size_t u, size_t j)
{
  return &prior[(t * M + i) * (N * M) + u * M + j];
}

static void build_prior(const struct hs_kalman_model *model)
{
  double variance[M], T[M][M], Q[M];
  memset(prior, 0, sizeof prior);
  memset(prior_mean, 0, sizeof prior_mean);
  first_state(model, prior_mean, variance);
  for (size_t i = 0; i < M; i++)
    for (size_t j = 0; j < M; j++)
      *cov(0, i, 0, j) = model->shared_start_variance + (i == j ? variance[i] : 0);
  for (size_t t = 0; t + 1 < N; t++) {
    transition(model, t, T, Q);
    for (size_t i = 0; i < M; i++)
      for (size_t k = 0; k < M; k++) {
        prior_mean[(t + 1) * M + i] += T[i][k] * prior_mean[t * M + k];
        for (size_t u = 0; u <= t; u++)
          for (size_t j = 0; j < M; j++)
            *cov(t + 1, i, u, j) += T[i][k] * *cov(t, k, u, j);
      }
    for (size_t i = 0; i < M; i++)
      for (size_t u = 0; u <= t; u++)
        for (size_t j = 0; j < M; j++)
          *cov(u, j, t + 1, i) = *cov(t + 1, i, u, j);
    for (size_t i = 0; i < M; i++)
      for (size_t j = 0; j < M; j++) {
        for (size_t k = 0; k < M; k++)
          *cov(t + 1, i, t + 1, j) += T[j][k] * *cov(t + 1, i, t, k);
        *cov(t + 1, i, t + 1, j) += i == j ? Q[i] : 0;
      }
  }
  for (size_t t = 0; t < N; t++) {
    memset(z[t], 0, sizeof z[t]);
    z[t][LEVEL] = z[t][AR] = z[t][SEASON] = 1;
    z[t][BETA] = x[t * X];
    z[t][BETA + 1] = x[t * X + 1];
  }
}

/* Cov(state i of t, signal of u), and the same for two signals. */
static double state_signal(size_t t, size_t i, size_t u)
{
  double sum = 0;
  for (size_t j = 0; j < M; j++)
    sum += *cov(t, i, u, j) * z[u][j];
  return sum;
}

static double signal_signal(size_t t, size_t u)
{
  double sum = 0;
  for (size_t i = 0; i < M; i++)
    sum += z[t][i] * state_signal(t, i, u);
  return sum;
}

struct oracle {
  double log_likelihood;
  double mean[N * M];
  double signal_variance[N];
  double level_variance[N];
  double gain_variance; /* of the last period */
};

/* By conditioning: Σ_ay Σ_yy⁻¹. */
static void consult(const struct hs_kalman_model *model, struct oracle *out)
{
  static double v[N * N];
  double rest[N] = {0}, solved[N];
  size_t seen[N], count = 0;
  build_prior(model);
  for (size_t t = 0; t < N; t++)
    if (!isnan(y[t]))
      seen[count++] = t;
  for (size_t a = 0; a < count; a++) {
    rest[a] = y[seen[a]];
    for (size_t i = 0; i < M; i++)
      rest[a] -= z[seen[a]][i] * prior_mean[seen[a] * M + i];
    for (size_t b = 0; b < count; b++)
      v[a * count + b] = signal_signal(seen[a], seen[b]) + (a == b ? model->noise_variance : 0);
  }
  assert_int_equal(hs_cholesky_factor(v, count), 0);
  memcpy(solved, rest, sizeof rest);
  hs_cholesky_solve(v, count, solved);
  out->log_likelihood = -0.5 * (double)count * log(2 * acos(-1.0));
  for (size_t a = 0; a < count; a++)
    out->log_likelihood -= 0.5 * rest[a] * solved[a] + log(v[a * count + a]);
  for (size_t t = 0; t < N; t++) {
    for (size_t i = 0; i < M; i++) {
      out->mean[t * M + i] = prior_mean[t * M + i];
      for (size_t a = 0; a < count; a++)
        out->mean[t * M + i] += state_signal(t, i, seen[a]) * solved[a];
    }
    double column[N], half[N];
    out->signal_variance[t] = signal_signal(t, t);
    for (size_t a = 0; a < count; a++)
      column[a] = half[a] = signal_signal(t, seen[a]);
    hs_cholesky_solve(v, count, half);
    for (size_t a = 0; a < count; a++)
      out->signal_variance[t] -= column[a] * half[a];
    out->level_variance[t] = *cov(t, LEVEL, t, LEVEL);
    for (size_t a = 0; a < count; a++)
      column[a] = half[a] = state_signal(t, LEVEL, seen[a]);
    hs_cholesky_solve(v, count, half);
    for (size_t a = 0; a < count; a++)
      out->level_variance[t] -= column[a] * half[a];
    out->gain_variance = *cov(t, GAIN, t, GAIN);
    for (size_t a = 0; a < count; a++)
      column[a] = half[a] = state_signal(t, GAIN, seen[a]);
    hs_cholesky_solve(v, count, half);
    for (size_t a = 0; a < count; a++)
      out->gain_variance -= column[a] * half[a];
  }
}

struct states {
  double signal[N], level[N], slope[N], season[N], ar[N], beta[X];
};

static struct hs_kalman_path path_into(struct states *s)
{
  return (struct hs_kalman_path){.signal = s->signal,
                                 .level = s->level,
                                 .slope = s->slope,
                                 .season = s->season,
                                 .ar = s->ar,
                                 .coefficients = s->beta};
}

static void init(struct hs_kalman *k, const struct hs_kalman_model *model)
{
  assert_true(hs_kalman_room(model) <= ROOM);
  hs_kalman_init(k, model, room);
}

/* Both sides round differently; 1e−9 is a thousand times what the longest sums lose. */
#define ROUNDING 1e-9

static void filter_and_smoother_condition_the_normal_distribution([[maybe_unused]] void **state)
{
  static struct oracle oracle;
  make_data();
  for (uint32_t length = 1; length <= 3; length++) {
    struct hs_kalman_model model = full_model(length);
    struct hs_kalman k;
    struct states s;
    struct hs_kalman_path path = path_into(&s);
    consult(&model, &oracle);
    init(&k, &model);
    hs_kalman_smooth(&k, y, &path);
    assert_near(k.log_likelihood, oracle.log_likelihood, ROUNDING);
    assert_near(path.drift, oracle.mean[DRIFT], ROUNDING);
    for (size_t t = 0; t < N; t++) {
      const double *mean = oracle.mean + t * M;
      double signal = 0;
      for (size_t i = 0; i < M; i++)
        signal += z[t][i] * mean[i];
      assert_near(s.signal[t], signal, ROUNDING);
      assert_near(s.level[t], mean[LEVEL], ROUNDING);
      assert_near(s.slope[t], mean[SLOPE], ROUNDING);
      assert_near(s.season[t], mean[SEASON], ROUNDING);
      assert_near(s.ar[t], mean[AR], ROUNDING);
    }
    for (size_t i = 0; i < X; i++)
      assert_near(s.beta[i], oracle.mean[BETA + i], ROUNDING);
  }
}

static void a_missing_last_period_is_predicted([[maybe_unused]] void **state)
{
  static struct oracle oracle;
  make_data();
  struct hs_kalman_model model = full_model(1);
  struct hs_kalman k;
  y[N - 1] = (double)NAN;
  consult(&model, &oracle);
  model.count = N - 1;
  init(&k, &model);
  hs_kalman_filter(&k, y);
  size_t level = k.layout.level;
  assert_near(k.a[level], oracle.mean[(N - 1) * M + LEVEL], ROUNDING);
  assert_near(k.p[level * k.layout.stride + level], oracle.level_variance[N - 1], ROUNDING);
  size_t gain = k.layout.gain;
  assert_near(k.a[gain], oracle.mean[(N - 1) * M + GAIN], ROUNDING);
  assert_near(k.p[gain * k.layout.stride + gain], oracle.gain_variance, ROUNDING);
}

/* A start of variance κ differs from the diffuse one by the order of 1/κ in the states, and by
   ½ log 2πκ for each diffuse state in the likelihood: the definition of the diffuse likelihood.
   What is left at κ = 1e7 is the 1/κ and the rounding of numbers of size κ. */
static void a_diffuse_start_is_the_limit_of_a_wide_one([[maybe_unused]] void **state)
{
  const double wide = 1e7;
  make_data();
  for (size_t i = 0; i < N; i++)
    x[i * X] = i % 3 == 0 ? 1.5 : -0.5; /* a regressor that starts with a settled season */
  struct hs_kalman_model model = full_model(1);
  struct hs_kalman k;
  struct states diffuse, known;
  struct hs_kalman_path path = path_into(&diffuse);
  model.slope.phi = 1;
  model.drift.is_in = 0;
  model.shared_start_variance = 0;
  model.level.start = model.slope.start = model.season.start = model.regressor_start =
      (struct hs_kalman_start){0};
  init(&k, &model);
  hs_kalman_smooth(&k, y, &path);
  double exact = k.log_likelihood;
  double units = 0;
  assert_int_equal(k.diffuse_count, 0);
  assert_int_equal(k.settled_count, 2 + (S - 1) + X);
  for (size_t i = 0; i < X; i++)
    units += log(k.units[k.layout.regressor + i]);
  model.level.start = model.slope.start = model.season.start = model.regressor_start =
      (struct hs_kalman_start){HS_KALMAN_KNOWN, 0, wide};
  init(&k, &model);
  path = path_into(&known);
  hs_kalman_smooth(&k, y, &path);
  double limit = k.log_likelihood + 0.5 * (2 + (S - 1) + X) * log(2 * acos(-1.0) * wide);
  assert_near(exact, limit - 0.5 * units, 1e-4);
  for (size_t t = 0; t < N; t++) {
    assert_near(diffuse.signal[t], known.signal[t], 1e-4);
    assert_near(diffuse.level[t], known.level[t], 1e-4);
    assert_near(diffuse.slope[t], known.slope[t], 1e-4);
    assert_near(diffuse.season[t], known.season[t], 1e-4);
  }
}

static void what_nothing_settles_is_counted([[maybe_unused]] void **state)
{
  struct hs_kalman_model model = {.count = 3,
                                  .noise_variance = 1,
                                  .level = {.is_in = 1, .variance = 1},
                                  .season = {.is_in = 1, .variance = 1},
                                  .season_count = 4};
  const double three[] = {1, 2, 3};
  struct hs_kalman k;
  init(&k, &model);
  hs_kalman_filter(&k, three);
  assert_int_equal(k.diffuse_count, 1);
}

/* A regressor that repeats another one adds nothing that could be told apart from it. */
static void equal_regressors_leave_one_unsettled([[maybe_unused]] void **state)
{
  make_data();
  for (size_t t = 0; t < N; t++)
    x[t * X] = x[t * X + 1] = 1e6 * sin((double)t);
  struct hs_kalman_model model = {.count = N,
                                  .noise_variance = 1,
                                  .level = {.is_in = 1, .variance = 1},
                                  .regressor_count = X,
                                  .regressors = x};
  struct hs_kalman k;
  init(&k, &model);
  hs_kalman_filter(&k, y);
  assert_int_equal(k.diffuse_count, 1);
}

static double closeness(double mean, double expected, double variance, double count)
{
  return fabs(mean - expected) / sqrt(variance / count);
}

/* Means within 4.5 standard errors and variances within 4.5·√(2/draws): 60 comparisons at fixed
   seeds, of which a right sampler fails one in 2,000 times. */
static void draws_have_the_posterior_mean_and_variance([[maybe_unused]] void **state)
{
  enum { DRAWS = 20000 };
  static struct oracle oracle;
  make_data();
  struct hs_kalman_model model = full_model(2);
  struct hs_kalman k;
  struct states s;
  struct hs_kalman_path path = path_into(&s);
  double sum[N] = {0}, square[N] = {0}, level[N] = {0}, level_square[N] = {0};
  consult(&model, &oracle);
  init(&k, &model);
  struct hs_random rng = hs_random_open(8, 1);
  for (size_t d = 0; d < DRAWS; d++) {
    hs_kalman_draw(&k, y, &rng, &path);
    for (size_t t = 0; t < N; t++) {
      double mean = 0;
      for (size_t i = 0; i < M; i++)
        mean += z[t][i] * oracle.mean[t * M + i];
      double off = s.signal[t] - mean;
      double level_off = s.level[t] - oracle.mean[t * M + LEVEL];
      sum[t] += off / DRAWS;
      square[t] += off * off / DRAWS;
      level[t] += level_off / DRAWS;
      level_square[t] += level_off * level_off / DRAWS;
    }
  }
  for (size_t t = 0; t < N; t++) {
    assert_true(closeness(sum[t], 0, oracle.signal_variance[t], DRAWS) < 4.5);
    assert_true(closeness(level[t], 0, oracle.level_variance[t], DRAWS) < 4.5);
    assert_near(square[t] / oracle.signal_variance[t], 1, 4.5 * sqrt(2.0 / DRAWS));
    assert_near(level_square[t] / oracle.level_variance[t], 1, 4.5 * sqrt(2.0 / DRAWS));
  }
}

/* With diffuse starts a drawn world has 0 in their place, and the smoother must make it good. */
static void draws_with_a_diffuse_start_are_about_the_smoothed_states([[maybe_unused]] void **state)
{
  enum { DRAWS = 4000 };
  make_data();
  struct hs_kalman_model model = full_model(1);
  model.shared_start_variance = 0;
  model.level.start = model.drift.start = model.season.start = model.regressor_start =
      (struct hs_kalman_start){0};
  struct hs_kalman k;
  struct states smooth, drawn;
  struct hs_kalman_path smooth_path = path_into(&smooth);
  struct hs_kalman_path path = path_into(&drawn);
  double sum[N] = {0}, square[N] = {0};
  init(&k, &model);
  hs_kalman_smooth(&k, y, &smooth_path);
  struct hs_random rng = hs_random_open(8, 2);
  for (size_t d = 0; d < DRAWS; d++) {
    hs_kalman_draw(&k, y, &rng, &path);
    for (size_t t = 0; t < N; t++) {
      sum[t] += (drawn.level[t] - smooth.level[t]) / DRAWS;
      square[t] += pow(drawn.level[t] - smooth.level[t], 2) / DRAWS;
    }
  }
  for (size_t t = 0; t < N; t++)
    assert_true(closeness(sum[t], 0, square[t], DRAWS) < 4.5);
}

/* The squares are those of the steps that a path takes. */
static void squares_are_those_of_the_path([[maybe_unused]] void **state)
{
  make_data();
  struct hs_kalman_model model = full_model(1);
  struct hs_kalman k;
  struct states s;
  struct hs_kalman_path path = path_into(&s);
  struct hs_random rng = hs_random_open(8, 3);
  double level = 0, slope = 0, ar = 0, noise = 0;
  init(&k, &model);
  hs_kalman_draw(&k, y, &rng, &path);
  for (size_t t = 0; t < N; t++) {
    noise += isnan(y[t]) ? 0 : pow(y[t] - s.signal[t], 2);
    if (t + 1 == N)
      break;
    level += pow(s.level[t + 1] - s.level[t] - path.drift - s.slope[t], 2);
    slope += pow(s.slope[t + 1] - model.slope.phi * s.slope[t], 2);
    ar += pow(s.ar[t + 1] - model.ar.phi * s.ar[t], 2);
  }
  assert_near(path.level_squares, level, ROUNDING);
  assert_near(path.slope_squares, slope, ROUNDING);
  assert_near(path.ar_squares, ar, ROUNDING);
  assert_near(path.noise_squares, noise, ROUNDING);
  assert_true(path.season_squares > 0);
}

/* 300 rounds of a long season, most of them unobserved: P stays a variance. */
static void rounding_does_not_build_up_over_long_seasons([[maybe_unused]] void **state)
{
  enum { LONG = 3000 };
  static double seldom[LONG];
  static double large_room[120000];
  for (size_t t = 0; t < LONG; t++)
    seldom[t] = t < 20 || t % 7 == 0 ? sin((double)t) : (double)NAN;
  struct hs_kalman_model model = {.count = LONG,
                                  .noise_variance = 1,
                                  .level = {.is_in = 1, .variance = 1e-4},
                                  .season = {.is_in = 1, .variance = 0},
                                  .season_count = 10};
  struct hs_kalman k;
  assert_true(hs_kalman_room(&model) <= sizeof large_room / sizeof large_room[0]);
  hs_kalman_init(&k, &model, large_room);
  hs_kalman_filter(&k, seldom);
  double ring[2] = {0, 0};
  for (size_t i = 0; i < k.layout.season_states; i++) {
    assert_true(k.p[(k.layout.season + i) * (k.layout.stride + 1)] > 0);
    for (size_t j = 0; j < k.layout.season_states; j++)
      ring[0] += k.p[(k.layout.season + i) * k.layout.stride + k.layout.season + j];
    ring[1] += k.sums[k.layout.season + i];
  }
  assert_close(ring[1], ring[0], 1e-9);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(filter_and_smoother_condition_the_normal_distribution),
      cmocka_unit_test(a_missing_last_period_is_predicted),
      cmocka_unit_test(a_diffuse_start_is_the_limit_of_a_wide_one),
      cmocka_unit_test(what_nothing_settles_is_counted),
      cmocka_unit_test(equal_regressors_leave_one_unsettled),
      cmocka_unit_test(draws_have_the_posterior_mean_and_variance),
      cmocka_unit_test(draws_with_a_diffuse_start_are_about_the_smoothed_states),
      cmocka_unit_test(squares_are_those_of_the_path),
      cmocka_unit_test(rounding_does_not_build_up_over_long_seasons),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
