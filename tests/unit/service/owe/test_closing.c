/* Proves service/closing and service/accrual: what is expected to be taken back is what one
   computes by hand from the ledger, a close keeps it and never estimates again, and it goes into
   the general ledger until the next close. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "service/owe/closing.h"
#include "service/owe/general_ledger.h"
#include "support/engine.h"
#include "support/journal.h"

#define START_US ENGINE_AGREED_US
#define DAY(n) (START_US + ((n)-1) * HS_DAY_US)
#define TEN_PERCENT "{\"name\":\"sales\",\"rank\":1,\"rate\":\"10%\"}"

static const struct hs_period SEPTEMBER = {DAY(1), DAY(31)};
static const struct hs_period OCTOBER = {DAY(31), DAY(62)};

static void start(struct engine *engine)
{
  engine_start(engine, DAY(70));
  engine_add_partner(engine, "alpha");
  engine_agree(engine, "plain", 1, TEN_PERCENT, DAY(1));
  engine_enrol(engine, "plain", "alpha");
}

/* Orders of 50.00 on a day of September at noon, named by a letter and a number. */
static void import_orders(struct engine *engine, char letter, int count, int day)
{
  char file[32];
  char touches[8192] = "touch_id,person,occurred_at,partner\n";
  char orders[8192] = "order_id,person,occurred_at,amount,currency\n";
  for (int i = 0; i < count; i++) {
    (void)snprintf(touches + strlen(touches), sizeof touches - strlen(touches),
                   "%c%d,%c%d,2026-09-%02dT11:00:00Z,alpha\n", letter, i, letter, i, day);
    (void)snprintf(orders + strlen(orders), sizeof orders - strlen(orders),
                   "%c%d,%c%d,2026-09-%02dT12:00:00Z,50.00,EUR\n", letter, i, letter, i, day);
  }
  (void)snprintf(file, sizeof file, "touches-%c.csv", letter);
  engine_import(engine, HS_EVENT_TOUCH, file, touches);
  (void)snprintf(file, sizeof file, "orders-%c.csv", letter);
  engine_import(engine, HS_EVENT_ORDER, file, orders);
}

/* Of the orders of a letter those from first on, whole. */
static void import_refunds(struct engine *engine, char letter, int first, int count, int day)
{
  char file[32];
  char refunds[8192] = "refund_id,order_id,occurred_at,amount,currency\n";
  for (int i = first; i < first + count; i++)
    (void)snprintf(refunds + strlen(refunds), sizeof refunds - strlen(refunds),
                   "r%c%d,%c%d,2026-09-%02dT18:00:00Z,50.00,EUR\n", letter, i, letter, i, day);
  (void)snprintf(file, sizeof file, "refunds-%c-%d.csv", letter, first);
  engine_import(engine, HS_EVENT_REFUND, file, refunds);
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
}

static struct hs_accruals estimate(struct engine *engine, int64_t until_us)
{
  struct hs_accruals accruals;
  hs_arena_reset(&engine->work, 0);
  assert_ok(hs_accruals_estimate(&engine->programme.book.ledger, until_us, &engine->work, &accruals,
                                 &engine->err));
  return accruals;
}

/* 60 orders on the 2nd, 25 of which come back on the 5th, at an age of 3 days; 10 more on the 28th,
   which at the end of the month are 2 days old and pending. */
static void september(struct engine *engine)
{
  import_orders(engine, 'a', 60, 2);
  import_refunds(engine, 'a', 0, 25, 5);
  import_orders(engine, 'b', 10, 28);
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
  engine_lock(engine, DAY(20));
}

static void assert_september(const struct hs_accrual *accrual)
{
  assert_int_equal(accrual->order_count, 70);
  assert_int_equal(accrual->taken_back_count, 25);
  assert_int_equal(accrual->reach_days, 28);
  assert_int_equal(accrual->pending_minor, 5000);
  assert_int_equal(accrual->payable_minor, 17500); /* older than anything that was seen */
  assert_int_equal(accrual->expected_minor, 2083); /* 25/60 of it */
  assert_int_equal(accrual->of_pending_minor, 2083);
  assert_true(accrual->low_minor > 0 && accrual->low_minor < 2083);
  assert_true(accrual->high_minor > 2083 && accrual->high_minor <= 5000);
}

static void what_is_expected_follows_from_the_ledger([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine);
  september(&engine);
  struct hs_accruals accruals = estimate(&engine, SEPTEMBER.until_us);
  assert_int_equal(accruals.accruals.count, 1);
  assert_september(accruals.accruals.items);
  /* On the 5th itself nobody has been seen through an age of three days. */
  accruals = estimate(&engine, DAY(5));
  const struct hs_accrual *early = accruals.accruals.items;
  assert_false(hs_accrual_is_told(early));
  assert_int_equal(early->taken_back_count, 0);
  engine_release(&engine);
}

static enum hs_status note_document(void *context, const struct hs_close_row *row,
                                    [[maybe_unused]] struct hs_err *err)
{
  struct engine *engine = context;
  struct hs_accruals accruals;
  assert_ok(hs_accruals_read(row->document, &engine->work, &accruals, NULL));
  if (hs_str_equal(row->period, HS_STR("2026-09")))
    assert_september(accruals.accruals.items);
  return HS_OK;
}

