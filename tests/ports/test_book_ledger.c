/* The suite that every book's ledger must pass: what goes in comes out in its place, a key is given
   once, nothing refers to what is not there, transfers balance and have no gap, a closed period
   stays closed, and an emptied ledger takes the same rows again. On both machines, as ports.book.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "support/book.h"
#include "support/ledger.h"

static void write_ok(struct book_fixture *f, hs_book_write_fn change, void *context)
{
  struct hs_err err = {0};
  if (f->book.write(f->book.self, change, context, &err) != HS_OK)
    fail_msg("%s", err.text);
}

static const char *dump(struct book_fixture *f)
{
  struct hs_buf out = hs_buf_in(&f->arena);
  ledger_dump(&f->book.ledger, &out);
  return out.data == NULL ? "" : out.data;
}

static const char sample_text[] =
    "agreement agr_1 \"standard-offer\" 11 2\n"
    "version \"standard-offer\" 1 \"{\\\"title\\\":\\\"\\\\u00fc\\\"}\" \"00ff\" 100 "
    "9223372036854775807 \"Ann\" 12 2\n"
    "version \"standard-offer\" 2 \"{\\\"title\\\":\\\"\\\\u00fc\\\"}\" \"00ff\" 200 500 \"Ann\" "
    "12 3\n"
    "state \"standard-offer\" 1 \"signed\" 13 \"Ann\" \"shoes-blog\" - 4\n"
    "state \"standard-offer\" 1 \"signed\" 13 - - \"gate overridden\" 4\n"
    "enrolment \"standard-offer\" \"shoes-blog\" 100 9223372036854775807 5\n"
    "policy 1 \"2/5\" \"2/5\" \"0\" \"{}\" 100 \"Ann\" 6\n"
    "commission cms_1 \"order-1\" \"shoes-blog\" \"standard-offer\" 1 \"sales\" 1 \"2/5\" 10000 "
    "EUR "
    "400 300 250 400 7 \"{\\\"touches\\\":[1]}\"\n"
    "transfer 1 \"earned\" expense - pending \"shoes-blog\" 400 EUR cms_1 - - 300 7 0\n"
    "transfer 2 \"refund\" pending \"shoes-blog\" expense - 133 EUR cms_1 \"refund-1\" "
    "\"returned\" "
    "350 8 1\n"
    "transfer 3 \"locked\" pending \"shoes-blog\" payable \"shoes-blog\" 267 EUR cms_1 - - 400 9 "
    "0\n"
    "transfer 4 \"held\" payable \"shoes-blog\" disputed \"shoes-blog\" 100 EUR cms_1 \"dsp_1\" - "
    "410 "
    "10 0\n"
    "transfer 5 \"paid\" payable \"shoes-blog\" clearing - 167 EUR cms_1 \"pay_1\" - 420 11 0\n"
    "transfer 6 \"sent\" clearing - bank - 167 EUR - \"pay_1\" - 430 12 0\n"
    "balance bank - EUR 0 167\n"
    "balance clearing - EUR 167 167\n"
    "balance disputed \"shoes-blog\" EUR 0 100\n"
    "balance expense - EUR 400 133\n"
    "balance payable \"shoes-blog\" EUR 267 267\n"
    "balance pending \"shoes-blog\" EUR 400 400\n"
    "tally \"standard-offer\" \"shoes-blog\" \"sales\" 0 20000 1 4000 400 400\n"
    "tally \"standard-offer\" \"shoes-blog\" \"sales\" 1 20000 1 4000 400 400\n"
    "tally \"standard-offer\" \"shoes-blog\" \"sales\" 2 20000 1 4000 400 400\n"
    "tally \"standard-offer\" \"shoes-blog\" \"sales\" 3 0 1 4000 400 400\n"
    "payout pay_1 \"shoes-blog\" EUR 167 420 \"Ann\" \"Ben\" \"sepa\" 11\n"
    "line pay_1 cms_1 167\n"
    "payout state pay_1 \"completed\" 430 \"Ann\" - 12\n"
    "dispute dsp_1 \"shoes-blog\" cms_1 \"order-1\" \"wrong amount\" EUR 100 410 \"Cleo\" \"12 %, "
    "not "
    "10\" 10\n"
    "decision dsp_1 \"incomplete\" 0 440 \"Ann\" - \"which order?\" 13\n"
    "close \"1970-01\" 0 600 \"abcd\" \"Ann\" \"Ben\" 700 14\n";

static void what_goes_in_comes_out(void **state)
{
  struct book_fixture *f = *state;
  write_ok(f, ledger_write_sample, NULL);
  assert_string_equal(dump(f), sample_text);
  f->book.close(f->book.self);
  book_open(f);
  assert_string_equal(dump(f), sample_text);
}

static void the_same_again_changes_nothing(void **state)
{
  struct book_fixture *f = *state;
  write_ok(f, ledger_write_sample, NULL);
  write_ok(f, ledger_write_sample, NULL);
  assert_string_equal(dump(f), sample_text);
}

static enum hs_status clear(void *context, const struct hs_book_writer *writer, struct hs_err *err)
{
  struct hs_cursor cursor = {.epoch = 1, .sequence = 9};
  enum hs_status status = writer->put_cursor(writer->self, HS_STR("ledger"), &cursor, err);
  if (status == HS_OK)
    status = writer->put_cursor(writer->self, HS_STR("book"), &cursor, err);
  if (status == HS_OK)
    status = writer->ledger.clear(writer->ledger.self, HS_STR("ledger"), err);
  if (status == HS_OK && context != NULL)
    status = ledger_write_sample(NULL, writer, err);
  return status;
}

static uint64_t cursor_of(struct book_fixture *f, struct hs_str reader)
{
  struct hs_cursor cursor = {0};
  assert_int_equal(f->book.cursor(f->book.self, reader, &cursor, NULL), HS_OK);
  return cursor.sequence;
}

/* The one way around "never deleted", and it leaves everything else as it was: partners, the
   cursors of others, and the triggers. */
