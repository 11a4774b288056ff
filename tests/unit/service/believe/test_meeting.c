/* Proves how a programme's record becomes series of a partner: since when it is there, what is
   tracked for it under each model, that its lines and what is tracked come to all orders on every
   day, and why a partner is not tested. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "service/believe/honesty.h"
#include "support/engine.h"
#include "support/near.h"

#define START_US (INT64_C(1798761600) * HS_SECOND_US) /* 2027-01-01, behind the record */
#define FIRST_DAY 20454                               /* 2026-01-01 */
#define DAYS 200
#define BLOG_START 120

static struct engine engine;
static struct hs_arena arena;
static struct hs_meeting meeting;

struct files {
  struct hs_buf touches, orders, activity;
  size_t count;
};

/* An order with its path: names of partners, or of our own channels behind a minus. */
static void add_order(struct files *files, int32_t day, size_t step_count,
                      const char *const steps[])
{
  char text[HS_TIME_TEXT];
  size_t person = files->count++;
  hs_format_day(FIRST_DAY + day, text);
  for (size_t i = 0; i < step_count; i++) {
    int is_own = steps[i][0] == '-';
    hs_buf_printf(&files->touches, "t%zu-%zu,p%zu,%sT%02zu:00:00Z,%s,%s\n", person, i, person, text,
                  8 + i, is_own ? "" : steps[i], is_own ? steps[i] + 1 : "click");
  }
  hs_buf_printf(&files->orders, "o%zu,p%zu,%sT12:00:00Z,10.00,EUR\n", person, person, text);
}

/* Ten orders a day by organic, eight or nine by direct, one by the old partner; from day 120 on
   three of them that had come by direct have met the blog as well. */
static void add_day(struct files *files, int32_t day)
{
  static const char *const ORGANIC[] = {"-organic"};
  static const char *const DIRECT[] = {"-direct"};
  static const char *const OLD[] = {"-organic", "old"};
  static const char *const BLOG[] = {"blog", "-direct"};
  static const char *const LATE[] = {"late"};
  for (int i = 0; i < 10; i++)
    add_order(files, day, 1, ORGANIC);
  for (int i = 0; i < 8 + day % 2; i++)
    add_order(files, day, day >= BLOG_START && i < 3 ? 2 : 1,
              day >= BLOG_START && i < 3 ? BLOG : DIRECT);
  add_order(files, day, 2, OLD);
  if (day >= DAYS - 5)
    add_order(files, day, 1, LATE);
}

static void import_record(const char *activity)
{
  struct files files = {hs_buf_in(&arena), hs_buf_in(&arena), hs_buf_in(&arena), 0};
  hs_buf_add_text(&files.touches, "touch_id,person,occurred_at,partner,kind\n"
                                  "robot,r,2026-01-05T10:00:00Z,blog,click\n");
  hs_buf_add_text(&files.orders, "order_id,person,occurred_at,amount,currency\n");
  for (int32_t day = 0; day < DAYS; day++)
    add_day(&files, day);
  engine_import(&engine, HS_EVENT_TOUCH, "touches.csv", files.touches.data);
  engine_import(&engine, HS_EVENT_ORDER, "orders.csv", files.orders.data);
  if (activity != NULL)
    engine_import(&engine, HS_EVENT_ACTIVITY, "activity.csv", activity);
}

