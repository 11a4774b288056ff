/* New leads, custom events and clicks, in the order of the journal. The page is found first and
   kept in a temporary table: what else is needed of the trail for it is then bounded by its names
   or its moments. */
#include <inttypes.h>

#include "adapters/duckdb/trail.h"

struct action_scan {
  hs_action_fn each;
  void *context;
  struct hs_str name[HS_BATCH_ROWS];
  struct hs_str partner[HS_BATCH_ROWS];
  struct hs_str word[HS_BATCH_ROWS];
  struct hs_str metadata[HS_BATCH_ROWS];
};

static enum hs_status take_actions(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  struct action_scan *scan = context;
  hs_chunk_texts(chunk, 3, scan->name);
  hs_chunk_texts(chunk, 4, scan->partner);
  hs_chunk_texts(chunk, 5, scan->word);
  hs_chunk_texts(chunk, 6, scan->metadata);
  struct hs_action_batch batch = {.count = duckdb_data_chunk_get_size(chunk),
                                  .person = hs_chunk_column(chunk, 0),
                                  .at_us = hs_chunk_column(chunk, 1),
                                  .began_at_us = hs_chunk_column(chunk, 2),
                                  .name = scan->name,
                                  .partner = scan->partner,
                                  .word = scan->word,
                                  .metadata = scan->metadata,
                                  .is_repeated = hs_chunk_column(chunk, 7),
                                  .sequence = hs_chunk_column(chunk, 8),
                                  .row_number = hs_chunk_column(chunk, 9)};
  return scan->each(scan->context, &batch, err);
}

/* ---- the page ---- */

static void add_name(struct hs_buf *sql, struct trail *trail, const char *column,
                     struct hs_str name)
{
  const char *text = hs_arena_copy(&trail->arena, name.data, name.length);
  sql->is_bad |= text == NULL;
  if (text == NULL)
    return;
  hs_buf_printf(sql, " AND %s = ", column);
  hs_sql_text(sql, text);
}

/* columns are those of from that the statements below ask the page for. */
static enum hs_status find_page(struct trail *trail, const struct hs_action_page *page,
                                const char *columns, const char *from, const char *name,
                                int64_t *count, struct hs_err *err)
{
  struct hs_buf sql = hs_buf_in(&trail->arena);
  int64_t after = hs_drawn_in_count(page->after_sequence);
  hs_buf_printf(&sql,
                "CREATE OR REPLACE TEMP TABLE acted AS SELECT %s, sequence, row_number FROM %s "
                "AND sequence >= %" PRId64 " AND sequence <= %" PRId64 " AND (sequence > %" PRId64
                " OR row_number > %" PRId64 ")",
                columns, from, after, hs_drawn_in_count(page->until_sequence), after,
                page->after_row);
  if (page->name.data != NULL)
    add_name(&sql, trail, name, page->name);
  hs_buf_printf(&sql, " ORDER BY sequence, row_number LIMIT %" PRId64,
                hs_drawn_in_count(page->count_max));
  enum hs_status status = hs_trail_run(trail, &sql, NULL, err);
  return status ? status : hs_trail_number(trail, "SELECT count(*) FROM acted", count, err);
}

static enum hs_status give_rows(struct trail *trail, const struct hs_buf *sql, hs_action_fn each,
                                void *context, struct hs_err *err)
{
  struct action_scan *state = hs_arena_alloc(&trail->arena, 1, sizeof *state);
  if (!state)
    return hs_arena_full(&trail->arena, "a scan of leads, events or clicks", err);
  state->each = each;
  state->context = context;
  return hs_trail_stream(trail, sql, take_actions, state, err);
}

/* ---- leads ---- */

static enum hs_status new_leads(struct trail *trail, const struct hs_action_page *page,
                                hs_action_fn each, void *context, struct hs_err *err)
{
  int64_t count = 0;
  enum hs_status status =
      find_page(trail, page, "lead_id", "leads WHERE lead_id IS NOT NULL", "lead_id", &count, err);
  if (status || count == 0)
    return status;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_add_text(
      &sql, "WITH told AS (SELECT lead_id, status, occurred_at, sequence, leads.row_number, "
            "min(occurred_at) OVER w AS began_at, first_value(partner IGNORE NULLS) OVER w AS "
            "owner, first_value(person_key IGNORE NULLS) OVER w AS who FROM leads SEMI JOIN acted "
            "USING (lead_id) WINDOW w AS (PARTITION BY lead_id ORDER BY sequence, "
            "leads.row_number ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) "
            "SELECT coalesce(who, 0), occurred_at, began_at, lead_id, owner, status, "
            "NULL::VARCHAR, 0::UTINYINT, "
            "sequence, row_number FROM told SEMI JOIN acted USING (sequence, row_number) "
            "ORDER BY sequence, row_number");
  return give_rows(trail, &sql, each, context, err);
}

