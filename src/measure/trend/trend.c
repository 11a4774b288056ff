#include "measure/trend/trend.h"

#include <math.h>
#include <string.h>

#include "measure/trend/trend_priv.h"

/* What is left of an effort a quarter later. */
static const double CARRY_OVERS[] = {0, 0.5, 0.8};
#define CARRY_OVER_COUNT (sizeof CARRY_OVERS / sizeof CARRY_OVERS[0])
/* Breaks and curves beside the verdict. */
#define BREAK_COUNT_MAX 3
#define BREAK_LEVEL 0.95
#define BREAK_SHARE_MIN                                                                            \
  0.15 /* of the series, in each regime; the usual trimming of Bai and Perron */
#define BREAK_LENGTH_MIN 4
/* Degrees of freedom without which a scale is not worth the name. */
#define DF_LEAST 3

struct word {
  const char *name;
  const char *words;
};

static const struct word VERDICTS[] = {
    [HS_TREND_REFUSED] = {"refused", "refused: there is no logarithm of it"},
    [HS_TREND_TOO_EARLY] = {"too_early", "too early to say"},
    [HS_TREND_FADING] = {"fading", "fading"},
    [HS_TREND_PLATEAU] = {"plateau", "on a plateau"},
    [HS_TREND_COMPOUNDING] = {"compounding", "compounding"},
};

static const struct word REASONS[] = {
    [HS_TREND_NO_REASON] = {"", ""},
    [HS_TREND_VALUE_NOT_POSITIVE] = {"value_not_positive",
                                     "a value that is not above zero has no logarithm"},
    [HS_TREND_EFFORT_NOT_POSITIVE] =
        {"effort_not_positive", "an effort that is missing or not above zero has no logarithm"},
    [HS_TREND_COMPANY_NOT_POSITIVE] = {"company_not_positive",
                                       "a figure of the company that is missing or not above zero "
                                       "has no logarithm"},
    [HS_TREND_TOO_FEW] = {"too_few", "there are too few periods to measure growth and noise apart"},
    [HS_TREND_SEASON_UNKNOWN] = {"season_unknown",
                                 "season and growth look alike until two full rounds are seen"},
    [HS_TREND_UNSETTLED] = {"unsettled", "no verdict has the certainty that is asked for"},
    [HS_TREND_ELASTICITY] =
        {"elasticity", "the verdict depends on how strongly value follows effort, which effort "
                       "that was not varied by plan cannot tell"},
    [HS_TREND_FAMILY] = {"family", "it is not certain enough for one of so many partners"},
};

const char *hs_trend_verdict_name(enum hs_trend_verdict verdict) { return VERDICTS[verdict].name; }
const char *hs_trend_verdict_words(enum hs_trend_verdict verdict)
{
  return VERDICTS[verdict].words;
}
const char *hs_trend_reason_name(enum hs_trend_reason reason) { return REASONS[reason].name; }
const char *hs_trend_reason_words(enum hs_trend_reason reason) { return REASONS[reason].words; }

enum hs_trend_verdict hs_trend_judge(double above, double within, double below, double mass)
{
  if (below >= mass)
    return HS_TREND_FADING;
  if (within >= mass)
    return HS_TREND_PLATEAU;
  return above >= mass ? HS_TREND_COMPOUNDING : HS_TREND_TOO_EARLY;
}

/* What a run keeps beside its result. */
struct run {
  struct hs_arena *arena;
  const struct hs_trend_input *input;
  struct hs_trend *out;
  double *y;                        /* log value, less log company */
  double *effort[CARRY_OVER_COUNT]; /* log of what is carried over */
  double *rest;                     /* y less the part of effort, and other passing series */
  struct hs_trend_grid grid;
  struct hs_trend_bench bench;
  struct hs_trend_mixture mixtures[HS_TREND_ELASTICITY_COUNT][CARRY_OVER_COUNT];
  struct hs_trend_mixture merged[HS_TREND_ELASTICITY_COUNT];   /* over carry-overs */
  double weights[HS_TREND_ELASTICITY_COUNT][CARRY_OVER_COUNT]; /* sum to 1 */
  size_t elasticity_count, carry_over_count;                   /* 1 and 1 without effort */
  int must_agree; /* a verdict holds for every elasticity, or for none */
};

