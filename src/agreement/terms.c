/* From terms as they are written to terms as they are applied. */
#include "agreement/terms.h"

#include <stdlib.h>

#include "agreement/agreement.h"
#include "agreement/shape_priv.h"

struct making {
  struct hs_currency currency;
  struct hs_faults faults;
};

/* ---- amounts and rates ---- */

static int is_given(struct hs_decimal decimal) { return decimal.scale >= 0; }

/* In minor units; fallback when nothing is written. */
static int64_t minor_of(struct making *making, const struct hs_place *place, const char *name,
                        struct hs_decimal written, int64_t fallback)
{
  struct hs_place here = hs_place_field(place, name);
  struct hs_money money = {fallback, making->currency};
  struct hs_err trouble = {0};
  char text[HS_DECIMAL_TEXT];
  if (!is_given(written))
    return fallback;
  hs_decimal_format(written, text);
  if (hs_money_parse(hs_str_of(text), making->currency, &money, &trouble) != HS_OK)
    hs_faults_tell(&making->faults, &here, "%s", trouble.text);
  return money.amount_minor;
}

static struct hs_rate rate_of(struct making *making, const struct hs_place *place,
                              struct hs_decimal rate, struct hs_decimal amount)
{
  struct hs_rate out = {.structure =
                            is_given(amount) ? HS_STRUCTURE_FLAT : HS_STRUCTURE_PERCENTAGE};
  if (is_given(rate) == is_given(amount))
    hs_faults_tell(&making->faults, place,
                   is_given(rate) ? "has both a rate and an amount"
                                  : "has neither a rate nor an amount");
  if (is_given(rate))
    out.percentage = rate;
  out.flat_minor = minor_of(making, place, "amount", amount, 0);
  return out;
}

/* ---- tiers ---- */

static void check_retroactive(struct making *making, const struct hs_place *place,
                              const struct hs_rate *before, const struct hs_rate *tier)
{
  if (before->structure == HS_STRUCTURE_FLAT || tier->structure == HS_STRUCTURE_FLAT)
    hs_faults_tell(&making->faults, place, "a retroactive tier needs rates, not amounts");
  else if (hs_decimal_compare(tier->percentage, before->percentage) <= 0)
    hs_faults_tell(&making->faults, place,
                   "a retroactive tier must pay more than the one before: what was earned is not "
                   "taken back");
}

static void check_tier(struct making *making, const struct hs_place *place,
                       const struct hs_rule *rule, size_t index)
{
  const struct hs_tiers *tiers = &rule->tiers;
  const struct hs_tier *tier = &tiers->tier[index];
  const struct hs_rate *before = index == 0 ? &rule->rate : &tiers->tier[index - 1].rate;
  struct hs_place from = hs_place_field(place, "from");
  if (tier->from < 1)
    hs_faults_tell(&making->faults, &from, "must be above 0");
  else if (index > 0 && tier->from <= tiers->tier[index - 1].from)
    hs_faults_tell(&making->faults, &from, "tiers must rise");
  if (tiers->is_retroactive)
    check_retroactive(making, place, before, &tier->rate);
  else if (tiers->measure == HS_TIER_REVENUE &&
           (before->structure == HS_STRUCTURE_FLAT || tier->rate.structure == HS_STRUCTURE_FLAT))
    hs_faults_tell(&making->faults, place,
                   "a tier by revenue needs rates: it may begin in the middle of an order");
}

static int64_t threshold_of(struct making *making, const struct hs_place *place,
                            enum hs_tier_measure measure, struct hs_decimal from)
{
  struct hs_place here = hs_place_field(place, "from");
  if (measure == HS_TIER_REVENUE)
    return minor_of(making, place, "from", from, 0);
  if (from.scale != 0)
    hs_faults_tell(&making->faults, &here, "the number of an order is a whole number");
  return from.digits;
}

static void make_tiers(struct making *making, const struct hs_place *place,
                       const struct hs_tier_table *written, struct hs_rule *rule)
{
  struct hs_tiers *tiers = &rule->tiers;
  if (written == NULL)
    return;
  struct hs_place table = hs_place_field(place, "tiers");
  struct hs_place steps = hs_place_field(&table, "steps");
  tiers->measure = (enum hs_tier_measure)written->measure;
  tiers->period = (enum hs_cycle)written->period;
  tiers->is_retroactive = written->is_retroactive;
  for (size_t i = 0; i < written->steps.count; i++) {
    const struct hs_tier_step *step = (const struct hs_tier_step *)written->steps.items + i;
    struct hs_place item = hs_place_item(&steps, i);
    tiers->tier[i] = (struct hs_tier){threshold_of(making, &item, tiers->measure, step->from),
                                      rate_of(making, &item, step->rate, step->amount)};
    tiers->count = i + 1;
    check_tier(making, &item, rule, i);
  }
}

