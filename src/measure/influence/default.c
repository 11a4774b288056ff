#include "measure/influence/default.h"

#include <math.h>

#include "measure/influence/controls.h"
#include "measure/influence/grade.h"
#include "measure/influence/mixture.h"
#include "measure/influence/placebo.h"
#include "stats/distribution.h"
#include "stats/random.h"

static const char TOO_SHORT[] = "fewer than 20 figures before the start: how they hang together "
                                "from row to row cannot be seen";
static const char FOOLED[] = "at dates before the start, where nothing began, the method finds "
                             "effects far outside its interval";

/* The controls that are used, and the question that they make. */
struct chosen {
  size_t *index; /* into the input */
  const double **series;
  double *strength;
  struct hs_mixture_question question;
};

static enum hs_status choose(struct hs_arena *arena, const struct hs_influence_input *input,
                             const struct hs_influence_control *controls,
                             int leaves_contaminated_out, struct chosen *chosen, struct hs_err *err)
{
  chosen->index = hs_arena_alloc(arena, input->control_count, sizeof *chosen->index);
  chosen->series = hs_arena_alloc(arena, input->control_count, sizeof *chosen->series);
  chosen->strength = hs_arena_alloc(arena, input->control_count, sizeof *chosen->strength);
  if (chosen->index == NULL || chosen->series == NULL || chosen->strength == NULL)
    return hs_arena_full(arena, "the controls of an influence analysis", err);
  size_t count =
      hs_controls_choose(input, controls, leaves_contaminated_out, chosen->strength, chosen->index);
  for (size_t i = 0; i < count; i++)
    chosen->series[i] = input->controls[chosen->index[i]];
  chosen->question = (struct hs_mixture_question){.outcome = input->outcome,
                                                  .controls = chosen->series,
                                                  .control_count = count,
                                                  .start = input->start,
                                                  .end = input->end,
                                                  .season = input->season};
  return HS_OK;
}

/* One answer: the mixture, its mean, and by how much it is widened about that. */
struct answer {
  struct hs_mixture fit;
  struct hs_t_mixture effect;
  double mean;
  double factor;
};

static enum hs_status answer_question(struct hs_arena *arena,
                                      const struct hs_influence_input *input,
                                      const struct hs_mixture_question *question,
                                      struct hs_influence_placebos *placebos, struct answer *answer,
                                      struct hs_err *err)
{
  double restless = 1;
  enum hs_status status = hs_mixture_fit(arena, question, input->threads, &answer->fit, err);
  if (status == HS_OK)
    status = hs_placebo_run(arena, question, hs_mixture_level_from(&answer->fit), input->level,
                            input->threads, placebos, err);
  if (status == HS_OK)
    status = hs_mixture_restlessness(arena, question, &answer->fit, &restless, err);
  if (status != HS_OK)
    return status;
  answer->effect = hs_mixture_effect(&answer->fit);
  answer->mean = hs_t_mixture_mean(&answer->effect);
  answer->factor = placebos->inflation * restless * hs_mixture_wandering(&answer->fit);
  return HS_OK;
}

static double widened(const struct answer *answer, double p)
{
  double value = hs_t_mixture_quantile(&answer->effect, p);
  return answer->mean + answer->factor * (value - answer->mean);
}

static struct hs_influence_estimate estimate_of(const struct answer *answer, double level)
{
  return (struct hs_influence_estimate){.actual = answer->fit.actual,
                                        .predicted = answer->fit.actual - answer->mean,
                                        .effect = answer->mean,
                                        .sd = answer->factor * hs_t_mixture_sd(&answer->effect),
                                        .low = widened(answer, 0.5 * (1 - level)),
                                        .high = widened(answer, 0.5 * (1 + level))};
}

static struct hs_influence_estimate times(struct hs_influence_estimate one, double count)
{
  return (struct hs_influence_estimate){one.actual * count, one.predicted * count,
                                        one.effect * count, one.sd * count,
                                        one.low * count,    one.high * count};
}

