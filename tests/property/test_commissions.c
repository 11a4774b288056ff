/* Proves that what is owed is what the terms say: random policies, rules, tallies and refunds
   against the definitions of shares, tiers, catching up, caps and taking back, written down over
   exact fractions that are not ours (support/exact.h).

   Each case has a seed of its own. HANSA_PRICES is the number of cases (200,000), HANSA_SEED the
   first seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "ledger/policy.h"
#include "ledger/price.h"
#include "support/exact.h"

/* ---- shares ---- */

#define TOUCHES_MAX 12

/* What the places give: to the first, to the last, and the rest in equal parts to those between who
   are neither. Partners are numbered by first touchpoint. */
static void give_places(const struct hs_policy *policy, size_t count, size_t last, mpq_t *parts)
{
  mpq_t rest, heads;
  mpq_inits(rest, heads, NULL);
  size_t between = count - 1 - (last != 0);
  set_ratio(rest, policy->first);
  set_ratio(heads, policy->last);
  mpq_add(rest, rest, heads);
  set_int(heads, 1);
  mpq_sub(rest, heads, rest);
  set_int(heads, between == 0 ? 1 : (int64_t)between);
  mpq_div(rest, rest, heads);
  for (size_t i = 0; i < count; i++) {
    mpq_set_si(parts[i], 0, 1);
    if (i != 0 && i != last)
      mpq_set(parts[i], rest);
  }
  set_ratio(heads, policy->first);
  mpq_add(parts[0], parts[0], heads);
  set_ratio(heads, policy->last);
  mpq_add(parts[last], parts[last], heads);
  mpq_clears(rest, heads, NULL);
}

/* In the proportion that they have; in equal parts where nobody has one. */
static void scale_to_one(mpq_t *parts, const int *is_in, size_t count)
{
  mpq_t sum;
  size_t heads = 0;
  mpq_init(sum);
  for (size_t i = 0; i < count; i++) {
    heads += is_in[i] != 0;
    if (is_in[i])
      mpq_add(sum, sum, parts[i]);
  }
  for (size_t i = 0; i < count; i++) {
    if (!is_in[i])
      mpq_set_si(parts[i], 0, 1);
    else if (mpq_sgn(sum) == 0)
      mpq_set_ui(parts[i], 1, heads);
    else
      mpq_div(parts[i], parts[i], sum);
  }
  mpq_clear(sum);
}

static void divide_exactly(const struct hs_policy *policy, size_t count, size_t last, mpq_t *parts)
{
  int is_in[TOUCHES_MAX] = {0};
  int is_any = 0;
  mpq_t minimum;
  mpq_init(minimum);
  set_ratio(minimum, policy->minimum);
  for (size_t i = 0; i < count; i++)
    is_in[i] = 1;
  give_places(policy, count, last, parts);
  scale_to_one(parts, is_in, count);
  for (size_t i = 0; i < count; i++)
    is_any |= mpq_cmp(parts[i], minimum) >= 0;
  for (size_t i = 0; i < count; i++)
    is_in[i] = !is_any || mpq_cmp(parts[i], minimum) >= 0;
  scale_to_one(parts, is_in, count);
  mpq_clear(minimum);
}

static struct hs_policy any_policy(void)
{
  int64_t bottom = from_to(1, 1000);
  int64_t first = from_to(0, bottom);
  return (struct hs_policy){.first = hs_ratio_of(first, bottom),
                            .last = hs_ratio_of(from_to(0, bottom - first), bottom),
                            .minimum = hs_ratio_of(from_to(0, 60), 100)};
}

static void check_shares(void)
{
  struct hs_policy policy = any_policy();
  uint32_t partners[TOUCHES_MAX];
  struct hs_share shares[TOUCHES_MAX];
  mpq_t parts[TOUCHES_MAX];
  size_t touches = 1 + below(TOUCHES_MAX);
  size_t count = 0;
  size_t share_count = 0;
  for (size_t i = 0; i < touches; i++) {
    partners[i] = (uint32_t)below(count + 1); /* numbered as they appear */
    count += partners[i] == count;
    mpq_init(parts[i]);
  }
  divide_exactly(&policy, count, partners[touches - 1], parts);
  HOLD(hs_policy_divide(&policy, partners, touches, shares, &share_count, NULL) == HS_OK);
  size_t at = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (mpq_sgn(parts[i]) == 0)
      continue;
    HOLD(at < share_count && shares[at].partner == i && is_ratio(parts[i], shares[at].part));
    at++;
  }
  HOLD(at == share_count);
  for (size_t i = 0; i < touches; i++)
    mpq_clear(parts[i]);
}

