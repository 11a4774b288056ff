/* Proves service/report_words and the four forms of a report: figures and sentences letter for
   letter, on a report made by hand; text from data escaped in each form; nothing missing in silence
   when memory runs out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include <jansson.h>

#include "service/believe/report_words.h"
#include "support/capacity.h"
#include "support/columns.h"
#include "support/report.h"

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 4 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

/* ---- figures ---- */

static void figures_are_grouped_and_cut([[maybe_unused]] void **state)
{
  static const struct {
    double value;
    int digits;
    const char *text;
  } CASES[] = {
      {0, 0, "0"},
      {999, 0, "999"},
      {1000, 0, "1,000"},
      {12345.6, 0, "12,346"},
      {1234567.891, 2, "1,234,567.89"},
      {-1234, 0, "-1,234"},
      {-123, 0, "-123"},
      {-0.4, 0, "0"},
      {-0.001, 2, "0.00"}, /* a rounding error below zero is no debt */
      {-0.01, 2, "-0.01"},
      {1e15, 0, "1,000,000,000,000,000"},
      {1.1e15, 0, "–"},
      {(double)NAN, 0, "–"},
      {(double)-INFINITY, 2, "–"},
  };
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    char text[HS_FIGURE_TEXT];
    hs_figure(CASES[i].value, CASES[i].digits, text);
    assert_string_equal(text, CASES[i].text);
  }
}

/* Half an order is not none. */
static void few_orders_have_a_digit([[maybe_unused]] void **state)
{
  static const struct {
    double orders;
    const char *text;
  } CASES[] = {{0.5, "0.5"}, {9.94, "9.9"}, {9.95, "10"}, {1345.4, "1,345"}, {(double)NAN, "–"}};
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    char text[HS_FIGURE_TEXT];
    hs_figure_orders(CASES[i].orders, text);
    assert_string_equal(text, CASES[i].text);
  }
}

static void ranges_and_shares_say_when_there_is_none([[maybe_unused]] void **state)
{
  char range[HS_FIGURE_RANGE_TEXT];
  char share[HS_FIGURE_TEXT];
  hs_figure_range(1000, 2500.4, range);
  assert_string_equal(range, "1,000–2,500");
  hs_figure_range((double)NAN, 5, range);
  assert_string_equal(range, "–");
  hs_figure_range(5, (double)NAN, range);
  assert_string_equal(range, "–");
  hs_figure_range(-1e15, -1e15, range); /* the longest */
  assert_string_equal(range, "-1,000,000,000,000,000–-1,000,000,000,000,000");
  static const struct {
    double share;
    const char *text;
  } SHARES[] = {{0, "0.0 %"},   {0.05, "5.0 %"}, {0.0994, "9.9 %"}, {0.0996, "10 %"},
                {0.34, "34 %"}, {1, "100 %"},    {(double)NAN, "–"}};
  for (size_t i = 0; i < sizeof SHARES / sizeof *SHARES; i++) {
    hs_figure_share(SHARES[i].share, share);
    assert_string_equal(share, SHARES[i].text);
  }
}

static void every_model_has_a_title([[maybe_unused]] void **state)
{
  for (int kind = 0; kind < HS_MODEL_KIND_COUNT; kind++)
    assert_true(strlen(hs_model_title((enum hs_model_kind)kind)) > 3);
}

/* ---- sentences ---- */

typedef void (*words_fn)(const struct hs_report *report, struct hs_buf *out);

static const char *say(words_fn words, const struct hs_report *report)
{
  struct hs_buf out = hs_buf_in(&arena);
  words(report, &out);
  assert_int_equal(hs_buf_status(&out, "a sentence", NULL), HS_OK);
  return out.length == 0 ? "" : out.data;
}

static void sentences_carry_their_figures([[maybe_unused]] void **state)
{
  const struct hs_report *report = test_report();
  assert_string_equal(say(hs_words_period, report),
                      "2026-07-01 to 2026-09-30 (UTC), attributed revenue in EUR by Markov chain, "
                      "look-back 30 days, intervals at 90 %");
  assert_string_equal(say(hs_words_claims, report),
                      "Partners together could claim 1.9 times what was sold: each order counted "
                      "in full for everyone who touched it, against 12,346 EUR sold with a partner "
                      "in the path.");
  assert_non_null(strstr(say(hs_words_favourites, report), " 1.25 times "));
  assert_string_equal(say(hs_words_untracked, report),
                      "2,500 EUR of revenue (25 %, 40 orders) has no touchpoint behind it: nobody "
                      "is given it here.");
  assert_string_equal(say(hs_words_joined, report),
                      "13 of 200 orders with a path (6.5 %) rest on joined customers: without the "
                      "evidence that joins their ids, their paths would be others.");
  assert_non_null(strstr(say(hs_words_source, report), "up to entry 77;"));
  assert_non_null(strstr(say(hs_words_limits, report), hs_model_meaning(HS_MODEL_MARKOV)));
}

