/* Proves the room of agreements: documents are read with every fault told in its place, written in
   one form, compared field by field; terms that cannot be applied are refused; the gate lets pass
   what its weight needs and nothing less. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agreement/agreement.h"
#include "agreement/terms.h"
#include "support/agreements.h"

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 4 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static struct hs_str example(const char *name) { return agreement_example(&arena, name); }

/* Faults as "path: words" lines. */
static char told[8192];

static void note(void *context, const char *path, const char *words)
{
  size_t used = strlen(told);
  (void)context;
  (void)snprintf(told + used, sizeof told - used, "%s: %s\n", path, words);
}

static enum hs_status read_it(struct hs_str json, struct hs_agreement *agreement,
                              struct hs_terms *terms)
{
  struct hs_err err = {0};
  told[0] = '\0';
  enum hs_status status = hs_agreement_read(json, &arena, agreement, terms, note, NULL, &err);
  assert_int_equal(status == HS_OK, told[0] == '\0');
  if (status != HS_OK) /* the error is the first fault */
    assert_non_null(strstr(told, err.text[0] == ':' ? err.text + 2 : err.text));
  return status;
}

static struct hs_str with(struct hs_str json, const char *from, const char *to)
{
  return agreement_with(&arena, json, from, to);
}

/* ---- reading ---- */

static void an_offer_becomes_terms([[maybe_unused]] void **state)
{
  struct hs_agreement agreement;
  struct hs_terms terms;
  assert_int_equal(read_it(example("standard-offer.json"), &agreement, &terms), HS_OK);
  assert_int_equal(agreement.weight, HS_WEIGHT_STANDARD);
  assert_int_equal(agreement.exit->notice_days, 14);
  assert_int_equal(terms.rule_count, 2);
  assert_int_equal(terms.rounding, HS_ROUND_HALF_EVEN); /* the fallback */
  assert_int_equal(terms.rules[0].when.customer, HS_CUSTOMER_NEW);
  assert_int_equal(terms.rules[0].caps.most_minor[HS_CYCLE_MONTH], 500000);
  assert_int_equal(terms.rules[0].caps.most_minor[HS_CYCLE_DAY], 0);
  assert_int_equal(terms.rules[1].tiers.count, 2);
  assert_int_equal(terms.rules[1].tiers.tier[1].from, 51);
  const struct hs_decimal twelve = {12, 2};
  assert_int_equal(hs_decimal_compare(terms.rules[1].tiers.tier[1].rate.percentage, twelve), 0);
}

