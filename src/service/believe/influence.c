#include "service/believe/influence.h"

#include "measure/influence/default.h"
#include "measure/influence/parity.h"
#include "service/believe/season.h"

/* The rows of the window; hs_influence_check has the last word on them. */
static enum hs_status find_window(const struct hs_influence_request *request,
                                  const struct hs_periods *periods,
                                  struct hs_influence_input *input, int *is_interim,
                                  struct hs_err *err)
{
  size_t last = periods->count - 1;
  *is_interim = 0;
  if (request->start.data == NULL)
    return hs_fail(err, HS_USAGE, "--start says when it began, and is missing");
  enum hs_status status = hs_periods_from(periods, "start", request->start, &input->start, err);
  if (status == HS_OK && request->end.data != NULL)
    status = hs_periods_until(periods, "end", request->end, &last, is_interim, err);
  input->end = last + 1;
  return status;
}

/* What else happened can have done it too: one grade less, however many there were. */
static void lower_for_events(struct hs_influence_answer *answer)
{
  const struct hs_influence_request *request = &answer->request;
  const struct hs_periods *periods = &answer->periods;
  struct hs_influence_result *result = &answer->result;
  for (size_t i = 0; i < request->event_count; i++)
    answer->events_inside += request->events[i].first_day <= periods->times[result->end - 1] &&
                             request->events[i].last_day >= periods->times[result->start];
  if (answer->events_inside == 0 || result->grade == HS_GRADE_D)
    return;
  result->grade = (enum hs_grade)(result->grade + 1);
  result->grade_because = "other things happened in the window";
}

/* A look before the end gives figures: who stops at the first good ones is wrong far more often
   than the level says. */
static void hold_verdict_back(struct hs_influence_result *result)
{
  if (result->verdict != HS_INFLUENCE_REFUSED)
    result->verdict = HS_INFLUENCE_INTERIM;
}

static enum hs_status ask(struct hs_arena *arena, const struct hs_influence_request *request,
                          const struct hs_influence_input *input, struct hs_influence_result *out,
                          struct hs_err *err)
{
  if (request->mode == HS_INFLUENCE_PARITY)
    return hs_influence_parity(arena, input, out, err);
  return hs_influence_default(arena, input, out, err);
}

/* answer->periods is there, and the request; the result is filled in. */
static enum hs_status judge(struct hs_arena *arena, struct hs_influence_answer *answer,
                            struct hs_err *err)
{
  const struct hs_influence_request *request = &answer->request;
  const double **controls = hs_arena_alloc(arena, request->file.control_count, sizeof *controls);
  if (controls == NULL)
    return hs_arena_full(arena, "controls", err);
  for (size_t c = 0; c < request->file.control_count; c++)
    controls[c] = answer->periods.controls[c];
  struct hs_influence_input input = {
      .outcome = answer->periods.outcome,
      .count = answer->periods.count,
      .controls = controls,
      .control_count = request->file.control_count,
      .control_names = request->file.controls,
      .season = hs_season_of_periods(request->season, request->mode, &answer->periods),
      .level = request->level,
      .seed = request->seed,
      .draws = request->draws,
      .threads = request->threads};
  int is_interim = 0;
  enum hs_status status =
      hs_declared_check(request->events, request->event_count, answer->periods.is_day, err);
  if (status == HS_OK)
    status = find_window(request, &answer->periods, &input, &is_interim, err);
  if (status == HS_OK)
    status = ask(arena, request, &input, &answer->result, err);
  if (status != HS_OK)
    return status;
  lower_for_events(answer);
  if (is_interim)
    hold_verdict_back(&answer->result);
  return HS_OK;
}

enum hs_status hs_influence_file(struct hs_arena *arena, const struct hs_io *io,
                                 const struct hs_influence_request *request,
                                 hs_figures_reject_fn on_reject, void *context,
                                 struct hs_influence_answer *out, struct hs_err *err)
{
  struct hs_influence_answer answer = {.request = *request};
  struct hs_source *source = NULL;
  enum hs_status status = hs_source_open(arena, io, request->path, &source, err);
  if (status != HS_OK)
    return status;
  status = hs_periods_read(arena, source, &request->file, on_reject, context, &answer.periods, err);
  hs_source_close(source);
  if (status == HS_OK)
    status = judge(arena, &answer, err);
  if (status == HS_OK)
    *out = answer;
  return status;
}

enum hs_status hs_influence_programme(struct hs_arena *arena, struct hs_programme *programme,
                                      const struct hs_influence_request *request,
                                      struct hs_influence_answer *out, struct hs_err *err)
{
  struct hs_influence_answer answer = {.request = *request};
  enum hs_status status =
      hs_periods_of_programme(arena, programme, &request->file, &answer.periods, err);
  if (status == HS_OK)
    status = judge(arena, &answer, err);
  if (status == HS_OK)
    *out = answer;
  return status;
}
