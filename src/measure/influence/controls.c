#include "measure/influence/controls.h"

#include <math.h>

#include "measure/influence/mixture.h"
#include "stats/multiple.h"

/* Other controls that a control is held against: those most like it. */
#define OTHERS_MAX 4
/* Below this a p is as good as none. */
#define P_MIN 1e-300

/* Squared correlation of the changes from row to row before the start: levels that drift apart by
   chance correlate, their changes do not. 0 where either does not vary. */
static double likeness(const double *x, const double *y, size_t start)
{
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (size_t t = 1; t < start; t++) {
    double dx = x[t] - x[t - 1];
    double dy = y[t] - y[t - 1];
    if (isnan(dx) || isnan(dy))
      continue;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xx > 0 && yy > 0 ? xy * xy / (xx * yy) : 0;
}

static int varies(const double *x, size_t start)
{
  for (size_t t = 1; t < start; t++)
    if (x[t] != x[0])
      return 1;
  return 0;
}

size_t hs_controls_choose(const struct hs_influence_input *input,
                          const struct hs_influence_control *controls, int leaves_contaminated_out,
                          double *strength, size_t *index)
{
  size_t count = 0;
  for (size_t c = 0; c < input->control_count; c++) {
    if ((leaves_contaminated_out && controls[c].is_contaminated) ||
        !varies(input->controls[c], input->start))
      continue;
    strength[count] = likeness(input->controls[c], input->outcome, input->start);
    index[count++] = c;
  }
  while (count > HS_CONTROLS_LOOKED_AT_MAX) {
    size_t weakest = 0;
    for (size_t i = 1; i < count; i++)
      weakest = strength[i] < strength[weakest] ? i : weakest;
    for (size_t i = weakest; i + 1 < count; i++) {
      strength[i] = strength[i + 1];
      index[i] = index[i + 1];
    }
    count--;
  }
  return count;
}

struct test {
  const struct hs_influence_input *input;
  size_t *index; /* of the controls that are still in */
  size_t count;
  double *p, *adjusted, *strength;
  size_t *order;
};

/* The controls most like that one, of those that are still in. */
static size_t find_others(const struct test *test, size_t which, const double **others)
{
  const double *const *series = test->input->controls;
  const double *one = series[test->index[which]];
  size_t found = 0;
  double like[OTHERS_MAX];
  for (size_t i = 0; i < test->count; i++) {
    if (i == which)
      continue;
    double value = likeness(series[test->index[i]], one, test->input->start);
    size_t at = found < OTHERS_MAX ? found++ : OTHERS_MAX;
    for (; at > 0 && like[at - 1] < value; at--)
      if (at < OTHERS_MAX) {
        like[at] = like[at - 1];
        others[at] = others[at - 1];
      }
    if (at < OTHERS_MAX) {
      like[at] = value;
      others[at] = series[test->index[i]];
    }
  }
  return found;
}

/* How likely a break this large is in that control when nothing happened, given the others. */
static enum hs_status test_one(struct hs_arena *arena, const struct test *test, size_t which,
                               const double *const *others, size_t other_count, double *p,
                               struct hs_err *err)
{
  struct hs_mixture fit;
  const struct hs_mixture_question question = {.outcome = test->input->controls[test->index[which]],
                                               .controls = others,
                                               .control_count = other_count,
                                               .start = test->input->start,
                                               .end = test->input->end,
                                               .season = test->input->season};
  size_t mark = hs_arena_mark(arena);
  enum hs_status status = hs_mixture_fit(arena, &question, test->input->threads, &fit, err);
  if (status != HS_OK)
    return status;
  struct hs_t_mixture effect = hs_mixture_effect(&fit);
  *p = hs_t_mixture_two_sided(&effect, 0);
  hs_arena_reset(arena, mark);
  return HS_OK;
}

/* Of those that break, the one to take out; count when none does. Two controls that are alike break
   against each other, whichever of them was moved, and by much the same: what each does by its own
   history alone tells them apart, so both chances count. */
static enum hs_status find_worst(struct hs_arena *arena, const struct test *test, size_t *worst,
                                 struct hs_err *err)
{
  double least = HUGE_VAL;
  *worst = test->count;
  for (size_t i = 0; i < test->count; i++) {
    double alone = 1;
    if (test->adjusted[i] >= HS_CONTROLS_LEVEL)
      continue;
    enum hs_status status = test_one(arena, test, i, NULL, 0, &alone, err);
    if (status != HS_OK)
      return status;
    double both = log(fmax(P_MIN, test->p[i])) + log(fmax(P_MIN, alone));
    if (both < least) {
      least = both;
      *worst = i;
    }
  }
  return HS_OK;
}

/* One round: all that are still in. *worst gets the place of the one to take out, or count. */
static enum hs_status run_round(struct hs_arena *arena, struct test *test,
                                struct hs_influence_control *controls, size_t *worst,
                                struct hs_err *err)
{
  for (size_t i = 0; i < test->count; i++) {
    const double *others[OTHERS_MAX];
    size_t other_count = find_others(test, i, others);
    enum hs_status status = test_one(arena, test, i, others, other_count, &test->p[i], err);
    if (status != HS_OK)
      return status;
  }
  hs_holm(test->p, test->count, test->order, test->adjusted);
  for (size_t i = 0; i < test->count; i++) {
    controls[test->index[i]].p_own_break = test->p[i];
    controls[test->index[i]].p_holm = test->adjusted[i];
  }
  return find_worst(arena, test, worst, err);
}

enum hs_status hs_controls_test(struct hs_arena *arena, const struct hs_influence_input *input,
                                struct hs_influence_control *controls, struct hs_err *err)
{
  size_t mark = hs_arena_mark(arena);
  struct test test = {.input = input};
  test.index = hs_arena_alloc(arena, input->control_count, sizeof *test.index);
  test.order = hs_arena_alloc(arena, input->control_count, sizeof *test.order);
  test.p = hs_arena_alloc(arena, input->control_count, sizeof *test.p);
  test.adjusted = hs_arena_alloc(arena, input->control_count, sizeof *test.adjusted);
  test.strength = hs_arena_alloc(arena, input->control_count, sizeof *test.strength);
  if (test.index == NULL || test.order == NULL || test.p == NULL || test.adjusted == NULL ||
      test.strength == NULL)
    return hs_arena_full(arena, "the tests of the controls", err);
  test.count = hs_controls_choose(input, controls, 0, test.strength, test.index);
  for (;;) {
    size_t worst = 0;
    enum hs_status status = run_round(arena, &test, controls, &worst, err);
    if (status != HS_OK)
      return status;
    if (worst == test.count)
      break;
    controls[test.index[worst]].is_contaminated = 1;
    test.count--;
    for (size_t i = worst; i < test.count; i++)
      test.index[i] = test.index[i + 1];
  }
  hs_arena_reset(arena, mark);
  return HS_OK;
}
