#include <math.h>
#include <string.h>

#include "measure/influence/mixture_priv.h"

/* Below this a column has nothing left of its own: it takes no part. */
#define NOTHING_LEFT 1e-9
/* A series that the columns explain to the last bit still has some noise. */
#define SQUARES_MIN 1e-12
/* Columns that are likely to be of use, of however many are offered. */
#define CONTROLS_EXPECTED 3.0
/* Strong correlation over a few weeks and an old step explain each other. */
#define OLD_STEP_PHI_MAX 0.8

/* Gaussian elimination of one column by itself: what is left are the products given that column. */
static void eliminate(double *m, size_t n, size_t column)
{
  double pivot = m[column * n + column];
  for (size_t i = 0; i < n; i++) {
    double factor = m[i * n + column] / pivot;
    if (i == column || factor == 0)
      continue;
    for (size_t j = 0; j < n; j++)
      if (j != column)
        m[i * n + j] -= factor * m[column * n + j];
  }
  for (size_t i = 0; i < n; i++)
    if (i != column)
      m[i * n + column] = m[column * n + i] = 0;
}

/* The work on one variant: a, products over the whole series, gives likelihood and squares; b, over
   the rows before the start and bordered by what lies ahead, gives the effect and its spread. */
struct work {
  const struct hs_mixture_table *table;
  struct hs_mixture_bench *bench;
  struct hs_mixture_pass pass;
  double log_mass; /* prior of the covariance, and what the pass says of it */
  double df;
  struct hs_mixture_part *parts;
  size_t count;
};

static void load(struct work *work, const struct hs_mixture_part *part)
{
  const struct hs_mixture_table *table = work->table;
  const struct hs_mixture_bench *bench = work->bench;
  size_t n = table->main_count;
  for (size_t i = 0; i < n; i++) {
    size_t column_i = hs_mixture_column(table, part, i);
    for (size_t j = 0; j < n; j++) {
      size_t column_j = hs_mixture_column(table, part, j);
      bench->a[i * n + j] = hs_mixture_product(table, bench->whole, column_i, column_j);
      bench->b[i * (n + 1) + j] = hs_mixture_product(table, bench->before, column_i, column_j);
    }
    bench->b[i * (n + 1) + n] = bench->b[n * (n + 1) + i] = bench->ahead[column_i];
  }
  bench->b[n * (n + 1) + n] = -work->pass.spread;
}

/* Takes the column at that place into the regression, with its prior; ½ log |precision| comes with
   the caller, −½ log |posterior precision| is what this returns. */
static double take_in(struct work *work, size_t place)
{
  size_t n = work->table->main_count;
  double pivot = work->bench->a[place * n + place];
  eliminate(work->bench->a, n, place);
  /* Before the start the step is no column: all its products are 0. */
  if (place != 1)
    eliminate(work->bench->b, n + 1, place);
  return -0.5 * log(pivot);
}

static void add_precision(struct work *work, unsigned shape, size_t i, size_t j)
{
  size_t n = work->table->main_count;
  double precision = hs_mixture_precision(work->table, work->bench, &work->pass, shape, i, j);
  work->bench->a[i * n + j] += precision;
  work->bench->b[i * (n + 1) + j] += precision;
}

static double take_season(struct work *work)
{
  const struct hs_mixture_table *table = work->table;
  for (size_t i = table->season_at; i < table->shape_at; i++)
    for (size_t j = table->season_at; j < table->shape_at; j++)
      add_precision(work, HS_MIXTURE_LEVEL, i, j);
  /* The determinant: |I + 11ᵀ| is count + 1, and the diagonal of I + 11ᵀ is 2. */
  double count = (double)table->season_count;
  double own = hs_mixture_precision(table, work->bench, &work->pass, HS_MIXTURE_LEVEL,
                                    table->season_at, table->season_at);
  double log_likelihood = table->is_season_places ? 0.5 * (log(count + 1) + count * log(0.5 * own))
                                                  : 0.5 * count * log(own);
  for (size_t i = table->season_at; i < table->shape_at; i++)
    log_likelihood += take_in(work, i);
  return log_likelihood;
}

static double take_shape(struct work *work, unsigned shape)
{
  size_t at = work->table->shape_at;
  double precision = hs_mixture_precision(work->table, work->bench, &work->pass, shape, at, at);
  add_precision(work, shape, at, at);
  return 0.5 * log(precision) + take_in(work, at);
}

static double squares_left(const struct work *work)
{
  const struct hs_mixture_table *table = work->table;
  size_t y = table->outcome_at;
  double all = hs_mixture_product(table, work->bench->whole, y, y);
  return fmax(work->bench->a[y * table->main_count + y], SQUARES_MIN * all);
}

static void keep(struct work *work, const struct hs_mixture_part *part, double log_likelihood)
{
  size_t n = work->table->main_count;
  size_t y = work->table->outcome_at;
  struct hs_mixture_part *kept = &work->parts[work->count++];
  *kept = *part;
  kept->squares = squares_left(work);
  kept->effect = work->bench->b[y * (n + 1) + n];
  kept->spread = -work->bench->b[n * (n + 1) + n];
  kept->log_weight = work->log_mass + log_likelihood - 0.5 * work->df * log(kept->squares);
}

