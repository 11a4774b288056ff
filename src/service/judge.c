#include "service/judge.h"

#include "base/time.h"
#include "ledger/renewal.h"

/* ---- touchpoints ---- */

static struct hs_touchpoint touchpoint_of(const struct hs_in_force *in_force, uint32_t partner,
                                          int64_t at_us, unsigned marks)
{
  const struct hs_agreed_version *version = hs_in_force_version(in_force, partner, at_us);
  struct hs_touchpoint touch = {.partner = partner, .marks = marks, .at_us = at_us};
  if (version == NULL)
    touch.marks |= HS_TOUCH_UNAGREED;
  else
    touch.until_us = at_us + (int64_t)version->terms.window_days * HS_DAY_US;
  return touch;
}

/* The order's touches in time order, and last the code that it used, at the order's own moment. */
static enum hs_status gather_claims(const struct hs_in_force *in_force, const struct hs_case *order,
                                    struct hs_arena *arena, struct hs_claims *claims,
                                    struct hs_err *err)
{
  struct hs_touchpoint *touches =
      hs_arena_alloc_raw(arena, order->touch_count + 1, sizeof *touches);
  size_t count = 0;
  if (touches == NULL)
    return hs_arena_full(arena, "the touchpoints of an order", err);
  for (size_t i = 0; i < order->touch_count; i++)
    touches[count++] =
        touchpoint_of(in_force, order->touches[i].partner, order->touches[i].at_us, 0);
  uint32_t owner = order->coupon.data == NULL
                       ? HS_NO_PARTNER
                       : hs_in_force_coupon(in_force, order->coupon, order->at_us);
  if (owner != HS_NO_PARTNER)
    touches[count++] = touchpoint_of(in_force, owner, order->at_us, HS_TOUCH_CODE);
  *claims = (struct hs_claims){.ordered_at_us = order->at_us,
                               .cart_at_us = INT64_MAX,
                               .touch_count = count,
                               .touches = touches};
  return HS_OK;
}

/* ---- rules ---- */

static struct hs_sale sale_of(const struct hs_in_force *in_force, const struct hs_case *order)
{
  return (struct hs_sale){.event = HS_RULE_SALE,
                          .value_minor = order->amount_minor,
                          .is_new = order->is_first,
                          .months =
                              hs_months_since(in_force->zone, order->first_order_us, order->at_us),
                          .coupon = order->coupon};
}

/* An order says what was paid; without tax, shipping and discount it says nothing else, so that is
   its net as well, and its margin is not known. */
static struct hs_item item_of(const struct hs_case *order)
{
  struct hs_item item = {.count = 1, .value_minor = order->amount_minor};
  item.base_minor[HS_BASE_NET] = order->amount_minor;
  item.base_minor[HS_BASE_GROSS] = order->amount_minor;
  item.base_minor[HS_BASE_MARGIN] = -1;
  return item;
}

static enum hs_status choose_rule(const struct hs_case *order, const struct hs_sale *sale,
                                  struct hs_arena *arena, struct hs_judged_share *share,
                                  struct hs_err *err)
{
  const struct hs_terms *terms = &share->version->terms;
  struct hs_item item = item_of(order);
  struct hs_portion *portions = hs_arena_alloc(arena, terms->rule_count, sizeof *portions);
  struct hs_err why;
  size_t count = 0;
  if (portions == NULL)
    return hs_arena_full(arena, "the rules of an order", err);
  if (!hs_currency_equal(order->currency, terms->currency)) {
    share->refused = "the order is in another currency than the agreement's terms";
    return HS_OK;
  }
  if (hs_rules_for_items(terms, sale, &item, 1, portions, &count, &why) != HS_OK) {
    share->refused = hs_arena_copy(arena, why.text, hs_str_of(why.text).length);
    return share->refused == NULL ? hs_arena_full(arena, "the rules of an order", err) : HS_OK;
  }
  if (count > 0)
    share->portion = portions[0];
  return HS_OK;
}

static enum hs_status add_share(const struct hs_in_force *in_force, const struct hs_case *order,
                                const struct hs_allotment *allotment, struct hs_arena *arena,
                                struct hs_judgement *judgement, struct hs_err *err)
{
  struct hs_judged_share *share = &judgement->shares[judgement->share_count];
  *share = (struct hs_judged_share){
      .partner = allotment->partner,
      .part = allotment->part,
      .touched_at_us = allotment->judged_at_us,
      .version = hs_in_force_version(in_force, allotment->partner, allotment->judged_at_us)};
  HS_ASSERT(share->version != NULL); /* else the touchpoint was marked as without an agreement */
  judgement->share_count++;
  return choose_rule(order, &judgement->sale, arena, share, err);
}

enum hs_status hs_judge(const struct hs_in_force *in_force, const struct hs_case *order,
                        struct hs_arena *arena, struct hs_judgement *out, struct hs_err *err)
{
  struct hs_judgement judgement = {.policy = hs_in_force_policy(in_force, order->at_us),
                                   .sale = sale_of(in_force, order)};
  struct hs_claims claims;
  enum hs_status status = HS_OK;
  if (judgement.policy != NULL) {
    status = gather_claims(in_force, order, arena, &claims, err);
    if (status == HS_OK)
      status = hs_allocate(&judgement.policy->policy, &claims, arena, &judgement.allocation, err);
    if (status != HS_OK)
      return status;
    judgement.touches = claims.touches;
    judgement.touch_count = claims.touch_count;
  }
  judgement.shares = hs_arena_alloc(arena, judgement.allocation.count, sizeof *judgement.shares);
  if (judgement.shares == NULL)
    return hs_arena_full(arena, "the shares of an order", err);
  for (size_t i = 0; i < judgement.allocation.count && status == HS_OK; i++)
    if (judgement.allocation.allotments[i].verdict == HS_SHARE_GIVEN)
      status =
          add_share(in_force, order, &judgement.allocation.allotments[i], arena, &judgement, err);
  if (status == HS_OK)
    *out = judgement;
  return status;
}