static void an_emptied_ledger_takes_the_same_rows_again(void **state)
{
  struct book_fixture *f = *state;
  write_ok(f, ledger_write_sample, NULL);
  write_ok(f, clear, NULL);
  assert_string_equal(dump(f), "");
  assert_int_equal(cursor_of(f, HS_STR("ledger")), 0);
  assert_int_equal(cursor_of(f, HS_STR("book")), 9);
  write_ok(f, ledger_write_sample, NULL);
  assert_string_equal(dump(f), sample_text);
  write_ok(f, clear, f); /* and writes it again in the same change */
  assert_string_equal(dump(f), sample_text);
  f->book.close(f->book.self);
  book_run_as_another(f, "DELETE FROM transfers", SQLITE_CONSTRAINT);
  book_open(f);
}

static enum hs_status clear_then_fail(void *context, const struct hs_book_writer *writer,
                                      struct hs_err *err)
{
  enum hs_status status = clear(context, writer, err);
  return status == HS_OK ? hs_fail(err, HS_DENIED, "changed my mind") : status;
}

static void emptying_is_undone_with_its_change(void **state)
{
  struct book_fixture *f = *state;
  write_ok(f, ledger_write_sample, NULL);
  assert_int_equal(f->book.write(f->book.self, clear_then_fail, NULL, NULL), HS_DENIED);
  assert_string_equal(dump(f), sample_text);
  write_ok(f, ledger_write_sample, NULL);
  assert_string_equal(dump(f), sample_text);
}

#define LEDGER_TEST(test, machine)                                                                 \
  {                                                                                                \
#test ", " #machine, test, book_set_up_##machine, book_tear_down, NULL                         \
  }
#define LEDGER_TESTS(machine)                                                                      \
  LEDGER_TEST(what_goes_in_comes_out, machine),                                                    \
      LEDGER_TEST(the_same_again_changes_nothing, machine),                                        \
      LEDGER_TEST(an_emptied_ledger_takes_the_same_rows_again, machine),                           \
      LEDGER_TEST(emptying_is_undone_with_its_change, machine)

int main(void)
{
  const struct CMUnitTest tests[] = {LEDGER_TESTS(real), LEDGER_TESTS(simulated)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
