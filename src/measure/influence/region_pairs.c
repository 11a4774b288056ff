#include "measure/influence/region_pairs.h"

#include <math.h>
#include <stdlib.h>

#include "stats/random.h"

#define STREAM_PLACES 3

static const double *region_of(const struct hs_region_history *history, size_t region)
{
  return history->outcome + region * history->row_count;
}

static double mean_of(const double *values, size_t from, size_t until)
{
  double sum = 0;
  for (size_t i = from; i < until; i++)
    sum += values[i];
  return sum / (double)(until - from);
}

/* Chunks of a region's history as shares of its level. */
static enum hs_status shape_of(const struct hs_region_history *history, size_t region,
                               size_t row_until, size_t chunk_rows, double *out, struct hs_err *err)
{
  const double *values = region_of(history, region);
  double level = mean_of(values, 0, row_until);
  if (!(level > 0))
    return hs_fail(err, HS_INVALID, "region %zu has a mean of %g: lifts need one above 0", region,
                   level);
  for (size_t chunk = 0; chunk < row_until / chunk_rows; chunk++)
    out[chunk] = mean_of(values, chunk * chunk_rows, (chunk + 1) * chunk_rows) / level;
  return HS_OK;
}

static double distance_of(const double *a, const double *b, size_t count)
{
  double squares = 0;
  for (size_t i = 0; i < count; i++)
    squares += (a[i] - b[i]) * (a[i] - b[i]);
  return sqrt(squares / (double)count);
}

/* Ties go to the regions that come first, so that the design does not depend on a sort's whims. */
static int by_distance(const void *left, const void *right)
{
  const struct hs_region_pair *a = left;
  const struct hs_region_pair *b = right;
  if (a->distance < b->distance || a->distance > b->distance)
    return a->distance < b->distance ? -1 : 1;
  if (a->regions[0] != b->regions[0])
    return a->regions[0] < b->regions[0] ? -1 : 1;
  return a->regions[1] < b->regions[1] ? -1 : a->regions[1] > b->regions[1];
}

static size_t all_pairs(const double *shapes, size_t region_count, size_t chunks,
                        struct hs_region_pair *out)
{
  size_t count = 0;
  for (size_t a = 0; a < region_count; a++)
    for (size_t b = a + 1; b < region_count; b++)
      out[count++] = (struct hs_region_pair){
          {a, b}, distance_of(shapes + a * chunks, shapes + b * chunks, chunks)};
  qsort(out, count, sizeof *out, by_distance);
  return count;
}

static size_t choose(const struct hs_region_pair *all, size_t count, unsigned char *is_taken,
                     struct hs_region_pair *out)
{
  size_t chosen = 0;
  for (size_t i = 0; i < count; i++) {
    if (is_taken[all[i].regions[0]] || is_taken[all[i].regions[1]])
      continue;
    is_taken[all[i].regions[0]] = is_taken[all[i].regions[1]] = 1;
    out[chosen++] = all[i];
  }
  return chosen;
}

static enum hs_status match_in(struct hs_arena *arena, const struct hs_region_history *history,
                               size_t row_until, size_t chunk_rows, struct hs_region_pair *out,
                               size_t *out_count, struct hs_err *err)
{
  size_t regions = history->region_count;
  size_t chunks = row_until / chunk_rows;
  double *shapes = hs_arena_alloc(arena, regions * chunks, sizeof *shapes);
  struct hs_region_pair *all = hs_arena_alloc(arena, regions * (regions - 1) / 2, sizeof *all);
  unsigned char *is_taken = hs_arena_alloc(arena, regions, 1);
  if (shapes == NULL || all == NULL || is_taken == NULL)
    return hs_arena_full(arena, "the distances of regions", err);
  for (size_t region = 0; region < regions; region++) {
    enum hs_status status =
        shape_of(history, region, row_until, chunk_rows, shapes + region * chunks, err);
    if (status != HS_OK)
      return status;
  }
  *out_count = choose(all, all_pairs(shapes, regions, chunks, all), is_taken, out);
  return HS_OK;
}

enum hs_status hs_region_pairs_match(struct hs_arena *arena,
                                     const struct hs_region_history *history, size_t row_until,
                                     size_t chunk_rows, struct hs_region_pair **pairs,
                                     size_t *pair_count, struct hs_err *err)
{
  HS_ASSERT(chunk_rows >= 1 && row_until <= history->row_count);
  if (history->region_count < 2 || row_until / chunk_rows < 2)
    return hs_fail(err, HS_INSUFFICIENT,
                   "pairs need two regions and a history of %zu rows, got %zu regions and %zu rows",
                   2 * chunk_rows, history->region_count, row_until);
  *pairs = hs_arena_alloc(arena, history->region_count / 2, sizeof **pairs);
  if (*pairs == NULL)
    return hs_arena_full(arena, "pairs of regions", err);
  size_t mark = hs_arena_mark(arena);
  enum hs_status status = match_in(arena, history, row_until, chunk_rows, *pairs, pair_count, err);
  hs_arena_reset(arena, mark);
  return status;
}

