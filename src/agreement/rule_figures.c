/* What amounts, tiers and caps of one rule say about each other. Periods follow the calendar: a
   day lies in one week and one month, a week may touch two months, a month up to six weeks. */
#include <inttypes.h>

#include "agreement/rule_priv.h"
#include "base/ratio.h"

struct figures {
  const struct hs_rule_checking *checking;
  const struct hs_rule *rule;
};

static const char *const PERIODS[HS_CYCLE_COUNT] = {"of a day", "of a week", "of a month",
                                                    "of all time"};

static struct hs_finding finding(const struct figures *figures, enum hs_finding_level level,
                                 const char *code)
{
  return (struct hs_finding){level, code, figures->rule, NULL, NULL, NULL};
}

static void format_money(const struct figures *figures, int64_t amount_minor,
                         char out[HS_MONEY_TEXT])
{
  hs_money_format_grouped((struct hs_money){amount_minor, figures->checking->terms->currency}, out);
}

/* The rule's own rate at 0, then those of its tiers. */
static const struct hs_rate *rate_at(const struct hs_rule *rule, size_t index)
{
  return index == 0 ? &rule->rate : &rule->tiers.tier[index - 1].rate;
}

static size_t rate_count(const struct hs_rule *rule) { return rule->tiers.count + 1; }

/* ---- fixed amounts ---- */

static int64_t largest_amount(const struct hs_rule *rule)
{
  int64_t most = 0;
  for (size_t i = 0; i < rate_count(rule); i++) {
    const struct hs_rate *rate = rate_at(rule, i);
    if (rate->structure == HS_STRUCTURE_FLAT && rate->flat_minor > most)
      most = rate->flat_minor;
  }
  return most;
}

static void check_amount_against_order(const struct figures *figures, int64_t least_minor)
{
  const struct hs_rule *rule = figures->rule;
  int64_t most = largest_amount(rule);
  struct hs_finding more = finding(figures, HS_FINDING_WARNING, "more_than_order");
  struct hs_rule_case example = {
      .fixed = 1U << HS_AXIS_VALUE, .value_minor = least_minor, .item_minor = least_minor};
  char amount[HS_MONEY_TEXT];
  char order[HS_MONEY_TEXT];
  for (size_t p = 0; p < HS_CYCLE_COUNT; p++)
    if (rule->caps.most_minor[p] > 0 && rule->caps.most_minor[p] < most)
      most = rule->caps.most_minor[p];
  if (rule->event != HS_RULE_SALE || least_minor < 0 || most <= least_minor)
    return;
  format_money(figures, most, amount);
  format_money(figures, least_minor, order);
  more.example = &example;
  hs_rule_find(figures->checking, more,
               "pays %s even for an %s of %s: value_min says from which value on it pays", amount,
               rule->level == HS_LEVEL_ITEM ? "item" : "order", order);
}

static void check_amount_against_caps(const struct figures *figures)
{
  int64_t most = largest_amount(figures->rule);
  char amount[HS_MONEY_TEXT];
  char cap[HS_MONEY_TEXT];
  for (size_t p = 0; p < HS_CYCLE_COUNT; p++) {
    int64_t cap_minor = figures->rule->caps.most_minor[p];
    if (cap_minor == 0 || cap_minor >= most)
      continue;
    format_money(figures, most, amount);
    format_money(figures, cap_minor, cap);
    hs_rule_find(figures->checking, finding(figures, HS_FINDING_WARNING, "amount_above_cap"),
                 "%s is never paid whole: the cap %s is %s", amount, PERIODS[p], cap);
  }
}

static void check_base(const struct figures *figures)
{
  const struct hs_rule *rule = figures->rule;
  static const char *const EVENTS[] = {"order", "lead", "click", "custom event"};
  if (rule->event == HS_RULE_SALE)
    return;
  for (size_t i = 0; i < rate_count(rule); i++) {
    if (rate_at(rule, i)->structure == HS_STRUCTURE_FLAT)
      continue;
    hs_rule_find(figures->checking, finding(figures, HS_FINDING_ERROR, "no_base"),
                 "a %s has no value that a percentage could be taken of: give an amount",
                 EVENTS[rule->event]);
    return;
  }
}

/* ---- caps against caps ---- */

/* How many periods of the one kind a period of the other can touch; 0: no bound. A period touches
   the ones that it lies in. */
