#include "measure/influence/grade.h"

enum hs_grade hs_grade_of(const struct hs_grade_facts *facts, const char **because)
{
  if (facts->is_randomised)
    return *because = "who got it was drawn by lot", HS_GRADE_A;
  if (facts->placebo_count == 0)
    return *because = "too short a history to try the method on dates without an event", HS_GRADE_D;
  if (!facts->is_passed)
    return *because = "the method found effects at dates before the start", HS_GRADE_D;
  if (facts->comparison_count > 0)
    return *because = "clean comparison regions, and nothing found at dates before the start",
           HS_GRADE_B;
  if (facts->control_count > 0)
    return *because = "clean controls, and nothing found at dates before the start", HS_GRADE_C;
  return *because = "no clean control that says anything about the outcome", HS_GRADE_D;
}
