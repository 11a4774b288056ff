/* The filter. Glossary, after Durbin and Koopman (2012):
     a, P    mean and variance of the states before period t; P = P* + κ P∞ with κ → ∞
     z       what period t observes of the states (a few ones and its regressors)
     v, F    innovation y − z'a and its variance z'Pz + noise
     M, K    P z, and the gain M/F (before the transition, as in their chapter on sequential
   updating) T       the transition; it is applied part by part and never stored sums    Σ of the
   rows of P over the ring of seasons; see turn() */
#include "stats/kalman.h"

#include <math.h>
#include <string.h>

#include "base/status.h"
#include "stats/kalman_priv.h"

/* Rows are padded to this, so that the inner loops have no remainder. */
#define LANES 4
/* A period settles a diffuse state when F∞ is above this part of what it was with every diffuse
   state still unknown. Below it lies only the rounding of a state that is settled already. */
#define DIFFUSE_TOLERANCE 1e-9
#define LOG_2PI 0x1.d67f1c864beb5p0

static int has_state(size_t place) { return place != SIZE_MAX; }

struct hs_kalman_layout hs_kalman_layout(const struct hs_kalman_model *model)
{
  struct hs_kalman_layout at = {.level = SIZE_MAX,
                                .drift = SIZE_MAX,
                                .slope = SIZE_MAX,
                                .gain = SIZE_MAX,
                                .ar = SIZE_MAX,
                                .season = SIZE_MAX,
                                .regressor = SIZE_MAX};
  if (model->level.is_in)
    at.level = at.count++;
  if (model->drift.is_in)
    at.drift = at.count++;
  if (model->slope.is_in)
    at.slope = at.count++;
  if (model->has_gain)
    at.gain = at.count++;
  if (model->ar.is_in)
    at.ar = at.count++;
  if (model->season.is_in) {
    at.season = at.count;
    at.season_states = model->season_count - 1;
    at.count += at.season_states;
  }
  if (model->regressor_count > 0) {
    at.regressor = at.count;
    at.count += model->regressor_count;
  }
  at.stride = (at.count + LANES - 1) / LANES * LANES;
  return at;
}

/* The arrays of a run, carved from one piece: with a NULL room only their size is counted. */
static double *carve(double *room, size_t *used, size_t count)
{
  double *piece = room == NULL ? NULL : room + *used;
  *used += count;
  return piece;
}

static size_t carve_all(struct hs_kalman *k, double *room)
{
  size_t n = k->model.count;
  size_t stride = k->layout.stride;
  size_t used = 0;
  k->innovations = carve(room, &used, n);
  k->variances = carve(room, &used, n);
  k->settled = carve(room, &used, n);
  k->rest = carve(room, &used, n);
  k->shocks = carve(room, &used, n * SHOCK_COUNT);
  k->gains = carve(room, &used, n * stride);
  k->gains_diffuse = carve(room, &used, stride * stride);
  k->p = carve(room, &used, stride * stride);
  k->p_diffuse = carve(room, &used, stride * stride);
  double **const vectors[] = {&k->a,
                              &k->sums,
                              &k->sums_diffuse,
                              &k->m,
                              &k->m_diffuse,
                              &k->scaled,
                              &k->f_diffuse,
                              &k->r,
                              &k->r_diffuse,
                              &k->state,
                              &k->first,
                              &k->start_mean,
                              &k->start_variance,
                              &k->start_diffuse,
                              &k->units};
  for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
    *vectors[i] = carve(room, &used, stride);
  return used;
}

size_t hs_kalman_room(const struct hs_kalman_model *model)
{
  struct hs_kalman k = {.model = *model, .layout = hs_kalman_layout(model)};
  return carve_all(&k, NULL);
}

static void check_part(const struct hs_kalman_part *part, int has_phi)
{
  if (!part->is_in)
    return;
  HS_ASSERT(part->variance >= 0 && isfinite(part->variance));
  HS_ASSERT(part->start.kind != HS_KALMAN_KNOWN || part->start.variance >= 0);
  if (!has_phi)
    HS_ASSERT(part->start.kind != HS_KALMAN_STATIONARY);
  else if (part->start.kind == HS_KALMAN_STATIONARY)
    HS_ASSERT(fabs(part->phi) < 1);
  else
    HS_ASSERT(fabs(part->phi) <= 1 && (part->phi != 0 || part->start.kind == HS_KALMAN_KNOWN));
}

