/* What customers say, what people search for, and what partners report of themselves. */
#include <stdlib.h>

#include "service/believe/lines_priv.h"

/* ---- survey answers ---- */

/* A text that means a partner: its name or its title. */
struct calling {
  struct hs_str text;
  size_t partner;
};

static int compare_callings(const void *a, const void *b)
{
  const struct calling *x = a;
  const struct calling *y = b;
  int order = hs_str_compare_ascii_fold(x->text, y->text);
  return order ? order : (x->partner > y->partner) - (x->partner < y->partner);
}

struct answering {
  struct lines_record *record;
  struct calling *callings; /* sorted */
  size_t count;
};

/* The partner that a text means; nobody where two have that title. */
static size_t partner_called(const struct answering *answering, struct hs_str text)
{
  size_t low = 0;
  for (size_t high = answering->count; low < high;) {
    size_t middle = low + (high - low) / 2;
    if (hs_str_compare_ascii_fold(answering->callings[middle].text, text) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  size_t partner = HS_LINES_NOBODY;
  for (size_t i = low;
       i < answering->count && hs_str_equal_ascii_fold(answering->callings[i].text, text); i++) {
    if (partner != HS_LINES_NOBODY && partner != answering->callings[i].partner)
      return HS_LINES_NOBODY;
    partner = answering->callings[i].partner;
  }
  return partner;
}

/* An answer of the period counts in it though no touchpoint or order is as early or as late. */
static enum hs_status take_answer(void *context, const struct hs_survey_answer *answer,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct answering *answering = context;
  struct lines_record *record = answering->record;
  const struct hs_period *period = &record->view->options.period;
  size_t week = lines_week(record, answer->at_us);
  size_t partner = answer->partner.data != NULL
                       ? hs_lines_partner_of(record, answer->partner)
                       : partner_called(answering, hs_str_trim(answer->answer));
  if (week != HS_LINES_NOBODY) {
    record->all[HS_LINES_SELF_REPORTED][week]++;
    if (partner != HS_LINES_NOBODY)
      record->hits[HS_LINES_SELF_REPORTED][partner * record->input.week_count + week]++;
  }
  if (answer->at_us < period->from_us || answer->at_us >= period->until_us)
    return HS_OK;
  record->view->answers++;
  if (partner == HS_LINES_NOBODY) {
    record->view->answers_unnamed++;
    return HS_OK;
  }
  record->counts[HS_LINES_SELF_REPORTED][partner]++;
  record->view->answers_matched += answer->partner.data == NULL;
  return HS_OK;
}

enum hs_status hs_lines_read_answers(struct lines_record *record, struct hs_err *err)
{
  const struct hs_trail *trail = &record->programme->trail;
  struct answering answering = {.record = record};
  answering.callings =
      hs_arena_alloc(&record->scratch, 2 * record->partner_count, sizeof *answering.callings);
  if (answering.callings == NULL)
    return hs_arena_full(&record->scratch, "what partners are called", err);
  for (size_t i = 0; i < record->partner_count; i++) {
    answering.callings[answering.count++] = (struct calling){record->names[i], i};
    answering.callings[answering.count++] = (struct calling){record->titles[i], i};
  }
  if (answering.count > 1)
    qsort(answering.callings, answering.count, sizeof *answering.callings, compare_callings);
  const struct hs_period *period = &record->view->options.period;
  int64_t from_us = record->first_us < period->from_us ? record->first_us : period->from_us;
  enum hs_status status =
      trail->survey_answers(trail->self, from_us, period->until_us, take_answer, &answering, err);
  record->input.of[HS_LINES_SELF_REPORTED] = record->view->answers;
  return status;
}

/* ---- series ---- */

struct series {
  const struct lines_record *record;
  int64_t first_day, day_count;
  double *days;
  uint8_t *is_everywhere; /* the day has a figure of everywhere: that of regions is a part of it */
  int64_t from, until;    /* the days that have a figure */
};

static enum hs_status take_figure(void *context, const struct hs_series_figure *figure,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct series *series = context;
  int64_t day = figure->day - series->first_day;
  HS_ASSERT(day >= 0 && day < series->day_count);
  if (series->from > series->until)
    series->from = day;
  series->until = day;
  if (figure->region.length == 0)
    series->is_everywhere[day] = 1;
  else if (series->is_everywhere[day])
    return HS_OK;
  series->days[day] += figure->value;
  return HS_OK;
}

/* Sums of whole weeks, and which of them the series covers: [*from, *until). */
static enum hs_status read_metric(struct lines_record *record, struct hs_str metric, double *weeks,
                                  size_t *from, size_t *until, struct hs_err *err)
{
  const struct hs_trail *trail = &record->programme->trail;
  size_t mark = hs_arena_mark(&record->scratch);
  struct series series = {.record = record,
                          .first_day = hs_day_of_us(record->first_us + HS_DAY_US / 2),
                          .day_count = 7 * (int64_t)record->input.week_count,
                          .from = 0,
                          .until = -1};
  series.days = hs_arena_alloc(&record->scratch, (size_t)series.day_count, sizeof *series.days);
  series.is_everywhere =
      hs_arena_alloc(&record->scratch, (size_t)series.day_count, sizeof *series.is_everywhere);
  if (series.days == NULL || series.is_everywhere == NULL)
    return hs_arena_full(&record->scratch, "the figures of a series", err);
  enum hs_status status =
      trail->series(trail->self, metric, series.first_day, series.first_day + series.day_count,
                    take_figure, &series, err);
  for (int64_t day = 0; day < series.day_count; day++)
    weeks[day / 7] += series.days[day];
  *from = (size_t)((series.from + 6) / 7);
  *until = (size_t)((series.until + 1) / 7);
  hs_arena_reset(&record->scratch, mark);
  return status;
}

enum hs_status hs_lines_read_series(struct lines_record *record, struct hs_err *err)
{
  size_t from = 0, until = 0;
  struct hs_lines_input *input = &record->input;
  enum hs_status status = read_metric(record, HS_STR(HS_LINES_SEARCHES), record->searches,
                                      &input->search_from, &input->search_until, err);
  if (status == HS_OK)
    status = read_metric(record, HS_STR(HS_LINES_CONTROL), record->control, &from, &until, err);
  record->view->has_searches = input->search_from < input->search_until;
  record->view->has_control = record->view->has_searches && from <= input->search_from &&
                              until >= input->search_until && from < until;
  input->searches = record->view->has_searches ? record->searches : NULL;
  input->control = record->view->has_control ? record->control : NULL;
  return status;
}

/* ---- activity ---- */

static enum hs_status take_activity(void *context, const struct hs_activity_day *activity,
                                    [[maybe_unused]] struct hs_err *err)
{
  struct lines_record *record = context;
  size_t partner = hs_lines_partner_of(record, activity->partner);
  size_t week = lines_week(record, activity->day * HS_DAY_US + HS_DAY_US / 2);
  if (partner != HS_LINES_NOBODY && week != HS_LINES_NOBODY &&
      hs_str_equal(activity->kind, HS_STR("impressions")))
    record->impressions[partner * record->input.week_count + week] += activity->count;
  return HS_OK;
}

/* What a partner shows people; where nobody counts that, how often people met it. */
static void choose_activity(struct lines_record *record, size_t partner)
{
  size_t weeks = record->input.week_count;
  double *shown = record->impressions + partner * weeks;
  double sum = 0;
  for (size_t week = 0; week < weeks; week++)
    sum += shown[week];
  for (size_t week = 0; week < weeks && sum <= 0; week++)
    shown[week] = record->touches[partner * weeks + week];
}

enum hs_status hs_lines_read_activity(struct lines_record *record, struct hs_err *err)
{
  const struct hs_trail *trail = &record->programme->trail;
  enum hs_status status = trail->activity_days(trail->self, hs_day_of_us(record->first_us),
                                               hs_day_of_us(record->view->until_us - 1) + 1,
                                               take_activity, record, err);
  for (size_t i = 0; i < record->partner_count; i++)
    choose_activity(record, i);
  record->input.activity = record->impressions;
  return status;
}
