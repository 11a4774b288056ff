#include "service/believe/design_read.h"

#include "service/believe/geo.h"
#include "service/believe/panel_programme.h"
#include "service/believe/periods_programme.h"

static enum hs_status not_daily(struct hs_err *err)
{
  return hs_fail(err, HS_INVALID, "a design needs a row a day, with dates such as 2026-03-01");
}

static enum hs_status read_file(struct hs_arena *arena, const struct hs_io *io,
                                const struct hs_design_source *source,
                                const struct hs_periods_request *request, struct hs_periods *out,
                                struct hs_err *err)
{
  struct hs_source *file = NULL;
  enum hs_status status = hs_source_open(arena, io, source->path, &file, err);
  if (status != HS_OK)
    return status;
  status = hs_periods_read(arena, file, request, source->on_reject, source->context, out, err);
  hs_source_close(file);
  return status;
}

enum hs_status hs_design_read_days(struct hs_arena *arena, const struct hs_io *io,
                                   const struct hs_design_source *source,
                                   const struct hs_design *design, struct hs_design_days *out,
                                   struct hs_err *err)
{
  struct hs_periods periods = {0};
  const struct hs_periods_request request = {
      .delimiter = source->delimiter, .date = design->date, .outcome = design->outcome};
  enum hs_status status =
      source->programme != NULL
          ? hs_periods_of_programme(arena, source->programme, &request, &periods, err)
          : read_file(arena, io, source, &request, &periods, err);
  if (status != HS_OK)
    return status;
  if (!periods.is_day || (periods.count > 1 && periods.times[1] - periods.times[0] > 1))
    return not_daily(err);
  *out = (struct hs_design_days){.first_day = (int32_t)periods.times[0],
                                 .count = periods.count,
                                 .outcome = periods.outcome,
                                 .reject_count = periods.reject_count};
  return HS_OK;
}

enum hs_status hs_design_read_panel(struct hs_arena *arena, const struct hs_io *io,
                                    const struct hs_design_source *source,
                                    const struct hs_design *design, struct hs_panel *out,
                                    uint64_t *reject_count, struct hs_err *err)
{
  size_t row_count = 0;
  int is_day = 1;
  const struct hs_geo_request request = {.path = source->path,
                                         .delimiter = source->delimiter,
                                         .unit = design->unit,
                                         .time = design->date,
                                         .outcome = design->outcome};
  *reject_count = 0;
  enum hs_status status = source->programme != NULL
                              ? hs_panel_of_programme(arena, source->programme, design->outcome, 0,
                                                      out, &row_count, err)
                              : hs_geo_read_panel(arena, io, &request, source->on_reject,
                                                  source->context, out, &is_day, reject_count, err);
  if (status != HS_OK)
    return status;
  if (!is_day)
    return not_daily(err);
  for (size_t k = 1; k < out->period_count; k++)
    if (out->times[k] > out->times[k - 1] + 1)
      return hs_fail(err, HS_INVALID,
                     "a design needs a row a day, and no region has one between %.*s and %.*s",
                     HS_STR_ARG(out->periods[k - 1]), HS_STR_ARG(out->periods[k]));
  return HS_OK;
}

size_t hs_design_row(int32_t first_day, size_t count, int32_t day)
{
  int64_t row = (int64_t)day - first_day;
  return row <= 0 ? 0 : (uint64_t)row < count ? (size_t)row : count;
}
