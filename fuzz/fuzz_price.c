/* From terms and events that the bytes draw to money: what is shared is a whole, what is paid stays
   below its caps and, by a rate, below what it is taken of; pieces sum to the exact amount, tallies
   only grow, refunds take back what was given and no more; and whatever the figures, nothing
   overflows: what does not fit is refused and leaves no trace. */
#include "fuzz.h"

#include <string.h>

#include "ledger/allocate.h"
#include "ledger/choose.h"
#include "ledger/price.h"

/* ---- bytes to figures ---- */

struct source {
  const uint8_t *data;
  size_t size;
};

static uint8_t next_byte(struct source *source)
{
  if (source->size == 0)
    return 0;
  source->size--;
  return *source->data++;
}

static int64_t below(struct source *source, int64_t n) { return next_byte(source) % n; }

/* 0 or more, of as many bytes as the first of them says. */
static int64_t next_amount(struct source *source)
{
  uint64_t value = 0;
  for (int64_t bytes = below(source, 9); bytes > 0; bytes--)
    value = value << 8 | next_byte(source);
  return (int64_t)(value >> 1);
}

static struct hs_ratio next_share(struct source *source)
{
  int64_t bottom = 1 + next_amount(source) % 1000000;
  return hs_ratio_of(1 + next_amount(source) % bottom, bottom);
}

/* A rate of at most the whole, as agreements have it. */
static struct hs_rate next_rate(struct source *source, int is_percentage)
{
  if (is_percentage || below(source, 2))
    return (struct hs_rate){.percentage = {next_amount(source) % 1000001, 6}};
  return (struct hs_rate){.structure = HS_STRUCTURE_FLAT, .flat_minor = next_amount(source)};
}

/* ---- terms ---- */

#define RULES_MAX 4

static struct hs_str PRODUCTS[] = {{"shoe", 4}, {"boot", 4}, {"sock", 4}};

static int64_t next_threshold(struct source *source, int64_t before)
{
  int64_t from = 0;
  if (__builtin_add_overflow(before, 1 + next_amount(source) % (INT64_MAX / 16), &from))
    return before;
  return from;
}

/* Amounts only where tiers do not cut orders or look back; retroactive tiers rise. */
static void next_tiers(struct source *source, struct hs_rule *rule)
{
  struct hs_tiers *tiers = &rule->tiers;
  int64_t from = 0;
  tiers->measure = below(source, 2) ? HS_TIER_REVENUE : HS_TIER_ORDERS;
  tiers->period = (enum hs_cycle)below(source, HS_CYCLE_COUNT);
  tiers->is_retroactive = (int)below(source, 2);
  tiers->count = (size_t)below(source, HS_TIERS_MAX + 1);
  int only_rates = tiers->count > 0 && (tiers->is_retroactive || tiers->measure == HS_TIER_REVENUE);
  rule->rate = next_rate(source, only_rates);
  for (size_t t = 0; t < tiers->count; t++) {
    from = next_threshold(source, from);
    tiers->tier[t] = (struct hs_tier){from, next_rate(source, only_rates)};
    if (tiers->is_retroactive)
      tiers->tier[t].rate.percentage = (struct hs_decimal){
          rule->rate.percentage.digits + (int64_t)(t + 1) * below(source, 100), 6};
  }
}

static struct hs_rule next_rule(struct source *source, int32_t rank)
{
  struct hs_rule rule = {.name = HS_STR("rule"), .rank = rank};
  rule.level = below(source, 2) ? HS_LEVEL_ITEM : HS_LEVEL_ORDER;
  rule.base = (enum hs_rule_base)below(source, HS_BASE_COUNT);
  rule.is_first_only = below(source, 8) == 0;
  rule.months_max = (uint32_t)below(source, 4);
  rule.when =
      (struct hs_conditions){.customer = (enum hs_customer)below(source, 3),
                             .products = {PRODUCTS, (size_t)below(source, 4)},
                             .value_min_minor = below(source, 2) ? 0 : next_amount(source),
                             .value_max_minor = below(source, 2) ? INT64_MAX : next_amount(source)};
  for (size_t c = 0; c < HS_CYCLE_COUNT; c++)
    rule.caps.most_minor[c] = below(source, 2) ? 0 : 1 + next_amount(source) / 2;
  next_tiers(source, &rule);
  return rule;
}

/* ---- what is promised ---- */

