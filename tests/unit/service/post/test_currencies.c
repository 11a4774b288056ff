/* Proves what happens to orders in another currency than an agreement's terms: which rate holds,
   that nothing is rounded before the commission is, that refunds come back to the cent, and that an
   order without a rate waits for one and is then paid once. Every ledger here also comes back the
   same from its journal (L9). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "service/owe/alarms.h"
#include "service/owe/closing.h"
#include "service/post/explain.h"
#include "service/post/explain_order.h"
#include "support/engine.h"
#include "support/journal.h"

#define DAY(n) (ENGINE_AGREED_US + ((n)-1) * HS_DAY_US)

#define TEN_PERCENT "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\"}"
#define TIERED                                                                                     \
  "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\",\"tiers\":{\"measure\":\"revenue\","            \
  "\"period\":\"month\",\"steps\":[{\"from\":\"80.00\",\"rate\":\"20%\"}]}}"
#define FROM_FIFTY "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\",\"value_min\":\"50.00\"}"

#define TOUCHES "touch_id,person,occurred_at,partner\n"
#define ORDERS "order_id,person,occurred_at,amount,currency\n"
#define REFUNDS "refund_id,order_id,occurred_at,amount,currency,reason\n"
#define RATES "day,from,to,rate,source\n"

static const char *const PARTNERS[] = {"alpha", "beta"};

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

/* An order of 100.00 US dollars on Thursday, 10 September 2026, after a touchpoint of alpha. */
static void sell(struct engine *engine)
{
  import(engine, HS_EVENT_TOUCH, TOUCHES "a,buyer,2026-09-05T10:00:00Z,alpha\n");
  import(engine, HS_EVENT_ORDER, ORDERS "o1,buyer,2026-09-10T10:00:00Z,100.00,USD\n");
}

/* ---- what is there ---- */

static enum hs_status say_transfer(void *context, const struct hs_transfer_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%.*s %.*s %" PRId64 " %s%s%.*s\n", HS_STR_ARG(row->kind),
                HS_STR_ARG(row->credit.party.data != NULL ? row->credit.party : row->debit.party),
                row->amount_minor, row->currency.code, row->reason.data != NULL ? " " : "",
                HS_STR_ARG(row->reason));
  return HS_OK;
}

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

static enum hs_status say_alarm(void *context, const struct hs_alarm *alarm,
                                [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%s %.*s %.*s\n", hs_alarm_word(alarm->kind), HS_STR_ARG(alarm->partner),
                HS_STR_ARG(alarm->reason));
  return HS_OK;
}

static void assert_alarms(struct engine *engine, const char *expected)
{
  static const struct hs_alarm_options LATE = {1000, 1000};
  hs_arena_reset(&engine->work, 0);
  struct hs_buf buf = hs_buf_in(&engine->work);
  hs_buf_add_text(&buf, "");
  assert_ok(hs_alarms_list(&engine->programme, &LATE, say_alarm, &buf, &engine->err));
  assert_string_equal(buf.data, expected);
}

/* ---- which rate ---- */

/* A euro is 1.25 dollars, so 100 dollars are 80 euros. */
static void an_order_in_dollars_is_paid_in_euros_by_the_rate_of_its_day([[maybe_unused]] void **s)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  import(&engine, HS_EVENT_RATE,
         RATES "2026-09-09,EUR,USD,1.60,a bank\n2026-09-10,EUR,USD,1.25,a bank\n"
               "2026-09-11,EUR,USD,2.00,a bank\n");
  sell(&engine);
  assert_said(&engine, "earn alpha 800 EUR\n");
  assert_alarms(&engine, "");
  engine_release(&engine);
}

static const struct {
  const char *rates;
  const char *said;
} FOUND[] = {
    /* the pair itself goes before the other direction */
    {"2026-09-10,USD,EUR,0.9,\n2026-09-10,EUR,USD,1.25,\n", "earn alpha 900 EUR\n"},
    /* the last day before it that has one, up to seven days back */
    {"2026-09-03,USD,EUR,0.9,\n", "earn alpha 900 EUR\n"},
    {"2026-09-02,USD,EUR,0.9,\n", ""},
    {"2026-09-11,USD,EUR,0.9,\n", ""},
    {"2026-09-04,USD,EUR,0.7,\n2026-09-08,EUR,USD,1.25,\n", "earn alpha 800 EUR\n"},
    /* against a third currency of the same day: 100 dollars are 80 pounds, which are 88 euros; by
       francs, which come first by their code, 100 francs and 50 euros */
    {"2026-09-10,GBP,USD,1.25,\n2026-09-10,GBP,EUR,1.1,\n", "earn alpha 880 EUR\n"},
    {"2026-09-10,GBP,USD,1.25,\n2026-09-09,GBP,EUR,1.1,\n", ""},
    {"2026-09-10,GBP,USD,1.25,\n2026-09-10,GBP,EUR,1.1,\n2026-09-10,USD,CHF,1,\n"
     "2026-09-10,EUR,CHF,2,\n",
     "earn alpha 500 EUR\n"},
    /* of two for one day the later */
    {"2026-09-10,USD,EUR,0.9,\n2026-09-10,USD,EUR,0.8,\n", "earn alpha 800 EUR\n"},
    /* a third of a dollar: exactly, and rounded once */
    {"2026-09-10,EUR,USD,3,\n", "earn alpha 333 EUR\n"},
};

