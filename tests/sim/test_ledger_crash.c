/* Proves that the ledger comes through every crash: a programme lives through agreements, imports
   of touches, orders, refunds and exchange rates, the end of return periods with another judgement,
   a payout and its end; power fails after prefixes of all that it wrote, with every kind of loss
   that a disk knows. Always: the directory opens, the ledger catches up, holds what was
   acknowledged by then, balances, and is what a replay gives; and it goes on from there to the same
   money.

   HANSA_IMAGES is the number of crashes (400), HANSA_SEED the first seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/engine.h"
#include "support/journal.h"
#include "support/seeded.h"

#define DAY(n) (ENGINE_AGREED_US + ((n)-1) * HS_DAY_US)
#define STEPS_MAX 16

/* What was done, and how long the trace was when it was acknowledged. */
struct life {
  struct engine engine;
  uint64_t trace_count[STEPS_MAX];
  uint64_t sequence[STEPS_MAX]; /* of the journal's end by then */
  size_t step_count;
};

static void done(struct life *life)
{
  HS_ASSERT(life->step_count < STEPS_MAX);
  life->trace_count[life->step_count] = hs_sim_trace_count(life->engine.sim);
  life->sequence[life->step_count++] =
      hs_journal_position(life->engine.programme.journal).cursor.sequence;
}

static void import(struct life *life, enum hs_event_kind kind, const char *name, const char *csv)
{
  engine_import(&life->engine, kind, name, csv);
  assert_ok(hs_ledger_catch_up(&life->engine.programme, NULL, NULL, NULL, &life->engine.err));
  done(life);
}

static void live(struct life *life)
{
  struct engine *engine = &life->engine;
  engine_start(engine, DAY(60));
  hs_sim_trace(engine->sim, 1);
  engine_add_partner(engine, "alpha");
  engine_agree(engine, "offer", 1, "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\"}", DAY(1));
  engine_enrol(engine, "offer", "alpha");
  engine_add_partner(engine, "beta");
  engine_enrol(engine, "offer", "beta");
  done(life);
  import(life, HS_EVENT_TOUCH, "t.csv",
         "touch_id,person,occurred_at,partner\n"
         "1,a,2026-09-02T10:00:00Z,alpha\n2,b,2026-09-03T10:00:00Z,alpha\n");
  import(life, HS_EVENT_REFUND, "early.csv",
         "refund_id,order_id,occurred_at,amount,currency\nr0,ob,2026-09-04T12:00:00Z,5.00,EUR\n");
  import(life, HS_EVENT_ORDER, "o.csv",
         "order_id,person,occurred_at,amount,currency\n"
         "oa,a,2026-09-02T12:00:00Z,50.00,EUR\nob,b,2026-09-03T12:00:00Z,80.00,EUR\n"
         "oc,a,2026-09-02T13:00:00Z,40.00,USD\nod,a,2026-09-02T14:00:00Z,40.00,GBP\n");
  import(life, HS_EVENT_RATE, "x.csv", "day,from,to,rate\n2026-09-01,GBP,EUR,1.15\n");
  import(life, HS_EVENT_TOUCH, "late.csv",
         "touch_id,person,occurred_at,partner\n3,b,2026-09-03T11:00:00Z,beta\n");
  engine_lock(engine, DAY(20));
  done(life);
  struct hs_id payout = engine_pay(engine, "alpha");
  done(life);
  import(life, HS_EVENT_REFUND, "r.csv",
         "refund_id,order_id,occurred_at,amount,currency\nr1,oa,2026-09-22T12:00:00Z,20.00,EUR\n"
         "r2,oc,2026-09-22T12:00:00Z,20.00,USD\n");
  import(life, HS_EVENT_RATE, "y.csv", "day,from,to,rate\n2026-09-01,EUR,USD,1.1\n");
  engine_decide(engine, (struct hs_decision){.kind = HS_DECISION_PAYOUT_STATE,
                                             .payout = payout,
                                             .state = HS_STR("completed")});
  done(life);
}

static enum hs_status count_entry(void *context, [[maybe_unused]] const struct hs_transfer_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  ++*(size_t *)context;
  return HS_OK;
}

static size_t count_entries(struct engine *engine)
{
  const struct hs_ledger_reader *ledger = &engine->programme.book.ledger;
  size_t count = 0;
  assert_ok(
      ledger->transfers_numbered(ledger->self, 0, INT64_MAX, count_entry, &count, &engine->err));
  return count;
}

/* Everything that was acknowledged before the cut is in the journal, so the ledger holds it. */
static void check_image(const struct life *life, uint64_t cut, uint64_t seed)
{
  struct hs_sim *sim = NULL;
  struct engine engine;
  enum hs_crash how = (enum hs_crash)(seed % (HS_CRASH_TORN_LAST + 1));
  uint64_t promised = 0;
  for (size_t i = 0; i < life->step_count; i++)
    if (life->trace_count[i] <= cut)
      promised = life->sequence[i];
  assert_ok(hs_sim_replay(life->engine.sim, cut, seed, how, &sim, NULL));
  engine_init(&engine, sim);
  if (engine_open(&engine) != HS_OK ||
      hs_ledger_catch_up(&engine.programme, NULL, NULL, NULL, &engine.err) != HS_OK)
    fail_msg("cut %" PRIu64 ", seed %" PRIu64 ": %s", cut, seed, engine.err.text);
  assert_true(hs_journal_position(engine.programme.journal).cursor.sequence >= promised);
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

static void the_ledger_comes_through_every_crash([[maybe_unused]] void **state)
{
  struct life life = {0};
  uint64_t images = test_number("HANSA_IMAGES", 400);
  uint64_t seed = test_number("HANSA_SEED", 1);
  uint64_t chance = seed;
  live(&life);
  assert_int_equal(count_entries(&life.engine), 17);
  uint64_t trace_count = hs_sim_trace_count(life.engine.sim);
  for (uint64_t i = 0; i < images; i++)
    check_image(&life, test_random(&chance) % (trace_count + 1), seed * 1000003 + i);
  check_image(&life, trace_count, seed);
  assert_ledger_replays(&life.engine);
  engine_release(&life.engine);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_ledger_comes_through_every_crash),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
