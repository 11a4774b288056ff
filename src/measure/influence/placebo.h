/* The method on trial: the whole of it again at dates before the start, where nothing began and so
   nothing is to be found. What it finds scales the interval, both ways, drawn towards 1 because a
   few overlapping windows tell little. */
#ifndef HANSA_MEASURE_INFLUENCE_PLACEBO_H
#define HANSA_MEASURE_INFLUENCE_PLACEBO_H

#include "measure/influence/mixture.h"

#define HS_PLACEBO_DATES_MAX 12

struct hs_placebo_plan {
  size_t count;  /* 0 when the history is too short for any */
  size_t length; /* rows of a window: that of the question where six of it lie before the start,
                    half of it otherwise */
  size_t start[HS_PLACEBO_DATES_MAX]; /* rising; every window ends at or before the start */
};

/* Dates from two fifths of the history on, half a window apart or a little more. */
[[nodiscard]] struct hs_placebo_plan hs_placebo_plan(size_t start, size_t end);

/* Tries all dates of the plan at that level. inflation = √((10 + Σz²)/(10 + count)), z the normal
   deviate of 0 in each posterior: ten dates without surprise are taken for granted. Of overlapping
   windows the disjoint ones are counted from the first, and the interval of the rate (Clopper and
   Pearson, Biometrika 26, 1934) is theirs. Dates without enough figures are left out, and so are
   those whose window holds level_from or lies too close behind it (hs_mixture_level_from, 0 for
   none): there something did happen. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_placebo_run(struct hs_arena *arena,
                                            const struct hs_mixture_question *question,
                                            size_t level_from, double level, size_t threads,
                                            struct hs_influence_placebos *out, struct hs_err *err);
/* Whether the method held: no more found than the level allows, as far as disjoint windows tell. */
[[nodiscard]] int hs_placebo_is_passed(const struct hs_influence_placebos *placebos, double level);

#endif
