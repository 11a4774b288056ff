#include "measure/value/lifetime.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "measure/value/draws.h"
#include "stats/distribution.h"
#include "stats/linear.h"
#include "stats/quantile.h"
#include "stats/random.h"

#define LAPLACE_STREAM ((uint64_t)1 << 32)

static const char *const NAMES[HS_LIFETIME_COUNT] = {
    "r", "alpha", "a", "b",          "new_customer_purchases", "next_purchases", "customers_alive",
    "p", "q",     "v", "mean_spend", "new_customer_value",     "next_value",
};

const char *hs_lifetime_name(enum hs_buyers_model model, enum hs_lifetime_kind kind)
{
  if (model == HS_BUYERS_PARETO && kind == HS_LIFETIME_A_OR_S)
    return "s";
  if (model == HS_BUYERS_PARETO && kind == HS_LIFETIME_B_OR_BETA)
    return "beta";
  return NAMES[kind];
}

const char *hs_lifetime_gap_words(enum hs_lifetime_gap gap)
{
  static const char *const WORDS[] = {
      [HS_LIFETIME_NO_GAP] = "",
      [HS_LIFETIME_NOT_ASKED] = "none was asked for (--draws 0)",
      [HS_LIFETIME_FENCED] = "the likelihood rises for ever along this parameter",
      [HS_LIFETIME_FLAT] = "the likelihood has no proper top, so its curvature says nothing",
      [HS_LIFETIME_NO_MEAN] = "in too many draws purchases have no mean value",
      [HS_LIFETIME_NO_REPLICATES] = "in too many resamplings of the customers no fit is found",
      [HS_LIFETIME_NO_FIGURE] = "the figure itself cannot be had",
  };
  return WORDS[gap];
}

/* ---- what the parameters say ----------------------------------------------------------------- */

void hs_lifetime_curve(const struct hs_buyers_parameters *parameters, double horizon,
                       double discount, double curve[HS_LIFETIME_STEPS + 1])
{
  double before = 0, step = horizon / HS_LIFETIME_STEPS;
  curve[0] = 0;
  for (int i = 1; i <= HS_LIFETIME_STEPS; i++) {
    double now = hs_buyers_expected(parameters, i * step);
    curve[i] = curve[i - 1] + (now - before) * exp(-discount * (i - 0.5) * step);
    before = now;
  }
}

double hs_lifetime_discounted(const struct hs_buyers_parameters *parameters, double horizon,
                              double discount)
{
  double curve[HS_LIFETIME_STEPS + 1];
  if (!(discount > 0))
    return hs_buyers_expected(parameters, horizon);
  hs_lifetime_curve(parameters, horizon, discount, curve);
  return curve[HS_LIFETIME_STEPS];
}

/* How much of the purchases of a horizon is left by discounting: of those of a new customer. Taken
   for present ones too, whose purchases fall off alike. */
static double discount_share(const struct hs_buyers_parameters *parameters,
                             const struct hs_lifetime_options *options)
{
  double plain = hs_buyers_expected(parameters, options->horizon);
  return plain > 0 ? hs_lifetime_discounted(parameters, options->horizon, options->discount) / plain
                   : 1;
}

/* The customers with what the computation keeps beside them. Read-only while replicates run. */
struct sample {
  const struct hs_customers *customers;
  const struct hs_lifetime_options *options;
  const struct hs_buyers *buyers;
  struct hs_spenders spenders; /* repeat customers with a value */
  size_t *spender_customer;    /* which customer each is */
};

/* The sums over all these customers: what they will buy, what of it is worth what, who is there.
   next is scratch of one a group. */
