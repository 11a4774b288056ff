/* How much memory it takes to read the whole ledger again: every order of an emptied ledger judged
   and posted, in a programme whose stores may use as much as a programme's may by default. What
   counts is the most that was resident at once, however many orders there are. The orders are those
   of sales.h, each after one touch, in imports of half a million.

   HANSA_BENCH_ORDERS: 2,000,000 unless told otherwise; the goal is for 10,000,000. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "programme.h"
#include "sales.h"
#include "service/post/post.h"

enum { ORDERS_PER_IMPORT = 500000, PARTNERS = 200 };

#define GOAL_MIB 512.0

static const char PROGRAMME[] = HANSA_BINARY_DIR "/bench_replay.data";
static uint64_t order_count;
static struct hs_err err;

static void replay(void)
{
  struct hs_arena arena;
  struct hs_programme programme;
  struct hs_posted posted;
  bench_check(hs_arena_init(&arena, 8 * HS_MIB, &err), &err);
  bench_check(hs_programme_open(bench_wiring(), &arena, PROGRAMME, NULL, NULL, &programme, &err),
              &err);
  bench_start();
  bench_check(hs_ledger_replay(&programme, NULL, NULL, &posted, &err), &err);
  bench_stop();
  HS_ASSERT(posted.orders == order_count && posted.commissions == order_count);
  hs_programme_close(&programme);
  hs_arena_release(&arena);
}

int main(void)
{
  order_count = bench_setting("HANSA_BENCH_ORDERS", 2000000);
  const struct bench_sales sales = {.order_count = order_count,
                                    .orders_per_import = ORDERS_PER_IMPORT,
                                    .partner_count = PARTNERS,
                                    .touches_per_order = 1};
  bench_sales_make(PROGRAMME, &sales);
  struct bench_cost cost = bench_run(replay);
  printf("ledger, %" PRIu64 " orders replayed | %.1f s, %.1f CPU s, %.0f MiB | %.0f MiB | %.2f | "
         "<= 1.00\n",
         order_count, cost.wall_s, cost.cpu_s, cost.resident_mib, GOAL_MIB,
         cost.resident_mib / GOAL_MIB);
  bench_remove(PROGRAMME);
  return EXIT_SUCCESS;
}
