/* What is said and measured beside touches: survey answers, series, activity, links. */
#include <inttypes.h>

#include "adapters/duckdb/trail.h"

/* ---- survey answers ---- */

enum { SURVEY_TEXTS = 3 };

struct survey_scan {
  hs_survey_fn each;
  void *context;
  struct hs_str texts[SURVEY_TEXTS][HS_BATCH_ROWS];
};

static enum hs_status take_answers(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  struct survey_scan *scan = context;
  idx_t count = duckdb_data_chunk_get_size(chunk);
  const int64_t *at_us = hs_chunk_column(chunk, SURVEY_TEXTS);
  const hs_person_key *person = hs_chunk_column(chunk, SURVEY_TEXTS + 1);
  enum hs_status status = HS_OK;
  for (idx_t c = 0; c < SURVEY_TEXTS; c++)
    hs_chunk_texts(chunk, c, scan->texts[c]);
  for (idx_t i = 0; status == HS_OK && i < count; i++) {
    const struct hs_survey_answer answer = {.at_us = at_us[i],
                                            .person = person[i],
                                            .answer = scan->texts[0][i],
                                            .partner = scan->texts[1][i],
                                            .order_id = scan->texts[2][i]};
    status = scan->each(scan->context, &answer, err);
  }
  return status;
}

enum hs_status hs_trail_survey_answers(void *self, int64_t from_us, int64_t until_us,
                                       hs_survey_fn each, void *context, struct hs_err *err)
{
  struct trail *trail = self;
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  struct survey_scan *state = hs_arena_alloc(&trail->arena, 1, sizeof *state);
  if (!state)
    return hs_arena_full(&trail->arena, "a scan of survey answers", err);
  state->each = each;
  state->context = context;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_printf(&sql,
                "SELECT answer, partner, order_id, occurred_at, coalesce(person_key, 0) FROM "
                "surveys WHERE occurred_at >= make_timestamp(%" PRId64
                ") AND occurred_at < make_timestamp(%" PRId64 ") ORDER BY sequence, row_number",
                hs_drawn_in(from_us), hs_drawn_in(until_us));
  return hs_trail_stream(trail, &sql, take_answers, state, err);
}

/* ---- exchange rates ---- */

enum { RATE_TEXTS = 4 };

struct rate_scan {
  hs_rate_fn each;
  void *context;
  struct hs_str texts[RATE_TEXTS][HS_BATCH_ROWS];
};

static enum hs_status take_rates(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  struct rate_scan *scan = context;
  idx_t count = duckdb_data_chunk_get_size(chunk);
  const int64_t *day = hs_chunk_column(chunk, RATE_TEXTS);
  const uint64_t *sequence = hs_chunk_column(chunk, RATE_TEXTS + 1);
  const int64_t *row_number = hs_chunk_column(chunk, RATE_TEXTS + 2);
  enum hs_status status = HS_OK;
  for (idx_t c = 0; c < RATE_TEXTS; c++)
    hs_chunk_texts(chunk, c, scan->texts[c]);
  for (idx_t i = 0; status == HS_OK && i < count; i++) {
    const struct hs_rate_fact fact = {.day = day[i],
                                      .from = scan->texts[0][i],
                                      .to = scan->texts[1][i],
                                      .rate = scan->texts[2][i],
                                      .source = scan->texts[3][i],
                                      .sequence = sequence[i],
                                      .row_number = row_number[i]};
    status = scan->each(scan->context, &fact, err);
  }
  return status;
}

enum hs_status hs_trail_rates(void *self, hs_rate_fn each, void *context, struct hs_err *err)
{
  struct trail *trail = self;
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  struct rate_scan *state = hs_arena_alloc(&trail->arena, 1, sizeof *state);
  if (!state)
    return hs_arena_full(&trail->arena, "a scan of exchange rates", err);
  state->each = each;
  state->context = context;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_add_text(&sql, "SELECT \"from\", \"to\", rate, source, (day - DATE '1970-01-01')::BIGINT, "
                        "sequence, row_number FROM rates ORDER BY sequence, row_number");
  return hs_trail_stream(trail, &sql, take_rates, state, err);
}

/* ---- days ---- */

/* Days are drawn in as moments are; no calendar of ours is that long. */
static int64_t drawn_in_day(int64_t day)
{
  const int64_t far_days = 3652059;
  return day < -far_days ? -far_days : day > far_days ? far_days : day;
}

static void add_days(struct hs_buf *sql, int64_t from_day, int64_t until_day)
{
  hs_buf_printf(sql,
                "day >= DATE '1970-01-01' + %" PRId64 "::INTEGER AND day < DATE '1970-01-01' + "
                "%" PRId64 "::INTEGER",
                drawn_in_day(from_day), drawn_in_day(until_day));
}

