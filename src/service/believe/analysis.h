/* The trackable view of a period: journeys from the trail, credits under a set of models, and for
   each channel what it could claim, what rests on joined persons and when it last took part in an
   order. One analysis serves the report, `hansa attribute --data` and the tables of `hansa sql`. */
#ifndef HANSA_SERVICE_BELIEVE_ANALYSIS_H
#define HANSA_SERVICE_BELIEVE_ANALYSIS_H

#include <stdatomic.h>

#include "measure/credit.h"
#include "measure/journeys.h"
#include "service/programme.h"

#define HS_LOOK_BACK_DAYS_DEFAULT 30

/* The usual set of models: first, last, last non-direct, linear, position, decay, Shapley and
   Markov of order 1. */
#define HS_ANALYSIS_MODELS 8
void hs_analysis_models(struct hs_model out[HS_ANALYSIS_MODELS]);

struct hs_analysis_options {
  struct hs_period period;
  int64_t look_back_us;
  double level;                  /* of the intervals, inside (0, 1); 0 leaves them out */
  const struct hs_model *models; /* borrowed; NULL is the usual set */
  size_t model_count;
  /* Not 0 as soon as somebody does not want to wait any longer: what runs ends with HS_INTERRUPTED
     at the next journey or step of the computation. NULL for nobody. */
  const atomic_int *interrupt;
};

/* What is known of one channel beside its credits. */
struct hs_channel_facts {
  int is_partner;              /* not one of our own channels */
  uint64_t journeys;           /* that it took part in, with and without an order */
  uint64_t orders_touched;     /* every order that it could claim */
  int64_t value_touched_minor; /* what those were worth */
  uint64_t orders_joined;      /* of those: orders whose path rests on joined persons */
  int64_t last_order_us;       /* the latest of them; INT64_MIN when there is none */
};

/* Points into itself: do not copy it. */
struct hs_analysis {
  struct hs_analysis_options options;
  struct hs_model models[HS_ANALYSIS_MODELS]; /* when options.models was NULL */
  struct hs_journey_stats stats;
  int64_t value_with_partner_minor; /* of orders that at least one partner touched */
  struct hs_persons persons;
  size_t channel_count;
  const struct hs_str *channels;        /* in byte order */
  const struct hs_channel_facts *facts; /* per channel */
  struct hs_sample sample;              /* empty (path_count 0) when no order has a path */
  size_t model_count;
  const struct hs_model_credits *credits; /* per model; NULL when there is nothing to credit */
  uint64_t paths_unreadable; /* of imported paths: rows whose path has a step without a name */
  const char *refused;       /* why there are none, in words; NULL when there are */
  /* memory */
  struct hs_arena arena, scratch;
  struct hs_path_builder builder;
};

/* Journeys, facts and the sample, without credits. */
[[nodiscard]] enum hs_status hs_analysis_gather(struct hs_programme *programme,
                                                const struct hs_analysis_options *options,
                                                struct hs_analysis *out, struct hs_err *err);
/* All of it. HS_OK also when there is nothing to credit (no order with a path): credits is NULL
 * then and refused says why. */
[[nodiscard]] enum hs_status hs_analysis_run(struct hs_programme *programme,
                                             const struct hs_analysis_options *options,
                                             struct hs_analysis *out, struct hs_err *err);
/* The same for the paths that were imported as a table: no persons, no times, no facts but touched
 * counts. */
[[nodiscard]] enum hs_status hs_analysis_run_paths(struct hs_programme *programme,
                                                   const struct hs_analysis_options *options,
                                                   struct hs_analysis *out, struct hs_err *err);
/* Each journey of the options' period once more, for tables; the analysis must have been run. */
[[nodiscard]] enum hs_status hs_analysis_journeys(struct hs_programme *programme,
                                                  struct hs_analysis *analysis, hs_journey_fn each,
                                                  void *context, struct hs_err *err);
void hs_analysis_release(struct hs_analysis *analysis);

#endif
