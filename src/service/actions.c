#include "service/actions.h"

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
