#include "calibration/honesty_trial.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "measure/influence/default.h"
#include "measure/influence/halo.h"
#include "measure/influence/holdout.h"
#include "stats/quantile.h"
#include "stats/random.h"

#define BEFORE 90
#define WINDOW 28
#define ROWS (BEFORE + WINDOW)
#define LINES 4
#define WORLD_BYTES (256 * HS_MIB)
#define LEVEL .95
#define HOLD_OUT_ORDERS 1537

const double HONESTY_RATIOS[HONESTY_RATIO_COUNT] = {0, .5, .9, 1, 1.1, 2};
const double HONESTY_TRACKED[HONESTY_TRACKED_COUNT] = {1, 4, 20};

/* Each T with each ratio. */
#define CASES (HONESTY_TRACKED_COUNT * HONESTY_RATIO_COUNT)

const struct honesty_residual HONESTY_RESIDUALS[] = {
    {"independent", 0, 0, 0, 0},    {"AR .5", .5, 0, 0, 0},        {"AR .8", .8, 0, 0, 0},
    {"random walk", 0, .6, 1.5, 0}, {"weekday cycle", 0, 0, 2, 1},
};
const size_t HONESTY_RESIDUAL_COUNT = sizeof HONESTY_RESIDUALS / sizeof *HONESTY_RESIDUALS;

const struct honesty_partner HONESTY_PARTNERS[] = {
    {"nothing moves", "all of what is tracked is new, and no other line moves", 20, {0}, {0}},
    {"interceptor", "all of what is tracked was direct or organic before", 20, {12, 8}, {0}},
    {"creator", "all of it is new, and more comes by brand search and direct", 10, {0}, {6, 0, 9}},
    {"both", "half was taken over, and brand search gains", 20, {0, 4, 6}, {8}},
    {"hidden", "a line loses and gains as much: bounds cannot see it", 20, {10}, {10}},
};
const size_t HONESTY_PARTNER_COUNT = sizeof HONESTY_PARTNERS / sizeof *HONESTY_PARTNERS;

/* Each worker has its own arena, and every world a place of its own in the results. */
struct crew {
  struct hs_arena arenas[HS_WORKER_COUNT_MAX];
  size_t worker_count;
};

static enum hs_status crew_begin(struct crew *crew, size_t threads, struct hs_err *err)
{
  enum hs_status status = HS_OK;
  memset(crew, 0, sizeof *crew);
  crew->worker_count = hs_worker_count(threads);
  for (size_t i = 0; status == HS_OK && i < crew->worker_count; i++)
    status = hs_arena_init(&crew->arenas[i], WORLD_BYTES, err);
  return status;
}

static void crew_end(struct crew *crew)
{
  for (size_t i = 0; i < HS_WORKER_COUNT_MAX; i++)
    hs_arena_release(&crew->arenas[i]);
}

/* ---- verdicts ---- */

enum answer { ANSWER_REFUSED, ANSWER_WRONG, ANSWER_RIGHT, ANSWER_UNDETERMINED };

static enum answer answer_of(enum hs_honesty_verdict verdict, double ratio, double band)
{
  /* What lies on the edge is inside; the slack is for .9 and 1.1 in binary. */
  int is_over = ratio < 1 - band - 1e-9;
  int is_under = ratio > 1 + band + 1e-9;
  switch (verdict) {
  case HS_HONESTY_OVER_ATTRIBUTED:
    return is_over ? ANSWER_RIGHT : ANSWER_WRONG;
  case HS_HONESTY_UNDER_ATTRIBUTED:
    return is_under ? ANSWER_RIGHT : ANSWER_WRONG;
  case HS_HONESTY_CONSISTENT:
    return is_over || is_under ? ANSWER_WRONG : ANSWER_RIGHT;
  case HS_HONESTY_UNDETERMINED:
    break;
  }
  return ANSWER_UNDETERMINED;
}

