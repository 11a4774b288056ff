#include "service/decide/trend_programme.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/ratio.h"
#include "base/room.h"
#include "service/decide/trend_cohorts.h"
#include "service/decide/trend_joint.h"
#include "service/decide/trend_rows.h"
#include "service/post/post.h"

/* A year and the one before it: a shorter record has no cohorts to compare. */
#define STACK_MONTHS_MIN 24

/* An agreement while its months are read. */
struct reading_one {
  struct hs_str name, partner;
  size_t number;       /* by which its orders are known */
  int is_joined;       /* with another one */
  uint64_t last_order; /* an order may pay by several rules, and is one order */
  double *ours, *theirs, *costs;
  const struct hs_trend_joint *joint; /* what the sides got instead; NULL: each kept its own */
};

struct reading {
  struct hs_arena *arena;
  struct hs_programme *programme;
  double unit;
  int64_t first_month; /* since year 0 */
  size_t month_count;
  double *company;
  struct reading_one *ones;
  size_t count, capacity;
  size_t made;  /* ones so far, of which some may have been joined */
  size_t month; /* whose costs are read */
  struct hs_trend_bought_list bought;
};

/* ---- months ---- */

static int64_t month_of_day(int32_t day)
{
  struct hs_civil civil = hs_civil_of_day(day);
  return (int64_t)civil.year * 12 + civil.month - 1;
}

static int32_t first_day(int64_t month)
{
  return hs_day_of((int32_t)(month / 12), (int32_t)(month % 12) + 1, 1);
}

static int64_t start_us(const struct reading *reading, size_t month)
{
  return hs_zone_day_start_us(reading->programme->zone,
                              first_day(reading->first_month + (int64_t)month));
}

/* month_count for what lies outside of the months. */
static size_t month_of(const struct reading *reading, int64_t at_us)
{
  int64_t month = month_of_day(hs_zone_day_of_us(reading->programme->zone, at_us));
  int64_t place = month - reading->first_month;
  return place >= 0 && place < (int64_t)reading->month_count ? (size_t)place : reading->month_count;
}

/* Whole months of the record. */
static enum hs_status find_months(struct reading *reading, struct hs_err *err)
{
  const struct hs_trail *trail = &reading->programme->trail;
  int64_t first_us = 0;
  int64_t last_us = 0;
  enum hs_status status = trail->range(trail->self, &first_us, &last_us, err);
  if (status != HS_OK)
    return status;
  int32_t first = hs_zone_day_of_us(reading->programme->zone, first_us);
  int32_t last = hs_zone_day_of_us(reading->programme->zone, last_us);
  reading->first_month = month_of_day(first);
  if (first > first_day(reading->first_month))
    reading->first_month++;
  /* The month of the last event is whole when that lies on its last day. */
  int64_t months = month_of_day(last + 1) - reading->first_month;
  if (months < 2)
    return hs_fail(err, HS_INSUFFICIENT,
                   "a trend needs two whole months, and the record holds %lld",
                   (long long)(months < 0 ? 0 : months));
  if (months > HS_TREND_MONTHS_MAX)
    return hs_fail(err, HS_INVALID, "the record spans %lld months: is a date mistyped?",
                   (long long)months);
  reading->month_count = (size_t)months;
  reading->company = hs_arena_alloc(reading->arena, reading->month_count, sizeof(double));
  return reading->company == NULL ? hs_arena_full(reading->arena, "months", err) : HS_OK;
}

/* ---- what is read ---- */

