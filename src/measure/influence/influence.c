#include "measure/influence/influence.h"

#include <math.h>

const char *hs_grade_name(enum hs_grade grade)
{
  static const char *const NAMES[] = {"A", "B", "C", "D"};
  return NAMES[grade];
}

const char *hs_grade_word(enum hs_grade grade)
{
  static const char *const WORDS[] = {"experiment", "comparison", "model", "indication"};
  return WORDS[grade];
}

const char *hs_grade_meaning(enum hs_grade grade)
{
  static const char *const MEANINGS[] = {
      "randomised",
      "quasi-experiment with clean comparison regions and passed placebos",
      "structural time series with controls and passed placebos",
      "association only: sign and range, never money",
  };
  return MEANINGS[grade];
}

static const char *const MODES[] = {"default", "parity"};

const char *hs_influence_mode_name(enum hs_influence_mode mode) { return MODES[mode]; }

int hs_influence_mode_parse(struct hs_str name, enum hs_influence_mode *out)
{
  for (unsigned mode = 0; mode < sizeof MODES / sizeof *MODES; mode++)
    if (hs_str_equal(name, hs_str_of(MODES[mode]))) {
      *out = (enum hs_influence_mode)mode;
      return 1;
    }
  return 0;
}

const char *hs_influence_verdict_name(enum hs_influence_verdict verdict)
{
  static const char *const NAMES[] = {"refused", "interim", "undetermined", "up", "down"};
  return NAMES[verdict];
}

static enum hs_status check_shape(const struct hs_influence_input *input, struct hs_err *err)
{
  if (input->start < 3)
    return hs_fail(err, HS_INVALID, "there must be at least 3 rows before the start, got %zu",
                   input->start);
  if (input->end <= input->start)
    return hs_fail(err, HS_INVALID, "the window from row %zu to row %zu is empty", input->start + 1,
                   input->end);
  if (input->end > input->count)
    return hs_fail(err, HS_INVALID, "the window ends at row %zu of %zu", input->end, input->count);
  if (!(input->level > 0 && input->level < 1))
    return hs_fail(err, HS_INVALID, "the level must be inside 0 and 1, got %g", input->level);
  if (input->draws < 100)
    return hs_fail(err, HS_INVALID, "draws must be 100 or more, got %u", input->draws);
  if (input->season > HS_INFLUENCE_SEASON_MAX)
    return hs_fail(err, HS_INVALID, "the season must be at most %u rows, got %u",
                   HS_INFLUENCE_SEASON_MAX, input->season);
  return HS_OK;
}

static enum hs_status check_outcome(const struct hs_influence_input *input, struct hs_err *err)
{
  size_t before = 0;
  size_t within = 0;
  double low = (double)INFINITY;
  double high = -(double)INFINITY;
  for (size_t t = 0; t < input->end; t++) {
    if (fabs(input->outcome[t]) > HS_INFLUENCE_FIGURE_MAX)
      return hs_fail(err, HS_INVALID, "the outcome of row %zu is too large: %g", t + 1,
                     input->outcome[t]);
    if (isnan(input->outcome[t]))
      continue;
    if (t >= input->start) {
      within++;
      continue;
    }
    before++;
    low = fmin(low, input->outcome[t]);
    high = fmax(high, input->outcome[t]);
  }
  if (before < 3)
    return hs_fail(err, HS_INVALID,
                   "the outcome needs at least 3 figures before the start, it has %zu", before);
  if (within == 0)
    return hs_fail(err, HS_INVALID, "the outcome has no figure in the window");
  if (!(high - low > 1 / HS_INFLUENCE_FIGURE_MAX))
    return hs_fail(err, HS_INVALID, "the outcome is %g in every row before the start", low);
  return HS_OK;
}

enum hs_status hs_influence_check(const struct hs_influence_input *input, struct hs_err *err)
{
  enum hs_status status = check_shape(input, err);
  if (status == HS_OK)
    status = check_outcome(input, err);
  for (size_t c = 0; c < input->control_count && status == HS_OK; c++)
    for (size_t t = 0; t < input->end && status == HS_OK; t++)
      if (!(fabs(input->controls[c][t]) <= HS_INFLUENCE_FIGURE_MAX)) {
        struct hs_str name =
            input->control_names != NULL ? input->control_names[c] : HS_STR("of this number");
        status = hs_fail(err, HS_INVALID, "control %zu (%.*s) has no usable figure in row %zu",
                         c + 1, HS_STR_ARG(name), t + 1);
      }
  return status;
}

static double *nothing(struct hs_arena *arena, size_t count)
{
  double *values = hs_arena_alloc_raw(arena, count, sizeof *values);
  for (size_t t = 0; values != NULL && t < count; t++)
    values[t] = (double)NAN;
  return values;
}

static int begin_series(struct hs_arena *arena, const struct hs_influence_input *input,
                        struct hs_influence_series *out)
{
  double **const ALL[] = {&out->actual,         &out->predicted,  &out->low,
                          &out->high,           &out->effect,     &out->effect_low,
                          &out->effect_high,    &out->cumulative, &out->cumulative_low,
                          &out->cumulative_high};
  for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
    if ((*ALL[i] = nothing(arena, input->count)) == NULL)
      return 0;
  for (size_t t = 0; t < input->count; t++)
    out->actual[t] = input->outcome[t];
  return 1;
}

enum hs_status hs_influence_begin(struct hs_arena *arena, const struct hs_influence_input *input,
                                  struct hs_influence_result *out, struct hs_err *err)
{
  const double nan = (double)NAN;
  const struct hs_influence_estimate none = {nan, nan, nan, nan, nan, nan};
  struct hs_influence_result result = {
      .grade = HS_GRADE_D,
      .average_with_contaminated = none,
      .average = none,
      .cumulative = none,
      .relative = none,
      .p = nan,
      .placebos = {.false_positive_rate = nan, .rate_low = nan, .rate_high = nan, .inflation = 1},
      .control_count = input->control_count,
      .count = input->count,
      .start = input->start,
      .end = input->end,
      .season = input->season,
      .level = input->level,
      .seed = input->seed};
  result.controls = hs_arena_alloc(arena, input->control_count, sizeof *result.controls);
  if (result.controls == NULL || !begin_series(arena, input, &result.series))
    return hs_arena_full(arena, "the figures of an influence", err);
  for (size_t c = 0; c < input->control_count; c++) {
    if (input->control_names != NULL)
      result.controls[c].name = input->control_names[c];
    result.controls[c].inclusion = result.controls[c].coefficient = nan;
    result.controls[c].p_own_break = result.controls[c].p_holm = nan;
  }
  for (size_t t = input->start; t < input->end; t++)
    result.judged_count += isnan(input->outcome[t]) ? 0 : 1;
  *out = result;
  return HS_OK;
}

double hs_times_to_decide(double effect, double low, double high)
{
  double reach = (effect > 0 ? effect - low : high - effect) / fabs(effect);
  return isnan(low) || isnan(high) ? (double)NAN : fmax(1, reach * reach);
}

enum hs_influence_verdict hs_influence_verdict_of(const struct hs_influence_estimate *average)
{
  if (average->low > 0)
    return HS_INFLUENCE_UP;
  return average->high < 0 ? HS_INFLUENCE_DOWN : HS_INFLUENCE_UNDETERMINED;
}
