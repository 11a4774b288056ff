/* Priors of a variant's coefficients, local to each covariance.

   A normal prior of a fixed width, in units of the innovations, is kind to weak signals and a lie
   about strong ones: a season of ten deviations, a trend of two a row or a control that explains
   99 in the hundred would pay for its own strength in what is left of the squares, and so widen an
   interval that it ought to narrow, or lose against a random walk. So the width is a floor. Where
   the series itself shows a stronger signal, the prior takes that signal's size: the local
   empirical Bayes of E. I. George and D. P. Foster, "Calibration and empirical Bayes variable
   selection" (Biometrika 87, 2000), one variance for each control, for the season, for the trend
   and for each old step. A coefficient then pays for itself about one σ², as much as the degree of
   freedom that it takes, and log √F in weight.

   The sizes are read off one reference regression by least squares: everything at once, the
   controls by forward selection, and the best old step for σ². */
#include <math.h>
#include <string.h>

#include "measure/influence/mixture_priv.h"

/* Prior variances in units of the variance of an innovation: of an effect's growth over the window,
   and the floors for a season's effects, a slight and a steep trend's rise over the history, an old
   step. */
static const double GROWTH_VARIANCE = 25;
static const double SEASON_VARIANCE = 0.5;
static const double SHAPE_VARIANCE[HS_MIXTURE_SHAPE_COUNT] = {
    [HS_MIXTURE_SLIGHT] = 0.5, [HS_MIXTURE_STEEP] = 16, [HS_MIXTURE_OLD_STEP] = 9};

/* A column of which less than this share is its own takes no part. */
static const double OWN_SHARE_MIN = 1e-9;
/* A series that the columns explain to the last bit still has some noise. */
static const double SQUARES_MIN = 1e-12;

/* The reference regression: the upper lines of an elimination, in the order in which columns came.
 */
struct reference {
  const struct hs_mixture_table *table;
  double *m; /* main_count × width */
  size_t width;
  size_t order[HS_MIXTURE_PLACES_MAX];
  size_t count;
  unsigned char is_in[HS_MIXTURE_PLACES_MAX];
  double diagonal[HS_MIXTURE_PLACES_MAX]; /* before anything was taken in */
  double own[HS_MIXTURE_OLD_STEPS_MAX];
  double theta[HS_MIXTURE_PLACES_MAX];
};

static void load(struct reference *reference, const struct hs_mixture_bench *bench,
                 size_t old_steps)
{
  const struct hs_mixture_table *table = reference->table;
  size_t n = table->main_count;
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < reference->width; j++)
      reference->m[i * reference->width + j] = hs_mixture_product(table, bench->whole, i, j);
    reference->diagonal[i] = reference->m[i * reference->width + i];
  }
  for (size_t s = 0; s < old_steps; s++)
    reference->own[s] = hs_mixture_product(table, bench->whole, n + s, n + s);
}

static int has_own(const struct reference *reference, size_t c)
{
  return reference->m[c * reference->width + c] > OWN_SHARE_MIN * reference->diagonal[c];
}

static void take_in(struct reference *reference, size_t column)
{
  size_t n = reference->table->main_count;
  size_t width = reference->width;
  const double *line = reference->m + column * width;
  if (!has_own(reference, column))
    return;
  reference->is_in[column] = 1;
  reference->order[reference->count++] = column;
  for (size_t i = 0; i < n; i++) {
    if (reference->is_in[i])
      continue;
    double *other = reference->m + i * width;
    double factor = other[column] / line[column];
    for (size_t j = 0; j < width; j++)
      other[j] -= factor * line[j];
  }
  for (size_t j = n; j < width; j++)
    reference->own[j - n] -= line[j] * line[j] / line[column];
}

/* The controls that explain most, one after another. */
static void take_controls(struct reference *reference)
{
  const struct hs_mixture_table *table = reference->table;
  for (size_t taken = 0; taken < hs_mixture_controls_in_max(table); taken++) {
    size_t best = 0;
    double most = 0;
    for (size_t c = table->control_at; c < table->outcome_at; c++) {
      const double *line = reference->m + c * reference->width;
      if (reference->is_in[c] || !has_own(reference, c))
        continue;
      double gain = line[table->outcome_at] * line[table->outcome_at] / line[c];
      if (gain > most) {
        most = gain;
        best = c;
      }
    }
    if (most <= 0)
      return;
    take_in(reference, best);
  }
}

/* Backwards through the lines. */
static void solve(struct reference *reference)
{
  memset(reference->theta, 0, sizeof reference->theta);
  for (size_t k = reference->count; k > 0; k--) {
    size_t column = reference->order[k - 1];
    const double *line = reference->m + column * reference->width;
    double left = line[reference->table->outcome_at];
    for (size_t later = k; later < reference->count; later++)
      left -= line[reference->order[later]] * reference->theta[reference->order[later]];
    reference->theta[column] = left / line[column];
  }
}

/* σ², the best old step taken in where one is looked for. */
static double noise_of(const struct reference *reference, const double *own_before,
                       size_t old_steps)
{
  const struct hs_mixture_table *table = reference->table;
  const double *line = reference->m + table->outcome_at * reference->width;
  double squares = line[table->outcome_at];
  double least = squares;
  for (size_t s = 0; s < old_steps; s++)
    if (reference->own[s] > OWN_SHARE_MIN * own_before[s]) {
      double with = line[table->main_count + s];
      least = fmin(least, squares - with * with / reference->own[s]);
    }
  double df = fmax(1, (double)table->seen_count - (double)reference->count);
  return fmax(least, SQUARES_MIN * reference->diagonal[table->outcome_at]) / df;
}