static void check_model(const struct hs_kalman_model *model)
{
  HS_ASSERT(model->count > 0 && model->noise_variance >= 0 && isfinite(model->noise_variance));
  HS_ASSERT(model->shared_start_variance >= 0);
  HS_ASSERT(model->level.is_in || !(model->drift.is_in || model->slope.is_in || model->has_gain));
  HS_ASSERT(!model->season.is_in || model->season_count >= 2);
  check_part(&model->level, 0);
  check_part(&model->drift, 0);
  check_part(&model->slope, 1);
  check_part(&model->season, 0);
  check_part(&model->ar, 1);
}

static size_t season_length(const struct hs_kalman *k)
{
  return k->model.season_length == 0 ? 1 : k->model.season_length;
}

size_t hs_kalman_season_place(const struct hs_kalman *k, size_t t)
{
  size_t turned = t / season_length(k) % k->layout.season_states;
  return k->layout.season + (turned == 0 ? 0 : k->layout.season_states - turned);
}

int hs_kalman_turns(const struct hs_kalman *k, size_t t)
{
  return k->layout.season_states > 0 && (t + 1) % season_length(k) == 0;
}

/* A model without regressors has no array to point into. */
static const double *regressors_at(const struct hs_kalman *k, size_t t)
{
  size_t count = k->model.regressor_count;
  return count > 0 ? k->model.regressors + t * count : NULL;
}

double hs_kalman_observe(const struct hs_kalman *k, size_t t, const double *x)
{
  const struct hs_kalman_layout *at = &k->layout;
  const double *regressors = regressors_at(k, t);
  double sum = 0;
  if (has_state(at->level))
    sum += x[at->level];
  if (has_state(at->ar))
    sum += x[at->ar];
  if (at->season_states > 0)
    sum += x[hs_kalman_season_place(k, t)];
  for (size_t i = 0; i < k->model.regressor_count; i++)
    sum += regressors[i] * x[at->regressor + i];
  return sum;
}

void hs_kalman_observe_transposed(const struct hs_kalman *k, size_t t, double weight, double *x)
{
  const struct hs_kalman_layout *at = &k->layout;
  const double *regressors = regressors_at(k, t);
  if (has_state(at->level))
    x[at->level] += weight;
  if (has_state(at->ar))
    x[at->ar] += weight;
  if (at->season_states > 0)
    x[hs_kalman_season_place(k, t)] += weight;
  for (size_t i = 0; i < k->model.regressor_count; i++)
    x[at->regressor + i] += weight * regressors[i];
}

static int gains(const struct hs_kalman *k, size_t t)
{
  return has_state(k->layout.gain) && t >= k->model.gain_since && t < k->model.gain_until;
}

void hs_kalman_advance(const struct hs_kalman *k, size_t t, double *x)
{
  const struct hs_kalman_layout *at = &k->layout;
  if (gains(k, t))
    x[at->gain] +=
        (has_state(at->drift) ? x[at->drift] : 0) + (has_state(at->slope) ? x[at->slope] : 0);
  if (has_state(at->drift))
    x[at->level] += x[at->drift];
  if (has_state(at->slope)) {
    x[at->level] += x[at->slope];
    x[at->slope] *= k->model.slope.phi;
  }
  if (has_state(at->ar))
    x[at->ar] *= k->model.ar.phi;
  if (!hs_kalman_turns(k, t))
    return;
  double sum = 0;
  for (size_t j = 0; j < at->season_states; j++)
    sum += x[at->season + j];
  x[hs_kalman_season_place(k, t + 1)] = -sum;
}

void hs_kalman_advance_transposed(const struct hs_kalman *k, size_t t, double *x)
{
  const struct hs_kalman_layout *at = &k->layout;
  if (has_state(at->slope))
    x[at->slope] = k->model.slope.phi * x[at->slope] + x[at->level];
  if (has_state(at->drift))
    x[at->drift] += x[at->level];
  if (gains(k, t) && has_state(at->slope))
    x[at->slope] += x[at->gain];
  if (gains(k, t) && has_state(at->drift))
    x[at->drift] += x[at->gain];
  if (has_state(at->ar))
    x[at->ar] *= k->model.ar.phi;
  if (!hs_kalman_turns(k, t))
    return;
  size_t fresh = hs_kalman_season_place(k, t + 1);
  double given = x[fresh];
  x[fresh] = 0; /* the oldest season is forgotten */
  for (size_t j = 0; j < at->season_states; j++)
    x[at->season + j] -= given;
}

