/* Published figures of designs over regions, on the data sets that came with them: augsynth 0.2
   (Kansas; GeoLift's example by the same program), synthdid 0.0.9 (California), matched_markets
   (regression on totals), each with R 4.2.2 or the package's documentation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "measure/influence/geo.h"
#include "measure/influence/trimmed_match.h"
#include "stats/distribution.h"
#include "support/near.h"
#include "support/panels.h"
#include "support/shared_data.h"

/* Deterministic figures, given to nine or ten digits. */
#define RELATIVE 1e-6

static struct hs_arena arena;

static int has(const char *file, const struct panel_columns *columns, struct hs_panel *out)
{
  char path[4096];
  if (!shared_data_find(file, "golden.geo", path))
    return 0;
  hs_arena_reset(&arena, 0);
  assert_true(panel_read(&arena, path, columns, out));
  return 1;
}

static size_t unit(const struct hs_panel *panel, const char *name)
{
  size_t found = hs_panel_unit(panel, hs_str_of(name));
  assert_true(found < panel->unit_count);
  return found;
}

static struct hs_geo_result run(const struct hs_geo_input *input)
{
  struct hs_geo_result result;
  struct hs_err err = {0};
  if (hs_geo_run(&arena, input, &result, &err) != HS_OK)
    fail_msg("%s", err.text);
  return result;
}

static void a_weight_is(const struct hs_panel *panel, const struct hs_geo_result *result,
                        const char *name, double expected)
{
  for (size_t i = 0; i < result->donor_count; i++)
    if (hs_str_equal(panel->units[result->donors[i].unit], hs_str_of(name))) {
      assert_near(result->donors[i].weight, expected, 0.5e-4); /* four digits are published */
      return;
    }
  fail_msg("%s is no donor", name);
}

static struct hs_geo_input geolift(const struct hs_panel *panel, size_t treated[2], double level)
{
  treated[0] = unit(panel, "chicago");
  treated[1] = unit(panel, "portland");
  return (struct hs_geo_input){.panel = panel,
                               .treated = treated,
                               .treated_count = 2,
                               .start = 90,
                               .method = HS_GEO_SC,
                               .lambda = (double)NAN,
                               .level = level};
}

static const struct panel_columns GEOLIFT = {"location", "date", "Y", 0};

static void geolift_has_its_weights_effect_and_lift([[maybe_unused]] void **state)
{
  static const struct {
    const char *name;
    double weight;
  } expected[] = {{"austin", .0465},    {"baton rouge", .1335}, {"cincinnati", .2272},
                  {"dallas", .0739},    {"honolulu", .0673},    {"houston", .0046},
                  {"miami", .2028},     {"minneapolis", .0900}, {"nashville", .0685},
                  {"new york", .0046},  {"reno", .0306},        {"san antonio", .0054},
                  {"san diego", .0451}, {"boston", 0}};
  struct hs_panel panel;
  size_t treated[2];
  if (!has("geolift_GeoLift_Test.csv", &GEOLIFT, &panel))
    return;
  const struct hs_geo_input input = geolift(&panel, treated, .9);
  struct hs_geo_result result = run(&input);
  assert_close(result.att, 155.555687, RELATIVE);
  assert_close(result.l2, 909.489, RELATIVE);
  assert_near(result.lift, .054, .0005);
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
    a_weight_is(&panel, &result, expected[i].name, expected[i].weight);
}

static void geolift_has_its_conformal_test_and_intervals([[maybe_unused]] void **state)
{
  struct hs_panel panel;
  size_t treated[2];
  if (!has("geolift_GeoLift_Test.csv", &GEOLIFT, &panel))
    return;
  struct hs_geo_input input = geolift(&panel, treated, .9);
  struct hs_geo_result result = run(&input);
  assert_int_equal(result.judge, HS_GEO_PLACES); /* its gap forgets within days */
  assert_near(result.p, 12. / 105, 1e-12);
  assert_near(result.p_resolution, 1. / 105, 1e-12);
  assert_near(result.windows, 7, 1e-12);
  /* The published ends were read off a grid: ±2. */
  assert_near(result.low, -16, 2);
  assert_near(result.high, 282, 2);
  input.level = .95;
  result = run(&input);
  assert_near(result.low, -33, 2);
  assert_near(result.high, 350, 2);
  assert_int_equal(result.verdict, HS_INFLUENCE_UNDETERMINED);
}

static const struct panel_columns KANSAS = {"state", "year_qtr", "lngdpcapita", 0};

