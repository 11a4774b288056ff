/* The market simulator: a programme of partners under example domains whose truth is known, because
   every customer is asked twice: what happened, and what would have happened without that partner.

   The run is a pure function of its options: the same seed, months and people give the same bytes
   (on one type of machine; the amounts pass through the C library's exp and log). Nothing is read
   but the options. What the world holds and what it leaves out stands in README.md beside this
   header; what each file and column means stands in docs/reference/simulator.md. */
#ifndef HANSA_MARKET_MARKET_H
#define HANSA_MARKET_MARKET_H

#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

#define HS_MARKET_MONTHS_MAX 60
#define HS_MARKET_PEOPLE_MIN 100
#define HS_MARKET_PEOPLE_MAX 1000000
#define HS_MARKET_PEOPLE_DEFAULT 100000

struct hs_market_options {
  uint64_t seed;
  int32_t months; /* calendar months from 2025-01-01 on, 1 to HS_MARKET_MONTHS_MAX */
  /* how many persons live in the world, subscribers who never buy among them; 0 stands for
     HS_MARKET_PEOPLE_DEFAULT, which gives about 40,000 touches a month */
  int32_t people;
  /* The id of a partner that begins half-way through the run, while every other one is there from
     its first day; NULL: each begins as the cast has it. For trials of what can be seen of a start.
   */
  const char *late;
};

/* What is written, in this order; the truth comes last, so a folder with a truth.json is whole. */
enum hs_market_file {
  HS_MARKET_README,
  HS_MARKET_PARTNERS,
  HS_MARKET_LINKS,
  HS_MARKET_COUPONS,
  HS_MARKET_TOUCHES,
  HS_MARKET_ORDERS,
  HS_MARKET_REFUNDS,
  HS_MARKET_LEADS,
  HS_MARKET_IDENTITIES,
  HS_MARKET_SERIES,
  HS_MARKET_COSTS,
  HS_MARKET_ACTIVITY,
  HS_MARKET_SURVEYS,
  HS_MARKET_TRUTH_PERSONS,
  HS_MARKET_TRUTH_TRAFFIC,
  HS_MARKET_TRUTH_SURVEYS,
  HS_MARKET_TRUTH_MONTHS,
  HS_MARKET_TRUTH_PARTNERS,
  HS_MARKET_TRUTH,
  HS_MARKET_FILE_COUNT
};

/* "touches.csv", "truth.json", …; lives for ever. */
const char *hs_market_file_name(enum hs_market_file file);

/* Takes the files piece by piece: all pieces of one file in order, then those of the next. Pieces
   end anywhere, not only at the ends of lines. A status other than HS_OK ends the run with it. */
struct hs_market_sink {
  void *context;
  enum hs_status (*write)(void *context, enum hs_market_file file, struct hs_str piece,
                          struct hs_err *err);
};

/* Called every few thousand steps; anything but 0 stops the run with HS_INTERRUPTED. */
struct hs_market_watch {
  void *context;
  int (*step)(void *context, const char *phase, uint64_t done, uint64_t total);
};

enum hs_market_trend { HS_MARKET_PLATEAU, HS_MARKET_COMPOUNDING, HS_MARKET_FADING };
/* "plateau", "compounding", "fading". */
const char *hs_market_trend_name(enum hs_market_trend trend);

/* Orders with their money in euro cents: as ordered, and less the refunds inside the run. */
struct hs_market_sum {
  int64_t orders;
  int64_t amount_minor;
  int64_t net_minor;
};

/* What a partner truly did. An order is reached by a partner when one of its touches on the same
   person happened in the 30 days before, or its coupon was used; tracked when that can be seen in
   the files (the touch was not lost, or the coupon stands on the order). incremental is the sum of
   the three below it: caused and tracked, caused and reached without a trace, caused and not
   reached at all, which is the halo. The last may be negative: orders that the partner drove away.
   Partners may replace or strengthen each other, so the sum over partners is not the joint effect
   of all of them (hs_market_truth.without_partners gives that). */
struct hs_market_effect {
  struct hs_market_sum reached;
  struct hs_market_sum tracked;
  struct hs_market_sum incremental;
  struct hs_market_sum incremental_tracked;
  struct hs_market_sum incremental_unseen;
  struct hs_market_sum halo;
  int64_t touches;      /* by people, lost ones included */
  int64_t touches_lost; /* of these, what never reached the files */
  int64_t persons;      /* whom the partner touched or showed something */
  int64_t cost_minor;   /* all its rows of costs.csv */
};

struct hs_market_partner_truth {
  const char *partner; /* the id in the files; "" for a channel of our own */
  const char *channel; /* the kind of partner, or the channel */
  enum hs_market_trend trend;
  struct hs_market_effect total;
  const struct hs_market_effect *months; /* month_count */
};

struct hs_market_truth {
  size_t partner_count; /* channels of our own, whose partner is "", come last */
  const struct hs_market_partner_truth *partners;
  size_t month_count;
  struct hs_market_sum orders;
  struct hs_market_sum without_partners; /* what would have been ordered with no partner at all */
  struct hs_market_sum tracked_by_any;   /* orders that are tracked by at least one partner */
  int64_t touches;                       /* rows of touches.csv, repeats included */
  int64_t touch_repeats;                 /* of these, the same row delivered again */
  int64_t touch_conflicts;               /* and the same id with another body */
  int64_t order_repeats, order_conflicts;
  int64_t robot_touches; /* rows of touches.csv that no person caused */
  int64_t ids;           /* rows of truth_persons.csv: visitor and customer ids of people */
  int64_t shared_ids;    /* of these, ids that others show too */
  int64_t customers;     /* persons with an account at the end */
  int64_t refused_consent;
};

/* Simulates and writes everything. The arena holds the world, the rows that wait to be sorted and
   the truth, which lives as long as it does: about 210 bytes a touch in all, measured, so 100 MiB
   for a year of the default world. watch may be NULL. HS_USAGE names an option out of range;
   HS_NOMEM, HS_INTERRUPTED and the sink's own failures leave the truth untouched. Rows are in the
   order of their arrival, as an export of a real programme is. */
[[nodiscard]] enum hs_status hs_market_run(const struct hs_market_options *options,
                                           const struct hs_market_sink *sink,
                                           const struct hs_market_watch *watch,
                                           struct hs_arena *arena, struct hs_market_truth *truth,
                                           struct hs_err *err);

#endif
