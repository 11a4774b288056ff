/* Maximum likelihood of structural models: no other place is better, units do not matter, and what
   cannot be fitted is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "stats/structural.h"
#include "support/near.h"

enum { N = 80 };

static double room[20000];
static double y[N];

static void make_series(double scale)
{
  struct hs_random rng = hs_random_open(12, 1);
  double level = 5;
  for (size_t t = 0; t < N; t++) {
    level += 0.3 * hs_random_normal(&rng);
    y[t] = scale * (level + (t % 4 == 0 ? 2 : 0) + 0.5 * hs_random_normal(&rng));
  }
  y[30] = y[31] = (double)NAN;
}

static struct hs_kalman fit(void)
{
  struct hs_kalman_model model = hs_structural_model(HS_STRUCTURAL_BASIC, N, 4);
  struct hs_kalman k;
  assert_true(hs_kalman_room(&model) <= sizeof room / sizeof room[0]);
  hs_kalman_init(&k, &model, room);
  assert_int_equal(hs_structural_fit(&k, y, NULL), HS_OK);
  return k;
}

/* Three percent up or down in any variance is never better. */
static void no_place_around_is_better([[maybe_unused]] void **state)
{
  make_series(1);
  struct hs_kalman k = fit();
  double best = k.log_likelihood;
  double *const variances[] = {&k.model.noise_variance, &k.model.level.variance,
                               &k.model.slope.variance, &k.model.season.variance};
  for (size_t i = 0; i < 4; i++) {
    double kept = *variances[i];
    for (int sign = -1; sign <= 1; sign += 2) {
      *variances[i] = kept > 0 ? kept * (1 + 0.03 * sign) : 1e-4 * (1 + sign);
      hs_kalman_filter(&k, y);
      assert_true(k.log_likelihood <= best + 1e-8);
    }
    *variances[i] = kept;
  }
}

static void the_unit_does_not_matter([[maybe_unused]] void **state)
{
  make_series(1);
  struct hs_kalman k = fit();
  double noise = k.model.noise_variance;
  double level = k.model.level.variance;
  make_series(1e6);
  k = fit();
  assert_close(k.model.noise_variance, 1e12 * noise, 1e-4);
  assert_close(k.model.level.variance, 1e12 * level, 1e-4);
}

static void what_cannot_be_fitted_is_refused([[maybe_unused]] void **state)
{
  struct hs_kalman_model model = hs_structural_model(HS_STRUCTURAL_BASIC, 6, 4);
  const double few[] = {1, 2, 4, 3, 5, 4};
  const double constant[] = {3, 3, 3, 3, 3, 3};
  struct hs_kalman k;
  struct hs_err err;
  hs_kalman_init(&k, &model, room);
  assert_int_equal(hs_structural_fit(&k, few, &err), HS_INSUFFICIENT);
  assert_true(k.model.noise_variance == 1);
  model = hs_structural_model(HS_STRUCTURAL_LEVEL, 6, 0);
  hs_kalman_init(&k, &model, room);
  assert_int_equal(hs_structural_fit(&k, constant, &err), HS_INSUFFICIENT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_place_around_is_better),
      cmocka_unit_test(the_unit_does_not_matter),
      cmocka_unit_test(what_cannot_be_fitted_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
