/* Proves with whom a customer's later orders stay: with the partners of the first sale, in the
   parts and under the versions of then, whether a rule paid for it or not, and as it was known when
   the later order came. Amounts are 10 % and 12 % of what one reads in the orders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "service/agreed/agreed.h"
#include "service/agreed/agreement_simulate.h"
#include "service/post/explain.h"
#include "service/post/explain_order.h"
#include "support/engine.h"
#include "support/journal.h"

#define DAY(n) (ENGINE_AGREED_US + ((n)-1) * HS_DAY_US)

#define TEN_PERCENT "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\"}"
#define TWELVE_PERCENT "{\"name\":\"sales\",\"rank\":1,\"rate\":\"12%\"}"
#define TEN_FROM_FIFTY "{\"name\":\"large\",\"rank\":1,\"rate\":\"10%\",\"value_min\":\"50.00\"}"

#define TOUCHES "touch_id,person,occurred_at,partner\n"
#define ORDERS "order_id,person,occurred_at,amount,currency\n"

static void set_policy(struct engine *engine, enum hs_renewals renewals)
{
  struct hs_policy policy = HS_POLICY_LAST;
  uint64_t number = 0;
  policy.renewals = renewals;
  assert_ok(hs_agreed_policy(&engine->programme, HS_STR("finance"), (struct hs_str){0}, &policy,
                             DAY(1), &number, &engine->err));
}

static enum hs_status say_commission(void *context, const struct hs_commission_row *row,
                                     [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%.*s %.*s v%" PRIu64 " %.*s %" PRId64 "\n", HS_STR_ARG(row->order_id),
                HS_STR_ARG(row->partner), row->version, HS_STR_ARG(row->part), row->amount_minor);
  return HS_OK;
}

/* A first sale by alpha and a second one outside of its window. */
static void sell_twice(struct engine *engine)
{
  engine_import(engine, HS_EVENT_TOUCH, "t.csv", TOUCHES "a,buyer,2026-09-02T10:00:00Z,alpha\n");
  engine_import(engine, HS_EVENT_ORDER, "o.csv",
                ORDERS "first,buyer,2026-09-03T10:00:00Z,10.00,EUR\n");
  engine_import(engine, HS_EVENT_ORDER, "p.csv",
                ORDERS "next,buyer,2026-10-20T10:00:00Z,80.00,EUR\n");
}

static void
an_order_without_touchpoints_stays_with_the_partner_and_its_version([[maybe_unused]] void **state)
{
  struct engine engine;
  engine_start_with_two(&engine, "plain", TEN_PERCENT);
  engine_agree(&engine, "plain", 2, TWELVE_PERCENT, DAY(20));
  sell_twice(&engine);
  assert_commissions(&engine, say_commission, "first alpha v1 1 100\nnext alpha v1 1 800\n");
  engine_release(&engine);
}

static void a_later_touchpoint_goes_before_the_first_sale_unless_the_policy_says_always(
    [[maybe_unused]] void **state)
{
  static const struct {
    enum hs_renewals renewals;
    const char *touched, *untouched;
  } CASES[] = {
      {HS_RENEWALS_UNTOUCHED, "next beta v1 1 800\n", "last alpha v1 1 100\n"},
      {HS_RENEWALS_ALWAYS, "next alpha v1 1 800\n", "last alpha v1 1 100\n"},
      {HS_RENEWALS_NEVER, "next beta v1 1 800\n", ""},
  };
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    struct engine engine;
    char expected[200];
    engine_start_with_two(&engine, "plain", TEN_PERCENT);
    set_policy(&engine, CASES[i].renewals);
    engine_import(&engine, HS_EVENT_TOUCH, "u.csv", TOUCHES "b,buyer,2026-09-19T10:00:00Z,beta\n");
    engine_import(&engine, HS_EVENT_TOUCH, "t.csv", TOUCHES "a,buyer,2026-09-02T10:00:00Z,alpha\n");
    engine_import(&engine, HS_EVENT_ORDER, "o.csv",
                  ORDERS "first,buyer,2026-09-03T10:00:00Z,10.00,EUR\n"
                         "next,buyer,2026-09-20T10:00:00Z,80.00,EUR\n"
                         "last,buyer,2026-10-25T10:00:00Z,10.00,EUR\n");
    (void)snprintf(expected, sizeof expected, "first alpha v1 1 100\n%s%s", CASES[i].touched,
                   CASES[i].untouched);
    assert_commissions(&engine, say_commission, expected);
    engine_release(&engine);
  }
}

