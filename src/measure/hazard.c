#include "measure/hazard.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "measure/hazard_priv.h"

/* Sums are taken within a chunk of paths and then over chunks in their order: this many, whatever
   the number of threads, or a sum would depend on it. */
#define CHUNK_COUNT ((size_t)64)
/* To start a thread and wait for its end takes as long as some thousand steps, and every pass does
   it anew: another thread is worth this many steps. */
#define STEPS_PER_WORKER ((size_t)2048)
/* A channel to which less than this part of one order falls gets none: on its way to a maximum at
   β = 0 the EM step would shrink it for ever. */
#define NEGLIGIBLE_ORDERS 1e-3
/* An extrapolation may not shrink β by more: it could pass a maximum close to 0 and end up there.
 */
#define SHRINKAGE_MIN 0.1

/* The sufficient statistics of one pass, an array entry per channel. r_i is the responsibility of
   touch i for the orders of its path, a_i its age, w_i the journeys of its path. */
struct statistics {
  double *orders; /* Σ r_i */
  double *delay;  /* Σ r_i·a_i */
  double *exposure; /* Σ w_i·(1 − exp(−ω·a_i)): what β is multiplied by in the expected orders */
  double *slope; /* Σ w_i·a_i·exp(−ω·a_i): the derivative of exposure by ω */
  double log_likelihood;
};

struct parameters {
  double *beta;
  double *omega;
};

struct fitter {
  const struct hs_sample *sample;
  size_t channel_count;
  size_t worker_count;
  double rate_min;
  struct parameters at; /* where the pass evaluates; borrowed */
  struct statistics chunks[CHUNK_COUNT];
  struct statistics total;
  double *intensity[HS_WORKER_COUNT_MAX]; /* of the steps of one path */
};

struct hs_hazard_options hs_hazard_default(void)
{
  return (struct hs_hazard_options){.level = 0.9, .tolerance = 1e-7, .iteration_count_max = 5000};
}

double hs_hazard_rate_min(const struct hs_sample *sample)
{
  uint32_t oldest = 0;
  size_t step_count = sample->paths.first_step[sample->paths.path_count];
  for (size_t i = 0; i < step_count; i++)
    if (sample->paths.age_s[i] > oldest)
      oldest = sample->paths.age_s[i];
  return HAZARD_SECONDS_A_DAY / (HAZARD_SPAN_FACTOR * ((double)oldest + 60.0));
}

size_t hs_hazard_longest_path(const struct hs_sample *sample)
{
  size_t longest = 0;
  for (size_t p = 0; p < sample->paths.path_count; p++) {
    size_t length = sample->paths.first_step[p + 1] - sample->paths.first_step[p];
    longest = length > longest ? length : longest;
  }
  return longest;
}

static int make_statistics(struct hs_arena *arena, size_t channels, struct statistics *out)
{
  double *block = hs_arena_alloc(arena, 4 * channels, sizeof *block);
  if (block == NULL)
    return 0;
  *out = (struct statistics){
      .orders = block,
      .delay = block + channels,
      .exposure = block + 2 * channels,
      .slope = block + 3 * channels,
  };
  return 1;
}

static void clear_statistics(struct statistics *s, size_t channels)
{
  memset(s->orders, 0, 4 * channels * sizeof *s->orders);
  s->log_likelihood = 0;
}

static void add_statistics(struct statistics *into, const struct statistics *s, size_t channels)
{
  for (size_t i = 0; i < 4 * channels; i++)
    into->orders[i] += s->orders[i];
  into->log_likelihood += s->log_likelihood;
}

/* Every touch was exposed for its age; the result is the path's intensity at its end. */
static double add_exposure(const struct fitter *f, size_t path, double journeys, double *intensity,
                           struct statistics *out)
{
  const struct hs_paths *paths = &f->sample->paths;
  size_t first = paths->first_step[path];
  double sum = 0;
  for (size_t i = first; i < paths->first_step[path + 1]; i++) {
    size_t k = paths->steps[i];
    double age = hazard_age(f->sample, i);
    double left = exp(-f->at.omega[k] * age);
    out->exposure[k] += journeys * (1.0 - left);
    out->slope[k] += journeys * age * left;
    intensity[i - first] = f->at.beta[k] * f->at.omega[k] * left;
    sum += intensity[i - first];
  }
  return sum;
}

