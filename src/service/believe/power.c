#include "service/believe/power.h"

#include <math.h>

/* Windows that share no row come one after the other, so what is missing is whole windows. */
static size_t more_rows(const struct hs_power_answer *answer)
{
  size_t needed = hs_pairs_trials_min(answer->asked.power);
  if (!answer->power.power.is_too_few || answer->power.disjoint >= needed)
    return 0;
  return (needed - answer->power.disjoint) * answer->asked.window_rows;
}

static enum hs_status ask(struct hs_arena *arena, const struct hs_power_asking *asking,
                          const struct hs_periods *periods, struct hs_power_answer *out,
                          struct hs_err *err)
{
  struct hs_power_input input = {.history = asking->common,
                                 .mode = asking->mode,
                                 .window_rows = asking->window_rows,
                                 .date_count = asking->date_count,
                                 .power = asking->power};
  *out = (struct hs_power_answer){.asked = *asking, .reject_count = periods->reject_count};
  input.history.season = hs_season_of_periods(input.history.season, asking->mode, periods);
  input.history.outcome = periods->outcome;
  input.history.controls = (const double *const *)periods->controls;
  input.history.control_names = asking->file.controls;
  input.history.control_count = asking->file.control_count;
  input.history.count = periods->count;
  out->days_between =
      periods->is_day && periods->count > 1 ? periods->times[1] - periods->times[0] : (double)NAN;
  enum hs_status status = HS_OK;
  if (asking->until.data != NULL)
    status = hs_periods_before(periods, "until", asking->until, &input.history.count, err);
  if (status == HS_OK)
    status = hs_power(arena, &input, &out->power, err);
  out->more_rows = status == HS_OK ? more_rows(out) : 0;
  return status;
}

enum hs_status hs_power_file(struct hs_arena *arena, const struct hs_io *io,
                             const struct hs_power_asking *asking, hs_figures_reject_fn on_reject,
                             void *context, struct hs_power_answer *out, struct hs_err *err)
{
  struct hs_periods periods = {0};
  struct hs_source *source = NULL;
  enum hs_status status = hs_source_open(arena, io, asking->file.path, &source, err);
  if (status != HS_OK)
    return status;
  status = hs_periods_read(arena, source, &asking->file, on_reject, context, &periods, err);
  hs_source_close(source);
  return status == HS_OK ? ask(arena, asking, &periods, out, err) : status;
}

enum hs_status hs_power_programme(struct hs_arena *arena, struct hs_programme *programme,
                                  const struct hs_power_asking *asking, struct hs_power_answer *out,
                                  struct hs_err *err)
{
  struct hs_periods periods = {0};
  enum hs_status status = hs_periods_of_programme(arena, programme, &asking->file, &periods, err);
  return status == HS_OK ? ask(arena, asking, &periods, out, err) : status;
}
