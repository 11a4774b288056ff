/* The models as people name them. */
#include "measure/credit.h"

static const struct {
  const char *name;
  const char *meaning;
} kinds[HS_MODEL_KIND_COUNT] = {
    [HS_MODEL_FIRST] = {"first", "The whole order goes to the first touch: who opened the door. It "
                                 "says nothing about who closed the sale."},
    [HS_MODEL_LAST] = {"last", "The whole order goes to the last touch: who was there at the end. "
                               "It favours whoever stands closest to the checkout."},
    [HS_MODEL_LAST_NON_DIRECT] = {"last_non_direct",
                                  "The whole order goes to the last touch that was not a direct "
                                  "visit; to the direct visit when there was no other."},
    [HS_MODEL_LINEAR] = {"linear", "Each touch gets an equal part, repeats count again. It "
                                   "measures presence, not effect."},
    [HS_MODEL_POSITION] = {"position", "The first and the last touch get fixed parts, those "
                                       "between share the rest. The parts are a convention."},
    [HS_MODEL_DECAY] = {"decay", "The later a touch, the larger its part, by half for each "
                                 "half-life (or each step, without times). The rate is a "
                                 "convention."},
    [HS_MODEL_SHAPLEY] = {"shapley", "Each order is split equally over the distinct channels of "
                                     "its path. It is fair as a rule of division and no evidence "
                                     "of cause."},
    [HS_MODEL_MARKOV] = {"markov", "How many fewer walks through the observed transitions end in "
                                   "an order when a channel is taken out. It describes paths as "
                                   "they were, not what would have happened."},
    [HS_MODEL_HAZARD] = {"hazard", "How much each channel's touches raised the rate of orders in "
                                   "the time after them, added up. It needs times and assumes "
                                   "that effects add."},
};

struct hs_model hs_model_default(enum hs_model_kind kind)
{
  return (struct hs_model){.kind = kind,
                           .order = 1,
                           .removal = HS_REMOVAL_NULL,
                           .position_first = 0.4,
                           .position_last = 0.4,
                           .half_life_days = 7.0};
}

const char *hs_model_name(enum hs_model_kind kind)
{
  HS_ASSERT(kind < HS_MODEL_KIND_COUNT);
  return kinds[kind].name;
}

int hs_model_parse(struct hs_str name, enum hs_model_kind *out)
{
  for (unsigned k = 0; k < HS_MODEL_KIND_COUNT; k++)
    if (hs_str_equal_ascii_fold(name, hs_str_of(kinds[k].name))) {
      *out = (enum hs_model_kind)k;
      return 1;
    }
  return 0;
}

const char *hs_model_meaning(enum hs_model_kind kind)
{
  HS_ASSERT(kind < HS_MODEL_KIND_COUNT);
  return kinds[kind].meaning;
}

const char *hs_removal_name(enum hs_removal removal)
{
  static const char *const names[] = {"null", "skip", "renormalise"};
  HS_ASSERT((size_t)removal < sizeof names / sizeof names[0]);
  return names[removal];
}