static double elasticity_at(size_t e) { return (double)e / (HS_TREND_ELASTICITY_COUNT - 1); }

static enum hs_status check(const struct hs_trend_input *input, struct hs_err *err)
{
  if (input->count == 0)
    return hs_fail(err, HS_INVALID, "there are no periods");
  if (!(input->periods_per_year > 0 && input->periods_per_year <= 400))
    return hs_fail(err, HS_INVALID, "periods a year must be above 0 and at most 400, got %g",
                   input->periods_per_year);
  if (input->season > HS_TREND_SEASON_MAX)
    return hs_fail(err, HS_INVALID, "a round of seasons may have %u periods, got %u",
                   HS_TREND_SEASON_MAX, input->season);
  if (!(input->material > 0 && isfinite(input->material)))
    return hs_fail(err, HS_INVALID, "growth that matters must be above 0, got %g", input->material);
  if (!(input->mass > 0.5 && input->mass < 1))
    return hs_fail(err, HS_INVALID, "the certainty must lie between 50 and 100 %%, got %g %%",
                   100 * input->mass);
  const double *const series[] = {input->value, input->effort, input->company};
  static const char *const names[] = {"value", "effort", "company"};
  for (size_t s = 0; s < 3; s++)
    for (size_t t = 0; series[s] != NULL && t < input->count; t++)
      if (isinf(series[s][t]))
        return hs_fail(err, HS_INVALID, "%s of period %zu is infinite", names[s], t + 1);
  return HS_OK;
}

/* The first period without a logarithm. */
static int find_refusal(struct run *run)
{
  const struct hs_trend_input *input = run->input;
  enum hs_trend_reason reason = HS_TREND_NO_REASON;
  for (size_t t = 0; t < input->count && reason == HS_TREND_NO_REASON; t++) {
    int is_missing = isnan(input->value[t]);
    if (!is_missing && !(input->value[t] > 0))
      reason = HS_TREND_VALUE_NOT_POSITIVE;
    else if (input->effort != NULL && !(input->effort[t] > 0))
      reason = HS_TREND_EFFORT_NOT_POSITIVE;
    else if (input->company != NULL && !is_missing && !(input->company[t] > 0))
      reason = HS_TREND_COMPANY_NOT_POSITIVE;
    run->out->at = t;
  }
  run->out->verdict = reason == HS_TREND_NO_REASON ? HS_TREND_TOO_EARLY : HS_TREND_REFUSED;
  run->out->reason = reason;
  return reason != HS_TREND_NO_REASON;
}

static enum hs_status take_logarithms(struct run *run, struct hs_err *err)
{
  const struct hs_trend_input *input = run->input;
  size_t n = input->count;
  run->y = hs_arena_alloc_raw(run->arena, n, sizeof *run->y);
  run->rest = hs_arena_alloc_raw(run->arena, n, sizeof *run->rest);
  if (run->y == NULL || run->rest == NULL)
    return hs_arena_full(run->arena, "the series of a trend", err);
  for (size_t t = 0; t < n; t++) {
    run->y[t] = log(input->value[t]) - (input->company == NULL ? 0 : log(input->company[t]));
    run->out->period_count += (size_t)!isnan(input->value[t]);
  }
  for (size_t c = 0; input->effort != NULL && c < CARRY_OVER_COUNT; c++) {
    double left = pow(CARRY_OVERS[c], 4 / input->periods_per_year);
    double stock = input->effort[0] / (1 - left); /* as if it had always been so */
    run->effort[c] = hs_arena_alloc_raw(run->arena, n, sizeof *run->effort[c]);
    if (run->effort[c] == NULL)
      return hs_arena_full(run->arena, "the effort of a trend", err);
    for (size_t t = 0; t < n; t++) {
      stock = t == 0 ? stock : left * stock + input->effort[t];
      run->effort[c][t] = log(stock * (1 - left));
    }
  }
  return HS_OK;
}

