#include "calibration/line_worlds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "measure/fit/fit.h"
#include "measure/influence/lines.h"
#include "stats/random.h"

enum { WINDOW = 13, SHARE_WEEKS = 26, SEARCH_WEEKS = 52, VALUES = 12 };
/* Every row reads streams of its own. */
enum { ROW_STREAMS = 1 << 20, SEARCH_ROW = 100, OVERLAP_ROW = 200 };

const struct share_world SHARE_TABLE[SHARE_WORLDS] = {
    {"nothing moved", .08, 120, 1, 0, 0, 1},
    {"few cases", .02, 60, 1, 0, 0, 1},
    {"all cases grow threefold", .08, 120, 1, 0, 0, 3},
    {"the share wanders", .08, 120, 1, .5, 0, 1},
    {"the share wanders and keeps .5", .08, 120, 1, .5, .5, 1},
    {"the share wanders and keeps .8", .08, 120, 1, .5, .8, 1},
    {"1.25 times", .08, 120, 1.25, 0, 0, 1},
    {"1.5 times", .08, 120, 1.5, 0, 0, 1},
    {"half", .08, 120, .5, 0, 0, 1},
    {"1.5 times, a wandering share", .08, 120, 1.5, .5, 0, 1},
};

const struct search_world SEARCH_TABLE[SEARCH_WORLDS] = {
    {"independent weeks", SEARCH_WHITE, ACTIVITY_FREE, 1, 0, 0},
    {"searches keep .8", SEARCH_AR, ACTIVITY_FREE, 1, 0, 0},
    {"searches walk", SEARCH_WALK, ACTIVITY_FREE, 1, 0, 0},
    {"searches walk, activity keeps .9", SEARCH_WALK, ACTIVITY_SMOOTH, 1, 0, 0},
    {"both grow", SEARCH_AR, ACTIVITY_TREND, 1, 0, 0},
    {"one season in both, a control", SEARCH_AR, ACTIVITY_SEASON, 1, 1, 1},
    {"one season in both, no control", SEARCH_AR, ACTIVITY_SEASON, 1, 1, 0},
    {"twice the activity, 1.05 times", SEARCH_AR, ACTIVITY_FREE, 1.05, 0, 0},
    {"twice the activity, 1.15 times", SEARCH_AR, ACTIVITY_FREE, 1.15, 0, 0},
};

const struct overlap_world OVERLAP_TABLE[OVERLAP_WORLDS] = {
    {"the same", 100, 100, 0, 0},         {"the same, few of theirs", 2000, 60, 0, 0},
    {"moved by one", 300, 300, 1, 0},     {"moved by two, few", 60, 60, 2, 0},
    {"moved by two", 1000, 300, 2, 0},    {"theirs are flat, few", 100, 100, 0, 1},
    {"theirs are flat", 3000, 100, 0, 1},
};

static struct hs_arena arena;

/* The verdict over one partner, with everything but the line in question empty. */
static void count_verdict(const struct hs_lines_input *input, enum hs_lines_kind kind,
                          struct line_tally *tally)
{
  struct hs_lines_line lines[HS_LINES_KIND_COUNT];
  if (hs_lines_fill(&arena, input, lines, NULL) != HS_OK)
    abort();
  tally->worlds++;
  tally->up += lines[kind].verdict == HS_LINES_UP;
  tally->flat += lines[kind].verdict == HS_LINES_FLAT;
  tally->down += lines[kind].verdict == HS_LINES_DOWN;
  tally->untold += lines[kind].verdict == HS_LINES_CANNOT_TELL;
}

static void open_arena(void)
{
  if (arena.base == NULL && hs_arena_init(&arena, 64 * HS_MIB, NULL) != HS_OK)
    abort();
}

static struct hs_lines_input one_partner(size_t weeks, double *hits, double *all, uint64_t *count,
                                         double *activity)
{
  struct hs_lines_input input = {.partner_count = 1,
                                 .week_count = weeks,
                                 .window_weeks = WINDOW,
                                 .activity = activity,
                                 .brought = count,
                                 .returned = count};
  for (int k = 0; k < HS_LINES_COUNTED; k++) {
    input.hits[k] = hits;
    input.all[k] = all;
    input.counts[k] = count;
  }
  return input;
}

/* ---- shares ---- */

static void draw_shares(struct hs_random *rng, const struct share_world *world, double *hits,
                        double *all)
{
  double away = hs_random_normal(rng);
  for (int week = 0; week < SHARE_WEEKS; week++) {
    double share = world->share * (week < WINDOW ? 1 : world->ratio);
    double cases = world->cases * pow(world->growth, (double)week / SHARE_WEEKS);
    away = world->keep * away + sqrt(1 - world->keep * world->keep) * hs_random_normal(rng);
    double odds = share / (1 - share) * exp(world->wander * away);
    all[week] = (double)hs_random_poisson(rng, cases);
    hits[week] = (double)hs_random_binomial(rng, (uint64_t)all[week], odds / (1 + odds));
  }
}

