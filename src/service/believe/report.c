#include "service/believe/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/room.h"
#include "measure/bounds.h"

#define ACTIVITY_DAYS 90
/* A quarter has up to 92 days, and an hour when its clocks are set back. */
#define QUARTER_US (92 * HS_DAY_US + HS_HOUR_US)

struct making {
  struct hs_programme *programme;
  struct hs_report *report;
  struct hs_arena *arena; /* the analysis's: lives as long as the report */
  double unit;            /* 0.01 for two digits */
  size_t line_capacity;
};

static struct hs_str copy_text(struct hs_arena *arena, struct hs_str text)
{
  char *copy = hs_arena_copy(arena, text.data, text.length);
  return (struct hs_str){copy, copy == NULL ? 0 : text.length};
}

/* ---- totals of a period ---- */

/* Kept, because the trail counts persons for them: no question of a report is dearer. */
struct totals {
  struct hs_arena *arena;
  struct hs_channel_total *items;
  size_t count, capacity;
};

/* What the trail gives is borrowed: its texts are copied too. */
static int own_texts(struct hs_arena *arena, struct hs_channel_total *total)
{
  total->partner = copy_text(arena, total->partner);
  total->channel = copy_text(arena, total->channel);
  int is_full = total->partner.data == NULL || total->channel.data == NULL;
  for (size_t i = 0; i < total->cost_count; i++) {
    total->costs[i].currency = copy_text(arena, total->costs[i].currency);
    is_full |= total->costs[i].currency.data == NULL;
  }
  return !is_full;
}

static enum hs_status keep_total(void *context, const struct hs_channel_total *total,
                                 struct hs_err *err)
{
  struct totals *totals = context;
  struct hs_channel_total *items = hs_arena_room(totals->arena, totals->items, totals->count, 1,
                                                 &totals->capacity, sizeof *items);
  if (items == NULL)
    return hs_arena_full(totals->arena, "the totals of a period", err);
  totals->items = items;
  struct hs_channel_total *kept = &totals->items[totals->count++];
  *kept = *total;
  return own_texts(totals->arena, kept)
             ? HS_OK
             : hs_arena_full(totals->arena, "the totals of a period", err);
}

static enum hs_status ask_totals(struct making *making, const struct hs_period *period,
                                 struct totals *out, struct hs_err *err)
{
  struct hs_trail *trail = &making->programme->trail;
  *out = (struct totals){.arena = making->arena};
  return trail->totals(trail->self, period->from_us, period->until_us, keep_total, out, err);
}

/* ---- lines from the analysis ---- */

static const struct hs_model_credits *credits_of(const struct hs_analysis *analysis,
                                                 enum hs_model_kind kind)
{
  for (size_t i = 0; analysis->credits != NULL && i < analysis->model_count; i++)
    if (analysis->credits[i].model.kind == kind)
      return &analysis->credits[i];
  return NULL;
}

/* A line of which nothing is known yet: no figure, and too little data for one. */
static struct hs_report_line blank_line(struct hs_str name)
{
  const double none = (double)NAN;
  return (struct hs_report_line){.name = name,
                                 .title = name,
                                 .is_insufficient = 1,
                                 .revenue = none,
                                 .revenue_low = none,
                                 .revenue_high = none,
                                 .orders = none,
                                 .share = none,
                                 .model_low = none,
                                 .model_high = none,
                                 .loss_low = none,
                                 .loss_high = none,
                                 .favourite_revenue = none};
}

static void fill_models(struct hs_report_line *line, const struct hs_analysis *analysis,
                        size_t channel)
{
  for (size_t i = 0; analysis->credits != NULL && i < analysis->model_count; i++) {
    double value = analysis->credits[i].channels[channel].value;
    enum hs_model_kind kind = analysis->credits[i].model.kind;
    if (!(line->model_low <= value)) {
      line->model_low = value;
      line->model_low_kind = kind;
    }
    if (!(line->model_high >= value)) {
      line->model_high = value;
      line->model_high_kind = kind;
    }
  }
  line->favourite_revenue = line->model_high;
  line->favourite_kind = line->model_high_kind;
}

