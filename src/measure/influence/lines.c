/* The five lines of every partner: each comparison, and what all of them together allow to say. */
#include "measure/influence/lines.h"

#include <math.h>

#include "stats/distribution.h"
#include "stats/multiple.h"

#define POWER .8
#define SIDE_ERROR .05 /* of each of the two one-sided tests of flat */

const char *hs_lines_kind_name(enum hs_lines_kind kind)
{
  static const char *const NAMES[HS_LINES_KIND_COUNT] = {"first_met", "assisted", "self_reported",
                                                         "brand_search", "repeat_rate"};
  return NAMES[kind];
}

const char *hs_lines_verdict_name(enum hs_lines_verdict verdict)
{
  static const char *const NAMES[] = {"up", "flat", "down", "cannot_tell"};
  return NAMES[verdict];
}

const char *hs_lines_gap_name(enum hs_lines_gap gap)
{
  static const char *const NAMES[] = {
      "",          "nothing_recorded", "short_record", "too_few", "no_variation",
      "by_chance", "too_uncertain"};
  return NAMES[gap];
}

static struct hs_lines_line blank_line(void)
{
  const double none = (double)NAN;
  return (struct hs_lines_line){.verdict = HS_LINES_CANNOT_TELL,
                                .share = none,
                                .low = none,
                                .high = none,
                                .ratio = none,
                                .ratio_low = none,
                                .ratio_high = none,
                                .p = none,
                                .p_adjusted = none,
                                .detectable = none};
}

/* What one comparison says by itself; up or down waits for the other partners. */
static void take_ratio(struct hs_lines_line *line, const struct hs_lines_ratio *ratio,
                       double margin)
{
  double middle = log(ratio->ratio);
  double wide = hs_t_quantile(.5 + HS_LINES_LEVEL / 2, ratio->df) * ratio->sd;
  double narrow = hs_t_quantile(1 - SIDE_ERROR, ratio->df) * ratio->sd;
  line->ratio = ratio->ratio;
  line->ratio_low = exp(middle - wide);
  line->ratio_high = exp(middle + wide);
  line->p = 2 * hs_t_cdf(-fabs(middle) / ratio->sd, ratio->df);
  line->detectable = exp(wide + hs_t_quantile(POWER, ratio->df) * ratio->sd);
  int is_flat = middle - narrow > -log(margin) && middle + narrow < log(margin);
  line->verdict = is_flat ? HS_LINES_FLAT : HS_LINES_CANNOT_TELL;
  line->gap = is_flat ? HS_LINES_NO_GAP : HS_LINES_TOO_UNCERTAIN;
}

/* ---- counted lines ---- */

static struct hs_lines_ratio windows_compare(const struct hs_lines_input *input,
                                             enum hs_lines_kind kind, size_t partner)
{
  size_t weeks = input->window_weeks;
  size_t after = input->week_count - weeks;
  const double *hits = input->hits[kind] + partner * input->week_count;
  const double *all = input->all[kind];
  return hs_lines_compare_weeks(hits + after - weeks, all + after - weeks, hits + after,
                                all + after, weeks);
}

static double sum_of(const double *values, size_t count)
{
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += values[i];
  return sum;
}

/* Whether both windows have cases enough to be compared at all. */
static int is_long_enough(const struct hs_lines_input *input, enum hs_lines_kind kind)
{
  size_t weeks = input->window_weeks;
  const double *after = input->all[kind] + input->week_count - weeks;
  return weeks >= HS_LINES_WEEKS_MIN && !input->is_short[kind] &&
         sum_of(after, weeks) >= HS_LINES_COUNT_MIN &&
         sum_of(after - weeks, weeks) >= HS_LINES_COUNT_MIN;
}

static struct hs_lines_line counted_line(const struct hs_lines_input *input,
                                         enum hs_lines_kind kind, size_t partner)
{
  struct hs_lines_line line = blank_line();
  size_t compared = 2 * input->window_weeks;
  const double *hits = input->hits[kind] + (partner + 1) * input->week_count - compared;
  struct hs_lines_ratio ratio = {.dispersion = 1};
  line.count = input->counts[kind][partner];
  line.of = input->of[kind];
  int is_long = is_long_enough(input, kind);
  if (is_long)
    ratio = windows_compare(input, kind, partner);
  if (line.of > 0)
    line.share = (double)line.count / (double)line.of;
  hs_lines_share_interval(line.count, line.of, ratio.dispersion, &line.low, &line.high);
  if (line.of == 0)
    line.gap = HS_LINES_NOTHING_RECORDED;
  else if (!is_long)
    line.gap = HS_LINES_SHORT_RECORD;
  else if (sum_of(hits, compared) < HS_LINES_COUNT_MIN)
    line.gap = HS_LINES_TOO_FEW;
  else
    take_ratio(&line, &ratio, HS_LINES_MARGIN);
  return line;
}

/* ---- searches and second orders ---- */

