/* Published and independently computed figures on the CDNOW sample (Fader and Hardie): 2,357
   customers, their purchases of 1997, calibrated on the first 39 weeks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "stats/buyers.h"
#include "stats/buyers_spend.h"
#include "support/near.h"
#include "support/shared_data.h"

enum { CUSTOMERS = 2357 };

/* Deterministic figures, given to seven digits and more; what is given to four is held to half a
   unit of its last. */
#define RELATIVE 1e-6
#define LIKELIHOOD 1e-8
/* What an optimiser leaves in the parameters moves the published expectations by up to 3e−5. */
#define EXPECTATION 3e-5

static struct hs_arena arena;
static double x[CUSTOMERS], t_x[CUSTOMERS], T[CUSTOMERS], zbar[CUSTOMERS];
static double repeat_x[CUSTOMERS], repeat_zbar[CUSTOMERS];

static FILE *open_shared(const char *file)
{
  char path[4096];
  if (!shared_data_find(file, "the golden figures of CDNOW", path))
    return NULL;
  FILE *in = fopen(path, "r");
  assert_non_null(in);
  return in;
}

/* ID,x,t_x,T,zbar: weeks to two digits. */
static int load_rounded(void)
{
  FILE *in = open_shared("cdnow_customers_summary_with_transactions.csv");
  if (!in)
    return 0;
  char line[200];
  assert_non_null(fgets(line, sizeof line, in));
  size_t count = 0;
  for (; fgets(line, sizeof line, in); count++) {
    char *next = strchr(line, ',');
    assert_non_null(next);
    x[count] = strtod(next + 1, &next);
    t_x[count] = strtod(next + 1, &next);
    T[count] = strtod(next + 1, &next);
    zbar[count] = strtod(next + 1, &next);
  }
  assert_int_equal(count, CUSTOMERS);
  assert_int_equal(fclose(in), 0);
  return (int)count;
}

static int day_of(const char *digits)
{
  char part[5] = {0};
  struct hs_civil civil = {0};
  memcpy(part, digits, 4);
  civil.year = (int)strtol(part, NULL, 10);
  memset(part, 0, sizeof part);
  memcpy(part, digits + 4, 2);
  civil.month = (int)strtol(part, NULL, 10);
  memcpy(part, digits + 6, 2);
  civil.day = (int)strtol(part, NULL, 10);
  return (int)(hs_civil_to_us(&civil) / 86400000000);
}

/* " 00004 0001 19970101  2   29.33": customers in order, their days rising. Purchases of one day
   are one; the calibration ends with 1997-09-30. */
static int load_exact(void)
{
  FILE *in = open_shared("cdnow_sample.txt");
  if (!in)
    return 0;
  const int last_day = day_of("19970930");
  char line[200], customer[6] = "";
  size_t count = 0;
  int first = 0, last = 0;
  while (fgets(line, sizeof line, in)) {
    int day = day_of(line + 12);
    if (strncmp(customer, line + 1, 5) != 0) {
      memcpy(customer, line + 1, 5);
      first = last = day;
      x[count] = t_x[count] = 0;
      T[count++] = (last_day - first) / 7.0;
    } else if (day > last && day <= last_day) {
      last = day;
      x[count - 1] += 1;
      t_x[count - 1] = (last - first) / 7.0;
    }
  }
  assert_int_equal(count, CUSTOMERS);
  assert_int_equal(fclose(in), 0);
  return (int)count;
}

static double likelihood_at(const struct hs_buyers_parameters *parameters, int count)
{
  struct hs_buyers buyers;
  assert_int_equal(hs_arena_init(&arena, 16 * HS_MIB, NULL), HS_OK);
  assert_int_equal(hs_buyers_group(&arena, x, t_x, T, (size_t)count, &buyers, NULL), HS_OK);
  double *room = hs_arena_alloc_raw(&arena, hs_buyers_room(&buyers), sizeof *room);
  assert_non_null(room);
  double value = hs_buyers_log_likelihood(&buyers, NULL, parameters, NULL, room);
  hs_arena_release(&arena);
  return value;
}

