/* Proves what orders say reaches the money: net, gross and margin, items of which several rules pay
   for their own, country and metadata; and who shares them: who stands down, who came after
   the cart began, who is the customer; what is not known is refused and not guessed. Amounts are
   computed by hand beside each case, and every ledger replays. */
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

#define TOUCHES "touch_id,person,occurred_at,partner,stands_down\n"

/* One order of 100.00 EUR with these members beside, after a touchpoint of alpha. */
static void sell(struct engine *engine, const char *members)
{
  char line[1024];
  (void)snprintf(line, sizeof line,
                 "{\"order_id\":\"o\",\"person\":\"ann\",\"occurred_at\":\"2026-09-05T10:00:00Z\","
                 "\"amount\":100,\"currency\":\"EUR\"%s}\n",
                 members);
  engine_import(engine, HS_EVENT_TOUCH, "t.csv", TOUCHES "t,ann,2026-09-03T10:00:00Z,alpha,\n");
  engine_import(engine, HS_EVENT_ORDER, "o.ndjson", line);
}

static enum hs_status say_commission(void *context, const struct hs_commission_row *row,
                                     [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%.*s %.*s %" PRId64 " of %" PRId64 "\n", HS_STR_ARG(row->partner),
                HS_STR_ARG(row->rule), row->amount_minor, row->base_minor);
  return HS_OK;
}

struct sold {
  const char *rules, *members, *expected;
};

static void assert_sold(const struct sold *sold, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    struct engine engine;
    engine_start_with_two(&engine, "plain", sold[i].rules);
    sell(&engine, sold[i].members);
    assert_commissions(&engine, say_commission, sold[i].expected);
    engine_release(&engine);
  }
}
#define ASSERT_SOLD(sold) assert_sold(sold, sizeof(sold) / sizeof *(sold))

#define RULE(members) "{\"name\":\"sales\",\"rank\":1," members "}"
#define TEN RULE("\"rate\":\"10%\"")
#define TEN_OF(base) RULE("\"rate\":\"10%\",\"base\":\"" base "\"")

static void each_base_is_what_the_columns_say([[maybe_unused]] void **state)
{
  static const struct sold SOLD[] = {
      /* 100 − 16 − 4 = 80 */
      {TEN, ",\"tax\":16,\"shipping\":4", "alpha sales 800 of 8000\n"},
      {TEN, ",\"tax\":16,\"discount\":50", "alpha sales 840 of 8400\n"},
      {TEN, "", "alpha sales 1000 of 10000\n"},
      {TEN_OF("gross"), ",\"tax\":16,\"shipping\":4", "alpha sales 1000 of 10000\n"},
      /* 80 − 30 */
      {TEN_OF("margin"), ",\"tax\":16,\"shipping\":4,\"cost\":30", "alpha sales 500 of 5000\n"},
      {TEN_OF("margin"), ",\"cost\":120", "alpha sales 0 of 0\n"},
      {TEN_OF("margin"), ",\"tax\":16", "alpha refused 0 of 0\n"},
  };
  ASSERT_SOLD(SOLD);
}

#define IN(countries) RULE("\"rate\":\"10%\",\"countries\":[" countries "]")
#define APP RULE("\"rate\":\"10%\",\"metadata\":[{\"key\":\"channel\",\"values\":[\"app\"]}]")

static void conditions_see_country_and_metadata([[maybe_unused]] void **state)
{
  static const struct sold SOLD[] = {
      {IN("\"DE\",\"AT\""), ",\"country\":\"at\"", "alpha sales 1000 of 10000\n"},
      {IN("\"DE\",\"AT\""), ",\"country\":\"FR\"", ""},
      {IN("\"DE\",\"AT\""), "", ""},
      {APP, ",\"metadata\":{\"channel\":\"app\",\"x\":1}", "alpha sales 1000 of 10000\n"},
      {APP, ",\"metadata\":{\"channel\":\"web\"}", ""},
      {APP, "", ""},
  };
  ASSERT_SOLD(SOLD);
}

/* Items of 60 and 40 less 10 off the order: nets of 54 and 36; tax and shipping of 10 make grosses
   of 60 and 40 of them. */
