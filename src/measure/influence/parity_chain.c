/* One Gibbs sampler of CausalImpact's model: the regression given the states, the variances of the
   steps given the states, the states given everything else; then what would have happened. */
#include "measure/influence/parity_priv.h"

#include <math.h>

#include "stats/slice.h"

struct chain {
  const struct parity_data *data;
  const struct parity_room *room;
  struct hs_random rng;
  struct hs_kalman kalman;
  struct hs_kalman_path path;
  struct hs_spike_slab regression;
};

struct hs_kalman_model hs_parity_model(const struct parity_data *data)
{
  const struct hs_variance_prior *level = &data->level;
  const struct hs_variance_prior *season = &data->season_step;
  return (struct hs_kalman_model){
      .count = data->rows,
      .noise_variance = data->regression.noise.guess * data->regression.noise.guess,
      .level = {.is_in = 1,
                .variance = level->guess * level->guess,
                .start = {HS_KALMAN_KNOWN, data->first_y, 1}},
      .season = {.is_in = data->season > 1,
                 .variance = season->guess * season->guess,
                 .start = {HS_KALMAN_KNOWN, 0, 1}},
      .season_count = data->season,
  };
}

static void fit(struct chain *chain)
{
  const struct parity_data *data = chain->data;
  size_t k = data->variable_count;
  for (size_t t = 0; t < data->rows; t++) {
    double sum = 0;
    for (size_t j = 0; j < k; j++)
      sum += data->x[t * k + j] * chain->regression.beta[j];
    chain->room->fitted[t] = sum;
  }
}

static void draw_states(struct chain *chain)
{
  const struct parity_data *data = chain->data;
  for (size_t t = 0; t < data->rows; t++)
    chain->room->rest[t] = data->y[t] - chain->room->fitted[t];
  hs_kalman_draw(&chain->kalman, chain->room->rest, &chain->rng, &chain->path);
}

/* y less the states is what the regression has to explain. */
static int draw_regression(struct chain *chain)
{
  const struct parity_data *data = chain->data;
  size_t k = data->variable_count;
  struct hs_regression_sums sums = {data->observed_count, data->xtx, chain->room->xty, 0};
  for (size_t j = 0; j < k; j++)
    chain->room->xty[j] = 0;
  for (size_t t = 0; t < data->rows; t++) {
    double rest = data->y[t] - chain->path.signal[t];
    if (isnan(rest))
      continue;
    sums.yty += rest * rest;
    for (size_t j = 0; j < k; j++)
      chain->room->xty[j] += data->x[t * k + j] * rest;
  }
  if (hs_spike_slab_draw(&chain->regression, &sums, &chain->rng))
    return 1;
  chain->kalman.model.noise_variance = chain->regression.variance;
  fit(chain);
  return 0;
}

/* The level as level_1 + σ·w_t with a walk w of unit steps: given w, y is linear in σ. */
struct walk {
  const struct hs_variance_prior *prior;
  double squares; /* Σ w_t² over the observed */
  double product; /* Σ w_t (y_t − what is not the walk) */
  double noise_variance;
};

static double log_walk_density(const void *context, double sd)
{
  const struct walk *walk = context;
  return hs_variance_prior_log_sd(walk->prior, sd) -
         (walk->squares * sd - 2 * walk->product) * sd / (2 * walk->noise_variance);
}

/* Small steps and their variance hold each other fast when the one is drawn given the other; given
   the standardised walk instead, the data decide how large it is. */
static double interweave(struct chain *chain, double variance)
{
  const struct parity_data *data = chain->data;
  const struct hs_kalman_path *path = &chain->path;
  double sd = sqrt(variance);
  struct walk walk = {.prior = &data->level, .noise_variance = chain->regression.variance};
  for (size_t t = 1; t < data->rows; t++) {
    if (isnan(data->y[t]))
      continue;
    double moved = path->level[t] - path->level[0];
    double rest = data->y[t] - chain->room->fitted[t] - path->signal[t] + moved;
    walk.squares += moved * moved / variance;
    walk.product += moved / sd * rest;
  }
  const struct hs_slice slice = {log_walk_density, &walk, 0, data->level.sd_max, sd};
  sd = hs_slice_draw(&chain->rng, &slice, sd);
  return sd * sd;
}

static void draw_variances(struct chain *chain)
{
  const struct parity_data *data = chain->data;
  struct hs_kalman_model *model = &chain->kalman.model;
  double steps = (double)(data->rows - 1);
  model->level.variance = interweave(
      chain, hs_variance_draw(&chain->rng, &data->level, steps, chain->path.level_squares));
  if (model->season.is_in)
    model->season.variance =
        hs_variance_draw(&chain->rng, &data->season_step, steps, chain->path.season_squares);
}

static void keep(struct chain *chain, size_t draw, struct parity_draws *draws)
{
  const struct parity_data *data = chain->data;
  double sd = sqrt(chain->regression.variance);
  for (size_t t = 0; t < data->rows; t++) {
    double signal = chain->path.signal[t] + chain->room->fitted[t];
    draws->signal_sum[t] += signal;
    draws->values[t * draws->stride + draw] = signal + sd * hs_random_normal(&chain->rng);
  }
  for (size_t j = 0; j < data->variable_count; j++) {
    draws->included_sum[j] += chain->regression.included[j];
    draws->beta_sum[j] += chain->regression.beta[j];
  }
}

int hs_parity_chain(const struct parity_data *data, const struct parity_room *room,
                    struct parity_draws *draws)
{
  struct chain chain = {.data = data,
                        .room = room,
                        .rng = hs_random_open(draws->seed, draws->stream),
                        .path = {.signal = room->signal, .level = room->level}};
  struct hs_kalman_model model = hs_parity_model(data);
  hs_kalman_init(&chain.kalman, &model, room->kalman);
  hs_spike_slab_init(&chain.regression, data->variable_count, &data->regression, room->regression);
  fit(&chain);
  draw_states(&chain);
  for (size_t i = 0; i < draws->warm_up + draws->count; i++) {
    if (draw_regression(&chain))
      return 1;
    draw_variances(&chain);
    draw_states(&chain);
    if (i >= draws->warm_up)
      keep(&chain, i - draws->warm_up, draws);
  }
  return 0;
}
