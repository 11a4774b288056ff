#include "stats/distribution.h"

#include <float.h>
#include <math.h>

#include "base/status.h"

double hs_normal_cdf(double x) { return 0.5 * erfc(-x * 0x1.6a09e667f3bcdp-1); }

/* (((c7 x + c6) x + …) x + c0) */
static double polynomial7(const double c[8], double x)
{
  double value = c[7];
  for (int i = 6; i >= 0; i--)
    value = value * x + c[i];
  return value;
}

/* The three rational approximations of AS 241: the middle, the shoulders, the far tails. */
static const double MIDDLE_ABOVE[8] = {3.3871328727963666080e0, 1.3314166789178437745e2,
                                       1.9715909503065514427e3, 1.3731693765509461125e4,
                                       4.5921953931549871457e4, 6.7265770927008700853e4,
                                       3.3430575583588128105e4, 2.5090809287301226727e3};
static const double MIDDLE_BELOW[8] = {1.0,
                                       4.2313330701600911252e1,
                                       6.8718700749205790830e2,
                                       5.3941960214247511077e3,
                                       2.1213794301586595867e4,
                                       3.9307895800092710610e4,
                                       2.8729085735721942674e4,
                                       5.2264952788528545610e3};
static const double SHOULDER_ABOVE[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                         5.76949722146069140550e0,  3.64784832476320460504e0,
                                         1.27045825245236838258e0,  2.41780725177450611770e-1,
                                         2.27238449892691845833e-2, 7.74545014278341407640e-4};
static const double SHOULDER_BELOW[8] = {1.0,
                                         2.05319162663775882187e0,
                                         1.67638483018380384940e0,
                                         6.89767334985100004550e-1,
                                         1.48103976427480074590e-1,
                                         1.51986665636164571966e-2,
                                         5.47593808499534494600e-4,
                                         1.05075007164441684324e-9};
static const double TAIL_ABOVE[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                     1.78482653991729133580e0,  2.96560571828504891230e-1,
                                     2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                     2.71155556874348757815e-5, 2.01033439929228813265e-7};
static const double TAIL_BELOW[8] = {1.0,
                                     5.99832206555887937690e-1,
                                     1.36929880922735805310e-1,
                                     1.48753612908506148525e-2,
                                     7.86869131145613259100e-4,
                                     1.84631831751005468180e-5,
                                     1.42151175831644588870e-7,
                                     2.04426310338993978564e-15};

double hs_normal_quantile(double p)
{
  HS_ASSERT(p > 0 && p < 1);
  double q = p - 0.5;
  if (fabs(q) <= 0.425) {
    double r = 0.180625 - q * q;
    return q * polynomial7(MIDDLE_ABOVE, r) / polynomial7(MIDDLE_BELOW, r);
  }
  double r = sqrt(-log(q < 0 ? p : 1.0 - p));
  double x = r <= 5.0 ? polynomial7(SHOULDER_ABOVE, r - 1.6) / polynomial7(SHOULDER_BELOW, r - 1.6)
                      : polynomial7(TAIL_ABOVE, r - 5.0) / polynomial7(TAIL_BELOW, r - 5.0);
  return q < 0 ? -x : x;
}

double hs_log_gamma(double x)
{
  int sign = 0;
  return lgamma_r(x, &sign);
}

/* The continued fraction 1/(1 + d1/(1 + d2/(1 + …))) of DLMF 8.17.22 by the modified Lentz method.
   It converges in about √max(a, b) steps where x < (a + 1)/(a + b + 2). */
static double beta_fraction(double x, double a, double b)
{
  const double TINY = 1e-300; /* stands in for a zero denominator */
  double c = 1.0;
  double d = 1.0 - (a + b) * x / (a + 1.0);
  d = 1.0 / (fabs(d) < TINY ? TINY : d);
  double fraction = d;
  for (double m = 1; m < 20000; m++) {
    double terms[2] = {m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                       -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))};
    double step = 1.0;
    for (int i = 0; i < 2; i++) {
      d = 1.0 + terms[i] * d;
      c = 1.0 + terms[i] / c;
      d = 1.0 / (fabs(d) < TINY ? TINY : d);
      c = fabs(c) < TINY ? TINY : c;
      step = c * d;
      fraction *= step;
    }
    if (fabs(step - 1.0) < DBL_EPSILON)
      break;
  }
  return fraction;
}