/* ---- rules ---- */

static void check_metadata(struct making *making, const struct hs_place *place,
                           const struct hs_list *list)
{
  const struct hs_metadata_condition *items = list->items;
  struct hs_place metadata = hs_place_field(place, "metadata");
  for (size_t i = 1; i < list->count; i++)
    for (size_t j = 0; j < i; j++)
      if (hs_str_equal(items[i].key, items[j].key))
        hs_faults_tell(&making->faults, &metadata, "the key \"%.*s\" stands twice",
                       HS_STR_ARG(items[i].key));
}

/* What an event does not have, no rule can look at. */
static void check_event(struct making *making, const struct hs_place *place,
                        const struct hs_rule *rule)
{
  if (rule->level == HS_LEVEL_ITEM && rule->event != HS_RULE_SALE)
    hs_faults_tell(&making->faults, place, "only orders have items");
  if (rule->when.event_names.count > 0 && rule->event != HS_RULE_CUSTOM)
    hs_faults_tell(&making->faults, place, "only custom events have names");
  if (rule->event == HS_RULE_CLICK &&
      (rule->when.customer != HS_CUSTOMER_ANY || rule->months_max > 0 || rule->is_first_only))
    hs_faults_tell(&making->faults, place,
                   "a click is paid before anybody knows which customer it was");
}

static void make_caps(struct making *making, const struct hs_place *place,
                      const struct hs_list *written, struct hs_caps *caps)
{
  struct hs_place list = hs_place_field(place, "caps");
  for (size_t i = 0; i < written->count; i++) {
    const struct hs_cap *cap = (const struct hs_cap *)written->items + i;
    struct hs_place item = hs_place_item(&list, i);
    int64_t most = minor_of(making, &item, "amount", cap->amount, 1);
    if (most < 1)
      hs_faults_tell(&making->faults, &item, "a cap must be above 0");
    if (caps->most_minor[cap->period] != 0)
      hs_faults_tell(&making->faults, &item, "there is a cap for this period already");
    caps->most_minor[cap->period] = most;
  }
}

static struct hs_rule make_rule(struct making *making, const struct hs_place *place,
                                const struct hs_rule_text *written)
{
  struct hs_rule rule = {
      .name = written->name,
      .rank = (int32_t)written->rank,
      .event = (enum hs_rule_event)written->event,
      .level = (enum hs_rule_level)written->level,
      .when = {.customer = (enum hs_customer)written->customer,
               .coupons = written->coupons,
               .countries = written->countries,
               .products = written->products,
               .event_names = written->event_names,
               .metadata = written->metadata,
               .value_min_minor = minor_of(making, place, "value_min", written->value_min, 0),
               .value_max_minor =
                   minor_of(making, place, "value_max", written->value_max, INT64_MAX)},
      .base = (enum hs_rule_base)written->base,
      .rate = rate_of(making, place, written->rate, written->amount),
      .months_max = written->months == HS_ABSENT ? 0 : (uint32_t)written->months,
      .is_first_only = written->is_first_only};
  struct hs_place most = hs_place_field(place, "value_max");
  if (rule.when.value_max_minor < rule.when.value_min_minor)
    hs_faults_tell(&making->faults, &most, "is below value_min: no order could meet both");
  make_tiers(making, place, written->tiers, &rule);
  make_caps(making, place, &written->caps, &rule.caps);
  check_event(making, place, &rule);
  check_metadata(making, place, &rule.when.metadata);
  return rule;
}

static int by_rank(const void *a, const void *b)
{
  const struct hs_rule *x = a;
  const struct hs_rule *y = b;
  return (x->rank > y->rank) - (x->rank < y->rank);
}

static void check_ranks(struct making *making, const struct hs_place *list,
                        const struct hs_rule *rules, size_t count)
{
  for (size_t i = 1; i < count; i++)
    if (rules[i].rank == rules[i - 1].rank)
      hs_faults_tell(&making->faults, list,
                     "rank %d stands twice: which of \"%.*s\" and \"%.*s\" "
                     "comes first?",
                     (int)rules[i].rank, HS_STR_ARG(rules[i - 1].name), HS_STR_ARG(rules[i].name));
}

