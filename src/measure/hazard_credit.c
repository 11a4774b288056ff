#include <string.h>

#include "measure/hazard_priv.h"
#include "measure/jackknife.h"
#include "stats/linear.h"

/* The derivatives are by b_k = log β_k and o_k = log ω_k. For a touch of age a with intensity
   λ_i = β·ω·e^(−ωa): ∂λ_i/∂b = λ_i, ∂λ_i/∂o = λ_i·(1 − ωa); for its expected orders Λ_i = β·(1 −
   e^(−ωa)): ∂Λ_i/∂b = Λ_i, ∂Λ_i/∂o = β·ω·a·e^(−ωa). Per path and channel these are summed over its
   touches. */
struct channel_terms {
  uint32_t channel;
  double intensity;              /* A = Σ λ_i */
  double by_rate;                /* B = Σ λ_i·(1 − ωa) */
  double by_rate_twice;          /* C = Σ λ_i·((1 − ωa)² − ωa) */
  double expected;               /* Σ Λ_i */
  double expected_by_rate;       /* Σ βωa·e^(−ωa) */
  double expected_by_rate_twice; /* Σ βωa·(1 − ωa)·e^(−ωa) */
};

struct crediting {
  const struct hs_sample *sample;
  const struct hs_hazard *fit;
  size_t channel_count;
  double rate_min;
  /* Where the free parameters stand in the information matrix; -1 for those that are fixed. */
  int *beta_at;
  int *omega_at;
  int free_count;
  struct channel_terms *terms; /* of one path; the longest has so many */
  size_t *slot_of; /* per channel its entry in terms + 1, 0 for none; all 0 between paths */
  double *share, *share_value; /* per channel */
  double *information;         /* free_count², symmetric: −∂²L */
  double *moved, *moved_value; /* channel_count × free_count: ∂(credit of k)/∂parameter, by row k */
  double *score;               /* free_count: of one unit; all 0 between units */
  double *own, *own_value;                      /* per channel, of one unit; all 0 between units */
  struct hs_influence *moments, *moments_value; /* per channel; of the credit, not of the share */
  double *converting; /* per channel: journeys with an order and a touch of it */
};

static void add_touch(const struct crediting *c, size_t step, struct channel_terms *t)
{
  double beta = c->fit->orders_per_touch[t->channel];
  double omega = c->fit->rate_per_day[t->channel];
  double turn = omega * hazard_age(c->sample, step);
  double left = exp(-turn);
  double intensity = beta * omega * left;
  t->intensity += intensity;
  t->by_rate += intensity * (1 - turn);
  t->by_rate_twice += intensity * ((1 - turn) * (1 - turn) - turn);
  t->expected += beta * (1 - left);
  t->expected_by_rate += beta * turn * left;
  t->expected_by_rate_twice += beta * turn * (1 - turn) * left;
}

/* The terms of the channels of a path that have a part in any order; gives their number and the sum
   of their intensities. */
static size_t terms_of_path(struct crediting *c, size_t path, double *intensity)
{
  const struct hs_paths *paths = &c->sample->paths;
  size_t count = 0;
  for (size_t i = paths->first_step[path]; i < paths->first_step[path + 1]; i++) {
    uint32_t k = paths->steps[i];
    if (c->fit->orders_per_touch[k] <= 0)
      continue;
    if (c->slot_of[k] == 0) {
      c->terms[count] = (struct channel_terms){.channel = k};
      c->slot_of[k] = ++count;
    }
    add_touch(c, i, &c->terms[c->slot_of[k] - 1]);
  }
  *intensity = 0;
  for (size_t j = 0; j < count; j++) {
    *intensity += c->terms[j].intensity;
    c->slot_of[c->terms[j].channel] = 0;
  }
  return count;
}

static double *information_at(const struct crediting *c, int row, int column)
{
  return c->information + (size_t)column * (size_t)c->free_count + (size_t)row;
}

/* −∂² of one path's log-likelihood within one channel. The intensity at the end of a journey
   without an order may have vanished; it is not asked for there. */
static void add_own_information(const struct crediting *c, const struct channel_terms *t,
                                double orders, double journeys, double intensity)
{
  int b = c->beta_at[t->channel];
  int o = c->omega_at[t->channel];
  double scale = orders > 0 ? orders / intensity : 0;
  *information_at(c, b, b) += journeys * t->expected - scale * t->intensity;
  if (o < 0)
    return;
  double mixed = journeys * t->expected_by_rate - scale * t->by_rate;
  *information_at(c, b, o) += mixed;
  *information_at(c, o, b) += mixed;
  *information_at(c, o, o) += journeys * t->expected_by_rate_twice - scale * t->by_rate_twice;
}

