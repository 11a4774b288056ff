/* What a partner's share of an order earns by one rule: exactly, then rounded once, then capped.
   Pure arithmetic from values to values; which rule applies and what its periods have seen so far
   is the poster's to know. */
#ifndef HANSA_LEDGER_PRICE_H
#define HANSA_LEDGER_PRICE_H

#include "agreement/terms.h"
#include "base/ratio.h"

/* What a rule has seen in one period, in posting order. Refunds do not turn it back: a tier that
   was reached stays reached. */
struct hs_tally {
  int64_t order_count;
  int64_t base_minor;   /* of the partner's parts of those orders, each rounded half-even */
  int64_t earned_minor; /* before caps */
  int64_t paid_minor;   /* after caps */
};

/* By enum hs_cycle: of the day, week, month and all time that the order falls into. */
struct hs_tallies {
  struct hs_tally of[HS_CYCLE_COUNT];
};

/* A stretch of the partner's part that one rate covers. */
struct hs_price_piece {
  struct hs_ratio base_minor;
  struct hs_ratio times; /* what a flat amount is multiplied by */
  struct hs_rate rate;
  struct hs_ratio exact_minor;
};

/* What a rule is applied to: an order, what it covers of one (hs_rules_for_items), or another
   event. */
struct hs_sold {
  int64_t base_minor;    /* what a percentage is taken of, of all partners together; 0 or more */
  int64_t count;         /* how often a flat amount is due: 1, or the pieces of items; 1 or more */
  struct hs_ratio share; /* the partner's, of both: above 0, at most 1 */
  struct hs_ratio exchange; /* what the base is multiplied by to come into the currency of the
                               terms; the zero value where it is in that */
};

/* The evidence of one commission: whoever repeats it gets the same amount. */
struct hs_price {
  size_t piece_count;
  struct hs_price_piece pieces[HS_TIERS_MAX + 1];
  struct hs_ratio exact_minor; /* sum of the pieces */
  int64_t rounded_minor;
  int64_t catch_up_minor; /* for earlier orders of the period, when a retroactive tier is reached; 0
                             or more, also where their roundings had given more already */
  int64_t amount_minor;   /* of both, what the caps leave */
  struct hs_tallies after;
};

/* Tiers and caps look at tallies, which are those before this event. Items of one rule are priced
   together and rounded once. HS_INVALID when a figure does not fit; *out is untouched then. */
[[nodiscard]] enum hs_status hs_price_sale(const struct hs_rule *rule, enum hs_rounding rounding,
                                           const struct hs_sold *sold,
                                           const struct hs_tallies *tallies, struct hs_price *out,
                                           struct hs_err *err);

/* Whether the bonus is due by the step from one tally of its period to the next, over everything
   that the agreement pays the partner for: once, when the threshold is passed. */
[[nodiscard]] int hs_bonus_is_reached(const struct hs_bonus *bonus, const struct hs_tally *before,
                                      const struct hs_tally *after);

/* How much of a commission to take back now that refunded_minor of order_minor has been returned in
   all, after taken_back_minor was taken back before: the parts that several refunds take sum to
   what one would have taken, and to all of it when the whole order is returned. order_minor is
   positive; refunds beyond the order count as the whole order. 0 or more. */
[[nodiscard]] enum hs_status hs_price_take_back(int64_t commission_minor, int64_t order_minor,
                                                int64_t refunded_minor, int64_t taken_back_minor,
                                                enum hs_rounding rounding, int64_t *out,
                                                struct hs_err *err);

#endif
