#include "ports/totals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

#define LINES_FIRST 64
#define DAY_MARK_US (10 * HS_HOUR_US)
#define COSTS_MAX                                                                                  \
  (sizeof((struct hs_channel_total *)0)->costs / sizeof *((struct hs_channel_total *)0)->costs)

struct hs_totals_line {
  struct hs_channel_total total;
  int64_t impressions, subscribers, reach, other_activity; /* signed while they are summed */
  int64_t hours_millionths;
};

/* The first day whose mark lies at or after the moment. */
static int64_t first_day_from(int64_t at_us)
{
  int64_t shifted = at_us - DAY_MARK_US;
  int64_t day = shifted / HS_DAY_US;
  return day + (shifted % HS_DAY_US > 0);
}

void hs_totals_init(struct hs_totals *totals, struct hs_arena *arena, int64_t from_us,
                    int64_t until_us)
{
  *totals = (struct hs_totals){
      .arena = arena, .day_first = first_day_from(from_us), .day_end = first_day_from(until_us)};
}

static size_t slot_of(const struct hs_totals *totals, struct hs_str partner, struct hs_str channel)
{
  uint64_t hash = hs_person_key_of(partner) * 0x9e3779b97f4a7c15U ^ hs_person_key_of(channel);
  size_t mask = 2 * totals->capacity - 1;
  size_t slot = (size_t)hash & mask;
  while (totals->slots[slot]) {
    const struct hs_channel_total *line = &totals->lines[totals->slots[slot] - 1].total;
    if (hs_str_equal(line->partner, partner) && hs_str_equal(line->channel, channel))
      break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

static enum hs_status make_room(struct hs_totals *totals, struct hs_err *err)
{
  size_t capacity = totals->capacity ? 2 * totals->capacity : LINES_FIRST;
  struct hs_totals_line *lines =
      hs_arena_grow(totals->arena, totals->lines, totals->capacity, capacity, sizeof *lines);
  uint32_t *slots = lines ? hs_arena_alloc(totals->arena, 2 * capacity, sizeof *slots) : NULL;
  if (!slots)
    return hs_arena_full(totals->arena, "the totals of partners and channels", err);
  totals->lines = lines;
  totals->slots = slots;
  totals->capacity = capacity;
  for (size_t i = 0; i < totals->count; i++) {
    const struct hs_channel_total *line = &lines[i].total;
    slots[slot_of(totals, line->partner, line->channel)] = (uint32_t)(i + 1);
  }
  return HS_OK;
}

static struct hs_str empty_if_absent(struct hs_str s) { return s.data ? s : HS_STR(""); }

static enum hs_status line_of(struct hs_totals *totals, struct hs_str partner,
                              struct hs_str channel, struct hs_totals_line **out,
                              struct hs_err *err)
{
  if (totals->count == totals->capacity) {
    enum hs_status status = make_room(totals, err);
    if (status)
      return status;
  }
  partner = empty_if_absent(partner);
  channel = empty_if_absent(channel);
  size_t slot = slot_of(totals, partner, channel);
  if (!totals->slots[slot]) {
    totals->lines[totals->count] =
        (struct hs_totals_line){.total = {.partner = partner, .channel = channel}};
    totals->slots[slot] = (uint32_t)++totals->count;
  }
  *out = &totals->lines[totals->slots[slot] - 1];
  return HS_OK;
}

static enum hs_status does_not_fit(const char *what, struct hs_str partner, struct hs_str channel,
                                   struct hs_err *err)
{
  return hs_fail(err, HS_INVALID,
                 "the sum of %s of partner \"%.*s\", channel \"%.*s\" does not fit", what,
                 HS_STR_ARG(partner), HS_STR_ARG(channel));
}

enum hs_status hs_totals_add_touches(struct hs_totals *totals, struct hs_str partner,
                                     struct hs_str channel, uint64_t touches, uint64_t persons,
                                     struct hs_err *err)
{
  struct hs_totals_line *line;
  enum hs_status status = line_of(totals, partner, channel, &line, err);
  if (status)
    return status;
  line->total.touches += touches;
  line->total.persons += persons;
  return HS_OK;
}

enum hs_status hs_totals_add_leads(struct hs_totals *totals, struct hs_str partner, uint64_t leads,
                                   struct hs_err *err)
{
  struct hs_totals_line *line;
  enum hs_status status = line_of(totals, partner, HS_STR(""), &line, err);
  if (status == HS_OK)
    line->total.leads += leads;
  return status;
}

enum hs_status hs_totals_add_activity(struct hs_totals *totals, struct hs_str partner,
                                      struct hs_str kind, int64_t count, struct hs_err *err)
{
  struct hs_totals_line *line;
  enum hs_status status = line_of(totals, partner, HS_STR(""), &line, err);
  if (status)
    return status;
  int64_t *sum = hs_str_equal(kind, HS_STR("impressions"))   ? &line->impressions
                 : hs_str_equal(kind, HS_STR("subscribers")) ? &line->subscribers
                 : hs_str_equal(kind, HS_STR("reach"))       ? &line->reach
                                                             : &line->other_activity;
  if (__builtin_add_overflow(*sum, count, sum))
    return does_not_fit("activity", partner, kind, err);
  return HS_OK;
}

int64_t hs_totals_share(int64_t amount, int64_t day, int64_t day_count)
{
  /* Magnitude and sign apart, so that a credit note is shared like the invoice that it takes
     back. */
  uint64_t magnitude = amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;
  uint64_t each = magnitude / (uint64_t)day_count;
  uint64_t rest = magnitude % (uint64_t)day_count;
  uint64_t share = each * (uint64_t)day + ((uint64_t)day < rest ? (uint64_t)day : rest);
  return amount < 0 ? (int64_t)(0 - share) : (int64_t)share;
}

/* Adds to the currency's cell, keeping the cells in order of code. */
static enum hs_status add_amount(struct hs_channel_total *total, struct hs_str currency,
                                 int64_t amount_minor, struct hs_err *err)
{
  size_t i = 0;
  while (i < total->cost_count && hs_str_compare(total->costs[i].currency, currency) < 0)
    i++;
  if (i == total->cost_count || !hs_str_equal(total->costs[i].currency, currency)) {
    if (total->cost_count == COSTS_MAX)
      return hs_fail(err, HS_INVALID,
                     "costs of partner \"%.*s\" come in more than %zu currencies, \"%.*s\" is the "
                     "next",
                     HS_STR_ARG(total->partner), COSTS_MAX, HS_STR_ARG(currency));
    memmove(&total->costs[i + 1], &total->costs[i],
            (total->cost_count - i) * sizeof total->costs[0]);
    total->cost_count++;
    total->costs[i].currency = currency;
    total->costs[i].amount_minor = 0;
  }
  if (__builtin_add_overflow(total->costs[i].amount_minor, amount_minor,
                             &total->costs[i].amount_minor))
    return does_not_fit("costs", total->partner, total->channel, err);
  return HS_OK;
}

static enum hs_status add_share(struct hs_totals *totals, const struct hs_totals_cost *cost,
                                struct hs_str channel, int64_t amount_minor,
                                int64_t hours_millionths, struct hs_err *err)
{
  struct hs_totals_line *line;
  enum hs_status status = line_of(totals, cost->partner, channel, &line, err);
  if (status)
    return status;
  if (__builtin_add_overflow(line->hours_millionths, hours_millionths, &line->hours_millionths))
    return does_not_fit("hours", cost->partner, channel, err);
  if (cost->currency.length == 0)
    return HS_OK;
  return add_amount(&line->total, cost->currency, amount_minor, err);
}

enum hs_status hs_totals_add_cost(struct hs_totals *totals, const struct hs_totals_cost *cost,
                                  struct hs_err *err)
{
  int64_t to_day = cost->to_day < cost->from_day ? cost->from_day : cost->to_day;
  int64_t day_count = to_day - cost->from_day + 1;
  int64_t first = cost->from_day > totals->day_first ? cost->from_day : totals->day_first;
  int64_t end = to_day + 1 < totals->day_end ? to_day + 1 : totals->day_end;
  if (first >= end)
    return HS_OK;
  if (!(fabs(cost->hours) <= 9e12))
    return hs_fail(err, HS_INVALID, "a cost of %g hours cannot be summed", cost->hours);
  int64_t hours = (int64_t)round(cost->hours * 1e6);
  first -= cost->from_day;
  end -= cost->from_day;
  int64_t amount_part = hs_totals_share(cost->amount_minor, end, day_count) -
                        hs_totals_share(cost->amount_minor, first, day_count);
  int64_t hours_part =
      hs_totals_share(hours, end, day_count) - hs_totals_share(hours, first, day_count);
  enum hs_status status = HS_OK;
  if (cost->partner.length > 0)
    status = add_share(totals, cost, HS_STR(""), amount_part, hours_part, err);
  if (status == HS_OK && (cost->channel.length > 0 || cost->partner.length == 0))
    status = add_share(totals, cost, cost->channel, amount_part, hours_part, err);
  return status;
}

static int by_partner_and_channel(const void *a, const void *b)
{
  const struct hs_channel_total *x = &((const struct hs_totals_line *)a)->total;
  const struct hs_channel_total *y = &((const struct hs_totals_line *)b)->total;
  int order = hs_str_compare(x->partner, y->partner);
  return order ? order : hs_str_compare(x->channel, y->channel);
}

static uint64_t at_least_zero(int64_t sum) { return sum < 0 ? 0 : (uint64_t)sum; }

static int is_empty(const struct hs_totals_line *line)
{
  const struct hs_channel_total *total = &line->total;
  if (total->touches || total->leads || line->hours_millionths)
    return 0;
  if (total->impressions || total->subscribers || total->reach || total->other_activity)
    return 0;
  for (size_t i = 0; i < total->cost_count; i++)
    if (total->costs[i].amount_minor)
      return 0;
  return 1;
}

enum hs_status hs_totals_give(struct hs_totals *totals, hs_total_fn each, void *context,
                              struct hs_err *err)
{
  if (totals->count > 0)
    qsort(totals->lines, totals->count, sizeof *totals->lines, by_partner_and_channel);
  for (size_t i = 0; i < totals->count; i++) {
    struct hs_totals_line *line = &totals->lines[i];
    line->total.impressions = at_least_zero(line->impressions);
    line->total.subscribers = at_least_zero(line->subscribers);
    line->total.reach = at_least_zero(line->reach);
    line->total.other_activity = at_least_zero(line->other_activity);
    line->total.hours = (double)line->hours_millionths / 1e6;
    enum hs_status status = is_empty(line) ? HS_OK : each(context, &line->total, err);
    if (status)
      return status;
  }
  return HS_OK;
}
