/* All credits with intervals of a trail that is there: persons joined, journeys cut, every model of
   the usual set estimated, jackknife intervals. The trail is that of big_trail.h.

   HANSA_BENCH_TOUCHES: touches of the trail, 20,000,000 unless told otherwise; people, orders and
   identities follow in proportion. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "big_trail.h"
#include "programme.h"
#include "service/believe/analysis.h"

enum { ROUNDS = 3 };

#define GOAL_S 10.0
#define GOAL_MIB 2048.0

static const char PROGRAMME[] = HANSA_BINARY_DIR "/bench_credits.data";
static const char TRAIL[] = HANSA_BINARY_DIR "/bench_credits.data/trail.duckdb";
static uint64_t touch_count;

/* ---- runs ---- */

static const struct hs_analysis_options ALL = {
    .period = {BIG_TRAIL_FROM_US, INT64_C(1782864000000000)}, /* half of 2026 */
    .look_back_us = HS_LOOK_BACK_DAYS_DEFAULT * HS_DAY_US,
    .level = 0.95};

static void analyse(enum hs_status (*run_analysis)(struct hs_programme *,
                                                   const struct hs_analysis_options *,
                                                   struct hs_analysis *, struct hs_err *),
                    struct hs_analysis *analysis)
{
  struct hs_arena arena;
  struct hs_programme programme;
  struct hs_err err = {0};
  bench_check(hs_arena_init(&arena, HS_MIB, &err), &err);
  bench_check(hs_programme_open(bench_wiring(), &arena, PROGRAMME, NULL, NULL, &programme, &err),
              &err);
  bench_start();
  bench_check(run_analysis(&programme, &ALL, analysis, &err), &err);
  bench_stop();
  HS_ASSERT(analysis->stats.touches > touch_count / 2 && analysis->stats.orders_with_path > 0);
  hs_programme_close(&programme);
}

static void all_credits(void)
{
  struct hs_analysis analysis;
  analyse(hs_analysis_run, &analysis);
  HS_ASSERT(analysis.credits != NULL);
}

static void only_journeys(void)
{
  struct hs_analysis analysis;
  analyse(hs_analysis_gather, &analysis);
}

int main(void)
{
  struct hs_arena arena;
  struct hs_programme programme;
  struct hs_err err = {0};
  struct bench_cost credits[ROUNDS];
  struct bench_cost journeys[ROUNDS];
  touch_count = bench_setting("HANSA_BENCH_TOUCHES", 20000000);
  bench_check(hs_arena_init(&arena, HS_MIB, &err), &err);
  bench_programme_make(&arena, PROGRAMME, &programme);
  hs_programme_close(&programme);
  hs_arena_release(&arena);
  big_trail_make(TRAIL, touch_count);
  for (int round = 0; round < ROUNDS; round++) {
    credits[round] = bench_run(all_credits);
    journeys[round] = bench_run(only_journeys);
  }
  struct bench_cost all = bench_median(credits, ROUNDS);
  struct bench_cost part = bench_median(journeys, ROUNDS);
  printf("| credits, %" PRIu64 " touches, %" PRIu64 " orders | s | goal | CPU s | MiB | goal |\n"
         "|---|---|---|---|---|---|\n",
         touch_count, touch_count / 50);
  printf("| all credits with intervals | %.1f | %.0f | %.1f | %.0f | %.0f |\n", all.wall_s, GOAL_S,
         all.cpu_s, all.resident_mib, GOAL_MIB);
  printf("| of which persons, journeys and paths | %.1f | | %.1f | %.0f | |\n", part.wall_s,
         part.cpu_s, part.resident_mib);
  bench_remove(PROGRAMME);
  return 0;
}
