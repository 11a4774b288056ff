#include "service/joint/joint_sold.h"

#include <jansson.h>

/* Net where the version has no such rule: bonuses have no base, and refused ones are of none. */
static enum hs_rule_base base_of(const struct hs_terms *terms, struct hs_str name)
{
  for (size_t r = 0; r < terms->rule_count; r++)
    if (hs_str_equal(terms->rules[r].name, name))
      return terms->rules[r].base;
  return HS_BASE_NET;
}

static int64_t integer_of(const json_t *object, const char *name)
{
  return json_integer_value(json_object_get(object, name));
}

/* How much of the net amount stands behind one unit of the base. */
static int scale_of(const json_t *order, enum hs_rule_base base, struct hs_ratio *out)
{
  int64_t amount = integer_of(order, "amount_minor");
  int64_t net = amount - integer_of(order, "tax_minor") - integer_of(order, "shipping_minor");
  int64_t whole = base == HS_BASE_GROSS ? amount : net - integer_of(order, "cost_minor");
  if (whole > 0) /* or only some of the items have a margin, which then stands for itself */
    *out = hs_ratio_of(net, whole);
  return order != NULL;
}

int hs_joint_sold(const struct hs_commission_row *row, const struct hs_agreed_version *version,
                  struct hs_ratio *out)
{
  enum hs_rule_base base = base_of(&version->terms, row->rule);
  struct hs_ratio scale = HS_RATIO_ONE;
  if (base != HS_BASE_NET && row->base_minor > 0) {
    json_t *evidence = json_loadb(row->evidence.data, row->evidence.length, 0, NULL);
    int is_read = scale_of(json_object_get(evidence, "order"), base, &scale);
    json_decref(evidence);
    if (!is_read)
      return 0;
  }
  return hs_ratio_multiply(scale, hs_ratio_of(row->base_minor, 1), out);
}
