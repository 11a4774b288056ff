/* What an influence says in words: each verdict, figures as fine as their interval, what is not
   there as a dash; and the picture of a series with gaps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "service/believe/influence_words.h"
#include "service/believe/time_picture.h"

enum { ROWS = 5 };

static struct hs_arena arena;
static double series[ROWS] = {1, 2, 3, 4, 5};
static double times[ROWS] = {1, 2, 3, 4, 5};
static struct hs_influence_control control = {.name = {"visits", 6}, .inclusion = 1};

static struct hs_influence_answer answer_of(enum hs_influence_verdict verdict)
{
  static const struct hs_str CONTROLS[] = {{"visits", 6}, {"\033[31mred", 8}};
  const double nan = (double)NAN;
  const struct hs_influence_estimate none = {nan, nan, nan, nan, nan, nan};
  struct hs_influence_answer answer = {
      .request = {.file = {.outcome = {"sales", 5}, .controls = CONTROLS, .control_count = 2}},
      .periods = {.count = ROWS, .times = times, .outcome = series, .row_count = ROWS},
      .result = {.mode = HS_INFLUENCE_PARITY,
                 .grade = HS_GRADE_D,
                 .grade_because = "this mode runs no placebos",
                 .average = {12.34567, 10, 2.34567, 0.2, 1.9, 2.8},
                 .cumulative = {24, 20, 4, 0.4, 3.8, 5.6},
                 .relative = none,
                 .average_with_contaminated = none,
                 .verdict = verdict,
                 .controls = &control,
                 .control_count = 1,
                 .count = ROWS,
                 .start = 3,
                 .end = ROWS,
                 .judged_count = 2,
                 .level = 0.95},
  };
  struct hs_influence_series *all = &answer.result.series;
  *all = (struct hs_influence_series){series, series, series, series, series,
                                      series, series, series, series, series};
  return answer;
}

static const char *said(void (*words)(const struct hs_influence_answer *, struct hs_buf *),
                        const struct hs_influence_answer *answer)
{
  struct hs_buf out = hs_buf_in(&arena);
  hs_buf_add_text(&out, "");
  words(answer, &out);
  return out.data;
}

static void holds(const char *text, const char *words)
{
  if (strstr(text, words) == NULL)
    fail_msg("'%s' does not say '%s'", text, words);
}

static void each_verdict_has_its_sentence([[maybe_unused]] void **state)
{
  struct hs_influence_answer answer = answer_of(HS_INFLUENCE_UP);
  holds(said(hs_influence_words_verdict, &answer), "Up: the 95 % interval");
  answer = answer_of(HS_INFLUENCE_DOWN);
  holds(said(hs_influence_words_verdict, &answer), "Down: the 95 % interval");
  answer = answer_of(HS_INFLUENCE_INTERIM);
  holds(said(hs_influence_words_verdict, &answer), "Figures, and no verdict");
  answer = answer_of(HS_INFLUENCE_REFUSED);
  answer.result.refused_because = "there is too little";
  holds(said(hs_influence_words_verdict, &answer), "Refused: there is too little.");
}

/* (1.95996 + 0.84162) · 0.2 = 0.560: what a test at 5 % finds in four cases of five. */
static void what_cannot_be_told_says_what_would_have_been_missed([[maybe_unused]] void **state)
{
  struct hs_influence_answer answer = answer_of(HS_INFLUENCE_UNDETERMINED);
  holds(said(hs_influence_words_verdict, &answer), "no evidence of no effect");
  holds(said(hs_influence_words_verdict, &answer), "less than about 0.560 a period");
}

/* Four weeks of days with an effect of half of what they can tell: four times as many could. */
static void how_many_weeks_it_would_take_is_told_of_days([[maybe_unused]] void **state)
{
  double days[] = {20000, 20001};
  struct hs_influence_answer answer = answer_of(HS_INFLUENCE_UNDETERMINED);
  answer.periods.is_day = 1;
  answer.periods.count = 2;
  answer.periods.times = days;
  answer.result.judged_count = 28;
  answer.result.average.effect = 1.96 * .2 / 2 + .84162 * .2 / 2;
  holds(said(hs_influence_words_verdict, &answer), "Cannot tell yet");
  holds(said(hs_influence_words_verdict, &answer), "needs about 16 weeks");
  answer.periods.is_day = 0;
  assert_null(strstr(said(hs_influence_words_verdict, &answer), "weeks"));
}