/* The E step for one path with orders. An intensity that vanished makes the parameters impossible.
 */
static void add_responsibility(const struct fitter *f, size_t path, double orders,
                               const double *intensity, double sum, struct statistics *out)
{
  const struct hs_paths *paths = &f->sample->paths;
  size_t first = paths->first_step[path];
  out->log_likelihood += orders * log(sum);
  if (!(sum > 0))
    return;
  for (size_t i = first; i < paths->first_step[path + 1]; i++) {
    double part = orders * intensity[i - first] / sum;
    out->orders[paths->steps[i]] += part;
    out->delay[paths->steps[i]] += part * hazard_age(f->sample, i);
  }
}

static enum hs_status pass_chunk(void *context, size_t worker, size_t chunk,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct fitter *f = context;
  const struct hs_paths *paths = &f->sample->paths;
  struct statistics *out = &f->chunks[chunk];
  double *intensity = f->intensity[worker];
  clear_statistics(out, f->channel_count);
  size_t end = paths->path_count * (chunk + 1) / CHUNK_COUNT;
  for (size_t p = paths->path_count * chunk / CHUNK_COUNT; p < end; p++) {
    double orders = paths->conversions[p];
    double sum = add_exposure(f, p, orders + paths->nulls[p], intensity, out);
    if (orders > 0)
      add_responsibility(f, p, orders, intensity, sum, out);
  }
  return HS_OK;
}

/* One pass over the sample: statistics and log-likelihood at these parameters. */
static enum hs_status evaluate(struct fitter *f, struct parameters at, struct hs_err *err)
{
  f->at = at;
  enum hs_status status = hs_parallel_run(f->worker_count, CHUNK_COUNT, pass_chunk, f, err);
  if (status != HS_OK)
    return status;
  clear_statistics(&f->total, f->channel_count);
  for (size_t c = 0; c < CHUNK_COUNT; c++)
    add_statistics(&f->total, &f->chunks[c], f->channel_count);
  for (size_t k = 0; k < f->channel_count; k++)
    f->total.log_likelihood -= at.beta[k] * f->total.exposure[k];
  return HS_OK;
}

static double clamp_rate(const struct fitter *f, double omega)
{
  return fmin(fmax(omega, f->rate_min), HAZARD_RATE_MAX);
}

/* The M step from the statistics at the parameters from (which to may be). β has a closed form. For
   ω the exposure, concave in ω, is replaced by its tangent, which bounds the objective from below
   and touches it: the maximum of the bound is closed as well, and clamping it keeps the ascent. */
static void maximize(const struct fitter *f, struct parameters from, struct parameters to)
{
  for (size_t k = 0; k < f->channel_count; k++) {
    const struct statistics *s = &f->total;
    double omega = from.omega[k];
    if (s->orders[k] < NEGLIGIBLE_ORDERS || s->exposure[k] <= 0) {
      to.beta[k] = 0;
      to.omega[k] = omega;
      continue;
    }
    to.beta[k] = s->orders[k] / s->exposure[k];
    to.omega[k] = clamp_rate(f, s->orders[k] / (s->delay[k] + to.beta[k] * s->slope[k]));
  }
}

/* The largest derivative by log β or log ω over the number of orders; see hs_hazard.gradient. */
static double gradient_of(const struct fitter *f, struct parameters at)
{
  double largest = 0;
  for (size_t k = 0; k < f->channel_count; k++) {
    if (at.beta[k] <= 0)
      continue;
    const struct statistics *s = &f->total;
    double by_beta = s->orders[k] - at.beta[k] * s->exposure[k];
    double by_omega = s->orders[k] - at.omega[k] * (s->delay[k] + at.beta[k] * s->slope[k]);
    int points_out = (at.omega[k] <= f->rate_min && by_omega < 0) ||
                     (at.omega[k] >= HAZARD_RATE_MAX && by_omega > 0);
    largest = fmax(largest, fmax(fabs(by_beta), points_out ? 0 : fabs(by_omega)));
  }
  return largest / f->sample->conversions;
}

