#include "service/believe/lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/room.h"
#include "service/believe/lines_priv.h"
#include "service/believe/partner_names.h"

/* Address space; what is used follows the size of the record (see measure/journeys.h). */
#define LINES_ARENA_BYTES (16 * HS_GIB)
#define WINDOW_WEEKS 13 /* a quarter: what a season does within one is the same on both sides */
#define MEMORY_DAYS_MIN 28
/* Of the bootstrap: the same record gives the same intervals. */
#define SEED 1

/* ---- partners ---- */

size_t hs_lines_partner_of(const struct lines_record *record, struct hs_str name)
{
  return hs_partner_names_find(record->names, record->partner_count, name);
}

static enum hs_status take_title(void *context, const struct hs_party *party, struct hs_err *err)
{
  struct lines_record *record = context;
  size_t partner = hs_lines_partner_of(record, party->name);
  struct hs_str title = party->title;
  if (partner == HS_LINES_NOBODY || title.data == NULL)
    return HS_OK;
  if (!hs_str_keep(record->arena, &title))
    return hs_arena_full(record->arena, "the titles of partners", err);
  record->titles[partner] = title;
  return HS_OK;
}

static enum hs_status list_partners(struct lines_record *record, struct hs_err *err)
{
  struct hs_book *book = &record->programme->book;
  enum hs_status status = hs_partner_names(record->programme, record->arena, &record->scratch,
                                           &record->names, &record->partner_count, err);
  if (status != HS_OK)
    return status;
  record->titles = hs_arena_alloc(record->arena, record->partner_count, sizeof *record->titles);
  if (record->titles == NULL)
    return hs_arena_full(record->arena, "the titles of partners", err);
  for (size_t i = 0; i < record->partner_count; i++)
    record->titles[i] = record->names[i];
  return book->parties(book->self, take_title, record, err);
}

/* ---- weeks ---- */

static size_t weeks_between(int64_t from_us, int64_t until_us)
{
  return until_us <= from_us ? 0 : (size_t)((until_us - from_us) / HS_LINES_WEEK_US);
}

static int64_t day_end(const struct hs_programme *programme, int64_t at_us)
{
  return hs_zone_day_start_us(programme->zone, hs_zone_day_of_us(programme->zone, at_us) + 1);
}

/* The weeks reach back from the end of the period, as far as a figure needs them and the record
   goes. */
static void lay_weeks(struct lines_record *record, int64_t last_us)
{
  struct hs_lines_view *view = record->view;
  const struct hs_period *period = &view->options.period;
  int64_t end_us = day_end(record->programme, last_us);
  view->until_us = period->until_us < end_us ? period->until_us : end_us;
  size_t half = weeks_between(view->record_us, view->until_us) / 2;
  view->window_weeks = half < WINDOW_WEEKS ? half : WINDOW_WEEKS;
  if (view->window_weeks < HS_LINES_WEEKS_MIN)
    view->window_weeks = 0;
  int64_t compared_us = view->until_us - 2 * (int64_t)view->window_weeks * HS_LINES_WEEK_US;
  int64_t from_us = period->from_us - HS_LINES_RETURN_DAYS * HS_DAY_US;
  from_us = compared_us < from_us ? compared_us : from_us;
  from_us = from_us < view->record_us ? view->record_us : from_us;
  size_t weeks = weeks_between(from_us, view->until_us + HS_LINES_WEEK_US - 1);
  record->input.week_count = weeks == 0 ? 1 : weeks;
  record->first_us = view->until_us - (int64_t)record->input.week_count * HS_LINES_WEEK_US;
  record->input.window_weeks = view->window_weeks;
  record->input.rank_from =
      record->first_us >= period->from_us
          ? 0
          : weeks_between(record->first_us, period->from_us + HS_LINES_WEEK_US - 1);
  view->memory_days = (compared_us - view->record_us) / HS_DAY_US;
  if (view->memory_days > HS_LINES_MEMORY_DAYS)
    view->memory_days = HS_LINES_MEMORY_DAYS;
  record->input.is_short[HS_LINES_FIRST_MET] = view->memory_days < MEMORY_DAYS_MIN;
  record->memory_us =
      (view->memory_days < MEMORY_DAYS_MIN ? HS_LINES_MEMORY_DAYS : view->memory_days) * HS_DAY_US;
}

static int make_arrays(struct lines_record *record)
{
  struct hs_arena *arena = record->arena;
  size_t weeks = record->input.week_count;
  size_t partners = record->partner_count;
  double **const MATRICES[] = {&record->hits[0],     &record->hits[1], &record->hits[2],
                               &record->impressions, &record->touches, &record->tracked};
  double **const ROWS[] = {&record->all[0], &record->all[1], &record->all[2], &record->searches,
                           &record->control};
  uint64_t **const COUNTS[] = {&record->counts[0], &record->counts[1], &record->counts[2],
                               &record->brought,   &record->returned,  &record->tracked_orders};
  int is_whole = 1;
  for (size_t i = 0; i < sizeof MATRICES / sizeof *MATRICES; i++)
    is_whole &= (*MATRICES[i] = hs_arena_alloc(arena, partners * weeks, sizeof(double))) != NULL;
  for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
    is_whole &= (*ROWS[i] = hs_arena_alloc(arena, weeks, sizeof(double))) != NULL;
  for (size_t i = 0; i < sizeof COUNTS / sizeof *COUNTS; i++)
    is_whole &= (*COUNTS[i] = hs_arena_alloc(arena, partners, sizeof(uint64_t))) != NULL;
  return is_whole;
}

