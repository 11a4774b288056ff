/* Effects by regions at the sizes of the published examples: Kansas (50 states, 105 quarters, 16 of
   them after the start) and California's tobacco law (39 states, 31 years). The panels are
   simulated; time depends on their size and on how alike regions are, which two common factors make
   them. Every row is the whole analysis, with placebos before the start and the check of each
   region. */
#include <math.h>
#include <stdlib.h>

#include "measure/influence/geo.h"
#include "measure_rows.h"
#include "stats/random.h"

struct design {
  size_t unit_count, period_count, start, treated_count, replicates;
  enum hs_geo_method method;
};

static struct hs_arena arena;
static struct hs_panel panel;
static const size_t TREATED[] = {0, 1};

static enum hs_status run_geo(void *context, struct hs_err *err)
{
  const struct design *design = context;
  struct hs_geo_result result;
  const struct hs_geo_input input = {.panel = &panel,
                                     .treated = TREATED,
                                     .treated_count = design->treated_count,
                                     .start = design->start,
                                     .method = design->method,
                                     .lambda = (double)NAN,
                                     .level = 0.9,
                                     .replicates = design->replicates,
                                     .seed = 1};
  size_t mark = hs_arena_mark(&arena);
  enum hs_status status = hs_geo_run(&arena, &input, &result, err);
  hs_arena_reset(&arena, mark);
  return status;
}

static void draw_panel(const void *context)
{
  const struct design *design = context;
  struct hs_random rng = hs_random_open(2026, 1);
  hs_arena_reset(&arena, 0);
  panel = (struct hs_panel){.unit_count = design->unit_count, .period_count = design->period_count};
  panel.units = hs_arena_alloc(&arena, panel.unit_count, sizeof *panel.units);
  panel.values =
      hs_arena_alloc(&arena, panel.unit_count * panel.period_count, sizeof *panel.values);
  if (panel.units == NULL || panel.values == NULL)
    exit(EXIT_FAILURE);
  for (size_t i = 0; i < panel.unit_count; i++) {
    double level = 100 + 10 * hs_random_normal(&rng);
    double slope = 1 + 0.2 * hs_random_normal(&rng);
    double wave = hs_random_normal(&rng);
    for (size_t k = 0; k < panel.period_count; k++)
      panel.values[i * panel.period_count + k] =
          level + slope * 0.3 * (double)k + wave * 4 * sin((double)k / 9) + hs_random_normal(&rng);
  }
}

void bench_geo_rows(void)
{
  struct design kansas = {50, 105, 89, 1, 0, HS_GEO_ASCM};
  struct design weights = {50, 105, 89, 1, 0, HS_GEO_SC};
  struct design california = {39, 31, 19, 2, 200, HS_GEO_SDID};
  const struct bench_row rows[] = {
      {"regions: 50 × 105, ridge-augmented, conformal interval", 0.3, "augsynth 18 s", run_geo,
       &kansas},
      {"regions: 50 × 105, synthetic control, conformal interval", 0.3, "augsynth 18 s", run_geo,
       &weights},
      {"regions: 39 × 31, synthetic difference-in-differences, 200 placebos", 1,
       "synthdid about 30 s", run_geo, &california},
  };
  bench_rows(rows, sizeof rows / sizeof *rows, &arena, draw_panel);
}
