/* Proves the lines: closed forms of the single comparisons, how often they err on worlds in which
   nothing or something moved, that every gap has its reason, and that ranks tell apart who is met
   first from who clicks last. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "measure/influence/lines.h"
#include "stats/distribution.h"
#include "stats/random.h"

#define WEEKS 13

static struct hs_arena arena;

static int set_up([[maybe_unused]] void **state)
{
  return hs_arena_init(&arena, 256 * HS_MIB, NULL) == HS_OK ? 0 : -1;
}

static int tear_down([[maybe_unused]] void **state)
{
  hs_arena_release(&arena);
  return 0;
}

static void near(double value, double expected, double tolerance)
{
  if (!(fabs(value - expected) <= tolerance))
    fail_msg("%.10g is not %.10g ± %g", value, expected, tolerance);
}

/* ---- closed forms ---- */

/* Weeks that lie exactly on their share have no residuals: the variance is the binomial one. */
static void even_weeks_have_the_binomial_spread([[maybe_unused]] void **state)
{
  double hits_before[4] = {10, 10, 10, 10}, hits_after[4] = {20, 20, 20, 20};
  double all[4] = {100, 100, 100, 100};
  struct hs_lines_ratio ratio = hs_lines_compare_weeks(hits_before, all, hits_after, all, 4);
  double before = 40.5 / 401, after = 80.5 / 401;
  near(ratio.ratio, after / before, 1e-12);
  near(ratio.dispersion, 1, 0);
  near(ratio.sd, sqrt((1 - before) / (401 * before) + (1 - after) / (401 * after)), 1e-12);
  near(ratio.df, 6, 0);
}

/* (hits − 10)²/9 is 4²/9 in every week; two means were taken out of eight weeks. The signs take
   turns, so no week resembles the one before. */
static void uneven_weeks_widen_the_spread([[maybe_unused]] void **state)
{
  double hits[4] = {14, 6, 14, 6};
  double all[4] = {100, 100, 100, 100};
  struct hs_lines_ratio ratio = hs_lines_compare_weeks(hits, all, hits, all, 4);
  near(ratio.ratio, 1, 1e-12);
  double phi = 8 * 16.0 / 9 / 6;
  near(ratio.dispersion, phi, 1e-9);
  double runs[4] = {14, 14, 6, 6};
  assert_true(hs_lines_compare_weeks(runs, all, runs, all, 4).dispersion > phi);
}

static void wilsons_interval_is_wilsons([[maybe_unused]] void **state)
{
  double low = 0, high = 0;
  hs_lines_share_interval(10, 100, 1, &low, &high); /* 0.0552, 0.1744 in Newcombe (1998) */
  near(low, .05523, 1e-4);
  near(high, .17437, 1e-4);
  hs_lines_share_interval(0, 10, 1, &low, &high);
  near(low, 0, 0);
  near(high, .27753, 1e-4);
  hs_lines_share_interval(0, 0, 1, &low, &high);
  assert_true(isnan(low) && isnan(high));
}

/* searches = 50·(1 + activity)^.5 exactly: twice the activity is 2^.5 times the searches. */
static void searches_that_follow_activity_are_found_exactly([[maybe_unused]] void **state)
{
  double activity[40], searches[40], control[40], room[160];
  struct hs_lines_ratio ratio;
  struct hs_random rng = hs_random_open(5, 0);
  for (int i = 0; i < 40; i++) {
    activity[i] = 50 + 400 * hs_random_uniform(&rng);
    control[i] = 1e6 * (1 + hs_random_uniform(&rng));
    searches[i] = 1e3 * sqrt(1 + activity[i]) * (control[i] + .5) - .5;
  }
  /* Exact but for rounding: the spread is that of the last bits. */
  if (hs_lines_compare_searches(searches, control, activity, 40, room, &ratio))
    near(ratio.ratio, sqrt(2), 1e-9);
  for (int i = 0; i < 40; i++)
    searches[i] *= exp(.01 * hs_random_normal(&rng));
  assert_true(hs_lines_compare_searches(searches, control, activity, 40, room, &ratio));
  near(ratio.ratio, sqrt(2), .03);
  for (int i = 0; i < 40; i++)
    activity[i] = 7;
  assert_false(hs_lines_compare_searches(searches, control, activity, 40, room, &ratio));
}

/* ---- how often they err ---- */

struct world {
  double hits_before[WEEKS], hits_after[WEEKS], all_before[WEEKS], all_after[WEEKS];
};

/* Shares wander around their mean with that standard deviation of log odds; a week keeps so much of
   where the one before had wandered to. */