/* An order ties the channels of its path to each other: + orders·(∂λ)(∂λ)ᵀ/λ². */
static void add_shared_information(const struct crediting *c, const struct channel_terms *x,
                                   const struct channel_terms *y, double orders, double intensity)
{
  double scale = orders / (intensity * intensity);
  int rows[2] = {c->beta_at[x->channel], c->omega_at[x->channel]};
  int columns[2] = {c->beta_at[y->channel], c->omega_at[y->channel]};
  const double by_row[2] = {x->intensity, x->by_rate};
  const double by_column[2] = {y->intensity, y->by_rate};
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++)
      if (rows[i] >= 0 && columns[j] >= 0)
        *information_at(c, rows[i], columns[j]) += scale * by_row[i] * by_column[j];
}

/* ∂(weight·A_x/λ)/∂(parameters of y), which is how y's parameters move the credit of x. */
static void add_movement(const struct crediting *c, const struct channel_terms *x,
                         const struct channel_terms *y, double weight, double intensity,
                         double *moved)
{
  double *row = moved + (size_t)x->channel * (size_t)c->free_count;
  double by_beta = -x->intensity * y->intensity / intensity;
  double by_omega = -x->intensity * y->by_rate / intensity;
  if (x == y) {
    by_beta += x->intensity;
    by_omega += x->by_rate;
  }
  row[c->beta_at[y->channel]] += weight * by_beta / intensity;
  if (c->omega_at[y->channel] >= 0)
    row[c->omega_at[y->channel]] += weight * by_omega / intensity;
}

static void count_converting(struct crediting *c, size_t path)
{
  const struct hs_paths *paths = &c->sample->paths;
  double orders = paths->conversions[path];
  if (orders <= 0)
    return;
  for (size_t i = paths->first_step[path]; i < paths->first_step[path + 1]; i++) {
    c->converting[paths->steps[i]] += c->slot_of[paths->steps[i]] == 0 ? orders : 0;
    c->slot_of[paths->steps[i]] = 1;
  }
  for (size_t i = paths->first_step[path]; i < paths->first_step[path + 1]; i++)
    c->slot_of[paths->steps[i]] = 0;
}

static void add_path(struct crediting *c, size_t path)
{
  const struct hs_paths *paths = &c->sample->paths;
  double orders = paths->conversions[path];
  double value = paths->value[path];
  double intensity = 0;
  size_t count = terms_of_path(c, path, &intensity);
  for (size_t i = 0; i < count; i++) {
    const struct channel_terms *t = &c->terms[i];
    c->share[t->channel] += orders > 0 ? orders * t->intensity / intensity : 0;
    c->share_value[t->channel] += orders > 0 ? value * t->intensity / intensity : 0;
    if (c->information == NULL)
      continue;
    add_own_information(c, t, orders, orders + paths->nulls[path], intensity);
    for (size_t j = 0; orders > 0 && j < count; j++) {
      add_shared_information(c, t, &c->terms[j], orders, intensity);
      add_movement(c, t, &c->terms[j], orders, intensity, c->moved);
      add_movement(c, t, &c->terms[j], value, intensity, c->moved_value);
    }
  }
}

/* Replaces each row of moved by its product with the inverse of the information: what a score moves
   the credits by. */
static enum hs_status solve_movements(struct crediting *c, struct hs_err *err)
{
  size_t n = (size_t)c->free_count;
  size_t refused = hs_cholesky_factor(c->information, n);
  if (refused != 0)
    return hs_fail(err, HS_NO_CONVERGENCE,
                   "the hazard model's information matrix is not positive definite at parameter "
                   "%zu of %zu: these data do not fix its delays, so there is no interval",
                   refused, n);
  for (size_t k = 0; k < c->channel_count; k++) {
    hs_cholesky_solve(c->information, n, c->moved + k * n);
    hs_cholesky_solve(c->information, n, c->moved_value + k * n);
  }
  return HS_OK;
}

