/* Proves service/alarms: what cannot be read or priced pays nobody and is told with its reason
   until it is mended, what waits is told when its time is over, and a ledger in order has no alarm.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "journal/frame_types.h"
#include "service/owe/alarms.h"
#include "support/engine.h"
#include "support/journal.h"

#define START_US ENGINE_AGREED_US
#define DAY(n) (START_US + ((n)-1) * HS_DAY_US)
#define TEN_PERCENT "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\"}"
#define OF_MARGIN "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\",\"base\":\"margin\"}"

static const struct hs_alarm_options USUAL = {.dispute_days = 14, .wait_days = 7};

static void start_by(struct engine *engine, const char *rules)
{
  engine_start(engine, DAY(30));
  engine_add_partner(engine, "alpha");
  engine_agree(engine, "plain", 1, rules, DAY(1));
  engine_enrol(engine, "plain", "alpha");
  engine_import(engine, HS_EVENT_TOUCH, "touches.csv",
                "touch_id,person,occurred_at,partner\n"
                "t1,p1,2026-09-25T11:00:00Z,alpha\n"
                "t2,p2,2026-09-25T11:00:00Z,alpha\n");
}

static void start(struct engine *engine) { start_by(engine, TEN_PERCENT); }

static void import_order(struct engine *engine, const char *name, const char *person,
                         const char *currency)
{
  char file[32];
  char csv[160];
  (void)snprintf(file, sizeof file, "%s.csv", name);
  (void)snprintf(csv, sizeof csv,
                 "order_id,person,occurred_at,amount,currency\n"
                 "%s,%s,2026-09-25T12:00:00Z,50.00,%s\n",
                 name, person, currency);
  engine_import(engine, HS_EVENT_ORDER, file, csv);
}

static enum hs_status say(void *context, const struct hs_alarm *alarm,
                          [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%s %.*s %lld %.*s\n", hs_alarm_word(alarm->kind),
                HS_STR_ARG(alarm->partner), (long long)alarm->amount_minor,
                HS_STR_ARG(alarm->reason));
  return HS_OK;
}

static void assert_alarms(struct engine *engine, const char *expected)
{
  hs_arena_reset(&engine->work, 0);
  struct hs_buf buf = hs_buf_in(&engine->work);
  hs_buf_add_text(&buf, "");
  if (hs_alarms_list(&engine->programme, &USUAL, say, &buf, &engine->err) != HS_OK)
    fail_msg("%s", engine->err.text);
  assert_string_equal(buf.data, expected);
}

static void a_ledger_in_order_has_no_alarm([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine);
  import_order(&engine, "one", "p1", "EUR");
  assert_alarms(&engine, "");
  engine_release(&engine);
}

static struct hs_owed owed_for(struct engine *engine, const struct hs_id *commission)
{
  struct hs_owed owed;
  assert_ok(hs_ledger_owed(&engine->programme.book.ledger, commission, &owed, &engine->err));
  return owed;
}

/* The order does not say what it cost. 5.00 by an adjustment; then half of the order comes back,
 * and half of it is taken back. */
