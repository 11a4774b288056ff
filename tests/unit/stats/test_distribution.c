/* Normal, t and Gamma distributions against closed forms and published values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "stats/distribution.h"
#include "support/near.h"

#define PI 3.14159265358979323846

/* The check values that Wichura prints with AS 241. */
static void normal_quantiles_match_the_published_checks([[maybe_unused]] void **state)
{
  assert_close(hs_normal_quantile(0.25), -0.6744897501960817, 1e-15);
  assert_close(hs_normal_quantile(0.001), -3.090232306167814, 1e-15);
  assert_close(hs_normal_quantile(1e-20), -9.262340089798408, 1e-15);
}

static void normal_quantile_and_cdf_are_inverse([[maybe_unused]] void **state)
{
  for (double p = 1e-300; p < 0.5; p *= 1.7)
    assert_close(hs_normal_cdf(hs_normal_quantile(p)), p, 1e-12); /* |x|·dx of the far tail */
  for (double p = 0.01; p < 1; p += 0.01)
    assert_close(hs_normal_cdf(hs_normal_quantile(p)), p, 1e-14);
  assert_true(hs_normal_quantile(0.5) == 0);
}

/* df 1 is Cauchy's, df 2 is algebraic, df 4 as well: closed forms. */
static void t_matches_its_closed_forms([[maybe_unused]] void **state)
{
  for (double x = -20; x <= 20; x += 0.37) {
    assert_close(hs_t_cdf(x, 1), 0.5 + atan(x) / PI, 1e-12);
    assert_close(hs_t_cdf(x, 2), 0.5 + x / (2 * sqrt(2 + x * x)), 1e-12);
  }
  for (double p = 0.002; p < 1; p += 0.0137) {
    if (fabs(p - 0.5) < 1e-3)
      continue;
    assert_close(hs_t_quantile(p, 1), tan(PI * (p - 0.5)), 1e-11);
    assert_close(hs_t_quantile(p, 2), (2 * p - 1) / sqrt(2 * p * (1 - p)), 1e-11);
  }
}

/* Tables of the t distribution to three decimals (Fisher and Yates), and the normal limit. */
static void t_quantiles_match_the_tables([[maybe_unused]] void **state)
{
  static const struct {
    double p, df, x;
  } TABLE[] = {{.95, 5, 2.015},  {.975, 5, 2.571},  {.95, 10, 1.812},  {.975, 10, 2.228},
               {.99, 10, 2.764}, {.975, 30, 2.042}, {.95, 120, 1.658}, {.995, 120, 2.617}};
  for (size_t k = 0; k < sizeof TABLE / sizeof *TABLE; k++)
    assert_near(hs_t_quantile(TABLE[k].p, TABLE[k].df), TABLE[k].x, 5.1e-4);
  assert_close(hs_t_quantile(0.9, 1e6), hs_normal_quantile(0.9), 1e-6);
  assert_true(hs_t_quantile(0.9, (double)INFINITY) == hs_normal_quantile(0.9));
  assert_true(hs_t_quantile(0.5, 3) == 0);
}

/* I_x(a, 1) = x^a, I_x(1, b) = 1 − (1 − x)^b, and the mirror I_x(a, b) = 1 − I_{1−x}(b, a). */
static void the_beta_function_matches_its_closed_forms([[maybe_unused]] void **state)
{
  for (double x = 0.05; x < 1; x += 0.05) {
    for (double a = 0.5; a < 200; a *= 2.5) {
      assert_close(hs_beta_regularized(x, a, 1), pow(x, a), 1e-12);
      assert_near(1 - hs_beta_regularized(x, 1, a), pow(1 - x, a), 1e-14);
      assert_near(hs_beta_regularized(x, a, 3) + hs_beta_regularized(1 - x, 3, a), 1, 1e-13);
    }
  }
  assert_true(hs_beta_regularized(0, 2, 3) == 0);
  assert_true(hs_beta_regularized(1, 2, 3) == 1);
}

/* Shape 1 is the exponential, 1/2 half the square of a normal, a whole shape the waiting time of a
   Poisson process: P(G_k ≤ x) = P(N(x) ≥ k). */
static void gamma_matches_its_closed_forms([[maybe_unused]] void **state)
{
  for (double p = 0.003; p < 1; p += 0.0171) {
    double z = hs_normal_quantile(0.5 * (1 + p));
    assert_close(hs_gamma_quantile(p, 1), -log1p(-p), 1e-11);
    assert_close(hs_gamma_quantile(p, 0.5), 0.5 * z * z, 1e-11);
  }
  for (double x = 0.1; x < 60; x *= 1.7)
    for (int shape = 1; shape < 40; shape += 6) {
      double fewer = 0;
      for (int n = 0; n < shape; n++)
        fewer += exp(n * log(x) - x - lgamma(n + 1.0));
      assert_near(hs_gamma_cdf(x, shape), 1 - fewer, 1e-12);
    }
  assert_true(hs_gamma_cdf(0, 3) == 0);
  assert_true(hs_gamma_quantile(0.05, 0.001) == 0); /* 0.05^1000 */
}

/* Half of the tabled quantiles of chi-squared with 20 and 100 degrees of freedom. */
static void gamma_quantiles_match_the_tables([[maybe_unused]] void **state)
{
  assert_near(hs_gamma_quantile(0.05, 10), 10.851 / 2, 2.6e-4);
  assert_near(hs_gamma_quantile(0.95, 10), 31.410 / 2, 2.6e-4);
  assert_near(hs_gamma_quantile(0.05, 50), 77.929 / 2, 2.6e-4);
  assert_near(hs_gamma_quantile(0.95, 50), 124.342 / 2, 2.6e-4);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(normal_quantiles_match_the_published_checks),
      cmocka_unit_test(normal_quantile_and_cdf_are_inverse),
      cmocka_unit_test(t_matches_its_closed_forms),
      cmocka_unit_test(t_quantiles_match_the_tables),
      cmocka_unit_test(the_beta_function_matches_its_closed_forms),
      cmocka_unit_test(gamma_matches_its_closed_forms),
      cmocka_unit_test(gamma_quantiles_match_the_tables),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
