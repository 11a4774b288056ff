/* Proves that agreements are begun and changed without JSON: templates pass the form, a line names
   its field in every way that is promised, and what a line cannot say is refused in its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "agreement/change.h"
#include "agreement/rule_check.h"
#include "agreement/terms.h"
#include "base/time.h"
#include "support/agreements.h"
#include "support/capacity.h"

static struct hs_arena arena;
static char told[8192];

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 8 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static void note_change([[maybe_unused]] void *context, const char *path, const char *before,
                        const char *after)
{
  size_t used = strlen(told);
  (void)snprintf(told + used, sizeof told - used, "%s: %s -> %s\n", path,
                 before == NULL ? "-" : before, after == NULL ? "-" : after);
}

/* The differences that the lines make in an example, or the error. */
static void change(const char *name, const char *const *lines)
{
  struct hs_str json = agreement_example(&arena, name);
  struct hs_agreement before, after, changed;
  struct hs_terms terms;
  struct hs_err err = {0};
  struct hs_str texts[8];
  size_t count = 0;
  assert_int_equal(hs_agreement_read(json, &arena, &before, &terms, NULL, NULL, NULL), HS_OK);
  assert_int_equal(hs_agreement_read(json, &arena, &after, &terms, NULL, NULL, NULL), HS_OK);
  for (; lines[count] != NULL; count++)
    texts[count] = hs_str_of(lines[count]);
  told[0] = '\0';
  enum hs_status status =
      hs_agreement_change(&after, texts, count, &arena, &changed, &terms, NULL, NULL, &err);
  if (status != HS_OK)
    (void)snprintf(told, sizeof told, "%s: %s", hs_status_code(status), err.text);
  else
    assert_int_equal(
        hs_shape_compare(&hs_agreement_shape, &before, &changed, &arena, note_change, NULL, NULL),
        HS_OK);
}

static void lines_name_fields_in_every_way([[maybe_unused]] void **state)
{
  static const struct {
    const char *example;
    const char *lines[4];
    const char *words;
  } ROWS[] = {
      {"standard-offer.json", {"sales.rate=9.5%"}, "terms.rules[1].rate: 0.08 -> 0.095\n"},
      {"standard-offer.json",
       {"new customers.caps[0].amount=7000"},
       "terms.rules[0].caps[0].amount: 5000 -> 7000\n"},
      {"standard-offer.json", {"hold_days = 14"}, "terms.hold_days: 30 -> 14\n"},
      {"standard-offer.json",
       {"terms.rules[sales].tiers.steps[1].rate=13%"},
       "terms.rules[1].tiers.steps[1].rate: 0.12 -> 0.13\n"},
      {"standard-offer.json",
       {"sales.tiers.steps[2].from=101", "sales.tiers.steps[2].rate=14%"},
       "terms.rules[1].tiers.steps[2].from: - -> 101\n"
       "terms.rules[1].tiers.steps[2].rate: - -> 0.14\n"},
      {"standard-offer.json",
       {"sales.rate=", "sales.amount=5.00", "sales.tiers="},
       "terms.rules[1].rate: 0.08 -> -\n"
       "terms.rules[1].amount: - -> 5\n"
       "terms.rules[1].tiers.measure: orders -> -\n"
       "terms.rules[1].tiers.period: month -> -\n"
       "terms.rules[1].tiers.retroactive: false -> -\n"
       "terms.rules[1].tiers.steps[0].from: 11 -> -\n"
       "terms.rules[1].tiers.steps[0].rate: 0.1 -> -\n"
       "terms.rules[1].tiers.steps[1].from: 51 -> -\n"
       "terms.rules[1].tiers.steps[1].rate: 0.12 -> -\n"},
      /* one rule: its name may be left out */
      {"co-marketing.json", {"rate=12%"}, "terms.rules[0].rate: 0.1 -> 0.12\n"},
      {"co-marketing.json",
       {"sides[trails.example].owner.deputy=no"},
       "invalid: sides.owner.deputy: there is no such field in a \"person\""},
      {"co-marketing.json",
       {"sides[trails.example].owner.name=the editor"},
       "sides[1].owner.name: editor in chief -> the editor\n"},
      {"co-marketing.json",
       {"data_rules[0]=Counts alone are shared."},
       "data_rules[0]: - -> Counts alone are shared.\n"},
      {"co-marketing.json",
       {"forums[0].name=owners", "forums[0].repeats=FREQ=WEEKLY"},
       "forums[0].name: - -> owners\n"
       "forums[0].layer: - -> managers\n"
       "forums[0].repeats: - -> FREQ=WEEKLY\n"
       "forums[0].protected: - -> true\n"},
      {"alliance.json",
       {"disclosure_check.pages=40", "practice.control.shared=false"},
       "practice.control.shared: true -> false\n"
       "disclosure_check.pages: 20 -> 40\n"},
      {"joint-venture.json",
       {"sharing.shares[brand.example].share=50%", "sharing.shares[trails.example].share=50%"},
       "sharing.shares[0].share: 0.6 -> 0.5\n"
       "sharing.shares[1].share: 0.4 -> 0.5\n"},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    change(ROWS[i].example, ROWS[i].lines);
    assert_string_equal(told, ROWS[i].words);
  }
}

