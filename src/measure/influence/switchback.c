#include "measure/influence/switchback.h"

#include <math.h>

#include "stats/random.h"
#include "stats/summary.h"

#define STREAM_PLACES 2
#define SEASONS_MIN 2

size_t hs_switchback_rows(const struct hs_switchback *plan)
{
  return 2 * plan->pair_count * plan->block_rows;
}

int hs_switchback_is_on(const struct hs_switchback *plan, size_t row)
{
  size_t block = (row - plan->start) / plan->block_rows;
  HS_ASSERT(row >= plan->start && block < 2 * plan->pair_count);
  return hs_pairs_coin(plan->seed, block / 2) ^ (int)(block % 2);
}

size_t hs_switchback_room(const struct hs_switchback *plan)
{
  return plan->pair_count + plan->season + hs_pairs_room(plan->pair_count);
}

/* How far the mean of each row of the season lies from that of all, before the start. */
static void season_means(const struct hs_switchback *plan, const double *outcome, double *season)
{
  struct hs_summary all = {0};
  for (size_t row = 0; row < plan->start; row++)
    if (!isnan(outcome[row]))
      hs_summary_add(&all, outcome[row], 1);
  for (size_t phase = 0; phase < plan->season; phase++) {
    struct hs_summary one = {0};
    for (size_t row = phase; row < plan->start; row += plan->season)
      if (!isnan(outcome[row]))
        hs_summary_add(&one, outcome[row], 1);
    season[phase] = one.weight > 0 ? one.mean - all.mean : 0;
  }
}

static struct hs_summary block_summary(const struct hs_switchback *plan, const double *outcome,
                                       const double *season, size_t block)
{
  struct hs_summary summary = {0};
  size_t first = plan->start + block * plan->block_rows;
  for (size_t row = first + plan->carry_rows; row < first + plan->block_rows; row++)
    if (!isnan(outcome[row]))
      hs_summary_add(&summary, outcome[row] - (season != NULL ? season[row % plan->season] : 0), 1);
  return summary;
}

/* With the partner less without it, by pair; gives the block that has no figure, or the count of
   blocks. */
static size_t differences(const struct hs_switchback *plan, const double *outcome,
                          const double *season, double *out, struct hs_summary *without)
{
  for (size_t pair = 0; pair < plan->pair_count; pair++) {
    struct hs_summary blocks[2];
    for (size_t i = 0; i < 2; i++) {
      blocks[i] = block_summary(plan, outcome, season, 2 * pair + i);
      if (blocks[i].weight <= 0)
        return 2 * pair + i;
    }
    int first_is_on = hs_pairs_coin(plan->seed, pair);
    out[pair] = (blocks[0].mean - blocks[1].mean) * (first_is_on ? 1 : -1);
    hs_summary_merge(without, &blocks[first_is_on ? 1 : 0]);
  }
  return 2 * plan->pair_count;
}

enum hs_status hs_switchback_analyse(const struct hs_switchback *plan, const double *outcome,
                                     size_t count, double level, double *room,
                                     struct hs_switchback_result *out, struct hs_err *err)
{
  double *season = NULL;
  struct hs_summary without = {0};
  HS_ASSERT(plan->block_rows > plan->carry_rows && plan->pair_count >= 1);
  if (count < plan->start + hs_switchback_rows(plan))
    return hs_fail(err, HS_INSUFFICIENT, "the design ends in row %zu, the figures in row %zu",
                   plan->start + hs_switchback_rows(plan), count);
  if (plan->season > 1 && plan->start >= SEASONS_MIN * (size_t)plan->season) {
    season = room + plan->pair_count;
    season_means(plan, outcome, season);
  }
  size_t block = differences(plan, outcome, season, room, &without);
  if (block < 2 * plan->pair_count)
    return hs_fail(err, HS_INSUFFICIENT, "block %zu of the design has no figures", block + 1);
  out->test = hs_pairs_test(room, plan->pair_count, level, plan->seed,
                            room + plan->pair_count + plan->season);
  out->without = without.mean;
  return HS_OK;
}

/* Where a trial may begin: two seasons in, as far as the history allows both. */
static size_t first_place(const struct hs_switchback *plan, size_t places)
{
  size_t wanted = SEASONS_MIN * (size_t)plan->season;
  return plan->season > 1 && wanted < places ? wanted : 0;
}

enum hs_status hs_switchback_power(const struct hs_switchback *plan, const double *history,
                                   size_t count, size_t trial_count, double level, double power,
                                   double *room, struct hs_switchback_power *out,
                                   struct hs_err *err)
{
  size_t rows = hs_switchback_rows(plan);
  double *lows = room + hs_switchback_room(plan);
  double *highs = lows + trial_count;
  struct hs_random rng = hs_random_open(plan->seed, STREAM_PLACES);
  struct hs_summary all = {0};
  if (count < rows)
    return hs_fail(err, HS_INSUFFICIENT,
                   "the design takes %zu rows and the history has %zu: its power cannot be shown",
                   rows, count);
  size_t first = first_place(plan, count - rows + 1);
  for (size_t trial = 0; trial < trial_count; trial++) {
    struct hs_switchback laid = *plan;
    struct hs_switchback_result result;
    laid.start = first + hs_random_below(&rng, (uint32_t)(count - rows - first + 1));
    laid.seed = plan->seed + 1 + trial;
    enum hs_status status = hs_switchback_analyse(&laid, history, count, level, room, &result, err);
    if (status != HS_OK)
      return status;
    lows[trial] = result.test.low;
    highs[trial] = result.test.high;
    hs_summary_add(&all, result.without, 1);
  }
  out->power = hs_pairs_power(lows, highs, trial_count, trial_count, level, power);
  out->without = all.mean;
  return HS_OK;
}
