/* What is said and measured beside touches: survey answers, series, activity, links. */
#include <stdlib.h>

#include "adapters/memory/trail.h"

/* Rows stand in the table as they were stored: by (sequence, row_number). */
enum hs_status hs_memory_survey_answers(void *self, int64_t from_us, int64_t until_us,
                                        hs_survey_fn each, void *context, struct hs_err *err)
{
  const struct trail *trail = self;
  const struct table *surveys = &trail->tables[HS_EVENT_SURVEY];
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && i < surveys->count; i++) {
    const struct row *row = surveys->rows[i];
    struct hs_survey_answer answer = {
        .at_us = integer_of(row, HS_EVENT_SURVEY, "occurred_at"),
        .person = key_or_none(text_of(row, HS_EVENT_SURVEY, "person")),
        .answer = text_of(row, HS_EVENT_SURVEY, "answer"),
        .partner = text_of(row, HS_EVENT_SURVEY, "partner"),
        .order_id = text_of(row, HS_EVENT_SURVEY, "order_id"),
    };
    if (is_in(answer.at_us, from_us, until_us))
      status = each(context, &answer, err);
  }
  return status;
}

/* ---- exchange rates ---- */

enum hs_status hs_memory_rates(void *self, hs_rate_fn each, void *context, struct hs_err *err)
{
  const struct trail *trail = self;
  const struct table *rates = &trail->tables[HS_EVENT_RATE];
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && i < rates->count; i++) {
    const struct row *row = rates->rows[i];
    struct hs_rate_fact fact = {.day = integer_of(row, HS_EVENT_RATE, "day"),
                                .from = text_of(row, HS_EVENT_RATE, "from"),
                                .to = text_of(row, HS_EVENT_RATE, "to"),
                                .rate = text_of(row, HS_EVENT_RATE, "rate"),
                                .source = text_of(row, HS_EVENT_RATE, "source"),
                                .sequence = row->sequence,
                                .row_number = row->row_number};
    status = each(context, &fact, err);
  }
  return status;
}

/* ---- series ---- */

static struct hs_str text_or_empty(struct hs_str text) { return text.data ? text : HS_STR(""); }

static int by_day_and_region(const void *a, const void *b)
{
  const struct hs_series_figure *x = a;
  const struct hs_series_figure *y = b;
  if (x->day != y->day)
    return x->day < y->day ? -1 : 1;
  return hs_str_compare(x->region, y->region);
}

enum hs_status hs_memory_series(void *self, struct hs_str metric, int64_t from_day,
                                int64_t until_day, hs_series_fn each, void *context,
                                struct hs_err *err)
{
  struct trail *trail = self;
  const struct table *series = &trail->tables[HS_EVENT_SERIES];
  hs_arena_reset(&trail->scratch, 0);
  struct hs_series_figure *found = hs_arena_alloc(&trail->scratch, series->count, sizeof *found);
  if (!found)
    return hs_arena_full(&trail->scratch, "the figures of a series", err);
  size_t count = 0;
  for (size_t i = 0; i < series->count; i++) {
    const struct row *row = series->rows[i];
    int64_t day = integer_of(row, HS_EVENT_SERIES, "day");
    if (is_in(day, from_day, until_day) &&
        hs_str_equal(text_of(row, HS_EVENT_SERIES, "metric"), metric))
      found[count++] =
          (struct hs_series_figure){day, text_or_empty(text_of(row, HS_EVENT_SERIES, "region")),
                                    cell_of(row, HS_EVENT_SERIES, "value")->real};
  }
  if (count > 1)
    qsort(found, count, sizeof *found, by_day_and_region);
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && i < count; i++)
    status = each(context, &found[i], err);
  return status;
}

/* ---- activity ---- */

struct act {
  struct hs_str partner, kind;
  int64_t day, count;
};

static int by_act(const void *a, const void *b)
{
  const struct act *x = a;
  const struct act *y = b;
  int order = hs_str_compare(x->partner, y->partner);
  if (order == 0)
    order = hs_str_compare(x->kind, y->kind);
  return order ? order : (x->day > y->day) - (x->day < y->day);
}

static enum hs_status give_acts(const struct act *acts, size_t count, hs_activity_fn each,
                                void *context, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && i < count;) {
    size_t first = i;
    __extension__ __int128 sum = 0;
    for (; i < count && by_act(&acts[first], &acts[i]) == 0; i++)
      sum += acts[i].count;
    const struct hs_activity_day activity = {acts[first].partner, acts[first].kind, acts[first].day,
                                             (double)sum};
    status = each(context, &activity, err);
  }
  return status;
}

enum hs_status hs_memory_activity_days(void *self, int64_t from_day, int64_t until_day,
                                       hs_activity_fn each, void *context, struct hs_err *err)
{
  struct trail *trail = self;
  const struct table *activity = &trail->tables[HS_EVENT_ACTIVITY];
  hs_arena_reset(&trail->scratch, 0);
  struct act *acts = hs_arena_alloc(&trail->scratch, activity->count, sizeof *acts);
  if (!acts)
    return hs_arena_full(&trail->scratch, "the activity of partners", err);
  size_t count = 0;
  for (size_t i = 0; i < activity->count; i++) {
    const struct row *row = activity->rows[i];
    int64_t day = integer_of(row, HS_EVENT_ACTIVITY, "day");
    if (is_in(day, from_day, until_day))
      acts[count++] = (struct act){text_of(row, HS_EVENT_ACTIVITY, "partner"),
                                   text_of(row, HS_EVENT_ACTIVITY, "kind"), day,
                                   integer_of(row, HS_EVENT_ACTIVITY, "count")};
  }
  if (count > 1)
    qsort(acts, count, sizeof *acts, by_act);
  return give_acts(acts, count, each, context, err);
}

/* ---- links ---- */

struct follower {
  struct hs_str link;
  hs_person_key person;
};

static int by_link(const void *a, const void *b)
{
  const struct follower *x = a;
  const struct follower *y = b;
  int order = hs_str_compare(x->link, y->link);
  return order ? order : (x->person > y->person) - (x->person < y->person);
}

static enum hs_status give_links(const struct follower *followers, size_t count,
                                 hs_link_count_fn each, void *context, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  for (size_t i = 0; status == HS_OK && i < count;) {
    size_t first = i;
    uint64_t persons = 0;
    for (; i < count && hs_str_equal(followers[first].link, followers[i].link); i++)
      persons += i == first || followers[i].person != followers[i - 1].person;
    status = each(context, followers[first].link, persons, err);
  }
  return status;
}

enum hs_status hs_memory_links_followed(void *self, int64_t from_us, int64_t until_us,
                                        hs_link_count_fn each, void *context, struct hs_err *err)
{
  struct trail *trail = self;
  const struct table *touches = &trail->tables[HS_EVENT_TOUCH];
  hs_arena_reset(&trail->scratch, 0);
  struct follower *followers = hs_arena_alloc(&trail->scratch, touches->count, sizeof *followers);
  if (!followers)
    return hs_arena_full(&trail->scratch, "the links that were followed", err);
  size_t count = 0;
  for (size_t i = 0; i < touches->count; i++) {
    const struct row *row = touches->rows[i];
    struct hs_str link = text_of(row, HS_EVENT_TOUCH, "link");
    if (link.data && is_in(integer_of(row, HS_EVENT_TOUCH, "occurred_at"), from_us, until_us))
      followers[count++] =
          (struct follower){link, hs_person_key_of(text_of(row, HS_EVENT_TOUCH, "person"))};
  }
  if (count > 1)
    qsort(followers, count, sizeof *followers, by_link);
  return give_links(followers, count, each, context, err);
}
