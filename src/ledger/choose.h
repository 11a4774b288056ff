/* Which rule of an agreement pays for an event, and of the others, why not. */
#ifndef HANSA_LEDGER_CHOOSE_H
#define HANSA_LEDGER_CHOOSE_H

#include "agreement/terms.h"

/* One entry of an event's metadata. */
struct hs_fact {
  struct hs_str key, value;
};

/* An order, or another event, as conditions see it. */
struct hs_sale {
  enum hs_rule_event event;
  struct hs_str event_name;               /* of a custom event */
  int64_t value_minor;                    /* what was paid; for value_min and value_max */
  int is_new;                             /* the customer had no order before */
  uint32_t months;                        /* whole months since the customer's first order
                                             (hs_months_since) */
  struct hs_str coupon, country, product; /* {NULL, 0} when not known: a rule that asks for one does
                                             not hold then */
  size_t fact_count;
  const struct hs_fact *facts;
};

/* The conditions in the order in which they are asked: a verdict names the first that fails.

   X(symbol, "name for machines", "what the partner is told") */
#define HS_RULE_VERDICT_TABLE(X)                                                                   \
  X(HS_RULE_OTHER_EVENT, "other_event", "it pays for another kind of event")                       \
  X(HS_RULE_NEW_ONLY, "new_only", "it is for new customers")                                       \
  X(HS_RULE_RETURNING_ONLY, "returning_only", "it is for customers who come back")                 \
  X(HS_RULE_FIRST_ONLY, "first_only", "it is for a customer's first order")                        \
  X(HS_RULE_MONTHS_OVER, "months_over", "its months since the customer's first order are over")    \
  X(HS_RULE_VALUE_BELOW, "value_below", "the value is below its minimum")                          \
  X(HS_RULE_VALUE_ABOVE, "value_above", "the value is above its maximum")                          \
  X(HS_RULE_COUPON, "coupon", "it asks for a code that was not used")                              \
  X(HS_RULE_COUNTRY, "country", "it is for other countries, or the country is not known")          \
  X(HS_RULE_PRODUCT, "product", "it is for other products, or the product is not known")           \
  X(HS_RULE_METADATA, "metadata", "it asks for metadata that the event does not have")             \
  X(HS_RULE_HOLDS, "holds", "all its conditions hold")

enum hs_rule_verdict {
#define HS_RULE_VERDICT_SYMBOL(symbol, name, words) symbol,
  HS_RULE_VERDICT_TABLE(HS_RULE_VERDICT_SYMBOL)
#undef HS_RULE_VERDICT_SYMBOL
};

/* Both live for ever. */
const char *hs_rule_verdict_name(enum hs_rule_verdict verdict);
const char *hs_rule_verdict_words(enum hs_rule_verdict verdict);

/* Codes are compared without case, the rest to the byte. */
enum hs_rule_verdict hs_rule_judge(const struct hs_rule *rule, const struct hs_sale *sale);

/* The first rule by rank whose conditions all hold, or NULL: then nothing is owed. */
const struct hs_rule *hs_rule_for_sale(const struct hs_terms *terms, const struct hs_sale *sale);

/* ---- items ---- */

/* Of an order: a product in so many pieces. */
struct hs_item {
  struct hs_str product;
  int64_t count;                     /* pieces, 1 or more */
  int64_t value_minor;               /* what was paid for them together */
  int64_t base_minor[HS_BASE_COUNT]; /* by enum hs_rule_base, of them together, 0 or more; −1: not
                                        known */
};

/* The rule that pays for an item of an order: the first by rank whose conditions hold with the
   item's product and, for rules of items, its value. NULL: none does. */
const struct hs_rule *hs_rule_for_item(const struct hs_terms *terms, const struct hs_sale *order,
                                       const struct hs_item *item);

/* What one rule pays for of an order. */
struct hs_portion {
  const struct hs_rule *rule;
  int64_t base_minor; /* of its items together: they are summed before anything is rounded */
  int64_t count;      /* how often a flat amount is due: pieces, or 1 for a rule of orders */
};

/* Divides an order among the rules: each item goes to its own; what no rule holds for earns
   nothing. An order of which no items are known is one item. Portions (room for terms->rule_count)
   come in order of rank. HS_INVALID names the rule whose base is not known, and what does not fit:
   then nobody is paid rather than by a guess. */
[[nodiscard]] enum hs_status hs_rules_for_items(const struct hs_terms *terms,
                                                const struct hs_sale *sale,
                                                const struct hs_item *items, size_t item_count,
                                                struct hs_portion *portions, size_t *portion_count,
                                                struct hs_err *err);

#endif
