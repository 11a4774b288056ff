/* The gate before signing. Most of what it asks stands in the shapes, as what is required from
   which weight on; here is what needs judgement: that success is no vanity figure, that the thesis
   is about what customers are solving, that every side of the agreement is there. */
#include <stdio.h>
#include <string.h>

#include "agreement/agreement.h"
#include "agreement/shape_priv.h"

struct gate {
  const struct hs_agreement *agreement;
  hs_objection_fn tell;
  void *context;
  size_t standing;
};

const struct hs_override *hs_agreement_override(const struct hs_agreement *agreement,
                                                const char *code)
{
  const struct hs_override *overrides = agreement->overrides.items;
  for (size_t i = 0; i < agreement->overrides.count; i++)
    if (hs_str_equal(overrides[i].of, hs_str_of(code)))
      return &overrides[i];
  return NULL;
}

static void object(struct gate *gate, const char *code, const char *path, const char *words)
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
  for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++)
    if (strncmp(path, CODES[i].path, strlen(CODES[i].path)) == 0)
      return CODES[i].code;
  return "form";
}

static void object_missing(void *context, const char *path, const char *words)
{
  object(context, code_of(path), path, words);
}

/* ---- sides ---- */

static void check_sides(struct gate *gate)
{
  const struct hs_agreement *agreement = gate->agreement;
  const struct hs_str *parties = agreement->parties.items;
  const struct hs_side *sides = agreement->sides.items;
  if (agreement->parties.count < 2)
    object(gate, "parties", "parties", "an agreement has two parties or more");
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
    object(gate, "sides", "sides", words);
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

static const char *first_word_of(struct hs_str text, const char *const *words)
{
  for (size_t i = 0; words[i] != NULL; i++)
    if (has_word(text, words[i]))
      return words[i];
  return NULL;
}

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

static void check_measure(struct gate *gate, const struct hs_measure *measure, const char *path)
{
  char words[256];
  const char *vanity = measure == NULL ? NULL : first_word_of(measure->what, VANITY);
  if (vanity == NULL || first_word_of(measure->what, RESULTS) != NULL)
    return;
  (void)snprintf(
      words, sizeof words,
      "success in \"%s\" alone is activity: name what it shall lead to, such as orders or "
      "customers who stay",
      vanity);
  object(gate, "vanity_success", path, words);
}

static void check_success(struct gate *gate)
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

static void check_intent(struct gate *gate)
{
  const struct hs_intent *intent = gate->agreement->intent;
  char words[256];
  const char *demography = intent == NULL ? NULL : first_word_of(intent->problem, DEMOGRAPHY);
  if (demography == NULL)
    return;
  (void)snprintf(words, sizeof words,
                 "\"%s\" says who customers are, not what they are solving at the same moment",
                 demography);
  object(gate, "demographic_intent", "intent.problem", words);
}

size_t hs_agreement_gate(const struct hs_agreement *agreement, hs_objection_fn tell, void *context)
{
  struct gate gate = {.agreement = agreement, .tell = tell, .context = context};
  /* What is missing is told one by one, so the status that sums it up is not needed. */
  (void)hs_shape_complete(&hs_agreement_shape, agreement, (unsigned)agreement->weight,
                          object_missing, &gate, NULL);
  if (agreement->weight != HS_WEIGHT_STANDARD)
    check_sides(&gate);
  check_success(&gate);
  check_intent(&gate);
  return gate.standing;
}