static struct hs_buyers_fit fit(enum hs_buyers_model model, int count)
{
  struct hs_buyers buyers;
  struct hs_buyers_fit made;
  assert_int_equal(hs_arena_init(&arena, 16 * HS_MIB, NULL), HS_OK);
  assert_int_equal(hs_buyers_group(&arena, x, t_x, T, (size_t)count, &buyers, NULL), HS_OK);
  double *room = hs_arena_alloc_raw(&arena, hs_buyers_room(&buyers), sizeof *room);
  assert_non_null(room);
  assert_int_equal(hs_buyers_fit(&buyers, NULL, model, NULL, room, &made, NULL), HS_OK);
  hs_arena_release(&arena);
  return made;
}

static void bgnbd_of_exact_weeks([[maybe_unused]] void **state)
{
  int count = load_exact();
  if (!count)
    return;
  struct hs_buyers_fit made = fit(HS_BUYERS_BGNBD, count);
  assert_close(made.parameters.value[0], .2425945, RELATIVE);
  assert_close(made.parameters.value[1], 4.413602, RELATIVE);
  assert_close(made.parameters.value[2], .792922, RELATIVE);
  assert_close(made.parameters.value[3], 2.425907, RELATIVE);
  assert_close(made.log_likelihood, -9582.429207, LIKELIHOOD);
  const struct hs_buyers_parameters *found = &made.parameters;
  assert_close(hs_buyers_expected(found, 52), 1.443996, EXPECTATION);
  assert_close(hs_buyers_expected_next(found, 26, 30.857, 31, 52), 25.75655, EXPECTATION);
  assert_near(hs_buyers_alive(found, 26, 30.857, 31), .968852, 1e-6);
  assert_near(hs_buyers_expected_next(found, 2, 30.43, 38.86, 39), 1.226, 5e-4);
}

/* The published expression, with the published parameters and a plain hypergeometric series, gives
   1.44401234: the series that is used here is held to that to its last digit. */
static void a_new_customer_by_two_expressions([[maybe_unused]] void **state)
{
  const struct hs_buyers_parameters p = {HS_BUYERS_BGNBD, {.2425945, 4.413602, .792922, 2.425907}};
  double r = p.value[0], alpha = p.value[1], a = p.value[2], b = p.value[3];
  double term = 1, sum = 1, z = 52 / (alpha + 52);
  for (double n = 0; n < 2000; n++) {
    term *= (r + n) * (b + n) / ((a + b - 1 + n) * (n + 1)) * z;
    sum += term;
  }
  double expected = (a + b - 1) / (a - 1) * (1 - pow(alpha / (alpha + 52), r) * sum);
  assert_close(hs_buyers_expected(&p, 52), expected, 1e-12);
}

static void bgnbd_of_rounded_weeks([[maybe_unused]] void **state)
{
  int count = load_rounded();
  if (!count)
    return;
  struct hs_buyers_fit made = fit(HS_BUYERS_BGNBD, count);
  assert_close(made.parameters.value[0], .2425929, RELATIVE);
  assert_close(made.parameters.value[1], 4.4135316, RELATIVE);
  assert_close(made.parameters.value[2], .7928861, RELATIVE);
  assert_close(made.parameters.value[3], 2.4257534, RELATIVE);
  assert_close(made.log_likelihood, -9582.425561, LIKELIHOOD);
}

/* The published parameters are an optimiser's last stop, 2e−5 below the top of the likelihood: at
   them the likelihood is the published one, ours is not below it, and the two places are as near to
   each other as such a flat top is. */
static void pareto_nbd([[maybe_unused]] void **state)
{
  int count = load_exact();
  if (!count)
    return;
  struct hs_buyers_fit made = fit(HS_BUYERS_PARETO, count);
  const struct hs_buyers_parameters published = {HS_BUYERS_PARETO,
                                                 {.5534, 10.5802, .6061, 11.6562}};
  assert_close(likelihood_at(&published, count), -9594.976198, LIKELIHOOD);
  assert_close(made.log_likelihood, -9594.976198, LIKELIHOOD);
  assert_true(made.log_likelihood >= -9594.976198);
  for (size_t i = 0; i < HS_BUYERS_PARAMETERS; i++)
    assert_close(made.parameters.value[i], published.value[i], 1.2e-3);
}

