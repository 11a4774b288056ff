/* Proves that leads, custom events and clicks become money as orders do: they belong to the partner
   that they name or go by the programme's policy, a lead is paid once and taken back when it turns
   out to be none, a double click earns nothing, and an emptied ledger comes back the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "support/engine.h"
#include "support/journal.h"

#define START_US ENGINE_AGREED_US
#define DAY(n) (START_US + ((n)-1) * HS_DAY_US)

#define LEADS "{\"name\":\"leads\",\"rank\":1,\"event\":\"lead\",\"amount\":\"20.00\"}"
#define QUALIFIED                                                                                  \
  "{\"name\":\"leads\",\"rank\":1,\"event\":\"lead\",\"amount\":\"20.00\",\"metadata\":[{"         \
  "\"key\":\"status\",\"values\":[\"qualified\",\"meeting\",\"negotiation\",\"won\"]}]}"
#define CLICKS                                                                                     \
  "{\"name\":\"clicks\",\"rank\":1,\"event\":\"click\",\"amount\":\"0.10\",\"caps\":[{"            \
  "\"period\":\"day\",\"amount\":\"0.25\"}]}"
#define SALES "{\"name\":\"sales\",\"rank\":2,\"rate\":\"10%\"}"

/* Rows under the kind's usual header, as a file of their own. */
static void import(struct engine *engine, enum hs_event_kind kind, const char *rows)
{
  static int file_count = 0;
  static const char *const HEADERS[HS_EVENT_KIND_COUNT] = {
      [HS_EVENT_LEAD] = "lead_id,person,occurred_at,partner,status",
      [HS_EVENT_TOUCH] = "touch_id,person,occurred_at,partner,link",
      [HS_EVENT_ORDER] = "order_id,person,occurred_at,amount,currency",
      [HS_EVENT_REFUND] = "refund_id,order_id,occurred_at,amount,currency",
      [HS_EVENT_CUSTOM] = "event_id,person,occurred_at,partner,name"};
  char name[32];
  char csv[2048];
  (void)snprintf(name, sizeof name, "file-%d.csv", ++file_count);
  (void)snprintf(csv, sizeof csv, "%s\n%s", HEADERS[kind], rows);
  engine_import(engine, kind, name, csv);
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
}

static void end(struct engine *engine)
{
  assert_ledger_replays(engine);
  engine_release(engine);
}

/* ---- leads ---- */

static void a_lead_belongs_to_the_partner_that_it_names_and_is_owed_after_its_hold(void **state)
{
  (void)state;
  struct engine engine;
  engine_start_with_two(&engine, "offer", LEADS);
  import(&engine, HS_EVENT_TOUCH, "t,ann,2026-09-02T10:00:00Z,beta,\n");
  import(&engine, HS_EVENT_LEAD, "l1,ann,2026-09-03T10:00:00Z,alpha,new\n");
  uint64_t seen = engine_said_since(&engine, 0, "earn alpha 2000\n");
  engine_lock(&engine, DAY(13));
  seen = engine_said_since(&engine, seen, ""); /* ten days from the morning of the third */
  engine_lock(&engine, DAY(14));
  seen = engine_said_since(&engine, seen, "release alpha 2000\n");
  (void)engine_pay(&engine, "alpha");
  (void)engine_said_since(&engine, seen, "pay alpha 2000\n");
  end(&engine);
}

static void a_lead_that_names_nobody_goes_by_the_touchpoints_before_it_came_in(void **state)
{
  (void)state;
  struct engine engine;
  engine_start_with_two(&engine, "offer", QUALIFIED);
  import(&engine, HS_EVENT_TOUCH,
         "t1,ann,2026-09-02T10:00:00Z,alpha,\n"
         "t2,ann,2026-09-05T10:00:00Z,beta,\n"); /* while it was a lead already */
  import(&engine, HS_EVENT_LEAD,
         "l1,ann,2026-09-03T10:00:00Z,,new\n"
         "l2,bob,2026-09-03T10:00:00Z,,qualified\n"); /* nobody has met bob */
  uint64_t seen = engine_said_since(&engine, 0, "");
  import(&engine, HS_EVENT_LEAD, "l1,,2026-09-07T10:00:00Z,,qualified\n");
  (void)engine_said_since(&engine, seen, "earn alpha 2000\n");
  end(&engine);
}

