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

/* Products on their way through an elimination: size × width by rows, the main columns first, and
   behind them the old steps, which are never eliminated themselves and so need no rows of their own
   but their squares. */
struct products {
  double *m;
  size_t size, width;
  unsigned char is_idle[HS_MIXTURE_PLACES_MAX]; /* rows that nobody will read again */
  double own[HS_MIXTURE_OLD_STEPS_MAX];
};

/* Gaussian elimination of one column by itself: what is left are the products given that column. */
static void eliminate(struct products *products, size_t column)
{
  size_t width = products->width;
  const double *line = products->m + column * width;
  double pivot = line[column];
  products->is_idle[column] = 1;
  for (size_t i = 0; i < products->size; i++) {
    if (products->is_idle[i])
      continue;
    double *other = products->m + i * width;
    double factor = other[column] / pivot;
    for (size_t j = 0; j < width; j++)
      other[j] -= factor * line[j];
  }
  for (size_t j = products->size; j < width; j++)
    products->own[j - products->size] -= line[j] * line[j] / pivot;
}

static void copy_products(const struct products *from, double *room, struct products *to)
{
  *to = *from;
  to->m = room;
  memcpy(to->m, from->m, from->size * from->width * sizeof *to->m);
}

/* The work on the variants of one covariance: a, products over the whole series, gives likelihood
   and squares; b, over the rows before the start and bordered by what lies ahead, gives the effect
   and its spread. */
struct work {
  const struct hs_mixture_table *table;
  const struct hs_mixture_bench *bench;
  struct hs_mixture_pass pass;
  struct products a_common, b_common; /* with the columns that variants share */
  struct products a, b;               /* of the variant at hand */
  size_t old_steps;                   /* that are looked for under this covariance */
  double log_mass;                    /* prior of the covariance, and what the pass says of it */
  double df;
  struct hs_mixture_part *parts;
  size_t count;
};

static void load(struct work *work)
{
  const struct hs_mixture_table *table = work->table;
  const struct hs_mixture_bench *bench = work->bench;
  size_t n = table->main_count;
  work->a = (struct products){.m = bench->a_common, .size = n, .width = n + work->old_steps};
  work->b =
      (struct products){.m = bench->b_common, .size = n + 1, .width = n + 1 + work->old_steps};
  for (size_t i = 0; i < n; i++) {
    double *line_a = work->a.m + i * work->a.width;
    double *line_b = work->b.m + i * work->b.width;
    for (size_t j = 0; j < n + work->old_steps; j++) {
      line_a[j] = hs_mixture_product(table, bench->whole, i, j);
      line_b[j < n ? j : j + 1] = hs_mixture_product(table, bench->before, i, j);
    }
    line_b[n] = work->b.m[n * work->b.width + i] = bench->ahead[i];
  }
  double *border = work->b.m + n * work->b.width;
  border[n] = -work->pass.spread;
  for (size_t s = 0; s < work->old_steps; s++) {
    border[n + 1 + s] = bench->ahead[n + s];
    work->a.own[s] = hs_mixture_product(table, bench->whole, n + s, n + s);
    work->b.own[s] = hs_mixture_product(table, bench->before, n + s, n + s);
  }
}

/* Makes what was done so far common to all variants that follow. */
static void share(struct work *work)
{
  work->a_common = work->a;
  work->b_common = work->b;
}

/* Begins a variant from what is common; columns that it does not hold are idle. */
static void begin(struct work *work, const struct hs_mixture_part *part)
{
  copy_products(&work->a_common, work->bench->a, &work->a);
  copy_products(&work->b_common, work->bench->b, &work->b);
  for (size_t c = work->table->season_at; c <= work->table->shape_at; c++)
    if (!hs_mixture_holds(work->table, part, c))
      work->a.is_idle[c] = work->b.is_idle[c] = 1;
}

