/* Controls on trial. A control that was itself moved by the event (a partner's other campaign, a
   brand search that the partner feeds) takes part of the effect away; it has to be found and left
   out by name. Each is held against the others at the start: what breaks by itself, beyond what the
   other controls and its own history explain, is contaminated. A shock that moves all of them alike
   is none: that is what controls are for. */
#ifndef HANSA_MEASURE_INFLUENCE_CONTROLS_H
#define HANSA_MEASURE_INFLUENCE_CONTROLS_H

#include "base/arena.h"
#include "measure/influence/influence.h"

/* The level of the test over all controls together (Holm). */
#define HS_CONTROLS_LEVEL 0.01
/* The most that are looked at: those whose changes from row to row go most with the outcome's. */
#define HS_CONTROLS_LOOKED_AT_MAX 60

/* Fills p_own_break, p_holm and is_contaminated of controls (control_count of the input). One after
   another: of the controls whose adjusted p is below the level the one is taken out that breaks
   most, against the others and by its own history alone together, and the others are tested again
   without it, so that one bad control does not make its neighbours look bad. What does not vary
   before the start, or is not looked at, stays NaN. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_controls_test(struct hs_arena *arena,
                                              const struct hs_influence_input *input,
                                              struct hs_influence_control *controls,
                                              struct hs_err *err);

/* Which controls are to be used: in order, is_contaminated left out when asked, at most
   HS_CONTROLS_LOOKED_AT_MAX by how their changes go with the outcome's. index gets their places in
   the input; returns how many. index and strength have control_count entries. */
[[nodiscard]] size_t hs_controls_choose(const struct hs_influence_input *input,
                                        const struct hs_influence_control *controls,
                                        int leaves_contaminated_out, double *strength,
                                        size_t *index);

#endif