/* The extrapolation of SQUAREM (scheme S3) of one parameter in its logarithm: with r = x1 − x0 and
   v = x2 − x1 − r it is x0 − 2αr + α²v. */
static double extrapolate(double x0, double x1, double x2, double alpha)
{
  double r = log(x1 / x0);
  double v = log(x2 / x1) - r;
  return x0 * exp(alpha * (alpha * v - 2 * r));
}

/* The step length of all parameters together, α = −|r|/|v|; −1 gives the plain second EM step. */
static double step_length(const struct fitter *f, const struct parameters theta[3])
{
  double r2 = 0;
  double v2 = 0;
  for (size_t k = 0; k < f->channel_count; k++) {
    if (theta[2].beta[k] <= 0)
      continue;
    double of_beta = log(theta[1].beta[k] / theta[0].beta[k]);
    double of_omega = log(theta[1].omega[k] / theta[0].omega[k]);
    double beta_turn = log(theta[2].beta[k] / theta[1].beta[k]) - of_beta;
    double omega_turn = log(theta[2].omega[k] / theta[1].omega[k]) - of_omega;
    r2 += of_beta * of_beta + of_omega * of_omega;
    v2 += beta_turn * beta_turn + omega_turn * omega_turn;
  }
  return v2 > 0 ? fmin(-1.0, -sqrt(r2 / v2)) : -1.0;
}

static void leap(const struct fitter *f, const struct parameters theta[3], struct parameters out)
{
  double alpha = step_length(f, theta);
  for (size_t k = 0; k < f->channel_count; k++) {
    out.beta[k] = 0;
    out.omega[k] = theta[2].omega[k];
    if (theta[2].beta[k] <= 0)
      continue;
    out.beta[k] = fmax(extrapolate(theta[0].beta[k], theta[1].beta[k], theta[2].beta[k], alpha),
                       SHRINKAGE_MIN * theta[2].beta[k]);
    out.omega[k] =
        clamp_rate(f, extrapolate(theta[0].omega[k], theta[1].omega[k], theta[2].omega[k], alpha));
  }
}

static void copy_parameters(struct parameters to, struct parameters from, size_t channels)
{
  memcpy(to.beta, from.beta, channels * sizeof *to.beta);
  memcpy(to.omega, from.omega, channels * sizeof *to.omega);
}

/* One accelerated step from theta[0], whose statistics are in f->total; leaves the next point
 * there. */
static enum hs_status step(struct fitter *f, struct parameters theta[4], struct hs_err *err)
{
  double before = f->total.log_likelihood;
  maximize(f, theta[0], theta[1]);
  enum hs_status status = evaluate(f, theta[1], err);
  if (status != HS_OK)
    return status;
  maximize(f, theta[1], theta[2]);
  leap(f, theta, theta[3]);
  status = evaluate(f, theta[3], err);
  if (status != HS_OK)
    return status;
  if (isfinite(f->total.log_likelihood) && f->total.log_likelihood >= before)
    maximize(f, theta[3], theta[0]);
  else
    copy_parameters(theta[0], theta[2], f->channel_count);
  return evaluate(f, theta[0], err);
}

/* A start from the data alone: each order shared equally over its touches, the mean delay that of
   the channel's touches before orders. */
static void start_parameters(const struct fitter *f, struct parameters out)
{
  const struct hs_paths *paths = &f->sample->paths;
  double *touches = f->total.exposure;
  double *orders = f->total.orders;
  double *delay = f->total.delay;
  for (size_t p = 0; p < paths->path_count; p++) {
    double length = paths->first_step[p + 1] - paths->first_step[p];
    for (size_t i = paths->first_step[p]; i < paths->first_step[p + 1]; i++) {
      double part = paths->conversions[p] / length;
      touches[paths->steps[i]] += paths->conversions[p] + paths->nulls[p];
      orders[paths->steps[i]] += part;
      delay[paths->steps[i]] += part * hazard_age(f->sample, i);
    }
  }
  for (size_t k = 0; k < f->channel_count; k++) {
    out.beta[k] = touches[k] > 0 ? orders[k] / touches[k] : 0;
    out.omega[k] = clamp_rate(f, delay[k] > 0 ? orders[k] / delay[k] : 1.0);
  }
}