static int64_t touched(enum hs_cycle inner, enum hs_cycle outer)
{
  static const int64_t TOUCHED[HS_CYCLE_COUNT][HS_CYCLE_COUNT] = {
      [HS_CYCLE_DAY] = {1, 1, 1, 1},
      [HS_CYCLE_WEEK] = {7, 1, 2, 1},
      [HS_CYCLE_MONTH] = {31, 6, 1, 1},
      [HS_CYCLE_EVER] = {0, 0, 0, 1},
  };
  return TOUCHED[inner][outer];
}

/* What is paid in a period of the one cap is at most what the other allows in all periods that it
   touches. */
static int is_idle(const struct hs_caps *caps, enum hs_cycle cap, enum hs_cycle other)
{
  hs_wide bound = (hs_wide)caps->most_minor[other] * touched(cap, other);
  return cap != other && caps->most_minor[cap] != 0 && bound != 0 && caps->most_minor[cap] >= bound;
}

static void check_caps(const struct figures *figures)
{
  const struct hs_caps *caps = &figures->rule->caps;
  for (enum hs_cycle cap = 0; cap < HS_CYCLE_COUNT; cap++) {
    enum hs_cycle other = 0;
    while (other < HS_CYCLE_COUNT && !is_idle(caps, cap, other))
      other++;
    if (other == HS_CYCLE_COUNT)
      continue;
    hs_rule_find(figures->checking, finding(figures, HS_FINDING_WARNING, "cap_never_reached"),
                 "the cap %s never decides: the one %s leaves no more than that", PERIODS[cap],
                 PERIODS[other]);
  }
}

/* ---- tiers ---- */

static int pays_the_same(const struct hs_rate *a, const struct hs_rate *b)
{
  if (a->structure != b->structure)
    return 0;
  return a->structure == HS_STRUCTURE_FLAT ? a->flat_minor == b->flat_minor
                                           : hs_decimal_compare(a->percentage, b->percentage) == 0;
}

static void check_steps(const struct figures *figures)
{
  const struct hs_rule *rule = figures->rule;
  const struct hs_tiers *tiers = &rule->tiers;
  struct hs_finding idle = finding(figures, HS_FINDING_WARNING, "tier_changes_nothing");
  for (size_t t = 0; t < tiers->count; t++)
    if (pays_the_same(rate_at(rule, t), rate_at(rule, t + 1)))
      hs_rule_find(figures->checking, idle, "tier %zu pays what was paid before it", t + 1);
  if (tiers->count > 0 && tiers->measure == HS_TIER_ORDERS && tiers->tier[0].from == 1)
    hs_rule_find(figures->checking, idle,
                 "the rule's own rate is never paid: the first tier begins with the first order");
}

/* What has been earned when tier `index` begins, where that is known without knowing the orders: of
   a revenue, or of fixed amounts for whole orders. 0 when it is not known. */
static int earned_before(const struct hs_rule *rule, size_t index, struct hs_ratio *out)
{
  const struct hs_tiers *tiers = &rule->tiers;
  int is_revenue = tiers->measure == HS_TIER_REVENUE;
  struct hs_ratio sum = HS_RATIO_ZERO;
  size_t first = tiers->is_retroactive ? index : 0; /* there one rate holds for all before */
  for (size_t i = first; i <= index; i++) {
    const struct hs_rate *rate = rate_at(rule, i);
    int64_t from = i == first ? (is_revenue ? 0 : 1) : tiers->tier[i - 1].from;
    struct hs_ratio part = hs_ratio_of(tiers->tier[i].from - from, 1);
    if ((rate->structure == HS_STRUCTURE_FLAT) == is_revenue)
      return 0;
    if (!hs_ratio_multiply(part,
                           is_revenue ? hs_ratio_of_decimal(rate->percentage)
                                      : hs_ratio_of(rate->flat_minor, 1),
                           &part) ||
        !hs_ratio_add(sum, part, &sum))
      return 0;
  }
  *out = sum;
  return 1;
}