static const struct hs_kalman_part *part_of(const struct hs_kalman *k, size_t i)
{
  static const struct hs_kalman_part nothing_gained = {.start = {HS_KALMAN_KNOWN, 0, 0}};
  const struct hs_kalman_layout *at = &k->layout;
  if (i == at->level)
    return &k->model.level;
  if (i == at->drift)
    return &k->model.drift;
  if (i == at->slope)
    return &k->model.slope;
  if (i == at->gain)
    return &nothing_gained;
  return i == at->ar ? &k->model.ar : &k->model.season;
}

/* 1/(mean of x²) of each regressor: the unit in which it starts diffuse. */
static void measure_regressors(struct hs_kalman *k)
{
  size_t count = k->model.regressor_count;
  for (size_t i = 0; i < count; i++) {
    double sum = 0;
    for (size_t t = 0; t < k->model.count; t++)
      sum += k->model.regressors[t * count + i] * k->model.regressors[t * count + i];
    k->units[k->layout.regressor + i] = sum > 0 ? (double)k->model.count / sum : 1;
  }
}

void hs_kalman_init(struct hs_kalman *k, const struct hs_kalman_model *model, double *room)
{
  *k = (struct hs_kalman){.model = *model, .layout = hs_kalman_layout(model)};
  HS_ASSERT(k->layout.count > 0);
  (void)carve_all(k, room);
  for (size_t i = 0; i < k->layout.count; i++)
    k->units[i] = 1;
  measure_regressors(k);
}

void hs_kalman_begin(struct hs_kalman *k)
{
  check_model(&k->model);
  for (size_t i = 0; i < k->layout.count; i++) {
    int is_regressor = i >= k->layout.regressor;
    const struct hs_kalman_part *part = is_regressor ? NULL : part_of(k, i);
    const struct hs_kalman_start *start = part == NULL ? &k->model.regressor_start : &part->start;
    k->start_mean[i] = start->kind == HS_KALMAN_KNOWN ? start->mean : 0;
    k->start_variance[i] = start->kind == HS_KALMAN_KNOWN ? start->variance : 0;
    k->start_diffuse[i] = start->kind == HS_KALMAN_DIFFUSE ? k->units[i] : 0;
    if (part != NULL && start->kind == HS_KALMAN_STATIONARY)
      k->start_variance[i] = part->variance / (1 - part->phi * part->phi);
  }
}

static void begin(struct hs_kalman *k)
{
  size_t stride = k->layout.stride;
  hs_kalman_begin(k);
  memset(k->p, 0, stride * stride * sizeof *k->p);
  memset(k->p_diffuse, 0, stride * stride * sizeof *k->p);
  memset(k->a, 0, stride * sizeof *k->a);
  memset(k->sums, 0, stride * sizeof *k->sums);
  memset(k->sums_diffuse, 0, stride * sizeof *k->sums);
  k->log_likelihood = 0;
  k->diffuse_count = k->diffuse_end = k->settled_count = 0;
  double shared = k->model.shared_start_variance;
  for (size_t i = 0; i < k->layout.count; i++) {
    int is_season = i - k->layout.season < k->layout.season_states;
    k->a[i] = k->start_mean[i];
    for (size_t j = 0; j < k->layout.count; j++)
      k->p[i * stride + j] = shared;
    k->p[i * stride + i] += k->start_variance[i];
    k->p_diffuse[i * stride + i] = k->start_diffuse[i];
    k->sums[i] = (is_season ? k->start_variance[i] : 0) + shared * (double)k->layout.season_states;
    k->sums_diffuse[i] = is_season ? k->start_diffuse[i] : 0;
    k->diffuse_count += k->start_diffuse[i] > 0;
  }
}

/* out += weight · row. */
static void add_row(double *out, const double *row, double weight, size_t stride)
{
  for (size_t i = 0; i < stride; i += LANES)
    for (size_t j = 0; j < LANES; j++)
      out[i + j] += weight * row[i + j];
}

/* out = P z, of a symmetric P. */
static void times_z(const struct hs_kalman *k, size_t t, const double *p, double *out)
{
  const struct hs_kalman_layout *at = &k->layout;
  const double *x = regressors_at(k, t);
  memset(out, 0, at->stride * sizeof *out);
  if (has_state(at->level))
    add_row(out, p + at->level * at->stride, 1, at->stride);
  if (has_state(at->ar))
    add_row(out, p + at->ar * at->stride, 1, at->stride);
  if (at->season_states > 0)
    add_row(out, p + hs_kalman_season_place(k, t) * at->stride, 1, at->stride);
  for (size_t i = 0; i < k->model.regressor_count; i++)
    add_row(out, p + (at->regressor + i) * at->stride, x[i], at->stride);
}

