/* Proves that a track record counts what one counts by hand: orders once each, customers by their
   first order, those who came back within half a year, refunds and disputes by the order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "service/agreed/track_record.h"
#include "support/engine.h"
#include "support/journal.h"

#define DAY(n) (ENGINE_AGREED_US + ((n)-1) * HS_DAY_US) /* of September 2026 */

#define RULES "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\"}"

static enum hs_status note_commission(void *context, const struct hs_commission_row *row,
                                      [[maybe_unused]] struct hs_err *err)
{
  if (hs_str_equal(row->order_id, HS_STR("known")))
    *(struct hs_id *)context = row->id;
  return HS_OK;
}

static void dispute(struct engine *engine)
{
  const struct hs_ledger_reader *ledger = &engine->programme.book.ledger;
  struct hs_decision decision = {.kind = HS_DECISION_DISPUTE,
                                 .party = HS_STR("blog"),
                                 .about = HS_STR("wrong amount"),
                                 .currency = {"EUR"},
                                 .amount_minor = 100};
  assert_ok(ledger->commissions(ledger->self, HS_STR("blog"), INT64_MIN, INT64_MAX, note_commission,
                                &decision.commission, &engine->err));
  decision.dispute = hs_id_make(&engine->programme.ids, engine->io, "dsp");
  engine_decide(engine, decision);
}

static void start(struct engine *engine)
{
  engine_start(engine, DAY(330));
  engine_add_partner(engine, "blog");
  engine_add_partner(engine, "mail");
  engine_agree(engine, "offer", 1, RULES, DAY(1));
  engine_enrol(engine, "offer", "blog");
  engine_enrol(engine, "offer", "mail");
}

static struct hs_track_record record_of(struct engine *engine, const char *partner)
{
  struct hs_track_record record;
  const struct hs_track_ask ask = {.partner = hs_str_of(partner)};
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
  assert_ok(hs_track_record_make(&engine->programme, &ask, &record, &engine->err));
  return record;
}

static void assert_hits(struct hs_hits hits, int64_t expected, int64_t sample)
{
  assert_int_equal(hits.hits, expected);
  assert_int_equal(hits.sample, sample);
}

static void a_track_record_is_what_one_counts_by_hand([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine);
  engine_import(&engine, HS_EVENT_TOUCH, "touches.csv",
                "touch_id,person,occurred_at,partner\n"
                "a,back,2026-09-01T10:00:00Z,blog\nb,late,2026-09-03T10:00:00Z,blog\n"
                "c,known,2026-09-05T10:00:00Z,blog\nd,young,2027-06-30T10:00:00Z,blog\n"
                "e,other,2026-09-05T10:00:00Z,mail\n");
  engine_import(&engine, HS_EVENT_ORDER, "orders.csv",
                "order_id,person,occurred_at,amount,currency\n"
                /* comes back on the last day of the half year, by itself */
                "back,back,2026-09-02T10:00:00Z,100.00,EUR\n"
                "back2,back,2027-03-01T09:00:00Z,100.00,EUR\n"
                /* a moment too late */
                "late,late,2026-09-03T12:00:00Z,100.00,EUR\n"
                "late2,late,2027-03-02T12:00:00Z,100.00,EUR\n"
                /* was a customer before */
                "old,known,2026-08-01T10:00:00Z,100.00,EUR\n"
                "known,known,2026-09-05T12:00:00Z,100.00,EUR\n"
                /* half a year is not over */
                "young,young,2027-07-01T10:00:00Z,100.00,EUR\n"
                "young2,young,2027-07-02T10:00:00Z,100.00,EUR\n"
                "other,other,2026-09-05T12:00:00Z,100.00,EUR\n");
  engine_import(&engine, HS_EVENT_REFUND, "refunds.csv",
                "refund_id,order_id,occurred_at,amount,currency\n"
                "r1,late,2026-09-06T12:00:00Z,1.00,EUR\n"
                "r2,late,2026-09-07T12:00:00Z,1.00,EUR\n"
                "r3,other,2026-09-07T12:00:00Z,1.00,EUR\n");
  assert_ok(hs_ledger_catch_up(&engine.programme, NULL, NULL, NULL, &engine.err));
  dispute(&engine);
  struct hs_track_record record = record_of(&engine, "blog");
  assert_int_equal(record.months, 10);
  /* known, and two each of back, late and young: later orders stay with who brought the first */
  assert_int_equal(record.orders, 7);
  assert_hits(record.refunded, 1, 7);
  assert_hits(record.disputed, 1, 7);
  assert_hits(record.new_customers, 3, 7);
  assert_hits(record.retained, 1, 2);
  assert_hits(record.kept, 0, 0);
  engine_release(&engine);
}

static void who_sold_nothing_has_an_empty_record_and_nobody_none([[maybe_unused]] void **state)
{
  struct engine engine;
  struct hs_track_record record;
  start(&engine);
  record = record_of(&engine, "mail");
  assert_int_equal(record.months, 0);
  assert_int_equal(record.orders, 0);
  assert_hits(record.retained, 0, 0);
  const struct hs_track_ask ask = {.partner = HS_STR("nobody")};
  assert_int_equal(hs_track_record_make(&engine.programme, &ask, &record, &engine.err),
                   HS_NOT_FOUND);
  engine_release(&engine);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_track_record_is_what_one_counts_by_hand),
      cmocka_unit_test(who_sold_nothing_has_an_empty_record_and_nobody_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
