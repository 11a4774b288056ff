/* Published and independently computed figures on ChannelAttribution's PathData (10,000 rows,
   88,387 journeys): every model's credits, removal effects at orders 1 and 2, sizes of the chains.
   The reference files were computed with R 4.2.2 from the same rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake/path_file.h"
#include "measure/bootstrap.h"
#include "measure/chain.h"
#include "measure/credit.h"
#include "measure/jackknife.h"
#include "measure/rules.h"
#include "support/shared_data.h"

/* Figures are given to between 9 and 16 digits; both sides are deterministic. */
#define RELATIVE 1e-6

static struct hs_arena arena;
static struct hs_sample sample;
static struct hs_credit_plan *plan;
static struct hs_model_credits *credits;

enum { FIRST, LAST, LINEAR, POSITION, DECAY, SHAPLEY, MARKOV_1, MARKOV_2, MODEL_COUNT };

static void near(double actual, double expected)
{
  if (!(fabs(actual - expected) <= RELATIVE * fmax(1e-3, fabs(expected))))
    fail_msg("got %.15g, expected %.15g", actual, expected);
}

static int load(const char *path)
{
  struct hs_source *source = NULL;
  struct hs_path_file file;
  if (hs_arena_init(&arena, 256 * HS_MIB, NULL) != HS_OK ||
      hs_source_open(&arena, hs_io_real(), path, &source, NULL) != HS_OK ||
      hs_path_file_read(&arena, source, NULL, NULL, NULL, &file, NULL) != HS_OK)
    return 0;
  hs_source_close(source);
  assert_int_equal(file.row_count, 10000);
  assert_int_equal(file.reject_count, 0);
  const struct hs_paths raw = {.channel_count = file.table.channel_count,
                               .channels = file.table.channels,
                               .path_count = file.table.path_count,
                               .first_step = file.table.first_step,
                               .steps = file.table.steps,
                               .conversions = file.table.conversions,
                               .value = file.table.value,
                               .nulls = file.table.nulls};
  return hs_paths_settle(&arena, &raw, &sample, NULL) == HS_OK;
}