static void sum_customers(const struct sample *sample,
                          const struct hs_buyers_parameters *parameters,
                          const struct hs_spend_parameters *spend, double *next, double *figures)
{
  const struct hs_buyers *buyers = sample->buyers;
  double purchases = 0, alive = 0;
  for (size_t g = 0; g < buyers->group_count; g++) {
    double x = buyers->purchase_list[buyers->purchases[g]];
    double t_x = buyers->time_list[buyers->lasts[g]], T = buyers->time_list[buyers->spans[g]];
    next[g] = hs_buyers_expected_next(parameters, x, t_x, T, sample->options->horizon);
    purchases += buyers->weights[g] * next[g];
    alive += buyers->weights[g] * hs_buyers_alive(parameters, x, t_x, T);
  }
  figures[HS_LIFETIME_NEXT_PURCHASES] = purchases;
  figures[HS_LIFETIME_ALIVE] = alive;
  if (!spend)
    return;
  /* Customers of one group differ in what they spend: each has their own mean, and those without a
     value that of all. */
  double mean = hs_spend_mean(spend), value = purchases * mean;
  for (size_t i = 0; i < sample->spenders.count; i++)
    value += next[buyers->group_of[sample->spender_customer[i]]] *
             (hs_spend_mean_of(spend, sample->spenders.x[i], sample->spenders.zbar[i]) - mean);
  figures[HS_LIFETIME_NEXT_VALUE] =
      value * sample->options->margin * discount_share(parameters, sample->options);
}

/* Every figure that parameters give; NaN those that need values where there are none or no finite
   mean. */
static void evaluate(const struct sample *sample, const struct hs_buyers_parameters *parameters,
                     const struct hs_spend_parameters *spend, double *next, double *figures)
{
  const struct hs_lifetime_options *o = sample->options;
  for (size_t i = 0; i < HS_LIFETIME_COUNT; i++)
    figures[i] = (double)NAN;
  for (size_t i = 0; i < HS_BUYERS_PARAMETERS; i++)
    figures[HS_LIFETIME_R + i] = parameters->value[i];
  figures[HS_LIFETIME_NEW_PURCHASES] = hs_buyers_expected(parameters, o->horizon);
  int has_mean = spend && isfinite(hs_spend_mean(spend));
  sum_customers(sample, parameters, has_mean ? spend : NULL, next, figures);
  if (!spend)
    return;
  figures[HS_LIFETIME_P] = spend->p;
  figures[HS_LIFETIME_Q] = spend->q;
  figures[HS_LIFETIME_V] = spend->v;
  if (!has_mean)
    return;
  double mean = hs_spend_mean(spend);
  figures[HS_LIFETIME_SPEND] = mean;
  figures[HS_LIFETIME_NEW_VALUE] =
      o->margin * mean * (1 + hs_lifetime_discounted(parameters, o->horizon, o->discount));
}

/* ---- intervals ------------------------------------------------------------------------------- */

/* What a figure is made of. */
static int needs_buyers(size_t kind) { return kind < HS_LIFETIME_P || kind > HS_LIFETIME_SPEND; }
static int needs_spend(size_t kind) { return kind >= HS_LIFETIME_P; }

struct replicates {
  const struct sample *sample;
  const struct hs_lifetime_model *model;
  const struct hs_spend_fit *spend;                                /* NULL without values */
  double buyers_root[HS_BUYERS_PARAMETERS * HS_BUYERS_PARAMETERS]; /* Cholesky of the covariances */
  double spend_root[HS_SPEND_PARAMETERS * HS_SPEND_PARAMETERS];
  int has_root, has_spend_root; /* what has none has no draws */
  uint64_t first_stream;
  double *scratch; /* per worker */
  size_t scratch_each;
  double *figures; /* [kind × draws + draw] */
};

static void keep(const struct replicates *all, size_t draw, const double *figures)
{
  for (size_t i = 0; i < HS_LIFETIME_COUNT; i++)
    all->figures[i * all->sample->options->draws + draw] = figures[i];
}

/* θ + Lz in logarithms, L the Cholesky factor of the covariance. */
static void move(const double *root, size_t n, struct hs_random *rng, double *value)
{
  double z[HS_BUYERS_PARAMETERS];
  for (size_t i = 0; i < n; i++)
    z[i] = hs_random_normal(rng);
  for (size_t i = 0; i < n; i++) {
    double step = 0;
    for (size_t j = 0; j <= i; j++)
      step += root[i * n + j] * z[j];
    value[i] *= exp(step);
  }
}

