#include "measure/influence/placebo.h"

#include <math.h>

#include "stats/distribution.h"

/* As many dates without surprise as are taken for granted: chosen on simulated series
   (docs/calibration/influence.md). */
#define GRANTED 10.0
/* A deviate is cut off here: one wild date is one wild date. */
#define DEVIATE_MAX 6.0
#define HALVINGS 60

struct hs_placebo_plan hs_placebo_plan(size_t start, size_t end)
{
  struct hs_placebo_plan plan = {0};
  size_t window = end - start;
  plan.length = start >= 6 * window ? window : (window + 1) / 2;
  size_t first = 2 * start / 5;
  if (first < HS_MIXTURE_BEFORE_MIN)
    first = HS_MIXTURE_BEFORE_MIN;
  if (first + plan.length > start)
    return plan;
  size_t last = start - plan.length;
  plan.count = 1 + 2 * (last - first) / (plan.length + 1);
  if (plan.count > HS_PLACEBO_DATES_MAX)
    plan.count = HS_PLACEBO_DATES_MAX;
  for (size_t i = 0; i < plan.count; i++)
    plan.start[i] = plan.count == 1 ? last : first + i * (last - first) / (plan.count - 1);
  return plan;
}

/* P(X ≤ k) of count trials is I_{1−p}(count − k, k + 1); the p at which it is wanted. */
static double binomial_bound(size_t count, size_t k, double wanted)
{
  double low = 0;
  double high = 1;
  for (int i = 0; i < HALVINGS; i++) {
    double p = 0.5 * (low + high);
    if (hs_beta_regularized(1 - p, (double)(count - k), (double)k + 1) > wanted)
      low = p;
    else
      high = p;
  }
  return 0.5 * (low + high);
}

static void bound_rate(size_t found, size_t count, struct hs_influence_placebos *out)
{
  if (count == 0)
    return;
  out->rate_low = found == 0 ? 0 : binomial_bound(count, found - 1, 0.975);
  out->rate_high = found == count ? 1 : binomial_bound(count, found, 0.025);
}

static int has_enough(const struct hs_mixture_question *question)
{
  size_t before = 0;
  size_t within = 0;
  double first = (double)NAN;
  int varies = 0;
  for (size_t t = 0; t < question->end; t++) {
    double value = question->outcome[t];
    if (isnan(value))
      continue;
    within += t >= question->start;
    before += t < question->start;
    first = isnan(first) ? value : first;
    varies = varies || (t < question->start && value != first);
  }
  return before >= HS_MIXTURE_BEFORE_MIN && within > 0 && varies;
}

/* Something did happen in the window, or so shortly before that the method cannot know of it. */
static int is_at_step(const struct hs_mixture_question *question, size_t level_from)
{
  return level_from > 0 && level_from < question->end &&
         level_from + HS_MIXTURE_OLD_STEP_MARGIN > question->start;
}

static enum hs_status deviate_at(struct hs_arena *arena, const struct hs_mixture_question *question,
                                 size_t threads, double *z, struct hs_err *err)
{
  struct hs_mixture fit;
  size_t mark = hs_arena_mark(arena);
  enum hs_status status = hs_mixture_fit(arena, question, threads, &fit, err);
  if (status != HS_OK)
    return status;
  struct hs_t_mixture effect = hs_mixture_effect(&fit);
  double edge = hs_normal_cdf(-DEVIATE_MAX);
  double below = hs_t_mixture_cdf(&effect, 0);
  *z = hs_normal_quantile(fmin(1 - edge, fmax(edge, below)));
  hs_arena_reset(arena, mark);
  return HS_OK;
}

enum hs_status hs_placebo_run(struct hs_arena *arena, const struct hs_mixture_question *question,
                              size_t level_from, double level, size_t threads,
                              struct hs_influence_placebos *out, struct hs_err *err)
{
  struct hs_placebo_plan plan = hs_placebo_plan(question->start, question->end);
  double limit = -hs_normal_quantile(0.5 * (1 - level));
  double squares = 0;
  size_t found = 0;
  size_t found_disjoint = 0;
  size_t free_from = 0;
  const double nan = (double)NAN;
  *out = (struct hs_influence_placebos){
      .false_positive_rate = nan, .rate_low = nan, .rate_high = nan, .inflation = 1};
  for (size_t i = 0; i < plan.count; i++) {
    struct hs_mixture_question earlier = *question;
    double z = 0;
    earlier.start = plan.start[i];
    earlier.end = plan.start[i] + plan.length;
    if (!has_enough(&earlier) || is_at_step(&earlier, level_from))
      continue;
    enum hs_status status = deviate_at(arena, &earlier, threads, &z, err);
    if (status != HS_OK)
      return status;
    int is_found = fabs(z) > limit;
    int is_disjoint = earlier.start >= free_from;
    squares += z * z;
    out->count++;
    found += (size_t)is_found;
    out->disjoint += (uint32_t)is_disjoint;
    found_disjoint += (size_t)(is_disjoint && is_found);
    free_from = is_disjoint ? earlier.end : free_from;
  }
  if (out->count == 0)
    return HS_OK;
  out->false_positive_rate = (double)found / out->count;
  out->inflation = sqrt((GRANTED + squares) / (GRANTED + out->count));
  bound_rate(found_disjoint, out->disjoint, out);
  return HS_OK;
}

int hs_placebo_is_passed(const struct hs_influence_placebos *placebos, double level)
{
  return placebos->count > 0 && placebos->rate_low <= 1 - level;
}
