#include "service/post/actions.h"

static const struct {
  const char *name, *words;
} VERDICTS[] = {
#define ROW(symbol, name, words) [symbol] = {name, words},
    HS_ACTION_VERDICT_TABLE(ROW)
#undef ROW
};

const char *hs_action_verdict_name(enum hs_action_verdict verdict)
{
  return VERDICTS[verdict].name;
}

const char *hs_action_verdict_words(enum hs_action_verdict verdict)
{
  return VERDICTS[verdict].words;
}

const char *hs_action_word_name(enum hs_rule_event event)
{
  if (event == HS_RULE_LEAD)
    return "status";
  return event == HS_RULE_CLICK ? "link" : "name";
}

enum hs_action_verdict hs_action_judge(const struct hs_case *action)
{
  if (action->is_repeated)
    return HS_ACTION_REPEATED;
  return action->event == HS_RULE_LEAD && hs_str_equal(action->word, HS_STR("unqualified"))
             ? HS_ACTION_UNQUALIFIED
             : HS_ACTION_STANDS;
}

void hs_action_drop_partner(struct hs_judgement *judgement, uint32_t partner)
{
  size_t kept = 0;
  for (size_t i = 0; i < judgement->share_count; i++)
    if (judgement->shares[i].partner != partner)
      judgement->shares[kept++] = judgement->shares[i];
  judgement->share_count = kept;
}

void hs_action_keep_within(struct hs_judgement *judgement, struct hs_ratio paid_parts)
{
  size_t kept = 0;
  for (size_t i = 0; i < judgement->share_count; i++) {
    struct hs_ratio parts;
    if (!hs_ratio_add(paid_parts, judgement->shares[i].part, &parts) ||
        hs_ratio_compare(parts, HS_RATIO_ONE) > 0)
      continue;
    paid_parts = parts;
    judgement->shares[kept++] = judgement->shares[i];
  }
  judgement->share_count = kept;
}