static void add_path_to_unit(struct crediting *c, size_t path)
{
  const struct hs_paths *paths = &c->sample->paths;
  double orders = paths->conversions[path];
  double journeys = orders + paths->nulls[path];
  double intensity = 0;
  size_t count = terms_of_path(c, path, &intensity);
  for (size_t i = 0; i < count; i++) {
    const struct channel_terms *t = &c->terms[i];
    double part = orders > 0 ? t->intensity / intensity : 0;
    double by_rate = orders > 0 ? t->by_rate / intensity : 0;
    c->own[t->channel] += orders * part;
    c->own_value[t->channel] += paths->value[path] * part;
    c->score[c->beta_at[t->channel]] += orders * part - journeys * t->expected;
    if (c->omega_at[t->channel] >= 0)
      c->score[c->omega_at[t->channel]] += orders * by_rate - journeys * t->expected_by_rate;
  }
}

static double moved_by_score(const struct crediting *c, const double *moved, size_t channel)
{
  const double *row = moved + channel * (size_t)c->free_count;
  double sum = 0;
  for (int j = 0; j < c->free_count; j++)
    sum += row[j] * c->score[j];
  return sum;
}

/* A unit that stands for n equal ones has n influences of an nth. */
static void add_influence(struct hs_influence *moments, double influence, double shape)
{
  double one = influence / shape;
  moments->square += shape * one * one;
  moments->fourth += shape * one * one * one * one;
}

/* The unit's influence on the credit of each channel, less its share of the unit's orders: the
   derivative of the share by the unit's weight, times the total. */
static void add_unit(struct crediting *c, size_t unit)
{
  double orders = 0;
  double value = 0;
  for (size_t p = c->sample->unit_first_path[unit]; p < c->sample->unit_first_path[unit + 1]; p++) {
    add_path_to_unit(c, p);
    orders += c->sample->paths.conversions[p];
    value += c->sample->paths.value[p];
  }
  for (size_t k = 0; k < c->channel_count; k++) {
    double influence = c->own[k] + moved_by_score(c, c->moved, k) - c->share[k] * orders;
    double on_value =
        c->own_value[k] + moved_by_score(c, c->moved_value, k) - c->share_value[k] * value;
    add_influence(&c->moments[k], influence, c->sample->unit_shape[unit]);
    add_influence(&c->moments_value[k], on_value, c->sample->unit_shape[unit]);
  }
  memset(c->own, 0, c->channel_count * sizeof *c->own);
  memset(c->own_value, 0, c->channel_count * sizeof *c->own_value);
  memset(c->score, 0, (size_t)c->free_count * sizeof *c->score);
}

static enum hs_status number_parameters(struct hs_arena *arena, struct crediting *c,
                                        struct hs_err *err)
{
  c->beta_at = hs_arena_alloc(arena, c->channel_count, sizeof *c->beta_at);
  c->omega_at = hs_arena_alloc(arena, c->channel_count, sizeof *c->omega_at);
  if (c->beta_at == NULL || c->omega_at == NULL)
    return hs_arena_full(arena, "the hazard model", err);
  for (size_t k = 0; k < c->channel_count; k++) {
    double rate = c->fit->rate_per_day[k];
    int is_used = c->fit->orders_per_touch[k] > 0;
    int is_inside = rate > c->rate_min && rate < HAZARD_RATE_MAX;
    c->beta_at[k] = is_used ? c->free_count++ : -1;
    c->omega_at[k] = is_used && is_inside ? c->free_count++ : -1;
  }
  return HS_OK;
}

static enum hs_status make_room(struct hs_arena *arena, struct crediting *c, int with_intervals,
                                struct hs_err *err)
{
  size_t channels = c->channel_count;
  size_t longest = hs_hazard_longest_path(c->sample);
  enum hs_status status = number_parameters(arena, c, err);
  if (status != HS_OK)
    return status;
  size_t n = (size_t)c->free_count;
  c->terms = hs_arena_alloc(arena, longest < channels ? longest : channels, sizeof *c->terms);
  c->slot_of = hs_arena_alloc(arena, channels, sizeof *c->slot_of);
  double *vectors = hs_arena_alloc(arena, 5 * channels + n, sizeof(double));
  double *matrices =
      hs_arena_alloc(arena, with_intervals ? n + 2 * channels : 0, n * sizeof(double));
  struct hs_influence *moments = hs_arena_alloc(arena, 2 * channels, sizeof *moments);
  if (c->terms == NULL || c->slot_of == NULL || vectors == NULL || matrices == NULL ||
      moments == NULL)
    return hs_arena_full(arena, "the intervals of the hazard model", err);
  c->share = vectors;
  c->share_value = vectors + channels;
  c->own = vectors + 2 * channels;
  c->own_value = vectors + 3 * channels;
  c->converting = vectors + 4 * channels;
  c->score = vectors + 5 * channels;
  c->moments = moments;
  c->moments_value = moments + channels;
  if (with_intervals) {
    c->information = matrices;
    c->moved = matrices + n * n;
    c->moved_value = c->moved + channels * n;
  }
  return HS_OK;
}