/* Takes the column at that place into the regression, its prior being added already: −½ log of the
   posterior precision. Before the start the effect's columns are none: their products are 0. */
static double take_in(struct work *work, size_t place)
{
  double pivot = work->a.m[place * work->a.width + place];
  eliminate(&work->a, place);
  if (place == 0 || place > HS_MIXTURE_GROWTH)
    eliminate(&work->b, place);
  else
    work->b.is_idle[place] = 1;
  return -0.5 * log(pivot);
}

static double precision_of(const struct work *work, const struct hs_mixture_part *part, size_t i,
                           size_t j)
{
  return hs_mixture_precision(work->table, &work->pass, part, i, j);
}

static void add_precision(struct work *work, const struct hs_mixture_part *part, size_t i, size_t j)
{
  double precision = precision_of(work, part, i, j);
  work->a.m[i * work->a.width + j] += precision;
  work->b.m[i * work->b.width + j] += precision;
}

static double take_season(struct work *work, const struct hs_mixture_part *part)
{
  const struct hs_mixture_table *table = work->table;
  for (size_t i = table->season_at; i < table->shape_at; i++)
    for (size_t j = table->season_at; j < table->shape_at; j++)
      add_precision(work, part, i, j);
  /* The determinant: |I + 11ᵀ| is count + 1, and the diagonal of I + 11ᵀ is 2. */
  double count = (double)table->season_count;
  double own = precision_of(work, part, table->season_at, table->season_at);
  double log_likelihood = table->is_season_places ? 0.5 * (log(count + 1) + count * log(0.5 * own))
                                                  : 0.5 * count * log(own);
  for (size_t i = table->season_at; i < table->shape_at; i++)
    log_likelihood += take_in(work, i);
  return log_likelihood;
}

static double take_shape(struct work *work, const struct hs_mixture_part *part)
{
  size_t at = work->table->shape_at;
  double precision = precision_of(work, part, at, at);
  add_precision(work, part, at, at);
  return 0.5 * log(precision) + take_in(work, at);
}

/* A series that the columns explain to the last bit still has some noise. */
static double some_noise(const struct work *work, double squares)
{
  size_t y = work->table->outcome_at;
  return fmax(squares, SQUARES_MIN * hs_mixture_product(work->table, work->bench->whole, y, y));
}

static double squares_left(const struct work *work)
{
  size_t y = work->table->outcome_at;
  return some_noise(work, work->a.m[y * work->a.width + y]);
}

static void keep(struct work *work, struct hs_mixture_part part, double log_likelihood)
{
  part.log_weight = work->log_mass + log_likelihood - 0.5 * work->df * log(part.squares);
  work->parts[work->count++] = part;
}

/* A product of a at this stage, less what growth explains of it when the variant holds that. Before
   the start there is no growth, so b needs none of this. */
static double product_at(const struct work *work, const struct hs_mixture_part *part, size_t i,
                         size_t j, double product)
{
  const double *growth = work->a.m + HS_MIXTURE_GROWTH * work->a.width;
  if (!part->has_growth)
    return product;
  double own =
      growth[HS_MIXTURE_GROWTH] + precision_of(work, part, HS_MIXTURE_GROWTH, HS_MIXTURE_GROWTH);
  return product - growth[i] * growth[j] / own;
}

/* One elimination more, of an old step, of which only these figures matter. */
static void keep_with_old_step(struct work *work, struct hs_mixture_part part, size_t s,
                               double log_likelihood)
{
  const struct hs_mixture_table *table = work->table;
  size_t n = table->main_count;
  size_t y = table->outcome_at;
  double precision = 1 / work->pass.old_step_variance[s];
  double own = product_at(work, &part, n + s, n + s, work->a.own[s]) + precision;
  double with_y = product_at(work, &part, y, n + s, work->a.m[y * work->a.width + n + s]);
  double own_before = work->b.own[s] + precision;
  double with_y_before = work->b.m[y * work->b.width + n + 1 + s];
  double ahead = work->b.m[n * work->b.width + n + 1 + s];
  part.shape = HS_MIXTURE_OLD_STEP;
  part.old_step = (uint32_t)table->old_step[s];
  part.squares = some_noise(work, part.squares - with_y * with_y / own);
  part.effect -= with_y_before * ahead / own_before;
  part.spread += ahead * ahead / own_before;
  keep(work, part, log_likelihood + 0.5 * log(precision / own));
}