static struct hs_geo_input kansas(const struct hs_panel *panel, size_t *treated)
{
  *treated = unit(panel, "Kansas");
  return (struct hs_geo_input){.panel = panel,
                               .treated = treated,
                               .treated_count = 1,
                               .start = 89,
                               .method = HS_GEO_SC,
                               .lambda = (double)NAN,
                               .level = .9};
}

static void kansas_has_its_synthetic_controls([[maybe_unused]] void **state)
{
  struct hs_panel panel;
  size_t treated;
  if (!has("kansas_ascm.csv", &KANSAS, &panel))
    return;
  struct hs_geo_input input = kansas(&panel, &treated);
  assert_int_equal(panel.period_count, 105);
  struct hs_geo_result result = run(&input);
  assert_near(result.att, -.033528, .5e-6);
  assert_near(result.l2, .082065, .5e-6);
  input.without_fixed_effects = 1;
  result = run(&input);
  assert_close(result.att, -0.0294347328, RELATIVE);
  assert_close(result.l2, 0.0825547063, RELATIVE);
}

static void kansas_has_its_ridge_and_its_penalty([[maybe_unused]] void **state)
{
  struct hs_panel panel;
  size_t treated;
  if (!has("kansas_ascm.csv", &KANSAS, &panel))
    return;
  struct hs_geo_input input = kansas(&panel, &treated);
  input.method = HS_GEO_ASCM;
  input.without_fixed_effects = 1;
  struct hs_geo_result result = run(&input);
  assert_close(result.lambda, 0.0786622281, RELATIVE);
  assert_close(result.att, -0.0400629138, RELATIVE);
  assert_false(result.is_lambda_at_end);
  /* With unit fixed effects the smallest penalty of the grid is the best: the answer says so. */
  input.without_fixed_effects = 0;
  assert_true(run(&input).is_lambda_at_end);
}

static void california_has_its_difference_in_differences([[maybe_unused]] void **state)
{
  static const struct panel_columns columns = {"State", "Year", "PacksPerCapita", 0};
  struct hs_panel panel;
  if (!has("sdid_california_prop99.csv", &columns, &panel))
    return;
  size_t treated = unit(&panel, "California");
  struct hs_geo_input input = {.panel = &panel,
                               .treated = &treated,
                               .treated_count = 1,
                               .start = hs_panel_period(&panel, 1989),
                               .method = HS_GEO_SDID,
                               .lambda = (double)NAN,
                               .level = .95,
                               .replicates = 200,
                               .seed = 1};
  assert_int_equal(input.start, 19);
  struct hs_geo_result result = run(&input);
  /* The exact minimiser; a Frank-Wolfe search that stops early gives −15.6038279. */
  assert_near(result.att, -15.60540, .5e-5);
  assert_close(result.plain, -27.3491110, RELATIVE);
  /* With one treated state every donor is a placebo once, where the published programs draw 50 to
     200 of them; the first tables print 8.4. */
  assert_int_equal(result.errors.placebo_count, 38);
  assert_true(result.errors.placebo > 8 && result.errors.placebo < 10);
}

/* The regions of one group of the randomised assignment, which lies in a file of its own. */
static int read_group(const struct hs_panel *panel, int group, size_t *out, size_t *count)
{
  char path[4096];
  if (!shared_data_find("tbr_geoassignment.csv", "golden.geo", path))
    return 0;
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  char name[64], number[64];
  while (fscanf(file, " \"%63[^\"]\",%63s", name, number) == 2)
    if (number[0] == '0' + group)
      out[(*count)++] = unit(panel, name);
  assert_int_equal(fclose(file), 0);
  return 1;
}

static void cut_periods(struct hs_panel *panel, size_t count)
{
  for (size_t i = 0; i < panel->unit_count; i++)
    memmove(panel->values + i * count, panel->values + i * panel->period_count,
            count * sizeof *panel->values);
  panel->period_count = count;
}

static double day(int year, int month, int of_month)
{
  struct tm date = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = of_month};
  return (double)timegm(&date) / 86400;
}

static void totals_have_their_regression([[maybe_unused]] void **state)
{
  static const struct panel_columns sales = {"geo", "date", "sales", 1};
  struct hs_panel panel;
  size_t treated[100];
  size_t treated_count = 0;
  if (!has("tbr_salesandcost.csv", &sales, &panel) ||
      !read_group(&panel, 2, treated, &treated_count))
    return;
  cut_periods(&panel, hs_panel_period(&panel, day(2015, 3, 16)));
  struct hs_geo_input input = {.panel = &panel,
                               .treated = treated,
                               .treated_count = treated_count,
                               .start = hs_panel_period(&panel, day(2015, 2, 16)),
                               .method = HS_GEO_TBR,
                               .lambda = (double)NAN,
                               .level = .9};
  struct hs_geo_result result = run(&input);
  assert_int_equal(input.start, 42);
  assert_close(result.errors.slope, .9997001, RELATIVE);
  assert_close(result.incremental, 147337.1217, RELATIVE);
  assert_close(result.errors.regression, 4625.514, RELATIVE);
  assert_near(result.errors.df, 40, 0);
}