static void shares_of_a_lead_are_those_of_the_policy(void **state)
{
  (void)state;
  struct engine engine;
  engine_start_with_two(&engine, "offer", LEADS);
  engine_decide(&engine, (struct hs_decision){.kind = HS_DECISION_POLICY,
                                              .number = 2,
                                              .first = HS_STR("1/3"),
                                              .last = HS_STR("2/3"),
                                              .minimum = HS_STR("0"),
                                              .from_us = DAY(1)});
  import(&engine, HS_EVENT_TOUCH,
         "t1,ann,2026-09-02T10:00:00Z,alpha,\n"
         "t2,ann,2026-09-02T11:00:00Z,beta,\n");
  import(&engine, HS_EVENT_LEAD, "l1,ann,2026-09-03T10:00:00Z,,new\n");
  /* 2000/3 and 4000/3 */
  (void)engine_said_since(&engine, 0, "earn alpha 667\nearn beta 1333\n");
  end(&engine);
}

static void a_lead_is_paid_once_by_the_first_status_that_a_rule_pays_for(void **state)
{
  (void)state;
  struct engine engine;
  engine_start_with_two(&engine, "offer", QUALIFIED);
  import(&engine, HS_EVENT_LEAD,
         "l1,ann,2026-09-03T10:00:00Z,alpha,new\n"
         "l2,bob,2026-09-03T11:00:00Z,beta,meeting\n"
         "l1,ann,2026-09-04T10:00:00Z,alpha,qualified\n"
         "l1,ann,2026-09-05T10:00:00Z,beta,meeting\n"); /* it stays alpha's */
  uint64_t seen = engine_said_since(&engine, 0, "earn beta 2000\nearn alpha 2000\n");
  import(&engine, HS_EVENT_LEAD,
         "l1,ann,2026-09-06T10:00:00Z,alpha,won\n"
         "l1,ann,2026-09-03T10:00:00Z,alpha,new\n"); /* again */
  (void)engine_said_since(&engine, seen, "");
  end(&engine);
}

static void an_unqualified_lead_takes_back_what_it_earned(void **state)
{
  (void)state;
  struct engine engine;
  engine_start_with_two(&engine, "offer", LEADS);
  import(&engine, HS_EVENT_LEAD,
         "l1,ann,2026-09-03T10:00:00Z,alpha,new\n"
         "l2,bob,2026-09-03T10:00:00Z,alpha,new\n"
         "l3,cat,2026-09-03T10:00:00Z,alpha,unqualified\n");
  uint64_t seen = engine_said_since(&engine, 0, "earn alpha 2000\nearn alpha 2000\n");
  import(&engine, HS_EVENT_LEAD, "l1,ann,2026-09-04T10:00:00Z,,unqualified\n");
  seen = engine_said_since(&engine, seen, "cancel alpha 2000\n");
  engine_lock(&engine, DAY(20));
  (void)engine_pay(&engine, "alpha");
  seen = engine_said_since(&engine, seen, "release alpha 2000\npay alpha 2000\n");
  import(&engine, HS_EVENT_LEAD,
         "l2,bob,2026-09-21T10:00:00Z,,unqualified\n"
         "l2,bob,2026-09-22T10:00:00Z,,qualified\n"); /* a person may grant it again */
  (void)engine_said_since(&engine, seen, "claw_back alpha 2000\n");
  end(&engine);
}

static void nobody_is_paid_for_a_lead_of_who_has_no_agreement(void **state)
{
  (void)state;
  struct engine engine;
  engine_start_with_two(&engine, "offer", LEADS);
  engine_add_partner(&engine, "gamma");
  import(&engine, HS_EVENT_TOUCH, "t,ann,2026-09-02T10:00:00Z,alpha,\n");
  import(&engine, HS_EVENT_LEAD,
         "l1,ann,2026-09-03T10:00:00Z,gamma,new\n"
         "l2,ann,2026-09-03T10:00:00Z,stranger,new\n"
         "l3,ann,2026-08-03T10:00:00Z,alpha,new\n"); /* before the first version held */
  (void)engine_said_since(&engine, 0, "");
  end(&engine);
}

static enum hs_status count_refused(void *context, const struct hs_commission_row *row,
                                    [[maybe_unused]] struct hs_err *err)
{
  assert_string_equal(row->rule.data, "refused");
  assert_int_equal(row->amount_minor, 0);
  assert_non_null(strstr(row->evidence.data, "only orders have one"));
  ++*(int *)context;
  return HS_OK;
}

static void a_part_of_no_value_is_refused_in_words(void **state)
{
  (void)state;
  struct engine engine;
  int count = 0;
  engine_start_with_two(&engine, "offer",
                        "{\"name\":\"leads\",\"rank\":1,\"event\":\"lead\",\"rate\":\"5%\"}");
  import(&engine, HS_EVENT_LEAD, "l1,ann,2026-09-03T10:00:00Z,alpha,new\n");
  (void)engine_said_since(&engine, 0, "");
  const struct hs_ledger_reader *ledger = &engine.programme.book.ledger;
  assert_ok(ledger->commissions_of(ledger->self, HS_STR("lead"), HS_STR("l1"), count_refused,
                                   &count, &engine.err));
  assert_int_equal(count, 1);
  end(&engine);
}

