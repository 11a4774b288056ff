#include "measure/influence/power.h"

#include <math.h>
#include <string.h>

struct dates {
  size_t first, last; /* rows at which a window may begin */
  size_t count;
};

static size_t date_of(const struct dates *dates, size_t i)
{
  return dates->count == 1 ? dates->last
                           : dates->first + i * (dates->last - dates->first) / (dates->count - 1);
}

/* Half of the history, or what the method needs at least, is left for learning. */
static enum hs_status choose_dates(const struct hs_power_input *input, struct dates *out,
                                   struct hs_err *err)
{
  size_t rows = input->history.count;
  size_t before = rows / 3 > HS_POWER_BEFORE_MIN ? rows / 3 : HS_POWER_BEFORE_MIN;
  if (input->window_rows > rows || before > rows - input->window_rows)
    return hs_fail(err, HS_INSUFFICIENT,
                   "a history of %zu rows has no room for a window of %zu behind %zu to learn from",
                   rows, input->window_rows, before);
  out->first = before;
  out->last = rows - input->window_rows;
  out->count = out->last - out->first + 1;
  out->count = out->count < input->date_count ? out->count : input->date_count;
  return HS_OK;
}

/* A date's interval as shares of what was predicted; 0 when there is none. */
static enum hs_status try_date(struct hs_arena *arena, const struct hs_power_input *input,
                               size_t start, int *has, double *low, double *high,
                               struct hs_err *err)
{
  struct hs_influence_input question = input->history;
  struct hs_influence_result result;
  size_t mark = hs_arena_mark(arena);
  question.start = start;
  question.count = question.end = start + input->window_rows;
  enum hs_status status = hs_influence_method(input->mode)(arena, &question, &result, err);
  *has = status == HS_OK && result.verdict != HS_INFLUENCE_REFUSED &&
         result.average.predicted > 0 && isfinite(result.average.low);
  if (*has) {
    *low = result.average.low / result.average.predicted;
    *high = result.average.high / result.average.predicted;
  }
  hs_arena_reset(arena, mark);
  return status;
}

static size_t disjoint_of(const struct dates *dates, size_t window_rows)
{
  size_t disjoint = 0;
  size_t free_from = 0;
  for (size_t i = 0; i < dates->count; i++)
    if (date_of(dates, i) >= free_from) {
      disjoint++;
      free_from = date_of(dates, i) + window_rows;
    }
  return disjoint;
}

/* The arrays stay as they were for hs_power_at. Overlapping windows are near copies, so the false
   positives count as so many as are disjoint. */
static enum hs_status summarise(struct hs_arena *arena, const struct hs_power_input *input,
                                struct hs_power *out, struct hs_err *err)
{
  size_t disjoint = out->disjoint < out->date_count ? out->disjoint : out->date_count;
  double *lows = hs_arena_alloc_raw(arena, out->date_count, sizeof *lows);
  if (lows == NULL)
    return hs_arena_full(arena, "the dates of the power", err);
  memcpy(lows, out->lows, out->date_count * sizeof *lows);
  out->disjoint = disjoint;
  out->power = hs_pairs_power(lows, out->highs, out->date_count, disjoint, input->history.level,
                              input->power);
  return HS_OK;
}

enum hs_status hs_power(struct hs_arena *arena, const struct hs_power_input *input,
                        struct hs_power *out, struct hs_err *err)
{
  struct dates dates = {0};
  HS_ASSERT(input->window_rows >= 1 && input->date_count >= 1);
  enum hs_status status = choose_dates(input, &dates, err);
  if (status != HS_OK)
    return status;
  *out = (struct hs_power){.disjoint = disjoint_of(&dates, input->window_rows)};
  out->lows = hs_arena_alloc_raw(arena, dates.count, sizeof *out->lows);
  out->highs = hs_arena_alloc_raw(arena, dates.count, sizeof *out->highs);
  if (out->lows == NULL || out->highs == NULL)
    return hs_arena_full(arena, "the dates of the power", err);
  for (size_t i = 0; i < dates.count; i++) {
    int has = 0;
    status = try_date(arena, input, date_of(&dates, i), &has, &out->lows[out->date_count],
                      &out->highs[out->date_count], err);
    if (status != HS_OK)
      return status;
    out->date_count += (size_t)has;
    out->refused_count += !has;
  }
  if (out->date_count == 0)
    return hs_fail(err, HS_INSUFFICIENT,
                   "at none of %zu dates of the history had the method an "
                   "interval",
                   dates.count);
  return summarise(arena, input, out, err);
}

double hs_power_at(const struct hs_power *power, double effect)
{
  return hs_pairs_found(power->lows, power->highs, power->date_count, effect);
}