static int set_up([[maybe_unused]] void **state)
{
  static struct hs_model models[MODEL_COUNT];
  static const enum hs_model_kind kinds[] = {HS_MODEL_FIRST,    HS_MODEL_LAST,  HS_MODEL_LINEAR,
                                             HS_MODEL_POSITION, HS_MODEL_DECAY, HS_MODEL_SHAPLEY,
                                             HS_MODEL_MARKOV,   HS_MODEL_MARKOV};
  char path[4096];
  if (!shared_data_find("channelattribution_pathdata.csv", "golden.pathdata", path))
    return 0;
  for (size_t m = 0; m < MODEL_COUNT; m++)
    models[m] = hs_model_default(kinds[m]);
  models[MARKOV_2].order = 2;
  return !load(path) ||
         hs_credit_plan_make(&arena, &sample, models, MODEL_COUNT, &plan, NULL) != HS_OK ||
         hs_credit_estimate(&arena, plan, &credits, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static const struct hs_credit *credit_of(size_t model, const char *channel)
{
  for (size_t c = 0; c < sample.paths.channel_count; c++)
    if (hs_str_equal(sample.paths.channels[c], hs_str_of(channel)))
      return &credits[model].channels[c];
  fail_msg("no channel %s", channel);
  return NULL;
}

/* cmocka's skip leaves the function: it stands at the head of each test that needs the data. */
static void need_data(void)
{
  if (credits == NULL)
    skip();
}

static void totals_are_those_of_the_file([[maybe_unused]] void **state)
{
  need_data();
  near(sample.conversions, 19785);
  near(sample.conversions + sample.nulls, 88387);
  near(sample.value, 74802.97);
  assert_int_equal(sample.paths.channel_count, 12);
}

static void credits_are_those_of_the_table([[maybe_unused]] void **state)
{
  static const struct {
    const char *channel;
    double first, last, linear, markov, shapley; /* 0: the table has none */
  } table[] = {
      {"eta", 3164, 4167, 3539.951157101, 3340.84740150, 3613.65595238},
      {"iota", 4606, 3355, 3857.096221018, 3884.61470188, 3505.04404762},
      {"alpha", 6308, 8447, 7574.718593751, 5344.94768209, 7627.94404762},
      {"beta", 2831, 989, 2083.500144589, 2527.35216652, 0},
      {"theta", 1606, 653, 1022.801393904, 1971.91287989, 0},
      {"lambda", 902, 1207, 1035.257572286, 1282.84722339, 0},
      {"kappa", 74, 230, 137.964077922, 274.36325596, 0},
      {"zeta", 27, 107, 136.551540466, 381.06255276, 0},
      {"epsilon", 99, 531, 272.170437720, 599.57065046, 0},
      {"gamma", 165, 92, 121.041639020, 171.14544269, 0},
      {"delta", 1, 5, 1.725000000, 4.61361831, 0},
      {"mi", 2, 2, 2.222222222, 1.72242456, 0},
  };
  need_data();
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    near(credit_of(FIRST, table[i].channel)->conversions, table[i].first);
    near(credit_of(LAST, table[i].channel)->conversions, table[i].last);
    near(credit_of(LINEAR, table[i].channel)->conversions, table[i].linear);
    near(credit_of(MARKOV_1, table[i].channel)->conversions, table[i].markov);
    if (table[i].shapley > 0)
      near(credit_of(SHAPLEY, table[i].channel)->conversions, table[i].shapley);
  }
  near(credit_of(MARKOV_1, "alpha")->removal_effect, 0.558399489508);
  near(credit_of(MARKOV_1, "iota")->removal_effect, 0.405835004472);
}

static FILE *open_reference(const char *name)
{
  char path[4096];
  char header[256];
  need_data();
  if (!shared_data_find(name, "golden.pathdata", path))
    skip();
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  assert_non_null(fgets(header, sizeof header, file));
  return file;
}

static void removal_effects_are_those_of_the_reference([[maybe_unused]] void **state)
{
  FILE *file = open_reference("ref_pathdata_markov_exact.csv");
  char channel[32];
  double effect, effect_value, conversions, value;
  int states, order;
  int rows = 0;
  while (fscanf(file, "%31[^,],%lf,%lf,%lf,%lf,%d,%d ", channel, &effect, &effect_value,
                &conversions, &value, &states, &order) == 7) {
    const struct hs_credit *credit = credit_of(order == 1 ? MARKOV_1 : MARKOV_2, channel);
    near(credit->removal_effect, effect);
    near(credit->removal_effect_value, effect_value);
    near(credit->conversions, conversions);
    near(credit->value, value);
    assert_int_equal(states, order == 1 ? 12 : 120);
    rows++;
  }
  (void)fclose(file);
  assert_int_equal(rows, 24);
}

static void shapley_position_and_decay_are_those_of_the_reference([[maybe_unused]] void **state)
{
  FILE *file = open_reference("ref_pathdata_shapley_heuristics.csv");
  char channel[32];
  double shapley, shapley_value, position, decay;
  int rows = 0;
  while (fscanf(file, "\"%31[^\"]\",%lf,%lf,%lf,%lf ", channel, &shapley, &shapley_value, &position,
                &decay) == 5) {
    near(credit_of(SHAPLEY, channel)->conversions, shapley);
    near(credit_of(SHAPLEY, channel)->value, shapley_value);
    near(credit_of(POSITION, channel)->conversions, position);
    near(credit_of(DECAY, channel)->conversions, decay);
    rows++;
  }
  (void)fclose(file);
  assert_int_equal(rows, 12);
}

/* The bootstrap's standard errors of shares at order 1, given to two or three digits; the jackknife
   is to be within 10 % of them, and half a digit. */
static void the_jackknife_agrees_with_the_published_bootstrap([[maybe_unused]] void **state)
{
  static const struct {
    const char *channel;
    double share, error, half_digit;
  } table[] = {{"alpha", .27015, .0016, .00005},
               {"eta", .16886, .0013, .00005},
               {"iota", .19634, .0011, .00005},
               {"beta", .12774, .00095, .000005}};
  need_data();
  size_t channels = sample.paths.channel_count;
  struct hs_influence *influences =
      hs_arena_alloc(&arena, MODEL_COUNT * channels, 2 * sizeof *influences);
  assert_non_null(influences);
  assert_int_equal(hs_jackknife(&arena, plan, credits, influences, NULL), HS_OK);
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    const struct hs_credit *credit = credit_of(MARKOV_1, table[i].channel);
    size_t c = (size_t)(credit - credits[MARKOV_1].channels);
    double error = sqrt(influences[(MARKOV_1 * channels + c) * 2].square);
    assert_true(fabs(credit->share_conversions - table[i].share) <= 5e-6);
    assert_true(fabs(error - table[i].error) <= .1 * table[i].error + table[i].half_digit);
  }
}

