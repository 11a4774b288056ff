/* The models of buyers against the published expressions where those are defined, against
   simulation where they are not, and against themselves: gradients, groups, weights. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <gsl/gsl_sf_hyperg.h>
#include <math.h>
#include <string.h>

#include "stats/buyers.h"
#include "stats/random.h"
#include "support/near.h"

static struct hs_arena arena;

static int take_arena([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 64 * HS_MIB, NULL) != HS_OK;
}

static int release_arena([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static struct hs_buyers_parameters bgnbd(double r, double alpha, double a, double b)
{
  return (struct hs_buyers_parameters){HS_BUYERS_BGNBD, {r, alpha, a, b}};
}

static struct hs_buyers_parameters pareto(double r, double alpha, double s, double beta)
{
  return (struct hs_buyers_parameters){HS_BUYERS_PARETO, {r, alpha, s, beta}};
}

static double *take_room(const struct hs_buyers *buyers)
{
  double *room = hs_arena_alloc_raw(&arena, hs_buyers_room(buyers), sizeof *room);
  assert_non_null(room);
  return room;
}

static double likelihood_of(const struct hs_buyers_parameters *parameters, double x, double t_x,
                            double T)
{
  struct hs_buyers one;
  assert_int_equal(hs_buyers_group(&arena, &x, &t_x, &T, 1, &one, NULL), HS_OK);
  return hs_buyers_log_likelihood(&one, NULL, parameters, NULL, take_room(&one));
}

/* ---- groups --------------------------------------------------------------------------------- */

static void equal_customers_are_one_group([[maybe_unused]] void **state)
{
  const double x[] = {2, 0, 2, 0, 2}, t_x[] = {3, 9, 3, 0, 4}, T[] = {9, 9, 9, 9, 9};
  struct hs_buyers buyers;
  assert_int_equal(hs_buyers_group(&arena, x, t_x, T, 5, &buyers, NULL), HS_OK);
  assert_int_equal(buyers.group_count, 3); /* t_x of one without a repeat says nothing */
  assert_near(buyers.weights[0], 2, 0);
  assert_near(buyers.weights[1], 2, 0);
  assert_int_equal(buyers.group_of[0], buyers.group_of[2]);
  assert_int_equal(buyers.repeat_count, 3);
  assert_int_equal(buyers.purchase_count, 6);
}

static void figures_that_no_customer_has_are_refused([[maybe_unused]] void **state)
{
  const double cases[][3] = {{-1, 0, 1},  {1.5, 1, 2},         {1, 3, 2},
                             {1, -1, 2},  {0, 0, (double)NAN}, {(double)NAN, 0, 1},
                             {2e6, 1, 2}, {1, (double)NAN, 2}, {1, 1, (double)INFINITY}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct hs_buyers buyers = {.group_count = 77};
    struct hs_err err = {0};
    assert_int_equal(
        hs_buyers_group(&arena, &cases[i][0], &cases[i][1], &cases[i][2], 1, &buyers, &err),
        HS_INVALID);
    assert_non_null(strstr(err.text, "customer 1"));
    assert_int_equal(buyers.group_count, 77);
  }
}

/* ---- likelihoods ----------------------------------------------------------------------------- */

/* As published: equation 6 of Fader, Hardie and Lee (2005), by gamma functions. */
static double published_bgnbd(const double *p, double x, double t_x, double T)
{
  double r = p[0], alpha = p[1], a = p[2], b = p[3];
  double there = exp(-(r + x) * log(alpha + T));
  double stopped = x > 0 ? a / (b + x - 1) * exp(-(r + x) * log(alpha + t_x)) : 0;
  return lgamma(r + x) - lgamma(r) + r * log(alpha) + lgamma(a + b) + lgamma(b + x) - lgamma(b) -
         lgamma(a + b + x) + log(there + stopped);
}