static void fill_credit(struct hs_report_line *line, const struct hs_report *report, size_t channel)
{
  const struct hs_model_credits *headline = credits_of(&report->analysis, report->options.headline);
  if (headline == NULL)
    return;
  const struct hs_credit *credit = &headline->channels[channel];
  line->revenue = credit->value;
  line->revenue_low = credit->value_low;
  line->revenue_high = credit->value_high;
  line->orders = credit->conversions;
  line->share = credit->share_value;
  line->converting_journeys = credit->converting_journeys;
  line->is_insufficient = credit->is_insufficient;
  struct hs_bounds bounds =
      hs_bounds_untracked(credit->value, report->revenue_with_path, report->loss_share);
  line->loss_low = bounds.low;
  line->loss_high = bounds.high;
}

static void fill_facts(struct hs_report_line *line, const struct making *making, size_t channel)
{
  const struct hs_channel_facts *facts = &making->report->analysis.facts[channel];
  line->is_partner = facts->is_partner;
  line->orders_joined = facts->orders_joined;
  line->claim_orders = facts->orders_touched;
  line->claim_revenue = (double)facts->value_touched_minor * making->unit;
}

static enum hs_status make_lines(struct making *making, struct hs_err *err)
{
  struct hs_report *report = making->report;
  const struct hs_analysis *analysis = &report->analysis;
  report->lines = hs_arena_alloc(making->arena, making->line_capacity, sizeof *report->lines);
  if (report->lines == NULL)
    return hs_arena_full(making->arena, "the report's lines", err);
  for (size_t i = 0; i < analysis->channel_count; i++) {
    struct hs_report_line *line = &report->lines[report->line_count++];
    *line = blank_line(analysis->channels[i]);
    fill_facts(line, making, i);
    fill_credit(line, report, i);
    fill_models(line, analysis, i);
  }
  return HS_OK;
}

static struct hs_report_line *find_line(struct hs_report *report, struct hs_str name)
{
  for (size_t i = 0; i < report->line_count; i++)
    if (hs_str_equal(report->lines[i].name, name))
      return &report->lines[i];
  return NULL;
}

/* ---- what partners did and cost ---- */

static int64_t cost_in(const struct hs_channel_total *total, struct hs_currency currency,
                       int *has_other)
{
  int64_t cost_minor = 0;
  for (size_t i = 0; i < total->cost_count; i++)
    if (hs_str_equal(total->costs[i].currency, hs_str_of(currency.code)))
      cost_minor += total->costs[i].amount_minor;
    else
      *has_other = 1;
  return cost_minor;
}

/* A partner that was active and sold nothing has no channel in any path; it gets a line of its own.
 */
static struct hs_report_line *line_for(struct making *making, struct hs_str name, int is_partner)
{
  struct hs_report *report = making->report;
  struct hs_report_line *line = find_line(report, name);
  if (line != NULL || report->line_count == making->line_capacity)
    return line;
  line = &report->lines[report->line_count++];
  *line = blank_line(name);
  line->is_partner = is_partner;
  return line;
}

static void take_total(struct making *making, const struct hs_channel_total *total)
{
  int is_partner = total->partner.length > 0;
  if (is_partner ? total->channel.length > 0 : total->channel.length == 0)
    return; /* a part of a line that is given whole, or what names nobody */
  struct hs_report_line *line =
      line_for(making, is_partner ? total->partner : total->channel, is_partner);
  if (line == NULL)
    return;
  line->is_partner |= is_partner;
  line->touches = total->touches;
  line->persons = total->persons;
  line->leads = total->leads;
  line->impressions = total->impressions;
  line->subscribers = total->subscribers;
  line->reach = total->reach;
  line->hours = total->hours;
  line->cost_minor = cost_in(total, making->programme->currency, &line->has_other_currency_cost);
}

static enum hs_status take_title(void *context, const struct hs_party *party,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct making *making = context;
  struct hs_report_line *line = find_line(making->report, party->name);
  if (line != NULL && party->title.data != NULL)
    line->title = copy_text(making->arena, party->title);
  return HS_OK;
}

/* ---- activity without sales yet ---- */

static int is_active(const struct hs_channel_total *total)
{
  return total->partner.length > 0 && total->channel.length == 0 &&
         total->impressions + total->subscribers + total->reach > 0;
}

static size_t count_active(const struct totals *totals)
{
  size_t count = 0;
  for (size_t i = 0; i < totals->count; i++)
    count += (size_t)is_active(&totals->items[i]);
  return count;
}

static int64_t last_order_of(const struct hs_analysis *analysis, struct hs_str name)
{
  for (size_t i = 0; i < analysis->channel_count; i++)
    if (hs_str_equal(analysis->channels[i], name))
      return analysis->facts[i].last_order_us;
  return INT64_MIN;
}