static void draw_world(struct hs_random *rng, double ratio, double wander, double keep,
                       struct world *world)
{
  double away = hs_random_normal(rng);
  for (int i = 0; i < 2 * WEEKS; i++) {
    double share = i < WEEKS ? .08 : .08 * ratio;
    away = keep * away + sqrt(1 - keep * keep) * hs_random_normal(rng);
    double odds = share / (1 - share) * exp(wander * away);
    double all = 60 + (double)hs_random_poisson(rng, 60);
    double hits = (double)hs_random_binomial(rng, (uint64_t)all, odds / (1 + odds));
    (i < WEEKS ? world->hits_before : world->hits_after)[i % WEEKS] = hits;
    (i < WEEKS ? world->all_before : world->all_after)[i % WEEKS] = all;
  }
}

/* The share of worlds in which the 95 % interval of the ratio leaves out 1. */
static double called(uint64_t seed, double ratio, double wander, double keep, int worlds)
{
  struct hs_random rng = hs_random_open(seed, 0);
  int count = 0;
  for (int i = 0; i < worlds; i++) {
    struct world world;
    draw_world(&rng, ratio, wander, keep, &world);
    struct hs_lines_ratio got = hs_lines_compare_weeks(world.hits_before, world.all_before,
                                                       world.hits_after, world.all_after, WEEKS);
    count += fabs(log(got.ratio)) > hs_t_quantile(.975, got.df) * got.sd;
  }
  return (double)count / worlds;
}

/* Of 4,000 worlds in which nothing moved, 5 % is 200 ± 14: six of those up is the limit. */
static void nothing_is_called_up_or_down_in_five_of_a_hundred([[maybe_unused]] void **state)
{
  assert_true(called(1, 1, 0, 0, 4000) < .05 + 6 * .0035);
  assert_true(called(2, 1, .5, 0, 4000) < .05 + 6 * .0035);
  /* Thirteen weeks can hardly tell a wander that lasts from a change; without ρ it would be 1 in 4.
   */
  assert_true(called(2, 1, .5, .5, 4000) < .12);
  assert_true(called(3, 1.6, 0, 0, 500) > .9);
}

/* ---- all lines ---- */

#define PARTNERS 4
#define ALL_WEEKS 26

/* Partner 0 doubles, 1 stays, 2 halves, 3 has next to nothing. */
struct table {
  double hits[PARTNERS * ALL_WEEKS], all[ALL_WEEKS], activity[PARTNERS * ALL_WEEKS];
  double tracked[PARTNERS * ALL_WEEKS];
  uint64_t counts[PARTNERS], brought[PARTNERS], returned[PARTNERS], tracked_orders[PARTNERS];
  struct hs_lines_line lines[PARTNERS * HS_LINES_KIND_COUNT];
};

static struct hs_lines_input input_of(struct table *table)
{
  static const double BEFORE[PARTNERS] = {60, 80, 80, 0}, AFTER[PARTNERS] = {120, 80, 40, 1};
  for (int i = 0; i < PARTNERS * ALL_WEEKS; i++) {
    int week = i % ALL_WEEKS, partner = i / ALL_WEEKS;
    table->hits[i] = week < WEEKS ? BEFORE[partner] : AFTER[partner];
    table->all[week] = 1000;
    table->counts[partner] += (uint64_t)table->hits[i];
    table->activity[i] = 100;
    table->tracked[i] = 100;
    table->tracked_orders[partner] += 10;
    table->brought[partner] = partner == 3 ? 5 : 400;
    table->returned[partner] = partner == 0 ? 160 : partner == 3 ? 1 : 80;
  }
  struct hs_lines_input input = {.partner_count = PARTNERS,
                                 .week_count = ALL_WEEKS,
                                 .window_weeks = WEEKS,
                                 .activity = table->activity,
                                 .brought = table->brought,
                                 .returned = table->returned,
                                 .all_brought = 2000,
                                 .all_returned = 400,
                                 .tracked = table->tracked,
                                 .tracked_orders = table->tracked_orders,
                                 .seed = 1};
  for (int k = 0; k < HS_LINES_COUNTED; k++) {
    input.hits[k] = table->hits;
    input.all[k] = table->all;
    input.counts[k] = table->counts;
    input.of[k] = 26000;
  }
  return input;
}