static void gamma_gamma_of_those_who_came_back([[maybe_unused]] void **state)
{
  int count = load_rounded();
  if (!count)
    return;
  size_t repeats = 0;
  for (int i = 0; i < count; i++)
    if (x[i] > 0) {
      repeat_x[repeats] = x[i];
      repeat_zbar[repeats++] = zbar[i];
    }
  assert_int_equal(repeats, 946);
  const struct hs_spenders spenders = {repeat_x, repeat_zbar, NULL, repeats};
  struct hs_spend_fit made;
  assert_int_equal(hs_spend_fit(&spenders, NULL, &made, NULL), HS_OK);
  assert_close(made.parameters.p, 6.248803, 1e-4);
  assert_close(made.parameters.q, 3.744588, 1e-4);
  assert_close(made.parameters.v, 15.447744, 1e-4);
  assert_close(made.log_likelihood, -4055.92324, LIKELIHOOD);
  assert_near(hs_spend_mean(&made.parameters), 35.171, 5e-4);
}

/* Further figures that others print for this sample. [Q]: the Quickstart of the Python package
   lifetimes (docs/Quickstart.md), from the rounded summaries. [S]: the spreadsheet of the BG/NBD
   paper (Fader and Hardie, "Implementing the BG/NBD model in Microsoft Excel"), as the tests of
   lifetimes quote it. [B]: the examples of the R package BTYD. Each is held to half a unit of the
   last digit that is printed, and to what its optimiser left. */

/* [Q] prints six digits of the standard errors; they come from a numerical curvature. */
static void standard_errors_of_the_bgnbd([[maybe_unused]] void **state)
{
  const double published[] = {.012557, .378221, .185719, .705345};
  int count = load_rounded();
  if (!count)
    return;
  struct hs_buyers_fit made = fit(HS_BUYERS_BGNBD, count);
  for (size_t i = 0; i < HS_BUYERS_PARAMETERS; i++)
    assert_close(made.parameters.value[i] * sqrt(made.covariance[i * HS_BUYERS_PARAMETERS + i]),
                 published[i], 1e-3);
}

static void the_best_customers_of_the_next_week([[maybe_unused]] void **state)
{
  const struct {
    double x, t_x, T, next;
  } published[] = {{18, 35.14, 35.86, .424877}, /* [Q] */
                   {19, 34.00, 34.14, .474738},
                   {17, 28.43, 28.86, .486526},
                   {29, 37.71, 38.00, .662396},
                   {26, 30.86, 31.00, .710623}};
  int count = load_rounded();
  if (!count)
    return;
  struct hs_buyers_fit made = fit(HS_BUYERS_BGNBD, count);
  for (size_t i = 0; i < sizeof published / sizeof *published; i++)
    assert_near(hs_buyers_expected_next(&made.parameters, published[i].x, published[i].t_x,
                                        published[i].T, 1),
                published[i].next, 2e-6);
}

/* [S] has a sixth figure, 1.8576 at 78 weeks, which is 4e−4 from what its own expression gives with
   its own parameters (1.8580): that one is not held. */
static void a_new_customer_as_time_goes_by([[maybe_unused]] void **state)
{
  const double published[][2] = {
      {1.0 / 7, .0078}, {1, .0532}, {3, .1506}, {223.0 / 7, 1.0405}, {32, 1.0437}};
  int count = load_rounded();
  if (!count)
    return;
  struct hs_buyers_fit made = fit(HS_BUYERS_BGNBD, count);
  for (size_t i = 0; i < sizeof published / sizeof *published; i++)
    assert_near(hs_buyers_expected(&made.parameters, published[i][0]), published[i][1], 5e-5);
}

