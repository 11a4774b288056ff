/* What becomes of a lead, a click or a custom event before anybody looks at agreements, and how
 * that is said. */
#ifndef HANSA_SERVICE_POST_ACTIONS_H
#define HANSA_SERVICE_POST_ACTIONS_H

#include "service/post/judge.h"

/* X(symbol, "name for machines", "what the partner is told") */
#define HS_ACTION_VERDICT_TABLE(X)                                                                 \
  X(HS_ACTION_REPEATED, "repeated",                                                                \
    "the same visitor followed the same link less than an hour before or after it")                \
  X(HS_ACTION_UNQUALIFIED, "unqualified", "an unqualified lead earns nothing")                     \
  X(HS_ACTION_STANDS, "stands", "it is judged by the agreements")

enum hs_action_verdict {
#define HS_ACTION_VERDICT_SYMBOL(symbol, name, words) symbol,
  HS_ACTION_VERDICT_TABLE(HS_ACTION_VERDICT_SYMBOL)
#undef HS_ACTION_VERDICT_SYMBOL
};

/* Both live for ever. */
const char *hs_action_verdict_name(enum hs_action_verdict verdict);
const char *hs_action_verdict_words(enum hs_action_verdict verdict);

/* What the one word is that such an event says of itself: "status", "link" or "name". */
const char *hs_action_word_name(enum hs_rule_event event);

enum hs_action_verdict hs_action_judge(const struct hs_case *action);

/* A lead is paid once. Takes the shares of a partner out that has been paid for it, and those that
   would make more than the whole of it with the parts that have been paid: the touchpoints of a
   lead that named nobody may speak for one partner and a later row for another. */
void hs_action_drop_partner(struct hs_judgement *judgement, uint32_t partner);
void hs_action_keep_within(struct hs_judgement *judgement, struct hs_ratio paid_parts);

#endif
