/* The rows of bench_measure, by topic, and how one is timed and printed. */
#ifndef HANSA_BENCH_MEASURE_ROWS_H
#define HANSA_BENCH_MEASURE_ROWS_H

#include "base/status.h"

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

void bench_influence_rows(void);
void bench_geo_rows(void);
void bench_value_rows(void);
void bench_trend_rows(void);

#endif