static void draw_residual(const struct honesty_residual *r, struct hs_random *rng, double *out)
{
  static const double WEEK[] = {2, 1, 0, 0, -1, -1, -1};
  double state = r->ar > 0 ? hs_random_normal(rng) / sqrt(1 - r->ar * r->ar) : 0;
  for (size_t row = 0; row < ROWS; row++) {
    double fresh = hs_random_normal(rng);
    if (r->step > 0) {
      state += r->step * fresh;
      out[row] = state + r->noise * hs_random_normal(rng);
    } else {
      state = r->ar * state + fresh;
      out[row] = state * (r->noise > 0 ? r->noise : 1) + (r->has_week ? WEEK[row % 7] : 0);
    }
  }
}

struct verdict_work {
  const struct honesty_residual *residual;
  uint64_t seed;
  struct crew *crew;
  unsigned char *answers; /* [world × CASES + tracked × HONESTY_RATIO_COUNT + ratio] */
};

/* The effect moves the posterior by itself, so one run answers for every T and ratio
   (unit.measure.influence.halo holds the methods to that). */
static enum answer ask(const struct hs_influence_result *result, double tracked_row, double ratio)
{
  const struct hs_honesty_options options = HS_HONESTY_DEFAULTS;
  struct hs_belief tracked = hs_belief_exact(tracked_row);
  for (size_t d = 0; d < result->effect_draw_count; d++)
    result->effect_draws[d] += ratio * tracked_row;
  struct hs_belief incremental =
      hs_belief_of_draws(result->effect_draws, result->effect_draw_count);
  struct hs_honesty h = hs_honesty_compare(&tracked, &incremental, &options);
  for (size_t d = 0; d < result->effect_draw_count; d++)
    result->effect_draws[d] -= ratio * tracked_row;
  return answer_of(h.verdict, ratio, options.band);
}

static enum hs_status verdict_world(void *context, size_t worker, size_t world, struct hs_err *err)
{
  struct verdict_work *w = context;
  struct hs_arena *arena = &w->crew->arenas[worker];
  struct hs_random rng = hs_random_open(w->seed, world);
  double outcome[ROWS], first[ROWS], second[ROWS];
  const double *controls[] = {first, second};
  struct hs_influence_result result;
  hs_arena_reset(arena, 0);
  draw_residual(w->residual, &rng, outcome);
  for (size_t row = 0; row < ROWS; row++) {
    first[row] = 10 + 2 * hs_random_normal(&rng);
    second[row] = 20 + 2 * hs_random_normal(&rng);
    outcome[row] += 100 + first[row] + .5 * second[row];
  }
  const struct hs_influence_input input = {.outcome = outcome,
                                           .count = ROWS,
                                           .controls = controls,
                                           .control_count = 2,
                                           .start = BEFORE,
                                           .end = ROWS,
                                           .level = LEVEL,
                                           .seed = w->seed + world,
                                           .draws = 2000,
                                           .threads = 1};
  enum hs_status status = hs_influence_default(arena, &input, &result, err);
  if (status != HS_OK || result.verdict == HS_INFLUENCE_REFUSED)
    return status;
  hs_sort(result.effect_draws, result.effect_draw_count);
  for (size_t i = 0; i < CASES; i++)
    w->answers[world * CASES + i] = (unsigned char)ask(
        &result, HONESTY_TRACKED[i / HONESTY_RATIO_COUNT], HONESTY_RATIOS[i % HONESTY_RATIO_COUNT]);
  return HS_OK;
}

static void count_verdicts(const unsigned char *answers, size_t worlds,
                           struct honesty_verdicts *out)
{
  for (size_t world = 0; world < worlds; world++) {
    const unsigned char *of = answers + world * CASES;
    out->refused += of[0] == ANSWER_REFUSED;
    out->worlds += of[0] != ANSWER_REFUSED;
    for (size_t i = 0; i < CASES; i++) {
      size_t t = i / HONESTY_RATIO_COUNT;
      size_t r = i % HONESTY_RATIO_COUNT;
      out->at[t][r].wrong += of[i] == ANSWER_WRONG;
      out->at[t][r].right += of[i] == ANSWER_RIGHT;
      out->at[t][r].undetermined += of[i] == ANSWER_UNDETERMINED;
    }
  }
}

