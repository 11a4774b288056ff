#include "measure/bounds.h"

#include <math.h>

struct hs_bounds hs_bounds_untracked(double credit, double total, double untracked_share)
{
  HS_ASSERT(untracked_share >= 0 && untracked_share <= 1);
  return (struct hs_bounds){(1.0 - untracked_share) * credit,
                            credit + untracked_share * (total - credit)};
}

static struct hs_bounds widen(struct hs_bounds bounds, double credit, size_t model)
{
  if (model == 0)
    return (struct hs_bounds){credit, credit};
  return (struct hs_bounds){fmin(bounds.low, credit), fmax(bounds.high, credit)};
}

struct hs_bounds hs_bounds_models(const struct hs_model_credits *results, size_t model_count,
                                  size_t channel)
{
  struct hs_bounds bounds = {0};
  for (size_t m = 0; m < model_count; m++)
    bounds = widen(bounds, results[m].channels[channel].conversions, m);
  return bounds;
}

double hs_share_on_joins(double conversions_joined, double conversions)
{
  return conversions > 0 ? conversions_joined / conversions : 0;
}