static void faults_are_told_in_their_place([[maybe_unused]] void **state)
{
  static const struct {
    const char *from, *to, *fault;
  } ROWS[] = {
      {"\"weight\": \"standard\"", "\"weight\": \"light\"",
       "weight: must be one of standard, managed, alliance, got \"light\"\n"},
      {"\"window_days\": 30", "\"window_days\": 0", "terms.window_days: must be 1 to 365, got 0\n"},
      {"\"window_days\": 30", "\"window_days\": \"30\"",
       "terms.window_days: must be a whole number, got text\n"},
      {"\"window_days\": 30", "\"window_day\": 30",
       "terms.window_day: there is no such field; did you mean \"window_days\"?\n"},
      {"\"window_days\": 30", "\"colour\": 30",
       "terms.colour: there is no such field in a \"terms\"\n"},
      {"\"rate\": \"8%\"", "\"rate\": 0.08",
       "terms.rules[1].rate: must be a decimal in quotes, got a number with a fraction\n"},
      {"\"rate\": \"8%\"", "\"rate\": \"8 percent\"",
       "terms.rules[1].rate: must be a decimal in quotes, such as \"0.125\" or \"12.5%\", got \"8 "
       "percent\"\n"},
      {"\"rate\": \"8%\"", "\"rate\": \"800%\"",
       "terms.rules[1].rate: must be 0 to 1, got \"800%\"\n"},
      {"\"title\": \"Everybody's offer\"", "\"title\": \"  \"", "title: the text is blank\n"},
      {"\"rank\": 1,", "",
       "terms.rules[0].rank: missing: The first rule by rank whose conditions hold "
       "pays, and no other.\n"},
      {"\"kind\": \"affiliate\",", "", "kind: missing: What the parties do together.\n"},
      {"\"rate\": \"8%\"", "\"rate\": \"8%\", \"amount\": \"5\"",
       "terms.rules[1]: has both a rate and an amount\n"},
      {"\"rate\": \"8%\",", "", "terms.rules[1]: has neither a rate nor an amount\n"},
      {"\"rank\": 2", "\"rank\": 1",
       "terms.rules: rank 1 stands twice: which of \"new customers\" and \"sales\" comes first?\n"},
      {"\"name\": \"sales\"", "\"name\": \"new customers\"",
       "terms.rules: the name \"new customers\" stands twice\n"},
      {"\"amount\": \"5000\"", "\"amount\": \"5000.001\"",
       "terms.rules[0].caps[0].amount: 5000.001 has 3 digits after the point; EUR has 2\n"},
      {"\"from\": \"51\"", "\"from\": \"11\"",
       "terms.rules[1].tiers.steps[1].from: tiers must rise\n"},
      {"\"from\": \"51\"", "\"from\": \"51.5\"",
       "terms.rules[1].tiers.steps[1].from: the number of an order is a whole number\n"},
      {"\"currency\": \"EUR\"", "\"currency\": \"EURO\"",
       "terms.currency: \"EURO\" is no currency of ISO 4217\n"},
      {"\"measure\": \"orders\"", "\"measure\": \"orders\", \"retroactive\": true", ""},
      {"\"exit\": {\"notice_days\": 14}", "\"exit\": []", "exit: must be an object, got a list\n"},
  };
  struct hs_agreement agreement;
  struct hs_terms terms;
  struct hs_str offer = example("standard-offer.json");
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    enum hs_status status = read_it(with(offer, ROWS[i].from, ROWS[i].to), &agreement, &terms);
    assert_string_equal(told, ROWS[i].fault);
    assert_int_equal(status, ROWS[i].fault[0] == '\0' ? HS_OK : HS_INVALID);
  }
}

static void syntax_errors_have_line_and_column([[maybe_unused]] void **state)
{
  struct hs_agreement agreement;
  struct hs_terms terms;
  assert_int_equal(read_it(HS_STR("{\n  \"title\": \n}"), &agreement, &terms), HS_INVALID);
  assert_string_equal(told, ": line 3, column 1: unexpected token near '}'\n");
  assert_int_equal(read_it(HS_STR("[]"), &agreement, &terms), HS_INVALID);
  assert_string_equal(told, ": must be an object, got a list\n");
}

