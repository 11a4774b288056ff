#include "service/believe/meeting.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "measure/influence/honesty_bounds.h"
#include "service/believe/coupon_owners.h"
#include "service/believe/lines.h"
#include "service/believe/meeting_priv.h"

#define MEETING_ARENA_BYTES (16 * HS_GIB)
#define NONE ((double)NAN)
/* A line with a smaller share of the orders before the start is told with others. */
#define LINE_SHARE_MIN .05
/* Fewer orders before the start teach nothing of the days to come. */
#define ORDERS_BEFORE_MIN 100.0

static const char *const MODELS[] = {"shapley", "last", "touched"};

const char *hs_meeting_model_name(enum hs_meeting_model model) { return MODELS[model]; }

int hs_meeting_model_parse(struct hs_str name, enum hs_meeting_model *out)
{
  for (unsigned model = 0; model < sizeof MODELS / sizeof *MODELS; model++)
    if (hs_str_equal(name, hs_str_of(MODELS[model]))) {
      *out = (enum hs_meeting_model)model;
      return 1;
    }
  return 0;
}

/* ---- days and controls ---- */

static enum hs_status read_periods(struct meeting_record *record, struct hs_err *err)
{
  static const struct hs_str USUAL[] = {{HS_LINES_CONTROL, sizeof HS_LINES_CONTROL - 1}};
  struct hs_meeting *meeting = record->meeting;
  int is_asked = meeting->options.controls != NULL;
  struct hs_periods_request request = {.outcome = HS_STR("orders"),
                                       .controls = is_asked ? meeting->options.controls : USUAL,
                                       .control_count =
                                           is_asked ? meeting->options.control_count : 1};
  enum hs_status status =
      hs_periods_of_programme(record->arena, record->programme, &request, &meeting->periods, err);
  if ((status == HS_NOT_FOUND || status == HS_INSUFFICIENT) && !is_asked) {
    request.control_count = 0;
    status =
        hs_periods_of_programme(record->arena, record->programme, &request, &meeting->periods, err);
  }
  meeting->has_control = status == HS_OK && request.control_count > 0;
  meeting->options.controls = request.controls;
  meeting->options.control_count = request.control_count;
  return status;
}

/* ---- who can be tested ---- */

static enum hs_status because(struct meeting_record *record, struct hs_meeting_partner *partner,
                              const char *format, ...) __attribute__((format(printf, 3, 4)));

static enum hs_status because(struct meeting_record *record, struct hs_meeting_partner *partner,
                              const char *format, ...)
{
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  partner->untested_because = hs_arena_copy(record->arena, text, strlen(text));
  return partner->untested_because != NULL ? HS_OK : HS_NOMEM;
}

static int64_t first_row_day(const struct hs_meeting *meeting)
{
  return (int64_t)meeting->periods.times[0];
}

/* A day that was asked for, as a row. */
static enum hs_status asked_row(const struct hs_meeting *meeting, const char *option,
                                struct hs_str text, size_t *row, int *is_beyond, struct hs_err *err)
{
  int32_t day = 0;
  if (!hs_parse_day(text, &day))
    return hs_fail(err, HS_USAGE, "--%s must be a day such as 2026-03-01, got '%.*s'", option,
                   HS_STR_ARG(text));
  int64_t distance = day - first_row_day(meeting);
  *is_beyond = distance >= (int64_t)meeting->periods.count;
  if (distance < 0 || (*is_beyond && strcmp(option, "start") == 0)) {
    char first[HS_TIME_TEXT];
    char last[HS_TIME_TEXT];
    hs_periods_format(&meeting->periods, 0, first);
    hs_periods_format(&meeting->periods, meeting->periods.count - 1, last);
    return hs_fail(err, HS_USAGE, "--%s is %.*s; the programme's orders are of %s to %s", option,
                   HS_STR_ARG(text), first, last);
  }
  *row = *is_beyond ? meeting->periods.count : (size_t)distance;
  return HS_OK;
}

/* Another partner that began near, and is no dwarf beside this one. */
static int is_comparable(const struct hs_meeting_partner *partner,
                         const struct hs_meeting_partner *other)
{
  return other != partner && other->first_day != INT64_MAX &&
         other->size >= HS_MEETING_COMPARABLE * partner->size;
}

