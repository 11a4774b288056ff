#include "measure/influence/geo.h"

#include <math.h>
#include <string.h>

#include "measure/influence/geo_priv.h"
#include "stats/conformal.h"
#include "stats/summary.h"

/* Fewer periods before the start than this and nothing can be learned from them. */
#define BEFORE_MIN 4

static const char *const METHOD_NAMES[] = {
    [HS_GEO_SC] = "sc", [HS_GEO_ASCM] = "ascm", [HS_GEO_SDID] = "sdid", [HS_GEO_TBR] = "tbr"};

const char *hs_geo_method_name(enum hs_geo_method method) { return METHOD_NAMES[method]; }

const char *hs_geo_judge_name(enum hs_geo_judge judge)
{
  return judge == HS_GEO_DRIFT ? "drift" : "places";
}

int hs_geo_method_parse(struct hs_str name, enum hs_geo_method *out)
{
  for (size_t m = 0; m < sizeof METHOD_NAMES / sizeof *METHOD_NAMES; m++)
    if (hs_str_equal_ascii_fold(name, hs_str_of(METHOD_NAMES[m]))) {
      *out = (enum hs_geo_method)m;
      return 1;
    }
  return 0;
}

static enum hs_status check_window(const struct hs_geo_input *input, struct hs_err *err)
{
  size_t count = input->panel->period_count;
  if (input->start < BEFORE_MIN || input->start >= count)
    return hs_fail(err, HS_INVALID,
                   "the start must leave %d periods or more before it and one after; it leaves %zu "
                   "of %zu before it",
                   BEFORE_MIN, input->start < count ? input->start : count, count);
  if (!(input->level > 0 && input->level < 1))
    return hs_fail(err, HS_INVALID, "the level must be inside 0 and 1, got %g", input->level);
  if (input->season > HS_INFLUENCE_SEASON_MAX)
    return hs_fail(err, HS_INVALID, "the season must be at most %u periods, got %u",
                   HS_INFLUENCE_SEASON_MAX, input->season);
  if (input->method == HS_GEO_ASCM && !isnan(input->lambda) &&
      !(input->lambda > 0 && isfinite(input->lambda)))
    return hs_fail(err, HS_INVALID, "the penalty lambda must be above 0, got %g", input->lambda);
  return HS_OK;
}

/* Marks a list of units; each may be met once over both lists. */
static enum hs_status mark_units(const struct hs_panel *panel, const size_t *units, size_t count,
                                 unsigned char *is_taken, struct hs_err *err)
{
  for (size_t i = 0; i < count; i++) {
    HS_ASSERT(units[i] < panel->unit_count);
    if (is_taken[units[i]])
      return hs_fail(err, HS_INVALID, "'%.*s' is named twice", HS_STR_ARG(panel->units[units[i]]));
    is_taken[units[i]] = 1;
  }
  return HS_OK;
}

/* The donors as a list of units, into out->donors. */
static enum hs_status list_donors(struct hs_arena *arena, const struct hs_geo_input *input,
                                  struct hs_geo_result *out, struct hs_err *err)
{
  const struct hs_panel *panel = input->panel;
  unsigned char *is_taken = hs_arena_alloc(arena, panel->unit_count, sizeof *is_taken);
  out->donors = hs_arena_alloc(arena, panel->unit_count, sizeof *out->donors);
  if (is_taken == NULL || out->donors == NULL)
    return hs_arena_full(arena, "the regions", err);
  enum hs_status status = mark_units(panel, input->treated, input->treated_count, is_taken, err);
  if (status == HS_OK && input->donors != NULL)
    status = mark_units(panel, input->donors, input->donor_count, is_taken, err);
  if (status != HS_OK)
    return status;
  size_t named = input->donors != NULL ? input->donor_count : panel->unit_count;
  for (size_t i = 0; i < named; i++) {
    size_t unit = input->donors != NULL ? input->donors[i] : i;
    if (input->donors != NULL || !is_taken[unit])
      out->donors[out->donor_count++] = (struct hs_geo_donor){
          .unit = unit, .weight = (double)NAN, .p_own_break = (double)NAN, .p_holm = (double)NAN};
  }
  if (input->treated_count == 0)
    return hs_fail(err, HS_INVALID, "no region is named in which it began");
  if (out->donor_count < (input->method == HS_GEO_SDID ? 2 : 1))
    return hs_fail(err, HS_INVALID, "there are %zu regions to compare with: too few",
                   out->donor_count);
  return HS_OK;
}

static double deviation_before(const double *row, size_t start)
{
  struct hs_summary summary = {0};
  for (size_t k = 0; k < start; k++)
    hs_summary_add(&summary, row[k], 1);
  return hs_summary_deviation(&summary);
}

