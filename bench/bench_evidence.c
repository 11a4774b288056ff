/* What the judge of orders asks of a large trail: a page of new orders, and the evidence about who
   ordered. The trail is that of big_trail.h, and here every order names a customer too: one in ten
   the shop's guest account, the others the person's own. The orders are a frame of their own behind
   everything else, so each of them brings a pair.

   HANSA_BENCH_TOUCHES: touches of the trail, 20,000,000 unless told otherwise. */
#include <inttypes.h>
#include <stdio.h>

#include "big_trail.h"
#include "measure/persons.h"
#include "programme.h"

enum { ROUNDS = 3, PAGE_MAX = 50000 };

static const char PROGRAMME[] = HANSA_BINARY_DIR "/bench_evidence.data";
static const char TRAIL[] = HANSA_BINARY_DIR "/bench_evidence.data/trail.duckdb";

static size_t page_size; /* of the run */

/* What a run was given, to say with its cost. */
struct seen {
  hs_person_key ids[2 * PAGE_MAX];
  size_t id_count;
  int64_t first_us, last_us;
  size_t pairs, touches, first_orders;
};

static void make_trail(uint64_t touch_count)
{
  struct engine engine;
  struct hs_err err = {0};
  const struct hs_duckdb_options options = {.path = TRAIL, .memory_bytes = BENCH_MEMORY_BYTES};
  big_trail_make(TRAIL, touch_count);
  bench_check(hs_engine_open(&engine, TRAIL, &options, &err), &err);
  big_trail_run(&engine,
                "UPDATE orders SET sequence = 2, customer = if(row_number % 10 = 0, 'guest', 'c' "
                "|| person[2:]); UPDATE orders SET customer_key = person_key(customer); CHECKPOINT",
                0, 0);
  hs_engine_close(&engine);
}

static enum hs_status take_orders(void *context, const struct hs_new_order_batch *orders,
                                  [[maybe_unused]] struct hs_err *err)
{
  const struct hs_order_batch *batch = &orders->basic;
  struct seen *seen = context;
  for (size_t i = 0; i < batch->count; i++) {
    seen->ids[seen->id_count++] = batch->person[i];
    seen->ids[seen->id_count++] = batch->customer[i];
    seen->first_us = batch->at_us[i] < seen->first_us ? batch->at_us[i] : seen->first_us;
    seen->last_us = batch->at_us[i] > seen->last_us ? batch->at_us[i] : seen->last_us;
  }
  return HS_OK;
}

static enum hs_status take_pairs(void *context, const struct hs_pair_batch *batch,
                                 [[maybe_unused]] struct hs_err *err)
{
  ((struct seen *)context)->pairs += batch->count;
  return HS_OK;
}

static enum hs_status take_touches(void *context, const struct hs_near_touch_batch *batch,
                                   [[maybe_unused]] struct hs_err *err)
{
  ((struct seen *)context)->touches += batch->count;
  return HS_OK;
}

static enum hs_status take_first_orders(void *context, const struct hs_first_order_batch *batch,
                                        [[maybe_unused]] struct hs_err *err)
{
  ((struct seen *)context)->first_orders += batch->count;
  return HS_OK;
}

static void judge_page(void)
{
  static struct seen seen = {.first_us = INT64_MAX, .last_us = INT64_MIN};
  struct hs_arena arena;
  struct hs_programme programme;
  struct hs_err err = {0};
  const struct hs_order_page page = {1, INT64_MAX, 2, page_size, {0}, 0, 0};
  const struct hs_evidence_reader reader = {&seen, take_pairs, take_touches, take_first_orders};
  bench_check(hs_arena_init(&arena, HS_MIB, &err), &err);
  bench_check(hs_programme_open(bench_wiring(), &arena, PROGRAMME, NULL, NULL, &programme, &err),
              &err);
  struct hs_trail *trail = &programme.trail;
  bench_start();
  bench_check(trail->new_orders(trail->self, &page, take_orders, &seen, &err), &err);
  const struct hs_evidence_ask ask = {.ids = seen.ids,
                                      .id_count = seen.id_count,
                                      .from_sequence = 2,
                                      .until_sequence = 2,
                                      .from_us = seen.first_us - 30 * HS_DAY_US,
                                      .until_us = seen.last_us + 1,
                                      .crowd = hs_persons_crowd(&(struct hs_persons_options){0}),
                                      .near_max = 1000000};
  bench_check(trail->evidence(trail->self, &ask, &reader, &err), &err);
  bench_stop();
  HS_ASSERT(seen.id_count > 0 && seen.touches > 0 && seen.first_orders > 0);
  hs_programme_close(&programme);
  hs_arena_release(&arena);
}

int main(void)
{
  static const size_t PAGES[] = {1, 1000, PAGE_MAX};
  struct hs_arena arena;
  struct hs_programme programme;
  struct hs_err err = {0};
  struct bench_cost costs[ROUNDS];
  uint64_t touch_count = bench_setting("HANSA_BENCH_TOUCHES", 20000000);
  bench_check(hs_arena_init(&arena, HS_MIB, &err), &err);
  bench_programme_make(&arena, PROGRAMME, &programme);
  hs_programme_close(&programme);
  hs_arena_release(&arena);
  make_trail(touch_count);
  printf("| evidence, %" PRIu64 " touches, %" PRIu64 " orders | s | CPU s | MiB |\n"
         "|---|---|---|---|\n",
         touch_count, touch_count / 50);
  for (size_t i = 0; i < sizeof PAGES / sizeof *PAGES; i++) {
    page_size = PAGES[i];
    for (int round = 0; round < ROUNDS; round++)
      costs[round] = bench_run(judge_page);
    struct bench_cost cost = bench_median(costs, ROUNDS);
    printf("| a page of %zu orders and its evidence | %.2f | %.2f | %.0f |\n", page_size,
           cost.wall_s, cost.cpu_s, cost.resident_mib);
  }
  bench_remove(PROGRAMME);
  return 0;
}
