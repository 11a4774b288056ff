/* The additive hazard model against: a likelihood written down directly and maximised by a generic
   method (Nelder and Mead); the parameters of simulated journeys; and, for the intervals, the
   derivative of the share by a unit's weight, taken by fitting again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "measure/hazard.h"
#include "measure/jackknife.h"
#include "stats/random.h"
#include "support/capacity.h"
#include "support/journeys.h"
#include "support/near.h"

#define DAY_S 86400.0
#define WINDOW_DAYS 30.0

static struct journeys journeys;

/* A journey of up to eight touches in a window; the order is the first event of the superposed
   intensities, if it falls into the window; touches behind it did not happen. */
static void simulate_journey(struct hs_random *rng, size_t channels, const double *beta,
                             const double *omega)
{
  double at[8];
  uint16_t channel[8];
  double order_at = WINDOW_DAYS;
  size_t count = 1 + hs_random_below(rng, 8);
  for (size_t i = 0; i < count; i++)
    at[i] = hs_random_uniform(rng) * WINDOW_DAYS;
  for (size_t i = 0; i < count; i++) {
    channel[i] = (uint16_t)hs_random_below(rng, (uint32_t)channels);
    if (hs_random_uniform(rng) < -expm1(-beta[channel[i]])) {
      /* The first event of a Poisson process of total mass β, given that there is one: its mass is
         exponential cut at β, and mass m is reached after −log(1 − m/β)/ω. */
      double u = hs_random_uniform(rng) * -expm1(-beta[channel[i]]);
      double mass = -log1p(-u);
      order_at = fmin(order_at, at[i] - log1p(-mass / beta[channel[i]]) / omega[channel[i]]);
    }
  }
  uint16_t steps[8];
  uint32_t age_s[8];
  size_t length = 0;
  for (size_t i = 0; i < count; i++) {
    if (at[i] > order_at)
      continue;
    steps[length] = channel[i];
    age_s[length++] = (uint32_t)((order_at - at[i]) * DAY_S);
  }
  int is_ordered = order_at < WINDOW_DAYS;
  journeys_add(&journeys, steps, age_s, length, is_ordered,
               is_ordered ? 20 * hs_random_exponential(rng) : 0, !is_ordered);
}

static void simulate(uint64_t seed, size_t count, size_t channels, const double *beta,
                     const double *omega)
{
  struct hs_random rng = hs_random_open(seed, 0);
  journeys_clear(&journeys, channels);
  for (size_t i = 0; i < count; i++)
    simulate_journey(&rng, channels, beta, omega);
}

/* The log-likelihood as the paper states it, at (log β, log ω) for each channel. */
static double direct_log_likelihood(const double *theta)
{
  const struct hs_paths *paths = &journeys.sample.paths;
  double sum = 0;
  for (size_t p = 0; p < paths->path_count; p++) {
    double intensity = 0;
    double expected = 0;
    for (size_t i = paths->first_step[p]; i < paths->first_step[p + 1]; i++) {
      double beta = exp(theta[2 * paths->steps[i]]);
      double omega = exp(theta[2 * paths->steps[i] + 1]);
      double age = (paths->age_s[i] + 0.5) / DAY_S;
      intensity += beta * omega * exp(-omega * age);
      expected += beta * (1 - exp(-omega * age));
    }
    sum -= expected * (paths->conversions[p] + paths->nulls[p]);
    if (paths->conversions[p] > 0)
      sum += paths->conversions[p] * log(intensity);
  }
  return sum;
}

#define DIMENSIONS 4

/* The width of the simplex in its widest dimension. */
static double width_of(double x[DIMENSIONS + 1][DIMENSIONS])
{
  double width = 0;
  for (size_t v = 1; v <= DIMENSIONS; v++)
    for (size_t d = 0; d < DIMENSIONS; d++)
      width = fmax(width, fabs(x[v][d] - x[0][d]));
  return width;
}

/* The downhill simplex of Nelder and Mead (1965) with its usual coefficients, on −log L, until it
   is a hundred times smaller than what the test asks of a parameter. */
