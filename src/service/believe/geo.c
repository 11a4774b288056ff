#include "service/believe/geo.h"

#include <math.h>

static void add_return(const struct hs_panel *costs, struct hs_geo_answer *answer)
{
  size_t start = answer->result.start;
  size_t after = answer->panel.period_count - start;
  struct hs_geo_return *returned = &answer->returned;
  returned->cost = 0;
  for (size_t i = 0; i < answer->treated_count; i++)
    for (size_t k = 0; k < answer->panel.period_count; k++) {
      double spent = costs->values[answer->treated[i] * costs->period_count + k];
      returned->cost += k < start ? -spent * (double)after / (double)start : spent;
    }
  if (!(returned->cost > 0) || answer->result.grade == HS_GRADE_D)
    return;
  returned->value = answer->result.incremental / returned->cost;
  returned->low = answer->result.incremental_low / returned->cost;
  returned->high = answer->result.incremental_high / returned->cost;
}

static enum hs_status ask_method(struct hs_arena *arena, const struct hs_geo_figures *read,
                                 struct hs_geo_answer *answer, struct hs_err *err)
{
  const struct hs_geo_request *request = &answer->request;
  int is_a_day_apart = read->is_day && read->step < 1.5;
  const struct hs_geo_input input = {
      .panel = &answer->panel,
      .treated = answer->treated,
      .treated_count = answer->treated_count,
      .donors = read->donors,
      .donor_count = read->donor_count,
      .start = read->start,
      .method = request->method,
      .without_fixed_effects = request->without_fixed_effects,
      .lambda = request->lambda,
      .season = hs_season_of_rows(request->season, HS_INFLUENCE_DEFAULT, is_a_day_apart),
      .level = request->level,
      .replicates = request->replicates,
      .seed = request->seed};
  return hs_geo_run(arena, &input, &answer->result, err);
}

/* What else happened can have done it too: one grade less, however many there were. */
static void lower_for_events(struct hs_geo_answer *answer)
{
  const struct hs_geo_request *request = &answer->request;
  struct hs_geo_result *result = &answer->result;
  const double *times = answer->panel.times;
  for (size_t i = 0; i < request->event_count; i++)
    answer->events_inside += request->events[i].first_day <= times[result->period_count - 1] &&
                             request->events[i].last_day >= times[result->start];
  if (answer->events_inside == 0 || result->grade == HS_GRADE_D)
    return;
  result->grade = (enum hs_grade)(result->grade + 1);
  result->grade_because = "placebos and comparison regions passed, but other things happened in "
                          "the window";
}

/* How much longer the window had to be, at the present noise. One longer than what lies before the
   start would rest on nothing. */
static void look_ahead(const struct hs_geo_figures *read, struct hs_geo_answer *answer)
{
  const struct hs_geo_result *result = &answer->result;
  double window = (double)(result->period_count - result->start);
  double needed = window * hs_times_to_decide(result->att, result->low, result->high);
  answer->periods_to_decide = (double)NAN;
  if (result->verdict == HS_INFLUENCE_UNDETERMINED && needed <= (double)result->start)
    answer->periods_to_decide = fmax(1, ceil(needed - window));
  answer->days_between = read->is_day ? read->step : (double)NAN;
}

static enum hs_status answer_question(struct hs_arena *arena, const struct hs_geo_request *request,
                                      const struct hs_geo_figures *read, struct hs_geo_answer *out,
                                      struct hs_err *err)
{
  struct hs_geo_answer answer = {
      .request = *request,
      .panel = read->panel,
      .treated = read->treated,
      .treated_count = read->treated_count,
      .row_count = read->row_count,
      .reject_count = read->reject_count,
      .planned_count = read->planned_count,
      .returned = {(double)NAN, (double)NAN, (double)NAN, (double)NAN},
  };
  if (request->event_count > 0 && !read->is_day)
    return hs_fail(err, HS_USAGE, "--event names days, and these periods are numbers");
  enum hs_status status = ask_method(arena, read, &answer, err);
  if (status != HS_OK)
    return status;
  lower_for_events(&answer);
  if (read->is_interim && answer.result.verdict != HS_INFLUENCE_REFUSED)
    answer.result.verdict = HS_INFLUENCE_INTERIM;
  look_ahead(read, &answer);
  if (request->cost.data != NULL)
    add_return(&read->costs, &answer);
  *out = answer;
  return HS_OK;
}

enum hs_status hs_geo_file(struct hs_arena *arena, const struct hs_io *io,
                           const struct hs_geo_request *request, hs_figures_reject_fn on_reject,
                           void *context, struct hs_geo_answer *out, struct hs_err *err)
{
  struct hs_geo_figures read;
  enum hs_status status = hs_geo_read(arena, io, request, on_reject, context, &read, err);
  return status == HS_OK ? answer_question(arena, request, &read, out, err) : status;
}

enum hs_status hs_geo_programme(struct hs_arena *arena, struct hs_programme *programme,
                                const struct hs_geo_request *request, struct hs_geo_answer *out,
                                struct hs_err *err)
{
  struct hs_geo_figures read;
  enum hs_status status = hs_geo_read_programme(arena, programme, request, &read, err);
  return status == HS_OK ? answer_question(arena, request, &read, out, err) : status;
}
