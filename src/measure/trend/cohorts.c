#include "measure/trend/cohorts.h"

#include <math.h>

static double value_at(const double *row, size_t t) { return row[t] > 0 ? row[t] : 0; }

static double sum_of(const double *row, size_t from, size_t to)
{
  double sum = 0;
  for (size_t t = from; t < to; t++)
    sum += value_at(row, t);
  return sum;
}

/* period_count when it never had a value. */
static size_t birth_of(const double *row, size_t period_count)
{
  size_t t = 0;
  while (t < period_count && !(row[t] > 0))
    t++;
  return t;
}

/* First-window values by birth. What is there in the very first period may have been born before
   it, so such cohorts do not count. */
struct beginnings {
  size_t oldest_birth, newest_birth;
  double oldest, newest;
};

static void begin(struct beginnings *b, size_t birth, double value)
{
  if (birth < b->oldest_birth) {
    b->oldest_birth = birth;
    b->oldest = 0;
  }
  if (birth > b->newest_birth) {
    b->newest_birth = birth;
    b->newest = 0;
  }
  b->oldest += birth == b->oldest_birth ? value : 0;
  b->newest += birth == b->newest_birth ? value : 0;
}

int hs_cohorts_stack(const double *values, size_t cohort_count, size_t period_count, size_t window,
                     struct hs_cohort_stack *out)
{
  struct hs_cohort_stack stack = {.window = window};
  struct beginnings beginnings = {.oldest_birth = period_count};
  double old_now = 0;
  if (window == 0 || period_count < 2 * window)
    return 0;
  size_t split = period_count - window;
  for (size_t c = 0; c < cohort_count; c++) {
    const double *row = values + c * period_count;
    size_t birth = birth_of(row, period_count);
    double now = sum_of(row, split, period_count);
    if (birth == period_count)
      continue;
    stack.cohort_count++;
    stack.now += now;
    stack.before += sum_of(row, split - window, split);
    stack.from_new += birth >= split ? now : 0;
    old_now += birth >= split ? 0 : now;
    if (birth > 0 && birth <= split)
      begin(&beginnings, birth, sum_of(row, birth, birth + window));
  }
  if (stack.cohort_count == 0)
    return 0;
  stack.kept = stack.before > 0 ? old_now / stack.before : (double)NAN;
  stack.newest_to_oldest =
      beginnings.newest_birth > beginnings.oldest_birth && beginnings.oldest > 0
          ? beginnings.newest / beginnings.oldest
          : (double)NAN;
  *out = stack;
  return 1;
}
