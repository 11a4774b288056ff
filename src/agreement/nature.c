#include "agreement/nature.h"

#include "agreement/gate_priv.h"

const char *hs_nature_question_words(enum hs_nature_question question)
{
  static const char *const WORDS[] = {"assets", "expertise", "risks", "rewards", "control"};
  return WORDS[question];
}

const char *hs_nature_kind_words(enum hs_nature_kind kind)
{
  static const char *const WORDS[] = {"vendor contract", "affiliate agreement",
                                      "co-marketing",    "joint venture",
                                      "alliance",        "cannot tell yet"};
  return WORDS[kind];
}

/* ---- what answers make of it ---- */

/* The one of the five that are known. */
static enum hs_nature_kind kind_of(const int shared[HS_NATURE_QUESTION_COUNT])
{
  int count = 0;
  for (size_t q = 0; q < HS_NATURE_QUESTION_COUNT; q++)
    count += shared[q];
  if (count == HS_NATURE_QUESTION_COUNT)
    return HS_NATURE_ALLIANCE;
  if (shared[HS_NATURE_RISKS] && shared[HS_NATURE_REWARDS])
    return HS_NATURE_JOINT_VENTURE;
  if (shared[HS_NATURE_ASSETS] || shared[HS_NATURE_EXPERTISE])
    return HS_NATURE_CO_MARKETING;
  return shared[HS_NATURE_REWARDS] ? HS_NATURE_AFFILIATE : HS_NATURE_VENDOR_CONTRACT;
}

/* More that is shared never makes less of it: no and yes in the place of what is not known bound
   what it can be. */
enum hs_nature_kind hs_nature_kind_of(const enum hs_shared shared[HS_NATURE_QUESTION_COUNT])
{
  int least[HS_NATURE_QUESTION_COUNT];
  int most[HS_NATURE_QUESTION_COUNT];
  for (size_t q = 0; q < HS_NATURE_QUESTION_COUNT; q++) {
    least[q] = shared[q] == HS_SHARED_YES;
    most[q] = shared[q] != HS_SHARED_NO;
  }
  return kind_of(least) == kind_of(most) ? kind_of(least) : HS_NATURE_CANNOT_TELL;
}

/* ---- on paper ---- */

static int gives_asset(const struct hs_exchange *gives)
{
  return gives->kind == HS_GIVES_DATA || gives->kind == HS_GIVES_AUDIENCE ||
         gives->kind == HS_GIVES_IP || gives->kind == HS_GIVES_CHANNEL ||
         gives->kind == HS_GIVES_CONTENT;
}

static int gives_people(const struct hs_exchange *gives) { return gives->kind == HS_GIVES_PEOPLE; }

static int side_gives(const struct hs_side *side, int (*is_such)(const struct hs_exchange *gives))
{
  const struct hs_exchange *gives = side->gives.items;
  for (size_t i = 0; i < side->gives.count; i++)
    if (is_such(&gives[i]))
      return 1;
  return 0;
}

static int commits_resources(const struct hs_agreement *agreement, struct hs_str party)
{
  const struct hs_resource *resources = agreement->resources.items;
  for (size_t i = 0; i < agreement->resources.count; i++)
    if (hs_str_equal(resources[i].party, party))
      return 1;
  return 0;
}

/* To something that is made together. */
static int brings_to_campaign(const struct hs_campaign *campaign, struct hs_str party)
{
  if (campaign == NULL || campaign->joint_output.data == NULL)
    return 0;
  const struct hs_campaign_side *sides = campaign->sides.items;
  for (size_t s = 0; s < campaign->sides.count; s++)
    if (hs_str_equal(sides[s].party, party) && sides[s].brings.data != NULL)
      return 1;
  return 0;
}

static enum hs_shared assets_on_paper(const struct hs_agreement *agreement)
{
  const struct hs_side *sides = agreement->sides.items;
  int count = 0;
  for (size_t s = 0; s < agreement->sides.count; s++)
    count += side_gives(&sides[s], gives_asset) || commits_resources(agreement, sides[s].party) ||
             brings_to_campaign(agreement->campaign, sides[s].party);
  return count >= 2 ? HS_SHARED_YES : HS_SHARED_NO;
}

static enum hs_shared expertise_on_paper(const struct hs_agreement *agreement)
{
  const struct hs_side *sides = agreement->sides.items;
  int count = 0;
  for (size_t s = 0; s < agreement->sides.count; s++)
    count += side_gives(&sides[s], gives_people);
  return count >= 2 ? HS_SHARED_YES : HS_SHARED_NO;
}

