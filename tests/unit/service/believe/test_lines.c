/* Proves how a programme's record becomes lines: who met a customer first within twelve months,
   what the checkout's hour does not count, what an answer means, who came back; that nothing is
   blank, and that the view holds no money. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "service/believe/lines.h"
#include "service/believe/lines_show.h"
#include "service/track/state.h"
#include "support/engine.h"

#define START_US (INT64_C(1798761600) * HS_SECOND_US) /* 2027-01-01 */
static struct engine engine;
static struct hs_lines_view view;

static int set_up([[maybe_unused]] void **state)
{
  engine_start(&engine, START_US);
  return 0;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_lines_view_release(&view);
  engine_release(&engine);
  return 0;
}

static void make_view(const char *period)
{
  struct hs_lines_options options = {.look_back_us = 30 * HS_DAY_US};
  assert_int_equal(hs_parse_period(hs_str_of(period), engine.programme.zone, &options.period, NULL),
                   HS_OK);
  hs_lines_view_release(&view);
  if (hs_lines_view_make(&engine.programme, &options, &view, &engine.err) != HS_OK)
    fail_msg("%s", engine.err.text);
}

static const struct hs_lines_partner *partner(const char *name)
{
  for (size_t i = 0; i < view.partner_count; i++)
    if (hs_str_equal(view.partners[i].name, hs_str_of(name)))
      return &view.partners[i];
  fail_msg("no partner %s", name);
  return NULL;
}

static void assert_counts(const char *name, enum hs_lines_kind kind, uint64_t count, uint64_t of)
{
  const struct hs_lines_line *line = &partner(name)->lines[kind];
  assert_int_equal(line->count, count);
  assert_int_equal(line->of, of);
}

/* Ann met the blog eight months before her order: the month of credit has forgotten, the year has
   not. Bob met it fourteen months before. Cid's first order was long ago: he is not new. Dan only
   met the coupon site at the checkout, and Eve the shop's own mail first. */
static void the_year_remembers_whom_the_month_forgot([[maybe_unused]] void **state)
{
  engine_import(&engine, HS_EVENT_TOUCH, "touches.csv",
                "touch_id,person,occurred_at,partner,kind\n"
                "t1,ann,2026-03-01T10:00:00Z,blog,click\n"
                "t2,ann,2026-11-02T09:59:00Z,coupons,coupon\n"
                "t3,bob,2025-09-01T10:00:00Z,blog,click\n"
                "t4,bob,2026-11-01T10:00:00Z,rival,click\n"
                "t5,cid,2026-10-01T10:00:00Z,blog,click\n"
                "t6,dan,2026-11-03T11:55:00Z,coupons,coupon\n"
                "t7,eve,2026-10-20T10:00:00Z,,email\n"
                "t8,eve,2026-10-21T10:00:00Z,blog,click\n");
  engine_import(&engine, HS_EVENT_ORDER, "orders.csv",
                "order_id,person,occurred_at,amount,currency\n"
                "o0,cid,2026-05-01T10:00:00Z,10.00,EUR\n"
                "o1,ann,2026-11-02T10:00:00Z,10.00,EUR\n"
                "o2,bob,2026-11-02T10:00:00Z,10.00,EUR\n"
                "o3,cid,2026-11-02T10:00:00Z,10.00,EUR\n"
                "o4,dan,2026-11-03T12:00:00Z,10.00,EUR\n"
                "o5,eve,2026-11-03T12:00:00Z,10.00,EUR\n"
                "o6,fay,2026-11-03T12:00:00Z,10.00,USD\n");
  make_view("2026-Q4");
  assert_counts("blog", HS_LINES_FIRST_MET, 1, 4);
  assert_counts("rival", HS_LINES_FIRST_MET, 1, 4);
  assert_counts("coupons", HS_LINES_FIRST_MET, 0, 4);
}

/* The blog takes part and the coupon site is last; met twice, it is one assist. A partner that is
   last assists nobody, a touch older than the look-back neither, nor one in the checkout's hour. */
static void who_takes_part_and_is_not_last_assists([[maybe_unused]] void **state)
{
  engine_import(&engine, HS_EVENT_TOUCH, "touches.csv",
                "touch_id,person,occurred_at,partner,kind\n"
                "t1,ann,2026-11-01T10:00:00Z,blog,click\n"
                "t2,ann,2026-11-02T08:59:00Z,blog,click\n"
                "t3,ann,2026-11-02T09:30:00Z,cashback,click\n"
                "t4,ann,2026-11-02T09:58:00Z,coupons,coupon\n"
                "t5,bob,2026-09-01T10:00:00Z,blog,click\n"
                "t6,bob,2026-11-02T07:00:00Z,rival,click\n"
                "t7,bob,2026-11-02T08:00:00Z,rival,click\n");
  engine_import(&engine, HS_EVENT_ORDER, "orders.csv",
                "order_id,person,occurred_at,amount,currency\n"
                "o1,ann,2026-11-02T10:00:00Z,10.00,EUR\n"
                "o2,bob,2026-11-02T10:00:00Z,10.00,EUR\n");
  make_view("2026-Q4");
  assert_counts("blog", HS_LINES_ASSISTED, 1, 2);
  assert_counts("cashback", HS_LINES_ASSISTED, 0, 2);
  assert_counts("coupons", HS_LINES_ASSISTED, 0, 2);
  assert_counts("rival", HS_LINES_ASSISTED, 0, 2);
}