/* A line in time through what there is of x[from] … x[count − 1]. */
struct line {
  double slope;
  double squares; /* that it leaves, in all */
  double left;    /* the same as a share of the variance */
};

static struct line line_through(const double *x, size_t from, size_t count)
{
  double n = 0, mean = 0, middle = 0, xx = 0, tx = 0, tt = 0;
  for (size_t t = from; t < count; t++)
    n += !isnan(x[t]);
  for (size_t t = from; t < count; t++) {
    mean += isnan(x[t]) ? 0 : x[t] / n;
    middle += isnan(x[t]) ? 0 : (double)t / n;
  }
  for (size_t t = from; t < count; t++) {
    double off = (double)t - middle;
    if (isnan(x[t]))
      continue;
    xx += (x[t] - mean) * (x[t] - mean);
    tx += off * (x[t] - mean);
    tt += off * off;
  }
  struct line line = {.slope = tt > 0 ? tx / tt : 0};
  /* What rounding leaves of a constant is not variation. */
  line.left = xx > 1e-20 * n ? fmax(0, 1 - line.slope * tx / xx) : 0;
  line.squares = line.left * xx;
  return line;
}

static double squares_apart_from(struct run *run, const double *effort)
{
  double *series = run->rest; /* nothing stands in it yet */
  for (size_t t = 0; t < run->input->count; t++)
    series[t] = log(run->input->value[t]) - (effort == NULL ? 0 : effort[t]);
  return line_through(series, 0, run->input->count).squares;
}

/* Share of the value's movement apart from a line in time in which effort does not go along in
   proportion: next to none when effort was figured from the value, as a commission is. */
static double apart_from_value(struct run *run)
{
  double whole = squares_apart_from(run, NULL);
  return whole > 0 ? fmin(1, squares_apart_from(run, run->effort[0]) / whole) : 1;
}

static void describe_effort(struct run *run)
{
  struct hs_trend *out = run->out;
  size_t n = run->input->count;
  size_t lately = run->bench.window + 1 > 4 ? run->bench.window + 1 : 4;
  out->effort_growth = out->effort_alone = out->effort_apart = (double)NAN;
  if (run->input->effort == NULL)
    return;
  out->effort_alone = line_through(run->effort[0], 0, n).left;
  out->effort_apart = apart_from_value(run);
  out->effort_growth = run->input->periods_per_year *
                       line_through(run->effort[0], n > lately ? n - lately : 0, n).slope;
  /* No plan makes effort follow value to the hundredth: whoever says so has named a wrong column.
   */
  run->must_agree =
      !run->input->is_effort_planned || out->effort_apart < HS_TREND_EFFORT_APART_LEAST;
}

/* Whether there is enough to begin with; else the reason, and how many periods would be. */
static int has_enough(struct run *run)
{
  struct hs_trend *out = run->out;
  uint32_t season = run->input->season > 1 ? run->input->season : 0;
  size_t unknown = 2 + (season > 0 ? season - 1 : 0);
  size_t rounds = 2 * (size_t)season;
  size_t least = unknown + DF_LEAST;
  out->season = season;
  if (out->period_count >= least && out->period_count >= rounds)
    return 1;
  out->reason = out->period_count < least ? HS_TREND_TOO_FEW : HS_TREND_SEASON_UNKNOWN;
  if (rounds > least)
    out->reason = HS_TREND_SEASON_UNKNOWN;
  out->periods_to_decide = (rounds > least ? rounds : least) - out->period_count;
  return 0;
}