static enum hs_shared risks_on_paper(const struct hs_agreement *agreement)
{
  const struct hs_sharing_text *sharing = agreement->sharing;
  int count = 0;
  for (size_t i = 0; sharing != NULL && i < sharing->shares.count; i++) {
    const struct hs_side_share *share = (const struct hs_side_share *)sharing->shares.items + i;
    count += share->loss.scale >= 0 ? share->loss.digits > 0 : share->share.digits > 0;
  }
  return count >= 2 ? HS_SHARED_YES : HS_SHARED_NO;
}

/* Whether a sale earns the other side something. */
static int pays_for_sales(const struct hs_terms_text *terms)
{
  const struct hs_rule_text *rules = terms->rules.items;
  for (size_t r = 0; r < terms->rules.count; r++)
    if (rules[r].rate.digits > 0 || rules[r].amount.digits > 0)
      return 1;
  return 0;
}

static enum hs_shared rewards_on_paper(const struct hs_agreement *agreement)
{
  const struct hs_sharing_text *sharing = agreement->sharing;
  int count = 0;
  for (size_t i = 0; sharing != NULL && i < sharing->shares.count; i++)
    count += ((const struct hs_side_share *)sharing->shares.items)[i].share.digits > 0;
  return count >= 2 || pays_for_sales(agreement->terms) ? HS_SHARED_YES : HS_SHARED_NO;
}

static enum hs_shared control_on_paper(const struct hs_agreement *agreement)
{
  const struct hs_decision_right *decisions = agreement->decisions.items;
  for (size_t i = 0; i < agreement->decisions.count; i++)
    if (hs_str_equal_ascii_fold(decisions[i].decided_by, HS_STR("both")))
      return HS_SHARED_YES;
  return HS_SHARED_NO;
}

static const struct {
  enum hs_shared (*on_paper)(const struct hs_agreement *agreement);
  const char *yes, *no;
} PAPER[HS_NATURE_QUESTION_COUNT] = {
    {assets_on_paper, "two sides bring more than money and people",
     "fewer than two sides bring more than money and people"},
    {expertise_on_paper, "two sides give people", "fewer than two sides give people"},
    {risks_on_paper, "two sides bear losses", "nobody bears a loss of the other"},
    {rewards_on_paper, "what is sold earns both sides something",
     "what is sold earns one side alone"},
    {control_on_paper, "there is a decision that is for both", "no decision is for both to take"},
};

/* ---- in practice ---- */

static void answer_practice(const struct hs_practice *practice, struct hs_nature *out)
{
  const struct hs_practice_answer *const answers[HS_NATURE_QUESTION_COUNT] = {
      practice->assets, practice->expertise, practice->risks, practice->rewards, practice->control};
  for (size_t q = 0; q < HS_NATURE_QUESTION_COUNT; q++) {
    if (answers[q] == NULL)
      continue;
    out->answers[q].evidence = answers[q]->evidence;
    if (!hs_gate_is_guess(answers[q]->evidence))
      out->answers[q].in_practice = answers[q]->is_shared ? HS_SHARED_YES : HS_SHARED_NO;
  }
}

static void name_practice(struct hs_nature *nature)
{
  enum hs_shared in_practice[HS_NATURE_QUESTION_COUNT];
  for (size_t q = 0; q < HS_NATURE_QUESTION_COUNT; q++)
    in_practice[q] = nature->answers[q].in_practice;
  nature->in_practice = hs_nature_kind_of(in_practice);
}

void hs_nature_practise(struct hs_nature *nature, enum hs_nature_question question,
                        enum hs_shared in_practice, struct hs_str evidence)
{
  nature->answers[question].in_practice = in_practice;
  nature->answers[question].evidence = evidence;
  name_practice(nature);
}

void hs_agreement_nature(const struct hs_agreement *agreement, struct hs_nature *out)
{
  static const enum hs_nature_kind CALLED[] = {HS_NATURE_AFFILIATE, HS_NATURE_CO_MARKETING,
                                               HS_NATURE_JOINT_VENTURE, HS_NATURE_ALLIANCE};
  struct hs_nature nature = {.called = CALLED[agreement->kind]};
  enum hs_shared on_paper[HS_NATURE_QUESTION_COUNT];
  for (size_t q = 0; q < HS_NATURE_QUESTION_COUNT; q++) {
    on_paper[q] = PAPER[q].on_paper(agreement);
    nature.answers[q] = (struct hs_nature_answer){
        .on_paper = on_paper[q],
        .paper = on_paper[q] == HS_SHARED_YES ? PAPER[q].yes : PAPER[q].no,
        .in_practice = HS_SHARED_UNKNOWN};
  }
  if (agreement->practice != NULL)
    answer_practice(agreement->practice, &nature);
  nature.on_paper = hs_nature_kind_of(on_paper);
  name_practice(&nature);
  *out = nature;
}
