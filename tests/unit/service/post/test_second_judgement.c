/* Proves what a lock does to orders: each is judged once more with what has been learnt since it
   came, by what was agreed then. The same outcome changes nothing; another one takes the first back
   and posts the second, with refunds, tiers, bonuses, renewals and closed periods in their right.
   Every ledger here also comes back the same from its journal (L9). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "service/agreed/agreed.h"
#include "service/post/explain.h"
#include "service/post/explain_order.h"
#include "support/engine.h"
#include "support/journal.h"

#define DAY(n) (ENGINE_AGREED_US + ((n)-1) * HS_DAY_US)

#define TEN_PERCENT "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\"}"
#define TIERED                                                                                     \
  "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\",\"tiers\":{\"measure\":\"orders\","             \
  "\"period\":\"month\",\"steps\":[{\"from\":\"2\",\"rate\":\"20%\"}]}}"
#define FROM_FIFTY "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\",\"value_min\":\"50.00\"}"

#define TOUCHES "touch_id,person,occurred_at,partner\n"
#define ORDERS "order_id,person,occurred_at,amount,currency\n"
#define IDENTITIES "visitor,customer,occurred_at\n"
#define REFUNDS "refund_id,order_id,occurred_at,amount,currency\n"

static const char *const PARTNERS[] = {"alpha", "beta", "gamma"};

static void start(struct engine *engine, const char *rules)
{
  engine_start(engine, DAY(60));
  engine_agree(engine, "plain", 1, rules, DAY(1));
  for (size_t i = 0; i < sizeof PARTNERS / sizeof *PARTNERS; i++) {
    engine_add_partner(engine, PARTNERS[i]);
    engine_enrol(engine, "plain", PARTNERS[i]);
  }
}

static void import(struct engine *engine, enum hs_event_kind kind, const char *csv)
{
  static int number;
  char name[32];
  (void)snprintf(name, sizeof name, "%d.csv", ++number);
  engine_import(engine, kind, name, csv);
}

/* An order of 100.00 on day 10 after a touchpoint of alpha on day 5: its return period ends on day
   20. */
static void sell(struct engine *engine)
{
  import(engine, HS_EVENT_TOUCH, TOUCHES "a,buyer,2026-09-05T10:00:00Z,alpha\n");
  import(engine, HS_EVENT_ORDER, ORDERS "o1,buyer,2026-09-10T10:00:00Z,100.00,EUR\n");
}

static void learn_of_beta(struct engine *engine)
{
  import(engine, HS_EVENT_TOUCH, TOUCHES "b,buyer,2026-09-06T10:00:00Z,beta\n");
}

/* ---- what is there ---- */

static enum hs_status say_transfer(void *context, const struct hs_transfer_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%.*s %.*s %" PRId64 "%s%.*s\n", HS_STR_ARG(row->kind),
                HS_STR_ARG(row->credit.party.data != NULL ? row->credit.party : row->debit.party),
                row->amount_minor, row->reason.data != NULL ? " " : "", HS_STR_ARG(row->reason));
  return HS_OK;
}

/* All transfers, and that an emptied ledger takes them again. */
static void assert_said(struct engine *engine, const char *expected)
{
  const struct hs_ledger_reader *ledger = &engine->programme.book.ledger;
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
  hs_arena_reset(&engine->work, 0);
  struct hs_buf buf = hs_buf_in(&engine->work);
  hs_buf_add_text(&buf, "");
  assert_ok(
      ledger->transfers_numbered(ledger->self, 0, INT64_MAX, say_transfer, &buf, &engine->err));
  assert_string_equal(buf.data, expected);
  assert_ledger_replays(engine);
}

static enum hs_status count_judged(void *context, const struct hs_judged_again_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  assert_non_null(strstr(row->evidence.data, "\"touchpoints\":["));
  ++*(int *)context;
  return HS_OK;
}