/* The level at which Student's t with that many degrees of freedom has the quantile that the
   published program takes from the normal. */
static double level_of(double quantile, size_t df)
{
  return 2 * hs_t_cdf(quantile, (double)df) - 1;
}

static struct hs_trimmed_result match(const struct hs_matched_pair *pairs, size_t count,
                                      double trim, size_t kept)
{
  const struct hs_trimmed_input input = {.pairs = pairs,
                                         .count = count,
                                         .trim = trim,
                                         .trim_most = .3,
                                         .level = level_of(1.64485363, kept - 1)};
  struct hs_trimmed_result result;
  struct hs_err err = {0};
  if (hs_trimmed_match(&arena, &input, &result, &err) != HS_OK)
    fail_msg("%s", err.text);
  return result;
}

/* The tests of google/trimmed_match, core/estimator_test.cc, to the digits that they print. */
static void four_pairs_have_their_published_returns([[maybe_unused]] void **state)
{
  static const struct hs_matched_pair pairs[] = {{1, 1}, {10, 5}, {3, 2}, {8, 5}};
  struct hs_trimmed_result result = match(pairs, 4, 0, 4);
  assert_near(result.value, 22. / 13, 1e-12);
  assert_near(result.error, .138, 1e-3);
  assert_near(result.low, 1.250, 1e-3);
  assert_near(result.high, 1.905, 1e-3);
  result = match(pairs, 4, .25, 2);
  assert_near(result.value, 11. / 7, 1e-12);
  assert_near(result.error, .041, 1e-3);
  assert_near(result.low, -29.375, 1e-3);
  assert_near(result.high, 1.619, 1e-3);
}

/* Pairs drawn both ways cost nothing on balance, and no return is excluded: where the published
   program then prints three normal intervals around the value, this one says that there is none. */
static void thirty_two_pairs_have_their_published_returns([[maybe_unused]] void **state)
{
  static const struct hs_matched_pair pairs[] = {
      {552, 89143},       {-710, -111084},  {-961, -163240},    {-1218, -201668},
      {-1293, -213271},   {-1824, -311807}, {1816, 313531},     {2073, 350041},
      {-2416, -425882},   {-2559, -439139}, {2603, 431609},     {3073, 509310},
      {3288, 554237},     {3137, 548335},   {4016, 677060},     {3905, 654552},
      {4032, 686768},     {-4649, -812570}, {5397, 940149},     {-6054, -1019919},
      {6451, 1086827},    {7735, 1333913},  {8507, 1458086},    {-9186, -1550027},
      {9700, 1676807},    {9987, 1692128},  {-11255, -1927924}, {-13828, -2341819},
      {-14950, -2533673}, {20957, 3570161}, {-38666, -6614810}, {43407, 7440206}};
  struct hs_trimmed_result result = match(pairs, 32, 0, 32);
  assert_near(result.value, .005811, 1e-6);
  assert_near(result.error, .000117, 1e-6);
  assert_true(isnan(result.low) && isnan(result.high));
  result = match(pairs, 32, 1. / 32, 30);
  assert_near(result.value, .005815, 1e-6);
  assert_near(result.error, .000134, 1e-6);
  assert_true(isnan(result.low) && isnan(result.high));
  result = match(pairs, 32, (double)NAN, 20);
  assert_int_equal(result.trim_count, 6);
  assert_near(result.value, .005833, 1e-6);
  assert_near(result.error, .00003, 1e-6);
  assert_true(isnan(result.low) && isnan(result.high));
}

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 256 * HS_MIB, NULL) != HS_OK;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(geolift_has_its_weights_effect_and_lift),
      cmocka_unit_test(geolift_has_its_conformal_test_and_intervals),
      cmocka_unit_test(kansas_has_its_synthetic_controls),
      cmocka_unit_test(kansas_has_its_ridge_and_its_penalty),
      cmocka_unit_test(california_has_its_difference_in_differences),
      cmocka_unit_test(totals_have_their_regression),
      cmocka_unit_test(four_pairs_have_their_published_returns),
      cmocka_unit_test(thirty_two_pairs_have_their_published_returns),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
