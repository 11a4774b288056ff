/* What is wrong or surprising about a set of rules that could be applied: told when terms are
   proposed, before anybody relies on them. Statements about all orders are exact: they are checked
   on every case that the rules can tell apart, and each carries an order on which it is seen. */
#ifndef HANSA_AGREEMENT_RULE_CHECK_H
#define HANSA_AGREEMENT_RULE_CHECK_H

#include "agreement/terms.h"

enum hs_finding_level {
  HS_FINDING_REMARK,  /* may be meant so */
  HS_FINDING_WARNING, /* is hardly meant so */
  HS_FINDING_ERROR    /* promises what is never paid */
};

/* What conditions ask about an item of an order (which is all of it, where no items are known) or
   about another event. The customer and the months since their first order are one axis: a new
   customer has none. So are the values of the order and of the item: an item has at most that of
   its order. An event has one value for each key of its metadata. */
enum hs_rule_axis {
  HS_AXIS_CUSTOMER,
  HS_AXIS_VALUE,
  HS_AXIS_COUPON,
  HS_AXIS_COUNTRY,
  HS_AXIS_PRODUCT,
  HS_AXIS_METADATA,
  HS_AXIS_NAME, /* of a custom event */
  HS_RULE_AXIS_COUNT
};

/* Orders of which a finding speaks: those that are such on the axes that are fixed, whatever they
   are on the others. */
struct hs_rule_case {
  unsigned fixed; /* a bit for each axis */
  int is_new;
  uint32_t months;
  int64_t value_minor, item_minor;
  struct hs_str coupon, country, product, name; /* absent: none, or one that no rule names */
  struct hs_str metadata; /* "plan=pro, team=yes": of keys with a value that a rule names */
};

/* The codes, with what is told under them:
     unreachable_rule      never pays: its conditions exclude each other, or earlier ranks take all
     no_base               a percentage of a lead, a click or a custom event: none has a value
     more_than_order       a fixed amount above the smallest order that it is paid for
     catch_up              what reaching a retroactive tier pays at once
     tier_never_paid       a cap is used up before the tier begins
     tier_changes_nothing  a tier that pays what was paid before it, or hides the rule's own rate
     amount_above_cap      a fixed amount that a cap never lets pass whole
     cap_never_reached     other caps stop before
     idle_months           months of a rule that is for a customer's first order alone
     overlap               an earlier rank pays for some of its orders
     gap                   orders that no rule pays for
     not_checked           too many cases: overlaps, gaps and unreachable rules are not known
   They are for machines and never change. */
struct hs_finding {
  enum hs_finding_level level;
  const char *code;
  const struct hs_rule *rule;         /* NULL: of the rules together */
  const struct hs_rule *other;        /* which pays before it; NULL: none */
  const struct hs_rule_case *example; /* NULL: none is needed */
  const char *words;                  /* a sentence without its full stop */
};
typedef void (*hs_finding_fn)(void *context, const struct hs_finding *finding);

/* Tells everything about the rules in their order, and then what holds of them together. Gaps are
   looked for among sales. Tiers and caps are held against each other without the rounding of single
   orders. What is pointed to lives during the call; the arena is left as it was. HS_NOMEM. */
[[nodiscard]] enum hs_status hs_terms_check(const struct hs_terms *terms, struct hs_arena *arena,
                                            hs_finding_fn tell, void *context, struct hs_err *err);

#endif
