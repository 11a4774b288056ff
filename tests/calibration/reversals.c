/* Coverage of the interval of expected reversals over simulated shops, as a Markdown page on
   standard output:

     reversals [--worlds N] [--seed N] */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "calibration/reversal_worlds.h"

#define LEVEL 0.9

static int read_options(int argc, char **argv, uint64_t *worlds, uint64_t *seed)
{
  for (int i = 1; i < argc; i += 2) {
    uint64_t *out = strcmp(argv[i], "--worlds") == 0 ? worlds
                    : strcmp(argv[i], "--seed") == 0 ? seed
                                                     : NULL;
    if (out == NULL || i + 1 == argc || !hs_parse_u64(hs_str_of(argv[i + 1]), out))
      return (void)fprintf(stderr, "reversals: --worlds N or --seed N, got %s\n", argv[i]), 0;
  }
  return 1;
}

static void print_row(const char *world, const char *of, const struct reversal_tally *tally)
{
  double asked = (double)tally->asked;
  if (tally->asked == 0) {
    (void)printf("| %s | %s | 0 | %zu | | | | | | |\n", world, of, tally->untold);
    return;
  }
  (void)printf("| %s | %s | %zu | %zu | %.1f | %.1f | %.1f | %.0f | %.0f | %.0f |\n", world, of,
               tally->asked, tally->untold, 100 * reversal_coverage(tally),
               100 * (double)tally->below / asked, 100 * (double)tally->above / asked,
               tally->expected / asked, tally->truth / asked, tally->width / asked);
}

int main(int argc, char **argv)
{
  static const char *const OF[HS_REVERSAL_OF_COUNT] = {"pending", "payable", "both"};
  struct reversal_tally tallies[HS_REVERSAL_OF_COUNT];
  uint64_t worlds = 2000;
  uint64_t seed = 1;
  if (!read_options(argc, argv, &worlds, &seed))
    return 2;
  (void)printf(
      "# Do the intervals of expected reversals cover?\n\n"
      "Made by `reversals --worlds %llu --seed %llu` (`make coverage`). In each simulated shop the "
      "interval at 90 %% is made on the last day, and held against what the law of the shop takes "
      "back of the open commissions afterwards, within the ages in reach. Amounts are means over "
      "the worlds that could tell.\n\n"
      "| shop | of | worlds | cannot tell | covered %% | truth below %% | above %% | expected | "
      "taken back | width |\n|---|---|---|---|---|---|---|---|---|---|\n",
      (unsigned long long)worlds, (unsigned long long)seed);
  for (size_t w = 0; w < REVERSAL_WORLD_COUNT; w++) {
    reversal_trial(&REVERSAL_WORLDS[w], seed, worlds, LEVEL, tallies);
    for (size_t of = 0; of < HS_REVERSAL_OF_COUNT; of++)
      print_row(REVERSAL_WORLDS[w].name, OF[of], &tallies[of]);
  }
  (void)printf("\n");
  for (size_t w = 0; w < REVERSAL_WORLD_COUNT; w++)
    (void)printf("- `%s`: %s.\n", REVERSAL_WORLDS[w].name, REVERSAL_WORLDS[w].words);
  return 0;
}
