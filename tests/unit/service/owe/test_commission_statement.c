/* Proves commission statements by a ledger written by hand: what stands open before and after, what
   each entry is, that other partners, currencies and periods stay out, and that entries which do
   not lead from the one to the other are told and not shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "service/owe/commission_statement.h"
#include "support/capacity.h"

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 16 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

/* ---- a ledger ---- */

#define BLOG "shoes-blog"

struct written {
  int32_t month, day;
  enum hs_transfer_kind kind;
  int64_t amount_minor;
  const char *commission, *reason, *party, *currency;
};

/* Before September 9.00 were pending. Of 10.00 earned in it, 3.33 came back and 6.67 became owed,
   of which 0.67 are disputed and 1.00 is set off against what was taken back of the 9.00 after they
   were paid: 5.00 are left. */
static const struct written LEDGER[] = {
    {8, 20, HS_TRANSFER_EARN, 900, "cms_1", NULL, BLOG, "EUR"},
    {9, 1, HS_TRANSFER_RELEASE, 900, "cms_1", NULL, BLOG, "EUR"},
    {9, 2, HS_TRANSFER_EARN, 1000, "cms_2", NULL, BLOG, "EUR"},
    {9, 2, HS_TRANSFER_EARN, 7777, "cms_3", NULL, "hats-blog", "EUR"},
    {9, 3, HS_TRANSFER_PAY, 900, "cms_1", NULL, BLOG, "EUR"},
    {9, 5, HS_TRANSFER_CANCEL, 333, "cms_2", "=returned", BLOG, "EUR"},
    {9, 6, HS_TRANSFER_CLAW_BACK, 100, "cms_1", "returned", BLOG, "EUR"},
    {9, 7, HS_TRANSFER_EARN, 50, "cms_4", NULL, BLOG, "USD"},
    {9, 12, HS_TRANSFER_RELEASE, 667, "cms_2", NULL, BLOG, "EUR"},
    {9, 13, HS_TRANSFER_HOLD, 67, "cms_2", NULL, BLOG, "EUR"},
    {9, 14, HS_TRANSFER_SET_OFF, 100, "", NULL, BLOG, "EUR"},
    {10, 1, HS_TRANSFER_EARN, 500, "cms_5", NULL, BLOG, "EUR"},
};
#define LEDGER_COUNT (sizeof LEDGER / sizeof *LEDGER)

static int64_t moment_of(const struct written *written)
{
  return (int64_t)hs_day_of(2026, written->month, written->day) * HS_DAY_US + 12 * HS_HOUR_US;
}

static struct hs_currency currency_of(const char *code)
{
  struct hs_currency currency = {""};
  assert_true(hs_currency_parse(hs_str_of(code), &currency));
  return currency;
}

/* What the fake does wrong on purpose. */
struct fault {
  int loses_balances, has_unknown_kind;
};

static enum hs_status fake_transfers(void *self, struct hs_str party, int64_t from_us,
                                     int64_t until_us, hs_transfer_row_fn each, void *context,
                                     struct hs_err *err)
{
  const struct fault *fault = self;
  for (size_t i = 0; i < LEDGER_COUNT; i++) {
    const struct written *written = &LEDGER[i];
    struct hs_transfer_row row = {.number = i + 1,
                                  .kind = hs_str_of(hs_transfer_spec(written->kind)->word),
                                  .amount_minor = written->amount_minor,
                                  .currency = currency_of(written->currency),
                                  .reason = hs_str_of(written->reason),
                                  .effective_us = moment_of(written)};
    (void)snprintf(row.commission.text, sizeof row.commission.text, "%s", written->commission);
    if (fault->has_unknown_kind)
      row.kind = HS_STR("lend");
    if (!hs_str_equal(hs_str_of(written->party), party) || row.effective_us < from_us ||
        row.effective_us >= until_us)
      continue;
    enum hs_status status = each(context, &row, err);
    if (status != HS_OK)
      return status;
  }
  return HS_OK;
}

static enum hs_status give_balance(const struct written *written, enum hs_account_kind kind,
                                   int64_t debit, int64_t credit, hs_balance_row_fn each,
                                   void *context, struct hs_err *err)
{
  struct hs_balance_row row = {{kind, {NULL, 0}}, currency_of(written->currency), debit, credit};
  if (hs_account_is_partners(kind))
    row.account.party = hs_str_of(written->party);
  return each(context, &row, err);
}

