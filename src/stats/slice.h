/* The slice sampler of one variable, with stepping out and shrinkage (Neal, "Slice sampling", The
   Annals of Statistics 31, 2003, figures 3 and 5): a draw that leaves any density unchanged, for
   full conditionals without a closed form. */
#ifndef HANSA_STATS_SLICE_H
#define HANSA_STATS_SLICE_H

#include "stats/random.h"

/* log f(x) up to a constant; -INFINITY where f is 0. Deterministic. */
typedef double (*hs_log_density_fn)(const void *context, double x);

struct hs_slice {
  hs_log_density_fn log_density;
  const void *context;
  double low, high; /* f is 0 outside; -INFINITY and INFINITY for no limit */
  double width;     /* about how wide f is, above 0: a bad guess costs time and nothing else */
};

/* The next point after x, which has f(x) above 0. At most 100 steps out and 200 in; a slice so thin
   that they do not suffice gives x again, which is a valid draw too. */
[[nodiscard]] double hs_slice_draw(struct hs_random *rng, const struct hs_slice *slice, double x);

#endif
