/* Proves the overlap: by counting pairs on small cases, by its ends, by how often its interval
   holds a known truth, and the verdict by its whole table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "measure/fit/fit.h"
#include "stats/random.h"

#define VALUES 12

static void near(double value, double expected, double tolerance)
{
  if (!(fabs(value - expected) <= tolerance))
    fail_msg("%.10g is not %.10g ± %g", value, expected, tolerance);
}

/* A, B and C are shares of pairs of people that want the same: here all pairs are counted. */
static double index_by_pairs(const double *ours, const double *theirs)
{
  int people[2][400], count[2] = {0};
  double same[3] = {0}, pairs[3] = {0};
  for (int i = 0; i < VALUES; i++) {
    for (int k = 0; k < (int)ours[i]; k++)
      people[0][count[0]++] = i;
    for (int k = 0; k < (int)theirs[i]; k++)
      people[1][count[1]++] = i;
  }
  for (int side = 0; side < 2; side++)
    for (int i = 0; i < count[side]; i++)
      for (int j = 0; j < count[side]; j++)
        if (i != j) {
          pairs[1 + side]++;
          same[1 + side] += people[side][i] == people[side][j];
        }
  for (int i = 0; i < count[0]; i++)
    for (int j = 0; j < count[1]; j++) {
      pairs[0]++;
      same[0] += people[0][i] == people[1][j];
    }
  return 2 * (same[0] / pairs[0]) / (same[1] / pairs[1] + same[2] / pairs[2]);
}

static void the_overlap_is_that_of_all_pairs([[maybe_unused]] void **state)
{
  struct hs_random rng = hs_random_open(1, 0);
  for (int round = 0; round < 50; round++) {
    double ours[VALUES], theirs[VALUES];
    for (int i = 0; i < VALUES; i++) {
      ours[i] = (double)hs_random_below(&rng, 25);
      theirs[i] = (double)hs_random_below(&rng, 1 + 25 * (uint32_t)(i % 3));
    }
    struct hs_fit_overlap overlap = hs_fit_compare(&(struct hs_fit_counts){VALUES, ours, theirs});
    near(overlap.overlap, fmin(1, index_by_pairs(ours, theirs)), 1e-12);
    assert_true(overlap.low <= overlap.overlap && overlap.overlap <= overlap.high);
  }
}

static void the_ends_are_the_ends([[maybe_unused]] void **state)
{
  double ours[4] = {500, 300, 200, 0}, none[4] = {0, 0, 0, 900};
  struct hs_fit_overlap same = hs_fit_compare(&(struct hs_fit_counts){4, ours, ours});
  struct hs_fit_overlap apart = hs_fit_compare(&(struct hs_fit_counts){4, ours, none});
  assert_int_equal(same.likeness, HS_FIT_ALIKE);
  assert_true(same.overlap > .99 && same.high >= 1 && same.sd > 0);
  assert_int_equal(apart.likeness, HS_FIT_DIFFERENT);
  near(apart.overlap, 0, 0);
  /* The sides may be exchanged. */
  double others[4] = {100, 300, 10, 70};
  struct hs_fit_overlap one = hs_fit_compare(&(struct hs_fit_counts){4, ours, others});
  struct hs_fit_overlap other = hs_fit_compare(&(struct hs_fit_counts){4, others, ours});
  near(one.overlap, other.overlap, 1e-15);
  near(one.sd, other.sd, 1e-15);
}

static void too_little_is_said([[maybe_unused]] void **state)
{
  double many[3] = {50, 50, 50}, few[3] = {10, 10, 9}, nobody[3] = {0, 0, 0};
  double alone[60], pairs[60];
  for (int i = 0; i < 60; i++) {
    alone[i] = 1;
    pairs[i] = 2;
  }
  const struct {
    struct hs_fit_counts counts;
    enum hs_fit_gap gap;
  } CASES[] = {{{3, many, nobody}, HS_FIT_ONE_SIDE},
               {{3, nobody, many}, HS_FIT_ONE_SIDE},
               {{3, many, few}, HS_FIT_TOO_FEW},
               {{60, alone, pairs}, HS_FIT_NO_REPEATS}};
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    struct hs_fit_overlap overlap = hs_fit_compare(&CASES[i].counts);
    assert_int_equal(overlap.likeness, HS_FIT_CANNOT_TELL);
    assert_int_equal(overlap.gap, CASES[i].gap);
    assert_true(isnan(overlap.overlap) && isnan(overlap.low));
  }
}

/* What is uncertain says how many people would decide; with so many it is decided. */
static void what_would_decide_decides([[maybe_unused]] void **state)
{
  double ours[4] = {20, 12, 6, 2}, theirs[4] = {2, 8, 14, 16};
  struct hs_fit_overlap overlap = hs_fit_compare(&(struct hs_fit_counts){4, ours, theirs});
  assert_int_equal(overlap.gap, HS_FIT_UNCERTAIN);
  double times = overlap.needed / 40 * 2;
  assert_true(times > 1);
  for (int i = 0; i < 4; i++) {
    ours[i] = round(ours[i] * times);
    theirs[i] = round(theirs[i] * times);
  }
  assert_int_not_equal(hs_fit_compare(&(struct hs_fit_counts){4, ours, theirs}).likeness,
                       HS_FIT_CANNOT_TELL);
}

/* ---- how often the interval holds the truth ---- */