#define BOOTS_AND_SOCKS                                                                            \
  ",\"tax\":9,\"shipping\":1,\"discount\":10,\"items\":[{\"product\":\"boots\",\"amount\":60},"    \
  "{\"product\":\"socks\",\"amount\":40,\"quantity\":4}]"
#define BOOTS "{\"name\":\"boots\",\"rank\":1,\"rate\":\"20%\",\"products\":[\"boots\"]}"
#define SOCKS                                                                                      \
  "{\"name\":\"socks\",\"rank\":2,\"amount\":\"0.50\",\"level\":\"item\",\"products\":[\"socks\"]" \
  "}"
#define REST "{\"name\":\"rest\",\"rank\":2,\"rate\":\"5%\"}"

static void each_item_goes_to_its_own_rule([[maybe_unused]] void **state)
{
  static const struct sold SOLD[] = {
      {BOOTS "," SOCKS, BOOTS_AND_SOCKS, "alpha boots 1080 of 5400\nalpha socks 200 of 3600\n"},
      {BOOTS "," REST, BOOTS_AND_SOCKS, "alpha boots 1080 of 5400\nalpha rest 180 of 3600\n"},
      {BOOTS, BOOTS_AND_SOCKS, "alpha boots 1080 of 5400\n"},
      {TEN, BOOTS_AND_SOCKS, "alpha sales 900 of 9000\n"},
      {TEN_OF("gross"), BOOTS_AND_SOCKS, "alpha sales 1000 of 10000\n"},
      /* A rule of items looks at what was paid for one: 60 and 40. */
      {RULE("\"rate\":\"10%\",\"level\":\"item\",\"value_min\":\"60.00\""), BOOTS_AND_SOCKS,
       "alpha sales 540 of 5400\n"},
      /* An order that names no items has no product. */
      {BOOTS, "", ""},
  };
  ASSERT_SOLD(SOLD);
}

static void margins_of_items_follow_from_their_costs([[maybe_unused]] void **state)
{
#define COSTS(a, b)                                                                                \
  ",\"items\":[{\"product\":\"a\",\"amount\":60" a "},{\"product\":\"b\",\"amount\":40" b "}]"
#define A_MARGIN                                                                                   \
  "{\"name\":\"a\",\"rank\":1,\"rate\":\"10%\",\"base\":\"margin\",\"products\":[\"a\"]}"
  static const struct sold SOLD[] = {
      {TEN_OF("margin"), COSTS(",\"cost\":20", ",\"cost\":15"), "alpha sales 650 of 6500\n"},
      /* b was sold below what it cost: it has no margin, and takes none of a's. */
      {TEN_OF("margin"), COSTS(",\"cost\":20", ",\"cost\":50"), "alpha sales 400 of 4000\n"},
      {TEN_OF("margin"), COSTS(",\"cost\":20", ""), "alpha refused 0 of 0\n"},
      {A_MARGIN, COSTS(",\"cost\":20", ""), "alpha a 400 of 4000\n"},
      /* The order's cost of 50 is divided as the amounts are: 30 and 20. */
      {A_MARGIN, COSTS("", "") ",\"cost\":50", "alpha a 300 of 3000\n"},
  };
  ASSERT_SOLD(SOLD);
}

/* 10.00 for the second order of the month: two rules pay for the first, and it is one order. */
static void an_order_of_two_rules_is_one_order([[maybe_unused]] void **state)
{
  struct engine engine;
  engine_start(&engine, DAY(60));
  engine_add_partner(&engine, "alpha");
  engine_decide(
      &engine,
      (struct hs_decision){
          .kind = HS_DECISION_PROPOSE,
          .agreement = HS_STR("plain"),
          .number = 1,
          .document = HS_STR("{\"format\":1,\"title\":\"t\",\"weight\":\"standard\",\"kind\":"
                             "\"affiliate\",\"terms\":{\"currency\":\"EUR\",\"window_days\":30,"
                             "\"hold_days\":10,\"rules\":[" BOOTS "," REST
                             "],\"bonuses\":[{\"name\":\"two\",\"measure\":\"orders\",\"period\":"
                             "\"month\",\"from\":\"2\",\"amount\":\"10.00\"}]}}"),
          .from_us = DAY(1)});
  engine_decide(&engine, (struct hs_decision){
                             .kind = HS_DECISION_SIGN, .agreement = HS_STR("plain"), .number = 1});
  engine_enrol(&engine, "plain", "alpha");
  sell(&engine, BOOTS_AND_SOCKS);
  assert_commissions(&engine, say_commission, "alpha boots 1080 of 5400\nalpha rest 180 of 3600\n");
  engine_import(&engine, HS_EVENT_ORDER, "p.csv",
                "order_id,person,occurred_at,amount,currency\n"
                "p,ann,2026-09-06T10:00:00Z,20.00,EUR\n");
  assert_commissions(&engine, say_commission,
                     "alpha boots 1080 of 5400\nalpha rest 180 of 3600\n"
                     "alpha rest 100 of 2000\nalpha two 1000 of 0\n");
  engine_release(&engine);
}

