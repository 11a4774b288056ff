/* The case for capital: is a euro better spent on this partner, on paid channels or on building it
   ourselves? One page for a board, with where each figure comes from.

   What rests on what. A figure is *defensible* when everything in it is either in the record
   (ledger, costs, orders, paths) or was measured, and that can be checked: costs, tracked
   customers, the incremental share that a partnership needs to pay, and everything of a partner
   whose incremental share has evidence (evidence.h). It is *context* when it rests on somebody's
   word or an assumption: a share without evidence, the plan for building it, how customers come
   over. The two are kept apart on every form of the page. */
#ifndef HANSA_SERVICE_DECIDE_CASE_H
#define HANSA_SERVICE_DECIDE_CASE_H

#include "measure/value/allocate.h"
#include "measure/value/choice.h"
#include "measure/value/idle.h"
#include "service/decide/cost.h"
#include "service/decide/plan.h"
#include "service/decide/worth.h"

struct hs_capital_options {
  struct hs_plan plan;
  double horizon_weeks, margin, discount; /* discount: a year's, such as .1 */
  double level;
  uint32_t draws; /* worlds */
  uint64_t seed;
  int64_t look_back_us;
  double next_amount; /* to be allocated; 0 for none */
  hs_catch_up_fn posting;
  void *posting_context;
  const atomic_int *interrupt;
};

enum hs_capital_verdict {
  HS_CAPITAL_COST_CENTRE, /* activity and no sales, and even the most that so few orders allow does
                          not pay */
  HS_CAPITAL_LOSES,       /* by the share that the plan gives: its cost does not come back */
  HS_CAPITAL_PAYS,        /* by that share */
  HS_CAPITAL_CANNOT_TELL, /* by that share, the interval holds both */
  HS_CAPITAL_IT_DEPENDS,  /* on the incremental share, which nobody knows */
  HS_CAPITAL_NEEDS_MORE, /* nobody measured, and all of its tracked customers would not be enough */
  HS_CAPITAL_NO_COST,    /* nothing is known to have been spent on it */
};
const char *
hs_capital_verdict_name(enum hs_capital_verdict verdict); /* "cost_centre"; lives for ever */

struct hs_capital_line {
  struct hs_str name, title;
  int is_partner; /* else the paid channels, together */
  struct hs_cost cost;
  double orders_touched; /* that it could claim at all */
  struct hs_venture venture;
  double total, tracked; /* most likely cost, fully loaded, and new customers in the record */
  struct hs_venture_economics economics;
  struct hs_str share_source;  /* who says the incremental share; absent when nobody does */
  struct hs_evidence evidence; /* of the share; its kind is HS_EVIDENCE_NONE without */
  int is_measured;             /* the evidence is sound */
  int has_idle;
  struct hs_idle idle;       /* with subscribers and fewer than HS_CONVERTING_MIN orders */
  struct hs_next_share next; /* with options.next_amount */
  enum hs_capital_verdict verdict;
};

/* Points into itself: do not copy it. */
struct hs_capital_case {
  struct hs_capital_options options;
  struct hs_currency currency;
  char zone_name[64];
  int64_t made_at_us;
  struct hs_period record;
  struct hs_cursor cursor; /* what the trail held: the way back to the events */
  struct hs_worth_of_customers worth;
  struct hs_costs costs;
  size_t
      count; /* partners by cost, the dearest first; the paid channels last, where there are any */
  struct hs_capital_line *lines;
  size_t paid;                          /* index of the paid channels, SIZE_MAX without them */
  double cost, tracked_customers;       /* of all partners */
  size_t partner_count, measured_count; /* partners; those with a measured share */
  /* of the partners with a measured share, against measured paid channels at what they cost so far,
     and without building anything: defensible */
  int has_measured;
  size_t measured_members, all_members; /* that cost something */
  struct hs_choice measured;
  /* of all partners: context */
  int has_all;
  struct hs_choice all;
  double next_kept; /* of next_amount: nobody would bring it back */
};

/* HS_INVALID when the plan names a partner that the record does not know; what hs_worth_make says.
 */
[[nodiscard]] enum hs_status hs_capital_make(struct hs_programme *programme,
                                             const struct hs_capital_options *options,
                                             struct hs_capital_case *out, struct hs_err *err);
/* Accepts the zero value. */
void hs_capital_release(struct hs_capital_case *case_);

void hs_capital_text(const struct hs_capital_case *case_, int width, struct hs_buf *out);
void hs_capital_json(const struct hs_capital_case *case_, struct hs_buf *out);
void hs_capital_csv(const struct hs_capital_case *case_, struct hs_buf *out);
/* One self-contained page: no script, no request to anywhere, fit to print. */
void hs_capital_html(const struct hs_capital_case *case_, struct hs_buf *out);

#endif