static int by_size(const void *a, const void *b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

static double deviation(const double *values, size_t count)
{
  double mean = 0;
  double squares = 0;
  for (size_t i = 0; i < count; i++)
    mean += values[i] / (double)count;
  for (size_t i = 0; i < count; i++)
    squares += (values[i] - mean) * (values[i] - mean);
  return sqrt(squares / (double)(count - 1));
}

/* 2,000 replicates, for which a standard error is itself uncertain by 1/sqrt(2 x 2000) = 1.6 %:
   three times that on top of the 10 % that the analytic error may be off, for channels with enough
   journeys. And the published 95 % interval of alpha at order 1, whose ends both sides know to
   about 0.0002. */
static void the_bootstrap_agrees_with_jackknife_and_publication([[maybe_unused]] void **state)
{
  enum { DRAWS = 2000 };
  need_data();
  size_t channels = sample.paths.channel_count;
  size_t cells = MODEL_COUNT * channels;
  struct hs_bootstrap_options options = hs_bootstrap_default();
  options.draws = DRAWS;
  struct hs_influence *influences = hs_arena_alloc(&arena, cells, 2 * sizeof *influences);
  double *conversions = hs_arena_alloc(&arena, cells * DRAWS, sizeof *conversions);
  double *value = hs_arena_alloc(&arena, cells * DRAWS, sizeof *value);
  assert_true(influences != NULL && conversions != NULL && value != NULL);
  assert_int_equal(hs_jackknife(&arena, plan, credits, influences, NULL), HS_OK);
  assert_int_equal(hs_bootstrap_shares(plan, &options, conversions, value, NULL), HS_OK);
  for (size_t cell = 0; cell < cells; cell++) {
    const struct hs_credit *credit = &credits[cell / channels].channels[cell % channels];
    if (credit->converting_journeys < HS_CONVERTING_MIN)
      continue;
    double ratio = sqrt(influences[cell * 2].square) / deviation(conversions + cell * DRAWS, DRAWS);
    if (!(fabs(ratio - 1) < 0.1 + 3 / sqrt(2.0 * DRAWS)))
      fail_msg("model %zu, channel %zu: jackknife over bootstrap is %g", cell / channels,
               cell % channels, ratio);
  }
  size_t alpha =
      MARKOV_1 * channels + (size_t)(credit_of(MARKOV_1, "alpha") - credits[MARKOV_1].channels);
  qsort(conversions + alpha * DRAWS, DRAWS, sizeof *conversions, by_size);
  assert_true(fabs(conversions[alpha * DRAWS + DRAWS / 40] - .2669) < .0004);
  assert_true(fabs(conversions[alpha * DRAWS + DRAWS - DRAWS / 40] - .2732) < .0004);
}

/* The toys of the same source: a (4 conversions) and a>b (6); a>b>c>d (10). */
static void toys_are_shared_as_published([[maybe_unused]] void **state)
{
  static const struct hs_str names[] = {{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}};
  static const uint32_t first_step[] = {0, 1, 3, 7};
  static const uint16_t steps[] = {0, 0, 1, 0, 1, 2, 3};
  static const double conversions[][3] = {{4, 6, 0}, {0, 0, 10}};
  static const double nothing[3] = {0};
  static const double expected[][4] = {{7, 3, 0, 0}, {2.5, 2.5, 2.5, 2.5}};
  for (size_t toy = 0; toy < 2; toy++) {
    struct hs_arena own = {0};
    struct hs_sample settled;
    struct hs_credit_plan *toy_plan = NULL;
    struct hs_model_credits *result = NULL;
    struct hs_model shapley = hs_model_default(HS_MODEL_SHAPLEY);
    const struct hs_paths raw = {.channel_count = 4,
                                 .channels = names,
                                 .path_count = 3,
                                 .first_step = first_step,
                                 .steps = steps,
                                 .conversions = conversions[toy],
                                 .value = nothing,
                                 .nulls = nothing};
    assert_int_equal(hs_arena_init(&own, 4 * HS_MIB, NULL), HS_OK);
    assert_int_equal(hs_paths_settle(&own, &raw, &settled, NULL), HS_OK);
    assert_int_equal(hs_credit_plan_make(&own, &settled, &shapley, 1, &toy_plan, NULL), HS_OK);
    assert_int_equal(hs_credit_estimate(&own, toy_plan, &result, NULL), HS_OK);
    for (size_t c = 0; c < 4; c++)
      assert_true(fabs(result[0].channels[c].conversions - expected[toy][c]) < 1e-12);
    hs_arena_release(&own);
  }
}

/* Ordered Shapley sums back to the set's, and the view of single orders to all of them. */
static void divisions_sum_back([[maybe_unused]] void **state)
{
  need_data();
  size_t channels = sample.paths.channel_count;
  enum { PLACES = 5 };
  double *places = hs_arena_alloc(&arena, channels * PLACES, sizeof *places);
  double *value = hs_arena_alloc(&arena, channels * PLACES, sizeof *value);
  double *screen = hs_arena_alloc(&arena, channels, sizeof *screen);
  double *effects = hs_arena_alloc(&arena, channels, sizeof *effects);
  assert_true(places != NULL && value != NULL && screen != NULL && effects != NULL);
  hs_shapley_by_place(&sample, PLACES, places, value);
  double total = 0;
  for (size_t c = 0; c < channels; c++) {
    double sum = 0;
    for (size_t place = 0; place < PLACES; place++)
      sum += places[c * PLACES + place];
    near(sum, credits[SHAPLEY].channels[c].conversions);
    effects[c] = credits[MARKOV_1].channels[c].removal_effect;
  }
  memset(value, 0, channels * sizeof *value);
  hs_screen_by_effect(&sample, effects, screen, value);
  for (size_t c = 0; c < channels; c++)
    total += screen[c];
  near(total, sample.conversions);
}

static void chains_have_the_published_sizes([[maybe_unused]] void **state)
{
  static const size_t states[] = {12, 120, 933, 3975};
  need_data();
  for (uint32_t order = 1; order <= 4; order++) {
    struct hs_chain chain;
    assert_int_equal(hs_chain_make(&arena, &sample.paths, order, &chain, NULL), HS_OK);
    assert_int_equal(chain.state_count, states[order - 1]);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(totals_are_those_of_the_file),
      cmocka_unit_test(credits_are_those_of_the_table),
      cmocka_unit_test(removal_effects_are_those_of_the_reference),
      cmocka_unit_test(shapley_position_and_decay_are_those_of_the_reference),
      cmocka_unit_test(the_jackknife_agrees_with_the_published_bootstrap),
      cmocka_unit_test(the_bootstrap_agrees_with_jackknife_and_publication),
      cmocka_unit_test(toys_are_shared_as_published),
      cmocka_unit_test(divisions_sum_back),
      cmocka_unit_test(chains_have_the_published_sizes),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