static enum hs_status draw_laplace(void *context, size_t worker, size_t draw,
                                   [[maybe_unused]] struct hs_err *err)
{
  const struct replicates *all = context;
  struct hs_random rng = hs_random_open(all->sample->options->seed, all->first_stream + draw);
  struct hs_buyers_parameters parameters = all->model->fit.parameters;
  double spend[HS_SPEND_PARAMETERS] = {0}, figures[HS_LIFETIME_COUNT];
  move(all->buyers_root, HS_BUYERS_PARAMETERS, &rng, parameters.value);
  if (all->has_spend_root) {
    spend[0] = all->spend->parameters.p;
    spend[1] = all->spend->parameters.q;
    spend[2] = all->spend->parameters.v;
    move(all->spend_root, HS_SPEND_PARAMETERS, &rng, spend);
  }
  const struct hs_spend_parameters moved = {.p = spend[0], .q = spend[1], .v = spend[2]};
  evaluate(all->sample, &parameters, all->has_spend_root ? &moved : NULL,
           all->scratch + worker * all->scratch_each, figures);
  for (size_t i = 0; !all->has_root && i < HS_LIFETIME_COUNT; i++)
    if (needs_buyers(i))
      figures[i] = (double)NAN;
  keep(all, draw, figures);
  return HS_OK;
}

/* A replicate's fit of the values with the weights of the buyers' fit; 0 when it finds no top. */
static int fit_spend(const struct replicates *all, const double *weights, double *spender_weights,
                     struct hs_spend_fit *out)
{
  const struct sample *sample = all->sample;
  for (size_t i = 0; i < sample->spenders.count; i++)
    spender_weights[i] = weights[sample->spender_customer[i]];
  struct hs_spenders weighted = sample->spenders;
  weighted.weights = spender_weights;
  return !hs_spend_fit(&weighted, &all->spend->parameters, out, NULL);
}

/* Every customer weighs Exponential(1), in what they bought and in what they spent alike. A
   replicate without a top has no figure of what was not found, and is counted. */
static enum hs_status draw_bootstrap(void *context, size_t worker, size_t draw, struct hs_err *err)
{
  const struct replicates *all = context;
  const struct sample *sample = all->sample;
  const struct hs_buyers *buyers = sample->buyers;
  double *next = all->scratch + worker * all->scratch_each;
  double *group_weights = next + buyers->group_count;
  double *weights = group_weights + buyers->group_count;
  double *spender_weights = weights + buyers->customer_count;
  double *room = spender_weights + sample->spenders.count;
  hs_random_exponentials(sample->options->seed, draw, 0, buyers->customer_count, weights);
  memset(group_weights, 0, buyers->group_count * sizeof *group_weights);
  for (size_t i = 0; i < buyers->customer_count; i++)
    group_weights[buyers->group_of[i]] += weights[i];
  struct hs_buyers_fit fit;
  struct hs_spend_fit spend;
  double figures[HS_LIFETIME_COUNT];
  enum hs_status status = hs_buyers_fit(buyers, group_weights, all->model->fit.parameters.model,
                                        &all->model->fit.parameters, room, &fit, err);
  if (status && status != HS_NO_CONVERGENCE)
    return status;
  for (size_t i = 0; i < HS_LIFETIME_COUNT; i++)
    figures[i] = (double)NAN;
  if (!status) {
    int has_spend = all->spend && fit_spend(all, weights, spender_weights, &spend);
    evaluate(sample, &fit.parameters, has_spend ? &spend.parameters : NULL, next, figures);
  }
  keep(all, draw, figures);
  return HS_OK;
}

static enum hs_status take_scratch(struct hs_arena *arena, struct replicates *all, size_t workers,
                                   struct hs_err *err)
{
  const struct hs_buyers *buyers = all->sample->buyers;
  all->scratch_each = 2 * buyers->group_count + buyers->customer_count +
                      all->sample->spenders.count + hs_buyers_room(buyers);
  all->scratch = hs_arena_alloc_raw(arena, workers * all->scratch_each, sizeof *all->scratch);
  all->figures = hs_arena_alloc_raw(arena, HS_LIFETIME_COUNT * all->sample->options->draws,
                                    sizeof *all->figures);
  return all->scratch && all->figures ? HS_OK : hs_arena_full(arena, "replicates", err);
}

