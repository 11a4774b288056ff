#include "service/agreed/together_results.h"

#include <stdio.h>

#include "service/believe/analysis.h"

/* ---- journeys ---- */

struct counting {
  const struct hs_analysis *analysis;
  struct hs_together_results *results;
};

static int audience_of(struct hs_str channel, struct hs_str partner, enum hs_audience *out)
{
  static const struct {
    const char *channel;
    enum hs_audience audience;
  } KNOWN[] = {{"email", HS_AUDIENCE_OWN},
               {"direct", HS_AUDIENCE_OWN},
               {"paid_search", HS_AUDIENCE_COLD},
               {"social", HS_AUDIENCE_COLD},
               {"impression", HS_AUDIENCE_COLD}};
  *out = HS_AUDIENCE_PARTNER;
  if (hs_str_equal(channel, partner))
    return 1;
  for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
    if (hs_str_equal(channel, hs_str_of(KNOWN[i].channel))) {
      *out = KNOWN[i].audience;
      return 1;
    }
  return 0;
}

static enum hs_status count_journey(void *context, const struct hs_journey *journey,
                                    [[maybe_unused]] struct hs_err *err)
{
  const struct counting *counting = context;
  struct hs_together_results *results = counting->results;
  const struct hs_str *channels = counting->analysis->channels;
  int is_order = journey->order_id.data != NULL;
  enum hs_audience audience;
  if (audience_of(channels[journey->channels[0]], results->partner, &audience)) {
    results->of[audience].orders.sample++;
    results->of[audience].orders.hits += is_order;
  }
  for (size_t i = 0; is_order && i < journey->step_count; i++)
    if (hs_str_equal(channels[journey->channels[i]], results->partner)) {
      results->partner_orders++;
      break;
    }
  return HS_OK;
}

static enum hs_status count_journeys(struct hs_programme *programme,
                                     const struct hs_together_ask *ask,
                                     struct hs_together_results *results, struct hs_err *err)
{
  struct hs_analysis analysis;
  struct counting counting = {&analysis, results};
  const struct hs_analysis_options options = {.period = ask->period,
                                              .look_back_us = HS_LOOK_BACK_DAYS_DEFAULT * HS_DAY_US,
                                              .interrupt = ask->interrupt};
  enum hs_status status = hs_analysis_gather(programme, &options, &analysis, err);
  if (status != HS_OK)
    return status;
  status = hs_analysis_journeys(programme, &analysis, count_journey, &counting, err);
  hs_analysis_release(&analysis);
  return status;
}

static enum hs_compared compare(struct hs_hits of, struct hs_hits with)
{
  double low[2];
  double high[2];
  hs_ladder_wilson(of, &low[0], &high[0]);
  hs_ladder_wilson(with, &low[1], &high[1]);
  if (low[0] > high[1])
    return HS_COMPARED_MORE;
  return high[0] < low[1] ? HS_COMPARED_LESS : HS_COMPARED_CANNOT_TELL;
}

/* ---- mailings ---- */

static void note_sum(struct hs_mailing *mailing, struct hs_str kind, int64_t sum)
{
  if (hs_str_equal(kind, HS_STR("sends"))) {
    mailing->has_sends = 1;
    mailing->sends = sum;
  } else if (hs_str_equal(kind, HS_STR("unsubscribes"))) {
    mailing->has_unsubscribes = 1;
    mailing->unsubscribes = sum;
  } else {
    mailing->has_complaints = 1;
    mailing->complaints = sum;
  }
}

static enum hs_status no_columns([[maybe_unused]] void *self, [[maybe_unused]] size_t column_count,
                                 [[maybe_unused]] const struct hs_str *names,
                                 [[maybe_unused]] const enum hs_cell *cells,
                                 [[maybe_unused]] struct hs_err *err)
{
  return HS_OK;
}

/* partner, kind, sum */
static enum hs_status note_mailing(void *self, const struct hs_str *values, struct hs_err *err)
{
  struct hs_together_results *results = self;
  int64_t sum = 0;
  if (!hs_parse_i64(values[2], &sum))
    return hs_fail(err, HS_INVALID, "%.*s of %.*s do not fit", HS_STR_ARG(values[1]),
                   HS_STR_ARG(values[0]));
  if (hs_str_equal(values[0], results->partner))
    note_sum(&results->of[HS_AUDIENCE_PARTNER].mailing, values[1], sum);
  else if (results->own.data != NULL && hs_str_equal(values[0], results->own))
    note_sum(&results->of[HS_AUDIENCE_OWN].mailing, values[1], sum);
  return HS_OK;
}