/* The control that raises the likelihood most, and by how much; SIZE_MAX when none is left. */
static size_t best_control(const struct work *work, const struct hs_mixture_part *part,
                           double squares)
{
  const struct hs_mixture_table *table = work->table;
  size_t n = table->main_count;
  const double *a = work->bench->a;
  size_t best = SIZE_MAX;
  double best_gain = -HUGE_VAL;
  for (size_t at = table->control_at; at < table->outcome_at; at++) {
    double precision = hs_mixture_precision(table, work->bench, &work->pass, part->shape, at, at);
    if ((part->controls >> (at - table->control_at) & 1) != 0 || precision < NOTHING_LEFT ||
        a[at * n + at] < NOTHING_LEFT * precision)
      continue;
    double own = a[at * n + at] + precision;
    double with = a[at * n + table->outcome_at];
    double left = fmax(1 - with * with / (own * squares), SQUARES_MIN);
    double gain = 0.5 * log(precision / own) - 0.5 * work->df * log(left);
    if (gain > best_gain) {
      best_gain = gain;
      best = at;
    }
  }
  return best;
}

static size_t controls_in_max(const struct hs_mixture_table *table)
{
  size_t most = table->control_count;
  most = most < HS_MIXTURE_CONTROLS_IN_MAX ? most : HS_MIXTURE_CONTROLS_IN_MAX;
  return most < table->start / 4 ? most : table->start / 4;
}

/* The controls one after another, the most useful first: each stage is a variant. A path through
   the subsets in place of all of them; its prior is that of independent inclusion. */
static void take_controls(struct work *work, struct hs_mixture_part *part, double log_likelihood)
{
  const struct hs_mixture_table *table = work->table;
  double count = (double)table->control_count;
  double inclusion = fmin(0.5, CONTROLS_EXPECTED / fmax(1, count));
  log_likelihood += count * log1p(-inclusion);
  keep(work, part, log_likelihood);
  for (size_t taken = 0; taken < controls_in_max(table); taken++) {
    size_t at = best_control(work, part, squares_left(work));
    if (at == SIZE_MAX)
      return;
    double precision = hs_mixture_precision(table, work->bench, &work->pass, part->shape, at, at);
    part->controls |= (uint64_t)1 << (at - table->control_at);
    add_precision(work, part->shape, at, at);
    log_likelihood += log(inclusion) - log1p(-inclusion) + 0.5 * log(precision);
    log_likelihood += take_in(work, at);
    keep(work, part, log_likelihood);
  }
}

static void work_out(struct work *work, struct hs_mixture_part part, double log_prior)
{
  load(work, &part);
  double log_likelihood = log_prior + take_in(work, 0) + take_in(work, 1);
  if (part.has_season)
    log_likelihood += take_season(work);
  if (part.shape != HS_MIXTURE_LEVEL)
    log_likelihood += take_shape(work, part.shape);
  take_controls(work, &part, log_likelihood);
}

static int knows_old_steps(const struct hs_mixture_member *member)
{
  return member->kind == HS_MIXTURE_INDEPENDENT || member->kind == HS_MIXTURE_AR_WEAK ||
         member->kind == HS_MIXTURE_WALK_SLOW ||
         (member->kind == HS_MIXTURE_AR_STRONG && member->covariance.phi1 < OLD_STEP_PHI_MAX);
}

size_t hs_mixture_variants_max(const struct hs_mixture_table *table)
{
  size_t old_steps = table->column_count - table->main_count;
  size_t shapes = HS_MIXTURE_OLD_STEP + old_steps;
  return 2 * shapes * (controls_in_max(table) + 1);
}

static void shapes_of(struct work *work, const struct hs_mixture_member *member,
                      struct hs_mixture_part part, double log_prior)
{
  const struct hs_mixture_table *table = work->table;
  size_t old_steps = table->column_count - table->main_count;
  static const double MASS[] = {[HS_MIXTURE_LEVEL] = 1 - HS_MIXTURE_SLIGHT_MASS -
                                                     HS_MIXTURE_STEEP_MASS -
                                                     HS_MIXTURE_OLD_STEP_MASS,
                                [HS_MIXTURE_SLIGHT] = HS_MIXTURE_SLIGHT_MASS,
                                [HS_MIXTURE_STEEP] = HS_MIXTURE_STEEP_MASS};
  for (uint8_t shape = HS_MIXTURE_LEVEL; shape < HS_MIXTURE_OLD_STEP; shape++) {
    /* A walking slope is a trend already. */
    if (shape != HS_MIXTURE_LEVEL && member->kind == HS_MIXTURE_DRIFT)
      continue;
    part.shape = shape;
    work_out(work, part, log_prior + log(MASS[shape]));
  }
  part.shape = HS_MIXTURE_OLD_STEP;
  for (size_t s = 0; s < old_steps && knows_old_steps(member); s++) {
    part.old_step = (uint32_t)table->old_step[s];
    work_out(work, part, log_prior + log(HS_MIXTURE_OLD_STEP_MASS / (double)old_steps));
  }
}

size_t hs_mixture_variants(const struct hs_mixture_table *table,
                           const struct hs_mixture_member *member, uint32_t index,
                           struct hs_mixture_bench *bench, struct hs_mixture_part *parts)
{
  struct work work = {.table = table, .bench = bench, .parts = parts};
  hs_mixture_pass_run(table, &member->covariance, bench, &work.pass);
  work.log_mass = log(member->mass) - 0.5 * work.pass.log_variance;
  work.df = (double)table->seen_count - 2; /* intercept and step are flat */
  struct hs_mixture_part part = {.covariance = index};
  int may_have_season = table->season_count > 0;
  shapes_of(&work, member, part, may_have_season ? log1p(-HS_MIXTURE_SEASON_MASS) : 0);
  if (may_have_season) {
    part.has_season = 1;
    shapes_of(&work, member, part, log(HS_MIXTURE_SEASON_MASS));
  }
  return work.count;
}
