/* What a case is made with besides the record: the plan for building it oneself, what is spent on
   paid channels, what is known of incremental shares, and everything else that somebody has to
   assume. A CSV file with the columns item, low, likely, high, source and, where they are needed,
   evidence and sha256; one row an item:

     item,low,likely,high,source,evidence,sha256
     build.once,80000,120000,200000,offer of an agency,,
     incremental_share.side-by-side,0.1,0.3,0.5,hold-out of May,may.json,5b1c…
     years,,3,,the board,,

   Only likely: it is known; then low and high are the same. A row without a source is refused. What
   no row gives is assumed as the table of items says, and the case lists it as nobody's word. A
   source is a word: an incremental share counts as measured with evidence alone (evidence.h), a
   file beside the plan and its hash. */
#ifndef HANSA_SERVICE_DECIDE_PLAN_H
#define HANSA_SERVICE_DECIDE_PLAN_H

#include "base/io.h"
#include "base/text.h"
#include "measure/value/economics.h"
#include "service/decide/evidence.h"

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
  struct hs_evidence evidence; /* of an incremental share; its kind is HS_EVIDENCE_NONE without */
};
/* Whether what the entry says was measured, and that can be checked. */
[[nodiscard]] int hs_plan_is_measured(const struct hs_plan_entry *entry);

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
/* Reads the plan, and the evidence that it names, from its own folder. Everything lives in arena.
   HS_INVALID names the line, the item and the value, and for an unknown
   item those that there are; so it is for evidence of anything but an incremental share, and for a
   share that the hold-out in its own evidence contradicts. What hs_evidence_read says. */
[[nodiscard]] enum hs_status hs_plan_read(struct hs_arena *arena, const struct hs_io *io,
                                          const char *path, struct hs_plan *out,
                                          struct hs_err *err);
/* NULL when the file does not name the partner. */
const struct hs_plan_entry *hs_plan_share_of(const struct hs_plan *plan, struct hs_str partner);
/* All four items of building it oneself are there. */
[[nodiscard]] int hs_plan_has_build(const struct hs_plan *plan);

#endif
