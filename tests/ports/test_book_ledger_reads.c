/* What every book's ledger finds: commissions and transfers by what asks for them, balances of a
   moment, tallies, and, within a change, what the change itself has written. On both machines, as
   ports.book. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "support/book.h"
#include "support/ledger.h"

static enum hs_status add_commissions(void *context, const struct hs_book_writer *writer,
                                      struct hs_err *err)
{
  struct hs_commission_row row = ledger_sample_commission();
  enum hs_status status = HS_OK;
  for (int i = 2; i <= *(int *)context && status == HS_OK; i++) {
    char order[24];
    (void)snprintf(row.id.text, sizeof row.id.text, "cms_%d", i);
    (void)snprintf(order, sizeof order, "order-%d",
                   i == 6 ? 2 : i / 2); /* 1, 1, 2, 2, … with that of the sample; the sixth is a
                                           lead of an order's name */
    row.order_id = hs_str_of(order);
    row.type = i < 6 ? HS_STR("sale") : HS_STR("lead");
    row.partner = i % 2 == 0 ? HS_STR("trail-mail") : HS_STR("shoes-blog");
    row.occurred_at_us = 300 + i;
    row.locks_at_us = 400 + i;
    status = writer->ledger.add_commission(writer->ledger.self, &row, err);
  }
  return status;
}

static enum hs_status note_id(void *context, const struct hs_commission_row *row,
                              [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%s ", row->id.text + 4);
  return HS_OK;
}

static enum hs_status note_number(void *context, const struct hs_transfer_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%llu ", (unsigned long long)row->number);
  return HS_OK;
}

#define assert_list(call, wanted)                                                                  \
  do {                                                                                             \
    struct hs_buf out = hs_buf_in(&f->arena);                                                      \
    hs_buf_add_text(&out, "");                                                                     \
    assert_int_equal(call, HS_OK);                                                                 \
    assert_string_equal(out.data, wanted);                                                         \
  } while (0)

static void commissions_are_found_by_id_order_partner_and_lock(void **state)
{
  struct book_fixture *f = *state;
  const struct hs_ledger_reader *r = &f->book.ledger;
  struct hs_str all = {NULL, 0};
  struct hs_id id = {"cms_4"};
  int last = 6;
  book_write_ok(f, ledger_write_sample, NULL);
  book_write_ok(f, add_commissions, &last);
  assert_list(r->commission(r->self, &id, note_id, &out, NULL), "4 ");
  id = (struct hs_id){"cms_9"};
  assert_int_equal(r->commission(r->self, &id, note_id, NULL, NULL), HS_NOT_FOUND);
  assert_list(r->commissions_of_order(r->self, HS_STR("order-1"), note_id, &out, NULL), "1 2 3 ");
  assert_list(r->commissions_of(r->self, HS_STR("sale"), HS_STR("order-2"), note_id, &out, NULL),
              "4 5 ");
  assert_list(r->commissions_of(r->self, HS_STR("lead"), HS_STR("order-2"), note_id, &out, NULL),
              "6 ");
  assert_list(r->commissions_of_order(r->self, HS_STR("order-2"), note_id, &out, NULL), "4 5 ");
  assert_list(r->commissions(r->self, all, 302, 305, note_id, &out, NULL), "2 3 4 ");
  assert_list(r->commissions(r->self, HS_STR("trail-mail"), 302, 306, note_id, &out, NULL), "2 4 ");
  assert_list(r->commissions_locking(r->self, 400, 403, note_id, &out, NULL), "2 3 ");
  assert_list(r->commissions_locking(r->self, INT64_MIN, 402, note_id, &out, NULL), "1 2 ");
}

/* ---- what commissions do not tell of an order ---- */

static struct hs_order_share_row sample_share(const char *order, uint64_t sequence,
                                              const char *partner)
{
  struct hs_commission_row commission = ledger_sample_commission();
  return (struct hs_order_share_row){.order_id = hs_str_of(order),
                                     .sequence = sequence,
                                     .partner = hs_str_of(partner),
                                     .agreement = commission.agreement,
                                     .version = commission.version,
                                     .part = HS_STR("1/3"),
                                     .touched_at_us = 200};
}

static enum hs_status add_shares([[maybe_unused]] void *context,
                                 const struct hs_book_writer *writer, struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &writer->ledger;
  struct hs_order_share_row rows[] = {
      sample_share("order-2", 8, "shoes-blog"), sample_share("order-1", 9, "trail-mail"),
      sample_share("order-1", 9, "shoes-blog"), sample_share("order-1", 7, "trail-mail")};
  struct hs_judged_again_row judged = {HS_STR("order-1"), 500, 9, HS_STR("{}")};
  enum hs_status status = ledger->add_judged_again(ledger->self, &judged, err);
  for (size_t i = 0; i < sizeof rows / sizeof *rows && status == HS_OK; i++)
    status = ledger->add_order_share(ledger->self, &rows[i], err);
  return status;
}

static enum hs_status add_other_share([[maybe_unused]] void *context,
                                      const struct hs_book_writer *writer, struct hs_err *err)
{
  struct hs_order_share_row row = sample_share("order-2", 8, "shoes-blog");
  row.part = HS_STR("1/2");
  return writer->ledger.add_order_share(writer->ledger.self, &row, err);
}

static enum hs_status add_strangers_share([[maybe_unused]] void *context,
                                          const struct hs_book_writer *writer, struct hs_err *err)
{
  struct hs_order_share_row row = sample_share("order-2", 8, "nobody-knows-it");
  return writer->ledger.add_order_share(writer->ledger.self, &row, err);
}

static enum hs_status judge_a_third_time([[maybe_unused]] void *context,
                                         const struct hs_book_writer *writer, struct hs_err *err)
{
  struct hs_judged_again_row row = {HS_STR("order-1"), 500, 10, HS_STR("{}")};
  return writer->ledger.add_judged_again(writer->ledger.self, &row, err);
}

static enum hs_status note_share(void *context, const struct hs_order_share_row *row,
                                 [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%.*s %llu %.*s %.*s, ", HS_STR_ARG(row->order_id),
                (unsigned long long)row->sequence, HS_STR_ARG(row->partner), HS_STR_ARG(row->part));
  return HS_OK;
}

static enum hs_status note_judged(void *context, const struct hs_judged_again_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%.*s %lld %llu %.*s, ", HS_STR_ARG(row->order_id),
                (long long)row->locked_at_us, (unsigned long long)row->sequence,
                HS_STR_ARG(row->evidence));
  return HS_OK;
}

