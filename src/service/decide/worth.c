#include "service/decide/worth.h"

#include <math.h>

/* Sums by channel of what its customers did, each in proportion to the channel's share of them. */
struct sums {
  double spend, squares; /* Σ share·z̄ and Σ share·z̄² over those with a value */
};

static void add_seen(struct hs_worth_of_customers *worth, const double *expected, struct sums *sums)
{
  const struct hs_customers *customers = &worth->customers.customers;
  for (size_t i = 0; i < worth->customers.acquired_count; i++) {
    const struct hs_acquired *a = &worth->customers.acquired[i];
    struct hs_partner_seen *seen = &worth->seen[a->channel];
    double zbar = customers->zbar[a->customer];
    seen->customers += a->share;
    seen->repeats += a->share * customers->x[a->customer];
    seen->expected += a->share * expected[a->customer];
    if (!(zbar > 0))
      continue;
    seen->spenders += a->share;
    sums[a->channel].spend += a->share * zbar;
    sums[a->channel].squares += a->share * zbar * zbar;
  }
}

/* How customers' means scatter: of a channel with few customers what they show of it is drawn to
   what all show, as if CALM more of all customers were among them. Two who happen to agree would
   make a channel certain otherwise. */
#define CALM 4.0

static double variance_of_all(const struct hs_customers *customers)
{
  double n = 0, sum = 0, squares = 0;
  for (size_t i = 0; i < customers->count; i++)
    if (customers->zbar[i] > 0) {
      n += 1;
      sum += customers->zbar[i];
      squares += customers->zbar[i] * customers->zbar[i];
    }
  return n > 1 ? fmax(0, (squares - sum * sum / n) / (n - 1)) : 0;
}

static void settle_spends(struct hs_worth_of_customers *worth, const struct sums *sums)
{
  double of_all = variance_of_all(&worth->customers.customers);
  for (size_t c = 0; c < worth->customers.analysis.channel_count; c++) {
    struct hs_partner_seen *seen = &worth->seen[c];
    double n = seen->spenders, mean = n > 0 ? sums[c].spend / n : (double)NAN;
    double own = n > 0 ? fmax(0, sums[c].squares / n - mean * mean) * n : 0;
    double variance = (own + CALM * of_all) / (fmax(n - 1, 0) + CALM);
    seen->spend = mean;
    seen->spend_error = n > 0 && variance > 0 ? sqrt(variance / n) : (double)NAN;
  }
}

/* Repeats that the model of all expects of each customer by the end of the record; customers of one
   group share a span. */
static void expect_repeats(const struct hs_worth_of_customers *worth, double *by_time,
                           double *expected)
{
  const struct hs_buyers *buyers = &worth->lifetime.buyers;
  for (size_t i = 0; i < buyers->time_list_size; i++)
    by_time[i] = (double)NAN;
  for (size_t i = 0; i < buyers->customer_count; i++) {
    uint32_t at = buyers->spans[buyers->group_of[i]];
    if (isnan(by_time[at]))
      by_time[at] =
          hs_buyers_expected(&worth->lifetime.bgnbd.fit.parameters, buyers->time_list[at]);
    expected[i] = by_time[at];
  }
}

/* The mean of z̄ over customers with one: what a channel's mean is compared with. */
static double mean_spend(const struct hs_customers *customers)
{
  double sum = 0, count = 0;
  for (size_t i = 0; i < customers->count; i++)
    if (customers->zbar[i] > 0) {
      sum += customers->zbar[i];
      count += 1;
    }
  return count > 0 ? sum / count : (double)NAN;
}

static int take_room(struct hs_arena *arena, struct hs_worth_of_customers *worth)
{
  size_t count = worth->customers.analysis.channel_count;
  worth->seen = hs_arena_alloc(arena, count, sizeof *worth->seen);
  worth->worth = hs_arena_alloc(arena, count, sizeof *worth->worth);
  worth->acquired = hs_arena_alloc(arena, count, sizeof *worth->acquired);
  worth->acquired_squares = hs_arena_alloc(arena, count, sizeof *worth->acquired_squares);
  worth->value = hs_arena_alloc(arena, count, sizeof *worth->value);
  return worth->seen && worth->worth && worth->acquired && worth->acquired_squares && worth->value;
}