/* A lead and an order of one name are two things. */
static void a_refund_takes_nothing_back_from_a_lead_of_the_same_name(void **state)
{
  (void)state;
  struct engine engine;
  engine_start_with_two(&engine, "offer", LEADS "," SALES);
  import(&engine, HS_EVENT_TOUCH, "t,ann,2026-09-02T10:00:00Z,alpha,\n");
  import(&engine, HS_EVENT_LEAD, "x,ann,2026-09-03T10:00:00Z,alpha,new\n");
  import(&engine, HS_EVENT_ORDER, "x,ann,2026-09-04T10:00:00Z,50.00,EUR\n");
  import(&engine, HS_EVENT_REFUND, "r,x,2026-09-05T10:00:00Z,50.00,EUR\n");
  uint64_t seen =
      engine_said_since(&engine, 0, "earn alpha 2000\nearn alpha 500\ncancel alpha 500\n");
  engine_lock(&engine, DAY(30));
  (void)engine_said_since(&engine, seen, "release alpha 2000\n");
  end(&engine);
}

/* ---- custom events ---- */

#define TRIALS                                                                                     \
  "{\"name\":\"trials\",\"rank\":1,\"event\":\"custom\",\"event_names\":[\"trial_started\"],"      \
  "\"amount\":\"3.00\",\"tiers\":{\"measure\":\"orders\",\"period\":\"month\",\"steps\":[{"        \
  "\"from\":\"2\",\"amount\":\"4.00\"}]}},"                                                        \
  "{\"name\":\"new\",\"rank\":2,\"event\":\"custom\",\"event_names\":[\"seminar\"],"               \
  "\"customer\":\"new\",\"amount\":\"1.00\"}"

static void events_pay_by_their_name_whom_they_name_or_who_was_met_last(void **state)
{
  (void)state;
  struct engine engine;
  engine_start_with_two(&engine, "offer", TRIALS);
  import(&engine, HS_EVENT_TOUCH,
         "t1,ann,2026-09-02T10:00:00Z,alpha,\n"
         "t2,bob,2026-09-02T10:00:00Z,beta,\n");
  import(&engine, HS_EVENT_ORDER, "o,bob,2026-09-02T12:00:00Z,50.00,EUR\n");
  import(&engine, HS_EVENT_CUSTOM,
         "e1,ann,2026-09-03T10:00:00Z,,trial_started\n"
         "e2,ann,2026-09-03T10:00:00Z,beta,trial_started\n"
         "e3,ann,2026-09-03T10:00:00Z,,other\n"
         "e4,ann,2026-09-03T11:00:00Z,,trial_started\n" /* the second of the month */
         "e5,ann,2026-09-03T10:00:00Z,,seminar\n"
         "e6,bob,2026-09-03T10:00:00Z,,seminar\n"      /* has ordered before */
         "e7,,2026-09-03T10:00:00Z,,trial_started\n"); /* of nobody */
  (void)engine_said_since(&engine, 0,
                          "earn alpha 300\nearn beta 300\nearn alpha 400\nearn alpha 100\n");
  end(&engine);
}

static void events_pay_by_their_metadata(void **state)
{
  (void)state;
  struct engine engine;
  engine_start_with_two(
      &engine, "offer",
      "{\"name\":\"pro\",\"rank\":1,\"event\":\"custom\",\"amount\":\"5.00\",\"metadata\":[{"
      "\"key\":\"plan\",\"values\":[\"pro\",\"team\"]}]}");
  engine_import(
      &engine, HS_EVENT_CUSTOM, "events.csv",
      "event_id,occurred_at,partner,name,metadata\n"
      "e1,2026-09-03T10:00:00Z,alpha,trial,\"{\"\"plan\"\": \"\"pro\"\"}\"\n"
      "e2,2026-09-03T10:00:00Z,alpha,trial,\"{\"\"plan\"\": \"\"free\"\"}\"\n"
      "e3,2026-09-03T10:00:00Z,alpha,trial,\n"
      "e4,2026-09-03T10:00:00Z,beta,other,\"{\"\"plan\"\":\"\"team\"\",\"\"x\"\":\"\"y\"\"}\"\n");
  assert_ok(hs_ledger_catch_up(&engine.programme, NULL, NULL, NULL, &engine.err));
  (void)engine_said_since(&engine, 0, "earn alpha 500\nearn beta 500\n");
  end(&engine);
}

/* ---- clicks ---- */

