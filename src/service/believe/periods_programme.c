#include "service/believe/periods_programme.h"

#include <math.h>

/* One name, read twice: which days it has, then its figures. */
struct reading {
  struct hs_programme *programme;
  struct hs_str name; /* as asked for */
  struct hs_str metric, region;
  int is_orders, is_revenue;
  int64_t first, last;   /* days; first above last while there is none */
  double *days;          /* from first on; NULL in the first pass */
  unsigned char *is_all; /* the day has a figure of everywhere */
};

static struct reading reading_of(struct hs_programme *programme, struct hs_str name)
{
  struct reading reading = {.programme = programme, .name = name, .first = 0, .last = -1};
  reading.region = name;
  reading.metric = hs_str_cut(&reading.region, '@');
  reading.is_orders = hs_str_equal(name, HS_STR("orders"));
  reading.is_revenue = hs_str_equal(name, HS_STR("revenue"));
  return reading;
}

static void stretch(struct reading *reading, int64_t day)
{
  if (reading->first > reading->last)
    reading->first = reading->last = day;
  reading->first = day < reading->first ? day : reading->first;
  reading->last = day > reading->last ? day : reading->last;
}

/* As journeys count orders: in the programme's currency, not taken back whole. */
static int is_counted(const struct reading *reading, const struct hs_order_batch *batch, size_t i)
{
  return hs_str_equal(batch->currency[i], hs_str_of(reading->programme->currency.code)) &&
         !(batch->amount_minor[i] > 0 && batch->refunded_minor[i] >= batch->amount_minor[i]);
}

static enum hs_status take_orders(void *context, const struct hs_order_batch *batch,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct reading *reading = context;
  double unit = hs_currency_minor_unit(reading->programme->currency);
  for (size_t i = 0; i < batch->count; i++) {
    int64_t day = hs_zone_day_of_us(reading->programme->zone, batch->at_us[i]);
    if (!is_counted(reading, batch, i))
      continue;
    if (reading->days == NULL)
      stretch(reading, day);
    else if (reading->is_orders)
      reading->days[day - reading->first]++;
    else
      reading->days[day - reading->first] +=
          (double)(batch->amount_minor[i] - batch->refunded_minor[i]) * unit;
  }
  return HS_OK;
}

static enum hs_status scan_orders(struct reading *reading, struct hs_err *err)
{
  const struct hs_trail *trail = &reading->programme->trail;
  const struct hs_scan scan = {
      .from_us = INT64_MIN, .until_us = INT64_MAX, .refund_until_us = INT64_MAX, .part_count = 1};
  return trail->scan_orders(trail->self, &scan, take_orders, reading, err);
}

/* A day's figure of everywhere comes before those of its regions. */
static enum hs_status take_figure(void *context, const struct hs_series_figure *figure,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct reading *reading = context;
  int is_all = figure->region.length == 0;
  if (reading->region.data != NULL && !hs_str_equal(figure->region, reading->region))
    return HS_OK;
  if (reading->days == NULL) {
    stretch(reading, figure->day);
    return HS_OK;
  }
  double *day = &reading->days[figure->day - reading->first];
  unsigned char *has_all = &reading->is_all[figure->day - reading->first];
  if (*has_all)
    return HS_OK;
  *has_all = (unsigned char)is_all;
  *day = isnan(*day) ? figure->value : *day + figure->value;
  return HS_OK;
}

static enum hs_status pass(struct reading *reading, struct hs_err *err)
{
  const struct hs_trail *trail = &reading->programme->trail;
  if (reading->is_orders || reading->is_revenue)
    return scan_orders(reading, err);
  return trail->series(trail->self, reading->metric, hs_day_of(1, 1, 1),
                       (int64_t)hs_day_of(9999, 12, 31) + 1, take_figure, reading, err);
}

static enum hs_status read_days(struct hs_arena *arena, struct reading *reading, struct hs_err *err)
{
  enum hs_status status = pass(reading, err);
  if (status != HS_OK)
    return status;
  if (reading->first > reading->last)
    return hs_fail(
        err, HS_NOT_FOUND,
        "the programme has no figure of %.*s; there are orders, revenue, and the metrics "
        "of imported series",
        HS_STR_ARG(reading->name));
  if (reading->last - reading->first >= HS_PERIODS_DAYS_MAX)
    return hs_fail(err, HS_INVALID, "%.*s spans %lld days; one of its dates must be wrong",
                   HS_STR_ARG(reading->name), (long long)(reading->last - reading->first + 1));
  size_t count = (size_t)(reading->last - reading->first + 1);
  reading->days = hs_arena_alloc(arena, count, sizeof *reading->days);
  reading->is_all = hs_arena_alloc(arena, count, 1);
  if (reading->days == NULL || reading->is_all == NULL)
    return hs_arena_full(arena, "days of a programme", err);
  /* A day without orders is a day with none; a day that a series leaves out is not known. */
  for (size_t d = 0; d < count && !reading->is_orders && !reading->is_revenue; d++)
    reading->days[d] = (double)NAN;
  return pass(reading, err);
}

static void lay_out(const struct reading *reading, int64_t first, size_t count, double *out)
{
  for (size_t t = 0; t < count; t++) {
    int64_t day = first + (int64_t)t;
    if (day >= reading->first && day <= reading->last)
      out[t] = reading->days[day - reading->first];
  }
}

enum hs_status hs_periods_of_programme(struct hs_arena *arena, struct hs_programme *programme,
                                       const struct hs_periods_request *request,
                                       struct hs_periods *out, struct hs_err *err)
{
  struct reading outcome = reading_of(programme, request->outcome);
  struct hs_periods periods = {.is_day = 1};
  enum hs_status status = read_days(arena, &outcome, err);
  if (status != HS_OK)
    return status;
  periods.count = (size_t)(outcome.last - outcome.first + 1);
  status = hs_periods_make_room(arena, request->control_count, &periods, err);
  if (status != HS_OK)
    return status;
  lay_out(&outcome, outcome.first, periods.count, periods.outcome);
  for (size_t t = 0; t < periods.count; t++) {
    periods.times[t] = (double)(outcome.first + (int64_t)t);
    periods.filled_count += isnan(periods.outcome[t]) ? 1 : 0;
  }
  periods.row_count = periods.count - periods.filled_count;
  for (size_t c = 0; c < request->control_count && status == HS_OK; c++) {
    if (hs_str_equal(request->controls[c], request->outcome))
      return hs_fail(err, HS_USAGE, "%.*s is the outcome; it cannot be its own control",
                     HS_STR_ARG(request->outcome));
    struct reading control = reading_of(programme, request->controls[c]);
    status = read_days(arena, &control, err);
    if (status == HS_OK)
      lay_out(&control, outcome.first, periods.count, periods.controls[c]);
  }
  if (status == HS_OK)
    status = hs_periods_complete(&periods, request, err);
  if (status == HS_OK)
    *out = periods;
  return status;
}
