/* Proves service/general_ledger: a mapping by its faults, journals by hand, and over random
   transfers that every document balances, that a day's lines sum to its transfers, and that totals
   of both forms are the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "service/owe/general_ledger.h"
#include "support/capacity.h"
#include "support/faults.h"
#include "support/random.h"

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 512 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

/* ---- the mapping ---- */

#define WHOLE                                                                                      \
  "{\"kind\": \"expense\", \"number\": \"6500\", \"cost_centre\": \"P\"},"                         \
  "{\"kind\": \"pending\", \"number\": \"3000\"}, {\"kind\": \"payable\", \"number\": \"3300\"},"  \
  "{\"kind\": \"disputed\", \"number\": \"3310\"},"                                                \
  "{\"kind\": \"receivable\", \"number\": \"1400\"},"                                              \
  "{\"kind\": \"clearing\", \"number\": \"1460\"}, {\"kind\": \"bank\", \"number\": \"1800\"}"
#define MAPPING(more) "{\"accounts\": [" WHOLE more "]}"

static struct hs_gl_mapping mapping_of(const char *json)
{
  struct hs_gl_mapping out;
  struct hs_err err = {0};
  if (hs_gl_mapping_read(hs_str_of(json), &arena, &out, NULL, NULL, &err) != HS_OK)
    fail_msg("%s", err.text);
  return out;
}

static void a_mapping_is_checked_with_place_and_value([[maybe_unused]] void **state)
{
  static const struct {
    const char *json, *told;
  } ROWS[] = {
      {"{}", "accounts: missing"},
      {"{\"accounts\": [{\"kind\": \"expense\", \"number\": \"1\"}]}",
       "accounts: no account holds for all of pending\n"},
      {MAPPING(",{\"kind\": \"bank\", \"number\": \"9\"}"),
       "accounts[7]: accounts[6] maps the same already\n"},
      {MAPPING(",{\"kind\": \"bank\", \"party\": \"blog\", \"number\": \"9\"}"),
       "accounts[7].party: bank is an account of ours alone; no partner has one, got \"blog\"\n"},
      {MAPPING(",{\"kind\": \"bank\", \"currency\": \"eur\", \"number\": \"9\"}"),
       "accounts[7].currency: must be three capital letters of ISO 4217, got \"eur\"\n"},
      {MAPPING(",{\"kind\": \"reversals\", \"party\": \"blog\", \"number\": \"9\"}"),
       "accounts[7].party: reversals is an account of ours alone"},
      {MAPPING(",{\"kind\": \"loan\", \"number\": \"9\"}"), "accounts[7].kind: must be one of"},
      {MAPPING(",{\"kind\": \"bank\", \"number\": 9}"),
       "accounts[7].number: must be text, got a whole number\n"},
      {MAPPING(",{\"kind\": \"payable\", \"party\": \"blog\"}"), "accounts[7].number: missing"},
      {MAPPING(",{\"kind\": \"payable\", \"part\": \"blog\", \"number\": \"1\"}"),
       "did you mean \"party\"?"},
  };
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
    struct hs_gl_mapping out;
    struct faults_told told = {0};
    struct hs_err err = {0};
    assert_int_equal(
        hs_gl_mapping_read(hs_str_of(ROWS[i].json), &arena, &out, take_fault, &told, &err),
        HS_INVALID);
    if (strstr(told.all, ROWS[i].told) == NULL)
      fail_msg("wanted %s got %s", ROWS[i].told, told.all);
    assert_true(err.text[0] != '\0');
  }
}

static void the_example_of_the_documentation_is_a_mapping([[maybe_unused]] void **state)
{
  struct hs_str json = {0};
  struct hs_gl_mapping out;
  assert_int_equal(hs_io_read_file(hs_io_real(), &arena,
                                   HANSA_SOURCE_DIR "/docs/examples/account-mapping.json", HS_MIB,
                                   &json, NULL),
                   HS_OK);
  assert_int_equal(hs_gl_mapping_read(json, &arena, &out, NULL, NULL, NULL), HS_OK);
}

/* ---- journals ---- */

