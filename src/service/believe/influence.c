#include "service/believe/influence.h"

#include "measure/influence/default.h"
#include "measure/influence/parity.h"

/* The rows of the window; hs_influence_check has the last word on them. */
static enum hs_status find_window(const struct hs_influence_request *request,
                                  const struct hs_periods *periods,
                                  struct hs_influence_input *input, struct hs_err *err)
{
  size_t last = periods->count - 1;
  if (request->start.data == NULL)
    return hs_fail(err, HS_USAGE, "--start says when it began, and is missing");
  enum hs_status status = hs_periods_from(periods, "start", request->start, &input->start, err);
  if (status == HS_OK && request->end.data != NULL)
    status = hs_periods_until(periods, "end", request->end, &last, err);
  input->end = last + 1;
  return status;
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
  struct hs_influence_input input = {.outcome = answer->periods.outcome,
                                     .count = answer->periods.count,
                                     .controls = controls,
                                     .control_count = request->file.control_count,
                                     .control_names = request->file.controls,
                                     .season = request->season,
                                     .level = request->level,
                                     .seed = request->seed,
                                     .draws = request->draws,
                                     .threads = request->threads};
  enum hs_status status = find_window(request, &answer->periods, &input, err);
  return status == HS_OK ? ask(arena, request, &input, &answer->result, err) : status;
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