static const struct hs_meeting_partner *find_neighbour(const struct hs_meeting *meeting,
                                                       const struct hs_meeting_partner *partner,
                                                       int64_t start_day)
{
  for (size_t i = 0; i < meeting->partner_count; i++) {
    const struct hs_meeting_partner *other = &meeting->partners[i];
    if (is_comparable(partner, other) &&
        llabs(other->first_day - start_day) < HS_MEETING_APART_DAYS)
      return other;
  }
  return NULL;
}

/* The window ends where the record does, where somebody comparable begins, or where it is long
   enough. */
static size_t end_of_window(const struct hs_meeting *meeting,
                            const struct hs_meeting_partner *partner)
{
  size_t end = partner->start + meeting->options.window_days;
  for (size_t i = 0; i < meeting->partner_count; i++) {
    const struct hs_meeting_partner *other = &meeting->partners[i];
    int64_t row = other->first_day - first_row_day(meeting);
    if (is_comparable(partner, other) && row > (int64_t)partner->start && row < (int64_t)end)
      end = (size_t)row;
  }
  return end < meeting->periods.count ? end : meeting->periods.count;
}

static double orders_before(const struct hs_meeting *meeting, size_t start)
{
  double sum = 0;
  for (size_t row = 0; row < start; row++)
    sum += isnan(meeting->periods.outcome[row]) ? 0 : meeting->periods.outcome[row];
  return sum;
}

static enum hs_status lay_window(struct meeting_record *record, struct hs_meeting_partner *p,
                                 int64_t start_day, struct hs_err *err)
{
  const struct hs_meeting *meeting = record->meeting;
  int64_t before = start_day - first_row_day(meeting);
  const struct hs_meeting_partner *near = find_neighbour(meeting, p, start_day);
  if (before < HS_MEETING_APART_DAYS)
    return because(record, p, "it was there when the record began");
  if (before < HS_MEETING_HISTORY_DAYS)
    return because(record, p, "the record has %lld days before it began, and a method needs %d",
                   (long long)before, HS_MEETING_HISTORY_DAYS);
  if (near != NULL && meeting->options.start.data == NULL)
    return because(record, p,
                   "%.*s began within four weeks of it: only the effect of both is there",
                   HS_STR_ARG(near->name));
  p->start = before < (int64_t)meeting->periods.count ? (size_t)before : meeting->periods.count;
  p->end = end_of_window(meeting, p);
  if (meeting->options.end.data != NULL) {
    enum hs_status status =
        asked_row(meeting, "end", meeting->options.end, &p->end, &p->is_interim, err);
    if (status != HS_OK)
      return status;
    p->end += p->is_interim ? 0 : 1;
  }
  if (p->end < p->start + HS_MEETING_WINDOW_DAYS_MIN)
    return because(record, p, "it has %zu days to be judged, and a method needs %d",
                   p->end > p->start ? p->end - p->start : (size_t)0, HS_MEETING_WINDOW_DAYS_MIN);
  if (orders_before(meeting, p->start) < ORDERS_BEFORE_MIN)
    return because(record, p, "fewer than %.0f orders before it began", ORDERS_BEFORE_MIN);
  return HS_OK;
}

static enum hs_status judge_partner(struct meeting_record *record, struct hs_meeting_partner *p,
                                    struct hs_err *err)
{
  const struct hs_meeting *meeting = record->meeting;
  int64_t start_day = p->first_day;
  if (meeting->options.start.data != NULL) {
    size_t row = 0;
    int is_beyond = 0;
    enum hs_status status =
        asked_row(meeting, "start", meeting->options.start, &row, &is_beyond, err);
    if (status != HS_OK)
      return status;
    start_day = first_row_day(meeting) + (int64_t)row;
  }
  if (start_day == INT64_MAX || !(p->size > 0))
    return because(record, p, "it took part in no order and left no activity");
  return lay_window(record, p, start_day, err);
}

static int by_size(const void *a, const void *b)
{
  const struct hs_meeting_partner *x = *(struct hs_meeting_partner *const *)a;
  const struct hs_meeting_partner *y = *(struct hs_meeting_partner *const *)b;
  if (x->size < y->size || x->size > y->size)
    return x->size < y->size ? 1 : -1;
  return hs_str_compare(x->name, y->name);
}

