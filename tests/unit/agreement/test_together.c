/* Proves what agreements say of things that are shared: what cannot be applied is refused in its
   place; a campaign passes the gate only with something made together and evidence that is none of
   size; guesses are allowed and seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "agreement/agreement.h"
#include "agreement/terms.h"
#include "support/agreements.h"

static struct hs_arena arena;
static char told[8192];

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 4 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static void note_fault([[maybe_unused]] void *context, const char *path, const char *words)
{
  size_t used = strlen(told);
  (void)snprintf(told + used, sizeof told - used, "%s: %s\n", path, words);
}

static void note_objection([[maybe_unused]] void *context, const struct hs_objection *objection)
{
  size_t used = strlen(told);
  (void)snprintf(told + used, sizeof told - used, "%s %s: %s\n", objection->code, objection->path,
                 objection->words);
}

static void note_guess([[maybe_unused]] void *context, const char *path)
{
  size_t used = strlen(told);
  (void)snprintf(told + used, sizeof told - used, "%s\n", path);
}

static enum hs_status read_it(struct hs_str json, struct hs_agreement *agreement)
{
  struct hs_terms terms;
  told[0] = '\0';
  return hs_agreement_read(json, &arena, agreement, &terms, note_fault, NULL, NULL);
}

static size_t gate(struct hs_str json)
{
  struct hs_agreement agreement;
  assert_int_equal(read_it(json, &agreement), HS_OK);
  return hs_agreement_gate(&agreement, note_objection, NULL);
}

/* ---- what cannot be applied ---- */

static void what_cannot_be_shared_is_refused([[maybe_unused]] void **state)
{
  static const struct {
    const char *from, *to, *fault;
  } ROWS[] = {
      {"\"share\": \"60%\"", "\"share\": \"50%\"",
       "sharing.shares: the shares sum to 9/10, not to 1\n"
       "sharing.shares: the shares of a loss sum to 9/10, not to 1\n"},
      {"\"share\": \"60%\"", "\"share\": \"60%\", \"loss\": \"70%\"",
       "sharing.shares: the shares of a loss sum to 11/10, not to 1\n"},
      {"{\"party\": \"trails.example\", \"share\"", "{\"party\": \"brand.example\", \"share\"",
       "sharing.shares[1]: \"brand.example\" stands twice\n"},
      {"{\"party\": \"trails.example\", \"share\"", "{\"party\": \"other.example\", \"share\"",
       "sharing.shares[1].party: \"other.example\" is none of the parties\n"},
      {"\"kind\": \"waterfall\"", "\"kind\": \"shares\"",
       "sharing.steps: a waterfall has steps, and nothing else has\n"},
      {"\"kind\": \"waterfall\"", "\"kind\": \"kept\"",
       "sharing: has shares, but each side keeps what it has\n"
       "sharing.steps: a waterfall has steps, and nothing else has\n"},
      {"{\"kind\": \"recoup\"}", "{\"kind\": \"recoup\", \"rate\": \"5%\"}",
       "sharing.steps[0]: what is recouped are the costs: no rate and no most\n"},
      {"\"of\": \"costs\", \"rate\": \"8%\"", "\"of\": \"costs\"",
       "sharing.steps[1]: a preferred part needs a rate or a most\n"},
      {"\"preferred\", \"party\": \"brand.example\"", "\"preferred\"",
       "sharing.steps[1]: whose preferred part is it?\n"},
      {"\"low\": \"40%\", \"high\": \"70%\"", "\"low\": \"71%\", \"high\": \"70%\"",
       "fairness.ranges[0]: low is above high\n"
       "fairness.ranges: the lows together ask for more than there is\n"},
      {"\"low\": \"40%\", \"high\": \"70%\"", "\"low\": \"30%\", \"high\": \"39%\"",
       "fairness.ranges: the highs together leave a part to nobody\n"},
      {"\"what\": \"eight guides\", \"party\": \"trails.example\"",
       "\"what\": \"eight guides\", \"party\": \"nobody.example\"",
       "resources[1].party: \"nobody.example\" is none of the parties\n"},
  };
  struct hs_str venture = agreement_example(&arena, "joint-venture.json");
  struct hs_agreement agreement;
  assert_int_equal(read_it(venture, &agreement), HS_OK);
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_str changed = agreement_with(&arena, venture, ROWS[i].from, ROWS[i].to);
    assert_int_equal(read_it(changed, &agreement), HS_INVALID);
    assert_string_equal(told, ROWS[i].fault);
  }
}

static void companies_of_a_campaign_are_parties([[maybe_unused]] void **state)
{
  struct hs_str campaign = agreement_example(&arena, "co-marketing.json");
  struct hs_agreement agreement;
  struct hs_str changed = agreement_with(&arena, campaign, "form\", \"party\": \"trails.example\"",
                                         "form\", \"party\": \"tails.example\"");
  assert_int_equal(read_it(changed, &agreement), HS_INVALID);
  assert_string_equal(told, "campaign.tasks[0].party: \"tails.example\" is none of the parties\n");
}

/* ---- the gate ---- */

