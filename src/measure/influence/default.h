/* The usual method: controls on trial, the mixture on those that are clean, the method on trial at
   dates before the start, and an interval that answers for all three. */
#ifndef HANSA_MEASURE_INFLUENCE_DEFAULT_H
#define HANSA_MEASURE_INFLUENCE_DEFAULT_H

#include "base/arena.h"
#include "measure/influence/influence.h"

/* A method that is this wrong at dates before the start has no interval there either: refused. */
#define HS_INFLUENCE_INFLATION_MAX 2.5

/* effect is the posterior mean; low and high are the quantiles of the mixture (mixture.h), moved
   away from it by the placebos' inflation (placebo.h), by how much more restless the series may
   have become and by how likely its level wanders (mixture.h); sd likewise. relative follows from
   average, row by row monotone; NaN where the predicted may be 0 or less. p is two-sided: the level
   at which the interval would just reach 0. controls: inclusion is the weight of the variants in
   which it takes part; one that breaks at the start by itself is left out (controls.h) and
   average_with_contaminated tells what it would have changed. The bands of the series are their
   mean and normal quantiles.

   effect_draws are drawn from the posterior under the seed, from stream
   HS_INFLUENCE_DEFAULT_STREAM; no other figure is sampled. The verdict is refused, with HS_OK, when
   fewer than HS_MIXTURE_BEFORE_MIN figures lie before the start or when the placebos are worse than
   HS_INFLUENCE_INFLATION_MAX.

   HS_INVALID as hs_influence_check; HS_NOMEM. The result lives in the arena. Cost: a second for two
   years of days, two hundredths for a quarter. */
[[nodiscard]] enum hs_status hs_influence_default(struct hs_arena *arena,
                                                  const struct hs_influence_input *input,
                                                  struct hs_influence_result *out,
                                                  struct hs_err *err);

#define HS_INFLUENCE_DEFAULT_STREAM UINT64_C(0x6d69787475726500)

#endif