/* The first week to look at: the one before the partner first did anything, so that its beginning
   counts and what was long before does not. */
static size_t first_search_week(const struct hs_lines_input *input, const double *activity)
{
  size_t week = input->search_from;
  while (week < input->search_until && !(activity[week] > 0))
    week++;
  return week > input->search_from && week < input->search_until ? week - 1 : week;
}

static struct hs_lines_line search_line(const struct hs_lines_input *input, size_t partner,
                                        double *room)
{
  struct hs_lines_line line = blank_line();
  const double *activity = input->activity + partner * input->week_count;
  size_t first = input->searches == NULL ? 0 : first_search_week(input, activity);
  size_t weeks = input->searches == NULL ? 0 : input->search_until - first;
  struct hs_lines_ratio ratio;
  line.count = line.of = weeks;
  if (weeks == 0)
    line.gap = HS_LINES_NOTHING_RECORDED;
  else if (weeks < HS_LINES_SEARCH_WEEKS_MIN)
    line.gap = HS_LINES_SHORT_RECORD;
  else if (!hs_lines_compare_searches(input->searches + first,
                                      input->control == NULL ? NULL : input->control + first,
                                      activity + first, weeks, room, &ratio))
    line.gap = HS_LINES_NO_VARIATION;
  else
    take_ratio(&line, &ratio, HS_LINES_SEARCH_MARGIN);
  return line;
}

static struct hs_lines_line repeat_line(const struct hs_lines_input *input, size_t partner)
{
  struct hs_lines_line line = blank_line();
  line.count = input->returned[partner];
  line.of = input->brought[partner];
  if (line.of > 0)
    line.share = (double)line.count / (double)line.of;
  hs_lines_share_interval(line.count, line.of, 1, &line.low, &line.high);
  uint64_t others = input->all_brought - line.of;
  if (input->all_brought == 0)
    line.gap = HS_LINES_NOTHING_RECORDED;
  else if (line.of < HS_LINES_COUNT_MIN || others < HS_LINES_COUNT_MIN)
    line.gap = HS_LINES_TOO_FEW;
  else {
    struct hs_lines_ratio ratio =
        hs_lines_compare_groups(line.count, line.of, input->all_returned - line.count, others);
    take_ratio(&line, &ratio, HS_LINES_MARGIN);
  }
  return line;
}

/* ---- the family ---- */

/* Up or down where a line says so by itself and among all partners. */
static void judge(struct hs_lines_line *line)
{
  if (line->verdict == HS_LINES_FLAT || !(line->p <= 1 - HS_LINES_LEVEL))
    return;
  if (line->p_adjusted <= HS_LINES_FALSE_SHARE) {
    line->verdict = line->ratio > 1 ? HS_LINES_UP : HS_LINES_DOWN;
    line->gap = HS_LINES_NO_GAP;
  } else {
    line->gap = HS_LINES_BY_CHANCE;
  }
}

static void judge_family(const struct hs_lines_input *input, enum hs_lines_kind kind,
                         struct hs_lines_line *lines, double *p, size_t *order)
{
  for (size_t i = 0; i < input->partner_count; i++)
    p[i] = lines[i * HS_LINES_KIND_COUNT + kind].p;
  hs_benjamini_hochberg(p, input->partner_count, order, p);
  for (size_t i = 0; i < input->partner_count; i++) {
    struct hs_lines_line *line = &lines[i * HS_LINES_KIND_COUNT + kind];
    line->p_adjusted = p[i];
    judge(line);
  }
}

enum hs_status hs_lines_fill(struct hs_arena *arena, const struct hs_lines_input *input,
                             struct hs_lines_line *lines, struct hs_err *err)
{
  size_t mark = hs_arena_mark(arena);
  double *room = hs_arena_alloc_raw(arena, 4 * input->week_count, sizeof *room);
  double *p = hs_arena_alloc_raw(arena, input->partner_count, sizeof *p);
  size_t *order = hs_arena_alloc_raw(arena, input->partner_count, sizeof *order);
  if (room == NULL || p == NULL || order == NULL)
    return hs_arena_full(arena, "the lines of partners", err);
  HS_ASSERT(2 * input->window_weeks <= input->week_count);
  for (size_t i = 0; i < input->partner_count; i++) {
    struct hs_lines_line *own = &lines[i * HS_LINES_KIND_COUNT];
    for (int kind = 0; kind < HS_LINES_COUNTED; kind++)
      own[kind] = counted_line(input, (enum hs_lines_kind)kind, i);
    own[HS_LINES_BRAND_SEARCH] = search_line(input, i, room);
    own[HS_LINES_REPEAT_RATE] = repeat_line(input, i);
  }
  for (int kind = 0; kind < HS_LINES_KIND_COUNT; kind++)
    judge_family(input, (enum hs_lines_kind)kind, lines, p, order);
  hs_arena_reset(arena, mark);
  return HS_OK;
}
