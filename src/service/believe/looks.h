/* What looking early costs, for people and programs: who looks again and again until a window is
   over and stops at the first good figures, is wrong far more often than the level says. */
#ifndef HANSA_SERVICE_BELIEVE_LOOKS_H
#define HANSA_SERVICE_BELIEVE_LOOKS_H

#include "base/text.h"

struct hs_looks {
  uint32_t count;
  const char *each;  /* "week", or "period" where periods are no days or longer; lives for ever */
  double false_rate; /* of those who stop at the first good figures; as stats/looks.h has it */
};

/* A look a week, or a period where those are longer or no days (days_between NaN), until a window
   of planned_count periods is over. level is that of the interval. */
[[nodiscard]] struct hs_looks hs_looks_until(size_t planned_count, double days_between,
                                             double level);
/* "Who looks every week until then and stops at the first good figures is wrong in 27 of 100 cases,
   not in 5." */
void hs_looks_words(const struct hs_looks *looks, double level, struct hs_buf *out);
/* "looks":{"count":…,"each":…,"false_positive_rate":…} as a member of an open object. */
void hs_looks_json(const struct hs_looks *looks, struct hs_buf *out);

#endif
