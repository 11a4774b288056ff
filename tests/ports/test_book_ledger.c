/* The suite that every book's ledger must pass: what goes in comes out in its place, a key is given
   once, nothing refers to what is not there, transfers balance and have no gap, a closed period
   stays closed, and an emptied ledger takes the same rows again. On both machines, as ports.book.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "adapters/sqlite/sqlite_priv.h"
#include "support/book.h"
#include "support/ledger.h"

static const char sample_text[] =
    "agreement agr_1 \"standard-offer\" 11 2\n"
    "version \"standard-offer\" 1 \"{\\\"title\\\":\\\"\\\\u00fc\\\"}\" \"00ff\" 100 "
    "9223372036854775807 \"Ann\" 12 2\n"
    "version \"standard-offer\" 2 \"{\\\"title\\\":\\\"\\\\u00fc\\\"}\" \"00ff\" 200 500 \"Ann\" "
    "12 3\n"
    "state \"standard-offer\" 1 \"signed\" 13 \"Ann\" \"shoes-blog\" - - - - 4\n"
    "state \"standard-offer\" 1 \"signed\" 13 - - - - \"gate overridden\" - 4\n"
    "state \"standard-offer\" 2 \"notified\" 14 \"Ann\" - \"mail\" \"00ff\" - - 5\n"
    "enrolment \"standard-offer\" \"shoes-blog\" 100 9223372036854775807 \"Bea\" 5\n"
    "own customer \"shoes-blog\" \"c-7\" \"declared\" \"Ann\" 6\n"
    "policy 1 \"2/5\" \"2/5\" \"0\" \"{}\" 100 \"Ann\" 6\n"
    "commission cms_1 \"sale\" \"order-1\" \"shoes-blog\" \"standard-offer\" 1 \"sales\" 1 \"2/5\" "
    "10000 "
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
    "run \"1970-01-A\" \"sepa\" 415 420 \"Ann\" \"Ben\" \"" LEDGER_SAMPLE_KEPT "\" 11\n"
    "payout pay_1 \"1970-01-A\" \"shoes-blog\" EUR 167 420 \"Ann\" \"Ben\" \"sepa\" 11\n"
    "line pay_1 cms_1 167 0\n"
    "payout state pay_1 \"completed\" 430 \"Ann\" - 12\n"
    "invoice \"SB-1970\" 1 \"invoice\" pay_1 167 32 0 420 11\n"
    "dispute dsp_1 \"shoes-blog\" cms_1 \"order-1\" \"wrong amount\" EUR 100 410 \"Cleo\" \"12 %, "
    "not "
    "10\" 10\n"
    "decision dsp_1 \"incomplete\" 0 440 \"Ann\" - \"which order?\" 13\n"
    "adjustment dec_1 \"shoes-blog\" cms_1 EUR -5 450 \"Ann\" \"Ben\" \"rate misread\" - 13\n"
    "close \"1970-01\" 0 600 \"abcd\" \"{}\" \"Ann\" \"Ben\" 700 14\n"
    "lock 400 405 \"Ann\" 9\n"
    "sheet line \"standard-offer\" \"1970-01\" \"shoes-blog\" \"orders\" \"us\" \"revenue\" - 0 "
    "500 "
    "1 400 600 EUR \"by hand\" \"Ann\" 450 15\n"
    "confirmation \"standard-offer\" \"1970-01\" \"shoes-blog\" \"orders\" \"shoes-blog\" 500 "
    "\"Ann\" 460 16\n"
    "renegotiation \"standard-offer\" \"1970-01\" \"shoes-blog\" \"outside\" 470 17\n"
    "fund \"standard-offer\" \"planner\" \"claimed\" \"shoes-blog\" EUR 500000 \"invoice\" - "
    "\"Ann\" 480 18\n";

static void what_goes_in_comes_out(void **state)
{
  struct book_fixture *f = *state;
  book_write_ok(f, ledger_write_sample, NULL);
  assert_string_equal(ledger_text(f), sample_text);
  f->book.close(f->book.self);
  book_open(f);
  assert_string_equal(ledger_text(f), sample_text);
}

static void the_same_again_changes_nothing(void **state)
{
  struct book_fixture *f = *state;
  book_write_ok(f, ledger_write_sample, NULL);
  book_write_ok(f, ledger_write_sample, NULL);
  assert_string_equal(ledger_text(f), sample_text);
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
  book_write_ok(f, ledger_write_sample, NULL);
  book_write_ok(f, clear, NULL);
  assert_string_equal(ledger_text(f), "");
  assert_int_equal(cursor_of(f, HS_STR("ledger")), 0);
  assert_int_equal(cursor_of(f, HS_STR("book")), 9);
  book_write_ok(f, ledger_write_sample, NULL);
  assert_string_equal(ledger_text(f), sample_text);
  book_write_ok(f, clear, f); /* and writes it again in the same change */
  assert_string_equal(ledger_text(f), sample_text);
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
  book_write_ok(f, ledger_write_sample, NULL);
  assert_int_equal(f->book.write(f->book.self, clear_then_fail, NULL, NULL), HS_DENIED);
  assert_string_equal(ledger_text(f), sample_text);
  book_write_ok(f, ledger_write_sample, NULL);
  assert_string_equal(ledger_text(f), sample_text);
}