static int set_up([[maybe_unused]] void **state)
{
  engine_start(&engine, START_US);
  return hs_arena_init(&arena, 2 * HS_GIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  engine_release(&engine);
  return 0;
}

static void gather(enum hs_meeting_model model, const char *only)
{
  const struct hs_meeting_options options = {.model = model,
                                             .look_back_us = 30 * HS_DAY_US,
                                             .window_days = HS_MEETING_WINDOW_DAYS_DEFAULT,
                                             .partner = hs_str_of(only)};
  if (hs_meeting_gather(&arena, &engine.programme, &options, &meeting, &engine.err) != HS_OK)
    fail_msg("%s", engine.err.text);
}

static const struct hs_meeting_partner *partner(const char *name)
{
  const struct hs_meeting_partner *found = hs_meeting_find(&meeting, hs_str_of(name));
  assert_non_null(found);
  return found;
}

static double tracked_in_window(const struct hs_meeting_partner *p)
{
  double sum = 0;
  for (size_t line = 0; line < meeting.line_count; line++)
    for (size_t row = p->start; row < p->end; row++)
      sum += p->taken[line][row];
  return sum;
}

static void a_start_is_the_first_sign_that_led_somewhere([[maybe_unused]] void **state)
{
  import_record(NULL);
  gather(HS_MEETING_TOUCHED, NULL);
  assert_int_equal(meeting.periods.count, DAYS);
  assert_int_equal(partner("blog")->first_day, FIRST_DAY + BLOG_START); /* not the robot's day */
  assert_null(partner("blog")->untested_because);
  assert_int_equal(partner("blog")->start, BLOG_START);
  assert_int_equal(partner("blog")->end, DAYS); /* the late one is a dwarf beside it */
  assert_string_equal(partner("old")->untested_because, "it was there when the record began");
  assert_non_null(strstr(partner("late")->untested_because, "5 days to be judged"));
  assert_int_equal(meeting.tested_count, 1);
}

/* What it showed before anybody clicked is a sign too. */
static void activity_begins_a_partner([[maybe_unused]] void **state)
{
  import_record("activity_id,partner,day,kind,count\na1,blog,2026-04-11,impressions,500\n");
  gather(HS_MEETING_TOUCHED, NULL);
  assert_int_equal(partner("blog")->start, 100);
}

/* Three orders a day it took part in: all of each, half of each, and none by the last touch. */
static void each_model_tracks_its_part([[maybe_unused]] void **state)
{
  import_record(NULL);
  gather(HS_MEETING_TOUCHED, NULL);
  assert_near(tracked_in_window(partner("blog")), 3.0 * (DAYS - BLOG_START), 1e-9);
  gather(HS_MEETING_SHAPLEY, NULL);
  assert_near(tracked_in_window(partner("blog")), 1.5 * (DAYS - BLOG_START), 1e-9);
  gather(HS_MEETING_LAST, NULL);
  assert_near(tracked_in_window(partner("blog")), 0, 0);
}

static void tracked_and_lines_are_all_orders_of_every_day([[maybe_unused]] void **state)
{
  import_record(NULL);
  for (int model = HS_MEETING_SHAPLEY; model <= HS_MEETING_TOUCHED; model++) {
    struct hs_spaced spaced;
    const struct hs_str *names = NULL;
    size_t count = 0;
    gather((enum hs_meeting_model)model, NULL);
    assert_int_equal(
        hs_meeting_series(&arena, &meeting, partner("blog"), &spaced, &names, &count, &engine.err),
        HS_OK);
    assert_int_equal(spaced.series_count, 1 + count);
    for (size_t row = 0; row < DAYS; row++) {
      double sum = 0;
      for (size_t i = 0; i <= count; i++) {
        sum += spaced.series[i][row];
        assert_true(spaced.series[i][row] >= -1e-9);
      }
      assert_near(sum, meeting.periods.outcome[row], 1e-9);
      assert_true(row >= BLOG_START || fabs(spaced.series[0][row]) < 1e-12);
    }
  }
}

static void another_of_its_size_that_begins_near_makes_one_effect([[maybe_unused]] void **state)
{
  import_record("activity_id,partner,day,kind,count\n");
  struct hs_buf activity = hs_buf_in(&arena);
  hs_buf_add_text(&activity, "activity_id,partner,day,kind,count\n");
  for (int32_t day = 0; day < 70; day++) {
    char text[HS_TIME_TEXT];
    hs_format_day(FIRST_DAY + 130 + day, text);
    hs_buf_printf(&activity, "a%d,podcast,%s,impressions,9\n", (int)day, text);
  }
  engine_import(&engine, HS_EVENT_ACTIVITY, "more.csv", activity.data);
  gather(HS_MEETING_TOUCHED, NULL);
  assert_non_null(strstr(partner("blog")->untested_because, "podcast began within four weeks"));
  assert_non_null(strstr(partner("podcast")->untested_because, "blog began within four weeks"));
}

static void who_was_not_asked_for_is_not_tested([[maybe_unused]] void **state)
{
  import_record(NULL);
  gather(HS_MEETING_LAST, "blog");
  assert_null(partner("blog")->untested_because);
  assert_string_equal(partner("old")->untested_because, "it was not asked for");
  const struct hs_meeting_options nobody = {
      .look_back_us = HS_DAY_US, .window_days = 91, .partner = HS_STR("nobody")};
  assert_int_equal(hs_meeting_gather(&arena, &engine.programme, &nobody, &meeting, &engine.err),
                   HS_NOT_FOUND);
}

/* What came by direct anyway was only taken over: the table says so of what it can, and counts
   every partner, tested or not. */
static void a_programme_tells_each_partner_or_why_not([[maybe_unused]] void **state)
{
  const struct hs_partners_asking asking = {.honesty = HS_HONESTY_DEFAULTS};
  struct hs_partners_programme how = {
      .meeting = {.model = HS_MEETING_TOUCHED, .look_back_us = 30 * HS_DAY_US, .window_days = 91}};
  how.halo.common = (struct hs_influence_input){
      .season = 7, .level = .95, .seed = 1, .draws = 1000, .threads = 1};
  struct hs_partners partners;
  import_record(NULL);
  if (hs_partners_of_programme(&arena, &engine.programme, &asking, &how, &partners, &engine.err) !=
      HS_OK)
    fail_msg("%s", engine.err.text);
  assert_int_equal(partners.tested_count, 1);
  assert_int_equal(partners.line_count, 3);
  assert_string_equal(partners.lines[0].name.data, "blog");
  assert_near(partners.lines[0].tracked, 3.0 * (DAYS - BLOG_START), 1e-9);
  assert_int_equal(partners.lines[0].honesty.verdict, HS_HONESTY_OVER_ATTRIBUTED);
  assert_true(partners.lines[0].table->halo.bounds.kappa_most_sure < .5);
  assert_near(partners.sum.total, 19.5 * (DAYS - BLOG_START) + 5, 1e-9);
  for (size_t i = 1; i < partners.line_count; i++) {
    assert_false(partners.lines[i].is_tested);
    assert_non_null(partners.lines[i].untested_because);
  }
}

static void a_programme_without_orders_tests_nobody([[maybe_unused]] void **state)
{
  engine_add_partner(&engine, "blog");
  gather(HS_MEETING_SHAPLEY, NULL);
  assert_string_equal(partner("blog")->untested_because, "the programme has no orders");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(a_start_is_the_first_sign_that_led_somewhere),
      TEST(activity_begins_a_partner),
      TEST(each_model_tracks_its_part),
      TEST(tracked_and_lines_are_all_orders_of_every_day),
      TEST(another_of_its_size_that_begins_near_makes_one_effect),
      TEST(who_was_not_asked_for_is_not_tested),
      TEST(a_programme_tells_each_partner_or_why_not),
      TEST(a_programme_without_orders_tests_nobody),
  };
#undef TEST
  return cmocka_run_group_tests(tests, NULL, NULL);
}
