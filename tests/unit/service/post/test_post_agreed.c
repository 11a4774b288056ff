/* Proves what becomes of changed terms: orders are judged by the old ones until the new ones are in
   force for their partner, which a standard offer is once all were told in time and every other
   agreement once all parties have agreed; and all of it is there again after a replay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "service/agreed/agreed.h"
#include "service/agreed/agreement_simulate.h"
#include "service/agreed/in_force.h"
#include "support/engine.h"
#include "support/journal.h"

#define START_US (INT64_C(1788220800) * HS_SECOND_US) /* 2026-09-01, where the clock stands */
#define DAY(n) (START_US + ((n)-1) * HS_DAY_US)
#define NOTICE_DAYS 14

/* ---- the cast ---- */

static void propose(struct engine *engine, uint64_t number, const char *weight, const char *rate,
                    int64_t from_us, int64_t until_us, const char *party)
{
  char document[1024];
  (void)snprintf(document, sizeof document,
                 "{\"format\":1,\"title\":\"offer\",\"weight\":\"%s\",\"kind\":\"affiliate\"%s,"
                 "\"terms\":{\"currency\":\"EUR\",\"window_days\":30,\"hold_days\":10,"
                 "\"rules\":[{\"name\":\"sales\",\"rank\":1,\"rate\":\"%s\"}]},"
                 "\"change_notice_days\":%d}",
                 weight, strcmp(weight, "standard") == 0 ? "" : ",\"parties\":[\"brand\",\"blog\"]",
                 rate, NOTICE_DAYS);
  engine_decide(
      engine, (struct hs_decision){.kind = HS_DECISION_PROPOSE,
                                   .agreement = HS_STR("offer"),
                                   .number = number,
                                   .document = hs_str_of(document),
                                   .from_us = from_us,
                                   .until_us = until_us,
                                   .party = party == NULL ? (struct hs_str){0} : hs_str_of(party)});
}

/* An offer of 10 % that holds, and one of 20 % from day 20 on that "brand" proposes on day 1. */
static void start(struct engine *engine, const char *weight)
{
  engine_start(engine, DAY(1));
  engine_add_partner(engine, "blog");
  engine_add_partner(engine, "mail");
  propose(engine, 1, weight, "10%", DAY(-30), 0, NULL);
  engine_decide(engine, (struct hs_decision){
                            .kind = HS_DECISION_SIGN, .agreement = HS_STR("offer"), .number = 1});
  for (int p = 0; p < 2; p++)
    engine_decide(engine, (struct hs_decision){.kind = HS_DECISION_ENROL,
                                               .agreement = HS_STR("offer"),
                                               .party = p == 0 ? HS_STR("blog") : HS_STR("mail"),
                                               .from_us = DAY(-30)});
  propose(engine, 2, weight, "20%", DAY(20), 0, "brand");
}

static enum hs_status decide(struct engine *engine, struct hs_decision decision)
{
  decision.by = HS_STR("finance");
  decision.agreement = HS_STR("offer");
  return hs_decide(&engine->programme, &decision, &engine->err);
}

static enum hs_status notify(struct engine *engine, uint64_t number, const char *party)
{
  return decide(
      engine, (struct hs_decision){.kind = HS_DECISION_NOTIFY,
                                   .number = number,
                                   .method = HS_STR("mail"),
                                   .party = party == NULL ? (struct hs_str){0} : hs_str_of(party)});
}

static enum hs_status answer(struct engine *engine, uint64_t number, const char *party,
                             const char *verdict)
{
  return decide(engine, (struct hs_decision){.kind = HS_DECISION_ANSWER,
                                             .number = number,
                                             .party = hs_str_of(party),
                                             .verdict = hs_str_of(verdict),
                                             .reason = HS_STR("because")});
}

/* Moves the clock to the beginning of a day. */
static void wait_until(struct engine *engine, int n)
{
  hs_sim_advance(engine->sim, DAY(n) - engine->io->now_us(engine->io->self));
}

/* ---- what holds ---- */

/* The version by which a partner's touchpoint of the day is judged; 0 for none. */
static uint64_t version_on(struct engine *engine, const char *partner, int day)
{
  const struct hs_programme *programme = &engine->programme;
  struct hs_in_force in_force;
  hs_arena_reset(&engine->work, 0);
  assert_ok(hs_in_force_load(&programme->book.ledger, &programme->book, programme->zone, UINT64_MAX,
                             &engine->work, &in_force, &engine->err));
  const struct hs_agreed_version *version =
      hs_in_force_version(&in_force, hs_in_force_partner(&in_force, hs_str_of(partner)), DAY(day));
  return version == NULL ? 0 : version->number;
}

