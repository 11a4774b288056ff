#include "market/market_priv.h"

static void sum_add(struct hs_market_sum *sum, const struct need *need, int64_t sign)
{
  sum->orders += sign;
  sum->amount_minor += sign * need->amount_minor;
  sum->net_minor += sign * (need->amount_minor - need->refund_minor);
}

static void effect_add(struct hs_market_effect *effect, const struct need *need, int64_t sign,
                       int is_reached, int is_tracked)
{
  sum_add(&effect->incremental, need, sign);
  if (is_tracked)
    sum_add(&effect->incremental_tracked, need, sign);
  else if (is_reached)
    sum_add(&effect->incremental_unseen, need, sign);
  else
    sum_add(&effect->halo, need, sign);
}

/* The same person without the partner: each order that only one of the two worlds has is its doing.
   An order of the other world cannot have been reached by the partner, so it goes to the halo, with
   its sign. */
static void partner_judge(struct store *store, const struct person *person,
                          const struct outcome *outcome, const struct reach *reach, size_t partner)
{
  struct outcome without;
  hs_market_decide(store->world, person, UINT64_C(1) << partner, &without);
  for (size_t k = 0; k < person->need_count; k++) {
    if (outcome->is_bought[k] == without.is_bought[k])
      continue;
    const struct need *need = &person->needs[k];
    int is_reached = outcome->is_bought[k] && (reach->reached[k] >> partner & 1);
    int is_tracked = outcome->is_bought[k] && (reach->tracked[k] >> partner & 1);
    int64_t sign = outcome->is_bought[k] ? 1 : -1;
    int32_t month = hs_market_month(store->world, need->decide_us);
    effect_add(hs_market_effect_total(store, partner), need, sign, is_reached, is_tracked);
    effect_add(hs_market_effect_of(store, partner, month), need, sign, is_reached, is_tracked);
  }
}

static void order_count(struct store *store, const struct need *need, uint64_t reached,
                        uint64_t tracked)
{
  int32_t month = hs_market_month(store->world, need->decide_us);
  sum_add(&store->truth.orders, need, 1);
  if (tracked & ~store->world->own_mask)
    sum_add(&store->truth.tracked_by_any, need, 1);
  for (size_t i = 0; i < store->world->partner_count; i++) {
    if (reached >> i & 1) {
      sum_add(&hs_market_effect_total(store, i)->reached, need, 1);
      sum_add(&hs_market_effect_of(store, i, month)->reached, need, 1);
    }
    if (tracked >> i & 1) {
      sum_add(&hs_market_effect_total(store, i)->tracked, need, 1);
      sum_add(&hs_market_effect_of(store, i, month)->tracked, need, 1);
    }
  }
}

static void together_judge(struct store *store, const struct person *person)
{
  struct outcome without;
  hs_market_decide(store->world, person, ~store->world->own_mask, &without);
  for (size_t k = 0; k < person->need_count; k++)
    if (without.is_bought[k])
      sum_add(&store->truth.without_partners, &person->needs[k], 1);
}

void hs_market_judge(struct store *store, const struct person *person,
                     const struct outcome *outcome, const struct reach *reach)
{
  for (size_t k = 0; k < person->need_count; k++)
    if (outcome->is_bought[k])
      order_count(store, &person->needs[k], reach->reached[k], reach->tracked[k]);
  for (size_t i = 0; i < store->world->partner_count; i++) {
    if (!(reach->met >> i & 1))
      continue;
    hs_market_effect_total(store, i)->persons++;
    partner_judge(store, person, outcome, reach, i);
  }
  together_judge(store, person);
}