static void every_kind_asks_for_its_own([[maybe_unused]] void **state)
{
  static const char *const NAMES[] = {"co-marketing.json", "joint-venture.json", "alliance.json"};
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(gate(agreement_example(&arena, NAMES[i])), 0);
  struct hs_str venture = agreement_example(&arena, "joint-venture.json");
  assert_int_equal(gate(agreement_with(&arena, venture, "\"kind\": \"joint_venture\"",
                                       "\"kind\": \"co_marketing\"")),
                   1);
  assert_string_equal(told, "campaign campaign: missing: The campaign, of co-marketing.\n");
  struct hs_str campaign = agreement_example(&arena, "co-marketing.json");
  assert_int_equal(gate(agreement_with(&arena, campaign, "\"kind\": \"co_marketing\"",
                                       "\"kind\": \"joint_venture\"")),
                   5);
  assert_string_equal(told,
                      "shared_costs shared_costs: missing: Costs that are borne together.\n"
                      "resources resources: missing: What each side commits besides money.\n"
                      "decisions decisions: missing: Who decides what.\n"
                      "sharing sharing: missing: How the result is shared.\n"
                      "fairness fairness: missing: The fairness range: leaving it opens the terms "
                      "again.\n");
  struct hs_str alliance = agreement_example(&arena, "alliance.json");
  assert_int_equal(
      gate(agreement_with(&arena, alliance,
                          "\"disclosure_check\": {\"party\": \"brand.example\", \"owner\": "
                          "\"second partner manager\", \"pages\": 20},",
                          "")),
      1);
  assert_non_null(strstr(told, "disclosure_check disclosure_check: nobody has promised to look"));
}

static void a_campaign_needs_more_than_hope([[maybe_unused]] void **state)
{
  static const struct {
    const char *from, *to, *objection;
  } ROWS[] = {
      {"{\"evidence\": \"guessing: nobody has asked its readers what they ride with\"}",
       "{\"evidence\": \"both have a list of the same size\"}",
       "list_size_evidence campaign.sides[1].test: \"same size\" says how many customers there "
       "are, not whether they would value the other's offer: give cross-purchase or overlap, or "
       "the word \"guessing\"\n"},
      {"{\"evidence\": \"guessing: nobody has asked its readers what they ride with\"}",
       "{\"evidence\": \"they told us so\"}",
       "practical_test campaign.sides[1].test: give a figure of cross-purchase or overlap as "
       "evidence, or the word \"guessing\"\n"},
      /* with a figure, the size of lists may be told as well */
      {"{\"evidence\": \"guessing: nobody has asked its readers what they ride with\"}",
       "{\"overlap\": \"4%\", \"evidence\": \"400 of 10,000 subscribers\"}", ""},
      {"\"budget\": \"40%\"", "\"budget\": \"50%\"",
       "budget_split campaign.sides: the parts of the budget do not sum to all of it\n"},
      {"\"party\": \"trails.example\",\n        \"credibility\"",
       "\"party\": \"brand.example\",\n        \"credibility\"",
       "campaign campaign.sides: more than one part of the campaign is for \"brand.example\"\n"
       "campaign campaign.sides: nothing is said of the part of \"trails.example\"\n"},
      {"\"joint_output\": \"a planner that makes",
       "\"joint_output\": \"a newsletter swap that makes",
       "audience_swap campaign.joint_output: this is an audience swap: each side shows the other "
       "to "
       "its customers, and nothing is made together\n"},
  };
  struct hs_str campaign = agreement_example(&arena, "co-marketing.json");
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    size_t standing = gate(agreement_with(&arena, campaign, ROWS[i].from, ROWS[i].to));
    assert_string_equal(told, ROWS[i].objection);
    assert_int_equal(standing > 0, ROWS[i].objection[0] != '\0');
  }
}

/* Each gives nothing but access to its readers, and nothing is made. */
static void an_audience_swap_is_called_one([[maybe_unused]] void **state)
{
  struct hs_str swap = agreement_example(&arena, "co-marketing.json");
  swap = agreement_with(&arena, swap, "\"kind\": \"cash\", \"measure\": \"invoice paid\"",
                        "\"kind\": \"audience\", \"measure\": \"a mailing\"");
  swap = agreement_with(&arena, swap, "\"kind\": \"content\", \"measure\": \"30 routes online\"",
                        "\"kind\": \"channel\", \"measure\": \"a mailing\"");
  assert_int_equal(gate(swap), 0); /* there is a joint output still */
  swap = agreement_with(&arena, swap,
                        "\"joint_output\": \"a planner that makes of a route, the age of the "
                        "children and a trailer the days, the stops and what to pack\",",
                        "");
  assert_int_equal(gate(swap), 2);
  assert_non_null(strstr(told, "joint_output campaign.joint_output: missing:"));
  assert_non_null(strstr(told, "audience_swap campaign.joint_output: this is an audience swap"));
}

static void guesses_are_seen([[maybe_unused]] void **state)
{
  struct hs_agreement agreement;
  assert_int_equal(read_it(agreement_example(&arena, "joint-venture.json"), &agreement), HS_OK);
  hs_agreement_guesses(&agreement, note_guess, NULL);
  assert_string_equal(told, "intent.evidence\n");
  assert_int_equal(read_it(agreement_example(&arena, "co-marketing.json"), &agreement), HS_OK);
  hs_agreement_guesses(&agreement, note_guess, NULL);
  assert_string_equal(told, "campaign.sides[1].test.evidence\n");
  struct hs_str alliance = agreement_with(&arena, agreement_example(&arena, "alliance.json"),
                                          "the loss of March was borne in halves", "guessing");
  assert_int_equal(read_it(alliance, &agreement), HS_OK);
  hs_agreement_guesses(&agreement, note_guess, NULL);
  assert_string_equal(told, "practice.risks.evidence\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_cannot_be_shared_is_refused),
      cmocka_unit_test(companies_of_a_campaign_are_parties),
      cmocka_unit_test(every_kind_asks_for_its_own),
      cmocka_unit_test(a_campaign_needs_more_than_hope),
      cmocka_unit_test(an_audience_swap_is_called_one),
      cmocka_unit_test(guesses_are_seen),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
