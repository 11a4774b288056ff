/* The trail in memory: one table of rows for each kind, in an arena that a failed load gives back.
   Every question is answered by a walk over the rows, which is what the simulation needs: few rows,
   no surprises. */
#include "adapters/memory/trail.h"

#include <stdlib.h>

#include "adapters/memory/memory_adapter.h"

#define MEMORY_DEFAULT HS_GIB

/* ---- storing ---- */

static enum hs_status trail_position(void *self, struct hs_cursor *out,
                                     [[maybe_unused]] struct hs_err *err)
{
  *out = ((struct trail *)self)->cursor;
  return HS_OK;
}

static enum hs_status load_one(struct trail *trail, const struct hs_load *load,
                               struct hs_load_counts *counts, struct hs_err *err)
{
  HS_ASSERT(load->kind < HS_EVENT_KIND_COUNT && !load->rows == !!load->path);
  struct hs_row_source kept;
  struct hs_row_source *source = load->rows;
  if (load->path) {
    enum hs_status status = trail->keep.read(trail->keep.self, load->kind, load->path, &kept, err);
    if (status)
      return status;
    source = &kept;
  }
  enum hs_status status = hs_table_load(&trail->tables[load->kind], &trail->conflicts,
                                        &trail->arena, load->sequence, source, counts, err);
  if (load->path)
    kept.close(kept.self);
  return status;
}

static enum hs_status trail_store(void *self, const struct hs_load *loads, size_t load_count,
                                  const struct hs_cursor *cursor, struct hs_load_counts *counts,
                                  struct hs_err *err)
{
  struct trail *trail = self;
  size_t mark = hs_arena_mark(&trail->arena);
  size_t conflict_count = trail->conflicts.count;
  size_t before[HS_EVENT_KIND_COUNT];
  for (size_t k = 0; k < HS_EVENT_KIND_COUNT; k++)
    before[k] = trail->tables[k].count;
  enum hs_status status = HS_OK;
  uint64_t sequence = trail->cursor.sequence + 1;
  for (size_t i = 0; status == HS_OK && i < load_count; i++) {
    HS_ASSERT(loads[i].sequence >= sequence && loads[i].sequence <= cursor->sequence);
    sequence = loads[i].sequence;
    counts[i] = (struct hs_load_counts){0};
    status = load_one(trail, &loads[i], &counts[i], err);
  }
  if (status) {
    for (size_t k = 0; k < HS_EVENT_KIND_COUNT; k++)
      hs_table_truncate(&trail->tables[k], before[k]);
    trail->conflicts.count = conflict_count;
    hs_arena_reset(&trail->arena, mark);
    return status;
  }
  trail->cursor = *cursor;
  return HS_OK;
}

static enum hs_status trail_clear(void *self, [[maybe_unused]] struct hs_err *err)
{
  struct trail *trail = self;
  for (size_t k = 0; k < HS_EVENT_KIND_COUNT; k++)
    hs_table_release(&trail->tables[k]);
  trail->conflicts.count = 0;
  trail->cursor = (struct hs_cursor){0};
  hs_arena_reset(&trail->arena, 0);
  return HS_OK;
}

/* ---- opening ---- */

/* Everything that it holds is in memory anyhow. */
static enum hs_status trail_spare([[maybe_unused]] void *self,
                                  [[maybe_unused]] uint64_t memory_bytes,
                                  [[maybe_unused]] struct hs_err *err)
{
  return HS_OK;
}

static void trail_close(void *self)
{
  struct trail *trail = self;
  for (size_t k = 0; k < HS_EVENT_KIND_COUNT; k++)
    hs_table_release(&trail->tables[k]);
  free(trail->conflicts.items);
  hs_arena_release(&trail->arena);
  hs_arena_release(&trail->scratch);
  if (trail->keep.close)
    trail->keep.close(trail->keep.self);
  free(trail);
}

enum hs_status hs_memory_trail_open(const struct hs_memory_options *options, struct hs_trail *out,
                                    struct hs_err *err)
{
  struct trail *trail = calloc(1, sizeof *trail);
  if (!trail)
    return hs_fail(err, HS_NOMEM, "no memory for a trail");
  size_t bytes = options->memory_bytes ? (size_t)options->memory_bytes : MEMORY_DEFAULT;
  trail->io = options->io;
  for (size_t k = 0; k < HS_EVENT_KIND_COUNT; k++)
    trail->tables[k].kind = (enum hs_event_kind)k;
  enum hs_status status = hs_arena_init(&trail->arena, bytes, err);
  if (status == HS_OK)
    status = hs_arena_init(&trail->scratch, bytes, err);
  if (status == HS_OK)
    status = hs_memory_keep_open(options, &trail->keep, err);
  if (status) {
    trail_close(trail);
    return status;
  }
  *out = (struct hs_trail){.self = trail,
                           .close = trail_close,
                           .position = trail_position,
                           .store = trail_store,
                           .clear = trail_clear,
                           .channels = hs_memory_channels,
                           .scan_touches = hs_memory_scan_touches,
                           .scan_orders = hs_memory_scan_orders,
                           .scan_identities = hs_memory_scan_identities,
                           .scan_paths = hs_memory_scan_paths,
                           .totals = hs_memory_totals,
                           .touch_count = hs_memory_touch_count,
                           .stray_refunds = hs_memory_stray_refunds,
                           .partners = hs_memory_partners,
                           .range = hs_memory_range,
                           .day_range = hs_memory_day_range,
                           .new_orders = hs_memory_new_orders,
                           .orders_between = hs_memory_orders_between,
                           .new_refunds = hs_memory_new_refunds,
                           .new_actions = hs_memory_new_actions,
                           .network_words = hs_memory_network_words,
                           .survey_answers = hs_memory_survey_answers,
                           .rates = hs_memory_rates,
                           .series = hs_memory_series,
                           .activity_days = hs_memory_activity_days,
                           .links_followed = hs_memory_links_followed,
                           .evidence = hs_memory_evidence,
                           .spare = trail_spare,
                           .conflict_count = hs_memory_conflict_count,
                           .query = hs_memory_query,
                           .export_table = hs_memory_export_table,
                           .interrupt = hs_memory_interrupt};
  return HS_OK;
}