static double ring_sum(const struct hs_kalman *k, const double *x)
{
  double sum = 0;
  for (size_t j = 0; j < k->layout.season_states; j++)
    sum += x[k->layout.season + j];
  return sum;
}

/* P −= x x', and its sums with it. Products commute, so P stays symmetric to the bit. */
static void take_square(const struct hs_kalman *k, const double *x, double *p, double *sums)
{
  size_t stride = k->layout.stride;
  for (size_t i = 0; i < k->layout.count; i++)
    add_row(p + i * stride, x, -x[i], stride);
  add_row(sums, x, -ring_sum(k, x), stride);
}

/* P −= x y' + y x'. */
static void take_product(const struct hs_kalman *k, const double *x, const double *y, double *p,
                         double *sums)
{
  size_t stride = k->layout.stride;
  double x_ring = ring_sum(k, x);
  double y_ring = ring_sum(k, y);
  for (size_t i = 0; i < k->layout.count; i++)
    for (size_t j = 0; j < stride; j++)
      p[i * stride + j] -= x[i] * y[j] + y[i] * x[j];
  for (size_t j = 0; j < stride; j++)
    sums[j] -= x_ring * y[j] + y_ring * x[j];
}

/* The usual step: everything that the observation says of is known already. */
static void update(struct hs_kalman *k, size_t t, double v, double f)
{
  size_t stride = k->layout.stride;
  double *gain = k->gains + t * stride;
  double root = 1 / sqrt(f);
  if (!(f > 0)) {
    /* Without any variance an observation is either certain or impossible: it teaches nothing. */
    k->log_likelihood = -(double)INFINITY;
    k->variances[t] = (double)INFINITY;
    memset(gain, 0, stride * sizeof *gain);
    return;
  }
  k->variances[t] = f;
  k->log_likelihood -= 0.5 * (LOG_2PI + log(f) + v * v / f);
  for (size_t i = 0; i < stride; i++) {
    gain[i] = k->m[i] / f;
    k->scaled[i] = k->m[i] * root;
    k->a[i] += gain[i] * v;
  }
  take_square(k, k->scaled, k->p, k->sums);
}

/* A step that settles one diffuse state (their 5.2): K⁰ = M∞/F∞ stands in gains_diffuse, K¹ =
   (M* − K⁰F*)/F∞ in gains. */
static void settle(struct hs_kalman *k, size_t t, double v, double f, double f_diffuse)
{
  size_t stride = k->layout.stride;
  double *gain = k->gains + t * stride;
  double *first = k->gains_diffuse + k->settled_count * stride;
  double root = 1 / sqrt(f_diffuse);
  k->f_diffuse[k->settled_count++] = f_diffuse;
  k->settled[t] = (double)k->settled_count;
  k->variances[t] = (double)INFINITY;
  k->log_likelihood -= 0.5 * log(f_diffuse);
  for (size_t i = 0; i < stride; i++) {
    first[i] = k->m_diffuse[i] / f_diffuse;
    gain[i] = (k->m[i] - first[i] * f) / f_diffuse;
    k->a[i] += first[i] * v;
    k->m[i] -= 0.5 * f * first[i];
    k->scaled[i] = k->m_diffuse[i] * root;
  }
  take_product(k, k->m, first, k->p, k->sums);
  if (--k->diffuse_count == 0) {
    memset(k->p_diffuse, 0, stride * stride * sizeof *k->p);
    memset(k->sums_diffuse, 0, stride * sizeof *k->sums);
  } else {
    take_square(k, k->scaled, k->p_diffuse, k->sums_diffuse);
  }
}

/* z'P∞z as it was before the first observation: what F∞ is measured by. */
static double first_f_diffuse(const struct hs_kalman *k, size_t t)
{
  memset(k->scaled, 0, k->layout.stride * sizeof *k->scaled);
  hs_kalman_observe_transposed(k, t, 1, k->scaled);
  double sum = 0;
  for (size_t i = 0; i < k->layout.count; i++)
    sum += k->scaled[i] * k->scaled[i] * k->start_diffuse[i];
  return sum;
}

