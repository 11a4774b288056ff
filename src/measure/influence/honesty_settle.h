/* What would settle it: of the experiments that are open to a programme, the cheapest one that
   could lead to a verdict on tracked against incremental, with its length.

   The question fixes the precision: a partner whose true I/T is what is now believed has its
   verdict with the power asked for once the central interval of the mass fits between it and the
   edge of the band that it has to clear, c·noise/√weeks ≤ distance, c = q((1 + mass)/2) + q(power).
   The cost is what is not sold on the way: the part of the partner's effect that is withheld. A
   hold-out of the coupon answers another question, κ and the halo, and is sized by holdout.h. */
#ifndef HANSA_MEASURE_INFLUENCE_HONESTY_SETTLE_H
#define HANSA_MEASURE_INFLUENCE_HONESTY_SETTLE_H

#include "measure/influence/honesty.h"

enum hs_settle_kind {
  HS_SETTLE_WAIT,       /* go on and look again: no experiment, costs nothing, stays grade C */
  HS_SETTLE_SWITCHBACK, /* withheld and offered in turn */
  HS_SETTLE_REGIONS,    /* withheld in half of the regions, chosen by chance */
};
#define HS_SETTLE_COUNT ((size_t)3)
/* "go on", "switch-back", "regions"; lives for ever. */
const char *hs_settle_name(enum hs_settle_kind kind);

struct hs_settle_way {
  int is_open;           /* whether the programme can do it at all */
  double noise_week;     /* sd of the estimate of I for a week, from one week of it; above 0 */
  double withheld_share; /* of the partner's effect, [0, 1] */
  double weeks_min;      /* below it there is no test at the level: its resolution */
};

struct hs_settle_question {
  double tracked_week; /* T a week, 0 or more */
  double ratio;        /* I/T as now believed; NaN stands for a partner that brings nothing */
  struct hs_honesty_options honesty;
  double weeks_max; /* longer than this nobody waits */
  struct hs_settle_way ways[HS_SETTLE_COUNT];
};

struct hs_settle_answer {
  double distance; /* of I from the edge that it has to clear, a week */
  double weeks[HS_SETTLE_COUNT];
  double withheld[HS_SETTLE_COUNT]; /* sales not made on the way, as now believed; 0 when I < 0 */
  int could[HS_SETTLE_COUNT];
  int is_any;               /* an experiment (not waiting) could */
  enum hs_settle_kind best; /* the one that withholds least, the shorter of equals */
};

[[nodiscard]] struct hs_settle_answer hs_honesty_settle(const struct hs_settle_question *question);

#endif
