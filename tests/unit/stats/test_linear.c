/* Dense solutions against the matrices they come from, and against systems that have none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "stats/linear.h"
#include "stats/random.h"
#include "support/near.h"

#define N_MAX 40

static double a[N_MAX * N_MAX];
static double factors[N_MAX * N_MAX];
static double inverse[N_MAX * N_MAX];
static size_t pivots[N_MAX];

static void fill_random(size_t n, uint64_t stream)
{
  struct hs_random rng = hs_random_open(21, stream);
  for (size_t i = 0; i < n * n; i++)
    a[i] = hs_random_normal(&rng);
  memcpy(factors, a, n * n * sizeof *a);
}

static double row_times(const double *m, size_t n, size_t row, const double *x)
{
  double sum = 0;
  for (size_t j = 0; j < n; j++)
    sum += m[row * n + j] * x[j];
  return sum;
}

/* Backward stable: the residual is a few n·ε of what is multiplied; 1e−11 leaves room for the
   random matrices' growth. */
static void a_solution_put_back_gives_the_right_side([[maybe_unused]] void **state)
{
  for (size_t n = 1; n <= N_MAX; n++) {
    double b[N_MAX], x[N_MAX], y[N_MAX];
    fill_random(n, n);
    for (size_t i = 0; i < n; i++)
      x[i] = y[i] = b[i] = 1.0 + (double)i;
    assert_int_equal(hs_lu_factor(factors, n, pivots), 0);
    hs_lu_solve(factors, n, pivots, x);
    hs_lu_solve_transposed(factors, n, pivots, y);
    hs_lu_invert(factors, n, pivots, inverse);
    for (size_t i = 0; i < n; i++) {
      double transposed = 0;
      for (size_t j = 0; j < n; j++)
        transposed += a[j * n + i] * y[j];
      assert_near(row_times(a, n, i, x), b[i], 1e-9);
      assert_near(transposed, b[i], 1e-9);
      assert_near(row_times(inverse, n, i, b), x[i], 1e-9);
    }
  }
}

static void a_singular_matrix_is_named_by_its_column([[maybe_unused]] void **state)
{
  double dependent[] = {1, 2, 3, 2, 4, 6, 1, 0, 1};
  double zero[] = {0};
  double none[] = {(double)NAN};
  assert_int_equal(hs_lu_factor(dependent, 3, pivots), 3);
  assert_int_equal(hs_lu_factor(zero, 1, pivots), 1);
  assert_int_equal(hs_lu_factor(none, 1, pivots), 1);
}

static void cholesky_solves_positive_definite_systems([[maybe_unused]] void **state)
{
  static double square[N_MAX * N_MAX];
  for (size_t n = 1; n <= N_MAX; n++) {
    fill_random(n, 100 + n);
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < n; j++) {
        square[i * n + j] = i == j ? 1.0 : 0.0; /* AAᵀ + 1 is positive definite */
        for (size_t k = 0; k < n; k++)
          square[i * n + j] += a[i * n + k] * a[j * n + k];
      }
    memcpy(factors, square, n * n * sizeof *square);
    double x[N_MAX];
    for (size_t i = 0; i < n; i++)
      x[i] = 1.0 + (double)i;
    assert_int_equal(hs_cholesky_factor(factors, n), 0);
    hs_cholesky_solve(factors, n, x);
    for (size_t i = 0; i < n; i++)
      assert_near(row_times(square, n, i, x), 1.0 + (double)i, 1e-10);
  }
}

static void cholesky_refuses_what_is_not_positive_definite([[maybe_unused]] void **state)
{
  double indefinite[] = {1, 2, 2, 1};
  assert_int_equal(hs_cholesky_factor(indefinite, 2), 2);
  double negative[] = {-1};
  assert_int_equal(hs_cholesky_factor(negative, 1), 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_solution_put_back_gives_the_right_side),
      cmocka_unit_test(a_singular_matrix_is_named_by_its_column),
      cmocka_unit_test(cholesky_solves_positive_definite_systems),
      cmocka_unit_test(cholesky_refuses_what_is_not_positive_definite),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