/* [B], pnbd.PAlive: no purchase in 39 weeks leaves .2941633; 23 of them up to the last day, 1. */
static void who_is_still_there_by_the_pareto_nbd([[maybe_unused]] void **state)
{
  int count = load_exact();
  if (!count)
    return;
  struct hs_buyers_fit made = fit(HS_BUYERS_PARETO, count);
  assert_near(hs_buyers_alive(&made.parameters, 0, 0, 39), .2941633, 2e-4);
  assert_near(hs_buyers_alive(&made.parameters, 23, 39, 39), 1, 1e-12);
}

/* Gamma-Gamma of the repeat customers among `count` that are loaded. */
static struct hs_spend_fit fit_spend(int count)
{
  struct hs_spend_fit made;
  size_t repeats = 0;
  for (int i = 0; i < count; i++)
    if (x[i] > 0) {
      repeat_x[repeats] = x[i];
      repeat_zbar[repeats++] = zbar[i];
    }
  const struct hs_spenders spenders = {repeat_x, repeat_zbar, NULL, repeats};
  assert_int_equal(hs_spend_fit(&spenders, NULL, &made, NULL), HS_OK);
  return made;
}

/* [Q]: the mean purchase that each of the first customers is expected to make, and that of all. Its
   optimiser stops 1e−6 away from the top. */
static void what_the_first_customers_will_spend([[maybe_unused]] void **state)
{
  const double published[][3] = {{2, 22.35, 24.658619},
                                 {1, 11.77, 18.911489},
                                 {0, 0, 35.170981},
                                 {7, 73.74, 71.462843},
                                 {2, 25.55, 27.282408}};
  int count = load_rounded();
  if (!count)
    return;
  struct hs_spend_fit made = fit_spend(count);
  for (size_t i = 0; i < sizeof published / sizeof *published; i++)
    assert_close(hs_spend_mean_of(&made.parameters, published[i][0], published[i][1]),
                 published[i][2], 5e-5);
  double expected = 0, seen = 0, repeats = 0;
  for (int i = 0; i < count; i++) {
    expected += hs_spend_mean_of(&made.parameters, x[i], zbar[i]) / count;
    seen += x[i] > 0 ? zbar[i] : 0;
    repeats += x[i] > 0;
  }
  assert_close(expected, 35.2529588256, 5e-5);
  assert_close(seen / repeats, 35.078551797, 1e-9);
}

/* [Q]: twelve periods of thirty weeks (its months are those of days, and this file counts weeks),
   each discounted by 1 % at its end: BG/NBD, Gamma-Gamma and discounting together. */
static void the_value_of_the_first_customers([[maybe_unused]] void **state)
{
  const double published[][5] = {{2, 30.43, 38.86, 22.35, 140.096211},
                                 {1, 1.71, 38.86, 11.77, 18.943467},
                                 {0, 0, 38.86, 0, 38.180574},
                                 {7, 29.43, 38.86, 73.74, 1003.868107},
                                 {2, 35.71, 38.86, 25.55, 167.418216}};
  int count = load_rounded();
  if (!count)
    return;
  struct hs_buyers_fit buyers = fit(HS_BUYERS_BGNBD, count);
  struct hs_spend_fit spend = fit_spend(count);
  for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
    const double *p = published[i];
    double mean = hs_spend_mean_of(&spend.parameters, p[0], p[3]), value = 0, before = 0;
    for (int month = 1; month <= 12; month++) {
      double now = hs_buyers_expected_next(&buyers.parameters, p[0], p[1], p[2], 30 * month);
      value += mean * (now - before) / pow(1.01, month);
      before = now;
    }
    assert_close(value, p[4], 2e-4);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bgnbd_of_exact_weeks),
      cmocka_unit_test(a_new_customer_by_two_expressions),
      cmocka_unit_test(bgnbd_of_rounded_weeks),
      cmocka_unit_test(pareto_nbd),
      cmocka_unit_test(gamma_gamma_of_those_who_came_back),
      cmocka_unit_test(standard_errors_of_the_bgnbd),
      cmocka_unit_test(the_best_customers_of_the_next_week),
      cmocka_unit_test(a_new_customer_as_time_goes_by),
      cmocka_unit_test(who_is_still_there_by_the_pareto_nbd),
      cmocka_unit_test(what_the_first_customers_will_spend),
      cmocka_unit_test(the_value_of_the_first_customers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