static void shares_of_an_order_are_found_by_judgement(void **state)
{
  struct book_fixture *f = *state;
  const struct hs_ledger_reader *r = &f->book.ledger;
  struct hs_str all = {NULL, 0};
  book_write_ok(f, ledger_write_sample, NULL);
  book_write_ok(f, add_shares, NULL);
  book_write_ok(f, add_shares, NULL);
  assert_list(r->order_shares(r->self, HS_STR("order-1"), note_share, &out, NULL),
              "order-1 7 trail-mail 1/3, order-1 9 shoes-blog 1/3, order-1 9 trail-mail 1/3, ");
  assert_list(r->order_shares(r->self, HS_STR("order-3"), note_share, &out, NULL), "");
  assert_list(r->judged_again(r->self, HS_STR("order-1"), note_judged, &out, NULL),
              "order-1 500 9 {}, ");
  assert_list(r->judged_again(r->self, HS_STR("order-2"), note_judged, &out, NULL), "");
  assert_list(r->judged_again(r->self, all, note_judged, &out, NULL), "order-1 500 9 {}, ");
  assert_int_equal(f->book.write(f->book.self, add_other_share, NULL, NULL), HS_CONFLICT);
  assert_int_equal(f->book.write(f->book.self, add_strangers_share, NULL, NULL), HS_NOT_FOUND);
  assert_int_equal(f->book.write(f->book.self, judge_a_third_time, NULL, NULL), HS_CONFLICT);
}

static void transfers_are_found_by_commission_party_moment_and_number(void **state)
{
  struct book_fixture *f = *state;
  const struct hs_ledger_reader *r = &f->book.ledger;
  struct hs_str all = {NULL, 0};
  struct hs_id id = {"cms_1"};
  book_write_ok(f, ledger_write_sample, NULL);
  assert_list(r->transfers_of_commission(r->self, &id, note_number, &out, NULL), "1 2 3 4 5 ");
  id = (struct hs_id){"cms_9"};
  assert_list(r->transfers_of_commission(r->self, &id, note_number, &out, NULL), "");
  assert_list(r->transfers(r->self, all, 350, 420, note_number, &out, NULL), "2 3 4 ");
  assert_list(r->transfers(r->self, HS_STR("shoes-blog"), 350, INT64_MAX, note_number, &out, NULL),
              "2 3 4 5 ");
  assert_list(r->transfers(r->self, HS_STR("trail-mail"), 0, INT64_MAX, note_number, &out, NULL),
              "");
  assert_list(r->transfers_numbered(r->self, 2, 4, note_number, &out, NULL), "3 4 ");
}