static void check_tier_against_caps(const struct figures *figures, size_t index)
{
  const struct hs_rule *rule = figures->rule;
  struct hs_ratio earned;
  if (!earned_before(rule, index, &earned))
    return;
  for (enum hs_cycle p = 0; p < HS_CYCLE_COUNT; p++) {
    int64_t cap_minor = rule->caps.most_minor[p];
    /* Where the tier's period may reach into a second one of the cap, the cap begins anew. */
    if (cap_minor == 0 || touched(rule->tiers.period, p) != 1 ||
        hs_ratio_compare(earned, hs_ratio_of(cap_minor, 1)) < 0)
      continue;
    hs_rule_find(
        figures->checking, finding(figures, HS_FINDING_WARNING, "tier_never_paid"),
        "tier %zu pays nothing: the cap %s is used up before it begins%s", index + 1, PERIODS[p],
        rule->tiers.measure == HS_TIER_ORDERS ? " when orders are the partner's alone" : "");
    return;
  }
}

/* ---- retroactive tiers ---- */

/* The order that reaches tier `index` also brings the difference for all before it: by orders of
   one size, as a multiple of one order. */
static void check_catch_up_of_orders(const struct figures *figures, size_t index)
{
  const struct hs_rule *rule = figures->rule;
  struct hs_ratio after = hs_ratio_of_decimal(rate_at(rule, index + 1)->percentage);
  struct hs_ratio before = hs_ratio_of_decimal(rate_at(rule, index)->percentage);
  int64_t from = rule->tiers.tier[index].from;
  struct hs_ratio orders;
  int64_t percent = 0;
  if (!hs_ratio_subtract(after, before, &orders) ||
      !hs_ratio_multiply(orders, hs_ratio_of(from - 1, 1), &orders) ||
      !hs_ratio_add(orders, after, &orders) || hs_ratio_compare(orders, HS_RATIO_ONE) <= 0 ||
      !hs_ratio_multiply(orders, hs_ratio_of(100, 1), &orders) ||
      !hs_ratio_round(orders, HS_ROUND_HALF_UP, &percent))
    return;
  hs_rule_find(figures->checking, finding(figures, HS_FINDING_WARNING, "catch_up"),
               "order %" PRId64 " pays for all before it as well: %" PRId64
               " %% of itself when all are of one size",
               from, percent);
}

/* The most that reaching one of the tiers brings for earlier orders, over all tiers that an order
   may leave and reach. */
static int most_catch_up(const struct hs_rule *rule, struct hs_ratio *out)
{
  *out = HS_RATIO_ZERO;
  for (size_t from = 0; from < rule->tiers.count; from++)
    for (size_t to = from; to < rule->tiers.count; to++) {
      struct hs_ratio more;
      if (!hs_ratio_subtract(hs_ratio_of_decimal(rate_at(rule, to + 1)->percentage),
                             hs_ratio_of_decimal(rate_at(rule, from)->percentage), &more) ||
          !hs_ratio_multiply(more, hs_ratio_of(rule->tiers.tier[from].from - 1, 1), &more))
        return 0;
      if (hs_ratio_compare(more, *out) > 0)
        *out = more;
    }
  return 1;
}

static void check_catch_up_of_revenue(const struct figures *figures)
{
  struct hs_ratio most;
  int64_t most_minor = 0;
  char amount[HS_MONEY_TEXT];
  if (!most_catch_up(figures->rule, &most) || !hs_ratio_round(most, HS_ROUND_HALF_UP, &most_minor))
    return;
  format_money(figures, most_minor, amount);
  hs_rule_find(figures->checking, finding(figures, HS_FINDING_WARNING, "catch_up"),
               "an order that reaches a tier pays for all before it as well, up to %s whatever its "
               "own value",
               amount);
}

static void check_tiers(const struct figures *figures)
{
  const struct hs_tiers *tiers = &figures->rule->tiers;
  check_steps(figures);
  for (size_t t = 0; t < tiers->count; t++)
    check_tier_against_caps(figures, t);
  if (!tiers->is_retroactive || tiers->count == 0)
    return;
  if (tiers->measure == HS_TIER_REVENUE)
    check_catch_up_of_revenue(figures);
  for (size_t t = 0; t < tiers->count && tiers->measure == HS_TIER_ORDERS; t++)
    check_catch_up_of_orders(figures, t);
}

void hs_rule_check_figures(const struct hs_rule_checking *checking, const struct hs_rule *rule,
                           int64_t least_minor)
{
  const struct figures figures = {checking, rule};
  check_base(&figures);
  check_amount_against_order(&figures, least_minor);
  check_amount_against_caps(&figures);
  check_caps(&figures);
  check_tiers(&figures);
}
