/* The gate of co-marketing. Two companies that show each other's newsletter have swapped audiences;
   a campaign makes something that customers of both want and that neither could have made. */
#include <stdio.h>

#include "agreement/gate_priv.h"
#include "base/ratio.h"

/* How many they are says nothing of what they would value. */
static const char *const SIZES[] = {"list size",
                                    "size of the list",
                                    "lists of the same size",
                                    "same size",
                                    "equal size",
                                    "similar size",
                                    "followers",
                                    "subscribers",
                                    "reach",
                                    "impressions",
                                    NULL};
static const char *const SWAPS[] = {"swap",
                                    "swaps",
                                    "shoutout",
                                    "shoutouts",
                                    "mention each other",
                                    "newsletter exchange",
                                    "cross promotion",
                                    NULL};

static int is_given(struct hs_decimal decimal) { return decimal.scale >= 0; }

static void check_test(struct hs_gate *gate, const struct hs_practical_test *test, size_t side)
{
  char path[64];
  char words[256];
  if (test == NULL || is_given(test->cross_purchase) || is_given(test->overlap) ||
      hs_gate_is_guess(test->evidence))
    return;
  (void)snprintf(path, sizeof path, "campaign.sides[%zu].test", side);
  const char *size = hs_gate_word_of(test->evidence, SIZES);
  if (size == NULL) {
    hs_gate_object(gate, "practical_test", path,
                   "give a figure of cross-purchase or overlap as evidence, or the word "
                   "\"guessing\"");
    return;
  }
  (void)snprintf(words, sizeof words,
                 "\"%s\" says how many customers there are, not whether they would value the "
                 "other's offer: give cross-purchase or overlap, or the word \"guessing\"",
                 size);
  hs_gate_object(gate, "list_size_evidence", path, words);
}

static void check_budget(struct hs_gate *gate, const struct hs_campaign *campaign)
{
  const struct hs_campaign_side *sides = campaign->sides.items;
  struct hs_ratio sum = HS_RATIO_ZERO;
  for (size_t s = 0; s < campaign->sides.count; s++)
    if (!is_given(sides[s].budget) ||
        !hs_ratio_add(sum, hs_ratio_of_decimal(sides[s].budget), &sum))
      return; /* that it is missing is said already */
  if (campaign->sides.count > 0 && hs_ratio_compare(sum, HS_RATIO_ONE) != 0)
    hs_gate_object(gate, "budget_split", "campaign.sides",
                   "the parts of the budget do not sum to all of it");
}

static void check_campaign_sides(struct hs_gate *gate, const struct hs_campaign *campaign)
{
  const struct hs_str *parties = gate->agreement->parties.items;
  const struct hs_campaign_side *sides = campaign->sides.items;
  for (size_t p = 0; p < gate->agreement->parties.count; p++) {
    char words[256];
    size_t found = 0;
    for (size_t s = 0; s < campaign->sides.count; s++)
      found += hs_str_equal(sides[s].party, parties[p]) != 0;
    if (found == 1)
      continue;
    (void)snprintf(words, sizeof words, "%s \"%.*s\"",
                   found == 0 ? "nothing is said of the part of"
                              : "more than one part of the campaign is for",
                   HS_STR_ARG(parties[p]));
    hs_gate_object(gate, "campaign", "campaign.sides", words);
  }
}

/* Whether all that this side gives is access to people. */
static int gives_audience_alone(const struct hs_side *side)
{
  const struct hs_exchange *gives = side->gives.items;
  for (size_t i = 0; i < side->gives.count; i++)
    if (gives[i].kind != HS_GIVES_AUDIENCE && gives[i].kind != HS_GIVES_CHANNEL)
      return 0;
  return side->gives.count > 0;
}

static int is_swap(const struct hs_agreement *agreement)
{
  const struct hs_campaign *campaign = agreement->campaign;
  const struct hs_side *sides = agreement->sides.items;
  if (campaign != NULL && hs_gate_word_of(campaign->joint_output, SWAPS) != NULL)
    return 1;
  if (campaign != NULL && campaign->joint_output.data != NULL)
    return 0;
  for (size_t s = 0; s < agreement->sides.count; s++)
    if (!gives_audience_alone(&sides[s]))
      return 0;
  return agreement->sides.count > 0;
}

void hs_gate_check_campaign(struct hs_gate *gate)
{
  const struct hs_campaign *campaign = gate->agreement->campaign;
  if (gate->agreement->kind == HS_KIND_CO_MARKETING && is_swap(gate->agreement))
    hs_gate_object(gate, "audience_swap", "campaign.joint_output",
                   "this is an audience swap: each side shows the other to its customers, and "
                   "nothing is made together");
  if (campaign == NULL)
    return;
  const struct hs_campaign_side *sides = campaign->sides.items;
  check_campaign_sides(gate, campaign);
  check_budget(gate, campaign);
  for (size_t s = 0; s < campaign->sides.count; s++)
    check_test(gate, sides[s].test, s);
}