static void the_rate_is_that_of_the_day_or_the_last_before_it([[maybe_unused]] void **state)
{
  for (size_t i = 0; i < sizeof FOUND / sizeof *FOUND; i++) {
    struct engine engine;
    char csv[512];
    (void)snprintf(csv, sizeof csv, RATES "%s", FOUND[i].rates);
    start(&engine, TEN_PERCENT);
    import(&engine, HS_EVENT_RATE, csv);
    sell(&engine);
    assert_said(&engine, FOUND[i].said);
    engine_release(&engine);
  }
}

/* 12,500 yen have no cents and are 100.00 euros at 125; a dinar has thousandths. */
static void currencies_have_as_many_digits_as_they_have([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  import(&engine, HS_EVENT_RATE,
         RATES "2026-09-10,EUR,JPY,125,\n2026-09-10,KWD,EUR,2.5,\n2026-09-10,EUR,VND,30000,\n");
  import(&engine, HS_EVENT_TOUCH, TOUCHES "a,buyer,2026-09-05T10:00:00Z,alpha\n");
  import(&engine, HS_EVENT_ORDER,
         ORDERS "o1,buyer,2026-09-10T10:00:00Z,12500,JPY\n"
                "o2,buyer,2026-09-10T11:00:00Z,40.004,KWD\n"
                "o3,buyer,2026-09-10T12:00:00Z,100,VND\n");
  assert_said(&engine, "earn alpha 1000 EUR\nearn alpha 1000 EUR\n");
  engine_release(&engine);
}

static void a_correction_counts_for_the_orders_after_it([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  import(&engine, HS_EVENT_RATE, RATES "2026-09-10,EUR,USD,1.25,a bank\n");
  sell(&engine);
  import(&engine, HS_EVENT_RATE, RATES "2026-09-10,EUR,USD,2,a bank\n");
  import(&engine, HS_EVENT_ORDER, ORDERS "o2,buyer,2026-09-10T11:00:00Z,100.00,USD\n");
  assert_said(&engine, "earn alpha 800 EUR\nearn alpha 500 EUR\n");
  engine_lock(&engine, DAY(40));
  assert_said(&engine, "earn alpha 800 EUR\nearn alpha 500 EUR\n"
                       "release alpha 800 EUR\nrelease alpha 500 EUR\n");
  engine_release(&engine);
}

/* The second order of 100 dollars stands wholly in the tier that begins at 80 euros. */
static void tiers_and_conditions_see_the_currency_of_the_terms([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TIERED);
  import(&engine, HS_EVENT_RATE, RATES "2026-09-10,EUR,USD,1.25,\n");
  sell(&engine);
  import(&engine, HS_EVENT_ORDER, ORDERS "o2,buyer,2026-09-10T11:00:00Z,100.00,USD\n");
  assert_said(&engine, "earn alpha 800 EUR\nearn alpha 1600 EUR\n");
  engine_release(&engine);
  start(&engine, FROM_FIFTY);
  import(&engine, HS_EVENT_RATE, RATES "2026-09-10,EUR,USD,1.25,\n");
  import(&engine, HS_EVENT_TOUCH, TOUCHES "a,buyer,2026-09-05T10:00:00Z,alpha\n");
  import(&engine, HS_EVENT_ORDER,
         ORDERS "o1,buyer,2026-09-10T10:00:00Z,62.49,USD\n"
                "o2,buyer,2026-09-10T11:00:00Z,62.50,USD\n");
  assert_said(&engine, "earn alpha 500 EUR\n");
  engine_release(&engine);
}

/* ---- refunds ---- */

/* 33.33 of 100.00 of 7.40 (at 1.35 a euro is 74.07 for 100 dollars): 2.47; then the rest. */
static void
refunds_in_parts_come_to_the_whole_by_the_rate_of_the_order([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  import(&engine, HS_EVENT_RATE, RATES "2026-09-10,EUR,USD,1.35,\n2026-09-12,EUR,USD,3,\n");
  sell(&engine);
  import(&engine, HS_EVENT_REFUND,
         REFUNDS "r1,o1,2026-09-12T10:00:00Z,33.33,USD,\n"
                 "r2,o1,2026-09-12T11:00:00Z,66.67,USD,\n");
  assert_said(&engine, "earn alpha 741 EUR\ncancel alpha 247 EUR returned\n"
                       "cancel alpha 494 EUR returned\n");
  engine_release(&engine);
}

/* ---- waiting ---- */

static void
an_order_without_a_rate_waits_and_is_judged_when_one_comes([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  assert_said(&engine, "");
  assert_alarms(&engine, "waiting alpha from USD to EUR\n");
  import(&engine, HS_EVENT_RATE, RATES "2026-09-10,EUR,GBP,0.8,\n");
  assert_alarms(&engine, "waiting alpha from USD to EUR\n");
  import(&engine, HS_EVENT_RATE, RATES "2026-09-10,EUR,USD,1.25,\n");
  assert_said(&engine, "earn alpha 800 EUR\n");
  assert_alarms(&engine, "");
  import(&engine, HS_EVENT_RATE, RATES "2026-09-10,EUR,USD,2,\n");
  engine_lock(&engine, DAY(40));
  assert_said(&engine, "earn alpha 800 EUR\nrelease alpha 800 EUR\n");
  engine_release(&engine);
}

static enum hs_status note_refused(void *context, const struct hs_open_line *line,
                                   [[maybe_unused]] struct hs_err *err)
{
  if (line->kind == HS_OPEN_REFUSED)
    *(uint64_t *)context = line->count;
  return HS_OK;
}

static void assert_refused(struct engine *engine, uint64_t expected)
{
  const struct hs_period september = {DAY(1), DAY(31)};
  uint64_t refused = 0;
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
  assert_ok(hs_closing_open(&engine->programme, &september, note_refused, &refused, &engine->err));
  assert_int_equal(refused, expected);
}

static void a_close_counts_what_still_waits([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  assert_refused(&engine, 1);
  import(&engine, HS_EVENT_RATE, RATES "2026-09-10,EUR,USD,1.25,\n");
  assert_refused(&engine, 0);
  engine_release(&engine);
}

static void what_was_refunded_while_it_waited_is_taken_back_at_once([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  import(&engine, HS_EVENT_REFUND, REFUNDS "r1,o1,2026-09-12T10:00:00Z,25.00,USD,fraud\n");
  import(&engine, HS_EVENT_RATE, RATES "2026-09-10,EUR,USD,1.25,\n");
  import(&engine, HS_EVENT_REFUND, REFUNDS "r2,o1,2026-09-13T10:00:00Z,75.00,USD,\n");
  assert_said(&engine, "earn alpha 800 EUR\ncancel alpha 200 EUR fraud\n"
                       "cancel alpha 600 EUR returned\n");
  engine_release(&engine);
}

/* Beta is learnt of before the return period ends, and shares nothing until the lock; the rate
   comes after that. What came later is not asked. */
static void an_order_may_wait_longer_than_its_return_period([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  import(&engine, HS_EVENT_TOUCH, TOUCHES "b,buyer,2026-09-06T10:00:00Z,beta\n");
  engine_lock(&engine, DAY(21));
  assert_said(&engine, "");
  assert_alarms(&engine, "waiting beta from USD to EUR\n");
  import(&engine, HS_EVENT_TOUCH, TOUCHES "c,buyer,2026-09-07T10:00:00Z,alpha\n");
  import(&engine, HS_EVENT_RATE, RATES "2026-09-10,EUR,USD,1.25,\n");
  assert_said(&engine, "earn beta 800 EUR\n");
  assert_alarms(&engine, "");
  engine_lock(&engine, DAY(22));
  assert_said(&engine, "earn beta 800 EUR\nrelease beta 800 EUR\n");
  engine_release(&engine);
}

/* The rate comes first, then the lock that learns of beta: what alpha had waited for goes back. */
static void what_has_waited_is_judged_again_as_everything_is([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  import(&engine, HS_EVENT_TOUCH, TOUCHES "b,buyer,2026-09-06T10:00:00Z,beta\n");
  import(&engine, HS_EVENT_RATE, RATES "2026-09-10,EUR,USD,1.25,\n");
  assert_said(&engine, "earn alpha 800 EUR\n");
  engine_lock(&engine, DAY(21));
  assert_said(&engine, "earn alpha 800 EUR\ncancel alpha 800 EUR judged_again\n"
                       "earn beta 800 EUR\nrelease beta 800 EUR\n");
  engine_release(&engine);
}

static enum hs_status note_commission(void *context, const struct hs_commission_row *row,
                                      [[maybe_unused]] struct hs_err *err)
{
  *(struct hs_id *)context = row->id;
  return HS_OK;
}

/* The last one of the order. */
static struct hs_id commission_of(struct engine *engine, const char *order)
{
  const struct hs_ledger_reader *ledger = &engine->programme.book.ledger;
  struct hs_id id = {0};
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
  assert_ok(ledger->commissions_of_order(ledger->self, hs_str_of(order), note_commission, &id,
                                         &engine->err));
  assert_true(id.text[0] != '\0');
  return id;
}

static void what_people_have_granted_meanwhile_is_not_paid_twice([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  engine_decide(&engine, (struct hs_decision){.kind = HS_DECISION_ADJUST,
                                              .seconded_by = HS_STR("chief"),
                                              .commission = commission_of(&engine, "o1"),
                                              .amount_minor = 700,
                                              .reason = HS_STR("priced by hand")});
  assert_alarms(&engine, "");
  import(&engine, HS_EVENT_RATE, RATES "2026-09-10,EUR,USD,1.25,\n");
  engine_lock(&engine, DAY(40));
  assert_said(&engine, "grant alpha 700 EUR priced by hand\n");
  engine_release(&engine);
}

/* ---- how it is told ---- */

static void assert_has(const struct hs_buf *buf, const char *part)
{
  if (strstr(buf->data, part) == NULL)
    fail_msg("lacks \"%s\":\n%s", part, buf->data);
}

static void a_commission_says_its_rate_with_day_and_source([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  import(&engine, HS_EVENT_RATE, RATES "2026-09-09,EUR,USD,1.25,a bank\n");
  sell(&engine);
  struct hs_id id = commission_of(&engine, "o1");
  hs_arena_reset(&engine.work, 0);
  struct hs_buf buf = hs_buf_in(&engine.work);
  assert_ok(hs_commission_say(&engine.programme, &id, &buf, &engine.err));
  assert_has(&buf, "order o1 of 100.00 USD");
  assert_has(&buf, "1 USD = 4/5 EUR, exactly\n  1 EUR = 1.25 USD on 2026-09-09, source: a bank\n");
  assert_has(&buf, "  8000 × 10 % = 800\n");
  hs_buf_clear(&buf);
  assert_ok(
      hs_order_explain(&engine.programme, HS_STR("o1"), HS_STR("alpha"), 0, &buf, &engine.err));
  assert_has(&buf, "1 USD = 4/5 EUR, exactly\n      1 EUR = 1.25 USD on 2026-09-09");
  hs_buf_clear(&buf);
  assert_ok(
      hs_order_explain(&engine.programme, HS_STR("o1"), HS_STR("alpha"), 1, &buf, &engine.err));
  assert_has(&buf, "\"exchange\":{\"from\":\"USD\",\"to\":\"EUR\",\"per_unit\":\"4/5\"");
  engine_release(&engine);
}

static void who_waits_is_told_what_for([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, TEN_PERCENT);
  sell(&engine);
  hs_arena_reset(&engine.work, 0);
  struct hs_buf buf = hs_buf_in(&engine.work);
  assert_ok(
      hs_order_explain(&engine.programme, HS_STR("o1"), HS_STR("alpha"), 0, &buf, &engine.err));
  assert_has(&buf, "there is no exchange rate from USD to EUR for 2026-09-10 or the 7 days before "
                   "it; it is judged when one is imported");
  import(&engine, HS_EVENT_RATE, RATES "2026-09-10,EUR,USD,1.25,\n");
  struct hs_id id = commission_of(&engine, "o1");
  hs_buf_clear(&buf);
  assert_ok(hs_commission_say(&engine.programme, &id, &buf, &engine.err));
  assert_has(&buf, "it had to wait for an exchange rate, until 2026-10-30");
  hs_buf_clear(&buf);
  assert_ok(
      hs_order_explain(&engine.programme, HS_STR("o1"), HS_STR("alpha"), 0, &buf, &engine.err));
  assert_has(&buf, "1 USD = 4/5 EUR");
  engine_release(&engine);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_order_in_dollars_is_paid_in_euros_by_the_rate_of_its_day),
      cmocka_unit_test(the_rate_is_that_of_the_day_or_the_last_before_it),
      cmocka_unit_test(currencies_have_as_many_digits_as_they_have),
      cmocka_unit_test(a_correction_counts_for_the_orders_after_it),
      cmocka_unit_test(tiers_and_conditions_see_the_currency_of_the_terms),
      cmocka_unit_test(refunds_in_parts_come_to_the_whole_by_the_rate_of_the_order),
      cmocka_unit_test(an_order_without_a_rate_waits_and_is_judged_when_one_comes),
      cmocka_unit_test(a_close_counts_what_still_waits),
      cmocka_unit_test(what_was_refunded_while_it_waited_is_taken_back_at_once),
      cmocka_unit_test(an_order_may_wait_longer_than_its_return_period),
      cmocka_unit_test(what_has_waited_is_judged_again_as_everything_is),
      cmocka_unit_test(what_people_have_granted_meanwhile_is_not_paid_twice),
      cmocka_unit_test(a_commission_says_its_rate_with_day_and_source),
      cmocka_unit_test(who_waits_is_told_what_for),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
