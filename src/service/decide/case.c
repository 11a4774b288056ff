#include "service/decide/case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define WEEKS_A_YEAR (365.25 / 7)

const char *hs_capital_verdict_name(enum hs_capital_verdict verdict)
{
  static const char *const NAMES[] = {
      [HS_CAPITAL_COST_CENTRE] = "cost_centre",
      [HS_CAPITAL_LOSES] = "loses",
      [HS_CAPITAL_PAYS] = "pays",
      [HS_CAPITAL_CANNOT_TELL] = "cannot_tell",
      [HS_CAPITAL_IT_DEPENDS] = "it_depends",
      [HS_CAPITAL_NEEDS_MORE] = "needs_more_than_tracked",
      [HS_CAPITAL_NO_COST] = "no_cost",
  };
  return NAMES[verdict];
}

struct making {
  struct hs_programme *programme;
  struct hs_capital_case *made;
  struct hs_arena *arena; /* the analysis's: lives as long as the case */
  size_t capacity;
};

/* ---- lines
 * --------------------------------------------------------------------------------------- */

/* What is certain of a cost: all but the hours that have no amount. */
static struct hs_range spent_on(const struct hs_cost *cost)
{
  double spent = cost->commission + cost->discount + cost->spent + cost->joint;
  return (struct hs_range){spent, spent, spent};
}

static struct hs_capital_line *find_line(struct hs_capital_case *made, struct hs_str name)
{
  for (size_t i = 0; i < made->count; i++)
    if (made->lines[i].is_partner && hs_str_equal(made->lines[i].name, name))
      return &made->lines[i];
  return NULL;
}

static struct hs_capital_line *line_for(struct making *making, struct hs_str name)
{
  struct hs_capital_case *made = making->made;
  struct hs_capital_line *line = find_line(made, name);
  if (line)
    return line;
  HS_ASSERT(made->count < making->capacity);
  line = &made->lines[made->count++];
  *line = (struct hs_capital_line){.name = name, .title = name, .is_partner = 1};
  line->venture.worth = made->worth.pool.any;
  return line;
}

static void take_channel(const struct hs_worth_of_customers *worth, size_t c,
                         struct hs_capital_line *line)
{
  line->venture.customers = worth->acquired[c];
  line->venture.customers_variance = worth->acquired_squares[c];
  line->venture.worth = worth->worth[c];
  line->orders_touched = (double)worth->customers.analysis.facts[c].orders_touched;
}

static void give_share(struct hs_capital_line *line, const struct hs_plan_entry *entry)
{
  line->venture.has_share = entry != NULL && entry->is_given;
  line->venture.share =
      line->venture.has_share ? entry->range : (struct hs_range){.low = 0, .high = 1};
  line->share_source = line->venture.has_share ? entry->source : (struct hs_str){0};
  line->is_measured = line->venture.has_share && hs_plan_is_measured(entry);
  if (line->venture.has_share)
    line->evidence = entry->evidence;
}

static void total_up(struct hs_capital_line *line, const struct hs_plan *plan)
{
  const struct hs_economics_options options = {.hour_cost = plan->items[HS_PLAN_HOUR_COST].range};
  line->total = hs_venture_cost(&line->venture, &options);
  line->tracked = hs_venture_customers(&line->venture);
}

static enum hs_status add_partners(struct making *making, struct hs_err *err)
{
  struct hs_capital_case *made = making->made;
  const struct hs_worth_of_customers *worth = &made->worth;
  const struct hs_plan *plan = &made->options.plan;
  for (size_t c = 0; c < worth->customers.analysis.channel_count; c++)
    if (worth->customers.analysis.facts[c].is_partner)
      take_channel(worth, c, line_for(making, worth->customers.analysis.channels[c]));
  for (size_t i = 0; i < made->costs.count; i++)
    if (made->costs.lines[i].is_partner)
      line_for(making, made->costs.lines[i].name)->cost = made->costs.lines[i].cost;
  for (size_t i = 0; i < made->count; i++) {
    struct hs_capital_line *line = &made->lines[i];
    line->venture.spent = spent_on(&line->cost);
    line->venture.hours = line->cost.hours;
    give_share(line, hs_plan_share_of(plan, line->name));
    total_up(line, plan);
    made->cost += line->total;
    made->tracked_customers += line->tracked;
    made->measured_count += (size_t)line->is_measured;
    made->partner_count++;
  }
  for (size_t i = 0; i < plan->share_count; i++)
    if (!find_line(made, plan->shares[i].partner))
      return hs_fail(
          err, HS_INVALID,
          "the plan knows the incremental share of '%.*s', but the programme has no such "
          "partner",
          HS_STR_ARG(plan->shares[i].partner));
  return HS_OK;
}

