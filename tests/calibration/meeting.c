/* How often what is said of a partner that began within a programme's record is so, on the market
   simulator's known truth, as a Markdown page on standard output:

     meeting [--worlds N] [--seed N] [--people N] */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "calibration/meeting_trial.h"
#include "market/market.h"

/* Rows share no world: one market is lucky for all of its partners. */
#define SEEDS_A_ROW UINT64_C(1000000)

struct options {
  uint64_t worlds, seed, people;
};

static int read_options(int argc, char **argv, struct options *o)
{
  for (int i = 1; i < argc; i += 2) {
    uint64_t *out = strcmp(argv[i], "--worlds") == 0   ? &o->worlds
                    : strcmp(argv[i], "--seed") == 0   ? &o->seed
                    : strcmp(argv[i], "--people") == 0 ? &o->people
                                                       : NULL;
    if (out == NULL || i + 1 == argc || !hs_parse_u64(hs_str_of(argv[i + 1]), out) ||
        o->worlds == 0 || o->people < HS_MARKET_PEOPLE_MIN || o->people > HS_MARKET_PEOPLE_MAX)
      return (void)fprintf(stderr, "meeting: --worlds N, --seed N or --people N, got %s\n",
                           argv[i]),
             0;
  }
  return 1;
}

static void print_row(const struct meeting_row *row, const struct meeting_tally *t)
{
  double n = (double)(t->worlds - t->untested);
  double percent = n > 0 ? 100 / n : 0;
  n = n > 0 ? n : 1;
  (void)printf("| %s | %zu | %.0f (%.0f) | %.0f (%.0f) | %.2f | %.0f | %.1f | %.1f | %.2f | %.0f | "
               "%.1f | %.0f | %.1f | %.1f (%.0f) |\n",
               row->partner, t->untested, t->tracked_true / n, t->tracked / n,
               t->incremental_true / n, t->incremental / n, t->kappa / n, t->halo / n,
               percent * (double)t->kappa_held, percent * (double)t->halo_held, t->kappa_most / n,
               t->halo_least / n, percent * (double)t->difference_held, t->width / n,
               percent * (double)t->halo_point, percent * (double)t->wrong,
               percent * (double)t->undetermined);
  (void)fflush(stdout);
}

int main(int argc, char **argv)
{
  struct options o = {.worlds = 400, .seed = 1, .people = 30000};
  if (!read_options(argc, argv, &o))
    return 2;
  (void)printf(
      "# Where the two views meet: how often it is so in a simulated market\n\n"
      "Made by `meeting --worlds %llu --seed %llu --people %llu` (`make calibrate`). Each world is "
      "a "
      "whole programme of twelve months, imported as anybody's files are, in which one partner "
      "begins after six; its first three months are judged, and an order that it took part in "
      "counts as tracked. The truth comes from running every customer again without it, and is "
      "held "
      "against the orders that are tracked, which are not all that it reached. Means over "
      "worlds; shares in percent. The sure bounds and intervals promise 95. Points of halo are "
      "from a hold-out that told κ with a standard error of .05.\n\n"
      "| partner | untested | tracked, true (said) | changed, true (said) | κ | sold elsewhere | κ "
      "sure | halo sure | mean sure κ ≤ | mean sure halo ≥ | I − T | its width | halo point | "
      "wrong "
      "verdicts (undetermined) |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
      (unsigned long long)o.worlds, (unsigned long long)o.seed, (unsigned long long)o.people);
  for (size_t row = 0; row < MEETING_ROW_COUNT; row++) {
    struct meeting_tally tally;
    meeting_trial(&MEETING_ROWS[row], o.seed + row * SEEDS_A_ROW, (size_t)o.worlds,
                  (int32_t)o.people, &tally);
    print_row(&MEETING_ROWS[row], &tally);
  }
  (void)printf("\n");
  for (size_t row = 0; row < MEETING_ROW_COUNT; row++)
    (void)printf("- `%s`: %s.\n", MEETING_ROWS[row].partner, MEETING_ROWS[row].words);
  return 0;
}
