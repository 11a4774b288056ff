#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/engine.h"

#include "adapters/memory/memory_adapter.h"
#include "adapters/sqlite/sqlite.h"
#include "service/track/import.h"
#include "service/track/state.h"
#include "support/journal.h"
#include "support/ledger.h"

static enum hs_status open_trail(const struct hs_io *io, [[maybe_unused]] const char *path,
                                 [[maybe_unused]] const char *temp_directory,
                                 [[maybe_unused]] const struct hs_store_limits *limits,
                                 struct hs_trail *out, struct hs_err *err)
{
  struct hs_memory_options options = {.io = io, .memory_bytes = 512 * HS_MIB};
  return hs_memory_trail_open(&options, out, err);
}

static enum hs_status open_keep(const struct hs_io *io,
                                [[maybe_unused]] const struct hs_store_limits *limits,
                                struct hs_keep *out, struct hs_err *err)
{
  struct hs_memory_options options = {.io = io, .memory_bytes = 512 * HS_MIB};
  return hs_memory_keep_open(&options, out, err);
}

struct hs_wiring engine_wiring(const struct hs_io *io)
{
  return (struct hs_wiring){
      .io = io, .open_book = hs_sqlite_book_open, .open_trail = open_trail, .open_keep = open_keep};
}

void engine_init(struct engine *engine, struct hs_sim *sim)
{
  *engine = (struct engine){.sim = sim, .io = hs_sim_io(sim), .programme = {.lock = -1}};
  engine->wiring = engine_wiring(engine->io);
  assert_ok(hs_arena_init(&engine->zone, HS_MIB, NULL));
  assert_ok(hs_arena_init(&engine->work, 512 * HS_MIB, NULL));
}

void engine_release(struct engine *engine)
{
  hs_programme_close(&engine->programme);
  hs_arena_release(&engine->zone);
  hs_arena_release(&engine->work);
  hs_sim_close(engine->sim);
}

enum hs_status engine_open(struct engine *engine)
{
  hs_arena_reset(&engine->zone, 0);
  return hs_programme_open(&engine->wiring, &engine->zone, ENGINE_DIRECTORY, NULL, NULL,
                           &engine->programme, &engine->err);
}

void engine_start(struct engine *engine, int64_t start_us)
{
  struct hs_sim_options options = {.seed = 1, .start_us = start_us};
  struct hs_programme_options programme = {.currency = HS_STR("EUR"), .time_zone = HS_STR("UTC")};
  struct hs_sim *sim = NULL;
  assert_ok(hs_sim_open(&options, &sim, NULL));
  engine_init(engine, sim);
  assert_ok(hs_programme_create(&engine->wiring, ENGINE_DIRECTORY, &programme, &engine->err));
  assert_ok(engine_open(engine));
}

void engine_add_partner(struct engine *engine, const char *name)
{
  struct hs_party party = {.name = hs_str_of(name), .enrolment = HS_STR("approved")};
  assert_ok(hs_state_add_party(&engine->programme, &party, &engine->err));
}

void engine_import(struct engine *engine, enum hs_event_kind kind, const char *name,
                   const char *csv)
{
  struct hs_import_result result;
  struct hs_import_options options = {.intake = {.kind = kind, .path = name}};
  hs_arena_reset(&engine->work, 0);
  assert_ok(hs_io_replace_file(engine->io, name, csv, strlen(csv), &engine->err));
  enum hs_status status =
      hs_import_run(&engine->programme, &engine->work, &options, &result, &engine->err);
  if (status != HS_OK)
    fail_msg("%s: %s", name, engine->err.text);
  assert_int_equal(result.report.rows_rejected, 0);
}

/* ---- the ledger ---- */

void engine_decide(struct engine *engine, struct hs_decision decision)
{
  decision.by = HS_STR("finance");
  if (hs_decide(&engine->programme, &decision, &engine->err) != HS_OK)
    fail_msg("%s: %s", hs_decision_word(decision.kind), engine->err.text);
}

void engine_agree(struct engine *engine, const char *name, uint64_t number, const char *rules,
                  int64_t from_us)
{
  char document[1024];
  (void)snprintf(document, sizeof document,
                 "{\"format\":1,\"title\":\"%s\",\"weight\":\"standard\",\"kind\":\"affiliate\","
                 "\"terms\":{\"currency\":\"EUR\",\"window_days\":30,\"hold_days\":10,"
                 "\"rules\":[%s]}}",
                 name, rules);
  engine_decide(engine, (struct hs_decision){.kind = HS_DECISION_PROPOSE,
                                             .agreement = hs_str_of(name),
                                             .number = number,
                                             .document = hs_str_of(document),
                                             .from_us = from_us});
  engine_decide(engine, (struct hs_decision){.kind = HS_DECISION_SIGN,
                                             .agreement = hs_str_of(name),
                                             .number = number});
}