/* ---- keys, and what a row refers to ---- */

/* Any one of the writer's functions, with its row. */
struct one {
  enum { AGREEMENT, VERSION, VERSION_STATE, ENROLMENT, POLICY, COMMISSION, TRANSFER } noun;
  const void *row;
};

static enum hs_status add_one(void *context, const struct hs_book_writer *writer,
                              struct hs_err *err)
{
  const struct one *one = context;
  const struct hs_ledger_writer *ledger = &writer->ledger;
  switch (one->noun) {
  case AGREEMENT:
    return ledger->add_agreement(ledger->self, one->row, err);
  case VERSION:
    return ledger->add_version(ledger->self, one->row, err);
  case VERSION_STATE:
    return ledger->add_version_state(ledger->self, one->row, err);
  case ENROLMENT:
    return ledger->add_enrolment(ledger->self, one->row, err);
  case POLICY:
    return ledger->add_policy(ledger->self, one->row, err);
  case COMMISSION:
    return ledger->add_commission(ledger->self, one->row, err);
  case TRANSFER:
    break;
  }
  return ledger->add_transfer(ledger->self, one->row, NULL, err);
}

/* Wants this answer, with these words in it. */
static void assert_answer(struct book_fixture *f, struct one one, enum hs_status wanted,
                          const char *words)
{
  struct hs_err err = {0};
  assert_int_equal(f->book.write(f->book.self, add_one, &one, &err), wanted);
  if (strstr(err.text, words) == NULL)
    fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static void a_key_is_given_once(void **state)
{
  struct book_fixture *f = *state;
  struct hs_agreement_row agreement = {{"agr_1"}, HS_STR("standard-offer"), 12, 2};
  struct hs_agreement_row same_id = {{"agr_1"}, HS_STR("other-offer"), 11, 2};
  struct hs_policy_row policy = {.number = 1,
                                 .first = HS_STR("0"),
                                 .last = HS_STR("1"),
                                 .minimum = HS_STR("0"),
                                 .sequence = 6};
  struct hs_commission_row commission = ledger_sample_commission();
  commission.evidence = (struct hs_str){NULL, 0};
  book_write_ok(f, ledger_write_sample, NULL);
  assert_answer(f, (struct one){AGREEMENT, &agreement}, HS_CONFLICT, "agreement standard-offer");
  assert_answer(f, (struct one){AGREEMENT, &same_id}, HS_CONFLICT, "agreement other-offer");
  assert_answer(f, (struct one){POLICY, &policy}, HS_CONFLICT, "policy 1 exists already");
  assert_answer(f, (struct one){COMMISSION, &commission}, HS_CONFLICT, "commission cms_1");
  assert_string_equal(ledger_text(f), sample_text);
}

static void nothing_refers_to_what_is_not_there(void **state)
{
  struct book_fixture *f = *state;
  struct hs_version_row version = {.agreement = HS_STR("nothing"),
                                   .number = 1,
                                   .document = HS_STR("{}"),
                                   .document_hash = HS_STR("0"),
                                   .until_us = 1};
  struct hs_version_state_row state_row = {
      .agreement = HS_STR("standard-offer"), .number = 3, .state = HS_STR("signed")};
  struct hs_enrolment_row enrolment = {
      .agreement = HS_STR("standard-offer"), .party = HS_STR("nobody"), .sequence = 9};
  struct hs_commission_row commission = ledger_sample_commission();
  struct hs_transfer_row transfer = ledger_sample_transfer();
  book_write_ok(f, ledger_write_sample, NULL);
  assert_answer(f, (struct one){VERSION, &version}, HS_NOT_FOUND, "version nothing 1");
  assert_answer(f, (struct one){VERSION_STATE, &state_row}, HS_NOT_FOUND, "standard-offer 3");
  assert_answer(f, (struct one){ENROLMENT, &enrolment}, HS_NOT_FOUND, "its partner");
  commission.id = (struct hs_id){"cms_2"};
  commission.version = 3;
  assert_answer(f, (struct one){COMMISSION, &commission}, HS_NOT_FOUND, "commission cms_2");
  commission.version = 1;
  commission.policy = 2;
  assert_answer(f, (struct one){COMMISSION, &commission}, HS_NOT_FOUND, "its policy");
  transfer.effective_us = 600;
  transfer.commission = (struct hs_id){"cms_2"};
  assert_answer(f, (struct one){TRANSFER, &transfer}, HS_NOT_FOUND, "no commission cms_2");
  transfer.commission = (struct hs_id){""};
  transfer.reverses = 7;
  assert_answer(f, (struct one){TRANSFER, &transfer}, HS_NOT_FOUND, "no transfer 7");
  transfer.reverses = 0;
  transfer.credit.party = HS_STR("nobody");
  assert_answer(f, (struct one){TRANSFER, &transfer}, HS_NOT_FOUND, "account pending nobody EUR");
  assert_string_equal(ledger_text(f), sample_text);
}

static void a_word_or_figure_out_of_range_is_refused(void **state)
{
  struct book_fixture *f = *state;
  struct hs_version_state_row state_row = {
      .agreement = HS_STR("standard-offer"), .number = 1, .state = HS_STR("maybe")};
  struct hs_commission_row commission = ledger_sample_commission();
  commission.id = (struct hs_id){"cms_2"};
  commission.amount_minor = -1;
  book_write_ok(f, ledger_write_sample, NULL);
  assert_answer(f, (struct one){VERSION_STATE, &state_row}, HS_INVALID, "maybe");
  assert_answer(f, (struct one){COMMISSION, &commission}, HS_INVALID, "amount_minor >= 0");
  commission.amount_minor = 1;
  commission.rule = (struct hs_str){NULL, 0};
  assert_answer(f, (struct one){COMMISSION, &commission}, HS_INVALID, "rule");
}

/* ---- transfers ---- */

static void a_transfer_that_moves_nothing_or_mixes_currencies_is_refused(void **state)
{
  struct book_fixture *f = *state;
  struct hs_transfer_row transfer = ledger_sample_transfer();
  book_write_ok(f, ledger_write_sample, NULL);
  transfer.effective_us = 600;
  transfer.amount_minor = 0;
  assert_answer(f, (struct one){TRANSFER, &transfer}, HS_INVALID, "above 0, got 0");
  transfer.amount_minor = -5;
  assert_answer(f, (struct one){TRANSFER, &transfer}, HS_INVALID, "above 0, got -5");
  transfer.amount_minor = 5;
  transfer.debit = transfer.credit;
  assert_answer(f, (struct one){TRANSFER, &transfer}, HS_INVALID, "pending to itself");
  transfer.debit.party = HS_STR("trail-mail");
  transfer.currency = (struct hs_currency){"USD"};
  assert_answer(f, (struct one){TRANSFER, &transfer}, HS_INVALID, "cms_1 is in EUR");
  transfer.commission = (struct hs_id){""};
  transfer.reverses = 1;
  assert_answer(f, (struct one){TRANSFER, &transfer}, HS_INVALID, "transfer 1 is in EUR");
  transfer.reverses = 0;
  assert_answer(f, (struct one){TRANSFER, &transfer}, HS_OK, "");
}

static enum hs_status number_some(void *context, const struct hs_book_writer *writer,
                                  struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &writer->ledger;
  struct hs_transfer_row transfer = ledger_sample_transfer();
  enum hs_status status = HS_OK;
  transfer.effective_us = 600;
  for (uint64_t i = 1; i <= 3 && status == HS_OK; i++) {
    uint64_t number = 0;
    status = ledger->add_transfer(ledger->self, &transfer, &number, err);
    assert_true(status != HS_OK || number == LEDGER_SAMPLE_TRANSFERS + i);
  }
  return status == HS_OK && context != NULL ? hs_fail(err, HS_DENIED, "changed my mind") : status;
}

/* What was undone leaves no gap behind. */
static void numbers_have_no_gap(void **state)
{
  struct book_fixture *f = *state;
  struct hs_transfer_row transfer = ledger_sample_transfer();
  book_write_ok(f, ledger_write_sample, NULL);
  assert_int_equal(f->book.write(f->book.self, number_some, f, NULL), HS_DENIED);
  assert_string_equal(ledger_text(f), sample_text);
  book_write_ok(f, number_some, NULL);
  transfer.effective_us = 600;
  transfer.number = LEDGER_SAMPLE_TRANSFERS + 5;
  assert_answer(f, (struct one){TRANSFER, &transfer}, HS_CONFLICT, "the next one is 10");
  transfer.number = LEDGER_SAMPLE_TRANSFERS + 3;
  assert_answer(f, (struct one){TRANSFER, &transfer}, HS_OK, "");
  transfer.amount_minor++;
  assert_answer(f, (struct one){TRANSFER, &transfer}, HS_CONFLICT, "transfer 9 exists already");
}

static const char long_name[] =
    "a-partner-whose-name-is-longer-than-what-anybody-would-remember-of-it";

static enum hs_status transfer_twice(void *context, const struct hs_book_writer *writer,
                                     struct hs_err *err)
{
  struct hs_party party = book_party_named(long_name, context);
  struct hs_transfer_row transfer = ledger_sample_transfer();
  enum hs_status status = ledger_write_sample(NULL, writer, err);
  (void)snprintf(party.id.text, sizeof party.id.text, "pty_long");
  if (status == HS_OK)
    status = writer->add_party(writer->self, &party, err);
  transfer.credit.party = party.name;
  transfer.effective_us = 600;
  for (int i = 0; i < 2 && status == HS_OK; i++)
    status = writer->ledger.add_transfer(writer->ledger.self, &transfer, NULL, err);
  return status;
}

static void an_account_is_found_again_however_long_its_name(void **state)
{
  struct book_fixture *f = *state;
  char wanted[160];
  (void)snprintf(wanted, sizeof wanted, "balance pending \"%s\" EUR 0 800\n", long_name);
  book_write_ok(f, transfer_twice, NULL);
  assert_non_null(strstr(ledger_text(f), wanted));
}

#define WRITERS 16
#define WRITES 40

struct writer_of_many {
  struct hs_book *book;
  int number;
  int failures;
};

/* Two transfers a change: there and, in another account, half back. Every third changes its mind in
   between. */
static enum hs_status there_and_back(void *context, const struct hs_book_writer *writer,
                                     struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &writer->ledger;
  struct hs_transfer_row there = ledger_sample_transfer();
  struct hs_transfer_row back = there;
  uint64_t number = 0;
  there.effective_us = back.effective_us = 600;
  back.debit = there.credit;
  back.credit = (struct hs_account){HS_ACCOUNT_PAYABLE, there.credit.party};
  back.amount_minor /= 2;
  enum hs_status status = ledger->add_transfer(ledger->self, &there, &number, err);
  if (status == HS_OK && *(const int *)context % 3 == 0)
    return hs_fail(err, HS_DENIED, "changed my mind");
  back.reverses = number;
  return status == HS_OK ? ledger->add_transfer(ledger->self, &back, NULL, err) : status;
}

static void *write_many(void *context)
{
  struct writer_of_many *writer = context;
  for (int i = 0; i < WRITES; i++) {
    enum hs_status wanted = i % 3 == 0 ? HS_DENIED : HS_OK;
    writer->failures += writer->book->write(writer->book->self, there_and_back, &i, NULL) != wanted;
  }
  return NULL;
}

struct seen {
  uint64_t last;
  int64_t sum, held;
};

/* Every second one takes back the one before it: no other writer came between. */
static enum hs_status follow(void *context, const struct hs_transfer_row *row,
                             [[maybe_unused]] struct hs_err *err)
{
  struct seen *seen = context;
  assert_int_equal(row->number, seen->last + 1);
  if (row->number > LEDGER_SAMPLE_TRANSFERS && row->number % 2 == 0)
    assert_int_equal(row->reverses, row->number - 1);
  seen->last = row->number;
  return HS_OK;
}

static enum hs_status add_up(void *context, const struct hs_balance_row *row,
                             [[maybe_unused]] struct hs_err *err)
{
  struct seen *seen = context;
  seen->sum += row->debit_minor - row->credit_minor;
  if (row->account.kind == HS_ACCOUNT_PAYABLE)
    seen->held = row->credit_minor - row->debit_minor;
  return HS_OK;
}

static void many_writers_leave_one_ledger(void **state)
{
  struct book_fixture *f = *state;
  const struct hs_ledger_reader *r = &f->book.ledger;
  pthread_t threads[WRITERS];
  struct writer_of_many writers[WRITERS];
  struct seen seen = {0};
  book_write_ok(f, ledger_write_sample, NULL);
  for (int i = 0; i < WRITERS; i++) {
    writers[i] = (struct writer_of_many){&f->book, i, 0};
    assert_int_equal(pthread_create(&threads[i], NULL, write_many, &writers[i]), 0);
  }
  for (int i = 0; i < WRITERS; i++) {
    pthread_join(threads[i], NULL);
    assert_int_equal(writers[i].failures, 0);
  }
  uint64_t made = WRITERS * (WRITES - (WRITES + 2) / 3);
  assert_int_equal(r->transfers_numbered(r->self, 0, UINT64_MAX, follow, &seen, NULL), HS_OK);
  assert_int_equal(seen.last, LEDGER_SAMPLE_TRANSFERS + 2 * made);
  assert_int_equal(r->balances(r->self, INT64_MAX, add_up, &seen, NULL), HS_OK);
  assert_int_equal(seen.sum, 0);
  assert_int_equal(seen.held, 200 * made);
}

static enum hs_status add_close(void *context, const struct hs_book_writer *writer,
                                struct hs_err *err)
{
  return writer->ledger.add_close(writer->ledger.self, context, err);
}

static enum hs_status close_then_transfer(void *context, const struct hs_book_writer *writer,
                                          struct hs_err *err)
{
  struct hs_transfer_row transfer = ledger_sample_transfer();
  transfer.effective_us = 900;
  enum hs_status status = writer->ledger.add_transfer(writer->ledger.self, &transfer, NULL, err);
  if (status == HS_OK)
    status = writer->ledger.add_close(writer->ledger.self, context, err);
  return status == HS_OK ? writer->ledger.add_transfer(writer->ledger.self, &transfer, NULL, err)
                         : status;
}

static void a_closed_period_stays_closed(void **state)
{
  struct book_fixture *f = *state;
  struct hs_transfer_row transfer = ledger_sample_transfer();
  struct hs_close_row later = {.period = HS_STR("later"),
                               .from_us = 800,
                               .until_us = 1000,
                               .hash = HS_STR("ff"),
                               .decided_by = HS_STR("Ann"),
                               .seconded_by = HS_STR("Ben")};
  struct hs_close_row alone = later;
  struct hs_close_row overlapping = later;
  struct hs_err err = {0};
  book_write_ok(f, ledger_write_sample, NULL); /* which closes [0, 600) */
  transfer.effective_us = 599;
  assert_answer(f, (struct one){TRANSFER, &transfer}, HS_CONFLICT, "closed");
  transfer.effective_us = -1;
  assert_answer(f, (struct one){TRANSFER, &transfer}, HS_OK, "");
  assert_int_equal(f->book.write(f->book.self, close_then_transfer, &later, &err), HS_CONFLICT);
  book_write_ok(f, add_close, &later);
  transfer.effective_us = 700; /* between the two */
  assert_answer(f, (struct one){TRANSFER, &transfer}, HS_OK, "");
  overlapping.period = HS_STR("overlapping");
  overlapping.until_us = 801;
  overlapping.from_us = 700;
  assert_int_equal(f->book.write(f->book.self, add_close, &overlapping, &err), HS_CONFLICT);
  alone.period = HS_STR("alone");
  alone.from_us = 1000;
  alone.until_us = 1200;
  alone.seconded_by = alone.decided_by;
  assert_int_equal(f->book.write(f->book.self, add_close, &alone, &err), HS_INVALID);
  assert_non_null(strstr(err.text, "a close needs two persons"));
}

/* ---- disputes ---- */

static enum hs_status decide(void *context, const struct hs_book_writer *writer, struct hs_err *err)
{
  return writer->ledger.add_dispute_decision(writer->ledger.self, context, err);
}

static void a_dispute_is_decided_once(void **state)
{
  struct book_fixture *f = *state;
  struct hs_dispute_decision_row decision = {
      .dispute = {"dsp_1"}, .verdict = HS_STR("upheld"), .amount_minor = 100, .sequence = 20};
  struct hs_dispute_decision_row other = decision;
  struct hs_err err = {0};
  book_write_ok(f, ledger_write_sample, NULL); /* which found it incomplete */
  book_write_ok(f, decide, &decision);
  book_write_ok(f, decide, &decision);
  other.verdict = HS_STR("declined");
  other.amount_minor = 0;
  other.sequence = 21;
  assert_int_equal(f->book.write(f->book.self, decide, &other, &err), HS_CONFLICT);
  assert_non_null(strstr(err.text, "dsp_1"));
  other.dispute = (struct hs_id){"dsp_2"};
  assert_int_equal(f->book.write(f->book.self, decide, &other, &err), HS_NOT_FOUND);
}

/* ---- invoices ---- */

static enum hs_status invoice(void *context, const struct hs_book_writer *writer,
                              struct hs_err *err)
{
  return writer->ledger.add_invoice(writer->ledger.self, context, err);
}

static void numbers_of_invoices_have_no_gap(void **state)
{
  struct hs_err err = {0};
  struct book_fixture *f = *state;
  struct hs_invoice_row row = {.series = HS_STR("SB-1970"),
                               .number = 3,
                               .kind = HS_STR("credit_note"),
                               .payout = {"pay_1"},
                               .net_minor = 5,
                               .sequence = 20};
  struct hs_invoice_row other = row;
  book_write_ok(f, ledger_write_sample, NULL);
  assert_int_equal(f->book.write(f->book.self, invoice, &row, &err), HS_CONFLICT);
  assert_string_equal(err.text, "invoice 3 of SB-1970 would leave a gap: the next one is 2");
  row.number = 2;
  book_write_ok(f, invoice, &row);
  book_write_ok(f, invoice, &row); /* to the letter */
  other.number = 3;
  /* the payout has one */
  assert_int_equal(f->book.write(f->book.self, invoice, &other, &err), HS_CONFLICT);
  other.series = HS_STR("SB-1971");
  other.number = 1;
  other.kind = HS_STR("cancellation");
  book_write_ok(f, invoice, &other);
  other.payout = (struct hs_id){"pay_9"};
  other.number = 2;
  assert_int_equal(f->book.write(f->book.self, invoice, &other, &err), HS_NOT_FOUND);
}

/* ---- the tables themselves ---- */

/* Fails on its CHECK when some table is missing below; rows of these two do change. */
static const char tables_without_two_triggers[] =
    "CREATE TEMP TABLE found (count CHECK (count = 0));"
    "INSERT INTO found SELECT count(*) FROM sqlite_schema AS s WHERE type = 'table' "
    "AND name NOT IN ('cursors', 'tallies') AND 2 <> "
    "(SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = s.name)";

static void rows_are_never_changed(void **state)
{
  struct book_fixture *f = *state;
  static const char *const tables[][2] = {{"agreements", "id"},
                                          {"agreement_versions", "number"},
                                          {"agreement_states", "number"},
                                          {"enrolments", "party"},
                                          {"own_customers", "party"},
                                          {"policy_versions", "number"},
                                          {"commissions", "number"},
                                          {"accounts", "number"},
                                          {"transfers", "number"},
                                          {"payout_runs", "name"},
                                          {"sheet_lines", "what"},
                                          {"sheet_confirmations", "what"},
                                          {"renegotiations", "what"},
                                          {"fund_states", "what"},
                                          {"payouts", "id"},
                                          {"payout_lines", "payout"},
                                          {"payout_states", "payout"},
                                          {"invoices", "number"},
                                          {"disputes", "id"},
                                          {"dispute_decisions", "dispute"},
                                          {"adjustments", "id"},
                                          {"closes", "period"},
                                          {"locks", "until_us"}};
  book_write_ok(f, ledger_write_sample, NULL);
  f->book.close(f->book.self);
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
    char sql[96];
    (void)snprintf(sql, sizeof sql, "DELETE FROM %s", tables[i][0]);
    book_run_as_another(f, sql, SQLITE_CONSTRAINT);
    (void)snprintf(sql, sizeof sql, "UPDATE %s SET %s = %s", tables[i][0], tables[i][1],
                   tables[i][1]);
    book_run_as_another(f, sql, SQLITE_CONSTRAINT);
  }
  book_run_as_another(f, tables_without_two_triggers, SQLITE_OK);
  book_open(f);
}

