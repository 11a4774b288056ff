#include "service/post/judge.h"

#include "base/time.h"
#include "ledger/renewal.h"
#include "service/post/tallies.h"

/* ---- touchpoints ---- */

static int is_self(const struct hs_case *order, uint32_t partner)
{
  for (size_t i = 0; i < order->self_count; i++)
    if (order->selves[i].partner == partner)
      return 1;
  return 0;
}

static struct hs_touchpoint touchpoint_of(const struct hs_in_force *in_force,
                                          const struct hs_case *order, uint32_t partner,
                                          int64_t at_us, unsigned marks)
{
  const struct hs_agreed_version *version = hs_in_force_version(in_force, partner, at_us);
  struct hs_touchpoint touch = {.partner = partner, .marks = marks, .at_us = at_us};
  if (is_self(order, partner))
    touch.marks |= HS_TOUCH_SELF;
  if (version == NULL)
    touch.marks |= HS_TOUCH_UNAGREED;
  else
    touch.until_us = at_us + (int64_t)version->terms.window_days * HS_DAY_US;
  return touch;
}

/* The order's touches in time order, and last the code that it used, at the order's own moment, or
   the partner that a lead or a click names itself. */
static enum hs_status gather_claims(const struct hs_in_force *in_force, const struct hs_case *order,
                                    struct hs_arena *arena, struct hs_claims *claims,
                                    struct hs_err *err)
{
  struct hs_touchpoint *touches =
      hs_arena_alloc_raw(arena, order->touch_count + 2, sizeof *touches);
  size_t count = 0;
  if (touches == NULL)
    return hs_arena_full(arena, "the touchpoints of an order", err);
  for (size_t i = 0; i < order->touch_count; i++)
    touches[count++] =
        touchpoint_of(in_force, order, order->touches[i].partner, order->touches[i].at_us,
                      order->touches[i].stands_down ? HS_TOUCH_STANDS_DOWN : 0);
  uint32_t owner = order->coupon.data == NULL
                       ? HS_NO_PARTNER
                       : hs_in_force_coupon(in_force, order->coupon, order->at_us);
  if (owner != HS_NO_PARTNER)
    touches[count++] = touchpoint_of(in_force, order, owner, order->at_us, HS_TOUCH_CODE);
  if (order->partner != HS_NO_PARTNER)
    touches[count++] =
        touchpoint_of(in_force, order, order->partner, order->claimed_at_us, HS_TOUCH_NAMED);
  *claims = (struct hs_claims){.is_named = order->named.data != NULL,
                               .ordered_at_us = order->claimed_at_us,
                               .cart_at_us = order->cart_at_us,
                               .touch_count = count,
                               .touches = touches};
  return HS_OK;
}

/* ---- who shares ---- */

static int a_touchpoint_counts(const struct hs_allocation *allocation, size_t touch_count)
{
  for (size_t i = 0; i < touch_count; i++)
    if (allocation->verdicts[i] == HS_SHARE_GIVEN)
      return 1;
  return 0;
}

/* Most orders are a customer's first, or have a touchpoint that decides: nobody looks at the first
   sale for those. */
static int first_sale_matters(const struct hs_policy *policy, const struct hs_case *order,
                              const struct hs_claims *claims,
                              const struct hs_allocation *allocation)
{
  if (order->event != HS_RULE_SALE || order->is_first || policy->renewals == HS_RENEWALS_NEVER)
    return 0;
  return policy->renewals == HS_RENEWALS_ALWAYS ||
         !a_touchpoint_counts(allocation, claims->touch_count);
}

static enum hs_status allocate(const struct hs_in_force *in_force,
                               const struct hs_ledger_reader *ledger, const struct hs_case *order,
                               struct hs_arena *arena, struct hs_judgement *judgement,
                               struct hs_first_sale *first, struct hs_err *err)
{
  const struct hs_policy *policy = &judgement->policy->policy;
  struct hs_claims claims;
  enum hs_status status = gather_claims(in_force, order, arena, &claims, err);
  if (status == HS_OK)
    status = hs_allocate(policy, &claims, arena, &judgement->allocation, err);
  if (status != HS_OK)
    return status;
  judgement->touches = claims.touches;
  judgement->touch_count = claims.touch_count;
  if (!first_sale_matters(policy, order, &claims, &judgement->allocation))
    return HS_OK;
  status = hs_first_sale_load(ledger, in_force, order->first_order, order->first_sequence,
                              order->known_until, arena, first, err);
  if (status != HS_OK || first->count == 0)
    return status;
  claims.first_shares = first->shares;
  claims.first_share_count = first->count;
  return hs_allocate(policy, &claims, arena, &judgement->allocation, err);
}