static struct hs_lifetime_figure no_interval(double value, enum hs_lifetime_gap gap)
{
  const double none = (double)NAN;
  if (isnan(value))
    gap = HS_LIFETIME_NO_FIGURE;
  return (struct hs_lifetime_figure){value, none, none, none, none, gap, gap};
}

/* Figures from HS_LIFETIME_SPEND on rest on a mean of purchases, which a draw may not have. */
static enum hs_lifetime_gap gap_of_draws(double low, size_t kind, enum hs_lifetime_gap of_fit)
{
  if (!isnan(low))
    return HS_LIFETIME_NO_GAP;
  return kind >= HS_LIFETIME_SPEND && of_fit == HS_LIFETIME_NO_GAP ? HS_LIFETIME_NO_MEAN : of_fit;
}

static int take_spend_root(struct replicates *all)
{
  if (!all->spend || isnan(all->spend->covariance[0]))
    return 0;
  memcpy(all->spend_root, all->spend->covariance, sizeof all->spend_root);
  return !hs_cholesky_factor(all->spend_root, HS_SPEND_PARAMETERS);
}

static enum hs_status add_laplace(struct replicates *all, size_t workers,
                                  struct hs_lifetime_model *model, struct hs_err *err)
{
  const struct hs_lifetime_options *o = all->sample->options;
  all->has_root = hs_buyers_root(&model->fit, all->buyers_root);
  all->has_spend_root = take_spend_root(all);
  int has_any = all->has_root || all->has_spend_root;
  enum hs_status status =
      has_any ? hs_parallel_run(workers, o->draws, draw_laplace, all, err) : HS_OK;
  for (size_t i = 0; !status && i < HS_LIFETIME_COUNT; i++) {
    struct hs_lifetime_figure *figure = &model->figures[i];
    int is_flat = (needs_buyers(i) && !all->has_root) || (needs_spend(i) && !all->has_spend_root);
    if (has_any)
      hs_draws_interval(all->figures + i * o->draws, o->draws, o->level, &figure->low,
                        &figure->high);
    if (figure->gap != HS_LIFETIME_NO_FIGURE)
      figure->gap = gap_of_draws(figure->low, i, is_flat ? HS_LIFETIME_FLAT : HS_LIFETIME_NO_GAP);
  }
  return status;
}

static enum hs_status add_bootstrap(struct replicates *all, size_t workers,
                                    struct hs_lifetime_model *model, struct hs_err *err)
{
  const struct hs_lifetime_options *o = all->sample->options;
  enum hs_status status = hs_parallel_run(workers, o->draws, draw_bootstrap, all, err);
  if (status)
    return status;
  double low, high;
  hs_draws_interval(all->figures + HS_LIFETIME_P * o->draws, o->draws, o->level, &low, &high);
  int has_spend = !isnan(low);
  hs_draws_interval(all->figures, o->draws, o->level, &low, &high);
  int has_buyers = !isnan(low);
  for (size_t i = 0; i < HS_LIFETIME_COUNT; i++) {
    struct hs_lifetime_figure *figure = &model->figures[i];
    int is_found = (has_buyers || !needs_buyers(i)) && (has_spend || !needs_spend(i));
    hs_draws_interval(all->figures + i * o->draws, o->draws, o->level, &figure->bootstrap_low,
                      &figure->bootstrap_high);
    if (figure->bootstrap_gap != HS_LIFETIME_NO_FIGURE)
      figure->bootstrap_gap = gap_of_draws(
          figure->bootstrap_low, i, is_found ? HS_LIFETIME_NO_GAP : HS_LIFETIME_NO_REPLICATES);
  }
  return HS_OK;
}

/* A parameter that only the fence holds, or that is held where it stands, says "far" and nothing
   else. */
static void forget_fenced(const struct hs_spend_fit *spend, struct hs_lifetime_model *model)
{
  for (size_t i = 0; i < HS_BUYERS_PARAMETERS; i++)
    if (model->fit.is_fenced[i])
      model->figures[HS_LIFETIME_R + i] =
          no_interval(model->figures[HS_LIFETIME_R + i].value, HS_LIFETIME_FENCED);
  for (size_t i = HS_LIFETIME_A_OR_S; model->fit.is_stopping_held && i <= HS_LIFETIME_B_OR_BETA;
       i++)
    model->figures[i] = no_interval(model->figures[i].value, HS_LIFETIME_FLAT);
  for (size_t i = 0; spend && i < HS_SPEND_PARAMETERS; i++)
    if (spend->is_fenced[i])
      model->figures[HS_LIFETIME_P + i] =
          no_interval(model->figures[HS_LIFETIME_P + i].value, HS_LIFETIME_FENCED);
}