enum hs_status hs_geo_case_make(struct hs_arena *arena, const struct hs_geo_input *input,
                                const struct hs_geo_result *result, struct hs_geo_case *out,
                                struct hs_err *err)
{
  size_t t = input->panel->period_count;
  struct hs_geo_case of = {.donor_count = result->donor_count,
                           .period_count = t,
                           .start = input->start,
                           .treated_count = input->treated_count};
  of.donors = hs_arena_alloc(arena, of.donor_count * t, sizeof *of.donors);
  of.target = hs_arena_alloc(arena, t, sizeof *of.target);
  if (of.donors == NULL || of.target == NULL)
    return hs_arena_full(arena, "the regions", err);
  for (size_t i = 0; i < of.donor_count; i++)
    memcpy(of.donors + i * t, input->panel->values + result->donors[i].unit * t,
           t * sizeof *of.donors);
  for (size_t k = 0; k < t; k++) {
    for (size_t i = 0; i < input->treated_count; i++)
      of.target[k] += input->panel->values[input->treated[i] * t + k];
    of.target[k] /= (double)input->treated_count;
  }
  if (!(deviation_before(of.target, of.start) > 0))
    return hs_fail(err, HS_INSUFFICIENT, "what is measured never changes before the start");
  *out = of;
  return HS_OK;
}

static double distance(const double *values, size_t count)
{
  double squares = 0;
  for (size_t k = 0; k < count; k++)
    squares += values[k] * values[k];
  return sqrt(squares);
}

/* What a method leaves behind: the effect by period, and the test that goes with it. */
struct work {
  const struct hs_geo_input *input;
  struct hs_geo_case of;
  double *gap;             /* the same for the second view, where it was not fitted */
  double *effect;          /* period_count; before the start it is what the fit leaves */
  struct hs_geo_fit whole; /* on all periods, for the test */
  hs_residuals_fn residuals;
  void *context;
};

static enum hs_status test_by_fit(struct hs_arena *arena, struct work *work,
                                  const struct hs_geo_fit_how *how, double lambda,
                                  struct hs_err *err)
{
  enum hs_status status = hs_geo_fit_make(arena, &work->of, how, &work->whole, err);
  if (status == HS_OK && lambda > 0)
    status = hs_geo_fit_augment(arena, &work->whole, lambda, err);
  work->residuals = hs_geo_fit_at;
  work->context = &work->whole;
  return status;
}

/* sc, and ascm when there is a penalty. */
static enum hs_status run_weighted(struct hs_arena *arena, struct work *work,
                                   struct hs_geo_result *out, struct hs_err *err)
{
  struct hs_geo_fit fit;
  int is_augmented = work->input->method == HS_GEO_ASCM;
  struct hs_geo_fit_how how = {.count = work->of.start,
                               .has_fixed_effects = !work->input->without_fixed_effects};
  enum hs_status status = hs_geo_fit_make(arena, &work->of, &how, &fit, err);
  if (is_augmented)
    out->lambda = work->input->lambda;
  if (status == HS_OK && is_augmented && isnan(out->lambda))
    status = hs_geo_ridge_lambda(arena, &fit, &out->lambda, &out->is_lambda_at_end, err);
  if (status == HS_OK)
    status = hs_geo_fit_solve(&fit, 0, err);
  if (status == HS_OK && is_augmented)
    status = hs_geo_fit_augment(arena, &fit, out->lambda, err);
  if (status != HS_OK)
    return status;
  hs_geo_fit_residuals(&fit, 0, work->effect);
  for (size_t i = 0; i < out->donor_count; i++)
    out->donors[i].weight = fit.w[i] + (is_augmented ? fit.extra[i] : 0);
  out->l2_uniform = distance(fit.y, work->of.start);
  how.count = work->of.period_count;
  double lambda = is_augmented ? out->lambda : 0;
  status = hs_geo_cross_gap(arena, &fit, lambda, work->gap, err);
  return status == HS_OK ? test_by_fit(arena, work, &how, lambda, err) : status;
}

static enum hs_status add_sdid_errors(struct hs_arena *arena, const struct work *work,
                                      const struct hs_geo_sdid *fit, struct hs_geo_result *out,
                                      struct hs_err *err)
{
  const struct hs_geo_input *input = work->input;
  size_t t = work->of.period_count;
  double *treated = hs_arena_alloc(arena, input->treated_count * t, sizeof *treated);
  if (treated == NULL)
    return hs_arena_full(arena, "the treated regions", err);
  for (size_t i = 0; i < input->treated_count; i++)
    memcpy(treated + i * t, input->panel->values + input->treated[i] * t, t * sizeof *treated);
  return hs_geo_sdid_errors(arena, &work->of, treated, fit, input->replicates, input->seed,
                            &out->errors, err);
}