static enum hs_status one_of(struct reading *reading, struct hs_str agreement,
                             struct hs_str partner, struct reading_one **out, struct hs_err *err)
{
  for (size_t i = reading->count; i-- > 0;)
    if (hs_str_equal(reading->ones[i].name, agreement) &&
        hs_str_equal(reading->ones[i].partner, partner)) {
      *out = &reading->ones[i];
      return HS_OK;
    }
  struct reading_one *ones = hs_arena_room(reading->arena, reading->ones, reading->count, 1,
                                           &reading->capacity, sizeof *ones);
  if (ones == NULL)
    return hs_arena_full(reading->arena, "agreements", err);
  reading->ones = ones;
  struct reading_one one = {.name = agreement, .partner = partner, .number = reading->made++};
  double *months = hs_arena_alloc(reading->arena, 3 * reading->month_count, sizeof *months);
  if (months == NULL || !hs_str_keep(reading->arena, &one.name) ||
      !hs_str_keep(reading->arena, &one.partner))
    return hs_arena_full(reading->arena, "agreements", err);
  one.ours = months;
  one.theirs = months + reading->month_count;
  one.costs = months + 2 * reading->month_count;
  *out = &ones[reading->count++];
  **out = one;
  return HS_OK;
}

static enum hs_status take_commission(void *context, const struct hs_commission_row *row,
                                      struct hs_err *err)
{
  struct reading *reading = context;
  struct reading_one *one = NULL;
  struct hs_ratio part;
  size_t month = month_of(reading, row->occurred_at_us);
  if (month == reading->month_count ||
      !hs_currency_equal(row->currency, reading->programme->currency))
    return HS_OK;
  enum hs_status status = one_of(reading, row->agreement, row->partner, &one, err);
  if (status != HS_OK)
    return status;
  one->theirs[month] += (double)row->amount_minor * reading->unit;
  uint64_t order = hs_person_key_of(row->order_id);
  if (!hs_str_equal(row->type, HS_STR("sale")) || order == one->last_order)
    return HS_OK;
  if (!hs_ratio_parse(row->part, &part))
    return hs_fail(err, HS_CORRUPT, "a commission of order %.*s has the part '%.*s'",
                   HS_STR_ARG(row->order_id), HS_STR_ARG(row->part));
  struct hs_trend_bought bought = {.order = order, .agreement = one->number, .month = month};
  bought.value = (double)row->base_minor * (double)part.top / (double)part.bottom * reading->unit;
  one->last_order = order;
  one->ours[month] += bought.value;
  return hs_trend_bought_add(&reading->bought, &bought, err);
}

static enum hs_status take_orders(void *context, const struct hs_order_batch *batch,
                                  [[maybe_unused]] struct hs_err *err)
{
  struct reading *reading = context;
  for (size_t i = 0; i < batch->count; i++) {
    size_t month = month_of(reading, batch->at_us[i]);
    if (month < reading->month_count &&
        hs_str_equal(batch->currency[i], hs_str_of(reading->programme->currency.code)))
      reading->company[month] += (double)batch->amount_minor[i] * reading->unit;
  }
  return HS_OK;
}

static enum hs_status take_costs(void *context, const struct hs_channel_total *total,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct reading *reading = context;
  if (total->partner.length == 0 || total->channel.length > 0)
    return HS_OK;
  for (size_t c = 0; c < total->cost_count; c++)
    for (size_t i = 0; i < reading->count; i++)
      if (hs_str_equal(reading->ones[i].partner, total->partner) &&
          hs_str_equal(total->costs[c].currency, hs_str_of(reading->programme->currency.code)))
        reading->ones[i].costs[reading->month] =
            (double)total->costs[c].amount_minor * reading->unit;
  return HS_OK;
}

/* All partners of an agreement whose result is shared are one: what their orders came to is the
   agreement's. */
static void join_partners(struct reading *reading, struct reading_one *whole)
{
  size_t kept = 0;
  for (size_t i = 0; i < reading->count; i++) {
    struct reading_one *one = &reading->ones[i];
    int is_part = one != whole && hs_str_equal(one->name, whole->name);
    for (size_t t = 0; is_part && t < reading->month_count; t++)
      whole->ours[t] += one->ours[t];
    for (size_t k = 0; is_part && k < reading->bought.count; k++)
      if (reading->bought.orders[k].agreement == one->number)
        reading->bought.orders[k].agreement = whole->number;
    one->is_joined = is_part;
    kept += !is_part;
  }
  for (size_t i = 0, at = 0; i < reading->count; i++)
    if (!reading->ones[i].is_joined)
      reading->ones[at++] = reading->ones[i];
  reading->count = kept;
}

