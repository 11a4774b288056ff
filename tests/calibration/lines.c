/* How often what is said beyond the click, and of a fit, is wrong, as a Markdown page on standard
   output:

     lines [--worlds N] [--seed N] */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "calibration/line_worlds.h"

static int read_options(int argc, char **argv, uint64_t *worlds, uint64_t *seed)
{
  for (int i = 1; i < argc; i += 2) {
    uint64_t *out = strcmp(argv[i], "--worlds") == 0 ? worlds
                    : strcmp(argv[i], "--seed") == 0 ? seed
                                                     : NULL;
    if (out == NULL || i + 1 == argc || !hs_parse_u64(hs_str_of(argv[i + 1]), out))
      return (void)fprintf(stderr, "lines: --worlds N or --seed N, got %s\n", argv[i]), 0;
  }
  return 1;
}

static void print_row(const char *name, double truth, const struct line_tally *tally)
{
  double all = (double)tally->worlds / 100;
  (void)printf("| %s | %.2f | %.1f | %.1f | %.1f | %.1f |\n", name, truth, (double)tally->up / all,
               (double)tally->flat / all, (double)tally->down / all, (double)tally->untold / all);
}

static void print_shares(uint64_t seed, size_t worlds)
{
  (void)printf("## First met, assisted, self-reported\n\n"
               "Thirteen weeks against the thirteen before. Flat is within 1.25 times.\n\n"
               "| world | truth | up %% | flat %% | down %% | cannot tell %% |\n"
               "|---|---|---|---|---|---|\n");
  for (size_t i = 0; i < SHARE_WORLDS; i++) {
    struct line_tally tally = share_trial(&SHARE_TABLE[i], seed, worlds);
    print_row(SHARE_TABLE[i].name, SHARE_TABLE[i].ratio, &tally);
  }
}

static void print_searches(uint64_t seed, size_t worlds)
{
  (void)printf("\n## Brand search\n\n"
               "A year of weeks. Flat is within 1.05 times for a week with twice the activity.\n\n"
               "| world | truth | up %% | flat %% | down %% | cannot tell %% |\n"
               "|---|---|---|---|---|---|\n");
  for (size_t i = 0; i < SEARCH_WORLDS; i++) {
    struct line_tally tally = search_trial(&SEARCH_TABLE[i], seed, worlds);
    print_row(SEARCH_TABLE[i].name, SEARCH_TABLE[i].factor, &tally);
  }
}

static void print_overlaps(uint64_t seed, size_t worlds)
{
  (void)printf("\n## Overlap of a fit\n\n"
               "Twelve values, the commonest twelve times as common as the rarest.\n\n"
               "| world | ours | theirs | truth | covered %% | mean width | alike %% | "
               "different %% |\n|---|---|---|---|---|---|---|---|\n");
  for (size_t i = 0; i < OVERLAP_WORLDS; i++) {
    const struct overlap_world *world = &OVERLAP_TABLE[i];
    struct overlap_tally tally = overlap_trial(world, seed, worlds);
    double all = (double)tally.worlds / 100;
    (void)printf("| %s | %d | %d | %.3f | %.1f | %.3f | %.1f | %.1f |\n", world->name, world->ours,
                 world->theirs, tally.truth, (double)tally.held / all,
                 tally.width / (double)tally.worlds, (double)tally.alike / all,
                 (double)tally.different / all);
  }
}

int main(int argc, char **argv)
{
  uint64_t worlds = 2000;
  uint64_t seed = 1;
  if (!read_options(argc, argv, &worlds, &seed))
    return 2;
  (void)printf("# How often are the lines beyond the click wrong, and the overlaps of a fit?\n\n"
               "Made by `lines --worlds %llu --seed %llu` (`make calibrate`). One partner alone: "
               "over many partners the false discovery rate takes more of the arrows away.\n\n",
               (unsigned long long)worlds, (unsigned long long)seed);
  print_shares(seed, worlds);
  print_searches(seed, worlds);
  print_overlaps(seed, worlds);
  return 0;
}