static enum hs_status run_sdid(struct hs_arena *arena, struct work *work, struct hs_geo_result *out,
                               struct hs_err *err)
{
  size_t t = work->of.period_count;
  struct hs_geo_sdid fit = {0};
  struct hs_geo_fit units;
  struct hs_geo_fit_how how = {.count = work->of.start, .has_fixed_effects = 1};
  enum hs_status status = hs_geo_sdid_fit(arena, &work->of, 0, &fit, err);
  how.ridge = fit.penalty * (double)work->of.start;
  if (status == HS_OK)
    status = hs_geo_fit_make(arena, &work->of, &how, &units, err);
  if (status == HS_OK)
    status = hs_geo_fit_solve(&units, 0, err);
  if (status == HS_OK)
    status = hs_geo_cross_gap(arena, &units, 0, work->gap, err);
  if (status != HS_OK)
    return status;
  for (size_t k = 0; k < t; k++) {
    work->effect[k] = work->of.target[k] - fit.offset;
    for (size_t i = 0; i < out->donor_count; i++)
      work->effect[k] -= fit.unit_weights[i] * work->of.donors[i * t + k];
  }
  for (size_t i = 0; i < out->donor_count; i++)
    out->donors[i].weight = fit.unit_weights[i];
  out->time_weights = fit.time_weights;
  out->l2_uniform = distance(units.y, work->of.start);
  how =
      (struct hs_geo_fit_how){.count = t, .has_fixed_effects = 1, .ridge = fit.penalty * (double)t};
  status = add_sdid_errors(arena, work, &fit, out, err);
  return status == HS_OK ? test_by_fit(arena, work, &how, 0, err) : status;
}

static enum hs_status run_tbr(struct work *work, struct hs_geo_result *out, struct hs_err *err)
{
  work->residuals = hs_geo_tbr_at;
  work->context = &work->of;
  enum hs_status status =
      hs_geo_tbr_fit(&work->of, work->input->level, &out->errors, work->effect, err);
  memcpy(work->gap, work->effect, work->of.period_count * sizeof *work->gap);
  out->l2_uniform =
      deviation_before(work->of.target, work->of.start) * sqrt((double)(work->of.start - 1));
  return status;
}

static enum hs_status run_method(struct hs_arena *arena, struct work *work,
                                 struct hs_geo_result *out, struct hs_err *err)
{
  switch (work->input->method) {
  case HS_GEO_SC:
  case HS_GEO_ASCM:
    return run_weighted(arena, work, out, err);
  case HS_GEO_SDID:
    return run_sdid(arena, work, out, err);
  case HS_GEO_TBR:
    return run_tbr(work, out, err);
  }
  return HS_OK;
}

/* What the treated gained on the mean of all donors. */
static double plain_difference(const struct hs_geo_case *of)
{
  double before = (double)of->start;
  double after = (double)(of->period_count - of->start);
  double difference = 0;
  for (size_t k = 0; k < of->period_count; k++) {
    double others = 0;
    for (size_t i = 0; i < of->donor_count; i++)
      others += of->donors[i * of->period_count + k] / (double)of->donor_count;
    double part = k < of->start ? -1 / before : 1 / after;
    difference += part * (of->target[k] - others);
  }
  return difference;
}

static void add_figures(const struct work *work, struct hs_geo_result *out)
{
  size_t t = work->of.period_count;
  size_t start = work->of.start;
  double after = (double)(t - start);
  double gap = 0; /* of sdid the fit is judged without its constant, as of the others */
  memcpy(out->actual, work->of.target, t * sizeof *out->actual);
  for (size_t k = 0; k < t; k++) {
    out->predicted_series[k] = work->of.target[k] - work->effect[k];
    if (k >= start) {
      out->att += work->effect[k] / after;
      out->predicted += out->predicted_series[k] / after;
    } else {
      gap += work->effect[k] / (double)start;
    }
  }
  for (size_t k = 0; k < start; k++) {
    double left = work->effect[k] - (work->input->method == HS_GEO_SDID ? gap : 0);
    out->l2 += left * left;
  }
  out->l2 = sqrt(out->l2);
  out->plain = plain_difference(&work->of);
  if (out->predicted > 0)
    out->lift = out->att / out->predicted;
}

static void refuse(struct hs_geo_result *out, const char *because)
{
  out->verdict = HS_INFLUENCE_REFUSED;
  out->refused_because = because;
  out->low = out->high = (double)NAN;
}