static void the_whole_vocabulary_becomes_terms([[maybe_unused]] void **state)
{
  struct hs_agreement agreement;
  struct hs_terms terms;
  struct hs_str offer = with(
      example("standard-offer.json"), "\"rules\": [",
      "\"bonuses\": [{\"name\": \"fifty\", \"measure\": \"orders\", \"period\": \"month\", "
      "\"from\": "
      "\"50\", \"amount\": \"100\"}, {\"name\": \"much\", \"measure\": \"revenue\", \"period\": "
      "\"ever\", "
      "\"from\": \"5000\", \"amount\": \"250.5\"}], \"rules\": ["
      "{\"name\": \"trials\", \"rank\": 11, \"event\": \"custom\", \"event_names\": "
      "[\"trial_started\"], "
      "\"metadata\": [{\"key\": \"plan\", \"values\": [\"pro\", \"team\"]}], \"amount\": \"2\"}, "
      "{\"name\": \"leads\", \"rank\": 12, \"event\": \"lead\", \"amount\": \"20\"}, "
      "{\"name\": \"clicks\", \"rank\": 13, \"event\": \"click\", \"amount\": \"0.05\"}, "
      "{\"name\": \"shoes\", \"rank\": 14, \"level\": \"item\", \"products\": [\"shoe\"], "
      "\"amount\": "
      "\"3\"}, ");
  assert_int_equal(read_it(offer, &agreement, &terms), HS_OK);
  assert_int_equal(terms.rule_count, 6);
  assert_int_equal(terms.rules[2].event, HS_RULE_CUSTOM);
  assert_int_equal(terms.rules[2].when.event_names.count, 1);
  const struct hs_metadata_condition *metadata = terms.rules[2].when.metadata.items;
  assert_int_equal(terms.rules[2].when.metadata.count, 1);
  assert_int_equal(metadata->values.count, 2);
  assert_int_equal(terms.rules[4].rate.flat_minor, 5);
  assert_int_equal(terms.rules[4].level, HS_LEVEL_ORDER); /* the fallback */
  assert_int_equal(terms.rules[5].level, HS_LEVEL_ITEM);
  assert_int_equal(terms.bonus_count, 2);
  assert_int_equal(terms.bonuses[0].from, 50);
  assert_int_equal(terms.bonuses[0].amount_minor, 10000);
  assert_int_equal(terms.bonuses[1].from, 500000);
  assert_int_equal(terms.bonuses[1].amount_minor, 25050);
  static const struct {
    const char *from, *to, *fault;
  } ROWS[] = {
      {"\"event\": \"custom\"", "\"event\": \"sale\"",
       "terms.rules[0]: only custom events have names\n"},
      {"\"event\": \"lead\"", "\"event\": \"lead\", \"level\": \"item\"",
       "terms.rules[1]: only orders have items\n"},
      {"\"event\": \"lead\"", "\"event\": \"click\", \"customer\": \"new\"",
       "terms.rules[1]: a click is paid before anybody knows which customer it was\n"},
      {"\"from\": \"50\"", "\"from\": \"0\"", "terms.bonuses[0].from: must be above 0\n"},
      {"\"from\": \"50\"", "\"from\": \"50.5\"",
       "terms.bonuses[0].from: the number of an order is a whole number\n"},
      {"\"amount\": \"250.5\"", "\"amount\": \"0\"", "terms.bonuses[1].amount: must be above 0\n"},
      {"\"name\": \"much\"", "\"name\": \"sales\"",
       "terms.bonuses[1]: the name \"sales\" stands twice\n"},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    assert_int_equal(read_it(with(offer, ROWS[i].from, ROWS[i].to), &agreement, &terms),
                     HS_INVALID);
    assert_string_equal(told, ROWS[i].fault);
  }
}

static void retroactive_tiers_never_take_back([[maybe_unused]] void **state)
{
  struct hs_agreement agreement;
  struct hs_terms terms;
  struct hs_str offer = with(example("standard-offer.json"), "\"measure\": \"orders\"",
                             "\"measure\": \"orders\", \"retroactive\": true");
  assert_int_equal(read_it(offer, &agreement, &terms), HS_OK);
  assert_int_equal(read_it(with(offer, "\"from\": \"51\", \"rate\": \"12%\"",
                                "\"from\": \"51\", \"rate\": \"9%\""),
                           &agreement, &terms),
                   HS_INVALID);
  assert_non_null(strstr(told, "what was earned is not taken back"));
  assert_int_equal(read_it(with(offer, "\"from\": \"51\", \"rate\": \"12%\"",
                                "\"from\": \"51\", \"amount\": \"9\""),
                           &agreement, &terms),
                   HS_INVALID);
  assert_string_equal(
      told, "terms.rules[1].tiers.steps[1]: a retroactive tier needs rates, not amounts\n");
}

/* ---- writing and comparing ---- */

static struct hs_str written(const struct hs_agreement *agreement)
{
  struct hs_buf out = hs_buf_in(&arena);
  hs_shape_write(&hs_agreement_shape, agreement, &out);
  assert_int_equal(hs_buf_status(&out, "an agreement", NULL), HS_OK);
  return (struct hs_str){out.data, out.length};
}