/* The fold of each account whose first entry this is: found by looking at all entries for each. */
static enum hs_status fake_balances(void *self, int64_t until_us, hs_balance_row_fn each,
                                    void *context, struct hs_err *err)
{
  static const char *const PARTIES[] = {BLOG, "hats-blog"};
  static const char *const CURRENCIES[] = {"EUR", "USD"};
  const struct fault *fault = self;
  enum hs_status status = HS_OK;
  for (int k = 0; k < 4 * HS_ACCOUNT_KIND_COUNT && status == HS_OK; k++) {
    enum hs_account_kind kind = (enum hs_account_kind)(k / 4);
    const struct written *found = NULL;
    int64_t debit = 0;
    int64_t credit = 0;
    for (size_t i = 0; i < LEDGER_COUNT; i++) {
      const struct hs_transfer_spec *spec = hs_transfer_spec(LEDGER[i].kind);
      if (moment_of(&LEDGER[i]) >= until_us || strcmp(LEDGER[i].party, PARTIES[k % 2]) != 0 ||
          strcmp(LEDGER[i].currency, CURRENCIES[k / 2 % 2]) != 0)
        continue;
      found = &LEDGER[i];
      debit += spec->debit == kind ? LEDGER[i].amount_minor : 0;
      credit += spec->credit == kind ? LEDGER[i].amount_minor : 0;
    }
    if (found != NULL && !(fault->loses_balances && kind == HS_ACCOUNT_PAYABLE))
      status = give_balance(found, kind, debit, credit, each, context, err);
  }
  return status;
}

static enum hs_status fake_commission([[maybe_unused]] void *self, const struct hs_id *id,
                                      hs_commission_row_fn each, void *context, struct hs_err *err)
{
  char order[16];
  (void)snprintf(order, sizeof order, "order-%s", id->text + 4);
  struct hs_commission_row row = {.type = HS_STR("sale"),
                                  .order_id = hs_str_of(order),
                                  .agreement = HS_STR("standard-offer"),
                                  .version = 3,
                                  .rule = HS_STR("sales")};
  return each(context, &row, err);
}

static struct hs_ledger_reader fake(struct fault *fault)
{
  return (struct hs_ledger_reader){.self = fault,
                                   .transfers = fake_transfers,
                                   .balances = fake_balances,
                                   .commission = fake_commission};
}

static struct hs_commission_statement_options options_of(const char *period, const char *currency)
{
  struct hs_commission_statement_options options = {.partner = HS_STR(BLOG),
                                                    .period_name = hs_str_of(period),
                                                    .currency = currency_of(currency),
                                                    .zone = hs_zone_utc()};
  assert_int_equal(hs_parse_period(options.period_name, options.zone, &options.period, NULL),
                   HS_OK);
  return options;
}

static struct hs_commission_statement statement_of(const char *period, const char *currency)
{
  struct fault none = {0};
  struct hs_ledger_reader ledger = fake(&none);
  struct hs_commission_statement_options options = options_of(period, currency);
  struct hs_commission_statement statement;
  assert_int_equal(hs_commission_statement_make(&ledger, &options, &arena, &statement, NULL),
                   HS_OK);
  return statement;
}

/* ---- figures ---- */

static void what_happened_leads_from_before_to_after([[maybe_unused]] void **state)
{
  struct hs_commission_statement statement = statement_of("2026-09", "EUR");
  assert_int_equal(statement.before_minor[HS_ACCOUNT_PENDING], 900);
  assert_int_equal(statement.before_minor[HS_ACCOUNT_PAYABLE], 0);
  assert_int_equal(statement.after_minor[HS_ACCOUNT_PENDING], 0);
  assert_int_equal(statement.after_minor[HS_ACCOUNT_PAYABLE], 500);
  assert_int_equal(statement.after_minor[HS_ACCOUNT_DISPUTED], 67);
  assert_int_equal(statement.after_minor[HS_ACCOUNT_RECEIVABLE], 0);
  assert_int_equal(statement.total_minor[HS_TRANSFER_EARN], 1000);
  assert_int_equal(statement.total_minor[HS_TRANSFER_CLAW_BACK], 100);
  assert_int_equal(statement.entry_count, 8);
  assert_int_equal(statement.other_count, 1);
  int64_t effects = 0;
  for (size_t i = 0; i < statement.entry_count; i++)
    effects += hs_commission_entry_effect(&statement.entries[i]);
  assert_int_equal(effects, 500 + 67 - 900);
  assert_string_equal(statement.entries[3].order_id.data, "order-2");
  assert_int_equal(statement.entries[3].version, 3);
  assert_null(statement.entries[7].order_id.data); /* the set-off names no commission */
}

/* Between the claw-back and the set-off the partner owes 1.00, shown as what it is. */
static void what_the_partner_owes_is_above_zero([[maybe_unused]] void **state)
{
  struct hs_commission_statement statement = statement_of("2026-09-01..2026-09-10", "EUR");
  assert_int_equal(statement.after_minor[HS_ACCOUNT_RECEIVABLE], 100);
  struct hs_commission_statement later = statement_of("2026-09-11..2026-10-31", "EUR");
  assert_int_equal(later.before_minor[HS_ACCOUNT_RECEIVABLE], 100);
  assert_int_equal(later.after_minor[HS_ACCOUNT_PENDING], 500);
}

static void each_currency_has_a_statement_of_its_own([[maybe_unused]] void **state)
{
  struct hs_commission_statement statement = statement_of("2026-09", "USD");
  assert_int_equal(statement.entry_count, 1);
  assert_int_equal(statement.other_count, 8);
  assert_int_equal(statement.after_minor[HS_ACCOUNT_PENDING], 50);
  assert_int_equal(statement_of("2027", "USD").entry_count, 0);
}

