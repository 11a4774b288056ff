/* Orders, and leads, clicks and custom events as well, with all that was known about them when they
   came, page by page: who bought, which partners that person had met, whether it was their first
   order. What the ledger judges, and what an explanation looks at again. */
#ifndef HANSA_SERVICE_POST_CASES_H
#define HANSA_SERVICE_POST_CASES_H

#include "ports/trail.h"
#include "service/agreed/in_force.h"
#include "service/post/bought.h"
#include "service/post/everybody.h"
#include "service/post/rates.h"

struct hs_case_touch {
  hs_person_key person;
  int64_t at_us;
  uint64_t sequence;
  int64_t row_number;
  uint32_t partner;
  int stands_down; /* it says so itself */
};

struct hs_case_self {
  hs_person_key person;
  uint32_t partner;
};

/* An order, or another event that rules pay for. What only orders have is zero in the others. */
struct hs_case {
  enum hs_rule_event event;
  struct hs_str id;     /* its name; of a click without one, "FRAME/ROW" of the journal */
  hs_person_key person; /* 0 when it names nobody */
  int64_t at_us;
  int64_t cart_at_us;    /* INT64_MAX when not known */
  int64_t claimed_at_us; /* touchpoints up to it may share: at_us, and of a lead when it came in */
  struct hs_str named;   /* the partner that it names itself; {NULL, 0} when it names none */
  uint32_t partner;      /* that, or HS_NO_PARTNER for none and for one that nobody knows */
  struct hs_str word;    /* a lead's status, an event's name, a click's link; {NULL, 0} without */
  int is_repeated;       /* of a click: see struct hs_action_batch */
  int64_t amount_minor;
  int64_t refunded_minor; /* by what is known; of hs_cases_load_span alone */
  struct hs_currency currency;
  struct hs_bought bought;
  struct hs_str coupon; /* {NULL, 0} without one */
  uint64_t sequence;
  int64_t row_number;
  int64_t first_order_us; /* of the person; the order's own moment when it is the first */
  int is_first;
  size_t self_count; /* partners that have declared the person to be themselves */
  const struct hs_case_self *selves;
  struct hs_str first_order; /* its name, sequence and row: {NULL, 0} and 0 when the order is it */
  uint64_t first_sequence;
  int64_t first_row;
  uint64_t known_until; /* what came with a later frame is not known, */
  uint64_t rates_until; /* and of exchange rates what came with a later one than this */
  const struct hs_rates *rates;
  size_t
      touch_count; /* of partners, up to the order and within the window before it, in time order */
  const struct hs_case_touch *touches;
};

struct hs_cases {
  size_t count;
  struct hs_case *cases; /* in the journal's order, or in that of time */
  int64_t window_us;     /* of touches before an order: a year, unless whoever knows the terms says
                            less after opening */
  const struct hs_everybody *everybody; /* as of the frame that pages end at, for who looks at many
                                           pages of it; NULL: each page asks for itself */
  struct hs_rates rates; /* read once, for the first page with an order in a currency that some
                            terms do not have */
  /* memory: what a page holds, and its growing arrays */
  struct hs_arena arena, touches, pairs, firsts;
};

/* Reserves address space; accepts release in every state. */
[[nodiscard]] enum hs_status hs_cases_open(struct hs_cases *cases, struct hs_err *err);
void hs_cases_release(struct hs_cases *cases);
/* The orders of a page, all of one frame: page->until_sequence. What came with a later frame is not
   looked at, so an order is the same case whenever it is asked for. Touches of who is no partner in
   in_force are left out. Replaces what was there. */
[[nodiscard]] enum hs_status hs_cases_load(struct hs_cases *cases, const struct hs_trail *trail,
                                           const struct hs_in_force *in_force,
                                           const struct hs_order_page *page, struct hs_err *err);
/* Which orders of a page are wanted: sets is_wanted, which is 0, of each. They know no more yet
   than they say themselves. */
typedef enum hs_status (*hs_case_sift_fn)(void *context, const struct hs_case *orders, size_t count,
                                          unsigned char *is_wanted, struct hs_err *err);
/* Orders of a time with all that was known of them by span->until_sequence, in the order of time.
   What sift leaves out costs no look at its evidence. Moves span behind what was looked at; *is_end
   when nothing is left behind that. */
[[nodiscard]] enum hs_status hs_cases_load_span(struct hs_cases *cases,
                                                const struct hs_trail *trail,
                                                const struct hs_in_force *in_force,
                                                struct hs_order_span *span, hs_case_sift_fn sift,
                                                void *context, int *is_end, struct hs_err *err);
/* What rules call the rows of a kind, beside orders: leads, custom events, and touches, which may
   be clicks. HS_RULE_SALE for every other kind. */
enum hs_rule_event hs_action_event(enum hs_event_kind kind);
/* A page of leads, custom events or clicks, as hs_cases_load has orders. Of a click nothing more is
   known than it says itself. */
[[nodiscard]] enum hs_status hs_cases_load_actions(struct hs_cases *cases,
                                                   const struct hs_trail *trail,
                                                   const struct hs_in_force *in_force,
                                                   const struct hs_action_page *page,
                                                   struct hs_err *err);

#endif