static void add_verdict(const struct hs_conformal *test, struct hs_geo_result *out)
{
  double cells = (double)((out->period_count - out->start) * out->treated_count);
  const struct hs_geo_view *view = out->judge == HS_GEO_DRIFT ? &out->drift : &out->places;
  /* No p below the resolution is told, whoever judges: the test promises none. */
  out->p = fmax(view->p, test->resolution);
  out->low = view->low;
  out->high = view->high;
  if (!test->is_decidable)
    refuse(out, "not decidable at this level: the test resolves no finer than one period in all, "
                "and there are too few");
  else if (!isfinite(view->low) || !isfinite(view->high))
    refuse(out, "the other regions can repeat an effect of any size: nothing bounds it");
  else if (out->low > 0)
    out->verdict = HS_INFLUENCE_UP;
  else if (out->high < 0)
    out->verdict = HS_INFLUENCE_DOWN;
  else
    out->verdict = HS_INFLUENCE_UNDETERMINED;
  out->incremental = out->att * cells;
  out->incremental_low = out->low * cells;
  out->incremental_high = out->high * cells;
}

static enum hs_status add_test(struct hs_arena *arena, const struct work *work,
                               struct hs_geo_result *out, struct hs_err *err)
{
  struct hs_conformal found;
  const struct hs_conformal_test test = {
      .count = work->of.period_count,
      .after_count = work->of.period_count - work->of.start,
      .level = work->input->level,
      .from = out->att,
      .scale = deviation_before(work->of.target, work->of.start),
      .residuals = work->residuals,
      .context = work->context,
  };
  enum hs_status status = hs_conformal_run(arena, &test, &found, err);
  if (status == HS_OK)
    status = hs_geo_look_for_drift(arena, work->input, work->gap, out, err);
  if (status != HS_OK)
    return status;
  out->places = (struct hs_geo_view){.p = found.p, .low = found.low, .high = found.high};
  out->p_resolution = found.resolution;
  out->windows = found.windows;
  out->piece_count = found.piece_count;
  add_verdict(&found, out);
  hs_geo_find_overturn(work->gap, out);
  return HS_OK;
}

static struct hs_geo_result begin(const struct hs_geo_input *input)
{
  return (struct hs_geo_result){
      .method = input->method,
      .grade = HS_GRADE_D,
      .grade_because = "nothing was checked",
      .level = input->level,
      .lambda = (double)NAN,
      .lift = (double)NAN,
      .errors = {.placebo = (double)NAN,
                 .jackknife = (double)NAN,
                 .slope = (double)NAN,
                 .intercept = (double)NAN,
                 .regression = (double)NAN,
                 .df = (double)NAN,
                 .leverage = 1,
                 .classic_low = (double)NAN,
                 .classic_high = (double)NAN},
      .drift = {.p = (double)NAN, .low = (double)NAN, .high = (double)NAN},
      .judge = HS_GEO_PLACES,
      .wandering = (double)NAN,
      .louder = 1,
      .overturn = {.drift = (double)NAN, .steepest = (double)NAN},
      .clean = {.att = (double)NAN,
                .low = (double)NAN,
                .high = (double)NAN,
                .p = (double)NAN,
                .l2 = (double)NAN},
      .treated_count = input->treated_count,
      .period_count = input->panel->period_count,
      .start = input->start,
  };
}

enum hs_status hs_geo_estimate_run(struct hs_arena *arena, const struct hs_geo_input *input,
                                   struct hs_geo_result *out, struct hs_err *err)
{
  struct hs_geo_result result = begin(input);
  struct work work = {.input = input};
  enum hs_status status = check_window(input, err);
  if (status == HS_OK)
    status = list_donors(arena, input, &result, err);
  if (status == HS_OK)
    status = hs_geo_case_make(arena, input, &result, &work.of, err);
  if (status != HS_OK)
    return status;
  size_t t = result.period_count;
  work.effect = hs_arena_alloc(arena, t, sizeof *work.effect);
  work.gap = hs_arena_alloc(arena, t, sizeof *work.gap);
  result.actual = hs_arena_alloc(arena, t, sizeof *result.actual);
  result.predicted_series = hs_arena_alloc(arena, t, sizeof *result.predicted_series);
  if (work.effect == NULL || work.gap == NULL || result.actual == NULL ||
      result.predicted_series == NULL)
    return hs_arena_full(arena, "the effect by period", err);
  status = run_method(arena, &work, &result, err);
  if (status != HS_OK)
    return status;
  add_figures(&work, &result);
  status = add_test(arena, &work, &result, err);
  if (status == HS_OK)
    *out = result;
  return status;
}

enum hs_status hs_geo_run(struct hs_arena *arena, const struct hs_geo_input *input,
                          struct hs_geo_result *out, struct hs_err *err)
{
  struct hs_geo_result result;
  enum hs_status status = hs_geo_estimate_run(arena, input, &result, err);
  if (status == HS_OK && !input->without_checks)
    status = hs_geo_check_facts(arena, input, &result, err);
  if (status == HS_OK)
    *out = result;
  return status;
}
