#include "service/believe/halo.h"

#include <math.h>

#include "measure/influence/holdout.h"
#include "service/believe/season.h"

/* A design that takes longer is for nobody. */
#define WEEKS_MAX 104.0
/* Six pairs of blocks of a week are the fewest that can reach 5 %. */
#define SWITCHBACK_WEEKS_MIN 12.0
#define REGIONS_WEEKS_MIN 4.0
/* Two days of seven are left out for what carries over. */
#define CARRY_SHARE (2.0 / 7.0)
#define HOLD_OUT_HALF_WIDTH .1

enum { COLUMN_TRACKED, COLUMN_LINES };

/* ---- the file ---- */

static enum hs_status read_file(struct hs_arena *arena, const struct hs_io *io,
                                const struct hs_halo_asking *a, struct hs_spaced *out,
                                struct hs_err *err)
{
  size_t count = 0;
  struct hs_str *columns =
      hs_arena_alloc(arena, a->line_count + a->control_count + 2, sizeof *columns);
  if (columns == NULL)
    return hs_arena_full(arena, "names of columns", err);
  columns[count++] = a->tracked;
  for (size_t i = 0; i < a->line_count; i++)
    columns[count++] = a->lines[i];
  for (size_t i = 0; i < a->control_count; i++)
    columns[count++] = a->controls[i];
  if (a->total.data != NULL)
    columns[count++] = a->total;
  return hs_spaced_read(arena, io, &a->file, columns, count, out, err);
}

static enum hs_status outside(const struct hs_spaced *s, const char *option, struct hs_str text,
                              struct hs_err *err)
{
  char first[HS_TIME_TEXT];
  char last[HS_TIME_TEXT];
  hs_spaced_format(s, 0, first);
  hs_spaced_format(s, s->row_count - 1, last);
  return hs_fail(err, HS_USAGE, "--%s is %.*s; the file has %s to %s", option, HS_STR_ARG(text),
                 first, last);
}

/* Rows of the window; an end that the figures have not reached leaves it open. */
static enum hs_status find_window(const struct hs_halo_asking *a, struct hs_halo_answer *out,
                                  struct hs_err *err)
{
  const struct hs_spaced *s = &out->spaced;
  int32_t time = 0;
  enum hs_status status = hs_spaced_time(s, "start", a->start, &time, err);
  if (status != HS_OK)
    return status;
  out->start = hs_spaced_row(s, time);
  out->end = s->row_count;
  if (time < s->first || out->start == s->row_count)
    return outside(s, "start", a->start, err);
  if (a->end.data == NULL)
    return HS_OK;
  status = hs_spaced_time(s, "end", a->end, &time, err);
  if (status != HS_OK)
    return status;
  if (time < s->first)
    return outside(s, "end", a->end, err);
  out->is_interim = time > s->first + (int32_t)(s->row_count - 1) * s->step;
  if (!out->is_interim)
    out->end = hs_spaced_row(s, time + 1);
  return HS_OK;
}

static enum hs_status mark_another(struct hs_arena *arena, const struct hs_halo_asking *a,
                                   const struct hs_spaced *s, unsigned char **out,
                                   struct hs_err *err)
{
  if (a->another_count == 0)
    return HS_OK;
  *out = hs_arena_alloc(arena, s->row_count, 1);
  if (*out == NULL)
    return hs_arena_full(arena, "the rows of another partner", err);
  for (size_t i = 0; i < a->another_count; i++) {
    int32_t first = 0;
    int32_t last = 0;
    enum hs_status status = hs_spaced_time(s, "another", a->another[i].first, &first, err);
    if (status == HS_OK)
      status = hs_spaced_time(s, "another", a->another[i].last, &last, err);
    if (status != HS_OK)
      return status;
    for (size_t row = hs_spaced_row(s, first); row < hs_spaced_row(s, last + 1); row++)
      (*out)[row] = 1;
  }
  return HS_OK;
}

/* ---- what follows ---- */

static void lower_for_events(const struct hs_halo_asking *a, struct hs_halo_answer *out)
{
  const struct hs_spaced *s = &out->spaced;
  for (size_t i = 0; i < a->event_count; i++)
    out->events_inside += hs_spaced_row(s, a->events[i].first_day) < out->end &&
                          a->events[i].last_day >= s->first + (int32_t)out->start * s->step;
  if (out->events_inside > 0 && out->halo.grade < HS_GRADE_D)
    out->halo.grade = (enum hs_grade)(out->halo.grade + 1);
}

static double orders_of_hold_out(const struct hs_honesty_options *honesty)
{
  const struct hs_holdout_plan plan = {.orders_week = 1,
                                       .held_share = .5,
                                       .half_width = HOLD_OUT_HALF_WIDTH,
                                       .mass = honesty->mass,
                                       .power = honesty->power};
  return hs_holdout_size(&plan).orders;
}

/* Noise of a week from what the method missed row by row; a switch-back and regions compare halves,
   which doubles it, and the regions are taken for independent of each other. */
