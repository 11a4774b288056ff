/* Coverage of the intervals over simulated worlds, as a Markdown page on standard output:

     coverage [--worlds N] [--draws N] [--truth PERSONS] [--seed N] [--threads N]

   N worlds of each type. The figures depend on all options but the last. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "calibration/trial.h"

#define TYPES_MAX 8

/* What the intervals promise, and what is demanded of 500 or more worlds of a type: the average
   over channels, and each channel by itself. */
#define LEVEL 0.9
#define POOLED_LOW 0.87
#define POOLED_HIGH 0.93
#define CHANNEL_LOW 0.84
#define CHANNEL_HIGH 0.96
/* A channel is judged by itself when this many of its worlds have enough converting journeys. */
#define JUDGED_PART 0.5

static const char *const QUANTITY_WORDS[TRIAL_QUANTITY_COUNT] = {"orders", "value"};

static int read_count(const char *name, const char *text, uint64_t *out)
{
  if (text != NULL && hs_parse_u64(hs_str_of(text), out))
    return 1;
  (void)fprintf(stderr, "coverage: %s needs a whole number, got %s\n", name,
                text == NULL ? "nothing" : text);
  return 0;
}

static int read_options(int argc, char **argv, struct trial_options *options)
{
  *options = (struct trial_options){
      .seed = 1, .world_count = 500, .truth_person_count = 1000000, .draws = 500, .level = LEVEL};
  for (int i = 1; i < argc; i += 2) {
    uint64_t value = 0;
    if (!read_count(argv[i], argv[i + 1], &value))
      return 0;
    if (strcmp(argv[i], "--worlds") == 0)
      options->world_count = value;
    else if (strcmp(argv[i], "--draws") == 0)
      options->draws = value;
    else if (strcmp(argv[i], "--truth") == 0)
      options->truth_person_count = value;
    else if (strcmp(argv[i], "--seed") == 0)
      options->seed = value;
    else if (strcmp(argv[i], "--threads") == 0)
      options->worker_count = value;
    else
      return (void)fprintf(stderr, "coverage: there is no option %s\n", argv[i]), 0;
  }
  return 1;
}

static int is_within(double coverage, double low, double high)
{
  return coverage >= low && coverage <= high;
}

/* All types, all channels with enough converting journeys. */
static struct trial_tally pooled(const struct trial_result *results, size_t quantity, size_t method,
                                 size_t model)
{
  struct trial_tally sum = {0};
  for (size_t t = 0; t < WORLD_TYPE_COUNT; t++)
    for (size_t k = 0; k < results[t].type->channel_count; k++)
      trial_add(&sum, &results[t].enough[quantity][method][model][k]);
  return sum;
}

static int is_judged(const struct trial_result *result, const struct trial_tally *tally)
{
  size_t few = 0;
  size_t at = (size_t)(tally - &result->enough[0][0][0][0]);
  few = (&result->few[0][0][0][0])[at].asked;
  return (double)tally->asked >= JUDGED_PART * (double)(tally->asked + few) && tally->asked > 0;
}

/* The channel whose coverage is furthest from the level, of those that are judged. */
static double worst_channel(const struct trial_result *results, size_t quantity, size_t method,
                            size_t model, const char **type, const char **channel)
{
  double worst = LEVEL;
  for (size_t t = 0; t < WORLD_TYPE_COUNT; t++)
    for (size_t k = 0; k < results[t].type->channel_count; k++) {
      const struct trial_tally *tally = &results[t].enough[quantity][method][model][k];
      double coverage = trial_coverage(tally);
      if (!is_judged(&results[t], tally) || fabs(coverage - LEVEL) < fabs(worst - LEVEL))
        continue;
      worst = coverage;
      *type = results[t].type->name;
      *channel = results[t].type->channels[k];
    }
  return worst;
}

static int print_pooled(const struct trial_result *results, size_t quantity)
{
  int is_good = 1;
  (void)printf(
      "\n## Shares of %s, all worlds\n\n"
      "| model | interval | intervals | covered %% | truth below %% | above %% | "
      "furthest channel %% | which | as demanded |\n|---|---|---|---|---|---|---|---|---|\n",
      QUANTITY_WORDS[quantity]);
  for (size_t m = 0; m < TRIAL_MODEL_COUNT; m++)
    for (size_t method = 0; method < TRIAL_METHOD_COUNT; method++) {
      struct trial_tally sum = pooled(results, quantity, method, m);
      if (sum.asked == 0)
        continue;
      const char *type = "";
      const char *channel = "";
      double n = (double)sum.asked;
      double worst = worst_channel(results, quantity, method, m, &type, &channel);
      int is_met = is_within(trial_coverage(&sum), POOLED_LOW, POOLED_HIGH) &&
                   is_within(worst, CHANNEL_LOW, CHANNEL_HIGH);
      is_good = is_good && is_met;
      (void)printf("| %s | %s | %zu | %.1f | %.1f | %.1f | %.1f | %s/%s | %s |\n",
                   trial_model_name(m), trial_method_name((enum trial_method)method), sum.asked,
                   100 * trial_coverage(&sum), 100 * (double)sum.below / n,
                   100 * (double)sum.above / n, 100 * worst, type, channel, is_met ? "yes" : "NO");
    }
  return is_good;
}

