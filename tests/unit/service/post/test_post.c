/* Proves the way from events to money: orders are judged in their place among the decisions, what
   is posted for them, their refunds, the end of their return period, payouts and disputes is what
   one computes by hand, and an emptied ledger comes back the same from the same journal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "service/agreed/policy_json.h"
#include "service/owe/commission_statement.h"
#include "service/post/post.h"
#include "support/engine.h"
#include "support/journal.h"

#define START_US                                                                                   \
  (INT64_C(1788220800) * HS_SECOND_US) /* 2026-09-01; the clock stands two months later */
#define DAY(n) (START_US + ((n)-1) * HS_DAY_US)

static enum hs_status refused(struct engine *engine, struct hs_decision decision)
{
  decision.by = HS_STR("finance");
  return hs_decide(&engine->programme, &decision, &engine->err);
}

/* ---- what is there ---- */

struct total {
  enum hs_account_kind kind;
  int64_t minor;
};

static enum hs_status add_balance(void *context, const struct hs_balance_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct total *total = context;
  if (row->account.kind == total->kind)
    total->minor += row->debit_minor - row->credit_minor;
  return HS_OK;
}

static int64_t balance_of(struct engine *engine, enum hs_account_kind kind)
{
  const struct hs_ledger_reader *ledger = &engine->programme.book.ledger;
  struct total total = {.kind = kind};
  assert_ok(ledger->balances(ledger->self, INT64_MAX, add_balance, &total, &engine->err));
  return total.minor;
}

/* ---- the case that one computes by hand ---- */

#define TEN_PERCENT "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\"}"
#define TIERED                                                                                     \
  "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\",\"tiers\":{\"measure\":\"orders\","             \
  "\"period\":\"month\",\"steps\":[{\"from\":\"11\",\"rate\":\"12%\"}]}}"

static void share_by_place(struct engine *engine)
{
  engine_decide(engine, (struct hs_decision){.kind = HS_DECISION_POLICY,
                                             .number = 2,
                                             .first = HS_STR("2/5"),
                                             .last = HS_STR("2/5"),
                                             .minimum = HS_STR("0"),
                                             .from_us = DAY(1)});
}

/* Ten orders of the month that gamma alone has touched, then the one that all three did. */
static void import_eleven_orders(struct engine *engine)
{
  char touches[2048] = "touch_id,person,occurred_at,partner\n";
  char orders[2048] = "order_id,person,occurred_at,amount,currency\n";
  for (int i = 0; i < 10; i++) {
    (void)snprintf(touches + strlen(touches), sizeof touches - strlen(touches),
                   "t%d,p%d,2026-09-02T10:00:00Z,gamma\n", i, i);
    (void)snprintf(orders + strlen(orders), sizeof orders - strlen(orders),
                   "o%d,p%d,2026-09-02T12:00:00Z,1.00,EUR\n", i, i);
  }
  engine_import(engine, HS_EVENT_TOUCH, "touches.csv", touches);
  engine_import(engine, HS_EVENT_ORDER, "orders.csv", orders);
  engine_import(engine, HS_EVENT_TOUCH, "journey.csv",
                "touch_id,person,occurred_at,partner\n"
                "a,buyer,2026-09-03T10:00:00Z,alpha\n"
                "b,buyer,2026-09-04T10:00:00Z,beta\n"
                "c,buyer,2026-09-05T10:00:00Z,gamma\n");
  engine_import(engine, HS_EVENT_ORDER, "order.csv",
                "order_id,person,occurred_at,amount,currency\n"
                "big,buyer,2026-09-05T12:00:00Z,100.00,EUR\n");
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
}

static void start_of_three(struct engine *engine)
{
  engine_start(engine, DAY(60));
  engine_add_partner(engine, "alpha");
  engine_add_partner(engine, "beta");
  engine_add_partner(engine, "gamma");
  engine_agree(engine, "plain", 1, TEN_PERCENT, DAY(1));
  engine_agree(engine, "tiered", 1, TIERED, DAY(1));
  engine_enrol(engine, "plain", "alpha");
  engine_enrol(engine, "plain", "beta");
  engine_enrol(engine, "tiered", "gamma");
  share_by_place(engine);
}