struct series_scan {
  hs_series_fn each;
  void *context;
};

static enum hs_status take_figures(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  const struct series_scan *scan = context;
  idx_t count = duckdb_data_chunk_get_size(chunk);
  const int64_t *day = hs_chunk_column(chunk, 0);
  const duckdb_string_t *region = hs_chunk_column(chunk, 1);
  const double *value = hs_chunk_column(chunk, 2);
  enum hs_status status = HS_OK;
  for (idx_t i = 0; status == HS_OK && i < count; i++) {
    const struct hs_series_figure figure = {day[i], hs_text_at(region, i), value[i]};
    status = scan->each(scan->context, &figure, err);
  }
  return status;
}

enum hs_status hs_trail_series(void *self, struct hs_str metric, int64_t from_day,
                               int64_t until_day, hs_series_fn each, void *context,
                               struct hs_err *err)
{
  struct trail *trail = self;
  struct series_scan scan = {each, context};
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  const char *name = hs_arena_copy(&trail->arena, metric.data, metric.length);
  if (!name)
    return hs_arena_full(&trail->arena, "the name of a series", err);
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_add_text(&sql, "SELECT (day - DATE '1970-01-01')::BIGINT, coalesce(region, ''), value "
                        "FROM series WHERE metric = ");
  hs_sql_text(&sql, name);
  hs_buf_add_text(&sql, " AND ");
  add_days(&sql, from_day, until_day);
  hs_buf_add_text(&sql, " ORDER BY 1, 2");
  return hs_trail_stream(trail, &sql, take_figures, &scan, err);
}

struct activity_scan {
  hs_activity_fn each;
  void *context;
};

static enum hs_status take_activity(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  const struct activity_scan *scan = context;
  idx_t rows = duckdb_data_chunk_get_size(chunk);
  const duckdb_string_t *partner = hs_chunk_column(chunk, 0);
  const duckdb_string_t *kind = hs_chunk_column(chunk, 1);
  const int64_t *day = hs_chunk_column(chunk, 2);
  const double *count = hs_chunk_column(chunk, 3);
  enum hs_status status = HS_OK;
  for (idx_t i = 0; status == HS_OK && i < rows; i++) {
    const struct hs_activity_day activity = {hs_text_at(partner, i), hs_text_at(kind, i), day[i],
                                             count[i]};
    status = scan->each(scan->context, &activity, err);
  }
  return status;
}

enum hs_status hs_trail_activity_days(void *self, int64_t from_day, int64_t until_day,
                                      hs_activity_fn each, void *context, struct hs_err *err)
{
  struct trail *trail = self;
  struct activity_scan scan = {each, context};
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  /* The sum of whole numbers is whole until it is a double: no order of adding shows in it. */
  hs_buf_add_text(&sql, "SELECT partner, kind, (day - DATE '1970-01-01')::BIGINT, "
                        "sum(count)::DOUBLE FROM activity WHERE ");
  add_days(&sql, from_day, until_day);
  hs_buf_add_text(&sql, " GROUP BY partner, kind, day ORDER BY 1, 2, 3");
  return hs_trail_stream(trail, &sql, take_activity, &scan, err);
}

/* ---- links ---- */

struct link_scan {
  hs_link_count_fn each;
  void *context;
};

static enum hs_status take_links(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  const struct link_scan *scan = context;
  idx_t count = duckdb_data_chunk_get_size(chunk);
  const duckdb_string_t *link = hs_chunk_column(chunk, 0);
  const int64_t *persons = hs_chunk_column(chunk, 1);
  enum hs_status status = HS_OK;
  for (idx_t i = 0; status == HS_OK && i < count; i++)
    status = scan->each(scan->context, hs_text_at(link, i), (uint64_t)persons[i], err);
  return status;
}

enum hs_status hs_trail_links_followed(void *self, int64_t from_us, int64_t until_us,
                                       hs_link_count_fn each, void *context, struct hs_err *err)
{
  struct trail *trail = self;
  struct link_scan scan = {each, context};
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_printf(&sql,
                "SELECT link, count(DISTINCT person_key) FROM touches WHERE link IS NOT NULL AND "
                "occurred_at >= make_timestamp(%" PRId64
                ") AND occurred_at < make_timestamp(%" PRId64 ") GROUP BY link ORDER BY link",
                hs_drawn_in(from_us), hs_drawn_in(until_us));
  return hs_trail_stream(trail, &sql, take_links, &scan, err);
}
