/* Posting as orders come: what one order costs from its file to its posted commission when every
   order is a frame of its own, in a programme that has some already. Told apart: the import, which
   makes the order durable and puts it into the trail, and the posting.

   HANSA_BENCH_ORDERS: orders that are there before, 200,000 unless told otherwise;
   HANSA_BENCH_LIVE: orders that come one by one, 300. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "programme.h"
#include "sales.h"
#include "service/post/post.h"
#include "service/track/import.h"

enum { PARTNERS = 30 };

static const char PROGRAMME[] = HANSA_BINARY_DIR "/bench_live.data";
static const char SOURCE[] = HANSA_BINARY_DIR "/bench_live.csv";
static uint64_t live_count;
static struct hs_err err;
static struct hs_arena work;
static struct hs_programme programme;

static void import_order(uint64_t order)
{
  struct hs_import_result result;
  const struct hs_import_options options = {
      .intake = {.kind = HS_EVENT_ORDER, .path = SOURCE, .slot_count = 1}};
  FILE *file = fopen(SOURCE, "w");
  HS_ASSERT(file != NULL);
  (void)fprintf(file,
                "order_id,person,occurred_at,amount,currency\n"
                "live-%" PRIu64 ",v%" PRIu64 ",2025-12-31T23:00:00Z,50.00,EUR\n",
                order, order * 7);
  HS_ASSERT(fclose(file) == 0);
  hs_arena_reset(&work, 0);
  bench_check(hs_import_run(&programme, &work, &options, &result, &err), &err);
}

/* is_posted: with the posting of each order, or of all of them at the end, outside of the time. */
static void live(int is_posted)
{
  struct hs_arena arena;
  bench_check(hs_arena_init(&arena, 8 * HS_MIB, &err), &err);
  bench_check(hs_arena_init(&work, HS_INTAKE_SHARED_BYTES + HS_INTAKE_SLOT_BYTES + HS_MIB, &err),
              &err);
  bench_check(hs_programme_open(bench_wiring(), &arena, PROGRAMME, NULL, NULL, &programme, &err),
              &err);
  bench_check(hs_ledger_catch_up(&programme, NULL, NULL, NULL, &err), &err);
  bench_start();
  for (uint64_t i = 0; i < live_count; i++) {
    import_order(is_posted ? i : live_count + i);
    if (is_posted)
      bench_check(hs_ledger_catch_up(&programme, NULL, NULL, NULL, &err), &err);
  }
  bench_stop();
  hs_programme_close(&programme);
}

static void live_posted(void) { live(1); }
static void live_imported(void) { live(0); }

int main(void)
{
  uint64_t order_count = bench_setting("HANSA_BENCH_ORDERS", 200000);
  live_count = bench_setting("HANSA_BENCH_LIVE", 300);
  const struct bench_sales sales = {.order_count = order_count,
                                    .orders_per_import = order_count,
                                    .partner_count = PARTNERS,
                                    .touches_per_order = 1};
  bench_sales_make(PROGRAMME, &sales);
  struct bench_cost posted = bench_run(live_posted);
  struct bench_cost imported = bench_run(live_imported);
  double count = (double)live_count;
  printf("live, one order a frame, after %" PRIu64 " | imported and posted %.1f ms, %.1f CPU ms, "
         "%.0f a second | of that the import %.1f ms, %.1f CPU ms\n",
         order_count, posted.wall_s * 1000 / count, posted.cpu_s * 1000 / count,
         count / posted.wall_s, imported.wall_s * 1000 / count, imported.cpu_s * 1000 / count);
  bench_remove(PROGRAMME);
  (void)remove(SOURCE);
  return EXIT_SUCCESS;
}