enum hs_status honesty_verdict_trial(const struct honesty_residual *residual, uint64_t seed,
                                     size_t worlds, size_t threads, struct honesty_verdicts *out,
                                     struct hs_err *err)
{
  struct crew crew;
  struct hs_arena results = {0};
  memset(out, 0, sizeof *out);
  enum hs_status status = crew_begin(&crew, threads, err);
  if (status == HS_OK)
    status = hs_arena_init(&results, worlds * CASES + HS_KIB, err);
  struct verdict_work work = {residual, seed, &crew, NULL};
  if (status == HS_OK)
    work.answers = hs_arena_alloc(&results, worlds, CASES);
  if (status == HS_OK && work.answers == NULL)
    status = hs_arena_full(&results, "answers", err);
  if (status == HS_OK)
    status = hs_parallel_run(crew.worker_count, worlds, verdict_world, &work, err);
  if (status == HS_OK)
    count_verdicts(work.answers, worlds, out);
  crew_end(&crew);
  hs_arena_release(&results);
  return status;
}

/* ---- bounds ---- */

struct bounds_work {
  const struct honesty_partner *partner;
  uint64_t seed;
  struct crew *crew;
  struct honesty_bounds_tally *tallies; /* of each world */
};

static double sum(const double *values)
{
  double all = 0;
  for (size_t i = 0; i < LINES; i++)
    all += values[i];
  return all;
}

static double kappa_of(const struct honesty_partner *p) { return 1 - sum(p->taken) / p->tracked; }

/* A control behind all lines, weekdays, and noise that the lines share in part. */
static void sell(const struct honesty_partner *p, struct hs_random *rng, double *control,
                 double *tracked, double lines[LINES][ROWS])
{
  static const double WEEK[] = {6, 3, 0, 0, -2, -3, -4};
  for (size_t row = 0; row < ROWS; row++) {
    int is_on = row >= BEFORE;
    double common = hs_random_normal(rng);
    control[row] = 100 + WEEK[row % 7] + 8 * hs_random_normal(rng);
    tracked[row] = is_on ? p->tracked : 0;
    for (size_t i = 0; i < LINES; i++)
      lines[i][row] = 20 + (.1 + .05 * (double)i) * control[row] + common +
                      2 * hs_random_normal(rng) + (is_on ? p->halo[i] - p->taken[i] : 0);
  }
}

/* Of 1,537 orders half come to the offer and half are held; what is not caused is bought anyway. */
static struct hs_belief hold_out(double kappa, struct hs_random *rng)
{
  struct hs_holdout_group offered = {0};
  struct hs_holdout_group held = {0};
  for (size_t i = 0; i < 10 * HOLD_OUT_ORDERS; i++) {
    int is_held = hs_random_u32(rng) >> 31 != 0;
    int buys = hs_random_uniform(rng) < .1 * (is_held ? 1 - kappa : 1);
    hs_holdout_add(is_held ? &held : &offered, buys, is_held ? 0 : buys);
  }
  return hs_holdout_analyse(&offered, &held, .5, LEVEL).kappa;
}

static void judge(const struct honesty_partner *p, const struct hs_halo *halo,
                  struct honesty_bounds_tally *out)
{
  double kappa = kappa_of(p);
  double more = sum(p->halo) * WINDOW;
  double difference = (sum(p->halo) - sum(p->taken)) * WINDOW;
  double ratio = 1 + (sum(p->halo) - sum(p->taken)) / p->tracked;
  enum answer answer = answer_of(halo->honesty.verdict, ratio, halo->honesty.options.band);
  const struct hs_honesty_bounds *b = &halo->bounds;
  out->worlds = 1;
  const double slack = 1e-9; /* a bound that says all there is, is kept */
  out->kappa_held = b->kappa_most_sure >= kappa - slack;
  out->halo_held = b->halo_least_sure <= more + slack;
  out->kappa_plug_in = b->kappa_most >= kappa - slack;
  out->halo_plug_in = b->halo_least <= more + slack;
  out->kappa_most = b->kappa_most_sure;
  out->halo_least = b->halo_least_sure;
  out->difference_held =
      halo->honesty.difference.low <= difference && difference <= halo->honesty.difference.high;
  out->kappa_point = halo->points.kappa.low <= kappa && kappa <= halo->points.kappa.high;
  out->halo_point = halo->points.halo.low <= more && more <= halo->points.halo.high;
  out->wrong = answer == ANSWER_WRONG;
  out->right = answer == ANSWER_RIGHT;
  out->undetermined = answer == ANSWER_UNDETERMINED;
}