/* Those with most to see stay. */
static enum hs_status keep_largest(struct meeting_record *record, struct hs_err *err)
{
  struct hs_meeting *meeting = record->meeting;
  size_t count = 0;
  enum hs_status status = HS_OK;
  struct hs_meeting_partner **able =
      hs_arena_alloc(&record->scratch, meeting->partner_count, sizeof *able);
  if (able == NULL)
    return hs_arena_full(&record->scratch, "the partners of a programme", err);
  for (size_t i = 0; i < meeting->partner_count; i++)
    if (meeting->partners[i].untested_because == NULL)
      able[count++] = &meeting->partners[i];
  if (count > 1)
    qsort(able, count, sizeof *able, by_size);
  for (size_t i = HS_MEETING_TESTED_MAX; status == HS_OK && i < count; i++)
    status = because(record, able[i], "the %d with most to see are tested at once; name it alone",
                     HS_MEETING_TESTED_MAX);
  meeting->tested_count = count < HS_MEETING_TESTED_MAX ? count : HS_MEETING_TESTED_MAX;
  return status;
}

static enum hs_status choose(struct meeting_record *record, struct hs_err *err)
{
  struct hs_meeting *meeting = record->meeting;
  struct hs_str only = meeting->options.partner;
  enum hs_status status = HS_OK;
  if (only.data != NULL && hs_meeting_partner_of(meeting, only) == MEETING_NOBODY)
    return hs_fail(err, HS_NOT_FOUND, "there is no partner %.*s", HS_STR_ARG(only));
  for (size_t i = 0; status == HS_OK && i < meeting->partner_count; i++) {
    struct hs_meeting_partner *partner = &meeting->partners[i];
    if (meeting->periods.count == 0)
      status = because(record, partner, "the programme has no orders");
    else if (only.data != NULL && !hs_str_equal(only, partner->name))
      status = because(record, partner, "it was not asked for");
    else
      status = judge_partner(record, partner, err);
  }
  return status == HS_OK ? keep_largest(record, err) : status;
}

/* ---- all of it ---- */

static enum hs_status gather(struct meeting_record *record, struct hs_err *err)
{
  const struct hs_trail *trail = &record->programme->trail;
  struct hs_book *book = &record->programme->book;
  int64_t first_us = 0;
  int64_t last_us = 0;
  enum hs_status status = read_periods(record, err);
  if (status == HS_NOT_FOUND && record->meeting->options.control_count == 0)
    status = HS_OK; /* without orders there are partners all the same */
  if (status == HS_OK)
    status = trail->range(trail->self, &first_us, &last_us, err);
  if (status == HS_OK)
    record->record_day = hs_zone_day_of_us(record->programme->zone, first_us);
  if (status == HS_OK || status == HS_NOT_FOUND)
    status =
        hs_coupon_owners_read(book, record->arena, &record->coupons, &record->coupon_count, err);
  if (status == HS_OK)
    status = hs_meeting_read_starts(record, err);
  if (status == HS_OK && record->meeting->periods.count > 0)
    status = hs_meeting_read_days(record, err);
  if (status == HS_OK)
    status = choose(record, err);
  return status == HS_OK && record->meeting->tested_count > 0 ? hs_meeting_fill_taken(record, err)
                                                              : status;
}

enum hs_status hs_meeting_gather(struct hs_arena *arena, struct hs_programme *programme,
                                 const struct hs_meeting_options *options, struct hs_meeting *out,
                                 struct hs_err *err)
{
  struct hs_meeting meeting = {.options = *options};
  struct meeting_record record = {.programme = programme, .meeting = &meeting, .arena = arena};
  enum hs_status status = hs_arena_init(&record.scratch, MEETING_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&record.notes, MEETING_ARENA_BYTES, err);
  if (status == HS_OK)
    status = gather(&record, err);
  hs_arena_release(&record.scratch);
  hs_arena_release(&record.notes);
  if (status == HS_OK)
    *out = meeting;
  return status;
}

const struct hs_meeting_partner *hs_meeting_find(const struct hs_meeting *meeting,
                                                 struct hs_str name)
{
  size_t i = hs_meeting_partner_of(meeting, name);
  return i == MEETING_NOBODY ? NULL : &meeting->partners[i];
}

