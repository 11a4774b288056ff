#include "service/decide/cost.h"

#include <stdlib.h>

#include "base/room.h"
#include "service/believe/report.h"
#include "service/decide/cost_joint.h"

#define PAGE_ORDERS 65536

struct gathering {
  struct hs_programme *programme;
  struct hs_arena *arena;
  struct hs_costs *costs;
  size_t capacity;
  double unit;
  struct hs_coupon_owner *coupons;
  size_t coupon_count, coupon_capacity;
  /* how far the orders were read */
  struct hs_order_span span;
  size_t page_count;
};

struct hs_cost_line *hs_costs_find(const struct hs_costs *costs, struct hs_str name, int is_partner)
{
  for (size_t i = 0; i < costs->count; i++)
    if (costs->lines[i].is_partner == is_partner && hs_str_equal(costs->lines[i].name, name))
      return &costs->lines[i];
  return NULL;
}

static struct hs_cost_line *line_for(struct gathering *g, struct hs_str name, int is_partner)
{
  struct hs_cost_line *line = hs_costs_find(g->costs, name, is_partner);
  if (line)
    return line;
  struct hs_cost_line *grown =
      hs_arena_room(g->arena, g->costs->lines, g->costs->count, 1, &g->capacity, sizeof *grown);
  if (!grown || !hs_str_keep(g->arena, &name))
    return NULL;
  g->costs->lines = grown;
  grown[g->costs->count] = (struct hs_cost_line){.name = name, .is_partner = is_partner};
  return &grown[g->costs->count++];
}

static int is_ours(const struct gathering *g, struct hs_str currency)
{
  return hs_str_equal(currency, hs_str_of(g->programme->currency.code));
}

/* ---- costs and activity that were imported ------------------------------------------------------
 */

static enum hs_status take_total(void *context, const struct hs_channel_total *total,
                                 struct hs_err *err)
{
  struct gathering *g = context;
  int is_partner = total->partner.length > 0;
  if (is_partner ? total->channel.length > 0 : total->channel.length == 0)
    return HS_OK; /* a part of a line that is given whole, or what names nobody */
  struct hs_cost_line *line = line_for(g, is_partner ? total->partner : total->channel, is_partner);
  if (!line)
    return hs_arena_full(g->arena, "costs", err);
  struct hs_cost *cost = &line->cost;
  cost->hours += total->hours;
  cost->impressions += total->impressions;
  cost->subscribers += total->subscribers;
  cost->reach += total->reach;
  for (size_t i = 0; i < total->cost_count; i++)
    if (is_ours(g, total->costs[i].currency))
      cost->spent += (double)total->costs[i].amount_minor * g->unit;
    else
      cost->has_other_currency = 1;
  return HS_OK;
}

/* ---- discounts of coupons
 * ------------------------------------------------------------------------ */

static enum hs_status take_coupon(void *context, const struct hs_coupon *coupon, struct hs_err *err)
{
  struct gathering *g = context;
  struct hs_coupon_owner owner = {coupon->code, coupon->party, coupon->valid_from_us,
                                  coupon->valid_until_us};
  struct hs_coupon_owner *grown =
      hs_arena_room(g->arena, g->coupons, g->coupon_count, 1, &g->coupon_capacity, sizeof *grown);
  if (!grown || !hs_str_keep(g->arena, &owner.code) || !hs_str_keep(g->arena, &owner.partner))
    return hs_arena_full(g->arena, "the coupons", err);
  g->coupons = grown;
  grown[g->coupon_count++] = owner;
  return HS_OK;
}

static enum hs_status take_orders(void *context, const struct hs_new_order_batch *batch,
                                  struct hs_err *err)
{
  struct gathering *g = context;
  const struct hs_order_batch *b = &batch->basic;
  for (size_t i = 0; i < b->count; i++) {
    const struct hs_coupon_owner *owner =
        hs_coupons_find(g->coupons, g->coupon_count, b->coupon[i], b->at_us[i]);
    g->page_count++;
    g->span.behind_us = b->at_us[i];
    g->span.behind_sequence = b->sequence[i];
    g->span.behind_row = b->row_number[i];
    if (!owner || batch->discount_minor[i] <= 0 || !is_ours(g, b->currency[i]) ||
        b->refunded_minor[i] >= b->amount_minor[i])
      continue;
    struct hs_cost_line *line = line_for(g, owner->partner, 1);
    if (!line)
      return hs_arena_full(g->arena, "discounts", err);
    line->cost.discount += (double)batch->discount_minor[i] * g->unit;
  }
  return HS_OK;
}