struct line_tally share_trial(const struct share_world *world, uint64_t seed, size_t worlds)
{
  struct line_tally tally = {0};
  open_arena();
  for (size_t i = 0; i < worlds; i++) {
    double hits[SHARE_WEEKS], all[SHARE_WEEKS], activity[SHARE_WEEKS] = {0};
    uint64_t count = 1000;
    struct hs_random rng = hs_random_open(seed, (uint64_t)(world - SHARE_TABLE) * ROW_STREAMS + i);
    draw_shares(&rng, world, hits, all);
    struct hs_lines_input input = one_partner(SHARE_WEEKS, hits, all, &count, activity);
    input.of[HS_LINES_FIRST_MET] = 10000;
    count_verdict(&input, HS_LINES_FIRST_MET, &tally);
  }
  return tally;
}

/* ---- searches ---- */

struct year {
  double searches[SEARCH_WEEKS], control[SEARCH_WEEKS], activity[SEARCH_WEEKS];
};

static double season_of(int week) { return .4 * sin(2 * 3.14159265358979 * week / 26.0); }

static double next_noise(struct hs_random *rng, enum search_noise noise, double before)
{
  double step = hs_random_normal(rng);
  if (noise == SEARCH_WHITE)
    return .08 * step;
  return noise == SEARCH_AR ? .8 * before + .05 * step : before + .04 * step;
}

static double next_activity(struct hs_random *rng, enum search_activity activity, int week,
                            double before)
{
  double step = hs_random_normal(rng);
  if (activity == ACTIVITY_FREE)
    return .6 * step;
  if (activity == ACTIVITY_SMOOTH)
    return .9 * before + .25 * step;
  return (activity == ACTIVITY_TREND ? .03 * week : 2 * season_of(week)) + .3 * step;
}

static void draw_year(struct hs_random *rng, const struct search_world *world, struct year *year)
{
  double noise = 0, activity = 0;
  for (int week = 0; week < SEARCH_WEEKS; week++) {
    noise = next_noise(rng, world->noise, noise);
    activity = next_activity(rng, world->activity, week, activity);
    double season = world->has_season ? season_of(week) : 0;
    double trend = world->activity == ACTIVITY_TREND ? .01 * week : 0;
    double more = log(world->factor) / log(2) * activity;
    year->activity[week] = round(2000 * exp(activity));
    year->searches[week] =
        (double)hs_random_poisson(rng, 1500 * exp(noise + season + trend + more));
    year->control[week] =
        (double)hs_random_poisson(rng, 9000 * exp(season + .02 * hs_random_normal(rng)));
  }
}

struct line_tally search_trial(const struct search_world *world, uint64_t seed, size_t worlds)
{
  struct line_tally tally = {0};
  open_arena();
  for (size_t i = 0; i < worlds; i++) {
    static double nothing[SEARCH_WEEKS];
    struct year year;
    uint64_t count = 0;
    struct hs_random rng =
        hs_random_open(seed, (SEARCH_ROW + (uint64_t)(world - SEARCH_TABLE)) * ROW_STREAMS + i);
    draw_year(&rng, world, &year);
    struct hs_lines_input input =
        one_partner(SEARCH_WEEKS, nothing, nothing, &count, year.activity);
    input.searches = year.searches;
    input.control = world->has_control ? year.control : NULL;
    input.search_until = SEARCH_WEEKS;
    count_verdict(&input, HS_LINES_BRAND_SEARCH, &tally);
  }
  return tally;
}

/* ---- overlaps ---- */

static void draw_people(struct hs_random *rng, const double *shares, int people, double *counts)
{
  memset(counts, 0, VALUES * sizeof *counts);
  for (int n = 0; n < people; n++) {
    double u = hs_random_uniform(rng);
    int value = 0;
    for (; value + 1 < VALUES && u >= shares[value]; value++)
      u -= shares[value];
    counts[value]++;
  }
}

static double make_shares(const struct overlap_world *world, double *ours, double *theirs)
{
  double sum = 0, a = 0, b = 0, c = 0;
  for (int i = 0; i < VALUES; i++)
    sum += 1.0 / (i + 1);
  for (int i = 0; i < VALUES; i++)
    ours[i] = 1 / ((i + 1) * sum);
  for (int i = 0; i < VALUES; i++) {
    theirs[i] = world->is_flat ? 1.0 / VALUES : ours[(i + VALUES - world->shift) % VALUES];
    a += ours[i] * theirs[i];
    b += ours[i] * ours[i];
    c += theirs[i] * theirs[i];
  }
  return 2 * a / (b + c);
}

struct overlap_tally overlap_trial(const struct overlap_world *world, uint64_t seed, size_t worlds)
{
  double p[VALUES], q[VALUES];
  struct overlap_tally tally = {.truth = make_shares(world, p, q)};
  for (size_t i = 0; i < worlds; i++) {
    double ours[VALUES], theirs[VALUES];
    struct hs_random rng =
        hs_random_open(seed, (OVERLAP_ROW + (uint64_t)(world - OVERLAP_TABLE)) * ROW_STREAMS + i);
    draw_people(&rng, p, world->ours, ours);
    draw_people(&rng, q, world->theirs, theirs);
    struct hs_fit_overlap overlap = hs_fit_compare(&(struct hs_fit_counts){VALUES, ours, theirs});
    tally.worlds++;
    tally.held += overlap.low <= tally.truth + 1e-12 && tally.truth <= overlap.high + 1e-12;
    tally.alike += overlap.likeness == HS_FIT_ALIKE;
    tally.different += overlap.likeness == HS_FIT_DIFFERENT;
    tally.width += overlap.high - overlap.low;
  }
  return tally;
}
