/* What people read where the two views meet, once, for a halo table, a table of partners and the
   report: in a terminal and on a page. Sentences are plain text and each ends its line; names that
   came from data are the caller's to show. */
#ifndef HANSA_SERVICE_BELIEVE_HONESTY_WORDS_H
#define HANSA_SERVICE_BELIEVE_HONESTY_WORDS_H

#include "measure/influence/halo.h"
#include "measure/influence/honesty_settle.h"

/* "over-attributed", "consistent", "under-attributed", or what stands in place of undetermined:
   "cannot tell yet, needs 12 weeks" of going on as now (settle may be NULL), "cannot tell: more
   weeks alone will not", "cannot tell: one of so many may look so by chance". */
void hs_words_honesty_verdict(const struct hs_honesty *honesty,
                              const struct hs_settle_answer *settle, double weeks_gone,
                              struct hs_buf *out);
/* "for each 1 tracked 0.64 [-0.13, 1.37]"; nothing where there is no ratio. */
void hs_words_honesty_ratio(const struct hs_honesty *honesty, struct hs_buf *out);

/* How many of 100 tracked would not have been bought otherwise, and what was sold elsewhere:
   bounds, or points where a hold-out ran; in words of contradiction where the lines cannot be. */
void hs_words_separation(double tracked, const struct hs_honesty_bounds *bounds,
                         const struct hs_honesty_points *points, double hold_out_orders,
                         struct hs_buf *out);
/* "What would settle it: regions for 6 weeks, …"; nothing where there is a verdict. */
void hs_words_settle(const struct hs_honesty *honesty, const struct hs_settle_answer *settle,
                     struct hs_buf *out);
/* "Evidence: model (grade C): clean controls, …" and its line break. because may be NULL. */
void hs_words_evidence(enum hs_grade grade, const char *because, struct hs_buf *out);

#endif