static enum hs_status note_commission(void *context, const struct hs_commission_row *row,
                                      [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%.*s %" PRIu64 " %" PRId64 "\n", HS_STR_ARG(row->partner), row->version,
                row->amount_minor);
  return HS_OK;
}

/* Orders of 100.00 by touchpoints of both partners on day 19 and on day 20. */
static const char *earned(struct engine *engine)
{
  const struct hs_ledger_reader *ledger = &engine->programme.book.ledger;
  engine_import(engine, HS_EVENT_TOUCH, "touches.csv",
                "touch_id,person,occurred_at,partner\n"
                "a,p1,2026-09-19T10:00:00Z,blog\nb,p2,2026-09-20T10:00:00Z,blog\n"
                "c,p3,2026-09-19T10:00:00Z,mail\nd,p4,2026-09-20T10:00:00Z,mail\n");
  engine_import(engine, HS_EVENT_ORDER, "orders.csv",
                "order_id,person,occurred_at,amount,currency\n"
                "o1,p1,2026-09-21T10:00:00Z,100.00,EUR\no2,p2,2026-09-21T10:00:00Z,100.00,EUR\n"
                "o3,p3,2026-09-21T10:00:00Z,100.00,EUR\no4,p4,2026-09-21T10:00:00Z,100.00,EUR\n");
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
  hs_arena_reset(&engine->work, 0);
  struct hs_buf buf = hs_buf_in(&engine->work);
  assert_ok(ledger->commissions(ledger->self, (struct hs_str){0}, INT64_MIN, INT64_MAX,
                                note_commission, &buf, &engine->err));
  return hs_buf_str(&buf).data;
}

/* ---- a standard offer ---- */

