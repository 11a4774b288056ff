/* Claims against credits: what each channel could say it brought, and what that adds up to. Credits
   of one model sum to what was sold; claims do not, and by how much they do not is the ratio that a
   programme's manager should know before the partners' own reports arrive. */
#ifndef HANSA_MEASURE_CLAIMS_H
#define HANSA_MEASURE_CLAIMS_H

#include "measure/credit.h"

struct hs_claim {
  double any_touch, any_touch_value; /* orders with at least one touch of the channel */
  size_t favourite;                  /* the model under which it looks best by conversions */
  double favourite_conversions, favourite_value; /* value: under its favourite by value */
};

struct hs_claims {
  struct hs_claim *channels;   /* the sample's channels, in its order */
  double any_touch, favourite; /* sums over channels */
  double any_touch_value, favourite_value;
  double any_touch_ratio, favourite_ratio; /* those of conversions over what was sold; 0 without
                                              conversions */
  double any_touch_value_ratio, favourite_value_ratio;
};

/* Over a stated set of models, at least one. The array lives in the arena. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_claims_make(struct hs_arena *arena, const struct hs_sample *sample,
                                            const struct hs_model_credits *results,
                                            size_t model_count, struct hs_claims *out,
                                            struct hs_err *err);

#endif
