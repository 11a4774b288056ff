/* The additive hazard model of multi-touch attribution: Zhang, Wei and Ren, "Multi-touch
   attribution in online advertising with survival theory" (ICDM 2014). After a touch of channel k
   the intensity of an order rises by β_k·ω_k·exp(−ω_k·t), t the time since the touch, and the
   intensities of all touches of a journey add up. β_k is the number of orders that a touch brings
   about if nothing intervenes, 1/ω_k the mean delay. A journey without an order counts as well: it
   says that its touches had all the time up to its end and brought none. The journey must therefore
   end where its observation ended, not at its last touch.

   The credit of a touch for an order is its part of the intensity at the order's moment; a
   channel's credit is the sum over orders, so all credits together are the observed total. It is a
   model of timing: what it calls credit is no proof of cause.

   Differences from the paper: ages are known to the second and stand for the middle of it; the mean
   delay is kept between a minute and ten times the longest age, since the likelihood is unbounded
   where an order falls into the second of its touch; the EM steps are accelerated (SQUAREM,
   Varadhan and Roland 2008) with a fall-back that keeps the likelihood from ever falling. */
#ifndef HANSA_MEASURE_HAZARD_H
#define HANSA_MEASURE_HAZARD_H

#include "measure/credit.h"

struct hs_hazard_options {
  double level;               /* of the intervals, inside (0, 1); 0 for none */
  double tolerance;           /* see gradient below */
  size_t iteration_count_max; /* accelerated steps, each three passes over the sample */
  size_t worker_count;        /* threads; 0 for one per processor; changes no bit */
};

/* Level 0.9, tolerance 1e−7, 5,000 iterations, a thread per processor. */
struct hs_hazard_options hs_hazard_default(void);

/* What was fitted. Lives in the arena of the call. */
struct hs_hazard {
  size_t channel_count;
  double *orders_per_touch; /* β; 0 where the channel has no part in any order */
  double *rate_per_day;     /* ω; of no meaning where β is 0 */
  double log_likelihood;    /* with time in days */
  /* The largest derivative of the log-likelihood by a parameter's logarithm, over the number of
     orders; where a delay stands at its bound only a derivative that points inside counts. The fit
     has converged when it is at most the tolerance. */
  double gradient;
  size_t iteration_count;
};

/* Fits the model to a sample with times by maximum likelihood (EM). The result is a local maximum
   from a start that the data fix: no chance is involved. HS_UNSUPPORTED when the sample has no
   times; HS_INSUFFICIENT when it has no order; HS_NO_CONVERGENCE with the gradient that was
   reached; HS_NOMEM. Time: a few dozen to some hundred passes over all steps, with one exponential
   each. */
[[nodiscard]] enum hs_status hs_hazard_fit(struct hs_arena *arena, const struct hs_sample *sample,
                                           const struct hs_hazard_options *options,
                                           struct hs_hazard *out, struct hs_err *err);

/* Credits by a fitted model, *out living in arena: shares by responsibility, and intervals
   (hs_share_interval of measure/jackknife.h) by the delta method over units: the influence of a
   unit on a share is its own part plus what it moves through β and ω, by the implicit function
   theorem at the maximum. The value of an order is shared as the order is. HS_NO_CONVERGENCE when
   the information matrix is not positive definite, so that there is no interval. */
[[nodiscard]] enum hs_status hs_hazard_credits(struct hs_arena *arena,
                                               const struct hs_sample *sample,
                                               const struct hs_hazard *fit,
                                               const struct hs_hazard_options *options,
                                               struct hs_model_credits *out, struct hs_err *err);

#endif