static void the_loss_says_whether_it_is_known([[maybe_unused]] void **state)
{
  struct hs_report *report = test_report();
  assert_non_null(strstr(say(hs_words_loss, report), "If 25 % of touchpoints were not seen"));
  assert_non_null(strstr(say(hs_words_loss, report), "is not known"));
  report->is_loss_assumed = 0;
  assert_null(strstr(say(hs_words_loss, report), "is not known"));
  assert_non_null(strstr(say(hs_words_loss, report), "was given for this report"));
}

static void activity_is_told_with_its_cost([[maybe_unused]] void **state)
{
  struct hs_report *report = test_report();
  struct hs_buf out = hs_buf_in(&arena);
  hs_words_idle(report, &report->idle[0], &out);
  assert_string_equal(out.data, "Letter <i>: 4,000 subscribers, 120,000 impressions, no order in "
                                "90 days, cost 2,300.00 EUR and 12 hours");
  report->idle[0] = (struct hs_report_idle){.title = HS_STR("Quiet"), .reach = 7};
  hs_buf_clear(&out);
  hs_words_idle(report, &report->idle[0], &out);
  assert_string_equal(out.data, "Quiet: 7 reach, no order in 90 days, no cost recorded");
  report->idle[0].has_other_currency_cost = 1;
  hs_buf_clear(&out);
  hs_words_idle(report, &report->idle[0], &out);
  assert_string_equal(out.data,
                      "Quiet: 7 reach, no order in 90 days, cost money of other currencies");
  report->idle[0].hours = 3;
  hs_buf_clear(&out);
  hs_words_idle(report, &report->idle[0], &out);
  assert_string_equal(out.data, "Quiet: 7 reach, no order in 90 days, cost money of other "
                                "currencies and 3 hours");
}

static void what_is_left_out_is_named_and_nothing_else([[maybe_unused]] void **state)
{
  struct hs_report *report = test_report();
  assert_string_equal(say(hs_words_left_out, report), "");
  report->analysis.stats.orders_taken_back = 2;
  assert_string_equal(say(hs_words_left_out, report),
                      "Left out: 2 orders that were taken back whole.");
  report->analysis.stats.orders_taken_back = 1;
  assert_string_equal(say(hs_words_left_out, report),
                      "Left out: 1 order that was taken back whole.");
  report->analysis.stats.orders_taken_back = 2;
  report->analysis.stats.orders_other_currency = 1200;
  report->conflict_count = 3;
  assert_string_equal(say(hs_words_left_out, report),
                      "Left out: 1,200 orders in other currencies, 2 orders that were taken back "
                      "whole, 3 events that contradict earlier ones.");
  *report = (struct hs_report){.stray_refunds = {.order_unknown = 1, .other_currency = 1}};
  assert_string_equal(
      say(hs_words_left_out, report),
      "Left out: 1 refund that names an order that is not here, 1 refund in another "
      "currency than its order.");
  report->stray_refunds = (struct hs_stray_refunds){1300, 2};
  assert_string_equal(say(hs_words_left_out, report),
                      "Left out: 1,300 refunds that name an order that is not here, 2 refunds in "
                      "another currency than their orders.");
}

static void one_of_a_thing_is_one([[maybe_unused]] void **state)
{
  struct hs_report *report = test_report();
  struct hs_buf out = hs_buf_in(&arena);
  report->options.look_back_us = HS_DAY_US;
  report->options.activity_days = 1;
  report->analysis.stats.orders_joined = 1;
  report->analysis.stats.orders_without_path = 1;
  report->idle[0] = (struct hs_report_idle){
      .title = HS_STR("Quiet"), .subscribers = 1, .impressions = 1, .hours = 1};
  assert_non_null(strstr(say(hs_words_period, report), "look-back 1 day,"));
  assert_non_null(strstr(say(hs_report_html, report), "without a path, 1 order</div>"));
  assert_string_equal(say(hs_words_joined, report),
                      "1 of 200 orders with a path (0.5 %) rests on joined customers: without the "
                      "evidence that joins their ids, its path would be another.");
  hs_words_idle(report, &report->idle[0], &out);
  assert_string_equal(out.data,
                      "Quiet: 1 subscriber, 1 impression, no order in 1 day, cost 1 hour");
}