static void what_is_written_reads_back_to_the_same_bytes([[maybe_unused]] void **state)
{
  static const char *const NAMES[] = {"standard-offer.json", "co-marketing.json",
                                      "joint-venture.json", "alliance.json"};
  for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
    struct hs_agreement agreement, again;
    struct hs_terms terms;
    assert_int_equal(read_it(example(NAMES[i]), &agreement, &terms), HS_OK);
    struct hs_str first = written(&agreement);
    assert_int_equal(read_it(first, &again, &terms), HS_OK);
    assert_true(hs_str_equal(written(&again), first));
  }
}

static void note_change(void *context, const char *path, const char *before, const char *after)
{
  size_t used = strlen(told);
  (void)context;
  (void)snprintf(told + used, sizeof told - used, "%s: %s -> %s\n", path,
                 before == NULL ? "-" : before, after == NULL ? "-" : after);
}

static void differences_stand_field_by_field([[maybe_unused]] void **state)
{
  struct hs_agreement before, after;
  struct hs_terms terms;
  struct hs_str offer = example("standard-offer.json");
  struct hs_str changed = with(with(with(offer, "\"rate\": \"8%\"", "\"rate\": \"9.5%\""),
                                    ", {\"from\": \"51\", \"rate\": \"12%\"}", ""),
                               "\"exit\": {\"notice_days\": 14},", "\"purpose\": \"to be read\",");
  assert_int_equal(read_it(offer, &before, &terms), HS_OK);
  assert_int_equal(read_it(changed, &after, &terms), HS_OK);
  told[0] = '\0';
  assert_int_equal(
      hs_shape_compare(&hs_agreement_shape, &before, &after, &arena, note_change, NULL, NULL),
      HS_OK);
  assert_string_equal(told, "purpose: - -> to be read\n"
                            "terms.rules[1].rate: 0.08 -> 0.095\n"
                            "terms.rules[1].tiers.steps[1].from: 51 -> -\n"
                            "terms.rules[1].tiers.steps[1].rate: 0.12 -> -\n"
                            "exit.notice_days: 14 -> -\n");
  told[0] = '\0';
  assert_int_equal(
      hs_shape_compare(&hs_agreement_shape, &before, &before, &arena, note_change, NULL, NULL),
      HS_OK);
  assert_string_equal(told, "");
}

/* ---- the gate ---- */

static void note_objection(void *context, const struct hs_objection *objection)
{
  size_t used = strlen(told);
  (void)context;
  (void)snprintf(told + used, sizeof told - used, "%s%s %s: %s\n",
                 objection->overridden != NULL ? "(set aside) " : "", objection->code,
                 objection->path, objection->words);
}

static size_t gate(struct hs_str json)
{
  struct hs_agreement agreement;
  struct hs_terms terms;
  assert_int_equal(read_it(json, &agreement, &terms), HS_OK);
  told[0] = '\0';
  return hs_agreement_gate(&agreement, note_objection, NULL);
}

static void each_weight_asks_for_what_it_needs([[maybe_unused]] void **state)
{
  struct hs_str offer = example("standard-offer.json");
  struct hs_str managed = example("co-marketing.json");
  assert_int_equal(gate(offer), 0);
  assert_int_equal(gate(managed), 0);
  assert_true(gate(with(offer, "\"weight\": \"standard\"", "\"weight\": \"managed\"")) > 5);
  assert_non_null(strstr(told, "joint_outcome outcome: missing:"));
  assert_non_null(strstr(told, "intent intent: missing:"));
  assert_non_null(strstr(told, "first_review first_review: missing:"));
  assert_true(gate(with(managed, "\"weight\": \"managed\"", "\"weight\": \"alliance\"")) > 5);
  assert_non_null(strstr(told, "owners sides[0].sponsor: missing: The executive behind it."));
}