/* Fader and Hardie (2005), equations 20 and 21, by hypergeometric functions. */
static double published_pareto(const double *p, double x, double t_x, double T)
{
  double r = p[0], alpha = p[1], s = p[2], beta = p[3], all = r + s + x;
  double larger = fmax(alpha, beta), apart = fabs(alpha - beta);
  double second = alpha >= beta ? s + 1 : r + x;
  double a0 =
      gsl_sf_hyperg_2F1(all, second, all + 1, apart / (larger + t_x)) / pow(larger + t_x, all) -
      gsl_sf_hyperg_2F1(all, second, all + 1, apart / (larger + T)) / pow(larger + T, all);
  double there = 1 / (pow(alpha + T, r + x) * pow(beta + T, s));
  return lgamma(r + x) - lgamma(r) + r * log(alpha) + s * log(beta) + log(there + s / all * a0);
}

static void likelihoods_are_the_published_ones([[maybe_unused]] void **state)
{
  const double customers[][3] = {
      {0, 0, 39}, {1, 2, 30}, {2, 30.43, 38.86}, {29, 38, 38.86}, {0, 0, 0}};
  const double sets[][4] = {{.24, 4.4, .79, 2.4}, {.55, 10.6, .61, 11.7}, {2, 20, .3, 5}};
  for (size_t i = 0; i < 3; i++)
    for (size_t j = 0; j < 5; j++) {
      const double *c = customers[j];
      struct hs_buyers_parameters b = bgnbd(sets[i][0], sets[i][1], sets[i][2], sets[i][3]);
      struct hs_buyers_parameters p = pareto(sets[i][0], sets[i][1], sets[i][2], sets[i][3]);
      assert_near(likelihood_of(&b, c[0], c[1], c[2]), published_bgnbd(b.value, c[0], c[1], c[2]),
                  1e-9);
      assert_near(likelihood_of(&p, c[0], c[1], c[2]), published_pareto(p.value, c[0], c[1], c[2]),
                  1e-9);
    }
}

static void gradients_are_those_of_the_values([[maybe_unused]] void **state)
{
  const double x[] = {0, 1, 2, 7, 300, 40}, t_x[] = {0, 5, .1, 20, 39, .01},
               T[] = {39, 12, 39, 21, 39, 39};
  const double weights[] = {3, 1, 0.5, 2, 1, .25};
  struct hs_buyers buyers;
  assert_int_equal(hs_buyers_group(&arena, x, t_x, T, 6, &buyers, NULL), HS_OK);
  double *room = take_room(&buyers);
  struct hs_buyers_parameters sets[] = {bgnbd(.24, 4.4, .79, 2.4), bgnbd(.1, .02, .2, .3),
                                        pareto(.55, 10.6, .61, 11.7), pareto(2, .05, 1, 30),
                                        pareto(.3, 40, 3, .01)};
  for (size_t i = 0; i < 5; i++) {
    double gradient[4];
    (void)hs_buyers_log_likelihood(&buyers, weights, &sets[i], gradient, room);
    for (size_t k = 0; k < 4; k++) {
      struct hs_buyers_parameters above = sets[i], below = sets[i];
      above.value[k] *= exp(1e-5);
      below.value[k] *= exp(-1e-5);
      double slope = (hs_buyers_log_likelihood(&buyers, weights, &above, NULL, room) -
                      hs_buyers_log_likelihood(&buyers, weights, &below, NULL, room)) /
                     2e-5;
      assert_near(gradient[k], slope, 1e-5 * fmax(1, fabs(slope)));
    }
  }
}

/* Busy for a week and silent for years; thousands of purchases; parameters at their ends. */
static void nothing_is_ever_nan([[maybe_unused]] void **state)
{
  const double ends[] = {1e-6, .3, 1, 1e6};
  const double customers[][3] = {{0, 0, 0}, {1, 0, 1000}, {5000, 1, 10000}, {5000, 9999, 10000}};
  for (size_t i = 0; i < 512; i++) {
    const double v[] = {ends[i & 3], ends[i >> 2 & 3], ends[i >> 4 & 3], ends[i >> 6 & 3]};
    struct hs_buyers_parameters p =
        i < 256 ? bgnbd(v[0], v[1], v[2], v[3]) : pareto(v[0], v[1], v[2], v[3]);
    for (size_t j = 0; j < 4; j++) {
      const double *c = customers[j];
      assert_true(isfinite(likelihood_of(&p, c[0], c[1], c[2])));
      double alive = hs_buyers_alive(&p, c[0], c[1], c[2]);
      assert_true(alive >= 0 && alive <= 1);
    }
    int is_busy = v[0] * 10 / v[1] > 1e4 || v[1] < 1e-3; /* the series would be as long */
    double expected = is_busy ? 0 : hs_buyers_expected(&p, 10);
    assert_true(isfinite(expected) && expected >= 0);
  }
}

