/* Spike and slab against brute force: with three variables all eight models can be weighed by the
   closed form, and the sampler must visit them and draw their coefficients accordingly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "stats/spike_slab.h"
#include "stats/summary.h"
#include "support/near.h"

enum { VARIABLES = 3, ROWS = 40, DRAWS = 40000 };

static const double INCLUSION[VARIABLES] = {0.5, 0.3, 0.6};
static double xtx[VARIABLES * VARIABLES], xty[VARIABLES], precision[VARIABLES * VARIABLES];
static struct hs_regression_sums sums;
static _Alignas(double) unsigned char room[4096];

/* y = 0.6 x₀ + 0.25 x₁ + noise; x₂ is like x₁, so that the two stand in for each other. */
static int set_up([[maybe_unused]] void **state)
{
  struct hs_random rng = hs_random_open(7, 0);
  double yty = 0;
  for (size_t t = 0; t < ROWS; t++) {
    double x[VARIABLES];
    for (size_t j = 0; j < VARIABLES; j++)
      x[j] = hs_random_normal(&rng);
    x[2] = 0.8 * x[1] + 0.6 * x[2];
    double y = 0.6 * x[0] + 0.25 * x[1] + hs_random_normal(&rng);
    yty += y * y;
    for (size_t i = 0; i < VARIABLES; i++) {
      xty[i] += x[i] * y;
      for (size_t j = 0; j < VARIABLES; j++)
        xtx[i * VARIABLES + j] += x[i] * x[j];
    }
  }
  for (size_t i = 0; i < VARIABLES; i++)
    for (size_t j = 0; j < VARIABLES; j++)
      precision[i * VARIABLES + j] = xtx[i * VARIABLES + j] / ROWS * (i == j ? 1 : 0.5);
  sums = (struct hs_regression_sums){ROWS, xtx, xty, yty};
  return 0;
}

static struct hs_spike_slab sampler_of(const double *inclusion)
{
  const struct hs_spike_slab_prior prior = {inclusion, precision, {1, 5, (double)INFINITY}};
  struct hs_spike_slab sampler;
  assert_true(hs_spike_slab_room(VARIABLES) <= sizeof room);
  hs_spike_slab_init(&sampler, VARIABLES, &prior, room);
  return sampler;
}

static size_t model_of(const struct hs_spike_slab *sampler)
{
  return sampler->included[0] + 2U * sampler->included[1] + 4U * sampler->included[2];
}

/* By hand for one variable: SS = 5 + y'y − (x'y)²/(ω + x'x), weight √(ω/(ω + x'x)) SS^−(45/2). */
static void the_weight_of_a_model_is_its_closed_form([[maybe_unused]] void **state)
{
  struct hs_spike_slab sampler = sampler_of(INCLUSION);
  sampler.included[0] = 1;
  sampler.included[1] = sampler.included[2] = 0;
  double posterior = precision[0] + xtx[0];
  double expected = log(0.5) + log(0.7) + log(0.4) + log(precision[0] / posterior) / 2 -
                    22.5 * log(5 + sums.yty - xty[0] * xty[0] / posterior);
  assert_near(hs_spike_slab_log_model(&sampler, &sums), expected, 1e-10);
}

/* Frequencies of 40,000 draws; at a dependence of a few draws their standard error is below .006.
 */
static void models_are_visited_by_their_weights([[maybe_unused]] void **state)
{
  double weights[8];
  double visits[8] = {0};
  double total = 0;
  struct hs_spike_slab sampler = sampler_of(INCLUSION);
  struct hs_random rng = hs_random_open(8, 0);
  for (unsigned m = 0; m < 8; m++) {
    for (unsigned j = 0; j < VARIABLES; j++)
      sampler.included[j] = m >> j & 1U;
    total += weights[m] = exp(hs_spike_slab_log_model(&sampler, &sums));
  }
  for (size_t d = 0; d < DRAWS; d++) {
    assert_int_equal(hs_spike_slab_draw(&sampler, &sums, &rng), 0);
    visits[model_of(&sampler)] += 1.0 / DRAWS;
  }
  for (unsigned m = 0; m < 8; m++)
    assert_near(visits[m], weights[m] / total, 0.02);
}

/* With every variable held in, β is multivariate t around (Ω + X'X)⁻¹X'y, and 1/σ² Gamma. The mean
   solves the normal equations, which are checked instead of the solution. */
static void held_variables_have_the_conjugate_posterior([[maybe_unused]] void **state)
{
  static const double HELD[VARIABLES] = {1, 1, 1};
  struct hs_spike_slab sampler = sampler_of(HELD);
  struct hs_random rng = hs_random_open(9, 0);
  struct hs_summary beta[VARIABLES] = {{0}};
  struct hs_summary noise = {0};
  for (size_t d = 0; d < DRAWS; d++) {
    assert_int_equal(hs_spike_slab_draw(&sampler, &sums, &rng), 0);
    for (size_t j = 0; j < VARIABLES; j++)
      hs_summary_add(&beta[j], sampler.beta[j], 1);
    hs_summary_add(&noise, 1 / sampler.variance, 1);
  }
  double explained = 0;
  for (size_t i = 0; i < VARIABLES; i++) {
    double left = 0;
    for (size_t j = 0; j < VARIABLES; j++)
      left += (precision[i * VARIABLES + j] + xtx[i * VARIABLES + j]) * beta[j].mean;
    assert_near(left, xty[i], 0.2);
    explained += beta[i].mean * xty[i];
  }
  assert_close(noise.mean, (5 + ROWS) / (5 + sums.yty - explained), 0.02);
}

static void what_may_not_be_in_is_never_in([[maybe_unused]] void **state)
{
  static const double ONE_OUT[VARIABLES] = {0.5, 0, 1};
  struct hs_spike_slab sampler = sampler_of(ONE_OUT);
  struct hs_random rng = hs_random_open(10, 0);
  for (size_t d = 0; d < 1000; d++) {
    assert_int_equal(hs_spike_slab_draw(&sampler, &sums, &rng), 0);
    assert_true(sampler.included[1] == 0 && sampler.beta[1] == 0 && sampler.included[2] == 1);
  }
}

/* The same variable twice: only the slab keeps the matrix regular, and the draws stay finite. */
static void a_variable_that_is_there_twice_is_borne([[maybe_unused]] void **state)
{
  double twice[VARIABLES * VARIABLES];
  double twice_xty[VARIABLES] = {xty[0], xty[0], xty[1]};
  static const size_t OF[VARIABLES] = {0, 0, 1};
  for (size_t i = 0; i < VARIABLES; i++)
    for (size_t j = 0; j < VARIABLES; j++)
      twice[i * VARIABLES + j] = xtx[OF[i] * VARIABLES + OF[j]];
  const struct hs_regression_sums of = {ROWS, twice, twice_xty, sums.yty};
  struct hs_spike_slab sampler = sampler_of(INCLUSION);
  struct hs_random rng = hs_random_open(11, 0);
  for (size_t d = 0; d < 1000; d++) {
    assert_int_equal(hs_spike_slab_draw(&sampler, &of, &rng), 0);
    assert_true(isfinite(sampler.beta[0]) && isfinite(sampler.variance));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_weight_of_a_model_is_its_closed_form),
      cmocka_unit_test(models_are_visited_by_their_weights),
      cmocka_unit_test(held_variables_have_the_conjugate_posterior),
      cmocka_unit_test(what_may_not_be_in_is_never_in),
      cmocka_unit_test(a_variable_that_is_there_twice_is_borne),
  };
  return cmocka_run_group_tests(tests, set_up, NULL);
}