/* The variant as it stands, by itself and with each old step. */
static void keep_as_it_stands(struct work *work, struct hs_mixture_part part, double log_likelihood)
{
  size_t n = work->table->main_count;
  size_t y = work->table->outcome_at;
  part.squares = some_noise(work, product_at(work, &part, y, y, work->a.m[y * work->a.width + y]));
  part.effect = work->b.m[y * work->b.width + n];
  part.spread = -work->b.m[n * work->b.width + n];
  keep(work, part, log_likelihood);
  for (size_t s = 0; s < work->old_steps && part.shape == HS_MIXTURE_LEVEL; s++)
    keep_with_old_step(work, part, s,
                       log_likelihood + log(HS_MIXTURE_OLD_STEP_MASS /
                                            (HS_MIXTURE_LEVEL_MASS * (double)work->old_steps)));
}

/* A stage of the path through the controls, without and with growth. */
static void keep_stage(struct work *work, struct hs_mixture_part part, double log_likelihood)
{
  if (!work->table->may_grow) {
    keep_as_it_stands(work, part, log_likelihood);
    return;
  }
  double precision = precision_of(work, &part, HS_MIXTURE_GROWTH, HS_MIXTURE_GROWTH);
  double own = work->a.m[HS_MIXTURE_GROWTH * work->a.width + HS_MIXTURE_GROWTH];
  keep_as_it_stands(work, part, log_likelihood + log1p(-HS_MIXTURE_GROWTH_MASS));
  part.has_growth = 1;
  keep_as_it_stands(work, part,
                    log_likelihood + log(HS_MIXTURE_GROWTH_MASS) +
                        0.5 * log(precision / (own + precision)));
}

/* The control that raises the likelihood most, and by how much; SIZE_MAX when none is left. */
static size_t best_control(const struct work *work, const struct hs_mixture_part *part,
                           double squares)
{
  const struct hs_mixture_table *table = work->table;
  const double *a = work->a.m;
  size_t width = work->a.width;
  size_t best = SIZE_MAX;
  double best_gain = -HUGE_VAL;
  for (size_t at = table->control_at; at < table->outcome_at; at++) {
    double precision = precision_of(work, part, at, at);
    if ((part->controls >> (at - table->control_at) & 1) != 0 || precision < NOTHING_LEFT ||
        a[at * width + at] < NOTHING_LEFT * precision)
      continue;
    double own = a[at * width + at] + precision;
    double with = a[at * width + table->outcome_at];
    double left = fmax(1 - with * with / (own * squares), SQUARES_MIN);
    double gain = 0.5 * log(precision / own) - 0.5 * work->df * log(left);
    if (gain > best_gain) {
      best_gain = gain;
      best = at;
    }
  }
  return best;
}

size_t hs_mixture_controls_in_max(const struct hs_mixture_table *table)
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
  keep_stage(work, *part, log_likelihood);
  for (size_t taken = 0; taken < hs_mixture_controls_in_max(table); taken++) {
    size_t at = best_control(work, part, squares_left(work));
    if (at == SIZE_MAX)
      return;
    double precision = precision_of(work, part, at, at);
    part->controls |= (uint64_t)1 << (at - table->control_at);
    add_precision(work, part, at, at);
    log_likelihood += log(inclusion) - log1p(-inclusion) + 0.5 * log(precision);
    log_likelihood += take_in(work, at);
    keep_stage(work, *part, log_likelihood);
  }
}

