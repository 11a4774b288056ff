#include "service/post/rates.h"

#include <stdlib.h>
#include <string.h>

#include "base/room.h"

/* Address space: some twelve million rates. */
#define ARENA_BYTES (1 * HS_GIB)
#define TEXT_BYTES (256 * HS_MIB)

/* ---- loading ---- */

static int compare_pairs(const struct hs_currency_rate *a, const struct hs_currency_rate *b)
{
  int order = memcmp(a->from.code, b->from.code, sizeof a->from.code);
  return order != 0 ? order : memcmp(a->to.code, b->to.code, sizeof a->to.code);
}

static int compare(const struct hs_currency_rate *a, const struct hs_currency_rate *b)
{
  int order = compare_pairs(a, b);
  if (a->day != b->day)
    return a->day < b->day ? -1 : 1;
  if (order != 0)
    return order;
  if (a->sequence != b->sequence)
    return a->sequence < b->sequence ? -1 : 1;
  return (a->row_number > b->row_number) - (a->row_number < b->row_number);
}

static int by_place(const void *left, const void *right) { return compare(left, right); }

/* Most rates in a row have the same source, which is then kept once. */
static int keep_source(struct hs_rates *rates, struct hs_currency_rate *rate)
{
  struct hs_str last =
      rates->count > 0 ? rates->rates[rates->count - 1].source : (struct hs_str){0};
  if (rate->source.data == NULL)
    return 1;
  if (last.data != NULL && hs_str_equal(rate->source, last)) {
    rate->source = last;
    return 1;
  }
  rate->source.data = hs_arena_copy(&rates->texts, rate->source.data, rate->source.length);
  return rate->source.data != NULL;
}

static enum hs_status note_rate(void *context, const struct hs_rate_fact *fact, struct hs_err *err)
{
  struct hs_rates *rates = context;
  struct hs_currency_rate rate = {.day = fact->day,
                                  .source = fact->source,
                                  .sequence = fact->sequence,
                                  .row_number = fact->row_number};
  if (!hs_currency_parse(fact->from, &rate.from) || !hs_currency_parse(fact->to, &rate.to) ||
      !hs_decimal_parse(fact->rate, &rate.rate) || rate.rate.digits <= 0)
    return hs_fail(err, HS_CORRUPT, "no exchange rate: %.*s to %.*s at %.*s",
                   HS_STR_ARG(fact->from), HS_STR_ARG(fact->to), HS_STR_ARG(fact->rate));
  struct hs_currency_rate *grown =
      hs_arena_room(&rates->arena, rates->rates, rates->count, 1, &rates->capacity, sizeof *grown);
  if (grown == NULL)
    return hs_arena_full(&rates->arena, "the exchange rates", err);
  rates->rates = grown;
  if (!keep_source(rates, &rate))
    return hs_arena_full(&rates->texts, "the exchange rates", err);
  rates->rates[rates->count++] = rate;
  return HS_OK;
}

enum hs_status hs_rates_open(struct hs_rates *rates, struct hs_err *err)
{
  *rates = (struct hs_rates){0};
  enum hs_status status = hs_arena_init(&rates->arena, ARENA_BYTES, err);
  if (status == HS_OK)
    status = hs_arena_init(&rates->texts, TEXT_BYTES, err);
  if (status != HS_OK)
    hs_rates_release(rates);
  return status;
}

void hs_rates_release(struct hs_rates *rates)
{
  hs_arena_release(&rates->arena);
  hs_arena_release(&rates->texts);
  *rates = (struct hs_rates){0};
}

enum hs_status hs_rates_load(struct hs_rates *rates, const struct hs_trail *trail,
                             struct hs_err *err)
{
  if (rates->is_loaded)
    return HS_OK;
  enum hs_status status = trail->rates(trail->self, note_rate, rates, err);
  if (status == HS_OK && rates->count > 1)
    qsort(rates->rates, rates->count, sizeof *rates->rates, by_place);
  rates->is_loaded = status == HS_OK;
  return status;
}

/* ---- one day ---- */

