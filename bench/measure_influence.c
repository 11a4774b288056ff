/* Counterfactuals at the sizes at which the peer was timed: by its own model, and by the default
   mode, which does more (controls on trial, placebos). The series are simulated; time depends on
   their size and little on what they say. */
#include <math.h>

#include "measure/influence/default.h"
#include "measure/influence/mixture.h"
#include "measure/influence/parity.h"
#include "measure_rows.h"
#include "stats/random.h"

enum { ROWS_MAX = 730, CONTROLS_MAX = 10, DRAWS = 1000, PLACEBOS = 40 };

struct size {
  size_t rows, start, control_count;
  uint32_t season;
};

static struct hs_arena arena;
static double outcome[ROWS_MAX], columns[CONTROLS_MAX][ROWS_MAX];

static struct hs_influence_input input_of(const struct size *size)
{
  static const double *controls[CONTROLS_MAX];
  for (size_t c = 0; c < CONTROLS_MAX; c++)
    controls[c] = columns[c];
  hs_arena_reset(&arena, 0);
  return (struct hs_influence_input){.outcome = outcome,
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
}

static enum hs_status run_parity(void *context, struct hs_err *err)
{
  struct hs_influence_input input = input_of(context);
  struct hs_influence_result result;
  return hs_influence_parity(&arena, &input, &result, err);
}

static enum hs_status run_default(void *context, struct hs_err *err)
{
  struct hs_influence_input input = input_of(context);
  struct hs_influence_result result;
  return hs_influence_default(&arena, &input, &result, err);
}

/* The whole method at so many dates before the start, the history cut off at each. */
static enum hs_status run_placebos(void *context, struct hs_err *err)
{
  struct hs_influence_input input = input_of(context);
  size_t length = input.end - input.start;
  size_t mark = hs_arena_mark(&arena);
  enum hs_status status = HS_OK;
  for (size_t d = 0; d < PLACEBOS && status == HS_OK; d++) {
    size_t start = input.start - length - d * (input.start / 2) / PLACEBOS;
    const struct hs_mixture_question question = {.outcome = outcome,
                                                 .controls = input.controls,
                                                 .control_count = input.control_count,
                                                 .start = start,
                                                 .end = start + length,
                                                 .season = input.season};
    struct hs_mixture fit;
    hs_arena_reset(&arena, mark);
    status = hs_mixture_fit(&arena, &question, 1, &fit, err);
  }
  return status;
}

static void draw_series(const void *context)
{
  const struct size *size = context;
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
      {"placebo calibration over 40 dates, n 730, 10 controls, season 7", 20, "none does it",
       run_placebos, &daily},
      {"the default mode with its placebos, n 730, 10 controls, season 7", 0, "none does it",
       run_default, &daily},
      {"the same, n 100, 1 control", 0, "none does it", run_default, &small},
  };
  bench_rows(rows, sizeof rows / sizeof *rows, &arena, draw_series);
}