static void work_out(struct work *work, struct hs_mixture_part part, double log_likelihood)
{
  begin(work, &part);
  if (part.shape != HS_MIXTURE_LEVEL)
    log_likelihood += take_shape(work, &part);
  take_controls(work, &part, log_likelihood);
}

size_t hs_mixture_old_steps(const struct hs_mixture_table *table,
                            const struct hs_mixture_member *member)
{
  int are_looked_for =
      member->kind == HS_MIXTURE_INDEPENDENT || member->kind == HS_MIXTURE_AR_WEAK ||
      member->kind == HS_MIXTURE_WALK_SLOW ||
      (member->kind == HS_MIXTURE_AR_STRONG && member->covariance.phi1 < OLD_STEP_PHI_MAX);
  return are_looked_for ? table->column_count - table->main_count : 0;
}

size_t hs_mixture_variants_max(const struct hs_mixture_table *table)
{
  size_t shapes = HS_MIXTURE_OLD_STEP + table->column_count - table->main_count;
  return 4 * shapes * (hs_mixture_controls_in_max(table) + 1); /* season and growth, each or not */
}

/* What a shape is worth beforehand. A walking slope has to begin somewhere: its variant is the one
   with a trend, whose width the series sets (mixture_prior.c), for a slope that began at 0 would
   mistake a trend for an effect. */
static double shape_mass(enum hs_mixture_kind kind, int shape)
{
  static const double MASS[] = {[HS_MIXTURE_LEVEL] = HS_MIXTURE_LEVEL_MASS,
                                [HS_MIXTURE_SLIGHT] = HS_MIXTURE_SLIGHT_MASS,
                                [HS_MIXTURE_STEEP] = HS_MIXTURE_STEEP_MASS};
  if (kind == HS_MIXTURE_DRIFT)
    return shape == HS_MIXTURE_SLIGHT ? HS_MIXTURE_LEVEL_MASS : 0;
  return MASS[shape];
}

static void shapes_of(struct work *work, const struct hs_mixture_member *member,
                      struct hs_mixture_part part, double log_likelihood)
{
  for (int shape = HS_MIXTURE_LEVEL; shape < HS_MIXTURE_OLD_STEP; shape++) {
    double mass = shape_mass(member->kind, shape);
    if (mass <= 0)
      continue;
    part.shape = (uint8_t)shape;
    work_out(work, part, log_likelihood + log(mass));
  }
}

size_t hs_mixture_variants(const struct hs_mixture_table *table,
                           const struct hs_mixture_member *member, uint32_t index,
                           struct hs_mixture_bench *bench, struct hs_mixture_part *parts)
{
  struct work work = {.table = table, .bench = bench, .parts = parts};
  work.old_steps = hs_mixture_old_steps(table, member);
  hs_mixture_pass_run(table, &member->covariance, table->main_count + work.old_steps, bench,
                      &work.pass);
  work.log_mass = log(member->mass) - 0.5 * work.pass.log_variance;
  work.df = (double)table->seen_count - HS_MIXTURE_FLAT_COUNT;
  struct hs_mixture_part part = {.covariance = index};
  double log_likelihood = 0;
  load(&work);
  for (size_t c = 0; c < HS_MIXTURE_FLAT_COUNT; c++)
    log_likelihood += take_in(&work, c);
  share(&work);
  if (table->season_count == 0) {
    shapes_of(&work, member, part, log_likelihood);
    return work.count;
  }
  shapes_of(&work, member, part, log_likelihood + log1p(-HS_MIXTURE_SEASON_MASS));
  part.has_season = 1;
  work.a = work.a_common;
  work.b = work.b_common;
  log_likelihood += log(HS_MIXTURE_SEASON_MASS) + take_season(&work, &part);
  share(&work);
  shapes_of(&work, member, part, log_likelihood);
  return work.count;
}
