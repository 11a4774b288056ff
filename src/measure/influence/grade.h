/* The grade of evidence, from facts about how it came to be. Nobody chooses it. */
#ifndef HANSA_MEASURE_INFLUENCE_GRADE_H
#define HANSA_MEASURE_INFLUENCE_GRADE_H

#include <stddef.h>

#include "measure/influence/influence.h"

struct hs_grade_facts {
  int is_randomised;       /* who got it was drawn by lot, and it was withheld from the rest */
  size_t comparison_count; /* regions without it, and without a break of their own */
  size_t control_count;    /* series that take part and do not break at the start themselves */
  size_t placebo_count;    /* dates before the start at which the method was tried */
  int is_passed;           /* it did not find too much there */
};

/* *because gets half a sentence that lives for ever. */
[[nodiscard]] enum hs_grade hs_grade_of(const struct hs_grade_facts *facts, const char **because);

#endif