/* Laplace for every figure of the model, and the bootstrap beside it where it is asked for. */
static enum hs_status add_intervals(struct hs_arena *arena, const struct sample *sample,
                                    const struct hs_spend_fit *spend, int with_bootstrap,
                                    struct hs_lifetime_model *model, struct hs_err *err)
{
  size_t mark = hs_arena_mark(arena), workers = hs_worker_count(sample->options->threads);
  struct replicates all = {.sample = sample, .model = model, .spend = spend};
  all.first_stream = LAPLACE_STREAM << (model->fit.parameters.model == HS_BUYERS_PARETO);
  if (sample->options->draws == 0)
    return HS_OK;
  enum hs_status status = take_scratch(arena, &all, workers, err);
  if (!status)
    status = add_laplace(&all, workers, model, err);
  if (!status && with_bootstrap)
    status = add_bootstrap(&all, workers, model, err);
  if (!status)
    forget_fenced(spend, model);
  hs_arena_reset(arena, mark);
  return status;
}

/* ---- values, correlation, hold-out ------------------------------------------------------------
 */

static enum hs_status take_spenders(struct hs_arena *arena, struct sample *sample,
                                    struct hs_err *err)
{
  const struct hs_customers *c = sample->customers;
  double *x = hs_arena_alloc_raw(arena, c->count, sizeof *x);
  double *zbar = hs_arena_alloc_raw(arena, c->count, sizeof *zbar);
  sample->spender_customer = hs_arena_alloc_raw(arena, c->count, sizeof *sample->spender_customer);
  if (!x || !zbar || !sample->spender_customer)
    return hs_arena_full(arena, "what customers spent", err);
  size_t count = 0;
  for (size_t i = 0; c->zbar && i < c->count; i++)
    if (c->x[i] > 0 && c->zbar[i] > 0) {
      sample->spender_customer[count] = i;
      x[count] = c->x[i];
      zbar[count++] = c->zbar[i];
    }
  sample->spenders = (struct hs_spenders){.x = x, .zbar = zbar, .count = count};
  return HS_OK;
}

static void correlate(const struct hs_spenders *s, double level, struct hs_lifetime *out)
{
  double n = (double)s->count, mean_x = 0, mean_z = 0, xx = 0, zz = 0, xz = 0;
  for (size_t i = 0; i < s->count; i++) {
    mean_x += s->x[i] / n;
    mean_z += s->zbar[i] / n;
  }
  for (size_t i = 0; i < s->count; i++) {
    double dx = s->x[i] - mean_x, dz = s->zbar[i] - mean_z;
    xx += dx * dx;
    zz += dz * dz;
    xz += dx * dz;
  }
  out->correlation = xx > 0 && zz > 0 ? xz / sqrt(xx * zz) : (double)NAN;
  out->correlation_low = out->correlation_high = (double)NAN;
  if (n > 3 && fabs(out->correlation) < 1) {
    double half = hs_normal_quantile(0.5 + level / 2) / sqrt(n - 3);
    out->correlation_low = tanh(atanh(out->correlation) - half);
    out->correlation_high = tanh(atanh(out->correlation) + half);
  }
}