static void print_row(const struct trial_result *result, size_t quantity, size_t method, size_t k,
                      int is_few)
{
  const struct trial_tally(*tallies)[WORLD_CHANNELS_MAX] =
      is_few ? result->few[quantity][method] : result->enough[quantity][method];
  size_t asked = 0;
  for (size_t m = 0; m < TRIAL_MODEL_COUNT; m++)
    asked = tallies[m][k].asked > asked ? tallies[m][k].asked : asked;
  if (asked == 0)
    return;
  (void)printf("| %s%s | %s | %.0f | %zu |", result->type->channels[k],
               is_few ? " (fewer than 20)" : "", trial_method_name((enum trial_method)method),
               result->converting[k], asked);
  for (size_t m = 0; m < TRIAL_MODEL_COUNT; m++)
    if (tallies[m][k].asked == 0)
      (void)printf(" |");
    else
      (void)printf(" %.1f |", 100 * trial_coverage(&tallies[m][k]));
  (void)printf("\n");
}

static void print_type(const struct trial_result *result)
{
  const struct world_type *type = result->type;
  (void)printf("\n## World type `%s`\n\n%s. %zu persons. Orders covered, %% by channel; the hazard "
               "model had no interval in %zu worlds.\n\n| channel | interval | converting journeys "
               "| worlds |",
               type->name, type->words, type->person_count, result->hazard_without_interval);
  for (size_t m = 0; m < TRIAL_MODEL_COUNT; m++)
    (void)printf(" %s |", trial_model_name(m));
  (void)printf("\n|---|---|---|---|");
  for (size_t m = 0; m < TRIAL_MODEL_COUNT; m++)
    (void)printf("---|");
  (void)printf("\n");
  for (size_t k = 0; k < type->channel_count; k++)
    for (int is_few = 0; is_few < 2; is_few++)
      for (size_t method = 0; method < TRIAL_METHOD_COUNT; method++)
        print_row(result, TRIAL_CONVERSIONS, method, k, is_few);
}

static void print_bias(const struct trial_result *result)
{
  (void)printf("\n| mean error in standard errors, %s |", result->type->name);
  for (size_t m = 0; m < TRIAL_MODEL_COUNT; m++)
    (void)printf(" %s |", trial_model_name(m));
  (void)printf("\n|---|");
  for (size_t m = 0; m < TRIAL_MODEL_COUNT; m++)
    (void)printf("---|");
  (void)printf("\n");
  for (size_t k = 0; k < result->type->channel_count; k++) {
    (void)printf("| %s |", result->type->channels[k]);
    for (size_t m = 0; m < TRIAL_MODEL_COUNT; m++) {
      const struct trial_tally *tally = &result->enough[TRIAL_CONVERSIONS][TRIAL_ANALYTIC][m][k];
      /* A 90 % interval is 3.29 standard errors wide. */
      (void)printf(" %.2f |", tally->width > 0 ? 3.29 * tally->bias / tally->width : 0.0);
    }
    (void)printf("\n");
  }
}

int main(int argc, char **argv)
{
  static struct trial_result results[TYPES_MAX];
  struct trial_options options;
  struct hs_err err = {0};
  if (!read_options(argc, argv, &options))
    return 2;
  for (size_t t = 0; t < WORLD_TYPE_COUNT; t++)
    if (trial_run(&WORLD_TYPES[t], &options, &results[t], &err) != HS_OK)
      return (void)fprintf(stderr, "coverage: %s\n", err.text), 2;
  (void)printf(
      "# Do the intervals cover?\n\nMade by `make coverage`, that is `coverage --worlds %zu "
      "--draws %zu --truth %zu --seed %llu`. A nominal %.0f %% interval is to cover %.0f to "
      "%.0f %% pooled over channels with at least 20 converting journeys, and %.0f to %.0f "
      "%% for each such channel. What is covered is the share that the same model gives on "
      "%zu persons of the same market.\n",
      options.world_count, options.draws, options.truth_person_count,
      (unsigned long long)options.seed, 100 * LEVEL, 100 * POOLED_LOW, 100 * POOLED_HIGH,
      100 * CHANNEL_LOW, 100 * CHANNEL_HIGH, options.truth_person_count);
  int is_good = print_pooled(results, TRIAL_CONVERSIONS);
  is_good = print_pooled(results, TRIAL_VALUE) && is_good;
  for (size_t t = 0; t < WORLD_TYPE_COUNT; t++)
    print_type(&results[t]);
  (void)printf("\n## Bias\n\nThe form of an interval cannot mend what the estimate misses on "
               "average.\n");
  for (size_t t = 0; t < WORLD_TYPE_COUNT; t++)
    print_bias(&results[t]);
  return is_good ? 0 : 1;
}