/* Channels of our own on which money was spent, as one venture; returns how many of them the paths
   know. */
static size_t sum_paid(const struct hs_capital_case *made, struct hs_capital_line *paid)
{
  const struct hs_analysis *analysis = &made->worth.customers.analysis;
  size_t known = 0;
  for (size_t i = 0; i < made->costs.count; i++) {
    const struct hs_cost_line *cost = &made->costs.lines[i];
    if (cost->is_partner || !(cost->cost.spent > 0))
      continue;
    paid->cost.spent += cost->cost.spent;
    paid->cost.hours += cost->cost.hours;
    for (size_t c = 0; c < analysis->channel_count; c++)
      if (hs_str_equal(analysis->channels[c], cost->name)) {
        paid->venture.customers += made->worth.acquired[c];
        paid->venture.customers_variance += made->worth.acquired_squares[c];
        paid->venture.worth = made->worth.worth[c];
        paid->orders_touched += (double)analysis->facts[c].orders_touched;
        known++;
      }
  }
  return known;
}

static struct hs_range over_years(const struct hs_range *a_year, double years)
{
  return (struct hs_range){a_year->low * years, a_year->likely * years, a_year->high * years};
}

/* What the plan says of their money and customers, with its range, stands for what the record says;
   hours without an amount are on top of either. */
static void add_paid(struct making *making)
{
  struct hs_capital_case *made = making->made;
  const struct hs_plan_entry *items = made->options.plan.items;
  double years = made->worth.customers.weeks / WEEKS_A_YEAR;
  struct hs_capital_line paid = {.name = HS_STR("paid channels"), .title = HS_STR("Paid channels")};
  if (sum_paid(made, &paid) != 1) /* of several channels, or of none that the paths know */
    paid.venture.worth = made->worth.pool.any;
  paid.venture.spent = spent_on(&paid.cost);
  paid.venture.hours = paid.cost.hours;
  if (items[HS_PLAN_PAID_SPEND].is_given) {
    paid.venture.spent = over_years(&items[HS_PLAN_PAID_SPEND].range, years);
    paid.cost.spent = paid.venture.spent.likely;
  }
  if (items[HS_PLAN_PAID_CUSTOMERS].is_given) {
    paid.venture.has_said_customers = 1;
    paid.venture.said_customers = over_years(&items[HS_PLAN_PAID_CUSTOMERS].range, years);
  }
  total_up(&paid, &made->options.plan);
  if (!(paid.total > 0) || !(paid.tracked > 0))
    return;
  give_share(&paid, &items[HS_PLAN_PAID_SHARE]);
  made->paid = made->count;
  made->lines[made->count++] = paid;
}

static enum hs_status take_title(void *context, const struct hs_party *party, struct hs_err *err)
{
  struct making *making = context;
  struct hs_capital_line *line = find_line(making->made, party->name);
  struct hs_str title = party->title;
  if (!line || title.length == 0)
    return HS_OK;
  if (!hs_str_keep(making->arena, &title))
    return hs_arena_full(making->arena, "titles", err);
  line->title = title;
  return HS_OK;
}

static int by_cost(const void *left, const void *right)
{
  const struct hs_capital_line *a = left, *b = right;
  if (a->total < b->total || a->total > b->total)
    return a->total < b->total ? 1 : -1;
  return hs_str_compare(a->name, b->name);
}

static enum hs_status make_lines(struct making *making, struct hs_err *err)
{
  struct hs_capital_case *made = making->made;
  struct hs_programme *programme = making->programme;
  making->capacity = made->worth.customers.analysis.channel_count + made->costs.count + 1;
  made->lines = hs_arena_alloc(making->arena, making->capacity, sizeof *made->lines);
  if (!made->lines)
    return hs_arena_full(making->arena, "the case", err);
  enum hs_status status = add_partners(making, err);
  if (!status)
    status = programme->book.parties(programme->book.self, take_title, making, err);
  if (status)
    return status;
  if (made->count > 0)
    qsort(made->lines, made->count, sizeof *made->lines, by_cost);
  add_paid(making);
  return HS_OK;
}

/* ---- verdicts
 * -------------------------------------------------------------------------------------- */