/* ---- commissions ---- */

/* Terms as an agreement may have them: amounts only where tiers do not cut orders or look back, and
   retroactive tiers that rise. */
static struct hs_rate any_rate(int is_percentage)
{
  if (is_percentage)
    return (struct hs_rate){.structure = HS_STRUCTURE_PERCENTAGE,
                            .percentage = {from_to(0, 20) * (below(2) ? 25 : 31), 3}};
  return (struct hs_rate){.structure = HS_STRUCTURE_FLAT, .flat_minor = any_size(20)};
}

static struct hs_rule any_rule(void)
{
  struct hs_rule rule = {.name = HS_STR("any"), .rank = 1};
  struct hs_tiers *tiers = &rule.tiers;
  tiers->measure = below(2) ? HS_TIER_REVENUE : HS_TIER_ORDERS;
  tiers->period = (enum hs_cycle)below(HS_CYCLE_COUNT);
  tiers->is_retroactive = below(3) == 0;
  tiers->count = below(2) ? 0 : below(HS_TIERS_MAX + 1);
  int only_rates = tiers->count > 0 && (tiers->is_retroactive || tiers->measure == HS_TIER_REVENUE);
  int64_t from = 0;
  rule.rate = any_rate(only_rates || below(2));
  for (size_t t = 0; t < tiers->count; t++) {
    from += tiers->measure == HS_TIER_ORDERS ? from_to(1, 5) : 1 + any_size(16);
    tiers->tier[t] = (struct hs_tier){from, any_rate(only_rates || below(2))};
    if (tiers->is_retroactive)
      tiers->tier[t].rate.percentage =
          (struct hs_decimal){rule.rate.percentage.digits + (int64_t)(t + 1) * from_to(1, 9), 3};
  }
  for (size_t c = 0; c < HS_CYCLE_COUNT; c++)
    rule.caps.most_minor[c] = below(3) ? 0 : 1 + any_size(20);
  return rule;
}

/* Near the thresholds more often than chance would have it. */
static struct hs_tallies any_tallies(const struct hs_rule *rule)
{
  struct hs_tallies tallies = {0};
  for (size_t c = 0; c < HS_CYCLE_COUNT; c++) {
    tallies.of[c] = (struct hs_tally){any_size(6), any_size(22), any_size(18), any_size(18)};
    if (rule->tiers.count > 0 && below(2)) {
      int64_t near = rule->tiers.tier[below(rule->tiers.count)].from + from_to(-2, 2);
      tallies.of[c].order_count = near < 0 ? 0 : near;
      tallies.of[c].base_minor = near < 0 ? 0 : near;
    }
  }
  return tallies;
}

/* The rate of the order with this number, or of the unit of base that begins here. */
static const struct hs_rate *rate_from(const struct hs_rule *rule, int64_t position)
{
  const struct hs_rate *rate = &rule->rate;
  for (size_t t = 0; t < rule->tiers.count; t++)
    if (rule->tiers.tier[t].from <= position)
      rate = &rule->tiers.tier[t].rate;
  return rate;
}

static void add_rate(mpq_t sum, const struct hs_rate *rate, const mpq_t base, const mpq_t times)
{
  mpq_t part;
  mpq_init(part);
  if (rate->structure == HS_STRUCTURE_FLAT) {
    set_int(part, rate->flat_minor);
    mpq_mul(part, part, times);
  } else {
    set_decimal(part, rate->percentage);
    mpq_mul(part, part, base);
  }
  mpq_add(sum, sum, part);
  mpq_clear(part);
}

/* Marginal tiers by revenue: of each tier the rate on what the order has in common with it, where
   the order lies between the revenue before it and that behind it. */
static void add_overlaps(mpq_t sum, const struct hs_rule *rule, const mpq_t base, int64_t before)
{
  mpq_t low, high, end, from;
  mpq_inits(low, high, end, from, NULL);
  set_int(end, before);
  mpq_add(end, end, base);
  for (size_t t = 0; t <= rule->tiers.count; t++) {
    set_int(low, before);
    mpq_set(high, end);
    if (t > 0) {
      set_int(from, rule->tiers.tier[t - 1].from);
      mpq_set(low, mpq_cmp(low, from) < 0 ? from : low);
    }
    if (t < rule->tiers.count) {
      set_int(from, rule->tiers.tier[t].from);
      mpq_set(high, mpq_cmp(high, from) > 0 ? from : high);
    }
    mpq_sub(high, high, low);
    if (mpq_sgn(high) > 0)
      add_rate(sum, t == 0 ? &rule->rate : &rule->tiers.tier[t - 1].rate, high, high);
  }
  mpq_clears(low, high, end, from, NULL);
}