static void a_season_that_is_too_long_is_said_to_be_left_out([[maybe_unused]] void **state)
{
  struct hs_influence_answer answer = answer_of(HS_INFLUENCE_UP);
  answer.result.mode = HS_INFLUENCE_DEFAULT;
  answer.result.season = 60;
  answer.result.start = 70;
  holds(said(hs_influence_words_method, &answer), "A season of 60 periods was asked for");
  answer.result.start = 120;
  assert_null(strstr(said(hs_influence_words_method, &answer), "season of"));
}

static void evidence_is_called_by_its_word([[maybe_unused]] void **state)
{
  struct hs_influence_answer answer = answer_of(HS_INFLUENCE_UP);
  answer.result.grade = HS_GRADE_C;
  answer.result.grade_because = "clean controls";
  assert_string_equal(said(hs_influence_words_grade, &answer),
                      "Evidence: model (grade C): clean controls.");
}

static void names_are_shown_and_not_obeyed([[maybe_unused]] void **state)
{
  struct hs_influence_answer answer = answer_of(HS_INFLUENCE_UP);
  assert_string_equal(said(hs_influence_words_question, &answer),
                      "sales from 4 to 5, against what the 3 periods before foretell with visits "
                      "and  [31mred");
}

static void only_what_is_missing_is_told_of_rows([[maybe_unused]] void **state)
{
  struct hs_influence_answer answer = answer_of(HS_INFLUENCE_UP);
  assert_string_equal(said(hs_influence_words_rows, &answer), "");
  answer.periods.filled_count = 1;
  answer.periods.incomplete_count = 2;
  answer.result.judged_count = 1;
  assert_string_equal(said(hs_influence_words_rows, &answer),
                      "Of 2 periods in the window 1 is judged. 1 period of the file has no row. 2 "
                      "rows are left out because a control has no figure in them.");
}

static void an_old_break_is_told_with_its_period([[maybe_unused]] void **state)
{
  struct hs_influence_answer answer = answer_of(HS_INFLUENCE_UP);
  answer.result.level_from = 1;
  assert_string_equal(
      said(hs_influence_words_rows, &answer),
      "History before 2 is left out of the level: the series broke about there. What "
      "lies before it counts for controls, season and noise only.");
  answer.periods.filled_count = 1;
  holds(said(hs_influence_words_rows, &answer),
        "noise only. Of 2 periods in the window 2 are judged");
}

static void placebos_are_told_with_what_they_cannot_bear([[maybe_unused]] void **state)
{
  struct hs_influence_answer answer = answer_of(HS_INFLUENCE_UP);
  holds(said(hs_influence_words_placebos, &answer), "No placebo was run");
  answer.result.placebos = (struct hs_influence_placebos){6, 1, 0.5, 0.0126, 0.9874, 1.25};
  holds(said(hs_influence_words_placebos, &answer),
        "at 6 dates before the start, where there is nothing to find. 50 % of the intervals left 0 "
        "out; as only 1 of those windows shares no period with another, the true rate may be "
        "anything from 1 to 99 %. The interval is scaled by 1.25");
}

static void a_contaminated_control_is_named_with_what_it_did([[maybe_unused]] void **state)
{
  struct hs_influence_answer answer = answer_of(HS_INFLUENCE_UP);
  assert_string_equal(said(hs_influence_words_contaminated, &answer), "");
  answer.result.average_with_contaminated =
      (struct hs_influence_estimate){12, 11.5, 0.5, 0.2, 0.1, 0.9};
  holds(said(hs_influence_words_contaminated, &answer), "would be 0.500 a period (0.100 to 0.900)");
}