static void what_was_refused_pays_nobody_until_somebody_grants_it([[maybe_unused]] void **state)
{
  struct engine engine;
  start_by(&engine, OF_MARGIN);
  import_order(&engine, "costless", "p1", "EUR");
  assert_alarms(&engine, "refused alpha 0 rule \"sales\": the margin value of the order is not "
                         "known\n");
  struct hs_id refused = engine_commission(&engine, "costless");
  assert_int_equal(owed_for(&engine, &refused).earned, 0);
  engine_decide(&engine, (struct hs_decision){.kind = HS_DECISION_ADJUST,
                                              .seconded_by = HS_STR("chief"),
                                              .commission = refused,
                                              .amount_minor = 500,
                                              .reason = HS_STR("priced by hand")});
  assert_alarms(&engine, "");
  assert_int_equal(owed_for(&engine, &refused).payable, 500);
  engine_import(&engine, HS_EVENT_REFUND, "refund.csv",
                "refund_id,order_id,occurred_at,amount,currency\n"
                "r,costless,2026-09-26T12:00:00Z,25.00,EUR\n");
  assert_alarms(&engine, "");
  assert_int_equal(owed_for(&engine, &refused).payable, 250);
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

static enum hs_status add_unreadable([[maybe_unused]] void *context,
                                     const struct hs_book_writer *writer, struct hs_err *err)
{
  struct hs_version_row row = {.agreement = HS_STR("plain"),
                               .number = 2,
                               .document = HS_STR("{\"format\":2}"),
                               .document_hash = HS_STR("00"),
                               .from_us = DAY(2),
                               .until_us = INT64_MAX,
                               .proposed_by = HS_STR("finance"),
                               .proposed_at_us = DAY(30),
                               .sequence = 1};
  return writer->ledger.add_version(writer->ledger.self, &row, err);
}

static void
an_agreement_that_cannot_be_read_stops_the_posting_and_is_named([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine);
  assert_ok(hs_ledger_catch_up(&engine.programme, NULL, NULL, NULL, &engine.err));
  assert_ok(
      engine.programme.book.write(engine.programme.book.self, add_unreadable, NULL, &engine.err));
  import_order(&engine, "one", "p1", "EUR");
  hs_arena_reset(&engine.work, 0);
  struct hs_buf buf = hs_buf_in(&engine.work);
  assert_ok(hs_alarms_list(&engine.programme, &USUAL, say, &buf, &engine.err));
  const char *agreement = strstr(buf.data, "\nagreement  0 version 2: ");
  assert_int_equal(strncmp(buf.data, "stopped  0 ledger, sequence ", 28), 0);
  assert_non_null(strstr(buf.data, "agreement plain, version 2 cannot be read"));
  assert_non_null(agreement);
  engine_release(&engine);
}

/* A decision of a newer Hansa: nothing behind it is posted, and nobody is paid for it. */
static void what_cannot_be_posted_is_told_with_its_place([[maybe_unused]] void **state)
{
  static const char PAYLOAD[] =
      "{\"id\":\"dec_00000000000000000000000000\",\"decision\":\"dance\"}";
  struct engine engine;
  struct hs_receipt receipt;
  struct hs_frame frame = {.type = HS_FRAME_DECISION,
                           .version = HS_DECISION_FRAME_VERSION,
                           .public_data = PAYLOAD,
                           .public_bytes = sizeof PAYLOAD - 1};
  start(&engine);
  assert_ok(hs_journal_append(engine.programme.journal, &frame, &receipt, &engine.err));
  import_order(&engine, "one", "p1", "EUR");
  hs_arena_reset(&engine.work, 0);
  struct hs_buf buf = hs_buf_in(&engine.work);
  assert_ok(hs_alarms_list(&engine.programme, &USUAL, say, &buf, &engine.err));
  assert_non_null(strstr(buf.data, "a newer Hansa decided to \"dance\""));
  engine_release(&engine);
}

static void what_waits_is_told_when_its_time_is_over([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine);
  import_order(&engine, "one", "p1", "EUR");
  import_order(&engine, "two", "p2", "EUR");
  assert_ok(hs_ledger_catch_up(&engine.programme, NULL, NULL, NULL, &engine.err));
  hs_sim_advance(engine.sim, 10 * HS_DAY_US); /* on the 35th their return periods ended */
  assert_alarms(&engine, "");
  hs_sim_advance(engine.sim, 5 * HS_DAY_US);
  assert_alarms(&engine, "unreleased  0 2 commissions\n");
  engine_lock(&engine, DAY(40));
  assert_alarms(&engine, "");
  struct hs_decision dispute = {.kind = HS_DECISION_DISPUTE,
                                .party = HS_STR("alpha"),
                                .commission = engine_commission(&engine, "one"),
                                .about = HS_STR("wrong amount"),
                                .currency = {"EUR"},
                                .amount_minor = 120};
  dispute.dispute = hs_id_make(&engine.programme.ids, engine.io, "dsp");
  engine_decide(&engine, dispute);
  struct hs_id payout = engine_pay(&engine, "alpha");
  assert_alarms(&engine, "");
  hs_sim_advance(engine.sim, 8 * HS_DAY_US);
  assert_alarms(&engine, "payout alpha 880 bank\n");
  hs_sim_advance(engine.sim, 7 * HS_DAY_US);
  assert_alarms(&engine, "dispute alpha 120 wrong amount\npayout alpha 880 bank\n");
  engine_decide(&engine, (struct hs_decision){.kind = HS_DECISION_PAYOUT_STATE,
                                              .payout = payout,
                                              .state = HS_STR("completed")});
  engine_decide(&engine, (struct hs_decision){.kind = HS_DECISION_JUDGE,
                                              .dispute = dispute.dispute,
                                              .verdict = HS_STR("declined")});
  assert_alarms(&engine, "");
  engine_import(&engine, HS_EVENT_REFUND, "refund.csv",
                "refund_id,order_id,occurred_at,amount,currency\n"
                "r,two,2026-10-26T12:00:00Z,50.00,EUR\n");
  assert_alarms(&engine, "negative alpha 380 \n"); /* 5.00 of what was paid, less 1.20 owed */
  engine_release(&engine);
}

static void every_alarm_says_what_to_do_next([[maybe_unused]] void **state)
{
  struct hs_arena arena = {0};
  assert_ok(hs_arena_init(&arena, HS_MIB, NULL));
  for (int k = 0; k < HS_ALARM_KIND_COUNT; k++) {
    struct hs_alarm alarm = {
        .kind = (enum hs_alarm_kind)k, .what = HS_STR("cms_1"), .partner = HS_STR("alpha")};
    struct hs_buf buf = hs_buf_in(&arena);
    hs_alarm_next(&alarm, &buf);
    assert_true(buf.length > 10);
    assert_true(hs_alarm_word(alarm.kind)[0] != '\0' && hs_alarm_says(alarm.kind)[0] != '\0');
  }
  hs_arena_release(&arena);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_ledger_in_order_has_no_alarm),
      cmocka_unit_test(what_was_refused_pays_nobody_until_somebody_grants_it),
      cmocka_unit_test(an_agreement_that_cannot_be_read_stops_the_posting_and_is_named),
      cmocka_unit_test(what_cannot_be_posted_is_told_with_its_place),
      cmocka_unit_test(what_waits_is_told_when_its_time_is_over),
      cmocka_unit_test(every_alarm_says_what_to_do_next),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
