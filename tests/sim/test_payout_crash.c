/* Proves that a payout run and its file cannot part: power fails after prefixes of all that a run
   wrote, with every kind of loss that a disk knows. Always: where the file stands, the run is in
   the ledger and says the same; and the same command again ends with one run, its file to the byte
   of what was kept, each partner paid once and the invoices numbered from 1.

   HANSA_IMAGES is the number of crashes (150), HANSA_SEED the first seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <string.h>

#include "service/pay/payout_record.h"
#include "support/journal.h"
#include "support/paying.h"
#include "support/seeded.h"

#define DAY(n) (ENGINE_AGREED_US + ((n)-1) * HS_DAY_US)
#define RUN "2026-10"
#define OUT "payments.xml"

/* Up to where both are owed something, of which alpha owes a part back. */
static void begin(struct engine *engine)
{
  engine_start(engine, DAY(60));
  engine_add_partner(engine, "alpha");
  engine_add_partner(engine, "beta");
  engine_agree(engine, "offer", 1, "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\"}", DAY(1));
  engine_enrol(engine, "offer", "alpha");
  engine_enrol(engine, "offer", "beta");
  engine_import(engine, HS_EVENT_TOUCH, "t.csv",
                "touch_id,person,occurred_at,partner\n"
                "1,a,2026-09-02T10:00:00Z,alpha\n2,b,2026-09-03T10:00:00Z,beta\n");
  engine_import(engine, HS_EVENT_ORDER, "o.csv",
                "order_id,person,occurred_at,amount,currency\n"
                "oa,a,2026-09-02T12:00:00Z,500.00,EUR\nob,b,2026-09-03T12:00:00Z,80.00,EUR\n");
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
  engine_lock(engine, DAY(30));
  engine_decide(engine, (struct hs_decision){.kind = HS_DECISION_ADJUST,
                                             .seconded_by = HS_STR("chief"),
                                             .party = HS_STR("alpha"),
                                             .currency = {"EUR"},
                                             .amount_minor = -700,
                                             .reason = HS_STR("paid twice")});
}

/* ---- what is there ---- */

struct found {
  size_t runs, payouts, invoices;
  int64_t sent_minor;
  char kept[HS_HASH_TEXT];
};

static enum hs_status note_run(void *context, const struct hs_payout_run_row *row,
                               [[maybe_unused]] struct hs_err *err)
{
  struct found *found = context;
  assert_string_equal(row->name.data, RUN);
  memcpy(found->kept, row->kept.data, HS_HASH_TEXT);
  found->runs++;
  return HS_OK;
}

static enum hs_status note_payout(void *context, const struct hs_payout_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct found *found = context;
  found->payouts++;
  found->sent_minor += row->amount_minor;
  return HS_OK;
}

static enum hs_status note_invoice(void *context, const struct hs_invoice_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  struct found *found = context;
  assert_int_equal(row->number, ++found->invoices);
  return HS_OK;
}

static struct found look(struct engine *engine)
{
  const struct hs_ledger_reader *ledger = &engine->programme.book.ledger;
  struct hs_str all = {0};
  struct found found = {0};
  assert_ok(ledger->payout_runs(ledger->self, note_run, &found, NULL));
  assert_ok(ledger->payouts(ledger->self, all, note_payout, &found, NULL));
  assert_ok(ledger->invoices(ledger->self, NULL, note_invoice, &found, NULL));
  return found;
}

static int read_out(struct engine *engine, struct hs_str *text)
{
  return hs_io_read_file(engine->io, &engine->work, OUT, HS_MIB, text, NULL) == HS_OK;
}

/* The file is the one that the run in the ledger kept. */
static void assert_file_is_of_run(struct engine *engine, const struct found *found,
                                  struct hs_str text)
{
  struct hs_kept_run kept;
  assert_int_equal(found->runs, 1);
  assert_ok(hs_kept_run_read(&engine->programme, hs_str_of(found->kept), &engine->work, &kept,
                             &engine->err));
  assert_true(hs_str_equal(kept.file, text));
}