static enum hs_status compare_channels(struct hs_worth_of_customers *worth, struct hs_err *err)
{
  struct hs_arena *arena = &worth->customers.analysis.arena;
  const struct hs_customers *customers = &worth->customers.customers;
  size_t count = worth->customers.analysis.channel_count;
  double *expected = hs_arena_alloc_raw(arena, customers->count, sizeof *expected);
  double *by_time =
      hs_arena_alloc_raw(arena, worth->lifetime.buyers.time_list_size, sizeof *by_time);
  struct sums *sums = hs_arena_alloc(arena, count, sizeof *sums);
  if (!expected || !by_time || !sums || !take_room(arena, worth))
    return hs_arena_full(arena, "customers by channel", err);
  expect_repeats(worth, by_time, expected);
  add_seen(worth, expected, sums);
  settle_spends(worth, sums);
  hs_programme_customers_by_channel(&worth->customers, worth->acquired, worth->acquired_squares);
  double dispersion = hs_partner_dispersion(customers->x, expected, customers->count);
  worth->pool = hs_by_partner(worth->seen, count, dispersion, mean_spend(customers), worth->worth);
  return HS_OK;
}

static enum hs_status value_channels(struct hs_worth_of_customers *worth,
                                     const struct hs_worth_options *options, struct hs_err *err)
{
  struct hs_arena *arena = &worth->customers.analysis.arena;
  size_t count = worth->customers.analysis.channel_count;
  const struct hs_economics_options economics = {.level = options->lifetime.level,
                                                 .draws = options->worlds,
                                                 .seed = options->lifetime.seed,
                                                 .weeks = worth->customers.weeks};
  struct hs_venture *ventures = hs_arena_alloc(arena, count, sizeof *ventures);
  double *draws = hs_arena_alloc_raw(arena, options->worlds, sizeof *draws);
  if (!ventures || !draws)
    return hs_arena_full(arena, "values by channel", err);
  for (size_t c = 0; c < count; c++)
    ventures[c] = (struct hs_venture){.customers = worth->acquired[c],
                                      .customers_variance = worth->acquired_squares[c],
                                      .worth = worth->worth[c],
                                      .share = {1, 1, 1},
                                      .has_share = 1};
  enum hs_status status =
      hs_worlds_draw(arena, &worth->lifetime, ventures, count, &economics, &worth->worlds, err);
  for (size_t c = 0; !status && c < count; c++) {
    for (size_t d = 0; d < options->worlds; d++)
      draws[d] = hs_worlds_value(&worth->worlds, c, d);
    worth->value[c] = hs_draws_estimate(draws, options->worlds, options->lifetime.level);
  }
  return status;
}

static enum hs_status take_title(void *context, const struct hs_party *party, struct hs_err *err)
{
  struct hs_worth_of_customers *worth = context;
  const struct hs_analysis *analysis = &worth->customers.analysis;
  for (size_t c = 0; c < analysis->channel_count; c++) {
    struct hs_str title = party->title;
    if (title.length == 0 || !analysis->facts[c].is_partner ||
        !hs_str_equal(analysis->channels[c], party->name))
      continue;
    if (!hs_str_keep(&worth->customers.analysis.arena, &title))
      return hs_arena_full(&worth->customers.analysis.arena, "titles", err);
    worth->titles[c] = title;
  }
  return HS_OK;
}

static enum hs_status name_channels(struct hs_programme *programme,
                                    struct hs_worth_of_customers *worth, struct hs_err *err)
{
  struct hs_analysis *analysis = &worth->customers.analysis;
  worth->titles =
      hs_arena_alloc_raw(&analysis->arena, analysis->channel_count, sizeof *worth->titles);
  if (!worth->titles)
    return hs_arena_full(&analysis->arena, "titles", err);
  for (size_t c = 0; c < analysis->channel_count; c++)
    worth->titles[c] = analysis->channels[c];
  return programme->book.parties(programme->book.self, take_title, worth, err);
}

enum hs_status hs_worth_make(struct hs_programme *programme, const struct hs_worth_options *options,
                             struct hs_worth_of_customers *out, struct hs_err *err)
{
  *out = (struct hs_worth_of_customers){0};
  enum hs_status status = hs_programme_customers_read(programme, options->look_back_us,
                                                      options->interrupt, &out->customers, err);
  if (status)
    return status;
  status = hs_lifetime_make(&out->customers.analysis.arena, &out->customers.customers,
                            &options->lifetime, &out->lifetime, err);
  if (!status)
    status = compare_channels(out, err);
  if (!status)
    status = value_channels(out, options, err);
  if (!status)
    status = name_channels(programme, out, err);
  if (status)
    hs_worth_release(out);
  return status;
}

void hs_worth_release(struct hs_worth_of_customers *worth)
{
  hs_programme_customers_release(&worth->customers);
  *worth = (struct hs_worth_of_customers){0};
}