static void lines_go_up_stay_and_go_down([[maybe_unused]] void **state)
{
  struct table table = {0};
  struct hs_lines_input input = input_of(&table);
  static const enum hs_lines_verdict EXPECTED[PARTNERS] = {HS_LINES_UP, HS_LINES_FLAT,
                                                           HS_LINES_DOWN, HS_LINES_CANNOT_TELL};
  assert_int_equal(hs_lines_fill(&arena, &input, table.lines, NULL), HS_OK);
  for (int partner = 0; partner < PARTNERS; partner++) {
    const struct hs_lines_line *line =
        &table.lines[partner * HS_LINES_KIND_COUNT + HS_LINES_FIRST_MET];
    assert_int_equal(line->verdict, EXPECTED[partner]);
    assert_int_equal(line->gap, partner == 3 ? HS_LINES_TOO_FEW : HS_LINES_NO_GAP);
    assert_true(line->low <= line->share && line->share <= line->high);
    if (partner < 3)
      assert_true(line->ratio_low < line->ratio && line->ratio < line->ratio_high);
  }
  /* 160 of 400 came back against 240 of 1,600 others; 80 of 400 against 320 of 1,600. */
  assert_int_equal(table.lines[HS_LINES_REPEAT_RATE].verdict, HS_LINES_UP);
  assert_int_equal(table.lines[HS_LINES_KIND_COUNT + HS_LINES_REPEAT_RATE].verdict, HS_LINES_FLAT);
  assert_int_equal(table.lines[3 * HS_LINES_KIND_COUNT + HS_LINES_REPEAT_RATE].gap,
                   HS_LINES_TOO_FEW);
}

/* A line is never blank: where it cannot tell, it has a reason. */
static void every_gap_has_its_reason([[maybe_unused]] void **state)
{
  struct table table = {0};
  struct hs_lines_input input = input_of(&table);
  double searches[ALL_WEEKS];
  for (int i = 0; i < ALL_WEEKS; i++)
    searches[i] = 100 + i % 3;
  input.of[HS_LINES_SELF_REPORTED] = 0;
  assert_int_equal(hs_lines_fill(&arena, &input, table.lines, NULL), HS_OK);
  assert_int_equal(table.lines[HS_LINES_SELF_REPORTED].gap, HS_LINES_NOTHING_RECORDED);
  assert_int_equal(table.lines[HS_LINES_BRAND_SEARCH].gap, HS_LINES_NOTHING_RECORDED);
  input.searches = searches;
  input.search_until = ALL_WEEKS;
  input.window_weeks = 3;
  assert_int_equal(hs_lines_fill(&arena, &input, table.lines, NULL), HS_OK);
  assert_int_equal(table.lines[HS_LINES_BRAND_SEARCH].gap, HS_LINES_NO_VARIATION);
  assert_int_equal(table.lines[HS_LINES_FIRST_MET].gap, HS_LINES_SHORT_RECORD);
  for (int i = 0; i < PARTNERS * HS_LINES_KIND_COUNT; i++)
    assert_true((table.lines[i].gap != HS_LINES_NO_GAP) ==
                (table.lines[i].verdict == HS_LINES_CANNOT_TELL));
}

/* Among many partners of which none moved, one that looks so by chance is not called. */
static void one_of_many_is_not_called([[maybe_unused]] void **state)
{
  enum { MANY = 200 };
  struct hs_random rng = hs_random_open(12, 0);
  double *hits = hs_arena_alloc(&arena, MANY * ALL_WEEKS, sizeof *hits);
  uint64_t *counts = hs_arena_alloc(&arena, MANY, sizeof *counts);
  struct hs_lines_line *lines = hs_arena_alloc(&arena, MANY * HS_LINES_KIND_COUNT, sizeof *lines);
  double all[ALL_WEEKS];
  for (int i = 0; i < MANY * ALL_WEEKS; i++) {
    all[i % ALL_WEEKS] = 120;
    hits[i] = (double)hs_random_binomial(&rng, 120, .05);
    counts[i / ALL_WEEKS] += (uint64_t)hits[i];
  }
  struct hs_lines_input input = {.partner_count = MANY,
                                 .week_count = ALL_WEEKS,
                                 .window_weeks = WEEKS,
                                 .activity = hits,
                                 .brought = counts,
                                 .returned = counts};
  for (int k = 0; k < HS_LINES_COUNTED; k++) {
    input.hits[k] = hits;
    input.all[k] = all;
    input.counts[k] = counts;
    input.of[k] = 120 * ALL_WEEKS;
  }
  assert_int_equal(hs_lines_fill(&arena, &input, lines, NULL), HS_OK);
  int alone = 0, called_all = 0;
  for (int i = 0; i < MANY; i++) {
    const struct hs_lines_line *line = &lines[i * HS_LINES_KIND_COUNT];
    alone += line->p <= .05;
    called_all += line->verdict == HS_LINES_UP || line->verdict == HS_LINES_DOWN;
    if (line->gap == HS_LINES_BY_CHANCE)
      assert_true(line->p <= .05 && line->p_adjusted > .10);
  }
  assert_true(alone > 0); /* about ten of 200 by themselves */
  assert_true(called_all <= 1);
  hs_arena_reset(&arena, 0);
}

