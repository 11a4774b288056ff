/* What networks said last of their commissions. */
#include <inttypes.h>

#include "adapters/duckdb/trail.h"

#define WORD_TEXTS 7

struct word_scan {
  hs_network_word_fn each;
  void *context;
  struct hs_str texts[WORD_TEXTS][HS_BATCH_ROWS];
};

static enum hs_status take_words(void *context, duckdb_data_chunk chunk, struct hs_err *err)
{
  struct word_scan *scan = context;
  idx_t count = duckdb_data_chunk_get_size(chunk);
  const uint8_t *has_amount = hs_chunk_column(chunk, WORD_TEXTS);
  const int64_t *amount = hs_chunk_column(chunk, WORD_TEXTS + 1);
  const int64_t *commission = hs_chunk_column(chunk, WORD_TEXTS + 2);
  const int64_t *created = hs_chunk_column(chunk, WORD_TEXTS + 3);
  enum hs_status status = HS_OK;
  for (idx_t c = 0; c < WORD_TEXTS; c++)
    hs_chunk_texts(chunk, c, scan->texts[c]);
  for (idx_t i = 0; i < count && status == HS_OK; i++) {
    struct hs_network_word word = {.network = scan->texts[0][i],
                                   .commission_id = scan->texts[1][i],
                                   .order_id = scan->texts[2][i],
                                   .partner = scan->texts[3][i],
                                   .partner_id = scan->texts[4][i],
                                   .currency = scan->texts[5][i],
                                   .status = scan->texts[6][i],
                                   .has_amount = has_amount[i],
                                   .amount_minor = amount[i],
                                   .commission_minor = commission[i],
                                   .created_us = created[i]};
    status = scan->each(scan->context, &word, err);
  }
  return status;
}

enum hs_status hs_trail_network_words(void *self, int64_t from_us, int64_t until_us,
                                      hs_network_word_fn each, void *context, struct hs_err *err)
{
  struct trail *trail = self;
  enum hs_status status = hs_trail_ready(trail, err);
  if (status)
    return status;
  struct word_scan *state = hs_arena_alloc(&trail->arena, 1, sizeof *state);
  if (!state)
    return hs_arena_full(&trail->arena, "a scan of networks' commissions", err);
  state->each = each;
  state->context = context;
  struct hs_buf sql = hs_buf_in(&trail->arena);
  hs_buf_printf(
      &sql,
      "SELECT network, commission_id, order_id, partner, partner_id, currency, status, "
      "(amount_minor IS NOT NULL)::UTINYINT, coalesce(amount_minor, 0), commission_minor, "
      "created_at FROM network_commissions WHERE created_at >= make_timestamp(%" PRId64
      ") AND created_at < make_timestamp(%" PRId64
      ") QUALIFY row_number() OVER (PARTITION BY network, commission_id, commission_minor < 0 "
      "ORDER BY sequence DESC, row_number DESC) = 1 ORDER BY sequence, row_number",
      hs_drawn_in(from_us), hs_drawn_in(until_us));
  return hs_trail_stream(trail, &sql, take_words, state, err);
}
