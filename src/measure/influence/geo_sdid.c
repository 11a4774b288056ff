/* Synthetic difference-in-differences, algorithms 1 (the estimate), 3 (jackknife) and 4 (placebo)
   of Arkhangelsky and others (2021), with weights that minimise exactly: the published program
   stops its Frank-Wolfe search earlier, which on its own example is a difference in the fourth
   digit.

   Unit weights are those of a synthetic control with fixed effects and a penalty ζ² T₀ on their
   squares; time weights are the same programme on the panel turned round, where periods before the
   start stand for units, donors for periods, and the donors' mean after the start for the treated.

   Glossary: σ standard deviation of the donors' first differences before the start, ζ = (N₁T₁)^¼ σ
   for units and 10⁻⁶ σ for times (10⁻³ σ where there are more of them than donors), N₁ treated
   units, T₁ periods from the start on. */
#include <math.h>
#include <string.h>

#include "measure/influence/geo_priv.h"
#include "stats/random.h"

#define TIME_PENALTY 1e-6
/* With more periods than donors it is the penalty alone that decides between weights that fit
   alike, and the published one is below what double precision resolves: others of the same fit came
   out with every order of the rows. */
#define TIME_PENALTY_WIDE 1e-3

static double mean_of(const double *values, size_t count)
{
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += values[i];
  return sum / (double)count;
}

/* σ: over all donors and periods together, as the program's default. */
static double find_noise(const struct hs_geo_case *of)
{
  size_t count = of->donor_count * (of->start - 1);
  double mean = 0;
  double squares = 0;
  for (size_t i = 0; i < of->donor_count; i++) {
    const double *row = of->donors + i * of->period_count;
    mean += (row[of->start - 1] - row[0]) / (double)count;
  }
  for (size_t i = 0; i < of->donor_count; i++) {
    const double *row = of->donors + i * of->period_count;
    for (size_t k = 1; k < of->start; k++)
      squares += (row[k] - row[k - 1] - mean) * (row[k] - row[k - 1] - mean);
  }
  return sqrt(squares / (double)(count - 1));
}

static enum hs_status find_weights(struct hs_arena *arena, const struct hs_geo_case *of,
                                   size_t count, double ridge, double *out, struct hs_err *err)
{
  struct hs_geo_fit fit;
  const struct hs_geo_fit_how how = {.count = count, .has_fixed_effects = 1, .ridge = ridge};
  enum hs_status status = hs_geo_fit_make(arena, of, &how, &fit, err);
  if (status == HS_OK)
    status = hs_geo_fit_solve(&fit, 0, err);
  if (status == HS_OK)
    memcpy(out, fit.w, of->donor_count * sizeof *out);
  return status;
}

/* The panel turned round. */
static enum hs_status turn(struct hs_arena *arena, const struct hs_geo_case *of,
                           struct hs_geo_case *out, struct hs_err *err)
{
  size_t t = of->period_count;
  struct hs_geo_case turned = {
      .donor_count = of->start, .period_count = of->donor_count, .start = of->donor_count};
  turned.donors = hs_arena_alloc(arena, of->start * of->donor_count, sizeof *turned.donors);
  turned.target = hs_arena_alloc(arena, of->donor_count, sizeof *turned.target);
  if (turned.donors == NULL || turned.target == NULL)
    return hs_arena_full(arena, "weights of periods", err);
  for (size_t i = 0; i < of->donor_count; i++) {
    turned.target[i] = mean_of(of->donors + i * t + of->start, t - of->start);
    for (size_t k = 0; k < of->start; k++)
      turned.donors[k * of->donor_count + i] = of->donors[i * t + k];
  }
  *out = turned;
  return HS_OK;
}

/* What a series gained from before the start, by the time weights, to after it. */
static double gain(const struct hs_geo_case *of, const double *row, const double *time_weights)
{
  double before = 0;
  for (size_t k = 0; k < of->start; k++)
    before += time_weights[k] * row[k];
  return mean_of(row + of->start, of->period_count - of->start) - before;
}

