/* A large trail, made by SQL and plainly synthetic: 3 people for each 10 touches, whose touches
   fall into some ten days each, 20 channels, one person in 20 known by two ids that a login joins,
   and an order for each 50 touches among people who have some. Rows of all times lie mixed. */
#ifndef HANSA_BENCH_BIG_TRAIL_H
#define HANSA_BENCH_BIG_TRAIL_H

#include "adapters/duckdb/engine.h"

/* Begins: 2026-01-01T00:00:00Z. Everything lies in the 180 days from then on. */
#define BIG_TRAIL_FROM_US INT64_C(1767225600000000)

/* Runs SQL in which # stands for count and @ for people; stops the program when it fails. */
void big_trail_run(struct engine *engine, const char *sql_text, uint64_t count, uint64_t people);
/* Fills the trail at path, which has its tables and no rows. The same rows on every machine. */
void big_trail_make(const char *path, uint64_t touch_count);

#endif
