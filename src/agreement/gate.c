/* The gate before signing. Most of what it asks stands in the shapes, as what is required from
   which weight on; here is what needs judgement: that success is no vanity figure, that the thesis
   is about what customers are solving, that every side of the agreement is there. */
#include <stdio.h>
#include <string.h>

#include "agreement/gate_priv.h"

const struct hs_override *hs_agreement_override(const struct hs_agreement *agreement,
                                                const char *code)
{
  const struct hs_override *overrides = agreement->overrides.items;
  for (size_t i = 0; i < agreement->overrides.count; i++)
    if (hs_str_equal(overrides[i].of, hs_str_of(code)))
      return &overrides[i];
  return NULL;
}

void hs_gate_object(struct hs_gate *gate, const char *code, const char *path, const char *words)
{
  struct hs_objection objection = {code, path, words, hs_agreement_override(gate->agreement, code)};
  gate->standing += objection.overridden == NULL;
  gate->tell(gate->context, &objection);
}

/* ---- what is missing ---- */

/* What stands below a path has its code. */
static const struct {
  const char *path, *code;
} CODES[] = {{"outcome", "joint_outcome"},
             {"intent", "intent"},
             {"first_review", "first_review"},
             {"escalation", "escalation"},
             {"exit", "exit"},
             {"campaign", "campaign"},
             {"shared_costs", "shared_costs"},
             {"resources", "resources"},
             {"decisions", "decisions"},
             {"sharing", "sharing"},
             {"fairness", "fairness"},
             {"sides", "sides"},
             {"forums", "forums"},
             {"data_rules", "data_rules"},
             {"renegotiation", "renegotiation"},
             {"parties", "parties"},
             {"purpose", "purpose"}};

static const char *code_of(const char *path)
{
  /* Of sides, people and what is got have demands of their own. */
  if (strncmp(path, "sides", 5) == 0) {
    if (strstr(path, "].owner") || strstr(path, "].deputy") || strstr(path, "].sponsor"))
      return "owners";
    if (strstr(path, "].gets"))
      return "measure_of_gets";
  }
  if (strncmp(path, "campaign", 8) == 0) {
    if (strstr(path, ".baseline"))
      return "solo_baseline";
    if (strstr(path, ".test"))
      return "practical_test";
    if (strstr(path, ".joint_output") || strstr(path, ".neither_alone"))
      return "joint_output";
  }
  for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++)
    if (strncmp(path, CODES[i].path, strlen(CODES[i].path)) == 0)
      return CODES[i].code;
  return "form";
}

static void object_missing(void *context, const char *path, const char *words)
{
  hs_gate_object(context, code_of(path), path, words);
}

/* ---- sides ---- */

static void check_sides(struct hs_gate *gate)
{
  const struct hs_agreement *agreement = gate->agreement;
  const struct hs_str *parties = agreement->parties.items;
  const struct hs_side *sides = agreement->sides.items;
  if (agreement->parties.count < 2)
    hs_gate_object(gate, "parties", "parties", "an agreement has two parties or more");
  for (size_t p = 0; p < agreement->parties.count; p++) {
    char words[256];
    size_t found = 0;
    for (size_t s = 0; s < agreement->sides.count; s++)
      found += hs_str_equal(sides[s].party, parties[p]) != 0;
    if (found == 1)
      continue;
    (void)snprintf(words, sizeof words, "%s \"%.*s\"",
                   found == 0 ? "no side says what is in it for" : "more than one side is for",
                   HS_STR_ARG(parties[p]));
    hs_gate_object(gate, "sides", "sides", words);
  }
}

/* ---- words ---- */

static int is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/* Whether the text has the word (or words), as whole words and without case. */
static int has_word(struct hs_str text, const char *word)
{
  size_t length = strlen(word);
  for (size_t i = 0; i + length <= text.length; i++) {
    int begins = i == 0 || !is_letter(text.data[i - 1]);
    int ends = i + length == text.length || !is_letter(text.data[i + length]);
    if (begins && ends &&
        hs_str_equal_ascii_fold((struct hs_str){text.data + i, length},
                                (struct hs_str){word, length}))
      return 1;
  }
  return 0;
}

const char *hs_gate_word_of(struct hs_str text, const char *const *words)
{
  for (size_t i = 0; words[i] != NULL; i++)
    if (has_word(text, words[i]))
      return words[i];
  return NULL;
}

int hs_gate_is_guess(struct hs_str text) { return has_word(text, "guessing"); }

/* Figures that grow without anybody buying, … */
static const char *const VANITY[] = {"impression", "impressions", "reach",       "follower",
                                     "followers",  "subscriber",  "subscribers", "list size",
                                     "views",      "likes",       "audience",    NULL};
/* … and what makes a figure more than that. */
static const char *const RESULTS[] = {"order",  "orders",    "sale",      "sales",     "revenue",
                                      "margin", "customer",  "customers", "purchase",  "purchases",
                                      "buy",    "buyers",    "repeat",    "renewal",   "renewals",
                                      "profit", "retention", "contract",  "contracts", NULL};