/* ---- after the end ---- */

static double growth_of(const struct hs_region_design *d, const struct hs_region_history *history,
                        size_t region)
{
  const double *values = region_of(history, region);
  double base = mean_of(values, d->start - d->base_rows, d->start);
  return mean_of(values, d->start, d->start + d->window_rows) / base;
}

enum hs_status hs_region_pairs_analyse(const struct hs_region_design *design,
                                       const struct hs_region_history *history, double level,
                                       double *room, struct hs_pairs_test *out, struct hs_err *err)
{
  HS_ASSERT(design->pair_count >= 1 && design->base_rows >= 1 && design->window_rows >= 1);
  if (design->start < design->base_rows || history->row_count < design->start + design->window_rows)
    return hs_fail(err, HS_INSUFFICIENT, "the design needs rows %zu to %zu, the figures have %zu",
                   design->start - design->base_rows, design->start + design->window_rows,
                   history->row_count);
  for (size_t pair = 0; pair < design->pair_count; pair++) {
    const size_t *regions = design->pairs[pair].regions;
    double more = growth_of(design, history, regions[0]) - growth_of(design, history, regions[1]);
    room[pair] = hs_pairs_coin(design->seed, pair) ? more : -more;
    if (!isfinite(room[pair]))
      return hs_fail(err, HS_INVALID, "regions %zu and %zu have no lift: a base of 0 or a gap",
                     regions[0], regions[1]);
  }
  *out = hs_pairs_test(room, design->pair_count, level, design->seed, room + design->pair_count);
  return HS_OK;
}

/* ---- before the start ---- */

static enum hs_status try_out(const struct hs_region_design *design,
                              const struct hs_region_history *history, size_t half,
                              size_t trial_count, double level, double *room, double *lows,
                              double *highs, struct hs_err *err)
{
  struct hs_random rng = hs_random_open(design->seed, STREAM_PLACES);
  for (size_t trial = 0; trial < trial_count; trial++) {
    struct hs_region_design laid = *design;
    struct hs_pairs_test test;
    laid.start = half + hs_random_below(
                            &rng, (uint32_t)(history->row_count - design->window_rows - half + 1));
    laid.seed = design->seed + 1 + trial;
    laid.base_rows = design->base_rows < laid.start ? design->base_rows : laid.start;
    enum hs_status status = hs_region_pairs_analyse(&laid, history, level, room, &test, err);
    if (status != HS_OK)
      return status;
    lows[trial] = test.low;
    highs[trial] = test.high;
  }
  return HS_OK;
}

enum hs_status hs_region_pairs_power(struct hs_arena *arena, const struct hs_region_design *design,
                                     const struct hs_region_history *history, size_t chunk_rows,
                                     size_t trial_count, double level, double power,
                                     struct hs_pairs_power *out, struct hs_err *err)
{
  struct hs_region_design laid = *design;
  struct hs_region_pair *pairs = NULL;
  size_t half = history->row_count / 2;
  size_t mark = hs_arena_mark(arena);
  if (half + design->window_rows > history->row_count)
    return hs_fail(err, HS_INSUFFICIENT,
                   "a window of %zu rows has no room in the second half of a history of %zu",
                   design->window_rows, history->row_count);
  enum hs_status status =
      hs_region_pairs_match(arena, history, half, chunk_rows, &pairs, &laid.pair_count, err);
  if (status != HS_OK)
    return status;
  laid.pairs = pairs;
  laid.pair_count = laid.pair_count < design->pair_count ? laid.pair_count : design->pair_count;
  size_t room = laid.pair_count + hs_pairs_room(laid.pair_count);
  double *numbers = hs_arena_alloc_raw(arena, room + 2 * trial_count, sizeof *numbers);
  if (numbers == NULL)
    return hs_arena_full(arena, "trials of the design", err);
  double *lows = numbers + room;
  status =
      try_out(&laid, history, half, trial_count, level, numbers, lows, lows + trial_count, err);
  if (status == HS_OK)
    *out = hs_pairs_power(lows, lows + trial_count, trial_count, trial_count, level, power);
  hs_arena_reset(arena, mark);
  return status;
}