/* ---- custom events ---- */

static enum hs_status new_events(struct trail *trail, const struct hs_action_page *page,
                                 hs_action_fn each, void *context, struct hs_err *err)
{
  int64_t count = 0;
  enum hs_status status = find_page(
      trail, page, "coalesce(person_key, 0) AS who, occurred_at, event_id, partner, name, metadata",
      "events WHERE event_id IS NOT NULL", "event_id", &count, err);
  if (status || count == 0)
    return status;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_add_text(&sql, "SELECT who, occurred_at, occurred_at, event_id, partner, name, "
                        "metadata, 0::UTINYINT, sequence, row_number FROM acted "
                        "ORDER BY sequence, row_number");
  return give_rows(trail, &sql, each, context, err);
}

/* ---- clicks ---- */

#define CLICKS "touches WHERE kind = 'click' AND partner IS NOT NULL"

static enum hs_status moments_of_page(struct trail *trail, int64_t *first_us, int64_t *last_us,
                                      struct hs_err *err)
{
  enum hs_status status =
      hs_trail_number(trail, "SELECT epoch_us(min(occurred_at))::BIGINT FROM acted", first_us, err);
  return status ? status
                : hs_trail_number(trail, "SELECT epoch_us(max(occurred_at))::BIGINT FROM acted",
                                  last_us, err);
}

/* Whether an earlier click is near is asked of a window and not of a join of clicks with clicks: of
   a machine that clicks ten thousand times an hour that would be a hundred million pairs. */
static enum hs_status new_clicks(struct trail *trail, const struct hs_action_page *page,
                                 hs_action_fn each, void *context, struct hs_err *err)
{
  const int64_t near_us = HS_CLICK_APART_US - 1;
  int64_t count = 0;
  int64_t first_us = 0;
  int64_t last_us = 0;
  enum hs_status status =
      find_page(trail, page, "person_key, occurred_at", CLICKS, "touch_id", &count, err);
  if (status == HS_OK && count > 0)
    status = moments_of_page(trail, &first_us, &last_us, err);
  if (status || count == 0)
    return status;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_printf(
      &sql,
      "WITH near AS (SELECT touch_id, person_key, occurred_at, partner, link, sequence, "
      "row_number, sequence::HUGEINT * 9223372036854775808 + row_number AS place FROM " CLICKS
      " AND sequence <= %" PRId64 " AND occurred_at >= make_timestamp(%" PRId64
      ") AND occurred_at <= make_timestamp(%" PRId64 ") AND person_key IN (SELECT person_key FROM "
      "acted)), told AS (SELECT *, min(place) OVER (PARTITION BY person_key, partner, link ORDER "
      "BY occurred_at RANGE BETWEEN to_microseconds(%" PRId64 ") PRECEDING AND "
      "to_microseconds(%" PRId64 ") FOLLOWING) < place AS is_repeated FROM near) "
      "SELECT person_key, occurred_at, occurred_at, touch_id, partner, link, "
      "NULL::VARCHAR, is_repeated::UTINYINT, sequence, row_number FROM told SEMI JOIN acted USING "
      "(sequence, "
      "row_number) ORDER BY sequence, row_number",
      hs_drawn_in_count(page->until_sequence), hs_drawn_in(first_us - near_us),
      hs_drawn_in(last_us + near_us), near_us, near_us);
  return give_rows(trail, &sql, each, context, err);
}

enum hs_status hs_trail_new_actions(void *self, const struct hs_action_page *page,
                                    hs_action_fn each, void *context, struct hs_err *err)
{
  struct trail *trail = self;
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  HS_ASSERT(page->kind == HS_EVENT_LEAD || page->kind == HS_EVENT_CUSTOM ||
            page->kind == HS_EVENT_TOUCH);
  if (page->kind == HS_EVENT_LEAD)
    return new_leads(trail, page, each, context, err);
  return page->kind == HS_EVENT_CUSTOM ? new_events(trail, page, each, context, err)
                                       : new_clicks(trail, page, each, context, err);
}
