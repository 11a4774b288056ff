/* How often parity mode, which is CausalImpact's model, finds an effect where there is none, over
   the simulated series on which the usual method is calibrated; a Markdown page on standard output:

     parity [--worlds N] [--seed N]

   The figures depend on --worlds and --seed alone. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "calibration/influence_worlds.h"
#include "measure/influence/parity.h"

enum { DRAWS = 1000 };

/* One row of the table; each item is one world, and writes its own place. */
struct row {
  const struct influence_world *world;
  uint64_t seed;
  struct hs_arena arenas[HS_WORKER_COUNT_MAX];
  unsigned char *is_found;
  double *width; /* against that of somebody who was told */
};

static enum hs_status ask(void *context, size_t worker, size_t item, struct hs_err *err)
{
  struct row *row = context;
  struct hs_arena *arena = &row->arenas[worker];
  struct influence_series series;
  const double *const controls[] = {series.control[0], series.control[1]};
  struct hs_influence_result result;
  if (arena->base == NULL && hs_arena_init(arena, HS_GIB, err) != HS_OK)
    return HS_NOMEM;
  hs_arena_reset(arena, 0);
  influence_series_make(row->world, row->seed, item, &series);
  const struct hs_influence_input input = {.outcome = series.outcome,
                                           .count = INFLUENCE_ROWS,
                                           .controls = controls,
                                           .control_count = INFLUENCE_CONTROLS_USEFUL,
                                           .start = INFLUENCE_BEFORE,
                                           .end = INFLUENCE_ROWS,
                                           .level = 0.95,
                                           .seed = row->seed,
                                           .draws = DRAWS,
                                           .threads = 1};
  enum hs_status status = hs_influence_parity(arena, &input, &result, err);
  if (status != HS_OK)
    return status;
  row->is_found[item] = result.verdict != HS_INFLUENCE_UNDETERMINED;
  row->width[item] = (result.average.high - result.average.low) / series.told_width;
  return HS_OK;
}

static int print_row(struct row *row, size_t worlds)
{
  struct hs_err err = {0};
  double found = 0;
  double width = 0;
  if (hs_parallel_run(hs_worker_count(0), worlds, ask, row, &err) != HS_OK)
    return (void)fprintf(stderr, "parity: %s\n", err.text), 0;
  for (size_t w = 0; w < worlds; w++) {
    found += row->is_found[w];
    width += row->width[w] / (double)worlds;
  }
  double share = found / (double)worlds;
  printf("| %s | %s | %.1f | %.1f | %.2f |\n", row->world->name, row->world->words, 100 * share,
         100 * sqrt(share * (1 - share) / (double)worlds), width);
  (void)fflush(stdout);
  return 1;
}

static int read_options(int argc, char **argv, uint64_t *worlds, uint64_t *seed)
{
  for (int i = 1; i < argc; i += 2) {
    uint64_t *number = strcmp(argv[i], "--worlds") == 0 ? worlds
                       : strcmp(argv[i], "--seed") == 0 ? seed
                                                        : NULL;
    if (number == NULL || i + 1 == argc || !hs_parse_u64(hs_str_of(argv[i + 1]), number))
      return (void)fprintf(stderr, "parity: what is %s?\n", argv[i]), 0;
  }
  return *worlds > 0;
}

int main(int argc, char **argv)
{
  static struct row row;
  uint64_t worlds = 2000;
  uint64_t seed = 1;
  if (!read_options(argc, argv, &worlds, &seed))
    return 2;
  row.seed = seed;
  row.is_found = calloc(worlds, sizeof *row.is_found);
  row.width = calloc(worlds, sizeof *row.width);
  int is_done = row.is_found != NULL && row.width != NULL;
  printf(
      "# How often parity mode is wrong\n\n"
      "Made by `parity --worlds %llu --seed %llu` (`make calibrate`). No effect is there; %d rows "
      "before the start, %d after it, two good controls, nominal 5 %%, %d draws. Width is that of "
      "the interval over that of somebody who was told the covariance. The usual mode is "
      "calibrated over the same series by `influence`.\n\n"
      "| residuals | | false positives %% | its standard error | width |\n|---|---|---|---|---|\n",
      (unsigned long long)worlds, (unsigned long long)seed, INFLUENCE_BEFORE, INFLUENCE_WINDOW,
      DRAWS);
  for (size_t w = 0; is_done && w < INFLUENCE_WORLD_COUNT; w++) {
    row.world = &INFLUENCE_WORLDS[w];
    if (row.world->demand == INFLUENCE_BAR)
      is_done = print_row(&row, worlds);
  }
  for (size_t a = 0; a < HS_WORKER_COUNT_MAX; a++)
    hs_arena_release(&row.arenas[a]);
  free(row.is_found);
  free(row.width);
  return is_done ? 0 : 2;
}