/* The first version's tables alone, with a partner, as a program of that time left them. */
static void a_book_of_the_first_version_is_brought_up_to_date(void **state)
{
  struct book_fixture *f = *state;
  f->book.close(f->book.self);
  book_remove(f);
  book_run_as_another(f, hs_sqlite_migrations[0], SQLITE_OK);
  book_run_as_another(f,
                      "PRAGMA user_version = 1; PRAGMA application_id = 0x48414E53;"
                      "INSERT INTO parties VALUES ('pty_shoes-blog', 'shoes-blog', NULL, 'creator',"
                      "'approved', 1)",
                      SQLITE_OK);
  book_open(f);
  book_write_ok(f, ledger_write_sample, NULL); /* which adds the same partner again */
  assert_string_equal(ledger_text(f), sample_text);
}

#define LEDGER_TEST(test, machine)                                                                 \
  {                                                                                                \
#test ", " #machine, test, book_set_up_##machine, book_tear_down, NULL                         \
  }
#define LEDGER_TESTS(machine)                                                                      \
  LEDGER_TEST(what_goes_in_comes_out, machine),                                                    \
      LEDGER_TEST(the_same_again_changes_nothing, machine),                                        \
      LEDGER_TEST(an_emptied_ledger_takes_the_same_rows_again, machine),                           \
      LEDGER_TEST(emptying_is_undone_with_its_change, machine),                                    \
      LEDGER_TEST(a_key_is_given_once, machine),                                                   \
      LEDGER_TEST(nothing_refers_to_what_is_not_there, machine),                                   \
      LEDGER_TEST(a_word_or_figure_out_of_range_is_refused, machine),                              \
      LEDGER_TEST(a_transfer_that_moves_nothing_or_mixes_currencies_is_refused, machine),          \
      LEDGER_TEST(numbers_have_no_gap, machine),                                                   \
      LEDGER_TEST(an_account_is_found_again_however_long_its_name, machine),                       \
      LEDGER_TEST(many_writers_leave_one_ledger, machine),                                         \
      LEDGER_TEST(a_closed_period_stays_closed, machine),                                          \
      LEDGER_TEST(a_dispute_is_decided_once, machine),                                             \
      LEDGER_TEST(numbers_of_invoices_have_no_gap, machine),                                       \
      LEDGER_TEST(rows_are_never_changed, machine),                                                \
      LEDGER_TEST(a_book_of_the_first_version_is_brought_up_to_date, machine)

int main(void)
{
  const struct CMUnitTest tests[] = {LEDGER_TESTS(real), LEDGER_TESTS(simulated)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