static enum hs_status lay_out(struct lines_record *record, int64_t last_us, struct hs_err *err)
{
  struct hs_lines_input *input = &record->input;
  lay_weeks(record, last_us);
  if (!make_arrays(record))
    return hs_arena_full(record->arena, "the weeks of the record", err);
  input->partner_count = record->partner_count;
  for (size_t k = 0; k < HS_LINES_COUNTED; k++) {
    input->hits[k] = record->hits[k];
    input->all[k] = record->all[k];
    input->counts[k] = record->counts[k];
  }
  input->activity = record->impressions;
  input->brought = record->brought;
  input->returned = record->returned;
  input->tracked = record->tracked;
  input->tracked_orders = record->tracked_orders;
  input->seed = SEED;
  return HS_OK;
}

/* ---- the view ---- */

static int by_rank(const void *a, const void *b)
{
  const struct hs_lines_partner *x = a;
  const struct hs_lines_partner *y = b;
  if (x->rank.is_ranked != y->rank.is_ranked)
    return y->rank.is_ranked - x->rank.is_ranked;
  if (x->rank.line_rank != y->rank.line_rank)
    return x->rank.line_rank < y->rank.line_rank ? -1 : 1;
  return hs_str_compare(x->name, y->name);
}

static enum hs_status fill_partners(struct lines_record *record, struct hs_err *err)
{
  struct hs_lines_view *view = record->view;
  size_t count = record->partner_count;
  struct hs_lines_line *lines =
      hs_arena_alloc(record->arena, count * HS_LINES_KIND_COUNT, sizeof *lines);
  struct hs_lines_place *ranks = hs_arena_alloc(record->arena, count, sizeof *ranks);
  view->partners = hs_arena_alloc(record->arena, count, sizeof *view->partners);
  if (lines == NULL || ranks == NULL || view->partners == NULL)
    return hs_arena_full(record->arena, "the lines of partners", err);
  enum hs_status status = hs_lines_fill(record->arena, &record->input, lines, err);
  if (status == HS_OK)
    status = hs_lines_rank(record->arena, &record->input, ranks, err);
  for (size_t i = 0; status == HS_OK && i < count; i++) {
    struct hs_lines_partner *partner = &view->partners[i];
    *partner = (struct hs_lines_partner){
        .name = record->names[i], .title = record->titles[i], .rank = ranks[i]};
    memcpy(partner->lines, &lines[i * HS_LINES_KIND_COUNT], sizeof partner->lines);
    view->ranked_count += (size_t)ranks[i].is_ranked;
    view->undervalued_count += (size_t)ranks[i].is_undervalued;
  }
  view->partner_count = count;
  if (status == HS_OK && count > 1)
    qsort(view->partners, count, sizeof *view->partners, by_rank);
  return status;
}

static enum hs_status read_record(struct lines_record *record, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  if (record->persons == NULL) {
    status = hs_persons_join(record->arena, &record->scratch, &record->programme->trail,
                             record->view->options.period.until_us, &(struct hs_persons_options){0},
                             &record->own_persons, err);
    record->persons = &record->own_persons;
  }
  if (status == HS_OK)
    status = hs_lines_read_orders(record, err);
  if (status == HS_OK)
    status = hs_lines_read_answers(record, err);
  if (status == HS_OK)
    status = hs_lines_read_series(record, err);
  return status == HS_OK ? hs_lines_read_activity(record, err) : status;
}

static enum hs_status make_view(struct lines_record *record, struct hs_err *err)
{
  const struct hs_trail *trail = &record->programme->trail;
  struct hs_lines_view *view = record->view;
  int64_t last_us = 0;
  enum hs_status status = list_partners(record, err);
  if (status != HS_OK)
    return status;
  status = trail->range(trail->self, &view->record_us, &last_us, err);
  view->has_record = status == HS_OK && view->record_us < view->options.period.until_us;
  if (status == HS_NOT_FOUND)
    status = HS_OK;
  if (!view->has_record)
    view->record_us = last_us = view->options.period.until_us - 1;
  if (status == HS_OK)
    status = lay_out(record, last_us, err);
  if (status == HS_OK && view->has_record)
    status = read_record(record, err);
  return status == HS_OK ? fill_partners(record, err) : status;
}

enum hs_status hs_lines_view_make(struct hs_programme *programme,
                                  const struct hs_lines_options *options, struct hs_lines_view *out,
                                  struct hs_err *err)
{
  *out = (struct hs_lines_view){.options = *options};
  struct lines_record record = {
      .programme = programme, .view = out, .arena = &out->arena, .persons = options->persons};
  enum hs_status status = hs_arena_init(&out->arena, LINES_ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&record.scratch, LINES_ARENA_BYTES, err);
  if (status == HS_OK)
    status = make_view(&record, err);
  hs_arena_release(&record.scratch);
  if (status != HS_OK)
    hs_lines_view_release(out);
  return status;
}

void hs_lines_view_release(struct hs_lines_view *view)
{
  hs_arena_release(&view->arena);
  *view = (struct hs_lines_view){0};
}
