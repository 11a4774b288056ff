/* How often the verdicts on trends are right over simulated partnerships, as a Markdown page on
   standard output:

     trends [--worlds N] [--seed N] */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "calibration/trend_worlds.h"

#define MATERIAL 0.1
#define MASS 0.9

static int read_options(int argc, char **argv, uint64_t *worlds, uint64_t *seed)
{
  for (int i = 1; i < argc; i += 2) {
    uint64_t *out = strcmp(argv[i], "--worlds") == 0 ? worlds
                    : strcmp(argv[i], "--seed") == 0 ? seed
                                                     : NULL;
    if (out == NULL || i + 1 == argc || !hs_parse_u64(hs_str_of(argv[i + 1]), out))
      return (void)fprintf(stderr, "trends: --worlds N or --seed N, got %s\n", argv[i]), 0;
  }
  return *worlds > 0 && *worlds <= 100000;
}

static void print_row(const struct trend_world *world, const struct trend_tally *tally)
{
  double percent = 100 / (double)tally->worlds;
  (void)printf("| %s | %+.0f %% | %.1f | %.1f | %.1f | %.1f | %.1f |", world->name,
               100 * tally->growth, percent * (double)tally->by_verdict[HS_TREND_COMPOUNDING],
               percent * (double)tally->by_verdict[HS_TREND_PLATEAU],
               percent * (double)tally->by_verdict[HS_TREND_FADING],
               percent * (double)tally->by_verdict[HS_TREND_TOO_EARLY],
               percent * (double)tally->wrong);
  if (tally->asked > 0)
    (void)printf(" %.1f | %.2f |", 100 * (double)tally->covered / (double)tally->asked,
                 tally->width / (double)tally->asked);
  else
    (void)printf(" | |");
  if (tally->told > 0)
    (void)printf(" %.0f |\n", tally->periods / (double)tally->told);
  else
    (void)printf(" |\n");
}

int main(int argc, char **argv)
{
  uint64_t worlds = 2000;
  uint64_t seed = 1;
  if (!read_options(argc, argv, &worlds, &seed))
    return 2;
  (void)printf(
      "# Are verdicts on trends right?\n\n"
      "Made by `trends --worlds %llu --seed %llu` (`make coverage`). Growth that matters is 10 %% "
      "a "
      "year, the mass asked for 90 %%. The truth is the growth of the logarithm in the last year, "
      "net of what effort explains. *Wrong* is a verdict of compounding, plateau or fading that is "
      "not the truth's; \"too early\" is never wrong. The interval is that of the growth, of 90 "
      "%%; "
      "the last column is the mean number of further periods said to decide.\n\n"
      "| world | truth | compounding %% | plateau %% | fading %% | too early %% | wrong %% | "
      "interval holds %% | width | periods to decide "
      "|\n|---|---|---|---|---|---|---|---|---|---|\n",
      (unsigned long long)worlds, (unsigned long long)seed);
  for (size_t w = 0; w < TREND_WORLD_COUNT; w++) {
    struct trend_tally tally = trend_trial(&TREND_WORLDS[w], seed, (size_t)worlds, MATERIAL, MASS);
    print_row(&TREND_WORLDS[w], &tally);
    (void)fflush(stdout);
  }
  (void)printf("\n");
  for (size_t w = 0; w < TREND_WORLD_COUNT; w++)
    (void)printf("- `%s`: %s.\n", TREND_WORLDS[w].name, TREND_WORLDS[w].words);
  return 0;
}