static void what_a_managed_agreement_lacks_is_named([[maybe_unused]] void **state)
{
  static const struct {
    const char *from, *to, *objection;
  } ROWS[] = {
      {"\"first_review\": \"2026-11-03\",", "",
       "first_review first_review: missing: The day of the first review.\n"},
      {", \"measure\": \"monthly statement\"", "",
       "measure_of_gets sides[1].gets[0].measure: missing: By what one sees that it came.\n"},
      {"\"party\": \"trails.example\"", "\"party\": \"brand.example\"",
       "sides sides: more than one side is for \"brand.example\"\n"
       "sides sides: no side says what is in it for \"trails.example\"\n"},
      {"first orders by readers of the trip planner", "impressions of the trip planner",
       "vanity_success outcome.measure.what: success in \"impressions\" alone is activity: name "
       "what "
       "it shall lead to, such as orders or customers who stay\n"},
      {"planning the first longer trip with children", "parents of similar age",
       "demographic_intent intent.problem: \"age\" says who customers are, not what they are "
       "solving "
       "at the same moment\n"},
      /* whole words only: a stage is no age */
      {"planning the first longer trip with children", "the stage of planning a first trip", ""},
      {"first orders by readers of the trip planner", "orders that impressions led to", ""},
  };
  struct hs_str managed = example("co-marketing.json");
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    size_t standing = gate(with(managed, ROWS[i].from, ROWS[i].to));
    assert_string_equal(told, ROWS[i].objection);
    assert_int_equal(standing > 0, ROWS[i].objection[0] != '\0');
  }
}

static void an_override_stays_visible([[maybe_unused]] void **state)
{
  struct hs_str json =
      with(with(example("co-marketing.json"), "planning the first longer trip with children",
                "parents of similar age"),
           "\"exit\":",
           "\"overrides\": [{\"of\": \"demographic_intent\", \"by\": \"head of sales\", "
           "\"reason\": \"a pilot\", \"on\": \"2026-10-01\"}], \"exit\":");
  assert_int_equal(gate(json), 0);
  assert_non_null(strstr(told, "(set aside) demographic_intent intent.problem"));
}

/* ---- the schema ---- */

static void the_schema_in_docs_is_the_one_of_the_tables([[maybe_unused]] void **state)
{
  struct hs_buf out = hs_buf_in(&arena);
  hs_shape_schema(&hs_agreement_shape, "An agreement of Hansa", &out);
  assert_int_equal(hs_buf_status(&out, "the schema", NULL), HS_OK);
  struct hs_str stored = example("../reference/agreement.schema.json");
  assert_string_equal(stored.data, out.data);
}

static void every_capacity_either_suffices_or_is_said([[maybe_unused]] void **state)
{
  struct hs_str json = example("co-marketing.json");
  enum hs_status status = HS_NOMEM;
  for (size_t bytes = 64; status == HS_NOMEM; bytes += 64) {
    struct hs_arena small = {0};
    struct hs_agreement agreement;
    struct hs_terms terms;
    assert_true(bytes < HS_MIB);
    assert_int_equal(hs_arena_init(&small, bytes, NULL), HS_OK);
    status = hs_agreement_read(json, &small, &agreement, &terms, NULL, NULL, NULL);
    hs_arena_release(&small);
  }
  assert_int_equal(status, HS_OK);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_offer_becomes_terms),
      cmocka_unit_test(faults_are_told_in_their_place),
      cmocka_unit_test(syntax_errors_have_line_and_column),
      cmocka_unit_test(the_whole_vocabulary_becomes_terms),
      cmocka_unit_test(retroactive_tiers_never_take_back),
      cmocka_unit_test(what_is_written_reads_back_to_the_same_bytes),
      cmocka_unit_test(differences_stand_field_by_field),
      cmocka_unit_test(each_weight_asks_for_what_it_needs),
      cmocka_unit_test(what_a_managed_agreement_lacks_is_named),
      cmocka_unit_test(an_override_stays_visible),
      cmocka_unit_test(the_schema_in_docs_is_the_one_of_the_tables),
      cmocka_unit_test(every_capacity_either_suffices_or_is_said),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
