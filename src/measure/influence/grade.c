#include "measure/influence/grade.h"

static enum hs_grade graded(enum hs_grade grade, const char *words, const char **because)
{
  *because = words;
  return grade;
}

enum hs_grade hs_grade_of(const struct hs_grade_facts *facts, const char **because)
{
  if (facts->is_randomised)
    return graded(HS_GRADE_A, "who got it was drawn by lot", because);
  if (facts->placebo_count == 0)
    return graded(HS_GRADE_D, "too short a history to try the method on dates without an event",
                  because);
  if (!facts->is_passed)
    return graded(HS_GRADE_D, "the method found effects at dates before the start", because);
  if (facts->comparison_count > 0)
    return graded(HS_GRADE_B,
                  "clean comparison regions, and nothing found at dates before the start", because);
  if (facts->control_count > 0)
    return graded(HS_GRADE_C, "clean controls, and nothing found at dates before the start",
                  because);
  return graded(HS_GRADE_D, "no clean control that says anything about the outcome", because);
}