static void close_month(struct engine *engine, const char *name, const struct hs_period *period)
{
  struct hs_hash hash;
  assert_ok(hs_closing_close(&engine->programme, hs_str_of(name), period, HS_STR("finance"),
                             HS_STR("chief"), &hash, &engine->err));
}

static void a_close_keeps_what_it_expected([[maybe_unused]] void **state)
{
  struct engine engine;
  const struct hs_ledger_reader *ledger = &engine.programme.book.ledger;
  start(&engine);
  september(&engine);
  close_month(&engine, "2026-09", &SEPTEMBER);
  import_refunds(&engine, 'b', 0, 10, 29); /* more than was expected, and learnt too late */
  close_month(&engine, "2026-10", &OCTOBER);
  hs_arena_reset(&engine.work, 0);
  assert_ok(ledger->closes(ledger->self, note_document, &engine, NULL));
  assert_ledger_replays(&engine);
  assert_ok(ledger->closes(ledger->self, note_document, &engine, NULL));
  engine_release(&engine);
}

static void the_next_close_takes_out_what_the_last_one_expected([[maybe_unused]] void **state)
{
  struct engine engine;
  struct hs_gl_input gl = {0};
  const struct hs_period both = {SEPTEMBER.from_us, OCTOBER.until_us};
  start(&engine);
  september(&engine);
  close_month(&engine, "2026-09", &SEPTEMBER);
  close_month(&engine, "2026-10", &OCTOBER);
  assert_ok(hs_gl_estimates_of_book(&engine.programme.book.ledger, &both, &engine.work, &gl, NULL));
  assert_int_equal(gl.estimate_count, 2);
  assert_int_equal(gl.estimates[0].amount_minor, 2083);
  assert_int_equal(gl.estimates[0].at_us, SEPTEMBER.until_us - 1);
  assert_false(gl.estimates[0].is_taken_out);
  assert_int_equal(gl.estimates[1].amount_minor, 2083);
  assert_int_equal(gl.estimates[1].at_us, OCTOBER.until_us - 1);
  assert_true(gl.estimates[1].is_taken_out);
  assert_string_equal(gl.estimates[1].period.data, "2026-09");
  assert_ok(
      hs_gl_estimates_of_book(&engine.programme.book.ledger, &OCTOBER, &engine.work, &gl, NULL));
  assert_int_equal(gl.estimate_count, 1);
  engine_release(&engine);
}

static void a_close_with_estimates_that_are_none_is_refused([[maybe_unused]] void **state)
{
  static const char *const DOCUMENTS[] = {
      "{}", "[]", "{\"level_percent\":0}",
      "{\"level_percent\":90,\"accruals\":[{\"currency\":\"EUR\"}]}"};
  struct engine engine;
  start(&engine);
  for (size_t i = 0; i < sizeof DOCUMENTS / sizeof *DOCUMENTS; i++) {
    struct hs_decision decision = {.kind = HS_DECISION_CLOSE,
                                   .by = HS_STR("finance"),
                                   .seconded_by = HS_STR("chief"),
                                   .period = HS_STR("2026-09"),
                                   .document = hs_str_of(DOCUMENTS[i]),
                                   .from_us = SEPTEMBER.from_us,
                                   .until_us = SEPTEMBER.until_us};
    assert_int_equal(hs_decide(&engine.programme, &decision, &engine.err), HS_CORRUPT);
    assert_non_null(strstr(engine.err.text, "the estimates of a close"));
  }
  engine_release(&engine);
}

static enum hs_status say_line(void *context, const struct hs_open_line *line,
                               [[maybe_unused]] struct hs_err *err)
{
  struct hs_buf *out = context;
  hs_buf_printf(out, "%s %llu %lld\n", hs_open_word(line->kind), (unsigned long long)line->count,
                (long long)(hs_open_has_amount(line) ? line->amount_minor : -1));
  if (line->accrual != NULL)
    hs_open_words(line, out);
  return HS_OK;
}

static void what_is_open_is_listed_with_what_is_expected_of_it([[maybe_unused]] void **state)
{
  struct engine engine;
  start(&engine);
  september(&engine);
  hs_arena_reset(&engine.work, 0);
  struct hs_buf out = hs_buf_in(&engine.work);
  assert_ok(hs_closing_open(&engine.programme, &SEPTEMBER, say_line, &out, &engine.err));
  assert_non_null(strstr(out.data,
                         "pending 1 5000\npayable 1 17500\nreversals 25 2083\n20.83 EUR is "
                         "expected to be taken back within 28 days of the order: 20.83 "
                         "EUR of what is pending and 0.00 EUR of what is owed."));
  assert_non_null(strstr(out.data, "of 25 of 70 orders of the last two years"));
  struct hs_period first_days = {DAY(1), DAY(5)};
  out = hs_buf_in(&engine.work);
  assert_ok(hs_closing_open(&engine.programme, &first_days, say_line, &out, &engine.err));
  assert_string_equal(out.data, "pending 1 30000\nreversals 0 -1\nWhat will be taken back in EUR "
                                "cannot be told yet: something was of 0 of 60 orders of the "
                                "last two years, and 20 are needed.");
  engine_release(&engine);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_expected_follows_from_the_ledger),
      cmocka_unit_test(a_close_keeps_what_it_expected),
      cmocka_unit_test(the_next_close_takes_out_what_the_last_one_expected),
      cmocka_unit_test(a_close_with_estimates_that_are_none_is_refused),
      cmocka_unit_test(what_is_open_is_listed_with_what_is_expected_of_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