/* How large a part of subscribers of the partners with enough orders ordered: what is usual. */
static double usual_rate(const struct hs_capital_case *made)
{
  double orders = 0, subscribers = 0;
  for (size_t i = 0; i < made->count; i++) {
    const struct hs_capital_line *line = &made->lines[i];
    if (line->cost.subscribers > 0 && line->orders_touched >= HS_CONVERTING_MIN) {
      orders += line->orders_touched;
      subscribers += (double)line->cost.subscribers;
    }
  }
  return subscribers > 0 ? fmin(1, orders / subscribers) : (double)NAN;
}

/* Only subscribers are counted: they are known people, while those who hear a podcast may buy
   without a trace. An order is worth at most what a new customer is, at the upper end. */
static void judge_idle(struct hs_capital_line *line, double usual)
{
  double audience = (double)line->cost.subscribers;
  line->has_idle = line->is_partner && audience > 0 && line->orders_touched < HS_CONVERTING_MIN;
  if (line->has_idle)
    line->idle = hs_idle_judge(fmin(line->orders_touched, audience), audience, line->total,
                               line->economics.value.high, usual);
}

static enum hs_capital_verdict verdict_of(const struct hs_capital_line *line, double level)
{
  if (!(line->total > 0))
    return HS_CAPITAL_NO_COST;
  if (line->has_idle && line->idle.is_cost_centre)
    return HS_CAPITAL_COST_CENTRE;
  if (line->venture.has_share) {
    double tail = (1 - level) / 2;
    return line->economics.p_pays > 1 - tail ? HS_CAPITAL_PAYS
           : line->economics.p_pays < tail   ? HS_CAPITAL_LOSES
                                             : HS_CAPITAL_CANNOT_TELL;
  }
  return line->economics.share_needed.low > 1 ? HS_CAPITAL_NEEDS_MORE : HS_CAPITAL_IT_DEPENDS;
}

/* ---- the worlds
 * ------------------------------------------------------------------------------------ */

static struct hs_choice_plan choice_plan(const struct hs_plan *plan)
{
  const struct hs_plan_entry *items = plan->items;
  return (struct hs_choice_plan){
      .years = items[HS_PLAN_YEARS].range,
      .switch_over = items[HS_PLAN_SWITCH_OVER].range,
      .paid_dearer = items[HS_PLAN_PAID_DEARER].range,
      .has_build = hs_plan_has_build(plan),
      .build = {.once = items[HS_PLAN_BUILD_ONCE].range,
                .yearly = items[HS_PLAN_BUILD_YEARLY].range,
                .months = items[HS_PLAN_BUILD_MONTHS].range,
                .customers_yearly = items[HS_PLAN_BUILD_CUSTOMERS].range},
  };
}

static size_t members_of(const struct hs_capital_case *made, int only_measured, size_t *members)
{
  size_t count = 0;
  for (size_t i = 0; i < made->count; i++)
    if (made->lines[i].is_partner && made->lines[i].total > 0 &&
        (!only_measured || made->lines[i].is_measured))
      members[count++] = i;
  return count;
}

static void choose(struct hs_capital_case *made, const struct hs_worlds *worlds,
                   const struct hs_venture *ventures, size_t *members, double *scratch)
{
  const struct hs_choice_plan plan = choice_plan(&made->options.plan);
  /* What was paid so far is in the record; what the next costs and what building takes are plans.
   */
  struct hs_choice_plan so_far = plan;
  so_far.paid_dearer = (struct hs_range){1, 1, 1};
  so_far.has_build = 0;
  double discount = made->options.discount;
  int has_paid = made->paid != SIZE_MAX && made->lines[made->paid].is_measured;
  size_t count = members_of(made, 1, members);
  made->measured_members = count;
  made->has_measured = count > 0;
  if (made->has_measured)
    hs_choice_make(worlds, ventures, members, count, has_paid ? made->paid : SIZE_MAX, &so_far,
                   discount, scratch, &made->measured);
  count = members_of(made, 0, members);
  made->all_members = count;
  made->has_all = count > 0;
  if (made->has_all)
    hs_choice_make(worlds, ventures, members, count, made->paid, &plan, discount, scratch,
                   &made->all);
}

