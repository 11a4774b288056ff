#include "stats/buyers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sf_psi.h>

#include "stats/buyers_priv.h"
#include "stats/distribution.h"
#include "stats/linear.h"
#include "stats/minimise.h"
#include "stats/quantile.h"

/* Far beyond the fence: there exp() and its sums are still safe. */
#define LOG_PARAMETER_MAX 30.0
/* A standard deviation of a logarithm beyond this is no approximation of anything: the top is flat.
 */
#define LOG_DEVIATION_MAX 3.0
/* r and α: what is left when how customers stop is held fast. */
#define BUYING_PARAMETERS 2
/* A rise of more factors than these is taken from the gamma function. */
#define RISE_SUMMED_MAX 256.0

/* ---- groups --------------------------------------------------------------------------------- */

struct figures {
  double x, t_x, T;
  size_t customer;
};

static int in_order(const void *left, const void *right)
{
  const struct figures *a = left, *b = right;
  if (a->x < b->x || a->x > b->x)
    return a->x < b->x ? -1 : 1;
  if (a->t_x < b->t_x || a->t_x > b->t_x)
    return a->t_x < b->t_x ? -1 : 1;
  if (a->T < b->T || a->T > b->T)
    return a->T < b->T ? -1 : 1;
  return (a->customer > b->customer) - (a->customer < b->customer);
}

static int are_equal(const struct figures *a, const struct figures *b)
{
  return !(a->x < b->x || a->x > b->x || a->t_x < b->t_x || a->t_x > b->t_x || a->T < b->T ||
           a->T > b->T);
}

static enum hs_status check_customer(const struct figures *f, struct hs_err *err)
{
  if (!(f->x >= 0 && f->x <= HS_BUYERS_PURCHASES_MAX) || f->x > floor(f->x))
    return hs_fail(err, HS_INVALID,
                   "customer %zu: repeat purchases must be a whole number from 0 to %d, got %g",
                   f->customer + 1, HS_BUYERS_PURCHASES_MAX, f->x);
  if (!isfinite(f->T) || !(f->t_x >= 0 && f->t_x <= f->T))
    return hs_fail(
        err, HS_INVALID,
        "customer %zu: the last purchase at %g must lie between the first, at 0, and the "
        "end of what was watched, at %g",
        f->customer + 1, f->t_x, f->T);
  return HS_OK;
}

static size_t keep_distinct(double *sorted, size_t count)
{
  size_t kept = 0;
  for (size_t i = 0; i < count; i++)
    if (kept == 0 || sorted[i] > sorted[kept - 1])
      sorted[kept++] = sorted[i];
  return kept;
}

static uint32_t place_of(const double *sorted, size_t count, double value)
{
  size_t low = 0, high = count;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (sorted[middle] > value)
      high = middle;
    else
      low = middle;
  }
  return (uint32_t)low;
}

static void list_values(const struct figures *sorted, size_t count, struct hs_buyers *out)
{
  for (size_t i = 0; i < count; i++) {
    out->purchase_list[i] = sorted[i].x;
    out->time_list[2 * i] = sorted[i].t_x;
    out->time_list[2 * i + 1] = sorted[i].T;
    out->repeat_count += sorted[i].x > 0;
    out->purchase_count += (uint64_t)sorted[i].x;
  }
  hs_sort(out->time_list, 2 * count);
  out->time_list_size = keep_distinct(out->time_list, 2 * count);
  out->purchase_list_size = keep_distinct(out->purchase_list, count);
}

static void fill_groups(const struct figures *sorted, size_t count, struct hs_buyers *out)
{
  for (size_t i = 0; i < count; i++) {
    size_t group = out->group_count;
    if (i > 0 && are_equal(&sorted[i - 1], &sorted[i]))
      group--;
    else {
      out->purchases[group] = place_of(out->purchase_list, out->purchase_list_size, sorted[i].x);
      out->lasts[group] = place_of(out->time_list, out->time_list_size, sorted[i].t_x);
      out->spans[group] = place_of(out->time_list, out->time_list_size, sorted[i].T);
      out->group_count++;
    }
    out->weights[group] += 1;
    out->group_of[sorted[i].customer] = (uint32_t)group;
  }
}