static enum hs_status note_line(void *context, const struct hs_payout_line_row *row,
                                [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%s %lld ", row->commission.text + 4, (long long)row->amount_minor);
  return HS_OK;
}

static enum hs_status release_two(void *context, const struct hs_book_writer *writer,
                                  struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &writer->ledger;
  struct hs_transfer_row transfer = ledger_sample_transfer();
  int last = 4;
  enum hs_status status = add_commissions(&last, writer, err);
  transfer.credit.kind = HS_ACCOUNT_PAYABLE;
  transfer.effective_us = 600;
  for (int i = 4; i >= 3 && status == HS_OK; i--) {
    (void)snprintf(transfer.commission.text, sizeof transfer.commission.text, "cms_%d", i);
    transfer.amount_minor = 10 * i;
    status = ledger->add_transfer(ledger->self, &transfer, context, err);
  }
  return status;
}

/* The sample's own is paid: 267 came in, 100 are held, 167 went out. */
static void what_can_be_paid_is_told_by_commission(void **state)
{
  struct book_fixture *f = *state;
  const struct hs_ledger_reader *r = &f->book.ledger;
  struct hs_currency euro = {"EUR"};
  struct hs_currency dollar = {"USD"};
  struct hs_str blog = HS_STR("shoes-blog");
  book_write_ok(f, ledger_write_sample, NULL);
  assert_list(r->payables(r->self, blog, euro, INT64_MAX, note_line, &out, NULL), "");
  book_write_ok(f, release_two, NULL);
  assert_list(r->payables(r->self, blog, euro, INT64_MAX, note_line, &out, NULL), "3 30 4 40 ");
  assert_list(r->payables(r->self, blog, dollar, INT64_MAX, note_line, &out, NULL), "");
  assert_list(r->payables(r->self, HS_STR("trail-mail"), euro, INT64_MAX, note_line, &out, NULL),
              "");
  assert_list(r->payables(r->self, blog, euro, 600, note_line, &out, NULL), "");
  assert_list(r->payables(r->self, blog, euro, 601, note_line, &out, NULL), "3 30 4 40 ");
}

static enum hs_status note_payout(void *context, const struct hs_payout_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%s ", row->id.text);
  return HS_OK;
}

static enum hs_status note_run(void *context, const struct hs_payout_run_row *row,
                               [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%.*s ", HS_STR_ARG(row->name));
  return HS_OK;
}

static enum hs_status note_invoice(void *context, const struct hs_invoice_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%.*s %llu ", HS_STR_ARG(row->series), (unsigned long long)row->number);
  return HS_OK;
}

static void payouts_runs_and_invoices_are_found_by_their_names(void **state)
{
  struct hs_err err = {0};
  struct book_fixture *f = *state;
  const struct hs_ledger_reader *r = &f->book.ledger;
  struct hs_id one = {"pay_1"};
  struct hs_id none = {"pay_2"};
  uint64_t last = 7;
  book_write_ok(f, ledger_write_sample, NULL);
  assert_list(r->payout(r->self, &one, note_payout, &out, NULL), "pay_1 ");
  assert_int_equal(r->payout(r->self, &none, note_payout, NULL, &err), HS_NOT_FOUND);
  assert_string_equal(err.text, "there is no payout pay_2");
  assert_list(r->payout_run(r->self, HS_STR("1970-01-A"), note_run, &out, NULL), "1970-01-A ");
  assert_int_equal(r->payout_run(r->self, HS_STR("B"), note_run, NULL, NULL), HS_NOT_FOUND);
  assert_list(r->payouts_of_run(r->self, HS_STR("1970-01-A"), note_payout, &out, NULL), "pay_1 ");
  assert_list(r->payouts_of_run(r->self, HS_STR("B"), note_payout, &out, NULL), "");
  assert_list(r->invoices(r->self, &one, note_invoice, &out, NULL), "SB-1970 1 ");
  assert_list(r->invoices(r->self, &none, note_invoice, &out, NULL), "");
  assert_list(r->invoice(r->self, HS_STR("SB-1970"), 1, note_invoice, &out, NULL), "SB-1970 1 ");
  assert_int_equal(r->invoice(r->self, HS_STR("SB-1970"), 2, note_invoice, NULL, NULL),
                   HS_NOT_FOUND);
  assert_int_equal(r->last_invoice(r->self, HS_STR("SB-1970"), &last, NULL), HS_OK);
  assert_int_equal(last, 1);
  assert_int_equal(r->last_invoice(r->self, HS_STR("SB-1971"), &last, NULL), HS_OK);
  assert_int_equal(last, 0);
}

static enum hs_status note_dispute(void *context, const struct hs_dispute_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%s ", row->id.text);
  return HS_OK;
}

static enum hs_status dispute_more(void *context, const struct hs_book_writer *writer,
                                   struct hs_err *err)
{
  struct hs_dispute_row row = {.id = {"dsp_2"},
                               .partner = HS_STR("shoes-blog"),
                               .commission = {"cms_1"},
                               .about = HS_STR("wrongly reversed"),
                               .currency = {"EUR"},
                               .amount_minor = 133,
                               .opened_at_us = 405};
  enum hs_status status = writer->ledger.add_dispute(writer->ledger.self, &row, err);
  (void)context;
  row.id = (struct hs_id){"dsp_3"};
  row.commission = (struct hs_id){0};
  row.order_id = HS_STR("order-9");
  row.about = HS_STR("untracked");
  return status == HS_OK ? writer->ledger.add_dispute(writer->ledger.self, &row, err) : status;
}

static void disputes_are_found_by_id_commission_and_order(void **state)
{
  struct book_fixture *f = *state;
  const struct hs_ledger_reader *r = &f->book.ledger;
  struct hs_id id = {"dsp_2"};
  struct hs_id commission = {"cms_1"};
  book_write_ok(f, ledger_write_sample, NULL);
  book_write_ok(f, dispute_more, NULL);
  assert_list(r->dispute(r->self, &id, note_dispute, &out, NULL), "dsp_2 ");
  id = (struct hs_id){"dsp_9"};
  assert_int_equal(r->dispute(r->self, &id, note_dispute, NULL, NULL), HS_NOT_FOUND);
  assert_list(r->disputes_of_commission(r->self, &commission, note_dispute, &out, NULL),
              "dsp_2 dsp_1 ");
  commission = (struct hs_id){"cms_9"};
  assert_list(r->disputes_of_commission(r->self, &commission, note_dispute, &out, NULL), "");
  assert_list(r->disputes_of_order(r->self, HS_STR("order-9"), note_dispute, &out, NULL), "dsp_3 ");
}

static enum hs_status note_holding(void *context, const struct hs_balance_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%s %lld ", hs_account_word(row->account.kind),
                (long long)(row->debit_minor - row->credit_minor));
  return HS_OK;
}

/* By hand, from the sample's transfers: 400 earned at 300, 133 back at 350, 267 owed at 400. */
static void balances_are_those_of_a_moment(void **state)
{
  struct book_fixture *f = *state;
  const struct hs_ledger_reader *r = &f->book.ledger;
  book_write_ok(f, ledger_write_sample, NULL);
  assert_list(r->balances(r->self, 300, note_holding, &out, NULL),
              "bank 0 clearing 0 disputed 0 expense 0 payable 0 pending 0 ");
  assert_list(r->balances(r->self, 400, note_holding, &out, NULL),
              "bank 0 clearing 0 disputed 0 expense 267 payable 0 pending -267 ");
  assert_list(r->balances(r->self, INT64_MAX, note_holding, &out, NULL),
              "bank -167 clearing 0 disputed -100 expense 267 payable 0 pending 0 ");
}

static enum hs_status replace_tally(void *context, const struct hs_book_writer *writer,
                                    struct hs_err *err)
{
  return writer->ledger.put_tally(writer->ledger.self, context, err);
}

static enum hs_status note_development(void *context, const struct hs_development_row *row,
                                       [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "%.*s %lld %.*s %lld %lld; ", HS_STR_ARG(row->order_id),
                (long long)row->occurred_at_us, HS_STR_ARG(row->kind), (long long)row->amount_minor,
                (long long)row->effective_us);
  return HS_OK;
}

static void developments_are_the_postings_of_commissions_up_to_a_moment(void **state)
{
  struct book_fixture *f = *state;
  const struct hs_ledger_reader *r = &f->book.ledger;
  book_write_ok(f, ledger_write_sample, NULL);
  assert_list(
      r->developments(r->self, 300, 401, note_development, &out, NULL),
      "order-1 300 earned 400 300; order-1 300 refund 133 350; order-1 300 locked 267 400; ");
  assert_list(r->developments(r->self, 301, 401, note_development, &out, NULL), "");
  assert_list(r->developments(r->self, 0, 300, note_development, &out, NULL), "");
}

static void a_tally_is_replaced(void **state)
{
  struct book_fixture *f = *state;
  struct hs_tally_row wanted = {HS_STR("standard-offer"),
                                HS_STR("shoes-blog"),
                                HS_STR("sales"),
                                2,
                                20000,
                                7,
                                28000,
                                2800,
                                2000};
  struct hs_tally_row read = wanted;
  book_write_ok(f, ledger_write_sample, NULL);
  book_write_ok(f, replace_tally, &wanted);
  read.order_count = read.base_minor = read.earned_minor = read.paid_minor = -1;
  assert_int_equal(f->book.ledger.tally(f->book.ledger.self, &read, NULL), HS_OK);
  assert_memory_equal(&read, &wanted, sizeof read);
  read.period_day = 20001;
  assert_int_equal(f->book.ledger.tally(f->book.ledger.self, &read, NULL), HS_OK);
  assert_int_equal(read.order_count + read.base_minor + read.earned_minor + read.paid_minor, 0);
}

struct inside {
  struct book_fixture *f;
  const struct hs_book_writer *writer;
  int depth;
};

/* Adds a transfer and reads on, while the list that brought us here is still open. */
static enum hs_status descend(void *context, [[maybe_unused]] const struct hs_commission_row *row,
                              struct hs_err *err)
{
  struct inside *inside = context;
  const struct hs_ledger_reader *now = &inside->writer->ledger_now;
  const struct hs_ledger_writer *ledger = &inside->writer->ledger;
  struct hs_transfer_row transfer = ledger_sample_transfer();
  if (inside->depth-- == 0)
    return HS_OK;
  transfer.effective_us = 600;
  enum hs_status status = ledger->add_transfer(ledger->self, &transfer, NULL, err);
  return status == HS_OK
             ? now->commissions_of_order(now->self, HS_STR("order-1"), descend, inside, err)
             : status;
}

static enum hs_status look_inside(void *context, const struct hs_book_writer *writer,
                                  struct hs_err *err)
{
  struct inside *inside = context;
  struct book_fixture *f = inside->f;
  const struct hs_ledger_reader *now = &writer->ledger_now;
  struct hs_id id = {"cms_1"};
  enum hs_status status = ledger_write_sample(NULL, writer, err);
  inside->writer = writer;
  inside->depth = 3;
  assert_list(now->transfers_of_commission(now->self, &id, note_number, &out, err), "1 2 3 4 5 ");
  if (status == HS_OK)
    status = now->commissions_of_order(now->self, HS_STR("order-1"), descend, inside, err);
  assert_list(now->transfers_of_commission(now->self, &id, note_number, &out, err),
              "1 2 3 4 5 7 8 9 ");
  assert_list(f->book.ledger.transfers_numbered(f->book.ledger.self, 0, 99, note_number, &out, err),
              "");
  return status;
}

static void a_change_sees_what_it_has_written(void **state)
{
  struct inside inside = {.f = *state};
  book_write_ok(inside.f, look_inside, &inside);
}

#define LEDGER_TEST(test, machine)                                                                 \
  {                                                                                                \
#test ", " #machine, test, book_set_up_##machine, book_tear_down, NULL                         \
  }
#define LEDGER_TESTS(machine)                                                                      \
  LEDGER_TEST(commissions_are_found_by_id_order_partner_and_lock, machine),                        \
      LEDGER_TEST(shares_of_an_order_are_found_by_judgement, machine),                             \
      LEDGER_TEST(transfers_are_found_by_commission_party_moment_and_number, machine),             \
      LEDGER_TEST(what_can_be_paid_is_told_by_commission, machine),                                \
      LEDGER_TEST(payouts_runs_and_invoices_are_found_by_their_names, machine),                    \
      LEDGER_TEST(disputes_are_found_by_id_commission_and_order, machine),                         \
      LEDGER_TEST(developments_are_the_postings_of_commissions_up_to_a_moment, machine),           \
      LEDGER_TEST(balances_are_those_of_a_moment, machine),                                        \
      LEDGER_TEST(a_tally_is_replaced, machine),                                                   \
      LEDGER_TEST(a_change_sees_what_it_has_written, machine)

int main(void)
{
  const struct CMUnitTest tests[] = {LEDGER_TESTS(real), LEDGER_TESTS(simulated)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
