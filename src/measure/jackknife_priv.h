/* Inside of the jackknife: its part for Markov models. */
#ifndef HANSA_MEASURE_JACKKNIFE_PRIV_H
#define HANSA_MEASURE_JACKKNIFE_PRIV_H

#include "measure/credit_priv.h"
#include "measure/jackknife.h"

[[nodiscard]] enum hs_status
hs_jackknife_markov(struct hs_arena *arena, const struct hs_credit_plan *plan, size_t model,
                    const struct hs_traffic *traffic, const struct hs_model_credits *result,
                    struct hs_influence *influences, struct hs_err *err);

#endif