/* An answer means the partner beside it, else the one whose name or title it is. */
static void an_answer_means_whom_it_names([[maybe_unused]] void **state)
{
  struct hs_party party = {.name = HS_STR("harbour"),
                           .title = HS_STR("Harbour Podcast"),
                           .enrolment = HS_STR("approved")};
  assert_int_equal(hs_state_add_party(&engine.programme, &party, &engine.err), HS_OK);
  engine_add_partner(&engine, "blog");
  engine_import(&engine, HS_EVENT_ORDER, "orders.csv",
                "order_id,person,occurred_at,amount,currency\n"
                "o1,ann,2026-10-02T10:00:00Z,10.00,EUR\no2,bob,2026-12-30T10:00:00Z,1.00,EUR\n");
  engine_import(&engine, HS_EVENT_SURVEY, "surveys.csv",
                "answer_id,occurred_at,answer,partner\n"
                "s1,2026-11-02T10:00:00Z,harbour podcast ,\n"
                "s2,2026-11-02T10:00:00Z,HARBOUR,\n"
                "s3,2026-11-02T10:00:00Z,that thing with the boat,harbour\n"
                "s4,2026-11-02T10:00:00Z,a friend,\n"
                "s5,2026-11-02T10:00:00Z,blog,harbour\n"
                "s6,2026-09-02T10:00:00Z,blog,\n"
                "s7,2026-11-02T10:00:00Z,some harbour podcast,\n");
  make_view("2026-Q4");
  assert_counts("harbour", HS_LINES_SELF_REPORTED, 4, 6);
  assert_counts("blog", HS_LINES_SELF_REPORTED, 0, 6);
  assert_int_equal(view.answers, 6);
  assert_int_equal(view.answers_matched, 2);
  assert_int_equal(view.answers_unnamed, 2);
  assert_true(hs_str_equal(partner("harbour")->title, HS_STR("Harbour Podcast")));
}

/* Of those whose 90 days ended in the period: Ann came back in time, Bob too late, Cid never. Dan's
   time is not over. */
static void who_comes_back_in_time_is_counted([[maybe_unused]] void **state)
{
  engine_import(&engine, HS_EVENT_TOUCH, "touches.csv",
                "touch_id,person,occurred_at,partner,kind\n"
                "t1,ann,2026-07-10T10:00:00Z,blog,click\n"
                "t2,bob,2026-07-10T10:00:00Z,blog,click\n"
                "t3,cid,2026-07-10T10:00:00Z,blog,click\n"
                "t4,dan,2026-11-01T10:00:00Z,blog,click\n");
  engine_import(&engine, HS_EVENT_ORDER, "orders.csv",
                "order_id,person,occurred_at,amount,currency\n"
                "o1,ann,2026-07-12T10:00:00Z,10.00,EUR\n"
                "o2,ann,2026-10-01T10:00:00Z,10.00,EUR\n"
                "o3,bob,2026-07-12T10:00:00Z,10.00,EUR\n"
                "o4,bob,2026-12-01T10:00:00Z,10.00,EUR\n"
                "o5,cid,2026-07-12T10:00:00Z,10.00,EUR\n"
                "o6,dan,2026-11-12T10:00:00Z,10.00,EUR\n"
                "o7,dan,2026-11-13T10:00:00Z,10.00,EUR\n"
                "o8,eve,2026-12-31T10:00:00Z,10.00,EUR\n");
  make_view("2026-Q4");
  assert_counts("blog", HS_LINES_REPEAT_RATE, 1, 3);
}

static void nothing_is_blank_in_an_empty_programme([[maybe_unused]] void **state)
{
  engine_add_partner(&engine, "blog");
  make_view("2026-Q4");
  assert_int_equal(view.has_record, 0);
  assert_int_equal(view.partner_count, 1);
  for (int kind = 0; kind < HS_LINES_KIND_COUNT; kind++) {
    const struct hs_lines_line *line = &view.partners[0].lines[kind];
    struct hs_buf words = hs_buf_in(&engine.work);
    assert_int_equal(line->verdict, HS_LINES_CANNOT_TELL);
    assert_int_equal(line->gap, HS_LINES_NOTHING_RECORDED);
    hs_words_line(&view, line, (enum hs_lines_kind)kind, &words);
    assert_non_null(strstr(words.data, "cannot be told, because nothing of the kind is recorded"));
  }
}

/* Weekly searches that follow the partner's impressions, a year long; a figure of everywhere stands
   for the regions of its day. */