static struct hs_tallies tallies[RULES_MAX];

static void check_pieces(const struct hs_sold *sold, const struct hs_price *price)
{
  struct hs_ratio sum = HS_RATIO_ZERO;
  struct hs_ratio base = HS_RATIO_ZERO;
  int is_rate = 1;
  HS_ASSERT(price->piece_count <= HS_TIERS_MAX + 1);
  for (size_t p = 0; p < price->piece_count; p++) {
    HS_ASSERT(hs_ratio_add(sum, price->pieces[p].exact_minor, &sum));
    HS_ASSERT(hs_ratio_add(base, price->pieces[p].base_minor, &base));
    is_rate &= price->pieces[p].rate.structure == HS_STRUCTURE_PERCENTAGE;
  }
  HS_ASSERT(hs_ratio_compare(sum, price->exact_minor) == 0);
  struct hs_ratio part = HS_RATIO_ZERO;
  HS_ASSERT(hs_ratio_multiply(hs_ratio_of(sold->base_minor, 1), sold->share, &part));
  HS_ASSERT(hs_ratio_compare(base, part) == 0);
  if (is_rate) /* at most the whole, and half a unit by rounding */
    HS_ASSERT(hs_ratio_compare(sum, part) <= 0 && price->rounded_minor <= sold->base_minor);
}

static void check_caps(const struct hs_rule *rule, const struct hs_tallies *before,
                       const struct hs_price *price)
{
  HS_ASSERT(price->rounded_minor >= 0 && price->catch_up_minor >= 0 && price->amount_minor >= 0);
  HS_ASSERT(price->amount_minor <= price->rounded_minor + price->catch_up_minor);
  for (size_t c = 0; c < HS_CYCLE_COUNT; c++) {
    const struct hs_tally *was = &before->of[c];
    const struct hs_tally *is = &price->after.of[c];
    int64_t most = rule->caps.most_minor[c];
    HS_ASSERT(is->order_count == was->order_count + 1 && is->base_minor >= was->base_minor);
    HS_ASSERT(is->earned_minor - was->earned_minor == price->rounded_minor + price->catch_up_minor);
    HS_ASSERT(is->paid_minor - was->paid_minor == price->amount_minor);
    HS_ASSERT(is->paid_minor <= is->earned_minor);
    HS_ASSERT(most == 0 || is->paid_minor <= most);
  }
}

static void check_refunds(struct source *source, enum hs_rounding rounding, int64_t order_minor,
                          int64_t commission_minor)
{
  int64_t refunded = 0;
  int64_t taken = 0;
  while (refunded < order_minor) {
    int64_t back = 0;
    int64_t more = 1 + next_amount(source) / 2;
    if (source->size == 0 || __builtin_add_overflow(refunded, more, &refunded))
      refunded = order_minor;
    HS_ASSERT(hs_price_take_back(commission_minor, order_minor, refunded, taken, rounding, &back,
                                 NULL) == HS_OK);
    HS_ASSERT(back >= 0);
    taken += back;
    HS_ASSERT(taken <= commission_minor);
  }
  HS_ASSERT(taken == commission_minor);
}

static void check_portion(struct source *source, const struct hs_terms *terms,
                          const struct hs_portion *portion, struct hs_ratio share)
{
  size_t index = (size_t)(portion->rule - terms->rules);
  const struct hs_sold sold = {
      .base_minor = portion->base_minor, .count = portion->count, .share = share};
  struct hs_price price;
  struct hs_price old;
  struct hs_err err = {0};
  memset(&price, 0x5A, sizeof price);
  memcpy(&old, &price, sizeof price);
  if (hs_price_sale(portion->rule, terms->rounding, &sold, &tallies[index], &price, &err) !=
      HS_OK) {
    HS_ASSERT(err.status == HS_INVALID && memcmp(&old, &price, sizeof price) == 0);
    return;
  }
  check_pieces(&sold, &price);
  check_caps(portion->rule, &tallies[index], &price);
  if (sold.base_minor > 0)
    check_refunds(source, terms->rounding, sold.base_minor, price.amount_minor);
  tallies[index] = price.after;
}

/* ---- an order ---- */

#define ITEMS_MAX 3
#define TOUCHES_MAX 6