/* ---- the series of a partner ---- */

/* Which of the lines have enough orders before the start to stand for themselves: their share, and
   that on some days there were others. */
static size_t choose_lines(const struct hs_meeting *meeting, size_t start, size_t *chosen)
{
  double all = orders_before(meeting, start);
  size_t count = 0;
  for (size_t line = 0; line < meeting->line_count && count + 2 < HS_HONESTY_LINES_MAX; line++) {
    double sum = 0;
    int varies = 0;
    for (size_t row = 0; row < start; row++) {
      sum += meeting->lines[line][row];
      varies |= meeting->lines[line][row] < meeting->lines[line][0] ||
                meeting->lines[line][row] > meeting->lines[line][0];
    }
    if (varies && sum >= LINE_SHARE_MIN * all)
      chosen[count++] = line;
  }
  return count;
}

static double left_of(const struct hs_meeting *meeting, const struct hs_meeting_partner *partner,
                      size_t line, size_t row)
{
  double left = meeting->lines[line][row] - partner->taken[line][row];
  return isnan(meeting->periods.outcome[row]) ? NONE : left;
}

static void fill_series(const struct hs_meeting *meeting, const struct hs_meeting_partner *partner,
                        const size_t *chosen, size_t chosen_count, double **series)
{
  for (size_t row = 0; row < meeting->periods.count; row++) {
    double rest = 0;
    series[0][row] = 0;
    for (size_t line = 0, at = 0; line < meeting->line_count; line++) {
      double left = left_of(meeting, partner, line, row);
      series[0][row] += partner->taken[line][row];
      if (at < chosen_count && chosen[at] == line)
        series[++at][row] = left;
      else
        rest += left;
    }
    series[chosen_count + 1][row] = rest;
  }
}

/* What is left is too little, or too even, for a line of its own: it goes with the last one. */
static int is_flat(const double *series, size_t start)
{
  double sum = 0;
  double low = (double)INFINITY;
  double high = -(double)INFINITY;
  for (size_t row = 0; row < start; row++) {
    if (isnan(series[row]))
      continue;
    sum += series[row];
    low = fmin(low, series[row]);
    high = fmax(high, series[row]);
  }
  return sum < (double)start / 7 || !(high > low);
}

enum hs_status hs_meeting_series(struct hs_arena *arena, const struct hs_meeting *meeting,
                                 const struct hs_meeting_partner *partner, struct hs_spaced *out,
                                 const struct hs_str **names, size_t *name_count,
                                 struct hs_err *err)
{
  size_t chosen[HS_HONESTY_LINES_MAX];
  size_t count = choose_lines(meeting, partner->start, chosen);
  size_t rows = meeting->periods.count;
  size_t controls = meeting->options.control_count;
  double *figures = hs_arena_alloc_raw(arena, (count + 2) * rows, sizeof *figures);
  double **series = hs_arena_alloc(arena, count + 2 + controls, sizeof *series);
  struct hs_str *texts = hs_arena_alloc(arena, count + 2 + controls, sizeof *texts);
  HS_ASSERT(partner->taken != NULL);
  if (figures == NULL || series == NULL || texts == NULL)
    return hs_arena_full(arena, "the series of a partner", err);
  for (size_t i = 0; i < count + 2; i++)
    series[i] = figures + i * rows;
  texts[0] = HS_STR("tracked");
  for (size_t i = 0; i < count; i++)
    texts[i + 1] = meeting->line_names[chosen[i]];
  texts[count + 1] = HS_STR("other");
  fill_series(meeting, partner, chosen, count, series);
  size_t line_count = count + 1;
  if (count > 0 && is_flat(series[count + 1], partner->start)) {
    for (size_t row = 0; row < rows; row++)
      series[count][row] += series[count + 1][row];
    texts[count] = HS_STR("other");
    line_count = count;
  }
  for (size_t c = 0; c < controls; c++)
    series[line_count + 1 + c] = meeting->periods.controls[c];
  *out = (struct hs_spaced){.is_day = 1,
                            .first = (int32_t)first_row_day(meeting),
                            .step = 1,
                            .row_count = rows,
                            .series_count = line_count + 1 + controls,
                            .series = series,
                            .names = texts};
  *names = texts + 1;
  *name_count = line_count;
  return HS_OK;
}
