#include "ledger/choose.h"

static const struct {
  const char *name, *words;
} VERDICTS[] = {
#define ROW(symbol, name, words) [symbol] = {name, words},
    HS_RULE_VERDICT_TABLE(ROW)
#undef ROW
};

const char *hs_rule_verdict_name(enum hs_rule_verdict verdict) { return VERDICTS[verdict].name; }

const char *hs_rule_verdict_words(enum hs_rule_verdict verdict) { return VERDICTS[verdict].words; }

/* ---- conditions ---- */

static int has(const struct hs_list *list, struct hs_str text)
{
  const struct hs_str *items = list->items;
  for (size_t i = 0; i < list->count; i++)
    if (hs_str_equal(items[i], text))
      return 1;
  return 0;
}

static int has_code(const struct hs_list *list, struct hs_str code)
{
  const struct hs_str *items = list->items;
  for (size_t i = 0; i < list->count; i++)
    if (hs_str_equal_ascii_fold(items[i], code))
      return 1;
  return 0;
}

static int has_fact(const struct hs_metadata_condition *condition, const struct hs_sale *sale)
{
  for (size_t i = 0; i < sale->fact_count; i++)
    if (hs_str_equal(sale->facts[i].key, condition->key) &&
        has(&condition->values, sale->facts[i].value))
      return 1;
  return 0;
}

static int has_metadata(const struct hs_list *list, const struct hs_sale *sale)
{
  const struct hs_metadata_condition *conditions = list->items;
  for (size_t i = 0; i < list->count; i++)
    if (!has_fact(&conditions[i], sale))
      return 0;
  return 1;
}

/* One condition a line, in the order of the verdicts. */
enum hs_rule_verdict hs_rule_judge(const struct hs_rule *rule, const struct hs_sale *sale)
{
  const struct hs_conditions *when = &rule->when;
  if (rule->event != sale->event ||
      (when->event_names.count > 0 && !has(&when->event_names, sale->event_name)))
    return HS_RULE_OTHER_EVENT;
  if (when->customer == HS_CUSTOMER_NEW && !sale->is_new)
    return HS_RULE_NEW_ONLY;
  if (when->customer == HS_CUSTOMER_RETURNING && sale->is_new)
    return HS_RULE_RETURNING_ONLY;
  if (rule->is_first_only && !sale->is_new)
    return HS_RULE_FIRST_ONLY;
  if (rule->months_max > 0 && sale->months >= rule->months_max)
    return HS_RULE_MONTHS_OVER;
  if (sale->value_minor < when->value_min_minor)
    return HS_RULE_VALUE_BELOW;
  if (sale->value_minor > when->value_max_minor)
    return HS_RULE_VALUE_ABOVE;
  if (when->coupons.count > 0 && !has_code(&when->coupons, sale->coupon))
    return HS_RULE_COUPON;
  if (when->countries.count > 0 && !has(&when->countries, sale->country))
    return HS_RULE_COUNTRY;
  if (when->products.count > 0 && !has(&when->products, sale->product))
    return HS_RULE_PRODUCT;
  return has_metadata(&when->metadata, sale) ? HS_RULE_HOLDS : HS_RULE_METADATA;
}

const struct hs_rule *hs_rule_for_sale(const struct hs_terms *terms, const struct hs_sale *sale)
{
  for (size_t r = 0; r < terms->rule_count; r++)
    if (hs_rule_judge(&terms->rules[r], sale) == HS_RULE_HOLDS)
      return &terms->rules[r];
  return NULL;
}

/* ---- items ---- */

const struct hs_rule *hs_rule_for_item(const struct hs_terms *terms, const struct hs_sale *order,
                                       const struct hs_item *item)
{
  struct hs_sale sale = *order;
  sale.product = item->product;
  for (size_t r = 0; r < terms->rule_count; r++) {
    const struct hs_rule *rule = &terms->rules[r];
    sale.value_minor = rule->level == HS_LEVEL_ITEM ? item->value_minor : order->value_minor;
    if (hs_rule_judge(rule, &sale) == HS_RULE_HOLDS)
      return rule;
  }
  return NULL;
}

static enum hs_status add_item(struct hs_portion *portion, const struct hs_item *item,
                               struct hs_err *err)
{
  static const char *const BASES[HS_BASE_COUNT] = {"net", "gross", "margin"};
  const struct hs_rule *rule = portion->rule;
  int64_t base_minor = item->base_minor[rule->base];
  int is_by_piece = rule->level == HS_LEVEL_ITEM;
  HS_ASSERT(item->count > 0 && base_minor >= -1);
  if (base_minor < 0)
    return hs_fail(err, HS_INVALID, "rule \"%.*s\": the %s value of the order is not known",
                   HS_STR_ARG(rule->name), BASES[rule->base]);
  if (__builtin_add_overflow(portion->base_minor, base_minor, &portion->base_minor) ||
      (is_by_piece && __builtin_add_overflow(portion->count, item->count, &portion->count)))
    return hs_fail(err, HS_INVALID, "rule \"%.*s\": the items of the order do not fit",
                   HS_STR_ARG(rule->name));
  if (!is_by_piece)
    portion->count = 1;
  return HS_OK;
}

/* Rules stand in order of rank, and so do the portions while they are collected. */
static struct hs_portion *portion_of(struct hs_portion *portions, size_t *count,
                                     const struct hs_rule *rule)
{
  size_t at = 0;
  while (at < *count && portions[at].rule < rule)
    at++;
  if (at < *count && portions[at].rule == rule)
    return &portions[at];
  for (size_t i = (*count)++; i > at; i--)
    portions[i] = portions[i - 1];
  portions[at] = (struct hs_portion){.rule = rule};
  return &portions[at];
}

enum hs_status hs_rules_for_items(const struct hs_terms *terms, const struct hs_sale *sale,
                                  const struct hs_item *items, size_t item_count,
                                  struct hs_portion *portions, size_t *portion_count,
                                  struct hs_err *err)
{
  size_t count = 0;
  for (size_t i = 0; i < item_count; i++) {
    const struct hs_rule *rule = hs_rule_for_item(terms, sale, &items[i]);
    enum hs_status status =
        rule == NULL ? HS_OK : add_item(portion_of(portions, &count, rule), &items[i], err);
    if (status != HS_OK)
      return status;
  }
  *portion_count = count;
  return HS_OK;
}