static enum hs_status read_discounts(struct gathering *g, const struct hs_period *period,
                                     struct hs_err *err)
{
  struct hs_programme *programme = g->programme;
  enum hs_status status = programme->book.coupons(programme->book.self, take_coupon, g, err);
  hs_coupons_sort(g->coupons, g->coupon_count);
  g->span = (struct hs_order_span){.from_us = period->from_us,
                                   .until_us = period->until_us,
                                   .until_sequence =
                                       hs_journal_position(programme->journal).cursor.sequence,
                                   .count_max = PAGE_ORDERS,
                                   .behind_us = INT64_MIN};
  g->page_count = PAGE_ORDERS;
  while (!status && g->coupon_count > 0 && g->page_count == PAGE_ORDERS) {
    const struct hs_order_span asked = g->span;
    g->page_count = 0;
    status = programme->trail.orders_between(programme->trail.self, &asked, take_orders, g, err);
  }
  return status;
}

/* ---- commissions
 * --------------------------------------------------------------------------------- */

static enum hs_status read_commissions(struct gathering *g, const struct hs_period *record,
                                       hs_catch_up_fn catching_up, void *context,
                                       struct hs_err *err)
{
  /* Balances of all that is booked, and everything that was ever paid. */
  const struct hs_period ever = {.from_us = record->from_us, .until_us = HS_TIME_MAX_US};
  struct hs_report_money money = {0};
  enum hs_status status =
      hs_report_money_make(g->programme, &ever, catching_up, context, g->arena, &money, err);
  if (status)
    return status;
  g->costs->stopped = money.stopped;
  for (size_t i = 0; i < money.owed_count; i++) {
    const struct hs_report_owed *owed = &money.owed[i];
    struct hs_cost_line *line = line_for(g, owed->partner, 1);
    if (!line)
      return hs_arena_full(g->arena, "commissions", err);
    if (is_ours(g, hs_str_of(owed->currency.code)))
      line->cost.commission +=
          (double)(owed->pending_minor + owed->payable_minor + owed->disputed_minor +
                   owed->paid_minor - owed->receivable_minor) *
          g->unit;
    else
      line->cost.has_other_currency = 1;
  }
  return HS_OK;
}

/* ---- joint P&Ls
 * ------------------------------------------------------------------------------------ */

static enum hs_status take_joint(void *context, struct hs_str partner, int64_t amount_minor,
                                 [[maybe_unused]] struct hs_err *err)
{
  struct gathering *g = context;
  struct hs_cost_line *line = hs_costs_find(g->costs, partner, 1);
  if (line)
    line->cost.joint += (double)amount_minor * g->unit;
  return HS_OK;
}

static enum hs_status take_party(void *context, const struct hs_party *party, struct hs_err *err)
{
  struct gathering *g = context;
  return line_for(g, party->name, 1) ? HS_OK : hs_arena_full(g->arena, "costs", err);
}

static enum hs_status read_joint(struct gathering *g, struct hs_arena *scratch, struct hs_err *err)
{
  struct hs_book *book = &g->programme->book;
  enum hs_status status = book->parties(book->self, take_party, g, err);
  if (!status)
    status = hs_joint_costs(g->programme, scratch, take_joint, g, err);
  /* An imported cost says no agreement: what is written for both would count twice. */
  for (size_t i = 0; i < g->costs->count; i++)
    if (g->costs->lines[i].cost.spent > 0 || g->costs->lines[i].cost.hours > 0)
      g->costs->lines[i].cost.joint = 0;
  return status;
}

static int by_name(const void *left, const void *right)
{
  const struct hs_cost_line *a = left, *b = right;
  if (a->is_partner != b->is_partner)
    return b->is_partner - a->is_partner;
  return hs_str_compare(a->name, b->name);
}

enum hs_status hs_costs_read(struct hs_programme *programme,
                             struct hs_programme_customers *customers, hs_catch_up_fn catching_up,
                             void *context, struct hs_costs *out, struct hs_err *err)
{
  struct hs_report_options usual = {0};
  *out = (struct hs_costs){0};
  struct gathering g = {.programme = programme,
                        .arena = &customers->analysis.arena,
                        .costs = out,
                        .unit = hs_currency_minor_unit(programme->currency)};
  /* Days of costs and activity may lie before the first touch and behind the last order. */
  enum hs_status status = hs_report_usual(programme, &usual, err);
  const struct hs_period *record = &usual.period;
  if (!status)
    status = programme->trail.totals(programme->trail.self, record->from_us, record->until_us,
                                     take_total, &g, err);
  if (!status)
    status = read_discounts(&g, record, err);
  if (!status)
    status = read_commissions(&g, record, catching_up, context, err);
  if (!status)
    status = read_joint(&g, &customers->analysis.scratch, err);
  if (!status && out->count > 0)
    qsort(out->lines, out->count, sizeof *out->lines, by_name);
  return status;
}