/* ---- expectations ---------------------------------------------------------------------------- */

/* Equation 9 of Fader, Hardie and Lee (2005), away from its singular places. */
static double published_expectation(const double *p, double t)
{
  double r = p[0], alpha = p[1], a = p[2], b = p[3];
  return (a + b - 1) / (a - 1) *
         (1 - pow(alpha / (alpha + t), r) * gsl_sf_hyperg_2F1(r, b, a + b - 1, t / (alpha + t)));
}

static void expectations_are_the_published_ones([[maybe_unused]] void **state)
{
  const double sets[][4] = {{.24, 4.4, .79, 2.4}, {2, 30, 1.7, 4}, {1, 10, .2, 1.5}};
  for (size_t i = 0; i < 3; i++)
    for (double t = 1; t < 100; t *= 2) {
      struct hs_buyers_parameters p = bgnbd(sets[i][0], sets[i][1], sets[i][2], sets[i][3]);
      assert_close(hs_buyers_expected(&p, t), published_expectation(p.value, t), 1e-8);
    }
}

/* The published quotient is 0/0 at a = 1 and undefined where a + b is 1 or less; the series passes
   smoothly through both. */
static void expectations_pass_through_singular_parameters([[maybe_unused]] void **state)
{
  const double places[][2] = {{1, 2}, {.4, .6}, {1, 1e-3}};
  for (size_t i = 0; i < 3; i++) {
    struct hs_buyers_parameters at = bgnbd(.5, 5, places[i][0], places[i][1]);
    struct hs_buyers_parameters below = bgnbd(.5, 5, places[i][0] * (1 - 1e-6), places[i][1]);
    struct hs_buyers_parameters above = bgnbd(.5, 5, places[i][0] * (1 + 1e-6), places[i][1]);
    double middle = hs_buyers_expected(&at, 52);
    assert_true(hs_buyers_expected(&below, 52) > middle && middle > hs_buyers_expected(&above, 52));
    assert_close(hs_buyers_expected(&below, 52), hs_buyers_expected(&above, 52), 1e-5);
  }
  struct hs_buyers_parameters one = pareto(.5, 5, 1, 20), near_one = pareto(.5, 5, 1 + 1e-9, 20);
  assert_close(hs_buyers_expected(&one, 52), .5 / 5 * 20 * log(72.0 / 20), 1e-12);
  assert_close(hs_buyers_expected(&near_one, 52), hs_buyers_expected(&one, 52), 1e-7);
}

/* Nobody stops: b without bound, or β. Then purchases are those of the negative binomial, r·t/α. */
static void who_never_stops_buys_at_the_mean_rate([[maybe_unused]] void **state)
{
  struct hs_buyers_parameters b = bgnbd(.5, 5, 1e-9, 1e6), p = pareto(.5, 5, 1e-9, 1e6);
  assert_close(hs_buyers_expected(&b, 40), 4.0, 1e-6);
  assert_close(hs_buyers_expected(&p, 40), 4.0, 1e-6);
  assert_close(hs_buyers_expected_next(&b, 3, 10, 20, 40), 3.5 / 25 * 40, 1e-6);
}

/* A series that would never end is refused instead of begun. */
static void who_buys_without_end_has_no_expectation([[maybe_unused]] void **state)
{
  struct hs_buyers_parameters p = bgnbd(1e9, 1e-3, 1, 1), q = bgnbd(1, (double)NAN, 1, 1);
  assert_true(isnan(hs_buyers_expected(&p, 52)));
  assert_true(isnan(hs_buyers_expected(&q, 52)));
}

struct life {
  double x, t_x, next;
};

