/* What partnerships cost and bring, as distributions: everything uncertain is drawn once a world
   and used for every question of that world (common random numbers), so that two answers differ by
   what is asked and never by luck.

   Driven by customers who would not have come otherwise. Tracked new customers are a count of
   paths; how many of them, and how many besides, a partner caused is its incremental share, which
   comes from an experiment or an analysis and is stated with its source. Where nobody has it, the
   worlds take anything from 0 to 1 as equally likely, what rests on that is marked, and the share
   at which the partnership just pays is given instead: that needs no belief.

   A world reads stream 2⁴⁰ + its number under the seed. Money is in one currency's unit. */
#ifndef HANSA_MEASURE_VALUE_ECONOMICS_H
#define HANSA_MEASURE_VALUE_ECONOMICS_H

#include <stdint.h>

#include "measure/value/by_partner.h"
#include "measure/value/draws.h"
#include "measure/value/lifetime.h"

/* What somebody says a figure is: at least, most likely, at most. Drawn as a triangle. */
struct hs_range {
  double low, likely, high;
};
/* The value below which the triangle has mass u, inside (0, 1). */
[[nodiscard]] double hs_range_at(const struct hs_range *range, double u);

/* One partnership, or the paid channels. */
struct hs_venture {
  double customers;          /* new ones tracked to it in the record, shares added up */
  double customers_variance; /* of that sum under resampling of customers: Σ share² */
  int has_said_customers;    /* 1: a plan says them instead, and the two above are not drawn from */
  struct hs_range said_customers;
  struct hs_partner_worth worth;
  struct hs_range spent; /* in the record, fully loaded but for hours that have no amount */
  double hours;          /* those: each costs what the options say */
  struct hs_range share; /* incremental, of tracked; may exceed 1 where there is a halo */
  int has_share;         /* 0: nobody knows it, and share is 0 to 1 */
};

struct hs_economics_options {
  double level;   /* of the intervals */
  uint32_t draws; /* worlds, 100 or more */
  uint64_t seed;
  double weeks;              /* of the record */
  struct hs_range hour_cost; /* the same hour for all ventures of a world */
};

/* How many customers are most likely tracked to a venture, and what it most likely cost. */
[[nodiscard]] double hs_venture_customers(const struct hs_venture *venture);
[[nodiscard]] double hs_venture_cost(const struct hs_venture *venture,
                                     const struct hs_economics_options *options);

struct hs_venture_economics {
  struct hs_estimate customers;   /* tracked */
  struct hs_estimate incremental; /* customers who would not have come otherwise */
  struct hs_estimate value;       /* of a customer: the margin over the horizon, discounted */
  struct hs_estimate cost_each;   /* of an incremental customer */
  struct hs_estimate value_to_cost;
  struct hs_estimate payback_weeks; /* until a customer has brought back what it cost; infinite:
                                       not within the horizon */
  struct hs_estimate net;           /* present value of all of them less the cost */
  double cost_each_tracked; /* most likely cost over tracked customers: attributed, not caused */
  double p_pays;            /* net above 0 */
  struct hs_estimate share_needed; /* the incremental share at which net is 0 */
};

/* The worlds: arrays of draws, and of [venture × draws]. */
struct hs_worlds {
  struct hs_economics_options options;
  size_t venture_count;
  double *repeats; /* discounted repeat purchases of a customer of all, within the horizon */
  double *curve;   /* [draw × (HS_LIFETIME_STEPS + 1)] how they come in over the horizon */
  double *first;   /* the margin of one purchase */
  double *hour;    /* the cost of an hour */
  double *customers, *spent, *share, *rate, *spend; /* of each venture */
};

/* lifetime is that of all customers with values, its horizon and margin those of the case; the
   covariances of its fits are drawn from where they are known, and its point stands for them where
   they are not. Everything lives in arena. HS_INSUFFICIENT when it has no value of a customer. */
[[nodiscard]] enum hs_status hs_worlds_draw(struct hs_arena *arena,
                                            const struct hs_lifetime *lifetime,
                                            const struct hs_venture *ventures, size_t count,
                                            const struct hs_economics_options *options,
                                            struct hs_worlds *out, struct hs_err *err);

/* The value of one of the venture's customers in a world. */
[[nodiscard]] double hs_worlds_value(const struct hs_worlds *worlds, size_t venture, size_t world);
/* What it cost in a world, the hours of venture at that world's price. */
[[nodiscard]] double hs_worlds_cost(const struct hs_worlds *worlds,
                                    const struct hs_venture *ventures, size_t venture,
                                    size_t world);
/* How many customers it caused in a world. */
[[nodiscard]] double hs_worlds_incremental(const struct hs_worlds *worlds, size_t venture,
                                           size_t world);
/* Of ventures[index]. The acquisition cost is per incremental customer; the one per tracked
   customer stands beside it. scratch has options.draws doubles. */
void hs_economics_of(const struct hs_worlds *worlds, const struct hs_lifetime *lifetime,
                     const struct hs_venture *ventures, size_t index, double *scratch,
                     struct hs_venture_economics *out);

#endif