static void without_effort(struct run *run, size_t e, size_t c)
{
  for (size_t t = 0; t < run->input->count; t++)
    run->rest[t] =
        run->y[t] - (run->input->effort == NULL ? 0 : elasticity_at(e) * run->effort[c][t]);
}

/* A mixture for each elasticity and carry-over; 0 in *is_settled when values leave something open.
 */
static enum hs_status mix_all(struct run *run, int *is_settled, struct hs_err *err)
{
  int has_effort = run->input->effort != NULL;
  double best = -(double)INFINITY;
  double sum = 0;
  run->elasticity_count = has_effort ? HS_TREND_ELASTICITY_COUNT : 1;
  run->carry_over_count = has_effort ? CARRY_OVER_COUNT : 1;
  *is_settled = 1;
  for (size_t e = 0; *is_settled && e < run->elasticity_count; e++)
    for (size_t c = 0; *is_settled && c < run->carry_over_count; c++) {
      struct hs_trend_mixture *mixture = &run->mixtures[e][c];
      mixture->components =
          hs_arena_alloc_raw(run->arena, run->grid.count, sizeof *mixture->components);
      if (mixture->components == NULL)
        return hs_arena_full(run->arena, "the posterior of a trend", err);
      without_effort(run, e, c);
      *is_settled = hs_trend_mix(&run->bench, &run->grid, run->rest, mixture);
      best = fmax(best, *is_settled ? mixture->log_evidence : best);
    }
  for (size_t e = 0; *is_settled && e < run->elasticity_count; e++)
    for (size_t c = 0; c < run->carry_over_count; c++)
      sum += run->weights[e][c] = exp(run->mixtures[e][c].log_evidence - best);
  for (size_t e = 0; e < run->elasticity_count; e++)
    for (size_t c = 0; c < run->carry_over_count; c++)
      run->weights[e][c] /= sum;
  return HS_OK;
}

/* One mixture of those of elasticities from..to, weighed by their likelihood. */
static enum hs_status merge(struct run *run, size_t from, size_t to, struct hs_trend_mixture *out,
                            struct hs_err *err)
{
  size_t room = (to - from) * run->carry_over_count * run->grid.count;
  double sum = 0;
  out->count = 0;
  out->components = hs_arena_alloc_raw(run->arena, room, sizeof *out->components);
  if (out->components == NULL)
    return hs_arena_full(run->arena, "the posterior of a trend", err);
  for (size_t e = from; e < to; e++)
    for (size_t c = 0; c < run->carry_over_count; c++)
      sum += run->weights[e][c];
  for (size_t e = from; e < to; e++)
    for (size_t c = 0; c < run->carry_over_count; c++)
      for (size_t i = 0; i < run->mixtures[e][c].count; i++) {
        out->components[out->count] = run->mixtures[e][c].components[i];
        out->components[out->count++].weight *= sum > 0 ? run->weights[e][c] / sum : 0;
      }
  return HS_OK;
}

static void take_masses(struct hs_trend *out, const struct hs_trend_growth *growth, int is_first)
{
  out->above = is_first ? growth->above : fmin(out->above, growth->above);
  out->within = is_first ? growth->within : fmin(out->within, growth->within);
  out->below = is_first ? growth->below : fmin(out->below, growth->below);
}

/* The table over elasticities, and with it the masses when each of them has to agree. */
static enum hs_status tabulate(struct run *run, struct hs_err *err)
{
  struct hs_trend *out = run->out;
  const struct hs_trend_input *input = run->input;
  out->elasticity = out->carry_over = input->effort == NULL ? (double)NAN : 0;
  for (size_t e = 0; input->effort != NULL && e < HS_TREND_ELASTICITY_COUNT; e++) {
    enum hs_status status = merge(run, e, e + 1, &run->merged[e], err);
    if (status != HS_OK)
      return status;
    out->by_elasticity[e] = hs_trend_summarise(&run->merged[e], input->material, input->mass);
    const struct hs_trend_growth *growth = &out->by_elasticity[e];
    out->verdict_by_elasticity[e] =
        hs_trend_judge(growth->above, growth->within, growth->below, input->mass);
    for (size_t c = 0; c < CARRY_OVER_COUNT; c++) {
      out->elasticity_weight[e] += run->weights[e][c];
      out->elasticity += run->weights[e][c] * elasticity_at(e);
      out->carry_over += run->weights[e][c] * CARRY_OVERS[c];
    }
    if (run->must_agree)
      take_masses(out, growth, e == 0);
  }
  return HS_OK;
}

