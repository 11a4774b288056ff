#include "measure_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "stats/quantile.h"

enum { ROUNDS = 5 };

static double cpu_seconds(void)
{
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) != 0)
    exit(EXIT_FAILURE);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

void bench_row(const struct bench_row *row)
{
  double rounds[ROUNDS];
  for (size_t r = 0; r < ROUNDS; r++) {
    struct hs_err err = {0};
    double from = cpu_seconds();
    if (row->run(row->context, &err) != HS_OK) {
      (void)fprintf(stderr, "bench_measure: %s: %s\n", row->work, err.text);
      exit(EXIT_FAILURE);
    }
    rounds[r] = cpu_seconds() - from;
  }
  hs_sort(rounds, ROUNDS);
  printf("%s | %.3f s | ", row->work, rounds[ROUNDS / 2]);
  if (row->goal_seconds > 0)
    printf("%g s | %s\n", row->goal_seconds, row->peer);
  else
    printf("- | %s\n", row->peer);
  (void)fflush(stdout);
}

void bench_rows(const struct bench_row *rows, size_t count, struct hs_arena *arena,
                void (*draw)(const void *context))
{
  if (hs_arena_init(arena, HS_GIB, NULL) != HS_OK)
    exit(EXIT_FAILURE);
  for (size_t r = 0; r < count; r++) {
    draw(rows[r].context);
    bench_row(&rows[r]);
  }
  hs_arena_release(arena);
}