static void searches_that_follow_activity_go_up([[maybe_unused]] void **state)
{
  struct hs_arena arena = {0};
  assert_int_equal(hs_arena_init(&arena, 16 * HS_MIB, NULL), HS_OK);
  struct hs_buf series = hs_buf_in(&arena), activity = hs_buf_in(&arena);
  hs_buf_add_text(&series, "day,region,metric,value\n");
  hs_buf_add_text(&activity, "activity_id,partner,day,kind,count\n");
  for (int day = 0; day < 364; day++) {
    char text[HS_TIME_TEXT];
    int is_loud = day / 7 * 7919 % 13 < 6;
    hs_format_day(hs_day_of(2026, 1, 2) + day, text);
    hs_buf_printf(&activity, "a%d,blog,%s,impressions,%d\n", day, text, is_loud ? 4000 : 1000);
    hs_buf_printf(&series, "%s,,brand_searches,%d\n%s,north,brand_searches,7\n", text,
                  (is_loud ? 200 : 100) + day * 31 % 5, text);
  }
  engine_import(&engine, HS_EVENT_SERIES, "series.csv", series.data);
  engine_import(&engine, HS_EVENT_ACTIVITY, "activity.csv", activity.data);
  engine_import(&engine, HS_EVENT_ORDER, "orders.csv",
                "order_id,person,occurred_at,amount,currency\n"
                "o1,ann,2026-01-02T00:00:00Z,10.00,EUR\no2,bob,2026-12-31T20:00:00Z,1.00,EUR\n");
  make_view("2026");
  const struct hs_lines_line *line = &partner("blog")->lines[HS_LINES_BRAND_SEARCH];
  assert_int_equal(line->verdict, HS_LINES_UP);
  assert_int_equal(line->count, 52);
  /* Four times the activity, twice the searches: twice is 2^.5. */
  assert_true(line->ratio > 1.35 && line->ratio < 1.48);
  assert_int_equal(view.has_control, 0);
  hs_arena_release(&arena);
}

/* ---- the law: no type allows an addition ---- */

static void assert_no_money(const json_t *value, const char *key)
{
  static const char *const WORDS[] = {"revenue", "minor", "amount", "currency", "money", "cost"};
  const char *name;
  const json_t *member;
  size_t i;
  for (size_t w = 0; key != NULL && w < sizeof WORDS / sizeof *WORDS; w++)
    if (strstr(key, WORDS[w]) != NULL)
      fail_msg("the influence view has a figure of money: %s", key);
  json_object_foreach((json_t *)(uintptr_t)value, name, member) assert_no_money(member, name);
  json_array_foreach(value, i, member) assert_no_money(member, NULL);
}

static void the_view_holds_no_money_and_says_its_grade([[maybe_unused]] void **state)
{
  engine_import(&engine, HS_EVENT_TOUCH, "touches.csv",
                "touch_id,person,occurred_at,partner,kind\nt1,ann,2026-10-10T10:00:00Z,b<l>og,\n");
  engine_import(&engine, HS_EVENT_ORDER, "orders.csv",
                "order_id,person,occurred_at,amount,currency\n"
                "o1,ann,2026-12-02T10:00:00Z,10.00,EUR\n");
  make_view("2026-Q4");
  struct hs_buf json = hs_buf_in(&engine.work);
  hs_lines_json(&view, &json);
  json_t *root = json_loadb(json.data, json.length, 0, NULL);
  assert_non_null(root);
  assert_string_equal(json_string_value(json_object_get(root, "view")), "influence");
  assert_string_equal(json_string_value(json_object_get(root, "grade")), "D");
  assert_no_money(root, NULL);
  json_decref(root);
  struct hs_buf html = hs_buf_in(&engine.work);
  hs_lines_html(&view, &html);
  assert_non_null(strstr(html.data, "b&lt;l&gt;og"));
  assert_null(strstr(html.data, "b<l>og"));
  for (int width = 40; width <= 140; width += 50) {
    struct hs_buf text = hs_buf_in(&engine.work);
    hs_lines_text(&view, &(struct hs_lines_style){.width = width}, &text);
    assert_non_null(strstr(text.data, "Beyond the click"));
    assert_non_null(strstr(text.data, "never money"));
  }
}

static void an_interrupt_ends_it([[maybe_unused]] void **state)
{
  static atomic_int interrupt;
  struct hs_lines_options options = {.look_back_us = HS_DAY_US, .interrupt = &interrupt};
  engine_import(&engine, HS_EVENT_TOUCH, "touches.csv",
                "touch_id,person,occurred_at,partner\nt1,ann,2026-10-10T10:00:00Z,blog\n");
  assert_int_equal(hs_parse_period(HS_STR("2026"), engine.programme.zone, &options.period, NULL),
                   HS_OK);
  atomic_store(&interrupt, 1);
  assert_int_equal(hs_lines_view_make(&engine.programme, &options, &view, &engine.err),
                   HS_INTERRUPTED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(the_year_remembers_whom_the_month_forgot),
      TEST(who_takes_part_and_is_not_last_assists),
      TEST(an_answer_means_whom_it_names),
      TEST(who_comes_back_in_time_is_counted),
      TEST(nothing_is_blank_in_an_empty_programme),
      TEST(searches_that_follow_activity_go_up),
      TEST(the_view_holds_no_money_and_says_its_grade),
      TEST(an_interrupt_ends_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