/* The first rate that does not come before the place. */
static size_t place_of(const struct hs_rates *rates, const struct hs_currency_rate *place)
{
  size_t low = 0;
  size_t high = rates->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (compare(&rates->rates[middle], place) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* The latest fact of the pair for the day that is known, or NULL. */
static const struct hs_currency_rate *latest(const struct hs_rates *rates, int64_t day,
                                             struct hs_currency from, struct hs_currency to,
                                             uint64_t until)
{
  const struct hs_currency_rate behind = {
      .day = day, .from = from, .to = to, .sequence = until, .row_number = INT64_MAX};
  size_t at = place_of(rates, &behind);
  if (at == 0)
    return NULL;
  const struct hs_currency_rate *rate = &rates->rates[at - 1];
  return rate->day == day && compare_pairs(rate, &behind) == 0 ? rate : NULL;
}

/* In either direction. */
static const struct hs_currency_rate *quote(const struct hs_rates *rates, int64_t day,
                                            struct hs_currency a, struct hs_currency b,
                                            uint64_t until)
{
  const struct hs_currency_rate *direct = latest(rates, day, a, b, until);
  return direct != NULL ? direct : latest(rates, day, b, a, until);
}

/* The currency that a rate has beside the one; the zero value when it does not have that. */
static struct hs_currency beside(const struct hs_currency_rate *rate, struct hs_currency one)
{
  if (hs_currency_equal(rate->from, one))
    return rate->to;
  return hs_currency_equal(rate->to, one) ? rate->from : (struct hs_currency){0};
}

static int find_crossing(const struct hs_rates *rates, const struct hs_rate_ask *ask, int64_t day,
                         uint64_t until, struct hs_conversion *out)
{
  const struct hs_currency_rate begin = {.day = day};
  struct hs_currency best = {0};
  for (size_t i = place_of(rates, &begin); i < rates->count && rates->rates[i].day == day; i++) {
    struct hs_currency third = beside(&rates->rates[i], ask->from);
    if (third.code[0] == '\0' || rates->rates[i].sequence > until ||
        (best.code[0] != '\0' && memcmp(third.code, best.code, sizeof best.code) >= 0) ||
        quote(rates, day, third, ask->to, until) == NULL)
      continue;
    best = third;
  }
  if (best.code[0] == '\0')
    return 0;
  out->leg_count = 2;
  out->legs[0] = quote(rates, day, ask->from, best, until);
  out->legs[1] = quote(rates, day, best, ask->to, until);
  return 1;
}

static int find_on_day(const struct hs_rates *rates, const struct hs_rate_ask *ask, int64_t day,
                       uint64_t until, struct hs_conversion *out)
{
  out->leg_count = 1;
  out->legs[0] = quote(rates, day, ask->from, ask->to, until);
  return out->legs[0] != NULL || find_crossing(rates, ask, day, until, out);
}

/* ---- the rate ---- */

static int find_until(const struct hs_rates *rates, const struct hs_rate_ask *ask, uint64_t until,
                      struct hs_conversion *out)
{
  for (int64_t back = 0; back <= HS_RATE_DAYS_MAX; back++)
    if (find_on_day(rates, ask, ask->day - back, until, out))
      return 1;
  return 0;
}

/* The first frame behind `after` that says something of the days; UINT64_MAX when none does. */
static uint64_t next_frame(const struct hs_rates *rates, const struct hs_rate_ask *ask,
                           uint64_t after)
{
  const struct hs_currency_rate begin = {.day = ask->day - HS_RATE_DAYS_MAX};
  uint64_t next = UINT64_MAX;
  for (size_t i = place_of(rates, &begin); i < rates->count && rates->rates[i].day <= ask->day; i++)
    if (rates->rates[i].sequence > after && rates->rates[i].sequence < next)
      next = rates->rates[i].sequence;
  return next;
}

static struct hs_ratio power_of_ten(int exponent)
{
  int64_t power = 1;
  for (int i = 0; i < abs(exponent); i++)
    power *= 10;
  return exponent < 0 ? hs_ratio_of(1, power) : hs_ratio_of(power, 1);
}

static int multiply_out(const struct hs_rate_ask *ask, struct hs_conversion *out)
{
  struct hs_currency at = ask->from;
  struct hs_ratio units = power_of_ten(hs_currency_digits(ask->to) - hs_currency_digits(ask->from));
  out->from = ask->from;
  out->to = ask->to;
  out->per_unit = HS_RATIO_ONE;
  for (size_t i = 0; i < out->leg_count; i++) {
    struct hs_ratio rate = hs_ratio_of_decimal(out->legs[i]->rate);
    int is_turned = !hs_currency_equal(out->legs[i]->from, at);
    at = beside(out->legs[i], at);
    if (is_turned ? !hs_ratio_divide(out->per_unit, rate, &out->per_unit)
                  : !hs_ratio_multiply(out->per_unit, rate, &out->per_unit))
      return 0;
  }
  return hs_ratio_multiply(out->per_unit, units, &out->per_minor);
}

int hs_rates_find(const struct hs_rates *rates, const struct hs_rate_ask *ask,
                  struct hs_conversion *out)
{
  uint64_t until = ask->came;
  struct hs_conversion exchange;
  HS_ASSERT(ask->came <= ask->until && !hs_currency_equal(ask->from, ask->to));
  while (!find_until(rates, ask, until, &exchange)) {
    until = next_frame(rates, ask, until);
    if (until > ask->until)
      return 0;
  }
  if (!multiply_out(ask, &exchange))
    return 0;
  *out = exchange;
  return 1;
}

int hs_conversion_amount(const struct hs_conversion *exchange, int64_t amount_minor, int64_t *out)
{
  struct hs_ratio exact;
  return hs_ratio_multiply(hs_ratio_of(amount_minor, 1), exchange->per_minor, &exact) &&
         hs_ratio_round(exact, HS_ROUND_HALF_EVEN, out);
}
