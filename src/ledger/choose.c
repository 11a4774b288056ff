#include "ledger/choose.h"

static int is_listed(const struct hs_list *list, struct hs_str text, int ignores_case)
{
  const struct hs_str *items = list->items;
  if (list->count == 0)
    return 1;
  for (size_t i = 0; i < list->count; i++)
    if (ignores_case ? hs_str_equal_ascii_fold(items[i], text) : hs_str_equal(items[i], text))
      return 1;
  return 0;
}

static int holds(const struct hs_rule *rule, const struct hs_sale *sale)
{
  const struct hs_conditions *when = &rule->when;
  return rule->event == HS_RULE_SALE && (when->customer != HS_CUSTOMER_NEW || sale->is_new) &&
         (when->customer != HS_CUSTOMER_RETURNING || !sale->is_new) &&
         (!rule->is_first_only || sale->is_new) &&
         (rule->months_max == 0 || sale->months < rule->months_max) &&
         sale->value_minor >= when->value_min_minor && sale->value_minor <= when->value_max_minor &&
         is_listed(&when->coupons, sale->coupon, 1) &&
         is_listed(&when->countries, sale->country, 0) &&
         is_listed(&when->products, sale->product, 0);
}

const struct hs_rule *hs_rule_for_sale(const struct hs_terms *terms, const struct hs_sale *sale)
{
  for (size_t r = 0; r < terms->rule_count; r++)
    if (holds(&terms->rules[r], sale))
      return &terms->rules[r];
  return NULL;
}