static void a_text_of_every_verdict_is_whole([[maybe_unused]] void **state)
{
  for (unsigned v = HS_INFLUENCE_REFUSED; v <= HS_INFLUENCE_DOWN; v++) {
    struct hs_influence_answer answer = answer_of((enum hs_influence_verdict)v);
    struct hs_buf out = hs_buf_in(&arena);
    answer.result.refused_because = "so";
    hs_influence_text(&answer, 60, &out);
    hs_influence_json(&answer, &out);
    hs_influence_csv(&answer, &out);
    hs_influence_html(&answer, &out);
    assert_int_equal(hs_buf_status(&out, "all forms", NULL), HS_OK);
    assert_null(strstr(out.data, "nan"));
    assert_null(strstr(out.data, " inf"));
    assert_null(strstr(out.data, ":inf"));
    assert_null(strchr(out.data, '\033'));
  }
}

static void figures_are_as_fine_as_their_interval([[maybe_unused]] void **state)
{
  struct hs_influence_estimate of = {.actual = 5, .sd = 120};
  assert_int_equal(hs_influence_digits(&of), 0);
  of.sd = 0.359;
  assert_int_equal(hs_influence_digits(&of), 3);
  of.sd = 1e-30;
  assert_int_equal(hs_influence_digits(&of), 6);
  of.sd = (double)NAN;
  assert_int_equal(hs_influence_digits(&of), 2);
  char range[HS_FIGURE_RANGE_TEXT];
  hs_influence_range(-1.5, (double)NAN, 1, range);
  assert_string_equal(range, "–");
}

/* A band of two runs, a line of a run and a lone point, and no coordinate that is not a number. */
static void a_picture_bears_gaps([[maybe_unused]] void **state)
{
  const double nan = (double)NAN;
  const double line[] = {1, 2, nan, 4, nan, 3};
  const double low[] = {0, 1, nan, nan, 2, 2};
  const double high[] = {2, 3, nan, 5, 4, 4};
  const struct hs_time_picture picture = {
      .label = "gaps", .count = 6, .mark = 3, .line = line, .low = low, .high = high};
  struct hs_buf out = hs_buf_in(&arena);
  hs_time_picture(&picture, &out);
  size_t bands = 0;
  for (const char *at = out.data; (at = strstr(at, "Z\"/>")) != NULL; at++)
    bands++;
  assert_int_equal(bands, 2);
  assert_null(strstr(out.data, "nan"));
}

static void a_picture_of_nothing_is_none([[maybe_unused]] void **state)
{
  const double nothing[] = {(double)NAN, (double)NAN};
  const double flat[] = {3, 3};
  struct hs_buf out = hs_buf_in(&arena);
  hs_time_picture(&(struct hs_time_picture){.label = "", .count = 2, .line = nothing}, &out);
  assert_int_equal(out.length, 0);
  hs_time_picture(&(struct hs_time_picture){.label = "", .count = 2, .line = flat}, &out);
  assert_null(strstr(out.data, "nan"));
  assert_null(strstr(out.data, "inf"));
}

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 16 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_verdict_has_its_sentence),
      cmocka_unit_test(what_cannot_be_told_says_what_would_have_been_missed),
      cmocka_unit_test(how_many_weeks_it_would_take_is_told_of_days),
      cmocka_unit_test(a_season_that_is_too_long_is_said_to_be_left_out),
      cmocka_unit_test(evidence_is_called_by_its_word),
      cmocka_unit_test(names_are_shown_and_not_obeyed),
      cmocka_unit_test(only_what_is_missing_is_told_of_rows),
      cmocka_unit_test(an_old_break_is_told_with_its_period),
      cmocka_unit_test(placebos_are_told_with_what_they_cannot_bear),
      cmocka_unit_test(a_contaminated_control_is_named_with_what_it_did),
      cmocka_unit_test(a_text_of_every_verdict_is_whole),
      cmocka_unit_test(figures_are_as_fine_as_their_interval),
      cmocka_unit_test(a_picture_bears_gaps),
      cmocka_unit_test(a_picture_of_nothing_is_none),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