static double nelder_mead(double best[DIMENSIONS])
{
  double x[DIMENSIONS + 1][DIMENSIONS];
  double f[DIMENSIONS + 1];
  for (size_t v = 0; v <= DIMENSIONS; v++) {
    memcpy(x[v], best, sizeof x[v]);
    if (v > 0)
      x[v][v - 1] += 0.5;
    f[v] = -direct_log_likelihood(x[v]);
  }
  for (int step = 0; step < 4000 && width_of(x) > 1e-6; step++) {
    size_t low = 0, high = 0, next = 0;
    for (size_t v = 1; v <= DIMENSIONS; v++) {
      low = f[v] < f[low] ? v : low;
      high = f[v] > f[high] ? v : high;
    }
    next = low;
    for (size_t v = 0; v <= DIMENSIONS; v++)
      next = v != high && f[v] > f[next] ? v : next;
    double centre[DIMENSIONS] = {0};
    for (size_t v = 0; v <= DIMENSIONS; v++)
      for (size_t d = 0; v != high && d < DIMENSIONS; d++)
        centre[d] += x[v][d] / DIMENSIONS;
    double trial[3][DIMENSIONS];
    static const double REACH[3] = {1, 2, -0.5};
    for (size_t t = 0; t < 3; t++)
      for (size_t d = 0; d < DIMENSIONS; d++)
        trial[t][d] = centre[d] + REACH[t] * (centre[d] - x[high][d]);
    double reflected = -direct_log_likelihood(trial[0]);
    size_t taken = 0;
    double value = reflected;
    if (reflected < f[low]) {
      double expanded = -direct_log_likelihood(trial[1]);
      taken = expanded < reflected;
      value = fmin(expanded, reflected);
    } else if (reflected >= f[next]) {
      taken = 2;
      value = -direct_log_likelihood(trial[2]);
    }
    if (value < f[high]) {
      memcpy(x[high], trial[taken], sizeof x[high]);
      f[high] = value;
      continue;
    }
    for (size_t v = 0; v <= DIMENSIONS; v++) {
      for (size_t d = 0; d < DIMENSIONS; d++)
        x[v][d] = 0.5 * (x[v][d] + x[low][d]);
      f[v] = -direct_log_likelihood(x[v]);
    }
  }
  size_t low = 0;
  for (size_t v = 1; v <= DIMENSIONS; v++)
    low = f[v] < f[low] ? v : low;
  memcpy(best, x[low], sizeof x[low]);
  return -f[low];
}

static void a_generic_maximiser_finds_the_same_maximum([[maybe_unused]] void **state)
{
  static const double BETA[] = {0.3, 0.1};
  static const double OMEGA[] = {0.4, 2};
  struct hs_arena arena = {0};
  assert_int_equal(hs_arena_init(&arena, 64 * HS_MIB, NULL), HS_OK);
  for (uint64_t seed = 1; seed <= 3; seed++) {
    simulate(seed, 300, 2, BETA, OMEGA);
    struct hs_hazard_options options = hs_hazard_default();
    options.tolerance = 1e-10;
    struct hs_hazard fit;
    struct hs_err err = {0};
    assert_int_equal(hs_hazard_fit(&arena, &journeys.sample, &options, &fit, &err), HS_OK);
    double theta[DIMENSIONS] = {-1, -1, -1, -1};
    (void)nelder_mead(theta);
    double best = nelder_mead(theta); /* again from there: a simplex can collapse early */
    assert_near(fit.log_likelihood, best, 1e-7); /* flat at the top: √1e−7 in a parameter */
    for (size_t k = 0; k < 2; k++) {
      assert_near(log(fit.orders_per_touch[k]), theta[2 * k], 1e-4);
      assert_near(log(fit.rate_per_day[k]), theta[2 * k + 1], 1e-4);
    }
  }
  hs_arena_release(&arena);
}

static void the_truth_of_simulated_journeys_is_recovered([[maybe_unused]] void **state)
{
  static const double BETA[] = {0.02, 0.1, 0.3, 0.05};
  static const double OMEGA[] = {0.2, 1, 0.5, 5};
  struct hs_arena arena = {0};
  assert_int_equal(hs_arena_init(&arena, 64 * HS_MIB, NULL), HS_OK);
  simulate(77, 50000, 4, BETA, OMEGA);
  struct hs_hazard_options options = hs_hazard_default();
  struct hs_hazard fit;
  struct hs_err err = {0};
  assert_int_equal(hs_hazard_fit(&arena, &journeys.sample, &options, &fit, &err), HS_OK);
  assert_true(fit.gradient <= options.tolerance);
  for (size_t k = 0; k < 4; k++) {
    /* A β that stood alone would be known to 1/√orders relative; that orders are shared with others
       and the delay is unknown costs a few times that: ten of them. */
    double touches = 50000 * 4.5 / 4;
    double error = 10 / sqrt(BETA[k] * touches);
    assert_near(log(fit.orders_per_touch[k]), log(BETA[k]), error);
    assert_near(log(fit.rate_per_day[k]), log(OMEGA[k]), error);
  }
  hs_arena_release(&arena);
}

