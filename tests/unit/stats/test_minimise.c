/* Minima that are known in closed form, and what happens where there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "stats/minimise.h"
#include "support/near.h"

/* Rosenbrock (The Computer Journal 3, 1960): a curved valley, the least value 0 at (1, 1). */
static double valley(const double *x, double *gradient, [[maybe_unused]] void *context)
{
  double rise = x[1] - x[0] * x[0], away = 1 - x[0];
  if (gradient) {
    gradient[0] = -400 * x[0] * rise - 2 * away;
    gradient[1] = 200 * rise;
  }
  return 100 * rise * rise + away * away;
}

/* Σ i·(xᵢ − i)² + 2·x₀x₁, i from 1: curvature 2i on the diagonal and 2 beside. */
static double bowl(const double *x, double *gradient, void *context)
{
  size_t count = *(const size_t *)context;
  double sum = 2 * x[0] * x[1];
  for (size_t i = 0; i < count; i++) {
    double i1 = (double)(i + 1), away = x[i] - i1;
    sum += i1 * away * away;
    if (gradient)
      gradient[i] = 2 * i1 * away + (i < 2 ? 2 * x[1 - i] : 0);
  }
  return sum;
}

/* x − log x: defined above 0 alone, least at 1. */
static double fenced(const double *x, double *gradient, [[maybe_unused]] void *context)
{
  if (gradient)
    gradient[0] = 1 - 1 / x[0];
  return x[0] - log(x[0]);
}

/* Falls for ever. */
static double slope(const double *x, double *gradient, [[maybe_unused]] void *context)
{
  if (gradient)
    gradient[0] = -1;
  return -x[0];
}

/* GSL complains of vectors of length zero and of functions without values; none of that may reach a
   handler that aborts. */
static double nothing([[maybe_unused]] const double *x, [[maybe_unused]] double *gradient,
                      [[maybe_unused]] void *context)
{
  return (double)NAN;
}

static const struct hs_minimise_options BY_DEFAULT = {0};

static void bfgs_finds_the_end_of_a_curved_valley([[maybe_unused]] void **state)
{
  for (int by_differences = 0; by_differences < 2; by_differences++) {
    struct hs_minimise_problem problem = {
        .value = valley, .count = 2, .has_no_gradient = by_differences};
    struct hs_minimum found;
    double x[] = {-1.2, 1};
    assert_int_equal(hs_minimise_bfgs(&problem, &BY_DEFAULT, x, &found, NULL), HS_OK);
    assert_near(x[0], 1, 1e-6);
    assert_near(x[1], 1, 1e-6);
    assert_near(found.value, 0, 1e-12);
    assert_true(found.gradient <= 1e-6 && found.evaluations > found.iterations);
  }
}

static void the_simplex_finds_it_without_derivatives([[maybe_unused]] void **state)
{
  struct hs_minimise_problem problem = {.value = valley, .count = 2, .has_no_gradient = 1};
  struct hs_minimum found;
  double x[] = {-1.2, 1};
  assert_int_equal(hs_minimise_simplex(&problem, &BY_DEFAULT, x, &found, NULL), HS_OK);
  assert_near(x[0], 1, 1e-4);
  assert_near(x[1], 1, 1e-4);
  assert_true(isnan(found.gradient));
}

static void many_parameters_are_found_at_once([[maybe_unused]] void **state)
{
  size_t count = HS_MINIMISE_PARAMETERS_MAX;
  struct hs_minimise_problem problem = {.value = bowl, .context = &count, .count = count};
  double x[HS_MINIMISE_PARAMETERS_MAX] = {0.5};
  assert_int_equal(hs_minimise_bfgs(&problem, &BY_DEFAULT, x, NULL, NULL), HS_OK);
  for (size_t i = 2; i < count; i++)
    assert_close(x[i], (double)(i + 1), 1e-6);
  /* 2(x₀ − 1) + 2x₁ = 0 and 4(x₁ − 2) + 2x₀ = 0 */
  assert_close(x[0], -2.0, 1e-6);
  assert_close(x[1], 3.0, 1e-6);
}

static void a_domain_is_a_wall_and_not_an_error([[maybe_unused]] void **state)
{
  for (int by_differences = 0; by_differences < 2; by_differences++) {
    struct hs_minimise_problem problem = {
        .value = fenced, .count = 1, .has_no_gradient = by_differences};
    struct hs_minimise_options long_steps = {.first_step = 50};
    double x[] = {20};
    assert_int_equal(hs_minimise_bfgs(&problem, &long_steps, x, NULL, NULL), HS_OK);
    assert_near(x[0], 1, 1e-6);
    x[0] = 20;
    assert_int_equal(hs_minimise_simplex(&problem, &BY_DEFAULT, x, NULL, NULL), HS_OK);
    assert_near(x[0], 1, 1e-5);
  }
}