static struct hs_transfer_row transfer(uint64_t number, enum hs_transfer_kind kind,
                                       const char *party, int64_t amount_minor,
                                       const char *currency, int64_t at_us)
{
  const struct hs_transfer_spec *spec = hs_transfer_spec(kind);
  struct hs_transfer_row row = {.number = number,
                                .kind = hs_str_of(spec->word),
                                .debit = {.kind = spec->debit},
                                .credit = {.kind = spec->credit},
                                .amount_minor = amount_minor,
                                .effective_us = at_us};
  assert_true(hs_currency_parse(hs_str_of(currency), &row.currency));
  if (hs_account_is_partners(spec->debit))
    row.debit.party = hs_str_of(party);
  if (hs_account_is_partners(spec->credit))
    row.credit.party = hs_str_of(party);
  return row;
}

#define NOON(day) (hs_day_of(2026, 9, day) * HS_DAY_US + 12 * HS_HOUR_US)

/* In the order of their numbers, not of their days. */
static size_t small_ledger(struct hs_transfer_row out[6])
{
  out[0] = transfer(1, HS_TRANSFER_EARN, "blog", 1000, "EUR", NOON(2));
  out[1] = transfer(2, HS_TRANSFER_EARN, "shop", 250, "EUR", NOON(2));
  out[2] = transfer(3, HS_TRANSFER_EARN, "blog", 700, "JPY", NOON(2));
  out[3] = transfer(4, HS_TRANSFER_CANCEL, "blog", 333, "EUR", NOON(1));
  out[4] = transfer(5, HS_TRANSFER_PAY, "blog", 667, "EUR", NOON(2));
  out[5] = transfer(6, HS_TRANSFER_SETTLE, "blog", 667, "EUR", NOON(2));
  out[4].reference = HS_STR("=pay_1");
  return 6;
}

static struct hs_gl make(const struct hs_transfer_row *transfers, size_t count,
                         const struct hs_gl_mapping *mapping, enum hs_gl_detail detail)
{
  struct hs_gl gl;
  struct hs_err err = {0};
  if (hs_gl_make(&(struct hs_gl_input){.transfers = transfers, .transfer_count = count}, mapping,
                 detail, hs_zone_utc(), &arena, &gl, &err) != HS_OK)
    fail_msg("%s", err.text);
  return gl;
}

static const char *csv(const struct hs_gl *gl)
{
  struct hs_buf out = hs_buf_in(&arena);
  hs_gl_csv(gl, &out);
  assert_int_equal(hs_buf_status(&out, "CSV", NULL), HS_OK);
  return out.data;
}

static void each_transfer_is_two_lines_of_one_document([[maybe_unused]] void **state)
{
  struct hs_transfer_row transfers[6];
  size_t count = small_ledger(transfers);
  struct hs_gl_mapping mapping =
      mapping_of(MAPPING(",{\"kind\": \"payable\", \"party\": \"blog\", \"number\": \"3301\"},"
                         "{\"kind\": \"pending\", \"currency\": \"JPY\", \"number\": \"3001\"},"
                         "{\"kind\": \"pending\", \"party\": \"shop\", \"number\": \"3002\"}"));
  struct hs_gl gl = make(transfers, count, &mapping, HS_GL_TRANSFERS);
  assert_string_equal(csv(&gl),
                      "date,document,account,cost_centre,debit,credit,currency,text,party\n"
                      "2026-09-01,T4,3000,,3.33,,EUR,taken back in the return period,blog\n"
                      "2026-09-01,T4,6500,P,,3.33,EUR,taken back in the return period,\n"
                      "2026-09-02,T1,6500,P,10.00,,EUR,commission earned,\n"
                      "2026-09-02,T1,3000,,,10.00,EUR,commission earned,blog\n"
                      "2026-09-02,T2,6500,P,2.50,,EUR,commission earned,\n"
                      "2026-09-02,T2,3002,,,2.50,EUR,commission earned,shop\n"
                      "2026-09-02,T5,3301,,6.67,,EUR,sent (=pay_1),blog\n"
                      "2026-09-02,T5,1460,,,6.67,EUR,sent (=pay_1),\n"
                      "2026-09-02,T6,1460,,6.67,,EUR,arrived,\n"
                      "2026-09-02,T6,1800,,,6.67,EUR,arrived,\n"
                      "2026-09-02,T3,6500,P,700,,JPY,commission earned,\n"
                      "2026-09-02,T3,3001,,,700,JPY,commission earned,blog\n");
  assert_int_equal(gl.total_count, 2);
  assert_string_equal(gl.totals[0].currency.code, "EUR");
  assert_int_equal(gl.totals[0].debit_minor, 333 + 1000 + 250 + 667 + 667);
  assert_int_equal(gl.totals[1].credit_minor, 700);
}

