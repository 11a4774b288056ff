/* Intervals by the Bayesian bootstrap (Rubin, The Annals of Statistics 9, 1981): a replicate gives
   each unit of the sample, a person or a journey, an independent Gamma(shape)/shape weight, which
   for a single one is Exponential(1), and evaluates every model under these weights. The spread of
   the shares over the replicates is what sampling alone leaves uncertain; neither the choice of the
   model nor what was never tracked is in it.

   The weights of replicate r and unit u are a function of (seed, r, u). The result is therefore the
   same to the last bit for any number of threads, and a run with more replicates begins with those
   of the shorter one. Streams of stats/random.h that are read: r/8 for shape 1; 2^62 + r/8 for
   other whole shapes up to 8; 2^63 + r·2^40 + u for the rest. */
#ifndef HANSA_MEASURE_BOOTSTRAP_H
#define HANSA_MEASURE_BOOTSTRAP_H

#include "measure/credit.h"

#define HS_BOOTSTRAP_DRAWS_MIN ((size_t)40)
#define HS_BOOTSTRAP_DRAWS_MAX ((size_t)100000)

struct hs_bootstrap_options {
  uint64_t seed;
  size_t draws;        /* replicates: HS_BOOTSTRAP_DRAWS_MIN to _MAX */
  double level;        /* of the intervals, inside (0, 1): 0.9 leaves 5 % on either side */
  size_t worker_count; /* threads; 0 for one per processor */
};

/* 500 replicates, level 0.9, seed 1, a thread per processor. */
struct hs_bootstrap_options hs_bootstrap_default(void);

/* Every share of every replicate: each array has model_count × channel_count × draws entries,
   [(model × channel_count + channel) × draws + draw]. Time is draws × the steps of the sample plus
   draws × the solution of each Markov chain; memory beyond the results is one batch of
   measure/credit.h and 64 KiB a thread, in arenas of their own. HS_USAGE names an option out of
   range; otherwise as hs_credit_batch_shares. */
[[nodiscard]] enum hs_status hs_bootstrap_shares(const struct hs_credit_plan *plan,
                                                 const struct hs_bootstrap_options *options,
                                                 double *conversions, double *value,
                                                 struct hs_err *err);

/* Fills in the ends of the intervals of credits, which hs_credit_estimate made from the same plan.
   An interval is that of the share, between the percentiles of its replicates, times the observed
   total. The percentile at p stands at (draws + 1)·p of the sorted replicates: only there does a
   further replicate fall outside with the stated probability, however few the draws. Scratch memory
   comes from arena and is given back: 16 bytes for each model, channel and replicate. */
[[nodiscard]] enum hs_status hs_bootstrap_intervals(struct hs_arena *arena,
                                                    const struct hs_credit_plan *plan,
                                                    const struct hs_bootstrap_options *options,
                                                    struct hs_model_credits *credits,
                                                    struct hs_err *err);

#endif
