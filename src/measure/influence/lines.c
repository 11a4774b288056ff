/* The five lines of every partner: each comparison, and what all of them together allow to say. */
#include "measure/influence/lines.h"

#include <math.h>

#include "stats/distribution.h"
#include "stats/multiple.h"

#define POWER .8
#define SIDE_ERROR .05 /* of each of the two one-sided tests of flat */

const char *hs_line_kind_name(enum hs_line_kind kind)
{
  static const char *const NAMES[HS_LINE_KIND_COUNT] = {"first_met", "assisted", "self_reported",
                                                        "brand_search", "repeat_rate"};
  return NAMES[kind];
}

const char *hs_line_verdict_name(enum hs_line_verdict verdict)
{
  static const char *const NAMES[] = {"up", "flat", "down", "cannot_tell"};
  return NAMES[verdict];
}

const char *hs_line_gap_name(enum hs_line_gap gap)
{
  static const char *const NAMES[] = {
      "",          "nothing_recorded", "short_record", "too_few", "no_variation",
      "by_chance", "too_uncertain"};
  return NAMES[gap];
}

static struct hs_line blank_line(void)
{
  const double none = (double)NAN;
  return (struct hs_line){.verdict = HS_LINE_CANNOT_TELL,
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
static void take_ratio(struct hs_line *line, const struct hs_line_ratio *ratio, double margin)
{
  double middle = log(ratio->ratio);
  double wide = hs_t_quantile(.5 + HS_LINE_LEVEL / 2, ratio->df) * ratio->sd;
  double narrow = hs_t_quantile(1 - SIDE_ERROR, ratio->df) * ratio->sd;
  line->ratio = ratio->ratio;
  line->ratio_low = exp(middle - wide);
  line->ratio_high = exp(middle + wide);
  line->p = 2 * hs_t_cdf(-fabs(middle) / ratio->sd, ratio->df);
  line->detectable = exp(wide + hs_t_quantile(POWER, ratio->df) * ratio->sd);
  int is_flat = middle - narrow > -log(margin) && middle + narrow < log(margin);
  line->verdict = is_flat ? HS_LINE_FLAT : HS_LINE_CANNOT_TELL;
  line->gap = is_flat ? HS_LINE_NO_GAP : HS_LINE_TOO_UNCERTAIN;
}

/* ---- counted lines ---- */

static struct hs_line_ratio windows_compare(const struct hs_lines_input *input,
                                            enum hs_line_kind kind, size_t partner)
{
  size_t weeks = input->window_weeks;
  size_t after = input->week_count - weeks;
  const double *hits = input->hits[kind] + partner * input->week_count;
  const double *all = input->all[kind];
  return hs_line_compare_weeks(hits + after - weeks, all + after - weeks, hits + after, all + after,
                               weeks);
}

static double sum_of(const double *values, size_t count)
{
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += values[i];
  return sum;
}

/* Whether both windows have cases enough to be compared at all. */
static int is_long_enough(const struct hs_lines_input *input, enum hs_line_kind kind)
{
  size_t weeks = input->window_weeks;
  const double *after = input->all[kind] + input->week_count - weeks;
  return weeks >= HS_LINE_WEEKS_MIN && !input->is_short[kind] &&
         sum_of(after, weeks) >= HS_LINE_COUNT_MIN &&
         sum_of(after - weeks, weeks) >= HS_LINE_COUNT_MIN;
}

static struct hs_line counted_line(const struct hs_lines_input *input, enum hs_line_kind kind,
                                   size_t partner)
{
  struct hs_line line = blank_line();
  size_t compared = 2 * input->window_weeks;
  const double *hits = input->hits[kind] + (partner + 1) * input->week_count - compared;
  struct hs_line_ratio ratio = {.dispersion = 1};
  line.count = input->counts[kind][partner];
  line.of = input->of[kind];
  int is_long = is_long_enough(input, kind);
  if (is_long)
    ratio = windows_compare(input, kind, partner);
  if (line.of > 0)
    line.share = (double)line.count / (double)line.of;
  hs_line_share_interval(line.count, line.of, ratio.dispersion, &line.low, &line.high);
  if (line.of == 0)
    line.gap = HS_LINE_NOTHING_RECORDED;
  else if (!is_long)
    line.gap = HS_LINE_SHORT_RECORD;
  else if (sum_of(hits, compared) < HS_LINE_COUNT_MIN)
    line.gap = HS_LINE_TOO_FEW;
  else
    take_ratio(&line, &ratio, HS_LINE_MARGIN);
  return line;
}

/* ---- searches and second orders ---- */

/* From the first week in which the partner did anything: before it, nothing was to be followed. */
static size_t first_active_week(const double *activity, size_t count)
{
  size_t week = 0;
  while (week < count && !(activity[week] > 0))
    week++;
  return week > 0 && week < count ? week - 1 : week;
}

static struct hs_line search_line(const struct hs_lines_input *input, size_t partner, double *room)
{
  struct hs_line line = blank_line();
  const double *activity = input->activity + partner * input->week_count;
  size_t first = first_active_week(activity, input->week_count);
  size_t weeks = input->week_count - first;
  struct hs_line_ratio ratio;
  line.count = line.of = weeks;
  if (input->searches == NULL || weeks == 0)
    line.gap = HS_LINE_NOTHING_RECORDED;
  else if (weeks < HS_LINE_SEARCH_WEEKS_MIN)
    line.gap = HS_LINE_SHORT_RECORD;
  else if (!hs_line_compare_searches(input->searches + first,
                                     input->control == NULL ? NULL : input->control + first,
                                     activity + first, weeks, room, &ratio))
    line.gap = HS_LINE_NO_VARIATION;
  else
    take_ratio(&line, &ratio, HS_LINE_SEARCH_MARGIN);
  return line;
}

static struct hs_line repeat_line(const struct hs_lines_input *input, size_t partner)
{
  struct hs_line line = blank_line();
  line.count = input->returned[partner];
  line.of = input->brought[partner];
  if (line.of > 0)
    line.share = (double)line.count / (double)line.of;
  hs_line_share_interval(line.count, line.of, 1, &line.low, &line.high);
  uint64_t others = input->all_brought - line.of;
  if (input->all_brought == 0)
    line.gap = HS_LINE_NOTHING_RECORDED;
  else if (line.of < HS_LINE_COUNT_MIN || others < HS_LINE_COUNT_MIN)
    line.gap = HS_LINE_TOO_FEW;
  else {
    struct hs_line_ratio ratio =
        hs_line_compare_groups(line.count, line.of, input->all_returned - line.count, others);
    take_ratio(&line, &ratio, HS_LINE_MARGIN);
  }
  return line;
}

/* ---- the family ---- */

/* Up or down where a line says so by itself and among all partners. */
static void judge(struct hs_line *line)
{
  if (line->verdict == HS_LINE_FLAT || !(line->p <= 1 - HS_LINE_LEVEL))
    return;
  if (line->p_adjusted <= HS_LINE_FALSE_SHARE) {
    line->verdict = line->ratio > 1 ? HS_LINE_UP : HS_LINE_DOWN;
    line->gap = HS_LINE_NO_GAP;
  } else {
    line->gap = HS_LINE_BY_CHANCE;
  }
}

static void judge_family(const struct hs_lines_input *input, enum hs_line_kind kind,
                         struct hs_line *lines, double *p, size_t *order)
{
  for (size_t i = 0; i < input->partner_count; i++)
    p[i] = lines[i * HS_LINE_KIND_COUNT + kind].p;
  hs_benjamini_hochberg(p, input->partner_count, order, p);
  for (size_t i = 0; i < input->partner_count; i++) {
    struct hs_line *line = &lines[i * HS_LINE_KIND_COUNT + kind];
    line->p_adjusted = p[i];
    judge(line);
  }
}

enum hs_status hs_lines_fill(struct hs_arena *arena, const struct hs_lines_input *input,
                             struct hs_line *lines, struct hs_err *err)
{
  size_t mark = hs_arena_mark(arena);
  double *room = hs_arena_alloc_raw(arena, 4 * input->week_count, sizeof *room);
  double *p = hs_arena_alloc_raw(arena, input->partner_count, sizeof *p);
  size_t *order = hs_arena_alloc_raw(arena, input->partner_count, sizeof *order);
  if (room == NULL || p == NULL || order == NULL)
    return hs_arena_full(arena, "the lines of partners", err);
  HS_ASSERT(2 * input->window_weeks <= input->week_count);
  for (size_t i = 0; i < input->partner_count; i++) {
    struct hs_line *own = &lines[i * HS_LINE_KIND_COUNT];
    for (int kind = 0; kind < HS_LINE_COUNTED; kind++)
      own[kind] = counted_line(input, (enum hs_line_kind)kind, i);
    own[HS_LINE_BRAND_SEARCH] = search_line(input, i, room);
    own[HS_LINE_REPEAT_RATE] = repeat_line(input, i);
  }
  for (int kind = 0; kind < HS_LINE_KIND_COUNT; kind++)
    judge_family(input, (enum hs_line_kind)kind, lines, p, order);
  hs_arena_reset(arena, mark);
  return HS_OK;
}
