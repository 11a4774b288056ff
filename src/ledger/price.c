#include "ledger/price.h"

static enum hs_status too_large(const struct hs_rule *rule, struct hs_err *err)
{
  return hs_fail(err, HS_INVALID, "rule \"%.*s\": the commission does not fit",
                 HS_STR_ARG(rule->name));
}

/* The tier whose rate holds for the order with this number or for the unit of the base behind
   `reached`: -1 for the rule's own rate. */
static int tier_of(const struct hs_tiers *tiers, int64_t reached)
{
  int tier = -1;
  while ((size_t)(tier + 1) < tiers->count && tiers->tier[tier + 1].from <= reached)
    tier++;
  return tier;
}

static const struct hs_rate *rate_of(const struct hs_rule *rule, int tier)
{
  return tier < 0 ? &rule->rate : &rule->tiers.tier[tier].rate;
}

/* A percentage is of the piece; a flat amount is for the order, so the piece's owner gets its share
   of it. */
static int add_piece(struct hs_price *price, const struct hs_rate *rate, struct hs_ratio base_minor,
                     struct hs_ratio share)
{
  struct hs_price_piece *piece = &price->pieces[price->piece_count++];
  *piece = (struct hs_price_piece){.base_minor = base_minor, .rate = *rate};
  int fits = rate->structure == HS_STRUCTURE_FLAT
                 ? hs_ratio_multiply(share, hs_ratio_of(rate->flat_minor, 1), &piece->exact_minor)
                 : hs_ratio_multiply(base_minor, hs_ratio_of_decimal(rate->percentage),
                                     &piece->exact_minor);
  return fits && hs_ratio_add(price->exact_minor, piece->exact_minor, &price->exact_minor);
}

/* Marginal tiers by revenue: each stretch of the base at the rate of the tier that it lies in. */
static int add_stretches(struct hs_price *price, const struct hs_rule *rule,
                         struct hs_ratio part_minor, struct hs_ratio share, int64_t reached)
{
  struct hs_ratio left = part_minor;
  struct hs_ratio from = hs_ratio_of(reached, 1);
  int fits = 1;
  for (int tier = tier_of(&rule->tiers, reached); fits && left.top > 0; tier++) {
    struct hs_ratio piece = left;
    if ((size_t)(tier + 1) < rule->tiers.count) {
      struct hs_ratio room;
      fits = hs_ratio_subtract(hs_ratio_of(rule->tiers.tier[tier + 1].from, 1), from, &room);
      if (fits && hs_ratio_compare(room, piece) < 0)
        piece = room;
    }
    fits = fits && add_piece(price, rate_of(rule, tier), piece, share) &&
           hs_ratio_subtract(left, piece, &left) && hs_ratio_add(from, piece, &from);
  }
  return fits;
}

/* A retroactive tier that is reached now holds for the whole period: what its rate gives for all
   before, less what that has earned. */
static int catch_up(struct hs_price *price, const struct hs_rate *rate, enum hs_rounding rounding,
                    const struct hs_tally *before)
{
  struct hs_ratio exact;
  int64_t earned = 0;
  return hs_ratio_multiply(hs_ratio_of(before->base_minor, 1),
                           hs_ratio_of_decimal(rate->percentage), &exact) &&
         hs_ratio_round(exact, rounding, &earned) &&
         !__builtin_sub_overflow(earned, before->earned_minor, &price->catch_up_minor);
}