/* ---- ranks ---- */

/* Eight partners share the lines alike but for 0, who is met first and never last, and 7, who only
   clicks last. */
static void who_is_met_first_is_found_and_who_clicks_last_is_not([[maybe_unused]] void **state)
{
  enum { MANY = 8 };
  static const double MET[MANY] = {90, 30, 35, 40, 45, 50, 55, 1};
  static const double LAST[MANY] = {5, 35, 40, 45, 50, 55, 60, 300};
  struct hs_random rng = hs_random_open(3, 0);
  double hits[MANY * ALL_WEEKS], tracked[MANY * ALL_WEEKS];
  uint64_t counts[MANY] = {0}, orders[MANY] = {0};
  struct hs_lines_place ranks[MANY];
  for (int i = 0; i < MANY * ALL_WEEKS; i++) {
    hits[i] = (double)hs_random_poisson(&rng, MET[i / ALL_WEEKS]);
    tracked[i] = (double)hs_random_poisson(&rng, LAST[i / ALL_WEEKS]);
    counts[i / ALL_WEEKS] += (uint64_t)hits[i];
    orders[i / ALL_WEEKS] += (uint64_t)tracked[i];
  }
  struct hs_lines_input input = {.partner_count = MANY,
                                 .week_count = ALL_WEEKS,
                                 .tracked = tracked,
                                 .tracked_orders = orders,
                                 .seed = 1};
  for (int k = 0; k < HS_LINES_COUNTED; k++) {
    input.hits[k] = hits;
    input.counts[k] = counts;
  }
  assert_int_equal(hs_lines_rank(&arena, &input, ranks, NULL), HS_OK);
  assert_int_equal(ranks[0].line_rank, 1);
  assert_int_equal(ranks[0].tracked_rank, MANY);
  assert_int_equal(ranks[0].gap, MANY - 1);
  assert_true(ranks[0].gap_low <= ranks[0].gap && ranks[0].gap <= ranks[0].gap_high);
  for (int i = 0; i < MANY; i++)
    assert_int_equal(ranks[i].is_undervalued, i == 0);
  assert_int_equal(ranks[7].line_rank, MANY);
  assert_true(ranks[7].gap < 0);
  /* The same seed, the same figures; too few weeks, no rank. */
  struct hs_lines_place again[MANY];
  assert_int_equal(hs_lines_rank(&arena, &input, again, NULL), HS_OK);
  assert_memory_equal(ranks, again, sizeof ranks);
  input.rank_from = ALL_WEEKS - 3;
  assert_int_equal(hs_lines_rank(&arena, &input, again, NULL), HS_OK);
  assert_int_equal(again[0].is_ranked, 0);
}

static void too_little_memory_is_said([[maybe_unused]] void **state)
{
  struct table table = {0};
  struct hs_lines_place ranks[PARTNERS];
  struct hs_lines_input input = input_of(&table);
  size_t capacity = 1;
  for (enum hs_status status = HS_NOMEM; status != HS_OK; capacity *= 2) {
    struct hs_arena small = {0};
    assert_int_equal(hs_arena_init(&small, capacity, NULL), HS_OK);
    status = hs_lines_fill(&small, &input, table.lines, NULL);
    if (status == HS_OK)
      status = hs_lines_rank(&small, &input, ranks, NULL);
    assert_true(status == HS_OK || status == HS_NOMEM);
    hs_arena_release(&small);
    assert_true(capacity < 64 * HS_MIB);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(even_weeks_have_the_binomial_spread),
      cmocka_unit_test(uneven_weeks_widen_the_spread),
      cmocka_unit_test(wilsons_interval_is_wilsons),
      cmocka_unit_test(searches_that_follow_activity_are_found_exactly),
      cmocka_unit_test(nothing_is_called_up_or_down_in_five_of_a_hundred),
      cmocka_unit_test(lines_go_up_stay_and_go_down),
      cmocka_unit_test(every_gap_has_its_reason),
      cmocka_unit_test(one_of_many_is_not_called),
      cmocka_unit_test(who_is_met_first_is_found_and_who_clicks_last_is_not),
      cmocka_unit_test(too_little_memory_is_said),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