static void a_day_is_a_document_of_sums([[maybe_unused]] void **state)
{
  struct hs_transfer_row transfers[6];
  size_t count = small_ledger(transfers);
  struct hs_gl_mapping mapping = mapping_of(MAPPING(""));
  struct hs_gl gl = make(transfers, count, &mapping, HS_GL_DAYS);
  struct hs_buf json = hs_buf_in(&arena);
  assert_string_equal(csv(&gl),
                      "date,document,account,cost_centre,debit,credit,currency,text,party\n"
                      "2026-09-01,2026-09-01-EUR,3000,,3.33,,EUR,partners: 1 posting,\n"
                      "2026-09-01,2026-09-01-EUR,6500,P,,3.33,EUR,partners: 1 posting,\n"
                      "2026-09-02,2026-09-02-EUR,1460,,6.67,,EUR,partners: 1 posting,\n"
                      "2026-09-02,2026-09-02-EUR,3300,,6.67,,EUR,partners: 1 posting,\n"
                      "2026-09-02,2026-09-02-EUR,6500,P,12.50,,EUR,partners: 2 postings,\n"
                      "2026-09-02,2026-09-02-EUR,1460,,,6.67,EUR,partners: 1 posting,\n"
                      "2026-09-02,2026-09-02-EUR,1800,,,6.67,EUR,partners: 1 posting,\n"
                      "2026-09-02,2026-09-02-EUR,3000,,,12.50,EUR,partners: 2 postings,\n"
                      "2026-09-02,2026-09-02-JPY,6500,P,700,,JPY,partners: 1 posting,\n"
                      "2026-09-02,2026-09-02-JPY,3000,,,700,JPY,partners: 1 posting,\n");
  gl.line_count = 1;
  hs_gl_json(&gl, &json);
  assert_string_equal(
      json.data,
      "{\"lines\": [\n  {\"date\": \"2026-09-01\", \"document\": \"2026-09-01-EUR\", \"account\": "
      "\"3000\", \"cost_centre\": null, \"text\": \"partners: 1 posting\", \"party\": null, "
      "\"estimate\": false, "
      "\"currency\": \"EUR\", \"debit_minor\": 333, \"credit_minor\": 0}],\n \"totals\": [\n  "
      "{\"currency\": \"EUR\", \"debit_minor\": 2917, \"credit_minor\": 2917},\n  {\"currency\": "
      "\"JPY\", \"debit_minor\": 700, \"credit_minor\": 700}]}\n");
}

static void text_of_others_is_no_formula([[maybe_unused]] void **state)
{
  struct hs_transfer_row one = transfer(1, HS_TRANSFER_EARN, "=cmd", 1, "EUR", NOON(2));
  struct hs_gl_mapping mapping = mapping_of(MAPPING(""));
  one.kind = HS_STR("+odd");
  struct hs_gl gl = make(&one, 1, &mapping, HS_GL_TRANSFERS);
  assert_non_null(strstr(csv(&gl), "'+odd"));
  assert_non_null(strstr(csv(&gl), "'=cmd"));
}

static void nothing_gives_an_empty_journal([[maybe_unused]] void **state)
{
  struct hs_gl_mapping mapping = mapping_of(MAPPING(""));
  struct hs_gl gl = make(NULL, 0, &mapping, HS_GL_DAYS);
  assert_int_equal(gl.line_count + gl.total_count, 0);
}

static void sums_that_do_not_fit_are_told([[maybe_unused]] void **state)
{
  struct hs_transfer_row two[] = {
      transfer(1, HS_TRANSFER_EARN, "blog", INT64_MAX, "EUR", NOON(2)),
      transfer(2, HS_TRANSFER_EARN, "blog", 1, "EUR", NOON(2)),
  };
  struct hs_gl_mapping mapping = mapping_of(MAPPING(""));
  struct hs_gl gl = {0};
  struct hs_err err = {0};
  for (int detail = HS_GL_TRANSFERS; detail <= HS_GL_DAYS; detail++)
    assert_int_equal(hs_gl_make(&(struct hs_gl_input){.transfers = two, .transfer_count = 2},
                                &mapping, (enum hs_gl_detail)detail, hs_zone_utc(), &arena, &gl,
                                &err),
                     HS_INVALID);
  assert_string_equal(err.text, "the postings in EUR come to more than fits");
  assert_null(gl.lines);
}