static int price_by_tier(struct hs_price *price, const struct hs_rule *rule,
                         enum hs_rounding rounding, struct hs_ratio part_minor,
                         struct hs_ratio share, const struct hs_tallies *tallies)
{
  const struct hs_tiers *tiers = &rule->tiers;
  const struct hs_tally *before = &tallies->of[tiers->period];
  int64_t part = 1;
  int64_t reached = before->order_count;
  if (tiers->count == 0)
    return add_piece(price, &rule->rate, part_minor, share);
  if (tiers->measure == HS_TIER_REVENUE) {
    reached = before->base_minor;
    if (!tiers->is_retroactive)
      return add_stretches(price, rule, part_minor, share, reached);
    if (!hs_ratio_round(part_minor, HS_ROUND_HALF_EVEN, &part))
      return 0;
  }
  int tier_before = tier_of(tiers, reached);
  if (__builtin_add_overflow(reached, part, &reached))
    return 0;
  int tier = tier_of(tiers, reached);
  return add_piece(price, rate_of(rule, tier), part_minor, share) &&
         (!tiers->is_retroactive || tier == tier_before ||
          catch_up(price, rate_of(rule, tier), rounding, before));
}

static void apply_caps(struct hs_price *price, const struct hs_caps *caps,
                       const struct hs_tallies *tallies)
{
  for (size_t p = 0; p < HS_CYCLE_COUNT; p++) {
    if (caps->most_minor[p] == 0)
      continue;
    int64_t room = caps->most_minor[p] - tallies->of[p].paid_minor;
    room = room < 0 ? 0 : room;
    price->amount_minor = price->amount_minor < room ? price->amount_minor : room;
  }
}

static int count_order(struct hs_price *price, struct hs_ratio part_minor,
                       const struct hs_tallies *tallies)
{
  int64_t part = 0;
  int64_t earned = price->rounded_minor + price->catch_up_minor;
  int fits = hs_ratio_round(part_minor, HS_ROUND_HALF_EVEN, &part);
  for (size_t p = 0; p < HS_CYCLE_COUNT && fits; p++) {
    const struct hs_tally *before = &tallies->of[p];
    struct hs_tally *after = &price->after.of[p];
    after->order_count = before->order_count + 1;
    fits = !__builtin_add_overflow(before->base_minor, part, &after->base_minor) &&
           !__builtin_add_overflow(before->earned_minor, earned, &after->earned_minor) &&
           !__builtin_add_overflow(before->paid_minor, price->amount_minor, &after->paid_minor);
  }
  return fits;
}

enum hs_status hs_price_sale(const struct hs_rule *rule, enum hs_rounding rounding,
                             int64_t base_minor, struct hs_ratio share,
                             const struct hs_tallies *tallies, struct hs_price *out,
                             struct hs_err *err)
{
  struct hs_price price = {.exact_minor = HS_RATIO_ZERO};
  struct hs_ratio part_minor;
  HS_ASSERT(base_minor >= 0 && share.top > 0 && share.top <= share.bottom);
  if (!hs_ratio_multiply(hs_ratio_of(base_minor, 1), share, &part_minor) ||
      !price_by_tier(&price, rule, rounding, part_minor, share, tallies) ||
      !hs_ratio_round(price.exact_minor, rounding, &price.rounded_minor) ||
      __builtin_add_overflow(price.rounded_minor, price.catch_up_minor, &price.amount_minor))
    return too_large(rule, err);
  apply_caps(&price, &rule->caps, tallies);
  if (!count_order(&price, part_minor, tallies))
    return too_large(rule, err);
  *out = price;
  return HS_OK;
}

enum hs_status hs_price_take_back(int64_t commission_minor, int64_t order_minor,
                                  int64_t refunded_minor, int64_t taken_back_minor,
                                  enum hs_rounding rounding, int64_t *out, struct hs_err *err)
{
  struct hs_ratio exact;
  int64_t in_all = 0;
  HS_ASSERT(order_minor > 0 && refunded_minor >= 0 && taken_back_minor >= 0 &&
            commission_minor >= 0);
  if (refunded_minor > order_minor)
    refunded_minor = order_minor;
  if (!hs_ratio_multiply(hs_ratio_of(commission_minor, 1), hs_ratio_of(refunded_minor, order_minor),
                         &exact) ||
      !hs_ratio_round(exact, rounding, &in_all))
    return hs_fail(err, HS_INVALID, "the part of a commission to take back does not fit");
  *out = in_all > taken_back_minor ? in_all - taken_back_minor : 0;
  return HS_OK;
}
