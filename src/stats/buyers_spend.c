#include "stats/buyers_spend.h"

#include <math.h>

#include <gsl/gsl_sf_psi.h>

#include "stats/buyers_priv.h"
#include "stats/distribution.h"
#include "stats/minimise.h"

#define LOG_PARAMETER_MAX 30.0
enum { N = HS_SPEND_PARAMETERS };

double hs_spend_log_likelihood(const struct hs_spenders *spenders,
                               const struct hs_spend_parameters *parameters, double *gradient)
{
  double p = parameters->p, q = parameters->q, v = parameters->v;
  double log_v = log(v), log_gamma_q = hs_log_gamma(q), psi_q = gsl_sf_psi(q);
  double sum = 0, by_p = 0, by_q = 0, by_v = 0;
  for (size_t i = 0; i < spenders->count; i++) {
    double x = spenders->x[i], zbar = spenders->zbar[i], px = p * x;
    double weight = spenders->weights ? spenders->weights[i] : 1;
    /* x·z̄/(v + x·z̄) and its complement: the differences of large logarithms are taken once. */
    double log_spent = log(x * zbar), log_all = log(v + x * zbar);
    sum += weight * (hs_log_gamma(px + q) - hs_log_gamma(px) - log_gamma_q + q * (log_v - log_all) +
                     px * (log_spent - log_all) - log(zbar));
    if (gradient) {
      double psi_all = gsl_sf_psi(px + q);
      by_p += weight * x * (psi_all - gsl_sf_psi(px) + log_spent - log_all);
      by_q += weight * (psi_all - psi_q + log_v - log_all);
      by_v += weight * (q / v - (px + q) / (v + x * zbar));
    }
  }
  if (gradient) {
    gradient[0] = by_p * p;
    gradient[1] = by_q * q;
    gradient[2] = by_v * v;
  }
  return sum;
}

static struct hs_spend_parameters from_logs(const double *logs)
{
  return (struct hs_spend_parameters){.p = exp(logs[0]), .q = exp(logs[1]), .v = exp(logs[2])};
}

struct climb {
  struct hs_spenders spenders;
  double centre[N]; /* of the fence: v is fenced around the mean value */
};

static double negative_log_likelihood(const double *logs, double *gradient, void *context)
{
  const struct climb *climb = context;
  for (size_t i = 0; i < N; i++)
    if (!(fabs(logs[i]) < LOG_PARAMETER_MAX))
      return (double)NAN;
  struct hs_spend_parameters parameters = from_logs(logs);
  double value = hs_spend_log_likelihood(&climb->spenders, &parameters, gradient);
  for (size_t i = 0; gradient && i < N; i++)
    gradient[i] = -gradient[i];
  return hs_minimise_fence(logs, climb->centre, N, gradient) - value;
}

static enum hs_status check(const struct hs_spenders *spenders, double *mean, struct hs_err *err)
{
  double sum = 0;
  int differ = 0;
  for (size_t i = 0; i < spenders->count; i++) {
    double x = spenders->x[i], zbar = spenders->zbar[i];
    if (!(x >= 1) || !isfinite(x) || x > floor(x) || !(zbar > 0) || !isfinite(zbar))
      return hs_fail(err, HS_INVALID,
                     "customer %zu: a mean value above 0 of 1 or more purchases is needed, got a "
                     "mean of %g over %g",
                     i + 1, zbar, x);
    differ = differ || zbar < spenders->zbar[0] || zbar > spenders->zbar[0];
    sum += zbar;
  }
  if (!differ)
    return hs_fail(err, HS_INSUFFICIENT,
                   "what %zu customers spend does not vary: nothing can be learnt of how it does",
                   spenders->count);
  *mean = sum / (double)spenders->count;
  return HS_OK;
}

enum hs_status hs_spend_fit(const struct hs_spenders *spenders,
                            const struct hs_spend_parameters *start, struct hs_spend_fit *out,
                            struct hs_err *err)
{
  double mean = 0;
  enum hs_status status = check(spenders, &mean, err);
  if (status)
    return status;
  struct climb climb = {.spenders = *spenders, .centre = {0, 0, log(mean)}};
  const struct hs_minimise_problem problem = {
      .value = negative_log_likelihood, .context = &climb, .count = N};
  /* p·v/(q − 1) is the mean: so it is at the start. */
  double logs[N] = {log(4.0), log(4.0), log(mean * 0.75)};
  if (start) {
    logs[0] = log(start->p);
    logs[1] = log(start->q);
    logs[2] = log(start->v);
  }
  struct hs_minimum minimum;
  status = hs_minimise_bfgs(&problem, &(struct hs_minimise_options){0}, logs, &minimum, err);
  if (status) {
    hs_err_prefix(err, "Gamma-Gamma");
    return status;
  }
  out->parameters = from_logs(logs);
  out->log_likelihood = hs_minimise_fence(logs, climb.centre, N, NULL) - minimum.value;
  out->iterations = minimum.iterations;
  for (size_t i = 0; i < N; i++)
    out->is_fenced[i] = fabs(logs[i] - climb.centre[i]) > HS_MINIMISE_FENCE;
  hs_minimise_covariance(&problem, logs, out->covariance);
  hs_buyers_forget_flat(out->covariance, N);
  return HS_OK;
}

double hs_spend_mean(const struct hs_spend_parameters *parameters)
{
  return hs_spend_mean_of(parameters, 0, 0);
}

double hs_spend_mean_of(const struct hs_spend_parameters *parameters, double x, double zbar)
{
  double below = parameters->p * x + parameters->q - 1;
  return below > 0 ? parameters->p * (parameters->v + x * zbar) / below : HUGE_VAL;
}
