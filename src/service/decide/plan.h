/* What a case is made with besides the record: the plan for building it oneself, what is spent on
   paid channels, what is known of incremental shares, and everything else that somebody has to
   assume. A CSV file with the columns item, low, likely, high, source, one row an item:

     item,low,likely,high,source
     build.once,80000,120000,200000,offer of an agency
     incremental_share.side-by-side,0.1,0.3,0.5,hold-out of 2026-05
     years,,3,,the board

   Only likely: it is known; then low and high are the same. A row without a source is refused. What
   no row gives is assumed as the table of items says, and the case lists it as nobody's word. */
#ifndef HANSA_SERVICE_DECIDE_PLAN_H
#define HANSA_SERVICE_DECIDE_PLAN_H

#include "base/io.h"
#include "base/text.h"
#include "measure/value/economics.h"

enum hs_plan_item {
  HS_PLAN_YEARS,
  HS_PLAN_SWITCH_OVER,
  HS_PLAN_ELASTICITY,
  HS_PLAN_HOUR_COST,
  HS_PLAN_PAID_SPEND,
  HS_PLAN_PAID_CUSTOMERS,
  HS_PLAN_PAID_SHARE,
  HS_PLAN_PAID_DEARER,
  HS_PLAN_BUILD_ONCE,
  HS_PLAN_BUILD_YEARLY,
  HS_PLAN_BUILD_MONTHS,
  HS_PLAN_BUILD_CUSTOMERS,
  HS_PLAN_ITEM_COUNT
};
/* "build.once"; and what it is, for people. Both live for ever. */
const char *hs_plan_name(enum hs_plan_item item);
const char *hs_plan_meaning(enum hs_plan_item item);

struct hs_plan_entry {
  struct hs_range range; /* NaN when nobody gave it and there is no usual value */
  struct hs_str source;  /* the file's; absent when no row gave the item */
  int is_given;
};

struct hs_plan_share {
  struct hs_str partner;
  struct hs_plan_entry entry;
};

struct hs_plan {
  struct hs_plan_entry items[HS_PLAN_ITEM_COUNT];
  size_t share_count; /* incremental_share.NAME, in the order of the file */
  struct hs_plan_share *shares;
};

/* Nobody said anything. */
void hs_plan_usual(struct hs_plan *out);
/* Everything lives in arena. HS_INVALID names the line, the item and the value, and for an unknown
   item those that there are. */
[[nodiscard]] enum hs_status hs_plan_read(struct hs_arena *arena, const struct hs_io *io,
                                          const char *path, struct hs_plan *out,
                                          struct hs_err *err);
/* NULL when the file does not name the partner. */
const struct hs_plan_entry *hs_plan_share_of(const struct hs_plan *plan, struct hs_str partner);
/* All four items of building it oneself are there. */
[[nodiscard]] int hs_plan_has_build(const struct hs_plan *plan);

#endif
