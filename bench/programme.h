/* What the benchmarks of a whole programme share: the real adapters, an empty programme in a fresh
   directory below the build tree, and one measured run in a process of its own. */
#ifndef HANSA_BENCH_PROGRAMME_H
#define HANSA_BENCH_PROGRAMME_H

#include "service/programme.h"

/* What each store, and each peer, may use. */
#define BENCH_MEMORY_BYTES HS_GIB

const struct hs_wiring *bench_wiring(void);
/* Stops the program with the error's words when status is one. */
void bench_check(enum hs_status status, const struct hs_err *err);
/* Whole numbers from the environment. */
uint64_t bench_setting(const char *name, uint64_t fallback);

/* Makes and opens an empty programme in directory, in place of what stands there. The zone's memory
   is the arena's. */
void bench_programme_make(struct hs_arena *arena, const char *directory,
                          struct hs_programme *programme);
void bench_remove(const char *directory);

/* What a run cost: of the clock, of the processors, and the most memory that was resident. */
struct bench_cost {
  double wall_s, cpu_s;
  double resident_mib;
};
/* Runs work in a child process, so that memory and caches of one run are not another's. Only what
   stands between bench_start and bench_stop, both called by work, counts as time; a failing work
   exits. */
struct bench_cost bench_run(void (*work)(void));
void bench_start(void);
void bench_stop(void);
/* Median of each figure; count is odd and at most 63. */
struct bench_cost bench_median(const struct bench_cost *costs, size_t count);

#endif