/* A quarter of the order comes back: a quarter of each commission. */
static void a_refund_takes_the_same_part_of_each_rule([[maybe_unused]] void **state)
{
  struct engine engine;
  engine_start_with_two(&engine, "plain", BOOTS "," REST);
  sell(&engine, BOOTS_AND_SOCKS);
  engine_import(&engine, HS_EVENT_REFUND, "r.csv",
                "refund_id,order_id,occurred_at,amount,currency\n"
                "r,o,2026-09-07T10:00:00Z,25.00,EUR\n");
  assert_ok(hs_ledger_catch_up(&engine.programme, NULL, NULL, NULL, &engine.err));
  (void)engine_said_since(&engine, 0,
                          "earn alpha 1080\nearn alpha 180\ncancel alpha 270\ncancel alpha 45\n");
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

/* ---- who shares ---- */

static void set_policy(struct engine *engine, struct hs_policy policy)
{
  uint64_t number = 0;
  assert_ok(hs_agreed_policy(&engine->programme, HS_STR("finance"), (struct hs_str){0}, &policy,
                             DAY(1), &number, &engine->err));
}

/* Alpha on the 3rd, beta some hours later, an order on the 5th. */
static void touch_twice(struct engine *engine, const char *beta)
{
  char touches[256];
  (void)snprintf(touches, sizeof touches,
                 TOUCHES "a,ann,2026-09-03T10:00:00Z,alpha,\nb,ann,2026-09-03T%s\n", beta);
  engine_import(engine, HS_EVENT_TOUCH, "t.csv", touches);
}

static void say_why(struct engine *engine, const char *partner, const char *words)
{
  struct hs_buf out = hs_buf_in(&engine->work);
  hs_arena_reset(&engine->work, 0);
  assert_ok(
      hs_order_explain(&engine->programme, HS_STR("o"), hs_str_of(partner), 0, &out, &engine->err));
  assert_non_null(strstr(out.data, words));
}

/* Within a day of another partner's touchpoint it stands down, where the policy asks it to. */
static void a_touchpoint_that_says_so_stands_down([[maybe_unused]] void **state)
{
  static const struct {
    int64_t stand_down_us;
    const char *beta, *expected;
  } CASES[] = {
      {HS_DAY_US, "16:00:00Z,beta,1", "alpha sales 1000 of 10000\n"},
      {HS_DAY_US, "16:00:00Z,beta,0", "beta sales 1000 of 10000\n"},
      {HS_HOUR_US, "16:00:00Z,beta,1", "beta sales 1000 of 10000\n"},
      {0, "16:00:00Z,beta,1", "beta sales 1000 of 10000\n"},
  };
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    struct engine engine;
    struct hs_policy policy = HS_POLICY_LAST;
    policy.stand_down_us = CASES[i].stand_down_us;
    engine_start_with_two(&engine, "plain", TEN);
    set_policy(&engine, policy);
    touch_twice(&engine, CASES[i].beta);
    engine_import(&engine, HS_EVENT_ORDER, "o.csv",
                  "order_id,person,occurred_at,amount,currency\n"
                  "o,ann,2026-09-05T10:00:00Z,100,EUR\n");
    assert_commissions(&engine, say_commission, CASES[i].expected);
    if (i == 0)
      say_why(&engine, "beta", "beta: another partner had referred the customer just before\n");
    engine_release(&engine);
  }
}