static int take_room(struct hs_arena *arena, size_t count, struct hs_buyers *out)
{
  out->weights = hs_arena_alloc(arena, count, sizeof *out->weights);
  out->purchases = hs_arena_alloc_raw(arena, count, sizeof *out->purchases);
  out->lasts = hs_arena_alloc_raw(arena, count, sizeof *out->lasts);
  out->spans = hs_arena_alloc_raw(arena, count, sizeof *out->spans);
  out->group_of = hs_arena_alloc_raw(arena, count, sizeof *out->group_of);
  out->purchase_list = hs_arena_alloc_raw(arena, count, sizeof *out->purchase_list);
  out->time_list = hs_arena_alloc_raw(arena, count, 2 * sizeof *out->time_list);
  return out->weights && out->purchases && out->lasts && out->spans && out->group_of &&
         out->purchase_list && out->time_list;
}

enum hs_status hs_buyers_group(struct hs_arena *arena, const double *x, const double *t_x,
                               const double *T, size_t count, struct hs_buyers *out,
                               struct hs_err *err)
{
  struct hs_buyers made = {.customer_count = count};
  if (count == 0 || count > UINT32_MAX / 2)
    return hs_fail(err, HS_INSUFFICIENT, "customers must be 1 to %u, got %zu", UINT32_MAX / 2,
                   count);
  if (!take_room(arena, count, &made))
    return hs_arena_full(arena, "groups of customers", err);
  size_t mark = hs_arena_mark(arena);
  struct figures *sorted = hs_arena_alloc_raw(arena, count, sizeof *sorted);
  if (!sorted)
    return hs_arena_full(arena, "figures of customers", err);
  enum hs_status status = HS_OK;
  for (size_t i = 0; i < count && !status; i++) {
    sorted[i] = (struct figures){.x = x[i], .t_x = x[i] > 0 ? t_x[i] : 0, .T = T[i], .customer = i};
    status = check_customer(&sorted[i], err);
  }
  if (!status) {
    qsort(sorted, count, sizeof *sorted, in_order);
    list_values(sorted, count, &made);
    fill_groups(sorted, count, &made);
    *out = made;
  }
  hs_arena_reset(arena, mark);
  return status;
}

/* ---- shared sums ---------------------------------------------------------------------------- */

void hs_buyers_rise(const struct hs_buyers *buyers, double c, double *logs, double *slopes)
{
  double x = 0, sum = 0, slope = 0;
  for (size_t i = 0; i < buyers->purchase_list_size; i++) {
    double to = buyers->purchase_list[i];
    if (to - x > RISE_SUMMED_MAX) {
      sum += hs_log_gamma(c + to) - hs_log_gamma(c + x);
      slope += gsl_sf_psi(c + to) - gsl_sf_psi(c + x);
      x = to;
    }
    for (; x < to; x++) {
      sum += log(c + x);
      slope += 1 / (c + x);
    }
    logs[i] = sum;
    slopes[i] = slope;
  }
}

void hs_buyers_logs(const struct hs_buyers *buyers, double c, double *logs)
{
  for (size_t i = 0; i < buyers->time_list_size; i++)
    logs[i] = log(c + buyers->time_list[i]);
}

size_t hs_buyers_room(const struct hs_buyers *buyers)
{
  return 2 * buyers->time_list_size + 8 * buyers->purchase_list_size;
}

/* ---- likelihood and its top ------------------------------------------------------------------ */

double hs_buyers_log_likelihood(const struct hs_buyers *buyers, const double *weights,
                                const struct hs_buyers_parameters *parameters, double *gradient,
                                double *room)
{
  const double *counted = weights ? weights : buyers->weights;
  double value = parameters->model == HS_BUYERS_BGNBD
                     ? hs_buyers_bgnbd(buyers, counted, parameters->value, gradient, room)
                     : hs_buyers_pareto(buyers, counted, parameters->value, gradient, room);
  for (size_t i = 0; gradient && i < HS_BUYERS_PARAMETERS; i++)
    gradient[i] *= parameters->value[i];
  return value;
}