/* What is expected of one commission; everything fits, since the figures are drawn small enough. */
struct expected {
  mpq_t exact;
  int64_t rounded, catch_up, amount, base;
};

static int64_t caught_up(const struct hs_rule *rule, enum hs_rounding rounding,
                         const struct hs_rate *rate, const struct hs_tally *before)
{
  mpq_t base, none;
  int64_t all = 0;
  mpq_inits(base, none, NULL);
  set_int(base, before->base_minor);
  mpq_t sum;
  mpq_init(sum);
  add_rate(sum, rate, base, none);
  HOLD(round_exact(sum, rounding, &all));
  mpq_clears(base, none, sum, NULL);
  return rule->tiers.is_retroactive && all > before->earned_minor ? all - before->earned_minor : 0;
}

static void price_exactly(const struct hs_rule *rule, enum hs_rounding rounding,
                          const struct hs_sold *sold, const struct hs_tallies *tallies,
                          struct expected *out)
{
  const struct hs_tiers *tiers = &rule->tiers;
  const struct hs_tally *before = &tallies->of[tiers->period];
  int is_revenue = tiers->measure == HS_TIER_REVENUE;
  mpq_t base, times;
  mpq_inits(base, times, NULL);
  set_ratio(times, sold->share);
  set_int(base, sold->base_minor);
  mpq_mul(base, base, times);
  if (sold->exchange.top != 0) {
    set_ratio(out->exact, sold->exchange);
    mpq_mul(base, base, out->exact);
  }
  set_int(out->exact, sold->count);
  mpq_mul(times, times, out->exact);
  mpq_set_si(out->exact, 0, 1);
  HOLD(round_exact(base, HS_ROUND_HALF_EVEN, &out->base));
  int64_t was = is_revenue ? before->base_minor : before->order_count;
  const struct hs_rate *rate = rate_from(rule, was + (is_revenue ? out->base : 1));
  if (tiers->count > 0 && is_revenue && !tiers->is_retroactive)
    add_overlaps(out->exact, rule, base, was);
  else
    add_rate(out->exact, rate, base, times);
  HOLD(round_exact(out->exact, rounding, &out->rounded));
  out->catch_up = rate == rate_from(rule, was) ? 0 : caught_up(rule, rounding, rate, before);
  out->amount = out->rounded + out->catch_up;
  for (size_t c = 0; c < HS_CYCLE_COUNT; c++) {
    int64_t room = rule->caps.most_minor[c] - tallies->of[c].paid_minor;
    if (rule->caps.most_minor[c] > 0 && out->amount > room)
      out->amount = room > 0 ? room : 0;
  }
  mpq_clears(base, times, NULL);
}

/* A rate with up to six digits behind the point, or one over it, between currencies with none to
   three digits of their own; every third order is in the currency of the terms. */
static struct hs_ratio any_exchange(void)
{
  int64_t power = below(2) ? 1000000 : 1000;
  int64_t digits = from_to(1, 3000000);
  if (below(3) == 0)
    return (struct hs_ratio){0};
  return below(2) ? hs_ratio_of(digits, power) : hs_ratio_of(power, digits);
}

static void check_commission(void)
{
  struct hs_rule rule = any_rule();
  struct hs_tallies tallies = any_tallies(&rule);
  enum hs_rounding rounding = any_rounding();
  int64_t bottom = from_to(1, 360);
  const struct hs_sold sold = {any_size(36), below(3) ? 1 : from_to(1, 50),
                               hs_ratio_of(from_to(1, bottom), bottom), any_exchange()};
  struct hs_price ours;
  struct expected theirs;
  mpq_init(theirs.exact);
  price_exactly(&rule, rounding, &sold, &tallies, &theirs);
  HOLD(hs_price_sale(&rule, rounding, &sold, &tallies, &ours, NULL) == HS_OK);
  HOLD(is_ratio(theirs.exact, ours.exact_minor));
  HOLD(ours.rounded_minor == theirs.rounded && ours.catch_up_minor == theirs.catch_up &&
       ours.amount_minor == theirs.amount);
  for (size_t c = 0; c < HS_CYCLE_COUNT; c++) {
    const struct hs_tally *before = &tallies.of[c];
    const struct hs_tally *after = &ours.after.of[c];
    HOLD(after->order_count == before->order_count + 1 &&
         after->base_minor == before->base_minor + theirs.base &&
         after->earned_minor == before->earned_minor + theirs.rounded + theirs.catch_up &&
         after->paid_minor == before->paid_minor + theirs.amount);
  }
  mpq_clear(theirs.exact);
}