static void take_idle(struct making *making, const struct hs_channel_total *total)
{
  struct hs_report *report = making->report;
  int has_other = 0;
  int64_t cost_minor = cost_in(total, making->programme->currency, &has_other);
  struct hs_report_line *line = find_line(report, total->partner);
  struct hs_report_idle *idle = &report->idle[report->idle_count++];
  *idle =
      (struct hs_report_idle){.name = total->partner,
                              .impressions = total->impressions,
                              .subscribers = total->subscribers,
                              .reach = total->reach,
                              .cost_minor = cost_minor,
                              .has_other_currency_cost = has_other,
                              .hours = total->hours,
                              .last_order_us = last_order_of(&report->analysis, total->partner)};
  idle->title = line != NULL ? line->title : idle->name;
}

static enum hs_status list_idle(struct making *making, const struct totals *totals,
                                const struct hs_analysis *recent, struct hs_err *err)
{
  struct hs_report *report = making->report;
  report->idle = hs_arena_alloc(making->arena, count_active(totals), sizeof *report->idle);
  if (report->idle == NULL)
    return hs_arena_full(making->arena, "activity without sales", err);
  for (size_t i = 0; i < totals->count; i++)
    if (is_active(&totals->items[i]) &&
        last_order_of(recent, totals->items[i].partner) == INT64_MIN)
      take_idle(making, &totals->items[i]);
  return HS_OK;
}

/* The report of a quarter is about the quarter: nothing of it is cut off to have 90 days. */
static int64_t last_days_from(const struct hs_report *report, int64_t until_us)
{
  int64_t from_us = until_us - report->options.activity_days * HS_DAY_US;
  int64_t period_from_us = report->options.period.from_us;
  int is_quarter = period_from_us < from_us && until_us - period_from_us <= QUARTER_US;
  return is_quarter ? period_from_us : from_us;
}

/* Orders of the last days decide, also when the period is shorter or longer than that. A longer
   period's journeys cannot stand in for them: there an order from just before the last days claims
   the touches before it, which here lead to the person's first order of the last days. So those are
   gathered by themselves, unless they are the period or nobody was active in them. Days to come
   hold no order and say nothing: they are not among the last. */
static enum hs_status find_idle(struct making *making, const struct totals *of_period,
                                struct hs_err *err)
{
  struct hs_report *report = making->report;
  struct hs_analysis_options options = report->analysis.options;
  struct totals totals;
  struct hs_analysis recent;
  options.models = NULL;
  if (options.period.until_us > report->made_at_us)
    options.period.until_us = report->made_at_us;
  options.period.from_us = last_days_from(report, options.period.until_us);
  if (options.period.from_us == report->options.period.from_us &&
      options.period.until_us == report->options.period.until_us)
    return list_idle(making, of_period, &report->analysis, err);
  enum hs_status status = ask_totals(making, &options.period, &totals, err);
  if (status != HS_OK || count_active(&totals) == 0)
    return status;
  status = hs_analysis_gather(making->programme, &options, &recent, err);
  if (status != HS_OK)
    return status;
  status = list_idle(making, &totals, &recent, err);
  hs_analysis_release(&recent);
  return status;
}

/* ---- order, ranks, ratios ---- */

static double rank_value(const struct hs_report_line *line)
{
  return isnan(line->revenue) ? -1 : line->revenue;
}

static int by_rank(const void *a, const void *b)
{
  const struct hs_report_line *x = a;
  const struct hs_report_line *y = b;
  if (x->is_partner != y->is_partner)
    return y->is_partner - x->is_partner;
  if (rank_value(x) != rank_value(y))
    return rank_value(x) < rank_value(y) ? 1 : -1;
  return hs_str_compare(x->name, y->name);
}

static void rank_lines(struct hs_report *report)
{
  uint32_t rank = 0;
  qsort(report->lines, report->line_count, sizeof *report->lines, by_rank);
  for (size_t i = 0; i < report->line_count; i++)
    if (report->lines[i].is_partner && !report->lines[i].is_insufficient)
      report->lines[i].rank = ++rank;
}

/* What all partners together could claim, over what was sold where at least one of them took part.
 */
static void compare_claims(struct making *making)
{
  struct hs_report *report = making->report;
  double claims = 0;
  double favourites = 0;
  for (size_t i = 0; i < report->line_count; i++) {
    const struct hs_report_line *line = &report->lines[i];
    if (!line->is_partner)
      continue;
    claims += line->claim_revenue;
    favourites += isnan(line->favourite_revenue) ? 0 : line->favourite_revenue;
  }
  double sold = (double)report->analysis.value_with_partner_minor * making->unit;
  report->sold_to_partners = sold;
  report->claimed_ratio = sold > 0 ? claims / sold : (double)NAN;
  report->favourite_ratio = sold > 0 ? favourites / sold : (double)NAN;
}

