/* What a commission came from, as JSON beside it: the touchpoints with their verdicts, what the
   rule saw, every number on the way and the rounding. Whoever repeats the arithmetic gets the
   amount; src/service/post/explain.c puts it in words. */
#ifndef HANSA_SERVICE_POST_EVIDENCE_H
#define HANSA_SERVICE_POST_EVIDENCE_H

#include "service/post/earn.h"

/* The latest touchpoints; what came before them is told as a number. */
#define HS_EVIDENCE_TOUCHES_MAX 50

/* Likewise: the first of the items that the rule paid for. */
#define HS_EVIDENCE_ITEMS_MAX 50

/* In arena. Of a commission of a rule, or of one that was refused. */
[[nodiscard]] enum hs_status
hs_evidence_of_share(const struct hs_in_force *in_force, const struct hs_case *order,
                     const struct hs_judgement *judgement, const struct hs_earned *earned,
                     struct hs_arena *arena, struct hs_str *out, struct hs_err *err);
/* Of a bonus that the order brought: before and after are of its period. */
[[nodiscard]] enum hs_status hs_evidence_of_bonus(const struct hs_bonus *bonus,
                                                  const struct hs_tally *before,
                                                  const struct hs_tally *after,
                                                  struct hs_arena *arena, struct hs_str *out,
                                                  struct hs_err *err);
/* Of an order that was judged again with another outcome: its touchpoints with their verdicts, and
   who shares it since. */
[[nodiscard]] enum hs_status hs_evidence_of_judgement(const struct hs_in_force *in_force,
                                                      const struct hs_case *order,
                                                      const struct hs_judgement *judgement,
                                                      int64_t judged_at_us, struct hs_arena *arena,
                                                      struct hs_str *out, struct hs_err *err);
/* Whether it is that of a bonus. */
int hs_evidence_is_of_bonus(struct hs_str evidence);
/* Whether it is that of a share that waits for an exchange rate. */
int hs_evidence_waits(struct hs_str evidence);
/* Whether it is that of a share that did, and was priced when the rate had come. */
int hs_evidence_waited(struct hs_str evidence);
/* What a share was priced by: its base exactly, of all partners together and in the currency of the
   terms, and what it earned before caps; both in minor units, and 0 when it was refused. HS_CORRUPT
   when the text is not what hs_evidence_of_share makes. */
[[nodiscard]] enum hs_status hs_evidence_priced(struct hs_str evidence, struct hs_ratio *base_minor,
                                                int64_t *earned_minor, struct hs_err *err);

#endif