/* Zellner's g prior with g the number of rows: what one row tells of the coefficient. */
static double control_precision(const struct hs_mixture_table *table,
                                const struct hs_mixture_bench *bench, size_t c)
{
  double with_intercept = hs_mixture_product(table, bench->whole, 0, c);
  double own = hs_mixture_product(table, bench->whole, c, c);
  double alone =
      own - with_intercept * with_intercept / hs_mixture_product(table, bench->whole, 0, 0);
  return fmax(0, alone) / (double)table->seen_count;
}

/* Effects of places, each normal, as contrasts with the last: precision I + 11ᵀ. */
static double season_form(const struct hs_mixture_table *table, size_t i, size_t j)
{
  double own = i == j;
  return table->is_season_places ? 1 + own : own;
}

static double season_variance(const struct reference *reference, double floor, double noise)
{
  const struct hs_mixture_table *table = reference->table;
  double form = 0;
  for (size_t i = table->season_at; i < table->shape_at; i++)
    for (size_t j = table->season_at; j < table->shape_at; j++)
      form += season_form(table, i, j) * reference->theta[i] * reference->theta[j];
  return fmax(floor, form / (noise * (double)table->season_count));
}

/* What each old step would be by itself, squared. */
static void note_old_steps(const struct reference *reference, size_t old_steps, double *squares)
{
  const struct hs_mixture_table *table = reference->table;
  const double *line = reference->m + table->outcome_at * reference->width;
  for (size_t s = 0; s < old_steps; s++) {
    double theta = line[table->main_count + s] / reference->own[s];
    squares[s] = theta * theta;
  }
}

/* The same of each control: it may stand in a variant without the others. */
static void note_controls(const struct reference *reference, double *squares)
{
  const struct hs_mixture_table *table = reference->table;
  for (size_t j = 0; j < table->control_count; j++) {
    size_t c = table->control_at + j;
    const double *line = reference->m + c * reference->width;
    double theta = has_own(reference, c) ? line[table->outcome_at] / line[c] : 0;
    squares[j] = theta * theta;
  }
}

void hs_mixture_prior_make(const struct hs_mixture_table *table,
                           const struct hs_mixture_bench *bench, size_t column_count,
                           struct hs_mixture_pass *pass)
{
  size_t old_steps = column_count - table->main_count;
  struct reference reference = {.table = table, .m = bench->a, .width = column_count};
  double own_before[HS_MIXTURE_OLD_STEPS_MAX];
  load(&reference, bench, old_steps);
  memcpy(own_before, reference.own, sizeof own_before);
  take_in(&reference, 0);
  take_in(&reference, 1);
  note_old_steps(&reference, old_steps, pass->old_step_variance);
  for (size_t c = HS_MIXTURE_GROWTH; c <= table->shape_at; c++)
    take_in(&reference, c);
  note_controls(&reference, pass->control_precision);
  take_controls(&reference);
  solve(&reference);
  double noise = noise_of(&reference, own_before, old_steps);
  double unit = pass->step_variance;
  double growth = reference.theta[HS_MIXTURE_GROWTH];
  pass->growth_variance = fmax(GROWTH_VARIANCE * unit, growth * growth / noise);
  pass->season_variance = season_variance(&reference, SEASON_VARIANCE * unit, noise);
  double trend = reference.theta[table->shape_at];
  for (int shape = HS_MIXTURE_SLIGHT; shape < HS_MIXTURE_OLD_STEP; shape++)
    pass->trend_variance[shape] = fmax(SHAPE_VARIANCE[shape] * unit, trend * trend / noise);
  for (size_t j = 0; j < table->control_count; j++) {
    double theta = reference.theta[table->control_at + j];
    double squares = fmax(pass->control_precision[j], theta * theta);
    double floor = control_precision(table, bench, table->control_at + j);
    pass->control_precision[j] = floor / fmax(1, squares * floor / noise);
  }
  for (size_t s = 0; s < old_steps; s++)
    pass->old_step_variance[s] =
        fmax(SHAPE_VARIANCE[HS_MIXTURE_OLD_STEP] * unit, pass->old_step_variance[s] / noise);
}

static double shape_precision(const struct hs_mixture_table *table,
                              const struct hs_mixture_pass *pass,
                              const struct hs_mixture_part *part)
{
  if (part->shape != HS_MIXTURE_OLD_STEP)
    return 1 / pass->trend_variance[part->shape];
  size_t column = hs_mixture_column(table, part, table->shape_at);
  return 1 / pass->old_step_variance[column - table->main_count];
}

double hs_mixture_precision(const struct hs_mixture_table *table,
                            const struct hs_mixture_pass *pass, const struct hs_mixture_part *part,
                            size_t i, size_t j)
{
  if (i == HS_MIXTURE_GROWTH && j == HS_MIXTURE_GROWTH)
    return 1 / pass->growth_variance;
  if (i < table->season_at || j < table->season_at)
    return 0;
  if (i < table->shape_at && j < table->shape_at)
    return season_form(table, i, j) / pass->season_variance;
  if (i != j)
    return 0;
  return i == table->shape_at ? shape_precision(table, pass, part)
                              : pass->control_precision[i - table->control_at];
}