static void assert_judged_again(struct engine *engine, int expected)
{
  const struct hs_ledger_reader *ledger = &engine->programme.book.ledger;
  int count = 0;
  assert_ok(ledger->judged_again(ledger->self, (struct hs_str){0}, count_judged, &count, NULL));
  assert_int_equal(count, expected);
}

/* ---- what was learnt ---- */

static void nothing_learnt_changes_nothing([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  import(&engine, HS_EVENT_TOUCH,
         TOUCHES "c,somebody,2026-09-06T10:00:00Z,beta\n"
                 "d,buyer,2026-09-04T10:00:00Z,beta\n"
                 "e,buyer,2026-09-11T10:00:00Z,gamma\n");
  engine_lock(&engine, DAY(21));
  assert_said(&engine, "earn alpha 1000\nrelease alpha 1000\n");
  assert_judged_again(&engine, 0);
  engine_release(&engine);
}

static void a_touchpoint_that_came_late_counts_in_the_return_period([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  learn_of_beta(&engine);
  engine_lock(&engine, DAY(20)); /* ten hours before the end */
  assert_said(&engine, "earn alpha 1000\n");
  engine_lock(&engine, DAY(21));
  assert_said(&engine, "earn alpha 1000\ncancel alpha 1000 judged_again\nearn beta 1000\n"
                       "release beta 1000\n");
  assert_judged_again(&engine, 1);
  engine_release(&engine);
}

static void what_is_learnt_after_the_return_period_changes_nothing([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  engine_lock(&engine, DAY(21));
  learn_of_beta(&engine);
  engine_lock(&engine, DAY(40));
  assert_said(&engine, "earn alpha 1000\nrelease alpha 1000\n");
  engine_release(&engine);
}

/* Two names turn out to be one customer: an order that earned nobody anything now does. */
static void an_order_that_nobody_shared_is_judged_again_too([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  import(&engine, HS_EVENT_TOUCH, TOUCHES "a,phone,2026-09-05T10:00:00Z,alpha\n");
  import(&engine, HS_EVENT_ORDER, ORDERS "o1,buyer,2026-09-10T10:00:00Z,100.00,EUR\n");
  import(&engine, HS_EVENT_IDENTITY,
         IDENTITIES "phone,c1,2026-09-15T10:00:00Z\n"
                    "buyer,c1,2026-09-15T10:00:00Z\n");
  engine_lock(&engine, DAY(20));
  assert_said(&engine, "");
  engine_lock(&engine, DAY(21));
  assert_said(&engine, "earn alpha 1000\nrelease alpha 1000\n");
  engine_release(&engine);
}

/* Enrolled after the order came, whatever day is written into the enrolment: no touchpoint of
   before is worth anything for it. */
static void what_was_agreed_counts_as_it_stood_when_the_order_came([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  engine_add_partner(&engine, "delta");
  sell(&engine);
  engine_enrol(&engine, "plain", "delta");
  import(&engine, HS_EVENT_TOUCH, TOUCHES "d,buyer,2026-09-07T10:00:00Z,delta\n");
  import(&engine, HS_EVENT_ORDER, ORDERS "o2,other,2026-09-10T11:00:00Z,50.00,EUR\n");
  import(&engine, HS_EVENT_TOUCH, TOUCHES "e,other,2026-09-07T10:00:00Z,delta\n");
  engine_lock(&engine, DAY(21));
  assert_said(&engine, "earn alpha 1000\nearn delta 500\nrelease alpha 1000\nrelease delta 500\n");
  engine_release(&engine);
}

/* The partner whose share has stayed the same hears nothing of it. */
static void only_shares_that_differ_are_posted_anew([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  engine_decide(&engine, (struct hs_decision){.kind = HS_DECISION_POLICY,
                                              .number = 2,
                                              .first = HS_STR("1/2"),
                                              .last = HS_STR("1/2"),
                                              .minimum = HS_STR("0"),
                                              .from_us = DAY(1)});
  import(&engine, HS_EVENT_TOUCH, TOUCHES "c,buyer,2026-09-05T11:00:00Z,gamma\n");
  sell(&engine);
  learn_of_beta(&engine);
  engine_lock(&engine, DAY(21));
  assert_said(&engine, "earn alpha 500\nearn gamma 500\ncancel gamma 500 judged_again\n"
                       "earn beta 500\nrelease alpha 500\nrelease beta 500\n");
  engine_release(&engine);
}

/* ---- money that has moved since ---- */

static void a_refund_counts_for_whoever_the_order_is([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  import(&engine, HS_EVENT_REFUND, REFUNDS "r1,o1,2026-09-12T10:00:00Z,33.33,EUR\n");
  learn_of_beta(&engine);
  engine_lock(&engine, DAY(21));
  import(&engine, HS_EVENT_REFUND, REFUNDS "r2,o1,2026-09-23T10:00:00Z,66.67,EUR\n");
  assert_said(&engine, "earn alpha 1000\ncancel alpha 333 returned\n"
                       "cancel alpha 667 judged_again\nearn beta 1000\ncancel beta 333 returned\n"
                       "release beta 667\ntake_back beta 667 returned\n");
  engine_release(&engine);
}

static void nothing_enters_a_closed_period([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  learn_of_beta(&engine);
  assert_ok(hs_ledger_catch_up(&engine.programme, NULL, NULL, NULL, &engine.err));
  engine_decide(&engine, (struct hs_decision){.kind = HS_DECISION_CLOSE,
                                              .period = HS_STR("2026-09"),
                                              .from_us = DAY(1),
                                              .until_us = DAY(31),
                                              .seconded_by = HS_STR("chief")});
  engine_lock(&engine, DAY(40));
  const struct hs_ledger_reader *ledger = &engine.programme.book.ledger;
  hs_arena_reset(&engine.work, 0);
  struct hs_buf buf = hs_buf_in(&engine.work);
  assert_ok(ledger->transfers(ledger->self, (struct hs_str){0}, DAY(31), INT64_MAX, say_transfer,
                              &buf, &engine.err));
  assert_string_equal(buf.data,
                      "cancel alpha 1000 judged_again\nearn beta 1000\nrelease beta 1000\n");
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

/* An order that came after the end of its return period has until the next lock. */
static void an_order_that_came_late_has_until_the_next_lock([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  engine_lock(&engine, DAY(40));
  sell(&engine);
  learn_of_beta(&engine);
  import(&engine, HS_EVENT_ORDER, ORDERS "o2,other,2026-09-10T10:00:00Z,50.00,EUR\n");
  import(&engine, HS_EVENT_TOUCH, TOUCHES "c,other,2026-09-09T10:00:00Z,gamma\n");
  engine_lock(&engine, DAY(41));
  assert_said(&engine, "earn alpha 1000\ncancel alpha 1000 judged_again\nearn beta 1000\n"
                       "earn gamma 500\nrelease beta 1000\nrelease gamma 500\n");
  engine_release(&engine);
}

/* ---- what periods have seen ---- */

/* Both orders of alpha, the second at the tier's 20 %. The first turns out to be beta's, and is
   its first; alpha's next order is its second again. */
static void tiers_follow_the_order([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TIERED);
  sell(&engine);
  import(&engine, HS_EVENT_TOUCH, TOUCHES "c,other,2026-09-10T10:00:00Z,alpha\n");
  import(&engine, HS_EVENT_ORDER, ORDERS "o2,other,2026-09-15T10:00:00Z,100.00,EUR\n");
  learn_of_beta(&engine);
  engine_lock(&engine, DAY(21));
  import(&engine, HS_EVENT_ORDER,
         ORDERS "o3,buyer,2026-09-29T10:00:00Z,100.00,EUR\n"
                "o4,other,2026-09-29T10:00:00Z,100.00,EUR\n");
  assert_said(&engine, "earn alpha 1000\nearn alpha 2000\ncancel alpha 1000 judged_again\n"
                       "earn beta 1000\nrelease beta 1000\nearn beta 2000\nearn alpha 2000\n");
  engine_release(&engine);
}

#define BONUS                                                                                      \
  TEN_PERCENT "],\"bonuses\":[{\"name\":\"two\",\"measure\":\"orders\",\"period\":\"month\","      \
              "\"from\":\"2\",\"amount\":\"7.00\"}"

/* alpha reaches two orders, loses one of them, and reaches two again. */
static void a_bonus_is_given_once([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, BONUS);
  sell(&engine);
  import(&engine, HS_EVENT_TOUCH, TOUCHES "c,other,2026-09-10T10:00:00Z,alpha\n");
  import(&engine, HS_EVENT_ORDER, ORDERS "o2,other,2026-09-15T10:00:00Z,100.00,EUR\n");
  learn_of_beta(&engine);
  engine_lock(&engine, DAY(21));
  import(&engine, HS_EVENT_ORDER, ORDERS "o4,other,2026-09-29T10:00:00Z,100.00,EUR\n");
  assert_said(&engine, "earn alpha 1000\nearn alpha 1000\nearn alpha 700\n"
                       "cancel alpha 1000 judged_again\nearn beta 1000\nrelease beta 1000\n"
                       "earn alpha 1000\n");
  engine_release(&engine);
}

/* ---- renewals ---- */

/* Judged in one lock: the first sale before the renewal that asks about it, wherever they stand. */
static void renewals_follow_the_second_judgement([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  import(&engine, HS_EVENT_TOUCH, TOUCHES "a,buyer,2026-09-01T10:00:00Z,alpha\n");
  import(&engine, HS_EVENT_ORDER,
         ORDERS "next,buyer,2026-10-10T10:00:00Z,50.00,EUR\n"
                "first,buyer,2026-09-02T10:00:00Z,100.00,EUR\n");
  import(&engine, HS_EVENT_TOUCH, TOUCHES "b,buyer,2026-09-01T12:00:00Z,beta\n");
  engine_lock(&engine, DAY(55));
  import(&engine, HS_EVENT_ORDER, ORDERS "last,buyer,2026-10-25T10:00:00Z,10.00,EUR\n");
  assert_said(&engine, "earn alpha 1000\nearn alpha 500\ncancel alpha 1000 judged_again\n"
                       "earn beta 1000\ncancel alpha 500 judged_again\nearn beta 500\n"
                       "release beta 1000\nrelease beta 500\nearn beta 100\n");
  engine_release(&engine);
}

/* No rule pays for a small order, before and after. That its share is another's matters to the
   renewal alone. */
static void a_share_that_earns_nothing_is_kept_for_renewals([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, FROM_FIFTY);
  import(&engine, HS_EVENT_TOUCH, TOUCHES "a,buyer,2026-09-01T10:00:00Z,alpha\n");
  import(&engine, HS_EVENT_ORDER, ORDERS "first,buyer,2026-09-02T10:00:00Z,10.00,EUR\n");
  import(&engine, HS_EVENT_TOUCH, TOUCHES "b,buyer,2026-09-01T12:00:00Z,beta\n");
  engine_lock(&engine, DAY(21));
  import(&engine, HS_EVENT_ORDER, ORDERS "next,buyer,2026-10-25T10:00:00Z,50.00,EUR\n");
  assert_said(&engine, "earn beta 500\n");
  assert_judged_again(&engine, 1);
  engine_release(&engine);
}

/* ---- people ---- */

static struct hs_id dispute(struct engine *engine, int64_t amount_minor)
{
  struct hs_id id = hs_id_make(&engine->programme.ids, engine->io, "dsp");
  engine_decide(engine, (struct hs_decision){.kind = HS_DECISION_DISPUTE,
                                             .dispute = id,
                                             .party = HS_STR("alpha"),
                                             .commission = engine_commission(engine, "o1"),
                                             .about = HS_STR("wrong amount"),
                                             .currency = {"EUR"},
                                             .amount_minor = amount_minor});
  return id;
}

static void decide_dispute(struct engine *engine, struct hs_id id, const char *verdict,
                           int64_t amount_minor)
{
  engine_decide(engine, (struct hs_decision){.kind = HS_DECISION_JUDGE,
                                             .dispute = id,
                                             .verdict = hs_str_of(verdict),
                                             .seconded_by = HS_STR("chief"),
                                             .amount_minor = amount_minor});
}

static void
what_is_disputed_when_the_lock_comes_is_held_and_left_to_people([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  struct hs_id id = dispute(&engine, 300);
  learn_of_beta(&engine);
  engine_lock(&engine, DAY(21));
  assert_said(&engine, "earn alpha 1000\nrelease alpha 1000\nhold alpha 300 wrong amount\n");
  decide_dispute(&engine, id, "upheld", 50);
  engine_lock(&engine, DAY(22));
  assert_said(&engine, "earn alpha 1000\nrelease alpha 1000\nhold alpha 300 wrong amount\n"
                       "grant alpha 50 upheld\nfree alpha 300 upheld\n");
  engine_release(&engine);
}

/* Nobody keeps a commission by disputing it: declined, the order is judged as the lock would have
   done, also when the rest has been paid by then. */
static void
a_dispute_that_is_declined_after_the_lock_brings_the_second_judgement([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  struct hs_id id = dispute(&engine, 300);
  learn_of_beta(&engine);
  engine_lock(&engine, DAY(21));
  struct hs_id late = dispute(&engine, 100);
  (void)engine_pay(&engine, "alpha");
  decide_dispute(&engine, id, "declined", 0);
  assert_judged_again(&engine, 0); /* the other one is open yet */
  decide_dispute(&engine, late, "declined", 0);
  assert_judged_again(&engine, 1);
  engine_lock(&engine, DAY(61));
  assert_said(&engine, "earn alpha 1000\nrelease alpha 1000\nhold alpha 300 wrong amount\n"
                       "hold alpha 100 wrong amount\npay alpha 600\nfree alpha 300 declined\n"
                       "free alpha 100 declined\ntake_back alpha 400 judged_again\n"
                       "claw_back alpha 600 judged_again\nearn beta 1000\nrelease beta 1000\n");
  engine_release(&engine);
}

static void a_dispute_of_after_the_lock_brings_no_second_judgement([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  engine_lock(&engine, DAY(21));
  learn_of_beta(&engine);
  decide_dispute(&engine, dispute(&engine, 300), "declined", 0);
  assert_said(&engine, "earn alpha 1000\nrelease alpha 1000\nhold alpha 300 wrong amount\n"
                       "free alpha 300 declined\n");
  assert_judged_again(&engine, 0);
  engine_release(&engine);
}

static void
a_dispute_that_was_declined_before_the_lock_leaves_the_order_to_it([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  decide_dispute(&engine, dispute(&engine, 300), "declined", 0);
  learn_of_beta(&engine);
  engine_lock(&engine, DAY(21));
  assert_said(&engine, "earn alpha 1000\ncancel alpha 1000 judged_again\nearn beta 1000\n"
                       "release beta 1000\n");
  engine_release(&engine);
}

static void what_people_granted_stays([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  engine_decide(&engine, (struct hs_decision){.kind = HS_DECISION_ADJUST,
                                              .commission = engine_commission(&engine, "o1"),
                                              .seconded_by = HS_STR("chief"),
                                              .amount_minor = 150,
                                              .reason = HS_STR("goodwill")});
  learn_of_beta(&engine);
  engine_lock(&engine, DAY(21));
  assert_said(&engine, "earn alpha 1000\ngrant alpha 150 goodwill\n"
                       "cancel alpha 1000 judged_again\nearn beta 1000\nrelease beta 1000\n");
  engine_release(&engine);
}

/* ---- in words ---- */

static void assert_explained(struct engine *engine, struct hs_id id, const char *const *words)
{
  hs_arena_reset(&engine->work, 0);
  struct hs_buf said = hs_buf_in(&engine->work);
  assert_ok(hs_commission_say(&engine->programme, &id, &said, &engine->err));
  for (; *words != NULL; words++)
    if (strstr(said.data, *words) == NULL)
      fail_msg("no \"%s\" in\n%s", *words, said.data);
}

static void an_explanation_shows_both_judgements([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  struct hs_id first = engine_commission(&engine, "o1");
  import(&engine, HS_EVENT_REFUND, REFUNDS "r1,o1,2026-09-12T10:00:00Z,33.33,EUR\n");
  learn_of_beta(&engine);
  engine_lock(&engine, DAY(21));
  struct hs_id second = engine_commission(&engine, "o1");
  assert_string_not_equal(first.text, second.text);
  assert_explained(
      &engine, first,
      (const char *const[]){"6.67 EUR, judged again with what was learnt in the return period",
                            "the order was judged again 2026-09-20 10:00",
                            "  2026-09-05 10:00  alpha: it counts\n",
                            "  2026-09-06 10:00  beta: it counts (learnt since)\n",
                            "  the part of beta is 1 since, by plain, version 1\n", NULL});
  assert_explained(
      &engine, second,
      (const char *const[]){"by the second judgement of the order, 2026-09-20 10:00\n",
                            "by then 33.33 EUR of the order's 100.00 EUR had come back", NULL});
  struct hs_buf order = hs_buf_in(&engine.work);
  assert_ok(hs_order_explain(&engine.programme, HS_STR("o1"), (struct hs_str){0}, 0, &order,
                             &engine.err));
  assert_non_null(strstr(order.data, "judged again 2026-09-20 10:00"));
  assert_non_null(strstr(order.data, "beta: the partner shares the order"));
  struct hs_buf json = hs_buf_in(&engine.work);
  assert_ok(hs_commission_json(&engine.programme, &first, &json, &engine.err));
  assert_non_null(strstr(json.data, "\"second_judgement\":{\"judgement\":\"first\""));
  engine_release(&engine);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_learnt_changes_nothing),
      cmocka_unit_test(a_touchpoint_that_came_late_counts_in_the_return_period),
      cmocka_unit_test(what_is_learnt_after_the_return_period_changes_nothing),
      cmocka_unit_test(an_order_that_nobody_shared_is_judged_again_too),
      cmocka_unit_test(what_was_agreed_counts_as_it_stood_when_the_order_came),
      cmocka_unit_test(only_shares_that_differ_are_posted_anew),
      cmocka_unit_test(a_refund_counts_for_whoever_the_order_is),
      cmocka_unit_test(nothing_enters_a_closed_period),
      cmocka_unit_test(an_order_that_came_late_has_until_the_next_lock),
      cmocka_unit_test(tiers_follow_the_order),
      cmocka_unit_test(a_bonus_is_given_once),
      cmocka_unit_test(renewals_follow_the_second_judgement),
      cmocka_unit_test(a_share_that_earns_nothing_is_kept_for_renewals),
      cmocka_unit_test(what_is_disputed_when_the_lock_comes_is_held_and_left_to_people),
      cmocka_unit_test(a_dispute_that_was_declined_before_the_lock_leaves_the_order_to_it),
      cmocka_unit_test(a_dispute_that_is_declined_after_the_lock_brings_the_second_judgement),
      cmocka_unit_test(a_dispute_of_after_the_lock_brings_no_second_judgement),
      cmocka_unit_test(what_people_granted_stays),
      cmocka_unit_test(an_explanation_shows_both_judgements),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