/* A quarter to midnight in UTC is the next day in a zone that is an hour ahead. */
static void days_are_those_of_the_zone([[maybe_unused]] void **state)
{
  const struct hs_zone *zone = NULL;
  struct hs_transfer_row one = transfer(1, HS_TRANSFER_EARN, "blog", 1, "EUR",
                                        NOON(2) + 11 * HS_HOUR_US + 45 * HS_MINUTE_US);
  struct hs_gl_mapping mapping = mapping_of(MAPPING(""));
  struct hs_gl gl;
  assert_int_equal(hs_zone_open(&arena, hs_io_real(), HS_STR("+01:00"), &zone, NULL), HS_OK);
  assert_int_equal(hs_gl_make(&(struct hs_gl_input){.transfers = &one, .transfer_count = 1},
                              &mapping, HS_GL_DAYS, zone, &arena, &gl, NULL),
                   HS_OK);
  assert_int_equal(gl.lines[0].day, hs_day_of(2026, 9, 3));
}

/* ---- any ledger ---- */

static void check_documents(const struct hs_gl *gl)
{
  int64_t balance = 0;
  for (size_t i = 0; i < gl->line_count; i++) {
    const struct hs_gl_line *line = &gl->lines[i];
    assert_true((line->debit_minor > 0) != (line->credit_minor > 0));
    if (i > 0 && !hs_str_equal(line->document, gl->lines[i - 1].document)) {
      assert_int_equal(balance, 0);
      assert_true(line->day >= gl->lines[i - 1].day);
    }
    balance += line->debit_minor - line->credit_minor;
  }
  assert_int_equal(balance, 0);
}

static void every_document_of_any_ledger_balances([[maybe_unused]] void **state)
{
  static const char *const CURRENCIES[] = {"EUR", "USD", "JPY"};
  static const char *const PARTIES[] = {"blog", "shop", "app"};
  static struct hs_transfer_row transfers[400];
  struct hs_gl_mapping mapping =
      mapping_of(MAPPING(",{\"kind\": \"payable\", \"party\": \"blog\", \"number\": \"3300\"},"
                         "{\"kind\": \"bank\", \"currency\": \"USD\", \"number\": \"1460\"}"));
  uint64_t random = 77;
  for (int round = 0; round < 300; round++) {
    size_t mark = hs_arena_mark(&arena);
    size_t count = next_random(&random) % 400;
    int64_t sum = 0;
    for (size_t t = 0; t < count; t++) {
      enum hs_transfer_kind kind =
          (enum hs_transfer_kind)((next_random(&random) >> 20) % HS_TRANSFER_KIND_COUNT);
      transfers[t] = transfer(t + 1, kind, PARTIES[(next_random(&random) >> 20) % 3],
                              1 + (int64_t)(next_random(&random) % 100000),
                              CURRENCIES[(next_random(&random) >> 20) % 3],
                              NOON(1 + (int)((next_random(&random) >> 20) % 28)));
      sum += transfers[t].amount_minor;
    }
    struct hs_gl single = make(transfers, count, &mapping, HS_GL_TRANSFERS);
    struct hs_gl days = make(transfers, count, &mapping, HS_GL_DAYS);
    int64_t totals = 0;
    check_documents(&single);
    check_documents(&days);
    assert_int_equal(single.total_count, days.total_count);
    for (size_t t = 0; t < days.total_count; t++) {
      assert_int_equal(single.totals[t].debit_minor, days.totals[t].debit_minor);
      totals += days.totals[t].credit_minor;
    }
    assert_int_equal(totals, sum);
    hs_arena_reset(&arena, mark);
  }
}

static enum hs_status make_in(void *context, struct hs_arena *bounded, struct hs_err *err)
{
  struct hs_gl_mapping mapping;
  struct hs_transfer_row transfers[6];
  struct hs_gl gl;
  size_t count = small_ledger(transfers);
  enum hs_status status =
      hs_gl_mapping_read(hs_str_of(context), bounded, &mapping, NULL, NULL, err);
  for (int detail = HS_GL_TRANSFERS; detail <= HS_GL_DAYS && status == HS_OK; detail++)
    status = hs_gl_make(&(struct hs_gl_input){.transfers = transfers, .transfer_count = count},
                        &mapping, (enum hs_gl_detail)detail, hs_zone_utc(), bounded, &gl, err);
  return status;
}