/* The year as alpha reads it: 4.00 earned, 1.33 taken back, 2.67 paid, and taken back since. */
static void assert_alpha_reads_it(struct engine *engine)
{
  struct hs_commission_statement statement;
  struct hs_commission_statement_options options = {.partner = HS_STR("alpha"),
                                                    .period_name = HS_STR("2026"),
                                                    .currency = {"EUR"},
                                                    .zone = hs_zone_utc()};
  hs_arena_reset(&engine->work, 0);
  assert_ok(hs_parse_period(options.period_name, options.zone, &options.period, &engine->err));
  assert_ok(hs_commission_statement_make(&engine->programme.book.ledger, &options, &engine->work,
                                         &statement, &engine->err));
  assert_int_equal(statement.entry_count, 5);
  assert_int_equal(statement.total_minor[HS_TRANSFER_EARN], 400);
  assert_int_equal(statement.total_minor[HS_TRANSFER_PAY], 267);
  assert_int_equal(statement.after_minor[HS_ACCOUNT_PAYABLE], 0);
  assert_int_equal(statement.after_minor[HS_ACCOUNT_RECEIVABLE], 267);
  assert_string_equal(statement.entries[0].order_id.data, "big");
}

static void
three_partners_a_tier_two_refunds_and_a_payout_come_to_what_the_hand_computes(void **state)
{
  (void)state;
  struct engine engine;
  start_of_three(&engine);
  import_eleven_orders(&engine);
  uint64_t seen = engine_said_since(&engine, 0,
                                    "earn gamma 10\nearn gamma 10\nearn gamma 10\nearn gamma 10\n"
                                    "earn gamma 10\nearn gamma 10\nearn gamma 10\nearn gamma 10\n"
                                    "earn gamma 10\nearn gamma 10\n"
                                    /* 40 %, 20 % and 40 % of 100.00, at 10, 10 and 12 % */
                                    "earn alpha 400\nearn beta 200\nearn gamma 480\n");
  engine_import(&engine, HS_EVENT_REFUND, "refund.csv",
                "refund_id,order_id,occurred_at,amount,currency\n"
                "r1,big,2026-09-06T12:00:00Z,33.33,EUR\n");
  assert_ok(hs_ledger_catch_up(&engine.programme, NULL, NULL, NULL, &engine.err));
  /* 133.32, 66.66 and 159.984, half-even */
  seen = engine_said_since(&engine, seen, "cancel alpha 133\ncancel beta 67\ncancel gamma 160\n");
  engine_lock(&engine, DAY(14));
  seen =
      engine_said_since(&engine, seen,
                        "release gamma 10\nrelease gamma 10\nrelease gamma 10\nrelease gamma 10\n"
                        "release gamma 10\nrelease gamma 10\nrelease gamma 10\nrelease gamma 10\n"
                        "release gamma 10\nrelease gamma 10\n");
  engine_lock(&engine, DAY(20));
  seen =
      engine_said_since(&engine, seen, "release alpha 267\nrelease beta 133\nrelease gamma 320\n");
  struct hs_id payout = engine_pay(&engine, "alpha");
  seen = engine_said_since(&engine, seen, "pay alpha 267\n");
  engine_decide(&engine, (struct hs_decision){.kind = HS_DECISION_PAYOUT_STATE,
                                              .payout = payout,
                                              .state = HS_STR("completed")});
  seen = engine_said_since(&engine, seen, "settle  267\n");
  engine_import(&engine, HS_EVENT_REFUND, "rest.csv",
                "refund_id,order_id,occurred_at,amount,currency\n"
                "r2,big,2026-09-21T12:00:00Z,66.67,EUR\n");
  assert_ok(hs_ledger_catch_up(&engine.programme, NULL, NULL, NULL, &engine.err));
  (void)engine_said_since(&engine, seen,
                          "claw_back alpha 267\ntake_back beta 133\ntake_back gamma 320\n");
  assert_int_equal(balance_of(&engine, HS_ACCOUNT_RECEIVABLE), 267);
  assert_int_equal(balance_of(&engine, HS_ACCOUNT_PAYABLE), -100);
  assert_int_equal(balance_of(&engine, HS_ACCOUNT_EXPENSE), 100);
  assert_int_equal(balance_of(&engine, HS_ACCOUNT_BANK), -267);
  assert_alpha_reads_it(&engine);
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

/* ---- one partner and one order ---- */

static void start_of_one(struct engine *engine)
{
  engine_start(engine, DAY(60));
  engine_add_partner(engine, "alpha");
  engine_agree(engine, "plain", 1, TEN_PERCENT, DAY(1));
  engine_enrol(engine, "plain", "alpha");
}

/* An order of 50.00 on a day, after a touch an hour before. */
static void import_order(struct engine *engine, const char *name, int day)
{
  char file[32];
  char csv[256];
  (void)snprintf(file, sizeof file, "touch-%s.csv", name);
  (void)snprintf(csv, sizeof csv,
                 "touch_id,person,occurred_at,partner\n"
                 "t-%s,p-%s,2026-09-%02dT11:00:00Z,alpha\n",
                 name, name, day);
  engine_import(engine, HS_EVENT_TOUCH, file, csv);
  (void)snprintf(file, sizeof file, "order-%s.csv", name);
  (void)snprintf(csv, sizeof csv,
                 "order_id,person,occurred_at,amount,currency\n"
                 "%s,p-%s,2026-09-%02dT12:00:00Z,50.00,EUR\n",
                 name, name, day);
  engine_import(engine, HS_EVENT_ORDER, file, csv);
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
}

static void a_new_rate_is_for_touches_from_its_day_on_and_never_for_earlier_ones(void **state)
{
  (void)state;
  struct engine engine;
  start_of_one(&engine);
  import_order(&engine, "before", 2);
  engine_agree(&engine, "plain", 2, "{\"name\":\"sales\",\"rank\":1,\"rate\":\"20%\"}", DAY(5));
  import_order(&engine, "late", 4); /* came after the change, and is judged by its touch */
  import_order(&engine, "after", 5);
  (void)engine_said_since(&engine, 0, "earn alpha 500\nearn alpha 500\nearn alpha 1000\n");
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

static void what_came_before_the_agreement_was_signed_earns_nothing(void **state)
{
  (void)state;
  struct engine engine;
  engine_start(&engine, DAY(60));
  engine_add_partner(&engine, "alpha");
  import_order(&engine, "early", 2);
  engine_agree(&engine, "plain", 1, TEN_PERCENT, DAY(1));
  engine_enrol(&engine, "plain", "alpha");
  import_order(&engine, "later", 3);
  (void)engine_said_since(&engine, 0, "earn alpha 500\n");
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

static void a_return_period_that_is_over_does_not_begin_again_for_who_comes_late(void **state)
{
  (void)state;
  struct engine engine;
  start_of_one(&engine);
  engine_lock(&engine, DAY(20));
  import_order(&engine, "late", 2); /* its period ended on the 12th */
  uint64_t seen = engine_said_since(&engine, 0, "earn alpha 500\n");
  engine_lock(&engine, DAY(20));
  seen = engine_said_since(&engine, seen, "");
  engine_lock(&engine, DAY(21));
  (void)engine_said_since(&engine, seen, "release alpha 500\n");
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

static void only_the_disputed_part_waits(void **state)
{
  (void)state;
  struct engine engine;
  start_of_one(&engine);
  import_order(&engine, "one", 2);
  engine_lock(&engine, DAY(20));
  uint64_t seen = engine_said_since(&engine, 0, "earn alpha 500\nrelease alpha 500\n");
  struct hs_decision dispute = {.kind = HS_DECISION_DISPUTE,
                                .party = HS_STR("alpha"),
                                .commission = engine_commission(&engine, "one"),
                                .about = HS_STR("wrong amount"),
                                .currency = {"EUR"},
                                .amount_minor = 120};
  dispute.dispute = hs_id_make(&engine.programme.ids, engine.io, "dsp");
  engine_decide(&engine, dispute);
  (void)engine_pay(&engine, "alpha");
  seen = engine_said_since(&engine, seen, "hold alpha 120\npay alpha 380\n");
  struct hs_decision verdict = {.kind = HS_DECISION_JUDGE,
                                .dispute = dispute.dispute,
                                .verdict = HS_STR("upheld"),
                                .seconded_by = HS_STR("chief"),
                                .amount_minor = 30};
  engine_decide(&engine, verdict);
  seen = engine_said_since(&engine, seen, "grant alpha 30\nfree alpha 120\n");
  assert_int_equal(refused(&engine, verdict), HS_CONFLICT); /* L4 */
  (void)engine_said_since(&engine, seen, "");
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

static void what_was_paid_too_much_is_set_off_against_the_next_payout(void **state)
{
  (void)state;
  struct engine engine;
  start_of_one(&engine);
  import_order(&engine, "one", 2);
  engine_lock(&engine, DAY(20));
  struct hs_id first = engine_pay(&engine, "alpha");
  engine_import(&engine, HS_EVENT_REFUND, "refund.csv",
                "refund_id,order_id,occurred_at,amount,currency\n"
                "r,one,2026-09-21T12:00:00Z,20.00,EUR\n");
  import_order(&engine, "two", 22);
  engine_lock(&engine, DAY(40));
  uint64_t seen = engine_said_since(&engine, 0,
                                    "earn alpha 500\nrelease alpha 500\npay alpha 500\n"
                                    "claw_back alpha 200\nearn alpha 500\nrelease alpha 500\n");
  (void)engine_pay(&engine, "alpha");
  seen = engine_said_since(&engine, seen, "set_off alpha 200\npay alpha 300\n");
  assert_int_equal(balance_of(&engine, HS_ACCOUNT_RECEIVABLE), 0);
  struct hs_decision failed = {
      .kind = HS_DECISION_PAYOUT_STATE, .payout = first, .state = HS_STR("failed")};
  engine_decide(&engine, failed);
  (void)engine_said_since(&engine, seen, "return alpha 500\n");
  assert_int_equal(refused(&engine, failed), HS_CONFLICT);
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

static void a_closed_period_keeps_its_hash_and_takes_nothing_more(void **state)
{
  (void)state;
  struct engine engine;
  struct hs_hash before;
  struct hs_hash after;
  start_of_one(&engine);
  import_order(&engine, "one", 2);
  engine_decide(&engine, (struct hs_decision){.kind = HS_DECISION_CLOSE,
                                              .seconded_by = HS_STR("chief"),
                                              .period = HS_STR("2026-09"),
                                              .from_us = DAY(1),
                                              .until_us = DAY(31)});
  const struct hs_ledger_reader *ledger = &engine.programme.book.ledger;
  assert_ok(hs_ledger_period_hash(ledger, DAY(1), DAY(31), &before, &engine.err));
  import_order(&engine, "late", 3);
  (void)engine_said_since(&engine, 0, "earn alpha 500\nearn alpha 500\n");
  assert_ok(hs_ledger_period_hash(ledger, DAY(1), DAY(31), &after, &engine.err));
  assert_true(hs_hash_equal(&before, &after));
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

static void what_cannot_be_decided_leaves_no_frame_and_no_row(void **state)
{
  (void)state;
  struct engine engine;
  start_of_one(&engine);
  uint64_t end = hs_journal_position(engine.programme.journal).cursor.sequence;
  assert_int_equal(refused(&engine, (struct hs_decision){.kind = HS_DECISION_ENROL,
                                                         .agreement = HS_STR("plain"),
                                                         .party = HS_STR("nobody"),
                                                         .from_us = DAY(1)}),
                   HS_NOT_FOUND);
  assert_int_equal(refused(&engine, (struct hs_decision){.kind = HS_DECISION_SIGN,
                                                         .agreement = HS_STR("plain"),
                                                         .number = 7}),
                   HS_NOT_FOUND);
  assert_int_equal(refused(&engine, (struct hs_decision){.kind = HS_DECISION_PROPOSE,
                                                         .agreement = HS_STR("plain"),
                                                         .number = 2,
                                                         .document = HS_STR("{}"),
                                                         .from_us = DAY(1)}),
                   HS_CORRUPT);
  assert_int_equal(refused(&engine, (struct hs_decision){.kind = HS_DECISION_POLICY,
                                                         .number = 2,
                                                         .first = HS_STR("1"),
                                                         .last = HS_STR("1"),
                                                         .minimum = HS_STR("0"),
                                                         .from_us = DAY(1)}),
                   HS_INVALID);
  assert_int_equal(refused(&engine, (struct hs_decision){.kind = HS_DECISION_ENROL}), HS_INVALID);
  assert_string_equal(engine.err.text, "a decision to enrol must say agreement");
  assert_int_equal(hs_journal_position(engine.programme.journal).cursor.sequence, end);
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(
          three_partners_a_tier_two_refunds_and_a_payout_come_to_what_the_hand_computes),
      cmocka_unit_test(a_new_rate_is_for_touches_from_its_day_on_and_never_for_earlier_ones),
      cmocka_unit_test(what_came_before_the_agreement_was_signed_earns_nothing),
      cmocka_unit_test(a_return_period_that_is_over_does_not_begin_again_for_who_comes_late),
      cmocka_unit_test(only_the_disputed_part_waits),
      cmocka_unit_test(what_was_paid_too_much_is_set_off_against_the_next_payout),
      cmocka_unit_test(a_closed_period_keeps_its_hash_and_takes_nothing_more),
      cmocka_unit_test(what_cannot_be_decided_leaves_no_frame_and_no_row),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