/* A trail that cannot be asked knows of no mailings. */
static enum hs_status sum_mailings(struct hs_programme *programme,
                                   struct hs_together_results *results, struct hs_err *err)
{
  const struct hs_trail *trail = &programme->trail;
  const struct hs_result_sink sink = {results, no_columns, note_mailing};
  char select[400];
  char from[HS_TIME_TEXT];
  char to[HS_TIME_TEXT];
  hs_format_day(hs_zone_day_of_us(programme->zone, results->period.from_us), from);
  hs_format_day(hs_zone_day_of_us(programme->zone, results->period.until_us - 1), to);
  int length =
      snprintf(select, sizeof select,
               "SELECT partner, kind, CAST(sum(count) AS BIGINT) AS n FROM activity WHERE kind IN "
               "('sends', 'unsubscribes', 'complaints') AND day BETWEEN DATE '%s' AND DATE '%s' "
               "GROUP BY partner, kind ORDER BY partner, kind",
               from, to);
  enum hs_status status =
      trail->query(trail->self, (struct hs_str){select, (size_t)length}, NULL, 0, &sink, err);
  return status == HS_UNSUPPORTED ? HS_OK : status;
}

/* ---- baselines ---- */

#define DAYS_A_MONTH 30.436875 /* of the Gregorian calendar's 400 years */

static void add_baseline(struct hs_together_results *results, struct hs_baseline_result baseline)
{
  if (results->baseline_count == HS_BASELINES_MAX)
    return;
  baseline.is_seen = hs_str_equal(baseline.unit, HS_STR("orders a month"));
  baseline.orders_a_month = (double)results->partner_orders / results->months;
  results->baselines[results->baseline_count++] = baseline;
}

static void add_baselines(const struct hs_agreement *document, struct hs_together_results *results)
{
  const struct hs_measure *joint = document->outcome == NULL ? NULL : document->outcome->measure;
  if (joint != NULL)
    add_baseline(results, (struct hs_baseline_result){.what = joint->what,
                                                      .unit = joint->unit,
                                                      .source = joint->source,
                                                      .baseline = joint->baseline,
                                                      .target = joint->target});
  if (document->campaign == NULL)
    return;
  const struct hs_campaign_side *sides = document->campaign->sides.items;
  for (size_t s = 0; s < document->campaign->sides.count; s++) {
    const struct hs_baseline *alone = sides[s].baseline;
    if (alone != NULL)
      add_baseline(results, (struct hs_baseline_result){.of = sides[s].party,
                                                        .what = alone->what,
                                                        .unit = alone->unit,
                                                        .source = alone->source,
                                                        .baseline = alone->figure,
                                                        .target = {0, -1}});
  }
}

/* The other party of two. */
static struct hs_str own_party(const struct hs_agreement *document, struct hs_str partner)
{
  const struct hs_str *parties = document->parties.items;
  if (document->parties.count != 2)
    return (struct hs_str){0};
  return hs_str_equal(parties[0], partner) ? parties[1] : parties[0];
}

enum hs_status hs_together_results_make(struct hs_programme *programme,
                                        const struct hs_together_ask *ask,
                                        struct hs_together_results *out, struct hs_err *err)
{
  struct hs_together_results results = {
      .agreement = ask->agreement,
      .partner = ask->partner,
      .own = own_party(ask->document, ask->partner),
      .period = ask->period,
      .months = (double)(ask->period.until_us - ask->period.from_us) / HS_DAY_US / DAYS_A_MONTH};
  enum hs_status status = count_journeys(programme, ask, &results, err);
  if (status == HS_OK)
    status = sum_mailings(programme, &results, err);
  if (status != HS_OK)
    return status;
  const struct hs_hits partner = results.of[HS_AUDIENCE_PARTNER].orders;
  results.than_own = compare(partner, results.of[HS_AUDIENCE_OWN].orders);
  results.than_cold = compare(partner, results.of[HS_AUDIENCE_COLD].orders);
  add_baselines(ask->document, &results);
  *out = results;
  return HS_OK;
}