/* One customer under the BG/NBD with a + b below 1, watched for T and then for t more. */
static struct life live(struct hs_random *rng, const double *p, double T, double t)
{
  double rate = hs_random_gamma(rng, p[0]) / p[1];
  double g = hs_random_gamma(rng, p[2]), h = hs_random_gamma(rng, p[3]);
  double stops = g / (g + h);
  struct life life = {0};
  for (double now = hs_random_exponential(rng) / rate; now < T + t;
       now += hs_random_exponential(rng) / rate) {
    if (now <= T) {
      life.x += 1;
      life.t_x = now;
    } else
      life.next += 1;
    if (hs_random_uniform(rng) < stops)
      break;
  }
  return life;
}

/* 40,000 lives: the mean of what comes next agrees with the sum of what was expected within four
   standard errors, with a + b = .7. */
static void what_is_expected_next_is_what_comes([[maybe_unused]] void **state)
{
  enum { LIVES = 40000 };
  const struct hs_buyers_parameters p = bgnbd(.8, 6, .3, .4);
  double apart = 0, squares = 0;
  for (uint64_t i = 0; i < LIVES; i++) {
    struct hs_random rng = hs_random_open(11, i);
    struct life life = live(&rng, p.value, 30, 20);
    double away = life.next - hs_buyers_expected_next(&p, life.x, life.t_x, 30, 20);
    apart += away;
    squares += away * away;
  }
  assert_true(fabs(apart) < 4 * sqrt(squares));
  assert_true(squares > LIVES / 10.0);
}

/* ---- fits ------------------------------------------------------------------------------------ */

/* 20,000 customers of known parameters: each is found within four of the standard errors that the
   curvature gives. */
static void parameters_are_found_within_their_errors([[maybe_unused]] void **state)
{
  enum { LIVES = 20000 };
  const struct hs_buyers_parameters truth = bgnbd(.8, 6, .3, .4);
  double *x = hs_arena_alloc(&arena, 3 * LIVES, sizeof *x), *t_x = x + LIVES, *T = t_x + LIVES;
  assert_non_null(x);
  for (uint64_t i = 0; i < LIVES; i++) {
    struct hs_random rng = hs_random_open(12, i);
    T[i] = 20 + (double)(i % 20);
    struct life life = live(&rng, truth.value, T[i], 0);
    x[i] = life.x;
    t_x[i] = life.t_x;
  }
  struct hs_buyers buyers;
  struct hs_buyers_fit fit, again;
  assert_int_equal(hs_buyers_group(&arena, x, t_x, T, LIVES, &buyers, NULL), HS_OK);
  double *room = take_room(&buyers);
  assert_int_equal(hs_buyers_fit(&buyers, NULL, HS_BUYERS_BGNBD, NULL, room, &fit, NULL), HS_OK);
  for (size_t i = 0; i < 4; i++)
    assert_near(log(fit.parameters.value[i] / truth.value[i]), 0, 4 * sqrt(fit.covariance[5 * i]));
  assert_int_equal(hs_buyers_fit(&buyers, NULL, HS_BUYERS_BGNBD, &truth, room, &again, NULL),
                   HS_OK);
  for (size_t i = 0; i < 4; i++)
    assert_close(again.parameters.value[i], fit.parameters.value[i], 1e-6);
}

static void without_a_second_purchase_there_is_no_model([[maybe_unused]] void **state)
{
  const double x[] = {0, 0, 0}, T[] = {9, 8, 7};
  struct hs_buyers buyers;
  struct hs_buyers_fit fit;
  struct hs_err err = {0};
  assert_int_equal(hs_buyers_group(&arena, x, x, T, 3, &buyers, NULL), HS_OK);
  assert_int_equal(
      hs_buyers_fit(&buyers, NULL, HS_BUYERS_BGNBD, NULL, take_room(&buyers), &fit, &err),
      HS_INSUFFICIENT);
  assert_non_null(strstr(err.text, "none of 3 customers"));
}

/* Purchases as regular as a clock: all customers are alike, and the likelihood of r and α rises for
   ever. The fit ends all the same, says so, and expects what was seen. */