/* ---- refunds ---- */

/* After each refund, what was taken back in all is the part of the commission that the returned
   part of the order is, rounded, and in the end all of it. */
static void check_refunds(void)
{
  enum hs_rounding rounding = any_rounding();
  int64_t order = 1 + any_size(62);
  int64_t commission = any_size(62);
  int64_t refunded = 0;
  int64_t taken = 0;
  mpq_t part, whole;
  mpq_inits(part, whole, NULL);
  set_int(whole, commission);
  for (int i = 0; i < 6; i++) {
    int64_t back = -1;
    int64_t theirs = 0;
    refunded = i == 5 ? order : refunded + from_to(0, (order - refunded) / 2);
    mpz_set_si(mpq_numref(part), refunded);
    mpz_set_si(mpq_denref(part), order);
    mpq_canonicalize(part);
    mpq_mul(part, part, whole);
    HOLD(round_exact(part, rounding, &theirs));
    HOLD(hs_price_take_back(commission, order, refunded, taken, rounding, &back, NULL) == HS_OK);
    HOLD(back >= 0);
    taken += back;
    HOLD(taken == theirs);
  }
  HOLD(taken == commission);
  mpq_clears(part, whole, NULL);
}

/* ---- another currency, shared and taken back ---- */

#define SHARERS_MAX 5

/* Random parts that sum to one. */
static size_t any_parts(struct hs_ratio parts[SHARERS_MAX])
{
  size_t count = 1 + below(SHARERS_MAX);
  int64_t weights[SHARERS_MAX];
  int64_t whole = 0;
  for (size_t i = 0; i < count; i++)
    whole += weights[i] = from_to(1, 1000);
  for (size_t i = 0; i < count; i++)
    parts[i] = hs_ratio_of(weights[i], whole);
  return count;
}

/* What a full refund in up to six parts, counted in the order's currency, leaves of a commission
   that was earned in another one. */
static int64_t left_after_refunds(int64_t commission, int64_t order, enum hs_rounding rounding)
{
  int64_t refunded = 0;
  int64_t taken = 0;
  for (int i = 0; i < 6; i++) {
    int64_t back = -1;
    refunded = i == 5 ? order : refunded + from_to(0, order - refunded);
    HOLD(hs_price_take_back(commission, order, refunded, taken, rounding, &back, NULL) == HS_OK);
    taken += back;
  }
  return commission - taken;
}

/* However an order is divided, before they are rounded the commissions of all sum to that of the
   order as it is in the currency of the terms; and of each a refund in parts takes back all. */
static void check_converted(void)
{
  const struct hs_rule rule = {.name = HS_STR("sales"),
                               .rate = {.percentage = {from_to(1, 999), 3}}};
  const struct hs_tallies none = {0};
  enum hs_rounding rounding = any_rounding();
  int64_t order = 1 + any_size(40);
  struct hs_ratio exchange = any_exchange();
  struct hs_ratio parts[SHARERS_MAX];
  size_t count = any_parts(parts);
  mpq_t whole, sum, one;
  mpq_inits(whole, sum, one, NULL);
  for (size_t i = 0; i < count; i++) {
    const struct hs_sold sold = {order, 1, parts[i], exchange};
    struct hs_price price;
    HOLD(hs_price_sale(&rule, rounding, &sold, &none, &price, NULL) == HS_OK);
    set_ratio(one, price.exact_minor);
    mpq_add(sum, sum, one);
    HOLD(left_after_refunds(price.amount_minor, order, rounding) == 0);
  }
  set_int(whole, order);
  set_decimal(one, rule.rate.percentage);
  mpq_mul(whole, whole, one);
  if (exchange.top != 0) {
    set_ratio(one, exchange);
    mpq_mul(whole, whole, one);
  }
  HOLD(mpq_equal(whole, sum));
  mpq_clears(whole, sum, one, NULL);
}

/* ---- all of it ---- */

static void every_commission_is_that_of_its_terms([[maybe_unused]] void **state)
{
  static const check_fn CHECKS[] = {check_shares, check_commission, check_commission, check_refunds,
                                    check_converted};
  run_cases(CHECKS, sizeof CHECKS / sizeof *CHECKS);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_commission_is_that_of_its_terms)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
