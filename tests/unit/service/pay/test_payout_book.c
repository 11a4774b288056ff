/* Proves service/payout_book on a real book: what a payout run is told of a ledger is the fold of
   its postings by partner and currency, and the exported general ledger has each of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "service/pay/payout_book.h"
#include "support/book.h"

#define DAY_US(day) (hs_day_of(2026, 9, day) * HS_DAY_US)

static enum hs_status post(const struct hs_ledger_writer *ledger, enum hs_transfer_kind kind,
                           const char *party, int64_t amount_minor, const char *currency, int day,
                           struct hs_err *err)
{
  const struct hs_transfer_spec *spec = hs_transfer_spec(kind);
  struct hs_transfer_row row = {.kind = hs_str_of(spec->word),
                                .debit = {.kind = spec->debit},
                                .credit = {.kind = spec->credit},
                                .amount_minor = amount_minor,
                                .effective_us = DAY_US(day),
                                .sequence = 1};
  assert_true(hs_currency_parse(hs_str_of(currency), &row.currency));
  if (hs_account_is_partners(spec->debit))
    row.debit.party = hs_str_of(party);
  if (hs_account_is_partners(spec->credit))
    row.credit.party = hs_str_of(party);
  return ledger->add_transfer(ledger->self, &row, NULL, err);
}

static enum hs_status fill(void *context, const struct hs_book_writer *writer, struct hs_err *err)
{
  static const struct {
    enum hs_transfer_kind kind;
    const char *party;
    int64_t amount_minor;
    const char *currency;
    int day;
  } ROWS[] = {
      {HS_TRANSFER_GRANT, "shop", 5000, "EUR", 1}, {HS_TRANSFER_GRANT, "blog", 1000, "USD", 1},
      {HS_TRANSFER_GRANT, "blog", 9000, "EUR", 2}, {HS_TRANSFER_HOLD, "blog", 400, "EUR", 3},
      {HS_TRANSFER_PAY, "shop", 5000, "EUR", 3},   {HS_TRANSFER_CLAW_BACK, "shop", 700, "EUR", 4},
      {HS_TRANSFER_EARN, "shop", 8, "EUR", 5},     {HS_TRANSFER_GRANT, "blog", 1, "EUR", 9},
  };
  struct hs_party shop = book_party_named("shop", "creator");
  struct hs_party blog = book_party_named("blog", "creator");
  enum hs_status status = writer->add_party(writer->self, &shop, err);
  if (status == HS_OK)
    status = writer->add_party(writer->self, &blog, err);
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS && status == HS_OK; i++)
    status = post(&writer->ledger, ROWS[i].kind, ROWS[i].party, ROWS[i].amount_minor,
                  ROWS[i].currency, ROWS[i].day, err);
  (void)context;
  return status;
}

static void assert_due(const struct hs_due *due, const char *partner, const char *currency,
                       int64_t payable, int64_t disputed, int64_t receivable)
{
  assert_true(hs_str_equal(due->partner, hs_str_of(partner)));
  assert_string_equal(due->currency.code, currency);
  assert_int_equal(due->balance.payable_minor, payable);
  assert_int_equal(due->balance.disputed_minor, disputed);
  assert_int_equal(due->balance.receivable_minor, receivable);
}

static void dues_are_the_fold_of_the_postings(void **state)
{
  struct book_fixture *f = *state;
  struct hs_due *dues = NULL;
  size_t count = 0;
  book_write_ok(f, fill, NULL);
  assert_int_equal(hs_dues_of_book(&f->book.ledger, DAY_US(9), &f->arena, &dues, &count, NULL),
                   HS_OK);
  assert_int_equal(count, 3);
  assert_due(&dues[0], "blog", "EUR", 8600, 400, 0);
  assert_due(&dues[1], "blog", "USD", 1000, 0, 0);
  assert_due(&dues[2], "shop", "EUR", 0, 0, 700);
  assert_int_equal(hs_dues_of_book(&f->book.ledger, DAY_US(2), &f->arena, &dues, &count, NULL),
                   HS_OK);
  assert_int_equal(count, 2);
  assert_due(&dues[0], "blog", "USD", 1000, 0, 0);
  assert_due(&dues[1], "shop", "EUR", 5000, 0, 0);
}

static enum hs_status overdraw(void *context, const struct hs_book_writer *writer,
                               struct hs_err *err)
{
  (void)context;
  return post(&writer->ledger, HS_TRANSFER_PAY, "shop", 1, "EUR", 6, err);
}

static void a_balance_on_the_wrong_side_stops_the_run(void **state)
{
  struct book_fixture *f = *state;
  struct hs_due *dues = NULL;
  size_t count = 0;
  struct hs_err err = {0};
  book_write_ok(f, fill, NULL);
  book_write_ok(f, overdraw, NULL);
  assert_int_equal(hs_dues_of_book(&f->book.ledger, DAY_US(9), &f->arena, &dues, &count, &err),
                   HS_CORRUPT);
  assert_string_equal(err.text, "what is payable of shop is below 0 by 1");
}

static const char MAPPING[] =
    "{\"accounts\": [{\"kind\": \"expense\", \"number\": \"1\"},"
    "{\"kind\": \"pending\", \"number\": \"2\"}, {\"kind\": \"payable\", \"number\": \"3\"},"
    "{\"kind\": \"disputed\", \"number\": \"4\"},"
    "{\"kind\": \"receivable\", \"number\": \"5\"},"
    "{\"kind\": \"clearing\", \"number\": \"6\"}, {\"kind\": \"bank\", \"number\": \"7\"}]}";

static void the_general_ledger_has_each_posting_of_the_period(void **state)
{
  struct book_fixture *f = *state;
  const struct hs_period period = {DAY_US(3), DAY_US(5)};
  struct hs_gl_mapping mapping;
  struct hs_gl gl;
  struct hs_buf out = hs_buf_in(&f->arena);
  book_write_ok(f, fill, NULL);
  assert_int_equal(hs_gl_mapping_read(HS_STR(MAPPING), &f->arena, &mapping, NULL, NULL, NULL),
                   HS_OK);
  assert_int_equal(hs_gl_of_book(&f->book.ledger, &period, &mapping, HS_GL_TRANSFERS, hs_zone_utc(),
                                 &f->arena, &gl, NULL),
                   HS_OK);
  hs_gl_csv(&gl, &out);
  assert_string_equal(out.data,
                      "date,document,account,cost_centre,debit,credit,currency,text,party\n"
                      "2026-09-03,T4,3,,4.00,,EUR,held while it is disputed,blog\n"
                      "2026-09-03,T4,4,,,4.00,EUR,held while it is disputed,blog\n"
                      "2026-09-03,T5,3,,50.00,,EUR,sent,shop\n"
                      "2026-09-03,T5,6,,,50.00,EUR,sent,\n"
                      "2026-09-04,T6,5,,7.00,,EUR,taken back after it was paid,shop\n"
                      "2026-09-04,T6,1,,,7.00,EUR,taken back after it was paid,\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(dues_are_the_fold_of_the_postings, book_set_up_real,
                                      book_tear_down),
      cmocka_unit_test_setup_teardown(a_balance_on_the_wrong_side_stops_the_run, book_set_up_real,
                                      book_tear_down),
      cmocka_unit_test_setup_teardown(the_general_ledger_has_each_posting_of_the_period,
                                      book_set_up_real, book_tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