/* Whether no further periods, but only effort that is varied by plan, would decide: elasticities
   have verdicts that exclude each other, or their average has one that not all of them share. */
static int hangs_on_elasticity(const struct run *run)
{
  const struct hs_trend *out = run->out;
  enum hs_trend_verdict first = HS_TREND_TOO_EARLY;
  if (!run->must_agree)
    return 0;
  for (size_t e = 0; e < HS_TREND_ELASTICITY_COUNT; e++) {
    enum hs_trend_verdict verdict = out->verdict_by_elasticity[e];
    if (verdict == HS_TREND_TOO_EARLY)
      continue;
    if (first != HS_TREND_TOO_EARLY && verdict != first)
      return 1;
    first = verdict;
  }
  return hs_trend_judge(out->growth.above, out->growth.within, out->growth.below,
                        run->input->mass) != HS_TREND_TOO_EARLY;
}

/* For the whole when its mass decides, for every elasticity when all of them have to agree. */
static enum hs_status look_ahead(struct run *run, const struct hs_trend_mixture *whole,
                                 struct hs_err *err)
{
  const struct hs_trend_input *input = run->input;
  double means[HS_TREND_ELASTICITY_COUNT] = {run->out->growth.mean};
  struct hs_trend_outlook outlook = {.y = run->y,
                                     .count = input->count,
                                     .periods_per_year = input->periods_per_year,
                                     .season = run->out->season,
                                     .grid = &run->grid,
                                     .mixture_count = 1,
                                     .mixtures = whole,
                                     .means = means,
                                     .material = input->material,
                                     .mass = input->mass};
  for (size_t e = 0; run->must_agree && e < HS_TREND_ELASTICITY_COUNT; e++)
    means[e] = run->out->by_elasticity[e].mean;
  if (run->must_agree) {
    outlook.mixtures = run->merged;
    outlook.mixture_count = HS_TREND_ELASTICITY_COUNT;
  }
  return hs_trend_look_ahead(run->arena, &outlook, &run->out->periods_to_decide, err);
}

static enum hs_status judge(struct run *run, struct hs_err *err)
{
  struct hs_trend *out = run->out;
  const struct hs_trend_input *input = run->input;
  struct hs_trend_mixture mixture;
  enum hs_status status = merge(run, 0, run->elasticity_count, &mixture, err);
  if (status != HS_OK)
    return status;
  out->growth = hs_trend_summarise(&mixture, input->material, input->mass);
  if (!run->must_agree)
    take_masses(out, &out->growth, 1);
  out->verdict = hs_trend_judge(out->above, out->within, out->below, input->mass);
  out->reason = HS_TREND_NO_REASON;
  if (out->verdict != HS_TREND_TOO_EARLY)
    return HS_OK;
  out->reason = HS_TREND_UNSETTLED;
  if (hangs_on_elasticity(run))
    out->reason = HS_TREND_ELASTICITY;
  else
    status = look_ahead(run, &mixture, err);
  return status;
}

/* The likeliest shape, elasticity and carry-over, smoothed: for pictures, and to take out the
   season. Leaves y without its season in run->rest. */