/* Where the result is shared, what the sides got is their part of it. */
static enum hs_status read_joint(struct reading *reading, struct hs_err *err)
{
  struct hs_trend_joint *joint = NULL;
  size_t count = 0;
  enum hs_status status =
      hs_trend_joint_read(reading->arena, reading->programme, reading->first_month,
                          reading->month_count, &joint, &count, err);
  for (size_t i = 0; i < count && status == HS_OK; i++) {
    struct reading_one *one = NULL;
    status = one_of(reading, joint[i].agreement, joint[i].others, &one, err);
    if (status != HS_OK)
      return status;
    one->joint = &joint[i];
    join_partners(reading, one);
  }
  return status;
}

static enum hs_status read_all(struct reading *reading, struct hs_err *err)
{
  const struct hs_ledger_reader *ledger = &reading->programme->book.ledger;
  const struct hs_trail *trail = &reading->programme->trail;
  struct hs_scan scan = {.part_count = 1, .refund_until_us = INT64_MAX};
  scan.from_us = start_us(reading, 0);
  scan.until_us = start_us(reading, reading->month_count);
  enum hs_status status = ledger->commissions(ledger->self, (struct hs_str){0}, scan.from_us,
                                              scan.until_us, take_commission, reading, err);
  if (status == HS_OK)
    status = read_joint(reading, err);
  if (status == HS_OK && reading->count == 0)
    return hs_fail(
        err, HS_INSUFFICIENT,
        "no agreement has a commission or a joint profit and loss in the whole months of "
        "the record");
  if (status == HS_OK)
    status = trail->scan_orders(trail->self, &scan, take_orders, reading, err);
  if (status == HS_OK && reading->month_count >= STACK_MONTHS_MIN)
    status = hs_trend_bought_by(&reading->bought, reading->programme, &scan, err);
  for (reading->month = 0; status == HS_OK && reading->month < reading->month_count;
       reading->month++)
    status = trail->totals(trail->self, start_us(reading, reading->month),
                           start_us(reading, reading->month + 1), take_costs, reading, err);
  return status;
}

/* ---- from months to a question ---- */

static int all_above_zero(const double *values, size_t from, size_t count)
{
  for (size_t t = from; t < count; t++)
    if (!(values[t] > 0))
      return 0;
  return 1;
}

static enum hs_status label_months(struct reading *reading, size_t from, struct hs_str **out,
                                   struct hs_err *err)
{
  *out = hs_arena_alloc(reading->arena, reading->month_count, sizeof **out);
  for (size_t t = from; *out != NULL && t < reading->month_count; t++) {
    char text[24];
    hs_trend_label(HS_TREND_MONTH, reading->first_month + (int64_t)t, text);
    struct hs_str label = hs_str_of(text);
    if (!hs_str_keep(reading->arena, &label))
      return hs_arena_full(reading->arena, "months", err);
    (*out)[t - from] = label;
  }
  return *out == NULL ? hs_arena_full(reading->arena, "months", err) : HS_OK;
}

/* The rest of the company, in place of the whole: what is sold here is no reason to grow here. */
static enum hs_status rest_of_company(struct reading *reading, const struct reading_one *one,
                                      double **out, struct hs_err *err)
{
  *out = hs_arena_alloc(reading->arena, reading->month_count, sizeof **out);
  for (size_t t = 0; *out != NULL && t < reading->month_count; t++)
    (*out)[t] = reading->company[t] - one->ours[t];
  return *out == NULL ? hs_arena_full(reading->arena, "months", err) : HS_OK;
}