static void a_first_sale_for_which_no_rule_paid_counts_as_one([[maybe_unused]] void **state)
{
  struct engine engine;
  engine_start_with_two(&engine, "plain", TEN_FROM_FIFTY);
  sell_twice(&engine);
  assert_commissions(&engine, say_commission, "next alpha v1 1 800\n");
  engine_release(&engine);
}

static void every_partner_of_the_first_sale_keeps_its_part([[maybe_unused]] void **state)
{
  struct engine engine;
  engine_start_with_two(&engine, "plain", TEN_PERCENT);
  engine_decide(&engine, (struct hs_decision){.kind = HS_DECISION_POLICY,
                                              .number = 2,
                                              .first = HS_STR("2/5"),
                                              .last = HS_STR("3/5"),
                                              .minimum = HS_STR("0"),
                                              .from_us = DAY(1)});
  engine_import(&engine, HS_EVENT_TOUCH, "t.csv",
                TOUCHES "a,buyer,2026-09-01T10:00:00Z,beta\nb,buyer,2026-09-02T10:00:00Z,alpha\n");
  engine_import(&engine, HS_EVENT_ORDER, "o.csv",
                ORDERS "first,buyer,2026-09-03T10:00:00Z,10.00,EUR\n");
  engine_import(&engine, HS_EVENT_ORDER, "p.csv",
                ORDERS "next,buyer,2026-10-20T10:00:00Z,80.00,EUR\n");
  assert_commissions(&engine, say_commission,
                     "first beta v1 2/5 40\nfirst alpha v1 3/5 60\n"
                     "next beta v1 2/5 320\nnext alpha v1 3/5 480\n");
  engine_release(&engine);
}

/* Exports often begin with what came last. */
static void the_order_of_rows_in_a_file_does_not_matter([[maybe_unused]] void **state)
{
  struct engine engine;
  engine_start_with_two(&engine, "plain", TEN_PERCENT);
  engine_import(&engine, HS_EVENT_TOUCH, "t.csv", TOUCHES "a,buyer,2026-09-02T10:00:00Z,alpha\n");
  engine_import(&engine, HS_EVENT_ORDER, "o.csv",
                ORDERS "next,buyer,2026-10-20T10:00:00Z,80.00,EUR\n"
                       "other,stranger,2026-10-20T10:00:00Z,80.00,EUR\n"
                       "first,buyer,2026-09-03T10:00:00Z,10.00,EUR\n");
  assert_commissions(&engine, say_commission, "first alpha v1 1 100\nnext alpha v1 1 800\n");
  engine_release(&engine);
}

/* What was known when the renewal came decides: an earlier sale that is learnt of later does not
   change it, and two names of one customer are one from the evidence on. */
static void the_first_sale_is_the_one_that_was_known([[maybe_unused]] void **state)
{
  struct engine engine;
  engine_start_with_two(&engine, "plain", TEN_PERCENT);
  sell_twice(&engine);
  engine_import(&engine, HS_EVENT_TOUCH, "u.csv", TOUCHES "b,buyer,2026-09-01T08:00:00Z,beta\n");
  engine_import(&engine, HS_EVENT_ORDER, "q.csv",
                ORDERS "earlier,buyer,2026-09-01T10:00:00Z,20.00,EUR\n");
  engine_import(&engine, HS_EVENT_ORDER, "r.csv",
                ORDERS "after,buyer,2026-10-21T10:00:00Z,30.00,EUR\n"
                       "phone,mobile,2026-10-22T10:00:00Z,30.00,EUR\n");
  engine_import(&engine, HS_EVENT_IDENTITY, "i.csv",
                "visitor,customer,occurred_at\nmobile,c1,2026-10-23T10:00:00Z\n"
                "buyer,c1,2026-10-23T10:00:00Z\n");
  engine_import(&engine, HS_EVENT_ORDER, "s.csv",
                ORDERS "joined,mobile,2026-10-24T10:00:00Z,40.00,EUR\n");
  assert_commissions(&engine, say_commission,
                     "first alpha v1 1 100\nnext alpha v1 1 800\nearlier beta v1 1 200\n"
                     "after beta v1 1 300\njoined beta v1 1 400\n");
  engine_release(&engine);
}