static void shares_at(struct hs_arena *arena, const struct hs_hazard_options *options,
                      double *shares, double *value_shares)
{
  size_t mark = hs_arena_mark(arena);
  struct hs_hazard fit;
  struct hs_model_credits credits;
  struct hs_hazard_options plain = *options;
  plain.level = 0;
  assert_int_equal(hs_hazard_fit(arena, &journeys.sample, &plain, &fit, NULL), HS_OK);
  assert_int_equal(hs_hazard_credits(arena, &journeys.sample, &fit, &plain, &credits, NULL), HS_OK);
  for (size_t k = 0; k < credits.channel_count; k++) {
    shares[k] = credits.channels[k].share_conversions;
    value_shares[k] = credits.channels[k].share_value;
  }
  hs_arena_reset(arena, mark);
}

static void add_influence(struct hs_influence *moments, double influence)
{
  moments->square += influence * influence;
  moments->fourth += influence * influence * influence * influence;
}

/* The influence of a unit is the derivative of the share by its weight; by central differences over
   refits here. Their sum of squares must be the variance behind the interval. */
static void intervals_rest_on_the_derivative_of_the_share([[maybe_unused]] void **state)
{
  static const double BETA[] = {0.3, 0.15, 0.05};
  static const double OMEGA[] = {0.4, 2, 0.1};
  struct hs_arena arena = {0};
  assert_int_equal(hs_arena_init(&arena, 64 * HS_MIB, NULL), HS_OK);
  simulate(5, 120, 3, BETA, OMEGA);
  struct hs_hazard_options options = hs_hazard_default();
  options.tolerance = 1e-12;
  struct hs_hazard fit;
  struct hs_model_credits credits;
  struct hs_err err = {0};
  assert_int_equal(hs_hazard_fit(&arena, &journeys.sample, &options, &fit, &err), HS_OK);
  assert_int_equal(hs_hazard_credits(&arena, &journeys.sample, &fit, &options, &credits, &err),
                   HS_OK);
  const double H = 1e-3;
  struct hs_influence moments[3] = {0};
  struct hs_influence value_moments[3] = {0};
  for (size_t u = 0; u < journeys.sample.unit_count; u++) {
    double above[3], below[3], value_above[3], value_below[3];
    journeys_scale(&journeys, u, H);
    shares_at(&arena, &options, above, value_above);
    journeys_scale(&journeys, u, (1 - H) / (1 + H) - 1);
    shares_at(&arena, &options, below, value_below);
    journeys_scale(&journeys, u, 1 / (1 - H) - 1);
    for (size_t k = 0; k < 3; k++) {
      add_influence(&moments[k], (above[k] - below[k]) / (2 * H));
      add_influence(&value_moments[k], (value_above[k] - value_below[k]) / (2 * H));
    }
  }
  for (size_t k = 0; k < 3; k++) {
    const struct hs_credit *credit = &credits.channels[k];
    double low = 0, high = 0;
    hs_share_interval(credit->share_conversions, moments[k], 0.9, journeys.sample.conversions, &low,
                      &high);
    assert_near(credit->conversions_low, low * journeys.sample.conversions, 1e-3);
    assert_near(credit->conversions_high, high * journeys.sample.conversions, 1e-3);
    hs_share_interval(credit->share_value, value_moments[k], 0.9, journeys.sample.conversions, &low,
                      &high);
    assert_near(credit->value_low, low * journeys.sample.value, 0.05);
    assert_near(credit->value_high, high * journeys.sample.value, 0.05);
  }
  hs_arena_release(&arena);
}

