/* Credits: the share of a period's orders that a model gives each channel. All models are compiled
   into one plan over a sample; a batch then evaluates the plan under up to eight weightings of the
   sample's units at once. The point estimate is the weighting by ones; a bootstrap replicate is one
   by Gamma variates. Nothing here draws random numbers.

   Shares are what is estimated; a credit is share × observed total. */
#ifndef HANSA_MEASURE_CREDIT_H
#define HANSA_MEASURE_CREDIT_H

#include "measure/paths.h"

enum hs_model_kind {
  HS_MODEL_FIRST,
  HS_MODEL_LAST,
  HS_MODEL_LAST_NON_DIRECT,
  HS_MODEL_LINEAR,
  HS_MODEL_POSITION,
  HS_MODEL_DECAY,
  HS_MODEL_SHAPLEY,
  HS_MODEL_MARKOV,
  HS_MODEL_HAZARD, /* not in a plan: see measure/hazard.h */
  HS_MODEL_KIND_COUNT,
};

/* What "removing" a channel from the Markov chain means. */
enum hs_removal {
  HS_REMOVAL_NULL,        /* whoever meets it ends without an order; the usual one */
  HS_REMOVAL_SKIP,        /* it is passed over; only who meets nothing else is lost */
  HS_REMOVAL_RENORMALISE, /* the ways to it are closed and the others share its traffic */
};

#define HS_MARKOV_ORDER_MAX 4U

/* A model with its parameters; hs_model_default fills in the usual ones. */
struct hs_model {
  enum hs_model_kind kind;
  uint32_t order;              /* markov: 1 to HS_MARKOV_ORDER_MAX */
  enum hs_removal removal;     /* markov */
  double position_first;       /* position: shares of the ends, each 0 or more, sum at most 1; */
  double position_last;        /*   the steps between share the rest */
  double half_life_days;       /* decay with times: positive; without times it is half per step */
  const struct hs_str *direct; /* last non-direct: names of the channels that count as direct */
  size_t direct_count;
};

struct hs_model hs_model_default(enum hs_model_kind kind);
/* The name for machines: "first", "last_non_direct", "markov" …; lives for ever. */
const char *hs_model_name(enum hs_model_kind kind);
[[nodiscard]] int hs_model_parse(struct hs_str name, enum hs_model_kind *out);
/* One sentence for people: what the model's figures can and cannot mean. */
const char *hs_model_meaning(enum hs_model_kind kind);
const char *hs_removal_name(enum hs_removal removal);

/* Below this many converting journeys a channel gets an interval, the word "insufficient" and no
   rank. */
#define HS_CONVERTING_MIN 20.0

/* One channel under one model. NaN is "there is none": removal effects outside Markov, ends of
   intervals that were not asked for. */
struct hs_credit {
  double conversions, value;             /* share × total */
  double share_conversions, share_value; /* of the totals; negative ones are possible only under
                                            HS_REMOVAL_RENORMALISE */
  double removal_effect, removal_effect_value;
  double conversions_low, conversions_high;
  double value_low, value_high;
  double converting_journeys; /* with at least one touch of the channel */
  int is_insufficient;        /* fewer of these than HS_CONVERTING_MIN */
};

struct hs_model_credits {
  struct hs_model model;
  size_t channel_count;
  struct hs_credit *channels; /* in the sample's order of channels */
};

struct hs_credit_plan;
/* Compiles models over a sample: both are borrowed and live as long as the plan. HS_USAGE names the
   parameter that is out of range; HS_UNSUPPORTED for HS_MODEL_HAZARD; HS_NOMEM. A plan is constant
   and may be read by several threads. */
[[nodiscard]] enum hs_status hs_credit_plan_make(struct hs_arena *arena,
                                                 const struct hs_sample *sample,
                                                 const struct hs_model *models, size_t model_count,
                                                 struct hs_credit_plan **out, struct hs_err *err);

/* The accumulators of one thread, for weightings 0 to lane_count − 1. */
#define HS_LANE_COUNT_MAX 8
struct hs_credit_batch;
[[nodiscard]] enum hs_status hs_credit_batch_open(struct hs_arena *arena,
                                                  const struct hs_credit_plan *plan,
                                                  size_t lane_count, struct hs_credit_batch **out,
                                                  struct hs_err *err);
/* Forgets what was added. */
void hs_credit_batch_clear(struct hs_credit_batch *batch);
/* Adds the units [first_unit, first_unit + unit_count) with weights[(i) × lane_count + lane], each
   finite and 0 or more, i counted from first_unit. Every unit is to be added once, in rising order:
   the order of additions is the order of summation. Eight lanes are the fast case. */
void hs_credit_batch_add(struct hs_credit_batch *batch, size_t first_unit, size_t unit_count,
                         const double *weights);
/* Shares of conversions and of value, [(model × channel_count + channel) × lane_count + lane]; each
   sums to 1 over channels (to 0 when there is nothing to share). Each lane's result depends on its
   own weights alone, to the last bit. HS_INSUFFICIENT when a model has removal effects that sum to
   nothing; HS_NO_CONVERGENCE when a chain could not be solved to within the error that
   measure/markov.h promises; HS_NOMEM (scratch memory comes from the batch's arena and is given
   back). */
[[nodiscard]] enum hs_status hs_credit_batch_shares(struct hs_credit_batch *batch,
                                                    double *conversions, double *value,
                                                    struct hs_err *err);

/* The point estimate of every model, without intervals: *out has model_count entries, all of it
   lives in arena. */
[[nodiscard]] enum hs_status hs_credit_estimate(struct hs_arena *arena,
                                                const struct hs_credit_plan *plan,
                                                struct hs_model_credits **out, struct hs_err *err);
size_t hs_credit_plan_model_count(const struct hs_credit_plan *plan);
const struct hs_sample *hs_credit_plan_sample(const struct hs_credit_plan *plan);

#endif
