/* What purchases are worth: the likelihood's gradient, the shrinking of a customer's mean, and what
   is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "stats/buyers_spend.h"
#include "stats/random.h"
#include "support/near.h"

enum { CUSTOMERS = 5000 };

static double x[CUSTOMERS], zbar[CUSTOMERS];

/* Means of x purchases, each Gamma(p, ν), ν ~ Gamma(q, v). */
static void spend_like(double p, double q, double v)
{
  for (uint64_t i = 0; i < CUSTOMERS; i++) {
    struct hs_random rng = hs_random_open(31, i);
    x[i] = (double)(1 + i % 6);
    double rate = hs_random_gamma(&rng, q) / v;
    zbar[i] = hs_random_gamma(&rng, p * x[i]) / rate / x[i];
  }
}

static void a_gradient_is_that_of_the_values([[maybe_unused]] void **state)
{
  spend_like(6, 4, 15);
  const struct hs_spenders spenders = {x, zbar, NULL, 50};
  const double logs[] = {log(3.0), log(1.5), log(40.0)};
  double gradient[3];
  struct hs_spend_parameters at = {3, 1.5, 40};
  (void)hs_spend_log_likelihood(&spenders, &at, gradient);
  for (size_t k = 0; k < 3; k++) {
    double sides[2];
    for (int side = 0; side < 2; side++) {
      double moved[] = {logs[0], logs[1], logs[2]};
      moved[k] += side ? 1e-5 : -1e-5;
      struct hs_spend_parameters there = {exp(moved[0]), exp(moved[1]), exp(moved[2])};
      sides[side] = hs_spend_log_likelihood(&spenders, &there, NULL);
    }
    assert_near(gradient[k], (sides[1] - sides[0]) / 2e-5, 1e-5 * fmax(1, fabs(gradient[k])));
  }
}

static void known_parameters_are_found_within_their_errors([[maybe_unused]] void **state)
{
  spend_like(6, 4, 15);
  const struct hs_spenders spenders = {x, zbar, NULL, CUSTOMERS};
  struct hs_spend_fit fit;
  assert_int_equal(hs_spend_fit(&spenders, NULL, &fit, NULL), HS_OK);
  assert_near(log(fit.parameters.p / 6), 0, 4 * sqrt(fit.covariance[0]));
  assert_near(log(fit.parameters.q / 4), 0, 4 * sqrt(fit.covariance[4]));
  assert_near(log(fit.parameters.v / 15), 0, 4 * sqrt(fit.covariance[8]));
}

static void a_mean_is_between_what_was_seen_and_that_of_all([[maybe_unused]] void **state)
{
  const struct hs_spend_parameters p = {6, 4, 15};
  assert_close(hs_spend_mean(&p), 30.0, 1e-12);
  double once = hs_spend_mean_of(&p, 1, 100), often = hs_spend_mean_of(&p, 50, 100);
  assert_true(once > 30 && once < often && often < 100);
  assert_close(hs_spend_mean_of(&p, 0, 0), 30.0, 1e-12);
}

static void without_a_finite_mean_it_is_infinite([[maybe_unused]] void **state)
{
  const struct hs_spend_parameters p = {6, 1, 15};
  assert_true(isinf(hs_spend_mean(&p)));
  assert_true(isfinite(hs_spend_mean_of(&p, 1, 20)));
}

static void what_says_nothing_is_refused([[maybe_unused]] void **state)
{
  const double one[] = {1, 1}, same[] = {5, 5}, zero[] = {5, 0}, part[] = {1, 1.5};
  struct hs_spend_fit fit;
  struct hs_err err = {0};
  const struct hs_spenders alike = {one, same, NULL, 2}, nothing = {one, zero, NULL, 2},
                           broken = {part, same, NULL, 2}, nobody = {one, same, NULL, 0};
  assert_int_equal(hs_spend_fit(&alike, NULL, &fit, &err), HS_INSUFFICIENT);
  assert_int_equal(hs_spend_fit(&nobody, NULL, &fit, &err), HS_INSUFFICIENT);
  assert_int_equal(hs_spend_fit(&nothing, NULL, &fit, &err), HS_INVALID);
  assert_non_null(strstr(err.text, "customer 2"));
  assert_int_equal(hs_spend_fit(&broken, NULL, &fit, &err), HS_INVALID);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_gradient_is_that_of_the_values),
      cmocka_unit_test(known_parameters_are_found_within_their_errors),
      cmocka_unit_test(a_mean_is_between_what_was_seen_and_that_of_all),
      cmocka_unit_test(without_a_finite_mean_it_is_infinite),
      cmocka_unit_test(what_says_nothing_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