static void who_appears_after_the_cart_began_stays_outside([[maybe_unused]] void **state)
{
  static const struct {
    int is_barrier;
    const char *cart, *expected;
  } CASES[] = {
      {1, "2026-09-03T15:00:00Z", "alpha sales 1000 of 10000\n"},
      {1, "2026-09-03T17:00:00Z", "beta sales 1000 of 10000\n"},
      {1, "", "beta sales 1000 of 10000\n"},
      {0, "2026-09-03T15:00:00Z", "beta sales 1000 of 10000\n"},
  };
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    struct engine engine;
    char orders[256];
    struct hs_policy policy = HS_POLICY_LAST;
    policy.is_cart_barrier = CASES[i].is_barrier;
    engine_start_with_two(&engine, "plain", TEN);
    set_policy(&engine, policy);
    touch_twice(&engine, "16:00:00Z,beta,");
    (void)snprintf(orders, sizeof orders,
                   "order_id,person,occurred_at,amount,currency,cart_at\n"
                   "o,ann,2026-09-05T10:00:00Z,100,EUR,%s\n",
                   CASES[i].cart);
    engine_import(&engine, HS_EVENT_ORDER, "o.csv", orders);
    assert_commissions(&engine, say_commission, CASES[i].expected);
    if (i == 0)
      say_why(&engine, "beta", "beta: the partner appeared after the cart began\n");
    engine_release(&engine);
  }
}

static void own(struct engine *engine, const char *customer, enum hs_own own)
{
  const struct hs_agreed agreed = {.by = HS_STR("finance")};
  assert_ok(hs_agreed_own(&engine->programme, &agreed, HS_STR("beta"), hs_str_of(customer), own,
                          &engine->err));
}

/* Ann's visitor id is joined with the customer that beta declared: by an identity, not by name. */
static void buy_as_beta(struct engine *engine)
{
  touch_twice(engine, "16:00:00Z,beta,");
  engine_import(engine, HS_EVENT_IDENTITY, "i.csv",
                "occurred_at,visitor,customer\n2026-09-01T10:00:00Z,ann,c-beta\n");
  engine_import(engine, HS_EVENT_ORDER, "o.csv",
                "order_id,person,occurred_at,amount,currency\n"
                "o,ann,2026-09-05T10:00:00Z,100,EUR\n");
}

static void a_partner_is_not_paid_for_what_it_buys([[maybe_unused]] void **state)
{
  struct engine engine;
  engine_start_with_two(&engine, "plain", TEN);
  own(&engine, "c-beta", HS_OWN_DECLARED);
  own(&engine, "c-other", HS_OWN_DECLARED);
  buy_as_beta(&engine);
  assert_commissions(&engine, say_commission, "alpha sales 1000 of 10000\n");
  say_why(&engine, "beta", "beta: the partner is the customer\n");
  engine_release(&engine);
}

static void self_referral_may_be_allowed_and_an_id_withdrawn([[maybe_unused]] void **state)
{
  for (int is_withdrawn = 0; is_withdrawn < 2; is_withdrawn++) {
    struct engine engine;
    struct hs_policy policy = HS_POLICY_LAST;
    policy.allows_self_referral = !is_withdrawn;
    engine_start_with_two(&engine, "plain", TEN);
    set_policy(&engine, policy);
    own(&engine, "c-beta", HS_OWN_DECLARED);
    if (is_withdrawn)
      own(&engine, "c-beta", HS_OWN_WITHDRAWN);
    buy_as_beta(&engine);
    assert_commissions(&engine, say_commission, "beta sales 1000 of 10000\n");
    engine_release(&engine);
  }
}

/* An order before the decision keeps what it earned, also when everything is read again. */
static void what_is_declared_later_changes_nothing_before([[maybe_unused]] void **state)
{
  struct engine engine;
  engine_start_with_two(&engine, "plain", TEN);
  buy_as_beta(&engine);
  own(&engine, "ann", HS_OWN_DECLARED);
  assert_commissions(&engine, say_commission, "beta sales 1000 of 10000\n");
  engine_release(&engine);
}