static void allocate(struct hs_capital_case *made, const struct hs_worlds *worlds,
                     const struct hs_venture *ventures, int *is_open, double *scratch,
                     struct hs_next_share *shares)
{
  /* More money for what has no customers yet brings nothing by any curve. */
  for (size_t i = 0; i < made->count; i++)
    is_open[i] = made->lines[i].tracked > 0 && made->lines[i].verdict != HS_CAPITAL_COST_CENTRE;
  hs_next_amount(worlds, ventures, is_open, made->options.next_amount,
                 &made->options.plan.items[HS_PLAN_ELASTICITY].range, scratch, shares,
                 &made->next_kept);
  for (size_t i = 0; i < made->count; i++)
    made->lines[i].next = shares[i];
}

static enum hs_status weigh(struct making *making, struct hs_err *err)
{
  struct hs_capital_case *made = making->made;
  size_t draws = made->options.draws, count = made->count;
  const struct hs_economics_options options = {
      .level = made->options.level,
      .draws = made->options.draws,
      .seed = made->options.seed,
      .weeks = made->worth.customers.weeks,
      .hour_cost = made->options.plan.items[HS_PLAN_HOUR_COST].range};
  struct hs_worlds worlds;
  struct hs_venture *ventures = hs_arena_alloc(making->arena, count, sizeof *ventures);
  struct hs_next_share *shares = hs_arena_alloc(making->arena, count, sizeof *shares);
  size_t *members = hs_arena_alloc(making->arena, count, sizeof *members);
  int *is_open = hs_arena_alloc(making->arena, count, sizeof *is_open);
  double *scratch = hs_arena_alloc_raw(
      making->arena, HS_CHOICE_ROOM(draws) + HS_ALLOCATE_ROOM(count, draws), sizeof *scratch);
  if (!ventures || !shares || !members || !is_open || !scratch)
    return hs_arena_full(making->arena, "the case", err);
  for (size_t i = 0; i < count; i++)
    ventures[i] = made->lines[i].venture;
  enum hs_status status =
      hs_worlds_draw(making->arena, &made->worth.lifetime, ventures, count, &options, &worlds, err);
  if (status)
    return status;
  double usual = usual_rate(made);
  for (size_t i = 0; i < count; i++) {
    struct hs_capital_line *line = &made->lines[i];
    hs_economics_of(&worlds, &made->worth.lifetime, ventures, i, scratch, &line->economics);
    judge_idle(line, usual);
    line->verdict = verdict_of(line, made->options.level);
  }
  choose(made, &worlds, ventures, members, scratch);
  allocate(made, &worlds, ventures, is_open, scratch, shares);
  return HS_OK;
}

/* ---- the whole
 * --------------------------------------------------------------------------------------- */

static enum hs_status make(struct making *making, struct hs_err *err)
{
  struct hs_capital_case *made = making->made;
  const struct hs_capital_options *o = &made->options;
  struct hs_programme *programme = making->programme;
  const struct hs_worth_options worth = {
      .lifetime = {.horizon = o->horizon_weeks,
                   .discount = log1p(o->discount) / WEEKS_A_YEAR,
                   .margin = o->margin,
                   .level = o->level,
                   .seed = o->seed},
      .look_back_us = o->look_back_us,
      .worlds = 100, /* values by channel are not asked here: the case draws its own */
      .interrupt = o->interrupt};
  enum hs_status status = hs_worth_make(programme, &worth, &made->worth, err);
  if (status)
    return status;
  making->arena = &made->worth.customers.analysis.arena;
  made->record = made->worth.customers.analysis.options.period;
  status = hs_costs_read(programme, &made->worth.customers, o->posting, o->posting_context,
                         &made->costs, err);
  if (!status)
    status = programme->trail.position(programme->trail.self, &made->cursor, err);
  if (!status)
    status = make_lines(making, err);
  return status ? status : weigh(making, err);
}

enum hs_status hs_capital_make(struct hs_programme *programme,
                               const struct hs_capital_options *options,
                               struct hs_capital_case *out, struct hs_err *err)
{
  *out = (struct hs_capital_case){.options = *options,
                                  .currency = programme->currency,
                                  .made_at_us = programme->io->now_us(programme->io->self),
                                  .paid = SIZE_MAX};
  (void)snprintf(out->zone_name, sizeof out->zone_name, "%s", programme->zone_name);
  struct making making = {.programme = programme, .made = out};
  enum hs_status status = make(&making, err);
  if (status)
    hs_capital_release(out);
  return status;
}

void hs_capital_release(struct hs_capital_case *case_)
{
  hs_worth_release(&case_->worth);
  *case_ = (struct hs_capital_case){0};
}