static void sum_up(struct making *making)
{
  struct hs_report *report = making->report;
  const struct hs_journey_stats *stats = &report->analysis.stats;
  report->revenue_with_path = (double)stats->value_with_path_minor * making->unit;
  report->revenue_without_path = (double)stats->value_without_path_minor * making->unit;
  report->loss_share = report->options.loss_share;
  if (report->loss_share < 0) {
    double revenue = report->revenue_with_path + report->revenue_without_path;
    report->is_loss_assumed = 1;
    report->loss_share = revenue > 0 ? report->revenue_without_path / revenue : 0;
  }
}

static enum hs_status fill_report(struct making *making, struct hs_err *err)
{
  struct hs_report *report = making->report;
  struct totals totals;
  sum_up(making);
  enum hs_status status = ask_totals(making, &report->options.period, &totals, err);
  if (status != HS_OK)
    return status;
  making->line_capacity = report->analysis.channel_count + totals.count;
  status = make_lines(making, err);
  if (status != HS_OK)
    return status;
  for (size_t i = 0; i < totals.count; i++)
    take_total(making, &totals.items[i]);
  status = making->programme->book.parties(making->programme->book.self, take_title, making, err);
  if (status != HS_OK)
    return status;
  compare_claims(making);
  rank_lines(report);
  return find_idle(making, &totals, err);
}

/* ---- imported paths ---- */

static int by_conversions(const void *a, const void *b)
{
  const struct hs_report_path *x = a;
  const struct hs_report_path *y = b;
  if (x->conversions != y->conversions)
    return x->conversions < y->conversions ? 1 : -1;
  return hs_str_compare(x->channel, y->channel);
}

static void fill_path(struct hs_report_path *path, const struct hs_analysis *paths,
                      const struct hs_credit *credit, size_t channel)
{
  struct hs_bounds models = hs_bounds_models(paths->credits, paths->model_count, channel);
  *path = (struct hs_report_path){.channel = paths->channels[channel],
                                  .conversions = credit->conversions,
                                  .low = credit->conversions_low,
                                  .high = credit->conversions_high,
                                  .model_low = models.low,
                                  .model_high = models.high,
                                  .value = credit->value,
                                  .is_insufficient = credit->is_insufficient};
}

static enum hs_status make_path_lines(struct hs_report *report, struct hs_err *err)
{
  struct hs_analysis *paths = &report->paths;
  const struct hs_model_credits *headline = credits_of(paths, report->options.headline);
  if (headline == NULL)
    return HS_OK;
  report->path_lines =
      hs_arena_alloc(&paths->arena, paths->channel_count, sizeof *report->path_lines);
  if (report->path_lines == NULL)
    return hs_arena_full(&paths->arena, "the imported paths", err);
  for (size_t i = 0; i < paths->channel_count; i++)
    fill_path(&report->path_lines[i], paths, &headline->channels[i], i);
  report->path_line_count = paths->channel_count;
  if (paths->channel_count > 0)
    qsort(report->path_lines, report->path_line_count, sizeof *report->path_lines, by_conversions);
  return HS_OK;
}

static int64_t local_day(const struct hs_zone *zone, int64_t at_us)
{
  return hs_day_of_us(at_us + hs_zone_offset_s(zone, at_us) * HS_SECOND_US);
}

/* Everything that has a date, in days of the programme's zone; [*first, *last] stays where nothing
   has one. Whole days, because activity and costs are dated by days: of a day that is cut they
   would be left out. Costs may be known ahead; what is to come is no part of a report. */
static enum hs_status find_days(struct hs_programme *programme, int64_t today, int64_t *first,
                                int64_t *last, struct hs_err *err)
{
  struct hs_trail *trail = &programme->trail;
  int64_t moments[2];
  int64_t days[2];
  enum hs_status status = trail->range(trail->self, &moments[0], &moments[1], err);
  int has_moments = status == HS_OK;
  if (status == HS_OK || status == HS_NOT_FOUND)
    status = trail->day_range(trail->self, &days[0], &days[1], err);
  if (status != HS_OK && status != HS_NOT_FOUND)
    return status;
  int has_days = status == HS_OK && days[0] <= today;
  if (has_days) {
    *first = days[0];
    *last = days[1] < today ? days[1] : today;
  }
  if (has_moments) {
    int64_t from = local_day(programme->zone, moments[0]);
    int64_t to = local_day(programme->zone, moments[1]);
    *first = has_days && *first < from ? *first : from;
    *last = has_days && *last > to ? *last : to;
  }
  return HS_OK;
}