static void what_a_line_cannot_say_is_refused([[maybe_unused]] void **state)
{
  static const struct {
    const char *line, *words;
  } ROWS[] = {
      {"rate=12%", "invalid: rate: neither a field nor a rule; a rule's field is written with its "
                   "name, such as \"new customers.rate\""},
      {"sales.rate", "usage: a change is FIELD=VALUE, got \"sales.rate\""},
      {"sales.rate=high", "invalid: terms.rules.rate: must be a decimal in quotes, such as "
                          "\"0.125\" or \"12.5%\", got \"high\""},
      {"sales.rate=120%", "invalid: terms.rules.rate: must be 0 to 1, got \"120%\""},
      {"sales.rote=12%",
       "invalid: terms.rules.rote: there is no such field; did you mean \"rate\"?"},
      {"sales.tiers=12%", "invalid: terms.rules.tiers: name a single field"},
      {"sales.tiers.steps[5].from=12",
       "invalid: terms.rules.tiers.steps: there is no item \"5\"; there are 2"},
      {"terms.rules[sales=1", "invalid: terms: a [ without its ]: \"rules[sales\""},
      {"terms.rules[0]x=1", "invalid: terms: cannot be read: \"rules[0]x\""},
      {"terms.rules.rate=1", "invalid: terms.rules: which item? [0] is the first"},
      {"terms[0].rules=1", "invalid: terms: is no list"},
      {"title.x=1", "invalid: title: has no fields"},
      {"hold_days=many", "invalid: terms.hold_days: must be a whole number, got \"many\""},
      {"hold_days=366", "invalid: terms.hold_days: must be 0 to 365, got 366"},
      /* the result is read as a whole */
      {"sales.rank=1", "invalid: terms.rules: rank 1 stands twice: which of \"new customers\" and "
                       "\"sales\" comes first?"},
      {"title=", "invalid: title: missing: What people call the agreement."},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    const char *const lines[] = {ROWS[i].line, NULL};
    change("standard-offer.json", lines);
    assert_string_equal(told, ROWS[i].words);
  }
}

static void changes_hold_after_the_notice_and_never_today([[maybe_unused]] void **state)
{
  struct hs_agreement agreement = {.change_notice_days = 30};
  int32_t today = hs_day_of(2026, 12, 1);
  assert_int_equal(hs_agreement_earliest(&agreement, today), hs_day_of(2026, 12, 31));
  agreement.change_notice_days = 0;
  assert_int_equal(hs_agreement_earliest(&agreement, today), hs_day_of(2026, 12, 2));
}

/* ---- templates ---- */

static const struct hs_template ASKED = {.us = {"brand.example", 13},
                                         .partner = {"trails \"and\" more", 17},
                                         .rate = {"12.5%", 5},
                                         .currency = {"SEK", 3},
                                         .today = 20000};

