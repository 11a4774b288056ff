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

/* The partner's part of what is sold: what rates are taken of. */
struct part {
  struct hs_ratio base_minor;
  struct hs_ratio
      times; /* a flat amount is for the order or the piece, and its owner gets a share */
};

static int add_piece(struct hs_price *price, const struct hs_rate *rate, struct hs_ratio base_minor,
                     struct hs_ratio times)
{
  struct hs_price_piece *piece = &price->pieces[price->piece_count++];
  *piece = (struct hs_price_piece){.base_minor = base_minor, .times = times, .rate = *rate};
  int fits = rate->structure == HS_STRUCTURE_FLAT
                 ? hs_ratio_multiply(times, hs_ratio_of(rate->flat_minor, 1), &piece->exact_minor)
                 : hs_ratio_multiply(base_minor, hs_ratio_of_decimal(rate->percentage),
                                     &piece->exact_minor);
  return fits && hs_ratio_add(price->exact_minor, piece->exact_minor, &price->exact_minor);
}

/* Marginal tiers by revenue: each stretch of the base at the rate of the tier that it lies in. */
static int add_stretches(struct hs_price *price, const struct hs_rule *rule,
                         const struct part *part, int64_t reached)
{
  struct hs_ratio left = part->base_minor;
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
    fits = fits && add_piece(price, rate_of(rule, tier), piece, part->times) &&
           hs_ratio_subtract(left, piece, &left) && hs_ratio_add(from, piece, &from);
  }
  return fits;
}

/* A retroactive tier that is reached now holds for the whole period: what its rate gives for all
   before, less what that has earned. Many small orders whose halves were rounded up may have earned
   more than the higher rate gives for their sum; that is not taken back. */
static int catch_up(struct hs_price *price, const struct hs_rate *rate, enum hs_rounding rounding,
                    const struct hs_tally *before)
{
  struct hs_ratio exact;
  int64_t earned = 0;
  int fits = hs_ratio_multiply(hs_ratio_of(before->base_minor, 1),
                               hs_ratio_of_decimal(rate->percentage), &exact) &&
             hs_ratio_round(exact, rounding, &earned);
  if (fits && earned > before->earned_minor)
    price->catch_up_minor = earned - before->earned_minor;
  return fits;
}

static int price_by_tier(struct hs_price *price, const struct hs_rule *rule,
                         enum hs_rounding rounding, const struct part *part,
                         const struct hs_tallies *tallies)
{
  const struct hs_tiers *tiers = &rule->tiers;
  const struct hs_tally *before = &tallies->of[tiers->period];
  int64_t step = 1;
  int64_t reached = before->order_count;
  if (tiers->count == 0)
    return add_piece(price, &rule->rate, part->base_minor, part->times);
  if (tiers->measure == HS_TIER_REVENUE) {
    reached = before->base_minor;
    if (!tiers->is_retroactive)
      return add_stretches(price, rule, part, reached);
    if (!hs_ratio_round(part->base_minor, HS_ROUND_HALF_EVEN, &step))
      return 0;
  }
  int tier_before = tier_of(tiers, reached);
  if (__builtin_add_overflow(reached, step, &reached))
    return 0;
  int tier = tier_of(tiers, reached);
  return add_piece(price, rate_of(rule, tier), part->base_minor, part->times) &&
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

static int count_order(struct hs_price *price, const struct part *part,
                       const struct hs_tallies *tallies)
{
  int64_t base = 0;
  int64_t earned = price->rounded_minor + price->catch_up_minor; /* fits: the amount was this sum */
  int fits = hs_ratio_round(part->base_minor, HS_ROUND_HALF_EVEN, &base);
  for (size_t p = 0; p < HS_CYCLE_COUNT && fits; p++) {
    const struct hs_tally *before = &tallies->of[p];
    struct hs_tally *after = &price->after.of[p];
    fits = !__builtin_add_overflow(before->order_count, 1, &after->order_count) &&
           !__builtin_add_overflow(before->base_minor, base, &after->base_minor) &&
           !__builtin_add_overflow(before->earned_minor, earned, &after->earned_minor) &&
           !__builtin_add_overflow(before->paid_minor, price->amount_minor, &after->paid_minor);
  }
  return fits;
}

static int part_of(const struct hs_sold *sold, struct part *part)
{
  HS_ASSERT(sold->base_minor >= 0 && sold->count >= 1 && sold->share.top > 0 &&
            sold->share.top <= sold->share.bottom);
  return hs_ratio_multiply(hs_ratio_of(sold->base_minor, 1), sold->share, &part->base_minor) &&
         (sold->exchange.top == 0 ||
          hs_ratio_multiply(part->base_minor, sold->exchange, &part->base_minor)) &&
         hs_ratio_multiply(hs_ratio_of(sold->count, 1), sold->share, &part->times);
}

enum hs_status hs_price_sale(const struct hs_rule *rule, enum hs_rounding rounding,
                             const struct hs_sold *sold, const struct hs_tallies *tallies,
                             struct hs_price *out, struct hs_err *err)
{
  struct hs_price price = {.exact_minor = HS_RATIO_ZERO};
  struct part part;
  if (!part_of(sold, &part) || !price_by_tier(&price, rule, rounding, &part, tallies) ||
      !hs_ratio_round(price.exact_minor, rounding, &price.rounded_minor) ||
      __builtin_add_overflow(price.rounded_minor, price.catch_up_minor, &price.amount_minor))
    return too_large(rule, err);
  apply_caps(&price, &rule->caps, tallies);
  if (!count_order(&price, &part, tallies))
    return too_large(rule, err);
  *out = price;
  return HS_OK;
}

int hs_bonus_is_reached(const struct hs_bonus *bonus, const struct hs_tally *before,
                        const struct hs_tally *after)
{
  int is_by_orders = bonus->measure == HS_TIER_ORDERS;
  int64_t was = is_by_orders ? before->order_count : before->base_minor;
  int64_t is = is_by_orders ? after->order_count : after->base_minor;
  return was < bonus->from && is >= bonus->from;
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