static void without_sales_nothing_is_claimed([[maybe_unused]] void **state)
{
  struct hs_report *report = test_report();
  report->claimed_ratio = report->favourite_ratio = (double)NAN;
  report->revenue_with_path = report->revenue_without_path = 0;
  report->analysis.stats = (struct hs_journey_stats){0};
  assert_non_null(strstr(say(hs_words_claims, report), "nothing to claim"));
  assert_string_equal(say(hs_words_favourites, report), "");
  assert_non_null(strstr(say(hs_words_untracked, report), "0 EUR of revenue (–, 0 orders)"));
  assert_non_null(strstr(say(hs_words_joined, report), "0 of 0 orders with a path (0.0 %)"));
}

/* ---- forms ---- */

static void as_narrow_text(const struct hs_report *report, struct hs_buf *out)
{
  hs_report_text(report, &(struct hs_report_style){.width = 80}, out);
}

static void as_wide_text(const struct hs_report *report, struct hs_buf *out)
{
  hs_report_text(report, &(struct hs_report_style){.width = 140, .has_colour = 1}, out);
}

static const words_fn FORMS[] = {as_narrow_text, as_wide_text, hs_report_json, hs_report_csv,
                                 hs_report_html};

static void text_from_data_is_escaped([[maybe_unused]] void **state)
{
  const struct hs_report *report = test_report();
  const char *html = say(hs_report_html, report);
  assert_null(strstr(html, "<b>\""));
  assert_null(strstr(html, "S\xC3\xB6hne\" <b>"));
  assert_null(strstr(html, "alpha <b>"));
  assert_null(strstr(html, "Letter <i>"));
  assert_non_null(strstr(html, "=Blog &amp; &quot;S\xC3\xB6hne&quot; &lt;b&gt;"));
  assert_non_null(strstr(say(hs_report_csv, report),
                         "\nblog,\"'=Blog & \"\"S\xC3\xB6hne\"\" <b>\",1,1,0,EUR,5400.25,"));
  json_t *object = json_loads(say(hs_report_json, report), JSON_REJECT_DUPLICATES, NULL);
  assert_non_null(object);
  json_t *line = json_array_get(json_object_get(object, "lines"), 0);
  assert_string_equal(json_string_value(json_object_get(line, "title")), TEST_REPORT_TITLE);
  json_decref(object);
}

/* What is owed stands in the text, on the page and in the JSON, partner by partner; the CSV is of
   the trackable view alone. */
static void money_owed_is_another_question([[maybe_unused]] void **state)
{
  struct hs_report *report = test_report();
  const char *text = say(as_narrow_text, report);
  const char *html = say(hs_report_html, report);
  assert_non_null(strstr(text, "\nMoney owed\n"));
  assert_non_null(strstr(html, "owed by the agreements, at the end of 2026-09-30. It is exact"));
  assert_non_null(strstr(
      text,
      "     1200.50      640.00           \xE2\x80\x93           \xE2\x80\x93     2500.00\n"));
  assert_non_null(strstr(text, "  Podcast                     \xE2\x80\x93           \xE2\x80\x93  "
                               "     15.00       42.00           \xE2\x80\x93\n"));
  assert_non_null(strstr(strstr(text, "\n  JPY "), "         700 "));
  assert_non_null(strstr(html, "<h2 id=\"money-owed\">Money owed</h2>"));
  assert_non_null(strstr(html,
                         "<th scope=\"row\">Podcast</th><td>\xE2\x80\x93</td><td>\xE2\x80\x93</td>"
                         "<td>15.00 EUR</td><td>42.00 EUR</td>"));
  assert_null(strstr(say(hs_report_csv, report), "owed"));
  json_t *object = json_loads(say(hs_report_json, report), JSON_REJECT_DUPLICATES, NULL);
  json_t *money = json_object_get(object, "money_owed");
  json_t *line = json_array_get(json_object_get(money, "lines"), 1);
  assert_int_equal(json_array_size(json_object_get(money, "lines")), 3);
  assert_true(json_is_true(json_object_get(money, "signed")));
  assert_int_equal(json_integer_value(json_object_get(line, "under_investigation_minor")), 1500);
  assert_int_equal(json_integer_value(json_object_get(line, "to_be_set_off_minor")), 4200);
  json_decref(object);
}

