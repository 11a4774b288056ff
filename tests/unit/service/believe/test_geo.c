/* A file of regions from the reader to the page: figures known by hand, names that are hostile, and
   files and options that cannot be used. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "service/believe/geo.h"
#include "support/near.h"

#define PERIODS 30
#define START 24

static const char FILE_NAME[] = HANSA_BINARY_DIR "/test_geo.csv";
static struct hs_arena arena;

/* The treated region is the mean of two others and 10 more, plus 5 from the start on; it spends 2 a
   period before and 12 after. */
static double figure(int unit, int k)
{
  double first = 100 + 7 * ((k * 5) % 11);
  double second = 50 + 3 * ((k * 3) % 7);
  switch (unit) {
  case 0:
    return (first + second) / 2 + 10 + (k >= START ? 5 : 0);
  case 1:
    return first;
  case 2:
    return second;
  default:
    return 500 + unit * ((k * (unit + 1)) % 13);
  }
}

static const char *const NAMES[] = {"<b>here</b>", "one",   "\"two, three\"", "four", "five",
                                    "six",         "seven", "eight",          "nine", "ten"};
#define UNITS (int)(sizeof NAMES / sizeof *NAMES)

static void write_file(const char *last_line)
{
  FILE *file = fopen(FILE_NAME, "w");
  assert_non_null(file);
  (void)fprintf(file, "Day,Region,Sales,Spend\n");
  for (int k = 0; k < PERIODS; k++)
    for (int unit = 0; unit < UNITS; unit++)
      (void)fprintf(file, "2026-01-%02d,%s,%g,%d\n", k + 1, NAMES[unit], figure(unit, k),
                    unit > 0    ? 0
                    : k < START ? 2
                                : 12);
  (void)fprintf(file, "%s", last_line);
  assert_int_equal(fclose(file), 0);
}

static struct hs_geo_request request_of(const struct hs_str *treated)
{
  return (struct hs_geo_request){.path = FILE_NAME,
                                 .unit = HS_STR("region"),
                                 .time = HS_STR("day"),
                                 .outcome = HS_STR("sales"),
                                 .treated = treated,
                                 .treated_count = 1,
                                 .start = HS_STR("2026-01-25"),
                                 .season = HS_SEASON_UNSAID,
                                 .lambda = (double)NAN,
                                 .level = .9};
}

static const struct hs_str FIRST_FOUR[] = {
    {"one", 3}, {"two, three", 10}, {"four", 4}, {"five", 4}};
static const struct hs_str HERE[] = {{"<b>here</b>", 11}};

static struct hs_geo_answer ask(const struct hs_geo_request *request)
{
  struct hs_geo_answer answer;
  struct hs_err err = {0};
  if (hs_geo_file(&arena, hs_io_real(), request, NULL, NULL, &answer, &err) != HS_OK)
    fail_msg("%s", err.text);
  return answer;
}

static const char *text_of(void (*write)(const struct hs_geo_answer *, struct hs_buf *),
                           const struct hs_geo_answer *answer)
{
  struct hs_buf out = hs_buf_in(&arena);
  write(answer, &out);
  assert_int_equal(hs_buf_status(&out, "the answer", NULL), HS_OK);
  return out.data;
}

static void has(const char *text, const char *part)
{
  if (strstr(text, part) == NULL)
    fail_msg("'%s' is not in: %.2000s", part, text);
}

static void the_effect_and_its_return_are_those_of_the_file([[maybe_unused]] void **state)
{
  write_file("");
  struct hs_geo_request request = request_of(HERE);
  request.cost = HS_STR("spend");
  struct hs_geo_answer answer = ask(&request);
  assert_int_equal(answer.result.start, START);
  assert_near(answer.result.att, 5, 1e-6);
  assert_near(answer.result.incremental, 5 * 6, 1e-5);
  assert_near(answer.returned.cost, 6 * 12 - 6 * 2, 1e-9);
  assert_near(answer.returned.value, .5, 1e-6);
  assert_int_equal(answer.result.grade, HS_GRADE_B);
  assert_int_equal(answer.row_count, UNITS * PERIODS);
  const char *json = text_of(hs_geo_json, &answer);
  has(json, "{\"method\":\"sc\",\"att\":");
  has(json, "\"weights\":{\"one\":");
  assert_near(answer.result.donors[0].weight, .5, 1e-9);
  assert_near(answer.result.donors[1].weight, .5, 1e-9);
  has(json, "\"cost\":{\"incremental\":60,\"return\":{\"effect\":0.5");
  has(json,
      "\"periods\":{\"before\":24,\"after\":6},\"from\":\"2026-01-25\",\"until\":\"2026-01-30\"");
  has(json, "\"views\":{\"places\":{\"p\":0.03333333333333333,\"low\":");
  has(json, "\"rows\":{\"read\":300,\"rejected\":0}");
  assert_null(strstr(json, "nan"));
}