struct climb {
  const struct hs_buyers *buyers;
  const double *weights;
  enum hs_buyers_model model;
  double *room;
  double centre[HS_BUYERS_PARAMETERS]; /* of the fence: times are fenced around the mean span */
};

static double negative_log_likelihood(const double *logs, double *gradient, void *context)
{
  const struct climb *climb = context;
  struct hs_buyers_parameters parameters = {.model = climb->model};
  for (size_t i = 0; i < HS_BUYERS_PARAMETERS; i++) {
    if (!(fabs(logs[i]) < LOG_PARAMETER_MAX))
      return (double)NAN;
    parameters.value[i] = exp(logs[i]);
  }
  double value =
      hs_buyers_log_likelihood(climb->buyers, climb->weights, &parameters, gradient, climb->room);
  for (size_t i = 0; gradient && i < HS_BUYERS_PARAMETERS; i++)
    gradient[i] = -gradient[i];
  return hs_minimise_fence(logs, climb->centre, HS_BUYERS_PARAMETERS, gradient) - value;
}

static double mean_span(const struct hs_buyers *buyers)
{
  double span = 0;
  for (size_t i = 0; i < buyers->group_count; i++)
    span += buyers->weights[i] * buyers->time_list[buyers->spans[i]];
  return fmax(span / (double)buyers->customer_count, 1e-9);
}

/* Half of the customers' rates lie near what was seen, were they there for half of the time; the
   chance to stop, or the rate of it, is a guess that BFGS mends. */
static void guess(const struct hs_buyers *buyers, enum hs_buyers_model model, double *logs)
{
  double span = mean_span(buyers);
  double rate = 2 * (double)buyers->purchase_count / (span * (double)buyers->customer_count);
  logs[0] = log(0.5);
  logs[1] = log(0.5 / rate);
  logs[2] = log(model == HS_BUYERS_BGNBD ? 0.5 : 1.0);
  logs[3] = model == HS_BUYERS_BGNBD ? log(1.5) : log(span);
}

void hs_buyers_forget_flat(double *covariance, size_t n)
{
  int is_flat = 0;
  for (size_t i = 0; i < n; i++)
    is_flat = is_flat || !(covariance[i * n + i] < LOG_DEVIATION_MAX * LOG_DEVIATION_MAX);
  for (size_t k = 0; is_flat && k < n * n; k++)
    covariance[k] = (double)NAN;
}

/* The likelihood along r and α alone. */
struct holding {
  struct climb *climb;
  const double *logs;
};

static double along_buying(const double *logs, double *gradient, void *context)
{
  const struct holding *holding = context;
  double all[HS_BUYERS_PARAMETERS], slopes[HS_BUYERS_PARAMETERS];
  for (size_t i = 0; i < HS_BUYERS_PARAMETERS; i++)
    all[i] = i < BUYING_PARAMETERS ? logs[i] : holding->logs[i];
  double value = negative_log_likelihood(all, gradient ? slopes : NULL, holding->climb);
  for (size_t i = 0; gradient && i < BUYING_PARAMETERS; i++)
    gradient[i] = slopes[i];
  return value;
}

static void take_covariance(const struct hs_minimise_problem *problem, const double *logs,
                            struct hs_buyers_fit *out)
{
  enum { N = HS_BUYERS_PARAMETERS, M = BUYING_PARAMETERS };
  double part[M * M];
  hs_minimise_covariance(problem, logs, out->covariance);
  hs_buyers_forget_flat(out->covariance, N);
  out->is_stopping_held = 0;
  if (!isnan(out->covariance[0]))
    return;
  struct holding holding = {problem->context, logs};
  const struct hs_minimise_problem buying = {
      .value = along_buying, .context = &holding, .count = M};
  hs_minimise_covariance(&buying, logs, part);
  hs_buyers_forget_flat(part, M);
  out->is_stopping_held = !isnan(part[0]);
  for (size_t i = 0; out->is_stopping_held && i < N; i++)
    for (size_t j = 0; j < N; j++)
      out->covariance[i * N + j] = i < M && j < M ? part[i * M + j] : 0;
}