/* ---- in words, and under other terms ---- */

static enum hs_status note_id(void *context, const struct hs_commission_row *row,
                              [[maybe_unused]] struct hs_err *err)
{
  *(struct hs_id *)context = row->id;
  return HS_OK;
}

static void an_explanation_names_the_first_sale([[maybe_unused]] void **state)
{
  static const char WORDS[] =
      "the customer stays with the partners of its first sale: order first\n";
  struct engine engine;
  struct hs_id id = {0};
  engine_start_with_two(&engine, "plain", TEN_PERCENT);
  sell_twice(&engine);
  assert_ok(hs_ledger_catch_up(&engine.programme, NULL, NULL, NULL, &engine.err));
  const struct hs_ledger_reader *ledger = &engine.programme.book.ledger;
  assert_ok(ledger->commissions_of_order(ledger->self, HS_STR("next"), note_id, &id, NULL));
  hs_arena_reset(&engine.work, 0);
  struct hs_buf said = hs_buf_in(&engine.work);
  assert_ok(hs_commission_say(&engine.programme, &id, &said, &engine.err));
  assert_non_null(strstr(said.data, WORDS));
  struct hs_buf order = hs_buf_in(&engine.work);
  assert_ok(
      hs_order_explain(&engine.programme, HS_STR("next"), HS_STR("alpha"), 0, &order, &engine.err));
  assert_non_null(strstr(order.data, WORDS));
  engine_release(&engine);
}

static enum hs_status say_simulated(void *context, const struct hs_simulated *line,
                                    [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%.*s %" PRIu64 " %" PRId64 " %" PRIu64 " %" PRId64 "\n",
                HS_STR_ARG(line->partner), line->commissions_now, line->earned_now_minor,
                line->commissions_then, line->earned_then_minor);
  return HS_OK;
}

static void other_terms_are_tried_on_renewals_too([[maybe_unused]] void **state)
{
  static const char TERMS[] =
      "{\"format\":1,\"title\":\"Other\",\"weight\":\"standard\",\"kind\":\"affiliate\",\"terms\":{"
      "\"currency\":\"EUR\",\"window_days\":30,\"hold_days\":10,\"rules\":[" TWELVE_PERCENT "]}}";
  struct engine engine;
  struct hs_agreement_file file;
  engine_start_with_two(&engine, "plain", TEN_PERCENT);
  sell_twice(&engine);
  assert_ok(hs_ledger_catch_up(&engine.programme, NULL, NULL, NULL, &engine.err));
  hs_arena_reset(&engine.work, 0);
  assert_ok(hs_agreement_read(HS_STR(TERMS), &engine.work, &file.agreement, &file.terms, NULL, NULL,
                              &engine.err));
  struct hs_simulation simulation = {
      .agreement = HS_STR("plain"), .file = &file, .period = {DAY(1), DAY(60)}};
  struct hs_buf said = hs_buf_in(&engine.work);
  assert_ok(
      hs_agreement_simulate(&engine.programme, &simulation, say_simulated, &said, &engine.err));
  assert_string_equal(said.data, "alpha 2 900 2 1080\n");
  engine_release(&engine);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_order_without_touchpoints_stays_with_the_partner_and_its_version),
      cmocka_unit_test(a_later_touchpoint_goes_before_the_first_sale_unless_the_policy_says_always),
      cmocka_unit_test(a_first_sale_for_which_no_rule_paid_counts_as_one),
      cmocka_unit_test(every_partner_of_the_first_sale_keeps_its_part),
      cmocka_unit_test(the_order_of_rows_in_a_file_does_not_matter),
      cmocka_unit_test(the_first_sale_is_the_one_that_was_known),
      cmocka_unit_test(an_explanation_names_the_first_sale),
      cmocka_unit_test(other_terms_are_tried_on_renewals_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