/* ---- rules ---- */

static struct hs_sale sale_of(const struct hs_in_force *in_force, const struct hs_case *order)
{
  return (struct hs_sale){
      .event = order->event,
      .event_name = order->event == HS_RULE_CUSTOM ? order->word : (struct hs_str){0},
      .value_minor = order->amount_minor,
      .is_new = order->is_first,
      .months = hs_months_since(in_force->zone, order->first_order_us, order->at_us),
      .coupon = order->coupon,
      .country = order->bought.country,
      .fact_count = order->bought.fact_count,
      .facts = order->bought.facts};
}

static int is_part_of_value(const struct hs_rule *rule)
{
  int is_part = rule->rate.structure == HS_STRUCTURE_PERCENTAGE;
  for (size_t t = 0; t < rule->tiers.count; t++)
    is_part |= rule->tiers.tier[t].rate.structure == HS_STRUCTURE_PERCENTAGE;
  return is_part;
}

/* Of a lead, a click or a custom event, which has no value and no items. */
static void choose_action_rule(const struct hs_sale *sale, struct hs_portion *portion,
                               struct hs_judged_share *share)
{
  const struct hs_rule *rule = hs_rule_for_sale(&share->version->terms, sale);
  if (rule == NULL)
    return;
  if (is_part_of_value(rule)) {
    share->refused = "the rule pays a part of a value, and only orders have one";
    return;
  }
  *portion = (struct hs_portion){.rule = rule, .count = 1};
  share->portion_count = 1;
}

/* ---- another currency ---- */

static int64_t day_of(const struct hs_in_force *in_force, int64_t at_us)
{
  int32_t days[HS_CYCLE_COUNT];
  hs_tally_days(in_force->zone, at_us, days);
  return days[HS_CYCLE_DAY];
}

static enum hs_status wait_for_rate(const struct hs_rate_ask *ask, struct hs_arena *arena,
                                    struct hs_judged_share *share, struct hs_err *err)
{
  struct hs_buf words = hs_buf_in(arena);
  char day[HS_TIME_TEXT];
  hs_format_day((int32_t)ask->day, day);
  hs_buf_printf(&words,
                "there is no exchange rate from %s to %s for %s or the %d days before it; it is "
                "judged when one is imported",
                ask->from.code, ask->to.code, day, HS_RATE_DAYS_MAX);
  share->waits = 1;
  share->refused = hs_buf_status(&words, "why an order waits", err) == HS_OK ? words.data : NULL;
  return share->refused != NULL ? HS_OK : HS_NOMEM;
}

/* What conditions compare with the terms' figures; bases wait until they are priced, so that
   nothing is rounded before. */
static int convert_values(const struct hs_case *order, const struct hs_conversion *conversion,
                          struct hs_sale *sale, struct hs_item *items)
{
  int fits = hs_conversion_amount(conversion, sale->value_minor, &sale->value_minor);
  for (size_t i = 0; i < order->bought.item_count && fits; i++) {
    items[i] = order->bought.items[i];
    fits = hs_conversion_amount(conversion, items[i].value_minor, &items[i].value_minor);
  }
  return fits;
}

static enum hs_status convert(const struct hs_in_force *in_force, const struct hs_case *order,
                              struct hs_arena *arena, struct hs_judged_share *share,
                              struct hs_err *err)
{
  const struct hs_rate_ask ask = {.from = order->currency,
                                  .to = share->version->terms.currency,
                                  .day = day_of(in_force, order->at_us),
                                  .came = order->sequence,
                                  .until = order->rates_until};
  struct hs_conversion *found = hs_arena_alloc(arena, 1, sizeof *found);
  struct hs_sale *sale = hs_arena_alloc(arena, 1, sizeof *sale);
  struct hs_item *items = hs_arena_alloc(arena, order->bought.item_count, sizeof *items);
  if (found == NULL || sale == NULL || items == NULL)
    return hs_arena_full(arena, "an order in another currency", err);
  if (!hs_rates_find(order->rates, &ask, found))
    return wait_for_rate(&ask, arena, share, err);
  *sale = *share->sale;
  if (!convert_values(order, found, sale, items))
    share->refused = "the order's value does not fit in the currency of the terms";
  share->conversion = found;
  share->sale = sale;
  share->items = items;
  return HS_OK;
}