static void the_window_ends_where_it_is_told([[maybe_unused]] void **state)
{
  write_file("");
  struct hs_geo_request request = request_of(HERE);
  request.end = HS_STR("2026-01-27");
  request.cost = HS_STR("spend");
  struct hs_geo_answer answer = ask(&request);
  assert_int_equal(answer.result.period_count, START + 3);
  assert_near(answer.result.incremental, 5 * 3, 1e-5);
  assert_near(answer.returned.cost, 3 * 10, 1e-9);
}

static void names_with_commas_are_names_and_lists_are_lists([[maybe_unused]] void **state)
{
  static const struct hs_str controls[] = {{"two, three", 10}, {"one,four", 8}};
  static const struct hs_str without[] = {{"four", 4}};
  write_file("");
  struct hs_geo_request request = request_of(HERE);
  request.controls = controls;
  request.control_count = 2;
  assert_int_equal(ask(&request).result.donor_count, 3);
  request.excluded = without;
  request.excluded_count = 1;
  assert_int_equal(ask(&request).result.donor_count, 2);
  request.control_count = 0;
  assert_int_equal(ask(&request).result.donor_count, UNITS - 2);
}

static void write_text(const struct hs_geo_answer *answer, struct hs_buf *out)
{
  hs_geo_text(answer, 80, out);
}

static void pages_say_it_and_obey_no_data([[maybe_unused]] void **state)
{
  write_file("");
  struct hs_geo_request request = request_of(HERE);
  request.cost = HS_STR("spend");
  request.controls = FIRST_FOUR; /* too few to tell whether one broke by itself */
  request.control_count = 4;
  struct hs_geo_answer answer = ask(&request);
  const char *page = text_of(hs_geo_html, &answer);
  has(page, "Effect in &lt;b&gt;here&lt;/b&gt;");
  has(page, "<svg");
  has(page, "polyline");
  assert_null(strstr(page, "<b>here"));
  assert_null(strstr(page, "nan"));
  has(page, "</html>");
  const char *text = text_of(write_text, &answer);
  has(text, "Evidence: indication (grade D)");
  has(text, "It cost 60.00 more than before; evidence of grade D carries no return.");
  has(text, "50.0 %  one");
  has(text, "No p below");
  request.level = .99;
  answer = ask(&request);
  has(text_of(write_text, &answer), "No verdict: not decidable at this level");
  has(text_of(hs_geo_json, &answer), "\"low\":null,\"high\":null");
  has(text_of(hs_geo_html, &answer), "no interval");
  has(text_of(hs_geo_csv, &answer), "2026-01-25,1,");
}

static void refuses(const struct hs_geo_request *request, enum hs_status status, const char *words)
{
  struct hs_geo_answer answer;
  struct hs_err err = {0};
  assert_int_equal(hs_geo_file(&arena, hs_io_real(), request, NULL, NULL, &answer, &err), status);
  has(err.text, words);
}

static void what_the_file_does_not_have_is_named_with_what_it_has([[maybe_unused]] void **state)
{
  static const struct hs_str nobody[] = {{"one,nowhere", 11}};
  write_file("");
  struct hs_geo_request request = request_of(nobody);
  refuses(&request, HS_USAGE,
          "there is no region 'nowhere' in the file; there are <b>here</b>, one");
  request = request_of(HERE);
  request.start = HS_STR("2027-01-01");
  refuses(&request, HS_USAGE, "--start 2027-01-01 is outside of the file's periods, 2026-01-01 to");
  request.start = HS_STR("17");
  refuses(&request, HS_USAGE, "is not a day like 2026-03-01");
  request = request_of(HERE);
  request.end = HS_STR("2026-01-02");
  refuses(&request, HS_USAGE, "--end 2026-01-02 is outside");
  request = request_of(HERE);
  request.outcome = HS_STR("profit");
  refuses(&request, HS_INVALID, "profit");
  request = request_of(HERE);
  request.path = HANSA_BINARY_DIR "/no_such_file.csv";
  refuses(&request, HS_NOT_FOUND, "no_such_file");
}