/* A commission says by its name which rule paid it. */
static void check_names(struct making *making, const struct hs_place *list,
                        const struct hs_rule *rules, size_t count)
{
  for (size_t i = 1; i < count; i++)
    for (size_t j = 0; j < i; j++)
      if (hs_str_equal(rules[i].name, rules[j].name))
        hs_faults_tell(&making->faults, list, "the name \"%.*s\" stands twice",
                       HS_STR_ARG(rules[i].name));
}

/* ---- bonuses ---- */

static struct hs_bonus make_bonus(struct making *making, const struct hs_place *place,
                                  const struct hs_bonus_text *written)
{
  struct hs_place from = hs_place_field(place, "from");
  struct hs_place amount = hs_place_field(place, "amount");
  enum hs_tier_measure measure = (enum hs_tier_measure)written->measure;
  struct hs_bonus bonus = {.name = written->name,
                           .measure = measure,
                           .period = (enum hs_cycle)written->period,
                           .from = threshold_of(making, place, measure, written->from),
                           .amount_minor = minor_of(making, place, "amount", written->amount, 0)};
  if (bonus.from < 1)
    hs_faults_tell(&making->faults, &from, "must be above 0");
  if (bonus.amount_minor < 1)
    hs_faults_tell(&making->faults, &amount, "must be above 0");
  return bonus;
}

static int is_name_taken(const struct hs_terms *terms, struct hs_str name)
{
  int is_taken = 0;
  for (size_t r = 0; r < terms->rule_count; r++)
    is_taken |= hs_str_equal(terms->rules[r].name, name);
  for (size_t b = 0; b < terms->bonus_count; b++)
    is_taken |= hs_str_equal(terms->bonuses[b].name, name);
  return is_taken;
}

/* Behind the rules that the terms have already. 0 when the arena is full. */
static int make_bonuses(struct making *making, const struct hs_place *place,
                        const struct hs_list *written, struct hs_arena *arena,
                        struct hs_terms *terms)
{
  struct hs_place list = hs_place_field(place, "bonuses");
  struct hs_bonus *bonuses = hs_arena_alloc(arena, written->count, sizeof *bonuses);
  if (bonuses == NULL)
    return 0;
  terms->bonuses = bonuses;
  for (size_t i = 0; i < written->count; i++) {
    struct hs_place item = hs_place_item(&list, i);
    bonuses[i] = make_bonus(making, &item, (const struct hs_bonus_text *)written->items + i);
    if (is_name_taken(terms, bonuses[i].name))
      hs_faults_tell(&making->faults, &item, "the name \"%.*s\" stands twice",
                     HS_STR_ARG(bonuses[i].name));
    terms->bonus_count = i + 1;
  }
  return 1;
}

enum hs_status hs_terms_make(const struct hs_terms_text *text, struct hs_arena *arena,
                             struct hs_terms *out, hs_fault_fn fault, void *context,
                             struct hs_err *err)
{
  struct making making = {.faults = {fault, context, err, 0}};
  struct hs_place place = hs_place_field(NULL, "terms");
  struct hs_place currency = hs_place_field(&place, "currency");
  struct hs_place list = hs_place_field(&place, "rules");
  if (!hs_currency_parse(text->currency, &making.currency)) {
    hs_faults_tell(&making.faults, &currency, "\"%.*s\" is no currency of ISO 4217",
                   HS_STR_ARG(text->currency));
    return HS_INVALID;
  }
  size_t count = text->rules.count;
  struct hs_rule *rules = hs_arena_alloc(arena, count, sizeof *rules);
  if (rules == NULL)
    return hs_arena_full(arena, "the rules of an agreement", err);
  for (size_t i = 0; i < count; i++) {
    struct hs_place item = hs_place_item(&list, i);
    rules[i] = make_rule(&making, &item, (const struct hs_rule_text *)text->rules.items + i);
    rules[i].place = (uint32_t)i;
  }
  if (count > 0)
    qsort(rules, count, sizeof *rules, by_rank);
  check_ranks(&making, &list, rules, count);
  check_names(&making, &list, rules, count);
  struct hs_terms terms = {.currency = making.currency,
                           .rounding = (enum hs_rounding)text->rounding,
                           .window_days = (uint32_t)text->window_days,
                           .hold_days = (uint32_t)text->hold_days,
                           .dispute_days = (uint32_t)text->dispute_days,
                           .rule_count = count,
                           .rules = rules};
  if (!make_bonuses(&making, &place, &text->bonuses, arena, &terms))
    return hs_arena_full(arena, "the bonuses of an agreement", err);
  if (making.faults.count > 0)
    return HS_INVALID;
  *out = terms;
  return HS_OK;
}