static void a_start_outside_of_the_domain_is_refused_with_its_value([[maybe_unused]] void **state)
{
  struct hs_minimise_problem fence = {.value = fenced, .count = 1};
  struct hs_minimise_problem empty = {.value = nothing, .count = 1};
  struct hs_minimise_problem none = {.value = nothing};
  struct hs_err err = {0};
  double x[] = {-1};
  assert_int_equal(hs_minimise_bfgs(&fence, &BY_DEFAULT, x, NULL, &err), HS_INVALID);
  assert_non_null(strstr(err.text, "nan"));
  assert_int_equal(hs_minimise_simplex(&empty, &BY_DEFAULT, x, NULL, &err), HS_INVALID);
  assert_int_equal(hs_minimise_simplex(&none, &BY_DEFAULT, x, NULL, &err), HS_INVALID);
  assert_non_null(strstr(err.text, "got 0"));
  x[0] = (double)INFINITY;
  assert_int_equal(hs_minimise_bfgs(&fence, &BY_DEFAULT, x, NULL, &err), HS_INVALID);
  assert_non_null(strstr(err.text, "parameter 1"));
}

static void what_has_no_minimum_is_said_and_the_start_stands([[maybe_unused]] void **state)
{
  struct hs_minimise_problem problem = {.value = slope, .count = 1};
  struct hs_err err = {0};
  struct hs_minimum untouched = {.iterations = 77};
  double x[] = {2};
  assert_int_equal(hs_minimise_bfgs(&problem, &BY_DEFAULT, x, &untouched, &err), HS_NO_CONVERGENCE);
  assert_near(x[0], 2, 0);
  assert_int_equal(hs_minimise_simplex(&problem, &BY_DEFAULT, x, &untouched, &err),
                   HS_NO_CONVERGENCE);
  assert_near(x[0], 2, 0);
  assert_int_equal(untouched.iterations, 77);
}

static void curvature_comes_from_gradients_or_from_values([[maybe_unused]] void **state)
{
  size_t count = 4;
  for (int by_values = 0; by_values < 2; by_values++) {
    struct hs_minimise_problem problem = {
        .value = bowl, .context = &count, .count = count, .has_no_gradient = by_values};
    double x[] = {.5, -3, 100, 0}, curvature[16];
    assert_int_equal(hs_minimise_curvature(&problem, x, 0, curvature, NULL), HS_OK);
    for (size_t i = 0; i < count; i++)
      for (size_t j = 0; j < count; j++)
        assert_near(curvature[i * count + j],
                    i == j      ? 2.0 * (double)(i + 1)
                    : i + j < 2 ? 2.0
                                : 0.0,
                    1e-4);
  }
}

static void curvature_at_the_edge_of_a_domain_is_refused([[maybe_unused]] void **state)
{
  struct hs_minimise_problem problem = {.value = fenced, .count = 1, .has_no_gradient = 1};
  double x[] = {1e-6}, curvature[1];
  assert_int_equal(hs_minimise_curvature(&problem, x, 0, curvature, NULL), HS_INVALID);
}

static void the_covariance_is_the_inverse_of_the_curvature([[maybe_unused]] void **state)
{
  size_t count = 3;
  struct hs_minimise_problem problem = {.value = bowl, .context = &count, .count = count};
  struct hs_minimise_problem saddle = {.value = valley, .count = 2};
  double x[] = {0, 0, 0}, covariance[9];
  /* (2 2; 2 4) inverted is (1 −½; −½ ½); the third parameter stands alone with 1/6. */
  const double expected[] = {1, -.5, 0, -.5, .5, 0, 0, 0, 1.0 / 6};
  hs_minimise_covariance(&problem, x, covariance);
  for (size_t i = 0; i < 9; i++)
    assert_near(covariance[i], expected[i], 1e-6);
  x[1] = 1; /* at (0, 1) the valley is a ridge across: −398 in one direction, 200 in the other */
  hs_minimise_covariance(&saddle, x, covariance);
  for (size_t i = 0; i < 4; i++)
    assert_true(isnan(covariance[i]));
}

/* Inside nothing is added; outside the square of what goes beyond, with its derivative. */
static void a_fence_is_felt_outside_alone([[maybe_unused]] void **state)
{
  const double inside[] = {7.9, -5}, outside[] = {9, -15}, centre[] = {0, -5};
  double gradient[] = {3, 3};
  assert_near(hs_minimise_fence(inside, centre, 2, gradient), 0, 0);
  assert_near(gradient[0] + gradient[1], 6, 0);
  assert_near(hs_minimise_fence(outside, centre, 2, gradient), 1 + 4, 1e-12);
  assert_near(gradient[0], 3 + 2, 1e-12);
  assert_near(gradient[1], 3 - 4, 1e-12);
  assert_near(hs_minimise_fence(outside, centre, 2, NULL), 5, 1e-12);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bfgs_finds_the_end_of_a_curved_valley),
      cmocka_unit_test(the_simplex_finds_it_without_derivatives),
      cmocka_unit_test(many_parameters_are_found_at_once),
      cmocka_unit_test(a_domain_is_a_wall_and_not_an_error),
      cmocka_unit_test(a_start_outside_of_the_domain_is_refused_with_its_value),
      cmocka_unit_test(what_has_no_minimum_is_said_and_the_start_stands),
      cmocka_unit_test(curvature_comes_from_gradients_or_from_values),
      cmocka_unit_test(the_covariance_is_the_inverse_of_the_curvature),
      cmocka_unit_test(a_fence_is_felt_outside_alone),
      cmocka_unit_test(curvature_at_the_edge_of_a_domain_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