/* An effect e is the share e/(actual − e) of what was predicted with it, which rises with e as long
   as that is above 0. */
static struct hs_influence_estimate share_of(struct hs_influence_estimate one)
{
  const double nan = (double)NAN;
  struct hs_influence_estimate share = {nan, nan, nan, nan, nan, nan};
  if (!(one.predicted > 0))
    return share;
  share.actual = one.actual / one.predicted;
  share.predicted = 1;
  share.effect = one.effect / one.predicted;
  if (one.actual - one.high > 0) {
    share.sd = one.sd * fabs(one.actual) / (one.predicted * one.predicted);
    share.low = one.low / (one.actual - one.low);
    share.high = one.high / (one.actual - one.high);
  }
  return share;
}

static double two_sided(const struct answer *answer)
{
  double at = answer->mean - answer->mean / answer->factor;
  return hs_t_mixture_two_sided(&answer->effect, at);
}

static enum hs_status draw(struct hs_arena *arena, const struct hs_influence_input *input,
                           const struct answer *answer, struct hs_influence_result *out,
                           struct hs_err *err)
{
  struct hs_random rng = hs_random_open(input->seed, HS_INFLUENCE_DEFAULT_STREAM);
  out->effect_draws = hs_arena_alloc_raw(arena, input->draws, sizeof(double));
  if (out->effect_draws == NULL)
    return hs_arena_full(arena, "the draws of an influence analysis", err);
  out->effect_draw_count = input->draws;
  const struct hs_t_mixture *effect = &answer->effect;
  for (size_t d = 0; d < input->draws; d++) {
    double left = hs_random_uniform(&rng);
    size_t part = 0;
    while (part + 1 < effect->count && left >= effect->weight[part])
      left -= effect->weight[part++];
    double shrink = sqrt(hs_random_gamma(&rng, 0.5 * effect->df) / (0.5 * effect->df));
    double value = effect->center[part] + effect->scale[part] * hs_random_normal(&rng) / shrink;
    out->effect_draws[d] = answer->mean + answer->factor * (value - answer->mean);
  }
  return HS_OK;
}

static void fill_series(const struct hs_influence_input *input, const struct hs_mixture_rows *rows,
                        double factor, struct hs_influence_series *series)
{
  double wide = factor * hs_normal_quantile(0.5 * (1 + input->level));
  double sum = 0;
  for (size_t t = 0; t < input->end; t++) {
    double margin = wide * rows->scale[t];
    double actual = input->outcome[t];
    series->predicted[t] = rows->expected[t];
    series->low[t] = rows->expected[t] - margin;
    series->high[t] = rows->expected[t] + margin;
    series->effect[t] = actual - rows->expected[t];
    series->effect_low[t] = actual - series->high[t];
    series->effect_high[t] = actual - series->low[t];
    if (t < input->start)
      continue;
    sum += isnan(actual) ? 0 : actual;
    series->cumulative[t] = sum - rows->total[t];
    series->cumulative_low[t] = series->cumulative[t] - wide * rows->total_scale[t];
    series->cumulative_high[t] = series->cumulative[t] + wide * rows->total_scale[t];
  }
}

static void fill_controls(const struct chosen *chosen, const struct hs_mixture *fit,
                          const struct hs_mixture_rows *rows, struct hs_influence_result *out)
{
  for (size_t c = 0; c < out->control_count; c++)
    out->controls[c].inclusion = out->controls[c].coefficient = 0;
  for (size_t i = 0; i < chosen->question.control_count; i++) {
    struct hs_influence_control *control = &out->controls[chosen->index[i]];
    control->coefficient = rows->coefficient[i];
    for (size_t p = 0; p < fit->part_count; p++)
      if ((fit->part[p].controls >> i & 1) != 0)
        control->inclusion += fit->weight[p];
  }
}