static enum hs_status draw_curve(struct run *run, struct hs_err *err)
{
  size_t n = run->input->count;
  size_t best_e = 0, best_c = 0;
  double best = -1;
  const struct hs_trend_shape *shape = NULL;
  for (size_t e = 0; e < run->elasticity_count; e++)
    for (size_t c = 0; c < run->carry_over_count; c++)
      for (size_t i = 0; i < run->grid.count; i++) {
        double weight = run->weights[e][c] * run->mixtures[e][c].components[i].weight;
        if (weight > best) {
          best = weight;
          shape = run->mixtures[e][c].components[i].shape;
          best_e = e;
          best_c = c;
        }
      }
  double *season = hs_arena_alloc(run->arena, n, sizeof *season);
  run->out->fitted = hs_arena_alloc_raw(run->arena, n, sizeof *run->out->fitted);
  run->out->level = hs_arena_alloc_raw(run->arena, n, sizeof *run->out->level);
  if (season == NULL || run->out->fitted == NULL || run->out->level == NULL)
    return hs_arena_full(run->arena, "the curve of a trend", err);
  struct hs_kalman_path path = {.signal = run->out->fitted, .season = season};
  without_effort(run, best_e, best_c);
  hs_trend_bench_set(&run->bench, shape);
  hs_kalman_smooth(&run->bench.kalman, run->rest, &path);
  for (size_t t = 0; t < n; t++) {
    double added = run->y[t] - run->rest[t]; /* NaN where value is missing: effort is not */
    if (run->input->effort != NULL)
      added = elasticity_at(best_e) * run->effort[best_c][t];
    else if (isnan(added))
      added = 0;
    added += run->input->company == NULL ? 0 : log(run->input->company[t]);
    run->out->level[t] = exp(run->out->fitted[t] - season[t] + added);
    run->out->fitted[t] = exp(run->out->fitted[t] + added);
    run->rest[t] = run->y[t] - season[t];
  }
  return HS_OK;
}

static int find_breaks_of(const double *y, size_t count, enum hs_breaks_kind kind, double *room,
                          struct hs_breaks *out)
{
  struct hs_breaks_options options = {kind, BREAK_COUNT_MAX, BREAK_LENGTH_MIN, BREAK_LEVEL};
  size_t share = (size_t)floor(BREAK_SHARE_MIN * (double)count);
  options.length_min = share > BREAK_LENGTH_MIN ? share : BREAK_LENGTH_MIN;
  return hs_breaks_find(y, count, &options, room, out);
}

/* What a search for breaks needs. */
struct break_search {
  double *seen;  /* the values that there are */
  size_t *place; /* and where they stand */
  size_t count;
  double *room;
};

static enum hs_status begin_breaks(struct run *run, struct break_search *search, struct hs_err *err)
{
  size_t n = run->input->count;
  const struct hs_breaks_options most = {HS_BREAKS_LINE, BREAK_COUNT_MAX, BREAK_LENGTH_MIN, 0.5};
  search->seen = hs_arena_alloc_raw(run->arena, n, sizeof *search->seen);
  search->place = hs_arena_alloc_raw(run->arena, n, sizeof *search->place);
  search->room = hs_arena_alloc_raw(run->arena, hs_breaks_room(n, &most), sizeof *search->room);
  if (search->seen == NULL || search->place == NULL || search->room == NULL)
    return hs_arena_full(run->arena, "the breaks of a trend", err);
  return HS_OK;
}

static void take_seen(struct break_search *search, const double *y, size_t count)
{
  search->count = 0;
  for (size_t t = 0; t < count; t++)
    if (!isnan(y[t])) {
      search->place[search->count] = t;
      search->seen[search->count++] = y[t];
    }
}

/* Places count all periods, with and without a value. */
static void move_breaks(const struct break_search *search, struct hs_breaks *breaks)
{
  for (size_t i = 0; i < breaks->count; i++) {
    struct hs_break *b = &breaks->breaks[i];
    ptrdiff_t moved = (ptrdiff_t)(search->place[b->at] - b->at);
    b->at = search->place[b->at];
    b->low += moved;
    b->high += moved;
  }
}