static void a_full_arena_is_an_answer([[maybe_unused]] void **state)
{
  char json[] = MAPPING("");
  assert_true(fail_every_allocation(make_in, json) > 20);
}

/* What a close expected stands on its last day, and goes at the next one, before what that expects.
 */
static void estimates_have_documents_of_their_own_and_balance([[maybe_unused]] void **state)
{
  struct hs_gl_mapping mapping =
      mapping_of(MAPPING(",{\"kind\": \"reversals\", \"number\": \"3390\"}"));
  struct hs_gl_mapping without = mapping_of(MAPPING(""));
  struct hs_transfer_row earned =
      transfer(1, HS_TRANSFER_EARN, "blog", 1000, "EUR", 59 * HS_DAY_US - 1);
  struct hs_gl_estimate expected = {.at_us = 59 * HS_DAY_US - 1,
                                    .period = HS_STR("1970-02"),
                                    .currency = earned.currency,
                                    .amount_minor = 120,
                                    .low_minor = 80,
                                    .high_minor = 170,
                                    .level_percent = 90};
  struct hs_gl_estimate taken_out = expected;
  taken_out.period = HS_STR("1970-01");
  taken_out.amount_minor = 90;
  taken_out.is_taken_out = 1;
  struct hs_gl_estimate estimates[] = {taken_out, expected};
  struct hs_gl_input input = {&earned, 1, estimates, 2};
  struct hs_gl gl;
  assert_int_equal(hs_gl_make(&input, &mapping, HS_GL_DAYS, hs_zone_utc(), &arena, &gl, NULL),
                   HS_OK);
  assert_string_equal(
      csv(&gl),
      "date,document,account,cost_centre,debit,credit,currency,text,party\n"
      "1970-02-28,1970-02-28-EUR,6500,P,10.00,,EUR,partners: 1 posting,\n"
      "1970-02-28,1970-02-28-EUR,3000,,,10.00,EUR,partners: 1 posting,\n"
      "1970-02-28,E-1970-02-EUR,3390,,1.20,,EUR,\"estimate: expected to be taken back, 0.80 to "
      "1.70 at 90 %\",\n"
      "1970-02-28,E-1970-02-EUR,6500,P,,1.20,EUR,\"estimate: expected to be taken back, 0.80 to "
      "1.70 at 90 %\",\n"
      "1970-02-28,R-1970-01-EUR,6500,P,0.90,,EUR,estimate of 1970-01 taken out again,\n"
      "1970-02-28,R-1970-01-EUR,3390,,,0.90,EUR,estimate of 1970-01 taken out again,\n");
  assert_int_equal(gl.estimates_left_out, 0);
  assert_int_equal(gl.totals[0].debit_minor, 1210);
  assert_int_equal(hs_gl_make(&input, &mapping, HS_GL_TRANSFERS, hs_zone_utc(), &arena, &gl, NULL),
                   HS_OK);
  assert_int_equal(gl.line_count, 6);
  assert_false(gl.lines[1].is_estimate);
  assert_true(gl.lines[2].is_estimate);
  assert_int_equal(hs_gl_make(&input, &without, HS_GL_DAYS, hs_zone_utc(), &arena, &gl, NULL),
                   HS_OK);
  assert_int_equal(gl.line_count, 2);
  assert_int_equal(gl.estimates_left_out, 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_mapping_is_checked_with_place_and_value),
      cmocka_unit_test(the_example_of_the_documentation_is_a_mapping),
      cmocka_unit_test(each_transfer_is_two_lines_of_one_document),
      cmocka_unit_test(a_day_is_a_document_of_sums),
      cmocka_unit_test(text_of_others_is_no_formula),
      cmocka_unit_test(nothing_gives_an_empty_journal),
      cmocka_unit_test(sums_that_do_not_fit_are_told),
      cmocka_unit_test(days_are_those_of_the_zone),
      cmocka_unit_test(every_document_of_any_ledger_balances),
      cmocka_unit_test(a_full_arena_is_an_answer),
      cmocka_unit_test(estimates_have_documents_of_their_own_and_balance),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
