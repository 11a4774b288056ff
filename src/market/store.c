#include "market/market_priv.h"

#include <string.h>

struct rows hs_market_rows_in(struct hs_arena *arena)
{
  return (struct rows){.arena = arena, .text = hs_buf_in(arena)};
}

struct hs_buf *hs_market_row_begin(struct rows *rows)
{
  rows->open_at = rows->text.length;
  return &rows->text;
}

/* Room for one more in a list that doubles; 0 when the arena is full. */
static int list_reserve(struct hs_arena *arena, void **list, size_t count, size_t *capacity,
                        size_t size)
{
  if (count < *capacity)
    return 1;
  size_t wanted = *capacity == 0 ? 1024 : *capacity * 2;
  void *grown = hs_arena_grow(arena, *list, count, wanted, size);
  if (grown == NULL)
    return 0;
  *list = grown;
  *capacity = wanted;
  return 1;
}

void hs_market_row_end(struct rows *rows, int64_t arrival_us)
{
  void *list = rows->refs;
  hs_buf_add_char(&rows->text, '\n');
  if (rows->text.is_bad ||
      !list_reserve(rows->arena, &list, rows->count, &rows->capacity, sizeof *rows->refs)) {
    rows->is_bad = 1;
    return;
  }
  rows->refs = list;
  rows->refs[rows->count++] = (struct row_ref){
      .arrival_us = arrival_us,
      .offset = rows->open_at,
      .bytes = (uint32_t)(rows->text.length - rows->open_at),
  };
}

void hs_market_store_touch(struct store *store, const struct touch *touch)
{
  struct touches *touches = &store->touches;
  void *list = touches->list;
  if (!list_reserve(touches->arena, &list, touches->count, &touches->capacity, sizeof *touch)) {
    touches->is_bad = 1;
    return;
  }
  touches->list = list;
  touches->list[touches->count++] = *touch;
}

struct hs_market_effect *hs_market_effect_of(struct store *store, size_t partner, int32_t month)
{
  return &store->effects[partner * ((size_t)store->world->months + 1) + (size_t)month];
}

struct hs_market_effect *hs_market_effect_total(struct store *store, size_t partner)
{
  return hs_market_effect_of(store, partner, store->world->months);
}

uint32_t *hs_market_series_cell(struct store *store, enum metric metric, size_t region, int32_t day)
{
  return &store->series[metric][region * (size_t)store->world->days + (size_t)day];
}

static void rows_init(struct store *store, struct hs_arena *arena)
{
  struct rows *const ALL[] = {
      &store->orders, &store->refunds, &store->leads,   &store->identities, &store->activity,
      &store->costs,  &store->surveys, &store->persons, &store->traffic,    &store->survey_truths};
  for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
    *ALL[i] = hs_market_rows_in(arena);
}

enum hs_status hs_market_store_init(struct store *store, const struct world *world,
                                    struct hs_arena *arena, struct hs_err *err)
{
  memset(store, 0, sizeof *store);
  store->world = world;
  store->touches.arena = arena;
  rows_init(store, arena);
  size_t days = (size_t)world->days;
  size_t months = (size_t)world->months;
  size_t partners = world->partner_count;
  /* About 0.8 touches a person and month are to be expected; more only costs a copy. */
  store->touches.capacity = 1024 + world->people * months;
  store->touches.list =
      hs_arena_alloc_raw(arena, store->touches.capacity, sizeof *store->touches.list);
  store->views = hs_arena_alloc(arena, partners * days, sizeof *store->views);
  store->sign_ups = hs_arena_alloc(arena, partners * days, sizeof *store->sign_ups);
  store->monthly_reach = hs_arena_alloc(arena, partners * months, sizeof *store->monthly_reach);
  store->effects = hs_arena_alloc(arena, partners * (months + 1), sizeof *store->effects);
  int is_whole = store->touches.list && store->views && store->sign_ups && store->monthly_reach &&
                 store->effects;
  for (size_t metric = 0; metric < METRIC_COUNT; metric++) {
    store->series[metric] = hs_arena_alloc(arena, REGION_COUNT * days, sizeof(uint32_t));
    is_whole = is_whole && store->series[metric];
  }
  return is_whole ? HS_OK : hs_arena_full(arena, "the figures of the market", err);
}

enum hs_status hs_market_store_status(const struct store *store, struct hs_err *err)
{
  const struct rows *const ALL[] = {
      &store->orders, &store->refunds, &store->leads,   &store->identities, &store->activity,
      &store->costs,  &store->surveys, &store->persons, &store->traffic,    &store->survey_truths};
  int is_bad = store->touches.is_bad;
  for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
    is_bad |= ALL[i]->is_bad;
  return is_bad ? hs_arena_full(store->touches.arena, "the rows of the market", err) : HS_OK;
}