static void settle(const struct hs_halo_asking *a, struct hs_halo_answer *out)
{
  const struct hs_halo *halo = &out->halo;
  double rows_week = 7.0 / out->spaced.step;
  double weeks = (double)halo->judged_count / rows_week;
  double noise = halo->noise_row * sqrt(rows_week);
  if (!out->spaced.is_day || halo->verdict != HS_HALO_TOLD || !(noise > 0) || !(halo->tracked > 0))
    return;
  struct hs_settle_question question = {.tracked_week = halo->tracked / weeks,
                                        .ratio = halo->honesty.ratio.mean,
                                        .honesty = a->honesty,
                                        .weeks_max = WEEKS_MAX};
  question.ways[HS_SETTLE_WAIT] =
      (struct hs_settle_way){1, halo->total.reconciled.sd / sqrt(weeks), 0, 1};
  question.ways[HS_SETTLE_SWITCHBACK] = (struct hs_settle_way){
      a->can_switch, 2 * noise / sqrt(1 - CARRY_SHARE), .5, SWITCHBACK_WEEKS_MIN};
  question.ways[HS_SETTLE_REGIONS] =
      (struct hs_settle_way){a->can_withhold_regions, 2 * noise, .5, REGIONS_WEEKS_MIN};
  out->settle = hs_honesty_settle(&question);
  out->has_settle = 1;
}

const char *hs_halo_verdict_words(const struct hs_halo_answer *answer)
{
  if (answer->is_interim)
    return "interim, no verdict";
  switch (answer->halo.verdict) {
  case HS_HALO_REFUSED:
    return "refused";
  case HS_HALO_JOINT:
    return "only the joint effect of both partners";
  case HS_HALO_TOLD:
    break;
  }
  return hs_honesty_verdict_name(answer->halo.honesty.verdict);
}

static struct hs_halo_input input_of(const struct hs_halo_asking *a,
                                     const struct hs_halo_answer *out, const unsigned char *another)
{
  const struct hs_spaced *s = &out->spaced;
  size_t lines_end = COLUMN_LINES + a->line_count;
  struct hs_halo_input input = {.common = a->common,
                                .mode = a->mode,
                                .tracked = s->series[COLUMN_TRACKED],
                                .lines = (const double *const *)s->series + COLUMN_LINES,
                                .names = a->lines,
                                .line_count = a->line_count,
                                .honesty = a->honesty,
                                .another = another};
  if (a->total.data != NULL)
    input.total = s->series[lines_end + a->control_count];
  input.common.controls = (const double *const *)s->series + lines_end;
  input.common.control_names = a->controls;
  input.common.control_count = a->control_count;
  input.common.count = s->row_count;
  input.common.season = hs_season_of_spaced(a->common.season, a->mode, s);
  input.common.start = out->start;
  input.common.end = out->end;
  return input;
}

/* Before the end nothing of the table is a verdict. */
static void hide_verdicts(struct hs_halo *halo)
{
  for (size_t i = 0; i < halo->line_count; i++)
    halo->lines[i].verdict = HS_INFLUENCE_INTERIM;
  halo->total.verdict = HS_INFLUENCE_INTERIM;
}

/* out->asked, its series and its window are there; the rest is filled in. */
static enum hs_status judge(struct hs_arena *arena, const unsigned char *another,
                            struct hs_halo_answer *out, struct hs_err *err)
{
  const struct hs_halo_asking *asking = &out->asked;
  const struct hs_belief kappa = {.mean = asking->kappa, .sd = asking->kappa_sd};
  struct hs_halo_input input = input_of(asking, out, another);
  if (!isnan(asking->kappa))
    input.kappa = &kappa;
  enum hs_status status =
      hs_declared_check(asking->events, asking->event_count, out->spaced.is_day, err);
  if (status == HS_OK)
    status = hs_halo(arena, &input, &out->halo, err);
  if (status != HS_OK)
    return status;
  lower_for_events(asking, out);
  if (out->is_interim)
    hide_verdicts(&out->halo);
  else
    settle(asking, out);
  out->hold_out_orders = orders_of_hold_out(&asking->honesty);
  return HS_OK;
}

enum hs_status hs_halo_ask(struct hs_arena *arena, const struct hs_io *io,
                           const struct hs_halo_asking *asking, struct hs_halo_answer *out,
                           struct hs_err *err)
{
  unsigned char *another = NULL;
  *out = (struct hs_halo_answer){.asked = *asking};
  enum hs_status status = read_file(arena, io, asking, &out->spaced, err);
  if (status == HS_OK)
    status = find_window(asking, out, err);
  if (status == HS_OK)
    status = mark_another(arena, asking, &out->spaced, &another, err);
  return status == HS_OK ? judge(arena, another, out, err) : status;
}

enum hs_status hs_halo_meet(struct hs_arena *arena, const struct hs_meeting *meeting,
                            const struct hs_meeting_partner *partner,
                            const struct hs_halo_asking *asking, struct hs_halo_answer *out,
                            struct hs_err *err)
{
  struct hs_halo_answer answer = {.asked = *asking,
                                  .partner = partner->title,
                                  .start = partner->start,
                                  .end = partner->end,
                                  .is_interim = partner->is_interim};
  unsigned char *another = NULL;
  enum hs_status status = hs_meeting_series(arena, meeting, partner, &answer.spaced,
                                            &answer.asked.lines, &answer.asked.line_count, err);
  answer.asked.total = (struct hs_str){0};
  answer.asked.controls = meeting->options.controls;
  answer.asked.control_count = meeting->options.control_count;
  if (status == HS_OK)
    status = mark_another(arena, asking, &answer.spaced, &another, err);
  if (status == HS_OK)
    status = judge(arena, another, &answer, err);
  if (status == HS_OK)
    *out = answer;
  return status;
}
