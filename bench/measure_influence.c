/* Counterfactuals by parity mode: the Gibbs sampler at the sizes at which its peer was timed. The
   series are simulated; time depends on their size and not on what they say. */
#include <math.h>
#include <stdlib.h>

#include "measure/influence/parity.h"
#include "measure_rows.h"
#include "stats/random.h"

enum { ROWS_MAX = 730, CONTROLS_MAX = 10, DRAWS = 1000 };

struct size {
  size_t rows, start, control_count;
  uint32_t season;
};

static struct hs_arena arena;
static double outcome[ROWS_MAX], columns[CONTROLS_MAX][ROWS_MAX];

static enum hs_status run_parity(void *context, struct hs_err *err)
{
  static const double *controls[CONTROLS_MAX];
  const struct size *size = context;
  struct hs_influence_result result;
  for (size_t c = 0; c < CONTROLS_MAX; c++)
    controls[c] = columns[c];
  const struct hs_influence_input input = {.outcome = outcome,
                                           .count = size->rows,
                                           .controls = controls,
                                           .control_count = size->control_count,
                                           .start = size->start,
                                           .end = size->rows,
                                           .season = size->season,
                                           .level = 0.95,
                                           .seed = 1,
                                           .draws = DRAWS,
                                           .threads = 1};
  hs_arena_reset(&arena, 0);
  return hs_influence_parity(&arena, &input, &result, err);
}

static void draw_series(const struct size *size)
{
  struct hs_random rng = hs_random_open(2026, 0);
  double level = 100;
  for (size_t t = 0; t < size->rows; t++) {
    level += 0.1 * hs_random_normal(&rng);
    outcome[t] = level + hs_random_normal(&rng) + (t >= size->start ? 4 : 0);
    if (size->season > 1)
      outcome[t] += 2 * sin(6.283185307179586 * (double)t / size->season);
    for (size_t c = 0; c < size->control_count; c++) {
      columns[c][t] = 100 + hs_random_normal(&rng);
      outcome[t] += c < 2 ? columns[c][t] / 2 : 0;
    }
  }
}

void bench_influence_rows(void)
{
  struct size small = {100, 70, 1, 0};
  struct size daily = {730, 700, 10, 7};
  struct size weekly = {325, 300, 1, 52};
  const struct bench_row rows[] = {
      {"counterfactual, n 100, 1 control, 1,000 draws", 0.05, "CausalImpact 0.58 s", run_parity,
       &small},
      {"counterfactual, n 730, 10 controls, season 7, 1,000 draws", 0.6, "CausalImpact 10.5 s",
       run_parity, &daily},
      {"counterfactual, n 325, season 52, 1,000 draws", 3, "CausalImpact 29.2 s", run_parity,
       &weekly},
  };
  if (hs_arena_init(&arena, HS_GIB, NULL) != HS_OK)
    exit(EXIT_FAILURE);
  for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
    draw_series(rows[r].context);
    bench_row(&rows[r]);
  }
  hs_arena_release(&arena);
}