/* A control counts as evidence when it takes part more likely than not. */
static void grade(struct hs_influence_result *out)
{
  struct hs_grade_facts facts = {.placebo_count = out->placebos.count,
                                 .is_passed = hs_placebo_is_passed(&out->placebos, out->level)};
  for (size_t c = 0; c < out->control_count; c++)
    facts.control_count += out->controls[c].inclusion > 0.5 && !out->controls[c].is_contaminated;
  out->grade = hs_grade_of(&facts, &out->grade_because);
}

static enum hs_status tell(struct hs_arena *arena, const struct hs_influence_input *input,
                           const struct chosen *chosen, const struct answer *answer,
                           struct hs_influence_result *out, struct hs_err *err)
{
  struct hs_mixture_rows rows;
  enum hs_status status = hs_mixture_rows(arena, &chosen->question, &answer->fit, &rows, err);
  if (status != HS_OK)
    return status;
  out->level_from = hs_mixture_level_from(&answer->fit);
  fill_series(input, &rows, answer->factor, &out->series);
  fill_controls(chosen, &answer->fit, &rows, out);
  out->average = estimate_of(answer, input->level);
  grade(out);
  if (out->placebos.inflation > HS_INFLUENCE_INFLATION_MAX) {
    out->average.sd = out->average.low = out->average.high = (double)NAN;
    out->refused_because = FOOLED;
  } else {
    out->p = two_sided(answer);
    out->verdict = hs_influence_verdict_of(&out->average);
    status = draw(arena, input, answer, out, err);
  }
  out->cumulative = times(out->average, (double)out->judged_count);
  out->relative = share_of(out->average);
  return status;
}

/* The same with the controls that were left out, for comparison. */
static enum hs_status compare(struct hs_arena *arena, const struct hs_influence_input *input,
                              struct hs_influence_result *out, struct hs_err *err)
{
  size_t contaminated = 0;
  struct chosen all = {0};
  struct answer answer = {0};
  struct hs_influence_placebos placebos;
  for (size_t c = 0; c < out->control_count; c++)
    contaminated += (size_t)out->controls[c].is_contaminated;
  if (contaminated == 0)
    return HS_OK;
  enum hs_status status = choose(arena, input, out->controls, 0, &all, err);
  if (status == HS_OK)
    status = answer_question(arena, input, &all.question, &placebos, &answer, err);
  if (status == HS_OK)
    out->average_with_contaminated = estimate_of(&answer, input->level);
  return status;
}

static int has_history(const struct hs_influence_input *input)
{
  size_t before = 0;
  for (size_t t = 0; t < input->start; t++)
    before += isnan(input->outcome[t]) ? 0 : 1;
  return before >= HS_MIXTURE_BEFORE_MIN;
}

enum hs_status hs_influence_default(struct hs_arena *arena, const struct hs_influence_input *input,
                                    struct hs_influence_result *out, struct hs_err *err)
{
  struct hs_influence_result result;
  struct chosen chosen = {0};
  struct answer answer = {0};
  enum hs_status status = hs_influence_check(input, err);
  if (status == HS_OK)
    status = hs_influence_begin(arena, input, &result, err);
  if (status != HS_OK)
    return status;
  result.mode = HS_INFLUENCE_DEFAULT;
  if (!has_history(input)) {
    result.refused_because = TOO_SHORT;
    grade(&result);
    *out = result;
    return HS_OK;
  }
  status = hs_controls_test(arena, input, result.controls, err);
  if (status == HS_OK)
    status = choose(arena, input, result.controls, 1, &chosen, err);
  if (status == HS_OK)
    status = answer_question(arena, input, &chosen.question, &result.placebos, &answer, err);
  if (status == HS_OK)
    status = tell(arena, input, &chosen, &answer, &result, err);
  if (status == HS_OK)
    status = compare(arena, input, &result, err);
  if (status == HS_OK)
    *out = result;
  return status;
}