static void an_end_to_come_gives_figures_and_no_verdict([[maybe_unused]] void **state)
{
  write_file("");
  struct hs_geo_request request = request_of(HERE);
  struct hs_geo_answer whole = ask(&request);
  assert_int_equal(whole.result.verdict, HS_INFLUENCE_UP);
  assert_int_equal(whole.planned_count, PERIODS - START);
  request.end = HS_STR("2026-02-21"); /* 28 days from the start on, of which 6 have come */
  struct hs_geo_answer early = ask(&request);
  assert_int_equal(early.result.verdict, HS_INFLUENCE_INTERIM);
  assert_near(early.result.att, whole.result.att, 0);
  assert_int_equal(early.planned_count, 28);
  struct hs_buf out = hs_buf_in(&arena);
  hs_geo_text(&early, 200, &out);
  has(out.data, "Interim: 6 of 28 periods of the window have come. Figures, and no verdict.");
  /* Four looks at 10 %: the recursion of Armitage, McPherson and Rowe gives .234. */
  has(out.data, "looks every week until then and stops at the first good figures is wrong in 23 of "
                "100 cases, not in 10.");
  has(text_of(hs_geo_json, &early),
      "\"interim\":{\"planned\":28,\"seen\":6,\"looks\":{\"count\":4");
  has(text_of(hs_geo_json, &whole), "\"interim\":null");
  request.end = HS_STR("2026-01-20");
  struct hs_geo_answer answer;
  assert_int_equal(hs_geo_file(&arena, hs_io_real(), &request, NULL, NULL, &answer, NULL),
                   HS_USAGE);
}

static void events_in_the_window_lower_the_grade_once([[maybe_unused]] void **state)
{
  static const struct hs_declared_event EVENTS[] = {{HS_DECLARED_PRICE, 20478, 20480, 0},
                                                    {HS_DECLARED_PROMOTION, 20480, 20480, 0},
                                                    {HS_DECLARED_OTHER, 20400, 20410, 0}};
  write_file("");
  struct hs_geo_request request = request_of(HERE);
  request.events = EVENTS; /* 2026-01-26 is day 20479 */
  request.event_count = 3;
  struct hs_geo_answer answer = ask(&request);
  request.event_count = 0;
  assert_int_equal(ask(&request).result.grade, HS_GRADE_B);
  assert_int_equal(answer.events_inside, 2);
  assert_int_equal(answer.result.grade, HS_GRADE_C);
  has(text_of(hs_geo_json, &answer), "\"events_inside\":2");
}

static void what_would_overturn_it_is_said_in_every_form([[maybe_unused]] void **state)
{
  write_file("");
  struct hs_geo_request request = request_of(HERE);
  struct hs_geo_answer answer = ask(&request);
  assert_near(answer.result.overturn.drift, answer.result.low / 3.5, 1e-12);
  has(text_of(hs_geo_json, &answer), "\"overturn\":{\"drift\":1.4");
  has(text_of(hs_geo_html, &answer), "The verdict falls if these regions parted from the others");
  struct hs_buf out = hs_buf_in(&arena);
  hs_geo_text(&answer, 300, &out);
  has(out.data, "The verdict falls if these regions parted from the others");
}

static void a_panel_with_a_hole_is_refused_by_name([[maybe_unused]] void **state)
{
  write_file("2026-01-31,one,5,0\n");
  struct hs_geo_request request = request_of(HERE);
  refuses(&request, HS_INVALID, "'<b>here</b>' has none at 2026-01-31");
  request.absent_is_zero = 1;
  assert_int_equal(ask(&request).result.period_count, PERIODS + 1);
  write_file("2026-01-01,one,5,0\n");
  refuses(&request, HS_INVALID, "line 302: 'one' has a second figure at 2026-01-01");
}

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 64 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return remove(FILE_NAME);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_effect_and_its_return_are_those_of_the_file),
      cmocka_unit_test(the_window_ends_where_it_is_told),
      cmocka_unit_test(names_with_commas_are_names_and_lists_are_lists),
      cmocka_unit_test(pages_say_it_and_obey_no_data),
      cmocka_unit_test(what_the_file_does_not_have_is_named_with_what_it_has),
      cmocka_unit_test(an_end_to_come_gives_figures_and_no_verdict),
      cmocka_unit_test(events_in_the_window_lower_the_grade_once),
      cmocka_unit_test(what_would_overturn_it_is_said_in_every_form),
      cmocka_unit_test(a_panel_with_a_hole_is_refused_by_name),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