static void money_says_why_there_is_none_and_what_to_do([[maybe_unused]] void **state)
{
  struct hs_report *report = test_report();
  report->money = (struct hs_report_money){.as_of_us = INT64_MAX};
  assert_non_null(strstr(say(hs_report_html, report),
                         "No agreement is signed yet, so nothing is owed to anybody."));
  assert_non_null(strstr(say(hs_report_html, report), "To begin: hansa agreement new, then"));
  assert_non_null(strstr(say(hs_report_html, report), "by the agreements, as of now."));
  report->money.is_signed = 1;
  assert_non_null(strstr(say(as_narrow_text, report), "Nothing was earned yet"));
  report->money.stopped = HS_STR("ledger, sequence 7: <damaged>");
  const char *html = say(hs_report_html, report);
  assert_non_null(strstr(html, "sequence 7: &lt;damaged&gt;. What to do: hansa ledger alarms"));
}

/* Fields in quotes do not hold line breaks in this report, so that lines are records. */
static void every_record_of_the_csv_has_as_many_fields([[maybe_unused]] void **state)
{
  struct hs_str rest = hs_str_of(say(hs_report_csv, test_report()));
  size_t expected = 0;
  size_t record_count = 0;
  for (; rest.length > 0; record_count++) {
    struct hs_str line = hs_str_cut(&rest, '\n');
    size_t count = 1;
    int is_quoted = 0;
    for (size_t i = 0; i < line.length; i++) {
      is_quoted ^= line.data[i] == '"';
      count += line.data[i] == ',' && !is_quoted;
    }
    expected = record_count == 0 ? count : expected;
    assert_int_equal(count, expected);
  }
  assert_int_equal(record_count, 1 + test_report()->line_count);
}

static void colours_are_for_terminals_alone([[maybe_unused]] void **state)
{
  assert_null(strchr(say(as_narrow_text, test_report()), '\033'));
  assert_non_null(strchr(say(as_wide_text, test_report()), '\033'));
}

/* Names and sentences of any length among them. */
static void no_line_is_wider_than_the_terminal([[maybe_unused]] void **state)
{
  static char title[400];
  memset(title, 'm', sizeof title);
  struct hs_report *report = test_report();
  report->idle[0].title = (struct hs_str){title, sizeof title};
  report->lines[0].title = (struct hs_str){title, sizeof title};
  report->path_lines[1].channel = (struct hs_str){title, sizeof title};
  report->analysis.refused = "no order of the period has a path behind it, and this is a reason "
                             "that is longer than a line of the terminal is";
  for (int width = 80; width < 150; width++) {
    struct hs_buf out = hs_buf_in(&arena);
    hs_report_text(report, &(struct hs_report_style){.width = width}, &out);
    assert_int_equal(hs_buf_status(&out, "the report", NULL), HS_OK);
    assert_in_range(columns_of(out.data), 40, width);
    assert_non_null(strstr(strstr(out.data, "Imported paths"), "Not enough data"));
  }
}

struct expected_form {
  words_fn write;
  const char *text;
};

static enum hs_status write_bounded(void *context, struct hs_arena *bounded, struct hs_err *err)
{
  const struct expected_form *expected = context;
  struct hs_buf out = hs_buf_in(bounded);
  expected->write(test_report(), &out);
  enum hs_status status = hs_buf_status(&out, "the report", err);
  if (status == HS_OK)
    assert_string_equal(out.data, expected->text);
  return status;
}

/* A sentence is written aside before it is laid out: when there is no room for it, the report fails
   as a whole and is not printed without it. */
static void every_allocation_of_every_form_may_fail([[maybe_unused]] void **state)
{
  for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
    struct expected_form expected = {FORMS[i], say(FORMS[i], test_report())};
    assert_true(fail_every_allocation(write_bounded, &expected) >= 2);
  }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(figures_are_grouped_and_cut),
      TEST(few_orders_have_a_digit),
      TEST(ranges_and_shares_say_when_there_is_none),
      TEST(every_model_has_a_title),
      TEST(sentences_carry_their_figures),
      TEST(the_loss_says_whether_it_is_known),
      TEST(activity_is_told_with_its_cost),
      TEST(what_is_left_out_is_named_and_nothing_else),
      TEST(one_of_a_thing_is_one),
      TEST(without_sales_nothing_is_claimed),
      TEST(no_line_is_wider_than_the_terminal),
      TEST(text_from_data_is_escaped),
      TEST(every_record_of_the_csv_has_as_many_fields),
      TEST(colours_are_for_terminals_alone),
      TEST(every_allocation_of_every_form_may_fail),
      TEST(money_owed_is_another_question),
      TEST(money_says_why_there_is_none_and_what_to_do),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