static void who_owns_nothing_is_told([[maybe_unused]] void **state)
{
  struct engine engine;
  const struct hs_agreed agreed = {.by = HS_STR("finance")};
  engine_start_with_two(&engine, "plain", TEN);
  assert_int_equal(hs_agreed_own(&engine.programme, &agreed, HS_STR("gamma"), HS_STR("c"),
                                 HS_OWN_DECLARED, &engine.err),
                   HS_NOT_FOUND);
  assert_int_equal(hs_agreed_own(&engine.programme, &agreed, HS_STR("beta"), HS_STR(" "),
                                 HS_OWN_DECLARED, &engine.err),
                   HS_INVALID);
  assert_int_equal(hs_agreed_own(&engine.programme, &(struct hs_agreed){0}, HS_STR("beta"),
                                 HS_STR("c"), HS_OWN_DECLARED, &engine.err),
                   HS_INVALID);
  engine_release(&engine);
}

/* ---- in words ---- */

static void assert_says(const struct hs_buf *out, const char *words)
{
  if (strstr(out->data, words) == NULL)
    fail_msg("it does not say\n%s\nbut\n%s", words, out->data);
}

static enum hs_status note_id(void *context, const struct hs_commission_row *row,
                              [[maybe_unused]] struct hs_err *err)
{
  *(struct hs_id *)context = row->id;
  return HS_OK;
}

static void items_are_explained([[maybe_unused]] void **state)
{
  struct engine engine;
  struct hs_id last = {0};
  engine_start_with_two(&engine, "plain", BOOTS "," SOCKS);
  sell(&engine, BOOTS_AND_SOCKS);
  const struct hs_ledger_reader *ledger = &engine.programme.book.ledger;
  assert_ok(hs_ledger_catch_up(&engine.programme, NULL, NULL, NULL, &engine.err));
  assert_ok(ledger->commissions(ledger->self, (struct hs_str){0}, INT64_MIN, INT64_MAX, note_id,
                                &last, &engine.err));
  struct hs_buf out = hs_buf_in(&engine.work);
  assert_ok(hs_commission_say(&engine.programme, &last, &out, &engine.err));
  assert_says(&out, "  with 9.00 EUR tax, 1.00 EUR shipping, 10.00 EUR discount taken off\n");
  assert_says(&out, "it pays for these items, by the net value, without tax and shipping\n"
                    "  4 × socks: 36.00 EUR\n");
  struct hs_buf order = hs_buf_in(&engine.work);
  assert_ok(
      hs_order_explain(&engine.programme, HS_STR("o"), (struct hs_str){0}, 0, &order, &engine.err));
  assert_says(&order, "    1 × boots: rule 1, boots\n    4 × socks: rule 2, socks\n");
  struct hs_buf json = hs_buf_in(&engine.work);
  assert_ok(
      hs_order_explain(&engine.programme, HS_STR("o"), (struct hs_str){0}, 1, &json, &engine.err));
  assert_says(&json, "\"items\":[{\"product\":\"boots\",\"quantity\":1,\"rule\":\"boots\"},"
                     "{\"product\":\"socks\",\"quantity\":4,\"rule\":\"socks\"}]");
  engine_release(&engine);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_base_is_what_the_columns_say),
      cmocka_unit_test(conditions_see_country_and_metadata),
      cmocka_unit_test(each_item_goes_to_its_own_rule),
      cmocka_unit_test(margins_of_items_follow_from_their_costs),
      cmocka_unit_test(an_order_of_two_rules_is_one_order),
      cmocka_unit_test(a_refund_takes_the_same_part_of_each_rule),
      cmocka_unit_test(a_touchpoint_that_says_so_stands_down),
      cmocka_unit_test(who_appears_after_the_cart_began_stays_outside),
      cmocka_unit_test(a_partner_is_not_paid_for_what_it_buys),
      cmocka_unit_test(self_referral_may_be_allowed_and_an_id_withdrawn),
      cmocka_unit_test(what_is_declared_later_changes_nothing_before),
      cmocka_unit_test(who_owns_nothing_is_told),
      cmocka_unit_test(items_are_explained),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
