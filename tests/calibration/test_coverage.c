/* The trial of docs/calibration/coverage.md in a size that fits into every run: the same worlds,
   fewer of them, and bands as much wider as chance needs. `make coverage` is the full one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "calibration/trial.h"

#define WORLDS 25

static const struct trial_options OPTIONS = {
    .seed = 7, .world_count = WORLDS, .truth_person_count = 60000, .draws = 160, .level = 0.9};

/* Beyond the full trial's bands: four binomial standard errors, counting only every second
   interval, since those of one world hang together; and what the smaller sample for the truth
   costs: its variance is that of a world times the ratio of persons, at most 4000/60000, which
   takes the coverage of a 90 % interval to 88.9 %. */
static double allowance(size_t asked)
{
  return 4 * sqrt(0.9 * 0.1 / (0.5 * (double)asked)) + 0.011;
}

static void intervals_cover_what_they_promise([[maybe_unused]] void **state)
{
  static struct trial_result result;
  static struct trial_tally pooled[TRIAL_QUANTITY_COUNT][TRIAL_METHOD_COUNT][TRIAL_MODEL_COUNT];
  struct hs_err err = {0};
  memset(pooled, 0, sizeof pooled);
  for (size_t t = 0; t < WORLD_TYPE_COUNT; t++) {
    if (trial_run(&WORLD_TYPES[t], &OPTIONS, &result, &err) != HS_OK)
      fail_msg("%s", err.text);
    for (size_t q = 0; q < TRIAL_QUANTITY_COUNT; q++)
      for (size_t method = 0; method < TRIAL_METHOD_COUNT; method++)
        for (size_t m = 0; m < TRIAL_MODEL_COUNT; m++)
          for (size_t k = 0; k < WORLD_TYPES[t].channel_count; k++)
            trial_add(&pooled[q][method][m], &result.enough[q][method][m][k]);
  }
  for (size_t q = 0; q < TRIAL_QUANTITY_COUNT; q++)
    for (size_t method = 0; method < TRIAL_METHOD_COUNT; method++)
      for (size_t m = 0; m < TRIAL_MODEL_COUNT; m++) {
        const struct trial_tally *tally = &pooled[q][method][m];
        double coverage = trial_coverage(tally);
        if (tally->asked == 0)
          continue;
        if (coverage < 0.87 - allowance(tally->asked) || coverage > 0.93 + allowance(tally->asked))
          fail_msg("%s, %s, quantity %zu: %.1f %% of %zu intervals, seed %llu", trial_model_name(m),
                   trial_method_name((enum trial_method)method), q, 100 * coverage, tally->asked,
                   (unsigned long long)OPTIONS.seed);
      }
}

static void threads_change_no_figure([[maybe_unused]] void **state)
{
  static struct trial_result one, three;
  struct trial_options options = OPTIONS;
  options.world_count = 6;
  options.truth_person_count = 3000;
  options.draws = 40;
  options.worker_count = 1;
  assert_int_equal(trial_run(&WORLD_TYPES[1], &options, &one, NULL), HS_OK);
  options.worker_count = 3;
  assert_int_equal(trial_run(&WORLD_TYPES[1], &options, &three, NULL), HS_OK);
  assert_memory_equal(one.truth, three.truth, sizeof one.truth);
  assert_memory_equal(one.enough, three.enough, sizeof one.enough);
  assert_memory_equal(one.few, three.few, sizeof one.few);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(intervals_cover_what_they_promise),
      cmocka_unit_test(threads_change_no_figure),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