void engine_enrol(struct engine *engine, const char *agreement, const char *partner)
{
  engine_decide(engine, (struct hs_decision){.kind = HS_DECISION_ENROL,
                                             .agreement = hs_str_of(agreement),
                                             .party = hs_str_of(partner),
                                             .from_us = ENGINE_AGREED_US});
}

void engine_lock(struct engine *engine, int64_t until_us)
{
  engine_decide(engine, (struct hs_decision){.kind = HS_DECISION_LOCK, .until_us = until_us});
}

void engine_start_with_two(struct engine *engine, const char *agreement, const char *rules)
{
  engine_start(engine, ENGINE_AGREED_US + 59 * HS_DAY_US);
  engine_add_partner(engine, "alpha");
  engine_add_partner(engine, "beta");
  engine_agree(engine, agreement, 1, rules, ENGINE_AGREED_US);
  engine_enrol(engine, agreement, "alpha");
  engine_enrol(engine, agreement, "beta");
}

static enum hs_status note_commission(void *context, const struct hs_commission_row *row,
                                      [[maybe_unused]] struct hs_err *err)
{
  *(struct hs_id *)context = row->id;
  return HS_OK;
}

struct hs_id engine_commission(struct engine *engine, const char *order)
{
  const struct hs_ledger_reader *ledger = &engine->programme.book.ledger;
  struct hs_id id = {0};
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
  assert_ok(ledger->commissions_of_order(ledger->self, hs_str_of(order), note_commission, &id,
                                         &engine->err));
  assert_true(id.text[0] != '\0');
  return id;
}

struct hs_id engine_pay(struct engine *engine, const char *partner)
{
  struct hs_decision decision = {.kind = HS_DECISION_PAYOUT,
                                 .party = hs_str_of(partner),
                                 .seconded_by = HS_STR("chief"),
                                 .currency = {"EUR"},
                                 .method = HS_STR("bank")};
  decision.payout = hs_id_make(&engine->programme.ids, engine->io, "pay");
  engine_decide(engine, decision);
  return decision.payout;
}

static enum hs_status say_transfer(void *context, const struct hs_transfer_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%.*s %.*s %" PRId64 "\n", HS_STR_ARG(row->kind),
                HS_STR_ARG(row->credit.party.data != NULL ? row->credit.party : row->debit.party),
                row->amount_minor);
  return HS_OK;
}

uint64_t engine_said_since(struct engine *engine, uint64_t after, const char *expected)
{
  const struct hs_ledger_reader *ledger = &engine->programme.book.ledger;
  hs_arena_reset(&engine->work, 0);
  struct hs_buf buf = hs_buf_in(&engine->work);
  hs_buf_add_text(&buf, "");
  assert_ok(
      ledger->transfers_numbered(ledger->self, after, INT64_MAX, say_transfer, &buf, &engine->err));
  assert_string_equal(buf.data, expected);
  for (size_t i = 0; i < buf.length; i++)
    after += buf.data[i] == '\n';
  return after;
}

static enum hs_status sum_balance(void *context, const struct hs_balance_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  *(int64_t *)context += row->debit_minor - row->credit_minor;
  return HS_OK;
}

static struct hs_str dump(struct engine *engine, struct hs_arena *arena)
{
  struct hs_buf buf = hs_buf_in(arena);
  hs_buf_add_text(&buf, "");
  ledger_dump(&engine->programme.book.ledger, &buf);
  assert_ok(hs_buf_status(&buf, "the ledger", NULL));
  return hs_buf_str(&buf);
}

void assert_ledger_replays(struct engine *engine)
{
  const struct hs_ledger_reader *ledger = &engine->programme.book.ledger;
  struct hs_arena arena = {0};
  int64_t sum = 0;
  assert_ok(ledger->balances(ledger->self, INT64_MAX, sum_balance, &sum, &engine->err));
  assert_int_equal(sum, 0);
  assert_ok(hs_arena_init(&arena, 16 * HS_MIB, NULL));
  struct hs_str before = dump(engine, &arena);
  assert_ok(hs_ledger_replay(&engine->programme, NULL, NULL, NULL, &engine->err));
  struct hs_str after = dump(engine, &arena);
  assert_int_equal(before.length, after.length);
  assert_memory_equal(before.data, after.data, before.length);
  hs_arena_release(&arena);
}

void assert_commissions(struct engine *engine, hs_commission_row_fn say, const char *expected)
{
  const struct hs_ledger_reader *ledger = &engine->programme.book.ledger;
  assert_ok(hs_ledger_catch_up(&engine->programme, NULL, NULL, NULL, &engine->err));
  hs_arena_reset(&engine->work, 0);
  struct hs_buf buf = hs_buf_in(&engine->work);
  hs_buf_add_text(&buf, "");
  assert_ok(ledger->commissions(ledger->self, (struct hs_str){0}, INT64_MIN, INT64_MAX, say, &buf,
                                &engine->err));
  assert_string_equal(buf.data, expected);
  assert_ledger_replays(engine);
}