static enum hs_status bounds_world(void *context, size_t worker, size_t world, struct hs_err *err)
{
  static const struct hs_str NAMES[LINES] = {
      {"brand", 5}, {"organic", 7}, {"direct", 6}, {"paid", 4}};
  struct bounds_work *w = context;
  struct hs_arena *arena = &w->crew->arenas[worker];
  struct hs_random rng = hs_random_open(w->seed, world);
  double control[ROWS], tracked[ROWS], lines[LINES][ROWS];
  const double *line_list[LINES] = {lines[0], lines[1], lines[2], lines[3]};
  const double *controls[] = {control};
  struct hs_halo halo;
  hs_arena_reset(arena, 0);
  sell(w->partner, &rng, control, tracked, lines);
  struct hs_belief kappa = hold_out(kappa_of(w->partner), &rng);
  const struct hs_halo_input input = {.common = {.count = ROWS,
                                                 .controls = controls,
                                                 .control_count = 1,
                                                 .start = BEFORE,
                                                 .end = ROWS,
                                                 .season = 7,
                                                 .level = LEVEL,
                                                 .seed = w->seed + world,
                                                 .draws = 2000,
                                                 .threads = 1},
                                      .tracked = tracked,
                                      .lines = line_list,
                                      .names = NAMES,
                                      .line_count = LINES,
                                      .honesty = HS_HONESTY_DEFAULTS,
                                      .kappa = &kappa};
  enum hs_status status = hs_halo(arena, &input, &halo, err);
  if (status != HS_OK)
    return status;
  if (halo.verdict == HS_HALO_TOLD)
    judge(w->partner, &halo, &w->tallies[world]);
  else
    w->tallies[world].refused = 1;
  return HS_OK;
}

static void add_up(const struct honesty_bounds_tally *one, struct honesty_bounds_tally *all)
{
  all->worlds += one->worlds;
  all->refused += one->refused;
  all->kappa_held += one->kappa_held;
  all->halo_held += one->halo_held;
  all->kappa_plug_in += one->kappa_plug_in;
  all->halo_plug_in += one->halo_plug_in;
  all->kappa_most += one->kappa_most;
  all->halo_least += one->halo_least;
  all->difference_held += one->difference_held;
  all->kappa_point += one->kappa_point;
  all->halo_point += one->halo_point;
  all->wrong += one->wrong;
  all->right += one->right;
  all->undetermined += one->undetermined;
}

enum hs_status honesty_bounds_trial(const struct honesty_partner *partner, uint64_t seed,
                                    size_t worlds, size_t threads, struct honesty_bounds_tally *out,
                                    struct hs_err *err)
{
  struct crew crew;
  struct hs_arena results = {0};
  *out = (struct honesty_bounds_tally){.kappa = kappa_of(partner),
                                       .halo = sum(partner->halo) * WINDOW};
  enum hs_status status = crew_begin(&crew, threads, err);
  if (status == HS_OK)
    status = hs_arena_init(&results, worlds * sizeof *out + HS_KIB, err);
  struct bounds_work work = {partner, seed, &crew, NULL};
  if (status == HS_OK)
    work.tallies = hs_arena_alloc(&results, worlds, sizeof *work.tallies);
  if (status == HS_OK && work.tallies == NULL)
    status = hs_arena_full(&results, "tallies", err);
  if (status == HS_OK)
    status = hs_parallel_run(crew.worker_count, worlds, bounds_world, &work, err);
  for (size_t i = 0; status == HS_OK && i < worlds; i++)
    add_up(&work.tallies[i], out);
  crew_end(&crew);
  hs_arena_release(&results);
  return status;
}