static size_t worker_count_for(const struct hs_sample *sample, size_t wanted)
{
  size_t worth = 1 + sample->paths.first_step[sample->paths.path_count] / STEPS_PER_WORKER;
  size_t count = hs_worker_count(wanted);
  return count < worth ? count : worth;
}

static enum hs_status make_fitter(struct hs_arena *arena, const struct hs_sample *sample,
                                  const struct hs_hazard_options *options, struct fitter *f,
                                  struct parameters theta[4], struct hs_err *err)
{
  size_t channels = sample->paths.channel_count;
  size_t longest = hs_hazard_longest_path(sample);
  *f = (struct fitter){.sample = sample,
                       .channel_count = channels,
                       .worker_count = worker_count_for(sample, options->worker_count),
                       .rate_min = hs_hazard_rate_min(sample)};
  int is_made = make_statistics(arena, channels, &f->total);
  for (size_t c = 0; c < CHUNK_COUNT; c++)
    is_made = is_made && make_statistics(arena, channels, &f->chunks[c]);
  for (size_t w = 0; w < f->worker_count; w++) {
    f->intensity[w] = hs_arena_alloc_raw(arena, longest, sizeof(double));
    is_made = is_made && f->intensity[w] != NULL;
  }
  for (size_t i = 0; i < 4; i++) {
    theta[i].beta = hs_arena_alloc(arena, channels, sizeof(double));
    theta[i].omega = hs_arena_alloc(arena, channels, sizeof(double));
    is_made = is_made && theta[i].beta != NULL && theta[i].omega != NULL;
  }
  return is_made ? HS_OK : hs_arena_full(arena, "the hazard model", err);
}

static enum hs_status check_sample(const struct hs_sample *sample, struct hs_err *err)
{
  if (sample->paths.age_s == NULL)
    return hs_fail(err, HS_UNSUPPORTED,
                   "the hazard model needs the times of the touches, and this source has none");
  if (!(sample->conversions > 0))
    return hs_fail(err, HS_INSUFFICIENT, "the hazard model needs at least one order");
  return HS_OK;
}

static enum hs_status iterate(struct fitter *f, const struct hs_hazard_options *options,
                              struct parameters theta[4], struct hs_hazard *out, struct hs_err *err)
{
  start_parameters(f, theta[0]);
  enum hs_status status = evaluate(f, theta[0], err);
  size_t count = 0;
  while (status == HS_OK && gradient_of(f, theta[0]) > options->tolerance) {
    if (count == options->iteration_count_max)
      return hs_fail(err, HS_NO_CONVERGENCE,
                     "the hazard model stands at a gradient of %.3g after %zu steps, not at %.3g",
                     gradient_of(f, theta[0]), count, options->tolerance);
    status = step(f, theta, err);
    count++;
  }
  out->iteration_count = count;
  return status;
}

enum hs_status hs_hazard_fit(struct hs_arena *arena, const struct hs_sample *sample,
                             const struct hs_hazard_options *options, struct hs_hazard *out,
                             struct hs_err *err)
{
  enum hs_status status = check_sample(sample, err);
  if (status != HS_OK)
    return status;
  size_t channels = sample->paths.channel_count;
  struct hs_hazard fit = {.channel_count = channels};
  fit.orders_per_touch = hs_arena_alloc(arena, channels, sizeof(double));
  fit.rate_per_day = hs_arena_alloc(arena, channels, sizeof(double));
  if (fit.orders_per_touch == NULL || fit.rate_per_day == NULL)
    return hs_arena_full(arena, "the hazard model", err);
  size_t mark = hs_arena_mark(arena);
  struct fitter f;
  struct parameters theta[4];
  status = make_fitter(arena, sample, options, &f, theta, err);
  if (status == HS_OK)
    status = iterate(&f, options, theta, &fit, err);
  if (status == HS_OK) {
    copy_parameters((struct parameters){fit.orders_per_touch, fit.rate_per_day}, theta[0],
                    channels);
    fit.log_likelihood = f.total.log_likelihood;
    fit.gradient = gradient_of(&f, theta[0]);
    *out = fit;
  }
  hs_arena_reset(arena, mark);
  return status;
}