/* ---- an image ---- */

static void check_image(const struct engine *lived, uint64_t cut, uint64_t seed)
{
  struct hs_sim *sim = NULL;
  struct engine engine;
  struct hs_paid paid;
  struct hs_str text;
  enum hs_crash how = (enum hs_crash)(seed % (HS_CRASH_TORN_LAST + 1));
  assert_ok(hs_sim_replay(lived->sim, cut, seed, how, &sim, NULL));
  engine_init(&engine, sim);
  if (engine_open(&engine) != HS_OK ||
      hs_ledger_catch_up(&engine.programme, NULL, NULL, NULL, &engine.err) != HS_OK)
    fail_msg("cut %" PRIu64 ", seed %" PRIu64 ": %s", cut, seed, engine.err.text);
  struct found before = look(&engine);
  assert_true(before.payouts == 0 || before.payouts == 2);
  if (read_out(&engine, &text))
    assert_file_is_of_run(&engine, &before, text);
  if (paying_run(&engine, RUN, OUT, &paid) != HS_OK)
    fail_msg("cut %" PRIu64 ", seed %" PRIu64 ": %s", cut, seed, engine.err.text);
  assert_int_equal(paid.is_again, before.runs == 1);
  struct found after = look(&engine);
  assert_true(read_out(&engine, &text));
  assert_file_is_of_run(&engine, &after, text);
  assert_int_equal(after.payouts, 2);
  assert_int_equal(after.sent_minor, 4300 + 800);
  assert_int_equal(after.invoices, 3); /* two, and a credit note over what alpha owed */
  assert_ledger_replays(&engine);
  engine_release(&engine);
}

static void a_run_and_its_file_never_part([[maybe_unused]] void **state)
{
  struct engine engine;
  struct hs_paid paid;
  uint64_t images = test_number("HANSA_IMAGES", 150);
  uint64_t seed = test_number("HANSA_SEED", 1);
  uint64_t chance = seed;
  begin(&engine);
  hs_sim_trace(engine.sim, 1);
  assert_ok(paying_run(&engine, RUN, OUT, &paid));
  uint64_t trace_count = hs_sim_trace_count(engine.sim);
  assert_true(trace_count > 10);
  for (uint64_t i = 0; i < images; i++)
    check_image(&engine, i <= trace_count ? i : test_random(&chance) % (trace_count + 1),
                seed * 1000003 + i);
  check_image(&engine, trace_count, seed);
  engine_release(&engine);
}

/* Every disk call of a run fails once: what was told as failed either never happened or is there
   whole, and the same command ends it. */
static void a_run_that_fails_anywhere_is_ended_by_the_same_command([[maybe_unused]] void **state)
{
  for (uint64_t call = 0;; call++) {
    struct engine engine;
    struct hs_paid paid;
    struct hs_str text;
    begin(&engine);
    uint64_t first = hs_sim_disk_call_count(engine.sim);
    hs_sim_fail_at(engine.sim, call, call % 2 == 0 ? HS_IO : HS_FULL);
    enum hs_status status = paying_run(&engine, RUN, OUT, &paid);
    hs_sim_fail_at(engine.sim, UINT64_MAX, HS_OK);
    int is_over = hs_sim_disk_call_count(engine.sim) - first < call;
    hs_programme_close(&engine.programme);
    assert_ok(engine_open(&engine));
    assert_ok(hs_ledger_catch_up(&engine.programme, NULL, NULL, NULL, &engine.err));
    struct found before = look(&engine);
    if (status == HS_OK)
      assert_int_equal(before.runs, 1);
    assert_ok(paying_run(&engine, RUN, OUT, &paid));
    struct found after = look(&engine);
    assert_true(read_out(&engine, &text));
    assert_file_is_of_run(&engine, &after, text);
    assert_int_equal(after.payouts, 2);
    assert_ledger_replays(&engine);
    engine_release(&engine);
    if (is_over)
      break;
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_run_and_its_file_never_part),
      cmocka_unit_test(a_run_that_fails_anywhere_is_ended_by_the_same_command),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