/* ---- which rules ---- */

static enum hs_status choose_rules(const struct hs_in_force *in_force, const struct hs_case *order,
                                   struct hs_arena *arena, struct hs_judged_share *share,
                                   struct hs_err *err)
{
  const struct hs_terms *terms = &share->version->terms;
  struct hs_portion *portions = hs_arena_alloc(arena, terms->rule_count, sizeof *portions);
  struct hs_err why;
  if (portions == NULL)
    return hs_arena_full(arena, "the rules of an order", err);
  share->portions = portions;
  if (order->event != HS_RULE_SALE) {
    choose_action_rule(share->sale, portions, share);
    return HS_OK;
  }
  if (!hs_currency_equal(order->currency, terms->currency)) {
    enum hs_status status = convert(in_force, order, arena, share, err);
    if (status != HS_OK || share->refused != NULL)
      return status;
  }
  if (hs_rules_for_items(terms, share->sale, share->items, order->bought.item_count, portions,
                         &share->portion_count, &why) != HS_OK) {
    share->refused = hs_arena_copy(arena, why.text, hs_str_of(why.text).length);
    return share->refused == NULL ? hs_arena_full(arena, "the rules of an order", err) : HS_OK;
  }
  return HS_OK;
}

/* A renewal's is that of the first sale, also when another one holds for the moment by now. */
static const struct hs_agreed_version *version_of(const struct hs_in_force *in_force,
                                                  const struct hs_first_sale *first,
                                                  const struct hs_allotment *allotment)
{
  for (size_t i = 0; allotment->touch == SIZE_MAX && i < first->count; i++)
    if (first->shares[i].partner == allotment->partner)
      return first->versions[i];
  return hs_in_force_version(in_force, allotment->partner, allotment->judged_at_us);
}

static enum hs_status add_share(const struct hs_in_force *in_force, const struct hs_case *order,
                                const struct hs_first_sale *first,
                                const struct hs_allotment *allotment, struct hs_arena *arena,
                                struct hs_judgement *judgement, struct hs_err *err)
{
  struct hs_judged_share *share = &judgement->shares[judgement->share_count];
  *share = (struct hs_judged_share){.partner = allotment->partner,
                                    .part = allotment->part,
                                    .touched_at_us = allotment->judged_at_us,
                                    .version = version_of(in_force, first, allotment),
                                    .is_kept = allotment->touch == SIZE_MAX,
                                    .sale = judgement->sale,
                                    .items = order->bought.items};
  HS_ASSERT(share->version != NULL); /* else the touchpoint was marked as without an agreement */
  judgement->share_count++;
  return choose_rules(in_force, order, arena, share, err);
}

enum hs_status hs_judge(const struct hs_in_force *in_force, const struct hs_ledger_reader *ledger,
                        const struct hs_case *order, struct hs_arena *arena,
                        struct hs_judgement *out, struct hs_err *err)
{
  struct hs_judgement judgement = {.policy = hs_in_force_policy(in_force, order->claimed_at_us)};
  struct hs_first_sale first = {0};
  struct hs_sale *sale = hs_arena_alloc_raw(arena, 1, sizeof *sale);
  enum hs_status status = sale == NULL ? hs_arena_full(arena, "an order", err) : HS_OK;
  if (status != HS_OK)
    return status;
  *sale = sale_of(in_force, order);
  judgement.sale = sale;
  if (judgement.policy != NULL)
    status = allocate(in_force, ledger, order, arena, &judgement, &first, err);
  if (status != HS_OK)
    return status;
  judgement.shares = hs_arena_alloc(arena, judgement.allocation.count, sizeof *judgement.shares);
  if (judgement.shares == NULL)
    return hs_arena_full(arena, "the shares of an order", err);
  for (size_t i = 0; i < judgement.allocation.count && status == HS_OK; i++)
    if (judgement.allocation.allotments[i].verdict == HS_SHARE_GIVEN)
      status = add_share(in_force, order, &first, &judgement.allocation.allotments[i], arena,
                         &judgement, err);
  if (status == HS_OK)
    *out = judgement;
  return status;
}