/* From sums of credits to shares; the movements stay those of the sums. */
static void divide_by_totals(struct crediting *c)
{
  for (size_t k = 0; k < c->channel_count; k++) {
    c->share[k] /= c->sample->conversions;
    c->share_value[k] = c->sample->value > 0 ? c->share_value[k] / c->sample->value : 0;
  }
}

static struct hs_influence of_share(struct hs_influence of_credit, double total)
{
  if (!(total > 0))
    return (struct hs_influence){0};
  return (struct hs_influence){.square = of_credit.square / (total * total),
                               .fourth = of_credit.fourth / (total * total * total * total)};
}

static struct hs_credit credit_of(const struct crediting *c, size_t k, double level)
{
  const struct hs_sample *sample = c->sample;
  struct hs_credit credit = {
      .share_conversions = c->share[k],
      .share_value = c->share_value[k],
      .conversions = c->share[k] * sample->conversions,
      .value = c->share_value[k] * sample->value,
      .removal_effect = (double)NAN,
      .removal_effect_value = (double)NAN,
      .conversions_low = (double)NAN,
      .conversions_high = (double)NAN,
      .value_low = (double)NAN,
      .value_high = (double)NAN,
      .converting_journeys = c->converting[k],
      .is_insufficient = c->converting[k] < HS_CONVERTING_MIN,
  };
  if (level <= 0)
    return credit;
  double low = 0;
  double high = 0;
  hs_share_interval(c->share[k], of_share(c->moments[k], sample->conversions), level,
                    sample->conversions, &low, &high);
  credit.conversions_low = low * sample->conversions;
  credit.conversions_high = high * sample->conversions;
  hs_share_interval(c->share_value[k], of_share(c->moments_value[k], sample->value), level,
                    sample->conversions, &low, &high);
  credit.value_low = low * sample->value;
  credit.value_high = high * sample->value;
  return credit;
}

static enum hs_status compute(struct hs_arena *arena, struct crediting *c, double level,
                              struct hs_err *err)
{
  enum hs_status status = make_room(arena, c, level > 0, err);
  if (status != HS_OK)
    return status;
  for (size_t p = 0; p < c->sample->paths.path_count; p++) {
    count_converting(c, p);
    add_path(c, p);
  }
  divide_by_totals(c);
  if (level <= 0)
    return HS_OK;
  status = solve_movements(c, err);
  for (size_t unit = 0; status == HS_OK && unit < c->sample->unit_count; unit++)
    add_unit(c, unit);
  return status;
}

enum hs_status hs_hazard_credits(struct hs_arena *arena, const struct hs_sample *sample,
                                 const struct hs_hazard *fit,
                                 const struct hs_hazard_options *options,
                                 struct hs_model_credits *out, struct hs_err *err)
{
  HS_ASSERT(sample->paths.age_s != NULL && fit->channel_count == sample->paths.channel_count);
  struct crediting c = {.sample = sample,
                        .fit = fit,
                        .channel_count = fit->channel_count,
                        .rate_min = hs_hazard_rate_min(sample)};
  struct hs_credit *channels = hs_arena_alloc(arena, fit->channel_count, sizeof *channels);
  if (channels == NULL)
    return hs_arena_full(arena, "the credits of the hazard model", err);
  size_t mark = hs_arena_mark(arena);
  enum hs_status status = compute(arena, &c, options->level, err);
  for (size_t k = 0; status == HS_OK && k < fit->channel_count; k++)
    channels[k] = credit_of(&c, k, options->level);
  hs_arena_reset(arena, mark);
  if (status != HS_OK)
    return status;
  *out = (struct hs_model_credits){.model = hs_model_default(HS_MODEL_HAZARD),
                                   .channel_count = fit->channel_count,
                                   .channels = channels};
  return HS_OK;
}
