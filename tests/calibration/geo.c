/* False positives, coverage and widths of the methods over regions on simulated panels, as a
   Markdown page on standard output:

     geo [--worlds N] [--seed N] [--threads N] [--state FILE]

   N worlds a row, a multiple of 100. What is done is kept in FILE, block by block, and is not done
   again: a run that was stopped goes on where it was. The figures depend on --worlds and --seed
   alone. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "calibration/geo_trial.h"

#define ROWS_MAX 32
#define SETTINGS_MAX 8
#define BLOCKS_MAX 100

/* The goals at nominal 5, of the rows on which they were set; the second of the width is that of
   AR .8. */
#define FALSE_MAX 7.0
#define WIDTH_MAX 1.30
#define WIDTH_MAX_STRONG 1.35

struct options {
  uint64_t worlds, seed, threads;
  const char *state;
};

/* What is done, by row, setting and block; asked 0 is not done. */
struct done {
  struct geo_tally block[ROWS_MAX][SETTINGS_MAX][BLOCKS_MAX];
};

static int read_options(int argc, char **argv, struct options *options)
{
  *options = (struct options){.worlds = 2000, .seed = 1};
  for (int i = 1; i < argc; i += 2) {
    uint64_t *number = strcmp(argv[i], "--worlds") == 0    ? &options->worlds
                       : strcmp(argv[i], "--seed") == 0    ? &options->seed
                       : strcmp(argv[i], "--threads") == 0 ? &options->threads
                                                           : NULL;
    if (i + 1 < argc && strcmp(argv[i], "--state") == 0)
      options->state = argv[i + 1];
    else if (number == NULL || i + 1 == argc || !hs_parse_u64(hs_str_of(argv[i + 1]), number))
      return (void)fprintf(stderr, "geo: what is %s?\n", argv[i]), 0;
  }
  if (options->worlds == 0 || options->worlds % GEO_BLOCK != 0 ||
      options->worlds > (uint64_t)BLOCKS_MAX * GEO_BLOCK)
    return (void)fprintf(stderr, "geo: --worlds is a multiple of %d up to %d\n", GEO_BLOCK,
                         BLOCKS_MAX * GEO_BLOCK),
           0;
  return 1;
}

/* One line a block: seed, row, setting, block, the tally in hexadecimal so that nothing is lost. */
static void read_state(const struct options *options, struct done *done)
{
  FILE *file = options->state == NULL ? NULL : fopen(options->state, "r");
  char line[512];
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    uint64_t seed;
    size_t row, setting, block;
    struct geo_tally t;
    int read = sscanf(line, "%" SCNu64 " %zu %zu %zu %la %la %la %la %la %la %la end", &seed, &row,
                      &setting, &block, &t.asked, &t.missed, &t.missed_places, &t.width,
                      &t.width_places, &t.told_width, &t.by_drift);
    /* A line that a kill cut short has no end. */
    if (read == 11 && strstr(line, " end\n") != NULL && seed == options->seed && row < ROWS_MAX &&
        setting < SETTINGS_MAX && block < BLOCKS_MAX)
      done->block[row][setting][block] = t;
  }
  if (file != NULL)
    (void)fclose(file);
}

static int add_state(const struct options *options, size_t row, size_t setting, size_t block,
                     const struct geo_tally *t)
{
  if (options->state == NULL)
    return 1;
  FILE *file = fopen(options->state, "a");
  if (file == NULL)
    return (void)fprintf(stderr, "geo: cannot write %s\n", options->state), 0;
  (void)fprintf(file, "%" PRIu64 " %zu %zu %zu %a %a %a %a %a %a %a end\n", options->seed, row,
                setting, block, t->asked, t->missed, t->missed_places, t->width, t->width_places,
                t->told_width, t->by_drift);
  return fclose(file) == 0;
}

static int is_wanted(size_t row, size_t setting)
{
  return !GEO_SETTINGS[setting].is_bar_alone || INFLUENCE_WORLDS[row].demand == INFLUENCE_BAR;
}

static int run_missing(const struct options *options, struct done *done)
{
  struct hs_err err = {0};
  /* Blocks outermost: a run that is stopped has every row, from fewer worlds. */
  for (size_t block = 0; block < options->worlds / GEO_BLOCK; block++)
    for (size_t row = 0; row < INFLUENCE_WORLD_COUNT; row++)
      for (size_t setting = 0; setting < GEO_SETTING_COUNT; setting++) {
        struct geo_tally *tally = &done->block[row][setting][block];
        if (!is_wanted(row, setting) || tally->asked > 0)
          continue;
        if (geo_block(&INFLUENCE_WORLDS[row], &GEO_SETTINGS[setting], options->seed, block,
                      options->threads, tally, &err) != HS_OK)
          return (void)fprintf(stderr, "geo: %s\n", err.text), 0;
        if (!add_state(options, row, setting, block, tally))
          return 0;
      }
  return 1;
}