static double gap_before(const struct hs_geo_case *of, const struct hs_geo_sdid *fit)
{
  double gap = 0;
  for (size_t k = 0; k < of->start; k++) {
    double others = 0;
    for (size_t i = 0; i < of->donor_count; i++)
      others += fit->unit_weights[i] * of->donors[i * of->period_count + k];
    gap += fit->time_weights[k] * (of->target[k] - others);
  }
  return gap;
}

static void find_att(const struct hs_geo_case *of, struct hs_geo_sdid *fit)
{
  fit->att = gain(of, of->target, fit->time_weights);
  for (size_t i = 0; i < of->donor_count; i++)
    fit->att -=
        fit->unit_weights[i] * gain(of, of->donors + i * of->period_count, fit->time_weights);
  fit->offset = gap_before(of, fit);
}

enum hs_status hs_geo_sdid_fit(struct hs_arena *arena, const struct hs_geo_case *of, double noise,
                               struct hs_geo_sdid *out, struct hs_err *err)
{
  struct hs_geo_sdid fit = {.noise = noise > 0 ? noise : find_noise(of)};
  struct hs_geo_case turned;
  double treated_cells = (double)(of->treated_count * (of->period_count - of->start));
  double zeta = (of->start < of->donor_count ? TIME_PENALTY : TIME_PENALTY_WIDE) * fit.noise;
  fit.unit_weights = hs_arena_alloc(arena, of->donor_count, sizeof *fit.unit_weights);
  fit.time_weights = hs_arena_alloc(arena, of->start, sizeof *fit.time_weights);
  if (fit.unit_weights == NULL || fit.time_weights == NULL)
    return hs_arena_full(arena, "weights", err);
  size_t mark = hs_arena_mark(arena);
  fit.penalty = sqrt(treated_cells) * fit.noise * fit.noise;
  enum hs_status status =
      find_weights(arena, of, of->start, fit.penalty * (double)of->start, fit.unit_weights, err);
  if (status == HS_OK)
    status = turn(arena, of, &turned, err);
  if (status == HS_OK)
    status = find_weights(arena, &turned, of->donor_count, zeta * zeta * (double)of->donor_count,
                          fit.time_weights, err);
  hs_arena_reset(arena, mark);
  if (status != HS_OK)
    return status;
  find_att(of, &fit);
  *out = fit;
  return HS_OK;
}

/* A case in which some donors, those that `order` names last, stand for the treated. */
static void pretend(const struct hs_geo_case *of, const size_t *order, struct hs_geo_case *out)
{
  size_t t = of->period_count;
  for (size_t i = 0; i < out->donor_count; i++)
    memcpy(out->donors + i * t, of->donors + order[i] * t, t * sizeof *out->donors);
  for (size_t k = 0; k < t; k++) {
    double sum = 0;
    for (size_t i = out->donor_count; i < of->donor_count; i++)
      sum += of->donors[order[i] * t + k];
    out->target[k] = sum / (double)of->treated_count;
  }
}

static void swap(size_t *order, size_t i, size_t j)
{
  size_t kept = order[i];
  order[i] = order[j];
  order[j] = kept;
}

/* The last entries of order become the pretended treated: donor r when every donor has its turn, a
   draw without replacement from stream r otherwise. */
static void choose(size_t *order, const struct hs_geo_case *of, int every, uint64_t seed, size_t r)
{
  struct hs_random rng = hs_random_open(seed, r);
  for (size_t i = 0; i < of->donor_count; i++)
    order[i] = i;
  if (every)
    swap(order, r, of->donor_count - 1);
  for (size_t k = 0; !every && k < of->treated_count; k++) {
    size_t last = of->donor_count - 1 - k;
    swap(order, last, hs_random_below(&rng, (uint32_t)(last + 1)));
  }
}

static double standard_deviation(const double *values, size_t count, double divisor)
{
  double mean = mean_of(values, count);
  double squares = 0;
  for (size_t i = 0; i < count; i++)
    squares += (values[i] - mean) * (values[i] - mean);
  return sqrt(squares / divisor);
}

