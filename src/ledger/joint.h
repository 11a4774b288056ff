/* The joint profit and loss of an agreement for a period: one sheet on which both sides' lines
   stand, what each side is entitled to of the result, and the one payment that squares it with what
   each already has.

   What is shared is settled; what is private is only in the view of the side whose line it is.
   A view is made first (hs_joint_view), and everything else is computed from the lines of a view,
   so that no figure of another side's private line can reach it. */
#ifndef HANSA_LEDGER_JOINT_H
#define HANSA_LEDGER_JOINT_H

#include "ledger/sharing.h"

enum hs_joint_kind {
  HS_JOINT_REVENUE,    /* trackable revenue that the side took in */
  HS_JOINT_DISCOUNT,   /* given on it */
  HS_JOINT_GOODS,      /* what the goods or services sold cost the side */
  HS_JOINT_COMMISSION, /* owed by the side for orders: there is none without them */
  HS_JOINT_FEE,        /* owed by the side whatever comes */
  HS_JOINT_SHARED_COST,
  HS_JOINT_HOURS,
  HS_JOINT_CONTENT,
  HS_JOINT_MEDIA,
  HS_JOINT_TOOLS,
  HS_JOINT_IN_KIND,
  HS_JOINT_KIND_COUNT
};

struct hs_joint_line {
  enum hs_joint_kind kind;
  struct hs_str what;
  uint32_t side;        /* whose money it is */
  uint32_t to;          /* COMMISSION and FEE: the side that earns it, or HS_NOBODY for somebody
                           outside; HS_NOBODY for other kinds */
  int is_private;       /* only for the eyes of the side */
  uint32_t confirmed;   /* a bit for each side that stands by it */
  int64_t amount_minor; /* as people say it: costs are positive; corrections may be negative */
  int has_interval;
  int64_t low_minor, high_minor; /* REVENUE, DISCOUNT and GOODS: where less, and where more, was
                                    sold; the amount lies between */
  struct hs_str valued_by;       /* how it was valued, or measured */
};

/* Money that changed hands between sides already: payouts, and payments on account. */
struct hs_joint_payment {
  uint32_t from, to;
  int64_t amount_minor; /* 0 or more */
  struct hs_str what;
  int is_carried; /* not paid, but owed by `to` since earlier periods, which comes to the same */
};

/* What a viewer may see: shared lines and its own private ones, in their order. viewer is HS_NOBODY
   for the page that all may see. seen has room for count lines; gives how many it holds. */
size_t hs_joint_view(const struct hs_joint_line *lines, size_t count, uint32_t viewer,
                     struct hs_joint_line *seen);

/* HS_INVALID names the line by its number and what is wrong: a side that there is not, an interval
   that does not hold the amount, a private line between two sides, a commission of a side to
   itself. */
[[nodiscard]] enum hs_status hs_joint_check(const struct hs_joint_line *lines, size_t count,
                                            size_t side_count, struct hs_err *err);

/* Under which revenue the sheet is computed. */
enum hs_joint_case {
  HS_JOINT_AS_STATED,
  HS_JOINT_AT_LOW, /* every interval at its low end at once: wide rather than narrow */
  HS_JOINT_AT_HIGH,
  HS_JOINT_AT_NOTHING /* no order at all: only costs and fees are left */
};

/* One side's figures. */
struct hs_joint_part {
  int64_t brought_minor;  /* revenue that it took in, less discounts and what was sold cost it */
  int64_t costs_minor;    /* that it bore */
  int64_t earned_minor;   /* commissions and fees from other sides, less those to them */
  int64_t entitled_minor; /* its part of the result */
  int64_t had_minor;      /* from other sides already, less what it paid them */
  int64_t settles_minor;  /* what it still receives; below zero, pays */
  int64_t own_brought_minor, own_costs_minor; /* of its private lines, where they are in the view */
};

struct hs_joint {
  size_t side_count;
  struct hs_joint_part parts[HS_SIDES_MAX];
  int64_t brought_minor, costs_minor; /* of all sides; commissions between sides are neither */
  int64_t result_minor;               /* what is left: the entitlements sum to it */
  int has_interval;                   /* there is shared revenue, and all of it has an interval */
  int own_has_interval;               /* no private revenue lacks one */
  struct hs_waterfall waterfall;      /* of sharing by waterfall: step_count is 0 otherwise */
};

/* lines: a checked view. The result is divided as `sharing` (checked) says; each side's settlement
   is what it is entitled to, less what it has: what it took in, less what it bore, and what it
   had from the others. Settlements sum to zero. HS_INVALID when a figure does not fit; INT64_MIN
   counts as one that does not, so that every figure has its negative. */
[[nodiscard]] enum hs_status hs_joint_make(const struct hs_joint_line *lines, size_t line_count,
                                           const struct hs_joint_payment *paid, size_t paid_count,
                                           const struct hs_sharing *sharing,
                                           enum hs_joint_case under, struct hs_joint *out,
                                           struct hs_err *err);

/* Who pays whom: at most side_count − 1 payments, one between two sides; none when all is square.
   out has room for HS_SIDES_MAX. */
size_t hs_joint_settle(const struct hs_joint *joint, struct hs_joint_payment *out);

/* ---- what it says ---- */

enum hs_worth { HS_WORTH_JUSTIFIED, HS_WORTH_NOT, HS_WORTH_CANNOT_TELL };

/* Whether what it brings justifies what it costs: what is left is above zero at both ends of the
   interval, below it at both, or neither. What has no interval cannot tell. */
enum hs_worth hs_joint_worth(int has_interval, int64_t left_low_minor, int64_t left_high_minor);

/* What a side put in, and what of that it would lose had nothing been sold: skin in the outcome. */
struct hs_joint_stake {
  int64_t put_in_minor; /* costs it bore, and fees to other sides where each keeps its own */
  int64_t lost_minor;   /* 0 or more; may exceed what it put in, where losses are shared */
};

/* at_nothing must be made of the same view under HS_JOINT_AT_NOTHING. */
struct hs_joint_stake hs_joint_stake_of(const struct hs_joint *at_nothing,
                                        const struct hs_sharing *sharing, uint32_t side);

/* ---- hours ---- */

/* Monday to Friday from the first day to the day before the last, times hours a day: what the
   default of hours is a share of. Holidays are not known here. */
[[nodiscard]] int hs_working_hours(int32_t from_day, int32_t until_day, struct hs_decimal day_hours,
                                   struct hs_ratio *out);
/* hours × rate, where rate is in the currency's unit (65.00 for 65 euros an hour), rounded once. 0
   when it does not fit. The rate is that of a role, blended over its people: salaries never reach
   a shared page. */
[[nodiscard]] int hs_hours_cost(struct hs_ratio hours, struct hs_decimal rate,
                                struct hs_currency currency, enum hs_rounding rounding,
                                int64_t *out);

#endif