/* Breaks of means and of lines of what is left in run->rest, whichever describe it better; and of
   the mean of the values themselves, whose sums of squares are in their own units. */
static enum hs_status find_breaks(struct run *run, struct hs_err *err)
{
  struct break_search search;
  struct hs_breaks lines;
  struct hs_trend *out = run->out;
  struct hs_breaks *breaks = &out->breaks;
  enum hs_status status = begin_breaks(run, &search, err);
  if (status != HS_OK)
    return status;
  take_seen(&search, run->rest, run->input->count);
  out->has_breaks =
      find_breaks_of(search.seen, search.count, HS_BREAKS_MEAN, search.room, breaks) &&
      find_breaks_of(search.seen, search.count, HS_BREAKS_LINE, search.room, &lines);
  if (!out->has_breaks)
    return HS_OK;
  if (lines.bic[lines.count] < breaks->bic[breaks->count]) {
    *breaks = lines;
    out->breaks_kind = HS_BREAKS_LINE;
  }
  move_breaks(&search, breaks);
  take_seen(&search, run->input->value, run->input->count);
  (void)find_breaks_of(search.seen, search.count, HS_BREAKS_MEAN, search.room, &out->value_breaks);
  move_breaks(&search, &out->value_breaks);
  return HS_OK;
}

static enum hs_status analyse(struct run *run, struct hs_err *err)
{
  int is_settled = 0;
  struct hs_trend *out = run->out;
  hs_trend_grid_make(run->input->periods_per_year, out->season > 0, &run->grid);
  enum hs_status status = mix_all(run, &is_settled, err);
  if (status == HS_OK && !is_settled) {
    /* Enough values, but gaps in the wrong places. */
    out->reason = out->season > 0 ? HS_TREND_SEASON_UNKNOWN : HS_TREND_TOO_FEW;
    out->periods_to_decide = out->season > 0 ? out->season : 1;
    return HS_OK;
  }
  if (status == HS_OK)
    status = tabulate(run, err);
  if (status == HS_OK)
    status = judge(run, err);
  if (status == HS_OK)
    status = draw_curve(run, err);
  if (status == HS_OK)
    status = find_breaks(run, err);
  if (status == HS_OK)
    out->has_curves = hs_curves_compare(run->rest, run->input->count, &out->curves);
  return status;
}

enum hs_status hs_trend_estimate(struct hs_arena *arena, const struct hs_trend_input *input,
                                 struct hs_trend *out, struct hs_err *err)
{
  const double none = (double)NAN;
  const struct hs_trend_growth no_growth = {none, none, none, none, none, none, none};
  struct hs_trend result = {.growth = no_growth,
                            .above = none,
                            .within = none,
                            .below = none,
                            .effort_growth = none,
                            .effort_alone = none,
                            .effort_apart = none,
                            .elasticity = none,
                            .carry_over = none,
                            .periods_to_decide = SIZE_MAX};
  enum hs_status status = check(input, err);
  if (status != HS_OK)
    return status;
  struct run *run = hs_arena_alloc(arena, 1, sizeof *run);
  if (run == NULL)
    return hs_arena_full(arena, "a trend", err);
  *run = (struct run){.arena = arena, .input = input, .out = &result};
  for (size_t e = 0; e < HS_TREND_ELASTICITY_COUNT; e++)
    result.by_elasticity[e] = no_growth;
  if (!find_refusal(run)) {
    status = take_logarithms(run, err);
    int is_enough = status == HS_OK && has_enough(run);
    if (status == HS_OK)
      status = hs_trend_bench_make(arena, input->count, input->periods_per_year, result.season,
                                   &run->bench, err);
    if (status == HS_OK) {
      result.window = run->bench.window;
      describe_effort(run);
    }
    if (status == HS_OK && is_enough)
      status = analyse(run, err);
  }
  if (status == HS_OK)
    *out = result;
  return status;
}
