/* Randomised pairs of regions: in each pair one was drawn by lot to get it, the other went without.
   What a unit of cost brought is the θ at which the differences of outcome, less θ times the
   differences of cost, have a trimmed mean of 0: pairs that something else happened to lose their
   say, at both ends alike (Chen and Au, "Robust causal inference for incremental return on ad spend
   with randomized paired geo experiments", Annals of Applied Statistics 16, 2022).

   One test gives p and interval: θ is compatible when the trimmed mean over its standard error by
   the winsorised variance lies within the quantile of Student's t with one degree of freedom less
   than pairs are kept (Tukey and McLaughlin, Sankhya A 25, 1963). The authors take the normal
   quantile, which is too narrow for the pairs that people have. All θ at which the order of the
   differences changes are visited, so nothing is searched for. */
#ifndef HANSA_MEASURE_INFLUENCE_TRIMMED_MATCH_H
#define HANSA_MEASURE_INFLUENCE_TRIMMED_MATCH_H

#include "base/arena.h"

#define HS_TRIMMED_PAIRS_MAX ((size_t)500)
/* More is never left out at each end. */
#define HS_TRIM_MAX 0.3

/* One pair: the region with it less the region without, over the window. */
struct hs_matched_pair {
  double outcome, cost;
};

struct hs_trimmed_input {
  const struct hs_matched_pair *pairs;
  size_t count;     /* 2 to HS_TRIMMED_PAIRS_MAX */
  double trim;      /* share of the pairs to leave out at each end; NaN chooses it */
  double trim_most; /* when choosing: up to this share */
  double level;     /* inside (0, 1) */
};

struct hs_trimmed_result {
  double value;       /* outcome per unit of cost */
  double error;       /* its standard error */
  double low, high;   /* NaN when the test bounds the value on no side or one only */
  double p;           /* that a unit of cost brings nothing */
  size_t trim_count;  /* pairs left out at each end */
  double incremental; /* value times what all pairs cost */
};

/* When choosing, of 0, 1, 2, … pairs the fewest whose standard error is within 1 + 1/(4√n) of the
   least. HS_INVALID for arguments out of range or a figure that is not finite; HS_INSUFFICIENT when
   no value makes the trimmed mean 0, as when the costs of pairs are none. Cost: of order count³,
   room for count² doubles. */
[[nodiscard]] enum hs_status hs_trimmed_match(struct hs_arena *arena,
                                              const struct hs_trimmed_input *input,
                                              struct hs_trimmed_result *out, struct hs_err *err);

#endif