/* With one treated unit there are only as many placebos as donors: then each is taken once. */
static enum hs_status placebo_error(struct hs_arena *arena, const struct hs_geo_case *of,
                                    const struct hs_geo_sdid *fit, size_t replicates, uint64_t seed,
                                    struct hs_geo_errors *out, struct hs_err *err)
{
  size_t n = of->donor_count;
  struct hs_geo_case pretended = *of;
  int every = of->treated_count == 1 && n <= replicates;
  size_t count = every ? n : replicates;
  pretended.donor_count = n - of->treated_count;
  pretended.donors = hs_arena_alloc(arena, n * of->period_count, sizeof(double));
  pretended.target = hs_arena_alloc(arena, of->period_count, sizeof(double));
  size_t *order = hs_arena_alloc(arena, n, sizeof *order);
  double *effects = hs_arena_alloc(arena, count, sizeof *effects);
  if (pretended.donors == NULL || pretended.target == NULL || order == NULL || effects == NULL)
    return hs_arena_full(arena, "placebo replicates", err);
  size_t mark = hs_arena_mark(arena);
  for (size_t r = 0; r < count; r++) {
    struct hs_geo_sdid placebo;
    choose(order, of, every, seed, r);
    pretend(of, order, &pretended);
    enum hs_status status = hs_geo_sdid_fit(arena, &pretended, fit->noise, &placebo, err);
    hs_arena_reset(arena, mark);
    if (status != HS_OK)
      return status;
    effects[r] = placebo.att;
  }
  out->placebo = standard_deviation(effects, count, (double)count);
  out->placebo_count = count;
  out->is_every_placebo = every;
  return HS_OK;
}

/* The estimate without one donor, the others' weights made to sum to 1 again. */
static double without_donor(const struct hs_geo_case *of, const struct hs_geo_sdid *fit, double all,
                            size_t left)
{
  double kept = 1 - fit->unit_weights[left];
  double lost =
      fit->unit_weights[left] * gain(of, of->donors + left * of->period_count, fit->time_weights);
  double others = all - (fit->att + lost);
  return all - (others / kept);
}

/* Algorithm 3: weights as they are, one unit left out at a time. There is none for one treated
   unit, nor where one donor carries all the weight. */
static enum hs_status jackknife_error(struct hs_arena *arena, const struct hs_geo_case *of,
                                      const double *treated, const struct hs_geo_sdid *fit,
                                      struct hs_geo_errors *out, struct hs_err *err)
{
  size_t n = of->donor_count + of->treated_count;
  double *effects = hs_arena_alloc(arena, n, sizeof *effects);
  double all = gain(of, of->target, fit->time_weights);
  double others = all - fit->att;
  double many = (double)of->treated_count;
  if (effects == NULL)
    return hs_arena_full(arena, "the jackknife", err);
  for (size_t i = 0; i < of->donor_count; i++) {
    if (of->treated_count < 2 || fit->unit_weights[i] >= 1)
      return HS_OK;
    effects[i] = without_donor(of, fit, all, i);
  }
  for (size_t i = 0; i < of->treated_count; i++) {
    double own = gain(of, treated + i * of->period_count, fit->time_weights);
    effects[of->donor_count + i] = (many * all - own) / (many - 1) - others;
  }
  out->jackknife = standard_deviation(effects, n, (double)n / (double)(n - 1));
  return HS_OK;
}

enum hs_status hs_geo_sdid_errors(struct hs_arena *arena, const struct hs_geo_case *of,
                                  const double *treated, const struct hs_geo_sdid *fit,
                                  size_t replicates, uint64_t seed, struct hs_geo_errors *out,
                                  struct hs_err *err)
{
  size_t mark = hs_arena_mark(arena);
  enum hs_status status = jackknife_error(arena, of, treated, fit, out, err);
  if (status == HS_OK && replicates > 1 && of->donor_count > of->treated_count + 1)
    status = placebo_error(arena, of, fit, replicates, seed, out, err);
  hs_arena_reset(arena, mark);
  return status;
}