static void hold_out(const struct hs_customers *c, struct hs_lifetime *out)
{
  const struct hs_buyers_parameters *bgnbd = &out->bgnbd.fit.parameters;
  const struct hs_buyers_parameters *pareto = &out->pareto.fit.parameters;
  for (size_t i = 0; i < c->count; i++) {
    size_t class = c->x[i] < HS_HOLDOUT_CLASSES - 1 ? (size_t)c->x[i] : HS_HOLDOUT_CLASSES - 1;
    struct hs_holdout_row *row = &out->holdout[class];
    double t_x = c->x[i] > 0 ? c->t_x[i] : 0;
    row->customers += 1;
    row->actual += c->next[i];
    row->bgnbd += hs_buyers_expected_next(bgnbd, c->x[i], t_x, c->T[i], c->next_span);
    row->pareto += out->has_pareto
                       ? hs_buyers_expected_next(pareto, c->x[i], t_x, c->T[i], c->next_span)
                       : (double)NAN;
  }
  for (size_t i = 0; i < HS_HOLDOUT_CLASSES; i++) {
    out->holdout_total.customers += out->holdout[i].customers;
    out->holdout_total.actual += out->holdout[i].actual;
    out->holdout_total.bgnbd += out->holdout[i].bgnbd;
    out->holdout_total.pareto += out->holdout[i].pareto;
  }
  out->has_holdout = 1;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static enum hs_status make_model(struct hs_arena *arena, const struct sample *sample,
                                 const struct hs_spend_fit *spend, enum hs_buyers_model which,
                                 struct hs_lifetime_model *out, struct hs_err *err)
{
  size_t mark = hs_arena_mark(arena);
  size_t groups = sample->buyers->group_count;
  double *room = hs_arena_alloc_raw(arena, groups + hs_buyers_room(sample->buyers), sizeof *room);
  if (!room)
    return hs_arena_full(arena, "a likelihood", err);
  enum hs_status status =
      hs_buyers_fit(sample->buyers, NULL, which, NULL, room + groups, &out->fit, err);
  if (!status) {
    double figures[HS_LIFETIME_COUNT];
    evaluate(sample, &out->fit.parameters, spend ? &spend->parameters : NULL, room, figures);
    for (size_t i = 0; i < HS_LIFETIME_COUNT; i++)
      out->figures[i] = no_interval(figures[i], HS_LIFETIME_NOT_ASKED);
  }
  hs_arena_reset(arena, mark);
  return status ? status : add_intervals(arena, sample, spend, which == HS_BUYERS_BGNBD, out, err);
}

/* Only a lack of memory ends everything: how often customers buy does not hang on what they spend.
 */
static enum hs_status make_spend(const struct sample *sample, struct hs_lifetime *made)
{
  enum hs_status status = hs_spend_fit(&sample->spenders, NULL, &made->spend, &made->spend_refused);
  made->spender_count = sample->spenders.count;
  correlate(&sample->spenders, sample->options->level, made);
  made->has_values = !status;
  return status == HS_NOMEM ? status : HS_OK;
}

/* The second opinion: where it has none, the first stands. */
static enum hs_status make_pareto(struct hs_arena *arena, const struct sample *sample,
                                  const struct hs_spend_fit *spend, struct hs_lifetime *made,
                                  struct hs_err *err)
{
  enum hs_status status =
      make_model(arena, sample, spend, HS_BUYERS_PARETO, &made->pareto, &made->pareto_refused);
  made->has_pareto = !status;
  if (status != HS_NOMEM && status != HS_INTERRUPTED)
    return HS_OK;
  if (err)
    *err = made->pareto_refused;
  return status;
}

enum hs_status hs_lifetime_make(struct hs_arena *arena, const struct hs_customers *customers,
                                const struct hs_lifetime_options *options, struct hs_lifetime *out,
                                struct hs_err *err)
{
  struct hs_lifetime made = {.options = *options};
  struct sample sample = {customers, options, &made.buyers, {0}, NULL};
  enum hs_status status = hs_buyers_group(arena, customers->x, customers->t_x, customers->T,
                                          customers->count, &made.buyers, err);
  if (!status)
    status = take_spenders(arena, &sample, err);
  if (!status && sample.spenders.count > 0)
    status = make_spend(&sample, &made);
  const struct hs_spend_fit *spend = made.has_values ? &made.spend : NULL;
  if (!status)
    status = make_model(arena, &sample, spend, HS_BUYERS_BGNBD, &made.bgnbd, err);
  if (!status && options->with_pareto)
    status = make_pareto(arena, &sample, spend, &made, err);
  if (status)
    return status;
  if (customers->next)
    hold_out(customers, &made);
  *out = made;
  return HS_OK;
}
