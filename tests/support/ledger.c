#include "support/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* ---- as text ---- */

static void add(struct hs_buf *out, struct hs_str s)
{
  hs_buf_add_char(out, ' ');
  if (s.data == NULL)
    hs_buf_add_char(out, '-');
  else
    hs_buf_add_json(out, s);
}

static void add_number(struct hs_buf *out, int64_t value)
{
  hs_buf_printf(out, " %lld", (long long)value);
}

static void add_account(struct hs_buf *out, const struct hs_account *account)
{
  hs_buf_printf(out, " %s", hs_account_word(account->kind));
  add(out, account->party);
}

static enum hs_status dump_agreement(void *context, const struct hs_agreement_row *row,
                                     [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "agreement %s", row->id.text);
  add(context, row->name);
  add_number(context, row->created_at_us);
  add_number(context, (int64_t)row->sequence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_version(void *context, const struct hs_version_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  hs_buf_add_text(context, "version");
  add(context, row->agreement);
  add_number(context, (int64_t)row->number);
  add(context, row->document);
  add(context, row->document_hash);
  add_number(context, row->from_us);
  add_number(context, row->until_us);
  add(context, row->proposed_by);
  add_number(context, row->proposed_at_us);
  add_number(context, (int64_t)row->sequence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_version_state(void *context, const struct hs_version_state_row *row,
                                         [[maybe_unused]] struct hs_err *err)
{
  hs_buf_add_text(context, "state");
  add(context, row->agreement);
  add_number(context, (int64_t)row->number);
  add(context, row->state);
  add_number(context, row->at_us);
  add(context, row->decided_by);
  add(context, row->party);
  add(context, row->method);
  add(context, row->reference);
  add(context, row->reason);
  add(context, row->attested_by);
  add_number(context, (int64_t)row->sequence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_enrolment(void *context, const struct hs_enrolment_row *row,
                                     [[maybe_unused]] struct hs_err *err)
{
  hs_buf_add_text(context, "enrolment");
  add(context, row->agreement);
  add(context, row->party);
  add_number(context, row->from_us);
  add_number(context, row->until_us);
  add(context, row->attested_by);
  add_number(context, (int64_t)row->sequence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_own_customer(void *context, const struct hs_own_customer_row *row,
                                        [[maybe_unused]] struct hs_err *err)
{
  hs_buf_add_text(context, "own customer");
  add(context, row->party);
  add(context, row->customer);
  add(context, row->state);
  add(context, row->decided_by);
  add_number(context, (int64_t)row->sequence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_policy(void *context, const struct hs_policy_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  hs_buf_add_text(context, "policy");
  add_number(context, (int64_t)row->number);
  add(context, row->first);
  add(context, row->last);
  add(context, row->minimum);
  add(context, row->document);
  add_number(context, row->from_us);
  add(context, row->decided_by);
  add_number(context, (int64_t)row->sequence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_order_share(void *context, const struct hs_order_share_row *row,
                                       [[maybe_unused]] struct hs_err *err)
{
  hs_buf_add_text(context, "share");
  add(context, row->order_id);
  add_number(context, (int64_t)row->sequence);
  add(context, row->partner);
  add(context, row->agreement);
  add_number(context, (int64_t)row->version);
  add(context, row->part);
  add_number(context, row->touched_at_us);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_judged_again(void *context, const struct hs_judged_again_row *row,
                                        [[maybe_unused]] struct hs_err *err)
{
  hs_buf_add_text(context, "judged again");
  add(context, row->order_id);
  add_number(context, row->locked_at_us);
  add_number(context, (int64_t)row->sequence);
  add(context, row->evidence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_commission(void *context, const struct hs_commission_row *row,
                                      [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "commission %s", row->id.text);
  add(context, row->type);
  add(context, row->order_id);
  add(context, row->partner);
  add(context, row->agreement);
  add_number(context, (int64_t)row->version);
  add(context, row->rule);
  add_number(context, (int64_t)row->policy);
  add(context, row->part);
  add_number(context, row->base_minor);
  hs_buf_printf(context, " %s", row->currency.code);
  add_number(context, row->amount_minor);
  add_number(context, row->occurred_at_us);
  add_number(context, row->touched_at_us);
  add_number(context, row->locks_at_us);
  add_number(context, (int64_t)row->sequence);
  add(context, row->evidence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_transfer(void *context, const struct hs_transfer_row *row,
                                    [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "transfer %llu", (unsigned long long)row->number);
  add(context, row->kind);
  add_account(context, &row->debit);
  add_account(context, &row->credit);
  add_number(context, row->amount_minor);
  hs_buf_printf(context, " %s %s", row->currency.code,
                row->commission.text[0] != 0 ? row->commission.text : "-");
  add(context, row->reference);
  add(context, row->reason);
  add_number(context, row->effective_us);
  add_number(context, (int64_t)row->sequence);
  add_number(context, (int64_t)row->reverses);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_balance(void *context, const struct hs_balance_row *balance,
                                   [[maybe_unused]] struct hs_err *err)
{
  hs_buf_add_text(context, "balance");
  add_account(context, &balance->account);
  hs_buf_printf(context, " %s", balance->currency.code);
  add_number(context, balance->debit_minor);
  add_number(context, balance->credit_minor);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_tally(void *context, const struct hs_tally_row *row,
                                 [[maybe_unused]] struct hs_err *err)
{
  hs_buf_add_text(context, "tally");
  add(context, row->agreement);
  add(context, row->partner);
  add(context, row->rule);
  add_number(context, row->cycle);
  add_number(context, row->period_day);
  add_number(context, row->order_count);
  add_number(context, row->base_minor);
  add_number(context, row->earned_minor);
  add_number(context, row->paid_minor);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static void dump_agreed(const struct hs_ledger_reader *ledger, struct hs_buf *out)
{
  struct hs_str all = {NULL, 0};
  assert_int_equal(ledger->agreements(ledger->self, dump_agreement, out, NULL), HS_OK);
  assert_int_equal(ledger->versions(ledger->self, all, dump_version, out, NULL), HS_OK);
  assert_int_equal(ledger->version_states(ledger->self, all, dump_version_state, out, NULL), HS_OK);
  assert_int_equal(ledger->enrolments(ledger->self, dump_enrolment, out, NULL), HS_OK);
  assert_int_equal(ledger->own_customers(ledger->self, dump_own_customer, out, NULL), HS_OK);
  assert_int_equal(ledger->policies(ledger->self, dump_policy, out, NULL), HS_OK);
}

static void dump_earned(const struct hs_ledger_reader *ledger, struct hs_buf *out)
{
  struct hs_str all = {NULL, 0};
  assert_int_equal(
      ledger->commissions(ledger->self, all, INT64_MIN, INT64_MAX, dump_commission, out, NULL),
      HS_OK);
  assert_int_equal(ledger->order_shares(ledger->self, all, dump_order_share, out, NULL), HS_OK);
  assert_int_equal(ledger->judged_again(ledger->self, all, dump_judged_again, out, NULL), HS_OK);
  assert_int_equal(
      ledger->transfers_numbered(ledger->self, 0, UINT64_MAX, dump_transfer, out, NULL), HS_OK);
  assert_int_equal(ledger->balances(ledger->self, INT64_MAX, dump_balance, out, NULL), HS_OK);
  assert_int_equal(ledger->tallies(ledger->self, dump_tally, out, NULL), HS_OK);
}

/* ---- lists within lists: what a callback may not read, the caller reads afterwards ---- */

#define IDS_MAX 64
struct noted {
  struct hs_buf *out;
  size_t count;
  struct hs_id ids[IDS_MAX];
};

static enum hs_status dump_payout_run(void *context, const struct hs_payout_run_row *row,
                                      [[maybe_unused]] struct hs_err *err)
{
  hs_buf_add_text(context, "run");
  add(context, row->name);
  add(context, row->method);
  add_number(context, row->until_us);
  add_number(context, row->at_us);
  add(context, row->decided_by);
  add(context, row->seconded_by);
  add(context, row->kept);
  add_number(context, (int64_t)row->sequence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_invoice(void *context, const struct hs_invoice_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  hs_buf_add_text(context, "invoice");
  add(context, row->series);
  add_number(context, (int64_t)row->number);
  add(context, row->kind);
  hs_buf_printf(context, " %s", row->payout.text);
  add_number(context, row->net_minor);
  add_number(context, row->tax_minor);
  add_number(context, row->withheld_minor);
  add_number(context, row->at_us);
  add_number(context, (int64_t)row->sequence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_payout(void *context, const struct hs_payout_row *row,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct noted *noted = context;
  assert_true(noted->count < IDS_MAX);
  noted->ids[noted->count++] = row->id;
  hs_buf_printf(noted->out, "payout %s", row->id.text);
  add(noted->out, row->run);
  add(noted->out, row->partner);
  hs_buf_printf(noted->out, " %s", row->currency.code);
  add_number(noted->out, row->amount_minor);
  add_number(noted->out, row->at_us);
  add(noted->out, row->decided_by);
  add(noted->out, row->seconded_by);
  add(noted->out, row->method);
  add_number(noted->out, (int64_t)row->sequence);
  hs_buf_add_char(noted->out, '\n');
  return HS_OK;
}

static enum hs_status dump_payout_line(void *context, const struct hs_payout_line_row *row,
                                       [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "line %s %s", row->payout.text, row->commission.text);
  add_number(context, row->amount_minor);
  add_number(context, row->set_off_minor);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_payout_state(void *context, const struct hs_payout_state_row *row,
                                        [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "payout state %s", row->payout.text);
  add(context, row->state);
  add_number(context, row->at_us);
  add(context, row->decided_by);
  add(context, row->reason);
  add_number(context, (int64_t)row->sequence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_dispute(void *context, const struct hs_dispute_row *row,
                                   [[maybe_unused]] struct hs_err *err)
{
  struct noted *noted = context;
  assert_true(noted->count < IDS_MAX);
  noted->ids[noted->count++] = row->id;
  hs_buf_printf(noted->out, "dispute %s", row->id.text);
  add(noted->out, row->partner);
  hs_buf_printf(noted->out, " %s", row->commission.text[0] != 0 ? row->commission.text : "-");
  add(noted->out, row->order_id);
  add(noted->out, row->about);
  hs_buf_printf(noted->out, " %s", row->currency.code);
  add_number(noted->out, row->amount_minor);
  add_number(noted->out, row->opened_at_us);
  add(noted->out, row->opened_by);
  add(noted->out, row->words);
  add_number(noted->out, (int64_t)row->sequence);
  hs_buf_add_char(noted->out, '\n');
  return HS_OK;
}

static enum hs_status dump_dispute_decision(void *context,
                                            const struct hs_dispute_decision_row *row,
                                            [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "decision %s", row->dispute.text);
  add(context, row->verdict);
  add_number(context, row->amount_minor);
  add_number(context, row->at_us);
  add(context, row->decided_by);
  add(context, row->seconded_by);
  add(context, row->words);
  add_number(context, (int64_t)row->sequence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_adjustment(void *context, const struct hs_adjustment_row *row,
                                      [[maybe_unused]] struct hs_err *err)
{
  hs_buf_printf(context, "adjustment %s", row->id.text);
  add(context, row->partner);
  hs_buf_printf(context, " %s %s", row->commission.text[0] != 0 ? row->commission.text : "-",
                row->currency.code);
  add_number(context, row->amount_minor);
  add_number(context, row->at_us);
  add(context, row->decided_by);
  add(context, row->seconded_by);
  add(context, row->reason);
  add(context, row->words);
  add_number(context, (int64_t)row->sequence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_close(void *context, const struct hs_close_row *row,
                                 [[maybe_unused]] struct hs_err *err)
{
  hs_buf_add_text(context, "close");
  add(context, row->period);
  add_number(context, row->from_us);
  add_number(context, row->until_us);
  add(context, row->hash);
  add(context, row->document);
  add(context, row->decided_by);
  add(context, row->seconded_by);
  add_number(context, row->at_us);
  add_number(context, (int64_t)row->sequence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_lock(void *context, const struct hs_lock_row *row,
                                [[maybe_unused]] struct hs_err *err)
{
  hs_buf_add_text(context, "lock");
  add_number(context, row->until_us);
  add_number(context, row->at_us);
  add(context, row->decided_by);
  add_number(context, (int64_t)row->sequence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_sheet_line(void *context, const struct hs_sheet_line_row *row,
                                      [[maybe_unused]] struct hs_err *err)
{
  hs_buf_add_text(context, "sheet line");
  add(context, row->agreement);
  add(context, row->period);
  add(context, row->side);
  add(context, row->what);
  add(context, row->added_by);
  add(context, row->kind);
  add(context, row->earned_by);
  add_number(context, row->is_private);
  add_number(context, row->amount_minor);
  add_number(context, row->has_interval);
  add_number(context, row->low_minor);
  add_number(context, row->high_minor);
  hs_buf_printf(context, " %s", row->currency.code);
  add(context, row->valued_by);
  add(context, row->decided_by);
  add_number(context, row->at_us);
  add_number(context, (int64_t)row->sequence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_confirmation(void *context, const struct hs_sheet_confirmation_row *row,
                                        [[maybe_unused]] struct hs_err *err)
{
  hs_buf_add_text(context, "confirmation");
  add(context, row->agreement);
  add(context, row->period);
  add(context, row->side);
  add(context, row->what);
  add(context, row->confirmed_by);
  add_number(context, row->amount_minor);
  add(context, row->decided_by);
  add_number(context, row->at_us);
  add_number(context, (int64_t)row->sequence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_renegotiation(void *context, const struct hs_renegotiation_row *row,
                                         [[maybe_unused]] struct hs_err *err)
{
  hs_buf_add_text(context, "renegotiation");
  add(context, row->agreement);
  add(context, row->period);
  add(context, row->side);
  add(context, row->what);
  add_number(context, row->opened_at_us);
  add_number(context, (int64_t)row->sequence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static enum hs_status dump_fund(void *context, const struct hs_fund_row *row,
                                [[maybe_unused]] struct hs_err *err)
{
  hs_buf_add_text(context, "fund");
  add(context, row->agreement);
  add(context, row->what);
  add(context, row->state);
  add(context, row->party);
  hs_buf_printf(context, " %s", row->currency.code);
  add_number(context, row->amount_minor);
  add(context, row->proof);
  add(context, row->reason);
  add(context, row->decided_by);
  add_number(context, row->at_us);
  add_number(context, (int64_t)row->sequence);
  hs_buf_add_char(context, '\n');
  return HS_OK;
}

static void dump_joint(const struct hs_ledger_reader *ledger, struct hs_buf *out)
{
  struct hs_str all = {NULL, 0};
  assert_int_equal(ledger->sheet_lines(ledger->self, all, dump_sheet_line, out, NULL), HS_OK);
  assert_int_equal(ledger->sheet_confirmations(ledger->self, all, dump_confirmation, out, NULL),
                   HS_OK);
  assert_int_equal(ledger->renegotiations(ledger->self, all, dump_renegotiation, out, NULL), HS_OK);
  assert_int_equal(ledger->funds(ledger->self, all, dump_fund, out, NULL), HS_OK);
}

static void dump_settled(const struct hs_ledger_reader *ledger, struct hs_buf *out)
{
  struct hs_str all = {NULL, 0};
  struct noted payouts = {.out = out};
  struct noted disputes = {.out = out};
  assert_int_equal(ledger->payout_runs(ledger->self, dump_payout_run, out, NULL), HS_OK);
  assert_int_equal(ledger->payouts(ledger->self, all, dump_payout, &payouts, NULL), HS_OK);
  for (size_t i = 0; i < payouts.count; i++) {
    const struct hs_id *id = &payouts.ids[i];
    assert_int_equal(ledger->payout_lines(ledger->self, id, dump_payout_line, out, NULL), HS_OK);
    assert_int_equal(ledger->payout_states(ledger->self, id, dump_payout_state, out, NULL), HS_OK);
  }
  assert_int_equal(ledger->invoices(ledger->self, NULL, dump_invoice, out, NULL), HS_OK);
  assert_int_equal(ledger->disputes(ledger->self, all, dump_dispute, &disputes, NULL), HS_OK);
  for (size_t i = 0; i < disputes.count; i++)
    assert_int_equal(
        ledger->dispute_decisions(ledger->self, &disputes.ids[i], dump_dispute_decision, out, NULL),
        HS_OK);
  assert_int_equal(ledger->adjustments(ledger->self, all, dump_adjustment, out, NULL), HS_OK);
  assert_int_equal(ledger->closes(ledger->self, dump_close, out, NULL), HS_OK);
  assert_int_equal(ledger->locks(ledger->self, dump_lock, out, NULL), HS_OK);
}

void ledger_dump(const struct hs_ledger_reader *ledger, struct hs_buf *out)
{
  dump_agreed(ledger, out);
  dump_earned(ledger, out);
  dump_settled(ledger, out);
  dump_joint(ledger, out);
  assert_int_equal(hs_buf_status(out, "the ledger", NULL), HS_OK);
}

const char *ledger_text(struct book_fixture *f)
{
  struct hs_buf out = hs_buf_in(&f->arena);
  hs_buf_add_text(&out, "");
  ledger_dump(&f->book.ledger, &out);
  return out.data;
}

/* ---- a small ledger ---- */

#define CHECK(call)                                                                                \
  do {                                                                                             \
    enum hs_status status_ = (call);                                                               \
    if (status_ != HS_OK)                                                                          \
      return status_;                                                                              \
  } while (0)

static const struct hs_currency euro = {"EUR"};

static enum hs_status write_agreed(const struct hs_book_writer *writer, struct hs_err *err)
{
  const struct hs_ledger_writer *ledger = &writer->ledger;
  struct hs_party blog = book_party_named("shoes-blog", "creator");
  struct hs_party mail = book_party_named("trail-mail", NULL);
  CHECK(writer->add_party(writer->self, &blog, err));
  CHECK(writer->add_party(writer->self, &mail, err));
  CHECK(ledger->add_agreement(
      ledger->self, &(struct hs_agreement_row){{"agr_1"}, HS_STR("standard-offer"), 11, 2}, err));
  for (uint64_t number = 1; number <= 2; number++)
    CHECK(ledger->add_version(
        ledger->self,
        &(struct hs_version_row){
            HS_STR("standard-offer"), number, HS_STR("{\"title\":\"\\u00fc\"}"), HS_STR("00ff"),
            100 * (int64_t)number, number == 2 ? 500 : INT64_MAX, HS_STR("Ann"), 12, number + 1},
        err));
  CHECK(ledger->add_version_state(
      ledger->self,
      &(struct hs_version_state_row){.agreement = HS_STR("standard-offer"),
                                     .number = 1,
                                     .state = HS_STR("signed"),
                                     .at_us = 13,
                                     .decided_by = HS_STR("Ann"),
                                     .party = HS_STR("shoes-blog"),
                                     .sequence = 4},
      err));
  CHECK(ledger->add_version_state(
      ledger->self,
      &(struct hs_version_state_row){.agreement = HS_STR("standard-offer"),
                                     .number = 1,
                                     .state = HS_STR("signed"),
                                     .at_us = 13,
                                     .reason = HS_STR("gate overridden"),
                                     .sequence = 4},
      err));
  CHECK(ledger->add_version_state(
      ledger->self,
      &(struct hs_version_state_row){.agreement = HS_STR("standard-offer"),
                                     .number = 2,
                                     .state = HS_STR("notified"),
                                     .at_us = 14,
                                     .decided_by = HS_STR("Ann"),
                                     .method = HS_STR("mail"),
                                     .reference = HS_STR("00ff"),
                                     .sequence = 5},
      err));
  CHECK(ledger->add_own_customer(ledger->self,
                                 &(struct hs_own_customer_row){.party = HS_STR("shoes-blog"),
                                                               .customer = HS_STR("c-7"),
                                                               .state = HS_STR("declared"),
                                                               .decided_by = HS_STR("Ann"),
                                                               .sequence = 6},
                                 err));
  CHECK(ledger->add_enrolment(ledger->self,
                              &(struct hs_enrolment_row){.agreement = HS_STR("standard-offer"),
                                                         .party = HS_STR("shoes-blog"),
                                                         .from_us = 100,
                                                         .until_us = INT64_MAX,
                                                         .attested_by = HS_STR("Bea"),
                                                         .sequence = 5},
                              err));
  return ledger->add_policy(ledger->self,
                            &(struct hs_policy_row){1, HS_STR("2/5"), HS_STR("2/5"), HS_STR("0"),
                                                    HS_STR("{}"), 100, HS_STR("Ann"), 6},
                            err);
}

struct hs_commission_row ledger_sample_commission(void)
{
  return (struct hs_commission_row){.id = {"cms_1"},
                                    .type = HS_STR("sale"),
                                    .order_id = HS_STR("order-1"),
                                    .partner = HS_STR("shoes-blog"),
                                    .agreement = HS_STR("standard-offer"),
                                    .version = 1,
                                    .rule = HS_STR("sales"),
                                    .policy = 1,
                                    .part = HS_STR("2/5"),
                                    .base_minor = 10000,
                                    .currency = euro,
                                    .amount_minor = 400,
                                    .occurred_at_us = 300,
                                    .touched_at_us = 250,
                                    .locks_at_us = 400,
                                    .sequence = 7,
                                    .evidence = HS_STR("{\"touches\":[1]}")};
}

struct hs_transfer_row ledger_sample_transfer(void)
{
  return (struct hs_transfer_row){.kind = HS_STR("earned"),
                                  .debit = {HS_ACCOUNT_EXPENSE, {NULL, 0}},
                                  .credit = {HS_ACCOUNT_PENDING, HS_STR("shoes-blog")},
                                  .amount_minor = 400,
                                  .currency = euro,
                                  .commission = {"cms_1"},
                                  .effective_us = 300,
                                  .sequence = 7};
}

/* Earned 400; 133 taken back; 267 locked; 100 of them disputed; 167 paid. */
static enum hs_status write_earned(const struct hs_ledger_writer *ledger, struct hs_err *err)
{
  struct hs_commission_row commission = ledger_sample_commission();
  struct hs_transfer_row row = ledger_sample_transfer();
  struct hs_account pending = row.credit;
  struct hs_account payable = {HS_ACCOUNT_PAYABLE, row.credit.party};
  struct hs_account disputed = {HS_ACCOUNT_DISPUTED, row.credit.party};
  struct hs_account clearing = {HS_ACCOUNT_CLEARING, {NULL, 0}};
  struct hs_transfer_row rows[LEDGER_SAMPLE_TRANSFERS] = {row, row, row, row, row, row};
  rows[1] = (struct hs_transfer_row){0,
                                     HS_STR("refund"),
                                     pending,
                                     row.debit,
                                     133,
                                     euro,
                                     row.commission,
                                     HS_STR("refund-1"),
                                     HS_STR("returned"),
                                     350,
                                     8,
                                     1};
  rows[2] = (struct hs_transfer_row){
      0,         HS_STR("locked"), pending, payable, 267, euro, row.commission,
      {NULL, 0}, {NULL, 0},        400,     9,       0};
  rows[3] = (struct hs_transfer_row){0,
                                     HS_STR("held"),
                                     payable,
                                     disputed,
                                     100,
                                     euro,
                                     row.commission,
                                     HS_STR("dsp_1"),
                                     {NULL, 0},
                                     410,
                                     10,
                                     0};
  rows[4] = (struct hs_transfer_row){0,
                                     HS_STR("paid"),
                                     payable,
                                     clearing,
                                     167,
                                     euro,
                                     row.commission,
                                     HS_STR("pay_1"),
                                     {NULL, 0},
                                     420,
                                     11,
                                     0};
  rows[5] = (struct hs_transfer_row){0,         HS_STR("sent"),
                                     clearing,  {HS_ACCOUNT_BANK, {NULL, 0}},
                                     167,       euro,
                                     {{0}},     HS_STR("pay_1"),
                                     {NULL, 0}, 430,
                                     12,        0};
  CHECK(ledger->add_commission(ledger->self, &commission, err));
  for (size_t i = 0; i < LEDGER_SAMPLE_TRANSFERS; i++) {
    rows[i].number = i + 1;
    CHECK(ledger->add_transfer(ledger->self, &rows[i], NULL, err));
  }
  for (int64_t cycle = 0; cycle < 4; cycle++)
    CHECK(ledger->put_tally(ledger->self,
                            &(struct hs_tally_row){commission.agreement, commission.partner,
                                                   commission.rule, cycle, cycle == 3 ? 0 : 20000,
                                                   1, 4000, 400, 400},
                            err));
  return HS_OK;
}

static enum hs_status write_settled(const struct hs_ledger_writer *ledger, struct hs_err *err)
{
  struct hs_str partner = HS_STR("shoes-blog");
  struct hs_str ann = HS_STR("Ann");
  struct hs_str ben = HS_STR("Ben");
  CHECK(ledger->add_payout_run(ledger->self,
                               &(struct hs_payout_run_row){HS_STR("1970-01-A"), HS_STR("sepa"), 415,
                                                           420, ann, ben,
                                                           HS_STR(LEDGER_SAMPLE_KEPT), 11},
                               err));
  CHECK(ledger->add_payout(
      ledger->self,
      &(struct hs_payout_row){
          {"pay_1"}, HS_STR("1970-01-A"), partner, euro, 167, 420, ann, ben, HS_STR("sepa"), 11},
      err));
  CHECK(ledger->add_payout_line(ledger->self,
                                &(struct hs_payout_line_row){{"pay_1"}, {"cms_1"}, 167, 0}, err));
  CHECK(ledger->add_invoice(
      ledger->self,
      &(struct hs_invoice_row){
          HS_STR("SB-1970"), 1, HS_STR("invoice"), {"pay_1"}, 167, 32, 0, 420, 11},
      err));
  CHECK(ledger->add_payout_state(
      ledger->self,
      &(struct hs_payout_state_row){{"pay_1"}, HS_STR("completed"), 430, ann, {NULL, 0}, 12}, err));
  CHECK(ledger->add_dispute(ledger->self,
                            &(struct hs_dispute_row){{"dsp_1"},
                                                     partner,
                                                     {"cms_1"},
                                                     HS_STR("order-1"),
                                                     HS_STR("wrong amount"),
                                                     euro,
                                                     100,
                                                     410,
                                                     HS_STR("Cleo"),
                                                     HS_STR("12 %, not 10"),
                                                     10},
                            err));
  CHECK(ledger->add_dispute_decision(
      ledger->self,
      &(struct hs_dispute_decision_row){
          {"dsp_1"}, HS_STR("incomplete"), 0, 440, ann, {NULL, 0}, HS_STR("which order?"), 13},
      err));
  CHECK(ledger->add_adjustment(ledger->self,
                               &(struct hs_adjustment_row){{"dec_1"},
                                                           partner,
                                                           {"cms_1"},
                                                           euro,
                                                           -5,
                                                           450,
                                                           ann,
                                                           ben,
                                                           HS_STR("rate misread"),
                                                           {NULL, 0},
                                                           13},
                               err));
  CHECK(ledger->add_close(ledger->self,
                          &(struct hs_close_row){HS_STR("1970-01"), 0, 600, HS_STR("abcd"),
                                                 HS_STR("{}"), ann, ben, 700, 14},
                          err));
  return ledger->add_lock(ledger->self, &(struct hs_lock_row){400, 405, ann, 9}, err);
}

static enum hs_status write_joint(const struct hs_ledger_writer *ledger, struct hs_err *err)
{
  struct hs_str offer = HS_STR("standard-offer");
  struct hs_str period = HS_STR("1970-01");
  struct hs_str side = HS_STR("shoes-blog");
  struct hs_str ann = HS_STR("Ann");
  CHECK(ledger->add_sheet_line(ledger->self,
                               &(struct hs_sheet_line_row){.agreement = offer,
                                                           .period = period,
                                                           .side = side,
                                                           .what = HS_STR("orders"),
                                                           .added_by = HS_STR("us"),
                                                           .kind = HS_STR("revenue"),
                                                           .amount_minor = 500,
                                                           .has_interval = 1,
                                                           .low_minor = 400,
                                                           .high_minor = 600,
                                                           .currency = euro,
                                                           .valued_by = HS_STR("by hand"),
                                                           .decided_by = ann,
                                                           .at_us = 450,
                                                           .sequence = 15},
                               err));
  CHECK(ledger->add_sheet_confirmation(ledger->self,
                                       &(struct hs_sheet_confirmation_row){offer, period, side,
                                                                           HS_STR("orders"), side,
                                                                           500, ann, 460, 16},
                                       err));
  CHECK(ledger->add_renegotiation(
      ledger->self, &(struct hs_renegotiation_row){offer, period, side, HS_STR("outside"), 470, 17},
      err));
  return ledger->add_fund(ledger->self,
                          &(struct hs_fund_row){.agreement = offer,
                                                .what = HS_STR("planner"),
                                                .state = HS_STR("claimed"),
                                                .party = side,
                                                .currency = {"EUR"},
                                                .amount_minor = 500000,
                                                .proof = HS_STR("invoice"),
                                                .decided_by = HS_STR("Ann"),
                                                .at_us = 480,
                                                .sequence = 18},
                          err);
}

enum hs_status ledger_write_sample([[maybe_unused]] void *context,
                                   const struct hs_book_writer *writer, struct hs_err *err)
{
  CHECK(write_agreed(writer, err));
  CHECK(write_earned(&writer->ledger, err));
  CHECK(write_settled(&writer->ledger, err));
  return write_joint(&writer->ledger, err);
}
