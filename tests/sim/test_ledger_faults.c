/* Proves that what a poster does to the ledger happens whole or not at all, and once: every disk
   call of a life that posts and empties the ledger fails once, with an error and with a full disk,
   with and without a crash behind it. Always: the rows are those of the frames up to
   the cursor, every transfer among them and none besides; and a poster that goes on from its
   cursor ends with the same ledger, to the letter.

   HANSA_SEED is the first seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "adapters/sqlite/sqlite.h"
#include "base/io_sim.h"
#include "support/book.h"
#include "support/journal.h"
#include "support/ledger.h"

#define BOOK "book.sqlite"
#define LEDGER HS_STR("ledger")
#define FRAMES 2
#define TRANSFERS_A_FRAME 2

/* Frame 1 is the sample; each later one brings a commission that is earned and locked. */
static enum hs_status post_commission(const struct hs_ledger_writer *ledger, uint64_t frame,
                                      struct hs_err *err)
{
  struct hs_commission_row commission = ledger_sample_commission();
  struct hs_transfer_row earned = ledger_sample_transfer();
  struct hs_transfer_row locked = earned;
  (void)snprintf(commission.id.text, sizeof commission.id.text, "cms_%llu",
                 (unsigned long long)frame);
  commission.sequence = earned.sequence = locked.sequence = 20 + frame;
  earned.commission = locked.commission = commission.id;
  earned.effective_us = 1000;
  locked.effective_us = 2000;
  locked.debit = earned.credit;
  locked.credit = (struct hs_account){HS_ACCOUNT_PAYABLE, earned.credit.party};
  enum hs_status status = ledger->add_commission(ledger->self, &commission, err);
  if (status == HS_OK)
    status = ledger->add_transfer(ledger->self, &earned, NULL, err);
  return status == HS_OK ? ledger->add_transfer(ledger->self, &locked, NULL, err) : status;
}

static enum hs_status post_frame(void *context, const struct hs_book_writer *writer,
                                 struct hs_err *err)
{
  uint64_t frame = *(const uint64_t *)context;
  struct hs_cursor cursor = {.epoch = 1, .sequence = frame};
  enum hs_status status = frame == 1 ? ledger_write_sample(NULL, writer, err)
                                     : post_commission(&writer->ledger, frame, err);
  return status == HS_OK ? writer->put_cursor(writer->self, LEDGER, &cursor, err) : status;
}

static enum hs_status clear(void *context, const struct hs_book_writer *writer, struct hs_err *err)
{
  (void)context;
  return writer->ledger.clear(writer->ledger.self, LEDGER, err);
}

struct life {
  const struct hs_io *io;
  struct hs_book book;
  struct hs_arena arena;
  struct hs_err err;
};

static enum hs_status place(struct life *life, uint64_t *out)
{
  struct hs_cursor cursor = {0};
  enum hs_status status = life->book.cursor(life->book.self, LEDGER, &cursor, &life->err);
  *out = cursor.sequence;
  return status;
}

/* Goes on from the cursor. */
static enum hs_status post_all(struct life *life)
{
  uint64_t frame = 0;
  enum hs_status status = place(life, &frame);
  while (status == HS_OK && ++frame <= FRAMES)
    status = life->book.write(life->book.self, post_frame, &frame, &life->err);
  return status;
}

static enum hs_status open_book(struct life *life)
{
  return hs_sqlite_book_open(life->io, BOOK, &life->book, &life->err);
}

static const char *dump(struct life *life)
{
  struct hs_buf out = hs_buf_in(&life->arena);
  ledger_dump(&life->book.ledger, &out);
  return out.data == NULL ? "" : out.data;
}

static enum hs_status count_commission(void *context,
                                       [[maybe_unused]] const struct hs_commission_row *row,
                                       [[maybe_unused]] struct hs_err *err)
{
  ++*(uint64_t *)context;
  return HS_OK;
}

static enum hs_status count_transfer(void *context, const struct hs_transfer_row *row,
                                     [[maybe_unused]] struct hs_err *err)
{
  assert_int_equal(row->number, ++*(uint64_t *)context);
  return HS_OK;
}

static enum hs_status add_up(void *context, const struct hs_balance_row *row,
                             [[maybe_unused]] struct hs_err *err)
{
  *(int64_t *)context += row->debit_minor - row->credit_minor;
  return HS_OK;
}

static void assert_whole(struct life *life)
{
  const struct hs_ledger_reader *ledger = &life->book.ledger;
  struct hs_str all = {NULL, 0};
  uint64_t frame = 0;
  uint64_t commissions = 0;
  uint64_t transfers = 0;
  int64_t sum = 0;
  assert_ok(place(life, &frame));
  assert_ok(ledger->commissions(ledger->self, all, INT64_MIN, INT64_MAX, count_commission,
                                &commissions, NULL));
  assert_ok(
      ledger->transfers_numbered(ledger->self, 0, UINT64_MAX, count_transfer, &transfers, NULL));
  assert_ok(ledger->balances(ledger->self, INT64_MAX, add_up, &sum, NULL));
  assert_int_equal(commissions, frame);
  assert_int_equal(transfers,
                   frame == 0 ? 0 : LEDGER_SAMPLE_TRANSFERS + TRANSFERS_A_FRAME * (frame - 1));
  assert_int_equal(sum, 0);
}

/* Posts and empties, whatever fails; how it is posted again is seen afterwards. */
static void live(struct life *life)
{
  enum hs_status status = post_all(life);
  assert_true(status == HS_OK || status == HS_IO || status == HS_FULL);
  status = life->book.write(life->book.self, clear, NULL, &life->err);
  assert_true(status == HS_OK || status == HS_IO || status == HS_FULL);
  life->book.close(life->book.self);
}

static void finish(struct life *life)
{
  if (open_book(life) != HS_OK)
    fail_msg("%s", life->err.text);
  assert_whole(life);
  assert_ok(post_all(life));
  assert_whole(life);
}

static char wanted[8192]; /* the dump of a life without a fault */

static uint64_t check_fault(uint64_t seed, uint64_t call, enum hs_status fault, int with_crash)
{
  struct hs_sim *sim = NULL;
  struct hs_sim_options options = {.seed = seed};
  struct life life = {0};
  assert_ok(hs_sim_open(&options, &sim, &life.err));
  assert_ok(hs_arena_init(&life.arena, HS_MIB, &life.err));
  life.io = hs_sim_io(sim);
  assert_ok(open_book(&life));
  uint64_t opened = hs_sim_disk_call_count(sim); /* how opening fails is for sim.book_faults */
  hs_sim_fail_at(sim, call == UINT64_MAX ? call : opened + call, fault);
  live(&life);
  uint64_t call_count = hs_sim_disk_call_count(sim) - opened;
  hs_sim_fail_at(sim, UINT64_MAX, HS_OK);
  if (with_crash)
    hs_sim_crash(sim, HS_CRASH_RANDOM);
  finish(&life);
  if (wanted[0] == 0)
    (void)snprintf(wanted, sizeof wanted, "%s", dump(&life));
  assert_string_equal(dump(&life), wanted);
  life.book.close(life.book.self);
  assert_book_is_sound(life.io, BOOK);
  hs_arena_release(&life.arena);
  hs_sim_close(sim);
  return call_count;
}

static void every_call_may_fail_once([[maybe_unused]] void **state)
{
  assert_true(fail_every_call(check_fault) >= 63);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_call_may_fail_once)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