/* An effect that rises is no constant: nobody said how wide its interval may be. */
static const char *width_demanded(const struct influence_world *world,
                                  const struct geo_setting *setting, double width)
{
  double most = world->covariance.phi1 == .8 ? WIDTH_MAX_STRONG : WIDTH_MAX;
  if (world->demand != INFLUENCE_BAR || setting->ramp > 0)
    return "reported";
  return width <= most ? "yes" : "NO";
}

static int print_row(const struct influence_world *world, const struct geo_setting *setting,
                     const struct geo_tally *t)
{
  double missed = 100 * t->missed / t->asked;
  double width = t->width / t->told_width;
  int is_demanded = world->demand == INFLUENCE_BAR;
  (void)printf("| %s | %.1f | %s | %.2f | %s | %.0f | %.1f | %.2f |\n", world->name, missed,
               !is_demanded          ? "reported"
               : missed <= FALSE_MAX ? "yes"
                                     : "NO",
               width, width_demanded(world, setting, width), 100 * t->by_drift / t->asked,
               100 * t->missed_places / t->asked, t->width_places / t->told_width);
  return !is_demanded || missed <= FALSE_MAX;
}

static int print_setting(const struct options *options, const struct done *done, size_t setting)
{
  int is_good = 1;
  (void)printf("\n## %c%s\n\n| row | %s %% | as demanded | width | as demanded | judged by drift "
               "%% | by places alone %% | width |\n|---|---|---|---|---|---|---|---|\n",
               GEO_SETTINGS[setting].name[0] & ~0x20, GEO_SETTINGS[setting].name + 1,
               GEO_SETTINGS[setting].ramp > 0 ? "truth missed" : "false positives");
  for (size_t row = 0; row < INFLUENCE_WORLD_COUNT; row++) {
    struct geo_tally t = {0};
    if (!is_wanted(row, setting))
      continue;
    for (size_t block = 0; block < options->worlds / GEO_BLOCK; block++)
      geo_tally_add(&t, &done->block[row][setting][block]);
    is_good = print_row(&INFLUENCE_WORLDS[row], &GEO_SETTINGS[setting], &t) && is_good;
  }
  return is_good;
}

static void print_head(const struct options *options)
{
  (void)printf(
      "# Do regions show effects where there are none?\n\n"
      "Made by `geo --worlds %" PRIu64 " --seed %" PRIu64 "` (`make calibrate` asks for 2,000): "
      "%" PRIu64
      " simulated panels a row, %d periods before and %d in the window, at a nominal 95 %%. The "
      "treated region is what two of the others say plus a residual of the row's kind; the rows "
      "are "
      "those of [influence_worlds.c](../../tests/calibration/influence_worlds.c). Demanded of the "
      "first five rows are at most %.0f %% of false positives, and of constant effects a mean "
      "width "
      "of at most %.2f times (AR .8: %.2f) that of somebody who was told which regions count, the "
      "covariance up to its scale, and any pattern exactly; the program ends with 1 when the "
      "former "
      "fails. *Judged by drift* is how often the second view had to judge, *by places alone* the "
      "published test in every case ([which of them judges](../reference/geo.md#the-test); "
      "[what was tried](../decisions/0023-two-views-of-regions.md)). A constant effect moves the "
      "interval by itself and nothing else, so its coverage is that without an effect. The "
      "standard "
      "error of a rate of 5 %% is %.1f.\n",
      options->worlds, options->seed, options->worlds, INFLUENCE_BEFORE, INFLUENCE_WINDOW,
      FALSE_MAX, WIDTH_MAX, WIDTH_MAX_STRONG, 100 * sqrt(.05 * .95 / (double)options->worlds));
}

int main(int argc, char **argv)
{
  static struct done done;
  struct options options;
  int is_good = 1;
  if (!read_options(argc, argv, &options))
    return 2;
  read_state(&options, &done);
  if (!run_missing(&options, &done))
    return 2;
  print_head(&options);
  for (size_t setting = 0; setting < GEO_SETTING_COUNT; setting++)
    is_good = print_setting(&options, &done, setting) && is_good;
  return is_good ? 0 : 1;
}