enum hs_status hs_report_usual(struct hs_programme *programme, struct hs_report_options *out,
                               struct hs_err *err)
{
  const struct hs_zone *zone = programme->zone;
  int64_t today = local_day(zone, programme->io->now_us(programme->io->self));
  int64_t first = today - (ACTIVITY_DAYS - 1);
  int64_t last = today;
  enum hs_status status = find_days(programme, today, &first, &last, err);
  if (status == HS_OK)
    *out = (struct hs_report_options){.period = {hs_zone_day_start_us(zone, (int32_t)first),
                                                 hs_zone_day_start_us(zone, (int32_t)last + 1)},
                                      .period_name = HS_STR("all"),
                                      .owed = {INT64_MIN, INT64_MAX},
                                      .look_back_us = HS_LOOK_BACK_DAYS_DEFAULT * HS_DAY_US,
                                      .level = 0.9,
                                      .headline = HS_MODEL_SHAPLEY,
                                      .loss_share = -1,
                                      .activity_days = ACTIVITY_DAYS};
  return status;
}

static enum hs_status make_beyond(struct hs_programme *programme, struct hs_report *report,
                                  struct hs_err *err)
{
  const struct hs_lines_options options = {.period = report->options.period,
                                           .look_back_us = report->options.look_back_us,
                                           .persons = &report->analysis.persons,
                                           .interrupt = report->options.interrupt};
  return hs_lines_view_make(programme, &options, &report->beyond, err);
}

/* As `hansa honesty --data` does without options, so that both show the same figures. */
static enum hs_status make_meeting(struct making *making, struct hs_err *err)
{
  const struct hs_report_options *options = &making->report->options;
  struct hs_partners_programme how = hs_partners_usual();
  how.meeting.interrupt = options->interrupt;
  how.progress = options->testing;
  how.progress_context = options->testing_context;
  const struct hs_partners_asking asking = {.honesty = HS_HONESTY_DEFAULTS};
  return hs_partners_of_programme(making->arena, making->programme, &asking, &how,
                                  &making->report->meeting, err);
}

enum hs_status hs_report_make(struct hs_programme *programme,
                              const struct hs_report_options *options, struct hs_report *out,
                              struct hs_err *err)
{
  struct making making = {.programme = programme,
                          .report = out,
                          .arena = &out->analysis.arena,
                          .unit = hs_currency_minor_unit(programme->currency)};
  struct hs_analysis_options analysis = {.period = options->period,
                                         .look_back_us = options->look_back_us,
                                         .level = options->level,
                                         .interrupt = options->interrupt};
  *out = (struct hs_report){.options = *options,
                            .currency = programme->currency,
                            .zone = programme->zone,
                            .made_at_us = programme->io->now_us(programme->io->self)};
  memcpy(out->zone_name, programme->zone_name, sizeof out->zone_name);
  enum hs_status status = programme->trail.position(programme->trail.self, &out->cursor, err);
  if (status == HS_OK)
    status = programme->trail.conflict_count(programme->trail.self, &out->conflict_count, err);
  if (status == HS_OK)
    status = programme->trail.stray_refunds(programme->trail.self, options->period.from_us,
                                            options->period.until_us, &out->stray_refunds, err);
  if (status == HS_OK)
    status = hs_analysis_run(programme, &analysis, &out->analysis, err);
  if (status == HS_OK)
    status = fill_report(&making, err);
  if (status == HS_OK)
    status = hs_analysis_run_paths(programme, &analysis, &out->paths, err);
  if (status == HS_OK)
    status = make_path_lines(out, err);
  if (status == HS_OK)
    status = make_beyond(programme, out, err);
  if (status == HS_OK)
    status = make_meeting(&making, err);
  if (status == HS_OK)
    status = hs_report_money_make(programme, &options->owed, options->posting,
                                  options->posting_context, making.arena, &out->money, err);
  if (status != HS_OK)
    hs_report_release(out);
  return status;
}

void hs_report_release(struct hs_report *report)
{
  hs_analysis_release(&report->analysis);
  hs_analysis_release(&report->paths);
  hs_lines_view_release(&report->beyond);
  *report = (struct hs_report){0};
}