static void observe_period(struct hs_kalman *k, size_t t, double y)
{
  k->settled[t] = 0;
  if (isnan(y)) {
    k->innovations[t] = k->variances[t] = (double)NAN;
    return;
  }
  double v = y - hs_kalman_observe(k, t, k->a);
  k->innovations[t] = v;
  times_z(k, t, k->p, k->m);
  double f = hs_kalman_observe(k, t, k->m) + k->model.noise_variance;
  double f_diffuse = 0;
  if (k->diffuse_count > 0) {
    times_z(k, t, k->p_diffuse, k->m_diffuse);
    f_diffuse = hs_kalman_observe(k, t, k->m_diffuse);
  }
  if (f_diffuse > 0 && f_diffuse > DIFFUSE_TOLERANCE * first_f_diffuse(k, t))
    settle(k, t, v, f, f_diffuse);
  else
    update(k, t, v, f);
}

/* Row and column `to` of P += those of `from`. */
static void join(const struct hs_kalman *k, size_t to, size_t from, double *p, double *sums)
{
  size_t stride = k->layout.stride;
  add_row(p + to * stride, p + from * stride, 1, stride);
  for (size_t i = 0; i < k->layout.count; i++)
    p[i * stride + to] += p[i * stride + from];
  sums[to] += sums[from];
}

static void scale(const struct hs_kalman *k, size_t state, double phi, double *p, double *sums)
{
  size_t stride = k->layout.stride;
  for (size_t i = 0; i < stride; i++)
    p[state * stride + i] *= phi;
  for (size_t i = 0; i < k->layout.count; i++)
    p[i * stride + state] *= phi;
  sums[state] *= phi;
}

/* The season of the next period is −Σ of the ring, so its covariance with everything is −sums, and
   no row of P has to be read but the one that it replaces. With −sums in that place, the sums after
   it are what stood there, negated: they are written anew at each turn, and no rounding builds up.
 */
static void turn(const struct hs_kalman *k, size_t t, double variance, double *p, double *sums)
{
  size_t stride = k->layout.stride;
  size_t fresh = hs_kalman_season_place(k, t + 1);
  double own = ring_sum(k, sums) + variance;
  double own_sum = sums[fresh] + variance;
  double *row = p + fresh * stride;
  for (size_t i = 0; i < k->layout.count; i++) {
    double replaced = row[i];
    row[i] = p[i * stride + fresh] = -sums[i];
    sums[i] = -replaced;
  }
  row[fresh] = own;
  sums[fresh] = own_sum;
}

/* P = T P T' + Q, with the noise left out for the diffuse part. */
static void advance_variance(const struct hs_kalman *k, size_t t, int has_noise, double *p,
                             double *sums)
{
  const struct hs_kalman_layout *at = &k->layout;
  const struct hs_kalman_model *model = &k->model;
  size_t diagonal = at->stride + 1;
  if (gains(k, t) && has_state(at->drift))
    join(k, at->gain, at->drift, p, sums);
  if (gains(k, t) && has_state(at->slope))
    join(k, at->gain, at->slope, p, sums);
  if (has_state(at->drift))
    join(k, at->level, at->drift, p, sums);
  if (has_state(at->slope)) {
    join(k, at->level, at->slope, p, sums);
    if (model->slope.phi != 1)
      scale(k, at->slope, model->slope.phi, p, sums);
    p[at->slope * diagonal] += has_noise ? model->slope.variance : 0;
  }
  if (has_state(at->level))
    p[at->level * diagonal] += has_noise ? model->level.variance : 0;
  if (has_state(at->ar)) {
    scale(k, at->ar, model->ar.phi, p, sums);
    p[at->ar * diagonal] += has_noise ? model->ar.variance : 0;
  }
  if (hs_kalman_turns(k, t))
    turn(k, t, has_noise ? model->season.variance : 0, p, sums);
}

void hs_kalman_filter(struct hs_kalman *k, const double *y)
{
  begin(k);
  for (size_t t = 0; t < k->model.count; t++) {
    int was_diffuse = k->diffuse_count > 0;
    observe_period(k, t, y[t]);
    hs_kalman_advance(k, t, k->a);
    advance_variance(k, t, 1, k->p, k->sums);
    if (k->diffuse_count > 0)
      advance_variance(k, t, 0, k->p_diffuse, k->sums_diffuse);
    k->diffuse_end += (size_t)was_diffuse;
  }
}