static void a_standard_offer_changes_when_all_were_told_in_time([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, "standard");
  assert_int_equal(version_on(&engine, "blog", 20), 1); /* nobody has been told */
  wait_until(&engine, 6);
  assert_ok(notify(&engine, 2, NULL)); /* 14 days before day 20 */
  assert_int_equal(notify(&engine, 2, NULL), HS_CONFLICT);
  assert_int_equal(version_on(&engine, "blog", 19), 1);
  assert_int_equal(version_on(&engine, "blog", 20), 2);
  wait_until(&engine, 22);
  assert_string_equal(earned(&engine), "blog 1 1000\nblog 2 2000\nmail 1 1000\nmail 2 2000\n");
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

static void notice_that_is_too_short_changes_nothing([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, "standard");
  wait_until(&engine, 7);
  assert_int_equal(notify(&engine, 2, NULL), HS_DENIED);
  assert_non_null(strstr(engine.err.text, "it could hold from 2026-09-21 on"));
  assert_int_equal(version_on(&engine, "blog", 20), 1);
  engine_release(&engine);
}

static void who_declines_a_standard_offer_goes_on_with_the_old_one([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, "standard");
  assert_ok(notify(&engine, 2, NULL));
  assert_ok(answer(&engine, 2, "mail", "declined"));
  assert_ok(answer(&engine, 2, "blog", "declined"));
  assert_ok(answer(&engine, 2, "blog", "accepted")); /* the last answer counts */
  assert_int_equal(answer(&engine, 2, "nobody", "declined"), HS_NOT_FOUND);
  assert_int_equal(answer(&engine, 2, "blog", "perhaps"), HS_INVALID);
  wait_until(&engine, 22);
  assert_int_equal(answer(&engine, 2, "blog", "declined"), HS_DENIED); /* it holds already */
  assert_string_equal(earned(&engine), "blog 1 1000\nblog 2 2000\nmail 1 1000\nmail 1 1000\n");
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

static enum hs_status assert_same(void *context, const struct hs_simulated *line,
                                  [[maybe_unused]] struct hs_err *err)
{
  ++*(int *)context;
  assert_int_equal(line->earned_now_minor, line->earned_then_minor);
  return HS_OK;
}

/* Whoever weighs other terms looks at the same refusals. */
static void a_refusal_holds_in_a_simulation_too([[maybe_unused]] void **state)
{
  struct engine engine;
  struct hs_agreement_file file;
  struct hs_str document;
  uint64_t number = 1;
  int lines = 0;
  start(&engine, "standard");
  engine_agree(&engine, "another", 1, "{\"name\":\"sales\",\"rank\":1,\"rate\":\"50%\"}", DAY(-30));
  assert_ok(notify(&engine, 2, NULL));
  assert_ok(answer(&engine, 2, "mail", "declined"));
  wait_until(&engine, 22);
  (void)earned(&engine);
  hs_arena_reset(&engine.work, 0);
  assert_ok(hs_agreed_document(&engine.programme, HS_STR("another"), &number, &engine.work,
                               &document, &engine.err));
  assert_ok(hs_agreement_read(document, &engine.work, &file.agreement, &file.terms, NULL, NULL,
                              &engine.err));
  const struct hs_simulation simulation = {
      .agreement = HS_STR("another"), .file = &file, .period = {INT64_MIN, INT64_MAX}};
  assert_ok(
      hs_agreement_simulate(&engine.programme, &simulation, assert_same, &lines, &engine.err));
  assert_int_equal(lines, 2);
  engine_release(&engine);
}

static void telling_one_partner_is_not_telling_all([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, "standard");
  assert_ok(notify(&engine, 2, "blog"));
  assert_int_equal(version_on(&engine, "blog", 20), 1);
  engine_release(&engine);
}

static void a_first_version_is_signed_and_not_announced([[maybe_unused]] void **state)
{
  struct engine engine;
  engine_start(&engine, DAY(1));
  propose(&engine, 1, "standard", "10%", DAY(40), 0, NULL);
  assert_int_equal(notify(&engine, 1, NULL), HS_CONFLICT);
  assert_int_equal(notify(&engine, 2, NULL), HS_NOT_FOUND);
  engine_release(&engine);
}

/* ---- an agreement with parties ---- */

static void a_change_between_parties_holds_once_the_other_accepts([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, "managed");
  assert_ok(notify(&engine, 2, NULL));
  assert_int_equal(version_on(&engine, "blog", 20), 1); /* told is not agreed */
  assert_ok(answer(&engine, 2, "blog", "countered"));
  assert_int_equal(version_on(&engine, "blog", 20), 1);
  assert_ok(answer(&engine, 2, "blog", "accepted"));
  assert_int_equal(version_on(&engine, "blog", 19), 1);
  assert_int_equal(version_on(&engine, "blog", 20), 2);
  assert_int_equal(answer(&engine, 2, "blog", "declined"), HS_CONFLICT);
  wait_until(&engine, 22);
  assert_string_equal(earned(&engine), "blog 1 1000\nblog 2 2000\nmail 1 1000\nmail 2 2000\n");
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

static void an_answer_that_comes_too_late_is_refused([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine, "managed");
  wait_until(&engine, 20);
  assert_int_equal(answer(&engine, 2, "blog", "accepted"), HS_DENIED);
  assert_non_null(strstr(engine.err.text, "terms never reach back"));
  wait_until(&engine, 22);
  assert_string_equal(earned(&engine), "blog 1 1000\nblog 1 1000\nmail 1 1000\nmail 1 1000\n");
  engine_release(&engine);
}

static void
an_exception_ends_by_itself_and_is_no_base_for_what_follows([[maybe_unused]] void **state)
{
  struct engine engine;
  struct hs_in_force in_force;
  start(&engine, "managed");
  propose(&engine, 3, "managed", "30%", DAY(16), DAY(18), "brand");
  assert_ok(answer(&engine, 3, "blog", "accepted"));
  assert_int_equal(version_on(&engine, "blog", 15), 1);
  assert_int_equal(version_on(&engine, "blog", 16), 3);
  assert_int_equal(version_on(&engine, "blog", 18), 1);
  hs_arena_reset(&engine.work, 0);
  assert_ok(hs_in_force_load(&engine.programme.book.ledger, &engine.programme.book,
                             engine.programme.zone, UINT64_MAX, &engine.work, &in_force,
                             &engine.err));
  assert_int_equal(hs_in_force_standing(&in_force, HS_STR("offer"), 4, DAY(17))->number, 1);
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_standard_offer_changes_when_all_were_told_in_time),
      cmocka_unit_test(notice_that_is_too_short_changes_nothing),
      cmocka_unit_test(who_declines_a_standard_offer_goes_on_with_the_old_one),
      cmocka_unit_test(a_refusal_holds_in_a_simulation_too),
      cmocka_unit_test(telling_one_partner_is_not_telling_all),
      cmocka_unit_test(a_first_version_is_signed_and_not_announced),
      cmocka_unit_test(a_change_between_parties_holds_once_the_other_accepts),
      cmocka_unit_test(an_answer_that_comes_too_late_is_refused),
      cmocka_unit_test(an_exception_ends_by_itself_and_is_no_base_for_what_follows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