double hs_beta_regularized(double x, double a, double b)
{
  HS_ASSERT(a > 0 && b > 0 && x >= 0 && x <= 1);
  if (x == 0 || x == 1)
    return x;
  double front =
      exp(hs_log_gamma(a + b) - hs_log_gamma(a) - hs_log_gamma(b) + a * log(x) + b * log1p(-x));
  if (x < (a + 1.0) / (a + b + 2.0))
    return front * beta_fraction(x, a, b) / a;
  return 1.0 - front * beta_fraction(1.0 - x, b, a) / b;
}

/* P(T > x) for x ≥ 0. Above 1e7 degrees the normal is closer than the rounding of the gammas. */
static double t_upper(double x, double df)
{
  if (df > 1e7)
    return hs_normal_cdf(-x);
  return 0.5 * hs_beta_regularized(df / (df + x * x), 0.5 * df, 0.5);
}

double hs_t_cdf(double x, double df)
{
  HS_ASSERT(df > 0);
  return x > 0 ? 1.0 - t_upper(x, df) : t_upper(-x, df);
}

static double t_density(double x, double df)
{
  return exp(hs_log_gamma(0.5 * (df + 1)) - hs_log_gamma(0.5 * df) -
             0.5 * (df + 1) * log1p(x * x / df)) /
         sqrt(df * 0x1.921fb54442d18p1);
}

/* The x > 0 with P(T > x) = tail, tail below one half. */
static double t_upper_quantile(double tail, double df)
{
  double low = 0;
  double high = 1;
  while (t_upper(high, df) > tail) {
    low = high;
    high *= 2;
  }
  double x = 0.5 * (low + high);
  for (int i = 0; i < 200; i++) {
    double excess = t_upper(x, df) - tail;
    if (excess > 0)
      low = x;
    else
      high = x;
    double newton = x + excess / t_density(x, df);
    double next = newton > low && newton < high ? newton : 0.5 * (low + high);
    if (fabs(next - x) <= 4 * DBL_EPSILON * x)
      return next;
    x = next;
  }
  return x;
}

double hs_t_quantile(double p, double df)
{
  HS_ASSERT(p > 0 && p < 1 && df > 0);
  if (df > 1e7)
    return hs_normal_quantile(p);
  if (p == 0.5)
    return 0;
  return p < 0.5 ? -t_upper_quantile(p, df) : t_upper_quantile(1.0 - p, df);
}

/* Σ x^n / (shape + 1)…(shape + n), from n = 0. */
static double gamma_series(double x, double shape)
{
  double term = 1.0;
  double sum = 1.0;
  for (double n = 1; term > sum * DBL_EPSILON * 0.5; n++) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum;
}

/* The continued fraction of the upper tail by the modified Lentz method. */
static double gamma_fraction(double x, double shape)
{
  double b = x + 1.0 - shape;
  double c = 1e300;
  double d = 1.0 / b;
  double fraction = d;
  for (double n = 1; n < 100000; n++) {
    double a = -n * (n - shape);
    b += 2.0;
    d = 1.0 / (a * d + b);
    c = b + a / c;
    fraction *= c * d;
    if (fabs(c * d - 1.0) < DBL_EPSILON)
      break;
  }
  return fraction;
}

double hs_gamma_cdf(double x, double shape)
{
  HS_ASSERT(x >= 0 && shape > 0);
  if (x == 0)
    return 0;
  double front = exp(shape * log(x) - x - hs_log_gamma(shape));
  return x < shape + 1.0 ? front * gamma_series(x, shape) / shape
                         : 1.0 - front * gamma_fraction(x, shape);
}

/* On the logarithm of x, so that the smallest shapes, whose quantiles are all but 0, take no more
   steps than others. */
double hs_gamma_quantile(double p, double shape)
{
  HS_ASSERT(p > 0 && p < 1 && shape > 0);
  double low = log(1e-300);
  double high = log(shape + 1.0);
  while (hs_gamma_cdf(exp(high), shape) < p)
    high += 1.0;
  if (hs_gamma_cdf(exp(low), shape) >= p)
    return 0;
  while (high - low > 1e-13 * fmax(1.0, fabs(low))) {
    double middle = 0.5 * (low + high);
    if (hs_gamma_cdf(exp(middle), shape) < p)
      low = middle;
    else
      high = middle;
  }
  return exp(0.5 * (low + high));
}