int hs_buyers_root(const struct hs_buyers_fit *fit,
                   double root[HS_BUYERS_PARAMETERS * HS_BUYERS_PARAMETERS])
{
  enum { N = HS_BUYERS_PARAMETERS };
  size_t n = fit->is_stopping_held ? BUYING_PARAMETERS : N;
  double part[N * N];
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      part[i * n + j] = fit->covariance[i * N + j];
  int has_root = !isnan(part[0]) && !hs_cholesky_factor(part, n);
  memset(root, 0, (size_t)N * N * sizeof *root);
  for (size_t i = 0; has_root && i < n; i++)
    for (size_t j = 0; j <= i; j++)
      root[i * N + j] = part[i * n + j];
  return has_root;
}

enum hs_status hs_buyers_fit(const struct hs_buyers *buyers, const double *weights,
                             enum hs_buyers_model model, const struct hs_buyers_parameters *start,
                             double *room, struct hs_buyers_fit *out, struct hs_err *err)
{
  if (buyers->repeat_count == 0)
    return hs_fail(err, HS_INSUFFICIENT, "none of %zu customers bought again",
                   buyers->customer_count);
  struct climb climb = {.buyers = buyers, .weights = weights, .model = model, .room = room};
  climb.centre[1] = log(mean_span(buyers));
  climb.centre[3] = model == HS_BUYERS_PARETO ? climb.centre[1] : 0;
  const struct hs_minimise_problem problem = {
      .value = negative_log_likelihood, .context = &climb, .count = HS_BUYERS_PARAMETERS};
  double logs[HS_BUYERS_PARAMETERS];
  guess(buyers, model, logs);
  for (size_t i = 0; start && i < HS_BUYERS_PARAMETERS; i++)
    logs[i] = log(start->value[i]);
  struct hs_minimum minimum;
  enum hs_status status =
      hs_minimise_bfgs(&problem, &(struct hs_minimise_options){0}, logs, &minimum, err);
  if (status) {
    hs_err_prefix(err, "%s", model == HS_BUYERS_BGNBD ? "BG/NBD" : "Pareto/NBD");
    return status;
  }
  out->parameters.model = model;
  for (size_t i = 0; i < HS_BUYERS_PARAMETERS; i++)
    out->parameters.value[i] = exp(logs[i]);
  out->log_likelihood =
      hs_minimise_fence(logs, climb.centre, HS_BUYERS_PARAMETERS, NULL) - minimum.value;
  for (size_t i = 0; i < HS_BUYERS_PARAMETERS; i++)
    out->is_fenced[i] = fabs(logs[i] - climb.centre[i]) > HS_MINIMISE_FENCE;
  out->iterations = minimum.iterations;
  take_covariance(&problem, logs, out);
  return HS_OK;
}

/* ---- expectations ---------------------------------------------------------------------------- */

double hs_buyers_expected(const struct hs_buyers_parameters *parameters, double t)
{
  return parameters->model == HS_BUYERS_BGNBD ? hs_bgnbd_expected(parameters->value, t)
                                              : hs_pareto_expected(parameters->value, t);
}

double hs_buyers_alive(const struct hs_buyers_parameters *parameters, double x, double t_x,
                       double T)
{
  return parameters->model == HS_BUYERS_BGNBD ? hs_bgnbd_alive(parameters->value, x, t_x, T)
                                              : hs_pareto_alive(parameters->value, x, t_x, T);
}

/* Who is still there is a new customer whose distributions have learnt from the purchases: the rate
   from x purchases in T, the chance to stop from x that did not stop it, the rate of stopping from
   T in which it did not. */
double hs_buyers_expected_next(const struct hs_buyers_parameters *parameters, double x, double t_x,
                               double T, double t)
{
  struct hs_buyers_parameters learnt = *parameters;
  learnt.value[0] += x;
  learnt.value[1] += T;
  learnt.value[3] += parameters->model == HS_BUYERS_BGNBD ? x : T;
  return hs_buyers_alive(parameters, x, t_x, T) * hs_buyers_expected(&learnt, t);
}