static void a_click_pays_once_an_hour_for_each_visitor_and_link_up_to_the_cap(void **state)
{
  (void)state;
  struct engine engine;
  engine_start_with_two(&engine, "offer", CLICKS);
  import(&engine, HS_EVENT_TOUCH,
         "c1,ann,2026-09-02T10:00:00Z,alpha,spring\n"
         "c2,ann,2026-09-02T10:00:01Z,alpha,spring\n"   /* the same click twice */
         "c3,ann,2026-09-02T10:00:02Z,alpha,summer\n"   /* another link */
         "c4,ann,2026-09-02T10:30:00Z,beta,spring\n"    /* another partner's */
         "c5,ann,2026-09-02T11:00:01Z,alpha,spring\n"); /* an hour after the second of them */
  /* 0.25 a day leave half of the third */
  uint64_t seen =
      engine_said_since(&engine, 0, "earn alpha 10\nearn alpha 10\nearn beta 10\nearn alpha 5\n");
  import(&engine, HS_EVENT_TOUCH,
         "c6,bob,2026-09-03T10:00:00Z,alpha,spring\n"
         "c7,ann,2026-09-03T10:00:00Z,stranger,spring\n");
  import(&engine, HS_EVENT_TOUCH, "c8,bob,2026-09-03T09:30:00Z,alpha,spring\n"); /* came late */
  (void)engine_said_since(&engine, seen, "earn alpha 10\n");
  end(&engine);
}

static void clicks_of_who_has_no_rule_for_them_earn_nothing(void **state)
{
  (void)state;
  struct engine engine;
  struct hs_posted posted;
  engine_start_with_two(&engine, "offer", LEADS "," SALES);
  import(&engine, HS_EVENT_TOUCH, "c1,ann,2026-09-02T10:00:00Z,alpha,spring\n");
  (void)engine_said_since(&engine, 0, "");
  assert_ok(hs_ledger_replay(&engine.programme, NULL, NULL, &posted, &engine.err));
  assert_int_equal(posted.actions, 0); /* nobody looked at them */
  end(&engine);
}

/* Only sales reach a bonus. */
static void leads_bring_no_bonus_of_sales(void **state)
{
  (void)state;
  struct engine engine;
  engine_start(&engine, DAY(60));
  engine_add_partner(&engine, "alpha");
  engine_decide(
      &engine,
      (struct hs_decision){
          .kind = HS_DECISION_PROPOSE,
          .agreement = HS_STR("offer"),
          .number = 1,
          .document = HS_STR("{\"format\":1,\"title\":\"o\",\"weight\":\"standard\",\"kind\":"
                             "\"affiliate\",\"terms\":{\"currency\":\"EUR\",\"rules\":[" LEADS
                             "],\"bonuses\":[{\"name\":\"two\",\"measure\":\"orders\",\"period\":"
                             "\"month\",\"from\":\"2\",\"amount\":\"99.00\"}]}}"),
          .from_us = DAY(1)});
  engine_decide(&engine, (struct hs_decision){
                             .kind = HS_DECISION_SIGN, .agreement = HS_STR("offer"), .number = 1});
  engine_enrol(&engine, "offer", "alpha");
  import(&engine, HS_EVENT_LEAD,
         "l1,ann,2026-09-03T10:00:00Z,alpha,new\n"
         "l2,bob,2026-09-03T10:00:00Z,alpha,new\n"
         "l3,cat,2026-09-03T10:00:00Z,alpha,new\n");
  (void)engine_said_since(&engine, 0, "earn alpha 2000\nearn alpha 2000\nearn alpha 2000\n");
  end(&engine);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_lead_belongs_to_the_partner_that_it_names_and_is_owed_after_its_hold),
      cmocka_unit_test(a_lead_that_names_nobody_goes_by_the_touchpoints_before_it_came_in),
      cmocka_unit_test(shares_of_a_lead_are_those_of_the_policy),
      cmocka_unit_test(a_lead_is_paid_once_by_the_first_status_that_a_rule_pays_for),
      cmocka_unit_test(an_unqualified_lead_takes_back_what_it_earned),
      cmocka_unit_test(nobody_is_paid_for_a_lead_of_who_has_no_agreement),
      cmocka_unit_test(a_part_of_no_value_is_refused_in_words),
      cmocka_unit_test(a_refund_takes_nothing_back_from_a_lead_of_the_same_name),
      cmocka_unit_test(events_pay_by_their_name_whom_they_name_or_who_was_met_last),
      cmocka_unit_test(events_pay_by_their_metadata),
      cmocka_unit_test(a_click_pays_once_an_hour_for_each_visitor_and_link_up_to_the_cap),
      cmocka_unit_test(clicks_of_who_has_no_rule_for_them_earn_nothing),
      cmocka_unit_test(leads_bring_no_bonus_of_sales),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
