/* What changed terms come to: the orders of the last twelve months judged by what is agreed and by
   the proposal, partner by partner. */
#ifndef HANSA_SERVICE_AGREED_AGREED_EFFECT_H
#define HANSA_SERVICE_AGREED_AGREED_EFFECT_H

#include "service/agreed/agreed_change.h"
#include "service/agreed/agreement_simulate.h"

struct hs_agreed_effect {
  struct hs_period period;
  struct hs_currency currency;
  size_t count;
  struct hs_simulated *lines; /* who earned by either, in order of partner */
  int64_t now_minor, then_minor;
  size_t gain, lose; /* partners */
};

/* As of simulation: progress, context and interrupt; the rest is filled in. The lines are in
   arena. */
[[nodiscard]] enum hs_status hs_agreed_weigh(struct hs_programme *programme,
                                             const struct hs_agreed_change *change,
                                             const struct hs_simulation *simulation,
                                             struct hs_arena *arena, struct hs_agreed_effect *out,
                                             struct hs_err *err);
/* A partner's line, or NULL when it earned by neither. */
const struct hs_simulated *hs_agreed_effect_of(const struct hs_agreed_effect *effect,
                                               struct hs_str partner);
/* For our own eyes: every partner's figures as a table, the largest difference first and the rest
   counted; and as a JSON object with all of them. */
void hs_agreed_effect_say(const struct hs_agreed_effect *effect, const struct hs_zone *zone,
                          struct hs_buf *out);
void hs_agreed_effect_json(const struct hs_agreed_effect *effect, const struct hs_zone *zone,
                           struct hs_buf *out);

#endif
