/* The rows of bench_measure, by topic, and how one is timed and printed. */
#ifndef HANSA_BENCH_MEASURE_ROWS_H
#define HANSA_BENCH_MEASURE_ROWS_H

#include "base/arena.h"

struct bench_row {
  const char *work;
  double goal_seconds; /* 0 for none */
  const char *peer;    /* "CausalImpact 0.58 s" */
  /* Runs the work once, on one thread. */
  enum hs_status (*run)(void *context, struct hs_err *err);
  void *context;
};

/* Runs the row five times and prints the median of the CPU time of this process; ends the program
   when the work fails. */
void bench_row(const struct bench_row *row);

/* One after another, each with its data drawn by its context before it, in an arena of a gibibyte
   that is there for so long. */
void bench_rows(const struct bench_row *rows, size_t count, struct hs_arena *arena,
                void (*draw)(const void *context));

void bench_influence_rows(void);
void bench_geo_rows(void);
void bench_value_rows(void);
void bench_trend_rows(void);

#endif