/* Who somebody is says nothing of what they are solving. */
static const char *const DEMOGRAPHY[] = {"age",          "aged",      "years old", "demographic",
                                         "demographics", "income",    "gender",    "list size",
                                         "followers",    "same size", NULL};

static void check_measure(struct hs_gate *gate, const struct hs_measure *measure, const char *path)
{
  char words[256];
  const char *vanity = measure == NULL ? NULL : hs_gate_word_of(measure->what, VANITY);
  if (vanity == NULL || hs_gate_word_of(measure->what, RESULTS) != NULL)
    return;
  (void)snprintf(
      words, sizeof words,
      "success in \"%s\" alone is activity: name what it shall lead to, such as orders or "
      "customers who stay",
      vanity);
  hs_gate_object(gate, "vanity_success", path, words);
}

static void check_success(struct hs_gate *gate)
{
  const struct hs_agreement *agreement = gate->agreement;
  const struct hs_side *sides = agreement->sides.items;
  if (agreement->outcome != NULL)
    check_measure(gate, agreement->outcome->measure, "outcome.measure.what");
  for (size_t s = 0; s < agreement->sides.count; s++) {
    char path[64];
    (void)snprintf(path, sizeof path, "sides[%zu].success.what", s);
    check_measure(gate, sides[s].success, path);
  }
}

static void check_intent(struct hs_gate *gate)
{
  const struct hs_intent *intent = gate->agreement->intent;
  char words[256];
  const char *demography = intent == NULL ? NULL : hs_gate_word_of(intent->problem, DEMOGRAPHY);
  if (demography == NULL)
    return;
  (void)snprintf(words, sizeof words,
                 "\"%s\" says who customers are, not what they are solving at the same moment",
                 demography);
  hs_gate_object(gate, "demographic_intent", "intent.problem", words);
}

/* A text that stood there once is no text that stands there. */
static void check_disclosure(struct hs_gate *gate)
{
  const struct hs_agreement *agreement = gate->agreement;
  if (agreement->weight != HS_WEIGHT_STANDARD && agreement->disclosure.count > 0 &&
      agreement->disclosure_check == NULL)
    hs_gate_object(gate, "disclosure_check", "disclosure_check",
                   "nobody has promised to look whether the disclosure stands where it must: name "
                   "who looks at how many places each month");
}

size_t hs_agreement_gate(const struct hs_agreement *agreement, hs_objection_fn tell, void *context)
{
  struct hs_gate gate = {.agreement = agreement, .tell = tell, .context = context};
  /* What is missing is told one by one, so the status that sums it up is not needed. */
  (void)hs_shape_complete(&hs_agreement_shape, agreement,
                          hs_agreement_level((enum hs_agreement_kind)agreement->kind,
                                             (enum hs_weight)agreement->weight),
                          object_missing, &gate, NULL);
  if (agreement->weight != HS_WEIGHT_STANDARD)
    check_sides(&gate);
  check_success(&gate);
  check_intent(&gate);
  hs_gate_check_campaign(&gate);
  check_disclosure(&gate);
  return gate.standing;
}

/* ---- guesses ---- */

static void tell_guess(struct hs_str evidence, const char *path, hs_guess_fn tell, void *context)
{
  if (hs_gate_is_guess(evidence))
    tell(context, path);
}

static void tell_practice(const struct hs_practice *practice, hs_guess_fn tell, void *context)
{
  const struct {
    const struct hs_practice_answer *answer;
    const char *path;
  } ANSWERS[] = {{practice->assets, "practice.assets.evidence"},
                 {practice->expertise, "practice.expertise.evidence"},
                 {practice->risks, "practice.risks.evidence"},
                 {practice->rewards, "practice.rewards.evidence"},
                 {practice->control, "practice.control.evidence"}};
  for (size_t i = 0; i < sizeof ANSWERS / sizeof *ANSWERS; i++)
    if (ANSWERS[i].answer != NULL)
      tell_guess(ANSWERS[i].answer->evidence, ANSWERS[i].path, tell, context);
}

void hs_agreement_guesses(const struct hs_agreement *agreement, hs_guess_fn tell, void *context)
{
  const struct hs_campaign *campaign = agreement->campaign;
  if (agreement->intent != NULL)
    tell_guess(agreement->intent->evidence, "intent.evidence", tell, context);
  for (size_t s = 0; campaign != NULL && s < campaign->sides.count; s++) {
    const struct hs_campaign_side *side =
        (const struct hs_campaign_side *)campaign->sides.items + s;
    char path[64];
    (void)snprintf(path, sizeof path, "campaign.sides[%zu].test.evidence", s);
    if (side->test != NULL)
      tell_guess(side->test->evidence, path, tell, context);
  }
  if (agreement->practice != NULL)
    tell_practice(agreement->practice, tell, context);
}
