/* Terms: what an agreement pays for what. Rules with ranks; the first whose conditions hold pays,
   and no other: "the largest number wins" is no rule, since 500 cents are not more than 50 %. */
#ifndef HANSA_AGREEMENT_TERMS_H
#define HANSA_AGREEMENT_TERMS_H

#include "agreement/shape.h"

enum hs_rule_event { HS_RULE_SALE, HS_RULE_LEAD, HS_RULE_CLICK, HS_RULE_CUSTOM };

/* "sale", "lead", "click" or "custom", as agreements and commissions say it. */
const char *hs_rule_event_word(enum hs_rule_event event);

/* What a rule looks at and pays for once: an order, or each piece of an item. A percentage comes to
   the same on both; conditions of value and flat amounts do not. */
enum hs_rule_level { HS_LEVEL_ORDER, HS_LEVEL_ITEM };

/* What a percentage is taken of. */
enum hs_rule_base {
  HS_BASE_NET,   /* what was paid, without discount, tax and shipping */
  HS_BASE_GROSS, /* what was paid */
  HS_BASE_MARGIN /* net less what it cost us */
};
#define HS_BASE_COUNT 3

enum hs_rule_structure { HS_STRUCTURE_PERCENTAGE, HS_STRUCTURE_FLAT };

/* A rule's rate: of the base, or an amount for each order, piece or event. */
struct hs_rate {
  enum hs_rule_structure structure;
  struct hs_decimal percentage; /* 0.1 for 10 % */
  int64_t flat_minor;           /* in the currency of the terms */
};

enum hs_cycle { HS_CYCLE_DAY, HS_CYCLE_WEEK, HS_CYCLE_MONTH, HS_CYCLE_EVER };

enum hs_tier_measure {
  HS_TIER_ORDERS, /* from the n-th order of the period on */
  HS_TIER_REVENUE /* from that much of the base, in minor units */
};

struct hs_tier {
  int64_t from; /* 1 or more; rising from tier to tier */
  struct hs_rate rate;
};

#define HS_TIERS_MAX 12

struct hs_tiers {
  enum hs_tier_measure measure;
  enum hs_cycle period;
  int is_retroactive; /* a tier that is reached holds for the whole period, not only from here on */
  size_t count;       /* 0: none */
  struct hs_tier tier[HS_TIERS_MAX];
};

/* At most so much in each period; one for each length of period, 0 for no cap. */
#define HS_CYCLE_COUNT 4
struct hs_caps {
  int64_t most_minor[HS_CYCLE_COUNT];
};

enum hs_customer { HS_CUSTOMER_ANY, HS_CUSTOMER_NEW, HS_CUSTOMER_RETURNING };

/* The event's metadata must have this key with one of these values. */
struct hs_metadata_condition {
  struct hs_str key;
  struct hs_list values; /* struct hs_str */
};

/* All that are set must hold; an empty list is any. */
struct hs_conditions {
  enum hs_customer customer;
  struct hs_list coupons, countries, products; /* struct hs_str */
  struct hs_list event_names;                  /* struct hs_str; of custom events */
  struct hs_list metadata;                     /* struct hs_metadata_condition */
  int64_t value_min_minor;
  int64_t value_max_minor; /* INT64_MAX: none */
};

#define HS_RULES_MAX 100

struct hs_rule {
  struct hs_str name; /* as people say it: "sales", "new customers"; each name once */
  int32_t rank;       /* 1 comes first; each rank once */
  uint32_t place;     /* which of the document's rules it is, from 0 */
  enum hs_rule_event event;
  enum hs_rule_level level;
  struct hs_conditions when;
  enum hs_rule_base base;
  struct hs_rate rate; /* below the first tier */
  struct hs_tiers tiers;
  struct hs_caps caps;
  uint32_t months_max; /* from a customer's first order; 0 for life */
  int is_first_only;   /* only the customer's first order */
};

/* An amount on top, once in each period in which the sales that the agreement paid a partner for
   reach a threshold. It is no part of an order: a refund does not take it back, as it does not take
   back a tier. */
struct hs_bonus {
  struct hs_str name;
  enum hs_tier_measure measure;
  enum hs_cycle period;
  int64_t from; /* 1 or more: so many orders, or so much of their base */
  int64_t amount_minor;
};

struct hs_terms {
  struct hs_currency currency;
  enum hs_rounding rounding;
  uint32_t window_days;  /* from a touchpoint to the order it may share, 1 to 365 */
  uint32_t hold_days;    /* from the order to the day when the commission is owed, 0 to 365 */
  uint32_t dispute_days; /* in which an amount can be disputed, from when it was seen; 1 to 730 */
  size_t rule_count;     /* 1 to HS_RULES_MAX, in order of rank */
  const struct hs_rule *rules;
  size_t bonus_count;
  const struct hs_bonus *bonuses;
};

struct hs_terms_text;

/* Makes terms of what is written, in arena; texts are borrowed. HS_INVALID when they cannot be
   applied: every fault is told with its path, and err holds the first. Among the faults: a rule
   with both a rate and an amount or with neither, a rank or a name that stands twice, an amount
   with more digits than the currency has, tiers that do not rise, retroactive tiers that are
   amounts or that fall, tiers by revenue that are amounts, a bonus of nothing, items or names of
   events where there are none. */
[[nodiscard]] enum hs_status hs_terms_make(const struct hs_terms_text *text, struct hs_arena *arena,
                                           struct hs_terms *out, hs_fault_fn fault, void *context,
                                           struct hs_err *err);

#endif