static enum hs_status ask(struct reading *reading, const struct reading_one *one,
                          const struct hs_trend_rules *rules, struct hs_trend_agreement *out,
                          struct hs_err *err)
{
  double *rest = NULL;
  size_t n = reading->month_count;
  const double *ours = one->joint == NULL ? one->ours : one->joint->ours;
  const double *theirs = one->joint == NULL ? one->theirs : one->joint->theirs;
  size_t from = 0;
  while (from + 1 < n && !(ours[from] > 0 && theirs[from] > 0))
    from++;
  *out = (struct hs_trend_agreement){
      .name = one->name, .partner = one->partner, .is_result_shared = one->joint != NULL};
  enum hs_status status = rest_of_company(reading, one, &rest, err);
  struct hs_trend_series *series = &out->answer.series;
  if (status == HS_OK)
    status = label_months(reading, from, &series->labels, err);
  if (status != HS_OK)
    return status;
  int has_company = all_above_zero(rest, from, n);
  series->count = n - from;
  series->per_year = 12;
  series->period_name = "month";
  series->side_count = 2;
  series->sides[0] = ours + from;
  series->sides[1] = theirs + from;
  series->side_names[0] = HS_STR("ours");
  series->side_names[1] = HS_STR("theirs");
  series->company = has_company ? rest + from : NULL;
  series->effort = all_above_zero(one->costs, from, n) ? one->costs + from : NULL;
  out->is_season_assumed = has_company && series->count < 24;
  series->season = out->is_season_assumed ? 0 : 12;
  out->answer.rules = *rules;
  if (series->effort != NULL)
    out->answer.effort_name = HS_STR("costs");
  status = hs_trend_ask(reading->arena, &out->answer, err);
  return status == HS_OK
             ? hs_trend_bought_stack(&reading->bought, one->number, reading->first_month, from, n,
                                     &out->answer.has_stack, &out->answer.stack, err)
             : status;
}

static enum hs_status judge_family(struct hs_arena *arena, struct hs_trend_programme *out,
                                   struct hs_err *err)
{
  struct hs_trend_partnership **list = hs_arena_alloc(arena, out->count, sizeof *list);
  double *room = hs_arena_alloc(arena, 2 * out->count, sizeof *room);
  size_t *order = hs_arena_alloc(arena, out->count, sizeof *order);
  if (list == NULL || room == NULL || order == NULL)
    return hs_arena_full(arena, "agreements", err);
  for (size_t i = 0; i < out->count; i++)
    list[i] = &out->agreements[i].answer.partnership;
  hs_trend_family(list, out->count, out->rules.mass, room, order);
  return HS_OK;
}

static int by_name(const void *left, const void *right)
{
  const struct reading_one *a = left;
  const struct reading_one *b = right;
  int order = hs_str_compare(a->name, b->name);
  return order != 0 ? order : hs_str_compare(a->partner, b->partner);
}

enum hs_status hs_trend_of_programme(struct hs_arena *arena, struct hs_programme *programme,
                                     const struct hs_trend_rules *rules,
                                     struct hs_trend_programme *out, struct hs_err *err)
{
  struct reading reading = {.arena = arena,
                            .programme = programme,
                            .unit = hs_currency_minor_unit(programme->currency),
                            .bought = {.arena = arena}};
  struct hs_trend_programme result = {.rules = *rules,
                                      .currency = hs_str_of(programme->currency.code)};
  enum hs_status status = hs_ledger_catch_up(programme, NULL, NULL, NULL, err);
  if (status == HS_OK)
    status = find_months(&reading, err);
  if (status == HS_OK)
    status = read_all(&reading, err);
  if (status != HS_OK)
    return status;
  qsort(reading.ones, reading.count, sizeof *reading.ones, by_name);
  result.count = reading.count;
  result.agreements = hs_arena_alloc(arena, reading.count, sizeof *result.agreements);
  if (result.agreements == NULL)
    return hs_arena_full(arena, "agreements", err);
  for (size_t i = 0; status == HS_OK && i < reading.count; i++)
    status = ask(&reading, &reading.ones[i], rules, &result.agreements[i], err);
  if (status == HS_OK)
    status = judge_family(arena, &result, err);
  if (status == HS_OK)
    *out = result;
  return status;
}