static void credits_sum_to_the_orders([[maybe_unused]] void **state)
{
  static const double BETA[] = {0.3, 0.15, 0.05, 0};
  static const double OMEGA[] = {0.4, 2, 0.1, 1};
  struct hs_arena arena = {0};
  assert_int_equal(hs_arena_init(&arena, 64 * HS_MIB, NULL), HS_OK);
  simulate(8, 3000, 4, BETA, OMEGA);
  struct hs_hazard_options options = hs_hazard_default();
  struct hs_hazard fit;
  struct hs_model_credits credits;
  assert_int_equal(hs_hazard_fit(&arena, &journeys.sample, &options, &fit, NULL), HS_OK);
  assert_int_equal(hs_hazard_credits(&arena, &journeys.sample, &fit, &options, &credits, NULL),
                   HS_OK);
  double conversions = 0;
  double value = 0;
  for (size_t k = 0; k < 4; k++) {
    const struct hs_credit *credit = &credits.channels[k];
    conversions += credit->conversions;
    value += credit->value;
    assert_true(credit->conversions_low <= credit->conversions);
    assert_true(credit->conversions_high >= credit->conversions);
  }
  assert_near(conversions, journeys.sample.conversions, 1e-8);
  assert_near(value, journeys.sample.value, 1e-7);
  hs_arena_release(&arena);
}

static void threads_change_no_bit([[maybe_unused]] void **state)
{
  static const double BETA[] = {0.3, 0.15, 0.05};
  static const double OMEGA[] = {0.4, 2, 0.1};
  struct hs_arena arena = {0};
  assert_int_equal(hs_arena_init(&arena, 64 * HS_MIB, NULL), HS_OK);
  simulate(9, 5000, 3, BETA, OMEGA);
  struct hs_hazard_options options = hs_hazard_default();
  struct hs_hazard one, five;
  options.worker_count = 1;
  assert_int_equal(hs_hazard_fit(&arena, &journeys.sample, &options, &one, NULL), HS_OK);
  options.worker_count = 5;
  assert_int_equal(hs_hazard_fit(&arena, &journeys.sample, &options, &five, NULL), HS_OK);
  assert_memory_equal(one.orders_per_touch, five.orders_per_touch, 3 * sizeof(double));
  assert_memory_equal(one.rate_per_day, five.rate_per_day, 3 * sizeof(double));
  assert_int_equal(one.iteration_count, five.iteration_count);
  hs_arena_release(&arena);
}

static void what_cannot_be_fitted_is_refused_in_words([[maybe_unused]] void **state)
{
  static const double BETA[] = {0.3};
  static const double OMEGA[] = {0.4};
  struct hs_arena arena = {0};
  assert_int_equal(hs_arena_init(&arena, HS_MIB, NULL), HS_OK);
  struct hs_hazard_options options = hs_hazard_default();
  struct hs_hazard fit;
  struct hs_err err = {0};
  simulate(3, 50, 1, BETA, OMEGA);
  options.iteration_count_max = 0;
  assert_int_equal(hs_hazard_fit(&arena, &journeys.sample, &options, &fit, &err),
                   HS_NO_CONVERGENCE);
  journeys.sample.paths.age_s = NULL;
  assert_int_equal(hs_hazard_fit(&arena, &journeys.sample, &options, &fit, &err), HS_UNSUPPORTED);
  assert_non_null(strstr(err.text, "times"));
  journeys_clear(&journeys, 1);
  journeys_add(&journeys, (const uint16_t[]){0}, (const uint32_t[]){60}, 1, 0, 0, 1);
  assert_int_equal(hs_hazard_fit(&arena, &journeys.sample, &options, &fit, &err), HS_INSUFFICIENT);
  hs_arena_release(&arena);
}

static enum hs_status fit_bounded(void *context, struct hs_arena *arena, struct hs_err *err)
{
  const struct hs_hazard_options *options = context;
  struct hs_hazard fit;
  struct hs_model_credits credits;
  enum hs_status status = hs_hazard_fit(arena, &journeys.sample, options, &fit, err);
  return status == HS_OK ? hs_hazard_credits(arena, &journeys.sample, &fit, options, &credits, err)
                         : status;
}

static void it_works_or_says_no_memory_at_every_capacity([[maybe_unused]] void **state)
{
  static const double BETA[] = {0.3, 0.1};
  static const double OMEGA[] = {0.4, 2};
  simulate(4, 60, 2, BETA, OMEGA);
  struct hs_hazard_options options = hs_hazard_default();
  options.worker_count = 1;
  assert_true(fail_every_allocation(fit_bounded, &options) >= 5);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_generic_maximiser_finds_the_same_maximum),
      cmocka_unit_test(the_truth_of_simulated_journeys_is_recovered),
      cmocka_unit_test(intervals_rest_on_the_derivative_of_the_share),
      cmocka_unit_test(credits_sum_to_the_orders),
      cmocka_unit_test(threads_change_no_bit),
      cmocka_unit_test(what_cannot_be_fitted_is_refused_in_words),
      cmocka_unit_test(it_works_or_says_no_memory_at_every_capacity),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