static void customers_who_are_all_alike_have_a_fit([[maybe_unused]] void **state)
{
  enum { ALIKE = 50 };
  double x[ALIKE], t_x[ALIKE], T[ALIKE];
  for (size_t i = 0; i < ALIKE; i++) {
    x[i] = 10;
    t_x[i] = 50;
    T[i] = 52;
  }
  for (int model = 0; model < 2; model++) {
    struct hs_buyers buyers;
    struct hs_buyers_fit fit;
    assert_int_equal(hs_buyers_group(&arena, x, t_x, T, ALIKE, &buyers, NULL), HS_OK);
    assert_int_equal(buyers.group_count, 1);
    assert_int_equal(hs_buyers_fit(&buyers, NULL, model ? HS_BUYERS_PARETO : HS_BUYERS_BGNBD, NULL,
                                   take_room(&buyers), &fit, NULL),
                     HS_OK);
    assert_true(fit.is_fenced[0] || fit.is_fenced[1]);
    assert_close(hs_buyers_expected(&fit.parameters, 52), 10.0, 0.02);
  }
}

/* A unit of time is a matter of taste: from weeks to days, α and β are seven times as large and
   nothing else moves but the likelihood's constant, Σx·ln 7. */
static void days_and_weeks_tell_the_same([[maybe_unused]] void **state)
{
  enum { LIVES = 1000 };
  double *x = hs_arena_alloc(&arena, 5 * LIVES, sizeof *x), *t_x = x + LIVES, *T = t_x + LIVES;
  double *days_x = T + LIVES, *days_T = days_x + LIVES, total = 0;
  for (uint64_t i = 0; i < LIVES; i++) {
    struct hs_random rng = hs_random_open(13, i);
    const double p[] = {.8, 6, .6, 2};
    struct life life = live(&rng, p, 30, 0);
    x[i] = life.x;
    t_x[i] = life.t_x;
    T[i] = 30;
    days_x[i] = 7 * t_x[i];
    days_T[i] = 210;
    total += x[i];
  }
  for (int model = 0; model < 2; model++) {
    struct hs_buyers weeks, days;
    struct hs_buyers_fit by_week, by_day;
    assert_int_equal(hs_buyers_group(&arena, x, t_x, T, LIVES, &weeks, NULL), HS_OK);
    assert_int_equal(hs_buyers_group(&arena, x, days_x, days_T, LIVES, &days, NULL), HS_OK);
    enum hs_buyers_model which = model ? HS_BUYERS_PARETO : HS_BUYERS_BGNBD;
    assert_int_equal(hs_buyers_fit(&weeks, NULL, which, NULL, take_room(&weeks), &by_week, NULL),
                     HS_OK);
    assert_int_equal(hs_buyers_fit(&days, NULL, which, NULL, take_room(&days), &by_day, NULL),
                     HS_OK);
    assert_close(by_day.parameters.value[0], by_week.parameters.value[0], 1e-4);
    assert_close(by_day.parameters.value[1], 7 * by_week.parameters.value[1], 1e-4);
    assert_near(by_day.log_likelihood, by_week.log_likelihood - total * log(7.0), 1e-5);
    assert_close(hs_buyers_expected(&by_day.parameters, 364),
                 hs_buyers_expected(&by_week.parameters, 52), 1e-5);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(equal_customers_are_one_group),
      cmocka_unit_test(figures_that_no_customer_has_are_refused),
      cmocka_unit_test(likelihoods_are_the_published_ones),
      cmocka_unit_test(gradients_are_those_of_the_values),
      cmocka_unit_test(nothing_is_ever_nan),
      cmocka_unit_test(expectations_are_the_published_ones),
      cmocka_unit_test(expectations_pass_through_singular_parameters),
      cmocka_unit_test(who_never_stops_buys_at_the_mean_rate),
      cmocka_unit_test(who_buys_without_end_has_no_expectation),
      cmocka_unit_test(what_is_expected_next_is_what_comes),
      cmocka_unit_test(parameters_are_found_within_their_errors),
      cmocka_unit_test(without_a_second_purchase_there_is_no_model),
      cmocka_unit_test(customers_who_are_all_alike_have_a_fit),
      cmocka_unit_test(days_and_weeks_tell_the_same),
  };
  return cmocka_run_group_tests(tests, take_arena, release_arena);
}
