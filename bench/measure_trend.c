/* Trends at the sizes of a programme: a side's quarters with effort that was not planned, so that
   eleven elasticities are gone through, and six years of months with a season. The series are
   simulated; time depends on their length and the season's. */
#include <math.h>

#include "measure/trend/trend.h"
#include "measure_rows.h"
#include "stats/random.h"

enum { PERIODS_MAX = 72 };

struct size {
  size_t count;
  double per_year;
  uint32_t season;
  int has_effort;
};

static struct hs_arena arena;
static double value[PERIODS_MAX], effort[PERIODS_MAX];

static void draw_series(const void *context)
{
  const struct size *size = context;
  struct hs_random rng = hs_random_open(2026, 2);
  double level = 5;
  for (size_t t = 0; t < size->count; t++) {
    effort[t] = exp(0.3 * hs_random_normal(&rng));
    value[t] = exp(level + 0.1 * hs_random_normal(&rng) + 0.3 * log(effort[t]));
    level += 0.15 / size->per_year + 0.01 * hs_random_normal(&rng);
  }
}

static enum hs_status run_trend(void *context, struct hs_err *err)
{
  const struct size *size = context;
  struct hs_trend trend;
  const struct hs_trend_input input = {.value = value,
                                       .count = size->count,
                                       .effort = size->has_effort ? effort : NULL,
                                       .periods_per_year = size->per_year,
                                       .season = size->season,
                                       .material = 0.1,
                                       .mass = 0.9};
  hs_arena_reset(&arena, 0);
  return hs_trend_estimate(&arena, &input, &trend, err);
}

void bench_trend_rows(void)
{
  struct size quarters = {24, 4, 4, 1};
  struct size months = {72, 12, 12, 0};
  struct size months_of_effort = {72, 12, 12, 1};
  const struct bench_row rows[] = {
      {"trend, 24 quarters with effort", 0, "none does it", run_trend, &quarters},
      {"trend, 72 months", 0, "none does it", run_trend, &months},
      {"trend, 72 months with effort", 0, "none does it", run_trend, &months_of_effort},
  };
  bench_rows(rows, sizeof rows / sizeof *rows, &arena, draw_series);
}