static void a_statement_that_does_not_add_up_is_none([[maybe_unused]] void **state)
{
  struct fault fault = {.loses_balances = 1};
  struct hs_ledger_reader ledger = fake(&fault);
  struct hs_commission_statement_options options = options_of("2026-09", "EUR");
  struct hs_commission_statement statement = {.entry_count = 99};
  struct hs_err err = {0};
  assert_int_equal(hs_commission_statement_make(&ledger, &options, &arena, &statement, &err),
                   HS_CORRUPT);
  assert_string_equal(err.text, "the entries of shoes-blog do not lead to what the ledger says is "
                                "payable");
  fault = (struct fault){.has_unknown_kind = 1};
  assert_int_equal(hs_commission_statement_make(&ledger, &options, &arena, &statement, &err),
                   HS_CORRUPT);
  assert_string_equal(err.text, "ledger entry 2 has the unknown kind \"lend\"");
  assert_int_equal(statement.entry_count, 99);
}

/* ---- forms ---- */

typedef void (*write_fn)(const struct hs_commission_statement *statement, struct hs_buf *out);

static void write_text(const struct hs_commission_statement *statement, struct hs_buf *out)
{
  hs_commission_statement_text(statement, 160, out);
}

static const write_fn FORMS[] = {write_text, hs_commission_statement_json,
                                 hs_commission_statement_csv, hs_commission_statement_html};

static const char *form_of(const struct hs_commission_statement *statement, size_t form)
{
  struct hs_buf out = hs_buf_in(&arena);
  FORMS[form](statement, &out);
  assert_int_equal(hs_buf_status(&out, "a form", NULL), HS_OK);
  return out.data;
}

static void every_form_says_the_same([[maybe_unused]] void **state)
{
  struct hs_commission_statement statement = statement_of("2026-09", "EUR");
  statement.options.number = HS_STR("2026-0017");
  const char *text = form_of(&statement, 0);
  assert_non_null(strstr(text, "Commission statement 2026-0017 of 2026-09, in EUR"));
  assert_non_null(strstr(text, "taken back in the return period: =returned; standard-offer 3"));
  assert_non_null(strstr(text, "1 entry is of the period in other currencies"));
  json_t *root = json_loads(form_of(&statement, 1), JSON_REJECT_DUPLICATES, NULL);
  assert_non_null(root);
  assert_int_equal(json_array_size(json_object_get(root, "entries")), 8);
  assert_int_equal(
      json_integer_value(json_object_get(json_object_get(root, "after"), "payable_minor")), 500);
  json_decref(root);
  const char *csv = form_of(&statement, 2);
  assert_non_null(strstr(csv,
                         "\n2026-09-05T12:00:00Z,cancel,cms_2,sale,order-2,standard-offer,3,sales,"
                         "3.33,-3.33,EUR,\"'=returned\",\n"));
  assert_non_null(strstr(csv, "\n2026-09-14T12:00:00Z,set_off,,,,,,,1.00,0.00,EUR,,\n"));
  const char *html = form_of(&statement, 3);
  assert_non_null(
      strstr(html, "<td>owed to you</td><td class=\"n\">0.00</td><td class=\"n\">5.00"));
  assert_null(strstr(html, "<script"));
}

static void an_empty_period_is_said([[maybe_unused]] void **state)
{
  struct hs_commission_statement statement = statement_of("2027", "EUR");
  assert_non_null(strstr(form_of(&statement, 0), "Nothing happened in the period."));
  assert_non_null(strstr(form_of(&statement, 3), "Nothing happened in the period."));
  assert_non_null(strstr(form_of(&statement, 1), "\"entries\":[]}"));
}

static enum hs_status in_bounds([[maybe_unused]] void *context, struct hs_arena *bounded,
                                struct hs_err *err)
{
  struct fault none = {0};
  struct hs_ledger_reader ledger = fake(&none);
  struct hs_commission_statement_options options = options_of("2026-09", "EUR");
  struct hs_commission_statement statement;
  enum hs_status status = hs_commission_statement_make(&ledger, &options, bounded, &statement, err);
  for (size_t f = 0; f < sizeof FORMS / sizeof *FORMS && status == HS_OK; f++) {
    struct hs_buf out = hs_buf_in(bounded);
    FORMS[f](&statement, &out);
    status = hs_buf_status(&out, "a form", err);
  }
  return status;
}

static void every_capacity_either_suffices_or_is_said([[maybe_unused]] void **state)
{
  assert_true(fail_every_allocation(in_bounds, NULL) > 20);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_happened_leads_from_before_to_after),
      cmocka_unit_test(what_the_partner_owes_is_above_zero),
      cmocka_unit_test(each_currency_has_a_statement_of_its_own),
      cmocka_unit_test(a_statement_that_does_not_add_up_is_none),
      cmocka_unit_test(every_form_says_the_same),
      cmocka_unit_test(an_empty_period_is_said),
      cmocka_unit_test(every_capacity_either_suffices_or_is_said),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