static void draw_counts(struct hs_random *rng, const double *shares, int people, double *counts)
{
  memset(counts, 0, VALUES * sizeof *counts);
  for (int n = 0; n < people; n++) {
    double u = hs_random_uniform(rng);
    int i = 0;
    for (; i + 1 < VALUES && u >= shares[i]; i++)
      u -= shares[i];
    counts[i]++;
  }
}

static double coverage(uint64_t seed, const double *p, const double *q, int ours_n, int theirs_n)
{
  enum { WORLDS = 2000 };
  struct hs_random rng = hs_random_open(seed, 0);
  double a = 0, b = 0, c = 0;
  int held = 0;
  for (int i = 0; i < VALUES; i++) {
    a += p[i] * q[i];
    b += p[i] * p[i];
    c += q[i] * q[i];
  }
  for (int world = 0; world < WORLDS; world++) {
    double ours[VALUES], theirs[VALUES];
    draw_counts(&rng, p, ours_n, ours);
    draw_counts(&rng, q, theirs_n, theirs);
    struct hs_fit_overlap overlap = hs_fit_compare(&(struct hs_fit_counts){VALUES, ours, theirs});
    held += overlap.low <= 2 * a / (b + c) + 1e-12 && 2 * a / (b + c) <= overlap.high + 1e-12;
  }
  return (double)held / WORLDS;
}

/* Of 2,000 worlds at 95 %, 1,900 ± 10: intervals may be a little short where samples are as small
   as they may be, and are long where both sides are the same. */
static void intervals_hold_the_truth([[maybe_unused]] void **state)
{
  double falling[VALUES], flat[VALUES], shifted[VALUES];
  double sum = 0;
  for (int i = 0; i < VALUES; i++)
    sum += 1.0 / (i + 1);
  for (int i = 0; i < VALUES; i++) {
    falling[i] = 1 / ((i + 1) * sum);
    flat[i] = 1.0 / VALUES;
  }
  for (int i = 0; i < VALUES; i++)
    shifted[i] = falling[(size_t)(i + VALUES - 2) % VALUES];
  const struct {
    const double *p, *q;
    int ours, theirs;
  } CASES[] = {
      {falling, falling, 100, 100},  {falling, falling, 2000, 60}, {falling, shifted, 60, 60},
      {falling, shifted, 1000, 300}, {falling, flat, 100, 100},    {falling, flat, 3000, 100},
      {flat, flat, 300, 300},        {falling, falling, 30, 30},   {falling, flat, 30, 30},
      {falling, shifted, 30, 30},    {flat, flat, 30, 30},         {falling, shifted, 30, 100000}};
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    double held = coverage(i + 1, CASES[i].p, CASES[i].q, CASES[i].ours, CASES[i].theirs);
    assert_true(held > .92);
  }
}

/* ---- verdicts ---- */

static void dimensions_err_together([[maybe_unused]] void **state)
{
  struct hs_fit_overlap two[3] = {{.overlap = .9, .sd = .05, .ours = 100, .theirs = 200},
                                  {.overlap = .5, .sd = .15, .ours = 300, .theirs = 90},
                                  {.overlap = (double)NAN, .gap = HS_FIT_TOO_FEW}};
  struct hs_fit_overlap all = hs_fit_together(two, 3);
  near(all.overlap, .7, 1e-15);
  near(all.sd, .1, 1e-15);
  near(all.ours, 100, 0);
  near(all.theirs, 90, 0);
  assert_int_equal(all.gap, HS_FIT_UNCERTAIN);
  assert_int_equal(hs_fit_together(two + 2, 1).gap, HS_FIT_TOO_FEW);
  assert_int_equal(hs_fit_together(two, 0).gap, HS_FIT_ONE_SIDE);
}

static void every_pair_has_its_verdict([[maybe_unused]] void **state)
{
  static const struct {
    enum hs_fit_likeness intent, demographics;
    enum hs_fit_verdict verdict;
  } TABLE[] = {
      {HS_FIT_ALIKE, HS_FIT_ALIKE, HS_FIT_SAME},
      {HS_FIT_ALIKE, HS_FIT_DIFFERENT, HS_FIT_HIDDEN},
      {HS_FIT_ALIKE, HS_FIT_CANNOT_TELL, HS_FIT_SAME_INTENT},
      {HS_FIT_DIFFERENT, HS_FIT_ALIKE, HS_FIT_TRAP},
      {HS_FIT_DIFFERENT, HS_FIT_DIFFERENT, HS_FIT_NEITHER},
      {HS_FIT_DIFFERENT, HS_FIT_CANNOT_TELL, HS_FIT_DIFFERENT_INTENT},
      {HS_FIT_CANNOT_TELL, HS_FIT_ALIKE, HS_FIT_UNDECIDED},
      {HS_FIT_CANNOT_TELL, HS_FIT_DIFFERENT, HS_FIT_UNDECIDED},
      {HS_FIT_CANNOT_TELL, HS_FIT_CANNOT_TELL, HS_FIT_UNDECIDED},
  };
  for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++)
    assert_int_equal(hs_fit_judge(TABLE[i].intent, TABLE[i].demographics), TABLE[i].verdict);
  assert_string_equal(hs_fit_verdict_name(HS_FIT_TRAP), "similar_audience_different_intent");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_overlap_is_that_of_all_pairs),
      cmocka_unit_test(the_ends_are_the_ends),
      cmocka_unit_test(too_little_is_said),
      cmocka_unit_test(what_would_decide_decides),
      cmocka_unit_test(intervals_hold_the_truth),
      cmocka_unit_test(dimensions_err_together),
      cmocka_unit_test(every_pair_has_its_verdict),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