static void count_missing(void *context, const struct hs_objection *objection)
{
  /* Everything that stands against a fresh template is something to be filled in. */
  assert_non_null(strstr(objection->words, "missing: "));
  ++*(size_t *)context;
}

static void no_warning([[maybe_unused]] void *context, const struct hs_finding *finding)
{
  assert_int_equal(finding->level, HS_FINDING_REMARK);
}

static void templates_pass_the_form_and_leave_what_people_know([[maybe_unused]] void **state)
{
  static const size_t MISSING[] = {0, 28, 19, 30};
  for (enum hs_agreement_kind kind = HS_KIND_AFFILIATE; kind <= HS_KIND_ALLIANCE; kind++) {
    struct hs_agreement agreement;
    struct hs_terms terms;
    size_t missing = 0;
    assert_int_equal(hs_agreement_template(kind, &ASKED, &arena, &agreement, &terms, NULL), HS_OK);
    assert_int_equal(agreement.kind, kind);
    assert_string_equal(terms.currency.code, "SEK");
    assert_int_equal(
        hs_decimal_compare(terms.rules[0].rate.percentage, (struct hs_decimal){125, 3}), 0);
    if (kind != HS_KIND_AFFILIATE) {
      assert_true(hs_str_equal(((struct hs_str *)agreement.parties.items)[1], ASKED.partner));
      assert_int_equal(agreement.first_review, ASKED.today + 42);
    }
    assert_int_equal(hs_agreement_gate(&agreement, count_missing, &missing), MISSING[kind]);
    assert_int_equal(missing, MISSING[kind]);
    assert_int_equal(hs_terms_check(&terms, &arena, no_warning, NULL, NULL), HS_OK);
  }
}

static void templates_refuse_what_they_cannot_hold([[maybe_unused]] void **state)
{
  struct hs_agreement agreement;
  struct hs_terms terms;
  struct hs_template asked = ASKED;
  asked.rate = HS_STR("high");
  assert_int_equal(
      hs_agreement_template(HS_KIND_AFFILIATE, &asked, &arena, &agreement, &terms, NULL),
      HS_INVALID);
  asked = ASKED;
  asked.partner = (struct hs_str){0};
  assert_int_equal(
      hs_agreement_template(HS_KIND_AFFILIATE, &asked, &arena, &agreement, &terms, NULL), HS_OK);
  assert_int_equal(
      hs_agreement_template(HS_KIND_ALLIANCE, &asked, &arena, &agreement, &terms, NULL),
      HS_INVALID);
}

static enum hs_status draft_in([[maybe_unused]] void *context, struct hs_arena *bounded,
                               struct hs_err *err)
{
  struct hs_agreement agreement, changed;
  struct hs_terms terms;
  const struct hs_str lines[] = {HS_STR("purpose=to be there"), HS_STR("rate=5%"),
                                 HS_STR("campaign.tasks[0].what=write"),
                                 HS_STR("campaign.tasks[0].party=brand.example")};
  enum hs_status status =
      hs_agreement_template(HS_KIND_CO_MARKETING, &ASKED, bounded, &agreement, &terms, err);
  if (status == HS_OK)
    status = hs_agreement_change(&agreement, lines, 4, bounded, &changed, &terms, NULL, NULL, err);
  if (status == HS_OK)
    assert_int_equal(changed.campaign->tasks.count, 1);
  return status;
}

static void every_capacity_either_suffices_or_is_said([[maybe_unused]] void **state)
{
  assert_true(fail_every_allocation(draft_in, NULL) > 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_name_fields_in_every_way),
      cmocka_unit_test(what_a_line_cannot_say_is_refused),
      cmocka_unit_test(changes_hold_after_the_notice_and_never_today),
      cmocka_unit_test(templates_pass_the_form_and_leave_what_people_know),
      cmocka_unit_test(templates_refuse_what_they_cannot_hold),
      cmocka_unit_test(every_capacity_either_suffices_or_is_said),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