static size_t next_items(struct source *source, struct hs_item *items)
{
  size_t count = 1 + (size_t)below(source, ITEMS_MAX);
  for (size_t i = 0; i < count; i++) {
    items[i] = (struct hs_item){.product = PRODUCTS[below(source, 3)],
                                .count = 1 + below(source, 200),
                                .value_minor = next_amount(source)};
    for (size_t b = 0; b < HS_BASE_COUNT; b++)
      items[i].base_minor[b] = below(source, 8) ? next_amount(source) : -1;
  }
  return count;
}

static size_t next_touches(struct source *source, struct hs_touchpoint *touches)
{
  size_t count = (size_t)below(source, TOUCHES_MAX + 1);
  int64_t at_us = 0;
  for (size_t i = 0; i < count; i++) {
    at_us += below(source, 100);
    touches[i] = (struct hs_touchpoint){.partner = (uint32_t)below(source, 4),
                                        .marks = next_byte(source) & 15U,
                                        .at_us = at_us,
                                        .until_us = at_us + 4 * below(source, 256)};
  }
  return count;
}

static struct hs_policy next_policy(struct source *source)
{
  int64_t first = below(source, 101);
  return (struct hs_policy){.first = hs_ratio_of(first, 100),
                            .last = hs_ratio_of(below(source, 101 - first), 100),
                            .minimum = hs_ratio_of(below(source, 101), 100),
                            .is_coupon_first = (int)below(source, 2),
                            .is_cart_barrier = (int)below(source, 2),
                            .allows_self_referral = (int)below(source, 2),
                            .stand_down_us = below(source, 256)};
}

/* The parts of an order make a whole, or nobody has one. */
static void check_shares(struct source *source, struct hs_arena *arena)
{
  struct hs_touchpoint touches[TOUCHES_MAX];
  struct hs_policy policy = next_policy(source);
  struct hs_claims claims = {.ordered_at_us = 300, .touches = touches};
  struct hs_allocation allocation;
  struct hs_ratio sum = HS_RATIO_ZERO;
  claims.touch_count = next_touches(source, touches);
  claims.cart_at_us = below(source, 2) ? INT64_MAX : below(source, 256);
  HS_ASSERT(hs_allocate(&policy, &claims, arena, &allocation, NULL) == HS_OK);
  for (size_t i = 0; i < allocation.count; i++) {
    const struct hs_allotment *allotment = &allocation.allotments[i];
    HS_ASSERT((allotment->verdict == HS_SHARE_GIVEN) == (allotment->part.top > 0));
    HS_ASSERT(hs_ratio_add(sum, allotment->part, &sum));
  }
  HS_ASSERT(sum.top == 0 || hs_ratio_compare(sum, HS_RATIO_ONE) == 0);
}

static void check_order(struct source *source, const struct hs_terms *terms)
{
  struct hs_item items[ITEMS_MAX];
  struct hs_portion portions[RULES_MAX];
  size_t item_count = next_items(source, items);
  size_t count = 0;
  const struct hs_sale sale = {.value_minor = next_amount(source),
                               .is_new = (int)below(source, 2),
                               .months = (uint32_t)below(source, 5)};
  struct hs_ratio share = next_share(source);
  if (hs_rules_for_items(terms, &sale, items, item_count, portions, &count, NULL) != HS_OK)
    return;
  for (size_t p = 0; p < count; p++) {
    HS_ASSERT(p == 0 || portions[p].rule->rank > portions[p - 1].rule->rank);
    HS_ASSERT(portions[p].count > 0 && portions[p].base_minor >= 0);
    check_portion(source, terms, &portions[p], share);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct source source = {data, size};
  struct hs_rule rules[RULES_MAX];
  struct hs_terms terms = {.rules = rules};
  struct hs_arena arena = {0};
  HS_ASSERT(hs_arena_init(&arena, HS_MIB, NULL) == HS_OK);
  memset(tallies, 0, sizeof tallies);
  terms.rounding = below(&source, 2) ? HS_ROUND_HALF_UP : HS_ROUND_HALF_EVEN;
  terms.rule_count = 1 + (size_t)below(&source, RULES_MAX);
  for (size_t r = 0; r < terms.rule_count; r++)
    rules[r] = next_rule(&source, (int32_t)r + 1);
  check_shares(&source, &arena);
  for (int order = 0; order < 64 && source.size > 0; order++)
    check_order(&source, &terms);
  hs_arena_release(&arena);
  return 0;
}
